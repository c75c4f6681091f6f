//! The objects of an update, before they are written.

use super::Error;
use super::archive::Drawings;
use super::edits::{Edits, Located};
use super::field::{Choosing, Chosen};
use super::fill::{Blank, EMPTY, Filled};
use super::form;
use super::permission::Lock;
use super::prepare::SignatureField;
use super::request::{FieldChoice, Picture, Request};
use super::structure_tree::StructureTree;
use super::widget::{Form, Place, field_body, lock_body};
use crate::pdf::{Append, ObjectId};

/// Everything that a signature puts into a document, with the numbers it got.
pub(super) struct Draft<'r> {
    request: &'r Request<'r>,
    targets: Vec<Target>,
    filled: Vec<Filled>,
    blank: Blank,
    /// What the signature locks; its object, if new fields refer to it.
    lock: Option<Lock>,
    lock_object: Option<ObjectId>,
    signature: ObjectId,
    structure: Option<StructureTree>,
    /// Images, fonts and whatever else the drawings share.
    objects: Drawings,
}

/// A field that shows the signature.
struct Target {
    chosen: Chosen,
    place: Option<Place>,
    form: Option<Form>,
    field: ObjectId,
    /// What a new widget says for the structure tree.
    tag: String,
}

impl<'r> Draft<'r> {
    /// Decides on every field and its place, and draws what is seen there.
    pub(super) fn new(
        request: &'r Request<'r>,
        choosing: &mut Choosing<'_>,
        append: &mut Append<'_>,
    ) -> Result<Self, Error> {
        let structure = StructureTree::of(append.base(), choosing.signatures())?;
        let first = choosing.signature_field(request.field, request.lock)?;
        let mut draft = Self {
            request,
            targets: Vec::new(),
            filled: Vec::new(),
            blank: Blank::default(),
            lock: None,
            lock_object: None,
            // Numbered last, as it is written last.
            signature: ObjectId::new(0, 0),
            structure,
            objects: Drawings::of(append.base(), request.transparency)?,
        };
        draft.show(first, request.picture.as_ref(), choosing, append)?;
        for shown in request.also {
            let wish = match shown.field {
                FieldChoice::New { name: None } => FieldChoice::New { name: Some(draft.name()) },
                named => named,
            };
            let chosen = choosing.signature_field(wish, &[])?;
            draft.show(chosen, Some(&shown.picture), choosing, append)?;
        }
        for fill in request.fills {
            let filled = Filled::new(fill, choosing, &mut draft.objects, append)?;
            draft.filled.push(filled);
        }
        draft.blank = Blank::find(draft.lock.as_ref(), &draft.filled, choosing, append)?;
        draft.signature = append.allocate()?;
        Ok(draft)
    }

    /// Adds a field with what is seen in it.
    fn show(
        &mut self,
        chosen: Chosen,
        picture: Option<&Picture<'_>>,
        choosing: &mut Choosing<'_>,
        append: &mut Append<'_>,
    ) -> Result<(), Error> {
        let place = Place::find(choosing, picture, &chosen)?;
        let form = match (picture, &place) {
            (Some(picture), Some(place)) => place.draw(picture, &mut self.objects, append)?,
            _ => None,
        };
        let form = match (&chosen, form) {
            (Chosen::New { .. }, None) if self.objects.all_widgets_appear() => {
                Some(Form { id: append.allocate()?, body: EMPTY.to_vec(), resized: None })
            }
            (_, form) => form,
        };
        let field = match &chosen {
            Chosen::Existing { field, lock } => {
                // A time-stamp locks nothing: its dictionary has no place to say so.
                let lock = lock.clone().filter(|_| !self.request.sub_filter.is_timestamp());
                self.lock = Lock::both(self.lock.take(), lock);
                field.id
            }
            Chosen::New { .. } => {
                if self.lock_object.is_none() && !self.request.lock.is_empty() {
                    self.lock = Some(Lock::Include(self.request.lock.to_vec()));
                    self.lock_object = Some(append.allocate()?);
                }
                append.allocate()?
            }
        };
        let tag = match (&mut self.structure, &place, &chosen) {
            (Some(structure), Some(place), Chosen::New { name }) => {
                let text = picture.and_then(Picture::description);
                let text = text.as_deref().unwrap_or(name);
                let key = structure.add(field, place.page(), text, append)?;
                format!(" /StructParent {key}")
            }
            _ => String::new(),
        };
        self.targets.push(Target { chosen, place, form, field, tag });
        Ok(())
    }

    /// Changes what exists: form, catalog, pages, and the fields that are there already.
    pub(super) fn edit(&mut self, append: &mut Append<'_>) -> Result<(), Error> {
        let revision = append.base();
        let mut edits = Edits::default();
        let new = self.targets.iter().filter(|target| target.is_new());
        let new: Vec<ObjectId> = new.map(|target| target.field).collect();
        form::enter(revision, &new, &mut edits)?;
        if self.request.certification.is_some() {
            form::certify(revision, self.signature, &mut edits)?;
        }
        for target in &self.targets {
            if !target.is_new() {
                let field = Located::object(revision, target.field)?;
                edits.set(&field, "V", format!("{} R", self.signature));
            }
            if let Some(place) = &target.place {
                let form = target.form.as_ref().map(|form| form.id);
                place.attach(revision, target.field, form, &mut edits)?;
            }
        }
        for filled in &self.filled {
            filled.edit(revision, &mut edits)?;
        }
        self.blank.edit(revision, &mut edits)?;
        if let Some(structure) = &self.structure {
            structure.edit(append, &mut edits)?;
        }
        edits.write(append)?;
        Ok(())
    }

    /// Writes what is new, but for the signature: shared objects, forms, lock, fields.
    pub(super) fn write_new_objects(&mut self, append: &mut Append<'_>) {
        append.put_written(|out| self.objects.numbers.write(out));
        let forms = self.targets.iter().filter_map(|target| target.form.as_ref());
        for form in forms.chain(self.filled.iter().flat_map(Filled::forms)) {
            append.put(form.id, &form.body);
        }
        self.blank.write(append);
        if let (Some(lock), Some(id)) = (&self.lock, self.lock_object) {
            append.put(id, &lock_body(lock));
        }
        for target in &self.targets {
            if let (Some(place), Chosen::New { name }) = (&target.place, &target.chosen) {
                let form = target.form.as_ref().map(|form| form.id);
                let body =
                    field_body(place, name, self.signature, form, self.lock_object, &target.tag);
                append.put(target.field, &body);
            }
        }
    }

    /// The structure of a tagged document, if widgets were added to it.
    pub(super) fn structure(&self) -> Option<&StructureTree> {
        self.structure.as_ref()
    }

    /// What the signature locks.
    pub(super) fn lock(&self) -> Option<&Lock> {
        self.lock.as_ref()
    }

    /// The signature dictionary.
    pub(super) fn signature(&self) -> ObjectId {
        self.signature
    }

    /// The fields that show it.
    pub(super) fn fields(&self) -> Vec<SignatureField> {
        let field = |target: &Target| SignatureField {
            id: target.field,
            name: target.chosen.name().to_owned(),
            placed: target.place.as_ref().and_then(Place::placed).copied(),
            resized: target.form.as_ref().and_then(|form| form.resized),
        };
        self.targets.iter().map(field).collect()
    }

    /// The fields of other kinds that were filled.
    pub(super) fn filled(&self) -> Vec<ObjectId> {
        self.filled.iter().map(Filled::field).collect()
    }

    fn name(&self) -> &str {
        self.targets.first().map_or("", |target| target.chosen.name())
    }
}

impl Target {
    fn is_new(&self) -> bool {
        matches!(self.chosen, Chosen::New { .. })
    }
}
