//! Validation data (ISO 32000-2 §12.8.4.3): the document security store and what it holds.
//!
//! It may grow, shrink and be rewritten: it proves nothing about the document, and what it proves
//! of certificates is signed by their authorities. But only what it alone holds: its dictionaries
//! and arrays may change, a stream that was there before may not.

use std::collections::HashSet;

use crate::pdf::{Dictionary, Error, Object, ObjectId};
use crate::report::{ChangeKind, Rule};

use super::step::{Explanation, Step};

/// The keys of the store and of an entry below `/VRI`.
const KEYS: [&[u8]; 10] =
    [b"Type", b"Certs", b"OCSPs", b"CRLs", b"VRI", b"Cert", b"OCSP", b"CRL", b"TU", b"TS"];

/// Store, VRI, entry, array, stream.
const DEPTH: u32 = 5;

impl Step<'_, '_> {
    /// Judges `/DSS` of the catalog. Returns whether it may be what it is now.
    pub(super) fn security_store(
        &mut self,
        old: Option<&Object>,
        new: Option<&Object>,
    ) -> Result<bool, Error> {
        let Some(new) = new else { return Ok(old.is_none()) };
        self.store_part(old, new, DEPTH, true)
    }

    fn store_part(
        &mut self,
        old: Option<&Object>,
        new: &Object,
        depth: u32,
        names_are_fixed: bool,
    ) -> Result<bool, Error> {
        let Some(deeper) = depth.checked_sub(1) else { return Ok(false) };
        let reference = new.as_reference();
        let altered = reference.is_some_and(|id| self.altered.contains_key(&id.number));
        if let Some(id) = reference
            && self.is_explained(id)
        {
            return Ok(true);
        }
        let now = self.new.resolve(new)?.into_owned();
        let was = self.was(old)?;
        if altered
            && !reference.is_some_and(|id| self.is_new(id))
            && !(self.is_part(was.as_deref())? && self.is_part(Some(&now))?)
        {
            return Ok(false);
        }
        match &now {
            // A stream of the store is new, or it is what it was.
            Object::Stream(_) if altered && !reference.is_some_and(|id| self.is_new(id)) => {
                return Ok(false);
            }
            Object::Array(items) => {
                let before = was.as_deref().and_then(Object::as_array).unwrap_or(&[]);
                let before: HashSet<ObjectId> =
                    before.iter().filter_map(|it| it.value.as_reference()).collect();
                for item in items {
                    let named = item.value.as_reference();
                    let known = named.filter(|id| before.contains(id)).map(|_| &item.value);
                    if known.is_some() && !self.leads_to_altered(known) {
                        continue;
                    }
                    if !self.store_part(known, &item.value, deeper, true)? {
                        return Ok(false);
                    }
                }
            }
            Object::Dictionary(dictionary) => {
                let before = was.as_deref().and_then(Object::as_dictionary);
                for (key, value) in dictionary.iter() {
                    if names_are_fixed && !KEYS.contains(&key) {
                        return Ok(false);
                    }
                    let known = before.and_then(|before| before.get(key));
                    let below_is_fixed = !(names_are_fixed && key == b"VRI");
                    if !self.store_part(known, value, deeper, below_is_fixed)? {
                        return Ok(false);
                    }
                }
            }
            _ => {}
        }
        if let Some(id) = reference
            && altered
        {
            let was_store = old.and_then(Object::as_reference) == Some(id)
                && self.held_only_by(id, |holder| self.is_catalog(holder) || self.is_store(holder));
            if !self.is_new(id) && !was_store {
                return Ok(false);
            }
            let explanation = Explanation::new(ChangeKind::SecurityStore, Rule::SecurityStore);
            self.explain_as(id.number, explanation);
        }
        Ok(true)
    }

    /// Whether an object that is changed in place is what a store is made of, and nothing that a page
    /// draws with: no name or number, and of an array nothing but streams.
    fn is_part(&self, value: Option<&Object>) -> Result<bool, Error> {
        Ok(match value {
            None | Some(Object::Stream(_)) => true,
            Some(Object::Dictionary(dictionary)) => is_store(dictionary),
            Some(Object::Array(items)) => {
                for item in items {
                    let named = item.value.as_reference().is_some();
                    if !named || self.new.resolve(&item.value)?.as_stream().is_none() {
                        return Ok(false);
                    }
                }
                true
            }
            Some(_) => false,
        })
    }

    /// Whether an object was a part of a store: a dictionary that says nothing else, or its `/VRI`.
    fn is_store(&self, id: ObjectId) -> bool {
        let Ok(Some(found)) = self.old.get(id) else { return false };
        found.object.value.as_dictionary().is_some_and(is_store)
    }
}

/// Whether a dictionary says nothing that a store does not say.
fn is_store(dictionary: &Dictionary) -> bool {
    dictionary.iter().all(|(key, _)| KEYS.contains(&key) || is_digest(key))
}

/// An entry of `/VRI` is called by a digest.
fn is_digest(key: &[u8]) -> bool {
    key.len() == 40 && key.iter().all(u8::is_ascii_hexdigit)
}
