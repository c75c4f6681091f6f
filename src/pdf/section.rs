//! Reading one cross-reference section at its offset.

use std::borrow::Cow;

use super::deviation::Deviation;
use super::error::Error;
use super::filter::{self, FilterFault};
use super::lexical::is_white_space;
use super::object::{Dictionary, Object, ObjectId, Span};
use super::source::read;
use super::syntax::{Fault, Parser};
use super::window::Ground;
use super::xref::{Section, TableRun, parse_table_entry};
use super::xref_rows::{StreamRows, runs_overlap};
use crate::limits::{Limit, LimitExceeded, Meter};

/// Reads the section that begins at `offset`, be it a table or a stream.
pub(super) fn read_section(
    ground: Ground<'_>,
    offset: u64,
    inflated: &Meter,
    deviations: &mut Vec<Deviation>,
) -> Result<Section, Error> {
    let (start, is_table) = ground.parse_at(offset, |parser| {
        parser.skip_white_space();
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
        to_next_token(parser)
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
            to_next_token(parser)?;
            let count = parser.unsigned()?;
            Ok((Some((first, count)), to_next_token(parser)?))
        })?;
        at = header.1;
        let Some((first, count)) = header.0 else { break };
        let run = measure_run(ground, first, count, at, deviations)?;
        at = ground.parse_at(run.at + run.width * count, to_next_token)?;
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
        to_next_token(parser)?;
        Ok(parser.peek().is_some_and(|byte| byte == b't' || byte.is_ascii_digit()))
    })
}

/// Skips the white space before the next token of a table, in which no comment belongs; the offset
/// of that token.
fn to_next_token(parser: &mut Parser<'_>) -> Result<u64, Fault> {
    parser.skip_white_space();
    match parser.peek() {
        None => parser.missing("a subsection or trailer"),
        Some(_) => Ok(parser.offset()),
    }
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

/// The decoded data of a stream that is not encrypted, spent from `meter`.
fn decode(
    ground: Ground<'_>,
    id: ObjectId,
    dictionary: &Dictionary,
    data: Span,
    meter: &Meter,
) -> Result<Vec<u8>, Error> {
    unfilter(id, dictionary, &encoded(ground, data)?, meter)
}

/// The data of a stream as it stands in the file.
pub(super) fn encoded(ground: Ground<'_>, data: Span) -> Result<Cow<'_, [u8]>, Error> {
    // What goes in counts like what comes out: the source need not lie in memory, but this must.
    let allowed = ground.limits.inflated_bytes;
    LimitExceeded::check(Limit::InflatedBytes, data.len(), allowed)?;
    read(ground.source, data.start, data.len())
}

/// What the filters of a stream make of its data, spent from `meter`.
pub(super) fn unfilter(
    id: ObjectId,
    dictionary: &Dictionary,
    raw: &[u8],
    meter: &Meter,
) -> Result<Vec<u8>, Error> {
    filter::decode(dictionary, raw, meter).map_err(|fault| match fault {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;
    use crate::pdf::syntax::Strictness;
    use crate::pdf::{Entry, SectionKind};

    /// Reads the section that begins at byte 0 of `bytes`, to which a trailer's end is added.
    fn section(bytes: &[u8], limits: &Limits) -> Result<(Section, Vec<Deviation>), Error> {
        let bytes = bytes.to_vec();
        let work = Meter::new(Limit::Work, limits.work);
        let inflated = Meter::new(Limit::InflatedBytes, limits.inflated_bytes);
        let ground = Ground { source: &bytes, limits, strictness: Strictness::Strict, work: &work };
        let mut deviations = Vec::new();
        let section = read_section(ground, 0, &inflated, &mut deviations)?;
        for (number, entry) in section.entries(&bytes)? {
            assert_eq!(section.lookup(&bytes, number)?, Some(entry));
        }
        Ok((section, deviations))
    }

    fn table(text: &str) -> Result<(Section, Vec<Deviation>), Error> {
        section(format!("{text}trailer<</Size 9>>\n").as_bytes(), &Limits::default())
    }

    const FREE: &str = "0000000000 65535 f";
    const USED: &str = "0000000016 00000 n";

    #[test]
    fn entries_of_one_width_are_read_where_they_stand() {
        for (end, codes) in [
            (" \n", &[][..]),
            (" \r", &[]),
            ("\r\n", &[]),
            ("\n", &["doc.entry_width"]),
            ("\r", &["doc.entry_width"]),
            (" \r\n", &["doc.entry_width"]),
            ("\n\n", &["doc.entry_line_end"]),
            ("  ", &["doc.entry_line_end"]),
        ] {
            let text = format!("xref\n0 3\n{FREE}{end}{USED}{end}{USED}{end}7 1\n{USED}{end}");
            let (section, deviations) = table(&text).unwrap();
            assert_eq!(
                deviations.iter().map(Deviation::code).collect::<Vec<_>>(),
                codes,
                "{end:?}"
            );
            assert_eq!((section.kind(), section.entry_count()), (SectionKind::Table, 4));
            assert_eq!(section.numbers_end(), 8);
        }
    }

    #[test]
    fn entries_of_mixed_widths_are_not_read_as_others() {
        // Too short, then too long: the first and the last one stand where 20 bytes each would put them.
        let text = format!("xref\n0 4\n{FREE} \n{USED}\n{USED} \r\n{USED} \n");
        let bytes = format!("{text}trailer<</Size 9>>\n").into_bytes();
        let error = section(&bytes, &Limits::default()).unwrap_err();
        assert!(error.to_string().contains("not an entry"), "{error}");
        for text in [
            format!("xref\n0 3\n{FREE} \n{USED} \n"),
            format!("xref\n0 1\n{FREE} \n{USED} \n"),
            format!("xref\n0 2\n{FREE}XX{USED}XX"),
            format!("xref\n0 2 % comment\n{FREE} \n{USED} \n"),
            format!("xref % comment\n0 2\n{FREE} \n{USED} \n"),
            format!("xref\n-1 2\n{FREE} \n{USED} \n"),
            format!("xref\n4294967295 2\n{FREE} \n{USED} \n"),
            format!("xref\n0 2\n{FREE} \n{USED} \n1 1\n{USED} \n"),
            format!("% comment\nxref\n0 1\n{FREE} \n"),
            format!("xrefs\n0 1\n{FREE} \n"),
        ] {
            assert!(table(&text).is_err(), "{text}");
        }
    }

    #[test]
    fn subsections_may_be_empty_in_any_order_and_none_at_all() {
        let text = format!("xref\n7 1\n{USED} \n3 0\n0 1\n{FREE} \n5 0\n");
        let (section, deviations) = table(&text).unwrap();
        assert!(deviations.is_empty());
        let bytes = format!("{text}trailer<</Size 9>>\n").into_bytes();
        let numbers: Vec<u32> =
            section.entries(&bytes).unwrap().iter().map(|(number, _)| *number).collect();
        assert_eq!(numbers, [0, 7]);
        assert_eq!(table("xref\n0 0\n").unwrap().0.entry_count(), 0);
        assert_eq!(table("xref\n").unwrap().0.numbers_end(), 0);
    }

    #[test]
    fn a_million_empty_subsections_end_at_the_limit_and_in_time() {
        let began = std::time::Instant::now();
        let text = format!("xref\n{}", "0 0\n".repeat(1_000_000));
        assert!(table(&text).is_ok());
        let limits = Limits { objects: 1_000, ..Limits::default() };
        let error = section(text.as_bytes(), &limits).unwrap_err();
        assert!(matches!(error, Error::Limit(_)), "{error}");
        assert!(began.elapsed() < std::time::Duration::from_secs(20));
    }

    fn stream(entries: &str, rows: &[u8]) -> Result<(Section, Vec<Deviation>), Error> {
        let head = format!("5 0 obj<</Type/XRef{entries}/Length {}>>stream\n", rows.len());
        let bytes = [head.as_bytes(), rows, b"\nendstream endobj\n"].concat();
        section(&bytes, &Limits::default())
    }

    #[test]
    fn streams_are_read_by_their_index_and_widths() {
        let rows = [0, 0, 0, 1, 16, 0, 2, 4, 3];
        let (section, _) = stream("/Size 3/W[1 1 1]", &rows).unwrap();
        assert_eq!((section.kind(), section.entry_count()), (SectionKind::Stream, 3));
        let entry = section.lookup(&Vec::new(), 2).unwrap();
        assert_eq!(entry, Some(Entry::Compressed { stream: 4, index: 3 }));
        let (section, _) = stream("/Size 99/W[1 1 1]/Index[90 1 7 2]", &rows).unwrap();
        assert_eq!(section.lookup(&Vec::new(), 8).unwrap(), entry);
        assert_eq!(section.lookup(&Vec::new(), 9).unwrap(), None);
    }

    #[test]
    fn streams_that_are_not_to_the_letter_are_refused() {
        let rows = [0, 0, 0, 1, 16, 0, 2, 4, 3];
        for entries in [
            "/W[1 1 1]",
            "/Size 4/W[1 1 1]",
            "/Size 3",
            "/Size 3/W[1 1]",
            "/Size 3/W[1 1 1 1]",
            "/Size 3/W[1 -1 1]",
            "/Size 3/W 6 0 R",
            "/Size 3/W[1 1 1]/Index[0 1 2]",
            "/Size 3/W[1 1 1]/Index[0 2 1 1]",
            "/Size 3/W[1 1 1]/Index 6 0 R",
            "/Size 3/W[1 1 1]/Index[4294967295 2]",
            "/Size 3/W[1 1 1]/Filter/Unknown",
            "/Size 3/W[1 1 1]/Filter/FlateDecode",
            "/Size 3/W[1 1 1]/F(elsewhere)",
            "/Size 3/W[1 1 1]/Size 3",
        ] {
            assert!(stream(entries, &rows).is_err(), "{entries}");
        }
        let indirect =
            b"5 0 obj<</Type/XRef/Size 1/W[1 1 1]/Length 6 0 R>>stream\n000\nendstream endobj";
        assert!(section(indirect, &Limits::default()).is_err());
        let other =
            b"5 0 obj<</Type/ObjStm/Size 1/W[1 1 1]/Length 3>>stream\n000\nendstream endobj";
        assert!(section(other, &Limits::default()).is_err());
    }
}
