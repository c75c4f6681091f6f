//! Text from strangers, made harmless for a page.

use std::fmt::Write;

/// Longer texts from a file are cut.
const LONGEST: usize = 400;

/// Text as it may stand in a page: nothing in it is markup, moves other text or hides.
pub fn text(value: &str) -> String {
    let mut safe = String::with_capacity(value.len());
    for (count, letter) in value.chars().enumerate() {
        if count == LONGEST {
            safe.push('…');
            break;
        }
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            letter if hides(letter) => safe.push(char::REPLACEMENT_CHARACTER),
            letter => safe.push(letter),
        }
    }
    safe
}

/// Text from a file, apart from what stands around it.
pub fn apart(value: &str) -> String {
    format!("<bdi>{}</bdi>", text(value))
}

/// Whether a letter would move or hide others, or is none.
fn hides(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
            | '\u{E0000}'..='\u{E0FFF}')
        || matches!(letter, '\u{300}'..='\u{36F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{20D0}'..='\u{20FF}')
}

/// Bytes in base64 (RFC 4648, 4).
pub fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let byte = |place: usize| u32::from(three.get(place).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let digit = bits >> (18 - 6 * place) & 63;
            text.push(if place > three.len() { '=' } else { char::from(DIGITS[digit as usize]) });
        }
    }
    text
}

/// A line of HTML behind what is there.
macro_rules! put {
    ($page:expr, $($what:tt)*) => {
        // A string takes everything.
        { let _ = writeln!($page, $($what)*); }
    };
}
pub(super) use put;

/// A table whose cells say on a phone what they are; rows behind the most are counted in a last one.
pub fn table(page: &mut String, heads: &[&str], rows: &[Vec<String>], most: usize, more: &str) {
    put!(page, "<div class=\"wide\"><table><thead><tr>");
    heads.iter().for_each(|head| put!(page, "<th scope=\"col\">{}</th>", text(head)));
    put!(page, "</tr></thead><tbody>");
    for row in rows.iter().take(most) {
        put!(page, "<tr>");
        for (cell, head) in row.iter().zip(heads) {
            put!(page, "<td data-head=\"{}\">{cell}</td>", text(head));
        }
        put!(page, "</tr>");
    }
    put!(page, "</tbody></table></div>");
    if rows.len() > most {
        put!(page, "<p class=\"note\">{} {}</p>", rows.len() - most, text(more));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_from_a_file_is_markup_or_moves_text() {
        let hostile = "<script>alert('1')</script>\"&\u{202E}fdp.exe\u{0}\u{200B}o\u{301}";
        assert_eq!(
            apart(hostile),
            "<bdi>&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&quot;&amp;\u{FFFD}fdp.exe\u{FFFD}\u{FFFD}o\u{FFFD}</bdi>"
        );
        assert_eq!(text(&"甲".repeat(1_000)).chars().count(), LONGEST + 1);
    }

    #[test]
    fn base64_has_its_padding() {
        for (bytes, expected) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foobar", "Zm9vYmFy")] {
            assert_eq!(base64(bytes.as_bytes()), expected);
        }
    }
}
