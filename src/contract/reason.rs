//! Why somebody declined, cancelled or rejected (R-CON-03).

use std::fmt;

use serde::{Deserialize, Serialize};

use super::error::Error;

/// A reason in the words of a person: 1 to 200 characters, no emoji, no control characters but
/// line feeds (R-CON-03).
///
/// It is free text and may name people: `Debug` shows its length only, the audit log its digest.
///
/// ```
/// use sealwright::contract::Reason;
/// let reason = Reason::parse("  价格条款有误 ")?;
/// assert_eq!(reason.as_str(), "价格条款有误");
/// assert_eq!(Reason::parse("").unwrap_err().code(), "con.reason_required");
/// # Ok::<(), sealwright::contract::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Reason(String);

impl Reason {
    /// The greatest length in characters.
    pub const LONGEST: usize = 200;

    /// A reason without the white space around it.
    ///
    /// # Errors
    ///
    /// `con.reason_required` when nothing is left, `con.reason_too_long`, `con.reason_invalid` for
    /// an emoji or a control character.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Error::ReasonRequired);
        }
        let length = text.chars().count();
        if length > Self::LONGEST {
            return Err(Error::ReasonTooLong { found: length, most: Self::LONGEST });
        }
        match text.chars().position(|c| is_emoji(c) || (c.is_control() && c != '\n')) {
            Some(index) => Err(Error::ReasonInvalid { position: index.saturating_add(1) }),
            None => Ok(Self(text.to_owned())),
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Reason({} characters)", self.0.chars().count())
    }
}

impl TryFrom<String> for Reason {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        Self::parse(&text)
    }
}

impl From<Reason> for String {
    fn from(reason: Reason) -> Self {
        reason.0
    }
}

/// Pictographs, flags, skin tones, key caps and what joins them. Digits, `©`, `®` and the signs a
/// contract may well hold (`→`, `★`, `①`, `※`, `☑`) are no emoji here.
fn is_emoji(c: char) -> bool {
    matches!(u32::from(c),
        0x1F000..=0x1FAFF | 0x2600..=0x2604 | 0x260E | 0x2614..=0x2615 | 0x2618 | 0x261D | 0x2620
        | 0x2622..=0x2623 | 0x2626 | 0x262A | 0x262E..=0x262F | 0x2638..=0x263A | 0x2648..=0x2653
        | 0x265F | 0x2660 | 0x2663 | 0x2665..=0x2666 | 0x2668 | 0x267B | 0x267E..=0x267F
        | 0x2692..=0x2697 | 0x2699 | 0x269B..=0x269C | 0x26A0..=0x26A1 | 0x26A7 | 0x26AA..=0x26AB
        | 0x26B0..=0x26B1 | 0x26BD..=0x26BE | 0x26C4..=0x26C5 | 0x26C8 | 0x26CE..=0x26CF | 0x26D1
        | 0x26D3..=0x26D4 | 0x26E9..=0x26EA | 0x26F0..=0x26F5 | 0x26F7..=0x26FA | 0x26FD
        | 0x2702 | 0x2705 | 0x2708..=0x270D | 0x270F | 0x2712 | 0x2728 | 0x274C | 0x274E
        | 0x2753..=0x2755 | 0x2757 | 0x2763..=0x2764 | 0x2795..=0x2797 | 0x27B0 | 0x27BF
        | 0x231A..=0x231B | 0x23E9..=0x23F3 | 0x2B50 | 0x2B55
        | 0x200D | 0x20E3 | 0xFE0F | 0xE0020..=0xE007F)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_con_03_a_reason_has_one_to_two_hundred_characters() {
        assert_eq!(Reason::parse(" \n\t").unwrap_err().code(), "con.reason_required");
        assert!(Reason::parse(&"改".repeat(200)).is_ok());
        assert_eq!(Reason::parse(&"改".repeat(201)).unwrap_err().code(), "con.reason_too_long");
    }

    #[test]
    fn r_con_03_a_reason_holds_no_emoji_and_no_control_characters() {
        for bad in ["好的👍", "🇨🇳", "❤\u{FE0F}", "1\u{20E3}", "a\u{0}b", "a\u{1b}[31m", "☀"]
        {
            assert_eq!(Reason::parse(bad).unwrap_err().code(), "con.reason_invalid", "{bad:?}");
        }
        for good in ["第①条 → 删除", "两行\n理由", "价格 ≤ 100 €", "※ 见附件", "☑ 已核对"]
        {
            assert!(Reason::parse(good).is_ok(), "{good}");
        }
    }

    #[test]
    fn a_reason_is_not_shown_by_debug_and_comes_back_through_its_parser() {
        let reason = Reason::parse("张三不同意").unwrap();
        assert_eq!(format!("{reason:?}"), "Reason(5 characters)");
        let json = serde_json::to_string(&reason).unwrap();
        assert_eq!(serde_json::from_str::<Reason>(&json).unwrap(), reason);
        assert!(serde_json::from_str::<Reason>("\"\"").is_err());
    }
}
