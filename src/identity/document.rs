//! The document that a person is known by (证件): its kind, its number, what the number tells.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime};

use super::resident_id::age_on;
use super::{
    Error, Gender, HongKongMacauPermit, PersonalFact, ResidencePermit, ResidentId, TaiwanPermit,
    Warning, date_in_china,
};

/// The kinds of identity document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum IdDocumentKind {
    /// Resident identity card (居民身份证).
    ResidentId,
    /// Residence permit for Hong Kong, Macau and Taiwan residents (港澳台居民居住证).
    ResidencePermit,
    /// Hong Kong or Macau pass (港澳居民来往内地通行证).
    HongKongMacauPermit,
    /// Taiwan pass (台湾居民来往大陆通行证).
    TaiwanPermit,
}

impl IdDocumentKind {
    /// Every kind.
    pub const ALL: [Self; 4] =
        [Self::ResidentId, Self::ResidencePermit, Self::HongKongMacauPermit, Self::TaiwanPermit];

    /// The stable name, as serialised.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::ResidentId => "resident_id",
            Self::ResidencePermit => "residence_permit",
            Self::HongKongMacauPermit => "hong_kong_macau_permit",
            Self::TaiwanPermit => "taiwan_permit",
        }
    }
}

impl fmt::Display for IdDocumentKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// An identity document: a kind and a number that is right for it. Two are equal if both are.
///
/// A personal fact: it is stored inside [`Personal`](super::Personal), and `Debug` shows its mask.
///
/// ```
/// use sealwright::identity::{IdDocument, IdDocumentKind};
/// let typed = " 11010519491231002x";
/// let document = IdDocument::parse(IdDocumentKind::ResidentId, typed)?;
/// assert_eq!(document.number(), "11010519491231002X");
/// assert_eq!(document.birth_date().map(|day| day.year()), Some(1949));
/// # Ok::<(), sealwright::identity::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum IdDocument {
    /// Resident identity card (居民身份证).
    ResidentId(ResidentId),
    /// Residence permit (港澳台居民居住证).
    ResidencePermit(ResidencePermit),
    /// Hong Kong or Macau pass (港澳居民来往内地通行证).
    HongKongMacauPermit(HongKongMacauPermit),
    /// Taiwan pass (台湾居民来往大陆通行证).
    TaiwanPermit(TaiwanPermit),
}

impl IdDocument {
    /// Parses what a person typed: outer white space goes and letters become upper case (R-ID-10),
    /// then the number must be right for its kind.
    ///
    /// # Errors
    ///
    /// Those of the kind's own parser, such as [`ResidentId::parse`].
    pub fn parse(kind: IdDocumentKind, text: &str) -> Result<Self, Error> {
        let number = Self::normalize(text);
        match kind {
            IdDocumentKind::ResidentId => ResidentId::parse(&number).map(Self::ResidentId),
            IdDocumentKind::ResidencePermit => {
                ResidencePermit::parse(&number).map(Self::ResidencePermit)
            }
            IdDocumentKind::HongKongMacauPermit => {
                HongKongMacauPermit::parse(&number).map(Self::HongKongMacauPermit)
            }
            IdDocumentKind::TaiwanPermit => TaiwanPermit::parse(&number).map(Self::TaiwanPermit),
        }
    }

    /// The form in which numbers are compared (R-ID-10). Applying it twice changes nothing more.
    #[must_use]
    pub fn normalize(text: &str) -> String {
        text.trim().to_ascii_uppercase()
    }

    /// The kind of document.
    #[must_use]
    pub fn kind(&self) -> IdDocumentKind {
        match self {
            Self::ResidentId(_) => IdDocumentKind::ResidentId,
            Self::ResidencePermit(_) => IdDocumentKind::ResidencePermit,
            Self::HongKongMacauPermit(_) => IdDocumentKind::HongKongMacauPermit,
            Self::TaiwanPermit(_) => IdDocumentKind::TaiwanPermit,
        }
    }

    /// The full number. Whoever asks for it handles personal data.
    #[must_use]
    pub fn number(&self) -> &str {
        match self {
            Self::ResidentId(id) => id.expose(),
            Self::ResidencePermit(permit) => permit.expose(),
            Self::HongKongMacauPermit(permit) => permit.expose(),
            Self::TaiwanPermit(permit) => permit.expose(),
        }
    }

    /// What may be shown of the number (R-ID-13).
    #[must_use]
    pub fn masked(&self) -> String {
        match self {
            Self::ResidentId(id) => id.masked(),
            Self::ResidencePermit(permit) => permit.masked(),
            Self::HongKongMacauPermit(permit) => permit.masked(),
            Self::TaiwanPermit(permit) => permit.masked(),
        }
    }

    /// The birth date, if the number tells it: a travel permit's does not.
    #[must_use]
    pub fn birth_date(&self) -> Option<Date> {
        self.resident_id().map(ResidentId::birth_date)
    }

    /// R-ID-04: nobody is born tomorrow. `today` is the day in China, [`date_in_china`].
    ///
    /// # Errors
    ///
    /// [`Error::IdCardBirthDate`] if the number tells a birth date after `today`.
    pub fn check_birth_date(&self, today: Date) -> Result<(), Error> {
        self.resident_id().map_or(Ok(()), |id| id.check_birth_date(today))
    }

    /// The gender, if the number tells it.
    #[must_use]
    pub fn gender(&self) -> Option<Gender> {
        self.resident_id().map(ResidentId::gender)
    }

    /// The age in full years, counted by the day in China, if the number tells the birth date.
    #[must_use]
    pub fn age_at(&self, now: OffsetDateTime) -> Option<u16> {
        self.birth_date().map(|born| age_on(born, date_in_china(now)))
    }

    /// R-ID-12: the person is at least so old. A number that tells no birth date passes: whoever
    /// verified the person's real name knows the age, and answers for it.
    ///
    /// # Errors
    ///
    /// [`Error::Underage`].
    pub fn check_age(&self, at_least: u16, now: OffsetDateTime) -> Result<(), Error> {
        self.birth_date().map_or(Ok(()), |born| check_age(born, at_least, now))
    }

    /// What is odd about the number, though it is accepted (R-ID-06).
    #[must_use]
    pub fn warning(&self) -> Option<Warning> {
        match self {
            Self::ResidencePermit(permit) => permit.warning(),
            _ => None,
        }
    }

    fn resident_id(&self) -> Option<&ResidentId> {
        match self {
            Self::ResidentId(id) => Some(id),
            Self::ResidencePermit(permit) => Some(permit.as_resident_id()),
            Self::HongKongMacauPermit(_) | Self::TaiwanPermit(_) => None,
        }
    }
}

/// Stored as kind and full number in one text: `resident_id:…`.
impl PersonalFact for IdDocument {
    fn stored(&self) -> Cow<'_, str> {
        Cow::Owned(format!("{}:{}", self.kind(), self.number()))
    }

    /// A Taiwan pass keeps the form it was parsed with.
    fn from_stored(text: &str) -> Result<Self, Error> {
        let (name, number) = text.split_once(':').ok_or(Error::DocumentKind)?;
        let named = |kind: &&IdDocumentKind| kind.code() == name;
        match IdDocumentKind::ALL.iter().find(named).ok_or(Error::DocumentKind)? {
            IdDocumentKind::TaiwanPermit => TaiwanPermit::restore(number).map(Self::TaiwanPermit),
            kind => Self::parse(*kind, number),
        }
    }

    fn masked(&self) -> String {
        Self::masked(self)
    }
}

impl fmt::Debug for IdDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IdDocument({} {})", self.kind(), self.masked())
    }
}

/// R-ID-12 for a person whose birth date is known from elsewhere than the number of a document.
///
/// ```
/// use sealwright::identity::check_age;
/// let now = time::OffsetDateTime::from_unix_timestamp(1_767_196_800)?; // 2026-01-01 in China
/// let born = time::Date::from_ordinal_date(2008, 2)?;
/// assert_eq!(check_age(born, 18, now).unwrap_err().code(), "identity.underage");
/// # Ok::<(), time::error::ComponentRange>(())
/// ```
///
/// # Errors
///
/// [`Error::Underage`].
pub fn check_age(born: Date, at_least: u16, now: OffsetDateTime) -> Result<(), Error> {
    let age = age_on(born, date_in_china(now));
    if age < at_least { Err(Error::Underage { age, at_least }) } else { Ok(()) }
}

/// An identity document is valid through its last day, counted by the day in China.
///
/// ```
/// use sealwright::identity::check_not_expired;
/// let now = time::OffsetDateTime::from_unix_timestamp(1_767_196_800)?; // 2026-01-01 in China
/// let last_day = time::Date::from_ordinal_date(2025, 365)?;
/// let error = check_not_expired(last_day, now).unwrap_err();
/// assert_eq!(error.code(), "identity.document_expired");
/// # Ok::<(), time::error::ComponentRange>(())
/// ```
///
/// # Errors
///
/// [`Error::DocumentExpired`] from the day after `last_day` on.
pub fn check_not_expired(last_day: Date, now: OffsetDateTime) -> Result<(), Error> {
    let today = date_in_china(now);
    if last_day < today { Err(Error::DocumentExpired { last_day, today }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RESIDENT: &str = "110101199003070011";

    fn parse(kind: IdDocumentKind, text: &str) -> Result<IdDocument, Error> {
        IdDocument::parse(kind, text)
    }

    fn samples() -> Vec<IdDocument> {
        [
            (IdDocumentKind::ResidentId, RESIDENT),
            (IdDocumentKind::ResidencePermit, "810000199001011230"),
            (IdDocumentKind::HongKongMacauPermit, "H1234567890"),
            (IdDocumentKind::TaiwanPermit, "01234567"),
        ]
        .map(|(kind, text)| parse(kind, text).unwrap())
        .to_vec()
    }

    fn midnight_in_china(year: i32, ordinal: u16) -> OffsetDateTime {
        let day = Date::from_ordinal_date(year, ordinal).unwrap();
        day.midnight().assume_utc() - time::Duration::hours(8)
    }

    #[test]
    fn r_id_10_what_people_type_is_normalised() {
        let typed = parse(IdDocumentKind::ResidentId, " 11010519491231002x\n").unwrap();
        assert_eq!(typed.number(), "11010519491231002X");
        let pass = parse(IdDocumentKind::HongKongMacauPermit, "h1234567890").unwrap();
        assert_eq!(pass.number(), "H1234567890");
    }

    #[test]
    fn r_id_04_a_number_is_judged_by_its_kind() {
        let error = parse(IdDocumentKind::ResidentId, "H1234567890").unwrap_err();
        assert_eq!(error.code(), "identity.id_card_format");
        let error = parse(IdDocumentKind::HongKongMacauPermit, RESIDENT).unwrap_err();
        assert_eq!(error.code(), "identity.hm_pass_format");
    }

    #[test]
    fn r_id_06_the_same_number_on_another_document_is_not_equal() {
        let permit = parse(IdDocumentKind::ResidencePermit, RESIDENT).unwrap();
        assert_ne!(permit, parse(IdDocumentKind::ResidentId, RESIDENT).unwrap());
        assert_eq!(permit.warning(), Some(Warning::ResidencePermitRegion));
    }

    #[test]
    fn r_id_13_a_document_is_stored_as_one_text() {
        for document in samples() {
            assert_eq!(IdDocument::from_stored(&document.stored()).unwrap(), document);
        }
        for text in ["", "resident_id", "passport:E12345678", "resident_id:110101199003070012"] {
            assert!(IdDocument::from_stored(text).is_err(), "{text}");
        }
        assert_eq!(IdDocument::from_stored(":").unwrap_err().code(), "identity.document_kind");
        let longer = IdDocument::from_stored("taiwan_permit:0123456789B").unwrap();
        assert_eq!(longer.kind(), IdDocumentKind::TaiwanPermit);
    }

    #[test]
    fn r_id_12_who_is_under_age_is_told_so() {
        // Born 2008-01-05: of age when that day begins in China.
        let document = parse(IdDocumentKind::ResidentId, "110101200801050010").unwrap();
        let morning = midnight_in_china(2026, 5);
        assert!(document.check_age(18, morning).is_ok());
        let error = document.check_age(18, morning - time::Duration::SECOND).unwrap_err();
        assert_eq!(error.code(), "identity.underage");
        assert_eq!(error, Error::Underage { age: 17, at_least: 18 });
        assert!(document.check_age(16, morning - time::Duration::SECOND).is_ok());
    }

    #[test]
    fn r_id_12_a_travel_permit_tells_no_age() {
        for document in samples() {
            let is_card = document.number().len() == 18;
            assert_eq!(document.birth_date().is_some(), is_card);
            assert_eq!(document.gender().is_some(), is_card);
            assert_eq!(document.age_at(midnight_in_china(2026, 1)).is_some(), is_card);
            assert_eq!(document.check_age(99, midnight_in_china(2026, 1)).is_err(), is_card);
        }
    }

    #[test]
    fn r_id_04_a_birth_date_to_come_is_refused() {
        let document = parse(IdDocumentKind::ResidentId, RESIDENT).unwrap();
        let day = |year| Date::from_ordinal_date(year, 1).unwrap();
        let error = document.check_birth_date(day(1990)).unwrap_err();
        assert_eq!(error.code(), "identity.id_card_birth_date");
        assert!(document.check_birth_date(day(1991)).is_ok());
    }

    #[test]
    fn r_id_12_a_document_is_valid_through_its_last_day() {
        let last_day = Date::from_ordinal_date(2026, 31).unwrap();
        let next_day = midnight_in_china(2026, 32);
        assert!(check_not_expired(last_day, next_day - time::Duration::SECOND).is_ok());
        let error = check_not_expired(last_day, next_day).unwrap_err();
        assert_eq!(error.code(), "identity.document_expired");
    }

    #[test]
    fn r_id_13_debug_shows_kind_and_mask() {
        let shown: Vec<_> = samples().iter().map(|document| format!("{document:?}")).collect();
        assert_eq!(
            shown,
            [
                "IdDocument(resident_id 110***********0011)",
                "IdDocument(residence_permit 810***********1230)",
                "IdDocument(hong_kong_macau_permit H12****7890)",
                "IdDocument(taiwan_permit 0*****67)",
            ]
        );
    }
}
