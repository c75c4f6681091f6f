//! One signature on its way through the stages.

use time::OffsetDateTime;

use crate::digest::Digest;
use crate::inspection::SignaturePermissions;
use crate::instant::rfc3339;
use crate::limits::{LimitExceeded, Limits, Meter};
use crate::pdf::{File, Protection, Span};
use crate::pki::{AlgorithmTime, AlgorithmUse, Certificate, Purpose, WeakAlgorithm};
use crate::report::{
    Code, Conclusion, Coverage, Finding, Identity, Integrity, Kind, Level, Modification,
    ModificationLevel, ShownFace, SignatureReport, TimeSource, Times, TimestampState,
};

use super::covered::{ByteRange, Covered};
use super::encrypted;
use super::granted::Custodians;
use super::identified::{Trust, describe, tell};
use super::intact::{Evidence, Judged, Message, declared, judge, name, sub_filter};
use super::located::Reach;
use super::security_data::SecurityData;
use super::stated::{Compared, Prefixes, Stated, describe as describe_stated};
use super::timed::{Stamp, claimed, stamp};
use super::unmodified::{self, Breach, History, trailing_change};
use super::verdict::Verdict;

/// How many changes of one signature are listed.
const CHANGES_LISTED: usize = 100;

/// How many forbidden changes of one signature become findings of their own.
const BREACHES_TOLD: usize = 32;

/// One signature and what is known of it so far.
pub(super) struct Case<'e> {
    pub(super) covered: &'e Covered,
    message: &'e Message<'e>,
    permissions: &'e SignaturePermissions,
    stated: &'e Stated,
    verdict: Verdict,
    pub(super) integrity: Integrity,
    /// The algorithms on which it rests.
    used: Vec<AlgorithmUse>,
    declared: Option<Integrity>,
    certificate: Option<Certificate>,
    identity: Identity,
    bound: bool,
    pub(super) stamp: Stamp,
    /// The authority of the time-stamp inside that proves a time, with what came with it.
    stamper: Option<(Certificate, Vec<Certificate>)>,
    proven: Option<(OffsetDateTime, TimeSource)>,
    modification: Modification,
}

/// What the stages before left for one signature.
pub(super) struct Prepared<'e> {
    pub(super) covered: &'e Covered,
    pub(super) message: &'e Message<'e>,
    pub(super) permissions: &'e SignaturePermissions,
    pub(super) stated: &'e Stated,
    pub(super) digest: Option<Result<Digest, LimitExceeded>>,
    /// Bytes that may still be hashed for signatures whose ranges prove nothing.
    pub(super) budget: &'e Meter,
}

/// What the other signatures and the file as such add at the end.
pub(super) struct Closing<'c> {
    pub(super) index: u64,
    pub(super) level: Level,
    /// What the file as such permits at best.
    pub(super) floor: Conclusion,
    pub(super) prefixes: &'c Prefixes,
    pub(super) custodians: &'c Custodians<'c>,
    pub(super) limits: &'c Limits,
}

impl<'e> Case<'e> {
    /// Judges everything that needs no other signature: reach, coverage, integrity, time-stamp,
    /// later changes.
    pub(super) fn open(
        file: &'e File<'_>,
        prepared: Prepared<'e>,
        history: &History,
        store: &SecurityData<'_>,
        limits: &Limits,
    ) -> Self {
        let Prepared { covered, message, permissions, stated, digest, budget } = prepared;
        let mut verdict = Verdict::open();
        covered.failures.iter().for_each(|failure| verdict.fail(failure.clone()));
        tell_reach(covered, &mut verdict);
        let own = message.signed_data().and_then(|signed| signed.signer_certificate(&[]));
        let certificates = if own.is_some() { &[] } else { store.certificates() };
        let evidence = Evidence { covered, message, digest, certificates, source: file.source() };
        let Judged { integrity, check, used } = judge(&evidence, &mut verdict);
        let declared = declared(&evidence, budget);
        let bound = check.is_some_and(|check| check.signing_certificate.is_good());
        let certificate = own.or_else(|| message.signed_data()?.signer_certificate(certificates));
        let stamp = match message {
            Message::Detached(signed) | Message::Sha1Inside(signed) => {
                stamp(signed, limits, &mut verdict)
            }
            Message::Timestamp(_) | Message::Broken(_) | Message::Unsupported(_) => Stamp::none(),
        };
        let modification = modification(file, covered, history, &mut verdict);
        Self {
            covered,
            message,
            permissions,
            stated,
            verdict,
            integrity,
            used,
            declared,
            certificate: certificate.cloned(),
            identity: describe(certificate),
            bound,
            stamper: None,
            stamp,
            proven: None,
            modification,
        }
    }

    pub(super) fn kind(&self) -> Kind {
        let by_type = self.covered.dictionary.is_type(b"DocTimeStamp");
        let by_filter = sub_filter(&self.covered.dictionary) == b"ETSI.RFC3161";
        if by_type || by_filter { Kind::Timestamp } else { Kind::Signature }
    }

    /// The offset behind the last covered byte; none if nothing is proven to be covered.
    pub(super) fn end(&self) -> Option<u64> {
        self.covered.byte_range.as_ref().map(ByteRange::end)
    }

    /// Judges who signed and when, given the earliest time at which trusted document time-stamps
    /// show the signature to have been there. Returns the time that it proves itself, if it is such
    /// a time-stamp.
    pub(super) fn identify(
        &mut self,
        trust: &Trust<'_>,
        store: &SecurityData<'_>,
        shown: Option<OffsetDateTime>,
    ) -> Option<OffsetDateTime> {
        self.proven = shown.map(|time| (time, TimeSource::DocumentTimestamp));
        if let Message::Timestamp(token) = self.message {
            let time = token.time();
            let trusted = self.path(trust, store, shown, Purpose::TimeStamping);
            self.weigh(trust);
            return (trusted && self.integrity == Integrity::Intact).then_some(time);
        }
        self.take_stamped_time(trust, store, shown);
        let at = self.proven.map(|(time, _)| time);
        self.path(trust, store, at, Purpose::DocumentSigning);
        self.weigh(trust);
        None
    }

    /// Takes the earliest time of a time-stamp inside the signature that proves it.
    fn take_stamped_time(
        &mut self,
        trust: &Trust<'_>,
        store: &SecurityData<'_>,
        shown: Option<OffsetDateTime>,
    ) {
        let mut weak = 0_usize;
        let tokens = self.stamp.take_tokens();
        let all = tokens.len();
        for token in tokens {
            // A time-stamp that anybody could have made shows nothing, not even its own age.
            if let Err(found) = trust.weigh(&token.used, shown) {
                self.verdict.note(Finding::new(Code::TimeWeak).with(found.algorithm));
                weak = weak.saturating_add(1);
                continue;
            }
            let others = with_store(token.others.clone(), trust, store);
            let status = trust.path(&token.authority, &others, shown, Purpose::TimeStamping);
            if status.is_none_or(|status| tell(&status).0.is_trusted()) {
                if self.proven.is_none_or(|(known, _)| token.time <= known) {
                    self.proven = Some((token.time, TimeSource::SignatureTimestamp));
                }
                self.stamper = Some((token.authority, token.others));
                return;
            }
            self.verdict.note(Finding::new(Code::TimeUntrusted));
        }
        if all > 0 && weak == all {
            self.stamp.state = TimestampState::Weak;
        }
    }

    /// Whether the algorithms prove something of a signature that is shown to have been there at a time:
    /// weak ones only before the end of theirs.
    fn weigh(&mut self, trust: &Trust<'_>) {
        if !matches!(self.integrity, Integrity::Intact | Integrity::Weak) {
            return;
        }
        match trust.weigh(&self.used, self.proven.map(|(time, _)| time)) {
            Ok(None) => {}
            Ok(Some(AlgorithmTime { algorithm, until })) => {
                self.integrity = Integrity::Intact;
                let finding = Finding::new(Code::SigAlgorithmInTime).with(algorithm);
                self.verdict.note(finding.with(rfc3339(until)));
            }
            Err(WeakAlgorithm { algorithm, until }) => {
                self.integrity = Integrity::Weak;
                self.verdict.doubt(match until {
                    None => Finding::new(Code::SigWeakAlgorithm).with(algorithm),
                    Some(until) => Finding::new(Code::SigOutdatedAlgorithm)
                        .with(algorithm)
                        .with(rfc3339(until)),
                });
            }
        }
    }

    /// Looks for a path and tells what came of it. True if nobody asked or it is trusted.
    fn path(
        &mut self,
        trust: &Trust<'_>,
        store: &SecurityData<'_>,
        at: Option<OffsetDateTime>,
        purpose: Purpose,
    ) -> bool {
        if !trust.is_asked() {
            self.verdict.note(Finding::new(Code::IdNotChecked));
            return true;
        }
        let Some(certificate) = &self.certificate else {
            if self.integrity != Integrity::Broken {
                self.verdict.doubt(Finding::new(Code::SigNoCertificate));
            }
            return false;
        };
        let inside = self.message.signed_data().map(|signed| signed.certificates().to_vec());
        let others = with_store(inside.unwrap_or_default(), trust, store);
        let Some(status) = trust.path(certificate, &others, at, purpose) else { return true };
        let (status, finding) = tell(&status);
        self.identity.status = status;
        match finding {
            Some(finding) => self.verdict.doubt(finding),
            None => self.verdict.note(Finding::new(Code::IdNoRevocation)),
        }
        status.is_trusted()
    }

    /// The PAdES level without what the file adds: B-B, B-T, or none.
    pub(super) fn level(&self) -> Level {
        let pades = sub_filter(&self.covered.dictionary) == b"ETSI.CAdES.detached";
        if !pades || !self.bound || self.integrity == Integrity::Broken {
            return Level::None;
        }
        if self.proven.is_some() { Level::T } else { Level::B }
    }

    /// Whose certificates have to be followed upwards to judge it, each with those that came with it.
    pub(super) fn holders(&self) -> impl Iterator<Item = (&Certificate, &[Certificate])> {
        let inside = self.message.signed_data().map(|signed| signed.certificates());
        let signer = self.certificate.iter().map(move |it| (it, inside.unwrap_or_default()));
        signer.chain(self.stamper.iter().map(|(authority, others)| (authority, others.as_slice())))
    }

    /// Everything, as plain data.
    pub(super) fn close(
        self,
        file: &File<'_>,
        closing: &Closing<'_>,
        faces: Vec<ShownFace>,
    ) -> SignatureReport {
        let kind = self.kind();
        let claimed = match self.message {
            Message::Timestamp(token) => Some(token.time()),
            other => claimed(&self.covered.dictionary, other.signed_data()),
        };
        let mut verdict = self.verdict;
        if let (Some(claimed), Some((proven, _))) = (claimed, self.proven)
            && claimed > proven
            && kind == Kind::Signature
        {
            verdict.note(Finding::new(Code::TimeClaimAfterProof));
        }
        let compared = Compared {
            authentic: self.integrity == Integrity::Intact,
            faces: &faces,
            readable: !matches!(file.protection(), Protection::Closed(_)),
            prefixes: closing.prefixes,
            end: self.covered.byte_range.as_ref().map(ByteRange::end),
            signed: self.message.signed_data(),
            certificate: self.certificate.as_ref(),
            at: self.proven.map(|(time, _)| time).or(claimed),
            custodians: closing.custodians,
            limits: closing.limits,
        };
        let authority = describe_stated(self.stated, &compared, &mut verdict);
        SignatureReport {
            index: closing.index,
            field: self.covered.located.field.clone(),
            kind,
            sub_filter: name(sub_filter(&self.covered.dictionary)),
            conclusion: verdict.conclusion.and(closing.floor),
            coverage: Coverage { declared: self.declared, ..self.covered.summary(file.source()) },
            integrity: self.integrity,
            identity: self.identity,
            time: Times {
                claimed,
                proven: self.proven.map(|(time, _)| time),
                source: self.proven.map(|(_, source)| source),
                timestamp: self.stamp.state,
            },
            level: closing.level,
            permissions: self.permissions.summary(),
            modification: self.modification,
            faces,
            authority,
            findings: verdict.findings,
        }
    }
}

/// Certificates of a message and, if somebody asks for trust, of the store.
fn with_store(
    mut certificates: Vec<Certificate>,
    trust: &Trust<'_>,
    store: &SecurityData<'_>,
) -> Vec<Certificate> {
    if trust.is_asked() {
        certificates.extend_from_slice(store.certificates());
    }
    certificates
}

fn tell_reach(covered: &Covered, verdict: &mut Verdict) {
    match covered.located.reach {
        Reach::Form => {}
        Reach::Lost => verdict.fail(Finding::new(Code::SigUnreachable)),
        Reach::Unknown => verdict.doubt(Finding::new(Code::SigDetached)),
    }
    if covered.located.fields.len() > 1 {
        verdict.note(Finding::new(Code::SigSharedValue).with(covered.located.fields.len()));
    }
}

/// What was changed after a signature, put into findings and a list.
fn modification(
    file: &File<'_>,
    covered: &Covered,
    history: &History,
    verdict: &mut Verdict,
) -> Modification {
    let mut result = Modification::default();
    let (Some(revision), Some(byte_range)) = (covered.revision, &covered.byte_range) else {
        // Nothing is known to be covered, so everything may have been changed.
        result.level = ModificationLevel::Forbidden;
        return result;
    };
    if let Some(finding) = history.blind_after(revision, file.revision_count()) {
        if encrypted::is_of_closed(finding.code) {
            verdict.doubt(finding.clone());
        } else {
            verdict.fail(finding.clone());
        }
        result.level = ModificationLevel::Forbidden;
    }
    let mut allowed = Vec::new();
    let mut unlisted = 0_usize;
    for step in history.after(revision) {
        if step.certifies_late {
            verdict.doubt(Finding::new(Code::SigLateCertification));
        }
        for judged in &step.changes {
            result.level = result.level.max(judged.change.level);
            let list = match judged.breach {
                Some(_) => &mut result.changes,
                None => &mut allowed,
            };
            let full = list.len() >= CHANGES_LISTED;
            if full && judged.over == Some(true) {
                verdict.conclusion = verdict.conclusion.and(Conclusion::Indeterminate);
            }
            if full {
                unlisted = unlisted.saturating_add(1);
                continue;
            }
            list.push(judged.change.clone());
            if judged.breach.is_some() {
                tell_breach(judged, result.changes.len(), verdict);
            }
            tell_overlay(judged, verdict);
        }
    }
    if let Some(span) = history.trailing_after(byte_range.end()) {
        tell_trailing(span, verdict);
        result.changes.push(trailing_change(file));
        result.level = ModificationLevel::Forbidden;
    }
    result.changes.extend(allowed);
    unlisted = unlisted.saturating_add(result.changes.len().saturating_sub(CHANGES_LISTED));
    result.changes.truncate(CHANGES_LISTED);
    if unlisted > 0 {
        verdict.note(Finding::new(Code::ModMore).with(unlisted));
    }
    result.changes.sort_by_key(|change| change.revision);
    result
}

fn tell_breach(judged: &unmodified::Judged, told: usize, verdict: &mut Verdict) {
    if told > BREACHES_TOLD {
        return;
    }
    let change = &judged.change;
    let mut finding = match judged.breach {
        Some(Breach::NotPermitted(level)) => {
            Finding::new(Code::ModNotPermitted).with(change.revision).with(level.level())
        }
        Some(Breach::Locked) => Finding::new(Code::ModLocked).with(change.revision),
        Some(Breach::Unexplained) | None => Finding::new(Code::ModForbidden).with(change.revision),
    };
    finding.object.clone_from(&change.object);
    finding.page = change.page;
    finding.rect = change.rect;
    verdict.fail(finding);
}

/// What lies over signed content is told even where it is allowed. Whoever certified the document was
/// to be protected from it; elsewhere people sign over lines that were drawn for it.
fn tell_overlay(judged: &unmodified::Judged, verdict: &mut Verdict) {
    let Some(certified) = judged.over else { return };
    let change = &judged.change;
    let mut finding = Finding::new(Code::ModOverContent).with(change.revision);
    finding.object.clone_from(&change.object);
    finding.page = change.page;
    finding.rect = change.rect;
    if certified {
        verdict.doubt(finding);
    } else {
        verdict.note(finding);
    }
}

fn tell_trailing(span: Span, verdict: &mut Verdict) {
    verdict.fail(Finding::new(Code::ModTrailing).with(span.len()));
}
