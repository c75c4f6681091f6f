//! Ceremonies under random commands, from the draft over the booking and the stage to the end, with
//! the contract that is signed there.

use std::collections::{BTreeMap, BTreeSet};

use sealwright::ceremony::{
    BookingFacts, Ceremony, Command, ContractToStart, ContractsOfCancelled, DeliveryPolicy,
    Entrance, Error, KeyId, LayoutPlan, LinkKey, LinkKeys, LinkKind, MyMeetings, Participant,
    Party, PersonFacts, Phase, Place, Policy, Profile, Rescheduling, SigningWindowPolicy, Stage,
    Template, Visitor,
};
use sealwright::contract::{
    Allowance, Command as ContractCommand, Contract, ContractName, NewContract, Phase as Signing,
    Placements, Reason, SigningWindow, SlotState, StartFacts,
};
use sealwright::decision::Aggregate;
use sealwright::identity::{ParticipantId, Person};
use sealwright::organization::{By, Entitlement, Entitlements, Feature, Terms, Window};
use time::{Duration, OffsetDateTime};

use crate::cast::{Cast, Who};
use crate::ceremony_rules::{look_at, may_follow};
use crate::drafts::two_seals;
use crate::people::{START, name};
use crate::sequence::{Choices, Marks, Watched, explore};
use crate::signatures::record;

/// The employees who book, lead and sign for either company.
const BOOKER: usize = 1;
pub const HOST: usize = 4;
const SIGNERS: [usize; 2] = [3, 8];

struct Run<'c> {
    cast: &'c Cast,
    keys: &'c LinkKeys,
    meeting: Watched<Ceremony>,
    contract: Watched<Contract>,
    entitlement: Watched<Entitlement>,
    now: OffsetDateTime,
    /// The signers as the booker knows them: one of them may be misspelt.
    known: [Person; 2],
    /// Kept by the test: who signs according to the booking.
    signers: BTreeSet<ParticipantId>,
}

impl<'c> Run<'c> {
    fn new(cast: &'c Cast, keys: &'c LinkKeys, choices: &mut Choices, marks: &mut Marks) -> Self {
        let window = Window::new(START, Some(START + Duration::days(30))).unwrap();
        let terms = Terms { quota: Some(1), ..Terms::within(window) };
        let entitlement = Entitlement::grant(
            &"ent".parse().unwrap(),
            cast.companies[0].id(),
            Feature::StrategicSigning,
            terms,
            &By::System,
            START,
        );
        let entitlement = Watched::begin(&entitlement.unwrap());
        let delivery =
            if choices.percent(30) { DeliveryPolicy::Lenient } else { DeliveryPolicy::Strict };
        let policy = Policy { delivery, ..Policy::default() };
        let staff = cast.staff(BOOKER);
        let entitled = [entitlement.state()];
        let drafted = Ceremony::draft(
            "cer_1".parse().unwrap(),
            Profile::Strategic,
            policy,
            &staff,
            Entitlements::of(&entitled),
            START,
        );
        let new = NewContract::new("con_1".parse().unwrap(), ContractName::parse("协议").unwrap());
        let mut contract =
            Watched::begin(&Contract::create(new, &staff, Allowance::Unlimited, START).unwrap());
        let [first, mut second] = SIGNERS.map(|number| cast.employees[number].1.person().clone());
        if choices.percent(20) {
            second = second.with_name(name(0));
            marks.reached("misspelt");
        }
        let known = [first, second];
        let signers = [(SIGNERS[0], known[0].clone()), (SIGNERS[1], known[1].clone())];
        for edit in two_seals(cast, signers) {
            let before = contract.state().clone();
            let by = cast.by(Who::Employee(BOOKER));
            contract
                .follow(&before, before.decide(ContractCommand::Edit(edit), &by, START))
                .unwrap();
        }
        Self {
            cast,
            keys,
            meeting: Watched::begin(&drafted.unwrap()),
            contract,
            entitlement,
            now: START,
            known,
            signers: BTreeSet::new(),
        }
    }

    fn state(&self) -> &Ceremony {
        self.meeting.state()
    }

    fn ask(&mut self, command: Command<'_>, who: Who, choices: &mut Choices, marks: &mut Marks) {
        let before = self.state().clone();
        let outcome = before.decide(command, &self.cast.by(who), self.now);
        if choices.percent(5) {
            if let Ok(decision) = outcome {
                self.meeting.forget(decision);
            }
            return;
        }
        match self.meeting.follow(&before, outcome) {
            Ok(_) => self.look(&before, marks),
            Err(error) => marks.reached(error.code()),
        }
    }

    fn look(&mut self, before: &Ceremony, marks: &mut Marks) {
        let after = self.meeting.state();
        assert!(may_follow(before.phase(), after.phase()), "{before:?} -> {after:?}");
        let from = usize::try_from(before.revision().get()).unwrap();
        for recorded in &self.meeting.events()[from..] {
            let kind = sealwright::decision::Event::kind(&recorded.event);
            marks.reached(kind);
            look_at(recorded, before, self.cast);
        }
        marks.reached(after.phase());
        assert!(after.layout_versions().starts_with(before.layout_versions()), "layouts are kept");
        if let Some(layout) = after.layout() {
            let seated: Vec<_> = layout.seats().map(|(_, place)| &place.participant).collect();
            let different: BTreeSet<_> = seated.iter().collect();
            assert_eq!(seated.len(), different.len(), "nobody sits twice");
            assert!(seated.iter().all(|id| after.participant(id).is_some()));
        }
        if !matches!(after.phase(), Phase::Draft | Phase::Cancelled) {
            let signers: BTreeSet<_> = after.signers().map(|one| one.id().clone()).collect();
            assert_eq!(signers, self.signers, "signers are locked by the booking");
        }
        assert!(after.stage() != Stage::Open || after.phase() == Phase::Live);
        assert!(!after.is_recording() || after.phase() == Phase::Live);
    }

    fn parties(&self) -> Vec<Party> {
        let party = |number: usize| Party {
            id: format!("party_{number}").parse().unwrap(),
            organization: self.cast.companies[number].name().clone(),
            organization_id: Some(self.cast.companies[number].id().clone()),
        };
        vec![party(0), party(1)]
    }

    /// Those who should take part, at times somebody missing, doubled or misspelt.
    fn participants(&self, choices: &mut Choices) -> Vec<Participant> {
        let person = |number: usize| self.cast.employees[number].1.person();
        let host = self.cast.employees[HOST].1.id().clone();
        let mut all = vec![Participant::host("host".parse().unwrap(), host, person(HOST))];
        for (number, facts) in self.known.iter().enumerate() {
            let id = format!("signer_{number}").parse().unwrap();
            let party = format!("party_{number}").parse().unwrap();
            let mut facts = facts.clone();
            if choices.percent(4) {
                facts = facts.with_name(name(1));
            }
            all.push(Participant::signer(id, party, &facts));
        }
        for number in 0..choices.below(3) {
            let guest = PersonFacts::from(&self.cast.persons[number % 2].1);
            all.push(Participant::observer(format!("guest_{number}").parse().unwrap(), guest));
        }
        if choices.percent(4) {
            all.remove(choices.below(3));
        }
        all
    }

    fn set_participants(&mut self, who: Who, choices: &mut Choices, marks: &mut Marks) {
        let hosts = [self.cast.staff(HOST)];
        let participants = self.participants(choices);
        let command =
            Command::SetParticipants { parties: self.parties(), participants, hosts: &hosts };
        self.ask(command, who, choices, marks);
    }

    fn set_schedule(&mut self, who: Who, choices: &mut Choices, marks: &mut Marks) {
        let starts_at = self.now + Duration::hours(i64::try_from(choices.below(40)).unwrap());
        let contract = self.contract.state().clone();
        let contracts = [&contract];
        let command = Command::SetSchedule {
            title: if choices.percent(95) { "战略合作签约仪式" } else { " " }.to_owned(),
            starts_at,
            ends_at: starts_at + Duration::hours(i64::try_from(choices.below(9)).unwrap()),
            booked: Some(Rescheduling { contracts: &contracts, keys: self.keys }),
        };
        self.ask(command, who, choices, marks);
    }

    fn finish_controls(&mut self, who: Who, choices: &mut Choices, marks: &mut Marks) {
        let contract = self.contract.state().clone();
        let documents: BTreeMap<_, _> =
            contract.documents().iter().map(|it| (it.id().clone(), *it.digest())).collect();
        let start = StartFacts {
            placements: &Placements::default(),
            documents: &documents,
            entitlements: Entitlements::NONE,
            quota: Allowance::Unlimited,
            withheld: &BTreeMap::new(),
        };
        self.ask(
            Command::FinishControls { contract: &contract, start: &start },
            who,
            choices,
            marks,
        );
    }

    fn set_layout(&mut self, who: Who, choices: &mut Choices, marks: &mut Marks) {
        let template = Template::symmetric(2);
        let people: Vec<_> = self.state().participants().iter().map(|it| it.id().clone()).collect();
        if people.is_empty() {
            return;
        }
        let place = |choices: &mut Choices| {
            let seat = template.seats()[choices.below(template.seats().len())].id.clone();
            let participant = people[choices.below(people.len())].clone();
            (seat, Place { participant, camera: false })
        };
        let seats = (0..choices.below(4)).map(|_| place(choices)).collect();
        let plan =
            LayoutPlan { template: template.clone(), background: None, logos: vec![], seats };
        self.ask(Command::SetLayout(plan), who, choices, marks);
    }

    fn book(&mut self, who: Who, choices: &mut Choices, marks: &mut Marks) {
        let (before, contract) = (self.state().clone(), self.contract.state().clone());
        let entitlement = self.entitlement.state().clone();
        let documents: BTreeMap<_, _> =
            contract.documents().iter().map(|it| (it.id().clone(), *it.digest())).collect();
        let registered = [HOST, SIGNERS[0], SIGNERS[1]].map(|number| self.cast.staff(number));
        let all = ["W-LAYOUT-UNSEATED-SIGNER", "W-CTL-OVERLAP", "W-SEAL-MISSING"];
        let acknowledged: BTreeSet<String> =
            if choices.percent(90) { all.map(str::to_owned).into() } else { BTreeSet::new() };
        let entitled = [&entitlement];
        let facts = BookingFacts {
            contracts: &[ContractToStart {
                contract: &contract,
                placements: &Placements::default(),
                documents: &documents,
            }],
            registered: &registered,
            entitlements: Entitlements::of(&entitled),
            quota: Allowance::Unlimited,
            acknowledged: &acknowledged,
            keys: self.keys,
        };
        match before.book(&facts, &self.cast.by(who), self.now) {
            Ok(booking) => {
                let told = booking.ceremony.notices().iter();
                let told = told.filter(|notice| notice.kind == "ceremony.booked").count();
                assert_eq!(told, before.participants().len(), "everybody is told, and told once");
                for decision in booking.contracts {
                    let before = self.contract.state().clone();
                    self.contract.follow(&before, Ok::<_, Error>(decision)).unwrap();
                }
                for decision in booking.quotas {
                    let before = self.entitlement.state().clone();
                    self.entitlement.follow(&before, Ok::<_, Error>(decision)).unwrap();
                }
                self.signers = before.signers().map(|one| one.id().clone()).collect();
                self.meeting.follow(&before, Ok::<_, Error>(booking.ceremony)).unwrap();
                self.look(&before, marks);
                let deadline = self.contract.state().deadline().unwrap();
                assert!(deadline >= self.state().schedule().unwrap().ends_at());
            }
            Err(error) => marks.reached(error.code()),
        }
    }

    fn cancel(&mut self, who: Who, choices: &mut Choices, marks: &mut Marks) {
        let (before, contract) = (self.state().clone(), self.contract.state().clone());
        let entitlement = self.entitlement.state().clone();
        let given = [&contract];
        // A contract that was not attached yet is nobody's business.
        let cancelled: &[&Contract] = if before.contracts().is_empty() { &[] } else { &given };
        let contracts = if choices.percent(60) {
            ContractsOfCancelled::Cancelled(cancelled)
        } else {
            ContractsOfCancelled::Kept(cancelled)
        };
        let reason = Reason::parse("改期").unwrap();
        match before.cancel(reason, contracts, &[&entitlement], &self.cast.by(who), self.now) {
            Ok(cancellation) => {
                for decision in cancellation.contracts {
                    let before = self.contract.state().clone();
                    self.contract.follow(&before, Ok::<_, Error>(decision)).unwrap();
                }
                for decision in cancellation.quotas {
                    let before = self.entitlement.state().clone();
                    self.entitlement.follow(&before, Ok::<_, Error>(decision)).unwrap();
                }
                self.meeting.follow(&before, Ok::<_, Error>(cancellation.ceremony)).unwrap();
                self.look(&before, marks);
                assert_eq!(self.entitlement.state().quota().unwrap().left(), 1, "it comes back");
            }
            Err(error) => marks.reached(error.code()),
        }
    }

    /// The next signer signs, if the meeting lets him.
    fn sign(&mut self, choices: &mut Choices, marks: &mut Marks) {
        let contract = self.contract.state().clone();
        let Some(slot) = contract.slots().iter().find(|it| it.state() == SlotState::ToSign) else {
            return;
        };
        // R-SIGN-02a: the signing chain asks before anything is recorded.
        let window = match contract.ceremony() {
            Some(_) => self.state().signing_window(),
            None => SigningWindow::NO_MEETING,
        };
        if let Err(closed) = contract.check_window(window, self.now) {
            return marks.reached(closed.code());
        }
        let number = usize::from(slot.id().as_str() == "slot_1");
        let record = record(&contract, slot, choices.below(1_000));
        let command = ContractCommand::AssertSigned(Box::new(record));
        let by = self.cast.by(Who::Employee(SIGNERS[number]));
        match self.contract.follow(&contract, contract.decide(command, &by, self.now)) {
            Ok(_) => {
                let stated = slot.signer().holders()[0].person.clone();
                assert_eq!(stated, *self.cast.employees[SIGNERS[number]].1.person());
                marks.reached("signed");
            }
            Err(error) => marks.reached(error.code()),
        }
        self.take_over(marks);
    }

    /// The meeting takes over what happened to its contract.
    fn take_over(&mut self, marks: &mut Marks) {
        let before = self.state().clone();
        if !before.contracts().is_empty() {
            let outcome = before.follow(&[self.contract.state()], self.now);
            self.meeting.follow(&before, outcome).unwrap();
            self.look(&before, marks);
        }
    }

    fn go_on(&mut self, choices: &mut Choices, marks: &mut Marks) {
        let (booker, host) = (Who::Employee(BOOKER), Who::Employee(HOST));
        let meeting = self.state();
        match meeting.phase() {
            Phase::Draft if meeting.schedule().is_none_or(|it| it.starts_at() <= self.now) => {
                self.set_schedule(booker, choices, marks);
            }
            Phase::Draft if meeting.participants().is_empty() => {
                self.set_participants(booker, choices, marks);
            }
            Phase::Draft if meeting.contracts().is_empty() => {
                let contract = self.contract.state().clone();
                self.ask(Command::AttachContracts(&[&contract]), booker, choices, marks);
            }
            Phase::Draft => {
                self.finish_controls(booker, choices, marks);
                self.book(booker, choices, marks);
            }
            Phase::Booked => {
                let opens = meeting.schedule().unwrap().starts_at() - Duration::minutes(30);
                if choices.percent(70) {
                    self.now = self.now.max(opens);
                }
                self.ask(Command::OpenRoom, host, choices, marks);
            }
            Phase::Live if meeting.stage() != Stage::Open => {
                let contract = self.contract.state().clone();
                self.ask(Command::OpenStage(&[&contract]), host, choices, marks);
            }
            Phase::Live => self.sign(choices, marks),
            _ => self.anything(choices, marks),
        }
    }

    fn anything(&mut self, choices: &mut Choices, marks: &mut Marks) {
        let who = match choices.below(6) {
            0 | 1 => Who::Employee(HOST),
            2 => Who::Employee(BOOKER),
            3 => Who::Employee(choices.one_of(&SIGNERS)),
            _ => self.cast.anybody(choices),
        };
        let contract = self.contract.state().clone();
        let visitor = Visitor::Himself;
        let kind = if choices.percent(50) {
            LinkKind::Result
        } else {
            LinkKind::Sign { contract: contract.id().clone() }
        };
        let people = self.state().participants();
        let somebody = people.get(choices.below(people.len())).map(|it| it.id().clone());
        let windows = [
            SigningWindowPolicy::AnyTimeAfterBooking,
            SigningWindowPolicy::OnlyWhileStageOpen,
            SigningWindowPolicy::StageOpenThenUntilDeadline,
        ];
        let link = self.state().links().last().map(|link| link.id().clone());
        let command = match choices.below(20) {
            0 => return self.set_schedule(who, choices, marks),
            1 => return self.set_participants(who, choices, marks),
            2 | 3 => return self.set_layout(who, choices, marks),
            4 if choices.percent(30) => return self.cancel(who, choices, marks),
            5 => return self.sign(choices, marks),
            6 => Command::OpenRoom,
            7..10 => Command::Enter { visitor, entrance: Entrance::List },
            10 => Command::Leave { visitor },
            11 if choices.percent(10) => Command::SendOut(somebody.unwrap_or("x".parse().unwrap())),
            12 => Command::Record(choices.percent(50)),
            13 => Command::OpenStage(&[&contract]),
            14 => Command::CloseStage,
            15 => Command::IssueLink { kind, keys: self.keys },
            16 if link.is_some() => Command::RevokeLink(link.unwrap()),
            17 => Command::SetSigningWindow(choices.one_of(&windows)),
            18 if choices.percent(15) => Command::Conclude(&[&contract]),
            _ => Command::Lapse(&[&contract]),
        };
        self.ask(command, who, choices, marks);
    }
}

#[test]
fn m1_to_m18_random_sequences_keep_every_rule() {
    let cast = Cast::new();
    let keys = LinkKeys::new(LinkKey::new(KeyId::new("k1").unwrap(), &[7; 32]).unwrap());
    let stranger = PersonFacts::from(cast.employees[9].1.person());
    let coverage = explore(256, 800, |choices, marks| {
        let mut run = Run::new(&cast, &keys, choices, marks);
        let straight = choices.one_of(&[6, 15, 50]);
        while choices.more() {
            run.now += Duration::minutes(i64::try_from(choices.below(15)).unwrap());
            let preparing = run.state().phase() == Phase::Draft;
            if choices.percent(if preparing { 75 } else { straight }) {
                run.go_on(choices, marks);
            } else {
                run.anything(choices, marks);
            }
            let list = MyMeetings::list_for(&stranger, [run.state()]);
            assert!(list.meetings.is_empty(), "a stranger sees nothing");
            let signing = run.contract.state().phase();
            let started = signing != Signing::Draft;
            let booked = run.meeting.kinds().any(|kind| kind == "ceremony.booked");
            assert!(!started || booked || signing == Signing::Cancelled);
        }
        run.meeting.check();
        run.contract.check();
        run.entitlement.check();
    });
    for mark in ["booked", "live", "ceremony.signing_stage_opened"] {
        coverage.require(mark, 50);
    }
    for mark in ["concluded_signed", "signed", "ceremony.entered", "cer.host_only"] {
        coverage.require(mark, 25);
    }
    for mark in ["cer.not_invited", "cer.stage_not_open"] {
        coverage.require(mark, 15);
    }
    for mark in ["cancelled", "cer.undeliverable", "ceremony.rescheduled", "layout.seat_taken"] {
        coverage.require(mark, 3);
    }
    for mark in ["concluded_partial", "emp.identity_mismatch", "cer.signers_locked"] {
        coverage.require(mark, 1);
    }
}
