//! What the signature of a slot says of itself: in whose place it was made, of what, by whom, and when.

use time::{Duration, OffsetDateTime};

use super::CheckFacts;
use super::code::DeviationCode as Code;
use super::faces::permitted;
use super::record::late;
use super::verdict::Deviation;
use crate::authorization::SealGrant;
use crate::contract::{CertificateRecord, Contract, Document, Slot};
use crate::instant::rfc3339;
use crate::report::{SignatureReport, StatedSeal, TimeSource};

/// By how much the clock of a signer who is elsewhere may be wrong.
const SKEW: Duration = Duration::minutes(10);
/// What signatures leave away of an instant.
const SECOND: Duration = Duration::SECOND;

/// The signature of a slot in a document.
#[derive(Clone, Copy)]
pub(super) struct Said<'r> {
    pub(super) contract: &'r Contract,
    pub(super) document: &'r Document,
    pub(super) slot: &'r Slot,
    pub(super) facts: &'r CheckFacts<'r>,
    pub(super) signature: &'r SignatureReport,
}

impl Said<'_> {
    /// Whether it says that it was made in this slot, for this document as it was issued.
    pub(super) fn is_of_slot(&self) -> bool {
        permitted(self.signature).is_some_and(|stated| {
            let Self { contract, document, slot, .. } = self;
            stated.slot.as_deref() == Some(slot.id().as_str())
                && stated.contract.as_ref().is_some_and(|it| it.id == contract.id().as_str())
                && stated.document.as_ref().is_some_and(|it| {
                    it.id == document.id().as_str() && it.issued == document.original().to_hex()
                })
        })
    }

    /// Where, by whom and when it was made.
    pub(super) fn check(&self) -> Vec<Deviation> {
        let found = [self.place(), self.signer(), self.time(), self.deadline()];
        found.into_iter().flatten().map(|it| it.under(self.signature.index)).collect()
    }

    fn place(&self) -> Option<Deviation> {
        if self.is_of_slot() {
            return None;
        }
        let found = permitted(self.signature).map_or_else(
            || "nothing that holds".to_owned(),
            |stated| {
                let contract = stated.contract.as_ref().map_or("", |it| it.id.as_str());
                let document = stated.document.as_ref();
                let (id, issued) = document.map_or(("", ""), |it| (&it.id, &it.issued));
                let slot = stated.slot.as_deref().unwrap_or_default();
                format!("slot {slot} of {contract}, {id} issued as {issued}")
            },
        );
        let Self { contract, document, slot, .. } = self;
        let (id, issued) = (document.id(), document.original().to_hex());
        let expected = format!("slot {} of {}, {id} issued as {issued}", slot.id(), contract.id());
        Some(Deviation::new(Code::OtherSignature, expected, found))
    }

    fn signer(&self) -> Option<Deviation> {
        other_certificate(Code::OtherSigner, self.slot.certificate()?, self.signature)
    }

    /// Permitted after the contract was started and before it was recorded, and claimed about then.
    /// With a key that is elsewhere some time goes by in between.
    fn time(&self) -> Option<Deviation> {
        let acted = self.slot.acted_at()?;
        let started = self.contract.started_at().unwrap_or(acted);
        let permitted = permitted(self.signature).and_then(|stated| stated.permitted_at);
        let claimed = self.signature.time.claimed;
        let allowed = [(permitted, Duration::ZERO), (claimed, SKEW)];
        let strange = allowed.into_iter().find_map(|(at, skew)| {
            let at = at?;
            let early = at.saturating_add(skew).saturating_add(SECOND) < started;
            (early || at > acted.saturating_add(skew)).then_some(at)
        });
        let expected = || format!("from {started} to {acted}");
        strange.map(|at| Deviation::new(Code::TimeDiffers, expected(), at))
    }

    /// What the record says of the time is judged with the record.
    fn deadline(&self) -> Option<Deviation> {
        self.instants().find_map(|at| late(self.contract, self.slot, at))
    }

    /// The instants at which it says that it was made, and that for which somebody else vouches.
    fn instants(&self) -> impl Iterator<Item = OffsetDateTime> {
        let times = &self.signature.time;
        let proven = times.proven.filter(|_| times.source == Some(TimeSource::SignatureTimestamp));
        let permitted = permitted(self.signature).and_then(|stated| stated.permitted_at);
        [times.claimed, permitted, proven].into_iter().flatten()
    }

    /// A grant as the signature states it, and at the time at which it was made.
    pub(super) fn check_grant(&self, stated: &StatedSeal) -> Option<Deviation> {
        let grant = self.facts.grants.iter().find(|it| it.id().as_str() == stated.grant)?;
        let found = self.grant(grant, stated)?;
        Some(found.under(self.signature.index))
    }

    fn grant(&self, grant: &SealGrant, stated: &StatedSeal) -> Option<Deviation> {
        let (person, house) = (grant.grantee().as_str(), grant.organization().as_str());
        if stated.employee != person || stated.organization != house {
            let expected = format!("{person} of {house}");
            let found = format!("{} of {}", stated.employee, stated.organization);
            return Some(Deviation::new(Code::GrantPerson, expected, found));
        }
        if let Some(revocation) = grant.revocation()
            && let Some(at) = self.instants().find(|at| *at >= revocation.at)
        {
            let expected = format!("used before {}", rfc3339(revocation.at));
            return Some(Deviation::new(Code::GrantRevoked, expected, rfc3339(at)));
        }
        let validity = grant.validity();
        let window = |from: OffsetDateTime, until: Option<OffsetDateTime>| {
            let until = until.map_or_else(|| "without end".to_owned(), rfc3339);
            format!("{} to {until}", rfc3339(from))
        };
        let expected = window(validity.from(), validity.until());
        let seconds = |from: OffsetDateTime, until: Option<OffsetDateTime>| {
            (from.unix_timestamp(), until.map(OffsetDateTime::unix_timestamp))
        };
        if seconds(stated.from, stated.until) != seconds(validity.from(), validity.until()) {
            let found = window(stated.from, stated.until);
            return Some(Deviation::new(Code::GrantWindow, expected, found));
        }
        let outside = |at: &OffsetDateTime| {
            validity.is_over(*at) || !validity.has_begun(at.saturating_add(SECOND))
        };
        let at = self.instants().find(outside)?;
        Some(Deviation::new(Code::GrantWindow, expected, rfc3339(at)))
    }
}

/// That a signature is not of the recorded certificate.
pub(super) fn other_certificate(
    code: Code,
    recorded: &CertificateRecord,
    signature: &SignatureReport,
) -> Option<Deviation> {
    let told = |serial: &str, issuer: &str, sha256: Option<&str>| {
        let sha256 = sha256.map_or_else(String::new, |it| format!(", SHA-256 {it}"));
        format!("{serial} of {issuer}{sha256}")
    };
    let shown = &signature.identity;
    let fingerprint = recorded.fingerprint.map(|it| it.to_hex());
    // What the record does not say is not compared.
    let sha256 = shown.sha256.as_deref().filter(|_| fingerprint.is_some());
    let expected = told(&recorded.serial, &recorded.issuer, fingerprint.as_deref());
    let serial = shown.serial.as_deref().unwrap_or("none");
    let found = told(serial, shown.issuer.as_deref().unwrap_or("nobody"), sha256);
    (expected != found).then(|| Deviation::new(code, expected, found))
}
