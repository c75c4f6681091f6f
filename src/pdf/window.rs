//! Parsing at an offset of a source that need not lie in memory.

use super::error::Error;
use super::source::{Source, read};
use super::syntax::{Fault, Parser, Strictness};
use crate::limits::Limits;

/// The first window over a source that is not a slice; each further one is four times as long.
const FIRST_WINDOW: u64 = 4_096;

/// Bytes and how to read them: what every parsing step needs.
#[derive(Clone, Copy)]
pub(super) struct Ground<'f> {
    pub(super) source: &'f dyn Source,
    pub(super) limits: &'f Limits,
    pub(super) strictness: Strictness,
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
        let in_memory = self.source.as_slice().is_some();
        let mut wanted = if in_memory { available } else { FIRST_WINDOW.min(available) };
        loop {
            let bytes = read(self.source, offset, wanted)?;
            let whole = wanted == available;
            let mut parser = Parser::new(&bytes, offset, whole, self.strictness)
                .with_limits(self.limits.depth, self.limits.objects);
            match parse(&mut parser) {
                Ok(value) => return Ok(value),
                Err(Fault::Bad(error)) => return Err(error),
                Err(Fault::More) if whole => {
                    return Err(Error::Syntax { offset, expected: "the rest of an object" });
                }
                Err(Fault::More) => wanted = wanted.saturating_mul(4).min(available),
            }
        }
    }
}
