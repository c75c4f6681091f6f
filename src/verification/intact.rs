//! Whether the covered bytes are those that were signed, and by that key (RFC 5652 §5.6, ISO
//! 32000-2 §12.8.3).

use crate::digest::{Digest, DigestAlgorithm, Hasher};
use crate::limits::{LimitExceeded, Limits, Meter};
use crate::pdf::{Dictionary, Source};
use crate::pki::{
    AlgorithmUse, Certificate, Doubt, Error, Fault, Outcome, SignatureCheck, SignedContent,
    SignedData, TimestampToken,
};
use crate::report::{Code, Finding, Integrity};

use super::covered::{ByteRange, Covered};
use super::hashing::Ranges;
use super::verdict::Verdict;

/// A signature without signed attributes is over the bytes themselves, which must then lie in
/// memory: up to this many.
const WHOLE_CONTENT: u64 = 8 << 20;

/// Bytes that are read at a time.
const PORTION: u64 = 1 << 20;

/// The signature value, read.
pub(super) enum Message<'c> {
    /// The CMS is over the covered bytes (§12.8.3.3, ETSI EN 319 142-1 §5).
    Detached(Box<SignedData<'c>>),
    /// The CMS carries the SHA-1 of the covered bytes (`adbe.pkcs7.sha1`).
    Sha1Inside(Box<SignedData<'c>>),
    /// A document time-stamp (§12.8.5).
    Timestamp(Box<TimestampToken<'c>>),
    /// Nothing that could be read, and why that is a failure.
    Broken(Box<Finding>),
    /// Nothing that can be read here, and why that is a doubt.
    Unsupported(Box<Finding>),
}

impl<'c> Message<'c> {
    /// Reads the value as `/SubFilter` says.
    pub(super) fn read(sub_filter: &[u8], contents: &'c [u8], limits: &Limits) -> Self {
        let doubt = |finding| Self::Unsupported(Box::new(finding));
        let failure = |finding| Self::Broken(Box::new(finding));
        if contents.iter().all(|byte| *byte == 0) {
            return failure(Finding::new(Code::SigEmpty));
        }
        let fault = |error: Error| match error {
            Error::Limit(limit) => doubt(Finding::new(Code::SigLimit).with(limit.limit)),
            other => failure(Finding::new(Code::SigCms).with(other.code())),
        };
        let signed = || SignedData::parse(contents, limits).map(Box::new);
        match sub_filter {
            b"adbe.pkcs7.detached" | b"ETSI.CAdES.detached" => {
                signed().map_or_else(fault, Self::Detached)
            }
            b"adbe.pkcs7.sha1" => signed().map_or_else(fault, Self::Sha1Inside),
            b"ETSI.RFC3161" => match TimestampToken::parse(contents, limits) {
                Ok(token) => Self::Timestamp(Box::new(token)),
                Err(error) => fault(error),
            },
            other => doubt(Finding::new(Code::SigSubFilter).with(name(other))),
        }
    }

    /// The CMS, if there is one.
    pub(super) fn signed_data(&self) -> Option<&SignedData<'c>> {
        match self {
            Self::Detached(signed) | Self::Sha1Inside(signed) => Some(signed),
            Self::Timestamp(token) => Some(token.signed_data()),
            Self::Broken(_) | Self::Unsupported(_) => None,
        }
    }

    /// The algorithm with which the covered bytes must be hashed, if that is known and of use.
    pub(super) fn digest_algorithm(&self) -> Option<DigestAlgorithm> {
        match self {
            Self::Detached(signed) => {
                signed.signer().ok().filter(|s| s.has_signed_attributes())?.digest_algorithm().ok()
            }
            Self::Sha1Inside(_) => Some(DigestAlgorithm::Sha1),
            Self::Timestamp(token) => token.imprint_algorithm().ok(),
            Self::Broken(_) | Self::Unsupported(_) => None,
        }
    }
}

/// The bytes to be hashed for a signature.
pub(super) fn ranges(byte_range: &ByteRange, algorithm: DigestAlgorithm) -> Ranges {
    Ranges { algorithm, gap: byte_range.gap(), end: byte_range.end() }
}

/// What is needed to judge one signature.
pub(super) struct Evidence<'e> {
    pub(super) covered: &'e Covered,
    pub(super) message: &'e Message<'e>,
    /// The digest of the covered bytes, if it was asked for.
    pub(super) digest: Option<Result<Digest, LimitExceeded>>,
    /// Certificates from elsewhere in the file.
    pub(super) certificates: &'e [Certificate],
    pub(super) source: &'e dyn Source,
}

/// What the values say, before anybody asks how strong the algorithms were at what time.
pub(super) struct Judged {
    pub(super) integrity: Integrity,
    pub(super) check: Option<SignatureCheck>,
    /// The algorithms on which it rests.
    pub(super) used: Vec<AlgorithmUse>,
}

impl Judged {
    fn without_check(integrity: Integrity) -> Self {
        Self { integrity, check: None, used: Vec::new() }
    }
}

/// Judges, and says in the verdict why. Of what is weak nothing is said yet: it depends on the time that
/// is shown.
pub(super) fn judge(evidence: &Evidence<'_>, verdict: &mut Verdict) -> Judged {
    match evidence.message {
        Message::Broken(failure) => {
            verdict.fail((**failure).clone());
            return Judged::without_check(Integrity::Broken);
        }
        Message::Unsupported(doubt) => {
            verdict.doubt((**doubt).clone());
            return Judged::without_check(Integrity::Unsupported);
        }
        Message::Detached(_) | Message::Sha1Inside(_) | Message::Timestamp(_) => {}
    }
    if evidence.message.signed_data().is_some_and(|signed| !signed.tail_is_zero()) {
        verdict.fail(Finding::new(Code::SigPadding));
    }
    let Some(byte_range) = &evidence.covered.byte_range else {
        // Nothing proven is covered, so there is nothing that could be intact.
        return Judged::without_check(Integrity::Broken);
    };
    let digest = match evidence.digest {
        Some(Err(limit)) => {
            verdict.doubt(Finding::new(Code::SigLimit).with(limit.limit));
            return Judged::without_check(Integrity::Unsupported);
        }
        Some(Ok(digest)) => Some(digest),
        None => None,
    };
    match evidence.message {
        Message::Detached(signed) => {
            let check = detached(evidence, signed, byte_range, digest, verdict);
            let integrity = tell(&check.overall(), verdict);
            let used = check.algorithms_used.clone();
            Judged { integrity, check: Some(check), used }
        }
        Message::Sha1Inside(signed) => {
            let check = signed.check(&SignedContent::Encapsulated, evidence.certificates);
            let integrity = sha1_inside(signed, digest, &check, verdict);
            let mut used = check.algorithms_used.clone();
            used.push(AlgorithmUse::Digest(DigestAlgorithm::Sha1));
            Judged { integrity, check: Some(check), used }
        }
        Message::Timestamp(token) => {
            let Some(digest) = digest else {
                let name = token.imprint_algorithm().err().map(|name| name.to_string());
                let name = name.unwrap_or_default();
                verdict.doubt(Finding::new(Code::SigUnsupportedAlgorithm).with(name));
                return Judged::without_check(Integrity::Unsupported);
            };
            let check = token.check(&digest, evidence.certificates);
            let integrity = tell(&check.overall(), verdict);
            let used = check.algorithms_used();
            Judged { integrity, check: Some(check.signature), used }
        }
        Message::Broken(_) | Message::Unsupported(_) => {
            Judged::without_check(Integrity::Unsupported)
        }
    }
}

/// What a signature whose ranges prove nothing says of the bytes that they name, as far as the budget of
/// bytes to be hashed goes.
pub(super) fn declared(evidence: &Evidence<'_>, budget: &Meter) -> Option<Integrity> {
    let spans = evidence.covered.declared.as_slice();
    let algorithm = evidence.message.digest_algorithm()?;
    if spans.is_empty() || evidence.covered.byte_range.is_some() {
        return None;
    }
    let mut hasher = Hasher::new(algorithm);
    for span in spans {
        budget.spend(span.len()).ok()?;
        let mut at = span.start;
        while at < span.end {
            let step = PORTION.min(span.end - at);
            let mut bytes = vec![0; usize::try_from(step).ok()?];
            evidence.source.read_at(at, &mut bytes).ok()?;
            hasher.update(&bytes);
            at += step;
        }
    }
    let digest = hasher.finish();
    let outcome = match evidence.message {
        Message::Detached(signed) => {
            signed.check(&SignedContent::Digest(&digest), evidence.certificates).overall()
        }
        Message::Sha1Inside(signed) => {
            if !signed.content().is_some_and(|content| digest.equals(content)) {
                return Some(Integrity::Broken);
            }
            let check = signed.check(&SignedContent::Encapsulated, evidence.certificates);
            return Some(weak_at_best(said_by(&check.overall())));
        }
        Message::Timestamp(token) => token.check(&digest, evidence.certificates).overall(),
        Message::Broken(_) | Message::Unsupported(_) => return None,
    };
    Some(said_by(&outcome))
}

fn said_by(outcome: &Outcome) -> Integrity {
    match outcome {
        Outcome::Good => Integrity::Intact,
        Outcome::Bad(_) => Integrity::Broken,
        Outcome::CannotJudge(Doubt::Weak(_)) => Integrity::Weak,
        Outcome::CannotJudge(_) | Outcome::Absent => Integrity::Unsupported,
    }
}

/// SHA-1 binds nothing by itself, whatever the CMS around it uses.
fn weak_at_best(integrity: Integrity) -> Integrity {
    if integrity == Integrity::Intact { Integrity::Weak } else { integrity }
}

fn detached(
    evidence: &Evidence<'_>,
    signed: &SignedData<'_>,
    byte_range: &ByteRange,
    digest: Option<Digest>,
    verdict: &mut Verdict,
) -> SignatureCheck {
    if signed.content().is_some() {
        verdict.fail(Finding::new(Code::SigEncapsulated));
    }
    let signer = signed.signer().ok();
    if signer.is_some_and(|signer| !signer.signed_attributes_are_der()) {
        verdict.note(Finding::new(Code::SigNotDer));
    }
    let more = evidence.certificates;
    let bare = signer.is_some_and(|signer| !signer.has_signed_attributes());
    let bytes = if bare { covered_bytes(evidence.source, byte_range) } else { None };
    let check = match (&digest, &bytes) {
        (_, Some(bytes)) => signed.check(&SignedContent::Bytes(bytes), more),
        (Some(digest), None) => signed.check(&SignedContent::Digest(digest), more),
        (None, None) => signed.check(&SignedContent::Encapsulated, more),
    };
    if check.signing_certificate == Outcome::Absent {
        verdict.note(Finding::new(Code::SigNoBinding));
    }
    check
}

fn sha1_inside(
    signed: &SignedData<'_>,
    digest: Option<Digest>,
    check: &SignatureCheck,
    verdict: &mut Verdict,
) -> Integrity {
    let agrees =
        signed.content().zip(digest).is_some_and(|(content, digest)| digest.equals(content));
    if !agrees {
        verdict.fail(Finding::new(Code::SigEncapsulatedDigest));
        return Integrity::Broken;
    }
    weak_at_best(tell(&check.overall(), verdict))
}

fn covered_bytes(source: &dyn Source, byte_range: &ByteRange) -> Option<Vec<u8>> {
    let gap = byte_range.gap();
    let len = byte_range.end().checked_sub(gap.len())?;
    if len > WHOLE_CONTENT {
        return None;
    }
    let mut bytes = vec![0; usize::try_from(len).ok()?];
    let (before, after) = bytes.split_at_mut_checked(usize::try_from(gap.start).ok()?)?;
    source.read_at(0, before).ok()?;
    source.read_at(gap.end, after).ok()?;
    Some(bytes)
}

/// Puts an outcome into findings; of what is weak nothing is said yet.
fn tell(outcome: &Outcome, verdict: &mut Verdict) -> Integrity {
    match outcome {
        Outcome::Good | Outcome::CannotJudge(Doubt::Weak(_)) => {}
        Outcome::Bad(fault) => verdict.fail(fault_finding(fault)),
        Outcome::CannotJudge(doubt) => verdict.doubt(doubt_finding(doubt)),
        Outcome::Absent => verdict.doubt(Finding::new(Code::SigNotJudged).with("absent")),
    }
    said_by(outcome)
}

pub(super) fn fault_finding(fault: &Fault) -> Finding {
    match fault {
        Fault::DigestDiffers { .. } => Finding::new(Code::SigDigest),
        Fault::SignatureWrong => Finding::new(Code::SigSignature),
        Fault::ContentTypeDiffers { .. } => Finding::new(Code::SigContentType),
        Fault::AttributeMissing { attribute } => {
            Finding::new(Code::SigAttributeMissing).with(attribute)
        }
        Fault::AttributeMalformed { attribute } => {
            Finding::new(Code::SigAttributeMalformed).with(attribute)
        }
        Fault::OtherCertificate { attribute } => {
            Finding::new(Code::SigOtherCertificate).with(attribute)
        }
        Fault::AlgorithmsDisagree { one, other } => {
            Finding::new(Code::SigAlgorithmsDisagree).with(one).with(other)
        }
        Fault::KeyOfOtherKind { algorithm, key } => {
            Finding::new(Code::SigKeyKind).with(algorithm).with(key)
        }
    }
}

pub(super) fn doubt_finding(doubt: &Doubt) -> Finding {
    match doubt {
        Doubt::Unsupported(name) => Finding::new(Code::SigUnsupportedAlgorithm).with(name),
        Doubt::Weak(name) => Finding::new(Code::SigWeakAlgorithm).with(name),
        Doubt::NoCertificate => Finding::new(Code::SigNoCertificate),
        Doubt::NotOneSigner { count } => Finding::new(Code::SigSignerCount).with(count),
        Doubt::UnusualDigest { algorithm, digest, wanted } => {
            Finding::new(Code::SigUnusualDigest).with(algorithm).with(digest).with(wanted)
        }
        Doubt::UnsupportedAttribute { attribute } => {
            Finding::new(Code::SigUnsupportedAttribute).with(attribute)
        }
        other => Finding::new(Code::SigNotJudged).with(other.code()),
    }
}

/// A name of the file as text, for findings.
pub(super) fn name(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).chars().take(64).collect()
}

/// `/SubFilter` of a signature dictionary, empty if it is absent.
pub(super) fn sub_filter(dictionary: &Dictionary) -> &[u8] {
    dictionary.name(b"SubFilter").unwrap_or_default()
}
