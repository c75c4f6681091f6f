//! Bundles of evidence to be looked at.

use sealwright::decision::Aggregate;
use sealwright::execution::evidence::{Bundle, EvidenceFacts, gather};
use sealwright::execution::{Certifier, CheckFacts};
use sealwright::pdf::Password;
use sealwright::pki::TrustAnchors;
use sealwright_testdata::documents::encrypted_with_password;
use sealwright_testdata::pki::KeyType;
use time::format_description::well_known::Rfc3339;

use crate::cast::{Cast, Staging, identity_of, key, ordinary_seals, usual_controls};

/// A bundle, and what an auditor has beside it.
pub struct Made {
    /// The archive.
    pub zip: Vec<u8>,
    /// The roots of all signers, as PEM.
    pub roots: String,
    /// The head of the trail, as JSON.
    pub head: String,
    /// When it is looked at.
    pub at: String,
}

/// The evidence of the sample contract, sealed by both parties.
pub fn honest() -> Made {
    made(Staging::of(2, usual_controls(2)).on("doc_1", sealwright_testdata::contract::PDF))
}

/// The evidence of an encrypted document; its users' password is `user`.
pub fn encrypted() -> Made {
    let staging = Staging::of(2, ordinary_seals(2)).locked("owner");
    made(staging.on("doc_1", &encrypted_with_password()))
}

fn made(staging: Staging) -> Made {
    let mut cast = Cast::staged(staging).unwrap();
    cast.start(Certifier::FirstSigner);
    (0..2).for_each(|number| cast.sign(number).unwrap());
    let seals: Vec<_> = cast.sides.iter().map(|side| &side.seal).collect();
    let grants: Vec<_> = cast.sides.iter().map(|side| &side.grant).collect();
    let mut check = CheckFacts::of(&seals, &grants);
    check.options = check.options.password(Password::new(cast.password));
    let documents = cast.documents();
    let facts = EvidenceFacts::new(&documents, check, &cast.trail);
    let by = cast.sides[0].company.head();
    let evidence = gather(&cast.contract, &facts, &by, cast.now).unwrap();
    let platform = key(KeyType::P256);
    let zip = Bundle::of(&evidence, &facts).sealed_by(&platform).to_zip(cast.now).unwrap();
    let roots: String = KeyType::ALL.map(|kind| identity_of(kind).root_pem()).concat();
    assert!(TrustAnchors::from_pem(roots.as_bytes()).is_ok());
    let head = serde_json::to_string(cast.contract.head()).unwrap();
    Made { zip, roots, head, at: cast.now.format(&Rfc3339).unwrap() }
}
