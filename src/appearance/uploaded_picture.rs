//! Pictures that somebody uploaded.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use super::drawing::{Drawing, Traits};
use super::fit::{Fit, PIXEL};
use super::path::Affine;
use super::picture::Picture;
use super::preview;
use super::seal_face::{Raster, compile};
use super::shared::Shared;
use super::sketch::{Element, Sketch};
use super::{Error, WritingError};
use crate::geometry::{Mm, Pt, Size};
use crate::limits::Limits;

/// Between pictures that share a box, in points; less in a box where they would be thinner.
const GUTTER: f64 = 4.0;

/// A PNG or JPEG picture that somebody uploaded: for a picture control (图片), or as his signature
/// (vendor `IMG_ESIGN`). It is read and made as a [`SealFace`](super::SealFace) is, and shares its
/// image between all places; its shape is kept unless stretching is asked for.
///
/// ```
/// # let png = sealwright_testdata::faces::upright_png(4);
/// use sealwright::appearance::UploadedPicture;
/// use sealwright::contract::ImageFit;
/// use sealwright::geometry::{Pt, Size};
///
/// let picture = UploadedPicture::from_bytes(&png)?;
/// let sketch = picture.sketch(ImageFit::Keep, Size::new(Pt(112.0), Pt(52.0))?)?;
/// assert!(sketch.uses_transparency()); // it has clear pixels
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct UploadedPicture(Arc<Compiled>);

struct Compiled {
    image: Shared,
    pixels: (u32, u32),
    is_transparent: bool,
    is_cmyk: bool,
    raster: Raster,
}

impl UploadedPicture {
    /// Reads a picture under default [`Limits`].
    ///
    /// # Errors
    ///
    /// The bytes are neither PNG nor JPEG, damaged or too large.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        Self::from_bytes_with(bytes, &Limits::default())
    }

    /// The same under limits of the caller's: `bytes`, `pixels` and `inflated_bytes` count.
    ///
    /// # Errors
    ///
    /// As [`UploadedPicture::from_bytes`].
    pub fn from_bytes_with(bytes: &[u8], limits: &Limits) -> Result<Self, Error> {
        let picture = Picture::read(bytes, limits)?;
        let unit = Size::new(Pt(1.0), Pt(1.0)).unwrap_or_default();
        let (raster, drawing) = compile(&picture, unit)?;
        let image = drawing.xobject().clone();
        Ok(Self(Arc::new(Compiled {
            image,
            pixels: (picture.width, picture.height),
            is_transparent: picture.alpha.is_some(),
            is_cmyk: drawing.traits().cmyk,
            raster,
        })))
    }

    /// Pixels a row, and rows, as displayed.
    #[must_use]
    pub fn pixels(&self) -> (u32, u32) {
        self.0.pixels
    }

    /// Whether it has pixels that are clear or half clear.
    #[must_use]
    pub fn is_transparent(&self) -> bool {
        self.0.is_transparent
    }

    /// Whether its colours are inks.
    pub(super) fn is_cmyk(&self) -> bool {
        self.0.is_cmyk
    }

    /// By itself, so wide on paper: a logo, a picture on a page. Its height follows from its shape.
    ///
    /// It is a picture and no seal: a judge who finds one that looks like a registered seal says that
    /// nobody vouches for it. To put a seal there is [`SealFace`](super::SealFace).
    ///
    /// ```
    /// # let png = sealwright_testdata::faces::upright_png(4);
    /// use sealwright::appearance::UploadedPicture;
    /// use sealwright::geometry::Mm;
    /// let logo = UploadedPicture::from_bytes(&png)?.drawing(Mm(20.0))?;
    /// assert_eq!(logo.size().width().thousandths(), 56_693);
    /// # Ok::<(), sealwright::appearance::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`WritingError::EmptyBox`] for a width that is none.
    pub fn drawing(&self, width: Mm) -> Result<Drawing, Error> {
        let (columns, rows) = self.0.pixels;
        let Mm(across) = width;
        let height = Mm(across * f64::from(rows) / f64::from(columns));
        let size = Size::new(width, height).unwrap_or_default();
        if size.is_empty() {
            return Err(WritingError::EmptyBox { size }.into());
        }
        let traits = Traits { masked: self.0.is_transparent, pale: false, cmyk: self.0.is_cmyk };
        Ok(Drawing::image(size, self.0.image.clone()).with_traits(traits))
    }

    /// In a box of this size. Its own size is that of 96 pixels an inch.
    ///
    /// # Errors
    ///
    /// [`WritingError::EmptyBox`].
    pub fn sketch(&self, fit: impl Into<Fit>, size: Size) -> Result<Sketch, Error> {
        Self::sketch_all(std::slice::from_ref(self), fit, size)
    }

    /// Several pictures in one box, each in a cell of its own, up to three in a row; each stands in
    /// its cell as `fit` says.
    ///
    /// # Errors
    ///
    /// As [`UploadedPicture::sketch`].
    pub fn sketch_all(pictures: &[Self], fit: impl Into<Fit>, size: Size) -> Result<Sketch, Error> {
        let fit = fit.into();
        let mut sketch = Sketch::blank(size)?;
        let count = u16::try_from(pictures.len()).unwrap_or(u16::MAX).max(1);
        let columns = count.min(3);
        let rows = count.div_ceil(columns);
        let share = |whole: f64, parts: u16| {
            let gutter = GUTTER.min(whole / f64::from(parts) / 4.0);
            (gutter, (whole - gutter * f64::from(parts - 1)) / f64::from(parts))
        };
        let (across, width) = share(sketch.width(), columns);
        let (down, height) = share(sketch.height(), rows);
        for (index, picture) in (0..count).zip(pictures) {
            let left = f64::from(index % columns) * (width + across);
            let top = f64::from(index / columns) * (height + down);
            let bottom = sketch.height() - top - height;
            let map = picture.fitted(fit, [left, bottom, width, height]);
            sketch.push(Element::Picture { picture: picture.clone(), map });
        }
        Ok(sketch)
    }

    /// The map of the unit square into a cell: left, bottom, width, height.
    fn fitted(&self, fit: Fit, [left, bottom, width, height]: [f64; 4]) -> Affine {
        let own = [self.0.pixels.0, self.0.pixels.1].map(|side| f64::from(side) * PIXEL);
        let ([w, h], [x, y]) = fit.within(own, [width, height]);
        Affine([w, 0.0, 0.0, h, left + x, bottom + y])
    }

    /// The image XObject.
    pub(super) fn shared(&self) -> &Shared {
        &self.0.image
    }

    /// What a browser is shown: the media type and the bytes, of the pixels that are compiled. What
    /// else was uploaded with them (where a photograph was taken, a thumbnail) is nobody's business.
    pub(super) fn shown(&self) -> Result<(&'static str, Cow<'_, [u8]>), Error> {
        let raster = &self.0.raster;
        if raster.is_dct {
            return Ok(("image/jpeg", Cow::Borrowed(&*raster.data)));
        }
        Ok(("image/png", Cow::Owned(preview::png(preview::rgba(raster)?)?)))
    }
}

impl fmt::Debug for UploadedPicture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UploadedPicture").field("pixels", &self.0.pixels).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use sealwright_testdata::faces::{upright_jpeg, upright_png, with_exif};

    use super::*;
    use crate::appearance::fit::Alignment;
    use crate::contract::ImageFit;

    /// 20 by 10 pixels.
    fn picture() -> UploadedPicture {
        UploadedPicture::from_bytes(&upright_jpeg(1)).unwrap()
    }

    fn map(fit: impl Into<Fit>, width: f64, height: f64) -> [f64; 6] {
        picture().fitted(fit.into(), [0.0, 0.0, width, height]).0
    }

    #[test]
    fn the_shape_is_kept_unless_stretching_is_asked_for() {
        assert_eq!(map(ImageFit::Keep, 100.0, 100.0), [100.0, 0.0, 0.0, 50.0, 0.0, 25.0]);
        assert_eq!(map(ImageFit::Stretch, 100.0, 100.0), [100.0, 0.0, 0.0, 100.0, 0.0, 0.0]);
        assert_eq!(map(ImageFit::Centre, 100.0, 100.0), [15.0, 0.0, 0.0, 7.5, 42.5, 46.25]);
        assert_eq!(map(ImageFit::Centre, 10.0, 10.0), [10.0, 0.0, 0.0, 5.0, 0.0, 2.5]);
        let corner = Fit::CONTAIN.aligned(Alignment::TopLeft);
        assert_eq!(map(corner, 100.0, 100.0), [100.0, 0.0, 0.0, 50.0, 0.0, 50.0]);
    }

    #[test]
    fn several_pictures_stand_beside_each_other() {
        let size = Size::new(Pt(308.0), Pt(104.0)).unwrap();
        let four = vec![picture(); 4];
        let sketch = UploadedPicture::sketch_all(&four, ImageFit::Stretch, size).unwrap();
        let corners = sketch.elements().iter().map(|element| match element {
            Element::Picture { map: Affine([w, _, _, h, x, y]), .. } => [*w, *h, *x, *y],
            _ => panic!("a picture"),
        });
        assert_eq!(
            corners.collect::<Vec<_>>(),
            [
                [100.0, 50.0, 0.0, 54.0],
                [100.0, 50.0, 104.0, 54.0],
                [100.0, 50.0, 208.0, 54.0],
                [100.0, 50.0, 0.0, 0.0]
            ]
        );
        assert!(!sketch.uses_transparency());
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        assert_eq!(UploadedPicture::from_bytes(b"GIF89a").unwrap_err().code(), "seal.image_format");
        let flat = Size::new(Pt(0.0), Pt(10.0)).unwrap();
        assert_eq!(picture().sketch(ImageFit::Keep, flat).unwrap_err().code(), "text.empty_box");
        let clear = UploadedPicture::from_bytes(&upright_png(1)).unwrap();
        assert!(clear.is_transparent() && clear.pixels() == (20, 10));
    }

    #[test]
    fn pictures_in_a_box_that_is_narrow_are_shown_all_the_same() {
        let three = [picture(), picture(), picture()];
        for (width, height) in [(8.0, 8.0), (1.0, 30.0), (120.0, 30.0)] {
            let size = Size::new(Pt(width), Pt(height)).unwrap();
            let sketch = UploadedPicture::sketch_all(&three, ImageFit::Stretch, size).unwrap();
            let mut end = 0.0;
            for element in sketch.elements() {
                let Element::Picture { map, .. } = element else { panic!("pictures alone") };
                let [w, _, _, h, left, _] = map.0;
                assert!(w > 0.0 && h > 0.0 && left >= end, "{:?}", map.0);
                end = left + w;
            }
            assert!((end - width).abs() < 1e-9);
        }
    }

    #[test]
    fn a_preview_has_nothing_of_the_file_but_its_pixels() {
        // As it is, and turned, which makes pixels of it.
        for orientation in [1, 6] {
            let jpeg = with_exif(&upright_jpeg(2), orientation);
            assert!(jpeg.windows(4).any(|bytes| bytes == b"Exif"));
            let picture = UploadedPicture::from_bytes(&jpeg).unwrap();
            let (media_type, shown) = picture.shown().unwrap();
            assert!(!shown.windows(4).any(|bytes| bytes == b"Exif"));
            assert_eq!(media_type, if orientation == 1 { "image/jpeg" } else { "image/png" });
            let seen = image::load_from_memory(&shown).unwrap();
            assert_eq!((seen.width(), seen.height()), picture.pixels());
        }
    }
}
