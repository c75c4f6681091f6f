//! Until when algorithms prove something: a policy as data, with dates.

use std::fmt;

use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime};

use super::public_key::KeyAlgorithm;
use crate::digest::DigestAlgorithm;

/// An algorithm on which a signature rests.
///
/// ```
/// use sealwright::digest::DigestAlgorithm;
/// use sealwright::pki::{AlgorithmUse, KeyAlgorithm};
///
/// assert_eq!(AlgorithmUse::Digest(DigestAlgorithm::Sha1).to_string(), "SHA-1");
/// assert_eq!(AlgorithmUse::Key(KeyAlgorithm::Rsa { bits: 1024 }).to_string(), "RSA-1024");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AlgorithmUse {
    /// Something was hashed with it: the document, the signed attributes, or what was time-stamped.
    Digest(DigestAlgorithm),
    /// The key of the signer.
    Key(KeyAlgorithm),
}

impl AlgorithmUse {
    /// Whether it proves nothing unless a rule names a date before which it did.
    fn is_weak(&self) -> bool {
        match self {
            Self::Digest(digest) => !digest.is_strong(),
            Self::Key(key) => key.rsa_bits().is_some_and(|bits| bits < STRONG_RSA_BITS),
        }
    }
}

impl fmt::Display for AlgorithmUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Digest(digest) => digest.fmt(f),
            Self::Key(key) => key.fmt(f),
        }
    }
}

/// Below these many bits an RSA key proves nothing by itself. The last started byte counts as full, as
/// ring counts.
const STRONG_RSA_BITS: usize = 2041;

/// What a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AlgorithmClass {
    /// A digest algorithm.
    Digest(DigestAlgorithm),
    /// Every RSA key with fewer bits.
    RsaShorterThan(u32),
}

impl AlgorithmClass {
    fn holds(self, used: &AlgorithmUse) -> bool {
        match (self, used) {
            (Self::Digest(class), AlgorithmUse::Digest(digest)) => class == *digest,
            (Self::RsaShorterThan(bits), AlgorithmUse::Key(key)) => {
                let limit = usize::try_from(bits).unwrap_or(usize::MAX);
                key.rsa_bits().is_some_and(|bits| bits < limit)
            }
            _ => false,
        }
    }
}

/// Until when algorithms of a class prove something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlgorithmRule {
    /// Which algorithms.
    pub algorithm: AlgorithmClass,
    /// The first instant at which they prove nothing any more; none if they never did.
    #[serde(with = "time::serde::rfc3339::option")]
    pub until: Option<OffsetDateTime>,
}

/// Until when algorithms prove something (the cryptographic constraints of ETSI EN 319 102-1, 5.1.4.5).
///
/// A signature whose values agree but whose algorithms are weak proves something only if it is *shown* to
/// be older than the end of their time: by a trusted time-stamp that is itself strong, or was when a later
/// one vouched for it. What the signer claims of the time does not count.
///
/// What no rule names is strong, but for SHA-1 and RSA keys below 2048 bits, which then prove nothing.
/// MD5 and whatever else is not computed here stays *unsupported* under every policy. Of several rules
/// the strictest counts.
///
/// The [default](Self::default) has three rules:
///
/// | algorithm | until | as |
/// |---|---|---|
/// | SHA-1 | 2009 | the default constraints of EU DSS have it |
/// | RSA below 1536 bits | 2009 | 1024 bits were to end in 2008 (BNetzA, Bekanntmachung 2008) |
/// | RSA below 2048 bits | 2011 | 112 bits of strength are demanded from then on (NIST SP 800-131A, 3) |
///
/// It is plain data, so that a host may keep it beside its other settings:
///
/// ```
/// use sealwright::pki::{AlgorithmClass, AlgorithmPolicy};
/// use time::OffsetDateTime;
/// use time::format_description::well_known::Rfc3339;
///
/// // Ours is stricter: keys below 3000 bits count until the end of 2028.
/// let end = OffsetDateTime::parse("2029-01-01T00:00:00Z", &Rfc3339)?;
/// let policy = AlgorithmPolicy::default().until(AlgorithmClass::RsaShorterThan(3000), end);
/// let text = serde_json::to_string(&policy).unwrap();
/// assert!(text.contains(r#"{"algorithm":{"rsa_shorter_than":3000},"until":"2029-01-01T00:00:00Z"}"#));
/// assert_eq!(serde_json::from_str::<AlgorithmPolicy>(&text).unwrap(), policy);
/// # Ok::<(), time::error::Parse>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AlgorithmPolicy {
    rules: Vec<AlgorithmRule>,
}

impl Default for AlgorithmPolicy {
    fn default() -> Self {
        let (year_2009, year_2011) = (beginning_of(2009), beginning_of(2011));
        Self::strong_only()
            .until(AlgorithmClass::Digest(DigestAlgorithm::Sha1), year_2009)
            .until(AlgorithmClass::RsaShorterThan(1536), year_2009)
            .until(AlgorithmClass::RsaShorterThan(2048), year_2011)
    }
}

impl AlgorithmPolicy {
    /// No rule: what is weak today proves nothing, however old it is.
    #[must_use]
    pub const fn strong_only() -> Self {
        Self { rules: Vec::new() }
    }

    /// These algorithms prove something where the signature is shown to be older than `until`.
    #[must_use]
    pub fn until(mut self, algorithm: AlgorithmClass, until: OffsetDateTime) -> Self {
        self.rules.push(AlgorithmRule { algorithm, until: Some(until) });
        self
    }

    /// These algorithms prove nothing, at whatever time.
    ///
    /// ```
    /// use sealwright::pki::{AlgorithmClass, AlgorithmPolicy, AlgorithmUse, KeyAlgorithm};
    /// use time::OffsetDateTime;
    ///
    /// let policy = AlgorithmPolicy::default().never(AlgorithmClass::RsaShorterThan(3072));
    /// let used = [AlgorithmUse::Key(KeyAlgorithm::Rsa { bits: 2048 })];
    /// assert!(policy.judge(&used, Some(OffsetDateTime::UNIX_EPOCH)).is_err());
    /// ```
    #[must_use]
    pub fn never(mut self, algorithm: AlgorithmClass) -> Self {
        self.rules.push(AlgorithmRule { algorithm, until: None });
        self
    }

    /// The rules, in the order in which they were given.
    #[must_use]
    pub fn rules(&self) -> &[AlgorithmRule] {
        &self.rules
    }

    /// What these algorithms prove of something that is shown to have been there at a time.
    ///
    /// Without a time (none is shown, and nobody says what time it is) a date does not help.
    ///
    /// # Errors
    ///
    /// The weakest, and until when it would have counted.
    ///
    /// ```
    /// use sealwright::digest::DigestAlgorithm;
    /// use sealwright::pki::{AlgorithmPolicy, AlgorithmUse};
    /// use time::{Duration, OffsetDateTime};
    ///
    /// let policy = AlgorithmPolicy::default();
    /// let used = [AlgorithmUse::Digest(DigestAlgorithm::Sha1)];
    /// let then = OffsetDateTime::from_unix_timestamp(1_200_000_000).unwrap(); // in January 2008
    /// assert!(policy.judge(&used, Some(then)).unwrap().is_some());
    /// assert!(policy.judge(&used, Some(then + Duration::days(366))).is_err());
    /// assert!(policy.judge(&used, None).is_err());
    /// ```
    pub fn judge(
        &self,
        used: &[AlgorithmUse],
        at: Option<OffsetDateTime>,
    ) -> Result<Option<AlgorithmTime>, WeakAlgorithm> {
        let times = used.iter().filter_map(|used| {
            let rules = self.rules.iter().filter(|rule| rule.algorithm.holds(used));
            let until = rules.map(|rule| rule.until).min();
            // Without a rule only what is weak by itself ends: it never began.
            let until = until.or_else(|| used.is_weak().then_some(None))?;
            Some((until, used))
        });
        // `None` comes first: what never counted ends before everything else.
        let Some((until, used)) = times.min_by_key(|(until, _)| *until) else { return Ok(None) };
        match (until, at) {
            (Some(until), Some(at)) if at < until => {
                Ok(Some(AlgorithmTime { algorithm: used.clone(), until }))
            }
            (until, _) => Err(WeakAlgorithm { algorithm: used.clone(), until }),
        }
    }
}

fn beginning_of(year: i32) -> OffsetDateTime {
    let day = Date::from_ordinal_date(year, 1).unwrap_or(Date::MIN);
    day.midnight().assume_utc()
}

/// An algorithm whose time ends, and what it is used in is from before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlgorithmTime {
    /// The algorithm whose time ends first.
    pub algorithm: AlgorithmUse,
    /// The first instant at which it proves nothing any more.
    pub until: OffsetDateTime,
}

/// An algorithm that proves nothing of what it was used in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeakAlgorithm {
    /// The algorithm.
    pub algorithm: AlgorithmUse,
    /// The first instant at which it proved nothing any more; none if it never did.
    pub until: Option<OffsetDateTime>,
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHA1: AlgorithmUse = AlgorithmUse::Digest(DigestAlgorithm::Sha1);
    const SHA256: AlgorithmUse = AlgorithmUse::Digest(DigestAlgorithm::Sha256);

    fn at(text: &str) -> OffsetDateTime {
        OffsetDateTime::parse(text, &time::format_description::well_known::Rfc3339).unwrap()
    }

    fn rsa(bits: usize) -> AlgorithmUse {
        AlgorithmUse::Key(KeyAlgorithm::Rsa { bits })
    }

    #[test]
    fn the_first_to_end_decides() {
        let policy = AlgorithmPolicy::default();
        let time = Some(at("2010-01-01T00:00:00Z"));
        let until =
            |used: &[AlgorithmUse]| policy.judge(used, time).map(|time| time.map(|t| t.until));
        assert_eq!(until(&[SHA256, rsa(2048)]), Ok(None));
        assert_eq!(until(&[SHA256, rsa(1976)]), Ok(Some(at("2011-01-01T00:00:00Z"))));
        let weak = until(&[SHA1, rsa(1976)]).unwrap_err();
        assert_eq!((weak.algorithm, weak.until), (SHA1, Some(at("2009-01-01T00:00:00Z"))));
        assert_eq!(until(&[SHA256, rsa(1024)]).unwrap_err().algorithm, rsa(1024));
        // The first instant that does not count any more.
        let one = [SHA1];
        assert!(policy.judge(&one, Some(at("2008-12-31T23:59:59Z"))).is_ok());
        assert!(policy.judge(&one, Some(at("2009-01-01T00:00:00Z"))).is_err());
    }

    #[test]
    fn what_no_rule_names_is_strong_or_never_counts() {
        let policy = AlgorithmPolicy::strong_only();
        let time = Some(at("1999-01-01T00:00:00Z"));
        assert_eq!(policy.judge(&[SHA256, rsa(2048)], time), Ok(None));
        assert_eq!(policy.judge(&[SHA256, rsa(2041)], time), Ok(None));
        for weak in [SHA1, rsa(2040), AlgorithmUse::Key(KeyAlgorithm::RsaPss { bits: 1024 })] {
            let found = policy.judge(&[SHA256, weak.clone()], time).unwrap_err();
            assert_eq!(found, WeakAlgorithm { algorithm: weak, until: None });
        }
    }

    #[test]
    fn of_several_rules_the_strictest_counts() {
        let late = at("2100-01-01T00:00:00Z");
        let class = AlgorithmClass::Digest(DigestAlgorithm::Sha1);
        let policy = AlgorithmPolicy::default().until(class, late);
        let time = Some(at("2020-01-01T00:00:00Z"));
        assert!(policy.judge(&[SHA1], time).is_err(), "the earlier date stays");
        assert!(AlgorithmPolicy::strong_only().until(class, late).judge(&[SHA1], time).is_ok());
        let never = AlgorithmPolicy::strong_only().until(class, late).never(class);
        assert_eq!(never.judge(&[SHA1], time).unwrap_err().until, None);
    }
}
