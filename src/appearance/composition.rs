//! Letters that were taken apart: a base and its marks, as file systems and input methods hand them
//! over (Unicode normalisation form D).

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{canonical_combining_class, compose};

/// A text with each letter and its marks as one character where there is one (é, が, 한) that can be
/// drawn, as `has` says; else they stay as they are.
///
/// Nothing else is normalised: a character that stands alone stays as it is. Form C would turn an
/// ideograph of the compatibility blocks into the unified one, which is another form of the letter
/// than the one in somebody's name.
pub(super) fn composed(text: &str, has: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letter = String::new();
    for character in text.chars() {
        if canonical_combining_class(character) == 0 {
            flush(&mut letter, &mut out, &has);
        }
        letter.push(character);
    }
    flush(&mut letter, &mut out, &has);
    out
}

/// Puts a base with its marks behind what is there.
fn flush(letter: &mut String, out: &mut String, has: &impl Fn(char) -> bool) {
    let mut characters = letter.chars();
    match (characters.next(), characters.next()) {
        (Some(only), None) => {
            // A vowel or a final consonant of Hangul goes with the syllable before it.
            let syllable = out.chars().next_back().filter(|_| is_joining_jamo(only));
            let joined = syllable.and_then(|syllable| compose(syllable, only));
            match joined.filter(|joined| has(*joined)) {
                Some(joined) => {
                    out.pop();
                    out.push(joined);
                }
                None => out.push(only),
            }
        }
        _ => {
            let whole: String = letter.nfc().collect();
            out.push_str(if whole.chars().all(has) { &whole } else { letter });
        }
    }
    letter.clear();
}

fn is_joining_jamo(character: char) -> bool {
    matches!(character, '\u{1161}'..='\u{1175}' | '\u{11A8}'..='\u{11C2}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_their_marks_are_one_character() {
        for (apart, whole) in [
            ("e\u{301}", "é"),
            ("Cafe\u{301} Zu\u{308}rich", "Café Zürich"),
            ("a\u{323}\u{302}", "ậ"),
            ("a\u{302}\u{323}", "ậ"),
            ("か\u{3099}", "が"),
            ("\u{1112}\u{1161}\u{11AB}\u{1100}\u{1173}\u{11AF}", "한글"),
            ("甲方", "甲方"),
            ("", ""),
        ] {
            assert_eq!(composed(apart, |_| true), whole);
        }
        // A mark without a base, and one that no character holds.
        assert_eq!(composed("\u{301}甲\u{301}", |_| true), "\u{301}甲\u{301}");
    }

    #[test]
    fn what_stands_alone_keeps_its_form() {
        for alone in ["神\u{FA19}", "\u{F900}", "\u{212B}", "葛\u{E0100}"] {
            assert_eq!(composed(alone, |_| true), alone);
        }
    }

    #[test]
    fn what_no_font_has_in_one_stays_a_letter_and_its_mark() {
        let has = |character: char| character != 'é';
        assert_eq!(composed("e\u{301}u\u{308}", has), "e\u{301}ü");
        // Half of what a Hangul syllable is made of says nothing of the whole.
        let has = |character: char| character != '한';
        assert_eq!(composed("\u{1112}\u{1161}\u{11AB}", has), "하\u{11AB}");
    }
}
