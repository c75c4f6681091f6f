//! The seal is where it was put, upright, whole, and what lies below it shows through.

use sealwright::appearance::{Drawing, SealFace};
use sealwright::geometry::{Mm, Pt, Rect};
use sealwright_rendering::{
    Bounds, PageForm, Rendered, bare_page, golden, picture, poppler, render, sealed_document,
    sealed_page, signed,
};
use sealwright_testdata::contract;
use sealwright_testdata::faces::{uniform_jpeg, upright_jpeg, upright_png, with_exif};

/// Pixels a point; two, so that an error of half a point is seen.
const PIXELS_PER_POINT: f64 = 2.0;

fn rendered(form: &PageForm, pdf: &[u8]) -> Rendered {
    // The renderer counts in user space units, whatever they are worth.
    render(pdf, (PIXELS_PER_POINT * form.user_unit) as f32)
}

fn expected_bounds(rect: &Rect) -> Bounds {
    let pixel =
        |thousandths: i64| (thousandths as f64 / 1000.0 * PIXELS_PER_POINT).round() as usize;
    Bounds {
        left: pixel(rect.x().thousandths()),
        top: pixel(rect.y().thousandths()),
        right: pixel(rect.right().thousandths()),
        bottom: pixel(rect.bottom().thousandths()),
    }
}

#[track_caller]
fn assert_within_a_pixel(found: Bounds, expected: Bounds, name: &str) {
    let near = |a: usize, b: usize| a.abs_diff(b) <= 1;
    assert!(
        near(found.left, expected.left)
            && near(found.top, expected.top)
            && near(found.right, expected.right)
            && near(found.bottom, expected.bottom),
        "{name}: red is at {found:?}, the seal was put at {expected:?}"
    );
}

/// The triangle is narrow at the top and wide at the bottom; its hole is on the left.
#[track_caller]
fn assert_upright(page: &Rendered, at: Bounds, name: &str) {
    let (width, height) = (at.right - at.left, at.bottom - at.top);
    let share = |row: usize| page.red_in_row(row) * 100 / width;
    assert!(share(at.top + 2) < 10, "{name}: the tip is not at the top");
    assert!(share(at.bottom - 3) > 90, "{name}: the base is not at the bottom");
    let row = at.top + height * 8 / 10;
    assert!(!page.is_red(at.left + width * 35 / 100, row), "{name}: no hole on the left");
    assert!(page.is_red(at.left + width * 65 / 100, row), "{name}: a hole on the right");
}

/// The four corners of the page, and somewhere inside.
fn places(form: &PageForm, face: &Drawing) -> [Rect; 5] {
    let (page, size) = (form.geometry().visual_size(), face.size());
    let right = page.width().thousandths() - size.width().thousandths();
    let bottom = page.height().thousandths() - size.height().thousandths();
    let corners = [(0, 0), (right, 0), (0, bottom), (right, bottom), (61_237, 83_911)];
    let pt = |thousandths: i64| Pt(thousandths as f64 / 1000.0);
    corners.map(|(x, y)| Rect::with_size(pt(x), pt(y), size).unwrap())
}

#[test]
fn on_every_page_in_every_corner() {
    let face = picture(&upright_png(20), Mm(60.0));
    for (name, form) in PageForm::all() {
        for rect in places(&form, &face) {
            let page = rendered(&form, &sealed_page(&form, &face, rect));
            let expected = expected_bounds(&rect);
            let found = page.red_bounds().unwrap_or_else(|| panic!("{name}: no seal to be seen"));
            assert_within_a_pixel(found, expected, &name);
            assert_upright(&page, expected, &name);
        }
    }
}

/// Sealed and signed: what multiplies shows the text below it.
#[test]
fn golden_pictures_of_sealed_pages() {
    let face = SealFace::from_image(&upright_png(20), Mm(50.0)).unwrap();
    for (name, form) in PageForm::all() {
        let bare = bare_page(&form);
        let pdf = signed(&bare, |seal| seal.page(1).at(Pt(90.0), Pt(60.0)), &face);
        let scale = 0.75 * form.user_unit;
        let picture = render(&pdf, scale as f32);
        let around = Bounds { left: 55, top: 35, right: 185, bottom: 115 };
        golden(&format!("sealed-{name}"), &picture.cut(around));
    }
}

/// The widget stands where poppler has it, too, and its shape is the same.
#[test]
fn pdftoppm_agrees_in_place_and_shape() {
    let face = picture(&upright_png(20), Mm(60.0));
    for (name, form) in PageForm::all() {
        let [.., rect] = places(&form, &face);
        let pdf = sealed_page(&form, &face, rect);
        // Poppler counts in user space units too, and this version not in their size.
        let dots = 72.0 * PIXELS_PER_POINT * form.user_unit;
        let Some(theirs) = poppler(&pdf, 1, dots) else { return };
        let at = expected_bounds(&rect);
        let scaled = theirs.width as f64 / rendered(&form, &pdf).width as f64;
        assert!((scaled - 1.0).abs() < 0.01, "{name}: {scaled} times as wide");
        assert_within_a_pixel(theirs.red_bounds().expect("a seal"), at, &name);
        assert_upright(&theirs, at, &name);
        let (mean, far) = theirs.cut(at).difference(&rendered(&form, &pdf).cut(at));
        // The text that shines through is set in another font there.
        assert!(mean < 20.0 && far < 0.12, "{name}: {mean}, {far}");
    }
}

#[test]
fn nothing_but_the_seal_changes_the_page() {
    let face = picture(&upright_png(20), Mm(60.0));
    for (name, form) in PageForm::all() {
        let [.., rect] = places(&form, &face);
        let bare = rendered(&form, &bare_page(&form));
        let sealed = rendered(&form, &sealed_page(&form, &face, rect));
        let at = expected_bounds(&rect);
        let (mut text_through_the_seal, mut covered) = (0, 0);
        for y in 0..bare.height {
            for x in 0..bare.width {
                let inside =
                    (at.left - 1..=at.right).contains(&x) && (at.top - 1..=at.bottom).contains(&y);
                let same = bare.at(x, y) == sealed.at(x, y);
                assert!(same || inside, "{name}: ({x}, {y}) changed outside of the seal");
                let ink = bare.at(x, y).iter().all(|component| *component < 128);
                text_through_the_seal += usize::from(inside && ink && same);
                covered += usize::from(inside && !same);
            }
        }
        assert!(text_through_the_seal > 300, "{name}: {text_through_the_seal} pixels of text");
        assert!(covered > 10_000, "{name}: {covered} pixels of seal");
    }
}

#[test]
fn an_opaque_jpeg_stands_upright_and_covers() {
    let form = PageForm { rotate: 270, ..PageForm::PLAIN };
    let face = picture(&upright_jpeg(20), Mm(60.0));
    let [.., rect] = places(&form, &face);
    let page = rendered(&form, &sealed_page(&form, &face, rect));
    let at = expected_bounds(&rect);
    assert_within_a_pixel(page.red_bounds().unwrap(), at, "JPEG");
    assert_upright(&page, at, "JPEG");
    for y in at.top + 1..at.bottom - 1 {
        for x in at.left + 1..at.right - 1 {
            let [r, ..] = page.at(x, y);
            assert!(r > 150, "text at ({x}, {y}) below an opaque seal");
        }
    }
}

/// A photograph that the camera stored head down is shown as its Exif data says.
#[test]
fn a_turned_photograph_is_turned_back() {
    let form = PageForm::PLAIN;
    let half_a_turn = 3;
    let jpeg = with_exif(&upright_jpeg(20), half_a_turn);
    let face = picture(&jpeg, Mm(60.0));
    let [.., rect] = places(&form, &face);
    let page = rendered(&form, &sealed_page(&form, &face, rect));
    let at = expected_bounds(&rect);
    let width = at.right - at.left;
    assert!(page.red_in_row(at.top + 2) * 100 / width > 90, "the base is not at the top");
    assert!(page.red_in_row(at.bottom - 3) * 100 / width < 10, "the tip is not at the bottom");
}

#[test]
fn inks_are_not_taken_for_their_opposite() {
    let red = [
        ("CMYK", uniform_jpeg(&[0, 255, 255, 0], None)),
        ("CMYK as Adobe writes it", uniform_jpeg(&[255, 0, 0, 255], Some(0))),
        ("YCCK as Adobe writes it", uniform_jpeg(&[179, 171, 1, 255], Some(2))),
        ("YCbCr", uniform_jpeg(&[76, 85, 255], None)),
        ("RGB by Adobe's marker", uniform_jpeg(&[255, 0, 0], Some(0))),
    ];
    for (name, jpeg) in red {
        let face = picture(&jpeg, Mm(60.0));
        let rect = Rect::with_size(Pt(60.0), Pt(80.0), face.size()).unwrap();
        let page = rendered(&PageForm::PLAIN, &sealed_page(&PageForm::PLAIN, &face, rect));
        let at = expected_bounds(&rect);
        assert_within_a_pixel(page.red_bounds().expect(name), at, name);
        assert!(page.is_red((at.left + at.right) / 2, (at.top + at.bottom) / 2), "{name}");
    }
}

#[test]
fn the_same_seal_in_several_places_is_one_image() {
    let form = PageForm::PLAIN;
    let face = picture(&upright_png(20), Mm(30.0));
    let rects = places(&form, &face);
    let pdf = sealed_document(&form, &face, &rects);
    let count = |needle: &[u8]| pdf.windows(needle.len()).filter(|at| *at == needle).count();
    assert_eq!(count(b"/Subtype/Image"), 2, "the image and its soft mask");
    assert_eq!(count(b"/Subtype /Form"), rects.len());
    let page = rendered(&form, &pdf);
    for rect in &rects {
        let at = expected_bounds(rect);
        assert!(page.is_red((at.left + at.right) / 2, (at.top + at.bottom) / 2));
    }
}

/// The whole way: sealed and signed as a host does it, on a page with text.
#[test]
fn a_signed_contract_shows_the_seal_where_it_was_asked_for() {
    let face = SealFace::from_image(&upright_png(20), Mm(42.0)).unwrap();
    let (x, y) = contract::PARTY_A_SEAL_AT_MM;
    let bytes = signed(contract::PDF, |seal| seal.page(1).at(Mm(x), Mm(y)), &face);
    let placed = Rect::with_size(Mm(x), Mm(y), face.size()).unwrap();

    let before = render(contract::PDF, PIXELS_PER_POINT as f32);
    assert!(before.red_bounds().is_none(), "the contract has no red of its own");
    let after = render(&bytes, PIXELS_PER_POINT as f32);
    let expected = expected_bounds(&placed);
    assert_within_a_pixel(after.red_bounds().unwrap(), expected, "contract");
    assert_upright(&after, expected, "contract");
}
