//! Page trees of every shape, and pages that are turned, cropped or scaled.

use super::*;
use crate::pdf::{Layout, Section};

pub(super) fn list() -> Vec<Document> {
    use Expectation::{Refused, Strict};
    vec![
        document!(inherited_attributes, Strict),
        document!(rotated_pages, Strict),
        document!(rotated_pages_with_user_unit, Strict),
        document!(unusual_boxes_and_rotations, Strict),
        document!(deep_page_tree, Strict),
        document!(twenty_thousand_pages_balanced, Strict),
        document!(twenty_thousand_pages_flat, Strict),
        document!(page_tree_too_deep, Refused),
        document!(page_tree_with_cycle, Refused),
        document!(page_tree_that_is_its_own_kid, Refused),
    ]
}

/// Boxes, rotation and resources on the parents only; the second half has a crop box of its own.
pub fn inherited_attributes() -> Vec<u8> {
    let mut pdf = plain(4);
    let halves = [pdf.next_number(), pdf.next_number() + 1];
    pdf.set(
        PAGES,
        format!(
            "<< /Type /Pages /Count 4 /Kids [{} 0 R {} 0 R] /MediaBox [0 0 700 900] \
             /CropBox [10 20 605 862] /Rotate 90 /Resources << /Font << /F1 {FONT} 0 R >> >> >>",
            halves[0], halves[1]
        ),
    );
    for (half, own) in halves.into_iter().zip(["", " /CropBox [0 0 595 842] /Rotate 270"]) {
        let first = (half - halves[0]) * 2;
        let kids = [page_number(first), page_number(first + 1)];
        pdf.set(
            half,
            format!(
                "<< /Type /Pages /Parent {PAGES} 0 R /Count 2 /Kids [{} 0 R {} 0 R]{own} >>",
                kids[0], kids[1]
            ),
        );
        for kid in kids {
            let content = kid + 1;
            pdf.set(kid, format!("<< /Type /Page /Parent {half} 0 R /Contents {content} 0 R >>"));
        }
    }
    pdf.write(&Layout::default())
}

/// Eight pages: `/Rotate` 0, 90, 180, 270 with the crop box [0 0 595 842], then with
/// [10 20 605 862].
pub fn rotated_pages() -> Vec<u8> {
    rotated("")
}

/// [`rotated_pages`] with user units of 1/36 inch.
pub fn rotated_pages_with_user_unit() -> Vec<u8> {
    rotated(" /UserUnit 2")
}

fn rotated(entries: &str) -> Vec<u8> {
    let mut pdf = plain(8);
    for page in 0..8 {
        let crop_box = if page < 4 { "0 0 595 842" } else { "10 20 605 862" };
        let entries = format!("/CropBox [{crop_box}] /Rotate {}{entries}", page % 4 * 90);
        let body = page_body(&entries, page).replace("[0 0 595 842] /Res", "[0 0 700 900] /Res");
        pdf.set(page_number(page), body);
    }
    pdf.write(&Layout::default())
}

/// Negative and repeated rotations, swapped corners, a crop box larger than the media box, real
/// numbers, boxes and rotation by reference.
pub fn unusual_boxes_and_rotations() -> Vec<u8> {
    let mut pdf = plain(6);
    let crop_box = pdf.add("[20.5 30.25 500.75 700]");
    let rotation = pdf.add("90");
    let pages = [
        "/Rotate -90".to_owned(),
        "/Rotate 450".to_owned(),
        "/CropBox [500 700 20 30]".to_owned(),
        "/CropBox [-100 -100 2000 2000]".to_owned(),
        format!("/CropBox {crop_box} 0 R /Rotate {rotation} 0 R"),
        "/CropBox [.5 -.0 595. 842]".to_owned(),
    ];
    for (page, entries) in (0..).zip(&pages) {
        pdf.set(page_number(page), page_body(entries, page));
    }
    pdf.write(&Layout::default())
}

/// One page below forty nested nodes.
pub fn deep_page_tree() -> Vec<u8> {
    nested_page_tree(40)
}

/// One page below five thousand nested nodes.
pub fn page_tree_too_deep() -> Vec<u8> {
    nested_page_tree(5_000)
}

/// One page below so many nested nodes, the root included.
pub fn nested_page_tree(depth: u32) -> Vec<u8> {
    let mut pdf = plain(1);
    let page = page_number(0);
    let nodes: Vec<u32> =
        std::iter::once(PAGES).chain(pdf.next_number()..).take(depth as usize).collect();
    let mut parent = String::new();
    for (level, &node) in nodes.iter().enumerate() {
        let kid = nodes.get(level + 1).unwrap_or(&page);
        pdf.set(node, format!("<< /Type /Pages{parent} /Count 1 /Kids [{kid} 0 R] >>"));
        parent = format!(" /Parent {node} 0 R");
    }
    let root = format!(" /Parent {PAGES} 0 R");
    pdf.set(page, page_body("", 0).replace(&root, &parent));
    pdf.write(&Layout::default())
}

/// Twenty thousand pages, at most fifty kids a node, with a classic table.
pub fn twenty_thousand_pages_balanced() -> Vec<u8> {
    balanced_page_tree(20_000, Section::Table)
}

/// Twenty thousand pages in one `/Kids`, with a cross-reference stream and object streams.
pub fn twenty_thousand_pages_flat() -> Vec<u8> {
    flat_page_tree(20_000, Section::ObjectStreams(100))
}

/// So many pages, at most fifty kids a node; the pages share their content.
pub fn balanced_page_tree(pages: u32, section: Section) -> Vec<u8> {
    const KIDS: usize = 50;
    let mut pdf = plain(1);
    let content = page_number(0) + 1;
    let mut level: Vec<(u32, usize)> = (0..pages).map(|_| (pdf.add(""), 1)).collect();
    let leaves = level.len();
    let mut parents = Vec::new();
    while level.len() > KIDS {
        level = level
            .chunks(KIDS)
            .map(|kids| {
                let node = pdf.add("");
                parents.extend(kids.iter().map(|&(kid, _)| (kid, node)));
                (node, write_node(&mut pdf, node, kids))
            })
            .collect();
    }
    write_node(&mut pdf, PAGES, &level);
    parents.extend(level.iter().map(|&(kid, _)| (kid, PAGES)));
    for (position, (kid, parent)) in parents.into_iter().enumerate() {
        if position < leaves {
            pdf.set(kid, shared_page(parent, content));
        } else {
            pdf.append_entry(kid, &format!("/Parent {parent} 0 R"));
        }
    }
    pdf.set(page_number(0), "null");
    pdf.write(&Layout::with(section))
}

/// Writes a node of the page tree and says how many pages are below it.
fn write_node(pdf: &mut Pdf, node: u32, kids: &[(u32, usize)]) -> usize {
    let count = kids.iter().map(|(_, count)| count).sum();
    let kids: Vec<String> = kids.iter().map(|(kid, _)| format!("{kid} 0 R")).collect();
    pdf.set(node, format!("<< /Type /Pages /Count {count} /Kids [{}] >>", kids.join(" ")));
    count
}

/// So many pages in one `/Kids`; the pages share their content.
pub fn flat_page_tree(pages: u32, section: Section) -> Vec<u8> {
    let mut pdf = plain(1);
    let content = page_number(0) + 1;
    let kids: Vec<u32> = (0..pages).map(|_| pdf.add(shared_page(PAGES, content))).collect();
    pdf.set(PAGES, page_tree_root(&kids));
    pdf.set(page_number(0), "null");
    pdf.write(&Layout::with(section))
}

fn shared_page(parent: u32, content: u32) -> String {
    format!(
        "<< /Type /Page /Parent {parent} 0 R /MediaBox [0 0 595 842] \
         /Resources << /Font << /F1 {FONT} 0 R >> >> /Contents {content} 0 R >>"
    )
}

/// Two nodes that are each other's kids, beside a page.
pub fn page_tree_with_cycle() -> Vec<u8> {
    let mut pdf = plain(1);
    let page = page_number(0);
    let [first, second] = [pdf.next_number(), pdf.next_number() + 1];
    pdf.set(PAGES, format!("<< /Type /Pages /Count 3 /Kids [{page} 0 R {first} 0 R] >>"));
    pdf.set(first, format!("<< /Type /Pages /Parent {PAGES} 0 R /Count 2 /Kids [{second} 0 R] >>"));
    pdf.set(second, format!("<< /Type /Pages /Parent {first} 0 R /Count 2 /Kids [{first} 0 R] >>"));
    pdf.write(&Layout::default())
}

/// A root whose only kid is itself.
pub fn page_tree_that_is_its_own_kid() -> Vec<u8> {
    let mut pdf = plain(1);
    pdf.set(PAGES, format!("<< /Type /Pages /Count 1 /Kids [{PAGES} 0 R] >>"));
    pdf.write(&Layout::default())
}
