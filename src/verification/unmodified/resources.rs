//! The default resources of the form (ISO 32000-2 Table 224): fonts that appearances are made with.

use crate::pdf::{Error, Object, ObjectId};
use crate::report::{ChangeKind, Rule};

use super::step::{Explanation, Step};

/// Resources, and what they hold of a kind.
const DEPTH: u32 = 2;

impl Step<'_, '_> {
    /// Whether names were added to resources and none means something else; and whether nobody but the
    /// form uses them: else a page may have been waiting for a name.
    pub(super) fn resources_grew(
        &mut self,
        old: Option<&Object>,
        new: Option<&Object>,
        form: [Option<&Object>; 2],
    ) -> Result<bool, Error> {
        let users = form.into_iter().chain([old, new]);
        let users: Vec<ObjectId> = users.flatten().filter_map(Object::as_reference).collect();
        self.names_grew(old, new, &users, DEPTH)
    }

    fn names_grew(
        &mut self,
        old: Option<&Object>,
        new: Option<&Object>,
        users: &[ObjectId],
        depth: u32,
    ) -> Result<bool, Error> {
        let Some(deeper) = depth.checked_sub(1) else { return Ok(false) };
        let Some(was) = self.was(old)? else {
            self.follow(None, new);
            return Ok(true);
        };
        let Some(now) = self.is_now(new)? else { return Ok(false) };
        let (Some(was), Some(now)) = (was.as_dictionary(), now.as_dictionary()) else {
            return Ok(false);
        };
        for (key, value) in was.iter() {
            let after = now.get(key);
            if !self.same(Some(value), after)? || self.leads_to_altered(after) {
                let grew = matches!(value, Object::Dictionary(_) | Object::Reference(_))
                    && self.names_grew(Some(value), after, users, deeper)?;
                if !grew {
                    return Ok(false);
                }
            }
        }
        for (_, value) in now.iter().filter(|(key, _)| !was.contains(key)) {
            self.follow(None, Some(value));
        }
        let Some(id) = new.and_then(Object::as_reference) else { return Ok(true) };
        let kept = old.and_then(Object::as_reference) == Some(id);
        let alone = || self.held_only_by(id, |it| users.contains(&it) || self.is_catalog(it));
        if kept && self.leads_to_altered(new) && !alone() {
            return Ok(false);
        }
        if kept || self.is_new(id) {
            self.explain_reference(new, Explanation::new(ChangeKind::Form, Rule::Dependency));
        }
        Ok(true)
    }
}
