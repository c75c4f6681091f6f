//! What the search for keywords costs, one line a case:
//!
//! ```text
//! keywords CASE MILLISECONDS FLOOR_MILLISECONDS RATIO LIMIT_MILLISECONDS
//! ```
//!
//! The contract has 1000 pages of 40 lines with 40 characters each. FLOOR is SHA-256 over the file, in
//! the same run: it tells how fast the machine was. A case beyond its limit fails the run, and so does
//! one that holds more than a few pages at a time. `cargo bench --bench keywords`.

use std::time::Instant;

use sealwright::contract::Keyword;
use sealwright::digest::{Digest, DigestAlgorithm};
use sealwright::geometry::{PageIndex, Pt, Size};
use sealwright::limits::Unwatched;
use sealwright::pdf::File;
use sealwright::placement::{PdfText, Search, find};
use sealwright_testdata::texts::{A4, Texts, composite, show, utf16};

const PAGES: u32 = 1000;
const LINES: u32 = 40;
/// Runs of each case; the fastest counts.
const RUNS: u32 = 3;
/// By how much the process may grow over the search, in KiB.
const MOST_GROWTH: u64 = 24 << 10;

fn main() {
    let bytes = contract();
    let floor = (0..RUNS).map(|_| hashed(&bytes)).fold(f64::INFINITY, f64::min);
    println!("{} bytes", bytes.len());

    let all: Vec<_> = (0..500).map(|number| word(&format!("编号{number:03}"))).collect();
    let absent: Vec<_> = (0..500).map(|number| word(&format!("无此字样{number:03}"))).collect();
    let last = [word("编号007").on_page(PageIndex::LAST)];
    let before = peak();
    let cases = [
        ("one_keyword", &all[..1], 4_000.0),
        ("500_keywords", &all[..], 4_000.0),
        ("500_absent_keywords", &absent[..], 4_000.0),
        ("last_page_only", &last[..], 100.0),
    ];
    let mut slow = Vec::new();
    for (name, keywords, limit) in cases {
        let millis = (0..RUNS).map(|_| searched(&bytes, keywords)).fold(f64::INFINITY, f64::min);
        println!("keywords {name} {millis:.1} {floor:.1} {:.1} {limit:.0}", millis / floor);
        if millis > limit {
            slow.push(name);
        }
    }
    if let (Some(before), Some(after)) = (before, peak()) {
        println!("grown by {} KiB, at most {MOST_GROWTH}", after - before);
        assert!(after - before <= MOST_GROWTH, "the text of more than a few pages is held");
    }
    assert!(slow.is_empty(), "beyond their limits: {slow:?}");
}

fn word(text: &str) -> Keyword {
    Keyword::new(text).expect("a keyword")
}

fn contract() -> Vec<u8> {
    let mut texts = Texts::new();
    texts.font("F1", &composite("UniGB-UTF16-H", "GB1", ""));
    let sentence = "甲乙双方本着平等自愿诚实守信的原则经充分协商订立本协议共同遵守各项条款之约定";
    for page in 0..PAGES {
        let line = |line: u32| {
            let text = match line {
                20 => format!(
                    "第{page}页编号{:03}（盖章）：________ 日期：____年__月__日",
                    page % 500
                ),
                _ => sentence.to_owned(),
            };
            show("F1", 12, (50, 780 - i32::try_from(line * 18).expect("a page")), &utf16(&text))
        };
        texts.page(A4, &(0..LINES).map(line).collect::<String>());
    }
    texts.write()
}

fn hashed(bytes: &[u8]) -> f64 {
    let start = Instant::now();
    std::hint::black_box(Digest::of(DigestAlgorithm::Sha256, bytes));
    start.elapsed().as_secs_f64() * 1000.0
}

fn searched(bytes: &[u8], keywords: &[Keyword]) -> f64 {
    let size = Size::new(Pt(120.0), Pt(120.0)).expect("a size");
    let wanted: Vec<_> = keywords.iter().map(|keyword| (keyword, size)).collect();
    let start = Instant::now();
    let file = File::open(bytes, Default::default()).expect("a document");
    let mut text = PdfText::new(&file).expect("pages");
    let search: Search = find(&mut text, &wanted, &Unwatched).expect("text");
    let millis = start.elapsed().as_secs_f64() * 1000.0;
    assert_eq!(search.findings().len(), keywords.len());
    millis
}

/// The most memory that the process has held so far, in KiB, where the system tells.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
