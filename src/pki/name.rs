//! Distinguished names (RFC 5280, 4.1.2.4) as text (RFC 4514).

use std::fmt::Write as _;

use super::asn1::{Element, Reader, tag};
use super::error::Error;
use super::oid;

/// RFC 4514 text: last component first, special and invisible characters escaped. A name that
/// cannot be read is shown in hexadecimal digits after `#`.
pub(super) fn display(name: &[u8]) -> String {
    let Ok(sets) = components(name) else {
        return format!("#{}", oid::hex(name));
    };
    let shown = |set: &Vec<Component<'_>>| {
        set.iter().map(|c| format!("{}={}", c.label(), c.escaped())).collect::<Vec<_>>().join("+")
    };
    sets.iter().rev().map(shown).collect::<Vec<_>>().join(",")
}

/// The last value of one attribute type, as plain text.
pub(super) fn value_of(name: &[u8], oid: &[u8]) -> Option<String> {
    let sets = components(name).ok()?;
    sets.iter().flatten().rev().find(|component| component.oid == oid).map(Component::text)
}

/// Whether both name the same entity: equal bytes, or equal text whatever the kind of string, the
/// case and the spacing (RFC 5280, 7.1).
pub(super) fn same(left: &[u8], right: &[u8]) -> bool {
    if left == right {
        return true;
    }
    let (Ok(left), Ok(right)) = (components(left), components(right)) else { return false };
    let canonical = |sets: Vec<Vec<Component<'_>>>| {
        sets.iter()
            .map(|set| {
                let mut set =
                    set.iter().map(|c| (c.oid.to_vec(), c.canonical())).collect::<Vec<_>>();
                set.sort();
                set
            })
            .collect::<Vec<_>>()
    };
    canonical(left) == canonical(right)
}

struct Component<'a> {
    oid: &'a [u8],
    value: Element<'a>,
}

impl Component<'_> {
    fn label(&self) -> String {
        LABELS
            .iter()
            .find(|(oid, _)| *oid == self.oid)
            .map_or_else(|| oid::dotted(self.oid), |(_, label)| (*label).to_owned())
    }

    fn text(&self) -> String {
        let bytes = self.value.content;
        match self.value.tag {
            tag::BMP_STRING => {
                let units = bytes.chunks_exact(2).filter_map(|pair| <[u8; 2]>::try_from(pair).ok());
                char::decode_utf16(units.map(u16::from_be_bytes))
                    .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
                    .collect()
            }
            tag::UNIVERSAL_STRING => {
                let units = bytes.chunks_exact(4).filter_map(|four| <[u8; 4]>::try_from(four).ok());
                units
                    .map(|four| char::from_u32(u32::from_be_bytes(four)))
                    .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
                    .collect()
            }
            tag::UTF8_STRING => String::from_utf8_lossy(bytes).into_owned(),
            tag::TELETEX_STRING => bytes.iter().copied().map(char::from).collect(),
            // Printable and IA5 strings are ASCII; what is more is often UTF-8 all the same.
            _ => String::from_utf8_lossy(bytes).into_owned(),
        }
    }

    fn escaped(&self) -> String {
        let text = self.text();
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

    fn canonical(&self) -> String {
        let lower = self.text().to_lowercase();
        lower.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// Control characters, and those that reorder or hide text: a report must show what is there.
fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

/// A signer may name his issuer in BER; a name has three levels.
const NESTING: u64 = 3;

fn components(name: &[u8]) -> Result<Vec<Vec<Component<'_>>>, Error> {
    let mut sets = Vec::new();
    let mut reader = Reader::ber(name, NESTING).expect(tag::SEQUENCE, "a name")?.reader();
    while let Some(set) = reader.next()? {
        let mut members = Vec::new();
        let mut inside = set.reader();
        while let Some(pair) = inside.next()? {
            let mut pair = pair.reader();
            let oid = pair.expect(tag::OID, "an attribute type")?.content;
            members.push(Component { oid, value: pair.any("an attribute value")? });
        }
        sets.push(members);
    }
    Ok(sets)
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
}
