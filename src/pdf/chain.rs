//! The chain of cross-reference sections: `/Prev`, `/XRefStm`, `/Size` (ISO 32000-2 §7.5.5, §7.5.6 and
//! §7.5.8.4).

use super::deviation::Deviation;
use super::error::Error;
use super::object::{Dictionary, ObjectId};
use super::section::read_section;
use super::source::length;
use super::window::Ground;
use super::xref::Section;
use crate::limits::{Limit, LimitExceeded, Meter};

/// What comparing a row of a hybrid section's stream with its table counts as.
const ROW_WORK: u64 = 16;

/// Follows `/Prev` from the newest section to the oldest (§7.5.6).
pub(super) fn read_chain(
    ground: Ground<'_>,
    newest: u64,
    inflated: &Meter,
    deviations: &mut Vec<Deviation>,
) -> Result<Vec<Section>, Error> {
    let mut sections: Vec<Section> = Vec::new();
    let mut visited = std::collections::HashSet::new();
    let mut next = Some(newest);
    while let Some(offset) = next {
        if !visited.insert(offset) {
            let problem = "the chain of /Prev comes back to a section it has been to";
            return Err(Error::CrossReference { offset, problem });
        }
        LimitExceeded::check(Limit::Revisions, length(visited.len()), ground.limits.revisions)?;
        let mut section = read_section(ground, offset, inflated, deviations)?;
        if let Some(stream) = offset_in(section.trailer(), b"XRefStm", offset)?
            && section.stream_id().is_none()
        {
            let hidden = read_section(ground, stream, inflated, deviations)?;
            check_hidden(&section, &hidden)?;
            let rows = hidden.into_rows().ok_or(Error::CrossReference {
                offset: stream,
                problem: "/XRefStm leads to no cross-reference stream",
            })?;
            section.add_hybrid_rows(rows);
            ground.work.spend(section.entry_count().saturating_mul(ROW_WORK))?;
            if section.hybrid_conflict(ground.source)?.is_some() {
                let problem = "table and /XRefStm disagree about an object in use";
                return Err(Error::CrossReference { offset, problem });
            }
        }
        next = offset_in(section.trailer(), b"Prev", offset)?;
        sections.push(section);
    }
    Ok(sections)
}

/// What the stream of a hybrid section must not do: stand behind its table, or lead elsewhere than
/// the table does. Some readers follow its `/Prev`, others do not.
fn check_hidden(table: &Section, hidden: &Section) -> Result<(), Error> {
    let wrong = |problem| Error::CrossReference { offset: hidden.span().start, problem };
    if hidden.span().end > table.span().start {
        return Err(wrong("the stream of /XRefStm does not stand before its table"));
    }
    let previous = hidden.trailer().get(b"Prev");
    if previous.is_some() && previous != table.trailer().get(b"Prev") {
        return Err(wrong("the stream of /XRefStm has a /Prev of its own"));
    }
    Ok(())
}

/// The offset that a key of a trailer names; `section` is where the trailer's section stands.
pub(super) fn offset_in(
    trailer: &Dictionary,
    key: &[u8],
    section: u64,
) -> Result<Option<u64>, Error> {
    let Some(value) = trailer.get(key) else { return Ok(None) };
    value
        .as_integer()
        .and_then(|offset| u64::try_from(offset).ok())
        .map(Some)
        .ok_or(Error::CrossReference { offset: section, problem: "an offset is no number" })
}

/// Compares the newest `/Size` with the highest number that any section lists.
pub(super) fn note_size(
    sections: &[Section],
    deviations: &mut Vec<Deviation>,
) -> Result<(), Error> {
    let expected = sections.iter().map(Section::numbers_end).max().unwrap_or(0);
    let stated = sections.first().and_then(|section| section.trailer().integer(b"Size"));
    let stated = stated.and_then(|size| u64::try_from(size).ok());
    let stated = stated.ok_or(Error::structure(ObjectId::new(0, 0), "a trailer without /Size"))?;
    if stated != expected {
        Deviation::Size { stated, expected }.note(deviations);
    }
    Ok(())
}
