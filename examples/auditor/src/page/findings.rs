//! What was found, with its code and its place.

use std::collections::{HashMap, HashSet};
use std::fmt::Write;

use sealwright::report::{Finding, Report, Severity};

use super::text::{apart, put, table, text};
use crate::words::Words;

/// So many findings stand in one table.
const MOST: usize = 100;
/// So many findings stand beside a signature.
const MOST_IN_CARD: usize = 12;
/// So many objects or pages are named.
const MOST_LISTED: usize = 12;

/// Everything that was found, about the file and about its signatures.
pub fn all(page: &mut String, words: Words, report: &Report) {
    put!(page, "<section><h3>{}</h3>", words.say("Findings", "检查发现"));
    let of_file = report.findings.iter().map(|finding| (String::new(), finding));
    let of_signatures = report.signatures.iter().flat_map(|signature| {
        signature.findings.iter().map(move |finding| (signature.index.to_string(), finding))
    });
    let found = gathered(words, of_file.chain(of_signatures));
    if found.is_empty() {
        put!(page, "<p>{}</p></section>", words.say("Nothing was found.", "没有发现任何问题。"));
        return;
    }
    let heads = [
        words.say("Weight", "级别"),
        words.say("Finding", "内容"),
        words.say("Code", "代码"),
        words.say("Signature", "签名"),
        words.say("Object", "对象"),
        words.say("Page", "页"),
    ];
    let rows = found.into_iter().map(|found| {
        let [objects, pages] = [listed(&found.objects), listed(&found.pages)];
        let code = format!("<code>{}</code>", found.code);
        vec![mark(words, found.severity), found.message, code, found.signature, objects, pages]
    });
    let more = words.say("more are not listed.", "项未列出。");
    table(page, &heads, &rows.collect::<Vec<_>>(), MOST, more);
    put!(page, "</section>");
}

/// What weighs in one signature: problems and cautions.
pub fn of(page: &mut String, words: Words, findings: &[Finding]) {
    let weighs = findings.iter().filter(|finding| finding.severity > Severity::Info);
    let found = gathered(words, weighs.map(|finding| (String::new(), finding)));
    if found.is_empty() {
        return;
    }
    put!(page, "<ul>");
    for one in found.iter().take(MOST_IN_CARD) {
        let mut at = String::new();
        if !one.objects.is_empty() {
            at = words.fill(", object {0}", "，对象 {0}", &[&listed(&one.objects)]);
        }
        if !one.pages.is_empty() {
            at += &words.fill(", page {0}", "，第 {0} 页", &[&listed(&one.pages)]);
        }
        let (weight, message, code) = (mark(words, one.severity), &one.message, one.code);
        put!(
            page,
            "<li>{weight} {message} <span class=\"soft\">(<code>{code}</code>{at})</span></li>"
        );
    }
    put!(page, "</ul>");
    if found.len() > MOST_IN_CARD {
        let more = (found.len() - MOST_IN_CARD).to_string();
        let text = words.fill("{0} more are listed below.", "另有 {0} 项列于下文。", &[&more]);
        put!(page, "<p class=\"note\">{text}</p>");
    }
}

/// The same finding about several objects.
struct Found {
    severity: Severity,
    code: &'static str,
    message: String,
    signature: String,
    objects: Vec<String>,
    pages: Vec<String>,
}

/// Findings that say the same are one; what weighs most comes first.
fn gathered<'f>(words: Words, all: impl Iterator<Item = (String, &'f Finding)>) -> Vec<Found> {
    let mut known: HashMap<(String, &'static str, String), usize> = HashMap::new();
    let mut gathered: Vec<Found> = Vec::new();
    let mut known_pages: HashSet<(usize, String)> = HashSet::new();
    for (signature, finding) in all {
        let code = finding.code.as_str();
        let message = format!("<bdi>{}</bdi>", text(&finding.message_in(words.0)));
        let place = *known.entry((signature.clone(), code, message.clone())).or_insert_with(|| {
            let severity = finding.severity;
            let (objects, pages) = (Vec::new(), Vec::new());
            gathered.push(Found { severity, code, message, signature, objects, pages });
            gathered.len() - 1
        });
        let found = &mut gathered[place];
        found.objects.extend(finding.object.as_deref().map(apart));
        let page = finding.page.map(|page| page.to_string());
        if let Some(page) = page
            && known_pages.insert((place, page.clone()))
        {
            found.pages.push(page);
        }
    }
    gathered.sort_by_key(|found| std::cmp::Reverse(found.severity));
    gathered
}

/// The first of them, and how many more there are.
fn listed(all: &[String]) -> String {
    let first = all.iter().take(MOST_LISTED).cloned().collect::<Vec<_>>().join(", ");
    match all.len().saturating_sub(MOST_LISTED) {
        0 => first,
        more => format!("{first} … +{more}"),
    }
}

/// How much a finding weighs, with a sign that tells it without its colour.
pub fn mark(words: Words, severity: Severity) -> String {
    let (class, sign) = match severity {
        Severity::Error => ("failed", "✕"),
        Severity::Warning => ("indeterminate", "!"),
        Severity::Info => ("plain", "·"),
    };
    format!("<span class=\"word {class}\">{sign} {}</span>", words.severity(severity))
}

#[cfg(test)]
mod tests {
    use sealwright::report::{Code, Lang};

    use super::*;

    #[test]
    fn one_finding_about_many_objects_is_one_line() {
        let mut findings = vec![Finding::new(Code::IdNotChecked)];
        findings.extend((1..=500).map(|number| {
            let mut finding = Finding::new(Code::ModForbidden).with(2).about(format!("{number} 0"));
            finding.page = Some(1);
            finding
        }));
        let mut page = String::new();
        of(&mut page, Words(Lang::Zh), &findings);
        assert_eq!(page.matches("<li>").count(), 1, "{page}");
        assert!(page.contains("… +488") && page.contains("第 1 页"), "{page}");
        assert!(page.contains("mod.forbidden") && page.contains("问题"), "{page}");
    }
}
