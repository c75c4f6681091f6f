//! The manual claims nothing that is not there: the ledger's tests exist, links lead somewhere.

use std::fs;
use std::path::Path;

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
