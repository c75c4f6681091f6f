//! The operators of a content stream (ISO 32000-2 §7.8.2), read leniently: what no reader
//! understands is stepped over, since nothing rests on it but where a keyword is found.

/// Operands before one operator; the standard's longest take six, `SCN` a few more.
const MOST_OPERANDS: usize = 64;

/// Arrays and dictionaries inside each other.
const MOST_DEPTH: usize = 16;

/// An operand.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Operand {
    Number(f64),
    Name(Vec<u8>),
    String(Vec<u8>),
    Array(Vec<Operand>),
    Dictionary(Vec<(Vec<u8>, Operand)>),
    /// `true`, `false`, `null`, or nested too deeply to be of use.
    Other,
}

impl Operand {
    pub(crate) fn number(&self) -> Option<f64> {
        if let Self::Number(value) = self { Some(*value) } else { None }
    }

    pub(crate) fn name(&self) -> Option<&[u8]> {
        if let Self::Name(name) = self { Some(name) } else { None }
    }
}

/// Reads one operator after the other.
pub(crate) struct Content<'c> {
    bytes: &'c [u8],
    at: usize,
}

impl<'c> Content<'c> {
    pub(crate) fn new(bytes: &'c [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// The next operator, its operands in `operands`; `None` at the end. The data of an inline image
    /// is stepped over, its operator `EI` returned.
    pub(crate) fn next(&mut self, operands: &mut Vec<Operand>) -> Option<&'c [u8]> {
        operands.clear();
        loop {
            self.skip_space();
            let byte = self.peek()?;
            if is_regular(byte) && !starts_number(byte) {
                let word = self.word();
                match word {
                    b"true" | b"false" | b"null" => push(operands, Operand::Other),
                    b"ID" => {
                        self.skip_inline_image();
                        return Some(b"EI");
                    }
                    _ => return Some(word),
                }
            } else if let Some(operand) = self.operand(MOST_DEPTH) {
                push(operands, operand);
            }
        }
    }

    /// One operand; `None` for a delimiter that opens nothing, which is stepped over.
    fn operand(&mut self, depth: usize) -> Option<Operand> {
        match self.peek()? {
            b'/' => {
                self.at += 1;
                Some(Operand::Name(unescape(self.word())))
            }
            b'(' => Some(Operand::String(self.literal())),
            b'<' if self.bytes.get(self.at + 1) == Some(&b'<') => self.dictionary(depth),
            b'<' => Some(Operand::String(self.hexadecimal())),
            b'[' => self.array(depth),
            byte if is_regular(byte) => {
                let word = self.word();
                Some(number(word).map_or(Operand::Other, Operand::Number))
            }
            _ => {
                self.at += 1;
                None
            }
        }
    }

    fn array(&mut self, depth: usize) -> Option<Operand> {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.skip_space();
            match self.peek() {
                None => break,
                Some(b']') => {
                    self.at += 1;
                    break;
                }
                Some(_) if depth == 0 => self.at += 1,
                Some(_) => items.extend(self.operand(depth - 1)),
            }
        }
        Some(if depth == 0 { Operand::Other } else { Operand::Array(items) })
    }

    fn dictionary(&mut self, depth: usize) -> Option<Operand> {
        self.at += 2;
        let mut entries = Vec::new();
        loop {
            self.skip_space();
            match self.peek() {
                None => break,
                Some(b'>') => {
                    self.at += 1;
                    if self.peek() == Some(b'>') {
                        self.at += 1;
                        break;
                    }
                }
                Some(_) if depth == 0 => self.at += 1,
                Some(b'/') => {
                    self.at += 1;
                    let key = unescape(self.word());
                    self.skip_space();
                    if let Some(value) = self.operand(depth - 1) {
                        entries.push((key, value));
                    }
                }
                Some(_) => {
                    self.operand(depth - 1);
                }
            }
        }
        Some(if depth == 0 { Operand::Other } else { Operand::Dictionary(entries) })
    }

    /// `( … )`, with the escapes of §7.3.4.2.
    fn literal(&mut self) -> Vec<u8> {
        self.at += 1;
        let (mut out, mut open) = (Vec::new(), 1_u32);
        while let Some(byte) = self.take() {
            match byte {
                b'(' => open += 1,
                b')' => {
                    open -= 1;
                    if open == 0 {
                        break;
                    }
                }
                b'\\' => {
                    out.extend(self.escape());
                    continue;
                }
                b'\r' => {
                    if self.peek() == Some(b'\n') {
                        self.at += 1;
                    }
                    out.push(b'\n');
                    continue;
                }
                _ => {}
            }
            out.push(byte);
        }
        out
    }

    fn escape(&mut self) -> Option<u8> {
        Some(match self.take()? {
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'b' => 8,
            b'f' => 12,
            b'\n' => return None,
            b'\r' => {
                if self.peek() == Some(b'\n') {
                    self.at += 1;
                }
                return None;
            }
            digit @ b'0'..=b'7' => {
                let mut value = digit - b'0';
                for _ in 0..2 {
                    match self.peek() {
                        Some(next @ b'0'..=b'7') => {
                            // High-order overflow is ignored, as the standard says.
                            value = value.wrapping_mul(8).wrapping_add(next - b'0');
                            self.at += 1;
                        }
                        _ => break,
                    }
                }
                value
            }
            other => other,
        })
    }

    fn hexadecimal(&mut self) -> Vec<u8> {
        self.at += 1;
        let (mut out, mut high) = (Vec::new(), None);
        while let Some(byte) = self.take() {
            if byte == b'>' {
                break;
            }
            let Some(digit) = digit(byte) else { continue };
            match high.take() {
                None => high = Some(digit),
                Some(high) => out.push(high << 4 | digit),
            }
        }
        out.extend(high.map(|high| high << 4));
        out
    }

    /// To behind the `EI` that ends an inline image (§8.9.7). Its data may contain the letters: only
    /// where white space stands before and what follows looks like operators it is believed.
    fn skip_inline_image(&mut self) {
        self.at += 1;
        while let Some(rest) = self.bytes.get(self.at..).filter(|rest| !rest.is_empty()) {
            let Some(found) = memchr::memmem::find(rest, b"EI") else { break };
            let before = found.checked_sub(1).and_then(|at| rest.get(at));
            let after = rest.get(found + 2..).unwrap_or_default();
            self.at += found + 2;
            let alone = before.is_none_or(|byte| is_space(*byte))
                && after.first().is_none_or(|byte| is_space(*byte));
            if alone
                && after.iter().take(12).all(|byte| is_space(*byte) || (32..127).contains(byte))
            {
                return;
            }
        }
        self.at = self.bytes.len();
    }

    fn skip_space(&mut self) {
        while let Some(byte) = self.peek() {
            if byte == b'%' {
                while self.peek().is_some_and(|byte| !matches!(byte, b'\r' | b'\n')) {
                    self.at += 1;
                }
            } else if is_space(byte) {
                self.at += 1;
            } else {
                break;
            }
        }
    }

    /// The regular characters from here.
    fn word(&mut self) -> &'c [u8] {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let length = rest.iter().position(|byte| !is_regular(*byte)).unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn take(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }
}

fn push(operands: &mut Vec<Operand>, operand: Operand) {
    if operands.len() < MOST_OPERANDS {
        operands.push(operand);
    }
}

/// Numbers as writers spell them, `--5` and `1.2-3` among them: the first part counts.
fn number(word: &[u8]) -> Option<f64> {
    let text = std::str::from_utf8(word).ok()?;
    let parsed = text.parse::<f64>().ok().or_else(|| {
        let unsigned = text.trim_start_matches(['-', '+']);
        let end = unsigned.find(['-', '+']).unwrap_or(unsigned.len());
        let value = unsigned.get(..end)?.parse::<f64>().ok()?;
        Some(if text.starts_with('-') { -value } else { value })
    })?;
    Some(parsed).filter(|value| value.is_finite())
}

fn unescape(raw: &[u8]) -> Vec<u8> {
    let (mut name, mut rest) = (Vec::with_capacity(raw.len()), raw);
    while let Some((byte, tail)) = rest.split_first() {
        rest = tail;
        if let (b'#', [high, low, after @ ..]) = (byte, tail)
            && let (Some(high), Some(low)) = (digit(*high), digit(*low))
        {
            name.push(high << 4 | low);
            rest = after;
        } else {
            name.push(*byte);
        }
    }
    name
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

fn starts_number(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.')
}

fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | 9 | 10 | 12 | 13 | 32)
}

fn is_regular(byte: u8) -> bool {
    !is_space(byte)
        && !matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &[u8]) -> Vec<(String, Vec<Operand>)> {
        let (mut content, mut operands, mut out) = (Content::new(bytes), Vec::new(), Vec::new());
        while let Some(operator) = content.next(&mut operands) {
            out.push((String::from_utf8_lossy(operator).into_owned(), operands.clone()));
        }
        out
    }

    #[test]
    fn operators_with_their_operands() {
        let read = all(b"BT/F1 12 Tf[(a)-.5<4142>]TJ % no\n(x\\)\\101(y))' ET");
        let names: Vec<_> = read.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["BT", "Tf", "TJ", "'", "ET"]);
        assert_eq!(read[1].1, [Operand::Name(b"F1".to_vec()), Operand::Number(12.0)]);
        let pieces = [
            Operand::String(b"a".to_vec()),
            Operand::Number(-0.5),
            Operand::String(b"AB".to_vec()),
        ];
        assert_eq!(read[2].1, [Operand::Array(pieces.to_vec())]);
        assert_eq!(read[3].1, [Operand::String(b"x)A(y)".to_vec())]);
    }

    #[test]
    fn the_data_of_an_inline_image_is_no_operator() {
        let read = all(b"q BI /W 1 /H 1 ID \x00 Tj EI\xff BT EI Q");
        let names: Vec<_> = read.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["q", "BI", "EI", "Q"]);
    }

    #[test]
    fn what_nobody_understands_is_stepped_over() {
        let deep = [&b"["[..]; 100].concat();
        let read = all(&[b")>} 1.2-3 --5 cm ", &deep[..]].concat());
        assert_eq!(read.len(), 1);
        assert_eq!(read[0].1, [Operand::Number(1.2), Operand::Number(-5.0)]);
        assert_eq!(all(b"/OC << /A [1 << /B (x) >>] /C true >> BDC").len(), 1);
        assert!(all(b"(never closed").is_empty());
    }
}
