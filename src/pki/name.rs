//! Distinguished names (RFC 5280, 4.1.2.4) as text (RFC 4514).

use std::fmt::Write as _;

use x509_parser::asn1_rs::{BmpString, FromDer, UniversalString};
use x509_parser::x509::{AttributeTypeAndValue, X509Name};

use super::asn1::{Reader, tag};
use super::error::Error;
use super::{encode, oid};

/// RFC 4514 text: last component first, special and invisible characters escaped. A name that
/// cannot be read is shown in hexadecimal digits after `#`.
pub(super) fn display(name: &[u8]) -> String {
    let Some(parsed) = parse(name) else {
        return format!("#{}", oid::hex(name));
    };
    let sets = parsed.iter().map(|set| {
        let shown = set.iter().map(|part| format!("{}={}", label(part), escaped(&text(part))));
        shown.collect::<Vec<_>>().join("+")
    });
    let mut shown = sets.collect::<Vec<_>>();
    shown.reverse();
    shown.join(",")
}

/// The last value of one attribute type, as plain text.
pub(super) fn value_of(name: &[u8], oid: &[u8]) -> Option<String> {
    let parsed = parse(name)?;
    parsed.iter_attributes().filter(|part| part.attr_type().as_bytes() == oid).last().map(text)
}

/// Whether both name the same entity: equal bytes, or equal text whatever the kind of string, the
/// case and the spacing (RFC 5280, 7.1). Either may come from a CMS, in BER.
pub(super) fn same(left: &[u8], right: &[u8]) -> bool {
    if left == right {
        return true;
    }
    let (Ok(left), Ok(right)) = (definite(left), definite(right)) else { return false };
    let (Some(left), Some(right)) = (parse(&left), parse(&right)) else { return false };
    canonical(&left) == canonical(&right)
}

/// A name that was understood to its last byte. The library stops at what it does not understand
/// and passes over it, so the lengths of what it found must add up.
fn parse(name: &[u8]) -> Option<X509Name<'_>> {
    let (rest, parsed) = X509Name::from_der(name).ok()?;
    let pair = |part: &AttributeTypeAndValue<'_>| {
        let oid = element_len(part.attr_type().as_bytes().len());
        element_len(oid.saturating_add(element_len(part.as_slice().len())))
    };
    let sets: usize = parsed.iter().map(|set| element_len(set.iter().map(pair).sum())).sum();
    (rest.is_empty() && element_len(sets) == name.len()).then_some(parsed)
}

/// The length of a DER element with contents of this length.
fn element_len(content: usize) -> usize {
    let octets = match content {
        0..=0x7F => 0,
        0x80..=0xFF => 1,
        0x100..=0xFFFF => 2,
        0x1_0000..=0xFF_FFFF => 3,
        _ => 4,
    };
    content.saturating_add(octets).saturating_add(2)
}

fn label(part: &AttributeTypeAndValue<'_>) -> String {
    let oid = part.attr_type().as_bytes();
    let known = LABELS.iter().find(|(known, _)| *known == oid);
    known.map_or_else(|| oid::dotted(oid), |(_, label)| (*label).to_owned())
}

fn text(part: &AttributeTypeAndValue<'_>) -> String {
    let value = part.attr_value();
    let read = match u8::try_from(value.tag().0) {
        Ok(tag::BMP_STRING) => BmpString::try_from(value).map(|text| text.string()),
        Ok(tag::UNIVERSAL_STRING) => UniversalString::try_from(value).map(|text| text.string()),
        Ok(tag::UTF8_STRING) => Ok(String::from_utf8_lossy(value.data).into_owned()),
        Ok(tag::TELETEX_STRING) => Ok(value.data.iter().copied().map(char::from).collect()),
        // Printable and IA5 strings are ASCII; what is more is often UTF-8 all the same.
        _ => Ok(String::from_utf8_lossy(value.data).into_owned()),
    };
    read.unwrap_or_else(|_| format!("#{}", oid::hex(value.data)))
}

fn escaped(text: &str) -> String {
    let last = text.chars().count().saturating_sub(1);
    let mut shown = String::with_capacity(text.len());
    for (at, character) in text.chars().enumerate() {
        match character {
            '"' | '+' | ',' | ';' | '<' | '>' | '\\' => {
                shown.push('\\');
                shown.push(character);
            }
            ' ' if at == 0 || at == last => shown.push_str("\\ "),
            '#' if at == 0 => shown.push_str("\\#"),
            hidden if is_invisible(hidden) => {
                let mut utf8 = [0; 4];
                for byte in hidden.encode_utf8(&mut utf8).bytes() {
                    // Writing to a String cannot fail.
                    let _ = write!(shown, "\\{byte:02x}");
                }
            }
            plain => shown.push(plain),
        }
    }
    shown
}

fn canonical(name: &X509Name<'_>) -> Vec<Vec<(Vec<u8>, String)>> {
    let part = |part: &AttributeTypeAndValue<'_>| {
        let lower = text(part).to_lowercase();
        let words = lower.split_whitespace().collect::<Vec<_>>().join(" ");
        (part.attr_type().as_bytes().to_vec(), words)
    };
    let sets = name.iter().map(|set| {
        let mut set = set.iter().map(part).collect::<Vec<_>>();
        set.sort();
        set
    });
    sets.collect()
}

/// Control characters, and those that reorder or hide text: a report must show what is there.
fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

/// A signer may name his issuer in BER; a name has three levels.
const NESTING: u64 = 3;

/// The name with lengths as DER wants them, which is all that the library reads.
fn definite(name: &[u8]) -> Result<Vec<u8>, Error> {
    let mut sets = Vec::new();
    let mut reader = Reader::ber(name, NESTING).expect(tag::SEQUENCE, "a name")?.reader();
    while let Some(set) = reader.next()? {
        let mut pairs = Vec::new();
        let mut inside = set.reader();
        while let Some(pair) = inside.next()? {
            pairs.extend(encode::element(pair.tag, pair.content));
        }
        sets.extend(encode::element(set.tag, &pairs));
    }
    Ok(encode::element(tag::SEQUENCE, &sets))
}

const LABELS: &[(&[u8], &str)] = &[
    (oid::COMMON_NAME, "CN"),
    (oid::SURNAME, "SN"),
    (oid::SERIAL_NUMBER, "serialNumber"),
    (oid::COUNTRY, "C"),
    (oid::LOCALITY, "L"),
    (oid::STATE, "ST"),
    (oid::STREET, "street"),
    (oid::ORGANIZATION, "O"),
    (oid::ORGANIZATIONAL_UNIT, "OU"),
    (oid::TITLE, "title"),
    (oid::GIVEN_NAME, "GN"),
    (oid::ORGANIZATION_IDENTIFIER, "organizationIdentifier"),
    (oid::DOMAIN_COMPONENT, "DC"),
    (oid::USER_ID, "UID"),
    (oid::EMAIL, "emailAddress"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::encode::{self, element, sequence};

    fn name(parts: &[(&[u8], u8, &[u8])]) -> Vec<u8> {
        let sets = parts.iter().map(|(oid, tag, value)| {
            element(tag::SET, &sequence(&[&encode::oid(oid), &element(*tag, value)]))
        });
        element(tag::SEQUENCE, &sets.collect::<Vec<_>>().concat())
    }

    #[test]
    fn the_last_component_comes_first_and_special_characters_are_escaped() {
        let bytes = name(&[
            (oid::COUNTRY, 0x13, b"CN"),
            (oid::ORGANIZATION, tag::UTF8_STRING, "甲方, 公司".as_bytes()),
            (b"\x2a\x03", 0x13, b"#x"),
            (oid::COMMON_NAME, tag::UTF8_STRING, "a\u{202E}b ".as_bytes()),
        ]);
        assert_eq!(display(&bytes), r"CN=a\e2\80\aeb\ ,1.2.3=\#x,O=甲方\, 公司,C=CN");
        assert_eq!(value_of(&bytes, oid::ORGANIZATION).unwrap(), "甲方, 公司");
        assert_eq!(value_of(&bytes, oid::EMAIL), None);
    }

    #[test]
    fn names_are_the_same_whatever_the_kind_of_string() {
        let utf8 = name(&[(oid::COMMON_NAME, tag::UTF8_STRING, b"Root  CA")]);
        let wide = name(&[(oid::COMMON_NAME, tag::BMP_STRING, b"\0r\0o\0o\0t\0 \0c\0a")]);
        let other = name(&[(oid::ORGANIZATION, tag::UTF8_STRING, b"Root CA")]);
        assert!(same(&utf8, &wide));
        assert!(!same(&utf8, &other));
    }

    #[test]
    fn a_name_that_cannot_be_read_is_shown_in_hex() {
        assert_eq!(display(&[0x30, 0x05, 1]), "#300501");
    }

    #[test]
    fn a_name_that_is_not_understood_to_its_last_byte_is_shown_in_hex() {
        let pair = |oid, value: &[u8]| sequence(&[&encode::oid(oid), &element(0x13, value)]);
        let good = pair(oid::COMMON_NAME, b"Bank");
        let extra = sequence(&[&encode::oid(oid::COMMON_NAME), &element(0x13, b"Bank"), &[5, 0]]);
        let shown = |sets: &[&[u8]]| {
            let bytes = sequence(&sets.iter().map(|set| &**set).collect::<Vec<_>>());
            assert!(same(&bytes, &bytes), "equal bytes are the same name whatever they say");
            (display(&bytes), value_of(&bytes, oid::COMMON_NAME))
        };
        let set = |contents: &[u8]| element(tag::SET, contents);
        assert_eq!(shown(&[&set(&good)]), ("CN=Bank".to_owned(), Some("Bank".to_owned())));
        for sets in [
            &[&set(&good)[..], &[0x31, 0]][..],
            &[&set(&good), &[0x30, 0]],
            &[&set(&[&good[..], &[5, 0]].concat())],
            &[&set(&extra)],
            &[&set(&[&extra[..], &good].concat())],
        ] {
            let (display, value) = shown(sets);
            assert!(display.starts_with("#30") && value.is_none(), "{sets:02x?}: {display}");
        }
    }

    #[test]
    fn lengths_that_are_not_the_shortest_are_shown_in_hex_and_compared() {
        let good = name(&[(oid::COMMON_NAME, 0x13, b"Bank")]);
        let long = [&[0x30, 0x81, good[1]], &good[2..]].concat();
        assert_eq!(display(&good), "CN=Bank");
        assert_eq!(display(&long), format!("#{}", oid::hex(&long)));
        assert!(same(&long, &good));
    }

    #[test]
    fn an_issuer_in_a_cms_may_have_indefinite_lengths() {
        let good = name(&[(oid::COMMON_NAME, 0x13, b"Bank")]);
        let pair = [&[0x30, 0x80], &good[6..], &[0, 0]].concat();
        let streamed = [&[0x30, 0x80, 0x31, 0x80], &pair[..], &[0, 0, 0, 0]].concat();
        assert!(same(&streamed, &good));
        let other = name(&[(oid::COMMON_NAME, 0x13, b"Bonk")]);
        assert!(!same(&streamed, &other));
    }

    #[test]
    fn strings_of_wide_characters_that_are_none_are_shown_in_hex() {
        let surrogate = name(&[(oid::COMMON_NAME, tag::BMP_STRING, &[0xD8, 0])]);
        assert_eq!(value_of(&surrogate, oid::COMMON_NAME).unwrap(), "#d800");
        let short = name(&[(oid::COMMON_NAME, tag::UNIVERSAL_STRING, &[0, 0, 0x4E])]);
        assert_eq!(value_of(&short, oid::COMMON_NAME).unwrap(), "#00004e");
    }
}
