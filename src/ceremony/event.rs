//! What can happen to a meeting (§2.9).

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::layout::Layout;
use super::link::{Link, LinkId, LinkKind};
use super::participant::{Delivery, Participant, Party, PersonFacts};
use super::policy::{Policy, Profile, SigningWindowPolicy};
use super::schedule::{Schedule, Title};
use super::state::{ConferenceRef, Outcome};
use crate::audit::{Details, Value};
use crate::contract::Reason;
use crate::decision;
use crate::digest::{Digest, DigestAlgorithm};
use crate::identity::{
    CeremonyId, ContractId, EmployeeId, EntitlementId, OrganizationId, ParticipantId, SlotId,
};

/// Why somebody was not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DenialReason {
    /// He is not among the participants, or was sent out.
    NotInvited,
    /// The room was not open yet.
    NotLive,
    /// The meeting was over.
    Ended,
}

/// Why a meeting was concluded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Conclusion {
    /// The host ended it (M17).
    ByHost,
    /// Every contract was completed (M17).
    ContractsCompleted,
    /// Its time was over (M18).
    Lapsed,
}

/// What happened to a meeting. Serialised, each has a `type`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Event {
    /// M1: it was drafted.
    Drafted {
        /// Its id.
        id: CeremonyId,
        /// Who holds it.
        organizer: OrganizationId,
        /// Who drafted it.
        booker: EmployeeId,
        /// Which parties it needs.
        profile: Profile,
        /// What is decided otherwise for it.
        policy: Policy,
    },
    /// M2: it was given a title and a time.
    Scheduled {
        /// The title.
        title: Title,
        /// The time.
        schedule: Schedule,
    },
    /// Another system gave it a place.
    ConferenceSet {
        /// The place; none: it was taken away.
        conference: Option<ConferenceRef>,
    },
    /// M3: participants were named.
    ParticipantsSet {
        /// The organizations that sign.
        parties: Vec<Party>,
        /// Everybody.
        participants: Vec<Participant>,
    },
    /// M4: contracts were attached, in place of those before.
    ContractsAttached {
        /// The contracts.
        contracts: Vec<ContractId>,
    },
    /// M5: the controls of a contract were finished.
    ControlsFinished {
        /// The contract.
        contract: ContractId,
        /// The codes of its warnings.
        warnings: BTreeSet<String>,
    },
    /// M6, M8, M12: a layout was saved: the next version.
    LayoutChanged {
        /// The layout.
        layout: Box<Layout>,
    },
    /// M7: it was booked.
    Booked {
        /// Whether each signer receives the contract.
        deliveries: BTreeMap<ParticipantId, Delivery>,
        /// The places of each signer in the contracts.
        slots: BTreeMap<ParticipantId, Vec<(ContractId, SlotId)>>,
        /// The codes of the warnings that were acknowledged.
        acknowledged: BTreeSet<String>,
        /// The entitlement on which a unit is reserved for the meeting, if it counts meetings.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        quota: Option<EntitlementId>,
    },
    /// M8: it was given another title or time after the booking.
    Rescheduled {
        /// The title.
        title: Title,
        /// The time.
        schedule: Schedule,
    },
    /// M8: hosts or observers were changed after the booking.
    ParticipantsChanged {
        /// Everybody.
        participants: Vec<Participant>,
        /// Whether the hosts are others than before.
        hosts_changed: bool,
    },
    /// M9: it was called off.
    Cancelled {
        /// Why.
        reason: Reason,
        /// Whether its contracts go on without it.
        contracts_kept: bool,
    },
    /// M10: the room was opened.
    RoomOpened,
    /// M11: somebody came.
    Entered {
        /// Who.
        participant: ParticipantId,
    },
    /// M11: somebody was not let in.
    EntryDenied {
        /// Why.
        reason: DenialReason,
    },
    /// Somebody went.
    Left {
        /// Who.
        participant: ParticipantId,
    },
    /// The host sent somebody out.
    SentOut {
        /// Who.
        participant: ParticipantId,
    },
    /// M13: the recording was started.
    RecordingStarted,
    /// M13: the recording was stopped.
    RecordingStopped,
    /// M14: the signing stage was opened.
    StageOpened,
    /// The signing stage was closed again.
    StageClosed,
    /// A link was made; one of its kind before it does not count any more.
    LinkIssued {
        /// The link.
        link: Link,
    },
    /// A link was withdrawn.
    LinkRevoked {
        /// The link.
        link: LinkId,
        /// What it opened.
        kind: LinkKind,
    },
    /// M8, C16: a signer's slot was forwarded.
    SignerReplaced {
        /// Whose entry.
        participant: ParticipantId,
        /// Who signs now.
        facts: PersonFacts,
        /// The employee that he is.
        employee: EmployeeId,
    },
    /// R-CER-06: a signer's facts were corrected.
    DeliveryRestored {
        /// Whose.
        participant: ParticipantId,
        /// The facts that are his.
        facts: PersonFacts,
        /// The employee that he is.
        employee: EmployeeId,
    },
    /// When signers may sign was decided anew.
    SigningWindowSet {
        /// When.
        window: SigningWindowPolicy,
    },
    /// M17, M18: it is over.
    Concluded {
        /// How it ended.
        outcome: Outcome,
        /// Why.
        cause: Conclusion,
    },
}

impl decision::Event for Event {
    const FORMAT: &'static str = "sealwright/ceremony-event/1";

    fn kind(&self) -> &'static str {
        match self {
            Self::Drafted { .. } => "ceremony.drafted",
            Self::Scheduled { .. } => "ceremony.scheduled",
            Self::ConferenceSet { .. } => "ceremony.conference_set",
            Self::ParticipantsSet { .. } => "ceremony.participants_set",
            Self::ContractsAttached { .. } => "ceremony.contracts_attached",
            Self::ControlsFinished { .. } => "ceremony.controls_finished",
            Self::LayoutChanged { .. } => "ceremony.layout_changed",
            Self::Booked { .. } => "ceremony.booked",
            Self::Rescheduled { .. } => "ceremony.rescheduled",
            Self::ParticipantsChanged { hosts_changed: true, .. } => "ceremony.host_changed",
            Self::ParticipantsChanged { .. } => "ceremony.participants_changed",
            Self::Cancelled { .. } => "ceremony.cancelled",
            Self::RoomOpened => "ceremony.room_opened",
            Self::Entered { .. } => "ceremony.entered",
            Self::EntryDenied { .. } => "ceremony.entry_denied",
            Self::Left { .. } => "ceremony.left",
            Self::SentOut { .. } => "ceremony.sent_out",
            Self::RecordingStarted => "ceremony.recording_started",
            Self::RecordingStopped => "ceremony.recording_stopped",
            Self::StageOpened => "ceremony.signing_stage_opened",
            Self::StageClosed => "ceremony.signing_stage_closed",
            Self::LinkIssued { link } => match link.kind() {
                LinkKind::Sign { .. } => "ceremony.qr_issued",
                LinkKind::Result => "ceremony.result_link_issued",
            },
            Self::LinkRevoked { kind: LinkKind::Sign { .. }, .. } => "ceremony.qr_revoked",
            Self::LinkRevoked { kind: LinkKind::Result, .. } => "ceremony.result_link_revoked",
            Self::SignerReplaced { .. } => "ceremony.signer_replaced",
            Self::DeliveryRestored { .. } => "ceremony.delivery_restored",
            Self::SigningWindowSet { .. } => "ceremony.signing_window_set",
            Self::Concluded { .. } => "ceremony.concluded",
        }
    }

    fn details(&self) -> Details {
        let details = Details::new();
        match self {
            Self::Drafted { organizer, booker, .. } => {
                details.with("organizer", organizer.as_str()).with("booker", booker.as_str())
            }
            Self::Scheduled { title, schedule } | Self::Rescheduled { title, schedule } => details
                .with("title", sha256(title.as_str()))
                .with("starts_at", schedule.starts_at().unix_timestamp())
                .with("ends_at", schedule.ends_at().unix_timestamp()),
            Self::ConferenceSet { conference } => {
                details.with_some("conference", conference.as_ref().map(|one| sha256(one.as_str())))
            }
            Self::ParticipantsSet { participants, .. }
            | Self::ParticipantsChanged { participants, .. } => {
                details.with("participants", roles(participants))
            }
            Self::ContractsAttached { contracts } => {
                details.with("contracts", names(contracts.iter().map(ContractId::as_str)))
            }
            Self::ControlsFinished { contract, warnings } => details
                .with("contract", contract.as_str())
                .with("warnings", names(warnings.iter().map(String::as_str))),
            Self::LayoutChanged { layout } => {
                let background = layout.background().map(|picture| picture.digest());
                details
                    .with("seats", seats(layout))
                    .with("logos", logos(layout))
                    .with_some("background", background)
            }
            Self::Booked { deliveries, acknowledged, quota, .. } => details
                .with("withheld", withheld(deliveries))
                .with_some("quota", quota.as_ref().map(EntitlementId::as_str))
                .with("acknowledged", names(acknowledged.iter().map(String::as_str))),
            Self::Cancelled { reason, contracts_kept } => details
                .with("reason", sha256(reason.as_str()))
                .with("contracts_kept", *contracts_kept),
            Self::Entered { participant }
            | Self::Left { participant }
            | Self::SentOut { participant } => details.with("participant", participant.as_str()),
            Self::EntryDenied { reason } => details.with("reason", reason.code()),
            Self::LinkIssued { link } => details
                .with("link", link.id().as_str())
                .with("key", link.key().as_str())
                .with("expires_at", link.expires_at().unix_timestamp()),
            Self::LinkRevoked { link, .. } => details.with("link", link.as_str()),
            Self::SignerReplaced { participant, employee, .. }
            | Self::DeliveryRestored { participant, employee, .. } => details
                .with("participant", participant.as_str())
                .with("employee", employee.as_str()),
            Self::SigningWindowSet { window } => details.with("window", window.code()),
            Self::Concluded { cause, .. } => details.with("cause", cause.code()),
            Self::RoomOpened
            | Self::RecordingStarted
            | Self::RecordingStopped
            | Self::StageOpened
            | Self::StageClosed => details,
        }
    }
}

impl DenialReason {
    /// A stable name, for programs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NotInvited => "not_invited",
            Self::NotLive => "not_live",
            Self::Ended => "ended",
        }
    }
}

impl Conclusion {
    /// A stable name, for programs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::ByHost => "by_host",
            Self::ContractsCompleted => "contracts_completed",
            Self::Lapsed => "lapsed",
        }
    }
}

/// Free text may name people: the trail has its digest.
fn sha256(text: &str) -> String {
    Digest::of(DigestAlgorithm::Sha256, text.as_bytes()).to_hex()
}

fn names<'a>(names: impl Iterator<Item = &'a str>) -> Value {
    names.collect()
}

fn roles(participants: &[Participant]) -> Details {
    let role = |details: Details, one: &Participant| {
        details.with(one.id().as_str(), one.role().to_string())
    };
    participants.iter().fold(Details::new(), role)
}

fn seats(layout: &Layout) -> Details {
    layout.seats().fold(Details::new(), |details, (seat, place)| {
        details.with(seat.as_str(), place.participant.as_str())
    })
}

fn logos(layout: &Layout) -> Details {
    layout.logos().fold(Details::new(), |details, (party, logo)| {
        details.with(party.as_str(), logo.picture.digest())
    })
}

fn withheld(deliveries: &BTreeMap<ParticipantId, Delivery>) -> Details {
    deliveries.iter().fold(Details::new(), |details, (signer, delivery)| match delivery {
        Delivery::Withheld { fields } => details.with(signer.as_str(), fields.to_string()),
        _ => details,
    })
}
