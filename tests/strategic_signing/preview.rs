//! The contract as a PDF, and what is shown of it before anybody signs.

use sealwright::appearance::SealFace;
use sealwright::contract::{Contract, DocumentIntake, Validation};
use sealwright::execution::intake;
use sealwright::geometry::Mm;
use sealwright::limits::Limits;
use sealwright::pdf::File;
use sealwright::placement::{self, Documents};
use sealwright::update::{Impression, Preview};
use sealwright_testdata::{contract as paper, seal};

/// The contract of three pages, as a console hands it in.
pub fn written_contract() -> DocumentIntake {
    intake("doc".parse().unwrap(), "采购合同.pdf", paper::PDF, Limits::default()).unwrap()
}

/// The plan of the contract on its PDF says the rectangles that the start will freeze, two seals and
/// a slice a page and company, and the preview shows each of them on its page.
pub fn it_is_previewed(contract: &Contract, validation: &Validation) {
    let file = File::open(paper::PDF, Limits::default()).unwrap();
    let documents = Documents::default().with("doc".parse().unwrap(), &file);
    let plan = placement::resolve(contract, &documents).unwrap();
    assert_eq!(plan.frozen(), validation.frozen);
    let [document] = plan.documents() else { panic!("one document") };
    let pages = plan.by_page(document.id());
    let listed: Vec<(u32, usize)> =
        pages.iter().map(|(page, boxes)| (page.get(), boxes.len())).collect();
    assert_eq!(listed, [(1, 2), (2, 2), (3, 4)], "2 + 2 * 3");
    let slices = pages.values().flatten().filter(|(_, found)| found.slice().is_some());
    assert_eq!(slices.count(), 2 * 3);

    let face = SealFace::from_image(seal::PNG, Mm(paper::SEAL_MM)).unwrap();
    let preview = Preview::of(&plan, document, &file).without_mark();
    let appended = preview.stamp(|_| Some(Impression::from(&face))).unwrap();
    let drawn = |what: &str| memchr::memmem::find_iter(&appended, what).count();
    assert_eq!(drawn(" cm /Sw"), 2 + 2 * 3);
    // Both companies' slices of one page are one form: one whole seal and three slices.
    assert_eq!((drawn("/BM /Multiply"), drawn(" re W n ")), (1 + 3, 3));
    let shown = [paper::PDF, &appended].concat();
    let shown = File::open(&shown, Limits::default()).unwrap();
    assert!(plan.fits(document.id(), &shown).is_ok(), "the same pages");
}
