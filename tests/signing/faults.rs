//! Whatever fails, the caller's file is as it was.

use std::cell::Cell;
use std::io::{self, Cursor, Read, Seek, SeekFrom, Write};
use std::sync::atomic::{AtomicU64, Ordering};

use sealwright::limits::Progress;
use sealwright::pdf::Source;
use sealwright::signing::{
    Appendable, Seal, Signer, SignerAnswer, SignerDescription, SignerError, SignerFault, ToBeSigned,
};
use sealwright_testdata::documents;

use super::*;

/// A file of which one operation fails: the writes are split small, so that there are many.
struct Faulty {
    inner: Cursor<Vec<u8>>,
    /// How many operations succeed before one fails.
    left: Cell<usize>,
    truncates: bool,
}

impl Faulty {
    fn new(bytes: &[u8], left: usize) -> Self {
        Self { inner: Cursor::new(bytes.to_vec()), left: Cell::new(left), truncates: true }
    }

    fn step(&self) -> io::Result<()> {
        match self.left.get().checked_sub(1) {
            Some(left) => {
                self.left.set(left);
                Ok(())
            }
            None => Err(io::Error::other("no space left")),
        }
    }
}

impl Read for Faulty {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.step()?;
        self.inner.read(buffer)
    }
}

impl Write for Faulty {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.step()?;
        let some = buffer.len().min(97);
        self.inner.write(&buffer[..some])
    }

    fn flush(&mut self) -> io::Result<()> {
        self.step()
    }
}

impl Seek for Faulty {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.step()?;
        self.inner.seek(to)
    }
}

impl Appendable for Faulty {
    fn truncate(&mut self, length: u64) -> io::Result<()> {
        if self.truncates { self.inner.truncate(length) } else { Err(io::Error::other("no")) }
    }
}

#[test]
fn a_returned_error_leaves_a_file_at_its_old_length_and_bytes() {
    let bytes = documents::classic_table();
    let file = open(&bytes);
    let signed = Seal::on(&file).invisible().sign(&signer(KeyType::P256), now()).unwrap();
    let mut failures = 0;
    for left in 0.. {
        let mut target = Faulty::new(&bytes, left);
        match signed.append_to(&mut target) {
            Ok(()) => {
                assert!(target.inner.into_inner() == joined(&bytes, signed.appended()));
                break;
            }
            Err(error) => {
                assert!(error.restored, "{error}");
                assert!(target.inner.into_inner() == bytes, "after {left} operations");
                failures += 1;
            }
        }
    }
    // Every piece of 97 bytes was the one that failed, once.
    assert!(failures > signed.appended().len() / 97, "{failures}");
}

#[test]
fn a_file_that_cannot_be_cut_back_is_reported_as_such() {
    let bytes = documents::classic_table();
    let file = open(&bytes);
    let signed = Seal::on(&file).invisible().sign(&signer(KeyType::P256), now()).unwrap();
    let mut target = Faulty { truncates: false, ..Faulty::new(&bytes, 12) };
    let error = signed.append_to(&mut target).unwrap_err();
    assert!(!error.restored);
    assert!(error.to_string().contains("could not be cut back"));
}

#[test]
fn another_file_is_not_appended_to() {
    let bytes = documents::classic_table();
    let file = open(&bytes);
    let signed = Seal::on(&file).invisible().sign(&signer(KeyType::P256), now()).unwrap();
    let mut other = bytes.clone();
    let last = other.len() - 9;
    other[last] ^= 1;
    for target in [other, joined(&bytes, b"\n"), Vec::new()] {
        let mut cursor = Cursor::new(target.clone());
        assert!(signed.append_to(&mut cursor).unwrap_err().restored);
        assert!(cursor.into_inner() == target);
    }
}

#[test]
fn appending_to_a_file_on_disk_gives_what_writing_gives() {
    let bytes = documents::xref_stream();
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("in-place.pdf");
    std::fs::write(&path, &bytes).unwrap();
    let file = open(&bytes);
    let signed = Seal::on(&file).invisible().sign(&signer(KeyType::P256), now()).unwrap();
    let mut target = std::fs::OpenOptions::new().read(true).write(true).open(&path).unwrap();
    signed.append_to(&mut target).unwrap();
    let mut written = Vec::new();
    signed.write_to(&mut written).unwrap();
    assert!(std::fs::read(&path).unwrap() == written);
}

#[test]
fn a_writer_that_fails_is_an_error_at_every_write() {
    let bytes = documents::classic_table();
    let file = open(&bytes);
    let signed = Seal::on(&file).invisible().sign(&signer(KeyType::P256), now()).unwrap();
    let writes = (0..).take_while(|left| signed.write_to(&mut Faulty::new(b"", *left)).is_err());
    assert!(writes.count() > (bytes.len() + signed.appended().len()) / 97);
}

/// A source without a slice that fails after so many reads.
struct FaultySource<'b> {
    bytes: &'b Vec<u8>,
    left: AtomicU64,
}

impl Source for FaultySource<'_> {
    fn len(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        let left = self.left.load(Ordering::Relaxed);
        self.left.store(left.saturating_sub(1), Ordering::Relaxed);
        if left == 0 {
            return Err(io::Error::other("the disk is gone"));
        }
        Source::read_at(self.bytes, offset, buffer)
    }
}

#[test]
fn a_source_that_fails_is_an_error_at_every_read() {
    let bytes = documents::object_streams();
    let signer = signer(KeyType::Ed25519);
    let file = open(&bytes);
    let expected = Seal::on(&file).invisible().sign(&signer, now()).unwrap().into_appended();
    let mut failures = 0;
    for left in 0.. {
        let source = FaultySource { bytes: &bytes, left: AtomicU64::new(left) };
        let Ok(file) = File::open(source, Limits::default()) else { continue };
        match Seal::on(&file).invisible().sign(&signer, now()) {
            Ok(signed) => {
                // Without a slice, the same bytes come out.
                assert!(signed.into_appended() == expected);
                break;
            }
            Err(_) => failures += 1,
        }
    }
    assert!(failures > 5, "{failures}");
}

#[test]
fn a_host_may_cancel_hashing() {
    struct Never;
    impl Progress for Never {
        fn advance(&self, _done: u64, _total: u64) -> bool {
            false
        }
    }
    let bytes = documents::classic_table();
    let file = open(&bytes);
    let seal = Seal::on(&file).invisible().progress(&Never);
    let error = seal.sign(&signer(KeyType::P256), now()).unwrap_err();
    assert_eq!(error.code(), "sign.cancelled");
}

/// Answers with whatever it is told to.
struct Scripted {
    description: SignerDescription,
    answer: fn(&ToBeSigned) -> Result<SignerAnswer, SignerError>,
}

impl Signer for Scripted {
    fn description(&self) -> &SignerDescription {
        &self.description
    }

    fn sign(&self, to_be_signed: &ToBeSigned) -> Result<SignerAnswer, SignerError> {
        (self.answer)(to_be_signed)
    }
}

#[test]
fn an_answer_that_does_not_verify_is_refused() {
    type Answer = fn(&ToBeSigned) -> Result<SignerAnswer, SignerError>;
    let bytes = documents::classic_table();
    let file = open(&bytes);
    let description = signer(KeyType::P256).description().clone();
    let cases: [(Answer, &str); 5] = [
        (|_| Ok(SignerAnswer::Signature(vec![0x30, 6, 2, 1, 1, 2, 1, 1])), "sign.does_not_verify"),
        (|_| Ok(SignerAnswer::Cms(b"no CMS".to_vec())), "pki.truncated"),
        // Over the digest of the document, where the message was asked for.
        (
            |asked| {
                let key = identity(KeyType::P256, Validity::around(now())).key_pem();
                let key = sealwright::pki::PrivateKey::parse(key.as_bytes()).unwrap();
                let value = key.sign(asked.algorithm(), asked.document_digest().as_bytes());
                Ok(SignerAnswer::Signature(value.unwrap()))
            },
            "sign.does_not_verify",
        ),
        // A good signature of another key.
        (|asked| signer(KeyType::P384).sign(asked), "sign.backend"),
        (|_| Err(SignerError::new(SignerFault::Declined)), "sign.backend"),
    ];
    for (answer, code) in cases {
        let signer = Scripted { description: description.clone(), answer };
        let error = Seal::on(&file).invisible().sign(&signer, now()).unwrap_err();
        assert_eq!(error.code(), code, "{error}");
    }
}
