//! Values of controls, drawn.

use std::fmt;

use time::{OffsetDateTime, UtcOffset};

use super::check_mark::CheckMark;
use super::fit::Fit;
use super::font_book::FontBook;
use super::handwriting::Handwriting;
use super::sketch::Sketch;
use super::table_block::TableBlock;
use super::text_block::{Overflow, TextBlock, Vertical};
use super::uploaded_picture::UploadedPicture;
use super::{Error, WritingError};
use crate::contract::{
    ApprovalBlock, BlockPart, ControlKind, DateFormat, DateStyle, Opinion, Picture, TextStyle,
    Value,
};
use crate::geometry::Size;

/// Draws what controls hold (控件内容), each kind as people expect it: text and numbers on one
/// line in the middle of the box, facts too but broken if they are long, text of several lines from
/// its top, ticks in frames,
/// pictures as they ask for, dates in the contract's zone.
///
/// ```
/// # let bytes = sealwright_testdata::font::NOTO_SANS_SC;
/// use sealwright::appearance::{ControlSketcher, Font, FontBook};
/// use sealwright::contract::{self, ControlKind, Input, TextStyle};
/// use sealwright::geometry::{Pt, Size};
/// use time::UtcOffset;
///
/// let fonts = FontBook::new().with(contract::Font::Hei, Font::from_bytes(bytes, 0)?)?;
/// let sketcher = ControlSketcher::new(&fonts, UtcOffset::from_hms(8, 0, 0)?);
/// let kind = ControlKind::Text(TextStyle::default());
/// let value = kind.read(&Input::text("甲方"))?;
/// let sketch = sketcher.value(&kind, &value, Size::new(Pt(120.0), Pt(30.0))?, |_| None)?;
/// assert!(sketch.is_some_and(|sketch| !sketch.is_blank()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct ControlSketcher<'a> {
    fonts: &'a FontBook,
    zone: UtcOffset,
    overflow: Overflow,
    frames: bool,
    fit: Fit,
}

/// How a person's signature is drawn, by the method that he used.
///
/// ```
/// use sealwright::appearance::SignatureFace;
/// use sealwright::contract::TextStyle;
/// let face = SignatureFace::Generated("李四", TextStyle::default());
/// assert!(!format!("{face:?}").contains("李四"));
/// ```
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum SignatureFace<'a> {
    /// Written by hand, now or before.
    Strokes(&'a Handwriting),
    /// An uploaded picture, or a personal seal as a picture.
    Picture(&'a UploadedPicture),
    /// Generated from a name, in this style.
    Generated(&'a str, TextStyle),
}

impl fmt::Debug for SignatureFace<'_> {
    /// Without the name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Strokes(_) => "Strokes",
            Self::Picture(_) => "Picture",
            Self::Generated(..) => "Generated",
        })
    }
}

impl<'a> ControlSketcher<'a> {
    /// With the host's fonts, in the zone of a contract.
    #[must_use]
    pub fn new(fonts: &'a FontBook, zone: UtcOffset) -> Self {
        Self { fonts, zone, overflow: Overflow::Refuse, frames: true, fit: Fit::CONTAIN }
    }

    /// With this answer to text that does not fit.
    #[must_use]
    pub fn overflow(self, overflow: Overflow) -> Self {
        Self { overflow, ..self }
    }

    /// Without frames around ticks, for documents that print them.
    #[must_use]
    pub fn without_frames(self) -> Self {
        Self { frames: false, ..self }
    }

    /// With signatures by hand and as pictures that stand so in their boxes; unless told otherwise
    /// they are as large as fits, in the middle.
    #[must_use]
    pub fn signatures_fitted(self, fit: Fit) -> Self {
        Self { fit, ..self }
    }

    /// The value of a control in its box. `picture` finds what was uploaded for a picture control.
    /// None for what is not drawn into its box: attachments, watermarks, and a value that is none of
    /// the control's kind.
    ///
    /// # Errors
    ///
    /// As [`TextBlock::sketch`] and [`TableBlock::sketch`]; [`WritingError::NoPicture`] where `picture` finds none.
    pub fn value(
        &self,
        kind: &ControlKind,
        value: &Value,
        size: Size,
        picture: impl Fn(&Picture) -> Option<UploadedPicture>,
    ) -> Result<Option<Sketch>, Error> {
        let text = |style: TextStyle, wraps: bool, format: DateFormat| {
            let Some(text) = value.written(format) else { return Ok(None) };
            let block = if wraps { TextBlock::paragraphs(text) } else { TextBlock::line(text) };
            let top = matches!(kind, ControlKind::MultiLineText(_));
            let vertical = if top { Vertical::Top } else { Vertical::Middle };
            self.set(block.style(style).vertical(vertical), size).map(Some)
        };
        let plain = |style: TextStyle, wraps: bool| text(style, wraps, DateFormat::default());
        match (kind, value) {
            (ControlKind::Text(style), _) => plain(*style, false),
            (ControlKind::MultiLineText(style), _) => plain(*style, true),
            (ControlKind::Fact(fact), _) => plain(fact.style, true),
            (ControlKind::Number(number), _) => plain(number.style, false),
            (ControlKind::Selector(selector), _) => plain(selector.text(), selector.wraps()),
            (ControlKind::Date { format, style }, _) => text(*style, false, *format),
            (ControlKind::CheckBox, Value::Checked(ticked)) => Ok(Some(self.tick(*ticked, size)?)),
            (ControlKind::CheckBoxGroup(group), Value::Ticked(ticked)) => {
                let ticks = ticked.iter().copied().chain(std::iter::repeat(false));
                let mut sketch = Sketch::blank(size)?;
                for (rect, ticked) in group.boxes().iter().zip(ticks) {
                    let mark = self.tick(ticked, rect.size())?;
                    sketch = sketch.with(rect.x(), rect.y(), &mark);
                }
                Ok(Some(sketch))
            }
            (ControlKind::Table(style), Value::Rows(rows)) => {
                let table = TableBlock::new(style, rows.get()).overflow(self.overflow);
                Ok(Some(table.sketch(self.fonts, size)?))
            }
            (ControlKind::Image(fit), Value::Pictures(pictures)) => {
                let found = pictures.iter().map(|it| picture(it).ok_or(WritingError::NoPicture));
                let found = found.collect::<Result<Vec<_>, _>>()?;
                UploadedPicture::sketch_all(&found, *fit, size).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// The date of a signature (签署日期). Its type shrinks to 6 points where the longest date of its
    /// format needs it, even if text that does not fit is refused.
    ///
    /// # Errors
    ///
    /// As [`TextBlock::sketch`].
    pub fn sign_date(
        &self,
        style: &DateStyle,
        at: OffsetDateTime,
        size: Size,
    ) -> Result<Sketch, Error> {
        let block = TextBlock::sign_date(style, at, self.zone);
        match self.overflow {
            // A date has an answer of its own.
            Overflow::Refuse => Ok(block.sketch(self.fonts, size)?),
            Overflow::ShrinkTo(_) => self.set(block, size),
        }
    }

    /// An opinion that was confirmed (签批意见).
    ///
    /// # Errors
    ///
    /// As [`TextBlock::sketch`].
    pub fn opinion(&self, opinion: &Opinion, size: Size) -> Result<Sketch, Error> {
        self.set(TextBlock::opinion(opinion), size)
    }

    /// A person's signature (个人签名).
    ///
    /// # Errors
    ///
    /// As [`TextBlock::sketch`].
    pub fn signature(&self, face: SignatureFace<'_>, size: Size) -> Result<Sketch, Error> {
        match face {
            SignatureFace::Strokes(strokes) => Ok(strokes.sketch_fitted(self.fit, size)?),
            SignatureFace::Picture(picture) => picture.sketch(self.fit, size),
            SignatureFace::Generated(name, style) => {
                Ok(TextBlock::generated_signature(name, style).sketch(self.fonts, size)?)
            }
        }
    }

    /// An approval block (签批控件) as one picture: its children where it has them. `values` has the
    /// value of each child in their order, none for signature, date and what was left empty.
    ///
    /// # Errors
    ///
    /// As [`TextBlock::sketch`].
    pub fn block(
        &self,
        block: &ApprovalBlock,
        face: SignatureFace<'_>,
        at: OffsetDateTime,
        values: &[Option<Value>],
        size: Size,
    ) -> Result<Sketch, Error> {
        let mut sketch = Sketch::blank(size)?;
        for (index, child) in block.children().iter().enumerate() {
            let inner = child.rect.size();
            let value = values.get(index).and_then(Option::as_ref);
            let part = match (&child.part, child.part.fill_kind(), value) {
                (BlockPart::Signature(_), ..) => Some(self.signature(face, inner)?),
                (BlockPart::Date(style), ..) => Some(self.sign_date(style, at, inner)?),
                (_, Some(kind), Some(value)) => self.value(&kind, value, inner, |_| None)?,
                _ => None,
            };
            if let Some(part) = part {
                sketch = sketch.with(child.rect.x(), child.rect.y(), &part);
            }
        }
        Ok(sketch)
    }

    /// With the answer to text that does not fit.
    pub(super) fn set(&self, block: TextBlock, size: Size) -> Result<Sketch, Error> {
        Ok(block.overflow(self.overflow).sketch(self.fonts, size)?)
    }

    fn tick(&self, ticked: bool, size: Size) -> Result<Sketch, WritingError> {
        let mark = CheckMark::ticked(ticked);
        if self.frames { mark.sketch(size) } else { mark.without_frame().sketch(size) }
    }
}

#[cfg(test)]
mod tests {
    use sealwright_testdata::faces::upright_png;
    use sealwright_testdata::font::NOTO_SANS_SC;

    use super::*;
    use crate::appearance::sketch::Element;
    use crate::appearance::{Font, StrokePoint};
    use crate::contract::{
        self, BlockChild, CheckBoxGroup, Fact, ImageFit, Input, NumberStyle, PictureFormat,
        SelectorStyle, SignatureMark, TableStyle,
    };
    use crate::digest::{Digest, DigestAlgorithm};
    use crate::geometry::{Pt, Rect};

    fn fonts() -> FontBook {
        let font = Font::from_bytes(NOTO_SANS_SC, 0).unwrap();
        FontBook::new().with(contract::Font::Hei, font).unwrap()
    }

    fn sketcher(fonts: &FontBook) -> ControlSketcher<'_> {
        ControlSketcher::new(fonts, UtcOffset::from_hms(8, 0, 0).unwrap())
    }

    fn size(width: f64, height: f64) -> Size {
        Size::new(Pt(width), Pt(height)).unwrap()
    }

    /// What is read in a sketch, a slash between lines.
    fn read(elements: &[Element]) -> String {
        let words = elements.iter().map(|element| match element {
            Element::Text(run) => run.letters.iter().map(|it| it.character).collect(),
            Element::Group { elements, .. } => read(elements),
            Element::Fill { .. } => "*".to_owned(),
            Element::Picture { .. } => "#".to_owned(),
        });
        words.collect::<Vec<String>>().join("/")
    }

    fn drawn(kind: &ControlKind, input: &Input) -> String {
        let fonts = fonts();
        let value = kind.read(input).unwrap();
        let sketch = sketcher(&fonts).value(kind, &value, size(200.0, 60.0), |_| None).unwrap();
        sketch.map_or_else(|| "nothing".to_owned(), |sketch| read(sketch.elements()))
    }

    #[test]
    fn every_kind_is_drawn_as_its_value_is_written() {
        let style = TextStyle::default();
        assert_eq!(drawn(&ControlKind::Text(style), &Input::text("甲方")), "甲方");
        let lines = drawn(&ControlKind::MultiLineText(style), &Input::text("甲方\n乙方"));
        assert_eq!(lines, "甲方/乙方");
        let number = NumberStyle { decimals: Some(2), ..NumberStyle::default() };
        assert_eq!(drawn(&ControlKind::Number(number), &Input::text("007.50")), "7.50");
        let date = ControlKind::Date { format: DateFormat::Dots, style };
        assert_eq!(drawn(&date, &Input::text("2026.1.5")), "2026.1.5");
        let selector = SelectorStyle::of(["同意", "不同意"]).unwrap();
        assert_eq!(drawn(&ControlKind::Selector(selector), &Input::text("不同意")), "不同意");
        assert_eq!(drawn(&ControlKind::Fact(Fact::Gender.into()), &Input::text("男")), "男");
        assert_eq!(drawn(&ControlKind::CheckBox, &Input::text("true")), "*");
        let rect = |y| Rect::new(Pt(0.0), Pt(y), Pt(12.0), Pt(12.0)).unwrap();
        let group = CheckBoxGroup::new([rect(0.0), rect(20.0)]).unwrap();
        let kind = ControlKind::CheckBoxGroup(group);
        assert_eq!(drawn(&kind, &Input::texts(["true", "false"])), "*/*");
        let table = ControlKind::Table(TableStyle::of(["a"]).unwrap());
        let rows = contract::FilledRows::new([["1"], ["2"]]);
        assert_eq!(drawn(&table, &Input::rows(rows)), "*/*/*/*/*/*/a/1/2", "lines, then cells");
        assert_eq!(drawn(&ControlKind::Attachment, &Input::pictures([picture(b"a")])), "nothing");
    }

    #[test]
    fn the_date_of_a_signature_is_that_of_the_contracts_zone() {
        let fonts = fonts();
        // 2026-01-05 17:00 UTC.
        let at = OffsetDateTime::from_unix_timestamp(1_767_632_400).unwrap();
        let date = |format, with_time| {
            let style = DateStyle { format, with_time, ..DateStyle::default() };
            let sketch = sketcher(&fonts).sign_date(&style, at, size(200.0, 30.0)).unwrap();
            read(sketch.elements())
        };
        let gaps = DateFormat::Gaps { after_year: 3, after_month: 2 };
        assert_eq!(date(gaps, false), "2026   1  6");
        assert_eq!(date(DateFormat::Chinese, false), "2026年1月6日");
        assert_eq!(date(DateFormat::Chinese, true), "2026年1月6日 01:00:00");
        assert_eq!(date(DateFormat::Slashes, false), "2026/1/6");
        assert_eq!(date(DateFormat::Hyphens, true), "2026-1-6 01:00:00");
        assert_eq!(date(DateFormat::Dots, false), "2026.1.6");
    }

    #[test]
    fn a_block_has_its_parts_where_it_says() {
        let child = |part, y| {
            let rect = Rect::new(Pt(10.0), Pt(y), Pt(100.0), Pt(20.0)).unwrap();
            BlockChild { part, rect, required: true }
        };
        let answer = SelectorStyle::of(["同意", "不同意"]).unwrap();
        let kind = ControlKind::Selector(answer.clone());
        let block = ApprovalBlock::new([
            child(BlockPart::Selector(answer), 0.0),
            child(BlockPart::Signature(SignatureMark::default()), 20.0),
            child(BlockPart::Date(DateStyle::default()), 40.0),
            child(BlockPart::MultiLineText(TextStyle::default()), 60.0),
        ])
        .unwrap();
        let fonts = fonts();
        let values = [Some(kind.read(&Input::text("同意")).unwrap()), None, None, None];
        let stroke = [StrokePoint::new(1.0, 1.0, 0), StrokePoint::new(9.0, 5.0, 50)];
        let strokes = Handwriting::new(10.0, 10.0, [stroke]).unwrap();
        let at = OffsetDateTime::UNIX_EPOCH;
        let face = SignatureFace::Strokes(&strokes);
        let sketch = sketcher(&fonts).block(&block, face, at, &values, size(120.0, 80.0)).unwrap();
        assert_eq!(read(sketch.elements()), "同意/*/1970年1月1日");
        let places = sketch.elements().iter().map(|element| match element {
            Element::Group { map, .. } => (map.0[4], map.0[5]),
            _ => panic!("parts are groups"),
        });
        assert_eq!(places.collect::<Vec<_>>(), [(10.0, 60.0), (10.0, 40.0), (10.0, 20.0)]);
    }

    fn picture(bytes: &[u8]) -> Picture {
        Picture {
            digest: Digest::of(DigestAlgorithm::Sha256, bytes),
            format: PictureFormat::Png,
            length: bytes.len() as u64,
        }
    }

    #[test]
    fn pictures_come_from_the_host() {
        let bytes = upright_png(1);
        let kind = ControlKind::Image(ImageFit::Keep);
        let value = kind.read(&Input::pictures([picture(&bytes)])).unwrap();
        let fonts = fonts();
        let uploaded = UploadedPicture::from_bytes(&bytes).unwrap();
        let box_size = size(60.0, 60.0);
        let found = sketcher(&fonts).value(&kind, &value, box_size, |_| Some(uploaded.clone()));
        assert_eq!(read(found.unwrap().unwrap().elements()), "#");
        let missing = sketcher(&fonts).value(&kind, &value, box_size, |_| None).unwrap_err();
        assert_eq!(missing.code(), "text.no_picture");
    }
}
