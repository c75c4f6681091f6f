//! Where the judge believes a page to be painted: a stamp that lies beside its text is a stamp like
//! others, one that lies over it is told, however the text got there.

mod judging_support;

use judging_support::Draft;
use sealwright::report::{Code, Conclusion, Report};
use sealwright_testdata::appended::last_size;
use sealwright_testdata::pki::KeyType;

/// Where the stamp is: the page has 200 by 200 points.
const STAMP: &str = "/Subtype /Stamp /Rect [120 120 180 180]";

fn stream(entries: &str, data: &str) -> String {
    format!("<< {entries} /Length {} >>\nstream\n{data}\nendstream", data.len())
}

/// A certified page that permits comments, with this content; objects from 20 on are its resources'.
fn certified(content: &str, resources: &str, objects: &[(u32, &str)]) -> Draft {
    let mut draft = Draft::new(KeyType::P256);
    let page = format!(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R /Annots 9 0 R \
         /Resources << {resources} >> >>"
    );
    let content = stream("", content);
    let own = [(3, page.as_str()), (4, content.as_str()), (9, "[6 0 R]")];
    draft.append(&[&own[..], objects].concat());
    draft.fill_prepared_with(
        "/Reference [<< /Type /SigRef /TransformMethod /DocMDP /TransformParams \
         << /Type /TransformParams /V /1.2 /P 3 >> >>]",
    );
    assert_eq!(draft.judge().conclusion, Conclusion::Passed, "{}", draft.judge());
    draft
}

/// The page with a stamp on it; without an appearance of its own it fills its rectangle.
fn stamped(draft: &Draft, appearance: Option<&[(u32, &str)]>) -> Report {
    let mut changed = draft.clone();
    let number = last_size(&draft.bytes).max(60);
    let named = appearance.map(|_| "/AP << /N 50 0 R >>").unwrap_or_default();
    let stamp = format!("<< /Type /Annot /P 3 0 R /F 4 {STAMP} {named} >>");
    let listed = format!("[6 0 R {number} 0 R]");
    let mut objects = vec![(9, listed.as_str()), (number, stamp.as_str())];
    objects.extend(appearance.unwrap_or_default());
    changed.append(&objects);
    changed.judge()
}

#[track_caller]
fn assert_beside(report: &Report) {
    assert_eq!(report.conclusion, Conclusion::Passed, "{report}");
}

#[track_caller]
fn assert_over(report: &Report) {
    assert_eq!(report.conclusion, Conclusion::Indeterminate, "{report}");
    let findings = &report.signatures[0].findings;
    assert!(findings.iter().any(|it| it.code == Code::ModOverContent), "{report}");
}

/// Twenty codes that would reach to the stamp and beyond it if each were as wide as it is high.
const CODES: &str =
    "<0041004100410041004100410041004100410041004100410041004100410041004100410041>";

fn composite(encoding: &str, widths: &str) -> Vec<(u32, String)> {
    let font = format!(
        "<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /{encoding} /DescendantFonts [21 0 R] >>"
    );
    let below = format!("<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A {widths} >>");
    vec![(20, font), (21, below)]
}

fn with(content: &str, resources: &str, objects: &[(u32, String)]) -> Report {
    let objects: Vec<(u32, &str)> =
        objects.iter().map(|(number, body)| (*number, body.as_str())).collect();
    stamped(&certified(content, resources, &objects), None)
}

const FONT: &str = "/Font << /F 20 0 R >>";

#[test]
fn text_reaches_as_far_as_its_widths_say() {
    let shown = format!("BT /F 12 Tf 10 150 Td {CODES} Tj ET");
    for (widths, beside) in [
        ("/W [65 [300]]", true),
        ("/W [60 70 300]", true),
        ("/DW 300", true),
        ("/DW 300 /W [65 [900]]", false),
        ("/W [66 [300]]", false),
        ("", false),
    ] {
        let report = with(&shown, FONT, &composite("Identity-H", widths));
        if beside { assert_beside(&report) } else { assert_over(&report) }
    }
    // Where codes are no CIDs, the widths of CIDs say nothing of them.
    assert_over(&with(&shown, FONT, &composite("UniGB-UCS2-H", "/W [65 [300]]")));
    let simple = |entries: &str| vec![(20, format!("<< /Type /Font /Subtype /Type1 {entries} >>"))];
    let narrow = "BT /F 12 Tf 10 150 Td (iiiiiiiiiiiiiiiiiiii) Tj ET";
    assert_beside(&with(narrow, FONT, &simple("/BaseFont /Helvetica")));
    assert_over(&with(&narrow.replace('i', "M"), FONT, &simple("/BaseFont /Helvetica")));
    assert_over(&with(narrow, FONT, &simple("/BaseFont /Nobody")));
    assert_beside(&with(
        narrow,
        FONT,
        &simple("/BaseFont /Nobody /FirstChar 105 /LastChar 105 /Widths [250]"),
    ));
}

#[test]
fn text_goes_where_its_operators_put_it() {
    let courier = [(20, "<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>".to_owned())];
    for (shown, beside) in [
        ("10 150 Td (A B) Tj", true),
        ("10 150 Td 120 0 (A B) \"", false),
        ("10 150 Td 0 60 (AAA) \"", false),
        ("10 150 Td [(A) -10000 (B)] TJ", false),
        ("10 150 Td [(A) -30000 (B)] TJ", true),
        ("10 100 Td 50 Ts (A) Tj 120 0 Td (B) Tj", false),
        ("10 100 Td (A) Tj 120 0 Td (B) Tj", true),
        ("10 150 Td 3 Tr 120 0 Td (A) Tj", true),
    ] {
        let content = format!("BT /F 12 Tf {shown} ET");
        let report = with(&content, FONT, &courier);
        if beside { assert_beside(&report) } else { assert_over(&report) }
    }
    // A vertical line goes down.
    for (place, beside) in [("150 199 Td", false), ("60 150 Td", true)] {
        let content = format!("BT /F 12 Tf {place} <004100410041> Tj ET");
        let report = with(&content, FONT, &composite("Identity-V", ""));
        if beside { assert_beside(&report) } else { assert_over(&report) }
    }
}

#[test]
fn a_colour_that_nobody_can_tell_is_not_white() {
    let square = |colour: &str| format!("{colour} 130 130 30 30 re f");
    let spaces = "/ColorSpace << /S [/Separation /Black /DeviceGray << /FunctionType 2 /Domain [0 1] \
        /C0 [1] /C1 [0] /N 1 >>] /I [/Indexed /DeviceGray 1 <FF00>] /G [/CalGray << >>] >>";
    for (colour, beside) in [
        ("1 g", true),
        ("0 0 0 0 k", true),
        ("/G cs 1 sc", true),
        ("/G cs", false),
        ("/S cs 1 scn", false),
        ("/I cs 1 sc", false),
        ("/Pattern cs /P scn", false),
    ] {
        let report = with(&square(colour), spaces, &[]);
        if beside { assert_beside(&report) } else { assert_over(&report) }
    }
}

#[test]
fn what_only_darkens_is_known_by_its_own_colour() {
    let draft = certified("120 120 60 60 re f", "", &[]);
    let image = stream(
        "/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray \
         /BitsPerComponent 8",
        "0",
    );
    let form = |data: &str| {
        stream(
            "/Type /XObject /Subtype /Form /BBox [0 0 60 60] /Resources << /XObject << /I 51 0 R >> \
             /ExtGState << /M << /BM /Multiply >> >> >>",
            data,
        )
    };
    let stamped = |data: &str| stamped(&draft, Some(&[(50, &form(data)), (51, &image)]));
    assert_beside(&stamped("/M gs 1 1 0 rg 0 0 60 60 re f"));
    assert_over(&stamped("/M gs 0 0 0 rg 0 0 60 60 re f"));
    // The colour for filling is none of the image's.
    assert_over(&stamped("/M gs 1 1 0 rg 60 0 0 60 0 0 cm /I Do"));
}
