//! Pages counted from either end.

use std::fmt;
use std::num::NonZeroU32;

use super::Error;
use crate::geometry::PageNumber;

/// Which page: counted from 1 at the front, from −1 at the end.
///
/// ```
/// use sealwright::placement::PageIndex;
/// assert_eq!(PageIndex::new(-1)?, PageIndex::LAST);
/// assert_eq!(PageIndex::LAST.resolve(12)?.get(), 12);
/// assert!(PageIndex::new(0).is_err());
/// # Ok::<(), sealwright::placement::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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

    /// The page of a document of so many pages.
    ///
    /// # Errors
    ///
    /// [`Error::PageOutOfRange`] if it has no such page.
    pub fn resolve(self, page_count: u32) -> Result<PageNumber, Error> {
        let number = match self.0 {
            End::Front(count) => Some(count.get()).filter(|count| *count <= page_count),
            End::Back(count) => page_count.checked_sub(count.get() - 1),
        };
        number
            .and_then(|number| PageNumber::new(number).ok())
            .ok_or(Error::PageOutOfRange { index: self, page_count })
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
        let resolve = |index| PageIndex::new(index)?.resolve(12).map(PageNumber::get);
        assert_eq!(resolve(1), Ok(1));
        assert_eq!(resolve(12), Ok(12));
        assert_eq!(resolve(-1), Ok(12));
        assert_eq!(resolve(-12), Ok(1));
        for index in [13, -13, i32::MAX, i32::MIN] {
            let index_itself = PageIndex::new(index).unwrap();
            let error = Error::PageOutOfRange { index: index_itself, page_count: 12 };
            assert_eq!(resolve(index), Err(error));
        }
        assert_eq!(resolve(0), Err(Error::PageZero));
    }

    #[test]
    fn a_document_without_pages_has_neither_first_nor_last() {
        assert!(PageIndex::FIRST.resolve(0).is_err());
        assert!(PageIndex::LAST.resolve(0).is_err());
        assert_eq!(PageIndex::LAST.resolve(u32::MAX).unwrap().get(), u32::MAX);
    }

    #[test]
    fn the_message_says_what_there_is() {
        assert_eq!(
            PageIndex::new(-13).unwrap().resolve(12).unwrap_err().to_string(),
            "there is no page -13 in a document of 12 pages; pages are counted from 1, or from -1 \
             at the end"
        );
    }

    #[test]
    fn the_ends_are_what_they_are_called() {
        assert_eq!(
            (PageIndex::FIRST.to_string(), PageIndex::LAST.to_string()),
            ("1".into(), "-1".into())
        );
    }
}
