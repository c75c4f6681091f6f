//! Shape, size in millimetres and colour of a seal.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::SealImage;

/// The outline of a seal (印章形状).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SealShape {
    /// One diameter.
    Circle,
    /// Two diameters.
    Ellipse,
    /// One side.
    Square,
    /// Two sides.
    Rectangle,
}

impl SealShape {
    /// Whether both measures of its size are one.
    #[must_use]
    pub fn is_regular(self) -> bool {
        matches!(self, Self::Circle | Self::Square)
    }
}

impl fmt::Display for SealShape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Circle => "circle",
            Self::Ellipse => "ellipse",
            Self::Square => "square",
            Self::Rectangle => "rectangle",
        })
    }
}

/// The colour of a seal.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SealColour {
    /// What every norm asks for.
    #[default]
    Red,
    /// Used for finance seals in places.
    Blue,
    /// A copy's, or a date stamp's.
    Black,
}

impl fmt::Display for SealColour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Red => "red",
            Self::Blue => "blue",
            Self::Black => "black",
        })
    }
}

/// The physical size on paper, in whole millimetres. Shown as `40x30 mm`.
///
/// ```
/// use sealwright::authorization::SealSize;
/// assert_eq!(SealSize { width: 40, height: 30 }.to_string(), "40x30 mm");
/// assert_eq!(SealSize::round(42), SealSize { width: 42, height: 42 });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SealSize {
    /// Millimetres across.
    pub width: u16,
    /// Millimetres down.
    pub height: u16,
}

impl SealSize {
    /// A circle's or a square's size.
    #[must_use]
    pub fn round(diameter: u16) -> Self {
        Self { width: diameter, height: diameter }
    }

    /// `width` across, and as high as the picture's own shape asks for.
    pub(super) fn following(image: &SealImage, width: u16) -> Self {
        let (columns, rows) = image.pixels().unwrap_or((1, 1));
        let (columns, rows) = (u64::from(columns), u64::from(rows));
        let height = (u64::from(width) * rows + columns / 2) / columns.max(1);
        Self { width, height: u16::try_from(height).unwrap_or(u16::MAX) }
    }
}

impl fmt::Display for SealSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{} mm", self.width, self.height)
    }
}
