//! What a document carries so that its signatures can be judged for long (EN 319 142-1, 6.3).

use super::certificate::Certificate;
use super::error::Error;
use super::name;
use super::ocsp_response::OcspResponse;
use super::path_signature::Strength;
use super::revocation_list::RevocationList;
use super::trust_anchors::TrustAnchors;
use crate::limits::{Limits, Meter};

/// Certificates, OCSP responses (RFC 6960) and revocation lists (RFC 5280, 5) from one place.
///
/// Whether a signature has validation data is asked here, and not what the data says: a certificate
/// that a list names as revoked is one about which there is data.
///
/// ```
/// use sealwright::limits::{Limit, Meter};
/// use sealwright::pki::{Certificate, TrustAnchors, ValidationData};
///
/// # let signer = Certificate::from_pem(include_bytes!("../../testdata/pki/rsa.crt"))?;
/// # let root = Certificate::from_pem(include_bytes!("../../testdata/pki/ca.crt"))?;
/// let work = Meter::new(Limit::PathSteps, 128);
/// let mut data = ValidationData::default();
/// data.add_certificate(root);
/// assert!(!data.covers(&signer, &[], &TrustAnchors::none(), &work), "no word on revocation");
/// assert!(data.add_revocation_list(b"no list").is_err());
/// # Ok::<(), sealwright::pki::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct ValidationData {
    certificates: Vec<Certificate>,
    responses: Vec<OcspResponse>,
    lists: Vec<RevocationList>,
}

/// The signer, six authorities and the anchor, as for paths that are validated.
const LONGEST_PATH: usize = 8;

impl ValidationData {
    /// Adds a certificate.
    pub fn add_certificate(&mut self, certificate: Certificate) {
        self.certificates.push(certificate);
    }

    /// Adds a DER OCSPResponse.
    ///
    /// # Errors
    ///
    /// [`Error::Malformed`] or [`Error::Truncated`], also for a response that says that there is
    /// none; [`Error::Limit`] for one with more answers or certificates than
    /// [`Limits::certificates`].
    pub fn add_ocsp_response(&mut self, der: &[u8], limits: &Limits) -> Result<(), Error> {
        self.responses.push(OcspResponse::from_der(der, limits)?);
        Ok(())
    }

    /// Adds a DER CertificateList.
    ///
    /// # Errors
    ///
    /// [`Error::Malformed`] or [`Error::Truncated`].
    pub fn add_revocation_list(&mut self, der: &[u8]) -> Result<(), Error> {
        self.lists.push(RevocationList::from_der(der)?);
        Ok(())
    }

    /// Whether it has, with the `others` that came with a signature, a path of certificates from this
    /// one to one of its own issuing or to an anchor, and for every certificate on the path an OCSP
    /// response or a revocation list of its issuer, or of a responder that the issuer certified.
    ///
    /// A signature that cannot be judged shows nothing. Neither validity nor freshness are looked at.
    /// Every signature that is verified spends one of `work`; when that is used up, the answer is no.
    #[must_use]
    pub fn covers(
        &self,
        certificate: &Certificate,
        others: &[Certificate],
        anchors: &TrustAnchors,
        work: &Meter,
    ) -> bool {
        Walk { data: self, others, anchors, work }.reaches_an_end(certificate, LONGEST_PATH)
    }

    fn has_word_on(&self, certificate: &Certificate, issuer: &Certificate, work: &Meter) -> bool {
        self.responses.iter().any(|response| response.answers_for(certificate, issuer, work))
            || self.lists.iter().any(|list| list.is_about(certificate, issuer, work))
    }
}

/// A way up, towards an anchor.
struct Walk<'w> {
    data: &'w ValidationData,
    others: &'w [Certificate],
    anchors: &'w TrustAnchors,
    work: &'w Meter,
}

impl Walk<'_> {
    fn reaches_an_end(&self, certificate: &Certificate, steps: usize) -> bool {
        if self.anchors.contains(certificate) || is_root(certificate) {
            return true;
        }
        let Some(steps) = steps.checked_sub(1) else { return false };
        let known = self.anchors.certificates().iter().chain(self.others);
        let mut issuers = known
            .chain(&self.data.certificates)
            .filter(|issuer| name::same(issuer.subject_der(), certificate.issuer_der()));
        issuers.any(|issuer| {
            self.work.spend(1).is_ok()
                && certificate.is_signed_by(issuer, Strength::STRONG_ONLY)
                && self.data.has_word_on(certificate, issuer, self.work)
                && self.reaches_an_end(issuer, steps)
        })
    }
}

/// Whether it stands above all others: its own name issued it, and no other key of that name.
fn is_root(certificate: &Certificate) -> bool {
    let extensions = certificate.extensions();
    let of_another = extensions
        .authority_key_id()
        .is_some_and(|issuer| extensions.subject_key_id().is_some_and(|own| own != issuer));
    certificate.is_self_issued() && !of_another
}

#[cfg(test)]
mod tests {
    use sealwright_testdata::pki::{KeyType, Validity, identity};
    use sealwright_testdata::revocation::{Authority, Status, list, response};

    use super::*;
    use crate::limits::{Limit, Limits};
    use crate::pki::fixtures;

    /// Whether data about the test signer is complete with these two.
    fn is_complete(ocsp: &[u8], crl: &[u8], work: u64) -> bool {
        let identity = identity(KeyType::P256, Validity::around(fixtures::now()));
        let certificate = |der: &[u8]| Certificate::from_der(der).unwrap();
        let mut data = ValidationData::default();
        data.add_certificate(certificate(&identity.root_der));
        let _ = data.add_ocsp_response(ocsp, &Limits::default());
        let _ = data.add_revocation_list(crl);
        let others = [certificate(&identity.chain[0])];
        let signer = certificate(&identity.certificate_der);
        data.covers(&signer, &others, &TrustAnchors::none(), &Meter::new(Limit::PathSteps, work))
    }

    fn both() -> (Vec<u8>, Vec<u8>) {
        let identity = identity(KeyType::P256, Validity::around(fixtures::now()));
        let ocsp = response(Authority::Intermediate, &identity, Status::Good);
        (ocsp, list(Authority::Root, &identity, &[]))
    }

    #[test]
    fn every_cut_is_refused_and_so_is_a_tail() {
        let (ocsp, crl) = both();
        assert!(is_complete(&ocsp, &crl, 4));
        let limits = Limits::default();
        let mut data = ValidationData::default();
        for end in 0..ocsp.len() {
            assert!(data.add_ocsp_response(&ocsp[..end], &limits).is_err(), "cut at {end}");
        }
        for end in 0..crl.len() {
            assert!(data.add_revocation_list(&crl[..end]).is_err(), "cut at {end}");
        }
        assert!(data.add_ocsp_response(&[&ocsp[..], &[0]].concat(), &limits).is_err());
        assert!(data.add_revocation_list(&[&crl[..], &[0]].concat()).is_err());
    }

    /// Up to its end, which is the signature, every byte of a list is signed; so is every byte of a
    /// response but those around the answers.
    #[test]
    fn no_flipped_byte_of_what_is_signed_goes_unseen() {
        let (ocsp, crl) = both();
        for at in 4..crl.len() - 256 - 20 {
            let mut crl = crl.clone();
            crl[at] ^= 1;
            assert!(!is_complete(&ocsp, &crl, 4), "byte {at} of the list");
        }
        // Seven headers stand before the answers.
        for at in 34..ocsp.len() - 256 - 20 {
            let mut ocsp = ocsp.clone();
            ocsp[at] ^= 1;
            assert!(!is_complete(&ocsp, &crl, 4), "byte {at} of the response");
        }
    }

    #[test]
    fn every_signature_is_paid_for() {
        let (ocsp, crl) = both();
        for work in 0..4 {
            assert!(!is_complete(&ocsp, &crl, work), "{work} do not suffice");
        }
    }

    #[test]
    fn more_answers_than_certificates_are_refused() {
        let (ocsp, _) = both();
        let limits = Limits { certificates: 0, ..Limits::default() };
        let refused = ValidationData::default().add_ocsp_response(&ocsp, &limits);
        assert!(
            matches!(refused, Err(Error::Limit(exceeded)) if exceeded.limit == Limit::Certificates)
        );
    }
}
