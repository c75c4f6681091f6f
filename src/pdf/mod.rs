//! PDF as a file: syntax, cross references, revisions, pages, form, and append-only edits.
//!
//! Nothing here knows of seals or contracts. Opening is lazy and strict: it costs the cross
//! references, and what does not read to the letter is named ([`Deviation`]) or refused.

mod append;
mod around;
mod chain;
mod content;
mod deviation;
mod encryption;
mod error;
mod file;
mod filter;
mod form;
mod lexical;
mod object;
mod object_stream;
mod page_tree;
mod page_walk;
mod repair;
mod revision;
mod section;
mod source;
mod splice;
mod startxref;
mod store;
mod string;
mod syntax;
pub mod text_string;
mod window;
mod xref;
mod xref_rows;

pub(crate) use append::Append;
pub(crate) use content::{Content, Operand};
pub use deviation::{Deviation, Parse};
pub use encryption::{Closed, Opened, OpenedBy, Password, Permissions, Protection};
pub use error::Error;
pub use file::File;
pub use form::Field;
pub use object::{
    Dictionary, DictionaryEntry, Object, ObjectId, Span, Spanned, Stream, StringObject,
};
pub use page_tree::Page;
pub use revision::Revision;
pub use source::Source;
pub(crate) use splice::Splice;
pub(crate) use store::Tokens;
pub use store::{Container, IndirectObject};
pub use xref::{Entry, Section, SectionKind};
