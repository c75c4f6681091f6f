//! The numbers and names of one vendor's interfaces, for adapters (§2.5.3, §3.8).
//!
//! Three generations of his interface give the same number three meanings: 2 is *partly signed*, *in
//! signing* and *refused*. Each generation is a type of its own, so that none is read as another.

mod component;
mod error_name;
mod flow_status;
mod slot_number;

use thiserror::Error as ThisError;

pub use component::{component_type, intent_number, seal_type, signature_type};
pub use error_name::engine_code;
pub use flow_status::{CallbackFlowStatus, FlowStatus, FlowStatus2020};
pub use slot_number::SlotNumber;

/// A number that its generation does not know.
///
/// ```
/// use sealwright::contract::vendor::FlowStatus;
/// let error = FlowStatus::try_from(99).unwrap_err();
/// assert_eq!(error.to_string(), "99 is no state of a flow in interface 20201111");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, ThisError)]
#[error("{number} is no {what}")]
pub struct UnknownNumber {
    /// What it should be, and of which generation.
    pub what: &'static str,
    /// The number.
    pub number: u32,
}

/// An enumeration whose values are a vendor's numbers.
macro_rules! numbers {
    (
        $(#[$doc:meta])* $name:ident, $what:literal;
        $($(#[$variant_doc:meta])* $variant:ident = $number:literal,)+
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
        }

        impl $name {
            /// Every value.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The vendor's number.
            #[must_use]
            pub fn number(self) -> u32 {
                match self {
                    $(Self::$variant => $number,)+
                }
            }
        }

        impl TryFrom<u32> for $name {
            type Error = UnknownNumber;

            fn try_from(number: u32) -> Result<Self, UnknownNumber> {
                match number {
                    $($number => Ok(Self::$variant),)+
                    _ => Err(UnknownNumber { what: $what, number }),
                }
            }
        }
    };
}
use numbers;
