//! The manual claims nothing that is not there: the ledger's tests exist, links lead somewhere.

use std::fs;
use std::path::Path;

use sealwright::report::{Code, Rule};

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn every_line_of_the_ledger_names_a_test_that_exists() {
    let ledger = fs::read_to_string(repository().join("src/manual/conformance.md")).unwrap();
    let (mut named, mut complaints) = (0, Vec::new());
    for row in rows(&ledger) {
        // What is not done needs no test, and says so.
        let [clause, done, shown] = row.as_slice() else { continue };
        if shown.is_empty() && !done.contains("not done") {
            complaints.push(format!("{clause}: claimed, but shown by nothing"));
        }
        for test in shown.split(',').map(|test| test.trim().trim_matches('`')) {
            if !test.is_empty() {
                named += 1;
                complaints.extend(missing(test).map(|why| format!("{clause}: {why}")));
            }
        }
    }
    assert!(named > 5, "the ledger was not understood: {named} tests found in it");
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn every_code_of_the_lints_is_told_with_its_weight_and_shown_by_a_test() {
    let page = fs::read_to_string(repository().join("src/manual/lints.md")).unwrap();
    let mut told = Vec::new();
    for row in rows(&page) {
        let [code, severity, meaning, shown] = row.as_slice() else { continue };
        let Ok(known) = code.trim_matches('`').parse::<Code>() else { continue };
        assert_eq!(*severity, format!("{:?}", known.severity()).to_lowercase(), "{known}");
        assert!(!meaning.is_empty(), "{known}");
        assert_eq!(missing(shown.trim_matches('`')), None, "{known}");
        told.push(known);
    }
    let lints = |code: &&Code| ["prep.", "compat."].iter().any(|it| code.as_str().starts_with(it));
    let all: Vec<Code> = Code::ALL.iter().filter(lints).copied().collect();
    assert_eq!(told, all);
}

#[test]
fn every_step_of_the_guide_is_shown_by_a_test_or_left_to_somebody() {
    let walk = fs::read_to_string(repository().join("src/manual/walk.md")).unwrap();
    let rows: Vec<Vec<&str>> =
        rows(&walk).into_iter().filter(|cells| cells[0].starts_with('S')).collect();
    let steps: Vec<&str> = rows.iter().map(|cells| cells[0]).collect();
    let mut expected: Vec<String> = (1..=46).map(|number| format!("S{number}")).collect();
    expected.insert(28, "S28b".to_owned());
    assert_eq!(steps, expected);
    let mut complaints = Vec::new();
    for row in &rows {
        let [step, _, does, shown, given] = row.as_slice() else {
            complaints.push(format!("{row:?} has not five cells"));
            continue;
        };
        if (*does == "nothing") != shown.is_empty() {
            complaints
                .push(format!("{step}: either the library does something, and a test shows it"));
        }
        if *does == "nothing" && given.is_empty() {
            complaints.push(format!("{step}: what is given instead?"));
        }
        for test in shown.split(',').map(|test| test.trim().trim_matches('`')) {
            let why = (!test.is_empty()).then(|| missing(test)).flatten();
            complaints.extend(why.map(|why| format!("{step}: {why}")));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn every_rule_for_changes_is_shown_by_a_test() {
    let page = fs::read_to_string(repository().join("src/manual/changes.md")).unwrap();
    let rows: Vec<Vec<&str>> =
        rows(&page).into_iter().filter(|cells| cells[0].starts_with('`')).collect();
    let mut named: Vec<&str> = rows.iter().map(|cells| cells[0].trim_matches('`')).collect();
    let mut expected: Vec<&str> = Rule::ALL.iter().map(|rule| rule.as_str()).collect();
    named.sort_unstable();
    expected.sort_unstable();
    assert_eq!(named, expected);
    let complaints: Vec<String> = rows
        .iter()
        .filter_map(|cells| {
            let why = missing(cells.last()?.trim_matches('`'))?;
            Some(format!("{}: {why}", cells[0]))
        })
        .collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn a_test_that_does_not_exist_is_noticed() {
    assert_eq!(missing("tests/manual.rs::a_test_that_does_not_exist_is_noticed"), None);
    assert_eq!(missing("tests/interop/judge.py::pyhanko"), None);
    assert!(missing("tests/manual.rs::rep").is_some());
    assert!(missing("tests/nowhere.rs::repository").is_some());
    assert!(missing("tests/manual.rs").is_some());
}

#[test]
fn the_readme_links_to_files_that_exist() {
    let readme = fs::read_to_string(repository().join("README.md")).unwrap();
    let targets: Vec<_> = readme
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
        .filter(|target| !target.contains("://"))
        .collect();
    assert!(!targets.is_empty());
    for target in targets {
        assert!(repository().join(target).is_file(), "README.md links to {target}");
    }
}

/// The cells of every row of every table, without head and ruler.
fn rows(markdown: &str) -> Vec<Vec<&str>> {
    markdown
        .lines()
        .filter(|line| line.starts_with('|') && !line.starts_with("|---"))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .filter(|cells: &Vec<&str>| cells[0] != "clause")
        .collect()
}

fn missing(test: &str) -> Option<String> {
    let Some((file, name)) = test.split_once("::") else {
        return Some(format!("`{test}` is not of the form file::name"));
    };
    let Ok(text) = fs::read_to_string(repository().join(file)) else {
        return Some(format!("{file} does not exist"));
    };
    let defined = [format!("fn {name}("), format!("def {name}(")];
    (!defined.iter().any(|line| text.contains(line.as_str())))
        .then(|| format!("{file} defines no {name}"))
}
