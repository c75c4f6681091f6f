//! Making links, taking them back, and saying what they open (M15, R-CER-10, R-CER-13).

use time::{Duration, OffsetDateTime};

use super::error::Error;
use super::event::Event;
use super::link::{Link, LinkId, LinkKind, LinkProblem};
use super::policy::ResultAccess;
use super::schedule::Schedule;
use super::state::{Ceremony, Phase, Stage};
use super::token::{LinkClaims, LinkKeys, LinkText};
use crate::decision::{Decision, Notice};
use crate::identity::ContractId;
use crate::organization::By;

impl Ceremony {
    pub(super) fn issue_link(
        &self,
        kind: &LinkKind,
        keys: &LinkKeys,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<Decision<Self>, Error> {
        self.require("issue_link", |phase| match kind {
            LinkKind::Sign { .. } => matches!(phase, Phase::Booked | Phase::Live),
            LinkKind::Result => !matches!(phase, Phase::Draft | Phase::Cancelled),
        })?;
        self.require_link_keeper(by)?;
        if let LinkKind::Sign { contract } = kind {
            self.require_one_attached(contract)?;
        }
        let decision = by.decides(self, now);
        let link = self.schedule.and_then(|schedule| self.new_link(kind, keys, &schedule, now));
        Ok(link.into_iter().fold(decision, |decision, link| {
            decision.event(Event::LinkIssued { link }).notices_of(self.notices_of_link(kind))
        }))
    }

    pub(super) fn revoke_link(
        &self,
        id: &LinkId,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<Decision<Self>, Error> {
        self.require_link_keeper(by)?;
        let problem = LinkProblem::OtherMeeting;
        let link = self.link(id).ok_or(Error::LinkForbidden { problem })?;
        let decision = by.decides(self, now);
        if link.is_revoked() {
            return Ok(decision);
        }
        let kind = link.kind().clone();
        let notices = match kind {
            LinkKind::Sign { .. } => self.notices_to_hosts("ceremony.qr_revoked"),
            LinkKind::Result => Vec::new(),
        };
        Ok(decision.event(Event::LinkRevoked { link: id.clone(), kind }).notices_of(notices))
    }

    /// The links of a booking: one to the result, one per contract.
    pub(super) fn first_links(
        &self,
        keys: &LinkKeys,
        schedule: &Schedule,
        now: OffsetDateTime,
    ) -> Vec<Link> {
        let signs = self.contracts.iter().map(|id| LinkKind::Sign { contract: id.clone() });
        let kinds = std::iter::once(LinkKind::Result).chain(signs);
        kinds.filter_map(|kind| self.new_link(&kind, keys, schedule, now)).collect()
    }

    /// After a change of time: each link that lives is made anew.
    pub(super) fn renew_links(
        &self,
        decision: Decision<Self>,
        keys: &LinkKeys,
        schedule: &Schedule,
        now: OffsetDateTime,
    ) -> Decision<Self> {
        let live = self.links.iter().filter(|link| !link.is_revoked());
        live.filter_map(|link| self.new_link(link.kind(), keys, schedule, now))
            .fold(decision, |decision, link| decision.event(Event::LinkIssued { link }))
    }

    /// The text of the link of this kind that counts, made again from what was recorded. Only for
    /// whoever may have it: [`MeetingDetails`](super::MeetingDetails) decides that.
    pub(super) fn link_text(
        &self,
        kind: &LinkKind,
        keys: &LinkKeys,
        now: OffsetDateTime,
    ) -> Option<LinkText> {
        let link = self.link_of(kind).filter(|link| link.is_live(now))?;
        keys.text_of(link.key(), &self.id, kind, link.expires_at().unix_timestamp())
    }

    /// The sign QR of a contract (S44), for the host, the booker and the signing page that the host
    /// shares; it opens nothing before the stage is open.
    ///
    /// # Errors
    ///
    /// `cer.link_forbidden` for anybody else; `cer.qr_invalid` if there is none that counts, or its
    /// key is gone.
    pub fn sign_qr(
        &self,
        contract: &ContractId,
        keys: &LinkKeys,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<LinkText, Error> {
        if !self.is_host(by) && !self.is_booker(by) {
            return Err(Error::LinkForbidden { problem: LinkProblem::NotTheHost });
        }
        let kind = LinkKind::Sign { contract: contract.clone() };
        let problem = LinkProblem::OtherMeeting;
        self.link_text(&kind, keys, now).ok_or(Error::QrInvalid { problem })
    }

    /// Whether a result link counts, and whether whoever opened it may look (R-CER-10).
    pub(super) fn check_result_link(
        &self,
        text: &str,
        keys: &LinkKeys,
        viewer: Option<&By<'_>>,
        now: OffsetDateTime,
    ) -> Result<(), Error> {
        let claims = keys.open_result(text)?;
        let forbidden = |problem| Error::LinkForbidden { problem };
        self.check_issued(&claims).map_err(forbidden)?;
        if now >= claims.expires_at() {
            return Err(forbidden(LinkProblem::Expired));
        }
        let may_look = self.policy.result_access == ResultAccess::AnyoneWithLink
            || viewer.is_some_and(|by| self.is_host(by) || self.is_booker(by));
        if may_look { Ok(()) } else { Err(forbidden(LinkProblem::NotTheHost)) }
    }

    /// M15 up to the signer, guards in order: authentic, unexpired, for this meeting and contract and
    /// not withdrawn, stage open.
    pub(super) fn check_qr(
        &self,
        text: &str,
        keys: &LinkKeys,
        contract: &ContractId,
        now: OffsetDateTime,
    ) -> Result<(), Error> {
        let claims = keys.open_qr(text)?;
        let expired_at = claims.expires_at();
        if now >= expired_at {
            return Err(Error::QrExpired { expired_at });
        }
        let invalid = |problem| Error::QrInvalid { problem };
        self.check_issued(&claims).map_err(invalid)?;
        if !matches!(claims.kind(), LinkKind::Sign { contract: own } if own == contract) {
            return Err(invalid(LinkProblem::OtherMeeting));
        }
        if self.phase != Phase::Live || self.stage != Stage::Open {
            return Err(Error::StageNotOpen);
        }
        Ok(())
    }

    fn check_issued(&self, claims: &LinkClaims) -> Result<(), LinkProblem> {
        match self.link(claims.id()) {
            _ if *claims.ceremony() != self.id => Err(LinkProblem::OtherMeeting),
            None => Err(LinkProblem::OtherMeeting),
            Some(link) if link.is_revoked() => Err(LinkProblem::Revoked),
            Some(_) => Ok(()),
        }
    }

    /// A link that was never made before and lives at `now`; nothing if the one that counts is that
    /// already, or the time for it is over.
    fn new_link(
        &self,
        kind: &LinkKind,
        keys: &LinkKeys,
        schedule: &Schedule,
        now: OffsetDateTime,
    ) -> Option<Link> {
        let after_end = match kind {
            LinkKind::Sign { .. } => self.policy.qr_after_end,
            LinkKind::Result => self.policy.result_after_end,
        };
        let latest = (schedule.ends_at().saturating_add(after_end))
            .min(now.saturating_add(self.policy.longest_link));
        let mut expires = latest.unix_timestamp();
        // Equal claims give equal links. One that was withdrawn must not come to life again, so the
        // new one ends a second earlier.
        loop {
            let id = keys.id_of(&self.id, kind, expires);
            match self.link(&id) {
                Some(known) if known.is_revoked() => expires = expires.checked_sub(1)?,
                Some(_) => return None,
                None => {
                    let expires_at = OffsetDateTime::from_unix_timestamp(expires).ok()?;
                    let key = keys.current().clone();
                    let link = Link::new(id, kind.clone(), key, expires_at);
                    return (now.saturating_add(Duration::SECOND) <= expires_at).then_some(link);
                }
            }
        }
    }

    fn notices_of_link(&self, kind: &LinkKind) -> Vec<Notice> {
        self.notices_to_hosts(match kind {
            LinkKind::Sign { .. } => "ceremony.qr_issued",
            LinkKind::Result => "ceremony.result_link_issued",
        })
    }
}
