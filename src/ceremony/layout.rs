//! Who sits where, under which logos, before which background (座次与布局).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::error::Error;
use super::participant::{Participant, Party, Role};
use super::picture::Picture;
use super::policy::PictureRules;
use super::template::{Side, Template};
use crate::identity::{ParticipantId, PartyId, SeatId};

/// The place of one participant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Who sits there.
    pub participant: ParticipantId,
    /// Whether his camera is shown, for which he needs the desktop client (R-CER-12).
    pub camera: bool,
}

/// The logo of a party, and the template's place for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Logo {
    /// The picture.
    pub picture: Picture,
    /// The name of the place.
    pub place: String,
}

/// What somebody wants the layout to be: nothing is checked yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayoutPlan {
    /// The template.
    pub template: Template,
    /// The background; the template's own without one.
    pub background: Option<Picture>,
    /// A logo per party.
    pub logos: Vec<(PartyId, Logo)>,
    /// Who sits where.
    pub seats: Vec<(SeatId, Place)>,
}

impl LayoutPlan {
    /// Everybody in place on a symmetric template: the organizer's people left, the other party's
    /// right, signers nearest to the centre, observers beside their organization, those of no party
    /// where there is more room. Hosts are left out (S28).
    #[must_use]
    pub fn arranged(parties: &[Party], participants: &[Participant]) -> Self {
        let mut sides: [Vec<&Participant>; 2] = [Vec::new(), Vec::new()];
        let seated = |role| participants.iter().filter(move |one| one.role() == role);
        for participant in seated(Role::Signer).chain(seated(Role::Observer)) {
            // Who signs and observes sits once.
            let is_he = |one: &&Participant| one.facts().is_same_person(participant.facts());
            if sides.iter().flatten().any(is_he) {
                continue;
            }
            let party = parties.iter().position(|party| participant.belongs_to(party));
            let [left, right] = &mut sides;
            let goes_left =
                party.map_or_else(|| left.len() <= right.len(), |position| position % 2 == 0);
            if goes_left { left.push(participant) } else { right.push(participant) }
        }
        let longest = sides.iter().map(Vec::len).max().unwrap_or(0);
        let template = Template::symmetric(u16::try_from(longest).unwrap_or(u16::MAX));
        let mut seats = Vec::new();
        for (side, people) in [Side::Left, Side::Right].into_iter().zip(sides) {
            let free = template.seats().iter().filter(|seat| seat.side == side);
            seats.extend(free.zip(people).map(|(seat, participant)| {
                let camera = participant.needs_camera();
                (seat.id.clone(), Place { participant: participant.id().clone(), camera })
            }));
        }
        Self { template, background: None, logos: Vec::new(), seats }
    }

    /// The same with another background.
    #[must_use]
    pub fn with_background(self, picture: Picture) -> Self {
        Self { background: Some(picture), ..self }
    }

    /// The same with the logo of a party in one of the template's places.
    #[must_use]
    pub fn with_logo(mut self, party: PartyId, place: &str, picture: Picture) -> Self {
        self.logos.push((party, Logo { picture, place: place.to_owned() }));
        self
    }
}

/// A layout that keeps the rules of §2.8: made by a meeting from a [`LayoutPlan`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layout {
    template: Template,
    background: Option<Picture>,
    logos: BTreeMap<PartyId, Logo>,
    seats: BTreeMap<SeatId, Place>,
}

impl Layout {
    /// Holds a plan against the template and those who take part.
    pub(super) fn check(
        plan: LayoutPlan,
        parties: &[Party],
        participants: &[Participant],
    ) -> Result<Self, Error> {
        let LayoutPlan { template, background, logos: wanted, seats: places } = plan;
        let mut seats: BTreeMap<SeatId, Place> = BTreeMap::new();
        let mut seated: Vec<(SeatId, &Participant)> = Vec::new();
        for (seat, place) in places {
            let participant = place.participant.clone();
            if template.seat(&seat).is_none() {
                return Err(Error::SeatUnknown { seat });
            }
            if let Some(Place { participant: holder, .. }) = seats.get(&seat) {
                return Err(Error::SeatTaken { seat, holder: holder.clone(), participant });
            }
            let Some(person) = participants.iter().find(|one| *one.id() == participant) else {
                return Err(Error::NotParticipant { who: participant.to_string() });
            };
            // Somebody who hosts and signs takes part twice, and sits once.
            let is_he = |one: &Participant| one.facts().is_same_person(person.facts());
            if let Some((first, _)) = seated.iter().find(|(_, one)| is_he(one)) {
                let first = first.clone();
                return Err(Error::PersonAlreadySeated { participant, first, second: seat });
            }
            seated.push((seat.clone(), person));
            seats.insert(seat, place);
        }
        let mut logos: BTreeMap<PartyId, Logo> = BTreeMap::new();
        for (party, logo) in wanted {
            if !parties.iter().any(|one| one.id == party) {
                return Err(Error::NotParticipant { who: party.to_string() });
            }
            let taken = logos.values().any(|other| other.place == logo.place);
            if taken || logos.contains_key(&party) || template.logo(&logo.place).is_none() {
                return Err(Error::LogoPlace { place: logo.place });
            }
            logos.insert(party, logo);
        }
        Ok(Self { template, background, logos, seats })
    }

    /// Where seats and logos are.
    #[must_use]
    pub fn template(&self) -> &Template {
        &self.template
    }

    /// The background; the template's own without one.
    #[must_use]
    pub fn background(&self) -> Option<&Picture> {
        self.background.as_ref()
    }

    /// The logo of a party.
    #[must_use]
    pub fn logo(&self, party: &PartyId) -> Option<&Logo> {
        self.logos.get(party)
    }

    /// The logos of the parties that have one.
    pub fn logos(&self) -> impl Iterator<Item = (&PartyId, &Logo)> {
        self.logos.iter()
    }

    /// Who sits where.
    pub fn seats(&self) -> impl Iterator<Item = (&SeatId, &Place)> {
        self.seats.iter()
    }

    /// Where somebody sits, and whether his camera is shown.
    #[must_use]
    pub fn seat_of(&self, participant: &ParticipantId) -> Option<(&SeatId, &Place)> {
        self.seats().find(|(_, place)| place.participant == *participant)
    }

    /// What is unusual about it (§2.8), in a fixed order.
    #[must_use]
    pub fn warnings(
        &self,
        participants: &[Participant],
        rules: &PictureRules,
    ) -> Vec<LayoutWarning> {
        let signers = participants.iter().filter(|one| one.role() == Role::Signer);
        let unseated = signers
            .filter(|one| self.seat_of(one.id()).is_none())
            .map(|one| LayoutWarning::UnseatedSigner { participant: one.id().clone() });
        let off = |picture: &Picture, ratio| !picture.has_ratio(ratio, rules.ratio_permille);
        let logos = self.logos.iter().filter(|(_, logo)| {
            let place = self.template.logo(&logo.place);
            place.is_some_and(|place| off(&logo.picture, place.ratio))
        });
        let logos = logos.map(|(party, _)| LayoutWarning::LogoRatio { party: Some(party.clone()) });
        let background = self.background.iter();
        let background = background
            .filter(|picture| off(picture, self.template.background()))
            .map(|_| LayoutWarning::LogoRatio { party: None });
        unseated.chain(logos).chain(background).collect()
    }

    /// The layout without the seats and logos of those who do not take part any more, and with one
    /// seat for whoever has become the same person as somebody seated before him; nothing if all is
    /// well.
    pub(super) fn without_strangers(
        &self,
        parties: &[Party],
        participants: &[Participant],
    ) -> Option<Self> {
        let mut kept = self.clone();
        let mut seated: Vec<&Participant> = Vec::new();
        kept.seats.retain(|_, place| {
            let person = participants.iter().find(|one| *one.id() == place.participant);
            let Some(person) = person else { return false };
            let is_new = !seated.iter().any(|one| one.facts().is_same_person(person.facts()));
            seated.push(person);
            is_new
        });
        kept.logos.retain(|party, _| parties.iter().any(|one| one.id == *party));
        (kept != *self).then_some(kept)
    }
}

/// Something unusual about a layout: to be acknowledged by its code when booking.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LayoutWarning {
    /// A signer has no seat.
    UnseatedSigner {
        /// The signer.
        participant: ParticipantId,
    },
    /// The sides of a picture are not in the ratio of its place: it would be cut or distorted.
    LogoRatio {
        /// Whose logo; the background without one.
        party: Option<PartyId>,
    },
}

impl LayoutWarning {
    /// A stable name of the kind of warning (domain §3.9).
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnseatedSigner { .. } => "W-LAYOUT-UNSEATED-SIGNER",
            Self::LogoRatio { .. } => "W-LAYOUT-LOGO-RATIO",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::participant::PersonFacts;
    use super::super::picture::tests::picture;
    use super::*;
    use crate::identity::{
        IdDocument, IdDocumentKind, Mobile, OrganizationName, Person, PersonName,
    };

    fn party(id: &str) -> Party {
        let organization = OrganizationName::parse(&format!("{id}公司")).unwrap();
        Party { id: id.parse().unwrap(), organization, organization_id: None }
    }

    fn person(mobile: &str) -> Person {
        let document = IdDocument::parse(IdDocumentKind::ResidentId, "11010519491231002X").unwrap();
        Person::new(PersonName::parse("张三").unwrap(), document, Mobile::parse(mobile).unwrap())
    }

    fn signer(id: &str, party: &str) -> Participant {
        let facts = Person::new(
            PersonName::parse("签署人").unwrap(),
            IdDocument::parse(
                IdDocumentKind::ResidentId,
                if party == "A" { "440524188001010014" } else { "34052419800101001X" },
            )
            .unwrap(),
            Mobile::parse("13800000001").unwrap(),
        );
        Participant::signer(id.parse().unwrap(), party.parse().unwrap(), &facts)
    }

    fn guest(id: &str, organization: &str, mobile: &str) -> Participant {
        let facts =
            PersonFacts::new(PersonName::parse("客").unwrap(), Mobile::parse(mobile).unwrap());
        Participant::observer(id.parse().unwrap(), facts)
            .from_organization(OrganizationName::parse(organization).unwrap())
    }

    fn cast() -> (Vec<Party>, Vec<Participant>) {
        let host =
            Participant::host("H".parse().unwrap(), "e".parse().unwrap(), &person("13800000009"));
        let people = vec![
            host,
            guest("O", "B公司", "13800000005"),
            signer("SA", "A"),
            signer("SB", "B").with_camera(),
        ];
        (vec![party("A"), party("B")], people)
    }

    fn place(participant: &str) -> Place {
        Place { participant: participant.parse().unwrap(), camera: false }
    }

    fn seated(pairs: &[(&str, &str)]) -> Result<Layout, Error> {
        let (parties, participants) = cast();
        let seats = pairs.iter().map(|(seat, who)| (seat.parse().unwrap(), place(who)));
        let template = Template::symmetric(2);
        let plan = LayoutPlan { template, background: None, logos: vec![], seats: seats.collect() };
        Layout::check(plan, &parties, &participants)
    }

    #[test]
    fn m6_a_seat_holds_one_person_and_a_person_has_one_seat() {
        assert!(seated(&[("L1", "SA"), ("R1", "SB"), ("R2", "O")]).is_ok());
        let code = |pairs: &[_]| seated(pairs).unwrap_err().code();
        assert_eq!(code(&[("L1", "SA"), ("L1", "O")]), "layout.seat_taken");
        assert_eq!(code(&[("L1", "SA"), ("L2", "SA")]), "layout.person_already_seated");
        assert_eq!(code(&[("L3", "SA")]), "layout.seat_unknown");
        assert_eq!(code(&[("L1", "stranger")]), "layout.not_participant");
    }

    #[test]
    fn m6_who_hosts_and_signs_sits_once() {
        let (parties, mut participants) = cast();
        let twice = Participant::signer(
            "SH".parse().unwrap(),
            "A".parse().unwrap(),
            &person("13800000009"),
        );
        participants.push(twice);
        let seats = vec![("L1".parse().unwrap(), place("H")), ("L2".parse().unwrap(), place("SH"))];
        let template = Template::symmetric(2);
        let plan = LayoutPlan { template, background: None, logos: vec![], seats };
        let refused = Layout::check(plan, &parties, &participants).unwrap_err();
        assert_eq!(refused.code(), "layout.person_already_seated");
    }

    #[test]
    fn r_cer_08_the_host_may_stand_but_a_standing_signer_is_a_warning() {
        let rules = PictureRules::default();
        let (_, participants) = cast();
        let layout = seated(&[("L1", "SA"), ("R1", "SB")]).unwrap();
        assert_eq!(layout.warnings(&participants, &rules), []);
        let layout = seated(&[("L1", "SA")]).unwrap();
        let [warning] = &layout.warnings(&participants, &rules)[..] else { panic!() };
        assert_eq!(warning.code(), "W-LAYOUT-UNSEATED-SIGNER");
        let participant = "SB".parse().unwrap();
        assert_eq!(*warning, LayoutWarning::UnseatedSigner { participant });
    }

    #[test]
    fn r_cer_08_logos_have_a_place_each_and_its_ratio() {
        let (parties, participants) = cast();
        let plan = LayoutPlan::arranged(&parties, &participants);
        let check = |plan: LayoutPlan| Layout::check(plan, &parties, &participants);
        let logo = |plan: LayoutPlan, party: &str, place, width| {
            plan.with_logo(party.parse().unwrap(), place, picture(width, 100))
        };
        let both = logo(logo(plan.clone(), "A", "left", 300), "B", "right", 303);
        let layout = check(both.with_background(picture(160, 90))).unwrap();
        assert_eq!(layout.warnings(&participants, &PictureRules::default()), []);
        let wide = check(logo(plan.clone(), "A", "left", 310)).unwrap();
        let wide = wide.warnings(&participants, &PictureRules::default());
        assert_eq!(wide[0].code(), "W-LAYOUT-LOGO-RATIO");
        let square = check(plan.clone().with_background(picture(90, 90))).unwrap();
        let square = square.warnings(&participants, &PictureRules::default());
        assert_eq!(square, [LayoutWarning::LogoRatio { party: None }]);

        let refused = |plan| check(plan).unwrap_err().code();
        assert_eq!(refused(logo(plan.clone(), "C", "left", 300)), "layout.not_participant");
        assert_eq!(refused(logo(plan.clone(), "A", "top", 300)), "layout.logo_place");
        let same = logo(logo(plan, "A", "left", 300), "B", "left", 300);
        assert_eq!(refused(same), "layout.logo_place");
    }

    #[test]
    fn r_cer_05_the_default_seats_everybody_but_the_host() {
        let (parties, participants) = cast();
        let plan = LayoutPlan::arranged(&parties, &participants);
        let layout = Layout::check(plan, &parties, &participants).unwrap();
        let seat = |who: &str| {
            let id = who.parse().unwrap();
            layout.seat_of(&id).map(|(seat, place)| (seat.to_string(), place.camera))
        };
        assert_eq!(seat("SA"), Some(("L1".to_owned(), false)));
        assert_eq!(seat("SB"), Some(("R1".to_owned(), true)));
        assert_eq!(seat("O"), Some(("R2".to_owned(), false)));
        assert_eq!(seat("H"), None);
        let stored = serde_json::to_string(&layout).unwrap();
        assert_eq!(serde_json::from_str::<Layout>(&stored).unwrap(), layout);
    }

    #[test]
    fn r_cer_05_guests_of_no_party_go_where_there_is_room() {
        let (parties, mut participants) = cast();
        participants.push(guest("X", "律师事务所", "13800000006"));
        participants.push(guest("Y", "律师事务所", "13800000007"));
        let plan = LayoutPlan::arranged(&parties, &participants);
        let layout = Layout::check(plan, &parties, &participants).unwrap();
        let side = |who: &str| layout.seat_of(&who.parse().unwrap()).unwrap().0.to_string();
        assert_eq!((side("X"), side("Y")), ("L2".to_owned(), "L3".to_owned()));
    }

    #[test]
    fn m8_seats_and_logos_of_those_who_left_are_given_back() {
        let (parties, participants) = cast();
        let plan = LayoutPlan::arranged(&parties, &participants);
        let plan = plan.with_logo("B".parse().unwrap(), "right", picture(3, 1));
        let layout = Layout::check(plan, &parties, &participants).unwrap();
        assert!(layout.without_strangers(&parties, &participants).is_none());
        let layout = layout.without_strangers(&parties[..1], &participants[..3]).unwrap();
        assert!(layout.seat_of(&"SB".parse().unwrap()).is_none());
        assert!(layout.seat_of(&"SA".parse().unwrap()).is_some());
        assert!(layout.logo(&"B".parse().unwrap()).is_none());
    }

    #[test]
    fn m8_whoever_becomes_somebody_who_sits_already_gives_back_his_later_seat() {
        let (parties, mut participants) = cast();
        let layout = seated(&[("L1", "H"), ("R1", "SB")]).unwrap();
        assert!(layout.without_strangers(&parties, &participants).is_none());
        let facts = PersonFacts::from(&person("13800000009"));
        participants[3].replace(facts, "e".parse().unwrap());
        let layout = layout.without_strangers(&parties, &participants).unwrap();
        let seats: Vec<_> = layout.seats().map(|(seat, _)| seat.to_string()).collect();
        assert_eq!(seats, ["L1"]);
    }
}
