//! What a signature says of the authority behind it, version 1.

use der::Tag;
use time::OffsetDateTime;

use super::reference::whole_second;
use super::wire::{
    Element, Elements, read_whole, tagged, write, write_list, write_number, write_octets,
    write_optional, write_sequence, write_sha256, write_time,
};
use super::{Error, FaceDigest, IntentReference, Reference, Window};
use crate::digest::Digest;
use crate::limits::Limits;

/// The version that is written, and the only one that is read.
const VERSION: u32 = 1;

const MOST_FACES: usize = 64;
const MOST_SEALS: usize = 64;
const MOST_CONTROLS: usize = 2_000;
const MOST_CHECKS: usize = 16;

/// What a signature says of the authority behind it: the value of the signed attribute
/// [`AUTHORITY_ATTRIBUTE`](super::AUTHORITY_ATTRIBUTE), in DER.
///
/// A statement is a claim of whoever signs. That it is true is shown by the organization's signed
/// grants ([`GrantStatement`](super::GrantStatement)) or by the record of the contract.
///
/// ```
/// use sealwright::limits::Limits;
/// use sealwright::statement::{AuthorityStatement, FaceDigest};
///
/// let statement = AuthorityStatement::AssertedByHost { faces: vec![FaceDigest::from_bytes([7; 32])] };
/// let bytes = statement.encode()?;
/// assert_eq!(AuthorityStatement::decode(&bytes, &Limits::default())?, statement);
/// # Ok::<(), sealwright::statement::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuthorityStatement {
    /// An engine of this kind has decided it: the signing chain had passed.
    Permitted(Box<PermittedStatement>),
    /// The program that had it signed vouches for the seals; nothing was checked.
    AssertedByHost {
        /// What the seals look like: 1 to 64, ascending, each once.
        faces: Vec<FaceDigest>,
    },
    /// It claims no seal and no authority: the signature of a platform, to close or to certify.
    Nothing,
}

/// A signing that was permitted, in one document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PermittedStatement {
    /// When it was permitted, UTC, in whole seconds.
    pub at: OffsetDateTime,
    /// The contract.
    pub contract: ContractReference,
    /// In whose place it was signed (签署人).
    pub slot: Reference,
    /// The document.
    pub document: DocumentReference,
    /// The organization that was signed for, if that is known; none for a person who signs for
    /// himself.
    pub organization: Option<OrganizationReference>,
    /// The seals, at most 64: one entry for each seal and grant.
    pub seals: Vec<SealClaim>,
    /// The controls that were signed or filled without a seal, at most 2,000: signatures by hand,
    /// dates, opinions.
    pub controls: Vec<Reference>,
    /// How the signer proved that he means it, at most 16.
    pub intent: Vec<IntentReference>,
}

/// A contract, and what grants may be limited to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContractReference {
    /// Its id.
    pub id: Reference,
    /// The group that it is signed in (合同组).
    pub group: Option<Reference>,
    /// Its type, in the host's words.
    pub contract_type: Option<Reference>,
    /// The ceremony that it is signed at.
    pub ceremony: Option<Reference>,
}

/// A document of a contract and its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentReference {
    /// Its id.
    pub id: Reference,
    /// SHA-256 of the bytes as they were issued: with the contract, before anybody signed.
    pub issued: Digest,
    /// SHA-256 of the bytes before this signature, with everything that was appended until then.
    pub before: Digest,
}

/// An organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganizationReference {
    /// Its id.
    pub id: Reference,
    /// Its credit code (统一社会信用代码), if it is stated.
    pub credit_code: Option<Reference>,
}

/// A seal and the grant under which it was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealClaim {
    /// The seal.
    pub seal: Reference,
    /// The version of its face.
    pub version: u32,
    /// What it looks like.
    pub face: FaceDigest,
    /// The organization that owns it.
    pub organization: Reference,
    /// Who applied it: an employee by his number, not by name.
    pub employee: Reference,
    /// The grant.
    pub grant: Reference,
    /// When the grant holds.
    pub window: Window,
    /// The controls that it was put into, 1 to 2,000.
    pub controls: Vec<Reference>,
}

impl AuthorityStatement {
    /// The faces that it claims, in its order; a face may stand there twice.
    pub fn faces(&self) -> impl Iterator<Item = FaceDigest> + '_ {
        let (claims, faces) = match self {
            Self::Permitted(permitted) => (permitted.seals.as_slice(), [].as_slice()),
            Self::AssertedByHost { faces } => ([].as_slice(), faces.as_slice()),
            Self::Nothing => ([].as_slice(), [].as_slice()),
        };
        claims.iter().map(|claim| claim.face).chain(faces.iter().copied())
    }

    /// The permitted signing, if it is one.
    #[must_use]
    pub fn permitted(&self) -> Option<&PermittedStatement> {
        match self {
            Self::Permitted(permitted) => Some(permitted),
            Self::AssertedByHost { .. } | Self::Nothing => None,
        }
    }

    /// The DER of the statement.
    ///
    /// # Errors
    ///
    /// [`Error::TooMany`], [`Error::TooFew`], [`Error::NotSha256`], [`Error::Time`], or
    /// [`Error::FacesOrder`].
    pub fn encode(&self) -> Result<Vec<u8>, Error> {
        let authority = match self {
            Self::Permitted(permitted) => write(tagged(0), &permitted.write()?)?,
            Self::AssertedByHost { faces } => {
                check_faces(faces)?;
                let faces = write_list("faces", MOST_FACES, faces, write_face)?;
                write(tagged(1), &faces)?
            }
            Self::Nothing => write(tagged(2), &write(Tag::Null, &[])?)?,
        };
        write_sequence(&[write_number(VERSION)?, authority])
    }

    /// Reads a statement: strict DER, nothing before or behind it.
    ///
    /// # Errors
    ///
    /// [`Error::Malformed`] with the byte where reading stopped, [`Error::UnsupportedVersion`] for a
    /// statement of a version that this release does not know, whatever follows its number, the
    /// errors of [`encode`](Self::encode), or [`Error::Limit`].
    pub fn decode(bytes: &[u8], limits: &Limits) -> Result<Self, Error> {
        read_whole(bytes, limits, |whole| read_version(&whole, VERSION, Self::read))
    }

    fn read(parts: &mut Elements<'_, '_>) -> Result<Self, Error> {
        let choice = parts.any("an authority")?;
        if choice.tag() == tagged(0) {
            let permitted = choice.inside(PermittedStatement::read)?;
            return Ok(Self::Permitted(Box::new(permitted)));
        }
        if choice.tag() == tagged(1) {
            let faces = choice.inside(|inside| inside.list("faces", MOST_FACES, read_face))?;
            check_faces(&faces)?;
            return Ok(Self::AssertedByHost { faces });
        }
        if choice.tag() == tagged(2) {
            return choice
                .inside(|inside| inside.take(Tag::Null, "nothing")?.inside(|_| Ok(Self::Nothing)));
        }
        Err(choice.is_not("an authority"))
    }
}

/// Reads a SEQUENCE that begins with its version. What follows is looked at only if the version is
/// the one that is known: of another one nothing is guessed.
pub(super) fn read_version<'a, 'm, T>(
    whole: &Element<'a, 'm>,
    known: u32,
    read: impl FnOnce(&mut Elements<'a, 'm>) -> Result<T, Error>,
) -> Result<T, Error> {
    if whole.tag() != Tag::Sequence {
        return Err(whole.is_not("a statement"));
    }
    let mut version = known;
    whole.inside(|parts| {
        version = parts.number("a version")?;
        if version == known { read(parts) } else { Err(unsupported(version)) }
    })
}

fn unsupported(version: u32) -> Error {
    Error::UnsupportedVersion { version, supported: VERSION }
}

fn check_faces(faces: &[FaceDigest]) -> Result<(), Error> {
    require_one("faces", faces)?;
    let ascending = faces.is_sorted_by(|one, next| one.as_bytes() < next.as_bytes());
    if ascending { Ok(()) } else { Err(Error::FacesOrder) }
}

pub(super) fn require_one<T>(what: &'static str, list: &[T]) -> Result<(), Error> {
    if list.is_empty() { Err(Error::TooFew { what }) } else { Ok(()) }
}

pub(super) fn write_face(face: &FaceDigest) -> Result<Vec<u8>, Error> {
    write_octets(face.as_bytes())
}

pub(super) fn read_face(parts: &mut Elements<'_, '_>) -> Result<FaceDigest, Error> {
    parts.octets_32("a face digest").map(FaceDigest::from_bytes)
}

fn read_sha256(parts: &mut Elements<'_, '_>) -> Result<Digest, Error> {
    parts.octets_32("a SHA-256").map(Digest::sha256)
}

impl PermittedStatement {
    fn write(&self) -> Result<Vec<u8>, Error> {
        let organization = self.organization.as_ref();
        write_sequence(&[
            write_time(whole_second(self.at))?,
            self.contract.write()?,
            self.slot.write()?,
            self.document.write()?,
            write_optional(0, organization, OrganizationReference::write)?,
            write_list("seals", MOST_SEALS, &self.seals, SealClaim::write)?,
            write_list("controls", MOST_CONTROLS, &self.controls, Reference::write)?,
            write_list("checks of intent", MOST_CHECKS, &self.intent, IntentReference::write)?,
        ])
    }

    fn read(inside: &mut Elements<'_, '_>) -> Result<Self, Error> {
        inside.sequence("a permitted signing", |parts| {
            Ok(Self {
                at: parts.time("the time of the permit")?,
                contract: ContractReference::read(parts)?,
                slot: Reference::read(parts, "a slot")?,
                document: DocumentReference::read(parts)?,
                organization: parts.optional(0, OrganizationReference::read)?,
                seals: parts.list("seals", MOST_SEALS, SealClaim::read)?,
                controls: parts.list("controls", MOST_CONTROLS, read_control)?,
                intent: parts.list("checks of intent", MOST_CHECKS, IntentReference::read)?,
            })
        })
    }
}

fn read_control(parts: &mut Elements<'_, '_>) -> Result<Reference, Error> {
    Reference::read(parts, "a control")
}

impl ContractReference {
    fn write(&self) -> Result<Vec<u8>, Error> {
        write_sequence(&[
            self.id.write()?,
            write_optional(0, self.group.as_ref(), Reference::write)?,
            write_optional(1, self.contract_type.as_ref(), Reference::write)?,
            write_optional(2, self.ceremony.as_ref(), Reference::write)?,
        ])
    }

    fn read(parts: &mut Elements<'_, '_>) -> Result<Self, Error> {
        parts.sequence("a contract", |parts| {
            Ok(Self {
                id: Reference::read(parts, "a contract's id")?,
                group: parts.optional(0, |one| Reference::read(one, "a group"))?,
                contract_type: parts.optional(1, |one| Reference::read(one, "a type"))?,
                ceremony: parts.optional(2, |one| Reference::read(one, "a ceremony"))?,
            })
        })
    }
}

impl DocumentReference {
    fn write(&self) -> Result<Vec<u8>, Error> {
        write_sequence(&[
            self.id.write()?,
            write_sha256(&self.issued)?,
            write_sha256(&self.before)?,
        ])
    }

    fn read(parts: &mut Elements<'_, '_>) -> Result<Self, Error> {
        parts.sequence("a document", |parts| {
            Ok(Self {
                id: Reference::read(parts, "a document's id")?,
                issued: read_sha256(parts)?,
                before: read_sha256(parts)?,
            })
        })
    }
}

impl OrganizationReference {
    pub(super) fn write(&self) -> Result<Vec<u8>, Error> {
        let code = write_optional(0, self.credit_code.as_ref(), Reference::write)?;
        write_sequence(&[self.id.write()?, code])
    }

    pub(super) fn read(parts: &mut Elements<'_, '_>) -> Result<Self, Error> {
        parts.sequence("an organization", |parts| {
            Ok(Self {
                id: Reference::read(parts, "an organization's id")?,
                credit_code: parts.optional(0, |one| Reference::read(one, "a credit code"))?,
            })
        })
    }
}

impl SealClaim {
    fn write(&self) -> Result<Vec<u8>, Error> {
        require_one("controls of a seal", &self.controls)?;
        write_sequence(&[
            self.seal.write()?,
            write_number(self.version)?,
            write_face(&self.face)?,
            self.organization.write()?,
            self.employee.write()?,
            self.grant.write()?,
            self.window.write()?,
            write_list("controls of a seal", MOST_CONTROLS, &self.controls, Reference::write)?,
        ])
    }

    fn read(parts: &mut Elements<'_, '_>) -> Result<Self, Error> {
        let claim = parts.sequence("a seal", |parts| {
            Ok::<_, Error>(Self {
                seal: Reference::read(parts, "a seal's id")?,
                version: parts.number("a seal's version")?,
                face: read_face(parts)?,
                organization: Reference::read(parts, "a seal's owner")?,
                employee: Reference::read(parts, "an employee")?,
                grant: Reference::read(parts, "a grant")?,
                window: Window::read(parts)?,
                controls: parts.list("controls of a seal", MOST_CONTROLS, read_control)?,
            })
        })?;
        require_one("controls of a seal", &claim.controls)?;
        Ok(claim)
    }
}
