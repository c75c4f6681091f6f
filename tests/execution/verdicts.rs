//! What a check says, by its codes; and the same start going two ways.

use std::collections::BTreeSet;

use sealwright::authorization::{Seal, SealGrant};
use sealwright::contract::Contract;
use sealwright::execution::{self, Certifier, CheckFacts, ExecutionVerdict};
use sealwright::report::Conclusion;
use sealwright_testdata::pki::KeyType;

use crate::attacks::{recorded, resigned};
use crate::cast::{Cast, document_id, slot};

pub fn checked(cast: &Cast) -> ExecutionVerdict {
    let seals: Vec<_> = cast.sides.iter().map(|side| &side.seal).collect();
    let grants: Vec<_> = cast.sides.iter().map(|side| &side.grant).collect();
    let verdict =
        execution::check(&cast.contract, &cast.bytes, &CheckFacts::of(&seals, &grants)).unwrap();
    let json = serde_json::to_string(&verdict).unwrap();
    assert_eq!(serde_json::from_str::<ExecutionVerdict>(&json).unwrap(), verdict);
    verdict
}

/// The codes of a check, each once.
pub fn codes(verdict: &ExecutionVerdict) -> BTreeSet<&'static str> {
    verdict.deviations.iter().map(|it| it.code.as_str()).collect()
}

/// Exactly these codes.
pub fn assert_codes(verdict: &ExecutionVerdict, expected: &[&'static str]) {
    assert_eq!(codes(verdict), expected.iter().copied().collect(), "{verdict}");
}

/// Whether a deviation names this slot and this page.
pub fn names(verdict: &ExecutionVerdict, code: &str, number: usize, page: Option<u32>) -> bool {
    verdict
        .deviations
        .iter()
        .any(|it| it.code.as_str() == code && it.slot == Some(slot(number)) && it.page == page)
}

/// All have signed.
pub fn signed(parties: usize, certifier: Certifier<'_>) -> Cast {
    let mut cast = Cast::of(parties);
    cast.start(certifier);
    (0..parties).for_each(|number| cast.sign(number).unwrap());
    cast
}

pub fn set(cast: &mut Cast, bytes: Vec<u8>) {
    cast.bytes.insert(document_id(), bytes);
}

/// The last signer changes his own revision before he signs it.
pub fn changed_by_the_last(cast: &mut Cast, change: impl FnOnce(&mut [u8])) {
    let number = cast.sides.len() - 1;
    let kind = KeyType::ALL[number % KeyType::ALL.len()];
    let signed_with = (kind, &cast.sides[number].key);
    let bytes = resigned(&cast.bytes[&document_id()], signed_with, change);
    set(cast, bytes);
    let report = cast.report();
    assert_eq!(report.conclusion, Conclusion::Passed, "{report}");
}

/// Everything that goes on as a contract is executed.
struct Stand {
    contract: Contract,
    bytes: std::collections::BTreeMap<sealwright::identity::DocumentId, Vec<u8>>,
    sides: Vec<(Seal, SealGrant, sealwright::appearance::SealFace)>,
    now: time::OffsetDateTime,
}

impl Stand {
    fn of(cast: &Cast) -> Self {
        let side = |it: &crate::cast::Side| (it.seal.clone(), it.grant.clone(), it.face.clone());
        Self {
            contract: cast.contract.clone(),
            bytes: cast.bytes.clone(),
            sides: cast.sides.iter().map(side).collect(),
            now: cast.now,
        }
    }

    fn back(self, cast: &mut Cast) {
        (cast.contract, cast.bytes, cast.now) = (self.contract, self.bytes, self.now);
        for (side, (seal, grant, face)) in cast.sides.iter_mut().zip(self.sides) {
            (side.seal, side.grant, side.face) = (seal, grant, face);
        }
    }
}

/// From one start: what was done and recorded, and what somebody else made of it, who has keys, the
/// engine and no scruples. His documents are held against the true record and the true register, and
/// have exactly these codes, beside that the bytes are others. They are not saved by a record that took
/// his bytes over either.
pub fn exposed(
    cast: &mut Cast,
    honest: impl FnOnce(&mut Cast),
    hostile: impl FnOnce(&mut Cast),
    expected: &[&'static str],
) -> ExecutionVerdict {
    let start = Stand::of(cast);
    honest(cast);
    assert!(checked(cast).deviations.is_empty(), "{}", checked(cast));
    let done = Stand::of(cast);
    start.back(cast);
    hostile(cast);
    let bytes = std::mem::take(&mut cast.bytes);
    done.back(cast);
    cast.bytes = bytes;
    let all: Vec<_> = expected.iter().copied().chain(["exec.bytes_differ"]).collect();
    let verdict = checked(cast);
    assert_codes(&verdict, &all);
    took_over(cast);
    let verdict = checked(cast);
    assert_codes(&verdict, expected);
    assert!(!verdict.is_complete());
    verdict
}

/// A record that says of each document that it ends with the bytes that came back.
pub fn took_over(cast: &mut Cast) {
    let bytes = cast.bytes.clone();
    cast.contract = recorded(&cast.contract, |contract| {
        for document in contract["documents"].as_array_mut().unwrap() {
            let id = document["id"].as_str().unwrap().parse().unwrap();
            document["digest"] = serde_json::to_value(crate::world::digest(&bytes[&id])).unwrap();
        }
    });
}

/// All sides sign, one after the other.
pub fn all_sign(cast: &mut Cast) {
    (0..cast.sides.len()).for_each(|number| cast.sign(number).unwrap());
}

/// Prepared, and nobody has signed.
pub fn started(parties: usize) -> Cast {
    let mut cast = Cast::of(parties);
    cast.start(Certifier::FirstSigner);
    cast
}
