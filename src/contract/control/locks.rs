//! What of a control nobody may change any more.

use serde::{Deserialize, Serialize};

use super::{Control, ControlError, ControlProblem};

/// What of a control nobody may change any more (R-CTL-20).
///
/// ```
/// use sealwright::contract::Locks;
/// assert_eq!(Locks::default(), Locks { value: false, position: false });
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Locks {
    /// Its value.
    pub value: bool,
    /// Its place, its kind, its owner, and that it is there.
    pub position: bool,
}

/// Whether the controls after an edit respect the locks of those before it (R-CTL-20): a locked
/// control is still there, of the same kind, at the same place, for the same owner; a locked value
/// that was set is the same; and a lock stays.
///
/// ```
/// assert!(sealwright::contract::check_locks(&[], &[]).is_empty());
/// ```
#[must_use]
pub fn check_locks(before: &[Control], after: &[Control]) -> Vec<ControlProblem> {
    let locked = before.iter().filter(|old| old.locks() != Locks::default());
    let mut problems = Vec::new();
    for old in locked {
        let new = after.iter().find(|new| new.key() == old.key());
        let same = |same: fn(&Control, &Control) -> bool| new.is_some_and(|new| same(old, new));
        let stays = same(|old, new| {
            old.kind() == new.kind()
                && old.owner() == new.owner()
                && old.location() == new.location()
        });
        let value = old.value().is_none() || same(|old, new| old.value() == new.value());
        let lock = same(|old, new| old.locks() == new.locks());
        let mut refuse = |what| {
            problems.push(ControlError::Locked { what }.of(old.key().clone()));
        };
        if old.locks().position && !(stays && lock) {
            refuse("position");
        }
        if old.locks().value && !(value && lock) {
            refuse("value");
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::super::super::location::{Absolute, Point};
    use super::super::{ControlKey, ControlKind, Input, Owner, SealMark, TextStyle};
    use super::*;
    use crate::geometry::{PageIndex, Pt};
    use crate::identity::SlotId;

    fn control(id: &str, kind: ControlKind) -> Control {
        let key = ControlKey::new("doc".parse().unwrap(), id.parse().unwrap());
        Control::new(key, kind, "a".parse::<SlotId>().unwrap(), at(10.0))
    }

    fn at(x: f64) -> Absolute {
        Absolute::new(PageIndex::FIRST, Point::at(Pt(x), Pt(10.0)).unwrap())
    }

    fn text(id: &str) -> Control {
        control(id, ControlKind::Text(TextStyle::default()))
    }

    #[test]
    fn r_ctl_20_what_is_locked_stays() {
        let position = Locks { position: true, value: false };
        let seal = control("seal", ControlKind::Seal(SealMark::default())).locked(position);
        let refused = seal.clone().moved(at(11.0)).unwrap_err();
        assert_eq!(refused.code(), "ctl.locked");
        assert!(seal.clone().reassigned("b".parse::<SlotId>().unwrap()).is_err());
        let free = seal.clone().locked(Locks::default());
        for after in [
            vec![],
            vec![free.clone()],
            vec![free.clone().moved(at(11.0)).unwrap().locked(position)],
            vec![free.clone().reassigned(Owner::Initiator).unwrap().locked(position)],
        ] {
            let codes: Vec<_> = check_locks(std::slice::from_ref(&seal), &after)
                .iter()
                .map(ControlProblem::code)
                .collect();
            assert_eq!(codes, ["ctl.locked"]);
        }
        assert!(check_locks(&[seal.clone(), free], &[seal]).is_empty());
    }

    #[test]
    fn r_ctl_20_a_locked_value_is_set_once() {
        let locked = text("t").locked(Locks { value: true, position: false });
        let set = locked.clone().filled(&Input::text("x")).unwrap();
        assert_eq!(set.read(&Input::text("y")).unwrap_err().code(), "ctl.locked");
        let other = locked.clone().filled(&Input::text("y")).unwrap();
        assert_eq!(check_locks(std::slice::from_ref(&set), &[other]).len(), 1);
        assert_eq!(check_locks(std::slice::from_ref(&set), &[]).len(), 1);
        assert!(check_locks(&[locked], &[set]).is_empty());
    }
}
