//! 出证: what the platform hands out to whoever has to be shown that the contract was signed, and by
//! whom: a report for people, sealed by the platform, in Chinese and English, and one archive with all
//! that it rests on.

use sealwright::appearance::design::{OvalSeal, SealDesign};
use sealwright::appearance::{Font, FontBook, SealFace};
use sealwright::authorization::{Authority, SealSize};
use sealwright::ceremony::Ceremony;
use sealwright::contract::{self, Contract};
use sealwright::execution::evidence::{
    Asserted, Assertion, Bundle, Condition, Evidence, EvidenceFacts, PaperOptions, Shown, gather,
};
use sealwright::limits::Limits;
use sealwright::pdf::File;
use sealwright::report::Lang;
use sealwright::signing::Seal;
use sealwright_testdata::font;

use crate::Failure;
use crate::afterwards::Sealing;
use crate::booking::MEETING;
use crate::cast::{A, Acting, B, contract_id};
use crate::host::Host;

/// What is handed out.
struct Made {
    evidence: Evidence,
    reports: [(Lang, Vec<u8>); 2],
    bundle: Vec<u8>,
    /// What a signer is answered who asks for it.
    refused: Result<Evidence, Failure>,
}

/// Gathered, written for people, sealed.
pub fn hand_out(host: &mut Host) -> Result<(), Failure> {
    let Made { evidence, reports, bundle, refused } = make(host)?;
    host.teller.refused(
        "乙方签署人申请出证（须为超管或法定代表人）。",
        "B's signer asks for evidence; only the heads of the companies may.",
        "emp.no_permission",
        refused,
    );
    told(host, &evidence);
    for (lang, bytes) in reports {
        let (name, zh, en) = match lang {
            Lang::Zh => ("report-zh.pdf", "出证报告（中文），平台盖章", "the report, in Chinese"),
            _ => (
                "report-en.pdf",
                "出证报告（英文），平台盖章",
                "the report, sealed by the platform",
            ),
        };
        host.gallery.write(name, bytes, zh, en)?;
    }
    host.gallery.write(
        "evidence.zip",
        bundle,
        "证据包：全部依据，平台签名",
        "all of the evidence, sealed",
    )
}

fn make(host: &Host) -> Result<Made, Failure> {
    let contract: Contract = host.database.load(contract_id()?.as_str())?;
    let meeting: Ceremony = host.database.load(MEETING)?;
    let (sealing, documents) = (Sealing::load(host)?, host.documents()?);
    let known = sealing.register();
    let trail = host.database.trail(&contract)?;
    let mut facts = EvidenceFacts::new(&documents, sealing.facts(&known), &trail);
    facts.ceremony = Some(&meeting);
    facts.number = Some("CY-SZ-2026-0117");
    for slot in [A.slot, B.slot] {
        // What no program can see: where the key is kept, and that nobody else could use it.
        let custody = Assertion::new("demo key store", format!("key of {slot}"))?;
        facts.assertions.insert(slot.parse()?, Asserted { custody: Some(custody), control: None });
    }
    let (head, signer) = (Acting::head(host, &A)?, Acting::signer(host, &B)?);
    let refused = gather(&contract, &facts, &signer.by()?, host.now).map_err(Failure::from);
    let evidence = gather(&contract, &facts, &head.by()?, host.now)?;
    let reports = [
        (Lang::Zh, report(host, &evidence, &trail, Lang::Zh)?),
        (Lang::En, report(host, &evidence, &trail, Lang::En)?),
    ];
    let bundle = Bundle::of(&evidence, &facts).sealed_by(host.platform());
    let bundle = reports.iter().fold(bundle, |bundle, (lang, pdf)| bundle.paper(*lang, pdf));
    let bundle = bundle.to_zip(host.now)?;
    Ok(Made { evidence, reports, bundle, refused })
}

/// 电子签名法, article 13, condition by condition.
fn told(host: &mut Host, evidence: &Evidence) {
    let all = evidence.checklist.signatures.iter().flat_map(|signature| &signature.conditions);
    let shown: Vec<&Shown> =
        all.filter(|it| it.condition != Condition::Force).map(|it| &it.shown).collect();
    let proved = shown.iter().filter(|shown| ***shown == Shown::Proved).count();
    let asserted = shown.iter().filter(|it| matches!(it, Shown::AssertedBy { .. })).count();
    host.teller.expect(
        evidence.differences().is_empty() && proved + asserted == shown.len(),
        format!("电子签名法第十三条：{proved} 项已证明，{asserted} 项由平台陈述；不作法律结论。"),
        format!("Article 13 of the law: {proved} conditions proved, {asserted} asserted by the platform."),
    );
}

/// The report as a PDF, under the platform's own seal.
fn report(
    host: &Host,
    evidence: &Evidence,
    trail: &[sealwright::audit::Entry],
    lang: Lang,
) -> Result<Vec<u8>, Failure> {
    let fonts = Font::from_bytes(font::REPORT, 0)?;
    let fonts = FontBook::new().with(contract::Font::Hei, fonts)?;
    let faces = |seal: &_, version| host.faces.get(&(Clone::clone(seal), version)).cloned();
    let options = PaperOptions::new(lang, &fonts, trail).numbered("EV-2026-0001").faces(&faces);
    let paper = evidence.paper(&options, host.now)?;
    let file = File::open(paper.bytes(), Limits::default())?;
    let (face, place) = (platform_seal()?, paper.place());
    let (left, top) = place.corner_of(face.size());
    let sealed = Seal::on(&file)
        .page(place.page)
        .at(left, top)
        .face(&face, Authority::AssertedByHost)
        .sign(host.platform(), host.now)?;
    let mut bytes = Vec::new();
    sealed.write_to(&mut bytes)?;
    Ok(bytes)
}

fn platform_seal() -> Result<SealFace, Failure> {
    let font = Font::from_bytes(font::NOTO_SERIF_SC, 0)?;
    let size = SealSize { width: 40, height: 30 };
    let design = OvalSeal::new("电子合同签约服务公司", size)?.line("出证专用章")?;
    Ok(SealDesign::from(design).face(&font)?)
}
