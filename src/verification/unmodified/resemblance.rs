//! Which known attack a forbidden change reminds of, by what was changed and how.

use std::collections::HashSet;

use crate::pdf::{Object, ObjectId};
use crate::report::{AttackFamily, ChangeKind};

use super::altered::Altered;
use super::step::Step;

/// What happened to an object.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Added,
    Replaced,
    Removed,
}

/// By what an object is and what happened to it. The first row that fits counts.
const FAMILIES: &[(ChangeKind, Fate, AttackFamily)] = &[
    (ChangeKind::Annotation, Fate::Added, AttackFamily::EvilAnnotation),
    (ChangeKind::Annotation, Fate::Replaced, AttackFamily::EvilAnnotation),
    (ChangeKind::SignatureField, Fate::Added, AttackFamily::SneakySignature),
    (ChangeKind::SignatureField, Fate::Replaced, AttackFamily::DictionaryOverride),
    (ChangeKind::SignatureValue, Fate::Added, AttackFamily::SneakySignature),
    (ChangeKind::SignatureValue, Fate::Replaced, AttackFamily::DictionaryOverride),
    (ChangeKind::SignatureValue, Fate::Removed, AttackFamily::DictionaryOverride),
    (ChangeKind::Font, Fate::Replaced, AttackFamily::ShadowReplace),
    (ChangeKind::FormField, Fate::Replaced, AttackFamily::ShadowReplace),
    (ChangeKind::XObject, Fate::Replaced, AttackFamily::ShadowHide),
    (ChangeKind::XObject, Fate::Removed, AttackFamily::ShadowHide),
    (ChangeKind::Removed, Fate::Removed, AttackFamily::ShadowHide),
    (ChangeKind::Catalog, Fate::Replaced, AttackFamily::ShadowHideAndReplace),
    (ChangeKind::PageTree, Fate::Replaced, AttackFamily::ShadowHideAndReplace),
    (ChangeKind::Trailer, Fate::Replaced, AttackFamily::ShadowHideAndReplace),
    (ChangeKind::Page, Fate::Added, AttackFamily::IncrementalSaving),
    (ChangeKind::Page, Fate::Replaced, AttackFamily::IncrementalSaving),
    (ChangeKind::Other, Fate::Replaced, AttackFamily::IncrementalSaving),
];

impl Step<'_, '_> {
    /// What a forbidden change of an object reminds of.
    pub(super) fn resembles(
        &self,
        altered: &Altered,
        kind: ChangeKind,
        drawn: &HashSet<ObjectId>,
    ) -> Option<AttackFamily> {
        let fate = match (&altered.old, &altered.new) {
            (None, _) => Fate::Added,
            (Some(_), Some(_)) => Fate::Replaced,
            (Some(_), None) => Fate::Removed,
        };
        if kind == ChangeKind::XObject && fate == Fate::Replaced && drawn.contains(&altered.id) {
            return Some(AttackFamily::AppearanceClobbering);
        }
        family(kind, fate)
    }

    /// What the appearances of annotations that were changed are made of.
    pub(super) fn drawn_anew(&self) -> HashSet<ObjectId> {
        let mut drawn = HashSet::new();
        for altered in self.altered.values() {
            let now = altered.new.as_deref().and_then(Object::as_dictionary);
            if let Some(appearance) = now.and_then(|now| now.get(b"AP")) {
                appearance.for_each_reference(&mut |id| _ = drawn.insert(id));
            }
        }
        drawn
    }
}

/// What a forbidden change of no object reminds of.
pub(super) fn of_no_object(kind: ChangeKind) -> Option<AttackFamily> {
    match kind {
        ChangeKind::Bytes => Some(AttackFamily::IncrementalSaving),
        kind => family(kind, Fate::Replaced),
    }
}

fn family(kind: ChangeKind, fate: Fate) -> Option<AttackFamily> {
    let row = FAMILIES.iter().find(|(known, happened, _)| (*known, *happened) == (kind, fate));
    row.map(|(.., family)| *family)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_row_hides_another() {
        for (index, (kind, fate, _)) in FAMILIES.iter().enumerate() {
            let first = FAMILIES.iter().position(|(k, f, _)| (k, *f) == (kind, *fate));
            assert_eq!(first, Some(index));
        }
    }
}
