//! What an employee may do, and on whose things: permissions with a data range, and the roles that
//! bundle them.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::identity::RoleId;

/// A right (权限) that a role gives.
///
/// ```
/// use sealwright::organization::Permission;
/// assert_eq!(Permission::ContractInitiate.code(), "contract.initiate");
/// assert_eq!("seal.grant".parse::<Permission>(), Ok(Permission::SealGrant));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Permission {
    /// Draft and start contracts for the organization.
    #[serde(rename = "contract.initiate")]
    ContractInitiate,
    /// Sign where one is named as the organization's signer.
    #[serde(rename = "contract.sign")]
    ContractSign,
    /// Withdraw contracts that the organization started.
    #[serde(rename = "contract.cancel")]
    ContractCancel,
    /// See contracts; the range says whose.
    #[serde(rename = "contract.view")]
    ContractView,
    /// Hand a signer's place to a colleague.
    #[serde(rename = "contract.forward")]
    ContractForward,
    /// Make, change and retire seals.
    #[serde(rename = "seal.manage")]
    SealManage,
    /// Give and take the right to use seals.
    #[serde(rename = "seal.grant")]
    SealGrant,
    /// Approve a use of a seal before it happens (用印审批).
    #[serde(rename = "seal.use_review")]
    SealUseReview,
    /// Read the record of uses of seals.
    #[serde(rename = "seal.audit")]
    SealAudit,
    /// Manage employees, departments, roles and settings.
    #[serde(rename = "org.manage")]
    OrganizationManage,
    /// Book signing ceremonies.
    #[serde(rename = "ceremony.book")]
    CeremonyBook,
    /// Ask for an evidence report.
    #[serde(rename = "evidence.request")]
    EvidenceRequest,
}

impl Permission {
    /// Every permission, in the order in which they are listed.
    pub const ALL: [Self; 12] = [
        Self::ContractInitiate,
        Self::ContractSign,
        Self::ContractCancel,
        Self::ContractView,
        Self::ContractForward,
        Self::SealManage,
        Self::SealGrant,
        Self::SealUseReview,
        Self::SealAudit,
        Self::OrganizationManage,
        Self::CeremonyBook,
        Self::EvidenceRequest,
    ];

    /// The stable name: what is stored, shown in errors and read back by `FromStr`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::ContractInitiate => "contract.initiate",
            Self::ContractSign => "contract.sign",
            Self::ContractCancel => "contract.cancel",
            Self::ContractView => "contract.view",
            Self::ContractForward => "contract.forward",
            Self::SealManage => "seal.manage",
            Self::SealGrant => "seal.grant",
            Self::SealUseReview => "seal.use_review",
            Self::SealAudit => "seal.audit",
            Self::OrganizationManage => "org.manage",
            Self::CeremonyBook => "ceremony.book",
            Self::EvidenceRequest => "evidence.request",
        }
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl std::str::FromStr for Permission {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, UnknownName> {
        Self::ALL.into_iter().find(|known| known.code() == text).ok_or(UnknownName)
    }
}

/// A text that names no permission, role or feature of this version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this version knows no permission, role or feature of that name; compare with `ALL`")]
pub struct UnknownName;

/// Whose things a permission reaches (数据范围), from narrow to wide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DataRange {
    /// Only what the employee himself started or acts in.
    Own,
    /// What belongs to his departments and all below them.
    Department,
    /// Everything in the organization.
    All,
}

impl DataRange {
    /// The stable name, the last part of `contract.view.all`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Department => "department",
            Self::All => "all",
        }
    }
}

/// Permissions, each with its range.
pub type Permissions = BTreeMap<Permission, DataRange>;

/// The roles (角色) that come with every organization. They can be assigned, not edited.
///
/// Which permissions they carry is this project's choice; an organization that wants another
/// bundle defines a role of its own.
///
/// ```
/// use sealwright::organization::{DataRange, Permission, ShippedRole};
/// assert_eq!(ShippedRole::Salesperson.range(Permission::ContractView), Some(DataRange::Own));
/// assert_eq!(ShippedRole::SealAdmin.range(Permission::ContractInitiate), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShippedRole {
    /// Super admin (超级管理员): every permission. Held by exactly one employee, whom the
    /// organization names; it is never assigned like another role (R-ORG-03).
    SuperAdmin,
    /// IT admin (IT管理员): employees, departments, roles.
    ItAdmin,
    /// Contract admin (合同管理员): every contract of the organization.
    ContractAdmin,
    /// Template admin (模板管理员): prepares contracts for others.
    TemplateAdmin,
    /// Seal admin (印章管理员): seals and who may use them.
    SealAdmin,
    /// Seal-use approver (用印审批员).
    SealUseApprover,
    /// Department manager (部门主管): the contracts of the department and below.
    DepartmentManager,
    /// Salesperson (业务员): own contracts.
    Salesperson,
}

impl ShippedRole {
    /// Every shipped role.
    pub const ALL: [Self; 8] = [
        Self::SuperAdmin,
        Self::ItAdmin,
        Self::ContractAdmin,
        Self::TemplateAdmin,
        Self::SealAdmin,
        Self::SealUseApprover,
        Self::DepartmentManager,
        Self::Salesperson,
    ];

    /// The stable name.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::SuperAdmin => "super_admin",
            Self::ItAdmin => "it_admin",
            Self::ContractAdmin => "contract_admin",
            Self::TemplateAdmin => "template_admin",
            Self::SealAdmin => "seal_admin",
            Self::SealUseApprover => "seal_use_approver",
            Self::DepartmentManager => "department_manager",
            Self::Salesperson => "salesperson",
        }
    }

    /// How far the role reaches with a permission; `None`: it does not give it.
    #[must_use]
    pub fn range(self, permission: Permission) -> Option<DataRange> {
        use DataRange::{All, Department, Own};
        use Permission::{
            CeremonyBook, ContractCancel, ContractForward, ContractInitiate, ContractSign,
            ContractView, EvidenceRequest, OrganizationManage, SealAudit, SealGrant, SealManage,
            SealUseReview,
        };
        match (self, permission) {
            (Self::SuperAdmin, _) => Some(All),
            (Self::ItAdmin, OrganizationManage) => Some(All),
            (
                Self::ContractAdmin,
                ContractInitiate | ContractSign | ContractCancel | ContractView | ContractForward
                | CeremonyBook | EvidenceRequest,
            ) => Some(All),
            (Self::TemplateAdmin, ContractInitiate | ContractView) => Some(Own),
            (Self::SealAdmin, SealManage | SealGrant | SealAudit) => Some(All),
            (Self::SealUseApprover, SealUseReview) => Some(All),
            (
                Self::DepartmentManager,
                ContractInitiate | ContractSign | ContractCancel | ContractView | ContractForward
                | CeremonyBook,
            ) => Some(Department),
            (
                Self::Salesperson,
                ContractInitiate | ContractSign | ContractCancel | ContractView | ContractForward
                | CeremonyBook,
            ) => Some(Own),
            _ => None,
        }
    }
}

impl std::str::FromStr for ShippedRole {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, UnknownName> {
        Self::ALL.into_iter().find(|known| known.code() == text).ok_or(UnknownName)
    }
}

/// A role that an employee holds: one that comes with the organization, or one of its own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoleRef {
    /// A role that comes with every organization.
    Shipped(ShippedRole),
    /// A role that the organization defined.
    Own(RoleId),
}

impl From<ShippedRole> for RoleRef {
    fn from(role: ShippedRole) -> Self {
        Self::Shipped(role)
    }
}

impl fmt::Display for RoleRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shipped(role) => f.write_str(role.code()),
            Self::Own(id) => write!(f, "own:{id}"),
        }
    }
}

/// A role that the organization defined for itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    /// What it is called.
    pub name: super::Label,
    /// What it gives.
    pub permissions: Permissions,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn org_permission_codes_are_those_of_the_stored_form_and_read_back() {
        for permission in Permission::ALL {
            let stored = serde_json::to_string(&permission).unwrap();
            assert_eq!(stored, format!("\"{}\"", permission.code()));
            assert_eq!(permission.code().parse(), Ok(permission));
        }
        assert_eq!("contract.launch".parse::<Permission>(), Err(UnknownName));
    }

    #[test]
    fn org_the_eight_shipped_roles_have_stable_names() {
        for role in ShippedRole::ALL {
            let stored = serde_json::to_string(&role).unwrap();
            assert_eq!(stored, format!("\"{}\"", role.code()));
            assert_eq!(role.code().parse(), Ok(role));
        }
    }

    #[test]
    fn org_every_permission_is_within_reach_of_a_role_beside_the_super_admin() {
        for permission in Permission::ALL {
            assert_eq!(ShippedRole::SuperAdmin.range(permission), Some(DataRange::All));
            assert!(
                ShippedRole::ALL[1..].iter().any(|role| role.range(permission).is_some()),
                "{permission} only for the super admin"
            );
        }
    }

    #[test]
    fn org_ranges_grow() {
        assert!(DataRange::Own < DataRange::Department && DataRange::Department < DataRange::All);
    }
}
