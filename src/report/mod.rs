//! What a check found: plain data with stable codes, as JSON and in plain words.
//!
//! A [`Report`] says of a file and of each signature in it what was looked at and what came of it.
//! It is data only: whoever holds one may send it on, store it, or read it back years later. The
//! code that fills it lives in [`verification`](crate::verification).
//!
//! ```
//! use sealwright::report::{Conclusion, FileSummary, Lang, Parse, Report};
//!
//! let file = FileSummary { bytes: 1_024, sha256: "00".repeat(32), revisions: 1, parse: Parse::Strict };
//! let report = Report::new(file, Conclusion::Unsigned);
//! assert!(!report.conclusion.is_passed());
//! assert!(report.to_string().contains("carries no signature"));
//! assert!(report.in_language(Lang::Zh).to_string().contains("没有签名"));
//! ```

mod attack_family;
mod authority;
mod code;
mod distinguished_name;
mod finding;
mod letter;
mod lint_codes;
mod modification;
mod signature;
mod story;
mod wording;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use attack_family::AttackFamily;
pub use authority::{
    Claim, Granted, StatedAuthority, StatedContract, StatedDocument, StatedOrganization, StatedSeal,
};
pub use code::{Code, Severity};
pub use distinguished_name::short_name;
pub use finding::Finding;
pub use modification::{Change, ChangeKind, Modification, ModificationLevel, Rule};
pub use signature::{
    ByteRangeState, Coverage, FieldMdp, Identity, IdentityStatus, Integrity, Kind, Level,
    Permissions, ShownCut, ShownFace, SignatureReport, TimeSource, Times, TimestampState,
};
pub use story::{Event, EventCode, RevisionStory, Story};
pub use wording::Lang;
pub(crate) use wording::fill;

/// The name and version of the report's form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Format {
    /// The first version.
    #[default]
    #[serde(rename = "sealwright/report/1")]
    V1,
}

/// Everything that was found out about one file.
///
/// Made by [`check`](crate::verification::check). Its JSON is stable within one [`Format`]: keys
/// may be added, none is taken away or changes its meaning.
///
/// ```
/// # use sealwright::report::{Conclusion, FileSummary, Parse, Report};
/// # let file = FileSummary { bytes: 9, sha256: String::new(), revisions: 1, parse: Parse::Strict };
/// let report = Report::new(file, Conclusion::Unsigned);
/// let json = serde_json::to_string(&report)?;
/// assert!(json.starts_with(r#"{"format":"sealwright/report/1","file":{"bytes":9"#));
/// assert_eq!(serde_json::from_str::<Report>(&json)?, report);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// What form this is.
    pub format: Format,
    /// The file as such.
    pub file: FileSummary,
    /// The worst of all signatures, and of what was found about the file as such.
    pub conclusion: Conclusion,
    /// Signatures and document time-stamps, by the end of what they cover.
    pub signatures: Vec<SignatureReport>,
    /// What was found about the file as such.
    pub findings: Vec<Finding>,
}

impl Report {
    /// A report without signatures and findings yet.
    #[must_use]
    pub fn new(file: FileSummary, conclusion: Conclusion) -> Self {
        Self { format: Format::V1, file, conclusion, signatures: Vec::new(), findings: Vec::new() }
    }

    /// The report in plain words of a language; [`Display`](fmt::Display) is the English one.
    #[must_use]
    pub fn in_language(&self, lang: Lang) -> impl fmt::Display + '_ {
        letter::Letter { report: self, lang }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.in_language(Lang::En).fmt(f)
    }
}

/// The file as such.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileSummary {
    /// Its length in bytes.
    pub bytes: u64,
    /// Its SHA-256 in lower-case hexadecimal digits.
    pub sha256: String,
    /// How often it was written: 1 plus its incremental updates.
    pub revisions: u64,
    /// How it parsed.
    pub parse: Parse,
}

/// How a file parsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Parse {
    /// To the letter of the standard.
    Strict,
    /// With deviations that leave one reading only; each is a finding.
    Tolerated,
    /// By searching for objects. Such a file never passes.
    Repaired,
}

/// The answer in one word (after ETSI EN 319 102-1, 5.1.3).
///
/// ```
/// use sealwright::report::Conclusion;
/// assert_eq!(Conclusion::Passed.and(Conclusion::Indeterminate), Conclusion::Indeterminate);
/// assert_eq!(Conclusion::Failed.and(Conclusion::Indeterminate), Conclusion::Failed);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Conclusion {
    /// There is nothing to judge.
    Unsigned,
    /// Everything that was asked for holds.
    Passed,
    /// Nothing speaks against it, but not everything could be shown.
    Indeterminate,
    /// Something is wrong.
    Failed,
}

impl Conclusion {
    /// Whether everything that was asked for holds. An unsigned file has not passed.
    #[must_use]
    pub fn is_passed(self) -> bool {
        self == Self::Passed
    }

    /// The worse of two.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.max(other)
    }
}

const _: fn() = || {
    fn is_shared_between_threads<T: Send + Sync>() {}
    is_shared_between_threads::<Report>();
};
