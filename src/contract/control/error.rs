//! What can be wrong with a control, its place or its value.

use std::fmt;

use thiserror::Error as ThisError;

use super::super::location::PageRange;
use super::ControlKey;
use crate::geometry::{self, MilliPoints, Overshoot, PageIndex, PageNumber, Size};
use crate::identity::SealId;

/// What is wrong with a control, its place or its value (`ctl.*` of §3.9). It holds no value that
/// somebody filled in.
///
/// ```
/// use sealwright::contract::Opacity;
/// assert_eq!(Opacity::new(0.3).unwrap_err().code(), "ctl.opacity_out_of_range");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
#[non_exhaustive]
pub enum ControlError {
    // --- what it is called ---
    /// R-CTL-01.
    #[error(
        "an id has 1 to 30 Chinese characters, Latin letters, digits and _; this one has \
         {length}{}", at(*position)
    )]
    IdInvalid {
        /// Its length in characters.
        length: usize,
        /// The first character that is not allowed, from 1.
        position: Option<usize>,
    },
    /// A name is too long or holds control characters.
    #[error(
        "a name has at most {most} characters and no control characters; this one has {length}"
    )]
    NameInvalid {
        /// Its length in characters.
        length: usize,
        /// The greatest length.
        most: usize,
    },
    /// Another control of the document has the id (R-CTL-01).
    #[error("another control of the document has this id; give each its own")]
    IdDuplicate,

    // --- who owns it ---
    /// It belongs to somebody else, or does not exist.
    #[error("it belongs to somebody else or does not exist; name one of your own")]
    NotOwner,
    /// R-CTL-20.
    #[error("its {what} is locked and cannot be changed")]
    Locked {
        /// `value` or `position`.
        what: &'static str,
    },
    /// R-CTL-06.
    #[error("a {kind} control cannot belong to {owner}; give it to another owner or drop it")]
    KindNotAllowedForParty {
        /// The kind of control.
        kind: &'static str,
        /// What its owner is: `a person`, `an automatic signer`, `the initiator`, …
        owner: &'static str,
    },
    /// R-GRANT-06.
    #[error("seal {seal} belongs to another party; name a kind of seal instead")]
    ForeignSealId {
        /// The seal.
        seal: SealId,
    },

    // --- where it is ---
    /// R-CTL-02.
    #[error(
        "there is no page {page} in a document of {count} pages; pages are counted from 1, or from \
         -1 at the end"
    )]
    PageOutOfRange {
        /// The page that was asked for.
        page: PageIndex,
        /// How many there are.
        count: u32,
    },
    /// R-CTL-02: zero is neither the first nor the last page.
    #[error("there is no page 0; the first page is 1, the last one is -1")]
    PageZero,
    /// R-CTL-02: a vendor's interface has no such page.
    #[error(
        "the interface has no page {number}: its first page is {first}, and it {}",
        if *.from_end { "counts from the end with a minus" } else { "knows no other way to count" }
    )]
    PageOfInterface {
        /// The number that was given.
        number: i32,
        /// The number of its first page.
        first: i32,
        /// Whether it has numbers that count from the end.
        from_end: bool,
    },
    /// A range ends before it begins.
    #[error(
        "the range {range} of a document of {count} pages ends before it begins; swap its ends"
    )]
    PageRangeReversed {
        /// The range.
        range: PageRange,
        /// How many pages there are.
        count: u32,
    },
    /// A set names no page of the document.
    #[error("the set names none of the {count} pages of the document; name at least one")]
    NoPages {
        /// How many pages there are.
        count: u32,
    },
    /// A set of pages is written in no known way.
    #[error("pages are written as all, odd, even or like 1-3,5,-1 with at most 500 ranges")]
    PagesUnreadable,
    /// R-CTL-03.
    #[error(
        "on page {page} a control of {size} points cannot be seen; give it a width and a height"
    )]
    Degenerate {
        /// The page.
        page: PageNumber,
        /// The size it would have.
        size: Size,
    },
    /// R-CTL-04.
    #[error(
        "on page {page} it leaves the page by {by}; move it inwards or make it smaller (the page as \
         displayed is {size} points in size)"
    )]
    OutOfPage {
        /// The page.
        page: PageNumber,
        /// Which sides it crosses, and by how much.
        by: Overshoot,
        /// The size of the page as displayed.
        size: Size,
    },
    /// R-CTL-04, for a share of a page: not between nothing and the whole.
    #[error(
        "{} per cent of a page is not on the page; give 0 to 1 as FractionOfPage, or 0 to 100 as \
         PercentOfPage", *.millionths / 10_000
    )]
    ShareOfPage {
        /// The share, in millionths of the page.
        millionths: i64,
    },
    /// The document has no such form field.
    #[error(
        "the document has no form field of this name; check it, or place the control otherwise"
    )]
    FieldNotFound,
    /// R-CTL-05.
    #[error("the form field {why}; name an empty signature field, or place the control otherwise")]
    FieldCannotHostSignature {
        /// Why not: `is read-only`, `is no signature field`, `is signed already`.
        why: &'static str,
    },
    /// An earlier signature locks the form field.
    #[error(
        "the signature in field {signature:?} locks field {field:?}: what is put there breaks that \
         signature; name a field that is not locked, or place the control otherwise"
    )]
    FieldLocked {
        /// The full name of the field.
        field: String,
        /// The full name of the signature field that locks it.
        signature: String,
    },
    /// R-CTL-07.
    #[error("the text does not contain the keyword; check it, or ignore missing keywords")]
    KeywordNotFound,
    /// R-CTL-08.
    #[error("match {index} of the keyword was asked for, counted from 0; there are {found}")]
    KeywordIndexOutOfRange {
        /// The match that was asked for.
        index: u32,
        /// How many there are.
        found: u32,
    },
    /// R-CTL-09.
    #[error("page {page} has no text that could be searched; place the control by coordinates")]
    KeywordNoTextLayer {
        /// The page.
        page: PageNumber,
    },
    /// R-CTL-21.
    #[error("{other}, of another owner, stands by the same keyword; name different matches")]
    KeywordOwnerConflict {
        /// The other control.
        other: ControlKey,
    },
    /// Nobody looked for its keyword or field.
    #[error("nobody looked in the document for its {mode}; pass what was found there")]
    Unlocated {
        /// `keyword` or `field`.
        mode: &'static str,
    },
    /// R-CTL-16.
    #[error(
        "a cross-page seal needs two pages, here are {pages}; select more or apply no such seal"
    )]
    PagingNeedsTwoPages {
        /// How many are left.
        pages: usize,
    },
    /// R-CTL-16: each of several seals needs two pages.
    #[error(
        "{pages} pages cannot be shared out to seals over at most {most} so that each has two; allow \
         more pages per seal, or take another number of pages"
    )]
    PagingSealsTooShort {
        /// How many pages there are.
        pages: usize,
        /// Over how many one seal may lie.
        most: u32,
    },
    /// R-CTL-17.
    #[error(
        "a seal of {length} points over {pages} pages has slices below {} mm; take a larger seal, allow \
         thinner slices, or more seals over fewer pages each", Thousandths(*.least_micrometres)
    )]
    PagingSliceTooThin {
        /// Over how many pages.
        pages: usize,
        /// The extent that is cut.
        length: MilliPoints,
        /// The thinnest slice, in thousandths of a millimetre.
        least_micrometres: u32,
    },

    // --- what it holds ---
    /// R-CTL-10.
    #[error("required and without a value: {}", Keys(controls))]
    RequiredValueMissing {
        /// The controls.
        controls: Vec<ControlKey>,
    },
    /// R-CTL-11.
    #[error("the value is {problem}")]
    ValueInvalid {
        /// What is wrong with it and what is expected.
        problem: &'static str,
    },
    /// A parameter of the kind is outside its bounds.
    #[error("{parameter} is {found}, it must be {least} to {most}")]
    ParameterOutOfRange {
        /// Which one.
        parameter: &'static str,
        /// What it is.
        found: i64,
        /// The least it may be.
        least: i64,
        /// The most it may be.
        most: i64,
    },
    /// R-CTL-12.
    #[error("an opacity of {per_mille} thousandths is not between 600 and 1000")]
    OpacityOutOfRange {
        /// What was given, in thousandths.
        per_mille: i64,
    },
    /// R-CTL-19.
    #[error("{problem}")]
    BlockChildren {
        /// What is wrong with the children of the block.
        problem: &'static str,
    },

    /// A coordinate or an extent is no number.
    #[error("a coordinate or an extent is no finite number of a reasonable size; give one")]
    Length,
    /// An extent is below nothing.
    #[error("a width of {width} and a height of {height} points do not exist; give zero or more")]
    NegativeSize {
        /// The width.
        width: MilliPoints,
        /// The height.
        height: MilliPoints,
    },
}

impl From<geometry::Error> for ControlError {
    fn from(error: geometry::Error) -> Self {
        match error {
            geometry::Error::NegativeSize { width, height } => Self::NegativeSize { width, height },
            geometry::Error::PageZero => Self::PageZero,
            _ => Self::Length,
        }
    }
}

impl ControlError {
    /// A stable name of the kind of error, for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::IdInvalid { .. } | Self::NameInvalid { .. } => "ctl.id_invalid",
            Self::IdDuplicate => "ctl.id_duplicate",
            Self::NotOwner => "ctl.not_owner",
            Self::Locked { .. } | Self::FieldLocked { .. } => "ctl.locked",
            Self::KindNotAllowedForParty { .. } => "ctl.kind_not_allowed_for_party",
            Self::ForeignSealId { .. } => "ctl.foreign_seal_id",
            Self::PageOutOfRange { .. }
            | Self::PageZero
            | Self::PageOfInterface { .. }
            | Self::PageRangeReversed { .. }
            | Self::NoPages { .. }
            | Self::PagesUnreadable => "ctl.page_out_of_range",
            Self::Degenerate { .. } => "ctl.rect_degenerate",
            Self::OutOfPage { .. } | Self::ShareOfPage { .. } => "ctl.rect_out_of_page",
            Self::FieldNotFound | Self::Unlocated { mode: "field" } => "ctl.field_not_found",
            Self::FieldCannotHostSignature { .. } => "ctl.field_cannot_host_signature",
            Self::KeywordNotFound | Self::Unlocated { .. } => "ctl.keyword_not_found",
            Self::KeywordIndexOutOfRange { .. } => "ctl.keyword_index_out_of_range",
            Self::KeywordNoTextLayer { .. } => "ctl.keyword_no_text_layer",
            Self::KeywordOwnerConflict { .. } => "ctl.keyword_owner_conflict",
            Self::PagingNeedsTwoPages { .. } | Self::PagingSealsTooShort { .. } => {
                "ctl.paging_needs_two_pages"
            }
            Self::PagingSliceTooThin { .. } => "ctl.paging_slice_too_thin",
            Self::RequiredValueMissing { .. } => "ctl.required_value_missing",
            Self::ValueInvalid { .. } | Self::ParameterOutOfRange { .. } => "ctl.value_invalid",
            Self::OpacityOutOfRange { .. } => "ctl.opacity_out_of_range",
            Self::BlockChildren { .. } => "ctl.block_children",
            Self::Length => "geometry.length",
            Self::NegativeSize { .. } => "geometry.negative_size",
        }
    }

    /// Refuses a number outside its bounds.
    pub(in crate::contract) fn check_parameter(
        parameter: &'static str,
        found: impl TryInto<i64>,
        least: i64,
        most: i64,
    ) -> Result<(), Self> {
        let found = found.try_into().unwrap_or(i64::MAX);
        if (least..=most).contains(&found) {
            return Ok(());
        }
        Err(Self::ParameterOutOfRange { parameter, found, least, most })
    }

    /// The same error, told of one control.
    pub(in crate::contract) fn of(self, control: ControlKey) -> ControlProblem {
        ControlProblem { control, error: self }
    }
}

/// What is wrong with one control.
///
/// ```
/// use sealwright::contract::{ControlError, ControlKey, ControlProblem};
/// let control = ControlKey::new("doc_1".parse()?, "seal_a".parse()?);
/// let problem = ControlProblem { control, error: ControlError::PageZero };
/// assert_eq!(problem.code(), "ctl.page_out_of_range");
/// assert!(problem.to_string().starts_with("control doc_1/seal_a: there is no page 0"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
#[error("control {control}: {error}")]
pub struct ControlProblem {
    /// The control.
    pub control: ControlKey,
    /// What is wrong.
    #[source]
    pub error: ControlError,
}

impl ControlProblem {
    /// The stable name of the kind of error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.error.code()
    }
}

fn at(position: Option<usize>) -> String {
    position.map_or_else(String::new, |position| format!(" and a wrong one in place {position}"))
}

/// Controls, separated by commas.
struct Keys<'a>(&'a [ControlKey]);

impl fmt::Display for Keys<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, key) in self.0.iter().enumerate() {
            write!(f, "{}{key}", if place == 0 { "" } else { ", " })?;
        }
        Ok(())
    }
}

/// `2000` → `2`, `2500` → `2.500`.
struct Thousandths(u32);

impl fmt::Display for Thousandths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0 / 1000, self.0 % 1000) {
            (whole, 0) => write!(f, "{whole}"),
            (whole, rest) => write!(f, "{whole}.{rest:03}"),
        }
    }
}
