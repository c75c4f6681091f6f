//! How a plan is stored: integers only, and read back through the same checks that made it.

use serde::{Deserialize, Serialize};
use thiserror::Error as ThisError;

use super::plan::PlacementPlan;
use super::planned::{PlannedBox, PlannedControl, PlannedDocument, SealSlice};
use super::{Error, Placed};
use crate::contract::{ControlId, ControlKey, Edge, Owner};
use crate::digest::Digest;
use crate::geometry::{self, MilliPoints, PageGeometry, PageNumber, Rect, Size};
use crate::identity::DocumentId;

/// The one format there is.
const FORMAT: &str = "sealwright/placement/1";

/// The mode of the controls that are cut into slices, as [`Location::mode`] has it.
///
/// [`Location::mode`]: crate::contract::Location::mode
const CROSS_PAGE: &str = "cross_page";

/// Why stored text is no plan.
#[derive(Debug, ThisError)]
pub(super) enum NotAPlan {
    #[error(
        "the format is {0:?}, not {FORMAT}; store the plan again with the version that reads it"
    )]
    Format(String),
    #[error(
        "control {0} stands on a document or page that the plan does not describe; resolve the plan \
         anew"
    )]
    NoSuchPage(ControlKey),
    #[error("control {0} stands in the plan twice; resolve the plan anew")]
    Twice(ControlKey),
    #[error(
        "control {0} is no cross-page seal, or its slices do not make up whole seals; resolve the plan \
         anew"
    )]
    Slice(ControlKey),
    #[error("control {0}: {1}")]
    Place(ControlKey, Error),
}

#[derive(Serialize, Deserialize)]
pub(super) struct PlanFields {
    format: String,
    documents: Vec<DocumentFields>,
    controls: Vec<ControlFields>,
}

#[derive(Serialize, Deserialize)]
struct DocumentFields {
    id: DocumentId,
    digest: Digest,
    page_count: u32,
    pages: Vec<PageFields>,
}

#[derive(Serialize, Deserialize)]
struct PageFields {
    number: PageNumber,
    geometry: PageGeometry,
}

#[derive(Serialize, Deserialize)]
struct ControlFields {
    document: DocumentId,
    control: ControlId,
    owner: Owner,
    kind: String,
    mode: String,
    boxes: Vec<BoxFields>,
}

#[derive(Serialize, Deserialize)]
struct BoxFields {
    page: PageNumber,
    rect: Rect,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    slice: Option<SliceFields>,
}

#[derive(Serialize, Deserialize)]
struct SliceFields {
    seal: u32,
    edge: Edge,
    from: MilliPoints,
    to: MilliPoints,
    width: MilliPoints,
    height: MilliPoints,
}

impl From<PlacementPlan> for PlanFields {
    fn from(plan: PlacementPlan) -> Self {
        let document = |it: PlannedDocument| DocumentFields {
            id: it.id,
            digest: it.digest,
            page_count: it.page_count,
            pages: it
                .pages
                .into_iter()
                .map(|(number, geometry)| PageFields { number, geometry })
                .collect(),
        };
        let control = |it: PlannedControl| ControlFields {
            document: it.key.document,
            control: it.key.control,
            owner: it.owner,
            kind: it.kind,
            mode: it.mode,
            boxes: it.boxes.into_iter().map(BoxFields::from).collect(),
        };
        Self {
            format: FORMAT.to_owned(),
            documents: plan.documents.into_iter().map(document).collect(),
            controls: plan.controls.into_iter().map(control).collect(),
        }
    }
}

impl From<PlannedBox> for BoxFields {
    fn from(planned: PlannedBox) -> Self {
        let slice = planned.slice.map(|it| SliceFields {
            seal: it.seal,
            edge: it.edge,
            from: it.from,
            to: it.to,
            width: it.whole.width(),
            height: it.whole.height(),
        });
        Self { page: planned.placed.page(), rect: planned.placed.rect(), slice }
    }
}

impl TryFrom<PlanFields> for PlacementPlan {
    type Error = NotAPlan;

    fn try_from(fields: PlanFields) -> Result<Self, NotAPlan> {
        if fields.format != FORMAT {
            return Err(NotAPlan::Format(fields.format));
        }
        let document = |it: DocumentFields| PlannedDocument {
            id: it.id,
            digest: it.digest,
            page_count: it.page_count,
            pages: it.pages.into_iter().map(|page| (page.number, page.geometry)).collect(),
        };
        let documents: Vec<_> = fields.documents.into_iter().map(document).collect();
        let mut seen = std::collections::BTreeSet::new();
        let mut controls = Vec::with_capacity(fields.controls.len());
        for control in fields.controls {
            let control = control.read(&documents)?;
            if !seen.insert(control.key.clone()) {
                return Err(NotAPlan::Twice(control.key));
            }
            controls.push(control);
        }
        Ok(Self { documents, controls })
    }
}

impl ControlFields {
    fn read(self, documents: &[PlannedDocument]) -> Result<PlannedControl, NotAPlan> {
        let key = ControlKey::new(self.document, self.control);
        let document = documents.iter().find(|it| it.id == key.document);
        let document = document.ok_or_else(|| NotAPlan::NoSuchPage(key.clone()))?;
        let mut boxes = Vec::with_capacity(self.boxes.len());
        for stored in self.boxes {
            let geometry =
                document.page(stored.page).filter(|_| stored.page.get() <= document.page_count);
            let geometry = geometry.ok_or_else(|| NotAPlan::NoSuchPage(key.clone()))?;
            let placed = Placed::on(stored.page, geometry, stored.rect)
                .map_err(|error| NotAPlan::Place(key.clone(), error))?;
            let slice = stored.slice.map(SliceFields::read).transpose();
            let slice = slice.map_err(|_| NotAPlan::Slice(key.clone()))?;
            boxes.push(PlannedBox { placed, slice });
        }
        if !are_whole_seals(&self.mode, &boxes) {
            return Err(NotAPlan::Slice(key));
        }
        Ok(PlannedControl { key, owner: self.owner, kind: self.kind, mode: self.mode, boxes })
    }
}

impl SliceFields {
    fn read(self) -> Result<SealSlice, geometry::Error> {
        let Self { seal, edge, from, to, width, height } = self;
        Ok(SealSlice { seal, edge, from, to, whole: Size::new(width, height)? })
    }
}

/// Whether the boxes show the slices that they say: of a cross-page seal all, none of anything else.
fn are_whole_seals(mode: &str, boxes: &[PlannedBox]) -> bool {
    let slices: Vec<_> = boxes.iter().filter_map(|found| found.slice).collect();
    let Some(first) = slices.first() else { return mode != CROSS_PAGE || boxes.is_empty() };
    let spots: Vec<_> = boxes.iter().map(PlannedBox::spot).collect();
    mode == CROSS_PAGE && SealSlice::tiling(first.edge, first.whole, &spots) == Some(slices)
}
