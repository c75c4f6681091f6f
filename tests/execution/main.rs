//! Contracts executed on real PDFs: started, signed by party after party, judged.

mod attacks;
mod cast;
mod checking;
mod closing;
mod codes_shown;
mod disguised;
mod documents;
mod evidence;
mod evidence_attacks;
mod evidence_bundle;
mod evidence_paper;
mod far_keys;
mod forged;
mod free_hand;
mod intake;
mod intake_corpus;
mod many;
mod papers;
mod prepared_otherwise;
mod refusals;
mod reported;
mod revisions;
mod signed_before;
mod two_parties;
mod verdicts;
#[path = "../world/mod.rs"]
mod world;
