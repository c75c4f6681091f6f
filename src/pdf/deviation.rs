//! How a file departs from the letter of the standard, and what that costs it.

use std::fmt;

/// How a file parsed: the three values of "strict signs, lenient only reads".
///
/// ```
/// use sealwright::pdf::Parse;
/// assert!(Parse::Tolerated.may_be_signed());
/// assert!(!Parse::Repaired.may_be_signed());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Parse {
    /// To the letter.
    Strict,
    /// With named deviations that leave one reading only.
    Tolerated,
    /// Anything else: opened for inspection, never signed, never judged "passed".
    Repaired,
}

impl Parse {
    /// Whether signing, and a verdict of "passed", are possible.
    #[must_use]
    pub fn may_be_signed(self) -> bool {
        self != Self::Repaired
    }
}

impl fmt::Display for Parse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Strict => "strict",
            Self::Tolerated => "tolerated",
            Self::Repaired => "repaired",
        })
    }
}

/// One departure from the letter of ISO 32000-2.
///
/// All but [`Rebuilt`](Self::Rebuilt) leave one reading only and are tolerated; the list is closed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Deviation {
    /// Bytes before `%PDF-`, all offsets counted from byte 0 nevertheless.
    JunkBeforeHeader {
        /// How many.
        bytes: u64,
    },
    /// More than one end of line after `%%EOF`.
    SpaceAfterEnd {
        /// How many bytes of white space.
        bytes: u64,
    },
    /// Bytes other than white space after the last `%%EOF`.
    JunkAfterEnd {
        /// How many, white space included.
        bytes: u64,
    },
    /// White space between the offset that is named and the section that stands there.
    SpaceBeforeSection {
        /// The offset that is named.
        offset: u64,
    },
    /// Table entries of 19 or 21 bytes in place of 20.
    EntryWidth {
        /// Where the first one stands.
        offset: u64,
        /// Their width.
        width: u64,
    },
    /// Table entries of 20 bytes that end in other than the three ends of line allowed.
    EntryLineEnd {
        /// Where the first one stands.
        offset: u64,
    },
    /// `/Size` is not one more than the highest object number.
    Size {
        /// What the newest trailer says.
        stated: u64,
        /// What it should say.
        expected: u64,
    },
    /// The file was linearized once, and an update has made its hints stale.
    StaleLinearization,
    /// The cross references could not be followed; they were rebuilt by searching for objects.
    Rebuilt {
        /// What was wrong, in one sentence.
        because: String,
    },
}

impl Deviation {
    /// The stable code of the finding that reports it.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::JunkBeforeHeader { .. } => "doc.junk_before_header",
            Self::SpaceAfterEnd { .. } => "doc.space_after_end",
            Self::JunkAfterEnd { .. } => "doc.junk_after_end",
            Self::SpaceBeforeSection { .. } => "doc.space_before_section",
            Self::EntryWidth { .. } => "doc.entry_width",
            Self::EntryLineEnd { .. } => "doc.entry_line_end",
            Self::Size { .. } => "doc.size",
            Self::StaleLinearization => "doc.stale_linearization",
            Self::Rebuilt { .. } => "doc.rebuilt",
        }
    }

    /// What it makes of the file.
    #[must_use]
    pub fn parse(&self) -> Parse {
        match self {
            Self::Rebuilt { .. } => Parse::Repaired,
            _ => Parse::Tolerated,
        }
    }

    /// Adds it to a list, once for each kind: a table of a thousand odd sections is one finding.
    pub(super) fn note(self, deviations: &mut Vec<Self>) {
        if !deviations.iter().any(|known| known.code() == self.code()) {
            deviations.push(self);
        }
    }
}

impl fmt::Display for Deviation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::JunkBeforeHeader { bytes } => write!(f, "{bytes} bytes stand before `%PDF-`"),
            Self::SpaceAfterEnd { bytes } => {
                write!(f, "{bytes} bytes of white space stand after the last `%%EOF`")
            }
            Self::JunkAfterEnd { bytes } => {
                write!(f, "{bytes} bytes stand after the last `%%EOF`")
            }
            Self::SpaceBeforeSection { offset } => {
                write!(f, "byte {offset}: white space stands before the cross references")
            }
            Self::EntryWidth { offset, width } => {
                write!(f, "byte {offset}: table entries of {width} bytes in place of 20")
            }
            Self::EntryLineEnd { offset } => {
                write!(f, "byte {offset}: table entries with an odd end of line")
            }
            Self::Size { stated, expected } => {
                write!(f, "/Size says {stated} where {expected} is right")
            }
            Self::StaleLinearization => {
                f.write_str("the file was linearized, and its hints are stale")
            }
            Self::Rebuilt { because } => {
                write!(f, "the cross references were rebuilt: {because}")
            }
        }
    }
}
