//! What a person sees of a signature field: its widget and the seal in it (ISO 32000-2 §12.5.6.19).

use super::Error;
use super::edits::{Edits, Located};
use super::field::{Chosen, widget_of};
use super::permission::Lock;
use super::request::{DrawnSeal, Request};
use super::signature_dictionary::lock_entries;
use super::text::text_token;
use crate::appearance::{Fit, Numbers};
use crate::geometry::{PageNumber, PdfRect};
use crate::pdf::{Append, Object, ObjectId, Page, Revision};
use crate::placement::{Placed, Placement};

/// Printed and locked: `/F` bits 3 and 8 (Table 167).
const FLAGS: u32 = 132;

/// The page that a field is on, and the rectangle there if a seal is drawn.
pub(super) struct Place {
    page: ObjectId,
    /// `None` for an invisible new field, or an existing one that stays as it looks.
    placed: Option<Placed>,
    /// The widget of an existing field in which a seal is drawn.
    widget: Option<ObjectId>,
}

impl Place {
    /// Finds it; reads the one page that counts, and the way to it.
    pub(super) fn find(
        revision: Revision<'_>,
        request: &Request<'_>,
        chosen: &Chosen,
    ) -> Result<Option<Self>, Error> {
        match (chosen, &request.seal) {
            (Chosen::Existing { .. }, None) => Ok(None),
            (Chosen::Existing { field, .. }, Some(seal)) => {
                if seal.placement.is_some() {
                    return Err(Error::DecidedBefore { field: field.id, what: "place" });
                }
                Self::of_existing(revision, field).map(Some)
            }
            (Chosen::New { .. }, Some(seal)) => {
                let placement = seal.placement.ok_or(Error::NoPlace)?;
                Self::of_new(revision, seal, placement).map(Some)
            }
            // An invisible field has to hang somewhere: on the first page.
            (Chosen::New { .. }, None) => {
                let page = revision.page(1)?.id();
                Ok(Some(Self { page, placed: None, widget: None }))
            }
        }
    }

    fn of_new(
        revision: Revision<'_>,
        seal: &DrawnSeal<'_>,
        placement: Placement,
    ) -> Result<Self, Error> {
        let placement = match seal.width {
            Some(width) => placement.width(width),
            None => placement,
        };
        let mut found: Option<Page> = None;
        let placed = placement.resolve(seal.face.size(), revision.page_count()?, |number| {
            let page = revision.page(number.get())?;
            let geometry = revision.page_geometry(&page)?;
            found = Some(page);
            Ok::<_, Error>(geometry)
        })?;
        let page = found.ok_or(Error::SelfCheck { problem: "a place was found without a page" })?;
        Ok(Self { page: page.id(), placed: Some(placed), widget: None })
    }

    fn of_existing(revision: Revision<'_>, field: &crate::pdf::Field) -> Result<Self, Error> {
        let wrong = |problem| Error::Widget { field: field.id, problem };
        let (widget, page) = widget_of(revision, field)?;
        let number = revision.page_number_of(page)?.ok_or(wrong("its page is not in the tree"))?;
        let geometry = revision.page_geometry(&revision.page(number)?)?;
        let dictionary = revision.dictionary(widget)?;
        let rect = revision.lookup(&dictionary, b"Rect")?;
        let corners: Vec<f64> = rect
            .as_deref()
            .and_then(Object::as_array)
            .unwrap_or(&[])
            .iter()
            .filter_map(|corner| corner.value.as_number())
            .collect();
        let corners = <[f64; 4]>::try_from(corners).map_err(|_| wrong("it has no /Rect"))?;
        let rect = PdfRect::from_corners(corners).map_err(|_| wrong("its /Rect is none"))?;
        if rect.is_empty() {
            return Err(wrong("its /Rect is empty, it is invisible"));
        }
        let number = PageNumber::new(number).map_err(|_| wrong("its page has no number"))?;
        let placed = Placed::on(number, &geometry, geometry.to_visual(&rect))?;
        Ok(Self { page, placed: Some(placed), widget: Some(widget) })
    }

    /// Where the seal is, if one is drawn.
    pub(super) fn placed(&self) -> Option<&Placed> {
        self.placed.as_ref()
    }

    /// Puts a new field on its page, or the appearance into an existing widget.
    pub(super) fn attach(
        &self,
        revision: Revision<'_>,
        field: ObjectId,
        form: Option<ObjectId>,
        edits: &mut Edits,
    ) -> Result<(), Error> {
        match (self.widget, form) {
            (Some(widget), Some(form)) => {
                let widget = Located::object(revision, widget)?;
                edits.set(&widget, "AP", format!("<< /N {form} R >>"));
            }
            _ => {
                let page = Located::object(revision, self.page)?;
                edits.push(revision, &page, "Annots", field)?;
            }
        }
        Ok(())
    }

    /// The seal as it looks here; its objects get their numbers.
    pub(super) fn appearance(
        &self,
        seal: &DrawnSeal<'_>,
        append: &mut Append<'_>,
    ) -> Result<Option<Appearance>, Error> {
        let Some(placed) = &self.placed else { return Ok(None) };
        let fit = if self.widget.is_some() {
            let own = seal.face.size();
            Fit::Centred(
                seal.width.and_then(|width| own.scaled_to_width(width).ok()).unwrap_or(own),
            )
        } else {
            Fit::Whole
        };
        let mut objects = Numbers::default();
        let mut take = || append.allocate().map(|id| id.number);
        let body = seal.face.drawing().form(placed, fit, &mut objects, &mut take)?;
        Ok(Some(Appearance { objects, form: append.allocate()?, body }))
    }

    /// Field and widget in one object (§12.5.6.19), for a new field.
    pub(super) fn field_body(
        &self,
        name: &str,
        value: ObjectId,
        form: Option<ObjectId>,
        lock: Option<ObjectId>,
    ) -> Vec<u8> {
        let rect = self.placed.as_ref().map_or(PdfRect::INVISIBLE, Placed::user_space);
        let mut body = b"<< /Type /Annot /Subtype /Widget /FT /Sig /T ".to_vec();
        body.extend(text_token(name));
        let page = self.page;
        let entries = format!(" /F {FLAGS} /Rect [{rect}] /P {page} R /V {value} R");
        body.extend(entries.into_bytes());
        if let Some(form) = form {
            body.extend(format!(" /AP << /N {form} R >>").into_bytes());
        }
        if let Some(lock) = lock {
            body.extend(format!(" /Lock {lock} R").into_bytes());
        }
        body.extend_from_slice(b" >>");
        body
    }
}

/// A seal in this document: the objects that it needs once, and the form that paints it here.
pub(super) struct Appearance {
    objects: Numbers,
    form: ObjectId,
    body: Vec<u8>,
}

impl Appearance {
    /// The form for `/AP << /N … >>`.
    pub(super) fn form(&self) -> ObjectId {
        self.form
    }

    /// Writes the objects, the form last.
    pub(super) fn write(&mut self, append: &mut Append<'_>) {
        append.put_written(|out| self.objects.write(out));
        append.put(self.form, &self.body);
    }
}

/// A signature field lock dictionary (Table 236).
pub(super) fn lock_body(lock: &Lock) -> Vec<u8> {
    let mut body = b"<< /Type /SigFieldLock".to_vec();
    body.extend(lock_entries(lock));
    body.extend_from_slice(b" >>");
    body
}
