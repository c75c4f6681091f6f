//! Placement on real documents: every location mode, everything that is wrong told at once, and what
//! users of other systems complain about (each complaint a test).

mod complaints;
mod dialects;
mod fields;
mod filling;
mod form_values;
mod keywords;
mod merging;
mod paper;
mod planning;
mod previewing;
mod tagged;
#[path = "../world/mod.rs"]
mod world;
