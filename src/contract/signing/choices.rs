//! R-SIGN-11: that every sign control of the slot gets something that it takes.

use std::collections::{BTreeMap, BTreeSet};

use super::super::control::{
    ApprovalBlock, BlockPart, Control, ControlError, ControlKey, ControlKind, Input, Opinion,
    SealMark, SignatureMethod, allows_method,
};
use super::super::error::Error;
use super::super::seal_kind::SealKind;
use super::super::signer::Signer;
use super::super::slot::Slot;
use super::super::state::Contract;
use super::{Choice, Pick, SigningError};
use crate::identity::SealId;

impl Contract {
    /// R-SIGN-11: every sign control of the slot has exactly one choice (dates may do without), no
    /// control of anybody else's has one, and each choice is allowed by its control and to the
    /// signer. Where he places his controls himself, choices for controls that the contract does not
    /// know are left to whoever applies them.
    ///
    /// # Errors
    ///
    /// `sign.control_unsigned`, `ctl.not_owner`, `seal.not_found`, `seal.type_not_allowed`,
    /// `sign.method_not_allowed`, `ctl.required_value_missing`, `ctl.value_invalid`.
    pub fn check_choices(
        &self,
        slot: &Slot,
        choices: &[Choice],
        seal_kinds: &BTreeMap<SealId, SealKind>,
    ) -> Result<(), Error> {
        let own: BTreeMap<&ControlKey, &Control> =
            self.due_controls_of(slot).map(|control| (control.key(), control)).collect();
        let (mut open, mut wrong): (BTreeSet<&ControlKey>, Vec<ControlKey>) =
            (own.keys().copied().collect(), Vec::new());
        for Choice { control, .. } in choices {
            if own.contains_key(control) && !open.remove(control) {
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
        let checker = Checker { slot, seal_kinds };
        choices.iter().try_for_each(|choice| match own.get(&choice.control) {
            Some(control) => checker.check(control, &choice.pick),
            None => self.check_foreign(slot, &choice.control),
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

    fn check_foreign(&self, slot: &Slot, key: &ControlKey) -> Result<(), Error> {
        let known = self.controls.iter().any(|control| control.key() == key);
        if !known && slot.plan().options.places_controls {
            return Ok(());
        }
        Err(ControlError::NotOwner.of(key.clone()).into())
    }
}

struct Checker<'a> {
    slot: &'a Slot,
    seal_kinds: &'a BTreeMap<SealId, SealKind>,
}

impl Checker<'_> {
    fn check(&self, control: &Control, pick: &Pick) -> Result<(), Error> {
        let key = control.key();
        match (control.kind(), pick) {
            (ControlKind::Seal(mark) | ControlKind::PagingSeal(mark), Pick::Seal(seal)) => {
                self.check_seal(key, mark, seal)
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
                check_inputs(key, block, inputs)
            }
            (kind, pick) => Err(mismatch(key, kind, pick).into()),
        }
    }

    fn kind_of(&self, seal: &SealId) -> Result<&SealKind, Error> {
        let kind = self.seal_kinds.get(seal);
        kind.ok_or_else(|| SigningError::SealNotFound { seal: seal.clone() }.into())
    }

    fn check_seal(&self, key: &ControlKey, mark: &SealMark, seal: &SealId) -> Result<(), Error> {
        let kind = self.kind_of(seal)?;
        if !mark.seals.allows(seal, kind) {
            return Err(SigningError::seal(key, seal, kind, &mark.seals).into());
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

fn check_inputs(
    key: &ControlKey,
    block: &ApprovalBlock,
    inputs: &[Option<Input>],
) -> Result<(), Error> {
    if inputs.len() != block.children().len() {
        let problem =
            "not one for each child of the block; leave those of signature and date empty";
        return Err(ControlError::ValueInvalid { problem }.of(key.clone()).into());
    }
    for (child, input) in block.children().iter().zip(inputs) {
        match (child.part.fill_kind(), input) {
            (Some(kind), Some(input)) => {
                kind.read(input).map_err(|error| error.of(key.clone()))?;
            }
            (Some(_), None) if child.required => {
                let controls = vec![key.clone()];
                return Err(ControlError::RequiredValueMissing { controls }.into());
            }
            (None, Some(_)) => {
                let problem = "one for a signature or a date, which take none; leave it out";
                return Err(ControlError::ValueInvalid { problem }.of(key.clone()).into());
            }
            (_, None) => {}
        }
    }
    Ok(())
}
