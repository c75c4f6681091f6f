//! The trail, which is handed out as evidence.

use sealwright::audit::{Details, Facts, HashAlgorithm, Head, HostKey, IdentityReference, Value};
use time::OffsetDateTime;

use crate::known::EVERYBODY;
use crate::watch::{hides, hides_everywhere, hides_in_debug};

#[test]
fn r_id_13_entries_name_persons_by_mask_and_keyed_digest() {
    let key = HostKey::new(b"thirty-two bytes out of a vault!").unwrap();
    hides_in_debug(&key);
    let mut head = Head::start(HashAlgorithm::default());
    for known in EVERYBODY {
        let reference = IdentityReference::new(&key, &known.document());
        assert!(reference.is_of(&key, &known.document()));
        hides_everywhere(&reference);
        let details = Details::new()
            .with("signer", Value::from(&reference))
            .with("mobile", key.fingerprint("mobile", known.mobile));
        let now = OffsetDateTime::UNIX_EPOCH;
        let entry = head.append(Facts::new(now, "e:1", "contract.signed", "c:1").details(details));
        hides_everywhere(&entry);
        hides("canonical JSON", &entry.to_canonical_json());
    }
    hides_everywhere(&head);
}
