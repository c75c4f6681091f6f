//! The end of a file or revision: `startxref`, the offset of its section, `%%EOF` (ISO 32000-2 §7.5.5).

use super::deviation::Deviation;
use super::error::Error;
use super::lexical::{is_regular, is_white_space};
use super::source::{Source, length, read};
use super::syntax::{Fault, Parser, Strictness};

/// How far from the end `startxref` is looked for.
const TAIL: u64 = 4_096;

/// How much may stand behind the last `%%EOF`: readers look for it in so many last bytes.
const REST: u64 = 1_000;

/// Words that make something behind the last `%%EOF` part of the document for a reader that repairs.
const PDF_WORDS: [&[u8]; 4] = [b"obj", b"xref", b"trailer", b"%%EOF"];

/// Where the file's last `startxref` leads.
pub(super) struct End {
    /// What `startxref` says.
    pub(super) section: u64,
    /// The offset behind `%%EOF` and one end of line.
    pub(super) after_marker: u64,
}

/// Finds the last `startxref` of the file.
pub(super) fn find_end(source: &dyn Source, deviations: &mut Vec<Deviation>) -> Result<End, Error> {
    let total = source.len();
    let start = total.saturating_sub(TAIL);
    let tail = read(source, start, total - start)?;
    let missing = |problem| Error::CrossReference { offset: start, problem };
    let at = memchr::memmem::rfind(&tail, b"startxref")
        .ok_or(missing("no `startxref` near the end of the file"))?;
    let (before, whole) = tail.split_at_checked(at).unwrap_or((&[], &tail));
    if before.last().is_some_and(|byte| is_regular(*byte)) {
        return Err(missing("`startxref` is the end of another word"));
    }
    let mut parser = Parser::new(whole, start + length(at), true, Strictness::Strict);
    let (section, marker_end) = end_of_revision(&mut parser)
        .map_err(|_| missing("no number and `%%EOF` after `startxref`"))?;
    let after_marker = after_one_line_end(source, marker_end)?;
    note_rest(&read(source, after_marker, total - after_marker)?, after_marker, deviations)?;
    Ok(End { section, after_marker })
}

/// What stands behind the last `%%EOF`, from `offset` on.
fn note_rest(rest: &[u8], offset: u64, deviations: &mut Vec<Deviation>) -> Result<(), Error> {
    let bytes = length(rest.len());
    let wrong = |problem| Err(Error::CrossReference { offset, problem });
    if rest.is_empty() {
        return Ok(());
    }
    if bytes > REST {
        return wrong("so much stands after the last `%%EOF` that other readers do not find it");
    }
    if rest.iter().all(|byte| is_white_space(*byte)) {
        Deviation::SpaceAfterEnd { bytes }.note(deviations);
        return Ok(());
    }
    if PDF_WORDS.iter().any(|word| memchr::memmem::find(rest, word).is_some()) {
        return wrong("what stands after the last `%%EOF` could be read as part of the document");
    }
    Deviation::JunkAfterEnd { bytes }.note(deviations);
    Ok(())
}

/// How much before cross references other readers may pass over: white space and comments.
const LEAD: u64 = 1_024;

/// Whoever counts offsets from the header, `before` bytes into the file, must find no cross references
/// where `startxref` leads: the file would be two documents.
pub(super) fn check_origin(source: &dyn Source, before: u64, section: u64) -> Result<(), Error> {
    let offset = before.saturating_add(section).min(source.len());
    let there = read(source, offset, LEAD.min(source.len() - offset))?;
    let rest = behind_space_and_comments(&there);
    let is_number = |word: &&[u8]| !word.is_empty() && word.iter().all(u8::is_ascii_digit);
    let mut words = rest.split(|byte| is_white_space(*byte)).filter(|word| !word.is_empty());
    let is_object = words.next().as_ref().is_some_and(is_number)
        && words.next().as_ref().is_some_and(is_number)
        && words.next().is_some_and(|word| word.starts_with(b"obj"));
    if is_object || rest.starts_with(b"xref") || (rest.is_empty() && !there.is_empty()) {
        let problem = "who counts offsets from the header finds other cross references";
        return Err(Error::CrossReference { offset, problem });
    }
    Ok(())
}

fn behind_space_and_comments(bytes: &[u8]) -> &[u8] {
    let mut rest = bytes;
    loop {
        let space = rest.iter().take_while(|byte| is_white_space(**byte)).count();
        rest = rest.get(space..).unwrap_or(&[]);
        if rest.first() != Some(&b'%') {
            return rest;
        }
        let line = rest.iter().take_while(|byte| !matches!(byte, b'\r' | b'\n')).count();
        rest = rest.get(line..).unwrap_or(&[]);
    }
}

/// Reads `startxref N %%EOF`: the number and the offset behind the marker.
pub(super) fn end_of_revision(parser: &mut Parser<'_>) -> Result<(u64, u64), Fault> {
    parser.keyword("startxref")?;
    parser.skip_white_space();
    let section = parser.unsigned()?;
    parser.skip_white_space();
    parser.exact("%%EOF")?;
    Ok((section, parser.offset()))
}

/// The offset behind one CR, LF or CR LF, if one stands at `offset`.
pub(super) fn after_one_line_end(source: &dyn Source, offset: u64) -> Result<u64, Error> {
    let next = read(source, offset, 2.min(source.len().saturating_sub(offset)))?;
    Ok(offset
        + match &*next {
            b"\r\n" => 2,
            [b'\r' | b'\n', ..] => 1,
            _ => 0,
        })
}

#[cfg(test)]
mod tests {
    use sealwright_testdata::documents;

    use super::check_origin;
    use crate::limits::Limits;
    use crate::pdf::{File, Parse};

    /// With ten bytes in front, and behind the section something where another reader looks for one.
    #[test]
    fn bytes_before_the_header_leave_one_reading() {
        let found = |there: &str| {
            let bytes = format!("{}{there}", " ".repeat(30));
            check_origin(&bytes.as_bytes(), 10, 20).is_err()
        };
        let far = format!("%{}\nxref", "-".repeat(2_000));
        for other in ["xref\n0 1", " \0\r\nxref", "%x\n%y\r xref", "12 0 obj", "1\n0\tobj<<", &far]
        {
            assert!(found(other), "{other}");
        }
        for none in ["", "0000000015 00000 n", "1 0 R", "(xref)", "trailer", "ref\n0 1"] {
            assert!(!found(none), "{none}");
        }
        assert!(check_origin(&&b"short"[..], 1, u64::MAX).is_ok());
    }

    /// How a sound file parses with this end in place of its own.
    fn parse_with_end(end: &str) -> (Parse, Vec<&'static str>) {
        let mut bytes = documents::classic_table();
        let at = memchr::memmem::rfind(&bytes, b"\nstartxref").unwrap();
        let section = String::from_utf8(bytes.split_off(at)).unwrap();
        let section = section.split_whitespace().nth(1).unwrap().to_owned();
        bytes.extend(end.replace('N', &section).bytes());
        let file = File::open(&bytes, Limits::default()).unwrap();
        (file.parse(), file.deviations().iter().map(|one| one.code()).collect())
    }

    #[test]
    fn what_follows_the_end_marker_is_named_or_makes_the_file_a_repaired_one() {
        for (end, parse, codes) in [
            ("\nstartxref\nN\n%%EOF", Parse::Strict, &[][..]),
            ("\nstartxref\nN\n%%EOF\n", Parse::Strict, &[]),
            ("\nstartxref\rN\r%%EOF\r", Parse::Strict, &[]),
            ("\r\nstartxref\r\nN\r\n%%EOF\r\n", Parse::Strict, &[]),
            ("\nstartxref\nN\n%%EOF\n\n", Parse::Tolerated, &["doc.space_after_end"]),
            ("\nstartxref\nN\n%%EOF\0\0", Parse::Tolerated, &["doc.space_after_end"]),
            ("\nstartxref\nN\n%%EOF\n--mail--", Parse::Tolerated, &["doc.junk_after_end"]),
            ("\nstartxref\nN\n%%EOF\n%%EOF\n", Parse::Repaired, &["doc.rebuilt"]),
            ("\nstartxref\nN\n%%EOF\n99 0 obj 2 endobj", Parse::Repaired, &["doc.rebuilt"]),
            ("\nstartxref\nN\n%%EOF\ntrailer<<>>", Parse::Repaired, &["doc.rebuilt"]),
            ("\nxstartxref\nN\n%%EOF\n", Parse::Repaired, &["doc.rebuilt"]),
            ("\nstartxrefN\n%%EOF\n", Parse::Repaired, &["doc.rebuilt"]),
            ("\nstartxref\n+N\n%%EOF\n", Parse::Repaired, &["doc.rebuilt"]),
            ("\nstartxref\nN\n", Parse::Repaired, &["doc.rebuilt"]),
            ("\nstartxref\nN 0\n%%EOF\n", Parse::Repaired, &["doc.rebuilt"]),
            ("\nstartxref\nNNNNNNNN\n%%EOF\n", Parse::Repaired, &["doc.rebuilt"]),
        ] {
            assert_eq!(parse_with_end(end), (parse, codes.to_vec()), "{end:?}");
        }
    }

    #[test]
    fn more_than_other_readers_look_through_is_not_skipped() {
        for (bytes, parse) in [(1_000, Parse::Tolerated), (1_001, Parse::Repaired)] {
            let end = format!("\nstartxref\nN\n%%EOF\n{}", " ".repeat(bytes));
            assert_eq!(parse_with_end(&end).0, parse, "{bytes}");
        }
    }

    #[test]
    fn a_header_names_a_version_of_two_digits() {
        for (header, version, parse) in [
            ("%PDF-1.7\n", (1, 7), Parse::Strict),
            ("%PDF-2.0\n", (2, 0), Parse::Strict),
            ("%PDF-1-7\n", (0, 0), Parse::Repaired),
            ("%PDF-1.x\n", (0, 0), Parse::Repaired),
            ("%PDF-1.77", (0, 0), Parse::Repaired),
            ("%PDF-    ", (0, 0), Parse::Repaired),
        ] {
            let mut bytes = documents::classic_table();
            bytes[..header.len()].copy_from_slice(header.as_bytes());
            let file = File::open(&bytes, Limits::default()).unwrap();
            assert_eq!((file.header_version(), file.parse()), (version, parse), "{header:?}");
        }
    }
}
