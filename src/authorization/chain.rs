//! The signing chain, R-SIGN-01 to 12, and the permit at its end.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::check_use::SpokenFor;
use super::permit::Circumstances;
use super::seal_link::{Link, PassedUse};
use super::validity::in_utc;
use super::{DocumentState, Error, PermittedSignature, Seal, SealGrant, SigningPermit, UseRecord};
use crate::contract::{
    self, Choice, Contract, ControlKey, Pick, SealKind, SigningAttempt, SigningFacts,
    SigningPolicy, SigningWindow, Slot,
};
use crate::decision::{Aggregate, Revision, Witness};
use crate::identity::{ContractId, GrantId, SealId, SlotId};
use crate::organization::{By, Entitlement, Entitlements, Feature, Staff};

/// What the chain rests on beside the contract and the attempt.
#[derive(Clone, Copy, Debug)]
pub struct ChainFacts<'a> {
    /// Who signs, authenticated; [`By::System`] or [`By::Host`] where no human does (授权签).
    pub by: &'a By<'a>,
    /// The seals that he chose, as they are now. Their kinds are taken from here, not from what
    /// anybody says.
    pub seals: &'a [&'a Seal],
    /// Grants among which there are his.
    pub grants: &'a [&'a SealGrant],
    /// The contract's type, if the host has types, for grants that are limited to some.
    pub contract_type: Option<&'a str>,
    /// Where no human signs: the employee who answers for it. The grants are his.
    pub answers: Option<Staff<'a>>,
    /// What the party's organization is entitled to. Signing with no human act takes
    /// [`Feature::AutoSign`].
    pub entitlements: Entitlements<'a>,
    /// What the embedder decided otherwise.
    pub policy: SigningPolicy,
}

impl<'a> ChainFacts<'a> {
    /// A human signs, on a contract of no type.
    #[must_use]
    pub fn of(by: &'a By<'a>, seals: &'a [&'a Seal], grants: &'a [&'a SealGrant]) -> Self {
        Self {
            by,
            seals,
            grants,
            contract_type: None,
            answers: None,
            entitlements: Entitlements::NONE,
            policy: SigningPolicy::default(),
        }
    }

    /// Who uses the seals of a slot: whoever signs for an organization, or answers where no human does.
    pub(super) fn user_in(&self, slot: &Slot) -> Option<Staff<'a>> {
        if slot.signer().is_auto() { self.answers } else { self.by.staff().copied() }
    }
}

/// That a signing may begin, as far as can be told now. **It permits nothing**: at the moment of
/// application [`authorize`] looks again, and whatever has changed in between counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Begun {
    /// The contract.
    pub contract: ContractId,
    /// Its revision.
    pub revision: Revision,
    /// The slot.
    pub slot: SlotId,
    /// The seals that would be used: what to fetch and compile.
    pub seals: Vec<ForeseenUse>,
    /// When it was asked, UTC.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
}

/// A use of a seal that would be permitted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeseenUse {
    /// The control.
    pub control: ControlKey,
    /// The seal.
    pub seal: SealId,
    /// The version of its face.
    pub version: u32,
    /// The grant.
    pub grant: GrantId,
}

/// Why a signing may not begin or go on, and, if a seal was the reason, the record of its denied
/// use, which the host stores.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    pub(super) error: Error,
    pub(super) denied: Option<Box<UseRecord>>,
}

impl Refused {
    /// The reason.
    #[must_use]
    pub fn error(&self) -> &Error {
        &self.error
    }

    /// The denied use (`seal.use_denied`), if R-SIGN-12 was the reason.
    #[must_use]
    pub fn denied(&self) -> Option<&UseRecord> {
        self.denied.as_deref()
    }

    /// A stable name of the reason, for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.error.code()
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl std::error::Error for Refused {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        std::error::Error::source(&self.error)
    }
}

impl<E: Into<Error>> From<E> for Refused {
    fn from(error: E) -> Self {
        Self { error: error.into(), denied: None }
    }
}

/// Whether a signing may begin: R-SIGN-01 to 12 in their order, so that what is bound to fail fails
/// before a key is asked.
///
/// ```
/// use sealwright::authorization::{ChainFacts, Refused, SigningPermit, authorize, begin};
/// use sealwright::contract::{Contract, SigningAttempt, SigningWindow};
/// # use time::OffsetDateTime;
/// fn sign(
///     contract: &Contract,
///     attempt: &SigningAttempt,
///     facts: &ChainFacts<'_>,
///     window: SigningWindow<'_>, // of the contract's meeting, if it has one
///     [pressed, applied]: [OffsetDateTime; 2],
/// ) -> Result<SigningPermit, Refused> {
///     begin(contract, attempt, facts, window, pressed)?;
///     // … the document is prepared, seals, grants and the meeting are loaded again …
///     authorize(contract, attempt, facts, window, applied)
/// }
/// ```
///
/// # Errors
///
/// As [`authorize`].
pub fn begin(
    contract: &Contract,
    attempt: &SigningAttempt,
    facts: &ChainFacts<'_>,
    window: SigningWindow<'_>,
    now: OffsetDateTime,
) -> Result<Begun, Refused> {
    let now = in_utc(now);
    let passed = run(contract, attempt, facts, window, &SpokenFor::new(), now)?;
    let foreseen = |one: &PassedUse<'_>| ForeseenUse {
        control: one.control.clone(),
        seal: one.seal.id().clone(),
        version: one.seal.current().number,
        grant: one.grant.id().clone(),
    };
    Ok(Begun {
        contract: contract.id().clone(),
        revision: contract.revision(),
        slot: attempt.slot.clone(),
        seals: passed.uses.iter().map(foreseen).collect(),
        at: now,
    })
}

/// Permits a signing: R-SIGN-01 to 12 in their order, on what is true **now**; the first refusal
/// wins. All of the slot's controls, or none: there is no permit for a part.
///
/// The contract decides 01 to 11 ([`Contract::may_sign`]), [`check_use()`](super::check_use()) decides
/// 12 for every seal. Contracts that are signed as one act have
/// [`authorize_group`](super::authorize_group). Where seals are applied with no human act, an active employee of the party answers for it
/// ([`ChainFacts::answers`], R-SIGN-03 and 04); before its seals are looked at, his organization has
/// to be entitled to that, and the grants are his.
///
/// # Errors
///
/// Those of [`Contract::may_sign`]; then `seal.not_found` for a seal that was not given,
/// `feature.not_entitled`, and those of [`check_use()`](super::check_use()) with the record of the
/// denied use.
pub fn authorize(
    contract: &Contract,
    attempt: &SigningAttempt,
    facts: &ChainFacts<'_>,
    window: SigningWindow<'_>,
    now: OffsetDateTime,
) -> Result<SigningPermit, Refused> {
    authorize_beside(contract, attempt, facts, window, &SpokenFor::new(), now)
}

/// The same beside others who will use the grants as well.
pub(super) fn authorize_beside(
    contract: &Contract,
    attempt: &SigningAttempt,
    facts: &ChainFacts<'_>,
    window: SigningWindow<'_>,
    spoken_for: &SpokenFor<'_>,
    now: OffsetDateTime,
) -> Result<SigningPermit, Refused> {
    let now = in_utc(now);
    let passed = run(contract, attempt, facts, window, spoken_for, now)?;
    let documents = documents_of(contract);
    let until = passed.until(now);
    let seals = passed
        .uses
        .iter()
        .map(|one| one.permit(contract, &documents, (now, until)).map(Arc::new))
        .collect::<Result<_, Error>>()?;
    let placed = contract.sign_controls_of(&attempt.slot).filter(|control| control.is_on_pages());
    let proof = attempt.intent.as_ref().filter(|_| !passed.slot.signer().is_auto());
    let beside = |choice: &&Choice| matches!(choice.pick, Pick::Date | Pick::Opinion(_));
    let organization = passed.user.map(|staff| staff.organization());
    let issued = |it: &contract::Document| (it.id().clone(), *it.original());
    Ok(SigningPermit {
        contract: contract.id().clone(),
        circumstances: Circumstances {
            group: contract.group().map(|membership| membership.id.clone()),
            contract_type: facts.contract_type.map(str::to_owned),
            ceremony: contract.ceremony().cloned(),
        },
        revision: contract.revision(),
        slot: attempt.slot.clone(),
        signer: facts.by.actor(),
        organization: organization.map(|own| (own.id().clone(), *own.uscc())),
        intent: proof.map(|proof| proof.checks.clone()).unwrap_or_default(),
        signatures: signatures_of(contract, attempt)?,
        beside: attempt.choices.iter().filter(beside).map(|it| it.control.clone()).collect(),
        places: placed.map(|it| (it.key().clone(), it.spots().to_vec())).collect(),
        witnesses: passed.witnesses(),
        issued: contract.documents().iter().map(issued).collect(),
        documents,
        seals,
        at: now,
        until,
    })
}

/// The personal signatures that were chosen, each with what stands beside it in its block.
fn signatures_of(
    contract: &Contract,
    attempt: &SigningAttempt,
) -> Result<Vec<PermittedSignature>, Error> {
    let known: BTreeMap<_, _> = contract.controls().iter().map(|it| (it.key(), it)).collect();
    let signature = |choice: &Choice| {
        let (method, is_block) = match choice.pick {
            Pick::Signature(method) => (method, false),
            Pick::Block { method, .. } => (method, true),
            _ => return None,
        };
        let control = known.get(&choice.control).filter(|_| is_block);
        let values = control.map(|control| choice.values(control)).transpose();
        Some(values.map(|values| PermittedSignature {
            control: choice.control.clone(),
            method,
            values,
        }))
    };
    Ok(attempt.choices.iter().filter_map(signature).collect::<Result<_, contract::Error>>()?)
}

/// That R-SIGN-01 to 12 have passed, and on what that rests.
struct Passed<'a> {
    slot: &'a Slot,
    /// Who signs for an organization, or answers for it; nobody where a person signs for himself.
    user: Option<Staff<'a>>,
    /// What entitles his organization to sign with no human act, where none acts.
    entitlement: Option<&'a Entitlement>,
    uses: Vec<PassedUse<'a>>,
}

impl Passed<'_> {
    /// How long it holds that was found now: none of the seals and grants has ended by then.
    fn until(&self, now: OffsetDateTime) -> OffsetDateTime {
        let ends = self.uses.iter().flat_map(|one| {
            [one.seal.validity().until(), one.grant.validity().until()].into_iter().flatten()
        });
        ends.fold(now.saturating_add(SigningPermit::LASTS), OffsetDateTime::min)
    }

    /// Where no human signs, nobody asks again in whose name it is done. A signer is asked again
    /// when his signing is recorded.
    fn witnesses(&self) -> Vec<Witness> {
        let Some(staff) = self.user.filter(|_| self.slot.signer().is_auto()) else {
            return Vec::new();
        };
        let entitlement = self.entitlement.map(Witness::of);
        [Witness::of(staff.organization()), Witness::of(staff.employee())]
            .into_iter()
            .chain(entitlement)
            .collect()
    }
}

fn run<'a>(
    contract: &'a Contract,
    attempt: &'a SigningAttempt,
    facts: &ChainFacts<'a>,
    window: SigningWindow<'_>,
    spoken_for: &SpokenFor<'_>,
    now: OffsetDateTime,
) -> Result<Passed<'a>, Refused> {
    let (by, answers, policy) = (facts.by, facts.answers, facts.policy);
    let kinds: BTreeMap<SealId, SealKind> =
        facts.seals.iter().map(|seal| (seal.id().clone(), seal.kind().clone())).collect();
    let checks = SigningFacts { by, answers, seal_kinds: &kinds, window, policy };
    contract.may_sign(attempt, &checks, now)?;
    let slot = contract.slot(&attempt.slot)?;
    let user = facts.user_in(slot);
    let entitlement = match user.filter(|_| slot.signer().is_auto()) {
        Some(staff) => {
            let organization = staff.organization().id();
            Some(facts.entitlements.find(organization, Feature::AutoSign, now)?)
        }
        None => None,
    };
    let link = Link { contract, slot, attempt, facts, now };
    Ok(Passed { slot, user, entitlement, uses: link.check_seals(user, spoken_for)? })
}

pub(super) fn documents_of(contract: &Contract) -> Vec<DocumentState> {
    let state = |document: &contract::Document| DocumentState {
        document: document.id().clone(),
        digest: *document.digest(),
    };
    contract.documents().iter().map(state).collect()
}
