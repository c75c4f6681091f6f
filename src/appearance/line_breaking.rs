//! Where a line of Chinese text may end (标点避头尾): the rules of GB/T 15834 §5 and of UAX #14 as
//! far as contracts need them.
//!
//! * Between two ideographs a line may end anywhere.
//! * No line begins with closing punctuation (，。、；：？！）」》”％ …) or ends with opening
//!   punctuation (（「《“￥ …). Straight quotation marks open and close in turn.
//! * No line begins with a connecting mark (- – — ～), and none begins or ends with the mark that
//!   separates (/).
//! * —— and …… are not torn apart; Latin words, numbers and addresses are kept whole, but for the
//!   hyphen between letters.
//! * Spaces stay at the end of the line before.
//!
//! What is wider than a line all the same is broken between any two characters, but before closing and
//! behind opening punctuation only if nothing else is left.

use std::ops::Range;

/// How a character behaves at the end of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Space,
    /// Holds its neighbours together.
    Glue,
    /// Belongs to the character before.
    Mark,
    Opening,
    Closing,
    /// A dash or an ellipsis, which consist of two equal characters.
    Doubled,
    Ideograph,
    /// A letter, a digit, a sign of a script with words.
    Word,
}

/// The lines into which a paragraph falls, none wider than `width`, in order and without gaps: each
/// with the spaces at its end, which do not count. `widths` has a width for each character. A
/// paragraph without characters is one empty line.
pub(super) fn lines(characters: &[char], widths: &[f64], width: f64) -> Vec<Range<usize>> {
    let classes = classes(characters);
    let mut lines = Vec::new();
    let mut start = 0;
    while let Some(end) = line_end(characters, &classes, widths, start, width) {
        lines.push(start..end);
        start = end;
    }
    lines.push(start..characters.len());
    lines
}

/// Whether a space at the end of a line is not painted.
pub(super) fn hangs(character: char) -> bool {
    class(character) == Class::Space
}

/// Where the line that starts here ends; none if the rest of the paragraph fits.
fn line_end(
    characters: &[char],
    classes: &[Class],
    widths: &[f64],
    start: usize,
    width: f64,
) -> Option<usize> {
    // Sums of rounded advances may exceed a box that was measured for them by a hair.
    let width = width + 0.001;
    let (mut used, mut allowed, mut tolerable, mut possible) = (0.0, None, None, None);
    for (at, advance) in widths.iter().enumerate().skip(start) {
        if at > start && allows(characters, classes, at) {
            allowed = Some(at);
        }
        if at > start && classes.get(at) != Some(&Class::Mark) {
            possible = Some(at);
            let opens = at.checked_sub(1).and_then(|last| classes.get(last));
            if classes.get(at) != Some(&Class::Closing) && opens != Some(&Class::Opening) {
                tolerable = possible;
            }
        }
        used += advance;
        if used > width && classes.get(at) != Some(&Class::Space) {
            // A single character wider than the line stands on it alone.
            if let Some(end) = allowed.or(tolerable).or(possible) {
                return Some(end);
            }
        }
    }
    None
}

/// Whether a line may end before the character at `at`.
fn allows(characters: &[char], classes: &[Class], at: usize) -> bool {
    use Class::{Closing, Doubled, Glue, Mark, Opening, Space, Word};
    let class = |at: Option<usize>| at.and_then(|at| classes.get(at)).copied();
    let character = |at: Option<usize>| at.and_then(|at| characters.get(at)).copied();
    let (last, before_last) = (at.checked_sub(1), at.checked_sub(2));
    let (Some(before), Some(after)) = (class(last), class(Some(at))) else {
        return false;
    };
    match (before, after) {
        (_, Space | Mark | Closing) => false,
        (Glue, _) | (_, Glue) | (Opening, _) => false,
        (Space, _) => true,
        (Doubled, Doubled) => character(last) != character(Some(at)),
        _ if character(last) == Some('/') => false,
        _ if character(Some(at)).is_some_and(|it| connects(it, character(at.checked_add(1)))) => {
            false
        }
        (Word, Word) => {
            // A word at its hyphen; a number or a date not.
            let letter = |character: Option<char>| character.is_some_and(char::is_alphabetic);
            matches!(character(last), Some('-' | '\u{2010}'))
                && letter(character(before_last))
                && letter(character(Some(at)))
        }
        // An apostrophe, a bracket or a sign inside of a word.
        (Closing, Word | Opening) => {
            let inside = |it: char| it.is_ascii() || it == '’';
            !(class(before_last) == Some(Word) && character(last).is_some_and(inside))
        }
        (Word, Opening) => !character(Some(at)).is_some_and(|it| it.is_ascii()),
        _ => true,
    }
}

/// Whether a mark joins what is around it, and begins no line. Two dashes are a mark of their own.
fn connects(mark: char, next: Option<char>) -> bool {
    match mark {
        '-' | '/' | '\u{2010}' | '\u{2011}' | '\u{2013}' => true,
        '—' | '\u{2015}' => next != Some(mark),
        _ => false,
    }
}

/// Of each character. Straight quotation marks open and close in turn, but for one behind a digit where
/// none is open: an inch.
fn classes(characters: &[char]) -> Vec<Class> {
    let (mut open, mut last) = (false, ' ');
    let mut of = |character: char| {
        let before = std::mem::replace(&mut last, character);
        if character != '"' {
            return class(character);
        }
        open = !open && !before.is_ascii_digit();
        if open { Class::Opening } else { Class::Closing }
    };
    characters.iter().map(|character| of(*character)).collect()
}

fn class(character: char) -> Class {
    match character {
        ' ' | '\u{3000}' | '\u{2000}'..='\u{2006}' | '\u{2008}'..='\u{200A}' => Class::Space,
        '\u{A0}' | '\u{2007}' | '\u{202F}' => Class::Glue,
        '\u{300}'..='\u{36F}' | '\u{20D0}'..='\u{20F0}' | '\u{302A}'..='\u{302D}' => Class::Mark,
        '\u{3099}' | '\u{309A}' | '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' => {
            Class::Mark
        }
        '—' | '…' | '⋯' | '\u{2015}' => Class::Doubled,
        _ if is_opening(character) => Class::Opening,
        _ if is_closing(character) => Class::Closing,
        _ if is_wide(character) => Class::Ideograph,
        _ => Class::Word,
    }
}

fn is_opening(character: char) -> bool {
    "([{“‘（［｛「『【〔〖《〈｟〝«‹￥＄£¥￡".contains(character)
}

fn is_closing(character: char) -> bool {
    ")]},.;:!?%”’）］｝」』】〕〗》〉｠〞〟»›、，。．；：？！·・‰％℃°～〜々ー\
     ぁぃぅぇぉっゃゅょァィゥェォッャュョ"
        .contains(character)
}

/// Characters as wide as an ideograph, which are not parts of words.
pub(super) fn is_wide(character: char) -> bool {
    matches!(character,
        '\u{2018}'..='\u{201D}' | '\u{2100}'..='\u{214F}' | '\u{2190}'..='\u{27BF}'
        | '\u{2E80}'..='\u{A4CF}' | '\u{AC00}'..='\u{D7A3}' | '\u{F900}'..='\u{FAFF}'
        | '\u{FE30}'..='\u{FE4F}' | '\u{FF01}'..='\u{FF60}' | '\u{FFE0}'..='\u{FFE6}'
        | '\u{1F000}'..='\u{1FAFF}' | '\u{20000}'..='\u{3FFFD}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Ideographs are two wide, letters one.
    fn broken(text: &str, width: f64) -> Vec<String> {
        let characters: Vec<char> = text.chars().collect();
        let wide = |it: &char| if is_wide(*it) || "—…，。".contains(*it) { 2.0 } else { 1.0 };
        let widths: Vec<f64> = characters.iter().map(wide).collect();
        let line = |range: Range<usize>| characters[range].iter().collect();
        lines(&characters, &widths, width).into_iter().map(line).collect()
    }

    #[test]
    fn ideographs_break_anywhere_and_punctuation_stays_where_it_belongs() {
        assert_eq!(broken("甲乙丙丁", 4.0), ["甲乙", "丙丁"]);
        assert_eq!(broken("甲乙，丙丁。", 4.0), ["甲", "乙，", "丙", "丁。"]);
        assert_eq!(broken("甲乙（丙）丁", 6.0), ["甲乙", "（丙）", "丁"]);
        assert_eq!(broken("甲乙“丙”丁", 6.0), ["甲乙", "“丙”", "丁"]);
        assert_eq!(broken("甲乙《丙》、丁", 8.0), ["甲乙", "《丙》、", "丁"]);
        assert_eq!(broken("计￥100元", 5.0), ["计", "￥100", "元"]);
        assert_eq!(broken("甲方100％的", 8.0), ["甲方", "100％的"]);
    }

    #[test]
    fn dashes_and_ellipses_are_not_torn_apart() {
        assert_eq!(broken("甲乙——丙", 6.0), ["甲乙", "——丙"]);
        assert_eq!(broken("甲乙……丙", 6.0), ["甲乙", "……丙"]);
    }

    #[test]
    fn words_numbers_and_dates_are_kept_whole() {
        assert_eq!(broken("Party A and B", 7.0), ["Party A ", "and B"]);
        assert_eq!(broken("于2026-01-05签", 12.0), ["于2026-01-05", "签"]);
        assert_eq!(broken("于2026-01-05签", 11.0), ["于", "2026-01-05", "签"]);
        assert_eq!(broken("sign well-known", 10.0), ["sign well-", "known"]);
        assert_eq!(broken("a f(x)[1] don’t", 6.0), ["a ", "f(x)", "[1] ", "don’t"]);
        assert_eq!(broken("甲方(Party)", 9.0), ["甲方", "(Party)"]);
    }

    #[test]
    fn quotes_slashes_and_hyphens_stay_with_what_they_belong_to() {
        assert_eq!(broken("甲\"乙\"丙", 4.0), ["甲", "\"乙\"", "丙"]);
        assert_eq!(broken("say \"no\"", 5.0), ["say ", "\"no\""]);
        assert_eq!(broken("甲乙/丙丁", 6.0), ["甲", "乙/丙", "丁"]);
        assert_eq!(broken("甲方-乙方", 4.0), ["甲", "方-", "乙方"]);
        assert_eq!(broken("甲乙—丙丁", 4.0), ["甲", "乙—", "丙丁"]);
        assert_eq!(broken("甲乙丙——丁", 6.0), ["甲乙丙", "——丁"]);
        assert_eq!(broken("于 -5 度", 3.0), ["于 ", "-5 ", "度"]);
        assert_eq!(broken("管径5\"甲\"乙\"", 6.0), ["管径5\"", "甲\"乙\""]);
        assert_eq!(broken("甲〝乙〞«丙»", 6.0), ["甲", "〝乙〞", "«丙»"]);
    }

    #[test]
    fn what_is_too_wide_is_broken_where_it_is_read_best() {
        assert_eq!(broken("abcdef，", 6.0), ["abcde", "f，"]);
        assert_eq!(broken("abc(def", 4.0), ["abc", "(def"]);
        assert_eq!(broken("，，，", 2.0), ["，", "，", "，"]);
    }

    #[test]
    fn spaces_hang_and_what_is_too_wide_breaks_all_the_same() {
        assert_eq!(broken("ab  cd", 2.0), ["ab  ", "cd"]);
        assert_eq!(broken("abcdef", 2.0), ["ab", "cd", "ef"]);
        assert_eq!(broken("甲甲", 1.0), ["甲", "甲"]);
        assert_eq!(broken("，，，", 2.0), ["，", "，", "，"]);
        assert_eq!(broken("a\u{300}b\u{300}", 1.0), ["a\u{300}", "b\u{300}"]);
        assert_eq!(broken("", 2.0), [""]);
    }

    proptest! {
        /// Lines follow each other without a gap, no line but that of a single character is too
        /// wide, and no line begins with what may not begin one unless nothing else was possible.
        #[test]
        fn wrapping_loses_no_character(
            text in "[甲乙，。（）“”a-z0-9 \\-—…％\u{300}]{0,60}",
            width in 1_u8..20,
        ) {
            let characters: Vec<char> = text.chars().collect();
            let widths = vec![1.0; characters.len()];
            let lines = lines(&characters, &widths, f64::from(width));
            let mut end = 0;
            for line in &lines {
                prop_assert_eq!(line.start, end);
                end = line.end;
                let painted = characters[line.clone()].iter().rev().skip_while(|it| hangs(**it));
                let painted = painted.count();
                let marks = characters[line.clone()].iter().filter(|it| class(**it) == Class::Mark);
                prop_assert!(painted <= usize::from(width).max(1 + marks.count()));
            }
            prop_assert_eq!(end, characters.len());
        }
    }
}
