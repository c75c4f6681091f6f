//! Travel permits of people from Hong Kong, Macau (港澳居民来往内地通行证) and Taiwan
//! (台湾居民来往大陆通行证).

use std::borrow::Cow;
use std::fmt;

use super::mask::mask;
use super::personal::personal_fact;
use super::{Error, PersonalFact};

/// The number of a Hong Kong or Macau pass (港澳居民来往内地通行证): `H` or `M`, then ten digits
/// (R-ID-05).
///
/// A personal fact: it is stored inside [`Personal`](super::Personal), and `Debug` shows its mask.
///
/// ```
/// use sealwright::identity::HongKongMacauPermit;
/// assert_eq!(HongKongMacauPermit::parse("H1234567890")?.masked(), "H12****7890");
/// assert!(HongKongMacauPermit::parse("h1234567890").is_err());
/// # Ok::<(), sealwright::identity::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HongKongMacauPermit(String);

impl HongKongMacauPermit {
    /// Parses a number exactly as the pass shows it.
    ///
    /// # Errors
    ///
    /// [`Error::HongKongMacauForm`].
    pub fn parse(text: &str) -> Result<Self, Error> {
        let has_form = text.strip_prefix(['H', 'M']).is_some_and(|rest| has_digits(rest, 10));
        if has_form { Ok(Self(text.to_owned())) } else { Err(Error::HongKongMacauForm) }
    }

    /// The full number. Whoever asks for it handles personal data.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What may be shown (R-ID-13).
    #[must_use]
    pub fn masked(&self) -> String {
        mask(&self.0, 3, 4)
    }
}

personal_fact!(HongKongMacauPermit);

/// The number of a Taiwan pass (台湾居民来往大陆通行证).
///
/// No source confirms its form, so that the form is a value: [`TaiwanPermitForm`], eight digits
/// unless told otherwise.
///
/// A personal fact: it is stored inside [`Personal`](super::Personal), and `Debug` shows its mask.
///
/// ```
/// use sealwright::identity::{TaiwanPermit, TaiwanPermitForm};
/// assert_eq!(TaiwanPermit::parse("01234567")?.masked(), "0*****67");
///
/// let with_booklets = TaiwanPermitForm::digits([8, 10]);
/// assert!(TaiwanPermit::parse_as("0123456789", &with_booklets).is_ok());
/// # Ok::<(), sealwright::identity::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaiwanPermit(String);

impl TaiwanPermit {
    /// Parses a number of the default form: eight digits.
    ///
    /// # Errors
    ///
    /// [`Error::TaiwanForm`].
    pub fn parse(text: &str) -> Result<Self, Error> {
        Self::parse_as(text, &TaiwanPermitForm::default())
    }

    /// Parses a number of a form that the host chose.
    ///
    /// # Errors
    ///
    /// [`Error::TaiwanForm`].
    pub fn parse_as(text: &str, form: &TaiwanPermitForm) -> Result<Self, Error> {
        let digits = text.trim_end_matches(|letter: char| letter.is_ascii_uppercase());
        let letters = text.len() - digits.len();
        let fits = letters <= form.letters
            && form.digits.contains(&digits.len())
            && has_digits(digits, digits.len());
        if fits { Ok(Self(text.to_owned())) } else { Err(Error::TaiwanForm) }
    }

    /// Takes a stored number back. Its form was checked against the host's choice when it was
    /// parsed; here it need only be one that some choice allows.
    pub(super) fn restore(text: &str) -> Result<Self, Error> {
        let digits = text.trim_end_matches(|letter: char| letter.is_ascii_uppercase()).len();
        let form = TaiwanPermitForm { digits: vec![digits], letters: text.len() - digits };
        let is_bounded = (1..=TaiwanPermitForm::MOST).contains(&text.len()) && digits > 0;
        if is_bounded { Self::parse_as(text, &form) } else { Err(Error::TaiwanForm) }
    }

    /// The full number. Whoever asks for it handles personal data.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What may be shown (R-ID-13): as little as hides four characters.
    #[must_use]
    pub fn masked(&self) -> String {
        mask(&self.0, 3, 4)
    }
}

impl PersonalFact for TaiwanPermit {
    fn stored(&self) -> Cow<'_, str> {
        Cow::Borrowed(self.expose())
    }

    fn from_stored(text: &str) -> Result<Self, Error> {
        Self::restore(text)
    }

    fn masked(&self) -> String {
        Self::masked(self)
    }
}

impl fmt::Debug for TaiwanPermit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TaiwanPermit({})", self.masked())
    }
}

/// What a Taiwan pass number looks like: so many digits, then at most so many upper-case letters.
///
/// The default, eight digits and no letter, is that of the cards issued today; it is unconfirmed
/// by any norm, and a host may choose another.
///
/// ```
/// use sealwright::identity::{TaiwanPermit, TaiwanPermitForm};
/// let form = TaiwanPermitForm::digits([8, 10]).with_letters(1);
/// assert!(TaiwanPermit::parse_as("0123456789B", &form).is_ok());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaiwanPermitForm {
    digits: Vec<usize>,
    letters: usize,
}

impl TaiwanPermitForm {
    /// No number is longer than this, whatever form is chosen.
    const MOST: usize = 32;

    /// Numbers of any of these lengths; lengths of 0 or more than 32 never fit.
    #[must_use]
    pub fn digits(lengths: impl IntoIterator<Item = usize>) -> Self {
        let digits = lengths.into_iter().filter(|length| (1..=Self::MOST).contains(length));
        Self { digits: digits.collect(), letters: 0 }
    }

    /// The same, with at most so many upper-case letters behind the digits.
    #[must_use]
    pub fn with_letters(mut self, letters: usize) -> Self {
        self.letters = letters.min(Self::MOST);
        self.digits.retain(|digits| digits + self.letters <= Self::MOST);
        self
    }
}

impl Default for TaiwanPermitForm {
    fn default() -> Self {
        Self::digits([8])
    }
}

fn has_digits(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|letter| letter.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_id_05_the_pass_has_h_or_m_and_ten_digits() {
        for text in ["H1234567890", "M0000000000"] {
            assert_eq!(HongKongMacauPermit::parse(text).unwrap().expose(), text);
        }
        for text in [
            "h1234567890",
            "H123456789",
            "H12345678901",
            "A1234567890",
            "12345678901",
            "H１234567890",
            "H12345678 0",
            "",
            "H",
        ] {
            let error = HongKongMacauPermit::parse(text).unwrap_err();
            assert_eq!(error.code(), "identity.hm_pass_format", "{text:?}");
        }
    }

    #[test]
    fn r_id_10_a_taiwan_pass_has_eight_digits_unless_told_otherwise() {
        assert_eq!(TaiwanPermit::parse("01234567").unwrap().expose(), "01234567");
        for text in ["", "0123456", "012345678", "0123456A", "０1234567", "ABCDEFGH"] {
            let error = TaiwanPermit::parse(text).unwrap_err();
            assert_eq!(error.code(), "identity.taiwan_pass_format", "{text:?}");
        }
        let form = TaiwanPermitForm::digits([8, 10]).with_letters(1);
        for text in ["01234567", "0123456789", "0123456789B"] {
            assert!(TaiwanPermit::parse_as(text, &form).is_ok(), "{text}");
        }
        for text in ["0123456789BC", "012345678", "0123456789b", "B0123456789"] {
            assert!(TaiwanPermit::parse_as(text, &form).is_err(), "{text}");
        }
        assert!(TaiwanPermit::parse_as("", &TaiwanPermitForm::digits([0])).is_err());
    }

    #[test]
    fn r_id_10_a_stored_number_keeps_the_form_it_was_parsed_with() {
        for text in ["01234567", "0123456789B"] {
            assert_eq!(TaiwanPermit::restore(text).unwrap().expose(), text);
        }
        for text in ["", "A", "1a", "甲", &"1".repeat(33)] {
            assert!(TaiwanPermit::restore(text).is_err(), "{text}");
        }
    }

    #[test]
    fn r_id_13_debug_shows_masks() {
        let pass = HongKongMacauPermit::parse("H1234567890").unwrap();
        assert_eq!(format!("{pass:?}"), "HongKongMacauPermit(H12****7890)");
        let pass = TaiwanPermit::parse("01234567").unwrap();
        assert_eq!(format!("{pass:?}"), "TaiwanPermit(0*****67)");
    }
}
