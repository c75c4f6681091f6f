//! Documents whose words are to be found: the fonts that Chinese contracts come with, and pages of
//! every shape.
//!
//! ```
//! use sealwright_testdata::texts::{Texts, composite, show, utf16};
//! let mut texts = Texts::new();
//! texts.font("F1", &composite("UniGB-UTF16-H", "GB1", ""));
//! texts.page("/MediaBox [0 0 595 842]", &show("F1", 16, (72, 700), &utf16("甲方（盖章）")));
//! assert!(texts.write().starts_with(b"%PDF-1.7"));
//! ```

use crate::font;
use crate::pdf::{Layout, Pdf};

/// A4, upright, nothing shifted.
pub const A4: &str = "/MediaBox [0 0 595 842]";

/// A document of pages that share their fonts.
pub struct Texts {
    pdf: Pdf,
    fonts: String,
    others: String,
    pages: Vec<u32>,
}

const CATALOG: u32 = 1;
const PAGES: u32 = 2;

impl Default for Texts {
    fn default() -> Self {
        Self::new()
    }
}

impl Texts {
    /// No pages, no fonts.
    pub fn new() -> Self {
        let mut pdf = Pdf::new();
        pdf.set(CATALOG, format!("<< /Type /Catalog /Pages {PAGES} 0 R >>"));
        pdf.set(PAGES, "<< >>");
        Self { pdf, fonts: String::new(), others: String::new(), pages: Vec::new() }
    }

    /// A font of all pages added later, by the name its content uses.
    pub fn font(&mut self, name: &str, dictionary: &str) {
        let number = self.pdf.add(dictionary);
        self.fonts += &format!("/{name} {number} 0 R ");
    }

    /// A further category of resources, such as `/XObject << … >>`.
    pub fn resources(&mut self, entries: &str) {
        self.others += entries;
    }

    /// An entry of the catalog.
    pub fn catalog(&mut self, entry: &str) {
        self.pdf.append_entry(CATALOG, entry);
    }

    /// An object, such as a group of optional content.
    pub fn object(&mut self, body: &str) -> u32 {
        self.pdf.add(body)
    }

    /// A stream, such as a form, a `/ToUnicode` map or a font program.
    pub fn stream(&mut self, entries: &str, data: &[u8]) -> u32 {
        self.pdf.add_stream(entries, data)
    }

    /// A page with these boxes and entries, and this content.
    pub fn page(&mut self, entries: &str, content: &str) {
        let content = self.pdf.add_stream("", content.as_bytes());
        let page = self.pdf.add(format!(
            "<< /Type /Page /Parent {PAGES} 0 R {entries} /Contents {content} 0 R \
             /Resources << /Font << {} >> {} >> >>",
            self.fonts, self.others
        ));
        self.pages.push(page);
    }

    /// The file.
    pub fn write(mut self) -> Vec<u8> {
        let kids: String = self.pages.iter().map(|page| format!("{page} 0 R ")).collect();
        let count = self.pages.len();
        self.pdf.set(PAGES, format!("<< /Type /Pages /Kids [{kids}] /Count {count} >>"));
        self.pdf.trailer(format!("/Root {CATALOG} 0 R"));
        self.pdf.write(&Layout::default())
    }
}

/// A composite font by the name of its CMap and the ordering of its collection. `more` goes into the
/// descriptor: a font program, or nothing.
pub fn composite(cmap: &str, ordering: &str, more: &str) -> String {
    format!(
        "<< /Type /Font /Subtype /Type0 /BaseFont /SimSun /Encoding /{cmap} /DescendantFonts [ \
         << /Type /Font /Subtype /CIDFontType2 /BaseFont /SimSun /DW 1000 /CIDSystemInfo \
         << /Registry (Adobe) /Ordering ({ordering}) /Supplement 2 >> /FontDescriptor \
         << /Type /FontDescriptor /FontName /SimSun /Flags 4 /Ascent 880 /Descent -120 {more} >> \
         >> ] >>"
    )
}

/// [`composite`] of `Identity-H` with a `/ToUnicode` stream of this number.
pub fn with_to_unicode(map: u32) -> String {
    let font = composite("Identity-H", "Identity", "");
    format!("{} /ToUnicode {map} 0 R >>", font.trim_end_matches(">>").trim_end())
}

/// A standard font with its usual encoding.
pub fn helvetica() -> String {
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".into()
}

/// Shows codes with a font of this size, from a point of user space.
pub fn show(font: &str, size: u32, (x, y): (i32, i32), codes: &[u8]) -> String {
    format!("BT /{font} {size} Tf {x} {y} Td {} Tj ET\n", hexadecimal(codes))
}

/// `<…>`
pub fn hexadecimal(codes: &[u8]) -> String {
    format!("<{}>", codes.iter().map(|byte| format!("{byte:02X}")).collect::<String>())
}

/// The codes of `UniGB-UCS2-H` and `UniGB-UTF16-H`.
pub fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

/// The codes of `GBK-EUC-H` and its relatives, of the characters that tests use.
pub fn gbk(text: &str) -> Vec<u8> {
    text.chars().flat_map(gbk_code).copied().collect()
}

fn gbk_code(character: char) -> &'static [u8] {
    match character {
        '甲' => b"\xBC\xD7",
        '乙' => b"\xD2\xD2",
        '方' => b"\xB7\xBD",
        '（' => b"\xA3\xA8",
        '）' => b"\xA3\xA9",
        '盖' => b"\xB8\xC7",
        '章' => b"\xD5\xC2",
        '：' => b"\xA3\xBA",
        '㐀' => b"\x81\x39\xEE\x39",
        'A' => b"A",
        other => panic!("no code for {other:?}"),
    }
}

/// A `/ToUnicode` map of two-byte codes.
pub fn to_unicode(map: &[(u16, &str)]) -> Vec<u8> {
    let entries: String = map
        .iter()
        .map(|(code, text)| format!("<{code:04X}> {}\n", hexadecimal(&utf16(text))))
        .collect();
    format!(
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Own def \
         /CMapType 2 def 1 begincodespacerange <0000> <FFFF> endcodespacerange\n{} beginbfchar\n\
         {entries}endbfchar endcmap CMapName currentdict /CMap defineresource pop end end",
        map.len()
    )
    .into_bytes()
}

/// The glyph numbers of the committed font, as codes of `Identity-H`.
pub fn glyph_codes(text: &str) -> Vec<u8> {
    let face = font::face();
    text.chars().flat_map(|character| font::glyph(&face, character).0.to_be_bytes()).collect()
}
