//! Our time as a ratio to the floor, measured in the same run, one line a case:
//!
//! ```text
//! ratio OP CASE OURS_MS FLOOR_MS RATIO PEAK_MB
//! ```
//!
//! `cargo bench --bench ratio` runs all cases; `cargo bench --bench ratio -- check` those whose line
//! contains a word. OURS and FLOOR are medians of interleaved runs. PEAK is the most memory that ours
//! held beyond the input. The `floor` lines before tell how fast the floor itself was, so that a slow
//! floor shows. The `prepare` cases have no key and no hash: their ratio is to the first of their kind.
//! The `analyse` cases have signatures that later revisions changed something after: their floor is one
//! pass of hashing, and `beyond` lines tell what the checks of a small and of a large file take beside it.

mod floor;
mod later;
mod memory;

use std::hint::black_box;
use std::time::{Duration, Instant};

use floor::{Key, hash};
use sealwright::pdf::File;
use sealwright::signing::{LocalSigner, Seal, SignedUpdate};
use sealwright::update::{Request, SubFilter, Update};
use sealwright::{Authority, CheckOptions, Limits, Mm, SealFace, Signer, TrustAnchors, check};
use sealwright_testdata::documents::{self, large};
use sealwright_testdata::pdf::Section;
use sealwright_testdata::pki::{KeyType, Validity, identity};
use sealwright_testdata::seal;
use time::OffsetDateTime;

/// The time at which everything is signed and judged.
pub fn now() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_767_225_600).expect("a time")
}

/// Certificates between a signer and the root, the signer's own included: each is checked once.
const CHAIN: usize = 2;

struct Bench {
    wanted: Vec<String>,
    face: SealFace,
    anchors: TrustAnchors,
    /// Authorities are RSA-2048 whatever the signer's key.
    authority: Key,
    parties: Vec<Party>,
}

struct Party {
    name: &'static str,
    signer: LocalSigner,
    key: Key,
}

fn main() {
    let wanted = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let parties: Vec<Party> = [KeyType::Rsa2048, KeyType::P256].into_iter().map(party).collect();
    let root = identity(KeyType::Rsa2048, Validity::around(now())).root_pem();
    let bench = Bench {
        wanted,
        face: SealFace::from_image(seal::PNG, Mm(42.0)).expect("the demo seal"),
        anchors: TrustAnchors::from_pem(root.as_bytes()).expect("a root"),
        authority: Key::load(KeyType::Rsa2048),
        parties,
    };
    bench.describe_floor();
    for pages in [1, 10, 100, 1000] {
        for (layout, section) in
            [("objstm", Section::ObjectStreams(100)), ("table", Section::Table)]
        {
            let document = large::contract_pages(pages, section);
            bench.sign_and_check(&format!("{pages}p-{layout}"), &document);
        }
    }
    bench.sign_and_check("400k-objects", &large::many_objects(400_000));
    bench.many_signatures();
    bench.prepare();
    bench.later_changes();
    bench.sign_and_check("100MB-scans", &large::scans(100_000_000));
}

fn party(key_type: KeyType) -> Party {
    let identity = identity(key_type, Validity::around(now()));
    let signer =
        LocalSigner::from_pem(identity.key_pem().as_bytes(), identity.chain_pem().as_bytes())
            .expect("a test identity");
    Party { name: key_type.name(), signer, key: Key::load(key_type) }
}

impl Bench {
    fn describe_floor(&self) {
        let bytes = vec![7; 16 << 20];
        let speed = median(9, || {
            black_box(hash(&[&bytes]));
        });
        println!("floor sha256 {:.0} MB/s", 16.777_216 / speed.as_secs_f64());
        for party in &self.parties {
            let sign = median(25, || {
                black_box(party.key.sign());
            });
            let verify = median(25, || party.key.verify());
            println!("floor {} sign {} verify {}", party.name, shown(sign), shown(verify));
        }
    }

    fn sign_and_check(&self, case: &str, document: &[u8]) {
        for party in &self.parties {
            let ours = || {
                let file = File::open(document, Limits::default()).expect("a sound document");
                black_box(self.seal(&file, &party.signer).appended());
            };
            let signed = self.signed(document, &party.signer);
            let end = signed.len();
            let appended = signed.get(document.len()..end).unwrap_or(&[]);
            let floor = || {
                black_box(hash(&[document, appended]));
                black_box(party.key.sign());
            };
            self.line("sign", &format!("{case}-{}", party.name), ours, floor);
            let floor = || {
                black_box(hash(&[&signed]));
                party.key.verify();
                (0..CHAIN).for_each(|_| self.authority.verify());
            };
            let ours = || self.judge(&signed);
            self.line("check", &format!("{case}-{}", party.name), ours, floor);
        }
    }

    /// Ten and fifty signatures, each in an update of its own. The floor is one pass, the tails
    /// (nothing but cross references, counted as 1 KB each) and all key operations.
    fn many_signatures(&self) {
        let mut document = large::contract_pages(10, Section::Table);
        let party = &self.parties[0];
        let mut made = 0;
        for count in [10, 50] {
            while made < count {
                document = self.signed(&document, &party.signer);
                made += 1;
            }
            let tail = document.get(..1024).unwrap_or(&[]);
            let floor = || {
                black_box(hash(&[&document]));
                for _ in 0..count {
                    black_box(hash(&[tail]));
                    party.key.verify();
                    (0..CHAIN).for_each(|_| self.authority.verify());
                }
            };
            self.line("check", &format!("{count}-signatures"), || self.judge(&document), floor);
        }
    }

    /// Everything but hash and key, for few and for many pages.
    fn prepare(&self) {
        type Maker = fn(u32) -> Vec<u8>;
        let kinds: [(&str, Maker); 3] = [
            ("table-balanced", |pages| documents::balanced_page_tree(pages, Section::Table)),
            ("stream-flat", |pages| documents::flat_page_tree(pages, Section::Stream)),
            ("objstm-flat", |pages| documents::flat_page_tree(pages, Section::ObjectStreams(100))),
        ];
        let room = 8_192;
        for (kind, make) in kinds {
            let (few, many) = (make(10), make(20_000));
            let prepare = |document: &Vec<u8>| {
                let file = File::open(document, Limits::default()).expect("a sound document");
                let request = Request::invisible(SubFilter::Cades, now());
                black_box(Update::prepare(&file, &request, room).expect("it can be signed"));
            };
            let case = format!("20000p-{kind}-over-10p");
            self.line("prepare", &case, || prepare(&many), || prepare(&few));
        }
    }

    fn seal<'f>(&'f self, file: &'f File<'_>, signer: &impl Signer) -> SignedUpdate<'f> {
        Seal::on(file)
            .page(-1)
            .at(Mm(20.0), Mm(20.0))
            .face(&self.face, Authority::AssertedByHost)
            .sign(signer, now())
            .expect("it can be signed")
    }

    fn signed(&self, document: &[u8], signer: &impl Signer) -> Vec<u8> {
        let file = File::open(document, Limits::default()).expect("a sound document");
        let update = self.seal(&file, signer);
        [document, update.appended()].concat()
    }

    fn judge(&self, document: &[u8]) {
        let options = CheckOptions::trusting(&self.anchors).at(now());
        let report = check(document, &options).expect("a document");
        assert!(report.conclusion.is_passed(), "{report}");
        black_box(report);
    }

    /// Whether a case was asked for.
    fn wants(&self, name: &str) -> bool {
        self.wanted.is_empty() || self.wanted.iter().any(|word| name.contains(word))
    }

    fn line(&self, op: &str, case: &str, mut ours: impl FnMut(), mut floor: impl FnMut()) {
        let name = format!("{op} {case}");
        if !self.wants(&name) {
            return;
        }
        let peak = memory::peak(&mut ours);
        floor();
        let (mut our_times, mut floor_times) = (Vec::new(), Vec::new());
        let began = Instant::now();
        while our_times.len() < 7
            || (our_times.len() < 101 && began.elapsed() < Duration::from_millis(1_500))
        {
            our_times.push(timed(&mut ours));
            floor_times.push(timed(&mut floor));
        }
        let (ours, floor) = (middle(our_times), middle(floor_times));
        let ratio = ours.as_secs_f64() / floor.as_secs_f64();
        let peak = peak as f64 / 1e6;
        println!("ratio {name} {} {} {ratio:.2} {peak:.2}", shown(ours), shown(floor));
    }
}

fn shown(time: Duration) -> String {
    format!("{:.3}", time.as_secs_f64() * 1000.0)
}

fn timed(work: &mut impl FnMut()) -> Duration {
    let began = Instant::now();
    work();
    began.elapsed()
}

fn median(runs: usize, mut work: impl FnMut()) -> Duration {
    middle((0..runs).map(|_| timed(&mut work)).collect())
}

fn middle(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
