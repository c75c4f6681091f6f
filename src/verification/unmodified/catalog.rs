//! The trailer and the catalog: what of them a later revision may touch.

use crate::pdf::{Dictionary, Error, Object, ObjectId, Section};
use crate::report::{ChangeKind, Rule};

use super::ValuePlace;
use super::step::{Explanation, Step};

/// Keys of a trailer that are about its own section (§7.5.5, §7.5.8.2).
const SECTION_KEYS: [&[u8]; 10] = [
    b"Size",
    b"Prev",
    b"XRefStm",
    b"ID",
    b"W",
    b"Index",
    b"Type",
    b"Length",
    b"Filter",
    b"DecodeParms",
];

/// Entries of the information dictionary that a writer keeps up to date (§14.3.3).
const INFO_KEYS: [&[u8]; 4] = [b"ModDate", b"Producer", b"Creator", b"CreationDate"];

/// Entries of a developer extension (Table 51).
const EXTENSION_KEYS: [&[u8]; 5] =
    [b"Type", b"BaseVersion", b"ExtensionLevel", b"URL", b"ExtensionRevision"];

/// So many extensions of one developer are compared with each other.
const MOST_EXTENSIONS: usize = 100;

impl Step<'_, '_> {
    /// Whether the trailers say the same about the document.
    pub(super) fn trailers_agree(&self) -> Result<bool, Error> {
        let changed = self.changed_keys(self.old.trailer()?, self.new.trailer()?)?;
        Ok(changed.iter().all(|key| key != b"Size" && SECTION_KEYS.contains(&key.as_slice())))
    }

    /// The trailer, and the information dictionary that it names.
    pub(super) fn trailer(&mut self) -> Result<(), Error> {
        let (old, new) = (self.old.trailer()?, self.new.trailer()?);
        let mut allowed = true;
        for key in self.changed_keys(old, new)? {
            allowed &= match key.as_slice() {
                b"Info" => true,
                // A catalog of another number is compared like any other.
                b"Root" => old.reference(b"Root").is_some() && new.reference(b"Root").is_some(),
                // `/Encrypt` and `/AuthCode` protect; what keys of other names say, no reader acts on.
                b"Encrypt" | b"AuthCode" => false,
                b"Size" => !self.is_latest() || new.integer(b"Size") >= self.numbers_used(),
                _ => true,
            };
        }
        if !allowed {
            self.forbid(ChangeKind::Trailer);
        }
        let (was, now) = (old.get(b"Info").cloned(), new.get(b"Info").cloned());
        if was != now || self.leads_to_altered(now.as_ref()) {
            self.information(was.as_ref(), now.as_ref())?;
        }
        Ok(())
    }

    /// Whether the `/Size` of this revision counts: what is beyond it is missing (§7.5.5), and some
    /// readers keep to that. Those of older revisions, which some writers leave too small, say nothing.
    fn is_latest(&self) -> bool {
        self.new.number() == self.new.file().revision_count()
    }

    /// One above the highest object number that the old revision lists, or less if it stated less.
    fn numbers_used(&self) -> Option<i64> {
        let listed = self.old.sections().iter().map(Section::numbers_end).max()?;
        let stated = self.old.trailer().ok()?.integer(b"Size")?;
        Some(i64::try_from(listed).unwrap_or(i64::MAX).min(stated))
    }

    fn information(&mut self, old: Option<&Object>, new: Option<&Object>) -> Result<(), Error> {
        let was = self.was(old)?;
        let now = self.is_now(new)?;
        let empty = Dictionary::default();
        let (before, after) = (plain(was.as_deref(), &empty), plain(now.as_deref(), &empty));
        // A number may be the length of a stream, and a stream the content of a page.
        let mut allowed = before.is_some() && after.is_some();
        let (before, after) = (before.unwrap_or(&empty), after.unwrap_or(&empty));
        let changed = self.changed_keys(before, after)?;
        for key in &changed {
            // What was drawn by such a name was no text.
            let was_text = self.was(before.get(key))?.is_none_or(|it| it.as_string().is_some());
            let is_text = after.get(key).is_none_or(|value| value.as_string().is_some());
            allowed &= INFO_KEYS.contains(&key.as_slice()) && was_text && is_text;
        }
        // The old object must have been the information dictionary, or nothing at all.
        let id = new.and_then(Object::as_reference);
        let own =
            id.is_none_or(|id| old.and_then(Object::as_reference) == Some(id) || self.is_new(id));
        if allowed && own {
            self.explain_reference(new, Explanation::new(ChangeKind::Metadata, Rule::Metadata));
        } else if !self.leads_to_altered(new) || id.is_some_and(|id| self.is_new(id)) {
            // A new object that nothing explains would count as unused.
            self.forbid(ChangeKind::Metadata);
        }
        Ok(())
    }

    /// The catalog, and what hangs on the keys of it that may change.
    pub(super) fn catalog(&mut self) -> Result<(), Error> {
        let (old_id, new_id) = (self.old.catalog_id()?, self.new.catalog_id()?);
        let allowed =
            (old_id == new_id || self.is_new(new_id)) && self.catalog_grew(old_id, new_id)?;
        if allowed && self.altered.contains_key(&new_id.number) {
            let explanation = Explanation::new(ChangeKind::Catalog, Rule::Dependency);
            self.explain_as(new_id.number, explanation);
        }
        if !allowed && old_id != new_id {
            // The trailer names another document: no object that was there need have changed.
            self.forbid(ChangeKind::Catalog);
        }
        Ok(())
    }

    /// Whether the catalog says what it said, but for the keys that may change.
    fn catalog_grew(&mut self, old_id: ObjectId, new_id: ObjectId) -> Result<bool, Error> {
        let (old_root, new_root) = (Object::Reference(old_id), Object::Reference(new_id));
        let (was, now) = self.both(Some(&old_root), Some(&new_root))?;
        // A stream would be read as a dictionary too, and its data may be the content of a page.
        let (Some(Object::Dictionary(old)), Some(Object::Dictionary(new))) =
            (was.as_deref(), now.as_deref())
        else {
            return Ok(false);
        };
        let mut changed = self.changed_keys(old, new)?;
        for key in [&b"AcroForm"[..], b"DSS", b"Metadata", b"Extensions"] {
            if !changed.iter().any(|known| known == key) && new.contains(key) {
                changed.push(key.to_vec());
            }
        }
        let mut allowed = true;
        for key in &changed {
            let (before, after) = (old.get(key), new.get(key));
            allowed &= match key.as_slice() {
                b"AcroForm" => self.form(before, after)?,
                b"DSS" => self.security_store(before, after)?,
                b"Metadata" => self.metadata(before, after)?,
                b"Names" => self.names(before, after)?,
                b"Extensions" => self.extensions(before, after)?,
                b"Version" => version(before) < version(after),
                b"Perms" => self.permissions(before, after)?,
                _ => false,
            };
        }
        Ok(allowed)
    }

    /// XMP metadata: another stream of the same kind.
    fn metadata(&mut self, old: Option<&Object>, new: Option<&Object>) -> Result<bool, Error> {
        let Some(new) = new else { return Ok(false) };
        if old == Some(new) && !self.leads_to_altered(Some(new)) {
            return Ok(true);
        }
        let now = self.is_now(Some(new))?;
        let is_xmp = now.as_deref().and_then(Object::as_stream).is_some_and(|stream| {
            stream.dictionary.is_type(b"Metadata")
                && stream.dictionary.name(b"Subtype") == Some(b"XML")
        });
        let was = self.was(old)?;
        let was_xmp = was.as_ref().is_none_or(|was| {
            was.as_stream().is_some_and(|stream| stream.dictionary.is_type(b"Metadata"))
        });
        let own = new.as_reference().is_some_and(|id| {
            let kept = old.and_then(Object::as_reference) == Some(id);
            kept && self.held_only_by(id, |holder| self.is_catalog(holder)) || self.is_new(id)
        });
        let allowed = is_xmp && was_xmp && own;
        if allowed {
            let explanation = Explanation::new(ChangeKind::Metadata, Rule::Metadata);
            self.explain_reference(Some(new), explanation);
        }
        Ok(allowed)
    }

    /// Developer extensions (§7.12): more of them, none less.
    fn extensions(&mut self, old: Option<&Object>, new: Option<&Object>) -> Result<bool, Error> {
        let was = self.was(old)?;
        let now = self.is_now(new)?;
        let Some(now) = now.as_deref().and_then(Object::as_dictionary) else {
            return Ok(was.is_none());
        };
        let empty = Dictionary::default();
        let was = was.as_deref().and_then(Object::as_dictionary).unwrap_or(&empty);
        for key in self.changed_keys(was, now)? {
            let (before, after) = (was.get(&key), now.get(&key));
            let named = after.and_then(Object::as_reference);
            let made = named.is_none_or(|id| self.is_new(id) || !self.leads_to_altered(after));
            if !made || !self.extension_grew(before, after)? {
                return Ok(false);
            }
            self.explain_reference(after, Explanation::new(ChangeKind::Catalog, Rule::Extensions));
        }
        let own = new.and_then(Object::as_reference).is_none_or(|id| {
            let kept = old.and_then(Object::as_reference) == Some(id);
            let alone = !self.leads_to_altered(new)
                || self.held_only_by(id, |holder| self.is_catalog(holder));
            kept && alone || self.is_new(id)
        });
        if own {
            self.explain_reference(new, Explanation::new(ChangeKind::Catalog, Rule::Extensions));
        }
        Ok(own)
    }

    fn extension_grew(
        &mut self,
        old: Option<&Object>,
        new: Option<&Object>,
    ) -> Result<bool, Error> {
        let was = self.was(old)?;
        let Some(now) = self.is_now(new)?.filter(|now| is_extension(now)) else { return Ok(false) };
        let Some(was) = was else { return Ok(true) };
        match (&*was, &*now) {
            (Object::Array(was), Object::Array(now)) => {
                let few = was.len().max(now.len()) <= MOST_EXTENSIONS;
                Ok(few && was.iter().all(|kept| now.iter().any(|it| it.value == kept.value)))
            }
            (was, Object::Array(now)) => Ok(now.iter().any(|item| item.value == *was)),
            (Object::Dictionary(was), Object::Dictionary(now)) => {
                let level = |d: &Dictionary| d.integer(b"ExtensionLevel");
                Ok(was.name(b"BaseVersion") <= now.name(b"BaseVersion") && level(was) <= level(now))
            }
            _ => Ok(false),
        }
    }

    /// `/Perms`: a certification may be added together with its signature, nothing taken away.
    fn permissions(&mut self, old: Option<&Object>, new: Option<&Object>) -> Result<bool, Error> {
        let was = self.was(old)?;
        let now = self.is_now(new)?;
        let Some(now) = now.as_deref().and_then(Object::as_dictionary) else { return Ok(false) };
        let empty = Dictionary::default();
        let was = was.as_deref().and_then(Object::as_dictionary).unwrap_or(&empty);
        for key in self.changed_keys(was, now)? {
            let value = now.reference(&key);
            let made_here =
                value.is_some_and(|id| self.signature_made_here(ValuePlace::Object(id)).is_some());
            if key != b"DocMDP" || was.contains(&key) || !made_here {
                return Ok(false);
            }
            self.certifies_late = true;
        }
        let own = new.and_then(Object::as_reference).is_none_or(|id| {
            let kept = old.and_then(Object::as_reference) == Some(id);
            kept && self.held_only_by(id, |holder| self.is_catalog(holder)) || self.is_new(id)
        });
        if own {
            self.explain_reference(new, Explanation::new(ChangeKind::Catalog, Rule::Dependency));
        }
        Ok(own || !self.leads_to_altered(new))
    }
}

/// A developer extension (Table 51), or an array of them.
fn is_extension(value: &Object) -> bool {
    let known = |key: &[u8]| EXTENSION_KEYS.contains(&key);
    match value {
        Object::Array(items) => items
            .iter()
            .all(|item| matches!(item.value, Object::Dictionary(_)) && is_extension(&item.value)),
        Object::Dictionary(extension) => {
            extension.name(b"BaseVersion").is_some() && extension.iter().all(|(key, _)| known(key))
        }
        _ => false,
    }
}

/// What may be a dictionary and is no stream: `empty` for what is absent.
fn plain<'o>(value: Option<&'o Object>, empty: &'o Dictionary) -> Option<&'o Dictionary> {
    match value {
        None => Some(empty),
        Some(Object::Dictionary(dictionary)) => Some(dictionary),
        Some(_) => None,
    }
}

/// `/Version` of a catalog, for comparing.
fn version(value: Option<&Object>) -> Option<&[u8]> {
    value.and_then(Object::as_name)
}
