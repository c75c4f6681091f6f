//! What the search for keywords costs, one line a case:
//!
//! ```text
//! keywords CASE MILLISECONDS FLOOR_MILLISECONDS RATIO MOST_RATIO
//! ```
//!
//! The contract has 1000 pages of 40 lines with 40 characters each. FLOOR is SHA-256 over the file in the
//! same run, interleaved with ours; both are medians. A case whose ratio is above MOST_RATIO fails the
//! run, and so do 500 keywords that cost much more than one, and a search that holds more than a few
//! pages at a time. `cargo bench --bench keywords`.

#[path = "../measure/mod.rs"]
mod measure;

use std::hint::black_box;

use measure::measured;
use sealwright::contract::Keyword;
use sealwright::digest::{Digest, DigestAlgorithm};
use sealwright::geometry::{PageIndex, Pt, Size};
use sealwright::limits::Unwatched;
use sealwright::pdf::File;
use sealwright::placement::{PdfText, Search, find};
use sealwright_testdata::texts::{A4, Texts, composite, show, utf16};

const PAGES: u32 = 1000;
const LINES: u32 = 40;
/// What 500 keywords may cost, of what one does: all are looked for in one pass.
const MOST_FOR_MANY: f64 = 1.5;
/// By how much the process may grow over the search, in KiB.
const MOST_GROWTH: u64 = 24 << 10;

fn main() {
    let bytes = contract();
    println!("{} bytes", bytes.len());
    let all: Vec<_> = (0..500).map(|number| word(&format!("编号{number:03}"))).collect();
    let absent: Vec<_> = (0..500).map(|number| word(&format!("无此字样{number:03}"))).collect();
    let last = [word("编号007").on_page(PageIndex::LAST)];
    let before = peak();
    let cases = [
        ("one_keyword", &all[..1], 300.0),
        ("500_keywords", &all[..], 300.0),
        ("500_absent_keywords", &absent[..], 300.0),
        ("last_page_only", &last[..], 10.0),
    ];
    let (mut failed, mut times) = (Vec::new(), Vec::new());
    for (name, keywords, most) in cases {
        let floor = || {
            black_box(Digest::of(DigestAlgorithm::Sha256, &bytes));
        };
        let found = measured(|| searched(&bytes, keywords), floor);
        let ratio = found.ratio();
        println!("keywords {name} {:.1} {:.1} {ratio:.1} {most}", found.ours, found.floor);
        if ratio > most {
            failed.push(format!("{name}: {ratio:.1} times the floor"));
        }
        times.push(found.ours);
    }
    if times[1] > times[0] * MOST_FOR_MANY {
        failed.push(format!("500 keywords take {:.1} times as long as one", times[1] / times[0]));
    }
    if let (Some(before), Some(after)) = (before, peak()) {
        println!("grown by {} KiB, at most {MOST_GROWTH}", after - before);
        if after - before > MOST_GROWTH {
            failed.push("the text of more than a few pages is held".to_owned());
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
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

fn searched(bytes: &[u8], keywords: &[Keyword]) {
    let size = Size::new(Pt(120.0), Pt(120.0)).expect("a size");
    let wanted: Vec<_> = keywords.iter().map(|keyword| (keyword, size)).collect();
    let file = File::open(bytes, Default::default()).expect("a document");
    let mut text = PdfText::new(&file).expect("pages");
    let search: Search = find(&mut text, &wanted, &Unwatched).expect("text");
    assert_eq!(search.findings().len(), keywords.len());
}

/// The most memory that the process has held so far, in KiB, where the system tells.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
