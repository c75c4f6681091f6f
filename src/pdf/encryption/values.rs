//! The strings of an object and the data of a stream, in plain.

use super::Security;
use crate::pdf::object::StringObject;
use crate::pdf::{Dictionary, Error, Object, ObjectId};

/// Whether a dictionary is that of a signature, whose `/Contents` is no string to encrypt
/// (ISO 32000-2 §7.6.2): it has a `/ByteRange`, which no annotation with a `/Contents` has.
pub(in crate::pdf) fn is_signature(dictionary: &Dictionary) -> bool {
    dictionary.get(b"ByteRange").is_some_and(|range| range.as_array().is_some())
        && dictionary.get(b"Contents").is_some_and(|value| value.as_string().is_some())
}

impl Security {
    /// Puts all strings of an object that stands in the file itself in plain.
    ///
    /// # Errors
    ///
    /// If one of them cannot have been encrypted as the document says.
    pub(in crate::pdf) fn decrypt_strings(
        &self,
        id: ObjectId,
        object: &mut Object,
    ) -> Result<(), Error> {
        if self.dictionary == Some(id) {
            return Ok(());
        }
        match object {
            Object::Stream(stream) if stream.dictionary.is_type(b"XRef") => Ok(()),
            _ => self.decrypt_in(id, object),
        }
    }

    fn decrypt_in(&self, id: ObjectId, object: &mut Object) -> Result<(), Error> {
        match object {
            Object::String(string) => self.decrypt_string(id, string),
            Object::Array(items) => {
                items.iter_mut().try_for_each(|item| self.decrypt_in(id, &mut item.value))
            }
            Object::Dictionary(dictionary) => self.decrypt_dictionary(id, dictionary),
            Object::Stream(stream) => self.decrypt_dictionary(id, &mut stream.dictionary),
            _ => Ok(()),
        }
    }

    fn decrypt_dictionary(&self, id: ObjectId, dictionary: &mut Dictionary) -> Result<(), Error> {
        let is_signature = is_signature(dictionary);
        dictionary
            .entries_mut()
            .filter(|(key, _)| !(is_signature && *key == b"Contents"))
            .try_for_each(|(_, value)| self.decrypt_in(id, &mut value.value))
    }

    fn decrypt_string(&self, id: ObjectId, string: &mut StringObject) -> Result<(), Error> {
        let plain = self.filters.strings.decrypt(&self.key, id, &string.bytes);
        let problem = "a string is not encrypted as the document says";
        string.bytes = plain.ok_or(Error::structure(id, problem))?;
        Ok(())
    }

    /// The data of a stream in plain, still encoded by its other filters. What its dictionary says of
    /// filters must be direct.
    ///
    /// # Errors
    ///
    /// If it cannot have been encrypted as the document says.
    pub(in crate::pdf) fn decrypt_stream(
        &self,
        id: ObjectId,
        dictionary: &Dictionary,
        data: &[u8],
    ) -> Result<Vec<u8>, Error> {
        let wrong = |problem| Error::Filter { object: id, problem };
        let method = self
            .of_stream(dictionary)
            .ok_or(wrong("the document has no crypt filter of its name"))?;
        method.decrypt(&self.key, id, data).ok_or(wrong("it is not encrypted as the document says"))
    }
}
