//! Which font stands for which style.

use super::composition::composed;
use super::font::Font;
use super::glyphs::{Glyph, Glyphs};
use super::{MissingCharacters, WritingError};
use crate::contract;

/// The longest text that is drawn in one box, in characters.
const MOST_CHARACTERS: usize = 10_000;

/// The host's fonts for the styles that controls ask for (字体映射): 黑体, 宋体 and 仿宋, each with a
/// bold one if the host has it, and fallbacks for characters that a style's font does not have.
///
/// Bold type without a bold font is the regular one with its outlines thickened. A style without a
/// font is an error when it is asked for, never replaced by another one.
///
/// ```
/// # let bytes = sealwright_testdata::font::NOTO_SANS_SC;
/// use sealwright::appearance::{Font, FontBook};
/// use sealwright::contract;
///
/// let fonts = FontBook::new().with(contract::Font::Hei, Font::from_bytes(bytes, 0)?)?;
/// assert!(fonts.has(contract::Font::Hei) && !fonts.has(contract::Font::Song));
/// # Ok::<(), sealwright::appearance::WritingError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct FontBook {
    styles: Vec<(contract::Font, bool, Font)>,
    fallbacks: Vec<Font>,
}

impl FontBook {
    /// Without any font.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With the font of a style, in place of one that was given before.
    ///
    /// # Errors
    ///
    /// [`WritingError::EmbeddingForbidden`].
    pub fn with(self, style: contract::Font, font: Font) -> Result<Self, WritingError> {
        self.set(style, false, font)
    }

    /// With the font of a style where it is bold.
    ///
    /// # Errors
    ///
    /// [`WritingError::EmbeddingForbidden`].
    pub fn with_bold(self, style: contract::Font, font: Font) -> Result<Self, WritingError> {
        self.set(style, true, font)
    }

    /// With one more font for characters that those before do not have, whatever the style.
    ///
    /// # Errors
    ///
    /// [`WritingError::EmbeddingForbidden`].
    pub fn with_fallback(mut self, font: Font) -> Result<Self, WritingError> {
        font.check_embedding()?;
        self.fallbacks.push(font);
        Ok(self)
    }

    /// Whether a style has a font.
    #[must_use]
    pub fn has(&self, style: contract::Font) -> bool {
        self.regular(style).is_some()
    }

    fn set(mut self, style: contract::Font, bold: bool, font: Font) -> Result<Self, WritingError> {
        font.check_embedding()?;
        self.styles.retain(|(known, heavy, _)| (*known, *heavy) != (style, bold));
        self.styles.push((style, bold, font));
        Ok(self)
    }

    fn regular(&self, style: contract::Font) -> Option<&Font> {
        self.find(style, false)
    }

    fn find(&self, style: contract::Font, bold: bool) -> Option<&Font> {
        let found = self.styles.iter().find(|(known, heavy, _)| (*known, *heavy) == (style, bold));
        found.map(|(.., font)| font)
    }

    /// The glyphs of a text, character by character; a `\n` has none.
    pub(super) fn letters(
        &self,
        text: &str,
        style: contract::Font,
        bold: bool,
    ) -> Result<Vec<Letter>, WritingError> {
        self.lettering(style, bold)?.letters(text)
    }

    /// The fonts of a style, parsed once for many texts.
    pub(super) fn lettering(
        &self,
        style: contract::Font,
        bold: bool,
    ) -> Result<Lettering<'_>, WritingError> {
        let mut fonts = Vec::new();
        for (font, heavy) in self.candidates(style, bold)? {
            fonts.push(Candidate { font, glyphs: font.glyphs()?, thickened: bold && !heavy });
        }
        Ok(Lettering { fonts })
    }

    /// The fonts to be asked in turn, and whether each is bold by itself.
    fn candidates(
        &self,
        style: contract::Font,
        bold: bool,
    ) -> Result<Vec<(&Font, bool)>, WritingError> {
        let heavy = self.find(style, true).filter(|_| bold).map(|font| (font, true));
        let regular = self.regular(style).map(|font| (font, false));
        if heavy.is_none() && regular.is_none() {
            return Err(WritingError::StyleWithoutFont { style: name(style) });
        }
        let fallbacks = self.fallbacks.iter().map(|font| (font, false));
        Ok(heavy.into_iter().chain(regular).chain(fallbacks).collect())
    }
}

/// The fonts of one style, in the order in which they are asked.
pub(super) struct Lettering<'a> {
    fonts: Vec<Candidate<'a>>,
}

impl Lettering<'_> {
    /// The glyphs of a text, character by character; a `\n` has none.
    pub(super) fn letters(&self, text: &str) -> Result<Vec<Letter>, WritingError> {
        let fonts = &self.fonts;
        let has = |character| fonts.iter().any(|it| it.glyphs.of(character).is_some());
        let characters = characters(text, has)?;
        let mut letters: Vec<Letter> = Vec::with_capacity(characters.len());
        let mut missing = Vec::new();
        for character in characters {
            if is_selector(character) {
                select(&mut letters, character, fonts)?;
            } else if let Some(letter) = letter(character, fonts, letters.last())? {
                letters.push(letter);
            } else {
                missing.push(character);
            }
        }
        if missing.is_empty() {
            return Ok(letters);
        }
        let characters: MissingCharacters = missing.into_iter().collect();
        Err(WritingError::MissingGlyphs { characters })
    }
}

struct Candidate<'a> {
    font: &'a Font,
    glyphs: Glyphs<'a>,
    thickened: bool,
}

/// A character and what stands for it.
#[derive(Clone, Debug)]
pub(super) struct Letter {
    pub(super) character: char,
    /// The variation selector behind it, which belongs to its text.
    pub(super) selector: Option<char>,
    /// None for a line break.
    pub(super) form: Option<Form>,
}

/// A glyph of one of the host's fonts; lengths in ems.
#[derive(Clone, Debug)]
pub(super) struct Form {
    pub(super) font: Font,
    pub(super) glyph: Glyph,
    pub(super) advance: f64,
    /// Lowest and highest corner of what is painted: left, bottom, right, top.
    pub(super) ink: Option<[f64; 4]>,
    /// Whether its outline is thickened, as no bold font has it.
    pub(super) thickened: bool,
}

impl Letter {
    /// What is read.
    pub(super) fn text(&self) -> String {
        self.selector.iter().fold(self.character.to_string(), |text, selector| {
            text + selector.encode_utf8(&mut [0; 4])
        })
    }

    /// In ems.
    pub(super) fn advance(&self) -> f64 {
        self.form.as_ref().map_or(0.0, |form| form.advance)
    }
}

fn letter(
    character: char,
    fonts: &[Candidate<'_>],
    last: Option<&Letter>,
) -> Result<Option<Letter>, WritingError> {
    let has = |it: &&Candidate<'_>| it.glyphs.of(character).is_some();
    let candidate = match character {
        '\n' => return Ok(Some(Letter { character, selector: None, form: None })),
        // A mark comes from the font of its letter, if it can.
        '\u{300}'..='\u{36F}' => {
            let own = |candidate: &&Candidate<'_>| {
                let form = last.and_then(|letter| letter.form.as_ref());
                form.is_some_and(|form| form.font.is(candidate.font))
            };
            fonts.iter().find(own).filter(has).or_else(|| fonts.iter().find(has))
        }
        _ => fonts.iter().find(has),
    };
    let found = candidate.and_then(|it| Some((it, it.glyphs.of(character)?)));
    let Some((candidate, glyph)) = found else { return Ok(None) };
    let form = Some(shaped(candidate, glyph)?);
    Ok(Some(Letter { character, selector: None, form }))
}

fn shaped(candidate: &Candidate<'_>, glyph: Glyph) -> Result<Form, WritingError> {
    let ink = candidate.glyphs.ink(glyph)?.map(|(low, high)| [low.x, low.y, high.x, high.y]);
    Ok(Form {
        font: candidate.font.clone(),
        glyph,
        advance: candidate.glyphs.advance(glyph),
        ink,
        thickened: candidate.thickened,
    })
}

/// The last character gets the form that a variation selector asks for, if a font has it; else it
/// keeps the usual one, as Unicode has it.
fn select(
    letters: &mut [Letter],
    selector: char,
    fonts: &[Candidate<'_>],
) -> Result<(), WritingError> {
    let Some(letter) = letters.last_mut().filter(|letter| letter.form.is_some()) else {
        return Ok(());
    };
    let selected = fonts.iter().find_map(|candidate| {
        Some((candidate, candidate.glyphs.variation(letter.character, selector)?))
    });
    if let Some((candidate, glyph)) = selected {
        letter.form = Some(shaped(candidate, glyph)?);
        letter.selector = Some(selector);
    }
    Ok(())
}

pub(super) fn is_selector(character: char) -> bool {
    matches!(character, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

/// The Chinese name of a style.
pub(super) fn name(style: contract::Font) -> &'static str {
    match style {
        contract::Font::Hei => "黑体",
        contract::Font::Song => "宋体",
        contract::Font::FangSong => "仿宋",
    }
}

/// The characters that are drawn: a letter and its marks are one where a font has it, every kind of
/// line break is `\n`, a tab is four spaces, and what neither shows nor moves anything is left out.
pub(super) fn characters(
    text: &str,
    has: impl Fn(char) -> bool,
) -> Result<Vec<char>, WritingError> {
    let mut characters = Vec::new();
    let mut last = None;
    for character in composed(text, has).chars() {
        match character {
            '\n' if last == Some('\r') => {}
            '\n' | '\r' | '\u{0B}' | '\u{0C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                characters.push('\n');
            }
            '\t' => characters.extend([' '; 4]),
            _ if is_invisible(character) => {}
            _ if needs_shaping(character) => {
                return Err(WritingError::Script { code_point: character.into() });
            }
            _ => characters.push(character),
        }
        last = Some(character);
    }
    if characters.len() > MOST_CHARACTERS {
        let (length, most) = (characters.len(), MOST_CHARACTERS);
        return Err(WritingError::TooLong { length, most });
    }
    Ok(characters)
}

fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

/// Scripts that are written from right to left, or whose letters join, move or change: Hebrew,
/// Arabic, those of India and its neighbours, Tibetan, Mongolian, Hangul in single letters.
fn needs_shaping(character: char) -> bool {
    matches!(character,
        '\u{590}'..='\u{109F}' | '\u{1100}'..='\u{11FF}' | '\u{1700}'..='\u{18AF}'
        | '\u{1900}'..='\u{1CFF}' | '\u{A800}'..='\u{A95F}' | '\u{A960}'..='\u{ABFF}'
        | '\u{D7B0}'..='\u{D7FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFE}'
        | '\u{10800}'..='\u{10FFF}' | '\u{11000}'..='\u{11FFF}' | '\u{1E800}'..='\u{1EFFF}')
}

#[cfg(test)]
mod tests {
    use sealwright_testdata::font::{DEJAVU_SANS, NOTO_SANS_SC, NOTO_SERIF_SC};

    use super::*;

    fn font(bytes: &[u8]) -> Font {
        Font::from_bytes(bytes, 0).unwrap()
    }

    fn book() -> FontBook {
        let book = FontBook::new().with(contract::Font::Hei, font(NOTO_SANS_SC)).unwrap();
        book.with_fallback(font(DEJAVU_SANS)).unwrap()
    }

    fn letters(text: &str) -> Result<Vec<Letter>, WritingError> {
        book().letters(text, contract::Font::Hei, false)
    }

    #[test]
    fn a_style_without_a_font_is_named() {
        let error = book().letters("甲", contract::Font::Song, false).unwrap_err();
        assert_eq!(error.code(), "font.style_without_font");
        assert!(error.to_string().contains("宋体"));
        let error = book().letters("甲", contract::Font::FangSong, true).unwrap_err();
        assert!(error.to_string().contains("仿宋"));
    }

    #[test]
    fn fallbacks_are_asked_for_what_a_font_does_not_have() {
        let names = |text| -> Vec<String> {
            let letters = letters(text).unwrap();
            letters.iter().map(|it| it.form.as_ref().unwrap().font.name().to_owned()).collect()
        };
        assert_eq!(names("甲a"), ["NotoSansCJKsc-Regular"; 2]);
        assert_eq!(names("甲é"), ["NotoSansCJKsc-Regular", "DejaVuSans"]);
    }

    #[test]
    fn a_letter_and_its_mark_are_one_letter_in_whatever_form_they_come() {
        let written = |text| -> Vec<char> {
            letters(text).unwrap().iter().map(|letter| letter.character).collect()
        };
        assert_eq!(written("甲e\u{301}乙"), ['甲', 'é', '乙']);
    }

    #[test]
    fn missing_glyphs_are_named_by_their_code_points_and_nothing_else() {
        let error = letters("姓名：甲𠮷龘甲𠮷").unwrap_err();
        assert_eq!(error.code(), "font.missing_glyphs");
        let text = error.to_string();
        assert!(text.contains("U+59D3, U+20BB7, U+9F98;"), "{text}");
        assert!(!text.contains('甲') && !text.contains('𠮷'));
    }

    #[test]
    fn bold_comes_from_a_bold_font_or_is_made() {
        let thickened = |book: &FontBook| {
            let letters = book.letters("甲é", contract::Font::Hei, true).unwrap();
            letters.iter().map(|it| it.form.as_ref().unwrap().thickened).collect::<Vec<_>>()
        };
        assert_eq!(thickened(&book()), [true, true]);
        let heavy = book().with_bold(contract::Font::Hei, font(NOTO_SERIF_SC)).unwrap();
        assert_eq!(thickened(&heavy), [false, true]);
        let letters = heavy.letters("甲", contract::Font::Hei, true).unwrap();
        assert_eq!(letters[0].form.as_ref().unwrap().font.name(), "NotoSerifCJKsc-Regular");
    }

    #[test]
    fn line_breaks_tabs_and_what_is_not_seen() {
        let text = |text: &str| -> String {
            letters(text).unwrap().iter().map(|letter| letter.character).collect()
        };
        assert_eq!(text("甲\r\n乙\r丙\u{2028}丁"), "甲\n乙\n丙\n丁");
        assert_eq!(text("甲\t乙\u{200B}\u{FEFF}\u{7}\u{202E}丙"), "甲    乙丙");
        assert_eq!(text("\u{FE00}甲\u{FE00}"), "甲");
    }

    #[test]
    fn what_would_be_drawn_wrongly_is_refused() {
        for text in ["שלום", "سلام", "नमस्ते", "བོད", "\u{1100}\u{1161}"]
        {
            assert_eq!(letters(text).unwrap_err().code(), "text.script", "{text}");
        }
        assert_eq!(letters(&"甲".repeat(10_001)).unwrap_err().code(), "text.too_long");
    }
}
