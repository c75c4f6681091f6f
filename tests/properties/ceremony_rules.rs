//! What every step of a ceremony has to respect.

use sealwright::ceremony::{Ceremony, Conclusion, Event, PersonFacts, Phase, Presence, Role};
use sealwright::decision::Recorded;
use sealwright::identity::Actor;

use crate::cast::Cast;
use crate::ceremonies::HOST;

/// The table of §2.7, and nothing else.
pub fn may_follow(from: Phase, to: Phase) -> bool {
    from == to
        || matches!(
            (from, to),
            (Phase::Draft, Phase::Booked | Phase::Cancelled)
                | (Phase::Booked, Phase::Live | Phase::Cancelled | Phase::Concluded(_))
                | (Phase::Live, Phase::Concluded(_))
        )
}

/// What every single event has to respect, held against the state that it was decided on.
pub fn look_at(recorded: &Recorded<Event>, before: &Ceremony, cast: &Cast) {
    let host = Actor::Employee(cast.employees[HOST].1.id().clone());
    let live = before.phase() == Phase::Live;
    match &recorded.event {
        Event::RecordingStarted
        | Event::RecordingStopped
        | Event::StageOpened
        | Event::SentOut { .. } => {
            assert!(live && recorded.actor == host, "{} does it", recorded.actor);
        }
        Event::StageClosed => assert!(live),
        Event::LayoutChanged { .. } if live => assert_eq!(recorded.actor, host),
        Event::Concluded { cause: Conclusion::ByHost, .. } => assert_eq!(recorded.actor, host),
        Event::Concluded { cause: Conclusion::Lapsed, .. } => {
            assert!(before.lapses_at().is_some_and(|over| recorded.at >= over));
        }
        Event::Entered { participant } => {
            let entry = before.participant(participant).unwrap();
            assert!(live && !matches!(entry.presence(), Presence::Denied | Presence::Joined));
            let facts = [
                cast.employees.iter().map(|(_, it)| (it.id().to_string(), it.person())).collect(),
                cast.persons.iter().map(|(id, it)| (id.to_string(), it)).collect::<Vec<_>>(),
            ]
            .concat();
            let actor = recorded.actor.to_string();
            let came = facts.iter().find(|(id, _)| actor.ends_with(&format!(":{id}"))).unwrap();
            assert!(entry.facts().recognises(&PersonFacts::from(came.1)), "{actor} came in");
        }
        Event::Booked { .. } => {
            assert!(before.participants().iter().any(|one| one.role() == Role::Host));
            assert!(before.schedule().unwrap().starts_at() > recorded.at);
        }
        _ => {}
    }
}
