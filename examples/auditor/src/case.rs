//! A file and what the judge says of it.

use sealwright::limits::Limits;
use sealwright::pdf::{File, Password};
use sealwright::report::{Conclusion, Report, SignatureReport, Story};
use sealwright::verification::{CheckOptions, check_file, explain, revision_bytes};

/// A file and what the judge says of it.
pub struct Case {
    /// As it was named.
    pub name: String,
    /// What came of it, or why nothing can be said.
    pub outcome: Result<Judged, String>,
}

/// A file that could be judged.
pub struct Judged {
    /// The file.
    pub bytes: Vec<u8>,
    /// The verdict.
    pub report: Report,
    /// The story behind it.
    pub story: Option<Story>,
    /// How many pages it has, if they can be counted.
    pub pages: Option<u32>,
    /// Whether it is encrypted.
    pub encrypted: bool,
    /// The password that was given for it.
    pub password: Option<String>,
}

impl Case {
    /// Judges a file that was read, or was not.
    pub fn of(
        name: String,
        read: Result<Vec<u8>, String>,
        options: &CheckOptions<'_>,
        password: Option<&str>,
    ) -> Self {
        let outcome = read.and_then(|bytes| judge(bytes, options, password));
        Self { name, outcome }
    }

    /// The verdict in one word; none if the file cannot be read.
    pub fn conclusion(&self) -> Option<Conclusion> {
        self.outcome.as_ref().ok().map(|judged| judged.report.conclusion)
    }
}

/// Judges a file.
pub fn judge(
    bytes: Vec<u8>,
    options: &CheckOptions<'_>,
    password: Option<&str>,
) -> Result<Judged, String> {
    let mut options = options.clone();
    if let Some(password) = password {
        options = options.password(Password::new(password));
    }
    let (report, story, pages, encrypted) = {
        let file = options.open(&*bytes).map_err(|error| error.to_string())?;
        let report = check_file(&file, &options).map_err(|error| error.to_string())?;
        let story = explain(&file, &report).ok();
        (report, story, file.latest().page_count().ok(), file.is_encrypted())
    };
    let password = password.map(str::to_owned);
    Ok(Judged { bytes, report, story, pages, encrypted, password })
}

impl Judged {
    /// The file, opened again; the judge could, so this can.
    pub fn open(&self) -> Option<File<'_>> {
        let limits = Limits::default();
        let opened = match &self.password {
            Some(word) => File::open_with_password(&*self.bytes, limits, &Password::new(word)),
            None => File::open(&*self.bytes, limits),
        };
        opened.ok()
    }

    /// The bytes that a signer signed; none if what is covered is not what it must be.
    pub fn as_signed(&self, signature: &SignatureReport) -> Option<&[u8]> {
        let bytes = self.bytes.as_slice();
        let seen = revision_bytes(&bytes, signature).ok()?;
        bytes.get(..usize::try_from(seen.end()).ok()?)
    }

    /// The file as it was when a revision was written; all of it for the last one.
    pub fn as_of(&self, file: &File<'_>, revision: u64) -> Option<&[u8]> {
        let number = usize::try_from(revision).ok()?;
        if number == file.revision_count() {
            return Some(&self.bytes);
        }
        let end = file.revision(number)?.end()?;
        self.bytes.get(..usize::try_from(end).ok()?)
    }
}
