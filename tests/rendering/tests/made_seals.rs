//! Generated seals look as they did when somebody looked at them, and a page shows what the preview
//! shows.
//!
//! The pictures in `golden/` were looked at, each beside photographs of such seals. After a change
//! that is meant, `SEALWRIGHT_WRITE_GOLDEN=1 cargo test -p sealwright-rendering --test made_seals`
//! writes them again; look at them again then.

use std::path::PathBuf;

use image::RgbaImage;
use sealwright::appearance::design::{Closing, NameSeal, OvalSeal, RoundSeal, SealDesign};
use sealwright::appearance::{Blend, Dpi, Font, SealFace};
use sealwright::authorization::{SealSize, TaxNumber};
use sealwright::geometry::Mm;
use sealwright_rendering::{Bounds, PageForm, Rendered, bare_page, poppler, render, signed};
use sealwright_testdata::font::NOTO_SERIF_SC;

/// The mean difference of two pictures that look the same, of 255.
const TOLERANCE: f64 = 1.5;

/// The share of inked pixels that a page may show as paper, or of paper as ink.
const MOST_WRONG: f64 = 0.001;

const EIGHT: &str = "北京技术有限公司";
const FOURTEEN: &str = "江州澄砚(深圳)信息技术公司";
const TWENTY_FIVE: &str = "中国北京澄砚信息技术供应链管理服务集团股份有限公司";

fn designs() -> Result<Vec<(&'static str, SealDesign)>, Box<dyn std::error::Error>> {
    let circle = SealSize::round(42);
    let number = TaxNumber::parse("91350100M000100Y43")?;
    let contract = RoundSeal::new(FOURTEEN, circle)?.line("合同专用章")?.code("4403050012345")?;
    let finance = RoundSeal::new(TWENTY_FIVE, SealSize::round(45))?;
    let finance = finance.line("财务专用章")?.bottom("(1)")?.code("4403050012345")?;
    let plain = RoundSeal::new(FOURTEEN, circle)?.without_star().line("合同专用章")?;
    let oval = OvalSeal::new(FOURTEEN, SealSize { width: 45, height: 30 })?.line("人事专用章")?;
    let square = NameSeal::square("王明", Closing::Fitting, SealSize::round(20))?;
    let lines = NameSeal::rectangle(&["财务", "专用章"], SealSize { width: 25, height: 16 })?;
    Ok(vec![
        ("round-8", RoundSeal::new(EIGHT, circle)?.into()),
        ("round-14", contract.into()),
        ("round-25", finance.into()),
        ("round-no-star", plain.into()),
        ("oval-invoice", OvalSeal::invoice(FOURTEEN, &number)?.into()),
        ("oval", oval.into()),
        ("square", square.clone().into()),
        ("square-captioned", square.caption("法定代表人")?.into()),
        ("rectangle", lines.clone().into()),
        ("rectangle-bare", lines.without_frame().into()),
    ])
}

fn faces() -> Vec<(&'static str, SealFace)> {
    let font = Font::from_bytes(NOTO_SERIF_SC, 0).expect("the committed font is sound");
    let designs = designs().expect("these seals exist");
    designs
        .into_iter()
        .map(|(name, design)| (name, design.face(&font).expect("the font has these letters")))
        .collect()
}

fn decoded(png: &[u8]) -> RgbaImage {
    image::load_from_memory(png).expect("a PNG").into_rgba8()
}

#[test]
fn seals_look_as_they_were_looked_at() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("golden");
    for (name, face) in faces() {
        let path = folder.join(format!("seal-{name}.png"));
        let png = face.to_png(Dpi(110)).expect("a small picture");
        if std::env::var_os("SEALWRIGHT_WRITE_GOLDEN").is_some() {
            std::fs::write(&path, &png).expect("the folder is there");
        }
        let (found, wanted) = (decoded(&png), decoded(&std::fs::read(&path).expect("committed")));
        assert_eq!(found.dimensions(), wanted.dimensions(), "{name}");
        let off: u64 = found
            .pixels()
            .zip(wanted.pixels())
            .map(|(a, b)| u64::from(a.0[3].abs_diff(b.0[3])))
            .sum();
        let mean = off as f64 / found.pixels().len() as f64;
        assert!(mean < TOLERANCE, "{name}: {mean}");
    }
}

/// Dots an inch at which a millimetre is ten pixels: every side of a seal is a whole number of them.
const DOTS: u16 = 254;

/// Both pictures of a seal at one scale: its preview, and what a renderer makes of a page with it.
fn pages(
    face: &SealFace,
    renderer: &dyn Fn(&[u8]) -> Option<Rendered>,
) -> Option<(RgbaImage, Rendered)> {
    let bare = bare_page(&PageForm::PLAIN);
    let pdf = signed(&bare, |seal| seal.page(1).at(Mm(14.0), Mm(21.0)).blend(Blend::Normal), face);
    let page = renderer(&pdf)?;
    let preview = decoded(&face.to_png(Dpi(DOTS)).expect("a picture"));
    let (width, height) = (preview.width() as usize, preview.height() as usize);
    let at = Bounds { left: 140, top: 210, right: 140 + width, bottom: 210 + height };
    Some((preview, page.cut(at)))
}

/// The share of inked pixels that one has and the other has not.
fn disagreement(preview: &RgbaImage, page: &Rendered) -> f64 {
    let (mut inked, mut wrong) = (0_u32, 0_u32);
    for (x, y, pixel) in preview.enumerate_pixels() {
        let alpha = pixel.0[3];
        inked += u32::from(alpha > 200);
        let red = page.is_red(x as usize, y as usize);
        wrong += u32::from((alpha > 240 && !red) || (alpha < 10 && red));
    }
    assert!(inked > 3_000, "{inked}");
    f64::from(wrong) / f64::from(inked)
}

/// Another renderer, from the PDF, against our own, from the outlines.
#[test]
fn a_page_shows_what_the_preview_shows() {
    for (name, face) in faces() {
        let hayro = |pdf: &[u8]| Some(render(pdf, f32::from(DOTS) / 72.0));
        let (preview, page) = pages(&face, &hayro).expect("a picture");
        let wrong = disagreement(&preview, &page);
        assert!(wrong < MOST_WRONG, "{name}: {wrong} of the inked pixels differ");
    }
}

/// And a third one.
#[test]
fn pdftoppm_shows_what_the_preview_shows() {
    for (name, face) in faces() {
        let third = |pdf: &[u8]| poppler(pdf, 1, f64::from(DOTS));
        let Some((preview, page)) = pages(&face, &third) else { return };
        let wrong = disagreement(&preview, &page);
        assert!(wrong < MOST_WRONG, "{name}: {wrong} of the inked pixels differ");
    }
}
