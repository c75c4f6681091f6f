//! Instants in words, as every message has them: RFC 3339, in UTC.

use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcOffset};

/// RFC 3339 in UTC; an instant that has no such form, outside the years 0 to 9999, as seconds since 1970.
pub(crate) fn rfc3339(at: OffsetDateTime) -> String {
    at.checked_to_offset(UtcOffset::UTC)
        .and_then(|utc| utc.format(&Rfc3339).ok())
        .unwrap_or_else(|| in_seconds(at.unix_timestamp()))
}

/// The same of seconds since 1970.
pub(crate) fn rfc3339_of(seconds: i64) -> String {
    let at = OffsetDateTime::from_unix_timestamp(seconds).map(rfc3339);
    at.unwrap_or_else(|_| in_seconds(seconds))
}

fn in_seconds(seconds: i64) -> String {
    format!("{seconds} s since 1970")
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use time::Duration;

    use super::*;

    #[test]
    fn an_instant_is_told_in_utc_whatever_its_offset() {
        let at = OffsetDateTime::from_unix_timestamp(1_767_225_600).unwrap();
        let there = at.to_offset(UtcOffset::from_hms(8, 0, 0).unwrap());
        assert_eq!(rfc3339(there), "2026-01-01T00:00:00Z");
        assert_eq!(rfc3339(at + Duration::MILLISECOND), "2026-01-01T00:00:00.001Z");
        assert_eq!(rfc3339_of(1_767_225_600), "2026-01-01T00:00:00Z");
    }

    #[test]
    fn an_instant_that_has_no_form_is_told_in_seconds() {
        let before = OffsetDateTime::from_unix_timestamp(-70_000_000_000).unwrap();
        assert_eq!(rfc3339(before), "-70000000000 s since 1970");
        assert_eq!(rfc3339_of(i64::MAX), "9223372036854775807 s since 1970");
        let last =
            time::PrimitiveDateTime::MAX.assume_offset(UtcOffset::from_hms(-8, 0, 0).unwrap());
        assert!(rfc3339(last).ends_with(" s since 1970"), "{}", rfc3339(last));
    }

    /// Every `#[error(…)]` of the crate, with the fields of its variant.
    #[test]
    fn no_message_of_an_error_names_an_instant_in_another_form() {
        let mut wrong = Vec::new();
        let (mut messages, mut instants) = (0, 0);
        for path in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
            let text = fs::read_to_string(&path).unwrap();
            for (message, fields) in errors(&text) {
                messages += 1;
                for field in fields {
                    instants += 1;
                    if !holds(message, &field) {
                        wrong.push(format!("{}: {field} in {message}", path.display()));
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "let them say `field = rfc3339(*field)`: {wrong:#?}");
        assert!(messages > 300 && instants > 30, "{messages} messages, {instants} instants");
    }

    #[test]
    fn a_message_in_another_form_is_found() {
        let variant = "{\n /// When.\n at: OffsetDateTime,\n now: Option<OffsetDateTime>,\n }";
        for (message, wrong) in [
            ("\"was {at}\"", 1),
            ("\"was {at:?}, is {now:?}\"", 2),
            ("\"was {}\", at", 1),
            ("\"was {}\", at.to_string()", 1),
            ("\"was {at}\", at = rfc3339(*at)", 0),
            ("\"was {}\", rfc3339(*at)", 0),
            ("\"until {now}\", now = now.map_or_else(|| \"ever\".into(), rfc3339)", 0),
            ("\"no instant\"", 0),
        ] {
            let text = format!("#[error({message})]\nWas {variant}");
            let found: Vec<_> = errors(&text).collect();
            let [(message, fields)] = found.as_slice() else { panic!("{text}") };
            assert_eq!(fields.len(), 2);
            let found = fields.iter().filter(|field| !holds(message, field)).count();
            assert_eq!(found, wrong, "{text}");
        }
    }

    /// Whether a message says an instant in the form of the house, or nothing of it.
    fn holds(message: &str, field: &str) -> bool {
        let named = [format!("{{{field}}}"), format!("{{{field}:")];
        let arguments = message.rsplit_once('"').map_or("", |(_, behind)| behind);
        let told = named.iter().any(|name| message.contains(name)) || has_word(arguments, field);
        let forms = [format!("rfc3339(*{field})"), format!("{field} = {field}.map_or_else(")];
        !told || forms.iter().any(|form| message.contains(form))
    }

    fn has_word(text: &str, word: &str) -> bool {
        text.split(|letter: char| !letter.is_alphanumeric() && letter != '_').any(|one| one == word)
    }

    fn sources(folder: &Path) -> Vec<PathBuf> {
        let mut all = Vec::new();
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                all.extend(sources(&path));
            } else if path.extension().is_some_and(|kind| kind == "rs") {
                all.push(path);
            }
        }
        all
    }

    /// The messages, each with the fields of instants of its variant.
    fn errors(text: &str) -> impl Iterator<Item = (&str, Vec<String>)> {
        text.split("#[error(").skip(1).filter_map(|behind| {
            let (message, variant) = behind.split_once(")]\n")?;
            // The name, then its fields, up to the end of the variant.
            let fields = variant.trim_start().split_once(['\n', '{']).map_or("", |(_, rest)| rest);
            let fields = fields.split_once('}').map_or("", |(fields, _)| fields);
            let instants = fields.lines().filter_map(|line| {
                let (name, kind) = line.trim().split_once(": ")?;
                kind.contains("OffsetDateTime").then(|| name.to_owned())
            });
            Some((message, instants.collect()))
        })
    }
}
