//! The log of what happened, chained by hashes.
//!
//! Each entry holds the hash of the one before it. Whoever keeps the [`Head`] of a trail somewhere
//! else, say in a time-stamp or with the other party, can show later that nothing was taken out,
//! put in or changed. **A chain alone shows less**: whoever holds both the log and its head can
//! write the whole log anew, and without a head from elsewhere a missing end leaves no trace. So
//! [`verify`] says [`Verdict::ConsistentOnly`] unless it is given the head that was expected.
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
mod host_key;

pub use canonical::{Details, Value};
pub use chain::{Entry, Facts, HashAlgorithm, Head, Verdict, verify};
pub use error::Error;
pub use host_key::HostKey;
