//! What can be done with seals, by whom, and when.

use std::collections::BTreeSet;

use time::OffsetDateTime;

use super::seal::{is_legal_representative, names_of};
use super::seal_event::{SealEvent, SealSource, SealStatus, SealVersion};
use super::{
    Error, ImageFacts, Right, Seal, SealColour, SealGrant, SealImage, SealName, SealRules,
    SealShape, SealSize, SealWarning, TaxNumber, Validity,
};
use crate::contract::{self, Description, Reason, SealKind};
use crate::decision::{Claim, Decision, Notice, Recipient};
use crate::identity::SealId;
use crate::organization::{self, AuthorizationMethod, By, Organization, Permission};

/// The face that a seal is to have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFace {
    /// Where the picture comes from.
    pub source: SealSource,
    /// What was found out about the picture.
    pub image: ImageFacts,
    /// The outline.
    pub shape: SealShape,
    /// The size on paper; 42 mm across if nobody says it.
    pub size: Option<SealSize>,
    /// The colour. A generated seal is red whatever this says.
    pub colour: SealColour,
}

/// A seal that is to be made.
///
/// ```
/// use sealwright::authorization::{
///     ImageFacts, ImageFormat, NewFace, NewSeal, SealColour, SealName, SealShape, SealSize,
///     SealSource,
/// };
/// use sealwright::contract::SealKind;
/// use sealwright::digest::{Digest, DigestAlgorithm};
/// use sealwright::statement::FaceDigest;
///
/// let face = NewFace {
///     source: SealSource::Uploaded,
///     image: ImageFacts {
///         format: Some(ImageFormat::Png),
///         bytes: 81_234,
///         width: 600,
///         height: 600,
///         transparent: true,
///         source: Digest::of(DigestAlgorithm::Sha256, b"the uploaded bytes"),
///         face: Some(FaceDigest::from_bytes([7; 32])), // SealFace::face_digest()
///     },
///     shape: SealShape::Circle,
///     size: Some(SealSize::round(42)),
///     colour: SealColour::Red,
/// };
/// let seal = NewSeal::new("seal-1".parse()?, SealKind::Contract, SealName::parse("合同章")?, face);
/// assert_eq!(seal.valid_until, None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSeal {
    /// Its id, which the embedder chooses.
    pub id: SealId,
    /// What it is for.
    pub kind: SealKind,
    /// What it is called.
    pub name: SealName,
    /// Its first face.
    pub face: NewFace,
    /// From when it may be applied; from now on if nobody says it.
    pub valid_from: Option<OffsetDateTime>,
    /// Until when; for good if nobody says it.
    pub valid_until: Option<OffsetDateTime>,
    /// What the organization notes of it.
    pub description: Description,
    /// The tax number on an invoice seal; the credit code if nobody says it, unless the
    /// organization was authorized by a letter alone.
    pub tax_number: Option<TaxNumber>,
    /// What is odd about a generated seal, and was taken note of. Nobody reviews such a seal, so
    /// whoever makes it acknowledges each warning; a reviewer does so by approving.
    pub acknowledged: BTreeSet<SealWarning>,
}

impl NewSeal {
    /// A seal that is valid from now on for good.
    #[must_use]
    pub fn new(id: SealId, kind: SealKind, name: SealName, face: NewFace) -> Self {
        Self {
            id,
            kind,
            name,
            face,
            valid_from: None,
            valid_until: None,
            description: Description::default(),
            tax_number: None,
            acknowledged: BTreeSet::new(),
        }
    }
}

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
    /// The name on it is no longer that of its organization (R-ORG-04). For the host, which
    /// otherwise leaves this to the renaming of the organization.
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
    /// Makes a seal: `Checking` if it is uploaded or issued, `Enabled` if it is generated
    /// (R-SEAL-12).
    ///
    /// The decision claims the name, and the places of the one official seal and of the one seal
    /// of the legal representative (R-SEAL-01, 02, 03): keep the claims under a unique index, and
    /// two writers cannot make two of them. What is odd about the picture (`W-SEAL-…`) is in the
    /// event, for the reviewer; [`SealRules::warnings`] tells it beforehand.
    ///
    /// ```
    /// # use sealwright::authorization::{Error, NewSeal, Seal, SealFacts, SealRules};
    /// # use sealwright::organization::{By, Staff};
    /// fn upload(new: NewSeal, staff: Staff<'_>, now: time::OffsetDateTime) -> Result<Seal, Error> {
    ///     let rules = SealRules::default();
    ///     let facts = SealFacts::of(staff.organization(), &rules);
    ///     let decision = Seal::create(new, &By::Staff(staff), &facts, now)?;
    ///     // … store events, notices and claims in one transaction …
    ///     Ok(decision.found()?.0)
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// In this order: `org.not_active`, `emp.no_permission`, [`Error::LegalRepOnly`],
    /// [`Error::NameTaken`], [`Error::OfficialExists`], [`Error::LegalRepExists`],
    /// [`Error::TaxNumberRequired`], the picture's, the form's, [`Error::OutsideValidity`],
    /// `con.warning_unacknowledged{code}` for a generated seal.
    pub fn create(
        new: NewSeal,
        by: &By<'_>,
        facts: &SealFacts<'_>,
        now: OffsetDateTime,
    ) -> Result<Decision<Self>, Error> {
        let organization = facts.organization;
        organization.require_active()?;
        require_manager(&new.kind, None, by, facts, now)?;
        check_names(&new, facts)?;
        let tax_number = tax_number(&new, organization)?;
        let version = version(1, &new.kind, &new.face, facts.rules)?;
        let validity = validity(&new, now)?;
        let status = match version.source {
            SealSource::Generated => {
                require_acknowledged(&version, &new.acknowledged)?;
                SealStatus::Enabled
            }
            SealSource::Uploaded | SealSource::Issued => first_reviewer(by, facts.rules),
        };
        let mut decision = by.creates(new.id.as_str(), now);
        for (key, code) in names_of(organization.id(), &new.kind, &new.name) {
            decision = decision.claim(Claim::take(key, &new.id, code));
        }
        let event = SealEvent::Created {
            seal: new.id,
            organization: organization.id().clone(),
            kind: new.kind,
            name: new.name,
            version,
            status,
            validity,
            description: new.description,
            tax_number,
        };
        Ok(told(decision.event(event), "seal.created", organization).reading(organization))
    }

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
    /// [`Error::DeleteRequiresDisabled`], and for a new face the picture's and the form's.
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

fn require_manager(
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

fn check_names(new: &NewSeal, facts: &SealFacts<'_>) -> Result<(), Error> {
    let live = || {
        let others = facts.seals.iter().filter(|other| *other.id() != new.id);
        others.filter(|other| {
            other.organization() == facts.organization.id() && other.status().is_live()
        })
    };
    if let Some(holder) = live().find(|other| *other.name() == new.name) {
        return Err(Error::NameTaken { holder: holder.id().clone() });
    }
    let same = live().find(|other| *other.kind() == new.kind).map(|other| other.id().clone());
    match (&new.kind, same) {
        (SealKind::Official, Some(holder)) => Err(Error::OfficialExists { holder }),
        (SealKind::LegalRepresentative, Some(holder)) => Err(Error::LegalRepExists { holder }),
        _ => Ok(()),
    }
}

/// On an invoice seal, its tax number: by default the credit code. An organization of which only a
/// letter was looked at says it itself.
fn tax_number(new: &NewSeal, organization: &Organization) -> Result<Option<TaxNumber>, Error> {
    if new.kind != SealKind::Invoice {
        return Ok(None);
    }
    if let Some(number) = &new.tax_number {
        return Ok(Some(number.clone()));
    }
    if organization.authorization_method() == Some(AuthorizationMethod::LetterOfAuthority) {
        return Err(Error::TaxNumberRequired { characters: 0 });
    }
    Ok(Some(TaxNumber::from(organization.uscc())))
}

fn require_acknowledged(
    version: &SealVersion,
    acknowledged: &BTreeSet<SealWarning>,
) -> Result<(), Error> {
    match version.warnings.difference(acknowledged).next() {
        None => Ok(()),
        Some(open) => Err(contract::Error::WarningUnacknowledged { code: open.code() }.into()),
    }
}

fn version(
    number: u32,
    kind: &SealKind,
    face: &NewFace,
    rules: &SealRules,
) -> Result<SealVersion, Error> {
    let image = SealImage::accept(&face.image, &rules.image)?;
    let form = match face.source {
        SealSource::Generated => rules.generated(kind, face.shape, face.size)?,
        SealSource::Uploaded | SealSource::Issued => {
            rules.uploaded(kind, &image, face.shape, face.size, face.colour)?
        }
    };
    let warnings = rules.warnings(kind, &form, &image);
    Ok(SealVersion { number, source: face.source, form, image, warnings })
}

/// A seal that could never be applied is a mistake of whoever makes it.
fn validity(new: &NewSeal, now: OffsetDateTime) -> Result<Validity, Error> {
    let from = new.valid_from.unwrap_or(now);
    let until = new.valid_until;
    Validity::new(from, until)
        .ok()
        .filter(|validity| !validity.is_over(now))
        .ok_or_else(|| Error::OutsideValidity { seal: new.id.clone(), from, until, now })
}

/// Who looks at a face first.
fn first_reviewer(by: &By<'_>, rules: &SealRules) -> SealStatus {
    let by_super_admin = by.staff().is_some_and(|staff| staff.is_super_admin());
    if rules.reviewed_by_super_admin && !by_super_admin {
        SealStatus::CheckingByAdmin
    } else {
        SealStatus::Checking
    }
}

fn told(decision: Decision<Seal>, kind: &str, organization: &Organization) -> Decision<Seal> {
    let managers = Recipient::SealManagers(organization.id().clone());
    decision.notice(Notice::new(kind, managers))
}
