//! From a password to the file's key (ISO 32000-2 §7.6.4.3 and §7.6.4.4, Algorithms 2 to 13).

use md5::{Digest as _, Md5};
use zeroize::Zeroizing;

use super::cipher::{BLOCK, cbc_decrypt, cbc_encrypt, rc4};
use super::handler::Handler;
use super::password::Password;
use super::permissions::Permissions;
use super::{FileKey, OpenedBy};
use crate::digest::{Digest, DigestAlgorithm};

/// What short passwords are filled up with.
const PADDING: [u8; 32] = [
    0x28, 0xBF, 0x4E, 0x5E, 0x4E, 0x75, 0x8A, 0x41, 0x64, 0x00, 0x4E, 0x56, 0xFF, 0xFA, 0x01, 0x08,
    0x2E, 0x2E, 0x00, 0xB6, 0xD0, 0x68, 0x3E, 0x80, 0x2F, 0x0C, 0xA9, 0xFE, 0x64, 0x53, 0x69, 0x7A,
];

impl Handler {
    /// The file's key, if the password is the owner's or the user's. `id` is the first part of the
    /// file's identifier. Whoever has the owner's is the owner, also if it is the user's too.
    pub(super) fn open(&self, id: &[u8], password: &Password) -> Option<(FileKey, OpenedBy)> {
        if self.revision >= 5 {
            let spellings = password.in_utf8();
            let open =
                |by: OpenedBy| spellings.iter().find_map(|it| Some((self.open_256(it, by)?, by)));
            return open(OpenedBy::Owner).or_else(|| open(OpenedBy::User));
        }
        let spellings = password.in_single_bytes();
        let as_owner = spellings.iter().find_map(|it| self.open_user(id, &self.users_password(it)));
        let as_user = || spellings.iter().find_map(|it| self.open_user(id, it));
        as_owner.map(|key| (key, OpenedBy::Owner)).or_else(|| Some((as_user()?, OpenedBy::User)))
    }

    /// What `/P` permits, if `/Perms` of a handler of revision 6 agrees: whoever changed the one could
    /// not change the other.
    pub(super) fn checked_permissions(&self, key: &FileKey) -> Option<Permissions> {
        if self.revision >= 6 {
            let mut perms: [u8; BLOCK] = self.perms.get(..BLOCK)?.try_into().ok()?;
            cbc_decrypt(key, [0; BLOCK], &mut perms)?;
            let [a, b, c, d, _, _, _, _, metadata, b'a', b'd', b'b', ..] = perms else {
                return None;
            };
            let says_metadata = if self.encrypts_metadata { b'T' } else { b'F' };
            if u32::from_le_bytes([a, b, c, d]) != self.permissions || metadata != says_metadata {
                return None;
            }
        }
        Some(Permissions::new(self.permissions, self.revision))
    }

    /// Algorithm 6: the key, if the user's password is this one.
    fn open_user(&self, id: &[u8], password: &[u8]) -> Option<FileKey> {
        let key = self.key_of(id, password);
        let expected = if self.revision == 2 {
            rc4(&key, &PADDING)
        } else {
            let mut hash = Md5::new();
            hash.update(PADDING);
            hash.update(id);
            let hash = hash.finalize();
            (0..20).fold(hash.to_vec(), |data, round| rc4(&xored(&key, round), &data))
        };
        (self.user.get(..expected.len()) == Some(&*expected)).then_some(key)
    }

    /// Algorithm 2: the file's key from the user's password.
    fn key_of(&self, id: &[u8], password: &[u8]) -> FileKey {
        let mut hash = Md5::new();
        hash.update(&*padded(password));
        hash.update(self.owner.get(..32).unwrap_or(&self.owner));
        hash.update(self.permissions.to_le_bytes());
        hash.update(id);
        if self.revision >= 4 && !self.encrypts_metadata {
            hash.update([0xFF; 4]);
        }
        let mut key: FileKey = shortened(&hash.finalize(), self.key_length);
        if self.revision >= 3 {
            for _ in 0..50 {
                key = shortened(&Md5::digest(&*key), self.key_length);
            }
        }
        key
    }

    /// Algorithm 7: the user's password, as the owner's opens it; something else if it is not his.
    fn users_password(&self, owner: &[u8]) -> FileKey {
        let mut key: FileKey = Zeroizing::new(Md5::digest(&*padded(owner)).to_vec());
        if self.revision >= 3 {
            for _ in 0..50 {
                key = Zeroizing::new(Md5::digest(&*key).to_vec());
            }
        }
        let key = shortened(&key, self.key_length);
        let coded = Zeroizing::new(self.owner.get(..32).unwrap_or(&self.owner).to_vec());
        if self.revision == 2 {
            return Zeroizing::new(rc4(&key, &coded));
        }
        (0..20).rev().fold(coded, |data, round| Zeroizing::new(rc4(&xored(&key, round), &data)))
    }

    /// Algorithm 2.A: the key of a handler of revision 5 or 6.
    fn open_256(&self, password: &[u8], by: OpenedBy) -> Option<FileKey> {
        let user = self.user.get(..48)?;
        let (entry, coded, besides) = match by {
            OpenedBy::Owner => (self.owner.get(..48)?, &self.owner_key, user),
            OpenedBy::User => (user, &self.user_key, &[][..]),
        };
        let (expected, salts) = entry.split_at_checked(32)?;
        let (of_check, of_key) = salts.split_at_checked(8)?;
        if **self.hash(password, of_check, besides)? != *expected {
            return None;
        }
        let between = self.hash(password, of_key, besides)?;
        let mut key = Zeroizing::new(coded.get(..32)?.to_vec());
        cbc_decrypt(&between, [0; BLOCK], &mut key)?;
        Some(key)
    }

    /// Algorithm 2.B, or the plain SHA-256 of the revision before it.
    fn hash(&self, password: &[u8], salt: &[u8], besides: &[u8]) -> Option<FileKey> {
        let digest = |algorithm, bytes: &[u8]| {
            Zeroizing::new(Digest::of(algorithm, bytes).as_bytes().to_vec())
        };
        let first = Zeroizing::new([password, salt, besides].concat());
        let mut hash = digest(DigestAlgorithm::Sha256, &first);
        if self.revision < 6 {
            return Some(hash);
        }
        let mut round = 0_u32;
        loop {
            let repeated = [password, &hash, besides].concat().repeat(64);
            let mut coded = Zeroizing::new(repeated);
            let (key, iv) = hash.get(..32)?.split_at_checked(BLOCK)?;
            cbc_encrypt(key, iv.try_into().ok()?, &mut coded)?;
            let sum: u32 = coded.iter().take(BLOCK).map(|byte| u32::from(*byte)).sum();
            let algorithm = match sum % 3 {
                0 => DigestAlgorithm::Sha256,
                1 => DigestAlgorithm::Sha384,
                _ => DigestAlgorithm::Sha512,
            };
            hash = digest(algorithm, &coded);
            round += 1;
            // Round 64 is the first that may be the last.
            if round >= 64 && u32::from(*coded.last()?) + 32 <= round {
                return Some(shortened(&hash, 32));
            }
        }
    }
}

/// The first 32 bytes of a password, filled up.
fn padded(password: &[u8]) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(password.iter().chain(&PADDING).take(32).copied().collect())
}

fn shortened(bytes: &[u8], length: usize) -> FileKey {
    Zeroizing::new(bytes.iter().take(length).copied().collect())
}

fn xored(key: &[u8], round: u8) -> FileKey {
    Zeroizing::new(key.iter().map(|byte| byte ^ round).collect())
}
