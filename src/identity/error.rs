//! Why a text is not the value it should be.

use thiserror::Error as ThisError;
use time::Date;

/// Why a text is not the value it should be. It never holds the text, nor enough of it to find a
/// person.
///
/// ```
/// use sealwright::identity::SealId;
/// let error = "two\nlines".parse::<SealId>().unwrap_err();
/// assert_eq!(error.code(), "identity.id_invalid");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, ThisError)]
#[non_exhaustive]
pub enum Error {
    /// An id is empty, too long or holds control characters.
    #[error("{what} of {length} bytes is none: give 1 to {most} bytes without control characters")]
    Id {
        /// Which id.
        what: &'static str,
        /// The length of the text.
        length: usize,
        /// The longest that is accepted.
        most: usize,
    },
    /// The name of an actor has no known prefix.
    #[error("an actor is written as e:, p:, h: and an id, or as system; this text is not")]
    Actor,
    /// A name that is none: R-ID-08, R-ID-11.
    #[error("give the name as the licence or the identity document has it: {reason}")]
    NameInvalid {
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A social credit code of the wrong form: R-ID-01.
    #[error(
        "copy the social credit code from the licence, 18 characters from 0-9 and A-Z without \
         I, O, S, V, Z, the third to eighth digits: character {pos} is wrong, missing or too much"
    )]
    UsccFormat {
        /// The first place that is wrong, from 1; 19 if the text goes on.
        pos: usize,
    },
    /// A social credit code with a slip in it: R-ID-02.
    #[error(
        "compare the social credit code with the licence: its check character is {found}, the \
         others ask for {expected}"
    )]
    UsccCheckChar {
        /// What the first 17 characters ask for.
        expected: char,
        /// The 18th character.
        found: char,
    },
    /// A resident identity number of the wrong form: R-ID-04.
    #[error(
        "give the resident identity number as 17 digits and a digit or X: character {pos} is \
         wrong, missing or too much"
    )]
    IdCardFormat {
        /// The first place that is wrong, from 1; 19 if the text goes on.
        pos: usize,
    },
    /// A resident identity number with a slip in it: R-ID-04.
    #[error(
        "compare the resident identity number with the card: its check digit is {found}, the \
         others ask for {expected}"
    )]
    IdCardCheckDigit {
        /// What the first 17 digits ask for.
        expected: char,
        /// The 18th character.
        found: char,
    },
    /// A resident identity number of a day that is none, or is still to come: R-ID-04.
    #[error(
        "compare digits 7 to 14 of the resident identity number with the card: there was no such \
         day between 1800 and today"
    )]
    IdCardBirthDate,
    /// A Hong Kong or Macau pass number of the wrong form: R-ID-05.
    #[error("give the number of the Hong Kong or Macau pass as H or M and ten digits")]
    HongKongMacauForm,
    /// A Taiwan pass number of the wrong form.
    #[error(
        "give the number of the Taiwan pass in the form this host accepts, eight digits at first"
    )]
    TaiwanForm,
    /// A stored identity document of a kind this version does not know.
    #[error("read this identity document with the version that stored it: its kind is unknown")]
    DocumentKind,
    /// A mobile number of the wrong form: R-ID-07.
    #[error("give the mobile number as eleven digits that begin with 13 to 19")]
    MobileFormat,
    /// An e-mail address of the wrong form.
    #[error("give the e-mail address as name@domain")]
    EmailFormat,
    /// A person too young to sign: R-ID-12.
    #[error(
        "the signer is {age}, at least {at_least} is asked for: let a guardian or another signer act, or obtain the extension"
    )]
    Underage {
        /// The age in full years.
        age: u16,
        /// The age asked for.
        at_least: u16,
    },
    /// An identity document past its last day.
    #[error("the identity document was valid through {last_day}, today is {today}: renew it first")]
    DocumentExpired {
        /// The last day of its validity.
        last_day: Date,
        /// The day in China.
        today: Date,
    },
}

impl Error {
    /// A stable name of the kind of error, for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Id { .. } => "identity.id_invalid",
            Self::Actor => "identity.actor_invalid",
            Self::NameInvalid { .. } => "identity.name_invalid",
            Self::UsccFormat { .. } => "identity.uscc_format",
            Self::UsccCheckChar { .. } => "identity.uscc_check_char",
            Self::IdCardFormat { .. } => "identity.id_card_format",
            Self::IdCardCheckDigit { .. } => "identity.id_card_check_digit",
            Self::IdCardBirthDate => "identity.id_card_birth_date",
            Self::HongKongMacauForm => "identity.hm_pass_format",
            Self::TaiwanForm => "identity.taiwan_pass_format",
            Self::DocumentKind => "identity.document_kind",
            Self::MobileFormat => "identity.mobile_format",
            Self::EmailFormat => "identity.email_format",
            Self::Underage { .. } => "identity.underage",
            Self::DocumentExpired { .. } => "identity.document_expired",
        }
    }
}

/// What is odd about a value that is accepted all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ThisError)]
#[non_exhaustive]
pub enum Warning {
    /// R-ID-03: the organisation code inside a social credit code fails its own check. Old codes
    /// do.
    #[error(
        "compare the social credit code with the licence: its organisation code ends in {found}, \
         its other characters ask for {expected}"
    )]
    UsccOrganisationCode {
        /// What the first eight characters of the organisation code ask for.
        expected: char,
        /// Character 17 of the code.
        found: char,
    },
    /// R-ID-06: a residence permit of another region than 81, 82 or 83.
    #[error(
        "compare the residence permit with the card: its number should begin with 81, 82 or 83"
    )]
    ResidencePermitRegion,
}

impl Warning {
    /// The stable name of the warning.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::UsccOrganisationCode { .. } => "identity.uscc_org_code",
            Self::ResidencePermitRegion => "identity.residence_permit_region",
        }
    }
}
