//! Values of a contract, before anybody signs: in the fields of a form, and as the cells of a table on
//! the page. Both renderers show them in the same place, upright on turned pages.

#[allow(dead_code, reason = "every test of placed controls uses a part of it")]
#[path = "../../placement/paper.rs"]
mod paper;
#[path = "../../world/mod.rs"]
mod world;

use sealwright::appearance::{Font, FontBook, Overflow};
use sealwright::contract::{
    self, Absolute, Align, Colour, Control, ControlKind, FieldName, FilledRows, FontSize, Input,
    Owner, SelectorStyle, TableStyle, TextStyle,
};
use sealwright::update::Filling;
use sealwright_rendering::{Rendered, golden, poppler, poppler_structure, render_page};
use sealwright_testdata::documents;
use sealwright_testdata::font::{DEJAVU_SANS, NOTO_SANS_SC, NOTO_SERIF_SC};
use sealwright_testdata::pdf::{Layout, Pdf};

use paper::{Offices, at, key, open, resolve};
use world::control;

/// Pixels a point, and the same in dots an inch.
const SCALE: f32 = 1.5;
const DOTS: f64 = 108.0;

/// The pages that a person sees are 360 by 240 points, or 240 by 360 in the file where they are turned.
const UPRIGHT: &str = "/MediaBox [0 0 360 240]";
const TURNED: &str = "/MediaBox [0 0 240 360] /Rotate 90";

/// A document of these pages; objects are numbered from 40.
fn document(pages: &[&str], catalog: &str, objects: &[(u32, String)]) -> Vec<u8> {
    let mut pdf = Pdf::new();
    pdf.set(1, format!("<< /Type /Catalog /Pages 2 0 R {catalog} >>"));
    pdf.set_stream(3, "", b"0.9 g 0 0 5 5 re f");
    let mut kids = String::new();
    for (number, entries) in (10..).zip(pages) {
        pdf.set(
            number,
            format!("<< /Type /Page /Parent 2 0 R /Contents 3 0 R /Resources << >> {entries} >>"),
        );
        kids.push_str(&format!("{number} 0 R "));
    }
    pdf.set(2, format!("<< /Type /Pages /Kids [{kids}] /Count {} >>", pages.len()));
    for (number, body) in objects {
        pdf.set(*number, body.as_str());
    }
    pdf.trailer("/Root 1 0 R");
    pdf.write(&Layout::default())
}

fn fonts() -> FontBook {
    let font = |bytes: &[u8]| Font::from_bytes(bytes, 0).unwrap();
    let fonts = FontBook::new().with(contract::Font::Hei, font(NOTO_SANS_SC)).unwrap();
    let fonts = fonts.with(contract::Font::Song, font(NOTO_SERIF_SC)).unwrap();
    fonts.with_fallback(font(DEJAVU_SANS)).unwrap()
}

fn filled(bytes: &[u8], controls: Vec<Control>) -> Vec<u8> {
    let file = open(bytes);
    let contract = Offices::new().draft(&[("doc", &file)], controls);
    let (plan, fonts) = (resolve(&contract, &file).unwrap(), fonts());
    let filling = Filling::of(&contract, &plan, &fonts);
    let filling = filling.overflow(Overflow::ShrinkTo(FontSize::SMALLEST));
    [bytes, &filling.merge(&plan.documents()[0], &file).unwrap()].concat()
}

/// The golden picture of a page, which the second renderer, where it is installed, shows as well.
#[track_caller]
fn shown(name: &str, pdf: &[u8], page: usize) -> Rendered {
    let picture = render_page(pdf, page, SCALE);
    golden(name, &picture);
    if let Some(other) = poppler(pdf, page, DOTS) {
        let (mean, far) = picture.difference(&other);
        assert!(mean < 6.0 && far < 0.04, "{name}: {mean:.2}, {far:.4}");
    }
    picture
}

/// A form of every kind of field, on an upright and on a turned page.
fn form() -> Vec<u8> {
    let widget = "/Type/Annot/Subtype/Widget/F 4";
    let states = |on: &str| format!("/AS/Off/AP<</N<</{on} 60 0 R/Off 61 0 R>>>>");
    let circle = "<</Type/XObject/Subtype/Form/BBox[0 0 10 10]/Length 68>>\nstream\n\
                  0 0 .7 rg 5 1 m 9 1 9 9 5 9 c 1 9 1 1 5 1 c f                       \nendstream";
    let objects = [
        (40, "<</T(name)/FT/Tx/Q 1/Kids[41 0 R 42 0 R]>>".to_owned()),
        (41, format!("<<{widget}/Parent 40 0 R/Rect[20 200 180 222]/MK<</BC[0 0 1]/BG[1 1 .8]>>>>")),
        (42, format!("<<{widget}/Parent 40 0 R/Rect[20 20 42 180]/MK<</R 90/BC[0 .6 0]>>>>")),
        (43, format!("<<{widget}/FT/Tx/T(code)/Ff 16777216/MaxLen 18/Rect[20 170 340 190]/MK<</BC[0]>>>>")),
        (44, format!("<<{widget}/FT/Tx/T(note)/Ff 4096/Rect[20 90 180 160]/BS<</W 2/S/U>>/MK<</BC[.5]>>>>")),
        (45, format!("<<{widget}/FT/Btn/T(own)/Rect[200 140 214 154]{}>>", states("On"))),
        (46, format!("<<{widget}/FT/Btn/T(none)/Rect[220 140 234 154]/MK<</BC[0]>>>>")),
        (47, format!("<<{widget}/FT/Btn/T(empty)/Rect[240 140 254 154]/MK<</BC[0]>>>>")),
        (48, "<</FT/Btn/T(way)/Ff 49152/Kids[49 0 R 50 0 R]>>".to_owned()),
        (49, format!("<<{widget}/Parent 48 0 R/Rect[280 140 294 154]{}>>", states("north"))),
        (50, format!("<<{widget}/Parent 48 0 R/Rect[300 140 314 154]{}>>", states("south"))),
        (51, format!("<<{widget}/FT/Ch/T(answer)/Ff 131072/Opt[[(y)<FEFF540C610F>](n)]/Rect[200 90 340 112]/MK<</BC[.8 0 0]>>>>")),
        (52, format!("<<{widget}/FT/Ch/T(many)/Ff 2097152/Opt[(a)(b)(c)]/Rect[20 20 100 70]/MK<</BG[.95]>>>>")),
        // Upside down, since the widget says so.
        (53, format!("<<{widget}/FT/Tx/T(turned)/Rect[120 20 280 42]/MK<</R 180/BC[0]>>>>")),
        // On the turned page, without a word on which way is up.
        (54, format!("<<{widget}/FT/Tx/T(upright)/Rect[60 20 82 180]/MK<</BC[0]>>>>")),
        (55, format!("<<{widget}/FT/Btn/T(tick)/Rect[100 20 116 36]/MK<</BC[0]>>>>")),
        (60, circle.to_owned()),
        (61, "<</Type/XObject/Subtype/Form/BBox[0 0 10 10]/Length 21>>\nstream\n.5 w 1 1 8 8 re S    \nendstream".to_owned()),
    ];
    let first = "41 0 R 43 0 R 44 0 R 45 0 R 46 0 R 47 0 R 49 0 R 50 0 R 51 0 R 52 0 R 53 0 R";
    let fields =
        "40 0 R 43 0 R 44 0 R 45 0 R 46 0 R 47 0 R 48 0 R 51 0 R 52 0 R 53 0 R 54 0 R 55 0 R";
    let pages = [
        format!("{UPRIGHT} /Annots [{first}]"),
        format!("{TURNED} /Annots [42 0 R 54 0 R 55 0 R]"),
    ];
    let pages: Vec<&str> = pages.iter().map(String::as_str).collect();
    let form = format!("/AcroForm << /Fields [{fields}] /NeedAppearances true >>");
    document(&pages, &form, &objects)
}

#[test]
fn golden_pictures_of_a_filled_form() {
    let style = TextStyle::default();
    let of = |id: &str, kind: ControlKind, input: &Input| {
        control("doc", id, "sa", kind, FieldName::new(id).unwrap()).filled(input).unwrap()
    };
    let text = |style| ControlKind::Text(style);
    let picks = |options: &[&str]| SelectorStyle::of(options.iter().copied()).unwrap();
    let red = TextStyle { colour: Colour(200, 0, 0), bold: true, ..style };
    let controls = vec![
        of("name", text(style), &Input::text("甲方公司名称")),
        of("code", text(style), &Input::text("91350100M000100Y43")),
        of(
            "note",
            ControlKind::MultiLineText(TextStyle { font: contract::Font::Song, ..style }),
            &{
                Input::text("本合同由甲方、乙方共同签署，自签署之日起生效。\n（一式二份）")
            },
        ),
        of("own", ControlKind::CheckBox, &Input::text("true")),
        of("none", ControlKind::CheckBox, &Input::text("true")),
        of("empty", ControlKind::CheckBox, &Input::text("false")),
        of("way", ControlKind::Selector(picks(&["north", "south"])), &Input::text("south")),
        of("answer", ControlKind::Selector(picks(&["同意", "n"]).style(red)), &{
            Input::text("同意")
        }),
        of("many", ControlKind::Selector(picks(&["a", "c"]).several()), &{
            Input::texts(["a", "c"])
        }),
        of("turned", text(style), &Input::text("甲方")),
        of("upright", text(TextStyle { align: Align::Right, ..style }), &Input::text("乙方")),
        of("tick", ControlKind::CheckBox, &Input::text("true")),
    ];
    let pdf = filled(&form(), controls);
    shown("filled-form-upright", &pdf, 1);
    shown("filled-form-turned", &pdf, 2);
}

#[test]
fn golden_pictures_of_filled_tables() {
    let style = TextStyle { font: contract::Font::Song, ..TextStyle::default() };
    let heads = TableStyle::of(["公司名称", "日期", "1"]).unwrap().shares([4, 3, 1]).unwrap();
    let rows = || {
        FilledRows::new([
            ["甲方公司名称签署日期年月日甲方公司名称签署日期", "2026年1月6日", "1"],
            ["乙方", "2026年1月", "2"],
            ["", "", ""],
        ])
    };
    let table = |id: &str, place: Absolute| {
        let kind = ControlKind::Table(heads.clone());
        let table = Control::new(key("doc", id), kind, Owner::Initiator, place);
        table.filled(&Input::rows(rows())).unwrap()
    };
    let line = |id: &str, place| {
        let kind = ControlKind::Text(TextStyle { align: Align::Right, ..style });
        control("doc", id, "sa", kind, place).filled(&Input::text("-1234.50")).unwrap()
    };
    let controls = vec![
        table("t1", at(1, 20.0, 20.0, 320.0, 150.0)),
        line("l1", at(1, 20.0, 190.0, 120.0, 20.0)),
        table("t2", at(2, 20.0, 20.0, 320.0, 150.0)),
        line("l2", at(2, 20.0, 190.0, 120.0, 20.0)),
    ];
    let pdf = filled(&document(&[UPRIGHT, TURNED], "", &[]), controls);
    let upright = shown("filled-table", &pdf, 1);
    let turned = render_page(&pdf, 2, SCALE);
    // The grey mark in the corner of the content turns with the page, and nothing else differs.
    let (_, far) = upright.difference(&turned);
    assert!(far < 0.01, "the turned page shows another table: {far}");
}

/// Another reader finds the values in the structure of a tagged document, behind what was there.
#[test]
fn values_are_read_aloud_in_a_tagged_document() {
    let kind = ControlKind::MultiLineText(TextStyle::default());
    let of = |id: &str, page, text: &str| {
        let place = at(page, 60.0, 260.0, 180.0, 60.0);
        control("doc", id, "sa", kind.clone(), place).filled(&Input::text(text)).unwrap()
    };
    let tick = control("doc", "tick", "sa", ControlKind::CheckBox, at(1, 20.0, 20.0, 14.0, 14.0));
    let controls = vec![
        of("one", 1, "甲方公司名称"),
        tick.filled(&Input::text("true")).unwrap(),
        of("two", 2, "乙方\n签署日期"),
    ];
    let pdf = filled(&documents::tagged(), controls);
    let Some(structure) = poppler_structure(&pdf) else { return };
    let lines: Vec<&str> = structure.lines().map(str::trim).filter(|it| !it.is_empty()).collect();
    assert_eq!(lines.first(), Some(&"Document"), "{structure}");
    let behind = "\"甲方公司名称\" | P (block) | \"\" | P (block) | \"乙方签署日期\"";
    assert!(lines.join(" | ").ends_with(behind), "{structure}");
}

/// Why a judge need not look at the box and the matrix of an appearance.
#[test]
fn an_appearance_of_any_box_and_matrix_stays_in_its_rectangle() {
    for (bounds, matrix) in [
        ("0 0 10 10", "1 0 0 1 0 0"),
        ("0 0 10 10", "50 0 0 50 -100 -100"),
        ("-500 -500 900 900", "1 0 0 1 0 0"),
        ("3 4 5 6", "0 9 -9 0 70 3"),
        ("900 900 -500 -500", "1 1 -1 1 0 0"),
        ("5 5 5 5", "1 0 0 1 0 0"),
    ] {
        let content = "1 0 0 rg -9000 -9000 18000 18000 re f";
        let form = format!(
            "<</Type/XObject/Subtype/Form/BBox[{bounds}]/Matrix[{matrix}]/Length {}>>\nstream\n{content}\nendstream",
            content.len()
        );
        let widget = "<</Type/Annot/Subtype/Widget/F 4/FT/Tx/T(f)/V(x)/Rect[100 80 200 120]/AP<</N 41 0 R>>>>";
        let objects = [(40, widget.to_owned()), (41, form)];
        let page = format!("{UPRIGHT} /Annots [40 0 R]");
        let pdf = document(&[&page], "/AcroForm << /Fields [40 0 R] >>", &objects);
        let pictures = [Some(render_page(&pdf, 1, SCALE)), poppler(&pdf, 1, DOTS)];
        for picture in pictures.into_iter().flatten() {
            let Some(found) = picture.red_bounds() else { continue };
            let inside =
                found.left >= 149 && found.right <= 301 && found.top >= 179 && found.bottom <= 241;
            assert!(inside, "{bounds} {matrix}: red at {found:?}");
        }
    }
}
