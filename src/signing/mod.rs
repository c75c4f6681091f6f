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
//! A document time-stamp goes the same way, with a time-stamping authority in the signer's place:
//!
//! ```text
//! DocumentTimestamp ── prepare ─► AwaitingTimestamp ── finish ─► Stamped
//!   │                               │          ▲
//!   └── stamp (all of it)           └─ request, response (over whatever network the host has)
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
//!
//! ```
//! use sealwright::limits::Limits;
//! use sealwright::pdf::File;
//! use sealwright::signing::{LocalSigner, Seal};
//! # use sealwright_testdata::pki::{KeyType, Validity, identity};
//! # let now = time::OffsetDateTime::from_unix_timestamp(1_767_225_600)?;
//! # let identity = identity(KeyType::Ed25519, Validity::around(now));
//! # let (key, chain) = (identity.key_pem(), identity.chain_pem());
//! # let bytes = sealwright_testdata::documents::classic_table();
//!
//! let signer = LocalSigner::from_pem(key.as_bytes(), chain.as_bytes())?;
//! let file = File::open(&bytes, Limits::default())?;
//! let signed = Seal::on(&file).invisible().field("甲方").sign(&signer, now)?;
//! assert_eq!(signed.base_len(), bytes.len() as u64);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod awaiting;
mod detached;
mod document_timestamp;
mod error;
mod grant;
mod local_signer;
mod prepared;
mod profile;
mod seal;
mod seen;
mod signed_update;
mod signer;
mod stating;
mod ticket;
mod ticket_format;
mod timestamp_authority;

pub use awaiting::{Awaiting, Finish, NeedsMore};
pub use detached::sign_detached;
pub use document_timestamp::{
    AwaitingTimestamp, DocumentTimestamp, Stamped, TimestampFacts, TimestampFinish,
};
pub use error::Error;
pub use grant::{SignedGrant, grant_statement, sign_grant};
pub use local_signer::LocalSigner;
pub use prepared::Prepared;
pub use profile::Profile;
pub use seal::Seal;
pub(crate) use seen::Own;
pub use signed_update::{Appendable, NotAppended, SignedUpdate};
pub use signer::{Signer, SignerAnswer, SignerDescription, SignerError, SignerFault, ToBeSigned};
pub use ticket::{Ticket, TicketKey};
pub use timestamp_authority::TimestampAuthority;

/// What waits for a signature may wait on another thread; signers in memory are shared by many.
const _: fn() = || {
    fn sent<T: Send>() {}
    fn shared<T: Send + Sync>() {}
    sent::<Prepared<'static>>();
    sent::<Awaiting<'static>>();
    sent::<SignedUpdate<'static>>();
    sent::<AwaitingTimestamp<'static>>();
    shared::<LocalSigner>();
    shared::<SignerDescription>();
    shared::<TicketKey>();
};
