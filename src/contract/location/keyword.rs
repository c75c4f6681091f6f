//! Beside words of the text. The text is searched elsewhere; here is what to look for and what to do
//! with what is found.

use serde::{Deserialize, Serialize};

use super::super::control::ControlError;
use super::Extent;
use crate::geometry::{Length, MilliPoints, PageIndex};

/// The longest keyword that is taken, in characters.
const MOST_KEYWORD: usize = 200;

/// In which direction matches are counted.
///
/// ```
/// assert_eq!(sealwright::contract::MatchOrder::default().code(), "positive");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatchOrder {
    /// As one reads: page, line, from left to right.
    #[default]
    Positive,
    /// The exact reverse.
    Reverse,
}

impl MatchOrder {
    /// A stable name.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Positive => "positive",
            Self::Reverse => "reverse",
        }
    }
}

/// Where the control stands by its keyword; the geometry is §5.3's.
///
/// ```
/// assert_eq!(sealwright::contract::Relative::default(), sealwright::contract::Relative::Middle);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relative {
    /// Both centres coincide.
    #[default]
    Middle,
    /// Below, centred.
    Below,
    /// To the right, centred.
    Right,
    /// Its top left corner at the keyword's bottom right corner.
    LowerRight,
    /// Its bottom left corner at the keyword's top right corner.
    UpperRight,
}

/// A keyword and how the control stands by it (§5.3).
///
/// ```
/// use sealwright::contract::{Keyword, MatchOrder, Relative};
/// use sealwright::geometry::Pt;
/// let last_seal_line = Keyword::new("（盖章）")?
///     .order(MatchOrder::Reverse)
///     .indexes([0])
///     .relative(Relative::Right)
///     .offset(Pt(10.0), Pt(-4.0))?;
/// assert_eq!(last_seal_line.text(), "（盖章）");
/// # Ok::<(), sealwright::contract::ControlError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Fields", into = "Fields")]
pub struct Keyword(Fields);

/// How a keyword is stored; everything but the text has a default.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
struct Fields {
    text: String,
    #[serde(default)]
    isolated: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    page: Option<PageIndex>,
    #[serde(default)]
    order: MatchOrder,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    indexes: Vec<u32>,
    #[serde(default)]
    relative: Relative,
    #[serde(default)]
    offset_x: MilliPoints,
    #[serde(default)]
    offset_y: MilliPoints,
    #[serde(default)]
    nudge: MilliPoints,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    size: Option<Extent>,
    #[serde(default)]
    ignore_missing: bool,
}

impl Keyword {
    /// All matches of these words, 1 to 200 characters in one line; `^words^` matches only where
    /// neither neighbour belongs to a longer run of text.
    ///
    /// # Errors
    ///
    /// [`ControlError::KeywordNotFound`]: no line of text contains such words.
    pub fn new(text: &str) -> Result<Self, ControlError> {
        let trimmed = text.trim();
        let inner = trimmed.strip_prefix('^').and_then(|rest| rest.strip_suffix('^'));
        Self::try_from(Fields {
            text: inner.unwrap_or(trimmed).to_owned(),
            isolated: inner.is_some(),
            page: None,
            order: MatchOrder::default(),
            indexes: Vec::new(),
            relative: Relative::default(),
            offset_x: MilliPoints::ZERO,
            offset_y: MilliPoints::ZERO,
            nudge: MilliPoints::ZERO,
            size: None,
            ignore_missing: false,
        })
    }

    /// On one page only.
    #[must_use]
    pub fn on_page(mut self, page: PageIndex) -> Self {
        self.0.page = Some(page);
        self
    }

    /// Counted in this direction.
    #[must_use]
    pub fn order(mut self, order: MatchOrder) -> Self {
        self.0.order = order;
        self
    }

    /// Only these matches, counted from 0; none named means all.
    #[must_use]
    pub fn indexes(mut self, indexes: impl IntoIterator<Item = u32>) -> Self {
        self.0.indexes = indexes.into_iter().collect();
        self.0.indexes.sort_unstable();
        self.0.indexes.dedup();
        self
    }

    /// Where the control stands by its match.
    #[must_use]
    pub fn relative(mut self, relative: Relative) -> Self {
        self.0.relative = relative;
        self
    }

    /// Moved afterwards, right and down positive.
    ///
    /// # Errors
    ///
    /// [`ControlError::Length`].
    pub fn offset(
        mut self,
        x: impl Into<Length>,
        y: impl Into<Length>,
    ) -> Result<Self, ControlError> {
        self.0.offset_x = x.into().round()?;
        self.0.offset_y = y.into().round()?;
        Ok(self)
    }

    /// By how much it may be moved in where it leaves the page; 0 unless said otherwise, since a
    /// silent shift is not what was asked for.
    ///
    /// # Errors
    ///
    /// [`ControlError::Length`].
    pub fn nudge(mut self, by: impl Into<Length>) -> Result<Self, ControlError> {
        self.0.nudge = by.into().round()?;
        Ok(self)
    }

    /// In a size of its own.
    #[must_use]
    pub fn sized(mut self, size: Extent) -> Self {
        self.0.size = Some(size);
        self
    }

    /// No error where the words are missing (R-CTL-07).
    #[must_use]
    pub fn ignore_missing(mut self) -> Self {
        self.0.ignore_missing = true;
        self
    }

    /// The words, without the marks of isolation.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// Whether only matches count that stand alone.
    #[must_use]
    pub fn is_isolated(&self) -> bool {
        self.0.isolated
    }

    /// The only page to search, if one is named.
    #[must_use]
    pub fn page(&self) -> Option<PageIndex> {
        self.0.page
    }

    /// That the only page to search is one of the document's (R-CTL-02).
    ///
    /// # Errors
    ///
    /// [`ControlError::PageOutOfRange`] in a document of `count` pages that has it not: that is no
    /// missing keyword, which might be ignored.
    pub fn check_page(&self, count: u32) -> Result<(), ControlError> {
        match self.0.page {
            Some(page) if page.resolve(count).is_none() => {
                Err(ControlError::PageOutOfRange { page, count })
            }
            _ => Ok(()),
        }
    }

    /// The direction of counting.
    #[must_use]
    pub fn match_order(&self) -> MatchOrder {
        self.0.order
    }

    /// The matches that count, ascending; empty for all.
    #[must_use]
    pub fn wanted(&self) -> &[u32] {
        &self.0.indexes
    }

    /// Where the control stands by its match.
    #[must_use]
    pub fn stands(&self) -> Relative {
        self.0.relative
    }

    /// The shift after that, x and y.
    #[must_use]
    pub fn shift(&self) -> (MilliPoints, MilliPoints) {
        (self.0.offset_x, self.0.offset_y)
    }

    /// The most it may be moved in.
    #[must_use]
    pub fn most_nudge(&self) -> MilliPoints {
        self.0.nudge
    }

    /// The size it asks for, if any.
    #[must_use]
    pub fn size(&self) -> Option<Extent> {
        self.0.size
    }

    /// Whether missing words are no error.
    #[must_use]
    pub fn is_optional(&self) -> bool {
        self.0.ignore_missing
    }

    /// Whether both may come to stand by the same match (R-CTL-21): the same words (white space
    /// aside), no pages or match numbers that keep them apart. Counted from different ends, named matches are taken to
    /// be different ones ("the first is A's, the last is B's").
    #[must_use]
    pub fn may_share_a_match(&self, other: &Self) -> bool {
        let (a, b) = (&self.0, &other.0);
        let apart_by_page = matches!((a.page, b.page), (Some(x), Some(y)) if x != y);
        let named = !a.indexes.is_empty() && !b.indexes.is_empty();
        let apart_by_number = named
            && (a.order != b.order
                || !a.indexes.iter().any(|it| b.indexes.binary_search(it).is_ok()));
        !apart_by_page && !apart_by_number && words(&a.text).eq(words(&b.text))
    }
}

fn words(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| !c.is_whitespace())
}

impl TryFrom<Fields> for Keyword {
    type Error = ControlError;

    fn try_from(mut fields: Fields) -> Result<Self, ControlError> {
        let one_line = !fields.text.chars().any(char::is_control);
        let length = fields.text.chars().count();
        if !one_line || length > MOST_KEYWORD || fields.text.trim().is_empty() {
            return Err(ControlError::KeywordNotFound);
        }
        fields.indexes.sort_unstable();
        fields.indexes.dedup();
        Ok(Self(fields))
    }
}

impl From<Keyword> for Fields {
    fn from(keyword: Keyword) -> Self {
        keyword.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keyword(text: &str) -> Keyword {
        Keyword::new(text).unwrap()
    }

    #[test]
    fn r_ctl_07_words_that_no_line_contains() {
        for text in ["", "  ", "^^", "^ ^", "甲方\n盖章", &"字".repeat(201)] {
            assert_eq!(Keyword::new(text).unwrap_err().code(), "ctl.keyword_not_found", "{text:?}");
        }
        assert!(serde_json::from_str::<Keyword>(r#"{"text":""}"#).is_err());
    }

    #[test]
    fn carets_ask_for_words_that_stand_alone() {
        assert!(keyword("^甲方^").is_isolated());
        assert_eq!(keyword("^甲方^").text(), "甲方");
        assert!(!keyword("甲方^").is_isolated());
    }

    #[test]
    fn r_ctl_21_the_same_match_for_two() {
        let seal = || keyword("盖章");
        assert!(seal().may_share_a_match(&seal()));
        assert!(seal().may_share_a_match(&seal().indexes([1])));
        assert!(seal().indexes([0, 2]).may_share_a_match(&seal().indexes([2])));
        assert!(!seal().indexes([0]).may_share_a_match(&seal().indexes([1])));
        assert!(!seal().may_share_a_match(&keyword("签字")));
        assert!(seal().may_share_a_match(&keyword("盖 章")));
        let last = seal().order(MatchOrder::Reverse).indexes([0]);
        assert!(!seal().indexes([0]).may_share_a_match(&last));
        assert!(seal().may_share_a_match(&last));
        let on = |page| seal().on_page(PageIndex::new(page).unwrap());
        assert!(!on(1).may_share_a_match(&on(2)));
        assert!(on(1).may_share_a_match(&seal()));
    }

    #[test]
    fn stored_with_its_defaults_left_out_and_back() {
        let full = keyword("^甲方^").indexes([3, 1, 3]).on_page(PageIndex::LAST).ignore_missing();
        assert_eq!(full.wanted(), [1, 3]);
        let json = serde_json::to_string(&full).unwrap();
        assert_eq!(serde_json::from_str::<Keyword>(&json).unwrap(), full);
        assert_eq!(serde_json::from_str::<Keyword>(r#"{"text":"甲"}"#).unwrap(), keyword("甲"));
    }
}
