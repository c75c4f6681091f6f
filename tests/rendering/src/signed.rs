//! Documents sealed and signed as a host does it.

use sealwright::appearance::SealFace;
use sealwright::pdf::File;
use sealwright::{Authority, Limits, LocalSigner, Seal};
use sealwright_testdata::pki::{KeyType, Validity, identity};

/// A document with a seal of which `what` says where and how; signed in the same way every time.
///
/// # Panics
///
/// If it cannot be signed.
pub fn signed(
    bytes: &[u8],
    what: impl for<'f> FnOnce(Seal<'f>) -> Seal<'f>,
    face: &SealFace,
) -> Vec<u8> {
    let now = time::OffsetDateTime::from_unix_timestamp(1_767_225_600).expect("in range");
    let identity = identity(KeyType::P256, Validity::around(now));
    let (key, chain) = (identity.key_pem(), identity.chain_pem());
    let signer = LocalSigner::from_pem(key.as_bytes(), chain.as_bytes()).expect("a key");
    let file = File::open(bytes, Limits::default()).expect("a document");
    // The face outlives what is told of it.
    let seal = what(Seal::on(&file)).face(face, Authority::AssertedByHost);
    let signed = seal.sign(&signer, now).expect("it may be sealed");
    [bytes, signed.appended()].concat()
}
