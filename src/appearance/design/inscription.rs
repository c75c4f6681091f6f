//! Texts of a seal, and the letters that they consist of.

use super::Error;
use crate::appearance::font_book::{characters, is_selector};
use crate::appearance::{self, WritingError};

/// A letter to be drawn: a character and the form of it that is asked for.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Sign {
    pub(super) character: char,
    pub(super) selector: Option<char>,
}

impl Sign {
    /// The letters of a text; a letter and its marks are one. What is not seen is none.
    ///
    /// # Errors
    ///
    /// A script whose letters change with their neighbours or run from right to left, and a mark
    /// that no character holds together with its letter: a font would have to place it there, and in
    /// a cell of its own it would be a letter more.
    pub(super) fn all(text: &str) -> Result<Vec<Self>, Error> {
        let mut signs: Vec<Self> = Vec::new();
        for character in characters(text, |_| true).map_err(appearance::Error::from)? {
            if is_selector(character) {
                if let Some(sign) = signs.last_mut() {
                    sign.selector = sign.selector.or(Some(character));
                }
            } else if is_mark(character) {
                let code_point = character.into();
                return Err(appearance::Error::from(WritingError::Script { code_point }).into());
            } else {
                signs.push(Self { character, selector: None });
            }
        }
        Ok(signs)
    }

    fn text(&self) -> impl Iterator<Item = char> {
        std::iter::once(self.character).chain(self.selector)
    }
}

/// What stands on the letter before it.
fn is_mark(character: char) -> bool {
    matches!(character,
        '\u{300}'..='\u{36F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}'
        | '\u{20D0}'..='\u{20FF}' | '\u{302A}'..='\u{302F}' | '\u{3099}' | '\u{309A}'
        | '\u{FE20}'..='\u{FE2F}')
}

/// A text of a seal that can be drawn.
#[derive(Clone, PartialEq)]
pub(super) struct Inscription(Vec<Sign>);

impl Inscription {
    /// So many characters are looked at: letters with their selectors, and what is not seen.
    const MOST_CHARACTERS: usize = 400;

    pub(super) fn name(text: &str) -> Result<Self, Error> {
        Self::parse("name", text, 60)
    }

    pub(super) fn line(text: &str) -> Result<Self, Error> {
        Self::parse("line", text, 20)
    }

    pub(super) fn square(text: &str) -> Result<Self, Error> {
        Self::parse("name", text, 9)
    }

    pub(super) fn code(text: &str) -> Result<Self, Error> {
        let (least, most) = (6, 20);
        let usual = text.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase());
        if usual && (least..=most).contains(&text.len()) {
            return Ok(Self(Sign::all(text)?));
        }
        Err(Error::Code { found: if usual { text.len() } else { 0 }, least, most })
    }

    fn parse(part: &'static str, text: &str, most: usize) -> Result<Self, Error> {
        let refused = |found| Err(Error::Text { part, found, most });
        let text = text.trim();
        if text.chars().nth(Self::MOST_CHARACTERS).is_some() {
            return refused(Self::MOST_CHARACTERS + 1);
        }
        if text.chars().any(char::is_control) {
            return refused(0);
        }
        let signs = Sign::all(text)?;
        let is_one_line = signs.iter().all(|sign| sign.character != '\n');
        match signs.len() {
            1.. if is_one_line && signs.len() <= most => Ok(Self(signs)),
            found => refused(if found > most { found } else { 0 }),
        }
    }

    pub(super) fn signs(&self) -> &[Sign] {
        &self.0
    }

    /// Split after so many letters each.
    pub(super) fn split(&self, counts: &[usize]) -> Vec<Self> {
        let mut signs = self.0.iter().copied();
        counts.iter().map(|count| Self(signs.by_ref().take(*count).collect())).collect()
    }

    /// One behind the other.
    pub(super) fn joined(parts: &[Self]) -> Self {
        Self(parts.iter().flat_map(|part| part.0.iter().copied()).collect())
    }

    pub(super) fn text(&self) -> String {
        self.0.iter().flat_map(Sign::text).collect()
    }

    /// How many letters it has.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// What is read on the seal: its parts in their order, with spaces between them.
    pub(super) fn read(parts: &[Option<&Self>]) -> String {
        parts.iter().flatten().map(|part| part.text()).collect::<Vec<_>>().join(" ")
    }
}

impl std::fmt::Debug for Inscription {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Inscription({} letters)", self.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_counted_without_marks_selectors_and_what_is_not_seen() {
        let length = |text: &str| Inscription::name(text).map(|text| text.len());
        assert_eq!(length("葛\u{E0100}明").unwrap(), 2);
        assert_eq!(length("café").unwrap(), 4);
        assert_eq!(length("公\u{200B}司\u{FEFF}").unwrap(), 2);
        let text = Inscription::name("葛\u{E0100}\u{200B}é").unwrap().text();
        assert_eq!(text, "葛\u{E0100}é");
        for nothing in ["\u{200B}", "\u{FE0F}", "公\u{2028}司"] {
            assert_eq!(length(nothing).unwrap_err().code(), "seal.text_length");
        }
        let endless = format!("公{}", "\u{E0100}".repeat(100_000));
        assert_eq!(length(&endless).unwrap_err().code(), "seal.text_length");
    }

    #[test]
    fn what_would_be_drawn_wrongly_is_refused() {
        for text in ["شىنجاڭ", "新疆شىنجاڭ公司", "བོད", "甲\u{301}", "甲\u{3099}"]
        {
            assert_eq!(Inscription::name(text).unwrap_err().code(), "text.script");
        }
    }
}
