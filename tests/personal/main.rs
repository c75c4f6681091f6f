//! No fact about a person is shown anywhere but inside `{"personal": …}` (R-ID-13).
//!
//! A small world is built of the types of the domain, with persons whose facts are known. Whatever
//! it shows is searched for them: `Debug`, `Display`, errors, notices, entries of the trail, read
//! models, and every serialised form with its `{"personal": …}` objects cut out.

mod audit;
mod identity;
mod known;
mod organization;
mod watch;
