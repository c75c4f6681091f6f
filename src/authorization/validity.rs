//! A window of time with an open or a closed end.

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use super::Error;

/// From when until when a seal or a grant is valid: half-open, `from ≤ now < until`, or without an
/// end (R-GRANT-02).
///
/// Other systems write "no end" as a date far away; [`Validity::from_vendor`] and
/// [`Validity::vendor_until`] translate at the edge, and only there.
///
/// ```
/// use sealwright::authorization::Validity;
/// use time::{Duration, OffsetDateTime};
///
/// let from = OffsetDateTime::from_unix_timestamp(1_777_593_600)?;
/// let until = from + Duration::days(31);
/// let may = Validity::new(from, Some(until))?;
/// assert!(may.contains(from) && !may.contains(until));
///
/// let open = Validity::from_vendor(from, Validity::VENDOR_OPEN_END)?;
/// assert_eq!(open.until(), None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct Validity {
    from: OffsetDateTime,
    until: Option<OffsetDateTime>,
}

impl Validity {
    /// What "no end" is called where a date is needed: 2099-12-12T23:59:59+08:00.
    pub const VENDOR_OPEN_END: OffsetDateTime =
        OffsetDateTime::UNIX_EPOCH.saturating_add(Duration::seconds(4_100_774_399));

    /// A window; without `until` it never ends.
    ///
    /// # Errors
    ///
    /// [`Error::WindowInvalid`] if nothing lies in it.
    pub fn new(from: OffsetDateTime, until: Option<OffsetDateTime>) -> Result<Self, Error> {
        let (from, until) = (in_utc(from), until.map(in_utc));
        match until {
            Some(until) if until <= from => Err(Error::WindowInvalid { from, until }),
            _ => Ok(Self { from, until }),
        }
    }

    /// A window that begins now and never ends.
    #[must_use]
    pub fn starting(from: OffsetDateTime) -> Self {
        Self { from: in_utc(from), until: None }
    }

    /// A window whose end may be the instant that stands for none.
    ///
    /// # Errors
    ///
    /// As [`Validity::new`].
    pub fn from_vendor(from: OffsetDateTime, until: OffsetDateTime) -> Result<Self, Error> {
        Self::new(from, (until != Self::VENDOR_OPEN_END).then_some(until))
    }

    /// The end, or the instant that stands for none.
    #[must_use]
    pub fn vendor_until(&self) -> OffsetDateTime {
        self.until.unwrap_or(Self::VENDOR_OPEN_END)
    }

    /// The first instant in it, UTC.
    #[must_use]
    pub fn from(&self) -> OffsetDateTime {
        self.from
    }

    /// The first instant after it, UTC; `None` if it never ends.
    #[must_use]
    pub fn until(&self) -> Option<OffsetDateTime> {
        self.until
    }

    /// Whether it has begun.
    #[must_use]
    pub fn has_begun(&self, now: OffsetDateTime) -> bool {
        self.from <= now
    }

    /// Whether it is over.
    #[must_use]
    pub fn is_over(&self, now: OffsetDateTime) -> bool {
        self.until.is_some_and(|until| until <= now)
    }

    /// Whether the instant lies in it.
    #[must_use]
    pub fn contains(&self, now: OffsetDateTime) -> bool {
        self.has_begun(now) && !self.is_over(now)
    }
}

#[derive(Serialize, Deserialize)]
struct Stored {
    #[serde(with = "time::serde::rfc3339")]
    from: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option", default)]
    until: Option<OffsetDateTime>,
}

impl TryFrom<Stored> for Validity {
    type Error = Error;

    fn try_from(stored: Stored) -> Result<Self, Error> {
        Self::new(stored.from, stored.until)
    }
}

impl From<Validity> for Stored {
    fn from(validity: Validity) -> Self {
        Self { from: validity.from, until: validity.until }
    }
}

/// An instant at the edge of the calendar, which UTC cannot tell, stays as it is.
pub(super) fn in_utc(instant: OffsetDateTime) -> OffsetDateTime {
    instant.checked_to_offset(time::UtcOffset::UTC).unwrap_or(instant)
}

#[cfg(test)]
mod tests {
    use time::format_description::well_known::Rfc3339;

    use super::*;

    fn at(text: &str) -> OffsetDateTime {
        OffsetDateTime::parse(text, &Rfc3339).unwrap()
    }

    #[test]
    fn r_grant_02_the_window_is_half_open() {
        let (from, until) = (at("2026-01-01T00:00:00Z"), at("2026-01-02T00:00:00Z"));
        let window = Validity::new(from, Some(until)).unwrap();
        let tick = Duration::NANOSECOND;
        for (instant, inside) in
            [(from - tick, false), (from, true), (until - tick, true), (until, false)]
        {
            assert_eq!(window.contains(instant), inside, "{instant}");
        }
        for until in [from, from - tick] {
            let error = Validity::new(from, Some(until)).unwrap_err();
            assert_eq!(error.code(), "grant.window_invalid");
        }
    }

    #[test]
    fn r_grant_02_no_end_is_a_far_date_at_the_edge_only() {
        let (from, far) = (at("2026-01-01T08:00:00+08:00"), at("2099-12-12T23:59:59+08:00"));
        let open = Validity::from_vendor(from, far).unwrap();
        assert_eq!(open, Validity::starting(from));
        assert_eq!((open.until(), open.vendor_until()), (None, far));
        assert!(open.contains(at("2100-01-01T00:00:00Z")));
        let closed = Validity::from_vendor(from, far - Duration::SECOND).unwrap();
        assert!(closed.is_over(far));
    }

    #[test]
    fn r_grant_02_an_empty_window_cannot_be_read_either() {
        let json = serde_json::to_string(&Validity::starting(at("2026-01-01T08:00:00+08:00")));
        assert_eq!(json.unwrap(), r#"{"from":"2026-01-01T00:00:00Z","until":null}"#);
        let backwards = r#"{"from":"2026-01-01T00:00:00Z","until":"2025-01-01T00:00:00Z"}"#;
        assert!(serde_json::from_str::<Validity>(backwards).is_err());
    }
}
