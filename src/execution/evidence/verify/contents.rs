//! The entries of a bundle against its manifest.

use std::collections::BTreeMap;

use super::VerifyOptions;
use crate::execution::evidence::archive_reading::Entry;
use crate::execution::evidence::finding::{Code, Finding};
use crate::execution::evidence::manifest::{Listed, MANIFEST, Manifest, SIGNATURE};
use crate::limits::{Limit, LimitExceeded};

/// The entries by their names.
pub(super) struct Contents<'a> {
    order: Vec<&'a str>,
    by_name: BTreeMap<&'a str, &'a [u8]>,
}

pub(super) fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

/// That a JSON entry is not larger than the host allows.
pub(super) fn fits(bytes: &[u8], options: &VerifyOptions<'_>) -> Result<(), LimitExceeded> {
    LimitExceeded::check(Limit::InflatedBytes, length(bytes), options.limits.inflated_bytes)
}

impl<'a> Contents<'a> {
    pub(super) fn of(entries: &[Entry<'a>]) -> Self {
        Self {
            order: entries.iter().map(|it| it.name).collect(),
            by_name: entries.iter().map(|it| (it.name, it.content)).collect(),
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&'a [u8]> {
        self.by_name.get(name).copied()
    }

    /// In both directions: what is listed is there, what is there is listed, in this order.
    pub(super) fn compare(&self, manifest: &Manifest) -> Vec<Finding> {
        let mut found = Vec::new();
        for listed in &manifest.entries {
            let told = |code, expected: &str, now: &str| {
                Finding::new(code, expected, now).in_entry(&listed.name)
            };
            match self.get(&listed.name) {
                None => found.push(told(Code::EntryMissing, &listed.sha256, "nothing")),
                Some(content) => {
                    let now = Listed::of(&listed.name, content);
                    if now != *listed {
                        found.push(told(Code::EntryChanged, &listed.sha256, &now.sha256));
                    }
                }
            }
        }
        let listed: BTreeMap<&str, usize> =
            manifest.entries.iter().map(|it| it.name.as_str()).zip(0..).collect();
        let is_own = |name: &&&str| **name == MANIFEST || **name == SIGNATURE;
        let others = || self.order.iter().filter(|name| !is_own(name));
        for name in others().filter(|name| !listed.contains_key(**name)) {
            found.push(Finding::new(Code::EntryUnlisted, "no such entry", "one").in_entry(name));
        }
        let own = self.order.iter().take_while(is_own).copied();
        let is_first = own.eq([MANIFEST, SIGNATURE].into_iter().take(match self.get(SIGNATURE) {
            Some(_) => 2,
            None => 1,
        }));
        let places: Vec<usize> = others().filter_map(|name| listed.get(*name).copied()).collect();
        if !is_first || !places.is_sorted() || listed.len() != manifest.entries.len() {
            let expected = "the manifest, its signature, and the entries as it lists them";
            found.push(Finding::new(Code::EntryOrder, expected, "another order"));
        }
        found
    }
}
