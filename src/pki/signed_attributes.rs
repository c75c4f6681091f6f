//! Attributes of a signer (RFC 5652, 5.3 and 11), kept byte for byte.

use std::borrow::Cow;

use time::OffsetDateTime;

use super::asn1::{Element, tag};
use super::error::Error;
use super::{encode, oid};

/// A SET OF Attribute with an implicit tag, and the bytes it came as.
#[derive(Clone, Debug)]
pub(super) struct Attributes<'a> {
    element: Element<'a>,
    list: Vec<Attribute<'a>>,
}

/// One attribute.
#[derive(Clone, Debug)]
pub(super) struct Attribute<'a> {
    pub oid: &'a [u8],
    pub values: Vec<Element<'a>>,
    element: Element<'a>,
}

/// An attribute that occurs more than once, or without exactly one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ambiguous;

impl<'a> Attributes<'a> {
    pub fn read(element: Element<'a>) -> Result<Self, Error> {
        let mut list = Vec::new();
        let mut reader = element.reader();
        while let Some(attribute) = reader.next()? {
            if attribute.tag != tag::SEQUENCE {
                return Err(Error::malformed(attribute.offset, "an attribute"));
            }
            list.push(Attribute::read(attribute)?);
        }
        Ok(Self { element, list })
    }

    pub fn iter(&self) -> impl Iterator<Item = &Attribute<'a>> {
        self.list.iter()
    }

    /// The only value of an attribute that may occur once; none if it does not occur.
    pub fn single(&self, oid: &[u8]) -> Result<Option<Element<'a>>, Ambiguous> {
        let mut found = self.list.iter().filter(|attribute| attribute.oid == oid);
        match (found.next(), found.next()) {
            (None, _) => Ok(None),
            (Some(attribute), None) => match attribute.values[..] {
                [value] => Ok(Some(value)),
                _ => Err(Ambiguous),
            },
            (Some(_), Some(_)) => Err(Ambiguous),
        }
    }

    /// What the signature was computed over: these bytes with the tag of a SET (RFC 5652, 5.4).
    ///
    /// The bytes stay as they came, even where they are not in the order DER demands: that is what
    /// signers of such attributes hashed. Only indefinite lengths are written out, since nobody
    /// signs those.
    pub fn signed_message(&self) -> Result<Vec<u8>, Error> {
        if self.has_indefinite_lengths() {
            let parts = self.list.iter().map(|attribute| definite(&attribute.element, LEVELS));
            let parts = parts.collect::<Result<Vec<_>, _>>()?;
            return Ok(encode::element(tag::SET, &encode::set_contents(parts)));
        }
        let mut message = self.element.raw.to_vec();
        if let Some(first) = message.first_mut() {
            *first = tag::SET;
        }
        Ok(message)
    }

    /// Whether they are DER: definite lengths, sorted.
    pub fn is_der(&self) -> bool {
        let sorted = self.list.is_sorted_by(|a, b| a.element.raw <= b.element.raw);
        sorted && !self.has_indefinite_lengths()
    }

    /// The signing time (RFC 5652, 11.3), none if it is absent or malformed.
    pub fn signing_time(&self) -> Option<OffsetDateTime> {
        self.single(oid::SIGNING_TIME).ok()??.time().ok()
    }

    fn has_indefinite_lengths(&self) -> bool {
        let inside = |attribute: &Attribute<'_>| {
            attribute.element.indefinite || attribute.values.iter().any(|value| value.indefinite)
        };
        self.element.indefinite || self.list.iter().any(inside)
    }
}

impl<'a> Attribute<'a> {
    fn read(element: Element<'a>) -> Result<Self, Error> {
        let mut parts = element.reader();
        let oid = parts.expect(tag::OID, "an attribute type")?.content;
        let mut set = parts.expect(tag::SET, "attribute values")?.reader();
        parts.finish("the end of the attribute")?;
        let mut values = Vec::with_capacity(1);
        while let Some(value) = set.next()? {
            values.push(value);
        }
        Ok(Self { oid, values, element })
    }
}

/// Levels of an attribute: the issuer's name in a signing-certificate lies eleven deep.
const LEVELS: u8 = 16;

/// The same element with definite lengths, and octet strings in one piece.
fn definite(element: &Element<'_>, levels: u8) -> Result<Vec<u8>, Error> {
    if element.tag & tag::CONSTRUCTED == 0 {
        return Ok(element.raw.to_vec());
    }
    if element.tag == tag::OCTET_STRING | tag::CONSTRUCTED {
        let octets: Cow<'_, [u8]> = element.octets()?;
        return Ok(encode::octet_string(&octets));
    }
    let Some(levels) = levels.checked_sub(1) else {
        return Err(Error::TooDeep { offset: element.offset, allowed: u64::from(LEVELS) });
    };
    let mut content = Vec::with_capacity(element.content.len());
    let mut inside = element.reader();
    while let Some(part) = inside.next()? {
        content.extend_from_slice(&definite(&part, levels)?);
    }
    Ok(encode::element(element.tag, &content))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::asn1::Reader;

    fn read(bytes: &[u8]) -> Attributes<'_> {
        Attributes::read(Reader::ber(bytes, 8).next().unwrap().unwrap()).unwrap()
    }

    fn attribute(oid: &[u8], value: &[u8]) -> Vec<u8> {
        encode::sequence(&[&encode::oid(oid), &encode::element(tag::SET, value)])
    }

    #[test]
    fn only_the_tag_changes_even_when_the_order_is_wrong() {
        let second = attribute(oid::MESSAGE_DIGEST, &encode::octet_string(&[1; 32]));
        let first = attribute(oid::CONTENT_TYPE, &encode::oid(oid::DATA));
        let wrong = encode::element(0xA0, &[second.clone(), first.clone()].concat());
        let attributes = read(&wrong);
        assert!(!attributes.is_der());
        assert_eq!(attributes.signed_message().unwrap()[1..], wrong[1..]);
        assert_eq!(attributes.signed_message().unwrap()[0], 0x31);
        assert!(read(&encode::element(0xA0, &[first, second].concat())).is_der());
    }

    #[test]
    fn indefinite_lengths_are_written_out() {
        let plain = attribute(oid::MESSAGE_DIGEST, &encode::octet_string(&[1, 2]));
        let mut ber = vec![0xA0, 0x80];
        ber.extend_from_slice(&plain);
        ber.extend_from_slice(&[0, 0]);
        assert_eq!(read(&ber).signed_message().unwrap(), encode::element(tag::SET, &plain));
    }

    #[test]
    fn a_repeated_attribute_has_no_value() {
        let one = attribute(oid::CONTENT_TYPE, &encode::oid(oid::DATA));
        let twice = encode::element(0xA0, &[one.clone(), one.clone()].concat());
        assert_eq!(read(&twice).single(oid::CONTENT_TYPE).err(), Some(Ambiguous));
        let two_values = attribute(oid::CONTENT_TYPE, &[encode::NULL, encode::NULL].concat());
        let set = encode::element(0xA0, &two_values);
        assert_eq!(read(&set).single(oid::CONTENT_TYPE).err(), Some(Ambiguous));
        assert_eq!(read(&set).single(oid::SIGNING_TIME), Ok(None));
    }
}
