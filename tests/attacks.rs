//! The judge, and the lint before signing, on forged documents and their honest twins; the table of `src/manual/attacks.md` says what
//! he finds, and what others do.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use sealwright::inspection::prepared_content;
use sealwright::limits::Limits;
use sealwright::pdf::File;
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

/// Honest twins in which something lies ready to be swapped all the same: the trick was left out, what
/// had been prepared for it was not.
struct Prepared {
    because: &'static str,
    /// What the lint before signing warns of.
    codes: &'static [&'static str],
    twins: &'static [&'static str],
}

const PREPARED: &[Prepared] = &[
    Prepared {
        because: "the field has one value, and its appearance shows another text",
        codes: &["prep.field_value"],
        twins: &[
            "appearance.field_acts",
            "appearance.field_grown",
            "appearance.field_renamed",
            "appearance.font_of_all_fields",
            "appearance.shared_with_the_page",
        ],
    },
    Prepared {
        because: "the same, and the font with which viewers are to draw it is used by nothing else",
        codes: &["prep.field_value", "prep.twin_font"],
        twins: &["appearance.value_drawn_anew"],
    },
    Prepared {
        because: "the page shows another object; its first content is in the file and nothing leads to it",
        codes: &["prep.orphan_content"],
        twins: &["disguises.content_as_catalog", "ranges.content_in_gap"],
    },
    Prepared {
        because: "other content, in most with another price, is in the file and no page shows it",
        codes: &["prep.orphan_content"],
        twins: &[
            "spelling.comment",
            "spelling.escaped_name",
            "spelling.key_twice_first",
            "spelling.key_twice_last",
            "spelling.length_long",
            "spelling.length_short",
            "spelling.reference_with_generation",
            "spelling.two_files_in_one",
            "spelling.value_twice",
        ],
    },
    Prepared {
        because: "the other price stands on the page, under a form that only has to go",
        codes: &["prep.hidden_text"],
        twins: &[
            "shadow.hide_by_emptying",
            "shadow.hide_by_freeing",
            "shadow.hide_by_layer",
            "shadow.hide_by_metadata",
            "shadow.hide_by_null",
        ],
    },
    Prepared {
        because: "a second page with the other price is in the file, outside the page tree",
        codes: &["prep.orphan_content", "prep.orphan_page"],
        twins: &["shadow.other_page", "shadow.other_root", "shadow.other_tree"],
    },
    Prepared {
        because: "a button covers the page, and a second appearance of its size is in the file",
        codes: &["prep.text_under_annotation", "prep.twin_xobject"],
        twins: &["shadow.replace_by_button"],
    },
];

/// The rest of them give the lint no cause: a new one is a false alarm, or a twin that belongs into the
/// list.
#[test]
fn the_lint_warns_of_the_twins_that_are_prepared_and_of_no_other() {
    let mut expected = BTreeMap::new();
    for Prepared { because, codes, twins } in PREPARED {
        for twin in *twins {
            let before = expected.insert((*twin).to_owned(), (codes.to_vec(), *because));
            assert!(before.is_none(), "{twin} is listed twice");
        }
    }
    let mut complaints = Vec::new();
    for Attack { family, name, honest, .. } in attacks::all() {
        let file = File::open(&honest, Limits::default()).unwrap();
        let warnings = prepared_content(&file.latest()).unwrap().warnings();
        let found: Vec<&str> = warnings.iter().map(|code| code.as_str()).collect();
        let listed = expected.remove(&format!("{family}.{name}"));
        let (wanted, because) = listed.unwrap_or((Vec::new(), "nothing is prepared in it"));
        let wanted: BTreeSet<&str> = wanted.into_iter().collect();
        if found.iter().copied().collect::<BTreeSet<_>>() != wanted {
            complaints.push(format!("{family}.{name}: {found:?}, but {because}"));
        }
    }
    complaints.extend(expected.keys().map(|name| format!("{name}: no twin has this name")));
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}
