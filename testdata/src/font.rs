//! The one font of the tests: Noto Serif CJK SC, cut down to the characters that are used.
//!
//! `fonts/make-subset.sh` makes it; `fonts/OFL.txt` is its licence.

use ttf_parser::{Face, GlyphId};

/// An OpenType font with CFF outlines.
pub const NOTO_SERIF_SC: &[u8] = include_bytes!("../fonts/NotoSerifCJKsc-subset.otf");

/// The font, parsed.
pub fn face() -> Face<'static> {
    Face::parse(NOTO_SERIF_SC, 0).expect("the committed font is sound")
}

/// The glyph of a character, which the subset must have.
pub(crate) fn glyph(face: &Face<'_>, character: char) -> GlyphId {
    face.glyph_index(character)
        .unwrap_or_else(|| panic!("no {character:?} in the font: run fonts/make-subset.sh"))
}
