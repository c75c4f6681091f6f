//! Distinguished names for people: the name in them.

use super::letter::visible;
use super::signature::Identity;

/// The name that people know somebody by: the common name of a distinguished name (RFC 4514), else its
/// organization, else all of it.
///
/// Of several common names it is the most specific one, which stands first. What was escaped is plain
/// text again; what would move or hide other text is replaced by U+FFFD. Whoever signed is told apart by
/// the certificate, not by this name, which anybody can have put into one of his own.
///
/// ```
/// use sealwright::report::short_name;
///
/// assert_eq!(short_name(r"CN=Jiang\, Ltd,O=Jiang,C=CN"), "Jiang, Ltd");
/// assert_eq!(short_name("O=澄砚+L=江州,C=CN"), "澄砚");
/// assert_eq!(short_name("C=CN"), "C=CN");
/// ```
#[must_use]
pub fn short_name(distinguished: &str) -> String {
    let parts = parts(distinguished);
    let of = |kinds: [&str; 2]| {
        let found = parts.iter().find_map(|part| {
            let (kind, value) = part.split_once('=')?;
            let kind = kind.trim();
            kinds.iter().any(|one| kind.eq_ignore_ascii_case(one)).then(|| plain(value))
        });
        found.filter(|name| !name.trim().is_empty())
    };
    let name = of(["CN", "2.5.4.3"]).or_else(|| of(["O", "2.5.4.10"]));
    visible(&name.unwrap_or_else(|| distinguished.into()))
}

impl Identity {
    /// The name of who signed, as people know it: [`short_name`] of the subject.
    #[must_use]
    pub fn name(&self) -> Option<String> {
        self.subject.as_deref().map(short_name)
    }

    /// The name of who issued the certificate: [`short_name`] of the issuer.
    #[must_use]
    pub fn issuer_name(&self) -> Option<String> {
        self.issuer.as_deref().map(short_name)
    }
}

/// The parts of a name, by the commas and plus signs that are not escaped (RFC 4514, 2.1 and 2.2).
fn parts(name: &str) -> Vec<&str> {
    let (mut parts, mut start, mut escaped) = (Vec::new(), 0, false);
    for (at, letter) in name.char_indices() {
        if !escaped && matches!(letter, ',' | '+') {
            parts.extend(name.get(start..at));
            start = at.saturating_add(1);
        }
        escaped = letter == '\\' && !escaped;
    }
    parts.extend(name.get(start..));
    parts
}

/// A value without its escapes: a backslash before the character itself, or before each octet of its
/// UTF-8 in two hexadecimal digits (RFC 4514, 2.4).
fn plain(value: &str) -> String {
    let value = without_margins(value);
    let mut octets = Vec::with_capacity(value.len());
    let mut rest = value;
    while let Some((before, escaped)) = rest.split_once('\\') {
        octets.extend_from_slice(before.as_bytes());
        let octet = escaped.get(..2).filter(|two| two.bytes().all(|one| one.is_ascii_hexdigit()));
        if let Some(octet) = octet.and_then(|two| u8::from_str_radix(two, 16).ok()) {
            octets.push(octet);
            rest = escaped.get(2..).unwrap_or_default();
            continue;
        }
        // What is escaped is itself, were it a backslash.
        let next = escaped.chars().next().map_or(0, char::len_utf8);
        octets.extend_from_slice(escaped.get(..next).unwrap_or_default().as_bytes());
        rest = escaped.get(next..).unwrap_or_default();
    }
    octets.extend_from_slice(rest.as_bytes());
    String::from_utf8_lossy(&octets).into_owned()
}

/// Spaces around a value belong to it only if they are escaped.
fn without_margins(value: &str) -> &str {
    let value = value.trim_start_matches(' ');
    let short = value.trim_end_matches(' ');
    let backslashes = short.bytes().rev().take_while(|one| *one == b'\\').count();
    match value.get(..short.len().saturating_add(1)) {
        Some(with_space) if backslashes % 2 == 1 => with_space,
        _ => short,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_common_name_else_the_organization_else_all() {
        for (name, expected) in [
            ("C=CN,O=甲公司,CN=王\\, 方", "王, 方"),
            ("CN=specific,CN=general", "specific"),
            ("cn = a", "a"),
            ("2.5.4.3=b,O=c", "b"),
            ("O=甲公司+L=深圳,C=CN", "甲公司"),
            ("CN=,O=c", "c"),
            ("CN=\\ ,O=c", "c"),
            ("L=x\\,CN=b,C=CN", "L=x\\,CN=b,C=CN"),
            ("#3005", "#3005"),
            ("", ""),
        ] {
            assert_eq!(short_name(name), expected, "{name}");
        }
    }

    #[test]
    fn escapes_are_undone_once() {
        for (value, expected) in [
            (r"a\,b\+c\\d", r"a,b+c\d"),
            (r"a\\,CN=b", r"a\"),
            (r"a\e2\80\aeb\ ", "a\u{FFFD}b "),
            (r" \ a  ", " a"),
            (r"a\\ ", r"a\"),
            (r"\#甲\E7\94\B2", "#甲甲"),
            (r"\ff", "\u{FFFD}"),
            (r"a\", "a"),
            (r"a\甲", "a甲"),
        ] {
            assert_eq!(short_name(&format!("CN={value}")), expected, "{value}");
        }
    }
}
