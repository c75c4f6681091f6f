//! A second renderer, from another house.

use std::io::Write;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::pixels::Rendered;

/// Set to anything, it makes a missing program of poppler's a failure: where it is known to be installed.
const REQUIRED: &str = "SEALWRIGHT_POPPLER";

/// What `pdftoppm` makes of a page as displayed, at so many dots an inch; `None`, and a line on the
/// standard error, where it is not installed.
///
/// # Panics
///
/// If it cannot draw the page, or is missing and the environment says that it must not be.
pub fn poppler(pdf: &[u8], page: usize, dots_per_inch: f64) -> Option<Rendered> {
    let (page, dots) = (page.to_string(), dots_per_inch.to_string());
    let drawn =
        output("pdftoppm", &["-cropbox", "-png", "-f", &page, "-l", &page, "-r", &dots], &[], pdf);
    drawn.map(|png| Rendered::from_png(&png))
}

/// What `pdftotext` reads in a document; `None`, and a line on the standard error, where it is not
/// installed.
///
/// # Panics
///
/// As [`poppler`].
pub fn poppler_text(pdf: &[u8]) -> Option<String> {
    let text = output("pdftotext", &["-enc", "UTF-8", "-q"], &["-"], pdf)?;
    Some(String::from_utf8(text).expect("it was asked for UTF-8"))
}

/// The structure of a tagged document with its text, as `pdfinfo` lists it; `None`, and a line on the
/// standard error, where it is not installed.
///
/// # Panics
///
/// As [`poppler`].
pub fn poppler_structure(pdf: &[u8]) -> Option<String> {
    let text = output("pdfinfo", &["-enc", "UTF-8", "-struct-text"], &[], pdf)?;
    Some(String::from_utf8(text).expect("it was asked for UTF-8"))
}

/// What a program of poppler's writes to its standard output: options, the document, what comes behind.
fn output(program: &str, options: &[&str], behind: &[&str], pdf: &[u8]) -> Option<Vec<u8>> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let name = format!("sealwright-{}-{number}.pdf", std::process::id());
    let path: PathBuf = std::env::temp_dir().join(name);
    std::fs::write(&path, pdf).expect("a temporary file");
    let done = Command::new(program).args(options).arg(&path).args(behind).output();
    std::fs::remove_file(&path).expect("the temporary file is there");
    match done {
        Ok(done) => {
            let said = String::from_utf8_lossy(&done.stderr);
            assert!(done.status.success() && said.is_empty(), "{program}: {said}");
            Some(done.stdout)
        }
        Err(error) => {
            assert!(std::env::var_os(REQUIRED).is_none(), "{program}: {error}");
            // Not captured, unlike what is printed.
            let _ = writeln!(std::io::stderr(), "SKIPPED: there is no {program} (poppler-utils)");
            None
        }
    }
}
