//! Controls: what somebody fills in or signs, where, and with what (控件, §2.6 and §5.1).

mod date;
mod error;
mod fill;
mod id;
mod kind;
mod locks;
mod opinion;
mod placed;
mod read;
#[cfg(test)]
mod read_tests;
mod seal;
mod signature;
mod text;
mod value;
mod watermark;

pub use date::{DateFormat, DateStyle};
pub use error::{ControlError, ControlProblem};
pub use fill::{CheckBoxGroup, Fact, FactStyle, ImageFit, NumberStyle, SelectorStyle, TableStyle};
pub use id::{ControlId, ControlKey, ControlName};
pub use kind::{ControlKind, OwnerKind};
pub use locks::{Locks, check_locks};
pub use opinion::{ApprovalBlock, BlockChild, BlockPart, Opinion};
pub use placed::{Applied, Control, ControlState, Mark, Owner};
pub use seal::{AllowedSeals, Opacity, SealMark};
pub(in crate::contract) use signature::allows as allows_method;
pub use signature::{SignatureMark, SignatureMethod};
pub use text::{Align, Colour, Font, FontSize, TextStyle};
pub use value::{FilledRows, FilledText, Input, Picture, PictureFormat, Value};
pub use watermark::{Watermark, WatermarkPlace, WatermarkText};
