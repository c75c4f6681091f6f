//! Reading one cross-reference section at its offset.

use super::deviation::Deviation;
use super::error::Error;
use super::filter::{self, FilterFault};
use super::lexical::is_white_space;
use super::object::{Dictionary, Object, ObjectId, Span};
use super::source::read;
use super::syntax::{Fault, Parser};
use super::window::Ground;
use super::xref::{Section, StreamRows, TableRun, parse_table_entry, runs_overlap};
use crate::limits::{Limit, LimitExceeded, Meter};

/// Reads the section that begins at `offset`, be it a table or a stream.
pub(super) fn read_section(
    ground: Ground<'_>,
    offset: u64,
    inflated: &Meter,
    deviations: &mut Vec<Deviation>,
) -> Result<Section, Error> {
    let (start, is_table) = ground.parse_at(offset, |parser| {
        parser.skip_space();
        let start = parser.offset();
        match parser.peek() {
            Some(b'x') => Ok((start, true)),
            Some(byte) if byte.is_ascii_digit() => Ok((start, false)),
            _ => parser.missing("xref or a cross-reference stream"),
        }
    })?;
    if start != offset {
        Deviation::SpaceBeforeSection { offset }.note(deviations);
    }
    if is_table {
        read_table(ground, offset, start, deviations)
    } else {
        read_stream(ground, offset, start, inflated)
    }
}

fn read_table(
    ground: Ground<'_>,
    offset: u64,
    start: u64,
    deviations: &mut Vec<Deviation>,
) -> Result<Section, Error> {
    let mut at = ground.parse_at(start, |parser| {
        parser.keyword("xref")?;
        parser.skip_space();
        Ok(parser.offset())
    })?;
    let mut runs: Vec<TableRun> = Vec::new();
    let mut announced = 0_u64;
    loop {
        let header = ground.parse_at(at, |parser| {
            if parser.peek() == Some(b't') {
                parser.keyword("trailer")?;
                return Ok((None, parser.offset()));
            }
            let first = parser.unsigned()?;
            parser.skip_space();
            let count = parser.unsigned()?;
            parser.skip_space();
            Ok((Some((first, count)), parser.offset()))
        })?;
        at = header.1;
        let Some((first, count)) = header.0 else { break };
        let run = measure_run(ground, first, count, at, deviations)?;
        at = skip_space(ground, run.at + run.width * count)?;
        announced = announced.saturating_add(count.max(1));
        LimitExceeded::check(Limit::Objects, announced, ground.limits.objects)?;
        if count > 0 {
            runs.push(run);
        }
    }
    let (trailer, end) = ground.parse_at(at, |parser| {
        let value = parser.value()?;
        Ok((value.value, value.span.end))
    })?;
    let Object::Dictionary(trailer) = trailer else {
        return Err(Error::Syntax { offset: at, expected: "a trailer dictionary" });
    };
    runs.sort_unstable_by_key(|run| run.first);
    if runs_overlap(runs.iter().map(|run| (run.first, run.count))) {
        return Err(Error::CrossReference {
            offset,
            problem: "a cross-reference table lists an object number twice",
        });
    }
    Ok(Section::from_table(Span::new(offset, end), trailer, runs))
}

/// Finds the width of the entries of a subsection from its first and last one.
///
/// The entries between are looked at when they are looked up: a table may have millions.
fn measure_run(
    ground: Ground<'_>,
    first: u64,
    count: u64,
    at: u64,
    deviations: &mut Vec<Deviation>,
) -> Result<TableRun, Error> {
    let wrong = |problem| Error::CrossReference { offset: at, problem };
    if first.checked_add(count).is_none_or(|end| end > 1 << 32) {
        return Err(wrong("a subsection counts beyond the highest object number"));
    }
    if count == 0 {
        return Ok(TableRun { first, count, at, width: 20 });
    }
    let is_entry = |at: u64| {
        read(ground.source, at, 18).is_ok_and(|bytes| parse_table_entry(&bytes).is_some())
    };
    if !is_entry(at) {
        return Err(wrong("a subsection does not begin with an entry of its table"));
    }
    for width in [20_u64, 19, 21] {
        let last = at + width * (count - 1);
        let Ok(line_end) = read(ground.source, last + 18, width - 18) else { continue };
        if !is_entry(last) || !line_end.iter().all(|byte| is_white_space(*byte)) {
            continue;
        }
        // What follows decides between widths that fit by chance.
        if !section_goes_on(ground, last + width)? {
            continue;
        }
        if width != 20 {
            Deviation::EntryWidth { offset: at, width }.note(deviations);
        } else if !matches!(&*line_end, b" \r" | b" \n" | b"\r\n") {
            Deviation::EntryLineEnd { offset: at }.note(deviations);
        }
        return Ok(TableRun { first, count, at, width });
    }
    Err(wrong("the entries of a subsection are not of one width, or fewer than announced"))
}

/// Whether the next token is that of a further subsection or of the trailer.
fn section_goes_on(ground: Ground<'_>, at: u64) -> Result<bool, Error> {
    ground.parse_at(at, |parser| {
        parser.skip_space();
        Ok(parser.peek().is_some_and(|byte| byte == b't' || byte.is_ascii_digit()))
    })
}

fn skip_space(ground: Ground<'_>, at: u64) -> Result<u64, Error> {
    ground.parse_at(at, |parser| {
        parser.skip_space();
        if parser.peek().is_none() {
            return parser.missing("a subsection or trailer");
        }
        Ok(parser.offset())
    })
}

fn read_stream(
    ground: Ground<'_>,
    offset: u64,
    start: u64,
    inflated: &Meter,
) -> Result<Section, Error> {
    let wrong = |problem| Error::CrossReference { offset, problem };
    let (id, dictionary, data_start) = ground.parse_at(start, |parser| {
        let id = parser.object_header()?;
        let value = parser.value()?;
        let data = stream_start(parser)?;
        Ok((id, value.value, data))
    })?;
    let Object::Dictionary(dictionary) = dictionary else {
        return Err(wrong("not a cross-reference stream"));
    };
    if !dictionary.is_type(b"XRef") {
        return Err(wrong("a stream whose /Type is not /XRef"));
    }
    let length = dictionary
        .integer(b"Length")
        .and_then(|length| u64::try_from(length).ok())
        .ok_or(wrong("the /Length of a cross-reference stream must be a direct number"))?;
    let data = Span::new(data_start, data_start.saturating_add(length));
    let end = stream_end(ground, data)?;
    let rows =
        decode_rows(ground, id, &dictionary, data, inflated).map_err(|fault| match fault {
            RowsFault::Known(error) => error,
            RowsFault::Wrong(problem) => wrong(problem),
        })?;
    Ok(Section::from_stream(Span::new(offset, end), id, dictionary, rows))
}

enum RowsFault {
    Known(Error),
    Wrong(&'static str),
}

fn decode_rows(
    ground: Ground<'_>,
    id: ObjectId,
    dictionary: &Dictionary,
    data: Span,
    inflated: &Meter,
) -> Result<StreamRows, RowsFault> {
    let numbers = |key: &[u8]| -> Option<Vec<u64>> {
        let items = dictionary.get(key)?.as_array()?;
        items.iter().map(|item| u64::try_from(item.value.as_integer()?).ok()).collect()
    };
    let size = dictionary
        .integer(b"Size")
        .and_then(|size| u64::try_from(size).ok())
        .ok_or(RowsFault::Wrong("a cross-reference stream without /Size"))?;
    let index: Vec<(u64, u64)> = if dictionary.contains(b"Index") {
        let flat = numbers(b"Index").ok_or(RowsFault::Wrong("/Index is not a list of numbers"))?;
        let (pairs, rest) = flat.as_chunks::<2>();
        if !rest.is_empty() {
            return Err(RowsFault::Wrong("/Index has an odd number of elements"));
        }
        pairs.iter().map(|[first, count]| (*first, *count)).collect()
    } else {
        vec![(0, size)]
    };
    let rows: u64 = index.iter().map(|(_, count)| *count).fold(0, u64::saturating_add);
    LimitExceeded::check(Limit::Objects, rows, ground.limits.objects)
        .map_err(|limit| RowsFault::Known(Error::Limit(limit)))?;
    let widths: [usize; 3] = numbers(b"W")
        .and_then(|widths| {
            widths.iter().map(|width| usize::try_from(*width).ok()).collect::<Option<Vec<_>>>()
        })
        .and_then(|widths| widths.try_into().ok())
        .ok_or(RowsFault::Wrong("/W is not a list of three numbers"))?;
    let decoded = decode(ground, id, dictionary, data, inflated).map_err(RowsFault::Known)?;
    StreamRows::new(&index, widths, decoded).map_err(RowsFault::Wrong)
}

/// The decoded data of a stream, spent from `meter`.
pub(super) fn decode(
    ground: Ground<'_>,
    id: ObjectId,
    dictionary: &Dictionary,
    data: Span,
    meter: &Meter,
) -> Result<Vec<u8>, Error> {
    // What goes in counts like what comes out: the source need not lie in memory, but this must.
    let allowed = ground.limits.inflated_bytes;
    LimitExceeded::check(Limit::InflatedBytes, data.len(), allowed)?;
    let raw = read(ground.source, data.start, data.len())?;
    filter::decode(dictionary, &raw, meter).map_err(|fault| match fault {
        FilterFault::Limit(limit) => Error::Limit(limit),
        FilterFault::Bad(problem) => Error::Filter { object: id, problem },
    })
}

/// Takes `stream` and its end of line; the offset of the data (§7.3.8.1).
pub(super) fn stream_start(parser: &mut Parser<'_>) -> Result<u64, Fault> {
    parser.skip_space();
    parser.keyword("stream")?;
    parser.line_end_of_stream()?;
    Ok(parser.offset())
}

/// Checks that `endstream` and `endobj` follow the data; the offset behind `endobj`.
///
/// Nothing but white space may stand before `endstream`: a comment there could as well be data.
pub(super) fn stream_end(ground: Ground<'_>, data: Span) -> Result<u64, Error> {
    ground.parse_at(data.end, |parser| {
        parser.skip_white_space();
        parser.keyword("endstream")?;
        parser.skip_space();
        parser.keyword("endobj")?;
        Ok(parser.offset())
    })
}
