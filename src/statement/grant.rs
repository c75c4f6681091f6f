//! What an organization says of a grant of its seal, version 1.

use time::OffsetDateTime;

use super::authority::{read_face, read_version, require_one, write_face};
use super::reference::whole_second;
use super::wire::{
    Elements, read_whole, tagged, write, write_list, write_number, write_octets, write_optional,
    write_sequence, write_time,
};
use super::{ContractReference, Error, FaceDigest, OrganizationReference, Reference, Window};
use crate::limits::Limits;

const VERSION: u32 = 1;

const MOST_FACES: usize = 64;
const MOST_REACHED: usize = 50;
const MOST_GRANTS: usize = 64;

/// That an organization granted a seal to somebody (印章授权): the content that the custodian of the
/// seal signs (content type [`GRANT_CONTENT_TYPE`](super::GRANT_CONTENT_TYPE)), in DER.
///
/// ```
/// use sealwright::limits::Limits;
/// use sealwright::statement::{
///     FaceDigest, GrantReach, GrantStatement, GrantedFace, Grantee, OrganizationReference, Window,
/// };
/// let from = time::OffsetDateTime::from_unix_timestamp(1_767_225_600)?;
/// let face = GrantedFace { version: 1, face: FaceDigest::from_bytes([7; 32]) };
/// let statement = GrantStatement {
///     grant: "grant_1".parse()?,
///     seal: "seal_1".parse()?,
///     faces: vec![face],
///     organization: OrganizationReference { id: "org_a".parse()?, credit_code: None },
///     grantee: Grantee { employee: "emp_1".parse()?, certificate: None, key: None },
///     window: Window::new(from, None)?,
///     reach: GrantReach::AnyContract,
///     issued_at: from,
/// };
/// let bytes = statement.encode()?;
/// assert_eq!(GrantStatement::decode(&bytes, &Limits::default())?, statement);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantStatement {
    /// The grant.
    pub grant: Reference,
    /// The seal.
    pub seal: Reference,
    /// The versions of the seal that it is about, 1 to 64.
    pub faces: Vec<GrantedFace>,
    /// The organization that owns the seal and grants it.
    pub organization: OrganizationReference,
    /// To whom.
    pub grantee: Grantee,
    /// When it holds.
    pub window: Window,
    /// For which contracts.
    pub reach: GrantReach,
    /// When the statement was made, UTC, in whole seconds.
    pub issued_at: OffsetDateTime,
}

/// A version of a seal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GrantedFace {
    /// Its number.
    pub version: u32,
    /// What it looks like.
    pub face: FaceDigest,
}

/// To whom a seal is granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grantee {
    /// The employee by his number, not by name.
    pub employee: Reference,
    /// SHA-256 of the DER of the certificate that he signs with, where it is known beforehand.
    pub certificate: Option<[u8; 32]>,
    /// SHA-256 of the DER of the public key (SubjectPublicKeyInfo) that he signs with.
    pub key: Option<[u8; 32]>,
}

/// For which contracts a grant is (R-GRANT-04).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum GrantReach {
    /// Any contract.
    AnyContract,
    /// These contracts, 1 to 50.
    Contracts(Vec<Reference>),
    /// The contracts of these groups, 1 to 50.
    Groups(Vec<Reference>),
    /// Contracts of these types, 1 to 50.
    ContractTypes(Vec<Reference>),
    /// What is signed at this ceremony.
    Ceremony(Reference),
}

impl GrantReach {
    /// Whether the contract is within it.
    #[must_use]
    pub fn contains(&self, contract: &ContractReference) -> bool {
        let among = |list: &[Reference], one: &Option<Reference>| {
            one.as_ref().is_some_and(|one| list.contains(one))
        };
        match self {
            Self::AnyContract => true,
            Self::Contracts(listed) => listed.contains(&contract.id),
            Self::Groups(listed) => among(listed, &contract.group),
            Self::ContractTypes(listed) => among(listed, &contract.contract_type),
            Self::Ceremony(only) => contract.ceremony.as_ref() == Some(only),
        }
    }

    fn write(&self) -> Result<Vec<u8>, Error> {
        let list = |number, listed: &[Reference]| {
            require_one("contracts", listed)?;
            let listed = write_list("contracts", MOST_REACHED, listed, Reference::write)?;
            write(tagged(number), &listed)
        };
        match self {
            Self::AnyContract => write(tagged(0), &write(der::Tag::Null, &[])?),
            Self::Contracts(listed) => list(1, listed),
            Self::Groups(listed) => list(2, listed),
            Self::ContractTypes(listed) => list(3, listed),
            Self::Ceremony(only) => write(tagged(4), &only.write()?),
        }
    }

    fn read(parts: &mut Elements<'_, '_>) -> Result<Self, Error> {
        let choice = parts.any("a reach")?;
        let list = || {
            let one = |parts: &mut Elements<'_, '_>| Reference::read(parts, "a contract");
            let listed = choice.inside(|inside| inside.list("contracts", MOST_REACHED, one))?;
            require_one("contracts", &listed)?;
            Ok(listed)
        };
        match choice.tag() {
            tag if tag == tagged(0) => choice.inside(|inside| {
                inside.take(der::Tag::Null, "nothing")?.inside(|_| Ok(Self::AnyContract))
            }),
            tag if tag == tagged(1) => list().map(Self::Contracts),
            tag if tag == tagged(2) => list().map(Self::Groups),
            tag if tag == tagged(3) => list().map(Self::ContractTypes),
            tag if tag == tagged(4) => {
                choice.inside(|inside| Reference::read(inside, "a ceremony")).map(Self::Ceremony)
            }
            _ => Err(choice.is_not("a reach")),
        }
    }
}

impl GrantStatement {
    /// The DER of the statement: what is signed.
    ///
    /// # Errors
    ///
    /// [`Error::TooMany`], [`Error::TooFew`], or [`Error::Time`].
    pub fn encode(&self) -> Result<Vec<u8>, Error> {
        require_one("faces", &self.faces)?;
        write_sequence(&[
            write_number(VERSION)?,
            self.grant.write()?,
            self.seal.write()?,
            write_list("faces", MOST_FACES, &self.faces, GrantedFace::write)?,
            self.organization.write()?,
            self.grantee.write()?,
            self.window.write()?,
            self.reach.write()?,
            write_time(whole_second(self.issued_at))?,
        ])
    }

    /// Reads a statement: strict DER, nothing before or behind it.
    ///
    /// # Errors
    ///
    /// As [`AuthorityStatement::decode`](super::AuthorityStatement::decode).
    pub fn decode(bytes: &[u8], limits: &Limits) -> Result<Self, Error> {
        read_whole(bytes, limits, |whole| {
            read_version(&whole, VERSION, |parts| {
                let statement = Self {
                    grant: Reference::read(parts, "a grant's id")?,
                    seal: Reference::read(parts, "a seal's id")?,
                    faces: parts.list("faces", MOST_FACES, GrantedFace::read)?,
                    organization: OrganizationReference::read(parts)?,
                    grantee: Grantee::read(parts)?,
                    window: Window::read(parts)?,
                    reach: GrantReach::read(parts)?,
                    issued_at: parts.time("the time of issue")?,
                };
                require_one("faces", &statement.faces)?;
                Ok(statement)
            })
        })
    }
}

impl GrantedFace {
    fn write(&self) -> Result<Vec<u8>, Error> {
        write_sequence(&[write_number(self.version)?, write_face(&self.face)?])
    }

    fn read(parts: &mut Elements<'_, '_>) -> Result<Self, Error> {
        parts.sequence("a version of a seal", |parts| {
            Ok(Self { version: parts.number("a seal's version")?, face: read_face(parts)? })
        })
    }
}

impl Grantee {
    fn write(&self) -> Result<Vec<u8>, Error> {
        write_sequence(&[
            self.employee.write()?,
            write_optional(0, self.certificate, |digest| write_octets(&digest))?,
            write_optional(1, self.key, |digest| write_octets(&digest))?,
        ])
    }

    fn read(parts: &mut Elements<'_, '_>) -> Result<Self, Error> {
        parts.sequence("a grantee", |parts| {
            Ok(Self {
                employee: Reference::read(parts, "an employee")?,
                certificate: parts.optional(0, |one| one.octets_32("a certificate's SHA-256"))?,
                key: parts.optional(1, |one| one.octets_32("a key's SHA-256"))?,
            })
        })
    }
}

/// The value of the attribute [`GRANTS_ATTRIBUTE`](super::GRANTS_ATTRIBUTE): 1 to 64 signed grants,
/// each a CMS (ContentInfo, RFC 5652 §3) as it is.
///
/// # Errors
///
/// [`Error::TooFew`] or [`Error::TooMany`].
pub fn encode_grants(signed: &[Vec<u8>]) -> Result<Vec<u8>, Error> {
    require_one("signed grants", signed)?;
    write_list("signed grants", MOST_GRANTS, signed, |one| Ok(one.clone()))
}

/// The signed grants in a value of the attribute, each a CMS that is not looked into.
///
/// # Errors
///
/// [`Error::Malformed`], [`Error::TooFew`], [`Error::TooMany`] or [`Error::Limit`].
pub fn decode_grants(bytes: &[u8], limits: &Limits) -> Result<Vec<Vec<u8>>, Error> {
    let read = |parts: &mut Elements<'_, '_>| parts.raw("a signed grant");
    let signed = read_whole(bytes, limits, |whole| {
        if whole.tag() != der::Tag::Sequence {
            return Err(whole.is_not("signed grants"));
        }
        whole.members("signed grants", MOST_GRANTS, read)
    })?;
    require_one("signed grants", &signed)?;
    Ok(signed)
}
