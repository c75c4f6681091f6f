//! Documents that keep a standard: PDF/A (ISO 19005), tagged PDF (ISO 32000-2 §14.8).

use super::*;
use crate::font::DEJAVU_SANS;
use crate::pdf::{Layout, Section, deflate};
use ttf_parser::Face;

pub(super) fn list() -> Vec<Document> {
    use Expectation::Strict;
    vec![
        document!(pdf_a_1b, Strict),
        document!(pdf_a_2b, Strict),
        document!(pdf_a_2b_without_output_intent, Strict),
        document!(pdf_a_2a, Strict),
        document!(tagged, Strict),
        document!(tagged_with_parent_tree_of_leaves, Strict),
    ]
}

/// Two pages that conform to PDF/A-1b, with an output intent in RGB.
pub fn pdf_a_1b() -> Vec<u8> {
    archived(1, 'B', true).write(&Layout::default())
}

/// Two pages that conform to PDF/A-2b, with an output intent in RGB, in object streams.
pub fn pdf_a_2b() -> Vec<u8> {
    archived(2, 'B', true).write(&Layout::with(Section::ObjectStreams(4)))
}

/// Two pages that conform to PDF/A-2b: their only colour is a calibrated grey, so that they need no
/// output intent.
pub fn pdf_a_2b_without_output_intent() -> Vec<u8> {
    archived(2, 'B', false).write(&Layout::default())
}

/// Two pages that conform to PDF/A-2a: tagged, with an output intent in RGB.
pub fn pdf_a_2a() -> Vec<u8> {
    let mut pdf = archived(2, 'A', true);
    tag(&mut pdf, Tree::Flat, |page| archived_content(page, true));
    pdf.write(&Layout::default())
}

/// Two pages, tagged: a document element with a paragraph a page, and a flat parent tree.
pub fn tagged() -> Vec<u8> {
    let mut pdf = plain(2);
    tag(&mut pdf, Tree::Flat, content);
    pdf.write(&Layout::default())
}

/// The same with the paragraphs below the root itself, a parent tree with a leaf a page, and
/// without `/ParentTreeNextKey`, in object streams.
pub fn tagged_with_parent_tree_of_leaves() -> Vec<u8> {
    let mut pdf = plain(2);
    tag(&mut pdf, Tree::Leaves, content);
    pdf.write(&Layout::with(Section::ObjectStreams(4)))
}

/// A [`plain`] document that claims a part and a level of PDF/A, and keeps its rules.
pub fn archived(part: u8, level: char, output_intent: bool) -> Pdf {
    let mut pdf = plain(2);
    let face = Face::parse(DEJAVU_SANS, 0).expect("the committed font is sound");
    embed_font(&mut pdf, &face);
    for page in 0..2 {
        let content = archived_content(page, output_intent);
        pdf.set_stream(page_number(page) + 1, "", content.as_bytes());
    }
    if output_intent {
        let profile = colour_profile::srgb();
        let profile =
            pdf.add_stream("/N 3 /Alternate /DeviceRGB /Filter /FlateDecode", &deflate(&profile));
        pdf.append_entry(
            CATALOG,
            &format!(
                "/OutputIntents [<< /Type /OutputIntent /S /GTS_PDFA1 \
                 /OutputConditionIdentifier (sRGB) /Info (sRGB) /DestOutputProfile {profile} 0 R >>]"
            ),
        );
    } else {
        for page in 0..2 {
            let grey = "/ColorSpace << /Grey [/CalGray << /WhitePoint [0.9505 1 1.089] >>] >>";
            let body = page_body("", page).replace("/Font <<", &format!("{grey} /Font <<"));
            pdf.set(page_number(page), body);
        }
    }
    let metadata =
        pdf.add_stream("/Type /Metadata /Subtype /XML", metadata(part, level).as_bytes());
    pdf.append_entry(CATALOG, &format!("/Metadata {metadata} 0 R"));
    pdf
}

/// What a page of a plain document says, in the embedded font.
fn archived_content(page: u32, output_intent: bool) -> String {
    let face = Face::parse(DEJAVU_SANS, 0).expect("the committed font is sound");
    let mut out = String::from(if output_intent { "" } else { "/Grey cs 0 sc " });
    for part in content(page).split_inclusive(&['(', ')']) {
        match part.strip_suffix(')') {
            Some(text) => out += &format!("{}>", codes(&face, text)),
            None => out += &part.replace('(', "<"),
        }
    }
    out
}

/// Puts [`DEJAVU_SANS`] in the place of the font that readers have of their own.
fn embed_font(pdf: &mut Pdf, face: &Face<'_>) {
    let glyphs = face.number_of_glyphs();
    let units = i32::from(face.units_per_em());
    let scaled = |value: i32| value * 1000 / units;
    let program = pdf.add_stream(
        &format!("/Length1 {} /Filter /FlateDecode", DEJAVU_SANS.len()),
        &deflate(DEJAVU_SANS),
    );
    let mut set = vec![0xFF; usize::from(glyphs / 8)];
    set.push(!(0xFF_u8.checked_shr(u32::from(glyphs % 8)).unwrap_or(0)));
    let set = pdf.add_stream("", &set);
    let bounds = face.global_bounding_box();
    let bounds = [bounds.x_min, bounds.y_min, bounds.x_max, bounds.y_max];
    let bounds = bounds.map(|side| scaled(side.into()).to_string()).join(" ");
    let descriptor = pdf.add(format!(
        "<< /Type /FontDescriptor /FontName /SEALWR+DejaVuSans /Flags 4 /FontBBox [{bounds}] \
         /ItalicAngle 0 /Ascent {} /Descent {} /CapHeight 729 /StemV 90 /FontFile2 {program} 0 R \
         /CIDSet {set} 0 R >>",
        scaled(face.ascender().into()),
        scaled(face.descender().into()),
    ));
    let widths: Vec<String> = (0..glyphs)
        .map(|glyph| face.glyph_hor_advance(ttf_parser::GlyphId(glyph)).unwrap_or(0))
        .map(|width| scaled(width.into()).to_string())
        .collect();
    let descendant = pdf.add(format!(
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /SEALWR+DejaVuSans /CIDToGIDMap /Identity \
         /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> \
         /FontDescriptor {descriptor} 0 R /W [0 [{}]] >>",
        widths.join(" ")
    ));
    let used: String = (' '..='~')
        .map(|it| format!("<{}> <{:04X}>\n", codes(face, &it.to_string()), u32::from(it)))
        .collect();
    let map = format!(
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n\
         /CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n\
         /CMapName /Adobe-Identity-UCS def /CMapType 2 def\n\
         1 begincodespacerange <0000> <FFFF> endcodespacerange\n\
         95 beginbfchar\n{used}endbfchar\n\
         endcmap CMapName currentdict /CMap defineresource pop end end"
    );
    let map = pdf.add_stream("", map.as_bytes());
    pdf.set(
        FONT,
        format!(
            "<< /Type /Font /Subtype /Type0 /BaseFont /SEALWR+DejaVuSans /Encoding /Identity-H \
             /DescendantFonts [{descendant} 0 R] /ToUnicode {map} 0 R >>"
        ),
    );
}

/// A text as hexadecimal glyph numbers.
fn codes(face: &Face<'_>, text: &str) -> String {
    text.chars().map(|it| format!("{:04X}", crate::font::glyph(face, it).0)).collect()
}

/// XMP that says the same as the information dictionary.
fn metadata(part: u8, level: char) -> String {
    format!(
        "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n\
         <x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\
         <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\
         <rdf:Description rdf:about=\"\" xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\">\
         <pdfaid:part>{part}</pdfaid:part><pdfaid:conformance>{level}</pdfaid:conformance>\
         </rdf:Description>\
         <rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\
         <dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">Agreement</rdf:li></rdf:Alt></dc:title>\
         </rdf:Description>\
         <rdf:Description rdf:about=\"\" xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\">\
         <pdf:Producer>sealwright-testdata</pdf:Producer></rdf:Description>\
         <rdf:Description rdf:about=\"\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\">\
         <xmp:CreateDate>2026-01-01T00:00:00Z</xmp:CreateDate></rdf:Description>\
         </rdf:RDF></x:xmpmeta>\n<?xpacket end=\"w\"?>"
    )
}

/// How the structure of a document is written down.
#[derive(Clone, Copy, PartialEq)]
enum Tree {
    /// One document element below the root; all entries of the parent tree in one array.
    Flat,
    /// No document element; the parent tree has a leaf a page, and nobody says what key is next.
    Leaves,
}

/// Tags a document of two pages: each page is a paragraph.
fn tag(pdf: &mut Pdf, tree: Tree, content: impl Fn(u32) -> String) {
    let root = pdf.next_number();
    let (document, paragraphs, lists) = (root + 1, [root + 2, root + 3], [root + 4, root + 5]);
    let (kids, parent) = match tree {
        Tree::Flat => (format!("{document} 0 R"), document),
        Tree::Leaves => (format!("[{} 0 R {} 0 R]", paragraphs[0], paragraphs[1]), root),
    };
    let entry = |page: usize| format!("{page} {} 0 R", lists[page]);
    let (parents, next) = match tree {
        Tree::Flat => (format!("<< /Nums [{} {}] >>", entry(0), entry(1)), " /ParentTreeNextKey 2"),
        Tree::Leaves => (format!("<< /Kids [{} 0 R {} 0 R] >>", root + 6, root + 7), ""),
    };
    pdf.set(root, format!("<< /Type /StructTreeRoot /K {kids} /ParentTree {parents}{next} >>"));
    pdf.set(
        document,
        format!(
            "<< /Type /StructElem /S /Document /P {root} 0 R /K [{} 0 R {} 0 R] >>",
            paragraphs[0], paragraphs[1]
        ),
    );
    for page in 0..2_u32 {
        let index = page as usize;
        let number = page_number(page);
        pdf.set(
            paragraphs[index],
            format!("<< /Type /StructElem /S /P /P {parent} 0 R /Pg {number} 0 R /K 0 >>"),
        );
        pdf.set(lists[index], format!("[{} 0 R]", paragraphs[index]));
        if tree == Tree::Leaves {
            let leaf = format!("<< /Limits [{page} {page}] /Nums [{}] >>", entry(index));
            pdf.set(root + 6 + page, leaf);
        }
        pdf.append_entry(number, &format!("/StructParents {page}"));
        let marked = format!("/P << /MCID 0 >> BDC\n{}\nEMC", content(page));
        pdf.set_stream(number + 1, "", marked.as_bytes());
    }
    pdf.append_entry(
        CATALOG,
        &format!("/StructTreeRoot {root} 0 R /MarkInfo << /Marked true >> /Lang (en-GB)"),
    );
}
