//! One thing that was found, and where.

use serde::{Deserialize, Serialize};

use super::code::{Code, Severity};
use super::wording::{self, Lang};

/// One thing that was found: a stable code, the values that show it, and where it is.
///
/// Values are numbers, names of algorithms and words of the standard, never what a person wrote.
///
/// ```
/// use sealwright::report::{Code, Finding, Lang, Severity};
///
/// let finding = Finding::new(Code::SigSignerCount).with("2");
/// assert_eq!(finding.code.as_str(), "sig.signer_count");
/// assert_eq!(finding.severity, Severity::Warning);
/// assert!(finding.message.contains('2'));
/// assert!(finding.message_in(Lang::Zh).contains('2'));
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// What was found.
    pub code: Code,
    /// How much it weighs.
    pub severity: Severity,
    /// The same in an English sentence.
    pub message: String,
    /// The object it is about, as `number generation`.
    pub object: Option<String>,
    /// The page it is on, from 1.
    pub page: Option<u32>,
    /// Where on the page: left, bottom, right, top in points of the page's user space.
    pub rect: Option<[f64; 4]>,
    /// The values in the message, in their order, for other languages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
}

impl Finding {
    /// A finding without values and place.
    #[must_use]
    pub fn new(code: Code) -> Self {
        Self {
            code,
            severity: code.severity(),
            message: wording::message(code, Lang::En, &[]),
            object: None,
            page: None,
            rect: None,
            values: Vec::new(),
        }
    }

    /// The same with one more value.
    #[must_use]
    pub fn with(mut self, value: impl ToString) -> Self {
        self.values.push(value.to_string());
        self.message = wording::message(self.code, Lang::En, &self.values);
        self
    }

    /// The same about an object.
    #[must_use]
    pub fn about(mut self, object: impl ToString) -> Self {
        self.object = Some(object.to_string());
        self
    }

    /// The message in a language.
    #[must_use]
    pub fn message_in(&self, lang: Lang) -> String {
        wording::message(self.code, lang, &self.values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_fill_the_message_in_their_order() {
        let finding = Finding::new(Code::SigByteRangeOutside).with(900).with(800).about("7 0");
        assert_eq!(
            finding.message,
            "the signature claims bytes up to 900, but the file ends at 800"
        );
        assert_eq!(finding.object.as_deref(), Some("7 0"));
    }

    #[test]
    fn the_json_has_the_keys_of_the_form() {
        let json = serde_json::to_value(Finding::new(Code::SigGap)).unwrap();
        let keys: Vec<_> = json.as_object().unwrap().keys().cloned().collect();
        assert_eq!(keys, ["code", "message", "object", "page", "rect", "severity"]);
        assert_eq!(json["code"], "sig.gap");
        assert_eq!(json["severity"], "error");
    }
}
