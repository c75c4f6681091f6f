//! What the initiator decides about the course of a contract (§2.5.1).

use serde::{Deserialize, Serialize};
use time::{Duration, UtcOffset};

use super::error::Error;
use super::name::{Description, UserData};
use super::order::Order;

/// What a reader must do before he may sign (阅读门槛).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReadingMode {
    /// Wait the time and reach the end of the text.
    #[default]
    TimeAndBottom,
    /// Wait the time.
    Time,
    /// Reach the end of the text.
    Bottom,
    /// Nothing.
    None,
}

/// Seconds a text must be shown before it may be signed, 3 to 300.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct ReadingTime(u16);

impl ReadingTime {
    /// A time in seconds.
    ///
    /// # Errors
    ///
    /// `con.setting_invalid` outside 3 to 300.
    pub fn seconds(seconds: u16) -> Result<Self, Error> {
        Error::check_setting("reading_time", usize::from(seconds), 3, 300)?;
        Ok(Self(seconds))
    }

    /// The time of a contract of so many pages, when none is set: 3 s up to 2 pages, 5 s up to 5,
    /// 10 s from 6 on.
    #[must_use]
    pub fn for_pages(pages: u64) -> Self {
        match pages {
            0..=2 => Self(3),
            3..=5 => Self(5),
            _ => Self(10),
        }
    }

    /// The time as a duration.
    #[must_use]
    pub fn duration(self) -> Duration {
        Duration::seconds(i64::from(self.0))
    }
}

impl TryFrom<u16> for ReadingTime {
    type Error = Error;

    fn try_from(seconds: u16) -> Result<Self, Error> {
        Self::seconds(seconds)
    }
}

impl From<ReadingTime> for u16 {
    fn from(time: ReadingTime) -> Self {
        time.0
    }
}

/// The reading gate of a contract or of one signer (R-SIGN-08).
///
/// ```
/// use sealwright::contract::{ReadingGate, ReadingTime};
/// let gate = ReadingGate::default();
/// assert_eq!(gate.least_time(7), ReadingTime::seconds(10)?);
/// # Ok::<(), sealwright::contract::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ReadingGate {
    /// What is asked for.
    pub mode: ReadingMode,
    /// How long; unset: by the number of pages, see [`ReadingTime::for_pages`].
    pub time: Option<ReadingTime>,
}

impl ReadingGate {
    /// How long a text of so many pages must have been shown, whatever the mode.
    #[must_use]
    pub fn least_time(&self, pages: u64) -> ReadingTime {
        self.time.unwrap_or_else(|| ReadingTime::for_pages(pages))
    }
}

/// How signers come to the contract, which decides its default deadline.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Opening {
    /// They are told: 365 days unless a deadline is set.
    #[default]
    Invited,
    /// They scan a code (扫码签): 7 days unless a deadline is set, 30 at most.
    ByCode,
    /// It releases another contract (解除协议): 7 days unless a deadline is set.
    Release,
}

impl Opening {
    /// Time from the start to the deadline when none is set.
    #[must_use]
    pub fn default_span(self) -> Duration {
        match self {
            Self::Invited => Duration::days(365),
            Self::ByCode | Self::Release => Duration::days(7),
        }
    }

    /// The longest time from the start to the deadline, if it is bounded.
    #[must_use]
    pub fn longest_span(self) -> Option<Duration> {
        match self {
            Self::ByCode => Some(Duration::days(30)),
            Self::Invited | Self::Release => None,
        }
    }
}

/// Whether the start of the contract needs an internal approval (发起审核), and by whom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StartReview {
    /// None: C6 at once.
    #[default]
    NotNeeded,
    /// By somebody other than the initiator.
    ByAnother,
    /// By anybody of the initiating organization who may review, the initiator included.
    ByAnybody,
}

/// What the initiator decides about the course of a contract. Every field has a default.
///
/// ```
/// use sealwright::contract::{Order, Settings};
/// let settings = Settings { hide_until_turn: true, ..Settings::default() };
/// assert_eq!(settings.order, Order::Sequential);
/// assert_eq!(settings.utc_offset.whole_hours(), 8);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// What it is about.
    pub description: Description,
    /// Opaque data of the host.
    pub user_data: UserData,
    /// One after the other, or all at once.
    pub order: Order,
    /// What each signer must read first; a slot may ask for something else.
    pub reading: ReadingGate,
    /// A signer does not see the documents before his turn (R-CON-08).
    pub hide_until_turn: bool,
    /// The contract can never be released (C20).
    pub no_release: bool,
    /// Whether its start needs an approval (C4, C5).
    pub start_review: StartReview,
    /// How signers come to it.
    pub opening: Opening,
    /// The offset in which sign dates are drawn and reports are worded; +08:00 unless set.
    #[serde(with = "offset")]
    pub utc_offset: UtcOffset,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            description: Description::default(),
            user_data: UserData::default(),
            order: Order::default(),
            reading: ReadingGate::default(),
            hide_until_turn: false,
            no_release: false,
            start_review: StartReview::default(),
            opening: Opening::default(),
            utc_offset: UtcOffset::from_hms(8, 0, 0).unwrap_or(UtcOffset::UTC),
        }
    }
}

/// An offset as whole seconds: an integer reads the same everywhere.
mod offset {
    use serde::{Deserialize, Deserializer, Serializer, de::Error as _};
    use time::UtcOffset;

    pub(super) fn serialize<S: Serializer>(
        offset: &UtcOffset,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_i32(offset.whole_seconds())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<UtcOffset, D::Error> {
        UtcOffset::from_whole_seconds(i32::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reading_time_has_bounds_and_a_default_by_pages() {
        assert_eq!(ReadingTime::seconds(2).unwrap_err().code(), "con.setting_invalid");
        assert!(ReadingTime::seconds(3).is_ok());
        assert!(ReadingTime::seconds(300).is_ok());
        assert!(ReadingTime::seconds(301).is_err());
        let seconds = |pages| ReadingTime::for_pages(pages).duration().whole_seconds();
        assert_eq!([1, 2, 3, 5, 6, 900].map(seconds), [3, 3, 5, 5, 10, 10]);
        let gate =
            ReadingGate { time: Some(ReadingTime::seconds(42).unwrap()), ..Default::default() };
        assert_eq!(gate.least_time(900).duration(), Duration::seconds(42));
    }

    #[test]
    fn settings_come_back_from_json_and_lack_nothing_when_fields_are_missing() {
        let settings = Settings { hide_until_turn: true, ..Settings::default() };
        let json = serde_json::to_string(&settings).unwrap();
        assert_eq!(serde_json::from_str::<Settings>(&json).unwrap(), settings);
        assert_eq!(serde_json::from_str::<Settings>("{}").unwrap(), Settings::default());
        assert!(json.contains("\"utc_offset\":28800"));
    }
}
