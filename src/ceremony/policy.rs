//! What an embedder may decide otherwise: every number and every choice that the meeting makes.

use serde::{Deserialize, Serialize};
use time::Duration;

use super::error::Error;
use super::schedule::Title;

/// Which parties a meeting needs (R-CER-04).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Profile {
    /// Strategic signing (战略签约): exactly two organisations, a signer of each.
    #[default]
    Strategic,
    /// Any meeting: one organisation or more, a signer of each.
    General,
}

/// What happens to a signer whose facts are not those of a registered employee (R-CER-06).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DeliveryPolicy {
    /// The meeting cannot be booked until they are.
    #[default]
    Strict,
    /// The meeting is booked, the contract is withheld from that signer until they are.
    Lenient,
}

/// When signers may sign (§4.1): outside of it signing is refused with `cer.stage_not_open`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SigningWindowPolicy {
    /// From the booking until the contract's own deadline, meeting or not.
    AnyTimeAfterBooking,
    /// Only while the host keeps the signing stage open.
    #[default]
    OnlyWhileStageOpen,
    /// From the first opening of the stage until the contract's own deadline.
    StageOpenThenUntilDeadline,
}

impl SigningWindowPolicy {
    /// A stable name, as serialised.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::AnyTimeAfterBooking => "any_time_after_booking",
            Self::OnlyWhileStageOpen => "only_while_stage_open",
            Self::StageOpenThenUntilDeadline => "stage_open_then_until_deadline",
        }
    }
}

/// Who may look at the sign-result page (R-CER-10).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ResultAccess {
    /// The host and the booker, logged in: a link that gets about shows nothing.
    #[default]
    HostAndBooker,
    /// Whoever has the link: for a screen in the hall where nobody logs in.
    AnyoneWithLink,
}

/// The defaults of a meeting, kept with it from the draft on.
///
/// ```
/// use sealwright::ceremony::{DeliveryPolicy, Policy};
/// use time::Duration;
///
/// let policy = Policy { lead: Duration::hours(1), delivery: DeliveryPolicy::Lenient, ..Policy::default() };
/// assert_eq!(policy.grace, Duration::hours(2));
/// assert!(policy.check().is_ok());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Policy {
    /// How long before the start the room may open (M10): 30 minutes.
    #[serde(with = "seconds")]
    pub lead: Duration,
    /// How long after the end the meeting lapses (M18): 2 hours.
    #[serde(with = "seconds")]
    pub grace: Duration,
    /// The longest title in characters (M2): 64, at most [`Title::LONGEST`].
    pub title_characters: usize,
    /// The most people who may take part, each entry counted (M3): 500.
    pub most_participants: usize,
    /// The most contracts that may be signed in it (M4): 50.
    pub most_contracts: usize,
    /// How long after the end of the meeting a sign QR lives: 2 hours.
    #[serde(with = "seconds")]
    pub qr_after_end: Duration,
    /// How long after the end of the meeting the sign-result link lives: 7 days.
    #[serde(with = "seconds")]
    pub result_after_end: Duration,
    /// The longest life of any link from the moment it is made: 365 days.
    #[serde(with = "seconds")]
    pub longest_link: Duration,
    /// Who may look at the sign-result page: host and booker.
    pub result_access: ResultAccess,
    /// What happens to signers whose facts differ: strict.
    pub delivery: DeliveryPolicy,
    /// When signers may sign: only while the stage is open.
    pub signing_window: SigningWindowPolicy,
    /// What pictures a layout takes.
    pub pictures: PictureRules,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            lead: Duration::minutes(30),
            grace: Duration::hours(2),
            title_characters: 64,
            most_participants: 500,
            most_contracts: 50,
            qr_after_end: Duration::hours(2),
            result_after_end: Duration::days(7),
            longest_link: Duration::days(365),
            result_access: ResultAccess::default(),
            delivery: DeliveryPolicy::default(),
            signing_window: SigningWindowPolicy::default(),
            pictures: PictureRules::default(),
        }
    }
}

impl Policy {
    /// The longest time that any of its durations may be.
    pub const LONGEST: Duration = Duration::days(3660);
    /// The most people and the most contracts that it may allow: entries are compared in pairs.
    pub const MOST: usize = 2000;

    /// Whether its numbers make sense.
    ///
    /// # Errors
    ///
    /// [`Error::PolicyInvalid`] names the first field that is negative, zero where it must not be,
    /// beyond its bound, or a time that is not in whole seconds, as which it is stored.
    pub fn check(&self) -> Result<(), Error> {
        let times = [
            ("lead", self.lead),
            ("grace", self.grace),
            ("qr_after_end", self.qr_after_end),
            ("result_after_end", self.result_after_end),
            ("longest_link", self.longest_link),
        ];
        for (field, time) in times {
            let is_whole = time.subsec_nanoseconds() == 0;
            if time.is_negative() || time > Self::LONGEST || !is_whole {
                return Err(Error::PolicyInvalid { field });
            }
        }
        let numbers = [
            ("longest_link", self.longest_link.is_positive()),
            ("title_characters", (1..=Title::LONGEST).contains(&self.title_characters)),
            ("most_participants", (1..=Self::MOST).contains(&self.most_participants)),
            ("most_contracts", (1..=Self::MOST).contains(&self.most_contracts)),
            ("pictures.most_bytes", self.pictures.most_bytes > 0),
            ("pictures.most_pixels", self.pictures.most_pixels > 0),
        ];
        match numbers.iter().find(|(_, fits)| !fits) {
            Some((field, _)) => Err(Error::PolicyInvalid { field }),
            None => Ok(()),
        }
    }
}

/// What logos and backgrounds may be (§2.8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PictureRules {
    /// The most bytes: 5 MiB.
    pub most_bytes: u64,
    /// The longest side in pixels: 4096.
    pub most_pixels: u32,
    /// How far the ratio of the sides may be from the place's before a warning, in permille: 10.
    pub ratio_permille: u32,
}

impl Default for PictureRules {
    fn default() -> Self {
        Self { most_bytes: 5 * 1024 * 1024, most_pixels: 4096, ratio_permille: 10 }
    }
}

/// Durations as whole seconds: no floating point in what is stored.
mod seconds {
    use serde::{Deserialize, Deserializer, Serializer};
    use time::Duration;

    pub(super) fn serialize<S: Serializer>(time: &Duration, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_i64(time.whole_seconds())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
        i64::deserialize(from).map(Duration::seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn m2_the_defaults_are_those_of_the_domain() {
        let policy = Policy::default();
        assert_eq!((policy.lead, policy.grace), (Duration::minutes(30), Duration::hours(2)));
        assert_eq!(policy.title_characters, 64);
        assert_eq!((policy.most_participants, policy.most_contracts), (500, 50));
        assert_eq!((policy.pictures.most_bytes, policy.pictures.most_pixels), (5_242_880, 4096));
        assert_eq!(policy.delivery, DeliveryPolicy::Strict);
        assert_eq!(policy.signing_window, SigningWindowPolicy::OnlyWhileStageOpen);
        assert!(policy.check().is_ok());
    }

    #[test]
    fn m2_numbers_without_sense_are_refused() {
        let wrong = [
            Policy { lead: Duration::seconds(-1), ..Policy::default() },
            Policy { grace: Duration::MAX, ..Policy::default() },
            Policy { longest_link: Duration::ZERO, ..Policy::default() },
            Policy { grace: Duration::milliseconds(1500), ..Policy::default() },
            Policy { longest_link: Duration::NANOSECOND, ..Policy::default() },
            Policy { most_participants: 0, ..Policy::default() },
            Policy { most_participants: 2001, ..Policy::default() },
            Policy { most_contracts: 0, ..Policy::default() },
            Policy { title_characters: 0, ..Policy::default() },
            Policy { title_characters: 257, ..Policy::default() },
        ];
        for policy in wrong {
            assert_eq!(policy.check().unwrap_err().code(), "cer.policy_invalid", "{policy:?}");
        }
    }

    #[test]
    fn m2_a_stored_policy_without_a_field_takes_its_default() {
        let json = serde_json::to_string(&Policy::default()).unwrap();
        assert!(json.contains("\"lead\":1800"));
        assert_eq!(serde_json::from_str::<Policy>(&json).unwrap(), Policy::default());
        assert_eq!(serde_json::from_str::<Policy>("{}").unwrap(), Policy::default());
    }
}
