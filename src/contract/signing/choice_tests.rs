//! R-SIGN-11: what completes which control.

use super::super::samples::{NOW, World, attempt, control, key, seal_id, seal_kinds};
use super::super::{
    AllowedSeals, ApprovalBlock, BlockChild, BlockPart, Contract, ControlKind, DateStyle, Edit,
    Input, Keyword, Located, Opacity, Opinion, Pick, Placements, SealKind, SealMark, SelectorStyle,
    SignatureMark, SignatureMethod, SigningAttempt, SigningFacts, SlotPlan,
};
use crate::contract::samples::{Facts, apply};
use crate::geometry::{Pt, Rect};
use crate::organization::By;

struct Case {
    world: World,
    contract: Contract,
}

impl Case {
    /// The sample contract with a control `x` of this kind for slot `sa`, started.
    fn with(kind: ControlKind) -> Self {
        Self::of(kind, |_| {})
    }

    fn of(kind: ControlKind, change: impl FnOnce(&mut SlotPlan)) -> Self {
        let world = World::new();
        let mut contract = world.draft();
        let (parties, mut slots) = (world.parties(), world.slots());
        change(&mut slots[0]);
        world.edit(&mut contract, Edit::People { parties, slots, cc: Vec::new() });
        let control = Box::new(control("x", kind, "sa", 440.0));
        world.edit(&mut contract, Edit::ControlPlaced { control });
        let contract = world.start(contract);
        Self { world, contract }
    }

    /// The same without the seal control that the sample's slot has.
    fn alone(kind: ControlKind, change: impl FnOnce(&mut SlotPlan)) -> Self {
        let world = World::new();
        let mut contract = world.draft();
        let (parties, mut slots) = (world.parties(), world.slots());
        change(&mut slots[0]);
        world.edit(&mut contract, Edit::People { parties, slots, cc: Vec::new() });
        world.edit(&mut contract, Edit::ControlRemoved { control: key("seal_a") });
        let control = Box::new(control("x", kind, "sa", 440.0));
        world.edit(&mut contract, Edit::ControlPlaced { control });
        let contract = world.start(contract);
        Self { world, contract }
    }

    /// The refusal of this choice for a control that the signer places beside his signature in `x`.
    fn pick_beside(&self, control: &str, pick: Pick) -> &'static str {
        let mut attempt = self.attempt();
        attempt.choices.clear();
        self.code(attempt.choose(key("x"), stroke()).choose(key(control), pick))
    }

    fn attempt(&self) -> SigningAttempt {
        attempt(&self.contract, "sa", NOW)
    }

    /// The refusal of this choice for `x`, or `""`.
    fn pick(&self, pick: Pick) -> &'static str {
        self.code(self.attempt().choose(key("x"), pick))
    }

    fn code(&self, attempt: SigningAttempt) -> &'static str {
        let mut kinds = seal_kinds();
        kinds.insert(seal_id("official"), SealKind::Official);
        kinds.insert(seal_id("invoice"), SealKind::Invoice);
        kinds.insert(seal_id("legal"), SealKind::LegalRepresentative);
        let alice = By::Staff(self.world.alice());
        let facts = SigningFacts::of(&alice, &kinds);
        let before = self.contract.clone();
        let answer = self.contract.may_sign(&attempt, &facts, NOW);
        assert_eq!(self.contract, before);
        answer.err().map_or("", |error| error.code())
    }
}

fn seal(id: &str) -> Pick {
    Pick::Seal(seal_id(id))
}

fn stroke() -> Pick {
    Pick::Signature(SignatureMethod::FreshStroke)
}

#[test]
fn r_sign_11_every_sign_control_has_one_choice() {
    let case = Case::with(ControlKind::Seal(SealMark::default()));
    assert_eq!(case.code(case.attempt()), "sign.control_unsigned");
    assert_eq!(case.pick(seal("seal-a")), "");
    let twice = case.attempt().choose(key("x"), seal("seal-a")).choose(key("x"), seal("seal-a"));
    assert_eq!(case.code(twice), "sign.control_unsigned");
    let others = case.attempt().choose(key("x"), seal("seal-a"));
    assert_eq!(case.code(others.clone().choose(key("seal_b"), seal("seal-a"))), "ctl.not_owner");
    assert_eq!(case.code(others.choose(key("none"), seal("seal-a"))), "ctl.not_owner");
}

#[test]
fn r_sign_11_the_date_is_the_engines() {
    let case = Case::with(ControlKind::SignDate(DateStyle::default()));
    assert_eq!(case.code(case.attempt()), "");
    assert_eq!(case.pick(Pick::Date), "");
    assert_eq!(case.pick(stroke()), "sign.method_not_allowed");
}

#[test]
fn r_sign_11_a_seal_of_an_allowed_kind() {
    let case = Case::with(ControlKind::Seal(SealMark::default()));
    assert_eq!(case.pick(seal("official")), "");
    assert_eq!(case.pick(seal("invoice")), "seal.type_not_allowed");
    assert_eq!(case.pick(seal("legal")), "seal.type_not_allowed");
    assert_eq!(case.pick(seal("unknown")), "seal.not_found");
    assert_eq!(case.pick(stroke()), "sign.method_not_allowed");
    assert_eq!(case.pick(Pick::Date), "seal.type_not_allowed");
    let seals = AllowedSeals::kinds([SealKind::Finance]);
    let finance = ControlKind::Seal(SealMark { seals, ..SealMark::default() });
    assert_eq!(Case::with(finance).pick(seal("seal-a")), "seal.type_not_allowed");
    let seals = AllowedSeals::ids([seal_id("official")]);
    let fixed = Case::with(ControlKind::Seal(SealMark { seals, ..SealMark::default() }));
    assert_eq!(fixed.pick(seal("official")), "");
    assert_eq!(fixed.pick(seal("seal-a")), "seal.type_not_allowed");
}

#[test]
fn r_sign_11_a_seal_that_the_signer_may_use() {
    let seals = AllowedSeals::kinds([SealKind::Contract]);
    let case = Case::of(ControlKind::Seal(SealMark::default()), |slot| slot.allowed.seals = seals);
    assert_eq!(case.pick(seal("seal-a")), "");
    assert_eq!(case.pick(seal("official")), "seal.type_not_allowed");
}

#[test]
fn r_sign_11_the_legal_representatives_seal_in_its_own_control() {
    let (opacity, use_seal_size) = (Opacity::default(), false);
    let case = Case::with(ControlKind::LegalRepSeal { opacity, use_seal_size });
    assert_eq!(case.pick(seal("legal")), "");
    assert_eq!(case.pick(seal("official")), "seal.type_not_allowed");
}

/// What he places himself is no control that the contract knows: his slot says that it may be the
/// legal representative's seal, and then it can be.
#[test]
fn r_sign_11_the_legal_representatives_seal_where_the_slot_names_it() {
    let signature = || ControlKind::Signature(SignatureMark::default());
    let placing = |seals: AllowedSeals| {
        let case = Case::alone(signature(), |slot| {
            slot.options.places_controls = true;
            slot.allowed.seals = seals;
        });
        let with = |id: &str| case.pick_beside("mine", seal(id));
        [with("legal"), with("official")]
    };
    let other = "seal.type_not_allowed";
    assert_eq!(placing(AllowedSeals::kinds([SealKind::LegalRepresentative])), ["", other]);
    assert_eq!(placing(AllowedSeals::ids([seal_id("legal")])), ["", other]);
    assert_eq!(placing(AllowedSeals::any()), [other, ""]);
    assert_eq!(placing(AllowedSeals::kinds([SealKind::Official])), [other, ""]);
}

#[test]
fn r_sign_11_a_signature_by_an_allowed_method() {
    let mark = SignatureMark::by([SignatureMethod::StoredStroke]);
    let case = Case::with(ControlKind::Signature(mark.clone()));
    assert_eq!(case.pick(stroke()), "");
    assert_eq!(case.pick(Pick::Signature(SignatureMethod::Uploaded)), "sign.method_not_allowed");
    assert_eq!(case.pick(seal("seal-a")), "seal.type_not_allowed");
    let own = Case::of(ControlKind::Signature(SignatureMark::default()), |slot| {
        slot.allowed.methods = [SignatureMethod::PersonalSeal].into();
    });
    assert_eq!(own.pick(Pick::Signature(SignatureMethod::PersonalSeal)), "");
    assert_eq!(own.pick(stroke()), "sign.method_not_allowed");
}

#[test]
fn r_sign_11_an_opinion_as_it_stands() {
    let case = Case::with(ControlKind::Opinion(Opinion::new(["本人", "同意"]).unwrap()));
    assert_eq!(case.pick(Pick::Opinion("本人同意".to_owned())), "");
    assert_eq!(case.pick(Pick::Opinion("同意本人".to_owned())), "ctl.value_invalid");
    assert_eq!(case.code(case.attempt()), "sign.control_unsigned");
}

#[test]
fn r_sign_11_a_block_with_all_its_children() {
    let rect = Rect::new(Pt(0.0), Pt(0.0), Pt(50.0), Pt(20.0)).unwrap();
    let child = |part, required| BlockChild { part, rect, required };
    let options = SelectorStyle::of(["同意", "不同意"]).unwrap();
    let block = ApprovalBlock::new([
        child(BlockPart::Selector(options), true),
        child(BlockPart::Signature(SignatureMark::by([SignatureMethod::FreshStroke])), true),
        child(BlockPart::MultiLineText(Default::default()), false),
    ]);
    let case = Case::with(ControlKind::ApprovalBlock(block.unwrap()));
    let method = SignatureMethod::FreshStroke;
    let pick = |inputs| case.pick(Pick::Block { method, inputs });
    let agreed = || Some(Input::text("同意"));
    assert_eq!(pick(vec![agreed(), None, None]), "");
    assert_eq!(pick(vec![agreed(), None, Some(Input::text("已阅"))]), "");
    assert_eq!(pick(vec![None, None, None]), "ctl.required_value_missing");
    assert_eq!(pick(vec![Some(Input::text("弃权")), None, None]), "ctl.value_invalid");
    assert_eq!(pick(vec![agreed(), Some(Input::text("x")), None]), "ctl.value_invalid");
    assert_eq!(pick(vec![agreed(), None]), "ctl.value_invalid");
    let method = SignatureMethod::Uploaded;
    let uploaded = Pick::Block { method, inputs: vec![agreed(), None, None] };
    assert_eq!(case.pick(uploaded), "sign.method_not_allowed");
    assert_eq!(case.pick(stroke()), "sign.method_not_allowed");
}

#[test]
fn r_sign_11_a_control_without_a_place_needs_no_choice() {
    let world = World::new();
    let mut contract = world.draft();
    let lost = control("x", ControlKind::Seal(SealMark::default()), "sa", 0.0)
        .moved(Keyword::new("盖章").unwrap().ignore_missing())
        .unwrap();
    world.edit(&mut contract, Edit::ControlPlaced { control: Box::new(lost) });
    let placements = Placements::default().found(key("x"), Located::KeywordNotFound);
    let facts = Facts { placements, ..Facts::of(&contract) };
    let by = By::Staff(world.alice());
    let started = contract.start(&facts.start(), &by, NOW).unwrap();
    apply(&mut contract, started.contract);
    let case = Case { world, contract };
    assert_eq!(case.code(case.attempt()), "");
    assert_eq!(case.pick(seal("seal-a")), "ctl.not_owner");
}

#[test]
fn r_sign_11_a_date_beside_nothing_binds_nobody() {
    let world = World::new();
    let mut contract = world.draft();
    let (parties, mut slots) = (world.parties(), world.slots());
    slots[0].options.places_controls = true;
    world.edit(&mut contract, Edit::People { parties, slots, cc: Vec::new() });
    world.edit(&mut contract, Edit::ControlRemoved { control: key("seal_a") });
    let date = control("date_a", ControlKind::SignDate(DateStyle::default()), "sa", 60.0);
    world.edit(&mut contract, Edit::ControlPlaced { control: Box::new(date) });
    let contract = world.start(contract);
    let case = Case { world, contract };
    let mut attempt = case.attempt();
    attempt.choices.clear();
    assert_eq!(case.code(attempt.clone()), "sign.control_unsigned");
    let dated = attempt.choose(key("date_a"), Pick::Date);
    assert_eq!(case.code(dated.clone()), "sign.control_unsigned");
    assert_eq!(case.code(dated.choose(key("mine"), seal("seal-a"))), "");
}

#[test]
fn r_sign_11_who_places_his_controls_brings_at_least_one() {
    let world = World::new();
    let mut contract = world.draft();
    let (parties, mut slots) = (world.parties(), world.slots());
    slots[0].options.places_controls = true;
    world.edit(&mut contract, Edit::People { parties, slots, cc: Vec::new() });
    world.edit(&mut contract, Edit::ControlRemoved { control: key("seal_a") });
    let contract = world.start(contract);
    let case = Case { world, contract };
    let mut attempt = case.attempt();
    attempt.choices.clear();
    assert_eq!(case.code(attempt.clone()), "sign.control_unsigned");
    assert_eq!(case.code(attempt.clone().choose(key("mine"), seal("seal-a"))), "");
    assert_eq!(case.code(attempt.choose(key("seal_b"), seal("seal-a"))), "ctl.not_owner");
}
