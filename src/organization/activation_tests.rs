//! Account, licence, legal representative, super admin: each guard, and nothing out of order.

use super::samples::{
    NOW, active, apply, at, consent, digest, employee, invited, legal_representative,
    licence_facts, organization_name, person, person_name, register_facts, registered, resident_id,
    uscc,
};
use super::{
    AuthorizationMethod, AuthorizationProof, By, Error, LegalRepresentative, LetterReview,
    LicenceFacts, LicenceField, LicenceKind, Organization, OrganizationCommand as Command,
    OrganizationKind, OrganizationStatus as Status, RegisterFacts, Registration, RequiredFact,
    Staff,
};
use crate::decision::{Aggregate, Claim, Recipient};
use crate::identity::OrganizationId;

const EVERY: [Status; 9] = [
    Status::Registered,
    Status::Verifying,
    Status::Rejected,
    Status::Verified,
    Status::LegalAuthorized,
    Status::Active,
    Status::Suspended,
    Status::Closing,
    Status::Closed,
];

fn registration() -> Registration {
    Registration {
        name: organization_name("晨曦科技(深圳)有限公司"),
        uscc: uscc(0),
        kind: OrganizationKind::Enterprise,
        licence: LicenceKind::CreditCode,
    }
}

fn refused(organization: &Organization, command: Command<'_>) -> Error {
    let before = organization.clone();
    let error = organization.decide(command, &By::System, NOW).unwrap_err();
    assert_eq!(*organization, before);
    error
}

#[test]
fn r_org_02_a_number_that_the_register_names_counts_whatever_the_route() {
    let right = |organization: &Organization| RegisterFacts {
        legal_representative_document: Some(legal_representative().id_document().clone()),
        ..register_facts(organization)
    };
    let (verifying, _) = at("a", 0, Status::Verifying);
    let accept = Command::AcceptVerification(right(&verifying));
    let other = RegisterFacts {
        legal_representative_document: Some(person("张三", 77).id_document().clone()),
        ..right(&verifying)
    };
    let refused = verifying.decide(Command::AcceptVerification(other), &By::System, NOW);
    let field = LicenceField::LegalRepresentative;
    assert_eq!(refused.unwrap_err(), Error::LicenceMismatch { field });
    let by_letter = || AuthorizationProof {
        letter: Some((digest("letter"), LetterReview::Passed)),
        ..AuthorizationProof::of(person_name("李四"))
    };
    for (command, counts) in
        [(accept, true), (Command::AcceptVerification(register_facts(&verifying)), false)]
    {
        let mut organization = verifying.clone();
        let accepted = organization.decide(command, &By::System, NOW).unwrap();
        apply(&mut organization, accepted);
        assert!(!organization.is_legal_representative(&legal_representative()));
        let method = AuthorizationMethod::LetterOfAuthority;
        let authorize = Command::Authorize { method, proof: by_letter() };
        let authorized = organization.decide(authorize, &By::System, NOW).unwrap();
        apply(&mut organization, authorized);
        assert_eq!(organization.is_legal_representative(&legal_representative()), counts);
    }
}

#[test]
fn org_register_makes_an_account_and_tells_the_applicant() {
    let (applicant, person) = ("p1".parse().unwrap(), person("张三", 7));
    let by = By::Person { id: &applicant, person: &person };
    let id: OrganizationId = "org_a".parse().unwrap();
    let decision = Organization::register(id, registration(), None, &by, NOW).unwrap();
    assert_eq!(decision.kinds(), ["org.registered"]);
    assert_eq!(decision.notices()[0].recipient, Recipient::Person(applicant.clone()));
    assert!(decision.claims().is_empty(), "a mere registration blocks nobody");
    let (organization, trail) = decision.found().unwrap();
    assert_eq!(organization.status(), Status::Registered);
    assert_eq!(organization.name().as_str(), "晨曦科技（深圳）有限公司");
    assert_eq!(organization.applicant(), &by.actor());
    assert_eq!(trail[0].subject(), "organization:org_a");
}

#[test]
fn org_register_refuses_a_code_that_another_active_organization_has() {
    let id: OrganizationId = "org_b".parse().unwrap();
    let holder = "org_a".parse().unwrap();
    let error = Organization::register(id.clone(), registration(), Some(&holder), &By::System, NOW)
        .unwrap_err();
    assert_eq!(error.code(), "org.already_exists");
    assert!(error.to_string().contains("org_a"));
    assert!(
        Organization::register(id.clone(), registration(), Some(&id), &By::System, NOW).is_ok()
    );
}

#[test]
fn org_submit_verification_needs_the_facts_of_the_licence() {
    let organization = registered("a", 0);
    let without = |drop: fn(&mut LicenceFacts)| {
        let mut facts = licence_facts();
        drop(&mut facts);
        refused(&organization, Command::SubmitVerification(facts))
    };
    let licence = without(|facts| facts.licence_digest = None);
    assert_eq!(licence.code(), "org.fact_missing");
    assert_eq!(licence, Error::FactMissing { fact: RequiredFact::Licence });
    let person = without(|facts| facts.legal_representative = None);
    assert_eq!(person, Error::FactMissing { fact: RequiredFact::LegalRepresentative });
}

#[test]
fn org_submit_verification_again_after_a_refusal_with_a_corrected_name() {
    let (mut organization, _) = at("a", 0, Status::Rejected);
    let name = organization_name("更正公司");
    let facts = LicenceFacts { name: Some(name.clone()), ..licence_facts() };
    let decision = organization.decide(Command::SubmitVerification(facts), &By::System, NOW);
    apply(&mut organization, decision.unwrap());
    assert_eq!((organization.status(), organization.name()), (Status::Verifying, &name));
}

#[test]
fn r_org_05_credit_code_and_kind_never_change() {
    let organization = registered("a", 0);
    let facts = LicenceFacts { uscc: Some(uscc(1)), ..licence_facts() };
    let error = refused(&organization, Command::SubmitVerification(facts));
    assert_eq!(error.code(), "org.immutable");
    assert_eq!(error, Error::Immutable { field: LicenceField::Uscc });
    let facts = LicenceFacts { kind: Some(OrganizationKind::Other), ..licence_facts() };
    let error = refused(&organization, Command::SubmitVerification(facts));
    assert_eq!(error, Error::Immutable { field: LicenceField::Kind });
    let same = LicenceFacts {
        uscc: Some(uscc(0)),
        kind: Some(OrganizationKind::Enterprise),
        ..licence_facts()
    };
    let decision = organization.decide(Command::SubmitVerification(same), &By::System, NOW);
    assert_eq!(decision.unwrap().kinds(), ["org.verification_submitted"]);
}

#[test]
fn org_accept_verification_compares_three_facts_with_the_register() {
    let (organization, _) = at("a", 0, Status::Verifying);
    let right = register_facts(&organization);
    let mismatch = |found: RegisterFacts| {
        let error = refused(&organization, Command::AcceptVerification(found));
        assert_eq!(error.code(), "org.licence_mismatch");
        match error {
            Error::LicenceMismatch { field } => field,
            other => panic!("{other}"),
        }
    };
    let name = RegisterFacts { name: organization_name("他公司"), ..right.clone() };
    assert_eq!(mismatch(name), LicenceField::Name);
    assert_eq!(mismatch(RegisterFacts { uscc: uscc(1), ..right.clone() }), LicenceField::Uscc);
    let head = RegisterFacts { legal_representative: person_name("赵六"), ..right.clone() };
    assert_eq!(mismatch(head), LicenceField::LegalRepresentative);
    let decision = organization.decide(Command::AcceptVerification(right), &By::System, NOW);
    assert_eq!(decision.unwrap().kinds(), ["org.verified"]);
}

#[test]
fn org_accept_and_reject_verification_are_the_hosts() {
    let (organization, admin) = at("a", 0, Status::Verifying);
    let staff = By::Staff(Staff::of(&organization, &admin).unwrap());
    let reject = Command::RejectVerification { reason: "no".to_owned() };
    for command in [Command::AcceptVerification(register_facts(&organization)), reject] {
        let error = organization.decide(command, &staff, NOW).unwrap_err();
        assert_eq!(error.code(), "emp.protected_role");
    }
}

#[test]
fn org_reject_verification_states_a_reason() {
    let (mut organization, _) = at("a", 0, Status::Verifying);
    let reject = |reason: &str| Command::RejectVerification { reason: reason.to_owned() };
    assert_eq!(refused(&organization, reject("  ")).code(), "con.reason_required");
    assert_eq!(refused(&organization, reject(&"长".repeat(201))).code(), "con.reason_too_long");
    let decision = organization.decide(reject(&"长".repeat(200)), &By::System, NOW).unwrap();
    assert_eq!(decision.kinds(), ["org.rejected"]);
    apply(&mut organization, decision);
    assert_eq!(organization.status(), Status::Rejected);
}

fn letter(review: LetterReview) -> AuthorizationProof {
    let letter = Some((digest("letter"), review));
    AuthorizationProof { letter, ..AuthorizationProof::of(person_name("李四")) }
}

fn of_kind(kind: OrganizationKind, licence: LicenceKind) -> Organization {
    let registration = Registration { kind, licence, ..registration() };
    let decision =
        Organization::register("a".parse().unwrap(), registration, None, &By::System, NOW);
    let mut organization = decision.unwrap().found().unwrap().0;
    let found = register_facts(&organization);
    for command in
        [Command::SubmitVerification(licence_facts()), Command::AcceptVerification(found)]
    {
        let decision = organization.decide(command, &By::System, NOW).unwrap();
        apply(&mut organization, decision);
    }
    organization
}

#[test]
fn org_authorize_takes_the_methods_of_kind_and_licence() {
    use AuthorizationMethod as Method;
    let attempt = |organization: &Organization, method| {
        let proof = AuthorizationProof {
            reference: Some("transfer-1".to_owned()),
            legal_representative: Some(legal_representative().id_document().clone()),
            ..letter(LetterReview::Passed)
        };
        organization.decide(Command::Authorize { method, proof }, &By::System, NOW)
    };
    let code = |outcome: Result<_, Error>| outcome.err().map_or("", |error| error.code());
    let refused = "org.authorization_method_not_allowed";

    let public = of_kind(OrganizationKind::PublicInstitution, LicenceKind::CreditCode);
    assert_eq!(code(attempt(&public, Method::LetterAndBankTransfer)), "");
    assert_eq!(code(attempt(&public, Method::LetterOfAuthority)), refused);
    assert_eq!(code(attempt(&public, Method::LegalRepresentativeConsent)), refused);
    for licence in [LicenceKind::MedicalPractice, LicenceKind::ClinicFiling] {
        let clinic = of_kind(OrganizationKind::PublicInstitution, licence);
        assert_eq!(code(attempt(&clinic, Method::LetterOfAuthority)), "");
        assert_eq!(code(attempt(&clinic, Method::LetterAndBankTransfer)), refused);
    }
    for kind in [OrganizationKind::Enterprise, OrganizationKind::SoleTrader] {
        let company = of_kind(kind, LicenceKind::CreditCode);
        for method in [
            Method::LegalRepresentativeConsent,
            Method::LetterOfAuthority,
            Method::LetterAndBankTransfer,
        ] {
            assert_eq!(code(attempt(&company, method)), "", "{method:?}");
        }
    }
}

#[test]
fn org_authorize_needs_what_the_method_rests_on() {
    use AuthorizationMethod as Method;
    let (organization, _) = at("a", 0, Status::Verified);
    let attempt =
        |method, proof| refused(&organization, Command::Authorize { method, proof }).code();
    let bare = || AuthorizationProof::of(person_name("李四"));
    assert_eq!(attempt(Method::LetterOfAuthority, bare()), "org.fact_missing");
    assert_eq!(
        attempt(Method::LetterAndBankTransfer, letter(LetterReview::Passed)),
        "org.fact_missing"
    );
    assert_eq!(attempt(Method::LegalRepresentativeConsent, bare()), "org.fact_missing");
    let rejected = letter(LetterReview::Rejected);
    assert_eq!(
        attempt(Method::LetterOfAuthority, rejected.clone()),
        "org.authorization_review_rejected"
    );
    assert_eq!(
        attempt(Method::LetterAndBankTransfer, rejected),
        "org.authorization_review_rejected"
    );
    let unseen = AuthorizationProof { reference: Some("consent-1".to_owned()), ..bare() };
    let unseen = Command::Authorize { method: Method::LegalRepresentativeConsent, proof: unseen };
    let unshown = Error::FactMissing { fact: RequiredFact::LegalRepresentative };
    assert_eq!(refused(&organization, unseen), unshown, "the form states a number all the same");
    let stranger = AuthorizationProof {
        reference: Some("consent-1".to_owned()),
        legal_representative: Some(resident_id("19700101", 5)),
        ..bare()
    };
    assert_eq!(attempt(Method::LegalRepresentativeConsent, stranger), "org.licence_mismatch");
    assert_eq!(attempt(Method::ApplicantIsLegalRepresentative, bare()), "org.licence_mismatch");
}

#[test]
fn org_authorize_learns_the_identity_of_a_legal_representative_who_took_part() {
    let mut organization = registered("a", 0);
    let head = legal_representative();
    let facts = LicenceFacts {
        legal_representative: Some(LegalRepresentative::named(head.name().clone())),
        ..licence_facts()
    };
    let found = register_facts(&organization);
    for command in [Command::SubmitVerification(facts), Command::AcceptVerification(found)] {
        let decision = organization.decide(command, &By::System, NOW).unwrap();
        apply(&mut organization, decision);
    }
    assert!(!organization.is_legal_representative(&head), "a name alone is anybody's");
    let method = AuthorizationMethod::ApplicantIsLegalRepresentative;
    let proof = AuthorizationProof::of(head.name().clone());
    let error = refused(&organization, Command::Authorize { method, proof: proof.clone() });
    assert_eq!(error, Error::FactMissing { fact: RequiredFact::LegalRepresentative });
    let proof =
        AuthorizationProof { legal_representative: Some(head.id_document().clone()), ..proof };
    let decision =
        organization.decide(Command::Authorize { method, proof }, &By::System, NOW).unwrap();
    assert_eq!(decision.kinds(), ["org.legal_authorized"]);
    apply(&mut organization, decision);
    assert!(organization.is_legal_representative(&head));
    assert!(!organization.is_legal_representative(&person("王五", 901)));
    assert_eq!(organization.authorization_method(), Some(method));
}

#[test]
fn org_authorize_does_not_believe_the_number_that_the_applicant_typed() {
    let head = legal_representative();
    let namesake = person("王五", 902);
    let (organization, _) = at("a", 0, Status::Verified);
    assert!(!organization.is_legal_representative(&head), "no document was shown");
    let method = AuthorizationMethod::ApplicantIsLegalRepresentative;
    let typed = AuthorizationProof::of(head.name().clone());
    let error = refused(&organization, Command::Authorize { method, proof: typed.clone() });
    assert_eq!(error, Error::FactMissing { fact: RequiredFact::LegalRepresentative });

    let shown =
        AuthorizationProof { legal_representative: Some(head.id_document().clone()), ..typed };
    let mut himself = organization.clone();
    let command = Command::Authorize { method, proof: shown };
    let decision = himself.decide(command, &By::System, NOW).unwrap();
    apply(&mut himself, decision);
    let activate = |employee| Command::ActivateSuperAdmin { employee, holder: None };
    let other = employee(&himself, "namesake", namesake, &[]);
    assert_eq!(refused(&himself, activate(&other)).code(), "org.super_admin_mismatch");
    let same = employee(&himself, "same", head.clone(), &[]);
    assert!(himself.decide(activate(&same), &By::System, NOW).is_ok());

    let mut by_letter = organization;
    let method = AuthorizationMethod::LetterOfAuthority;
    let command = Command::Authorize { method, proof: letter(LetterReview::Passed) };
    let decision = by_letter.decide(command, &By::System, NOW).unwrap();
    apply(&mut by_letter, decision);
    assert!(!by_letter.is_legal_representative(&head), "a letter shows nobody's number");
}

#[test]
fn org_activate_super_admin_takes_the_verified_employee_who_was_authorized() {
    let (mut organization, admin) = at("a", 0, Status::LegalAuthorized);
    let activate = |employee| Command::ActivateSuperAdmin { employee, holder: None };

    let new = invited(&organization, "new", person("李四", 20));
    assert_eq!(refused(&organization, activate(&new)).code(), "emp.not_verified");
    let other = employee(&organization, "other", person("赵六", 21), &[]);
    assert_eq!(refused(&organization, activate(&other)).code(), "org.super_admin_mismatch");
    let (elsewhere, _) = active("b", 1);
    let foreign = employee(&elsewhere, "foreign", person("李四", 22), &[]);
    assert_eq!(refused(&organization, activate(&foreign)).code(), "emp.not_in_org");
    let holder = Some("org_b".parse().unwrap());
    let late = Command::ActivateSuperAdmin { employee: &admin, holder };
    assert_eq!(refused(&organization, late).code(), "org.already_exists");

    let decision = organization.decide(activate(&admin), &By::System, NOW).unwrap();
    assert_eq!(decision.kinds(), ["org.activated"]);
    assert!(matches!(
        decision.claims(),
        [Claim::Take { key, code: "org.already_exists", .. }] if key.space() == "organization.uscc"
    ));
    assert_eq!(decision.witnesses()[0].id, "a-admin");
    apply(&mut organization, decision);
    assert!(organization.is_active() && organization.is_super_admin(admin.id()));
}

#[test]
fn r_org_03_there_is_one_super_admin() {
    let (organization, admin) = active("a", 0);
    let error =
        refused(&organization, Command::ActivateSuperAdmin { employee: &admin, holder: None });
    assert_eq!(error.code(), "org.super_admin_exists");
    for status in [Status::Active, Status::Suspended, Status::Closing] {
        assert_eq!(at("a", 0, status).0.super_admin(), Some(admin.id()));
    }
}

/// Each step with the statuses it starts from; everywhere else it is refused.
#[test]
fn r_org_02_no_step_out_of_order() {
    for status in EVERY {
        let (organization, admin) = at("a", 0, status);
        let found = register_facts(&organization);
        let reason = || "no".to_owned();
        let steps: [(&[Status], Command<'_>); 6] = [
            (&[Status::Registered, Status::Rejected], Command::SubmitVerification(licence_facts())),
            (&[Status::Verifying], Command::AcceptVerification(found)),
            (&[Status::Verifying], Command::RejectVerification { reason: reason() }),
            (&[Status::Verified], consent(admin.person().name().clone())),
            (
                &[Status::LegalAuthorized],
                Command::ActivateSuperAdmin { employee: &admin, holder: None },
            ),
            (&[Status::Suspended], Command::Resume),
        ];
        for (number, (from, step)) in steps.into_iter().enumerate() {
            let outcome = organization.decide(step, &By::System, NOW);
            if from.contains(&status) {
                assert!(outcome.is_ok(), "step {number} from {status:?}");
                continue;
            }
            let expected = match status {
                _ if number == 4 && organization.super_admin().is_some() => {
                    "org.super_admin_exists"
                }
                Status::Closing | Status::Closed => "org.closing",
                _ => "org.activation_order",
            };
            assert_eq!(outcome.unwrap_err().code(), expected, "step {number} from {status:?}");
        }
    }
}

#[test]
fn r_org_01_only_an_active_organization_acts() {
    let expected = |status| match status {
        Status::Active => None,
        Status::Suspended => Some("org.suspended"),
        Status::Closing | Status::Closed => Some("org.closing"),
        _ => Some("org.not_active"),
    };
    for status in EVERY {
        let (organization, admin) = at("a", 0, status);
        let code = organization.require_active().err().map(|error| error.code());
        assert_eq!(code, expected(status), "{status:?}");
        assert_eq!(organization.is_active(), code.is_none());
        let staff = Staff::of(&organization, &admin).unwrap();
        let code = staff.require_active().err().map(|error| error.code());
        assert_eq!(code, expected(status), "the organization is asked before the employee");
    }
}

#[test]
fn r_org_01_the_refusal_names_the_step_that_is_missing() {
    let missing = |status| match at("a", 0, status).0.require_active() {
        Err(Error::NotActive { missing_step, .. }) => missing_step,
        other => panic!("{other:?}"),
    };
    assert_eq!(missing(Status::Registered), Status::Verified);
    assert_eq!(missing(Status::Rejected), Status::Verified);
    assert_eq!(missing(Status::Verified), Status::LegalAuthorized);
    assert_eq!(missing(Status::LegalAuthorized), Status::Active);
}

#[test]
fn org_states_are_replayed_and_stored() {
    use crate::decision::Snapshot;
    for status in EVERY {
        let (organization, _) = at("a", 0, status);
        let text = serde_json::to_string(&Snapshot::of(&organization)).unwrap();
        assert!(text.starts_with(r#"{"format":"sealwright/organization/1""#));
        let read: Snapshot<'_, Organization> = serde_json::from_str(&text).unwrap();
        assert_eq!(read.into_state(), organization);
        assert_eq!(organization.head().len(), organization.revision().get());
    }
}

#[test]
fn org_debug_and_errors_show_no_personal_fact() {
    let (organization, admin) = active("a", 0);
    let shown = format!("{organization:?} {admin:?}");
    let facts = [
        "王五".to_owned(),
        "李四".to_owned(),
        admin.person().mobile().expose().to_owned(),
        admin.person().id_document().number().to_owned(),
        legal_representative().id_document().number().to_owned(),
    ];
    for fact in facts {
        assert!(!shown.contains(&fact), "{fact} in {shown}");
    }
}
