//! Judging signed PDFs: bytes and options in, a [`Report`] out.
//!
//! A signature is *located* (by the form, or by what the bytes show beside it), *covered* (its
//! ranges leave out nothing but itself and end where a revision ends), *intact* (the covered bytes
//! are those that were signed), *identified* (a path leads from its certificate to somebody the host
//! trusts), *timed* (what it claims, and what time-stamps prove) and *unmodified* (what later
//! revisions changed is explained by a rule, object by object). Every stage leaves findings; a later
//! stage runs even if an earlier one failed, where that makes sense.
//!
//! Nothing here sees how we sign: writer and judge share no code above the PDF and CMS layers.
//!
//! ```
//! use sealwright::verification::{CheckOptions, check};
//!
//! let bytes = sealwright_testdata::documents::classic_table();
//! let report = check(&bytes, &CheckOptions::without_trust())?;
//! assert!(!report.conclusion.is_passed(), "nobody signed it");
//! println!("{report}");
//! # Ok::<(), sealwright::verification::Error>(())
//! ```

mod case;
mod conclusion;
mod covered;
mod default_colours;
#[cfg(test)]
mod device;
mod encrypted;
mod error;
mod explained;
mod granted;
mod hashing;
mod identified;
mod intact;
mod level;
mod located;
mod on_page;
mod options;
mod outside_streams;
mod prepared;
mod revision_bytes;
mod security_data;
mod shown;
mod stated;
mod timed;
mod unmodified;
mod verdict;

pub use error::Error;
pub use explained::explain;
pub use options::{CheckOptions, WantsTime};
pub use revision_bytes::{RevisionBytes, revision_bytes};

use crate::pdf::{File, Source};
use crate::report::Report;

/// Judges every signature of a file.
///
/// The cost is one pass of hashing over the file, the signatures' tails, and what later revisions
/// changed. A verdict is not an error: a forged file is an `Ok` whose conclusion is *failed*.
///
/// # Errors
///
/// Only if nothing can be said: the file is no PDF, a limit ran out while its structure was read,
/// the source failed, or the host cancelled.
pub fn check(source: impl Source, options: &CheckOptions<'_>) -> Result<Report, Error> {
    let file = options.open(source)?;
    check_file(&file, options)
}

/// Judges every signature of a file that is open already.
///
/// # Errors
///
/// Like [`check`].
///
/// ```
/// use sealwright::limits::Limits;
/// use sealwright::pdf::File;
/// use sealwright::report::Conclusion;
/// use sealwright::verification::{CheckOptions, check_file};
///
/// let bytes = sealwright_testdata::documents::classic_table();
/// let file = File::open(&bytes, Limits::default()).unwrap();
/// let report = check_file(&file, &CheckOptions::without_trust())?;
/// assert_eq!(report.conclusion, Conclusion::Unsigned);
/// # Ok::<(), sealwright::verification::Error>(())
/// ```
pub fn check_file(file: &File<'_>, options: &CheckOptions<'_>) -> Result<Report, Error> {
    conclusion::report(file, options)
}
