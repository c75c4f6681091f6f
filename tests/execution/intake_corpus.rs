//! Third-party documents, taken in: nothing panics, and what their projects say of them is found.
//!
//! `SEALWRIGHT_CORPUS` names the folder with `manifest.tsv`.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use sealwright::contract::{Content, Encryption, IntakeLimits};
use sealwright::execution::intake;
use sealwright::limits::Limits;

/// Test files that their projects count among the real ones and that are not to the letter: a stream
/// without a length, and an object without a value. What is in there cannot be known.
const NOT_TO_THE_LETTER: [&str; 2] =
    ["unsigned-real/pdfbox--embedded_zip.pdf", "unsigned-real/pyhanko--CompactedPDFSyntaxTest.pdf"];

/// No file may take longer, in the development profile on a busy machine.
const TIME_ALLOWED: Duration = Duration::from_secs(20);

struct Stated {
    file: String,
    category: String,
    expected: BTreeMap<String, String>,
}

fn manifest(text: &str) -> Vec<Stated> {
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().expect("a header").split('\t').collect();
    let column = |name: &str| header.iter().position(|known| *known == name).expect(name);
    let (file, category, expected) = (column("file"), column("category"), column("expected"));
    let documents = lines.map(|line| {
        let cells: Vec<&str> = line.split('\t').collect();
        let pairs = cells[expected].split(';').filter_map(|pair| pair.split_once('='));
        Stated {
            file: cells[file].to_owned(),
            category: cells[category].to_owned(),
            expected: pairs.map(|(key, value)| (key.to_owned(), value.to_owned())).collect(),
        }
    });
    documents.collect()
}

#[test]
fn r_doc_04_the_corpus_is_taken_in_as_its_projects_describe_it() {
    let Some(folder) = std::env::var_os("SEALWRIGHT_CORPUS").map(PathBuf::from) else {
        println!("SKIPPED: the third-party corpus. Set SEALWRIGHT_CORPUS to its folder.");
        return;
    };
    let text = std::fs::read_to_string(folder.join("manifest.tsv")).expect("manifest.tsv");
    let (mut wrong, mut counted, mut sound) = (Vec::new(), 0, 0);
    for document in manifest(&text) {
        let bytes = std::fs::read(folder.join(&document.file)).expect(&document.file);
        let began = Instant::now();
        let id = "doc".parse().unwrap();
        let taken = intake(id, "", bytes.as_slice(), Limits::default()).expect(&document.file);
        let took = began.elapsed();
        let content = taken.content().clone();
        let refused = taken.accept(&IntakeLimits::default()).err().unwrap_or_default();
        let codes: Vec<_> = refused.iter().map(|one| one.error.code()).collect();
        println!("{} {codes:?} {took:?}", document.file);
        let mut tell = |what: &str| {
            let reasons: Vec<_> = refused.iter().map(|one| one.error.to_string()).collect();
            wrong.push(format!("{}: {what}: {reasons:?}", document.file));
        };
        if took > TIME_ALLOWED {
            tell("too slow");
        }
        let Content::Pdf(facts) = content else {
            // Some of the damaged ones have lost their header.
            if document.category != "malformed" {
                tell("no PDF");
            }
            continue;
        };
        let stated = |key: &str| document.expected.get(key).map(String::as_str);
        if stated("doc.parse") == Some("error") && refused.is_empty() {
            tell("should be refused");
        }
        let is_encrypted = facts.encryption == Encryption::Closed;
        let is_closed_or_bound = codes == ["doc.encrypted"];
        if document.category == "encrypted" && facts.encryption == Encryption::None {
            tell("encrypted");
        }
        if is_encrypted && !is_closed_or_bound {
            tell("closed");
        }
        if document.category == "unsigned-real" && !is_encrypted {
            sound += usize::from(refused.is_empty());
            if refused.is_empty() == NOT_TO_THE_LETTER.contains(&document.file.as_str()) {
                tell("a real document");
            }
        }
        let readable = !is_encrypted && facts.malformed.is_none() && facts.limit.is_none();
        if let Some(count) = stated("doc.sigs").filter(|_| readable) {
            counted += 1;
            if facts.signatures.to_string() != count {
                tell(&format!("{} signatures, {count} stated", facts.signatures));
            }
        }
    }
    println!("{counted} counts compared, {sound} real documents without fault");
    assert!(counted > 50 && sound > 10, "{counted} {sound}");
    assert!(wrong.is_empty(), "{} disagree:\n{}", wrong.len(), wrong.join("\n"));
}
