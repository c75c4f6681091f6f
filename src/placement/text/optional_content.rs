//! Optional content (ISO 32000-2 §8.11): what a viewer does not show when it opens the document is no
//! text of the page.

use std::collections::HashSet;

use crate::pdf::{Dictionary, Error, Object, ObjectId, Revision};

/// The groups that are off in the default configuration.
#[derive(Default)]
pub(super) struct OptionalContent {
    off: HashSet<ObjectId>,
}

impl OptionalContent {
    pub(super) fn of(revision: &Revision<'_>) -> Result<Self, Error> {
        let catalog = revision.catalog()?;
        let Some(properties) = revision.lookup(&catalog, b"OCProperties")? else {
            return Ok(Self::default());
        };
        let Some(properties) = properties.as_dictionary() else { return Ok(Self::default()) };
        let Some(default) = revision.lookup(properties, b"D")? else { return Ok(Self::default()) };
        let Some(default) = default.as_dictionary() else { return Ok(Self::default()) };
        let mut off = HashSet::new();
        if revision.lookup(default, b"BaseState")?.as_deref().and_then(Object::as_name)
            == Some(b"OFF")
        {
            off = groups(revision, properties, b"OCGs")?;
            let on = groups(revision, default, b"ON")?;
            off.retain(|group| !on.contains(group));
        }
        off.extend(groups(revision, default, b"OFF")?);
        Ok(Self { off })
    }

    /// Whether what is marked with this group, or membership of groups, is shown.
    pub(super) fn shows(&self, revision: &Revision<'_>, marked: &Object) -> Result<bool, Error> {
        if self.off.is_empty() {
            return Ok(true);
        }
        if marked.as_reference().is_some_and(|group| self.off.contains(&group)) {
            return Ok(false);
        }
        let value = revision.resolve(marked)?;
        match value.as_dictionary() {
            Some(membership) if membership.is_type(b"OCMD") => {
                self.shows_member(revision, membership)
            }
            _ => Ok(true),
        }
    }

    /// A membership dictionary by its policy; visibility expressions are not looked at.
    fn shows_member(
        &self,
        revision: &Revision<'_>,
        membership: &Dictionary,
    ) -> Result<bool, Error> {
        let members: Vec<_> = match membership.get(b"OCGs") {
            Some(Object::Reference(id)) => match &*revision.resolve(&Object::Reference(*id))? {
                Object::Array(items) => {
                    items.iter().filter_map(|item| item.value.as_reference()).collect()
                }
                _ => vec![*id],
            },
            Some(Object::Array(items)) => {
                items.iter().filter_map(|item| item.value.as_reference()).collect()
            }
            _ => Vec::new(),
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

fn groups(
    revision: &Revision<'_>,
    dictionary: &Dictionary,
    key: &[u8],
) -> Result<HashSet<ObjectId>, Error> {
    let value = revision.lookup(dictionary, key)?;
    let items = value.as_deref().and_then(Object::as_array).unwrap_or_default();
    Ok(items.iter().filter_map(|item| item.value.as_reference()).collect())
}
