//! What the signatures of a document leave allowed: DocMDP, FieldMDP and field locks (ISO 32000-2
//! §12.8.2 and Table 236), read before anything is appended.

use std::collections::HashSet;

use super::Error;
use crate::pdf::{self, Dictionary, Field, Object, ObjectId, Revision, text_string};

/// The signatures of a document and what they forbid together.
pub(super) struct Permissions {
    /// How many signatures there are.
    pub(super) signatures: usize,
    /// The strictest `/P` of all certifications and locks.
    document: Option<i64>,
    locks: Vec<(ObjectId, Lock)>,
    /// Whether it is asked for a document time-stamp, which every certification and every lock leaves
    /// permitted (ISO 32000-2 Table 257).
    pub(super) for_timestamp: bool,
}

/// Which fields a signature locks.
#[derive(Clone)]
pub(super) enum Lock {
    All,
    Include(Vec<String>),
    Exclude(Vec<String>),
}

impl Permissions {
    /// Reads them from the form's fields and the catalog's `/Perms`.
    pub(super) fn read(revision: Revision<'_>, fields: &[Field]) -> Result<Self, Error> {
        let mut all =
            Self { signatures: 0, document: None, locks: Vec::new(), for_timestamp: false };
        for field in fields.iter().filter(|field| field.is_signature()) {
            let Some(value) = signature_value(revision, field)? else { continue };
            all.signatures += 1;
            let by = field.value.as_ref().and_then(Object::as_reference).unwrap_or(field.id);
            all.read_references(revision, by, &value)?;
            // A lock counts as soon as its field is signed, whether or not the signature repeats it;
            // `/P` is new in PDF 2.0.
            if let Some(lock) = subdictionary(revision, &field.dictionary, b"Lock")? {
                all.restrict(lock.integer(b"P"));
                all.locks.push((by, Lock::read(revision, &lock)?));
            }
        }
        let catalog = revision.catalog()?;
        if let Some(perms) = subdictionary(revision, &catalog, b"Perms")?
            && let Some(certification) = subdictionary(revision, &perms, b"DocMDP")?
        {
            let by = perms.reference(b"DocMDP").unwrap_or(ObjectId::new(0, 0));
            // One that no field shows is a signature too.
            all.signatures = all.signatures.max(1);
            // Restricting twice by the same signature changes nothing.
            all.read_references(revision, by, &certification)?;
        }
        Ok(all)
    }

    fn read_references(
        &mut self,
        revision: Revision<'_>,
        by: ObjectId,
        signature: &Dictionary,
    ) -> Result<(), Error> {
        let references = revision.lookup(signature, b"Reference")?;
        let references = references.as_deref().and_then(Object::as_array).unwrap_or(&[]);
        for reference in references {
            let reference = revision.resolve(&reference.value)?;
            let Some(reference) = reference.as_dictionary() else { continue };
            let parameters =
                subdictionary(revision, reference, b"TransformParams")?.unwrap_or_default();
            match reference.name(b"TransformMethod") {
                // Without /P it is 2 (Table 257).
                Some(b"DocMDP") => self.restrict(Some(parameters.integer(b"P").unwrap_or(2))),
                Some(b"FieldMDP") => self.locks.push((by, Lock::read(revision, &parameters)?)),
                _ => {}
            }
        }
        Ok(())
    }

    fn restrict(&mut self, permission: Option<i64>) {
        self.document = [self.document, permission].into_iter().flatten().min();
    }

    /// Fails if signing the field of this name would break an earlier signature.
    pub(super) fn check(&self, name: &str, is_new: bool) -> Result<(), Error> {
        if self.for_timestamp {
            return Ok(());
        }
        match self.document {
            Some(permission) if permission < 2 => {
                return Err(Error::NoChangesAllowed { permission });
            }
            Some(permission) if is_new => return Err(Error::NoNewField { permission }),
            _ => {}
        }
        match self.locks.iter().find(|(_, lock)| lock.holds(name)) {
            Some((by, _)) => Err(Error::Locked { field: name.to_owned(), by: *by }),
            None => Ok(()),
        }
    }
}

impl Lock {
    /// `/Action` and `/Fields`, which a field's `/Lock` and the parameters of FieldMDP have alike.
    pub(super) fn read(revision: Revision<'_>, dictionary: &Dictionary) -> Result<Self, Error> {
        let names = revision.lookup(dictionary, b"Fields")?;
        let names = names.as_deref().and_then(Object::as_array).unwrap_or(&[]);
        let names = names.iter().filter_map(|name| name.value.as_string());
        let names = names.map(|name| text_string::decode(&name.bytes)).collect();
        Ok(match dictionary.name(b"Action") {
            Some(b"Include") => Self::Include(names),
            Some(b"Exclude") => Self::Exclude(names),
            // What is not understood forbids the most.
            _ => Self::All,
        })
    }

    /// What both lock together; where they cannot be put into one, everything.
    pub(super) fn both(one: Option<Self>, other: Option<Self>) -> Option<Self> {
        match (one, other) {
            (Some(Self::Include(mut names)), Some(Self::Include(more))) => {
                let known: HashSet<String> = names.iter().cloned().collect();
                names.extend(more.into_iter().filter(|name| !known.contains(name)));
                Some(Self::Include(names))
            }
            (Some(_), Some(_)) => Some(Self::All),
            (one, other) => one.or(other),
        }
    }

    /// Whether it locks the field of this fully qualified name; a field above counts for those
    /// below it.
    fn holds(&self, name: &str) -> bool {
        let listed = |names: &[String]| names.iter().any(|listed| is_at_or_below(name, listed));
        match self {
            Self::All => true,
            Self::Include(names) => listed(names),
            Self::Exclude(names) => !listed(names),
        }
    }
}

/// Whether `name` is the field `above` or stands below it in the tree.
pub(super) fn is_at_or_below(name: &str, above: &str) -> bool {
    name.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// The signature dictionary in a field, `None` if it is empty.
pub(super) fn signature_value(
    revision: Revision<'_>,
    field: &Field,
) -> Result<Option<Dictionary>, Error> {
    let Some(value) = &field.value else { return Ok(None) };
    match revision.resolve(value)?.into_owned() {
        Object::Null => Ok(None),
        Object::Dictionary(dictionary) => Ok(Some(dictionary)),
        _ => {
            Err(pdf::Error::structure(field.id, "the value of a signature field is no dictionary")
                .into())
        }
    }
}

pub(super) fn subdictionary(
    revision: Revision<'_>,
    dictionary: &Dictionary,
    key: &[u8],
) -> Result<Option<Dictionary>, Error> {
    let value = revision.lookup(dictionary, key)?;
    Ok(value.and_then(|value| value.as_dictionary().cloned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_on_a_field_holds_for_those_below_it() {
        let include = Lock::Include(vec!["party_a".into()]);
        assert!(include.holds("party_a") && include.holds("party_a.seal"));
        assert!(!include.holds("party_ab") && !include.holds("party_b"));
        let exclude = Lock::Exclude(vec!["party_a".into()]);
        assert!(!exclude.holds("party_a.seal") && exclude.holds("party_b"));
        assert!(Lock::All.holds("anything"));
    }

    #[test]
    fn the_strictest_permission_counts() {
        let mut permissions =
            Permissions { signatures: 2, document: None, locks: Vec::new(), for_timestamp: false };
        assert!(permissions.check("new", true).is_ok());
        permissions.restrict(Some(3));
        permissions.restrict(None);
        permissions.restrict(Some(2));
        assert_eq!(permissions.check("new", true), Err(Error::NoNewField { permission: 2 }));
        assert!(permissions.check("there", false).is_ok());
        permissions.restrict(Some(1));
        assert_eq!(
            permissions.check("there", false),
            Err(Error::NoChangesAllowed { permission: 1 })
        );
        permissions.locks.push((ObjectId::new(9, 0), Lock::All));
        permissions.for_timestamp = true;
        assert_eq!(permissions.check("new", true), Ok(()));
    }
}
