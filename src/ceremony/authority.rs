//! Who may do what in a meeting.

use super::error::Error;
use super::link::LinkProblem;
use super::participant::{Participant, PersonFacts, Role};
use super::state::Ceremony;
use crate::organization::{By, Employee, Permission, Staff};

impl Ceremony {
    /// Whether this is the employee who drafted it, and he and the organizer are active: whoever has
    /// resigned leads nothing any more.
    #[must_use]
    pub fn is_booker(&self, by: &By<'_>) -> bool {
        self.has_drafted(by) && require_active(by).is_ok()
    }

    /// Whether this is one of its hosts: the organizer's employee, logged in as such, and he and the
    /// organizer are active.
    #[must_use]
    pub fn is_host(&self, by: &By<'_>) -> bool {
        self.is_named_host(by) && require_active(by).is_ok()
    }

    fn has_drafted(&self, by: &By<'_>) -> bool {
        self.organizers_staff(by).is_some_and(|staff| *staff.employee().id() == self.booker)
    }

    fn is_named_host(&self, by: &By<'_>) -> bool {
        self.organizers_staff(by).is_some_and(|staff| {
            let id = staff.employee().id();
            self.participants.iter().any(|one| one.is(Role::Host) && one.employee() == Some(id))
        })
    }

    /// Strangers do not learn how far it is, nor that there is one (R-CER-11).
    pub(super) fn require_acquainted(&self, by: &By<'_>) -> Result<(), Error> {
        let knows = by.is_operator()
            || self.organizers_staff(by).is_some()
            || !self.entries_by(by).is_empty();
        if knows { Ok(()) } else { Err(Error::NotInvited) }
    }

    /// Whoever may prepare it: an active employee of the organizer with `ceremony.book`.
    pub(super) fn require_planner(&self, by: &By<'_>) -> Result<(), Error> {
        let staff = self.organizers_staff(by).ok_or(Error::HostOnly { who: "the organizer" })?;
        Ok(staff.require(Permission::CeremonyBook)?)
    }

    pub(super) fn require_host(&self, by: &By<'_>) -> Result<(), Error> {
        if !self.is_named_host(by) {
            return Err(Error::HostOnly { who: "the host" });
        }
        require_active(by)
    }

    pub(super) fn require_host_or_booker(&self, by: &By<'_>) -> Result<(), Error> {
        if !self.is_named_host(by) && !self.has_drafted(by) {
            return Err(Error::HostOnly { who: "the host or the booker" });
        }
        require_active(by)
    }

    /// Whoever may make and withdraw links (R-CER-10).
    pub(super) fn require_link_keeper(&self, by: &By<'_>) -> Result<(), Error> {
        self.require_host_or_booker(by).map_err(|refused| match refused {
            Error::HostOnly { .. } => Error::LinkForbidden { problem: LinkProblem::NotTheHost },
            other => other,
        })
    }

    /// The clock, or a host.
    pub(super) fn require_host_or_clock(&self, by: &By<'_>) -> Result<(), Error> {
        if by.is_operator() { Ok(()) } else { self.require_host(by) }
    }

    /// Everybody with a part in it who is this person: by his facts, or because he is the employee
    /// that the booking found, whatever mobile number he has since.
    pub(super) fn entries_by<'a>(&'a self, by: &By<'_>) -> Vec<&'a Participant> {
        let facts = facts_of(by);
        let employee = by.staff().map(|staff| staff.employee()).filter(|one| one.is_active());
        let employee = employee.map(Employee::id);
        let is_his = |one: &&Participant| {
            facts.as_ref().is_some_and(|facts| one.lets_in(facts))
                || employee.is_some_and(|employee| one.lets_in_employee(employee))
        };
        self.participants.iter().filter(is_his).collect()
    }

    fn organizers_staff<'b>(&self, by: &'b By<'_>) -> Option<&'b Staff<'b>> {
        by.staff().filter(|staff| *staff.organization().id() == self.organizer)
    }
}

/// What is known of whoever asks; nothing of an operator, nor of an employee who is not active: what
/// an invitation says of him is what somebody typed.
fn facts_of(by: &By<'_>) -> Option<PersonFacts> {
    match by {
        By::Staff(staff) if staff.employee().is_active() => Some(staff.employee().person().into()),
        By::Person { person, .. } => Some((*person).into()),
        _ => None,
    }
}

fn require_active(by: &By<'_>) -> Result<(), Error> {
    by.staff().map_or(Ok(()), |staff| Ok(staff.require_active()?))
}
