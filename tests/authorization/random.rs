//! Seals and grants under random commands.

use std::num::NonZeroU32;

use proptest::prelude::*;
use sealwright::audit::{Entry, Verdict, verify};
use sealwright::authorization::{
    GrantStatus, NewGrant, Seal, SealCommand, SealEvent, SealGrant, SealStatus, Validity,
};
use sealwright::contract::SealKind;
use sealwright::decision::{Aggregate, Decision, Recorded};
use sealwright::organization::By;

use crate::people::{Company, hours, operator, start};
use crate::stamps::{new_seal, reason, to_use, uploaded};

/// What happened to an aggregate, as a host keeps it.
struct Kept<A: Aggregate> {
    state: A,
    events: Vec<Recorded<A::Event>>,
    trail: Vec<Entry>,
}

impl<A: Aggregate> Kept<A> {
    fn new(first: &Decision<A>) -> Self {
        let (state, trail) = first.found().unwrap();
        Self { state, events: first.events().to_vec(), trail }
    }

    fn store(&mut self, decision: &Decision<A>) {
        self.trail.extend(decision.apply_to(&mut self.state).unwrap());
        self.events.extend(decision.events().iter().cloned());
    }

    /// The same events give the same state, and the trail has no gap.
    fn check(&self) {
        assert_eq!(A::replay(&self.events).unwrap(), self.state);
        let head = self.state.head();
        assert_eq!(verify(&self.trail, Some(head)).unwrap(), Verdict::Complete);
        assert_eq!(self.trail.len(), self.events.len());
    }
}

fn command(number: u8) -> SealCommand {
    match number % 9 {
        0 => SealCommand::Approve,
        1 => SealCommand::Reject { reason: reason() },
        2 => SealCommand::Disable,
        3 => SealCommand::Enable,
        4 => SealCommand::Stop { reason: reason() },
        5 => SealCommand::Void { reason: reason() },
        6 => SealCommand::ChangeFace(uploaded(number)),
        7 => SealCommand::Delete,
        _ => SealCommand::Invalidate,
    }
}

/// The statuses that a status may be followed by.
fn follows(from: SealStatus) -> &'static [SealStatus] {
    use SealStatus::{
        Checking, CheckingByAdmin, Deleted, Disabled, Enabled, Invalid, Rejected, Stopped, Void,
    };
    match from {
        Checking | CheckingByAdmin => &[Enabled, Rejected, Invalid],
        Enabled => &[Disabled, Stopped, Void, Invalid, Checking],
        Disabled => &[Enabled, Stopped, Void, Invalid, Checking, Deleted],
        Rejected => &[Deleted],
        Stopped | Void | Invalid | Deleted => &[],
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..Default::default() })]

    #[test]
    fn seal_random_commands_keep_to_the_table(
        kind in prop_oneof![Just(SealKind::Official), Just(SealKind::LegalRepresentative)],
        steps in proptest::collection::vec((any::<u8>(), 0_u8..5), 0..40),
    ) {
        let company = Company::first();
        let other = Company::second();
        let operator = operator();
        let new = new_seal("s", kind.clone());
        let first = Seal::create(new, &company.keeper(&kind), &company.facts(), start()).unwrap();
        let mut seal = Kept::new(&first);
        for (hour, (number, who)) in (1..).zip(steps) {
            let by = match who {
                0 => company.keeper(&kind),
                1 => By::Host(&operator),
                2 => By::System,
                3 => company.by(&company.alice),
                _ => other.by(&other.admin),
            };
            let before = seal.state.clone();
            let versions = before.versions().count();
            match before.decide(command(number), &by, &company.facts(), hours(hour)) {
                Err(error) => {
                    prop_assert!(!error.code().is_empty());
                    prop_assert_eq!(&seal.state, &before);
                }
                Ok(decision) => {
                    prop_assert!(who < 3, "neither a colleague without rights nor a stranger");
                    seal.store(&decision);
                    prop_assert!(follows(before.status()).contains(&seal.state.status()));
                }
            }
            let changed = matches!(
                seal.events.last().map(|last| &last.event),
                Some(SealEvent::FaceChanged { .. })
            ) && before.revision() != seal.state.revision();
            prop_assert_eq!(seal.state.versions().count(), versions + usize::from(changed));
        }
        seal.check();
    }

    #[test]
    fn grant_random_revocations_end_it_once(
        by_whom in proptest::collection::vec(0_u8..6, 1..12),
        most in proptest::option::of(1_u32..5),
    ) {
        let company = Company::first();
        let other = Company::second();
        let seal = company.enabled("s", SealKind::Contract);
        let new = NewGrant { max_uses: most.and_then(NonZeroU32::new), ..to_use("g") };
        let to = (&company.alice).into();
        let by = company.by(&company.sealer);
        let given = SealGrant::grant(new, &seal, to, &by, &company.organization, start()).unwrap();
        let mut grant = Kept::new(&given);
        for (hour, who) in (1..).zip(by_whom) {
            let by = match who {
                0 => company.by(&company.sealer),
                1 => By::System,
                2 => company.by(&company.alice),
                3 => company.by(&company.bob),
                4 => company.by(&company.chief),
                _ => other.by(&other.admin),
            };
            let before = grant.state.clone();
            match before.revoke(None, &seal, &by, &company.facts(), hours(hour)) {
                Err(_) => prop_assert_eq!(&grant.state, &before),
                Ok(decision) => {
                    prop_assert_eq!(before.status(), GrantStatus::Active);
                    grant.store(&decision);
                    prop_assert_eq!(grant.state.status(), GrantStatus::Revoked);
                }
            }
        }
        grant.check();
    }

    #[test]
    fn grant_a_window_holds_exactly_what_lies_in_it(from in -99_i64..99, length in 1_i64..99, at in -200_i64..200) {
        let window = Validity::new(hours(from), Some(hours(from + length))).unwrap();
        prop_assert_eq!(window.contains(hours(at)), from <= at && at < from + length);
    }
}
