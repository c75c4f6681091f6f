//! How wide the codes of a font are, at most.

use crate::pdf::{Dictionary, Object, Revision};

/// What is known of a font: enough to say how far a string reaches.
#[derive(Clone)]
pub(super) struct Font {
    /// Thousandths of the size, from the first code on.
    widths: Vec<f64>,
    first: i64,
    /// The width of a code that is not in the list.
    other: f64,
    /// Bytes of a code.
    code: usize,
}

/// No glyph of a usual font is wider than this, in thousandths of the size.
const WIDEST: f64 = 1_000.0;

impl Font {
    /// A font of which nothing is known.
    pub(super) fn unknown() -> Self {
        Self { widths: Vec::new(), first: 0, other: WIDEST, code: 1 }
    }

    pub(super) fn read(view: &Revision<'_>, font: &Dictionary) -> Self {
        let resolved = |key: &[u8]| view.lookup(font, key).ok().flatten();
        if font.name(b"Subtype") == Some(b"Type0") {
            return Self { code: 2, other: Self::widest_below(view, font), ..Self::unknown() };
        }
        let first = resolved(b"FirstChar").and_then(|it| it.as_integer()).unwrap_or(0);
        let widths = resolved(b"Widths");
        let widths = widths.as_deref().and_then(Object::as_array).unwrap_or(&[]);
        let number = |item: &Object| view.resolve(item).ok().and_then(|it| it.as_number());
        let widths = widths.iter().take(256).map(|it| number(&it.value).unwrap_or(WIDEST));
        // A font of the user's own has glyphs of any size in a space of its own.
        let other = if font.name(b"Subtype") == Some(b"Type3") { 4.0 * WIDEST } else { WIDEST };
        Self { widths: widths.collect(), first, other, code: 1 }
    }

    /// `/DW` of the font below a composite one, but not less than usual.
    fn widest_below(view: &Revision<'_>, font: &Dictionary) -> f64 {
        let read = || {
            let below = view.lookup(font, b"DescendantFonts").ok()??;
            let below = view.resolve(&below.as_array()?.first()?.value).ok()?.into_owned();
            view.lookup(below.as_dictionary()?, b"DW").ok()??.as_number()
        };
        read().unwrap_or(WIDEST).max(WIDEST)
    }

    /// How far a string reaches, in thousandths of the size, and how many codes it has.
    pub(super) fn width(&self, string: &[u8]) -> (f64, f64) {
        let codes = string.len().div_ceil(self.code);
        let codes = f64::from(u32::try_from(codes).unwrap_or(u32::MAX));
        if self.widths.is_empty() {
            return (codes * self.other, codes);
        }
        let width = |byte: &u8| {
            let index = usize::try_from(i64::from(*byte).saturating_sub(self.first)).ok();
            index.and_then(|index| self.widths.get(index)).copied().unwrap_or(self.other)
        };
        (string.iter().map(width).sum(), codes)
    }
}
