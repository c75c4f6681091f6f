//! The kinds of cross-reference section, and files with a history.

use super::*;
use crate::appended::{append_stream_update, append_table_update};
use crate::pdf::{Layout, Section, stream_body};

pub(super) fn list() -> Vec<Document> {
    use Expectation::Strict;
    vec![
        document!(classic_table, Strict),
        document!(xref_stream, Strict),
        document!(object_streams, Strict),
        document!(hybrid, Strict),
        document!(hybrid_with_later_revision, Strict),
        document!(three_table_revisions, Strict),
        document!(three_stream_revisions, Strict),
        document!(five_hundred_revisions, Strict),
        document!(stream_after_table, Strict),
        document!(freed_and_reused_number, Strict),
    ]
}

/// Three pages with a classic cross-reference table.
pub fn classic_table() -> Vec<u8> {
    plain(3).write(&Layout::default())
}

/// Three pages with a cross-reference stream and no object streams.
pub fn xref_stream() -> Vec<u8> {
    plain(3).write(&Layout::with(Section::Stream))
}

/// Three pages with everything but content in object streams of four objects each.
pub fn object_streams() -> Vec<u8> {
    plain(3).write(&Layout::with(Section::ObjectStreams(4)))
}

/// A table with `/XRefStm`; the outlines are for those who follow it.
pub fn hybrid() -> Vec<u8> {
    hybrid_pdf().0
}

/// [`hybrid`], then a revision that changes a hidden object, with a table and without `/XRefStm`.
pub fn hybrid_with_later_revision() -> Vec<u8> {
    let (base, outlines) = hybrid_pdf();
    let body = b"<< /Type /Outlines /Count 0 >>";
    append_table_update(&base, &[(outlines, 0, body)], "")
}

fn hybrid_pdf() -> (Vec<u8>, u32) {
    let mut pdf = plain(3);
    let outlines = pdf.next_number();
    let item = outlines + 1;
    pdf.add(format!("<< /Type /Outlines /First {item} 0 R /Last {item} 0 R /Count 1 >>"));
    pdf.add(format!(
        "<< /Title (Clauses) /Parent {outlines} 0 R /Dest [{} 0 R /Fit] >>",
        page_number(0)
    ));
    let catalog = format!("<< /Type /Catalog /Pages {PAGES} 0 R /Outlines {outlines} 0 R >>");
    pdf.set(CATALOG, catalog);
    let hidden = Section::Hybrid(vec![outlines, item]);
    (pdf.write(&Layout::with(hidden)), outlines)
}

/// A classic table and two later revisions, each changing the first page's content.
pub fn three_table_revisions() -> Vec<u8> {
    table_revisions(3)
}

/// A cross-reference stream and two later revisions of the same kind.
pub fn three_stream_revisions() -> Vec<u8> {
    stream_revisions(3)
}

/// A file that was saved five hundred times.
pub fn five_hundred_revisions() -> Vec<u8> {
    table_revisions(500)
}

/// [`classic_table`] saved so many times in all, each time with another first page.
pub fn table_revisions(revisions: u32) -> Vec<u8> {
    (1..revisions).fold(classic_table(), |base, revision| {
        append_table_update(&base, &[(page_number(0) + 1, 0, &revised_content(revision))], "")
    })
}

/// [`object_streams`] saved so many times in all, each time with another first page.
pub fn stream_revisions(revisions: u32) -> Vec<u8> {
    (1..revisions).fold(object_streams(), |base, revision| {
        append_stream_update(&base, &[(page_number(0) + 1, 0, &revised_content(revision))], "")
    })
}

/// A table continued by a cross-reference stream, which ISO 32000 allows and some readers dislike.
pub fn stream_after_table() -> Vec<u8> {
    let content = revised_content(1);
    append_stream_update(&classic_table(), &[(page_number(0) + 1, 0, &content)], "")
}

/// An object freed in the second revision whose number comes back in the third, one generation later.
pub fn freed_and_reused_number() -> Vec<u8> {
    let mut pdf = plain(3);
    let spare = pdf.add("(nobody refers to this)");
    let base = pdf.write(&Layout::default());
    let freed = append_table_update(&base, &[(spare, 1, b"")], "");
    append_table_update(&freed, &[(spare, 1, b"(another object with the same number)")], "")
}

fn revised_content(revision: u32) -> Vec<u8> {
    let text = content(0).replace("Agreement", &format!("Agreement, draft {}", revision + 1));
    stream_body("", text.as_bytes())
}
