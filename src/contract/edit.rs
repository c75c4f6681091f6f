//! Changes to a draft (C2).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::control::{Control, ControlKey};
use super::document::Document;
use super::name::ContractName;
use super::party::{Cc, Party};
use super::settings::Settings;
use super::slot::SlotPlan;
use super::warning::WarningCode;
use crate::audit::{Details, Value};
use crate::identity::DocumentId;

/// A change to a draft (C2).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "edit", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Edit {
    /// Another name.
    Name {
        /// The name.
        name: ContractName,
    },
    /// Other settings.
    Settings {
        /// The settings.
        settings: Box<Settings>,
    },
    /// Another deadline.
    Deadline {
        /// When it expires; none leaves it to the start.
        #[serde(with = "time::serde::rfc3339::option", default)]
        deadline: Option<OffsetDateTime>,
    },
    /// Other parties, signers and readers: all of them.
    People {
        /// The parties.
        parties: Vec<Party>,
        /// The places of the signers.
        slots: Vec<SlotPlan>,
        /// Who reads along.
        cc: Vec<Cc>,
    },
    /// A document is added, or one of the same id replaced.
    DocumentAttached {
        /// The document.
        document: Box<Document>,
    },
    /// A document is taken out, with its controls.
    DocumentDetached {
        /// Its id.
        document: DocumentId,
    },
    /// A control is added. Another one of its key is refused, not replaced (R-CTL-01).
    ControlPlaced {
        /// The control.
        control: Box<Control>,
    },
    /// The control of the same key is moved or otherwise changed, as far as it is not locked
    /// (R-CTL-20).
    ControlChanged {
        /// As it is from now on.
        control: Box<Control>,
    },
    /// A control is taken out.
    ControlRemoved {
        /// Which one.
        control: ControlKey,
    },
    /// These warnings, and no others, are acknowledged.
    Acknowledged {
        /// Their codes.
        warnings: BTreeSet<WarningCode>,
    },
}

impl Edit {
    /// What the trail says of it.
    pub(super) fn details(&self) -> Details {
        let edit = |name: &str| Details::new().with("edit", name);
        match self {
            Self::Name { .. } => edit("name"),
            Self::Settings { .. } => edit("settings"),
            Self::Deadline { deadline } => {
                edit("deadline").with_some("deadline", deadline.map(OffsetDateTime::unix_timestamp))
            }
            Self::People { parties, slots, cc } => edit("people")
                .with("parties", parties.iter().map(|party| party.id.as_str()).collect::<Value>())
                .with("slots", slots.iter().map(|slot| slot.id.as_str()).collect::<Value>())
                .with("cc", cc.iter().map(|cc| cc.id.as_str()).collect::<Value>()),
            Self::DocumentAttached { document } => edit("document_attached")
                .with("document", document.id().as_str())
                .with("digest", document.digest().to_string()),
            Self::DocumentDetached { document } => {
                edit("document_detached").with("document", document.as_str())
            }
            Self::ControlPlaced { control } => {
                edit("control_placed").with("control", control.key().to_string())
            }
            Self::ControlChanged { control } => {
                edit("control_changed").with("control", control.key().to_string())
            }
            Self::ControlRemoved { control } => {
                edit("control_removed").with("control", control.to_string())
            }
            Self::Acknowledged { warnings } => edit("acknowledged")
                .with("warnings", warnings.iter().map(|code| code.code()).collect::<Value>()),
        }
    }
}
