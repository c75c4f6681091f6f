//! Seal: the verb. What is wanted, said step by step.

use std::collections::BTreeSet;

use time::{OffsetDateTime, UtcOffset};

use super::Profile;
use super::awaiting::Finish;
use super::error::Error;
use super::grant::SignedGrant;
use super::prepared::{PermitRequest, Prepared};
use super::seen::Seen;
use super::signed_update::SignedUpdate;
use super::signer::{Signer, SignerDescription};
use super::stating::{Stated, Stating};
use crate::appearance::{Blend, Drawing, Fit, SealFace};
use crate::authorization::Authority;
use crate::contract::{CrossPage, Opacity, PageSet};
use crate::geometry::Length;
use crate::inspection::prepared_content;
use crate::limits::{Progress, Unwatched};
use crate::pdf::File;
use crate::placement::Position;
use crate::report::{Code, Finding};
use crate::update::{
    Certification, FieldChoice, Fill, Part, Request, TransparencyPolicy, Update, Value,
};

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
    pub(super) seen: Seen<'f>,
    pub(super) stating: Stating<'f>,
    pub(super) grants: Vec<SignedGrant>,
    field: Field,
    fills: Vec<(String, Filling<'f>)>,
    texts: Texts,
    certification: Option<Certification>,
    lock: Vec<String>,
    profile: Profile,
    offset: UtcOffset,
    progress: &'f (dyn Progress + Sync),
    acknowledged: Option<BTreeSet<Code>>,
}

/// That nothing in the document is warned of but what was acknowledged.
fn known(file: &File<'_>, acknowledged: &BTreeSet<Code>) -> Result<(), Error> {
    let prepared = prepared_content(&file.latest()).map_err(crate::update::Error::from)?;
    let open: Vec<Finding> = prepared.open(acknowledged).into_iter().cloned().collect();
    if open.is_empty() { Ok(()) } else { Err(Error::PreparedContent { open }) }
}

#[derive(Clone)]
enum Field {
    New(Option<String>),
    Existing(String),
}

/// A value of the signer's own, and what is seen of it.
#[derive(Clone)]
struct Filling<'f> {
    value: Given,
    drawing: Option<&'f Drawing>,
}

#[derive(Clone)]
enum Given {
    Text(String),
    Choice(String),
    Checked,
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
            seen: Seen::default(),
            stating: Stating::default(),
            grants: Vec::new(),
            field: Field::New(None),
            fills: Vec::new(),
            texts: Texts::default(),
            certification: None,
            lock: Vec::new(),
            profile: Profile::default(),
            offset: EIGHT_HOURS_AHEAD,
            progress: &Unwatched,
            acknowledged: None,
        }
    }

    /// The page: from 1 at the front, from −1 at the end.
    pub fn page(mut self, index: i32) -> Self {
        self.seen.page = Some(index);
        self
    }

    /// Several pages instead of one: the seal stands at the same position on each. All of them show
    /// one signature; the seal's image is in the document once.
    pub fn pages(mut self, pages: PageSet) -> Self {
        self.seen.pages = Some(pages);
        self
    }

    /// Where the top left corner of the seal goes: so far from the left and the top edge of the
    /// page as a person sees it.
    pub fn at(mut self, x: impl Into<Length>, y: impl Into<Length>) -> Self {
        self.seen.position = Some(Position::at(x, y));
        self
    }

    /// Another width than the seal's own; its shape is kept.
    pub fn width(mut self, width: impl Into<Length>) -> Self {
        self.seen.width = Some(width.into());
        self
    }

    /// A box of this size at the place that was given, instead of one as large as the seal; the seal
    /// stands in it as [`Seal::fit`] says.
    pub fn boxed(mut self, width: impl Into<Length>, height: impl Into<Length>) -> Self {
        self.seen.boxed = Some((width.into(), height.into()));
        self
    }

    /// How the seal or the drawing stands in a box or a field of another size or shape: in its own
    /// size, or smaller where the box is, and in the middle unless said otherwise. A slice that was
    /// cut for a seal of another size is refused unless that is permitted here ([`Fit::CONTAIN`]);
    /// only [`Fit::STRETCH`] distorts.
    pub fn fit(mut self, fit: Fit) -> Self {
        self.seen.fit = Some(fit);
        self
    }

    /// A cross-page seal (骑缝章): the seal, cut into slices, over the edges of pages, besides the
    /// place that was given, if one was. Each page gets a field with its slice; all of them show
    /// one signature. Where more parties are to sign, prepare their fields before the first one does
    /// (`update::Preparation`), and use [`Seal::slice_in`].
    ///
    /// ```
    /// # use sealwright::appearance::SealFace;
    /// # use sealwright::authorization::Authority;
    /// # use sealwright::geometry::Mm;
    /// # use sealwright::limits::Limits;
    /// # use sealwright::pdf::File;
    /// # use sealwright::signing::{LocalSigner, Seal};
    /// # use sealwright_testdata::pki::{KeyType, Validity, identity};
    /// # let now = time::OffsetDateTime::from_unix_timestamp(1_767_225_600)?;
    /// # let identity = identity(KeyType::P256, Validity::around(now));
    /// # let (key, chain) = (identity.key_pem(), identity.chain_pem());
    /// # let signer = LocalSigner::from_pem(key.as_bytes(), chain.as_bytes())?;
    /// # let mut png = Vec::new();
    /// # let image = image::RgbaImage::from_pixel(4, 4, image::Rgba([200, 0, 0, 128]));
    /// # image.write_to(&mut std::io::Cursor::new(&mut png), image::ImageFormat::Png)?;
    /// # let face = SealFace::from_image(&png, Mm(42.0))?;
    /// # let bytes = sealwright_testdata::documents::plain(3).write(&Default::default());
    /// use sealwright::contract::{CrossPage, PageSet};
    ///
    /// let file = File::open(&bytes, Limits::default())?;
    /// let sealed = Seal::on(&file)
    ///     .page(-1)
    ///     .at(Mm(130.0), Mm(220.0))
    ///     .cross_page(CrossPage::over(PageSet::All))
    ///     .face(&face, Authority::AssertedByHost)
    ///     .sign(&signer, now)?;
    /// # assert!(sealed.appended().len() > 1000);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn cross_page(mut self, cross_page: CrossPage) -> Self {
        self.seen.cross_page = Some(cross_page);
        self
    }

    /// What the seal looks like, and on whose word it is used here.
    pub fn face(mut self, face: &'f SealFace, authority: Authority) -> Self {
        self.seen.face = Some((face, authority));
        self
    }

    /// A drawing that is no registered seal: a signature by hand. Instead of a face.
    pub fn drawing(mut self, drawing: &'f Drawing) -> Self {
        self.seen.drawing = Some(drawing);
        self
    }

    /// How opaque the seal is drawn; opaque unless said otherwise.
    pub fn opacity(mut self, opacity: Opacity) -> Self {
        self.seen.opacity = opacity;
        self
    }

    /// How the seal mixes with the page. Unless said otherwise it multiplies, as ink does: text below
    /// it stays readable, and a white background is not seen. In a document that claims to be
    /// PDF/A-1, which knows no transparency, it covers what is below.
    pub fn blend(mut self, blend: Blend) -> Self {
        self.seen.blend = Some(blend);
        self
    }

    /// What becomes of transparency where a document claims to be PDF/A and permits none: PDF/A-1
    /// nowhere, later parts not on every page without an output intent. Refused unless said otherwise.
    pub fn transparency(mut self, policy: TransparencyPolicy) -> Self {
        self.seen.transparency = policy;
        self
    }

    /// Lets a document that claims to be PDF/A get a seal with transparency that the claim does not
    /// permit: [`TransparencyPolicy::BreakClaim`].
    pub fn may_break_pdf_a(self) -> Self {
        self.transparency(TransparencyPolicy::BreakClaim)
    }

    /// Only a part of it is seen in the first field: a slice of a cross-page seal (骑缝章).
    pub fn part(mut self, part: Part) -> Self {
        self.seen.part = Some(part);
        self
    }

    /// Fills an empty field that is no signature field with the same revision: the date of signing,
    /// an opinion, a tick. What is seen of it is drawn in the middle of the field.
    pub fn fill(
        mut self,
        field: impl Into<String>,
        value: Value<'_>,
        drawing: Option<&'f Drawing>,
    ) -> Self {
        let value = match value {
            Value::Text(text) => Given::Text(text.to_owned()),
            Value::Choice(item) => Given::Choice(item.to_owned()),
            Value::Checked => Given::Checked,
        };
        self.fills.push((field.into(), Filling { value, drawing }));
        self
    }

    /// Nothing to be seen: a signature only.
    pub fn invisible(mut self) -> Self {
        self.seen.invisible = true;
        self
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

    /// Looks at the document before anything is made of it, and signs nothing while there is content in
    /// it that may be made for a later swap and of which nobody said that it is known, by its code.
    ///
    /// It goes through the whole document, so it is asked for: `execution::start` always does it.
    ///
    /// ```
    /// # use sealwright::limits::Limits;
    /// # use sealwright::pdf::File;
    /// # use sealwright::signing::{Error, SignerDescription};
    /// # use sealwright_testdata::{documents, pdf::Layout};
    /// # use sealwright_testdata::pki::{KeyType, Validity, identity};
    /// # use sealwright::signing::LocalSigner;
    /// # let now = time::OffsetDateTime::from_unix_timestamp(1_767_225_600)?;
    /// # let identity = identity(KeyType::P256, Validity::around(now));
    /// # let (key, chain) = (identity.key_pem(), identity.chain_pem());
    /// # let signer = LocalSigner::from_pem(key.as_bytes(), chain.as_bytes())?;
    /// use sealwright::report::Code;
    /// use sealwright::signing::Seal;
    ///
    /// let mut pdf = documents::plain(1);
    /// let white = b"1 g BT /F1 12 Tf 72 700 Td (You owe nothing) Tj ET";
    /// pdf.set_stream(documents::page_number(0) + 1, "", white);
    /// let bytes = pdf.write(&Layout::default());
    /// let file = File::open(&bytes, Limits::default())?;
    ///
    /// let refused = Seal::on(&file).invisible().inspected([]).sign(&signer, now).unwrap_err();
    /// assert_eq!(refused.code(), "doc.prepared_content");
    /// let known = [Code::PrepSameColourText];
    /// assert!(Seal::on(&file).invisible().inspected(known).sign(&signer, now).is_ok());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn inspected(self, acknowledged: impl IntoIterator<Item = Code>) -> Self {
        Self { acknowledged: Some(acknowledged.into_iter().collect()), ..self }
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
        if let Some(acknowledged) = &self.acknowledged {
            known(self.file, acknowledged)?;
        }
        // Whole seconds: neither /M nor signing-time holds more.
        let signed_at = now.to_offset(self.offset).replace_nanosecond(0).unwrap_or(now);
        let exists = matches!(self.field, Field::Existing(_));
        let (picture, also) = self.seen.pictures(self.file, exists)?;
        let fills = self.fills();
        let request = Request {
            picture,
            also: &also,
            fills: &fills,
            lock: &self.lock,
            transparency: self.seen.transparency,
            ..self.request(signed_at)
        };
        let statement = self.stating.statement(request.picture.as_ref(), &also)?;
        let stated = Stated::of(statement.as_ref(), &self.grants)?;
        let room = signer.room(self.profile, signed_at, &stated)?;
        let update = Update::prepare(self.file, &request, room)?;
        let permit =
            self.seen.face.as_ref().map(|(face, authority)| PermitRequest::of(face, authority));
        Ok(Prepared {
            file: self.file,
            update,
            signer: signer.clone(),
            profile: self.profile,
            signed_at,
            permit,
            stated,
            progress: self.progress,
        })
    }

    /// What is asked for, without what is seen and filled.
    fn request(&self, signed_at: OffsetDateTime) -> Request<'_> {
        Request {
            field: match &self.field {
                Field::New(name) => FieldChoice::New { name: name.as_deref() },
                Field::Existing(name) => FieldChoice::Existing { name },
            },
            name: self.texts.name.as_deref(),
            reason: self.texts.reason.as_deref(),
            location: self.texts.location.as_deref(),
            contact: self.texts.contact.as_deref(),
            certification: self.certification,
            ..Request::invisible(self.profile.sub_filter(), signed_at)
        }
    }

    fn fills(&self) -> Vec<Fill<'_>> {
        let fill = self.fills.iter().map(|(field, filling)| {
            let value = match &filling.value {
                Given::Text(text) => Value::Text(text),
                Given::Choice(item) => Value::Choice(item),
                Given::Checked => Value::Checked,
            };
            Fill { field, value, drawing: filling.drawing }
        });
        fill.collect()
    }
}
