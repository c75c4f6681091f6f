//! The name dictionary (ISO 32000-2 §7.7.4): commenters put the icons of their notes there, under `/AP`.
//! Nothing else of it may change: other names lead to scripts, files and pages.

use crate::pdf::{Dictionary, Error, Object};
use crate::report::{ChangeKind, Rule};

use super::step::{Explanation, Step};

/// What a tree of one node says (Table 36).
const NODE_KEYS: [&[u8]; 2] = [b"Names", b"Limits"];

/// So many names are compared.
const MOST_NAMES: usize = 10_000;

impl Step<'_, '_> {
    /// `/Names` of the catalog: icons may be added, none may go or become another one.
    pub(super) fn names(
        &mut self,
        old: Option<&Object>,
        new: Option<&Object>,
    ) -> Result<bool, Error> {
        let (was, now) = (self.was(old)?, self.is_now(new)?);
        let empty = Dictionary::default();
        let was = match was.as_deref() {
            None => &empty,
            Some(Object::Dictionary(was)) => was,
            Some(_) => return Ok(false),
        };
        let Some(Object::Dictionary(now)) = now.as_deref() else { return Ok(false) };
        if self.changed_keys(was, now)?.iter().any(|key| key != b"AP") {
            return Ok(false);
        }
        let (before, after) = (was.get(b"AP"), now.get(b"AP"));
        let grew = self.icons_added(before, after)?;
        let own = self.is_names_own(old, new) && self.is_names_own(before, after);
        if !grew || !own {
            return Ok(false);
        }
        for value in [new, after] {
            let explanation = Explanation::new(ChangeKind::Catalog, Rule::NamesAdded);
            self.explain_reference(value, explanation);
        }
        if new.and_then(Object::as_reference).is_none() {
            let explanation = Explanation::new(ChangeKind::Catalog, Rule::NamesAdded);
            self.explain_loose(None, explanation, None);
        }
        Ok(true)
    }

    /// Whether an object that holds names is new, or was only that and stays where it was.
    fn is_names_own(&self, old: Option<&Object>, new: Option<&Object>) -> bool {
        let Some(id) = new.and_then(Object::as_reference) else { return true };
        // Nobody but the catalog, or the dictionary that the catalog names.
        let kept = old.and_then(Object::as_reference) == Some(id) && !self.leads_to_altered(new);
        kept || self.is_new(id)
    }

    fn icons_added(&mut self, old: Option<&Object>, new: Option<&Object>) -> Result<bool, Error> {
        let (was, now) = (self.was(old)?, self.is_now(new)?);
        let Some(Object::Dictionary(now)) = now.as_deref() else { return Ok(false) };
        if !now.iter().all(|(key, _)| NODE_KEYS.contains(&key)) {
            return Ok(false);
        }
        let was = was.as_deref().and_then(Object::as_dictionary);
        let before = self.was(was.and_then(|was| was.get(b"Names")))?;
        let after = self.is_now(now.get(b"Names"))?;
        let before = before.as_deref().and_then(Object::as_array).unwrap_or(&[]);
        let Some(after) = after.as_deref().and_then(Object::as_array) else { return Ok(false) };
        let (pairs, rest) = after.as_chunks::<2>();
        if !rest.is_empty() || after.len() > MOST_NAMES {
            return Ok(false);
        }
        let (known, _) = before.as_chunks::<2>();
        let mut kept = known.iter().peekable();
        for [name, value] in pairs {
            if kept
                .peek()
                .is_some_and(|[old, icon]| old.value == name.value && icon.value == value.value)
            {
                kept.next();
                continue;
            }
            let is_new = value.value.as_reference().is_some_and(|id| self.is_new(id));
            if name.value.as_string().is_none() || !is_new || !self.are_forms(None, &value.value)? {
                return Ok(false);
            }
        }
        if kept.next().is_some() {
            return Ok(false);
        }
        self.follow(None, new);
        self.follow(None, now.get(b"Names"));
        after.iter().for_each(|item| self.follow(None, Some(&item.value)));
        Ok(true)
    }
}
