//! Objects that are two things at once: what may change as the one is shown as the other.

use super::Family;
use super::scene::{
    CATALOG, CONTENT, LIES, PAGE, SAYS, append, catalog, content, cover, page, scene, sign,
    signed_with, text,
};
use crate::pdf::{Layout, stream_body};

pub fn family() -> Family {
    let mut family = Family::new("disguises", "found here, against rules that allow by name");
    let string = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");

    let mut pdf = scene();
    pdf.trailer("/Info 4 0 R");
    let base = sign(pdf.write(&Layout::default()));
    family.add(
        "content_as_information",
        "allows the information dictionary to change, which is a stream here",
        append(&base, &[(CONTENT, &content(LIES))]),
        append(&base, &[(CONTENT, &content(SAYS))]),
    );

    let root = |line: &str| stream_body("/Type /Catalog /Pages 2 0 R /AcroForm 5 0 R", &text(line));
    let shown = page("6 0 R", "").replace("/Contents 4 0 R", "/Contents 1 0 R");
    let base = signed_with(&[(CATALOG, &string(root(SAYS))), (PAGE, &shown)]);
    family.add(
        "content_as_catalog",
        "allows the catalog to change, which is a stream here",
        append(&base, &[(CATALOG, &root(LIES))]),
        append(&base, &[(CATALOG, &root(SAYS))]),
    );

    let measured = "<< /Length 9 0 R >>\nstream\nBT /F 14 Tf 20 150 Td (The price is 100.00 yuan.) Tj ET\nendstream";
    let mut pdf = scene();
    pdf.set(CONTENT, measured);
    pdf.set(9, text(SAYS).len().to_string());
    pdf.trailer("/Info 9 0 R");
    let base = sign(pdf.write(&Layout::default()));
    family.add(
        "length_as_information",
        "allows the information dictionary to change, which is the length of the content here",
        append(&base, &[(9, b"<< /ModDate (D:2027) >>")]),
        append(&base, &[(9, text(SAYS).len().to_string().as_bytes())]),
    );

    let waits = |reference: &str| {
        let paints = string(stream_body("", &[&text(SAYS)[..], b" /X Do"].concat()));
        let shown = page("6 0 R", "")
            .replace("/Font <<", &format!("/XObject << /X {reference} >> /Font <<"));
        signed_with(&[(PAGE, &shown), (CONTENT, &paints)])
    };
    let far = format!("30 0 %{}\n R", "-".repeat(600));
    for (name, careless, reference) in [
        ("waits_for_an_object", "takes a new object for one that nobody uses", "30 0 R"),
        ("waits_with_a_generation", "forgets readers that do not look at generations", "30 5 R"),
        ("waits_glued", "forgets readers that end a number where it cannot go on", "30 0R"),
        ("waits_behind_a_comment", "gives up looking for the number of a reference", &far),
    ] {
        let base = waits(reference);
        let honest = waits("31 0 R");
        let covered = |base: &[u8]| append(base, &[(30, &cover(LIES))]);
        family.add(name, careless, covered(&base), covered(&honest));
    }

    let colour = |first: &str| format!("[/Indexed /DeviceRGB 1 <{first}000000>]");
    let paints = format!("/CRL cs 0 sc 0 140 240 30 re f {}", string(text(LIES)));
    let paints = string(stream_body("", paints.as_bytes()));
    let shown = page("6 0 R", "").replace("/Font <<", "/ColorSpace 30 0 R /Font <<");
    let base = signed_with(&[
        (CATALOG, &catalog("/DSS 29 0 R")),
        (PAGE, &shown),
        (CONTENT, &paints),
        (29, "<< /CRL 31 0 R >>"),
        (30, "<< /CRL 31 0 R >>"),
        (31, &colour("000000")),
    ]);
    family.add(
        "colour_as_validation_data",
        "allows a store of validation data to change, which is a colour here",
        append(&base, &[(31, colour("ffffff").as_bytes())]),
        append(&base, &[(31, colour("000000").as_bytes())]),
    );
    family
}
