//! Names of persons and organizations, normalised so that equal names are equal texts.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Error;
use super::personal::personal_fact;

/// The most characters a person's name may have (R-ID-11).
const PERSON_MOST: usize = 50;
/// The most Chinese characters among them (R-ID-11).
const PERSON_MOST_CHINESE: usize = 25;
/// The most characters an organization's name may have. No norm bounds it; licences stay below.
const ORGANIZATION_MOST: usize = 128;

/// The dots people type between the parts of a name; all become the first one. Domain R-ID-09 names
/// four of them, the two others are the same dot from the input methods of Taiwan and Japan.
const MIDDLE_DOTS: [char; 6] = ['·', '•', '・', '．', '‧', '･'];

/// The name of a natural person (姓名): R-ID-09, R-ID-11.
///
/// A personal fact: it is stored inside [`Personal`](super::Personal), and `Debug` shows its mask.
/// Two names are equal if they are the same text after normalisation; nothing is guessed.
///
/// ```
/// use sealwright::identity::PersonName;
/// let name = PersonName::parse(" 阿凡提•买买提 ")?;
/// assert_eq!(name.expose(), "阿凡提·买买提");
/// assert_eq!(name, PersonName::parse("阿凡提・买买提")?);
/// assert_eq!(name.masked(), "阿***");
/// # Ok::<(), sealwright::identity::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonName(String);

impl PersonName {
    /// Normalises and checks a name: outer white space goes, the variants of the middle dot
    /// become `·` (R-ID-09). Allowed are 1 to 50 characters, of which at most 25 are Chinese
    /// (R-ID-11): letters of any script, spaces, and the signs `· - ' . , ( )`.
    ///
    /// # Errors
    ///
    /// [`Error::NameInvalid`] if it is empty, too long, has no letter, or has a digit, a control
    /// or invisible character, or a sign that no name has.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let name = Self::normalize(text);
        let chinese = name.chars().filter(|&letter| is_chinese(letter)).count();
        let invalid = |reason| Err(Error::NameInvalid { reason });
        if name.is_empty() {
            invalid("it is empty")
        } else if name.chars().count() > PERSON_MOST {
            invalid("it has more than 50 characters")
        } else if chinese > PERSON_MOST_CHINESE {
            invalid("it has more than 25 Chinese characters")
        } else if !name.chars().all(stands_in_a_persons_name) {
            invalid("it has a character that no name has, such as a digit or a control character")
        } else if !name.chars().any(is_letter) {
            invalid("it has no letter")
        } else {
            Ok(Self(name))
        }
    }

    /// The form in which names are compared (R-ID-09). Applying it twice changes nothing more.
    #[must_use]
    pub fn normalize(text: &str) -> String {
        let unified = |letter| if MIDDLE_DOTS.contains(&letter) { '·' } else { letter };
        text.trim().chars().map(unified).collect()
    }

    /// The full name. Whoever asks for it handles personal data.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What may be shown: the first character, then up to three stars.
    #[must_use]
    pub fn masked(&self) -> String {
        let mut letters = self.0.chars();
        let first = letters.next().unwrap_or('*');
        match letters.count().min(3) {
            0 => "*".to_owned(),
            further => format!("{first}{}", "*".repeat(further)),
        }
    }
}

personal_fact!(PersonName);

/// The legal name of an organization (企业名称): R-ID-08. Not personal, so it shows and serialises
/// as plain text.
///
/// ```
/// use sealwright::identity::OrganizationName;
/// let name = OrganizationName::parse(" 晨曦科技(深圳)  有限公司 ")?;
/// assert_eq!(name.as_str(), "晨曦科技（深圳） 有限公司");
/// # Ok::<(), sealwright::identity::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OrganizationName(String);

impl OrganizationName {
    /// Normalises and checks a name: half-width brackets become full-width, outer white space
    /// goes, inner white space shrinks to one space (R-ID-08); 1 to 128 characters.
    ///
    /// # Errors
    ///
    /// [`Error::NameInvalid`] if it is empty, too long, or has a control or invisible character.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let name = Self::normalize(text);
        let invalid = |reason| Err(Error::NameInvalid { reason });
        if name.is_empty() {
            invalid("it is empty")
        } else if name.chars().count() > ORGANIZATION_MOST {
            invalid("it has more than 128 characters")
        } else if name.chars().any(is_unseen) {
            invalid("it has a control or invisible character")
        } else {
            Ok(Self(name))
        }
    }

    /// The form in which names are compared (R-ID-08). Applying it twice changes nothing more.
    #[must_use]
    pub fn normalize(text: &str) -> String {
        let mut normal = String::with_capacity(text.len());
        for word in text.split_whitespace() {
            if !normal.is_empty() {
                normal.push(' ');
            }
            normal.extend(word.chars().map(|letter| match letter {
                '(' => '（',
                ')' => '）',
                other => other,
            }));
        }
        normal
    }

    /// The normalised name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for OrganizationName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl fmt::Display for OrganizationName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::str::FromStr for OrganizationName {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text)
    }
}

impl TryFrom<String> for OrganizationName {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        Self::parse(&text)
    }
}

impl From<OrganizationName> for String {
    fn from(name: OrganizationName) -> Self {
        name.0
    }
}

/// Chinese characters with their extensions, and the zero that stands in names.
fn is_chinese(letter: char) -> bool {
    matches!(letter,
        '\u{3007}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
        || is_private_use(letter)
}

/// Rare characters of names had no code for long; registers still carry them in the private area.
fn is_private_use(letter: char) -> bool {
    matches!(letter, '\u{E000}'..='\u{F8FF}')
}

fn is_letter(letter: char) -> bool {
    letter.is_alphabetic() || is_chinese(letter)
}

fn stands_in_a_persons_name(letter: char) -> bool {
    // Accents that stand as characters of their own are no letters, but belong to them.
    let is_accent = matches!(letter, '\u{300}'..='\u{36F}');
    let is_sign = matches!(letter, ' ' | '\u{3000}' | '·' | '-' | '\'' | '’' | '.' | ',' | '(')
        || matches!(letter, ')' | '（' | '）');
    !is_unseen(letter) && (is_letter(letter) || is_accent || is_sign)
}

/// Control characters, and those that take no space but change what a reader believes to see:
/// zero-width ones, fillers that count as letters, variation selectors, tags, marks of direction, the
/// byte order mark.
pub(crate) fn is_unseen(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
            | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(text: &str) -> String {
        PersonName::parse(text).unwrap().expose().to_owned()
    }

    #[test]
    fn r_id_08_half_width_brackets_become_full_width() {
        let name = OrganizationName::parse("晨曦科技(深圳)有限公司").unwrap();
        assert_eq!(name, OrganizationName::parse("晨曦科技（深圳）有限公司").unwrap());
        assert_eq!(name.to_string(), "晨曦科技（深圳）有限公司");
    }

    #[test]
    fn r_id_08_white_space_is_trimmed_and_collapsed() {
        let name = OrganizationName::parse("\u{3000}Dawn \t Trading\u{a0}\n Ltd. ").unwrap();
        assert_eq!(name.as_str(), "Dawn Trading Ltd.");
    }

    #[test]
    fn r_id_08_nothing_else_is_changed() {
        for text in ["ABC公司", "abc公司", "ＡＢＣ公司", "甲[乙]公司", "甲·乙公司", "甲，乙公司"]
        {
            assert_eq!(OrganizationName::parse(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn r_id_08_an_organizations_name_has_something_to_read_and_nothing_hidden() {
        for text in ["", " \t", "甲\u{0}公司", "甲\u{200b}公司", "\u{202e}甲公司"] {
            let error = OrganizationName::parse(text).unwrap_err();
            assert_eq!(error.code(), "identity.name_invalid", "{text:?}");
        }
        assert!(OrganizationName::parse(&"甲".repeat(128)).is_ok());
        assert!(OrganizationName::parse(&"甲".repeat(129)).is_err());
    }

    #[test]
    fn r_id_08_a_stored_name_is_parsed_again() {
        let read = |json| serde_json::from_str::<OrganizationName>(json);
        assert_eq!(read("\"甲(乙)\"").unwrap().as_str(), "甲（乙）");
        assert!(read("\"\"").is_err());
        let written = serde_json::to_string(&OrganizationName::parse("甲(乙)").unwrap()).unwrap();
        assert_eq!(written, "\"甲（乙）\"");
    }

    #[test]
    fn r_id_09_the_variants_of_the_middle_dot_are_one() {
        for dot in ['·', '•', '・', '．'] {
            assert_eq!(person(&format!("阿凡提{dot}买买提")), "阿凡提·买买提");
        }
    }

    #[test]
    fn r_id_09_names_are_trimmed_and_compared_exactly() {
        assert_eq!(person(" 张三\u{3000}"), "张三");
        assert_ne!(person("张 三"), "张三");
        assert_ne!(person("阿凡提买买提"), person("阿凡提·买买提"));
        assert_ne!(person("ZHANG SAN"), person("Zhang San"));
    }

    #[test]
    fn r_id_11_a_name_has_one_to_twenty_five_chinese_characters() {
        assert_eq!(person("张"), "张");
        assert_eq!(person(&"张".repeat(25)), "张".repeat(25));
        let error = PersonName::parse(&"张".repeat(26)).unwrap_err();
        assert_eq!(error.code(), "identity.name_invalid");
        assert_eq!(PersonName::parse(" ").unwrap_err().code(), "identity.name_invalid");
    }

    #[test]
    fn r_id_11_a_name_has_at_most_fifty_characters() {
        assert!(PersonName::parse(&"a".repeat(50)).is_ok());
        assert!(PersonName::parse(&"a".repeat(51)).is_err());
    }

    #[test]
    fn r_id_11_names_of_many_scripts_and_rare_characters_pass() {
        for text in
            ["刘〇", "\u{e863}平", "𬎆", "O'Neil, Anne-Marie", "José", "Жуков", "Jose\u{301}"]
        {
            assert_eq!(person(text), text);
        }
    }

    #[test]
    fn r_id_11_what_is_no_name_is_refused() {
        for text in
            ["13800000000", "张三1", "张三１", "张\n三", "张\u{200b}三", "张三😀", "a@b", "·"]
        {
            let error = PersonName::parse(text).unwrap_err();
            assert_eq!(error.code(), "identity.name_invalid", "{text:?}");
            assert!(!error.to_string().contains(text), "{error}");
        }
    }

    #[test]
    fn r_id_13_debug_shows_the_mask_of_a_name() {
        let shown = |text| format!("{:?}", PersonName::parse(text).unwrap());
        assert_eq!(shown("张三"), "PersonName(张*)");
        assert_eq!(shown("欧阳娜娜"), "PersonName(欧***)");
        assert_eq!(shown("张"), "PersonName(*)");
        assert_eq!(shown("Anne-Marie O'Neil"), "PersonName(A***)");
    }

    #[test]
    fn r_id_11_nothing_unseen_makes_two_names_out_of_one() {
        for unseen in [
            '\u{34f}',
            '\u{115f}',
            '\u{1160}',
            '\u{17b4}',
            '\u{17b5}',
            '\u{180b}',
            '\u{180f}',
            '\u{200d}',
            '\u{3164}',
            '\u{fe00}',
            '\u{fe0f}',
            '\u{ffa0}',
            '\u{e0001}',
            '\u{e0fff}',
        ] {
            let text = format!("张{unseen}三");
            assert!(PersonName::parse(&text).is_err(), "{text:?}");
            assert!(OrganizationName::parse(&text).is_err(), "{text:?}");
        }
    }
}
