//! The PAdES level of a signature (EN 319 142-1, 6.3): what of it, and of what it needs for long, is there.

use crate::limits::{Limit, Meter};
use crate::pki::{Certificate, TrustAnchors};
use crate::report::{Integrity, Kind, Level};

use super::case::Case;
use super::options::CheckOptions;
use super::security_data::SecurityData;

/// How many signatures with validation data of their own one file may have, at the limit of work
/// that one signature has.
const SHARES: u64 = 16;

/// What the file as such adds to the levels of its signatures.
pub(super) struct Levels<'l> {
    store: &'l SecurityData<'l>,
    /// The last revision.
    latest: usize,
    anchors: TrustAnchors,
    /// The newest document time-stamp that is intact: its revision, and the end of what it covers.
    archive: Option<(usize, u64)>,
    /// Signatures that may still be verified.
    work: Meter,
}

impl<'l> Levels<'l> {
    pub(super) fn of(
        cases: &[Case<'_>],
        latest: usize,
        store: &'l SecurityData<'l>,
        options: &CheckOptions<'_>,
    ) -> Self {
        let stamps = cases
            .iter()
            .filter(|case| case.kind() == Kind::Timestamp && case.integrity == Integrity::Intact);
        let mut proven = stamps.filter_map(|case| case.covered.revision.zip(case.end()));
        let archive = proven.next_back();
        let anchors = options.anchors.map(|(anchors, _)| anchors.clone()).unwrap_or_default();
        let work = Meter::new(Limit::PathSteps, options.limits.path_steps.saturating_mul(SHARES));
        Self { store, latest, anchors, archive, work }
    }

    /// B-LT takes validation data for the signer and for the authority of the time-stamp in the
    /// signature; B-LTA a document time-stamp over both.
    pub(super) fn level(&self, case: &Case<'_>) -> Level {
        let level = case.level();
        if level != Level::T || !self.is_kept(case, self.latest) {
            return level;
        }
        let archived = self.archive.is_some_and(|(revision, end)| {
            let is_over = case.end().is_some_and(|own| own < end);
            is_over && (revision == self.latest || self.is_kept(case, revision))
        });
        if archived { Level::Lta } else { Level::Lt }
    }

    /// Whether the store of a revision has whatever is needed to judge a signature in years.
    fn is_kept(&self, case: &Case<'_>, revision: usize) -> bool {
        let Some(data) = self.store.at(revision) else { return false };
        let is_covered = |(holder, others): (&Certificate, &[Certificate])| {
            data.covers(holder, others, &self.anchors, &self.work)
        };
        case.holders().all(is_covered)
    }
}
