//! The card of one party: its name, its seals as they are applied, its signers.

use super::drawing::{Area, Drawing, FAINT, GOLD, GREEN, INK, PAPER, SERIF, leading, whole};
use super::picture::Shown;
use super::scene::{MarkScene, PartyScene, SignerScene};
use super::text::{EM, fitted, width};
use super::words::{Progress, Standing, Words};

/// The most faces that one card shows.
const MOST_FACES: usize = 8;

/// The most lines of signers that one card shows, however high it is.
const MOST_LINES: usize = 40;

/// A card under this height has its seals beside the names and not under them.
const FLAT: i64 = 400;

/// A flat card under this width has its name over both.
const NARROW: i64 = 300;

/// How large what is written on cards is.
#[derive(Clone, Copy)]
pub(super) struct Sizes {
    /// The name of the party, at most and at least.
    pub(super) name: (i64, i64),
    /// The names of its signers.
    pub(super) signer: i64,
    /// The height of the area of the seals, at least.
    pub(super) seals: i64,
}

impl Sizes {
    fn line(self) -> i64 {
        self.signer * 2
    }
}

/// How high a card of that width is if nothing is left out of it.
pub(super) fn height(party: &PartyScene, width: i64, sizes: Sizes) -> i64 {
    let inside = width - 2 * margin(width);
    let name = fitted(&party.name, inside, sizes.name, 3);
    let logo = if party.logo.is_some() { logo_height(sizes) + 16 } else { 0 };
    let lines = whole(party.signers.len().min(MOST_LINES)) * sizes.line();
    2 * margin(width)
        + logo
        + leading(name.size) * whole(name.lines.len())
        + 20
        + sizes.seals
        + 16
        + lines
}

pub(super) fn draw(
    on: &mut Drawing,
    area: Area,
    party: &PartyScene,
    (words, progress): (Words, Progress),
    sizes: Sizes,
) {
    on.rect(area, 18, &format!("fill=\"{PAPER}\""));
    let line = Area::new(area.x + 18, area.y, area.width - 36, 5);
    on.rect(line, 2, &format!("fill=\"{GOLD}\""));
    let inside = area.inset(margin(area.width));
    let (seals, lines) = if area.height < FLAT && area.width < NARROW {
        let rest = head(on, inside, party, true, sizes);
        let (lines, right) = rest.beside(rest.width - rest.height.min(rest.width / 2), 0);
        (right, lines)
    } else if area.height < FLAT {
        let across = (inside.width * 2 / 5).min(inside.height * 5 / 4);
        let (left, right) = inside.beside(inside.width - across - 20, 20);
        (right, head(on, left, party, true, sizes))
    } else {
        let rest = head(on, inside, party, false, sizes);
        let wanted = whole(party.signers.len().min(MOST_LINES)) * sizes.line();
        let most = (rest.height - sizes.seals - 16).max(sizes.line());
        // Whole lines only, and at least one.
        let lines = wanted.min(most - most % sizes.line()).max(sizes.line());
        rest.below(rest.height - lines - 16, 16)
    };
    panel(on, seals, party, (words, progress));
    signers(on, lines, party, words, sizes);
}

/// About how large a seal is on a card of that size.
pub(super) fn seal_side(area: Area) -> i64 {
    if area.height < FLAT {
        (area.width * 2 / 5).min(area.height - 60)
    } else {
        (area.width - 80).min(area.height - 260)
    }
}

fn margin(width: i64) -> i64 {
    if width < 420 { 20 } else { 30 }
}

fn logo_height(sizes: Sizes) -> i64 {
    sizes.name.0 * 3 / 2
}

/// Logo and name, and what is left under them.
fn head(on: &mut Drawing, area: Area, party: &PartyScene, is_flat: bool, sizes: Sizes) -> Area {
    let mut rest = area;
    if let Some(logo) = party.logo {
        let height = if is_flat { logo_height(sizes) * 2 / 3 } else { logo_height(sizes) };
        let (place, under) = rest.below(height, if is_flat { 8 } else { 16 });
        let across = (height * 3).min(place.width);
        let place = if is_flat { Area::new(place.x, place.y, across, height) } else { place };
        on.image(place, logo);
        rest = under;
    }
    let (largest, most) = if is_flat { (sizes.name.0 * 3 / 4, 2) } else { (sizes.name.0, 3) };
    let most = if sizes.seals > rest.height / 2 { 2 } else { most };
    let fit = fitted(&party.name, rest.width, (largest, sizes.name.1), most);
    let height = leading(fit.size) * whole(fit.lines.len());
    let (place, under) = rest.below(height, if is_flat { 10 } else { 20 });
    let paint = format!("font-family=\"{SERIF}\" font-weight=\"700\" fill=\"{INK}\"");
    if is_flat {
        on.left(place, &fit, &paint)
    } else {
        on.centred(place, &fit, &paint)
    }
    under
}

/// The faces that were applied, or what is awaited.
fn panel(on: &mut Drawing, area: Area, party: &PartyScene, (words, progress): (Words, Progress)) {
    on.rect(area, 12, "fill=\"#ffffff\" stroke=\"#e7e2d4\" stroke-width=\"2\"");
    let mut faces: Vec<&MarkScene> = party.seals.iter().collect();
    if faces.is_empty() {
        // Who signs by hand alone shows his signature where others have their seal.
        faces = party.signers.iter().flat_map(|one| &one.signatures).collect();
    }
    let inside = area.inset(area.height.min(area.width) / 16);
    if faces.is_empty() {
        return awaited(on, inside, party, (words, progress));
    }
    let (shown, more) = (faces.len().min(MOST_FACES), faces.len().saturating_sub(MOST_FACES));
    let cells = inside.cells(shown, columns(inside, shown), 10);
    for (mark, cell) in faces.iter().zip(cells) {
        face(on, cell, mark, words);
    }
    if more > 0 {
        on.label((area.right() - 10, area.y + 10), 20, &format!("+{more}"), FAINT);
    }
}

fn awaited(on: &mut Drawing, area: Area, party: &PartyScene, (words, progress): (Words, Progress)) {
    let (text, colour) = match (party.is_done(), progress) {
        (true, _) => (words.pick("已签署", "Signed"), GREEN),
        (false, Progress::Ended) => (words.pick("未用印", "Not sealed"), "#9aa1ad"),
        (false, _) => (words.awaits_seal(), "#b8ab88"),
    };
    let ring = area.square(260);
    let radius = ring.width / 2 - 4;
    let dashed = "fill=\"none\" stroke-width=\"3\" stroke-dasharray=\"10 9\"";
    on.circle(
        (ring.middle(), ring.y + ring.height / 2),
        radius,
        &format!("{dashed} stroke=\"{colour}\""),
    );
    let fit = fitted(text, ring.width * 7 / 10, (34, 10), 1);
    on.centred(ring, &fit, &format!("fill=\"{colour}\""));
}

/// One face, as large as its place allows; without a picture, which one it is.
fn face(on: &mut Drawing, area: Area, mark: &MarkScene, words: Words) {
    let place = area.centred(area.width.min(520), area.height.min(400));
    match mark.picture {
        Some(picture) => on.image(place, picture),
        None => placeholder(on, place, mark, words),
    }
    if mark.count > 1 {
        // Beside a round face where there is room, else in its corner.
        let size = (place.height / 9).clamp(16, 28);
        let right = place.middle() + place.width.min(place.height) / 2 + size * 2;
        let bottom = place.y + (place.height + place.width.min(place.height)) / 2;
        let at = (right.min(area.right()), bottom - size * 3 / 2);
        on.label(at, size, &format!("×{}", mark.count), "#5b6473");
    }
}

fn placeholder(on: &mut Drawing, area: Area, mark: &MarkScene, words: Words) {
    let box_ = area.centred(area.width.min(area.height * 3 / 2), area.height);
    let dashed = "fill=\"#f4f5f7\" stroke=\"#9aa1ad\" stroke-width=\"2\" stroke-dasharray=\"6 6\"";
    on.rect(box_, 10, dashed);
    let rows = box_.inset(8).cells(3, 1, 0);
    let size = (box_.height / 6).clamp(10, 26);
    for (row, text) in rows.into_iter().zip([words.no_picture(), &mark.name, &mark.digest]) {
        let fit = fitted(text, row.width, (size, 8), 1);
        on.centred(row, &fit, &format!("fill=\"{FAINT}\""));
    }
}

/// So many columns that the cells have the longest short side.
fn columns(area: Area, count: usize) -> usize {
    let side = |columns: usize| {
        let cell = area.cells(count, columns, 10).into_iter().next();
        cell.map_or(0, |cell| cell.width.min(cell.height))
    };
    (1..=count).max_by_key(|columns| (side(*columns), std::cmp::Reverse(*columns))).unwrap_or(1)
}

fn signers(on: &mut Drawing, area: Area, party: &PartyScene, words: Words, sizes: Sizes) {
    let all = party.signers.len();
    let height = sizes.line().min(area.height);
    let room = usize::try_from(area.height / height).unwrap_or(0).clamp(1, MOST_LINES);
    // Names that would be cut off say less than how many there are.
    let shown = match area.width < sizes.signer * 9 {
        true => 0,
        false if all > room => room - 1,
        false => all,
    };
    let mut rest = area;
    for signer in party.signers.iter().take(shown) {
        let (row, under) = rest.below(height, 0);
        let draws_strokes = !party.seals.is_empty();
        signer_line(on, row, signer, draws_strokes, sizes);
        rest = under;
    }
    if all > shown {
        let hidden = party.signers.iter().skip(shown);
        let signed = hidden.filter(|one| one.standing == Standing::Done).count();
        let text = match shown {
            0 => words.count(signed, all),
            _ => words.more_signers(all - shown, signed),
        };
        let fit = fitted(&text, rest.width, (sizes.signer * 9 / 10, 12), 1);
        on.left(Area::new(rest.x, rest.y, rest.width, height), &fit, &format!("fill=\"{FAINT}\""));
    }
}

/// A mark for how it stands, the name, the signature, and when or why not.
fn signer_line(on: &mut Drawing, row: Area, signer: &SignerScene, draws: bool, sizes: Sizes) {
    let size = sizes.signer;
    let colour = match signer.standing {
        Standing::Done => GREEN,
        Standing::Turn => "#a8761a",
        Standing::Waits => FAINT,
        Standing::Ended => "#8d4a45",
    };
    on.line((row.x, row.y), (row.right(), row.y), "stroke=\"#ece7da\" stroke-width=\"2\"");
    let says = (size * 4 / 5).max(14);
    let across = (width(&signer.says) * says / EM + 4).min(row.width / 2);
    let (left, right) = row.beside(row.width - across - 12, 12);
    let fit = fitted(&signer.says, across, (says, 10), 1);
    let end = Area::new(right.x, right.y, right.width, right.height);
    for line in &fit.lines {
        let y = end.y + end.height / 2 + fit.size * 35 / 100;
        on.text(
            (end.right(), y),
            fit.size,
            line,
            &format!("text-anchor=\"end\" fill=\"{colour}\""),
        );
    }
    let (icon, mut rest) = left.beside(size, size / 3);
    mark(on, icon, signer.standing, colour);
    let strokes: Option<&MarkScene> = signer.signatures.first().filter(|_| draws);
    let spare = rest.width - width(&signer.name) * size / EM - 8;
    if let Some(shown) = strokes.and_then(|one| one.picture).filter(|_| spare > row.height) {
        rest = with_strokes(on, rest, spare, shown);
    }
    let fit = fitted(&signer.name, rest.width, (size, 12), 1);
    on.left(rest, &fit, &format!("fill=\"{INK}\" font-weight=\"500\""));
}

fn with_strokes(on: &mut Drawing, area: Area, spare: i64, strokes: Shown) -> Area {
    let across = (area.height * 2).min(spare);
    let (rest, place) = area.beside(area.width - across - 8, 8);
    on.image(place.inset(3), strokes);
    rest
}

/// A tick for who has signed, a dot for others.
fn mark(on: &mut Drawing, area: Area, standing: Standing, colour: &str) {
    let (x, y, radius) = (area.middle(), area.y + area.height / 2, area.width * 2 / 5);
    match standing {
        Standing::Done => {
            on.circle((x, y), radius, &format!("fill=\"{colour}\""));
            tick(on, (x, y), radius, "#ffffff");
        }
        Standing::Turn => {
            on.circle((x, y), radius * 3 / 5, &format!("fill=\"{colour}\""));
        }
        Standing::Waits | Standing::Ended => {
            let ring = format!("fill=\"none\" stroke-width=\"3\" stroke=\"{colour}\"");
            on.circle((x, y), radius * 3 / 5, &ring);
        }
    }
}

/// A tick in a circle of that radius.
pub(super) fn tick(on: &mut Drawing, (x, y): (i64, i64), radius: i64, colour: &str) {
    let at = |across: i64, down: i64| {
        format!("{},{}", x + radius * across / 100, y + radius * down / 100)
    };
    let points = [at(-46, 4), at(-12, 38), at(48, -32)].join(" ");
    on.raw(&format!(
        "<polyline points=\"{points}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{}\" \
         stroke-linecap=\"round\" stroke-linejoin=\"round\"/>\n",
        (radius / 6).max(2)
    ));
}
