//! What is asked for: plain data, checked when the update is prepared.

use time::OffsetDateTime;

use super::Error;
use super::archive::TransparencyPolicy;
use crate::appearance::{Blend, Drawing, Fit, SealFace};
use crate::authorization::Authority;
use crate::contract::{Edge, Opacity};
use crate::geometry::{self, Length, MilliPoints, Size};
use crate::placement::Placement;

/// One signature that a document is to get.
///
/// *Who makes it*: `signing`, from what the caller says and what the signer needs; a host that
/// builds its own CMS may make one itself.
///
/// ```
/// use sealwright::update::{Request, SubFilter};
/// let at = time::OffsetDateTime::from_unix_timestamp(1_767_225_600).unwrap();
/// let request = Request { reason: Some("Agreed"), ..Request::invisible(SubFilter::Cades, at) };
/// assert!(request.picture.is_none());
/// ```
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// The field that gets the signature.
    pub field: FieldChoice<'a>,
    /// What is seen; `None` leaves a new field invisible and an existing one as it looks.
    pub picture: Option<Picture<'a>>,
    /// How the CMS is to be read (ISO 32000-2 Table 260).
    pub sub_filter: SubFilter,
    /// The claimed time of signing, `/M`; its offset is written too.
    pub signed_at: OffsetDateTime,
    /// `/Name`: who signs.
    pub name: Option<&'a str>,
    /// `/Reason`.
    pub reason: Option<&'a str>,
    /// `/Location`.
    pub location: Option<&'a str>,
    /// `/ContactInfo`.
    pub contact: Option<&'a str>,
    /// Makes it a certification of the document.
    pub certification: Option<Certification>,
    /// Fields that the signature locks, by fully qualified name; only for a new field.
    pub lock: &'a [String],
    /// Further signature fields that show the same signature: each page of a cross-page seal (骑缝章)
    /// has one. They share its value (ISO 32000-2 §12.7.5.5 leaves a field one widget).
    pub also: &'a [Shown<'a>],
    /// Fields of other kinds that the signer fills with the same revision: his date, his opinion.
    pub fills: &'a [Fill<'a>],
    /// What becomes of transparency in a document that claims to be PDF/A and permits none.
    pub transparency: TransparencyPolicy,
}

impl<'a> Request<'a> {
    /// An invisible signature in a new field with a name of the engine's choice.
    #[must_use]
    pub fn invisible(sub_filter: SubFilter, signed_at: OffsetDateTime) -> Self {
        Self {
            field: FieldChoice::New { name: None },
            picture: None,
            sub_filter,
            signed_at,
            name: None,
            reason: None,
            location: None,
            contact: None,
            certification: None,
            lock: &[],
            also: &[],
            fills: &[],
            transparency: TransparencyPolicy::default(),
        }
    }
}

/// The field that gets the signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldChoice<'a> {
    /// A field that is made for it, at the top of the field tree. If the name is taken the next
    /// free one is used: `seal`, `seal2`, `seal3`; without a name `Signature1`, `Signature2`.
    New {
        /// Its partial name, without dots.
        name: Option<&'a str>,
    },
    /// An empty signature field of the document.
    Existing {
        /// Its fully qualified name.
        name: &'a str,
    },
}

impl Request<'_> {
    /// That a document time-stamp asks for nothing that only a signature has.
    pub(super) fn check(&self) -> Result<(), Error> {
        if !self.sub_filter.is_timestamp() {
            return Ok(());
        }
        let texts = [self.name, self.reason, self.location, self.contact];
        let beside = [
            ("text", texts.iter().any(Option::is_some)),
            ("certification", self.certification.is_some()),
            ("lock", !self.lock.is_empty()),
            ("picture", self.picture.is_some() || !self.also.is_empty()),
            ("value", !self.fills.is_empty()),
        ];
        match beside.iter().find(|(_, is_there)| *is_there) {
            Some((what, _)) => Err(Error::BesideTimestamp { what }),
            None => Ok(()),
        }
    }

    /// Every registered seal that is drawn.
    pub(super) fn seals(&self) -> impl Iterator<Item = &DrawnSeal<'_>> {
        let also = self.also.iter().map(|shown| &shown.picture);
        self.picture.iter().chain(also).filter_map(|picture| match picture {
            Picture::Seal(seal) => Some(seal),
            Picture::Drawing(_) => None,
        })
    }
}

/// A further field that shows the signature.
#[derive(Clone, Debug)]
pub struct Shown<'a> {
    /// The field.
    pub field: FieldChoice<'a>,
    /// What is seen there.
    pub picture: Picture<'a>,
}

/// What is seen in a signature field.
#[derive(Clone, Debug)]
pub enum Picture<'a> {
    /// A seal that somebody answers for.
    Seal(DrawnSeal<'a>),
    /// A drawing that is no registered seal: a signature by hand.
    Drawing(Drawn<'a>),
}

impl Picture<'_> {
    /// The text for those who do not see it.
    pub(super) fn description(&self) -> Option<String> {
        match self {
            Self::Seal(seal) => seal.face.drawing().description().map(str::to_owned),
            Self::Drawing(drawn) => drawn.drawing.description().map(str::to_owned),
        }
    }
}

/// A drawing that is no registered seal, and where it goes.
#[derive(Clone, Copy, Debug)]
pub struct Drawn<'a> {
    /// The drawing.
    pub drawing: &'a Drawing,
    /// Where, for a new field; an existing one has its own rectangle. A part fills it.
    pub placement: Option<Placement>,
    /// Its width, if not the drawing's own.
    pub width: Option<Length>,
    /// The part of it to show, if not all of it.
    pub part: Option<Part>,
    /// How it stands in a rectangle of another size or shape, if not as [`Drawing::fit`] says.
    pub fit: Option<Fit>,
}

/// A value for a field of the document that is not a signature field, is empty, and may be filled.
///
/// Nothing else of the field changes, so that earlier signatures stay intact; what it looks like is
/// given with it, since a reader may not draw it anew; it stands upright on the page, or as `/R` of the
/// widget's `/MK` says. A field whose widgets stand apart from it is filled as well, and this
/// crate's judge finds nothing wrong with that after an earlier signature; pyHanko (0.38) does.
/// Fields that [`Preparation`](super::Preparation) makes are one object with their widget.
#[derive(Clone, Debug)]
pub struct Fill<'a> {
    /// Its fully qualified name.
    pub field: &'a str,
    /// Its value.
    pub value: Value<'a>,
    /// What is seen of it; it stands in the field as [`Drawing::fit`] says.
    pub drawing: Option<&'a Drawing>,
}

/// What is filled into a field (ISO 32000-2 §12.7.5.2 to §12.7.5.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// A text, into a text field.
    Text(&'a str),
    /// An item, into a choice field.
    Choice(&'a str),
    /// A tick, into a check box.
    Checked,
}

/// The part of a seal that one rectangle shows: a slice of a cross-page seal. A seal that has
/// another size by itself than the whole that was cut is refused ([`Error::OtherSize`](super::Error))
/// unless its fit says otherwise: [`Fit::CONTAIN`] permits another size of its shape, [`Fit::STRETCH`] any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// How large the whole seal is.
    pub whole: Size,
    /// Where the part begins, from the left edge of the whole.
    pub left: MilliPoints,
    /// Where it begins, from the top edge of the whole.
    pub top: MilliPoints,
    /// How large the part is: the size of the rectangle.
    pub size: Size,
}

impl Part {
    /// The slice that an edge of a page shows of a cross-page seal (§5.4 of the vocabulary): at the
    /// sides the seal is cut from left to right, at top and bottom from top to bottom; the slice
    /// begins at `from` and ends at `to`.
    ///
    /// ```
    /// use sealwright::contract::Edge;
    /// use sealwright::geometry::{MilliPoints, Mm, Size};
    /// use sealwright::update::Part;
    /// let whole = Size::new(Mm(42.0), Mm(42.0))?;
    /// let (from, to) = (MilliPoints::new(10_000)?, MilliPoints::new(20_000)?);
    /// let slice = Part::slice(Edge::Right, whole, from, to)?;
    /// assert_eq!(slice.size.to_string(), "10 x 119.055");
    /// # Ok::<(), sealwright::geometry::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If it ends before it begins.
    pub fn slice(
        edge: Edge,
        whole: Size,
        from: MilliPoints,
        to: MilliPoints,
    ) -> Result<Self, geometry::Error> {
        let across = MilliPoints::new(to.thousandths() - from.thousandths())?;
        let zero = MilliPoints::ZERO;
        Ok(match edge {
            Edge::Left | Edge::Right => {
                Self { whole, left: from, top: zero, size: Size::new(across, whole.height())? }
            }
            Edge::Top | Edge::Bottom => {
                Self { whole, left: zero, top: from, size: Size::new(whole.width(), across)? }
            }
        })
    }
}

/// A seal, where it goes, and on whose word.
#[derive(Clone, Debug)]
pub struct DrawnSeal<'a> {
    /// What it looks like.
    pub face: &'a SealFace,
    /// On whose word it is drawn.
    pub authority: Authority,
    /// Where, for a new field; an existing one has its own rectangle. A part fills it.
    pub placement: Option<Placement>,
    /// Its width, if not the seal's own.
    pub width: Option<Length>,
    /// The part of it to show, if not all of it.
    pub part: Option<Part>,
    /// How it stands in a rectangle of another size or shape: its own size or smaller, in the middle,
    /// unless said otherwise; never distorted but by [`Fit::STRETCH`].
    pub fit: Fit,
    /// How opaque it is drawn.
    pub opacity: Opacity,
    /// How it mixes with what is below; `None` multiplies, as ink does, so that text below it stays
    /// readable, and covers where a claim to be PDF/A permits no blend mode.
    pub blend: Option<Blend>,
}

impl<'a> DrawnSeal<'a> {
    /// All of a seal in its own size, at a place or in a field that exists; opaque, and mixed with
    /// the page as ink is.
    #[must_use]
    pub fn new(face: &'a SealFace, authority: Authority, placement: Option<Placement>) -> Self {
        Self {
            face,
            authority,
            placement,
            width: None,
            part: None,
            fit: Fit::default(),
            opacity: Opacity::default(),
            blend: None,
        }
    }
}

impl Drawn<'_> {
    /// What is painted.
    pub(super) fn drawing(&self) -> Drawing {
        self.drawing.clone().fitted(self.fit.unwrap_or(self.drawing.fit()))
    }
}

impl DrawnSeal<'_> {
    /// What is painted, wherever it goes: the same for the signature and for a preview of it.
    pub(super) fn drawing(&self) -> Drawing {
        let drawing = self.face.drawing().opacity(self.opacity).fitted(self.fit);
        match self.blend {
            Some(blend) => drawing.blend(blend),
            None => drawing.inked(),
        }
    }
}

/// How the CMS in `/Contents` is to be read (ISO 32000-2 Table 260).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SubFilter {
    /// `ETSI.CAdES.detached`: PAdES (ETSI EN 319 142-1).
    Cades,
    /// `adbe.pkcs7.detached`.
    Pkcs7,
    /// `ETSI.RFC3161`: no signature, but a document time-stamp (§12.8.5), whose dictionary says
    /// nothing besides: no time, name, reason, certification or lock.
    Rfc3161,
}

impl SubFilter {
    /// The name as the file has it, without slash.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Cades => "ETSI.CAdES.detached",
            Self::Pkcs7 => "adbe.pkcs7.detached",
            Self::Rfc3161 => "ETSI.RFC3161",
        }
    }

    /// `/Type` of its dictionary.
    pub(super) fn kind(self) -> &'static str {
        match self {
            Self::Cades | Self::Pkcs7 => "Sig",
            Self::Rfc3161 => "DocTimeStamp",
        }
    }

    /// Whether it is a document time-stamp.
    pub(super) fn is_timestamp(self) -> bool {
        self == Self::Rfc3161
    }
}

/// What a certification leaves allowed afterwards: `/P` of DocMDP (ISO 32000-2 Table 257).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Certification {
    /// 1: nothing but validation data and document timestamps.
    NoChanges,
    /// 2: filling in form fields and signing existing signature fields.
    FormFilling,
    /// 3: annotations too.
    Annotations,
}

impl Certification {
    /// The value of `/P`.
    #[must_use]
    pub fn permission(self) -> i64 {
        match self {
            Self::NoChanges => 1,
            Self::FormFilling => 2,
            Self::Annotations => 3,
        }
    }
}
