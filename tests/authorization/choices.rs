//! What a signer chooses and brings: R-SIGN-10 and 11, before the first grant is asked for.

use sealwright::authorization::{ChainFacts, NewGrant, SealGrant, authorize};
use sealwright::contract::{
    Allowed, AllowedSeals, ControlKey, ControlKind, IntentProof, Pick, SealKind, SealMark,
    SignatureMethod, Signer, SigningAttempt, SigningWindow,
};
use sealwright::organization::By;
use time::Duration;

use crate::chain::{Deal, revoked};
use crate::papers::{Draft, id, key};
use crate::people::{Company, digest, start};
use crate::stamps::to_use;

/// All of R-SIGN-11 comes before any of R-SIGN-12, whatever the order of the choices.
#[test]
fn r_sign_11_every_choice_is_judged_before_the_first_grant_is_asked_for() {
    let mut deal =
        Deal::of(|draft| draft.with(|draft| draft.slots[0].options.places_controls = true));
    deal.grant = revoked(&deal);
    let official = deal.a.enabled("o", SealKind::LegalRepresentative);
    let by = deal.a.by(&deal.a.alice);
    let (seals, grants) = ([&deal.seal, &official], [&deal.grant]);
    let facts = ChainFacts::of(&by, &seals, &grants);
    let with = |control: &str, document: &str, pick: Pick| {
        let own = ControlKey::new(document.parse().unwrap(), control.parse().unwrap());
        let attempt = deal.attempt().choose(own, pick);
        let now = start() + Duration::minutes(1);
        authorize(&deal.contract, &attempt, &facts, SigningWindow::NO_MEETING, now)
            .unwrap_err()
            .code()
    };
    let seal = |id: &str| Pick::Seal(id.parse().unwrap());
    assert_eq!(with("mine", "d1", seal("s")), "grant.revoked");
    assert_eq!(with("mine", "d1", seal("o")), "seal.type_not_allowed");
    assert_eq!(with("mine", "d1", seal("unknown")), "seal.not_found");
    assert_eq!(with("mine", "d9", seal("s")), "doc.missing");
    assert_eq!(with("seal_a", "d1", seal("s")), "sign.control_unsigned");
    assert_eq!(
        with("mine", "d1", Pick::Opinion("同意".to_owned())),
        "ctl.kind_not_allowed_for_party"
    );
    let block = Pick::Block { method: SignatureMethod::FreshStroke, inputs: Vec::new() };
    assert_eq!(with("mine", "d1", block), "ctl.kind_not_allowed_for_party");
    assert_eq!(with("mine", "d1", Pick::Date), "grant.revoked");
}

#[test]
fn r_sign_11_what_a_signer_places_himself_is_signed_as_he_may_sign() {
    let deal = Deal::of(|draft| {
        draft.with(|draft| {
            draft.slots[0].options.places_controls = true;
            draft.slots[0].allowed.methods = [SignatureMethod::FreshStroke].into();
        })
    });
    let by = deal.a.by(&deal.a.alice);
    let (seals, grants) = ([&deal.seal], [&deal.grant]);
    let facts = ChainFacts::of(&by, &seals, &grants);
    let with = |method| {
        let attempt = deal.attempt().choose(key("mine"), Pick::Signature(method));
        authorize(&deal.contract, &attempt, &facts, SigningWindow::NO_MEETING, start())
            .map(|permit| permit.signatures().len())
            .map_err(|refused| refused.code())
    };
    assert_eq!(with(SignatureMethod::FreshStroke), Ok(2));
    assert_eq!(with(SignatureMethod::Generated), Err("sign.method_not_allowed"));
}

#[test]
fn r_sign_10_a_proof_made_for_another_place_or_by_somebody_else_does_not_serve() {
    let deal = Deal::new();
    let by = deal.a.by(&deal.a.alice);
    let (seals, grants) = ([&deal.seal], [&deal.grant]);
    let facts = ChainFacts::of(&by, &seals, &grants);
    let with = |change: &dyn Fn(&mut IntentProof)| {
        let mut proof = deal.proof(start());
        change(&mut proof);
        let attempt = deal.attempt().meant(proof);
        authorize(&deal.contract, &attempt, &facts, SigningWindow::NO_MEETING, start())
            .map(drop)
            .map_err(|refused| (refused.code(), refused.to_string()))
    };
    assert_eq!(with(&|_| {}), Ok(()));
    let (code, text) = with(&|proof| proof.slot = id("sb")).unwrap_err();
    assert_eq!(code, "sign.intent_binding");
    assert!(text.contains("slot sb") && text.contains("is sa"), "{text}");
    let bob = deal.a.bob.id().clone();
    let (code, text) = with(&|proof| proof.signer = bob.clone().into()).unwrap_err();
    assert_eq!(code, "sign.intent_binding");
    assert!(text.contains("signer e:bob-a") && text.contains("is e:alice-a"), "{text}");
}

#[test]
fn r_sign_12_where_the_signer_places_controls_himself_his_slot_says_which_seals() {
    let placing = |seals: AllowedSeals| {
        Deal::of(|draft| {
            draft.with(|draft| {
                draft.slots[0].options.places_controls = true;
                draft.slots[0].allowed = Allowed { seals, ..Allowed::default() };
            })
        })
    };
    let sign = |deal: &Deal| {
        let by = deal.a.by(&deal.a.alice);
        let finance = deal.a.enabled("f", SealKind::Finance);
        let granted = deal.a.granted(to_use("h"), &finance, &deal.a.alice);
        let (seals, grants) = ([&deal.seal, &finance], [&deal.grant, &granted]);
        let facts = ChainFacts::of(&by, &seals, &grants);
        let attempt = deal.attempt().choose(key("mine"), Pick::Seal("f".parse().unwrap()));
        authorize(&deal.contract, &attempt, &facts, SigningWindow::NO_MEETING, start())
            .map(|permit| permit.seals().count())
            .map_err(|refused| refused.code())
    };
    assert_eq!(sign(&placing(AllowedSeals::any())), Ok(3));
    let contract_only = AllowedSeals::kinds([SealKind::Contract]);
    assert_eq!(sign(&placing(contract_only)), Err("seal.type_not_allowed"));
    assert_eq!(sign(&Deal::new()), Err("ctl.not_owner"));
}

#[test]
fn r_sign_11_the_kind_of_a_seal_is_what_the_register_says() {
    let mut deal = Deal::of(|draft| {
        draft.with(|draft| {
            draft.slots[0].allowed =
                Allowed { seals: AllowedSeals::kinds([SealKind::Official]), ..Allowed::default() };
        })
    });
    assert_eq!(deal.authorize().unwrap_err().code(), "seal.type_not_allowed");
    deal.seal = deal.a.enabled("s", SealKind::Official);
    assert!(deal.authorize().is_ok());
    deal.seal = deal.a.enabled("another", SealKind::Official);
    let by = deal.a.by(&deal.a.alice);
    let (grants, now) = ([&deal.grant], start());
    let facts = ChainFacts::of(&by, &[], &grants);
    let attempt = deal.attempt();
    let open = SigningWindow::NO_MEETING;
    let refused = authorize(&deal.contract, &attempt, &facts, open, now).unwrap_err();
    assert_eq!(refused.code(), "seal.not_found");
}

#[test]
fn r_grant_07_where_id_and_kind_are_given_the_id_wins() {
    let mut deal = Deal::of(|draft| {
        draft.with(|draft| {
            let seals = AllowedSeals::ids(["s".parse().unwrap()]).or_kinds([SealKind::Finance]);
            let mark = SealMark { seals, ..SealMark::default() };
            let kind = ControlKind::Seal(mark);
            draft.controls[0] = crate::papers::placed("seal_a", "sa", 100.0, kind);
        })
    });
    assert!(deal.authorize().is_ok(), "its kind is not asked");
    deal.seal = deal.a.enabled("f", SealKind::Finance);
    deal.grant = deal.a.granted(to_use("h"), &deal.seal, &deal.a.alice);
    assert_eq!(deal.authorize().unwrap_err().code(), "seal.type_not_allowed");
}

#[test]
fn r_grant_06_only_ones_own_seals_are_named_by_id_for_others_kinds() {
    let (a, b) = (Company::first(), Company::second());
    let named = |control: &str, slot: &str, down| {
        let mark =
            SealMark { seals: AllowedSeals::ids(["s".parse().unwrap()]), ..SealMark::default() };
        crate::papers::placed(control, slot, down, ControlKind::Seal(mark))
    };
    let draft = |position: usize, control| {
        Draft::between(&a, &b).with(|draft| draft.controls[position] = control).try_start(&a)
    };
    assert!(draft(0, named("seal_a", "sa", 100.0)).is_ok());
    let refused = draft(3, named("seal_b", "sb", 700.0)).unwrap_err();
    assert_eq!(refused.code(), "ctl.foreign_seal_id");
}

/// Whose slot allows the legal representative's seal alone places it himself: such a contract starts,
/// and so it can be signed.
#[test]
fn r_sign_11_a_signer_places_the_legal_representatives_seal_that_his_slot_names() {
    let mut deal = Deal::of(|draft| {
        draft.with(|draft| {
            draft.slots[0].options.places_controls = true;
            draft.slots[0].allowed.seals = AllowedSeals::kinds([SealKind::LegalRepresentative]);
            draft.controls.retain(|control| control.owner().slot() != Some(&id("sa")));
        })
    });
    deal.seal = deal.a.enabled("l", SealKind::LegalRepresentative);
    let letter = NewGrant { consent: Some(digest("letter")), ..to_use("h") };
    let granted = deal.a.granted(letter, &deal.seal, &deal.a.alice);
    let official = deal.a.enabled("o", SealKind::Official);
    let sign = |seal: &str, grants: &[&SealGrant]| {
        let by = deal.a.by(&deal.a.alice);
        let seals = [&deal.seal, &official];
        let facts = ChainFacts::of(&by, &seals, grants);
        let mut attempt = deal.attempt();
        attempt.choices.clear();
        let attempt = attempt.choose(key("mine"), Pick::Seal(seal.parse().unwrap()));
        authorize(&deal.contract, &attempt, &facts, SigningWindow::NO_MEETING, start())
            .map(|permit| permit.seals().map(|it| it.kind().clone()).collect::<Vec<_>>())
            .map_err(|refused| refused.code())
    };
    assert_eq!(sign("l", &[&granted]), Ok(vec![SealKind::LegalRepresentative]));
    assert_eq!(sign("l", &[]), Err("grant.not_found"), "it takes his consent all the same");
    assert_eq!(sign("o", &[&granted]), Err("seal.type_not_allowed"));
}

/// Where nobody acts, nobody chooses either: only the seals that the plan names are applied.
#[test]
fn r_ctl_06_a_slot_without_a_human_places_no_seal_but_its_own() {
    let deal = Deal::of(|draft| {
        draft.with(|draft| {
            draft.slots[0].signer = Signer::Auto { seals: ["s".parse().unwrap()].into() };
            draft.slots[0].options.places_controls = true;
            draft.controls.retain(|control| *control.key() != key("sign_a"));
        })
    });
    let other = deal.a.enabled("t", SealKind::Finance);
    let grant = deal.a.granted(to_use("h"), &other, &deal.a.alice);
    let (seals, grants) = ([&deal.seal, &other], [&deal.grant, &grant]);
    let facts = ChainFacts {
        answers: Some(deal.a.staff(&deal.a.alice)),
        ..ChainFacts::of(&By::System, &seals, &grants)
    };
    let seal = || Pick::Seal("s".parse().unwrap());
    let with = |pick| {
        let attempt = SigningAttempt::new(id("sa"))
            .choose(key("seal_a"), seal())
            .choose(key("seal_a2"), seal())
            .choose(key("mine"), pick);
        let refused =
            authorize(&deal.contract, &attempt, &facts, SigningWindow::NO_MEETING, start());
        refused.unwrap_err().code()
    };
    assert_eq!(with(Pick::Seal("t".parse().unwrap())), "seal.type_not_allowed");
    let stroke = Pick::Signature(SignatureMethod::FreshStroke);
    assert_eq!(with(stroke), "ctl.kind_not_allowed_for_party");
    assert_eq!(with(seal()), "feature.not_entitled", "R-SIGN-11 has passed");
}
