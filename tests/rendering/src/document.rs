//! A document of one page, written by hand.

use std::fmt::Write;

use sealwright::appearance::{Drawing, Fit, UploadedPicture};
use sealwright::geometry::{Mm, PageGeometry, PageNumber, Pt, Rect, Rotation};
use sealwright::placement::Placed;

/// Not a signature: MuPDF paints a flag of its own over a field that has no value.
const SIGNATURE: &str = "<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached \
                         /Contents <00> /ByteRange [0 0 0 0] >>";

/// The page attributes of a test page, as a file has them.
#[derive(Clone, Copy, Debug)]
pub struct PageForm {
    pub media_box: [f64; 4],
    pub crop_box: Option<[f64; 4]>,
    pub rotate: i64,
    pub user_unit: f64,
}

impl PageForm {
    /// A5, upright.
    pub const PLAIN: Self =
        Self { media_box: [0.0, 0.0, 420.0, 595.0], crop_box: None, rotate: 0, user_unit: 1.0 };

    /// Every rotation, on a plain page, on one whose CropBox is smaller than the MediaBox and
    /// starts somewhere, and on one with large units; with a name for each.
    pub fn all() -> Vec<(String, Self)> {
        let shifted = Self {
            media_box: [-50.0, -30.0, 500.0, 700.0],
            crop_box: Some([430.0, 615.0, 10.0, 20.0]),
            ..Self::PLAIN
        };
        let large = Self {
            media_box: [0.0, 0.0, 260.0, 350.0],
            crop_box: Some([20.0, 30.0, 230.0, 327.5]),
            user_unit: 2.0,
            ..Self::PLAIN
        };
        let kinds = [("plain", Self::PLAIN), ("shifted", shifted), ("large-units", large)];
        let turns = [0, 90, 180, -90];
        kinds
            .iter()
            .flat_map(|(name, form)| {
                turns.map(|rotate| (format!("{name}-{rotate}"), Self { rotate, ..*form }))
            })
            .collect()
    }

    pub fn geometry(&self) -> PageGeometry {
        PageGeometry::new(self.media_box, self.crop_box, self.rotate, self.user_unit)
            .expect("test pages have an area")
    }

    fn attributes(&self) -> String {
        let array = |[a, b, c, d]: [f64; 4]| format!("[{a} {b} {c} {d}]");
        let mut attributes = format!("/MediaBox {}", array(self.media_box));
        if let Some(crop_box) = self.crop_box {
            write!(attributes, " /CropBox {}", array(crop_box)).expect("a string takes everything");
        }
        write!(attributes, " /Rotate {} /UserUnit {}", self.rotate, self.user_unit)
            .expect("a string takes everything");
        attributes
    }
}

/// A picture, so wide on paper.
///
/// # Panics
///
/// If it is none.
pub fn picture(bytes: &[u8], width: Mm) -> Drawing {
    let picture = UploadedPicture::from_bytes(bytes).expect("a picture");
    picture.drawing(width).expect("a size")
}

/// A page with lines of text and nothing else.
pub fn bare_page(form: &PageForm) -> Vec<u8> {
    written(form, None)
}

/// A page with lines of text and a picture at one place, where a seal would be.
pub fn sealed_page(form: &PageForm, picture: &Drawing, rect: Rect) -> Vec<u8> {
    sealed_document(form, picture, &[rect])
}

/// A page with lines of text and the same picture at several places: one image, a form for each.
pub fn sealed_document(form: &PageForm, picture: &Drawing, rects: &[Rect]) -> Vec<u8> {
    written(form, Some((picture, rects)))
}

fn written(form: &PageForm, shown: Option<(&Drawing, &[Rect])>) -> Vec<u8> {
    let geometry = form.geometry();
    let placed: Vec<Placed> = shown
        .iter()
        .flat_map(|(_, rects)| *rects)
        .map(|rect| {
            Placed::on(PageNumber::new(1).expect("one is a number"), &geometry, *rect)
                .expect("the test puts the seal on the page")
        })
        .collect();
    let mut file = File::new();
    let mut next = 6..;
    let mut number = || next.next().expect("numbers do not end");

    let content = text_content(&geometry);
    file.object(4, &format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()));
    file.object(5, "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>");
    let mut objects = shown.map(|(picture, _)| picture.objects(&mut number));
    if let Some(objects) = &mut objects {
        file.offsets.extend(objects.write(&mut file.bytes));
    }
    let mut widgets = String::new();
    for (index, placed) in placed.iter().enumerate() {
        let Some(objects) = &mut objects else { break };
        let (appearance, widget) = (number(), number());
        file.offsets.push((appearance, file.bytes.len()));
        objects.write_form(appearance, placed, Fit::STRETCH, &mut file.bytes);
        let rect = placed.user_space();
        file.object(
            widget,
            &format!(
                "<< /Type /Annot /Subtype /Widget /FT /Sig /T (Seal{index}) /F 132 /P 3 0 R \
                 /Rect [{rect}] /AP << /N {appearance} 0 R >> /V {SIGNATURE} >>"
            ),
        );
        write!(widgets, "{widget} 0 R ").expect("a string takes everything");
    }
    file.object(
        3,
        &format!(
            "<< /Type /Page /Parent 2 0 R {} /Contents 4 0 R /Annots [{widgets}] \
         /Resources << /Font << /F 5 0 R >> >> >>",
            form.attributes()
        ),
    );
    file.object(2, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
    file.object(
        1,
        &format!(
            "<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [{widgets}] /SigFlags 1 >> >>"
        ),
    );
    file.finish()
}

/// A blank page of this size with drawings on it, each so far from its left and its top, in points.
pub fn drawn_page(size: (f64, f64), drawings: &[(Drawing, f64, f64)]) -> Vec<u8> {
    let media_box = [0.0, 0.0, size.0, size.1];
    let form = PageForm { media_box, ..PageForm::PLAIN };
    let mut file = File::new();
    let mut next = 5..;
    let mut number = || next.next().expect("numbers do not end");
    let (mut content, mut resources) = (String::new(), String::new());
    for (index, (drawing, left, top)) in drawings.iter().enumerate() {
        let rect = Rect::with_size(Pt(*left), Pt(*top), drawing.size()).expect("a rectangle");
        let page = PageNumber::new(1).expect("one is a number");
        let placed = Placed::on(page, &form.geometry(), rect).expect("it is on the page");
        let mut objects = drawing.objects(&mut number);
        file.offsets.extend(objects.write(&mut file.bytes));
        let appearance = number();
        file.offsets.push((appearance, file.bytes.len()));
        objects.write_form(appearance, &placed, Fit::STRETCH, &mut file.bytes);
        let (x, y) = (placed.user_space().llx(), placed.user_space().lly());
        writeln!(content, "q 1 0 0 1 {x} {y} cm /D{index} Do Q")
            .expect("a string takes everything");
        write!(resources, "/D{index} {appearance} 0 R ").expect("a string takes everything");
    }
    file.object(4, &format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()));
    file.object(
        3,
        &format!(
            "<< /Type /Page /Parent 2 0 R {} /Contents 4 0 R /Resources << /XObject \
             << {resources} >> >> >>",
            form.attributes()
        ),
    );
    file.object(2, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
    file.object(1, "<< /Type /Catalog /Pages 2 0 R >>");
    file.finish()
}

/// Lines of text all over the page, upright as displayed.
fn text_content(geometry: &PageGeometry) -> String {
    let page = geometry.visible_box();
    let (x0, y0, x1, y1) = (page.llx(), page.lly(), page.urx(), page.ury());
    let (upright, lines) = match geometry.rotation() {
        Rotation::R0 => (format!("1 0 0 1 {x0} {y0}"), page.height()),
        Rotation::R90 => (format!("0 1 -1 0 {x1} {y0}"), page.width()),
        Rotation::R180 => (format!("-1 0 0 -1 {x1} {y1}"), page.height()),
        Rotation::R270 => (format!("0 -1 1 0 {x0} {y1}"), page.width()),
    };
    let mut content = format!("q {upright} cm BT /F 8 Tf 10 TL 8 2 Td\n");
    for line in 0..lines.thousandths() / 10_000 {
        writeln!(content, "({line}: the parties seal this contract, and the text below the seal stays legible.) Tj 0 10 Td")
            .expect("a string takes everything");
    }
    content.push_str("ET Q");
    content
}

struct File {
    bytes: Vec<u8>,
    offsets: Vec<(u32, usize)>,
}

impl File {
    fn new() -> Self {
        Self { bytes: b"%PDF-2.0\n%\xE2\xE3\xCF\xD3\n".to_vec(), offsets: Vec::new() }
    }

    fn object(&mut self, number: u32, body: &str) {
        self.offsets.push((number, self.bytes.len()));
        self.bytes.extend(format!("{number} 0 obj\n{body}\nendobj\n").bytes());
    }

    fn finish(mut self) -> Vec<u8> {
        self.offsets.sort_unstable();
        let (start, size) = (self.bytes.len(), self.offsets.len() + 1);
        self.bytes.extend(format!("xref\n0 {size}\n0000000000 65535 f \n").bytes());
        for (number, (expected, offset)) in (1..).zip(&self.offsets) {
            assert_eq!(number, *expected, "object numbers without gaps");
            self.bytes.extend(format!("{offset:010} 00000 n \n").bytes());
        }
        self.bytes.extend(
            format!("trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n").bytes(),
        );
        self.bytes
    }
}
