//! What goes wrong in the host, and what the engine refuses: a stable code and a sentence.

use std::error::Error;
use std::fmt;

use sealwright::{authorization, ceremony, contract, execution, identity, organization, pdf};

/// Why a step was not done. A host sends the code to its clients and keeps the sentence for its logs;
/// neither holds a personal fact.
#[derive(Debug)]
pub struct Failure {
    /// The stable code, if the engine refused.
    pub code: Option<&'static str>,
    message: String,
}

impl Failure {
    /// Something that is the host's own mistake.
    pub fn new(message: impl Into<String>) -> Self {
        Self { code: None, message: message.into() }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl<E: Error + 'static> From<E> for Failure {
    fn from(error: E) -> Self {
        Self { code: code_of(&error), message: error.to_string() }
    }
}

/// Every module of the engine has an error of its own with the values that disagree, and all of them
/// have a code.
fn code_of(error: &(dyn Error + 'static)) -> Option<&'static str> {
    macro_rules! first_of {
        ($($kind:ty),*) => {
            None$(.or_else(|| error.downcast_ref::<$kind>().map(|it| it.code())))*
        };
    }
    first_of!(
        identity::Error,
        organization::Error,
        authorization::Error,
        authorization::Refused,
        contract::Error,
        contract::DocumentProblem,
        ceremony::Error,
        execution::Error,
        execution::evidence::Error,
        pdf::Error,
        sealwright::Error
    )
}
