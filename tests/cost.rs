//! What judging may cost, whatever the file: two seconds and 256 MB under default limits.
//!
//! Over the documents of the test data, hostile ones among them, and over the third-party corpus if
//! `SEALWRIGHT_CORPUS` names it. `.ci/steps/65-flips.sh` runs this in release, where the time counts as
//! it stands; without optimisation four times as much is granted.

#[path = "../benches/ratio/memory.rs"]
mod memory;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use sealwright::limits::Limits;
use sealwright::pdf::File;
use sealwright::verification::{CheckOptions, check_file, explain};
use sealwright_testdata::documents;

const MOST_BYTES: usize = 256_000_000;

const MOST_TIME: Duration =
    if cfg!(debug_assertions) { Duration::from_secs(8) } else { Duration::from_secs(2) };

/// One test, since what others hold meanwhile would be counted too.
#[test]
fn no_document_takes_long_or_much_memory_to_judge() {
    let mut worst = Worst::default();
    for document in documents::all() {
        worst.judge(document.name, &document.bytes);
    }
    match std::env::var_os("SEALWRIGHT_CORPUS").map(PathBuf::from) {
        Some(folder) => {
            let documents = below(&folder);
            assert!(documents.len() > 100, "{} documents", documents.len());
            for path in documents {
                worst.judge(&path.display().to_string(), &std::fs::read(&path).unwrap());
            }
        }
        None => println!("SKIPPED: the third-party corpus. Set SEALWRIGHT_CORPUS to its folder."),
    }
    println!("longest {:?} ({})", worst.time.0, worst.time.1);
    println!("most memory {} bytes ({})", worst.bytes.0, worst.bytes.1);
}

#[derive(Default)]
struct Worst {
    time: (Duration, String),
    bytes: (usize, String),
}

impl Worst {
    fn judge(&mut self, name: &str, bytes: &[u8]) {
        let began = Instant::now();
        let held = memory::peak(|| {
            let Ok(file) = File::open(bytes, Limits::default()) else { return };
            let Ok(report) = check_file(&file, &CheckOptions::without_trust()) else { return };
            // A story that cannot be told of a file that was judged is a mistake of ours, unless
            // its cross references cannot be read.
            let _ = explain(&file, &report);
        });
        let took = began.elapsed();
        assert!(took <= MOST_TIME, "{name} took {took:?}");
        assert!(held <= MOST_BYTES, "{name} took {held} bytes of memory");
        self.time = std::mem::take(&mut self.time).max((took, name.to_owned()));
        self.bytes = std::mem::take(&mut self.bytes).max((held, name.to_owned()));
    }
}

fn below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(below(&path));
        } else if path.extension().is_some_and(|extension| extension == "pdf") {
            found.push(path);
        }
    }
    found.sort();
    found
}
