//! The main job of the crate: a strategic signing (战略签约) from the first account to the archive,
//! in the steps S1 to S46 of the guide that the domain is built on.
//!
//! ```text
//! cargo run --example ceremony
//! ```
//!
//! Two companies are activated, their people and seals registered; a meeting is booked, held, and a
//! real PDF sealed by both. What a user does wrong on the way is tried first and refused. Everything is
//! written under `out/ceremony/` and then checked as a stranger would check it.
//!
//! It is written as a host program is: [`database`] keeps aggregates with their events, trails and
//! documents, and stores what a verb decided in one transaction; [`meeting`] has the signature itself.

mod accounts;
mod afterwards;
mod booking;
mod cast;
mod database;
mod evidence;
mod failure;
mod gallery;
mod host;
mod meeting;
mod paper;
mod stranger;
mod teller;
#[expect(dead_code, reason = "files and bars are for other examples")]
#[path = "../terminal/mod.rs"]
mod terminal;
mod white_list;

use std::path::PathBuf;
use std::process::ExitCode;

use failure::Failure;
use host::{Certifies, Host};
use sealwright::report::Lang;
use teller::Teller;

const HELP: &str = "\
ceremony                 walks the guide of strategic signing (战略签约), writes out/ceremony/
ceremony [--out DIR] [--lang zh|en] [--first-signer | --platform]

  --out DIR        where everything is written; default out/ceremony
  --lang zh|en     只用中文 / in English alone; default both, pages in Chinese
  --platform       the platform certifies the document before anybody signs (default)
  --first-signer   whoever signs first certifies it

Exit status: 0 if everything came as it should, 1 if not, 2 if it could not be done.";

struct Wanted {
    folder: PathBuf,
    langs: Vec<Lang>,
    certifies: Certifies,
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
            return ExitCode::from(2);
        }
    };
    match walk(wanted) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(failure) => {
            let code = failure.code.map(|code| format!("{code}: ")).unwrap_or_default();
            eprintln!("{code}{failure}");
            ExitCode::from(2)
        }
    }
}

/// The whole way; whether everything came as it should.
fn walk(wanted: Wanted) -> Result<bool, Failure> {
    let mut host = Host::new(wanted.folder, Teller::new(wanted.langs), wanted.certifies)?;
    host.teller.introduces(&host.gallery.folder.display().to_string());
    accounts::accounts(&mut host)?;
    white_list::white_list(&mut host)?;
    booking::booking(&mut host)?;
    meeting::meeting(&mut host)?;
    afterwards::afterwards(&mut host)?;
    stranger::checks(&mut host)?;
    Ok(stranger::ends(&host))
}

fn parse(mut words: impl Iterator<Item = String>) -> Result<Option<Wanted>, String> {
    let mut wanted = Wanted {
        folder: PathBuf::from("out/ceremony"),
        langs: vec![Lang::Zh, Lang::En],
        certifies: Certifies::Platform,
    };
    while let Some(word) = words.next() {
        match word.as_str() {
            "--help" | "-h" => return Ok(None),
            "--out" => wanted.folder = terminal::value_of(&word, &mut words)?.into(),
            "--lang" => {
                wanted.langs = match terminal::value_of(&word, &mut words)?.as_str() {
                    "zh" => vec![Lang::Zh],
                    "en" => vec![Lang::En],
                    other => return Err(format!("--lang {other} is none: zh or en")),
                }
            }
            "--platform" => wanted.certifies = Certifies::Platform,
            "--first-signer" => wanted.certifies = Certifies::FirstSigner,
            _ => return Err(format!("unknown option {word}")),
        }
    }
    Ok(Some(wanted))
}
