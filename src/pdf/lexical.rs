//! Characters and the tokens made of them (ISO 32000-2 §7.2 and §7.3).

use super::object::Object;

/// `#41` reads as `A`; a `#` that no two digits follow stands for itself.
pub(super) fn unescape_name(raw: &[u8]) -> Vec<u8> {
    let mut name = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((byte, tail)) = rest.split_first() {
        rest = tail;
        if let (b'#', [high, low, after @ ..]) = (byte, tail)
            && let (Some(high), Some(low)) = (hexadecimal_digit(*high), hexadecimal_digit(*low))
        {
            name.push(high << 4 | low);
            rest = after;
        } else {
            name.push(*byte);
        }
    }
    name
}

/// `-12`, `+.5`, `4.`: a sign, digits, at most one point (ISO 32000-2 §7.3.3). What does not fit is
/// no number: readers cut it to different ones.
pub(super) fn number(token: &[u8]) -> Option<Object> {
    let unsigned = token.strip_prefix(b"-").or(token.strip_prefix(b"+")).unwrap_or(token);
    let points = unsigned.iter().filter(|byte| **byte == b'.').count();
    let digits = unsigned.iter().filter(|byte| byte.is_ascii_digit()).count();
    if digits == 0 || points > 1 || points + digits != unsigned.len() {
        return None;
    }
    let text = std::str::from_utf8(token).ok()?;
    if points == 0 {
        return text.parse().ok().map(Object::Integer);
    }
    text.parse().ok().filter(|value: &f64| value.is_finite()).map(Object::Real)
}

/// White space (ISO 32000-2 Table 1).
pub(super) fn is_white_space(byte: u8) -> bool {
    matches!(byte, 0 | 9 | 10 | 12 | 13 | 32)
}

/// Neither white space nor delimiter (ISO 32000-2 Table 2).
pub(super) fn is_regular(byte: u8) -> bool {
    !is_white_space(byte)
        && !matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

pub(super) fn hexadecimal_digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_sign_without_two_digits_stands_for_itself() {
        assert_eq!(unescape_name(b"A#42#4#zz#"), b"AB#4#zz#");
    }

    #[test]
    fn an_integer_too_long_for_64_bits_is_none() {
        assert_eq!(number(b"9223372036854775807"), Some(Object::Integer(i64::MAX)));
        assert_eq!(number(b"9223372036854775808"), None);
        assert_eq!(number(&[&b"9".repeat(400)[..], b".0"].concat()), None);
    }
}
