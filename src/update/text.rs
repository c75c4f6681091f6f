//! Texts and names as tokens of a file.

use super::Error;
use crate::pdf::text_string;

/// The longest text that is written, in bytes of UTF-8.
const LONGEST: usize = 4_096;

/// The longest value of a field, in bytes as they are written.
const LONGEST_VALUE: usize = 32_767;

/// A text as a string token (ISO 32000-2 §7.9.2.2): PDFDocEncoding, or UTF-16BE where that has no
/// place for a character.
pub(super) fn text_token(text: &str) -> Vec<u8> {
    let bytes = text_string::encode(text);
    if bytes.iter().all(|byte| matches!(byte, b' '..=b'~')) {
        let mut token = vec![b'('];
        for byte in bytes {
            if matches!(byte, b'(' | b')' | b'\\') {
                token.push(b'\\');
            }
            token.push(byte);
        }
        token.push(b')');
        return token;
    }
    // Everything else in hexadecimal: no end of line or escape that a reader could take otherwise.
    let digits: String = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
    format!("<{digits}>").into_bytes()
}

/// A name as a token, with everything but letters and digits escaped (§7.3.5).
pub(super) fn name_token(name: &[u8]) -> Vec<u8> {
    let mut token = vec![b'/'];
    for byte in name {
        if byte.is_ascii_alphanumeric() {
            token.push(*byte);
        } else {
            token.extend(format!("#{byte:02X}").into_bytes());
        }
    }
    token
}

/// What makes a text no value of a field: readers are known to stop at 32767 bytes of a string.
pub(super) fn value_problem(text: &str) -> Option<&'static str> {
    if text.contains('\0') {
        Some("holds a NUL character")
    } else if text_string::encode(text).len() > LONGEST_VALUE {
        Some("is longer than 32767 bytes")
    } else {
        None
    }
}

/// Refuses texts that no reader shows as they were meant.
pub(super) fn check_text(key: &'static str, text: &str) -> Result<(), Error> {
    match problem(text) {
        Some(problem) => Err(Error::Text { key, problem }),
        None => Ok(()),
    }
}

/// Refuses partial names of fields that could not be found again (§12.7.4.2).
pub(super) fn check_field_name(name: &str) -> Result<(), Error> {
    let problem = problem(name).or(name.is_empty().then_some("is empty")).or(name
        .contains('.')
        .then_some("has a dot, which separates the levels of the field tree"));
    match problem {
        Some(problem) => Err(Error::FieldName { problem }),
        None => Ok(()),
    }
}

fn problem(text: &str) -> Option<&'static str> {
    if text.contains('\0') {
        Some("holds a NUL character")
    } else if text.len() > LONGEST {
        Some("is longer than 4096 bytes")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_texts_stay_readable_and_all_others_are_hexadecimal() {
        assert_eq!(text_token(r"a (b) \c"), br"(a \(b\) \\c)");
        assert_eq!(text_token("章"), b"<FEFF7AE0>");
        assert_eq!(text_token("€"), b"<A0>");
        assert_eq!(text_token("a\nb"), b"<610A62>");
        assert_eq!(text_token("📝"), b"<FEFFD83DDCDD>");
        assert_eq!(text_token(""), b"()");
    }

    #[test]
    fn names_are_escaped() {
        assert_eq!(name_token(b"Yes"), b"/Yes");
        assert_eq!(name_token("是 /".as_bytes()), b"/#E6#98#AF#20#2F");
    }

    #[test]
    fn a_value_may_be_longer_than_a_name_and_not_endless() {
        assert_eq!(value_problem(&"x".repeat(32_767)), None);
        assert!(value_problem(&"x".repeat(32_768)).is_some());
        assert!(value_problem(&"章".repeat(16_384)).is_some());
        assert!(value_problem("a\0").is_some());
    }

    #[test]
    fn names_without_level_separators_or_nul() {
        assert!(check_field_name("甲方 seal-1").is_ok());
        for name in ["", "a.b", "a\0", &"x".repeat(4_097)] {
            assert_eq!(check_field_name(name).unwrap_err().code(), "sign.field_name");
        }
        assert_eq!(check_text("Reason", "a\0").unwrap_err().code(), "sign.text");
        assert!(check_text("Reason", "").is_ok());
    }
}
