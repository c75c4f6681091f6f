//! The shape of a command: decide on what is, record what follows, apply what was recorded.
//!
//! An [`Aggregate`] (an organization, a seal, a contract, a ceremony) is a state that changes by
//! events only. A verb looks at the state and the time it is given and returns a [`Decision`]: the
//! events that follow, the notices to send, the names to claim. Nothing has changed yet. The host
//! stores all of it in **one** transaction, on the condition that the aggregate still has the
//! revision that the decision rests on, and applies it.
//!
//! * A refusal changes nothing: verbs take `&self`.
//! * The same events give the same state: [`Aggregate::replay`].
//! * Of two writers one wins; the other gets [`Stale`] and decides again.
//! * Each event leaves one entry in the aggregate's own hash-chained trail ([`crate::audit`]).
//!
//! Every aggregate is a consistency boundary of its own, so a host may spread them over shards.
//! What has to be unique across aggregates comes as [`Claim`]s for a unique index.
//!
//! ```
//! use sealwright::decision::Revision;
//! assert_eq!(Revision::NONE.next().get(), 1); // a revision counts the events applied
//! ```

mod aggregate;
mod claim;
mod decided;
mod error;
mod notice;
mod recorded;
mod snapshot;

pub use aggregate::{Aggregate, Event, History};
pub(crate) use aggregate::{Evolve, id_and_history};
pub use claim::{Claim, ClaimKey};
pub(crate) use decided::storable;
pub use decided::{Decision, Witness};
pub use error::{ReplayError, Stale};
pub use notice::{Channel, Notice, Recipient};
pub use recorded::{Recorded, Revision};
pub use snapshot::Snapshot;
