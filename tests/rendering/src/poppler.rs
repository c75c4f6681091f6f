//! A second renderer, from another house.

use std::io::Write;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::pixels::Rendered;

/// Set to anything, it makes a missing `pdftoppm` a failure: where it is known to be installed.
const REQUIRED: &str = "SEALWRIGHT_POPPLER";

/// What `pdftoppm` makes of a page as displayed, at so many dots an inch; `None`, and a line on the
/// standard error, where it is not installed.
///
/// # Panics
///
/// If it cannot draw the page, or is missing and the environment says that it must not be.
pub fn poppler(pdf: &[u8], page: usize, dots_per_inch: f64) -> Option<Rendered> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let name = format!("sealwright-{}-{number}.pdf", std::process::id());
    let path: PathBuf = std::env::temp_dir().join(name);
    std::fs::write(&path, pdf).expect("a temporary file");
    let page = page.to_string();
    let drawn = Command::new("pdftoppm")
        .args(["-cropbox", "-png", "-f", &page, "-l", &page, "-r", &dots_per_inch.to_string()])
        .arg(&path)
        .output();
    std::fs::remove_file(&path).expect("the temporary file is there");
    match drawn {
        Ok(drawn) => {
            let said = String::from_utf8_lossy(&drawn.stderr);
            assert!(drawn.status.success() && said.is_empty(), "pdftoppm: {said}");
            Some(Rendered::from_png(&drawn.stdout))
        }
        Err(error) => {
            assert!(std::env::var_os(REQUIRED).is_none(), "pdftoppm: {error}");
            // Not captured, unlike what is printed.
            let _ = writeln!(std::io::stderr(), "SKIPPED: there is no pdftoppm (poppler-utils)");
            None
        }
    }
}
