//! Whatever somebody appends to a signed document: if the judge still passes the signature, the pages
//! look as they did when it was made, but for the fields that it says were filled.
//!
//! The changes are drawn from a seeded generator: objects of the document take each other's places,
//! references lead elsewhere, entries come and go, an honest signer's revision is changed before it is
//! appended. Files of different make are edited in every way that comes to mind, signed bytes included.
//! `SEALWRIGHT_CHANGES` says how many for each document, `SEALWRIGHT_LOOK` names a folder for
//! those that deceive.

mod bases;
#[path = "../../../execution/cast.rs"]
mod cast;
mod changes;
mod makes;
mod mutations;
mod objects;
#[path = "../../../world/mod.rs"]
mod world;

use std::panic::catch_unwind;

use bases::{Signed, judged};
use changes::changed;
use sealwright::geometry::{PageGeometry, PdfRect, Rect};
use sealwright::limits::Limits;
use sealwright::pdf::File;
use sealwright::report::{Conclusion, Rule, SignatureReport};
use sealwright_rendering::{Rendered, pages, render_page};
use sealwright_testdata::random::Random;

/// Pixels a point.
const SCALE: f32 = 0.5;
/// A pixel at each side of a filled field is its own; in points.
const MARGIN: f64 = 2.0;
/// What may show something new.
const FILLS: [Rule; 6] = [
    Rule::SignatureFilled,
    Rule::FieldFilled,
    Rule::SignatureFieldAdded,
    Rule::AnnotationAdded,
    Rule::AnnotationChanged,
    Rule::AnnotationRemoved,
];

/// What became of a changed document.
enum Outcome {
    /// The judge does not pass the signature.
    Refused,
    /// He does, and the pages look as before.
    Same,
    /// He does, and a reader sees what the signer did not.
    Deceived(String),
}

/// A document with its signature, as the signer saw it.
struct Seen<'s> {
    signed: &'s Signed,
    field: String,
    geometries: Vec<PageGeometry>,
    pages: Vec<Rendered>,
}

impl<'s> Seen<'s> {
    fn new(signed: &'s Signed) -> Option<Self> {
        let report = judged(&signed.bytes)?;
        assert_eq!(report.conclusion, Conclusion::Passed, "{}: {report}", signed.name);
        let file = File::open(signed.bytes.as_slice(), Limits::default()).unwrap();
        Some(Self {
            signed,
            field: report.signatures.last()?.field.clone(),
            geometries: file.latest().page_geometries().ok()?,
            pages: rendered(&signed.bytes)?,
        })
    }

    fn held_against(&self, bytes: &[u8]) -> Outcome {
        let report = judged(bytes);
        let mut signatures = report.iter().flat_map(|report| &report.signatures);
        let passed = signatures
            .find(|it| it.field == self.field)
            .filter(|it| it.conclusion == Conclusion::Passed);
        let Some(signature) = passed else { return Outcome::Refused };
        let deceived = |what: String| {
            Outcome::Deceived(format!("{what}\n{:?}", signature.modification.changes))
        };
        let Some(after) = rendered(bytes) else {
            return deceived("the renderer cannot read it".to_owned());
        };
        if self.pages.len() != after.len() {
            return deceived(format!("{} pages were {}", after.len(), self.pages.len()));
        }
        for (index, (before, after)) in self.pages.iter().zip(&after).enumerate() {
            if differs(before, after, &self.filled(signature, index)) {
                return deceived(format!("page {} shows something else", index + 1));
            }
        }
        Outcome::Same
    }

    /// The fields on a page that were filled since, as displayed.
    fn filled(&self, signature: &SignatureReport, index: usize) -> Vec<Rect> {
        let page = u32::try_from(index + 1).ok();
        let changes = signature.modification.changes.iter().filter(|it| it.page == page);
        let filled = changes.filter(|it| it.rule.is_some_and(|rule| FILLS.contains(&rule)));
        let rects = filled.filter_map(|it| PdfRect::from_corners(it.rect?).ok());
        rects.map(|rect| self.geometries[index].to_visual(&rect)).collect()
    }
}

/// All pages, if the renderer can.
fn rendered(bytes: &[u8]) -> Option<Vec<Rendered>> {
    let bytes = bytes.to_vec();
    catch_unwind(|| (1..=pages(&bytes)).map(|page| render_page(&bytes, page, SCALE)).collect()).ok()
}

/// Whether two renderings of a page differ outside of what was filled.
fn differs(before: &Rendered, after: &Rendered, filled: &[Rect]) -> bool {
    if (before.width, before.height) != (after.width, after.height) {
        return true;
    }
    let points = |thousandths: i64| thousandths as f64 / 1000.0;
    let is_filled = |x: usize, y: usize| {
        let (x, y) = (x as f64 / f64::from(SCALE), y as f64 / f64::from(SCALE));
        filled.iter().any(|it| {
            let (left, right) = (points(it.x().thousandths()), points(it.right().thousandths()));
            let (top, bottom) = (points(it.y().thousandths()), points(it.bottom().thousandths()));
            (left - MARGIN..=right + MARGIN).contains(&x)
                && (top - MARGIN..=bottom + MARGIN).contains(&y)
        })
    };
    let mut places = (0..before.height).flat_map(|y| (0..before.width).map(move |x| (x, y)));
    places.any(|(x, y)| before.at(x, y) != after.at(x, y) && !is_filled(x, y))
}

/// Changes each document in turn. Says how many were used, and how many changes passed.
fn hold(all: &[Signed], count: u64) -> (usize, usize) {
    let (mut used, mut same, mut deceived) = (0, 0, Vec::new());
    for seen in all.iter().filter_map(Seen::new) {
        used += 1;
        for number in 0..count {
            let mut random = Random::new((used as u64) << 32 | number);
            let bytes = changed(seen.signed, &mut random);
            match seen.held_against(&bytes) {
                Outcome::Refused => {}
                Outcome::Same => same += 1,
                Outcome::Deceived(what) => {
                    if let Ok(folder) = std::env::var("SEALWRIGHT_LOOK") {
                        std::fs::write(format!("{folder}/{used}-{number}.pdf"), &bytes).unwrap();
                    }
                    deceived.push(format!("{}, {used}-{number}: {what}", seen.signed.name));
                }
            }
        }
    }
    println!("{used} documents, {count} changes of each: {same} passed and look the same");
    assert!(deceived.is_empty(), "{}:\n{}", deceived.len(), deceived.join("\n"));
    (used, same)
}

fn count(default: u64) -> u64 {
    std::env::var("SEALWRIGHT_CHANGES").map_or(default, |count| count.parse().expect("a number"))
}

#[test]
fn contracts_that_pass_look_as_they_were_signed() {
    let (used, same) = hold(&bases::own(), count(60));
    assert!(used == 24 && same > used, "too little passed to say anything");
}

#[test]
fn third_parties_documents_that_pass_look_as_they_were_signed() {
    let all = bases::foreign();
    if !all.is_empty() {
        let (used, same) = hold(&all, count(40));
        assert!(used >= 20 && same > 0, "too little passed to say anything");
    }
}

/// Edits every file in every way. Says how many were used, and of each kind how many passed.
fn mutate(all: &[Signed], count: u64) -> (usize, [usize; mutations::KINDS.len()]) {
    let (mut used, mut deceived) = (0, Vec::new());
    let mut passed = [0; mutations::KINDS.len()];
    for seen in all.iter().filter_map(Seen::new) {
        used += 1;
        for number in 0..count * mutations::KINDS.len() as u64 {
            let kind = number as usize % mutations::KINDS.len();
            let mut random = Random::new(0xA77A_C000 + ((used as u64) << 32 | number));
            let bytes = mutations::mutated(seen.signed, all, kind, &mut random);
            match seen.held_against(&bytes) {
                Outcome::Refused => {}
                Outcome::Same => passed[kind] += 1,
                Outcome::Deceived(what) => {
                    if let Ok(folder) = std::env::var("SEALWRIGHT_LOOK") {
                        std::fs::write(format!("{folder}/m{used}-{number}.pdf"), &bytes).unwrap();
                    }
                    let word = mutations::KINDS[kind];
                    deceived
                        .push(format!("{}, m{used}-{number}, {word}: {what}", seen.signed.name));
                }
            }
        }
    }
    let edits = used as u64 * count * mutations::KINDS.len() as u64;
    println!("{used} documents, {edits} edits; passed and looking the same:");
    mutations::KINDS.iter().zip(&passed).for_each(|(kind, count)| println!("  {count} {kind}"));
    assert!(deceived.is_empty(), "{}:\n{}", deceived.len(), deceived.join("\n"));
    (used, passed)
}

#[test]
fn files_of_every_make_that_pass_look_as_they_were_signed() {
    let (used, passed) = mutate(&makes::all(), count(20));
    assert!(used >= 20, "{used} files");
    let telling = [
        "objects swapped",
        "dictionary from another file",
        "revision appended",
        "field filled",
        "comment put on a page",
        "validation data added",
    ];
    let kinds = mutations::KINDS.iter().zip(passed);
    let silent: Vec<_> =
        kinds.filter(|(kind, count)| telling.contains(kind) && *count == 0).collect();
    assert!(silent.is_empty(), "nothing passed, which says nothing: {silent:?}");
}

#[test]
fn third_parties_files_of_every_make_that_pass_look_as_they_were_signed() {
    let all = bases::foreign();
    if !all.is_empty() {
        let (used, _) = mutate(&all, count(3));
        assert!(used >= 20, "{used} files");
    }
}

/// The eyes of the test: of what the judge refuses, a good part does look otherwise.
#[test]
fn what_is_refused_is_seen_to_look_otherwise() {
    let all = makes::all();
    let (mut refused, mut otherwise) = (0, 0);
    for seen in all.iter().filter_map(Seen::new).take(6) {
        for number in 0..20 {
            let mut random = Random::new(0x0EE5 + number);
            let bytes = mutations::mutated(seen.signed, &all, 9, &mut random);
            if !matches!(seen.held_against(&bytes), Outcome::Refused) {
                continue;
            }
            refused += 1;
            let after = rendered(&bytes);
            let same = after.is_some_and(|after| {
                let pairs = seen.pages.iter().zip(&after);
                seen.pages.len() == after.len()
                    && pairs.into_iter().all(|(before, after)| !differs(before, after, &[]))
            });
            otherwise += usize::from(!same);
        }
    }
    println!("{otherwise} of {refused} refused changes look otherwise");
    assert!(refused > 60 && otherwise * 2 > refused, "{otherwise} of {refused}");
}
