//! The text of pages and the search in it: whole files, and the parts that a mutation of a whole file
//! seldom reaches.

use sealwright::contract::Keyword;
use sealwright::geometry::Size;
use sealwright::limits::{Limits, Unwatched};
use sealwright::pdf::File;
use sealwright::placement::{PdfText, find};
use sealwright_testdata::font::NOTO_SERIF_SC;
use sealwright_testdata::texts::{A4, Texts, composite, helvetica, show, to_unicode, utf16};

/// Searches whatever the bytes are. What is found lies on a page that exists.
pub fn whole_file(data: &[u8]) {
    let limits =
        Limits { inflated_bytes: 8 << 20, work: 16 << 20, values: 20_000, ..Limits::default() };
    let Ok(file) = File::open(data, limits) else { return };
    let Ok(mut text) = PdfText::new(&file) else { return };
    let words = ["盖章", "甲", "^A^", "a b"].map(|text| Keyword::new(text).expect("a keyword"));
    let keywords: Vec<_> = words.iter().map(|keyword| (keyword, Size::default())).collect();
    let Ok(search) = find(&mut text, &keywords, &Unwatched) else { return };
    let pages = file.latest().page_count().expect("it was counted before");
    for finding in search.findings() {
        assert!(finding.matches().iter().all(|spot| spot.page.get() <= pages));
        assert_eq!(finding.matches().is_empty(), finding.chosen().is_err());
    }
}

/// A content stream with fonts of several kinds.
pub fn content(data: &[u8]) {
    let mut texts = Texts::new();
    texts.font("F1", &composite("UniGB-UTF16-H", "GB1", ""));
    texts.font("F2", &helvetica());
    texts.font("F3", &composite("GBK-EUC-V", "GB1", ""));
    texts.page(A4, &String::from_utf8_lossy(data));
    whole_file(&texts.write());
}

/// A font dictionary.
pub fn font(data: &[u8]) {
    let mut texts = Texts::new();
    let program = texts.stream("", NOTO_SERIF_SC);
    texts.stream("", &to_unicode(&[(0x7532, "甲")]));
    assert_eq!(program, 3);
    texts.font("F1", &String::from_utf8_lossy(data));
    texts.page(A4, &show("F1", 12, (72, 700), &utf16("甲方盖章 A")));
    whole_file(&texts.write());
}

/// The data of a font program, a CMap and a `/ToUnicode` map, one and the same.
pub fn maps(data: &[u8]) {
    for more in ["/FontFile2 3 0 R", "/FontFile3 3 0 R", "/FontFile 3 0 R"] {
        let mut texts = Texts::new();
        texts.stream("", data);
        texts.font("F1", &composite("Identity-H", "Identity", more));
        texts.font("F2", &composite("Identity-H", "GB1", "").replace("/Identity-H", "3 0 R"));
        let simple = "<< /Type /Font /Subtype /TrueType /BaseFont /A /FontDescriptor << /Flags 4";
        texts.font("F3", &format!("{simple} {more} >> >>"));
        texts.font("F4", "<< /Type /Font /Subtype /Type1 /BaseFont /Courier /ToUnicode 3 0 R >>");
        let content: String = ["F1", "F2", "F3", "F4"]
            .iter()
            .map(|font| show(font, 12, (72, 700), &utf16("甲方盖章 A")))
            .collect();
        texts.page(A4, &content);
        whole_file(&texts.write());
    }
}

/// Documents with words on them.
pub fn whole_file_seeds() -> Vec<Vec<u8>> {
    let mut texts = Texts::new();
    let map = texts.stream("", &to_unicode(&[(1, "盖"), (2, "章")]));
    texts.font("F1", &format!("<< /Type /Font /Subtype /Type3 /ToUnicode {map} 0 R >>"));
    texts.font("F2", &composite("GBK-EUC-H", "GB1", ""));
    texts.page(
        "/MediaBox [0 0 595 842] /Rotate 90",
        &show("F2", 12, (72, 700), b"\xB8\xC7\xD5\xC2"),
    );
    vec![texts.write(), sealwright_testdata::contract::PDF.to_vec()]
}

/// Text, forms of operators, marked content and an inline image.
pub fn content_seeds() -> Vec<Vec<u8>> {
    let content =
        b"q .5 0 0 .5 9 9 cm BT /F1 12 Tf 14 TL 1 Tr [<76D6> -200 <7AE0>] TJ T* /F2 9 Tf (A b)' \
        1 2 (c)\" 3 Ts 90 Tz ET /OC /P BDC /F3 9 Tf (\xB8\xC7) Tj EMC /Span << /ActualText <FEFF76D6> \
        >> BDC /F3 9 Tf (\xB8\xC7) Tj EMC BI /W 1 /H 1 ID \0 EI Q";
    vec![content.to_vec()]
}

/// Fonts of every kind.
pub fn font_seeds() -> Vec<Vec<u8>> {
    let simple = "<< /Type /Font /Subtype /TrueType /FirstChar 32 /Widths [250 500] /Encoding << \
        /Differences [32 /space /A /uni7532] >> /FontDescriptor << /Flags 4 /FontFile2 3 0 R >> >>";
    let widths = composite("Identity-V", "GB1", "/FontFile3 3 0 R").replace(
        "/DW 1000",
        "/DW 1000 /W [1 [500 600] 3 9 700] /DW2 [880 -1000] /W2 [1 3 -900 500 880]",
    );
    [composite("UniGB-UTF16-H", "GB1", ""), helvetica(), simple.into(), widths]
        .map(String::into_bytes)
        .to_vec()
}

/// A font program and a map.
pub fn maps_seeds() -> Vec<Vec<u8>> {
    vec![to_unicode(&[(0x7532, "甲"), (0x65B9, "方")]), NOTO_SERIF_SC.to_vec()]
}
