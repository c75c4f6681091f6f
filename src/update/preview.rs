//! A document as it will look once everybody has signed, for a console to show before (预览).

use super::Error;
use super::archive::TransparencyPolicy;
use super::page_content::PageContent;
use super::request::DrawnSeal;
use super::widget::scaled;
use crate::appearance::{Drawing, Fit, Frame, Resources, SealFace};
use crate::geometry::{Length, MilliPoints, PageGeometry, PageNumber, Pt, Rect, Size};
use crate::pdf::File;
use crate::placement::{Placed, PlacementPlan, PlannedBox, PlannedControl, PlannedDocument};

/// What the mark on every page that shows something says.
const MARK: &str = "PREVIEW - NOT SIGNED";
/// A unit of its letters in points, and from one letter to the next in units.
const MARK_UNIT: f64 = 0.8;
const MARK_ADVANCE: f64 = 5.5;
/// How large the mark is, and how far from the page's edges.
const MARK_WIDTH: f64 = 92.0;
const MARK_HEIGHT: f64 = 10.0;
const MARK_MARGIN: f64 = 4.0;

/// A document of a plan with the controls drawn on it, unsigned: for a console to show before
/// "complete". Each control is drawn exactly as its signature will draw it: slices of a cross-page seal,
/// a seal that multiplies as ink, and covers where a claim to be PDF/A permits no blend mode. What the
/// signature would refuse the preview refuses too ([`Preview::transparency`] is the signature's). A
/// control that nobody gave a picture for is an empty frame.
///
/// Every page that shows something says at its top left corner that it is not signed, so that a
/// preview with somebody's seal in it is not taken for the signed document.
/// [`Preview::without_mark`] leaves that to the host's own pages around the picture.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let png = sealwright_testdata::seal::PNG;
/// # let bytes = sealwright_testdata::documents::classic_table();
/// # let json = r#"{"format":"sealwright/placement/1","documents":[{"id":"doc_1",
/// #     "digest":"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
/// #     "page_count":3,"pages":[{"number":1,"geometry":
/// #         {"media_box":[0,0,595000,842000],"rotate":0,"user_unit":1000000}}]}],
/// #   "controls":[{"document":"doc_1","control":"seal_a","owner":{"type":"initiator"},
/// #     "kind":"seal","mode":"absolute",
/// #     "boxes":[{"page":1,"rect":{"x":100000,"y":200000,"width":120000,"height":120000}}]}]}"#;
/// # let plan: sealwright::placement::PlacementPlan = serde_json::from_str(json)?;
/// use sealwright::appearance::SealFace;
/// use sealwright::geometry::Mm;
/// use sealwright::limits::Limits;
/// use sealwright::pdf::File;
/// use sealwright::update::{Impression, Preview};
///
/// let file = File::open(&bytes, Limits::default())?;
/// let seal = SealFace::from_image(png, Mm(42.0))?;
/// let appended = Preview::of(&plan, &plan.documents()[0], &file)
///     .stamp(|control| (control.kind() == "seal").then(|| Impression::from(&seal)))?;
/// assert!(!appended.is_empty());
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Preview<'p> {
    plan: &'p PlacementPlan,
    document: &'p PlannedDocument,
    file: &'p File<'p>,
    transparency: TransparencyPolicy,
    marked: bool,
}

/// What a control shows in a preview: a registered seal, or any other drawing.
///
/// A [`SealFace`] is shown as a signature shows it unless told otherwise; a [`DrawnSeal`] exactly as
/// it is handed to the signature; a [`Drawing`] as it is.
///
/// ```
/// # let png = sealwright_testdata::seal::PNG;
/// use sealwright::appearance::{Fit, SealFace};
/// use sealwright::authorization::Authority;
/// use sealwright::geometry::Mm;
/// use sealwright::update::{DrawnSeal, Impression};
/// let face = SealFace::from_image(png, Mm(42.0))?;
/// let plain = Impression::from(&face);
/// let seal = DrawnSeal::new(&face, Authority::AssertedByHost, None);
/// let as_signed = Impression::from(&DrawnSeal { fit: Fit::CONTAIN, ..seal });
/// # let _ = (plain, as_signed);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Impression {
    drawing: Drawing,
    width: Option<Length>,
}

impl From<Drawing> for Impression {
    fn from(drawing: Drawing) -> Self {
        Self { drawing, width: None }
    }
}

impl From<&SealFace> for Impression {
    fn from(face: &SealFace) -> Self {
        Self::from(face.drawing().inked())
    }
}

impl From<&DrawnSeal<'_>> for Impression {
    fn from(seal: &DrawnSeal<'_>) -> Self {
        Self { drawing: seal.drawing(), width: seal.width }
    }
}

impl<'p> Preview<'p> {
    /// Of one document of a plan.
    #[must_use]
    pub fn of(plan: &'p PlacementPlan, document: &'p PlannedDocument, file: &'p File<'p>) -> Self {
        Self { plan, document, file, transparency: TransparencyPolicy::default(), marked: true }
    }

    /// Without the words that say that it is not signed.
    #[must_use]
    pub fn without_mark(self) -> Self {
        Self { marked: false, ..self }
    }

    /// With the policy that the signatures will have: what becomes of transparency in a document that
    /// claims to be PDF/A and permits none. Refused unless said otherwise, as they are.
    #[must_use]
    pub fn transparency(self, transparency: TransparencyPolicy) -> Self {
        Self { transparency, ..self }
    }

    /// The bytes to be appended to a copy of the document; `shown` is asked once for each control.
    /// The copy is for looking at: over earlier signatures it draws as well, which breaks them.
    ///
    /// # Errors
    ///
    /// [`Error::OtherDocument`] if the file has other pages than the plan was made for; a repaired or
    /// encrypted document, a page behind whose content nothing can be painted; [`Error::OtherSize`] and
    /// [`Error::PdfA`] where the signature would be refused.
    pub fn stamp(
        &self,
        mut shown: impl FnMut(&PlannedControl) -> Option<Impression>,
    ) -> Result<Vec<u8>, Error> {
        if self.plan.fits(self.document.id(), self.file).is_err() {
            return Err(Error::OtherDocument);
        }
        let mut content = PageContent::of_copy(self.file)?.transparency(self.transparency);
        let mut frames = Frames::default();
        for control in self.plan.controls() {
            if control.key().document != *self.document.id() || control.boxes().is_empty() {
                continue;
            }
            let Some(Impression { drawing, width }) = shown(control) else {
                for planned in control.boxes() {
                    content.draw(*planned.placed(), &frames.around(planned));
                }
                continue;
            };
            let own = scaled(drawing.size(), width)?;
            for planned in control.boxes() {
                content.draw_planned_as(planned, &drawing, own);
            }
        }
        if self.marked {
            self.mark(&mut content)?;
        }
        content.finish()
    }

    /// The words at the top left corner of every page that shows something and is large enough.
    fn mark(&self, content: &mut PageContent<'_>) -> Result<(), Error> {
        let words = words();
        for page in self.plan.by_page(self.document.id()).into_keys() {
            let Some(geometry) = self.document.page(page) else { continue };
            if let Some(placed) = corner(page, geometry, words.size())? {
                content.draw(placed, &words);
            }
        }
        Ok(())
    }
}

fn corner(page: PageNumber, geometry: &PageGeometry, size: Size) -> Result<Option<Placed>, Error> {
    let margin = Pt(MARK_MARGIN);
    let placed = Rect::with_size(margin, margin, size).map_err(crate::placement::Error::from)?;
    Ok(match placed.overshoot(geometry.visual_size()) {
        Some(_) => None,
        None => Some(Placed::on(page, geometry, placed)?),
    })
}

/// The mark in strokes, grey on white: legible over anything, and without a font that a document for
/// long-term preservation would have to embed.
fn words() -> Drawing {
    let mut content = format!(
        "/Span<</ActualText({MARK})>>BDC q 1 g 0 0 {MARK_WIDTH} {MARK_HEIGHT} re f\n\
         0.35 G 0.9 w 1 J 1 j {MARK_UNIT} 0 0 {MARK_UNIT} 2 2.6 cm\n"
    );
    for (column, letter) in (0_u16..).zip(MARK.chars()) {
        for line in strokes(letter) {
            for (at, point) in line.iter().enumerate() {
                let x = f64::from(column) * MARK_ADVANCE + f64::from(point / 10);
                let operator = if at == 0 { "m" } else { "l" };
                content.push_str(&format!("{x} {} {operator} ", point % 10));
            }
            content.push_str("S\n");
        }
    }
    content.push_str("Q EMC");
    let size = size(MARK_WIDTH, MARK_HEIGHT);
    Drawing::new(size, content.into_bytes(), &Resources::default(), Frame::Points)
}

/// The strokes of a letter, four units wide and six high: each point as ten times its x plus its y.
fn strokes(letter: char) -> &'static [&'static [u8]] {
    match letter {
        'P' => &[&[0, 6, 36, 45, 44, 33, 3]],
        'R' => &[&[0, 6, 36, 45, 44, 33, 3], &[23, 40]],
        'E' => &[&[40, 0, 6, 46], &[3, 33]],
        'V' => &[&[6, 20, 46]],
        'I' => &[&[20, 26]],
        'W' => &[&[6, 10, 24, 30, 46]],
        'N' => &[&[0, 6, 40, 46]],
        'O' => &[&[10, 30, 41, 45, 36, 16, 5, 1, 10]],
        'T' => &[&[6, 46], &[26, 20]],
        'S' => &[&[1, 10, 30, 41, 42, 33, 13, 4, 5, 16, 36, 45]],
        'G' => &[&[45, 36, 16, 5, 1, 10, 30, 41, 43, 23]],
        'D' => &[&[0, 6, 26, 44, 42, 20, 0]],
        '-' => &[&[13, 33]],
        _ => &[],
    }
}

fn size(width: f64, height: f64) -> Size {
    Size::new(Pt(width), Pt(height)).unwrap_or_default()
}

/// Empty frames, one drawing for each size.
#[derive(Default)]
struct Frames {
    known: Vec<(Size, Drawing)>,
}

impl Frames {
    fn around(&mut self, planned: &PlannedBox) -> Drawing {
        let size = planned.placed().rect().size();
        if let Some((_, drawing)) = self.known.iter().find(|(known, _)| *known == size) {
            return drawing.clone();
        }
        let drawing = frame(size);
        // A plan has few sizes; one with many is drawn all the same.
        if self.known.len() < 64 {
            self.known.push((size, drawing.clone()));
        }
        drawing
    }
}

/// A dashed frame of half a point, inside the rectangle.
fn frame(size: Size) -> Drawing {
    let inner = |side: MilliPoints| {
        MilliPoints::new((side.thousandths() - 500).max(0)).unwrap_or(MilliPoints::ZERO)
    };
    let (width, height) = (inner(size.width()), inner(size.height()));
    let content = format!("q 0.5 w 0.2 0.4 0.8 RG [3 2] 0 d 0.25 0.25 {width} {height} re S Q");
    let drawing = Drawing::new(size, content.into_bytes(), &Resources::default(), Frame::Points);
    drawing.fitted(Fit::STRETCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_of_the_mark_has_strokes_and_fits_its_box() {
        assert!(MARK.chars().all(|letter| letter == ' ' || !strokes(letter).is_empty()));
        let letters = f64::from(u8::try_from(MARK.len()).unwrap());
        assert!(letters * MARK_ADVANCE * MARK_UNIT + 4.0 <= MARK_WIDTH);
    }
}
