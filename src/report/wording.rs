//! The words of the report, one catalogue for each language. Codes are the same in all.

use serde::{Deserialize, Serialize};

use super::code::Code;

/// A language of reports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// 中文.
    Zh,
}

/// The message of a code, `{0}`, `{1}` … replaced by the values.
pub(super) fn message(code: Code, lang: Lang, values: &[String]) -> String {
    let template = match lang {
        Lang::En => code.english(),
        Lang::Zh => code.chinese(),
    };
    fill(template, values)
}

/// Replaces `{0}`, `{1}` …; what has no value yet becomes `…`. Values are not looked into.
pub(crate) fn fill(template: &str, values: &[String]) -> String {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((index, behind)) = after.split_once('}') else { break };
        let value = index.parse().ok().and_then(|index: usize| values.get(index));
        filled.push_str(value.map_or("…", String::as_str));
        rest = behind;
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_with_braces_is_not_filled_again() {
        let values = ["{1}".to_owned(), "b".to_owned()];
        assert_eq!(fill("{0} and {1} and {2}.", &values), "{1} and b and ….");
    }
}
