//! Whether two objects say the same, however they are written.
//!
//! Spelling does not count, nor with which filters data was packed (ISO 32000-2 §7.4), nor the numbers of
//! objects where another writer gave an equal one another number. What is known by its number, such as a
//! page, a field or an annotation, is never the same as another one.

use std::collections::HashSet;

use crate::pdf::{Dictionary, Error, Object, ObjectId, Revision, Stream};
use crate::report::{ChangeKind, Rule};

use super::step::{Explanation, Step};

/// So many values of a renumbered object are compared.
const MOST_COMPARED: u32 = 4_096;

/// Entries of a stream that say how its data is packed.
const PACKING: [&[u8]; 4] = [b"Length", b"Filter", b"DecodeParms", b"DL"];

/// What has an identity of its own, by its type.
const KNOWN_BY_NUMBER: [&[u8]; 12] = [
    b"Catalog",
    b"Pages",
    b"Page",
    b"Annot",
    b"Sig",
    b"DocTimeStamp",
    b"StructTreeRoot",
    b"StructElem",
    b"OCG",
    b"OCMD",
    b"ObjStm",
    b"XRef",
];

/// The same, by entries that nothing else has.
const KNOWN_BY_KEYS: [&[u8]; 8] =
    [b"FT", b"T", b"Kids", b"Parent", b"Rect", b"ByteRange", b"P", b"Fields"];

/// Whether two objects, each in its revision, say the same; of streams also the data.
pub(super) fn same_object(
    (old_view, old_id, old): (&Revision<'_>, ObjectId, &Object),
    (new_view, new_id, new): (&Revision<'_>, ObjectId, &Object),
) -> Result<bool, Error> {
    let (Object::Stream(old), Object::Stream(new)) = (old, new) else { return Ok(old == new) };
    let same = old.dictionary == new.dictionary
        || without(&old.dictionary, &PACKING[..1]) == without(&new.dictionary, &PACKING[..1]);
    if same && old.data.len() == new.data.len() && old_view.raw(old)? == new_view.raw(new)? {
        return Ok(true);
    }
    if without(&old.dictionary, &PACKING) != without(&new.dictionary, &PACKING) {
        return Ok(false);
    }
    Ok(same_data((old_view, old_id, old), (new_view, new_id, new)))
}

/// Whether two streams decode to the same bytes. What cannot be decoded is another one.
fn same_data(
    (old_view, old_id, old): (&Revision<'_>, ObjectId, &Stream),
    (new_view, new_id, new): (&Revision<'_>, ObjectId, &Stream),
) -> bool {
    let old = old_view.decoded(old_id, old);
    let new = new_view.decoded(new_id, new);
    matches!((old, new), (Ok(old), Ok(new)) if old == new)
}

/// The entries of a dictionary but some, in the order of their keys.
fn without<'d>(dictionary: &'d Dictionary, keys: &[&[u8]]) -> Vec<(&'d [u8], &'d Object)> {
    let mut entries: Vec<_> = dictionary.iter().filter(|(key, _)| !keys.contains(key)).collect();
    entries.sort_unstable_by_key(|(key, _)| *key);
    entries
}

/// A comparison on its way.
struct Pairs {
    /// Objects that are taken for the same while what is below them is compared.
    taken: HashSet<(ObjectId, ObjectId)>,
    left: u32,
}

impl Step<'_, '_> {
    /// Whether two values say the same where new objects may have taken the place of equal ones. Those
    /// are remembered, to be explained.
    pub(super) fn same_renumbered(&self, old: &Object, new: &Object) -> Result<bool, Error> {
        let mut pairs = Pairs { taken: HashSet::new(), left: MOST_COMPARED };
        let same = self.same_below(old, new, &mut pairs)?;
        if same {
            let mut restated = self.restated.borrow_mut();
            restated.extend(pairs.taken.into_iter().map(|(_, new)| new.number));
        }
        Ok(same)
    }

    fn same_below(&self, old: &Object, new: &Object, pairs: &mut Pairs) -> Result<bool, Error> {
        let Some(left) = pairs.left.checked_sub(1) else { return Ok(false) };
        pairs.left = left;
        match (old, new) {
            (Object::Reference(one), Object::Reference(other)) if one != other => {
                self.same_object_elsewhere(*one, *other, pairs)
            }
            (Object::Array(one), Object::Array(other)) if one.len() == other.len() => {
                for (one, other) in one.iter().zip(other) {
                    if !self.same_below(&one.value, &other.value, pairs)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            (Object::Dictionary(one), Object::Dictionary(other)) => {
                self.same_entries(one, other, &[], pairs)
            }
            (one, other) => Ok(one == other),
        }
    }

    fn same_entries(
        &self,
        old: &Dictionary,
        new: &Dictionary,
        but: &[&[u8]],
        pairs: &mut Pairs,
    ) -> Result<bool, Error> {
        let (old, new) = (without(old, but), without(new, but));
        if old.len() != new.len() {
            return Ok(false);
        }
        for ((one_key, one), (other_key, other)) in old.into_iter().zip(new) {
            if one_key != other_key || !self.same_below(one, other, pairs)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether a new object says what an old one of another number said.
    fn same_object_elsewhere(
        &self,
        old: ObjectId,
        new: ObjectId,
        pairs: &mut Pairs,
    ) -> Result<bool, Error> {
        if !self.is_new(new) {
            return Ok(false);
        }
        if !pairs.taken.insert((old, new)) {
            return Ok(true);
        }
        let Some(was) = self.old.get(old)?.map(|found| found.object.value) else {
            return Ok(false);
        };
        let Some(now) = self.altered.get(&new.number).and_then(|altered| altered.new.clone())
        else {
            return Ok(false);
        };
        if is_known_by_number(&was) || is_known_by_number(&now) {
            return Ok(false);
        }
        match (&was, &*now) {
            (Object::Stream(one), Object::Stream(other)) => {
                Ok(self.same_entries(&one.dictionary, &other.dictionary, &PACKING, pairs)?
                    && same_data((&self.old, old, one), (&self.new, new, other)))
            }
            (one, other) => self.same_below(one, other, pairs),
        }
    }

    /// Explains new objects that took the place of equal ones.
    pub(super) fn restated_objects(&mut self) -> Result<(), Error> {
        let restated = self.restated.take();
        for number in restated {
            if !self.explained.contains_key(&number) && self.altered.contains_key(&number) {
                self.explain_as(number, Explanation::new(ChangeKind::Other, Rule::Restated));
            }
        }
        Ok(())
    }
}

fn is_known_by_number(object: &Object) -> bool {
    object.as_dictionary().is_some_and(|dictionary| {
        KNOWN_BY_NUMBER.into_iter().any(|kind| dictionary.is_type(kind))
            || KNOWN_BY_KEYS.into_iter().any(|key| dictionary.contains(key))
    })
}
