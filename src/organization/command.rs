//! What can be asked of an organization, and whether it does it.

use time::OffsetDateTime;

use super::{
    AuthorizationMethod, AuthorizationProof, By, Department, Employee, Error, Label,
    LegalRepresentative, LicenceFacts, Logo, Organization, OrganizationEvent, OrganizationStatus,
    Permissions, RegisterFacts, Role, Settings, stated_reason,
};
use crate::decision::{Claim, Decision, Notice, Recipient};
use crate::identity::{Actor, ContractId, DepartmentId, OrganizationId, OrganizationName, RoleId};

/// What can be asked of an [`Organization`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum OrganizationCommand<'a> {
    /// Hand in the licence, first or again. For whoever registered the organization, its legal
    /// representative and the host, as the two further steps of the activation.
    SubmitVerification(LicenceFacts),
    /// The verifier found these facts. For the host: an organization does not verify itself.
    AcceptVerification(RegisterFacts),
    /// The verifier found something wrong. For the host.
    RejectVerification {
        /// Why.
        reason: String,
    },
    /// The legal representative authorizes the applicant (法人授权). What the proof says was checked by
    /// the host or its provider; the engine holds it against the licence.
    Authorize {
        /// In which way.
        method: AuthorizationMethod,
        /// What shows it.
        proof: AuthorizationProof,
    },
    /// The authorized employee becomes super admin, and the organization active (超管激活). He may do it
    /// himself.
    ActivateSuperAdmin {
        /// The employee.
        employee: &'a Employee,
        /// Who has the credit code in the host's index of claims, if anybody.
        holder: Option<OrganizationId>,
    },
    /// Another employee becomes super admin. For the super admin and the legal representative.
    ChangeSuperAdmin {
        /// Who.
        successor: &'a Employee,
    },
    /// Another person is named on the licence, as the register says too. For the super admin, the
    /// legal representative so far and the host. What follows for his seal is up to whoever asks.
    ChangeLegalRepresentative {
        /// The new legal representative.
        legal_representative: LegalRepresentative,
        /// What the register returned.
        register: RegisterFacts,
    },
    /// Take another name. For the super admin and the legal representative.
    Rename {
        /// The new name.
        name: OrganizationName,
    },
    /// Stop acting for now. For super admin, legal representative and host.
    Suspend {
        /// Why.
        reason: String,
    },
    /// Act again. What the host suspended, the host resumes.
    Resume,
    /// Begin to wind up. For super admin, legal representative and host.
    Close {
        /// Contracts of the organization that still run, as the host's query finds them.
        live_contracts: Vec<ContractId>,
    },
    /// End it.
    FinishClosing {
        /// Contracts of the organization that still run.
        live_contracts: Vec<ContractId>,
    },
    /// Set the logo, or take it away.
    SetLogo(Option<Logo>),
    /// Decide what the organization decides for itself.
    ChangeSettings(Settings),
    /// Add a department.
    AddDepartment {
        /// Its id.
        id: DepartmentId,
        /// Its name.
        name: Label,
        /// Where it lies; `None`: directly below the organization.
        parent: Option<DepartmentId>,
    },
    /// Give a department another name.
    RenameDepartment {
        /// Its id.
        id: DepartmentId,
        /// Its name.
        name: Label,
    },
    /// Move a department.
    MoveDepartment {
        /// Its id.
        id: DepartmentId,
        /// Where it shall lie.
        parent: Option<DepartmentId>,
    },
    /// Remove an empty department.
    RemoveDepartment {
        /// Its id.
        id: DepartmentId,
        /// How many employees are in it, as the host's query finds them.
        members: usize,
    },
    /// Define a role of its own, or define it anew.
    DefineRole {
        /// Its id.
        id: RoleId,
        /// What it gives.
        role: Role,
    },
    /// Remove a role that nobody holds.
    RemoveRole {
        /// Its id.
        id: RoleId,
        /// How many employees hold it, as the host's query finds them.
        holders: usize,
    },
}

pub(super) type Decided = Result<Decision<Organization>, Error>;

impl Organization {
    /// Decides on a command. Nothing has changed yet.
    ///
    /// A command for what already is gives an empty decision.
    ///
    /// ```
    /// use sealwright::identity::OrganizationName;
    /// use sealwright::organization::{By, Organization, OrganizationCommand};
    ///
    /// fn rename(
    ///     organization: &mut Organization,
    ///     name: OrganizationName,
    ///     by: &By<'_>,
    ///     now: time::OffsetDateTime,
    /// ) -> Result<(), Box<dyn std::error::Error>> {
    ///     let decision = organization.decide(OrganizationCommand::Rename { name }, by, now)?;
    ///     // … store `decision`, with what follows for seals and contracts, in one transaction …
    ///     decision.apply_to(organization)?;
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// The first guard that does not hold, in the order status, actor, facts. Steps out of their
    /// order are `org.activation_order`.
    pub fn decide(
        &self,
        command: OrganizationCommand<'_>,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Decided {
        use OrganizationCommand as Command;
        match command {
            Command::SubmitVerification(facts) => self.submit_verification(facts, by, now),
            Command::AcceptVerification(facts) => self.accept_verification(&facts, by, now),
            Command::RejectVerification { reason } => {
                self.require_status(OrganizationStatus::Verifying)?;
                by.require_operator()?;
                let reason = stated_reason(&reason)?;
                self.tell(by, now, OrganizationEvent::Rejected { reason })
            }
            Command::Authorize { method, proof } => self.authorize(method, proof, by, now),
            Command::ActivateSuperAdmin { employee, holder } => {
                self.activate_super_admin(employee, holder, by, now)
            }
            Command::ChangeSuperAdmin { successor } => self.change_super_admin(successor, by, now),
            Command::ChangeLegalRepresentative { legal_representative, register } => {
                self.change_legal_representative(legal_representative, &register, by, now)
            }
            Command::Rename { name } => self.rename(name, by, now),
            Command::Suspend { reason } => {
                self.require_active()?;
                self.require_head_or_operator(by)?;
                let reason = stated_reason(&reason)?;
                let by_operator = by.is_operator();
                self.tell(by, now, OrganizationEvent::Suspended { reason, by_operator })
            }
            Command::Resume => {
                self.require_status(OrganizationStatus::Suspended)?;
                if self.suspended_by_operator {
                    by.require_operator()?;
                } else {
                    self.require_head_or_operator(by)?;
                }
                self.tell(by, now, OrganizationEvent::Resumed)
            }
            Command::Close { live_contracts } => self.close(live_contracts, by, now),
            Command::FinishClosing { live_contracts } => {
                self.finish_closing(live_contracts, by, now)
            }
            managing => self.manage(managing, by, now),
        }
    }

    fn change_super_admin(
        &self,
        successor: &Employee,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Decided {
        self.require_active()?;
        by.require_head_of(self)?;
        successor.require_member_of(self)?;
        successor.require_active()?;
        let to = successor.id().clone();
        match self.super_admin.clone() {
            Some(from) if from != to => {
                let told = Notice::new("org.super_admin_changed", Recipient::Employee(to.clone()));
                let event = OrganizationEvent::SuperAdminChanged { from, to };
                Ok(self.tell(by, now, event)?.notice(told).reading(successor))
            }
            _ => Ok(by.decides(self, now)),
        }
    }

    fn rename(&self, name: OrganizationName, by: &By<'_>, now: OffsetDateTime) -> Decided {
        self.require_active()?;
        by.require_head_of(self)?;
        if name == self.name {
            return Ok(by.decides(self, now));
        }
        let from = self.name.clone();
        self.tell(by, now, OrganizationEvent::Renamed { from, to: name })
    }

    fn close(&self, live: Vec<ContractId>, by: &By<'_>, now: OffsetDateTime) -> Decided {
        if self.status != OrganizationStatus::Suspended {
            self.require_active()?;
        }
        self.require_head_or_operator(by)?;
        require_no_live_contracts(live)?;
        self.tell(by, now, OrganizationEvent::ClosingBegun)
    }

    fn finish_closing(&self, live: Vec<ContractId>, by: &By<'_>, now: OffsetDateTime) -> Decided {
        if self.status != OrganizationStatus::Closing {
            return Err(Error::ActivationOrder {
                need: OrganizationStatus::Closing,
                have: self.status,
            });
        }
        self.require_head_or_operator(by)?;
        require_no_live_contracts(live)?;
        let release = Claim::release(self.uscc_key(), &self.id);
        Ok(self.tell(by, now, OrganizationEvent::Closed)?.claim(release))
    }

    /// What takes the permission `org.manage` only.
    fn manage(
        &self,
        command: OrganizationCommand<'_>,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Decided {
        self.require_open()?;
        by.require_manager_of(self)?;
        let decision = by.decides(self, now);
        by.require_holder_of(self, self.permissions_added(&command))?;
        let event = self.managed(command)?;
        Ok(event.into_iter().fold(decision, Decision::event))
    }

    /// What a managing command lets somebody do that he may not do yet.
    fn permissions_added(&self, command: &OrganizationCommand<'_>) -> Permissions {
        let none = Permissions::new();
        let (before, after) = match command {
            OrganizationCommand::ChangeSettings(settings) => {
                (&self.settings.everyone, &settings.everyone)
            }
            OrganizationCommand::DefineRole { id, role } => {
                let before = self.roles.get(id).map_or(&none, |known| &known.permissions);
                (before, &role.permissions)
            }
            _ => return none,
        };
        let is_wider = |permission, range| before.get(permission) < Some(range);
        let added = after.iter().filter(|(permission, range)| is_wider(*permission, *range));
        added.map(|(permission, range)| (*permission, *range)).collect()
    }

    /// The event of a managing command; `None` if it asks for what already is.
    fn managed(
        &self,
        command: OrganizationCommand<'_>,
    ) -> Result<Option<OrganizationEvent>, Error> {
        use OrganizationCommand as Command;
        use OrganizationEvent as Event;
        let event = match command {
            Command::SetLogo(logo) => {
                logo.map_or(Ok(()), |logo| logo.check())?;
                (logo != self.logo).then_some(Event::LogoChanged { logo })
            }
            Command::ChangeSettings(settings) => {
                (settings != self.settings).then_some(Event::SettingsChanged { settings })
            }
            Command::AddDepartment { id, name, parent } => {
                self.departments.may_add(&id, parent.as_ref())?;
                Some(Event::DepartmentAdded { id, department: Department { name, parent } })
            }
            Command::RenameDepartment { id, name } => {
                let same = self.departments.require(&id)?.name == name;
                (!same).then_some(Event::DepartmentRenamed { id, name })
            }
            Command::MoveDepartment { id, parent } => {
                self.departments.may_move(&id, parent.as_ref())?;
                let same = self.departments.require(&id)?.parent == parent;
                (!same).then_some(Event::DepartmentMoved { id, parent })
            }
            Command::RemoveDepartment { id, members } => {
                self.departments.may_remove(&id, members)?;
                Some(Event::DepartmentRemoved { id })
            }
            Command::DefineRole { id, role } => {
                let same = self.roles.get(&id) == Some(&role);
                (!same).then_some(Event::RoleDefined { id, role })
            }
            Command::RemoveRole { id, holders } => {
                if !self.roles.contains_key(&id) {
                    return Err(Error::RoleUnknown { role: id });
                }
                if holders > 0 {
                    return Err(Error::RoleInUse { role: id, holders });
                }
                Some(Event::RoleRemoved { id })
            }
            _ => None,
        };
        Ok(event)
    }

    /// A decision of one event that administrators, or before there are any the applicant, hear of.
    pub(super) fn tell(
        &self,
        by: &By<'_>,
        now: OffsetDateTime,
        event: OrganizationEvent,
    ) -> Decided {
        use crate::decision::Event as _;
        let recipient = match self.super_admin {
            Some(_) => Some(Recipient::Administrators(self.id.clone())),
            None => recipient(&self.applicant),
        };
        let notice = recipient.map(|recipient| Notice::new(event.kind(), recipient));
        Ok(by.decides(self, now).event(event).notices_of(notice))
    }

    pub(super) fn require_status(&self, need: OrganizationStatus) -> Result<(), Error> {
        if self.status == need {
            return Ok(());
        }
        self.require_open()?;
        Err(Error::ActivationOrder { need, have: self.status })
    }

    pub(super) fn require_open(&self) -> Result<(), Error> {
        match self.status {
            OrganizationStatus::Closing | OrganizationStatus::Closed => self.require_active(),
            _ => Ok(()),
        }
    }

    pub(super) fn require_head_or_operator(&self, by: &By<'_>) -> Result<(), Error> {
        if by.is_operator() { Ok(()) } else { by.require_head_of(self) }
    }
}

fn require_no_live_contracts(contracts: Vec<ContractId>) -> Result<(), Error> {
    if contracts.is_empty() { Ok(()) } else { Err(Error::HasLiveContracts { contracts }) }
}

pub(super) fn recipient(actor: &Actor) -> Option<Recipient> {
    match actor {
        Actor::Employee(id) => Some(Recipient::Employee(id.clone())),
        Actor::Person(id) => Some(Recipient::Person(id.clone())),
        _ => None,
    }
}
