//! Opening an encrypted document: its dictionary, its password, and whether all revisions agree.

use std::sync::Arc;

use super::cipher::Method;
use super::handler::Read;
use super::{Closed, Opened, OpenedBy, Password, Permissions, Protection, Security, State};
use crate::limits::Limits;
use crate::pdf::{Dictionary, Error, File, Object, ObjectId, Source};

impl<'a> File<'a> {
    /// Opens a document with the password of its user or its owner, if it is encrypted. One whose users
    /// need none opens without, and with any.
    ///
    /// A wrong password is no error where the document can be looked at without:
    /// [`File::protection`] says so, and what needs the key is [`Error::Encrypted`].
    ///
    /// ```
    /// use sealwright::limits::Limits;
    /// use sealwright::pdf::{File, OpenedBy, Password, Protection};
    ///
    /// let bytes = sealwright_testdata::documents::encrypted_with_password();
    /// let password = Password::new("owner");
    /// let file = File::open_with_password(&bytes, Limits::default(), &password)?;
    /// assert!(matches!(file.protection(), Protection::Opened(it) if it.by() == OpenedBy::Owner));
    /// # Ok::<(), sealwright::pdf::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`File::open`].
    pub fn open_with_password(
        source: impl Source + 'a,
        limits: Limits,
        password: &Password,
    ) -> Result<Self, Error> {
        Self::open_by(source, limits, Some(password))
    }

    /// Whether it is encrypted, and whether it could be opened.
    #[must_use]
    pub fn protection(&self) -> Protection {
        self.encryption.protection()
    }

    /// Whether its strings and streams cannot be read.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        matches!(self.encryption, State::Closed(_))
    }

    /// Refuses what the document forbids whoever opened it.
    pub(crate) fn require(
        &self,
        asks: fn(Permissions) -> bool,
        action: &'static str,
    ) -> Result<(), Error> {
        match self.encryption.required()? {
            Some(security) if !security.permits(asks) => Err(Error::NotPermitted { action }),
            _ => Ok(()),
        }
    }

    /// Whether a trailer names an encryption dictionary, be it only an older one;
    /// [`File::protection`] says whether it could be opened.
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        self.sections().iter().any(|section| section.trailer().contains(b"Encrypt"))
    }

    /// Without the key, nothing inside an object stream is read as if it were in plain.
    pub(in crate::pdf) fn decrypt(&mut self, password: Option<&Password>) -> Result<(), Error> {
        if self.is_encrypted() {
            self.encryption = State::Closed(Closed::Unknown);
            self.encryption = opened(self, password)?;
        }
        Ok(())
    }
}

/// Finds out how a file is encrypted, and opens it: with the empty password, then with the given one.
///
/// # Errors
///
/// If its encryption dictionary cannot be read: that leaves everything unreadable.
fn opened(file: &File<'_>, password: Option<&Password>) -> Result<State, Error> {
    if !file.is_encrypted() {
        return Ok(State::Plain);
    }
    let latest = file.latest();
    let trailer = latest.trailer()?;
    let Some(value) = latest.lookup(trailer, b"Encrypt")? else {
        return Ok(State::Closed(Closed::Changed));
    };
    let reference = trailer.reference(b"Encrypt");
    let holder = reference.unwrap_or(ObjectId::new(0, 0));
    let Object::Dictionary(dictionary) = &*value else {
        return Err(Error::structure(holder, "/Encrypt is not a dictionary"));
    };
    let handler = match Read::of(&latest, dictionary, holder)? {
        Read::Standard(handler) => handler,
        Read::PublicKey => return Ok(State::Closed(Closed::PublicKey)),
        Read::Unknown => return Ok(State::Closed(Closed::Unknown)),
    };
    if !agrees_in_all_revisions(file, trailer, dictionary)? {
        return Ok(State::Closed(Closed::Changed));
    }
    let identifier = identifier(file)?;
    let empty = Password::new("");
    let opened = password
        .and_then(|password| handler.open(&identifier, password))
        .or_else(|| handler.open(&identifier, &empty));
    let Some((key, by)) = opened else {
        let why = if password.is_some() { Closed::WrongPassword } else { Closed::NoPassword };
        return Ok(State::Closed(why));
    };
    let checked = handler.checked_permissions(&key);
    let opened = Opened {
        by,
        permissions: checked.unwrap_or(Permissions::none()),
        agree: checked.is_some(),
        streams: handler.filters.streams.name(),
    };
    Ok(State::Opened(Arc::new(Security {
        key,
        encrypts_metadata: handler.encrypts_metadata,
        filters: handler.filters,
        dictionary: reference,
        identifier,
        opened,
    })))
}

/// Whether every revision names the same encryption dictionary, and none gives it another value: a
/// key that is right for one revision only would show strangers' bytes as content.
fn agrees_in_all_revisions(
    file: &File<'_>,
    newest: &Dictionary,
    dictionary: &Dictionary,
) -> Result<bool, Error> {
    let (named, reference) = (newest.get(b"Encrypt"), newest.reference(b"Encrypt"));
    for revision in file.revisions() {
        if revision.trailer()?.get(b"Encrypt") != named {
            return Ok(false);
        }
        let Some(id) = reference else { continue };
        for section in revision.own_sections() {
            if section.lookup(file.source(), id.number)?.is_some() {
                let found = revision.get(id)?.map(|found| found.object.value);
                if found.as_ref().and_then(Object::as_dictionary) != Some(dictionary) {
                    return Ok(false);
                }
            }
        }
    }
    Ok(true)
}

/// The first part of `/ID`, of the newest trailer that has one; empty without any.
fn identifier(file: &File<'_>) -> Result<Vec<u8>, Error> {
    for section in file.sections() {
        let Some(id) = section.trailer().get(b"ID") else { continue };
        let id = file.latest().resolve(id)?;
        let first = id.as_array().and_then(<[_]>::first);
        return Ok(first
            .and_then(|first| first.value.as_string())
            .map_or_else(Vec::new, |first| first.bytes.clone()));
    }
    Ok(Vec::new())
}

impl Security {
    /// Whether whoever opened the file may do what asks for this permission.
    pub(in crate::pdf) fn permits(&self, asks: fn(Permissions) -> bool) -> bool {
        self.opened.by == OpenedBy::Owner || asks(self.opened.permissions)
    }

    /// How a stream is encrypted, by what its dictionary says; `None` if it names a filter that the
    /// document does not have.
    pub(super) fn of_stream(&self, dictionary: &Dictionary) -> Option<Method> {
        if dictionary.is_type(b"XRef") {
            return Some(Method::Identity);
        }
        if let Some(own) = own_filter(dictionary) {
            return self.filters.named(own);
        }
        Some(if dictionary.is_type(b"Metadata") && !self.encrypts_metadata {
            Method::Identity
        } else if dictionary.is_type(b"EmbeddedFile") {
            self.filters.embedded
        } else {
            self.filters.streams
        })
    }
}

/// The crypt filter that a stream names for itself (§7.4.10): the first of its filters.
fn own_filter(dictionary: &Dictionary) -> Option<&[u8]> {
    fn first(value: &Object) -> Option<&Object> {
        match value {
            Object::Array(items) => items.first().map(|item| &item.value),
            other => Some(other),
        }
    }
    let filter = dictionary.get(b"Filter").and_then(first)?;
    if filter.as_name() != Some(b"Crypt") {
        return None;
    }
    let parameters = dictionary.get(b"DecodeParms").and_then(first);
    let name = parameters.and_then(Object::as_dictionary).and_then(|it| it.name(b"Name"));
    Some(name.unwrap_or(b"Identity"))
}

#[cfg(test)]
mod tests {
    use sealwright_testdata::appended::{append_stream_update, append_table_update};
    use sealwright_testdata::documents;

    use super::*;
    use crate::pdf::{Entry, Parse};

    fn open<'a>(bytes: &'a [u8], password: &str) -> File<'a> {
        let password = Password::new(password);
        File::open_with_password(bytes, Limits::default(), &password).unwrap()
    }

    fn by(file: &File<'_>) -> Result<OpenedBy, Closed> {
        match file.protection() {
            Protection::Opened(opened) => Ok(opened.by()),
            Protection::Closed(why) => Err(why),
            Protection::None => panic!("it is encrypted"),
        }
    }

    /// The title in the information dictionary.
    fn title(file: &File<'_>) -> Vec<u8> {
        let latest = file.latest();
        let info = latest.lookup(latest.trailer().unwrap(), b"Info").unwrap().unwrap();
        info.as_dictionary().unwrap().get(b"Title").unwrap().as_string().unwrap().bytes.clone()
    }

    #[test]
    fn every_version_opens_by_the_user_and_by_the_owner() {
        for (bytes, cipher) in [
            (documents::encrypted_rc4_40(), "RC4"),
            (documents::encrypted_rc4_128(), "RC4"),
            (documents::encrypted_aes_128(), "AES-128"),
            (documents::encrypted_aes_128_clear_metadata(), "AES-128"),
            (documents::encrypted_aes_256(), "AES-256"),
            (documents::encrypted_aes_256_object_streams(), "AES-256"),
        ] {
            let users = File::open(&bytes, Limits::default()).unwrap();
            assert_eq!((by(&users), users.parse()), (Ok(OpenedBy::User), Parse::Strict));
            assert_eq!(title(&users), b"Agreement");
            let Protection::Opened(opened) = users.protection() else { panic!("{cipher}") };
            assert_eq!(opened.cipher(), cipher);
            assert!(opened.permissions_agree());
            let owners = open(&bytes, "owner");
            assert_eq!((by(&owners), title(&owners)), (Ok(OpenedBy::Owner), title(&users)));
            // Whatever else is said, its users need nothing.
            assert_eq!(by(&open(&bytes, "wrong")), Ok(OpenedBy::User));
        }
    }

    #[test]
    fn without_the_password_it_stays_closed_and_says_why() {
        for bytes in [documents::encrypted_with_password(), documents::encrypted_revision_5()] {
            assert_eq!(by(&open(&bytes, "user")), Ok(OpenedBy::User));
            assert_eq!(by(&open(&bytes, "owner")), Ok(OpenedBy::Owner));
            assert_eq!(title(&open(&bytes, "user")), b"Agreement");
            let wrong = open(&bytes, "User");
            assert_eq!(by(&wrong), Err(Closed::WrongPassword));
            let page = wrong.latest().page(1).unwrap();
            let content = page.dictionary().reference(b"Contents").unwrap();
            let stream = wrong.latest().get(content).unwrap().unwrap().object.value;
            let error = wrong.latest().decoded(content, stream.as_stream().unwrap()).unwrap_err();
            assert_eq!(error, Error::Encrypted(Closed::WrongPassword));
            assert!(!error.to_string().contains("User"));
            let none = File::open(&bytes, Limits::default()).unwrap();
            assert_eq!(by(&none), Err(Closed::NoPassword));
        }
        let bytes = documents::encrypted_for_a_certificate();
        assert_eq!(by(&open(&bytes, "user")), Err(Closed::PublicKey));
    }

    #[test]
    fn metadata_may_stand_in_plain() {
        let bytes = documents::encrypted_aes_128_clear_metadata();
        let file = File::open(&bytes, Limits::default()).unwrap();
        let latest = file.latest();
        let id = latest.catalog().unwrap().reference(b"Metadata").unwrap();
        let stream = latest.get(id).unwrap().unwrap().object.value;
        let data = latest.decoded(id, stream.as_stream().unwrap()).unwrap();
        assert!(memchr::memmem::find(&data, b"pdfaid").is_some());
    }

    #[test]
    fn permissions_that_were_changed_give_none() {
        let bytes = documents::encrypted_for_signing_only();
        let at = memchr::memmem::find(&bytes, b"/P -44").unwrap() + 3;
        let mut other = bytes.clone();
        other[at..at + 3].copy_from_slice(b"-04");
        let may = |bytes: &[u8], asks| open(bytes, "").require(asks, "do this").is_ok();
        assert!(may(&bytes, Permissions::may_sign));
        assert!(!may(&bytes, Permissions::may_create_fields));
        let Protection::Opened(opened) = open(&other, "").protection() else { panic!() };
        assert!(!opened.permissions_agree());
        assert!(!may(&other, Permissions::may_sign));
        assert!(open(&other, "owner").require(Permissions::may_modify, "do this").is_ok());
    }

    #[test]
    fn revisions_that_are_not_encrypted_alike_stay_closed() {
        let base = documents::encrypted_rc4_128();
        let bytes = append_table_update(&base, &[(99, 0, b"(in the clear)")], "");
        let file = open(&bytes, "owner");
        assert!(!file.sections()[0].trailer().contains(b"Encrypt"));
        assert!(file.is_encrypted());
        assert_eq!(by(&file), Err(Closed::Changed));

        // The same reference, and another value behind it in a later revision.
        let trailer = file.sections()[1].trailer();
        let id = trailer.reference(b"Encrypt").unwrap();
        let entries = format!("/Encrypt {id} R");
        let other = b"<</Filter/Standard/V 1/R 2/P -4/O(x)/U(x)>>";
        let bytes = append_table_update(&base, &[(id.number, 0, other)], &entries);
        assert_eq!(by(&open(&bytes, "owner")), Err(Closed::Changed));
        let same = append_table_update(&base, &[(99, 0, b"null")], &entries);
        assert_eq!(by(&open(&same, "owner")).err(), None);
    }

    #[test]
    fn objects_in_encrypted_streams_are_not_read_without_the_key() {
        let packed = documents::encrypted_aes_256_object_streams();
        let bytes = append_stream_update(&packed, &[(99, 0, b"null")], "");
        let Ok(file) = File::open(&bytes, Limits::default()) else { return };
        let compressed = file.sections()[1].entries(file.source()).unwrap();
        let compressed = compressed
            .iter()
            .find(|(_, entry)| matches!(entry, Entry::Compressed { .. }))
            .map(|(number, _)| ObjectId::new(*number, 0))
            .unwrap();
        let error = file.latest().get(compressed).unwrap_err();
        assert_eq!(error, Error::Encrypted(Closed::Changed));
    }

    #[test]
    fn an_encryption_dictionary_must_be_readable() {
        let bytes = documents::classic_table();
        let at = memchr::memmem::rfind(&bytes, b"/Root").unwrap();
        let open = |entry: &str| {
            let bytes = [&bytes[..at], entry.as_bytes(), &bytes[at..]].concat();
            File::open(bytes, Limits::default())
        };
        let closed = |entry: &str| by(&open(entry).unwrap()).unwrap_err();
        let good = "/Encrypt<</Filter/Standard/V 2/R 3/P -4>>";
        assert_eq!(closed(good), Closed::NoPassword);
        assert_eq!(closed("/Encrypt<</Filter/Adobe.PubSec/V 2>>"), Closed::PublicKey);
        assert_eq!(closed("/Encrypt<</Filter/Unheard/V 2>>"), Closed::Unknown);
        for unknown in ["V 3/R 3", "V 2/Length 41/R 3", "V 5/R 4", "V 2/R 7", "V 4/StmF/X/R 4"] {
            let entry = format!("/Encrypt<</Filter/Standard/{unknown}/P -4>>");
            assert_eq!(closed(&entry), Closed::Unknown, "{unknown}");
        }
        for bad in ["/Encrypt<</Filter/Standard/V 2/R 3/P[]>>", "/Encrypt 5", "/Encrypt<<>>"] {
            assert_eq!(open(bad).unwrap_err().code(), "doc.structure", "{bad}");
        }
    }
}
