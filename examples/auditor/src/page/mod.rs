//! The page: one file without scripts that asks nobody for anything.

mod bundle;
mod changes;
mod findings;
mod opinion;
mod pictures;
mod signatures;
mod text;

use std::fmt::Write;

use sealwright::digest::{Digest, DigestAlgorithm};
use sealwright::report::{Conclusion, Lang};
use time::OffsetDateTime;

use crate::album::Album;
use crate::bundle::Bundle;
use crate::case::{Case, Judged};
use crate::changes::{ChangedRevision, changed};
use crate::words::Words;
use text::{apart, put, text};

const STYLE: &str = include_str!("style.css");

/// What was asked, as the page repeats it.
pub struct Asked {
    /// The language of the page.
    pub lang: Lang,
    /// The time for which trust was judged.
    pub at: OffsetDateTime,
    /// How many certificates are trusted; none if trust was not judged.
    pub anchors: Option<usize>,
    /// The level of certification that was assumed.
    pub assumed: Option<u8>,
}

/// A page that is written file by file.
pub struct Page {
    words: Words,
    body: String,
    told: Vec<Told>,
    asked: Asked,
}

/// A file that stands on the page.
struct Told {
    name: String,
    conclusion: Option<Conclusion>,
    /// Whether it lies in the bundle before it.
    inside: bool,
}

impl Page {
    /// A page without a file yet.
    pub fn new(asked: Asked) -> Self {
        Self { words: Words(asked.lang), body: String::new(), told: Vec::new(), asked }
    }

    /// Writes what is to be said of a bundle; its documents come next, each by [`Self::add_inside`].
    pub fn add_bundle(&mut self, bundle: &Bundle) {
        self.begin(&bundle.name, Some(bundle.verdict.conclusion), false);
        bundle::all(&mut self.body, self.words, bundle);
        put!(self.body, "</article>");
    }

    /// Writes what is to be said of a document in the bundle before it.
    pub fn add_inside(
        &mut self,
        case: &Case,
        draw: impl FnOnce(&Judged, &[ChangedRevision<'_>]) -> Album,
    ) {
        self.begin(&case.name, case.conclusion(), true);
        self.case(case, draw);
    }

    fn begin(&mut self, name: &str, conclusion: Option<Conclusion>, inside: bool) {
        self.told.push(Told { name: name.to_owned(), conclusion, inside });
        put!(self.body, "<article id=\"file-{}\">", self.told.len());
    }

    /// Writes what is to be said of a file, with pictures from `draw`.
    pub fn add(
        &mut self,
        case: &Case,
        draw: impl FnOnce(&Judged, &[ChangedRevision<'_>]) -> Album,
    ) {
        self.begin(&case.name, case.conclusion(), false);
        self.case(case, draw);
    }

    fn case(&mut self, case: &Case, draw: impl FnOnce(&Judged, &[ChangedRevision<'_>]) -> Album) {
        match &case.outcome {
            Err(problem) => opinion::unreadable(&mut self.body, self.words, &case.name, problem),
            Ok(judged) => {
                let file = judged.open();
                let view = |number| file.as_ref()?.revision(usize::try_from(number).ok()?);
                let changed = changed(&judged.report, view);
                let album = draw(judged, &changed);
                let Self { body, words, .. } = self;
                opinion::verdict(body, *words, &case.name, judged);
                opinion::timeline(body, *words, judged);
                signatures::all(body, *words, &judged.report);
                pictures::about(body, *words, judged, &album);
                changes::all(body, *words, judged, &changed, &album);
                pictures::seals(body, *words, judged, &album);
                pictures::now(body, *words, &album);
                findings::all(body, *words, &judged.report);
            }
        }
        put!(self.body, "</article>");
    }

    /// The page.
    pub fn finish(self) -> String {
        let words = self.words;
        let lang = words.say("en", "zh-CN");
        let style = Digest::of(DigestAlgorithm::Sha256, STYLE.as_bytes());
        let style = text::base64(style.as_bytes());
        let title = self.title();
        let mut page = String::new();
        put!(page, "<!doctype html>");
        put!(page, "<html lang=\"{lang}\"><head><meta charset=\"utf-8\">");
        put!(
            page,
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; \
             style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'\">"
        );
        put!(page, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        put!(page, "<meta name=\"referrer\" content=\"no-referrer\"><title>{title}</title>");
        put!(page, "<style>{STYLE}</style></head><body>{}", pictures::DEFINITIONS);
        put!(
            page,
            "<div class=\"masthead\"><h1>{}</h1>{}</div><main>",
            self.heading(),
            self.terms()
        );
        if self.told.len() > 1 {
            self.contents(&mut page);
        }
        page.push_str(&self.body);
        put!(page, "</main><footer>{}</footer></body></html>", self.small_print());
        page
    }

    fn heading(&self) -> &'static str {
        self.words.say("Audit of signed documents", "签名文档审计报告")
    }

    fn title(&self) -> String {
        let files: Vec<&Told> = self.told.iter().filter(|told| !told.inside).collect();
        match files.as_slice() {
            [Told { name, conclusion, .. }] => {
                format!("{}: {}", self.words.verdict(*conclusion), text(name))
            }
            files => {
                let count = files.len().to_string();
                self.words.fill("Audit of {0} files", "{0} 个文件的审计报告", &[&count])
            }
        }
    }

    /// Under which terms it was judged.
    fn terms(&self) -> String {
        let words = self.words;
        let at = words.instant(self.asked.at);
        let trust = match self.asked.anchors {
            None => words.say("judged without trust in signers", "未判断签名人是否可信").to_owned(),
            Some(count) => words.fill(
                "trust judged at {0}, by {1} certificate(s)",
                "信任判定时刻 {0}，受信任证书 {1} 张",
                &[&at, &count.to_string()],
            ),
        };
        let mut terms = format!("<span>{trust}</span>");
        if self.asked.anchors == Some(0) {
            let text = words.say(
                "no certificate was given to trust (--trust), so no signer is trusted",
                "未指定受信任的证书（--trust），因此所有签名人均不受信任",
            );
            put!(terms, "<span>{text}</span>");
        }
        if let Some(level) = self.asked.assumed {
            let text = words.fill(
                "judged as if certified at level {0}",
                "按已以 {0} 级认证判定",
                &[&level.to_string()],
            );
            put!(terms, "<span>{text}</span>");
        }
        terms
    }

    fn contents(&self, page: &mut String) {
        put!(page, "<article><section><h2>{}</h2>", self.title());
        let heads = [self.words.say("File", "文件"), self.words.say("Verdict", "结论")];
        let rows = self.told.iter().zip(1..).map(|(Told { name, conclusion, inside }, number)| {
            let verdict = self.words.verdict(*conclusion);
            let class = if *inside { " class=\"inside\"" } else { "" };
            vec![
                format!("<a{class} href=\"#file-{number}\">{}</a>", apart(name)),
                format!(
                    "<span class=\"word {}\">{} {verdict}</span>",
                    opinion::class(*conclusion),
                    opinion::sign(*conclusion)
                ),
            ]
        });
        text::table(page, &heads, &rows.collect::<Vec<_>>(), usize::MAX, "");
        put!(page, "</section></article>");
    }

    fn small_print(&self) -> &'static str {
        self.words.say(
            "The verdict rests on the bytes of the file. Pictures are there for people: another program \
             may draw a page otherwise, and no picture changes a verdict. This page runs no script and \
             loads nothing.",
            "结论以文件字节为依据。图片仅供查看：其他程序的显示可能不同，图片不影响结论。\
             本页不含脚本，也不加载任何外部内容。",
        )
    }
}
