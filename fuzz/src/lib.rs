//! Fuzz functions.

pub mod appearance;
