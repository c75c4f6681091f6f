//! An audit trail out of a database.

use sealwright::audit::{Details, Entry, Facts, HashAlgorithm, Head, verify};
use time::{Duration, OffsetDateTime};

/// Entries as JSON: whatever is consistent stays so through the next store.
pub fn stored_trail(bytes: &[u8]) {
    let Ok(entries) = serde_json::from_slice::<Vec<Entry>>(bytes) else { return };
    let again = serde_json::to_vec(&entries).expect("entries serialise");
    let again: Vec<Entry> = serde_json::from_slice(&again).expect("and are read again");
    assert_eq!(verify(&entries, None), verify(&again, None));
}

/// A trail of three entries.
pub fn stored_trail_seeds() -> Vec<Vec<u8>> {
    let mut head = Head::start(HashAlgorithm::Sha256);
    let entries: Vec<Entry> = (0..3)
        .map(|minute| {
            let at = OffsetDateTime::UNIX_EPOCH + Duration::minutes(minute);
            let details = Details::new().with("minute", minute).with("of", Details::new());
            head.append(Facts::new(at, "e:a", "contract.signed", "contract:c").details(details))
        })
        .collect();
    vec![serde_json::to_vec(&entries).expect("entries serialise")]
}

/// Details as JSON: their canonical spelling is read as the same details and spelt the same.
pub fn details(bytes: &[u8]) {
    let Ok(details) = serde_json::from_slice::<Details>(bytes) else { return };
    let spelt = details.to_canonical_json();
    let again: Details = serde_json::from_str(&spelt).expect("the canonical spelling is JSON");
    assert!(again == details && again.to_canonical_json() == spelt);
}

/// Details of every kind of value.
pub fn details_seeds() -> Vec<Vec<u8>> {
    [
        r#"{"a":1,"b":"text","c":[true,false,-9],"d":{"e":{}}}"#,
        r#"{"\ud800\udc00":"\u0000\u001f\"\\","\ufffd":"引"}"#,
    ]
    .map(|text| text.as_bytes().to_vec())
    .to_vec()
}
