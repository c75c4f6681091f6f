//! Changes to objects that exist, collected per object and spliced in at once.

use std::collections::{BTreeMap, HashSet};

use crate::limits::{Limit, Meter};
use crate::pdf::{Append, Dictionary, Error, Object, ObjectId, Revision, Span, Spanned, Splice};

/// What is to change, by object.
#[derive(Default)]
pub(super) struct Edits {
    changes: BTreeMap<ObjectId, Vec<Change>>,
    lists: Option<Lists>,
}

/// The arrays of annotations that are objects of their own.
struct Lists {
    /// Those that several pages have; `None` if the page tree does not say.
    shared: Option<HashSet<ObjectId>>,
    /// How much of them may be copied.
    copied: Meter,
}

enum Change {
    Set { dictionary: Dictionary, span: Span, key: &'static str, value: Vec<u8> },
    Push { array: Spanned, element: Vec<u8> },
}

/// A dictionary, the object it lies in and where: all that changing one of its keys takes.
pub(super) struct Located {
    pub(super) id: ObjectId,
    pub(super) dictionary: Dictionary,
    pub(super) span: Span,
}

impl Located {
    /// The object itself, which must be a dictionary.
    pub(super) fn object(revision: Revision<'_>, id: ObjectId) -> Result<Self, Error> {
        let wrong = || Error::structure(id, "not a dictionary");
        let found = revision.get(id)?.ok_or_else(wrong)?;
        match found.object.value {
            Object::Dictionary(dictionary) => Ok(Self { id, dictionary, span: found.object.span }),
            _ => Err(wrong()),
        }
    }

    /// The dictionary under a key, direct or behind a reference; `None` if it is absent.
    pub(super) fn inside(
        &self,
        revision: Revision<'_>,
        key: &'static str,
    ) -> Result<Option<Self>, Error> {
        let Some(value) = self.dictionary.get_spanned(key.as_bytes()) else { return Ok(None) };
        match &value.value {
            Object::Dictionary(dictionary) => {
                Ok(Some(Self { id: self.id, dictionary: dictionary.clone(), span: value.span }))
            }
            Object::Reference(id) if is_null(revision, *id)? => Ok(None),
            Object::Reference(id) => Self::object(revision, *id).map(Some),
            _ => Err(Error::structure(self.id, "a dictionary was expected in one of its keys")),
        }
    }
}

impl Edits {
    /// Sets one key of a dictionary.
    pub(super) fn set(&mut self, at: &Located, key: &'static str, value: impl Into<Vec<u8>>) {
        let (dictionary, span) = (at.dictionary.clone(), at.span);
        self.note(at.id, Change::Set { dictionary, span, key, value: value.into() });
    }

    /// Appends a reference to the array under a key: in place, in the array's own object, or in an
    /// array that is made for it.
    pub(super) fn push(
        &mut self,
        revision: Revision<'_>,
        at: &Located,
        key: &'static str,
        element: ObjectId,
    ) -> Result<(), Error> {
        self.push_text(revision, at, key, format!("{element} R").as_bytes())
    }

    /// The same with elements as they stand in a file.
    pub(super) fn push_text(
        &mut self,
        revision: Revision<'_>,
        at: &Located,
        key: &'static str,
        elements: &[u8],
    ) -> Result<(), Error> {
        let element = elements.to_vec();
        let wrong = |id| Error::structure(id, "an array was expected in one of its keys");
        match at.dictionary.get_spanned(key.as_bytes()) {
            Some(array @ Spanned { value: Object::Array(_), .. }) => {
                self.note(at.id, Change::Push { array: array.clone(), element });
            }
            Some(Spanned { value: Object::Reference(id), .. }) if !is_null(revision, *id)? => {
                let array = revision.get(*id)?.map(|found| found.object);
                let array = array.filter(|array| array.value.as_array().is_some());
                // Two keys may share one array; what is in it once is in it for both.
                if !self.pushes(*id, &element) {
                    self.note(*id, Change::Push { array: array.ok_or(wrong(*id))?, element });
                }
            }
            None | Some(Spanned { value: Object::Null | Object::Reference(_), .. }) => {
                self.push_new(at, key, &element);
            }
            Some(_) => return Err(wrong(at.id)),
        }
        Ok(())
    }

    /// Appends elements, as they stand in a file, to an array in the text of an object.
    pub(super) fn push_into(&mut self, id: ObjectId, array: &Spanned, elements: &[u8]) {
        self.note(id, Change::Push { array: array.clone(), element: elements.to_vec() });
    }

    /// Appends to `/K` of a structure element or the root, where one kid need not be in an array
    /// (ISO 32000-2 §14.7.2).
    pub(super) fn push_kids(
        &mut self,
        revision: Revision<'_>,
        at: &Located,
        elements: &[u8],
    ) -> Result<(), Error> {
        let only = match at.dictionary.get_spanned(b"K") {
            None | Some(Spanned { value: Object::Null | Object::Array(_), .. }) => None,
            Some(kid) => match &*revision.resolve(&kid.value)? {
                Object::Null | Object::Array(_) => None,
                _ => Some(kid),
            },
        };
        let Some(only) = only else { return self.push_text(revision, at, "K", elements) };
        let holder = revision.get(at.id)?.ok_or(Error::structure(at.id, "missing"))?;
        let text = holder.tokens(revision.file())?;
        self.set(at, "K", [b"[", &*text.between(only.span)?, b" ", elements, b"]"].concat());
        Ok(())
    }

    /// Lists a widget on a page. An array that other pages have too stays theirs, or they would show the
    /// widget as well: the page gets an array of its own, with all that the other one lists.
    pub(super) fn annotate(
        &mut self,
        revision: Revision<'_>,
        page: &Located,
        widget: ObjectId,
    ) -> Result<(), Error> {
        let list = page.dictionary.reference(b"Annots");
        let Some(list) = list.filter(|list| self.may_be_shared(revision, *list)) else {
            return self.push(revision, page, "Annots", widget);
        };
        let element = format!("{widget} R").into_bytes();
        let Some(found) = revision.get(list)? else {
            self.push_new(page, "Annots", &element);
            return Ok(());
        };
        match (&found.object.value, self.made(page, "Annots")) {
            (Object::Null, _) | (Object::Array(_), Some(_)) => {
                self.push_new(page, "Annots", &element);
            }
            (Object::Array(_), None) => {
                if let Some(lists) = &self.lists {
                    lists.copied.spend(found.object.span.len())?;
                }
                let mut own = Splice::of(revision, &found)?;
                own.push(&found.object, &element);
                self.set(page, "Annots", own.finish()?);
            }
            _ => return Err(Error::structure(list, "an array was expected in one of its keys")),
        }
        Ok(())
    }

    /// Whether other pages may have this array of annotations too.
    fn may_be_shared(&mut self, revision: Revision<'_>, list: ObjectId) -> bool {
        let lists = self.lists.get_or_insert_with(|| Lists {
            shared: shared_lists(revision).ok(),
            copied: Meter::new(Limit::ObjectBytes, revision.file().limits().object_bytes),
        });
        lists.shared.as_ref().is_none_or(|shared| shared.contains(&list))
    }

    /// Appends to an array that is not in the document, and may have been made for an element
    /// before this one.
    fn push_new(&mut self, at: &Located, key: &'static str, element: &[u8]) {
        match self.made(at, key) {
            Some(array) => {
                array.pop();
                array.push(b' ');
                array.extend_from_slice(element);
                array.push(b']');
            }
            None => self.set(at, key, [b"[".as_slice(), element, b"]"].concat()),
        }
    }

    /// What a key was set to.
    fn made(&mut self, at: &Located, key: &str) -> Option<&mut Vec<u8>> {
        self.changes.get_mut(&at.id)?.iter_mut().find_map(|change| match change {
            Change::Set { span, key: set, value, .. } if *span == at.span && *set == key => {
                Some(value)
            }
            _ => None,
        })
    }

    fn pushes(&self, id: ObjectId, wanted: &[u8]) -> bool {
        let changes = self.changes.get(&id).map_or(&[][..], Vec::as_slice);
        changes
            .iter()
            .any(|change| matches!(change, Change::Push { element, .. } if element == wanted))
    }

    fn note(&mut self, id: ObjectId, change: Change) {
        self.changes.entry(id).or_default().push(change);
    }

    /// Writes every changed object once.
    pub(super) fn write(self, append: &mut Append<'_>) -> Result<(), Error> {
        let revision = append.base();
        for (id, changes) in self.changes {
            let object = revision.get(id)?.ok_or(Error::structure(id, "missing"))?;
            let mut splice = Splice::of(revision, &object)?;
            for change in &changes {
                match change {
                    Change::Set { dictionary, span, key, value } => {
                        splice.set(dictionary, *span, key.as_bytes(), value);
                    }
                    Change::Push { array, element } => splice.push(array, element),
                }
            }
            append.put(id, &splice.finish()?);
        }
        Ok(())
    }
}

/// The arrays of annotations that more than one page has.
fn shared_lists(revision: Revision<'_>) -> Result<HashSet<ObjectId>, Error> {
    let (mut once, mut shared) = (HashSet::new(), HashSet::new());
    revision.each_page(|page| {
        if let Some(list) = page.dictionary().reference(b"Annots")
            && !once.insert(list)
        {
            shared.insert(list);
        }
        Ok::<_, Error>(())
    })?;
    Ok(shared)
}

fn is_null(revision: Revision<'_>, id: ObjectId) -> Result<bool, Error> {
    Ok(revision.get(id)?.is_none_or(|found| found.object.value == Object::Null))
}
