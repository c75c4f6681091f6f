//! Text strings: PDFDocEncoding, UTF-16BE and UTF-8 (ISO 32000-2 §7.9.2.2 and Annex D.2).

/// What the bytes 0x18 to 0x1F, 0x80 to 0x9E and 0xA0 mean in PDFDocEncoding; all other bytes mean
/// the Unicode character of their value, except 0x7F, 0x9F and 0xAD, which mean nothing.
const LOW: [char; 8] = ['˘', 'ˇ', 'ˆ', '˙', '˝', '˛', '˚', '˜'];
const HIGH: [char; 31] = [
    '•', '†', '‡', '…', '—', '–', 'ƒ', '⁄', '‹', '›', '−', '‰', '„', '“', '”', '‘', '’', '‚', '™',
    'ﬁ', 'ﬂ', 'Ł', 'Œ', 'Š', 'Ÿ', 'Ž', 'ı', 'ł', 'œ', 'š', 'ž',
];

/// Reads a text string; what has no meaning becomes U+FFFD.
#[must_use]
pub fn decode(bytes: &[u8]) -> String {
    if let Some(rest) = bytes.strip_prefix(&[0xFE, 0xFF]) {
        return decode_utf16(rest, u16::from_be_bytes);
    }
    // Some writers use the other byte order; no byte order mark of it is a PDFDocEncoding text.
    if let Some(rest) = bytes.strip_prefix(&[0xFF, 0xFE]) {
        return decode_utf16(rest, u16::from_le_bytes);
    }
    if let Some(rest) = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]) {
        return String::from_utf8_lossy(rest).into_owned();
    }
    bytes.iter().map(|byte| decode_byte(*byte)).collect()
}

/// Writes a text string: PDFDocEncoding where every character has a place in it, else UTF-16BE.
#[must_use]
pub fn encode(text: &str) -> Vec<u8> {
    let single: Option<Vec<u8>> = text.chars().map(encode_char).collect();
    // A text that would begin like a byte order mark must not be taken for one.
    if let Some(bytes) = single
        && !bytes.starts_with(&[0xFE, 0xFF])
        && !bytes.starts_with(&[0xFF, 0xFE])
        && !bytes.starts_with(&[0xEF, 0xBB, 0xBF])
    {
        return bytes;
    }
    let units = text.encode_utf16().flat_map(u16::to_be_bytes);
    [0xFE, 0xFF].into_iter().chain(units).collect()
}

fn decode_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let (pairs, _) = bytes.as_chunks::<2>();
    char::decode_utf16(pairs.iter().map(|pair| unit(*pair)))
        .map(|decoded| decoded.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

fn decode_byte(byte: u8) -> char {
    let listed = match byte {
        0x18..=0x1F => LOW.get(usize::from(byte - 0x18)),
        0x80..=0x9E => HIGH.get(usize::from(byte - 0x80)),
        0xA0 => Some(&'€'),
        0x7F | 0x9F | 0xAD => Some(&char::REPLACEMENT_CHARACTER),
        _ => None,
    };
    listed.copied().unwrap_or(char::from(byte))
}

fn encode_char(character: char) -> Option<u8> {
    let listed = |list: &[char], first: usize| {
        let at = list.iter().position(|listed| *listed == character)?;
        u8::try_from(first + at).ok()
    };
    listed(&LOW, 0x18)
        .or_else(|| listed(&HIGH, 0x80))
        .or_else(|| (character == '€').then_some(0xA0))
        .or_else(|| u8::try_from(character).ok().filter(|byte| decode_byte(*byte) == character))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        for text in ["", "Agreed", "Łódź — œuvre €", "甲方（盖章）", "签 📝 名", "þÿ", "ÿþ", "ï»¿"]
        {
            assert_eq!(decode(&encode(text)), text);
        }
        assert_eq!(encode("Łódź •"), decode_expected());
        assert_eq!(encode("章"), [0xFE, 0xFF, 0x7A, 0xE0]);
    }

    /// `ź` has no place in PDFDocEncoding, so the whole text is UTF-16BE.
    fn decode_expected() -> Vec<u8> {
        let units = "Łódź •".encode_utf16().flat_map(u16::to_be_bytes);
        [0xFE, 0xFF].into_iter().chain(units).collect()
    }

    #[test]
    fn both_byte_orders_and_utf_8_are_read() {
        assert_eq!(decode(b"\xFF\xFEA\0"), "A");
        assert_eq!(decode(b"\xEF\xBB\xBF\xE7\xAB\xA0"), "章");
        assert_eq!(decode(b"\xFE\xFF\xD8\x00"), "\u{FFFD}");
        assert_eq!(decode(b"\x84\xA0\xAD"), "—€\u{FFFD}");
    }
}
