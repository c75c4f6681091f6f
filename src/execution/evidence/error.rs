//! Why there is no evidence.

use thiserror::Error as ThisError;

use crate::contract::Phase;
use crate::identity::{ContractId, DocumentId, OrganizationId};
use crate::limits::LimitExceeded;
use crate::{appearance, audit, execution, organization, pdf, pki, signing, verification};

/// Why evidence was refused. That something in it is not as it should be is no error: the evidence
/// says so.
///
/// ```
/// use sealwright::execution::evidence::Error;
/// let error = Error::NotHead { organization: "org_a".parse()? };
/// assert_eq!(error.code(), "evidence.not_head");
/// # Ok::<(), sealwright::identity::Error>(())
/// ```
#[derive(Debug, ThisError)]
#[non_exhaustive]
pub enum Error {
    /// Evidence is given of contracts that were signed by all.
    #[error(
        "contract {contract} is {phase}; evidence is given of contracts that are completed or released"
    )]
    NotCompleted {
        /// Which.
        contract: ContractId,
        /// The state it is in.
        phase: Phase,
    },
    /// The documents of the contract were dropped.
    #[error("the documents of contract {contract} were dropped; there is nothing to show")]
    Purged {
        /// Which.
        contract: ContractId,
    },
    /// Whoever asks does not act for the initiator or for an organization that signed.
    #[error(
        "{actor} acts for no organization that wrote or signed contract {contract}; let its super \
         admin or legal representative ask"
    )]
    NotParty {
        /// Who asks, as records name him.
        actor: String,
        /// For which contract.
        contract: ContractId,
    },
    /// Whoever asks is neither the super admin nor the legal representative.
    #[error(
        "evidence is given to the super admin or the legal representative of {organization}; let one \
         of them ask"
    )]
    NotHead {
        /// For which organization he acts.
        organization: OrganizationId,
    },
    /// Whoever asks may not: his organization or he is not active, or lacks the permission.
    #[error(transparent)]
    Organization(#[from] organization::Error),
    /// The documents cannot be held against the record.
    #[error(transparent)]
    Execution(#[from] Box<execution::Error>),
    /// A document cannot be read.
    #[error(transparent)]
    Pdf(#[from] pdf::Error),
    /// Nothing can be said of a document.
    #[error(transparent)]
    Verification(#[from] verification::Error),
    /// Certificates or a signature cannot be read.
    #[error(transparent)]
    Pki(#[from] pki::Error),
    /// The trail is not what it was.
    #[error(transparent)]
    Trail(#[from] audit::Error),
    /// The report for people cannot be written: a font is missing, or lacks characters.
    #[error(transparent)]
    Appearance(#[from] appearance::Error),
    /// The trail tells of something else too, which is nobody's business here.
    #[error(
        "entry {seq} of the trail is about {subject}; hand in the trail of {expected} and nothing else"
    )]
    ForeignEntry {
        /// Its number.
        seq: u64,
        /// What it is about.
        subject: String,
        /// What it should be about.
        expected: String,
    },
    /// An assertion of the host is no short text.
    #[error(
        "an assertion names its source and its reference in 1 to {most} characters without control \
         characters; this one of {length} characters has not"
    )]
    Assertion {
        /// Its length in characters.
        length: usize,
        /// The most it may have.
        most: usize,
    },
    /// A document is not the one that the evidence is about.
    #[error(
        "document {document} has the digest {found}, the evidence is about {expected}; gather it anew"
    )]
    OtherDocument {
        /// Which.
        document: DocumentId,
        /// The digest that the evidence has.
        expected: String,
        /// The digest of what was handed in.
        found: String,
    },
    /// The bundle cannot be signed, or a grant cannot be stated.
    #[error(transparent)]
    Signing(#[from] Box<signing::Error>),
    /// Something has no form as JSON.
    #[error("the evidence cannot be written as JSON: {reason}")]
    Json {
        /// Why.
        reason: String,
    },
    /// The archive would be larger than the format can tell.
    #[error(
        "after {entries} entries the bundle would have {most} bytes or more; hand out the documents \
         by themselves"
    )]
    TooLarge {
        /// How many entries it had.
        entries: usize,
        /// The bytes that it must not reach.
        most: u64,
    },
    /// The bytes are no bundle.
    #[error(
        "these {length} bytes do not begin as a bundle does; hand in the archive as it was given"
    )]
    NotABundle {
        /// How many.
        length: usize,
    },
    /// It is larger than the host allows.
    #[error(transparent)]
    Limit(#[from] LimitExceeded),
}

impl Error {
    /// The stable code of the refusal.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotCompleted { .. } => "evidence.not_completed",
            Self::Purged { .. } => "doc.missing",
            Self::NotParty { .. } => "evidence.not_party",
            Self::NotHead { .. } => "evidence.not_head",
            Self::Organization(error) => error.code(),
            Self::Execution(error) => error.code(),
            Self::Pdf(error) => error.code(),
            Self::Verification(error) => error.code(),
            Self::Pki(error) => error.code(),
            Self::Trail(error) => error.code(),
            Self::Appearance(error) => error.code(),
            Self::ForeignEntry { .. } => "evidence.foreign_entry",
            Self::Assertion { .. } => "evidence.assertion",
            Self::OtherDocument { .. } => "doc.hash_mismatch",
            Self::Signing(error) => error.code(),
            Self::Json { .. } => "evidence.json",
            Self::TooLarge { .. } => "evidence.too_large",
            Self::NotABundle { .. } => "evidence.not_a_bundle",
            Self::Limit(_) => "evidence.limit",
        }
    }

    pub(super) fn json(error: &serde_json::Error) -> Self {
        Self::Json { reason: error.to_string() }
    }
}

impl From<execution::Error> for Error {
    fn from(error: execution::Error) -> Self {
        Self::Execution(Box::new(error))
    }
}
