//! A natural person, as a contract knows one.

use serde::{Deserialize, Serialize};

use super::{Factor, Factors, IdDocument, Mobile, PersonName, Personal};

/// A natural person (自然人): name, identity document, mobile number.
///
/// Everything in it is [`Personal`]: `Debug` shows masks, and serialised it is to be stored
/// encrypted.
///
/// ```
/// use sealwright::identity::{IdDocument, IdDocumentKind, Mobile, Person, PersonName};
/// let document = IdDocument::parse(IdDocumentKind::ResidentId, "11010519491231002X")?;
/// let mobile = Mobile::parse("13800000000")?;
/// let invited = Person::new(PersonName::parse("张三")?, document.clone(), mobile.clone());
/// let verified = Person::new(PersonName::parse("张山")?, document, mobile);
/// assert_eq!(invited.differences(&verified).to_string(), "name");
/// # Ok::<(), sealwright::identity::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Person {
    name: Personal<PersonName>,
    id_document: Personal<IdDocument>,
    mobile: Personal<Mobile>,
}

impl Person {
    /// A person of these three facts.
    #[must_use]
    pub fn new(name: PersonName, id_document: IdDocument, mobile: Mobile) -> Self {
        Self {
            name: Personal::new(name),
            id_document: Personal::new(id_document),
            mobile: Personal::new(mobile),
        }
    }

    /// 姓名.
    #[must_use]
    pub fn name(&self) -> &PersonName {
        self.name.get()
    }

    /// 证件.
    #[must_use]
    pub fn id_document(&self) -> &IdDocument {
        self.id_document.get()
    }

    /// 手机号.
    #[must_use]
    pub fn mobile(&self) -> &Mobile {
        self.mobile.get()
    }

    /// The same person under another name.
    #[must_use]
    pub fn with_name(mut self, name: PersonName) -> Self {
        self.name = Personal::new(name);
        self
    }

    /// The same person with another mobile number.
    #[must_use]
    pub fn with_mobile(mut self, mobile: Mobile) -> Self {
        self.mobile = Personal::new(mobile);
        self
    }

    /// Which of name, identity document (kind and number) and mobile differ, all normalised
    /// (R-ID-09, R-ID-10). Empty for the same person. The name of the organization, the fourth
    /// factor, is no fact of a person: compare it with [`Factors::with_if`].
    #[must_use]
    pub fn differences(&self, other: &Self) -> Factors {
        Factors::NONE
            .with_if(Factor::Name, self.name != other.name)
            .with_if(Factor::IdNumber, self.id_document != other.id_document)
            .with_if(Factor::Mobile, self.mobile != other.mobile)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::IdDocumentKind;

    fn person(name: &str, id: &str, mobile: &str) -> Person {
        Person::new(
            PersonName::parse(name).unwrap(),
            IdDocument::parse(IdDocumentKind::ResidentId, id).unwrap(),
            Mobile::parse(&Mobile::normalize(mobile)).unwrap(),
        )
    }

    #[test]
    fn r_cer_06_differences_are_told_by_factor_after_normalisation() {
        let known = person("阿凡提·买买提", "11010519491231002X", "13800000000");
        let typed = person("阿凡提•买买提 ", "11010519491231002x", "+86 138 0000 0000");
        assert!(known.differences(&typed).is_empty());
        let other = person("阿凡提", "110101199003070011", "13800000001");
        let all = [Factor::Name, Factor::IdNumber, Factor::Mobile];
        assert_eq!(known.differences(&other), all.into_iter().collect());
        let moved = known.clone().with_mobile(Mobile::parse("13800000001").unwrap());
        assert_eq!(known.differences(&moved).to_string(), "mobile");
        let renamed = known.clone().with_name(PersonName::parse("张三").unwrap());
        assert_eq!(known.differences(&renamed).to_string(), "name");
    }

    #[test]
    fn r_id_13_full_facts_are_in_personal_objects_only() {
        let known = person("张三丰", "11010519491231002X", "13800001569");
        let shown = format!("{known:?}");
        for secret in ["张三丰", "11010519491231002X", "13800001569"] {
            assert!(!shown.contains(secret), "{shown}");
        }
        let json = serde_json::to_value(&known).unwrap();
        assert_eq!(json["name"]["personal"], "张三丰");
        assert_eq!(json["id_document"]["personal"], "resident_id:11010519491231002X");
        assert_eq!(json["mobile"]["personal"], "13800001569");
        assert_eq!(serde_json::from_value::<Person>(json).unwrap(), known);
    }
}
