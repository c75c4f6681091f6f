//! Writing DER. Small structures only, so every helper returns its bytes.

use time::{OffsetDateTime, UtcOffset};

use super::asn1::tag;

/// Identifier, length and contents.
pub(super) fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(content.len().saturating_add(10));
    bytes.push(tag);
    let len = content.len().to_be_bytes();
    let significant = len
        .iter()
        .position(|byte| *byte != 0)
        .map_or(&[][..], |at| len.get(at..).unwrap_or_default());
    match (significant, u8::try_from(significant.len())) {
        ([], _) => bytes.push(0),
        ([short], _) if *short < 0x80 => bytes.push(*short),
        (long, Ok(count)) => {
            bytes.push(0x80 | count);
            bytes.extend_from_slice(long);
        }
        (_, Err(_)) => {} // a usize has at most eight octets
    }
    bytes.extend_from_slice(content);
    bytes
}

/// SEQUENCE of ready parts.
pub(super) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    element(tag::SEQUENCE, &parts.concat())
}

/// The contents of a SET OF: ready parts in the order that DER wants (X.690, 11.6).
pub(super) fn set_contents(mut parts: Vec<Vec<u8>>) -> Vec<u8> {
    parts.sort_unstable();
    parts.concat()
}

/// OBJECT IDENTIFIER from its content octets.
pub(super) fn oid(content: &[u8]) -> Vec<u8> {
    element(tag::OID, content)
}

/// OCTET STRING.
pub(super) fn octet_string(content: &[u8]) -> Vec<u8> {
    element(tag::OCTET_STRING, content)
}

/// A small INTEGER.
pub(super) fn small_integer(value: u8) -> Vec<u8> {
    if value < 0x80 { element(tag::INTEGER, &[value]) } else { element(tag::INTEGER, &[0, value]) }
}

/// NULL.
pub(super) const NULL: [u8; 2] = [tag::NULL, 0];

/// A CMS signing time: UTCTime through 2049, GeneralizedTime after (RFC 5652, 11.3).
pub(super) fn signing_time(time: OffsetDateTime) -> Vec<u8> {
    let utc = time.to_offset(UtcOffset::UTC);
    let rest = format!(
        "{:02}{:02}{:02}{:02}{:02}Z",
        u8::from(utc.month()),
        utc.day(),
        utc.hour(),
        utc.minute(),
        utc.second()
    );
    let year = utc.year();
    if (1950..2050).contains(&year) {
        let short = year.rem_euclid(100);
        element(tag::UTC_TIME, format!("{short:02}{rest}").as_bytes())
    } else {
        element(tag::GENERALIZED_TIME, format!("{year:04}{rest}").as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_use_as_few_octets_as_der_demands() {
        assert_eq!(element(4, &[])[..], [4, 0]);
        assert_eq!(element(4, &[7; 127])[..2], [4, 127]);
        assert_eq!(element(4, &[7; 128])[..3], [4, 0x81, 128]);
        assert_eq!(element(4, &[7; 256])[..4], [4, 0x82, 1, 0]);
        assert_eq!(element(4, &[7; 256]).len(), 260);
    }

    #[test]
    fn sets_are_sorted() {
        assert_eq!(set_contents(vec![vec![2, 1, 5], vec![2, 1, 3]]), [2, 1, 3, 2, 1, 5]);
    }

    #[test]
    fn the_form_of_a_signing_time_depends_on_its_year() {
        let at = |seconds| OffsetDateTime::from_unix_timestamp(seconds).unwrap();
        assert_eq!(signing_time(at(0))[..], *b"\x17\x0d700101000000Z");
        assert_eq!(signing_time(at(2_524_608_000))[..], *b"\x18\x0f20500101000000Z");
    }
}
