//! Seals, grants and the signings that rest on them, held against a second opinion: a table of the
//! seals and grants that the test keeps for itself.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU32;

use sealwright::audit::{HostKey, IdentityReference};
use sealwright::authorization::{
    ChainFacts, Error, GrantScope, ImageFacts, ImageFormat, NewFace, NewGrant, NewSeal, Register,
    Seal, SealColour, SealCommand, SealFacts, SealGrant, SealName, SealRules, SealShape, SealSize,
    SealSource, SealStatus, SigningPermit, Validity, authorize, record_signing,
};
use sealwright::contract::{
    Allowance, Command, Contract, ContractName, Event, IntentMethod, IntentProof, Mark,
    NewContract, Phase, Pick, Placements, ReadingProof, SealKind, SignedRecord, SigningAttempt,
    SigningFacts, SigningWindow, Slot, StartFacts,
};
use sealwright::identity::{ContractId, GrantId};
use sealwright::organization::{By, Entitlements};
use sealwright::statement::FaceDigest;
use time::{Duration, OffsetDateTime};

use crate::cast::{Cast, Who};
use crate::drafts::two_seals;
use crate::people::{START, digest};
use crate::sequence::{Choices, Marks, Watched, explore};
use crate::signatures::record;

const SIGNERS: [usize; 2] = [3, 8];
/// Seals 0 and 1 belong to the first company, 2 and 3 to the second.
const SEALS: usize = 4;

/// When a seal may be applied: two of them are for a time of their own.
fn window_of(seal: usize) -> (OffsetDateTime, Option<OffsetDateTime>) {
    match seal {
        1 => (START, Some(START + Duration::hours(20))),
        3 => (START + Duration::hours(4), None),
        _ => (START, None),
    }
}

/// A grant as the test remembers it.
struct Remembered {
    seal: usize,
    signer: usize,
    from: OffsetDateTime,
    until: Option<OffsetDateTime>,
    only: Option<ContractId>,
    most: Option<u32>,
    revoked: bool,
    uses: u32,
}

struct Run<'c> {
    cast: &'c Cast,
    rules: SealRules,
    seals: Vec<Watched<Seal>>,
    grants: Vec<Watched<SealGrant>>,
    remembered: Vec<Remembered>,
    contracts: Vec<Watched<Contract>>,
    now: OffsetDateTime,
    revisions: usize,
}

impl<'c> Run<'c> {
    fn new(cast: &'c Cast) -> Self {
        let mut run = Self {
            cast,
            rules: SealRules::default(),
            seals: Vec::new(),
            grants: Vec::new(),
            remembered: Vec::new(),
            contracts: Vec::new(),
            now: START,
            revisions: 0,
        };
        for number in 0..SEALS {
            let name = SealName::parse(&format!("印章{number}")).unwrap();
            let kind = [SealKind::Official, SealKind::Contract][number % 2].clone();
            let mut new =
                NewSeal::new(format!("seal_{number}").parse().unwrap(), kind, name, face(1));
            (new.valid_from, new.valid_until) = (Some(window_of(number).0), window_of(number).1);
            let by = run.admin_of(number / 2);
            let created = Seal::create(new, &cast.by(by), &run.facts(number / 2), START);
            run.seals.push(Watched::begin(&created.unwrap()));
            run.command(number, SealCommand::Approve, Who::Host).unwrap();
        }
        run
    }

    fn admin_of(&self, company: usize) -> Who {
        Who::Employee(company * 5)
    }

    fn facts(&self, company: usize) -> SealFacts<'_> {
        let organization = &self.cast.companies[company];
        SealFacts { organization, seals: &[], grants: &[], rules: &self.rules }
    }

    fn command(&mut self, number: usize, command: SealCommand, who: Who) -> Result<(), Error> {
        let before = self.seals[number].state().clone();
        let by = self.cast.by(who);
        let outcome = before.decide(command, &by, &self.facts(number / 2), self.now);
        self.seals[number].follow(&before, outcome).map(drop)
    }

    fn change_seal(&mut self, choices: &mut Choices, marks: &mut Marks) {
        let number = choices.below(SEALS);
        let versions = self.seals[number].state().versions().count();
        let (command, who) = match choices.below(8) {
            0 => (SealCommand::Disable, self.admin_of(number / 2)),
            1..5 => (SealCommand::Enable, self.admin_of(number / 2)),
            5 => {
                let face = face(u8::try_from(versions + 1).unwrap());
                (SealCommand::ChangeFace(face), self.admin_of(number / 2))
            }
            6 => (SealCommand::Approve, Who::Host),
            _ => (SealCommand::Disable, self.cast.anybody(choices)),
        };
        match self.command(number, command, who) {
            Ok(()) => marks.reached("seal changed"),
            Err(error) => marks.reached(error.code()),
        }
    }

    fn give(&mut self, choices: &mut Choices, marks: &mut Marks) {
        let seal = choices.below(SEALS);
        let own = choices.percent(80);
        let signer = if own { seal / 2 } else { 1 - seal / 2 };
        let hours = |choices: &mut Choices, most| {
            Duration::hours(i64::try_from(choices.below(most)).unwrap())
        };
        let from = self.now + hours(choices, 12) - Duration::hours(6);
        let until = choices.percent(50).then(|| from + Duration::HOUR + hours(choices, 24));
        let only = choices.percent(25).then(|| contract_id(choices.below(4)));
        let most = choices.percent(40).then(|| 1 + u32::try_from(choices.below(2)).unwrap());
        let id: GrantId = format!("grant_{}", self.grants.len()).parse().unwrap();
        let scope = match &only {
            Some(contract) => GrantScope::of_lists([contract.clone()], []).unwrap(),
            None => GrantScope::AnyContract,
        };
        let validity = Validity::new(from, until).unwrap();
        let max_uses = most.and_then(NonZeroU32::new);
        let new = NewGrant { scope, max_uses, ..NewGrant::to_use(id, validity) };
        let company = &self.cast.companies[seal / 2];
        let grantee = &self.cast.employees[SIGNERS[signer]].1;
        let by = self.cast.by(self.admin_of(seal / 2));
        let given =
            SealGrant::grant(new, self.seals[seal].state(), grantee.into(), &by, company, self.now);
        match given {
            Ok(decision) => {
                assert_eq!(seal / 2, signer, "nobody is given a seal of another company");
                assert_eq!(self.seals[seal].state().status(), SealStatus::Enabled);
                self.grants.push(Watched::begin(&decision));
                let revoked = false;
                let known = Remembered { seal, signer, from, until, only, most, revoked, uses: 0 };
                self.remembered.push(known);
            }
            Err(error) => marks.reached(error.code()),
        }
    }

    fn revoke(&mut self, choices: &mut Choices, marks: &mut Marks) {
        if self.grants.is_empty() {
            return;
        }
        let number = choices.below(self.grants.len());
        let before = self.grants[number].state().clone();
        let seal = self.remembered[number].seal;
        let by = self.cast.by(self.admin_of(seal / 2));
        let seal_state = self.seals[seal].state().clone();
        let outcome = before.revoke(None, &seal_state, &by, &self.facts(seal / 2), self.now);
        match self.grants[number].follow(&before, outcome) {
            Ok(_) => {
                assert!(!self.remembered[number].revoked, "once only");
                self.remembered[number].revoked = true;
            }
            Err(error) => marks.reached(error.code()),
        }
    }

    /// What the table says of a use: nothing if it is allowed, else the code of the refusal. It
    /// follows §2.4 of the domain word by word and shares no line with the engine.
    fn second_opinion(
        &self,
        seal: usize,
        signer: usize,
        contract: &ContractId,
    ) -> Option<&'static str> {
        if seal / 2 != signer {
            return Some("seal.not_owned");
        }
        if self.seals[seal].state().status() != SealStatus::Enabled {
            return Some("seal.not_enabled");
        }
        let (from, until) = window_of(seal);
        if self.now < from || until.is_some_and(|until| self.now >= until) {
            return Some("seal.outside_validity");
        }
        let grants = self.remembered.iter().filter(|it| it.seal == seal && it.signer == signer);
        let steps = grants.map(|grant| {
            let refused = [
                (grant.revoked, "grant.revoked"),
                (self.now < grant.from, "grant.not_yet_valid"),
                (grant.until.is_some_and(|until| self.now >= until), "grant.expired"),
                (grant.only.as_ref().is_some_and(|it| it != contract), "grant.scope_excluded"),
                (grant.most.is_some_and(|most| grant.uses >= most), "grant.usage_exhausted"),
            ];
            let passed = refused.iter().take_while(|(fails, _)| !fails).count();
            (passed, refused.get(passed).map(|(_, code)| *code))
        });
        match steps.max_by_key(|(passed, _)| *passed) {
            None => Some("grant.not_found"),
            Some((_, code)) => code,
        }
    }

    /// A new contract that both companies sign, started.
    fn begin_contract(&mut self) {
        let number = self.contracts.len();
        if number == 4 {
            return;
        }
        let name = ContractName::parse("协议").unwrap();
        let new = NewContract::new(contract_id(number), name);
        let booker = self.cast.staff(1);
        let created = Contract::create(new, &booker, Allowance::Unlimited, self.now).unwrap();
        let mut contract = Watched::begin(&created);
        let facts = |signer: usize| (signer, self.cast.employees[signer].1.person().clone());
        let by = By::Staff(booker);
        for edit in two_seals(self.cast, SIGNERS.map(facts)) {
            let before = contract.state().clone();
            contract.follow(&before, before.decide(Command::Edit(edit), &by, self.now)).unwrap();
        }
        let before = contract.state().clone();
        let documents: BTreeMap<_, _> =
            before.documents().iter().map(|it| (it.id().clone(), *it.digest())).collect();
        let start = StartFacts {
            placements: &Placements::default(),
            documents: &documents,
            entitlements: Entitlements::NONE,
            quota: Allowance::Unlimited,
            withheld: &BTreeMap::new(),
        };
        let started = before.start(&start, &by, self.now).unwrap();
        contract.follow(&before, Ok::<_, Error>(started.contract)).unwrap();
        self.contracts.push(contract);
    }

    fn attempt(&self, contract: &Contract, slot: &Slot, seal: usize, read: bool) -> SigningAttempt {
        let documents = contract.documents().iter().map(|it| (it.id().clone(), *it.digest()));
        let signer = SIGNERS[usize::from(slot.id().as_str() == "slot_1")];
        let signer = self.cast.by(Who::Employee(signer)).actor();
        let proof = IntentProof::new(contract.id().clone(), slot.id().clone(), signer, documents)
            .check(IntentMethod::Face, "face-1", self.now);
        let reading = ReadingProof { shown_for: Duration::MINUTE, reached_end: read };
        let attempt = SigningAttempt::new(slot.id().clone()).meant(proof).read(reading);
        contract.sign_controls_of(slot.id()).fold(attempt, |attempt, control| {
            let id = format!("seal_{seal}").parse().unwrap();
            attempt.choose(control.key().clone(), Pick::Seal(id))
        })
    }

    /// Somebody signs: the chain is asked, the table is asked, and if both agree that he may, the
    /// signing is recorded, at times after something has changed in between.
    fn sign(&mut self, choices: &mut Choices, marks: &mut Marks) {
        if self.contracts.is_empty() {
            return;
        }
        let number = choices.below(self.contracts.len());
        let contract = self.contracts[number].state().clone();
        let due = contract.pending().next().cloned();
        let slot = match due {
            Some(slot) if choices.percent(85) => slot,
            _ => contract.slots()[choices.below(2)].clone(),
        };
        let signer = usize::from(slot.id().as_str() == "slot_1");
        let seal =
            if choices.percent(90) { signer * 2 + choices.below(2) } else { choices.below(4) };
        let attempt = self.attempt(&contract, &slot, seal, choices.percent(97));
        let by = self.cast.by(Who::Employee(SIGNERS[signer]));
        let seals: Vec<_> = self.seals.iter().map(Watched::state).collect();
        let grants: Vec<_> = self.grants.iter().map(Watched::state).collect();
        let facts = ChainFacts::of(&by, &seals, &grants);
        let kinds = seals.iter().map(|seal| (seal.id().clone(), seal.kind().clone())).collect();
        let signing = SigningFacts::of(&by, &kinds);

        let before_seals = contract.may_sign(&attempt, &signing, self.now);
        let expected = match &before_seals {
            Err(error) => Some(error.code()),
            Ok(()) => self.second_opinion(seal, signer, contract.id()),
        };
        let outcome = authorize(&contract, &attempt, &facts, SigningWindow::NO_MEETING, self.now);
        assert_eq!(outcome.as_ref().err().map(|refused| refused.code()), expected);
        match outcome {
            Err(refused) => {
                assert_eq!(
                    refused.denied().is_some(),
                    before_seals.is_ok(),
                    "a denied use is noted"
                );
                marks.reached(refused.code());
            }
            Ok(permit) => self.record(permit, &slot, number, choices, marks),
        }
    }

    fn record(
        &mut self,
        permit: SigningPermit,
        slot: &Slot,
        number: usize,
        choices: &mut Choices,
        marks: &mut Marks,
    ) {
        marks.reached("permitted");
        self.revisions += 1;
        let used: BTreeSet<GrantId> = permit.seals().map(|it| it.grant().clone()).collect();
        let seal = permit.seals().next().unwrap();
        let (seal_number, signer): (usize, usize) = (
            seal.seal().as_str().trim_start_matches("seal_").parse().unwrap(),
            usize::from(slot.id().as_str() == "slot_1"),
        );
        let version = seal.version();
        let contract = self.contracts[number].state().clone();
        let by = self.cast.by(Who::Employee(SIGNERS[signer]));
        let key = HostKey::new(&[7; 32]).unwrap();
        let person = by.staff().unwrap().employee().person();
        let mut record = SignedRecord {
            signer: Some(IdentityReference::new(&key, person.id_document())),
            organization: permit.organization().cloned(),
            intent: permit.intent().to_vec(),
            ..record(&contract, slot, self.revisions)
        };
        for application in &mut record.applications {
            let permitted = permit.seals().find(|it| *it.control() == application.control);
            application.mark = permitted.unwrap().mark();
        }
        let forged = choices.percent(5);
        if let Mark::Seal { version, .. } = &mut record.applications[0].mark {
            *version += u32::from(forged);
        }
        if choices.percent(20) {
            self.change_seal(choices, marks);
        }
        if choices.percent(10) {
            // Another face passes its review in between: the seal is enabled, and not the same.
            let next =
                u8::try_from(self.seals[seal_number].state().versions().count() + 1).unwrap();
            let admin = self.admin_of(seal_number / 2);
            if self.command(seal_number, SealCommand::ChangeFace(face(next)), admin).is_ok() {
                self.command(seal_number, SealCommand::Approve, Who::Host).unwrap();
                marks.reached("another face");
            }
        }
        if choices.percent(20) {
            self.revoke(choices, marks);
        }
        // The signature takes its time, and what was permitted may end in the meantime.
        let permitted = self.now;
        let ends = used.iter().filter_map(|id| self.remembered[grant_number(id)].until);
        let lasts = ends
            .chain(window_of(seal_number).1)
            .fold(permitted + SigningPermit::LASTS, OffsetDateTime::min);
        self.now = match choices.below(8) {
            0 => lasts,
            1 => lasts - Duration::NANOSECOND,
            _ => permitted + Duration::minutes(i64::try_from(choices.below(35)).unwrap()),
        };
        let in_time = self.now < lasts;
        if !in_time {
            marks.reached("too slow");
        }

        let state = self.seals[seal_number].state();
        let seal_stands =
            state.status() == SealStatus::Enabled && state.current().number == version;
        let grant_stands = used.iter().all(|id| !self.remembered[grant_number(id)].revoked);
        let seals: Vec<_> = self.seals.iter().map(Watched::state).collect();
        let states: Vec<SealGrant> = self.grants.iter().map(|it| it.state().clone()).collect();
        let grants: Vec<_> = states.iter().collect();
        let register = Register {
            seals: &seals,
            grants: &grants,
            key: &key,
            window: SigningWindow::NO_MEETING,
        };
        match record_signing(&contract, permit, record, &register, &by, self.now) {
            Ok(recorded) => {
                assert!(seal_stands && grant_stands && !forged, "a change in between refuses");
                assert!(in_time, "what has ended in between refuses");
                assert_eq!(recorded.grants.len(), used.len());
                for decision in recorded.grants {
                    let id: GrantId = decision.id().parse().unwrap();
                    let grant = grant_number(&id);
                    let before = self.grants[grant].state().clone();
                    self.grants[grant].follow(&before, Ok::<_, Error>(decision)).unwrap();
                    self.remembered[grant].uses += 1;
                }
                self.contracts[number]
                    .follow(&contract, Ok::<_, Error>(recorded.contract))
                    .unwrap();
                marks.reached("recorded");
                if self.contracts[number].state().phase() == Phase::Completed {
                    marks.reached("completed");
                }
            }
            Err(error) => {
                assert!(!seal_stands || !grant_stands || forged || !in_time, "{error}");
                marks.reached("refused in between");
            }
        }
    }

    fn check(&self) {
        for (grant, known) in self.grants.iter().zip(&self.remembered) {
            let state = grant.state();
            assert_eq!((state.uses(), state.max_uses()), (known.uses, known.most));
            assert!(known.most.is_none_or(|most| known.uses <= most), "no more uses than allowed");
        }
        let used: u32 = self.remembered.iter().map(|known| known.uses).sum();
        let mut applied = 0;
        for recorded in self.contracts.iter().flat_map(Watched::events) {
            if let Event::Signed { record, .. } = &recorded.event {
                applied += u32::try_from(record.applications.len()).unwrap();
            }
        }
        assert_eq!(used, applied, "each seal in a contract is one use of one grant");
    }
}

fn grant_number(id: &GrantId) -> usize {
    id.as_str().trim_start_matches("grant_").parse().unwrap()
}

fn contract_id(number: usize) -> ContractId {
    format!("con_{number}").parse().unwrap()
}

fn face(number: u8) -> NewFace {
    NewFace {
        source: SealSource::Uploaded,
        image: ImageFacts {
            format: Some(ImageFormat::Png),
            bytes: 81_234,
            width: 600,
            height: 600,
            transparent: true,
            source: digest("png"),
            face: Some(FaceDigest::from_bytes([number; 32])),
        },
        shape: SealShape::Circle,
        size: Some(SealSize::round(42)),
        colour: SealColour::Red,
    }
}

#[test]
fn r_sign_12_the_chain_agrees_with_a_second_opinion_on_every_seal_and_grant() {
    let cast = Cast::new();
    let coverage = explore(192, 900, |choices, marks| {
        let mut run = Run::new(&cast);
        run.begin_contract();
        while choices.more() {
            run.now += Duration::minutes(i64::try_from(choices.below(60)).unwrap());
            match choices.below(12) {
                0 => run.begin_contract(),
                1 | 2 => run.change_seal(choices, marks),
                3 | 4 => run.give(choices, marks),
                5 if choices.percent(50) => run.revoke(choices, marks),
                _ => run.sign(choices, marks),
            }
            run.check();
        }
        run.seals.iter().for_each(Watched::check);
        run.grants.iter().for_each(Watched::check);
        run.contracts.iter().for_each(Watched::check);
    });
    for mark in ["permitted", "recorded", "seal changed", "grant.not_found"] {
        coverage.require(mark, 50);
    }
    for mark in ["completed", "seal.not_enabled", "seal.not_owned", "grant.grantee_ineligible"] {
        coverage.require(mark, 40);
    }
    for mark in [
        "grant.revoked",
        "grant.not_yet_valid",
        "grant.expired",
        "grant.scope_excluded",
        "grant.usage_exhausted",
        "refused in between",
        "too slow",
        "seal.outside_validity",
        "another face",
        "con.not_your_turn",
    ] {
        coverage.require(mark, 15);
    }
}
