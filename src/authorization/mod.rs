//! Who may put which seal where: seals, grants of them, and the permit that a drawing rests on.
//!
//! ```text
//!  Seal (Checking ─► Enabled ⇄ Disabled ─► …)      Employee, Organization
//!    │                                                   │
//!    └────────────► SealGrant (use, manage, audit) ◄─────┘
//!                        │
//!  Contract ──► begin … authorize: R-SIGN-01 … 12 ──► SigningPermit ──► SealPermit, one per control
//!                                                                           │
//!                                                                       Authority
//! ```
//!
//! * A [`Seal`] belongs to an organization. It is uploaded and reviewed, or generated; it may be
//!   switched off and on, gets new faces as new versions, and ends.
//! * A [`SealGrant`] gives one employee one to three separate rights over one seal, for a window of
//!   time, a scope of contracts and a number of uses. **Nothing else does**: no role, not even that
//!   of the super admin, gets a permit without a grant.
//! * [`authorize`] runs the signing chain on what is true at the moment of application, and gives a
//!   [`SigningPermit`] with one [`SealPermit`] for each seal control; [`begin`] runs it before a key
//!   is asked, and permits nothing. [`record_signing`] takes the permit and records the signing on
//!   the contract and on each grant that was used. [`authorize_group`] and [`record_group_signing`] do
//!   the same for contracts that are signed as one act.
//! * An [`Authority`] says on whose word a seal is drawn: a permit's, or the host's alone.
//! * What spans aggregates has verbs of its own, which return a decision for each of them: [`resign`],
//!   [`rename_organization`], [`change_legal_representative`], [`change_person`],
//!   [`close_organization`].
//!
//! Commands that create seals make claims (a name, the one official seal, the one seal of the legal
//! representative): keep those of one organization under one unique index.
//!
//! ```
//! use sealwright::authorization::Authority;
//! // Spelled out by the caller, never a default: nobody checked that this person may use this seal.
//! let authority = Authority::AssertedByHost;
//! assert_eq!(authority.code(), "asserted_by_host");
//! ```

mod authority;
mod chain;
mod check_use;
mod covering;
mod error;
mod grant;
mod grant_command;
mod grant_event;
mod grant_scope;
mod group_permit;
mod permit;
mod recording;
mod renaming;
mod representing;
mod resigning;
mod seal;
mod seal_command;
mod seal_event;
mod seal_form;
mod seal_image;
mod seal_link;
mod seal_making;
mod seal_name;
mod seal_shape;
mod use_record;
mod validity;

pub use authority::{Authority, DocumentNotPermitted, FaceNotPermitted};
pub use chain::{Begun, ChainFacts, ForeseenUse, Refused, authorize, begin};
pub use check_use::{UseRequest, check_use};
pub use error::{Error, PermitTerm};
pub use grant::{GrantStatus, PolicyText, Revocation, SealGrant};
pub use grant_command::{Grantee, NewGrant};
pub use grant_event::{GrantEvent, RevocationCause};
pub use grant_scope::{ContractFacts, ContractType, GrantScope, Right, Rights};
pub use group_permit::authorize_group;
pub use permit::{PermittedSignature, SealPermit, SigningPermit};
pub use recording::{
    GroupSigningRecorded, Register, SigningRecorded, record_group_signing, record_signing,
};
pub use renaming::{
    OrganizationRenaming, PersonChange, change_person, close_organization, rename_organization,
};
pub use representing::{RepresentativeChange, change_legal_representative};
pub use resigning::{Leaving, Resignation, resign};
pub use seal::Seal;
pub use seal_command::{SealCommand, SealFacts};
pub use seal_event::{SealEvent, SealSource, SealStatus, SealVersion};
pub use seal_form::{SealForm, SealRules, SealWarning};
pub use seal_image::{ImageFacts, ImageFormat, ImageLimits, SealImage};
pub use seal_making::{NewFace, NewSeal};
pub use seal_name::{SealName, TaxNumber};
pub use seal_shape::{SealColour, SealShape, SealSize};
pub use use_record::{DocumentState, UseOutcome, UseRecord};
pub use validity::Validity;
