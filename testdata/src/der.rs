//! What little of DER (X.690) time-stamps and signatures are written with.

/// Issuer and serial number of a certificate, as SignerInfo has them (RFC 5652, 10.2.4).
pub(crate) fn issuer_and_serial(certificate: &[u8]) -> Vec<u8> {
    let (certificate, _) = contents(certificate, 0x30);
    let (body, _) = contents(certificate, 0x30);
    let (_, rest) = contents(body, 0xA0); // the version
    let (_, behind) = contents(rest, 0x02);
    let serial = &rest[..rest.len() - behind.len()];
    let (_, issuer) = contents(behind, 0x30); // the algorithm
    let (_, behind) = contents(issuer, 0x30);
    sequence(&[&issuer[..issuer.len() - behind.len()], serial])
}

/// The contents of the element at the start, and what follows it.
pub(crate) fn contents(der: &[u8], tag: u8) -> (&[u8], &[u8]) {
    assert_eq!(der[0], tag, "the element that RFC 3161 or 5280 has here");
    let (len, header) = match der[1] {
        short @ 0..=0x7F => (usize::from(short), 2),
        long => {
            let octets = &der[2..2 + usize::from(long & 0x7F)];
            let len = octets.iter().fold(0, |len, octet| len << 8 | usize::from(*octet));
            (len, 2 + octets.len())
        }
    };
    der[header..].split_at(len)
}

/// An element of a tag.
pub(crate) fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let octets = content.len().to_be_bytes();
    let octets = &octets[octets.iter().take_while(|octet| **octet == 0).count()..];
    let mut der = vec![tag];
    match content.len() {
        short @ 0..=0x7F => der.push(short as u8),
        _ => {
            der.push(0x80 | octets.len() as u8);
            der.extend(octets);
        }
    }
    der.extend(content);
    der
}

/// A SEQUENCE of finished elements.
pub(crate) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    element(0x30, &parts.concat())
}

/// An OBJECT IDENTIFIER of encoded arcs.
pub(crate) fn oid(content: &[u8]) -> Vec<u8> {
    element(0x06, content)
}

/// An INTEGER of finished octets.
pub(crate) fn integer(content: &[u8]) -> Vec<u8> {
    element(0x02, content)
}
