//! Passwords of documents (ISO 32000-2 §7.6.4): a secret that is shown nowhere and wiped.

use std::fmt;

use zeroize::Zeroizing;

use crate::pdf::text_string;

/// A password of a document, the user's or the owner's; which one it is shows when it opens it.
///
/// It is wiped from memory when it is dropped, and no `Debug`, error or finding shows it.
///
/// ```
/// use sealwright::pdf::Password;
///
/// let password = Password::new("secret");
/// assert_eq!(format!("{password:?}"), "Password(..)");
/// ```
#[derive(Clone)]
pub struct Password(Zeroizing<Vec<u8>>);

impl Password {
    /// A password as somebody types it.
    #[must_use]
    pub fn new(password: &str) -> Self {
        Self(Zeroizing::new(password.as_bytes().to_vec()))
    }

    /// A password in the bytes that the document's writer made of it, where those are no UTF-8.
    #[must_use]
    pub fn from_bytes(password: &[u8]) -> Self {
        Self(Zeroizing::new(password.to_vec()))
    }

    /// The spellings to try for handlers up to revision 4: PDFDocEncoding, as the standard says, and
    /// the bytes that were given.
    pub(super) fn in_single_bytes(&self) -> Vec<Zeroizing<Vec<u8>>> {
        let given = self.0.clone();
        let encoded = std::str::from_utf8(&given).ok().filter(|text| !text.is_ascii());
        let encoded = encoded.map(|text| Zeroizing::new(text_string::encode(text)));
        encoded.into_iter().chain([given]).collect()
    }

    /// The spellings to try for handlers of revision 5 and 6: UTF-8 prepared by SASLprep (RFC 4013), as
    /// the standard says, and the bytes that were given; 127 bytes of either.
    pub(super) fn in_utf8(&self) -> Vec<Zeroizing<Vec<u8>>> {
        let cut = |bytes: &[u8]| Zeroizing::new(bytes.iter().take(127).copied().collect());
        let prepared = std::str::from_utf8(&self.0)
            .ok()
            .and_then(|text| stringprep::saslprep(text).ok())
            .map(|text| Zeroizing::new(text.into_owned().into_bytes()))
            .filter(|prepared| *prepared != self.0);
        prepared.iter().map(|prepared| cut(prepared)).chain([cut(&self.0)]).collect()
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_tried_in_the_spelling_of_the_standard_first() {
        let spelt = |all: Vec<Zeroizing<Vec<u8>>>| -> Vec<Vec<u8>> {
            all.iter().map(|bytes| bytes.to_vec()).collect()
        };
        let plain = Password::new("user");
        assert_eq!(spelt(plain.in_single_bytes()), [b"user"]);
        assert_eq!(spelt(plain.in_utf8()), [b"user"]);
        let accented = Password::new("Ŝé\u{AD}");
        assert_eq!(spelt(accented.in_single_bytes()).len(), 2);
        assert_eq!(spelt(Password::new("é").in_single_bytes())[0], b"\xE9");
        assert_eq!(spelt(accented.in_utf8())[0], "Ŝé".as_bytes());
        assert_eq!(spelt(Password::new(&"x".repeat(200)).in_utf8())[0].len(), 127);
        assert_eq!(spelt(Password::from_bytes(b"\xFF").in_utf8()), [b"\xFF"]);
    }

    #[test]
    fn a_password_shows_nowhere() {
        assert!(!format!("{:?}", Password::new("geheim")).contains("geheim"));
    }
}
