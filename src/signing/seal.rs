//! Seal: the verb. What is wanted, said step by step.

use time::{OffsetDateTime, UtcOffset};

use super::Profile;
use super::awaiting::Finish;
use super::error::Error;
use super::prepared::Prepared;
use super::signed_update::SignedUpdate;
use super::signer::{Signer, SignerDescription};
use crate::appearance::SealFace;
use crate::authorization::Authority;
use crate::geometry::{Length, PageIndex};
use crate::limits::{Progress, Unwatched};
use crate::pdf::File;
use crate::placement::{self, Placement, Position};
use crate::update::{Certification, DrawnSeal, FieldChoice, Request, Update};

/// How often a signer that may sign again is asked in all.
const ATTEMPTS: usize = 3;

/// One seal on one document, with its signature.
///
/// The steps, in order: [`Seal::on`] a file; say what is to be seen ([`Seal::face`] with
/// [`Seal::page`] and [`Seal::at`], or [`Seal::invisible`]); whatever else is wanted; then
/// [`Seal::sign`] with a signer at hand, or [`Seal::prepare`] when the key is elsewhere.
///
/// ```
/// use sealwright::appearance::SealFace;
/// use sealwright::authorization::Authority;
/// use sealwright::geometry::Mm;
/// use sealwright::limits::Limits;
/// use sealwright::pdf::File;
/// use sealwright::signing::{LocalSigner, Seal};
/// # use sealwright_testdata::pki::{KeyType, Validity, identity};
/// # let now = time::OffsetDateTime::from_unix_timestamp(1_767_225_600)?;
/// # let identity = identity(KeyType::P256, Validity::around(now));
/// # let (key, chain) = (identity.key_pem(), identity.chain_pem());
/// # let mut png = Vec::new();
/// # let image = image::RgbaImage::from_pixel(4, 4, image::Rgba([200, 0, 0, 128]));
/// # image.write_to(&mut std::io::Cursor::new(&mut png), image::ImageFormat::Png)?;
/// # let bytes = sealwright_testdata::documents::classic_table();
///
/// let face = SealFace::from_image(&png, Mm(42.0))?;
/// let signer = LocalSigner::from_pem(key.as_bytes(), chain.as_bytes())?;
///
/// let file = File::open(&bytes, Limits::default())?;
/// let sealed = Seal::on(&file)
///     .page(-1)
///     .at(Mm(130.0), Mm(220.0))
///     .face(&face, Authority::AssertedByHost)
///     .reason("Agreed")
///     .sign(&signer, now)?;
///
/// let mut out = Vec::new();
/// sealed.write_to(&mut out)?;
/// assert!(out.starts_with(&bytes));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "nothing is signed before `sign` or `prepare`"]
#[derive(Clone)]
pub struct Seal<'f> {
    file: &'f File<'f>,
    face: Option<(&'f SealFace, Authority)>,
    invisible: bool,
    page: Option<i32>,
    position: Option<Position>,
    width: Option<Length>,
    field: Field,
    texts: Texts,
    certification: Option<Certification>,
    lock: Vec<String>,
    profile: Profile,
    offset: UtcOffset,
    progress: &'f (dyn Progress + Sync),
}

#[derive(Clone)]
enum Field {
    New(Option<String>),
    Existing(String),
}

#[derive(Clone, Default)]
struct Texts {
    name: Option<String>,
    reason: Option<String>,
    location: Option<String>,
    contact: Option<String>,
}

/// UTC+8, the time in China.
const EIGHT_HOURS_AHEAD: UtcOffset = match UtcOffset::from_hms(8, 0, 0) {
    Ok(offset) => offset,
    Err(_) => UtcOffset::UTC,
};

impl<'f> Seal<'f> {
    /// Begins with the document.
    pub fn on(file: &'f File<'_>) -> Self {
        Self {
            file,
            face: None,
            invisible: false,
            page: None,
            position: None,
            width: None,
            field: Field::New(None),
            texts: Texts::default(),
            certification: None,
            lock: Vec::new(),
            profile: Profile::default(),
            offset: EIGHT_HOURS_AHEAD,
            progress: &Unwatched,
        }
    }

    /// The page: from 1 at the front, from −1 at the end.
    pub fn page(self, index: i32) -> Self {
        Self { page: Some(index), ..self }
    }

    /// Where the top left corner of the seal goes: so far from the left and the top edge of the
    /// page as a person sees it.
    pub fn at(self, x: impl Into<Length>, y: impl Into<Length>) -> Self {
        Self { position: Some(Position::at(x, y)), ..self }
    }

    /// Another width than the seal's own; its shape is kept.
    pub fn width(self, width: impl Into<Length>) -> Self {
        Self { width: Some(width.into()), ..self }
    }

    /// What the seal looks like, and on whose word it is used here.
    pub fn face(self, face: &'f SealFace, authority: Authority) -> Self {
        Self { face: Some((face, authority)), ..self }
    }

    /// Nothing to be seen: a signature only.
    pub fn invisible(self) -> Self {
        Self { invisible: true, ..self }
    }

    /// A name for the new field, without dots. A name that is taken gets a number. Without it
    /// fields are called `Signature1`, `Signature2` and so on.
    pub fn field(self, name: impl Into<String>) -> Self {
        Self { field: Field::New(Some(name.into())), ..self }
    }

    /// Signs an empty signature field of the document, by its fully qualified name. It has its own
    /// place: leave page and position out.
    pub fn existing_field(self, name: impl Into<String>) -> Self {
        Self { field: Field::Existing(name.into()), ..self }
    }

    /// `/Name`: the name of who signs, for readers that show it.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.texts.name = Some(name.into());
        self
    }

    /// `/Reason`: why it is signed.
    pub fn reason(mut self, reason: impl Into<String>) -> Self {
        self.texts.reason = Some(reason.into());
        self
    }

    /// `/Location`: where it is signed.
    pub fn location(mut self, location: impl Into<String>) -> Self {
        self.texts.location = Some(location.into());
        self
    }

    /// `/ContactInfo`: how to reach who signs.
    pub fn contact(mut self, contact: impl Into<String>) -> Self {
        self.texts.contact = Some(contact.into());
        self
    }

    /// Certifies the document, and says what stays allowed. Only the first signature can.
    pub fn certify(self, certification: Certification) -> Self {
        Self { certification: Some(certification), ..self }
    }

    /// Locks fields of the form by their fully qualified names: changing them later breaks this
    /// signature. Only for a new field; an existing one says itself what it locks.
    pub fn lock<N: Into<String>>(self, fields: impl IntoIterator<Item = N>) -> Self {
        Self { lock: fields.into_iter().map(Into::into).collect(), ..self }
    }

    /// PAdES unless said otherwise.
    pub fn profile(self, profile: Profile) -> Self {
        Self { profile, ..self }
    }

    /// The offset with which `/M` is written, in whole minutes; +08:00 unless said otherwise.
    pub fn utc_offset(self, offset: UtcOffset) -> Self {
        Self { offset, ..self }
    }

    /// Watches hashing, and may cancel it.
    pub fn progress(self, progress: &'f (dyn Progress + Sync)) -> Self {
        Self { progress, ..self }
    }

    /// Signs with a signer at hand. If its answer does not fit and it may sign again, the document
    /// is prepared with the room it needs and it is asked again.
    ///
    /// # Errors
    ///
    /// Whatever keeps the document from being signed; it is unchanged.
    pub fn sign<S: Signer + ?Sized>(
        self,
        signer: &S,
        now: OffsetDateTime,
    ) -> Result<SignedUpdate<'f>, Error> {
        let mut awaiting = self.prepare(signer.description(), now)?.digest()?;
        let mut attempts_left = ATTEMPTS;
        loop {
            let answer = signer.sign(&awaiting.to_be_signed()?)?;
            let reserved = awaiting.room();
            attempts_left -= 1;
            match awaiting.finish(answer)? {
                Finish::Signed(signed) => return Ok(signed),
                Finish::NeedsMore(more) if attempts_left > 0 && signer.may_sign_again() => {
                    awaiting = more.into_awaiting();
                }
                Finish::NeedsMore(more) => {
                    return Err(Error::DoesNotFit { needed: more.needed(), reserved });
                }
            }
        }
    }

    /// Prepares for a signer that is elsewhere. `now` becomes the claimed time of signing.
    ///
    /// # Errors
    ///
    /// If the document may not be signed, or not like this.
    pub fn prepare(
        self,
        signer: &SignerDescription,
        now: OffsetDateTime,
    ) -> Result<Prepared<'f>, Error> {
        // Whole seconds: neither /M nor signing-time holds more.
        let signed_at = now.to_offset(self.offset).replace_nanosecond(0).unwrap_or(now);
        let request = self.request(signed_at)?;
        let update = Update::prepare(self.file, &request, signer.room(self.profile, signed_at)?)?;
        let permit = request.seal.as_ref().map(super::PermitRequest::of);
        Ok(Prepared {
            file: self.file,
            update,
            signer: signer.clone(),
            profile: self.profile,
            signed_at,
            permit,
            progress: self.progress,
        })
    }

    fn request(&self, signed_at: OffsetDateTime) -> Result<Request<'_>, Error> {
        Ok(Request {
            field: match &self.field {
                Field::New(name) => FieldChoice::New { name: name.as_deref() },
                Field::Existing(name) => FieldChoice::Existing { name },
            },
            seal: self.drawn_seal()?,
            sub_filter: self.profile.sub_filter(),
            signed_at,
            name: self.texts.name.as_deref(),
            reason: self.texts.reason.as_deref(),
            location: self.texts.location.as_deref(),
            contact: self.texts.contact.as_deref(),
            certification: self.certification,
            lock: &self.lock,
        })
    }

    fn drawn_seal(&self) -> Result<Option<DrawnSeal<'f>>, Error> {
        let has_place = self.page.is_some() || self.position.is_some();
        let (face, authority) = match (&self.face, self.invisible) {
            (Some(face), false) => face.clone(),
            (None, true) if !has_place && self.width.is_none() => return Ok(None),
            (_, true) => return Err(Error::InvisibleWithFace),
            (None, false) => return Err(Error::NothingToShow),
        };
        let placement = match (self.page, self.position) {
            (Some(page), Some(position)) => {
                let page = PageIndex::new(page).map_err(|_| placement::Error::PageZero)?;
                Some(Placement::new(page, position))
            }
            (None, None) => None,
            _ => return Err(Error::HalfAPlace),
        };
        Ok(Some(DrawnSeal { face, authority, placement, width: self.width }))
    }
}
