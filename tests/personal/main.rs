//! No fact about a person is shown anywhere but inside `{"personal": …}` (R-ID-13).
//!
//! A small world is built of the types of the domain, with persons whose facts are known. Whatever
//! it shows is searched for them: `Debug`, `Display`, errors, notices, entries of the trail, read
//! models, and every serialised form with its `{"personal": …}` objects cut out.

mod audit;
mod authorization;
mod ceremony;
mod contract;
mod identity;
mod known;
mod organization;
mod watch;

// Contracts are driven by the short calls of their own tests, in whose world these persons live.
#[allow(dead_code, reason = "shared with `tests/contract`, which uses the rest")]
#[path = "../contract/case.rs"]
mod case;
#[allow(dead_code, reason = "shared with `tests/contract`, which uses the rest")]
#[path = "../contract/paper.rs"]
mod paper;
#[allow(dead_code, reason = "shared with `tests/contract`, which uses the rest")]
#[path = "../contract/world.rs"]
mod world;
