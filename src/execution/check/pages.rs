//! What stands on the pages of a document that came back, against the pages that were issued.

use std::collections::{HashMap, HashSet};

use super::code::DeviationCode as Code;
use super::verdict::Deviation;
use crate::pdf::{Error, Object, ObjectId, Revision};

/// So many annotations are looked at.
const MOST: usize = 200_000;

/// The annotations of a revision, page by page.
struct Listed {
    /// Each with its page, in the order in which they are drawn.
    all: Vec<(u32, ObjectId)>,
    /// Those that are no objects of their own, by pages.
    inside: HashMap<u32, Vec<Object>>,
}

fn listed(view: Revision<'_>) -> Result<Listed, Error> {
    let mut listed = Listed { all: Vec::new(), inside: HashMap::new() };
    let mut left = MOST;
    view.each_page(|page| {
        let Some(list) = view.lookup(page.dictionary(), b"Annots")? else { return Ok(()) };
        let items = list.as_array().unwrap_or(&[]).iter().take(left);
        for item in items {
            left = left.saturating_sub(1);
            match &item.value {
                Object::Reference(id) => listed.all.push((page.number(), *id)),
                other => listed.inside.entry(page.number()).or_default().push(other.clone()),
            }
        }
        Ok::<(), Error>(())
    })?;
    Ok(listed)
}

/// Annotations that were not there when the document was issued and are none of the contract's, and
/// widgets of the contract that show themselves more than once.
pub(super) fn check(
    (issued, latest): (Revision<'_>, Revision<'_>),
    own: &HashSet<ObjectId>,
) -> Result<Vec<Deviation>, Error> {
    let (before, now) = (listed(issued)?, listed(latest)?);
    let known: HashSet<&(u32, ObjectId)> = before.all.iter().collect();
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    for (page, id) in &now.all {
        if own.contains(id) {
            if !seen.insert(id) {
                let told = Deviation::new(Code::FieldDoubled, "once", format!("object {id} again"));
                found.push(told.on_page(*page));
            }
        } else if !known.contains(&(*page, *id)) {
            let told = Deviation::new(Code::AnnotationAdded, "none", format!("object {id}"));
            found.push(told.on_page(*page));
        }
    }
    for (page, items) in &now.inside {
        if before.inside.get(page).is_none_or(|known| known.len() < items.len()) {
            let told = Deviation::new(Code::AnnotationAdded, "none", "one inside the page's list");
            found.push(told.on_page(*page));
        }
    }
    found.sort_by_key(|it| it.page);
    Ok(found)
}
