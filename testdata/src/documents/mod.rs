//! PDFs with one property each, named for it.
//!
//! [`all`] lists them with what a strict reader should make of each; the functions are public so that a
//! test can ask for one by name. Documents too large to be in a list are in [`large`] and [`hostile`].

mod borrowed_font;
mod colour_profile;
mod deviations;
mod encrypted;
mod forms;
pub mod hostile;
pub mod large;
mod layouts;
mod linearized;
mod pages;
mod standards;

pub use borrowed_font::*;
pub use deviations::*;
pub use encrypted::*;
pub use forms::*;
pub use layouts::*;
pub use linearized::*;
pub use pages::*;
pub use standards::*;

use crate::pdf::Pdf;

/// A PDF, its name and what a reader should make of it.
#[derive(Clone)]
pub struct Document {
    /// The name of the function that makes it.
    pub name: &'static str,
    /// The file.
    pub bytes: Vec<u8>,
    /// What a strict reader should say.
    pub expectation: Expectation,
}

/// What a strict reader should make of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expectation {
    /// Sound: opened, signed, judged.
    Strict,
    /// One deviation that leaves one reading only: opened, signed, judged, and named as a finding.
    Tolerated(Deviation),
    /// Anything else that can still be guessed at: never signed and never passed, opened for inspection
    /// at most.
    Repaired,
    /// Opening it, or walking its pages and its form, ends in a typed error.
    Refused,
    /// Sound and encrypted, without a password for its users: opened and judged, and signed if its
    /// permissions let its users.
    Encrypted,
    /// Sound and encrypted, and closed without a password or a key: a typed answer of its own.
    Closed,
}

/// The deviations that leave one reading only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deviation {
    /// Bytes before `%PDF-`, with all offsets counted from the first byte of the file.
    JunkBeforeHeader,
    /// White space between where `startxref` points and `xref`.
    WhiteSpaceBeforeXref,
    /// Table entries of 19 bytes.
    ShortEntries,
    /// Table entries of 20 bytes with an unusual end of line.
    OddLineEnds,
    /// A `/Size` that is not the highest number plus one.
    WrongSize,
    /// A linearization dictionary that does not fit the file any more.
    StaleLinearization,
    /// An object with another generation than its entry, to which nothing refers.
    UnusedGeneration,
    /// Ends of line after `%%EOF`.
    LineEndsAfterEof,
    /// Bytes after `%%EOF` that cannot be read as part of a PDF.
    JunkAfterEof,
}

/// Every document that is small enough to be in a list, about 6 MB together.
pub fn all() -> Vec<Document> {
    [
        layouts::list(),
        linearized::list(),
        deviations::list(),
        pages::list(),
        standards::list(),
        forms::list(),
        encrypted::list(),
        hostile::list(),
    ]
    .concat()
}

/// Names a document after its function.
macro_rules! document {
    ($maker:ident, $expectation:expr) => {
        crate::documents::Document {
            name: stringify!($maker),
            bytes: $maker(),
            expectation: $expectation,
        }
    };
}
use document;

/// Numbers of the objects in a [`plain`] document; page `i` (from 0) is `FIRST_PAGE + 2 i`, its content
/// stream the number after it.
pub const CATALOG: u32 = 1;
pub const PAGES: u32 = 2;
pub const FONT: u32 = 3;
pub const INFO: u32 = 4;
pub const FIRST_PAGE: u32 = 5;

/// A sound document of so many A4 pages with a few lines of Latin text; most others start from it.
pub fn plain(pages: u32) -> Pdf {
    let mut pdf = Pdf::new();
    pdf.set(CATALOG, format!("<< /Type /Catalog /Pages {PAGES} 0 R >>"));
    pdf.set(PAGES, page_tree_root(&(0..pages).map(page_number).collect::<Vec<_>>()));
    pdf.set(FONT, "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>");
    pdf.set(
        INFO,
        "<< /Title (Agreement) /Producer (sealwright-testdata) /CreationDate (D:20260101000000Z) >>",
    );
    for page in 0..pages {
        pdf.set(page_number(page), page_body("", page));
        pdf.set_stream(page_number(page) + 1, "", content(page).as_bytes());
    }
    pdf.trailer(format!("/Root {CATALOG} 0 R /Info {INFO} 0 R {ID}"));
    pdf
}

/// The object number of a page of a [`plain`] document, counted from 0.
pub fn page_number(page: u32) -> u32 {
    FIRST_PAGE + 2 * page
}

/// The `/ID` of every document.
const ID: &str = "/ID [<5EA1000000000000000000000000C0DE> <5EA1000000000000000000000000C0DE>]";

/// A `/Pages` object with these kids.
fn page_tree_root(kids: &[u32]) -> String {
    let kids: Vec<String> = kids.iter().map(|kid| format!("{kid} 0 R")).collect();
    format!("<< /Type /Pages /Count {} /Kids [{}] >>", kids.len(), kids.join(" "))
}

/// The body of a page of a [`plain`] document, with more entries if wanted.
fn page_body(entries: &str, page: u32) -> String {
    format!(
        "<< /Type /Page /Parent {PAGES} 0 R /MediaBox [0 0 595 842] \
         /Resources << /Font << /F1 {FONT} 0 R >> >> /Contents {} 0 R{}{entries} >>",
        page_number(page) + 1,
        if entries.is_empty() { "" } else { " " },
    )
}

/// The content stream of a page, counted from 0.
fn content(page: u32) -> String {
    let mut text = format!(
        "BT /F1 18 Tf 72 760 Td (Agreement, page {}) Tj /F1 11 Tf 0 -40 Td 16 TL\n",
        page + 1
    );
    for clause in 1..=8 {
        text += &format!(
            "({}.{clause} Each party keeps to what is written here and says so in writing.) Tj T*\n",
            page + 1
        );
    }
    text + "ET"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_bytes_reproducible() {
        let (first, second) = (all(), all());
        let mut names: Vec<_> = first.iter().map(|document| document.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), first.len());
        for (first, second) in first.iter().zip(&second) {
            assert!(first.bytes == second.bytes, "{}", first.name);
        }
    }
}
