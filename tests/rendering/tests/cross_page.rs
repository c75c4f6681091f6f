//! A seal over the edges of 21 pages: cut out of the pages and put side by side, its slices give it
//! back. And what lies below a seal stays readable.

use sealwright::Limits;
use sealwright::appearance::{Blend, SealFace};
use sealwright::contract::{CrossPage, Edge, Opacity, PageSet};
use sealwright::geometry::{Mm, PageGeometry, Pt, Size};
use sealwright::pdf::File;
use sealwright_rendering::{Bounds, Rendered, golden, poppler, render_page, signed};
use sealwright_testdata::pdf::{Layout, Pdf};
use sealwright_testdata::seal;

/// Pixels a point; every slice below is a whole number of pixels wide. No more than that, and few pages
/// that are turned: each of them is drawn, by a renderer that is built without optimisation.
const SCALE: usize = 1;
const PAGES: u32 = 21;
/// One seal, in slices of ten points.
const TURNED_PAGES: u32 = 11;

/// A document of pages that a person sees as 240 by 260 points, turned in every way if asked: small,
/// as every pixel of 21 pages is drawn for every edge.
fn document(pages: u32, turned: bool, content: &str) -> Vec<u8> {
    let mut pdf = Pdf::new();
    pdf.set(1, "<< /Type /Catalog /Pages 2 0 R >>");
    pdf.set_stream(3, "", content.as_bytes());
    let mut kids = String::new();
    for number in 0..pages {
        let rotate = if turned { number % 4 * 90 } else { 0 };
        let (width, height) = if rotate % 180 == 0 { (240, 260) } else { (260, 240) };
        let page = pdf.add(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [10 20 {} {}] /Rotate {rotate} /Contents 3 0 R >>",
            width + 10,
            height + 20
        ));
        kids.push_str(&format!("{page} 0 R "));
    }
    pdf.set(2, format!("<< /Type /Pages /Kids [{kids}] /Count {pages} >>"));
    pdf.trailer("/Root 1 0 R");
    pdf.write(&Layout::default())
}

fn face() -> SealFace {
    SealFace::from_image(&seal::transparent_png("江州澄砚信息技术有限公司", 220), Mm(40.0)).unwrap()
}

/// The 110 points large seal over an edge: 11 slices of 10 points, then 10 slices of 11 points.
fn cross_page(edge: Edge) -> CrossPage {
    CrossPage::over(PageSet::All).edge(edge).sized(Pt(110.0), Pt(110.0)).unwrap()
}

fn slices(bytes: &[u8], edge: Edge) -> Vec<(u32, usize, Bounds)> {
    let file = File::open(bytes, Limits::default()).unwrap();
    let pages: Vec<PageGeometry> = file.latest().page_geometries().unwrap();
    let seal = Size::new(Pt(110.0), Pt(110.0)).unwrap();
    let pixel = |thousandths: i64| {
        assert_eq!(thousandths * SCALE as i64 % 1000, 0, "the test cuts at whole pixels");
        (thousandths * SCALE as i64 / 1000) as usize
    };
    let slices = cross_page(edge).slices(&pages, seal).unwrap().into_iter().map(|slice| {
        let rect = slice.spot.rect;
        let bounds = Bounds {
            left: pixel(rect.x().thousandths()),
            top: pixel(rect.y().thousandths()),
            right: pixel(rect.right().thousandths()),
            bottom: pixel(rect.bottom().thousandths()),
        };
        (slice.seal, slice.spot.page.get() as usize, bounds)
    });
    slices.collect()
}

/// The whole seal, as one place shows it.
fn whole(face: &SealFace) -> Rendered {
    let bytes = document(1, false, "");
    let signed =
        signed(&bytes, |seal| seal.page(1).at(Pt(100.0), Pt(100.0)).width(Pt(110.0)), face);
    let part = Bounds { left: 100, top: 100, right: 210, bottom: 210 };
    render_page(&signed, 1, SCALE as f32).cut(part)
}

#[test]
fn slices_side_by_side_give_back_the_seal() {
    let face = face();
    let whole = whole(&face);
    let turned = [Edge::Right, Edge::Left, Edge::Top, Edge::Bottom].map(|edge| (true, edge));
    for (turned, edge) in [(false, Edge::Right)].into_iter().chain(turned) {
        let pages = if turned { TURNED_PAGES } else { PAGES };
        let bytes = document(pages, turned, "");
        let signed = signed(&bytes, |seal| seal.cross_page(cross_page(edge)), &face);
        let slices = slices(&bytes, edge);
        assert_eq!(slices.len(), pages as usize);
        for seal in 0..if turned { 1 } else { 2 } {
            let own = slices.iter().filter(|(of, ..)| *of == seal);
            let parts: Vec<Rendered> = own
                .map(|(_, page, part)| render_page(&signed, *page, SCALE as f32).cut(*part))
                .collect();
            assert_eq!(parts.len(), if seal == 0 { 11 } else { 10 });
            let back = match edge {
                Edge::Left | Edge::Right => Rendered::side_by_side(&parts),
                Edge::Top | Edge::Bottom => Rendered::stacked(&parts),
            };
            // Cut at whole pixels, a slice is what the whole seal shows there.
            let (mean, far) = back.difference(&whole);
            assert!(mean < 0.1 && far == 0.0, "{edge:?} {turned}: {mean}, {far}");
            golden("cross-page", &back);
        }
    }
}

/// The same pages by poppler: slices where we have them, with as much ink. It moves the edges of a
/// picture to whole pixels, so that their thin strokes are not compared one by one.
#[test]
fn pdftoppm_shows_the_slices_where_we_do() {
    let face = face();
    let bytes = document(PAGES, true, "");
    let signed = signed(&bytes, |seal| seal.cross_page(cross_page(Edge::Right)), &face);
    let slices = slices(&bytes, Edge::Right);
    for page in [1, 2, 3, 4, 21] {
        let Some(theirs) = poppler(&signed, page, 72.0 * SCALE as f64) else { return };
        let ours = render_page(&signed, page, SCALE as f32);
        let (_, _, at) = slices.iter().find(|(_, of, _)| *of == page).expect("a slice a page");
        let (one, other) = (theirs.cut(*at), ours.cut(*at));
        let ink = |picture: &Rendered| {
            let pixels = (0..picture.height).flat_map(|y| (0..picture.width).map(move |x| (x, y)));
            pixels.map(|(x, y)| 255.0 - f64::from(picture.at(x, y)[1])).sum::<f64>()
        };
        let share = ink(&one) / ink(&other);
        assert!((0.9..1.1).contains(&share), "page {page}: {share}");
        // And nothing beside it.
        let found = theirs.red_bounds().expect("a slice");
        assert!(found.left + 1 >= at.left && found.right <= at.right + 1, "page {page}: {found:?}");
        assert!(found.top + 1 >= at.top && found.bottom <= at.bottom + 1, "page {page}: {found:?}");
    }
}

/// Black lines below the middle of the seal, in user space of an upright page.
const LINES: &str = "0 g 110 150 140 6 re f 110 90 140 6 re f 110 120 140 6 re f";

#[test]
fn what_lies_below_a_seal_stays_readable() {
    let face =
        SealFace::from_image(&seal::opaque_png("江州澄砚信息技术有限公司", 220), Mm(40.0)).unwrap();
    let bytes = document(1, false, LINES);
    let look = |blend: Blend, opacity: f64| {
        let opacity = Opacity::new(opacity).unwrap();
        let signed = signed(
            &bytes,
            |seal| seal.blend(blend).opacity(opacity).page(1).at(Pt(100.0), Pt(100.0)),
            &face,
        );
        let page = render_page(&signed, 1, SCALE as f32);
        let around = Bounds { left: 90, top: 90, right: 230, bottom: 230 };
        let name = format!("below-{blend:?}-{}", opacity.per_mille()).to_lowercase();
        golden(&name, &page.cut(around));
        page
    };
    let plain = render_page(&bytes, 1, SCALE as f32);
    // The middle of each line, every few points across the seal.
    let line = |row: usize| (100..213).step_by(3).map(move |x| (x * SCALE, row * SCALE));
    let lines: Vec<_> =
        [127, 157, 187].into_iter().flat_map(line).filter(|(x, _)| *x > 225).collect();
    let black = |page: &Rendered| lines.iter().filter(|(x, y)| page.at(*x, *y)[0] < 60).count();
    assert_eq!(black(&plain), lines.len());
    // The picture is opaque white around the red: multiplied, every black pixel stays black.
    assert_eq!(black(&look(Blend::Multiply, 1.0)), lines.len());
    assert_eq!(black(&look(Blend::Multiply, 0.6)), lines.len());
    assert_eq!(black(&look(Blend::Normal, 1.0)), 0);
}

#[test]
fn pdftoppm_multiplies_alike() {
    const FINE: usize = 2;
    let face =
        SealFace::from_image(&seal::opaque_png("江州澄砚信息技术有限公司", 440), Mm(40.0)).unwrap();
    let bytes = document(1, false, LINES);
    let signed =
        signed(&bytes, |seal| seal.blend(Blend::Multiply).page(1).at(Pt(100.0), Pt(100.0)), &face);
    let Some(theirs) = poppler(&signed, 1, 72.0 * FINE as f64) else { return };
    let ours = render_page(&signed, 1, FINE as f32);
    let around = Bounds { left: 180, top: 180, right: 460, bottom: 460 };
    let (mean, far) = theirs.cut(around).difference(&ours.cut(around));
    assert!(mean < 4.0 && far < 0.03, "{mean}, {far}");
}
