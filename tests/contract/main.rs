//! The states of a contract: every transition C1 to C22 and every rule R-CON, by their ids.

mod begin;
mod case;
mod ending;
mod paper;
mod stage;
mod world;
