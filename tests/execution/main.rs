//! Contracts executed on real PDFs: started, signed by party after party, judged.

mod cast;
mod far_keys;
mod intake;
mod intake_corpus;
mod refusals;
mod two_parties;
#[path = "../world/mod.rs"]
mod world;
