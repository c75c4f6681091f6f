//! The story of a file, told from what a check found.

use std::collections::{BTreeMap, HashMap};

use super::error::Error;
use crate::instant::rfc3339;
use crate::pdf::{File, Revision};
use crate::report::{
    Change, ChangeKind, Claim, Conclusion, Event, EventCode, Kind, ModificationLevel, Report,
    RevisionStory, Rule, SignatureReport, Story,
};

/// Tells what happened to a file, revision by revision: who wrote, signed, filled and changed what.
///
/// The report is the one of [`check_file`](super::check_file) for this very file; the verdict stays
/// as it is there, the story puts it into the order of events. Changes after the first signature are
/// told with the rule's word for them; what was saved before it only by its size, since nobody had
/// vouched for anything.
///
/// # Errors
///
/// [`Error::OtherFile`] if the report is one of another file; otherwise if the file cannot be read.
///
/// ```
/// use sealwright::limits::Limits;
/// use sealwright::pdf::File;
/// use sealwright::report::EventCode;
/// use sealwright::verification::{CheckOptions, check_file, explain};
///
/// let bytes = sealwright_testdata::documents::classic_table();
/// let file = File::open(&bytes, Limits::default()).unwrap();
/// let report = check_file(&file, &CheckOptions::without_trust())?;
/// let story = explain(&file, &report)?;
/// assert_eq!(story.revisions.len(), 1);
/// assert_eq!(story.revisions[0].events[0].code, EventCode::Written);
/// # Ok::<(), sealwright::verification::Error>(())
/// ```
pub fn explain(file: &File<'_>, report: &Report) -> Result<Story, Error> {
    if report.file.bytes != file.len() || report.file.revisions != number(file.revision_count()) {
        return Err(Error::OtherFile { reported: report.file.bytes, found: file.len() });
    }
    let names = field_names(&file.latest());
    let first_signed = report.signatures.iter().filter_map(|s| s.coverage.revision).min();
    let mut revisions = Vec::with_capacity(file.revision_count());
    for revision in file.revisions() {
        let signed = first_signed.is_some_and(|first| number(revision.number()) >= first);
        let events = match signed && revision.number() > 1 {
            true => Vec::new(),
            false => vec![saved(&revision)?],
        };
        let start = revisions.last().map_or(0, |before: &RevisionStory| before.end);
        let end = revision.end().unwrap_or(revision.span().end);
        revisions.push(RevisionStory { number: number(revision.number()), start, end, events });
    }
    for revision in &mut revisions {
        let number = Some(revision.number);
        let made = report.signatures.iter().filter(|s| s.coverage.revision == number);
        made.for_each(|signature| tell_signature(signature, &mut revision.events));
        if first_signed.is_some_and(|first| revision.number > first) {
            tell_changes(report, revision, &names);
        }
    }
    Ok(Story { revisions })
}

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

/// What is said of a revision that nobody had signed before.
fn saved(revision: &Revision<'_>) -> Result<Event, Error> {
    if revision.number() == 1 {
        let pages = revision.page_count().map_or_else(|_| "?".to_owned(), |n| n.to_string());
        let bytes = revision.end().unwrap_or(revision.span().end);
        return Ok(Event::new(EventCode::Written).with(pages).with(bytes));
    }
    let mut written = 0_usize;
    for section in revision.own_sections() {
        let entries = section.entries(revision.file().source())?;
        written = written.saturating_add(entries.len());
    }
    Ok(Event::new(EventCode::Saved).with(written))
}

/// The names of fields, by the objects of the fields and of their widgets.
fn field_names(view: &Revision<'_>) -> HashMap<String, String> {
    // A form that cannot be read leaves its fields without names.
    let fields = view.fields().unwrap_or_default();
    let mut names = HashMap::new();
    for field in fields {
        for id in field.widgets.iter().chain([&field.id]) {
            names.insert(id.to_string(), field.name.clone());
        }
    }
    names
}

fn tell_signature(signature: &SignatureReport, events: &mut Vec<Event>) {
    let index = signature.index;
    let made = match signature.kind {
        Kind::Signature => EventCode::Signed,
        Kind::Timestamp => EventCode::Timestamped,
    };
    let name = signature.identity.name().unwrap_or_else(|| "?".to_owned());
    events.push(Event::new(made).about(index).with(&signature.field).with(name));
    let mut tell = |code: EventCode| events.push(Event::new(code).about(index));
    match signature.permissions.docmdp {
        Some(1) => tell(EventCode::CertifiedUnchangeable),
        Some(2) => tell(EventCode::CertifiedFillable),
        Some(_) => tell(EventCode::CertifiedAnnotatable),
        None => {}
    }
    if signature.permissions.fieldmdp.is_some() {
        tell(EventCode::FieldsLocked);
    }
    if signature.authority.as_ref().is_some_and(|stated| stated.claim == Claim::Permitted) {
        tell(EventCode::AuthorityStated);
    }
    if !signature.faces.is_empty() {
        let shown = Event::new(EventCode::SealShown).about(index).with(signature.faces.len());
        events.push(shown);
    }
    let times = [
        (EventCode::TimeClaimed, signature.time.claimed),
        (EventCode::TimeProven, signature.time.proven),
    ];
    for (code, time) in times {
        if let Some(time) = time {
            events.push(Event::new(code).about(index).with(rfc3339(time)));
        }
    }
    let verdict = match signature.conclusion {
        Conclusion::Passed => EventCode::Passed,
        Conclusion::Failed => EventCode::Failed,
        Conclusion::Indeterminate | Conclusion::Unsigned => EventCode::Indeterminate,
    };
    events.push(Event::new(verdict).about(index));
}

/// Tells what a later revision changed, alike things together.
fn tell_changes(report: &Report, revision: &mut RevisionStory, names: &HashMap<String, String>) {
    // The signature that covers least has seen everything that came later.
    let covered = report.signatures.iter().filter(|s| s.coverage.ranges.is_some());
    let Some(first) = covered.min_by_key(|s| s.coverage.revision.unwrap_or(u64::MAX)) else {
        return;
    };
    let changes = first.modification.changes.iter().filter(|c| c.revision == revision.number);
    let mut groups: BTreeMap<Group, Event> = BTreeMap::new();
    let mut any = false;
    for change in changes {
        any = true;
        let (group, event) = grouped(change, names);
        let event = groups.entry(group).or_insert(event);
        event.objects.extend(change.object.clone());
        event.rects.extend(change.rect);
    }
    let signed = revision.events.iter().find_map(|event| event.signature);
    if let Some(index) = signed {
        place(index, &mut groups, &mut revision.events);
    }
    if !any && signed.is_none() && first.modification.level == ModificationLevel::Forbidden {
        revision.events.push(Event::new(EventCode::NotLookedAt));
    }
    revision.events.extend(groups.into_values().map(counted));
}

/// Where the revision's own signature stands, page by page.
fn place(index: u64, groups: &mut BTreeMap<Group, Event>, events: &mut Vec<Event>) {
    let (filled, others) =
        std::mem::take(groups).into_iter().partition(|(group, _)| group.code == EventCode::Signed);
    *groups = others;
    let filled: BTreeMap<Group, Event> = filled;
    for (_, event) in filled {
        if event.page.is_some() && !event.rects.is_empty() {
            let placed = Event::new(EventCode::Placed).about(index);
            let Event { objects, page, rects, .. } = event;
            events.push(Event { objects, page, rects, ..placed });
        } else if let Some(made) = events.first_mut() {
            made.objects.extend(event.objects);
        }
    }
}

/// What belongs into one sentence: ordered as sentences are told.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Group {
    code: EventCode,
    name: Option<String>,
    kind: Option<String>,
    page: Option<u32>,
}

fn grouped(change: &Change, names: &HashMap<String, String>) -> (Group, Event) {
    let code = code_of(change, change.object.as_ref().is_some_and(|id| names.contains_key(id)));
    let name = matches!(code, EventCode::FieldAdded | EventCode::FieldFilled).then(|| {
        let object = change.object.clone().unwrap_or_default();
        names.get(&object).cloned().unwrap_or(object)
    });
    let kind = (code == EventCode::Forbidden).then_some(change.kind);
    let shows_page = matches!(
        code,
        EventCode::Signed
            | EventCode::Annotated
            | EventCode::Forbidden
            | EventCode::FieldFilled
            | EventCode::FieldAdded
    );
    let page = change.page.filter(|_| shows_page);
    let group =
        Group { code, name: name.clone(), kind: kind.map(|kind| format!("{kind:?}")), page };
    let mut event = Event::new(code);
    event.values.extend(name);
    event.kind = kind;
    event.page = page;
    (group, event)
}

/// Counts what is told by its number.
fn counted(mut event: Event) -> Event {
    let by_number = matches!(
        event.code,
        EventCode::Annotated | EventCode::SecurityStored | EventCode::Upkeep | EventCode::Forbidden
    );
    if by_number {
        event.values.push(event.objects.len().max(1).to_string());
    }
    event
}

/// What a change is told as; `named` if it is one of a field of the form.
fn code_of(change: &Change, named: bool) -> EventCode {
    match (change.level, change.rule) {
        (ModificationLevel::Forbidden, _) => EventCode::Forbidden,
        (_, Some(Rule::SignatureFilled | Rule::DocumentTimestamp)) => EventCode::Signed,
        (_, Some(Rule::SignatureFieldAdded | Rule::EmptyFieldAdded)) if named => {
            EventCode::FieldAdded
        }
        (_, Some(Rule::FieldFilled)) if change.kind == ChangeKind::FormField => {
            EventCode::FieldFilled
        }
        (_, Some(Rule::SecurityStore)) => EventCode::SecurityStored,
        (_, Some(Rule::Metadata)) => EventCode::Described,
        (ModificationLevel::Annotation, _) if change.kind == ChangeKind::Annotation => {
            EventCode::Annotated
        }
        _ => EventCode::Upkeep,
    }
}
