//! What finding a place and drawing on many pages costs, one line a case:
//!
//! ```text
//! placement CASE PAGES MILLISECONDS FLOOR_MILLISECONDS RATIO BYTES_ADDED
//! ```
//!
//! FLOOR is SHA-256 over the document, in the same run. The seal is compiled once, before the clock
//! starts: `compile` says what that costs. A further page that costs more than a kilobyte fails the
//! run: its picture would have been written again. `cargo bench --bench placement`.

#[path = "../../tests/world/mod.rs"]
mod world;

use std::hint::black_box;
use std::time::Instant;

use sealwright::appearance::{Drawing, SealFace};
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
const PAGES: [u32; 4] = [1, 10, 100, 500];
/// What one more page may cost: its own object again, a stream of one line, an entry.
const MOST_BYTES_A_PAGE: usize = 1_000;

fn main() {
    let (face, compiling) = timed(|| SealFace::from_image(seal::PNG, Mm(42.0)).unwrap());
    println!("placement compile 0 {compiling:.2} 0 0 0");
    let drawing = face.drawing();
    keywords();
    let (mut first, mut heavy) = (None, Vec::new());
    for pages in PAGES {
        let bytes = contract_pages(pages, Section::ObjectStreams(100));
        let added = case("stamp", &bytes, pages, |file| stamped(file, &drawing));
        let one = *first.get_or_insert(added);
        if added > one + MOST_BYTES_A_PAGE * pages as usize {
            heavy.push(pages);
        }
        if pages > 1 {
            let file = File::open(bytes.as_slice(), Limits::default()).unwrap();
            let kind = ControlKind::PagingSeal(SealMark::default());
            let control = control("doc", "c", "sa", kind, CrossPage::staggered(0));
            let contract = draft(&file, vec![control]);
            case("cross_page", &bytes, pages, |file| sliced(file, &contract, &drawing));
        }
    }
    assert!(heavy.is_empty(), "more than {MOST_BYTES_A_PAGE} bytes a page: {heavy:?} pages");
}

/// The median of a few runs, against the floor; the bytes that were added.
fn case(name: &str, bytes: &[u8], pages: u32, run: impl Fn(&File<'_>) -> usize) -> usize {
    let floor = median(|| {
        black_box(digest(bytes));
    });
    let mut added = 0;
    let millis = median(|| {
        let file = File::open(bytes, Limits::default()).unwrap();
        added = run(&file);
    });
    println!("placement {name} {pages} {millis:.2} {floor:.2} {:.1} {added}", millis / floor);
    added
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

/// 500 keywords on 1000 pages, in one pass.
fn keywords() {
    if !cfg!(feature = "text") {
        return;
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
    let documents = Documents::default().with("doc".parse().unwrap(), &file);
    let (_, floor) = timed(|| black_box(digest(&bytes)));
    let (plan, millis) = timed(|| resolve(&contract, &documents).unwrap());
    assert!(plan.controls().iter().all(|control| control.boxes().len() == 1));
    println!("placement keywords 1000 {millis:.2} {floor:.2} {:.1} 0", millis / floor);
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

fn timed<T>(run: impl FnOnce() -> T) -> (T, f64) {
    let began = Instant::now();
    let result = run();
    (result, began.elapsed().as_secs_f64() * 1e3)
}

fn median(mut run: impl FnMut()) -> f64 {
    let mut millis: Vec<f64> = (0..5).map(|_| timed(&mut run).1).collect();
    millis.sort_unstable_by(f64::total_cmp);
    millis[2]
}
