//! When: what the signer claims, and what time-stamps prove (RFC 3161, ISO 32000-2 §12.8.5).

use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

use crate::digest::Digest;
use crate::limits::Limits;
use crate::pdf::{Dictionary, Object};
use crate::pki::{AlgorithmUse, Certificate, Doubt, Outcome, SignedData, TimestampToken};
use crate::report::{Code, Finding, TimestampState};

use super::intact::{doubt_finding, fault_finding};
use super::verdict::Verdict;

/// What the time-stamps inside a signature say.
pub(super) struct Stamp {
    pub(super) state: TimestampState,
    /// Those that belong to this signature, the earliest first.
    tokens: Vec<Token>,
}

/// A time-stamp over this signature, whatever it proves.
pub(super) struct Token {
    pub(super) time: OffsetDateTime,
    pub(super) authority: Certificate,
    /// The certificates that came with it.
    pub(super) others: Vec<Certificate>,
    /// The algorithms on which it rests.
    pub(super) used: Vec<AlgorithmUse>,
}

/// How many time-stamps of one signature are asked whether they prove a time: more than anybody puts
/// there, and each may cost a search for a path.
const TOKENS: usize = 16;

impl Stamp {
    /// There is none.
    pub(super) fn none() -> Self {
        Self { state: TimestampState::None, tokens: Vec::new() }
    }

    /// Those that may prove a time, the earliest first; none if one does not hold.
    pub(super) fn take_tokens(&mut self) -> Vec<Token> {
        let tokens = std::mem::take(&mut self.tokens);
        if self.state == TimestampState::Ok { tokens } else { Vec::new() }
    }
}

/// Checks the time-stamps inside a signature against its value (RFC 3161, appendix A).
pub(super) fn stamp(signed: &SignedData<'_>, limits: &Limits, verdict: &mut Verdict) -> Stamp {
    let mut stamp = Stamp::none();
    let Ok(signer) = signed.signer() else { return stamp };
    for token in signer.timestamp_tokens() {
        let token = match TimestampToken::parse(token, limits) {
            Ok(token) => token,
            Err(error) => {
                verdict.doubt(Finding::new(Code::TimeBad).with(error.code()));
                stamp.state = TimestampState::Bad;
                continue;
            }
        };
        let Ok(algorithm) = token.imprint_algorithm() else {
            verdict.doubt(Finding::new(Code::TimeUnsupported).with("imprint"));
            continue;
        };
        let check = token.check(&Digest::of(algorithm, signer.signature()), signed.certificates());
        match check.overall() {
            Outcome::Good | Outcome::CannotJudge(Doubt::Weak(_)) => {
                if stamp.state == TimestampState::None {
                    stamp.state = TimestampState::Ok;
                }
                let used = check.algorithms_used();
                stamp.tokens.extend(check.signature.certificate.map(|authority| Token {
                    time: token.time(),
                    authority,
                    others: token.signed_data().certificates().to_vec(),
                    used,
                }));
            }
            Outcome::Bad(fault) => {
                let why = fault_finding(&fault).code;
                verdict.doubt(Finding::new(Code::TimeBad).with(why));
                stamp.state = TimestampState::Bad;
            }
            Outcome::CannotJudge(doubt) => {
                let why = doubt_finding(&doubt).message;
                verdict.note(Finding::new(Code::TimeUnsupported).with(why));
            }
            Outcome::Absent => {}
        }
    }
    stamp.tokens.sort_by_key(|token| token.time);
    stamp.tokens.truncate(TOKENS);
    stamp
}

/// The time that the signer claims: `/M`, or else the CMS signing time.
pub(super) fn claimed(
    dictionary: &Dictionary,
    signed: Option<&SignedData<'_>>,
) -> Option<OffsetDateTime> {
    let entry = dictionary.get(b"M").and_then(Object::as_string);
    let entry = entry.and_then(|text| parse_date(&text.bytes));
    entry.or_else(|| signed?.signer().ok()?.signing_time())
}

/// A date of ISO 32000-2 §7.9.4: `D:YYYYMMDDHHmmSSOHH'mm'`, everything after the year optional.
fn parse_date(bytes: &[u8]) -> Option<OffsetDateTime> {
    let text = std::str::from_utf8(bytes).ok()?;
    let text = text.strip_prefix("D:").unwrap_or(text);
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (numbers, zone) = text.split_at_checked(digits)?;
    let part = |from: usize, len: usize, default: u8| -> Option<u8> {
        match numbers.get(from..from + len) {
            Some(digits) => digits.parse().ok(),
            None => Some(default),
        }
    };
    let year = numbers.get(..4)?.parse().ok()?;
    let month = Month::try_from(part(4, 2, 1)?).ok()?;
    let date = Date::from_calendar_date(year, month, part(6, 2, 1)?).ok()?;
    let time = Time::from_hms(part(8, 2, 0)?, part(10, 2, 0)?, part(12, 2, 0)?).ok()?;
    let offset = parse_zone(zone)?;
    Some(PrimitiveDateTime::new(date, time).assume_offset(offset).to_offset(UtcOffset::UTC))
}

fn parse_zone(zone: &str) -> Option<UtcOffset> {
    let mut characters = zone.chars();
    let sign: i8 = match characters.next() {
        None | Some('Z') => return Some(UtcOffset::UTC),
        Some('+') => 1,
        Some('-') => -1,
        Some(_) => return None,
    };
    let digits: String = characters.filter(char::is_ascii_digit).take(4).collect();
    let hours: i8 = digits.get(..2)?.parse().ok()?;
    let minutes: i8 = digits.get(2..4).map_or(Some(0), |minutes| minutes.parse().ok())?;
    UtcOffset::from_hms(sign.checked_mul(hours)?, sign.checked_mul(minutes)?, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_the_standard_are_read() {
        let unix = |text: &str| parse_date(text.as_bytes()).map(OffsetDateTime::unix_timestamp);
        assert_eq!(unix("D:20261122093000+08'00'"), unix("D:20261122013000Z"));
        assert_eq!(unix("D:20261122093000+08'00"), unix("D:20261122013000Z00'00'"));
        assert_eq!(unix("D:1970"), Some(0));
        assert_eq!(unix("D:19700101000001-00'30'"), Some(1801));
        for bad in ["", "D:", "D:19701301", "D:19700132", "D:1970010100000x", "D:197001010000é"] {
            assert_eq!(unix(bad), None, "{bad}");
        }
    }
}
