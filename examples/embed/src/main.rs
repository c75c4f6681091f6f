//! A host of the contract domain: organizations, seals, contracts and ceremonies in SQLite.
//!
//! ```sh
//! cargo run -p embed
//! ```
//!
//! activates two companies, gives them seals, drafts contracts and books a meeting; then it shows
//! what a host has to get right: two writers race for one contract, and somebody loses his role
//! between deciding and storing. What it prints it has read back from the database.
//!
//! Read `store.rs` first (what a decision is in a database), then `console.rs` (load, decide, store),
//! then `race.rs`; `vault.rs` keeps names and numbers out of the file, and `notary.rs` keeps elsewhere
//! where the trails end.

mod console;
mod notary;
mod race;
mod store;
mod vault;

use std::collections::BTreeMap;
use std::path::Path;

use sealwright::audit::HostKey;
use sealwright::ceremony::{Ceremony, KeyId, LinkKey, LinkKeys};
use sealwright::contract::Contract;
use sealwright::decision::Aggregate as _;
use sealwright::organization::{Entitlement, Organization, ShippedRole};
use thiserror::Error as ThisError;
use time::OffsetDateTime;
use time::macros::datetime;

use console::{Console, Typed};
use notary::Notary;
use store::Store;
use vault::Vault;

/// What the host can fail with.
#[derive(Debug, ThisError)]
pub enum Error {
    /// Another writer was faster.
    #[error(transparent)]
    Stale(sealwright::decision::Stale),
    /// What the decision rested on has changed since.
    #[error("{kind} {id} is not as it was when this was decided; look again and decide again")]
    Moved {
        /// What kind of aggregate.
        kind: String,
        /// Which one.
        id: String,
    },
    /// Somebody else has the name.
    #[error("somebody else has this name already ({code})")]
    Taken {
        /// The code that the engine wants answered.
        code: &'static str,
    },
    /// There is no such aggregate.
    #[error("there is no such {kind}")]
    Unknown {
        /// What was looked for.
        kind: &'static str,
    },
    /// The engine refuses.
    #[error(transparent)]
    Contract(#[from] sealwright::contract::Error),
    /// A decision or an event does not follow from the state.
    #[error(transparent)]
    Replay(#[from] sealwright::decision::ReplayError),
    /// The trail is not what it was, or a key is too short.
    #[error(transparent)]
    Trail(#[from] sealwright::audit::Error),
    /// Personal facts cannot be encrypted or decrypted: another key, or a damaged text.
    #[error("personal facts cannot be read with this key")]
    Vault,
    /// A writer did not come back.
    #[error("a writer broke off")]
    Thread,
    /// The database refuses.
    #[error(transparent)]
    Database(#[from] rusqlite::Error),
    /// A stored text is none of the engine's.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// An id is none.
    #[error(transparent)]
    Identity(#[from] sealwright::identity::Error),
}

/// A Monday morning in Beijing.
const NOW: OffsetDateTime = datetime!(2026-01-05 01:00 UTC);

const HEAD_A: Typed = Typed { name: "钱多", number: "110101199003070011", mobile: "13800000001" };
const HEAD_B: Typed = Typed { name: "孙立", number: "34052419800101001X", mobile: "13800000002" };
const CLERK: Typed = Typed { name: "李明", number: "11010519491231002X", mobile: "13800000003" };
const SIGNER_B: Typed =
    Typed { name: "周正", number: "310101200002290015", mobile: "13800000004" };

/// In earnest both keys come from a key service, and the notary is none of this process's files.
fn open(path: &Path) -> Result<Console, Error> {
    let notary = Notary::open(&path.with_extension("notary"))?;
    let store = Store::open(path, Vault::new(&[3; 32])?, HostKey::new(&[5; 32])?, notary)?;
    Console::new(store, NOW)
}

fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let folder = std::env::temp_dir().join(format!("sealwright-embed-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let outcome = story(&folder.join("host.sqlite"));
    std::fs::remove_dir_all(&folder)?;
    outcome
}

fn story(path: &Path) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let mut console = open(path)?;
    println!("Two companies, activated in three steps each:");
    settle(&mut console)?;
    for id in ["org_a", "org_b"] {
        let organization: Organization = console.store.load(id)?;
        println!("  {id}: {} is {}", organization.name(), organization.status().code());
    }

    println!("A meeting, booked in one transaction with its contract and its unit of quota:");
    let sides = [("org_a", "clerk"), ("org_b", "signer_b")];
    console.draft("con_1", "clerk", sides)?;
    let key = LinkKey::new(KeyId::new("2026-01")?, &[9; 32])?;
    let keys = LinkKeys::new(key);
    console.book("cer_1", "con_1", "ent_1", "clerk", ["clerk", "signer_b"], &keys)?;
    let ceremony: Ceremony = console.store.load("cer_1")?;
    let contract: Contract = console.store.load("con_1")?;
    let entitlement: Entitlement = console.store.load("ent_1")?;
    println!("  cer_1 is {}, con_1 is {:?}", ceremony.phase().name(), contract.phase());
    println!("  meetings left on ent_1: {}", entitlement.quota().map_or(0, |quota| quota.left()));

    println!("Two writers who have seen the same revision of con_2:");
    console.draft("con_2", "clerk", sides)?;
    for writer in race::race(&open, path, "con_2", "clerk")? {
        match (writer.refused, writer.then) {
            (Some(refused), Some(then)) => {
                println!("  {}: lost with {refused}; looked again: {then}", writer.wanted);
            }
            _ => println!("  {}: won", writer.wanted),
        }
    }

    println!("The clerk decides to draft a meeting, and loses his role before it is stored:");
    for line in race::demote(&mut console, "cer_2", "ent_1", "clerk")? {
        println!("  {line}");
    }

    println!("What the database has of con_1:");
    let (entries, verdict) = console.store.trail::<Contract>("con_1")?;
    for entry in &entries {
        println!("  {} {} by {}", entry.seq(), entry.kind(), entry.actor());
    }
    println!("  the trail is {verdict:?}: it ends with the head that the notary was given,");
    println!("  {:.16}…", contract.head().hash());
    let replayed: Contract = console.store.replay("con_1")?;
    println!("  replaying its events gives its snapshot: {}", replayed == contract);

    println!("What waits to be sent, each once:");
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for notice in console.store.outbox()? {
        *kinds.entry(notice.kind).or_default() += 1;
    }
    for (kind, count) in kinds {
        println!("  {count} × {kind}");
    }
    Ok(())
}

/// Two companies with their people and seals.
fn settle(console: &mut Console) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    console.activate("org_a", "晨曦科技(深圳)有限公司", "91350100M000100Y43", &HEAD_A)?;
    console.activate("org_b", "远山制造集团有限公司", "91440300MA50004950", &HEAD_B)?;
    console.hire("org_a", "clerk", &CLERK, &[ShippedRole::ContractAdmin])?;
    console.hire("org_b", "signer_b", &SIGNER_B, &[])?;
    console.entitle("ent_1", "org_a")?;
    console.seal("org_a", "seal_a", "clerk")?;
    console.seal("org_b", "seal_b", "signer_b")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use sealwright::audit::{Verdict, verify};
    use sealwright::decision::Snapshot;

    use super::*;

    /// A folder of its own for each test, gone afterwards.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let folder = std::env::temp_dir()
                .join(format!("sealwright-embed-test-{name}-{}", std::process::id()));
            std::fs::create_dir_all(&folder).unwrap();
            Self(folder)
        }

        fn database(&self) -> PathBuf {
            self.0.join("host.sqlite")
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn of_two_writers_one_wins_every_time() {
        let folder = Folder::new("race");
        let mut console = open(&folder.database()).unwrap();
        settle(&mut console).unwrap();
        let mut winners = std::collections::BTreeSet::new();
        for number in 0..20 {
            let id = format!("con_{number}");
            console.draft(&id, "clerk", [("org_a", "clerk"), ("org_b", "signer_b")]).unwrap();
            let writers = race::race(&open, &folder.database(), &id, "clerk").unwrap();
            let (won, lost): (Vec<_>, Vec<_>) =
                writers.iter().partition(|writer| writer.refused.is_none());
            let ([won], [lost]) = (won.as_slice(), lost.as_slice()) else {
                panic!("{writers:?}");
            };
            assert_eq!(lost.refused, Some("con.stale_revision"));
            // A cancelled contract takes no name; a renamed one can be cancelled.
            let then = if won.wanted == "cancel" { "con.illegal_transition" } else { "done" };
            assert_eq!(lost.then, Some(then));
            winners.insert(won.wanted);

            let stored: Contract = console.store.load(&id).unwrap();
            assert_eq!(console.store.replay::<Contract>(&id).unwrap(), stored);
            let (_, verdict) = console.store.trail::<Contract>(&id).unwrap();
            assert_eq!(verdict, Verdict::Complete);
        }
        println!("both may win; this time did: {winners:?}");
    }

    #[test]
    fn what_a_decision_rests_on_must_still_hold_when_it_is_stored() {
        let folder = Folder::new("witness");
        let mut console = open(&folder.database()).unwrap();
        settle(&mut console).unwrap();
        let told = race::demote(&mut console, "cer_1", "ent_1", "clerk").unwrap().join("\n");
        assert!(told.contains("employee clerk is not as it was"), "{told}");
        assert!(told.contains("emp.no_permission"), "{told}");
        let stored = console.store.load::<Ceremony>("cer_1");
        assert!(matches!(stored, Err(Error::Unknown { .. })), "nothing was left behind");
    }

    /// Somebody who can write the database, and knows how to, takes the last thing back that happened
    /// to a contract, head and all.
    fn take_back(database: &Path, notary: Notary) -> Store {
        let connection = rusqlite::Connection::open(database).unwrap();
        for (table, number) in [("events", "revision"), ("trail", "seq")] {
            let last = format!(
                "DELETE FROM {table} WHERE kind = 'contract' AND id = 'con_1' AND {number} = (SELECT
                 max({number}) FROM {table} WHERE kind = 'contract' AND id = 'con_1')"
            );
            assert_eq!(connection.execute(&last, []).unwrap(), 1);
        }
        let vault = Vault::new(&[3; 32]).unwrap();
        let store = Store::open(database, vault, HostKey::new(&[5; 32]).unwrap(), notary).unwrap();
        let before: Contract = store.replay("con_1").unwrap();
        let revision = before.revision().get().cast_signed();
        let row = vault::Row { table: "snapshot", kind: "contract", id: "con_1", revision };
        let snapshot = serde_json::to_string(&Snapshot::of(&before)).unwrap();
        let sealed = Vault::new(&[3; 32]).unwrap().seal(&snapshot, row).unwrap();
        let update = "UPDATE aggregates SET revision = ?1, snapshot = ?2 WHERE id = 'con_1'";
        assert_eq!(connection.execute(update, rusqlite::params![revision, sealed]).unwrap(), 1);
        store
    }

    #[test]
    fn a_trail_that_was_cut_off_agrees_with_itself_and_not_with_the_notary() {
        let folder = Folder::new("notary");
        let mut console = open(&folder.database()).unwrap();
        settle(&mut console).unwrap();
        console.draft("con_1", "clerk", [("org_a", "clerk"), ("org_b", "signer_b")]).unwrap();
        let (whole, verdict) = console.store.trail::<Contract>("con_1").unwrap();
        assert_eq!(verdict, Verdict::Complete);
        drop(console);

        let nobody = Notary::open(Path::new(":memory:")).unwrap();
        let alone = take_back(&folder.database(), nobody);
        let (entries, verdict) = alone.trail::<Contract>("con_1").unwrap();
        assert_eq!(entries.len() + 1, whole.len());
        assert_eq!(verdict, Verdict::ConsistentOnly, "without a notary nothing is missed");
        let state: Contract = alone.load("con_1").unwrap();
        assert_eq!(verify(&entries, Some(state.head())).unwrap(), Verdict::Complete);

        let refused = || {
            let console = open(&folder.database()).unwrap();
            let error = console.store.trail::<Contract>("con_1").unwrap_err();
            matches!(error, Error::Trail(sealwright::audit::Error::HeadMismatch { .. }))
        };
        assert!(refused());
        // Going on from there does not help: the notary has every head that there was.
        race::race(&open, &folder.database(), "con_1", "clerk").unwrap();
        assert!(refused());
    }

    #[test]
    fn a_credit_code_belongs_to_one_organization() {
        let folder = Folder::new("claims");
        let mut console = open(&folder.database()).unwrap();
        console.activate("org_a", "晨曦科技(深圳)有限公司", "91350100M000100Y43", &HEAD_A).unwrap();
        let refused =
            console.activate("org_b", "另一家公司", "91350100M000100Y43", &HEAD_B).unwrap_err();
        assert!(refused.to_string().contains("org.already_exists"), "{refused}");
        let second: Organization = console.store.load("org_b").unwrap();
        assert!(!second.is_active(), "the refused step left nothing behind");
        // Nor does the same person work twice for one organization.
        console.hire("org_a", "one", &CLERK, &[]).unwrap();
        let refused = console.hire("org_a", "two", &CLERK, &[]).unwrap_err();
        assert!(refused.to_string().contains("emp.duplicate_"), "{refused}");
    }

    #[test]
    fn whoever_steals_the_file_learns_no_names_and_no_numbers() {
        let folder = Folder::new("theft");
        story(&folder.database()).unwrap();
        let console = open(&folder.database()).unwrap();
        let everything = console.store.everything().unwrap();
        assert!(everything.contains("contract.started") && everything.contains("采购合同"));
        for Typed { name, number, mobile } in [HEAD_A, HEAD_B, CLERK, SIGNER_B] {
            for fact in [name, number, mobile] {
                assert!(!everything.contains(fact), "{fact}");
            }
        }
    }
}
