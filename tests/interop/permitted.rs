//! A signing that the chain permits, with the custodian's word that the seal was granted.

use std::collections::BTreeMap;

use sealwright::SealFace;
use sealwright::authorization::{
    ChainFacts, ImageFacts, NewFace, NewSeal, Seal, SealColour, SealCommand, SealFacts, SealName,
    SealRules, SealShape, SealSize, SealSource, SigningPermit, authorize,
};
use sealwright::contract::{
    Allowance, ControlKey, DocumentIntake, IntentMethod, IntentProof, PdfFacts, Pick, Placements,
    ReadingProof, SealKind, SigningAttempt, SigningWindow, StartFacts,
};
use sealwright::geometry::{PageGeometry, Pt};
use sealwright::identity::PersonId;
use sealwright::organization::{By, Entitlements, ShippedRole, Staff};
use sealwright::signing::{LocalSigner, SignedGrant, grant_statement, sign_grant};
use sealwright::statement::IntentKey;
use time::Duration;

use crate::world::{Company, Draft, apply, digest, founded, monday, person, picture, seal_control};

/// Everything that a permitted seal is drawn and signed with.
pub struct Permitted {
    pub permit: SigningPermit,
    pub control: ControlKey,
    pub intent: IntentKey,
    pub grant: SignedGrant,
}

impl Permitted {
    /// For these bytes and this face; the seal goes into the control `seal`.
    pub fn of(bytes: &[u8], face: &SealFace, custodian: &LocalSigner) -> Self {
        let company =
            |id, name, code, number| Company::active(id, name, code, &person("法人", number));
        let a = company("org_a", "晨曦科技(深圳)有限公司", "91350100M000100Y43", 1);
        let b = company("org_b", "远山制造集团有限公司", "91440300MA50004950", 2);
        let writer = a.employ("k", &person("经办", 10), &[ShippedRole::ContractAdmin]);
        let signer = a.employ("sa", &person("签署", 12), &[]);
        let other = b.employ("sb", &person("对方", 13), &[]);
        let seal = registered(&a, face);
        let grant = a.grant("grant_a", &seal, &signer);

        let page = PageGeometry::new([0.0, 0.0, 612.0, 792.0], None, 0, 1.0).unwrap();
        let facts = PdfFacts::of_pages(vec![page]);
        let document = DocumentIntake::pdf("d1".parse().unwrap(), 1, digest(bytes), facts);
        let staff = Staff::of(&a.organization, &writer).unwrap();
        let draft = Draft::default()
            .party("pa", &a)
            .party("pb", &b)
            .signer("slot_a", "pa", &signer, 1)
            .signer("slot_b", "pb", &other, 2)
            .document(document)
            .control(seal_control("d1", "seal", "slot_a", Pt(100.0), Pt(100.0)))
            .control(seal_control("d1", "seal_b", "slot_b", Pt(300.0), Pt(100.0)));
        let (mut contract, _) = draft.written("con_1", &staff);
        let start = StartFacts {
            placements: &Placements::default(),
            documents: &BTreeMap::from([("d1".parse().unwrap(), digest(bytes))]),
            entitlements: Entitlements::NONE,
            quota: Allowance::Unlimited,
            withheld: &BTreeMap::new(),
        };
        let now = monday() - Duration::hours(1);
        let started = contract.start(&start, &By::Staff(staff), now).unwrap();
        apply(&started.contract, &mut contract);

        let control = ControlKey::new("d1".parse().unwrap(), "seal".parse().unwrap());
        let slot = || "slot_a".parse().unwrap();
        let shown = [("d1".parse().unwrap(), digest(bytes))];
        let (id, who) = (contract.id().clone(), signer.id().clone());
        let meant = IntentProof::new(id, slot(), who.into(), shown);
        let attempt = SigningAttempt::new(slot())
            .choose(control.clone(), Pick::Seal(seal.id().clone()))
            .meant(meant.check(IntentMethod::Face, "face-1", monday()))
            .read(ReadingProof { shown_for: Duration::seconds(60), reached_end: true });
        let by = a.by(&signer);
        let (seals, grants) = ([&seal], [&grant]);
        let facts = ChainFacts::of(&by, &seals, &grants);
        let window = SigningWindow::NO_MEETING;
        let permit = authorize(&contract, &attempt, &facts, window, monday()).unwrap();
        let code = a.organization.uscc();
        let statement = grant_statement(&grant, &seal, Some(code), None, monday()).unwrap();
        Self {
            permit,
            control,
            intent: IntentKey::new(&[7; 32]).unwrap(),
            grant: sign_grant(&statement, custodian).unwrap(),
        }
    }
}

/// A seal of the company with this face.
fn registered(company: &Company, face: &SealFace) -> Seal {
    let now = monday() - Duration::days(20);
    let rules = SealRules::default();
    let facts =
        SealFacts { organization: &company.organization, seals: &[], grants: &[], rules: &rules };
    let image = ImageFacts { face: Some(face.face_digest()), ..picture("seal_a") };
    let new_face = NewFace {
        source: SealSource::Uploaded,
        image,
        shape: SealShape::Circle,
        size: Some(SealSize::round(42)),
        colour: SealColour::Red,
    };
    let name = SealName::parse("seal_a").unwrap();
    let new = NewSeal::new("seal_a".parse().unwrap(), SealKind::Contract, name, new_face);
    let mut seal = founded(&Seal::create(new, &company.head(), &facts, now).unwrap());
    let host: PersonId = "reviewer".parse().unwrap();
    let decision = seal.decide(SealCommand::Approve, &By::Host(&host), &facts, now).unwrap();
    apply(&decision, &mut seal);
    seal
}
