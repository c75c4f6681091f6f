//! The prepared revision: every field that will ever be signed or filled, before the first
//! signature.

use super::Error;
use super::edits::{Edits, Located};
use super::field::{Choosing, Names};
use super::fill::EMPTY;
use super::form;
use super::permission::Lock;
use super::self_check;
use super::structure_tree::{StructureTree, Tagging, tagging};
use super::text::{check_field_name, check_text, text_token};
use super::widget::{FLAGS, lock_body};
use crate::geometry::{PageNumber, PdfRect, Rect};
use crate::pdf::{Append, File, ObjectId, Revision};
use crate::placement::Placed;

/// The fields of a contract, to be put into its document before anybody signs: afterwards nobody can
/// add one without breaking what the others signed.
///
/// Each signer gets fields of his own: signature fields, one for every rectangle that shows his seal,
/// and fields for the values that are made when he signs. His signature locks them, and no others.
///
/// ```
/// use sealwright::geometry::{Mm, PageNumber, Rect};
/// use sealwright::limits::Limits;
/// use sealwright::pdf::File;
/// use sealwright::update::{NewField, NewFieldKind, Preparation};
///
/// let bytes = sealwright_testdata::documents::classic_table();
/// let file = File::open(&bytes, Limits::default())?;
/// let page = PageNumber::new(1)?;
/// let seal = Rect::new(Mm(20.0), Mm(20.0), Mm(42.0), Mm(42.0))?;
/// let date = Rect::new(Mm(70.0), Mm(40.0), Mm(40.0), Mm(8.0))?;
/// let prepared = Preparation::default()
///     .signer([
///         NewField::new("party_a", NewFieldKind::Signature).at(page, seal).labelled("甲方盖章"),
///         NewField::new("party_a_date", NewFieldKind::Text { lines: false }).at(page, date),
///     ])
///     .closing("closing")
///     .append_to(&file)?;
/// assert_eq!(prepared.fields().len(), 3);
/// let ready = [bytes.as_slice(), prepared.appended()].concat();
/// assert_eq!(File::open(&ready, Limits::default())?.latest().fields()?.len(), 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Preparation<'a> {
    signers: Vec<Vec<NewField<'a>>>,
    closing: Option<&'a str>,
}

/// A field to be made.
#[derive(Clone, Debug)]
pub struct NewField<'a> {
    name: &'a str,
    kind: NewFieldKind<'a>,
    place: Option<(PageNumber, Rect)>,
    label: Option<&'a str>,
}

/// What a new field is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewFieldKind<'a> {
    /// A signature (`/Sig`).
    Signature,
    /// A text (`/Tx`).
    Text {
        /// Whether it may have several lines.
        lines: bool,
    },
    /// A check box (`/Btn`), whose ticked state is called `Yes`.
    CheckBox,
    /// One of these items (`/Ch`).
    Choice(&'a [&'a str]),
}

impl<'a> NewField<'a> {
    /// A field with a partial name of its own, without dots. Without a place nothing is seen of it,
    /// which is for signature fields alone.
    #[must_use]
    pub fn new(name: &'a str, kind: NewFieldKind<'a>) -> Self {
        Self { name, kind, place: None, label: None }
    }

    /// Where it lies on a page, as a person sees it.
    #[must_use]
    pub fn at(self, page: PageNumber, rect: Rect) -> Self {
        Self { place: Some((page, rect)), ..self }
    }

    /// What readers call it (`/TU`), also for those who do not see it.
    #[must_use]
    pub fn labelled(self, label: &'a str) -> Self {
        Self { label: Some(label), ..self }
    }
}

impl<'a> Preparation<'a> {
    /// With the fields of one more signer.
    #[must_use]
    pub fn signer(mut self, fields: impl IntoIterator<Item = NewField<'a>>) -> Self {
        self.signers.push(fields.into_iter().collect());
        self
    }

    /// With an invisible signature field that nobody's signature locks: for the time-stamp that
    /// closes the contract, or for the platform's own signature.
    #[must_use]
    pub fn closing(self, name: &'a str) -> Self {
        Self { closing: Some(name), ..self }
    }

    /// Makes the revision. It is unsigned and complete: append it to the document.
    ///
    /// # Errors
    ///
    /// If the document may not be changed like this, a name is taken or none, a place is off its
    /// page, or a signer has no signature field.
    pub fn append_to(&self, file: &File<'_>) -> Result<PreparedRevision, Error> {
        let mut append = Append::to(file)?;
        let revision = append.base();
        let fields = revision.fields()?;
        let mut names = Names::of(&fields);
        let choosing = Choosing::of(revision, &fields)?;
        let mut structure = StructureTree::of(revision, choosing.signatures())?;
        let mut drafts = Vec::new();
        for (index, signer) in self.signers.iter().enumerate() {
            let is_signature = |field: &NewField<'_>| field.kind == NewFieldKind::Signature;
            if !signer.iter().any(is_signature) {
                return Err(Error::SignerWithoutField { signer: index });
            }
            let lock = Lock::Include(signer.iter().map(|field| field.name.to_owned()).collect());
            let lock = (append.allocate()?, lock);
            for field in signer {
                choosing.check_new(field.name, is_signature(field))?;
                drafts.push(FieldDraft::new(field, Some(lock.0), &mut names, &mut append)?);
            }
            append.put(lock.0, &lock_body(&lock.1));
        }
        if let Some(name) = self.closing {
            choosing.check_new(name, true)?;
            let field = NewField::new(name, NewFieldKind::Signature);
            drafts.push(FieldDraft::new(&field, None, &mut names, &mut append)?);
        }
        if let Some(structure) = &mut structure {
            drafts.iter_mut().try_for_each(|draft| draft.tag(structure, &mut append))?;
        }
        write(&drafts, &fields, structure.as_ref(), &mut append)?;
        let appended = append.finish()?;
        let tagging = {
            let extended = self_check::check_extended(file, &appended)?;
            self_check::check_structure(&extended, structure.as_ref())?;
            tagging(file, &extended, drafts.iter().map(|draft| draft.id))?
        };
        let fields = drafts.into_iter().map(|draft| (draft.name, draft.id)).collect();
        Ok(PreparedRevision { appended, fields, tagging })
    }
}

/// A revision with empty fields, read back and found sound; to be appended to the document.
#[derive(Debug)]
pub struct PreparedRevision {
    appended: Vec<u8>,
    fields: Vec<(String, ObjectId)>,
    tagging: Tagging,
}

impl PreparedRevision {
    /// The bytes to be appended.
    #[must_use]
    pub fn appended(&self) -> &[u8] {
        &self.appended
    }

    /// The bytes to be appended, without the rest.
    #[must_use]
    pub fn into_appended(self) -> Vec<u8> {
        self.appended
    }

    /// The fields that were made, in the order in which they were asked for.
    #[must_use]
    pub fn fields(&self) -> &[(String, ObjectId)] {
        &self.fields
    }

    /// Whether those who do not see the fields of a tagged document find them.
    #[must_use]
    pub fn tagging(&self) -> Tagging {
        self.tagging
    }
}

/// A field with its number and its place.
struct FieldDraft {
    id: ObjectId,
    name: String,
    page: ObjectId,
    /// What readers call it.
    label: Option<String>,
    /// What comes before `/AP`.
    body: Vec<u8>,
    is_check_box: bool,
}

impl FieldDraft {
    fn new(
        field: &NewField<'_>,
        lock: Option<ObjectId>,
        names: &mut Names,
        append: &mut Append<'_>,
    ) -> Result<Self, Error> {
        check_field_name(field.name)?;
        if !names.take(field.name) {
            return Err(Error::FieldName { problem: "is taken" });
        }
        if field.place.is_none() && field.kind != NewFieldKind::Signature {
            return Err(Error::NoPlace);
        }
        let (page, rect) = place(append.base(), field.place)?;
        let mut body = b"<< /Type /Annot /Subtype /Widget".to_vec();
        body.extend(kind_entries(&field.kind, lock)?);
        body.extend_from_slice(b" /T ");
        body.extend(text_token(field.name));
        if let Some(label) = field.label {
            check_text("TU", label)?;
            body.extend_from_slice(b" /TU ");
            body.extend(text_token(label));
        }
        let entries = format!(" /F {FLAGS} /MK << >> /Rect [{rect}] /P {page} R");
        body.extend(entries.into_bytes());
        Ok(Self {
            id: append.allocate()?,
            name: field.name.to_owned(),
            page,
            label: field.label.map(str::to_owned),
            body,
            is_check_box: field.kind == NewFieldKind::CheckBox,
        })
    }

    /// Enters it into the structure of a tagged document.
    fn tag(&mut self, structure: &mut StructureTree, append: &mut Append<'_>) -> Result<(), Error> {
        let text = self.label.as_ref().unwrap_or(&self.name);
        let key = structure.add(self.id, self.page, text, append)?;
        self.body.extend(format!(" /StructParent {key}").into_bytes());
        Ok(())
    }

    /// The whole field; `empty` is the form that shows nothing.
    fn body(&self, empty: ObjectId) -> Vec<u8> {
        let appearance = if self.is_check_box {
            format!(" /AS /Off /AP << /N << /Yes {empty} R /Off {empty} R >> >> >>")
        } else {
            format!(" /AP << /N {empty} R >> >>")
        };
        [self.body.as_slice(), appearance.as_bytes()].concat()
    }
}

/// The page and the rectangle there; an invisible field hangs on the first page.
fn place(
    revision: Revision<'_>,
    place: Option<(PageNumber, Rect)>,
) -> Result<(ObjectId, PdfRect), Error> {
    let Some((number, rect)) = place else {
        return Ok((revision.page(1)?.id(), PdfRect::INVISIBLE));
    };
    let page = revision.page(number.get())?;
    let placed = Placed::on(number, &revision.page_geometry(&page)?, rect)?;
    Ok((page.id(), placed.user_space()))
}

/// What is special about a kind of field. Their flags are final: nothing but `/V`, `/AP` and `/AS`
/// changes when they are filled.
fn kind_entries(kind: &NewFieldKind<'_>, lock: Option<ObjectId>) -> Result<Vec<u8>, Error> {
    const TEXT: &str = " /DA (/Helv 0 Tf 0 g)";
    const MULTI_LINE: u32 = 1 << 12;
    const COMBO: u32 = 1 << 17;
    Ok(match kind {
        NewFieldKind::Signature => {
            let lock = lock.map(|lock| format!(" /Lock {lock} R")).unwrap_or_default();
            format!(" /FT /Sig{lock}").into_bytes()
        }
        NewFieldKind::Text { lines } => {
            let flags = if *lines { MULTI_LINE } else { 0 };
            format!(" /FT /Tx /Ff {flags}{TEXT}").into_bytes()
        }
        NewFieldKind::CheckBox => b" /FT /Btn /Ff 0".to_vec(),
        NewFieldKind::Choice(items) => {
            let mut entries = format!(" /FT /Ch /Ff {COMBO}{TEXT} /Opt [").into_bytes();
            for item in *items {
                check_text("Opt", item)?;
                entries.extend(text_token(item));
                entries.push(b' ');
            }
            entries.push(b']');
            entries
        }
    })
}

/// Enters the fields into form and pages, and writes them.
fn write(
    drafts: &[FieldDraft],
    fields: &[crate::pdf::Field],
    structure: Option<&StructureTree>,
    append: &mut Append<'_>,
) -> Result<(), Error> {
    let revision = append.base();
    let mut edits = Edits::default();
    let ids: Vec<ObjectId> = drafts.iter().map(|draft| draft.id).collect();
    let has_form = revision.form()?.is_some();
    let made = if has_form {
        form::enter(revision, &ids, &mut edits)?;
        None
    } else {
        form::make(revision, &ids, append, &mut edits)?
    };
    let font = form::equip(revision, fields, append, &mut edits)?.or(made);
    for draft in drafts {
        let page = Located::object(revision, draft.page)?;
        edits.annotate(revision, &page, draft.id)?;
    }
    if let Some(structure) = structure {
        structure.edit(append, &mut edits)?;
    }
    edits.write(append)?;
    if let Some(font) = font {
        append.put(font, form::HELVETICA.as_bytes());
    }
    let empty = append.allocate()?;
    append.put(empty, EMPTY);
    for draft in drafts {
        append.put(draft.id, &draft.body(empty));
    }
    Ok(())
}
