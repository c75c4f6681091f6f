//! Sealed pages to look at: tiny documents around a [`SealFace`](sealwright::appearance::SealFace), rendered by hayro.
//!
//! The documents are written by hand and not by the engine, so that these tests stand on the
//! appearance alone: one page, lines of text that read upright, and one or more seals as widgets.

mod document;
mod golden;
mod pixels;
mod poppler;

pub use document::{PageForm, drawn_page, sealed_document, sealed_page};
pub use golden::golden;
pub use pixels::{Bounds, Rendered, render, render_page};
pub use poppler::poppler;
