//! From the locations of a contract's controls to the plan, or to all that is wrong with them.

use std::collections::BTreeMap;

use super::documents::Documents;
use super::keyword::KeywordError;
use super::plan::PlacementPlan;
use super::planned::{PlannedBox, SealSlice};
use super::problem::Problem;
use super::searching::Found;
use super::{Error, Placed};
use crate::contract::{
    Contract, Control, ControlError, ControlKey, ControlKind, ControlProblem, CrossPage, Document,
    Location, Placements, Slice, Spot,
};
use crate::geometry::{PageGeometry, Size};
use crate::identity::DocumentId;

/// Looks for every keyword and form field that a control of the contract stands by: what
/// [`Contract::validate`] and the start of the contract take as `StartFacts::placements`. Words that
/// are missing, words that two controls stand by, or a field that takes no signature, are findings
/// like any other: the validation tells them together with everything else.
///
/// # Errors
///
/// What is wrong with the documents themselves: not given, other bytes, unreadable where they have to
/// be searched; and controls by keyword in a build without text search.
pub fn locate(contract: &Contract, documents: &Documents<'_>) -> Result<Placements, Vec<Problem>> {
    let mut problems = Vec::new();
    let sound = documents.sound(contract, &mut problems);
    let found = Found::in_documents(contract, documents, &sound, &mut problems);
    if problems.is_empty() { Ok(found.placements) } else { Err(problems) }
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
    let mut found = Found::in_documents(contract, documents, &sound, &mut problems);
    let mut plan = PlacementPlan::of_documents(contract);
    let mut number = 0_usize;
    for control in contract.controls() {
        let document = &control.key().document;
        let (Some(_), Some(document)) = (sound.get(document), contract.document(document)) else {
            continue;
        };
        let mut wrong = Vec::new();
        let boxes = Place { control, document, found: &found.placements }.boxes(&mut wrong);
        problems
            .extend(wrong.into_iter().map(|error| told(control.key(), error, &mut found.missing)));
        number = number.saturating_add(boxes.len());
        plan.push(contract, control, boxes);
        if number > Contract::MOST_SPOTS {
            let (control, most) = (control.key().clone(), Contract::MOST_SPOTS);
            problems.push(Problem::TooManyBoxes { control, found: number, most });
            break;
        }
    }
    problems.extend(contract.keyword_conflicts(&found.placements).into_iter().map(Problem::from));
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

/// A missing keyword is told with what is nearest to it.
fn told(
    control: &ControlKey,
    error: ControlError,
    missing: &mut BTreeMap<ControlKey, KeywordError>,
) -> Problem {
    match missing.remove(control) {
        Some(why) if why.code() == error.code() => {
            Problem::Keyword { control: control.clone(), error: Box::new(why) }
        }
        _ => ControlProblem { control: control.clone(), error }.into(),
    }
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
        if let Location::Keyword(keyword) = self.control.location() {
            keyword.check_page(self.document.page_count())?;
        }
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
