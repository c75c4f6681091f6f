//! When a meeting is held and what it is called.

use std::fmt;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::error::Error;
use crate::decision::storable;
use crate::identity::is_unseen;

/// The name of a meeting (会议名称, R-CER-02): it is shown on the signing page, so it is one line of
/// printable characters. White space around it is dropped.
///
/// ```
/// use sealwright::ceremony::Title;
///
/// assert_eq!(Title::parse(" 战略合作签约仪式 ", 64)?.as_str(), "战略合作签约仪式");
/// assert_eq!(Title::parse("two\nlines", 64).unwrap_err().code(), "cer.title_invalid");
/// # Ok::<(), sealwright::ceremony::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Title(String);

impl Title {
    /// The longest that any policy may allow, in characters.
    pub const LONGEST: usize = 256;

    /// Reads a title of at most `longest` characters (see
    /// [`Policy::title_characters`](super::Policy)).
    ///
    /// # Errors
    ///
    /// [`Error::TitleInvalid`] if nothing is left of it, it is too long, or it holds a control
    /// character, a line break or a mark that turns the direction of text.
    pub fn parse(text: &str, longest: usize) -> Result<Self, Error> {
        let text = text.trim();
        let (found, longest) = (text.chars().count(), longest.min(Self::LONGEST));
        if found == 0 || found > longest || text.chars().any(is_unseen) {
            return Err(Error::TitleInvalid { characters: found, longest });
        }
        Ok(Self(text.to_owned()))
    }

    /// The title.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its length in characters.
    #[must_use]
    pub fn characters(&self) -> usize {
        self.0.chars().count()
    }
}

impl TryFrom<String> for Title {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        Self::parse(&text, Self::LONGEST)
    }
}

impl From<Title> for String {
    fn from(title: Title) -> Self {
        title.0
    }
}

impl fmt::Display for Title {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// From when to when a meeting is held, UTC: the start is before the end (R-CER-01).
///
/// ```
/// use sealwright::ceremony::Schedule;
/// use time::{Duration, OffsetDateTime};
///
/// let start = OffsetDateTime::UNIX_EPOCH;
/// assert!(Schedule::new(start, start + Duration::hours(2)).is_ok());
/// assert_eq!(Schedule::new(start, start).unwrap_err().code(), "cer.time_order");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Bounds")]
pub struct Schedule {
    #[serde(with = "time::serde::rfc3339")]
    starts_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    ends_at: OffsetDateTime,
}

impl Schedule {
    /// From the start to the end, which does not belong to it any more.
    ///
    /// # Errors
    ///
    /// [`Error::TimeOrder`] if it ends before it has begun, [`Error::OutsideCalendar`] if UTC has no
    /// such instant.
    pub fn new(starts_at: OffsetDateTime, ends_at: OffsetDateTime) -> Result<Self, Error> {
        if starts_at >= ends_at {
            return Err(Error::TimeOrder { starts_at, ends_at });
        }
        let utc = |at| storable(at).ok_or(Error::OutsideCalendar { at });
        Ok(Self { starts_at: utc(starts_at)?, ends_at: utc(ends_at)? })
    }

    /// The start, UTC.
    #[must_use]
    pub fn starts_at(&self) -> OffsetDateTime {
        self.starts_at
    }

    /// The end, UTC.
    #[must_use]
    pub fn ends_at(&self) -> OffsetDateTime {
        self.ends_at
    }

    /// Whether it has not begun at `now`.
    ///
    /// # Errors
    ///
    /// [`Error::StartInPast`] (R-CER-01).
    pub(super) fn require_future(&self, now: OffsetDateTime) -> Result<(), Error> {
        if self.starts_at > now {
            Ok(())
        } else {
            Err(Error::StartInPast { starts_at: self.starts_at, now })
        }
    }
}

#[derive(Deserialize)]
struct Bounds {
    #[serde(with = "time::serde::rfc3339")]
    starts_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    ends_at: OffsetDateTime,
}

impl TryFrom<Bounds> for Schedule {
    type Error = Error;

    fn try_from(bounds: Bounds) -> Result<Self, Error> {
        Self::new(bounds.starts_at, bounds.ends_at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::Duration;

    #[test]
    fn r_cer_02_a_title_is_one_printable_line_within_its_length() {
        assert_eq!(Title::parse("签", 64).unwrap().characters(), 1);
        assert_eq!(Title::parse(&"签".repeat(64), 64).unwrap().characters(), 64);
        let long = "签".repeat(65);
        for text in [
            "",
            "  ",
            "a\tb",
            "a\u{0}",
            "a\u{202e}b",
            "a\u{2028}b",
            "\u{feff}",
            "a\u{61c}b",
            "a\u{e007f}b",
            "a\u{3164}b",
            "a\u{fe0f}b",
            &long,
        ] {
            assert_eq!(Title::parse(text, 64).unwrap_err().code(), "cer.title_invalid", "{text:?}");
        }
        assert!(Title::parse(&long, 65).is_ok());
        assert!(Title::parse(&"签".repeat(257), 9999).is_err());
        assert!(serde_json::from_str::<Title>("\"a\\nb\"").is_err());
    }

    #[test]
    fn r_cer_01_a_meeting_starts_before_it_ends_and_in_the_future() {
        let start = OffsetDateTime::from_unix_timestamp(1_767_578_400).unwrap();
        let schedule = Schedule::new(start, start + Duration::SECOND).unwrap();
        assert_eq!(Schedule::new(start, start).unwrap_err().code(), "cer.time_order");
        assert!(schedule.require_future(start - Duration::NANOSECOND).is_ok());
        for now in [start, start + Duration::DAY] {
            let late = schedule.require_future(now).unwrap_err();
            assert_eq!(late.code(), "cer.start_in_past");
        }
        let json = serde_json::to_string(&schedule).unwrap();
        assert_eq!(serde_json::from_str::<Schedule>(&json).unwrap(), schedule);
        let turned = json.replace("starts_at", "x").replace("ends_at", "starts_at");
        assert!(serde_json::from_str::<Schedule>(&turned.replace("\"x\"", "\"ends_at\"")).is_err());
    }

    #[test]
    fn r_cer_01_a_time_that_utc_does_not_have_is_refused() {
        use time::macros::datetime;
        let start = datetime!(9999-12-31 20:00 UTC);
        let beyond = datetime!(9999-12-31 23:59:59 -01:00);
        assert_eq!(
            Schedule::new(start, beyond),
            Err(Error::OutsideCalendar { at: beyond }),
            "the end is in the year 10000"
        );
        let before = datetime!(0000-01-01 00:00 +01:00);
        assert_eq!(Schedule::new(before, start).unwrap_err().code(), "cer.time_order");
        let json = r#"{"starts_at":"9999-12-31T20:00:00Z","ends_at":"9999-12-31T23:59:59-01:00"}"#;
        assert!(serde_json::from_str::<Schedule>(json).is_err());
        let last = json.replace("-01:00", "Z");
        let last = serde_json::from_str::<Schedule>(&last).unwrap();
        assert!(serde_json::to_string(&last).is_ok());
    }
}
