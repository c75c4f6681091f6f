//! Incremental saving: something is appended, with or without what makes it a revision.

use super::Family;
use super::scene::{CONTENT, LIES, SAYS, VALUE, append, content, find, signed};
use crate::appended::{append_stream_update, last_startxref};

pub fn family() -> Family {
    let mut family = Family::new(
        "incremental",
        "Mladenov et al. (CCS 2019), incremental saving attack; CVE-2018-18688",
    );
    let base = signed();
    let honest = append(&base, &[(CONTENT, &content(SAYS))]);
    let lies = object(LIES);
    let changed = append(&base, &[(CONTENT, &content(LIES))]);
    family.add("content", "looks at the signed bytes only", changed, honest.clone());
    let in_stream = |line| append_stream_update(&base, &[(CONTENT, 0, &content(line)[..])], "");
    family.add(
        "by_stream",
        "knows tables only, and sees nothing appended",
        in_stream(LIES),
        in_stream(SAYS),
    );

    let value = body(&base);
    let copied = |line: &str| append(&base, &[(CONTENT, &content(line)), (VALUE, &value)]);
    family.add(
        "with_signature_copied",
        "finds a signature in the last revision, and takes it for signed",
        copied(LIES),
        copied(SAYS),
    );
    let bare = [&base[..], &lies, b"%%EOF\n"].concat();
    family.add(
        "without_references",
        "rebuilds the file, with the last object of each number",
        bare,
        honest.clone(),
    );
    let table = [&base[..], &lies, b"xref\n4 1\n0000000000 00000 n \n%%EOF\n"].concat();
    family.add(
        "without_trailer",
        "rebuilds the file, and counts no revision",
        table,
        honest.clone(),
    );
    let section = &base[last_startxref(&base) as usize..];
    let copied = [&base[..], &lies, section].concat();
    family.add(
        "old_section_copied",
        "rebuilds the file, or trusts that a known section says nothing new",
        copied,
        honest.clone(),
    );
    let lost = [&base[..], &lies, b"startxref\n7\n%%EOF\n"].concat();
    family.add("lost_startxref", "rebuilds the file to be kind", lost, honest);
    let words = [&base[..], b"and 800.00 yuan more\n"].concat();
    family.add("words_behind", "stops at the last %%EOF", words, [&base[..], b"\n"].concat());
    let archive = [&base[..], b"PK\x05\x06", &[0; 18]].concat();
    family.add(
        "archive_behind",
        "is handed a document, and the next program an archive",
        archive,
        [&base[..], b"\n"].concat(),
    );
    family
}

fn object(line: &str) -> Vec<u8> {
    [format!("{CONTENT} 0 obj\n").as_bytes(), &content(line), b"\nendobj\n"].concat()
}

/// The signature dictionary as it stands.
pub fn body(bytes: &[u8]) -> Vec<u8> {
    let start = find(bytes, b"\n8 0 obj\n") + b"\n8 0 obj\n".len();
    let end = start + find(&bytes[start..], b"\nendobj");
    bytes[start..end].to_vec()
}
