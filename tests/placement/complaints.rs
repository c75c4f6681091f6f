//! What users of other systems complain about, where it concerns places (§6): each line a test.
//!
//! | complaint | where | test |
//! |---|---|---|
//! | rotated pages misplace fields | tests/placement/complaints.rs | `rotated_pages_misplace_fields` |
//! |  | tests/rendering/tests/upright.rs | `on_every_page_in_every_corner` |
//! | mixed page sizes | tests/placement/complaints.rs | `mixed_page_sizes_are_resolved_page_by_page_and_the_error_names_the_page` |
//! | wrong unit | tests/placement/complaints.rs | `a_wrong_unit_is_refused_or_named_and_never_drawn_elsewhere` |
//! | field outside page accepted | tests/placement/complaints.rs | `a_field_outside_the_page_is_accepted_nowhere` |
//! | numeric placement, reproducible layouts | tests/placement/complaints.rs | `numeric_placement_is_reproducible_and_travels_as_data` |
//! | change owner of a placed field | tests/placement/complaints.rs | `changing_the_owner_of_a_placed_field_keeps_its_geometry` |
//! | company stamp as a first-class field | tests/placement/complaints.rs | `a_company_stamp_is_a_field_of_its_own_in_its_physical_size` |
//! |  | tests/signing/made_seals.rs | `a_made_seal_is_signed_with_judged_good_and_its_digest_read_back_from_the_file` |
//! | stamp deformed or cut | tests/placement/complaints.rs | `a_stamp_is_neither_deformed_nor_cut_whatever_its_box` |
//! |  | src/appearance/intake/photo_tests.rs | `stamp_cut_or_deformed_is_said` |
//! | cross-page seal wanted | tests/signing/vessel.rs | `several_pages_and_a_cross_page_seal_are_one_signature` |
//! | cross-page: chosen pages, duplex | tests/placement/complaints.rs | `a_cross_page_seal_on_chosen_pages_also_for_printing_on_both_sides` |
//! | cross-page: more pages than one seal takes; double seals | tests/placement/complaints.rs | `twenty_pages_make_one_seal_and_twenty_one_make_two_of_balanced_size` |
//! | cross-page: first slice larger; white margins | tests/placement/complaints.rs | `the_first_slice_is_larger_only_where_that_is_asked_for` |
//! |  | tests/rendering/tests/cross_page.rs | `slices_side_by_side_give_back_the_seal` |
//! | cross-page: a single page | tests/placement/complaints.rs | `a_single_page_is_refused_or_skipped_and_nothing_crashes` |
//! | cross-page: edge and position | tests/placement/complaints.rs | `a_cross_page_seal_at_any_edge_and_height_on_pages_of_different_sizes` |
//! | cross-page: random rotation | tests/placement/complaints.rs | `a_slight_random_rotation_is_never_drawn` |
//! | white background hides text | src/appearance/intake/photo_tests.rs | `white_background_hides_text_unless_it_is_removed` |
//! |  | tests/rendering/tests/cross_page.rs | `what_lies_below_a_seal_stays_readable` |
//! | second signature invalidates the first | tests/signing/vessel.rs | `every_signature_of_three_parties_stays_good_and_counts_once` |
//! | order enforced only in mails | tests/contract/signing.rs | `r_con_06_the_order_holds_for_the_action` |
//! | signer can sign twice | tests/contract/begin.rs | `r_con_01_the_same_person_signs_once_for_a_party` |
//! | removing a signer resets others | tests/contract/handing_over.rs | `r_con_07_handing_over_resets_nobody_who_signed` |
//! | concurrent signers lose widgets | tests/execution/far_keys.rs | `an_answer_after_the_lease_was_taken_over_is_stale_and_asked_for_again` |
//! | forward, delegate | tests/contract/handing_over.rs | `c16_the_holder_hands_his_slot_to_a_colleague` |
//! | completed job but nothing drawn | tests/placement/filling.rs | `all_values_of_a_started_contract_become_page_content_in_one_call` |
//! |  | tests/signing/made_seals.rs | `a_made_seal_over_the_edges_pale_and_on_turned_pages_shows_its_own_face` |
//! | tag text removal eats other text | tests/placement/merging.rs | `removing_tag_text_never_eats_other_text_since_no_text_is_ever_edited` |
//!
//! The vectors of §7.8:
//!
//! | vector | where | test |
//! |---|---|---|
//! | rectangles by crop box and rotation | tests/placement/complaints.rs | `rotated_pages_misplace_fields` |
//! | page numbers of twelve pages | src/geometry/page_index.rs | `twelve_pages_from_both_ends` |
//! | cross-page groups | src/contract/location/cross_page_tests.rs | `r_ctl_17_groups_of_pages` |
//! | equal cut points | src/contract/location/cross_page_tests.rs | `equal_cut_points` |
//! | ends at least | src/contract/location/cross_page_tests.rs | `wide_ends` |
//! | 40 mm on 20 and 21 pages | src/contract/location/cross_page_tests.rs | `r_ctl_17_slices_of_exactly_two_millimetres_are_thick_enough` |

use sealwright::appearance::UploadedPicture;
use sealwright::contract::{
    Absolute, Anchor, CrossPage, Cut, Edge, Extent, FractionOfPage, Origin, PageSet, PercentOfPage,
    Point, SinglePage,
};
use sealwright::geometry::{Mm, PageGeometry, PageIndex, PageNumber, Pt, Rect, Size};
use sealwright::identity::SlotId;
use sealwright::placement::{Documents, Placed, PlacementPlan};
use sealwright::update::PageContent;
use sealwright_testdata::seal as pictures;

use crate::paper::{
    A4, Offices, at, boxes, key, open, pages, paging, resolve, seal, signature, written,
};
use crate::world::control;

/// §7.8: the visual rectangle (100, 200, 120, 60) in user space, by crop box and rotation.
const VECTORS: [(&str, i64, &str); 8] = [
    ("0 0 595 842", 0, "100 582 220 642"),
    ("0 0 595 842", 90, "200 100 260 220"),
    ("0 0 595 842", 180, "375 200 495 260"),
    ("0 0 595 842", 270, "335 622 395 742"),
    ("10 20 605 862", 0, "110 602 230 662"),
    ("10 20 605 862", 90, "210 120 270 240"),
    ("10 20 605 862", 180, "385 220 505 280"),
    ("10 20 605 862", 270, "345 642 405 762"),
];

/// The tables above.
#[test]
fn every_line_names_a_test_that_exists() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let rows = include_str!("complaints.rs").lines().filter(|line| line.ends_with("` |"));
    let mut count = 0;
    for row in rows.filter_map(|line| line.strip_prefix("//! | ")) {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let [_, file, test, ""] = cells[..] else { panic!("{row}") };
        let source = std::fs::read_to_string(root.join(file)).unwrap();
        let test = test.trim_matches('`');
        assert!(
            source.contains(&format!("#[test]\nfn {test}("))
                || source.contains(&format!("#[test]\n    fn {test}(")),
            "{file} has no {test}"
        );
        count += 1;
    }
    assert!(count > 30, "only {count} rows");
}

#[test]
fn rotated_pages_misplace_fields() {
    let entries: Vec<String> = VECTORS
        .iter()
        .map(|(crop, rotate, _)| {
            format!("/MediaBox [-50 -50 900 900] /CropBox [{crop}] /Rotate {rotate}")
        })
        .collect();
    let entries: Vec<&str> = entries.iter().map(String::as_str).collect();
    let bytes = written(&pages(&entries));
    let file = open(&bytes);
    let place = Absolute::new(PageSet::All, Point::at(Pt(100.0), Pt(200.0)).unwrap())
        .sized(Extent::new(Pt(120.0), Pt(60.0)).unwrap());
    let contract = Offices::new()
        .draft(&[("doc", &file)], vec![control("doc", "s", "sa", signature(), place)]);
    let plan = resolve(&contract, &file).unwrap();
    let planned = plan.control(&key("doc", "s")).unwrap().boxes();
    for (found, (crop, rotate, expected)) in planned.iter().zip(VECTORS) {
        let placed = found.placed();
        assert_eq!(placed.user_space().to_string(), expected, "[{crop}] {rotate}");
        assert_eq!(placed.rect().to_string(), "120 x 60 at (100, 200)");
        assert_eq!(i64::from(placed.rotation().degrees()), rotate);
    }
    assert_eq!(planned.len(), VECTORS.len());
}

#[test]
fn mixed_page_sizes_are_resolved_page_by_page_and_the_error_names_the_page() {
    let a3 = "/MediaBox [0 0 1191 842]";
    let bytes = written(&pages(&[A4, a3, "/MediaBox [0 0 300 300]"]));
    let file = open(&bytes);
    let offices = Offices::new();
    // The same margin from the lower right corner of every sheet.
    let corner = Absolute::in_corner(PageSet::All, Origin::BottomRight, Mm(10.0)).unwrap();
    let corner = corner.sized(Extent::new(Pt(112.0), Pt(52.0)).unwrap());
    let contract =
        offices.draft(&[("doc", &file)], vec![control("doc", "s", "sa", signature(), corner)]);
    assert_eq!(
        boxes(&resolve(&contract, &file).unwrap(), "s"),
        [
            "1: 112 x 52 at (454.654, 761.654)",
            "2: 112 x 52 at (1050.654, 761.654)",
            "3: 112 x 52 at (159.654, 219.654)",
        ]
    );
    let fixed = Absolute::new(PageSet::All, Point::at(Pt(400.0), Pt(700.0)).unwrap())
        .sized(Extent::new(Pt(112.0), Pt(52.0)).unwrap());
    let contract =
        offices.draft(&[("doc", &file)], vec![control("doc", "s", "sa", signature(), fixed)]);
    let problems = resolve(&contract, &file).unwrap_err();
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].page().unwrap().get(), 3);
    let sides = problems[0].sides().unwrap().to_string();
    assert!(sides.contains("right") && sides.contains("bottom"), "{sides}");
}

#[test]
fn a_wrong_unit_is_refused_or_named_and_never_drawn_elsewhere() {
    // Points sent where a percentage is expected, and a percentage sent for a fraction.
    assert!(Point::at(PercentOfPage(421.0), PercentOfPage(600.0)).is_err());
    assert!(Point::at(FractionOfPage(50.0), FractionOfPage(50.0)).is_err());
    // Two systems of one vendor, 72 and 80 to the inch: only one of them is points.
    let page = [PageGeometry::new([0.0, 0.0, 600.0, 800.0], None, 0, 1.0).unwrap()];
    let size = Extent::new(Mm(25.4), Mm(25.4)).unwrap();
    let spot = |at: Point| {
        Absolute::new(PageIndex::FIRST, at).sized(size).spots(&page, Size::default()).unwrap()[0]
    };
    let inches = spot(Point::at(Mm(25.4), Mm(50.8)).unwrap());
    assert_eq!(inches, spot(Point::at(Pt(72.0), Pt(144.0)).unwrap()));
    assert_eq!(inches, spot(Point::at(PercentOfPage(12.0), PercentOfPage(18.0)).unwrap()));
}

#[test]
fn a_field_outside_the_page_is_accepted_nowhere() {
    let bytes = written(&pages(&[&format!("{A4} /CropBox [50 50 545 792]")]));
    let file = open(&bytes);
    let offices = Offices::new();
    for (x, y, sides) in [
        (-0.001, 10.0, "0.001 pt on the left"),
        (10.0, -5.0, "5 pt at the top"),
        (400.0, 10.0, "17 pt on the right"),
        (10.0, 700.0, "10 pt at the bottom"),
    ] {
        let contract = offices.draft(
            &[("doc", &file)],
            vec![control("doc", "s", "sa", signature(), at(1, x, y, 112.0, 52.0))],
        );
        let problems = resolve(&contract, &file).unwrap_err();
        assert_eq!(problems[0].code(), "ctl.rect_out_of_page");
        assert_eq!(problems[0].sides().unwrap().to_string(), sides);
    }
}

#[test]
fn numeric_placement_is_reproducible_and_travels_as_data() {
    let bytes = written(&pages(&[A4, "/MediaBox [0 0 842 595] /Rotate 270", A4]));
    let file = open(&bytes);
    let offices = Offices::new();
    let middle = Point::at(PercentOfPage(100.0 / 3.0), FractionOfPage(2.0 / 3.0)).unwrap();
    let middle = Absolute::new(PageSet::All, middle.anchored(Anchor::Center));
    let first = offices.draft(
        &[("doc", &file)],
        vec![
            control("doc", "many", "sa", signature(), middle),
            control("doc", "one", "sb", signature(), at(-1, 12.345, 67.891, 111.111, 55.555)),
        ],
    );
    let plan = resolve(&first, &file).unwrap();
    assert_eq!(resolve(&first, &file).unwrap(), plan);

    // Exported, imported, and placed again on a second contract: the same thousandths.
    let json = serde_json::to_string(&plan).unwrap();
    let imported: PlacementPlan = serde_json::from_str(&json).unwrap();
    let again = imported.controls().iter().flat_map(|planned| {
        planned.locations().into_iter().enumerate().map(move |(part, location)| {
            let id = format!("{}_{part}", planned.key().control);
            let slot = planned.owner().slot().unwrap().as_str().to_owned();
            control("doc", &id, &slot, signature(), location)
        })
    });
    let second = offices.draft(&[("doc", &file)], again.collect());
    let copy = resolve(&second, &file).unwrap();
    let rects = |plan: &PlacementPlan, control: &str| {
        let own = plan.controls().iter();
        let own = own.filter(|it| it.key().control.as_str().starts_with(control));
        let mut spots: Vec<_> = own.flat_map(|it| it.spots()).collect();
        spots.sort_by_key(|spot| spot.page);
        spots
    };
    assert_eq!(rects(&copy, "many"), rects(&plan, "many"));
    assert_eq!(rects(&copy, "one"), rects(&plan, "one"));
    assert_eq!(rects(&plan, "many").len(), 3);
}

#[test]
fn changing_the_owner_of_a_placed_field_keeps_its_geometry() {
    let bytes = written(&pages(&[A4, A4]));
    let file = open(&bytes);
    let offices = Offices::new();
    let contract = offices.draft(
        &[("doc", &file)],
        vec![control("doc", "s", "sa", signature(), at(2, 12.345, 67.891, 112.0, 52.0))],
    );
    let sb: SlotId = "sb".parse().unwrap();
    let plan = resolve(&contract, &file).unwrap();
    let reassigned = plan.clone().reassign(&key("doc", "s"), sb.clone()).unwrap();
    assert_eq!(reassigned.frozen(), plan.frozen());
    assert_eq!(reassigned.controls()[0].owner().slot(), Some(&sb));
    // As if the contract's own control had been reassigned.
    let control = contract.controls()[0].clone().reassigned(sb).unwrap();
    let again = offices.draft(&[("doc", &file)], vec![control]);
    assert_eq!(resolve(&again, &file).unwrap(), reassigned);
    assert_eq!(
        plan.reassign(&key("doc", "x"), "sa".parse::<SlotId>().unwrap()).unwrap_err().code(),
        "ctl.not_owner"
    );
}

/// The pages of each slice and which seal it belongs to.
fn slices(location: CrossPage, count: usize) -> Result<Vec<(u32, u32)>, &'static str> {
    let bytes = written(&pages(&vec![A4; count]));
    let file = open(&bytes);
    let contract = Offices::new()
        .draft(&[("doc", &file)], vec![control("doc", "c", "sa", paging(), location)]);
    let plan = resolve(&contract, &file).map_err(|problems| problems[0].code())?;
    let boxes = plan.control(&key("doc", "c")).unwrap().boxes();
    Ok(boxes.iter().map(|it| (it.spot().page.get(), it.slice().unwrap().seal)).collect())
}

#[test]
fn a_cross_page_seal_on_chosen_pages_also_for_printing_on_both_sides() {
    let on = |set: &str| slices(CrossPage::over(set.parse().unwrap()), 7).unwrap();
    let pages = |found: Vec<(u32, u32)>| found.into_iter().map(|it| it.0).collect::<Vec<_>>();
    assert_eq!(pages(on("odd")), [1, 3, 5, 7]);
    assert_eq!(pages(on("even")), [2, 4, 6]);
    assert_eq!(pages(on("2-3,-1")), [2, 3, 7]);
    let skipped = slices(CrossPage::over(PageSet::All).skip(2, 1), 7).unwrap();
    assert_eq!(pages(skipped), [3, 4, 5, 6]);
}

#[test]
fn twenty_pages_make_one_seal_and_twenty_one_make_two_of_balanced_size() {
    let seals = |pages| {
        let size = CrossPage::over(PageSet::All).sized(Mm(40.0), Mm(40.0)).unwrap();
        let found = slices(size, pages).unwrap();
        let last = found.last().unwrap().1;
        (0..=last).map(|seal| found.iter().filter(|it| it.1 == seal).count()).collect::<Vec<_>>()
    };
    assert_eq!(seals(20), [20]);
    assert_eq!(seals(21), [11, 10]);
    assert_eq!(seals(41), [14, 14, 13]);
}

#[test]
fn the_first_slice_is_larger_only_where_that_is_asked_for() {
    let widths = |cut| {
        let bytes = written(&pages(&[A4; 5]));
        let file = open(&bytes);
        let location = CrossPage::over(PageSet::All).cut(cut).sized(Mm(50.0), Mm(50.0)).unwrap();
        let contract = Offices::new()
            .draft(&[("doc", &file)], vec![control("doc", "c", "sa", paging(), location)]);
        let plan = resolve(&contract, &file).unwrap();
        let boxes = plan.controls()[0].boxes().to_vec();
        boxes.iter().map(|it| it.spot().rect.width().thousandths()).collect::<Vec<_>>()
    };
    let equal = widths(Cut::Equal);
    assert!(equal.iter().all(|width| (28_346..=28_347).contains(width)), "{equal:?}");
    assert_eq!(equal.iter().sum::<i64>(), 141_732, "no white margin, nothing lost");
    let ends = widths(Cut::EndsAtLeast(300));
    assert_eq!((ends[0], ends[4]), (42_520, 42_520));
    assert_eq!(ends.iter().sum::<i64>(), 141_732);
}

#[test]
fn a_single_page_is_refused_or_skipped_and_nothing_crashes() {
    assert_eq!(slices(CrossPage::over(PageSet::All), 1), Err("ctl.paging_needs_two_pages"));
    let skip = CrossPage::over(PageSet::All).single_page(SinglePage::Skip);
    assert_eq!(slices(skip, 1), Ok(Vec::new()));
}

#[test]
fn a_cross_page_seal_at_any_edge_and_height_on_pages_of_different_sizes() {
    let bytes =
        written(&pages(&[A4, "/MediaBox [0 0 842 595] /Rotate 90", "/MediaBox [0 0 842 595]"]));
    let file = open(&bytes);
    let edges = |edge| {
        let location = CrossPage::over(PageSet::All).edge(edge).sized(Pt(90.0), Pt(90.0)).unwrap();
        let location = location.along(FractionOfPage(0.25)).unwrap();
        let contract = Offices::new()
            .draft(&[("doc", &file)], vec![control("doc", "c", "sa", paging(), location)]);
        boxes(&resolve(&contract, &file).unwrap(), "c")
    };
    assert_eq!(
        edges(Edge::Right),
        ["1: 30 x 90 at (565, 188)", "2: 30 x 90 at (565, 188)", "3: 30 x 90 at (812, 126.25)"]
    );
    assert_eq!(
        edges(Edge::Bottom),
        ["1: 90 x 30 at (126.25, 812)", "2: 90 x 30 at (126.25, 812)", "3: 90 x 30 at (188, 565)"]
    );
    assert!(edges(Edge::Left).iter().all(|it| it.contains("at (0, ")));
    assert!(edges(Edge::Top).iter().all(|it| it.ends_with(", 0)")));
}

#[test]
fn a_slight_random_rotation_is_never_drawn() {
    // Nothing in a location or in a plan turns a seal: the same contract gives the same rectangles,
    // and every box is upright on its page.
    let bytes = written(&pages(&[A4; 3]));
    let file = open(&bytes);
    let contract = Offices::new().draft(
        &[("doc", &file)],
        vec![control("doc", "c", "sa", paging(), CrossPage::staggered(0))],
    );
    let documents = Documents::default().with("doc".parse().unwrap(), &file);
    let once = sealwright::placement::resolve(&contract, &documents).unwrap();
    assert_eq!(once, sealwright::placement::resolve(&contract, &documents).unwrap());
    assert!(once.controls()[0].boxes().iter().all(|it| it.placed().rotation().degrees() == 0));
}

#[test]
fn a_company_stamp_is_a_field_of_its_own_in_its_physical_size() {
    let bytes = written(&pages(&[A4]));
    let file = open(&bytes);
    let corner = |x: f64| Absolute::new(PageIndex::FIRST, Point::at(Mm(x), Mm(200.0)).unwrap());
    let contract = Offices::new().draft(
        &[("doc", &file)],
        vec![
            control("doc", "stamp", "sa", seal(), corner(20.0)),
            control("doc", "hand", "sa", signature(), corner(120.0)),
        ],
    );
    let plan = resolve(&contract, &file).unwrap();
    let kinds: Vec<_> = plan.controls().iter().map(|it| it.kind()).collect();
    assert_eq!(kinds, ["seal", "signature"]);
    // 42 mm, not the box of a signature.
    assert!(boxes(&plan, "stamp")[0].starts_with("1: 119.055 x 119.055 at "));
    assert!(boxes(&plan, "hand")[0].starts_with("1: 112 x 52 at "));
}

#[test]
fn a_stamp_is_neither_deformed_nor_cut_whatever_its_box() {
    let bytes = written(&pages(&[A4, &format!("{A4} /Rotate 90")]));
    let file = open(&bytes);
    let face = UploadedPicture::from_bytes(pictures::PNG).unwrap().drawing(Mm(42.0)).unwrap();
    let shape = face.size();
    for (page, width, height) in [(1, 300.0, 40.0), (2, 40.0, 300.0), (1, 200.0, 200.0)] {
        let number = PageNumber::new(page).unwrap();
        let geometry = file.latest().page_geometry(&file.latest().page(page).unwrap()).unwrap();
        let rect = Rect::new(Pt(100.0), Pt(200.0), Pt(width), Pt(height)).unwrap();
        let mut content = PageContent::of(&file).unwrap();
        content.draw(Placed::on(number, &geometry, rect).unwrap(), &face);
        let drawn = String::from_utf8_lossy(&content.finish().unwrap()).into_owned();
        let (start, end) = (drawn.find("stream\nq ").unwrap(), drawn.find(" cm /S Do Q").unwrap());
        let matrix: Vec<f64> =
            drawn[start + 9..end].split(' ').map(|it| it.parse().unwrap()).collect();
        let [w, b, c, h, x, y] = matrix[..] else { panic!("{matrix:?}") };
        assert_eq!((b, c), (0.0, 0.0), "no turn of the picture");
        let ratio = shape.width().thousandths() as f64 / shape.height().thousandths() as f64;
        assert!((w / h - ratio).abs() < 0.001, "{matrix:?}");
        // All of it inside the box, and no larger than it is.
        assert!(x >= 0.0 && y >= 0.0 && x + w <= width + 0.001 && y + h <= height + 0.001);
        assert!(w <= shape.width().thousandths() as f64 / 1000.0 + 0.001);
    }
}
