//! What the host stores: for every aggregate its state, its events and its trail, and the bytes of
//! the documents beside them. Here it is memory; `examples/embed` keeps the same in SQLite.
//!
//! ```text
//!  rows    (kind, id)      revision, state, events, trail
//!  files   (document)      the newest bytes
//!  claims  (name)          what only one may have: a credit code, a mobile number
//!  outbox  (dedupe key)    what to tell whom, once
//!  denied  (id)            who wanted to use a seal and was refused
//! ```

use std::collections::BTreeMap;

use sealwright::audit::{Entry, Head, HostKey};
use sealwright::authorization::UseRecord;
use sealwright::decision::{Aggregate, Claim, Decision, Notice, Revision, Snapshot};
use sealwright::execution::Appended;
use sealwright::identity::DocumentId;

use crate::Failure;

/// One aggregate.
#[derive(Clone)]
pub struct Row {
    revision: Revision,
    /// The state as JSON under its version tag: personal facts are to be encrypted before they touch
    /// a disk (`examples/embed/src/vault.rs`).
    snapshot: String,
    /// Everything that happened to it, as JSON: the state can be made again of it.
    pub events: Vec<String>,
    /// The same without personal facts, each entry chained to the one before: fit to be handed out.
    pub trail: Vec<Entry>,
    /// Where the trail ends. A host anchors it where whoever writes the database cannot write.
    pub head: Head,
}

/// Everything that is stored.
#[derive(Clone)]
pub struct Database {
    rows: BTreeMap<(&'static str, String), Row>,
    files: BTreeMap<DocumentId, Vec<u8>>,
    claims: BTreeMap<String, String>,
    outbox: BTreeMap<String, Notice>,
    denied: BTreeMap<String, UseRecord>,
    key: HostKey,
}

impl Database {
    /// An empty one. Claims are indexed under a key, so that nobody can enumerate them.
    pub fn new(key: HostKey) -> Self {
        Self {
            rows: BTreeMap::new(),
            files: BTreeMap::new(),
            claims: BTreeMap::new(),
            outbox: BTreeMap::new(),
            denied: BTreeMap::new(),
            key,
        }
    }

    /// The state of an aggregate.
    pub fn load<A: Aggregate>(&self, id: &str) -> Result<A, Failure> {
        let row = self.rows.get(&(A::SUBJECT, id.to_owned()));
        let row = row.ok_or_else(|| Failure::new(format!("there is no {} {id}", A::SUBJECT)))?;
        Ok(serde_json::from_str::<Snapshot<A>>(&row.snapshot)?.into_state())
    }

    /// The trail of an aggregate.
    pub fn trail<A: Aggregate>(&self, state: &A) -> Result<Vec<Entry>, Failure> {
        let row = self.rows.get(&(A::SUBJECT, state.id().to_owned()));
        row.map(|row| row.trail.clone()).ok_or_else(|| Failure::new("there is no trail"))
    }

    /// Every aggregate of a kind. A real host has an index for what it looks for.
    pub fn all<A: Aggregate>(&self) -> Result<Vec<A>, Failure> {
        let of_kind = self.rows.keys().filter(|(kind, _)| *kind == A::SUBJECT);
        of_kind.map(|(_, id)| self.load(id)).collect()
    }

    /// Every aggregate, with its kind and its id.
    pub fn rows(&self) -> impl Iterator<Item = (&'static str, &str, &Row)> {
        self.rows.iter().map(|((kind, id), row)| (*kind, id.as_str(), row))
    }

    /// The newest bytes of a document.
    pub fn file(&self, id: &DocumentId) -> Result<&[u8], Failure> {
        self.files
            .get(id)
            .map(Vec::as_slice)
            .ok_or_else(|| Failure::new(format!("there is no file {id}")))
    }

    /// Everything that the closure stores, or nothing of it.
    pub fn transaction<T>(
        &mut self,
        store: impl FnOnce(&mut Transaction<'_>) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let mut transaction = Transaction { before: self, after: self.clone() };
        let stored = store(&mut transaction)?;
        *self = transaction.after;
        Ok(stored)
    }

    /// What a verb decided to create, in a transaction of its own.
    pub fn create<A: Aggregate>(&mut self, decision: &Decision<A>) -> Result<A, Failure> {
        self.transaction(|transaction| transaction.create(decision))
    }

    /// What a verb decided on something that exists, in a transaction of its own.
    pub fn update<A: Aggregate>(&mut self, decision: &Decision<A>) -> Result<A, Failure> {
        self.transaction(|transaction| transaction.update(decision))
    }

    /// Keeps the record of a use of a seal that was denied: of the same denial once.
    pub fn keep_denied(&mut self, denied: Option<&UseRecord>) {
        if let Some(record) = denied {
            self.denied.insert(record.id.to_string(), record.clone());
        }
    }

    /// Uses of seals that were denied.
    pub fn denied(&self) -> impl Iterator<Item = &UseRecord> {
        self.denied.values()
    }

    /// What is to be sent, of this kind.
    pub fn notices(&self, kind: &str) -> impl Iterator<Item = &Notice> {
        self.outbox.values().filter(move |notice| notice.kind == kind)
    }
}

/// What happens together or not at all.
pub struct Transaction<'a> {
    before: &'a Database,
    after: Database,
}

impl Transaction<'_> {
    /// Stores what a verb decided to create.
    pub fn create<A: Aggregate>(&mut self, decision: &Decision<A>) -> Result<A, Failure> {
        self.expect_unchanged(decision)?;
        let (state, entries) = decision.found()?;
        if self.after.rows.contains_key(&(A::SUBJECT, state.id().to_owned())) {
            let (kind, id) = (A::SUBJECT, state.id());
            return Err(Failure::new(format!("there is a {kind} {id} already")));
        }
        self.keep(decision, &state, entries)?;
        Ok(state)
    }

    /// Stores what a verb decided on something that exists.
    pub fn update<A: Aggregate>(&mut self, decision: &Decision<A>) -> Result<A, Failure> {
        self.expect_unchanged(decision)?;
        let mut state: A = self.after.load(decision.id())?;
        let entries = decision.apply_to(&mut state)?;
        self.keep(decision, &state, entries)?;
        Ok(state)
    }

    /// Stores a document that somebody handed in.
    pub fn store_file(&mut self, id: &DocumentId, bytes: &[u8]) {
        self.after.files.insert(id.clone(), bytes.to_vec());
    }

    /// Appends to a document. What is there stays as it is, to the last byte.
    pub fn append(&mut self, appended: &Appended) -> Result<(), Failure> {
        let file = self.after.files.get_mut(appended.document());
        let file = file.ok_or_else(|| Failure::new("there is no such file"))?;
        if u64::try_from(file.len())? != appended.base_len() {
            return Err(Failure::new("somebody else has signed meanwhile"));
        }
        file.extend_from_slice(appended.bytes());
        Ok(())
    }

    /// The state that a decision was made on, and what it rests on besides, are still as they were.
    fn expect_unchanged<A: Aggregate>(&self, decision: &Decision<A>) -> Result<(), Failure> {
        let found = self.after.revision(A::SUBJECT, decision.id());
        if found != decision.expected() {
            return Err(decision.stale(found).into());
        }
        // Of several decisions of one verb, one may rest on what another one changes.
        let moved = decision
            .witnesses()
            .iter()
            .find(|witness| self.before.revision(&witness.kind, &witness.id) != witness.revision);
        match moved {
            Some(one) => Err(Failure::new(format!("{} {} has moved on", one.kind, one.id))),
            None => Ok(()),
        }
    }

    fn keep<A: Aggregate>(
        &mut self,
        decision: &Decision<A>,
        state: &A,
        entries: Vec<Entry>,
    ) -> Result<(), Failure> {
        let (head, snapshot) = (state.head().clone(), serde_json::to_string(&Snapshot::of(state))?);
        let key = (A::SUBJECT, state.id().to_owned());
        let row = self.after.rows.entry(key).or_insert_with(|| Row {
            revision: Revision::NONE,
            snapshot: String::new(),
            events: Vec::new(),
            trail: Vec::new(),
            head: head.clone(),
        });
        (row.revision, row.snapshot, row.head) = (decision.reached(), snapshot, head);
        for event in decision.events() {
            row.events.push(serde_json::to_string(event)?);
        }
        row.trail.extend(entries);
        for notice in decision.notices() {
            self.after.outbox.insert(notice.dedupe_key.clone(), notice.clone());
        }
        decision.claims().iter().try_for_each(|claim| self.claim(claim))
    }

    /// A unique index: what somebody else has is refused with the code that the claim brings.
    fn claim(&mut self, claim: &Claim) -> Result<(), Failure> {
        let name = claim.key().index(&self.after.key);
        match claim {
            Claim::Take { owner, code, .. } => {
                let holder = self.after.claims.entry(name).or_insert_with(|| owner.clone());
                if holder == owner { Ok(()) } else { Err(Failure::new(format!("taken: {code}"))) }
            }
            Claim::Release { owner, .. } => {
                self.after.claims.retain(|known, holder| *known != name || holder != owner);
                Ok(())
            }
            _ => Err(Failure::new("a kind of claim that this host does not know")),
        }
    }
}

impl Database {
    fn revision(&self, kind: &str, id: &str) -> Revision {
        let mut rows = self.rows.iter();
        let row = rows.find(|((known, one), _)| *known == kind && one == id);
        row.map_or(Revision::NONE, |(_, row)| row.revision)
    }
}
