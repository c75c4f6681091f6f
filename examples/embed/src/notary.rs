//! Where the trails end, kept where whoever writes them has no say.
//!
//! A trail is chained, but whoever writes it can cut off its end, or write all of it anew, and the
//! head that lies beside it with it: a trail that agrees with the head from its own database is
//! consistent, and shows nothing more. So the head of every trail is handed, after each transaction,
//! to somebody else, who keeps every one of them and gives none back.
//!
//! Here that is a second database file. **In earnest it must be out of the reach of whoever can write
//! the first**: a service of another department, storage that can be written once (WORM), a register
//! with signed time stamps; with credentials that may append and nothing else. Two files of one
//! process, as here, show the steps and protect from nobody who has the process.

use std::path::Path;

use rusqlite::{Connection, params};
use sealwright::audit::Head;

use crate::Error;

/// Nothing is ever changed: a trail that is cut off and goes on differently meets its old heads.
const TABLE: &str = "
    CREATE TABLE IF NOT EXISTS heads (
        kind TEXT NOT NULL, id TEXT NOT NULL, length INTEGER NOT NULL, head TEXT NOT NULL,
        PRIMARY KEY (kind, id, length)) WITHOUT ROWID;
";

/// Keeps the heads of all trails.
pub struct Notary {
    connection: Connection,
}

/// A head that is on its way to the notary.
pub struct ToAnchor {
    /// What kind of aggregate.
    pub kind: &'static str,
    /// Which one.
    pub id: String,
    /// Where its trail ends now.
    pub head: Head,
}

impl Notary {
    /// Opens or makes the notary's own database.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let connection = Connection::open(path)?;
        connection.busy_timeout(std::time::Duration::from_secs(10))?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.execute_batch(TABLE)?;
        Ok(Self { connection })
    }

    /// Takes a head. The first of each length stays.
    pub fn anchor(&self, ToAnchor { kind, id, head }: &ToAnchor) -> Result<(), Error> {
        self.connection.execute(
            "INSERT INTO heads (kind, id, length, head) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO NOTHING",
            params![kind, id, head.len().cast_signed(), serde_json::to_string(head)?],
        )?;
        Ok(())
    }

    /// Every head of a trail that was handed over, from the shortest on.
    pub fn heads(&self, kind: &str, id: &str) -> Result<Vec<Head>, Error> {
        let mut statement = self
            .connection
            .prepare("SELECT head FROM heads WHERE kind = ?1 AND id = ?2 ORDER BY length")?;
        let heads = statement.query_map(params![kind, id], |row| row.get::<_, String>(0))?;
        heads.map(|head| Ok(serde_json::from_str(&head?)?)).collect()
    }
}
