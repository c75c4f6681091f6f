//! A layout before the meeting (S25–S28): every seat, taken or free, where everybody will see it.

use super::super::layout::{Layout, LayoutPlan, Logo, Place};
use super::super::participant::{Participant, Party};
use super::super::picture::Picture;
use super::super::template::{Side, Template};
use super::drawing::{Area, Drawing, GOLD, NIGHT, PALE, PAPER};
use super::page::Page;
use super::picture::{Album, Pictures, Wanted};
use super::text::fitted;
use super::words::Words;
use crate::contract::Settings;
use crate::identity::{PartyId, SeatId};
use crate::report::Lang;

/// The width of a preview; its height follows from the template.
const WIDTH: i64 = 1600;

impl Layout {
    /// The layout as an SVG: background, logos and seats where the template has them, free places
    /// marked, and under the picture who has none. Names of participants are shown.
    ///
    /// ```
    /// use sealwright::ceremony::Ceremony;
    /// use sealwright::report::Lang;
    ///
    /// /// What the booker sees before he books (S28b).
    /// fn preview(meeting: &Ceremony) -> Option<String> {
    ///     let people = (meeting.parties(), meeting.participants());
    ///     meeting.layout().map(|layout| layout.preview(people, &(), Lang::Zh))
    /// }
    /// ```
    #[must_use]
    pub fn preview(
        &self,
        people: (&[Party], &[Participant]),
        pictures: &dyn Pictures,
        lang: Lang,
    ) -> String {
        let plan = Preview {
            template: self.template(),
            background: self.background(),
            logos: self.logos().collect(),
            seats: self.seats().collect(),
        };
        plan.draw(people, pictures, lang)
    }
}

impl LayoutPlan {
    /// The plan as [`Layout::preview`] draws it, while somebody still drags people to seats (S27):
    /// nothing is checked, and of two plans for one seat the first is shown.
    ///
    /// ```
    /// use sealwright::ceremony::{LayoutPlan, Participant, Party};
    /// use sealwright::report::Lang;
    ///
    /// fn proposal(parties: &[Party], participants: &[Participant]) -> String {
    ///     let plan = LayoutPlan::arranged(parties, participants);
    ///     plan.preview((parties, participants), &(), Lang::Zh)
    /// }
    /// ```
    #[must_use]
    pub fn preview(
        &self,
        people: (&[Party], &[Participant]),
        pictures: &dyn Pictures,
        lang: Lang,
    ) -> String {
        let plan = Preview {
            template: &self.template,
            background: self.background.as_ref(),
            logos: self.logos.iter().map(|(party, logo)| (party, logo)).collect(),
            seats: self.seats.iter().map(|(seat, place)| (seat, place)).collect(),
        };
        plan.draw(people, pictures, lang)
    }
}

/// What a layout and a plan have in common.
struct Preview<'a> {
    template: &'a Template,
    background: Option<&'a Picture>,
    logos: Vec<(&'a PartyId, &'a Logo)>,
    seats: Vec<(&'a SeatId, &'a Place)>,
}

impl Preview<'_> {
    fn draw(
        &self,
        (parties, participants): (&[Party], &[Participant]),
        pictures: &dyn Pictures,
        lang: Lang,
    ) -> String {
        let words = Words { lang, offset: Settings::default().utc_offset };
        let (width, height) = self.template.background();
        // A picture narrower than 1 to 2 or wider than 4 to 1 would leave no room for names.
        let height =
            (WIDTH * i64::from(height) / i64::from(width).max(1)).clamp(WIDTH / 4, WIDTH * 2);
        let picture = Area::new(0, 0, WIDTH, height);
        let mut album = Album::of(pictures);
        let mut on = Drawing::default();
        on.rect(picture, 0, &format!("fill=\"{NIGHT}\""));
        if let Some(shown) = self.background.and_then(|one| album.find(Wanted::Background(one))) {
            on.image(picture, shown);
            on.rect(picture, 0, &format!("fill=\"{NIGHT}\" fill-opacity=\"0.45\""));
        }
        self.logos(&mut on, picture, parties, &mut album, words);
        self.seats(&mut on, picture, participants, words);
        let standing = self.standing(participants, words);
        let foot = if standing.is_empty() { 0 } else { 84 };
        if foot > 0 {
            let area = Area::new(0, height, WIDTH, foot);
            on.rect(area, 0, "fill=\"#ffffff\"");
            let fit = fitted(&standing, WIDTH - 64, (26, 16), 2);
            on.centred(area, &fit, "fill=\"#1c2738\"");
        }
        let page = Page { width: WIDTH, height: height + foot, body: on.finish() };
        let language = format!("xml:lang=\"{}\"", words.tag());
        super::svg(&page, &language, words.pick("座次布局", "Seating"), &album.symbols())
    }

    /// Every place for a logo, along the top of its side.
    fn logos(
        &self,
        on: &mut Drawing,
        picture: Area,
        parties: &[Party],
        album: &mut Album<'_>,
        words: Words,
    ) {
        for side in [Side::Left, Side::Middle, Side::Right] {
            let places: Vec<_> =
                self.template.logos().iter().filter(|one| one.side == side).collect();
            let (x, across) = match side {
                Side::Left => (0, picture.width * 2 / 5),
                Side::Middle => (picture.width * 2 / 5, picture.width / 5),
                Side::Right => (picture.width * 3 / 5, picture.width * 2 / 5),
            };
            let band = Area::new(x, picture.height / 16, across, picture.height / 5).inset(16);
            for (place, cell) in places.iter().zip(band.cells(places.len(), places.len(), 16)) {
                let (width, height) = (i64::from(place.ratio.0), i64::from(place.ratio.1).max(1));
                let wide = (cell.height * width / height).min(cell.width);
                let area = cell.centred(wide, (wide * height / width.max(1)).min(cell.height));
                let owner = self.logos.iter().find(|(_, logo)| logo.place == place.name);
                let party = owner.and_then(|(id, _)| parties.iter().find(|one| one.id == **id));
                let name = party.map_or(words.place_of_logo(), |party| party.organization.as_str());
                let shown = owner.and_then(|(_, logo)| album.find(Wanted::Logo(&logo.picture)));
                let Some(shown) = shown else {
                    free(on, area, name, (28, 12));
                    continue;
                };
                // As on the board: a logo stands on paper.
                on.rect(area, 10, &format!("fill=\"{PAPER}\""));
                on.image(area.inset(area.height / 10), shown);
                let under = Area::new(cell.x, area.bottom() + 8, cell.width, 48);
                on.centred(under, &fitted(name, under.width, (30, 14), 1), "fill=\"#ffffff\"");
            }
        }
    }

    fn seats(&self, on: &mut Drawing, picture: Area, participants: &[Participant], words: Words) {
        let seats = self.template.seats();
        let at = |seat: &super::super::template::Seat| {
            let x = picture.width * i64::from(seat.x) / 1000;
            (x, picture.height * i64::from(seat.y) / 1000)
        };
        let (across, down) = room(&seats.iter().map(at).collect::<Vec<_>>());
        // Four characters fit; a longer name is written smaller.
        let size = (down * 2 / 5).min((across - 12) / 4);
        for seat in seats {
            let (x, y) = at(seat);
            // A seat at the very edge stays within the picture.
            let x = (x - across / 2).clamp(4, (picture.width - across - 4).max(4));
            let y = (y - down / 2).clamp(4, (picture.height - down - 4).max(4));
            let area = Area::new(x, y, across, down);
            let place = self.seats.iter().find(|(id, _)| **id == seat.id).map(|(_, place)| place);
            let person = place
                .and_then(|place| participants.iter().find(|one| *one.id() == place.participant));
            let Some(person) = person else {
                free(on, area, seat.id.as_str(), (down / 3, 8));
                continue;
            };
            let camera = if place.is_some_and(|place| place.camera) { " ◉" } else { "" };
            let role = format!("{}{camera}", words.role(person.role()));
            let paint = "fill=\"#22324f\" fill-opacity=\"0.92\" stroke-width=\"2\"";
            on.rect(area, 10, &format!("{paint} stroke=\"{GOLD}\""));
            let (above, under) = area.inset(6).below(down * 55 / 100, 0);
            let name = fitted(person.facts().name().expose(), above.width, (size, 8), 1);
            on.centred(above, &name, "fill=\"#ffffff\"");
            let role = fitted(&role, under.width, ((down / 4).min(size * 3 / 4), 8), 1);
            on.centred(under, &role, &format!("fill=\"{PALE}\""));
        }
    }

    /// Who takes part and has no seat, in one line.
    fn standing(&self, participants: &[Participant], words: Words) -> String {
        let seated =
            |one: &Participant| self.seats.iter().any(|(_, place)| place.participant == *one.id());
        let standing = participants.iter().filter(|one| !seated(one));
        let named = standing
            .map(|one| format!("{} {}", words.role(one.role()), one.facts().name().expose()));
        let named: Vec<String> = named.collect();
        if named.is_empty() {
            return String::new();
        }
        let colon = words.pick("：", ": ");
        format!("{}{colon}{}", words.standing_people(), named.join(words.pick("、", ", ")))
    }
}

fn free(on: &mut Drawing, area: Area, text: &str, sizes: (i64, i64)) {
    let dashed =
        "fill=\"#ffffff\" fill-opacity=\"0.06\" stroke-dasharray=\"8 7\" stroke-width=\"2\"";
    on.rect(area, 10, &format!("{dashed} stroke=\"{PALE}\""));
    on.centred(area, &fitted(text, area.width - 12, sizes, 1), &format!("fill=\"{PALE}\""));
}

/// How large a plate may be so that no two seats of a regular template lie on each other.
fn room(places: &[(i64, i64)]) -> (i64, i64) {
    let step = |mut along: Vec<i64>, most: i64| {
        along.sort_unstable();
        along.dedup();
        let steps = along.iter().zip(along.iter().skip(1)).map(|(one, next)| next - one);
        steps.min().unwrap_or(most)
    };
    let across = step(places.iter().map(|(x, _)| *x).collect(), 260) - 10;
    let down = step(places.iter().map(|(_, y)| *y).collect(), 120) - 10;
    (across.clamp(44, 240), down.clamp(28, 110))
}
