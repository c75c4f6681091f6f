//! Chromium without a window, as a program that is run once for each question.

use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// What one question may take. It takes a second or two; now and then a browser never ends.
const PATIENCE: Duration = Duration::from_secs(60);
const TRIES: u32 = 3;

/// Chromium, where it is installed.
pub struct Chromium {
    program: PathBuf,
}

impl Chromium {
    /// The browser that `SEALWRIGHT_CHROMIUM` names or the system has; none, with a line that says
    /// what is not looked at, unless that variable asks for one with the word `required`.
    pub fn find(what: &str) -> Option<Self> {
        let wanted = env::var("SEALWRIGHT_CHROMIUM").unwrap_or_default();
        let names = ["chromium", "chromium-browser", "google-chrome"].map(str::to_owned);
        let named = (!wanted.is_empty() && wanted != "required").then(|| wanted.clone());
        let answers = |name: &String| {
            let ran = Command::new(name).arg("--version").stdout(Stdio::null()).status();
            ran.is_ok_and(|status| status.success())
        };
        let found = named.into_iter().chain(names).find(answers);
        if found.is_none() {
            assert_ne!(wanted, "required", "no Chromium was found");
            println!("SKIPPED: {what} in a browser: there is no Chromium");
        }
        found.map(|name| Self { program: PathBuf::from(name) })
    }

    /// What the browser answers of a page that is a file. One that does not come to an end is stopped
    /// and asked again.
    ///
    /// # Panics
    ///
    /// If it fails, or does not end three times.
    pub fn run(&self, page: &Path, arguments: &[&str]) -> Output {
        for attempt in 1..=TRIES {
            if let Some(output) = self.attempt(page, arguments) {
                let messages = String::from_utf8_lossy(&output.stderr);
                assert!(output.status.success(), "{messages}");
                return output;
            }
            println!("{}: no end after {PATIENCE:?}, attempt {attempt}", page.display());
        }
        panic!("{}: the browser did not end in {TRIES} attempts", page.display());
    }

    /// One run; nothing where it had to be stopped. It writes into files, since a pipe that nobody
    /// reads would stop it.
    fn attempt(&self, page: &Path, arguments: &[&str]) -> Option<Output> {
        let profile = page.with_extension("profile");
        let (stdout, stderr) = (page.with_extension("stdout"), page.with_extension("stderr"));
        let mut child = Command::new(&self.program)
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"])
            .args(["--no-first-run", "--disable-extensions", "--disable-dev-shm-usage"])
            .args(["--disable-background-networking", "--disable-component-update"])
            .args(["--disable-sync", "--disable-quic", "--no-default-browser-check"])
            .args(["--run-all-compositor-stages-before-draw", "--virtual-time-budget=4000"])
            .arg(format!("--user-data-dir={}", profile.display()))
            .args(arguments)
            .arg(format!("file://{}", page.display()))
            .stdin(Stdio::null())
            .stdout(File::create(&stdout).unwrap())
            .stderr(File::create(&stderr).unwrap())
            .spawn()
            .unwrap();
        let status = wait(&mut child);
        let _ = fs::remove_dir_all(&profile);
        let read = |path| fs::read(path).unwrap();
        status.map(|status| Output { status, stdout: read(stdout), stderr: read(stderr) })
    }
}

/// How it ended, or nothing where it was stopped.
fn wait(child: &mut Child) -> Option<ExitStatus> {
    let began = Instant::now();
    while began.elapsed() < PATIENCE {
        if let Some(status) = child.try_wait().unwrap() {
            return Some(status);
        }
        sleep(Duration::from_millis(20));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    None
}
