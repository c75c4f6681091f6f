//! The signature field: an empty one of the document, or a name for a new one (ISO 32000-2
//! §12.7.5.5).

use std::collections::{HashMap, HashSet};

use super::Error;
use super::form_field::READ_ONLY;
use super::permission::{Lock, Permissions, is_at_or_below, subdictionary};
use super::request::FieldChoice;
use super::text::check_field_name;
use crate::pdf::{self, Field, Object, ObjectId, Revision};
use crate::placement::{WidgetPlace, Widgets};

/// The names of new fields to which nobody gave one.
const DEFAULT_NAME: &str = "Signature1";

/// The field that was decided on; nothing an earlier signature forbids.
pub(super) enum Chosen {
    /// To be made, with this partial name at the top of the tree.
    New { name: String },
    /// There already, empty.
    Existing { field: Field, lock: Option<Lock> },
}

/// The form of a document while fields for a signature are chosen in it.
pub(super) struct Choosing<'r> {
    revision: Revision<'r>,
    fields: &'r [Field],
    by_name: HashMap<&'r str, &'r Field>,
    permissions: Permissions,
    names: Names,
    taken: HashSet<ObjectId>,
    /// What the pages list; read when the first existing field is drawn in.
    widgets: Option<Widgets<'r>>,
}

impl<'r> Choosing<'r> {
    /// Reads what the document's signatures permit.
    pub(super) fn of(revision: Revision<'r>, fields: &'r [Field]) -> Result<Self, Error> {
        let mut by_name = HashMap::new();
        for field in fields {
            by_name.entry(field.name.as_str()).or_insert(field);
        }
        Ok(Self {
            revision,
            fields,
            by_name,
            permissions: Permissions::read(revision, fields)?,
            names: Names::of(fields),
            taken: HashSet::new(),
            widgets: None,
        })
    }

    /// The same for a document time-stamp.
    pub(super) fn for_timestamp(mut self, is_timestamp: bool) -> Self {
        self.permissions.for_timestamp = is_timestamp;
        self
    }

    /// The document.
    pub(super) fn revision(&self) -> Revision<'r> {
        self.revision
    }

    /// How many signatures there are.
    pub(super) fn signatures(&self) -> usize {
        self.permissions.signatures
    }

    /// Whether a new field of this name may be added; only signature fields may after a signature.
    pub(super) fn check_new(&self, name: &str, is_signature: bool) -> Result<(), Error> {
        let signatures = self.permissions.signatures;
        if signatures > 0 && !is_signature {
            return Err(Error::FieldTooLate { signatures });
        }
        self.permit(name, true)
    }

    /// Whether encryption and earlier signatures let a field be made or filled.
    fn permit(&self, name: &str, is_new: bool) -> Result<(), Error> {
        let file = self.revision.file();
        if is_new {
            file.require(pdf::Permissions::may_create_fields, "make fields")?;
        } else {
            file.require(pdf::Permissions::may_sign, "fill in or sign fields")?;
        }
        self.permissions.check(name, is_new)
    }

    /// Decides on a field, or says why the wish cannot be met. No field is given twice.
    pub(super) fn signature_field(
        &mut self,
        wish: FieldChoice<'_>,
        lock: &[String],
    ) -> Result<Chosen, Error> {
        match wish {
            FieldChoice::New { name } => {
                if let Some(name) = name {
                    check_field_name(name)?;
                }
                let name = self.names.free(name.unwrap_or(DEFAULT_NAME));
                self.permit(&name, true)?;
                check_fields_to_lock(lock, &name, self.fields)?;
                Ok(Chosen::New { name })
            }
            FieldChoice::Existing { name } => {
                let field = self.empty_field(name)?;
                check_signature_field(self.revision, field)?;
                if !lock.is_empty() {
                    return Err(Error::DecidedBefore { field: field.id, what: "lock" });
                }
                let lock = subdictionary(self.revision, &field.dictionary, b"Lock")?;
                let lock = lock.map(|lock| Lock::read(self.revision, &lock)).transpose()?;
                Ok(Chosen::Existing { field: field.clone(), lock })
            }
        }
    }

    /// The field of this name.
    pub(super) fn named(&self, name: &str) -> Option<&'r Field> {
        self.by_name.get(name).copied()
    }

    /// The widgets of a field of this name that could be filled and is not; signature fields aside.
    pub(super) fn left_empty(&mut self, name: &str) -> &'r [ObjectId] {
        match self.by_name.get(name).copied() {
            Some(field) if !field.is_signature() => {
                self.empty_field(name).map_or(&[], |field| &field.widgets)
            }
            _ => &[],
        }
    }

    /// Where a widget of a field is: on the page that lists it, as the plan has it.
    pub(super) fn widget_place(
        &mut self,
        field: &Field,
        widget: ObjectId,
    ) -> Result<WidgetPlace, Error> {
        let widgets = match &mut self.widgets {
            Some(widgets) => widgets,
            unread => unread.insert(Widgets::of(self.revision)?),
        };
        widgets.place(widget)?.map_err(|problem| Error::Widget { field: field.id, problem })
    }

    /// An empty field of this name that may be changed.
    pub(super) fn empty_field(&mut self, name: &str) -> Result<&'r Field, Error> {
        let field = self.by_name.get(name).copied();
        let field = field.ok_or(Error::NoSuchField { fields: self.fields.len() })?;
        let signed = Error::AlreadySigned { field: field.id };
        if !self.taken.insert(field.id) {
            return Err(signed);
        }
        if let Some(value) = &field.value
            && *self.revision.resolve(value)? != Object::Null
        {
            return Err(signed);
        }
        if field.flags & READ_ONLY != 0 {
            return Err(Error::ReadOnly { field: field.id, flags: field.flags });
        }
        self.permit(name, false)?;
        Ok(field)
    }
}

impl Chosen {
    /// The fully qualified name.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::New { name } => name,
            Self::Existing { field, .. } => &field.name,
        }
    }
}

fn check_signature_field(revision: Revision<'_>, field: &Field) -> Result<(), Error> {
    if !field.is_signature() {
        return Err(wrong_kind(field));
    }
    if let Some(demands) = subdictionary(revision, &field.dictionary, b"SV")?
        && let Some(flags) = demands.integer(b"Ff").filter(|flags| *flags != 0)
    {
        return Err(Error::SeedValue { field: field.id, flags });
    }
    if field.widgets.len() > 1 {
        let problem = "has several widgets, which no signature field may have";
        return Err(Error::Widget { field: field.id, problem });
    }
    Ok(())
}

/// A field that is of another kind than what it should take.
pub(super) fn wrong_kind(field: &Field) -> Error {
    let kind = field.kind.as_deref().unwrap_or(b"");
    let kind = String::from_utf8_lossy(kind).chars().take(16).collect();
    Error::FieldKind { field: field.id, kind }
}

/// The names at the top of the field tree: those that are taken, and where to look for the next
/// one that is not.
#[derive(Default)]
pub(super) struct Names {
    taken: HashSet<String>,
    next: HashMap<String, u64>,
}

impl Names {
    /// Those of a document. A field above counts too: two fields must not have one name.
    pub(super) fn of(fields: &[Field]) -> Self {
        let top = |field: &Field| field.name.split('.').next().unwrap_or("").to_owned();
        Self { taken: fields.iter().map(top).collect(), next: HashMap::new() }
    }

    /// Takes a name, if it is free.
    pub(super) fn take(&mut self, name: &str) -> bool {
        self.taken.insert(name.to_owned())
    }

    /// The name, or with the next number that makes it free: `Signature1` → `Signature2`, `seal` →
    /// `seal2`.
    pub(super) fn free(&mut self, wanted: &str) -> String {
        if self.take(wanted) {
            return wanted.to_owned();
        }
        let stem = wanted.trim_end_matches(|digit: char| digit.is_ascii_digit());
        let digits = wanted.strip_prefix(stem).unwrap_or("");
        let first = digits.parse().unwrap_or(1_u64);
        let mut number = self.next.get(stem).copied().unwrap_or(0).max(first);
        // One of so many names is free, since each field takes at most one.
        for _ in 0..=self.taken.len() {
            number = number.saturating_add(1);
            let name = format!("{stem}{number}");
            if self.take(&name) {
                self.next.insert(stem.to_owned(), number);
                return name;
            }
        }
        format!("{wanted}_")
    }
}

fn check_fields_to_lock(lock: &[String], own: &str, fields: &[Field]) -> Result<(), Error> {
    let exists =
        |name: &str| name == own || fields.iter().any(|field| is_at_or_below(&field.name, name));
    match lock.iter().position(|name| !exists(name)) {
        Some(index) => Err(Error::NoFieldToLock { index }),
        None => Ok(()),
    }
}

/// The one widget of a signature field.
pub(super) fn widget_of(field: &Field) -> Result<ObjectId, Error> {
    let missing = Error::Widget { field: field.id, problem: "has no widget" };
    field.widgets.first().copied().ok_or(missing)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::Dictionary;

    fn named(name: &str) -> Field {
        Field {
            id: ObjectId::new(1, 0),
            name: name.to_owned(),
            dictionary: Dictionary::default(),
            kind: None,
            value: None,
            flags: 0,
            widgets: Vec::new(),
            ancestors: Vec::new(),
        }
    }

    #[test]
    fn a_taken_name_gets_the_next_number() {
        let fields = ["Signature1", "Signature2", "seal", "a.b", "x9"].map(named);
        let free = |wanted: &str, fields: &[Field]| Names::of(fields).free(wanted);
        assert_eq!(free("Signature1", &fields), "Signature3");
        assert_eq!(free("seal", &fields), "seal2");
        assert_eq!(free("x9", &fields), "x10");
        // A field above counts too: two fields must not have one name.
        assert_eq!(free("a", &fields), "a2");
        assert_eq!(free("b", &fields), "b");
        let full = ["seal18446744073709551615"].map(named);
        assert_eq!(free("seal18446744073709551615", &full), "seal18446744073709551615_");
        let mut names = Names::of(&fields);
        assert_eq!([(); 3].map(|()| names.free("seal")), ["seal2", "seal3", "seal4"]);
    }
}
