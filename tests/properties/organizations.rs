//! Organizations, their employees and their quotas under random commands.
//!
//! Two organizations claim the same credit code and a third has its own; a handful of persons are
//! invited everywhere, so that mobiles and identity numbers collide all the time.

use std::collections::BTreeMap;

use sealwright::audit::HostKey;
use sealwright::decision::{Claim, Decision};
use sealwright::identity::{EmployeeId, OrganizationId, OrganizationName, PersonId};
use sealwright::organization::{
    By, Employee, EmployeeCommand, EmployeeStatus, Entitlements, Error, Holders, Invitation, Label,
    OpenWork, Organization, OrganizationCommand, OrganizationStatus as Status, RoleRef, Settings,
    ShippedRole, Staff,
};
use time::{Duration, OffsetDateTime};

use crate::people::{
    START, consent, head, licence_facts, mobile, name, person, proof, register_facts, registration,
};
use crate::sequence::{Choices, Marks, Watched, explore};

const PERSONS: usize = 5;

/// What a host keeps: the aggregates, the unique index of claims, and its clock.
struct World {
    organizations: Vec<Watched<Organization>>,
    employees: Vec<Watched<Employee>>,
    claims: BTreeMap<String, String>,
    key: HostKey,
    now: OffsetDateTime,
}

impl World {
    fn new() -> Self {
        let codes = [0, 0, 1];
        let organizations = codes.iter().enumerate().map(|(number, code)| {
            let id = format!("org_{number}").parse().unwrap();
            let facts = registration(number, *code);
            let decision = Organization::register(id, facts, None, &By::System, START);
            Watched::begin(&decision.unwrap())
        });
        Self {
            organizations: organizations.collect(),
            employees: Vec::new(),
            claims: BTreeMap::new(),
            key: HostKey::new(&[7; 32]).unwrap(),
            now: START,
        }
    }

    fn organization(&self, number: usize) -> &Organization {
        self.organizations[number].state()
    }

    fn staff_of(&self, organization: &Organization) -> Vec<usize> {
        let member =
            |watched: &Watched<Employee>| watched.state().organization() == organization.id();
        (0..self.employees.len()).filter(|number| member(&self.employees[*number])).collect()
    }

    /// Who of an organization's employees, not resigned, has these facts.
    fn holders(
        &self,
        organization: &Organization,
        person: &sealwright::identity::Person,
    ) -> Holders {
        let find = |same: &dyn Fn(&sealwright::identity::Person) -> bool| -> Option<EmployeeId> {
            self.employees
                .iter()
                .map(Watched::state)
                .filter(|employee| employee.organization() == organization.id())
                .filter(|employee| employee.status() != EmployeeStatus::Resigned)
                .find(|employee| same(employee.person()))
                .map(|employee| employee.id().clone())
        };
        Holders {
            mobile: find(&|known| known.mobile() == person.mobile()),
            id_number: find(&|known| known.id_document() == person.id_document()),
        }
    }

    /// Who has the credit code, as the index says.
    fn holder_of_code(&self, organization: &Organization) -> Option<OrganizationId> {
        let index = format!("organization.uscc\u{1f}{}", organization.uscc().as_str());
        self.claims.get(&index).map(|owner| owner.parse().unwrap())
    }

    /// The unique index: whoever takes what another has would have been refused by it. A verb that
    /// was told the truth about the index never gets that far.
    fn store(&mut self, claims: &[Claim]) {
        for claim in claims {
            let index = claim.key().index(&self.key);
            match claim {
                Claim::Take { owner, .. } => {
                    let former = self.claims.insert(index, owner.clone());
                    assert!(former.is_none_or(|former| former == *owner), "{claim:?}");
                }
                Claim::Release { owner, .. } => {
                    assert_eq!(self.claims.remove(&index).as_ref(), Some(owner), "{claim:?}");
                }
                _ => panic!("an unknown claim: {claim:?}"),
            }
        }
    }

    fn pass_time(&mut self, choices: &mut Choices) {
        // Now and then another host with a slow clock decides.
        let seconds = i64::try_from(choices.below(4_000)).unwrap() - 300;
        self.now += Duration::seconds(seconds);
    }

    fn check(&self) {
        for watched in &self.organizations {
            let organization = watched.state();
            if let Some(admin) = organization.super_admin() {
                let admin = self.employees.iter().map(Watched::state).find(|e| e.id() == admin);
                let admin = admin.unwrap();
                assert!(admin.is_active() && admin.organization() == organization.id());
            }
            let reached = matches!(
                organization.status(),
                Status::Active | Status::Suspended | Status::Closing | Status::Closed
            );
            assert_eq!(
                organization.super_admin().is_some(),
                reached,
                "one super admin, then always"
            );
            let owns = self.holder_of_code(organization).as_ref() == Some(organization.id());
            assert_eq!(owns, reached && organization.status() != Status::Closed);
        }
        for organization in self.organizations.iter().map(Watched::state) {
            let staff: Vec<&Employee> = self
                .staff_of(organization)
                .into_iter()
                .map(|number| self.employees[number].state())
                .filter(|employee| employee.status() != EmployeeStatus::Resigned)
                .collect();
            for (number, one) in staff.iter().enumerate() {
                for other in &staff[number + 1..] {
                    assert_ne!(one.person().mobile(), other.person().mobile());
                    assert_ne!(one.person().id_document(), other.person().id_document());
                }
            }
        }
    }
}

/// Where a status may lead to: the table of the domain, and nothing else.
fn may_follow(from: Status, to: Status) -> bool {
    use Status::{
        Active, Closed, Closing, LegalAuthorized, Registered, Rejected, Suspended, Verified,
        Verifying,
    };
    from == to
        || matches!(
            (from, to),
            (Registered | Rejected, Verifying)
                | (Verifying, Verified | Rejected)
                | (Verified, LegalAuthorized)
                | (LegalAuthorized, Active)
                | (Active, Suspended)
                | (Suspended, Active)
                | (Active | Suspended, Closing)
                | (Closing, Closed)
        )
}

fn may_become(from: EmployeeStatus, to: EmployeeStatus) -> bool {
    use EmployeeStatus::{Active, Invited, PendingAudit, Resigned};
    from == to
        || matches!(
            (from, to),
            (Invited, PendingAudit)
                | (Invited | PendingAudit, Active)
                | (Invited | PendingAudit | Active, Resigned)
        )
}

/// Who asks: mostly the host or somebody of the organization, at times its legal representative or
/// somebody of another one.
fn with_somebody<T>(
    world: &World,
    organization: &Organization,
    choices: &mut Choices,
    ask: impl FnOnce(&By<'_>, &mut Choices) -> T,
) -> T {
    let (id, boss): (PersonId, _) = ("p_head".parse().unwrap(), head());
    let staff = world.staff_of(organization);
    match choices.below(10) {
        0..5 if !staff.is_empty() => {
            let employee = world.employees[choices.one_of(&staff)].state();
            ask(&By::Staff(Staff::of(organization, employee).unwrap()), choices)
        }
        5 => ask(&By::Person { id: &id, person: &boss }, choices),
        6 if !world.employees.is_empty() => {
            let stranger = world.employees[choices.below(world.employees.len())].state();
            let own = world.organizations.iter().map(Watched::state);
            let own = own.into_iter().find(|own| own.id() == stranger.organization()).unwrap();
            ask(&By::Staff(Staff::of(own, stranger).unwrap()), choices)
        }
        _ => ask(&By::System, choices),
    }
}

/// A command that the organization is likely to follow, or any other.
fn organization_command<'a>(
    world: &'a World,
    organization: &Organization,
    choices: &mut Choices,
) -> OrganizationCommand<'a> {
    use OrganizationCommand as Command;
    let staff: Vec<&Employee> = world
        .staff_of(organization)
        .into_iter()
        .map(|number| world.employees[number].state())
        .collect();
    let activate = |employee| Command::ActivateSuperAdmin {
        employee,
        holder: world.holder_of_code(organization),
    };
    let live = |choices: &mut Choices| {
        let contracts = 0..usize::from(choices.percent(30));
        contracts.map(|_| "con_1".parse().unwrap()).collect()
    };
    if choices.percent(60) {
        match organization.status() {
            Status::Registered | Status::Rejected => {
                return Command::SubmitVerification(licence_facts());
            }
            Status::Verifying => return Command::AcceptVerification(register_facts(organization)),
            Status::Verified if !staff.is_empty() => {
                return consent(choices.one_of(&staff).person().name().clone());
            }
            Status::LegalAuthorized if !staff.is_empty() => {
                return activate(choices.one_of(&staff));
            }
            Status::Suspended if choices.percent(50) => return Command::Resume,
            Status::Closing => return Command::FinishClosing { live_contracts: live(choices) },
            _ => {}
        }
    }
    let department = |choices: &mut Choices| format!("dep_{}", choices.below(4)).parse().unwrap();
    let label = Label::parse("部门").unwrap();
    match choices.below(16) {
        0 => Command::SubmitVerification(licence_facts()),
        1 => Command::AcceptVerification(register_facts(organization)),
        2 => Command::RejectVerification { reason: "unreadable".to_owned() },
        3 => consent(name(0)),
        4 if !staff.is_empty() => activate(choices.one_of(&staff)),
        5 if !staff.is_empty() => Command::ChangeSuperAdmin { successor: choices.one_of(&staff) },
        6 => {
            let text = format!("改名{}公司", choices.below(3));
            Command::Rename { name: OrganizationName::parse(&text).unwrap() }
        }
        7 => Command::Suspend { reason: "audit".to_owned() },
        8 => Command::Resume,
        9 if choices.percent(60) => Command::Close { live_contracts: live(choices) },
        10 => Command::FinishClosing { live_contracts: live(choices) },
        11 => Command::ChangeSettings(Settings {
            approve_joins: choices.percent(50),
            ..Settings::default()
        }),
        12 => {
            let parent = choices.percent(60).then(|| department(choices));
            Command::AddDepartment { id: department(choices), name: label, parent }
        }
        13 => {
            let parent = choices.percent(80).then(|| department(choices));
            Command::MoveDepartment { id: department(choices), parent }
        }
        14 => Command::RemoveDepartment { id: department(choices), members: choices.below(2) },
        _ => Command::SetLogo(None),
    }
}

fn step_organization(world: &mut World, choices: &mut Choices, marks: &mut Marks) {
    let number = choices.below(world.organizations.len());
    let before = world.organization(number).clone();
    let now = world.now;
    let outcome = with_somebody(world, &before, choices, |by, choices| {
        let command = organization_command(world, &before, choices);
        (before.decide(command.clone(), by, now), before.decide(command, by, now))
    });
    let (outcome, twin) = outcome;
    assert_eq!(outcome, twin, "the same question has the same answer");
    let claims = outcome.as_ref().map_or(Vec::new(), |decision| decision.claims().to_vec());
    if choices.percent(10) {
        // Another writer was quicker with something else: this one comes too late.
        if let Ok(decision) = outcome {
            world.organizations[number].forget(decision);
        }
        return;
    }
    match world.organizations[number].follow(&before, outcome) {
        Ok(kinds) => {
            world.store(&claims);
            kinds.into_iter().for_each(|kind| marks.reached(kind));
        }
        Err(error) => marks.reached(error.code()),
    }
    let after = world.organization(number);
    assert!(may_follow(before.status(), after.status()), "{before:?} -> {after:?}");
    assert_eq!((before.uscc(), before.kind()), (after.uscc(), after.kind()));
    assert!(after.past_names().starts_with(before.past_names()));
    marks.reached(after.status().code());
}

fn step_invitation(world: &mut World, choices: &mut Choices, marks: &mut Marks) {
    let number = choices.below(world.organizations.len());
    let organization = world.organization(number).clone();
    let id: EmployeeId = format!("emp_{}", world.employees.len()).parse().unwrap();
    let person = person(choices.below(PERSONS));
    let holders = world.holders(&organization, &person);
    let role: RoleRef = choices.one_of(&ShippedRole::ALL).into();
    let roles = if choices.percent(50) { [role].into() } else { Default::default() };
    let invitation = Invitation { roles, ..Invitation::of(person) };
    let now = world.now;
    let outcome: Result<Decision<Employee>, Error> =
        with_somebody(world, &organization, choices, |by, _| {
            Employee::invite(id, invitation, &organization, &holders, by, now)
        });
    match outcome {
        Ok(decision) => {
            world.store(decision.claims());
            world.employees.push(Watched::begin(&decision));
        }
        Err(error) => marks.reached(error.code()),
    }
}

fn employee_command<'a>(
    world: &'a World,
    employee: &Employee,
    organization: &Organization,
    choices: &mut Choices,
) -> EmployeeCommand<'a> {
    use EmployeeCommand as Command;
    let activate =
        |proved| Command::Activate { proof: proof(proved), entitlements: Entitlements::NONE };
    if employee.status() == EmployeeStatus::Invited && choices.percent(50) {
        return if organization.settings().approve_joins {
            Command::RequestJoin
        } else {
            activate(employee.person())
        };
    }
    let other = person(choices.below(PERSONS));
    let mine = employee.person().clone();
    match choices.below(8) {
        0 => Command::InviteAgain { person: mine },
        1 => Command::RequestJoin,
        2 => activate(&other),
        3 => activate(&mine),
        4 => {
            let holders = world.holders(organization, &other);
            Command::EditFacts { person: other, email: None, holders }
        }
        5 => {
            let mobile = mobile(choices.below(PERSONS));
            let changed = mine.with_mobile(mobile.clone());
            let holders = world.holders(organization, &changed);
            let proof = proof(&changed);
            Command::Change { name: None, mobile: Some(mobile), proof, holders }
        }
        6 => Command::Assign {
            departments: Default::default(),
            roles: [choices.one_of(&ShippedRole::ALL).into()].into(),
        },
        _ => {
            let to_sign = (0..choices.below(2)).map(|_| "con_1".parse().unwrap()).collect();
            let heir = choices.percent(60).then(|| choices.below(world.employees.len()));
            Command::Resign {
                handover: heir.map(|heir| world.employees[heir].state()),
                open_work: OpenWork { to_sign, ..OpenWork::default() },
            }
        }
    }
}

fn step_employee(world: &mut World, choices: &mut Choices, marks: &mut Marks) {
    if world.employees.is_empty() {
        return;
    }
    let number = choices.below(world.employees.len());
    let before = world.employees[number].state().clone();
    let own = world.organizations.iter().map(Watched::state);
    let organization =
        own.into_iter().find(|own| own.id() == before.organization()).unwrap().clone();
    let now = world.now;
    let himself = choices.percent(30);
    let decide = |by: &By<'_>, choices: &mut Choices| {
        let command = employee_command(world, &before, &organization, choices);
        before.decide(command, &organization, by, now)
    };
    let outcome = if himself {
        decide(&By::Staff(Staff::of(&organization, &before).unwrap()), choices)
    } else {
        with_somebody(world, &organization, choices, decide)
    };
    let claims = outcome.as_ref().map_or(Vec::new(), |decision| decision.claims().to_vec());
    match world.employees[number].follow(&before, outcome) {
        Ok(kinds) => {
            world.store(&claims);
            kinds.into_iter().for_each(|kind| marks.reached(kind));
        }
        Err(error) => marks.reached(error.code()),
    }
    let after = world.employees[number].state();
    assert!(may_become(before.status(), after.status()), "{before:?} -> {after:?}");
    assert_eq!(before.organization(), after.organization());
    if before.status() == EmployeeStatus::Resigned {
        assert_eq!(before, *after, "nothing happens to whoever has left");
    }
    marks.reached(format!("employee {}", after.status().code()));
}

#[test]
fn org_and_emp_random_sequences_keep_every_rule() {
    let coverage = explore(128, 4_000, |choices, marks| {
        let mut world = World::new();
        while choices.more() {
            world.pass_time(choices);
            match choices.below(10) {
                0 | 1 => step_invitation(&mut world, choices, marks),
                2..6 => step_employee(&mut world, choices, marks),
                _ => step_organization(&mut world, choices, marks),
            }
            world.check();
        }
        world.organizations.iter().for_each(Watched::check);
        world.employees.iter().for_each(Watched::check);
    });
    for status in ["verified", "legal_authorized", "active"] {
        coverage.require(status, 50);
    }
    for status in ["suspended", "closing"] {
        coverage.require(status, 15);
    }
    for mark in [
        "employee active",
        "employee resigned",
        "emp.duplicate_mobile",
        "emp.duplicate_id_number",
        "emp.no_permission",
        "emp.protected_role",
        "org.activation_order",
    ] {
        coverage.require(mark, 40);
    }
    for mark in ["org.renamed", "org.super_admin_changed"] {
        coverage.require(mark, 10);
    }
    for mark in ["org.already_exists", "closed", "emp.pending_audit", "emp.handover_required"] {
        coverage.require(mark, 3);
    }
}
