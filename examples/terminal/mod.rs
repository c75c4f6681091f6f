//! What the examples share: a progress bar on a terminal, and answers to a user's mistakes.

use std::io::{IsTerminal, Write};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use sealwright::limits::Progress;

/// A bar on standard error, shown only on a terminal and only after a second.
pub struct Bar {
    label: &'static str,
    began: Instant,
    drawn: Mutex<Option<Instant>>,
    terminal: bool,
}

impl Bar {
    pub fn new(label: &'static str) -> Self {
        let terminal = std::io::stderr().is_terminal();
        Self { label, began: Instant::now(), drawn: Mutex::new(None), terminal }
    }
}

impl Progress for Bar {
    fn advance(&self, done: u64, total: u64) -> bool {
        if !self.terminal || self.began.elapsed() < Duration::from_secs(1) {
            return true;
        }
        let mut drawn = self.drawn.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if drawn.is_some_and(|last| last.elapsed() < Duration::from_millis(100)) {
            return true;
        }
        *drawn = Some(Instant::now());
        let percent = (done.saturating_mul(100) / total.max(1)).min(100);
        let filled = usize::try_from(percent * 30 / 100).unwrap_or(0);
        eprint!(
            "\r{} [{}{}] {percent:3} %",
            self.label,
            "#".repeat(filled),
            "-".repeat(30 - filled)
        );
        let _ = std::io::stderr().flush();
        true
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        let drawn = self.drawn.get_mut().is_ok_and(|drawn| drawn.is_some());
        if drawn {
            eprint!("\r{:60}\r", "");
        }
    }
}

/// Words of the command line: takes the value behind an option.
pub fn value_of(option: &str, words: &mut impl Iterator<Item = String>) -> Result<String, String> {
    words.next().ok_or_else(|| format!("{option} wants a value"))
}

/// Reads a file that an option names.
pub fn read(what: &str, path: &str) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|error| format!("{what} {path}: {error}"))
}
