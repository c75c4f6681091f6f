//! Documents and controls, as plain as they come.

use sealwright::contract::{
    Absolute, Control, ControlKey, ControlKind, DateStyle, Document, DocumentIntake, Input,
    IntakeLimits, PdfFacts, Point, SealMark, SignatureMark, TextStyle,
};
use sealwright::geometry::{PageGeometry, PageIndex, Pt};
use sealwright::identity::SlotId;

use crate::world::digest;

/// Three upright A4 pages, whose digest follows from the id.
pub fn document(id: &str) -> Document {
    let page = PageGeometry::new([0.0, 0.0, 595.0, 842.0], None, 0, 1.0).unwrap();
    let facts = PdfFacts::of_pages(vec![page; 3]);
    let intake = DocumentIntake::pdf(id.parse().unwrap(), 1000, digest(id), facts);
    intake.accept(&IntakeLimits::default()).unwrap()
}

pub fn key(document: &str, control: &str) -> ControlKey {
    ControlKey::new(document.parse().unwrap(), control.parse().unwrap())
}

/// A seal control of a slot, each slot's in its own corner.
pub fn seal(document: &str, control: &str, slot: &str) -> Control {
    placed(document, control, slot, ControlKind::Seal(SealMark::default()))
}

/// A signature control of a slot.
pub fn signature(document: &str, control: &str, slot: &str) -> Control {
    placed(document, control, slot, ControlKind::Signature(SignatureMark::default()))
}

/// A date that the engine writes beside a slot's signature.
pub fn date(document: &str, control: &str, slot: &str) -> Control {
    placed(document, control, slot, ControlKind::SignDate(DateStyle::default()))
}

/// A text field that a slot fills.
pub fn field(document: &str, control: &str, slot: &str) -> Control {
    placed(document, control, slot, ControlKind::Text(TextStyle::default()))
}

fn placed(document: &str, control: &str, slot: &str, kind: ControlKind) -> Control {
    let owner: SlotId = slot.parse().unwrap();
    // A raster of four by six places, so that neighbours in the alphabet do not overlap.
    let place = slot.bytes().map(usize::from).sum::<usize>() % 24;
    let (x, y) = ((place % 4) as f64 * 140.0, (place / 4) as f64 * 130.0);
    let spot = Absolute::new(PageIndex::FIRST, Point::at(Pt(x), Pt(y)).unwrap());
    Control::new(key(document, control), kind, owner, spot)
}

pub fn text(text: &str) -> Input {
    Input::text(text)
}
