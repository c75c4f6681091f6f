//! Appearances that show something else later: of the seal itself, or of a field that is more than a field.

use super::Family;
use super::scene::{
    CONTENT, FIELD, FORM, LIES, PAGE, SAYS, append, cover, field, form, page, signed_with, text,
};
use crate::pdf::stream_body;

const NOTE: u32 = 9;
const LOOK: u32 = 10;
const SHOWS: &str = "/Rect [10 130 230 180] /AP << /N 10 0 R >>";

pub fn family() -> Family {
    let mut family = Family::new(
        "appearance",
        "pyHanko form-update-override-appearance-stream-sneaky; Mainka et al., Shadow Attacks (NDSS 2021)",
    );
    let seal = field(SHOWS).replace("/Rect [0 0 0 0]", "");
    let look = |line: &str| cover(line);
    let says = String::from_utf8(look("seal of the seller")).expect("text");
    let base = signed_with(&[(FIELD, &seal), (LOOK, &says)]);
    let same = append(&base, &[(FIELD, seal.as_bytes()), (LOOK, says.as_bytes())]);
    family.add(
        "seal_redrawn",
        "allows what changes nothing but an appearance",
        append(&base, &[(LOOK, &look("seal of the buyer!"))]),
        same.clone(),
    );
    let other = seal.replace("/N 10 0 R", "/N 11 0 R");
    family.add(
        "seal_repointed",
        "allows a widget another appearance",
        append(&base, &[(FIELD, other.as_bytes()), (11, &look("seal of the buyer!"))]),
        append(&base, &[(FIELD, seal.as_bytes()), (11, b"(unused)")]),
    );
    for (name, careless, from, to) in [
        ("seal_moved", "allows a widget another place", "[10 130 230 180]", "[10 10 230 60]"),
        ("seal_hidden", "allows a widget other flags", "/F 132", "/F 134"),
        ("seal_state", "allows a widget another state", "/V 8 0 R", "/V 8 0 R /AS /Off"),
        ("seal_mk", "allows a widget a background", "/V 8 0 R", "/V 8 0 R /MK << /BG [1 0 0] >>"),
    ] {
        let changed = seal.replace(from, to);
        assert_ne!(changed, seal);
        family.add(name, careless, append(&base, &[(FIELD, changed.as_bytes())]), same.clone());
    }
    family.add(
        "font_of_the_seal",
        "does not follow the resources of an appearance",
        append(&base, &[(7, b"<< /Type /Font /Subtype /Type1 /BaseFont /Symbol >>")]),
        append(&base, &[(7, b"<< /Subtype /Type1 /BaseFont /Helvetica /Type /Font >>")]),
    );
    shared(&mut family);
    states(&mut family);
    redrawn(&mut family);
    family
}

fn note(entries: &str) -> String {
    format!(
        "<< /Type /Annot /Subtype /Widget /FT /Tx /T (note) /F 4 /P 3 0 R /Rect [20 20 200 60] \
         /DA (/F 9 Tf) {entries} >>"
    )
}

/// The appearance of a field, which is the content of the page too.
fn shared(family: &mut Family) {
    let look = |line: &str| {
        stream_body(
            "/Type /XObject /Subtype /Form /BBox [0 0 240 200] /Resources << /Font << /F 7 0 R >> >>",
            &text(line),
        )
    };
    let before = note("/AP << /N 10 0 R >>");
    let after = note("/V (filled) /AP << /N 10 0 R >>");
    let says = String::from_utf8(look(SAYS)).expect("text");
    let fill = |is_shared: bool| {
        let mut shown = page("6 0 R 9 0 R", "");
        if is_shared {
            shown = shown.replace("/Font <<", "/XObject << /X 10 0 R >> /Font <<");
        }
        let data = if is_shared { b"/X Do".to_vec() } else { text(SAYS) };
        let content = String::from_utf8(stream_body("", &data)).expect("text");
        let base = signed_with(&[
            (PAGE, &shown),
            (CONTENT, &content),
            (FORM, &form("6 0 R 9 0 R")),
            (NOTE, &before),
            (LOOK, &says),
        ]);
        append(&base, &[(NOTE, after.as_bytes()), (LOOK, &look(LIES))])
    };
    family.add(
        "shared_with_the_page",
        "allows the appearance of a field that is filled to change, whoever else paints it",
        fill(true),
        fill(false),
    );
    let base = signed_with(&[
        (PAGE, &page("6 0 R 9 0 R", "")),
        (FORM, &form("6 0 R 9 0 R")),
        (NOTE, &before),
        (LOOK, &says),
    ]);
    let filled = append(&base, &[(NOTE, after.as_bytes()), (11, b"(unused)")]);
    for (name, careless, from, to) in [
        ("field_grown", "allows a field that is filled to grow", "[20 20 200 60]", "[0 0 240 200]"),
        ("field_renamed", "allows a field another meaning", "(note)", "(price)"),
        (
            "field_acts",
            "does not look for actions",
            "/V (filled)",
            "/V (filled) /AA << /E << /S /JavaScript /JS (x) >> >>",
        ),
    ] {
        let changed = after.replace(from, to);
        assert_ne!(changed, after);
        family.add(name, careless, append(&base, &[(NOTE, changed.as_bytes())]), filled.clone());
    }
}

/// Fields whose pictures are made when they are shown.
fn redrawn(family: &mut Family) {
    let value = note("/V (900.00) /AP << /N 10 0 R >>");
    let says = String::from_utf8(cover("100.00")).expect("text");
    let asked =
        |entries: &str| form("6 0 R 9 0 R").replace("/SigFlags", &format!("{entries} /SigFlags"));
    let fonts = |name: &str| asked(&format!("/DR << /Font << /F {name} 0 R >> >>"));
    let font = |base: &str| format!("<< /Type /Font /Subtype /Type1 /BaseFont /{base} >>");
    let laid = |dictionary: &str| {
        signed_with(&[
            (PAGE, &page("6 0 R 9 0 R", "")),
            (FORM, dictionary),
            (NOTE, &value),
            (LOOK, &says),
            (11, &font("Helvetica")),
            (12, &font("Symbol")),
        ])
    };
    let forms = |from: &str, to: &str| append(&laid(from), &[(FORM, to.as_bytes())]);
    let plain = form("6 0 R 9 0 R");
    family.add(
        "value_drawn_anew",
        "judges the signed picture, where others draw the value that it does not show",
        forms(&plain, &asked("/NeedAppearances true")),
        forms(&plain, &plain),
    );
    family.add(
        "font_of_all_fields",
        "does not look at what fields are drawn with",
        forms(&fonts("11"), &fonts("12")),
        forms(&fonts("11"), &fonts("11")),
    );
}

/// A box that is ticked and says that it is not.
fn states(family: &mut Family) {
    let tick = |state: &str, value: &str| {
        format!(
            "<< /Type /Annot /Subtype /Widget /FT /Btn /T (agreed) /F 4 /P 3 0 R /Rect [20 20 40 40] \
             /AS /{state} /V /{value} /AP << /N << /Yes 10 0 R /Off 11 0 R >> >> >>"
        )
    };
    let look = String::from_utf8(cover("x")).expect("text");
    let base = signed_with(&[
        (PAGE, &page("6 0 R 9 0 R", "")),
        (FORM, &form("6 0 R 9 0 R")),
        (NOTE, &tick("Off", "Off")),
        (LOOK, &look),
        (11, &look),
    ]);
    family.add(
        "state_without_value",
        "reads the value and shows the state",
        append(&base, &[(NOTE, tick("Yes", "Off").as_bytes())]),
        append(&base, &[(NOTE, tick("Yes", "Yes").as_bytes())]),
    );
}
