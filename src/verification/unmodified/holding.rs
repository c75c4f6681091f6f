//! Who else uses what a later revision changes in place.
//!
//! One object may be two things: an array of annotations and the widths of a font, metadata and the
//! content of a page, a store of certificates and the names that a page draws by. Whoever prepares a
//! document so may change what it shows under a rule that is meant for something else. An object that
//! was there is therefore changed under a rule only if nobody but those whom the rule knows refers to it.

use crate::pdf::{Error, Object, ObjectId};

use super::references::Holder;
use super::step::Step;

impl Step<'_, '_> {
    /// Whether all that refer to an object in older bytes are among these.
    pub(super) fn held_only_by(&self, id: ObjectId, known: impl Fn(ObjectId) -> bool) -> bool {
        let mut holders = self.references.holders(id, self.new.span().start);
        self.references.know(id)
            && holders.all(|holder| match holder {
                Holder::Object(holder) => known(holder),
                Holder::Elsewhere => false,
            })
    }

    /// Whether an object is the catalog.
    pub(super) fn is_catalog(&self, id: ObjectId) -> bool {
        let catalogs = [self.old.catalog_id(), self.new.catalog_id()];
        catalogs.into_iter().flatten().any(|catalog| catalog == id)
    }

    /// Whether an array that was there is a list of annotations, and nothing else: pages have it under
    /// `/Annots`, and it holds what is no part of anything else.
    pub(super) fn is_list_of_annotations(&self, id: ObjectId) -> Result<bool, Error> {
        let mut lists = false;
        let mut other = false;
        for holder in self.references.holders(id, self.new.span().start) {
            let Holder::Object(holder) = holder else { return Ok(false) };
            let Some(found) = self.old.get(holder)? else { continue };
            let mut mentioned = 0_u32;
            found.object.value.for_each_reference(&mut |found| mentioned += u32::from(found == id));
            let page = found.object.value.as_dictionary().filter(|holder| holder.is_type(b"Page"));
            let annotations = page.and_then(|page| page.reference(b"Annots"));
            lists |= annotations == Some(id);
            other |= mentioned > u32::from(annotations == Some(id));
        }
        Ok(lists && !other && self.holds_dictionaries(id)?)
    }

    /// Whether the elements of an array are dictionaries, as annotations are, or nothing any more.
    fn holds_dictionaries(&self, id: ObjectId) -> Result<bool, Error> {
        let list = Object::Reference(id);
        let Some(list) = self.was(Some(&list))? else { return Ok(false) };
        for item in list.as_array().unwrap_or(&[]) {
            if self.was(Some(&item.value))?.is_some_and(|item| item.as_dictionary().is_none()) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
