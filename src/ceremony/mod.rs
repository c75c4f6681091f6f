//! The meeting at which a contract is signed (战略签约会议).
//!
//! Here so far: its policy, its participants, the layout of its stage, and its links.

mod authority;
mod booking;
#[cfg(test)]
mod booking_tests;
mod cancelling;
mod command;
mod conclude;
mod contracts;
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
mod redelivery;
mod result_view;
#[cfg(test)]
pub(crate) mod samples;
mod scanning;
mod schedule;
mod starting;
mod state;
mod template;
mod token;
mod url_text;
#[cfg(test)]
mod view_tests;

pub use booking::{Booking, BookingFacts, ContractToStart};
pub use cancelling::{ContractsOfCancelled, MeetingCancellation};
pub use command::{Command, Entrance, Visitor};
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
    AppliedSeal, Overall, PartyResult, ShownDocument, SignResultView, SignerResult,
};
pub use scanning::ScannedQr;
pub use schedule::{Schedule, Title};
pub use state::{Ceremony, ConferenceRef, Outcome, Phase, Stage};
pub use template::{LogoPlace, Seat, Side, Template};
pub use token::{KeyId, LinkClaims, LinkKey, LinkKeys, LinkText};
