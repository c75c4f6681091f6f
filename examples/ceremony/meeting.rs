//! S34 to S45, step 3 of the guide: the day of the meeting.

use sealwright::appearance::{ControlSketcher, SignatureFace};
use sealwright::authorization::{ChainFacts, GrantStatus, Seal, SealFacts, SealGrant, SealRules};
use sealwright::ceremony::board::Board;
use sealwright::ceremony::{
    Ceremony, Command, Entrance, MeetingDetails, MyMeetings, Outcome, Overall, PersonFacts, Phase,
    Stage, Visitor,
};
use sealwright::contract::{
    self, Contract, ControlKey, ControlKind, ControlState, Entry, IntentMethod, IntentProof, Mark,
    Pick, Progress, ReadingProof, SignatureMethod, SigningAttempt, TextStyle, TimeSource,
};
use sealwright::decision::Decision;
use sealwright::digest::Digest;
use sealwright::execution::{self, Applied, Signing};
use sealwright::identity::{PersonId, SlotId};
use sealwright::organization::By;
use sealwright::report::Conclusion;
use sealwright::signing::SignedGrant;
use sealwright::verification::{CheckOptions, check};
use time::Duration;

use crate::Failure;
use crate::accounts;
use crate::booking::{MEETING, arranged};
use crate::cast::{
    A, Acting, B, CompanySheet, OBSERVER, SIGNER_B, STRANGER, contract_id, document_id,
};
use crate::host::Host;

/// S34 to S45.
pub fn meeting(host: &mut Host) -> Result<(), Failure> {
    host.teller.chapter("步骤3：会议签署", "Step 3: the meeting");
    host.later(Duration::days(2));
    before_the_door(host)?;
    they_meet(host)?;
    the_layout_changes(host)?;
    the_page_is_shared(host)?;
    the_stage_opens(host)?;
    a_signs(host)?;
    b_signs(host)?;
    the_result_is_shown(host)
}

fn load(host: &Host) -> Result<(Ceremony, Contract), Failure> {
    Ok((host.database.load(MEETING)?, host.database.load(contract_id()?.as_str())?))
}

/// One command on the meeting, stored.
fn does(host: &mut Host, command: Command<'_>, by: &By<'_>) -> Result<Ceremony, Failure> {
    let meeting: Ceremony = host.database.load(MEETING)?;
    host.database.update(&meeting.decide(command, by, host.now)?)
}

fn before_the_door(host: &mut Host) -> Result<(), Failure> {
    host.teller.step(
        "S34",
        "会议当天：安排座次且需开摄像头的人使用电脑端。",
        "Who sits before a camera needs the desktop client.",
    );
    let (meeting, contract) = load(host)?;
    let moderator = Acting::moderator(host)?;
    let details = MeetingDetails::of(&meeting, &[&contract], None, &moderator.by()?, host.now)?;
    let cameras: Vec<_> = details
        .participants
        .iter()
        .filter(|one| one.needs_desktop_client)
        .map(|one| one.participant.to_string())
        .collect();
    host.teller.expect(cameras == ["SA", "SB"], "SA、SB 需要。", "SA and SB do.");
    host.teller.step("S35–S37", "登录、切换账号、重新登录。", "Logging in and out of the client.");
    host.teller.beyond(
        "由会议客户端完成；引擎只收已认证的身份，并列出本人的会议（MyMeetings）。",
        "Up to the client; the engine takes who is logged in, and lists his meetings.",
    );
    Ok(())
}

fn they_meet(host: &mut Host) -> Result<(), Failure> {
    host.teller.step(
        "S38",
        "主持人开启会场；与会人从列表或凭会议号进入（视频由会议软件提供）。",
        "The host opens the room; people enter from their list. Video is somebody else's.",
    );
    let moderator = Acting::moderator(host)?;
    does(host, Command::OpenRoom, &moderator.by()?)?;
    for acting in [moderator, Acting::signer(host, &A)?, Acting::signer(host, &B)?] {
        let enter = Command::Enter { visitor: Visitor::Himself, entrance: Entrance::List };
        does(host, enter, &acting.by()?)?;
    }
    let (facts, client): (_, PersonId) = (OBSERVER.facts()?, "desktop-client".parse()?);
    let visitor = Visitor::Vouched(&facts);
    let enter = Command::Enter { visitor, entrance: Entrance::List };
    let meeting = does(host, enter, &By::Host(&client))?;
    host.teller.expect(meeting.has_host_joined(), "四人到齐，主持人在场。", "All four are there.");

    host.teller.step(
        "S39",
        "仅预约时配置的与会人可见此会议。",
        "Only those who were configured see the meeting.",
    );
    let (stranger, id): (_, PersonId) = (STRANGER.person()?, "account-of-zhang".parse()?);
    let list = MyMeetings::list_for(&PersonFacts::from(&stranger), [&meeting]);
    let own = MyMeetings::list_for(&PersonFacts::from(&SIGNER_B.typed.person()?), [&meeting]);
    host.teller.expect(
        list.meetings.is_empty() && own.meetings.len() == 1,
        "陌生人的列表为空；乙方签署人的列表有 1 场。",
        "A stranger's list is empty, B's signer has one.",
    );
    let enter = Command::Enter { visitor: Visitor::Himself, entrance: Entrance::List };
    host.teller.refused(
        "陌生人想进入会场。",
        "The stranger tries to come in.",
        "cer.not_invited",
        meeting.decide(enter, &By::Person { id: &id, person: &stranger }, host.now),
    );
    Ok(())
}

fn the_layout_changes(host: &mut Host) -> Result<(), Failure> {
    host.teller.step(
        "S40",
        "会议中修改布局：仅主持人；旧版本保留。",
        "The layout is changed during the meeting: by the host alone, the old one is kept.",
    );
    let mut plan = arranged(host)?;
    plan.seats.retain(|(_, place)| place.participant.as_str() != "O");
    let (signer, moderator) = (Acting::signer(host, &A)?, Acting::moderator(host)?);
    let meeting: Ceremony = host.database.load(MEETING)?;
    host.teller.refused(
        "先试：由甲方签署人修改。",
        "First the wrong way: A's signer changes it.",
        "cer.host_only",
        meeting.decide(Command::SetLayout(plan.clone()), &signer.by()?, host.now),
    );
    let meeting = does(host, Command::SetLayout(plan), &moderator.by()?)?;
    host.teller.expect(
        meeting.layout_version() == 2 && meeting.layout_versions().len() == 2,
        "布局第 2 版。",
        "Version 2 of the layout.",
    );
    Ok(())
}

fn the_page_is_shared(host: &mut Host) -> Result<(), Failure> {
    host.teller.step(
        "S41",
        "主持人打开签署结果页链接。",
        "The host opens the link to the result page.",
    );
    let (meeting, contract) = load(host)?;
    let moderator = Acting::moderator(host)?;
    let keys = &host.link_keys;
    let details = MeetingDetails::of(&meeting, &[], Some(keys), &moderator.by()?, host.now)?;
    let link = details.result_link.ok_or_else(|| Failure::new("the host has no link"))?;
    let open = |acting: &Acting| -> Result<_, Failure> {
        let viewer = acting.by()?;
        let (text, contracts) = (link.as_str(), [&contract]);
        Ok(meeting.resolve_result(text, keys, &contracts, Some(&viewer), host.now)?)
    };
    let view = open(&moderator)?;
    let by_signer = open(&Acting::signer(host, &B)?);
    host.teller.refused(
        "乙方签署人打开同一链接。",
        "B's signer opens the same link.",
        "cer.link_forbidden",
        by_signer,
    );
    host.teller.expect(view.overall == Overall::Waiting, "无人签署。", "Nobody has signed.");
    host.teller.step("S42", "全屏快捷键、共享屏幕。", "Full screen, sharing the screen.");
    host.teller.beyond(
        "由操作系统与会议软件完成；引擎给出自包含的签署结果页（HTML/SVG）。",
        "Up to system and client; the engine draws the page, complete in itself.",
    );
    board(host, "board-1-waiting", ("签署结果页：等待签署", "the result page, waiting"))
}

/// The sign-result page as it is now, as a page and as a picture.
fn board(host: &mut Host, name: &str, (zh, en): (&str, &str)) -> Result<(), Failure> {
    let (meeting, contract) = load(host)?;
    let moderator = Acting::moderator(host)?;
    let view = sealwright::ceremony::SignResultView::of(&meeting, &[&contract]);
    let mut board = Board::of(&view, &host.gallery.pictures).in_language(host.teller.lang());
    let qr = meeting.sign_qr(contract.id(), &host.link_keys, &moderator.by()?, host.now);
    if let Ok(qr) = qr {
        board = board.with_qr("", &format!("https://sign.example.com/q/{}", qr.as_str()))?;
    }
    let (page, picture) = (board.html(), board.svg(sealwright::ceremony::board::Shape::Wide));
    host.gallery.write(&format!("{name}.html"), page, zh, en)?;
    host.gallery.write(&format!("{name}.svg"), picture, "同上，单幅矢量图", "the same as a picture")
}

fn the_stage_opens(host: &mut Host) -> Result<(), Failure> {
    host.teller.step(
        "S43",
        "到达签署环节：双方签署人须已登录小程序。",
        "Time to sign: both signers are logged in.",
    );
    host.teller.beyond(
        "登录由小程序完成；每个动词都收一个已认证的操作人。",
        "Logging in is up to the mini program; every verb takes who acts.",
    );
    host.teller.step(
        "S44",
        "扫描签署二维码，打开、阅读并签署。",
        "They scan the code, open the contract, read it and sign.",
    );
    let (meeting, contract) = load(host)?;
    let (moderator, signer_b) = (Acting::moderator(host)?, Acting::signer(host, &B)?);
    let qr = meeting.sign_qr(contract.id(), &host.link_keys, &moderator.by()?, host.now)?;
    let scan = |meeting: &Ceremony, at| -> Result<_, Failure> {
        let (keys, by) = (&host.link_keys, signer_b.by()?);
        Ok(meeting.resolve_qr(qr.as_str(), keys, &contract, &by, at)?)
    };
    let too_early = scan(&meeting, host.now);
    let too_late = scan(&meeting, host.now + Duration::days(1));
    host.teller.refused(
        "签署环节开启前扫码。",
        "The code is scanned before the stage is open.",
        "cer.stage_not_open",
        too_early,
    );
    host.teller.refused(
        "次日扫码。",
        "The code is scanned a day later.",
        "cer.qr_expired",
        too_late,
    );
    let opened = does(host, Command::OpenStage(&[&contract]), &moderator.by()?)?;
    let scanned =
        opened.resolve_qr(qr.as_str(), &host.link_keys, &contract, &signer_b.by()?, host.now)?;
    host.teller.expect(
        opened.stage() == Stage::Open && scanned.slots.len() == 1,
        "主持人开启签署环节；扫码得到合同与本人的签署位。",
        "The host opens the stage; the code leads to the contract and the signer's slot.",
    );
    Ok(())
}

fn a_signs(host: &mut Host) -> Result<(), Failure> {
    host.later(Duration::minutes(10));
    let before_turn = sign(host, &B);
    host.teller.refused(
        "乙方抢先签署（约定甲方先签）。",
        "B signs first, where A comes first.",
        "con.not_your_turn",
        before_turn,
    );
    signed(host, &A)?;
    let contract: Contract = host.database.load(contract_id()?.as_str())?;
    host.teller.expect(
        contract.phase() == contract::Phase::Signing(Progress::Partial),
        "甲方已签：印章、三页骑缝章、签名与日期，同一个数字签名。",
        "A has signed: seal, three slices, name and date under one digital signature.",
    );
    after(host, "contract-1-signed-by-a.pdf", ("甲方签署后", "after A"), 1)?;
    board(host, "board-2-one-seal", ("签署结果页：甲方印章出现", "the result page, A's seal on it"))
}

fn b_signs(host: &mut Host) -> Result<(), Failure> {
    host.later(Duration::minutes(2));
    let head = Acting::head(host, &B)?;
    let (seal, grant): (Seal, SealGrant) =
        (host.database.load(B.seal)?, host.database.load(B.grant)?);
    let rules = SealRules::default();
    let facts =
        SealFacts { organization: &head.organization, seals: &[], grants: &[], rules: &rules };
    let revoked = grant.revoke(None, &seal, &head.by()?, &facts, host.now)?;
    host.database.update(&revoked)?;
    let before = host.database.file(&document_id()?)?.to_vec();
    let refused = sign(host, &B);
    host.teller.refused(
        "乙方收回了用印授权，签署人仍按下签署。",
        "B takes the right to its seal away, and its signer presses \"sign\".",
        "grant.revoked",
        refused,
    );
    host.teller.expect(
        host.database.file(&document_id()?)? == before,
        "文件一个字节也没有变。",
        "Not one byte of the file has changed.",
    );
    accounts::grant(host, &B, "grant_b2", &seal)?;
    host.teller.say("重新授权。", "The right is given again.");
    signed(host, &B)?;
    let contract: Contract = host.database.load(contract_id()?.as_str())?;
    host.teller.expect(
        contract.phase() == contract::Phase::Completed,
        "乙方已签，合同完成；最终文件已自检通过。",
        "B has signed, the contract is completed; the final file passed its own check.",
    );
    after(host, "contract-2-signed-by-both.pdf", ("双方签署后", "after both"), 2)
}

/// The document after a signature, judged at once.
fn after(host: &mut Host, name: &str, note: (&str, &str), parties: usize) -> Result<(), Failure> {
    let bytes = host.database.file(&document_id()?)?;
    let report = check(bytes, &CheckOptions::without_trust())?;
    let platform = usize::from(host.certifies == crate::host::Certifies::Platform);
    let all = parties + platform;
    host.teller.expect(
        report.conclusion == Conclusion::Passed && report.signatures.len() == all,
        format!("{name}：{all} 个签名全部有效。"),
        format!("{name}: all of its {all} signatures hold."),
    );
    host.gallery.write(name, bytes, note.0, note.1)
}

/// The signer opens the contract (C7), and signs.
fn signed(host: &mut Host, sheet: &CompanySheet) -> Result<(), Failure> {
    let (signer, slot): (_, SlotId) = (Acting::signer(host, sheet)?, sheet.slot.parse()?);
    let contract: Contract = host.database.load(contract_id()?.as_str())?;
    let shown = [].into();
    let open = contract::Command::Open { slot, entry: Entry::Link, shown };
    host.database.update(&contract.decide(open, &signer.by()?, host.now)?)?;
    sign(host, sheet)
}

/// C11, as a host does it: load everything, let the engine run the chain and sign, store what comes of
/// it.
fn sign(host: &mut Host, sheet: &CompanySheet) -> Result<(), Failure> {
    let (meeting, contract) = load(host)?;
    let signer = Acting::signer(host, sheet)?;
    let by = signer.by()?;
    // The seal and every grant of the signer's, revoked ones too, as they are now.
    let seal: Seal = host.database.load(sheet.seal)?;
    let mut grants: Vec<SealGrant> = host.database.all()?;
    grants.retain(|grant| grant.grantee() == signer.employee.id());
    let papers = papers_of(host, &grants);
    let (seals, grants) = ([&seal], grants.iter().collect::<Vec<_>>());
    let attempt = attempt(host, &contract, &signer, sheet)?;
    let faces = |seal: &_, version| host.faces.get(&(Clone::clone(seal), version)).cloned();
    let name = signer.employee.person().name().expose();
    let signatures = |_: &_| {
        Some(match sheet.slot == A.slot {
            true => SignatureFace::Strokes(&host.strokes),
            false => SignatureFace::Generated(name, TextStyle::default()),
        })
    };
    let facts = ChainFacts::of(&by, &seals, &grants);
    let (window, keys) = (meeting.signing_window(), (&host.host_key, &host.intent_key));
    let signing = Signing {
        granted: &papers,
        faces: &faces,
        signatures: &signatures,
        client: [("device".to_owned(), "mini program".to_owned())].into(),
        time: TimeSource::Local,
        ..Signing::new(attempt, facts, window, keys.0, keys.1)
    };
    let key = host.key_of(signer.organization.id())?;
    let (documents, means) = (host.documents()?, host.means());
    let applied = execution::apply(&contract, &documents, &signing, &means, key, host.now);
    drop(documents);
    match applied {
        Ok(applied) => {
            let decided = &applied.recorded.contract;
            let pictures = signature_pictures(host, decided, &contract, &signatures)?;
            store(host, &applied, pictures)
        }
        Err(error) => {
            // Nothing has changed; but that somebody wanted to use a seal is kept for its auditors.
            if let execution::Error::Refused(refused) = &error {
                host.database.keep_denied(refused.denied());
            }
            Err(error.into())
        }
    }
}

/// What custodians signed of the grants that still hold.
fn papers_of(host: &Host, grants: &[SealGrant]) -> Vec<SignedGrant> {
    let active = grants.iter().filter(|grant| grant.status() == GrantStatus::Active);
    active.filter_map(|grant| host.papers.get(grant.id()).cloned()).collect()
}

/// The bytes, the contract's events and the grant's, in one transaction; then what follows.
fn store(
    host: &mut Host,
    applied: &Applied,
    pictures: Vec<(Digest, String)>,
) -> Result<(), Failure> {
    host.database.transaction(|transaction| {
        applied.documents.iter().try_for_each(|appended| transaction.append(appended))?;
        transaction.update(&applied.recorded.contract)?;
        for grant in &applied.recorded.grants {
            transaction.update(grant)?;
        }
        Ok(())
    })?;
    for (digest, svg) in pictures {
        host.gallery.picture(&digest, svg.into_bytes())?;
    }
    // The meeting follows its contract: when all is signed, it is over (M17).
    let (meeting, contract) = load(host)?;
    let followed = meeting.follow(&[&contract], host.now)?;
    if !followed.is_empty() {
        host.database.update(&followed)?;
    }
    Ok(())
}

/// What was written by hand, as the board shows it: by the digest that the contract has recorded.
fn signature_pictures<'f>(
    host: &Host,
    decision: &Decision<Contract>,
    contract: &Contract,
    face_of: &dyn Fn(&ControlKey) -> Option<SignatureFace<'f>>,
) -> Result<Vec<(Digest, String)>, Failure> {
    let mut after = contract.clone();
    decision.apply_to(&mut after)?;
    let sketcher = ControlSketcher::new(&host.fonts, contract.settings().utc_offset);
    let mut pictures = Vec::new();
    for (control, before) in after.controls().iter().zip(contract.controls()) {
        let (ControlState::Applied(applied), Some(place)) =
            (control.state(), control.spots().first())
        else {
            continue;
        };
        let Mark::Signature { face, .. } = &applied.mark else { continue };
        let is_new = before.state() != control.state();
        if let Some(shown) = face_of(control.key()).filter(|_| is_new) {
            pictures.push((*face, sketcher.signature(shown, place.rect.size())?.svg()?));
        }
    }
    Ok(pictures)
}

/// What the signer chose, how he read, and how he showed that he means it.
fn attempt(
    host: &Host,
    contract: &Contract,
    signer: &Acting,
    sheet: &CompanySheet,
) -> Result<SigningAttempt, Failure> {
    let slot: SlotId = sheet.slot.parse()?;
    let shown = contract.documents().iter().map(|one| (one.id().clone(), *one.digest()));
    // The host's provider compared his face a minute ago; the engine keeps a reference alone.
    let intent = IntentProof::new(contract.id().clone(), slot.clone(), signer.by()?.actor(), shown)
        .check(IntentMethod::Face, "face-check-7", host.now - Duration::minutes(1));
    let read = ReadingProof { shown_for: Duration::minutes(3), reached_end: true };
    let mut attempt = SigningAttempt::new(slot.clone()).meant(intent).read(read);
    for control in contract.sign_controls_of(&slot) {
        let pick = match control.kind() {
            kind if kind.is_seal() => Pick::Seal(sheet.seal.parse()?),
            ControlKind::SignDate(_) => Pick::Date,
            _ if sheet.slot == A.slot => Pick::Signature(SignatureMethod::FreshStroke),
            _ => Pick::Signature(SignatureMethod::Generated),
        };
        attempt = attempt.choose(control.key().clone(), pick);
    }
    Ok(attempt)
}

fn the_result_is_shown(host: &mut Host) -> Result<(), Failure> {
    host.teller.step(
        "S45",
        "签署完成后的效果：双方印章出现在签署结果页。",
        "The result: both companies' seals are on the page.",
    );
    let (meeting, contract) = load(host)?;
    let view = sealwright::ceremony::SignResultView::of(&meeting, &[&contract]);
    let seals = [A.seal, B.seal].map(|id| host.database.load::<Seal>(id));
    let mut equal = view.parties.len() == 2;
    for (party, seal) in view.parties.iter().zip(seals) {
        let seal = seal?;
        let registered = seal.current().image.face();
        equal &= party.signers.iter().all(|signer| {
            signer.seals.len() == 2
                && signer.seals.iter().all(|it| it.face.as_bytes() == registered.as_bytes())
        });
    }
    host.teller.expect(
        equal && view.overall == Overall::Completed,
        "两方；所盖印章的摘要与登记的一致。",
        "Two parties; what they applied is what the register knows, by digest.",
    );
    host.teller.expect(
        meeting.phase() == Phase::Concluded(Outcome::Signed),
        "会议随合同完成而结束。",
        "The meeting is over, as its contract is completed.",
    );
    board(host, "board-3-completed", ("签署结果页：完成", "the result page, completed"))
}
