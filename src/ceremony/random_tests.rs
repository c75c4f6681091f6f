//! Random commands by anybody at any time: what must hold whatever happens.

use std::collections::BTreeSet;

use proptest::prelude::*;
use time::Duration;

use super::samples::{END, NOW, Run, START, ToStart, World, sign};
use super::*;
use crate::audit::{Verdict, verify};
use crate::contract::{Contract, Phase as ContractPhase, Reason, SlotState};
use crate::decision::Aggregate as _;
use crate::organization::samples::apply;
use crate::organization::{By, Staff};

/// One thing that somebody tries.
#[derive(Clone, Copy, Debug)]
struct Attempt {
    action: u8,
    who: u8,
    minutes: i64,
}

fn attempts() -> impl Strategy<Value = Vec<Attempt>> {
    // Time passes in steps that reach the start, the end and the grace within a run.
    let attempt = (0_u8..26, 0_u8..7, prop_oneof![Just(0), 0_i64..60, Just(2880), Just(1440)]);
    let attempt = attempt.prop_map(|(action, who, minutes)| Attempt { action, who, minutes });
    proptest::collection::vec(attempt, 1..60)
}

struct Game<'a> {
    world: &'a World,
    run: Run,
    contract: Contract,
}

impl<'a> Game<'a> {
    fn by(&self, who: u8) -> By<'a> {
        match who {
            0 | 1 => self.world.host(),
            2 => self.world.booker(),
            3 => self.world.signer_a(),
            4 => self.world.signer_b(),
            5 => self.world.stranger(),
            _ => By::System,
        }
    }

    fn tries(&mut self, attempt: Attempt) -> Result<(), Error> {
        let Attempt { action, who, minutes } = attempt;
        self.run.now += Duration::minutes(minutes);
        let by = self.by(who);
        match action {
            0 => return self.book(),
            1 => return self.cancel(&by),
            2 | 3 => return self.signs(who),
            4 => {
                let decision = self.run.ceremony.follow(&[&self.contract], self.run.now)?;
                self.run.take(&decision);
                return Ok(());
            }
            _ => {}
        }
        let contract = self.contract.clone();
        let contracts = [&contract];
        let facts = ToStart::of(&contract);
        let start = facts.start();
        let hosts = [Staff::of(&self.world.a, &self.world.host).unwrap()];
        let booked = Some(Rescheduling { contracts: &contracts, keys: &self.world.keys });
        let link = self.run.ceremony.links().first().map(|link| link.id().clone());
        let (starts_at, ends_at) = (START + Duration::minutes(minutes), END);
        let (parties, mut participants) = (self.world.parties(), self.world.participants());
        participants.truncate(if minutes == 0 { 4 } else { 3 });
        let plan =
            LayoutPlan::arranged(self.run.ceremony.parties(), self.run.ceremony.participants());
        let himself = Visitor::Himself;
        let command = match action {
            5 => Command::SetSchedule { title: "签约".to_owned(), starts_at, ends_at, booked },
            6 => Command::SetParticipants { parties, participants, hosts: &hosts },
            7 => Command::AttachContracts(&contracts),
            8 => Command::FinishControls { contract: &contract, start: &start },
            9 => Command::SetLayout(plan),
            10 | 11 => Command::OpenRoom,
            12 | 13 => Command::Enter { visitor: himself, entrance: Entrance::List },
            14 => Command::Leave { visitor: himself },
            15 => Command::SendOut("SB".parse().unwrap()),
            16 => Command::Record(minutes == 0),
            17 | 18 => Command::OpenStage(&contracts),
            19 => Command::CloseStage,
            20 => Command::IssueLink { kind: LinkKind::Result, keys: &self.world.keys },
            21 => Command::RevokeLink(link.ok_or(Error::NotInvited)?),
            22 => Command::SetSigningWindow(SigningWindowPolicy::StageOpenThenUntilDeadline),
            23 => Command::Conclude(&contracts),
            24 => Command::Lapse(&contracts),
            _ => Command::RecordDenial(DenialReason::NotInvited),
        };
        self.run.by(command, &by)
    }

    fn book(&mut self) -> Result<(), Error> {
        let booking = self.world.book(&self.run, &[&self.contract])?;
        self.run.take(&booking.ceremony);
        booking.contracts.iter().for_each(|one| apply(&mut self.contract, one.clone()));
        Ok(())
    }

    fn cancel(&mut self, by: &By<'_>) -> Result<(), Error> {
        let reason = Reason::parse("取消").unwrap();
        let contracts = [&self.contract];
        let given = ContractsOfCancelled::Cancelled(&contracts);
        let done = self.run.ceremony.cancel(reason, given, &[], by, self.run.now)?;
        self.run.take(&done.ceremony);
        done.contracts.iter().for_each(|one| apply(&mut self.contract, one.clone()));
        Ok(())
    }

    /// Signs in the place whose turn it is, if the meeting lets him.
    fn signs(&mut self, who: u8) -> Result<(), Error> {
        let (slot, by) = if who.is_multiple_of(2) {
            ("sa", self.world.signer_a())
        } else {
            ("sb", self.world.signer_b())
        };
        let id = slot.parse().unwrap();
        let to_sign = self.contract.slot(&id).unwrap().state() == SlotState::ToSign;
        let window = self.run.ceremony.signing_window();
        if !to_sign || self.contract.check_window(window, self.run.now).is_err() {
            return Err(Error::StageNotOpen);
        }
        let now = self.run.now;
        if self.contract.deadline().is_some_and(|deadline| now < deadline) {
            sign(&mut self.contract, slot, &by, now);
        }
        Ok(())
    }
}

/// What no sequence may break.
fn check(run: &Run, contract: &Contract, before: Phase) {
    let meeting = &run.ceremony;
    let after = meeting.phase();
    let leads_on = match before {
        Phase::Draft => matches!(after, Phase::Draft | Phase::Booked | Phase::Cancelled),
        Phase::Booked => after != Phase::Draft,
        Phase::Live => matches!(after, Phase::Live | Phase::Concluded(_)),
        Phase::Concluded(_) | Phase::Cancelled => after == before,
    };
    assert!(leads_on, "{before} -> {after}");
    assert!(meeting.stage() != Stage::Open || after == Phase::Live);
    assert!(!meeting.is_recording() || after == Phase::Live);
    if after == Phase::Draft {
        assert_eq!(contract.phase(), ContractPhase::Draft);
        assert!(meeting.links().is_empty());
    }
    if after == Phase::Cancelled {
        assert!(meeting.links().iter().all(Link::is_revoked));
    }
    let live: Vec<_> = meeting.links().iter().filter(|link| !link.is_revoked()).collect();
    let ids: BTreeSet<_> = meeting.links().iter().map(Link::id).collect();
    assert_eq!(ids.len(), meeting.links().len(), "no link comes twice");
    for link in &live {
        assert_eq!(live.iter().filter(|other| other.kind() == link.kind()).count(), 1);
    }
    if let Some(layout) = meeting.layout() {
        let mut seated = BTreeSet::new();
        for (seat, place) in layout.seats() {
            assert!(meeting.participant(&place.participant).is_some());
            assert!(layout.template().seat(seat).is_some());
            assert!(seated.insert(&place.participant));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn m17_whatever_is_tried_a_meeting_keeps_its_rules(
        attempts in attempts(),
        is_prepared: bool,
    ) {
        let world = World::new();
        let (run, contract) = if is_prepared {
            world.prepared(Policy::default())
        } else {
            (world.drafted(), world.contract("con_01"))
        };
        let mut game = Game { world: &world, run, contract };
        for attempt in attempts {
            let (before, contract) = (game.run.ceremony.clone(), game.contract.clone());
            if game.tries(attempt).is_err() {
                prop_assert_eq!(&game.run.ceremony, &before);
                prop_assert_eq!(&game.contract, &contract);
            }
            check(&game.run, &game.contract, before.phase());
        }
        let Run { ceremony, events, entries, .. } = &game.run;
        prop_assert_eq!(&Ceremony::replay(events).unwrap(), ceremony);
        prop_assert_eq!(verify(entries, Some(ceremony.head())).unwrap(), Verdict::Complete);
        prop_assert_eq!(u64::try_from(entries.len()).unwrap(), ceremony.revision().get());
    }
}

/// The random walk does reach the end, or it would show nothing.
#[test]
fn m17_the_walk_can_reach_every_state() {
    let world = World::new();
    let (run, contract) = world.prepared(Policy::default());
    let mut game = Game { world: &world, run, contract };
    let steps = [(0, 2, 0), (10, 0, 2880 + 300), (17, 0, 0), (2, 0, 0), (3, 1, 0), (4, 6, 0)];
    for (action, who, minutes) in steps {
        game.tries(Attempt { action, who, minutes }).unwrap();
    }
    assert_eq!(game.run.ceremony.phase(), Phase::Concluded(Outcome::Signed));
    assert!(game.run.now > NOW);
}
