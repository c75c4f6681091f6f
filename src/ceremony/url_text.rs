//! Bytes as URL-safe text: base64url without padding (RFC 4648 §5), one text per value; and as the
//! base64 of `data:` URLs (§4), which is only written.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The text of `bytes`.
pub(super) fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let packed = group.iter().fold(0_u32, |packed, byte| (packed << 8) | u32::from(*byte));
        // Short groups are filled up with zero bits on the right.
        let packed = packed << (8 * (3 - group.len()));
        for place in 0..=group.len() {
            let index = usize::try_from((packed >> (18 - 6 * place)) & 63).unwrap_or(0);
            text.extend(ALPHABET.get(index).map(|letter| char::from(*letter)));
        }
    }
    text
}

/// The text of `bytes` in a `data:` URL: with `+`, `/` and padding.
pub(super) fn encode_padded(bytes: &[u8]) -> String {
    let mut text = encode(bytes).replace('-', "+").replace('_', "/");
    text.extend(std::iter::repeat_n('=', text.len().next_multiple_of(4) - text.len()));
    text
}

/// The bytes of `text`; nothing if it holds any other character, has an impossible length or bits
/// that no encoder sets, so that no two texts mean the same bytes.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 2);
    for group in text.as_bytes().chunks(4) {
        let mut packed = 0_u32;
        for letter in group {
            packed = (packed << 6) | value_of(*letter)?;
        }
        let packed = packed << (6 * (4 - group.len()));
        let [_, first, second, third] = packed.to_be_bytes();
        let (used, unused): (&[u8], &[u8]) = match group.len() {
            4 => (&[first, second, third], &[]),
            3 => (&[first, second], &[third]),
            2 => (&[first], &[second, third]),
            _ => return None,
        };
        if unused.iter().any(|byte| *byte != 0) {
            return None;
        }
        bytes.extend_from_slice(used);
    }
    Some(bytes)
}

fn value_of(letter: u8) -> Option<u32> {
    let value = match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'-' => 62,
        b'_' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_vectors_of_rfc_4648() {
        let vectors =
            [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")];
        for (plain, text) in vectors {
            assert_eq!(encode(plain.as_bytes()), text);
            assert_eq!(decode(text).unwrap(), plain.as_bytes());
        }
        assert_eq!(encode(&[0xfb, 0xff, 0xbf]), "-_-_");
        assert_eq!(encode_padded(&[0xfb, 0xff]), "+/8=");
        assert_eq!(encode_padded(b"foobar") + &encode_padded(b"f"), "Zm9vYmFyZg==");
    }

    #[test]
    fn other_spellings_are_refused() {
        for text in ["Zg==", "Z", "Zh", "Zm9", "Zm9v\n", "+/+/", "Zm9 v", "Zm9v.", "ｚｇ"] {
            assert!(decode(text).is_none(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_text_has_one_value(bytes: Vec<u8>) {
            prop_assert_eq!(decode(&encode(&bytes)).unwrap(), bytes);
        }

        #[test]
        fn every_value_has_one_text(text in "[A-Za-z0-9_-]{0,40}") {
            if let Some(bytes) = decode(&text) {
                prop_assert_eq!(encode(&bytes), text);
            }
        }
    }
}
