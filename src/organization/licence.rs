//! What a licence says about an organization, and the ways its legal representative authorizes
//! whoever sets up the account.

use serde::{Deserialize, Serialize};

use super::Error;
use crate::digest::Digest;
use crate::identity::{IdDocument, OrganizationName, Person, PersonName, Personal, Uscc};

/// What an organization is in law.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum OrganizationKind {
    /// A company (企业).
    Enterprise,
    /// A sole trader (个体工商户).
    SoleTrader,
    /// A public institution (政府/事业单位).
    PublicInstitution,
    /// Any other organization.
    Other,
}

/// The licence that proves it exists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LicenceKind {
    /// A licence that carries the unified social credit code (统一社会信用代码证照).
    #[default]
    CreditCode,
    /// A practice licence of a medical institution (医疗机构执业许可证).
    MedicalPractice,
    /// The filing certificate of a clinic (诊所备案证).
    ClinicFiling,
}

impl LicenceKind {
    fn is_medical(self) -> bool {
        matches!(self, Self::MedicalPractice | Self::ClinicFiling)
    }
}

/// A fact on the licence that is compared, or that never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LicenceField {
    /// The name.
    Name,
    /// The credit code.
    Uscc,
    /// Name or identity number of the legal representative.
    LegalRepresentative,
    /// The kind of organization.
    Kind,
}

impl LicenceField {
    /// The stable name.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Uscc => "uscc",
            Self::LegalRepresentative => "legal_representative",
            Self::Kind => "kind",
        }
    }
}

/// A fact that a step rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequiredFact {
    /// The digest of the licence.
    Licence,
    /// The legal representative; for some methods with his identity document.
    LegalRepresentative,
    /// The letter of authority.
    Letter,
    /// The reference of whoever checked or paid.
    Reference,
    /// The date of birth, where the number of the document does not tell it.
    BirthDate,
}

impl RequiredFact {
    /// The stable name.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Licence => "licence",
            Self::LegalRepresentative => "legal_representative",
            Self::Letter => "letter",
            Self::Reference => "reference",
            Self::BirthDate => "birth_date",
        }
    }
}

/// The natural person named on the licence (法定代表人).
///
/// The identity number is often learnt later than the name. Until it is known nobody is taken for
/// the legal representative: namesakes are common. The number that the applicant states with the
/// licence is held against the document that is shown at the authorization, and forgotten if none
/// is shown then and the verifier named none ([`RegisterFacts::legal_representative_document`]).
///
/// ```
/// use sealwright::identity::PersonName;
/// use sealwright::organization::LegalRepresentative;
/// let named = LegalRepresentative::named(PersonName::parse("张三")?);
/// assert!(named.id_document.is_none());
/// # Ok::<(), sealwright::identity::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LegalRepresentative {
    /// The name.
    pub name: Personal<PersonName>,
    /// Kind and number of the identity document.
    pub id_document: Option<Personal<IdDocument>>,
}

impl LegalRepresentative {
    /// A legal representative of whom only the name is known so far.
    #[must_use]
    pub fn named(name: PersonName) -> Self {
        Self { name: Personal::new(name), id_document: None }
    }

    /// A legal representative of whom the identity document is known as well.
    #[must_use]
    pub fn identified(name: PersonName, id_document: IdDocument) -> Self {
        Self { name: Personal::new(name), id_document: Some(Personal::new(id_document)) }
    }

    /// Whether `person` is this person: name and identity document are known and equal.
    #[must_use]
    pub fn is(&self, person: &Person) -> bool {
        self.name.get() == person.name()
            && self.id_document.as_ref().is_some_and(|known| known.get() == person.id_document())
    }
}

/// The facts of a registration: what can never change afterwards (R-ORG-05), and the name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// The legal name.
    pub name: OrganizationName,
    /// The credit code.
    pub uscc: Uscc,
    /// What it is in law.
    pub kind: OrganizationKind,
    /// The licence it shows.
    pub licence: LicenceKind,
}

/// What the applicant hands in for verification. What he leaves out stays as it was registered;
/// [`LicenceFacts::licence_digest`] and the legal representative are needed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LicenceFacts {
    /// The legal representative.
    pub legal_representative: Option<LegalRepresentative>,
    /// The digest of the picture or file of the licence.
    pub licence_digest: Option<Digest>,
    /// The address on the licence.
    pub address: Option<String>,
    /// A corrected name.
    pub name: Option<OrganizationName>,
    /// The credit code as the form states it: has to be the registered one.
    pub uscc: Option<Uscc>,
    /// The kind as the form states it: has to be the registered one.
    pub kind: Option<OrganizationKind>,
}

/// What the verifier (business register, bank, reviewer) returned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterFacts {
    /// The name in the register.
    pub name: OrganizationName,
    /// The credit code in the register.
    pub uscc: Uscc,
    /// The legal representative's name in the register.
    pub legal_representative: PersonName,
    /// His identity document, where the verifier names or confirms it; many registers publish the name
    /// alone. It has to be the one that is stated, if one is, and counts from then on as his: also
    /// where he is authorized by a letter and shows no document.
    pub legal_representative_document: Option<IdDocument>,
}

impl RegisterFacts {
    /// Whether they name this legal representative, as far as both sides know him.
    pub(super) fn names(&self, stated: &LegalRepresentative) -> bool {
        let documents = (&self.legal_representative_document, &stated.id_document);
        *stated.name.get() == self.legal_representative
            && !matches!(documents, (Some(found), Some(stated)) if found != stated.get())
    }
}

/// A way in which the legal representative authorizes the applicant (法人授权).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AuthorizationMethod {
    /// The legal representative consents in person.
    LegalRepresentativeConsent,
    /// A letter of authority (授权书).
    LetterOfAuthority,
    /// A letter of authority and a bank transfer (授权书 + 对公打款).
    LetterAndBankTransfer,
    /// The applicant is the legal representative.
    ApplicantIsLegalRepresentative,
}

impl AuthorizationMethod {
    const EVERY: &'static [Self] = &[
        Self::LegalRepresentativeConsent,
        Self::LetterOfAuthority,
        Self::LetterAndBankTransfer,
        Self::ApplicantIsLegalRepresentative,
    ];

    /// The stable name.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::LegalRepresentativeConsent => "legal_representative_consent",
            Self::LetterOfAuthority => "letter_of_authority",
            Self::LetterAndBankTransfer => "letter_and_bank_transfer",
            Self::ApplicantIsLegalRepresentative => "applicant_is_legal_representative",
        }
    }

    /// What an organization may choose from: medical licences take the letter alone, public
    /// institutions the letter with the bank transfer alone. For a public hospital its licence
    /// decides.
    #[must_use]
    pub fn accepted_for(kind: OrganizationKind, licence: LicenceKind) -> &'static [Self] {
        if licence.is_medical() {
            &[Self::LetterOfAuthority]
        } else if kind == OrganizationKind::PublicInstitution {
            &[Self::LetterAndBankTransfer]
        } else {
            Self::EVERY
        }
    }

    /// Whether it rests on a letter that somebody reviews.
    #[must_use]
    pub fn has_letter(self) -> bool {
        matches!(self, Self::LetterOfAuthority | Self::LetterAndBankTransfer)
    }
}

/// How the review of a letter of authority ended (授权书审核).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LetterReview {
    /// It is in order.
    Passed,
    /// It is not.
    Rejected,
}

/// What shows that the legal representative authorized the applicant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorizationProof {
    /// The name of whoever was authorized to become super admin.
    pub authorized: PersonName,
    /// The identity document of the legal representative, where he took part in person.
    pub legal_representative: Option<IdDocument>,
    /// The digest of the letter, and how its review ended.
    pub letter: Option<(Digest, LetterReview)>,
    /// The provider's reference: of the consent, of the bank transfer.
    pub reference: Option<String>,
}

impl AuthorizationProof {
    /// A proof that names who was authorized, and nothing else yet.
    #[must_use]
    pub fn of(authorized: PersonName) -> Self {
        Self { authorized, legal_representative: None, letter: None, reference: None }
    }

    /// Everything the method rests on is there, and the review has not refused it.
    pub(super) fn suffices_for(
        &self,
        method: AuthorizationMethod,
        known: &LegalRepresentative,
    ) -> Result<(), Error> {
        let missing = |fact| Err(Error::FactMissing { fact });
        if method.has_letter() {
            match self.letter {
                None => return missing(RequiredFact::Letter),
                Some((_, LetterReview::Rejected)) => {
                    return Err(Error::AuthorizationReviewRejected);
                }
                Some((_, LetterReview::Passed)) => {}
            }
        }
        match method {
            AuthorizationMethod::LetterOfAuthority => Ok(()),
            AuthorizationMethod::LetterAndBankTransfer if self.reference.is_none() => {
                missing(RequiredFact::Reference)
            }
            AuthorizationMethod::LetterAndBankTransfer => Ok(()),
            AuthorizationMethod::LegalRepresentativeConsent if self.reference.is_none() => {
                missing(RequiredFact::Reference)
            }
            AuthorizationMethod::LegalRepresentativeConsent => self.identifies(known),
            AuthorizationMethod::ApplicantIsLegalRepresentative => {
                if self.authorized != *known.name.get() {
                    let field = LicenceField::LegalRepresentative;
                    return Err(Error::LicenceMismatch { field });
                }
                self.identifies(known)
            }
        }
    }

    fn identifies(&self, known: &LegalRepresentative) -> Result<(), Error> {
        match (&self.legal_representative, &known.id_document) {
            // What the form states proves nothing: namesakes are common, and anybody types a number.
            (None, _) => Err(Error::FactMissing { fact: RequiredFact::LegalRepresentative }),
            (Some(shown), Some(stated)) if shown != stated.get() => {
                Err(Error::LicenceMismatch { field: LicenceField::LegalRepresentative })
            }
            _ => Ok(()),
        }
    }
}
