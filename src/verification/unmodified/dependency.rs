//! New objects that are used by explained ones only: appearances, their resources, what a
//! signature value refers to.

use crate::pdf::{Error, ObjectId};
use crate::report::{ChangeKind, Rule};

use super::step::{Explanation, Step};

impl Step<'_, '_> {
    /// Explains every new object that an explained one leads to.
    pub(super) fn follow_dependencies(&mut self) -> Result<(), Error> {
        while let Some(id) = self.to_follow.pop() {
            if !self.is_new(id) {
                continue;
            }
            let fresh = !self.is_explained(id);
            if fresh {
                let kind = match self.new_dictionary(id).and_then(|d| d.name(b"Type")) {
                    Some(b"Font" | b"FontDescriptor") => ChangeKind::Font,
                    Some(b"XObject") => ChangeKind::XObject,
                    _ => ChangeKind::Other,
                };
                self.explain_as(id.number, Explanation::new(kind, Rule::Dependency));
                let object = self.altered.get(&id.number).and_then(|altered| altered.new.clone());
                self.follow(None, object.as_deref());
            }
        }
        Ok(())
    }

    /// Explains new objects that nothing uses: many writers leave some behind.
    ///
    /// Only if everything else is explained: next to a forbidden change an unused object may be
    /// part of it.
    pub(super) fn unused_objects(&mut self) -> Result<(), Error> {
        let left: Vec<ObjectId> = self
            .altered
            .iter()
            .filter(|(number, _)| !self.explained.contains_key(number))
            .map(|(_, altered)| altered.id)
            .collect();
        if self.loose.is_empty() && left.iter().all(|id| self.is_new(*id)) {
            for id in left {
                self.explain_as(id.number, Explanation::new(ChangeKind::Other, Rule::Unused));
            }
        }
        Ok(())
    }
}
