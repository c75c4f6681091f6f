//! The report for people: what its pages look like, and what other readers get out of it.

#[path = "../../execution/cast.rs"]
mod cast;
#[path = "../../execution/reported.rs"]
mod reported;
#[path = "../../world/mod.rs"]
mod world;

use sealwright::execution::Certifier;
use sealwright::report::Lang;
use sealwright_rendering::{Bounds, golden, poppler_structure, poppler_text, render_page};
use sealwright_testdata::pki::KeyType;

use cast::{Cast, key};
use reported::{report, sealed};

/// Pixels a point.
const SCALE: f32 = 0.5;

fn signed() -> Cast {
    let mut cast = Cast::of(2);
    cast.start(Certifier::FirstSigner);
    (0..2).for_each(|number| cast.sign(number).unwrap());
    cast
}

#[test]
fn the_sealed_cover_looks_as_it_should() {
    let cast = signed();
    let paper = report(&cast, Lang::Zh);
    let bytes = sealed(&cast, &paper, paper.bytes(), &key(KeyType::P256));
    let place = paper.place();
    let picture = render_page(&bytes, 1, SCALE);
    golden("report-cover", &picture);
    // The seal stands inside of its frame, and nothing else on the page is as red.
    let points = |millimetres: f64| millimetres * 72.0 / 25.4 * f64::from(SCALE);
    let seal = Bounds {
        left: points(place.left.0) as usize,
        top: points(place.top.0) as usize,
        right: points(place.left.0 + place.width.0) as usize,
        bottom: points(place.top.0 + place.height.0) as usize,
    };
    let red = picture.cut(seal).red_bounds().expect("a seal");
    assert!(red.left > 2 && red.top > 2, "{red:?}");
}

#[test]
fn seals_are_shown_as_copies_beside_where_they_stand() {
    let cast = signed();
    let paper = report(&cast, Lang::En);
    let page = render_page(paper.bytes(), 3, SCALE);
    let seal = Bounds { left: 25, top: 30, right: 290, bottom: 240 };
    golden("report-seals", &page.cut(seal));
}

#[test]
fn other_readers_get_its_text_and_structure_in_order() {
    let cast = signed();
    for (lang, expected) in [
        (
            Lang::Zh,
            ["电子合同签署证据报告", "采购合同", "当事方与印章", "各签署方的签名", "审计记录"],
        ),
        (
            Lang::En,
            [
                "Evidence report on an electronic contract",
                "采购合同",
                "Parties and their seals",
                "The signatures",
                "Audit trail",
            ],
        ),
    ] {
        let paper = report(&cast, lang);
        let Some(text) = poppler_text(paper.bytes()) else { return };
        let at = |line: &&str| text.lines().position(|it| it == *line);
        let places: Vec<_> = expected.iter().map(at).collect();
        assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?}");
        // Each digest as one word, though its digits stand in groups.
        let hash = cast.trail.last().unwrap().hash();
        assert!(text.lines().any(|line| line == hash), "{hash}");
        let Some(structure) = poppler_structure(paper.bytes()) else { return };
        for part in ["H1 (block)", "/Scope /Column", "/Scope /Row", "Figure"] {
            assert!(structure.contains(part), "{part}");
        }
        let rows = structure.lines().filter(|line| line.trim() == "TR").count();
        assert!(rows > 80, "{rows}");
    }
}
