//! Signed documents that somebody may append to: our own, and third parties' where they are at hand.

use std::collections::BTreeMap;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use sealwright::execution::Certifier;
use sealwright::limits::Limits;
use sealwright::pdf::File;
use sealwright::report::{Conclusion, Report};
use sealwright::{CheckOptions, check};
use sealwright_testdata::appended::{append_table_update, last_startxref};
use sealwright_testdata::pki::KeyType;
use sealwright_testdata::{contract, documents};

use crate::cast::{Cast, Staging, by_hand, document_id, key, usual_controls};
use crate::objects;

/// Third-party documents beyond this take too long to draw some thousand times.
const MOST_BYTES: usize = 400_000;
const MOST_PAGES: usize = 4;

/// A document that was signed, its objects, and what the next signer makes of it.
pub struct Signed {
    pub name: String,
    pub bytes: Vec<u8>,
    pub objects: BTreeMap<u32, Vec<u8>>,
    /// What an honest successor writes; nothing if there is none.
    pub honest: BTreeMap<u32, Vec<u8>>,
}

/// What the judge says, whomever the host trusts.
pub fn judged(bytes: &[u8]) -> Option<Report> {
    check(bytes, &CheckOptions::without_trust()).ok()
}

fn open(bytes: &[u8]) -> File<'_> {
    File::open(bytes, Limits::default()).unwrap()
}

/// Contracts after the first of two signers, and after the second.
pub fn own() -> Vec<Signed> {
    let inputs = [
        ("contract", contract::PDF.to_vec()),
        ("tagged", documents::tagged()),
        ("pdf_a_2b", documents::pdf_a_2b()),
        ("xref_stream", documents::xref_stream()),
    ];
    let platform = key(KeyType::P256);
    let certifiers = [
        ("first", Certifier::FirstSigner),
        ("platform", Certifier::Platform(&platform)),
        ("nobody", Certifier::Nobody),
    ];
    let mut all = Vec::new();
    for (input, bytes) in &inputs {
        for (word, certifier) in &certifiers {
            let mut controls = usual_controls(2);
            controls.extend(by_hand("slot_1"));
            let staging = Staging::of(2, controls).on("doc_1", bytes).keys(KeyType::P256);
            let mut cast = Cast::staged(staging).unwrap();
            cast.start(*certifier);
            cast.sign(0).unwrap();
            let first = cast.bytes[&document_id()].clone();
            cast.sign(1).unwrap();
            let second = cast.bytes[&document_id()].clone();
            let honest = objects::redefined(&open(&second), &open(&first));
            let name = |step| format!("{input}, certified by {word}, {step}");
            all.push(Signed::new(name("open"), first, honest));
            all.push(Signed::new(name("closed"), second, BTreeMap::new()));
        }
    }
    all
}

/// What every later trailer of an encrypted document repeats; nothing for others.
pub fn carried(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(&bytes[last_startxref(bytes) as usize..]);
    let rest = text.split("/Encrypt ").nth(1).and_then(|rest| rest.split_once('R'));
    rest.map_or_else(String::new, |(reference, _)| format!("/Encrypt {reference}R "))
}

impl Signed {
    /// A document without a successor.
    pub fn plain(name: &str, bytes: Vec<u8>) -> Self {
        Self::new(name.to_owned(), bytes, BTreeMap::new())
    }

    fn new(name: String, bytes: Vec<u8>, honest: BTreeMap<u32, Vec<u8>>) -> Self {
        let objects = objects::bodies(&open(&bytes).latest());
        Self { name, bytes, objects, honest }
    }
}

/// Those of the third parties' that pass and whose last signature covers all of them.
pub fn foreign() -> Vec<Signed> {
    let Some(folder) = std::env::var_os("SEALWRIGHT_CORPUS").map(PathBuf::from) else {
        println!("SKIPPED: third-party documents. Set SEALWRIGHT_CORPUS to their folder.");
        return Vec::new();
    };
    let folders = ["valid", "valid-multi", "modified-benign-allowed"];
    let mut files: Vec<PathBuf> = folders.iter().flat_map(|it| files(&folder.join(it))).collect();
    files.sort();
    files.iter().filter_map(|path| usable(path)).collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}

fn usable(path: &Path) -> Option<Signed> {
    let bytes = std::fs::read(path).unwrap();
    let report = judged(&bytes).filter(|it| it.conclusion == Conclusion::Passed)?;
    let last = report.signatures.last()?;
    let is_small = bytes.len() <= MOST_BYTES
        && open(&bytes).latest().page_geometries().is_ok_and(|pages| pages.len() <= MOST_PAGES);
    if !last.coverage.whole_file || !is_small {
        return None;
    }
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    // The naive writer does not find its way in every file: then it changes something unseen.
    catch_unwind(|| {
        let again = append_table_update(&bytes, &[], &carried(&bytes));
        let report = judged(&again).unwrap();
        assert_eq!(report.conclusion, Conclusion::Passed);
        Signed::new(name, bytes, BTreeMap::new())
    })
    .ok()
}
