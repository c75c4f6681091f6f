//! Drawing: what a seal looks like on the page.
//!
//! A [`SealFace`] is made once from an uploaded image and a physical size, and then put on any
//! number of documents: everything that costs time (decoding, checking, compressing, hashing) is
//! done when it is made; putting it on a page only copies bytes. In a document it consists of
//!
//! * one image XObject (and a soft mask, if the image is transparent anywhere), shared by all
//!   places where the document shows the seal ([`FaceObjects::write`]);
//! * for each place a form XObject of a few hundred bytes, the widget's normal appearance, which
//!   paints `q W 0 0 H 0 0 cm /S Do Q` and nothing else ([`FaceObjects::write_form`]).
//!
//! # Text, ticks and handwriting
//!
//! What controls hold becomes a [`Sketch`] ([`ControlSketcher`], or [`TextBlock`], [`TableBlock`], [`CheckMark`],
//! [`Handwriting`], [`UploadedPicture`], [`watermark`](watermark()) by themselves), set with the host's
//! fonts ([`FontBook`]). Several sketches become [`Drawing`]s together, so that they share the parts
//! of the fonts that they use ([`Sketch::drawings`]); a console is shown [`Sketch::svg`].
//!
//! # Upright on rotated pages
//!
//! The widget's `/Rect` lies in user space, so on a page displayed with a quarter turn it is as
//! wide as the seal is high. The form's `/BBox` has the size that a person sees, and its `/Matrix`
//! turns it against the page's rotation; a reader maps the turned box onto `/Rect` (ISO 32000-2
//! §12.5.5, algorithm of the appearance streams), which fits without any distortion.
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use sealwright::appearance::{Fit, UploadedPicture};
//! use sealwright::geometry::{Mm, PageGeometry, PageNumber, Rect};
//! use sealwright::placement::Placed;
//! # let png = sealwright_testdata_png();
//!
//! let logo = UploadedPicture::from_bytes(&png)?.drawing(Mm(42.0))?;
//!
//! // The document's next free object number is 7.
//! let mut next = 7..;
//! let mut objects = logo.objects(|| next.next().unwrap_or(u32::MAX));
//! let mut out = Vec::new();
//! let offsets = objects.write(&mut out);
//! assert_eq!(offsets.first(), Some(&(7, 0)));
//!
//! let page = PageGeometry::new([0.0, 0.0, 595.0, 842.0], None, 90, 1.0)?;
//! let rect = Rect::with_size(Mm(130.0), Mm(100.0), logo.size())?;
//! let placed = Placed::on(PageNumber::new(1)?, &page, rect)?;
//! objects.write_form(9, &placed, Fit::default(), &mut out);
//! # Ok(()) }
//! # fn sealwright_testdata_png() -> Vec<u8> {
//! #     let mut png = Vec::new();
//! #     let image = image::RgbaImage::from_pixel(4, 4, image::Rgba([200, 0, 0, 128]));
//! #     image.write_to(&mut std::io::Cursor::new(&mut png), image::ImageFormat::Png).unwrap();
//! #     png
//! # }
//! ```

mod artwork;
mod check_mark;
mod composition;
mod control_sketch;
mod coverage;
pub mod design;
mod drawing;
mod field_sketch;
mod fit;
mod font;
mod font_book;
mod font_program;
mod glyphs;
mod ground;
mod handwriting;
#[cfg(test)]
mod hostile_fonts_tests;
pub mod intake;
mod jpeg;
mod line_breaking;
mod objects;
mod path;
mod pen;
mod picture;
mod place;
mod preview;
mod registration;
mod seal_face;
mod shared;
mod sketch;
mod stroke_outline;
mod svg;
mod table_block;
mod text_block;
mod typesetting;
mod uploaded_picture;
mod watermark;
mod writing_error;

use thiserror::Error;

use crate::authorization;
use crate::limits::{Limit, LimitExceeded};
use crate::statement;

pub use check_mark::CheckMark;
pub use control_sketch::{ControlSketcher, SignatureFace};
pub use drawing::{Blend, Drawing};
pub(crate) use drawing::{Frame, Resources, Traits};
pub(crate) use field_sketch::{FieldLayout, WidgetFrame};
pub use fit::{Alignment, Fit, Sizing};
pub use font::{Embedding, Font};
pub use font_book::FontBook;
pub use handwriting::{Handwriting, StrokePoint};
pub use objects::FaceObjects;
pub(crate) use place::View;
pub use preview::Dpi;
pub use seal_face::SealFace;
pub(crate) use seal_face::deflate;
pub(crate) use shared::{Numbers, Shared};
pub use sketch::Sketch;
pub(crate) use sketch::points;
pub use table_block::TableBlock;
pub use text_block::{Overflow, TextBlock, Vertical};
pub(crate) use typesetting::{PageFonts, PagePainter, SetLine, Type, Typesetter};
pub use uploaded_picture::UploadedPicture;
pub use watermark::{Stain, watermark};
pub use writing_error::{MissingCharacters, WritingError};

/// Why an image cannot be a seal.
///
/// ```
/// use sealwright::appearance::SealFace;
/// use sealwright::geometry::Mm;
/// let error = SealFace::from_image(b"GIF89a", Mm(42.0)).unwrap_err();
/// assert_eq!(error.code(), "seal.image_format");
/// ```
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum Error {
    /// The bytes are neither PNG nor JPEG, whatever the file was called.
    #[error(
        "the image is neither PNG nor JPEG: its first bytes are {first:02X?}; save it as PNG with a \
         transparent background"
    )]
    Format {
        /// The first bytes, eight at most.
        first: Vec<u8>,
    },
    /// The image is damaged.
    #[error("the {format} image cannot be decoded: {reason}; export it again")]
    Decode {
        /// `PNG` or `JPEG`.
        format: &'static str,
        /// What the decoder found.
        reason: String,
    },
    /// The JPEG stream breaks its own rules (ITU-T T.81).
    #[error("the JPEG image is damaged at byte {offset}: {reason}; export it again")]
    Jpeg {
        /// Where, counted from the start of the image.
        offset: usize,
        /// What is wrong there.
        reason: &'static str,
    },
    /// A kind of image that PDF cannot hold and we do not convert.
    #[error("{what} cannot be used as a seal; export the image as PNG, or as 8-bit JPEG in RGB")]
    Unsupported {
        /// The kind.
        what: &'static str,
    },
    /// Every pixel is fully transparent: the seal would not be seen.
    #[error(
        "every one of the image's {width} x {height} pixels is fully transparent; check the file"
    )]
    Invisible {
        /// Pixels a row.
        width: u32,
        /// Rows.
        height: u32,
    },
    /// The seal would be too small to be seen or too large for a seal.
    #[error(
        "a seal of {width_mm:.1} x {height_mm:.1} mm is out of range: both sides have to be between \
         {min_mm} and {max_mm} mm; the height follows from the width and the image's shape"
    )]
    SizeOutOfRange {
        /// The width that was given.
        width_mm: f64,
        /// The height that follows.
        height_mm: f64,
        /// The shortest side that is accepted.
        min_mm: f64,
        /// The longest side that is accepted.
        max_mm: f64,
    },
    /// The picture may be drawn, but not registered as a seal.
    #[error(transparent)]
    NotRegistrable(#[from] Box<authorization::Error>),
    /// The image is larger than the limits allow.
    #[error(transparent)]
    Limit(#[from] LimitExceeded),
    /// The image's parts do not belong together.
    #[error(transparent)]
    Face(#[from] statement::Error),
    /// A font cannot be used, or text not be drawn.
    #[error(transparent)]
    Writing(#[from] WritingError),
    /// The pixels could not be compressed: a fault of this crate.
    #[error(
        "the image could not be compressed ({reason}); this is a fault of sealwright, please report it"
    )]
    Deflate {
        /// What the compressor said.
        reason: String,
    },
}

impl Error {
    /// A stable name of the kind of error, for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Format { .. } => "seal.image_format",
            Self::Decode { .. } | Self::Jpeg { .. } => "seal.image_decode",
            Self::Unsupported { .. } => "seal.image_unsupported",
            Self::Invisible { .. } => "seal.image_invisible",
            Self::SizeOutOfRange { .. } => "seal.size_out_of_range",
            Self::NotRegistrable(error) => error.code(),
            Self::Limit(LimitExceeded { limit: Limit::Bytes, .. }) => "seal.image_too_large",
            Self::Limit(_) => "seal.image_dimensions",
            Self::Face(error) => error.code(),
            Self::Writing(error) => error.code(),
            Self::Deflate { .. } => "seal.deflate",
        }
    }
}
