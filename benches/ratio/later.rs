//! What it costs to explain everything that was changed after a signature.

use std::hint::black_box;
use std::time::Duration;

use sealwright::Limits;
use sealwright::pdf::File;
use sealwright::signing::Seal;
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

    /// How much more than one pass of hashing a check takes, for files of two lengths in which the
    /// same was changed after the first signature.
    fn beyond(&self, case: &str, lengths: [usize; 2]) {
        if !self.wants(&format!("analyse {case}")) {
            return;
        }
        let beyond = lengths.map(|length| {
            let mut document = large::scans(length);
            let from = document.len();
            for _ in 0..2 {
                document = self.signed_unseen(&document);
            }
            let mut above: Vec<Duration> = Vec::new();
            for _ in 0..15 {
                let floor = timed(&mut || {
                    black_box(hash(&[&document]));
                });
                above.push(timed(&mut || self.judge(&document)).saturating_sub(floor));
            }
            println!("beyond {length} bytes, {} appended", document.len() - from);
            middle(above)
        });
        let [small, large] = beyond;
        let ratio = large.as_secs_f64() / small.as_secs_f64();
        println!("beyond {case} {} {} {ratio:.2}", shown(small), shown(large));
    }

    fn signed_unseen(&self, document: &[u8]) -> Vec<u8> {
        let file = File::open(document, Limits::default()).expect("a sound document");
        let signer = &self.parties[0].signer;
        let update = Seal::on(&file).invisible().sign(signer, now()).expect("it can be signed");
        [document, update.appended()].concat()
    }
}
