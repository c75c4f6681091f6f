//! The encryption dictionary (ISO 32000-2 §7.6.2), as far as it is read: whether it can be.

use super::error::Error;
use super::file::File;
use super::object::ObjectId;

impl File<'_> {
    /// An encryption dictionary that cannot be read leaves everything unreadable.
    pub(super) fn encryption_can_be_read(&self) -> Result<(), Error> {
        let latest = self.latest();
        let trailer = latest.trailer()?;
        let Some(value) = latest.lookup(trailer, b"Encrypt")? else { return Ok(()) };
        let id = trailer.reference(b"Encrypt").unwrap_or(ObjectId::new(0, 0));
        let wrong = |problem| Err(Error::structure(id, problem));
        let Some(dictionary) = value.as_dictionary() else {
            return wrong("/Encrypt is not a dictionary");
        };
        let handler = latest.lookup(dictionary, b"Filter")?;
        let is_standard = handler.as_ref().and_then(|name| name.as_name()) == Some(b"Standard");
        for key in [&b"V"[..], b"R", b"P"].iter().filter(|_| is_standard) {
            let number = latest.lookup(dictionary, key)?.and_then(|value| value.as_integer());
            if number.is_none() {
                return wrong("/V, /R or /P of the encryption dictionary is not an integer");
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::limits::Limits;
    use crate::pdf::File;

    #[test]
    fn an_encryption_dictionary_must_be_readable() {
        let bytes = sealwright_testdata::documents::classic_table();
        let at = memchr::memmem::rfind(&bytes, b"/Root").unwrap();
        let open = |entry: &str| {
            let bytes = [&bytes[..at], entry.as_bytes(), &bytes[at..]].concat();
            File::open(bytes, Limits::default())
        };
        let good = "/Encrypt<</Filter/Standard/V 2/R 3/P -4>>";
        assert!(open(good).unwrap().is_encrypted());
        assert!(open("/Encrypt<</Filter/Adobe.PubSec/V 2>>").unwrap().is_encrypted());
        for bad in ["/Encrypt<</Filter/Standard/V 2/R 3/P[]>>", "/Encrypt 5"] {
            assert_eq!(open(bad).unwrap_err().code(), "doc.structure", "{bad}");
        }
    }
}
