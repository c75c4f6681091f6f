//! What it costs to explain everything that was changed after a signature.

use std::cell::Cell;
use std::hint::black_box;
use std::time::{Duration, Instant};

use sealwright::limits::Progress;
use sealwright::pdf::File;
use sealwright::signing::Seal;
use sealwright::{CheckOptions, Limits, check};
use sealwright_testdata::documents::{self, large};
use sealwright_testdata::pdf::Section;

use super::{Bench, hash, middle, now, shown, timed};

impl Bench {
    /// Three signatures on 20,000 pages, then the same change in a small and in a large file.
    pub(super) fn later_changes(&self) {
        type Maker = fn(u32) -> Vec<u8>;
        let kinds: [(&str, Maker); 3] = [
            ("table-balanced", |pages| documents::balanced_page_tree(pages, Section::Table)),
            ("stream-flat", |pages| documents::flat_page_tree(pages, Section::Stream)),
            ("objstm-flat", |pages| documents::flat_page_tree(pages, Section::ObjectStreams(100))),
        ];
        for (kind, make) in kinds {
            let mut document = make(20_000);
            for _ in 0..3 {
                document = self.signed(&document, &self.parties[0].signer);
            }
            let floor = || {
                black_box(hash(&[&document]));
            };
            let case = format!("20000p-{kind}-3-signatures");
            self.line("analyse", &case, || self.judge(&document), floor);
        }
        self.beyond("change-in-1MB-and-100MB", [1_000_000, 100_000_000]);
    }

    /// What a check takes beside its pass of hashing, for files of two lengths in which the same was
    /// changed after the first signature.
    ///
    /// The pass is not subtracted as a whole, whose noise is larger than what is looked for: between the
    /// first and the last report of progress nothing but hashing is done, so the clock stands still.
    fn beyond(&self, case: &str, lengths: [usize; 2]) {
        if !self.wants(&format!("analyse {case}")) {
            return;
        }
        let documents = lengths.map(|length| {
            let mut document = large::scans(length);
            for _ in 0..2 {
                document = self.signed_unseen(&document);
            }
            document
        });
        let mut beyond = [Vec::new(), Vec::new()];
        for _ in 0..31 {
            for (document, times) in documents.iter().zip(&mut beyond) {
                times.push(self.beside_hashing(document));
            }
        }
        let [small, large] = beyond.map(middle);
        let ratio = large.as_secs_f64() / small.as_secs_f64();
        println!("beyond {case} {} {} {ratio:.2}", shown(small), shown(large));
    }

    fn beside_hashing(&self, document: &[u8]) -> Duration {
        let watch = Watch::default();
        let began = Instant::now();
        let options = CheckOptions::trusting(&self.anchors).at(now()).watched_by(&watch);
        let report = check(document, &options).expect("a document");
        let ended = Instant::now();
        assert!(report.conclusion.is_passed(), "{report}");
        black_box(report);
        // A small file is hashed before there is anything to report.
        let at_once = (ended, document.len() as u64);
        let ((first, before), (last, done)) = watch.seen.get().unwrap_or((at_once, at_once));
        let (before, after) = (before as usize, done as usize);
        // What was hashed while the clock ran.
        let hashed = timed(&mut || {
            black_box(hash(&[&document[..before], &document[after..]]));
        });
        ((first - began) + (ended - last)).saturating_sub(hashed)
    }

    fn signed_unseen(&self, document: &[u8]) -> Vec<u8> {
        let file = File::open(document, Limits::default()).expect("a sound document");
        let signer = &self.parties[0].signer;
        let update = Seal::on(&file).invisible().sign(signer, now()).expect("it can be signed");
        [document, update.appended()].concat()
    }
}

/// When the first and the last report of progress came, and how many bytes were through.
#[derive(Default)]
struct Watch {
    seen: Cell<Option<(Report, Report)>>,
}

type Report = (Instant, u64);

impl Progress for Watch {
    fn advance(&self, done: u64, _total: u64) -> bool {
        let report = (Instant::now(), done);
        let first = self.seen.get().map_or(report, |(first, _)| first);
        self.seen.set(Some((first, report)));
        true
    }
}
