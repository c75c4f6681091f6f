//! Two companies, their people and two natural persons: the same in every sequence.

use sealwright::contract::{Holder, PartyKind};
use sealwright::identity::{Person, PersonId};
use sealwright::organization::{By, Employee, Organization, ShippedRole, Staff};

use crate::people::{active, employee, person};
use crate::sequence::Choices;

/// Who acts in the sequences. Companies are counted from 0; the first one writes the contracts.
pub struct Cast {
    pub companies: Vec<Organization>,
    /// Number of the company, employee. The first of each company is its super admin, the second
    /// manages contracts, the third reviews the use of seals, the others only sign.
    pub employees: Vec<(usize, Employee)>,
    pub persons: Vec<(PersonId, Person)>,
    operator: PersonId,
}

/// Who asks for something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    Employee(usize),
    Person(usize),
    Host,
}

impl Cast {
    pub fn new() -> Self {
        let mut cast = Self {
            companies: Vec::new(),
            employees: Vec::new(),
            persons: [30, 31]
                .map(|number| (format!("p_{number}").parse().unwrap(), person(number)))
                .into(),
            operator: "operator".parse().unwrap(),
        };
        for number in 0..2 {
            let (company, admin) = active(&format!("org_{number}"), number);
            let member = |suffix: &str, person_number, roles: &[_]| {
                let id = format!("org_{number}-{suffix}");
                (number, employee(&company, &id, person(person_number), roles))
            };
            let first = 10 + 10 * number;
            let members = [
                member("manager", first, &[ShippedRole::ContractAdmin.into()]),
                member("reviewer", first + 1, &[ShippedRole::SealUseApprover.into()]),
                member("signer", first + 2, &[]),
                member("deputy", first + 3, &[ShippedRole::Salesperson.into()]),
            ];
            cast.employees.push((number, admin));
            cast.employees.extend(members);
            cast.companies.push(company);
        }
        cast
    }

    pub fn staff(&self, number: usize) -> Staff<'_> {
        let (company, employee) = &self.employees[number];
        Staff::of(&self.companies[*company], employee).unwrap()
    }

    pub fn by(&self, who: Who) -> By<'_> {
        match who {
            Who::Employee(number) => By::Staff(self.staff(number)),
            Who::Person(number) => {
                let (id, person) = &self.persons[number];
                By::Person { id, person }
            }
            Who::Host => By::Host(&self.operator),
        }
    }

    /// Whoever manages contracts in a company.
    pub fn manager_of(&self, company: usize) -> Who {
        Who::Employee(company * 5 + 1)
    }

    /// Whoever reviews in a company.
    pub fn reviewer_of(&self, company: usize) -> Who {
        Who::Employee(company * 5 + 2)
    }

    /// Anybody.
    pub fn anybody(&self, choices: &mut Choices) -> Who {
        match choices.below(10) {
            0..6 => Who::Employee(choices.below(self.employees.len())),
            6 | 7 => Who::Person(choices.below(self.persons.len())),
            _ => Who::Host,
        }
    }

    /// The one who is this holder.
    pub fn who_is(&self, holder: &Holder) -> Option<Who> {
        let same = |person: &Person| *person == holder.person;
        let employee = self.employees.iter().position(|(_, employee)| same(employee.person()));
        employee
            .map(Who::Employee)
            .or_else(|| self.persons.iter().position(|(_, person)| same(person)).map(Who::Person))
    }

    /// The facts under which the caller is known; none for the host.
    pub fn facts(&self, who: Who) -> Option<&Person> {
        match who {
            Who::Employee(number) => Some(self.employees[number].1.person()),
            Who::Person(number) => Some(&self.persons[number].1),
            Who::Host => None,
        }
    }

    /// The company that a party is.
    pub fn company_of(&self, kind: &PartyKind) -> Option<usize> {
        let PartyKind::Organization { name, .. } = kind else { return None };
        self.companies.iter().position(|company| company.name() == name)
    }
}
