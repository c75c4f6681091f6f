//! Fuzz functions.

pub mod appearance;
pub mod pki;
