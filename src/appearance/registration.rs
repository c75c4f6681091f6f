//! From the bytes that were uploaded for a seal to what is registered of it.

use super::picture::Picture;
use super::{Error, SealFace};
use crate::authorization::{ImageFacts, ImageFormat, SealImage, SealRules};
use crate::geometry::Mm;
use crate::limits::Limits;

impl SealFace {
    /// Compiles the picture of a seal that is to be registered, under the rules for seals: the file
    /// (R-SEAL-04), its pixels (R-SEAL-05), and its size on paper (R-SEAL-06). This is the way for
    /// whatever an organization uploads; [`SealFace::from_image`] has wider bounds, for pictures that
    /// nobody registers.
    ///
    /// What comes with it are the facts for [`NewFace::image`](crate::authorization::NewFace), which the registration holds
    /// against its rules again.
    ///
    /// ```
    /// # let png = sealwright_testdata::seal::PNG;
    /// use sealwright::appearance::SealFace;
    /// use sealwright::authorization::SealRules;
    /// use sealwright::geometry::Mm;
    /// let rules = SealRules::default();
    /// let (face, facts) = SealFace::to_register(png, Mm(42.0), &rules)?;
    /// assert_eq!(facts.face, Some(face.face_digest()));
    /// // A seal of 9 mm is drawn, but not registered.
    /// assert!(SealFace::from_image(png, Mm(9.0)).is_ok());
    /// let error = SealFace::to_register(png, Mm(9.0), &rules).unwrap_err();
    /// assert_eq!(error.code(), "seal.size_out_of_range");
    /// # Ok::<(), sealwright::appearance::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`SealFace::from_image`], and [`Error::NotRegistrable`].
    pub fn to_register(
        bytes: &[u8],
        width: Mm,
        rules: &SealRules,
    ) -> Result<(Self, ImageFacts), Error> {
        let most = rules.image;
        let limits = Limits {
            bytes: most.bytes,
            pixels: most.decoded_bytes / 4,
            // Pixels of 16 bits are reduced after they were inflated.
            inflated_bytes: most.decoded_bytes.saturating_mul(2),
            ..Limits::default()
        };
        let picture = Picture::read(bytes, &limits)?;
        let face = Self::from_picture(&picture, width, bytes)?;
        let facts = ImageFacts {
            format: ImageFormat::sniff(bytes),
            bytes: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            width: picture.width,
            height: picture.height,
            transparent: face.is_transparent(),
            source: *face.source_digest(),
            face: Some(face.face_digest()),
        };
        SealImage::accept(&facts, &most).map_err(Box::new)?;
        face.require_size(width, rules)?;
        Ok((face, facts))
    }

    /// R-SEAL-06, of the size that is drawn.
    fn require_size(&self, width: Mm, rules: &SealRules) -> Result<(), Error> {
        let (Mm(width_mm), (columns, rows)) = (width, self.pixels());
        let height_mm = width_mm * f64::from(rows) / f64::from(columns.max(1));
        let (min_mm, max_mm) = (f64::from(rules.shortest), f64::from(rules.longest));
        let fits = |side: f64| (min_mm..=max_mm).contains(&side);
        let ratio = width_mm.max(height_mm) / width_mm.min(height_mm);
        if fits(width_mm) && fits(height_mm) && ratio <= 10.0 {
            return Ok(());
        }
        Err(Error::SizeOutOfRange { width_mm, height_mm, min_mm, max_mm })
    }
}

#[cfg(test)]
mod tests {
    use sealwright_testdata::faces::png;

    use super::*;
    use crate::authorization::ImageLimits;

    /// RGB, of equal pixels.
    fn picture(width: u32, height: u32) -> Vec<u8> {
        let row = [vec![0], vec![1; width as usize * 3]].concat();
        png((width, height), (8, 2), &[], &row.repeat(height as usize))
    }

    fn refusal(bytes: &[u8], width: f64, rules: &SealRules) -> &'static str {
        // What is refused here is drawn where nobody registers it.
        assert!(SealFace::from_image(bytes, Mm(width)).is_ok());
        SealFace::to_register(bytes, Mm(width), rules).unwrap_err().code()
    }

    #[test]
    fn r_seal_04_05_an_uploaded_picture_keeps_to_the_limits_of_its_rules() {
        let image = |bytes, side, decoded_bytes| SealRules {
            image: ImageLimits { bytes, side, decoded_bytes },
            ..SealRules::default()
        };
        let upload = picture(60, 40);
        let length = upload.len() as u64;
        let fitting = image(length, 60, 60 * 40 * 4);
        assert!(SealFace::to_register(&upload, Mm(42.0), &fitting).is_ok());
        let code = |rules: &SealRules| refusal(&upload, 42.0, rules);
        assert_eq!(code(&image(length - 1, 60, 60 * 40 * 4)), "seal.image_too_large");
        assert_eq!(code(&image(length, 59, 60 * 40 * 4)), "seal.image_dimensions");
        assert_eq!(code(&image(length, 60, 60 * 40 * 4 - 1)), "seal.image_dimensions");
        // The defaults: 5 MiB, 4096 pixels a side.
        let rules = SealRules::default();
        let padded = [upload.as_slice(), &vec![0; 5 << 20]].concat();
        assert_eq!(refusal(&padded, 42.0, &rules), "seal.image_too_large");
        assert_eq!(refusal(&picture(4097, 900), 80.0, &rules), "seal.image_dimensions");
        assert!(SealFace::to_register(&picture(4096, 900), Mm(80.0), &rules).is_ok());
    }

    #[test]
    fn r_seal_06_an_uploaded_seal_has_the_size_of_a_seal() {
        let rules = SealRules::default();
        let upload = picture(60, 40);
        assert_eq!(refusal(&upload, 9.9, &rules), "seal.size_out_of_range");
        assert_eq!(refusal(&upload, 14.9, &rules), "seal.size_out_of_range", "9.9 mm high");
        for width in [15.0, 42.0, 100.0] {
            assert!(SealFace::to_register(&upload, Mm(width), &rules).is_ok(), "{width}");
        }
        let wide = SealRules { shortest: 5, ..SealRules::default() };
        assert_eq!(refusal(&picture(101, 10), 60.0, &wide), "seal.size_out_of_range");
        assert!(SealFace::to_register(&picture(100, 10), Mm(60.0), &wide).is_ok());
    }
}
