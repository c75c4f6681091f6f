//! What was found about one signature, and what it amounts to.

use crate::report::{Conclusion, Finding};

/// Findings and the worst that they mean.
#[derive(Debug)]
pub(super) struct Verdict {
    pub(super) conclusion: Conclusion,
    pub(super) findings: Vec<Finding>,
}

impl Verdict {
    /// Nothing speaks against it yet.
    pub(super) fn open() -> Self {
        Self { conclusion: Conclusion::Passed, findings: Vec::new() }
    }

    /// Something is wrong.
    pub(super) fn fail(&mut self, finding: Finding) {
        self.take(Conclusion::Failed, finding);
    }

    /// Something cannot be shown.
    pub(super) fn doubt(&mut self, finding: Finding) {
        self.take(Conclusion::Indeterminate, finding);
    }

    /// Something is worth knowing.
    pub(super) fn note(&mut self, finding: Finding) {
        self.take(Conclusion::Passed, finding);
    }

    fn take(&mut self, conclusion: Conclusion, finding: Finding) {
        self.conclusion = self.conclusion.and(conclusion);
        self.findings.push(finding);
    }
}
