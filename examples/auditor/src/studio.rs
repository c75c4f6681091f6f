//! Has pages drawn by a process of its own, which is stopped when it takes too long or too much.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::drawing::{Document, Wanted, answer, ask};
use crate::fonts::SpareFont;
use crate::picture::Picture;

/// The word of the command line for the process that draws.
pub const DRAWS: &str = "--draw-for-the-report";
/// How often the process that draws is looked at.
const LOOKS: Duration = Duration::from_millis(50);
/// It holds no more memory than so many bytes, where the system says how many it holds.
const MOST_MEMORY: u64 = 1 << 30;
/// So often it may fall over one document.
const MOST_FALLS: usize = 4;
/// A page that takes longer is not drawn.
const LONGEST_PAGE: Duration = Duration::from_secs(12);

/// Who has pages drawn.
pub struct Studio {
    program: PathBuf,
    spare: Option<SpareFont>,
    closes: Instant,
}

impl Studio {
    /// One that has a program draw, and closes after a while.
    pub fn open(program: &Path, spare: Option<&SpareFont>, at_most: Duration) -> Self {
        let closes = Instant::now() + at_most;
        Self { program: program.to_owned(), spare: spare.cloned(), closes }
    }

    /// The font for text in fonts that are not embedded.
    pub fn spare(&self) -> Option<&SpareFont> {
        self.spare.as_ref()
    }

    /// Whether nothing is drawn any more.
    pub fn is_closed(&self) -> bool {
        Instant::now() >= self.closes
    }

    /// The pictures in the order in which they were asked for; none for what could not be drawn.
    pub fn draw(&self, document: &Document<'_>, wanted: &[Wanted]) -> Vec<Option<Picture>> {
        let mut pictures = Vec::with_capacity(wanted.len());
        for _ in 0..MOST_FALLS {
            let Some(rest @ [_, ..]) = wanted.get(pictures.len()..) else { break };
            if self.is_closed() {
                break;
            }
            pictures.extend(self.try_to_draw(document, rest));
            if pictures.len() < wanted.len() {
                // It fell over this one.
                pictures.push(None);
            }
        }
        pictures.resize(wanted.len(), None);
        pictures
    }

    /// What one process draws before it ends or is ended.
    fn try_to_draw(&self, document: &Document<'_>, wanted: &[Wanted]) -> Vec<Option<Picture>> {
        let child = Command::new(&self.program)
            .arg(DRAWS)
            .args(self.spare.iter().flat_map(SpareFont::words))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let Ok(mut child) = child else { return Vec::new() };
        let mut drawn = Vec::new();
        if let (Some(mut questions), Some(mut answers)) = (child.stdin.take(), child.stdout.take())
        {
            thread::scope(|scope| {
                // Both end when the process has ended, and say no more than that.
                scope.spawn(move || ask(&mut questions, wanted, document));
                let (sender, receiver) = channel();
                scope.spawn(move || {
                    for _ in wanted {
                        let Ok(picture) = answer(&mut answers) else { break };
                        if sender.send(picture).is_err() {
                            break;
                        }
                    }
                });
                let mut began = Instant::now();
                loop {
                    match receiver.recv_timeout(LOOKS) {
                        Ok(picture) => {
                            drawn.push(picture);
                            began = Instant::now();
                        }
                        Err(RecvTimeoutError::Disconnected) => break,
                        Err(RecvTimeoutError::Timeout) => {
                            let late = self.is_closed() || began.elapsed() > LONGEST_PAGE;
                            if late || memory(&child).is_some_and(|held| held > MOST_MEMORY) {
                                break;
                            }
                        }
                    }
                }
                // It may have ended by itself.
                let _ = child.kill();
            });
        }
        let _ = child.wait();
        drawn
    }
}

/// How many bytes a process holds; none where the system does not say.
fn memory(child: &Child) -> Option<u64> {
    let pages = std::fs::read_to_string(format!("/proc/{}/statm", child.id())).ok()?;
    let resident: u64 = pages.split_whitespace().nth(1)?.parse().ok()?;
    Some(resident.saturating_mul(4_096))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::Area;

    #[test]
    fn a_program_that_does_not_draw_leaves_no_picture() {
        let wanted = Wanted { page: 1, area: Area::WHOLE, width: 9, height: 9 };
        let document = Document { bytes: b"%PDF-1.7", password: "" };
        for program in ["/nowhere/at-all", "/bin/false", "/bin/cat"] {
            let studio = Studio::open(Path::new(program), None, Duration::from_secs(2));
            assert!(studio.draw(&document, &[wanted, wanted]).iter().all(Option::is_none));
        }
    }
}
