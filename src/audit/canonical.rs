//! The bytes that are hashed: JSON with one spelling only.
//!
//! A subset of RFC 8785: keys sorted, no white space, UTF-8, integers and no other numbers.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
    out.push('{');
    for (position, (name, value)) in values.0.iter().enumerate() {
        if position > 0 {
            out.push(',');
        }
        write_text(out, name);
        out.push(':');
        write_value(out, value);
    }
    out.push('}');
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
}
