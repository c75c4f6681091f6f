//! What somebody draws and writes who was permitted to sign, has the engine's own seal and an honest
//! key, and does as he likes: other slices, other words, seals in other places.

use sealwright::appearance::{Fit, TextBlock};
use sealwright::authorization::{self, ChainFacts, SigningPermit};
use sealwright::contract::{ControlKey, Edge, SigningWindow};
use sealwright::geometry::{MilliPoints, Mm, Size};
use sealwright::limits::Limits;
use sealwright::pdf::File;
use sealwright::update::{Part, Value};
use time::Duration;

use crate::attacks::last;
use crate::cast::{Cast, document_id};
use crate::verdicts::{all_sign, changed_by_the_last, checked, exposed, names, started, took_over};

/// The second signs with the engine's own seal under a permit of the chain, his slices in these fields
/// of the first ones that the plan has, and with a date of his own making. The record is not told.
struct Freely<'t> {
    /// For each field the slice that it shows, from 0.
    slices: Vec<(&'static str, usize)>,
    /// Beside his own field, the whole seal here.
    also: Option<&'static str>,
    date: &'t str,
    drawn: Option<&'t str>,
}

const EDGES: [&str; 3] = ["edge_1#1", "edge_1#2", "edge_1#3"];
const DATE: &str = "2026年1月5日";

impl Default for Freely<'_> {
    fn default() -> Self {
        let slices = EDGES.into_iter().zip(0..).collect();
        Self { slices, also: None, date: DATE, drawn: None }
    }
}

impl Freely<'_> {
    fn sign(self, cast: &mut Cast) {
        let permit = permit_for(cast, 1);
        let id = document_id();
        let bytes = cast.bytes[&id].clone();
        let file = File::open(&bytes, Limits::default()).unwrap();
        let of = |control: &str| {
            let key = ControlKey::new(id.clone(), control.parse().unwrap());
            permit.authority(&key).unwrap()
        };
        let side = &cast.sides[1];
        // As large as the plan cuts seals of this kind.
        let whole = Size::new(Mm(42.0), Mm(42.0)).unwrap();
        let at = |number: usize| {
            let part = whole.width().thousandths() * i64::try_from(number).unwrap() / 3;
            MilliPoints::new(part).unwrap()
        };
        let size = Size::new(Mm(42.0), Mm(10.0)).unwrap();
        let text = TextBlock::line(self.drawn.unwrap_or(self.date));
        let date = text.sketch(&cast.fonts, size).unwrap().drawing().unwrap();
        let mut seal = sealwright::Seal::on(&file)
            .existing_field("seal_1")
            .fit(Fit::CONTAIN)
            .face(&side.face, of("seal_1"))
            .fill("date_1", Value::Text(self.date), Some(&date));
        for (field, number) in self.slices {
            let part = Part::slice(Edge::Right, whole, at(number), at(number + 1)).unwrap();
            seal = seal.face_in(field, &side.face, of("edge_1"), Some(part));
        }
        if let Some(field) = self.also {
            seal = seal.face_in(field, &side.face, of("seal_1"), None);
        }
        let seal = seal.under(&permit, &id, &cast.intent_key);
        let appended = seal.sign(&side.key, cast.now).unwrap().into_appended();
        cast.bytes.insert(id, [bytes.as_slice(), &appended].concat());
    }
}

fn permit_for(cast: &Cast, number: usize) -> SigningPermit {
    let side = &cast.sides[number];
    let (by, seals, grants) = (side.by(), [&side.seal], [&side.grant]);
    let facts = ChainFacts::of(&by, &seals, &grants);
    let (attempt, window) = (cast.attempt(number), SigningWindow::NO_MEETING);
    authorization::authorize(&cast.contract, &attempt, &facts, window, cast.now).unwrap()
}

#[test]
fn who_signs_freely_and_honestly_is_not_exposed() {
    let mut cast = started(2);
    cast.sign(0).unwrap();
    let before = cast.bytes.clone();
    cast.sign(1).unwrap();
    cast.now -= Duration::minutes(1);
    let record = std::mem::replace(&mut cast.contract, {
        let mut again = started(2);
        again.sign(0).unwrap();
        again.contract
    });
    cast.bytes = before;
    Freely::default().sign(&mut cast);
    cast.contract = record;
    took_over(&mut cast);
    assert!(checked(&cast).is_complete(), "{}", checked(&cast));
}

#[test]
fn a_date_that_was_put_back_is_exposed() {
    let mut cast = started(2);
    cast.now += Duration::days(1);
    let hostile = |cast: &mut Cast| {
        cast.sign(0).unwrap();
        Freely::default().sign(cast);
    };
    let verdict = exposed(&mut cast, all_sign, hostile, &["exec.value_other"]);
    assert!(names(&verdict, "exec.value_other", 1, Some(3)), "{verdict}");
}

#[test]
fn a_field_that_shows_something_else_than_it_holds_is_exposed() {
    let hostile = |cast: &mut Cast| {
        cast.sign(0).unwrap();
        Freely { drawn: Some("2025年1月5日"), ..Freely::default() }.sign(cast);
    };
    let verdict = exposed(&mut started(2), all_sign, hostile, &["exec.value_not_shown"]);
    assert!(names(&verdict, "exec.value_not_shown", 1, Some(3)), "{verdict}");
}

#[test]
fn a_slice_that_was_left_out_is_exposed() {
    let hostile = |cast: &mut Cast| {
        cast.sign(0).unwrap();
        Freely { slices: vec![(EDGES[0], 0), (EDGES[2], 2)], ..Freely::default() }.sign(cast);
    };
    let verdict = exposed(&mut started(2), all_sign, hostile, &["exec.slice_missing"]);
    assert!(names(&verdict, "exec.slice_missing", 1, Some(2)), "{verdict}");
}

#[test]
fn swapped_slices_are_exposed() {
    let hostile = |cast: &mut Cast| {
        cast.sign(0).unwrap();
        let slices = vec![(EDGES[0], 0), (EDGES[1], 2), (EDGES[2], 1)];
        Freely { slices, ..Freely::default() }.sign(cast);
    };
    let verdict = exposed(&mut started(2), all_sign, hostile, &["exec.slice_misplaced"]);
    for page in [2, 3] {
        assert!(names(&verdict, "exec.slice_misplaced", 1, Some(page)), "{verdict}");
    }
}

#[test]
fn a_slice_of_another_seal_is_exposed() {
    let hostile = |cast: &mut Cast| {
        all_sign(cast);
        let first = cast.bytes[&document_id()].clone();
        let place = |bytes: &[u8], from: &[u8]| last(bytes, from) + from.len();
        let number = |at: usize| String::from_utf8_lossy(&first[at..at + 3]).into_owned();
        let own = b"/BBox [0 0 39.685 119.055] /Resources << /XObject << /S ";
        let at = place(&first, own);
        let of_first = first.windows(own.len()).position(|it| it == own).unwrap() + own.len();
        let (second, first) = (number(at), number(of_first));
        assert_ne!(first, second);
        changed_by_the_last(cast, |bytes| {
            let at = place(bytes, own);
            bytes[at..at + 3].copy_from_slice(first.as_bytes());
        });
    };
    let expected = ["exec.face_copied", "exec.slice_other_seal"];
    exposed(&mut started(2), all_sign, hostile, &expected);
}

#[test]
fn who_also_seals_in_the_place_of_somebody_who_has_not_signed_is_exposed() {
    let two_sign = |cast: &mut Cast| (0..2).for_each(|number| cast.sign(number).unwrap());
    let hostile = |cast: &mut Cast| {
        cast.sign(0).unwrap();
        Freely { also: Some("seal_2"), ..Freely::default() }.sign(cast);
    };
    let expected = ["exec.face_elsewhere", "exec.not_recorded"];
    let verdict = exposed(&mut started(3), two_sign, hostile, &expected);
    assert!(names(&verdict, "exec.not_recorded", 2, None), "{verdict}");
}
