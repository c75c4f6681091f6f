//! Personal facts, encrypted before they touch the disk.
//!
//! The engine stores a personal fact as `{"personal": "…"}` and nowhere else. So a host need not
//! know its types: it looks for that key, in snapshots and in events alike, and replaces the text.
//!
//! Each text is bound to the row that it stands in (as additional data of the AEAD): whoever can write
//! the database cannot move somebody's number into another row, or an old one into a later revision.
//! Within one row the texts can still be exchanged; a host that minds binds their place in the JSON
//! too.

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom, SystemRandom};
use serde_json::Value;

use crate::Error;

/// The row that a JSON text stands in.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// Whether it is a snapshot or an event: `snapshot`, `event`.
    pub table: &'static str,
    /// What kind of aggregate.
    pub kind: &'static str,
    /// Which one.
    pub id: &'a str,
    /// The revision of the state, or of the event.
    pub revision: i64,
}

impl Row<'_> {
    /// What a text of this row is bound to. No id holds the separator.
    fn bound(&self) -> String {
        let Self { table, kind, id, revision } = self;
        format!("{table}\u{1f}{kind}\u{1f}{id}\u{1f}{revision}")
    }
}

/// Encrypts and decrypts the personal facts in a JSON text.
///
/// One key for everything, for the sake of the example. With a key per person, throwing the key
/// away forgets the person, while the trail and its hashes stay as they are.
pub struct Vault {
    key: LessSafeKey,
    random: SystemRandom,
}

impl Vault {
    /// A vault under a key of 32 bytes, which comes from a key service and not from the database.
    pub fn new(key: &[u8; 32]) -> Result<Self, Error> {
        let key = UnboundKey::new(&AES_256_GCM, key).map_err(|_| Error::Vault)?;
        Ok(Self { key: LessSafeKey::new(key), random: SystemRandom::new() })
    }

    /// The JSON text with its personal facts encrypted, for this row.
    pub fn seal(&self, json: &str, row: Row<'_>) -> Result<String, Error> {
        self.rewritten(json, &|text| self.encrypt(text, row))
    }

    /// The JSON text as the engine wrote it, if it was sealed for this row.
    pub fn open(&self, json: &str, row: Row<'_>) -> Result<String, Error> {
        self.rewritten(json, &|text| self.decrypt(text, row))
    }

    fn rewritten(
        &self,
        json: &str,
        rewrite: &dyn Fn(&str) -> Result<String, Error>,
    ) -> Result<String, Error> {
        let mut value: Value = serde_json::from_str(json)?;
        each_personal_fact(&mut value, rewrite)?;
        Ok(serde_json::to_string(&value)?)
    }

    fn encrypt(&self, text: &str, row: Row<'_>) -> Result<String, Error> {
        let mut nonce = [0; NONCE_LEN];
        self.random.fill(&mut nonce).map_err(|_| Error::Vault)?;
        let mut bytes = text.as_bytes().to_vec();
        self.key
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(row.bound()),
                &mut bytes,
            )
            .map_err(|_| Error::Vault)?;
        Ok(nonce.iter().chain(&bytes).map(|byte| format!("{byte:02x}")).collect())
    }

    fn decrypt(&self, text: &str, row: Row<'_>) -> Result<String, Error> {
        let bytes: Option<Vec<u8>> = (0..text.len())
            .step_by(2)
            .map(|at| text.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok()))
            .collect();
        let bytes = bytes.ok_or(Error::Vault)?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE_LEN>().ok_or(Error::Vault)?;
        let mut sealed = sealed.to_vec();
        let opened = self
            .key
            .open_in_place(
                Nonce::assume_unique_for_key(*nonce),
                Aad::from(row.bound()),
                &mut sealed,
            )
            .map_err(|_| Error::Vault)?;
        String::from_utf8(opened.to_vec()).map_err(|_| Error::Vault)
    }
}

fn each_personal_fact(
    value: &mut Value,
    rewrite: &dyn Fn(&str) -> Result<String, Error>,
) -> Result<(), Error> {
    match value {
        Value::Object(members) => {
            if members.len() == 1
                && let Some(Value::String(text)) = members.get_mut("personal")
            {
                *text = rewrite(text)?;
                return Ok(());
            }
            members.values_mut().try_for_each(|member| each_personal_fact(member, rewrite))
        }
        Value::Array(items) => {
            items.iter_mut().try_for_each(|item| each_personal_fact(item, rewrite))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JSON: &str = r#"{"a":{"personal":"13800000000"},"b":[{"personal":"张三"}],"c":"合同"}"#;
    const ROW: Row<'static> = Row { table: "snapshot", kind: "employee", id: "one", revision: 2 };

    #[test]
    fn personal_facts_and_nothing_else_are_encrypted() {
        let vault = Vault::new(&[7; 32]).unwrap();
        let sealed = vault.seal(JSON, ROW).unwrap();
        assert!(!sealed.contains("13800000000") && !sealed.contains("张三"));
        assert!(sealed.contains("合同"));
        let (opened, written): (Value, Value) = (
            serde_json::from_str(&vault.open(&sealed, ROW).unwrap()).unwrap(),
            serde_json::from_str(JSON).unwrap(),
        );
        assert_eq!(opened, written);
    }

    #[test]
    fn another_key_opens_nothing() {
        let sealed = Vault::new(&[7; 32]).unwrap().seal(JSON, ROW).unwrap();
        assert!(Vault::new(&[8; 32]).unwrap().open(&sealed, ROW).is_err());
    }

    #[test]
    fn what_was_moved_to_another_row_does_not_open() {
        let vault = Vault::new(&[7; 32]).unwrap();
        let sealed = vault.seal(JSON, ROW).unwrap();
        for other in [
            Row { table: "event", ..ROW },
            Row { kind: "seal", ..ROW },
            Row { id: "other", ..ROW },
            Row { revision: 3, ..ROW },
        ] {
            assert!(matches!(vault.open(&sealed, other), Err(Error::Vault)), "{other:?}");
        }
    }
}
