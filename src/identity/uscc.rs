//! The unified social credit code of an organization (统一社会信用代码, GB 32100-2015).

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Error, Warning};

/// The 31 characters of the code; a character's value is its place.
const ALPHABET: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
/// 3^(i-1) mod 31 for the characters 1 to 17.
const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
/// The weights of GB 11714 for the first eight characters of an organisation code.
const ORGANISATION_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
const LENGTH: usize = 18;

/// A unified social credit code (统一社会信用代码) whose check character is right: R-ID-01, R-ID-02.
/// It is public, so it shows and serialises as plain text.
///
/// ```
/// use sealwright::identity::Uscc;
/// let code = Uscc::parse("91350100M000100Y43")?;
/// assert_eq!(code.as_str(), "91350100M000100Y43");
/// assert!(code.warning().is_none());
/// let error = Uscc::parse("91350100M000100Y4Z").unwrap_err();
/// assert_eq!(error.code(), "identity.uscc_format"); // Z is not in the alphabet
/// # Ok::<(), sealwright::identity::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Uscc([u8; LENGTH]);

impl Uscc {
    /// Parses a code exactly as the norm writes it; [`Uscc::normalize`] is for what people type.
    ///
    /// # Errors
    ///
    /// [`Error::UsccFormat`] with the place, counted from 1, of the first character that is wrong,
    /// missing or too much (R-ID-01); [`Error::UsccCheckChar`] (R-ID-02).
    pub fn parse(text: &str) -> Result<Self, Error> {
        let mut code = [0; LENGTH];
        let mut letters = text.chars();
        for (at, slot) in code.iter_mut().enumerate() {
            *slot = letters
                .next()
                .and_then(|letter| u8::try_from(letter).ok())
                .filter(|&letter| value(letter).is_some())
                .filter(|letter| !(2..8).contains(&at) || letter.is_ascii_digit())
                .ok_or(Error::UsccFormat { pos: at + 1 })?;
        }
        if letters.next().is_some() {
            return Err(Error::UsccFormat { pos: LENGTH + 1 });
        }
        let code = Self(code);
        let (found, expected) = (code.letter(LENGTH - 1), check_char(&code.0));
        if found == expected { Ok(code) } else { Err(Error::UsccCheckChar { expected, found }) }
    }

    /// What people type, brought to the norm's form: outer white space goes, letters become upper
    /// case (R-ID-10). Applying it twice changes nothing more.
    #[must_use]
    pub fn normalize(text: &str) -> String {
        text.trim().to_ascii_uppercase()
    }

    /// The 18 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The region of registration, characters 3 to 8.
    #[must_use]
    pub fn region(&self) -> &str {
        self.as_str().get(2..8).unwrap_or_default()
    }

    /// The organisation code (组织机构代码, GB 11714), characters 9 to 17, its check character last.
    #[must_use]
    pub fn organisation_code(&self) -> &str {
        self.as_str().get(8..17).unwrap_or_default()
    }

    /// R-ID-03: the organisation code inside has a check character of its own. Codes older than
    /// the norm break it, so that this is a warning and no error.
    #[must_use]
    pub fn warning(&self) -> Option<Warning> {
        let sum: u32 = self
            .organisation_code()
            .chars()
            .zip(ORGANISATION_WEIGHTS)
            .map(|(letter, weight)| letter.to_digit(36).unwrap_or(0) * weight)
            .sum();
        let expected = match 11 - sum % 11 {
            10 => 'X',
            11 => '0',
            digit => char::from_digit(digit, 10).unwrap_or('0'),
        };
        let found = self.letter(16);
        (found != expected).then_some(Warning::UsccOrganisationCode { expected, found })
    }

    fn letter(&self, at: usize) -> char {
        self.0.get(at).copied().map_or('0', char::from)
    }
}

fn value(letter: u8) -> Option<usize> {
    ALPHABET.iter().position(|&known| known == letter)
}

fn check_char(code: &[u8; LENGTH]) -> char {
    let values = code.iter().map(|&letter| value(letter).unwrap_or(0));
    let sum: usize = values.zip(WEIGHTS).map(|(value, weight)| value * weight).sum();
    let check = (31 - sum % 31) % 31;
    ALPHABET.get(check).copied().map_or('0', char::from)
}

impl fmt::Debug for Uscc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Uscc({self})")
    }
}

impl fmt::Display for Uscc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for Uscc {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Uscc {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        Self::parse(&text)
    }
}

impl From<Uscc> for String {
    fn from(code: Uscc) -> Self {
        code.as_str().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> Error {
        Uscc::parse(text).unwrap_err()
    }

    fn pos(text: &str) -> usize {
        let error = refused(text);
        assert_eq!(error.code(), "identity.uscc_format");
        let Error::UsccFormat { pos } = error else { panic!("{error}") };
        pos
    }

    #[test]
    fn r_id_02_the_published_vectors_pass() {
        for (first, check) in [
            ("91350100M000100Y4", '3'),
            ("11320000MB151840X", 'J'),
            ("9144030071526726X", 'G'),
            ("91440300MA5000495", '0'),
            ("91110000MA0000074", '5'),
            ("91110000MA0001181", 'R'),
            ("91110000MA0004518", 'L'),
            ("91310115MA1H8R7C6", '7'),
        ] {
            let text = format!("{first}{check}");
            assert_eq!(Uscc::parse(&text).unwrap().as_str(), text);
            // Every other character of the alphabet is refused, and the right one named.
            for other in ALPHABET.iter().copied().map(char::from).filter(|&c| c != check) {
                let error = refused(&format!("{first}{other}"));
                assert_eq!(error.code(), "identity.uscc_check_char");
                assert_eq!(error, Error::UsccCheckChar { expected: check, found: other });
            }
        }
    }

    #[test]
    fn r_id_02_the_wrong_example_of_a_blog_fails() {
        let error = refused("91310115MA1H8R7C6D");
        assert_eq!(error, Error::UsccCheckChar { expected: '7', found: 'D' });
        assert_eq!(error.code(), "identity.uscc_check_char");
    }

    #[test]
    fn r_id_01_a_check_character_outside_the_alphabet_is_a_matter_of_form() {
        assert_eq!(pos("91350100M000100Y4Z"), 18);
    }

    #[test]
    fn r_id_01_letters_outside_the_alphabet_are_refused() {
        assert_eq!(pos("91350100I000100Y43"), 9);
        for (at, letter) in [(0, 'O'), (1, 'S'), (8, 'V'), (16, 'Z'), (9, 'é'), (9, ' ')] {
            let text: String = "91350100M000100Y43"
                .chars()
                .enumerate()
                .map(|(place, old)| if place == at { letter } else { old })
                .collect();
            assert_eq!(pos(&text), at + 1, "{text}");
        }
    }

    #[test]
    fn r_id_01_lower_case_and_full_width_are_refused() {
        assert_eq!(pos("91350100m000100y43"), 9);
        assert_eq!(pos("９１３５０１００M000100Y43"), 1);
    }

    #[test]
    fn r_id_01_it_has_eighteen_characters() {
        assert_eq!(pos(""), 1);
        assert_eq!(pos("91350100M000100Y4"), 18);
        assert_eq!(refused("91350100M000100Y4").code(), "identity.uscc_format");
        assert_eq!(pos("91350100M000100Y433"), 19);
    }

    #[test]
    fn r_id_01_the_region_has_digits_only() {
        for at in 2..8 {
            let mut text = "91350100M000100Y43".to_owned();
            text.replace_range(at..=at, "A");
            assert_eq!(pos(&text), at + 1);
        }
    }

    #[test]
    fn r_id_03_a_wrong_organisation_code_is_a_warning() {
        let code = Uscc::parse("91310115MA1H8R7C67").unwrap();
        let warning = code.warning().unwrap();
        assert_eq!(warning, Warning::UsccOrganisationCode { expected: '4', found: '6' });
        assert_eq!(warning.code(), "identity.uscc_org_code");
        for right in ["11320000MB151840XJ", "9144030071526726XG", "91350100M000100Y43"] {
            assert_eq!(Uscc::parse(right).unwrap().warning(), None, "{right}");
        }
    }

    #[test]
    fn r_id_10_what_people_type_is_normalised_first() {
        let typed = Uscc::normalize(" 91350100m000100y43\n");
        assert_eq!(Uscc::parse(&typed).unwrap().organisation_code(), "M000100Y4");
        assert_eq!(Uscc::parse(&typed).unwrap().region(), "350100");
    }

    #[test]
    fn r_id_01_a_stored_code_is_parsed_again() {
        let code: Uscc = serde_json::from_str("\"91350100M000100Y43\"").unwrap();
        assert_eq!(serde_json::to_string(&code).unwrap(), "\"91350100M000100Y43\"");
        assert!(serde_json::from_str::<Uscc>("\"91350100M000100Y44\"").is_err());
    }
}
