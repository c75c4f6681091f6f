//! What happens between deciding and storing: another writer, and a right that ends.

use std::path::Path;
use std::sync::Barrier;

use sealwright::contract::{Command, Contract, ContractName, Edit, Reason};
use sealwright::decision::Decision;
use sealwright::organization::{
    Employee, EmployeeCommand, Entitlement, Entitlements, Organization, Staff,
};

use crate::Error;
use crate::console::{Console, Outcome, draft_meeting};

/// What became of one writer.
#[derive(Debug, PartialEq, Eq)]
pub struct Writer {
    /// What it wanted.
    pub wanted: &'static str,
    /// The code with which its first try was refused, if it was.
    pub refused: Option<&'static str>,
    /// What it was told when it looked again, if it had to: the code, or `done`.
    pub then: Option<&'static str>,
}

/// Lets one writer cancel a draft while another gives it another name, each on a connection of its
/// own, both having looked at the same revision.
pub fn race(
    open: &(dyn Fn(&Path) -> Result<Console, Error> + Sync),
    path: &Path,
    contract: &str,
    clerk: &str,
) -> Result<[Writer; 2], Error> {
    let start = Barrier::new(2);
    let run = |wanted, verb: fn(&Console, &Contract, &str) -> Result<Decision<Contract>, Error>| {
        let mut console = open(path)?;
        let mut seen: Contract = console.store.load(contract)?;
        let decision = verb(&console, &seen, clerk)?;
        // Both have decided; now both store.
        start.wait();
        let refused = match console.store.update(&decision, &mut seen) {
            Ok(()) => return Ok(Writer { wanted, refused: None, then: None }),
            Err(Error::Stale(stale)) => stale.code(),
            Err(other) => return Err(other),
        };
        let mut seen: Contract = console.store.load(contract)?;
        let then = match verb(&console, &seen, clerk) {
            Ok(decision) => {
                console.store.update(&decision, &mut seen)?;
                "done"
            }
            Err(Error::Contract(error)) => error.code(),
            Err(other) => return Err(other),
        };
        Ok(Writer { wanted, refused: Some(refused), then: Some(then) })
    };
    std::thread::scope(|scope| {
        let canceller = scope.spawn(|| run("cancel", cancel));
        let renamer = run("rename", rename);
        let canceller = canceller.join().map_err(|_| Error::Thread)?;
        Ok([canceller?, renamer?])
    })
}

/// Lets an employee decide to draft a meeting and lose all his roles before that is stored: what he
/// rested on has moved, so nothing is stored, and when he looks again he may not do it any more.
pub fn demote(
    console: &mut Console,
    meeting: &str,
    entitlement: &str,
    clerk: &str,
) -> Outcome<Vec<String>> {
    let mut employee: Employee = console.store.load(clerk)?;
    let organization: Organization = console.store.load(employee.organization().as_str())?;
    let entitlement: Entitlement = console.store.load(entitlement)?;
    let entitlements = [&entitlement];
    let draft = |employee: &Employee, now| {
        let staff = Staff::of(&organization, employee)?;
        draft_meeting(meeting, &staff, Entitlements::of(&entitlements), now)
    };
    let decision = draft(&employee, console.now)?;

    let none =
        EmployeeCommand::Assign { departments: Default::default(), roles: Default::default() };
    let demoted = employee.decide(none, &organization, &console.operator(), console.now)?;
    console.store.update(&demoted, &mut employee)?;

    let stored = console.store.create(&decision);
    let first = stored.err().ok_or("the decision was stored all the same")?;
    let again = draft(&employee, console.now).err().ok_or("he may still do it")?;
    Ok(vec![format!("refused: {first}"), format!("looked again: {}", again.code())])
}

fn cancel(
    console: &Console,
    contract: &Contract,
    clerk: &str,
) -> Result<Decision<Contract>, Error> {
    let reason = Reason::parse("另行签署")?;
    let cancelled = console.clerk(clerk, |by| contract.cancel(reason, by, None, console.now))?;
    Ok(cancelled.contract)
}

fn rename(
    console: &Console,
    contract: &Contract,
    clerk: &str,
) -> Result<Decision<Contract>, Error> {
    let edit = Edit::Name { name: ContractName::parse("采购合同-修订")? };
    console.clerk(clerk, |by| contract.decide(Command::Edit(edit), by, console.now))
}
