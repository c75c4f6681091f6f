//! Words are found whatever font shows them.

use sealwright_testdata::font::NOTO_SERIF_SC;
use sealwright_testdata::texts::{
    A4, Texts, composite, gbk, glyph_codes, helvetica, hexadecimal, show, to_unicode, utf16,
    with_to_unicode,
};

use super::{find, layout_tests};
use crate::contract::{Keyword, Located};
use crate::geometry::Size;
use crate::limits::Unwatched;
use crate::pdf::File;
use crate::placement::PdfText;

pub(super) fn places(bytes: &[u8], words: &str) -> Vec<String> {
    layout_tests::places(bytes, &Keyword::new(words).unwrap())
}

fn one_font(font: &str, content: &str) -> Vec<u8> {
    let mut texts = Texts::new();
    texts.font("F1", font);
    texts.page(A4, content);
    texts.write()
}

/// Words of six characters of 16 points from (72, 700) of user space.
const ACROSS: &str = "1: 96 x 16 at (72, 127.92)";

#[test]
fn predefined_cmaps_without_embedded_fonts() {
    for cmap in ["GBK-EUC-H", "GBKp-EUC-H", "GBK2K-H"] {
        let content = show("F1", 16, (72, 700), &gbk("甲方（盖章）："));
        let bytes = one_font(&composite(cmap, "GB1", ""), &content);
        assert_eq!(places(&bytes, "甲方（盖章）"), [ACROSS], "{cmap}");
        assert_eq!(places(&bytes, "甲方(盖章)"), [ACROSS], "{cmap}");
    }
    for cmap in ["UniGB-UCS2-H", "UniGB-UTF16-H"] {
        let content = show("F1", 16, (72, 700), &utf16("甲方（盖章）："));
        let bytes = one_font(&composite(cmap, "GB1", ""), &content);
        assert_eq!(places(&bytes, "甲方（盖章）"), [ACROSS], "{cmap}");
    }
}

#[test]
fn predefined_cmaps_with_embedded_fonts() {
    for (cmap, codes) in
        [("GBK-EUC-H", gbk("甲方（盖章）")), ("UniGB-UTF16-H", utf16("甲方（盖章）"))]
    {
        let mut texts = Texts::new();
        let program = texts.stream("/Subtype /OpenType", NOTO_SERIF_SC);
        texts.font("F1", &composite(cmap, "GB1", &format!("/FontFile3 {program} 0 R")));
        texts.page(A4, &show("F1", 16, (72, 700), &codes));
        assert_eq!(places(&texts.write(), "甲方（盖章）"), [ACROSS], "{cmap}");
    }
}

#[test]
fn codes_of_four_bytes_and_surrogates_are_one_character() {
    let content = show("F1", 16, (72, 700), &gbk("A㐀甲方"));
    let bytes = one_font(&composite("GBK2K-H", "GB1", ""), &content);
    assert_eq!(places(&bytes, "㐀甲"), ["1: 32 x 16 at (88, 127.92)"]);
    let content = show("F1", 16, (72, 700), &utf16("𠀀甲方"));
    let bytes = one_font(&composite("UniGB-UTF16-H", "GB1", ""), &content);
    assert_eq!(places(&bytes, "甲方"), ["1: 32 x 16 at (88, 127.92)"]);
    // A code that the map does not know is skipped whole: what follows is still read.
    let mut codes = b"\xFE\xFE".to_vec();
    codes.extend(gbk("甲方"));
    let bytes = one_font(&composite("GBK-EUC-H", "GB1", ""), &show("F1", 16, (72, 700), &codes));
    assert_eq!(places(&bytes, "甲方"), ["1: 32 x 16 at (88, 127.92)"]);
}

#[test]
fn to_unicode_decides_where_there_is_one() {
    let mut texts = Texts::new();
    let map = texts.stream("", &to_unicode(&[(1, "甲"), (2, "方"), (3, "盖章")]));
    texts.font("F1", &with_to_unicode(map));
    texts.page(A4, &show("F1", 16, (72, 700), &[0, 1, 0, 2, 0, 3]));
    let bytes = texts.write();
    // The last glyph stands for two characters; its box is that of the glyph.
    assert_eq!(places(&bytes, "甲方盖章"), ["1: 48 x 16 at (72, 127.92)"]);
}

#[test]
fn the_map_of_an_embedded_font_is_a_way_to_unicode() {
    let mut texts = Texts::new();
    let program = texts.stream("/Subtype /OpenType", NOTO_SERIF_SC);
    let font = composite("Identity-H", "Identity", &format!("/FontFile3 {program} 0 R"));
    texts.font("F1", &font);
    texts.page(A4, &show("F1", 16, (72, 700), &glyph_codes("公司")));
    assert_eq!(places(&texts.write(), "公司"), ["1: 32 x 16 at (72, 127.92)"]);
}

#[test]
fn r_ctl_09_codes_without_a_way_to_unicode_are_no_text() {
    let font = composite("Identity-H", "Identity", "");
    let bytes = one_font(&font, &show("F1", 16, (72, 700), &utf16("甲方")));
    assert_eq!(places(&bytes, "甲方"), ["ctl.keyword_no_text_layer"]);
    // With a collection the codes are CIDs of it, and text.
    let font = composite("Identity-H", "GB1", "");
    let bytes = one_font(&font, &show("F1", 16, (72, 700), &[0x08, 0x4A]));
    assert_eq!(places(&bytes, "甲"), ["1: 16 x 16 at (72, 127.92)"]);
}

#[test]
fn r_ctl_09_a_page_of_one_picture_has_no_text() {
    let bytes = one_font(&helvetica(), "q 595 0 0 842 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID x EI Q");
    let file = File::open(&bytes, Default::default()).unwrap();
    let keyword = Keyword::new("甲方").unwrap();
    let search =
        find(&mut PdfText::new(&file).unwrap(), &[(&keyword, Size::default())], &Unwatched);
    let search = search.unwrap();
    let page = search.pages_without_text()[0];
    assert_eq!(search.findings()[0].located(), &Located::NoTextLayer { page });
}

#[test]
fn standard_fonts_have_widths_and_encodings_of_their_own() {
    let bytes = one_font(&helvetica(), &show("F1", 10, (72, 700), b"Party A"));
    // P 667, a 556, r 333, t 278, y 500, space 278, A 667 thousandths.
    assert_eq!(places(&bytes, "Party A"), ["1: 32.79 x 9.25 at (72, 134.82)"]);
    assert_eq!(places(&bytes, "PartyA"), ["ctl.keyword_not_found"]);
    let named = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding << /Differences \
                 [1 /P /a /r /t /y] >> >>";
    let bytes = one_font(named, &show("F1", 10, (72, 700), &[1, 2, 3, 4, 5]));
    assert!(places(&bytes, "Party")[0].starts_with("1: "));
}

#[test]
fn type_3_fonts_are_measured_with_their_own_matrix() {
    let mut texts = Texts::new();
    let glyph = texts.stream("", b"1000 0 0 0 750 750 d1 0 0 750 750 re f");
    texts.font(
        "F1",
        &format!(
            "<< /Type /Font /Subtype /Type3 /FontBBox [0 0 750 750] /FontMatrix [.002 0 0 .002 0 0] \
             /FirstChar 65 /LastChar 66 /Widths [500 500] /CharProcs << /A {glyph} 0 R /B {glyph} \
             0 R >> /Encoding << /Differences [65 /A /B] >> /Resources << >> >>"
        ),
    );
    texts.page(A4, &show("F1", 10, (72, 700), b"AB"));
    assert_eq!(places(&texts.write(), "AB"), ["1: 20 x 15 at (72, 127)"]);
}

#[test]
fn words_over_several_operators_and_fonts_of_one_line() {
    let mut texts = Texts::new();
    texts.font("F1", &composite("UniGB-UTF16-H", "GB1", ""));
    texts.font("F2", &composite("GBK-EUC-H", "GB1", ""));
    let [a, b] = ["甲", "方"].map(|text| hexadecimal(&utf16(text)));
    let (c, d) = (hexadecimal(&gbk("（盖")), hexadecimal(&gbk("章）")));
    texts.page(
        A4,
        &format!("BT /F1 16 Tf 72 700 Td [{a} -250 {b}] TJ /F2 14 Tf {c} Tj 40 0 Td {d} Tj ET"),
    );
    let bytes = texts.write();
    // The second font starts at 72 + 36; its second part is put at 72 + 40, over the first.
    assert_eq!(places(&bytes, "甲方（盖"), ["1: 64 x 16 at (72, 127.92)"]);
    assert_eq!(places(&bytes, "章）"), ["1: 28 x 14 at (112, 129.68)"]);
}

#[test]
fn words_over_two_lines_are_not_found() {
    let content = format!(
        "BT /F1 16 Tf 72 700 Td {} Tj 0 -20 Td {} Tj ET",
        hexadecimal(&utf16("甲方（盖")),
        hexadecimal(&utf16("章）"))
    );
    let bytes = one_font(&composite("UniGB-UTF16-H", "GB1", ""), &content);
    assert_eq!(places(&bytes, "盖章"), ["ctl.keyword_not_found"]);
    assert_eq!(places(&bytes, "甲方（盖"), ["1: 64 x 16 at (72, 127.92)"]);
}
