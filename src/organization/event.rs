//! What can happen to an organization, and the state that follows.

use serde::{Deserialize, Serialize};

use super::{
    AuthorizationMethod, Authorized, Department, Departments, Label, LegalRepresentative,
    LicenceKind, Logo, Organization, OrganizationKind, OrganizationStatus, PastName, Permissions,
    Role, Settings,
};
use crate::audit::Details;
use crate::decision::{Aggregate, Event, Evolve, History, Recorded};
use crate::digest::Digest;
use crate::identity::{
    DepartmentId, EmployeeId, IdDocument, OrganizationName, PersonName, Personal, RoleId, Uscc,
};

/// What can happen to an [`Organization`].
///
/// ```
/// use sealwright::decision::Event;
/// use sealwright::organization::OrganizationEvent;
/// assert_eq!(OrganizationEvent::Resumed.kind(), "org.resumed");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum OrganizationEvent {
    /// The account was made.
    Registered {
        /// The legal name.
        name: OrganizationName,
        /// The credit code.
        uscc: Uscc,
        /// What it is in law.
        kind: OrganizationKind,
        /// The licence it shows.
        licence: LicenceKind,
    },
    /// The licence was handed in.
    VerificationSubmitted {
        /// The name, as corrected.
        name: OrganizationName,
        /// The person named on the licence.
        legal_representative: LegalRepresentative,
        /// The digest of the licence.
        licence_digest: Digest,
        /// The address on the licence.
        address: Option<String>,
    },
    /// The licence is in order.
    Verified {
        /// The legal representative's identity document, if the verifier named it.
        legal_representative: Option<Personal<IdDocument>>,
    },
    /// The licence is not in order.
    Rejected {
        /// Why.
        reason: String,
    },
    /// The legal representative authorized somebody.
    LegalAuthorized {
        /// How.
        method: AuthorizationMethod,
        /// Whom.
        authorized: Personal<PersonName>,
        /// The legal representative's identity document, if it was shown.
        legal_representative: Option<Personal<IdDocument>>,
        /// The digest of the letter.
        letter_digest: Option<Digest>,
        /// The provider's reference.
        reference: Option<String>,
    },
    /// The super admin was activated, and with him the organization.
    Activated {
        /// The super admin.
        super_admin: EmployeeId,
    },
    /// Another employee is the super admin.
    SuperAdminChanged {
        /// Who it was.
        from: EmployeeId,
        /// Who it is.
        to: EmployeeId,
    },
    /// Another person is named on the licence, or the same one under another name or identity
    /// document. The seal of the legal representative falls with it.
    LegalRepresentativeChanged {
        /// Who.
        legal_representative: LegalRepresentative,
    },
    /// It has another name. Its official and contract seals fall with it, and live contracts in
    /// which it has not signed (R-ORG-04).
    Renamed {
        /// The name it had.
        from: OrganizationName,
        /// The name it has.
        to: OrganizationName,
    },
    /// It may not act for now.
    Suspended {
        /// Why.
        reason: String,
        /// Whether the host imposed it.
        by_operator: bool,
    },
    /// It may act again.
    Resumed,
    /// It winds up.
    ClosingBegun,
    /// It is gone.
    Closed,
    /// It has another logo, or none.
    LogoChanged {
        /// The logo.
        logo: Option<Logo>,
    },
    /// It decided otherwise for itself.
    SettingsChanged {
        /// What it decided.
        settings: Settings,
    },
    /// A department was added.
    DepartmentAdded {
        /// Its id.
        id: DepartmentId,
        /// Its name and place.
        department: Department,
    },
    /// A department has another name.
    DepartmentRenamed {
        /// Its id.
        id: DepartmentId,
        /// Its name.
        name: Label,
    },
    /// A department lies elsewhere.
    DepartmentMoved {
        /// Its id.
        id: DepartmentId,
        /// Where it lies.
        parent: Option<DepartmentId>,
    },
    /// A department is gone.
    DepartmentRemoved {
        /// Its id.
        id: DepartmentId,
    },
    /// A role was defined, or defined anew.
    RoleDefined {
        /// Its id.
        id: RoleId,
        /// What it gives.
        role: Role,
    },
    /// A role is gone.
    RoleRemoved {
        /// Its id.
        id: RoleId,
    },
}

impl Event for OrganizationEvent {
    const FORMAT: &'static str = "sealwright/organization-event/1";

    fn kind(&self) -> &'static str {
        match self {
            Self::Registered { .. } => "org.registered",
            Self::VerificationSubmitted { .. } => "org.verification_submitted",
            Self::Verified { .. } => "org.verified",
            Self::Rejected { .. } => "org.rejected",
            Self::LegalAuthorized { .. } => "org.legal_authorized",
            Self::Activated { .. } => "org.activated",
            Self::SuperAdminChanged { .. } => "org.super_admin_changed",
            Self::LegalRepresentativeChanged { .. } => "org.legal_representative_changed",
            Self::Renamed { .. } => "org.renamed",
            Self::Suspended { .. } => "org.suspended",
            Self::Resumed => "org.resumed",
            Self::ClosingBegun => "org.closing",
            Self::Closed => "org.closed",
            Self::LogoChanged { .. } => "org.logo_changed",
            Self::SettingsChanged { .. } => "org.settings_changed",
            Self::DepartmentAdded { .. } => "org.department_added",
            Self::DepartmentRenamed { .. } => "org.department_renamed",
            Self::DepartmentMoved { .. } => "org.department_moved",
            Self::DepartmentRemoved { .. } => "org.department_removed",
            Self::RoleDefined { .. } => "org.role_defined",
            Self::RoleRemoved { .. } => "org.role_removed",
        }
    }

    fn details(&self) -> Details {
        let details = Details::new();
        match self {
            Self::Registered { name, uscc, .. } => {
                details.with("name", name.as_str()).with("uscc", uscc.as_str())
            }
            Self::VerificationSubmitted { name, licence_digest, .. } => details
                .with("name", name.as_str())
                .with("licence_digest", licence_digest.to_string()),
            Self::LegalAuthorized { method, letter_digest, reference, .. } => details
                .with("method", method.code())
                .with_some("letter_digest", letter_digest.map(|digest| digest.to_string()))
                .with_some("reference", reference.clone()),
            Self::Activated { super_admin } => details.with("super_admin", super_admin.as_str()),
            Self::SuperAdminChanged { from, to } => {
                details.with("from", from.as_str()).with("to", to.as_str())
            }
            Self::Renamed { from, to } => {
                details.with("from", from.as_str()).with("to", to.as_str())
            }
            Self::Suspended { by_operator, .. } => details.with("by_operator", *by_operator),
            Self::LogoChanged { logo } => {
                details.with_some("logo_digest", logo.map(|logo| logo.digest.to_string()))
            }
            Self::SettingsChanged { settings } => details
                .with("approve_joins", settings.approve_joins)
                .with("everyone", ranges(&settings.everyone)),
            Self::DepartmentAdded { id, department: Department { parent, .. } }
            | Self::DepartmentMoved { id, parent } => details
                .with("department", id.as_str())
                .with_some("parent", parent.as_ref().map(DepartmentId::as_str)),
            Self::DepartmentRenamed { id, .. } | Self::DepartmentRemoved { id } => {
                details.with("department", id.as_str())
            }
            Self::RoleDefined { id, role } => {
                details.with("role", id.as_str()).with("permissions", ranges(&role.permissions))
            }
            Self::RoleRemoved { id } => details.with("role", id.as_str()),
            // A reason is a person's own words and may name somebody: it stays in the event.
            Self::Verified { .. }
            | Self::Rejected { .. }
            | Self::LegalRepresentativeChanged { .. }
            | Self::Resumed
            | Self::ClosingBegun
            | Self::Closed => details,
        }
    }
}

/// Who may do what is what a trail is read for.
fn ranges(permissions: &Permissions) -> Details {
    permissions.iter().fold(Details::new(), |details, (permission, range)| {
        details.with(permission.code(), range.code())
    })
}

impl Evolve for Organization {
    type Event = OrganizationEvent;

    const PREFIX: &'static str = "org";
    const SUBJECT: &'static str = "organization";

    crate::decision::id_and_history!();

    fn state_name(&self) -> &'static str {
        self.status.code()
    }

    fn begin(first: &Recorded<OrganizationEvent>) -> Option<Self> {
        let OrganizationEvent::Registered { name, uscc, kind, licence } = &first.event else {
            return None;
        };
        Some(Self {
            id: first.aggregate.parse().ok()?,
            name: name.clone(),
            uscc: *uscc,
            kind: *kind,
            licence: *licence,
            status: OrganizationStatus::Registered,
            applicant: first.actor.clone(),
            address: None,
            legal_representative: None,
            representative_term: 0,
            representative_registered: false,
            authorized: None,
            super_admin: None,
            suspended_by_operator: false,
            logo: None,
            past_names: Vec::new(),
            departments: Departments::default(),
            roles: std::collections::BTreeMap::new(),
            settings: Settings::default(),
            history: History::start(),
        })
    }

    fn evolve(&mut self, recorded: &Recorded<OrganizationEvent>) {
        match &recorded.event {
            OrganizationEvent::Registered { .. } => {}
            OrganizationEvent::VerificationSubmitted {
                name,
                legal_representative,
                address,
                licence_digest: _,
            } => {
                self.status = OrganizationStatus::Verifying;
                self.name = name.clone();
                self.legal_representative = Some(legal_representative.clone());
                self.address.clone_from(address);
            }
            OrganizationEvent::Verified { legal_representative } => {
                self.status = OrganizationStatus::Verified;
                self.representative_registered = legal_representative.is_some();
                if let (Some(known), Some(_)) =
                    (&mut self.legal_representative, legal_representative)
                {
                    known.id_document.clone_from(legal_representative);
                }
            }
            OrganizationEvent::Rejected { .. } => self.status = OrganizationStatus::Rejected,
            OrganizationEvent::LegalAuthorized {
                method, authorized, legal_representative, ..
            } => {
                self.status = OrganizationStatus::LegalAuthorized;
                self.authorized = Some(Authorized { name: authorized.clone(), method: *method });
                if let Some(known) = &mut self.legal_representative
                    && !self.representative_registered
                {
                    // A number that was stated and never shown is nobody's identity.
                    known.id_document.clone_from(legal_representative);
                }
            }
            OrganizationEvent::Activated { super_admin } => {
                self.status = OrganizationStatus::Active;
                self.super_admin = Some(super_admin.clone());
            }
            OrganizationEvent::SuperAdminChanged { to, .. } => self.super_admin = Some(to.clone()),
            OrganizationEvent::LegalRepresentativeChanged { legal_representative } => {
                self.legal_representative = Some(legal_representative.clone());
                self.representative_term = self.representative_term.saturating_add(1);
            }
            OrganizationEvent::Renamed { from, to } => {
                self.past_names.push(PastName { name: from.clone(), until: recorded.at });
                self.name = to.clone();
            }
            OrganizationEvent::Suspended { by_operator, .. } => {
                self.status = OrganizationStatus::Suspended;
                self.suspended_by_operator = *by_operator;
            }
            OrganizationEvent::Resumed => {
                self.status = OrganizationStatus::Active;
                self.suspended_by_operator = false;
            }
            OrganizationEvent::ClosingBegun => self.status = OrganizationStatus::Closing,
            OrganizationEvent::Closed => self.status = OrganizationStatus::Closed,
            OrganizationEvent::LogoChanged { logo } => self.logo = *logo,
            OrganizationEvent::SettingsChanged { settings } => self.settings = settings.clone(),
            OrganizationEvent::DepartmentAdded { id, department } => {
                self.departments.put(id.clone(), department.clone());
            }
            OrganizationEvent::DepartmentRenamed { id, name } => {
                if let Some(department) = self.departments.get_mut(id) {
                    department.name = name.clone();
                }
            }
            OrganizationEvent::DepartmentMoved { id, parent } => {
                if let Some(department) = self.departments.get_mut(id) {
                    department.parent.clone_from(parent);
                }
            }
            OrganizationEvent::DepartmentRemoved { id } => self.departments.remove(id),
            OrganizationEvent::RoleDefined { id, role } => {
                self.roles.insert(id.clone(), role.clone());
            }
            OrganizationEvent::RoleRemoved { id } => {
                self.roles.remove(id);
            }
        }
    }
}

impl Aggregate for Organization {
    const FORMAT: &'static str = "sealwright/organization/1";
}
