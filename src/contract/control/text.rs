//! How text is set.

use serde::{Deserialize, Serialize};

use super::ControlError;

/// The typeface (字体).
///
/// ```
/// assert_eq!(sealwright::contract::Font::default(), sealwright::contract::Font::Hei);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Font {
    /// 黑体.
    #[default]
    Hei,
    /// 宋体.
    Song,
    /// 仿宋.
    FangSong,
}

/// Where text stands in its box.
///
/// ```
/// assert_eq!(sealwright::contract::Align::default(), sealwright::contract::Align::Left);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Align {
    /// At the left.
    #[default]
    Left,
    /// In the middle.
    Center,
    /// At the right.
    Right,
}

/// The size of type in points, 6 to 72; 12 unless told otherwise.
///
/// ```
/// use sealwright::contract::FontSize;
/// assert_eq!(FontSize::default(), FontSize::new(12)?);
/// assert!(FontSize::new(73).is_err());
/// # Ok::<(), sealwright::contract::ControlError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct FontSize(u8);

impl FontSize {
    /// The smallest, 6 points.
    pub const SMALLEST: Self = Self(6);

    /// A size in points.
    ///
    /// # Errors
    ///
    /// [`ControlError::ParameterOutOfRange`] outside 6 to 72.
    pub fn new(points: u8) -> Result<Self, ControlError> {
        ControlError::check_parameter("the font size", points, 6, 72)?;
        Ok(Self(points))
    }

    /// The size in points.
    #[must_use]
    pub fn points(self) -> u8 {
        self.0
    }
}

impl Default for FontSize {
    fn default() -> Self {
        Self(12)
    }
}

impl TryFrom<u8> for FontSize {
    type Error = ControlError;

    fn try_from(points: u8) -> Result<Self, ControlError> {
        Self::new(points)
    }
}

impl From<FontSize> for u8 {
    fn from(size: FontSize) -> Self {
        size.0
    }
}

/// Red, green and blue, 0 to 255 each; black unless told otherwise.
///
/// ```
/// assert_eq!(sealwright::contract::Colour::default(), sealwright::contract::Colour(0, 0, 0));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Colour(pub u8, pub u8, pub u8);

/// How text is set. A line break in a value breaks the line.
///
/// ```
/// use sealwright::contract::{Font, TextStyle};
/// let style = TextStyle { font: Font::Song, bold: true, ..TextStyle::default() };
/// assert_eq!(style.size.points(), 12);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct TextStyle {
    /// The typeface.
    pub font: Font,
    /// Its size.
    pub size: FontSize,
    /// Where the text stands in its box.
    pub align: Align,
    /// Its colour.
    pub colour: Colour,
    /// Whether it is bold.
    pub bold: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_between_six_and_seventy_two() {
        for (points, fits) in [(5, false), (6, true), (72, true), (73, false)] {
            assert_eq!(FontSize::new(points).is_ok(), fits, "{points}");
        }
        assert_eq!(FontSize::new(5).unwrap_err().code(), "ctl.value_invalid");
        assert!(serde_json::from_str::<TextStyle>(r#"{"size":5}"#).is_err());
        assert_eq!(serde_json::from_str::<TextStyle>("{}").unwrap(), TextStyle::default());
    }
}
