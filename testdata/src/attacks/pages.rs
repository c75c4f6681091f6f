//! The pages themselves: another order, more, fewer, turned, cut, covered.

use super::Family;
use super::scene::{
    CATALOG, LIES, PAGE, PAGES, append, catalog, content, cover, page, signed_with,
};

pub fn family() -> Family {
    let mut family = Family::new(
        "pages",
        "DSS added and removed pages; Mainka et al. (S&P 2021), evil annotation",
    );
    let lies = String::from_utf8(content(LIES)).expect("text");
    let other = page("", "").replace("/Contents 4 0 R", "/Contents 10 0 R");
    let tree = |kids: &str, count: u32| format!("<< /Type /Pages /Kids [{kids}] /Count {count} >>");
    let two = tree("3 0 R 9 0 R", 2);
    let base = signed_with(&[(PAGES, &two), (9, &other), (10, &lies)]);
    let same = append(&base, &[(PAGES, two.as_bytes()), (PAGE, page("6 0 R", "").as_bytes())]);
    let trees = |kids: &str, count| append(&base, &[(PAGES, tree(kids, count).as_bytes())]);
    let pages = |body: String| append(&base, &[(PAGE, body.as_bytes())]);
    let seal = |entries: &str| page("6 0 R", entries);
    let annotation = |kind: &str| {
        let body = format!(
            "<< /Type /Annot /Subtype /{kind} /Rect [0 140 240 170] /F 4 /Contents (x) /AP << /N 12 0 R >> >>"
        );
        let shown = page("6 0 R 11 0 R", "");
        append(&base, &[(PAGE, shown.as_bytes()), (11, body.as_bytes()), (12, &cover(LIES))])
    };
    let over = page("6 0 R", "").replace("/Contents 4 0 R", "/Contents [4 0 R 11 0 R]");
    let covered = append(&base, &[(PAGE, over.as_bytes()), (11, &content(LIES))]);
    for (name, careless, attack) in [
        ("reordered", "finds every page unchanged", trees("9 0 R 3 0 R", 2)),
        ("removed", "finds every page that is left unchanged", trees("3 0 R", 1)),
        ("shown_twice", "finds no page that was not signed", trees("3 0 R 9 0 R 3 0 R", 3)),
        ("turned", "takes the rotation for a matter of display", pages(seal("/Rotate 180"))),
        ("cut", "takes a box for a matter of display", pages(seal("/CropBox [0 0 240 140]"))),
        ("enlarged", "takes a unit for a matter of display", pages(seal("/UserUnit 0.1"))),
        (
            "acting",
            "does not look for actions",
            pages(seal("/AA << /O << /S /JavaScript /JS (x) >> >>")),
        ),
        ("content_added", "finds the signed content where it was", covered),
        ("free_text", "allows annotations, which are no content", annotation("FreeText")),
        ("stamp", "allows annotations, which are no content", annotation("Stamp")),
        ("redaction", "allows annotations, which are no content", annotation("Redact")),
    ] {
        family.add(name, careless, attack, same.clone());
    }
    let inherited = tree("3 0 R 9 0 R", 2).replace("/Count", "/Rotate 180 /Count");
    family.add(
        "turned_from_above",
        "looks at the page and not at what it inherits",
        append(&base, &[(PAGES, inherited.as_bytes())]),
        same.clone(),
    );
    let opening = catalog("/OpenAction << /S /JavaScript /JS (x) >>");
    family.add(
        "acting_when_opened",
        "does not look for actions",
        append(&base, &[(CATALOG, opening.as_bytes())]),
        append(&base, &[(CATALOG, catalog("").as_bytes())]),
    );
    family
}
