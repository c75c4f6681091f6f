//! Documents that would take hours or all memory: each ends soon, with or without a result.

use std::time::{Duration, Instant};

use sealwright_testdata::texts::{A4, Texts, composite, show, to_unicode, with_to_unicode};

use super::{PageText, PdfText, TextError, TextLayer};
use crate::geometry::PageNumber;
use crate::limits::{Limit, Limits};
use crate::pdf::File;

/// A second on a machine that does nothing else; what is looked for would take hours.
const MOST: Duration = Duration::from_secs(8);

#[track_caller]
fn first_page(texts: Texts, limits: Limits) -> Result<PageText, TextError> {
    let bytes = texts.write();
    let file = File::open(&bytes, limits).unwrap();
    let began = Instant::now();
    let text = PdfText::new(&file).and_then(|mut text| text.page_text(PageNumber::new(1).unwrap()));
    assert!(began.elapsed() < MOST, "{:?}", began.elapsed());
    text
}

/// So little that a test is done soon; what a file may cost grows with its limits and with nothing else.
fn little_work() -> Limits {
    Limits { work: 16 << 20, ..Limits::default() }
}

#[track_caller]
fn assert_runs_out(result: Result<PageText, TextError>, limit: Limit) {
    match result {
        Err(TextError::Limit(error)) => assert_eq!(error.limit, limit),
        Err(TextError::Pdf(crate::pdf::Error::Limit(error))) => assert_eq!(error.limit, limit),
        other => panic!("{:?}", other.map(|page| page.glyphs().count())),
    }
}

#[test]
fn a_form_with_a_font_of_its_own_is_shown_a_million_times() {
    let mut texts = Texts::new();
    let font = "<< /Type /Font /Subtype /TrueType /BaseFont /Arial /Encoding /WinAnsiEncoding >>";
    let form = texts.stream(
        &format!(
            "/Type /XObject /Subtype /Form /BBox [0 0 9 9] \
             /Resources << /Font << /F {font} >> >>"
        ),
        b"BT /F 9 Tf (A) Tj ET",
    );
    texts.resources(&format!("/XObject << /X {form} 0 R >>"));
    texts.page(A4, &"/X Do ".repeat(1_000_000));
    assert_runs_out(first_page(texts, little_work()), Limit::Work);
}

#[test]
fn many_fonts_share_one_long_map() {
    let mut texts = Texts::new();
    let long: Vec<_> = (0..60_000).map(|code| (code, "甲")).collect();
    let map = texts.stream("", &to_unicode(&long));
    let mut content = String::new();
    for font in 0..200 {
        texts.font(&format!("F{font}"), &with_to_unicode(map));
        content += &show(&format!("F{font}"), 9, (72, 700), &[0, 1]);
    }
    texts.page(A4, &content);
    assert_runs_out(first_page(texts, little_work()), Limit::Work);
}

#[test]
fn one_code_that_stands_for_a_book() {
    let mut texts = Texts::new();
    let book = "7532".repeat(1 << 20);
    let map = format!("1 beginbfrange <0000> <FFFF> <{book}> endbfrange");
    let map = texts.stream("", map.as_bytes());
    texts.font("F1", &with_to_unicode(map));
    texts.page(A4, &show("F1", 9, (72, 700), &[0, 1].repeat(20_000)));
    let page = first_page(texts, Limits::default()).unwrap();
    assert!(!page.has_text_layer());
}

#[test]
fn many_codes_that_stand_for_long_texts_count_for_more() {
    let mut texts = Texts::new();
    let map = texts.stream("", &to_unicode(&[(1, &"甲".repeat(80))]));
    texts.font("F1", &with_to_unicode(map));
    texts.page(A4, &show("F1", 9, (72, 700), &[0, 1].repeat(1_000)));
    let limits = Limits { values: 10_000, ..Limits::default() };
    assert_runs_out(first_page(texts, limits), Limit::Values);
}

#[test]
fn a_map_that_builds_on_another_again_and_again() {
    let mut texts = Texts::new();
    let map = texts.stream("", &b"/UniGB-UTF16-H usecmap ".repeat(100_000));
    texts.font("F1", &composite("OWN", "GB1", "").replace("/OWN", &format!("{map} 0 R")));
    texts.page(A4, &show("F1", 9, (72, 700), &[0, 1]));
    assert!(first_page(texts, Limits::default()).is_ok());
}

/// An index of a CFF table, all of whose items but the first are the same bytes.
fn index(count: u16, first: &[u8]) -> Vec<u8> {
    let mut out = count.to_be_bytes().to_vec();
    out.push(4);
    let end = u32::try_from(first.len()).unwrap() + 1;
    // Offsets go forth and back: every second item is the whole data.
    (0..=count).for_each(|at| out.extend(if at % 2 == 0 { 1 } else { end }.to_be_bytes()));
    let last = out.len() - 4;
    out.splice(last.., end.to_be_bytes());
    out.extend(first);
    out
}

#[test]
fn a_font_whose_glyphs_all_have_one_long_name() {
    let start = [vec![1, 0, 4, 4], index(1, b"A")].concat();
    let (strings, none) = (index(1, &[b'a'; 60_000]), vec![0, 0]);
    let glyphs = 60_000_u16;
    let charset = [vec![0], 391_u16.to_be_bytes().repeat(usize::from(glyphs) - 1)].concat();
    let rest = start.len() + 7 + 1 + 11 + 12 + strings.len() + none.len();
    let number = |value: usize, operator: u8| {
        [&[29][..], &u32::try_from(value).unwrap().to_be_bytes(), &[operator]].concat()
    };
    let top = [number(rest, 15), number(rest + charset.len(), 17)].concat();
    let top = index(1, &top);
    let rest = start.len() + top.len() + strings.len() + none.len();
    let top = index(1, &[number(rest, 15), number(rest + charset.len(), 17)].concat());
    let program = [start, top, strings, none, charset, index(glyphs, &[14])].concat();

    let mut texts = Texts::new();
    let program = texts.stream("/Subtype /Type1C", &program);
    let font = format!(
        "<< /Type /Font /Subtype /Type1 /BaseFont /A /Encoding << /Differences [65 /aa] >> \
         /FontDescriptor << /Type /FontDescriptor /Flags 4 /FontFile3 {program} 0 R >> >>"
    );
    texts.font("F1", &font);
    texts.page(A4, &show("F1", 9, (72, 700), b"A"));
    assert!(first_page(texts, Limits::default()).is_ok());
}

#[test]
fn a_page_of_type_3_glyphs_that_show_themselves() {
    let mut texts = Texts::new();
    let procedure = 3;
    assert_eq!(texts.stream("", b"1000 0 d0 BT /F1 1 Tf (AAAAAAAAAA) Tj ET"), procedure);
    let font = format!(
        "<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1000 1000] /FontMatrix [.001 0 0 .001 0 0] \
         /FirstChar 65 /LastChar 65 /Widths [1000] /Encoding << /Differences [65 /A] >> \
         /CharProcs << /A {procedure} 0 R >> /Resources << /Font << /F1 4 0 R >> >> >>"
    );
    texts.font("F1", &font);
    texts.page(A4, &show("F1", 9, (72, 700), b"AAA"));
    assert_eq!(first_page(texts, Limits::default()).unwrap().glyphs().count(), 3);
}

#[test]
fn widths_without_end() {
    let many = "1 ".repeat(20_000);
    let mut texts = Texts::new();
    let list = texts.object(&format!("[{many}]"));
    // Behind the last CID there is none.
    texts.font(
        "L",
        &composite("UniGB-UTF16-H", "GB1", "").replace("/DW 1000", "/W [4294967295 [1 2]]"),
    );
    let lists = format!("/DW 1000 /W [{}]", format!("0 {list} 0 R ").repeat(1_000));
    let mut content = show("L", 9, (72, 650), &[0x75, 0x32]);
    for font in 0..3 {
        let wide = composite("UniGB-UTF16-H", "GB1", "").replace("/DW 1000", &lists);
        texts.font(&format!("W{font}"), &wide);
        let simple = format!(
            "<< /Type /Font /Subtype /TrueType /FirstChar 0 /Widths {list} 0 R \
             /Encoding /WinAnsiEncoding >>"
        );
        texts.font(&format!("S{font}"), &simple);
        content += &show(&format!("S{font}"), 9, (72, 700), b"A");
    }
    texts.page(A4, &(content + &show("W0", 9, (72, 600), &[0x75, 0x32])));
    let limits = Limits { work: 64 << 20, ..Limits::default() };
    // Either there is enough work to do it all, or it is refused.
    match first_page(texts, limits) {
        Ok(page) => assert!(page.has_text_layer()),
        refused => assert_runs_out(refused, Limit::Work),
    }
}

#[test]
fn long_texts_in_the_place_of_nothing_much() {
    let mut texts = Texts::new();
    texts.font("F1", &sealwright_testdata::texts::helvetica());
    let text = "a".repeat(100_000);
    let properties = texts.object(&format!("<< /ActualText ({text}) >>"));
    texts.resources(&format!("/Properties << /P {properties} 0 R >>"));
    let span = format!("/Span /P BDC {} EMC ", show("F1", 9, (72, 700), b"A"));
    texts.page(A4, &span.repeat(1_000));
    let limits = Limits { values: 150_000, ..Limits::default() };
    assert_runs_out(first_page(texts, limits), Limit::Values);
}

#[test]
fn visibility_expressions_without_end() {
    let mut texts = Texts::new();
    texts.font("F1", &sealwright_testdata::texts::helvetica());
    let group = texts.object("<< /Type /OCG /Name (A) >>");
    // Each list names the one before it a hundred times.
    let mut last = group;
    for _ in 0..20 {
        last = texts.object(&format!("[/And {}]", format!("{last} 0 R ").repeat(100)));
    }
    let endless = last + 1;
    assert_eq!(texts.object(&format!("[/Or {endless} 0 R {group} 0 R]")), endless);
    let mut properties = String::new();
    let mut content = String::new();
    for (name, expression) in [("A", last), ("B", endless)] {
        let member = texts.object(&format!("<< /Type /OCMD /VE {expression} 0 R >>"));
        properties += &format!("/{name} {member} 0 R ");
        content += &format!("/OC /{name} BDC {} EMC ", show("F1", 9, (72, 700), b"A"));
    }
    texts.catalog(&format!("/OCProperties << /OCGs [{group} 0 R] /D << >> >>"));
    texts.resources(&format!("/Properties << {properties} >>"));
    texts.page(A4, &content);
    // What cannot be told is shown.
    assert_eq!(first_page(texts, Limits::default()).unwrap().glyphs().count(), 2);
}
