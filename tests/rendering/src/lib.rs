//! Sealed pages to look at: tiny documents around a [`SealFace`](sealwright::appearance::SealFace), rendered by hayro.
//!
//! Most documents are written by hand and not by the engine, so that these tests stand on the
//! appearance alone: one page, lines of text that read upright, and one or more seals as widgets. The
//! golden pictures of sealed pages are of documents that were [signed](signed()) as a host does it.

mod document;
mod golden;
mod pixels;
mod poppler;
mod signed;

pub use document::{PageForm, bare_page, drawn_page, picture, sealed_document, sealed_page};
pub use golden::golden;
pub use pixels::{Bounds, Rendered, pages, render, render_page};
pub use poppler::{poppler, poppler_structure, poppler_text};
pub use signed::signed;
