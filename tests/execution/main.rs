//! Contracts executed on real PDFs: started, signed by party after party, judged.

mod attacks;
mod cast;
mod checking;
mod documents;
mod far_keys;
mod intake;
mod intake_corpus;
mod many;
mod refusals;
mod revisions;
mod signed_before;
mod two_parties;
#[path = "../world/mod.rs"]
mod world;
