//! PEM (RFC 7468): text armour around DER.

use zeroize::Zeroizing;

use super::error::Error;

/// One block.
pub(super) struct Block {
    /// What stands after `BEGIN`.
    pub label: String,
    /// The decoded content, wiped when dropped.
    pub der: Zeroizing<Vec<u8>>,
    /// Whether it has headers such as `Proc-Type: 4,ENCRYPTED`.
    pub has_headers: bool,
}

/// Whether the bytes are PEM rather than DER.
pub(super) fn is_pem(bytes: &[u8]) -> bool {
    memchr::memmem::find(bytes, b"-----BEGIN ").is_some()
}

/// All blocks, in order. Text around them is ignored.
pub(super) fn blocks(bytes: &[u8]) -> Result<Vec<Block>, Error> {
    let mut found = Vec::new();
    let mut lines = bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).zip(1_usize..);
    while let Some((text, line)) = lines.next() {
        let Some(label) = boundary(text, b"-----BEGIN ") else { continue };
        let bad = || Error::BadPem { line };
        let mut base64 = Zeroizing::new(Vec::new());
        let mut has_headers = false;
        loop {
            let (text, _) = lines.next().ok_or_else(bad)?;
            if boundary(text, b"-----END ").is_some_and(|end| end == label) {
                break;
            }
            if text.contains(&b':') {
                has_headers = true;
            } else {
                base64.extend_from_slice(text);
            }
        }
        let der = decode_base64(&base64).or_else(|| has_headers.then(Zeroizing::default));
        found.push(Block {
            label: String::from_utf8_lossy(label).into_owned(),
            der: der.ok_or_else(bad)?,
            has_headers,
        });
    }
    Ok(found)
}

/// One block, in lines of 64 characters.
pub(super) fn armoured(label: &str, der: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = format!("-----BEGIN {label}-----\n");
    for (number, group) in der.chunks(3).enumerate() {
        let byte = |at: usize| group.get(at).copied().map_or(0, u32::from);
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..4_usize {
            let index = usize::try_from(bits >> (18 - 6 * at) & 63).unwrap_or(0);
            let letter = ALPHABET.get(index).copied().map_or('=', char::from);
            text.push(if at <= group.len() { letter } else { '=' });
        }
        if number % 16 == 15 {
            text.push('\n');
        }
    }
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text.push_str(&format!("-----END {label}-----\n"));
    text
}

fn boundary<'a>(line: &'a [u8], start: &[u8]) -> Option<&'a [u8]> {
    line.strip_prefix(start)?.strip_suffix(b"-----")
}

fn decode_base64(text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len() / 4 * 3 + 3));
    for group in text.chunks(4) {
        let &[a, b, c, d] = group else { return None };
        let high = six_bits(a)? << 18 | six_bits(b)? << 12;
        let [_, first, second, third] = match (c, d) {
            (b'=', b'=') => high,
            (c, b'=') => high | six_bits(c)? << 6,
            (c, d) => high | six_bits(c)? << 6 | six_bits(d)?,
        }
        .to_be_bytes();
        bytes.push(first);
        if c != b'=' {
            bytes.push(second);
        }
        if d != b'=' {
            bytes.push(third);
        }
    }
    Some(bytes)
}

fn six_bits(character: u8) -> Option<u32> {
    let value = match character {
        b'A'..=b'Z' => character - b'A',
        b'a'..=b'z' => character - b'a' + 26,
        b'0'..=b'9' => character - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_found_between_other_text() {
        let text =
            b"Bag Attributes\r\n-----BEGIN A B-----\r\nAQID\r\nBA==\r\n-----END A B-----\r\n\
            x\n-----BEGIN C-----\nAQI=\n-----END C-----";
        let found = blocks(text).unwrap();
        assert_eq!(found[0].label, "A B");
        assert_eq!(found[0].der[..], [1, 2, 3, 4]);
        assert_eq!(found[1].der[..], [1, 2]);
    }

    #[test]
    fn an_open_or_damaged_block_names_its_line() {
        let open = b"\n-----BEGIN A-----\nAQID\n";
        assert_eq!(blocks(open).err(), Some(Error::BadPem { line: 2 }));
        let damaged = b"-----BEGIN A-----\nAQI\n-----END A-----\n";
        assert_eq!(blocks(damaged).err(), Some(Error::BadPem { line: 1 }));
        let other_end = b"-----BEGIN A-----\nAQID\n-----END B-----\n";
        assert_eq!(blocks(other_end).err(), Some(Error::BadPem { line: 1 }));
    }
}
