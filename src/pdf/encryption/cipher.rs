//! The ciphers of the standard security handler: RC4, and AES in CBC mode (ISO 32000-2 §7.6.3).
//!
//! RC4 and AES-128 with keys from MD5 are what old documents have; they protect little, and are here
//! so that such documents can be judged and signed as they are.

use aes::cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use md5::{Digest as _, Md5};
use zeroize::Zeroizing;

use crate::pdf::ObjectId;

/// Bytes of one block of AES.
pub(super) const BLOCK: usize = 16;

/// How data of one kind is encrypted (`/CFM`, Table 25).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    /// Not at all.
    Identity,
    /// RC4 with a key for each object.
    Rc4,
    /// AES-128 in CBC mode with a key for each object.
    Aes128,
    /// AES-256 in CBC mode with the file's key.
    Aes256,
}

impl Method {
    /// The name by which people know it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Identity => "none",
            Self::Rc4 => "RC4",
            Self::Aes128 => "AES-128",
            Self::Aes256 => "AES-256",
        }
    }

    /// The key for an object (Algorithm 1 and 1.A).
    fn key(self, file_key: &[u8], id: ObjectId) -> Zeroizing<Vec<u8>> {
        if matches!(self, Self::Identity | Self::Aes256) {
            return Zeroizing::new(file_key.to_vec());
        }
        let mut hash = Md5::new();
        hash.update(file_key);
        hash.update(id.number.to_le_bytes().split_at(3).0);
        hash.update(id.generation.to_le_bytes());
        if self == Self::Aes128 {
            hash.update(b"sAlT");
        }
        let length = (file_key.len() + 5).min(BLOCK);
        Zeroizing::new(hash.finalize().iter().take(length).copied().collect())
    }

    /// The data of an object in plain; `None` if it cannot have been encrypted so.
    pub(super) fn decrypt(self, file_key: &[u8], id: ObjectId, data: &[u8]) -> Option<Vec<u8>> {
        let key = self.key(file_key, id);
        match self {
            Self::Identity => Some(data.to_vec()),
            Self::Rc4 => Some(rc4(&key, data)),
            // Some writers leave what is empty as it is, or do not pad it.
            Self::Aes128 | Self::Aes256 if data.is_empty() || data.len() == BLOCK => {
                Some(Vec::new())
            }
            Self::Aes128 | Self::Aes256 => {
                let (iv, data) = data.split_at_checked(BLOCK)?;
                let mut plain = data.to_vec();
                cbc_decrypt(&key, iv.try_into().ok()?, &mut plain)?;
                without_padding(&mut plain)?;
                Some(plain)
            }
        }
    }

    /// The data of an object encrypted; `iv` is asked for where the cipher wants one.
    pub(super) fn encrypt(
        self,
        file_key: &[u8],
        id: ObjectId,
        data: &[u8],
        iv: impl FnOnce() -> [u8; BLOCK],
    ) -> Option<Vec<u8>> {
        let key = self.key(file_key, id);
        match self {
            Self::Identity => Some(data.to_vec()),
            Self::Rc4 => Some(rc4(&key, data)),
            Self::Aes128 | Self::Aes256 => {
                let iv = iv();
                let padding = BLOCK - data.len() % BLOCK;
                let mut coded = data.to_vec();
                coded.resize(data.len() + padding, u8::try_from(padding).ok()?);
                cbc_encrypt(&key, iv, &mut coded)?;
                Some([&iv[..], &coded].concat())
            }
        }
    }
}

/// RC4: the same way back and forth.
pub(super) fn rc4(key: &[u8], data: &[u8]) -> Vec<u8> {
    let mut state = [0_u8; 256];
    for (slot, value) in state.iter_mut().zip(0..=u8::MAX) {
        *slot = value;
    }
    let at = |state: &[u8; 256], index: u8| state.get(usize::from(index)).copied().unwrap_or(0);
    let mut j = 0_u8;
    for (i, key) in (0..=u8::MAX).zip(key.iter().cycle()) {
        j = j.wrapping_add(at(&state, i)).wrapping_add(*key);
        state.swap(usize::from(i), usize::from(j));
    }
    let (mut i, mut j) = (0_u8, 0_u8);
    data.iter()
        .map(|byte| {
            i = i.wrapping_add(1);
            j = j.wrapping_add(at(&state, i));
            state.swap(usize::from(i), usize::from(j));
            byte ^ at(&state, at(&state, i).wrapping_add(at(&state, j)))
        })
        .collect()
}

/// AES in CBC mode without padding, in place; `None` if the key or the data has a wrong length.
pub(super) fn cbc_decrypt(key: &[u8], iv: [u8; BLOCK], data: &mut [u8]) -> Option<()> {
    match key.len() {
        16 => chain_back(&aes::Aes128::new_from_slice(key).ok()?, iv, data),
        32 => chain_back(&aes::Aes256::new_from_slice(key).ok()?, iv, data),
        _ => None,
    }
}

/// The same forwards.
pub(super) fn cbc_encrypt(key: &[u8], iv: [u8; BLOCK], data: &mut [u8]) -> Option<()> {
    match key.len() {
        16 => chain(&aes::Aes128::new_from_slice(key).ok()?, iv, data),
        32 => chain(&aes::Aes256::new_from_slice(key).ok()?, iv, data),
        _ => None,
    }
}

fn chain_back(
    cipher: &impl BlockCipherDecrypt<BlockSize = aes::cipher::consts::U16>,
    iv: [u8; BLOCK],
    data: &mut [u8],
) -> Option<()> {
    let (blocks, []) = data.as_chunks_mut::<BLOCK>() else { return None };
    let mut before = iv;
    for block in blocks {
        let coded = *block;
        cipher.decrypt_block(block.into());
        xor(block, &before);
        before = coded;
    }
    Some(())
}

fn chain(
    cipher: &impl BlockCipherEncrypt<BlockSize = aes::cipher::consts::U16>,
    iv: [u8; BLOCK],
    data: &mut [u8],
) -> Option<()> {
    let (blocks, []) = data.as_chunks_mut::<BLOCK>() else { return None };
    let mut before = iv;
    for block in blocks {
        xor(block, &before);
        cipher.encrypt_block(block.into());
        before = *block;
    }
    Some(())
}

fn xor(block: &mut [u8; BLOCK], with: &[u8; BLOCK]) {
    block.iter_mut().zip(with).for_each(|(byte, with)| *byte ^= with);
}

/// Takes the padding of PKCS #5 away; `None` if it is none.
fn without_padding(plain: &mut Vec<u8>) -> Option<()> {
    let count = usize::from(*plain.last()?);
    let length = plain.len().checked_sub(count).filter(|_| (1..=BLOCK).contains(&count))?;
    let is_padding = |byte: &u8| usize::from(*byte) == count;
    plain.get(length..)?.iter().all(is_padding).then(|| plain.truncate(length))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(text: &str) -> Vec<u8> {
        let digit = |byte: u8| u8::try_from((byte as char).to_digit(16).unwrap()).unwrap();
        text.as_bytes().chunks(2).map(|pair| digit(pair[0]) << 4 | digit(pair[1])).collect()
    }

    #[test]
    fn rc4_gives_what_is_published() {
        // RFC 6229 has the key stream: that of the key 0102030405.
        assert_eq!(rc4(&[1, 2, 3, 4, 5], &[0; 8]), hex("b2396305f03dc027"));
        assert_eq!(rc4(b"Key", b"Plaintext"), hex("bbf316e8d940af0ad3"));
    }

    #[test]
    fn aes_in_chains_gives_what_is_published() {
        // NIST SP 800-38A, F.2.1 and F.2.5.
        let iv: [u8; 16] = std::array::from_fn(|index| u8::try_from(index).unwrap());
        let plain = hex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51");
        for (key, coded) in [
            (
                "2b7e151628aed2a6abf7158809cf4f3c",
                "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2",
            ),
            (
                "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
                "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d",
            ),
        ] {
            let mut data = plain.clone();
            cbc_encrypt(&hex(key), iv, &mut data).unwrap();
            assert_eq!(data, hex(coded));
            cbc_decrypt(&hex(key), iv, &mut data).unwrap();
            assert_eq!(data, plain);
        }
        assert_eq!(cbc_encrypt(&[0; 16], iv, &mut [0; 15]), None);
        assert_eq!(cbc_decrypt(&[0; 15], iv, &mut [0; 16]), None);
    }

    #[test]
    fn what_was_encrypted_comes_back_whatever_its_length() {
        let id = ObjectId::new(70_000, 3);
        for (method, key) in [
            (Method::Identity, &[7_u8; 16][..]),
            (Method::Rc4, &[7; 5]),
            (Method::Rc4, &[7; 16]),
            (Method::Aes128, &[7; 16]),
            (Method::Aes256, &[7; 32]),
        ] {
            for length in [0, 1, 15, 16, 17, 100] {
                let plain = vec![b'x'; length];
                let coded = method.encrypt(key, id, &plain, || [9; BLOCK]).unwrap();
                assert_eq!(method.decrypt(key, id, &coded), Some(plain), "{method:?} {length}");
            }
        }
    }

    #[test]
    fn each_object_has_a_key_of_its_own_but_under_aes_256() {
        let (one, other) = (ObjectId::new(1, 0), ObjectId::new(1, 1));
        for (method, differs) in
            [(Method::Rc4, true), (Method::Aes128, true), (Method::Aes256, false)]
        {
            let keys = [one, other].map(|id| method.key(&[1; 32], id));
            assert_eq!(keys[0] != keys[1], differs, "{method:?}");
        }
    }

    #[test]
    fn what_was_not_encrypted_so_is_refused() {
        let id = ObjectId::new(1, 0);
        let coded = Method::Aes256.encrypt(&[1; 32], id, b"text", || [0; BLOCK]).unwrap();
        assert_eq!(Method::Aes256.decrypt(&[1; 32], id, &coded[..31]), None);
        assert_eq!(Method::Aes256.decrypt(&[1; 32], id, &[0; 3]), None);
        assert_eq!(Method::Aes256.decrypt(&[2; 32], id, &coded), None, "its padding is none");
        assert_eq!(Method::Aes256.decrypt(&[1; 32], id, b"").unwrap(), b"");
        assert_eq!(Method::Aes256.decrypt(&[1; 32], id, &coded[..16]).unwrap(), b"");
    }
}
