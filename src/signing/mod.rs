//! Signing: put a seal and a PAdES signature into a document by appending to it.
//!
//! The stages are types, and each has one next step:
//!
//! ```text
//! Seal ── prepare ─► Prepared ── digest ─► Awaiting ── finish ─► SignedUpdate
//!   │                                       │    ▲
//!   └── sign (all of it, with a Signer)     └─ ticket ─┘   (another process, a day later)
//! ```
//!
//! * The gap for the signature is sized from what is known of the signer. A signature that does not
//!   fit is never cut: the document is prepared again with the room it needs
//!   ([`Finish::NeedsMore`]).
//! * The document is hashed once and never copied; the result is the appended bytes.
//! * Before anything is handed out it is read back: the CMS verifies against the digest just
//!   computed, the gap is exactly `/Contents`, every new cross reference leads to its object, and
//!   nothing of earlier signatures is defined anew. That costs no further pass over the document.
//!   To have the whole result judged as a stranger's file would be, hand it to `verification`,
//!   which shares no code with this module.

mod awaiting;
mod error;
mod local_signer;
mod prepared;
mod profile;
mod seal;
mod signed_update;
mod signer;
mod ticket;
mod ticket_format;

pub use awaiting::{Awaiting, Finish, NeedsMore, Unfinished};
pub use error::Error;
pub use local_signer::LocalSigner;
use prepared::PermitRequest;
pub use prepared::Prepared;
pub use profile::Profile;
pub use seal::Seal;
pub use signed_update::{Appendable, NotAppended, SignedUpdate};
pub use signer::{Signer, SignerAnswer, SignerDescription, SignerError, SignerFault, ToBeSigned};
pub use ticket::{Ticket, TicketKey};
