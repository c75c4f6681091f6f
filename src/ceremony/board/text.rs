//! Text that somebody else wrote, on its way into a drawing: made harmless, measured, broken into
//! lines.

use unicode_normalization::char::is_combining_mark;

use crate::identity::is_unseen;

/// What is looked at of one text: more never fits anywhere.
const MOST_CHARACTERS: usize = 400;

/// One `em` in the unit of [`width`].
pub(super) const EM: i64 = 1000;

/// The text as content of an element and as value of an attribute in double quotes: what is markup
/// there is escaped, what is no character of XML or turns the direction of reading is made visible.
pub(super) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match visible(letter) {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

/// A text that was fitted into a width: one size, some lines.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fitted {
    /// The size of the letters.
    pub(super) size: i64,
    /// The lines from top to bottom, not escaped.
    pub(super) lines: Vec<String>,
}

/// The text in lines no longer than `width`, in the largest size from `sizes.0` down to `sizes.1`
/// with which at most `most` lines are enough; in the smallest one cut off with `…`. A little smaller
/// in one line is better than a line more.
pub(super) fn fitted(text: &str, width: i64, sizes: (i64, i64), most: usize) -> Fitted {
    let words = words(text);
    let mut size = sizes.0.max(1);
    for size in [size, size * 9 / 10, size * 8 / 10, size * 7 / 10] {
        let [line] = &broken(&words, width.max(1) * EM / size.max(1))[..] else { continue };
        if size >= sizes.1 {
            return Fitted { size, lines: vec![line.clone()] };
        }
    }
    loop {
        let across = width.max(1) * EM / size;
        let lines = broken(&words, across);
        if lines.len() <= most {
            return Fitted { size, lines: balanced(&words, across, lines) };
        }
        if size <= sizes.1 {
            return Fitted { size, lines: cut(lines, across, most) };
        }
        size = (size - 2).max(sizes.1);
    }
}

/// An upper bound of the advance of a text, in thousandths of its size.
pub(super) fn width(text: &str) -> i64 {
    text.chars().map(advance).sum()
}

fn visible(letter: char) -> char {
    match letter {
        '\t' | '\n' | '\r' => ' ',
        _ if is_unseen(letter) || is_no_character(letter) => char::REPLACEMENT_CHARACTER,
        _ => letter,
    }
}

fn is_no_character(letter: char) -> bool {
    let code = u32::from(letter);
    code & 0xfffe == 0xfffe || (0xfdd0..=0xfdef).contains(&code)
}

/// Generous, since nobody knows which font a screen has.
fn advance(letter: char) -> i64 {
    match letter {
        'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '|' | '!' | '\'' | ' ' => 360,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 1000,
        'a'..='z' | '0'..='9' => 620,
        'A'..='Z' => 760,
        '\u{21}'..='\u{7e}' => 640,
        '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' => EM,
        '\u{1100}'..='\u{11ff}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ffef}' => EM,
        '\u{2010}'..='\u{2027}' | '\u{20000}'..='\u{3ffff}' => EM,
        '\u{1f000}'..='\u{1faff}' => 1300,
        _ if is_combining_mark(letter) => 0,
        '\u{80}'..='\u{52f}' => 800,
        // The widest letters of scripts that are not listed: ligatures and wide signs.
        _ => 1400,
    }
}

/// What is not broken as long as it fits: a word with the space behind it, one Chinese character
/// with the marks that belong to it, a few characters in brackets: 万方集团 （深圳） 有限公司.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = ' ';
    for letter in text.trim().chars().take(MOST_CHARACTERS).map(visible) {
        let starts = before == ' ' || stands_alone(before) || stands_alone(letter);
        let belongs = closes(letter) || letter == ' ' || opens(before) || is_combining_mark(letter);
        let is_open = |word: &String| {
            word.chars().next().is_some_and(opens)
                && word.chars().count() < 8
                && !word.contains(['）', ')', '》', '】'])
        };
        match words.last_mut() {
            Some(word) if belongs || !starts || is_open(word) => word.push(letter),
            _ => words.push(letter.to_string()),
        }
        before = letter;
    }
    words
}

fn stands_alone(letter: char) -> bool {
    matches!(letter, '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{ffef}'
        | '\u{20000}'..='\u{3ffff}')
}

fn opens(letter: char) -> bool {
    matches!(letter, '（' | '《' | '〈' | '「' | '『' | '【' | '“' | '‘' | '(' | '[')
}

fn closes(letter: char) -> bool {
    matches!(
        letter,
        '，' | '。'
            | '、'
            | '；'
            | '：'
            | '！'
            | '？'
            | '）'
            | '》'
            | '〉'
            | '」'
            | '』'
            | '】'
            | '”'
            | '’'
            | '…'
            | ')'
            | ']'
            | ','
            | '.'
            | '·'
    )
}

fn broken(words: &[String], across: i64) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in words {
        // The space at the end of a line takes no room.
        let (bare, whole) = (width(word.trim_end()), width(word));
        if used > 0 && used + bare > across {
            lines.push(String::new());
            used = 0;
        }
        if bare <= across {
            lines.last_mut().into_iter().for_each(|line| line.push_str(word));
            used += whole;
            continue;
        }
        for letter in word.chars() {
            if used > 0 && used + advance(letter) > across {
                lines.push(String::new());
                used = 0;
            }
            lines.last_mut().into_iter().for_each(|line| line.push(letter));
            used += advance(letter);
        }
    }
    lines.iter().map(|line| line.trim_end().to_owned()).collect()
}

/// As many lines, but about equally long.
fn balanced(words: &[String], across: i64, lines: Vec<String>) -> Vec<String> {
    let total: i64 = words.iter().map(|word| width(word)).sum();
    let count = i64::try_from(lines.len()).unwrap_or(i64::MAX).max(1);
    let mut narrow = total / count;
    while count > 1 && narrow < across {
        let better = broken(words, narrow);
        if better.len() == lines.len() {
            return better;
        }
        narrow += EM / 2;
    }
    lines
}

fn cut(mut lines: Vec<String>, across: i64, most: usize) -> Vec<String> {
    lines.truncate(most);
    if let Some(last) = lines.last_mut() {
        while !last.is_empty() && width(last) + EM > across {
            last.pop();
        }
        last.push('…');
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_and_what_cannot_be_seen_are_made_harmless() {
        assert_eq!(escaped("<a href=\"'x'\">&"), "&lt;a href=&quot;&#39;x&#39;&quot;&gt;&amp;");
        let hidden = "a\0b\u{202e}c\u{feff}d\u{ffff}e\u{1b}f\u{85}g\nh";
        assert_eq!(escaped(hidden), "a\u{fffd}b\u{fffd}c\u{fffd}d\u{fffd}e\u{fffd}f\u{fffd}g h");
    }

    #[test]
    fn a_short_text_stands_in_one_line_in_the_largest_size() {
        let fit = fitted("晨曦科技", 400, (40, 20), 2);
        assert_eq!(fit, Fitted { size: 40, lines: vec!["晨曦科技".to_owned()] });
    }

    #[test]
    fn a_longer_one_is_broken_into_lines_of_about_one_length() {
        let fit = fitted("晨曦科技（深圳）股份有限公司", 360, (40, 20), 2);
        assert_eq!(fit.size, 40);
        assert_eq!(fit.lines, ["晨曦科技（深圳）", "股份有限公司"]);
        let one = fitted("晨曦科技（深圳）股份有限公司", 480, (40, 20), 2);
        assert_eq!((one.size, one.lines.len()), (32, 1));
        let english = fitted("Morning Light Technology Company", 300, (30, 20), 3);
        assert!(english.lines.iter().all(|line| !line.starts_with(' ') && !line.ends_with(' ')));
        assert_eq!(english.lines.join(" "), "Morning Light Technology Company");
    }

    #[test]
    fn no_line_is_longer_than_its_room_whatever_the_text() {
        for text in ["长".repeat(900), "W".repeat(900), "ab ".repeat(300), "（".repeat(900)] {
            for (room, sizes, most) in [(200, (40, 18), 2), (20, (18, 18), 1), (1000, (60, 30), 3)]
            {
                let fit = fitted(&text, room, sizes, most);
                assert!(fit.lines.len() <= most && fit.size >= sizes.1);
                for line in &fit.lines {
                    assert!(width(line) <= room.max(fit.size) * EM / fit.size, "{line}");
                }
                assert!(fit.lines.last().unwrap().ends_with('…'), "{fit:?}");
            }
        }
        assert_eq!(fitted("", 100, (20, 10), 1).lines, [""]);
    }

    #[test]
    fn a_mark_does_not_begin_a_line() {
        let fit = fitted("一二三，四五六。", 90, (30, 30), 9);
        assert!(fit.lines.iter().all(|line| !line.starts_with(['，', '。'])), "{fit:?}");
    }
}
