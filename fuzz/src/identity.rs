//! Facts about persons and organizations, as people type them and as they come out of a database.

use sealwright::identity::{
    Email, HongKongMacauPermit, IdDocument, IdDocumentKind, Mobile, OrganizationName, PersonName,
    PersonalFact, ResidencePermit, ResidentId, TaiwanPermit, Uscc, date_in_china,
};
use time::OffsetDateTime;

/// Every parser on one text: a value that is accepted is stored in a form that is accepted again,
/// and its mask hides something.
pub fn typed(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    stored(PersonName::parse(&text).ok());
    stored(ResidentId::parse(&ResidentId::normalize(&text)).ok());
    stored(ResidencePermit::parse(&text).ok());
    stored(HongKongMacauPermit::parse(&text).ok());
    stored(TaiwanPermit::parse(&text).ok());
    stored(Mobile::parse(&Mobile::normalize(&text)).ok());
    stored(Email::parse(&text).ok());
    for kind in IdDocumentKind::ALL {
        if let Ok(document) = IdDocument::parse(kind, &text) {
            let _ = document.age_at(OffsetDateTime::UNIX_EPOCH);
            let _ = document.check_birth_date(date_in_china(OffsetDateTime::UNIX_EPOCH));
            stored(Some(document));
        }
    }
    stored(IdDocument::from_stored(&text).ok());
    if let Ok(name) = OrganizationName::parse(&text) {
        assert_eq!(OrganizationName::parse(name.as_str()).as_ref(), Ok(&name));
    }
    if let Ok(code) = Uscc::parse(&Uscc::normalize(&text)) {
        assert_eq!(code.as_str().parse(), Ok(code));
        let _ = code.warning();
    }
}

/// Texts that are accepted by one parser or another.
pub fn typed_seeds() -> Vec<Vec<u8>> {
    [
        "张三",
        " 阿凡提•买买提 ",
        "O'Neil, Anne-Marie",
        "晨曦科技(深圳)  有限公司",
        "91350100M000100Y43",
        "91310115MA1H8R7C67",
        "11010519491231002x",
        "810000199001011230",
        "H1234567890",
        "01234567",
        "+86 138-0000-0000",
        "Li.Si@Example.COM",
        "resident_id:11010519491231002X",
        "taiwan_permit:0123456789B",
    ]
    .map(|text| text.as_bytes().to_vec())
    .to_vec()
}

fn stored<T: PersonalFact + PartialEq>(fact: Option<T>) {
    if let Some(fact) = fact {
        assert!(T::from_stored(&fact.stored()).is_ok_and(|again| again == fact));
        assert!(fact.masked().contains('*') && fact.masked() != fact.stored());
    }
}
