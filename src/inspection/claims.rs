//! What a PDF says of itself: that it is PDF/A (ISO 19005), for which colours it was made, that it
//! is tagged. Nothing here checks whether it is true.

use crate::pdf::{Dictionary, Error, Object, Revision};

/// What a document claims.
///
/// ```
/// use sealwright::inspection::claims;
/// use sealwright::limits::Limits;
/// use sealwright::pdf::File;
/// let bytes = sealwright_testdata::documents::classic_table();
/// let file = File::open(&bytes, Limits::default())?;
/// assert_eq!(claims(&file.latest())?.pdf_a, None);
/// # Ok::<(), sealwright::pdf::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Claims {
    /// The part of ISO 19005 that it claims to conform to, from its XMP metadata.
    pub pdf_a: Option<PdfA>,
    /// The colours of the output intent that PDF/A prints with; `None` without one.
    pub output_intent: Option<IntentColour>,
    /// Whether it says that its content is tagged (`/MarkInfo`, ISO 32000-2 §14.7.1) and has a
    /// structure tree.
    pub tagged: bool,
}

/// A claim to be PDF/A.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PdfA {
    /// The part: 1 to 4.
    pub part: u8,
    /// The level: `A`, `B`, `U`, `E` or `F`; part 4 has none but the last two.
    pub conformance: Option<char>,
}

/// The colours of an output intent's profile, by its number of components.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntentColour {
    /// One component.
    Gray,
    /// Three.
    Rgb,
    /// Four.
    Cmyk,
    /// There is no profile, or one of another number.
    Unknown,
}

/// Reads what a document claims.
///
/// # Errors
///
/// If the catalog, or what it refers to, cannot be read. Metadata that cannot be decoded claims
/// nothing.
pub fn claims(revision: &Revision<'_>) -> Result<Claims, Error> {
    let catalog = revision.catalog()?;
    Ok(Claims {
        pdf_a: metadata(revision, &catalog)?.as_deref().and_then(pdf_a),
        output_intent: output_intent(revision, &catalog)?,
        tagged: is_tagged(revision, &catalog)?,
    })
}

/// The text of `/Metadata` (ISO 32000-2 §14.3.2).
fn metadata(revision: &Revision<'_>, catalog: &Dictionary) -> Result<Option<String>, Error> {
    let Some(id) = catalog.reference(b"Metadata") else { return Ok(None) };
    let Some(found) = revision.get(id)? else { return Ok(None) };
    let Object::Stream(stream) = &found.object.value else { return Ok(None) };
    Ok(revision.decoded(id, stream).ok().map(|bytes| text(&bytes)))
}

/// XMP is UTF-8, or UTF-16 with a byte order mark (ISO 16684-1 §7.3.2).
fn text(bytes: &[u8]) -> String {
    let units = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes.as_chunks::<2>().0.iter().map(|pair| unit(*pair)).collect();
        String::from_utf16_lossy(&units)
    };
    match bytes {
        [0xFE, 0xFF, rest @ ..] => units(rest, u16::from_be_bytes),
        [0xFF, 0xFE, rest @ ..] => units(rest, u16::from_le_bytes),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// The claim in XMP, as attribute or as element; the prefix is the one that ISO 19005 prescribes.
fn pdf_a(xmp: &str) -> Option<PdfA> {
    let part = value(xmp, "pdfaid:part")?.to_digit(10).and_then(|part| u8::try_from(part).ok())?;
    let conformance = value(xmp, "pdfaid:conformance");
    let conformance = conformance.map(|level| level.to_ascii_uppercase());
    Some(PdfA { part, conformance: conformance.filter(char::is_ascii_uppercase) })
}

/// The first character of a property's value.
fn value(xmp: &str, property: &str) -> Option<char> {
    let (_, rest) = xmp.split_once(property)?;
    let between = |c: char| c.is_whitespace() || matches!(c, '=' | '"' | '\'' | '>');
    rest.trim_start_matches(between).chars().next()
}

/// The intent that PDF/A looks at (ISO 19005-1 §6.2.2).
fn output_intent(
    revision: &Revision<'_>,
    catalog: &Dictionary,
) -> Result<Option<IntentColour>, Error> {
    let Some(intents) = revision.lookup(catalog, b"OutputIntents")? else { return Ok(None) };
    for intent in intents.as_array().unwrap_or(&[]) {
        let intent = revision.resolve(&intent.value)?;
        let Some(intent) = intent.as_dictionary() else { continue };
        if intent.name(b"S") != Some(b"GTS_PDFA1") {
            continue;
        }
        let profile = revision.lookup(intent, b"DestOutputProfile")?;
        let profile = profile.as_deref().and_then(Object::as_stream);
        let components = profile.and_then(|profile| profile.dictionary.integer(b"N"));
        return Ok(Some(match components {
            Some(1) => IntentColour::Gray,
            Some(3) => IntentColour::Rgb,
            Some(4) => IntentColour::Cmyk,
            _ => IntentColour::Unknown,
        }));
    }
    Ok(None)
}

fn is_tagged(revision: &Revision<'_>, catalog: &Dictionary) -> Result<bool, Error> {
    let Some(mark_info) = revision.lookup(catalog, b"MarkInfo")? else { return Ok(false) };
    let marked = mark_info.as_dictionary().and_then(|info| info.get(b"Marked"));
    let marked = marked.and_then(Object::as_boolean).unwrap_or(false);
    Ok(marked && revision.lookup(catalog, b"StructTreeRoot")?.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;
    use crate::pdf::File;
    use sealwright_testdata::documents;
    use sealwright_testdata::pdf::Layout;

    fn of(entries: &str, xmp: &[u8]) -> Claims {
        let mut pdf = documents::plain(1);
        pdf.set_stream(50, "/Type /Metadata /Subtype /XML", xmp);
        pdf.set_stream(51, "/N 3", b"profile");
        pdf.append_entry(documents::CATALOG, entries);
        let bytes = pdf.write(&Layout::default());
        let file = File::open(&bytes, Limits::default()).unwrap();
        claims(&file.latest()).unwrap()
    }

    #[test]
    fn a_claim_is_read_as_attribute_and_as_element() {
        let xmp = "<rdf:Description pdfaid:part=\"2\" pdfaid:conformance='b'/>";
        let with = |xmp: &[u8]| of("/Metadata 50 0 R", xmp).pdf_a;
        assert_eq!(with(xmp.as_bytes()), Some(PdfA { part: 2, conformance: Some('B') }));
        let wide: Vec<u8> = xmp.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let wide = [&[0xFE, 0xFF], wide.as_slice()].concat();
        assert_eq!(with(&wide), Some(PdfA { part: 2, conformance: Some('B') }));
        let element = b"<pdfaid:part>1</pdfaid:part> <pdfaid:conformance>A</pdfaid:conformance>";
        assert_eq!(with(element), Some(PdfA { part: 1, conformance: Some('A') }));
        assert_eq!(with(b"<pdfaid:part> 4 </pdfaid:part>").unwrap().conformance, None);
        for none in ["", "<x/>", "pdfaid:part", "<pdfaid:part></pdfaid:part>"] {
            assert_eq!(with(none.as_bytes()), None, "{none}");
        }
        assert_eq!(of("", xmp.as_bytes()).pdf_a, None, "nobody refers to it");
    }

    #[test]
    fn the_intent_for_pdf_a_counts_and_no_other() {
        let colour = |intents: &str| of(&format!("/OutputIntents {intents}"), b"").output_intent;
        let rgb = "[<< /S /GTS_PDFX >> << /S /GTS_PDFA1 /DestOutputProfile 51 0 R >>]";
        assert_eq!(colour(rgb), Some(IntentColour::Rgb));
        assert_eq!(colour("[<< /S /GTS_PDFA1 >>]"), Some(IntentColour::Unknown));
        assert_eq!(colour("[<< /S /GTS_PDFX /DestOutputProfile 51 0 R >>]"), None);
    }

    #[test]
    fn tagged_is_what_says_so_and_has_a_tree() {
        assert!(of("/MarkInfo << /Marked true >> /StructTreeRoot << >>", b"").tagged);
        assert!(!of("/MarkInfo << /Marked true >>", b"").tagged);
        assert!(!of("/MarkInfo << /Marked false >> /StructTreeRoot << >>", b"").tagged);
    }
}
