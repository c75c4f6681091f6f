//! Another reader, `lopdf`, and ours over the same sound documents: the objects must agree.
//!
//! It is an oracle for values, not a judge: it reads leniently, and its blind spots are named below.

use std::path::Path;

use sealwright::limits::Limits;
use sealwright::pdf::{Dictionary, Entry, File, Object, ObjectId, Parse, Revision};
use sealwright_testdata::documents::{Expectation, all};

#[test]
fn both_see_the_same_objects_in_the_zoo() {
    let mut compared = 0;
    for document in all() {
        if document.expectation == Expectation::Strict {
            compared +=
                compare(document.name, &document.bytes).unwrap_or_else(|why| panic!("{why}"));
        }
    }
    assert!(compared > 40_000, "only {compared} objects were compared");
}

#[test]
fn both_see_the_same_objects_in_the_corpus() {
    let Some(root) = std::env::var_os("SEALWRIGHT_CORPUS") else {
        eprintln!("SKIPPED: SEALWRIGHT_CORPUS is not set");
        return;
    };
    let mut compared = 0;
    let mut differing = Vec::new();
    for (name, bytes) in corpus(Path::new(&root)) {
        let Ok(file) = File::open(&bytes, Limits::default()) else { continue };
        // A damaged table lists nothing that could be compared.
        let damaged = file.sections().iter().any(|one| one.entries(file.source()).is_err());
        if file.parse() == Parse::Repaired || file.is_encrypted() || damaged {
            continue;
        }
        match compare(&name, &bytes) {
            Ok(count) => compared += count,
            Err(why) => differing.push(why),
        }
    }
    assert!(differing.is_empty(), "{differing:#?}");
    assert!(compared > 5_000, "only {compared} objects were compared");
}

fn corpus(root: &Path) -> Vec<(String, Vec<u8>)> {
    let manifest = std::fs::read_to_string(root.join("manifest.tsv")).expect("the corpus");
    let names = manifest.lines().skip(1).filter_map(|line| line.split('\t').next());
    names
        .map(|name| (name.to_owned(), std::fs::read(root.join(name)).expect("a listed file")))
        .collect()
}

/// Compares all objects of the newest revision; how many there were, or where the two differ.
fn compare(name: &str, bytes: &[u8]) -> Result<usize, String> {
    let file = File::open(bytes, Limits::default()).map_err(|error| format!("{name}: {error}"))?;
    let other = lopdf::Document::load_mem(bytes)
        .map_err(|error| format!("{name}: not loaded by the other: {error}"))?;
    let latest = file.latest();
    let mut numbers = std::collections::BTreeSet::new();
    for section in file.sections() {
        let entries = section.entries(file.source()).map_err(|error| format!("{name}: {error}"))?;
        numbers.extend(entries.iter().map(|(number, _)| *number));
    }
    let mut compared = 0;
    for number in numbers {
        let generation = match latest.entry(number) {
            Ok(Some(Entry::InUse { generation, .. })) => generation,
            Ok(Some(Entry::Compressed { .. })) => 0,
            _ => continue,
        };
        // What we refuse to read has no value to compare.
        let Ok(Some(ours)) = latest.get(ObjectId::new(number, generation)) else { continue };
        let ours = ours.object.value;
        let Some(theirs) = other.objects.get(&(number, generation)) else {
            if is_left_out(&ours) {
                continue;
            }
            return Err(format!("{name}: {number} {generation}: missing in the other: {ours:?}"));
        };
        if let Some(difference) = difference(latest, &ours, theirs) {
            return Err(format!("{name}: {number} {generation}: {difference}"));
        }
        compared += 1;
    }
    Ok(compared)
}

/// It drops object streams and cross-reference streams once it has read them.
fn is_left_out(object: &Object) -> bool {
    object.as_stream().is_some_and(|stream| {
        stream.dictionary.is_type(b"ObjStm") || stream.dictionary.is_type(b"XRef")
    })
}

/// Where two values differ, if they do.
fn difference(revision: Revision<'_>, ours: &Object, theirs: &lopdf::Object) -> Option<String> {
    let same = match (ours, theirs) {
        (Object::Null, lopdf::Object::Null) => true,
        (Object::Boolean(one), lopdf::Object::Boolean(two)) => one == two,
        (Object::Integer(one), lopdf::Object::Integer(two)) => one == two,
        // It keeps real numbers in 32 bits.
        (Object::Real(one), lopdf::Object::Real(two)) => {
            (one - f64::from(*two)).abs() <= one.abs() * 1e-6 + 1e-30
        }
        (Object::Name(one), lopdf::Object::Name(two)) => one == two,
        (Object::String(one), lopdf::Object::String(two, _)) => &one.bytes == two,
        (Object::Reference(one), lopdf::Object::Reference(two)) => {
            (one.number, one.generation) == *two
        }
        (Object::Array(one), lopdf::Object::Array(two)) if one.len() == two.len() => {
            let mut pairs = one.iter().zip(two).enumerate();
            return pairs.find_map(|(index, (one, two))| {
                Some(format!("[{index}]{}", difference(revision, &one.value, two)?))
            });
        }
        (Object::Dictionary(one), lopdf::Object::Dictionary(two)) => {
            return difference_in_keys(revision, one, two);
        }
        (Object::Stream(one), lopdf::Object::Stream(two)) => {
            let data = revision.raw(one).unwrap_or_default();
            if *data != two.content[..] {
                return Some(format!(" data of {} and {} bytes", data.len(), two.content.len()));
            }
            return difference_in_keys(revision, &one.dictionary, &two.dict);
        }
        _ => false,
    };
    (!same).then(|| format!(" {ours:?} and {theirs:?}"))
}

fn difference_in_keys(
    revision: Revision<'_>,
    ours: &Dictionary,
    theirs: &lopdf::Dictionary,
) -> Option<String> {
    let count = theirs.iter().filter(|(_, value)| !matches!(value, lopdf::Object::Null)).count();
    if ours.iter().count() != count {
        return Some(format!(" dictionaries of {} and {count} keys", ours.iter().count()));
    }
    ours.iter().find_map(|(key, value)| {
        let name = String::from_utf8_lossy(key);
        let Ok(theirs) = theirs.get(key) else { return Some(format!("/{name} is missing")) };
        // It puts the number in the place of a /Length by reference.
        let direct = if key == b"Length" { revision.resolve(value).ok() } else { None };
        let value = direct.as_deref().unwrap_or(value);
        Some(format!("/{name}{}", difference(revision, value, theirs)?))
    })
}
