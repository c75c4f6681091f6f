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
mod bundle;
mod case;
mod changes;
mod drawing;
mod fonts;
mod page;
mod picture;
mod seals;
mod studio;
mod words;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use sealwright::audit::Head;
use sealwright::execution::evidence::VerifyOptions;
use sealwright::inspection::DocMdp;
use sealwright::pdf::Password;
use sealwright::pki::TrustAnchors;
use sealwright::report::{Conclusion, Lang};
use sealwright::verification::CheckOptions;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use album::Album;
use bundle::Bundle;
use case::{Case, Judged};
use changes::ChangedRevision;
use fonts::SpareFont;
use page::{Asked, Page};
use studio::Studio;

const HELP: &str = "\
auditor FILE… --html OUT [--trust PEM]… [--without-trust] [--at RFC3339] [--assume-docmdp 1|2|3]
        [--password P] [--head JSON] [--font FILE] [--zh|--en]

  FILE                a PDF, or a bundle of evidence (ZIP)
  --html OUT          where the page is written; it holds everything that it shows
  --trust PEM         certificates you trust; a signer must lead to one of them, or be one
  --without-trust     judge everything but whether the signers are to be trusted
  --at RFC3339        the time for which trust is judged, such as 2026-11-22T12:00:00Z; default now
  --assume-docmdp N   judge as if the document had been certified at this level from the start
  --password P        for encrypted files, and encrypted documents in bundles
  --head JSON         for bundles: the head of the trail as you kept it; without it nothing shows that
                      the trail is complete
  --font FILE         draws text in Chinese, Japanese or Korean fonts that a document does not bring
                      along; FILE#2 is the third face of a collection; default one of this machine
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
    head: Option<Head>,
    font: Option<SpareFont>,
    lang: Lang,
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if words.first().is_some_and(|word| word == studio::DRAWS) {
        let font = SpareFont::told(words.into_iter().skip(1));
        let served = drawing::serve(std::io::stdin(), std::io::stdout(), font.as_ref());
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
    let font = wanted.font.clone().or_else(SpareFont::of_the_system);
    let easel = Easel { program: &program, font: font.as_ref() };
    let password = wanted.password.as_deref();
    let mut statuses = Vec::new();
    for (path, name) in wanted.files.iter().zip(names(&wanted.files)) {
        let read = std::fs::read(path).map_err(|error| error.to_string());
        let told = |problem: &str| eprintln!("{path}: {problem}");
        let read = match read {
            Ok(bytes) if Bundle::begins(&bytes) => {
                match Bundle::judge(&name, &bytes, &of_bundles(wanted)) {
                    Ok(bundle) => {
                        statuses.push(status(Some(bundle.verdict.conclusion)));
                        page.add_bundle(&bundle);
                        for (id, bytes) in bundle.documents {
                            let name = format!("{name} › {id}");
                            let case = Case::of(name, Ok(bytes), &options, password);
                            page.add_inside(&case, |judged, changed| easel.draw(judged, changed));
                        }
                        continue;
                    }
                    Err(problem) => Err(problem),
                }
            }
            read => read,
        };
        let case = Case::of(name, read, &options, password);
        if let Err(problem) = &case.outcome {
            told(problem);
        }
        statuses.push(status(case.conclusion()));
        page.add(&case, |judged, changed| easel.draw(judged, changed));
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

/// What is asked of bundles.
fn of_bundles(wanted: &Wanted) -> VerifyOptions<'_> {
    let mut options = match &wanted.anchors {
        Some(anchors) => VerifyOptions::trusting(anchors, wanted.at),
        None => VerifyOptions::without_trust(),
    };
    if let Some(head) = &wanted.head {
        options = options.expected_head(head);
    }
    match &wanted.password {
        Some(password) => options.password(Password::new(password)),
        None => options,
    }
}

/// What files are called on the page: without their folders, unless two would have one name.
fn names(files: &[String]) -> Vec<String> {
    let short = |path: &String| {
        Path::new(path)
            .file_name()
            .map_or_else(|| path.clone(), |name| name.to_string_lossy().into())
    };
    let all: Vec<String> = files.iter().map(short).collect();
    let is_only = |name: &String| all.iter().filter(|other| *other == name).count() == 1;
    let named = files.iter().zip(&all);
    named.map(|(path, name)| if is_only(name) { name } else { path }.clone()).collect()
}

/// What pictures are made with.
struct Easel<'e> {
    program: &'e Path,
    font: Option<&'e SpareFont>,
}

impl Easel<'_> {
    fn draw(&self, judged: &Judged, changed: &[ChangedRevision<'_>]) -> Album {
        let studio = Studio::open(self.program, self.font, album::LONGEST);
        match judged.open() {
            Some(file) => Album::of(judged, &file, changed, &studio),
            None => Album::default(),
        }
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
    let (mut html, mut password, mut head, mut font) = (None, None, None, None);
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
            "--head" => {
                let path = value()?;
                let wrong = |error: &dyn std::fmt::Display| format!("--head {path}: {error}");
                let json = std::fs::read(&path).map_err(|error| wrong(&error))?;
                head = Some(serde_json::from_slice(&json).map_err(|error| wrong(&error))?);
            }
            "--font" => {
                let name = value()?;
                let named = SpareFont::named(&name);
                font = Some(named.map_err(|error| format!("--font {name}: {error}"))?);
            }
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
    Ok(Some(Wanted { files, html, anchors, at, assumed, password, head, font, lang }))
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
    fn files_are_called_by_their_names_unless_two_have_one() {
        let names =
            |files: &[&str]| names(&files.iter().map(|&one| one.to_owned()).collect::<Vec<_>>());
        assert_eq!(names(&["a/b/c.pdf", "d.pdf"]), ["c.pdf", "d.pdf"]);
        assert_eq!(names(&["a/c.pdf", "b/c.pdf", "d/e.pdf"]), ["a/c.pdf", "b/c.pdf", "e.pdf"]);
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
