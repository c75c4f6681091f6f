//! Cross-page seals against the vectors of the vocabulary (§7.8) and against their properties.

use proptest::prelude::*;

use super::{CrossPage, Cut, Edge, PageSet, SinglePage, Slice, ThinSlices};
use crate::geometry::{Mm, PageGeometry, Pt, Size};

fn a4() -> PageGeometry {
    PageGeometry::new([0.0, 0.0, 595.276, 841.89], None, 0, 1.0).unwrap()
}

fn seal(mm: f64) -> Size {
    Size::new(Mm(mm), Mm(mm)).unwrap()
}

fn slices(cross: &CrossPage, pages: usize, mm: f64) -> Result<Vec<Slice>, &'static str> {
    cross.slices(&vec![a4(); pages], seal(mm)).map_err(|error| error.code())
}

/// How many pages each seal covers.
fn groups(slices: &[Slice]) -> Vec<usize> {
    let seals = slices.last().map_or(0, |slice| slice.seal + 1);
    (0..seals).map(|seal| slices.iter().filter(|slice| slice.seal == seal).count()).collect()
}

#[test]
fn r_ctl_17_groups_of_pages() {
    let free = CrossPage::over(PageSet::All).least_slice(0);
    for (pages, expected) in [
        (2, vec![2]),
        (9, vec![9]),
        (20, vec![20]),
        (21, vec![11, 10]),
        (41, vec![14, 14, 13]),
        (100, vec![20; 5]),
    ] {
        assert_eq!(groups(&slices(&free, pages, 42.0).unwrap()), expected, "{pages} pages");
    }
}

#[test]
fn equal_cut_points() {
    assert_eq!(Cut::Equal.points(472, 5), Some(vec![0, 94, 188, 283, 377, 472]));
    assert_eq!(Cut::Equal.points(100, 7), Some(vec![0, 14, 28, 42, 57, 71, 85, 100]));
    assert_eq!(Cut::Equal.points(5, 5), Some(vec![0, 1, 2, 3, 4, 5]));
    assert_eq!(Cut::Equal.points(600, 20).unwrap()[..3], [0, 30, 60]);
    assert_eq!(Cut::Equal.points(10, 0), None);
}

#[test]
fn wide_ends() {
    let widths = |length, pieces| {
        let points = Cut::EndsAtLeast(200).points(length, pieces).unwrap();
        points.windows(2).map(|pair| pair[1] - pair[0]).collect::<Vec<_>>()
    };
    let mut expected = vec![20; 20];
    (expected[0], expected[19]) = (120, 120);
    assert_eq!(widths(600, 20), expected);
    assert_eq!(widths(600, 5), [120; 5]);
    assert_eq!(widths(600, 2), [300; 2]);
    assert_eq!(Cut::EndsAtLeast(500).points(600, 3), None);
    assert_eq!(Cut::EndsAtLeast(u16::MAX).points(600, 3), None);
}

#[test]
fn r_ctl_17_slices_of_exactly_two_millimetres_are_thick_enough() {
    let all = CrossPage::over(PageSet::All);
    assert_eq!(groups(&slices(&all, 20, 40.0).unwrap()), [20]);
    assert_eq!(groups(&slices(&all, 21, 40.0).unwrap()), [11, 10]);
    let strict = CrossPage::over(PageSet::All).most_pages(100).thin_slices(ThinSlices::Refuse);
    assert!(slices(&strict, 20, 40.0).is_ok());
    assert_eq!(slices(&strict, 21, 40.0), Err("ctl.paging_slice_too_thin"));
    // Not so many seals that one would be left with a single page: the slices are what is wrong.
    assert_eq!(slices(&all, 3, 5.0), Err("ctl.paging_slice_too_thin"));
    let told = all.slices(&[a4(); 5], seal(5.0)).unwrap_err().to_string();
    assert!(
        told.starts_with("a seal of 14.173 points over 3 pages has slices below 2 mm"),
        "{told}"
    );
    assert_eq!(slices(&all, 3, 3.9), Err("ctl.paging_slice_too_thin"));
    let wide = CrossPage::over(PageSet::All).cut(Cut::EndsAtLeast(400));
    assert_eq!(groups(&slices(&wide, 10, 42.0).unwrap()), [5, 5]);
}

#[test]
fn r_ctl_16_one_page_is_no_cross_page() {
    let all = CrossPage::over(PageSet::All);
    assert_eq!(slices(&all, 1, 42.0), Err("ctl.paging_needs_two_pages"));
    assert_eq!(slices(&all.clone().skip(1, 1), 3, 42.0), Err("ctl.paging_needs_two_pages"));
    assert_eq!(slices(&all.clone().skip(9, 9), 3, 42.0), Err("ctl.paging_needs_two_pages"));
    let lenient = all.single_page(SinglePage::Skip);
    assert_eq!(slices(&lenient, 1, 42.0), Ok(Vec::new()));
    assert_eq!(slices(&lenient, 2, 42.0).unwrap().len(), 2);
}

#[test]
fn r_ctl_16_a_seal_that_may_lie_over_too_few_pages_is_what_is_told() {
    let short = |most| CrossPage::over(PageSet::All).most_pages(most);
    assert_eq!(groups(&slices(&short(2), 4, 42.0).unwrap()), [2, 2]);
    for (most, pages) in [(2, 3), (1, 2), (0, 9)] {
        let error = short(most).slices(&vec![a4(); pages], seal(42.0)).unwrap_err();
        assert_eq!(error.code(), "ctl.paging_needs_two_pages");
        let told = format!("{pages} pages cannot be shared out to seals over at most {most}");
        assert!(error.to_string().starts_with(&told), "{error}");
    }
}

#[test]
fn r_ctl_22_flush_to_the_edge_of_pages_of_any_size() {
    let landscape = PageGeometry::new([0.0, 0.0, 595.0, 842.0], None, 90, 1.0).unwrap();
    let pages = [a4(), landscape];
    let size = Size::new(Pt(100.0), Pt(60.0)).unwrap();
    let written = |edge| {
        let cross = CrossPage::over(PageSet::All).edge(edge).along(Pt(10.0)).unwrap();
        let slices = cross.slices(&pages, size).unwrap();
        slices.iter().map(|slice| slice.spot.rect.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(written(Edge::Right), ["50 x 60 at (545.276, 10)", "50 x 60 at (792, 10)"]);
    assert_eq!(written(Edge::Left), ["50 x 60 at (0, 10)", "50 x 60 at (0, 10)"]);
    assert_eq!(written(Edge::Top), ["100 x 30 at (10, 0)", "100 x 30 at (10, 0)"]);
    assert_eq!(written(Edge::Bottom), ["100 x 30 at (10, 811.89)", "100 x 30 at (10, 565)"]);
}

#[test]
fn r_ctl_04_a_slice_that_leaves_its_page_names_it() {
    let short = PageGeometry::new([0.0, 0.0, 595.0, 100.0], None, 0, 1.0).unwrap();
    let cross = CrossPage::over(PageSet::All);
    let error = cross.slices(&[a4(), a4(), short], seal(42.0)).unwrap_err();
    assert_eq!(error.code(), "ctl.rect_out_of_page");
    assert!(error.to_string().contains("page 3"), "{error}");
}

#[test]
fn a_cross_page_seal_survives_storage() {
    let cross = CrossPage::staggered(1).skip(1, 0).cut(Cut::EndsAtLeast(200)).edge(Edge::Left);
    let cross = cross.sized(Mm(40.0), Mm(40.0)).unwrap();
    let json = serde_json::to_string(&cross).unwrap();
    assert_eq!(serde_json::from_str::<CrossPage>(&json).unwrap(), cross);
    // No size out of a database does harm.
    let forged = json.replace("113386", "-5");
    assert_ne!(forged, json);
    let forged: CrossPage = serde_json::from_str(&forged).unwrap();
    assert!(forged.slices(&[a4(); 4], seal(42.0)).is_err());
}

proptest! {
    #[test]
    fn slices_tile_the_seal(pages in 2_usize..200, mm in 1.0_f64..100.0, ends in 0_u16..1100) {
        let cross = CrossPage::over(PageSet::All).cut(Cut::EndsAtLeast(ends));
        let Ok(slices) = slices(&cross, pages, mm) else { return Ok(()) };
        prop_assert_eq!(slices.len(), pages);
        let length = seal(mm).width();
        for pair in slices.windows(2) {
            let joined = pair[0].to == pair[1].from && pair[0].seal == pair[1].seal;
            let next = pair[0].to == length && pair[1].from.thousandths() == 0;
            prop_assert!(joined || next);
            prop_assert!(pair[0].spot.page < pair[1].spot.page);
        }
        let groups = groups(&slices);
        prop_assert!(groups.iter().all(|n| (2..=20).contains(n)));
        prop_assert!(groups.windows(2).all(|pair| pair[0] - pair[1] <= 1));
        for slice in &slices {
            let thickness = slice.to.thousandths() - slice.from.thousandths();
            prop_assert!(thickness >= 5669, "thinner than 2 mm: {thickness}");
        }
    }
}
