//! Judges signed PDFs and writes one page that people can look at: the verdict, how the file came about,
//! who signed, what was changed, before and after, and the seals, enlarged.
//!
//! ```text
//! cargo run -p auditor -- out/ceremony/contract-3-closed.pdf --trust out/ceremony/root.pem --html out/audit.html
//! ```
//!
//! The page holds everything that it shows. Whatever strangers wrote is drawn in a process of its own,
//! which may fall over: the page then says so.

mod album;
mod case;
mod changes;
mod drawing;
mod page;
mod picture;
mod seals;
mod studio;
mod words;

use std::path::PathBuf;
use std::process::ExitCode;

use sealwright::inspection::DocMdp;
use sealwright::pki::TrustAnchors;
use sealwright::report::{Conclusion, Lang};
use sealwright::verification::CheckOptions;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use album::Album;
use case::{Case, Judged};
use changes::ChangedRevision;
use page::{Asked, Page};
use studio::Studio;

const HELP: &str = "\
auditor FILE… --html OUT [--trust PEM]… [--without-trust] [--at RFC3339] [--assume-docmdp 1|2|3]
        [--password P] [--zh|--en]

  FILE                a PDF
  --html OUT          where the page is written; it holds everything that it shows
  --trust PEM         certificates you trust; a signer must lead to one of them, or be one
  --without-trust     judge everything but whether the signers are to be trusted
  --at RFC3339        the time for which trust is judged, such as 2026-11-22T12:00:00Z; default now
  --assume-docmdp N   judge as if the document had been certified at this level from the start
  --password P        for encrypted files
  --zh, --en          报告用中文; in English (default)

Exit status: 0 all passed, 1 some failed, 2 something is indeterminate, 3 a file is unsigned,
4 a file cannot be read, or the page cannot be written. With several files the first of 4, 1, 2, 3
that occurs counts.";

struct Wanted {
    files: Vec<String>,
    html: PathBuf,
    anchors: Option<TrustAnchors>,
    at: OffsetDateTime,
    assumed: Option<u8>,
    password: Option<String>,
    lang: Lang,
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if words.first().is_some_and(|word| word == studio::DRAWS) {
        let served = drawing::serve(std::io::stdin(), std::io::stdout());
        return if served.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    let wanted = match parse(words.into_iter()) {
        Ok(Some(wanted)) => wanted,
        Ok(None) => {
            println!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Err(problem) => {
            eprintln!("{problem}\n\n{HELP}");
            return ExitCode::from(4);
        }
    };
    match audit(&wanted) {
        Ok(status) => ExitCode::from(status),
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::from(4)
        }
    }
}

/// Writes the page; the exit status.
fn audit(wanted: &Wanted) -> Result<u8, String> {
    let mut options = match &wanted.anchors {
        Some(anchors) => CheckOptions::trusting(anchors).at(wanted.at),
        None => CheckOptions::without_trust(),
    };
    if let Some(level) = wanted.assumed.and_then(|level| DocMdp::from_level(level.into())) {
        options = options.assume_certified(level);
    }
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let mut page = Page::new(Asked {
        lang: wanted.lang,
        at: wanted.at,
        anchors: wanted.anchors.as_ref().map(|anchors| anchors.certificates().len()),
        assumed: wanted.assumed,
    });
    let mut statuses = Vec::new();
    for name in &wanted.files {
        let case = Case::read(name, &options, wanted.password.as_deref());
        if let Err(problem) = &case.outcome {
            eprintln!("{name}: {problem}");
        }
        statuses.push(status(case.conclusion()));
        page.add(&case, |judged, changed| pictures(judged, changed, &program));
    }
    let html = page.finish();
    let out = &wanted.html;
    if let Some(folder) = out.parent() {
        std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", out.display()))?;
    }
    std::fs::write(out, html).map_err(|error| format!("{}: {error}", out.display()))?;
    println!("{}", out.display());
    let worst = [4, 1, 2, 3].into_iter().find(|status| statuses.contains(status));
    Ok(worst.unwrap_or(0))
}

fn pictures(judged: &Judged, changed: &[ChangedRevision<'_>], program: &std::path::Path) -> Album {
    let studio = Studio::open(program, album::LONGEST);
    match judged.open() {
        Some(file) => Album::of(judged, &file, changed, &studio),
        None => Album::default(),
    }
}

fn status(conclusion: Option<Conclusion>) -> u8 {
    match conclusion {
        Some(Conclusion::Passed) => 0,
        Some(Conclusion::Failed) => 1,
        Some(Conclusion::Indeterminate) => 2,
        Some(Conclusion::Unsigned) => 3,
        None => 4,
    }
}

fn parse(mut words: impl Iterator<Item = String>) -> Result<Option<Wanted>, String> {
    let mut files = Vec::new();
    let (mut html, mut password) = (None, None);
    let mut anchors = TrustAnchors::none();
    let (mut without_trust, mut lang, mut assumed) = (false, Lang::En, None);
    let mut at = OffsetDateTime::now_utc();
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("{word} wants a value"));
        match word.as_str() {
            "--help" | "-h" => return Ok(None),
            "--html" => html = Some(PathBuf::from(value()?)),
            "--trust" => {
                let path = value()?;
                let wrong = |error: &dyn std::fmt::Display| format!("--trust {path}: {error}");
                let pem = std::fs::read(&path).map_err(|error| wrong(&error))?;
                let trusted = TrustAnchors::from_pem(&pem).map_err(|error| wrong(&error))?;
                trusted.certificates().iter().for_each(|anchor| anchors.add(anchor.clone()));
            }
            "--without-trust" => without_trust = true,
            "--at" => {
                let text = value()?;
                at = OffsetDateTime::parse(&text, &Rfc3339)
                    .map_err(|error| format!("--at {text}: {error}"))?;
            }
            "--assume-docmdp" => {
                let text = value()?;
                let level = text.parse().ok().filter(|level| (1..=3).contains(level));
                assumed = Some(level.ok_or(format!("--assume-docmdp {text}: not 1, 2 or 3"))?);
            }
            "--password" => password = Some(value()?),
            "--zh" => lang = Lang::Zh,
            "--en" => lang = Lang::En,
            option if option.starts_with("--") => return Err(format!("unknown option {option}")),
            _ => files.push(word),
        }
    }
    if files.is_empty() {
        return Err("no file is named".to_owned());
    }
    let html = html.ok_or("--html is missing: where shall the page go?")?;
    let anchors = (!without_trust).then_some(anchors);
    Ok(Some(Wanted { files, html, anchors, at, assumed, password, lang }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Option<Wanted>, String> {
        parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn the_command_line_says_what_is_missing() {
        let problem = |line: &str| parsed(line).err().unwrap();
        assert_eq!(problem("--html a.html"), "no file is named");
        assert!(problem("a.pdf").starts_with("--html is missing"));
        assert_eq!(problem("a.pdf --html"), "--html wants a value");
        assert_eq!(problem("a.pdf --assume-docmdp 4"), "--assume-docmdp 4: not 1, 2 or 3");
        assert_eq!(problem("a.pdf --what"), "unknown option --what");
        assert!(problem("a.pdf --at yesterday").starts_with("--at yesterday: "));
        assert!(parsed("--help").unwrap().is_none());
    }

    #[test]
    fn the_command_line_is_taken() {
        let line = "a.pdf b.pdf --html out/a.html --without-trust --zh --assume-docmdp 2";
        let wanted = parsed(line).unwrap().unwrap();
        assert_eq!(wanted.files, ["a.pdf", "b.pdf"]);
        assert!(wanted.anchors.is_none());
        assert_eq!((wanted.assumed, wanted.lang), (Some(2), Lang::Zh));
    }
}
