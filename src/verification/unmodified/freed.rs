//! Objects that were given up: their numbers are free now (ISO 32000-2 §7.5.4).
//!
//! What nothing refers to any more shows nothing. Whoever referred to it was changed so that he does
//! not, and that change is judged by itself.

use std::collections::HashSet;

use crate::pdf::{Entry, Error, ObjectId};
use crate::report::{ChangeKind, Rule};

use super::references::Holder;
use super::step::{Explanation, Step};

impl Step<'_, '_> {
    /// Explains objects that were given up and that nothing refers to.
    pub(super) fn freed_objects(&mut self) -> Result<(), Error> {
        let freed = self.altered.iter().filter(|(number, altered)| {
            altered.new.is_none() && !self.explained.contains_key(number)
        });
        let freed: Vec<ObjectId> = freed.map(|(_, altered)| altered.id).collect();
        if freed.is_empty() {
            return Ok(());
        }
        let mut named = HashSet::new();
        for altered in self.altered.values() {
            if let Some(now) = altered.new.as_deref() {
                now.for_each_reference(&mut |id| _ = named.insert(id.number));
            }
        }
        for (_, value) in self.new.trailer()?.iter() {
            value.for_each_reference(&mut |id| _ = named.insert(id.number));
        }
        for id in freed {
            // A number that is used again is another object's.
            let entry = self.new.entry(id.number)?;
            let gone = entry.is_none_or(|entry| matches!(entry, Entry::Free { .. }));
            if gone && !named.contains(&id.number) && self.is_given_up(id)? {
                self.explain_as(id.number, Explanation::new(ChangeKind::Removed, Rule::Freed));
            }
        }
        Ok(())
    }

    /// Whether nobody who referred to an object still does.
    fn is_given_up(&self, id: ObjectId) -> Result<bool, Error> {
        if !self.references.know(id) {
            return Ok(false);
        }
        for holder in self.references.holders(id, self.new.span().start) {
            let Holder::Object(holder) = holder else { return Ok(false) };
            let Some(now) = self.new.get(holder)? else { continue };
            let mut refers = false;
            now.object.value.for_each_reference(&mut |named| refers |= named.number == id.number);
            if refers {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
