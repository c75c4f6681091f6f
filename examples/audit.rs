//! Judges signed PDFs and bundles of evidence, and says in plain words who signed, when, what is covered
//! and what changed. What a file is, its content tells.
//!
//! ```text
//! cargo run --example audit -- out/sealed.pdf --trust out/demo-root.pem
//! cargo run --example audit -- out/sealed.pdf --without-trust --story
//! cargo run --example audit -- out/evidence.zip --trust out/demo-root.pem --head head.json
//! ```

mod terminal;

use std::fmt::Display;
use std::process::ExitCode;

use sealwright::audit::Head;
use sealwright::execution::evidence::{EvidenceVerdict, VerifyOptions, verify};
use sealwright::inspection::DocMdp;
use sealwright::pdf::Password;
use sealwright::pki::TrustAnchors;
use sealwright::report::{Conclusion, Lang, Report, Story};
use sealwright::verification::{CheckOptions, check_file, explain};
use terminal::{Bar, read, value_of};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

const HELP: &str = "\
audit FILE… [--trust PEM]… [--without-trust] [--at RFC3339] [--head JSON] [--assume-docmdp 1|2|3] [--password P] [--story] [--json] [--zh]

  FILE              a PDF, or a bundle of evidence (ZIP)

  --trust PEM       certificates you trust; a signer must lead to one of them, or be one
  --without-trust   judge everything but whether the signers are to be trusted
  --at RFC3339      the time for which trust is judged, such as 2026-11-22T12:00:00Z; default now
  --head JSON       for bundles: the head of the trail as you kept it; without it nothing shows that
                    the trail is complete
  --prepared        also look for content that was prepared for a later swap: goes through all pages
  --assume-docmdp 1|2|3
                    judge as if the document had been certified at this level from the start: 1 nothing,
                    2 filling in and signing, 3 comments too; its own signatures may forbid more
  --password P      for encrypted files, and encrypted documents in bundles
  --story           what happened to a PDF, revision by revision, below its verdict
  --json            one JSON report or verdict for each file, one a line
  --zh              报告用中文

Exit status: 0 all passed, 1 some failed, 2 something is indeterminate, 3 a file is unsigned,
4 a file cannot be read. With several files the first of 4, 1, 2, 3 that occurs counts.";

struct Wanted {
    files: Vec<String>,
    anchors: Option<TrustAnchors>,
    at: OffsetDateTime,
    head: Option<Head>,
    password: Option<Password>,
    assumed: Option<DocMdp>,
    story: bool,
    json: bool,
    prepared: bool,
    lang: Lang,
}

fn main() -> ExitCode {
    let wanted = match parse(std::env::args().skip(1)) {
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
    let verdicts: Vec<u8> = wanted.files.iter().map(|file| audit(file, &wanted)).collect();
    let worst = [4, 1, 2, 3].into_iter().find(|status| verdicts.contains(status));
    ExitCode::from(worst.unwrap_or(0))
}

fn parse(mut words: impl Iterator<Item = String>) -> Result<Option<Wanted>, String> {
    let mut files = Vec::new();
    let mut anchors = TrustAnchors::none();
    let (mut without_trust, mut story, mut json, mut lang) = (false, false, false, Lang::En);
    let mut prepared = false;
    let mut at = OffsetDateTime::now_utc();
    let (mut head, mut assumed, mut password) = (None, None, None);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--help" | "-h" => return Ok(None),
            "--trust" => {
                let path = value_of("--trust", &mut words)?;
                let trusted = TrustAnchors::from_pem(&read("--trust", &path)?)
                    .map_err(|error| format!("--trust {path}: {error}"))?;
                trusted.certificates().iter().for_each(|anchor| anchors.add(anchor.clone()));
            }
            "--without-trust" => without_trust = true,
            "--at" => {
                let text = value_of("--at", &mut words)?;
                at = OffsetDateTime::parse(&text, &Rfc3339)
                    .map_err(|error| format!("--at {text}: {error}"))?;
            }
            "--head" => {
                let path = value_of("--head", &mut words)?;
                let kept = serde_json::from_slice(&read("--head", &path)?)
                    .map_err(|error| format!("--head {path}: {error}"))?;
                head = Some(kept);
            }
            "--password" => {
                password = Some(Password::new(&value_of("--password", &mut words)?));
            }
            "--story" => story = true,
            "--prepared" => prepared = true,
            "--assume-docmdp" => {
                let text = value_of("--assume-docmdp", &mut words)?;
                let level = text.parse().ok().and_then(DocMdp::from_level);
                assumed = Some(level.ok_or(format!("--assume-docmdp {text}: give 1, 2 or 3"))?);
            }
            "--json" => json = true,
            "--zh" => lang = Lang::Zh,
            option if option.starts_with("--") => return Err(format!("unknown option {option}")),
            _ => files.push(word),
        }
    }
    if files.is_empty() {
        return Err("no file is named".to_owned());
    }
    let anchors = (!without_trust).then_some(anchors);
    Ok(Some(Wanted { files, anchors, at, head, password, assumed, story, json, prepared, lang }))
}

/// What is to be said of a file.
enum Judged {
    Document(Report, Option<Story>),
    Evidence(EvidenceVerdict),
}

/// Judges one file and prints what is to be said of it; its exit status.
fn audit(path: &str, wanted: &Wanted) -> u8 {
    let conclusion = match judge(path, wanted) {
        Ok(Judged::Document(report, story)) => {
            print(path, &report, &report.in_language(wanted.lang), wanted);
            if let Some(story) = story {
                print(path, &story, &story.in_language(wanted.lang), wanted);
            }
            report.conclusion
        }
        Ok(Judged::Evidence(verdict)) => {
            print(path, &verdict, &verdict.in_language(wanted.lang), wanted);
            verdict.conclusion
        }
        Err(problem) => {
            eprintln!("{path}: {problem}");
            return 4;
        }
    };
    match conclusion {
        Conclusion::Passed => 0,
        Conclusion::Failed => 1,
        Conclusion::Indeterminate => 2,
        Conclusion::Unsigned => 3,
    }
}

fn judge(path: &str, wanted: &Wanted) -> Result<Judged, Box<dyn std::error::Error>> {
    let file = std::fs::File::open(path)?;
    if file.metadata()?.len() == 0 {
        return Err("the file is empty".into());
    }
    // SAFETY: a map of a file that somebody else shortens meanwhile ends this process. An auditor
    // who looks at files that others may write should read them into memory instead.
    #[allow(unsafe_code)]
    let bytes = unsafe { memmap2::Mmap::map(&file)? };
    if bytes.starts_with(b"PK") {
        return Ok(Judged::Evidence(verify(&bytes, &of_bundles(wanted))?));
    }
    let bar = Bar::new("checking");
    let options = match &wanted.anchors {
        Some(anchors) => CheckOptions::trusting(anchors).at(wanted.at),
        None => CheckOptions::without_trust(),
    };
    let options = match wanted.assumed {
        Some(level) => options.assume_certified(level),
        None => options,
    };
    let options = match &wanted.password {
        Some(password) => options.password(password.clone()),
        None => options,
    };
    let document = options.open(&*bytes)?;
    let options = if wanted.prepared { options.looking_for_prepared_content() } else { options };
    let report = check_file(&document, &options.watched_by(&bar))?;
    let story = wanted.story.then(|| explain(&document, &report)).transpose()?;
    Ok(Judged::Document(report, story))
}

fn of_bundles(wanted: &Wanted) -> VerifyOptions<'_> {
    let options = match &wanted.anchors {
        Some(anchors) => VerifyOptions::trusting(anchors, wanted.at),
        None => VerifyOptions::without_trust(),
    };
    let options = match &wanted.password {
        Some(password) => options.password(password.clone()),
        None => options,
    };
    match &wanted.head {
        Some(head) => options.expected_head(head),
        None => options,
    }
}

fn print(path: &str, data: &impl serde::Serialize, words: &impl Display, wanted: &Wanted) {
    if wanted.json {
        // It holds numbers, words and lists only: it always has a JSON form.
        println!("{}", serde_json::to_string(data).unwrap_or_default());
    } else {
        println!("{path}\n{words}");
    }
}
