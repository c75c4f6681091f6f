//! What a signature permits to be changed after it (ISO 32000-2 §12.8.2 and §12.7.5.5).

use crate::pdf::{Dictionary, Error, Object, Revision, text_string};
use crate::report::{FieldMdp, Permissions};

/// The three levels of a certification (`/P` of DocMDP, §12.8.2.2), strictest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DocMdp {
    /// 1: nothing but validation data and document time-stamps.
    NoChanges,
    /// 2: also filling in forms and signing.
    FillAndSign,
    /// 3: also annotations.
    Annotate,
}

impl DocMdp {
    /// The level of a number; `None` for one that the standard does not know.
    #[must_use]
    pub fn from_level(level: i64) -> Option<Self> {
        match level {
            1 => Some(Self::NoChanges),
            2 => Some(Self::FillAndSign),
            3 => Some(Self::Annotate),
            _ => None,
        }
    }

    /// Its number.
    #[must_use]
    pub fn level(self) -> u8 {
        match self {
            Self::NoChanges => 1,
            Self::FillAndSign => 2,
            Self::Annotate => 3,
        }
    }
}

/// Which fields may not be changed any more (§12.8.2.4), by full name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldLock {
    /// Every field.
    All,
    /// These, and what is below them.
    Include(Vec<String>),
    /// Every field but these and what is below them.
    Exclude(Vec<String>),
}

impl FieldLock {
    /// Whether the field of this full name is locked.
    #[must_use]
    pub fn covers(&self, name: &str) -> bool {
        match self {
            Self::All => true,
            Self::Include(names) => names.iter().any(|listed| is_or_is_below(name, listed)),
            Self::Exclude(names) => !names.iter().any(|listed| is_or_is_below(name, listed)),
        }
    }

    fn kind(&self) -> FieldMdp {
        match self {
            Self::All => FieldMdp::All,
            Self::Include(_) => FieldMdp::Include,
            Self::Exclude(_) => FieldMdp::Exclude,
        }
    }
}

/// What one signature permits, from its own references.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignaturePermissions {
    /// The level, if it certifies the document.
    pub docmdp: Option<DocMdp>,
    /// The fields that it locks.
    pub locks: Vec<FieldLock>,
}

impl SignaturePermissions {
    /// The same as plain data.
    #[must_use]
    pub fn summary(&self) -> Permissions {
        Permissions {
            docmdp: self.docmdp.map(DocMdp::level),
            fieldmdp: self.locks.first().map(FieldLock::kind),
        }
    }

    /// Takes what `other` forbids as well.
    pub fn restrict(&mut self, other: &Self) {
        self.docmdp = strictest(self.docmdp, other.docmdp);
        self.locks.extend(other.locks.iter().cloned());
    }
}

/// What the signature dictionary `signature` permits, read in `revision`.
///
/// What is spelt wrongly counts as the strictest thing that it could mean.
///
/// # Errors
///
/// If an object that it refers to cannot be read.
pub fn signature_permissions(
    revision: &Revision<'_>,
    signature: &Dictionary,
) -> Result<SignaturePermissions, Error> {
    let mut found = SignaturePermissions::default();
    let Some(references) = revision.lookup(signature, b"Reference")? else { return Ok(found) };
    for reference in references.as_array().unwrap_or(&[]) {
        let reference = revision.resolve(&reference.value)?;
        let Some(reference) = reference.as_dictionary() else { continue };
        let method = revision.lookup(reference, b"TransformMethod")?;
        let parameters = revision.lookup(reference, b"TransformParams")?;
        let parameters = parameters.as_ref().and_then(|object| object.as_dictionary());
        match method.as_ref().and_then(|object| object.as_name()) {
            Some(b"DocMDP") => {
                let level = level(revision, parameters, DocMdp::FillAndSign)?;
                found.docmdp = strictest(found.docmdp, Some(level));
            }
            Some(b"FieldMDP") => found.locks.push(match parameters {
                Some(parameters) => lock(revision, parameters)?,
                None => FieldLock::All,
            }),
            _ => {}
        }
    }
    Ok(found)
}

/// The lock that comes into force when the field `field` is signed (§12.7.5.5, Table 237).
///
/// # Errors
///
/// If an object that it refers to cannot be read.
pub fn field_lock(
    revision: &Revision<'_>,
    field: &Dictionary,
) -> Result<SignaturePermissions, Error> {
    let Some(found) = revision.lookup(field, b"Lock")? else { return Ok(Default::default()) };
    let Some(dictionary) = found.as_dictionary() else {
        return Ok(SignaturePermissions { docmdp: None, locks: vec![FieldLock::All] });
    };
    let docmdp = match dictionary.contains(b"P") {
        true => Some(level(revision, Some(dictionary), DocMdp::NoChanges)?),
        false => None,
    };
    Ok(SignaturePermissions { docmdp, locks: vec![lock(revision, dictionary)?] })
}

fn level(
    revision: &Revision<'_>,
    parameters: Option<&Dictionary>,
    default: DocMdp,
) -> Result<DocMdp, Error> {
    let Some(parameters) = parameters else { return Ok(default) };
    let Some(value) = revision.lookup(parameters, b"P")? else { return Ok(default) };
    Ok(value.as_integer().and_then(DocMdp::from_level).unwrap_or(DocMdp::NoChanges))
}

fn lock(revision: &Revision<'_>, parameters: &Dictionary) -> Result<FieldLock, Error> {
    let action = revision.lookup(parameters, b"Action")?;
    let names = names(revision, parameters)?;
    Ok(match (action.as_ref().and_then(|action| action.as_name()), names) {
        (Some(b"Include"), Some(names)) => FieldLock::Include(names),
        (Some(b"Exclude"), Some(names)) => FieldLock::Exclude(names),
        _ => FieldLock::All,
    })
}

fn names(revision: &Revision<'_>, parameters: &Dictionary) -> Result<Option<Vec<String>>, Error> {
    let Some(list) = revision.lookup(parameters, b"Fields")? else { return Ok(None) };
    let Some(list) = list.as_array() else { return Ok(None) };
    let mut names = Vec::with_capacity(list.len());
    for item in list {
        let item = revision.resolve(&item.value)?;
        let Object::String(name) = &*item else { return Ok(None) };
        names.push(text_string::decode(&name.bytes));
    }
    Ok(Some(names))
}

fn strictest(one: Option<DocMdp>, other: Option<DocMdp>) -> Option<DocMdp> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

fn is_or_is_below(name: &str, listed: &str) -> bool {
    name.strip_prefix(listed).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excluded_name_frees_what_is_below_it() {
        let lock = FieldLock::Exclude(vec!["b".to_owned()]);
        assert!(lock.covers("a"));
        assert!(!lock.covers("b"));
        assert!(!lock.covers("b.c"));
        assert!(lock.covers("bc"));
    }

    #[test]
    fn the_strictest_level_wins() {
        let mut all =
            SignaturePermissions { docmdp: Some(DocMdp::Annotate), locks: vec![FieldLock::All] };
        all.restrict(&SignaturePermissions { docmdp: Some(DocMdp::NoChanges), locks: vec![] });
        assert_eq!(all.docmdp, Some(DocMdp::NoChanges));
        all.restrict(&SignaturePermissions::default());
        assert_eq!(all.docmdp, Some(DocMdp::NoChanges));
        assert_eq!(all.summary().fieldmdp, Some(FieldMdp::All));
    }
}
