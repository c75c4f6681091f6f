//! The manifest: what a bundle consists of, and the one thing in it that is signed.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::digest::{Digest, DigestAlgorithm};
use crate::identity::ContractId;

/// The entry with the manifest: the first one.
pub(super) const MANIFEST: &str = "manifest.json";
/// The entry with the signature over it: the second one, if there is a signature.
pub(super) const SIGNATURE: &str = "manifest.p7s";

/// The name and version of the form of a bundle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Format {
    #[default]
    #[serde(rename = "sealwright/bundle/1")]
    V1,
}

/// What a bundle consists of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    pub(super) format: Format,
    pub(super) contract: ContractId,
    #[serde(with = "time::serde::rfc3339")]
    pub(super) made_at: OffsetDateTime,
    /// Whether a signature over the manifest belongs to it: whoever takes it away is found out.
    pub(super) signed: bool,
    /// All entries but the manifest and its signature, in their order.
    pub(super) entries: Vec<Listed>,
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Listed {
    pub(super) name: String,
    pub(super) length: u64,
    /// In lower-case hexadecimal digits, as `sha256sum` writes it.
    pub(super) sha256: String,
}

impl Listed {
    pub(super) fn of(name: &str, content: &[u8]) -> Self {
        Self {
            name: name.to_owned(),
            length: u64::try_from(content.len()).unwrap_or(u64::MAX),
            sha256: Digest::of(DigestAlgorithm::Sha256, content).to_hex(),
        }
    }
}
