//! Encrypting what is appended to an encrypted document: the same key, the same ciphers.
//!
//! No randomness is needed. The initialization vector of CBC mode has to be unpredictable for whoever
//! has no key: it is a keyed hash of where the data goes and of the data itself, as in NIST SP 800-38A,
//! Appendix C, a nonce under the key. The same update of the same document gives the same bytes.

use super::Security;
use super::cipher::BLOCK;
use super::values::is_signature;
use crate::digest::{Digest, DigestAlgorithm, hmac_sha256};
use crate::pdf::object::StringObject;
use crate::pdf::syntax::{Fault, Parser, Strictness};
use crate::pdf::{Dictionary, Error, Object, ObjectId, Span, Spanned};

/// Deeper than any reader goes.
const DEPTH: u64 = 500;

impl Security {
    /// The body of an object in the file's encryption: its strings, and the data of a stream. `base` is
    /// the length of the document that is extended.
    ///
    /// # Errors
    ///
    /// If the body is no object: our fault.
    pub(in crate::pdf) fn encrypt(
        &self,
        base: u64,
        id: ObjectId,
        body: &[u8],
    ) -> Result<Vec<u8>, Error> {
        self.encrypt_as_read(base, id, body, body)
    }

    /// The same for a signature dictionary whose `/ByteRange` is still `blank`.
    ///
    /// # Errors
    ///
    /// As [`Security::encrypt`].
    pub(in crate::pdf) fn encrypt_signature(
        &self,
        base: u64,
        id: ObjectId,
        body: &[u8],
        blank: usize,
    ) -> Result<Vec<u8>, Error> {
        let mut read = body.to_vec();
        if let Some(array) = read.get_mut(blank..).and_then(|rest| rest.get_mut(..2)) {
            array.copy_from_slice(b"[]");
        }
        self.encrypt_as_read(base, id, body, &read)
    }

    fn encrypt_as_read(
        &self,
        base: u64,
        id: ObjectId,
        body: &[u8],
        read: &[u8],
    ) -> Result<Vec<u8>, Error> {
        let wrong = || Error::structure(id, "what is to be encrypted is no object");
        let mut parser =
            Parser::new(read, 0, true, Strictness::Strict).with_limits(DEPTH, u64::MAX);
        let value = parser.value().map_err(|_: Fault| wrong())?;
        let mut changes = Vec::new();
        let mut index = 0_u32;
        let mut encrypt = |method: super::Method, data: &[u8]| {
            index += 1;
            let iv = || self.vector(base, id, index, data);
            method.encrypt(&self.key, id, data, iv).ok_or_else(wrong)
        };
        for (span, string) in strings(&value) {
            changes.push((span, token(&encrypt(self.filters.strings, &string.bytes)?)));
        }
        parser.skip_space();
        if let Object::Dictionary(dictionary) = &value.value
            && parser.keyword("stream").is_ok()
        {
            parser.line_end_of_stream().map_err(|_| wrong())?;
            let stated = dictionary.get_spanned(b"Length").ok_or_else(wrong)?;
            let length = stated.value.as_integer().and_then(|it| u64::try_from(it).ok());
            let data = Span::new(parser.offset(), parser.offset() + length.ok_or_else(wrong)?);
            let method = self.of_stream(dictionary).ok_or_else(wrong)?;
            let coded = encrypt(method, slice(body, data).ok_or_else(wrong)?)?;
            changes.push((stated.span, coded.len().to_string().into_bytes()));
            changes.push((data, coded));
        }
        replaced(body, 0, &changes).ok_or_else(wrong)
    }

    /// What nobody without the key can foresee, and no two pieces of data share.
    fn vector(&self, base: u64, id: ObjectId, index: u32, data: &[u8]) -> [u8; BLOCK] {
        let message = [
            &b"sealwright initialization vector\0"[..],
            &base.to_be_bytes(),
            &id.number.to_be_bytes(),
            &id.generation.to_be_bytes(),
            &index.to_be_bytes(),
            Digest::of(DigestAlgorithm::Sha256, data).as_bytes(),
        ]
        .concat();
        let [first, _] = *hmac_sha256(&self.key, &message).as_chunks::<BLOCK>().0 else {
            return [0; BLOCK];
        };
        first
    }

    /// Where strings stand in the bytes of an object of the file, and how they are spelt in plain.
    pub(in crate::pdf) fn plain_strings(&self, id: ObjectId, object: &Spanned) -> Vec<Plain> {
        if self.dictionary == Some(id) {
            return Vec::new();
        }
        strings(object).into_iter().map(|(span, string)| (span, token(&string.bytes))).collect()
    }
}

/// Where something stands, and what is to stand there.
pub(in crate::pdf) type Plain = (Span, Vec<u8>);

/// `bytes`, of which the first one is at `start`, with other tokens in some places. Changes must be in
/// order and must not overlap; `None` if they do, or leave the bytes.
pub(in crate::pdf) fn replaced(bytes: &[u8], start: u64, changes: &[Plain]) -> Option<Vec<u8>> {
    let mut order: Vec<&Plain> = changes.iter().collect();
    order.sort_by_key(|(span, _)| (span.start, span.end));
    let at = |offset: u64| usize::try_from(offset.checked_sub(start)?).ok();
    let (mut out, mut copied) = (Vec::with_capacity(bytes.len() + 256), 0);
    for (span, text) in order {
        out.extend_from_slice(bytes.get(copied..at(span.start)?)?);
        out.extend_from_slice(text);
        copied = at(span.end)?;
    }
    out.extend_from_slice(bytes.get(copied..)?);
    Some(out)
}

/// All strings inside that are encrypted, in the order in which they stand.
fn strings(object: &Spanned) -> Vec<(Span, &StringObject)> {
    fn collect<'o>(object: &'o Spanned, found: &mut Vec<(Span, &'o StringObject)>) {
        match &object.value {
            Object::String(string) => found.push((object.span, string)),
            Object::Array(items) => items.iter().for_each(|item| collect(item, found)),
            Object::Dictionary(dictionary) => of_dictionary(dictionary, found),
            Object::Stream(stream) => of_dictionary(&stream.dictionary, found),
            _ => {}
        }
    }
    fn of_dictionary<'o>(dictionary: &'o Dictionary, found: &mut Vec<(Span, &'o StringObject)>) {
        let is_signature = is_signature(dictionary);
        let entries = dictionary.entries().iter();
        entries
            .filter(|entry| !(is_signature && entry.key == b"Contents"))
            .for_each(|entry| collect(&entry.value, found));
    }
    let mut found = Vec::new();
    collect(object, &mut found);
    found
}

fn token(bytes: &[u8]) -> Vec<u8> {
    let mut token = Vec::with_capacity(bytes.len() * 2 + 2);
    token.push(b'<');
    for byte in bytes {
        token.extend(format!("{byte:02x}").into_bytes());
    }
    token.push(b'>');
    token
}

fn slice(bytes: &[u8], span: Span) -> Option<&[u8]> {
    bytes.get(usize::try_from(span.start).ok()?..usize::try_from(span.end).ok()?)
}
