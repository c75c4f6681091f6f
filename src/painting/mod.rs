//! What content streams paint, and where (ISO 32000-2 §8 and §9).
//!
//! A [`Walk`] goes through the content of a page or an appearance, keeps the graphics state, follows
//! forms, and tells a [`Sink`] of each thing that is painted: a path, an image, a piece of text. No glyph
//! is drawn: of text it is told how far it reaches on its line.
//!
//! Two look on, and each keeps a picture of its own, for they may err in opposite directions. The lint
//! before signing warns of text that is surely hidden: what covers something there must cover it
//! altogether. The judge of later changes tells what may lie over something: what touches a place there
//! paints it.

mod colour;
mod font;
mod matrix;
mod path;
mod resources;
mod standard_widths;
mod state;
mod text;
mod walk;

pub(crate) use colour::Colour;
pub(crate) use font::Unknown;
pub(crate) use matrix::{Bounds, Matrix, common, is_in, sorted};
pub(crate) use path::{Painted, Path};
pub(crate) use resources::{Cache, Image, numbers, page_content};
pub(crate) use state::{Blend, Mode, Paint, State};
pub(crate) use text::Text;
pub(crate) use walk::{Sink, Unclear, Walk};
