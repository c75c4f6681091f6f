//! Files that are longer than most digits.

use std::io;

use sealwright::pdf::Source;
use sealwright::signing::Seal;
use sealwright::update::{Request, SubFilter, Update};
use sealwright_testdata::documents::large;
use sealwright_testdata::pdf::Section;

use super::*;

#[test]
fn a_file_over_a_hundred_million_bytes() {
    let mut bytes = large::over_hundred_million_bytes();
    let file = open(&bytes);
    let signed = Seal::on(&file).invisible().sign(&signer(KeyType::P256), now()).unwrap();
    assert!(signed.byte_range().numbers()[1] > 100_000_000);
    assert!(signed.appended().len() < 16_000);
    let appended = signed.into_appended();
    drop(file);
    bytes.extend(appended);
    assert_eq!(sound_signatures(&bytes).len(), 1);
}

/// A head and a tail with zeros between them, and more behind.
struct Long<'s> {
    sparse: &'s large::Sparse,
    appended: &'s [u8],
}

impl Source for Long<'_> {
    fn len(&self) -> u64 {
        self.sparse.len() + self.appended.len() as u64
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        let got = self.sparse.read_at(offset, buffer);
        let rest = &mut buffer[got..];
        if rest.is_empty() {
            return Ok(());
        }
        let at = (offset + got as u64 - self.sparse.len()) as usize;
        let from = self.appended.get(at..at + rest.len());
        rest.copy_from_slice(from.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }
}

#[test]
fn a_file_with_offsets_past_four_gibibytes() {
    for section in [Section::Table, Section::Stream] {
        let sparse = large::past_4_gib(section);
        let base = Long { sparse: &sparse, appended: &[] };
        let file = File::open(base, Limits::default()).unwrap();
        let request = Request::invisible(SubFilter::Cades, now());
        let update = Update::prepare(&file, &request, 1_000).unwrap();
        assert!(update.byte_range().gap().start > 1 << 32);
        // Hashing four gibibytes is left to those who have the time; that it covers the right
        // bytes does not depend on how many they are.
        let embedded = update.embed(&file, b"a CMS").unwrap();

        let long = Long { sparse: &sparse, appended: embedded.appended() };
        let again = File::open(long, Limits::default()).unwrap();
        assert_eq!(again.revision_count(), file.revision_count() + 1);
        let field = &again.latest().fields().unwrap()[0];
        let value = field.value.as_ref().and_then(Object::as_reference).unwrap();
        let signature = again.latest().dictionary(value).unwrap();
        let contents = signature.get_spanned(b"Contents").unwrap();
        assert_eq!(contents.span, embedded.byte_range().gap());
    }
}
