//! The interactive form and its fields (ISO 32000-2 §12.7).

use std::collections::HashSet;

use super::error::Error;
use super::object::{Dictionary, Object, ObjectId, Spanned};
use super::revision::Revision;
use super::source::length;
use super::text_string;
use crate::limits::{Limit, LimitExceeded, Meter};

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
    value: Option<Spanned>,
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
        let handed_down = Meter::new(Limit::ObjectBytes, self.file().limits().object_bytes);
        let (visited, fields) = (HashSet::new(), Vec::new());
        let mut walk = Walk { revision: *self, visited, fields, handed_down };
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
    /// Names and values are copied to each field below; a large one with many would grow without end.
    handed_down: Meter,
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
        let dictionary = match self.revision.get(id)?.map(|found| found.object.value) {
            None | Some(Object::Null) => return Ok(()),
            Some(Object::Dictionary(dictionary)) => dictionary,
            Some(_) => return Err(Error::structure(id, "a form field is not a dictionary")),
        };
        let here = self.inherit(&dictionary, above)?;
        let kids = self.kids(id, &dictionary)?;
        let (fields, widgets) = self.split(id, &kids)?;
        if !fields.is_empty() && !widgets.is_empty() {
            return Err(Error::structure(id, "/Kids of a form field has both fields and widgets"));
        }
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
            value: here.value.map(|value| value.value),
            flags: here.flags,
            widgets,
            ancestors: here.ancestors,
        });
    }

    fn inherit(&self, dictionary: &Dictionary, above: &Inherited) -> Result<Inherited, Error> {
        let value = above.value.as_ref().map_or(0, |value| value.span.len());
        self.handed_down.spend(length(above.name.len()) + value)?;
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
        if let Some(value) = dictionary.get_spanned(b"V") {
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

    /// Kids with a `/T`, or with kids of their own, are fields, the others widgets (§12.7.4.1).
    fn split<'k>(
        &self,
        field: ObjectId,
        kids: &'k [Spanned],
    ) -> Result<(Vec<&'k Spanned>, Vec<ObjectId>), Error> {
        let (mut fields, mut widgets) = (Vec::new(), Vec::new());
        let wrong = |problem| Error::structure(field, problem);
        for kid in kids {
            let id = kid.value.as_reference();
            let id =
                id.ok_or(wrong("/Kids of a form field holds something other than references"))?;
            match self.revision.get(id)?.map(|found| found.object.value) {
                Some(Object::Dictionary(kid_dictionary)) => {
                    if kid_dictionary.contains(b"T") || kid_dictionary.contains(b"Kids") {
                        fields.push(kid);
                    } else {
                        widgets.push(id);
                    }
                }
                None | Some(Object::Null) => {}
                Some(_) => return Err(wrong("a kid of a form field is not a dictionary")),
            }
        }
        Ok((fields, widgets))
    }
}

#[cfg(test)]
mod tests {
    use sealwright_testdata::documents;
    use sealwright_testdata::pdf::Layout;

    use super::*;
    use crate::limits::Limits;
    use crate::pdf::File;

    /// The fields of a document whose form is `fields` over these objects, 20 and up.
    fn fields(roots: &str, objects: &[(u32, &str)]) -> Result<Vec<Field>, Error> {
        let mut pdf = documents::plain(1);
        pdf.append_entry(documents::CATALOG, &format!("/AcroForm<</Fields {roots}>>"));
        for (number, object) in objects {
            pdf.set(*number, *object);
        }
        let bytes = pdf.write(&Layout::default());
        let file = File::open(&bytes, Limits::default()).unwrap();
        file.latest().fields()
    }

    fn ids(numbers: &[u32]) -> Vec<ObjectId> {
        numbers.iter().map(|number| ObjectId::new(*number, 0)).collect()
    }

    #[test]
    fn names_kinds_values_and_flags_are_inherited() {
        let found = fields(
            "[20 0 R 24 0 R]",
            &[
                (20, "<</T(party)/FT/Sig/Ff 1/V 30 0 R/Kids[21 0 R 22 0 R]>>"),
                (21, "<</T<FEFF7532>/Parent 20 0 R/Subtype/Widget>>"),
                (22, "<</T(b)/Parent 20 0 R/FT/Tx/Ff 2/V(text)/Kids[23 0 R 25 0 R]>>"),
                (23, "<</Parent 22 0 R/Subtype/Widget>>"),
                (24, "<</T(alone)>>"),
                (25, "null"),
            ],
        )
        .unwrap();
        let names: Vec<_> = found.iter().map(|field| field.name.as_str()).collect();
        assert_eq!(names, ["party.甲", "party.b", "alone"]);
        assert!(found[0].is_signature());
        assert_eq!(found[0].value, Some(Object::Reference(ObjectId::new(30, 0))));
        assert_eq!((found[0].flags, found[1].flags, found[2].flags), (1, 2, 0));
        assert_eq!(found[1].kind.as_deref(), Some(&b"Tx"[..]));
        assert_eq!(found[0].widgets, ids(&[21]), "merged with its widget");
        assert_eq!(found[1].widgets, ids(&[23]));
        assert_eq!(
            (found[0].ancestors.clone(), found[2].ancestors.clone()),
            (ids(&[20]), ids(&[]))
        );
    }

    #[test]
    fn a_field_below_a_node_without_a_name_is_not_lost() {
        let found = fields(
            "[20 0 R]",
            &[
                (20, "<</T(a)/Kids[21 0 R]>>"),
                (21, "<</Parent 20 0 R/Kids[22 0 R]>>"),
                (22, "<</T(b)/FT/Sig/Parent 21 0 R>>"),
            ],
        )
        .unwrap();
        assert_eq!(found.iter().map(|field| field.name.as_str()).collect::<Vec<_>>(), ["a.b"]);
    }

    #[test]
    fn trees_that_hide_or_repeat_a_field_are_refused() {
        for (roots, objects) in [
            ("[20 0 R 20 0 R]", &[(20, "<</T(a)>>")][..]),
            ("[20 0 R]", &[(20, "<</T(a)/Kids[20 0 R]>>")]),
            ("[20 0 R]", &[(20, "<</T(a)/Kids[21 0 R]>>"), (21, "<</T(b)/Kids[20 0 R]>>")]),
            ("[20 0 R]", &[(20, "<</T(a)/Kids[<</T(b)/FT/Sig>>]>>")]),
            ("[<</T(a)>>]", &[]),
            ("[20 0 R]", &[(20, "[]")]),
            ("[20 0 R]", &[(20, "<</T(a)/Kids 1>>")]),
            ("[20 0 R]", &[(20, "<</T(a)/Kids[21 0 R]>>"), (21, "7")]),
            (
                "[20 0 R]",
                &[
                    (20, "<</T(a)/Kids[21 0 R 22 0 R]>>"),
                    (21, "<</T(b)>>"),
                    (22, "<</Subtype/Widget>>"),
                ],
            ),
            ("7", &[]),
        ] {
            assert!(fields(roots, objects).is_err(), "{roots} {objects:?}");
        }
        assert!(fields("null", &[]).unwrap().is_empty());
        assert!(fields("[99 0 R]", &[]).unwrap().is_empty());
    }

    #[test]
    fn a_long_name_above_many_fields_ends_at_a_limit() {
        let kids: String = (100..1_100).map(|number| format!("{number} 0 R ")).collect();
        let root = format!("<</T({})/Kids[{kids}]>>", "x".repeat(100_000));
        let mut objects = vec![(20, root.as_str())];
        objects.extend((100..1_100).map(|number| (number, "<</T(b)>>")));
        assert!(matches!(fields("[20 0 R]", &objects), Err(Error::Limit(_))));
    }
}
