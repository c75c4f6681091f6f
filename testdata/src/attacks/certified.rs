//! Certified documents: changes beyond the level, or within it that deceive.

use super::Family;
use super::scene::{
    CATALOG, FIELD, FORM, LIES, PAGE, VALUE, append, catalog, certified, certifies, cover, field,
    form, page, placeholder, scene, sign, sign_again,
};
use crate::pdf::{Layout, Pdf};

const VISIBLE: &str = "/Rect [0 140 240 170] /AP << /N 20 0 R >>";

pub fn family() -> Family {
    let mut family = Family::new(
        "certified",
        "Mainka et al., Breaking the Specification: PDF Certification (S&P 2021); CVE-2021-28545, -28546",
    );
    let laid = |pdf: &Pdf| sign(pdf.write(&Layout::default()));
    let annotation = |base: &[u8]| {
        let body = "<< /Type /Annot /Subtype /FreeText /Rect [0 140 240 170] /F 4 /Contents (x) \
            /AP << /N 20 0 R >> >>";
        let shown = page("6 0 R 21 0 R", "");
        append(base, &[(PAGE, shown.as_bytes()), (21, body.as_bytes()), (20, &cover(LIES))])
    };
    for (level, name) in [(1, "annotation_at_1"), (2, "annotation_at_2")] {
        let base = laid(&certified(level));
        let same = append(&base, &[(PAGE, page("6 0 R", "").as_bytes()), (20, &cover(LIES))]);
        family.add(name, "allows annotations on a certified document", annotation(&base), same);
    }
    for (level, name) in [(1, "signature_at_1"), (2, "sneaky_signature_at_2")] {
        let base = laid(&certified(level));
        let signed = sign_again(&base, &[(20, &cover(LIES))], VISIBLE, false);
        let honest = if level == 1 {
            sign_again(&base, &[], "", true)
        } else {
            sign_again(&base, &[], "", false)
        };
        family.add(name, "allows a signature, whatever it paints over", signed, honest);
    }
    let base = laid(&certified(1));
    family.add(
        "sneaky_stamp_at_1",
        "allows a time-stamp, whatever it paints over",
        sign_again(&base, &[(20, &cover(LIES))], VISIBLE, true),
        sign_again(&base, &[], "", true),
    );
    family.add(
        "signature_elsewhere_at_2",
        "allows a field to be signed, on whatever page it shows then",
        signed_on_second_page("6 0 R 31 0 R"),
        signed_on_second_page("6 0 R"),
    );
    at_three(&mut family);
    fills(&mut family);
    levels(&mut family);
    let base = laid(&certified(3));
    let opens = |entries: &str| catalog(&format!("/Perms << /DocMDP 8 0 R >> {entries}"));
    family.add(
        "acting_at_3",
        "runs what a certified document holds, whoever put it there",
        append(&base, &[(CATALOG, opens("/OpenAction << /S /JavaScript /JS (x) >>").as_bytes())]),
        append(&base, &[(CATALOG, opens("").as_bytes())]),
    );
    family
}

/// A field that waited on an empty second page is signed; the annotations of the first page are then these.
fn signed_on_second_page(annotations: &str) -> Vec<u8> {
    let waiting = |entries: &str| {
        let shows = "/FT /Sig /T (second) /F 132 /P 30 0 R /Rect [0 140 240 170]";
        format!("<< /Type /Annot /Subtype /Widget {shows} {entries} >>")
    };
    let mut pdf = certified(2);
    pdf.set(2, "<< /Type /Pages /Kids [3 0 R 30 0 R] /Count 2 >>");
    pdf.set(FORM, form("6 0 R 31 0 R"));
    pdf.set(30, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 240 200] /Annots [31 0 R] >>");
    pdf.set(31, waiting(""));
    let base = sign(pdf.write(&Layout::default()));
    let (field, first) = (waiting("/AP << /N 20 0 R >> /V 32 0 R"), page(annotations, ""));
    sign(append(
        &base,
        &[
            (PAGE, first.as_bytes()),
            (20, &cover(LIES)),
            (31, field.as_bytes()),
            (32, placeholder("").as_bytes()),
        ],
    ))
}

/// Comments and signatures are allowed, and may lie over what was certified, or beside it.
fn at_three(family: &mut Family) {
    let base = sign(certified(3).write(&Layout::default()));
    let note = |rect: &str| {
        let body = format!(
            "<< /Type /Annot /Subtype /FreeText /Rect {rect} /F 4 /Contents (x) /DA (/F 9 Tf) \
             /AP << /N 20 0 R >> >>"
        );
        let shown = page("6 0 R 21 0 R", "");
        append(&base, &[(PAGE, shown.as_bytes()), (21, body.as_bytes()), (20, &cover(LIES))])
    };
    let (over, beside) = ("[0 100 240 190]", "[0 10 240 60]");
    family.add(
        "evil_annotation_at_3",
        "allows a comment, whatever it covers",
        note(over),
        note(beside),
    );
    let signature = |rect: &str| {
        let shows = format!("/Rect {rect} /AP << /N 20 0 R >>");
        sign_again(&base, &[(20, &cover(LIES))], &shows, false)
    };
    family.add(
        "sneaky_signature_at_3",
        "allows a signature, whatever it covers",
        signature(over),
        signature(beside),
    );
}

fn with_note(mut pdf: Pdf) -> Pdf {
    pdf.set(PAGE, page("6 0 R 9 0 R", ""));
    pdf.set(FORM, form("6 0 R 9 0 R"));
    pdf.set(9, note(""));
    pdf
}

fn note(entries: &str) -> String {
    format!(
        "<< /Type /Annot /Subtype /Widget /FT /Tx /T (note) /F 4 /P 3 0 R /Rect [20 20 200 60] {entries} >>"
    )
}

fn fills(family: &mut Family) {
    let filled = note("/V (x)");
    let fill = |pdf: Pdf| {
        let base = sign(with_note(pdf).write(&Layout::default()));
        append(&base, &[(9, filled.as_bytes())])
    };
    family.add(
        "filled_at_1",
        "takes every form for one that may be filled in",
        fill(certified(1)),
        fill(certified(2)),
    );
    let locking = |name: &str| {
        let mut pdf = scene();
        let lock = format!("<< /Type /SigFieldLock /Action /Include /Fields [({name})] >>");
        pdf.set(FIELD, field(&format!("/Lock {lock}")));
        let reference = format!(
            "/Reference [<< /Type /SigRef /TransformMethod /FieldMDP /TransformParams \
             << /Type /TransformParams /V /1.2 /Action /Include /Fields [({name})] >> >>]"
        );
        pdf.set(VALUE, placeholder(&reference));
        pdf
    };
    family.add(
        "locked_field_filled",
        "does not read locks",
        fill(locking("note")),
        fill(locking("other")),
    );
}

/// Nothing but the level is another one.
fn levels(family: &mut Family) {
    let base = sign(certified(1).write(&Layout::default()));
    let same = append(&base, &[(CATALOG, catalog("/Perms << /DocMDP 8 0 R >>").as_bytes())]);
    family.add(
        "permission_removed",
        "asks the catalog whether the document is certified",
        append(&base, &[(CATALOG, catalog("").as_bytes())]),
        same.clone(),
    );
    let value = String::from_utf8(super::incremental::body(&base)).expect("text");
    let raised = value.replacen(&certifies(1), &certifies(3), 1);
    assert_ne!(raised, value);
    family.add(
        "level_raised",
        "asks the last revision for the level",
        append(&base, &[(VALUE, raised.as_bytes())]),
        append(&base, &[(VALUE, value.as_bytes())]),
    );
    let elsewhere = catalog("/Perms << /UR3 8 0 R >>");
    family.add(
        "usage_rights",
        "takes the signature for one of usage rights, which is none of the document",
        append(&base, &[(CATALOG, elsewhere.as_bytes()), (FORM, form("").as_bytes())]),
        same,
    );
}
