//! Layers (ISO 32000-2 §8.11) that are switched off, or are not the same on screen and on paper.

use std::collections::HashSet;

use super::found::Found;
use crate::pdf::{Dictionary, Error, Object, ObjectId, Revision};
use crate::report::{Code, Finding};

/// Groups that are looked at; those beyond are taken to be shown.
const MOST_GROUPS: usize = 65_536;

/// The optional content groups of a document.
#[derive(Default)]
pub(super) struct Layers {
    off: HashSet<ObjectId>,
}

impl Layers {
    /// Reads the groups and tells what is odd about them.
    pub(super) fn read(revision: &Revision<'_>, found: &mut Found) -> Result<Self, Error> {
        let catalog = revision.catalog()?;
        let Some(properties) = revision.lookup(&catalog, b"OCProperties")? else {
            return Ok(Self::default());
        };
        let Some(properties) = properties.as_dictionary() else { return Ok(Self::default()) };
        let all = groups(revision, properties, b"OCGs")?;
        let default = revision.lookup(properties, b"D")?;
        let default = default.as_deref().and_then(Object::as_dictionary).cloned();
        let default = default.unwrap_or_default();
        let base = revision.lookup(&default, b"BaseState")?;
        let mut off: HashSet<ObjectId> = HashSet::new();
        if base.as_deref().and_then(Object::as_name) == Some(b"OFF") {
            let on: HashSet<ObjectId> = groups(revision, &default, b"ON")?.into_iter().collect();
            off.extend(all.iter().copied().filter(|group| !on.contains(group)));
        }
        off.extend(groups(revision, &default, b"OFF")?);
        let events = events(revision, &default)?;
        if !all.is_empty() {
            found.add(Finding::new(Code::PrepLayers).with(all.len()).with(off.len()));
        }
        for group in &all {
            // An event for a group is what makes a viewer look at its usage (§8.11.4.4).
            if !events.contains(group) {
                continue;
            }
            let Some(dictionary) = revision.get(*group)? else { continue };
            let Some(dictionary) = dictionary.object.value.as_dictionary() else { continue };
            let Some(usage) = revision.lookup(dictionary, b"Usage")? else { continue };
            let Some(usage) = usage.as_dictionary() else { continue };
            let view = state(revision, usage, b"View", b"ViewState")?;
            let print = state(revision, usage, b"Print", b"PrintState")?;
            if view.unwrap_or(true) != print.unwrap_or(true) {
                found.add(Finding::new(Code::PrepLayerSwitches).about(group));
            }
        }
        Ok(Self { off })
    }

    /// Whether what is marked with this group, or membership of groups, is shown. A visibility
    /// expression is not evaluated: its groups count as its policy says.
    pub(super) fn shows(&self, revision: &Revision<'_>, marked: &Object) -> Result<bool, Error> {
        if self.off.is_empty() {
            return Ok(true);
        }
        if marked.as_reference().is_some_and(|group| self.off.contains(&group)) {
            return Ok(false);
        }
        let membership = revision.resolve(marked)?;
        let Some(membership) = membership.as_dictionary().filter(|it| it.is_type(b"OCMD")) else {
            return Ok(true);
        };
        let members = match membership.get(b"OCGs") {
            Some(Object::Reference(id)) if !matches!(revision.get(*id)?, Some(it) if it.object.value.as_array().is_some()) =>
            {
                vec![*id]
            }
            _ => groups(revision, membership, b"OCGs")?,
        };
        let on = |group: &ObjectId| !self.off.contains(group);
        Ok(members.is_empty()
            || match membership.name(b"P") {
                Some(b"AllOn") => members.iter().all(on),
                Some(b"AnyOff") => !members.iter().all(on),
                Some(b"AllOff") => !members.iter().any(on),
                _ => members.iter().any(on),
            })
    }
}

/// References of an array.
fn groups(
    revision: &Revision<'_>,
    dictionary: &Dictionary,
    key: &[u8],
) -> Result<Vec<ObjectId>, Error> {
    let listed = revision.lookup(dictionary, key)?;
    let listed = listed.as_deref().and_then(Object::as_array).unwrap_or(&[]);
    Ok(listed.iter().filter_map(|it| it.value.as_reference()).take(MOST_GROUPS).collect())
}

/// The groups whose state an event sets by their usage.
fn events(revision: &Revision<'_>, default: &Dictionary) -> Result<HashSet<ObjectId>, Error> {
    let mut found = HashSet::new();
    let all = revision.lookup(default, b"AS")?;
    for event in all.as_deref().and_then(Object::as_array).unwrap_or(&[]) {
        let event = revision.resolve(&event.value)?;
        let Some(event) = event.as_dictionary() else { continue };
        if found.len() < MOST_GROUPS {
            found.extend(groups(revision, event, b"OCGs")?);
        }
    }
    Ok(found)
}

/// Whether a usage says on; `None` if it says nothing.
fn state(
    revision: &Revision<'_>,
    usage: &Dictionary,
    purpose: &[u8],
    key: &[u8],
) -> Result<Option<bool>, Error> {
    let Some(purpose) = revision.lookup(usage, purpose)? else { return Ok(None) };
    Ok(purpose.as_dictionary().and_then(|it| it.name(key)).map(|state| state != b"OFF"))
}
