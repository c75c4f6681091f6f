//! Which bytes a signature covers (ISO 32000-2 §12.8.1), and whether it leaves out nothing but
//! itself.
//!
//! The dictionary that counts is the one in the revision that the ranges end: a later revision may
//! show another one. The gap must be its `/Contents`, token for token, found by span and not by
//! length.

use crate::pdf::{Dictionary, Entry, File, Object, Revision, Source, Span, Spanned};
use crate::report::{ByteRangeState, Code, Coverage, Finding};

use super::located::{Located, ValuePlace};

/// How many bytes of white space may stand between `%%EOF` and the end of the ranges.
const SPACE_AFTER_END: u64 = 1_024;

/// Ranges that start at 0 and leave out exactly the signature's own `/Contents`: a proof, made only
/// here.
#[derive(Debug)]
pub(super) struct ByteRange {
    gap: Span,
    end: u64,
}

impl ByteRange {
    /// What is left out: the signature value with its delimiters.
    pub(super) fn gap(&self) -> Span {
        self.gap
    }

    /// The offset behind the last covered byte.
    pub(super) fn end(&self) -> u64 {
        self.end
    }

    /// As the dictionary has them: two ranges, each an offset and a length.
    pub(super) fn numbers(&self) -> [u64; 4] {
        [0, self.gap.start, self.gap.end, self.end.saturating_sub(self.gap.end)]
    }
}

/// A signature with what it covers.
pub(super) struct Covered {
    pub(super) located: Located,
    /// The dictionary as it was signed, or the latest one if no revision is covered.
    pub(super) dictionary: Dictionary,
    /// Where the object that holds the dictionary stands, in the revision that counts.
    pub(super) container: Option<Span>,
    /// `/Contents`, empty if there is none.
    pub(super) contents: Vec<u8>,
    pub(super) byte_range: Option<ByteRange>,
    /// The revision that is covered.
    pub(super) revision: Option<usize>,
    /// The end that the ranges claim, for sorting.
    pub(super) claimed_end: u64,
    /// What is wrong. All of these are failures.
    pub(super) failures: Vec<Finding>,
    /// If nothing is proven: the ranges in the file that `/ByteRange` names all the same.
    pub(super) declared: Vec<Span>,
}

impl Covered {
    pub(super) fn summary(&self, source: &dyn Source) -> Coverage {
        let end = self.byte_range.as_ref().map_or(self.claimed_end, ByteRange::end);
        Coverage {
            byte_range: match self.byte_range {
                Some(_) => ByteRangeState::Ok,
                None => ByteRangeState::Bad,
            },
            whole_file: self.byte_range.is_some() && end == source.len(),
            tail_bytes: source.len().saturating_sub(end),
            revision: self.revision.and_then(|number| u64::try_from(number).ok()),
            ranges: self.byte_range.as_ref().map(ByteRange::numbers),
            declared: None,
        }
    }
}

/// Finds the revision that a signature covers and proves its ranges there.
pub(super) fn cover(file: &File<'_>, located: Located) -> Covered {
    let latest = located.dictionary.clone();
    let home = located.revision;
    let mut covered = Covered {
        dictionary: latest,
        container: located.container,
        contents: Vec::new(),
        byte_range: None,
        revision: None,
        claimed_end: u64::MAX,
        failures: Vec::new(),
        declared: Vec::new(),
        located,
    };
    let Some(view) = file.revision(home) else { return covered };
    let claimed = claim(&view, &covered.dictionary);
    if let Ok(claim) = &claimed {
        covered.claimed_end = claim.end;
        covered.revision = revision_ending_at(file, claim.end);
    }
    let signed = covered.revision.and_then(|number| file.revision(number));
    if let Some(signed) = &signed {
        covered.read_as_signed(signed, &view);
    }
    let view = signed.unwrap_or(view);
    // Once more: the dictionary as it was signed may claim other ranges.
    let claimed = claim(&view, &covered.dictionary);
    covered.take_contents(&view);
    let result = claimed.and_then(|claim| {
        covered.claimed_end = claim.end;
        prove(&claim, file.source().len(), covered.gap_in_file())
    });
    match result {
        Ok(byte_range) => {
            if covered.revision.is_none() {
                covered.failures.push(Finding::new(Code::SigNotARevision).with(byte_range.end));
            }
            covered.byte_range = Some(byte_range);
        }
        Err(finding) => {
            covered.failures.insert(0, *finding);
            let declared = declared(&view, &covered.dictionary, file.source().len());
            covered.declared = declared.unwrap_or_default();
        }
    }
    covered
}

impl Covered {
    /// Replaces the dictionary with the one of the covered revision.
    fn read_as_signed(&mut self, signed: &Revision<'_>, home: &Revision<'_>) {
        let holder = self.located.place.object();
        let entry = signed.entry(holder.number).ok().flatten();
        if matches!(entry, Some(Entry::InUse { .. }))
            && entry == home.entry(holder.number).ok().flatten()
        {
            // The same bytes, which were read before.
            return;
        }
        let found = signed.get(holder).ok().flatten();
        let dictionary = found.as_ref().and_then(|found| match self.located.place {
            ValuePlace::Object(_) => found.object.value.as_dictionary().cloned(),
            ValuePlace::Within(_) => {
                found.object.value.as_dictionary()?.get(b"V")?.as_dictionary().cloned()
            }
        });
        let Some(dictionary) = dictionary else { return };
        if dictionary != self.dictionary {
            self.failures.push(Finding::new(Code::SigOverridden).about(holder));
        }
        self.container = found.and_then(|found| found.container.in_file());
        self.dictionary = dictionary;
    }

    fn take_contents(&mut self, view: &Revision<'_>) {
        match view.lookup(&self.dictionary, b"Contents") {
            Ok(Some(value)) => match &*value {
                Object::String(string) => self.contents.clone_from(&string.bytes),
                _ => self.failures.push(Finding::new(Code::SigContentsForm)),
            },
            Ok(None) => self.failures.push(Finding::new(Code::SigContentsMissing)),
            Err(error) => {
                self.failures.push(Finding::new(Code::SigUnreadable).with(error.code()));
            }
        }
    }

    /// Where `/Contents` stands in the file; none if it is not a direct hexadecimal string there.
    fn gap_in_file(&self) -> Option<Span> {
        let container = self.container?;
        let contents = self.dictionary.get_spanned(b"Contents")?;
        let string = contents.value.as_string().filter(|string| string.hexadecimal)?;
        (!string.bytes.is_empty() && container.contains(contents.span)).then_some(contents.span)
    }
}

/// What `/ByteRange` says: the gap between its two ranges and the end of the second.
struct Claim {
    start: u64,
    gap: Span,
    end: u64,
}

fn claim(view: &Revision<'_>, dictionary: &Dictionary) -> Result<Claim, Box<Finding>> {
    let unreadable =
        |error: crate::pdf::Error| Box::new(Finding::new(Code::SigUnreadable).with(error.code()));
    let value = view.lookup(dictionary, b"ByteRange").map_err(unreadable)?;
    let value = value.ok_or_else(|| Box::new(Finding::new(Code::SigByteRangeMissing)))?;
    let malformed = || Box::new(Finding::new(Code::SigByteRangeMalformed));
    let items = value.as_array().ok_or_else(malformed)?;
    let mut numbers = Vec::with_capacity(4);
    for item in items.iter().take(5) {
        let number = view.resolve(&item.value).map_err(unreadable)?.as_integer();
        numbers.push(number.and_then(|n| u64::try_from(n).ok()).ok_or_else(malformed)?);
    }
    let [start, before, second, after] = numbers[..] else { return Err(malformed()) };
    let first_end = start.checked_add(before).ok_or_else(malformed)?;
    let end = second.checked_add(after).ok_or_else(malformed)?;
    Ok(Claim { start, gap: Span::new(first_end, second), end })
}

/// So many ranges of a signature that proves nothing are looked at.
const MOST_DECLARED: usize = 4;

/// Ranges that a signature names, whatever they leave out; none if they are not in the file.
fn declared(view: &Revision<'_>, dictionary: &Dictionary, len: u64) -> Option<Vec<Span>> {
    let value = view.lookup(dictionary, b"ByteRange").ok()??;
    let items = value.as_array().filter(|items| items.len() <= 2 * MOST_DECLARED)?;
    let (pairs, rest) = items.as_chunks::<2>();
    let number = |item: &Spanned| {
        let number = view.resolve(&item.value).ok()?.as_integer()?;
        u64::try_from(number).ok()
    };
    let span = |[start, length]: &[Spanned; 2]| {
        let start = number(start)?;
        let end = start.checked_add(number(length)?).filter(|end| *end <= len)?;
        Some(Span::new(start, end))
    };
    rest.is_empty().then(|| pairs.iter().map(span).collect())?
}

/// Turns a claim into a proof.
fn prove(claim: &Claim, len: u64, contents: Option<Span>) -> Result<ByteRange, Box<Finding>> {
    let wrong = |code| Finding::new(code);
    let finding = if claim.start != 0 {
        wrong(Code::SigByteRangeStart).with(claim.start)
    } else if claim.gap.start > claim.gap.end || claim.gap.end > claim.end {
        wrong(Code::SigByteRangeOrder)
    } else if claim.end > len {
        wrong(Code::SigByteRangeOutside).with(claim.end).with(len)
    } else {
        match contents {
            Some(gap) if gap == claim.gap => return Ok(ByteRange { gap, end: claim.end }),
            Some(_) => wrong(Code::SigGap),
            None => wrong(Code::SigContentsForm),
        }
    };
    Err(Box::new(finding))
}

/// The revision that ends at `end`, an end of line and other white space aside.
fn revision_ending_at(file: &File<'_>, end: u64) -> Option<usize> {
    let source = file.source();
    let number = file.revisions().rev().find_map(|revision| {
        let revision_end = revision.end()?;
        let (low, high) = (revision_end.min(end), revision_end.max(end));
        let blank = high - low <= SPACE_AFTER_END && is_blank(source, low, high);
        (low == high || blank).then_some(revision.number())
    });
    // Everything is covered, whatever follows the last revision.
    number.or((end == source.len()).then(|| file.revision_count()))
}

fn is_blank(source: &dyn Source, start: u64, end: u64) -> bool {
    let Ok(len) = usize::try_from(end - start) else { return false };
    let mut bytes = vec![0; len];
    source.read_at(start, &mut bytes).is_ok()
        && bytes.iter().all(|byte| matches!(byte, 0 | b'\t' | b'\n' | 12 | b'\r' | b' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(start: u64, gap: (u64, u64), end: u64) -> Claim {
        Claim { start, gap: Span::new(gap.0, gap.1), end }
    }

    #[test]
    fn only_the_exact_gap_is_proven() {
        let contents = Some(Span::new(100, 200));
        assert_eq!(prove(&claim(0, (100, 200), 300), 300, contents).unwrap().end(), 300);
        let refused = |claim: Claim, contents| prove(&claim, 300, contents).unwrap_err().code;
        assert_eq!(refused(claim(0, (99, 200), 300), contents), Code::SigGap);
        assert_eq!(refused(claim(0, (100, 201), 300), contents), Code::SigGap);
        assert_eq!(refused(claim(0, (101, 199), 300), contents), Code::SigGap);
        assert_eq!(refused(claim(0, (90, 190), 300), contents), Code::SigGap);
        assert_eq!(refused(claim(1, (100, 200), 300), contents), Code::SigByteRangeStart);
        assert_eq!(refused(claim(0, (200, 100), 300), contents), Code::SigByteRangeOrder);
        assert_eq!(refused(claim(0, (100, 200), 301), contents), Code::SigByteRangeOutside);
        assert_eq!(refused(claim(0, (100, 200), 300), None), Code::SigContentsForm);
    }
}
