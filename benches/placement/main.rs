//! What finding a place and drawing on many pages costs, one line a case:
//!
//! ```text
//! placement CASE PAGES MILLISECONDS FLOOR_MILLISECONDS RATIO MOST_RATIO BYTES_ADDED
//! ```
//!
//! FLOOR is SHA-256 over the document in the same run, interleaved with ours; both are medians. The seal
//! is compiled once, before the clock starts: `compile` says what that costs, against one page that is
//! stamped with it. Opening the document counts. The run fails
//!
//! - if a ratio is above MOST_RATIO;
//! - if a further page costs more than a kilobyte: its picture would have been written again;
//! - if a second document costs a good part of compiling the seal: its picture would have been worked
//!   on again.
//!
//! `cargo bench --bench placement`.

#[path = "../measure/mod.rs"]
mod measure;
#[path = "../../tests/world/mod.rs"]
mod world;

use std::cell::Cell;
use std::hint::black_box;

use measure::measured;
use sealwright::appearance::{Drawing, UploadedPicture};
use sealwright::contract::{
    Contract, ControlKind, CrossPage, DocumentIntake, Keyword, PdfFacts, SealMark, SignatureMark,
};
use sealwright::geometry::{Mm, PageNumber, Rect};
use sealwright::limits::Limits;
use sealwright::organization::{ShippedRole, Staff};
use sealwright::pdf::File;
use sealwright::placement::{Documents, Placed, resolve};
use sealwright::update::PageContent;
use sealwright_testdata::documents::large::contract_pages;
use sealwright_testdata::pdf::Section;
use sealwright_testdata::seal;
use world::{Company, Draft, control, digest, person};

const KEYWORDS: u32 = 500;
/// What one more page may cost: its own object again, a stream of one line, an entry.
const MOST_BYTES_A_PAGE: usize = 1_000;
/// Of a document, for a seal that is compiled: of the time to compile it.
const MOST_SHARE_OF_COMPILING: f64 = 0.2;

/// Pages, and the most that a case may take as a multiple of the floor.
const STAMPS: [(u32, f64); 4] = [(1, 25.0), (10, 25.0), (100, 25.0), (500, 25.0)];
const CROSS_PAGES: [(u32, f64); 3] = [(10, 27.0), (100, 27.0), (500, 27.0)];
const MOST_FOR_KEYWORDS: f64 = 300.0;

fn main() {
    let mut failed = Vec::new();
    let drawing = UploadedPicture::from_bytes(seal::PNG).unwrap().drawing(Mm(42.0)).unwrap();
    failed.extend(compiling(&drawing));
    failed.extend(keywords());
    let mut first = None;
    for (pages, most) in STAMPS {
        let bytes = contract_pages(pages, Section::ObjectStreams(100));
        let (added, slow) = case("stamp", &bytes, pages, most, |file| stamped(file, &drawing));
        failed.extend(slow);
        let one = *first.get_or_insert(added);
        if added > one + MOST_BYTES_A_PAGE * pages as usize {
            failed.push(format!("{added} bytes for {pages} pages: {one} for one"));
        }
    }
    for (pages, most) in CROSS_PAGES {
        let bytes = contract_pages(pages, Section::ObjectStreams(100));
        let file = File::open(bytes.as_slice(), Limits::default()).unwrap();
        let kind = ControlKind::PagingSeal(SealMark::default());
        let control = control("doc", "c", "sa", kind, CrossPage::staggered(0));
        let contract = draft(&file, vec![control]);
        let run = |file: &File<'_>| sliced(file, &contract, &drawing);
        let (added, slow) = case("cross_page", &bytes, pages, most, run);
        failed.extend(slow);
        // A seal for every group of pages, and still one picture.
        let one = first.unwrap_or_default();
        if added > one + MOST_BYTES_A_PAGE * pages as usize {
            failed.push(format!("{added} bytes over the edges of {pages} pages"));
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
}

/// A picture is decoded and compressed once, whatever the number of documents.
fn compiling(drawing: &Drawing) -> Option<String> {
    let bytes = contract_pages(1, Section::ObjectStreams(100));
    let found = measured(
        || {
            let file = File::open(bytes.as_slice(), Limits::default()).unwrap();
            black_box(stamped(&file, drawing));
        },
        || {
            black_box(UploadedPicture::from_bytes(seal::PNG).unwrap());
        },
    );
    let (ratio, most) = (found.ratio(), MOST_SHARE_OF_COMPILING);
    println!("placement compile 1 {:.3} {:.3} {ratio:.3} {most} 0", found.ours, found.floor);
    (ratio > most).then(|| format!("a second document costs {ratio:.2} of compiling the seal"))
}

/// The bytes that were added, and what to complain of.
fn case(
    name: &str,
    bytes: &[u8],
    pages: u32,
    most: f64,
    run: impl Fn(&File<'_>) -> usize,
) -> (usize, Option<String>) {
    let added = Cell::new(0);
    let found = measured(
        || {
            let file = File::open(bytes, Limits::default()).unwrap();
            added.set(run(&file));
        },
        || {
            black_box(digest(bytes));
        },
    );
    let (ratio, added) = (found.ratio(), added.get());
    let times = format!("{:.3} {:.3} {ratio:.1} {most}", found.ours, found.floor);
    println!("placement {name} {pages} {times} {added}");
    let slow = (ratio > most).then(|| format!("{name} {pages}: {ratio:.1} times the floor"));
    (added, slow)
}

/// The seal on every page.
fn stamped(file: &File<'_>, drawing: &Drawing) -> usize {
    let mut content = PageContent::of(file).unwrap();
    let geometries = file.latest().page_geometries().unwrap();
    let rect = Rect::new(Mm(130.0), Mm(220.0), Mm(42.0), Mm(42.0)).unwrap();
    for (number, geometry) in (1..).zip(&geometries) {
        let page = PageNumber::new(number).unwrap();
        content.draw(Placed::on(page, geometry, rect).unwrap(), drawing);
    }
    content.finish().unwrap().len()
}

/// One seal over the edges of all pages, from its location to its slices.
fn sliced(file: &File<'_>, contract: &Contract, drawing: &Drawing) -> usize {
    let documents = Documents::default().with("doc".parse().unwrap(), file);
    let plan = resolve(contract, &documents).unwrap();
    let mut content = PageContent::of(file).unwrap();
    for found in plan.controls()[0].boxes() {
        content.draw_planned(found, drawing);
    }
    content.finish().unwrap().len()
}

/// 500 keywords on 1000 pages, in one pass; what to complain of.
fn keywords() -> Option<String> {
    if !cfg!(feature = "text") {
        return None;
    }
    let bytes = contract_pages(1_000, Section::ObjectStreams(100));
    let file = File::open(bytes.as_slice(), Limits::default()).unwrap();
    let controls = (1..=KEYWORDS).map(|number| {
        let words = Keyword::new(&format!("Agreement, page {number}")).unwrap().indexes([0]);
        let kind = ControlKind::Signature(SignatureMark::default());
        let words = words.relative(sealwright::contract::Relative::Below);
        control("doc", &format!("k{number}"), "sa", kind, words)
    });
    let contract = draft(&file, controls.collect());
    let run = |file: &File<'_>| {
        let documents = Documents::default().with("doc".parse().unwrap(), file);
        let plan = resolve(&contract, &documents).unwrap();
        assert!(plan.controls().iter().all(|control| control.boxes().len() == 1));
        0
    };
    case("keywords", &bytes, 1_000, MOST_FOR_KEYWORDS, run).1
}

fn draft(file: &File<'_>, controls: Vec<sealwright::contract::Control>) -> Contract {
    let company =
        Company::active("a", "晨曦科技(深圳)有限公司", "91350100M000100Y43", &person("钱七", 1));
    let sally = company.employ("sally", &person("李四", 3), &[ShippedRole::ContractAdmin]);
    let bytes = file.source().as_slice().unwrap();
    let facts = PdfFacts::of_pages(file.latest().page_geometries().unwrap());
    let document = DocumentIntake::pdf("doc".parse().unwrap(), file.len(), digest(bytes), facts);
    let draft = Draft::default().party("pa", &company).signer("sa", "pa", &sally, 1);
    let draft = controls.into_iter().fold(draft.document(document), Draft::control);
    draft.written("con_1", &Staff::of(&company.organization, &sally).unwrap()).0
}
