//! What differs between two neighbouring revisions: the objects of which the newer one says
//! something else.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use crate::limits::{LimitExceeded, Meter};
use crate::pdf::{Entry, Error, File, Object, ObjectId, Revision};

use super::equality::same_object;
use super::references::Wanted;

/// Two neighbouring revisions and the objects of which they say different things.
pub(super) struct Pair<'f> {
    pub(super) old: Revision<'f>,
    pub(super) new: Revision<'f>,
    pub(super) altered: BTreeMap<u32, Altered>,
}

impl<'f> Pair<'f> {
    /// Revision `number` against the one before.
    pub(super) fn of(
        file: &'f File<'_>,
        number: usize,
        meter: &Meter,
        recent: &mut Recent,
    ) -> Result<Self, Error> {
        let problem = "a revision is missing";
        let none = || Error::Structure { object: ObjectId::new(0, 0), problem };
        let new = file.revision(number).ok_or_else(none)?;
        let old = number.checked_sub(1).and_then(|before| file.revision(before));
        let old = old.ok_or_else(none)?;
        Ok(Self { old, new, altered: altered(&old, &new, meter, recent)? })
    }

    /// Adds what must be known of references in older bytes: new objects, those that were given up, and
    /// those that were replaced and may be of use to several.
    pub(super) fn ask_about(&self, wanted: &mut Wanted) {
        let limit = self.new.span().start;
        for altered in self.altered.values() {
            let replaced = altered.old.as_deref().filter(|_| altered.new.is_some());
            if replaced.is_none_or(may_have_holders) {
                let known = wanted.entry(altered.id.number).or_insert(limit);
                *known = (*known).max(limit);
            }
        }
    }
}

/// An object that a revision says something new of.
pub(super) struct Altered {
    pub(super) id: ObjectId,
    /// What it was; none if the number was not in use.
    pub(super) old: Option<Rc<Object>>,
    /// What it is; none if it is not in use any more.
    pub(super) new: Option<Rc<Object>>,
}

impl Altered {
    /// What it was and what it is, if both are dictionaries.
    pub(super) fn dictionaries(&self) -> Option<(Rc<Object>, Rc<Object>)> {
        let is_dictionary = |object: &Rc<Object>| matches!(**object, Object::Dictionary(_));
        let old = self.old.as_ref().filter(|old| is_dictionary(old))?;
        let new = self.new.as_ref().filter(|new| is_dictionary(new))?;
        Some((Rc::clone(old), Rc::clone(new)))
    }
}

/// Objects that were read for the step before: what was new there is old here.
#[derive(Default)]
pub(super) struct Recent {
    objects: HashMap<u32, (Entry, ObjectId, Rc<Object>)>,
}

/// The objects of which `new` says something else than `old`.
fn altered(
    old: &Revision<'_>,
    new: &Revision<'_>,
    meter: &Meter,
    recent: &mut Recent,
) -> Result<BTreeMap<u32, Altered>, Error> {
    let source = new.file().source();
    let mut numbers = Vec::new();
    for section in new.own_sections() {
        spend(meter, section.entry_count())?;
        numbers.extend(section.entries(source)?.into_iter().map(|(number, _)| number));
    }
    numbers.sort_unstable();
    numbers.dedup();
    let mut altered = BTreeMap::new();
    let sections = u64::try_from(old.sections().len()).unwrap_or(u64::MAX);
    for number in numbers.into_iter().filter(|number| *number > 0) {
        spend(meter, sections / 16 + 1)?;
        let (before, after) = (old.entry(number)?, new.entry(number)?);
        if before == after {
            continue;
        }
        let before = recent.object(old, number, before)?;
        let after = recent.object(new, number, after)?;
        let unchanged = match (&before, &after) {
            (None, None) => true,
            (Some((one, a)), Some((other, b))) if one == other => {
                same_object((old, *one, a), (new, *other, b))?
            }
            _ => false,
        };
        if unchanged {
            continue;
        }
        let id = after.as_ref().or(before.as_ref()).map(|(id, _)| *id);
        let id = id.unwrap_or(ObjectId::new(number, 0));
        let reused =
            matches!((&before, &after), (Some((one, _)), Some((other, _))) if one != other);
        // A number that is used again with another generation: the old object is gone, and the new
        // one must not be taken for a change of it.
        let new_object = after.map(|(_, object)| object).filter(|_| !reused);
        altered
            .insert(number, Altered { id, old: before.map(|(_, object)| object), new: new_object });
    }
    Ok(altered)
}

/// Whether it matters who refers to an object that is replaced. What a page or a field may change is
/// of no use to anybody else.
fn may_have_holders(object: &Object) -> bool {
    match object {
        Object::Stream(_) | Object::Array(_) => true,
        Object::Dictionary(dictionary) => {
            let own: [&[u8]; 3] = [b"Page", b"Pages", b"Catalog"];
            let widget = dictionary.name(b"Subtype") == Some(b"Widget");
            !dictionary.contains(b"FT")
                && !widget
                && !own.into_iter().any(|kind| dictionary.is_type(kind))
        }
        _ => false,
    }
}

fn spend(meter: &Meter, amount: u64) -> Result<(), Error> {
    meter.spend(amount).map_err(|limit: LimitExceeded| Error::Limit(limit))
}

impl Recent {
    /// The object that an entry of a revision names.
    fn object(
        &mut self,
        revision: &Revision<'_>,
        number: u32,
        entry: Option<Entry>,
    ) -> Result<Option<(ObjectId, Rc<Object>)>, Error> {
        let (entry, generation) = match entry {
            None | Some(Entry::Free { .. }) => return Ok(None),
            Some(entry @ Entry::InUse { generation, .. }) => (entry, generation),
            Some(entry @ Entry::Compressed { .. }) => (entry, 0),
        };
        // An entry in use names bytes; one in an object stream depends on what that stream is now.
        let in_use = matches!(entry, Entry::InUse { .. });
        if let Some((known, id, object)) = self.objects.get(&number).filter(|_| in_use)
            && *known == entry
            && !matches!(**object, Object::Stream(_))
        {
            return Ok(Some((*id, Rc::clone(object))));
        }
        let id = ObjectId::new(number, generation);
        let Some(found) = revision.get(id)? else { return Ok(None) };
        let object = Rc::new(found.object.value);
        if *object == Object::Null {
            return Ok(None);
        }
        self.objects.insert(number, (entry, id, Rc::clone(&object)));
        Ok(Some((id, object)))
    }
}
