//! The bytes in which objects can stand: all but the data of large streams.
//!
//! A scan of a hundred megabytes of pictures would find nothing and cost more than everything else but
//! the hashing. What is left out is what the cross references themselves show to be the data of one
//! stream, and in which no revision places an object.

use crate::pdf::{Entry, Error, File, Object, ObjectId, Parse, Source, Span};

/// Shorter files are scanned whole.
const LARGE_FILE: u64 = 4 << 20;
/// Shorter streams are scanned with the rest.
const LARGE_STREAM: u64 = 64 << 10;
/// If the cross references are a larger part of the file than this one, its objects are small.
const SECTION_PART: u64 = 800;

/// The spans of a file in which objects can stand, in their order: all of it, unless its cross
/// references can be read and show more.
pub(super) fn outside_streams(file: &File<'_>) -> Vec<Span> {
    let whole = || vec![Span::new(0, file.len())];
    let sections: u64 = file.sections().iter().map(|section| section.span().len()).sum();
    let small = file.len() < LARGE_FILE || sections > file.len() / SECTION_PART;
    if small || file.parse() == Parse::Repaired {
        return whole();
    }
    outside(file).unwrap_or_else(|_| whole())
}

fn outside(file: &File<'_>) -> Result<Vec<Span>, Error> {
    let mut spans = Vec::new();
    let mut start = 0;
    let places = places(file)?;
    let ends = places.iter().skip(1).map(|next| next.offset).chain([file.len()]);
    for (place, end) in places.iter().zip(ends) {
        if end.saturating_sub(place.offset) < LARGE_STREAM {
            continue;
        }
        if let Some(data) = place.stream_data(file, end) {
            spans.push(Span::new(start, data.start));
            start = data.end;
        }
    }
    spans.push(Span::new(start, file.len()));
    Ok(spans)
}

/// The bytes of a span, where they lie in memory.
pub(super) fn in_memory(source: &dyn Source, span: Span) -> Option<&[u8]> {
    let (start, end) = (usize::try_from(span.start).ok()?, usize::try_from(span.end).ok()?);
    source.as_slice()?.get(start..end)
}

/// Where some revision places an object, or a section stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    offset: u64,
    /// The object, and the revision; none for a section.
    object: Option<(ObjectId, usize)>,
}

/// All places of all revisions, each offset once, in their order.
fn places(file: &File<'_>) -> Result<Vec<Place>, Error> {
    let mut places = Vec::new();
    for revision in file.revisions() {
        for section in revision.own_sections() {
            places.push(Place { offset: section.span().start, object: None });
            for (number, entry) in section.entries(file.source())? {
                if let Entry::InUse { offset, generation } = entry {
                    let object = Some((ObjectId::new(number, generation), revision.number()));
                    places.push(Place { offset, object });
                }
            }
        }
    }
    places.sort_unstable();
    places.dedup_by_key(|place| place.offset);
    Ok(places)
}

impl Place {
    /// The data of the large stream that stands here, if all of it ends before `end`.
    fn stream_data(&self, file: &File<'_>, end: u64) -> Option<Span> {
        let (id, revision) = self.object?;
        // An object that cannot be read is scanned.
        let object = file.revision(revision)?.get(id).ok()??;
        let span = object.container.in_file()?;
        let Object::Stream(stream) = object.object.value else { return None };
        let here = span.start >= self.offset && stream.data.start >= span.start;
        let large = stream.data.len() >= LARGE_STREAM && stream.data.end <= end;
        (here && large).then_some(stream.data)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;
    use sealwright_testdata::documents::large;

    fn spans(bytes: &[u8]) -> Vec<Span> {
        let file = File::open(bytes, Limits::default()).unwrap();
        outside_streams(&file)
    }

    fn total(spans: &[Span]) -> u64 {
        spans.iter().map(|span| span.len()).sum()
    }

    #[test]
    fn the_data_of_large_streams_is_left_out_and_nothing_else() {
        let bytes = large::scans(20_000_000);
        let spans = spans(&bytes);
        assert!(total(&spans) < 100_000, "{} bytes in {} spans", total(&spans), spans.len());
        let mut end = 0;
        for span in &spans {
            assert!(span.start >= end);
            let after = bytes[span.start as usize..].trim_ascii_start();
            assert!(span.start == 0 || after.starts_with(b"endstream"));
            end = span.end;
            let kept = &bytes[span.start as usize..span.end as usize];
            assert!(span.end == bytes.len() as u64 || kept.trim_ascii_end().ends_with(b"stream"));
        }
        assert_eq!(end, bytes.len() as u64);
    }

    #[test]
    fn small_files_and_many_small_objects_are_scanned_whole() {
        for bytes in [large::scans(2_000_000), large::many_objects(60_000)] {
            assert_eq!(spans(&bytes), [Span::new(0, bytes.len() as u64)]);
        }
    }

    #[test]
    fn an_object_in_the_data_of_a_stream_is_not_left_out() {
        let mut bytes = large::scans(20_000_000);
        let first = memchr::memmem::find(&bytes, b"stream").unwrap() + 50_000;
        let object = b"\n9000 0 obj\n<< /Next 5 0 R >>\nendobj\n";
        bytes[first..first + object.len()].copy_from_slice(object);
        let at = first as u64 + 1;
        assert!(!spans(&bytes).iter().any(|span| span.start <= at && at < span.end));
        // A later revision places an object there.
        let start = memchr::memmem::rfind(&bytes, b"startxref").unwrap();
        let digits = bytes[start + 10..].iter().take_while(|byte| byte.is_ascii_digit());
        let previous = String::from_utf8(digits.copied().collect()).unwrap();
        let section = bytes.len();
        let update = format!(
            "xref\n9000 1\n{at:010} 00000 n \ntrailer << /Size 9001 /Root 1 0 R /Prev {previous} >>\nstartxref\n{section}\n%%EOF\n"
        );
        bytes.extend_from_slice(update.as_bytes());
        let spans = spans(&bytes);
        assert!(spans.iter().any(|span| span.start <= at && at < span.end));
    }
}
