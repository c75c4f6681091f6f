//! Resident identity numbers (居民身份证号, GB 11643-1999) and the residence permits that share
//! their form.

use serde::{Deserialize, Serialize};
use time::{Date, Month, OffsetDateTime, UtcOffset};

use super::mask::mask;
use super::personal::personal_fact;
use super::{Error, Warning};

/// ISO 7064 MOD 11-2 for the digits 1 to 17, and the check characters for the remainders 0 to 10.
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];
const LENGTH: usize = 18;
/// Nobody who signs was born before (R-ID-04); numbers of the born 18xx exist as the norm's samples.
const EARLIEST_YEAR: i32 = 1800;

/// The gender that an identity number states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gender {
    /// 女: digit 17 is even.
    Female,
    /// 男: digit 17 is odd.
    Male,
}

/// A resident identity number (居民身份证号) with a real birth date and the right check digit:
/// R-ID-04.
///
/// A personal fact: it is stored inside [`Personal`](super::Personal), and `Debug` shows its mask.
///
/// ```
/// use sealwright::identity::{Gender, ResidentId};
/// let id = ResidentId::parse("11010519491231002X")?;
/// assert_eq!(id.birth_date().to_string(), "1949-12-31");
/// assert_eq!(id.gender(), Gender::Female);
/// assert_eq!(id.masked(), "110***********002X");
/// # Ok::<(), sealwright::identity::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResidentId {
    number: String,
    birth_date: Date,
}

impl ResidentId {
    /// Parses a number exactly as the norm writes it, `X` in upper case; [`ResidentId::normalize`]
    /// is for what people type. Whether the birth date lies in the future is a question of the
    /// day: see [`ResidentId::check_birth_date`].
    ///
    /// # Errors
    ///
    /// [`Error::IdCardFormat`], [`Error::IdCardCheckDigit`], or [`Error::IdCardBirthDate`] if the
    /// calendar has no such day since 1800; in this order.
    pub fn parse(text: &str) -> Result<Self, Error> {
        check_form(text)?;
        let expected = check_digit(text);
        let found = text.chars().last().unwrap_or(' ');
        if found != expected {
            return Err(Error::IdCardCheckDigit { expected, found });
        }
        let birth_date = birth_date(text).ok_or(Error::IdCardBirthDate)?;
        Ok(Self { number: text.to_owned(), birth_date })
    }

    /// What people type, brought to the norm's form: outer white space goes, `x` becomes `X`
    /// (R-ID-10). Applying it twice changes nothing more.
    #[must_use]
    pub fn normalize(text: &str) -> String {
        text.trim().to_ascii_uppercase()
    }

    /// The full number. Whoever asks for it handles personal data.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.number
    }

    /// What may be shown (R-ID-13): the first three and the last four characters.
    #[must_use]
    pub fn masked(&self) -> String {
        mask(&self.number, 3, 4)
    }

    /// Digits 7 to 14.
    #[must_use]
    pub fn birth_date(&self) -> Date {
        self.birth_date
    }

    /// R-ID-04: nobody is born tomorrow. `today` is the day in China, [`date_in_china`].
    ///
    /// # Errors
    ///
    /// [`Error::IdCardBirthDate`] if the birth date lies after `today`.
    pub fn check_birth_date(&self, today: Date) -> Result<(), Error> {
        if self.birth_date > today { Err(Error::IdCardBirthDate) } else { Ok(()) }
    }

    /// Digit 17: odd is male.
    #[must_use]
    pub fn gender(&self) -> Gender {
        match self.number.chars().nth(16).and_then(|digit| digit.to_digit(10)) {
            Some(digit) if digit % 2 == 1 => Gender::Male,
            _ => Gender::Female,
        }
    }

    /// Digits 1 to 6: the region that first issued the number.
    #[must_use]
    pub fn region(&self) -> &str {
        self.number.get(..6).unwrap_or_default()
    }
}

personal_fact!(ResidentId);

/// The number of a residence permit for people of Hong Kong, Macau and Taiwan
/// (港澳台居民居住证): R-ID-06. It has the form of a [`ResidentId`]; its region should be 81, 82
/// or 83, which is a warning only, since no source confirms it.
///
/// ```
/// use sealwright::identity::ResidencePermit;
/// let permit = ResidencePermit::parse("810000199001011230")?;
/// assert!(permit.warning().is_none());
/// # Ok::<(), sealwright::identity::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResidencePermit(ResidentId);

impl ResidencePermit {
    /// Parses a number exactly as the norm writes it.
    ///
    /// # Errors
    ///
    /// As [`ResidentId::parse`].
    pub fn parse(text: &str) -> Result<Self, Error> {
        ResidentId::parse(text).map(Self)
    }

    /// The number with all that it states: birth date, gender, masks.
    #[must_use]
    pub fn as_resident_id(&self) -> &ResidentId {
        &self.0
    }

    /// The full number. Whoever asks for it handles personal data.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// What may be shown (R-ID-13): the first three and the last four characters.
    #[must_use]
    pub fn masked(&self) -> String {
        self.0.masked()
    }

    /// R-ID-06: the region is none of 81 (Hong Kong), 82 (Macau), 83 (Taiwan).
    #[must_use]
    pub fn warning(&self) -> Option<Warning> {
        let known = ["81", "82", "83"].iter().any(|region| self.0.region().starts_with(region));
        (!known).then_some(Warning::ResidencePermitRegion)
    }
}

personal_fact!(ResidencePermit);

/// The day it is in China at an instant: ages and the validity of documents are counted in it.
///
/// ```
/// use sealwright::identity::date_in_china;
/// let evening = time::OffsetDateTime::from_unix_timestamp(1_767_196_800)?; // 2025-12-31 16:00 UTC
/// assert_eq!(date_in_china(evening).to_string(), "2026-01-01");
/// # Ok::<(), time::error::ComponentRange>(())
/// ```
#[must_use]
pub fn date_in_china(now: OffsetDateTime) -> Date {
    // Past the last day that can be told, the day in UTC has to do.
    UtcOffset::from_hms(8, 0, 0)
        .ok()
        .and_then(|offset| now.checked_to_offset(offset))
        .map_or_else(|| now.date(), OffsetDateTime::date)
}

/// The age in full years on a day: it grows on the birthday, for those born on a leap day on 1
/// March of other years. Before the birth it is 0.
pub(super) fn age_on(birth_date: Date, today: Date) -> u16 {
    let birthday_to_come =
        (u8::from(today.month()), today.day()) < (u8::from(birth_date.month()), birth_date.day());
    let years = today.year() - birth_date.year() - i32::from(birthday_to_come);
    u16::try_from(years).unwrap_or(0)
}

fn check_form(text: &str) -> Result<(), Error> {
    let mut letters = text.chars();
    for pos in 1..=LENGTH {
        let fits = |letter: &char| letter.is_ascii_digit() || (pos == LENGTH && *letter == 'X');
        letters.next().filter(fits).ok_or(Error::IdCardFormat { pos })?;
    }
    match letters.next() {
        None => Ok(()),
        Some(_) => Err(Error::IdCardFormat { pos: LENGTH + 1 }),
    }
}

fn check_digit(text: &str) -> char {
    let digits = text.chars().map(|digit| digit.to_digit(10).unwrap_or(0));
    let sum: u32 = digits.zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    usize::try_from(sum % 11).ok().and_then(|rest| CHECKS.get(rest)).copied().unwrap_or(' ')
}

fn birth_date(text: &str) -> Option<Date> {
    let year = text.get(6..10)?.parse().ok().filter(|&year: &i32| year >= EARLIEST_YEAR)?;
    let month = Month::try_from(text.get(10..12)?.parse::<u8>().ok()?).ok()?;
    Date::from_calendar_date(year, month, text.get(12..14)?.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> &'static str {
        ResidentId::parse(text).unwrap_err().code()
    }

    /// The first 17 digits with their check digit.
    fn complete(first: &str) -> String {
        format!("{first}{}", check_digit(first))
    }

    fn day(text: &str) -> Date {
        let parts: Vec<u16> = text.split('-').map(|part| part.parse().unwrap()).collect();
        let month = Month::try_from(u8::try_from(parts[1]).unwrap()).unwrap();
        Date::from_calendar_date(parts[0].into(), month, u8::try_from(parts[2]).unwrap()).unwrap()
    }

    #[test]
    fn r_id_04_the_vectors_pass() {
        for (first, check, born, gender) in [
            ("11010519491231002", 'X', "1949-12-31", Gender::Female),
            ("44052418800101001", '4', "1880-01-01", Gender::Male),
            ("34052419800101001", 'X', "1980-01-01", Gender::Male),
            ("11010119900307001", '1', "1990-03-07", Gender::Male),
            ("81000019900101123", '0', "1990-01-01", Gender::Male),
            ("31010120000229001", '5', "2000-02-29", Gender::Male),
        ] {
            let id = ResidentId::parse(&format!("{first}{check}")).unwrap();
            assert_eq!(id.birth_date(), day(born));
            assert_eq!(id.gender(), gender);
            for other in CHECKS.iter().filter(|&&other| other != check) {
                let error = ResidentId::parse(&format!("{first}{other}")).unwrap_err();
                assert_eq!(error.code(), "identity.id_card_check_digit");
                assert_eq!(error, Error::IdCardCheckDigit { expected: check, found: *other });
            }
        }
    }

    #[test]
    fn r_id_04_a_wrong_check_digit_is_refused() {
        assert_eq!(refused("110105194912310021"), "identity.id_card_check_digit");
    }

    #[test]
    fn r_id_04_a_lower_case_x_is_refused() {
        assert_eq!(refused("11010519491231002x"), "identity.id_card_format");
    }

    #[test]
    fn r_id_04_the_fifteen_digits_of_1989_are_refused() {
        assert_eq!(refused("110105491231002"), "identity.id_card_format");
    }

    #[test]
    fn r_id_04_the_form_is_seventeen_digits_and_one_more() {
        let pos = |text| match ResidentId::parse(text).unwrap_err() {
            Error::IdCardFormat { pos } => pos,
            other => panic!("{other}"),
        };
        assert_eq!(pos(""), 1);
        assert_eq!(pos("1101051949123100X2"), 17);
        assert_eq!(pos("11010519491231002"), 18);
        assert_eq!(pos("11010519491231002X0"), 19);
        assert_eq!(pos("１１010519491231002X"), 1);
    }

    #[test]
    fn r_id_04_the_birth_date_is_in_the_calendar() {
        for first in
            ["11010519000229001", "11010519491331001", "11010519490431001", "11010517991231001"]
        {
            assert_eq!(refused(&complete(first)), "identity.id_card_birth_date", "{first}");
        }
    }

    #[test]
    fn r_id_04_nobody_is_born_tomorrow() {
        let id = ResidentId::parse(&complete("11010520260102001")).unwrap();
        assert!(id.check_birth_date(day("2026-01-02")).is_ok());
        let error = id.check_birth_date(day("2026-01-01")).unwrap_err();
        assert_eq!(error.code(), "identity.id_card_birth_date");
    }

    #[test]
    fn r_id_06_a_residence_permit_has_the_form_of_a_resident_id() {
        let permit = ResidencePermit::parse("810000199001011230").unwrap();
        assert_eq!(permit.warning(), None);
        assert_eq!(permit.as_resident_id().gender(), Gender::Male);
        let error = ResidencePermit::parse("810000199001011231").unwrap_err();
        assert_eq!(error.code(), "identity.id_card_check_digit");
    }

    #[test]
    fn r_id_06_another_region_is_a_warning() {
        let warning = ResidencePermit::parse("11010519491231002X").unwrap().warning().unwrap();
        assert_eq!(warning.code(), "identity.residence_permit_region");
        for region in ["82", "83"] {
            let permit = ResidencePermit::parse(&complete(&format!("{region}000019900101123")));
            assert_eq!(permit.unwrap().warning(), None);
        }
    }

    #[test]
    fn r_id_10_numbers_are_compared_upper_cased() {
        let typed = ResidentId::normalize(" 11010519491231002x ");
        assert_eq!(ResidentId::parse(&typed), ResidentId::parse("11010519491231002X"));
    }

    #[test]
    fn r_id_12_the_age_grows_on_the_birthday() {
        assert_eq!(age_on(day("2008-01-05"), day("2026-01-04")), 17);
        assert_eq!(age_on(day("2008-01-05"), day("2026-01-05")), 18);
        assert_eq!(age_on(day("2008-02-29"), day("2026-02-28")), 17);
        assert_eq!(age_on(day("2008-02-29"), day("2026-03-01")), 18);
        assert_eq!(age_on(day("2026-02-01"), day("2026-01-01")), 0);
    }

    #[test]
    fn r_id_13_debug_shows_masks() {
        let id = ResidentId::parse("11010519491231002X").unwrap();
        assert_eq!(format!("{id:?}"), "ResidentId(110***********002X)");
        let permit = ResidencePermit::parse("810000199001011230").unwrap();
        assert_eq!(format!("{permit:?}"), "ResidencePermit(810***********1230)");
    }
}
