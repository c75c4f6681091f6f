//! Signatures as whoever executes a contract records them.

use std::collections::BTreeMap;

use sealwright::contract::{
    Application, Contract, ControlKind, Integrity, Mark, Revised, SignatureMethod, SignedRecord,
    Slot, TimeSource,
};

use crate::people::digest;

/// A faultless record: every sign control of the slot, bytes that follow from those before, and an
/// intact result. `revision` tells its bytes from those of others.
pub fn record(contract: &Contract, slot: &Slot, revision: usize) -> SignedRecord {
    let face = digest("face");
    let applications = contract.sign_controls_of(slot.id()).map(|control| Application {
        control: control.key().clone(),
        mark: match control.kind() {
            ControlKind::Seal(_) => Mark::Seal {
                seal: "seal_1".parse().unwrap(),
                version: 1,
                face,
                grant: "grant_1".parse().unwrap(),
            },
            _ => Mark::Signature { method: SignatureMethod::FreshStroke, face },
        },
        spots: control.spots().to_vec(),
    });
    let documents = contract.documents().iter().map(|document| Revised {
        document: document.id().clone(),
        before: *document.digest(),
        after: digest(&format!("{} and revision {revision}", document.digest())),
    });
    let held = contract.hold().filter(|hold| hold.slot == *slot.id());
    SignedRecord {
        slot: slot.id().clone(),
        signer: None,
        organization: None,
        applications: applications.collect(),
        intent: Vec::new(),
        documents: documents.collect(),
        certificate: None,
        client: BTreeMap::new(),
        time: TimeSource::Local,
        ticket: held.map(|hold| hold.ticket),
        integrity: Some(Integrity::Intact),
    }
}
