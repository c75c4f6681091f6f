//! What a person sees of a signature field: its widget and the seal in it (ISO 32000-2 §12.5.6.19).

use super::Error;
use super::archive::Drawings;
use super::edits::{Edits, Located};
use super::field::{Choosing, Chosen, widget_of};
use super::form_field::upright;
use super::permission::Lock;
use super::prepare::Resized;
use super::request::{Part, Picture};
use super::signature_dictionary::lock_entries;
use super::text::text_token;
use crate::appearance::{Drawing, View};
use crate::geometry::{Length, PdfRect, Size};
use crate::pdf::{Append, Field, ObjectId, Page, Revision};
use crate::placement::{Placed, Placement, WidgetPlace};

/// Printed and locked: `/F` bits 3 and 8 (Table 167).
pub(super) const FLAGS: u32 = 132;

/// The page that a field is on, and the rectangle there if a seal is drawn.
pub(super) struct Place {
    page: ObjectId,
    /// `None` for an invisible new field, or an existing one that stays as it looks.
    placed: Option<Placed>,
    /// The widget of an existing field in which a seal is drawn.
    widget: Option<ObjectId>,
}

impl Place {
    /// Finds it. For a new field that reads the one page that counts, and the way to it; for one that
    /// exists, what each page lists.
    pub(super) fn find(
        choosing: &mut Choosing<'_>,
        picture: Option<&Picture<'_>>,
        chosen: &Chosen,
    ) -> Result<Option<Self>, Error> {
        let revision = choosing.revision();
        let wish = picture.and_then(Wish::of);
        match (chosen, picture, wish) {
            (Chosen::Existing { .. }, None, _) => Ok(None),
            (Chosen::Existing { field, .. }, Some(_), Some(_)) => {
                Err(Error::DecidedBefore { field: field.id, what: "place" })
            }
            (Chosen::Existing { field, .. }, Some(_), None) => {
                Self::of_widget(choosing, field, widget_of(field)?).map(Some)
            }
            (Chosen::New { .. }, Some(_), Some(wish)) => Self::of_new(revision, &wish).map(Some),
            (Chosen::New { .. }, Some(_), None) => Err(Error::NoPlace),
            // An invisible field has to hang somewhere: on the first page.
            (Chosen::New { .. }, None, _) => {
                let page = revision.page(1)?.id();
                Ok(Some(Self { page, placed: None, widget: None }))
            }
        }
    }

    fn of_new(revision: Revision<'_>, wish: &Wish) -> Result<Self, Error> {
        let mut found: Option<Page> = None;
        let placed = wish.placement.resolve(wish.size, revision.page_count()?, |number| {
            let page = revision.page(number.get())?;
            let geometry = revision.page_geometry(&page)?;
            found = Some(page);
            Ok::<_, Error>(geometry)
        })?;
        let page = found.ok_or(Error::SelfCheck { problem: "a place was found without a page" })?;
        Ok(Self { page: page.id(), placed: Some(placed), widget: None })
    }

    /// That of a widget of an existing field.
    pub(super) fn of_widget(
        choosing: &mut Choosing<'_>,
        field: &Field,
        widget: ObjectId,
    ) -> Result<Self, Error> {
        let WidgetPlace { page, number, rect } = choosing.widget_place(field, widget)?;
        if rect.is_empty() {
            let problem = "has an empty /Rect, it is invisible";
            return Err(Error::Widget { field: field.id, problem });
        }
        let revision = choosing.revision();
        let geometry = revision.page_geometry(&revision.page(number.get())?)?;
        let placed = Placed::on(number, &geometry, geometry.to_visual(&rect))?;
        Ok(Self { page, placed: Some(placed), widget: Some(widget) })
    }

    /// The same place, turned as the widget wants its contents (`/R` of `/MK`).
    pub(super) fn upright_as_its_widget(self, revision: Revision<'_>) -> Result<Self, Error> {
        let placed = match (self.widget, self.placed) {
            (Some(widget), Some(placed)) => Some(upright(revision, widget, placed)?),
            (_, placed) => placed,
        };
        Ok(Self { placed, ..self })
    }

    /// The page.
    pub(super) fn page(&self) -> ObjectId {
        self.page
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
                edits.annotate(revision, &page, field)?;
            }
        }
        Ok(())
    }

    /// What is seen here, as a form; what it shares with other places gets its numbers.
    pub(super) fn draw(
        &self,
        picture: &Picture<'_>,
        drawings: &mut Drawings,
        append: &mut Append<'_>,
    ) -> Result<Option<Form>, Error> {
        match picture {
            Picture::Seal(seal) => {
                let (drawing, own) = (seal.drawing(), scaled(seal.face.size(), seal.width)?);
                self.draw_view(&drawing, view(&drawing, own, seal.part)?, drawings, append)
            }
            Picture::Drawing(drawn) => {
                let drawing = drawn.drawing();
                let own = scaled(drawing.size(), drawn.width)?;
                self.draw_view(&drawing, view(&drawing, own, drawn.part)?, drawings, append)
            }
        }
    }

    /// The same for a drawing of its own size.
    pub(super) fn draw_all(
        &self,
        drawing: &Drawing,
        drawings: &mut Drawings,
        append: &mut Append<'_>,
    ) -> Result<Option<Form>, Error> {
        self.draw_view(drawing, view(drawing, drawing.size(), None)?, drawings, append)
    }

    fn draw_view(
        &self,
        drawing: &Drawing,
        view: View,
        drawings: &mut Drawings,
        append: &mut Append<'_>,
    ) -> Result<Option<Form>, Error> {
        let Some(placed) = &self.placed else { return Ok(None) };
        let drawing = drawings.admit(append.base(), placed.page(), self.page, drawing)?;
        let mut take = || append.allocate().map(|id| id.number);
        let body = drawing.form(placed, view, &mut drawings.numbers, &mut take)?;
        let resized = view.resized(placed.rect().size());
        let resized = resized.map(|[own, shown]| Resized { own, shown });
        Ok(Some(Form { id: append.allocate()?, body, resized }))
    }
}

/// What is seen of a drawing that is `own` large: all of it, or a part.
fn view(drawing: &Drawing, own: Size, part: Option<Part>) -> Result<View, Error> {
    match part {
        None => Ok(View::All { fit: drawing.fit(), own }),
        Some(Part { whole, left, top, .. }) => View::part(drawing.fit(), own, whole, [left, top])
            .ok_or(Error::OtherSize { own, whole }),
    }
}

/// Where a picture wants to be, and how large it is there.
struct Wish {
    placement: Placement,
    size: Size,
}

impl Wish {
    fn of(picture: &Picture<'_>) -> Option<Self> {
        match picture {
            Picture::Seal(seal) => {
                let size = seal.part.map_or(seal.face.size(), |part| part.size);
                let placement = seal.placement?;
                Some(Self { placement: with_width(placement, seal.width, seal.part), size })
            }
            Picture::Drawing(drawn) => {
                let size = drawn.part.map_or(drawn.drawing.size(), |part| part.size);
                Some(Self {
                    placement: with_width(drawn.placement?, drawn.width, drawn.part),
                    size,
                })
            }
        }
    }
}

/// A part has its size from the whole.
fn with_width(placement: Placement, width: Option<Length>, part: Option<Part>) -> Placement {
    match width.filter(|_| part.is_none()) {
        Some(width) => placement.width(width),
        None => placement,
    }
}

pub(super) fn scaled(own: Size, width: Option<Length>) -> Result<Size, Error> {
    match width {
        Some(width) => Ok(own.scaled_to_width(width).map_err(crate::placement::Error::from)?),
        None => Ok(own),
    }
}

/// The form XObject of one place.
pub(super) struct Form {
    pub(super) id: ObjectId,
    pub(super) body: Vec<u8>,
    /// The picture's own size and the size that it has here, where these differ.
    pub(super) resized: Option<Resized>,
}

/// Field and widget in one object (§12.5.6.19), for a new field; `tag` is what it says for the
/// structure tree.
pub(super) fn field_body(
    place: &Place,
    name: &str,
    value: ObjectId,
    form: Option<ObjectId>,
    lock: Option<ObjectId>,
    tag: &str,
) -> Vec<u8> {
    let rect = place.placed.as_ref().map_or(PdfRect::INVISIBLE, Placed::user_space);
    let mut body = b"<< /Type /Annot /Subtype /Widget /FT /Sig /T ".to_vec();
    body.extend(text_token(name));
    let page = place.page;
    let entries = format!(" /F {FLAGS} /Rect [{rect}] /P {page} R /V {value} R{tag}");
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

/// A signature field lock dictionary (Table 236).
pub(super) fn lock_body(lock: &Lock) -> Vec<u8> {
    let mut body = b"<< /Type /SigFieldLock".to_vec();
    body.extend(lock_entries(lock));
    body.extend_from_slice(b" >>");
    body
}
