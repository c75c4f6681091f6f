//! Keywords (关键字定位, §5.3): where words stand in the text, and where a control stands by them.
//!
//! [`find`] goes over the pages once, whatever number of keywords there are, and holds the text of
//! one page at a time.

mod automaton;
mod finding;
mod folding;
#[cfg(all(test, feature = "text"))]
mod fonts_tests;
#[cfg(all(test, feature = "text"))]
mod layout_tests;
mod line;
#[cfg(all(test, feature = "text"))]
mod marked_tests;
mod radicals;
mod search;
mod stand;

pub use finding::{Candidates, Finding, KeywordError, Search};
pub use search::find;
