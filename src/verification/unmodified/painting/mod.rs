//! What content paints, and where: enough of it to say whether one thing lies over another.
//!
//! Nothing is drawn. Content streams are gone through for the boxes of what they paint (ISO 32000-2 §8
//! and §9), each at least as large as what is seen, and set down on a grid over the page. What cannot be
//! understood paints everything that it might.

mod fonts;
mod grid;
mod interpreter;
mod matrix;

pub(super) use grid::{Bounds, Grid};
pub(super) use interpreter::{Budget, Ink, Interpreter, frame};
pub(super) use matrix::Matrix;
