//! How seals are made.

use std::collections::BTreeSet;

use time::OffsetDateTime;

use super::seal::names_of;
use super::seal_command::{first_reviewer, require_manager, told, version};
use super::seal_event::{SealEvent, SealSource, SealStatus, SealVersion};
use super::{
    Error, ImageFacts, Seal, SealColour, SealFacts, SealName, SealShape, SealSize, SealWarning,
    TaxNumber, Validity,
};
use crate::contract::{self, Description, SealKind};
use crate::decision::{Claim, Decision};
use crate::identity::SealId;
use crate::organization::{AuthorizationMethod, By, Organization};

/// The face that a seal is to have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFace {
    /// Where the picture comes from.
    pub source: SealSource,
    /// What was found out about the picture; [`ImageFacts::drawn`] for generated outlines.
    pub image: ImageFacts,
    /// The outline.
    pub shape: SealShape,
    /// The size on paper; 42 mm across if nobody says it.
    pub size: Option<SealSize>,
    /// The colour; that of a generated seal is one of [`SealRules::colours`](super::SealRules::colours).
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

impl Seal {
    /// Makes a seal: `Checking` if it is uploaded or issued, `Enabled` if it is generated
    /// (R-SEAL-12).
    ///
    /// The decision claims the name, and the places of the one official seal and of the one seal
    /// of the legal representative (R-SEAL-01, 02, 03): keep the claims under a unique index, and
    /// two writers cannot make two of them. What is odd about the picture (`W-SEAL-…`) is in the
    /// event, for the reviewer; [`SealRules::warnings`](super::SealRules::warnings) tells it
    /// beforehand.
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
        let is_his = new.kind.is_legal_representative();
        let representative_term = is_his.then(|| organization.representative_term());
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
            representative_term,
        };
        Ok(told(decision.event(event), "seal.created", organization).reading(organization))
    }
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

/// A seal that could never be applied is a mistake of whoever makes it.
fn validity(new: &NewSeal, now: OffsetDateTime) -> Result<Validity, Error> {
    let from = new.valid_from.unwrap_or(now);
    let until = new.valid_until;
    Validity::new(from, until)
        .ok()
        .filter(|validity| !validity.is_over(now))
        .ok_or_else(|| Error::OutsideValidity { seal: new.id.clone(), from, until, now })
}
