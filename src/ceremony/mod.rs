//! The meeting at which contracts are signed (战略签约会议): booked, held, concluded (domain §2.7).
//!
//! ```text
//!  draft ──► title, time ──► people ──► contracts ──► controls finished ──► layout ──┐
//!  M1        M2              M3         M4            M5                    M6       │
//!                                                                                    ▼
//!  lapsed ◄──────────────┐                                             booked (M7): contracts start,
//!                        │                                             everybody is told, links are made
//!  concluded ◄── live ◄──┴── room opens (M10) ◄──────────────────────────┤      ▲
//!                 │                                                      │      └─ M8: other time,
//!                 ├── people enter (M11), layout (M12), recording (M13)  │         people, layout
//!                 └── stage opens (M14) ─► QR scanned (M15) ─► C11       └─ called off (M9)
//! ```
//!
//! A [`Ceremony`] changes by the events of its verbs only, as every [`crate::decision::Aggregate`]:
//! [`Ceremony::draft`], [`Ceremony::decide`] with a [`Command`], and three verbs that touch other
//! aggregates as well and return one decision for each: [`Ceremony::book`], [`Ceremony::cancel`],
//! [`Ceremony::redeliver`]. These three are stored in one transaction and cannot cross shards.
//!
//! * **Who signs is checked before anybody comes**: the four facts that the booker gave of a signer
//!   are held against the registered employee (R-CER-06, [`DeliveryPolicy`]).
//! * **Whoever is not invited learns nothing**: not from [`MyMeetings::list_for`], not at the door.
//! * **Links are sealed, expire and can be withdrawn** ([`LinkKeys`]). A meeting stores what tells
//!   them apart, never their text; so no copy of the database opens anything.
//! * The meeting decides when its contracts may be signed ([`Ceremony::signing_window`]); whether
//!   they are is the contract's.
//! * Everything that the domain leaves open is a field of [`Policy`].
//!
//! ```
//! use sealwright::ceremony::{Ceremony, Command, Error};
//! use sealwright::organization::By;
//! use time::{Duration, OffsetDateTime};
//!
//! /// S12, S13: a title, tomorrow, two hours.
//! fn tomorrow(draft: &mut Ceremony, booker: &By<'_>, now: OffsetDateTime) -> Result<(), Error> {
//!     let starts_at = now + Duration::DAY;
//!     let command = Command::SetSchedule {
//!         title: "战略合作签约仪式".to_owned(),
//!         starts_at,
//!         ends_at: starts_at + Duration::hours(2),
//!         booked: None, // not booked yet
//!     };
//!     let decision = draft.decide(command, booker, now)?;
//!     decision.apply_to(draft)?; // after its events were stored
//!     Ok(())
//! }
//! ```

mod authority;
pub mod board;
mod booking;
#[cfg(test)]
mod booking_tests;
mod cancelling;
#[cfg(test)]
mod cancelling_tests;
mod command;
mod conclude;
mod contracts;
#[cfg(test)]
mod delivery_tests;
mod details;
mod error;
mod event;
mod evolve;
mod issuing;
mod layout;
mod link;
mod live;
#[cfg(test)]
mod live_tests;
mod matching;
mod meetings;
mod notices;
mod participant;
mod picture;
mod policy;
mod prepare;
#[cfg(test)]
mod prepare_tests;
#[cfg(test)]
mod random_tests;
mod redelivery;
mod result_view;
#[cfg(test)]
pub(crate) mod samples;
mod scanning;
mod schedule;
#[cfg(test)]
mod standing_tests;
mod starting;
mod state;
mod template;
mod token;
mod url_text;
#[cfg(test)]
mod view_tests;
#[cfg(test)]
mod witness_tests;

pub use booking::{Booking, BookingFacts, ContractToStart};
pub use cancelling::{ContractsOfCancelled, MeetingCancellation};
pub use command::{Command, Entrance, Rescheduling, Visitor};
pub use details::{ContractDetails, MeetingDetails, ParticipantDetails};
pub use error::{Error, Part, Undeliverable};
pub use event::{Conclusion, DenialReason, Event};
pub use layout::{Layout, LayoutPlan, LayoutWarning, Logo, Place};
pub use link::{Link, LinkId, LinkKind, LinkProblem};
pub use meetings::{MyMeeting, MyMeetings};
pub use participant::{Delivery, Participant, Party, PersonFacts, Presence, Role};
pub use picture::{Picture, PictureFormat};
pub use policy::{
    DeliveryPolicy, PictureRules, Policy, Profile, ResultAccess, SigningWindowPolicy,
};
pub use redelivery::Redelivery;
pub use result_view::{
    AppliedSeal, AppliedSignature, Overall, PartyResult, SeatResult, ShownDocument, SignResultView,
    SignerResult,
};
pub use scanning::ScannedQr;
pub use schedule::{Schedule, Title};
pub use state::{Ceremony, ConferenceRef, Outcome, Phase, Stage};
pub use template::{LogoPlace, Seat, Side, Template};
pub use token::{KeyId, LinkClaims, LinkKey, LinkKeys, LinkText};
