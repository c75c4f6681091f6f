//! The log of what happened, chained by hashes.
//!
//! Each entry holds the hash of the one before it. Whoever keeps the [`Head`] of a trail somewhere
//! else, say in a time-stamp or with the other party, can show later that nothing was taken out,
//! put in or changed.
//!
//! # What a chain does not show
//!
//! * **Whoever holds both the log and its head can write the whole log anew.** The hashes are not
//!   signatures; anybody can compute them. Only a head out of his reach tells.
//! * **A missing end leaves no trace** without such a head: what is left is a shorter trail and
//!   consistent. So [`verify`] says [`Verdict::ConsistentOnly`], never [`Verdict::Complete`], unless
//!   it is given the head that was expected.
//! * A hash inside one record, looked at alone, shows nothing: it was computed by whoever wrote the
//!   record.
//! * That an entry is unchanged does not make it true. Times are those the host gave, actors those
//!   it authenticated.
//! * An anchored head says that the trail existed when it was anchored, not that each entry was
//!   written at its time. Anchor often if that matters, for instance a head with each signature.
//!
//! # Which hash
//!
//! SHA-256, or SM3 (GB/T 32905) with the feature `sm`. A trail has one algorithm from its first entry to
//! its last, and each entry names it. For the trail of an aggregate the host chooses when the aggregate
//! comes to be: [`Decision::chained_with`](crate::decision::Decision::chained_with).
//!
//! No entry holds a personal fact: a person is an [`IdentityReference`], the mask and a keyed digest.
//! Entries are therefore fit to be handed out as evidence; states and events are not.
//!
//! ```
//! use sealwright::audit::{Facts, Head, HashAlgorithm, Verdict, verify};
//!
//! let at = time::OffsetDateTime::from_unix_timestamp(1_767_574_800)?;
//! let mut head = Head::start(HashAlgorithm::Sha256);
//! let created = head.append(Facts::new(at, "e:alice", "contract.created", "c:1"));
//! let signed = head.append(Facts::new(at, "e:bob", "contract.signed", "c:1"));
//!
//! let entries = [created, signed];
//! assert_eq!(verify(&entries, None)?, Verdict::ConsistentOnly);
//! assert_eq!(verify(&entries, Some(&head))?, Verdict::Complete);
//! assert_eq!(verify(&entries[..1], Some(&head)).unwrap_err().code(), "audit.head_mismatch");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod canonical;
mod chain;
mod error;
mod hash;
mod host_key;
mod reference;

pub use canonical::{Details, Value};
pub use chain::{Entry, Facts, Head, Verdict, verify};
pub use error::Error;
pub use hash::HashAlgorithm;
pub use host_key::HostKey;
pub use reference::IdentityReference;
