//! Seals, grants, and the chain from a contract to a permit, seen from outside.

mod blocks;
mod chain;
mod choices;
mod consequences;
mod drawing;
mod grants;
mod groups;
mod judged_statements;
mod lasting;
mod papers;
mod people;
mod random;
mod random_uses;
mod recording;
mod representatives;
mod right_to_sign;
mod seal_states;
mod seals;
mod signed_grants;
mod stamps;
mod stating;
mod uses;
mod witnesses;
