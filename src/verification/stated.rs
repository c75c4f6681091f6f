//! What a signature states of the authority behind it, compared with what the document is and shows.
//!
//! A statement does not make a signature hold or fail. What cannot be read, or contradicts the file,
//! is a doubt; what is merely not said or not shown is worth a note.

use std::collections::{BTreeMap, HashMap};

use time::OffsetDateTime;

use crate::digest::Digest;
use crate::limits::Limits;
use crate::pdf::{File, Source};
use crate::pki::{Certificate, SignedData};
use crate::report::{
    Claim, Code, Finding, Granted, ShownFace, StatedAuthority, StatedContract, StatedDocument,
    StatedOrganization, StatedSeal,
};
use crate::statement::{
    AUTHORITY_ATTRIBUTE, AuthorityStatement, Error, FaceDigest, PermittedStatement, Reference,
    SealClaim,
};

use super::granted::{self, Custodians, Granting};
use super::intact::Message;
use super::verdict::Verdict;

/// How many beginnings of a file are hashed for statements.
const MOST_BEGINNINGS: usize = 16_384;
/// How many bytes of white space behind a revision may belong to it.
const SPACE_AFTER_END: u64 = 1_024;

/// The attribute of a signature, read.
pub(super) enum Stated {
    /// There is none.
    Nothing,
    /// It cannot be read.
    Unreadable(Claim, Box<Finding>),
    /// What it says.
    Says(Box<AuthorityStatement>),
}

/// Reads the attribute of a signature; those of time-stamps are not looked at.
pub(super) fn read(message: &Message<'_>, limits: &Limits) -> Stated {
    let signed = match message {
        Message::Detached(signed) | Message::Sha1Inside(signed) => signed,
        Message::Timestamp(_) | Message::Broken(_) | Message::Unsupported(_) => {
            return Stated::Nothing;
        }
    };
    let Ok(signer) = signed.signer() else { return Stated::Nothing };
    let unreadable = |claim, code, why: String| {
        Stated::Unreadable(claim, Box::new(Finding::new(code).with(why)))
    };
    match signer.signed_attribute_values(AUTHORITY_ATTRIBUTE)[..] {
        [] => Stated::Nothing,
        [value] => match AuthorityStatement::decode(value, limits) {
            Ok(statement) => Stated::Says(Box::new(statement)),
            Err(Error::UnsupportedVersion { version, .. }) => {
                let code = Code::AuthorityUnsupported;
                unreadable(Claim::Unsupported, code, version.to_string())
            }
            Err(error) => {
                unreadable(Claim::Malformed, Code::AuthorityMalformed, error.code().to_owned())
            }
        },
        [_, _, ..] => {
            unreadable(Claim::Malformed, Code::AuthorityMalformed, "duplicate".to_owned())
        }
    }
}

impl Stated {
    pub(super) fn permitted(&self) -> Option<&PermittedStatement> {
        match self {
            Self::Says(statement) => statement.permitted(),
            Self::Nothing | Self::Unreadable(..) => None,
        }
    }
}

/// Where beginnings of the file may end that somebody signed: behind the end marker of each revision,
/// whose end of line an update may have added, and behind the white space that may follow it. Nothing
/// if no statement asks.
pub(super) fn beginnings(file: &File<'_>, statements: &[Stated]) -> Beginnings {
    let mut ends = BTreeMap::new();
    if statements.iter().any(|stated| stated.permitted().is_some()) {
        for revision in file.revisions() {
            let Some(end) = revision.end() else { continue };
            let blank = blanks(file.source(), end);
            let marker = end.saturating_sub(line_end(file.source(), end));
            for offset in marker..=end.saturating_add(blank) {
                if ends.len() < MOST_BEGINNINGS {
                    ends.entry(offset).or_insert(revision.number());
                }
            }
        }
    }
    Beginnings { ends }
}

/// How many bytes of an end of line stand before an offset.
fn line_end(source: &dyn Source, at: u64) -> u64 {
    let mut bytes = [0; 2];
    let read = at.checked_sub(2).map(|from| source.read_at(from, &mut bytes));
    match (read, bytes) {
        (Some(Ok(())), [b'\r', b'\n']) => 2,
        (Some(Ok(())), [_, b'\r' | b'\n']) => 1,
        _ => 0,
    }
}

/// How many bytes of white space follow, at most.
fn blanks(source: &dyn Source, at: u64) -> u64 {
    let most = source.len().saturating_sub(at).min(SPACE_AFTER_END);
    let mut bytes = vec![0; usize::try_from(most).unwrap_or(0)];
    if source.read_at(at, &mut bytes).is_err() {
        return 0;
    }
    let is_blank = |byte: &&u8| matches!(byte, 0 | b'\t' | b'\n' | 12 | b'\r' | b' ');
    u64::try_from(bytes.iter().take_while(is_blank).count()).unwrap_or(0)
}

/// Offsets at which a beginning of the file may end, with the revision that ends there.
pub(super) struct Beginnings {
    ends: BTreeMap<u64, usize>,
}

impl Beginnings {
    pub(super) fn offsets(&self) -> Vec<u64> {
        self.ends.keys().copied().collect()
    }

    /// With the digest of each beginning.
    pub(super) fn hashed(&self, digests: &HashMap<u64, Digest>) -> Prefixes {
        let ends = self.ends.iter();
        let known = ends.filter_map(|(at, revision)| Some((*digests.get(at)?, (*at, *revision))));
        Prefixes { known: known.map(|(digest, place)| (digest.to_hex(), place)).collect() }
    }
}

/// The beginnings of a file by their SHA-256.
pub(super) struct Prefixes {
    known: HashMap<String, (u64, usize)>,
}

impl Prefixes {
    /// The revision at the end of the beginning with this digest, if it ends before an offset.
    fn revision(&self, digest: &Digest, before: u64) -> Option<u64> {
        let (end, revision) = self.known.get(&digest.to_hex())?;
        (*end < before).then(|| u64::try_from(*revision).ok())?
    }
}

/// What is compared with a statement.
pub(super) struct Compared<'c> {
    /// Whether the signature is intact.
    pub(super) authentic: bool,
    /// The faces that the signature shows.
    pub(super) faces: &'c [ShownFace],
    /// Whether what it shows can be read.
    pub(super) readable: bool,
    /// The beginnings of the file.
    pub(super) prefixes: &'c Prefixes,
    /// The end of what the signature covers.
    pub(super) end: Option<u64>,
    /// The message, which may carry grants.
    pub(super) signed: Option<&'c SignedData<'c>>,
    /// The signer's certificate.
    pub(super) certificate: Option<&'c Certificate>,
    /// When it was signed: as proven, or else as claimed.
    pub(super) at: Option<OffsetDateTime>,
    pub(super) custodians: &'c Custodians<'c>,
    pub(super) limits: &'c Limits,
}

/// The statement as plain fields, and in the verdict what does not agree with it.
pub(super) fn describe(
    stated: &Stated,
    compared: &Compared<'_>,
    verdict: &mut Verdict,
) -> Option<Box<StatedAuthority>> {
    let authentic = compared.authentic;
    let statement = match stated {
        Stated::Nothing => {
            if authentic && !compared.faces.is_empty() {
                verdict.note(Finding::new(Code::AuthorityUnstated).with(compared.faces.len()));
            }
            return None;
        }
        Stated::Unreadable(claim, finding) => {
            verdict.doubt((**finding).clone());
            return Some(Box::new(StatedAuthority::new(*claim, authentic)));
        }
        Stated::Says(statement) => statement,
    };
    let mut fields = match &**statement {
        AuthorityStatement::Permitted(permitted) => describe_permitted(permitted, compared),
        AuthorityStatement::AssertedByHost { faces } => StatedAuthority {
            asserted_faces: faces.iter().map(FaceDigest::to_string).collect(),
            ..StatedAuthority::new(Claim::AssertedByHost, authentic)
        },
        _ => StatedAuthority::new(Claim::Nothing, authentic),
    };
    if authentic {
        if compared.readable {
            compare_faces(statement, compared.faces, verdict);
        }
        if let Some(document) = &fields.document {
            compare_document(document, verdict);
        }
        if let (Some(permitted), Some(signed)) = (stated.permitted(), compared.signed) {
            let Compared { certificate, at, custodians, limits, .. } = *compared;
            let granting = Granting { signed, permitted, certificate, at, custodians, limits };
            granted::judge(&granting, &mut fields.seals, verdict);
        }
    } else {
        fields.seals.iter_mut().for_each(|seal| seal.granted = Granted::Indeterminate);
    }
    Some(Box::new(fields))
}

fn texts(references: &[Reference]) -> Vec<String> {
    references.iter().map(Reference::to_string).collect()
}

fn describe_permitted(permitted: &PermittedStatement, compared: &Compared<'_>) -> StatedAuthority {
    let text = |reference: &Option<Reference>| reference.as_ref().map(Reference::to_string);
    let (contract, document) = (&permitted.contract, &permitted.document);
    let revision = |digest: &Digest| {
        let end = compared.end.filter(|_| compared.authentic)?;
        compared.prefixes.revision(digest, end)
    };
    let organization = permitted.organization.as_ref().map(|organization| StatedOrganization {
        id: organization.id.to_string(),
        credit_code: text(&organization.credit_code),
    });
    StatedAuthority {
        permitted_at: Some(permitted.at),
        contract: Some(StatedContract {
            id: contract.id.to_string(),
            group: text(&contract.group),
            contract_type: text(&contract.contract_type),
            ceremony: text(&contract.ceremony),
        }),
        slot: Some(permitted.slot.to_string()),
        document: Some(StatedDocument {
            id: document.id.to_string(),
            issued: document.issued.to_hex(),
            issued_revision: revision(&document.issued),
            before: document.before.to_hex(),
            before_revision: revision(&document.before),
        }),
        organization,
        seals: permitted.seals.iter().map(|claim| describe_seal(claim, compared.faces)).collect(),
        controls: texts(&permitted.controls),
        intent: permitted.intent.iter().map(ToString::to_string).collect(),
        ..StatedAuthority::new(Claim::Permitted, compared.authentic)
    }
}

fn describe_seal(claim: &SealClaim, faces: &[ShownFace]) -> StatedSeal {
    let face = claim.face.to_string();
    let places = faces.iter().filter(|shown| shown.digest == face).count();
    StatedSeal {
        seal: claim.seal.to_string(),
        version: claim.version,
        face,
        organization: claim.organization.to_string(),
        employee: claim.employee.to_string(),
        grant: claim.grant.to_string(),
        from: claim.window.from(),
        until: claim.window.until(),
        controls: texts(&claim.controls),
        places: u64::try_from(places).unwrap_or(u64::MAX),
        granted: Granted::Missing,
        granted_by: None,
    }
}

/// A picture that the statement does not claim is a copy, whosever it is; beside controls without a
/// seal it may be a signature by hand.
fn compare_faces(statement: &AuthorityStatement, shown: &[ShownFace], verdict: &mut Verdict) {
    let by_hand = statement.permitted().is_some_and(|permitted| !permitted.controls.is_empty());
    let claimed: Vec<String> = statement.faces().map(|face| face.to_string()).collect();
    let mut places: BTreeMap<&str, &ShownFace> = BTreeMap::new();
    for face in shown.iter().filter(|face| !claimed.contains(&face.digest)) {
        places.entry(&face.digest).or_insert(face);
    }
    for (digest, face) in places {
        let code =
            if by_hand { Code::AuthorityPictureBeside } else { Code::AuthorityFaceNotClaimed };
        verdict.note(Finding::new(code).with(digest).about(&face.object));
    }
    let mut told: Vec<&String> = Vec::new();
    for face in &claimed {
        if !told.contains(&face) && !shown.iter().any(|shown| shown.digest == *face) {
            verdict.note(Finding::new(Code::AuthorityFaceNotShown).with(face));
            told.push(face);
        }
    }
}

fn compare_document(document: &StatedDocument, verdict: &mut Verdict) {
    if document.before_revision.is_none() {
        verdict.doubt(Finding::new(Code::AuthorityOtherDocument).with(&document.before));
    }
    if document.issued_revision.is_none() {
        verdict.note(Finding::new(Code::AuthorityIssuedElsewhere).with(&document.issued));
    }
}
