//! The strategic signing (战略签约) from the first account to the archive, in one test: the twenty
//! steps of the acceptance walk, as far as they need no PDF.
//!
//! Company A organizes, company B is the other party. H hosts and SA signs for A, SB signs for B, O
//! listens. They sign one contract of three pages.

mod cast;
mod walk;
#[path = "../world/mod.rs"]
mod world;
