//! Strings (ISO 32000-2 §7.3.4): literal ones with their escapes, and hexadecimal ones.

use super::lexical::{hexadecimal_digit, is_white_space};
use super::object::StringObject;
use super::syntax::{Parsed, Parser};

impl Parser<'_> {
    /// Takes `(…)`.
    pub(super) fn literal_string(&mut self) -> Parsed<StringObject> {
        self.at += 1;
        let mut bytes = Vec::new();
        let mut open = 1_u32;
        while let Some(byte) = self.peek() {
            self.at += 1;
            match byte {
                b'\\' => self.escape(&mut bytes)?,
                b'(' => {
                    open = open.saturating_add(1);
                    bytes.push(byte);
                }
                b')' => {
                    open -= 1;
                    if open == 0 {
                        return Ok(StringObject { bytes, hexadecimal: false });
                    }
                    bytes.push(byte);
                }
                // Any end of line reads as one line feed (ISO 32000-2 §7.3.4.2).
                b'\r' => {
                    if self.peek() == Some(b'\n') {
                        self.at += 1;
                    }
                    bytes.push(b'\n');
                }
                _ => bytes.push(byte),
            }
        }
        self.missing(") at the end of a string")
    }

    fn escape(&mut self, bytes: &mut Vec<u8>) -> Parsed<()> {
        let Some(byte) = self.peek() else { return self.missing("an escaped character") };
        self.at += 1;
        match byte {
            b'n' => bytes.push(b'\n'),
            b'r' => bytes.push(b'\r'),
            b't' => bytes.push(b'\t'),
            b'b' => bytes.push(8),
            b'f' => bytes.push(12),
            b'\n' => {}
            b'\r' => {
                if self.peek() == Some(b'\n') {
                    self.at += 1;
                }
            }
            b'0'..=b'7' => {
                let mut code = u32::from(byte - b'0');
                for _ in 0..2 {
                    let Some(digit) = self.peek().filter(|digit| (b'0'..=b'7').contains(digit))
                    else {
                        break;
                    };
                    code = code * 8 + u32::from(digit - b'0');
                    self.at += 1;
                }
                // High-order overflow is ignored, as the standard asks.
                bytes.push(u8::try_from(code & 0xFF).unwrap_or(0));
            }
            other => bytes.push(other),
        }
        Ok(())
    }

    /// Takes `<…>`.
    pub(super) fn hexadecimal_string(&mut self) -> Parsed<StringObject> {
        self.at += 1;
        let rest = self.rest();
        let Some(end) = memchr::memchr(b'>', rest) else {
            self.at = self.bytes.len();
            return self.missing("> at the end of a string");
        };
        if let Some(bytes) = rest.get(..end).and_then(plain_hexadecimal) {
            self.at += end + 1;
            return Ok(StringObject { bytes, hexadecimal: true });
        }
        let mut bytes = Vec::with_capacity(end / 2 + 1);
        let mut high = None;
        for (index, byte) in rest.iter().take(end).enumerate() {
            if is_white_space(*byte) {
                continue;
            }
            let Some(digit) = hexadecimal_digit(*byte) else {
                self.at += index;
                return self.missing("a hexadecimal digit");
            };
            match high.take() {
                None => high = Some(digit),
                Some(high) => bytes.push(high << 4 | digit),
            }
        }
        bytes.extend(high.map(|high| high << 4));
        self.at += end + 1;
        Ok(StringObject { bytes, hexadecimal: true })
    }
}

/// Pairs of digits with nothing between them, as the gap of a signature is: without a branch for
/// each digit, since there are thousands. Everything else is left to the general way.
fn plain_hexadecimal(digits: &[u8]) -> Option<Vec<u8>> {
    let all = digits.iter().fold(true, |all, byte| all & byte.is_ascii_hexdigit());
    let (pairs, rest) = digits.as_chunks::<2>();
    let value = |digit: u8| (digit & 15) + 9 * (digit >> 6);
    (all && rest.is_empty())
        .then(|| pairs.iter().map(|[high, low]| value(*high) << 4 | value(*low)).collect())
}

#[cfg(test)]
mod tests {
    use super::super::object::Object;
    use super::super::syntax::{Fault, Strictness};
    use super::*;

    fn parse(text: &[u8]) -> Option<Object> {
        match Parser::new(text, 0, true, Strictness::Strict).value() {
            Ok(value) => Some(value.value),
            Err(Fault::Bad(_)) => None,
            Err(Fault::More) => panic!("the whole input was given"),
        }
    }

    fn bytes(text: &[u8]) -> Vec<u8> {
        parse(text).unwrap().as_string().unwrap().bytes.clone()
    }

    #[test]
    fn literal_strings_with_escapes_and_nesting() {
        assert_eq!(bytes(b"(a\\(b(c)\\101\\7\\\r\nd\r\ne)"), b"a(b(c)A\x07d\ne");
        assert_eq!(bytes(b"(\\n\\r\\t\\b\\f\\\\\\x\\8)"), b"\n\r\t\x08\x0C\\x8");
        assert_eq!(bytes(b"(\\53\\0533\\777\\4000)"), b"++3\xFF\x000");
        assert_eq!(bytes(b"(a\rb\r\nc\n\rd)"), b"a\nb\nc\n\nd");
        assert_eq!(bytes(b"()"), b"");
        for unterminated in [&b"("[..], b"(a", b"(a\\)", b"((a)", b"(\\"] {
            assert_eq!(parse(unterminated), None);
        }
    }

    #[test]
    fn hexadecimal_strings_of_odd_length_end_in_a_zero() {
        assert_eq!(bytes(b"<48 65 6>"), b"He\x60");
        assert_eq!(bytes(b"<>"), b"");
        assert_eq!(bytes(b"<aF\0Fa>"), b"\xAF\xFA");
        // The short way reads each digit as the general one, which the space asks for, does.
        let digits = "0123456789abcdefABCDEF";
        for (high, low) in
            digits.chars().flat_map(|high| digits.chars().map(move |low| (high, low)))
        {
            let short = bytes(format!("<{high}{low}>").as_bytes());
            assert_eq!(short, bytes(format!("<{high}{low} >").as_bytes()));
        }
        for bad in [&b"<4g>"[..], b"<48", b"<", b"<48%\n65>"] {
            assert_eq!(parse(bad), None);
        }
    }
}
