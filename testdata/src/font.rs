//! The fonts of the tests, cut down to the characters that are used.
//!
//! `fonts/make-subset.sh`, `fonts/make-writing-fonts.sh` and `fonts/make-report-font.sh` make them;
//! `fonts/OFL.txt` and `fonts/DejaVu-LICENSE.txt` are their licences.

use ttf_parser::{Face, GlyphId};

/// An OpenType font with CFF outlines: the one of the documents, a 宋体.
pub const NOTO_SERIF_SC: &[u8] = include_bytes!("../fonts/NotoSerifCJKsc-subset.otf");

/// An OpenType font with CFF outlines, a 黑体: characters of dates, names and forms.
pub const NOTO_SANS_SC: &[u8] = include_bytes!("../fonts/NotoSansCJKsc-subset.otf");

/// An OpenType font with CFF outlines, a 黑体: whatever the report of evidence says, in both languages,
/// with the names of the tests' parties.
pub const REPORT: &[u8] = include_bytes!("../fonts/NotoSansCJKsc-report.otf");

/// A TrueType font without a single Chinese character, with composite glyphs.
pub const DEJAVU_SANS: &[u8] = include_bytes!("../fonts/DejaVuSans-subset.ttf");

/// A collection of two TrueType fonts: [`DEJAVU_SANS`], and [`NOTO_SANS_SC`] with its outlines
/// turned into TrueType.
pub const COLLECTION: &[u8] = include_bytes!("../fonts/collection.ttc");

/// Which font of [`COLLECTION`] has Chinese characters.
pub const CHINESE_IN_COLLECTION: u32 = 1;

/// The font of the documents, parsed.
pub fn face() -> Face<'static> {
    Face::parse(NOTO_SERIF_SC, 0).expect("the committed font is sound")
}

/// The glyph of a character, which the subset must have.
pub(crate) fn glyph(face: &Face<'_>, character: char) -> GlyphId {
    face.glyph_index(character)
        .unwrap_or_else(|| panic!("no {character:?} in the font: run fonts/make-subset.sh"))
}
