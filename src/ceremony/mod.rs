//! The meeting at which a contract is signed (战略签约会议).
//!
//! Here so far: its policy, its participants, the layout of its stage, and its links.

mod error;
mod layout;
mod link;
mod participant;
mod picture;
mod policy;
mod schedule;
mod template;
mod token;
mod url_text;

pub use error::{Error, Part, Undeliverable};
pub use layout::{Layout, LayoutPlan, LayoutWarning, Logo, Place};
pub use link::{Link, LinkId, LinkKind, LinkProblem};
pub use participant::{Delivery, Participant, Party, PersonFacts, Presence, Role};
pub use picture::{Picture, PictureFormat};
pub use policy::{
    DeliveryPolicy, PictureRules, Policy, Profile, ResultAccess, SigningWindowPolicy,
};
pub use schedule::{Schedule, Title};
pub use template::{LogoPlace, Seat, Side, Template};
pub use token::{KeyId, LinkClaims, LinkKey, LinkKeys, LinkText};
