//! What an auditor brings.

use time::OffsetDateTime;

use crate::audit::Head;
use crate::limits::Limits;
use crate::pdf::Password;
use crate::pki::TrustAnchors;
use crate::verification::CheckOptions;

/// What an auditor brings: whom he trusts at what time, the head of the trail if he kept one, and what a
/// bundle may cost.
///
/// ```
/// use sealwright::execution::evidence::VerifyOptions;
/// use sealwright::limits::Limits;
/// use sealwright::pki::TrustAnchors;
/// use time::OffsetDateTime;
///
/// let (signers, platforms) = (TrustAnchors::none(), TrustAnchors::none());
/// let options = VerifyOptions::trusting(&signers, OffsetDateTime::UNIX_EPOCH)
///     .sealers(&platforms)
///     .limits(Limits { bytes: 1 << 30, ..Limits::default() });
/// # let _ = options;
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct VerifyOptions<'o> {
    pub(super) anchors: Option<(&'o TrustAnchors, OffsetDateTime)>,
    pub(super) sealers: Option<&'o TrustAnchors>,
    pub(super) custodians: Vec<(String, &'o TrustAnchors)>,
    pub(super) head: Option<&'o Head>,
    pub(super) limits: Limits,
    pub(super) password: Option<Password>,
    pub(super) most_entries: u64,
}

impl<'o> VerifyOptions<'o> {
    /// So many entries a bundle may have.
    pub const MOST_ENTRIES: u64 = 4_096;

    /// Whoever signed, documents and bundle, must lead to one of these certificates or be one of them at
    /// this time: now, as the auditor knows it.
    pub fn trusting(anchors: &'o TrustAnchors, now: OffsetDateTime) -> Self {
        Self { anchors: Some((anchors, now)), ..Self::without_trust() }
    }

    /// Everything is judged but whether signers are to be trusted.
    pub fn without_trust() -> Self {
        Self {
            anchors: None,
            sealers: None,
            custodians: Vec::new(),
            head: None,
            limits: Limits::default(),
            password: None,
            most_entries: Self::MOST_ENTRIES,
        }
    }

    /// Whoever signed the bundle must lead to one of these instead.
    pub fn sealers(self, anchors: &'o TrustAnchors) -> Self {
        Self { sealers: Some(anchors), ..self }
    }

    /// Who may say for an organization that its seals were granted: see
    /// [`CheckOptions::custodians`].
    pub fn custodians(
        mut self,
        organization: impl Into<String>,
        anchors: &'o TrustAnchors,
    ) -> Self {
        self.custodians.push((organization.into(), anchors));
        self
    }

    /// The head of the trail that was kept where the maker of the bundle cannot write. Only against it the
    /// trail is complete.
    pub fn expected_head(self, head: &'o Head) -> Self {
        Self { head: Some(head), ..self }
    }

    /// What a bundle may cost: [`Limits::bytes`] for all of it, [`Limits::inflated_bytes`] for each of its
    /// JSON entries, which take up more in memory than in the bundle, and everything for each document.
    pub fn limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// The password of the encrypted documents in it: see [`CheckOptions::password`]. Those that need
    /// none open all the same; with one
    /// that stays closed the verdict is not *passed*, and says so.
    ///
    /// ```
    /// use sealwright::execution::evidence::VerifyOptions;
    /// use sealwright::pdf::Password;
    ///
    /// let options = VerifyOptions::without_trust().password(Password::new("secret"));
    /// assert!(!format!("{options:?}").contains("secret"));
    /// ```
    pub fn password(self, password: Password) -> Self {
        Self { password: Some(password), ..self }
    }

    /// What the judge of the documents is asked.
    pub(super) fn check(&self) -> CheckOptions<'o> {
        let options = match self.anchors {
            Some((anchors, now)) => CheckOptions::trusting(anchors).at(now),
            None => CheckOptions::without_trust(),
        };
        let named = self.custodians.iter();
        let options = named
            .fold(options, |options, (name, anchors)| options.custodians(name.clone(), anchors));
        let options = options.limits(self.limits.clone());
        match &self.password {
            Some(password) => options.password(password.clone()),
            None => options,
        }
    }
}
