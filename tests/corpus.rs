//! Third-party documents, judged and compared with the verdicts of the projects they come from.
//!
//! `SEALWRIGHT_CORPUS` names the folder with `manifest.tsv`. The scores are compared with
//! `testdata/corpus-scores.txt`: none may fall. Set `SEALWRIGHT_CORPUS_DETAIL=1` to see what misses.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use sealwright::inspection::DocMdp;
use sealwright::report::{
    ByteRangeState, Code, Conclusion, FieldMdp, Integrity, Kind, ModificationLevel, Parse, Report,
    SignatureReport, TimestampState,
};
use sealwright::verification::{CheckOptions, check};

/// Algorithms that a signature of the corpus may use without being judged: unsupported, or too weak
/// to prove anything. By name and object identifier, never by file.
const NOT_JUDGED: &[&str] = &[
    "SHA-1",
    "SHA-1 (1.3.14.3.2.26)",
    "RSA with SHA-1 (1.2.840.113549.1.1.5)",
    "Ed448 (1.3.101.113)",
    "SHAKE256 (2.16.840.1.101.3.4.2.12)",
    "SHAKE256 with a stated length (2.16.840.1.101.3.4.2.18)",
    "SHA3-384 (2.16.840.1.101.3.4.2.9)",
    "RSA-1024 (shorter than 2048 bits) (1.2.840.113549.1.1.1)",
    // Plain ECDSA with SHA-256, whatever its parameters.
    "(0.4.0.127.0.7.1.1.4.1.3)",
];

/// No file may take longer, in the development profile on a busy machine.
const TIME_ALLOWED: Duration = Duration::from_secs(20);

struct Document {
    file: String,
    category: String,
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
    tally.compare_with_golden();
}

fn manifest(folder: &Path) -> Vec<Document> {
    let text = std::fs::read_to_string(folder.join("manifest.tsv")).expect("manifest.tsv");
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().expect("a header").split('\t').collect();
    let column = |name: &str| header.iter().position(|known| *known == name).expect(name);
    let (file, category, expected) = (column("file"), column("category"), column("expected"));
    lines
        .map(|line| {
            let cells: Vec<&str> = line.split('\t').collect();
            let pairs = cells[expected].split(';').filter_map(|pair| pair.split_once('='));
            Document {
                file: cells[file].to_owned(),
                category: cells[category].to_owned(),
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
    wrong: Vec<String>,
}

impl Tally {
    fn count(&mut self, document: &Document, question: &'static str, right: bool, seen: &str) {
        let score = self.scores.entry((document.category.clone(), question)).or_default();
        score.1 += 1;
        if right {
            score.0 += 1;
        } else {
            self.misses.push(format!("miss {question} {}: {seen}", document.file));
        }
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
    let start = Instant::now();
    let result = check(&bytes, &options);
    let took = start.elapsed();
    if took > TIME_ALLOWED {
        tally.wrong.push(format!("{} took {took:?}", document.file));
    }
    let report = result.as_ref().ok();
    parsing(document, report, tally);
    if let Some(report) = report {
        // What is written is read back.
        let json = serde_json::to_string(report).expect("a report is JSON");
        let again: Report = serde_json::from_str(&json).expect("its own JSON");
        assert_eq!(&again, report, "{}", document.file);
        assert!(!report.to_string().is_empty());
    }
    verdict(document, report, result.as_ref().err().map(|e| e.code()), tally);
    if let Some(report) = report {
        signatures(document, report, tally);
    }
}

fn parsing(document: &Document, report: Option<&Report>, tally: &mut Tally) {
    for (key, value) in &document.expected {
        let repaired = report.is_some_and(|report| report.file.parse == Parse::Repaired);
        let right = match (key.as_str(), value.as_str()) {
            ("doc.parse", "ok") | ("doc.parse_recover", "ok") => report.is_some(),
            ("doc.parse", "error") | ("doc.parse_recover", "error") => report.is_none(),
            ("doc.parse_strict", "error") => report.is_none() || repaired,
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
        "accept" => conclusion == Some(Conclusion::Passed) || report.is_some_and(only_unsupported),
        "reject" => {
            if conclusion == Some(Conclusion::Passed) {
                tally.wrong.push(format!("{} passed: {seen}", document.file));
            }
            conclusion != Some(Conclusion::Passed)
        }
        "indeterminate" => conclusion == Some(Conclusion::Indeterminate),
        _ => return,
    };
    tally.count(document, "verdict", right, &format!("{expected}: {seen}"));
}

/// Whether the only reason not to pass is an algorithm of the list.
fn only_unsupported(report: &Report) -> bool {
    let listed = |signature: &SignatureReport| {
        let mut reasons = signature.findings.iter().filter(|finding| {
            matches!(finding.code, Code::SigUnsupportedAlgorithm | Code::SigWeakAlgorithm)
        });
        let is_listed = |value: &String| NOT_JUDGED.iter().any(|listed| value.ends_with(listed));
        reasons.any(|finding| finding.values.iter().any(is_listed))
    };
    report.conclusion == Conclusion::Indeterminate
        && report.signatures.iter().all(|s| s.conclusion == Conclusion::Passed || listed(s))
}

fn signatures(document: &Document, report: &Report, tally: &mut Tally) {
    for (key, value) in &document.expected {
        if let Some(number) = key.strip_prefix("doc.sigs").filter(|rest| rest.is_empty()) {
            let _ = number;
            let right = report.signatures.len().to_string() == *value;
            let seen = format!("{key}={value}: {}", report.signatures.len());
            tally.count(document, "signatures", right, &seen);
            continue;
        }
        if key == "doc.sigs_signer" {
            let signers = report.signatures.iter().filter(|s| s.kind == Kind::Signature).count();
            let right = signers.to_string() == *value;
            tally.count(document, "signatures", right, &format!("{key}={value}: {signers}"));
            continue;
        }
        let Some((index, key)) = key.strip_prefix("sig").and_then(|rest| rest.split_once('.'))
        else {
            continue;
        };
        let Ok(index) = index.parse::<usize>() else { continue };
        let Some(signature) = report.signatures.get(index - 1) else { continue };
        let Some((right, seen)) = answer(signature, key, value) else { continue };
        let question = match key {
            "intact" => "intact",
            "mod" | "mod_level" => "modified",
            "level" | "ts" | "type" => "level",
            "docmdp" | "fieldmdp" => "permissions",
            _ => "coverage",
        };
        let seen = format!("sig{index}.{key}={value}: {seen}; {}", findings(signature));
        tally.count(document, question, right, &seen);
    }
}

/// Whether a signature is as a key says; none if the key says nothing that a report says.
fn answer(signature: &SignatureReport, key: &str, value: &str) -> Option<(bool, String)> {
    let coverage = &signature.coverage;
    let right = |right: bool, seen: &dyn std::fmt::Debug| Some((right, format!("{seen:?}")));
    let yes = value == "yes";
    match (key, value) {
        ("intact", "yes" | "no") => {
            let intact = signature.integrity == Integrity::Intact;
            let excused = signature.integrity == Integrity::Unsupported && yes;
            right(intact == yes || excused, &signature.integrity)
        }
        ("byterange", _) => {
            let ok = coverage.byte_range == ByteRangeState::Ok;
            right(ok == (value == "ok"), &coverage.byte_range)
        }
        ("covers_whole", _) if coverage.byte_range == ByteRangeState::Ok => {
            right(coverage.whole_file == yes, &coverage.whole_file)
        }
        ("tail_bytes", _) if coverage.byte_range == ByteRangeState::Ok => {
            right(coverage.tail_bytes.to_string() == value, &coverage.tail_bytes)
        }
        ("mod", "none") => {
            let level = signature.modification.level;
            right(
                level == ModificationLevel::None || coverage.byte_range == ByteRangeState::Bad,
                &level,
            )
        }
        ("mod", _) => {
            let allowed = signature.modification.level < ModificationLevel::Forbidden;
            right(allowed == (value == "allowed"), &signature.modification.level)
        }
        ("mod_level", _) => {
            let wanted = match value {
                "lta" => ModificationLevel::Lta,
                "form" => ModificationLevel::Form,
                _ => ModificationLevel::Annotation,
            };
            right(signature.modification.level == wanted, &signature.modification.level)
        }
        ("level", _) => right(signature.level.as_str() == value, &signature.level),
        ("type", _) => right(signature.kind == Kind::Timestamp, &signature.kind),
        ("ts", _) => {
            let wanted = if value == "ok" { TimestampState::Ok } else { TimestampState::Bad };
            right(signature.time.timestamp == wanted, &signature.time.timestamp)
        }
        ("docmdp", _) => {
            let level = signature.permissions.docmdp.map(|level| format!("P{level}"));
            right(level.as_deref() == Some(value), &level)
        }
        ("fieldmdp", _) => {
            let wanted = match value {
                "all" => FieldMdp::All,
                "include" => FieldMdp::Include,
                _ => FieldMdp::Exclude,
            };
            right(signature.permissions.fieldmdp == Some(wanted), &signature.permissions.fieldmdp)
        }
        _ => None,
    }
}

fn findings(signature: &SignatureReport) -> String {
    let weighty = signature
        .findings
        .iter()
        .filter(|finding| finding.severity != sealwright::report::Severity::Info);
    weighty
        .map(|finding| {
            let object = finding.object.as_deref().unwrap_or("-");
            format!("{}({object} {})", finding.code, finding.values.join(","))
        })
        .collect::<Vec<_>>()
        .join(" ")
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
