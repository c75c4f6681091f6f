//! Which pages: all, every other one, or ranges counted from either end.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::super::control::ControlError;
use crate::geometry::{PageIndex, PageNumber};

/// Pages from one to another, both included; each counted from either end.
///
/// ```
/// use sealwright::contract::PageRange;
/// let all_but_the_first: PageRange = "2--1".parse()?;
/// assert_eq!(all_but_the_first.resolve(12)?.count(), 11);
/// # Ok::<(), sealwright::contract::ControlError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PageRange {
    first: PageIndex,
    last: PageIndex,
}

impl PageRange {
    /// From the first to the last page of the range.
    #[must_use]
    pub fn new(first: PageIndex, last: PageIndex) -> Self {
        Self { first, last }
    }

    /// The pages of a document of `count` pages, ascending (R-CTL-02).
    ///
    /// # Errors
    ///
    /// [`ControlError::PageOutOfRange`] for an end that does not exist,
    /// [`ControlError::PageRangeReversed`] for a range that ends before it begins.
    pub fn resolve(self, count: u32) -> Result<impl Iterator<Item = PageNumber>, ControlError> {
        let (first, last) = self.ends(count)?;
        Ok((first.get()..=last.get()).filter_map(|number| PageNumber::new(number).ok()))
    }

    fn ends(self, count: u32) -> Result<(PageNumber, PageNumber), ControlError> {
        let page = |index: PageIndex| {
            index.resolve(count).ok_or(ControlError::PageOutOfRange { page: index, count })
        };
        let (first, last) = (page(self.first)?, page(self.last)?);
        if first > last {
            return Err(ControlError::PageRangeReversed { range: self, count });
        }
        Ok((first, last))
    }
}

impl From<PageIndex> for PageRange {
    fn from(page: PageIndex) -> Self {
        Self { first: page, last: page }
    }
}

impl FromStr for PageRange {
    type Err = ControlError;

    /// `3`, `-1`, `2-5`, `2--1`.
    fn from_str(text: &str) -> Result<Self, ControlError> {
        let text = text.trim();
        // A hyphen in front is a sign, the next one separates.
        let separator = text.char_indices().skip(1).find(|(_, c)| *c == '-').map(|(at, _)| at);
        let index = |text: &str| {
            let number = text.trim().parse().map_err(|_| ControlError::PagesUnreadable)?;
            PageIndex::new(number).map_err(|_| ControlError::PageZero)
        };
        let halves = separator.and_then(|at| text.split_at_checked(at));
        match halves.and_then(|(first, rest)| Some((first, rest.strip_prefix('-')?))) {
            Some((first, last)) => Ok(Self::new(index(first)?, index(last)?)),
            None => Ok(index(text)?.into()),
        }
    }
}

impl fmt::Display for PageRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == self.last {
            self.first.fmt(f)
        } else {
            write!(f, "{}-{}", self.first, self.last)
        }
    }
}

/// A set of pages of one document. Written, and stored, as vendors write it: `all`, `odd`, `even`,
/// `1-3,5,-1`.
///
/// ```
/// use sealwright::contract::PageSet;
/// let pages: PageSet = "1-3,5,-1".parse()?;
/// let numbers: Vec<u32> = pages.resolve(12)?.iter().map(|page| page.get()).collect();
/// assert_eq!(numbers, [1, 2, 3, 5, 12]);
/// assert_eq!(PageSet::Odd.resolve(5)?.len(), 3); // printed on both sides, every sheet is met
/// assert_eq!(pages.resolve(4).unwrap_err().code(), "ctl.page_out_of_range");
/// # Ok::<(), sealwright::contract::ControlError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[non_exhaustive]
pub enum PageSet {
    /// Every page.
    All,
    /// Pages 1, 3, 5 …
    Odd,
    /// Pages 2, 4, 6 …
    Even,
    /// Ranges and single pages, in any order; pages named twice count once.
    Ranges(Vec<PageRange>),
}

impl PageSet {
    /// How many ranges one set may list; a longer list is not a description but an attack.
    pub const MOST_RANGES: usize = 500;

    /// One page.
    #[must_use]
    pub fn one(page: PageIndex) -> Self {
        Self::Ranges(vec![page.into()])
    }

    /// The pages of a document of `count` pages, ascending, each once (R-CTL-02).
    ///
    /// # Errors
    ///
    /// As [`PageRange::resolve`]; [`ControlError::NoPages`] for a set that names none,
    /// [`ControlError::PagesUnreadable`] for one of too many ranges.
    pub fn resolve(&self, count: u32) -> Result<Vec<PageNumber>, ControlError> {
        let every = |first: u32, step: usize| {
            (first..=count)
                .step_by(step)
                .filter_map(|number| PageNumber::new(number).ok())
                .collect()
        };
        let pages: Vec<PageNumber> = match self {
            Self::All => every(1, 1),
            Self::Odd => every(1, 2),
            Self::Even => every(2, 2),
            Self::Ranges(ranges) if ranges.is_empty() => Vec::new(),
            Self::Ranges(ranges) => {
                self.check()?;
                union(ranges, count)?
            }
        };
        if pages.is_empty() { Err(ControlError::NoPages { count }) } else { Ok(pages) }
    }

    /// That what is stored of it can be read back: it lists no range too many, and not none.
    pub(super) fn check(&self) -> Result<(), ControlError> {
        match self {
            Self::Ranges(ranges) if !(1..=Self::MOST_RANGES).contains(&ranges.len()) => {
                Err(ControlError::PagesUnreadable)
            }
            _ => Ok(()),
        }
    }
}

impl From<PageIndex> for PageSet {
    fn from(page: PageIndex) -> Self {
        Self::one(page)
    }
}

impl FromStr for PageSet {
    type Err = ControlError;

    fn from_str(text: &str) -> Result<Self, ControlError> {
        match text.trim() {
            "all" => Ok(Self::All),
            "odd" => Ok(Self::Odd),
            "even" => Ok(Self::Even),
            ranges if ranges.split(',').count() > Self::MOST_RANGES => {
                Err(ControlError::PagesUnreadable)
            }
            ranges => {
                Ok(Self::Ranges(ranges.split(',').map(str::parse).collect::<Result<_, _>>()?))
            }
        }
    }
}

impl TryFrom<String> for PageSet {
    type Error = ControlError;

    fn try_from(text: String) -> Result<Self, ControlError> {
        text.parse()
    }
}

impl From<PageSet> for String {
    fn from(pages: PageSet) -> Self {
        pages.to_string()
    }
}

impl fmt::Display for PageSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all"),
            Self::Odd => f.write_str("odd"),
            Self::Even => f.write_str("even"),
            Self::Ranges(ranges) => {
                let mut separator = "";
                for range in ranges {
                    write!(f, "{separator}{range}")?;
                    separator = ",";
                }
                Ok(())
            }
        }
    }
}

/// Sorted by their first page, ranges are joined in one pass: no page is visited twice.
fn union(ranges: &[PageRange], count: u32) -> Result<Vec<PageNumber>, ControlError> {
    let ends = ranges.iter().map(|range| range.ends(count));
    let mut resolved = ends.collect::<Result<Vec<_>, _>>()?;
    resolved.sort_unstable();
    let (mut pages, mut next) = (Vec::new(), 1_u32);
    for (first, last) in resolved {
        let fresh = first.get().max(next)..=last.get();
        pages.extend(fresh.filter_map(|number| PageNumber::new(number).ok()));
        next = next.max(last.get().saturating_add(1));
    }
    Ok(pages)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn numbers(set: &str, count: u32) -> Result<Vec<u32>, &'static str> {
        let set: PageSet = set.parse().map_err(|error: ControlError| error.code())?;
        let pages = set.resolve(count).map_err(|error| error.code())?;
        Ok(pages.into_iter().map(PageNumber::get).collect())
    }

    #[test]
    fn r_ctl_02_pages_count_from_either_end() {
        assert_eq!(numbers("-1", 12), Ok(vec![12]));
        assert_eq!(numbers("-12", 12), Ok(vec![1]));
        assert_eq!(numbers("3--9", 12), Ok(vec![3, 4]));
        assert_eq!(numbers("-2--1", 12), Ok(vec![11, 12]));
        assert_eq!(numbers(" 5 , 1-2 ", 12), Ok(vec![1, 2, 5]));
        for wrong in [
            "0", "13", "-13", "1-13", "0-2", "5-3", "1,5-3", "-1--2", "", "1,", "a", "1-2-3", "--1",
        ] {
            assert_eq!(numbers(wrong, 12), Err("ctl.page_out_of_range"), "{wrong}");
        }
    }

    #[test]
    fn r_ctl_02_a_set_may_turn_out_empty() {
        assert_eq!(numbers("even", 5), Ok(vec![2, 4]));
        assert_eq!(numbers("odd", 5), Ok(vec![1, 3, 5]));
        assert_eq!(numbers("even", 1), Err("ctl.page_out_of_range"));
        assert_eq!(numbers("all", 0), Err("ctl.page_out_of_range"));
    }

    #[test]
    fn sets_are_stored_as_they_are_written() {
        for text in ["all", "odd", "even", "1-3,5,-1", "2--1"] {
            let set: PageSet = text.parse().unwrap();
            assert_eq!(serde_json::to_string(&set).unwrap(), format!("\"{text}\""));
        }
        assert!(serde_json::from_str::<PageSet>("\"0\"").is_err());
        assert!("1,".repeat(501).trim_end_matches(',').parse::<PageSet>().is_err());
    }

    #[test]
    fn r_ctl_02_a_list_that_could_not_be_read_back_is_refused() {
        let set = |ranges: usize| PageSet::Ranges(vec![PageIndex::FIRST.into(); ranges]);
        assert!(set(500).check().is_ok() && set(500).resolve(9).is_ok());
        assert!(serde_json::from_value::<PageSet>(serde_json::json!(set(500).to_string())).is_ok());
        for unreadable in [set(501), set(0)] {
            assert_eq!(unreadable.check(), Err(ControlError::PagesUnreadable));
            assert_eq!(unreadable.resolve(9).unwrap_err().code(), "ctl.page_out_of_range");
            assert!(unreadable.to_string().parse::<PageSet>().is_err());
        }
    }

    proptest! {
        #[test]
        fn pages_ascend_and_none_is_named_twice(
            ends in proptest::collection::vec((1_i32..40, 0_i32..40), 1..20), count in 80_u32..90,
        ) {
            let ranges = ends.iter().map(|(first, more)| PageRange::new(
                PageIndex::new(*first).unwrap(), PageIndex::new(first + more).unwrap()));
            let pages = PageSet::Ranges(ranges.collect()).resolve(count).unwrap();
            prop_assert!(pages.windows(2).all(|pair| pair[0] < pair[1]));
            for page in 1..=80 {
                let wanted = ends.iter().any(|(first, more)| (*first..=first + more).contains(&page));
                let page = PageNumber::new(u32::try_from(page).unwrap()).unwrap();
                prop_assert_eq!(pages.contains(&page), wanted);
            }
        }
    }
}
