//! Pages counted from either end.

use std::fmt;
use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

use super::{Error, PageNumber};

/// Which page: counted from 1 at the front, from −1 at the end. Serialised as the signed number.
///
/// ```
/// use sealwright::geometry::PageIndex;
/// assert_eq!(PageIndex::new(-1)?, PageIndex::LAST);
/// assert_eq!(PageIndex::LAST.resolve(12).map(|page| page.get()), Some(12));
/// assert_eq!(PageIndex::new(13)?.resolve(12), None);
/// assert!(PageIndex::new(0).is_err());
/// # Ok::<(), sealwright::geometry::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i64")]
pub struct PageIndex(End);

/// A count from one of the two ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum End {
    Front(NonZeroU32),
    Back(NonZeroU32),
}

impl PageIndex {
    /// The first page.
    pub const FIRST: Self = Self(End::Front(NonZeroU32::MIN));
    /// The last page, whatever its number.
    pub const LAST: Self = Self(End::Back(NonZeroU32::MIN));

    /// The page with this number.
    ///
    /// # Errors
    ///
    /// [`Error::PageZero`]: zero is neither the first nor the last page.
    pub fn new(index: i32) -> Result<Self, Error> {
        let count = NonZeroU32::new(index.unsigned_abs()).ok_or(Error::PageZero)?;
        Ok(Self(if index > 0 { End::Front(count) } else { End::Back(count) }))
    }

    /// The page of a document of so many pages, `None` if it has no such page.
    #[must_use]
    pub fn resolve(self, page_count: u32) -> Option<PageNumber> {
        let number = match self.0 {
            End::Front(count) => Some(count.get()).filter(|count| *count <= page_count),
            End::Back(count) => page_count.checked_sub(count.get() - 1),
        };
        number.and_then(|number| PageNumber::new(number).ok())
    }
}

impl TryFrom<i32> for PageIndex {
    type Error = Error;

    fn try_from(index: i32) -> Result<Self, Error> {
        Self::new(index)
    }
}

impl From<PageIndex> for i64 {
    fn from(index: PageIndex) -> Self {
        match index.0 {
            End::Front(count) => Self::from(count.get()),
            End::Back(count) => -Self::from(count.get()),
        }
    }
}

impl From<PageNumber> for PageIndex {
    fn from(number: PageNumber) -> Self {
        Self(End::Front(number.into()))
    }
}

impl fmt::Display for PageIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            End::Front(count) => write!(f, "{count}"),
            End::Back(count) => write!(f, "-{count}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twelve_pages_from_both_ends() {
        let resolve = |index| PageIndex::new(index).unwrap().resolve(12).map(PageNumber::get);
        assert_eq!(resolve(1), Some(1));
        assert_eq!(resolve(12), Some(12));
        assert_eq!(resolve(-1), Some(12));
        assert_eq!(resolve(-12), Some(1));
        for index in [13, -13, i32::MAX, i32::MIN] {
            assert_eq!(resolve(index), None);
        }
        assert_eq!(PageIndex::new(0), Err(Error::PageZero));
    }

    #[test]
    fn a_document_without_pages_has_neither_first_nor_last() {
        assert!(PageIndex::FIRST.resolve(0).is_none());
        assert!(PageIndex::LAST.resolve(0).is_none());
        assert_eq!(PageIndex::LAST.resolve(u32::MAX).unwrap().get(), u32::MAX);
    }

    #[test]
    fn storage_cannot_forge_a_page_zero() {
        assert_eq!(serde_json::to_string(&PageIndex::LAST).unwrap(), "-1");
        assert_eq!(serde_json::from_str::<PageIndex>("-1").unwrap(), PageIndex::LAST);
        assert!(serde_json::from_str::<PageIndex>("0").is_err());
    }

    #[test]
    fn the_ends_are_what_they_are_called() {
        assert_eq!(
            (PageIndex::FIRST.to_string(), PageIndex::LAST.to_string()),
            ("1".into(), "-1".into())
        );
    }
}
