//! The signature field: an empty one of the document, or a name for a new one (ISO 32000-2
//! §12.7.5.5).

use super::Error;
use super::permission::{Lock, Permissions, is_at_or_below, subdictionary};
use super::request::{FieldChoice, Request};
use super::text::check_field_name;
use crate::pdf::{Field, Object, ObjectId, Revision};

/// The names of new fields to which nobody gave one.
const DEFAULT_NAME: &str = "Signature1";

/// Bit position 1 of `/Ff` (Table 228).
const READ_ONLY: i64 = 1;

/// The field that was decided on; nothing an earlier signature forbids.
pub(super) enum Chosen {
    /// To be made, with this partial name at the top of the tree.
    New { name: String },
    /// There already, empty.
    Existing { field: Field, lock: Option<Lock> },
}

impl Chosen {
    /// Decides, or says why the wish cannot be met.
    pub(super) fn decide(
        revision: Revision<'_>,
        request: &Request<'_>,
        fields: &[Field],
    ) -> Result<Self, Error> {
        let permissions = Permissions::read(revision, fields)?;
        if request.certification.is_some() && permissions.signatures > 0 {
            return Err(Error::CertifiesTooLate { signatures: permissions.signatures });
        }
        match request.field {
            FieldChoice::New { name } => {
                if let Some(name) = name {
                    check_field_name(name)?;
                }
                let name = free_name(name.unwrap_or(DEFAULT_NAME), fields);
                permissions.check(&name, true)?;
                check_fields_to_lock(request.lock, &name, fields)?;
                Ok(Self::New { name })
            }
            FieldChoice::Existing { name } => {
                let field = existing(revision, name, fields)?;
                permissions.check(name, false)?;
                if !request.lock.is_empty() {
                    return Err(Error::DecidedBefore { field: field.id, what: "lock" });
                }
                let lock = subdictionary(revision, &field.dictionary, b"Lock")?;
                let lock = lock.map(|lock| Lock::read(revision, &lock)).transpose()?;
                Ok(Self::Existing { field, lock })
            }
        }
    }

    /// The fully qualified name.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::New { name } => name,
            Self::Existing { field, .. } => &field.name,
        }
    }
}

fn existing(revision: Revision<'_>, name: &str, fields: &[Field]) -> Result<Field, Error> {
    let field = fields
        .iter()
        .find(|field| field.name == name)
        .ok_or(Error::NoSuchField { fields: fields.len() })?;
    if !field.is_signature() {
        let kind = field.kind.as_deref().unwrap_or(b"");
        let kind = String::from_utf8_lossy(kind).chars().take(16).collect();
        return Err(Error::FieldKind { field: field.id, kind });
    }
    if field.value.is_some() {
        return Err(Error::AlreadySigned { field: field.id });
    }
    if field.flags & READ_ONLY != 0 {
        return Err(Error::ReadOnly { field: field.id, flags: field.flags });
    }
    if let Some(demands) = subdictionary(revision, &field.dictionary, b"SV")?
        && let Some(flags) = demands.integer(b"Ff").filter(|flags| *flags != 0)
    {
        return Err(Error::SeedValue { field: field.id, flags });
    }
    if field.widgets.len() > 1 {
        let problem = "it has several widgets, which no signature field may have";
        return Err(Error::Widget { field: field.id, problem });
    }
    Ok(field.clone())
}

/// The name, or with the next number that makes it free: `Signature1` → `Signature2`, `seal` →
/// `seal2`.
fn free_name(wanted: &str, fields: &[Field]) -> String {
    let taken = |name: &str| fields.iter().any(|field| is_at_or_below(&field.name, name));
    if !taken(wanted) {
        return wanted.to_owned();
    }
    let stem = wanted.trim_end_matches(|digit: char| digit.is_ascii_digit());
    let number: u64 = wanted.strip_prefix(stem).and_then(|digits| digits.parse().ok()).unwrap_or(1);
    // One of so many names is free, since each field takes at most one.
    (1..=fields.len() + 1)
        .map(|step| format!("{stem}{}", number.saturating_add(u64::try_from(step).unwrap_or(1))))
        .find(|name| !taken(name))
        .unwrap_or_else(|| format!("{wanted}_"))
}

fn check_fields_to_lock(lock: &[String], own: &str, fields: &[Field]) -> Result<(), Error> {
    let exists =
        |name: &str| name == own || fields.iter().any(|field| is_at_or_below(&field.name, name));
    match lock.iter().position(|name| !exists(name)) {
        Some(index) => Err(Error::NoFieldToLock { index }),
        None => Ok(()),
    }
}

/// The widget that shows a field, and the page it says it is on.
pub(super) fn widget_of(
    revision: Revision<'_>,
    field: &Field,
) -> Result<(ObjectId, ObjectId), Error> {
    let missing = |problem| Error::Widget { field: field.id, problem };
    let widget = *field.widgets.first().ok_or(missing("it has no widget"))?;
    let page = revision.dictionary(widget)?.get(b"P").and_then(Object::as_reference);
    Ok((widget, page.ok_or(missing("its widget does not say on which page it is (no /P)"))?))
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
        assert_eq!(free_name("Signature1", &fields), "Signature3");
        assert_eq!(free_name("seal", &fields), "seal2");
        assert_eq!(free_name("x9", &fields), "x10");
        // A field above counts too: two fields must not have one name.
        assert_eq!(free_name("a", &fields), "a2");
        assert_eq!(free_name("b", &fields), "b");
        let full = ["seal18446744073709551615"].map(named);
        assert_eq!(free_name("seal18446744073709551615", &full), "seal18446744073709551615_");
    }
}
