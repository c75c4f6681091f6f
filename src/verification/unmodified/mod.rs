//! What was changed after a signature, object by object: allowed by name, forbidden by default.
//!
//! A revision names the objects that it changes in its own cross references. Those that say the
//! same as before are dropped; the rest are explained by rules that start at the few places where
//! a later revision may touch a signed document: the form, signature fields, the `/Annots` of a
//! page, validation data, metadata. New objects count as explained when they are used by explained
//! ones. What is left is forbidden. One sweep over the revisions serves all signatures, and costs
//! what was changed.

mod altered;
mod annotation_entries;
mod annotations;
mod catalog;
mod dependency;
mod entries;
mod equality;
mod fields;
mod form_fill;
mod freed;
mod grid;
mod holding;
mod ink;
mod names;
mod overlay;
mod page;
mod places;
mod references;
mod resemblance;
mod resources;
mod rules;
mod security_store;
mod step;
mod structure;

use std::collections::BTreeMap;

use crate::inspection::{DocMdp, SignaturePermissions};
use crate::limits::{Limit, Meter};
use crate::pdf::{Entry, Error, File, ObjectId, Revision, Section, Span};
use crate::report::{Change, ChangeKind, Code, Finding, ModificationLevel};

use super::encrypted;
use super::located::ValuePlace;
use altered::{Pair, Recent};
use overlay::Grounds;
use places::Pages;
use references::{References, Wanted};
use step::Shared;

/// A signature whose ranges are proven: what counts of it for later changes.
pub(super) struct Signed {
    pub(super) place: ValuePlace,
    pub(super) revision: usize,
    pub(super) is_timestamp: bool,
    pub(super) permissions: SignaturePermissions,
}

/// Why a change is forbidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Breach {
    /// No rule explains it.
    Unexplained,
    /// The certification does not permit it.
    NotPermitted(DocMdp),
    /// An earlier signature locked the field.
    Locked,
}

/// A change with what speaks against it.
#[derive(Clone, Debug)]
pub(super) struct Judged {
    pub(super) change: Change,
    pub(super) breach: Option<Breach>,
    /// It lies over signed content: whether in a document that is certified.
    pub(super) over: Option<bool>,
}

/// What one revision changed.
pub(super) struct StepResult {
    pub(super) revision: usize,
    pub(super) changes: Vec<Judged>,
    /// It certifies a document that was signed before.
    pub(super) certifies_late: bool,
}

/// Everything that was changed after the first signature.
pub(super) struct History {
    /// One for each revision after the first signed one, oldest first.
    steps: Vec<StepResult>,
    /// Why changes could not be looked at.
    blind: Option<Finding>,
    /// Bytes behind the last revision that are not white space.
    trailing: Option<Span>,
}

/// Sweeps over the revisions after the first signed one; objects stand in the `readable` parts.
pub(super) fn history(
    file: &File<'_>,
    signed: &[Signed],
    readable: &[Span],
    assumed: Option<DocMdp>,
) -> History {
    let mut history = History { steps: Vec::new(), blind: None, trailing: None };
    let Some(first) = signed.iter().map(|signature| signature.revision).min() else {
        return history;
    };
    history.trailing = trailing(file);
    if first == file.revision_count() {
        return history;
    }
    history.blind = encrypted::closed(file);
    if history.blind.is_some() {
        return history;
    }
    if let Err(finding) = sections_in_order(file) {
        history.blind = Some(*finding);
        return history;
    }
    match steps(file, first, signed, (readable, assumed)) {
        Ok(steps) => history.steps = steps,
        Err(error) => history.blind = Some(Finding::new(Code::SigNotLooked).with(error.code())),
    }
    history
}

fn steps(
    file: &File<'_>,
    first: usize,
    signed: &[Signed],
    (readable, assumed): (&[Span], Option<DocMdp>),
) -> Result<Vec<StepResult>, Error> {
    let meter = Meter::new(Limit::Objects, file.limits().objects.saturating_mul(4));
    let mut recent = Recent::default();
    let mut pairs = Vec::new();
    let mut wanted = Wanted::new();
    for number in first.saturating_add(1)..=file.revision_count() {
        let pair = Pair::of(file, number, &meter, &mut recent)?;
        pair.ask_about(&mut wanted);
        pairs.push(pair);
    }
    let references = References::to(file, readable, &wanted)?;
    let shared = Shared {
        pages: Pages::default(),
        fields_read: Meter::new(Limit::Objects, file.limits().objects.saturating_mul(4)),
        grounds: Grounds::default(),
    };
    pairs.into_iter().map(|pair| step::judge(pair, signed, assumed, &references, &shared)).collect()
}

impl History {
    /// What happened after a revision, oldest first.
    pub(super) fn after(&self, revision: usize) -> impl Iterator<Item = &StepResult> {
        self.steps.iter().filter(move |step| step.revision > revision)
    }

    /// Why changes after a revision could not be looked at, if there are any.
    pub(super) fn blind_after(&self, revision: usize, latest: usize) -> Option<&Finding> {
        self.blind.as_ref().filter(|_| revision < latest)
    }

    /// Bytes behind the last revision, beyond `end`.
    pub(super) fn trailing_after(&self, end: u64) -> Option<Span> {
        self.trailing.filter(|span| span.end > end)
    }
}

/// Bytes behind the last revision that are not white space.
fn trailing(file: &File<'_>) -> Option<Span> {
    let junk = file
        .deviations()
        .iter()
        .any(|deviation| matches!(deviation, crate::pdf::Deviation::JunkAfterEnd { .. }));
    let end = file.latest().end()?;
    junk.then(|| Span::new(end, file.len()))
}

/// Whether every revision keeps to its own bytes: its sections stand between the end of the one
/// before and its own, and place no object behind its own end. Otherwise "the document as of
/// revision k" would depend on bytes that its signature does not cover.
fn sections_in_order(file: &File<'_>) -> Result<(), Box<Finding>> {
    let disorder = || Box::new(Finding::new(Code::DocRevisionOrder));
    let unreadable = |error: Error| Box::new(Finding::new(Code::SigNotLooked).with(error.code()));
    let mut before = 0;
    for revision in file.revisions() {
        let end = revision.end().ok_or_else(disorder)?;
        let own = Span::new(before, end);
        for section in revision.own_sections() {
            if !own.contains(section.span()) {
                return Err(disorder());
            }
            let behind = Span::new(end, file.len());
            let outside = section.first_placed_in(file.source(), behind).map_err(unreadable)?;
            if let Some((number, offset)) = outside {
                let finding = Finding::new(Code::DocObjectOutside).with(number).with(offset);
                return Err(Box::new(finding.about(ObjectId::new(number, 0))));
            }
            let waits = waits_for_stream(file, &revision, section).map_err(unreadable)?;
            if let Some((number, stream)) = waits {
                let finding = Finding::new(Code::DocWaitsForStream).with(number).with(stream);
                return Err(Box::new(finding.about(ObjectId::new(number, 0))));
            }
        }
        before = end;
    }
    Ok(())
}

/// An object of a section and its object stream, which the revision does not have: a later revision
/// could make the stream, and its cross references would not tell of the object.
fn waits_for_stream(
    file: &File<'_>,
    revision: &Revision<'_>,
    section: &Section,
) -> Result<Option<(u32, u32)>, Error> {
    if !section.has_compressed() {
        return Ok(None);
    }
    let mut there = BTreeMap::new();
    for (number, entry) in section.entries(file.source())? {
        let Entry::Compressed { stream, .. } = entry else { continue };
        let is_there = match there.get(&stream) {
            Some(known) => *known,
            None => matches!(revision.entry(stream)?, Some(Entry::InUse { .. })),
        };
        there.insert(stream, is_there);
        if !is_there {
            return Ok(Some((number, stream)));
        }
    }
    Ok(None)
}

/// A change of something that is no object.
pub(super) fn trailing_change(file: &File<'_>) -> Change {
    Change {
        revision: u64::try_from(file.revision_count()).unwrap_or(u64::MAX),
        object: None,
        kind: ChangeKind::Bytes,
        level: ModificationLevel::Forbidden,
        rule: None,
        page: None,
        rect: None,
        seen: None,
        resembles: resemblance::of_no_object(ChangeKind::Bytes),
    }
}
