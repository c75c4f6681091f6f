//! What compares equal (§5.3): NFKC, radicals as ideographs, and white space that falls away where
//! Chinese text has none.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::radicals::unified;

/// Bytes of a letter with marks in glyphs of their own, which are put together; Unicode's stream-safe text
/// has thirty marks at most. More make a letter of their own: each one goes over all of them again.
const LONGEST_LETTER: usize = 128;

/// A character of folded text, and what it was made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unit {
    pub(super) character: char,
    /// The place of its glyph in the line.
    pub(super) glyph: usize,
    /// Whether a gap of a character's width or more stands before it: a run of text ends there.
    pub(super) after_gap: bool,
}

/// Folds text that comes in pieces.
#[derive(Default)]
pub(super) struct Folding {
    units: Vec<Unit>,
    space: bool,
    gap: bool,
    /// What the last glyph said, for a combining mark that follows in a glyph of its own.
    last: Option<(String, usize)>,
}

impl Folding {
    /// Text of the glyph at this place in its line.
    pub(super) fn push(&mut self, text: &str, glyph: usize) {
        let joins = begins_with_mark(text) && !self.space;
        let short = |last: &&mut (String, usize)| last.0.len() + text.len() <= LONGEST_LETTER;
        if let Some((whole, start)) = self.last.as_mut().filter(|_| joins).filter(short) {
            whole.push_str(text);
            self.units.truncate(*start);
            let whole = whole.clone();
            self.add(&whole, glyph);
            return;
        }
        let start = self.units.len();
        self.add(text, glyph);
        // A space that was pending may have been added before the glyph's own characters.
        let own = self.units.get(start).is_some_and(|unit| unit.character == ' ');
        self.last = Some((text.to_owned(), start + usize::from(own)));
    }

    /// White space, or a gap that looks like it.
    pub(super) fn space(&mut self) {
        self.space = true;
    }

    /// A gap as wide as a character or wider.
    pub(super) fn gap(&mut self) {
        self.space = true;
        self.gap = true;
    }

    /// The folded text.
    pub(super) fn finish(self) -> Vec<Unit> {
        self.units
    }

    fn add(&mut self, text: &str, glyph: usize) {
        for character in text.chars().map(unified).nfkc() {
            if character.is_whitespace() {
                self.space = true;
                continue;
            }
            if is_ignorable(character) {
                continue;
            }
            let before = self.units.last().map(|unit| unit.character);
            if self.space && before.is_some_and(|before| !joins(before, character)) {
                self.units.push(Unit { character: ' ', glyph, after_gap: false });
            }
            self.units.push(Unit { character, glyph, after_gap: self.gap });
            (self.space, self.gap) = (false, false);
        }
    }
}

/// Whether text goes on with the letter before it.
pub(super) fn begins_with_mark(text: &str) -> bool {
    text.chars().next().is_some_and(is_combining_mark)
}

/// A keyword, folded like the text it is looked for in.
pub(super) fn folded(text: &str) -> Vec<char> {
    let mut folding = Folding::default();
    folding.push(text, 0);
    folding.finish().into_iter().map(|unit| unit.character).collect()
}

/// Whether white space between the two says nothing: between Chinese characters, and between those
/// and brackets. A colon counts as a bracket: it ends labels, and text recognition sets it apart too.
fn joins(before: char, after: char) -> bool {
    let close = |character| is_chinese(character) || is_bracket(character);
    close(before) && close(after)
}

fn is_chinese(character: char) -> bool {
    matches!(
        character,
        '\u{2E80}'..='\u{312F}'
            | '\u{31A0}'..='\u{31FF}'
            | '\u{3400}'..='\u{4DBF}'
            | '\u{4E00}'..='\u{9FFF}'
            | '\u{F900}'..='\u{FAFF}'
            | '\u{20000}'..='\u{3FFFF}'
    )
}

fn is_bracket(character: char) -> bool {
    matches!(character, '(' | ')' | '[' | ']' | '{' | '}' | '<' | '>' | '«' | '»' | ':')
}

/// Characters that show nothing: soft hyphen, zero-width space and joiners, direction marks,
/// variation selectors.
fn is_ignorable(character: char) -> bool {
    matches!(
        character,
        '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{2064}' | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}' | '\u{E0100}'..='\u{E01EF}'
    ) || character.is_control()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fold(text: &str) -> String {
        folded(text).into_iter().collect()
    }

    #[test]
    fn widths_and_compatibility_characters_compare_equal() {
        assert_eq!(fold("甲方（盖章）：ＡＢＣ１２"), "甲方(盖章):ABC12");
        assert_eq!(fold("㈱ ﬁ"), "(株) fi");
        assert_eq!(fold("⼄⽅ ⻓沙"), "乙方长沙");
    }

    #[test]
    fn white_space_falls_away_between_chinese_characters_and_brackets_only() {
        assert_eq!(fold("甲 方 ( 盖 章 ) ："), "甲方(盖章):");
        assert_eq!(fold("甲\u{3000}\u{3000}方"), "甲方");
        assert_eq!(fold("Party  A"), "Party A");
        assert_eq!(fold("甲方 A"), "甲方 A");
        assert_ne!(fold("PartyA"), fold("Party A"));
    }

    #[test]
    fn a_mark_in_a_glyph_of_its_own_joins_the_letter_before() {
        let mut folding = Folding::default();
        folding.push("caf", 0);
        folding.push("e", 1);
        folding.push("\u{301}", 2);
        let units = folding.finish();
        assert_eq!(units.iter().map(|unit| unit.character).collect::<String>(), "café");
        assert_eq!(units.last().unwrap().glyph, 2);
    }

    #[test]
    fn marks_without_end_are_gone_through_once() {
        let began = std::time::Instant::now();
        let mut folding = Folding::default();
        folding.push("e", 0);
        (1..=20_000).for_each(|glyph| folding.push("\u{301}", glyph));
        let units = folding.finish();
        assert_eq!(units[0].character, 'é');
        assert!(units.len() > 18_000, "{}", units.len());
        assert!(began.elapsed().as_secs() < 2, "{:?}", began.elapsed());
    }
}
