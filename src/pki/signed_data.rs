//! CMS SignedData (RFC 5652, 5.1) in its ContentInfo, in DER or BER.

use std::borrow::Cow;

use super::asn1::{Element, Reader, tag};
use super::certificate::Certificate;
use super::error::Error;
use super::oid;
use super::outcome::Doubt;
use super::signature_check::{SignatureCheck, SignedContent};
use super::signer_info::SignerInfo;
use crate::limits::{Limit, LimitExceeded, Limits};

/// A signed message: certificates, signers, and the content if it is inside.
///
/// To judge one: parse it, ask the signer for its digest algorithm, hash the content, and
/// [`check`](Self::check); then ask [`TrustAnchors`](super::TrustAnchors) about the certificate,
/// and look at [`tail`](Self::tail) where nothing may follow.
///
/// ```
/// use sealwright::digest::Digest;
/// use sealwright::limits::Limits;
/// use sealwright::pki::{SignedContent, SignedData};
///
/// # let cms = include_bytes!("../../testdata/pki/rsa.cms");
/// let signed = SignedData::parse(cms, &Limits::default())?;
/// let signer = signed.signer().map_err(|doubt| doubt.to_string())?;
/// let digest = Digest::of(signer.digest_algorithm().map_err(|name| name.to_string())?, b"content\n");
/// let check = signed.check(&SignedContent::Digest(&digest), &[]);
/// assert!(check.overall().is_good());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct SignedData<'a> {
    encoded_len: usize,
    tail: &'a [u8],
    content_type: &'a [u8],
    content: Option<Cow<'a, [u8]>>,
    certificates: Vec<Certificate>,
    other_certificates: usize,
    revocation: Vec<&'a [u8]>,
    signers: Vec<SignerInfo<'a>>,
}

impl<'a> SignedData<'a> {
    /// Reads the SignedData at the start of `bytes`. What follows it is the [`tail`](Self::tail).
    ///
    /// # Errors
    ///
    /// [`Error::Malformed`], [`Error::Truncated`] or [`Error::TooDeep`] with the byte where reading
    /// stopped, [`Error::NotSignedData`], or [`Error::Limit`] for too many certificates.
    pub fn parse(bytes: &'a [u8], limits: &Limits) -> Result<Self, Error> {
        let mut outer = Reader::ber(bytes, limits.depth);
        let mut info = outer.expect(tag::SEQUENCE, "a CMS ContentInfo")?.reader();
        let tail = outer.rest();
        let kind = info.expect(tag::OID, "a content type")?.content;
        if kind != oid::SIGNED_DATA {
            return Err(Error::NotSignedData { found: oid::dotted(kind) });
        }
        let explicit = info.expect(tag::context(0), "signed data")?;
        let mut parts = explicit.reader().expect(tag::SEQUENCE, "signed data")?.reader();
        parts.expect(tag::INTEGER, "a version")?;
        parts.expect(tag::SET, "digest algorithms")?;
        let (content_type, content) =
            read_content(&parts.expect(tag::SEQUENCE, "a content description")?)?;
        let certificates = parts.optional(tag::context(0))?;
        let revocation = parts.optional(tag::context(1))?;
        let signers = parts.expect(tag::SET, "signers")?;
        parts.finish("the end of the signed data")?;

        let (certificates, other_certificates) = match certificates {
            Some(set) => read_certificates(&set, limits)?,
            None => (Vec::new(), 0),
        };
        Ok(Self {
            encoded_len: outer.offset(),
            tail,
            content_type,
            content,
            certificates,
            other_certificates,
            revocation: revocation.map(|set| read_raw(&set)).transpose()?.unwrap_or_default(),
            signers: read_signers(&signers)?,
        })
    }

    /// The length of the CMS in bytes, without what follows it.
    #[must_use]
    pub fn encoded_len(&self) -> usize {
        self.encoded_len
    }

    /// The bytes after the CMS.
    #[must_use]
    pub fn tail(&self) -> &'a [u8] {
        self.tail
    }

    /// Whether nothing but zero bytes follows the CMS, as in the gap of a PDF signature.
    #[must_use]
    pub fn tail_is_zero(&self) -> bool {
        self.tail.iter().all(|byte| *byte == 0)
    }

    /// The content type, dotted: `1.2.840.113549.1.7.1` for plain data.
    #[must_use]
    pub fn content_type(&self) -> String {
        oid::dotted(self.content_type)
    }

    /// Whether the content is plain data, as PDF signatures demand.
    #[must_use]
    pub fn content_is_data(&self) -> bool {
        self.content_type == oid::DATA
    }

    /// The content, if it is inside.
    #[must_use]
    pub fn content(&self) -> Option<&[u8]> {
        self.content.as_deref()
    }

    /// The certificates that could be read, in their order.
    #[must_use]
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// How many entries among the certificates are attribute certificates, of another format, or
    /// unreadable.
    #[must_use]
    pub fn other_certificates(&self) -> usize {
        self.other_certificates
    }

    /// Revocation information (CRLs and others, RFC 5652, 10.2.1), each as it stands.
    #[must_use]
    pub fn revocation(&self) -> &[&'a [u8]] {
        &self.revocation
    }

    /// All signers.
    #[must_use]
    pub fn signers(&self) -> &[SignerInfo<'a>] {
        &self.signers
    }

    /// The only signer.
    ///
    /// # Errors
    ///
    /// [`Doubt::NotOneSigner`]: a PDF signature has exactly one.
    pub fn signer(&self) -> Result<&SignerInfo<'a>, Doubt> {
        match &self.signers[..] {
            [signer] => Ok(signer),
            others => Err(Doubt::NotOneSigner { count: others.len() }),
        }
    }

    /// The certificate of the only signer, from inside or else from `more`.
    #[must_use]
    pub fn signer_certificate<'c>(&'c self, more: &'c [Certificate]) -> Option<&'c Certificate> {
        let signer = self.signer().ok()?;
        signer.find_certificate(&self.certificates).or_else(|| signer.find_certificate(more))
    }

    /// Checks the signature of the only signer over the content: everything but trust. `more` are
    /// certificates from elsewhere, for a signer whose own is not inside.
    pub fn check(&self, content: &SignedContent<'_>, more: &[Certificate]) -> SignatureCheck {
        let signer = match self.signer() {
            Ok(signer) => signer,
            Err(doubt) => return SignatureCheck::cannot_judge(&doubt),
        };
        let content = match (content, &self.content) {
            (SignedContent::Encapsulated, Some(inside)) => SignedContent::Bytes(inside),
            (given, _) => *given,
        };
        signer.check(&content, self.content_type, self.signer_certificate(more))
    }

    pub(super) fn content_type_der(&self) -> &'a [u8] {
        self.content_type
    }
}

type Content<'a> = (&'a [u8], Option<Cow<'a, [u8]>>);

/// EncapsulatedContentInfo (RFC 5652, 5.2).
fn read_content<'a>(element: &Element<'a>) -> Result<Content<'a>, Error> {
    let mut parts = element.reader();
    let kind = parts.expect(tag::OID, "a content type")?.content;
    let Some(explicit) = parts.optional(tag::context(0))? else { return Ok((kind, None)) };
    let content = explicit.reader().any("the content")?;
    if content.tag & !tag::CONSTRUCTED == tag::OCTET_STRING {
        return Ok((kind, Some(content.octets()?)));
    }
    // PKCS #7 1.5 allows any type here, and signs its contents octets (RFC 5652, 5.2.1).
    Ok((kind, Some(Cow::Borrowed(content.content))))
}

/// CertificateSet (RFC 5652, 10.2.3): what is no X.509 certificate is counted, not refused.
fn read_certificates(
    set: &Element<'_>,
    limits: &Limits,
) -> Result<(Vec<Certificate>, usize), Error> {
    let mut certificates = Vec::new();
    let mut others = 0_usize;
    let mut count = 0_u64;
    let mut reader = set.reader();
    while let Some(element) = reader.next()? {
        count = count.saturating_add(1);
        LimitExceeded::check(Limit::Certificates, count, limits.certificates)?;
        match Certificate::from_der(element.raw) {
            Ok(certificate) if !certificates.contains(&certificate) => {
                certificates.push(certificate)
            }
            Ok(_) => {}
            Err(_) => others = others.saturating_add(1),
        }
    }
    Ok((certificates, others))
}

fn read_raw<'a>(set: &Element<'a>) -> Result<Vec<&'a [u8]>, Error> {
    let mut found = Vec::new();
    let mut reader = set.reader();
    while let Some(element) = reader.next()? {
        found.push(element.raw);
    }
    Ok(found)
}

fn read_signers<'a>(set: &Element<'a>) -> Result<Vec<SignerInfo<'a>>, Error> {
    let mut signers = Vec::new();
    let mut reader = set.reader();
    while let Some(element) = reader.next()? {
        signers.push(SignerInfo::read(&element)?);
    }
    Ok(signers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::fixtures;

    fn parse(bytes: &[u8]) -> Result<SignedData<'_>, Error> {
        SignedData::parse(bytes, &Limits::default())
    }

    #[test]
    fn what_follows_is_told_apart() {
        let mut cms = fixtures::file("rsa.cms");
        let len = cms.len();
        assert!(parse(&cms).unwrap().tail().is_empty());
        cms.extend_from_slice(&[0; 1000]);
        let signed = parse(&cms).unwrap();
        assert_eq!((signed.encoded_len(), signed.tail().len()), (len, 1000));
        assert!(signed.tail_is_zero());
        *cms.last_mut().unwrap() = 1;
        assert!(!parse(&cms).unwrap().tail_is_zero());
    }

    #[test]
    fn ber_with_indefinite_lengths_reads_like_der() {
        let stream = fixtures::file("stream.cms");
        assert_eq!(stream[..2], [0x30, 0x80], "made with an indefinite length");
        let signed = parse(&stream).unwrap();
        assert_eq!(signed.content(), Some(&b"content\n"[..]));
        assert_eq!(signed.encoded_len(), stream.len());
        assert!(signed.signer().unwrap().signing_time().is_some());
        let padded = [&stream[..], &[0; 64]].concat();
        assert_eq!(parse(&padded).unwrap().encoded_len(), stream.len());
    }

    #[test]
    fn every_cut_is_refused() {
        for file in ["rsa.cms", "stream.cms"] {
            let cms = fixtures::file(file);
            for end in 0..cms.len() {
                assert!(parse(&cms[..end]).is_err(), "{file} cut at {end}");
            }
        }
    }

    #[test]
    fn other_content_and_too_many_certificates_are_refused_by_name() {
        let other = [0x30, 0x0D, 6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 3, 0xA0, 0];
        let error = parse(&other).unwrap_err();
        assert_eq!(error, Error::NotSignedData { found: "1.2.840.113549.1.7.3".to_owned() });
        let cms = fixtures::file("p384.cms");
        assert_eq!(parse(&cms).unwrap().certificates().len(), 2);
        let limits = Limits { certificates: 1, ..Limits::default() };
        assert_eq!(SignedData::parse(&cms, &limits).unwrap_err().code(), "pki.limit");
    }

    #[test]
    fn two_signers_are_counted() {
        let cms = fixtures::file("two.cms");
        let signed = parse(&cms).unwrap();
        assert_eq!(signed.signer().unwrap_err(), Doubt::NotOneSigner { count: 2 });
        assert_eq!(signed.signer_certificate(&[]), None);
    }
}
