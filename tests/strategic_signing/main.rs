//! The strategic signing (战略签约) from the first account to the archive, in one test: the twenty
//! steps of the acceptance walk. The contract is a real PDF, on which step 8 shows its preview; nothing
//! is signed in it here.
//!
//! Company A organizes, company B is the other party. H hosts and SA signs for A, SB signs for B, O
//! listens. They sign one contract of three pages.

mod cast;
mod preview;
mod walk;
#[path = "../world/mod.rs"]
mod world;
