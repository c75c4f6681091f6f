//! From the locations of a contract's controls to the plan, or to all that is wrong with them.

use std::collections::BTreeMap;

use super::documents::Documents;
use super::field::Form;
use super::plan::PlacementPlan;
use super::planned::{PlannedBox, SealSlice};
use super::problem::Problem;
use super::{Error, Placed};
use crate::contract::{
    Contract, Control, ControlError, ControlKind, ControlProblem, CrossPage, Document, FieldName,
    Keyword, Located, Location, Placements, Slice, Spot,
};
use crate::geometry::{PageGeometry, Size};
use crate::identity::DocumentId;
use crate::pdf::File;

/// Looks for every keyword and form field that a control of the contract stands by: what
/// [`Contract::validate`] and the start of the contract take as `StartFacts::placements`. Words that
/// are missing, or a field that takes no signature, are findings like any other: the validation tells
/// them together with everything else.
///
/// # Errors
///
/// What is wrong with the documents themselves: not given, other bytes, unreadable where they have to
/// be searched; and controls by keyword in a build without text search.
pub fn locate(contract: &Contract, documents: &Documents<'_>) -> Result<Placements, Vec<Problem>> {
    let mut problems = Vec::new();
    let sound = documents.sound(contract, &mut problems);
    let found = search(contract, documents, &sound, &mut problems);
    if problems.is_empty() { Ok(found) } else { Err(problems) }
}

/// Turns every location of the contract's controls into explicit rectangles, in both frames, bound to
/// the documents' digests; or tells everything that is wrong, by document, page and control.
///
/// The rectangles are those that [`Contract::validate`] finds and that a start freezes.
///
/// # Errors
///
/// All problems at once: each names its document and control, and its page and sides where it is on
/// one.
pub fn resolve(
    contract: &Contract,
    documents: &Documents<'_>,
) -> Result<PlacementPlan, Vec<Problem>> {
    let mut problems = Vec::new();
    let sound = documents.sound(contract, &mut problems);
    let found = search(contract, documents, &sound, &mut problems);
    let mut plan = PlacementPlan::of_documents(contract);
    for control in contract.controls() {
        let document = &control.key().document;
        let (Some(_), Some(document)) = (sound.get(document), contract.document(document)) else {
            continue;
        };
        let mut wrong = Vec::new();
        let boxes = Place { control, document, found: &found }.boxes(&mut wrong);
        let told = |error| ControlProblem { control: control.key().clone(), error }.into();
        problems.extend(wrong.into_iter().map(told));
        plan.push(contract, control, boxes);
    }
    problems.extend(contract.keyword_conflicts().into_iter().map(Problem::from));
    if problems.is_empty() {
        return Ok(plan);
    }
    let order: BTreeMap<&DocumentId, usize> = contract
        .documents()
        .iter()
        .zip(0..)
        .map(|(document, place)| (document.id(), place))
        .collect();
    let document = |problem: &Problem| order.get(problem.document()).copied();
    // Stable: on one page, the order of the contract's controls.
    problems.sort_by_key(|problem| (document(problem), problem.page()));
    Err(problems)
}

/// Looks into the sound documents, each once.
fn search(
    contract: &Contract,
    documents: &Documents<'_>,
    sound: &BTreeMap<DocumentId, &File<'_>>,
    problems: &mut Vec<Problem>,
) -> Placements {
    let mut found = Placements::default();
    for (seal, size) in documents.seal_sizes() {
        found = found.seal_size(seal.clone(), size);
    }
    for document in contract.documents() {
        let Some(file) = sound.get(document.id()) else { continue };
        let own = contract.controls().iter().filter(|it| it.key().document == *document.id());
        let (mut fields, mut keywords) = (Vec::new(), Vec::new());
        for control in own {
            match control.location() {
                Location::Field(name) => fields.push((control, name)),
                Location::Keyword(keyword) => keywords.push((control, keyword)),
                _ => {}
            }
        }
        for (control, located) in in_fields(file, document, fields, problems) {
            found = found.found(control.key().clone(), located);
        }
        let size = |kind: &ControlKind| found.size_for(kind);
        for (control, located) in by_words(file, document, keywords, size, problems) {
            found = found.found(control.key().clone(), located);
        }
    }
    found
}

fn in_fields<'c>(
    file: &File<'_>,
    document: &Document,
    wanted: Vec<(&'c Control, &FieldName)>,
    problems: &mut Vec<Problem>,
) -> Vec<(&'c Control, Located)> {
    if wanted.is_empty() {
        return Vec::new();
    }
    let located = Form::of(file).and_then(|form| {
        let located = |(control, name)| Ok((control, form.locate(name, document.pages())?));
        wanted.into_iter().map(located).collect()
    });
    located.unwrap_or_else(|error| {
        let (document, error) = (document.id().clone(), Box::new(error));
        problems.push(Problem::Unreadable { document, error });
        Vec::new()
    })
}

fn by_words<'c>(
    _file: &File<'_>,
    _document: &Document,
    wanted: Vec<(&'c Control, &Keyword)>,
    _size: impl Fn(&ControlKind) -> Size,
    problems: &mut Vec<Problem>,
) -> Vec<(&'c Control, Located)> {
    problems.extend(wanted.into_iter().map(|(control, _)| {
        let control = control.key().clone();
        Problem::NoTextSearch { control }
    }));
    Vec::new()
}

/// A control on its document, to be placed.
struct Place<'a> {
    control: &'a Control,
    document: &'a Document,
    found: &'a Placements,
}

impl Place<'_> {
    /// Its rectangles as far as they are sound; what is wrong with the others goes into the list.
    fn boxes(&self, wrong: &mut Vec<ControlError>) -> Vec<PlannedBox> {
        if let Err(error) = self.control.check_mode() {
            wrong.push(error);
            return Vec::new();
        }
        let seal = self.found.size_for(self.control.kind());
        let mut boxes = Vec::new();
        for spot in self.spots(seal, wrong) {
            let spot = spot.and_then(|(spot, slice)| {
                spot.check(self.pages())?;
                self.control.check_spots(&[spot], self.pages(), seal)?;
                Ok(PlannedBox { placed: self.placed(&spot)?, slice })
            });
            match spot {
                Ok(found) => boxes.push(found),
                Err(error) => wrong.push(error),
            }
        }
        boxes
    }

    fn pages(&self) -> &[PageGeometry] {
        self.document.pages()
    }

    fn placed(&self, spot: &Spot) -> Result<Placed, ControlError> {
        let degenerate = ControlError::Degenerate { page: spot.page, size: spot.rect.size() };
        let geometry = self.document.page(spot.page).ok_or(degenerate.clone())?;
        // What leaves the page was told before; too thin for the page's unit is what is left.
        Placed::on(spot.page, geometry, spot.rect).map_err(|error| match error {
            Error::Geometry(error) => error.into(),
            _ => degenerate,
        })
    }

    /// The rectangles that the location comes to, each sound or not; what is wrong with all of it goes
    /// into the list.
    fn spots(&self, seal: Size, wrong: &mut Vec<ControlError>) -> Vec<Candidate> {
        let (kind, location) = (self.control.kind(), self.control.location());
        let spots = match location {
            Location::Absolute(place) if matches!(kind, ControlKind::Watermark(_)) => {
                // A watermark has pages and no rectangle.
                place.pages().resolve(self.document.page_count()).map(|_| Vec::new())
            }
            Location::Absolute(place) => place
                .spots_by_page(self.pages(), seal)
                .map(|spots| spots.map(|spot| spot.map(|spot| (spot, None))).collect()),
            Location::CrossPage(place) => self.slices(place, seal),
            _ => self.searched(),
        };
        spots.unwrap_or_else(|error| {
            wrong.push(error);
            Vec::new()
        })
    }

    fn slices(&self, place: &CrossPage, seal: Size) -> Result<Vec<Candidate>, ControlError> {
        let whole = place.seal_size(seal)?;
        let slices = place.unchecked_slices(self.pages(), seal)?.into_iter();
        let of = |slice: &Slice| Some(SealSlice::of(slice, place, whole));
        Ok(slices.map(|slice| Ok((slice.spot, of(&slice)))).collect())
    }

    /// What was found of a keyword or of a field. What nobody looked for was told of already.
    fn searched(&self) -> Result<Vec<Candidate>, ControlError> {
        let Some(located) = self.found.of(self.control.key()) else { return Ok(Vec::new()) };
        let optional = matches!(self.control.location(), Location::Keyword(it) if it.is_optional());
        match located.spots_for(self.control.kind()) {
            Err(ControlError::KeywordNotFound) if optional => Ok(Vec::new()),
            spots => Ok(spots?.iter().map(|spot| Ok((*spot, None))).collect()),
        }
    }
}

/// A rectangle with the slice of the seal that it shows, or what is wrong with it.
type Candidate = Result<(Spot, Option<SealSlice>), ControlError>;
