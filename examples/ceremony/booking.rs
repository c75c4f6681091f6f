//! S9 to S20 and S25 to S33, step 2 of the guide: a meeting is prepared and booked.

use std::collections::BTreeSet;

use sealwright::appearance::Dpi;
use sealwright::appearance::design::{NameSeal, SealDesign};
use sealwright::authorization::{SealColour, SealSize};
use sealwright::ceremony::{
    Booking, BookingFacts, Ceremony, Command, ContractToStart, DeliveryPolicy, LayoutPlan,
    MeetingDetails, MyMeetings, Phase, Picture, PictureRules, Place, Policy, Profile,
};
use sealwright::contract::{self, Allowance, Contract};
use sealwright::execution::{self, Started};
use sealwright::identity::{Mobile, Person};
use sealwright::organization::{Entitlement, Entitlements};
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use crate::Failure;
use crate::cast::{A, Acting, B, SIGNER_B, contract_id, document_id, participants, parties};
use crate::host::Host;
use crate::paper::{self, ToStart, edit};
use crate::white_list::ENTITLEMENT;

/// The meeting.
pub const MEETING: &str = "cer_01";
/// Its title, which everybody will see (S14).
pub const TITLE: &str = "江州澄砚与云泽溯舟战略合作签约仪式";

/// S9 to S33.
pub fn booking(host: &mut Host) -> Result<(), Failure> {
    host.teller.chapter("步骤2：预约会议", "Step 2: book the meeting");
    draft(host)?;
    // The booker mistypes the mobile number of B's signer: S20 will find it.
    let registered = SIGNER_B.typed.person()?;
    let mistyped = registered.clone().with_mobile(Mobile::parse("13900000006")?);
    people(host, &mistyped)?;
    paper::upload(host, &mistyped)?;
    paper::controls(host)?;
    attach(host)?;
    layout(host)?;
    book(host, [&registered, &mistyped])?;
    booked(host)
}

fn draft(host: &mut Host) -> Result<(), Failure> {
    host.teller.step(
        "S9–S11",
        "登录由平台完成；“我的预约”为空，起草一场会议。",
        "Logging in is the platform's matter. No bookings yet: a meeting is drafted.",
    );
    let booker = Acting::booker(host)?;
    let mine = MyMeetings::booked_by(&booker.by()?, []);
    host.teller.expect(mine.meetings.is_empty(), "我的预约：0 场。", "My bookings: none.");
    let drafted = drafted(host, Policy::default())?;
    host.database.create(&drafted)?;
    host.teller.step(
        "S12–S14",
        "会议名称（将显示在签署页面）、开始与结束时间。",
        "A title, which everybody will see, a start and an end.",
    );
    let meeting: Ceremony = host.database.load(MEETING)?;
    let by = booker.by()?;
    let starts_at = host.now + Duration::days(2);
    host.teller.refused(
        "先试：结束时间不晚于开始时间。",
        "First the wrong way: it ends when it begins.",
        "cer.time_order",
        meeting.decide(schedule(starts_at, starts_at), &by, host.now),
    );
    let decision =
        meeting.decide(schedule(starts_at, starts_at + Duration::hours(2)), &by, host.now)?;
    let meeting = host.database.update(&decision)?;
    host.teller.show(format!("{TITLE} · {} + 2 h", starts_at.format(&Rfc3339)?));
    host.teller.refused(
        "心急：现在就按“预约会议”，引擎一次列出所有缺项。",
        "Too early: press \"book\" now, and all that is missing is told at once.",
        "cer.incomplete",
        press_book(host, &meeting, None),
    );
    Ok(())
}

fn drafted(
    host: &Host,
    policy: Policy,
) -> Result<sealwright::decision::Decision<Ceremony>, Failure> {
    let (booker, entitlement) = (Acting::booker(host)?, host.database.load(ENTITLEMENT)?);
    let (staff, entitlements): (_, [&Entitlement; 1]) = (booker.staff()?, [&entitlement]);
    let entitlements = Entitlements::of(&entitlements);
    let id = MEETING.parse()?;
    Ok(Ceremony::draft(id, Profile::Strategic, policy, &staff, entitlements, host.now)?)
}

fn schedule(starts_at: OffsetDateTime, ends_at: OffsetDateTime) -> Command<'static> {
    Command::SetSchedule { title: TITLE.to_owned(), starts_at, ends_at, booked: None }
}

fn people(host: &mut Host, typed_for_b: &Person) -> Result<(), Failure> {
    host.teller.step(
        "S15–S19",
        "与会人：主持人须为组织方成员，双方各至少一名签署人，旁听人选填。",
        "Participants: a host of the organizer, signers of both sides, observers if you like.",
    );
    let meeting: Ceremony = host.database.load(MEETING)?;
    let (booker, moderator) = (Acting::booker(host)?, Acting::moderator(host)?);
    let everybody = participants(&moderator, typed_for_b)?;
    let hosts = [moderator.staff()?];
    let without_b = everybody.iter().filter(|one| one.id().as_str() != "SB").cloned().collect();
    let (parties, by) = (parties()?, booker.by()?);
    host.teller.refused(
        "先试：漏填乙方签署人。",
        "First the wrong way: nobody signs for B.",
        "cer.party_without_signer",
        meeting.decide(
            Command::SetParticipants { parties, participants: without_b, hosts: &hosts },
            &by,
            host.now,
        ),
    );
    set_participants(host, typed_for_b)?;
    for one in &everybody {
        let (name, mobile) = (one.facts().name().masked(), one.facts().mobile().masked());
        let (id, role) = (one.id().to_string(), format!("{:?}", one.role()));
        host.teller.show(format!("{id:<3} {role:<9} {name}  {mobile}"));
    }
    host.teller.step(
        "S20",
        "签署人信息须与其注册信息一致，否则收不到合同。此处故意填错乙方手机号，预约时见分晓。",
        "Facts of signers have to be those registered, or no contract is received. The mobile \
         number of B's signer is wrong here, on purpose: see what the booking says.",
    );
    Ok(())
}

/// Everybody as typed.
fn set_participants(host: &mut Host, typed_for_b: &Person) -> Result<(), Failure> {
    let meeting: Ceremony = host.database.load(MEETING)?;
    let (booker, moderator) = (Acting::booker(host)?, Acting::moderator(host)?);
    let (participants, hosts) = (participants(&moderator, typed_for_b)?, [moderator.staff()?]);
    let command = Command::SetParticipants { parties: parties()?, participants, hosts: &hosts };
    let decision = meeting.decide(command, &booker.by()?, host.now)?;
    host.database.update(&decision)?;
    Ok(())
}

/// The contract is attached and its controls are finished (the last button of S23).
fn attach(host: &mut Host) -> Result<(), Failure> {
    let booker = Acting::booker(host)?;
    let contract: Contract = host.database.load(contract_id()?.as_str())?;
    let start = ToStart::of(&contract);
    for command in [
        Command::AttachContracts(&[&contract]),
        Command::FinishControls { contract: &contract, start: &start.facts() },
    ] {
        let meeting: Ceremony = host.database.load(MEETING)?;
        let decision = meeting.decide(command, &booker.by()?, host.now)?;
        host.database.update(&decision)?;
    }
    Ok(())
}

fn layout(host: &mut Host) -> Result<(), Failure> {
    host.teller.step(
        "S25–S28b",
        "选择布局：上传 Logo，拖动与会人入座；主持人可不安排座位；设置背景图。",
        "The layout: logos, a background, and a seat for everybody; the host needs none.",
    );
    let plan = arranged(host)?;
    let seat_of_sa = plan.seats.iter().find(|(_, place)| place.participant.as_str() == "SA");
    let seat_of_sa =
        seat_of_sa.map(|(seat, _)| seat.clone()).ok_or_else(|| Failure::new("SA has no seat"))?;
    let mut crowded = plan.clone();
    crowded.seats.retain(|(_, place)| place.participant.as_str() != "O");
    crowded.seats.push((seat_of_sa, Place { participant: "O".parse()?, camera: false }));
    let (meeting, booker) = (host.database.load::<Ceremony>(MEETING)?, Acting::booker(host)?);
    host.teller.refused(
        "先试：让旁听人坐甲方签署人的座位。",
        "First the wrong way: the observer on the seat of A's signer.",
        "layout.seat_taken",
        meeting.decide(Command::SetLayout(crowded), &booker.by()?, host.now),
    );
    let decision = meeting.decide(Command::SetLayout(plan), &booker.by()?, host.now)?;
    let meeting: Ceremony = host.database.update(&decision)?;
    let layout = meeting.layout().ok_or_else(|| Failure::new("the meeting has no layout"))?;
    let host_sits = layout.seats().any(|(_, place)| place.participant.as_str() == "H");
    host.teller.expect(
        !host_sits,
        "主持人没有座位，不报错。",
        "The host has no seat, and that is fine.",
    );
    let people = (meeting.parties(), meeting.participants());
    let preview = layout.preview(people, &host.gallery.pictures, host.teller.lang());
    host.gallery.write("layout-preview.svg", preview, "布局预览", "who will sit where")
}

/// Everybody in place, a logo for each side.
pub fn arranged(host: &mut Host) -> Result<LayoutPlan, Failure> {
    let meeting: Ceremony = host.database.load(MEETING)?;
    let mut plan = LayoutPlan::arranged(meeting.parties(), meeting.participants());
    for (party, place, text) in [("party_a", "left", "澄砚云"), ("party_b", "right", "溯舟链")]
    {
        let png = logo(text)?;
        let picture = Picture::read(&png, &PictureRules::default())?;
        host.gallery.picture(&picture.digest(), png)?;
        plan = plan.with_logo(party.parse()?, place, picture);
    }
    let png = background()?;
    let picture = Picture::read(&png, &PictureRules::default())?;
    host.gallery.picture(&picture.digest(), png)?;
    Ok(plan.with_background(picture))
}

/// An evening sky, 16 to 9.
fn background() -> Result<Vec<u8>, Failure> {
    let sky = image::RgbImage::from_fn(320, 180, |_, y| {
        let towards = |from: u32, to: u32| (from * (179 - y) + to * y) / 179;
        image::Rgb([towards(20, 150), towards(34, 60), towards(90, 70)].map(|it| it as u8))
    });
    let mut png = std::io::Cursor::new(Vec::new());
    sky.write_to(&mut png, image::ImageFormat::Png)?;
    Ok(png.into_inner())
}

/// Three characters, three times as wide as high.
fn logo(text: &str) -> Result<Vec<u8>, Failure> {
    let font = sealwright_testdata::font::NOTO_SERIF_SC;
    let font = sealwright::appearance::Font::from_bytes(font, 0)?;
    let size = SealSize { width: 36, height: 12 };
    let design = NameSeal::rectangle(&[text], size)?.without_frame().colour(SealColour::Blue);
    Ok(SealDesign::from(design).face(&font)?.to_png(Dpi(300))?)
}

/// S29: the button. Nothing is stored here: the answer is what would follow.
fn press_book(
    host: &Host,
    meeting: &Ceremony,
    contract: Option<&Contract>,
) -> Result<Booking, Failure> {
    let entitlement: Entitlement = host.database.load(ENTITLEMENT)?;
    let (booker, a, b) =
        (Acting::booker(host)?, Acting::signer(host, &A)?, Acting::signer(host, &B)?);
    let start = contract.map(ToStart::of);
    let to_start = contract.zip(start.as_ref()).map(|(contract, start)| ContractToStart {
        contract,
        placements: &start.placements,
        documents: &start.documents,
    });
    let entitlements = [&entitlement];
    let facts = BookingFacts {
        contracts: to_start.as_slice(),
        // Whom the host finds by name, identity or mobile number in the organizations that sign.
        registered: &[booker.staff()?, a.staff()?, b.staff()?],
        entitlements: Entitlements::of(&entitlements),
        quota: Allowance::Unlimited,
        acknowledged: &BTreeSet::new(),
        keys: &host.link_keys,
    };
    Ok(meeting.book(&facts, &booker.by()?, host.now)?)
}

/// S20 and S29: the facts that were typed are held against those registered; then it is booked, the
/// contract started, and its document prepared for all signers, in one transaction.
fn book(host: &mut Host, [registered, mistyped]: [&Person; 2]) -> Result<(), Failure> {
    host.teller.step("S29", "按下“预约会议”。", "The button \"book\" is pressed.");
    let (meeting, contract) = load(host)?;
    host.teller.refused(
        "先试：乙方签署人手机号填错（严格策略）。",
        "First the wrong way: B's signer with another mobile number, under the strict policy.",
        "cer.undeliverable",
        press_book(host, &meeting, Some(&contract)),
    );
    what_if_lenient(host, &contract, mistyped)?;
    edit(host, paper::people(host, registered)?)?;
    set_participants(host, registered)?;
    attach(host)?;
    host.teller.say(
        "更正手机号后再按：预约会议、合同开始、各方签名域写入文件，同一事务。",
        "Corrected and pressed again: meeting, start of the contract and all fields at once.",
    );
    let (meeting, mut contract) = load(host)?;
    let booking = press_book(host, &meeting, Some(&contract))?;
    for decision in &booking.contracts {
        decision.apply_to(&mut contract)?;
    }
    let (papers, by) = (host.documents()?, host.operator());
    let (means, certifier) = (host.means(), host.certifier());
    let Started { documents, contract: prepared } =
        execution::start(&contract, &papers, &means, certifier, &by, host.now)?;
    drop(papers);
    host.database.transaction(|transaction| {
        transaction.update(&booking.ceremony)?;
        for decision in booking.contracts.iter().chain([&prepared]) {
            transaction.update(decision)?;
        }
        for decision in &booking.quotas {
            transaction.update(decision)?;
        }
        documents.iter().try_for_each(|appended| transaction.append(appended))
    })?;
    let (meeting, contract) = load(host)?;
    let signing = contract.phase() == contract::Phase::Signing(contract::Progress::None);
    host.teller.expect(
        meeting.phase() == Phase::Booked && signing,
        "会议：已预约；合同：签署中（无人签署）。",
        "The meeting is booked; the contract is being signed, by nobody yet.",
    );
    let bytes = host.database.file(&document_id()?)?;
    let note = ("开始签署前：含所有签名域", "prepared: all fields, nobody has signed");
    host.gallery.write("contract-0-prepared.pdf", bytes, note.0, note.1)
}

/// The same under the lenient policy. A verb only answers what would follow: nothing of this is
/// stored.
fn what_if_lenient(host: &mut Host, contract: &Contract, typed: &Person) -> Result<(), Failure> {
    let policy = Policy { delivery: DeliveryPolicy::Lenient, ..Policy::default() };
    let (mut meeting, _) = drafted(host, policy)?.found()?;
    let (booker, moderator) = (Acting::booker(host)?, Acting::moderator(host)?);
    let (participants, hosts) = (participants(&moderator, typed)?, [moderator.staff()?]);
    let (start, starts_at) = (ToStart::of(contract), host.now + Duration::days(2));
    for command in [
        schedule(starts_at, starts_at + Duration::hours(2)),
        Command::SetParticipants { parties: parties()?, participants, hosts: &hosts },
        Command::AttachContracts(&[contract]),
        Command::FinishControls { contract, start: &start.facts() },
    ] {
        meeting.decide(command, &booker.by()?, host.now)?.apply_to(&mut meeting)?;
    }
    let booking = press_book(host, &meeting, Some(contract))?;
    let kinds: Vec<_> = booking.contracts.iter().flat_map(|decision| decision.kinds()).collect();
    host.teller.expect(
        kinds == ["contract.started", "contract.delivery_withheld"],
        "宽松策略则可预约，但该签署人收不到合同（contract.delivery_withheld）。",
        "A lenient policy would book, and withhold the contract from him.",
    );
    Ok(())
}

fn load(host: &Host) -> Result<(Ceremony, Contract), Failure> {
    Ok((host.database.load(MEETING)?, host.database.load(contract_id()?.as_str())?))
}

/// S30 to S33.
fn booked(host: &mut Host) -> Result<(), Failure> {
    host.teller.step(
        "S30",
        "会议出现在列表中；通知所有与会人（短信网关由平台提供）。",
        "The meeting is in the list, and everybody is told. Sending is up to the platform.",
    );
    let told = host.database.notices("ceremony.booked").count();
    let to_sign: Vec<_> = host.database.notices("contract.to_sign").collect();
    let whom = to_sign.iter().map(|notice| format!("{:?}", notice.recipient)).collect::<Vec<_>>();
    let only_a = whom.len() == 1 && whom.iter().all(|one| one.contains(A.slot));
    host.teller.expect(
        told == 4 && only_a,
        "4 条“会议已预约”，1 条“请签署”给甲方签署人：轮到他了。",
        "Four notices of the booking, one to A's signer: it is his turn.",
    );
    host.teller.step(
        "S31–S33",
        "会议详情：签署结果页链接只给主持人和预约人。",
        "Details of the meeting: the link to the result page, for host and booker alone.",
    );
    let (meeting, contract) = load(host)?;
    let link = |acting: &Acting| -> Result<_, Failure> {
        let keys = Some(&host.link_keys);
        let details = MeetingDetails::of(&meeting, &[&contract], keys, &acting.by()?, host.now)?;
        Ok(details.result_link)
    };
    let leads = [link(&Acting::moderator(host)?)?, link(&Acting::booker(host)?)?];
    let others = [link(&Acting::signer(host, &A)?)?, link(&Acting::signer(host, &B)?)?];
    if let [Some(text), _] = &leads {
        host.teller.show(format!("https://sign.example.com/r/{}", text.as_str()));
    }
    host.teller.expect(
        leads.iter().all(Option::is_some) && others.iter().all(Option::is_none),
        "主持人、预约人可见；签署人不可见。",
        "Host and booker see it, signers do not.",
    );
    Ok(())
}
