//! The bytes that are hashed: JSON with one spelling only.
//!
//! A subset of RFC 8785: keys sorted (by UTF-16 code units, as it says), no white space, UTF-8,
//! integers and no other numbers. One thing goes beyond it: integers past 2^53 - 1 are written in
//! full, where a reader that has only floating-point numbers would round them. Put such a number
//! down as a text.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry as Place;
use std::fmt::{self, Write as _};

use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::digest::Digest;

/// A value in the details of an entry. There are no fractions: they have no one spelling.
///
/// ```
/// use sealwright::audit::{Details, Value};
/// let details = Details::new().with("pages", 3).with("face", "9f86d081");
/// assert_eq!(details.get("pages"), Some(&Value::Integer(3)));
/// assert_eq!(details.to_canonical_json(), r#"{"face":"9f86d081","pages":3}"#);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// True or false.
    Bool(bool),
    /// An integer.
    Integer(i64),
    /// A text.
    Text(String),
    /// Values in order.
    List(Vec<Value>),
    /// Values by name.
    Map(Details),
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<u32> for Value {
    fn from(value: u32) -> Self {
        Self::Integer(i64::from(value))
    }
}

impl From<i32> for Value {
    fn from(value: i32) -> Self {
        Self::Integer(i64::from(value))
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

/// The algorithm and the digits: `sha256:…`.
impl From<Digest> for Value {
    fn from(value: Digest) -> Self {
        Self::Text(value.to_string())
    }
}

/// RFC 3339, in UTC.
impl From<OffsetDateTime> for Value {
    fn from(value: OffsetDateTime) -> Self {
        Self::Text(spelt(value))
    }
}

impl From<Details> for Value {
    fn from(value: Details) -> Self {
        Self::Map(value)
    }
}

impl<T: Into<Value>> FromIterator<T> for Value {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        Self::List(values.into_iter().map(Into::into).collect())
    }
}

/// What an entry says beyond who, when and what: values by name, without personal facts.
///
/// Reading one refuses a name that stands twice: which of its values counts would be a matter of
/// the reader.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Details(BTreeMap<String, Value>);

impl Details {
    /// No details.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With one more value; a second value of the same name replaces the first.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.insert(name.to_owned(), value.into());
        self
    }

    /// With one more value, if there is one.
    #[must_use]
    pub fn with_some(self, name: &str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// The value of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The one spelling that is hashed.
    #[must_use]
    pub fn to_canonical_json(&self) -> String {
        let mut out = String::new();
        write_map(&mut out, self);
        out
    }
}

impl<'de> Deserialize<'de> for Details {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Once;

        impl<'de> Visitor<'de> for Once {
            type Value = Details;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("values by name")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Details, A::Error> {
                let mut values = BTreeMap::new();
                while let Some((name, value)) = map.next_entry::<String, Value>()? {
                    match values.entry(name) {
                        Place::Vacant(place) => place.insert(value),
                        Place::Occupied(_) => return Err(A::Error::custom("a name stands twice")),
                    };
                }
                Ok(Details(values))
            }
        }

        deserializer.deserialize_map(Once)
    }
}

/// An object whose members are written in the order of the calls: the caller sorts.
pub(super) struct Object {
    out: String,
}

impl Object {
    pub(super) fn new() -> Self {
        Self { out: String::from("{") }
    }

    pub(super) fn text(&mut self, name: &str, value: &str) {
        self.name(name);
        write_text(&mut self.out, value);
    }

    pub(super) fn integer(&mut self, name: &str, value: u64) {
        self.name(name);
        let _ = write!(self.out, "{value}");
    }

    pub(super) fn details(&mut self, name: &str, value: &Details) {
        self.name(name);
        write_map(&mut self.out, value);
    }

    pub(super) fn finish(mut self) -> String {
        self.out.push('}');
        self.out
    }

    fn name(&mut self, name: &str) {
        if self.out.len() > 1 {
            self.out.push(',');
        }
        write_text(&mut self.out, name);
        self.out.push(':');
    }
}

fn write_value(out: &mut String, value: &Value) {
    match value {
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Integer(value) => {
            let _ = write!(out, "{value}");
        }
        Value::Text(value) => write_text(out, value),
        Value::List(values) => {
            out.push('[');
            for (position, value) in values.iter().enumerate() {
                if position > 0 {
                    out.push(',');
                }
                write_value(out, value);
            }
            out.push(']');
        }
        Value::Map(values) => write_map(out, values),
    }
}

fn write_map(out: &mut String, values: &Details) {
    // The map is sorted by UTF-8, which agrees with UTF-16 below U+E000.
    let mut values: Vec<_> = values.0.iter().collect();
    if values.iter().any(|(name, _)| name.chars().any(|letter| letter >= '\u{E000}')) {
        values.sort_by(|(one, _), (other, _)| one.encode_utf16().cmp(other.encode_utf16()));
    }
    out.push('{');
    for (position, (name, value)) in values.into_iter().enumerate() {
        if position > 0 {
            out.push(',');
        }
        write_text(out, name);
        out.push(':');
        write_value(out, value);
    }
    out.push('}');
}

/// RFC 3339 in UTC. An instant that it cannot write, before the year 0, is written as nanoseconds
/// since 1970: two instants never share a spelling.
pub(super) fn spelt(at: OffsetDateTime) -> String {
    at.checked_to_offset(time::UtcOffset::UTC)
        .and_then(|utc| utc.format(&Rfc3339).ok())
        .unwrap_or_else(|| at.unix_timestamp_nanos().to_string())
}

/// RFC 8785 §3.2.2.2: the two-letter escapes where they exist, lower-case `\u00xx` for the other
/// control characters, everything else as it is.
fn write_text(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if control < ' ' => {
                let _ = write!(out, "\\u{:04x}", u32::from(control));
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_and_texts_escaped_one_way() {
        let inner = Details::new().with("b", true).with("a", -1_i64);
        let details = Details::new()
            .with("z", "引\"\\\n\u{1}\u{7f}")
            .with("list", Value::from_iter(["x", "y"]))
            .with("inner", inner);
        assert_eq!(
            details.to_canonical_json(),
            "{\"inner\":{\"a\":-1,\"b\":true},\"list\":[\"x\",\"y\"],\"z\":\"引\\\"\\\\\\n\\u0001\u{7f}\"}"
        );
    }

    #[test]
    fn what_is_canonical_reads_back_as_json() {
        let details = Details::new().with("a", "b").with("n", i64::MIN);
        let text = details.to_canonical_json();
        assert_eq!(serde_json::from_str::<Details>(&text).unwrap(), details);
        assert!(serde_json::from_str::<Details>(r#"{"a":1.5}"#).is_err());
    }

    #[test]
    fn names_are_sorted_by_utf_16_code_units() {
        // U+10000 comes after U+FFFD in UTF-8 and before it in UTF-16.
        let details = Details::new().with("\u{fffd}", 2).with("\u{10000}", 1).with("a", 0);
        assert_eq!(details.to_canonical_json(), "{\"a\":0,\"\u{10000}\":1,\"\u{fffd}\":2}");
    }

    #[test]
    fn every_control_character_has_its_escape() {
        let text: String = ('\u{0}'..' ').collect();
        let written = Details::new().with("t", text.as_str()).to_canonical_json();
        assert!(written.is_ascii() && !written.chars().any(char::is_control), "{written}");
        assert!(written.starts_with(r#"{"t":"\u0000\u0001\u0002\u0003"#), "{written}");
        assert!(written.contains(r"\u0007\b\t\n\u000b\f\r\u000e"), "{written}");
        let read: Details = serde_json::from_str(&written).unwrap();
        assert_eq!(read.get("t"), Some(&Value::from(text)));
    }

    #[test]
    fn nothing_is_empty_and_the_extremes_are_written_in_full() {
        assert_eq!(Details::new().to_canonical_json(), "{}");
        let details = Details::new()
            .with("a", Value::List(Vec::new()))
            .with("b", Details::new())
            .with("c", i64::MIN)
            .with("d", "");
        assert_eq!(
            details.to_canonical_json(),
            r#"{"a":[],"b":{},"c":-9223372036854775808,"d":""}"#
        );
    }

    #[test]
    fn what_has_no_one_spelling_is_not_read() {
        for json in [
            r#"{"a":1,"a":2}"#,
            r#"{"m":{"a":1,"a":1}}"#,
            r#"{"a":1.0}"#,
            r#"{"a":1e3}"#,
            r#"{"a":null}"#,
            r#"{"a":9223372036854775808}"#,
            "[]",
            "1",
        ] {
            assert!(serde_json::from_str::<Details>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn instants_are_utc_and_never_share_a_spelling() {
        let instant = |text| OffsetDateTime::parse(text, &Rfc3339).unwrap();
        assert_eq!(spelt(instant("2026-01-05T09:00:00+08:00")), "2026-01-05T01:00:00Z");
        assert_eq!(spelt(instant("2026-01-05T01:00:00.25Z")), "2026-01-05T01:00:00.25Z");
        let early = time::Date::MIN.midnight().assume_utc();
        assert_ne!(spelt(early), spelt(early + time::Duration::NANOSECOND));
        let last = time::PrimitiveDateTime::MAX
            .assume_offset(time::UtcOffset::from_hms(-1, 0, 0).unwrap());
        assert_eq!(spelt(last), last.unix_timestamp_nanos().to_string());
    }
}
