//! The certificates that a host trusts.

use time::OffsetDateTime;

use super::algorithm_policy::AlgorithmPolicy;
use super::certificate::Certificate;
use super::error::Error;
use super::path::{PathValidation, Purpose};
use super::path_building;
use super::path_signature::Strength;
use crate::limits::Limits;

/// The certificates that a host trusts.
///
/// Each may be a root, an intermediate authority, or a signer's own certificate ("trusted directly").
/// An anchor is trusted as a name and a key: its own validity and constraints on its use as an
/// authority are the host's affair, as RFC 5280, 6.1.1 has it.
///
/// ```
/// use sealwright::limits::Limits;
/// use sealwright::pki::{Certificate, PathStatus, Purpose, TrustAnchors};
/// use time::OffsetDateTime;
///
/// # let ca = include_bytes!("../../testdata/pki/ca.crt");
/// # let signer = Certificate::from_pem(include_bytes!("../../testdata/pki/rsa.crt"))?;
/// let anchors = TrustAnchors::from_pem(ca)?;
/// let at = OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap();
/// let path = anchors.validate(&signer, &[], at, Purpose::DocumentSigning, &Limits::default());
/// assert_eq!(path.status, PathStatus::Trusted);
/// assert_eq!(path.chain.len(), 2);
/// # Ok::<(), sealwright::pki::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct TrustAnchors {
    certificates: Vec<Certificate>,
}

impl TrustAnchors {
    /// Trusts nobody.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Trusts these certificates.
    #[must_use]
    pub fn from_certificates(certificates: Vec<Certificate>) -> Self {
        Self { certificates }
    }

    /// Trusts every `CERTIFICATE` block of a PEM text, or one DER certificate.
    ///
    /// # Errors
    ///
    /// As [`Certificate::chain_from_pem`].
    pub fn from_pem(text: &[u8]) -> Result<Self, Error> {
        Ok(Self { certificates: Certificate::chain_from_pem(text)? })
    }

    /// Trusts one certificate more.
    pub fn add(&mut self, certificate: Certificate) {
        if !self.contains(&certificate) {
            self.certificates.push(certificate);
        }
    }

    /// Whether exactly this certificate is trusted.
    #[must_use]
    pub fn contains(&self, certificate: &Certificate) -> bool {
        self.certificates.contains(certificate)
    }

    /// The trusted certificates.
    #[must_use]
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// Whether nobody is trusted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.certificates.is_empty()
    }

    /// Looks for a path from `signer` over `others` to an anchor, and validates it at the given
    /// time. `others` may hold anything; what does not help is left aside.
    ///
    /// Signatures with algorithms that are weak today are no path, whatever the time: see
    /// [`under`](Self::under). Revocation is not part of it.
    pub fn validate(
        &self,
        signer: &Certificate,
        others: &[Certificate],
        at: OffsetDateTime,
        purpose: Purpose,
        limits: &Limits,
    ) -> PathValidation {
        self.under(&AlgorithmPolicy::strong_only()).validate(signer, others, at, purpose, limits)
    }

    /// The same certificates under a policy that says until when algorithms prove something.
    ///
    /// ```
    /// use sealwright::limits::Limits;
    /// use sealwright::pki::{AlgorithmPolicy, Certificate, PathStatus, Purpose, TrustAnchors};
    /// use time::OffsetDateTime;
    ///
    /// # let ca = include_bytes!("../../testdata/pki/ca.crt");
    /// # let signer = Certificate::from_pem(include_bytes!("../../testdata/pki/rsa.crt"))?;
    /// let anchors = TrustAnchors::from_pem(ca)?;
    /// let policy = AlgorithmPolicy::default();
    /// let at = OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap();
    /// let path =
    ///     anchors.under(&policy).validate(&signer, &[], at, Purpose::DocumentSigning, &Limits::default());
    /// assert_eq!(path.status, PathStatus::Trusted);
    /// # Ok::<(), sealwright::pki::Error>(())
    /// ```
    #[must_use]
    pub fn under<'a>(&'a self, policy: &'a AlgorithmPolicy) -> AnchorsUnder<'a> {
        AnchorsUnder { anchors: self, policy }
    }
}

/// Trusted certificates under a policy for algorithms. Made by [`TrustAnchors::under`].
#[derive(Clone, Copy, Debug)]
pub struct AnchorsUnder<'a> {
    anchors: &'a TrustAnchors,
    policy: &'a AlgorithmPolicy,
}

impl AnchorsUnder<'_> {
    /// As [`TrustAnchors::validate`], but what was signed with weak algorithms counts if the policy says
    /// that they were strong at the given time. So that time must be *shown*: now, or by a time-stamp; not
    /// what somebody claims.
    pub fn validate(
        &self,
        signer: &Certificate,
        others: &[Certificate],
        at: OffsetDateTime,
        purpose: Purpose,
        limits: &Limits,
    ) -> PathValidation {
        let strength = Strength { policy: self.policy, at };
        path_building::validate(
            &self.anchors.certificates,
            signer,
            others,
            strength,
            purpose,
            limits,
        )
    }
}
