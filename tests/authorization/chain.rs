//! The whole chain, R-SIGN-01 to 12, and the permit at its end.

use sealwright::authorization::{
    Authority, ChainFacts, GrantScope, Grantee, NewGrant, Refused, Register, Right, Rights, Seal,
    SealCommand, SealGrant, SigningPermit, UseOutcome, Validity, authorize, begin, record_signing,
};
use sealwright::ceremony::{Ceremony, Policy, Profile, SigningWindowPolicy};
use sealwright::contract::{
    Command, Contract, IntentMethod, IntentProof, Mark, Order, Pick, ReadingProof, SealKind,
    SignatureMethod, Signer, SigningAttempt, SigningWindow, Verdict,
};
use sealwright::decision::Aggregate;
use sealwright::identity::Actor;
use sealwright::organization::{
    By, Entitlement, Entitlements, Feature, Permission, Staff, Terms, Window,
};
use sealwright::statement::FaceDigest;
use time::{Duration, OffsetDateTime};

use crate::papers::{Draft, asserted, bound, host_key, id, key, permitted};
use crate::people::{Company, after, digest, hours, made, operator, start};
use crate::stamps::{reason, to_use, uploaded};

/// A contract to be signed by Alice of 甲 with her company's seal.
pub struct Deal {
    pub a: Company,
    pub b: Company,
    pub contract: Contract,
    pub seal: Seal,
    pub grant: SealGrant,
}

impl Deal {
    pub fn new() -> Self {
        Self::of(|draft| draft)
    }

    pub fn of(change: impl FnOnce(Draft) -> Draft) -> Self {
        let (a, b) = (Company::first(), Company::second());
        let contract = change(Draft::between(&a, &b)).started(&a);
        let seal = a.enabled("s", SealKind::Contract);
        let grant = a.granted(to_use("g"), &seal, &a.alice);
        Self { a, b, contract, seal, grant }
    }

    /// Everything that Alice brings: seals, a signature, a reading and an intent.
    pub fn attempt(&self) -> SigningAttempt {
        let seal = || Pick::Seal(self.seal.id().clone());
        let read = ReadingProof { shown_for: Duration::seconds(60), reached_end: true };
        SigningAttempt::new(id("sa"))
            .choose(key("seal_a"), seal())
            .choose(key("seal_a2"), seal())
            .choose(key("sign_a"), Pick::Signature(SignatureMethod::FreshStroke))
            .meant(self.proof(start()))
            .read(read)
    }

    pub fn proof(&self, at: OffsetDateTime) -> IntentProof {
        let documents = self.contract.documents();
        let shown = documents.iter().map(|document| (document.id().clone(), *document.digest()));
        let (contract, signer) = (self.contract.id().clone(), self.a.alice.id().clone());
        let proof = IntentProof::new(contract, id("sa"), signer.into(), shown);
        proof.check(IntentMethod::Face, "face-1", at)
    }

    pub fn authorize(&self) -> Result<SigningPermit, Refused> {
        self.authorize_at(start() + Duration::minutes(1))
    }

    pub fn authorize_at(&self, now: OffsetDateTime) -> Result<SigningPermit, Refused> {
        self.authorize_with(&self.attempt(), now)
    }

    /// The same with a proof of intent that is as fresh.
    pub fn authorize_anew_at(&self, now: OffsetDateTime) -> Result<SigningPermit, Refused> {
        self.authorize_with(&self.attempt().meant(self.proof(now)), now)
    }

    fn authorize_with(
        &self,
        attempt: &SigningAttempt,
        now: OffsetDateTime,
    ) -> Result<SigningPermit, Refused> {
        let by = self.a.by(&self.a.alice);
        let (seals, grants) = ([&self.seal], [&self.grant]);
        let facts = ChainFacts::of(&by, &seals, &grants);
        authorize(&self.contract, attempt, &facts, SigningWindow::NO_MEETING, now)
    }
}

pub fn revoked(deal: &Deal) -> SealGrant {
    let facts = deal.a.facts();
    let decision = deal.grant.revoke(None, &deal.seal, &By::System, &facts, start()).unwrap();
    after(&deal.grant, &decision)
}

#[test]
fn r_sign_12_a_permit_says_what_is_allowed_and_for_what() {
    let deal = Deal::new();
    let beijing = time::UtcOffset::from_hms(8, 0, 0).unwrap();
    let permit = deal.authorize_at(start().to_offset(beijing)).unwrap();
    assert_eq!((permit.at(), permit.at().offset()), (start(), time::UtcOffset::UTC));
    assert_eq!(permit.signer(), &Actor::Employee(deal.a.alice.id().clone()));
    assert_eq!((permit.contract(), permit.slot()), (deal.contract.id(), &id("sa")));
    assert_eq!(permit.revision(), deal.contract.revision());
    let controls: Vec<_> = permit.seals().map(|seal| seal.control().clone()).collect();
    assert_eq!(controls, [key("seal_a"), key("seal_a2")]);
    let [signature] = permit.signatures() else { panic!("{:?}", permit.signatures()) };
    assert_eq!(signature.control, key("sign_a"));
    for seal in permit.seals() {
        assert_eq!((seal.seal(), seal.version()), (deal.seal.id(), 1));
        assert_eq!(seal.face(), FaceDigest::from_bytes([1; 32]));
        assert_eq!((seal.source(), seal.kind()), (digest("png"), &SealKind::Contract));
        assert_eq!((seal.grant(), seal.employee()), (deal.grant.id(), deal.a.alice.id()));
        assert_eq!(seal.document().digest, digest("d1"));
        assert_eq!(seal.organization(), deal.a.organization.id());
        assert!(matches!(seal.mark(), Mark::Seal { version: 1, .. }));
    }
}

#[test]
fn r_sign_12_a_revocation_between_begin_and_authorize_blocks() {
    let mut deal = Deal::new();
    let by = deal.a.by(&deal.a.alice);
    let (seals, grants) = ([&deal.seal], [&deal.grant]);
    let facts = ChainFacts::of(&by, &seals, &grants);
    let window = SigningWindow::NO_MEETING;
    let begun = begin(&deal.contract, &deal.attempt(), &facts, window, start()).unwrap();
    assert_eq!(begun.seals.len(), 2);
    assert_eq!(begun.seals[0].grant, *deal.grant.id());
    assert_eq!((begun.seals[0].version, begun.revision), (1, deal.contract.revision()));

    deal.grant = revoked(&deal);
    let refused = deal.authorize().unwrap_err();
    assert_eq!(refused.code(), "grant.revoked");
    let denied = refused.denied().unwrap();
    assert_eq!(denied.kind(), "seal.use_denied");
    assert_eq!(denied.outcome, UseOutcome::Denied { code: "grant.revoked".to_owned() });
    assert_eq!((denied.contract.as_str(), denied.employee.as_str()), ("con-1", "alice-a"));
    let json = serde_json::to_string(denied).unwrap();
    assert_eq!(
        &serde_json::from_str::<sealwright::authorization::UseRecord>(&json).unwrap(),
        denied
    );
    // A new grant, and she may sign.
    deal.grant = deal.a.granted(to_use("new"), &deal.seal, &deal.a.alice);
    assert!(deal.authorize().is_ok());
}

/// Nobody is given a permit, nor anything of a seal's face, while somebody else is signing.
#[test]
fn r_sign_13_nobody_is_permitted_while_somebody_elses_signature_is_under_way() {
    let mut deal = Deal::of(|draft| draft.with(|draft| draft.settings.order = Order::Parallel));
    let until = start() + Duration::minutes(5);
    let command = Command::BeginSigning { slot: id("sb"), until };
    let theirs = deal.b.by(&deal.b.alice);
    let held = deal.contract.decide(command, &theirs, start()).unwrap();
    deal.contract = after(&deal.contract, &held);
    assert_eq!(deal.authorize_at(start()).unwrap_err().code(), "sign.in_progress");
    let by = deal.a.by(&deal.a.alice);
    let (seals, grants) = ([&deal.seal], [&deal.grant]);
    let facts = ChainFacts::of(&by, &seals, &grants);
    let begun = begin(&deal.contract, &deal.attempt(), &facts, SigningWindow::NO_MEETING, start());
    assert_eq!(begun.unwrap_err().code(), "sign.in_progress");
    assert!(deal.authorize_at(until).is_ok(), "it lapses by itself");
}

/// Something that happens after a signing began.
type Change<'c> = &'c dyn Fn(&mut Deal);

#[test]
fn r_sign_12_whatever_changes_in_between_blocks() {
    let disabled = |deal: &mut Deal| {
        deal.seal = deal.a.command(&deal.seal, SealCommand::Disable);
    };
    let new_face = |deal: &mut Deal| {
        deal.seal = deal.a.command(&deal.seal, SealCommand::ChangeFace(uploaded(2)));
    };
    let resigned = |deal: &mut Deal| {
        deal.a.alice = crate::people::resigned(&deal.a, &deal.a.alice);
    };
    let suspended = |deal: &mut Deal| {
        let a = std::mem::replace(&mut deal.a, Company::second());
        deal.a = a.suspended();
    };
    let cancelled = |deal: &mut Deal| {
        let by = deal.a.by(&deal.a.admin);
        let cancelled = deal.contract.cancel(reason(), &by, None, start()).unwrap();
        deal.contract = after(&deal.contract, &cancelled.contract);
    };
    let changes: [(Change<'_>, &str); 5] = [
        (&disabled, "seal.not_enabled"),
        (&new_face, "seal.not_enabled"),
        (&resigned, "emp.resigned"),
        (&suspended, "org.suspended"),
        (&cancelled, "con.illegal_transition"),
    ];
    for (change, code) in changes {
        let mut deal = Deal::new();
        assert!(deal.authorize().is_ok());
        change(&mut deal);
        assert_eq!(deal.authorize().unwrap_err().code(), code);
    }
}

#[test]
fn r_sign_12_a_face_that_passed_its_review_is_the_one_that_is_permitted() {
    let mut deal = Deal::new();
    let changed = deal.a.command(&deal.seal, SealCommand::ChangeFace(uploaded(2)));
    deal.seal = deal.a.command(&changed, SealCommand::Approve);
    let permit = deal.authorize().unwrap();
    let seal = permit.seals().next().unwrap();
    assert_eq!((seal.version(), seal.face()), (2, FaceDigest::from_bytes([2; 32])));
}

#[test]
fn r_sign_01_to_11_come_before_12_and_leave_no_record_of_a_denied_use() {
    let mut deal = Deal::new();
    deal.grant = revoked(&deal);
    let by = deal.a.by(&deal.a.alice);
    let (seals, grants) = ([&deal.seal], [&deal.grant]);
    let facts = ChainFacts::of(&by, &seals, &grants);
    let now = start() + Duration::minutes(1);
    let refused = |attempt: &SigningAttempt, facts: &ChainFacts<'_>, window, now| {
        let refused = authorize(&deal.contract, attempt, facts, window, now).unwrap_err();
        assert_eq!(refused.denied().is_some(), refused.code() == "grant.revoked");
        refused.code()
    };
    let (open, attempt) = (SigningWindow::NO_MEETING, deal.attempt());
    let late = now + Duration::days(400);
    assert_eq!(refused(&attempt, &facts, open, late), "con.deadline_passed");
    let booked = at_meeting(&deal.contract, "signing-day");
    let closed = authorize(&booked, &attempt, &facts, open, now).unwrap_err();
    assert_eq!((closed.code(), closed.denied()), ("cer.stage_not_open", None));
    let bob = deal.a.by(&deal.a.bob);
    let as_bob = ChainFacts { by: &bob, ..facts };
    assert_eq!(refused(&attempt, &as_bob, open, now), "con.not_a_signer");
    let theirs = SigningAttempt { slot: id("sb"), ..attempt.clone() };
    let as_b = deal.b.by(&deal.b.alice);
    let facts_of_b = ChainFacts { by: &as_b, ..facts };
    assert_eq!(refused(&theirs, &facts_of_b, open, now), "con.not_your_turn");
    let unread = SigningAttempt { reading: ReadingProof::default(), ..attempt.clone() };
    assert_eq!(refused(&unread, &facts, open, now), "sign.read_time_not_met");
    let idle = SigningAttempt { intent: None, ..attempt.clone() };
    assert_eq!(refused(&idle, &facts, open, now), "sign.intent_missing");
    let old = now + Duration::minutes(10);
    assert_eq!(refused(&attempt, &facts, open, old), "sign.intent_stale");
    let mut partial = attempt.clone();
    partial.choices.pop();
    assert_eq!(refused(&partial, &facts, open, now), "sign.control_unsigned");
    assert_eq!(refused(&attempt, &facts, open, now), "grant.revoked");
}

#[test]
fn r_sign_05_who_has_signed_gets_no_second_permit() {
    let mut deal = Deal::new();
    let record = Box::new(asserted(&deal.contract, "sa"));
    let by = deal.a.by(&deal.a.alice);
    let signed = deal.contract.decide(Command::AssertSigned(record), &by, start()).unwrap();
    deal.contract = after(&deal.contract, &signed);
    assert_eq!(deal.authorize().unwrap_err().code(), "con.already_acted");
}

#[test]
fn r_sign_07_a_use_that_needs_approval_waits_for_it() {
    let mut deal = Deal::of(|draft| draft.with(|draft| draft.slots[0].options.needs_review = true));
    assert_eq!(deal.authorize().unwrap_err().code(), "con.review_pending");
    let command = Command::Review { slot: id("sa"), verdict: Verdict::Pass, reason: None };
    let by = deal.a.by(&deal.a.admin);
    let passed = deal.contract.decide(command, &by, start()).unwrap();
    deal.contract = after(&deal.contract, &passed);
    assert!(deal.authorize().is_ok());
}

#[test]
fn r_grant_05_a_seal_of_another_company_is_not_put_here() {
    let mut deal = Deal::new();
    deal.seal = deal.b.enabled("s", SealKind::Contract);
    deal.grant = deal.b.granted(to_use("g"), &deal.seal, &deal.b.alice);
    let refused = deal.authorize().unwrap_err();
    assert_eq!(refused.code(), "seal.not_owned");
    assert_eq!(refused.denied().unwrap().organization, *deal.b.organization.id());
}

/// The contract as a booking leaves it.
pub fn at_meeting(contract: &Contract, ceremony: &str) -> Contract {
    let mut stored = serde_json::to_value(contract).unwrap();
    stored["ceremony"] = ceremony.into();
    serde_json::from_value(stored).unwrap()
}

/// A meeting that lets its contracts be signed at any time.
pub fn meeting(deal: &Deal, name: &str) -> Ceremony {
    let (ent, meeting) = ("ent".parse().unwrap(), name.parse().unwrap());
    let (to, terms) =
        (deal.a.organization.id(), Terms::within(Window::new(start(), None).unwrap()));
    let feature = Feature::StrategicSigning;
    let granted = Entitlement::grant(&ent, to, feature, terms, &By::System, start());
    let granted = made(&granted.unwrap());
    let (held, staff) = ([&granted], deal.a.staff(&deal.a.admin));
    let signing_window = SigningWindowPolicy::AnyTimeAfterBooking;
    let policy = Policy { signing_window, ..Policy::default() };
    let held = Entitlements::of(&held);
    let drafted = Ceremony::draft(meeting, Profile::Strategic, policy, &staff, held, start());
    let mut stored = serde_json::to_value(made(&drafted.unwrap())).unwrap();
    stored["phase"] = "booked".into();
    serde_json::from_value(stored).unwrap()
}

#[test]
fn r_grant_04_a_grant_may_be_limited_to_a_ceremony_or_a_type_of_contract() {
    let mut deal = Deal::new();
    let attempt = deal.attempt();
    let meeting = meeting(&deal, "signing-day");
    let booked = at_meeting(&deal.contract, "signing-day");
    for scope in [
        GrantScope::Ceremony("signing-day".parse().unwrap()),
        GrantScope::ContractTypes(["lease".to_owned()].into()),
    ] {
        let new = NewGrant { scope, ..to_use("g") };
        deal.grant = deal.a.granted(new, &deal.seal, &deal.a.alice);
        assert_eq!(deal.authorize().unwrap_err().code(), "grant.scope_excluded");
        let by = deal.a.by(&deal.a.alice);
        let (seals, grants) = ([&deal.seal], [&deal.grant]);
        let facts =
            ChainFacts { contract_type: Some("lease"), ..ChainFacts::of(&by, &seals, &grants) };
        assert!(authorize(&booked, &attempt, &facts, meeting.signing_window(), start()).is_ok());
    }
}

/// In a group (集团模式) an employee of the parent signs for the subsidiary, with the grant that he was
/// given of its seal; of what its own people may do he may nothing.
#[test]
fn r_sign_03_an_employee_of_the_parent_signs_for_its_subsidiary() {
    let (a, parent) = (Company::first(), Company::second());
    let clerk = &parent.alice;
    let contract = Draft::between(&a, &parent)
        .with(|draft| {
            draft.slots[0].signer = bound(clerk);
            draft.slots[1].signer = bound(&parent.bob);
        })
        .started(&a);
    let seal = a.enabled("s", SealKind::Contract);
    let to = Grantee { employee: clerk, group_parent: Some(parent.organization.id()) };
    let by_sealer = a.by(&a.sealer);
    let grant = |new: NewGrant| {
        let given = SealGrant::grant(new, &seal, to, &by_sealer, &a.organization, start());
        made(&given.unwrap())
    };
    let held = grant(to_use("g"));
    let attempt = |by: &By<'_>| {
        let shown = contract.documents().iter().map(|it| (it.id().clone(), *it.digest()));
        let proof = IntentProof::new(contract.id().clone(), id("sa"), by.actor(), shown);
        let attempt = Deal::new().attempt();
        attempt.meant(proof.check(IntentMethod::Face, "face-1", start()))
    };
    let sign = |staff: Staff<'_>| {
        let by = By::Staff(staff);
        let (seals, grants) = ([&seal], [&held]);
        let facts = ChainFacts::of(&by, &seals, &grants);
        authorize(&contract, &attempt(&by), &facts, SigningWindow::NO_MEETING, start())
            .map_err(|refused| refused.code())
    };
    let in_group = Staff::of_group(&a.organization, &parent.organization, clerk).unwrap();
    let permit = sign(in_group).unwrap();
    assert_eq!(permit.organization().unwrap().0, *a.organization.id());
    assert!(permit.seals().all(|seal| seal.employee() == clerk.id()));
    // For his own company he is nobody here, and an idle parent lends nobody.
    assert_eq!(sign(parent.staff(clerk)).unwrap_err(), "con.not_a_signer");
    let idle = Company::second().suspended();
    let lent = Staff::of_group(&a.organization, &idle.organization, &idle.alice).unwrap();
    assert_eq!(sign(lent).unwrap_err(), "org.suspended");
    let stranger = Staff::of_group(&a.organization, &parent.organization, &a.bob);
    assert_eq!(stranger.unwrap_err().code(), "emp.not_in_org");

    // The parent's super admin is none of the subsidiary's, a grant to manage is what it says.
    let head = Staff::of_group(&a.organization, &parent.organization, &parent.admin).unwrap();
    assert!(!head.is_super_admin() && head.require(Permission::SealManage).is_err());
    let manages = NewGrant { rights: Rights::of([Right::Manage]).unwrap(), ..to_use("m") };
    let manages = grant(manages);
    let by = By::Staff(in_group);
    assert!(!seal.gives(Right::Manage, &by, &[&held], start()));
    assert!(seal.gives(Right::Manage, &by, &[&manages], start()));
}

/// Nobody presses a button: the seals of the slot, in the name of the employee who answers for it.
#[test]
fn r_sign_12_auto_sign_takes_an_entitlement_and_the_grants_of_who_answers() {
    let deal = Deal::of(|draft| {
        draft.with(|draft| {
            draft.slots[0].signer = Signer::Auto { seals: ["s".parse().unwrap()].into() };
            draft.controls.retain(|control| *control.key() != key("sign_a"));
        })
    });
    let window = Window::new(start(), None).unwrap();
    let (ent, organization) = ("ent".parse().unwrap(), deal.a.organization.id());
    let terms = Terms::within(window);
    let by_system = By::System;
    let granted =
        Entitlement::grant(&ent, organization, Feature::AutoSign, terms, &by_system, start());
    let entitlement = made(&granted.unwrap());
    let seal = || Pick::Seal(deal.seal.id().clone());
    let attempt =
        SigningAttempt::new(id("sa")).choose(key("seal_a"), seal()).choose(key("seal_a2"), seal());
    let (seals, grants, held) = ([&deal.seal], [&deal.grant], [&entitlement]);
    let facts = ChainFacts {
        answers: Some(deal.a.staff(&deal.a.alice)),
        entitlements: Entitlements::of(&held),
        ..ChainFacts::of(&by_system, &seals, &grants)
    };
    let sign = |facts: &ChainFacts<'_>| {
        authorize(&deal.contract, &attempt, facts, SigningWindow::NO_MEETING, start())
            .map_err(|refused| refused.code())
    };
    let permit = sign(&facts).unwrap();
    assert_eq!(permit.signer(), &Actor::System);
    assert!(permit.seals().all(|seal| seal.employee() == deal.a.alice.id()));
    assert!(permit.signatures().is_empty() && permit.intent().is_empty());
    assert_eq!(permit.organization().unwrap().0, *organization);
    // Nobody signs, so that nobody is named; in whose name it was done is noted.
    let record = permitted(&deal.contract, &permit, None);
    let key = host_key();
    let register =
        Register { seals: &seals, grants: &grants, key: &key, window: SigningWindow::NO_MEETING };
    let recorded =
        record_signing(&deal.contract, permit, record, &register, &by_system, start()).unwrap();
    let noted: Vec<&str> =
        recorded.contract.witnesses().iter().map(|it| it.kind.as_str()).collect();
    assert_eq!(noted, ["organization", "employee", "entitlement", "seal"]);
    let noted = recorded.grants[0].witnesses();
    assert!(noted.iter().any(|it| it.kind == "employee" && it.id == "alice-a"));

    let nobody = ChainFacts { answers: None, ..facts };
    assert_eq!(sign(&nobody).unwrap_err(), "con.not_a_signer");
    let stranger = ChainFacts { answers: Some(deal.b.staff(&deal.b.alice)), ..facts };
    assert_eq!(sign(&stranger).unwrap_err(), "con.not_a_signer");
    let bob = ChainFacts { answers: Some(deal.a.staff(&deal.a.bob)), ..facts };
    assert_eq!(sign(&bob).unwrap_err(), "grant.not_found");
    let unentitled = ChainFacts { entitlements: Entitlements::NONE, ..facts };
    assert_eq!(sign(&unentitled).unwrap_err(), "feature.not_entitled");
    let alice = deal.a.by(&deal.a.alice);
    let human = ChainFacts { by: &alice, ..facts };
    assert_eq!(sign(&human).unwrap_err(), "con.not_a_signer");
    let operator = operator();
    let host = By::Host(&operator);
    assert!(sign(&ChainFacts { by: &host, ..facts }).is_ok());
    let suspended = Company::first().suspended();
    let idle = ChainFacts { answers: Some(suspended.staff(&suspended.alice)), ..facts };
    assert_eq!(sign(&idle).unwrap_err(), "org.suspended");
    // Who answers is R-SIGN-03 and 04: it comes before the choices.
    let bare = SigningAttempt::new(id("sa"));
    let refused = authorize(&deal.contract, &bare, &idle, SigningWindow::NO_MEETING, start());
    assert_eq!(refused.unwrap_err().code(), "org.suspended");
}

#[test]
fn r_sign_12_a_drawing_rests_on_the_permitted_face() {
    let deal = Deal::new();
    let permit = deal.authorize().unwrap();
    let authority = permit.authority(&key("seal_a")).unwrap();
    assert_eq!(authority.code(), "permitted");
    assert_eq!(authority.permit().unwrap().control(), &key("seal_a"));
    assert!(authority.require_face(FaceDigest::from_bytes([1; 32])).is_ok());
    let error = authority.require_face(FaceDigest::from_bytes([2; 32])).unwrap_err();
    assert_eq!(error.code(), "sign.face_not_permitted");
    assert_eq!(permit.authority(&key("sign_a")), None);
    assert!(Authority::AssertedByHost.permit().is_none());
}

#[test]
fn r_grant_02_a_grant_that_ends_between_begin_and_authorize_blocks() {
    let mut deal = Deal::new();
    let until = start() + Duration::minutes(5);
    let validity = Validity::new(start(), Some(until)).unwrap();
    deal.grant = deal.a.granted(NewGrant { validity, ..to_use("g") }, &deal.seal, &deal.a.alice);
    assert!(deal.authorize_at(until - Duration::NANOSECOND).is_ok());
    assert_eq!(deal.authorize_at(until).unwrap_err().code(), "grant.expired");
    assert_eq!(deal.authorize_at(hours(1)).unwrap_err().code(), "sign.intent_stale");
}
