//! Whether the facts that the booker gave of a signer are those of a registered employee (S20).

use super::participant::{Delivery, Party, PersonFacts};
use crate::identity::{Factor, Factors};
use crate::organization::Staff;

/// The four-factor match (四要素, R-CER-06): name, identity number, mobile and organization name
/// against those registered, all normalised. What differs is named without its value.
///
/// Of several employees the nearest counts: whoever differs in the fewest factors, and of equals
/// one who is active. Nobody at all differs in everything.
pub(super) fn delivery_of(
    signer: &PersonFacts,
    party: &Party,
    registered: &[Staff<'_>],
) -> Delivery {
    let nearest = registered
        .iter()
        .map(|staff| (differences(signer, party, staff), staff))
        .min_by_key(|(fields, staff)| (fields.len(), staff.require_active().is_err()));
    match nearest {
        Some((fields, staff)) if fields.is_empty() && staff.require_active().is_ok() => {
            Delivery::Deliverable { employee: staff.employee().id().clone() }
        }
        Some((fields, _)) => Delivery::Withheld { fields },
        None => Delivery::Withheld { fields: Factor::ALL.into_iter().collect() },
    }
}

fn differences(facts: &PersonFacts, party: &Party, staff: &Staff<'_>) -> Factors {
    let organization = staff.organization();
    let elsewhere = party.organization != *organization.name()
        || party.organization_id.as_ref().is_some_and(|id| id != organization.id());
    let person = staff.employee().person();
    Factors::NONE
        .with_if(Factor::Name, facts.name() != person.name())
        .with_if(Factor::IdNumber, facts.id_document() != Some(person.id_document()))
        .with_if(Factor::Mobile, facts.mobile() != person.mobile())
        .with_if(Factor::OrganizationName, elsewhere)
}
