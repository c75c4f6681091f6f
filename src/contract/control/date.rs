//! How dates are written.

use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime, Time, UtcOffset};

use super::text::{Align, Font, FontSize};
use super::{ControlError, TextStyle};

/// The order and the marks of a date.
///
/// ```
/// use sealwright::contract::DateFormat;
/// use time::{Date, Month};
/// let day = Date::from_calendar_date(2026, Month::January, 5)?;
/// assert_eq!(DateFormat::default().write(day), "2026年1月5日");
/// assert_eq!(DateFormat::Dots.write(day), "2026.1.5");
/// # Ok::<(), time::error::ComponentRange>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum DateFormat {
    /// `2026  1  5`: numbers alone, for forms that print 年, 月 and 日 themselves; so many spaces
    /// after the year and after the month.
    Gaps {
        /// After the year.
        after_year: u8,
        /// After the month.
        after_month: u8,
    },
    /// `2026年1月5日`.
    #[default]
    Chinese,
    /// `2026/1/5`.
    Slashes,
    /// `2026-1-5`.
    Hyphens,
    /// `2026.1.5`.
    Dots,
}

impl DateFormat {
    /// The date in this format.
    #[must_use]
    pub fn write(self, date: Date) -> String {
        let (year, month, day) = (date.year(), u8::from(date.month()), date.day());
        match self {
            Self::Gaps { after_year, after_month } => {
                let gap = |spaces: u8| " ".repeat(spaces.max(1).into());
                format!("{year}{}{month}{}{day}", gap(after_year), gap(after_month))
            }
            Self::Chinese => format!("{year}年{month}月{day}日"),
            Self::Slashes => format!("{year}/{month}/{day}"),
            Self::Hyphens => format!("{year}-{month}-{day}"),
            Self::Dots => format!("{year}.{month}.{day}"),
        }
    }

    /// The date that a text names in this format, with or without leading zeros.
    ///
    /// # Errors
    ///
    /// [`ControlError::ValueInvalid`].
    pub fn read(self, text: &str) -> Result<Date, ControlError> {
        let problem = "no date of the format of its control; give year, month and day";
        let invalid = || ControlError::ValueInvalid { problem };
        let (year, month, day) = self.parts(text).ok_or_else(invalid)?;
        let number = |text: &str, most: usize| {
            let fits = (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
            fits.then(|| text.parse::<u16>().ok()).flatten()
        };
        let year = number(year, 4).filter(|_| year.len() == 4).ok_or_else(invalid)?;
        let small = |text| number(text, 2).and_then(|it| u8::try_from(it).ok());
        let month = small(month).and_then(|it| time::Month::try_from(it).ok());
        let (month, day) = month.zip(small(day)).ok_or_else(invalid)?;
        Date::from_calendar_date(year.into(), month, day).map_err(|_| invalid())
    }

    fn parts(self, text: &str) -> Option<(&str, &str, &str)> {
        let separated = |mark: char| {
            let (year, rest) = text.split_once(mark)?;
            let (month, day) = rest.split_once(mark)?;
            Some((year, month, day))
        };
        match self {
            Self::Gaps { .. } => {
                let (year, rest) = text.split_once(' ')?;
                let (month, day) = rest.trim_start_matches(' ').split_once(' ')?;
                Some((year, month, day.trim_start_matches(' ')))
            }
            Self::Chinese => {
                let (year, rest) = text.strip_suffix('日')?.split_once('年')?;
                let (month, day) = rest.split_once('月')?;
                Some((year, month, day))
            }
            Self::Slashes => separated('/'),
            Self::Hyphens => separated('-'),
            Self::Dots => separated('.'),
        }
    }
}

/// How the date of a signature is written (签署日期). The engine writes it, from the time of signing.
///
/// ```
/// use sealwright::contract::{DateFormat, DateStyle};
/// use time::{Date, Month, UtcOffset};
/// let style = DateStyle { format: DateFormat::Hyphens, with_time: true, ..DateStyle::default() };
/// let day = Date::from_calendar_date(2026, Month::January, 5)?;
/// let china = UtcOffset::from_hms(8, 0, 0)?;
/// assert_eq!(style.write(day.with_hms(17, 30, 9)?.assume_utc(), china), "2026-1-6 01:30:09");
/// # Ok::<(), time::error::ComponentRange>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct DateStyle {
    /// The typeface.
    pub font: Font,
    /// Its size.
    pub size: FontSize,
    /// Where the date stands in its box.
    pub align: Align,
    /// The order and the marks.
    pub format: DateFormat,
    /// With hours, minutes and seconds.
    pub with_time: bool,
}

impl DateStyle {
    /// The instant as it is drawn, in the zone of the contract.
    #[must_use]
    pub fn write(&self, at: OffsetDateTime, zone: UtcOffset) -> String {
        // At the ends of the calendar no zone can be applied; the instant is written as it is.
        let at = at.checked_to_offset(zone).unwrap_or(at);
        let date = self.format.write(at.date());
        if self.with_time { format!("{date} {}", clock(at.time())) } else { date }
    }

    /// How its text is set.
    #[must_use]
    pub fn text(&self) -> TextStyle {
        TextStyle { font: self.font, size: self.size, align: self.align, ..TextStyle::default() }
    }
}

fn clock(time: Time) -> String {
    format!("{:02}:{:02}:{:02}", time.hour(), time.minute(), time.second())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(year: i32, month: u8, day: u8) -> Date {
        Date::from_calendar_date(year, month.try_into().unwrap(), day).unwrap()
    }

    const FORMATS: [DateFormat; 5] = [
        DateFormat::Gaps { after_year: 2, after_month: 1 },
        DateFormat::Chinese,
        DateFormat::Slashes,
        DateFormat::Hyphens,
        DateFormat::Dots,
    ];

    #[test]
    fn every_format_reads_what_it_writes_and_leading_zeros() {
        let day = date(2024, 2, 29);
        let written = ["2024  2 29", "2024年2月29日", "2024/2/29", "2024-2-29", "2024.2.29"];
        for (format, expected) in FORMATS.into_iter().zip(written) {
            assert_eq!(format.write(day), expected);
            assert_eq!(format.read(expected).unwrap(), day);
        }
        assert_eq!(DateFormat::Hyphens.read("2024-02-09").unwrap(), date(2024, 2, 9));
        assert_eq!(DateFormat::Chinese.read("2024年02月09日").unwrap(), date(2024, 2, 9));
    }

    #[test]
    fn r_ctl_11_what_is_no_date() {
        for text in [
            "",
            "2024-2-30",
            "2023-2-29",
            "2024-13-1",
            "24-1-1",
            "2024-1-1-1",
            "2024/1/1",
            "2024-1-",
            "-1-1-1",
            "２０２４-1-1",
            "2024-+1-1",
            "2024-001-1",
            " 2024-1-1",
        ] {
            let error = DateFormat::Hyphens.read(text).unwrap_err();
            assert_eq!(error.code(), "ctl.value_invalid", "{text:?}");
        }
        for text in ["2024月1年1日", "2024年1月1", "2024年1年1日"] {
            assert!(DateFormat::Chinese.read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_zone_of_the_contract_decides_the_day() {
        let at = date(2026, 1, 5).with_hms(16, 0, 0).unwrap().assume_utc();
        let style = DateStyle::default();
        assert_eq!(style.write(at, UtcOffset::UTC), "2026年1月5日");
        assert_eq!(style.write(at, UtcOffset::from_hms(8, 0, 0).unwrap()), "2026年1月6日");
    }

    #[test]
    fn the_end_of_the_calendar_is_no_panic() {
        let last = Date::MAX.with_hms(23, 59, 59).unwrap().assume_utc();
        let zone = UtcOffset::from_hms(14, 0, 0).unwrap();
        assert!(!DateStyle::default().write(last, zone).is_empty());
    }
}
