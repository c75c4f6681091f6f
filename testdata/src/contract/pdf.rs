//! From lines on pages to a PDF with the font embedded and every character searchable.

use std::collections::BTreeMap;

use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, TextRenderingMode, UnicodeCmap};
use pdf_writer::{Content, Date, Filter, Finish, Name, Pdf, Rect, Ref, Str, TextStr};
use subsetter::GlyphRemapper;
use ttf_parser::{RawFace, Tag};

use super::layout::{PAGE_HEIGHT, PAGE_WIDTH, Page, advance};
use super::text::TITLE;
use crate::font;
use crate::pdf::deflate;

const CATALOG: Ref = Ref::new(1);
const PAGE_TREE: Ref = Ref::new(2);
const FONT: Ref = Ref::new(3);
const CID_FONT: Ref = Ref::new(4);
const DESCRIPTOR: Ref = Ref::new(5);
const FONT_FILE: Ref = Ref::new(6);
const TO_UNICODE: Ref = Ref::new(7);
const INFO: Ref = Ref::new(8);
const FIRST_PAGE: i32 = 9;

const FONT_NAME: Name<'_> = Name(b"SWCONT+NotoSerifCJKsc-Regular");
const FONT_RESOURCE: Name<'_> = Name(b"F1");
const IDENTITY: SystemInfo<'_> =
    SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };

/// Writes the pages.
pub(super) fn write(pages: &[Page]) -> Vec<u8> {
    let mut glyphs = Glyphs::default();
    let contents: Vec<Vec<u8>> = pages.iter().map(|page| content(page, &mut glyphs)).collect();

    let mut pdf = Pdf::new();
    pdf.set_version(1, 7);
    pdf.set_file_id((b"sealwright contract ".to_vec(), b"sealwright contract ".to_vec()));
    let mut catalog = pdf.catalog(CATALOG);
    catalog.pages(PAGE_TREE).lang(TextStr("zh-CN"));
    catalog.viewer_preferences().display_doc_title(true);
    catalog.finish();
    let references = (0..pages.len() as i32).map(|index| Ref::new(FIRST_PAGE + 2 * index));
    pdf.pages(PAGE_TREE).kids(references.clone()).count(pages.len() as i32);
    pdf.document_info(INFO)
        .title(TextStr(TITLE))
        .producer(TextStr("sealwright-testdata"))
        .creation_date(
            Date::new(2026).month(1).day(15).hour(1).minute(0).second(0).utc_offset_hour(0),
        );
    glyphs.write_font(&mut pdf);
    for (reference, content) in references.zip(contents) {
        let content_reference = reference.next();
        let mut page = pdf.page(reference);
        page.parent(PAGE_TREE).media_box(Rect::new(0.0, 0.0, PAGE_WIDTH, PAGE_HEIGHT));
        page.contents(content_reference);
        page.resources().fonts().pair(FONT_RESOURCE, FONT);
        page.finish();
        pdf.stream(content_reference, &deflate(&content)).filter(Filter::FlateDecode);
    }
    pdf.finish()
}

fn content(page: &Page, glyphs: &mut Glyphs) -> Vec<u8> {
    let mut content = Content::new();
    content.set_line_width(0.4);
    for &(x, y, length) in &page.rules {
        content.move_to(x, PAGE_HEIGHT - y).line_to(x + length, PAGE_HEIGHT - y).stroke();
    }
    for run in &page.runs {
        content.begin_text().set_font(FONT_RESOURCE, run.size).set_char_spacing(run.spacing);
        // The subset has one weight: a thin outline makes it bold.
        if run.bold {
            content.set_line_width(run.size / 32.0);
            content.set_text_rendering_mode(TextRenderingMode::FillStroke);
        } else {
            content.set_text_rendering_mode(TextRenderingMode::Fill);
        }
        content.next_line(run.x, PAGE_HEIGHT - run.baseline);
        content.show(Str(&glyphs.encode(&run.text))).end_text();
    }
    content.finish().to_vec()
}

/// The characters in use and their numbers in the embedded font.
struct Glyphs {
    face: ttf_parser::Face<'static>,
    remapper: GlyphRemapper,
    characters: BTreeMap<u16, char>,
}

impl Default for Glyphs {
    fn default() -> Self {
        let (remapper, characters) = (GlyphRemapper::new(), BTreeMap::new());
        Self { face: font::face(), remapper, characters }
    }
}

impl Glyphs {
    fn encode(&mut self, text: &str) -> Vec<u8> {
        text.chars()
            .flat_map(|character| {
                let glyph = self.remapper.remap(font::glyph(&self.face, character).0);
                self.characters.insert(glyph, character);
                glyph.to_be_bytes()
            })
            .collect()
    }

    fn write_font(&self, pdf: &mut Pdf) {
        pdf.type0_font(FONT)
            .base_font(FONT_NAME)
            .encoding_predefined(Name(b"Identity-H"))
            .descendant_font(CID_FONT)
            .to_unicode(TO_UNICODE);

        let scale = 1000.0 / f32::from(self.face.units_per_em());
        let mut cid_font = pdf.cid_font(CID_FONT);
        cid_font
            .subtype(CidFontType::Type0)
            .base_font(FONT_NAME)
            .system_info(IDENTITY)
            .font_descriptor(DESCRIPTOR)
            .default_width(1000.0);
        let mut widths = cid_font.widths();
        for (&glyph, &character) in &self.characters {
            let width = advance(&self.face, character) as f32 * scale;
            if width != 1000.0 {
                widths.same(glyph, glyph, width);
            }
        }
        widths.finish();
        cid_font.finish();

        let bounds = self.face.global_bounding_box();
        let [left, bottom, right, top] = [bounds.x_min, bounds.y_min, bounds.x_max, bounds.y_max]
            .map(|value| f32::from(value) * scale);
        pdf.font_descriptor(DESCRIPTOR)
            .name(FONT_NAME)
            .flags(FontFlags::SYMBOLIC | FontFlags::SERIF)
            .bbox(Rect::new(left, bottom, right, top))
            .italic_angle(0.0)
            .ascent(f32::from(self.face.ascender()) * scale)
            .descent(f32::from(self.face.descender()) * scale)
            .cap_height(f32::from(self.face.capital_height().unwrap_or(733)) * scale)
            .stem_v(80.0)
            .font_file3(FONT_FILE);

        let subset = subsetter::subset(font::NOTO_SERIF_SC, 0, &self.remapper).expect("a subset");
        let tables = RawFace::parse(&subset, 0).expect("the subset is sound");
        let cff = tables.table(Tag::from_bytes(b"CFF ")).expect("the font has CFF outlines");
        pdf.stream(FONT_FILE, &deflate(cff))
            .filter(Filter::FlateDecode)
            .pair(Name(b"Subtype"), Name(b"CIDFontType0C"));

        let mut cmap = UnicodeCmap::new(Name(b"Adobe-Identity-UCS"), IDENTITY);
        for (&glyph, &character) in &self.characters {
            cmap.pair(glyph, character);
        }
        pdf.stream(TO_UNICODE, &deflate(&cmap.finish())).filter(Filter::FlateDecode);
    }
}
