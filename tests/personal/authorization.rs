//! Seals, grants and uses, and what follows for them when people leave or change their names.

use sealwright::authorization::{
    ChainFacts, ContractFacts, Error, Grantee, ImageFacts, ImageFormat, Leaving, NewFace, NewGrant,
    NewSeal, Seal, SealColour, SealCommand, SealFacts, SealGrant, SealName, SealRules, SealShape,
    SealSize, SealSource, UseRequest, Validity, authorize, change_person, check_use, resign,
};
use sealwright::contract::{
    IntentMethod, IntentProof, Pick, ReadingProof, Review, SealKind, SigningAttempt, SigningWindow,
};
use sealwright::identity::{ContractId, SlotId};
use sealwright::organization::{By, EmployeeCommand, Holders, RealName};
use sealwright::statement::FaceDigest;
use time::Duration;

use crate::case::{Plan, id};
use crate::contract::{started, world};
use crate::known::{BOB, CAROL};
use crate::paper;
use crate::watch::{applied, founded, hides_everywhere, hides_in_debug, hides_in_error};
use crate::world::{Firm, NOW, digest};

fn seal(firm: &Firm) -> Seal {
    let image = ImageFacts {
        format: Some(ImageFormat::Png),
        bytes: 81_234,
        width: 600,
        height: 600,
        transparent: true,
        source: digest("png"),
        face: Some(FaceDigest::from_bytes([1; 32])),
    };
    let face = NewFace {
        source: SealSource::Uploaded,
        image,
        shape: SealShape::Circle,
        size: Some(SealSize::round(42)),
        colour: SealColour::Red,
    };
    let name = SealName::parse("合同章").unwrap();
    let new = NewSeal::new("seal-1".parse().unwrap(), SealKind::Contract, name, face);
    let rules = SealRules::default();
    let organization = &firm.organization;
    let facts = SealFacts { organization, seals: &[], grants: &[], rules: &rules };
    let mut seal = founded(Seal::create(new, &firm.by("admin"), &facts, NOW).unwrap());
    let operator = "operator".parse().unwrap();
    let approved = seal.decide(SealCommand::Approve, &By::Host(&operator), &facts, NOW).unwrap();
    applied(approved, &mut seal);
    seal
}

fn granted(firm: &Firm, seal: &Seal) -> SealGrant {
    let new = NewGrant::to_use("grant-1".parse().unwrap(), Validity::starting(NOW));
    let to = Grantee::from(firm.employee("sally"));
    let by = firm.by("admin");
    founded(SealGrant::grant(new, seal, to, &by, &firm.organization, NOW).unwrap())
}

#[test]
fn r_id_13_uses_and_denials_name_employees_by_id() {
    let world = world();
    let seal = seal(&world.a);
    let grant = granted(&world.a, &seal);
    let (contract, slot): (ContractId, SlotId) = ("c1".parse().unwrap(), "sa".parse().unwrap());
    for (employee, is_permitted) in [("sally", true), ("ina", false)] {
        let request = UseRequest {
            employee: world.a.employee(employee),
            signs_for: &world.a.organization,
            seal: &seal,
            grants: &[&grant],
            contract: ContractFacts::of(&contract),
            slot: &slot,
            review: Review::NotNeeded,
        };
        hides_in_debug(&request);
        let answer: Result<&SealGrant, Error> = check_use(&request, NOW);
        assert_eq!(answer.is_ok(), is_permitted);
        if let Err(error) = answer {
            hides_in_error(&error);
        }
    }
    hides_everywhere(&grant);
    hides_everywhere(&seal);
}

#[test]
fn r_id_13_a_permit_and_the_refusal_of_one_name_nobody() {
    let world = world();
    let contract = started(&world, Plan::new(&world));
    let seal = seal(&world.a);
    let grant = granted(&world.a, &seal);
    let shown = contract.documents().iter().map(|one| (one.id().clone(), *one.digest()));
    let sally = world.a.employee("sally").id().clone().into();
    let proof = IntentProof::new(contract.id().clone(), id("sa"), sally, shown);
    let read = ReadingProof { shown_for: Duration::MINUTE, reached_end: true };
    let attempt = SigningAttempt::new(id("sa"))
        .choose(paper::key("d1", "seal_a"), Pick::Seal(seal.id().clone()))
        .meant(proof.check(IntentMethod::Face, "face-1", NOW))
        .read(read);
    hides_in_debug(&attempt);
    let (seals, grants) = ([&seal], [&grant]);
    for (by, is_permitted) in
        [(world.a.by("sally"), true), (world.a.by("ina"), false), (world.paul(), false)]
    {
        let facts = ChainFacts::of(&by, &seals, &grants);
        hides_in_debug(&facts);
        match authorize(&contract, &attempt, &facts, SigningWindow::NO_MEETING, NOW) {
            Ok(permit) => {
                assert!(is_permitted);
                hides_in_debug(&permit);
            }
            Err(refused) => {
                assert!(!is_permitted, "{refused:?}");
                hides_in_debug(&refused);
                refused.denied().into_iter().for_each(hides_everywhere);
                hides_in_debug(&refused.code());
            }
        }
    }
}

#[test]
fn r_id_13_leaving_takes_seals_and_work_along_without_naming_anybody() {
    let world = world();
    let mut contract = started(&world, Plan::new(&world));
    let seal = seal(&world.a);
    let mut grant = granted(&world.a, &seal);
    let mut sally = world.a.employee("sally").clone();
    let leaving = Leaving {
        employee: world.a.employee("sally"),
        organization: &world.a.organization,
        handover: Some(world.a.employee("ina")),
        contracts: &[&contract.clone()],
        grants: &[&grant.clone()],
    };
    hides_in_debug(&leaving);
    let left = resign(&leaving, &world.a.by("admin"), NOW).unwrap();
    hides_in_debug(&left);
    applied(left.employee, &mut sally);
    assert_eq!((left.grants.len(), left.contracts.len()), (1, 1));
    left.grants.into_iter().for_each(|decision| applied(decision, &mut grant));
    left.contracts.into_iter().for_each(|decision| applied(decision, &mut contract));
}

#[test]
fn r_id_13_another_name_ends_contracts_without_being_told() {
    let world = world();
    let mut contract = started(&world, Plan::new(&world));
    let mut sally = world.a.employee("sally").clone();
    let command = EmployeeCommand::Change {
        name: Some(CAROL.name()),
        mobile: None,
        proof: RealName {
            person: BOB.person().with_name(CAROL.name()),
            birth_date: None,
            document_last_day: None,
            reference: "check-2".to_owned(),
        },
        holders: Holders::default(),
    };
    let (organization, by) = (&world.a.organization, world.a.by("sally"));
    let before = contract.clone();
    let changed =
        change_person(&sally.clone(), command, organization, &[&before], &by, NOW).unwrap();
    hides_in_debug(&changed);
    applied(changed.employee, &mut sally);
    assert_eq!(changed.contracts.len(), 1);
    changed.contracts.into_iter().for_each(|decision| applied(decision, &mut contract));
}
