//! The table of deviations in the documentation of `execution::check`, against the codes and the tests.

use std::collections::BTreeMap;

use sealwright::execution::DeviationCode;

const TABLE: &str = include_str!("../../src/execution/check/mod.rs");
const TESTS: [&str; 6] = [
    include_str!("checking.rs"),
    include_str!("closing.rs"),
    include_str!("disguised.rs"),
    include_str!("forged.rs"),
    include_str!("free_hand.rs"),
    include_str!("prepared_otherwise.rs"),
];

/// The body of a test.
fn body(name: &str) -> Option<&'static str> {
    let head = format!("#[test]\nfn {name}() {{\n");
    let (_, after) = TESTS.iter().find_map(|file| file.split_once(&head))?;
    after.split_once("\n}\n").map(|(body, _)| body)
}

#[test]
fn every_deviation_has_a_test_that_shows_it() {
    let rows = TABLE.lines().filter_map(|line| line.strip_prefix("//! | `exec."));
    let mut shown: BTreeMap<String, &str> = BTreeMap::new();
    for row in rows {
        let (code, _) = row.split_once('`').unwrap();
        let test = row.strip_suffix("` |").and_then(|row| row.rsplit_once('`')).unwrap().1;
        let body = body(test).unwrap_or_else(|| panic!("exec.{code}: there is no test {test}"));
        let code = format!("exec.{code}");
        assert!(body.contains(&format!("\"{code}\"")), "{test} does not speak of {code}");
        assert!(shown.insert(code.clone(), test).is_none(), "{code} is there twice");
    }
    let all: Vec<&str> = DeviationCode::ALL.iter().map(|code| code.as_str()).collect();
    assert!(all.iter().all(|code| shown.contains_key(*code)), "{shown:?}");
    assert_eq!(shown.len(), all.len());
}
