//! Fonts that the host gives.

use std::fmt;
use std::sync::Arc;

use ttf_parser::{Face, FaceParsingError, name_id};

use super::WritingError;
use super::glyphs::{Glyphs, glyph};
use crate::font_file;
use crate::limits::{Limit, LimitExceeded, Limits};

/// Records of names that are gone through, and bytes of one that is read.
const MOST_NAMES: (usize, usize) = (1_000, 1_000);

/// A font (字体文件): TrueType or OpenType with TrueType or CFF outlines, alone or in a collection.
///
/// *Who makes it*: the host, from the bytes of a font file of its choice, once; the crate carries no
/// font and looks for none. It is cheap to clone and may be used from several threads. Of a variable
/// font the default instance is used. Fonts are configuration: take them from where the host's
/// programs come from, not from strangers; a hostile one is an error all the same, not an endless
/// outline.
///
/// ```
/// # let bytes = sealwright_testdata::font::COLLECTION;
/// use std::sync::Arc;
/// use sealwright::appearance::Font;
///
/// let file: Arc<[u8]> = Arc::from(bytes);
/// let latin = Font::from_bytes(file.clone(), 0)?; // the fonts of a collection share its bytes
/// let chinese = Font::from_bytes(file, 1)?;
/// assert_eq!(latin.name(), "DejaVuSans");
/// assert!(chinese.has('章') && !latin.has('章'));
/// # Ok::<(), sealwright::appearance::WritingError>(())
/// ```
#[derive(Clone)]
pub struct Font(Arc<Loaded>);

struct Loaded {
    bytes: Arc<[u8]>,
    index: u32,
    name: String,
    outlines: Outlines,
    metrics: Metrics,
    embedding: Embedding,
    licensed: bool,
}

/// How a font describes its glyphs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outlines {
    TrueType,
    Cff,
}

/// What is true of all glyphs, in ems; y up from the baseline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Metrics {
    /// Units of the font in an em.
    pub(super) units: f64,
    pub(super) ascent: f64,
    /// Below zero.
    pub(super) descent: f64,
    pub(super) cap_height: f64,
    /// Left, bottom, right, top.
    pub(super) bounds: [f64; 4],
    /// Degrees, counter-clockwise.
    pub(super) italic_angle: f64,
    pub(super) weight: u16,
    pub(super) fixed_pitch: bool,
}

/// What a font says about being embedded (OS/2 `fsType`).
///
/// ```
/// # let bytes = sealwright_testdata::font::NOTO_SANS_SC;
/// use sealwright::appearance::{Embedding, Font};
/// assert_eq!(Font::from_bytes(bytes, 0)?.embedding(), Embedding::Allowed);
/// # Ok::<(), sealwright::appearance::WritingError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Embedding {
    /// Installable, editable, or for preview and print: a contract may show it.
    Allowed,
    /// A restricted licence: not to be embedded without a permission of its owner.
    Restricted {
        /// The bits.
        fs_type: u16,
    },
    /// To be embedded whole only; we embed what is used.
    NoSubsetting {
        /// The bits.
        fs_type: u16,
    },
    /// Only its bitmaps may be embedded; we embed outlines.
    BitmapsOnly {
        /// The bits.
        fs_type: u16,
    },
}

impl Embedding {
    fn of(face: &Face<'_>) -> Self {
        use ttf_parser::Permissions;
        let os2 = face.raw_face().table(ttf_parser::Tag::from_bytes(b"OS/2"));
        let Some([high, low]) = os2.and_then(|table| table.get(8..10)) else {
            // A font without the table says nothing, as Apple's do.
            return Self::Allowed;
        };
        let fs_type = u16::from_be_bytes([*high, *low]);
        if matches!(face.permissions(), Some(Permissions::Restricted) | None) {
            Self::Restricted { fs_type }
        } else if !face.is_subsetting_allowed() {
            Self::NoSubsetting { fs_type }
        } else if !face.is_outline_embedding_allowed() {
            Self::BitmapsOnly { fs_type }
        } else {
            Self::Allowed
        }
    }
}

impl Font {
    /// The font with this index (0 if the file is no collection) under default [`Limits`].
    ///
    /// # Errors
    ///
    /// [`WritingError::FontFormat`], [`WritingError::FontIndex`], [`WritingError::Limit`].
    pub fn from_bytes(bytes: impl Into<Arc<[u8]>>, index: u32) -> Result<Self, WritingError> {
        Self::from_bytes_with(bytes, index, &Limits::default())
    }

    /// The same under limits of the caller's, of which `bytes` counts.
    ///
    /// # Errors
    ///
    /// As [`Font::from_bytes`].
    pub fn from_bytes_with(
        bytes: impl Into<Arc<[u8]>>,
        index: u32,
        limits: &Limits,
    ) -> Result<Self, WritingError> {
        let bytes = bytes.into();
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        LimitExceeded::check(Limit::Bytes, length, limits.bytes)?;
        let count = ttf_parser::fonts_in_collection(&bytes).unwrap_or(1);
        // The parser multiplies the count without looking at the length of the file.
        if usize::try_from(count).map_or(true, |count| count > bytes.len() / 4) {
            let reason = "the collection does not hold what it announces";
            return Err(WritingError::FontFormat { reason });
        }
        if index >= count {
            return Err(WritingError::FontIndex { index, count });
        }
        let face = Face::parse(&bytes, index).map_err(unreadable)?;
        let tables = face.tables();
        let outlines = if tables.glyf.is_some() {
            Outlines::TrueType
        } else if tables.cff.is_some() {
            Outlines::Cff
        } else {
            return Err(WritingError::FontFormat { reason: "it has no outlines, or CFF2 ones" });
        };
        if font_file::has_slow_character_maps(&bytes, index) {
            let reason = "it has more maps of characters than any font needs";
            return Err(WritingError::FontFormat { reason });
        }
        let (name, metrics) = (postscript_name(&face), Metrics::of(&face, &bytes, index)?);
        let embedding = Embedding::of(&face);
        let licensed = false;
        let loaded = Loaded { bytes, index, name, outlines, metrics, embedding, licensed };
        Ok(Self(Arc::new(loaded)))
    }

    /// The same font; the host has the right to embed it whatever its `fsType` says.
    #[must_use]
    pub fn licensed(&self) -> Self {
        let Loaded { bytes, index, name, outlines, metrics, embedding, .. } = &*self.0;
        Self(Arc::new(Loaded {
            bytes: Arc::clone(bytes),
            index: *index,
            name: name.clone(),
            outlines: *outlines,
            metrics: *metrics,
            embedding: *embedding,
            licensed: true,
        }))
    }

    /// Its PostScript name, without what PDF does not take in a name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// What it says about being embedded.
    #[must_use]
    pub fn embedding(&self) -> Embedding {
        self.0.embedding
    }

    /// Whether it has a glyph for a character.
    #[must_use]
    pub fn has(&self, character: char) -> bool {
        self.face().is_ok_and(|face| glyph(&face, character).is_some())
    }

    /// Fails unless it may be embedded.
    pub(super) fn check_embedding(&self) -> Result<(), WritingError> {
        let (what, fs_type) = match self.0.embedding {
            _ if self.0.licensed => return Ok(()),
            Embedding::Allowed => return Ok(()),
            Embedding::Restricted { fs_type } => ("embedding", fs_type),
            Embedding::NoSubsetting { fs_type } => ("embedding a part of it", fs_type),
            Embedding::BitmapsOnly { fs_type } => ("embedding its outlines", fs_type),
        };
        Err(WritingError::EmbeddingForbidden { font: self.0.name.clone(), what, fs_type })
    }

    pub(super) fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    pub(super) fn outlines(&self) -> Outlines {
        self.0.outlines
    }

    /// The font file, and which font of it this is.
    pub(super) fn file(&self) -> (&[u8], u32) {
        (&self.0.bytes, self.0.index)
    }

    /// Whether both are the same font, loaded once.
    pub(super) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// The glyphs, to be asked for many characters: parsing costs some microseconds.
    pub(super) fn glyphs(&self) -> Result<Glyphs<'_>, WritingError> {
        Glyphs::new(self.face()?, self.0.metrics.units, &self.0.bytes, self.0.index)
    }

    fn face(&self) -> Result<Face<'_>, WritingError> {
        Face::parse(&self.0.bytes, self.0.index).map_err(unreadable)
    }
}

impl fmt::Debug for Font {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Font")
            .field("name", &self.0.name)
            .field("outlines", &self.0.outlines)
            .field("bytes", &self.0.bytes.len())
            .finish_non_exhaustive()
    }
}

/// Fonts are shared between threads that sign.
const _: fn() = || {
    fn shared<T: Send + Sync + Clone>() {}
    shared::<Font>();
};

impl Metrics {
    fn of(face: &Face<'_>, bytes: &[u8], index: u32) -> Result<Self, WritingError> {
        // The parser accepts 16 to 16384 units.
        let units = f64::from(face.units_per_em());
        let em = |value: i16| f64::from(value) / units;
        let bounds = face.global_bounding_box();
        let glyphs = Glyphs::new(face.clone(), units, bytes, index)?;
        let cap_height = match face.capital_height().filter(|height| *height > 0) {
            Some(stated) => Some(em(stated)),
            None => match glyphs.of('H') {
                Some(letter) => glyphs.ink(letter)?.map(|(_, high)| high.y),
                None => None,
            },
        };
        Ok(Self {
            units,
            ascent: em(face.ascender()),
            descent: em(face.descender()),
            cap_height: cap_height.unwrap_or(0.7),
            bounds: [bounds.x_min, bounds.y_min, bounds.x_max, bounds.y_max].map(em),
            italic_angle: f64::from(face.italic_angle()),
            weight: face.weight().to_number(),
            fixed_pitch: face.is_monospaced(),
        })
    }
}

fn unreadable(error: FaceParsingError) -> WritingError {
    let reason = match error {
        FaceParsingError::UnknownMagic => "its bytes are no font",
        FaceParsingError::FaceIndexOutOfBounds => "the collection does not hold what it announces",
        _ => "a table that every font needs is missing or damaged",
    };
    WritingError::FontFormat { reason }
}

/// Regular characters of a PDF name only (ISO 32000-2 §7.3.5), 63 at most.
fn postscript_name(face: &Face<'_>) -> String {
    let (most, longest) = MOST_NAMES;
    let names = face.names().into_iter().take(most);
    let name = names
        .filter(|name| name.name_id == name_id::POST_SCRIPT_NAME && name.name.len() <= longest)
        .find_map(|name| name.to_string())
        .unwrap_or_default();
    let plain = |character: &char| character.is_ascii_alphanumeric() || "-_.".contains(*character);
    let name: String = name.chars().filter(plain).take(63).collect();
    if name.is_empty() { "Unnamed".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use sealwright_testdata::font::{COLLECTION, DEJAVU_SANS, NOTO_SANS_SC, NOTO_SERIF_SC};

    use super::*;

    /// The font with other licence bits.
    fn with_fs_type(font: &[u8], bits: u16) -> Font {
        let mut font = font.to_vec();
        let record = font.windows(4).position(|tag| tag == b"OS/2").unwrap();
        let offset = u32::from_be_bytes(font[record + 8..record + 12].try_into().unwrap()) as usize;
        font[offset + 8..offset + 10].copy_from_slice(&bits.to_be_bytes());
        Font::from_bytes(font, 0).unwrap()
    }

    #[test]
    fn both_kinds_of_outlines_are_read() {
        let kinds = [
            (NOTO_SERIF_SC, 0, Outlines::Cff, "NotoSerifCJKsc-Regular"),
            (NOTO_SANS_SC, 0, Outlines::Cff, "NotoSansCJKsc-Regular"),
            (DEJAVU_SANS, 0, Outlines::TrueType, "DejaVuSans"),
            (COLLECTION, 1, Outlines::TrueType, "NotoSansCJKsc-Regular"),
        ];
        for (bytes, index, outlines, name) in kinds {
            let font = Font::from_bytes(bytes, index).unwrap();
            assert_eq!((font.outlines(), font.name()), (outlines, name));
            let glyphs = font.glyphs().unwrap();
            let letter = glyphs.of('H').unwrap();
            let (low, high) = glyphs.outline(letter).unwrap().bounds().unwrap();
            let ink = glyphs.ink(letter).unwrap().unwrap();
            assert!(low.distance(ink.0) < 0.002 && high.distance(ink.1) < 0.002, "{name}");
            assert!((high.y - font.metrics().cap_height).abs() < 0.02, "{name}: {high:?}");
            assert!(glyphs.outline(glyphs.of(' ').unwrap()).unwrap().is_empty());
        }
    }

    #[test]
    fn an_ideograph_is_as_wide_as_high() {
        let font = Font::from_bytes(NOTO_SANS_SC, 0).unwrap();
        let glyphs = font.glyphs().unwrap();
        assert!((glyphs.advance(glyphs.of('章').unwrap()) - 1.0).abs() < 1e-9);
        assert!(glyphs.of('\u{20BB7}').is_none());
        assert!(!font.has('\u{0}'));
    }

    #[test]
    fn what_is_no_font_is_refused() {
        let code = |bytes: &[u8], index| Font::from_bytes(bytes, index).unwrap_err().code();
        assert_eq!(code(b"", 0), "font.format");
        assert_eq!(code(b"%PDF-1.7", 0), "font.format");
        assert_eq!(code(&NOTO_SANS_SC[..200], 0), "font.format");
        assert_eq!(code(b"ttcf\0\x01\0\0\xFF\xFF\xFF\xFF\0\0\0\x0C", 0), "font.format");
        assert_eq!(code(COLLECTION, 2), "font.index");
        assert_eq!(code(NOTO_SANS_SC, 1), "font.index");
        let small = Limits { bytes: 1000, ..Limits::default() };
        let error = Font::from_bytes_with(NOTO_SANS_SC, 0, &small).unwrap_err();
        assert_eq!(error.code(), "font.too_large");
    }

    #[test]
    fn a_font_that_forbids_embedding_is_refused_unless_the_host_has_the_right() {
        for (bits, what) in [
            (0x0002, Some("embedding")),
            (0x0100, Some("embedding a part of it")),
            (0x0200, Some("embedding its outlines")),
            (0x0000, None),
            (0x0004, None),
            (0x0008, None),
        ] {
            let font = with_fs_type(NOTO_SANS_SC, bits);
            let refusal = font.check_embedding().err();
            let expected = what.map(|what| WritingError::EmbeddingForbidden {
                font: "NotoSansCJKsc-Regular".to_owned(),
                what,
                fs_type: bits,
            });
            assert_eq!(refusal, expected);
            assert!(font.licensed().check_embedding().is_ok());
            assert_eq!(font.embedding() == Embedding::Allowed, what.is_none());
        }
    }

    #[test]
    fn debug_output_is_short() {
        let font = Font::from_bytes(NOTO_SANS_SC, 0).unwrap();
        assert!(format!("{font:?}").len() < 200);
    }
}
