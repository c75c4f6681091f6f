//! Bundles of evidence that strangers hand in.

use sealwright::decision::Aggregate;
use sealwright::execution::evidence::{
    Bundle, Evidence, EvidenceFacts, EvidenceVerdict, VerifyOptions, gather, verify,
};
use sealwright::execution::{Certifier, CheckFacts};
use sealwright::limits::Limits;
use sealwright_testdata::pki::KeyType;

use crate::cast::{Cast, key};

/// Whatever comes of a bundle, it can be written, read again and told in words.
pub fn bundle(bytes: &[u8]) {
    let limits = Limits { inflated_bytes: 4 << 20, work: 64 << 20, ..Limits::default() };
    let Ok(verdict) = verify(bytes, &VerifyOptions::without_trust().limits(limits)) else { return };
    let written = serde_json::to_vec(&verdict).expect("a verdict serialises");
    let again: EvidenceVerdict = serde_json::from_slice(&written).expect("and is read again");
    assert!(again == verdict && !verdict.to_string().is_empty());
}

/// The bundle of a contract of two parties, signed and not signed.
pub fn bundle_seeds() -> Vec<Vec<u8>> {
    let (cast, platform) = (signed(), key(KeyType::P256));
    with_facts(&cast, |facts, evidence| {
        let bundle = Bundle::of(evidence, facts);
        let sealed = bundle.clone().sealed_by(&platform).to_zip(cast.now);
        [bundle.to_zip(cast.now), sealed].map(|zip| zip.expect("what fits together")).to_vec()
    })
}

/// Evidence as JSON: whatever is read is written and read as the same.
pub fn facts(bytes: &[u8]) {
    let Ok(evidence) = serde_json::from_slice::<Evidence>(bytes) else { return };
    let again = serde_json::to_vec(&evidence).expect("evidence serialises");
    assert_eq!(serde_json::from_slice::<Evidence>(&again).expect("and is read"), evidence);
    let _ = evidence.differences();
}

/// The evidence of a contract of two parties.
pub fn facts_seeds() -> Vec<Vec<u8>> {
    let cast = signed();
    let json = |_: &EvidenceFacts<'_>, evidence: &Evidence| serde_json::to_vec(evidence);
    vec![with_facts(&cast, json).expect("evidence serialises")]
}

fn signed() -> Cast {
    let mut cast = Cast::of(2);
    cast.start(Certifier::FirstSigner);
    (0..2).for_each(|number| cast.sign(number).expect("everybody may"));
    assert_eq!(u64::try_from(cast.trail.len()), Ok(cast.contract.head().len()));
    cast
}

fn with_facts<T>(cast: &Cast, go: impl FnOnce(&EvidenceFacts<'_>, &Evidence) -> T) -> T {
    let seals: Vec<_> = cast.sides.iter().map(|side| &side.seal).collect();
    let grants: Vec<_> = cast.sides.iter().map(|side| &side.grant).collect();
    let documents = cast.documents();
    let facts = EvidenceFacts::new(&documents, CheckFacts::of(&seals, &grants), &cast.trail);
    let by = cast.sides[0].company.head();
    let evidence = gather(&cast.contract, &facts, &by, cast.now).expect("all have signed");
    go(&facts, &evidence)
}
