//! The judge on forged documents and their honest twins; the table of `src/manual/attacks.md` says what
//! he finds, and what others do.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use sealwright::pki::TrustAnchors;
use sealwright::report::{Conclusion, Report, Severity};
use sealwright::verification::{CheckOptions, check};
use sealwright_testdata::attacks::{self, Attack, signed_at};

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn folder() -> PathBuf {
    repository().join("testdata/attacks")
}

fn judged(bytes: &[u8]) -> Result<Report, sealwright::verification::Error> {
    let anchors = TrustAnchors::from_pem(attacks::roots().as_bytes()).unwrap();
    check(bytes, &CheckOptions::trusting(&anchors).at(signed_at()))
}

/// The codes of what speaks against a document, each with the objects it is about.
fn found(bytes: &[u8]) -> String {
    let report = match judged(bytes) {
        Ok(report) => report,
        Err(error) => return format!("refused: {}", error.code()),
    };
    let signatures = report.signatures.iter().flat_map(|signature| &signature.findings);
    let mut codes: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for finding in report.findings.iter().chain(signatures) {
        if finding.severity != Severity::Info {
            let about = codes.entry(finding.code.as_str()).or_default();
            about.extend(finding.object.as_deref());
        }
    }
    let word = match report.conclusion {
        Conclusion::Passed => "passed",
        Conclusion::Indeterminate => "indeterminate",
        Conclusion::Failed => "failed",
        Conclusion::Unsigned => "unsigned",
    };
    let codes: Vec<String> = codes
        .into_iter()
        .map(|(code, mut about)| {
            about.sort_unstable();
            about.dedup();
            let numbers: Vec<&str> = about.iter().filter_map(|it| it.split(' ').next()).collect();
            if numbers.is_empty() {
                code.to_owned()
            } else {
                format!("{code} {}", numbers.join(" "))
            }
        })
        .collect();
    if codes.is_empty() { word.to_owned() } else { format!("{word}: {}", codes.join(", ")) }
}

/// With `ATTACKS=write` the folder and our column of the table are written instead, to be looked at.
fn writes() -> bool {
    std::env::var_os("ATTACKS").is_some_and(|value| value == "write")
}

#[test]
fn the_committed_documents_are_those_that_are_made() {
    let mut expected = BTreeMap::new();
    for attack in attacks::all() {
        expected.extend(attack.files().map(|(name, bytes)| (name, bytes.to_vec())));
    }
    expected.insert("roots.pem".to_owned(), attacks::roots().into_bytes());
    let mut committed = BTreeMap::new();
    for entry in fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        committed.insert(name, fs::read(path).unwrap());
    }
    let names = |all: &BTreeMap<String, Vec<u8>>| all.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&committed), names(&expected));
    for (name, bytes) in &expected {
        assert!(committed[name] == *bytes, "{name}: run the generator, and look at what it wrote");
    }
}

#[test]
fn every_attack_is_refused_and_every_honest_twin_passes() {
    let mut complaints = Vec::new();
    let all = attacks::all();
    for Attack { family, name, attack, honest, .. } in &all {
        let (forged, twin) = (found(attack), found(honest));
        if !forged.starts_with("failed: ") && !forged.starts_with("indeterminate: ") {
            complaints.push(format!("{family} {name}: the attack is {forged}"));
        }
        if !twin.starts_with("passed") {
            complaints.push(format!("{family} {name}: the twin is {twin}"));
        }
    }
    assert!(all.len() > 120, "the set has shrunk to {}", all.len());
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// The head of the table, and its ruler.
const HEAD: &str = "| family | trick | what a careless reader does | sealwright | pdfsig | pyHanko | mutool |\n\
    |---|---|---|---|---|---|---|";

#[test]
fn the_table_of_the_manual_says_what_is_found() {
    let page = repository().join("src/manual/attacks.md");
    let text = fs::read_to_string(&page).unwrap();
    for one in attacks::all() {
        let line = format!("| {} | {} |", one.family, one.known);
        assert!(text.contains(&line), "the page lacks the line {line}");
    }
    let (before, table) = text.split_once(HEAD).expect("the table has its head");
    let (table, behind) = table.split_once("\n\n").unwrap_or((table, ""));
    let others: BTreeMap<(&str, &str), &str> = table.lines().filter_map(row).collect();
    let rows: Vec<String> = attacks::all()
        .iter()
        .map(|one| {
            let others = others.get(&(one.family, one.name)).copied().unwrap_or("? | ? | ?");
            let ours = found(&one.attack);
            format!("| {} | {} | {} | {ours} | {others} |", one.family, one.name, one.careless)
        })
        .collect();
    if writes() {
        let table = rows.join("\n");
        fs::write(&page, format!("{before}{HEAD}\n{table}\n\n{behind}")).unwrap();
        return;
    }
    let committed: Vec<&str> = table.lines().filter(|line| !line.is_empty()).collect();
    for (committed, row) in committed.iter().zip(&rows) {
        assert_eq!(committed, row, "the attack is judged otherwise than the manual says");
    }
    assert_eq!(committed.len(), rows.len());
    assert!(!table.contains('?'), "ask the others: tests/interop/attacks.py --write");
}

/// Family and trick of a row, and what others say.
fn row(line: &str) -> Option<((&str, &str), &str)> {
    let line = line.strip_prefix("| ")?.strip_suffix(" |")?;
    let mut cells = line.splitn(5, " | ");
    let (family, trick) = (cells.next()?, cells.next()?);
    Some(((family, trick), cells.nth(2)?))
}
