//! The frozen plan: every control's rectangles, bound to the documents they were found in.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use thiserror::Error as ThisError;

use super::documents::digest_of;
use super::planned::{PlannedBox, PlannedControl, PlannedDocument, SealSlice};
use super::stored::PlanFields;
use super::{Error, Placed};
use crate::contract::{Contract, Control, ControlKey, Frozen, Location, Owner};
use crate::digest::Digest;
use crate::geometry::PageNumber;
use crate::identity::DocumentId;
use crate::pdf::File;

/// Where every control of a contract is, once and for all (§2.6): made by
/// [`resolve`](super::resolve()), never changed, and never searched for again.
///
/// It is data: stored and read back through its own checks, it says the same rectangles to the
/// thousandth of a point, and only for documents of the same bytes. What a host places by hand once
/// can be placed again on another contract: [`PlannedControl::locations`].
///
/// ```
/// use sealwright::placement::PlacementPlan;
///
/// let json = r#"{"format":"sealwright/placement/1","documents":[{"id":"doc_1",
///     "digest":"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
///     "page_count":3,"pages":[{"number":3,"geometry":
///         {"media_box":[0,0,595000,842000],"rotate":0,"user_unit":1000000}}]}],
///   "controls":[{"document":"doc_1","control":"seal_a","owner":{"type":"initiator"},
///     "kind":"seal","mode":"absolute",
///     "boxes":[{"page":3,"rect":{"x":100000,"y":200000,"width":120000,"height":60000}}]}]}"#;
/// let plan: PlacementPlan = serde_json::from_str(json)?;
/// let seal = &plan.controls()[0].boxes()[0];
/// assert_eq!(seal.placed().user_space().to_string(), "100 582 220 642");
///
/// // A rectangle that leaves its page is not read.
/// let off_page = json.replace("\"x\":100000", "\"x\":500000");
/// assert!(serde_json::from_str::<PlacementPlan>(&off_page).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "PlanFields", into = "PlanFields")]
pub struct PlacementPlan {
    pub(super) documents: Vec<PlannedDocument>,
    pub(super) controls: Vec<PlannedControl>,
}

/// Why a plan does not fit.
///
/// ```
/// assert_eq!(sealwright::placement::PlanMismatch::NoSuchControl.code(), "ctl.not_owner");
/// ```
#[derive(Clone, Debug, PartialEq, ThisError)]
#[non_exhaustive]
pub enum PlanMismatch {
    /// The plan knows no such control.
    #[error("the plan has no such control; name one of its own")]
    NoSuchControl,
    /// The plan was made for other bytes.
    #[error("the plan was made for other bytes of document {document}; resolve it anew")]
    OtherBytes {
        /// The document.
        document: DocumentId,
    },
    /// The contract says something else.
    #[error("the contract has control {control} elsewhere, or not at all; resolve it anew")]
    OtherPlace {
        /// The control.
        control: ControlKey,
    },
}

impl PlanMismatch {
    /// A stable name of the kind of error, for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoSuchControl => "ctl.not_owner",
            Self::OtherBytes { .. } => "doc.hash_mismatch",
            Self::OtherPlace { .. } => "ctl.rect_out_of_page",
        }
    }
}

impl PlacementPlan {
    /// The documents, in the order of the contract.
    #[must_use]
    pub fn documents(&self) -> &[PlannedDocument] {
        &self.documents
    }

    /// The controls, in the order of the contract; also those that have no rectangle: watermarks, and
    /// optional keywords that are not in the text.
    #[must_use]
    pub fn controls(&self) -> &[PlannedControl] {
        &self.controls
    }

    /// A control.
    #[must_use]
    pub fn control(&self, key: &ControlKey) -> Option<&PlannedControl> {
        self.controls.iter().find(|control| control.key == *key)
    }

    /// The rectangles of one document, page by page: what a console draws over its pictures of the
    /// pages.
    #[must_use]
    pub fn by_page(
        &self,
        document: &DocumentId,
    ) -> BTreeMap<PageNumber, Vec<(&PlannedControl, &PlannedBox)>> {
        let mut pages: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for control in self.controls.iter().filter(|control| control.key.document == *document) {
            for found in &control.boxes {
                pages.entry(found.placed.page()).or_default().push((control, found));
            }
        }
        pages
    }

    /// What a start freezes: the same that [`Contract::validate`] computes from
    /// [`locate`](super::locate)'s findings.
    #[must_use]
    pub fn frozen(&self) -> Vec<Frozen> {
        let placed = self.controls.iter().filter(|control| !control.boxes.is_empty());
        let frozen = |it: &PlannedControl| Frozen {
            control: it.key.clone(),
            spots: it.spots(),
            whole: it.boxes.first().and_then(|first| first.slice).map(|slice| slice.whole),
        };
        placed.map(frozen).collect()
    }

    /// The same plan with a control in another hand: its geometry stays, to the thousandth.
    ///
    /// # Errors
    ///
    /// [`PlanMismatch::NoSuchControl`]. Whether the new owner may have a control of the kind is the
    /// contract's to say ([`Contract::validate`], R-CTL-06).
    pub fn reassign(
        mut self,
        control: &ControlKey,
        owner: impl Into<Owner>,
    ) -> Result<Self, PlanMismatch> {
        let found = self.controls.iter_mut().find(|it| it.key == *control);
        found.ok_or(PlanMismatch::NoSuchControl)?.owner = owner.into();
        Ok(self)
    }

    /// The plan of a contract that has started, from what its start froze: nothing is searched for.
    ///
    /// # Errors
    ///
    /// What is wrong with a frozen rectangle, [`Error::NotOneSeal`] for the slices of a cross-page
    /// seal; the engine's own starts freeze none that is.
    pub fn of_started(contract: &Contract) -> Result<Self, Error> {
        let mut plan = Self::of_documents(contract);
        for control in contract.controls() {
            plan.push(contract, control, boxes_of_started(contract, control)?);
        }
        Ok(plan)
    }

    /// Whether a started contract froze what this plan says, the slices of its cross-page seals and
    /// their sizes included.
    ///
    /// # Errors
    ///
    /// The first control or document that differs.
    pub fn agrees_with(&self, contract: &Contract) -> Result<(), PlanMismatch> {
        for document in &self.documents {
            let known = contract.document(&document.id).map(|known| known.original());
            if known != Some(&document.digest) {
                return Err(PlanMismatch::OtherBytes { document: document.id.clone() });
            }
        }
        let planned: BTreeMap<_, _> = self.controls.iter().map(|it| (&it.key, it)).collect();
        let theirs = contract.controls().iter();
        let differs = theirs.filter(|control| {
            let Some(own) = planned.get(control.key()) else { return true };
            let frozen = boxes_of_started(contract, control);
            own.owner != *control.owner() || !frozen.is_ok_and(|boxes| boxes == own.boxes)
        });
        let known: BTreeSet<_> = contract.controls().iter().map(|it| it.key()).collect();
        let missing = self.controls.iter().map(|it| &it.key).filter(|key| !known.contains(key));
        match differs.map(|control| control.key()).chain(missing).next() {
            Some(control) => Err(PlanMismatch::OtherPlace { control: control.clone() }),
            None => Ok(()),
        }
    }

    /// Whether a document has the pages that the plan was made for. Cheaper than its digest, and no
    /// proof: another file may have the same pages ([`PlacementPlan::is_of`] tells them apart).
    ///
    /// # Errors
    ///
    /// [`PlanMismatch::OtherBytes`], also if the pages cannot be read.
    pub fn fits(&self, document: &DocumentId, file: &File<'_>) -> Result<(), PlanMismatch> {
        let other = || PlanMismatch::OtherBytes { document: document.clone() };
        let planned = self.documents.iter().find(|it| it.id == *document).ok_or_else(other)?;
        let found = file.latest().page_geometries().map_err(|_| other())?;
        let at = |page: &PageNumber| found.get(usize::try_from(page.pages_before()).ok()?);
        let same = planned.pages.iter().all(|(page, known)| at(page) == Some(known));
        let same = same && usize::try_from(planned.page_count).ok() == Some(found.len());
        if same { Ok(()) } else { Err(other()) }
    }

    /// Whether a file is, byte for byte, the document that the plan was made for (R-DOC-06). Costs a
    /// pass of hashing.
    ///
    /// # Errors
    ///
    /// [`PlanMismatch::OtherBytes`], also if the bytes cannot be read.
    pub fn is_of(&self, document: &DocumentId, file: &File<'_>) -> Result<(), PlanMismatch> {
        let planned = self.documents.iter().find(|it| it.id == *document);
        let found = |known: &Digest| digest_of(file, known.algorithm()).ok();
        match planned.filter(|planned| found(&planned.digest) == Some(planned.digest)) {
            Some(_) => Ok(()),
            None => Err(PlanMismatch::OtherBytes { document: document.clone() }),
        }
    }

    pub(super) fn of_documents(contract: &Contract) -> Self {
        let documents = contract.documents().iter().map(|document| PlannedDocument {
            id: document.id().clone(),
            digest: *document.original(),
            page_count: document.page_count(),
            pages: BTreeMap::new(),
        });
        Self { documents: documents.collect(), controls: Vec::new() }
    }

    /// Adds a control, and the pages that its rectangles are on.
    pub(super) fn push(&mut self, contract: &Contract, control: &Control, boxes: Vec<PlannedBox>) {
        let key = control.key();
        let known = contract.document(&key.document);
        let planned = self.documents.iter_mut().find(|document| document.id == key.document);
        if let (Some(planned), Some(known)) = (planned, known) {
            let pages = boxes.iter().map(|it| it.placed.page());
            let geometries = pages.filter_map(|page| Some((page, *known.page(page)?)));
            planned.pages.extend(geometries);
        }
        self.controls.push(PlannedControl {
            key: key.clone(),
            owner: control.owner().clone(),
            kind: control.kind().code().to_owned(),
            mode: control.location().mode().to_owned(),
            boxes,
        });
    }
}

/// The rectangles that the start froze of a control. Of a cross-page seal it froze the size as well:
/// the rectangles tile it, in the order of the pages.
fn boxes_of_started(contract: &Contract, control: &Control) -> Result<Vec<PlannedBox>, Error> {
    let (spots, document) = (control.spots(), contract.document(&control.key().document));
    let slices = match control.location() {
        Location::CrossPage(location) => {
            let whole = control.whole().unwrap_or_default();
            let slices = SealSlice::tiling(location.over_edge(), whole, spots);
            slices.ok_or(Error::NotOneSeal { whole })?.into_iter().map(Some).collect()
        }
        _ => vec![None; spots.len()],
    };
    let mut boxes = Vec::with_capacity(spots.len());
    for (spot, slice) in spots.iter().zip(slices) {
        let page_count = document.map_or(0, |document| document.page_count());
        let geometry = document
            .and_then(|document| document.page(spot.page))
            .ok_or(Error::PageOutOfRange { index: spot.page.into(), page_count })?;
        boxes.push(PlannedBox { placed: Placed::on(spot.page, geometry, spot.rect)?, slice });
    }
    Ok(boxes)
}
