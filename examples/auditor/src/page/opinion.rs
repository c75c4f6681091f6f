//! What comes first: the verdict, and how the file came about.

use std::fmt::Write;

use sealwright::report::{Conclusion, Event, EventCode, Finding, IdentityStatus, Report, Severity};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::text::{apart, put, text};
use crate::case::Judged;
use crate::words::{Words, grouped};

/// So many reasons stand beside the verdict.
const MOST_REASONS: usize = 4;
/// So many revisions are told.
const MOST_REVISIONS: usize = 60;
/// So many events of one revision.
const MOST_EVENTS: usize = 40;

/// The class that a verdict is shown in.
pub fn class(conclusion: Option<Conclusion>) -> &'static str {
    match conclusion {
        Some(Conclusion::Passed) => "passed",
        Some(Conclusion::Failed) => "failed",
        Some(Conclusion::Indeterminate) => "indeterminate",
        Some(Conclusion::Unsigned) | None => "plain",
    }
}

/// A sign that tells a verdict without its colour.
pub fn sign(conclusion: Option<Conclusion>) -> &'static str {
    match conclusion {
        Some(Conclusion::Passed) => "✓",
        Some(Conclusion::Failed) => "✕",
        Some(Conclusion::Indeterminate) => "?",
        Some(Conclusion::Unsigned) | None => "–",
    }
}

/// That nothing can be said, and why.
pub fn unreadable(page: &mut String, words: Words, name: &str, problem: &str) {
    head(page, words, name, None, words.sentence(None));
    put!(page, "<p><code>{}</code></p></div>", text(problem));
}

/// The verdict.
pub fn verdict(page: &mut String, words: Words, name: &str, judged: &Judged) {
    let report = &judged.report;
    let conclusion = Some(report.conclusion);
    head(page, words, name, conclusion, words.sentence(conclusion));
    reasons(page, words, report);
    let is_asked =
        report.signatures.iter().any(|one| one.identity.status != IdentityStatus::NotChecked);
    if !report.signatures.is_empty() && !is_asked {
        let text = words.say(
            "Whether the signers can be trusted was not asked: anybody can put any name into a \
             certificate of his own.",
            "未判断签名人是否可信：任何人都可以在自制证书中写入任意名称。",
        );
        put!(page, "<p>{text}</p>");
    }
    let file = &report.file;
    put!(page, "<dl>");
    let mut row = |term: &str, value: &str| put!(page, "<dt>{term}</dt><dd>{value}</dd>");
    row(words.say("Signatures", "签名"), &signatures(words, report));
    let pages = judged.pages.map_or_else(|| "?".to_owned(), |pages| grouped(pages.into()));
    let counts = words.fill(
        "{0} bytes, {1} page(s), {2} revision(s)",
        "{0} 字节，{1} 页，{2} 个版本",
        &[&grouped(file.bytes), &pages, &grouped(file.revisions)],
    );
    row(words.say("File", "文件"), &counts);
    row(words.say("Read", "解析"), words.parse(file.parse));
    if judged.encrypted {
        let text = words.say("encrypted", "已加密");
        row(words.say("Protection", "保护"), text);
    }
    row("SHA-256", &format!("<code>{}</code>", text(&file.sha256)));
    put!(page, "</dl></div>");
}

/// The name of a file, the verdict in one word and in one sentence.
pub fn head(
    page: &mut String,
    words: Words,
    name: &str,
    conclusion: Option<Conclusion>,
    sentence: &str,
) {
    let (class, sign) = (class(conclusion), sign(conclusion));
    put!(page, "<div class=\"verdict {class}\"><p class=\"file\">{}</p>", apart(name));
    let word = words.verdict(conclusion);
    put!(page, "<h2><span class=\"sign\" aria-hidden=\"true\">{sign}</span> {word}</h2>");
    put!(page, "<p class=\"sentence\">{sentence}</p>");
}

/// What weighs most, each once.
fn reasons(page: &mut String, words: Words, report: &Report) {
    let weight = match report.conclusion {
        Conclusion::Failed => Severity::Error,
        Conclusion::Indeterminate => Severity::Warning,
        Conclusion::Passed | Conclusion::Unsigned => return,
    };
    let of_signatures = report.signatures.iter().flat_map(|signature| {
        signature.findings.iter().map(move |finding| (Some(signature.index), finding))
    });
    let of_file = report.findings.iter().map(|finding| (None, finding));
    let mut told: Vec<&Finding> = Vec::new();
    let (mut lines, mut more) = (String::new(), 0_usize);
    for (index, finding) in of_file.chain(of_signatures) {
        let known = told.iter().any(|one| one.code == finding.code);
        if finding.severity < weight || known {
            continue;
        }
        if told.len() >= MOST_REASONS {
            more += 1;
            continue;
        }
        told.push(finding);
        let about = index.map_or_else(String::new, |index| {
            words.fill("Signature {0}: ", "第 {0} 个签名：", &[&index.to_string()])
        });
        put!(lines, "<li>{about}{}</li>", text(&finding.message_in(words.0)));
    }
    if more > 0 {
        let text = words.fill(
            "and {0} more, listed among the findings",
            "另有 {0} 项，列于“检查发现”",
            &[&more.to_string()],
        );
        put!(lines, "<li class=\"soft\">{text}</li>");
    }
    if !lines.is_empty() {
        put!(page, "<ul>{lines}</ul>");
    }
}

fn signatures(words: Words, report: &Report) -> String {
    if report.signatures.is_empty() {
        return words.say("none", "无").to_owned();
    }
    let count = |wanted: Conclusion| {
        report.signatures.iter().filter(|signature| signature.conclusion == wanted).count()
    };
    let kinds = [Conclusion::Passed, Conclusion::Failed, Conclusion::Indeterminate];
    let told = kinds.into_iter().filter(|kind| count(*kind) > 0).map(|kind| {
        let (class, sign) = (class(Some(kind)), sign(Some(kind)));
        let word = words.holds(kind);
        format!("<span class=\"word {class}\">{sign} {word}: {}</span>", count(kind))
    });
    told.collect::<Vec<_>>().join(" &nbsp; ")
}

/// An event in words, its instant and its bytes in the form that they have everywhere on the page.
fn sentence(words: Words, event: &Event) -> String {
    let mut event = event.clone();
    for value in &mut event.values {
        match event.code {
            EventCode::TimeClaimed | EventCode::TimeProven => {
                if let Ok(time) = OffsetDateTime::parse(value, &Rfc3339) {
                    *value = words.instant(time);
                }
            }
            EventCode::Written => {
                if let Ok(number) = value.parse() {
                    *value = grouped(number);
                }
            }
            _ => {}
        }
    }
    event.message_in(words.0)
}

/// How the file came about, revision by revision.
pub fn timeline(page: &mut String, words: Words, judged: &Judged) {
    let Some(story) = &judged.story else { return };
    put!(page, "<section><h3>{}</h3><ol class=\"line\">", words.say("What happened", "经过"));
    for revision in story.revisions.iter().take(MOST_REVISIONS) {
        let bad = |code: EventCode| {
            matches!(code, EventCode::Forbidden | EventCode::Failed | EventCode::NotLookedAt)
        };
        let never = revision
            .events
            .iter()
            .any(|event| matches!(event.code, EventCode::Forbidden | EventCode::NotLookedAt));
        let number = revision.number;
        put!(page, "<li><span class=\"dot{}\">{number}</span>", if never { " bad" } else { "" });
        let title = words.fill("Revision {0}", "第 {0} 版", &[&number.to_string()]);
        let bytes = words.fill(
            "bytes {0} to {1}",
            "字节 {0} 至 {1}",
            &[&grouped(revision.start), &grouped(revision.end)],
        );
        put!(page, "<h4>{title} <span class=\"soft\">{bytes}</span></h4><ul>");
        for event in revision.events.iter().take(MOST_EVENTS) {
            let class = match event.code {
                code if bad(code) => "never",
                EventCode::Passed => "fine",
                _ => "",
            };
            let message = text(&sentence(words, event));
            put!(page, "<li class=\"{class}\"><bdi>{message}</bdi></li>");
        }
        let more = revision.events.len().saturating_sub(MOST_EVENTS);
        if more > 0 {
            let text = words.fill("and {0} more", "另有 {0} 项", &[&more.to_string()]);
            put!(page, "<li class=\"soft\">{text}</li>");
        }
        put!(page, "</ul></li>");
    }
    put!(page, "</ol>");
    let more = story.revisions.len().saturating_sub(MOST_REVISIONS);
    if more > 0 {
        let text = words.fill(
            "{0} more revisions are not told.",
            "另有 {0} 个版本未列出。",
            &[&more.to_string()],
        );
        put!(page, "<p class=\"note\">{text}</p>");
    }
    put!(page, "</section>");
}
