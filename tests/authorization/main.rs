//! Seals, grants, and the chain from a contract to a permit, seen from outside.

mod consequences;
mod grants;
mod papers;
mod people;
mod random;
mod seal_states;
mod seals;
mod stamps;
mod uses;
