//! Why a seal, a grant or a signing is refused.

use std::fmt;

use thiserror::Error as ThisError;
use time::OffsetDateTime;

use super::{GrantScope, ImageFormat, SealColour, SealShape, SealSize, SealStatus};
use crate::contract::{self, ControlKey, SealKind};
use crate::decision::{ReplayError, Stale};
use crate::identity::{ContractId, DocumentId, EmployeeId, GrantId, OrganizationId, SealId};
use crate::instant::rfc3339;
use crate::organization;

/// What a [`SigningPermit`](super::SigningPermit) says, and a record has to say as well.
///
/// ```
/// use sealwright::authorization::PermitTerm;
/// assert_eq!(PermitTerm::Intent.to_string(), "the proof of intent");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PermitTerm {
    /// How long it lasts.
    Time,
    /// The contract.
    Contract,
    /// The slot.
    Slot,
    /// Who signs: his account.
    Signer,
    /// Who signs: the reference to his identity document.
    Identity,
    /// The organization that he signs for, with its credit code.
    Organization,
    /// The checks by which he proved that he meant it.
    Intent,
    /// The bytes of a document.
    Document(DocumentId),
    /// What is put into a control.
    Mark(ControlKey),
    /// The rectangles in which it is drawn.
    Spots(ControlKey),
    /// The version of a seal.
    Version(SealId),
}

impl fmt::Display for PermitTerm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Time => f.write_str("the age of the permit"),
            Self::Contract => f.write_str("the contract"),
            Self::Slot => f.write_str("the slot"),
            Self::Signer => f.write_str("the signer"),
            Self::Identity => f.write_str("the reference to the signer"),
            Self::Organization => f.write_str("the organization signed for"),
            Self::Intent => f.write_str("the proof of intent"),
            Self::Document(document) => write!(f, "the bytes of {document}"),
            Self::Mark(control) => write!(f, "the mark in {control}"),
            Self::Spots(control) => write!(f, "the place of {control}"),
            Self::Version(seal) => write!(f, "the version of the seal {seal}"),
        }
    }
}

/// Why a seal, a grant or a signing is refused. Nothing has changed then.
///
/// ```
/// use sealwright::authorization::{ImageFacts, ImageLimits, SealImage};
/// # use sealwright::digest::{Digest, DigestAlgorithm};
/// let facts = ImageFacts {
///     format: None, // a GIF, perhaps
///     bytes: 10,
///     width: 1,
///     height: 1,
///     transparent: false,
///     source: Digest::of(DigestAlgorithm::Sha256, b"GIF89a"),
///     face: None,
/// };
/// let error = SealImage::accept(&facts, &ImageLimits::default()).unwrap_err();
/// assert_eq!(error.code(), "seal.image_format");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
#[non_exhaustive]
pub enum Error {
    // --- seals ---
    /// A seal that is to be used was not given.
    #[error("the seal {seal} was not found among those given; load it from where seals are kept")]
    SealNotFound {
        /// The seal.
        seal: SealId,
    },
    /// The name of a seal is empty, too long or has control characters (R-SEAL-03).
    #[error(
        "the name of a seal has 1 to {most} characters and no control characters; this one has \
         {characters}"
    )]
    NameInvalid {
        /// How many characters it has, without white space around.
        characters: usize,
        /// How many it may have.
        most: usize,
    },
    /// Another seal of the organization has this name (R-SEAL-03).
    #[error("the seal {holder} has this name already; choose another name")]
    NameTaken {
        /// The other seal.
        holder: SealId,
    },
    /// The organization has an official seal (R-SEAL-01).
    #[error("the organization has an official seal, {holder}; stop, void or delete it first")]
    OfficialExists {
        /// The official seal.
        holder: SealId,
    },
    /// The organization has a seal of its legal representative (R-SEAL-02).
    #[error(
        "the organization has a seal of its legal representative, {holder}; stop, void or delete \
         it first"
    )]
    LegalRepExists {
        /// The seal.
        holder: SealId,
    },
    /// Only the legal representative disposes of his seal (R-SEAL-14).
    #[error("only the legal representative may do this to his seal; ask him to")]
    LegalRepOnly,
    /// A picture is neither PNG nor JPEG (R-SEAL-04).
    #[error("the picture is neither PNG nor JPEG by its content; convert it and upload it again")]
    ImageFormat,
    /// The file of a picture is too large (R-SEAL-04).
    #[error("the picture has {bytes} bytes, the most are {most}; make it smaller")]
    ImageTooLarge {
        /// How many bytes it has.
        bytes: u64,
        /// How many it may have.
        most: u64,
    },
    /// A picture could not be decoded (R-SEAL-05).
    #[error(
        "the picture looks like {format:?} and cannot be decoded; it is damaged, export it anew"
    )]
    ImageDecode {
        /// What its first bytes say it is.
        format: ImageFormat,
    },
    /// A picture has no pixels or too many (R-SEAL-05).
    #[error(
        "the picture has {width} x {height} pixels; each side has 1 to {side}, and all of them \
         decode to at most {most_bytes} bytes"
    )]
    ImageDimensions {
        /// Pixels a row.
        width: u32,
        /// Rows.
        height: u32,
        /// The most pixels of a side.
        side: u32,
        /// The most bytes of all pixels.
        most_bytes: u64,
    },
    /// An uploaded seal is too small, too large or too oblong (R-SEAL-06).
    #[error(
        "a seal of {size} is none: each side has {shortest} to {longest} mm, and one at most ten \
         times the other"
    )]
    SizeOutOfRange {
        /// The size.
        size: SealSize,
        /// The shortest side in millimetres.
        shortest: u16,
        /// The longest side in millimetres.
        longest: u16,
    },
    /// A generated seal does not come in this size (R-SEAL-07).
    #[error("a generated {shape} does not come in {size}; choose one of the listed sizes")]
    SizeNotInEnum {
        /// The shape.
        shape: SealShape,
        /// The size.
        size: SealSize,
    },
    /// Generated seals do not come in this colour (domain §7.5).
    #[error("a generated seal is not {colour} here; draw it in one of the listed colours")]
    ColourNotInEnum {
        /// The colour.
        colour: SealColour,
    },
    /// A seal of this kind and size does not come in this shape (R-SEAL-08).
    #[error("a seal of kind {kind} and {size} cannot be a {shape}; choose another shape")]
    ShapeTypeConflict {
        /// The kind.
        kind: SealKind,
        /// The shape.
        shape: SealShape,
        /// The size.
        size: SealSize,
    },
    /// An invoice seal has no tax number, or a wrong one.
    #[error(
        "an invoice seal needs the tax number of its organization, 15 to 20 digits and capital \
         letters; the one given has {characters} characters"
    )]
    TaxNumberRequired {
        /// How many characters were given; 0 if none.
        characters: usize,
    },
    /// The state of the seal does not allow it.
    #[error("a seal that is {from} cannot {action}")]
    SealIllegalTransition {
        /// The state it is in.
        from: SealStatus,
        /// What was asked for.
        action: &'static str,
    },
    /// A seal in use cannot be deleted (R-SEAL-13).
    #[error("a seal that is {from} cannot be deleted; disable it first")]
    DeleteRequiresDisabled {
        /// The state it is in.
        from: SealStatus,
    },
    /// The seal is not enabled (R-SEAL-11).
    #[error("the seal {seal} is {status}; only an enabled one may be used or granted")]
    NotEnabled {
        /// The seal.
        seal: SealId,
        /// The state it is in.
        status: SealStatus,
    },
    /// It is not the time of the seal.
    #[error(
        "the seal {seal} is valid from {from} until {until}, not at {now}",
        from = rfc3339(*from),
        until = until.map_or_else(|| String::from("further notice"), rfc3339),
        now = rfc3339(*now)
    )]
    OutsideValidity {
        /// The seal.
        seal: SealId,
        /// The first instant of its validity.
        from: OffsetDateTime,
        /// The first instant after it.
        until: Option<OffsetDateTime>,
        /// The time that was given.
        now: OffsetDateTime,
    },
    /// The seal bears the name of somebody who is not the legal representative any more: its time is
    /// over.
    #[error(
        "the seal {seal} is that of a former legal representative; declare it void, and have him who \
         follows make his own"
    )]
    FormerRepresentative {
        /// The seal.
        seal: SealId,
    },
    /// The seal belongs to another organization (R-GRANT-05).
    #[error("the seal {seal} belongs to {owner}, but the signer signs for {signs_for}")]
    NotOwned {
        /// The seal.
        seal: SealId,
        /// Whose it is.
        owner: OrganizationId,
        /// For whom the signer signs.
        signs_for: OrganizationId,
    },

    // --- grants ---
    /// The grantor may not grant this seal.
    #[error("{grantor} may not grant the seal {seal}; it takes the permission seal.grant there")]
    GrantorIneligible {
        /// Who wanted to.
        grantor: String,
        /// The seal.
        seal: SealId,
    },
    /// The grantee may not hold a grant of this seal.
    #[error("{grantee} cannot be granted the seal {seal}: he is no active employee of its owner")]
    GranteeIneligible {
        /// To whom.
        grantee: EmployeeId,
        /// The seal.
        seal: SealId,
    },
    /// A window that is empty (R-GRANT-02).
    #[error(
        "nothing lies between {from} and {until}; the end must be after the beginning",
        from = rfc3339(*from), until = rfc3339(*until)
    )]
    WindowInvalid {
        /// The first instant.
        from: OffsetDateTime,
        /// The first instant after it.
        until: OffsetDateTime,
    },
    /// The scope of a grant is empty, too long or mixed (R-GRANT-04).
    #[error("a grant reaches {what}; this one reaches {found}")]
    ScopeInvalid {
        /// What it may reach.
        what: &'static str,
        /// How many it does.
        found: usize,
    },
    /// The policy text of a grant is too long.
    #[error("the text of the policy has {found} characters, the most are {most}")]
    PolicyTextTooLong {
        /// How many characters it has.
        found: usize,
        /// How many it may have.
        most: usize,
    },
    /// A grant of the legal representative's seal lacks his written consent.
    #[error(
        "a grant of the legal representative's seal needs the digest of his letter of authority"
    )]
    LegalRepConsentRequired,
    /// There is no such grant, as far as the asker may know (R-GRANT-01).
    #[error("{who} has no grant to use the seal {seal}; ask for one")]
    GrantNotFound {
        /// The seal.
        seal: SealId,
        /// Who should have it, or asks for it.
        who: String,
    },
    /// The grant was revoked before.
    #[error("the grant {grant} was revoked at {at} already", at = rfc3339(*at))]
    AlreadyRevoked {
        /// The grant.
        grant: GrantId,
        /// When.
        at: OffsetDateTime,
    },
    /// The grant was revoked (R-GRANT-03).
    #[error("the grant {grant} was revoked at {at}; it takes a new one", at = rfc3339(*at))]
    Revoked {
        /// The grant.
        grant: GrantId,
        /// When.
        at: OffsetDateTime,
    },
    /// The grant is not valid yet (R-GRANT-02).
    #[error(
        "the grant {grant} is valid from {from}, it is {now}",
        from = rfc3339(*from), now = rfc3339(*now)
    )]
    NotYetValid {
        /// The grant.
        grant: GrantId,
        /// From when.
        from: OffsetDateTime,
        /// The time that was given.
        now: OffsetDateTime,
    },
    /// The grant is over (R-GRANT-02).
    #[error(
        "the grant {grant} was valid until {until}, it is {now}; ask for a new one",
        until = rfc3339(*until), now = rfc3339(*now)
    )]
    Expired {
        /// The grant.
        grant: GrantId,
        /// The first instant at which it is not valid.
        until: OffsetDateTime,
        /// The time that was given.
        now: OffsetDateTime,
    },
    /// The grant does not reach this contract (R-GRANT-04).
    #[error("the grant {grant} reaches {}, not the contract {contract}", scope.kind())]
    ScopeExcluded {
        /// The grant.
        grant: GrantId,
        /// What it reaches.
        scope: GrantScope,
        /// The contract.
        contract: ContractId,
    },
    /// The grant was used as often as it may be.
    #[error("the grant {grant} was used {uses} times, the most are {most}; ask for a new one")]
    UsageExhausted {
        /// The grant.
        grant: GrantId,
        /// How often it was used.
        uses: u32,
        /// How often it may be.
        most: u32,
    },

    /// What was made is not what was permitted.
    #[error(
        "{term}: permitted was {permitted}, made was {found}; make what the permit says, or ask for \
         one anew"
    )]
    NotPermitted {
        /// In what they differ.
        term: PermitTerm,
        /// What the permit says.
        permitted: String,
        /// What the record says, or what has become true since.
        found: String,
    },

    // --- of lower modules ---
    /// The state has moved on since it was looked at.
    #[error(transparent)]
    Stale(#[from] Stale),
    /// Decisions that were to follow one another do not.
    #[error(transparent)]
    Replay(#[from] ReplayError),
    /// An organization or an employee stands in the way.
    #[error(transparent)]
    Organization(#[from] organization::Error),
    /// The contract stands in the way: R-SIGN-01 to 11.
    #[error(transparent)]
    Contract(#[from] contract::Error),
}

impl Error {
    /// A stable name of the kind of refusal, for programs (domain §3.9).
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::SealNotFound { .. } => "seal.not_found",
            Self::NameInvalid { .. } => "seal.name_invalid",
            Self::NameTaken { .. } => "seal.name_taken",
            Self::OfficialExists { .. } => "seal.official_exists",
            Self::LegalRepExists { .. } => "seal.legal_rep_exists",
            Self::LegalRepOnly => "seal.legal_rep_only",
            Self::ImageFormat => "seal.image_format",
            Self::ImageTooLarge { .. } => "seal.image_too_large",
            Self::ImageDecode { .. } => "seal.image_decode",
            Self::ImageDimensions { .. } => "seal.image_dimensions",
            Self::SizeOutOfRange { .. } => "seal.size_out_of_range",
            Self::SizeNotInEnum { .. } => "seal.size_not_in_enum",
            Self::ColourNotInEnum { .. } => "seal.colour_not_in_enum",
            Self::ShapeTypeConflict { .. } => "seal.shape_type_conflict",
            Self::TaxNumberRequired { .. } => "seal.tax_number_required",
            Self::SealIllegalTransition { .. } => "seal.illegal_transition",
            Self::DeleteRequiresDisabled { .. } => "seal.delete_requires_disabled",
            Self::NotEnabled { .. } => "seal.not_enabled",
            Self::OutsideValidity { .. } | Self::FormerRepresentative { .. } => {
                "seal.outside_validity"
            }
            Self::NotOwned { .. } => "seal.not_owned",
            Self::GrantorIneligible { .. } => "grant.grantor_ineligible",
            Self::GranteeIneligible { .. } => "grant.grantee_ineligible",
            Self::WindowInvalid { .. } => "grant.window_invalid",
            Self::ScopeInvalid { .. } => "grant.scope_invalid",
            Self::PolicyTextTooLong { .. } => "grant.policy_text_too_long",
            Self::LegalRepConsentRequired => "grant.legal_rep_consent_required",
            Self::GrantNotFound { .. } => "grant.not_found",
            Self::AlreadyRevoked { .. } => "grant.already_revoked",
            Self::Revoked { .. } => "grant.revoked",
            Self::NotYetValid { .. } => "grant.not_yet_valid",
            Self::Expired { .. } => "grant.expired",
            Self::ScopeExcluded { .. } => "grant.scope_excluded",
            Self::UsageExhausted { .. } => "grant.usage_exhausted",
            Self::NotPermitted { .. } => "sign.not_permitted",
            Self::Stale(error) => error.code(),
            Self::Replay(error) => error.code(),
            Self::Organization(error) => error.code(),
            Self::Contract(error) => error.code(),
        }
    }
}
