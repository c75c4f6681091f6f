//! The values of a contract, drawn into its documents before the first signature (合并填写内容).

use std::collections::{BTreeMap, HashMap};

use super::field_filling::{FilledFields, FormFilling, SketchedField, Unfilled};
use super::meaning::Meaning;
use super::page_content::PageContent;
use super::{Error, ValueProblem};
use crate::appearance::{
    ControlSketcher, FontBook, Overflow, Sketch, Stain, UploadedPicture, watermark,
};
use crate::contract::{
    Contract, Control, ControlKey, ControlKind, FieldName, Location, Picture, WatermarkText,
};
use crate::geometry::{MilliPoints, PageNumber, Rect, Size};
use crate::pdf::File;
use crate::placement::{
    Placed, PlacementPlan, PlanMismatch, PlannedBox, PlannedControl, PlannedDocument,
};

/// Everything that was filled into the controls of a contract, to become part of a document before
/// anybody signs: text, numbers, dates, choices, facts, ticks, pictures, tables, and the initiator's
/// watermarks below them. One call makes the revision, or tells everything that is wrong.
///
/// What a signer adds by signing is not among it: seals, signatures, dates of signing and opinions
/// are drawn in the signer's own revision, into fields that are prepared. Attachments are drawn
/// nowhere, and a watermark that says who is looking belongs to whatever shows the document.
///
/// Values become page content, which later signatures cover like any other and no form can change.
///
/// # Form fields
///
/// The value of a control that stands in a field of the document's form goes into that field (ISO
/// 32000-2 §12.7): `/V`, what each of its widgets shows, and the flag that nobody changes it any more
/// ([`FilledFields`] says otherwise; one whose control stays empty is closed with it).
///
/// * Text, numbers, dates and facts go into text fields, and into choice fields that offer them; a
///   choice into choice fields, check boxes and radio buttons, whose state or item it names; a tick
///   into a check box. Pictures, tables and groups of ticks go into no field.
/// * The typeface, size and colour are the control's, embedded; where the text stands (`/Q`), whether
///   it has lines or a comb, and how many characters it may have (`/MaxLen`) are the field's. Ground
///   and border (`/MK`, `/BS`) stay. A tick looks as the field has it, where it has a look for it.
/// * What is drawn stands as `/R` of the widget's `/MK` says, or else upright on the page as displayed.
/// * `/NeedAppearances` is turned off, or readers would draw all of it anew in fonts of their own.
/// * A form that is XFA too is refused (R-DOC-07): its readers do not look at the fields.
///
/// ```
/// use sealwright::appearance::FontBook;
/// use sealwright::contract::Contract;
/// use sealwright::pdf::File;
/// use sealwright::placement::PlacementPlan;
/// use sealwright::update::{Error, Filling};
///
/// /// What is appended to the first document of a started contract before anybody signs it.
/// fn values(contract: &Contract, file: &File<'_>, fonts: &FontBook) -> Result<Vec<u8>, Error> {
///     let plan = PlacementPlan::of_started(contract)?;
///     let appended = Filling::of(contract, &plan, fonts).merge(&plan.documents()[0], file);
///     if let Err(Error::Values { problems }) = &appended {
///         for problem in problems {
///             // Each names its control and its page: the missing characters, the text that does
///             // not fit, the style without a font, the value that nobody filled in.
///             println!("{}: {problem}", problem.code());
///         }
///     }
///     appended
/// }
/// ```
#[derive(Clone, Copy)]
pub struct Filling<'a> {
    contract: &'a Contract,
    plan: &'a PlacementPlan,
    fonts: &'a FontBook,
    sketcher: ControlSketcher<'a>,
    pictures: Option<Pictures<'a>>,
    partial: bool,
    filled_fields: FilledFields,
}

/// Who has the pictures that controls name.
type Pictures<'a> = &'a dyn Fn(&Picture) -> Option<UploadedPicture>;

/// Drawings in their places, in the order in which they are painted.
#[derive(Default)]
struct Painting {
    sketches: Vec<Sketch>,
    /// Which sketch stands where, and what it is to those who do not see it.
    spots: Vec<(Placed, usize, Meaning)>,
    /// Fields of the form that get a value.
    fields: Vec<SketchedField>,
}

impl<'a> Filling<'a> {
    /// Of a contract, in the places of its frozen plan, with the host's fonts and in the contract's
    /// zone.
    #[must_use]
    pub fn of(contract: &'a Contract, plan: &'a PlacementPlan, fonts: &'a FontBook) -> Self {
        let sketcher = ControlSketcher::new(fonts, contract.settings().utc_offset);
        Self {
            contract,
            plan,
            fonts,
            sketcher,
            pictures: None,
            partial: false,
            filled_fields: FilledFields::default(),
        }
    }

    /// With this answer to text that does not fit its box; it is refused unless said.
    #[must_use]
    pub fn overflow(self, overflow: Overflow) -> Self {
        Self { sketcher: self.sketcher.overflow(overflow), ..self }
    }

    /// Without frames around ticks, for documents that print them.
    #[must_use]
    pub fn without_frames(self) -> Self {
        Self { sketcher: self.sketcher.without_frames(), ..self }
    }

    /// With whoever has the pictures that picture controls name.
    #[must_use]
    pub fn pictures(self, find: &'a dyn Fn(&Picture) -> Option<UploadedPicture>) -> Self {
        Self { pictures: Some(find), ..self }
    }

    /// With this answer to what becomes of form fields that hold a value: nobody changes them any more,
    /// unless said.
    #[must_use]
    pub fn filled_fields(self, filled_fields: FilledFields) -> Self {
        Self { filled_fields, ..self }
    }

    /// Also while controls that have to have a value have none: for a look at what is there so far.
    #[must_use]
    pub fn partial(self) -> Self {
        Self { partial: true, ..self }
    }

    /// The bytes to be appended to a document of the contract; none if nothing is to be drawn on it.
    ///
    /// # Errors
    ///
    /// [`Error::Values`] with everything that is wrong with the values; [`Error::OtherDocument`] if
    /// the file is not, byte for byte, the document that contract and plan know;
    /// [`Error::SignedBefore`] and [`Error::PageContent`] as for [`PageContent`].
    pub fn merge(&self, document: &PlannedDocument, file: &File<'_>) -> Result<Vec<u8>, Error> {
        let mut content = PageContent::of(file)?;
        self.draw(document, file, &mut content)?;
        content.finish()
    }

    /// The same onto page content to which the host adds drawings of its own, before or after.
    ///
    /// # Errors
    ///
    /// As [`Filling::merge`].
    pub fn draw(
        &self,
        document: &PlannedDocument,
        file: &File<'_>,
        content: &mut PageContent<'_>,
    ) -> Result<(), Error> {
        let known = self.contract.document(document.id()).map(|known| known.digest());
        let planned = self.plan.documents().contains(document);
        if !planned
            || known != Some(document.digest())
            || self.plan.is_of(document.id(), file).is_err()
        {
            return Err(Error::OtherDocument);
        }
        let painting = self.painting(document, file)?;
        let painting = painting.map_err(|problems| Error::Values { problems })?;
        painting.paint(content)
    }

    /// Everything that is wrong with the values of a document, without making anything: nothing, if
    /// they can be merged.
    ///
    /// # Errors
    ///
    /// If the form of the file cannot be read.
    pub fn problems(
        &self,
        document: &PlannedDocument,
        file: &File<'_>,
    ) -> Result<Vec<ValueProblem>, Error> {
        Ok(self.painting(document, file)?.err().unwrap_or_default())
    }

    fn painting(
        &self,
        document: &PlannedDocument,
        file: &File<'_>,
    ) -> Result<Result<Painting, Vec<ValueProblem>>, Error> {
        let fields = file.latest().fields()?;
        let mut form = FormFilling::of(file.latest(), &fields)?;
        let own = |key: &ControlKey| key.document == *document.id();
        let planned: BTreeMap<&ControlKey, &PlannedControl> =
            self.plan.controls().iter().map(|planned| (planned.key(), planned)).collect();
        let mut painting = Painting::default();
        let mut problems = Vec::new();
        let controls = self.contract.controls().iter().filter(|control| own(control.key()));
        // What a watermark is behind of comes later.
        let (marks, values): (Vec<&Control>, Vec<&Control>) =
            controls.partition(|control| matches!(control.kind(), ControlKind::Watermark(_)));
        for control in marks.into_iter().chain(values) {
            let planned = planned.get(control.key()).copied();
            let Some(planned) = planned.filter(|it| agrees(control, it)) else {
                let control = control.key().clone();
                problems.push(PlanMismatch::OtherPlace { control }.into());
                continue;
            };
            let drawn = match (control.kind(), control.location()) {
                (ControlKind::Watermark(_), _) => self.mark(control, &mut painting),
                (ControlKind::Attachment, _) => self.demanded(control, planned),
                (kind, Location::Field(name)) if kind.is_fill() => {
                    let of = (control, name, planned);
                    match self.field(of, &mut form, &mut painting) {
                        Err(Unfilled::Document(error)) => return Err(error),
                        Err(Unfilled::Value(problem)) => Err(*problem),
                        Ok(()) => Ok(()),
                    }
                }
                (kind, _) if kind.is_fill() => self.value(control, planned, &mut painting),
                _ => Ok(()),
            };
            problems.extend(drawn.err());
        }
        if let Some(field) = form.undrawn(&painting.fields)? {
            problems.push(ValueProblem::Undrawn { field: field.name.clone() });
        }
        Ok(if problems.is_empty() { Ok(painting) } else { Err(problems) })
    }

    /// A control that has to have a value has one.
    fn demanded(&self, control: &Control, planned: &PlannedControl) -> Result<(), ValueProblem> {
        if control.misses_value() && !self.partial {
            let (control, page) = (control.key().clone(), planned.boxes().first().map(page_of));
            return Err(ValueProblem::Missing { control, page });
        }
        Ok(())
    }

    /// What a control holds goes into the form field that it stands in.
    fn field(
        &self,
        of: (&Control, &FieldName, &PlannedControl),
        form: &mut FormFilling<'_>,
        painting: &mut Painting,
    ) -> Result<(), Unfilled> {
        self.demanded(of.0, of.2)?;
        // While values are missing, fields are not closed to them.
        let afterwards = (!self.partial).then_some(self.filled_fields);
        let filled = form.fill(of, &self.sketcher, afterwards, &mut painting.sketches)?;
        painting.fields.extend(filled);
        Ok(())
    }

    /// What a control holds, once for each size of its boxes.
    fn value(
        &self,
        control: &Control,
        planned: &PlannedControl,
        painting: &mut Painting,
    ) -> Result<(), ValueProblem> {
        self.demanded(control, planned)?;
        let key = || control.key().clone();
        let Some(value) = control.value() else { return Ok(()) };
        let picture = |wanted: &Picture| self.pictures.and_then(|find| find(wanted));
        let places = planned.boxes().iter().map(|found| *found.placed());
        painting.add(places, &Meaning::of_value(control, value), |placed| {
            let size = placed.rect().size();
            self.sketcher.value(control.kind(), value, size, picture).map_err(|error| {
                let page = Some(placed.page());
                ValueProblem::Undrawable { control: key(), page, error: Box::new(error) }
            })
        })
    }

    /// A watermark, over the whole of each of its pages.
    fn mark(&self, control: &Control, painting: &mut Painting) -> Result<(), ValueProblem> {
        let (ControlKind::Watermark(mark), Location::Absolute(place)) =
            (control.kind(), control.location())
        else {
            return Ok(());
        };
        let WatermarkText::Text(text) = mark.says() else { return Ok(()) };
        let Some(document) = self.contract.document(&control.key().document) else { return Ok(()) };
        let other = |_| PlanMismatch::OtherPlace { control: control.key().clone() };
        let pages = place.pages().resolve(document.page_count()).map_err(other)?;
        let zero = MilliPoints::ZERO;
        let whole = pages.into_iter().filter_map(|page| {
            let geometry = document.page(page)?;
            let rect = Rect::with_size(zero, zero, geometry.visual_size()).ok()?;
            Placed::on(page, geometry, rect).ok()
        });
        painting.add(whole, &Meaning::Watermark, |placed| {
            let size: Size = placed.rect().size();
            let sketch = watermark(mark, Stain::Text(text), self.fonts, size);
            sketch.map(Some).map_err(|error| ValueProblem::Undrawable {
                control: control.key().clone(),
                page: Some(placed.page()),
                error: Box::new(error),
            })
        })
    }
}

impl Painting {
    /// The same in several places, sketched once for each size.
    fn add(
        &mut self,
        places: impl Iterator<Item = Placed>,
        meaning: &Meaning,
        sketch: impl Fn(&Placed) -> Result<Option<Sketch>, ValueProblem>,
    ) -> Result<(), ValueProblem> {
        let mut known: HashMap<Size, Option<usize>> = HashMap::new();
        for placed in places {
            let size = placed.rect().size();
            let found = match known.get(&size) {
                Some(found) => *found,
                None => {
                    let made = sketch(&placed)?.filter(|sketch| !sketch.is_blank());
                    let index = made.map(|sketch| {
                        self.sketches.push(sketch);
                        self.sketches.len() - 1
                    });
                    known.insert(size, index);
                    index
                }
            };
            self.spots.extend(found.map(|index| (placed, index, meaning.clone())));
        }
        Ok(())
    }

    /// All of it with the fonts cut to what is written, each once.
    fn paint(self, content: &mut PageContent<'_>) -> Result<(), Error> {
        let drawings = Sketch::drawings(&self.sketches).map_err(Box::new)?;
        for (placed, at, meaning) in self.spots {
            if let Some(drawing) = drawings.get(at) {
                content.draw_meaning(placed, drawing, meaning);
            }
        }
        for field in &self.fields {
            content.fill(field.drawn(&drawings));
        }
        Ok(())
    }
}

/// Whether the plan has a control where a started contract froze it; a draft has frozen nothing yet.
fn agrees(control: &Control, planned: &PlannedControl) -> bool {
    control.spots().is_empty() || control.spots() == planned.spots()
}

fn page_of(found: &PlannedBox) -> PageNumber {
    found.placed().page()
}
