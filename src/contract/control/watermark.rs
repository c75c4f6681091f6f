//! Watermarks.

use serde::{Deserialize, Serialize};

use super::{ControlError, Fact, TextStyle};

/// The longest text of a watermark, in characters.
const MOST_TEXT: i64 = 100;

/// What a watermark says.
///
/// ```
/// use sealwright::contract::{Fact, WatermarkText};
/// assert_ne!(WatermarkText::Viewer(Fact::Name), WatermarkText::Text("draft".to_owned()));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "type", content = "text", rename_all = "snake_case")]
pub enum WatermarkText {
    /// This text.
    Text(String),
    /// A fact about whoever looks at the document.
    Viewer(Fact),
}

/// Where watermarks stand on a page.
///
/// ```
/// use sealwright::contract::WatermarkPlace;
/// assert_eq!(WatermarkPlace::default(), WatermarkPlace::Tile);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WatermarkPlace {
    /// All over it.
    #[default]
    Tile,
    /// In the top left corner.
    TopLeft,
    /// In the top right corner.
    TopRight,
    /// In the bottom left corner.
    BottomLeft,
    /// In the bottom right corner.
    BottomRight,
    /// In the middle.
    Centre,
}

/// A watermark (水印); the initiator's only.
///
/// ```
/// use sealwright::contract::{Watermark, WatermarkPlace};
/// let draft = Watermark::text("draft")?.opacity(200)?.rotation(45)?.place(WatermarkPlace::Centre);
/// assert_eq!(draft.per_mille(), 200);
/// assert!(Watermark::text("draft")?.rotation(360).is_err());
/// # Ok::<(), sealwright::contract::ControlError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Fields", into = "Fields")]
pub struct Watermark(Fields);

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
struct Fields {
    says: WatermarkText,
    opacity: u16,
    rotation: u16,
    density: u8,
    place: WatermarkPlace,
    style: TextStyle,
}

impl Watermark {
    /// A watermark that says this, upright, thin and half transparent, all over the page.
    ///
    /// # Errors
    ///
    /// [`ControlError::ParameterOutOfRange`] for a text that is empty or longer than 100 characters.
    pub fn text(text: impl Into<String>) -> Result<Self, ControlError> {
        Self::saying(WatermarkText::Text(text.into()))
    }

    /// A watermark that says this.
    ///
    /// # Errors
    ///
    /// As [`Watermark::text`].
    pub fn saying(says: WatermarkText) -> Result<Self, ControlError> {
        let (opacity, rotation, density) = (500, 0, 1);
        let (place, style) = (WatermarkPlace::default(), TextStyle::default());
        Self::try_from(Fields { says, opacity, rotation, density, place, style })
    }

    /// With this opacity, in thousandths, 0 to 1000.
    ///
    /// # Errors
    ///
    /// [`ControlError::ParameterOutOfRange`].
    pub fn opacity(self, per_mille: u16) -> Result<Self, ControlError> {
        Self::try_from(Fields { opacity: per_mille, ..self.0 })
    }

    /// Turned by so many degrees, 0 to 359.
    ///
    /// # Errors
    ///
    /// [`ControlError::ParameterOutOfRange`].
    pub fn rotation(self, degrees: u16) -> Result<Self, ControlError> {
        Self::try_from(Fields { rotation: degrees, ..self.0 })
    }

    /// So dense, 1 to 3.
    ///
    /// # Errors
    ///
    /// [`ControlError::ParameterOutOfRange`].
    pub fn density(self, density: u8) -> Result<Self, ControlError> {
        Self::try_from(Fields { density, ..self.0 })
    }

    /// At this place.
    #[must_use]
    pub fn place(self, place: WatermarkPlace) -> Self {
        Self(Fields { place, ..self.0 })
    }

    /// Set in this style.
    #[must_use]
    pub fn style(self, style: TextStyle) -> Self {
        Self(Fields { style, ..self.0 })
    }

    /// What it says.
    #[must_use]
    pub fn says(&self) -> &WatermarkText {
        &self.0.says
    }

    /// Its opacity in thousandths.
    #[must_use]
    pub fn per_mille(&self) -> u16 {
        self.0.opacity
    }

    /// By how many degrees it is turned.
    #[must_use]
    pub fn degrees(&self) -> u16 {
        self.0.rotation
    }

    /// How dense it is, 1 to 3.
    #[must_use]
    pub fn dense(&self) -> u8 {
        self.0.density
    }

    /// Where it stands.
    #[must_use]
    pub fn stands(&self) -> WatermarkPlace {
        self.0.place
    }

    /// How its text is set.
    #[must_use]
    pub fn set(&self) -> TextStyle {
        self.0.style
    }
}

impl TryFrom<Fields> for Watermark {
    type Error = ControlError;

    fn try_from(fields: Fields) -> Result<Self, ControlError> {
        if let WatermarkText::Text(text) = &fields.says {
            let length = text.trim().chars().count();
            ControlError::check_parameter("the length of the watermark", length, 1, MOST_TEXT)?;
        }
        ControlError::check_parameter("the opacity in thousandths", fields.opacity, 0, 1000)?;
        ControlError::check_parameter("the rotation in degrees", fields.rotation, 0, 359)?;
        ControlError::check_parameter("the density", fields.density, 1, 3)?;
        Ok(Self(fields))
    }
}

impl From<Watermark> for Fields {
    fn from(watermark: Watermark) -> Self {
        watermark.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bound_is_held_from_storage_too() {
        let sound = Watermark::text("draft").unwrap();
        assert!(Watermark::text(" ").is_err());
        assert!(Watermark::text("字".repeat(101)).is_err());
        for wrong in
            [sound.clone().opacity(1001), sound.clone().rotation(360), sound.clone().density(4)]
        {
            assert_eq!(wrong.unwrap_err().code(), "ctl.value_invalid");
        }
        let json = serde_json::to_string(&sound).unwrap();
        assert_eq!(serde_json::from_str::<Watermark>(&json).unwrap(), sound);
        assert!(
            serde_json::from_str::<Watermark>(&json.replace("\"density\":1", "\"density\":0"))
                .is_err()
        );
    }
}
