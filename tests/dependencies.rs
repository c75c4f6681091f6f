//! What sealwright asks of those who depend on it: a compiler, and a number of crates.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

/// Crates in the tree that a user builds without features, sealwright itself included, and with the
/// default ones. The numbers may fall; raising one is a decision. The last ones came with `serde_json`
/// and what it writes numbers with: evidence is handed out as JSON and read back. `text` asks for 27 more: CMaps, font
/// programs and what reads them.
const CORE_TREE: usize = 109;
const DEFAULT_TREE: usize = 136;

#[test]
fn no_dependency_needs_a_newer_compiler_than_we_say() {
    let ours = version(env!("CARGO_PKG_RUST_VERSION")).unwrap();
    let metadata: Value = serde_json::from_str(&cargo(&[
        "metadata",
        "--format-version=1",
        "--locked",
        "--all-features",
        "--filter-platform",
        &host(),
    ]))
    .unwrap();
    let needed = compilers_needed(&metadata, "sealwright");
    assert!(needed.len() >= CORE_TREE / 2, "only {} crates were looked at", needed.len());

    let newer = newer_than(ours, &needed);
    assert!(
        newer.is_empty(),
        "rust-version {} is a lie for: {newer:?}",
        env!("CARGO_PKG_RUST_VERSION")
    );
}

#[test]
fn the_core_tree_does_not_grow_unnoticed() {
    for (features, most) in [(&["--no-default-features"][..], CORE_TREE), (&[], DEFAULT_TREE)] {
        let plain = ["tree", "--locked", "--package=sealwright", "--edges=normal", "--prefix=none"];
        let tree = cargo(&[&plain, features].concat());
        let crates: BTreeSet<_> = tree.lines().map(|line| line.trim_end_matches(" (*)")).collect();
        println!("{} crates with {features:?}, at most {most}", crates.len());
        assert!(crates.iter().any(|name| name.starts_with("sealwright ")), "not our tree:\n{tree}");
        assert!(
            crates.len() <= most,
            "{} crates with {features:?}, {most} before: is the new one worth it?",
            crates.len()
        );
    }
}

#[test]
fn a_newer_compiler_is_noticed() {
    let metadata = serde_json::json!({
        "packages": [
            { "id": "0", "name": "sealwright", "rust_version": "1.92" },
            { "id": "1", "name": "below", "rust_version": "1.9" },
            { "id": "2", "name": "built-with", "rust_version": "1.92.1" },
            { "id": "3", "name": "tested-with", "rust_version": "2.0" },
            { "id": "4", "name": "silent", "rust_version": null },
        ],
        "resolve": { "nodes": [
            { "id": "0", "deps": [
                { "pkg": "1", "dep_kinds": [{ "kind": null }] },
                { "pkg": "3", "dep_kinds": [{ "kind": "dev" }] },
            ] },
            { "id": "1", "deps": [
                { "pkg": "2", "dep_kinds": [{ "kind": "dev" }, { "kind": "build" }] },
                { "pkg": "4", "dep_kinds": [{ "kind": null }] },
            ] },
            { "id": "2", "deps": [] },
            { "id": "3", "deps": [] },
            { "id": "4", "deps": [] },
        ] },
    });
    let needed = compilers_needed(&metadata, "sealwright");
    let names: Vec<_> = needed.iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["below", "built-with", "sealwright"]);
    assert_eq!(newer_than([1, 92, 0], &needed), ["built-with 1.92.1"]);
}

/// The `rust-version` of every crate that is built when `root` is: normal and build dependencies,
/// not those of its tests.
fn compilers_needed(metadata: &Value, root: &str) -> BTreeSet<(String, String)> {
    let list = |value: &Value| value.as_array().cloned().unwrap();
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let packages: BTreeMap<_, _> = list(&metadata["packages"])
        .into_iter()
        .map(|package| (text(&package["id"]).unwrap(), package))
        .collect();
    let nodes: BTreeMap<_, _> = list(&metadata["resolve"]["nodes"])
        .into_iter()
        .map(|node| (text(&node["id"]).unwrap(), list(&node["deps"])))
        .collect();

    let mut open: Vec<String> = packages
        .iter()
        .filter(|(_, package)| package["name"] == root)
        .map(|(id, _)| id.clone())
        .collect();
    let (mut seen, mut needed) = (BTreeSet::new(), BTreeSet::new());
    while let Some(id) = open.pop() {
        if !seen.insert(id.clone()) {
            continue;
        }
        let package = &packages[&id];
        if let Some(compiler) = text(&package["rust_version"]) {
            needed.insert((text(&package["name"]).unwrap(), compiler));
        }
        let is_built = |dep: &&Value| list(&dep["dep_kinds"]).iter().any(|k| k["kind"] != "dev");
        open.extend(nodes[&id].iter().filter(is_built).filter_map(|dep| text(&dep["pkg"])));
    }
    needed
}

fn newer_than(ours: [u64; 3], needed: &BTreeSet<(String, String)>) -> Vec<String> {
    needed
        .iter()
        .filter(|(_, compiler)| version(compiler).is_none_or(|theirs| theirs > ours))
        .map(|(name, compiler)| format!("{name} {compiler}"))
        .collect()
}

fn version(text: &str) -> Option<[u64; 3]> {
    let mut parts = text.split('.').map(|part| part.parse().ok());
    let mut part = || parts.next().unwrap_or(Some(0));
    Some([part()?, part()?, part()?])
}

fn host() -> String {
    let output = Command::new("rustc").arg("-vV").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().find_map(|line| line.strip_prefix("host: ")).unwrap().to_owned()
}

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
