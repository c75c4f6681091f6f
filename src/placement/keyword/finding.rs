//! What a search found, and what is wrong with it.

use std::collections::HashMap;
use std::fmt;

use thiserror::Error as ThisError;

use crate::contract::{Located, Spot};
use crate::geometry::{PageIndex, PageNumber};

/// Candidates that a message lists; the error itself holds them all.
const MOST_LISTED: usize = 8;

/// What a search found for all its keywords.
///
/// ```
/// use sealwright::contract::Keyword;
/// use sealwright::geometry::{Mm, Size};
/// use sealwright::limits::Unwatched;
/// use sealwright::pdf::File;
/// use sealwright::placement::{PdfText, find};
/// # let bytes = sealwright_testdata::contract::PDF;
/// let file = File::open(bytes, Default::default())?;
/// let absent = Keyword::new("No such words")?;
/// let size = Size::new(Mm(42.0), Mm(42.0))?;
/// let search = find(&mut PdfText::new(&file)?, &[(&absent, size)], &Unwatched)?;
/// assert_eq!(search.findings()[0].chosen().unwrap_err().code(), "ctl.keyword_not_found");
/// assert!(search.pages_without_text().is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    pub(super) findings: Vec<Finding>,
    pub(super) pages_without_text: Vec<PageNumber>,
}

impl Search {
    /// One finding for each keyword, in the order of the keywords.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The findings themselves.
    #[must_use]
    pub fn into_findings(self) -> Vec<Finding> {
        self.findings
    }

    /// The pages among those searched that show something but have no text that can be searched
    /// (R-CTL-09): where a keyword was found elsewhere it may stand on these too.
    #[must_use]
    pub fn pages_without_text(&self) -> &[PageNumber] {
        &self.pages_without_text
    }

    /// The pairs of keywords that chose the same words, by their places in the list (R-CTL-21): a
    /// second keyword of the same text, or its first and its last match where there is only one.
    #[must_use]
    pub fn sharing(&self) -> Vec<(usize, usize, Spot)> {
        let mut first: HashMap<Spot, usize> = HashMap::new();
        let mut shared = Vec::new();
        for (index, finding) in self.findings.iter().enumerate() {
            for spot in finding.chosen().unwrap_or_default() {
                match first.get(&spot) {
                    Some(other) if *other != index => shared.push((*other, index, spot)),
                    Some(_) => {}
                    None => {
                        first.insert(spot, index);
                    }
                }
            }
        }
        shared
    }
}

/// What was found for one keyword.
///
/// ```
/// # use sealwright::placement::Finding;
/// # fn shows(finding: &Finding) -> Result<(), sealwright::placement::KeywordError> {
/// let words = finding.only()?; // or which ones there are
/// println!("{} on page {}", words.rect, words.page);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub(super) matches: Vec<Spot>,
    pub(super) wanted: Vec<u32>,
    pub(super) located: Located,
    pub(super) nearest: Option<Nearest>,
}

/// The longest beginning of a keyword that stands somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Nearest {
    pub(super) spot: Spot,
    pub(super) characters: usize,
}

impl Finding {
    /// All matches of the words, in the order in which the keyword counts them: the boxes of the
    /// words themselves.
    #[must_use]
    pub fn matches(&self) -> &[Spot] {
        &self.matches
    }

    /// The matches that the keyword asks for.
    ///
    /// # Errors
    ///
    /// [`KeywordError::NotFound`], [`KeywordError::NoTextLayer`], [`KeywordError::PageOutOfRange`],
    /// [`KeywordError::IndexOutOfRange`].
    pub fn chosen(&self) -> Result<Vec<Spot>, KeywordError> {
        match &self.located {
            Located::KeywordNotFound => Err(KeywordError::NotFound {
                nearest: self.nearest.map(|nearest| nearest.spot),
                characters: self.nearest.map_or(0, |nearest| nearest.characters),
            }),
            Located::NoTextLayer { page } => Err(KeywordError::NoTextLayer { page: *page }),
            Located::PageOutOfRange { page, count } => {
                Err(KeywordError::PageOutOfRange { page: *page, count: *count })
            }
            Located::KeywordIndexOutOfRange { index, .. } => Err(KeywordError::IndexOutOfRange {
                index: *index,
                candidates: Candidates(self.matches.clone()),
            }),
            _ if self.wanted.is_empty() => Ok(self.matches.clone()),
            _ => {
                let at = |index: &u32| self.matches.get(usize::try_from(*index).ok()?).copied();
                Ok(self.wanted.iter().filter_map(at).collect())
            }
        }
    }

    /// The one match, for whoever needs exactly one.
    ///
    /// # Errors
    ///
    /// As [`Finding::chosen`], and [`KeywordError::Ambiguous`].
    pub fn only(&self) -> Result<Spot, KeywordError> {
        let chosen = self.chosen()?;
        match chosen.as_slice() {
            [only] => Ok(*only),
            _ => Err(KeywordError::Ambiguous { candidates: Candidates(chosen) }),
        }
    }

    /// What the validation of a contract takes: the rectangles of the control, §5.3's geometry
    /// applied. A rectangle that leaves its page by more than may be nudged is among them as it is,
    /// for the validation to name page and side.
    #[must_use]
    pub fn located(&self) -> &Located {
        &self.located
    }
}

/// Where the words were found instead, or too often.
///
/// ```
/// # use sealwright::placement::Candidates;
/// assert_eq!(Candidates::default().to_string(), "nowhere");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Candidates(pub(super) Vec<Spot>);

impl Candidates {
    /// The boxes of the words.
    #[must_use]
    pub fn spots(&self) -> &[Spot] {
        &self.0
    }
}

impl fmt::Display for Candidates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("nowhere");
        }
        for (index, spot) in self.0.iter().take(MOST_LISTED).enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}page {} at ({}, {})", spot.page, spot.rect.x(), spot.rect.y())?;
        }
        match self.0.len().checked_sub(MOST_LISTED) {
            Some(more) if more > 0 => write!(f, "; and {more} more"),
            _ => Ok(()),
        }
    }
}

/// Why words do not give a place. The words themselves are not repeated.
///
/// ```
/// use sealwright::geometry::PageNumber;
/// use sealwright::placement::KeywordError;
/// let error = KeywordError::NoTextLayer { page: PageNumber::new(2)? };
/// assert_eq!(error.code(), "ctl.keyword_no_text_layer");
/// # Ok::<(), sealwright::geometry::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
#[non_exhaustive]
pub enum KeywordError {
    /// R-CTL-07.
    #[error("the text does not contain the keyword; {}", near(nearest.as_ref(), *characters))]
    NotFound {
        /// Where its longest beginning of two characters or more stands first.
        nearest: Option<Spot>,
        /// How many characters that are.
        characters: usize,
    },
    /// R-CTL-08.
    #[error(
        "match {index} of the keyword was asked for, counted from 0; there are {}: {candidates}",
        candidates.0.len()
    )]
    IndexOutOfRange {
        /// The match that was asked for.
        index: u32,
        /// Those there are.
        candidates: Candidates,
    },
    /// One match was needed.
    #[error(
        "the keyword stands in {} places: {candidates}; name the match, the page, or longer words",
        candidates.0.len()
    )]
    Ambiguous {
        /// Where.
        candidates: Candidates,
    },
    /// R-CTL-09.
    #[error("page {page} has no text that could be searched; place the control by coordinates")]
    NoTextLayer {
        /// The page.
        page: PageNumber,
    },
    /// R-CTL-02: the only page that was to be searched.
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
}

impl KeywordError {
    /// A stable name of the kind of error, for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "ctl.keyword_not_found",
            Self::IndexOutOfRange { .. } => "ctl.keyword_index_out_of_range",
            Self::Ambiguous { .. } => "ctl.keyword_ambiguous",
            Self::NoTextLayer { .. } => "ctl.keyword_no_text_layer",
            Self::PageOutOfRange { .. } => "ctl.page_out_of_range",
        }
    }
}

fn near(nearest: Option<&Spot>, characters: usize) -> String {
    match nearest {
        None => {
            "nothing like it stands there: check it, or place the control by coordinates".into()
        }
        Some(spot) => format!(
            "its first {characters} characters stand on page {} at ({}, {}): check the rest",
            spot.page,
            spot.rect.x(),
            spot.rect.y()
        ),
    }
}
