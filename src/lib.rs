//! sealwright: an embeddable contract-signing engine.
#![forbid(unsafe_code)]
#![deny(missing_docs)]
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::todo,
    clippy::unimplemented,
    clippy::unreachable
)]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::string_slice,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_possible_wrap,
        clippy::cast_precision_loss
    )
)]

pub mod appearance;
pub mod authorization;
pub mod digest;
pub mod geometry;
pub mod inspection;
pub mod limits;
#[cfg(doc)]
pub mod manual;
pub mod pdf;
pub mod pki;
pub mod placement;
pub mod report;
pub mod signing;
pub mod statement;
pub mod update;
pub mod verification;
