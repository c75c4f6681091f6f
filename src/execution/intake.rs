//! Intake: from the bytes that somebody handed in to what a contract may know of them (R-DOC-01 to
//! R-DOC-05, R-DOC-07).

use std::collections::{BTreeSet, HashSet};

use super::came_with::warned_of;
use super::content_kind::content_kind;
use crate::contract::{
    ActiveContent, ChangesAllowed, Content, DocumentIntake, Encryption, PdfFacts,
};
use crate::digest::{Digest, DigestAlgorithm, Hasher};
use crate::identity::DocumentId;
use crate::inspection::{
    ActiveKind, DocMdp, SignaturePermissions, active_content, field_lock, prepared_content,
    signature_permissions,
};
use crate::limits::{Limit, LimitExceeded, Limits};
use crate::pdf::{
    self, Deviation, File, Object, ObjectId, OpenedBy, Parse, Password, Protection, Revision,
    Source,
};

/// Reads a document that is handed in: what it is, what is wrong with it, what there is to warn of,
/// and the SHA-256 digest of its bytes.
///
/// A bad document is no error: whether a contract takes it in is decided by
/// [`DocumentIntake::accept`], which tells all that is wrong at once.
///
/// - What is no PDF is called by what it is by its content ([`Content::Other`]), also if it has
///   `%PDF-` in it somewhere and cannot be read as a PDF to the letter.
/// - A PDF that had to be repaired is malformed: it is never signed. So is one in which a page, a
///   field or what they lead to cannot be read.
/// - An encrypted one whose users need no password is opened, and may be signed if it lets its users
///   make fields and fill them in; [`intake_with_password`] opens others. What stays closed is
///   [`Encryption::Closed`].
/// - What may be made for a later swap is looked for on all pages ([`prepared_content`]): each kind is
///   a warning.
/// - Signatures are those that the form or the catalog shows, and dictionaries in the bytes that
///   nothing leads to any more: they too will be judged with the contract.
///
/// ```
/// use sealwright::contract::IntakeLimits;
/// use sealwright::execution::intake;
/// use sealwright::limits::Limits;
///
/// let bytes = sealwright_testdata::contract::PDF;
/// let handed_in = intake("doc_1".parse()?, "采购合同.pdf", bytes, Limits::default())?;
/// let document = handed_in.accept(&IntakeLimits::default()).map_err(|all| all[0].clone())?;
/// assert_eq!(document.page_count(), 3);
///
/// let letter = intake("doc_2".parse()?, "合同.pdf", b"PK\x03\x04".as_slice(), Limits::default())?;
/// let problems = letter.accept(&IntakeLimits::default()).unwrap_err();
/// assert_eq!(problems[0].code(), "doc.not_pdf");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// [`pdf::Error::Source`] alone: the bytes could not be had.
pub fn intake<S: Source + ?Sized>(
    id: DocumentId,
    name: impl Into<String>,
    source: &S,
    limits: Limits,
) -> Result<DocumentIntake, pdf::Error> {
    intake_digested(id, name, source, limits, DigestAlgorithm::Sha256)
}

/// The same with a digest of another algorithm.
///
/// # Errors
///
/// As [`intake`].
pub fn intake_digested<S: Source + ?Sized>(
    id: DocumentId,
    name: impl Into<String>,
    source: &S,
    limits: Limits,
    algorithm: DigestAlgorithm,
) -> Result<DocumentIntake, pdf::Error> {
    let how = How { limits, algorithm, password: None };
    intake_by(id, name, source, how)
}

/// The same for a document that may be encrypted, with the password of its owner or its users
/// (R-DOC-02).
///
/// ```
/// use sealwright::contract::IntakeLimits;
/// use sealwright::execution::intake_with_password;
/// use sealwright::limits::Limits;
/// use sealwright::pdf::Password;
///
/// let bytes = sealwright_testdata::documents::encrypted_with_password();
/// let (id, password) = ("doc_1".parse()?, Password::new("owner"));
/// let handed_in = intake_with_password(id, "a.pdf", &bytes, Limits::default(), &password)?;
/// assert!(handed_in.accept(&IntakeLimits::default()).is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// As [`intake`]; a password that does not open it is none, but [`Encryption::Closed`].
pub fn intake_with_password<S: Source + ?Sized>(
    id: DocumentId,
    name: impl Into<String>,
    source: &S,
    limits: Limits,
    password: &Password,
) -> Result<DocumentIntake, pdf::Error> {
    let how = How { limits, algorithm: DigestAlgorithm::Sha256, password: Some(password) };
    intake_by(id, name, source, how)
}

/// How a document is read.
struct How<'p> {
    limits: Limits,
    algorithm: DigestAlgorithm,
    password: Option<&'p Password>,
}

fn intake_by<S: Source + ?Sized>(
    id: DocumentId,
    name: impl Into<String>,
    source: &S,
    how: How<'_>,
) -> Result<DocumentIntake, pdf::Error> {
    let source = &source;
    let swept = sweep(source, how.algorithm)?;
    let content = content(source, how, &swept)?;
    Ok(DocumentIntake::new(id, source.len(), swept.digest, content).named(name))
}

/// How many bytes are read at a time.
const CHUNK: usize = 1 << 20;

/// What one pass over the bytes tells.
struct Swept {
    digest: Digest,
    byte_ranges: Vec<u64>,
}

fn content(source: &dyn Source, how: How<'_>, swept: &Swept) -> Result<Content, pdf::Error> {
    let mut reading = Reading::default();
    let opened = match how.password {
        Some(password) => File::open_with_password(source, how.limits, password),
        None => File::open(source, how.limits),
    };
    match opened {
        Ok(file) if file.parse() != Parse::Repaired => reading.read(&file, swept),
        Err(pdf::Error::NotPdf { .. }) => return Ok(Content::Other(content_kind(source)?)),
        unsound => {
            let mut beginning = [0; 5];
            let begins_as_pdf = source.read_at(0, &mut beginning).is_ok() && beginning == *b"%PDF-";
            let called = content_kind(source)?;
            // Bytes before the header are no other format only because they are there.
            if !begins_as_pdf && !UNTOLD.contains(&called) {
                return Ok(Content::Other(called));
            }
            match unsound {
                Ok(file) => reading.read(&file, swept),
                Err(error) => reading.note(error),
            }
        }
    }
    match reading.failed {
        Some(error) => Err(error),
        None => Ok(Content::Pdf(reading.facts)),
    }
}

/// What says nothing of a file that has a PDF header in it.
const UNTOLD: [&str; 2] = ["a plain text", "a file of a kind that is not known"];

/// The facts as they come in. One part that cannot be read does not hide the others.
#[derive(Default)]
struct Reading {
    facts: PdfFacts,
    /// The source failed: nothing was found out of the document.
    failed: Option<pdf::Error>,
}

impl Reading {
    fn read(&mut self, file: &File<'_>, swept: &Swept) {
        self.facts.encryption = match file.protection() {
            Protection::None => Encryption::None,
            // Starting a contract makes the fields that signing fills in.
            Protection::Opened(opened) => Encryption::Opened {
                may_sign: opened.by() == OpenedBy::Owner
                    || (opened.permissions().may_create_fields()
                        && opened.permissions().may_sign()),
            },
            Protection::Closed(_) => Encryption::Closed,
        };
        if file.is_closed() {
            return;
        }
        if file.parse() == Parse::Repaired {
            let because = file.deviations().iter().map(Deviation::to_string).next();
            self.facts.malformed = Some(because.unwrap_or_else(|| "xref".to_owned()));
        }
        let latest = file.latest();
        self.take(file.check_tables());
        if let Some(pages) = self.take(latest.page_geometries()) {
            self.facts.pages = pages;
        }
        if let Some(active) = self.take(active_content(&latest)) {
            self.facts.xfa = active.is_xfa();
            self.facts.active = active.kinds().iter().map(told).collect();
        }
        if let Some(prepared) = self.take(prepared_content(&latest)) {
            self.facts.prepared = warned_of(&prepared);
        }
        let Some(mut shown) = self.take(Shown::read(&latest)) else { return };
        self.facts.changes = match shown.permissions.docmdp {
            Some(DocMdp::NoChanges) => ChangesAllowed::Nothing,
            _ => ChangesAllowed::Signing,
        };
        self.take(shown.strays(file, &swept.byte_ranges));
        self.facts.signatures = u32::try_from(shown.signatures.len()).unwrap_or(u32::MAX);
    }

    fn take<T>(&mut self, result: Result<T, pdf::Error>) -> Option<T> {
        result.map_err(|error| self.note(error)).ok()
    }

    /// The first of each is told: the others often follow from it.
    fn note(&mut self, error: pdf::Error) {
        match error {
            pdf::Error::Encrypted(_) => self.facts.encryption = Encryption::Closed,
            pdf::Error::Limit(limit) => {
                self.facts.limit.get_or_insert_with(|| limit.limit.to_string());
            }
            pdf::Error::Source { .. } => self.failed = Some(error),
            other => {
                self.facts.malformed.get_or_insert_with(|| other.to_string());
            }
        }
    }
}

fn told(kind: &ActiveKind) -> ActiveContent {
    match kind {
        ActiveKind::Script => ActiveContent::Script,
        ActiveKind::LaunchAction => ActiveContent::LaunchAction,
        ActiveKind::EmbeddedFile => ActiveContent::EmbeddedFile,
    }
}

/// The signatures of a document, each once, by the object in which it stands.
struct Shown {
    signatures: HashSet<ObjectId>,
    permissions: SignaturePermissions,
    /// Usage rights (§12.8.2.3): what a viewer may do, no signature of the document.
    usage_rights: BTreeSet<ObjectId>,
}

impl Shown {
    /// What the fields of the form and the catalog's `/Perms` show.
    fn read(latest: &Revision<'_>) -> Result<Self, pdf::Error> {
        let (signatures, permissions) = (HashSet::new(), SignaturePermissions::default());
        let mut shown = Self { signatures, permissions, usage_rights: BTreeSet::new() };
        for field in latest.fields()?.iter().filter(|field| field.is_signature()) {
            let Some(value) = &field.value else { continue };
            if *latest.resolve(value)? == Object::Null {
                continue;
            }
            shown.add(latest, value, field.id)?;
            shown.permissions.restrict(&field_lock(latest, &field.dictionary)?);
        }
        let catalog = latest.catalog()?;
        let Some(permissions) = latest.lookup(&catalog, b"Perms")? else { return Ok(shown) };
        let Some(permissions) = permissions.as_dictionary() else { return Ok(shown) };
        if let Some(value) = permissions.get(b"DocMDP")
            && latest.lookup(permissions, b"DocMDP")?.is_some()
        {
            shown.add(latest, value, latest.catalog_id()?)?;
        }
        let rights = [&b"UR3"[..], b"UR"].map(|key| permissions.reference(key));
        shown.usage_rights.extend(rights.into_iter().flatten());
        Ok(shown)
    }

    fn add(
        &mut self,
        latest: &Revision<'_>,
        value: &Object,
        holder: ObjectId,
    ) -> Result<(), pdf::Error> {
        self.signatures.insert(value.as_reference().unwrap_or(holder));
        if let Some(signature) = latest.resolve(value)?.as_dictionary() {
            self.permissions.restrict(&signature_permissions(latest, signature)?);
        }
        Ok(())
    }

    /// Signature dictionaries that stand in the bytes and that the newest form does not show: a
    /// later revision cut them off. None can hide in a compressed stream and be valid.
    fn strays(&mut self, file: &File<'_>, byte_ranges: &[u64]) -> Result<(), pdf::Error> {
        let places = u64::try_from(byte_ranges.len()).unwrap_or(u64::MAX);
        LimitExceeded::check(Limit::Signatures, places, file.limits().signatures)?;
        for at in byte_ranges {
            let Some((_, object)) = file.object_around(*at)? else { continue };
            let Object::Dictionary(dictionary) = &object.object.value else { continue };
            let value = dictionary.get(b"V").and_then(Object::as_dictionary).unwrap_or(dictionary);
            let complete = value.contains(b"ByteRange") && value.contains(b"Contents");
            if complete && !self.usage_rights.contains(&object.id) {
                self.signatures.insert(object.id);
            }
        }
        Ok(())
    }
}

/// The digest of all bytes and where `/ByteRange` stands in them, in one pass.
fn sweep(source: &dyn Source, algorithm: DigestAlgorithm) -> Result<Swept, pdf::Error> {
    let finder = memchr::memmem::Finder::new(b"/ByteRange");
    let (mut hasher, mut byte_ranges, mut at) = (Hasher::new(algorithm), Vec::new(), 0);
    // What was read last, behind the end of what was read before it: a place may lie across.
    let mut window = Vec::new();
    while at < source.len() {
        let kept = window.len().min(finder.needle().len() - 1);
        window.drain(..window.len() - kept);
        let length = usize::try_from(source.len() - at).unwrap_or(CHUNK).min(CHUNK);
        window.resize(kept + length, 0);
        let Some(chunk) = window.get_mut(kept..) else { break };
        source
            .read_at(at, chunk)
            .map_err(|error| pdf::Error::Source { offset: at, kind: error.kind() })?;
        hasher.update(chunk);
        let begin = at.saturating_sub(u64::try_from(kept).unwrap_or(0));
        let found = finder.find_iter(&window).filter_map(|index| u64::try_from(index).ok());
        byte_ranges.extend(found.map(|index| begin + index));
        at += u64::try_from(length).unwrap_or(u64::MAX);
    }
    Ok(Swept { digest: hasher.finish(), byte_ranges })
}
