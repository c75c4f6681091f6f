//! What was found out about one signature.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::authority::StatedAuthority;
use super::modification::{Modification, ModificationLevel};
use super::{Conclusion, Finding};

/// One signature or document time-stamp.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SignatureReport {
    /// Its number, from 1, by the end of what it covers.
    pub index: u64,
    /// The full name of its field; empty if no field leads to it.
    pub field: String,
    /// What it is.
    pub kind: Kind,
    /// `/SubFilter` as it stands (ISO 32000-2 §12.8.3), empty if there is none.
    pub sub_filter: String,
    /// The answer in one word.
    pub conclusion: Conclusion,
    /// Which bytes it covers.
    pub coverage: Coverage,
    /// Whether those bytes and the signature belong together.
    pub integrity: Integrity,
    /// Who signed.
    pub identity: Identity,
    /// When.
    pub time: Times,
    /// The PAdES baseline level that its parts amount to (ETSI EN 319 142-1, 6).
    pub level: Level,
    /// What it permits to be changed later.
    pub permissions: Permissions,
    /// What was changed later.
    pub modification: Modification,
    /// The faces that it shows: registered pictures, by their digest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faces: Vec<ShownFace>,
    /// What it states of the authority behind it; none if it states nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority: Option<Box<StatedAuthority>>,
    /// What else was found.
    pub findings: Vec<Finding>,
}

impl SignatureReport {
    /// Whether what was changed later cannot be said, as in a document that stays encrypted: what is not
    /// known has the level of what is forbidden, and is no proof of it.
    #[must_use]
    pub fn changes_unknown(&self) -> bool {
        self.modification.level == ModificationLevel::Forbidden
            && self.modification.changes.is_empty()
            && self.conclusion == Conclusion::Indeterminate
    }
}

/// A picture of a seal (印模) that a signature shows in one of its places, and nothing else there;
/// what is drawn in another way is not listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownFace {
    /// The widget that shows it.
    pub object: String,
    /// The face digest in 64 lower-case hexadecimal digits: what was registered has the same one.
    pub digest: String,
    /// Whether the place shows a part of it, as a cross-page seal does.
    pub part: bool,
    /// How opaque it is, in thousandths.
    pub opacity: u16,
    /// Whether it is multiplied with what is below it.
    pub multiplied: bool,
    /// Which part of it the place shows; none for all of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut: Option<ShownCut>,
}

/// Which part of a picture a place shows, as a person sees the page: in thousandths of its user space
/// units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownCut {
    /// Where the part begins, from the left of the picture.
    pub left: i64,
    /// Where the part begins, from the top of the picture.
    pub top: i64,
    /// How wide the part is.
    pub width: i64,
    /// How high the part is.
    pub height: i64,
    /// How wide the whole picture is.
    pub whole_width: i64,
    /// How high the whole picture is.
    pub whole_height: i64,
}

/// What a signature is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Somebody's signature or seal.
    Signature,
    /// A document time-stamp (ISO 32000-2 §12.8.5).
    Timestamp,
}

/// Which bytes a signature covers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// Whether the ranges are what they must be, and leave out nothing but the signature itself.
    pub byte_range: ByteRangeState,
    /// Whether everything in the file but the signature itself is covered.
    pub whole_file: bool,
    /// How many bytes follow the last one covered.
    pub tail_bytes: u64,
    /// The revision that is covered, from 1; none if the ranges end where no revision ends.
    pub revision: Option<u64>,
    /// `/ByteRange` (ISO 32000-2 §12.8.1) as it is proven to be: two ranges, each an offset and a
    /// length; none if it is not what it must be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ranges: Option<[u64; 4]>,
    /// If the ranges are not what they must be: whether the bytes that they name are all the same those
    /// that were signed. It makes nothing better: what they leave out may say anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declared: Option<Integrity>,
}

/// Whether `/ByteRange` is what it must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ByteRangeState {
    /// From the first byte, in two ranges, and the gap is exactly the signature's `/Contents`.
    Ok,
    /// Anything else.
    Bad,
}

/// Whether the covered bytes and the signature belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Integrity {
    /// They do.
    Intact,
    /// They do, but with an algorithm that proves nothing: somebody else may have made them so. A finding
    /// names it.
    Weak,
    /// They do not.
    Broken,
    /// It cannot be said; a finding says why.
    Unsupported,
}

/// Who signed, as the certificate has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Whether the certificate can be trusted.
    pub status: IdentityStatus,
    /// The subject of the certificate (RFC 4514).
    pub subject: Option<String>,
    /// Its issuer (RFC 4514).
    pub issuer: Option<String>,
    /// Its serial number in lower-case hexadecimal digits.
    pub serial: Option<String>,
    /// The SHA-256 of its DER, in lower-case hexadecimal digits: anybody can give a certificate the
    /// names and the number of another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// The start of its validity.
    #[serde(with = "time::serde::rfc3339::option")]
    pub not_before: Option<OffsetDateTime>,
    /// The end of its validity.
    #[serde(with = "time::serde::rfc3339::option")]
    pub not_after: Option<OffsetDateTime>,
}

/// Whether a certificate can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentityStatus {
    /// A path leads to a trusted certificate, and holds at the time that counts.
    Trusted,
    /// It is itself among the trusted ones.
    TrustedDirectly,
    /// No such path, or something on it forbids.
    Untrusted,
    /// Something on the path had expired at the time that counts.
    Expired,
    /// Something on the path was not valid yet at the time that counts.
    NotYetValid,
    /// It cannot be said.
    Unsupported,
    /// There is no certificate to look at.
    Missing,
    /// Nobody asked.
    NotChecked,
}

impl IdentityStatus {
    /// Whether the signer is trusted.
    #[must_use]
    pub fn is_trusted(self) -> bool {
        matches!(self, Self::Trusted | Self::TrustedDirectly)
    }
}

/// When a signature was made, as claimed and as proven.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Times {
    /// What the signer says.
    #[serde(with = "time::serde::rfc3339::option")]
    pub claimed: Option<OffsetDateTime>,
    /// The earliest time at which somebody else vouches that it was there.
    #[serde(with = "time::serde::rfc3339::option")]
    pub proven: Option<OffsetDateTime>,
    /// Who vouches for the proven time.
    pub source: Option<TimeSource>,
    /// The time-stamp inside the signature.
    pub timestamp: TimestampState,
}

/// What a proven time rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeSource {
    /// A time-stamp inside the signature (RFC 3161, appendix A).
    SignatureTimestamp,
    /// A document time-stamp over the signature.
    DocumentTimestamp,
}

/// The state of the time-stamp inside a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimestampState {
    /// There is one, and it belongs to this signature.
    Ok,
    /// There is one, and it does not hold.
    Bad,
    /// There is one, and it belongs to this signature, but it rests on an algorithm that proves nothing.
    Weak,
    /// There is none that could be judged.
    None,
}

/// PAdES baseline level (ETSI EN 319 142-1, 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Level {
    /// Not a PAdES baseline signature.
    #[serde(rename = "none")]
    None,
    /// The signature binds its certificate.
    #[serde(rename = "B-B")]
    B,
    /// A time-stamp proves when it was there.
    #[serde(rename = "B-T")]
    T,
    /// The material to check it later is in the file.
    #[serde(rename = "B-LT")]
    Lt,
    /// A document time-stamp protects that material.
    #[serde(rename = "B-LTA")]
    Lta,
}

impl Level {
    /// The name of the standard.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::B => "B-B",
            Self::T => "B-T",
            Self::Lt => "B-LT",
            Self::Lta => "B-LTA",
        }
    }
}

/// What a signature permits to be changed later.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Permissions {
    /// `/P` of DocMDP, 1 to 3 (ISO 32000-2 §12.8.2.2).
    pub docmdp: Option<u8>,
    /// `/Action` of FieldMDP (ISO 32000-2 §12.8.2.4).
    pub fieldmdp: Option<FieldMdp>,
}

/// Which fields FieldMDP locks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldMdp {
    /// All of them.
    All,
    /// Those that are listed.
    Include,
    /// All but those that are listed.
    Exclude,
}
