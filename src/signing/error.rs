//! Why a signature was not made.

use thiserror::Error;

use super::SignerError;
use crate::contract::{ControlError, ControlKey};
use crate::digest::{Digest, DigestAlgorithm};
use crate::identity::{DocumentId, SealId};
use crate::instant::rfc3339_of;
use crate::report::Finding;
use crate::{pki, placement, statement, update};

/// Why a document was not signed. It is unchanged in every case.
///
/// ```
/// use sealwright::signing::{Error, SignerError, SignerFault};
/// let error = Error::from(SignerError::new(SignerFault::Declined));
/// assert_eq!(error.code(), "sign.backend");
/// ```
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum Error {
    /// The update could not be prepared or embedded.
    #[error(transparent)]
    Update(#[from] update::Error),
    /// The place for the seal cannot be met.
    #[error(transparent)]
    Placement(#[from] placement::Error),
    /// A set of pages, or a cross-page seal, cannot be met.
    #[error(transparent)]
    Control(#[from] ControlError),
    /// One page and several.
    #[error("the seal goes on one page or on several: leave `page` or `pages` out")]
    PageAndPages,
    /// Certificates, key or CMS are not usable.
    #[error(transparent)]
    Pki(#[from] pki::Error),
    /// The signer did not sign.
    #[error(transparent)]
    Signer(#[from] SignerError),
    /// The time-stamping authority gave no answer.
    #[error(
        "the time-stamping authority did not answer ({:?}, vendor code {}); the document is unchanged",
        .0.fault(), .0.vendor_code()
    )]
    Authority(SignerError),
    /// What the time-stamping authority answered is not what was asked for.
    #[error(transparent)]
    Timestamp(#[from] pki::TimestampRefusal),
    /// A digest that proves nothing was asked for.
    #[error("a time-stamp over {algorithm} proves nothing; ask for SHA-256 or longer")]
    WeakImprint {
        /// The algorithm.
        algorithm: DigestAlgorithm,
    },
    /// Neither a face nor the word that there is none.
    #[error("say what is to be seen: a face, or `invisible()`")]
    NothingToShow,
    /// A registered seal and another drawing for the same field.
    #[error("a field shows a face or a drawing, not both: leave one of them out")]
    FaceAndDrawing,
    /// A face and the word that there is none.
    #[error("an invisible signature has no face, page, position or width: leave them out")]
    InvisibleWithFace,
    /// The document has content that may be made for a later swap, and nobody acknowledged it.
    #[error(
        "the document may be prepared for a later swap: {}; look at it, then acknowledge each by its \
         code, or sign nothing",
        located(open)
    )]
    PreparedContent {
        /// What was found, and where.
        open: Vec<Finding>,
    },
    /// A page without position, or a position without page.
    #[error("a place takes both: a page and a position on it")]
    HalfAPlace,
    /// A statement about the authority behind the signature cannot be written.
    #[error(transparent)]
    Statement(#[from] statement::Error),
    /// A seal is drawn on a permit, and the signing that it belongs to was not given.
    #[error(
        "a permitted seal is signed with a statement of the whole permit: give it with `under`, or \
         say `without_statement`"
    )]
    PermitNotGiven,
    /// A seal is drawn on the host's word beside a permitted signing.
    #[error("a permitted signing has no seals on the host's word: leave one of them out")]
    AssertedBesidePermit,
    /// A seal is drawn on another permit, or in another document than that of the statement.
    #[error("the seal in {control} is not one that this permit has for this document")]
    OtherPermit {
        /// The control.
        control: ControlKey,
    },
    /// A permitted seal is not drawn.
    #[error(
        "the permit has a seal for {control} that is not drawn; all seals of a document go under one \
         signature"
    )]
    SealNotDrawn {
        /// The control.
        control: ControlKey,
    },
    /// The permit knows nothing of the document.
    #[error("the document {document} is none of the permit's")]
    DocumentNotInPermit {
        /// The document.
        document: DocumentId,
    },
    /// A signature that claims nothing shows seals.
    #[error("a signature that claims nothing shows no seals, not {faces}: leave them out")]
    ClaimsNothing {
        /// How often a seal is drawn.
        faces: usize,
    },
    /// The bytes that are signed are not those that the permit is for (R-DOC-06).
    #[error("the permit is for the document {permitted}, not for {found}; sign the bytes it names")]
    OtherDocument {
        /// The digest in the permit.
        permitted: Box<Digest>,
        /// The digest of the document.
        found: Box<Digest>,
    },
    /// A grant and a seal that do not belong together.
    #[error("the grant is for the seal {granted}, not for {given}; give its own seal")]
    OtherSeal {
        /// The seal of the grant.
        granted: SealId,
        /// The other one.
        given: SealId,
    },
    /// A signer that answers with a CMS was to sign something else than a document.
    #[error("a grant takes a signature value, not a CMS of the signer's own; use another signer")]
    NotAValue,
    /// A signed grant for no seal of the permit.
    #[error("the grant {grant} is for no seal of this permit; leave it out")]
    GrantOfOther {
        /// The grant, as it is called.
        grant: String,
    },
    /// A ticket states a permit, and was resumed without one.
    #[error(
        "the ticket states a permitted signing: run the chain again, and resume it under its permit"
    )]
    PermitNeeded,
    /// What is permitted now is not what the ticket states.
    #[error("what is permitted now differs from what was stated; prepare the document again")]
    PermitChanged,
    /// A CMS lacks the statement, or has another one.
    #[error(
        "the CMS has not the signed attribute {attribute} as it was to be stated; let the signer \
         include `ToBeSigned::attributes`, or say `without_statement`"
    )]
    NotStated {
        /// The attribute, dotted.
        attribute: &'static str,
    },
    /// The signature value or CMS does not verify: wrong key, wrong message, or damaged.
    #[error("the answer of the signer does not verify over this document: {reason}")]
    DoesNotVerify {
        /// What the check found.
        reason: String,
    },
    /// The CMS was made with another certificate than the one that was described.
    #[error("the CMS was signed with another certificate than the one described")]
    OtherCertificate,
    /// The CMS has attributes that the profile forbids, or lacks some.
    #[error("the CMS does not keep the rules of {profile}: {problem}")]
    Profile {
        /// `/SubFilter` of the signature.
        profile: &'static str,
        /// What is wrong.
        problem: &'static str,
    },
    /// The answer was larger than the gap, and the signer may not be asked again, or was asked too
    /// often. Nothing is cut.
    #[error(
        "the signature takes {needed} bytes, {reserved} were reserved; let the signer declare its \
         largest CMS"
    )]
    DoesNotFit {
        /// Its size in bytes.
        needed: usize,
        /// The size of the gap in bytes.
        reserved: usize,
    },
    /// The key for tickets is too short to protect anything.
    #[error("the key for tickets has {length} bytes; give at least {minimum} random ones")]
    TicketKey {
        /// Its length.
        length: usize,
        /// The least that is accepted.
        minimum: usize,
    },
    /// The ticket is not one, was changed, or is of another key.
    #[error("the ticket cannot be trusted: {problem}; prepare the document again")]
    Ticket {
        /// What is wrong.
        problem: &'static str,
    },
    /// The ticket is of a version that this release does not read.
    #[error("the ticket has version {version}, this release reads {supported}; prepare again")]
    TicketVersion {
        /// Its version.
        version: u16,
        /// The version that is read.
        supported: u16,
    },
    /// The time to sign is over.
    #[error(
        "the ticket expired at {expired}, it is {now}; prepare the document again",
        expired = rfc3339_of(*expired), now = rfc3339_of(*now)
    )]
    TicketExpired {
        /// When it expired.
        expired: i64,
        /// The time that was given.
        now: i64,
    },
    /// The document is not the one that was prepared.
    #[error("the document changed since the ticket was made: {what}; prepare it again")]
    DocumentChanged {
        /// What is different.
        what: &'static str,
    },
}

impl Error {
    /// A stable name of the kind of error, for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Update(error) => error.code(),
            Self::Placement(error) => error.code(),
            Self::Control(error) => error.code(),
            Self::PageAndPages => "sign.page_and_pages",
            Self::Pki(error) => error.code(),
            Self::Signer(_) => "sign.backend",
            Self::Authority(_) => "tsa.no_answer",
            Self::Timestamp(refusal) => refusal.code(),
            Self::WeakImprint { .. } => "tsa.weak_imprint",
            Self::NothingToShow => "sign.nothing_to_show",
            Self::FaceAndDrawing => "sign.face_and_drawing",
            Self::InvisibleWithFace => "sign.invisible_with_face",
            Self::PreparedContent { .. } => "doc.prepared_content",
            Self::HalfAPlace => "sign.no_place",
            Self::Statement(error) => error.code(),
            Self::PermitNotGiven => "sign.permit_not_given",
            Self::AssertedBesidePermit => "sign.asserted_beside_permit",
            Self::OtherPermit { .. } => "sign.other_permit",
            Self::SealNotDrawn { .. } => "sign.seal_not_drawn",
            Self::DocumentNotInPermit { .. } => "sign.document_not_in_permit",
            Self::ClaimsNothing { .. } => "sign.claims_nothing",
            Self::OtherDocument { .. } => "doc.hash_mismatch",
            Self::OtherSeal { .. } => "sign.other_seal",
            Self::NotAValue => "sign.not_a_value",
            Self::GrantOfOther { .. } => "sign.grant_of_other",
            Self::PermitNeeded => "sign.permit_needed",
            Self::PermitChanged => "sign.permit_changed",
            Self::NotStated { .. } => "sign.not_stated",
            Self::DoesNotVerify { .. } => "sign.does_not_verify",
            Self::OtherCertificate => "sign.other_certificate",
            Self::Profile { .. } => "sign.profile",
            Self::DoesNotFit { .. } => "sign.does_not_fit",
            Self::TicketKey { .. } => "sign.ticket_key",
            Self::Ticket { .. }
            | Self::TicketVersion { .. }
            | Self::TicketExpired { .. }
            | Self::DocumentChanged { .. } => "sign.stale_ticket",
        }
    }
}

/// Code, object and page of each finding.
fn located(open: &[Finding]) -> String {
    let each = open.iter().map(|finding| {
        let object = finding.object.as_deref().unwrap_or("-");
        let page = finding.page.map_or_else(String::new, |page| format!(" on page {page}"));
        format!("{} in object {object}{page}", finding.code)
    });
    each.collect::<Vec<_>>().join(", ")
}
