//! The strategic signing (战略签约) from the first account to the archive, in one test: the twenty
//! steps of the acceptance walk, on a real PDF: step 8 shows its preview, steps 15 and 16 seal it, step
//! 18 verifies it and a copy in which somebody changed a byte.
//!
//! Company A organizes, company B is the other party. H hosts and SA signs for A, SB signs for B, O
//! listens. They sign one contract of three pages.

mod cast;
mod preview;
mod sealing;
mod walk;
#[path = "../world/mod.rs"]
mod world;
