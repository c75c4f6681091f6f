//! A bundle of evidence: the verdict, who sealed it, what can be shown of each signature, the trail.

use std::fmt::Write;

use sealwright::audit::{Entry, Verdict};
use sealwright::execution::evidence::{
    EvidenceVerdict, Finding, Reliability, Sealer, Shown, Weight,
};
use sealwright::report::{IdentityStatus, Severity, short_name};

use super::findings::mark;
use super::opinion::head;
use super::text::{apart, put, table, text};
use crate::bundle::Bundle;
use crate::words::{Words, grouped};

/// So many findings, and so many lines of the checklist.
const MOST: usize = 100;
/// So many entries of the trail.
const MOST_ENTRIES: usize = 200;

/// Everything that is to be said of a bundle; its documents stand by themselves.
pub fn all(page: &mut String, words: Words, bundle: &Bundle) {
    let verdict = &bundle.verdict;
    opinion(page, words, bundle);
    checklist(page, words, verdict);
    trail(page, words, &bundle.trail);
    findings(page, words, &verdict.findings);
}

fn opinion(page: &mut String, words: Words, bundle: &Bundle) {
    let verdict = &bundle.verdict;
    let sentence = words.of_bundle(verdict.conclusion);
    head(page, words, &bundle.name, Some(verdict.conclusion), sentence);
    put!(page, "<dl>");
    let mut row = |term: &str, value: &str| put!(page, "<dt>{term}</dt><dd>{value}</dd>");
    row(words.say("What", "类型"), words.say("a bundle of evidence", "证据包"));
    if let Some(contract) = &verdict.contract {
        let title = verdict.title.as_deref().map_or_else(String::new, |title| apart(title) + " ");
        let id = format!("{title}<code>{}</code>", text(contract.as_str()));
        row(words.say("Contract", "合同"), &id);
    }
    let sealed = verdict.sealer.as_ref().map_or_else(
        || words.say("nobody whose certificate can be read", "没有可读取的签名者证书").to_owned(),
        |sealer| sealer_of(words, sealer),
    );
    row(words.say("Sealed by", "签名者"), &sealed);
    let count = bundle.documents.len().to_string();
    let told = words.fill("{0}, each judged below", "{0} 份，逐份判定见下文", &[&count]);
    row(words.say("Documents", "文件"), &told);
    row(words.say("Trail", "审计日志"), shown_of(words, verdict.trail));
    put!(page, "</dl></div>");
}

fn sealer_of(words: Words, sealer: &Sealer) -> String {
    let trust = words.trust(sealer.status);
    let mut told = format!("<strong>{}</strong>", apart(&short_name(&sealer.subject)));
    if let Some(at) = sealer.claimed_at {
        let claimed = words.fill(", at {0} as he says", "，自称签于 {0}", &[&words.instant(at)]);
        told.push_str(&claimed);
    }
    let never = !matches!(
        sealer.status,
        IdentityStatus::Trusted | IdentityStatus::TrustedDirectly | IdentityStatus::NotChecked
    );
    let class = if never { "never" } else { "soft" };
    put!(told, "<br><span class=\"{class}\">{trust}</span>");
    let summary = words.say("Certificate", "证书");
    put!(told, "<details><summary>{summary}</summary><bdi><code>");
    put!(told, "{}</code></bdi><br>", text(&sealer.subject));
    let issuer = words.say("issued by", "颁发者：");
    put!(told, "{issuer} <bdi><code>{}</code></bdi><br>", text(&sealer.issuer));
    let serial = words.say("serial number", "序列号");
    put!(told, "{serial} <code>{}</code></details>", text(&sealer.serial));
    told
}

fn shown_of(words: Words, trail: Option<Verdict>) -> &'static str {
    match trail {
        Some(Verdict::Complete) => words.say(
            "complete: it ends at the head that was kept elsewhere",
            "完整：其末端与外部留存的链头一致",
        ),
        Some(_) => words.say(
            "its entries follow from each other; without a head that was kept elsewhere (--head) nothing \
             shows that it is complete",
            "各条目前后一致；没有外部留存的链头（--head），不能说明其完整",
        ),
        None => words.say("shows nothing: see the findings", "不能说明任何事项，见“检查发现”"),
    }
}

/// What can be shown of each signature under the law on electronic signatures.
fn checklist(page: &mut String, words: Words, verdict: &EvidenceVerdict) {
    let title = words.say("What can be shown of each signature", "各签名可证明的事项");
    put!(page, "<section><h3>{title}</h3>");
    let signatures = &verdict.checklist.signatures;
    if signatures.is_empty() {
        let text = words.say(
            "Nothing was compared, so nothing is claimed: see the findings.",
            "未作比对，故不作任何说明，见“检查发现”。",
        );
        put!(page, "<p>{text}</p></section>");
        return;
    }
    let text = words.say(
        "The conditions of articles 13 and 14 of the Electronic Signature Law (电子签名法). Proved is what \
         anybody can compute from the documents; asserted is what somebody vouches for, with where he can \
         be asked. What follows from it is for a court to say.",
        "《电子签名法》第十三条、第十四条的各项条件。“已证明”指任何人均可由文件计算得出；\
         “声明”指由某方担保，并注明可查询之处。其法律后果由司法机关认定。",
    );
    put!(page, "<p class=\"note\">{text}</p>");
    let rows: Vec<_> = signatures.iter().flat_map(|one| conditions(words, one)).collect();
    let heads = [
        words.say("Signer", "签署位"),
        words.say("Document", "文件"),
        words.say("Article", "条款"),
        words.say("Condition", "条件"),
        words.say("Shown", "结论"),
        words.say("Why", "理由"),
    ];
    table(page, &heads, &rows, MOST, words.say("more are not listed.", "项未列出。"));
    put!(page, "</section>");
}

fn conditions(words: Words, one: &Reliability) -> Vec<Vec<String>> {
    let rows = one.conditions.iter().map(|condition| {
        let (class, sign) = match condition.shown {
            Shown::Proved => ("passed", "✓"),
            Shown::AssertedBy { .. } => ("plain", "·"),
            Shown::Unknown => ("indeterminate", "?"),
        };
        let shown = text(&condition.shown.words(words.0));
        vec![
            apart(one.slot.as_str()),
            apart(one.document.as_str()),
            condition.condition.article().to_owned(),
            condition.condition.words(words.0).to_owned(),
            format!("<span class=\"tells {class}\">{sign} {shown}</span>"),
            condition.reason.words(words.0).to_owned(),
        ]
    });
    rows.collect()
}

/// The trail, oldest entry first.
fn trail(page: &mut String, words: Words, trail: &[Entry]) {
    if trail.is_empty() {
        return;
    }
    put!(page, "<section><h3>{}</h3>", words.say("The trail", "审计日志"));
    let text_of = words.say(
        "What the host recorded, entry by entry. Each entry holds the hash of the one before.",
        "主办方记录的经过。每一条都包含前一条的哈希值。",
    );
    put!(page, "<p class=\"note\">{text_of}</p>");
    let rows = trail.iter().map(|entry| {
        let state = match entry.states() {
            (Some(before), Some(after)) if before == after => apart(after),
            (Some(before), Some(after)) => format!("{} → {}", apart(before), apart(after)),
            (one, other) => one.or(other).map_or_else(String::new, apart),
        };
        vec![
            grouped(entry.seq()),
            words.instant(entry.at()),
            format!("<code>{}</code>", text(entry.kind())),
            apart(entry.actor()),
            state,
        ]
    });
    let heads = [
        words.say("No.", "序号"),
        words.say("When", "时间"),
        words.say("What", "事项"),
        words.say("Who", "操作者"),
        words.say("State", "状态"),
    ];
    let rows: Vec<_> = rows.collect();
    let summary = words.fill("{0} entries", "共 {0} 条", &[&grouped(rows.len() as u64)]);
    put!(page, "<details><summary>{summary}</summary>");
    table(page, &heads, &rows, MOST_ENTRIES, words.say("more are not listed.", "条未列出。"));
    put!(page, "</details>");
    if let Some(last) = trail.last() {
        let told = words.say("The hash of the last entry is", "最后一条的哈希值为");
        put!(page, "<p class=\"note\">{told} <code>{}</code></p>", text(&last.hash()));
    }
    put!(page, "</section>");
}

fn findings(page: &mut String, words: Words, findings: &[Finding]) {
    put!(page, "<section><h3>{}</h3>", words.say("Findings", "检查发现"));
    if findings.is_empty() {
        put!(page, "<p>{}</p></section>", words.say("Nothing was found.", "没有发现任何问题。"));
        return;
    }
    let mut sorted: Vec<&Finding> = findings.iter().collect();
    sorted.sort_by_key(|finding| std::cmp::Reverse(finding.code.weight()));
    let rows = sorted.into_iter().map(|finding| {
        let severity = match finding.code.weight() {
            Weight::Fault => Severity::Error,
            Weight::Doubt => Severity::Warning,
            Weight::Note => Severity::Info,
        };
        let mut message = finding.message_in(words.0).to_owned();
        if !finding.expected.is_empty() || !finding.found.is_empty() {
            let values = [&*apart(&finding.expected), &*apart(&finding.found)];
            message += &words.fill(
                "<br><span class=\"soft\">expected {0}; found {1}</span>",
                "<br><span class=\"soft\">应为 {0}；实为 {1}</span>",
                &values,
            );
        }
        let document = finding.document.as_ref().map(|id| apart(id.as_str()));
        let slot = finding.slot.as_ref().map(|id| apart(id.as_str()));
        let about: Vec<String> = document.into_iter().chain(slot).collect();
        vec![
            mark(words, severity),
            message,
            format!("<code>{}</code>", finding.code),
            finding.entry.as_deref().map(apart).unwrap_or_default(),
            about.join(", "),
        ]
    });
    let heads = [
        words.say("Weight", "级别"),
        words.say("Finding", "内容"),
        words.say("Code", "代码"),
        words.say("Entry", "条目"),
        words.say("About", "涉及"),
    ];
    let rows: Vec<_> = rows.collect();
    table(page, &heads, &rows, MOST, words.say("more are not listed.", "项未列出。"));
    put!(page, "</section>");
}
