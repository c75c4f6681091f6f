//! What was found, so many places of each kind.

use std::collections::BTreeMap;

use crate::report::{Code, Finding};

/// How many places of one kind are listed.
const LISTED: u64 = 100;

/// Findings as they come in.
#[derive(Default)]
pub(super) struct Found {
    findings: Vec<Finding>,
    counts: BTreeMap<Code, u64>,
}

impl Found {
    /// Notes a place; it is listed if not too many of its kind are.
    pub(super) fn add(&mut self, finding: Finding) {
        let count = self.counts.entry(finding.code).or_default();
        *count = count.saturating_add(1);
        if *count <= LISTED {
            self.findings.push(finding);
        }
    }

    /// The findings, the heaviest first, and how many places there are of each kind.
    pub(super) fn finish(mut self) -> (Vec<Finding>, BTreeMap<Code, u64>) {
        self.findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        for count in self.counts.values().filter(|count| **count > LISTED) {
            self.findings.push(Finding::new(Code::PrepMore).with(count - LISTED));
        }
        (self.findings, self.counts)
    }
}
