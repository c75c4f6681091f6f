//! Mobile numbers of the mainland (手机号).

use super::Error;
use super::mask::mask;
use super::personal::personal_fact;

/// A mobile number (手机号): eleven digits, the first 1, the second 3 to 9 (R-ID-07).
///
/// A personal fact: it is stored inside [`Personal`](super::Personal), and `Debug` shows its mask.
///
/// ```
/// use sealwright::identity::Mobile;
/// let typed = Mobile::normalize("+86 138-0000-0000");
/// let mobile = Mobile::parse(&typed)?;
/// assert_eq!(mobile.expose(), "13800000000");
/// assert_eq!(mobile.masked(), "138****0000");
/// # Ok::<(), sealwright::identity::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mobile(String);

impl Mobile {
    /// Parses eleven digits; [`Mobile::normalize`] is for what people type.
    ///
    /// # Errors
    ///
    /// [`Error::MobileFormat`].
    pub fn parse(text: &str) -> Result<Self, Error> {
        let is_mobile = text.len() == 11
            && text.bytes().all(|letter| letter.is_ascii_digit())
            && text.strip_prefix('1').is_some_and(|rest| rest.starts_with(|second| second >= '3'));
        if is_mobile { Ok(Self(text.to_owned())) } else { Err(Error::MobileFormat) }
    }

    /// What people type, brought to the form in which numbers are compared (R-ID-10): spaces and
    /// hyphens go, and a leading `+86` or `86` if it is followed by eleven digits. Applying it
    /// twice changes nothing more.
    #[must_use]
    pub fn normalize(text: &str) -> String {
        let is_gap = |letter: char| {
            letter.is_whitespace() || matches!(letter, '-' | '\u{2010}' | '\u{2011}')
        };
        let bare: String = text.chars().filter(|&letter| !is_gap(letter)).collect();
        let digits = bare.strip_prefix('+').unwrap_or(&bare);
        match digits.strip_prefix("86") {
            Some(rest) if rest.len() == 11 && rest.bytes().all(|b| b.is_ascii_digit()) => {
                rest.to_owned()
            }
            _ => bare,
        }
    }

    /// The full number. Whoever asks for it handles personal data.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What may be shown (R-ID-13): the first three and the last four digits.
    #[must_use]
    pub fn masked(&self) -> String {
        mask(&self.0, 3, 4)
    }
}

personal_fact!(Mobile);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_id_07_the_vectors_pass() {
        for text in ["13800000000", "19912345678"] {
            assert_eq!(Mobile::parse(text).unwrap().expose(), text);
        }
    }

    #[test]
    fn r_id_07_the_negative_vectors_fail() {
        for text in [
            "12800000000",
            "+8613800000000",
            "1380000000",
            "138000000000",
            "１３８００００００００",
            "23800000000",
            "138 0000 0000",
            "",
            "1",
            "1380000000a",
        ] {
            let error = Mobile::parse(text).unwrap_err();
            assert_eq!(error.code(), "identity.mobile_format", "{text:?}");
        }
    }

    #[test]
    fn r_id_10_spaces_hyphens_and_the_country_code_go() {
        for text in [
            "+8613800000000",
            "8613800000000",
            "+86 138-0000-0000",
            " 138 0000 0000 ",
            "138\u{2011}0000\u{a0}0000",
            "+86-13800000000",
        ] {
            assert_eq!(Mobile::normalize(text), "13800000000", "{text}");
        }
    }

    #[test]
    fn r_id_10_the_country_code_goes_only_before_eleven_digits() {
        for text in ["861380000000", "+861380000000", "86138000000000", "+85213800000000"] {
            assert_eq!(Mobile::normalize(text), text);
            assert!(Mobile::parse(&Mobile::normalize(text)).is_err());
        }
        // A number that begins with 86 itself is not shortened a second time.
        assert_eq!(Mobile::normalize("+8686123456789"), "86123456789");
        assert_eq!(Mobile::normalize("86123456789"), "86123456789");
    }

    #[test]
    fn r_id_13_debug_shows_the_mask_of_a_mobile() {
        let mobile = Mobile::parse("13812341569").unwrap();
        assert_eq!(format!("{mobile:?}"), "Mobile(138****1569)");
    }
}
