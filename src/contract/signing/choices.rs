//! R-SIGN-11: that every sign control of the slot gets something that it takes.

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};

use super::super::control::{
    AllowedSeals, ApprovalBlock, BlockChild, BlockPart, Control, ControlError, ControlKey,
    ControlKind, DateStyle, Input, Opinion, OwnerKind, SealMark, SignatureMark, SignatureMethod,
    Value, allows_method,
};
use super::super::error::Error;
use super::super::party::Party;
use super::super::seal_kind::SealKind;
use super::super::signer::Signer;
use super::super::slot::Slot;
use super::super::state::Contract;
use super::{Choice, Pick, SigningError};
use crate::identity::SealId;

impl Contract {
    /// R-SIGN-11: every sign control of the slot has exactly one choice (dates may do without), no
    /// control of anybody else's has one, and each choice is allowed by its control and to the
    /// signer. Where he places controls himself, a choice for one that the contract does not know is a
    /// seal, a signature or a date, allowed to him and to his party, in a document of the contract; the
    /// legal representative's seal if his slot names it.
    ///
    /// # Errors
    ///
    /// `sign.control_unsigned`, `ctl.not_owner`, `doc.missing`, `seal.not_found`,
    /// `seal.type_not_allowed`, `sign.method_not_allowed`, `ctl.kind_not_allowed_for_party`,
    /// `ctl.required_value_missing`, `ctl.value_invalid`.
    pub fn check_choices(
        &self,
        slot: &Slot,
        choices: &[Choice],
        seal_kinds: &BTreeMap<SealId, SealKind>,
    ) -> Result<(), Error> {
        Error::check_setting("choices", choices.len(), 0, Self::MOST_CONTROLS)?;
        let own: BTreeMap<&ControlKey, &Control> =
            self.due_controls_of(slot).map(|control| (control.key(), control)).collect();
        let mut open: BTreeSet<&ControlKey> = own.keys().copied().collect();
        let (mut chosen, mut wrong) = (BTreeSet::new(), Vec::new());
        for Choice { control, .. } in choices {
            open.remove(control);
            if !chosen.insert(control) {
                wrong.push(control.clone());
            }
        }
        let dated = |key: &&ControlKey| {
            own.get(*key).is_some_and(|control| matches!(control.kind(), ControlKind::SignDate(_)))
        };
        wrong.extend(open.into_iter().filter(|key| !dated(key)).cloned());
        if !choices.iter().any(|choice| choice.pick.is_of_signer()) {
            // A date or an opinion beside nothing binds nobody.
            wrong.extend(own.keys().copied().filter(|key| dated(key)).cloned());
            return Err(Error::ControlUnsigned { slot: slot.id().clone(), controls: wrong });
        }
        if !wrong.is_empty() {
            return Err(Error::ControlUnsigned { slot: slot.id().clone(), controls: wrong });
        }
        let checker = Checker { slot, party: self.party_of(slot)?, seal_kinds };
        // Only choices that are none of his own need them all.
        let known = LazyCell::new(|| {
            self.controls.iter().map(Control::key).collect::<BTreeSet<&ControlKey>>()
        });
        choices.iter().try_for_each(|Choice { control: key, pick }| match own.get(key) {
            Some(control) => checker.check(control, pick),
            None if known.contains(key) || !slot.plan().options.places_controls => {
                Err(ControlError::NotOwner.of(key.clone()).into())
            }
            None if self.document(&key.document).is_none() => {
                Err(Error::DocumentUnknown { document: key.document.clone() })
            }
            None => checker.check_placed(key, pick),
        })
    }

    /// The sign controls of the slot that are on the pages: a keyword that was not found, and may be
    /// missing, has left its control without any place.
    pub(in crate::contract) fn due_controls_of<'a>(
        &'a self,
        slot: &'a Slot,
    ) -> impl Iterator<Item = &'a Control> {
        self.sign_controls_of(slot.id()).filter(|control| control.is_on_pages())
    }
}

struct Checker<'a> {
    slot: &'a Slot,
    party: &'a Party,
    seal_kinds: &'a BTreeMap<SealId, SealKind>,
}

impl Checker<'_> {
    fn check(&self, control: &Control, pick: &Pick) -> Result<(), Error> {
        let key = control.key();
        match (control.kind(), pick) {
            (ControlKind::Seal(mark) | ControlKind::PagingSeal(mark), Pick::Seal(seal)) => {
                self.check_seal(key, &mark.seals, seal)
            }
            (ControlKind::LegalRepSeal { .. }, Pick::Seal(seal)) => {
                let kind = self.kind_of(seal)?;
                if kind.is_legal_representative() {
                    return Ok(());
                }
                let expected = SealKind::LegalRepresentative;
                Err(SigningError::seal(key, seal, kind, expected).into())
            }
            (
                ControlKind::Signature(mark) | ControlKind::PagingSignature(mark),
                Pick::Signature(method),
            ) => self.check_method(key, mark.allows(*method), *method),
            (ControlKind::SignDate(_), Pick::Date) => Ok(()),
            (ControlKind::Opinion(opinion), Pick::Opinion(text)) => {
                check_opinion(opinion, text).map_err(|error| error.of(key.clone()).into())
            }
            (ControlKind::ApprovalBlock(block), Pick::Block { method, inputs }) => {
                let mut parts = block.children().iter().map(|child| &child.part);
                let allows = parts
                    .any(|part| matches!(part, BlockPart::Signature(mark) if mark.allows(*method)));
                self.check_method(key, allows, *method)?;
                read_inputs(key, block, inputs).map(drop)
            }
            (kind, pick) => Err(mismatch(key, kind, pick).into()),
        }
    }

    /// A control that the signer places himself, of which the contract knows nothing: what it may be
    /// is said by his slot and his party.
    fn check_placed(&self, key: &ControlKey, pick: &Pick) -> Result<(), Error> {
        let kind = match pick {
            Pick::Seal(_) => ControlKind::Seal(SealMark::default()),
            Pick::Signature(_) => ControlKind::Signature(SignatureMark::default()),
            Pick::Date => ControlKind::SignDate(DateStyle::default()),
            // What he would confirm is written nowhere.
            Pick::Opinion(_) => return Err(unplaceable(key, "opinion")),
            Pick::Block { .. } => return Err(unplaceable(key, "approval_block")),
        };
        kind.check_owner(OwnerKind::of(self.slot.signer(), self.party))
            .map_err(|error| error.of(key.clone()))?;
        match pick {
            Pick::Seal(seal) if self.slot.signer().is_auto() => {
                self.check_seal(key, &AllowedSeals::any(), seal)
            }
            Pick::Seal(seal) => {
                let (kind, allowed) = (self.kind_of(seal)?, &self.slot.plan().allowed.seals);
                if allowed.admits(seal, kind) {
                    return Ok(());
                }
                Err(SigningError::seal(key, seal, kind, allowed).into())
            }
            Pick::Signature(method) => self.check_method(key, true, *method),
            Pick::Date | Pick::Opinion(_) | Pick::Block { .. } => Ok(()),
        }
    }

    fn kind_of(&self, seal: &SealId) -> Result<&SealKind, Error> {
        let kind = self.seal_kinds.get(seal);
        kind.ok_or_else(|| SigningError::SealNotFound { seal: seal.clone() }.into())
    }

    fn check_seal(
        &self,
        key: &ControlKey,
        by_control: &AllowedSeals,
        seal: &SealId,
    ) -> Result<(), Error> {
        let kind = self.kind_of(seal)?;
        if !by_control.allows(seal, kind) {
            return Err(SigningError::seal(key, seal, kind, by_control).into());
        }
        let allowed = &self.slot.plan().allowed.seals;
        let listed = match self.slot.signer() {
            Signer::Auto { seals } => seals.contains(seal),
            _ => allowed.is_any() || allowed.allows(seal, kind),
        };
        if listed {
            return Ok(());
        }
        Err(SigningError::seal(key, seal, kind, "seals that its signer may use").into())
    }

    fn check_method(
        &self,
        key: &ControlKey,
        by_control: bool,
        method: SignatureMethod,
    ) -> Result<(), Error> {
        if by_control && allows_method(&self.slot.plan().allowed.methods, method) {
            return Ok(());
        }
        Err(SigningError::MethodNotAllowed { control: key.clone(), method }.into())
    }
}

/// What was chosen is not even of the sort that the control takes.
fn mismatch(key: &ControlKey, kind: &ControlKind, pick: &Pick) -> SigningError {
    let control = key.clone();
    match pick {
        Pick::Signature(method) | Pick::Block { method, .. } => {
            SigningError::MethodNotAllowed { control, method: *method }
        }
        Pick::Seal(seal) => SigningError::SealTypeNotAllowed {
            control,
            found: format!("seal {seal}"),
            expected: format!("a {}", kind.code()),
        },
        Pick::Date | Pick::Opinion(_) => SigningError::SealTypeNotAllowed {
            control,
            found: "a date or an opinion".to_owned(),
            expected: format!("a {}", kind.code()),
        },
    }
}

fn check_opinion(opinion: &Opinion, confirmed: &str) -> Result<(), ControlError> {
    if opinion.text() == confirmed {
        return Ok(());
    }
    let problem = "not the opinion that is to be confirmed; have its words clicked in order";
    Err(ControlError::ValueInvalid { problem })
}

fn unplaceable(key: &ControlKey, kind: &'static str) -> Error {
    let owner = "a signer who places it himself";
    ControlError::KindNotAllowedForParty { kind, owner }.of(key.clone()).into()
}

/// The values of the children, in their order; none for signature and date.
pub(super) fn read_inputs(
    key: &ControlKey,
    block: &ApprovalBlock,
    inputs: &[Option<Input>],
) -> Result<Vec<Option<Value>>, Error> {
    if inputs.len() != block.children().len() {
        let problem =
            "not one for each child of the block; leave those of signature and date empty";
        return Err(ControlError::ValueInvalid { problem }.of(key.clone()).into());
    }
    let read = |(child, input): (&BlockChild, &Option<Input>)| match (child.part.fill_kind(), input)
    {
        (Some(kind), Some(input)) => {
            Ok(Some(kind.read(input).map_err(|error| error.of(key.clone()))?))
        }
        (Some(_), None) if child.required => {
            let controls = vec![key.clone()];
            Err(ControlError::RequiredValueMissing { controls }.into())
        }
        (None, Some(_)) => {
            let problem = "one for a signature or a date, which take none; leave it out";
            Err(ControlError::ValueInvalid { problem }.of(key.clone()).into())
        }
        (_, None) => Ok(None),
    };
    block.children().iter().zip(inputs).map(read).collect()
}
