//! Object identifiers, as their DER content octets.

/// Dotted decimal notation; what cannot be read that way in hexadecimal digits.
pub(super) fn dotted(content: &[u8]) -> String {
    let mut arcs: Vec<u128> = Vec::new();
    let mut arc = 0_u128;
    let mut complete = false;
    for byte in content {
        let Some(shifted) = arc.checked_mul(128) else { return hex(content) };
        arc = shifted | u128::from(byte & 0x7F);
        complete = byte & 0x80 == 0;
        if complete {
            if arcs.is_empty() {
                let first = (arc / 40).min(2);
                arcs.push(first);
                arcs.push(arc.saturating_sub(first.saturating_mul(40)));
            } else {
                arcs.push(arc);
            }
            arc = 0;
        }
    }
    if !complete {
        return hex(content);
    }
    arcs.iter().map(u128::to_string).collect::<Vec<_>>().join(".")
}

/// The content octets of an identifier in dotted decimal notation, in its only spelling.
pub(super) fn from_dotted(text: &str) -> Option<Vec<u8>> {
    let mut arcs = text.split('.').map(|arc| arc.parse::<u128>().ok());
    let (first, second) = (arcs.next()??, arcs.next()??);
    if first > 2 || first < 2 && second > 39 {
        return None;
    }
    let mut content = Vec::new();
    push_arc(&mut content, second.checked_add(first * 40)?);
    for arc in arcs {
        push_arc(&mut content, arc?);
    }
    (dotted(&content) == text).then_some(content)
}

/// Base 128, the highest septet first (X.690, 8.19.2).
fn push_arc(content: &mut Vec<u8>, arc: u128) {
    let septets = (0..19).rev().map(|index: u32| (index, arc >> (7 * index)));
    for (index, rest) in septets.filter(|(index, rest)| *index == 0 || *rest > 0) {
        let septet = u8::try_from(rest & 0x7F).unwrap_or(0);
        content.push(if index == 0 { septet } else { septet | 0x80 });
    }
}

/// Lower-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

macro_rules! oids {
    ($($(#[$doc:meta])* $name:ident = $dotted:literal $bytes:literal;)*) => {
        $($(#[$doc])* pub(super) const $name: &[u8] = $bytes;)*

        #[cfg(test)]
        const ALL: &[(&str, &[u8])] = &[$(($dotted, $bytes)),*];
    };
}

oids! {
    // Content types: RFC 5652, RFC 3161.
    DATA = "1.2.840.113549.1.7.1" b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01";
    SIGNED_DATA = "1.2.840.113549.1.7.2" b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";
    TST_INFO = "1.2.840.113549.1.9.16.1.4" b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x04";

    // Attributes: RFC 5652, 11; RFC 5035; RFC 6211; RFC 3161, appendix A.
    CONTENT_TYPE = "1.2.840.113549.1.9.3" b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x03";
    MESSAGE_DIGEST = "1.2.840.113549.1.9.4" b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x04";
    SIGNING_TIME = "1.2.840.113549.1.9.5" b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x05";
    ALGORITHM_PROTECTION = "1.2.840.113549.1.9.52" b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x34";
    SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.12" b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x02\x0c";
    SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47" b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x02\x2f";
    TIMESTAMP_TOKEN = "1.2.840.113549.1.9.16.2.14" b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x02\x0e";

    // Digests.
    SHA1 = "1.3.14.3.2.26" b"\x2b\x0e\x03\x02\x1a";
    SHA224 = "2.16.840.1.101.3.4.2.4" b"\x60\x86\x48\x01\x65\x03\x04\x02\x04";
    SHA256 = "2.16.840.1.101.3.4.2.1" b"\x60\x86\x48\x01\x65\x03\x04\x02\x01";
    SHA384 = "2.16.840.1.101.3.4.2.2" b"\x60\x86\x48\x01\x65\x03\x04\x02\x02";
    SHA512 = "2.16.840.1.101.3.4.2.3" b"\x60\x86\x48\x01\x65\x03\x04\x02\x03";
    SHA512_256 = "2.16.840.1.101.3.4.2.6" b"\x60\x86\x48\x01\x65\x03\x04\x02\x06";
    SHA3_224 = "2.16.840.1.101.3.4.2.7" b"\x60\x86\x48\x01\x65\x03\x04\x02\x07";
    SHA3_256 = "2.16.840.1.101.3.4.2.8" b"\x60\x86\x48\x01\x65\x03\x04\x02\x08";
    SHA3_384 = "2.16.840.1.101.3.4.2.9" b"\x60\x86\x48\x01\x65\x03\x04\x02\x09";
    SHA3_512 = "2.16.840.1.101.3.4.2.10" b"\x60\x86\x48\x01\x65\x03\x04\x02\x0a";
    SHAKE256 = "2.16.840.1.101.3.4.2.12" b"\x60\x86\x48\x01\x65\x03\x04\x02\x0c";
    SHAKE256_LEN = "2.16.840.1.101.3.4.2.18" b"\x60\x86\x48\x01\x65\x03\x04\x02\x12";
    MD5 = "1.2.840.113549.2.5" b"\x2a\x86\x48\x86\xf7\x0d\x02\x05";
    RIPEMD160 = "1.3.36.3.2.1" b"\x2b\x24\x03\x02\x01";
    SM3 = "1.2.156.10197.1.401" b"\x2a\x81\x1c\xcf\x55\x01\x83\x11";

    // Signatures and keys.
    RSA = "1.2.840.113549.1.1.1" b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01";
    RSA_MD5 = "1.2.840.113549.1.1.4" b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x04";
    RSA_SHA1 = "1.2.840.113549.1.1.5" b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x05";
    MGF1 = "1.2.840.113549.1.1.8" b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x08";
    RSA_PSS = "1.2.840.113549.1.1.10" b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a";
    RSA_SHA256 = "1.2.840.113549.1.1.11" b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b";
    RSA_SHA384 = "1.2.840.113549.1.1.12" b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0c";
    RSA_SHA512 = "1.2.840.113549.1.1.13" b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0d";
    RSA_SHA224 = "1.2.840.113549.1.1.14" b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0e";
    RSA_SHA3_224 = "2.16.840.1.101.3.4.3.13" b"\x60\x86\x48\x01\x65\x03\x04\x03\x0d";
    RSA_SHA3_256 = "2.16.840.1.101.3.4.3.14" b"\x60\x86\x48\x01\x65\x03\x04\x03\x0e";
    RSA_SHA3_384 = "2.16.840.1.101.3.4.3.15" b"\x60\x86\x48\x01\x65\x03\x04\x03\x0f";
    RSA_SHA3_512 = "2.16.840.1.101.3.4.3.16" b"\x60\x86\x48\x01\x65\x03\x04\x03\x10";
    RSA_SHA1_OIW = "1.3.14.3.2.29" b"\x2b\x0e\x03\x02\x1d";
    EC = "1.2.840.10045.2.1" b"\x2a\x86\x48\xce\x3d\x02\x01";
    ECDSA_SHA1 = "1.2.840.10045.4.1" b"\x2a\x86\x48\xce\x3d\x04\x01";
    ECDSA_SHA224 = "1.2.840.10045.4.3.1" b"\x2a\x86\x48\xce\x3d\x04\x03\x01";
    ECDSA_SHA256 = "1.2.840.10045.4.3.2" b"\x2a\x86\x48\xce\x3d\x04\x03\x02";
    ECDSA_SHA384 = "1.2.840.10045.4.3.3" b"\x2a\x86\x48\xce\x3d\x04\x03\x03";
    ECDSA_SHA512 = "1.2.840.10045.4.3.4" b"\x2a\x86\x48\xce\x3d\x04\x03\x04";
    ECDSA_SHA3_224 = "2.16.840.1.101.3.4.3.9" b"\x60\x86\x48\x01\x65\x03\x04\x03\x09";
    ECDSA_SHA3_256 = "2.16.840.1.101.3.4.3.10" b"\x60\x86\x48\x01\x65\x03\x04\x03\x0a";
    ECDSA_SHA3_384 = "2.16.840.1.101.3.4.3.11" b"\x60\x86\x48\x01\x65\x03\x04\x03\x0b";
    ECDSA_SHA3_512 = "2.16.840.1.101.3.4.3.12" b"\x60\x86\x48\x01\x65\x03\x04\x03\x0c";
    ED25519 = "1.3.101.112" b"\x2b\x65\x70";
    ED448 = "1.3.101.113" b"\x2b\x65\x71";
    DSA = "1.2.840.10040.4.1" b"\x2a\x86\x48\xce\x38\x04\x01";
    DSA_SHA1 = "1.2.840.10040.4.3" b"\x2a\x86\x48\xce\x38\x04\x03";
    DSA_SHA256 = "2.16.840.1.101.3.4.3.2" b"\x60\x86\x48\x01\x65\x03\x04\x03\x02";
    SM2_SM3 = "1.2.156.10197.1.501" b"\x2a\x81\x1c\xcf\x55\x01\x83\x75";
    SM2_SIGN = "1.2.156.10197.1.301.1" b"\x2a\x81\x1c\xcf\x55\x01\x82\x2d\x01";
    PLAIN_ECDSA = "0.4.0.127.0.7.1.1.4.1" b"\x04\x00\x7f\x00\x07\x01\x01\x04\x01";
    ML_DSA_44 = "2.16.840.1.101.3.4.3.17" b"\x60\x86\x48\x01\x65\x03\x04\x03\x11";
    ML_DSA_65 = "2.16.840.1.101.3.4.3.18" b"\x60\x86\x48\x01\x65\x03\x04\x03\x12";
    ML_DSA_87 = "2.16.840.1.101.3.4.3.19" b"\x60\x86\x48\x01\x65\x03\x04\x03\x13";

    // Curves.
    P256 = "1.2.840.10045.3.1.7" b"\x2a\x86\x48\xce\x3d\x03\x01\x07";
    P384 = "1.3.132.0.34" b"\x2b\x81\x04\x00\x22";
    P521 = "1.3.132.0.35" b"\x2b\x81\x04\x00\x23";
    SECP256K1 = "1.3.132.0.10" b"\x2b\x81\x04\x00\x0a";
    SM2 = "1.2.156.10197.1.301" b"\x2a\x81\x1c\xcf\x55\x01\x82\x2d";
    /// The arc of all brainpool curves.
    BRAINPOOL = "1.3.36.3.3.2.8.1.1" b"\x2b\x24\x03\x03\x02\x08\x01\x01";

    // Certificate extensions: RFC 5280, 4.2.1.
    SUBJECT_KEY_ID = "2.5.29.14" b"\x55\x1d\x0e";
    KEY_USAGE = "2.5.29.15" b"\x55\x1d\x0f";
    BASIC_CONSTRAINTS = "2.5.29.19" b"\x55\x1d\x13";
    AUTHORITY_KEY_ID = "2.5.29.35" b"\x55\x1d\x23";
    EXTENDED_KEY_USAGE = "2.5.29.37" b"\x55\x1d\x25";

    // Extensions of revocation lists: RFC 5280, 5.2; a kind of OCSP response: RFC 6960, 4.2.1.
    DELTA_CRL_INDICATOR = "2.5.29.27" b"\x55\x1d\x1b";
    ISSUING_DISTRIBUTION_POINT = "2.5.29.28" b"\x55\x1d\x1c";
    OCSP_BASIC = "1.3.6.1.5.5.7.48.1.1" b"\x2b\x06\x01\x05\x05\x07\x30\x01\x01";

    // Key purposes.
    ANY_PURPOSE = "2.5.29.37.0" b"\x55\x1d\x25\x00";
    SERVER_AUTH = "1.3.6.1.5.5.7.3.1" b"\x2b\x06\x01\x05\x05\x07\x03\x01";
    CLIENT_AUTH = "1.3.6.1.5.5.7.3.2" b"\x2b\x06\x01\x05\x05\x07\x03\x02";
    CODE_SIGNING = "1.3.6.1.5.5.7.3.3" b"\x2b\x06\x01\x05\x05\x07\x03\x03";
    EMAIL_PROTECTION = "1.3.6.1.5.5.7.3.4" b"\x2b\x06\x01\x05\x05\x07\x03\x04";
    TIME_STAMPING = "1.3.6.1.5.5.7.3.8" b"\x2b\x06\x01\x05\x05\x07\x03\x08";
    OCSP_SIGNING = "1.3.6.1.5.5.7.3.9" b"\x2b\x06\x01\x05\x05\x07\x03\x09";
    DOCUMENT_SIGNING = "1.3.6.1.5.5.7.3.36" b"\x2b\x06\x01\x05\x05\x07\x03\x24";
    ADOBE_DOCUMENT_SIGNING = "1.2.840.113583.1.1.5" b"\x2a\x86\x48\x86\xf7\x2f\x01\x01\x05";
    MICROSOFT_DOCUMENT_SIGNING = "1.3.6.1.4.1.311.10.3.12" b"\x2b\x06\x01\x04\x01\x82\x37\x0a\x03\x0c";

    // Names: X.520, RFC 4519, PKCS #9.
    COMMON_NAME = "2.5.4.3" b"\x55\x04\x03";
    SURNAME = "2.5.4.4" b"\x55\x04\x04";
    SERIAL_NUMBER = "2.5.4.5" b"\x55\x04\x05";
    COUNTRY = "2.5.4.6" b"\x55\x04\x06";
    LOCALITY = "2.5.4.7" b"\x55\x04\x07";
    STATE = "2.5.4.8" b"\x55\x04\x08";
    STREET = "2.5.4.9" b"\x55\x04\x09";
    ORGANIZATION = "2.5.4.10" b"\x55\x04\x0a";
    ORGANIZATIONAL_UNIT = "2.5.4.11" b"\x55\x04\x0b";
    TITLE = "2.5.4.12" b"\x55\x04\x0c";
    GIVEN_NAME = "2.5.4.42" b"\x55\x04\x2a";
    ORGANIZATION_IDENTIFIER = "2.5.4.97" b"\x55\x04\x61";
    DOMAIN_COMPONENT = "0.9.2342.19200300.100.1.25" b"\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x19";
    USER_ID = "0.9.2342.19200300.100.1.1" b"\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x01";
    EMAIL = "1.2.840.113549.1.9.1" b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_constant_is_what_its_dotted_form_says() {
        for (text, bytes) in ALL {
            assert_eq!(dotted(bytes), *text);
        }
    }

    #[test]
    fn what_is_no_identifier_is_shown_in_hex() {
        assert_eq!(dotted(b"\x2a\x86"), "2a86");
        assert_eq!(dotted(&[0xFF; 40]), "ff".repeat(40));
    }

    #[test]
    fn dotted_notation_is_read_in_its_only_spelling() {
        for text in ["1.2.840.113549.1.7.1", "2.25.0", "2.999.1", "0.4.0.19122.1.1"] {
            assert_eq!(dotted(&from_dotted(text).unwrap()), text);
        }
        let uuid = format!("2.25.{}", u128::MAX);
        assert_eq!(dotted(&from_dotted(&uuid).unwrap()), uuid);
        for text in ["", "1", "3.1", "1.40", "1.2.", "1.02", "1.+2", "1.-2", "a.b"] {
            assert_eq!(from_dotted(text), None, "{text}");
        }
    }
}
