//! The encryption dictionary of the standard security handler (ISO 32000-2 Tables 20, 21 and 25).

use std::collections::BTreeMap;

use super::cipher::Method;
use crate::pdf::{Dictionary, Error, Object, ObjectId, Revision};

/// What an encryption dictionary says.
pub(super) struct Handler {
    /// `/R`: 2 to 6.
    pub(super) revision: u8,
    /// Bytes of the file's key.
    pub(super) key_length: usize,
    /// `/O`, `/U`, `/OE`, `/UE` and `/Perms`.
    pub(super) owner: Vec<u8>,
    pub(super) user: Vec<u8>,
    pub(super) owner_key: Vec<u8>,
    pub(super) user_key: Vec<u8>,
    pub(super) perms: Vec<u8>,
    /// `/P` as 32 bits.
    pub(super) permissions: u32,
    pub(super) encrypts_metadata: bool,
    pub(super) filters: Filters,
}

/// Which data is encrypted how.
pub(super) struct Filters {
    /// `/StrF`.
    pub(super) strings: Method,
    /// `/StmF`.
    pub(super) streams: Method,
    /// `/EFF`: streams of embedded files.
    pub(super) embedded: Method,
    /// `/CF`: those that a stream may name itself.
    named: BTreeMap<Vec<u8>, Method>,
}

impl Filters {
    fn all(method: Method) -> Self {
        Self { strings: method, streams: method, embedded: method, named: BTreeMap::new() }
    }

    /// The filter of a name; `None` if there is none of it.
    pub(super) fn named(&self, name: &[u8]) -> Option<Method> {
        match name {
            b"Identity" => Some(Method::Identity),
            other => self.named.get(other).copied(),
        }
    }
}

/// What came of reading an encryption dictionary.
pub(super) enum Read {
    Standard(Box<Handler>),
    /// A handler for public keys (§7.6.5).
    PublicKey,
    /// Another handler, or a version that is not known.
    Unknown,
}

impl Read {
    /// Reads the dictionary in which `holder` stands.
    ///
    /// # Errors
    ///
    /// If it is none of its kind: nobody could open the document.
    pub(super) fn of(
        view: &Revision<'_>,
        dictionary: &Dictionary,
        holder: ObjectId,
    ) -> Result<Self, Error> {
        let wrong = |problem| Error::structure(holder, problem);
        let name = view.lookup(dictionary, b"Filter")?;
        match name.as_ref().and_then(|name| name.as_name()) {
            Some(b"Standard") => {}
            Some(_) if dictionary.contains(b"SubFilter") || is_public(view, dictionary)? => {
                return Ok(Self::PublicKey);
            }
            Some(b"Adobe.PubSec") => return Ok(Self::PublicKey),
            Some(_) => return Ok(Self::Unknown),
            None => return Err(wrong("/Encrypt names no security handler")),
        }
        let fields = Fields { view, dictionary };
        let number = |key: &[u8]| fields.integer(key);
        let (Some(version), Some(revision), Some(permissions)) =
            (number(b"V")?, number(b"R")?, number(b"P")?)
        else {
            return Err(wrong("/V, /R or /P of the encryption dictionary is not an integer"));
        };
        let bits = number(b"Length")?.unwrap_or(40);
        let Some((key_length, filters)) = fields.filters(version, bits)? else {
            return Ok(Self::Unknown);
        };
        let Ok(revision @ 2..=6) = u8::try_from(revision) else { return Ok(Self::Unknown) };
        if (version == 5) != (revision >= 5) {
            return Ok(Self::Unknown);
        }
        let handler = Handler {
            revision,
            key_length,
            owner: fields.string(b"O")?,
            user: fields.string(b"U")?,
            owner_key: fields.string(b"OE")?,
            user_key: fields.string(b"UE")?,
            perms: fields.string(b"Perms")?,
            permissions: low_bits(permissions),
            encrypts_metadata: fields.boolean(b"EncryptMetadata")?.unwrap_or(true),
            filters,
        };
        Ok(Self::Standard(Box::new(handler)))
    }
}

/// Whether a filter of the document lists whom it is for.
fn is_public(view: &Revision<'_>, dictionary: &Dictionary) -> Result<bool, Error> {
    Ok(dictionary.contains(b"Recipients")
        || view.lookup(dictionary, b"V")?.is_some_and(|version| version.as_integer() == Some(0)))
}

/// Some writers give `/P` as a number without sign: its 32 bits count.
fn low_bits(value: i64) -> u32 {
    let [.., a, b, c, d] = value.to_be_bytes();
    u32::from_be_bytes([a, b, c, d])
}

/// The entries of the dictionary, direct or behind references.
struct Fields<'v> {
    view: &'v Revision<'v>,
    dictionary: &'v Dictionary,
}

impl Fields<'_> {
    fn integer(&self, key: &[u8]) -> Result<Option<i64>, Error> {
        Ok(self.view.lookup(self.dictionary, key)?.and_then(|value| value.as_integer()))
    }

    fn boolean(&self, key: &[u8]) -> Result<Option<bool>, Error> {
        Ok(self.view.lookup(self.dictionary, key)?.and_then(|value| value.as_boolean()))
    }

    fn string(&self, key: &[u8]) -> Result<Vec<u8>, Error> {
        let value = self.view.lookup(self.dictionary, key)?;
        Ok(value
            .as_ref()
            .and_then(|value| value.as_string())
            .map_or_else(Vec::new, |text| text.bytes.clone()))
    }

    fn name(&self, key: &[u8]) -> Result<Vec<u8>, Error> {
        let value = self.view.lookup(self.dictionary, key)?;
        let name = value.as_ref().and_then(|value| value.as_name());
        Ok(name.unwrap_or(b"Identity").to_vec())
    }

    /// The length of the key in bytes, and the filters; `None` if the version is not known.
    fn filters(&self, version: i64, bits: i64) -> Result<Option<(usize, Filters)>, Error> {
        let bytes = usize::try_from(bits / 8).unwrap_or(0);
        Ok(match version {
            1 => Some((5, Filters::all(Method::Rc4))),
            2 if bits % 8 == 0 && (5..=16).contains(&bytes) => {
                Some((bytes, Filters::all(Method::Rc4)))
            }
            4 => self.crypt_filters()?.map(|filters| (16, filters)),
            5 => self.crypt_filters()?.map(|filters| (32, filters)),
            _ => None,
        })
    }

    /// `/CF`, `/StmF`, `/StrF` and `/EFF`; `None` if one of them is of a kind that is not known.
    fn crypt_filters(&self) -> Result<Option<Filters>, Error> {
        let mut named = BTreeMap::new();
        let listed = self.view.lookup(self.dictionary, b"CF")?;
        let listed = listed.as_ref().and_then(|listed| listed.as_dictionary());
        for (name, filter) in listed.into_iter().flat_map(Dictionary::iter) {
            let filter = self.view.resolve(filter)?;
            let Object::Dictionary(filter) = &*filter else { return Ok(None) };
            let method = self.view.lookup(filter, b"CFM")?;
            let method = match method.as_ref().and_then(|method| method.as_name()) {
                Some(b"V2") => Method::Rc4,
                Some(b"AESV2") => Method::Aes128,
                Some(b"AESV3") => Method::Aes256,
                _ => return Ok(None),
            };
            named.insert(name.to_vec(), method);
        }
        let mut filters = Filters { named, ..Filters::all(Method::Identity) };
        let (strings, streams) = (self.name(b"StrF")?, self.name(b"StmF")?);
        let embedded =
            if self.dictionary.contains(b"EFF") { self.name(b"EFF")? } else { streams.clone() };
        let (Some(strings), Some(streams), Some(embedded)) =
            (filters.named(&strings), filters.named(&streams), filters.named(&embedded))
        else {
            return Ok(None);
        };
        (filters.strings, filters.streams, filters.embedded) = (strings, streams, embedded);
        Ok(Some(filters))
    }
}
