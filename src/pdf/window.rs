//! Parsing at an offset of a source that need not lie in memory.

use super::error::Error;
use super::source::{Source, length, read};
use super::syntax::{Fault, Parser, Strictness};
use crate::limits::{Limit, LimitExceeded, Limits, Meter};

/// The first window over a source that is not a slice; each further one is four times as long.
const FIRST_WINDOW: u64 = 4_096;

/// What an object may take before it counts as work. Objects inside objects, in strings or comments,
/// would otherwise cost the square of the file's length.
const FREE: u64 = 4_096;

/// Bytes and how to read them: what every parsing step needs.
#[derive(Clone, Copy)]
pub(super) struct Ground<'f> {
    pub(super) source: &'f dyn Source,
    pub(super) limits: &'f Limits,
    pub(super) strictness: Strictness,
    pub(super) work: &'f Meter,
}

impl<'f> Ground<'f> {
    /// Runs `parse` at `offset`, with longer windows until it has what it needs.
    pub(super) fn parse_at<T>(
        &self,
        offset: u64,
        mut parse: impl FnMut(&mut Parser<'_>) -> Result<T, Fault>,
    ) -> Result<T, Error> {
        let available = self.source.len().checked_sub(offset).ok_or(Error::CrossReference {
            offset,
            problem: "an offset beyond the end of the file",
        })?;
        let reach = self.limits.object_bytes.min(available);
        let in_memory = self.source.as_slice().is_some();
        let mut wanted = if in_memory { reach } else { FIRST_WINDOW.min(reach) };
        loop {
            let bytes = read(self.source, offset, wanted)?;
            let whole = wanted == available;
            match self.parse(&bytes, offset, whole, &mut parse)? {
                Ok(value) => return Ok(value),
                Err(Fault::Bad(error)) => return Err(error),
                Err(Fault::More) if whole => {
                    return Err(Error::Syntax { offset, expected: "the rest of an object" });
                }
                Err(Fault::More) if wanted == reach => {
                    let allowed = self.limits.object_bytes;
                    return Err(LimitExceeded { limit: Limit::ObjectBytes, allowed }.into());
                }
                Err(Fault::More) => wanted = wanted.saturating_mul(4).min(reach),
            }
        }
    }

    /// Runs `parse` over `bytes`, the first of which is at `offset`; what it goes through is spent.
    pub(super) fn parse<T>(
        &self,
        bytes: &[u8],
        offset: u64,
        whole: bool,
        mut parse: impl FnMut(&mut Parser<'_>) -> Result<T, Fault>,
    ) -> Result<Result<T, Fault>, Error> {
        let mut parser = Parser::new(bytes, offset, whole, self.strictness)
            .with_limits(self.limits.depth, self.limits.values);
        let outcome = parse(&mut parser);
        let seen = match &outcome {
            Err(Fault::More) => length(bytes.len()),
            _ => parser.offset().saturating_sub(offset),
        };
        self.work.spend(seen.saturating_sub(FREE))?;
        Ok(outcome)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open<T>(
        bytes: &[u8],
        limits: &Limits,
        work: &Meter,
        parse: impl FnMut(&mut Parser<'_>) -> Result<T, Fault>,
    ) -> Result<T, Error> {
        let ground =
            Ground { source: &bytes.to_vec(), limits, strictness: Strictness::Strict, work };
        ground.parse_at(0, parse)
    }

    #[test]
    fn an_object_may_be_as_long_as_the_limit_and_no_longer() {
        let limits = Limits { object_bytes: 10_000, ..Limits::default() };
        let work = Meter::new(Limit::Work, limits.work);
        let string = |len: usize| [b"(", &b"x".repeat(len - 2)[..], b") "].concat();
        assert!(open(&string(10_000), &limits, &work, |parser| parser.value()).is_ok());
        let error = open(&string(10_001), &limits, &work, |parser| parser.value()).unwrap_err();
        let Error::Limit(error) = error else { panic!("{error}") };
        assert_eq!((error.limit, error.allowed), (Limit::ObjectBytes, 10_000));
    }

    /// A source that must be read piece by piece.
    struct Pieces(Vec<u8>);

    impl Source for Pieces {
        fn len(&self) -> u64 {
            Source::len(&self.0)
        }

        fn read_at(&self, offset: u64, buffer: &mut [u8]) -> std::io::Result<()> {
            self.0.read_at(offset, buffer)
        }
    }

    #[test]
    fn a_window_that_ends_inside_a_word_is_lengthened() {
        let limits = Limits::default();
        let work = Meter::new(Limit::Work, limits.work);
        let text = b"1 0 obj <</Length 1>> stream\r\nX endstream endobj ";
        for at in 4_096 - text.len()..4_096 {
            let mut bytes = vec![b' '; at];
            bytes.extend_from_slice(text);
            bytes.extend_from_slice(&[b' '; 9_000]);
            let source = Pieces(bytes);
            let ground = Ground {
                source: &source,
                limits: &limits,
                strictness: Strictness::Strict,
                work: &work,
            };
            let data = ground.parse_at(0, |parser| {
                parser.skip_space();
                parser.object_header()?;
                parser.value()?;
                super::super::section::stream_start(parser)
            });
            assert_eq!(data.unwrap(), length(at) + 30);
        }
    }

    #[test]
    fn what_is_gone_through_in_vain_is_spent() {
        let limits = Limits::default();
        let work = Meter::new(Limit::Work, 10_000);
        let unterminated = [&b"("[..], &b"x".repeat(9_000)].concat();
        for _ in 0..2 {
            let error = open(&unterminated, &limits, &work, |parser| parser.value()).unwrap_err();
            assert!(matches!(error, Error::Syntax { .. }), "{error}");
        }
        let error = open(&unterminated, &limits, &work, |parser| parser.value()).unwrap_err();
        assert!(matches!(error, Error::Limit(LimitExceeded { limit: Limit::Work, .. })), "{error}");
    }
}
