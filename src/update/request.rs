//! What is asked for: plain data, checked when the update is prepared.

use time::OffsetDateTime;

use crate::appearance::SealFace;
use crate::authorization::Authority;
use crate::geometry::Length;
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
/// assert!(request.seal.is_none());
/// ```
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// The field that gets the signature.
    pub field: FieldChoice<'a>,
    /// The seal to draw; `None` leaves a new field invisible and an existing one as it looks.
    pub seal: Option<DrawnSeal<'a>>,
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
}

impl<'a> Request<'a> {
    /// An invisible signature in a new field with a name of the engine's choice.
    #[must_use]
    pub fn invisible(sub_filter: SubFilter, signed_at: OffsetDateTime) -> Self {
        Self {
            field: FieldChoice::New { name: None },
            seal: None,
            sub_filter,
            signed_at,
            name: None,
            reason: None,
            location: None,
            contact: None,
            certification: None,
            lock: &[],
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

/// A seal, where it goes, and on whose word.
#[derive(Clone, Debug)]
pub struct DrawnSeal<'a> {
    /// What it looks like.
    pub face: &'a SealFace,
    /// On whose word it is drawn.
    pub authority: Authority,
    /// Where, for a new field; an existing one has its own rectangle, in which the seal is centred
    /// at its own size, or smaller if the field is.
    pub placement: Option<Placement>,
    /// Its width, if not the seal's own.
    pub width: Option<Length>,
}

/// How the CMS in `/Contents` is to be read (ISO 32000-2 Table 260).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SubFilter {
    /// `ETSI.CAdES.detached`: PAdES (ETSI EN 319 142-1).
    Cades,
    /// `adbe.pkcs7.detached`.
    Pkcs7,
}

impl SubFilter {
    /// The name as the file has it, without slash.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Cades => "ETSI.CAdES.detached",
            Self::Pkcs7 => "adbe.pkcs7.detached",
        }
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
