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

    /// The page whose annotations an array lists, if it was there and lists nothing else: pages have it
    /// under `/Annots` only, and it holds what may be annotations.
    pub(super) fn page_with_list(&self, id: ObjectId) -> Result<Option<ObjectId>, Error> {
        let mut found = None;
        if !self.references.know(id) || !self.holds_dictionaries(id)? {
            return Ok(None);
        }
        for holder in self.references.holders(id, self.new.span().start) {
            let Holder::Object(holder) = holder else { return Ok(None) };
            let Some(object) = self.old.get(holder)? else { continue };
            let object = object.object.value;
            let mut mentioned = 0_u32;
            object.for_each_reference(&mut |named| mentioned += u32::from(named == id));
            let page = object.as_dictionary().filter(|holder| holder.is_type(b"Page"));
            let lists = page.and_then(|page| page.reference(b"Annots")) == Some(id);
            if mentioned > u32::from(lists) {
                return Ok(None);
            }
            if lists && found.replace(holder).is_some_and(|other| other != holder) {
                return Ok(None);
            }
        }
        Ok(found)
    }

    /// Whether the elements of an array are dictionaries, as annotations are, or nothing any more.
    pub(super) fn holds_dictionaries(&self, id: ObjectId) -> Result<bool, Error> {
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
