//! M15 and what is shown: links, the QR, the result page, details and lists.

use time::Duration;

use super::picture::tests::picture;
use super::samples::{END, NOW, Run, START, World, guest, key, sign};
use super::*;
use crate::contract::{Contract, SlotState};
use crate::decision::Snapshot;
use crate::organization::samples::{apply, digest};
use crate::organization::{By, EmployeeCommand, OpenWork};

fn qr(world: &World, run: &Run) -> String {
    let contract = "con_01".parse().unwrap();
    let text = run.ceremony.sign_qr(&contract, &world.keys, &world.host(), run.now).unwrap();
    text.as_str().to_owned()
}

fn staged(world: &World) -> (Run, Contract) {
    let (mut run, contract) = world.live(Policy::default());
    run.must(Command::OpenStage(&[&contract]), &world.host());
    (run, contract)
}

fn result_link(world: &World, run: &Run, by: &By<'_>) -> Option<String> {
    let details = MeetingDetails::of(&run.ceremony, &[], Some(&world.keys), by, run.now);
    details.unwrap().result_link.map(|text| text.as_str().to_owned())
}

#[test]
fn m15_a_signer_scans_the_qr_while_the_stage_is_open() {
    let world = World::new();
    let (run, contract) = staged(&world);
    let text = qr(&world, &run);
    let claims = world.keys.open_qr(&text).unwrap();
    assert_eq!(claims.ceremony(), run.ceremony.id());
    let scan = |by: &By<'_>| run.ceremony.resolve_qr(&text, &world.keys, &contract, by, run.now);
    let found = scan(&world.signer_b()).unwrap();
    assert_eq!(found.contract, *contract.id());
    assert_eq!(found.slots, ["sb".parse().unwrap()]);
    for stranger in [world.stranger(), world.host(), By::System] {
        assert_eq!(scan(&stranger).unwrap_err().code(), "con.not_a_signer");
    }
}

#[test]
fn m15_guards_in_order() {
    let world = World::new();
    let (mut run, contract) = world.live(Policy::default());
    let text = qr(&world, &run);
    let code = |run: &Run, text: &str, contract: &Contract, now| {
        let by = world.stranger();
        run.ceremony.resolve_qr(text, &world.keys, contract, &by, now).unwrap_err().code()
    };
    // Each guard is met before the ones after it: the stage is closed, the person a stranger.
    assert_eq!(code(&run, "nonsense", &contract, START), "cer.qr_invalid");
    let late = END + Duration::hours(2);
    assert_eq!(code(&run, &text, &contract, late), "cer.qr_expired");
    // Time is asked for before the meeting and the contract, and these before the stage.
    let (unissued, other) = (world.prepared(Policy::default()).0, world.contract("con_02"));
    let just = late - Duration::NANOSECOND;
    assert_eq!(code(&unissued, &text, &contract, late), "cer.qr_expired");
    assert_eq!(code(&unissued, &text, &contract, just), "cer.qr_invalid");
    assert_eq!(code(&run, &text, &other, late), "cer.qr_expired");
    assert_eq!(code(&run, &text, &other, just), "cer.qr_invalid");
    assert_eq!(code(&run, &text, &contract, just), "cer.stage_not_open");
    run.must(Command::OpenStage(&[&contract]), &world.host());
    assert_eq!(code(&run, &text, &contract, START), "con.not_a_signer");
    assert_eq!(code(&run, &text, &world.contract("con_02"), START), "cer.qr_invalid");
    run.must(Command::CloseStage, &world.host());
    assert_eq!(code(&run, &text, &contract, START), "cer.stage_not_open");
}

#[test]
fn r_cer_13_a_qr_of_another_meeting_or_withdrawn_opens_nothing() {
    let world = World::new();
    let (mut run, contract) = staged(&world);
    let text = qr(&world, &run);
    let code = |run: &Run, text: &str| {
        let by = world.signer_b();
        let scanned = run.ceremony.resolve_qr(text, &world.keys, &contract, &by, START);
        scanned.map(drop).map_err(|refused| refused.code())
    };
    // Sealed with the right key, but never issued by this meeting.
    let (mut unissued, _) = world.prepared(Policy::default());
    unissued.ceremony.phase = Phase::Live;
    unissued.ceremony.stage = Stage::Open;
    assert_eq!(code(&unissued, &text), Err("cer.qr_invalid"));

    let old = run.ceremony.links().iter().find(|link| *link.kind() != LinkKind::Result).unwrap();
    let (id, kind) = (old.id().clone(), old.kind().clone());
    let revoke = || Command::RevokeLink(id.clone());
    assert_eq!(run.refused(revoke(), &world.signer_b()), "cer.link_forbidden");
    let decision = run.does(revoke(), &world.host());
    assert_eq!(decision.kinds(), ["ceremony.qr_revoked"]);
    assert_eq!(code(&run, &text), Err("cer.qr_invalid"));
    assert!(run.does(revoke(), &world.host()).is_empty());

    // A new one under another key; the old one stays dead, even with the same claims.
    let rotated = LinkKeys::new(key("k2", 9)).and_earlier(key("k1", 7)).unwrap();
    let issue = |keys| Command::IssueLink { kind: kind.clone(), keys };
    assert_eq!(run.refused(issue(&rotated), &world.signer_a()), "cer.link_forbidden");
    run.must(issue(&world.keys), &world.host());
    let again = qr(&world, &run);
    assert_ne!(again, text);
    assert_eq!((code(&run, &again), code(&run, &text)), (Ok(()), Err("cer.qr_invalid")));
    let decision = run.does(issue(&rotated), &world.booker());
    assert_eq!(decision.kinds(), ["ceremony.qr_issued"]);
    assert!(run.does(issue(&rotated), &world.booker()).is_empty(), "that one counts already");
    assert_eq!(code(&run, &again), Err("cer.qr_invalid"));
}

#[test]
fn r_cer_10_the_result_link_is_for_host_and_booker() {
    let world = World::new();
    let (run, contract) = world.booked(Policy::default());
    let text = result_link(&world, &run, &world.host()).unwrap();
    assert_eq!(result_link(&world, &run, &world.booker()).unwrap(), text);
    assert_eq!(result_link(&world, &run, &world.signer_b()), None);
    let open = |viewer: Option<&By<'_>>, text: &str, now| {
        let opened = run.ceremony.resolve_result(text, &world.keys, &[&contract], viewer, now);
        opened.map(|view| view.title).map_err(|refused| refused.code())
    };
    let (host, signer) = (world.host(), world.signer_b());
    assert_eq!(open(Some(&host), &text, START), Ok("战略合作签约仪式".to_owned()));
    assert_eq!(open(Some(&signer), &text, START), Err("cer.link_forbidden"));
    assert_eq!(open(None, &text, START), Err("cer.link_forbidden"));
    assert_eq!(open(Some(&host), &qr(&world, &run), START), Err("cer.link_forbidden"));
    let expired = END + Duration::days(7);
    assert_eq!(open(Some(&host), &text, expired), Err("cer.link_forbidden"));
    assert!(open(Some(&host), &text, expired - Duration::SECOND).is_ok());
}

#[test]
fn r_cer_10_whoever_has_resigned_gets_no_links_any_more() {
    let mut world = World::new();
    let (mut run, contract) = world.booked(Policy::default());
    let text = result_link(&world, &run, &world.host()).unwrap();
    run.ceremony.booker = world.host.id().clone();
    let resign = EmployeeCommand::Resign { open_work: OpenWork::default(), handover: None };
    let decision = world.host.decide(resign, &world.a, &By::System, NOW).unwrap();
    apply(&mut world.host, decision);
    let gone = world.host();
    assert!(!run.ceremony.is_booker(&gone) && !run.ceremony.is_host(&gone));
    let qr = run.ceremony.sign_qr(contract.id(), &world.keys, &gone, run.now).unwrap_err();
    assert_eq!(qr.code(), "cer.link_forbidden");
    let details = MeetingDetails::of(&run.ceremony, &[], Some(&world.keys), &gone, run.now);
    assert_eq!(details.unwrap_err().code(), "cer.not_invited");
    let opened = run.ceremony.resolve_result(&text, &world.keys, &[&contract], Some(&gone), NOW);
    assert_eq!(opened.unwrap_err().code(), "cer.link_forbidden");
    assert!(MyMeetings::booked_by(&gone, [&run.ceremony]).meetings.is_empty());
    // Of a command he is told why.
    let issue = Command::IssueLink { kind: LinkKind::Result, keys: &world.keys };
    assert_eq!(run.refused(issue, &gone), "emp.resigned");
}

#[test]
fn r_cer_10_a_policy_may_show_the_result_to_whoever_has_the_link() {
    let world = World::new();
    let policy = Policy { result_access: ResultAccess::AnyoneWithLink, ..Policy::default() };
    let (mut run, contract) = world.booked(policy);
    let text = result_link(&world, &run, &world.host()).unwrap();
    let open = |run: &Run| {
        run.ceremony.resolve_result(&text, &world.keys, &[&contract], None, START).map(drop)
    };
    assert!(open(&run).is_ok());
    let link = run.ceremony.links()[0].id().clone();
    run.must(Command::RevokeLink(link), &world.booker());
    assert_eq!(open(&run).unwrap_err().code(), "cer.link_forbidden");
    assert_eq!(result_link(&world, &run, &world.host()), None);
}

#[test]
fn r_cer_10_a_link_lives_no_longer_than_the_policy_says() {
    let world = World::new();
    let policy = Policy { longest_link: Duration::HOUR, ..Policy::default() };
    let (run, _) = world.booked(policy);
    assert!(run.ceremony.links().iter().all(|link| link.expires_at() == NOW + Duration::HOUR));
    assert!(result_link(&world, &run, &world.host()).is_some());
    let contract = "con_01".parse().unwrap();
    let later = NOW + Duration::HOUR;
    let gone = run.ceremony.sign_qr(&contract, &world.keys, &world.host(), later).unwrap_err();
    assert_eq!(gone.code(), "cer.qr_invalid");
    let other = run.ceremony.sign_qr(&contract, &world.keys, &world.signer_a(), NOW).unwrap_err();
    assert_eq!(other.code(), "cer.link_forbidden");
}

#[test]
fn r_cer_14_the_result_page_shows_each_partys_applied_seal() {
    let world = World::new();
    let (mut run, mut contract) = world.live(Policy::default());
    let plan = LayoutPlan::arranged(run.ceremony.parties(), run.ceremony.participants());
    let plan = plan.with_logo("B".parse().unwrap(), "right", picture(300, 100));
    run.must(Command::SetLayout(plan), &world.host());
    let view = SignResultView::of(&run.ceremony, &[&contract]);
    assert_eq!((view.overall, view.phase), (Overall::Waiting, Phase::Live));
    let [a, b] = &view.parties[..] else { panic!() };
    assert_eq!((a.organization.as_str(), b.organization.as_str()), ("A公司", "B公司"));
    assert!(a.logo.is_none() && b.logo.is_some());
    assert!(a.signers[0].seals.is_empty());
    assert_eq!((view.documents.len(), view.documents[0].pages), (1, 3));

    sign(&mut contract, "sa", &world.signer_a(), START);
    let view = SignResultView::of(&run.ceremony, &[&contract]);
    assert_eq!(view.overall, Overall::Partial);
    let signer = &view.parties[0].signers[0];
    assert_eq!(signer.states, [(contract.id().clone(), SlotState::Signed)]);
    assert_eq!(signer.signed_at, Some(START));
    let [seal] = &signer.seals[..] else { panic!() };
    assert_eq!((seal.seal.as_str(), seal.face, seal.at), ("seal_sa", digest("face"), START));
    assert_eq!(view.parties[1].signers[0].signed_at, None);

    sign(&mut contract, "sb", &world.signer_b(), START);
    assert_eq!(SignResultView::of(&run.ceremony, &[&contract]).overall, Overall::Completed);
    // Contracts of others do not appear.
    let other = world.contract("con_02");
    assert!(SignResultView::of(&run.ceremony, &[&other]).documents.is_empty());
}

#[test]
fn r_cer_14_a_released_contract_still_shows_when_and_with_what_it_was_signed() {
    use crate::contract::Event as ContractEvent;
    use crate::decision::{Aggregate as _, Recorded};
    let world = World::new();
    let (run, mut contract) = world.live(Policy::default());
    sign(&mut contract, "sa", &world.signer_a(), START);
    sign(&mut contract, "sb", &world.signer_b(), START + Duration::MINUTE);
    let signed = SignResultView::of(&run.ceremony, &[&contract]);
    let released = Recorded {
        aggregate: contract.id().to_string(),
        revision: contract.revision().next(),
        at: END,
        clock: None,
        actor: By::System.actor(),
        trail: None,
        event: ContractEvent::Released { release: "con_02".parse().unwrap() },
    };
    contract.apply(&released).unwrap();
    let view = SignResultView::of(&run.ceremony, &[&contract]);
    assert_eq!(view.overall, Overall::Completed);
    let signers = |view: &SignResultView| -> Vec<_> {
        let all = view.parties.iter().flat_map(|party| &party.signers);
        all.map(|one| (one.signed_at, one.seals.clone())).collect()
    };
    assert_eq!(signers(&view), signers(&signed));
    assert_eq!(signers(&view)[1].0, Some(START + Duration::MINUTE));
    assert_eq!(view.parties[0].signers[0].states[0].1, SlotState::Released);
}

#[test]
fn r_cer_14_a_stopped_contract_shows_on_the_page_and_names_stay_personal() {
    let world = World::new();
    let (run, mut contract) = world.booked(Policy::default());
    let reason = crate::contract::Reason::parse("取消").unwrap();
    let done = contract.cancel(reason, &world.booker(), None, NOW).unwrap();
    crate::organization::samples::apply(&mut contract, done.contract);
    let view = SignResultView::of(&run.ceremony, &[&contract]);
    assert_eq!(view.overall, Overall::Stopped);
    let json = serde_json::to_value(&view).unwrap();
    let name = world.signer_a.person().name().expose();
    assert_eq!(json["parties"][0]["signers"][0]["name"]["personal"], name);
    assert!(!format!("{view:?}").contains(name));
}

#[test]
fn r_cer_10_details_show_everything_to_host_and_booker_and_less_to_others() {
    let world = World::new();
    let (mut run, contract) = world.booked(Policy::default());
    let details = |run: &Run, by: &By<'_>| {
        MeetingDetails::of(&run.ceremony, &[&contract], Some(&world.keys), by, run.now)
    };
    let full = details(&run, &world.host()).unwrap();
    assert_eq!(full.title.as_deref(), Some("战略合作签约仪式"));
    assert_eq!(full.contracts[0].name, "框架协议");
    assert_eq!(full.participants.len(), 4);
    let sb = &full.participants[2];
    assert_eq!(sb.mobile.as_deref(), Some("138****0061"));
    assert!(matches!(sb.delivery, Some(Delivery::Deliverable { .. })));
    let less = details(&run, &world.signer_b()).unwrap();
    assert!(less.participants.iter().all(|one| one.mobile.is_none() && one.delivery.is_none()));
    let json = serde_json::to_string(&full).unwrap();
    assert!(!json.contains(full.result_link.as_ref().unwrap().as_str()));
    assert_eq!(details(&run, &world.stranger()).unwrap_err().code(), "cer.not_invited");
    let without = MeetingDetails::of(&run.ceremony, &[], None, &world.host(), NOW).unwrap();
    assert!(without.result_link.is_none() && without.contracts.is_empty());
    run.now = START;
    run.must(Command::OpenRoom, &world.host());
    run.enter(&world.host()).unwrap();
    assert!(details(&run, &world.booker()).unwrap().has_host_joined);
    let (draft, _) = world.prepared(Policy::default());
    assert_eq!(details(&draft, &world.signer_b()).unwrap_err().code(), "cer.not_invited");
    assert!(details(&draft, &world.booker()).is_ok());
}

#[test]
fn r_cer_12_only_seated_people_with_a_camera_need_the_desktop_client() {
    let world = World::new();
    let (mut run, _) = world.booked(Policy::default());
    let needs = |run: &Run| -> Vec<String> {
        let details = MeetingDetails::of(&run.ceremony, &[], None, &world.host(), NOW).unwrap();
        let needing = details.participants.into_iter().filter(|one| one.needs_desktop_client);
        needing.map(|one| one.participant.to_string()).collect()
    };
    assert_eq!(needs(&run), ["SB"]);
    let mut plan = LayoutPlan::arranged(run.ceremony.parties(), run.ceremony.participants());
    plan.seats.retain(|(_, place)| place.participant.as_str() != "SB");
    run.must(Command::SetLayout(plan), &world.host());
    assert!(needs(&run).is_empty());
}

#[test]
fn r_cer_11_a_list_shows_ones_own_meetings_and_no_others() {
    let world = World::new();
    let (run, _) = world.booked(Policy::default());
    let (draft, _) = world.prepared(Policy::default());
    let all = [&run.ceremony, &draft.ceremony];
    let list = |facts: &PersonFacts| MyMeetings::list_for(facts, all).meetings;
    let [mine] = &list(&world.signer_b.person().into())[..] else { panic!() };
    assert_eq!((&mine.id, mine.phase), (run.ceremony.id(), Phase::Booked));
    assert_eq!((&mine.roles[..], mine.needs_desktop_client), (&[Role::Signer][..], true));
    assert_eq!(mine.seat.as_ref().unwrap().as_str(), "R1");
    assert_eq!(list(&guest())[0].roles, [Role::Observer]);
    assert!(list(&world.stranger.person().into()).is_empty());
    let moved = PersonFacts::new(guest().name().clone(), world.host.person().mobile().clone());
    assert!(list(&moved).is_empty());
    // The booker sees his drafts too, and so does the host.
    assert_eq!(MyMeetings::booked_by(&world.booker(), all).meetings.len(), 2);
    assert_eq!(MyMeetings::booked_by(&world.host(), all).meetings.len(), 2);
    assert!(MyMeetings::booked_by(&world.signer_b(), all).meetings.is_empty());
    // Who was sent out does not see it any more.
    let (mut live, _) = world.live(Policy::default());
    live.must(Command::SendOut("SB".parse().unwrap()), &world.host());
    let sb = world.signer_b.person().into();
    assert!(MyMeetings::list_for(&sb, [&live.ceremony]).meetings.is_empty());
}

#[test]
fn r_cer_11_an_employee_with_a_new_mobile_number_is_still_the_one_who_was_invited() {
    use crate::organization::samples::person;
    use crate::organization::{Employee, Holders, RealName};
    let mut world = World::new();
    let (mut run, _) = world.live(Policy::default());
    let changed = |employee: &Employee| {
        employee.person().clone().with_mobile(person("x", 4711).mobile().clone())
    };
    let moved = changed(&world.signer_b);
    let proof = RealName {
        person: moved.clone(),
        birth_date: None,
        document_last_day: None,
        reference: "check-2".to_owned(),
    };
    let (name, mobile) = (None, Some(moved.mobile().clone()));
    let change = EmployeeCommand::Change { name, mobile, proof, holders: Holders::default() };
    let decision = world.signer_b.decide(change, &world.b, &world.signer_b(), START).unwrap();
    apply(&mut world.signer_b, decision);
    let all = [&run.ceremony];
    assert!(
        MyMeetings::list_for(&(&moved).into(), all).meetings.is_empty(),
        "no facts of an entry"
    );
    assert_eq!(MyMeetings::of(&world.signer_b(), all).meetings.len(), 1);
    assert!(MyMeetings::of(&world.stranger(), all).meetings.is_empty());
    run.enter(&world.signer_b()).unwrap();
    assert!(MeetingDetails::of(&run.ceremony, &[], None, &world.signer_b(), START).is_ok());
    run.must(Command::SendOut("SB".parse().unwrap()), &world.host());
    assert_eq!(run.enter(&world.signer_b()).unwrap_err().code(), "cer.not_invited");
    assert!(MyMeetings::of(&world.signer_b(), [&run.ceremony]).meetings.is_empty());
    let (draft, _) = world.prepared(Policy::default());
    assert!(MyMeetings::of(&world.signer_a(), [&draft.ceremony]).meetings.is_empty());
}

#[test]
fn m12_the_trail_says_what_the_screen_showed() {
    let world = World::new();
    let (mut run, _) = world.live(Policy::default());
    let logo = picture(300, 100);
    let plan = LayoutPlan::arranged(run.ceremony.parties(), run.ceremony.participants())
        .with_logo("B".parse().unwrap(), "right", logo.clone())
        .with_background(picture(160, 90));
    run.must(Command::SetLayout(plan), &world.host());
    let details = run.entries.last().unwrap().details().to_canonical_json();
    assert!(details.contains(r#""L1":"SA""#), "{details}");
    assert_eq!(details.matches(&logo.digest().to_hex()).count(), 1, "{details}");
    assert!(details.contains(&picture(160, 90).digest().to_hex()), "{details}");
}

#[test]
fn m7_the_events_give_the_meeting_again_and_the_trail_holds() {
    use crate::audit::{Verdict, verify};
    use crate::decision::Aggregate as _;
    let world = World::new();
    let (mut run, mut contract) = staged(&world);
    run.enter(&world.signer_b()).unwrap();
    run.must(Command::Record(true), &world.host());
    sign(&mut contract, "sa", &world.signer_a(), START);
    run.must(Command::Conclude(&[&contract]), &world.host());
    assert_eq!(Ceremony::replay(&run.events).unwrap(), run.ceremony);
    let stored = serde_json::to_string(&run.events).unwrap();
    let read: Vec<crate::decision::Recorded<Event>> = serde_json::from_str(&stored).unwrap();
    assert_eq!(read, run.events);
    assert_eq!(Ceremony::replay(&read).unwrap(), run.ceremony);
    let verdict = verify(&run.entries, Some(run.ceremony.head())).unwrap();
    assert_eq!(verdict, Verdict::Complete);
    let snapshot = serde_json::to_string(&Snapshot::of(&run.ceremony)).unwrap();
    let back: Snapshot<'_, Ceremony> = serde_json::from_str(&snapshot).unwrap();
    assert_eq!(back.into_state(), run.ceremony);
    // The trail names nobody.
    let trail = serde_json::to_string(&run.entries).unwrap();
    for secret in ["主持人", "甲签署", "乙签署", "旁听人", "1380000", "战略合作"] {
        assert!(!trail.contains(secret), "{secret}");
    }
}

#[test]
fn m7_a_stale_meeting_is_refused() {
    use crate::decision::Aggregate as _;
    let world = World::new();
    let (mut run, _) = world.booked(Policy::default());
    let seen = run.ceremony.revision();
    let one = run.ceremony.decide(Command::SetConference(None), &By::System, NOW).unwrap();
    let number = ConferenceRef::parse("1").unwrap();
    let set = || Command::SetConference(Some(number.clone()));
    let other = run.ceremony.decide(set(), &By::System, NOW).unwrap();
    run.must(set(), &By::System);
    assert!(one.is_empty());
    let stale = Error::from(other.apply_to(&mut run.ceremony).unwrap_err());
    assert_eq!(stale.code(), "cer.stale_revision");
    let stale = Error::from(run.ceremony.expect(seen).unwrap_err());
    assert_eq!(stale.code(), "cer.stale_revision");
}
