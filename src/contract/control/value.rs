//! What somebody filled in.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};
use time::Date;

use crate::digest::Digest;
use crate::identity::{self, Personal, PersonalFact};

/// Text that somebody filled in. It may say anything about anybody, so it counts as personal:
/// nothing shows it but whoever asks for it.
///
/// ```
/// use sealwright::contract::FilledText;
/// use sealwright::identity::Personal;
/// let text = Personal::new(FilledText::new("13800000000"));
/// assert!(!format!("{text:?}").contains("138"));
/// assert_eq!(text.get().expose(), "13800000000");
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FilledText(String);

impl FilledText {
    /// Any text; a control decides whether it is a value of its kind.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl PersonalFact for FilledText {
    fn stored(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.0)
    }

    fn from_stored(text: &str) -> Result<Self, identity::Error> {
        Ok(Self::new(text))
    }

    fn masked(&self) -> String {
        format!("text of {} characters", self.0.chars().count())
    }
}

impl fmt::Debug for FilledText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FilledText({})", self.masked())
    }
}

/// The rows of a table that somebody filled in; personal as any text.
///
/// ```
/// use sealwright::contract::FilledRows;
/// let rows = FilledRows::new([["apples", "3"], ["pears", "4"]]);
/// assert_eq!(rows.expose()[1][0], "pears");
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FilledRows(Vec<Vec<String>>);

/// What separates rows and cells where they are stored; no cell holds them.
const ROW: char = '\u{1e}';
const CELL: char = '\u{1f}';

impl FilledRows {
    /// Rows of cells. The two characters that separate them in storage become spaces.
    #[must_use]
    pub fn new<R, C>(rows: impl IntoIterator<Item = R>) -> Self
    where
        R: IntoIterator<Item = C>,
        C: Into<String>,
    {
        let cell = |cell: C| cell.into().replace([ROW, CELL], " ");
        Self(rows.into_iter().map(|row| row.into_iter().map(cell).collect()).collect())
    }

    /// The rows.
    #[must_use]
    pub fn expose(&self) -> &[Vec<String>] {
        &self.0
    }
}

impl PersonalFact for FilledRows {
    fn stored(&self) -> Cow<'_, str> {
        let rows: Vec<String> =
            self.0.iter().map(|row| row.join(CELL.encode_utf8(&mut [0; 4]))).collect();
        Cow::Owned(rows.join(ROW.encode_utf8(&mut [0; 4])))
    }

    fn from_stored(text: &str) -> Result<Self, identity::Error> {
        Ok(Self::new(text.split(ROW).map(|row| row.split(CELL))))
    }

    fn masked(&self) -> String {
        format!("{} rows", self.0.len())
    }
}

impl fmt::Debug for FilledRows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FilledRows({})", self.masked())
    }
}

/// What a picture's bytes are, by content.
///
/// ```
/// assert_ne!(sealwright::contract::PictureFormat::Png, sealwright::contract::PictureFormat::Jpeg);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PictureFormat {
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
    /// Something else, which no control takes.
    Other,
}

/// A picture that the host keeps: what is known of its bytes.
///
/// ```
/// use sealwright::contract::{Picture, PictureFormat};
/// use sealwright::digest::{Digest, DigestAlgorithm};
/// let digest = Digest::of(DigestAlgorithm::Sha256, b"the bytes");
/// let picture = Picture { digest, format: PictureFormat::Png, length: 9 };
/// assert_eq!(picture.length, 9);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Picture {
    /// The digest of the bytes.
    pub digest: Digest,
    /// What they are.
    pub format: PictureFormat,
    /// How many they are.
    pub length: u64,
}

/// What somebody hands in for a control, before it is known to be a value.
///
/// ```
/// use sealwright::contract::{ControlKind, Input, Value};
/// let value = ControlKind::CheckBox.read(&Input::text("true"))?;
/// assert_eq!(value, Value::Checked(true));
/// assert!(ControlKind::CheckBox.read(&Input::text("yes")).is_err());
/// # Ok::<(), sealwright::contract::ControlError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Input {
    /// A text: also `true`, a date, a number, an option.
    Text(Personal<FilledText>),
    /// Several texts: options, or the boxes of a group.
    Texts(Vec<Personal<FilledText>>),
    /// Pictures.
    Pictures(Vec<Picture>),
    /// The rows of a table.
    Rows(Personal<FilledRows>),
}

impl Input {
    /// A text.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(FilledText::new(text).into())
    }

    /// Several texts.
    #[must_use]
    pub fn texts<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Self {
        Self::Texts(texts.into_iter().map(|text| FilledText::new(text).into()).collect())
    }

    /// Pictures.
    #[must_use]
    pub fn pictures(pictures: impl IntoIterator<Item = Picture>) -> Self {
        Self::Pictures(pictures.into_iter().collect())
    }

    /// The rows of a table.
    #[must_use]
    pub fn rows(rows: FilledRows) -> Self {
        Self::Rows(rows.into())
    }
}

/// The value of a control, as [`ControlKind::read`](super::ControlKind::read) makes it. One that was
/// put together otherwise may be none of its kind: [`ControlKind::takes`](super::ControlKind::takes)
/// tells.
///
/// ```
/// use sealwright::contract::{ControlKind, Input, NumberStyle};
/// let value = ControlKind::Number(NumberStyle::default()).read(&Input::text("007.50"))?;
/// assert_eq!(value.written(Default::default()).as_deref(), Some("7.50"));
/// # Ok::<(), sealwright::contract::ControlError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "is", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Value {
    /// Text: one line or several, or a fact, normalised.
    Text(Personal<FilledText>),
    /// Ticked or not.
    Checked(bool),
    /// Which boxes of a group are ticked.
    Ticked(Vec<bool>),
    /// The options that were chosen, as they were written by the initiator.
    Chosen(Vec<String>),
    /// A day.
    Date(#[serde(with = "day")] Date),
    /// A number, in plain decimal digits. It is long enough for that of a document or a telephone.
    Number(Personal<FilledText>),
    /// Pictures.
    Pictures(Vec<Picture>),
    /// The rows of a table.
    Rows(Personal<FilledRows>),
}

impl Value {
    /// The text that is drawn, where text is drawn: dates in the given format. It may be personal.
    #[must_use]
    pub fn written(&self, format: super::DateFormat) -> Option<String> {
        match self {
            Self::Text(text) | Self::Number(text) => Some(text.get().expose().to_owned()),
            Self::Chosen(options) => Some(options.join("、")),
            Self::Date(date) => Some(format.write(*date)),
            Self::Checked(_) | Self::Ticked(_) | Self::Pictures(_) | Self::Rows(_) => None,
        }
    }
}

/// Days are stored as `2026-01-05`.
mod day {
    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serializer};
    use time::Date;

    use super::super::DateFormat;

    pub(super) fn serialize<S: Serializer>(date: &Date, serializer: S) -> Result<S::Ok, S::Error> {
        let (month, day) = (u8::from(date.month()), date.day());
        serializer.collect_str(&format_args!("{:04}-{month:02}-{day:02}", date.year()))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(source: D) -> Result<Date, D::Error> {
        let text = String::deserialize(source)?;
        DateFormat::Hyphens.read(&text).map_err(D::Error::custom)
    }
}
