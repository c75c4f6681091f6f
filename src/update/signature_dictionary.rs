//! The signature dictionary (ISO 32000-2 Table 255), with room for what is known last.

use std::ops::Range;

use time::OffsetDateTime;

use super::Error;
use super::byte_range::ByteRange;
use super::permission::Lock;
use super::request::{Certification, Request};
use super::text::{check_text, text_token};
use crate::pdf::ObjectId;

/// A signature dictionary whose `/ByteRange` and `/Contents` are still empty.
pub(super) struct Placeholder {
    /// From `<<` to `>>`.
    pub(super) body: Vec<u8>,
    /// Where the array of `/ByteRange` goes, padding included.
    pub(super) byte_range: Range<usize>,
    /// The hexadecimal string of `/Contents`, delimiters included.
    pub(super) gap: Range<usize>,
}

impl Placeholder {
    /// Spells the dictionary out. `room` is the number of bytes reserved for the CMS; `catalog` is
    /// what FieldMDP refers to.
    ///
    /// `/ByteRange` and `/Contents` come last, so that little is left to hash behind the gap.
    pub(super) fn new(
        request: &Request<'_>,
        lock: Option<&Lock>,
        catalog: ObjectId,
        room: usize,
    ) -> Result<Self, Error> {
        let (kind, sub_filter) = (request.sub_filter.kind(), request.sub_filter.name());
        let head = format!("<< /Type /{kind} /Filter /Adobe.PPKLite /SubFilter /{sub_filter}");
        let mut body = head.into_bytes();
        // The time of a time-stamp is that of its token.
        if !request.sub_filter.is_timestamp() {
            body.extend_from_slice(b" /M ");
            body.extend_from_slice(&date(request.signed_at)?);
        }
        let texts = [
            ("Name", request.name),
            ("Reason", request.reason),
            ("Location", request.location),
            ("ContactInfo", request.contact),
        ];
        for (key, text) in texts {
            let Some(text) = text else { continue };
            check_text(key, text)?;
            body.extend_from_slice(format!(" /{key} ").as_bytes());
            body.extend_from_slice(&text_token(text));
        }
        body.extend_from_slice(&references(request.certification, lock, catalog));
        body.extend_from_slice(b" /ByteRange ");
        let byte_range = body.len()..body.len() + ByteRange::WIDTH;
        body.resize(byte_range.end, b' ');
        body.extend_from_slice(b" /Contents ");
        let gap = body.len()..body.len() + room * 2 + 2;
        body.push(b'<');
        body.resize(gap.end - 1, b'0');
        body.extend_from_slice(b"> >>");
        Ok(Self { body, byte_range, gap })
    }
}

/// A date string (§7.9.4) with its offset: `(D:20260101080000+08'00')`.
fn date(at: OffsetDateTime) -> Result<Vec<u8>, Error> {
    let (hours, minutes, seconds) = at.offset().as_hms();
    if seconds != 0 {
        return Err(Error::Time { problem: "its offset from UTC has seconds" });
    }
    if !(0..=9_999).contains(&at.year()) {
        return Err(Error::Time { problem: "its year has not four digits" });
    }
    let sign = if at.offset().is_negative() { '-' } else { '+' };
    let date = format!(
        "(D:{:04}{:02}{:02}{:02}{:02}{:02}{sign}{:02}'{:02}')",
        at.year(),
        u8::from(at.month()),
        at.day(),
        at.hour(),
        at.minute(),
        at.second(),
        hours.unsigned_abs(),
        minutes.unsigned_abs(),
    );
    Ok(date.into_bytes())
}

/// `/Reference` (Table 256): DocMDP and FieldMDP side by side in one array; nothing if there is
/// neither.
fn references(
    certification: Option<Certification>,
    lock: Option<&Lock>,
    catalog: ObjectId,
) -> Vec<u8> {
    let mut list = Vec::new();
    if let Some(certification) = certification {
        let entry = format!(
            "<< /Type /SigRef /TransformMethod /DocMDP /TransformParams \
             << /Type /TransformParams /V /1.2 /P {} >> >>",
            certification.permission()
        );
        list.extend(entry.into_bytes());
    }
    if let Some(lock) = lock {
        let entry = format!(
            "<< /Type /SigRef /TransformMethod /FieldMDP /Data {catalog} R /TransformParams \
             << /Type /TransformParams /V /1.2"
        );
        list.extend(entry.into_bytes());
        list.extend(lock_entries(lock));
        list.extend_from_slice(b" >> >>");
    }
    if list.is_empty() { list } else { [b" /Reference [", list.as_slice(), b"]"].concat() }
}

/// `/Action` and `/Fields`, as a field's `/Lock` (Table 236) and FieldMDP (Table 259) have them.
pub(super) fn lock_entries(lock: &Lock) -> Vec<u8> {
    let (action, names) = match lock {
        Lock::All => return b" /Action /All".to_vec(),
        Lock::Include(names) => ("Include", names),
        Lock::Exclude(names) => ("Exclude", names),
    };
    let mut entries = format!(" /Action /{action} /Fields [").into_bytes();
    for name in names {
        entries.extend(text_token(name));
        entries.push(b' ');
    }
    entries.push(b']');
    entries
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::update::SubFilter;
    use time::UtcOffset;

    fn at(hours: i8, minutes: i8, seconds: i8) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(1_767_225_600)
            .unwrap()
            .to_offset(UtcOffset::from_hms(hours, minutes, seconds).unwrap())
    }

    #[test]
    fn dates_carry_their_offset() {
        assert_eq!(date(at(8, 0, 0)).unwrap(), b"(D:20260101080000+08'00')");
        assert_eq!(date(at(-3, -30, 0)).unwrap(), b"(D:20251231203000-03'30')");
        assert_eq!(date(at(0, 0, 0)).unwrap(), b"(D:20260101000000+00'00')");
        assert_eq!(date(at(8, 0, 1)).unwrap_err().code(), "sign.time");
        let before = OffsetDateTime::from_unix_timestamp(-70_000_000_000).unwrap();
        assert_eq!(date(before).unwrap_err().code(), "sign.time");
    }

    #[test]
    fn the_spans_are_those_of_the_tokens() {
        let request = Request::invisible(SubFilter::Cades, at(0, 0, 0));
        let lock = Lock::Include(vec!["a".into(), "章".into()]);
        let made = Placeholder::new(&request, Some(&lock), ObjectId::new(1, 0), 4).unwrap();
        assert_eq!(&made.body[made.gap.clone()], b"<00000000>");
        assert!(made.body[made.byte_range.clone()].iter().all(|byte| *byte == b' '));
        let text = String::from_utf8(made.body).unwrap();
        assert!(text.contains("/Action /Include /Fields [(a) <FEFF7AE0> ]"));
        assert!(!text.contains("DocMDP") && !text.contains("/Reason"));
    }

    #[test]
    fn a_time_stamp_says_nothing_of_its_own() {
        let request = Request::invisible(SubFilter::Rfc3161, at(0, 0, 0));
        let made = Placeholder::new(&request, None, ObjectId::new(1, 0), 2).unwrap();
        let text = String::from_utf8(made.body).unwrap();
        let keys: Vec<&str> =
            text.split('/').skip(1).filter_map(|it| it.split([' ', '<']).next()).collect();
        assert_eq!(
            keys,
            [
                "Type",
                "DocTimeStamp",
                "Filter",
                "Adobe.PPKLite",
                "SubFilter",
                "ETSI.RFC3161",
                "ByteRange",
                "Contents"
            ]
        );
    }
}
