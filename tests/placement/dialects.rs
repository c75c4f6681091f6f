//! §5.2: the same spot, said in every dialect, is the same rectangle.

use sealwright::contract::{Absolute, Origin};
use sealwright::geometry::{PageGeometry, Size};
use sealwright::placement::{Dialect, MeaningOfPoint};

/// On a page of 600 by 800 points: 120 by 80 points at (150, 320) from the top left.
const SPOT: &str = "120 x 80 at (150, 320)";

fn page() -> PageGeometry {
    PageGeometry::new([0.0, 0.0, 600.0, 800.0], None, 0, 1.0).unwrap()
}

#[track_caller]
fn assert_spot(place: Absolute, on: u32) {
    let spots = place.spots(&[page(); 3], Size::default()).unwrap();
    assert_eq!((spots[0].page.get(), spots[0].rect.to_string()), (on, SPOT.to_owned()));
    assert_eq!(spots.len(), 1);
}

#[test]
fn tencent_counts_points_from_the_top_left() {
    assert_spot(Dialect::Tencent.place(-1, (150.0, 320.0), (120.0, 80.0)).unwrap(), 3);
}

#[test]
fn e_sign_counts_pixels_from_the_bottom_left_and_names_a_corner_or_the_centre() {
    let corner = Dialect::ESign(MeaningOfPoint::Corner);
    assert_spot(corner.place(2, (150.0, 400.0), (120.0, 80.0)).unwrap(), 2);
    let centre = Dialect::ESign(MeaningOfPoint::Centre);
    assert_spot(centre.place(2, (210.0, 440.0), (120.0, 80.0)).unwrap(), 2);
}

#[test]
fn kaifangqian_counts_shares_from_the_bottom_left() {
    assert_spot(Dialect::Kaifangqian.place(1, (0.25, 0.5), (0.2, 0.1)).unwrap(), 1);
}

#[test]
fn qiyuesuo_counts_shares_from_the_bottom_left() {
    assert_spot(Dialect::Qiyuesuo.place(1, (0.25, 0.5), (0.2, 0.1)).unwrap(), 1);
}

#[test]
fn junziqian_counts_shares_from_the_top_left_and_pages_from_nought() {
    assert_spot(Dialect::Junziqian.place(0, (0.25, 0.4), (0.2, 0.1)).unwrap(), 1);
    assert_spot(Dialect::Junziqian.place(2, (0.25, 0.4), (0.2, 0.1)).unwrap(), 3);
    assert_spot(Dialect::Junziqian.place(-1, (0.25, 0.4), (0.2, 0.1)).unwrap(), 3);
}

#[test]
fn best_sign_counts_shares_from_where_the_embedder_says() {
    let from = |origin| Dialect::BestSign { origin };
    assert_spot(from(Origin::TopLeft).place(1, (0.25, 0.4), (0.2, 0.1)).unwrap(), 1);
    assert_spot(from(Origin::BottomLeft).place(1, (0.25, 0.5), (0.2, 0.1)).unwrap(), 1);
}

#[test]
fn documenso_counts_per_cent_from_the_top_left() {
    assert_spot(Dialect::Documenso.place(1, (25.0, 40.0), (20.0, 10.0)).unwrap(), 1);
}

#[test]
fn docuseal_counts_shares_from_the_top_left() {
    assert_spot(Dialect::DocuSeal.place(1, (0.25, 0.4), (0.2, 0.1)).unwrap(), 1);
}

#[test]
fn docusign_counts_pixels_from_the_top_left() {
    assert_spot(Dialect::DocuSign.place(1, (150.0, 320.0), (120.0, 80.0)).unwrap(), 1);
}

#[test]
fn pdf_counts_units_from_wherever_the_crop_box_begins() {
    let crop_box = Some([10.0, 20.0, 310.0, 420.0]);
    let page = PageGeometry::new([0.0, 0.0, 500.0, 500.0], crop_box, 0, 2.0).unwrap();
    let rect = Dialect::user_space(&page, [85.0, 220.0, 145.0, 260.0]).unwrap();
    assert_eq!(rect.to_string(), SPOT);
    // In any order of the corners.
    assert_eq!(Dialect::user_space(&page, [145.0, 260.0, 85.0, 220.0]).unwrap(), rect);
}

#[test]
fn r_ctl_02_no_dialect_has_a_page_that_is_not_there() {
    let (corner, origin) = (MeaningOfPoint::Corner, Origin::TopLeft);
    let from_one = [
        Dialect::ESign(corner),
        Dialect::Kaifangqian,
        Dialect::Qiyuesuo,
        Dialect::BestSign { origin },
        Dialect::Documenso,
        Dialect::DocuSeal,
        Dialect::DocuSign,
    ];
    let taken = |dialect: Dialect| {
        let numbers = [i32::MIN, -2, -1, 0, 1, i32::MAX].into_iter();
        let codes = numbers.clone().filter_map(|number| dialect.page(number).err());
        assert!(codes.into_iter().all(|error| error.code() == "ctl.page_out_of_range"));
        numbers.filter(|number| dialect.page(*number).is_ok()).collect::<Vec<_>>()
    };
    for dialect in from_one {
        assert_eq!(taken(dialect), [1, i32::MAX], "{dialect:?}");
    }
    // Its numbers count from the end as well.
    assert_eq!(taken(Dialect::Tencent), [i32::MIN, -2, -1, 1, i32::MAX]);
    assert_eq!(taken(Dialect::Junziqian), [-1, 0, 1]);
    let error = Dialect::Qiyuesuo.place(-1, (0.25, 0.5), (0.2, 0.1)).unwrap_err().to_string();
    assert!(error.starts_with("the interface has no page -1: its first page is 1"), "{error}");
}
