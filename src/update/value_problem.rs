//! What is wrong with the values that a contract holds.

use thiserror::Error as ThisError;

use crate::appearance;
use crate::contract::ControlKey;
use crate::geometry::PageNumber;
use crate::placement::PlanMismatch;

/// One value that cannot become part of its document; [`Filling`](super::Filling) tells all of them
/// at once.
///
/// ```
/// use sealwright::contract::ControlKey;
/// use sealwright::update::ValueProblem;
/// let control = ControlKey::new("doc_1".parse()?, "name".parse()?);
/// let problem = ValueProblem::Missing { control, page: None };
/// assert_eq!(problem.code(), "ctl.required_value_missing");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, ThisError)]
#[non_exhaustive]
pub enum ValueProblem {
    /// The value cannot be drawn in its box: a character that no font has, a style without a font, a
    /// text or a table that does not fit, a picture that is not at hand.
    #[error("control {control}{}: {error}", on(*page))]
    Undrawable {
        /// The control.
        control: ControlKey,
        /// The page of the first box in which it cannot be drawn.
        page: Option<PageNumber>,
        /// Why not.
        #[source]
        error: Box<appearance::Error>,
    },
    /// R-CTL-10: the control has to have a value, and has none.
    #[error(
        "control {control}{} has no value, and has to have one; let its owner fill it in",
        on(*page)
    )]
    Missing {
        /// The control.
        control: ControlKey,
        /// The page of its first box.
        page: Option<PageNumber>,
    },
    /// The plan has the control elsewhere than the contract, or not at all.
    #[error(transparent)]
    Plan(#[from] PlanMismatch),
}

fn on(page: Option<PageNumber>) -> String {
    page.map_or_else(String::new, |page| format!(" on page {page}"))
}

impl ValueProblem {
    /// A stable name of the kind of problem, for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Undrawable { error, .. } => error.code(),
            Self::Missing { .. } => "ctl.required_value_missing",
            Self::Plan(error) => error.code(),
        }
    }

    /// The control.
    #[must_use]
    pub fn control(&self) -> Option<&ControlKey> {
        match self {
            Self::Undrawable { control, .. }
            | Self::Missing { control, .. }
            | Self::Plan(PlanMismatch::OtherPlace { control }) => Some(control),
            Self::Plan(_) => None,
        }
    }

    /// The page, where the control has a box.
    #[must_use]
    pub fn page(&self) -> Option<PageNumber> {
        match self {
            Self::Undrawable { page, .. } | Self::Missing { page, .. } => *page,
            Self::Plan(_) => None,
        }
    }
}
