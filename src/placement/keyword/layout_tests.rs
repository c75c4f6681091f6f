//! Words are found wherever they stand, and in the order of reading.

use sealwright_testdata::texts::{A4, Texts, composite, hexadecimal, show, utf16};

use super::{Search, find};
use crate::contract::{Keyword, Located, MatchOrder};
use crate::geometry::{PageIndex, PageNumber, Pt, Size};
use crate::limits::{Progress, Unwatched};
use crate::pdf::File;
use crate::placement::{PdfText, TextLayer};

fn search(bytes: &[u8], keywords: &[Keyword]) -> Search {
    let file = File::open(bytes, Default::default()).unwrap();
    let size = Size::new(Pt(10.0), Pt(10.0)).unwrap();
    let wanted: Vec<_> = keywords.iter().map(|keyword| (keyword, size)).collect();
    find(&mut PdfText::new(&file).unwrap(), &wanted, &Unwatched).unwrap()
}

/// Where the words stand: page and box, as text.
pub(super) fn places(bytes: &[u8], keyword: &Keyword) -> Vec<String> {
    match search(bytes, std::slice::from_ref(keyword)).findings()[0].chosen() {
        Ok(spots) => spots.iter().map(|spot| format!("{}: {}", spot.page, spot.rect)).collect(),
        Err(error) => vec![error.code().to_owned()],
    }
}

fn keyword(text: &str) -> Keyword {
    Keyword::new(text).unwrap()
}

fn texts(cmap: &str) -> Texts {
    let mut texts = Texts::new();
    texts.font("F1", &composite(cmap, "GB1", ""));
    texts
}

fn one_page(entries: &str, content: &str) -> Vec<u8> {
    let mut texts = texts("UniGB-UTF16-H");
    texts.page(entries, content);
    texts.write()
}

fn line(x: i32, y: i32, text: &str) -> String {
    show("F1", 10, (x, y), &utf16(text))
}

#[test]
fn rotated_pages_shifted_crop_boxes_and_user_units() {
    // 20 points wide, 10 high, its lower left corner at (110, 221.2) of user space, in a crop box
    // whose corner is (10, 20): 100 from the left, 201.2 - 1.2 from below.
    let cases = [
        (0, "20 x 10 at (100, 632)"),
        (90, "10 x 20 at (200, 100)"),
        (180, "20 x 10 at (475, 200)"),
        (270, "10 x 20 at (632, 475)"),
    ];
    for (rotate, expected) in cases {
        let entries = format!("/MediaBox [0 0 700 900] /CropBox [10 20 605 862] /Rotate {rotate}");
        let content = "BT /F1 10 Tf 110 221.2 Td <7532 65B9> Tj ET";
        let bytes = one_page(&entries, content);
        assert_eq!(places(&bytes, &keyword("甲方")), [format!("1: {expected}")], "{rotate}");
        let doubled = one_page(&format!("{entries} /UserUnit 2"), content);
        let found = search(&doubled, &[keyword("甲方")]).findings()[0].only().unwrap().rect;
        let once = search(&bytes, &[keyword("甲方")]).findings()[0].only().unwrap().rect;
        assert_eq!(found.x().thousandths(), 2 * once.x().thousandths());
        assert_eq!(found.bottom().thousandths(), 2 * once.bottom().thousandths());
    }
}

#[test]
fn vertical_writing_runs_down() {
    // 甲 and 方 are 2122 and 1626 in Adobe-GB1.
    let cids = [2122_u16, 1626].map(u16::to_be_bytes).concat();
    for (cmap, codes) in [("UniGB-UTF16-V", utf16("甲方")), ("Identity-V", cids)] {
        let mut texts = texts(cmap);
        texts.page(A4, &show("F1", 10, (300, 700), &codes));
        let bytes = texts.write();
        assert_eq!(places(&bytes, &keyword("甲方")), ["1: 10 x 20 at (295, 142)"], "{cmap}");
        assert_eq!(places(&bytes, &keyword("方")), ["1: 10 x 10 at (295, 152)"], "{cmap}");
    }
}

#[test]
fn upright_glyphs_below_each_other_are_a_column() {
    let column: String = (0..)
        .zip("甲方盖章".chars())
        .map(|(row, character)| line(300, 700 - row * 12, &character.to_string()))
        .collect();
    let bytes = one_page(A4, &column);
    assert_eq!(places(&bytes, &keyword("方盖章")), ["1: 10 x 34 at (300, 145.2)"]);
    // Too far apart for a column.
    let far = [line(300, 700, "甲"), line(300, 600, "方")].concat();
    assert_eq!(places(&one_page(A4, &far), &keyword("甲方")), ["ctl.keyword_not_found"]);
}

#[test]
fn slanted_words_have_an_upright_box() {
    let content = format!(
        "BT /F1 10 Tf .7071068 .7071068 -.7071068 .7071068 300 400 Tm {} Tj ET",
        hexadecimal(&utf16("甲方"))
    );
    let rect =
        search(&one_page(A4, &content), &[keyword("甲方")]).findings()[0].only().unwrap().rect;
    // 30 points by the cosine of 45 degrees; each corner is rounded.
    assert!((rect.width().thousandths() - 21_213).abs() <= 1, "{rect}");
    assert!((rect.height().thousandths() - 21_213).abs() <= 1, "{rect}");
}

#[test]
fn the_invisible_text_of_a_scan_counts() {
    let content = format!(
        "q 595 0 0 842 0 0 cm /Scan Do Q BT 3 Tr /F1 10 Tf 72 700 Td {} Tj ET",
        hexadecimal(&utf16("甲 方 ( 盖 章 )"))
    );
    let bytes = one_page(A4, &content);
    for words in ["甲方（盖章）", "甲方(盖章)"] {
        assert!(places(&bytes, &keyword(words))[0].starts_with("1: "), "{words}");
    }
}

#[test]
fn words_of_a_crooked_scan_are_one_line() {
    let word = |slope: &str, x: i32, text: &str| {
        let codes = hexadecimal(&utf16(text));
        format!("BT 3 Tr /F1 10 Tf 1 {slope} -{slope} 1 {x} 700 Tm {codes} Tj ET\n")
    };
    let content = [word("0.004", 72, "甲方"), word("0.009", 95, "盖章")].concat();
    let bytes = one_page(A4, &[content.as_str(), "0 0 9 9 re f"].concat());
    assert_eq!(places(&bytes, &keyword("方盖")).len(), 1);
    assert!(places(&bytes, &keyword("方盖"))[0].starts_with("1: "));
}

#[test]
fn radicals_are_ideographs() {
    let bytes = one_page(A4, &line(72, 700, "⼄⽅：⻓沙"));
    assert_eq!(places(&bytes, &keyword("乙方")), ["1: 20 x 10 at (72, 133.2)"]);
    assert_eq!(places(&bytes, &keyword("长沙")), ["1: 20 x 10 at (102, 133.2)"]);
}

#[test]
fn words_drawn_twice_count_once() {
    // Twice to look bold: the whole line again, then letter by letter.
    let once = ["1: 20 x 10 at (82, 133.2)"];
    let whole = [line(72, 700, "甲方盖章"), "1 0 0 1 0.3 0 cm ".into(), line(72, 700, "甲方盖章")];
    assert_eq!(places(&one_page(A4, &whole.concat()), &keyword("方盖")), once);
    let letters: String = (0..)
        .zip("甲方盖章".chars())
        .map(|(index, character)| line(72 + index * 10, 700, &character.to_string()).repeat(2))
        .collect();
    assert_eq!(places(&one_page(A4, &letters), &keyword("方盖")), once);
    // The text of a scan over the text it was made from, half a character off.
    let recognised = [line(72, 700, "甲方盖章"), "BT 3 Tr ET ".into(), line(77, 701, "甲方盖章")];
    let both = places(&one_page(A4, &recognised.concat()), &keyword("甲方盖章"));
    assert_eq!(both, ["1: 40 x 10 at (72, 133.2)"]);
}

#[test]
fn order_is_page_line_and_column() {
    let mut texts = texts("UniGB-UTF16-H");
    // Drawn from below and from the right; the second column stands a little higher in its line.
    let page = [line(300, 603, "盖章"), line(72, 600, "盖章"), line(72, 700, "盖章")].concat();
    texts.page(A4, &page);
    texts.page(A4, &line(72, 650, "盖章盖章"));
    let bytes = texts.write();
    let forward = [
        "1: 20 x 10 at (72, 133.2)",
        "1: 20 x 10 at (72, 233.2)",
        "1: 20 x 10 at (300, 230.2)",
        "2: 20 x 10 at (72, 183.2)",
        "2: 20 x 10 at (92, 183.2)",
    ];
    assert_eq!(places(&bytes, &keyword("盖章")), forward);
    let mut backward = places(&bytes, &keyword("盖章").order(MatchOrder::Reverse));
    backward.reverse();
    assert_eq!(backward, forward);
    let last = keyword("盖章").order(MatchOrder::Reverse).indexes([0]);
    assert_eq!(places(&bytes, &last), forward[4..]);
    let some = keyword("盖章").indexes([3, 1]);
    assert_eq!(places(&bytes, &some), [forward[1], forward[3]]);
    let second = keyword("盖章").on_page(PageIndex::LAST);
    assert_eq!(places(&bytes, &second), forward[3..]);
}

#[test]
fn r_ctl_08_a_match_that_is_not_there() {
    let bytes = one_page(A4, &line(72, 700, "盖章"));
    let search = search(&bytes, &[keyword("盖章").indexes([0, 2])]);
    let finding = &search.findings()[0];
    assert_eq!(finding.located(), &Located::KeywordIndexOutOfRange { index: 2, found: 1 });
    let error = finding.chosen().unwrap_err();
    assert_eq!(error.code(), "ctl.keyword_index_out_of_range");
    assert!(error.to_string().contains("page 1 at (72, 133.2)"), "{error}");
}

#[test]
fn r_ctl_07_what_is_absent_names_what_comes_near() {
    let bytes = one_page(A4, &line(72, 700, "甲方盖印"));
    let search = search(&bytes, &[keyword("甲方盖章"), keyword("丙丁"), keyword("盖")]);
    assert_eq!(search.findings()[0].located(), &Located::KeywordNotFound);
    let error = search.findings()[0].chosen().unwrap_err().to_string();
    assert!(error.contains("first 3 characters stand on page 1 at (72, 133.2)"), "{error}");
    let error = search.findings()[1].chosen().unwrap_err().to_string();
    assert!(error.contains("nothing like it"), "{error}");
}

#[test]
fn r_ctl_02_words_on_a_page_that_does_not_exist_are_not_just_missing() {
    let bytes = one_page(A4, &line(72, 700, "盖章"));
    let page = PageIndex::new(9).unwrap();
    let search = search(&bytes, &[keyword("盖章").on_page(page)]);
    assert_eq!(search.findings()[0].located(), &Located::PageOutOfRange { page, count: 1 });
    let error = search.findings()[0].chosen().unwrap_err();
    assert_eq!(error.code(), "ctl.page_out_of_range");
    assert!(
        error.to_string().starts_with("there is no page 9 in a document of 1 pages"),
        "{error}"
    );
}

#[test]
fn r_ctl_09_a_page_without_text_is_named_where_the_words_are_missing() {
    let mut texts = texts("UniGB-UTF16-H");
    texts.page(A4, &line(72, 700, "甲方"));
    texts.page(A4, "0 0 595 842 re f");
    texts.page(A4, "");
    let bytes = texts.write();
    let number = |number| PageNumber::new(number).unwrap();
    let first = |keyword| search(&bytes, &[keyword]).findings()[0].located().clone();
    assert_eq!(first(keyword("乙方")), Located::NoTextLayer { page: number(2) });
    let on = |page| PageIndex::new(page).unwrap();
    assert_eq!(first(keyword("乙方").on_page(on(1))), Located::KeywordNotFound);
    assert_eq!(first(keyword("乙方").on_page(on(3))), Located::NoTextLayer { page: number(3) });
    assert!(matches!(first(keyword("甲方")), Located::Words(_)));
    assert_eq!(search(&bytes, &[keyword("甲方")]).pages_without_text(), [number(2)]);
}

#[test]
fn carets_find_words_that_stand_alone() {
    let alone = |text: &str, words: &str| {
        places(&one_page(A4, &line(72, 700, text)), &keyword(words)).len() == 1
            && !places(&one_page(A4, &line(72, 700, text)), &keyword(words))[0].starts_with("ctl")
    };
    assert!(alone("（盖章）", "^盖章^"));
    assert!(!alone("甲方盖章", "^盖章^"));
    assert!(!alone("盖章处", "^盖章^"));
    assert!(alone("甲方　　盖章", "^盖章^"));
    assert!(alone("Party A: seal", "^seal^"));
    assert!(!alone("Party A: sealed", "^seal^"));
}

#[test]
fn a_line_of_several_columns_is_one_line() {
    let row = [line(300, 700, "乙方："), line(72, 700, "甲方："), line(120, 700, "__________")];
    let bytes = one_page(A4, &row.concat());
    assert_eq!(places(&bytes, &keyword("甲方")), ["1: 20 x 10 at (72, 133.2)"]);
    assert_eq!(places(&bytes, &keyword("乙方")), ["1: 20 x 10 at (300, 133.2)"]);
    assert_eq!(places(&bytes, &keyword("^乙方^")), ["1: 20 x 10 at (300, 133.2)"]);
    // A watermark across the line does not take it apart.
    let mark = show("F1", 200, (0, 650), &utf16("样"));
    let bytes = one_page(A4, &[mark, line(72, 700, "甲"), line(82, 700, "方")].concat());
    assert_eq!(places(&bytes, &keyword("甲方")), ["1: 20 x 10 at (72, 133.2)"]);
}

#[test]
fn forms_count_and_annotations_and_hidden_layers_do_not() {
    let mut texts = texts("UniGB-UTF16-H");
    let group = texts.object("<< /Type /OCG /Name (Draft) >>");
    texts.catalog(&format!("/OCProperties << /OCGs [{group} 0 R] /D << /OFF [{group} 0 R] >> >>"));
    let stamp = |text| line(0, 0, text).into_bytes();
    let form = "/Type /XObject /Subtype /Form /BBox [0 -10 100 20]";
    let shown = texts.stream(&format!("{form} /Matrix [1 0 0 1 100 500]"), &stamp("甲方"));
    let hidden = texts.stream(&format!("{form} /OC {group} 0 R"), &stamp("乙方"));
    let note = texts.stream(form, &stamp("丙方"));
    // The numbers of what follows are known: a form that draws itself.
    let endless = note + 1;
    let own = format!("{form} /Resources << /XObject << /E {endless} 0 R >> >>");
    assert_eq!(texts.stream(&own, b"/E Do"), endless);
    texts.resources(&format!(
        "/XObject << /A {shown} 0 R /B {hidden} 0 R /E {endless} 0 R >> \
         /Properties << /P {group} 0 R >>"
    ));
    let annotation = format!(
        "/Annots [<< /Type /Annot /Subtype /Stamp /Rect [10 10 90 40] /AP << /N {note} 0 R >> >>]"
    );
    let layer = format!("/OC /P BDC {} EMC ", line(72, 300, "丁方"));
    texts.page(&format!("{A4} {annotation}"), &format!("/A Do /B Do /E Do {layer}"));
    let bytes = texts.write();
    assert_eq!(places(&bytes, &keyword("甲方")), ["1: 20 x 10 at (100, 333.2)"]);
    for hidden in ["乙方", "丙方", "丁方"] {
        assert_eq!(places(&bytes, &keyword(hidden)), ["ctl.keyword_not_found"], "{hidden}");
    }
}

#[test]
fn what_lies_off_the_page_as_displayed_is_not_there() {
    let entries = "/MediaBox [0 0 595 842] /CropBox [0 0 595 400]";
    let bytes = one_page(entries, &[line(72, 700, "甲方"), line(72, 300, "乙方")].concat());
    assert_eq!(places(&bytes, &keyword("甲方")), ["ctl.keyword_not_found"]);
    assert_eq!(places(&bytes, &keyword("乙方")), ["1: 20 x 10 at (72, 91.2)"]);
}

#[test]
fn r_ctl_21_keywords_that_choose_the_same_words_are_named() {
    let bytes = one_page(A4, &line(72, 700, "盖章"));
    let first = keyword("盖章").indexes([0]);
    let last = keyword("盖章").order(MatchOrder::Reverse).indexes([0]);
    let search = search(&bytes, &[first, last, keyword("章")]);
    let shared: Vec<_> = search.sharing().into_iter().map(|(a, b, _)| (a, b)).collect();
    assert_eq!(shared, [(0, 1)]);
}

#[test]
fn several_matches_are_ambiguous_for_who_needs_one() {
    let bytes = one_page(A4, &[line(72, 700, "盖章"), line(72, 600, "盖章")].concat());
    let error = search(&bytes, &[keyword("盖章")]).findings()[0].only().unwrap_err();
    assert_eq!(error.code(), "ctl.keyword_ambiguous");
    assert!(error.to_string().contains("page 1 at (72, 133.2); page 1 at (72, 233.2)"), "{error}");
}

/// Counts the pages that are read, and asserts that no page is read twice.
struct Counted<'t>(PdfText<'t>, Vec<u32>);

impl TextLayer for Counted<'_> {
    fn page_count(&self) -> u32 {
        self.0.page_count()
    }

    fn page_size(&mut self, page: PageNumber) -> Result<Size, crate::placement::TextError> {
        self.0.page_size(page)
    }

    fn page_text(
        &mut self,
        page: PageNumber,
    ) -> Result<crate::placement::PageText, crate::placement::TextError> {
        self.1.push(page.get());
        self.0.page_text(page)
    }
}

#[test]
fn one_pass_over_a_thousand_pages_for_all_keywords() {
    let mut texts = texts("UniGB-UTF16-H");
    for page in 0..1000 {
        texts.page(A4, &line(72, 700, &format!("第{page}页 编号{:03}盖章", page % 500)));
    }
    let bytes = texts.write();
    let file = File::open(&bytes, Default::default()).unwrap();
    let keywords: Vec<_> = (0..500).map(|number| keyword(&format!("编号{number:03}"))).collect();
    let size = Size::new(Pt(10.0), Pt(10.0)).unwrap();
    let wanted: Vec<_> = keywords.iter().map(|keyword| (keyword, size)).collect();
    let mut counted = Counted(PdfText::new(&file).unwrap(), Vec::new());
    let search = find(&mut counted, &wanted, &Unwatched).unwrap();
    assert_eq!(counted.1, (1..=1000).collect::<Vec<_>>());
    for (number, finding) in (1..).zip(search.findings()) {
        let pages: Vec<_> = finding.matches().iter().map(|spot| spot.page.get()).collect();
        assert_eq!(pages, [number, number + 500]);
    }
    // One page is enough for a keyword that names it.
    let only = keyword("编号007").on_page(PageIndex::new(8).unwrap());
    let mut counted = Counted(PdfText::new(&file).unwrap(), Vec::new());
    find(&mut counted, &[(&only, size)], &Unwatched).unwrap();
    assert_eq!(counted.1, [8]);
}

#[test]
fn the_host_may_stop_it() {
    struct Never;
    impl Progress for Never {
        fn advance(&self, _done: u64, _total: u64) -> bool {
            false
        }
    }
    let bytes = one_page(A4, "");
    let file = File::open(&bytes, Default::default()).unwrap();
    let word = keyword("盖章");
    let error =
        find(&mut PdfText::new(&file).unwrap(), &[(&word, Size::default())], &Never).unwrap_err();
    assert_eq!(error.code(), "placement.cancelled");
}

#[test]
fn glyphs_without_end_run_into_a_limit() {
    let content = line(72, 700, &"章".repeat(50));
    let bytes = one_page(A4, &content);
    let limits = crate::limits::Limits { values: 49, ..Default::default() };
    let file = File::open(&bytes, limits).unwrap();
    let word = keyword("盖章");
    let error = find(&mut PdfText::new(&file).unwrap(), &[(&word, Size::default())], &Unwatched);
    assert_eq!(error.unwrap_err().code(), "doc.limit");
}
