//! Undoing a contract that is complete, by a second one that its parties sign (C20, C21).

use std::collections::{BTreeMap, BTreeSet};

use time::OffsetDateTime;

use super::control::Control;
use super::decide::Moment;
use super::document::Document;
use super::edit::Edit;
use super::error::Error;
use super::event::{Beginning, Event};
use super::instant::in_utc;
use super::name::{ContractName, UserData};
use super::party::{Cc, Party, PartyKind};
use super::phase::Phase;
use super::settings::{Opening, Settings, StartReview};
use super::signer::{Holder, Signer};
use super::slot::{Slot, SlotPlan};
use super::start::StartFacts;
use super::state::{Contract, Initiator};
use super::warning::WarningCode;
use crate::decision::Decision;
use crate::identity::{ContractId, OrganizationName, SlotId};
use crate::organization::{By, Organization, Permission, Staff};

/// The agreement by which a contract is released (解除协议).
///
/// Its parties and slots are those of the contract, so its controls name the same slots. What the
/// initiator of the contract kept to himself does not come along: his [`Settings::user_data`], and
/// the seals that he named to slots of his own organization, where another one releases (R-GRANT-06).
#[derive(Clone, Debug, PartialEq)]
pub struct ReleasePlan<'a> {
    /// The id of the new contract.
    pub id: ContractId,
    /// Its name.
    pub name: ContractName,
    /// When it expires; 7 days from now unless it says so.
    pub deadline: Option<OffsetDateTime>,
    /// The text of the agreement.
    pub document: Document,
    /// Where it is signed.
    pub controls: Vec<Control>,
    /// Who signs instead of the one who signed the contract. A person who signed for himself is not
    /// replaced by another one; facts of his that changed since are given here.
    pub replacements: BTreeMap<SlotId, Signer>,
    /// The organizations of parties that changed their names since, as they are now: only under its
    /// present name does an organization sign. The releasing one need not be among them, others do no
    /// harm.
    pub organizations: &'a [&'a Organization],
    /// The warnings that are acknowledged.
    pub acknowledged: BTreeSet<WarningCode>,
}

/// What starting a release returns: both decisions are stored in one transaction.
#[derive(Clone, Debug, PartialEq)]
#[must_use = "nothing has happened until the decisions are stored and applied"]
pub struct ReleaseStarted {
    /// On the contract that is to be released.
    pub original: Decision<Contract>,
    /// The contract that releases it, started.
    pub release: Decision<Contract>,
}

impl Contract {
    /// C20: starts the release of a contract that is complete. The new contract is in signing at
    /// once; it needs no unit of quota.
    ///
    /// ```
    /// # use sealwright::contract::{Contract, Error, ReleasePlan, ReleaseStarted, StartFacts};
    /// # use sealwright::organization::Staff;
    /// # use time::OffsetDateTime;
    /// fn release(
    ///     contract: &Contract,
    ///     agreement: ReleasePlan<'_>,
    ///     facts: &StartFacts<'_>, // of the agreement's document
    ///     by: &Staff<'_>,
    ///     now: OffsetDateTime,
    /// ) -> Result<ReleaseStarted, Error> {
    ///     contract.start_release(agreement, None, facts, by, now)
    /// }
    /// ```
    ///
    /// `previous` is the contract of an earlier attempt, [`Contract::released_by`], if there was
    /// one: it must have ended without success.
    ///
    /// # Errors
    ///
    /// In this order: `con.release_forbidden` (not complete, purged, or excluded by its settings),
    /// `con.release_exists`, `con.release_actor` and the refusals of the caller,
    /// `con.release_forbidden` (a person is replaced), `con.release_auto_sign`, then those of C6.
    pub fn start_release(
        &self,
        plan: ReleasePlan<'_>,
        previous: Option<&Self>,
        facts: &StartFacts<'_>,
        by: &Staff<'_>,
        now: OffsetDateTime,
    ) -> Result<ReleaseStarted, Error> {
        self.require_releasable(previous)?;
        self.require_releaser(by)?;
        let slots = self.slots_of_release(&plan.replacements, by)?;
        let known: Vec<&Organization> =
            std::iter::once(by.organization()).chain(plan.organizations.iter().copied()).collect();
        let parties = self.parties.iter().map(|party| self.present(party, &known)).collect();
        let cc = self.cc_of_release(&plan.replacements);
        let actor = By::Staff(*by);
        let release = plan.id.clone();

        let beginning = Beginning {
            name: plan.name,
            initiator: Initiator::of(by),
            settings: Settings {
                opening: Opening::Release,
                no_release: true,
                start_review: StartReview::NotNeeded,
                user_data: UserData::default(),
                ..self.settings.clone()
            },
            deadline: plan.deadline.map(in_utc).transpose()?,
            group: None,
            releases: Some(self.id.clone()),
        };
        let mut edits = vec![
            Edit::People { parties, slots, cc },
            Edit::DocumentAttached { document: Box::new(plan.document) },
        ];
        let place = |control| Edit::ControlPlaced { control: Box::new(control) };
        edits.extend(plan.controls.into_iter().map(place));
        edits.push(Edit::Acknowledged { warnings: plan.acknowledged });

        let mut draft = Self::begun(release.clone(), &beginning);
        let mut decision = actor
            .creates(release.as_str(), now)
            .event(Event::Created { beginning: Box::new(beginning) });
        for change in edits {
            let change = change.in_utc()?;
            draft.check_edit(&change)?;
            draft.edited(&change);
            decision = decision.event(Event::Edited { change });
        }
        let start = draft.start_event(facts, now)?;
        let release_decision = draft
            .with_start(decision, start, facts.withheld)
            .reading(self)
            .reading_all(known)
            .reading_all(facts.entitlements.all());

        let original = Moment { contract: self, by: &actor, now }
            .decided(Event::ReleaseStarted { release })
            .notices_of(self.tell_all("contract.release_started"));
        Ok(ReleaseStarted { original, release: release_decision })
    }

    fn require_releasable(&self, previous: Option<&Self>) -> Result<(), Error> {
        let forbidden = |why| Err(Error::ReleaseForbidden { why });
        if self.phase != Phase::Completed {
            return forbidden("it is not complete");
        }
        if self.purged {
            return forbidden("its documents were dropped");
        }
        if self.settings.no_release {
            return forbidden("its initiator excluded it");
        }
        let Some(release) = &self.released_by else { return Ok(()) };
        let failed = previous.filter(|previous| previous.id == *release).is_some_and(|previous| {
            previous.phase.is_terminal() && previous.phase != Phase::Completed
        });
        if failed { Ok(()) } else { Err(Error::ReleaseExists { release: release.clone() }) }
    }

    fn require_releaser(&self, by: &Staff<'_>) -> Result<(), Error> {
        if !self.parties.iter().any(|party| self.stood_for(party, by.organization())) {
            return Err(Error::ReleaseActor);
        }
        Ok(by.require(Permission::ContractInitiate)?)
    }

    /// The slots of the release: whoever signed, or his replacement, in the same order.
    fn slots_of_release(
        &self,
        replacements: &BTreeMap<SlotId, Signer>,
        by: &Staff<'_>,
    ) -> Result<Vec<SlotPlan>, Error> {
        for (slot, signer) in replacements {
            let slot = self.slot(slot)?;
            if !self.party_of(slot)?.is_organization() && !is_himself(slot, signer) {
                let why = "a person who signed for himself cannot be replaced";
                return Err(Error::ReleaseForbidden { why });
            }
        }
        self.slots
            .iter()
            .map(|slot| {
                let signer = replacements.get(slot.id()).cloned();
                let signer = signer.unwrap_or_else(|| who_signed(slot));
                let own = self.stood_for(self.party_of(slot)?, by.organization());
                if signer.is_auto() && !own {
                    return Err(Error::ReleaseAutoSign { slot: slot.id().clone() });
                }
                let mut plan = SlotPlan { signer, deadline: None, ..slot.plan.clone() };
                if !own {
                    plan.allowed.seals = plan.allowed.seals.kinds_only();
                }
                Ok(plan)
            })
            .collect()
    }

    /// Who reads along, but for those who sign now (R-CON-02).
    fn cc_of_release(&self, replacements: &BTreeMap<SlotId, Signer>) -> Vec<Cc> {
        let signs = |cc: &Cc| {
            let mut holders = replacements.values().flat_map(Signer::holders);
            holders.any(|holder| holder.person.mobile() == cc.mobile.get())
        };
        self.cc.iter().filter(|cc| !signs(cc)).cloned().collect()
    }

    /// A party with the id and the present name of its organization, if that is among these.
    fn present(&self, party: &Party, known: &[&Organization]) -> Party {
        match known.iter().find(|organization| self.stood_for(party, organization)) {
            Some(organization) => {
                let (id, name) = (organization.id().clone(), organization.name().clone());
                let kind = PartyKind::Organization { name, id: Some(id) };
                Party { kind, ..party.clone() }
            }
            None => party.clone(),
        }
    }

    /// Whether a party is this organization: by its id or, if that is not known, by the name that
    /// the organization had when it signed.
    fn stood_for(&self, party: &Party, organization: &Organization) -> bool {
        match &party.kind {
            PartyKind::Organization { id: Some(id), .. } => id == organization.id(),
            PartyKind::Organization { id: None, name } => {
                let slots = self.slots.iter().filter(|slot| *slot.party() == party.id);
                let signed = slots.filter_map(Slot::acted_at).max();
                signed.is_some_and(|at| was_called(organization, name, at))
            }
            PartyKind::Person => false,
        }
    }
}

/// Whether the organization had this name then. At the instant of a rename it has both.
fn was_called(organization: &Organization, name: &OrganizationName, at: OffsetDateTime) -> bool {
    let mut from = None;
    for past in organization.past_names() {
        if past.name == *name && from.is_none_or(|from| from <= at) && at <= past.until {
            return true;
        }
        from = Some(past.until);
    }
    organization.name() == name && from.is_none_or(|from| from <= at)
}

/// Whether this signer is the person who signed for himself, whatever else of his facts changed.
fn is_himself(slot: &Slot, signer: &Signer) -> bool {
    match (slot.signer(), signer) {
        (Signer::Bound { holder: before }, Signer::Bound { holder: now }) => {
            before.is_same_human(now)
        }
        _ => false,
    }
}

/// Of several candidates the one who signed.
fn who_signed(slot: &Slot) -> Signer {
    let signed = |holder: &&Holder| slot.acted_by().is_some_and(|actor| holder.account.is(actor));
    match slot.signer() {
        Signer::Candidates { holders } => holders
            .iter()
            .find(signed)
            .map_or_else(|| slot.signer().clone(), |holder| Signer::bound(holder.clone())),
        signer => signer.clone(),
    }
}

impl Moment<'_> {
    /// C21.
    pub(super) fn complete_release(&self, release: &Contract) -> Result<Decision<Contract>, Error> {
        let contract = self.contract;
        contract.require("be released", |phase| phase == Phase::Completed)?;
        let theirs = contract.released_by.as_ref() == Some(&release.id)
            && release.releases.as_ref() == Some(&contract.id);
        if !theirs {
            return Err(Error::ReleaseForbidden { why: "the other contract does not release it" });
        }
        if release.phase != Phase::Completed {
            return Err(Error::ReleaseForbidden {
                why: "the contract that releases it is not complete",
            });
        }
        Ok(self
            .decided(Event::Released { release: release.id.clone() })
            .reading(release)
            .notices_of(contract.tell_all("contract.released")))
    }
}
