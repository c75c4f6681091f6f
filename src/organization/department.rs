//! The organization chart: departments in a tree, or several trees side by side.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Error, Label};
use crate::identity::DepartmentId;

/// A department (部门): one node of the tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Department {
    /// What it is called.
    pub name: Label,
    /// The department it belongs to; `None`: directly to the organization.
    pub parent: Option<DepartmentId>,
}

/// All departments of an organization. Every parent exists and nothing is its own ancestor.
///
/// ```
/// use sealwright::organization::Departments;
/// let none = Departments::default();
/// assert!(none.is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    try_from = "BTreeMap<DepartmentId, Department>",
    into = "BTreeMap<DepartmentId, Department>"
)]
pub struct Departments(BTreeMap<DepartmentId, Department>);

impl Departments {
    /// The most departments of an organization. No norm bounds it.
    pub const MOST: usize = 10_000;
    /// The most departments on the way from the deepest one to the top, both counted.
    pub const DEEPEST: usize = 32;

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The department of that id.
    #[must_use]
    pub fn get(&self, id: &DepartmentId) -> Option<&Department> {
        self.0.get(id)
    }

    /// All of them, by id.
    pub fn iter(&self) -> impl Iterator<Item = (&DepartmentId, &Department)> {
        self.0.iter()
    }

    /// Whether `lower` is `upper` or lies below it.
    #[must_use]
    pub fn is_within(&self, lower: &DepartmentId, upper: &DepartmentId) -> bool {
        self.lineage(lower).any(|id| id == upper)
    }

    /// Whether something in the departments `theirs` lies in one of `ours` or below it.
    #[must_use]
    pub fn reaches(&self, ours: &BTreeSet<DepartmentId>, theirs: &BTreeSet<DepartmentId>) -> bool {
        theirs.iter().any(|lower| self.lineage(lower).any(|id| ours.contains(id)))
    }

    /// The department, its parent, its parent's parent … No way is longer than the deepest one.
    fn lineage<'a>(&'a self, id: &'a DepartmentId) -> impl Iterator<Item = &'a DepartmentId> {
        std::iter::successors(Some(id), |id| self.0.get(*id)?.parent.as_ref()).take(Self::DEEPEST)
    }

    /// How many departments lie on the way from the top to this one, both counted.
    fn depth(&self, id: &DepartmentId) -> usize {
        self.lineage(id).count()
    }

    /// How many levels the departments below this one make, itself counted.
    fn height(&self, id: &DepartmentId) -> usize {
        let steps = |lower| self.lineage(lower).position(|upper| upper == id);
        self.0.keys().filter_map(steps).max().unwrap_or(0).saturating_add(1)
    }

    fn limit(department: &DepartmentId) -> Error {
        let department = department.clone();
        Error::DepartmentLimit { department, most: Self::MOST, deepest: Self::DEEPEST }
    }

    pub(super) fn require(&self, id: &DepartmentId) -> Result<&Department, Error> {
        self.0.get(id).ok_or_else(|| Error::DepartmentUnknown { department: id.clone() })
    }

    pub(super) fn may_add(
        &self,
        id: &DepartmentId,
        parent: Option<&DepartmentId>,
    ) -> Result<(), Error> {
        if self.0.contains_key(id) {
            return Err(Error::DepartmentTaken { department: id.clone() });
        }
        parent.map_or(Ok(()), |parent| self.require(parent).map(drop))?;
        if self.len() >= Self::MOST || parent.is_some_and(|one| self.depth(one) >= Self::DEEPEST) {
            return Err(Self::limit(id));
        }
        Ok(())
    }

    pub(super) fn may_move(
        &self,
        id: &DepartmentId,
        parent: Option<&DepartmentId>,
    ) -> Result<(), Error> {
        self.require(id)?;
        let Some(parent) = parent else { return Ok(()) };
        self.require(parent)?;
        if self.is_within(parent, id) {
            return Err(Error::DepartmentCycle { department: id.clone(), parent: parent.clone() });
        }
        if self.depth(parent).saturating_add(self.height(id)) > Self::DEEPEST {
            return Err(Self::limit(id));
        }
        Ok(())
    }

    pub(super) fn may_remove(&self, id: &DepartmentId, members: usize) -> Result<(), Error> {
        self.require(id)?;
        let below = self.0.values().filter(|other| other.parent.as_ref() == Some(id)).count();
        if below > 0 || members > 0 {
            return Err(Error::DepartmentInUse { department: id.clone(), below, members });
        }
        Ok(())
    }

    pub(super) fn put(&mut self, id: DepartmentId, department: Department) {
        self.0.insert(id, department);
    }

    pub(super) fn get_mut(&mut self, id: &DepartmentId) -> Option<&mut Department> {
        self.0.get_mut(id)
    }

    pub(super) fn remove(&mut self, id: &DepartmentId) {
        self.0.remove(id);
    }
}

impl TryFrom<BTreeMap<DepartmentId, Department>> for Departments {
    type Error = Error;

    fn try_from(map: BTreeMap<DepartmentId, Department>) -> Result<Self, Error> {
        let all = Self(map);
        if let Some((one_more, _)) = all.iter().nth(Self::MOST) {
            return Err(Self::limit(one_more));
        }
        for (id, department) in all.iter() {
            let Some(parent) = &department.parent else { continue };
            all.require(parent)?;
            // A way that does not end within the bound goes in a circle, or too deep.
            let top = all.lineage(id).last().and_then(|last| all.get(last));
            if top.is_some_and(|top| top.parent.is_some()) {
                return Err(Error::DepartmentCycle {
                    department: id.clone(),
                    parent: parent.clone(),
                });
            }
        }
        Ok(all)
    }
}

impl From<Departments> for BTreeMap<DepartmentId, Department> {
    fn from(departments: Departments) -> Self {
        departments.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> DepartmentId {
        text.parse().unwrap()
    }

    fn tree(rows: &[(&str, Option<&str>)]) -> Departments {
        let mut all = Departments::default();
        for (name, parent) in rows {
            let parent = parent.map(id);
            all.may_add(&id(name), parent.as_ref()).unwrap();
            all.put(id(name), Department { name: Label::parse(name).unwrap(), parent });
        }
        all
    }

    #[test]
    fn org_departments_reach_downwards_only() {
        let all = tree(&[("top", None), ("law", Some("top")), ("ip", Some("law")), ("it", None)]);
        assert!(all.is_within(&id("ip"), &id("top")));
        assert!(!all.is_within(&id("top"), &id("ip")));
        let set = |name| BTreeSet::from([id(name)]);
        assert!(all.reaches(&set("law"), &set("ip")));
        assert!(!all.reaches(&set("ip"), &set("law")));
        assert!(!all.reaches(&set("top"), &set("it")));
        assert!(!all.reaches(&set("top"), &BTreeSet::new()));
    }

    #[test]
    fn org_departments_have_no_cycle() {
        let all = tree(&[("top", None), ("law", Some("top")), ("ip", Some("law"))]);
        let error = all.may_move(&id("top"), Some(&id("ip"))).unwrap_err();
        assert_eq!(error.code(), "org.department_cycle");
        assert_eq!(
            all.may_move(&id("top"), Some(&id("top"))).unwrap_err().code(),
            "org.department_cycle"
        );
        assert!(all.may_move(&id("ip"), Some(&id("top"))).is_ok());
        assert!(all.may_move(&id("ip"), None).is_ok());
    }

    #[test]
    fn org_departments_exist_once_and_have_a_parent_that_exists() {
        let all = tree(&[("top", None), ("law", Some("top"))]);
        assert_eq!(all.may_add(&id("law"), None).unwrap_err().code(), "org.department_taken");
        let error = all.may_add(&id("hr"), Some(&id("ghost"))).unwrap_err();
        assert_eq!(error.code(), "org.department_unknown");
        assert_eq!(all.may_remove(&id("top"), 0).unwrap_err().code(), "org.department_in_use");
        assert_eq!(all.may_remove(&id("law"), 1).unwrap_err().code(), "org.department_in_use");
        assert!(all.may_remove(&id("law"), 0).is_ok());
    }

    #[test]
    fn org_departments_with_a_cycle_are_not_read_back() {
        let text = r#"{"a":{"name":"a","parent":"b"},"b":{"name":"b","parent":"a"}}"#;
        assert!(serde_json::from_str::<Departments>(text).is_err());
        let text = r#"{"a":{"name":"a","parent":"ghost"}}"#;
        assert!(serde_json::from_str::<Departments>(text).is_err());
    }

    /// Departments each below the one before.
    fn chain(prefix: &str, long: usize) -> BTreeMap<DepartmentId, Department> {
        let named = |number| id(&format!("{prefix}{number}"));
        let one = |number: usize| Department {
            name: Label::parse("部门").unwrap(),
            parent: number.checked_sub(1).map(named),
        };
        (0..long).map(|number| (named(number), one(number))).collect()
    }

    #[test]
    fn org_departments_are_no_deeper_than_thirty_two_and_no_more_than_ten_thousand() {
        let refused = |outcome: Result<(), Error>| outcome.unwrap_err().code();
        let deep = Departments::try_from(chain("d", 32)).unwrap();
        assert_eq!(refused(deep.may_add(&id("x"), Some(&id("d31")))), "org.department_limit");
        assert!(deep.may_add(&id("x"), Some(&id("d30"))).is_ok());
        let read = Departments::try_from(chain("d", 33));
        assert_eq!(refused(read.map(drop)), "org.department_cycle");

        let mut two = chain("d", 30);
        two.extend(chain("e", 3));
        let two = Departments::try_from(two).unwrap();
        assert_eq!(refused(two.may_move(&id("e0"), Some(&id("d29")))), "org.department_limit");
        assert!(two.may_move(&id("e1"), Some(&id("d29"))).is_ok());

        let flat = |many: usize| {
            let of = |number: usize| chain(&format!("f{number}x"), 1);
            (0..many).flat_map(of).collect::<BTreeMap<_, _>>()
        };
        let full = Departments::try_from(flat(10_000)).unwrap();
        assert_eq!(refused(full.may_add(&id("x"), None)), "org.department_limit");
        let read = Departments::try_from(flat(10_001));
        assert_eq!(refused(read.map(drop)), "org.department_limit");
    }

    #[test]
    fn org_departments_in_a_long_circle_are_found_in_few_steps() {
        let mut circle = chain("d", 10_000);
        circle.get_mut(&id("d0")).unwrap().parent = Some(id("d9999"));
        let refused = Departments::try_from(circle).unwrap_err();
        assert_eq!(refused.code(), "org.department_cycle");
    }
}
