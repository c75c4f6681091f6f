//! What is filled in before the first signature, and what a preview shows, is where it was put,
//! upright, on every kind of page; nothing else of the page changes.

use sealwright::Limits;
use sealwright::appearance::Drawing;
use sealwright::geometry::{Mm, PageNumber, Pt, Rect};
use sealwright::pdf::File;
use sealwright::placement::Placed;
use sealwright::update::PageContent;
use sealwright_rendering::{
    Bounds, PageForm, Rendered, bare_page, golden, picture, poppler, render,
};
use sealwright_testdata::faces::upright_png;

const PIXELS_PER_POINT: f64 = 2.0;

fn rendered(form: &PageForm, pdf: &[u8], pixels_per_point: f64) -> Rendered {
    // The renderer counts in user space units, whatever they are worth.
    render(pdf, (pixels_per_point * form.user_unit) as f32)
}

/// The page with the seal as page content at these places.
fn stamped(form: &PageForm, face: &Drawing, rects: &[Rect]) -> Vec<u8> {
    let base = bare_page(form);
    let file = File::open(&base, Limits::default()).unwrap();
    let mut content = PageContent::of(&file).unwrap();
    for rect in rects {
        let first = PageNumber::new(1).unwrap();
        let placed = Placed::on(first, &form.geometry(), *rect).unwrap();
        content.draw(placed, face);
    }
    [base.as_slice(), &content.finish().unwrap()].concat()
}

fn expected(rect: &Rect) -> Bounds {
    let pixel = |milli: i64| (milli as f64 / 1000.0 * PIXELS_PER_POINT).round() as usize;
    Bounds {
        left: pixel(rect.x().thousandths()),
        top: pixel(rect.y().thousandths()),
        right: pixel(rect.right().thousandths()),
        bottom: pixel(rect.bottom().thousandths()),
    }
}

#[test]
fn page_content_is_upright_in_every_corner_of_every_page() {
    let face = picture(&upright_png(20), Mm(50.0));
    for (name, form) in PageForm::all() {
        let (page, size) = (form.geometry().visual_size(), face.size());
        let right = page.width().thousandths() - size.width().thousandths();
        let bottom = page.height().thousandths() - size.height().thousandths();
        for (x, y) in [(0, 0), (right, 0), (0, bottom), (right, bottom), (61_237, 83_911)] {
            let pt = |milli: i64| Pt(milli as f64 / 1000.0);
            let rect = Rect::with_size(pt(x), pt(y), size).unwrap();
            let picture = rendered(&form, &stamped(&form, &face, &[rect]), PIXELS_PER_POINT);
            let (found, at) = (picture.red_bounds().expect("a seal to be seen"), expected(&rect));
            for (found, at) in [
                (found.left, at.left),
                (found.top, at.top),
                (found.right, at.right),
                (found.bottom, at.bottom),
            ] {
                assert!(found.abs_diff(at) <= 1, "{name}: red at {found}, put at {at}");
            }
            // The triangle is narrow at the top and wide at the bottom; its hole is on the left.
            let width = at.right - at.left;
            let share = |row: usize| picture.red_in_row(row) * 100 / width;
            assert!(share(at.top + 2) < 10, "{name}: the tip is not at the top");
            assert!(share(at.bottom - 3) > 90, "{name}: the base is not at the bottom");
            let row = at.top + (at.bottom - at.top) * 8 / 10;
            assert!(
                !picture.is_red(at.left + width * 35 / 100, row),
                "{name}: no hole on the left"
            );
        }
    }
}

#[test]
fn outside_the_drawing_every_pixel_stays() {
    let face = picture(&upright_png(20), Mm(40.0));
    for (name, form) in PageForm::all() {
        let base = rendered(&form, &bare_page(&form), PIXELS_PER_POINT);
        let rect = Rect::with_size(Pt(100.0), Pt(90.0), face.size()).unwrap();
        let picture = rendered(&form, &stamped(&form, &face, &[rect]), PIXELS_PER_POINT);
        let at = expected(&rect);
        for y in 0..base.height {
            for x in 0..base.width {
                let inside = (at.left.saturating_sub(1)..=at.right).contains(&x)
                    && (at.top.saturating_sub(1)..=at.bottom).contains(&y);
                assert!(inside || base.at(x, y) == picture.at(x, y), "{name}: ({x}, {y}) changed");
            }
        }
    }
}

#[test]
fn golden_pictures_of_page_content() {
    let face = picture(&upright_png(20), Mm(50.0));
    for (name, form) in PageForm::all() {
        let rect = Rect::with_size(Pt(90.0), Pt(60.0), face.size()).unwrap();
        let picture = rendered(&form, &stamped(&form, &face, &[rect]), 0.75);
        let around = Bounds { left: 55, top: 35, right: 185, bottom: 115 };
        golden(&format!("page-content-{name}"), &picture.cut(around));
    }
}

/// A second renderer, where it is installed, has the drawing in the same place, upright.
#[test]
fn poppler_agrees_in_place_and_shape() {
    let face = picture(&upright_png(20), Mm(50.0));
    for (name, form) in PageForm::all() {
        let rect = Rect::with_size(Pt(90.0), Pt(60.0), face.size()).unwrap();
        let Some(picture) = poppler(&stamped(&form, &face, &[rect]), 1, 100.0) else { return };
        // Poppler may or may not know UserUnit: the page's width gives the scale.
        let page = form.geometry().visual_size().width().thousandths() as f64 / 1000.0;
        let scale = picture.width as f64 / page;
        let pixel = |milli: i64| (milli as f64 / 1000.0 * scale).round() as usize;
        let found = picture.red_bounds().expect("a seal to be seen");
        for (found, at) in [
            (found.left, rect.x()),
            (found.top, rect.y()),
            (found.right, rect.right()),
            (found.bottom, rect.bottom()),
        ] {
            let at = pixel(at.thousandths());
            assert!(found.abs_diff(at) <= 2, "{name}: red at {found}, put at {at}");
        }
        let width = found.right - found.left;
        assert!(picture.red_in_row(found.top + 3) * 100 / width < 20, "{name}: the tip");
        assert!(picture.red_in_row(found.bottom - 4) * 100 / width > 80, "{name}: the base");
    }
}
