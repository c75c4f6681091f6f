//! Where a control says it wants to be, and where that is on the pages of a document.
//!
//! # A contract's controls
//!
//! [`resolve()`] turns the locations of a contract's controls (absolute, form field, keyword,
//! cross-page) into a [`PlacementPlan`]: explicit rectangles in both frames, bound to the digests of
//! the documents; or it tells everything that is wrong, each [`Problem`] with its control, page and
//! sides. There is one way from a draft to a started contract:
//!
//! ```text
//!  Documents (opened files, sizes of seals)
//!      │
//!      ├─► locate  ─► Placements ─► Contract::validate, Contract::start   (StartFacts::placements)
//!      │                                     │ freezes the rectangles (C6)
//!      └─► resolve ─► PlacementPlan ◄────────┘ PlacementPlan::agrees_with, of_started
//!                         │
//!                         └─► preview, fill values, signature fields: what draws asks the plan
//! ```
//!
//! [`locate`] looks for keywords and form fields; the contract, which sees no PDF, takes the findings
//! as data and judges them together with everything else that stands against the start. The plan says
//! the same rectangles and is what everything that draws works from. After the start nothing is
//! searched again: [`PlacementPlan::of_started`] reads what was frozen.
//!
//! ```
//! # use std::collections::BTreeMap;
//! # use sealwright::contract::{Allowance, Contract, StartFacts, Validation};
//! # use sealwright::digest::Digest;
//! # use sealwright::identity::DocumentId;
//! # use sealwright::organization::Entitlements;
//! # use time::OffsetDateTime;
//! use sealwright::placement::{self, Documents, PlacementPlan, Problem};
//!
//! fn place(
//!     contract: &Contract,
//!     documents: &Documents<'_>,
//!     digests: &BTreeMap<DocumentId, Digest>,
//!     now: OffsetDateTime,
//! ) -> Result<(PlacementPlan, Validation), Vec<Problem>> {
//!     let plan = placement::resolve(contract, documents)?;
//!     let placements = placement::locate(contract, documents)?;
//!     let facts = StartFacts {
//!         placements: &placements,
//!         documents: digests,
//!         entitlements: Entitlements::NONE,
//!         quota: Allowance::Unlimited,
//!         withheld: &BTreeMap::new(),
//!     };
//!     let validation = contract.validate(&facts, now);
//!     assert_eq!(plan.frozen(), validation.frozen);
//!     Ok((plan, validation))
//! }
//! ```
//!
//! # One seal without a contract
//!
//! A [`Placement`] is a wish that knows no document: a page counted from either end, a position as
//! a person sees the page, a width if not the seal's own. [`Placement::resolve`] turns it into one
//! [`Placed`] rectangle of one document, or says how the wish cannot be met.
//!
//! ```
//! use sealwright::geometry::{Mm, PageGeometry, PageIndex, Size};
//! use sealwright::placement::{Error, Placement, Position};
//!
//! let placement = Placement::new(PageIndex::LAST, Position::at(Mm(130.0), Mm(220.0)));
//! let placed = placement.resolve(Size::new(Mm(42.0), Mm(42.0))?, 3, |page| {
//!     assert_eq!(page.get(), 3);
//!     PageGeometry::new([0.0, 0.0, 595.276, 841.89], None, 0, 1.0).map_err(Error::from)
//! })?;
//! assert_eq!(placed.page().get(), 3);
//! assert_eq!(placed.rect().to_string(), "119.055 x 119.055 at (368.504, 623.622)");
//! assert_eq!(placed.user_space().to_string(), "368.504 99.213 487.559 218.268");
//! # Ok::<(), Error>(())
//! ```

mod dialect;
mod documents;
mod field;
mod keyword;
mod plan;
mod planned;
mod planning;
mod problem;
mod resolve;
mod searching;
mod stored;
mod text;
mod widgets;

use thiserror::Error;

use crate::geometry::{self, Overshoot, PageIndex, PageNumber, Size};

pub use dialect::{Dialect, MeaningOfPoint};
pub use documents::Documents;
pub use keyword::{Candidates, Finding, KeywordError, Search, find};
pub use plan::{PlacementPlan, PlanMismatch};
pub use planned::{PlannedBox, PlannedControl, PlannedDocument, SealSlice};
pub use planning::{locate, resolve};
pub use problem::Problem;
pub use resolve::{Placed, Placement, Position};
#[cfg(feature = "text")]
pub use text::PdfText;
pub use text::{Corner, Flow, Glyph, PageText, TextError, TextLayer};
pub(crate) use widgets::{WidgetPlace, Widgets};

/// Why a placement cannot be met.
///
/// ```
/// use sealwright::geometry::PageIndex;
/// use sealwright::placement::Error;
/// let error = Error::PageOutOfRange { index: PageIndex::new(13)?, page_count: 12 };
/// assert_eq!(error.code(), "ctl.page_out_of_range");
/// # Ok::<(), sealwright::geometry::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no such page.
    #[error(
        "there is no page {index} in a document of {page_count} pages; pages are counted from 1, or \
         from -1 at the end"
    )]
    PageOutOfRange {
        /// What was asked for.
        index: PageIndex,
        /// How many pages there are.
        page_count: u32,
    },
    /// There is no page 0.
    #[error("there is no page 0; the first page is 1, the last one is -1")]
    PageZero,
    /// The rectangle has no area.
    #[error("a seal of {size} points cannot be seen; give it a width and a height")]
    Degenerate {
        /// The size it would have.
        size: Size,
    },
    /// The rectangle leaves the page.
    #[error(
        "on page {page} the seal would leave the page by {overshoot}; move it inwards or make it \
         smaller (the page as displayed is {size} points in size)"
    )]
    OffPage {
        /// The page.
        page: PageNumber,
        /// Which sides it crosses, and by how much.
        overshoot: Overshoot,
        /// The size of the page as displayed.
        size: Size,
    },
    /// The rectangles of a cross-page seal are not its slices.
    #[error(
        "the slices on the pages do not make up seals of {whole} points; read the contract as its \
         start left it"
    )]
    NotOneSeal {
        /// The size of the whole seal, nothing where none is known.
        whole: Size,
    },
    /// A length cannot be.
    #[error(transparent)]
    Geometry(#[from] geometry::Error),
}

impl Error {
    /// A stable name of the kind of error, for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::PageOutOfRange { .. } | Self::PageZero => "ctl.page_out_of_range",
            Self::Degenerate { .. } => "ctl.rect_degenerate",
            Self::OffPage { .. } | Self::NotOneSeal { .. } => "ctl.rect_out_of_page",
            Self::Geometry(error) => error.code(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_says_what_pages_there_are() {
        let error = Error::PageOutOfRange { index: PageIndex::new(-13).unwrap(), page_count: 12 };
        assert_eq!(
            error.to_string(),
            "there is no page -13 in a document of 12 pages; pages are counted from 1, or from -1 \
             at the end"
        );
    }
}
