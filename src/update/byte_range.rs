//! What a signature covers: everything but the gap that holds it (ISO 32000-2 §12.8.1).

use std::fmt;

use crate::pdf::Span;

/// The covered bytes of a file that an update extends: `[0, gap)` and `[behind the gap, end)`.
///
/// A value of this type is a promise that the gap is the `/Contents` of the signature that was
/// prepared, token for token. It is made by this module alone, and can be neither copied nor read
/// from outside:
///
/// ```compile_fail
/// fn needs_clone<T: Clone>() {}
/// needs_clone::<sealwright::update::ByteRange>();
/// ```
///
/// ```compile_fail
/// fn needs_deserialize<T: for<'de> serde::Deserialize<'de>>() {}
/// needs_deserialize::<sealwright::update::ByteRange>();
/// ```
#[derive(PartialEq, Eq)]
pub struct ByteRange {
    gap: Span,
    end: u64,
}

impl ByteRange {
    /// The room that the three numbers take up in the file, whatever their size.
    pub(super) const WIDTH: usize = "[0   ]".len() + 3 * DIGITS;

    pub(super) fn new(gap: Span, end: u64) -> Self {
        Self { gap, end }
    }

    /// The hexadecimal string of `/Contents` with its delimiters, as offsets of the whole file.
    #[must_use]
    pub fn gap(&self) -> Span {
        self.gap
    }

    /// The length of the whole file.
    #[must_use]
    pub fn end(&self) -> u64 {
        self.end
    }

    /// The four numbers as the file has them: start and length of each range.
    #[must_use]
    pub fn numbers(&self) -> [u64; 4] {
        [0, self.gap.start, self.gap.end, self.end.saturating_sub(self.gap.end)]
    }

    /// The range of the same revision with its gap filled.
    pub(super) fn same(&self) -> Self {
        Self { gap: self.gap, end: self.end }
    }

    /// The array, padded with spaces to its full width.
    pub(super) fn tokens(&self) -> Vec<u8> {
        let [zero, first, second, rest] = self.numbers();
        let mut tokens = format!("[{zero} {first} {second} {rest}]").into_bytes();
        tokens.resize(Self::WIDTH, b' ');
        tokens
    }
}

/// The digits of the largest offset there is: no file is too long for its own signature.
const DIGITS: usize = 20;

impl fmt::Debug for ByteRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ByteRange{:?}", self.numbers())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_numbers_fit_their_room() {
        let largest = ByteRange::new(Span::new(u64::MAX, u64::MAX), u64::MAX);
        assert_eq!(largest.tokens().len(), ByteRange::WIDTH);
        let small = ByteRange::new(Span::new(840, 940), 1_000);
        assert_eq!(small.tokens().len(), ByteRange::WIDTH);
        assert!(small.tokens().starts_with(b"[0 840 940 60] "));
    }
}
