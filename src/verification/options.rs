//! What a host asks of a check.

use time::OffsetDateTime;

use crate::inspection::DocMdp;
use crate::limits::{Limits, Progress, Unwatched};
use crate::pdf::{self, File, Password, Source};
use crate::pki::{AlgorithmPolicy, TrustAnchors};

/// What a host asks of a check: whom it trusts at what time, and what a file may cost.
///
/// ```
/// use sealwright::limits::Limits;
/// use sealwright::pki::TrustAnchors;
/// use sealwright::verification::CheckOptions;
/// use time::OffsetDateTime;
///
/// let anchors = TrustAnchors::none();
/// let now = OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap();
/// let trusting = CheckOptions::trusting(&anchors).at(now);
/// let without = CheckOptions::without_trust().limits(Limits { bytes: 1 << 20, ..Limits::default() });
/// # let _ = (trusting, without);
/// ```
#[derive(Clone)]
pub struct CheckOptions<'o> {
    pub(super) anchors: Option<(&'o TrustAnchors, OffsetDateTime)>,
    pub(super) custodians: Vec<(String, &'o TrustAnchors)>,
    pub(super) algorithms: AlgorithmPolicy,
    pub(super) limits: Limits,
    pub(super) assumed: Option<DocMdp>,
    pub(super) password: Option<Password>,
    pub(super) prepared: bool,
    pub(super) progress: &'o (dyn Progress + 'o),
}

/// Whom to trust is said; at what time is not yet. Continue with [`at`](Self::at).
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct WantsTime<'o> {
    anchors: &'o TrustAnchors,
}

impl<'o> WantsTime<'o> {
    /// The time for which the question is asked: now, as the host knows it. A signature that a
    /// trusted time-stamp shows to be older is judged for the time of the stamp.
    #[must_use]
    pub fn at(self, now: OffsetDateTime) -> CheckOptions<'o> {
        CheckOptions { anchors: Some((self.anchors, now)), ..CheckOptions::without_trust() }
    }
}

impl<'o> CheckOptions<'o> {
    /// Signers must lead to one of these certificates, or be one of them.
    pub fn trusting(anchors: &'o TrustAnchors) -> WantsTime<'o> {
        WantsTime { anchors }
    }

    /// Everything is judged but whether the signers are to be trusted; the report says so.
    #[must_use]
    pub fn without_trust() -> Self {
        Self {
            anchors: None,
            custodians: Vec::new(),
            algorithms: AlgorithmPolicy::default(),
            limits: Limits::default(),
            assumed: None,
            password: None,
            prepared: false,
            progress: &Unwatched,
        }
    }

    /// Who may say for an organization that its seals were granted (印章管理员): certificates of its
    /// custodians, or of an authority that certifies nobody else. `organization` is its credit code,
    /// or the id that statements have for it. Without this nobody's grant counts.
    ///
    /// ```
    /// use sealwright::pki::TrustAnchors;
    /// use sealwright::verification::CheckOptions;
    ///
    /// let custodians = TrustAnchors::none();
    /// let options = CheckOptions::without_trust().custodians("91350100M000100Y43", &custodians);
    /// # let _ = options;
    /// ```
    #[must_use]
    pub fn custodians(
        mut self,
        organization: impl Into<String>,
        anchors: &'o TrustAnchors,
    ) -> Self {
        self.custodians.push((organization.into(), anchors));
        self
    }

    /// Until when algorithms prove something; by default as [`AlgorithmPolicy::default`] has it.
    ///
    /// A signature with weak algorithms is *intact but weak* ([`Integrity::Weak`]) and the verdict
    /// *indeterminate*, unless a trusted time-stamp shows it to be from before their end. Who trusts
    /// nobody is shown no time.
    ///
    /// ```
    /// use sealwright::pki::AlgorithmPolicy;
    /// use sealwright::verification::CheckOptions;
    ///
    /// // Not even a time-stamp makes SHA-1 good.
    /// let options = CheckOptions::without_trust().algorithms(AlgorithmPolicy::strong_only());
    /// # let _ = options;
    /// ```
    ///
    /// [`Integrity::Weak`]: crate::report::Integrity::Weak
    #[must_use]
    pub fn algorithms(mut self, policy: AlgorithmPolicy) -> Self {
        self.algorithms = policy;
        self
    }

    /// What a file may cost.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// What a file may cost.
    #[must_use]
    pub fn file_limits(&self) -> &Limits {
        &self.limits
    }

    /// The password of an encrypted document, its user's or its owner's. One whose users need none opens
    /// without. It shows in no report and no `Debug`.
    ///
    /// ```
    /// use sealwright::pdf::Password;
    /// use sealwright::verification::{CheckOptions, check};
    ///
    /// let bytes = sealwright_testdata::documents::encrypted_with_password();
    /// let options = CheckOptions::without_trust().password(Password::new("user"));
    /// assert!(check(&bytes, &options).is_ok());
    /// # Ok::<(), sealwright::verification::Error>(())
    /// ```
    #[must_use]
    pub fn password(mut self, password: Password) -> Self {
        self.password = Some(password);
        self
    }

    /// Opens a document under these limits, with the password if there is one.
    ///
    /// # Errors
    ///
    /// As [`File::open`].
    pub fn open<'a>(&self, source: impl Source + 'a) -> Result<File<'a>, pdf::Error> {
        match &self.password {
            Some(password) => File::open_with_password(source, self.limits.clone(), password),
            None => File::open(source, self.limits.clone()),
        }
    }

    /// Judges later changes as if the document had been certified with this level from the start,
    /// on top of what its own signatures say.
    #[must_use]
    pub fn assume_certified(mut self, level: DocMdp) -> Self {
        self.assumed = Some(level);
        self
    }

    /// Also looks for content in the signed revisions that was prepared for a later swap
    /// ([`prepared_content`](crate::inspection::prepared_content)).
    ///
    /// It goes through all pages and objects of the revisions that the first and the last signature
    /// cover, which costs what showing the document costs; without it a check costs what later
    /// revisions changed. What is found is a warning, and makes the verdict *indeterminate* only where
    /// a later revision changes the very object.
    ///
    /// ```
    /// use sealwright::verification::CheckOptions;
    ///
    /// let options = CheckOptions::without_trust().looking_for_prepared_content();
    /// # let _ = options;
    /// ```
    #[must_use]
    pub fn looking_for_prepared_content(mut self) -> Self {
        self.prepared = true;
        self
    }

    /// Who watches, and may cancel.
    #[must_use]
    pub fn watched_by(mut self, progress: &'o (dyn Progress + 'o)) -> Self {
        self.progress = progress;
        self
    }
}

impl std::fmt::Debug for CheckOptions<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CheckOptions")
            .field("trusts", &self.anchors.map(|(anchors, _)| anchors.certificates().len()))
            .field("custodians", &self.custodians.len())
            .field("limits", &self.limits)
            .field("assumed", &self.assumed)
            .field("has_password", &self.password.is_some())
            .finish_non_exhaustive()
    }
}
