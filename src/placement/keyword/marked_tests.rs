//! Words in marked content: replaced by another text, hidden by a layer, painted by a pattern.

use sealwright_testdata::texts::{A4, Texts, composite, helvetica, hexadecimal, show, utf16};

use super::fonts_tests::places;

const NOT_FOUND: [&str; 1] = ["ctl.keyword_not_found"];

fn texts() -> Texts {
    let mut texts = Texts::new();
    texts.font("F1", &composite("UniGB-UTF16-H", "GB1", ""));
    // Glyphs that say nothing of themselves.
    texts.font("F2", &composite("Identity-H", "Identity", ""));
    texts.font("F3", &composite("UniGB-UTF16-V", "GB1", ""));
    texts.font("F4", &helvetica());
    texts
}

fn one_page(content: &str) -> Vec<u8> {
    let mut texts = texts();
    texts.page(A4, content);
    texts.write()
}

fn line(text: &str) -> String {
    show("F1", 10, (72, 700), &utf16(text))
}

/// `(FE FF …)` as text strings are written.
fn text_string(text: &str) -> String {
    hexadecimal(&[&[0xFE, 0xFF], utf16(text).as_slice()].concat())
}

#[test]
fn actual_text_says_what_glyphs_without_a_meaning_stand_for() {
    let glyphs = show("F2", 10, (72, 700), &[0, 1, 0, 2, 0, 3, 0, 4]);
    let text = text_string("甲方盖章");
    let bytes = one_page(&format!("/Span << /ActualText {text} >> BDC {glyphs} EMC {glyphs}"));
    assert_eq!(places(&bytes, "甲方盖章"), ["1: 40 x 10 at (72, 133.2)"]);
    assert_eq!(places(&bytes, "盖章"), ["1: 20 x 10 at (92, 133.2)"]);
    // The same as an entry of the resources; a list that another object holds.
    let mut texts = texts();
    let list = texts.object(&format!("<< /MCID 0 /ActualText {text} >>"));
    texts.resources(&format!("/Properties << /P1 {list} 0 R >>"));
    texts.page(A4, &format!("/P /P1 BDC {glyphs} EMC"));
    assert_eq!(places(&texts.write(), "方盖"), ["1: 20 x 10 at (82, 133.2)"]);
}

#[test]
fn actual_text_takes_the_place_of_what_is_shown() {
    let span = |text: &str, content: &str| {
        format!("/Span << /ActualText {} >> BDC {content} EMC ", text_string(text))
    };
    // One character in the place of three glyphs, and three in the place of one.
    let bytes = one_page(&span("章", &line("ABC")));
    assert_eq!(places(&bytes, "章"), ["1: 30 x 10 at (72, 133.2)"]);
    assert_eq!(places(&bytes, "ABC"), NOT_FOUND);
    let bytes = one_page(&span("公司章", &line("A")));
    assert_eq!(places(&bytes, "司"), ["1: 3.333 x 10 at (75.333, 133.2)"]);
    // Across operators, with what stands before and behind.
    let parts = format!(
        "BT /F1 10 Tf 72 700 Td {} Tj /Span << /ActualText (ffi) >> BDC {} Tj EMC {} Tj ET",
        hexadecimal(&utf16("e")),
        hexadecimal(&utf16("X")),
        hexadecimal(&utf16("cient")),
    );
    assert_eq!(places(&one_page(&parts), "efficient"), ["1: 70 x 10 at (72, 133.2)"]);
    // A hyphen at the end of a line that is read as nothing.
    let hyphen = [line("sig"), span("", &show("F1", 10, (102, 700), &utf16("-")))].concat();
    let bytes = one_page(&[hyphen, show("F1", 10, (103, 700), &utf16("nature"))].concat());
    assert_eq!(places(&bytes, "signature")[0][..2], *"1:");
    // The outermost counts; what is never closed ends with the content.
    let nested = span("甲方", &span("乙方", &line("AB")));
    let bytes = one_page(&nested);
    assert_eq!(places(&bytes, "甲方"), ["1: 20 x 10 at (72, 133.2)"]);
    assert_eq!(places(&bytes, "乙方"), NOT_FOUND);
    let bytes = one_page(span("甲方", &line("AB")).trim_end_matches("EMC "));
    assert_eq!(places(&bytes, "甲方"), ["1: 20 x 10 at (72, 133.2)"]);
}

#[test]
fn actual_text_runs_down_where_its_glyphs_do() {
    let glyphs = show("F3", 10, (300, 700), &utf16("AB"));
    let text = text_string("甲方");
    let bytes = one_page(&format!("/Span << /ActualText {text} >> BDC {glyphs} EMC"));
    assert_eq!(places(&bytes, "甲方"), ["1: 10 x 20 at (295, 142)"]);
    assert_eq!(places(&bytes, "方"), ["1: 10 x 10 at (295, 152)"]);
}

#[test]
fn actual_text_of_what_nobody_sees_is_not_there() {
    let text = text_string("甲方");
    let span = |content: &str| format!("/Span << /ActualText {text} >> BDC {content} EMC ");
    // Nothing at all, a drawing, glyphs off the page.
    for content in ["", "0 0 9 9 re f", &show("F1", 10, (2_000, 700), &utf16("AB"))] {
        let bytes = one_page(&[line("乙方"), span(content)].concat());
        assert_eq!(places(&bytes, "甲方"), NOT_FOUND, "{content}");
    }
    // Behind a scan it counts as any invisible text does.
    let bytes = one_page(&span(&format!("3 Tr {}", line("AB"))));
    assert_eq!(places(&bytes, "甲方"), ["1: 20 x 10 at (72, 133.2)"]);
}

/// A page with the words below two layers, the first of which is off.
fn layers(default: &str, membership: &str) -> Vec<u8> {
    let mut texts = texts();
    let off = texts.object("<< /Type /OCG /Name (Draft) >>");
    let on = texts.object("<< /Type /OCG /Name (Final) >>");
    let numbers = |text: &str| {
        text.replace("OFF1", &format!("{off} 0 R")).replace("ON1", &format!("{on} 0 R"))
    };
    let default = numbers(default);
    texts.catalog(&format!("/OCProperties << /OCGs [{off} 0 R {on} 0 R] /D << {default} >> >>"));
    let member = texts.object(&numbers(membership));
    texts.resources(&format!("/Properties << /M {member} 0 R >>"));
    texts.page(A4, &format!("/OC /M BDC {} EMC {}", line("甲方"), show("F4", 9, (9, 9), b"x")));
    texts.write()
}

#[track_caller]
fn assert_shown(shown: bool, membership: &str) {
    for default in ["/OFF [OFF1]", "/BaseState /OFF /ON [ON1]"] {
        let found = places(&layers(default, membership), "甲方");
        assert_eq!(found != NOT_FOUND, shown, "{membership}");
    }
}

#[test]
fn memberships_by_their_policies() {
    let both = "[OFF1 ON1]";
    for (policy, groups, shown) in [
        ("/AllOn", both, false),
        ("/AnyOn", both, true),
        ("/AnyOff", both, true),
        ("/AllOff", both, false),
        ("/AllOn", "[ON1]", true),
        ("/AnyOn", "[OFF1]", false),
        ("/AnyOff", "[ON1]", false),
        ("/AllOff", "[OFF1]", true),
        ("/AllOff", "OFF1", true),
        ("/AnyOn", "OFF1", false),
        // Without a group there is nothing that could hide it.
        ("/AllOff", "[]", true),
        ("/AnyOff", "null", true),
    ] {
        assert_shown(shown, &format!("<< /Type /OCMD /OCGs {groups} /P {policy} >>"));
    }
    assert_shown(false, "<< /Type /OCMD /OCGs [OFF1] >>");
    assert_shown(true, "<< /Type /OCMD >>");
}

#[test]
fn memberships_by_their_expressions() {
    for (expression, shown) in [
        ("[/Not OFF1]", true),
        ("[/Not ON1]", false),
        ("[/And ON1 OFF1]", false),
        ("[/Or ON1 OFF1]", true),
        ("[/And ON1 [/Not OFF1]]", true),
        ("[/Not [/Or [/Not ON1] OFF1]]", true),
        ("[/Or [/And ON1 OFF1] [/Not ON1]]", false),
    ] {
        // The expression counts, whatever the policy would say.
        let policy = if shown { "/OCGs [OFF1] /P /AllOn" } else { "/OCGs [ON1] /P /AllOn" };
        assert_shown(shown, &format!("<< /Type /OCMD /VE {expression} {policy} >>"));
    }
    // What is no expression leaves it to the policy.
    for nonsense in ["[]", "[/Not]", "[/Not ON1 ON1]", "[/Xor ON1 OFF1]", "[/And]", "7", "[/And 7]"]
    {
        assert_shown(false, &format!("<< /Type /OCMD /VE {nonsense} /OCGs [OFF1] >>"));
        assert_shown(true, &format!("<< /Type /OCMD /VE {nonsense} /OCGs [ON1] >>"));
    }
}

#[test]
fn layers_inside_of_hidden_layers_stay_hidden() {
    let mut texts = texts();
    let off = texts.object("<< /Type /OCG /Name (Draft) >>");
    let on = texts.object("<< /Type /OCG /Name (Final) >>");
    texts.catalog(&format!(
        "/OCProperties << /OCGs [{off} 0 R {on} 0 R] /D << /OFF [{off} 0 R] >> >>"
    ));
    texts.resources(&format!("/Properties << /Off {off} 0 R /On {on} 0 R >>"));
    let inner =
        format!("/OC /On BDC {} EMC {}", line("甲方"), show("F1", 10, (72, 650), &utf16("乙方")));
    let behind = show("F1", 10, (72, 600), &utf16("丙方"));
    texts.page(A4, &format!("/OC /Off BDC {inner} EMC {behind}"));
    let bytes = texts.write();
    assert_eq!(places(&bytes, "甲方"), NOT_FOUND);
    assert_eq!(places(&bytes, "乙方"), NOT_FOUND);
    assert_eq!(places(&bytes, "丙方"), ["1: 20 x 10 at (72, 233.2)"]);
}

#[test]
fn the_text_of_a_tiling_pattern_is_no_text_of_the_page() {
    let mut texts = texts();
    // The pattern paints itself with itself, as a hostile one would.
    let pattern = 7;
    let entries = format!(
        "/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 60 20] /XStep 60 \
         /YStep 20 /Resources << /Font << /F4 6 0 R >> /Pattern << /P {pattern} 0 R >> >>"
    );
    let content = "/Pattern cs /P scn 0 0 60 20 re f BT /F4 9 Tf 2 2 Td (Draft) Tj ET";
    assert_eq!(texts.stream(&entries, content.as_bytes()), pattern);
    texts.resources(&format!("/Pattern << /P {pattern} 0 R >>"));
    texts.page(A4, &format!("/Pattern cs /P scn 0 0 595 842 re f {}", line("甲方")));
    let bytes = texts.write();
    assert_eq!(places(&bytes, "Draft"), NOT_FOUND);
    assert_eq!(places(&bytes, "甲方"), ["1: 20 x 10 at (72, 133.2)"]);
}
