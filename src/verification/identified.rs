//! Who signed, and whether a path leads from there to somebody the host trusts (RFC 5280 §6).

use std::cell::RefCell;

use time::OffsetDateTime;

use crate::instant::rfc3339;
use crate::limits::Limits;
use crate::pki::{
    AlgorithmPolicy, AlgorithmTime, AlgorithmUse, Certificate, PathStatus, Purpose, TrustAnchors,
    WeakAlgorithm,
};
use crate::report::{Code, Finding, Identity, IdentityStatus};

/// Whom the host trusts, and at what time it asks.
pub(super) struct Trust<'t> {
    anchors: Option<(&'t TrustAnchors, OffsetDateTime)>,
    policy: &'t AlgorithmPolicy,
    limits: &'t Limits,
    /// Answers already given: documents are often signed by one party several times.
    known: RefCell<Vec<Answer>>,
}

struct Answer {
    certificate: Certificate,
    at: OffsetDateTime,
    purpose: Purpose,
    status: PathStatus,
}

impl<'t> Trust<'t> {
    /// `anchors` with the time of asking; none if trust is not asked for.
    pub(super) fn new(
        anchors: Option<(&'t TrustAnchors, OffsetDateTime)>,
        policy: &'t AlgorithmPolicy,
        limits: &'t Limits,
    ) -> Self {
        Self { anchors, policy, limits, known: RefCell::new(Vec::new()) }
    }

    /// Whether trust is asked for at all.
    pub(super) fn is_asked(&self) -> bool {
        self.anchors.is_some()
    }

    /// What algorithms prove of something that is shown to have been there at a time, by default now. A
    /// time that nobody was asked to trust shows nothing.
    pub(super) fn weigh(
        &self,
        used: &[AlgorithmUse],
        shown: Option<OffsetDateTime>,
    ) -> Result<Option<AlgorithmTime>, WeakAlgorithm> {
        let at = self.anchors.map(|(_, now)| shown.unwrap_or(now));
        self.policy.judge(used, at)
    }

    /// Whether the certificate is trusted at `at`, by default now; none if nobody asked.
    pub(super) fn path(
        &self,
        certificate: &Certificate,
        others: &[Certificate],
        at: Option<OffsetDateTime>,
        purpose: Purpose,
    ) -> Option<PathStatus> {
        let (anchors, now) = self.anchors?;
        let at = at.unwrap_or(now);
        let same = |answer: &&Answer| {
            answer.at == at && answer.purpose == purpose && answer.certificate == *certificate
        };
        if let Some(answer) = self.known.borrow().iter().find(same) {
            return Some(answer.status.clone());
        }
        let anchors = anchors.under(self.policy);
        let status = anchors.validate(certificate, others, at, purpose, self.limits).status;
        let answer = Answer { certificate: certificate.clone(), at, purpose, status };
        let status = answer.status.clone();
        self.known.borrow_mut().push(answer);
        Some(status)
    }
}

/// What the certificate says, before anybody asks whether to believe it.
pub(super) fn describe(certificate: Option<&Certificate>) -> Identity {
    let status = match certificate {
        Some(_) => IdentityStatus::NotChecked,
        None => IdentityStatus::Missing,
    };
    Identity {
        status,
        subject: certificate.map(Certificate::subject),
        issuer: certificate.map(Certificate::issuer),
        serial: certificate.map(Certificate::serial),
        sha256: certificate.map(|it| it.fingerprint().to_hex()),
        not_before: certificate.map(Certificate::not_before),
        not_after: certificate.map(Certificate::not_after),
    }
}

/// A path's answer as status and finding; no finding if the signer is trusted.
pub(super) fn tell(status: &PathStatus) -> (IdentityStatus, Option<Finding>) {
    match status {
        PathStatus::Trusted => (IdentityStatus::Trusted, None),
        PathStatus::TrustedDirectly => (IdentityStatus::TrustedDirectly, None),
        PathStatus::Untrusted(fault) => {
            (IdentityStatus::Untrusted, Some(Finding::new(Code::IdUntrusted).with(fault)))
        }
        PathStatus::Expired { not_after } => {
            (IdentityStatus::Expired, Some(Finding::new(Code::IdExpired).with(rfc3339(*not_after))))
        }
        PathStatus::NotYetValid { not_before } => {
            let finding = Finding::new(Code::IdNotYetValid).with(rfc3339(*not_before));
            (IdentityStatus::NotYetValid, Some(finding))
        }
        PathStatus::CannotJudge(doubt) => {
            (IdentityStatus::Unsupported, Some(Finding::new(Code::IdUnsupported).with(doubt)))
        }
    }
}
