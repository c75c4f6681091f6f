//! What the bytes of a document say: its revisions, its signatures' certificates.

use std::collections::{BTreeMap, BTreeSet};

use super::Error;
use super::record::{CertificateEvidence, RevisionEvidence};
use crate::digest::{DigestAlgorithm, Hasher};
use crate::identity::DocumentId;
use crate::limits::Limits;
use crate::pdf::{self, File, Object};
use crate::pki::{Certificate, SignedData};
use crate::report::Report;
use crate::statement::{GRANTS_ATTRIBUTE, decode_grants};

/// A document, judged, with what the report does not say of it.
pub(super) struct Read {
    pub(super) document: DocumentId,
    pub(super) report: Report,
    pub(super) revisions: Vec<RevisionEvidence>,
    /// What is inside the signatures, by their numbers in the report.
    pub(super) signatures: BTreeMap<u64, Inside>,
    /// The certificates in them, each once.
    pub(super) certificates: Vec<Certificate>,
    /// The signed grants in them, each a CMS that is not looked into.
    pub(super) grants: Vec<Vec<u8>>,
}

/// What is inside a signature.
pub(super) struct Inside {
    /// The fingerprints of its certificates, the signer's first.
    pub(super) chain: Vec<String>,
    pub(super) algorithm: Option<String>,
}

impl Read {
    /// Reads what a file says beyond its report. `issued` bytes were there before the contract.
    pub(super) fn of(
        document: &DocumentId,
        file: &File<'_>,
        bytes: &[u8],
        report: &Report,
        issued: u64,
    ) -> Result<Self, Error> {
        let mut known = BTreeSet::new();
        let mut read = Self {
            document: document.clone(),
            report: report.clone(),
            revisions: revisions(file, bytes, report, issued),
            signatures: BTreeMap::new(),
            certificates: Vec::new(),
            grants: Vec::new(),
        };
        let fields = file.latest().fields()?;
        let values: BTreeMap<&str, &Object> = fields
            .iter()
            .filter(|field| field.is_signature())
            .filter_map(|field| Some((field.name.as_str(), field.value.as_ref()?)))
            .collect();
        for signature in &report.signatures {
            let Some(value) = values.get(signature.field.as_str()) else { continue };
            let Some(cms) = contents(file, value)? else { continue };
            // What cannot be read is a finding of the judge.
            let Ok(signed) = SignedData::parse(&cms, file.limits()) else { continue };
            read.take(signature.index, &signed, (&mut known, file.limits()));
        }
        Ok(read)
    }

    fn take(
        &mut self,
        index: u64,
        signed: &SignedData<'_>,
        (known, limits): (&mut BTreeSet<String>, &Limits),
    ) {
        let own = signed.signer_certificate(&[]);
        let others = signed.certificates().iter();
        let others = others.filter(|it| own.is_none_or(|own| own.as_der() != it.as_der()));
        let chain: Vec<&Certificate> = own.into_iter().chain(others).collect();
        let algorithm = signed.signer().ok().and_then(|it| it.signature_algorithm().ok());
        let inside = Inside {
            chain: chain.iter().map(|it| it.fingerprint().to_string()).collect(),
            algorithm: algorithm.map(|it| it.name().to_owned()),
        };
        self.signatures.insert(index, inside);
        let new = chain.into_iter().filter(|it| known.insert(it.fingerprint().to_string()));
        self.certificates.extend(new.cloned());
        let signer = signed.signer().ok();
        let values = signer.map(|it| it.signed_attribute_values(GRANTS_ATTRIBUTE));
        for value in values.into_iter().flatten() {
            self.grants.extend(decode_grants(value, limits).unwrap_or_default());
        }
    }
}

/// The CMS of a signature, with the zeros behind it.
fn contents(file: &File<'_>, value: &Object) -> Result<Option<Vec<u8>>, pdf::Error> {
    let latest = file.latest();
    let value = latest.resolve(value)?;
    let Object::Dictionary(dictionary) = value.as_ref() else { return Ok(None) };
    Ok(match latest.lookup(dictionary, b"Contents")?.as_deref() {
        Some(Object::String(text)) => Some(text.bytes.clone()),
        _ => None,
    })
}

/// Each revision with the digest of its bytes and of all up to its end, in one pass over each.
fn revisions(file: &File<'_>, bytes: &[u8], report: &Report, issued: u64) -> Vec<RevisionEvidence> {
    let mut all = Hasher::new(DigestAlgorithm::Sha256);
    let mut revisions = Vec::new();
    for revision in file.revisions() {
        let span = revision.span();
        let (start, end) = (usize::try_from(span.start), usize::try_from(span.end));
        let (Ok(start), Ok(end)) = (start, end) else { continue };
        let own = bytes.get(start..end).unwrap_or(&[]);
        all.update(own);
        let mut alone = Hasher::new(DigestAlgorithm::Sha256);
        alone.update(own);
        let number = u64::try_from(revision.number()).unwrap_or(u64::MAX);
        let ends_with = report.signatures.iter().find(|it| it.coverage.revision == Some(number));
        revisions.push(RevisionEvidence {
            number,
            start: span.start,
            end: span.end,
            digest: alone.finish(),
            document_digest: all.clone().finish(),
            issued: span.end <= issued,
            signature: ends_with.map(|it| it.index),
        });
    }
    revisions
}

/// The certificates of all signatures, each once.
pub(super) fn certificates<'r>(read: impl IntoIterator<Item = &'r Read>) -> Vec<Certificate> {
    let mut known = BTreeSet::new();
    let all = read.into_iter().flat_map(|it| &it.certificates);
    all.filter(|it| known.insert(it.fingerprint().to_string())).cloned().collect()
}

impl From<&Certificate> for CertificateEvidence {
    fn from(certificate: &Certificate) -> Self {
        Self {
            fingerprint: certificate.fingerprint(),
            subject: certificate.subject(),
            issuer: certificate.issuer(),
            serial: certificate.serial(),
            not_before: certificate.not_before(),
            not_after: certificate.not_after(),
        }
    }
}
