//! Parsers and judges of `pki`, fed with anything.

use sealwright::digest::{Digest, DigestAlgorithm};
use sealwright::limits::Limits;
use sealwright::pki::{
    BareSignature, Certificate, PrivateKey, Purpose, SignatureAlgorithm, SignedContent, SignedData,
    TimestampToken, TrustAnchors,
};

/// Reads a certificate, in PEM or DER; what reads once reads again as the same.
pub fn certificate(data: &[u8]) {
    for certificate in Certificate::chain_from_pem(data).unwrap_or_default() {
        let again = Certificate::from_der(certificate.as_der()).expect("it was read before");
        assert_eq!(again.subject(), certificate.subject());
        let _ = (certificate.issuer(), certificate.common_name(), certificate.serial());
        let _ = (certificate.key_usage(), certificate.purposes(), certificate.key_algorithm());
        let _ = (certificate.is_authority(), certificate.is_self_signed());
    }
}

/// Reads a CMS, judges its signature, and asks for a path to its last certificate.
pub fn signed_data(data: &[u8]) {
    let limits = Limits::default();
    let Ok(signed) = SignedData::parse(data, &limits) else { return };
    assert_eq!(signed.encoded_len() + signed.tail().len(), data.len());
    let digest = Digest::of(DigestAlgorithm::Sha256, b"content\n");
    let contents =
        [SignedContent::Digest(&digest), SignedContent::Bytes(data), SignedContent::Encapsulated];
    for content in contents {
        let _ = signed.check(&content, &[]).overall();
    }
    for signer in signed.signers() {
        let _ = (signer.signed_attribute_types(), signer.unsigned_attribute_types());
        signer.timestamp_tokens().into_iter().for_each(timestamp_token);
    }
    if let [signer, .., anchor] = signed.certificates() {
        let anchors = TrustAnchors::from_certificates(vec![anchor.clone()]);
        let at = signer.not_before();
        let path =
            anchors.validate(signer, signed.certificates(), at, Purpose::DocumentSigning, &limits);
        assert!(path.signature_checks <= limits.path_steps);
    }
}

/// Reads a time-stamp token and checks it.
pub fn timestamp_token(data: &[u8]) {
    if let Ok(token) = TimestampToken::parse(data, &Limits::default()) {
        let _ = (token.time(), token.policy(), token.serial());
        let _ = token.check(&Digest::of(DigestAlgorithm::Sha256, b"content\n"), &[]).overall();
    }
}

/// Reads a bare signature and checks it under a certificate of the same data.
pub fn bare_signature(data: &[u8]) {
    if let Ok(signature) = BareSignature::parse(data, &Limits::default())
        && let Ok(certificate) = Certificate::from_der(signature.tail())
    {
        let _ = signature.check(&certificate, b"content");
    }
}

/// Reads a private key; what reads can sign.
pub fn private_key(data: &[u8]) {
    if let Ok(key) = PrivateKey::parse(data) {
        let _ = key.sign(key.default_algorithm(), b"message");
    }
}

/// Reads an algorithm identifier; what reads is written the same or an equivalent way.
pub fn signature_algorithm(data: &[u8]) {
    if let Ok(algorithm) = SignatureAlgorithm::from_der(data) {
        assert_eq!(SignatureAlgorithm::from_der(&algorithm.to_der()), Ok(algorithm));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every fixture, with bits flipped, bytes exchanged and cut, from a fixed seed.
    #[test]
    fn mutated_fixtures() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../testdata/pki");
        let mut seed = 0x5EA1_u64;
        let mut random = move |below: usize| {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(seed >> 33).unwrap() % below.max(1)
        };
        let mut files = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let original = std::fs::read(entry.unwrap().path()).unwrap();
            files += 1;
            for _ in 0..60 {
                let mut data = original.clone();
                for _ in 0..=random(3) {
                    let at = random(data.len());
                    match random(4) {
                        0 => data[at] ^= 1 << random(8),
                        1 => data[at] = u8::try_from(random(256)).unwrap(),
                        2 => data.truncate(at.max(1)),
                        _ => data.insert(at, 0x80),
                    }
                }
                for function in [
                    certificate,
                    signed_data,
                    timestamp_token,
                    bare_signature,
                    private_key,
                    signature_algorithm,
                ] {
                    function(&data);
                }
            }
        }
        assert!(files > 40, "the fixtures are there");
    }
}
