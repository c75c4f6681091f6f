//! What is wrong with the values that a contract holds.

use thiserror::Error as ThisError;

use super::FieldProblem;
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
    /// The form field that the control stands in does not take the value.
    #[error("control {control}{}: field {field:?} {problem}", on(*page))]
    Field {
        /// The control.
        control: ControlKey,
        /// The page of its first box.
        page: Option<PageNumber>,
        /// The field's full name.
        field: String,
        /// Why not.
        #[source]
        problem: Box<FieldProblem>,
    },
    /// Two controls stand in one form field, which has one value.
    #[error(
        "controls {other} and {control} both stand in field {field:?}, which has one value; give each \
         a field of its own"
    )]
    SameField {
        /// The control.
        control: ControlKey,
        /// The one before.
        other: ControlKey,
        /// The field's full name.
        field: String,
    },
    /// Readers are told to draw all fields anew (`/NeedAppearances`), which would replace what is
    /// filled in; told otherwise, they would show nothing of a field that no control stands in.
    #[error(
        "field {field:?} has a value and no appearance, so that readers have to draw all fields \
         (/NeedAppearances), filled ones too; have the form saved by a program that draws its fields"
    )]
    Undrawn {
        /// The field's full name.
        field: String,
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
            Self::Field { problem, .. } => problem.code(),
            Self::SameField { .. } => "ctl.value_invalid",
            Self::Undrawn { .. } => "ctl.field_cannot_host_signature",
            Self::Plan(error) => error.code(),
        }
    }

    /// The control.
    #[must_use]
    pub fn control(&self) -> Option<&ControlKey> {
        match self {
            Self::Undrawable { control, .. }
            | Self::Missing { control, .. }
            | Self::Field { control, .. }
            | Self::SameField { control, .. }
            | Self::Plan(PlanMismatch::OtherPlace { control }) => Some(control),
            Self::Undrawn { .. } | Self::Plan(_) => None,
        }
    }

    /// The page, where the control has a box.
    #[must_use]
    pub fn page(&self) -> Option<PageNumber> {
        match self {
            Self::Undrawable { page, .. }
            | Self::Missing { page, .. }
            | Self::Field { page, .. } => *page,
            Self::SameField { .. } | Self::Undrawn { .. } | Self::Plan(_) => None,
        }
    }
}
