//! The object identifiers of the statements, each `2.25.` and a random UUID (X.667).

use der::Tag;

use super::Error;
use super::wire::{write, write_sequence};

/// The signed attribute whose one value is an [`AuthorityStatement`](super::AuthorityStatement):
/// `2.25` and the UUID `2587a4aa-9302-41aa-ab90-d40f2a19f225`.
pub const AUTHORITY_ATTRIBUTE: &str = "2.25.49885735749403739723686844043682771493";

/// The signed attribute whose one value is a list of signed grants
/// ([`encode_grants`](super::encode_grants)): `2.25` and the UUID
/// `75f6f6ff-9559-4326-bc45-6bb67b63ce82`.
pub const GRANTS_ATTRIBUTE: &str = "2.25.156801990256199842149117417715067506306";

/// The content type of a signed [`GrantStatement`](super::GrantStatement): `2.25` and the UUID
/// `a2fc66cb-7a47-4f73-b69e-3cfc7e9ca094`.
pub const GRANT_CONTENT_TYPE: &str = "2.25.216645479052447090971733677400206909588";

/// The contents of an OBJECT IDENTIFIER: `2.25` and a UUID, base 128 (X.690, 8.19).
fn content(uuid: u128) -> Vec<u8> {
    let septets = (0..19).rev().map(|index: u32| uuid >> (7 * index) & 0x7F);
    let mut septets: Vec<u8> = septets
        .filter_map(|septet| u8::try_from(septet).ok())
        .skip_while(|septet| *septet == 0)
        .collect();
    let last = septets.len().saturating_sub(1);
    septets.iter_mut().take(last).for_each(|septet| *septet |= 0x80);
    [&[2 * 40 + 25], septets.as_slice()].concat()
}

const AUTHORITY: u128 = 0x2587_A4AA_9302_41AA_AB90_D40F_2A19_F225;
const GRANTS: u128 = 0x75F6_F6FF_9559_4326_BC45_6BB6_7B63_CE82;

/// The `Attribute` (RFC 5652 §5.3) with a statement about authority as its one value.
///
/// # Errors
///
/// If the value is too long for any signature.
pub fn authority_attribute(value: &[u8]) -> Result<Vec<u8>, Error> {
    attribute(AUTHORITY, value)
}

/// The `Attribute` (RFC 5652 §5.3) with a list of signed grants as its one value.
///
/// # Errors
///
/// If the value is too long for any signature.
pub fn grants_attribute(value: &[u8]) -> Result<Vec<u8>, Error> {
    attribute(GRANTS, value)
}

fn attribute(uuid: u128, value: &[u8]) -> Result<Vec<u8>, Error> {
    let kind = write(Tag::ObjectIdentifier, &content(uuid))?;
    write_sequence(&[kind, write(Tag::Set, value)?])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_the_uuids_that_are_documented() {
        for (text, uuid) in [(AUTHORITY_ATTRIBUTE, AUTHORITY), (GRANTS_ATTRIBUTE, GRANTS)] {
            assert_eq!(text, format!("2.25.{uuid}"));
        }
        let known = 0xA2FC_66CB_7A47_4F73_B69E_3CFC_7E9C_A094_u128;
        assert_eq!(GRANT_CONTENT_TYPE, format!("2.25.{known}"));
    }

    #[test]
    fn an_attribute_byte_by_byte() {
        let bytes = authority_attribute(&[5, 0]).unwrap();
        let mut expected = vec![0x30, 25, 6, 19, 0x69];
        expected.extend([0xCB, 0x87, 0xD2, 0xAA, 0xD2, 0xB0, 0x92, 0x86, 0xD5]);
        expected.extend([0xAB, 0xC8, 0xB5, 0x81, 0xF2, 0xD0, 0xE7, 0xE4, 0x25]);
        expected.extend([0x31, 2, 5, 0]);
        assert_eq!(bytes, expected);
        // One that takes all 19 septets.
        assert_eq!(grants_attribute(&[5, 0]).unwrap()[2..6], [6, 20, 0x69, 0x81]);
    }
}
