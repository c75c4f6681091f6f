//! Evidence of contracts that were signed: who gets it, and what it says.

use sealwright::Mm;
use sealwright::audit::{Facts, HashAlgorithm, Head, Verdict};
use sealwright::contract::{Command, IntentMethod};
use sealwright::decision::Aggregate;
use sealwright::execution::evidence::{
    Asserted, Assertion, Capacity, Condition, Error, Evidence, EvidenceFacts, Reason, Shown, gather,
};
use sealwright::execution::{Certifier, CheckFacts, Overall};
use sealwright::organization::{By, ShippedRole};
use sealwright::pdf::Password;
use sealwright::report::Lang;
use time::Duration;

use crate::cast::{Cast, Staging, by_hand, document_id, slot, usual_controls};
use crate::world::{Company, person};

/// All have signed.
pub fn signed(parties: usize) -> Cast {
    let mut cast = Cast::of(parties);
    cast.start(Certifier::FirstSigner);
    (0..parties).for_each(|number| cast.sign(number).unwrap());
    cast
}

/// Calls with everything that evidence is gathered from.
pub fn with_facts<T>(cast: &Cast, go: impl FnOnce(EvidenceFacts<'_>) -> T) -> T {
    let seals: Vec<_> = cast.sides.iter().map(|side| &side.seal).collect();
    let grants: Vec<_> = cast.sides.iter().map(|side| &side.grant).collect();
    let documents = cast.documents();
    let mut check = CheckFacts::of(&seals, &grants);
    check.options = check.options.password(Password::new(cast.password));
    go(EvidenceFacts::new(&documents, check, &cast.trail))
}

fn gathered_by(cast: &Cast, by: &By<'_>) -> Result<Evidence, Error> {
    with_facts(cast, |facts| gather(&cast.contract, &facts, by, cast.now))
}

/// By the head of the first company, with what a host asserts.
pub fn gathered(cast: &Cast) -> Evidence {
    with_facts(cast, |mut facts| {
        for number in 0..cast.sides.len() {
            let custody = Assertion::new("key store", format!("key {number}")).unwrap();
            let asserted = Asserted { custody: Some(custody), control: None };
            facts.assertions.insert(slot(number), asserted);
        }
        gather(&cast.contract, &facts, &cast.sides[0].company.head(), cast.now).unwrap()
    })
}

fn shown(evidence: &Evidence, condition: Condition) -> Vec<Shown> {
    let all = evidence.checklist.signatures.iter().flat_map(|it| &it.conditions);
    all.filter(|it| it.condition == condition).map(|it| it.shown.clone()).collect()
}

#[test]
fn the_evidence_of_two_parties_says_what_record_and_documents_say() {
    let cast = signed(2);
    let evidence = gathered(&cast);
    let json = serde_json::to_string(&evidence).unwrap();
    assert_eq!(serde_json::from_str::<Evidence>(&json).unwrap(), evidence);
    assert_eq!(evidence.differences(), []);
    assert_eq!(evidence.verdict.overall, Overall::IntactAllExpected, "{}", evidence.verdict);
    assert_eq!(evidence.requester.capacity, Capacity::SuperAdmin);
    assert_eq!(evidence.contract.title, "采购合同");
    assert_eq!(evidence.signings.len(), 2);
    for (number, signing) in evidence.signings.iter().enumerate() {
        let side = &cast.sides[number];
        let recorded = signing.recorded.as_ref().unwrap();
        assert_eq!(signing.person.as_deref(), Some("甲**"));
        assert_eq!(recorded.uscc.as_ref(), Some(side.company.organization.uscc()));
        assert_eq!(recorded.intent[0].method, IntentMethod::Face);
        assert_eq!(recorded.time_source, "local");
        assert!(recorded.signer.as_ref().unwrap().masked().contains("****"));
        let [signature] = &signing.signatures[..] else { panic!("one document") };
        let agreed = [
            &signature.serial,
            &signature.issuer,
            &signature.algorithm,
            &signature.before,
            &signature.after,
        ];
        assert!(agreed.iter().all(|it| it.agrees() == Some(true)), "{signature:#?}");
        assert_eq!(
            signature.revision,
            Some(evidence.documents[0].revisions.len() as u64 - 1 + number as u64)
        );
        assert_eq!(signature.others.len(), 1, "a date");
        let [seal, edge] = &signature.seals[..] else { panic!("two seals") };
        assert_eq!((seal.kind.as_str(), seal.seen), ("official", 4));
        assert_eq!(seal.face.recorded.as_ref(), Some(&side.face.face_digest().to_string()));
        for seal in [seal, edge] {
            let agreed = [&seal.seal, &seal.version, &seal.face, &seal.grant];
            assert!(agreed.iter().all(|it| it.agrees() == Some(true)), "{seal:#?}");
        }
        assert_eq!((seal.places.len(), edge.places.len()), (1, 3));
        assert_eq!(seal.places[0].field, format!("seal_{number}"));
        assert_eq!(edge.places[1].field, format!("edge_{number}#2"));
        assert_eq!((seal.places[0].page, edge.places[1].page), (3, 2));
        let signer = signature.chain.first().unwrap();
        let known = evidence.certificates.iter().find(|it| it.fingerprint.to_string() == *signer);
        assert_eq!(known.map(|it| &it.serial), signature.serial.shown.as_ref());
    }
    assert_eq!(evidence.grants.len(), 2);
    assert_eq!(
        (evidence.grants[0].scope.as_str(), &evidence.grants[0].rights[..]),
        ("any contract", &["use".to_owned()][..])
    );
}

#[test]
fn revisions_are_ranges_of_the_document_without_gaps() {
    let cast = signed(2);
    let (evidence, bytes) = (gathered(&cast), &cast.bytes[&document_id()]);
    let document = &evidence.documents[0];
    let mut end = 0;
    for revision in &document.revisions {
        assert_eq!(revision.start, end);
        end = revision.end;
        let (from, to) = (revision.start as usize, revision.end as usize);
        assert_eq!(revision.digest, crate::world::digest(&bytes[from..to]));
        assert_eq!(revision.document_digest, crate::world::digest(&bytes[..to]));
        assert_eq!(revision.issued, revision.end <= document.issued_length);
    }
    assert_eq!((end, document.length), (bytes.len() as u64, bytes.len() as u64));
    let signed: Vec<_> = document.revisions.iter().filter_map(|it| it.signature).collect();
    assert_eq!(signed, [1, 2]);
    assert_eq!(document.digest.agrees(), Some(true));
}

#[test]
fn the_checklist_proves_what_arithmetic_shows_and_names_who_asserts_the_rest() {
    let cast = signed(2);
    let evidence = gathered(&cast);
    for condition in [Condition::SignatureChange, Condition::ContentChange] {
        assert_eq!(shown(&evidence, condition), [Shown::Proved, Shown::Proved]);
    }
    let by = |by: &str, reference: &str| Shown::AssertedBy {
        by: by.to_owned(),
        references: vec![reference.to_owned()],
    };
    let custody = [by("key store", "key 0"), by("key store", "key 1")];
    assert_eq!(shown(&evidence, Condition::Exclusive), custody);
    assert_eq!(shown(&evidence, Condition::Controlled)[0], by("host", "face:face-check-7"));
    let force = Shown::AssertedBy { by: "key store, host".to_owned(), references: Vec::new() };
    assert_eq!(shown(&evidence, Condition::Force)[0], force);

    let silent = gathered_by(&cast, &cast.sides[0].company.head()).unwrap();
    assert_eq!(shown(&silent, Condition::Exclusive)[0], Shown::Unknown);
    assert_eq!(shown(&silent, Condition::Force)[0], Shown::Unknown);
    for condition in Condition::ALL {
        for lang in [Lang::En, Lang::Zh] {
            assert!(!condition.words(lang).contains("valid"));
        }
    }
}

#[test]
fn a_document_that_was_changed_is_not_proved_and_the_evidence_says_where() {
    let mut cast = signed(2);
    let bytes = cast.bytes.get_mut(&document_id()).unwrap();
    let at = bytes.windows(8).position(|it| it == b"contract").unwrap();
    bytes[at] ^= 1;
    let evidence = gathered(&cast);
    assert_eq!(evidence.verdict.overall, Overall::Tampered);
    for condition in [Condition::SignatureChange, Condition::ContentChange, Condition::Force] {
        assert_eq!(shown(&evidence, condition), [Shown::Unknown, Shown::Unknown]);
    }
    let reasons: Vec<_> =
        evidence.checklist.signatures[0].conditions.iter().map(|it| it.reason).collect();
    assert_eq!(reasons[2..], [Reason::NotIntact, Reason::NotIntact, Reason::ConditionUnknown]);
    let what: Vec<_> = evidence.differences().into_iter().map(|it| it.what).collect();
    assert!(what.contains(&"digest".to_owned()) && what.contains(&"after".to_owned()), "{what:?}");
}

#[test]
fn signatures_by_hand_and_several_documents_are_told_apart() {
    let pdf = sealwright_testdata::contract::PDF;
    let mut controls: Vec<_> = usual_controls(2).into_iter().chain(by_hand("slot_1")).collect();
    controls.push(crate::world::seal_control("doc_2", "seal_0", "slot_0", Mm(30.0), Mm(60.0)));
    controls.push(crate::world::seal_control("doc_2", "seal_1", "slot_1", Mm(30.0), Mm(120.0)));
    let mut cast =
        Cast::staged(Staging::of(2, controls).on("doc_1", pdf).on("doc_2", pdf)).unwrap();
    cast.start(Certifier::FirstSigner);
    (0..2).for_each(|number| cast.sign(number).unwrap());
    let evidence = gathered(&cast);
    assert_eq!(evidence.differences(), []);
    assert_eq!(evidence.documents.len(), 2);
    let [first, second] = &evidence.signings[1].signatures[..] else { panic!("two documents") };
    assert_eq!((first.seals.len(), second.seals.len()), (2, 1));
    let others: Vec<_> = first.others.iter().map(|it| it.mark.as_str()).collect();
    assert_eq!(others, ["date", "signature", "opinion"]);
    assert_eq!(evidence.checklist.signatures.len(), 4);
}

#[test]
fn evidence_is_given_of_contracts_that_all_have_signed() {
    let mut cast = Cast::of(2);
    cast.start(Certifier::FirstSigner);
    cast.sign(0).unwrap();
    let refused = gathered_by(&cast, &cast.sides[0].company.head()).unwrap_err();
    assert_eq!(refused.code(), "evidence.not_completed");
    assert!(refused.to_string().contains("signing_partial"), "{refused}");
}

#[test]
fn evidence_is_given_to_the_heads_of_those_who_wrote_or_signed_it() {
    let cast = signed(2);
    for side in &cast.sides {
        let evidence = gathered_by(&cast, &side.company.head()).unwrap();
        assert_eq!(evidence.requester.organization, *side.company.organization.id());
    }
    let code = |by: &By<'_>| gathered_by(&cast, by).unwrap_err().code();
    let own = &cast.sides[0].company;
    let admin = own.employ("contracts", &person("甲合同", 800), &[ShippedRole::ContractAdmin]);
    assert_eq!(code(&own.by(&admin)), "evidence.not_head");
    assert_eq!(code(&cast.sides[0].by()), "emp.no_permission");
    let stranger =
        Company::active("org_9", "丙方有限公司", "91350100M000100Y43", &person("丙法人", 900));
    assert_eq!(code(&stranger.head()), "evidence.not_party");
    assert_eq!(code(&By::System), "evidence.not_party");
}

#[test]
fn the_trail_has_to_be_that_of_the_contract_and_all_of_it() {
    let mut cast = signed(2);
    let by_head = |cast: &Cast| gathered_by(cast, &cast.sides[0].company.head());
    assert_eq!(by_head(&cast).unwrap().trail.verdict, Verdict::ConsistentOnly);
    let head = cast.contract.head().clone();
    let anchored = with_facts(&cast, |facts| {
        let facts = EvidenceFacts { head: Some(&head), ..facts };
        gather(&cast.contract, &facts, &cast.sides[0].company.head(), cast.now).unwrap()
    });
    assert_eq!(anchored.trail.verdict, Verdict::Complete);
    let whole = cast.trail.clone();
    cast.trail.pop();
    assert_eq!(by_head(&cast).unwrap_err().code(), "audit.head_mismatch");
    cast.trail = whole[1..].to_vec();
    assert_eq!(by_head(&cast).unwrap_err().code(), "audit.gap");
    let mut other = Head::start(HashAlgorithm::Sha256);
    let facts = Facts::new(cast.now, "e:x", "seal.disabled", "seal:s");
    cast.trail = vec![other.append(facts)];
    assert_eq!(by_head(&cast).unwrap_err().code(), "evidence.foreign_entry");
}

#[test]
fn a_contract_that_was_archived_still_has_its_evidence() {
    let mut cast = signed(2);
    let by = cast.sides[0].company.head();
    let later = cast.now + Duration::days(1);
    let decision = cast.contract.decide(Command::Archive, &by, later).unwrap();
    cast.trail.extend(decision.apply_to(&mut cast.contract).unwrap());
    cast.now = later;
    assert_eq!(gathered(&cast).differences(), []);
}
