//! Shadow attacks: what will be shown later was signed already, and is hidden until then.

use super::Family;
use super::scene::{
    CATALOG, CONTENT, FONT, FORM, LIES, PAGE, PAGES, SAYS, append, append_with, catalog, content,
    cover, form, page, scene, sign, signed_with, text,
};
use crate::appended::{last_size, last_startxref};
use crate::pdf::{Layout, stream_body};

const COVER: u32 = 9;

pub fn family() -> Family {
    let mut family =
        Family::new("shadow", "Mainka et al., Shadow Attacks (NDSS 2021); CVE-2020-9592, -9596");
    hide(&mut family);
    replace(&mut family);
    hide_and_replace(&mut family);
    family
}

/// The page says one thing, covered by another one.
fn hide(family: &mut Family) {
    let shown = page("6 0 R", "").replace("/Font <<", "/XObject << /X 9 0 R >> /Font <<");
    let says = String::from_utf8(cover(SAYS)).expect("text");
    let both = [&text(LIES)[..], b" /X Do"].concat();
    let both = String::from_utf8(stream_body("", &both)).expect("text");
    let base = signed_with(&[(PAGE, &shown), (CONTENT, &both), (COVER, &says)]);
    let same = append(&base, &[(COVER, says.as_bytes())]);
    let empty =
        "<< /Type /XObject /Subtype /Form /BBox [0 0 0 0] /Length 0 >>\nstream\n\nendstream";
    for (name, careless, body) in [
        ("hide_by_freeing", "takes a freed object for housekeeping", ""),
        ("hide_by_null", "takes null for nothing", "null"),
        ("hide_by_emptying", "allows an object that is used by objects only", empty),
        (
            "hide_by_metadata",
            "allows metadata",
            "<< /Type /Metadata /Subtype /XML /Length 0 >>\nstream\n\nendstream",
        ),
    ] {
        family.add(name, careless, append(&base, &[(COVER, body.as_bytes())]), same.clone());
    }
    let layered = |state: &str| {
        catalog(&format!(
            "/OCProperties << /OCGs [10 0 R] /D << /{state} [10 0 R] /Order [10 0 R] >> >>"
        ))
    };
    let in_layer = says.replace("/Type /XObject", "/Type /XObject /OC 10 0 R");
    let base = signed_with(&[
        (PAGE, &shown),
        (CONTENT, &both),
        (COVER, &in_layer),
        (CATALOG, &layered("ON")),
        (10, "<< /Type /OCG /Name (cover) >>"),
    ]);
    family.add(
        "hide_by_layer",
        "takes a layer that is switched off for a setting",
        append(&base, &[(CATALOG, layered("OFF").as_bytes())]),
        append(&base, &[(CATALOG, layered("ON").as_bytes())]),
    );
}

/// The same codes, other shapes.
fn replace(family: &mut Family) {
    let plain = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>";
    let swapped = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica \
        /Encoding << /Type /Encoding /Differences [49 /nine] >> >>";
    let base = signed_with(&[]);
    family.add(
        "replace_by_font",
        "takes a font for harmless, since it is no content",
        append(&base, &[(FONT, swapped.as_bytes())]),
        append(&base, &[(FONT, plain.as_bytes())]),
    );
    let encoded = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding 9 0 R >>";
    let encoding = |more: &str| format!("<< /Type /Encoding /Differences [{more}] >>");
    let base = signed_with(&[(FONT, encoded), (COVER, &encoding("49 /one"))]);
    family.add(
        "replace_by_encoding",
        "does not follow a font to its encoding",
        append(&base, &[(COVER, encoding("49 /nine").as_bytes())]),
        append(&base, &[(COVER, encoding("49 /one").as_bytes())]),
    );
    let map = |to: &str| {
        let data = format!("1 beginbfchar <31> <{to}> endbfchar");
        stream_body("/Type /CMap", data.as_bytes())
    };
    let mapped = plain.replace(">>", "/ToUnicode 9 0 R >>");
    let first = String::from_utf8(map("0031")).expect("text");
    let base = signed_with(&[(FONT, &mapped), (COVER, &first)]);
    family.add(
        "replace_by_cmap",
        "looks at shapes, where others search, copy and read aloud",
        append(&base, &[(COVER, &map("0039"))]),
        append(&base, &[(COVER, &map("0031"))]),
    );
    // What a push button shows covers the text, and is no value.
    let button = |look: &str| {
        format!(
            "<< /Type /Annot /Subtype /Widget /FT /Btn /Ff 65536 /T (b) /F 4 /P 3 0 R \
             /Rect [0 0 240 200] /AP << /N {look} 0 R >> >>"
        )
    };
    let (one, two) =
        (String::from_utf8(cover(SAYS)).unwrap(), String::from_utf8(cover(LIES)).unwrap());
    let base = signed_with(&[
        (PAGE, &page("6 0 R 9 0 R", "")),
        (FORM, &form("6 0 R 9 0 R")),
        (COVER, &button("10")),
        (10, &one),
        (11, &two),
    ]);
    family.add(
        "replace_by_button",
        "takes any widget for a field that was filled",
        append(&base, &[(COVER, button("11").as_bytes())]),
        append(&base, &[(COVER, button("10").as_bytes())]),
    );
}

/// Two documents in one.
fn hide_and_replace(family: &mut Family) {
    let hidden = page("6 0 R", "").replace("/Contents 4 0 R", "/Contents 10 0 R");
    let lies = String::from_utf8(content(LIES)).expect("text");
    let tree = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>";
    let other = "<< /Type /Pages /Kids [9 0 R] /Count 1 >>";
    let base = signed_with(&[(COVER, &hidden), (10, &lies), (11, other)]);
    family.add(
        "other_page",
        "finds that the page it leads to was signed",
        append(&base, &[(PAGES, other.as_bytes())]),
        append(&base, &[(PAGES, tree.as_bytes())]),
    );
    let root = catalog("").replace("/Pages 2 0 R", "/Pages 11 0 R");
    family.add(
        "other_tree",
        "finds that the tree it leads to was signed",
        append(&base, &[(CATALOG, root.as_bytes())]),
        append(&base, &[(CATALOG, catalog("").as_bytes())]),
    );
    let base = signed_with(&[(COVER, &hidden), (10, &lies), (11, other), (12, &root)]);
    family.add(
        "other_root",
        "finds nothing changed: the trailer alone names another catalog",
        append_with(&base, &[], "/Root 12 0 R"),
        append_with(&base, &[], "/Root 1 0 R"),
    );
    // The object that the signed revision replaced is still in the file.
    let mut pdf = scene();
    pdf.set_stream(CONTENT, "", &text(LIES));
    pdf.set(8, "null");
    let draft = pdf.write(&Layout::default());
    let value = super::scene::placeholder("");
    let base = sign(append(&draft, &[(CONTENT, &content(SAYS)), (8, value.as_bytes())]));
    family.add(
        "row_to_older_object",
        "compares objects of the last revision, of which there is none",
        row(&base, offset(&base, 0)),
        row(&base, offset(&base, 1)),
    );
}

/// Where the first or second content stands.
fn offset(bytes: &[u8], which: usize) -> usize {
    let mut found = bytes.windows(8).enumerate().filter(|(_, it)| *it == b"\n4 0 obj");
    found.nth(which).expect("it is there").0 + 1
}

/// A revision that says of the content where it is, and nothing else.
fn row(base: &[u8], at: usize) -> Vec<u8> {
    let (size, previous, start) = (last_size(base), last_startxref(base), base.len());
    let section = format!(
        "xref\n4 1\n{at:010} 00000 n \ntrailer\n<< /Size {size} /Root 1 0 R /ID [<5EA1> <5EA1>] \
         /Prev {previous} >>\nstartxref\n{start}\n%%EOF\n"
    );
    [base, section.as_bytes()].concat()
}
