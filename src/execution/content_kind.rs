//! What bytes are that are no PDF, by their content and not by their name (R-DOC-01, R-DOC-05).

use crate::pdf::{self, Source};

/// How much of the beginning and of the end is looked at. The names in a ZIP stand in both.
const LOOKED_AT: u64 = 64 << 10;

/// Signatures of formats: what the bytes begin with, and what that is called.
const BEGINNINGS: [(&[u8], &str); 22] = [
    (b"\x89PNG\r\n\x1A\n", "a PNG image"),
    (b"\xFF\xD8\xFF", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"II*\0", "a TIFF image"),
    (b"MM\0*", "a TIFF image"),
    (b"BM", "a bitmap image"),
    (b"\0\0\x01\0", "an icon"),
    (b"{\\rtf", "a rich text file"),
    (b"%!PS", "a PostScript file"),
    (b"%FDF-", "the data of a form without the form (FDF)"),
    (b"AT&TFORM", "a DjVu document"),
    (b"7z\xBC\xAF\x27\x1C", "a 7z archive"),
    (b"Rar!\x1A\x07", "a RAR archive"),
    (b"\x1F\x8B", "a gzip archive"),
    (b"MZ", "a program"),
    (b"\x7FELF", "a program"),
    (b"-----BEGIN ", "a certificate, key or message in PEM"),
    (b"<?xml", "an XML file"),
    (b"<!doctype html", "a web page"),
    (b"<html", "a web page"),
    (b"<head", "a web page"),
];

/// Names of parts of a ZIP, and what has them.
const PARTS: [(&[u8], &str); 6] = [
    (b"OFD.xml", "an OFD document"),
    (b"word/document", "a word processor's file"),
    (b"xl/workbook", "a spreadsheet"),
    (b"ppt/presentation", "a presentation"),
    (b"application/vnd.oasis.opendocument", "an OpenDocument file"),
    (b"META-INF/MANIFEST.MF", "a program"),
];

/// Streams of a compound file, their names in UTF-16.
const STREAMS: [(&str, &str); 4] = [
    ("WordDocument", "a word processor's file of the old kind"),
    ("Workbook", "a spreadsheet of the old kind"),
    ("PowerPoint Document", "a presentation of the old kind"),
    ("EncryptedPackage", "an office document under a password"),
];

/// What the bytes are called.
///
/// # Errors
///
/// If the source fails.
pub(super) fn content_kind(source: &dyn Source) -> Result<&'static str, pdf::Error> {
    let length = source.len();
    if length == 0 {
        return Ok("an empty file");
    }
    let looked_at = length.min(LOOKED_AT);
    let head = part(source, 0, looked_at)?;
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        let tail = part(source, length - looked_at, looked_at)?;
        let has = |name: &[u8]| [&head, &tail].iter().any(|part| contains(part, name));
        let known = PARTS.iter().find(|(name, _)| has(name));
        return Ok(known.map_or("a ZIP archive", |(_, called)| called));
    }
    if head.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        return Ok(compound(source)?.unwrap_or("an office document of the old kind"));
    }
    if contains(head.get(..16).unwrap_or(&head), b"ftyphei") {
        return Ok("a HEIC image");
    }
    if head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP") {
        return Ok("a WebP image");
    }
    let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&head).trim_ascii_start();
    let begins = |with: &[u8], bytes: &[u8]| {
        bytes.get(..with.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(with))
    };
    // The letters of a signature count as they stand, those of a tag do not.
    let known = BEGINNINGS.iter().find(|(with, _)| match with.first() {
        Some(b'<') => begins(with, text),
        _ => head.starts_with(with),
    });
    Ok(match known {
        Some((_, called)) => called,
        None if is_text(&head) => "a plain text",
        None => "a file of a kind that is not known",
    })
}

/// What a compound file (OLE) holds. Its directory may stand anywhere: the beginning and the end
/// are looked at.
fn compound(source: &dyn Source) -> Result<Option<&'static str>, pdf::Error> {
    let looked_at = source.len().min(LOOKED_AT);
    for start in [0, source.len() - looked_at] {
        let bytes = part(source, start, looked_at)?;
        let known = STREAMS.iter().find(|(name, _)| {
            let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
            contains(&bytes, &wide)
        });
        if let Some((_, called)) = known {
            return Ok(Some(called));
        }
    }
    Ok(None)
}

/// No control characters but those that lay out a text; UTF-16 must say so by its mark.
fn is_text(bytes: &[u8]) -> bool {
    let laid_out = |byte: &u8| *byte >= b' ' || matches!(byte, b'\t' | b'\n' | b'\r' | 0x0C | 0x1B);
    bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") || bytes.iter().all(laid_out)
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    memchr::memmem::find(bytes, part).is_some()
}

fn part(source: &dyn Source, start: u64, length: u64) -> Result<Vec<u8>, pdf::Error> {
    let mut buffer = vec![0; usize::try_from(length).unwrap_or(0)];
    let failed = |error: std::io::Error| pdf::Error::Source { offset: start, kind: error.kind() };
    source.read_at(start, &mut buffer).map_err(failed)?;
    Ok(buffer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(bytes: &[u8]) -> &'static str {
        content_kind(&bytes.to_vec()).unwrap()
    }

    #[test]
    fn r_doc_05_what_hosts_are_handed_is_called_by_its_name() {
        for (bytes, expected) in [
            (&b""[..], "an empty file"),
            (b"\x89PNG\r\n\x1A\n....", "a PNG image"),
            (b"\xFF\xD8\xFF\xE0..JFIF", "a JPEG image"),
            (b"\0\0\0\x18ftypheic\0\0\0\0", "a HEIC image"),
            (b"RIFF\x01\0\0\0WEBPVP8 ", "a WebP image"),
            (b"PK\x03\x04....word/document.xml", "a word processor's file"),
            (b"PK\x03\x04....OFD.xml", "an OFD document"),
            (b"PK\x03\x04....xl/workbook.xml", "a spreadsheet"),
            (b"PK\x03\x04....photo.jpg", "a ZIP archive"),
            (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0", "an office document of the old kind"),
            (b"\xEF\xBB\xBF\n <!DOCTYPE HTML><p>", "a web page"),
            (b"<HTML>", "a web page"),
            (b"{\\rtf1 text}", "a rich text file"),
            ("采购合同\r\n".as_bytes(), "a plain text"),
            (b"\xB2\xC9\xB9\xBA\xBA\xCF\xCD\xAC", "a plain text"),
            (b"\xFF\xFE\x47\x53", "a plain text"),
            (b"\x00\x01\x02", "a file of a kind that is not known"),
            (b"png but text", "a plain text"),
        ] {
            assert_eq!(kind(bytes), expected, "{bytes:?}");
        }
    }

    #[test]
    fn names_at_the_end_of_a_long_archive_and_directory_count() {
        let long = |begin: &[u8], end: &[u8]| [begin, &vec![0; 1 << 20], end].concat();
        let archive = long(b"PK\x03\x04", b"PK\x01\x02word/document.xmlPK\x05\x06");
        assert_eq!(kind(&archive), "a word processor's file");
        let old =
            long(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", b"W\0o\0r\0d\0D\0o\0c\0u\0m\0e\0n\0t\0");
        assert_eq!(kind(&old), "a word processor's file of the old kind");
    }
}
