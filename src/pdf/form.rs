//! The interactive form and its fields (ISO 32000-2 §12.7).

use std::collections::HashSet;

use super::error::Error;
use super::object::{Dictionary, Object, ObjectId, Spanned};
use super::revision::Revision;
use super::source::length;
use super::text_string;
use crate::limits::{Limit, LimitExceeded};

/// A field that can hold a value: the end of a branch of the field tree.
#[derive(Clone, Debug)]
pub struct Field {
    /// The field object, which is also its widget when the two are merged.
    pub id: ObjectId,
    /// The fully qualified name, its parts joined with `.` (§12.7.4.2).
    pub name: String,
    /// The field's own dictionary.
    pub dictionary: Dictionary,
    /// `/FT`, its own or inherited: `Sig`, `Tx`, `Btn`, `Ch`.
    pub kind: Option<Vec<u8>>,
    /// `/V`, its own or inherited, not resolved.
    pub value: Option<Object>,
    /// `/Ff`, its own or inherited.
    pub flags: i64,
    /// Its widget annotations; the field itself when merged, empty when it has none.
    pub widgets: Vec<ObjectId>,
    /// The fields above it, outermost first.
    pub ancestors: Vec<ObjectId>,
}

impl Field {
    /// Whether it is a signature field.
    #[must_use]
    pub fn is_signature(&self) -> bool {
        self.kind.as_deref() == Some(b"Sig")
    }
}

/// What a node of the field tree hands down.
#[derive(Clone, Default)]
struct Inherited {
    name: String,
    kind: Option<Vec<u8>>,
    value: Option<Object>,
    flags: i64,
    ancestors: Vec<ObjectId>,
}

impl Revision<'_> {
    /// The form dictionary with the object it lives in, which is the catalog if it is direct there;
    /// `None` if the document has no form.
    ///
    /// # Errors
    ///
    /// If `/AcroForm` is something other than a dictionary.
    pub fn form(&self) -> Result<Option<(ObjectId, Dictionary)>, Error> {
        let catalog_id = self.catalog_id()?;
        let catalog = self.dictionary(catalog_id)?;
        match catalog.get(b"AcroForm") {
            None => Ok(None),
            Some(Object::Dictionary(form)) => Ok(Some((catalog_id, form.clone()))),
            Some(Object::Reference(id)) => match self.get(*id)?.map(|found| found.object.value) {
                None | Some(Object::Null) => Ok(None),
                Some(Object::Dictionary(form)) => Ok(Some((*id, form))),
                Some(_) => Err(Error::structure(*id, "/AcroForm is not a dictionary")),
            },
            Some(_) => Err(Error::structure(catalog_id, "/AcroForm is not a dictionary")),
        }
    }

    /// All fields that can hold a value, in the order of the tree.
    ///
    /// # Errors
    ///
    /// If the tree is damaged: a cycle, a field that is no dictionary, nesting or number beyond the
    /// limits.
    pub fn fields(&self) -> Result<Vec<Field>, Error> {
        let Some((form_id, form)) = self.form()? else { return Ok(Vec::new()) };
        let roots = self.lookup(&form, b"Fields")?;
        let roots = match roots.as_deref() {
            None => &[][..],
            Some(Object::Array(roots)) => roots.as_slice(),
            Some(_) => return Err(Error::structure(form_id, "/Fields is not an array")),
        };
        let mut walk = Walk { revision: *self, visited: HashSet::new(), fields: Vec::new() };
        for root in roots {
            walk.node(root, form_id, &Inherited::default(), self.file().limits().depth)?;
        }
        Ok(walk.fields)
    }
}

struct Walk<'f> {
    revision: Revision<'f>,
    visited: HashSet<ObjectId>,
    fields: Vec<Field>,
}

impl Walk<'_> {
    fn node(
        &mut self,
        node: &Spanned,
        parent: ObjectId,
        above: &Inherited,
        depth: u64,
    ) -> Result<(), Error> {
        let limits = self.revision.file().limits();
        let depth = depth
            .checked_sub(1)
            .ok_or(LimitExceeded { limit: Limit::Depth, allowed: limits.depth })?;
        let id = node
            .value
            .as_reference()
            .ok_or(Error::structure(parent, "a form field is not an indirect object"))?;
        if !self.visited.insert(id) {
            return Err(Error::structure(id, "a form field stands twice in the field tree"));
        }
        LimitExceeded::check(Limit::Objects, length(self.visited.len()), limits.objects)?;
        let Some(found) = self.revision.get(id)? else { return Ok(()) };
        let Object::Dictionary(dictionary) = found.object.value else {
            return Err(Error::structure(id, "a form field is not a dictionary"));
        };
        let here = self.inherit(&dictionary, above)?;
        let kids = self.kids(id, &dictionary)?;
        let (fields, widgets) = self.split(&kids)?;
        if fields.is_empty() {
            self.push(id, dictionary, here, widgets);
            return Ok(());
        }
        let mut below = here;
        below.ancestors.push(id);
        for kid in fields {
            self.node(kid, id, &below, depth)?;
        }
        Ok(())
    }

    fn push(
        &mut self,
        id: ObjectId,
        dictionary: Dictionary,
        here: Inherited,
        mut widgets: Vec<ObjectId>,
    ) {
        if widgets.is_empty() && dictionary.name(b"Subtype") == Some(b"Widget") {
            widgets.push(id);
        }
        self.fields.push(Field {
            id,
            name: here.name,
            dictionary,
            kind: here.kind,
            value: here.value,
            flags: here.flags,
            widgets,
            ancestors: here.ancestors,
        });
    }

    fn inherit(&self, dictionary: &Dictionary, above: &Inherited) -> Result<Inherited, Error> {
        let mut here = above.clone();
        if let Some(title) = self.revision.lookup(dictionary, b"T")?
            && let Some(title) = title.as_string()
        {
            if !here.name.is_empty() {
                here.name.push('.');
            }
            here.name.push_str(&text_string::decode(&title.bytes));
        }
        if let Some(kind) = self.revision.lookup(dictionary, b"FT")? {
            here.kind = kind.as_name().map(<[u8]>::to_vec);
        }
        if let Some(value) = dictionary.get(b"V") {
            here.value = Some(value.clone());
        }
        if let Some(flags) = self.revision.lookup(dictionary, b"Ff")? {
            here.flags = flags.as_integer().unwrap_or(here.flags);
        }
        Ok(here)
    }

    fn kids(&self, id: ObjectId, dictionary: &Dictionary) -> Result<Vec<Spanned>, Error> {
        match self.revision.lookup(dictionary, b"Kids")?.as_deref() {
            None => Ok(Vec::new()),
            Some(Object::Array(kids)) => Ok(kids.clone()),
            Some(_) => Err(Error::structure(id, "/Kids of a form field is not an array")),
        }
    }

    /// Kids with a `/T` are fields, the others widgets (§12.7.4.1).
    fn split<'k>(&self, kids: &'k [Spanned]) -> Result<(Vec<&'k Spanned>, Vec<ObjectId>), Error> {
        let (mut fields, mut widgets) = (Vec::new(), Vec::new());
        for kid in kids {
            let Some(id) = kid.value.as_reference() else { continue };
            match self.revision.get(id)?.map(|found| found.object.value) {
                Some(Object::Dictionary(dictionary)) if dictionary.contains(b"T") => {
                    fields.push(kid);
                }
                Some(_) => widgets.push(id),
                None => {}
            }
        }
        Ok((fields, widgets))
    }
}
