//! The walk, step by step.

use sealwright::authorization::{
    GrantStatus, NewFace, NewSeal, Seal, SealColour, SealFacts, SealName, SealRules, SealShape,
    SealSource,
};
use sealwright::ceremony::{
    self, Ceremony, Command, DeliveryPolicy, Entrance, LayoutPlan, MeetingDetails, MyMeetings,
    PersonFacts, Phase, Place, Policy, Profile, Stage, Visitor,
};
use sealwright::contract::{
    self, Contract, ContractFilter, Holder, SealKind, Viewer, contracts_for,
};
use sealwright::decision::Decision;
use sealwright::geometry::{Mm, PageIndex};
use sealwright::identity::{IdDocument, IdDocumentKind, OrganizationName, Person, PersonId, Uscc};
use sealwright::organization::{
    AuthorizationMethod, AuthorizationProof, By, Entitlement, EntitlementCommand, Entitlements,
    Feature, LegalRepresentative, LicenceFacts, LicenceKind, Organization, OrganizationCommand,
    OrganizationKind, RegisterFacts, Registration, Staff, Terms, Window,
};
use time::Duration;

use crate::cast::{Cast, Meeting, Story, ToStart, policy};
use crate::preview::{it_is_previewed, written_contract};
use crate::sealing::{Desk, the_file_is_verified, the_result_is_shown, they_sign_in_their_order};
use crate::world::{
    Draft, apply, cross_page_control, digest, employed, founded, monday, person, picture,
    seal_control,
};

#[test]
fn the_twenty_steps_of_the_acceptance_walk() {
    accounts_are_activated_in_their_order();
    let mut cast = Cast::assemble();
    wrong_numbers_and_second_official_seals_are_refused(&cast);
    let entitlement = the_white_list(&cast);
    let entitlements = [&entitlement];
    let entitlements = Entitlements::of(&entitlements);
    let mut meeting = a_meeting_is_drafted(&cast, entitlements);
    let mut contract = a_contract_is_attached(&cast, &mut meeting);
    a_layout_is_chosen(&cast, &mut meeting);
    facts_must_be_those_registered(&cast, entitlements);
    it_is_booked(&cast, &mut meeting, &mut contract, entitlements);
    let mut desk = Desk::prepare(&mut contract, meeting.now);
    strangers_see_nothing(&cast, &meeting);
    they_meet(&cast, &mut meeting);
    the_stage_opens(&cast, &mut meeting, &contract.state);
    they_sign_in_their_order(&mut cast, &mut desk, &meeting, &mut contract);
    the_result_is_shown(&cast, &desk, &mut meeting, &contract.state);
    the_file_is_verified(&cast, &desk, &contract.state);
    each_finds_the_contract(&cast, &contract.state);
    // Step 20.
    meeting.story.holds();
    contract.holds();
}

/// Step 1.
fn accounts_are_activated_in_their_order() {
    let host: PersonId = "console".parse().unwrap();
    let by = By::Host(&host);
    let registration = Registration {
        name: OrganizationName::parse("江州澄砚信息技术有限公司").unwrap(),
        uscc: Uscc::parse("91350100M000100Y43").unwrap(),
        kind: OrganizationKind::Enterprise,
        licence: LicenceKind::CreditCode,
    };
    let id = "org_a".parse().unwrap();
    let head = person("甲", 1);
    let register = RegisterFacts {
        name: registration.name.clone(),
        uscc: registration.uscc,
        legal_representative: head.name().clone(),
        legal_representative_document: None,
    };
    let mut organization =
        founded(&Organization::register(id, registration, None, &by, monday()).unwrap());
    let admin = employed(&organization, "first", &head, &[]);
    let licence = LicenceFacts {
        legal_representative: Some(LegalRepresentative::named(head.name().clone())),
        licence_digest: Some(digest("licence")),
        ..LicenceFacts::default()
    };
    let proof = AuthorizationProof {
        legal_representative: Some(head.id_document().clone()),
        reference: Some("face-check-1".to_owned()),
        ..AuthorizationProof::of(head.name().clone())
    };
    let method = AuthorizationMethod::ApplicantIsLegalRepresentative;
    let steps = [
        OrganizationCommand::SubmitVerification(licence),
        OrganizationCommand::AcceptVerification(register),
        OrganizationCommand::Authorize { method, proof },
        OrganizationCommand::ActivateSuperAdmin { employee: &admin, holder: None },
    ];
    for (done, step) in steps.iter().enumerate() {
        for skipping in &steps[done + 1..] {
            let refused = organization.decide(skipping.clone(), &by, monday()).unwrap_err();
            assert_eq!(refused.code(), "org.activation_order", "{skipping:?} after {done} steps");
        }
        assert!(!organization.is_active());
        let decision = organization.decide(step.clone(), &by, monday()).unwrap();
        apply(&decision, &mut organization);
    }
    assert!(organization.is_active());
    assert!(organization.is_super_admin(admin.id()));
}

/// Steps 2 to 4, what they refuse, and that both may use their seals; the rest is the cast's.
fn wrong_numbers_and_second_official_seals_are_refused(cast: &Cast) {
    let wrong = IdDocument::parse(IdDocumentKind::ResidentId, "110105194912310021").unwrap_err();
    assert_eq!(wrong.code(), "identity.id_card_check_digit");

    let official = cast.a.seal("official", SealKind::Official);
    let rules = SealRules::default();
    let facts = SealFacts {
        organization: &cast.a.organization,
        seals: &[&official],
        grants: &[],
        rules: &rules,
    };
    let face = NewFace {
        source: SealSource::Uploaded,
        image: picture("second"),
        shape: SealShape::Circle,
        size: None,
        colour: SealColour::Red,
    };
    let name = SealName::parse("第二枚公章").unwrap();
    let second = NewSeal::new("second".parse().unwrap(), SealKind::Official, name, face);
    let refused = Seal::create(second, &cast.a.head(), &facts, monday()).unwrap_err();
    assert_eq!(refused.code(), "seal.official_exists");

    for (grant, (seal, _), signer) in [
        (&cast.grant_a, &cast.seal_a, &cast.signer_a),
        (&cast.grant_b, &cast.seal_b, &cast.signer_b),
    ] {
        assert!(seal.require_enabled().is_ok());
        assert_eq!(grant.status(), GrantStatus::Active);
        assert_eq!((grant.seal(), grant.grantee()), (seal.id(), signer.id()));
    }
}

/// Steps 5 and 6: no meeting without the entitlement, which is applied for and approved.
fn the_white_list(cast: &Cast) -> Entitlement {
    let none = draft(cast, Entitlements::of(&[]), policy()).unwrap_err();
    assert_eq!(none.code(), "feature.not_entitled");

    let id = "ent_1".parse().unwrap();
    let request = Entitlement::request(
        &id,
        &cast.a.organization,
        Feature::StrategicSigning,
        &cast.a.head(),
        monday(),
    )
    .unwrap();
    let mut entitlement = Story::begin(&request);
    let application = entitlement.state.application().unwrap();
    assert_eq!(application.subject(), "申请开启战略会议签约权限 - 江州澄砚信息技术有限公司");
    assert_eq!(
        application.body(),
        "企业名称【江州澄砚信息技术有限公司】申请开启战略会议签约使用权限"
    );

    let window = Window::new(monday(), Some(monday() + Duration::days(365))).unwrap();
    let operator: PersonId = "operator".parse().unwrap();
    let approve = EntitlementCommand::Approve(Terms::within(window));
    let decision = entitlement.state.decide(approve, &By::Host(&operator), monday()).unwrap();
    entitlement.take(&decision);
    entitlement.holds();
    entitlement.state
}

fn draft(
    cast: &Cast,
    entitlements: Entitlements<'_>,
    policy: Policy,
) -> Result<Decision<Ceremony>, ceremony::Error> {
    let id = "cer_01".parse().unwrap();
    Ceremony::draft(id, Profile::Strategic, policy, &cast.booker(), entitlements, monday())
}

/// Steps 6 and 7: the schedule and everybody who comes.
fn a_meeting_is_drafted(cast: &Cast, entitlements: Entitlements<'_>) -> Meeting {
    let mut meeting = Meeting::begin(&draft(cast, entitlements, policy()).unwrap());
    prepare(cast, &mut meeting, cast.signer_b.person());
    meeting
}

fn prepare(cast: &Cast, meeting: &mut Meeting, typed_for_sb: &Person) {
    let starts_at = monday() + Duration::days(2);
    let schedule = |ends_at| Command::SetSchedule {
        title: "战略合作签约仪式".to_owned(),
        starts_at,
        ends_at,
        booked: None,
    };
    assert_eq!(meeting.refuses(schedule(starts_at), &cast.by_booker()), "cer.time_order");
    meeting.does(schedule(starts_at + Duration::hours(2)), &cast.by_booker());

    let hosts = [Staff::of(&cast.a.organization, &cast.host).unwrap()];
    let everybody = cast.participants(typed_for_sb);
    let without_sb = everybody.iter().filter(|one| one.id().as_str() != "SB").cloned().collect();
    let invite = |participants| Command::SetParticipants {
        parties: cast.parties(),
        participants,
        hosts: &hosts,
    };
    let refused = meeting.refusal(invite(without_sb), &cast.by_booker());
    assert_eq!(refused.code(), "cer.party_without_signer");
    assert!(refused.to_string().contains("party_b"), "{refused}");
    meeting.does(invite(everybody), &cast.by_booker());
}

/// Step 8: one contract of three pages, two seals on its last page, two cross-page seals.
fn a_contract_is_attached(cast: &Cast, meeting: &mut Meeting) -> Story<Contract> {
    let unsealed = contract_of(cast, cast.signer_b.person(), false);
    let facts = ToStart::of(&unsealed.state);
    let validation = unsealed.state.validate(&facts.facts(), monday());
    let warnings: Vec<_> = validation.warnings.iter().map(|one| one.code().code()).collect();
    assert_eq!(warnings, ["W-SEAL-MISSING"], "B has no seal on it");

    let contract = contract_of(cast, cast.signer_b.person(), true);
    let facts = ToStart::of(&contract.state);
    let validation = contract.state.validate(&facts.facts(), monday());
    assert_eq!((validation.errors.len(), validation.warnings.len()), (0, 0), "{validation:?}");
    it_is_previewed(&contract.state, &validation);

    attach(cast, meeting, &contract.state);
    contract
}

fn attach(cast: &Cast, meeting: &mut Meeting, contract: &Contract) {
    let facts = ToStart::of(contract);
    meeting.does(Command::AttachContracts(&[contract]), &cast.by_booker());
    let start = facts.facts();
    meeting.does(Command::FinishControls { contract, start: &start }, &cast.by_booker());
}

fn contract_of(cast: &Cast, sb: &Person, sealed_by_b: bool) -> Story<Contract> {
    let sb = Holder::employee(cast.signer_b.id().clone(), sb.clone());
    let mut draft = Draft::default()
        .party("party_a", &cast.a)
        .party("party_b", &cast.b)
        .signer("slot_a", "party_a", &cast.signer_a, 1)
        .holder("slot_b", "party_b", sb, 2)
        .document(written_contract())
        .control(seal_control("doc", "seal_a", "slot_a", Mm(30.0), Mm(220.0)))
        .control(cross_page_control("doc", "edge_a", "slot_a", 0));
    if sealed_by_b {
        draft = draft
            .control(seal_control("doc", "seal_b", "slot_b", Mm(120.0), Mm(220.0)))
            .control(cross_page_control("doc", "edge_b", "slot_b", 1));
    } else {
        let kind = contract::ControlKind::Signature(contract::SignatureMark::default());
        let at = contract::Point::at(Mm(120.0), Mm(220.0)).unwrap();
        let place = contract::Absolute::new(PageIndex::LAST, at);
        draft = draft.control(crate::world::control("doc", "name_b", "slot_b", kind, place));
    }
    Story::of(draft.written("con_01", &cast.booker()).1)
}

/// Step 9.
fn a_layout_is_chosen(cast: &Cast, meeting: &mut Meeting) {
    let (parties, people) = (cast.parties(), meeting.story.state.participants().to_vec());
    let arranged = LayoutPlan::arranged(&parties, &people);
    let mut crowded = arranged.clone();
    let seat_of_sa = crowded
        .seats
        .iter()
        .find(|(_, place)| place.participant.as_str() == "SA")
        .map(|(seat, _)| seat.clone())
        .unwrap();
    crowded.seats.retain(|(_, place)| place.participant.as_str() != "O");
    crowded.seats.push((seat_of_sa, Place { participant: "O".parse().unwrap(), camera: false }));
    assert_eq!(
        meeting.refuses(Command::SetLayout(crowded), &cast.by_booker()),
        "layout.seat_taken"
    );
    // The host has no seat, and that is fine.
    assert!(arranged.seats.iter().all(|(_, place)| place.participant.as_str() != "H"));
    meeting.does(Command::SetLayout(arranged), &cast.by_booker());
}

/// Step 10: the booker typed another mobile number for SB.
fn facts_must_be_those_registered(cast: &Cast, entitlements: Entitlements<'_>) {
    let typed = cast.signer_b.person().clone().with_mobile(person("x", 999).mobile().clone());
    let contract = contract_of(cast, &typed, true);
    let meeting_under = |delivery| {
        let policy = Policy { delivery, ..policy() };
        let mut meeting = Meeting::begin(&draft(cast, entitlements, policy).unwrap());
        prepare(cast, &mut meeting, &typed);
        attach(cast, &mut meeting, &contract.state);
        meeting
    };
    let strict = meeting_under(DeliveryPolicy::Strict);
    let refused = strict.book(cast, &contract.state, entitlements).unwrap_err();
    assert_eq!(refused.code(), "cer.undeliverable");
    assert!(refused.to_string().contains("SB") && refused.to_string().contains("mobile"));

    let lenient = meeting_under(DeliveryPolicy::Lenient);
    let booking = lenient.book(cast, &contract.state, entitlements).unwrap();
    let kinds: Vec<_> = booking.contracts.iter().flat_map(|decision| decision.kinds()).collect();
    assert_eq!(kinds, ["contract.started", "contract.delivery_withheld"]);
}

/// Step 11.
fn it_is_booked(
    cast: &Cast,
    meeting: &mut Meeting,
    contract: &mut Story<Contract>,
    entitlements: Entitlements<'_>,
) {
    let booking = meeting.book(cast, &contract.state, entitlements).unwrap();
    meeting.story.take(&booking.ceremony);
    booking.contracts.iter().for_each(|decision| contract.take(decision));
    assert_eq!(meeting.story.state.phase(), Phase::Booked);
    assert_eq!(contract.state.phase(), contract::Phase::Signing(contract::Progress::None));

    assert_eq!(meeting.story.told("ceremony.booked"), 4, "everybody once");
    let to_sign: Vec<_> = contract
        .notices
        .iter()
        .filter(|notice| notice.kind == "contract.to_sign")
        .map(|notice| format!("{:?}", notice.recipient))
        .collect();
    assert_eq!(to_sign.len(), 1, "only SA's turn has come: {:?}", contract.notices);

    let sees_link = |by: &By<'_>| {
        let (state, contracts) = (&meeting.story.state, [&contract.state]);
        let details = MeetingDetails::of(state, &contracts, Some(&cast.keys), by, meeting.now);
        details.unwrap().result_link.is_some()
    };
    assert!(sees_link(&cast.by_host()) && sees_link(&cast.by_booker()));
    assert!(!sees_link(&cast.by_signer_a()) && !sees_link(&cast.by_signer_b()));
    let observer: PersonId = "observer".parse().unwrap();
    assert!(!sees_link(&By::Person { id: &observer, person: &cast.observer }));
}

/// Step 12.
fn strangers_see_nothing(cast: &Cast, meeting: &Meeting) {
    let stranger = cast.c.admin.person();
    let ceremonies = [&meeting.story.state];
    assert!(MyMeetings::list_for(&PersonFacts::from(stranger), ceremonies).meetings.is_empty());
    let own = MyMeetings::list_for(&PersonFacts::from(cast.signer_b.person()), ceremonies);
    assert_eq!(own.meetings.len(), 1);
    let enter = Command::Enter { visitor: Visitor::Himself, entrance: Entrance::List };
    assert_eq!(meeting.refuses(enter, &cast.c.head()), "cer.not_invited");
}

/// Step 13.
fn they_meet(cast: &Cast, meeting: &mut Meeting) {
    meeting.now = monday() + Duration::days(2);
    meeting.does(Command::OpenRoom, &cast.by_host());
    for by in [cast.by_host(), cast.by_signer_a(), cast.by_signer_b()] {
        meeting.enter(&by);
    }
    let host: PersonId = "desktop-client".parse().unwrap();
    let facts = cast.observer_facts();
    let visitor = Visitor::Vouched(&facts);
    meeting.does(Command::Enter { visitor, entrance: Entrance::List }, &By::Host(&host));
    let enter = Command::Enter { visitor: Visitor::Himself, entrance: Entrance::List };
    assert_eq!(meeting.refuses(enter, &cast.c.head()), "cer.not_invited");

    let (parties, people) = (cast.parties(), meeting.story.state.participants().to_vec());
    let mut plan = LayoutPlan::arranged(&parties, &people);
    plan.seats.retain(|(_, place)| place.participant.as_str() != "O");
    let change = || Command::SetLayout(plan.clone());
    assert_eq!(meeting.refuses(change(), &cast.by_signer_a()), "cer.host_only");
    meeting.does(change(), &cast.by_host());
    assert_eq!(meeting.story.state.layout_version(), 2);
    assert_eq!(meeting.story.state.layout_versions().len(), 2, "the old one is kept");
}

/// Step 14.
fn the_stage_opens(cast: &Cast, meeting: &mut Meeting, contract: &Contract) {
    let (keys, now) = (&cast.keys, meeting.now);
    let state = &meeting.story.state;
    let qr = state.sign_qr(contract.id(), keys, &cast.by_host(), now).unwrap().as_str().to_owned();
    let scan = |state: &Ceremony, by: &By<'_>, at| {
        state.resolve_qr(&qr, keys, contract, by, at).map_err(|refused| refused.code())
    };
    assert_eq!(scan(state, &cast.by_signer_b(), now), Err("cer.stage_not_open"));
    let late = now + Duration::days(1);
    assert_eq!(scan(state, &cast.by_signer_b(), late), Err("cer.qr_expired"));

    meeting.does(Command::OpenStage(&[contract]), &cast.by_host());
    assert_eq!(meeting.story.state.stage(), Stage::Open);
    let state = &meeting.story.state;
    let scanned = scan(state, &cast.by_signer_b(), now).unwrap();
    assert_eq!(scanned.slots.len(), 1);
    assert_eq!(scan(state, &cast.c.head(), now), Err("con.not_a_signer"));
}

/// Step 19.
fn each_finds_the_contract(cast: &Cast, contract: &Contract) {
    let found =
        |by: &By<'_>| contracts_for([contract], &Viewer::of(by), &ContractFilter::default()).len();
    assert_eq!(found(&cast.by_booker()), 1);
    assert_eq!(found(&cast.by_signer_a()), 1);
    assert_eq!(found(&cast.by_signer_b()), 1);
    assert_eq!(found(&cast.c.head()), 0);
}
