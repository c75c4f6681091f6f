//! Two companies with seals that can be drawn, keys, and a contract on a real document.
#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::collections::BTreeMap;

use sealwright::appearance::design::{RoundSeal, SealDesign};
use sealwright::appearance::{Font, FontBook, SealFace, SignatureFace};
use sealwright::audit::{Entry, HostKey};
use sealwright::authorization::{
    ChainFacts, NewFace, NewSeal, Seal, SealCommand, SealFacts, SealGrant, SealName, SealRules,
    SealSize,
};
use sealwright::contract::{
    self, Absolute, Allowance, Contract, Control, ControlKind, DateStyle, DocumentIntake,
    IntentMethod, IntentProof, Opinion, Pick, Placements, Point, ReadingProof, SealKind, SealMark,
    SignatureMark, SignatureMethod, SigningAttempt, SigningWindow, StartFacts,
};
use sealwright::decision::{Aggregate, Recorded};
use sealwright::digest::Digest;
use sealwright::execution::{
    self, Applied, Certifier, CheckFacts, Documents, Error, Means, Signing, StampOptions,
    StampSource, Stamping, Started,
};
use sealwright::geometry::{Mm, PageIndex};
use sealwright::identity::{DocumentId, PersonId, SlotId};
use sealwright::limits::Limits;
use sealwright::organization::{By, Employee, Entitlements, ShippedRole};
use sealwright::pdf::{File, Password};
use sealwright::placement;
use sealwright::report::Report;
use sealwright::signing::{
    LocalSigner, SignedGrant, Signer, SignerError, TimestampAuthority, grant_statement, sign_grant,
};
use sealwright::statement::{GrantStatement, IntentKey};
use sealwright_testdata::font::{NOTO_SANS_SC, NOTO_SERIF_SC};
use sealwright_testdata::pki::{Identity, KeyType, Validity, identity};
use sealwright_testdata::tsa::Tsa;
use time::{Duration, OffsetDateTime};

use crate::world::{
    Company, Draft, apply, control, cross_page_control, digest, founded, monday, person,
    seal_control,
};

/// One party: its company, who signs for it, and with what.
pub struct Side {
    pub company: Company,
    pub signer: Employee,
    pub seal: Seal,
    pub grant: SealGrant,
    /// What the custodian of the seal has signed of the grant.
    pub paper: Option<SignedGrant>,
    pub face: SealFace,
    pub key: LocalSigner,
}

/// Everybody, and the contract as it goes along, with the bytes of its documents.
pub struct Cast {
    pub sides: Vec<Side>,
    pub fonts: FontBook,
    pub host_key: HostKey,
    pub intent_key: IntentKey,
    pub contract: Contract,
    pub bytes: BTreeMap<DocumentId, Vec<u8>>,
    /// The password of the documents; empty for those that need none.
    pub password: &'static str,
    /// The trail of the contract.
    pub trail: Vec<Entry>,
    pub now: OffsetDateTime,
}

/// What a contract is staged with.
pub struct Staging {
    pub parties: usize,
    /// As they are taken in, with their ids and their bytes.
    pub documents: Vec<(DocumentIntake, &'static str, Vec<u8>)>,
    pub controls: Vec<Control>,
    pub settings: contract::Settings,
    /// The type of all keys; else there is one of each type.
    pub key: Option<KeyType>,
    /// Whether the clerk has acknowledged the warnings.
    pub acknowledges: bool,
    /// The password of documents that come after it.
    pub password: &'static str,
}

impl Staging {
    /// So many parties, signed in their order; no document yet.
    pub fn of(parties: usize, controls: Vec<Control>) -> Self {
        let settings = contract::Settings::default();
        let (documents, key, acknowledges, password) = (Vec::new(), None, true, "");
        Self { parties, documents, controls, settings, key, acknowledges, password }
    }

    /// With one more document.
    pub fn on(mut self, id: &'static str, bytes: &[u8]) -> Self {
        self.documents.push((taken_in(id, bytes, self.password), id, bytes.to_vec()));
        self
    }

    /// With this password for the documents.
    pub fn locked(self, password: &'static str) -> Self {
        Self { password, ..self }
    }

    /// With keys of this type for everybody.
    pub fn keys(self, kind: KeyType) -> Self {
        Self { key: Some(kind), ..self }
    }
}

/// A time-stamping authority within reach.
pub struct Service {
    pub tsa: Tsa,
    pub at: OffsetDateTime,
}

impl TimestampAuthority for Service {
    fn stamp(&self, request: &[u8]) -> Result<Vec<u8>, SignerError> {
        Ok(self.tsa.answer(request, self.at))
    }
}

/// An authority without a flaw.
pub fn tsa() -> Tsa {
    Tsa::new(KeyType::P256, Validity::around(monday()))
}

/// A local signer with a certificate of its own.
pub fn key(kind: KeyType) -> LocalSigner {
    let identity: Identity = identity_of(kind);
    let (key, chain) = (identity.key_pem(), identity.chain_pem());
    LocalSigner::from_pem(key.as_bytes(), chain.as_bytes()).unwrap()
}

/// Whose root everybody here has.
pub fn identity_of(kind: KeyType) -> Identity {
    identity(kind, Validity::around(monday()))
}

impl Side {
    /// `number` tells the companies apart; the names are of the letters that the test font has.
    pub fn new(number: usize, kind: KeyType) -> Self {
        let names = ["江州澄砚信息技术有限公司", "云泽溯舟供应链管理有限公司"];
        let codes = ["91350100M000100Y43", "91440300MA50004950"];
        let (name, code) = (names[number % 2], codes[number % 2]);
        let base = u32::try_from(number).unwrap() * 10;
        let head = person("甲法人", 100 + base);
        let company = Company::active(&format!("org_{number}"), name, code, &head);
        let signer =
            company.employ(&format!("signer_{number}"), &person("甲签署", 101 + base), &[]);
        let font = Font::from_bytes(NOTO_SERIF_SC, 0).unwrap();
        let design = RoundSeal::new(name, SealSize::round(38 + 2 * (number as u16 % 3))).unwrap();
        let (face, record) = SealDesign::from(design).face_to_register(&font).unwrap();
        let seal = registered(&company, &format!("seal_{number}"), record);
        let grant = company.grant(&format!("grant_{number}"), &seal, &signer);
        let key = key(kind);
        Self { company, signer, seal, grant, paper: None, face, key }
    }

    pub fn by(&self) -> By<'_> {
        self.company.by(&self.signer)
    }

    /// What the custodian can say of the grant: for the key that the signer has.
    pub fn granting(&self, at: OffsetDateTime) -> GrantStatement {
        let certificate = self.key.description().certificates().first();
        let code = Some(self.company.organization.uscc());
        grant_statement(&self.grant, &self.seal, code, certificate, at).unwrap()
    }
}

/// A company seal with this face, let pass.
pub fn registered(company: &Company, id: &str, face: NewFace) -> Seal {
    let now = monday() - Duration::days(20);
    let rules = SealRules::default();
    let facts =
        SealFacts { organization: &company.organization, seals: &[], grants: &[], rules: &rules };
    let name = SealName::parse(id).unwrap();
    let new = NewSeal::new(id.parse().unwrap(), SealKind::Official, name, face);
    let mut seal = founded(&Seal::create(new, &company.head(), &facts, now).unwrap());
    let host: PersonId = "reviewer".parse().unwrap();
    if let Ok(decision) = seal.decide(SealCommand::Approve, &By::Host(&host), &facts, now) {
        apply(&decision, &mut seal);
    }
    seal
}

pub fn document_id() -> DocumentId {
    "doc_1".parse().unwrap()
}

pub fn slot(number: usize) -> SlotId {
    format!("slot_{number}").parse().unwrap()
}

/// A file, as the domain takes it in.
fn taken_in(id: &str, bytes: &[u8], password: &str) -> DocumentIntake {
    let (id, password) = (id.parse().unwrap(), Password::new(password));
    let limits = Limits::default();
    execution::intake_with_password(id, "采购合同.pdf", bytes, limits, &password).unwrap()
}

/// The entries of a contract's trail.
fn entries(events: &[Recorded<contract::Event>]) -> Vec<Entry> {
    let (mut contract, first) = Contract::found(&events[0]).unwrap();
    let rest = events[1..].iter().map(|event| contract.apply(event).unwrap());
    [first].into_iter().chain(rest).collect()
}

/// Where the controls stand that the documents have to be looked into for.
fn located(
    contract: &Contract,
    bytes: &BTreeMap<DocumentId, Vec<u8>>,
    password: &Password,
) -> Placements {
    let limits = Limits::default;
    let open = |bytes: &[u8]| File::open_with_password(bytes.to_vec(), limits(), password).unwrap();
    let files: Vec<_> = bytes.iter().map(|(id, bytes)| (id, open(bytes))).collect();
    let documents = files.iter().fold(placement::Documents::default(), |documents, (id, file)| {
        documents.with((*id).clone(), file)
    });
    placement::locate(contract, &documents).unwrap()
}

/// For each party a seal on the last page, a cross-page seal and a date.
pub fn usual_controls(parties: usize) -> Vec<Control> {
    let mut controls = Vec::new();
    for number in 0..parties {
        let of = format!("slot_{number}");
        let x = 25.0 + 90.0 * f64::from(u32::try_from(number % 2).unwrap());
        let y = 185.0 - 45.0 * f64::from(u32::try_from(number / 2).unwrap());
        controls.push(seal_control("doc_1", &format!("seal_{number}"), &of, Mm(x), Mm(y)));
        controls.push(cross_page_control("doc_1", &format!("edge_{number}"), &of, number));
        let at = Point::at(Mm(x), Mm(y + 44.0)).unwrap();
        let date = ControlKind::SignDate(DateStyle::default());
        let place = Absolute::new(PageIndex::LAST, at);
        controls.push(control("doc_1", &format!("date_{number}"), &of, date, place));
    }
    controls
}

impl Cast {
    /// A contract of so many parties, signed in their order, on the contract of three pages.
    pub fn of(parties: usize) -> Self {
        Self::with(parties, usual_controls(parties), sealwright_testdata::contract::PDF, |_| {})
    }

    /// This custodian signs the grants of all sides.
    pub fn sign_grants(&mut self, custodian: &LocalSigner) {
        let now = self.now;
        for side in &mut self.sides {
            side.paper = Some(sign_grant(&side.granting(now), custodian).unwrap());
        }
    }

    /// Takes back the right of one signer to use his seal.
    pub fn revoke(&mut self, number: usize) {
        let side = &mut self.sides[number];
        let rules = SealRules::default();
        let organization = &side.company.organization;
        let facts = SealFacts { organization, seals: &[], grants: &[], rules: &rules };
        let revoked = side.grant.revoke(None, &side.seal, &side.company.head(), &facts, self.now);
        apply(&revoked.unwrap(), &mut side.grant);
    }

    /// The same with other controls, another document and other settings.
    pub fn with(
        parties: usize,
        controls: Vec<Control>,
        bytes: &[u8],
        set: impl FnOnce(&mut contract::Settings),
    ) -> Self {
        let mut staging = Staging::of(parties, controls).on("doc_1", bytes);
        set(&mut staging.settings);
        Self::staged(staging).unwrap()
    }

    /// A contract whose signing has begun, its warnings acknowledged; or why it cannot begin.
    pub fn staged(staging: Staging) -> Result<Self, contract::Error> {
        let Staging { parties, documents, controls, settings, key, acknowledges, password } =
            staging;
        let key = |number| key.unwrap_or(KeyType::ALL[number % KeyType::ALL.len()]);
        let sides: Vec<Side> = (0..parties).map(|number| Side::new(number, key(number))).collect();
        let clerk =
            sides[0].company.employ("clerk", &person("甲预约", 999), &[ShippedRole::ContractAdmin]);
        let mut draft = Draft { settings, ..Draft::default() };
        let mut bytes = BTreeMap::new();
        for (intake, id, data) in documents {
            draft = draft.document(intake);
            bytes.insert(id.parse().unwrap(), data);
        }
        for (number, side) in sides.iter().enumerate() {
            let party = format!("party_{number}");
            let rank = u32::try_from(number).unwrap() + 1;
            draft = draft.party(&party, &side.company);
            draft = draft.signer(&format!("slot_{number}"), &party, &side.signer, rank);
        }
        draft = controls.into_iter().fold(draft, Draft::control);
        let by = By::Staff(
            sealwright::organization::Staff::of(&sides[0].company.organization, &clerk).unwrap(),
        );
        let (mut contract, events) = draft.written("con_1", by.staff().unwrap());
        let mut trail = entries(&events);
        let now = monday();
        let placements = located(&contract, &bytes, &Password::new(password));
        let digests: BTreeMap<DocumentId, Digest> =
            contract.documents().iter().map(|it| (it.id().clone(), *it.digest())).collect();
        let facts = StartFacts {
            placements: &placements,
            documents: &digests,
            entitlements: Entitlements::of(&[]),
            quota: Allowance::Unlimited,
            withheld: &BTreeMap::new(),
        };
        let warnings = contract.validate(&facts, now).warnings;
        let warnings =
            warnings.iter().filter(|_| acknowledges).map(|warning| warning.code()).collect();
        let acknowledged = contract::Command::Edit(contract::Edit::Acknowledged { warnings });
        let decision = contract.decide(acknowledged, &by, now).unwrap();
        trail.extend(decision.apply_to(&mut contract).unwrap());
        let started = contract.start(&facts, &by, now)?;
        trail.extend(started.contract.apply_to(&mut contract).unwrap());
        let font = Font::from_bytes(NOTO_SANS_SC, 0).unwrap();
        Ok(Self {
            fonts: FontBook::new().with(contract::Font::Hei, font).unwrap(),
            host_key: HostKey::new(b"thirty-two bytes out of a vault!").unwrap(),
            intent_key: IntentKey::new(b"another thirty-two secret bytes!").unwrap(),
            bytes,
            password,
            sides,
            contract,
            trail,
            now,
        })
    }

    /// The same for every step.
    pub fn means(&self) -> Means<'_> {
        Means::new(&self.fonts)
    }

    pub fn documents(&self) -> Documents<'_> {
        self.bytes.iter().fold(Documents::new(), |documents, (id, bytes)| {
            let (limits, password) = (Limits::default(), Password::new(self.password));
            documents.with_password(id.clone(), bytes, limits, &password).unwrap()
        })
    }

    /// Prepares the documents.
    pub fn start(&mut self, certifier: Certifier<'_>) {
        self.try_start(certifier).unwrap();
    }

    /// Prepares the documents, or is refused and changes nothing.
    pub fn try_start(&mut self, certifier: Certifier<'_>) -> Result<(), Error> {
        let host: PersonId = "platform".parse().unwrap();
        let fonts = self.fonts.clone();
        let means = Means::new(&fonts);
        let (documents, by) = (self.documents(), By::Host(&host));
        let started =
            execution::start(&self.contract, &documents, &means, certifier, &by, self.now)?;
        let Started { documents: appended, contract } = started;
        drop(documents);
        self.trail.extend(contract.apply_to(&mut self.contract).unwrap());
        appended.iter().for_each(|appended| self.append(appended));
        Ok(())
    }

    pub fn append(&mut self, appended: &execution::Appended) {
        let bytes = self.bytes.get_mut(appended.document()).unwrap();
        assert_eq!(u64::try_from(bytes.len()).unwrap(), appended.base_len());
        bytes.extend_from_slice(appended.bytes());
        assert_eq!(appended.revised().after, digest(bytes));
    }

    /// Everything that a side brings: its seal for every seal control, its name for signatures.
    pub fn attempt(&self, number: usize) -> SigningAttempt {
        let (side, slot) = (&self.sides[number], slot(number));
        let shown = self.contract.documents().iter().map(|it| (it.id().clone(), *it.digest()));
        let intent =
            IntentProof::new(self.contract.id().clone(), slot.clone(), side.by().actor(), shown)
                .check(IntentMethod::Face, "face-check-7", self.now - Duration::minutes(1));
        let read = ReadingProof { shown_for: Duration::minutes(3), reached_end: true };
        let mut attempt = SigningAttempt::new(slot.clone()).meant(intent).read(read);
        for control in self.contract.sign_controls_of(&slot) {
            let pick = match control.kind() {
                kind if kind.is_seal() => Pick::Seal(side.seal.id().clone()),
                ControlKind::Opinion(opinion) => Pick::Opinion(opinion.text()),
                ControlKind::SignDate(_) => Pick::Date,
                _ => Pick::Signature(SignatureMethod::Generated),
            };
            attempt = attempt.choose(control.key().clone(), pick);
        }
        attempt
    }

    /// Calls with everything that a side brings.
    pub fn signing<T>(&self, number: usize, go: impl FnOnce(&Signing<'_>) -> T) -> T {
        let side = &self.sides[number];
        let (by, seals, grants) = (side.by(), [&side.seal], [&side.grant]);
        let facts = ChainFacts::of(&by, &seals, &grants);
        let faces = |_: &_, _| Some(side.face.clone());
        let signatures =
            |_: &_| Some(SignatureFace::Generated("甲签署", contract::TextStyle::default()));
        let (attempt, window) = (self.attempt(number), SigningWindow::NO_MEETING);
        let signing = Signing {
            faces: &faces,
            signatures: &signatures,
            granted: side.paper.as_slice(),
            ..Signing::new(attempt, facts, window, &self.host_key, &self.intent_key)
        };
        go(&signing)
    }

    /// Signs for a side, or is refused and changes nothing.
    pub fn sign(&mut self, number: usize) -> Result<(), Error> {
        let documents = self.documents();
        let key = &self.sides[number].key;
        let applied = self.signing(number, |signing| {
            execution::apply(&self.contract, &documents, signing, &self.means(), key, self.now)
        })?;
        drop(documents);
        self.store(number, &applied);
        Ok(())
    }

    pub fn store(&mut self, number: usize, applied: &Applied) {
        self.trail.extend(applied.recorded.contract.apply_to(&mut self.contract).unwrap());
        for decision in &applied.recorded.grants {
            apply(decision, &mut self.sides[number].grant);
        }
        applied.documents.iter().for_each(|appended| self.append(appended));
        self.now += Duration::minutes(1);
    }

    /// Checks the documents and closes them with time-stamps, or is refused and changes nothing.
    pub fn close(&mut self, stamping: Option<Stamping<'_>>) -> Result<(), Error> {
        let host: PersonId = "platform".parse().unwrap();
        let (documents, by) = (self.documents(), By::Host(&host));
        let seals: Vec<_> = self.sides.iter().map(|side| &side.seal).collect();
        let grants: Vec<_> = self.sides.iter().map(|side| &side.grant).collect();
        let facts = CheckFacts::of(&seals, &grants);
        let (fonts, contract) = (self.fonts.clone(), self.contract.clone());
        let means = Means::new(&fonts);
        let completed = execution::complete(
            &contract,
            &documents,
            &means,
            Some(&facts),
            stamping,
            &by,
            self.now,
        )?;
        drop(documents);
        assert!(completed.verdict.unwrap().is_complete());
        self.trail.extend(completed.contract.apply_to(&mut self.contract).unwrap());
        completed.documents.iter().for_each(|appended| self.append(appended));
        self.now += Duration::minutes(1);
        Ok(())
    }

    /// The same with an authority that answers at once.
    pub fn close_with(&mut self, tsa: Tsa) -> Result<(), Error> {
        let authority = Service { tsa, at: self.now };
        let mut last = 0;
        let mut nonces = || {
            last += 1;
            last
        };
        let source = StampSource::Authority { authority: &authority, nonces: &mut nonces };
        self.close(Some(Stamping { source, options: StampOptions::default() }))
    }

    pub fn report(&self) -> Report {
        self.report_of(&document_id())
    }

    pub fn report_of(&self, document: &DocumentId) -> Report {
        let bytes = &self.bytes[document];
        sealwright::check(bytes, &sealwright::CheckOptions::without_trust()).unwrap()
    }
}

/// An ordinary seal for each party: twenty a page, in columns of four.
pub fn ordinary_seals(parties: usize) -> Vec<Control> {
    let steps = |number: usize| f64::from(u32::try_from(number).unwrap());
    let seal = |number: usize| {
        let (column, row) = (number % 20 % 4, number % 20 / 4);
        let at = Point::at(Mm(6.0 + 50.0 * steps(column)), Mm(8.0 + 55.0 * steps(row))).unwrap();
        let page = PageIndex::new(i32::try_from(number / 20 + 1).unwrap()).unwrap();
        let (id, of) = (format!("seal_{number}"), format!("slot_{number}"));
        let kind = ControlKind::Seal(SealMark::default());
        control("doc_1", &id, &of, kind, Absolute::new(page, at))
    };
    (0..parties).map(seal).collect()
}

/// The fields that are made for a control: one, or one for each of its places.
pub fn field_names(control: &Control) -> Vec<String> {
    let (id, places) = (control.key().control.as_str(), control.spots().len());
    let name = |place| if places == 1 { id.to_owned() } else { format!("{id}#{place}") };
    (1..=places).map(name).collect()
}

/// The kinds that are no seals, for one slot: a signature by hand, an opinion.
pub fn by_hand(of: &str) -> Vec<Control> {
    let place = |y: f64| Absolute::new(PageIndex::LAST, Point::at(Mm(20.0), Mm(y)).unwrap());
    let opinion = ControlKind::Opinion(Opinion::new(["同意"]).unwrap());
    let signature = ControlKind::Signature(SignatureMark::by([SignatureMethod::Generated]));
    vec![
        control("doc_1", "signature", of, signature, place(120.0)),
        control("doc_1", "opinion", of, opinion, place(145.0)),
    ]
}

/// Writes the document into the folder that `SEALWRIGHT_LOOK` names, for whoever wants to look at it.
pub fn look(cast: &Cast) {
    if let Ok(folder) = std::env::var("SEALWRIGHT_LOOK") {
        let name = std::thread::current().name().unwrap().replace("::", "-");
        std::fs::write(format!("{folder}/{name}.pdf"), &cast.bytes[&document_id()]).unwrap();
    }
}
