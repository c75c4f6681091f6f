//! Contracts executed on real PDFs: started, signed by party after party, judged.

mod cast;
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
