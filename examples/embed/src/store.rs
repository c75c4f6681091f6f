//! Aggregates in SQLite: a snapshot and the events of each, under its revision.
//!
//! ```text
//!  aggregates  (kind, id)            revision, snapshot        the state, to decide on
//!  events      (kind, id, revision)  event                     what happened, to replay
//!  trail       (kind, id, seq)       entry                     the hash chain, to show to others
//!  claims      (name)                owner                     what only one may have
//!  outbox      (dedupe_key)          notice                    what to tell whom, once
//! ```
//!
//! One decision is one transaction. Its heart is one statement,
//! `UPDATE aggregates SET … WHERE kind = ? AND id = ? AND revision = ?`: it changes one row or none,
//! and none means that somebody else was faster. Before it the witnesses are compared: what the
//! decision rests on, say the role of whoever decided, must still be at the revision that was seen.
//! After it the notary (see `notary.rs`) is told where each trail ends now.
//!
//! # The same on other stores
//!
//! * **PostgreSQL**: the same five tables and the same statements; `jsonb` for the snapshot if you
//!   query it. `READ COMMITTED` is enough, because the condition on the revision is evaluated on the
//!   row that is locked; the rows of the witnesses are read with `FOR SHARE`, in the order of their
//!   ids, so that nobody changes them before the commit.
//! * **Sharded**: shard by the id of the aggregate. Every aggregate is its own consistency boundary,
//!   so a verb that decides on one of them stays on one shard. What spans aggregates (booking a
//!   ceremony starts a contract and reserves a quota; a signature changes a contract and the grants
//!   it used; a resignation forwards contracts) needs them on one shard, or a transaction across
//!   shards: shard by organization, and keep a ceremony and its contract with the organizer.
//!   Claims are unique over all shards: a credit code needs a table of its own that is not sharded;
//!   those of seals and employees begin with the organization and lie with it.
//! * **An event store**: `events` alone, one stream for each aggregate, appended with the expected
//!   version. The snapshot is a cache, the trail and the outbox are projections.

use std::cell::RefCell;
use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use sealwright::audit::{self, HostKey};
use sealwright::decision::{Aggregate, Claim, Decision, Notice, Recorded, Revision, Snapshot};

use crate::Error;
use crate::notary::{Notary, ToAnchor};
use crate::vault::{Row, Vault};

const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS aggregates (
        kind TEXT NOT NULL, id TEXT NOT NULL, revision INTEGER NOT NULL, snapshot TEXT NOT NULL,
        PRIMARY KEY (kind, id)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS events (
        kind TEXT NOT NULL, id TEXT NOT NULL, revision INTEGER NOT NULL, event TEXT NOT NULL,
        PRIMARY KEY (kind, id, revision)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS trail (
        kind TEXT NOT NULL, id TEXT NOT NULL, seq INTEGER NOT NULL, entry TEXT NOT NULL,
        PRIMARY KEY (kind, id, seq)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS claims (name TEXT PRIMARY KEY, owner TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS outbox (dedupe_key TEXT PRIMARY KEY, notice TEXT NOT NULL);
";

/// A connection to the database, with the keys that personal facts are kept under.
pub struct Store {
    connection: Connection,
    vault: Vault,
    host_key: HostKey,
    notary: Notary,
}

impl Store {
    /// Opens or makes the database in a file. The notary lives somewhere else.
    pub fn open(
        path: &std::path::Path,
        vault: Vault,
        host_key: HostKey,
        notary: Notary,
    ) -> Result<Self, Error> {
        let connection = Connection::open(path)?;
        connection.busy_timeout(std::time::Duration::from_secs(10))?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.execute_batch(TABLES)?;
        Ok(Self { connection, vault, host_key, notary })
    }

    /// The state of an aggregate, from its snapshot.
    pub fn load<A: Aggregate>(&self, id: impl AsRef<str>) -> Result<A, Error> {
        let id = id.as_ref();
        let stored: Option<(i64, String)> = self
            .connection
            .query_row(
                "SELECT revision, snapshot FROM aggregates WHERE kind = ?1 AND id = ?2",
                params![A::SUBJECT, id],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .optional()?;
        let (revision, snapshot) = stored.ok_or(Error::Unknown { kind: A::SUBJECT })?;
        let row = Row { table: "snapshot", kind: A::SUBJECT, id, revision };
        let snapshot: Snapshot<A> = serde_json::from_str(&self.vault.open(&snapshot, row)?)?;
        Ok(snapshot.into_state())
    }

    /// The state of an aggregate, from its events: equal to its snapshot, or something is wrong.
    pub fn replay<A: Aggregate>(&self, id: impl AsRef<str>) -> Result<A, Error> {
        let id = id.as_ref();
        let events = self.numbered::<A>(
            "SELECT revision, event FROM events WHERE kind = ?1 AND id = ?2 ORDER BY revision",
            id,
        )?;
        let events: Vec<Recorded<A::Event>> = events
            .iter()
            .map(|(revision, event)| {
                let row = Row { table: "event", kind: A::SUBJECT, id, revision: *revision };
                Ok(serde_json::from_str(&self.vault.open(event, row)?)?)
            })
            .collect::<Result<_, Error>>()?;
        Ok(A::replay(&events)?)
    }

    /// The trail of an aggregate, judged against every head that the notary has of it: the head in the
    /// state is written by whoever writes the trail, and proves nothing.
    ///
    /// It is complete if it ends with the last of them. A trail that goes on behind it is consistent,
    /// no more: the process may have ended before the notary was told.
    pub fn trail<A: Aggregate>(
        &self,
        id: impl AsRef<str>,
    ) -> Result<(Vec<audit::Entry>, audit::Verdict), Error> {
        let entries = self.numbered::<A>(
            "SELECT seq, entry FROM trail WHERE kind = ?1 AND id = ?2 ORDER BY seq",
            id.as_ref(),
        )?;
        let entries: Vec<audit::Entry> = entries
            .iter()
            .map(|(_, entry)| Ok(serde_json::from_str(entry)?))
            .collect::<Result<_, Error>>()?;
        let mut verdict = audit::verify(&entries, None)?;
        for head in self.notary.heads(A::SUBJECT, id.as_ref())? {
            let known = usize::try_from(head.len()).unwrap_or(usize::MAX).min(entries.len());
            let until_there = audit::verify(&entries[..known], Some(&head))?;
            if known == entries.len() {
                verdict = until_there;
            }
        }
        Ok((entries, verdict))
    }

    /// The notices that wait to be sent.
    pub fn outbox(&self) -> Result<Vec<Notice>, Error> {
        let mut statement = self.connection.prepare("SELECT notice FROM outbox ORDER BY rowid")?;
        let notices = statement.query_map([], |row| row.get::<_, String>(0))?;
        notices.map(|notice| Ok(serde_json::from_str(&notice?)?)).collect()
    }

    /// Everything that the database holds, as text: what somebody sees who steals the file.
    #[cfg(test)]
    pub fn everything(&self) -> Result<String, Error> {
        let mut all = String::new();
        for query in [
            "SELECT snapshot FROM aggregates",
            "SELECT event FROM events",
            "SELECT entry FROM trail",
            "SELECT name FROM claims",
            "SELECT notice FROM outbox",
        ] {
            let mut statement = self.connection.prepare(query)?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                all.push_str(&row.get::<_, String>(0)?);
                all.push('\n');
            }
        }
        Ok(all)
    }

    /// Begins a transaction. What is not committed has not happened.
    pub fn begin(&mut self) -> Result<Transaction<'_>, Error> {
        let Self { connection, vault, host_key, notary } = self;
        // The writer queues here and not at its first statement, where SQLite would refuse it.
        let inner = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let (written, heads) = (RefCell::default(), RefCell::default());
        Ok(Transaction { inner, vault, host_key, notary, written, heads })
    }

    /// Stores what a verb decided to create, in a transaction of its own.
    pub fn create<A: Aggregate>(&mut self, decision: &Decision<A>) -> Result<A, Error> {
        let transaction = self.begin()?;
        let state = transaction.create(decision)?;
        transaction.commit()?;
        Ok(state)
    }

    /// Stores what a verb decided on a state, in a transaction of its own.
    pub fn update<A: Aggregate>(
        &mut self,
        decision: &Decision<A>,
        state: &mut A,
    ) -> Result<(), Error> {
        let transaction = self.begin()?;
        let next = transaction.update(decision, state)?;
        transaction.commit()?;
        *state = next;
        Ok(())
    }

    fn numbered<A: Aggregate>(&self, query: &str, id: &str) -> Result<Vec<(i64, String)>, Error> {
        let mut statement = self.connection.prepare(query)?;
        let rows =
            statement.query_map(params![A::SUBJECT, id], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// Decisions that happen together or not at all.
pub struct Transaction<'a> {
    inner: rusqlite::Transaction<'a>,
    vault: &'a Vault,
    host_key: &'a HostKey,
    notary: &'a Notary,
    /// What this transaction has changed already, by kind and id, and the revision before.
    written: RefCell<BTreeMap<(&'static str, String), Revision>>,
    /// Where the trails end that it has written to.
    heads: RefCell<Vec<ToAnchor>>,
}

impl Transaction<'_> {
    /// Stores what a verb decided to create.
    pub fn create<A: Aggregate>(&self, decision: &Decision<A>) -> Result<A, Error> {
        self.require_witnesses(decision)?;
        let (state, entries) = decision.found()?;
        let inserted = self.inner.execute(
            "INSERT INTO aggregates (kind, id, revision, snapshot) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO NOTHING",
            params![A::SUBJECT, decision.id(), number(decision.reached()), self.snapshot(&state)?],
        )?;
        if inserted == 0 {
            return Err(self.stale(decision)?);
        }
        self.keep(decision, &entries, state.head())?;
        Ok(state)
    }

    /// Stores what a verb decided on a state, if the database still has that state.
    pub fn update<A: Aggregate>(&self, decision: &Decision<A>, state: &A) -> Result<A, Error> {
        self.require_witnesses(decision)?;
        let mut state = state.clone();
        let entries = decision.apply_to(&mut state)?;
        let updated = self.inner.execute(
            "UPDATE aggregates SET revision = ?1, snapshot = ?2
             WHERE kind = ?3 AND id = ?4 AND revision = ?5",
            params![
                number(decision.reached()),
                self.snapshot(&state)?,
                A::SUBJECT,
                decision.id(),
                number(decision.expected()),
            ],
        )?;
        if updated == 0 {
            return Err(self.stale(decision)?);
        }
        self.keep(decision, &entries, state.head())?;
        Ok(state)
    }

    /// Makes everything stored so far happen, and tells the notary where the trails end now: after the
    /// commit, since what he has taken cannot be taken back.
    pub fn commit(self) -> Result<(), Error> {
        self.inner.commit()?;
        self.heads.borrow().iter().try_for_each(|head| self.notary.anchor(head))
    }

    fn snapshot<A: Aggregate>(&self, state: &A) -> Result<String, Error> {
        let (id, revision) = (state.id(), number(state.revision()));
        let row = Row { table: "snapshot", kind: A::SUBJECT, id, revision };
        self.vault.seal(&serde_json::to_string(&Snapshot::of(state))?, row)
    }

    /// Everything that the decision rests on is as it was, but for what this transaction changed: of
    /// several decisions of one verb, one may rest on what another one changes.
    fn require_witnesses<A: Aggregate>(&self, decision: &Decision<A>) -> Result<(), Error> {
        for witness in decision.witnesses() {
            let written = self.written.borrow();
            let ours = written
                .iter()
                .find(|((kind, id), _)| *kind == witness.kind.as_str() && *id == witness.id);
            let found = match ours {
                Some((_, before)) => *before,
                None => self.revision(&witness.kind, &witness.id)?,
            };
            if found != witness.revision {
                let (kind, id) = (witness.kind.clone(), witness.id.clone());
                return Err(Error::Moved { kind, id });
            }
        }
        Ok(())
    }

    fn stale<A: Aggregate>(&self, decision: &Decision<A>) -> Result<Error, Error> {
        Ok(Error::Stale(decision.stale(self.revision(A::SUBJECT, decision.id())?)))
    }

    fn revision(&self, kind: &str, id: &str) -> Result<Revision, Error> {
        let found: Option<i64> = self
            .inner
            .query_row(
                "SELECT revision FROM aggregates WHERE kind = ?1 AND id = ?2",
                params![kind, id],
                |row| row.get(0),
            )
            .optional()?;
        Ok(Revision::from(found.unwrap_or_default().unsigned_abs()))
    }

    fn keep<A: Aggregate>(
        &self,
        decision: &Decision<A>,
        entries: &[audit::Entry],
        head: &audit::Head,
    ) -> Result<(), Error> {
        let (kind, id) = (A::SUBJECT, decision.id());
        let head = head.clone();
        self.heads.borrow_mut().push(ToAnchor { kind, id: id.to_owned(), head });
        self.written.borrow_mut().entry((kind, id.to_owned())).or_insert(decision.expected());
        for event in decision.events() {
            let revision = number(event.revision);
            let row = Row { table: "event", kind, id, revision };
            self.inner.execute(
                "INSERT INTO events (kind, id, revision, event) VALUES (?1, ?2, ?3, ?4)",
                params![kind, id, revision, self.vault.seal(&serde_json::to_string(event)?, row)?],
            )?;
        }
        for entry in entries {
            self.inner.execute(
                "INSERT INTO trail (kind, id, seq, entry) VALUES (?1, ?2, ?3, ?4)",
                params![kind, id, entry.seq().cast_signed(), serde_json::to_string(entry)?],
            )?;
        }
        for notice in decision.notices() {
            // Telling somebody the same twice is what the dedupe key prevents.
            self.inner.execute(
                "INSERT INTO outbox (dedupe_key, notice) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                params![notice.dedupe_key, serde_json::to_string(notice)?],
            )?;
        }
        // What is given up is given up before anything is taken: a decision may do both.
        for claim in decision.claims() {
            if let Claim::Release { key, owner } = claim {
                self.inner.execute(
                    "DELETE FROM claims WHERE name = ?1 AND owner = ?2",
                    params![key.index(self.host_key), owner],
                )?;
            }
        }
        for claim in decision.claims() {
            if let Claim::Take { key, owner, code } = claim {
                self.take(&key.index(self.host_key), owner, code)?;
            }
        }
        Ok(())
    }

    fn take(&self, name: &str, owner: &str, code: &'static str) -> Result<(), Error> {
        self.inner.execute(
            "INSERT INTO claims (name, owner) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            params![name, owner],
        )?;
        let holder: String = self.inner.query_row(
            "SELECT owner FROM claims WHERE name = ?1",
            params![name],
            |row| row.get(0),
        )?;
        if holder == owner { Ok(()) } else { Err(Error::Taken { code }) }
    }
}

fn number(revision: Revision) -> i64 {
    revision.get().cast_signed()
}
