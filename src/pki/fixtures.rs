//! The files of `testdata/pki` for unit tests.

use time::OffsetDateTime;

use super::certificate::Certificate;
use super::private_key::PrivateKey;

pub(super) fn file(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/pki/");
    std::fs::read(format!("{folder}{name}")).unwrap()
}

pub(super) fn certificate(name: &str) -> Certificate {
    Certificate::from_pem(&file(&format!("{name}.crt"))).unwrap()
}

pub(super) fn key(name: &str) -> PrivateKey {
    PrivateKey::parse(&file(&format!("{name}.key"))).unwrap()
}

/// A moment at which everything made by `make.sh` is valid: 15 January 2027.
pub(super) fn now() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap()
}
