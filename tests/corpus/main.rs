//! Third-party documents, judged and compared with the verdicts of the projects they come from.
//!
//! `SEALWRIGHT_CORPUS` names the folder with `manifest.tsv`. The scores are compared with
//! `testdata/corpus-scores.txt`: none may fall. Set `SEALWRIGHT_CORPUS_DETAIL=1` to see what misses.

mod stated;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use sealwright::inspection::{DocMdp, prepared_content};
use sealwright::limits::Limits;
use sealwright::pdf::{File, Password};
use sealwright::report::{
    ByteRangeState, Code, Conclusion, Integrity, ModificationLevel, Report, SignatureReport,
};
use sealwright::verification::{CheckOptions, check};
use stated::{findings, signatures};

/// Algorithms that a signature of the corpus may use without being judged. By name and object identifier,
/// never by file.
const NOT_JUDGED: &[&str] = &[
    "Ed448 (1.3.101.113)",
    "SHAKE256 (2.16.840.1.101.3.4.2.12)",
    "SHAKE256 with a stated length (2.16.840.1.101.3.4.2.18)",
    "SHA3-384 (2.16.840.1.101.3.4.2.9)",
    // Plain ECDSA with SHA-256, whatever its parameters.
    "(0.4.0.127.0.7.1.1.4.1.3)",
];

/// Of these, the endings of those that the feature `legacy-algorithms` judges.
const JUDGED_BY_FEATURE: &[&str] = if cfg!(feature = "legacy-algorithms") {
    &["SHA3-384 (2.16.840.1.101.3.4.2.9)", "(0.4.0.127.0.7.1.1.4.1.3)"]
} else {
    &[]
};

/// No file may take longer, in the development profile on a busy machine.
const TIME_ALLOWED: Duration = Duration::from_secs(20);

/// Where a project says something else than the standard does, or than its own test shows: file, key, and
/// why. A miss that is not listed fails; so does a line that misses nothing any more.
const DISAGREED: &[(&str, &str, &str)] = &[
    (
        "dss--DSS-3577.pdf",
        "sig1.mod=allowed",
        "a read-only field was filled (Table 227: the user may not change its value); the project \
         says what was changed, not whether it was permitted",
    ),
    ("dss--DSS-3577.pdf", "sig1.mod_level=form", "as before"),
    (
        "dss--pades-signed-annot-added.pdf",
        "sig1.mod=allowed",
        "text boxes were put on a document whose only signature permits none (12.8.2.2: comments are \
         for /P 3); the project reports annotations and leaves them to its caller, who here would \
         assume level 3",
    ),
    ("dss--pades-signed-annot-added.pdf", "sig1.mod_level=annot", "as before"),
    (
        "itext--validateSingleSignature1.pdf",
        "sig1.mod=allowed",
        "the second signature's lock has /P 1 (Table 236) when the comment is made: what is forbidden \
         to one is forbidden to all; the document is refused either way",
    ),
    (
        "dss--AD-RB.pdf",
        "sig1.fieldmdp=all",
        "the lock is that of the second signature's field, for which it is reported",
    ),
    (
        "mkl--isa_H.pdf",
        "sig1.byterange=ok",
        "the ranges leave out the value of another copy of the dictionary, not that of the one which \
         the form shows (12.8.1)",
    ),
    (
        "qpdf--bad35.pdf",
        "doc.parse_recover=ok",
        "the catalog is in a stream that does not say that it holds objects (7.5.7, Table 16)",
    ),
];

struct Document {
    file: String,
    category: String,
    /// What opens it; `None` if nothing is needed, or nothing helps.
    password: Option<String>,
    expected: BTreeMap<String, String>,
}

#[test]
fn the_corpus_is_judged_as_its_projects_judge_it() {
    let Some(folder) = std::env::var_os("SEALWRIGHT_CORPUS").map(PathBuf::from) else {
        println!("SKIPPED: the third-party corpus. Set SEALWRIGHT_CORPUS to its folder.");
        return;
    };
    let documents = manifest(&folder);
    assert!(!documents.is_empty(), "the corpus is empty");
    let mut tally = Tally::default();
    for document in &documents {
        judge(&folder, document, &mut tally);
    }
    println!("{}", tally.table());
    if std::env::var_os("SEALWRIGHT_CORPUS_DETAIL").is_some() {
        for miss in tally.misses.iter().chain(&tally.wrong) {
            println!("{miss}");
        }
    }
    assert!(tally.wrong.is_empty(), "must never happen:\n{}", tally.wrong.join("\n"));
    tally.give_reasons();
    tally.compare_with_golden();
}

fn manifest(folder: &Path) -> Vec<Document> {
    let text = std::fs::read_to_string(folder.join("manifest.tsv")).expect("manifest.tsv");
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().expect("a header").split('\t').collect();
    let column = |name: &str| header.iter().position(|known| *known == name).expect(name);
    let (file, category, expected) = (column("file"), column("category"), column("expected"));
    let password = column("password");
    lines
        .map(|line| {
            let cells: Vec<&str> = line.split('\t').collect();
            let pairs = cells[expected].split(';').filter_map(|pair| pair.split_once('='));
            Document {
                file: cells[file].to_owned(),
                category: cells[category].to_owned(),
                password: Some(cells[password].to_owned())
                    .filter(|it| it != "-" && it != "(empty)"),
                expected: pairs.map(|(k, v)| (k.to_owned(), v.to_owned())).collect(),
            }
        })
        .collect()
}

#[derive(Default)]
struct Tally {
    /// Category and question: right answers, questions.
    scores: BTreeMap<(String, &'static str), (u32, u32)>,
    misses: Vec<String>,
    /// File and key of what misses.
    missed: Vec<(String, String)>,
    wrong: Vec<String>,
}

impl Tally {
    fn count(&mut self, document: &Document, question: &'static str, right: bool, seen: &str) {
        if !right {
            let key = seen.split(": ").next().unwrap_or(seen).to_owned();
            self.missed.push((document.file.clone(), key));
        }
        let score = self.scores.entry((document.category.clone(), question)).or_default();
        score.1 += 1;
        if right {
            score.0 += 1;
        } else {
            self.misses.push(format!("miss {question} {}: {seen}", document.file));
        }
    }

    /// Every miss has a reason, and every reason a miss.
    fn give_reasons(&self) {
        let is_listed = |(file, key): &(String, String)| {
            DISAGREED.iter().any(|(listed, of, _)| file.ends_with(listed) && key == of)
        };
        let unlisted: Vec<_> = self.missed.iter().filter(|miss| !is_listed(miss)).collect();
        assert!(unlisted.is_empty(), "misses without a reason: {unlisted:#?}");
        for (file, key, why) in DISAGREED {
            let misses = self.missed.iter().any(|(miss, of)| miss.ends_with(file) && of == key);
            assert!(misses, "{file} {key} is listed as a miss and is none");
            println!("{file} {key}: {why}");
        }
        let refused = |key: &&str| key.starts_with("doc.verdict");
        assert!(DISAGREED.iter().map(|(_, key, _)| key).filter(|it| refused(it)).count() <= 3);
    }

    fn table(&self) -> String {
        let mut text = String::new();
        for ((category, question), (right, of)) in &self.scores {
            let _ = writeln!(text, "{category} {question} {right}/{of}");
        }
        text
    }

    fn compare_with_golden(&self) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/corpus-scores.txt");
        let golden = std::fs::read_to_string(&path).unwrap_or_default();
        let mut fallen = Vec::new();
        for line in golden.lines().filter(|line| !line.starts_with('#')) {
            let mut words = line.split(' ');
            let (Some(category), Some(question), Some(score)) =
                (words.next(), words.next(), words.next())
            else {
                continue;
            };
            let number = |text: &str| text.parse::<u32>().expect("a score of two numbers");
            let (right, of) = score.split_once('/').map(|(r, o)| (number(r), number(o))).unwrap();
            let found = self.scores.iter().find(|((c, q), _)| c == category && *q == question);
            let now = found.map_or((0, 0), |(_, score)| *score);
            if now.0 < right || now.1 < of {
                fallen.push(format!("{category} {question}: {}/{} was {right}/{of}", now.0, now.1));
            }
        }
        assert!(fallen.is_empty(), "scores fell:\n{}", fallen.join("\n"));
        if golden.lines().filter(|line| !line.starts_with('#')).ne(self.table().lines()) {
            println!("scores rose: write the table above to {}", path.display());
        }
    }
}

fn judge(folder: &Path, document: &Document, tally: &mut Tally) {
    let bytes = std::fs::read(folder.join(&document.file)).expect(&document.file);
    let mut options = CheckOptions::without_trust();
    match document.expected.get("doc.assume").map(String::as_str) {
        Some("P1") => options = options.assume_certified(DocMdp::NoChanges),
        Some("P2") => options = options.assume_certified(DocMdp::FillAndSign),
        Some("P3") => options = options.assume_certified(DocMdp::Annotate),
        _ => {}
    }
    if let Some(password) = &document.password {
        options = options.password(Password::new(password));
    }
    let start = Instant::now();
    let result = check(&bytes, &options);
    let took = start.elapsed();
    if took > TIME_ALLOWED {
        tally.wrong.push(format!("{} took {took:?}", document.file));
    }
    let report = result.as_ref().ok();
    // A strict reader looks at every cross reference, which the judge has no need to.
    let is_strict = File::open(&bytes, Limits::default()).is_ok_and(|file| {
        file.parse() != sealwright::pdf::Parse::Repaired && file.check_tables().is_ok()
    });
    parsing(document, report, is_strict, tally);
    if let Some(report) = report {
        // What is written is read back.
        let json = serde_json::to_string(report).expect("a report is JSON");
        let again: Report = serde_json::from_str(&json).expect("its own JSON");
        assert_eq!(&again, report, "{}", document.file);
        assert!(!report.to_string().is_empty());
    }
    verdict(document, report, result.as_ref().err().map(|e| e.code()), tally);
    prepared(document, &bytes, tally);
    if let Some(report) = report {
        signatures(document, report, tally);
    }
}

/// Whether the lint before signing warns where the source's detector does.
fn prepared(document: &Document, bytes: &[u8], tally: &mut Tally) {
    let Some(expected) = document.expected.get("doc.shadow_warning") else { return };
    let file = File::open(bytes, Limits::default()).expect("a prepared document opens");
    let found = prepared_content(&file.latest()).expect("a prepared document is read");
    let right = found.warnings().is_empty() == (expected == "no");
    tally.count(
        document,
        "prepared",
        right,
        &format!("doc.shadow_warning={expected}: {:?}", found.warnings()),
    );
}

fn parsing(document: &Document, report: Option<&Report>, is_strict: bool, tally: &mut Tally) {
    for (key, value) in &document.expected {
        let right = match (key.as_str(), value.as_str()) {
            ("doc.parse", "ok") | ("doc.parse_recover", "ok") => report.is_some(),
            ("doc.parse", "error") | ("doc.parse_recover", "error") => report.is_none(),
            ("doc.parse_strict", "error") => !is_strict,
            // What may be refused or not is read to its end all the same.
            ("doc.parse", "any") => true,
            ("doc.parse_strict", "ok") => is_strict || document.category == "malformed",
            _ => continue,
        };
        tally.count(document, "parse", right, &format!("{key}={value}"));
        if key == "doc.parse" && value == "error" && !right {
            tally.wrong.push(format!("{} must be refused", document.file));
        }
    }
}

fn verdict(document: &Document, report: Option<&Report>, error: Option<&str>, tally: &mut Tally) {
    let Some(expected) = document.expected.get("doc.verdict") else { return };
    let conclusion = report.map(|report| report.conclusion);
    let seen = report.map_or_else(|| format!("{error:?}"), summary);
    let right = match expected.as_str() {
        "accept" => conclusion == Some(Conclusion::Passed) || report.is_some_and(only_algorithms),
        "reject" => {
            if conclusion == Some(Conclusion::Passed) {
                tally.wrong.push(format!("{} passed: {seen}", document.file));
            }
            conclusion != Some(Conclusion::Passed)
        }
        "indeterminate" => conclusion == Some(Conclusion::Indeterminate),
        _ => return,
    };
    tally.count(document, "verdict", right, &format!("doc.verdict={expected}: {seen}"));
}

/// Whether the only reasons not to pass are algorithms: of the list, or weak ones. Nobody is trusted here,
/// so no time-stamp shows how old a signature is.
fn only_algorithms(report: &Report) -> bool {
    let unsupported = |signature: &SignatureReport| {
        let mut reasons = signature
            .findings
            .iter()
            .filter(|finding| finding.code == Code::SigUnsupportedAlgorithm);
        let is_listed = |value: &String| {
            NOT_JUDGED.iter().any(|listed| value.ends_with(listed))
                && !JUDGED_BY_FEATURE.iter().any(|judged| value.ends_with(judged))
        };
        reasons.any(|finding| finding.values.iter().any(is_listed))
    };
    let weak = |signature: &SignatureReport| {
        signature.integrity == Integrity::Weak
            && signature.coverage.byte_range == ByteRangeState::Ok
            && signature.modification.level < ModificationLevel::Forbidden
    };
    let excused = |it: &SignatureReport| {
        it.conclusion == Conclusion::Passed
            || it.conclusion == Conclusion::Indeterminate && (weak(it) || unsupported(it))
    };
    report.conclusion == Conclusion::Indeterminate && report.signatures.iter().all(excused)
}

fn summary(report: &Report) -> String {
    let mut text = format!("{:?} {:?}", report.conclusion, report.file.parse);
    for finding in &report.findings {
        let _ = write!(text, " {}({})", finding.code, finding.values.join(","));
    }
    for signature in &report.signatures {
        let _ = write!(
            text,
            "\n    #{} {:?}: {}",
            signature.index,
            signature.conclusion,
            findings(signature)
        );
    }
    text
}
