//! Sketches as SVG, for consoles.

use std::fmt::Write;

use super::Error;
use super::path::{Affine, number};
use super::sketch::{Element, Sketch, THICKENING, TextRun};
use crate::contract::Colour;

impl Sketch {
    /// A preview (SVG 1.1) of the size of the box, in points, on clear ground: what the drawing
    /// paints, text as outlines. Pictures are in it by their pixels. It says what the sketch
    /// says, so it is as personal.
    ///
    /// ```
    /// use sealwright::appearance::CheckMark;
    /// use sealwright::geometry::{Pt, Size};
    /// let svg = CheckMark::ticked(true).sketch(Size::new(Pt(12.0), Pt(12.0))?)?.svg()?;
    /// assert!(svg.starts_with("<svg ") && svg.contains("viewBox=\"0 0 12 12\""));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`WritingError::FontFormat`](super::WritingError::FontFormat) for a damaged font.
    pub fn svg(&self) -> Result<String, Error> {
        let (width, height) = (self.size().width(), self.size().height());
        let mut out = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" \
             xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"{width}pt\" \
             height=\"{height}pt\" viewBox=\"0 0 {width} {height}\">\
             <g transform=\"matrix(1 0 0 -1 0 {height})\">"
        );
        paint(self.elements(), &mut out)?;
        out.push_str("</g></svg>");
        Ok(out)
    }
}

fn paint(elements: &[Element], out: &mut String) -> Result<(), Error> {
    for element in elements {
        match element {
            Element::Text(run) => text(run, out)?,
            Element::Fill { path, colour } => {
                let _ = write!(out, "<path fill=\"{}\" d=\"", hex(*colour));
                path.write_svg(out);
                out.push_str("\"/>");
            }
            Element::Picture { picture, map } => {
                let (media_type, bytes) = picture.shown()?;
                // A picture's rows go down.
                let [a, b, c, d, e, f] = map.0;
                let map = Affine([a, b, -c, -d, e + c, f + d]);
                let _ = write!(
                    out,
                    "<image width=\"1\" height=\"1\" preserveAspectRatio=\"none\" {} \
                     xlink:href=\"data:{media_type};base64,{}\"/>",
                    transform(&map),
                    base64(&bytes)
                );
            }
            Element::Group { map, per_mille, elements: inner } => {
                let opacity = number(f64::from(*per_mille) / 1000.0);
                let _ = write!(out, "<g {} opacity=\"{opacity}\">", transform(map));
                paint(inner, out)?;
                out.push_str("</g>");
            }
        }
    }
    Ok(())
}

fn text(run: &TextRun, out: &mut String) -> Result<(), Error> {
    let mut x = run.at.x;
    let _ = write!(out, "<path fill=\"{}\"", hex(run.colour));
    if run.letters.iter().any(|letter| letter.form.as_ref().is_some_and(|form| form.thickened)) {
        let width = number(THICKENING * run.size);
        let _ = write!(
            out,
            " stroke=\"{}\" stroke-width=\"{width}\" stroke-linejoin=\"round\"",
            hex(run.colour)
        );
    }
    out.push_str(" d=\"");
    for form in run.letters.iter().filter_map(|letter| letter.form.as_ref()) {
        let outline = form.font.glyphs()?.outline(form.glyph)?;
        outline.mapped(&Affine::scaled_at(run.size, x, run.at.y)).write_svg(out);
        x += form.advance * run.size;
    }
    out.push_str("\"/>");
    Ok(())
}

fn hex(Colour(red, green, blue): Colour) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

fn transform(map: &Affine) -> String {
    let [a, b, c, d, e, f] = map.0;
    format!("transform=\"matrix({a:.6} {b:.6} {c:.6} {d:.6} {} {})\"", number(e), number(f))
}

/// RFC 4648 §4.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let at = |index: usize| u32::from(chunk.get(index).copied().unwrap_or(0));
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for (index, shift) in [18, 12, 6, 0].into_iter().enumerate() {
            let digit = usize::try_from(bits >> shift & 63).ok().and_then(|it| DIGITS.get(it));
            let padding = index > chunk.len();
            out.push(if padding { '=' } else { char::from(*digit.unwrap_or(&b'=')) });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use sealwright_testdata::faces::upright_png;
    use sealwright_testdata::font::NOTO_SANS_SC;

    use super::*;
    use crate::appearance::{CheckMark, Font, FontBook, TextBlock, UploadedPicture};
    use crate::contract::{self, ImageFit};
    use crate::geometry::{MilliPoints, Pt, Size};

    #[test]
    fn base64_as_the_rfc_has_it() {
        let vectors =
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")];
        for (plain, encoded) in vectors {
            assert_eq!(base64(plain.as_bytes()), encoded);
        }
    }

    #[test]
    fn thickened_type_has_round_corners_as_in_the_document() {
        let font = Font::from_bytes(NOTO_SANS_SC, 0).unwrap();
        let fonts = FontBook::new().with(contract::Font::Hei, font).unwrap();
        let style = contract::TextStyle { bold: true, ..contract::TextStyle::default() };
        let size = Size::new(Pt(60.0), Pt(20.0)).unwrap();
        let svg = TextBlock::line("甲方").style(style).sketch(&fonts, size).unwrap().svg().unwrap();
        assert!(svg.contains("stroke-linejoin=\"round\""), "{svg}");
    }

    #[test]
    fn everything_that_is_painted_is_in_the_preview() {
        let size = Size::new(Pt(60.0), Pt(20.0)).unwrap();
        let font = Font::from_bytes(NOTO_SANS_SC, 0).unwrap();
        let fonts = FontBook::new().with(contract::Font::Hei, font).unwrap();
        let picture = UploadedPicture::from_bytes(&upright_png(1)).unwrap();
        let sketch = TextBlock::line("甲方").sketch(&fonts, size).unwrap();
        let sketch = sketch.with(
            MilliPoints::ZERO,
            MilliPoints::ZERO,
            &CheckMark::ticked(true).sketch(size).unwrap(),
        );
        let sketch = sketch.with(
            MilliPoints::ZERO,
            MilliPoints::ZERO,
            &picture.sketch(ImageFit::Keep, size).unwrap(),
        );
        let svg = sketch.svg().unwrap();
        assert_eq!(svg.matches("<path ").count(), 2);
        assert!(svg.contains("data:image/png;base64,iVBOR"));
        assert!(!svg.contains('甲'));
        assert_eq!(svg.matches("<g").count(), svg.matches("</g>").count());
    }
}
