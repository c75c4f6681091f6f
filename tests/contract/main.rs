//! The states of a contract: every transition C1 to C22 and every rule R-CON, by their ids.

mod begin;
mod case;
mod closing;
mod delivery;
mod ending;
mod filling;
mod group;
mod handing_over;
mod instants;
mod paper;
mod release;
mod signing;
mod witnesses;
mod world;
