//! Optional content (ISO 32000-2 §8.11): what a viewer does not show when it opens the document is no
//! text of the page.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use crate::pdf::{Dictionary, Error, Object, ObjectId, Revision};

/// Visibility expressions inside each other.
const DEEPEST: u32 = 16;

/// Groups and operators of one membership; the rest is not looked at.
const MOST_TERMS: u32 = 4096;

/// Memberships that are remembered.
const MOST_KNOWN: usize = 4096;

/// The groups that are off in the default configuration.
#[derive(Default)]
pub(super) struct OptionalContent {
    off: HashSet<ObjectId>,
    /// What was found of memberships: many pages share one.
    known: RefCell<HashMap<ObjectId, bool>>,
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
        Ok(Self { off, known: RefCell::default() })
    }

    /// Whether what is marked with this group, or membership of groups, is shown.
    pub(super) fn shows(&self, revision: &Revision<'_>, marked: &Object) -> Result<bool, Error> {
        // Without a group that is off a membership may still ask for one.
        let id = marked.as_reference();
        if id.is_some_and(|group| self.off.contains(&group)) {
            return Ok(false);
        }
        if let Some(known) = id.and_then(|id| self.known.borrow().get(&id).copied()) {
            return Ok(known);
        }
        let shown = match revision.resolve(marked)?.as_dictionary() {
            Some(membership) if membership.is_type(b"OCMD") => {
                self.shows_member(revision, membership)?
            }
            _ => true,
        };
        let mut known = self.known.borrow_mut();
        if let Some(id) = id.filter(|_| known.len() < MOST_KNOWN) {
            known.insert(id, shown);
        }
        Ok(shown)
    }

    /// A membership dictionary (§8.11.2.2): by its expression if it has one, else by its policy.
    fn shows_member(
        &self,
        revision: &Revision<'_>,
        membership: &Dictionary,
    ) -> Result<bool, Error> {
        let mut terms = MOST_TERMS;
        if let Some(expression) = revision.lookup(membership, b"VE")?
            && let Some(shown) = self.holds(revision, &expression, DEEPEST, &mut terms)?
        {
            return Ok(shown);
        }
        let members: Vec<_> = match membership.get(b"OCGs") {
            Some(Object::Reference(id)) => match &*revision.resolve(&Object::Reference(*id))? {
                Object::Array(items) => {
                    items.iter().filter_map(|item| item.value.as_reference()).collect()
                }
                // A group that is not there counts for nothing.
                Object::Null => Vec::new(),
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

    /// A visibility expression (§8.11.2.2, Table 97): `[/And …]`, `[/Or …]`, `[/Not …]` over groups and
    /// such expressions. `None` for what is none, and for what is too deep or too long.
    fn holds(
        &self,
        revision: &Revision<'_>,
        expression: &Object,
        depth: u32,
        terms: &mut u32,
    ) -> Result<Option<bool>, Error> {
        let Some(left) = terms.checked_sub(1) else { return Ok(None) };
        *terms = left;
        if expression.as_reference().is_some_and(|group| self.off.contains(&group)) {
            return Ok(Some(false));
        }
        let value = revision.resolve(expression)?;
        let items = match &*value {
            Object::Array(items) => items,
            Object::Dictionary(group) if group.is_type(b"OCG") => return Ok(Some(true)),
            _ => return Ok(None),
        };
        let (Some((operator, operands)), Some(deeper)) =
            (items.split_first(), depth.checked_sub(1))
        else {
            return Ok(None);
        };
        let operator = operator.value.as_name().unwrap_or_default();
        let mut found = Vec::new();
        for operand in operands {
            match self.holds(revision, &operand.value, deeper, terms)? {
                Some(holds) => found.push(holds),
                None => return Ok(None),
            }
        }
        Ok(match (operator, found.as_slice()) {
            (b"Not", [only]) => Some(!only),
            (b"And", [_, ..]) => Some(found.iter().all(|holds| *holds)),
            (b"Or", [_, ..]) => Some(found.iter().any(|holds| *holds)),
            _ => None,
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
