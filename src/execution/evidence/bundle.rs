//! The bundle: evidence with everything that it rests on, in one archive.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::archive::Archive;
use super::documents::{Read, certificates};
use super::manifest::{Format, Listed, MANIFEST, Manifest, SIGNATURE};
use super::{Error, Evidence, EvidenceFacts, readme, trail_lines};
use crate::audit;
use crate::contract::IntentCheck;
use crate::digest::{Digest, DigestAlgorithm};
use crate::identity::SlotId;
use crate::limits::Limits;
use crate::pki::Certificate;
use crate::report::Lang;
use crate::signing::{self, SignedGrant, Signer, grant_statement, sign_detached};

/// Long-term material that a host keeps outside the documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Material {
    /// An OCSP response (RFC 6960).
    Ocsp,
    /// A certificate revocation list (RFC 5280).
    Crl,
    /// A time-stamp token (RFC 3161).
    Timestamp,
}

impl Material {
    fn name(self) -> &'static str {
        match self {
            Self::Ocsp => "ocsp",
            Self::Crl => "crl",
            Self::Timestamp => "timestamp",
        }
    }
}

/// How people were shown to mean it, by slot: `intents.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Intents {
    pub(super) slot: SlotId,
    pub(super) checks: Vec<IntentCheck>,
}

impl Intents {
    pub(super) fn of(evidence: &Evidence) -> Vec<Self> {
        let recorded = evidence.signings.iter().filter_map(|it| it.recorded.as_ref());
        recorded.map(|it| Self { slot: it.slot.clone(), checks: it.intent.clone() }).collect()
    }
}

/// Evidence with everything that it rests on (证据包): a ZIP archive that anybody can look at with common
/// tools, and [`verify`](super::verify()) judges with one call.
///
/// | entry | what |
/// |---|---|
/// | `manifest.json`, `manifest.p7s` | every other entry with its SHA-256, and the signature over that |
/// | `README.txt` | how to look at all of it without this program |
/// | `evidence.json` | [`Evidence`] |
/// | `documents/1.pdf` … | the documents, each once; revisions are ranges of them |
/// | `certificates/….pem` | the certificates in the signatures, by their fingerprints |
/// | `grants/1.p7m`, `.der` | what organizations say of their grants, signed or not |
/// | `intents.json` | the references to proofs of intent |
/// | `trail.jsonl`, `head.json` | the trail, and where it ends |
/// | `material/…` | what else the host has: OCSP, CRL, time-stamps |
/// | `report/zh.pdf`, `report/en.pdf` | the report for people to read |
///
/// The same evidence and facts give the same bytes, as far as the signer's signature does.
///
/// ```
/// # use sealwright::execution::evidence::{Bundle, Error, Evidence, EvidenceFacts};
/// # use sealwright::report::Lang;
/// # use sealwright::signing::Signer;
/// # use time::OffsetDateTime;
/// fn to_hand_out(
///     evidence: &Evidence,
///     facts: &EvidenceFacts<'_>,
///     (report, platform): (&[u8], &dyn Signer),
///     now: OffsetDateTime,
/// ) -> Result<Vec<u8>, Error> {
///     Bundle::of(evidence, facts).paper(Lang::Zh, report).sealed_by(platform).to_zip(now)
/// }
/// ```
#[derive(Clone)]
#[must_use]
pub struct Bundle<'a> {
    evidence: &'a Evidence,
    facts: &'a EvidenceFacts<'a>,
    grants: Vec<&'a SignedGrant>,
    material: Vec<(Material, &'a [u8])>,
    papers: Vec<(Lang, &'a [u8])>,
    signer: Option<&'a dyn Signer>,
}

impl<'a> Bundle<'a> {
    /// What was gathered, and what it was gathered from. Nobody signs it yet.
    pub fn of(evidence: &'a Evidence, facts: &'a EvidenceFacts<'a>) -> Self {
        let (grants, material, papers) = (Vec::new(), Vec::new(), Vec::new());
        Self { evidence, facts, grants, material, papers, signer: None }
    }

    /// With the report for people to read, in one language.
    pub fn paper(mut self, lang: Lang, pdf: &'a [u8]) -> Self {
        self.papers.retain(|(other, _)| *other != lang);
        self.papers.push((lang, pdf));
        self
    }

    /// With a grant that its custodian signed. Those in the signatures are found there.
    pub fn grant(mut self, grant: &'a SignedGrant) -> Self {
        self.grants.push(grant);
        self
    }

    /// With long-term material, in DER.
    pub fn material(mut self, kind: Material, der: &'a [u8]) -> Self {
        self.material.push((kind, der));
        self
    }

    /// Signed by whoever hands it out, usually the platform.
    pub fn sealed_by(self, signer: &'a dyn Signer) -> Self {
        Self { signer: Some(signer), ..self }
    }

    /// The archive.
    ///
    /// # Errors
    ///
    /// `doc.missing` and `doc.hash_mismatch` for documents that are not those of the evidence,
    /// `audit.head_mismatch` for another trail; what keeps the signer from signing;
    /// `evidence.too_large` from 4 GiB on.
    pub fn to_zip(&self, now: OffsetDateTime) -> Result<Vec<u8>, Error> {
        let read = self.documents()?;
        audit::verify(self.facts.trail, Some(&self.evidence.trail.head))?;
        let entries = self.entries(&read)?;
        let listed = entries.iter().map(|(name, content)| Listed::of(name, content));
        let manifest = Manifest {
            format: Format::V1,
            contract: self.evidence.contract.id.clone(),
            made_at: now,
            signed: self.signer.is_some(),
            entries: listed.collect(),
        };
        let manifest = json(&manifest)?;
        let signature = self.signer.map(|signer| sign_detached(&manifest, signer, now));
        let room =
            entries.iter().fold(0_usize, |sum, (_, content)| sum.saturating_add(content.len()));
        let mut archive = Archive::at(now, room);
        archive.add(MANIFEST, &manifest)?;
        if let Some(signature) = signature.transpose().map_err(Box::new)? {
            archive.add(SIGNATURE, &signature)?;
        }
        for (name, content) in &entries {
            archive.add(name, content)?;
        }
        archive.finish()
    }

    /// The documents of the evidence, read again: they must be the same.
    fn documents(&self) -> Result<Vec<Opened<'_>>, Error> {
        let mut all = Vec::new();
        for document in &self.evidence.documents {
            let file = self.facts.documents.require(&document.id)?;
            let bytes = self.facts.documents.whole(&document.id)?;
            let report = self.evidence.report(&document.id);
            let found = Digest::of(DigestAlgorithm::Sha256, &bytes);
            let shown = document.digest.shown.clone();
            let (Some(report), true) = (report, shown == Some(found.to_string())) else {
                return Err(Error::OtherDocument {
                    document: document.id.clone(),
                    expected: shown.unwrap_or_default(),
                    found: found.to_string(),
                });
            };
            let read = Read::of(&document.id, file, &bytes, report, document.issued_length)?;
            all.push((read, bytes));
        }
        Ok(all)
    }

    /// All entries but the manifest, in their order.
    fn entries<'s>(&'s self, read: &'s [Opened<'s>]) -> Result<Vec<Entry<'s>>, Error> {
        let mut all = Vec::new();
        let readme = readme::text(self.evidence, self.signer.is_some());
        all.push(("README.txt".to_owned(), readme.into_bytes().into()));
        all.push((EVIDENCE.to_owned(), json(self.evidence)?.into()));
        for (number, (_, bytes)) in (1_usize..).zip(read) {
            all.push((document_entry(number), bytes.as_ref().into()));
        }
        for certificate in certificates(read.iter().map(|(read, _)| read)) {
            all.push((certificate_entry(&certificate), certificate.to_pem().into_bytes().into()));
        }
        all.extend(self.grant_entries(read)?);
        all.push((INTENTS.to_owned(), json(&Intents::of(self.evidence))?.into()));
        all.push((
            TRAIL.to_owned(),
            trail_lines::write(self.facts.trail).map_err(|it| Error::json(&it))?.into(),
        ));
        all.push((HEAD.to_owned(), json(&self.evidence.trail.head)?.into()));
        for (number, (kind, der)) in (1_usize..).zip(&self.material) {
            all.push((format!("material/{number}-{}.der", kind.name()), (*der).into()));
        }
        for (lang, pdf) in &self.papers {
            all.push((paper_entry(*lang), (*pdf).into()));
        }
        Ok(all)
    }

    /// For each grant of the evidence the signed statement, else one that nobody signed.
    fn grant_entries<'s>(&'s self, read: &'s [Opened<'s>]) -> Result<Vec<Entry<'s>>, Error> {
        let limits = Limits::default();
        let inside = read.iter().flat_map(|(read, _)| &read.grants);
        let inside = inside.filter_map(|cms| SignedGrant::from_der(cms, &limits).ok());
        let signed: Vec<SignedGrant> =
            self.grants.iter().map(|it| (*it).clone()).chain(inside).collect();
        let mut all = Vec::new();
        for (number, evidence) in (1_usize..).zip(&self.evidence.grants) {
            let is_own = |it: &&SignedGrant| it.statement().grant.as_str() == evidence.id.as_str();
            if let Some(signed) = signed.iter().find(is_own) {
                all.push((signed_grant_entry(number), signed.as_der().to_vec().into()));
                continue;
            }
            let grant = self.facts.check.grants.iter().find(|it| it.id() == &evidence.id);
            let seal = self.facts.check.seals.iter().find(|it| it.id() == &evidence.seal);
            let Some((grant, seal)) = grant.zip(seal) else { continue };
            let statement = grant_statement(grant, seal, None, None, self.evidence.gathered_at);
            let statement = statement.map_err(Box::new)?.encode();
            let statement = statement.map_err(|it| Box::new(signing::Error::from(it)))?;
            all.push((bare_grant_entry(number), statement.into()));
        }
        Ok(all)
    }
}

/// A document with its bytes.
type Opened<'b> = (Read, Cow<'b, [u8]>);
/// An entry of the archive.
type Entry<'b> = (String, Cow<'b, [u8]>);

pub(super) const EVIDENCE: &str = "evidence.json";
pub(super) const INTENTS: &str = "intents.json";
pub(super) const TRAIL: &str = "trail.jsonl";
pub(super) const HEAD: &str = "head.json";

pub(super) fn document_entry(number: usize) -> String {
    format!("documents/{number}.pdf")
}

pub(super) fn certificate_entry(certificate: &Certificate) -> String {
    format!("certificates/{}.pem", certificate.fingerprint().to_hex())
}

pub(super) fn signed_grant_entry(number: usize) -> String {
    format!("grants/{number}.p7m")
}

pub(super) fn bare_grant_entry(number: usize) -> String {
    format!("grants/{number}.der")
}

pub(super) fn paper_entry(lang: Lang) -> String {
    match lang {
        Lang::En => "report/en.pdf".to_owned(),
        Lang::Zh => "report/zh.pdf".to_owned(),
    }
}

/// For people to read as well.
fn json<T: Serialize>(value: &T) -> Result<Vec<u8>, Error> {
    let mut text = serde_json::to_vec_pretty(value).map_err(|it| Error::json(&it))?;
    text.push(b'\n');
    Ok(text)
}
