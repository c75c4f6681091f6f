//! Fuzz functions.

pub mod appearance;
pub mod pki;
pub mod ticket;
pub mod update;
