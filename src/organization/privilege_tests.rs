//! Whoever manages an organization passes on no more than he has; its head may do everything.

use super::samples::{
    NOW, active, apply, employee, invited, legal_representative, person, resident_id,
};
use super::{
    By, DataRange, Employee, EmployeeCommand, Error, Holders, Invitation, Label, Organization,
    OrganizationCommand as Command, Permission, Permissions, Role, RoleRef, Settings, ShippedRole,
    Staff,
};
use crate::identity::PersonId;

const IT: RoleRef = RoleRef::Shipped(ShippedRole::ItAdmin);
const SEALS: RoleRef = RoleRef::Shipped(ShippedRole::SealAdmin);

fn staff<'a>(organization: &'a Organization, employee: &'a Employee) -> By<'a> {
    By::Staff(Staff::of(organization, employee).unwrap())
}

fn code<T>(outcome: Result<T, Error>) -> String {
    match outcome {
        Ok(_) => String::new(),
        Err(Error::NoPermission { permission, .. }) => format!("no {permission}"),
        Err(other) => other.code().to_owned(),
    }
}

fn giving(permission: Permission, range: DataRange) -> Permissions {
    [(permission, range)].into()
}

fn role(permissions: Permissions) -> Command<'static> {
    let role = Role { name: Label::parse("角色").unwrap(), permissions };
    Command::DefineRole { id: "own".parse().unwrap(), role }
}

#[test]
fn emp_permissions_are_not_taken_by_whoever_manages_roles() {
    let (mut organization, admin) = active("a", 0);
    let it = employee(&organization, "it", person("孙七", 31), &[IT]);
    let head = legal_representative();
    let id: PersonId = "p9".parse().unwrap();
    let everyone = |range| {
        let everyone = giving(Permission::ContractView, range);
        Command::ChangeSettings(Settings { everyone, ..Settings::default() })
    };
    let seals = || role(giving(Permission::SealGrant, DataRange::Own));
    let by_it = staff(&organization, &it);
    assert_eq!(code(organization.decide(seals(), &by_it, NOW)), "no seal.grant");
    let all = organization.decide(everyone(DataRange::All), &by_it, NOW);
    assert_eq!(code(all), "no contract.view");
    let same = organization.decide(everyone(DataRange::Own), &by_it, NOW);
    assert_eq!(code(same), "", "to take is no gift");
    let his = role(giving(Permission::OrganizationManage, DataRange::All));
    assert_eq!(code(organization.decide(his, &by_it, NOW)), "");
    let super_admin = staff(&organization, &admin);
    for by in [super_admin, By::Person { id: &id, person: &head }, By::System] {
        assert_eq!(code(organization.decide(seals(), &by, NOW)), "");
        assert_eq!(code(organization.decide(everyone(DataRange::All), &by, NOW)), "");
    }

    // What a role gives already, nobody adds.
    let decision = organization.decide(seals(), &super_admin, NOW).unwrap();
    apply(&mut organization, decision);
    let by_it = staff(&organization, &it);
    let wider = role(giving(Permission::SealGrant, DataRange::All));
    assert_eq!(code(organization.decide(wider, &by_it, NOW)), "no seal.grant");
    assert_eq!(code(organization.decide(role(Permissions::new()), &by_it, NOW)), "");
    let renamed = Role {
        name: Label::parse("印章").unwrap(),
        permissions: giving(Permission::SealGrant, DataRange::Own),
    };
    let renamed = Command::DefineRole { id: "own".parse().unwrap(), role: renamed };
    assert_eq!(code(organization.decide(renamed, &by_it, NOW)), "");
}

#[test]
fn emp_roles_are_given_by_whoever_may_do_what_they_let_do() {
    let (organization, admin) = active("a", 0);
    let it = employee(&organization, "it", person("孙七", 31), &[IT]);
    let both = employee(&organization, "both", person("吴九", 33), &[IT, SEALS]);
    let worker = employee(&organization, "worker", person("赵六", 30), &[]);
    let assign = |to: &Employee, roles: &[RoleRef], by: &Employee| {
        let roles = roles.iter().cloned().collect();
        let command = EmployeeCommand::Assign { departments: [].into(), roles };
        code(to.decide(command, &organization, &staff(&organization, by), NOW))
    };
    assert_eq!(assign(&it, &[IT, SEALS], &it), "no seal.manage");
    assert_eq!(assign(&worker, &[SEALS], &it), "no seal.manage");
    assert_eq!(assign(&worker, &[IT], &it), "");
    assert_eq!(assign(&worker, &[IT, SEALS], &both), "");
    assert_eq!(assign(&worker, &[SEALS], &admin), "");
    assert_eq!(assign(&both, &[SEALS], &it), "", "what he has he keeps");

    let invite = |role: RoleRef, by: &Employee| {
        let roles = [role].into();
        let invitation = Invitation { roles, ..Invitation::of(person("郑十", 34)) };
        let (id, by) = ("new".parse().unwrap(), staff(&organization, by));
        code(Employee::invite(id, invitation, &organization, &Holders::default(), &by, NOW))
    };
    assert_eq!(invite(SEALS, &it), "no seal.manage");
    assert_eq!(invite(IT, &it), "");
    assert_eq!(invite(SEALS, &both), "");
}

#[test]
fn org_the_legal_representative_manages_it_as_an_employee_too() {
    let (organization, _) = active("a", 0);
    let head = employee(&organization, "head", legal_representative(), &[]);
    let seals = || role(giving(Permission::SealGrant, DataRange::All));
    assert_eq!(code(organization.decide(seals(), &staff(&organization, &head), NOW)), "");
    let known = legal_representative();
    let document = resident_id("19700101", 5);
    let namesake = crate::identity::Person::new(
        known.name().clone(),
        document,
        person("钱", 35).mobile().clone(),
    );
    let namesake = employee(&organization, "namesake", namesake, &[]);
    let refused = organization.decide(seals(), &staff(&organization, &namesake), NOW);
    assert_eq!(code(refused), "no org.manage");
    let waiting = invited(&organization, "waiting", legal_representative());
    let refused = organization.decide(seals(), &staff(&organization, &waiting), NOW);
    assert_eq!(code(refused), "emp.not_verified");
}
