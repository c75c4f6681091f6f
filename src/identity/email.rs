//! E-mail addresses (邮箱), as far as a contract needs them: somewhere to send a notice.

use super::Error;
use super::personal::personal_fact;

/// The longest path an SMTP server must take (RFC 5321, 4.5.3.1.3, less the brackets).
const MOST: usize = 254;
/// The longest local part (RFC 5321, 4.5.3.1.1).
const MOST_LOCAL: usize = 64;
/// The longest label of a domain (RFC 1035, 2.3.4).
const MOST_LABEL: usize = 63;

/// An e-mail address (邮箱). Quoted local parts and address literals, which nobody has, are refused.
///
/// A personal fact: it is stored inside [`Personal`](super::Personal), and `Debug` shows its mask.
///
/// ```
/// use sealwright::identity::Email;
/// let email = Email::parse(" Li.Si@Example.COM ")?;
/// assert_eq!(email.expose(), "Li.Si@example.com");
/// assert_eq!(email.masked(), "L***@example.com");
/// # Ok::<(), sealwright::identity::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Email(String);

impl Email {
    /// Normalises and checks an address: outer white space goes, the domain becomes lower case.
    ///
    /// # Errors
    ///
    /// [`Error::EmailFormat`] unless it is `local@domain` with a domain of at least two labels.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let email = Self::normalize(text);
        let fits = email.len() <= MOST
            && email
                .rsplit_once('@')
                .is_some_and(|(local, domain)| is_local(local) && is_domain(domain));
        if fits { Ok(Self(email)) } else { Err(Error::EmailFormat) }
    }

    /// The form in which addresses are compared. Applying it twice changes nothing more.
    #[must_use]
    pub fn normalize(text: &str) -> String {
        match text.trim().rsplit_once('@') {
            Some((local, domain)) => format!("{local}@{}", domain.to_ascii_lowercase()),
            None => text.trim().to_owned(),
        }
    }

    /// The full address. Whoever asks for it handles personal data.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What may be shown: the first character and the domain.
    #[must_use]
    pub fn masked(&self) -> String {
        let (local, domain) = self.0.rsplit_once('@').unwrap_or_default();
        let first: String = local.chars().take(1).filter(|_| local.chars().count() > 1).collect();
        format!("{first}***@{domain}")
    }
}

personal_fact!(Email);

/// Dot-separated atoms of RFC 5322, with letters of any script (RFC 6531).
fn is_local(text: &str) -> bool {
    let is_atom = |letter: char| letter.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(letter);
    text.len() <= MOST_LOCAL
        && text.split('.').all(|atom| !atom.is_empty() && atom.chars().all(is_atom))
}

fn is_domain(text: &str) -> bool {
    let is_label = |label: &str| {
        (1..=MOST_LABEL).contains(&label.len())
            && label.chars().all(|letter| letter.is_alphanumeric() || letter == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let is_number = |label: &str| label.bytes().all(|letter| letter.is_ascii_digit());
    text.rsplit_once('.').is_some_and(|(rest, last)| {
        rest.split('.').all(is_label) && is_label(last) && !is_number(last)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_id_10_addresses_are_compared_with_the_domain_in_lower_case() {
        assert_eq!(Email::parse("a@B.CN").unwrap(), Email::parse(" a@b.cn").unwrap());
        assert_ne!(Email::parse("A@b.cn").unwrap(), Email::parse("a@b.cn").unwrap());
    }

    #[test]
    fn r_ctl_11_addresses_have_a_local_part_and_a_domain() {
        for text in ["a@b.cn", "li.si+x@mail.example.com", "张三@例子.中国", "o'neil@x-y.org"]
        {
            assert!(Email::parse(text).is_ok(), "{text}");
        }
        let long = format!("{}@b.cn", "a".repeat(65));
        for text in [
            "",
            "a",
            "@b.cn",
            "a@",
            "a@b",
            "a@b.",
            "a@.cn",
            "a@-b.cn",
            "a b@c.cn",
            "a@b@c.cn",
            ".a@b.cn",
            "a..b@c.cn",
            "a@1.2.3.4",
            "a@b.cn\n.",
            "a\u{0}@b.cn",
            &long,
        ] {
            let error = Email::parse(text).unwrap_err();
            assert_eq!(error.code(), "identity.email_format", "{text:?}");
        }
    }

    #[test]
    fn r_id_13_debug_shows_the_mask_of_an_address() {
        let shown = |text| format!("{:?}", Email::parse(text).unwrap());
        assert_eq!(shown("lisi@example.com"), "Email(l***@example.com)");
        assert_eq!(shown("l@example.com"), "Email(***@example.com)");
    }
}
