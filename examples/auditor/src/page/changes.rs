//! What was changed after somebody had signed: lists, and pages before and after.

use std::fmt::Write;

use sealwright::report::{ByteRangeState, Change, Integrity};

use super::pictures::{Drawn, Look, sheet};
use super::text::{apart, put, table};
use crate::album::{Album, Compared, MOST_LOOKED_AT};
use crate::case::Judged;
use crate::changes::{ChangedRevision, MOST_MARKS, Mark, is_forbidden};
use crate::words::{Words, code};

/// So many changes stand in one table.
const MOST_ROWS: usize = 60;
/// So many revisions are shown.
const MOST_REVISIONS: usize = 40;

/// Everything that was changed.
pub fn all(
    page: &mut String,
    words: Words,
    judged: &Judged,
    changed: &[ChangedRevision<'_>],
    album: &Album,
) {
    if judged.report.signatures.is_empty() {
        return;
    }
    let title = words.say("What was changed after signing", "签署之后的更改");
    put!(page, "<section><h3>{title}</h3>");
    notes(page, words, judged, changed, album);
    if !album.compared.is_empty() || !album.as_signed.is_empty() {
        legend(page, words);
    }
    as_signed(page, words, album);
    for revision in changed.iter().take(MOST_REVISIONS) {
        one(page, words, revision, album);
    }
    let more = changed.len().saturating_sub(MOST_REVISIONS);
    if more > 0 {
        let more = more.to_string();
        let text =
            words.fill("{0} more revisions are not shown.", "另有 {0} 个版本未显示。", &[&more]);
        put!(page, "<p class=\"note\">{text}</p>");
    }
    put!(page, "</section>");
}

fn notes(
    page: &mut String,
    words: Words,
    judged: &Judged,
    changed: &[ChangedRevision<'_>],
    album: &Album,
) {
    let mut note = |text: &str| put!(page, "<p>{text}</p>");
    let signatures = &judged.report.signatures;
    let tail = signatures.iter().any(|signature| {
        signature.coverage.revision.is_none() && signature.coverage.tail_bytes > 0
    });
    if tail {
        note(words.say(
            "What a signature covers ends where no revision of the document ends: what follows was added \
             by somebody who did not write an ordinary update.",
            "签名覆盖范围的末尾不是任何版本的末尾：其后的内容并非以正常更新方式写入。",
        ));
    }
    if changed.is_empty() && !tail {
        note(
            words.say(
                "No later revision was found behind a signature.",
                "签名之后没有发现新的版本。",
            ),
        );
    }
    let with = |ranges| signatures.iter().filter(move |one| one.coverage.byte_range == ranges);
    if with(ByteRangeState::Bad).next().is_some() {
        note(words.say(
            "What a signature says to cover is not what it must be: it vouches for no state of the \
             document, so there is none to compare with.",
            "有签名声明的覆盖范围不符合要求：它不能证明文档的任何状态，因此无从对比。",
        ));
    }
    if with(ByteRangeState::Ok).any(|signature| signature.integrity == Integrity::Broken) {
        note(words.say(
            "Bytes inside what a signature covers were altered. The file does not hold what stood there \
             before, so there is nothing to compare with.",
            "签名覆盖范围内的字节被改动。文件中没有保留原来的内容，因此无从对比。",
        ));
    }
    if album.not_looked_at > 0 {
        note(&words.fill(
            "There are pictures enough: in {0} revision(s) it was not looked for pages that look different.",
            "图片数量已达上限：有 {0} 个版本未查找外观不同的页面。",
            &[&album.not_looked_at.to_string()],
        ));
    }
    if album.looked_at_first {
        note(&words.fill(
            "Where no change names a page, the first {0} pages were looked at for what looks different.",
            "更改未指明页面时，仅对比了前 {0} 页的外观。",
            &[&MOST_LOOKED_AT.to_string()],
        ));
    }
    if album.pages_left_out > 0 {
        let count = album.pages_left_out.to_string();
        note(&words.fill(
            "{0} more changed pages are not shown as pictures; forbidden changes are shown first.",
            "另有 {0} 个被更改的页面未以图片显示；不允许的更改优先显示。",
            &[&count],
        ));
    }
}

fn legend(page: &mut String, words: Words) {
    let entries = [
        (
            Look::Forbidden,
            "url(#hatch)",
            "",
            words.say("not permitted: solid frame, hatched", "不允许：实线框加斜线"),
        ),
        (Look::Allowed, "none", "7 4", words.say("permitted: dashed frame", "允许：虚线框")),
        (
            Look::Odd,
            "none",
            "3 3",
            words.say(
                "looks different, though no change names this place: dotted frame, ≠",
                "外观不同，但没有更改指明此处：点线框，≠",
            ),
        ),
        (
            Look::Suspect,
            "url(#hatch)",
            "3 3",
            words.say(
                "the same, in a revision that changes what is not permitted: dotted frame, hatched, ≠",
                "同上，且该版本存在不允许的更改：点线框加斜线，≠",
            ),
        ),
    ];
    put!(page, "<ul class=\"legend\">");
    for (look, fill, dash, text) in entries {
        put!(
            page,
            "<li><svg viewBox=\"0 0 42 24\" aria-hidden=\"true\"><rect class=\"m-{}\" x=\"3\" y=\"3\" \
             width=\"36\" height=\"18\" fill=\"{fill}\" stroke-width=\"3\" stroke-dasharray=\"{dash}\"/>\
             </svg>{text}</li>",
            look.class()
        );
    }
    put!(page, "</ul>");
}

fn one(page: &mut String, words: Words, revision: &ChangedRevision<'_>, album: &Album) {
    let before = revision.signed_before.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
    let verdict = if revision.is_unexplained() {
        let text = words.say("cannot be explained", "无法解释");
        format!("<span class=\"word indeterminate\">? {text}</span>")
    } else if revision.is_forbidden() {
        format!("<span class=\"word failed\">✕ {}</span>", words.say("not permitted", "不允许"))
    } else {
        format!("<span class=\"word passed\">✓ {}</span>", words.say("permitted", "允许"))
    };
    let number = revision.number.to_string();
    let title = words.fill(
        "Revision {0}, written after signature(s) {1}",
        "第 {0} 版（写于签名 {1} 之后）",
        &[&number, &before],
    );
    put!(page, "<div class=\"compare\"><h4>{title}: {verdict}</h4>");
    let compared: Vec<&Compared> =
        album.compared.iter().filter(|one| one.revision == revision.number).collect();
    if album.unseen.contains(&revision.number) {
        let text = words.say(
            "None of the first pages looks different: the change is in what a picture does not show, or \
             on a later page.",
            "前若干页的外观均无差异：更改不体现在画面上，或者位于更靠后的页面。",
        );
        put!(page, "<p>{text}</p>");
    }
    for one in &compared {
        let marks = revision.pages.get(&one.page).map(Vec::as_slice).unwrap_or_default();
        let suspect = revision.is_forbidden() || revision.is_unexplained();
        pair(page, words, one, marks, suspect);
        list(page, words, one.page, marks);
    }
    for (number, marks) in &revision.pages {
        if !compared.iter().any(|one| one.page == *number) {
            list(page, words, *number, marks);
        }
    }
    elsewhere(page, words, &revision.elsewhere);
    put!(page, "</div>");
}

/// Pages as they were signed and as they are now, where no revision lies between.
fn as_signed(page: &mut String, words: Words, album: &Album) {
    for one in &album.as_signed {
        let values = [one.page.to_string(), one.signature.to_string()];
        let values = [values[0].as_str(), values[1].as_str()];
        let then = words.fill(
            "Page {0} as signature {1} has it",
            "第 {0} 页，签名 {1} 所签的样子",
            &values,
        );
        let now = words.fill("Page {0} now", "第 {0} 页，现在的样子", &values);
        let drawn: Vec<Drawn> = one
            .differences
            .iter()
            .map(|area| Drawn { area: *area, look: Look::Suspect, badge: "≠".to_owned() })
            .collect();
        put!(page, "<div class=\"compare\"><div class=\"pair\">");
        for (caption, shown, quiet) in [(then, &one.then, true), (now, &one.now, false)] {
            let sheet = sheet(words, shown, &caption, &drawn, quiet);
            put!(page, "<figure><figcaption>{caption}</figcaption>{sheet}</figure>");
        }
        put!(page, "</div></div>");
    }
}

fn pair(page: &mut String, words: Words, one: &Compared, marks: &[Mark<'_>], forbidden: bool) {
    let mut drawn: Vec<Drawn> = marks
        .iter()
        .filter_map(|mark| {
            let look = if mark.forbidden { Look::Forbidden } else { Look::Allowed };
            Some(Drawn { area: mark.area?, look, badge: mark.number.to_string() })
        })
        .collect();
    // What is forbidden lies on top.
    drawn.sort_by_key(|mark| mark.look == Look::Forbidden);
    drawn.extend(one.unexplained.iter().map(|area| Drawn {
        area: *area,
        look: if forbidden { Look::Suspect } else { Look::Odd },
        badge: "≠".to_owned(),
    }));
    let number = one.page.to_string();
    if one.same == Some(true) {
        let text = words.fill(
            "Page {0} looks the same before and after.",
            "第 {0} 页前后外观相同。",
            &[&number],
        );
        put!(page, "<p>{text}</p>");
    }
    put!(page, "<div class=\"pair\">");
    let earlier = one.revision.saturating_sub(1).to_string();
    let before = words.fill(
        "Page {0} before: revision {1}",
        "第 {0} 页，之前：第 {1} 版",
        &[&number, &earlier],
    );
    let revision = one.revision.to_string();
    let after = words.fill(
        "Page {0} after: revision {1}",
        "第 {0} 页，之后：第 {1} 版",
        &[&number, &revision],
    );
    for (caption, shown, quiet) in [(before, &one.before, true), (after, &one.after, false)] {
        let sheet = sheet(words, shown, &caption, &drawn, quiet);
        put!(page, "<figure><figcaption>{caption}</figcaption>{sheet}</figure>");
    }
    put!(page, "</div>");
}

fn heads(words: Words) -> [&'static str; 5] {
    [
        words.say("Mark", "标记"),
        words.say("What", "内容"),
        words.say("Object", "对象"),
        words.say("Rule", "规则"),
        words.say("Place", "位置"),
    ]
}

fn list(page: &mut String, words: Words, number: u32, marks: &[Mark<'_>]) {
    let rows = marks.iter().flat_map(|mark| {
        let class = if mark.forbidden { "bad" } else { "ok" };
        let tag = format!("<span class=\"tag {class}\">{}</span>", mark.number);
        mark.changes.iter().map(move |change| {
            let mut row = vec![tag.clone()];
            row.extend(cells(words, change));
            row
        })
    });
    let rows: Vec<_> = rows.collect();
    if rows.is_empty() {
        return;
    }
    if marks.len() >= MOST_MARKS {
        let text = words.fill(
            "More places than {0} were changed on page {1}: the last mark stands for all others.",
            "第 {1} 页被更改之处超过 {0} 处：最后一个标记代表其余各处。",
            &[&MOST_MARKS.to_string(), &number.to_string()],
        );
        put!(page, "<p class=\"note\">{text}</p>");
    }
    let title = words.fill("Changes on page {0}", "第 {0} 页的更改", &[&number.to_string()]);
    let open = if marks.iter().any(|mark| mark.forbidden) { " open" } else { "" };
    put!(page, "<details{open}><summary>{title} ({})</summary>", rows.len());
    table(page, &heads(words), &rows, MOST_ROWS, words.say("more are not listed.", "项未列出。"));
    put!(page, "</details>");
}

fn elsewhere(page: &mut String, words: Words, changes: &[&Change]) {
    if changes.is_empty() {
        return;
    }
    let rows = changes.iter().map(|change| {
        let (class, sign) = if is_forbidden(change) { ("bad", "✕") } else { ("ok", "✓") };
        let mut row = vec![format!("<span class=\"tag {class}\">{sign}</span>")];
        row.extend(cells(words, change));
        row
    });
    let rows: Vec<_> = rows.collect();
    let title = words
        .say("Changes on no page, or on one that is not known", "不属于某一页或所在页未知的更改");
    let open = if changes.iter().any(|change| is_forbidden(change)) { " open" } else { "" };
    put!(page, "<details{open}><summary>{title} ({})</summary>", rows.len());
    table(page, &heads(words), &rows, MOST_ROWS, words.say("more are not listed.", "项未列出。"));
    put!(page, "</details>");
}

/// What, object, rule and place of a change.
fn cells(words: Words, change: &Change) -> [String; 4] {
    let mut rule = match change.rule.as_ref().map(code) {
        None if is_forbidden(change) => {
            let never = words.say("no rule permits it", "没有规则允许");
            format!("<span class=\"never\">{never}</span>")
        }
        None => String::new(),
        Some(rule) => match words.rule(&rule) {
            Some(word) => format!("{word} <code>{rule}</code>"),
            None => format!("<code>{rule}</code>"),
        },
    };
    if let Some(family) = change.resembles {
        let name = family.name(words.0);
        rule.push_str(&words.fill("<br>resembles: {0}", "<br>类似：{0}", &[name]));
    }
    let place = match (change.page, change.seen) {
        (Some(page), Some(seen)) => {
            let [left, top, right, bottom] = seen.map(millimetres);
            words.fill(
                "page {0}, {1} to {3} mm from the left, {2} to {4} mm from the top",
                "第 {0} 页，距左 {1}–{3} 毫米，距上 {2}–{4} 毫米",
                &[&page.to_string(), &left, &top, &right, &bottom],
            )
        }
        (Some(page), None) => words.fill("page {0}", "第 {0} 页", &[&page.to_string()]),
        (None, _) => String::new(),
    };
    let object = change.object.as_deref().map(apart).unwrap_or_default();
    [words.changed_kind(change), object, rule, place]
}

/// Points as whole millimetres.
fn millimetres(points: f64) -> String {
    format!("{:.0}", points * 25.4 / 72.0)
}
