//! Application, window, quota, and who may do what.

use time::{Duration, OffsetDateTime};

use super::{
    Entitlement, EntitlementCommand as Command, EntitlementStatus as Status, Entitlements, Feature,
    Quota, Terms, Window,
};
use crate::decision::{Recipient, Snapshot};
use crate::identity::{ContractId, OrganizationId};
use crate::organization::samples::{
    NOW, active, apply, at, digest, employee, legal_representative, person,
};
use crate::organization::{By, Error, OrganizationStatus, ShippedRole, Staff};

fn org() -> OrganizationId {
    "a".parse().unwrap()
}

fn terms(until: Option<OffsetDateTime>, quota: Option<u64>) -> Terms {
    Terms { quota, ..Terms::within(Window::new(NOW, until).unwrap()) }
}

fn granted(feature: Feature, terms: Terms) -> Entitlement {
    let id = "ent".parse().unwrap();
    Entitlement::grant(&id, &org(), feature, terms, &By::System, NOW).unwrap().found().unwrap().0
}

fn run(entitlement: &mut Entitlement, command: Command, now: OffsetDateTime) {
    let decision = entitlement.decide(command, &By::System, now).unwrap();
    apply(entitlement, decision);
}

fn code(entitlement: &Entitlement, command: Command) -> &'static str {
    let before = entitlement.clone();
    let outcome = entitlement.decide(command, &By::System, NOW);
    assert_eq!(*entitlement, before);
    outcome.err().map_or("", |error| error.code())
}

fn contract(number: u32) -> ContractId {
    format!("con_{number}").parse().unwrap()
}

fn reason() -> String {
    "no".to_owned()
}

#[test]
fn r_ent_01_a_feature_needs_an_entitlement_of_the_same_organization_and_feature() {
    let entitlement = granted(Feature::StrategicSigning, terms(None, None));
    let require = |organization: &str, feature| {
        let organization = organization.parse().unwrap();
        entitlement.require(&organization, feature, NOW).err().map_or("", |error| error.code())
    };
    assert_eq!(require("a", Feature::StrategicSigning), "");
    assert_eq!(require("b", Feature::StrategicSigning), "feature.not_entitled");
    assert_eq!(require("a", Feature::CrossPageSeal), "feature.not_entitled");
}

#[test]
fn r_ent_02_a_window_whose_bounds_utc_does_not_have_is_refused() {
    use time::macros::datetime;
    let beyond = datetime!(9999-12-31 23:59:59 -01:00);
    let outside = Err(Error::OutsideCalendar { at: beyond });
    assert_eq!(Window::new(NOW, Some(beyond)), outside);
    assert_eq!(Window::new(beyond, None), outside);
    let before = Window::new(datetime!(0000-01-01 00:00 +01:00), None).unwrap_err();
    assert_eq!(before.code(), "feature.window_invalid");
    let json = r#"{"from":"9999-12-31T23:59:59-01:00","until":null}"#;
    assert!(serde_json::from_str::<Window>(json).is_err());
    let last = serde_json::from_str::<Window>(&json.replace("-01:00", "+01:00")).unwrap();
    let stored = serde_json::to_string(&last).unwrap();
    assert!(stored.contains("9999-12-31T22:59:59Z"), "{stored}");
}

#[test]
fn r_ent_02_the_window_is_half_open() {
    let until = NOW + Duration::DAY;
    let entitlement = granted(Feature::StrategicSigning, terms(Some(until), None));
    let at = |now| {
        entitlement
            .require(&org(), Feature::StrategicSigning, now)
            .err()
            .map_or("", |error| error.code())
    };
    assert_eq!(at(NOW - Duration::NANOSECOND), "feature.not_entitled");
    assert_eq!(at(NOW), "");
    assert_eq!(at(until - Duration::NANOSECOND), "");
    assert_eq!(at(until), "feature.expired");
}

#[test]
fn r_ent_02_a_window_contains_something() {
    assert_eq!(Window::new(NOW, Some(NOW)).unwrap_err().code(), "feature.window_invalid");
    let backwards = r#"{"from":"2026-01-05T00:00:00Z","until":"2026-01-04T00:00:00Z"}"#;
    assert!(serde_json::from_str::<Window>(backwards).is_err());
}

#[test]
fn r_ent_01_an_application_is_approved_or_refused() {
    let (organization, admin) = active("a", 0);
    let id = "ent".parse().unwrap();
    let by = By::Staff(Staff::of(&organization, &admin).unwrap());
    let feature = Feature::StrategicSigning;
    let decision = Entitlement::request(&id, &organization, feature, &by, NOW).unwrap();
    assert_eq!(decision.kinds(), ["feature.requested"]);
    let requested = decision.found().unwrap().0;
    let request = requested.application().unwrap().clone();
    assert_eq!(request.subject(), "申请开启战略会议签约权限 - a公司");
    assert_eq!(request.body(), "企业名称【a公司】申请开启战略会议签约使用权限");
    let before = requested.require(&org(), feature, NOW).unwrap_err();
    assert_eq!(before.code(), "feature.not_entitled", "asking is not having");

    let mut approved = requested.clone();
    let decision = approved.decide(Command::Approve(terms(None, None)), &By::System, NOW).unwrap();
    assert_eq!(decision.kinds(), ["feature.granted"]);
    assert_eq!(decision.notices()[0].recipient, Recipient::Administrators(org()));
    apply(&mut approved, decision);
    assert!(approved.require(&org(), feature, NOW).is_ok());
    assert_eq!(approved.evidence(), Some(&request.digest()), "it rests on the application");
    assert_eq!(approved.granted_by(), Some("system"));

    let mut refused = requested.clone();
    let empty = Command::Refuse { reason: " ".to_owned() };
    assert_eq!(code(&refused, empty), "con.reason_required");
    run(&mut refused, Command::Refuse { reason: reason() }, NOW);
    assert_eq!(refused.status(), Status::Refused);
    let late = Command::Approve(terms(None, None));
    assert_eq!(code(&refused, late), "feature.illegal_transition");
    assert_eq!(refused.require(&org(), feature, NOW).unwrap_err().code(), "feature.not_entitled");
}

#[test]
fn r_ent_01_other_evidence_stands_in_place_of_the_application() {
    let letter = digest("letter");
    let terms = Terms { evidence: Some(letter), ..terms(None, None) };
    assert_eq!(granted(Feature::AutoSign, terms).evidence(), Some(&letter));
    assert_eq!(granted(Feature::AutoSign, self::terms(None, None)).evidence(), None);
}

#[test]
fn r_ent_01_the_super_admin_or_the_legal_representative_of_an_active_organization_applies() {
    let (organization, _) = active("a", 0);
    let id = "ent".parse().unwrap();
    let it = employee(&organization, "it", person("赵六", 30), &[ShippedRole::ItAdmin.into()]);
    let by = By::Staff(Staff::of(&organization, &it).unwrap());
    let apply = |organization: &_, by: &By<'_>| {
        Entitlement::request(&id, organization, Feature::AutoSign, by, NOW)
            .err()
            .map_or("", |error| error.code())
    };
    assert_eq!(apply(&organization, &by), "emp.protected_role");
    assert_eq!(apply(&organization, &By::System), "emp.protected_role");
    let (person_id, head) = ("p9".parse().unwrap(), legal_representative());
    let by = By::Person { id: &person_id, person: &head };
    assert_eq!(apply(&organization, &by), "");
    let (suspended, _) = at("a", 0, OrganizationStatus::Suspended);
    assert_eq!(apply(&suspended, &by), "org.suspended");
    let (early, _) = at("a", 0, OrganizationStatus::Verified);
    assert_eq!(apply(&early, &by), "org.not_active");
}

#[test]
fn r_ent_01_nobody_entitles_himself() {
    let (organization, admin) = active("a", 0);
    let by = By::Staff(Staff::of(&organization, &admin).unwrap());
    let (id, terms) = ("ent".parse().unwrap(), terms(None, Some(5)));
    let error = Entitlement::grant(&id, &org(), Feature::Contracts, terms, &by, NOW).unwrap_err();
    assert_eq!(error.code(), "emp.protected_role");
    let entitlement = granted(Feature::Contracts, terms);
    for command in [
        Command::ChangeQuota { limit: 500 },
        Command::Extend { window: Window::new(NOW, None).unwrap() },
        Command::Revoke { reason: reason() },
        Command::Expire,
    ] {
        let error = entitlement.decide(command, &by, NOW).unwrap_err();
        assert_eq!(error.code(), "emp.protected_role");
    }
}

#[test]
fn r_ent_02_an_end_is_noted_and_put_off() {
    let until = NOW + Duration::DAY;
    let mut entitlement = granted(Feature::StrategicSigning, terms(Some(until), None));
    assert_eq!(code(&entitlement, Command::Expire), "feature.illegal_transition");
    run(&mut entitlement, Command::Expire, until);
    assert_eq!(entitlement.status(), Status::Expired);
    let error = entitlement.require(&org(), Feature::StrategicSigning, until).unwrap_err();
    assert_eq!(error.code(), "feature.expired");
    let window = Window::new(NOW, Some(until + Duration::DAY)).unwrap();
    run(&mut entitlement, Command::Extend { window }, until);
    assert!(entitlement.require(&org(), Feature::StrategicSigning, until).is_ok());
    run(&mut entitlement, Command::Revoke { reason: reason() }, until);
    let error = entitlement.require(&org(), Feature::StrategicSigning, until).unwrap_err();
    assert_eq!(error.code(), "feature.not_entitled");
    assert_eq!(code(&entitlement, Command::Extend { window }), "feature.illegal_transition");
}

fn reserve(entitlement: &mut Entitlement, number: u32) -> Result<(), Error> {
    let decision = entitlement.reserve(&contract(number), &By::System, NOW)?;
    apply(entitlement, decision);
    Ok(())
}

#[test]
fn r_ent_01_a_quota_is_taken_and_given_back_and_never_grows_with_its_contracts() {
    let mut entitlement = granted(Feature::Contracts, terms(None, Some(2)));
    reserve(&mut entitlement, 1).unwrap();
    reserve(&mut entitlement, 2).unwrap();
    let exhausted = Error::QuotaExhausted { feature: Feature::Contracts, asked: 1, left: 0 };
    assert_eq!(exhausted.code(), "feature.quota_exhausted");
    assert_eq!(reserve(&mut entitlement, 3), Err(exhausted.clone()));
    assert_eq!(entitlement.require(&org(), Feature::Contracts, NOW), Err(exhausted));
    let back = entitlement.give_back(&contract(1), &By::System, NOW).unwrap();
    apply(&mut entitlement, back);
    reserve(&mut entitlement, 3).unwrap();
    let quota = entitlement.quota().unwrap();
    assert_eq!((quota.left(), quota.used()), (0, 2));
    run(&mut entitlement, Command::ChangeQuota { limit: 1 }, NOW);
    assert_eq!(entitlement.quota().map(Quota::left), Some(0), "less than is in use");
    run(&mut entitlement, Command::ChangeQuota { limit: 5000 }, NOW);
    assert_eq!(entitlement.quota().map(Quota::left), Some(4998));

    let size = |it: &Entitlement| serde_json::to_string(it.quota().unwrap()).unwrap().len();
    let before = size(&entitlement);
    (10..1000).for_each(|number| reserve(&mut entitlement, number).unwrap());
    assert!(size(&entitlement) <= before + 3, "{} bytes", size(&entitlement));
}

#[test]
fn r_ent_01_what_was_taken_comes_back_even_after_the_end() {
    let until = NOW + Duration::DAY;
    let mut entitlement = granted(Feature::Contracts, terms(Some(until), Some(2)));
    reserve(&mut entitlement, 1).unwrap();
    let late = entitlement.reserve(&contract(2), &By::System, until);
    assert_eq!(late.unwrap_err().code(), "feature.expired");
    let back = entitlement.give_back(&contract(1), &By::System, until).unwrap();
    apply(&mut entitlement, back);
    assert_eq!(entitlement.quota().map(Quota::left), Some(2));
}

#[test]
fn r_ent_01_without_a_quota_nothing_is_counted() {
    let entitlement = granted(Feature::Contracts, terms(None, None));
    assert!(entitlement.reserve(&contract(1), &By::System, NOW).unwrap().is_empty());
    assert!(entitlement.give_back(&contract(1), &By::System, NOW).unwrap().is_empty());
}

#[test]
fn r_ent_01_of_several_entitlements_one_suffices_and_the_most_telling_refusal_is_told() {
    let feature = Feature::Contracts;
    let over = granted(feature, terms(Some(NOW + Duration::SECOND), None));
    let empty = granted(feature, terms(None, Some(0)));
    let good = granted(feature, terms(None, Some(1)));
    let later = NOW + Duration::DAY;
    let code = |held: &[&Entitlement]| {
        Entitlements::of(held)
            .require(&org(), feature, later)
            .err()
            .map_or("", |error| error.code())
    };
    assert_eq!(code(&[]), "feature.not_entitled");
    assert_eq!(code(&[&over]), "feature.expired");
    assert_eq!(code(&[&empty, &over]), "feature.quota_exhausted");
    assert_eq!(code(&[&over, &empty]), "feature.quota_exhausted");
    assert_eq!(code(&[&over, &empty, &good]), "");
    let held = [&over, &good];
    let found = Entitlements::of(&held).find(&org(), feature, later).unwrap();
    assert_eq!(found.quota().map(Quota::limit), Some(1));
    assert!(!Entitlements::of(&held).includes(&"b".parse().unwrap(), feature, later));
}

#[test]
fn r_ent_01_entitlements_are_stored_and_read_back() {
    let mut entitlement = granted(Feature::Contracts, terms(Some(NOW + Duration::DAY), Some(2)));
    reserve(&mut entitlement, 1).unwrap();
    let text = serde_json::to_string(&Snapshot::of(&entitlement)).unwrap();
    let read: Snapshot<'_, Entitlement> = serde_json::from_str(&text).unwrap();
    assert_eq!(read.into_state(), entitlement);
}
