//! The trail as text: a line for each entry, with what is hashed as it is hashed.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::audit::{Entry, HashAlgorithm};

/// What the first entry has instead of the hash of a predecessor.
const NOTHING: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// A line. Anybody can compute `hash`: it is that of the domain `csign-audit-v1`, a zero byte, the 32
/// bytes of `previous` and the text in `canonical`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    algorithm: HashAlgorithm,
    canonical: String,
    hash: String,
    previous: String,
}

/// The trail, a line for each entry.
pub(super) fn write(trail: &[Entry]) -> Result<Vec<u8>, serde_json::Error> {
    let mut out = Vec::new();
    let mut previous = NOTHING.to_owned();
    for entry in trail {
        let hash = entry.hash();
        let canonical = entry.to_canonical_json();
        let line = Line { algorithm: entry.algorithm(), canonical, hash: hash.clone(), previous };
        serde_json::to_writer(&mut out, &line)?;
        out.push(b'\n');
        previous = hash;
    }
    Ok(out)
}

/// Reads it again. Whether the hashes hold is not looked at here.
///
/// # Errors
///
/// The number of the line, from 1, that is no entry.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Entry>, usize> {
    let text = std::str::from_utf8(bytes).map_err(|_| 1_usize)?;
    let whole = text.is_empty() || text.ends_with('\n');
    let lines = text.lines().enumerate();
    let entries = lines.map(|(number, line)| entry(line).ok_or(number + 1));
    let entries: Vec<Entry> = entries.collect::<Result<_, _>>()?;
    if whole { Ok(entries) } else { Err(entries.len()) }
}

fn entry(line: &str) -> Option<Entry> {
    let Line { algorithm, canonical, hash, previous } = serde_json::from_str(line).ok()?;
    let mut told: Map<String, Value> = serde_json::from_str(&canonical).ok()?;
    told.insert("algorithm".to_owned(), serde_json::to_value(algorithm).ok()?);
    told.insert("hash".to_owned(), Value::String(hash));
    told.insert("previous".to_owned(), Value::String(previous));
    let entry: Entry = serde_json::from_value(Value::Object(told)).ok()?;
    // A text that says more, or says it differently, is not what was hashed.
    (entry.to_canonical_json() == canonical).then_some(entry)
}

#[cfg(test)]
mod tests {
    use time::OffsetDateTime;

    use super::*;
    use crate::audit::{Details, Facts, Head, verify};

    fn trail() -> Vec<Entry> {
        let mut head = Head::start(HashAlgorithm::Sha256);
        let facts =
            || Facts::new(OffsetDateTime::UNIX_EPOCH, "e:a", "contract.signed", "contract:c");
        let details = Details::new().with("title", "\u{e000}合同\"\n").with("pages", 3);
        vec![head.append(facts().from_state("a").details(details)), head.append(facts())]
    }

    #[test]
    fn a_trail_is_read_as_it_was_written() {
        let written = write(&trail()).unwrap();
        assert_eq!(read(&written).unwrap(), trail());
        assert!(verify(&read(&written).unwrap(), None).is_ok());
        assert_eq!(written.iter().filter(|byte| **byte == b'\n').count(), 2);
        assert_eq!(read(b""), Ok(Vec::new()));
    }

    #[test]
    fn what_is_no_entry_is_named_by_its_line() {
        let written = String::from_utf8(write(&trail()).unwrap()).unwrap();
        assert_eq!(read(written.trim_end().as_bytes()), Err(2));
        for other in [r#"\"pages\":3,\"pages\":4"#, r#"\"pages\": 3"#] {
            let changed = written.replacen(r#"\"pages\":3"#, other, 1);
            assert_ne!(changed, written);
            assert_eq!(read(changed.as_bytes()), Err(1), "{other}");
        }
        assert_eq!(read(b"{}\n"), Err(1));
        assert_eq!(read(b"\xFF\n"), Err(1));
    }
}
