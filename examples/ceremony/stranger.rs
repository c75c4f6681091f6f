//! Whoever was sent the folder checks it: with the files, the root certificate and nothing else; then
//! the platform holds the document against its own record.

use std::collections::{BTreeMap, BTreeSet};

use sealwright::audit::{Entry, Head, Verdict, verify};
use sealwright::contract::Contract;
use sealwright::execution::evidence::{self, VerifyOptions};
use sealwright::execution::{self, Overall};
use sealwright::pki::TrustAnchors;
use sealwright::report::{Conclusion, Granted, Kind, Lang, ModificationLevel, Report};
use sealwright::verification::{CheckOptions, check};

use crate::Failure;
use crate::afterwards::Sealing;
use crate::cast::{A, B, contract_id, document_id};
use crate::host::Host;

/// The contract as it is handed out.
pub const FINAL: &str = "contract-3-closed.pdf";

/// Everything that can be checked.
pub fn checks(host: &mut Host) -> Result<(), Failure> {
    host.teller.chapter("由陌生人查验", "Checked by a stranger");
    let report = the_document(host)?;
    against_the_record(host)?;
    one_byte_flipped(host, &report)?;
    the_bundle(host)?;
    the_trails(host)
}

/// The file and the root alone.
fn the_document(host: &mut Host) -> Result<Report, Failure> {
    let anchors = TrustAnchors::from_pem(&host.gallery.read("root.pem")?)?;
    let [a, b] = [&A, &B].map(|sheet| {
        TrustAnchors::from_pem(&host.gallery.read(&format!("custodian-{}.pem", sheet.id))?)
            .map_err(Failure::from)
    });
    let (a, b) = (a?, b?);
    let options = CheckOptions::trusting(&anchors).at(host.now);
    let options = options.custodians(A.uscc, &a).custodians(B.uscc, &b);
    let report = check(&host.gallery.read(FINAL)?, &options)?;
    host.teller.step(
        "check",
        "仅凭文件与根证书：谁签的、覆盖了什么、之后改了什么、凭什么授权。",
        "With the file and the root alone: who signed, what it covers, what changed since.",
    );
    for signature in &report.signatures {
        let seals = signature.faces.iter().filter(|face| !face.part).count();
        let slices = signature.faces.len() - seals;
        let name = signature.identity.name().unwrap_or_else(|| "?".to_owned());
        let filled = signature.modification.level == ModificationLevel::Form;
        let (zh, en) = match filled {
            true => ("之后仅按许可填写", "later only filled in, as permitted"),
            false => ("之后无更改", "nothing changed since"),
        };
        let (what_zh, what_en) = match signature.kind {
            Kind::Timestamp => ("可信时间戳".to_owned(), "a trusted time-stamp".to_owned()),
            _ if seals == 0 => ("认证签名，无印章".to_owned(), "certifies, no seal".to_owned()),
            _ => (
                format!("{seals} 枚印章、{slices} 片骑缝章"),
                format!("{seals} seal and {slices} slices of the cross-page seal"),
            ),
        };
        let number = signature.index;
        host.teller.say(
            format!("签名 {number}：{name}，{what_zh}，{zh}。"),
            format!("Signature {number}: {what_en}; {en}."),
        );
    }
    let stated = report.signatures.iter().filter_map(|signature| signature.authority.as_ref());
    let granted: Vec<Granted> =
        stated.flat_map(|authority| &authority.seals).map(|seal| seal.granted).collect();
    host.teller.expect(
        granted == [Granted::Granted; 2],
        "每枚印章均有其企业印章管理员签署的授权书。",
        "Each seal was granted, under the signature of its company's custodian.",
    );
    host.teller.expect(
        report.conclusion == Conclusion::Passed,
        "全部签名有效，证书可信。",
        "Every signature holds and leads to the root.",
    );
    host.gallery.write(
        "check.txt",
        format!("{}\n", report.in_language(host.teller.lang())),
        "上述查验的全文",
        "what was found, in full",
    )?;
    Ok(report)
}

/// The platform's own question: is it what our record says?
fn against_the_record(host: &mut Host) -> Result<(), Failure> {
    let bytes = host.gallery.read(FINAL)?;
    let verdict = of_record(host, bytes)?;
    host.teller.step(
        "record",
        "与合同记录逐项比对：控件、印章版本、授权、次序、页面。",
        "Against the record: controls, seal versions, grants, order, pages.",
    );
    host.teller.expect(
        verdict.is_complete() && verdict.deviations.is_empty(),
        "IntactAllExpected：完整，均符合记录。",
        "IntactAllExpected: nothing differs.",
    );
    Ok(())
}

fn of_record(host: &Host, bytes: Vec<u8>) -> Result<execution::ExecutionVerdict, Failure> {
    let contract: Contract = host.database.load(contract_id()?.as_str())?;
    let sealing = Sealing::load(host)?;
    let known = sealing.register();
    let documents = BTreeMap::from([(document_id()?, bytes)]);
    Ok(execution::check(&contract, &documents, &sealing.facts(&known))?)
}

/// A byte of the contract's own text.
fn one_byte_flipped(host: &mut Host, sound: &Report) -> Result<(), Failure> {
    let mut bytes = host.gallery.read(FINAL)?;
    let at = 1000;
    if let Some(byte) = bytes.get_mut(at) {
        *byte ^= 1;
    }
    host.gallery.write(
        "tampered.pdf",
        &bytes,
        "改动一个字节的副本",
        "a copy with one byte changed",
    )?;
    let report = check(&bytes, &CheckOptions::without_trust())?;
    let failed: Vec<_> = report
        .signatures
        .iter()
        .filter(|signature| signature.conclusion == Conclusion::Failed)
        .map(|signature| signature.index)
        .collect();
    host.teller.step(
        "tamper",
        format!("改动第 {at} 字节的一位。"),
        format!("One bit of byte {at} is flipped."),
    );
    let verdict = of_record(host, bytes)?;
    host.teller.expect(
        failed.len() == sound.signatures.len() && verdict.overall == Overall::Tampered,
        format!("Tampered：签名 {failed:?} 全部失效。"),
        format!("Tampered: signatures {failed:?} do not hold any more."),
    );
    for code in verdict.deviations.iter().map(|it| it.code.as_str()).collect::<BTreeSet<_>>() {
        host.teller.show(format!("→ {code}"));
    }
    Ok(())
}

/// The archive alone, by one call and offline; then with one byte changed.
fn the_bundle(host: &mut Host) -> Result<(), Failure> {
    let mut zip = host.gallery.read("evidence.zip")?;
    let anchors = TrustAnchors::from_pem(&host.gallery.read("root.pem")?)?;
    let head: Head = serde_json::from_slice(&host.gallery.read("head.json")?)?;
    let options = VerifyOptions::trusting(&anchors, host.now).expected_head(&head);
    let sound = evidence::verify(&zip, &options)?;
    let middle = zip.len() / 2;
    if let Some(byte) = zip.get_mut(middle) {
        *byte ^= 1;
    }
    let changed = evidence::verify(&zip, &options)?;
    host.teller.step(
        "bundle",
        "证据包：离线一次调用即可查验。",
        "The bundle of evidence: one call, offline.",
    );
    host.gallery.write(
        "evidence.txt",
        format!("{}\n", sound.in_language(host.teller.lang())),
        "证据包查验的全文",
        "what was found in the bundle, in full",
    )?;
    host.teller.expect(
        sound.conclusion == Conclusion::Passed && sound.trail == Some(Verdict::Complete),
        "通过：内容、签名、文件与审计链均与所述一致。",
        "Passed: entries, signature, documents and trail are what it says.",
    );
    host.teller.expect(
        changed.conclusion == Conclusion::Failed,
        "改动一个字节：未通过。",
        "With one byte changed: failed.",
    );
    for code in changed.findings.iter().map(|it| it.code.as_str()).collect::<BTreeSet<_>>() {
        host.teller.show(format!("→ {code}"));
    }
    Ok(())
}

/// Every chain, with the heads that were kept elsewhere, without them, and with its last entry gone.
fn the_trails(host: &mut Host) -> Result<(), Failure> {
    let heads: BTreeMap<String, Head> =
        serde_json::from_slice(&host.gallery.read("audit/heads.json")?)?;
    let (mut with_head, mut without, mut shortened) = (0, 0, 0);
    for (name, head) in &heads {
        let text = host.gallery.read(&format!("audit/{name}.jsonl"))?;
        let entries: Vec<Entry> = text
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.is_empty())
            .map(serde_json::from_slice)
            .collect::<Result<_, _>>()?;
        with_head += usize::from(verify(&entries, Some(head))? == Verdict::Complete);
        without += usize::from(verify(&entries, None)? == Verdict::ConsistentOnly);
        let all_but_one = entries.split_last().map_or(&[][..], |(_, rest)| rest);
        let refused = verify(all_but_one, Some(head)).err();
        shortened += usize::from(refused.is_some_and(|it| it.code() == "audit.head_mismatch"));
    }
    host.teller.step(
        "audit",
        "审计链：有链尾则可证完整，无链尾只能证一致。",
        "The audit chains: complete with their heads, merely consistent without.",
    );
    host.teller.expect(
        [with_head, without, shortened] == [heads.len(); 3],
        format!(
            "{} 条：Complete；无链尾：ConsistentOnly；删去末条：audit.head_mismatch。",
            heads.len()
        ),
        format!(
            "{}: Complete; without heads ConsistentOnly; the last entry gone: audit.head_mismatch.",
            heads.len()
        ),
    );
    Ok(())
}

/// The table at the end; whether everything came as it should.
pub fn ends(host: &Host) -> bool {
    let teller = &host.teller;
    teller.chapter("写下的文件", "What was written");
    let folder = host.gallery.folder.display();
    for one in host.gallery.written.iter().filter(|one| !one.name.ends_with(".jsonl")) {
        println!(
            "{:>9}  {folder}/{:<26}  {}",
            one.bytes,
            one.name,
            teller.joined(&one.zh, &one.en)
        );
    }
    let (held, refusals, broken) = teller.ends();
    teller.chapter("结果", "What came of it");
    for one in broken {
        println!("NOT AS EXPECTED: {one}");
    }
    println!("{held} expectations held, {refusals} of them refusals; {} did not.", broken.len());
    println!();
    println!("{}", teller.joined("先打开：", "Open first:"));
    let tell = |name: &str, zh, en| println!("  {folder}/{name:<24}  {}", teller.joined(zh, en));
    tell("board-3-completed.html", "会场大屏所见", "what everybody in the room saw");
    tell(FINAL, "双方盖章的合同", "the contract under both seals");
    let report = if teller.lang() == Lang::Zh { "report-zh.pdf" } else { "report-en.pdf" };
    tell(report, "出证报告", "the evidence, for people");
    println!("  cargo run --example audit -- {folder}/{FINAL} --trust {folder}/root.pem");
    broken.is_empty()
}
