//! The signatures: who, when, what is covered, what is permitted and claimed.

use std::collections::BTreeMap;
use std::fmt::Write;

use sealwright::report::{
    Identity, Level, Report, SignatureReport, StatedAuthority, StatedSeal, TimeSource,
    TimestampState,
};

use super::findings;
use super::opinion::{class, sign};
use super::text::{apart, put, text};
use crate::words::Words;

/// So many signatures are described.
const MOST_SIGNATURES: usize = 60;
/// So many seals of one statement are described.
const MOST_SEALS: usize = 20;

/// All signatures.
pub fn all(page: &mut String, words: Words, report: &Report) {
    if report.signatures.is_empty() {
        return;
    }
    put!(page, "<section><h3>{}</h3>", words.say("Signatures", "签名"));
    for signature in report.signatures.iter().take(MOST_SIGNATURES) {
        one(page, words, signature);
    }
    let more = report.signatures.len().saturating_sub(MOST_SIGNATURES);
    if more > 0 {
        let text = words.fill(
            "{0} more signatures are not described here; the verdict counts them.",
            "另有 {0} 个签名未在此列出，但已计入结论。",
            &[&more.to_string()],
        );
        put!(page, "<p class=\"note\">{text}</p>");
    }
    put!(page, "</section>");
}

fn one(page: &mut String, words: Words, signature: &SignatureReport) {
    let conclusion = Some(signature.conclusion);
    let (class, sign) = (class(conclusion), sign(conclusion));
    put!(page, "<div class=\"card {class}\"><header>");
    put!(page, "<h4>{} {}</h4>", words.kind(signature.kind), signature.index);
    put!(
        page,
        "<span class=\"word {class}\">{sign} {}</span></header><dl>",
        words.holds(signature.conclusion)
    );
    let mut row = |term: &str, value: String| put!(page, "<dt>{term}</dt><dd>{value}</dd>");
    row(words.say("Who", "签名人"), who(words, &signature.identity));
    row(words.say("When", "时间"), when(words, signature));
    let covers = words.covers(signature);
    let intact = words.integrity(signature.integrity);
    row(words.say("Covers", "覆盖范围"), format!("{covers}<br>{intact}"));
    row(words.say("Permits", "允许的更改"), words.permits(signature));
    row(words.say("Changed later", "签署后的更改"), words.later(signature).to_owned());
    if let Some(stated) = &signature.authority {
        row(words.say("Claims", "权限声明"), authority(words, stated));
    }
    if !signature.faces.is_empty() {
        row(words.say("Shows", "印章图样"), faces(words, signature));
    }
    put!(page, "</dl>");
    findings::of(page, words, &signature.findings);
    particulars(page, words, signature);
    put!(page, "</div>");
}

fn who(words: Words, identity: &Identity) -> String {
    let Some(name) = identity.name() else {
        return words
            .say("unknown: there is no readable certificate", "未知：没有可读取的证书")
            .to_owned();
    };
    let issuer = identity.issuer_name().unwrap_or_else(|| "?".to_owned());
    let issued = words.fill("issued by {0}", "颁发者：{0}", &[&apart(&issuer)]);
    format!(
        "<strong>{}</strong>{}{issued}<br><span class=\"soft\">{}</span>",
        apart(&name),
        words.say(", ", "，"),
        words.trust(identity.status)
    )
}

fn when(words: Words, signature: &SignatureReport) -> String {
    let times = &signature.time;
    let mut lines = Vec::new();
    if let (Some(proven), Some(source)) = (times.proven, times.source) {
        let by = match source {
            TimeSource::SignatureTimestamp => {
                words.say("shown by a time-stamp inside the signature", "由签名内的时间戳证明")
            }
            TimeSource::DocumentTimestamp => {
                words.say("shown by a later document time-stamp", "由其后的文档时间戳证明")
            }
        };
        lines.push(format!("<strong>{}</strong>, {by}", words.instant(proven)));
    }
    if let Some(claimed) = times.claimed {
        let by = words.say("as the signer says", "签名人自称");
        lines.push(format!("{}, {by}", words.instant(claimed)));
    }
    if times.timestamp == TimestampState::Bad {
        let text = words.say("the time-stamp inside does not hold", "签名内的时间戳无效");
        lines.push(format!("<span class=\"never\">{text}</span>"));
    }
    if lines.is_empty() {
        lines.push(words.say("not stated", "未声明").to_owned());
    }
    lines.join("<br>")
}

fn faces(words: Words, signature: &SignatureReport) -> String {
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    signature.faces.iter().for_each(|face| *places.entry(&face.digest).or_default() += 1);
    let all = places.len();
    let lines = places.into_iter().take(MOST_SEALS).map(|(digest, count)| {
        let digest = format!("<code>{}</code>", text(digest));
        words.fill(
            "A seal in {0} place(s); the digest of what it looks like is {1}",
            "一枚印章，共 {0} 处；图样摘要 {1}",
            &[&count.to_string(), &digest],
        )
    });
    let mut lines: Vec<String> = lines.collect();
    lines.extend(more_seals(words, all));
    lines.join("<br>")
}

/// That there are more seals than are described.
fn more_seals(words: Words, all: usize) -> Option<String> {
    let more = all.checked_sub(MOST_SEALS).filter(|more| *more > 0)?.to_string();
    Some(words.fill("{0} more seals are not described.", "另有 {0} 枚印章未列出。", &[&more]))
}

fn authority(words: Words, stated: &StatedAuthority) -> String {
    let mut lines = vec![words.claim(stated.claim).to_owned()];
    let mut say = |en, zh, value: &str| lines.push(words.fill(en, zh, &[&apart(value)]));
    if let Some(contract) = &stated.contract {
        say("contract {0}", "合同 {0}", &contract.id);
    }
    if let Some(slot) = &stated.slot {
        say("in the place of {0}", "签署位 {0}", slot);
    }
    if let Some(document) = &stated.document {
        say("document {0}", "文件 {0}", &document.id);
    }
    if let Some(organization) = &stated.organization {
        say("for organization {0}", "代表企业 {0}", &organization.id);
    }
    lines.extend(stated.seals.iter().take(MOST_SEALS).map(|seal| stated_seal(words, seal)));
    lines.extend(more_seals(words, stated.seals.len()));
    lines.join("<br>")
}

fn stated_seal(words: Words, seal: &StatedSeal) -> String {
    words.fill(
        "seal {0}, version {1}, applied by {2} under grant {3}, shown in {4} place(s): {5}",
        "印章 {0} 第 {1} 版，用印人 {2}，授权 {3}，显示 {4} 处：{5}",
        &[
            &apart(&seal.seal),
            &seal.version.to_string(),
            &apart(&seal.employee),
            &apart(&seal.grant),
            &seal.places.to_string(),
            words.granted(seal.granted),
        ],
    )
}

/// What an expert asks next, folded away.
fn particulars(page: &mut String, words: Words, signature: &SignatureReport) {
    let identity = &signature.identity;
    put!(page, "<details><summary>{}</summary><dl>", words.say("Particulars", "详细信息"));
    let mut row = |term: &str, value: String| put!(page, "<dt>{term}</dt><dd>{value}</dd>");
    let code = |value: &str| format!("<code>{}</code>", text(value));
    row(words.say("Field", "签名域"), apart(&signature.field));
    row("SubFilter", code(&signature.sub_filter));
    if signature.level != Level::None {
        row("PAdES", code(signature.level.as_str()));
    }
    let of_certificate = [
        (words.say("Subject", "证书主体"), &identity.subject),
        (words.say("Issuer", "颁发者"), &identity.issuer),
        (words.say("Serial number", "序列号"), &identity.serial),
        (words.say("Certificate SHA-256", "证书 SHA-256"), &identity.sha256),
    ];
    for (term, value) in of_certificate {
        if let Some(value) = value {
            row(term, format!("<bdi>{}</bdi>", code(value)));
        }
    }
    if let (Some(from), Some(until)) = (identity.not_before, identity.not_after) {
        let (from, until) = (words.instant(from), words.instant(until));
        row(words.say("Valid", "有效期"), format!("{from} – {until}"));
    }
    if let Some([start, length, from, rest]) = signature.coverage.ranges {
        row("ByteRange", code(&format!("[{start} {length} {from} {rest}]")));
    }
    put!(page, "</dl></details>");
}
