//! Execution: a contract and its PDF documents, from the first field to the last seal.
//!
//! ```text
//!  Contract, in its signing                     documents, as they were issued
//!        │                                                  │
//!        └──► start: values ─► fields ─► platform's seal ◄──┘   before anybody signs
//!                 │
//!                 ▼         for each signer, in his turn
//!              apply: R-SIGN-01 … 12 ─► seals, signature, date ─► sign ─► judge ─► record
//!                 │
//!                 ├─ begin ─► ticket … answer ─► finish        where the key is elsewhere
//!                 ▼         when all have signed
//!              complete: check ─► time-stamps ─► judge ─► record
//! ```
//!
//! Contract, seals and grants are decided upon as everywhere; here the bytes go with the decisions.
//! Every verb returns what is appended to which document and the decisions to be stored with it, in one
//! transaction, or a refusal; nothing has happened until then. It is the only module that sees both
//! contracts and signatures.
//!
//! | what | in which revision |
//! |---|---|
//! | values that were filled in | page content and fields of the document's form, before the first signature |
//! | fields of all signers, their locks, the field for the closing time-stamp | the prepared revision |
//! | the platform's signature, if it certifies | behind the prepared revision |
//! | a signer's seals, slices, signature, date, opinion | his own revision, in his fields alone |
//! | the time-stamp that closes the document, if the host has one made | the last revision |
//!
//! The host reads [`Means`] once, and fills a [`Signing`] for each signer:
//!
//! ```
//! # use sealwright::contract::Contract;
//! # use sealwright::execution::{
//! #     self, Applied, Certifier, Documents, Error, Means, Signing, Started,
//! # };
//! # use sealwright::organization::By;
//! # use sealwright::signing::Signer;
//! # use time::OffsetDateTime;
//! fn prepare_and_sign(
//!     (contract, documents): (&Contract, &Documents<'_>),
//!     means: &Means<'_>,
//!     by: &By<'_>,
//!     now: OffsetDateTime,
//! ) -> Result<Started, Error> {
//!     execution::start(contract, documents, means, Certifier::FirstSigner, by, now)
//! }
//!
//! fn sign(
//!     (contract, documents): (&Contract, &Documents<'_>),
//!     (signing, key): (&Signing<'_>, &dyn Signer),
//!     means: &Means<'_>,
//!     now: OffsetDateTime,
//! ) -> Result<Applied, Error> {
//!     execution::apply(contract, documents, signing, means, key, now)
//! }
//! ```
//!
//! Before there is a contract, [`intake()`] reads what somebody hands in: what it is, what is wrong with
//! it, and what to warn of (R-DOC-01 to 07). When documents come back, [`check()`] holds them against the
//! contract's record and says which control, seal, grant, page or byte differs, each with a code of its
//! own.
//!
//! When all have signed, [`evidence`] says what is known of it, for whoever has to be shown.

mod apply;
mod came_with;
mod certifier;
pub mod check;
mod complete;
mod content_kind;
mod documents;
mod error;
pub mod evidence;
mod fields;
mod intake;
mod marks;
mod means;
mod papers;
mod postcheck;
mod signing;
mod stamping;
mod start;
mod waiting;

pub use apply::{Applied, apply};
pub use certifier::Certifier;
pub use check::{CheckFacts, Deviation, DeviationCode, ExecutionVerdict, Overall, check};
pub use complete::{Completed, complete};
pub use documents::{Appended, Documents};
pub use error::Error;
pub use intake::{intake, intake_digested, intake_with_password};
pub use means::Means;
pub use signing::Signing;
pub use stamping::{
    ClosingAnswer, ClosingRequest, StampOptions, StampSource, Stamping, closing_requests,
};
pub use start::{Started, start};
pub use waiting::{Answered, Begun, Finished, Waiting, begin, finish};
