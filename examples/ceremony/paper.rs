//! S21 to S24: the document, its controls, and what is shown of them before anybody signs.

use std::collections::BTreeMap;

use sealwright::contract::{
    self, Absolute, Allowance, Contract, ContractName, Control, ControlKey, ControlKind, CrossPage,
    DateFormat, DateStyle, Edit, Extent, Font, IntakeLimits, Location, NewContract, Party,
    Placements, Point, Rank, SealMark, SignatureMark, SignatureMethod, Signer, SlotPlan,
    StartFacts, TextStyle,
};
use sealwright::execution::intake;
use sealwright::geometry::{Mm, PageIndex};
use sealwright::identity::{DocumentId, Person, SlotId};
use sealwright::limits::Limits;
use sealwright::organization::Entitlements;
use sealwright::pdf::File;
use sealwright::placement::{self, Documents};
use sealwright::update::{Impression, Preview};
use sealwright_testdata::contract as sample;

use crate::Failure;
use crate::cast::{A, Acting, B, CompanySheet, SIGNER_A, contract_id, document_id};
use crate::host::Host;

/// S21: the document comes in; B's signer as the booker typed him.
pub fn upload(host: &mut Host, typed_for_b: &Person) -> Result<(), Failure> {
    host.teller.step(
        "S21",
        "上传会议签署文件：按内容识别，检查页面、加密、活动内容与已有签名。",
        "The document comes in: known by its content, its pages and what is in it looked at.",
    );
    let word =
        intake("doc_0".parse()?, "合同.docx", b"PK\x03\x04\x14".as_slice(), Limits::default())?;
    let refused = word.accept(&IntakeLimits::default());
    host.teller.refused(
        "先试：上传 Word 文件（转换由平台完成）。",
        "First the wrong way: a Word file. Converting it is up to the platform.",
        "doc.not_pdf",
        refused.map_err(of_all),
    );
    let id = document_id()?;
    let handed_in = intake(id.clone(), "战略合作协议.pdf", sample::PDF, Limits::default())?;
    let document = handed_in.accept(&IntakeLimits::default()).map_err(of_all)?;
    host.teller.show(format!(
        "{} · {} 页/pages · {}",
        document.id(),
        document.page_count(),
        document.digest()
    ));

    let booker = Acting::booker(host)?;
    let new = NewContract::new(contract_id()?, ContractName::parse("战略合作协议")?);
    let created = Contract::create(new, &booker.staff()?, Allowance::Unlimited, host.now)?;
    host.database.transaction(|transaction| {
        transaction.store_file(&id, sample::PDF);
        transaction.create(&created)
    })?;
    edit(host, people(host, typed_for_b)?)?;
    edit(host, Edit::DocumentAttached { document: Box::new(document) })?;
    Ok(())
}

/// S22 to S24: controls are configured and looked at; a company without a seal is warned of.
pub fn controls(host: &mut Host) -> Result<(), Failure> {
    host.teller.step(
        "S22",
        "配置控件：印章、骑缝章、签字、日期。",
        "Controls: seals, cross-page seals, signatures by hand, dates.",
    );
    for control in controls_of(&A, 0, 44.0)?.into_iter().chain(controls_of(&B, 1, 120.9)?) {
        edit(host, Edit::ControlPlaced { control: Box::new(control) })?;
    }
    host.teller.step(
        "S23",
        "预览：每个控件落在哪一页、哪个矩形；并生成盖好样章的预览件。",
        "Preview: which control stands where, and a copy that shows it.",
    );
    preview(host)?;
    host.teller.step(
        "S24",
        "如未配置企业印章，可能涉及合同有效性风险，由您选择。",
        "A company without a seal on its contract is a risk; the choice is yours.",
    );
    without_a_seal(host)
}

/// What if B had no seal? Decided on a copy of the contract that is thrown away.
fn without_a_seal(host: &mut Host) -> Result<(), Failure> {
    let mut contract: Contract = host.database.load(contract_id()?.as_str())?;
    let booker = Acting::booker(host)?;
    for name in ["seal_b", "edge_b"] {
        let control = ControlKey::new(document_id()?, name.parse()?);
        let remove = contract::Command::Edit(Edit::ControlRemoved { control });
        contract.decide(remove, &booker.by()?, host.now)?.apply_to(&mut contract)?;
    }
    let warnings = contract.validate(&ToStart::of(&contract).facts(), host.now).warnings;
    warnings.iter().for_each(|warning| host.teller.show(format!("{}: {warning}", warning.code())));
    let seen = warnings.iter().any(|warning| warning.code().code() == "W-SEAL-MISSING");
    host.teller.expect(
        seen,
        "假如乙方没有印章：警告；确认后才能开始，确认会留痕。",
        "Without B's seal there is a warning: to be acknowledged, and the trail says who did.",
    );
    Ok(())
}

fn preview(host: &mut Host) -> Result<(), Failure> {
    let contract: Contract = host.database.load(contract_id()?.as_str())?;
    let file = File::open(sample::PDF, Limits::default())?;
    let documents = Documents::default().with(document_id()?, &file);
    let plan = placement::resolve(&contract, &documents).map_err(of_all)?;
    let document =
        plan.documents().first().ok_or_else(|| Failure::new("the plan has no document"))?;
    let pages = plan.by_page(document.id());
    let (mut seals, mut slices) = (0, 0);
    for (page, boxes) in &pages {
        for (control, found) in boxes {
            let rect = found.placed().rect();
            seals += usize::from(control.kind() == "seal");
            slices += usize::from(found.slice().is_some());
            host.teller.show(format!(
                "{page} · {:<10} {:<12} {rect}",
                control.key().control,
                control.kind()
            ));
        }
    }
    host.teller.expect(
        (seals, slices) == (2, 2 * 3),
        "2 枚印章，2 家 × 3 页骑缝章。",
        "Two seals, and slices of two cross-page seals on three pages.",
    );
    let validation = contract.validate(&ToStart::of(&contract).facts(), host.now);
    host.teller.expect(
        plan.frozen() == validation.frozen && validation.errors.is_empty(),
        "开始签署时冻结的正是这些位置。",
        "Exactly these places are frozen when the signing begins.",
    );
    let face = |slot: &str| {
        let seal = if slot == A.slot { A.seal } else { B.seal };
        host.faces.get(&(seal.parse().ok()?, 1))
    };
    let appended = Preview::of(&plan, document, &file).stamp(|control| {
        let slot = control.owner().slot()?;
        let is_seal = control.kind() == "seal" || control.kind() == "paging_seal";
        face(slot.as_str()).filter(|_| is_seal).map(Impression::from)
    })?;
    let shown = [sample::PDF, &appended].concat();
    host.gallery.write(
        "placement-preview.pdf",
        shown,
        "控件预览（未签署）",
        "where everything will stand",
    )
}

/// All that is wrong is told at once; here the first of it.
fn of_all<E: Into<Failure>>(all: Vec<E>) -> Failure {
    let first = all.into_iter().next();
    first.map_or_else(|| Failure::new("refused without a reason"), Into::into)
}

/// The signers and whom they sign for; in this order.
pub fn people(host: &Host, typed_for_b: &Person) -> Result<Edit, Failure> {
    let (mut parties, mut slots) = (Vec::new(), Vec::new());
    let typed_for_a = SIGNER_A.typed.person()?;
    for ((sheet, typed), rank) in [(&A, &typed_for_a), (&B, typed_for_b)].into_iter().zip(1..) {
        let signer = Acting::signer(host, sheet)?;
        let (id, name) = (signer.organization.id().clone(), signer.organization.name().clone());
        let party = sheet.id.replace("org", "party");
        let mut plan =
            SlotPlan::new(sheet.slot.parse()?, party.parse()?, Signer::bound(signer.holder(typed)));
        plan.rank = Rank::new(rank)?;
        parties.push(Party::organization(party.parse()?, name, Some(id)));
        slots.push(plan);
    }
    Ok(Edit::People { parties, slots, cc: Vec::new() })
}

/// One change of the draft by the booker, stored.
pub fn edit(host: &mut Host, edit: Edit) -> Result<Contract, Failure> {
    let booker = Acting::booker(host)?;
    let contract: Contract = host.database.load(contract_id()?.as_str())?;
    let decision = contract.decide(contract::Command::Edit(edit), &booker.by()?, host.now)?;
    host.database.update(&decision)
}

/// What one side signs with, `x` mm from the left of the last page: its seal over its name, its seal
/// over the edges of all pages, its signer's name on the line, the date into the printed form.
fn controls_of(sheet: &CompanySheet, party: usize, x: f64) -> Result<Vec<Control>, Failure> {
    let slot: SlotId = sheet.slot.parse()?;
    let side = if party == 0 { "a" } else { "b" };
    let on_last = |x: f64, y: f64| -> Result<Absolute, Failure> {
        Ok(Absolute::new(PageIndex::LAST, Point::at(Mm(x), Mm(y))?))
    };
    let control = |name: &str, kind, place: Location| -> Result<Control, Failure> {
        let key = ControlKey::new(document_id()?, format!("{name}_{side}").parse()?);
        Ok(Control::new(key, kind, slot.clone(), place))
    };
    // Drawn as the signer wrote it, or from his name.
    let methods = [SignatureMethod::FreshStroke, SignatureMethod::Generated];
    let style = TextStyle { font: Font::Song, ..TextStyle::default() };
    let date = DateStyle {
        font: style.font,
        format: DateFormat::Gaps { after_year: 13, after_month: 11 },
        ..DateStyle::default()
    };
    Ok(vec![
        control("seal", ControlKind::Seal(SealMark::default()), on_last(x, 191.5)?.into())?,
        control(
            "edge",
            ControlKind::PagingSeal(SealMark::default()),
            CrossPage::staggered(party).into(),
        )?,
        control(
            "name",
            ControlKind::Signature(SignatureMark::by(methods)),
            on_last(x - 8.0, 233.8)?.sized(Extent::new(Mm(32.0), Mm(9.2))?).into(),
        )?,
        control(
            "date",
            ControlKind::SignDate(date),
            on_last(x + 10.0, 250.0)?.sized(Extent::new(Mm(45.0), Mm(5.5))?).into(),
        )?,
    ])
}

/// What starting the contract rests on.
pub struct ToStart {
    pub placements: Placements,
    pub documents: BTreeMap<DocumentId, sealwright::digest::Digest>,
    withheld: BTreeMap<(SlotId, usize), sealwright::identity::Factors>,
}

impl ToStart {
    /// No control has to be looked for in the document.
    pub fn of(contract: &Contract) -> Self {
        let documents = contract.documents().iter();
        Self {
            placements: Placements::default(),
            documents: documents.map(|one| (one.id().clone(), *one.digest())).collect(),
            withheld: BTreeMap::new(),
        }
    }

    pub fn facts(&self) -> StartFacts<'_> {
        StartFacts {
            placements: &self.placements,
            documents: &self.documents,
            entitlements: Entitlements::of(&[]),
            quota: Allowance::Unlimited,
            withheld: &self.withheld,
        }
    }
}
