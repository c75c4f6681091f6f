//! What a signature states of the authority behind it, as plain fields.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// What a signature states of the authority behind it, in its signed attribute
/// ([`manual::statement`](crate::manual::statement)).
///
/// It is what the signer says. What of it can be compared with the document was compared; whether a
/// seal was granted is shown by the organization's own word ([`StatedSeal::granted`]).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatedAuthority {
    /// What kind of statement it is.
    pub claim: Claim,
    /// Whether the signature is intact: else nobody is known to have stated it, and nothing was
    /// compared.
    pub authentic: bool,
    /// When the signing was permitted.
    #[serde(with = "time::serde::rfc3339::option")]
    pub permitted_at: Option<OffsetDateTime>,
    /// The contract.
    pub contract: Option<StatedContract>,
    /// In whose place it was signed.
    pub slot: Option<String>,
    /// The document.
    pub document: Option<StatedDocument>,
    /// The organization that was signed for.
    pub organization: Option<StatedOrganization>,
    /// The seals.
    pub seals: Vec<StatedSeal>,
    /// The faces that the host vouches for, as face digests.
    pub asserted_faces: Vec<String>,
    /// The controls that were signed or filled without a seal.
    pub controls: Vec<String>,
    /// References to the proofs of intent, in hexadecimal digits.
    pub intent: Vec<String>,
}

impl StatedAuthority {
    /// A statement without particulars.
    #[must_use]
    pub fn new(claim: Claim, authentic: bool) -> Self {
        Self {
            claim,
            authentic,
            permitted_at: None,
            contract: None,
            slot: None,
            document: None,
            organization: None,
            seals: Vec::new(),
            asserted_faces: Vec::new(),
            controls: Vec::new(),
            intent: Vec::new(),
        }
    }
}

/// The kind of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Claim {
    /// The signing had been permitted by a signing chain.
    Permitted,
    /// The program that had it signed vouches for the seals.
    AssertedByHost,
    /// No seal and no authority is claimed.
    Nothing,
    /// The attribute is there and cannot be read, or stands there twice.
    Malformed,
    /// The statement is of a version that is not known.
    Unsupported,
}

/// A contract, and what grants may be limited to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatedContract {
    /// Its id.
    pub id: String,
    /// The group that it was signed in.
    pub group: Option<String>,
    /// Its type.
    pub contract_type: Option<String>,
    /// The ceremony that it was signed at.
    pub ceremony: Option<String>,
}

/// A document, named by digests of beginnings of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatedDocument {
    /// Its id.
    pub id: String,
    /// SHA-256 of the bytes as they were issued.
    pub issued: String,
    /// The revision that ends where these bytes end, from 1; none if no beginning of the file has
    /// this digest.
    pub issued_revision: Option<u64>,
    /// SHA-256 of the bytes before this signature.
    pub before: String,
    /// The revision that ends where these bytes end, from 1; none if no beginning of the file has
    /// this digest.
    pub before_revision: Option<u64>,
}

/// An organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatedOrganization {
    /// Its id.
    pub id: String,
    /// Its credit code, if it is stated.
    pub credit_code: Option<String>,
}

/// A seal and the grant under which it was applied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatedSeal {
    /// The seal.
    pub seal: String,
    /// The version of its face.
    pub version: u32,
    /// Its face digest.
    pub face: String,
    /// The organization that owns it.
    pub organization: String,
    /// Who applied it.
    pub employee: String,
    /// The grant.
    pub grant: String,
    /// When the grant begins.
    #[serde(with = "time::serde::rfc3339")]
    pub from: OffsetDateTime,
    /// The first instant after it; none if it never ends.
    #[serde(with = "time::serde::rfc3339::option")]
    pub until: Option<OffsetDateTime>,
    /// The controls that it was put into.
    pub controls: Vec<String>,
    /// In how many places the signature shows this face.
    pub places: u64,
    /// What the organization says of the grant.
    pub granted: Granted,
    /// The organization whose custodian was trusted, by the name that the host gave for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub granted_by: Option<String>,
}

/// Whether the custodian of a seal has signed that it was granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Granted {
    /// A custodian whom the host trusts for this organization has signed a grant of this seal to this
    /// signer for this contract at that time.
    Granted,
    /// He has signed a grant that is not for this; a finding says what is missing.
    NotCovered,
    /// Whoever signed the grant is not trusted for this organization, or his signature does not hold.
    Untrusted,
    /// It cannot be said; a finding says why.
    Indeterminate,
    /// The signature carries no signed grant for this seal.
    Missing,
}
