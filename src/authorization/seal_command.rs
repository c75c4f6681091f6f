//! What can be done with seals, by whom, and when.

use time::OffsetDateTime;

use super::seal::is_legal_representative;
use super::seal_event::{SealEvent, SealSource, SealStatus, SealVersion};
use super::{Error, NewFace, Right, Seal, SealGrant, SealImage, SealRules};
use crate::contract::{Reason, SealKind};
use crate::decision::{Decision, Notice, Recipient};
use crate::organization::{self, By, Organization, Permission};

/// What can be done with a seal.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SealCommand {
    /// The review lets it pass.
    Approve,
    /// The review refuses it.
    Reject {
        /// Why.
        reason: Reason,
    },
    /// Switch it off for now.
    Disable,
    /// Switch it on again.
    Enable,
    /// Stop it for good.
    Stop {
        /// Why.
        reason: Reason,
    },
    /// Declare it void: lost, or made by mistake.
    Void {
        /// Why.
        reason: Reason,
    },
    /// Give it a new face (章面变更), which is reviewed.
    ChangeFace(NewFace),
    /// Delete it.
    Delete,
    /// The name on it is no longer that of its organization (R-ORG-04) or of its legal
    /// representative. For the host, which otherwise leaves this to
    /// [`rename_organization`](super::rename_organization) and
    /// [`change_legal_representative`](super::change_legal_representative).
    Invalidate,
}

impl SealCommand {
    fn action(&self) -> &'static str {
        match self {
            Self::Approve => "be approved",
            Self::Reject { .. } => "be rejected",
            Self::Disable => "be disabled",
            Self::Enable => "be enabled",
            Self::Stop { .. } => "be stopped",
            Self::Void { .. } => "be declared void",
            Self::ChangeFace(_) => "get a new face",
            Self::Delete => "be deleted",
            Self::Invalidate => "become invalid",
        }
    }
}

/// What a decision about a seal rests on beside the seal itself.
#[derive(Clone, Copy, Debug)]
pub struct SealFacts<'a> {
    /// The organization that owns it.
    pub organization: &'a Organization,
    /// Its other seals, those that are live at least: names are unique among them. A host that
    /// keeps the claims of decisions under a unique index may leave them out.
    pub seals: &'a [&'a Seal],
    /// Grants of whoever asks: one to manage this seal stands for the permission.
    pub grants: &'a [&'a SealGrant],
    /// What seals have to look like.
    pub rules: &'a SealRules,
}

impl<'a> SealFacts<'a> {
    /// The organization and the rules, where the host keeps claims and nobody has a grant to manage.
    #[must_use]
    pub fn of(organization: &'a Organization, rules: &'a SealRules) -> Self {
        Self { organization, seals: &[], grants: &[], rules }
    }
}

impl Seal {
    /// Decides what follows from a command.
    ///
    /// * The review is the platform's ([`By::Host`], [`By::System`]) while the seal is `Checking`,
    ///   and the super admin's while it is `CheckingByAdmin`.
    /// * Everything else takes the permission `seal.manage` or a grant to manage this seal, and for
    ///   the seal of the legal representative himself (R-SEAL-14). The platform may stop a seal and
    ///   declare it void as well.
    /// * A new face is reviewed again, and the seal cannot be applied until it has passed. What was
    ///   applied before keeps the version it was applied with.
    ///
    /// ```
    /// # use sealwright::authorization::{Error, Seal, SealCommand, SealFacts};
    /// # use sealwright::organization::By;
    /// fn switch_off(
    ///     seal: &mut Seal,
    ///     by: &By<'_>,
    ///     facts: &SealFacts<'_>,
    ///     now: time::OffsetDateTime,
    /// ) -> Result<(), Error> {
    ///     let decision = seal.decide(SealCommand::Disable, by, facts, now)?;
    ///     // … store it, if the seal still has the revision `decision.expected()` …
    ///     decision.apply_to(seal)?;
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::SealNotFound`] to somebody of another organization, `org.not_active`,
    /// `emp.no_permission`, [`Error::LegalRepOnly`], [`Error::SealIllegalTransition`],
    /// [`Error::DeleteRequiresDisabled`], for a new face the picture's and the form's, and
    /// [`Error::FormerRepresentative`] for what would put the seal of a former legal representative
    /// in force.
    pub fn decide(
        &self,
        command: SealCommand,
        by: &By<'_>,
        facts: &SealFacts<'_>,
        now: OffsetDateTime,
    ) -> Result<Decision<Self>, Error> {
        self.require_known_to(by, facts.organization)?;
        let status = self.status();
        match &command {
            SealCommand::Approve | SealCommand::Reject { .. } => {
                if !status.is_under_review() {
                    return Err(self.illegal(&command));
                }
                self.require_reviewer(by)?;
            }
            SealCommand::Stop { .. } | SealCommand::Void { .. } if by.is_operator() => {}
            SealCommand::Invalidate if by.is_operator() => {}
            SealCommand::Invalidate => return Err(no_permission(by)),
            _ => require_manager(self.kind(), Some(self), by, facts, now)?,
        }
        let event = self.follow(command, by, facts)?;
        if matches!(event, SealEvent::Approved | SealEvent::Enabled | SealEvent::FaceChanged { .. })
        {
            self.require_of_present_representative(facts.organization)?;
        }
        let kind = crate::decision::Event::kind(&event);
        let ends = matches!(
            event,
            SealEvent::Rejected { .. }
                | SealEvent::Stopped { .. }
                | SealEvent::Voided { .. }
                | SealEvent::Invalidated
                | SealEvent::Deleted
        );
        let manages = self.grant_of(Right::Manage, by, facts.grants, now);
        let mut decision = by.decides(self, now).event(event).reading_all(manages);
        if ends && status.is_live() {
            decision = self.releases().into_iter().fold(decision, Decision::claim);
        }
        Ok(told(decision, kind, facts.organization).reading(facts.organization))
    }

    /// The event that a command leads to from here.
    fn follow(
        &self,
        command: SealCommand,
        by: &By<'_>,
        facts: &SealFacts<'_>,
    ) -> Result<SealEvent, Error> {
        use SealStatus::{Disabled, Enabled, Rejected};
        let status = self.status();
        let illegal = self.illegal(&command);
        Ok(match command {
            SealCommand::Approve => SealEvent::Approved,
            SealCommand::Reject { reason } => SealEvent::Rejected { reason },
            SealCommand::Disable if status == Enabled => SealEvent::Disabled,
            SealCommand::Enable if status == Disabled => SealEvent::Enabled,
            SealCommand::Stop { reason } if matches!(status, Enabled | Disabled) => {
                SealEvent::Stopped { reason }
            }
            SealCommand::Void { reason } if matches!(status, Enabled | Disabled) => {
                SealEvent::Voided { reason }
            }
            SealCommand::ChangeFace(face) if matches!(status, Enabled | Disabled) => {
                let number = self.current().number.saturating_add(1);
                let version = version(number, self.kind(), &face, facts.rules)?;
                SealEvent::FaceChanged { version, status: first_reviewer(by, facts.rules) }
            }
            SealCommand::Invalidate if status.is_live() => SealEvent::Invalidated,
            SealCommand::Delete if matches!(status, Disabled | Rejected) => SealEvent::Deleted,
            SealCommand::Delete if status.is_live() => {
                return Err(Error::DeleteRequiresDisabled { from: status });
            }
            _ => return Err(illegal),
        })
    }

    /// The seal falls with the name on it, whoever brings that about.
    pub(super) fn invalidated(&self, by: &By<'_>, now: OffsetDateTime) -> Decision<Self> {
        let managers = Recipient::SealManagers(self.organization().clone());
        let decision = by
            .decides(self, now)
            .event(SealEvent::Invalidated)
            .notice(Notice::new("seal.invalid", managers));
        self.releases().into_iter().fold(decision, Decision::claim)
    }

    fn illegal(&self, command: &SealCommand) -> Error {
        Error::SealIllegalTransition { from: self.status(), action: command.action() }
    }

    /// To somebody of another organization the seal does not exist.
    fn require_known_to(&self, by: &By<'_>, organization: &Organization) -> Result<(), Error> {
        let stranger =
            by.staff().is_some_and(|staff| staff.organization().id() != self.organization());
        if stranger || organization.id() != self.organization() {
            return Err(Error::SealNotFound { seal: self.id().clone() });
        }
        Ok(())
    }

    fn require_reviewer(&self, by: &By<'_>) -> Result<(), Error> {
        if self.status() == SealStatus::CheckingByAdmin {
            if let Some(staff) = by.staff().filter(|staff| staff.is_super_admin()) {
                return Ok(staff.require_active()?);
            }
        } else if by.is_operator() {
            return Ok(());
        }
        Err(no_permission(by))
    }
}

pub(super) fn require_manager(
    kind: &SealKind,
    seal: Option<&Seal>,
    by: &By<'_>,
    facts: &SealFacts<'_>,
    now: OffsetDateTime,
) -> Result<(), Error> {
    let organization = facts.organization;
    organization.require_active()?;
    if kind.is_legal_representative() {
        let is_he = is_legal_representative(by, organization);
        return if is_he { Ok(()) } else { Err(Error::LegalRepOnly) };
    }
    let staff = by
        .staff()
        .filter(|staff| staff.organization().id() == organization.id())
        .ok_or_else(|| no_permission(by))?;
    if seal.is_some_and(|seal| seal.gives(Right::Manage, by, facts.grants, now)) {
        return Ok(());
    }
    Ok(staff.require(Permission::SealManage)?)
}

fn no_permission(by: &By<'_>) -> Error {
    let (actor, permission) = (by.actor().to_string(), Permission::SealManage);
    organization::Error::NoPermission { actor, permission }.into()
}

pub(super) fn version(
    number: u32,
    kind: &SealKind,
    face: &NewFace,
    rules: &SealRules,
) -> Result<SealVersion, Error> {
    let generated = face.source == SealSource::Generated;
    let image = if generated && face.image.are_of_outlines() {
        SealImage::of_outlines(&face.image)?
    } else {
        SealImage::accept(&face.image, &rules.image)?
    };
    let form = if generated {
        rules.generated(kind, face.shape, face.size, face.colour)?
    } else {
        rules.uploaded(kind, &image, face.shape, face.size, face.colour)?
    };
    let warnings = rules.warnings(kind, &form, &image);
    Ok(SealVersion { number, source: face.source, form, image, warnings })
}

/// Who looks at a face first.
pub(super) fn first_reviewer(by: &By<'_>, rules: &SealRules) -> SealStatus {
    let by_super_admin = by.staff().is_some_and(|staff| staff.is_super_admin());
    if rules.reviewed_by_super_admin && !by_super_admin {
        SealStatus::CheckingByAdmin
    } else {
        SealStatus::Checking
    }
}

pub(super) fn told(
    decision: Decision<Seal>,
    kind: &str,
    organization: &Organization,
) -> Decision<Seal> {
    let managers = Recipient::SealManagers(organization.id().clone());
    decision.notice(Notice::new(kind, managers))
}
