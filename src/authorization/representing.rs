//! Another legal representative: what becomes of the seal of the one before.

use std::collections::BTreeSet;

use time::OffsetDateTime;

use super::grant_event::RevocationCause;
use super::{Error, Seal, SealGrant};
use crate::decision::Decision;
use crate::identity::SealId;
use crate::organization::{
    By, LegalRepresentative, Organization, OrganizationCommand, RegisterFacts,
};

/// What follows when another person becomes the legal representative: to be stored in one
/// transaction.
#[derive(Clone, Debug, PartialEq)]
#[must_use = "nothing has happened until the decisions are stored and applied"]
pub struct RepresentativeChange {
    /// On the organization.
    pub organization: Decision<Organization>,
    /// On each live seal of the one before: it is invalid, and its claims are free for that of whoever
    /// follows.
    pub seals: Vec<Decision<Seal>>,
    /// On each grant of those seals that stood: it is revoked.
    pub grants: Vec<Decision<SealGrant>>,
}

/// Another person becomes the legal representative (法定代表人变更), or the same one has another name or
/// identity document. The seal (法人章) bears the name of the one before, who alone disposed of it
/// (R-SEAL-14): it falls, and so do his grants of it. Whoever follows makes his own.
///
/// Contracts stay: their party is the organization, and what was signed for it binds it. One that
/// waits for the seal that fell takes a new seal of the legal representative, unless it names the old
/// one by its id; then it is cancelled and written anew.
///
/// `seals` are the organization's, `grants` those of its seals; what is not concerned does no harm. A
/// seal that is missing here cannot be used, granted or enabled either: it is known by its term
/// ([`Seal::require_of_present_representative`]).
///
/// ```
/// # use sealwright::authorization::{
/// #     Error, RepresentativeChange, Seal, SealGrant, change_legal_representative,
/// # };
/// # use sealwright::organization::{By, LegalRepresentative, Organization, RegisterFacts};
/// # use time::OffsetDateTime;
/// fn followed(
///     organization: &Organization,
///     who: LegalRepresentative,
///     register: RegisterFacts, // what the business register says of the organization now
///     (seals, grants): (&[&Seal], &[&SealGrant]),
///     now: OffsetDateTime,
/// ) -> Result<RepresentativeChange, Error> {
///     change_legal_representative(organization, (who, register), seals, grants, &By::System, now)
/// }
/// ```
///
/// # Errors
///
/// `org.not_active`, `emp.protected_role` to anybody but the super admin, the legal representative
/// before and the host, `org.licence_mismatch` if the register says otherwise.
pub fn change_legal_representative(
    organization: &Organization,
    (who, register): (LegalRepresentative, RegisterFacts),
    seals: &[&Seal],
    grants: &[&SealGrant],
    by: &By<'_>,
    now: OffsetDateTime,
) -> Result<RepresentativeChange, Error> {
    let command =
        OrganizationCommand::ChangeLegalRepresentative { legal_representative: who, register };
    let decision = organization.decide(command, by, now)?;
    if decision.is_empty() {
        let (seals, grants) = (Vec::new(), Vec::new());
        return Ok(RepresentativeChange { organization: decision, seals, grants });
    }
    let his = |seal: &&&Seal| {
        seal.organization() == organization.id() && seal.kind().is_legal_representative()
    };
    let of_his: BTreeSet<&SealId> = seals.iter().filter(his).map(|seal| seal.id()).collect();
    let live = seals.iter().filter(his).filter(|seal| seal.status().is_live());
    let fallen = live.map(|seal| seal.invalidated(by, now).reading(organization)).collect();
    let standing = grants.iter().filter(|grant| {
        grant.organization() == organization.id()
            && of_his.contains(grant.seal())
            && grant.is_active()
    });
    let revoked = standing
        .map(|grant| {
            let ended = grant.end(RevocationCause::RepresentativeFollowed, None, by, now)?;
            Ok::<_, Error>(ended.reading(organization))
        })
        .collect::<Result<_, _>>()?;
    Ok(RepresentativeChange { organization: decision, seals: fallen, grants: revoked })
}
