//! Which forms seals may have, and what is odd about them.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Error, ImageLimits, SealColour, SealImage, SealShape, SealSize};
use crate::contract::SealKind;

/// Shape, size and colour of one version of a seal. Who makes it: [`SealRules`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealForm {
    /// The outline.
    pub shape: SealShape,
    /// The size on paper.
    pub size: SealSize,
    /// The colour.
    pub colour: SealColour,
}

/// Something odd about a seal that does not keep it from being made. Whoever makes or reviews the
/// seal is told; the event of its making lists the codes.
///
/// ```
/// use sealwright::authorization::SealWarning;
/// assert_eq!(SealWarning::NoAlpha.code(), "W-SEAL-NO-ALPHA");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum SealWarning {
    /// A round company seal is wider than the state rule allows (R-SEAL-09).
    #[serde(rename = "W-SEAL-OVERSIZE")]
    Oversize,
    /// An invoice seal is not the red oval of 40 by 30 mm (R-SEAL-10).
    #[serde(rename = "W-SEAL-INVOICE-FORM")]
    InvoiceForm,
    /// The picture's sides relate differently from the millimetres: it will look squeezed
    /// (R-SEAL-15).
    #[serde(rename = "W-SEAL-ASPECT")]
    Aspect,
    /// The picture is opaque and will cover the text under it (R-SEAL-16).
    #[serde(rename = "W-SEAL-NO-ALPHA")]
    NoAlpha,
}

impl SealWarning {
    /// The stable name, as in the catalogue.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Oversize => "W-SEAL-OVERSIZE",
            Self::InvoiceForm => "W-SEAL-INVOICE-FORM",
            Self::Aspect => "W-SEAL-ASPECT",
            Self::NoAlpha => "W-SEAL-NO-ALPHA",
        }
    }
}

/// What seals of a deployment have to look like, and who looks at them. The defaults are those of
/// the published practice; an embedder may change each.
///
/// ```
/// use sealwright::authorization::{SealRules, SealSize};
/// let rules = SealRules::default();
/// assert!(rules.circles.contains(&42));
/// assert!(rules.ellipses.contains(&SealSize { width: 45, height: 30 }));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealRules {
    /// How large an uploaded picture may be.
    pub image: ImageLimits,
    /// The shortest side of an uploaded seal in millimetres; 10 unless told otherwise.
    pub shortest: u16,
    /// The longest side of an uploaded seal in millimetres; 100 unless told otherwise.
    pub longest: u16,
    /// The width of a seal whose size nobody said, in millimetres; 42 unless told otherwise.
    pub unsaid: u16,
    /// The diameters of generated circles in millimetres.
    pub circles: BTreeSet<u16>,
    /// The sizes of generated ellipses.
    pub ellipses: BTreeSet<SealSize>,
    /// The sides of the generated square of a legal representative in millimetres; practice, not
    /// norm.
    pub squares: BTreeSet<u16>,
    /// The colours of generated seals; red alone unless told otherwise (domain §7.5).
    pub colours: BTreeSet<SealColour>,
    /// The widest round company seal that raises no warning, in millimetres; 45 by state rule.
    pub widest_round: u16,
    /// Whether an uploaded seal waits for the organization's super admin instead of the
    /// platform's reviewers; not unless told otherwise.
    pub reviewed_by_super_admin: bool,
}

impl Default for SealRules {
    fn default() -> Self {
        let ellipse = |width| SealSize { width, height: 30 };
        Self {
            image: ImageLimits::default(),
            shortest: 10,
            longest: 100,
            unsaid: 42,
            circles: BTreeSet::from([38, 40, 42, 45, 50, 58]),
            ellipses: BTreeSet::from([ellipse(40), ellipse(45)]),
            squares: BTreeSet::from([18, 20, 25]),
            colours: BTreeSet::from([SealColour::Red]),
            widest_round: 45,
            reviewed_by_super_admin: false,
        }
    }
}

impl SealRules {
    /// The form of an uploaded seal (R-SEAL-06). A size that nobody said is 42 mm across, and as
    /// high as the picture asks for.
    ///
    /// # Errors
    ///
    /// [`Error::SizeOutOfRange`], and [`Error::ShapeTypeConflict`] for a circle or square whose
    /// sides differ.
    pub fn uploaded(
        &self,
        kind: &SealKind,
        image: &SealImage,
        shape: SealShape,
        size: Option<SealSize>,
        colour: SealColour,
    ) -> Result<SealForm, Error> {
        let size = size.unwrap_or_else(|| SealSize::following(image, self.unsaid));
        self.require_in_range(size)?;
        if shape.is_regular() && size.width != size.height {
            return Err(Error::ShapeTypeConflict { kind: kind.clone(), shape, size });
        }
        Ok(SealForm { shape, size, colour })
    }

    /// The form of a generated seal (R-SEAL-07, R-SEAL-08). Official and contract seals are circles,
    /// those of other kinds circles or ellipses. Squares and rectangles are name seals: those of the
    /// legal representative, of a professional, and any other. A rectangle keeps to the bounds of an
    /// uploaded seal.
    ///
    /// # Errors
    ///
    /// [`Error::ShapeTypeConflict`] if seals of this kind do not come in this shape,
    /// [`Error::SizeNotInEnum`] if the shape does not come in this size, [`Error::SizeOutOfRange`]
    /// for a rectangle, [`Error::ColourNotInEnum`].
    pub fn generated(
        &self,
        kind: &SealKind,
        shape: SealShape,
        size: Option<SealSize>,
        colour: SealColour,
    ) -> Result<SealForm, Error> {
        let size = size.unwrap_or(SealSize::round(self.unsaid));
        let is_name = matches!(
            kind,
            SealKind::LegalRepresentative
                | SealKind::Qualification
                | SealKind::Other
                | SealKind::Custom(_)
        );
        let suits = match shape {
            SealShape::Circle => true,
            SealShape::Ellipse => !matches!(kind, SealKind::Official | SealKind::Contract),
            SealShape::Square | SealShape::Rectangle => is_name,
        };
        if !suits {
            return Err(Error::ShapeTypeConflict { kind: kind.clone(), shape, size });
        }
        let regular = size.width == size.height;
        let listed = match shape {
            SealShape::Circle => regular && self.circles.contains(&size.width),
            SealShape::Square => regular && self.squares.contains(&size.width),
            SealShape::Ellipse => self.ellipses.contains(&size),
            SealShape::Rectangle => {
                self.require_in_range(size)?;
                true
            }
        };
        if !listed {
            return Err(Error::SizeNotInEnum { shape, size });
        }
        if !self.colours.contains(&colour) {
            return Err(Error::ColourNotInEnum { colour });
        }
        Ok(SealForm { shape, size, colour })
    }

    /// The bounds of what is not made in listed sizes alone (R-SEAL-06).
    fn require_in_range(&self, size: SealSize) -> Result<(), Error> {
        let SealSize { width, height } = size;
        let range = self.shortest..=self.longest;
        let (short, long) = (u32::from(width.min(height)), u32::from(width.max(height)));
        if !range.contains(&width) || !range.contains(&height) || long > 10 * short {
            let (shortest, longest) = (self.shortest, self.longest);
            return Err(Error::SizeOutOfRange { size, shortest, longest });
        }
        Ok(())
    }

    /// What is odd about a seal of this kind, form and picture, each thing once and in the order
    /// of the rules (R-SEAL-09, 10, 15, 16).
    #[must_use]
    pub fn warnings(
        &self,
        kind: &SealKind,
        form: &SealForm,
        image: &SealImage,
    ) -> BTreeSet<SealWarning> {
        let SealForm { shape, size, .. } = *form;
        let mut found = BTreeSet::new();
        let of_a_company = !matches!(kind, SealKind::LegalRepresentative | SealKind::Qualification);
        if of_a_company && shape == SealShape::Circle && size.width > self.widest_round {
            found.insert(SealWarning::Oversize);
        }
        let norm = SealForm {
            shape: SealShape::Ellipse,
            size: SealSize { width: 40, height: 30 },
            colour: SealColour::Red,
        };
        if *kind == SealKind::Invoice && *form != norm {
            found.insert(SealWarning::InvoiceForm);
        }
        if image.pixels().is_some_and(|pixels| differs_in_aspect(size, pixels)) {
            found.insert(SealWarning::Aspect);
        }
        if !image.is_transparent() {
            found.insert(SealWarning::NoAlpha);
        }
        found
    }
}

/// Whether the ratio of the pixels and that of the millimetres are more than 5 % apart.
fn differs_in_aspect(size: SealSize, (columns, rows): (u32, u32)) -> bool {
    let of_pixels = u64::from(columns) * u64::from(size.height);
    let of_paper = u64::from(rows) * u64::from(size.width);
    of_pixels.abs_diff(of_paper) * 20 > of_paper
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authorization::{ImageFacts, ImageFormat};
    use crate::digest::{Digest, DigestAlgorithm};
    use crate::statement::FaceDigest;

    fn image(width: u32, height: u32, transparent: bool) -> SealImage {
        let facts = ImageFacts {
            format: Some(ImageFormat::Png),
            bytes: 1000,
            width,
            height,
            transparent,
            source: Digest::of(DigestAlgorithm::Sha256, b"png"),
            face: Some(FaceDigest::from_bytes([1; 32])),
        };
        SealImage::accept(&facts, &ImageLimits::default()).unwrap()
    }

    fn size(width: u16, height: u16) -> SealSize {
        SealSize { width, height }
    }

    #[test]
    fn r_seal_06_an_uploaded_seal_has_10_to_100_mm() {
        let rules = SealRules::default();
        let of = |size| {
            rules.uploaded(
                &SealKind::Other,
                &image(600, 300, true),
                SealShape::Rectangle,
                size,
                SealColour::Blue,
            )
        };
        for (width, height) in [(10, 10), (100, 100), (10, 100), (100, 10), (42, 21)] {
            assert_eq!(of(Some(size(width, height))).unwrap().size, size(width, height));
        }
        for (width, height) in [(9, 10), (10, 9), (101, 100), (100, 101), (0, 0), (u16::MAX, 50)] {
            let error = of(Some(size(width, height))).unwrap_err();
            assert_eq!(error.code(), "seal.size_out_of_range", "{width}x{height}");
        }
        assert_eq!(of(None).unwrap().size, size(42, 21));
        let oblong = rules.uploaded(
            &SealKind::Other,
            &image(600, 60, true),
            SealShape::Rectangle,
            None,
            SealColour::Red,
        );
        assert_eq!(oblong.unwrap_err().code(), "seal.size_out_of_range");
        let wide = SealRules { longest: 200, ..rules };
        let band = wide.uploaded(
            &SealKind::Other,
            &image(600, 60, true),
            SealShape::Rectangle,
            Some(size(110, 10)),
            SealColour::Red,
        );
        assert_eq!(band.unwrap_err().code(), "seal.size_out_of_range");
    }

    /// Generated in red under the usual rules.
    fn made(kind: &SealKind, shape: SealShape, size: Option<SealSize>) -> Result<SealForm, Error> {
        SealRules::default().generated(kind, shape, size, SealColour::Red)
    }

    #[test]
    fn r_seal_07_generated_sizes_come_from_the_enumeration() {
        for diameter in [38, 40, 42, 45, 50, 58] {
            let of = Some(SealSize::round(diameter));
            let form = made(&SealKind::Official, SealShape::Circle, of).unwrap();
            assert_eq!((form.size.width, form.colour), (diameter, SealColour::Red));
        }
        for (width, height) in [(40, 30), (45, 30)] {
            let of = Some(size(width, height));
            assert!(made(&SealKind::Finance, SealShape::Ellipse, of).is_ok());
        }
        for (shape, wrong) in [
            (SealShape::Circle, size(39, 39)),
            (SealShape::Circle, size(40, 30)),
            (SealShape::Ellipse, size(30, 40)),
            (SealShape::Ellipse, size(42, 42)),
        ] {
            let error = made(&SealKind::Finance, shape, Some(wrong)).unwrap_err();
            assert_eq!(error.code(), "seal.size_not_in_enum", "{shape} {wrong}");
        }
        let unsaid = made(&SealKind::Official, SealShape::Circle, None).unwrap();
        assert_eq!(unsaid.size, SealSize::round(42));
    }

    #[test]
    fn r_seal_08_generated_official_and_contract_seals_are_circles() {
        let rules = SealRules::default();
        for kind in [SealKind::Official, SealKind::Contract] {
            let error = made(&kind, SealShape::Ellipse, Some(size(40, 30))).unwrap_err();
            assert_eq!(error.code(), "seal.shape_type_conflict");
        }
        for shape in [SealShape::Square, SealShape::Rectangle] {
            let error = made(&SealKind::Finance, shape, Some(size(20, 20))).unwrap_err();
            assert_eq!(error.code(), "seal.shape_type_conflict");
        }
        let square = Some(SealSize::round(20));
        assert!(made(&SealKind::LegalRepresentative, SealShape::Square, square).is_ok());
        let egg = rules.uploaded(
            &SealKind::Official,
            &image(600, 600, true),
            SealShape::Circle,
            Some(size(40, 41)),
            SealColour::Red,
        );
        assert_eq!(egg.unwrap_err().code(), "seal.shape_type_conflict");
    }

    #[test]
    fn r_seal_07_generated_rectangles_are_name_seals_within_the_bounds() {
        let rectangle = |kind: &SealKind, width, height| {
            let form = made(kind, SealShape::Rectangle, Some(size(width, height)));
            form.map(|form| form.size).map_err(|error| error.code())
        };
        let his = SealKind::LegalRepresentative;
        assert_eq!(rectangle(&his, 30, 15), Ok(size(30, 15)));
        assert_eq!(rectangle(&SealKind::Other, 100, 10), Ok(size(100, 10)));
        assert_eq!(rectangle(&SealKind::Official, 30, 15), Err("seal.shape_type_conflict"));
        for (width, height) in [(9, 20), (101, 20), (110, 10)] {
            assert_eq!(rectangle(&his, width, height), Err("seal.size_out_of_range"));
        }
    }

    #[test]
    fn generated_seals_are_recorded_in_the_colour_that_they_have() {
        let rules = SealRules::default();
        let blue = |rules: &SealRules| {
            let (kind, shape) = (SealKind::Finance, SealShape::Circle);
            rules.generated(&kind, shape, None, SealColour::Blue)
        };
        let error = blue(&rules).unwrap_err();
        assert_eq!(error.code(), "seal.colour_not_in_enum");
        assert!(error.to_string().contains("blue"));
        let colours = BTreeSet::from([SealColour::Red, SealColour::Blue]);
        let form = blue(&SealRules { colours, ..rules }).unwrap();
        assert_eq!(form.colour, SealColour::Blue);
    }

    fn warned(kind: SealKind, shape: SealShape, size: SealSize, image: &SealImage) -> Vec<String> {
        let form = SealForm { shape, size, colour: SealColour::Red };
        let found = SealRules::default().warnings(&kind, &form, image);
        found.into_iter().map(|warning| warning.code().to_owned()).collect()
    }

    #[test]
    fn r_seal_09_a_round_company_seal_above_45_mm_is_warned_of() {
        let (circle, picture) = (SealShape::Circle, image(600, 600, true));
        let official = SealKind::Official;
        assert!(warned(official.clone(), circle, SealSize::round(45), &picture).is_empty());
        let wide = SealSize::round(50);
        assert_eq!(warned(official.clone(), circle, wide, &picture), ["W-SEAL-OVERSIZE"]);
        assert!(warned(official, SealShape::Square, wide, &picture).is_empty());
        assert!(warned(SealKind::LegalRepresentative, circle, wide, &picture).is_empty());
    }

    #[test]
    fn r_seal_10_an_invoice_seal_is_a_red_oval_of_40_by_30() {
        let (oval, picture) = (SealShape::Ellipse, image(400, 300, true));
        assert!(warned(SealKind::Invoice, oval, size(40, 30), &picture).is_empty());
        let wrong = warned(SealKind::Invoice, oval, size(48, 36), &picture);
        assert_eq!(wrong, ["W-SEAL-INVOICE-FORM"]);
        let blue = SealForm { shape: oval, size: size(40, 30), colour: SealColour::Blue };
        let found = SealRules::default().warnings(&SealKind::Invoice, &blue, &picture);
        assert_eq!(found, BTreeSet::from([SealWarning::InvoiceForm]));
    }

    #[test]
    fn r_seal_15_a_picture_that_will_look_squeezed_is_warned_of() {
        let circle = |columns, rows| {
            warned(
                SealKind::Contract,
                SealShape::Circle,
                SealSize::round(42),
                &image(columns, rows, true),
            )
        };
        assert!(circle(1000, 1000).is_empty());
        assert!(circle(1050, 1000).is_empty());
        assert_eq!(circle(1051, 1000), ["W-SEAL-ASPECT"]);
        assert_eq!(circle(949, 1000), ["W-SEAL-ASPECT"]);
    }

    #[test]
    fn r_seal_16_an_opaque_picture_is_warned_of() {
        let opaque = image(600, 600, false);
        let found = warned(SealKind::Contract, SealShape::Circle, SealSize::round(42), &opaque);
        assert_eq!(found, ["W-SEAL-NO-ALPHA"]);
        let json = serde_json::to_string(&SealWarning::NoAlpha).unwrap();
        assert_eq!(json, "\"W-SEAL-NO-ALPHA\"");
    }
}
