//! Why a form field does not take a value.

use thiserror::Error as ThisError;

use crate::contract::Align;

/// Why a form field does not take a value (ISO 32000-2 §12.7.5). It says what the field takes and what
/// it was given, never the value itself.
///
/// ```
/// use sealwright::update::FieldProblem;
/// let problem = FieldProblem::TooLong { characters: 9, most: 8 };
/// assert_eq!(problem.to_string(), "takes 8 characters (/MaxLen), the value has 9; make it shorter");
/// assert_eq!(problem.code(), "ctl.value_invalid");
/// ```
#[derive(Clone, Debug, PartialEq, ThisError)]
#[non_exhaustive]
pub enum FieldProblem {
    /// There is no field of this name.
    #[error("is none of the {fields} fields of the form; resolve the plan anew")]
    Missing {
        /// How many there are.
        fields: usize,
    },
    /// Its flags forbid changing it.
    #[error("is read-only (/Ff {flags}); ask whoever made the form")]
    ReadOnly {
        /// Its flags, inherited ones too.
        flags: i64,
    },
    /// It is for something else: a password, a button to press, rich text, a signature.
    #[error(
        "is {field}, which does not take {value}; name another field, or another kind of control"
    )]
    Kind {
        /// What it is.
        field: &'static str,
        /// What it was given.
        value: &'static str,
    },
    /// More characters than `/MaxLen`, or than a comb has cells.
    #[error("takes {most} characters (/MaxLen), the value has {characters}; make it shorter")]
    TooLong {
        /// How many the value has.
        characters: usize,
        /// How many the field takes.
        most: u16,
    },
    /// Several lines, and the field takes one.
    #[error(
        "takes one line, the value has {lines}; write it on one, or name a field of several lines"
    )]
    SeveralLines {
        /// How many the value has.
        lines: usize,
    },
    /// A text that no string of a file holds.
    #[error("cannot hold the value, which {problem}; hand in another one")]
    Text {
        /// What is wrong with it.
        problem: &'static str,
    },
    /// None of what it offers.
    #[error(
        "offers {items} items, and the value is none of them; give one by its export value or as it \
         is shown"
    )]
    NoSuchItem {
        /// How many it offers.
        items: usize,
    },
    /// Several of what it offers, or none, and it takes one.
    #[error(
        "takes one item, the value has {chosen}; choose one, or name a field that takes several"
    )]
    OneItem {
        /// How many the value has.
        chosen: usize,
    },
    /// Boxes that exclude each other.
    #[error(
        "has boxes of {states} different states, and a tick does not say which is meant; name one \
         with a selector"
    )]
    Ambiguous {
        /// How many states they have.
        states: usize,
    },
    /// The control wants its text elsewhere than the field has it (`/Q`).
    #[error(
        "has its text {} (/Q), the control wants it {}; let both say the same, or the control say \
         nothing", side(*field), side(*control)
    )]
    Alignment {
        /// What the control says.
        control: Align,
        /// What the field says.
        field: Align,
    },
    /// A widget shows nothing.
    #[error("{problem}; name another field, or place the control otherwise")]
    Widget {
        /// What is in the way.
        problem: &'static str,
    },
    /// The form is XFA too, and readers of XFA do not look at the values of fields.
    #[error(
        "stands in a form that is XFA too (R-DOC-07), whose readers ignore it; have it flattened"
    )]
    Xfa,
}

fn side(align: Align) -> &'static str {
    match align {
        Align::Left => "at the left",
        Align::Center => "in the middle",
        Align::Right => "at the right",
    }
}

impl FieldProblem {
    /// A stable name of the kind of problem, for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "ctl.field_not_found",
            Self::ReadOnly { .. }
            | Self::Kind { .. }
            | Self::Ambiguous { .. }
            | Self::Widget { .. } => "ctl.field_cannot_host_signature",
            Self::TooLong { .. }
            | Self::SeveralLines { .. }
            | Self::Text { .. }
            | Self::NoSuchItem { .. }
            | Self::OneItem { .. }
            | Self::Alignment { .. } => "ctl.value_invalid",
            Self::Xfa => "doc.xfa",
        }
    }
}
