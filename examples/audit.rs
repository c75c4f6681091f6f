//! Judges signed PDFs and says in plain words who signed, when, what is covered and what changed.
//!
//! ```text
//! cargo run --example audit -- out/sealed.pdf --trust out/demo-root.pem
//! ```

mod terminal;

use std::process::ExitCode;

use sealwright::limits::Limits;
use sealwright::pki::TrustAnchors;
use sealwright::report::{Conclusion, Lang, Report};
use sealwright::verification::{CheckOptions, check};
use terminal::{Bar, read, value_of};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

const HELP: &str = "\
audit FILE… [--trust PEM]… [--without-trust] [--at RFC3339] [--password P] [--json] [--zh]

  --trust PEM       certificates you trust; a signer must lead to one of them, or be one
  --without-trust   judge everything but whether the signers are to be trusted
  --at RFC3339      the time for which trust is judged, such as 2026-11-22T12:00:00Z; default now
  --password P      for encrypted files: taken, but nothing can be decrypted yet
  --json            one JSON report for each file, one a line
  --zh              报告用中文

Exit status: 0 all passed, 1 some failed, 2 something is indeterminate, 3 a file is unsigned,
4 a file cannot be read. With several files the first of 4, 1, 2, 3 that occurs counts.";

struct Wanted {
    files: Vec<String>,
    anchors: Option<TrustAnchors>,
    at: OffsetDateTime,
    json: bool,
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
    let (mut without_trust, mut json, mut lang) = (false, false, Lang::En);
    let mut at = OffsetDateTime::now_utc();
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
            "--password" => {
                value_of("--password", &mut words)?;
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
    Ok(Some(Wanted { files, anchors, at, json, lang }))
}

/// Judges one file and prints what is to be said of it; its exit status.
fn audit(path: &str, wanted: &Wanted) -> u8 {
    match judge(path, wanted) {
        Ok(report) => {
            print(path, &report, wanted);
            match report.conclusion {
                Conclusion::Passed => 0,
                Conclusion::Failed => 1,
                Conclusion::Indeterminate => 2,
                Conclusion::Unsigned => 3,
            }
        }
        Err(problem) => {
            eprintln!("{path}: {problem}");
            4
        }
    }
}

fn judge(path: &str, wanted: &Wanted) -> Result<Report, Box<dyn std::error::Error>> {
    let file = std::fs::File::open(path)?;
    if file.metadata()?.len() == 0 {
        return Err("the file is empty".into());
    }
    // SAFETY: a map of a file that somebody else shortens meanwhile ends this process. An auditor
    // who looks at files that others may write should read them into memory instead.
    #[allow(unsafe_code)]
    let bytes = unsafe { memmap2::Mmap::map(&file)? };
    let bar = Bar::new("checking");
    let options = match &wanted.anchors {
        Some(anchors) => CheckOptions::trusting(anchors).at(wanted.at),
        None => CheckOptions::without_trust(),
    };
    Ok(check(&*bytes, &options.limits(Limits::default()).watched_by(&bar))?)
}

fn print(path: &str, report: &Report, wanted: &Wanted) {
    if wanted.json {
        // A report holds numbers, words and lists only: it always has a JSON form.
        println!("{}", serde_json::to_string(report).unwrap_or_default());
    } else {
        println!("{path}\n{}", report.in_language(wanted.lang));
    }
}
