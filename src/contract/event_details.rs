//! What the trail says of each event: ids, digests, instants; no text that a person wrote.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::closing::{CertifiedBy, ClosingStamp};
use super::event::{Beginning, Cause, Event, Start};
use super::reason::Reason;
use super::signed_record::Revised;
use crate::audit::{Details, Value};
use crate::digest::{Digest, DigestAlgorithm};
use crate::identity::SlotId;

/// The details of an event.
pub(super) fn of(event: &Event) -> Details {
    match event {
        Event::Created { beginning } => created(beginning),
        Event::Edited { change } => change.details(),
        Event::StartReviewed { passed, reason } => {
            reasoned(reason.as_ref()).with("passed", *passed)
        }
        Event::Started { start } => started(start),
        Event::MeetingCalledOff { ceremony } => Details::new().with("ceremony", ceremony.as_str()),
        Event::Opened { slot } | Event::Reminded { slot } | Event::SigningAbandoned { slot } => {
            at(slot)
        }
        Event::Filled { slot, values, finished } => at(slot)
            .with("controls", values.iter().map(|(key, _)| key.to_string()).collect::<Value>())
            .with("finished", *finished),
        Event::FillDeclined { slot, reason } | Event::Declined { slot, reason } => {
            reasoned(Some(reason)).with("slot", slot.as_str())
        }
        Event::Composed { documents, certified_by } => Details::new()
            .with("documents", documents.iter().map(revised).collect::<Value>())
            .with_some("certified", certified_by.as_ref().map(CertifiedBy::details)),
        Event::Closed { stamps } => Details::new()
            .with("stamps", stamps.iter().map(ClosingStamp::details).collect::<Value>()),
        Event::Reviewed { slot, verdict, reason } => {
            reasoned(reason.as_ref()).with("slot", slot.as_str()).with("verdict", verdict.code())
        }
        Event::SigningBegun { slot, until } => at(slot).with("until", instant(*until)),
        Event::Signed { record, warrant } => record.details().with("warrant", warrant.code()),
        Event::IntegrityChecked { documents } => Details::new().with(
            "documents",
            documents
                .iter()
                .map(|(id, digest)| {
                    Details::new().with("document", id.as_str()).with("digest", digest.to_string())
                })
                .collect::<Value>(),
        ),
        Event::Cancelled { reason } => reasoned(Some(reason)),
        Event::Expired { slot } => at_some(slot.as_ref()),
        Event::DeadlineExtended { slot, to } => at_some(slot.as_ref()).with("to", instant(*to)),
        Event::Forwarded { slot, from, to, kind, .. } => at(slot)
            .with("from", from.to_string())
            .with("to", to.account.to_string())
            .with("kind", kind.code()),
        Event::Bound { slot, holder } | Event::DeliveryRestored { slot, holder, .. } => {
            at(slot).with("to", holder.account.to_string())
        }
        Event::Invalidated { cause } => invalidated(cause),
        Event::DeliveryWithheld { slot, place, factors } => at(slot)
            .with("place", i64::try_from(*place).unwrap_or(i64::MAX))
            .with("factors", factors.to_string()),
        Event::ReleaseStarted { release } | Event::Released { release } => {
            Details::new().with("release", release.as_str())
        }
        Event::StartSubmitted | Event::Completed | Event::Archived | Event::Purged => {
            Details::new()
        }
    }
}

fn created(beginning: &Beginning) -> Details {
    Details::new()
        .with("organization", beginning.initiator.organization.as_str())
        .with("employee", beginning.initiator.employee.as_str())
        .with_some("group", beginning.group.as_ref().map(|group| group.id.as_str()))
        .with_some("releases", beginning.releases.as_ref().map(|id| id.as_str()))
}

fn started(start: &Start) -> Details {
    Details::new()
        .with("deadline", instant(start.deadline))
        .with("fillers", start.fillers.iter().map(SlotId::as_str).collect::<Value>())
        .with_some("quota", start.quota.as_ref().map(|id| id.as_str()))
        .with_some("ceremony", start.ceremony.as_ref().map(|id| id.as_str()))
}

fn invalidated(cause: &Cause) -> Details {
    let details = Details::new();
    match cause {
        Cause::SignerRenamed { slot } => {
            details.with("cause", "signer_renamed").with("slot", slot.as_str())
        }
        Cause::OrganizationRenamed { organization } => details
            .with("cause", "organization_renamed")
            .with("organization", organization.as_str()),
        Cause::DocumentChanged { document, found } => details
            .with("cause", "document_changed")
            .with("document", document.as_str())
            .with("found", found.to_string()),
    }
}

fn at(slot: &SlotId) -> Details {
    at_some(Some(slot))
}

fn at_some(slot: Option<&SlotId>) -> Details {
    Details::new().with_some("slot", slot.map(SlotId::as_str))
}

/// A reason is free text and may name people: its digest tells whether a text is the one given.
fn reasoned(reason: Option<&Reason>) -> Details {
    let digest = |reason: &Reason| {
        Digest::of(DigestAlgorithm::Sha256, reason.as_str().as_bytes()).to_string()
    };
    Details::new().with_some("reason", reason.map(digest))
}

fn revised(revised: &Revised) -> Details {
    Details::new()
        .with("document", revised.document.as_str())
        .with("before", revised.before.to_string())
        .with("after", revised.after.to_string())
}

/// RFC 3339, as entries have their own time; an instant that has no such form appears as seconds.
fn instant(at: OffsetDateTime) -> String {
    at.format(&Rfc3339).unwrap_or_else(|_| at.unix_timestamp().to_string())
}
