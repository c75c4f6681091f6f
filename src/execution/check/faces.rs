//! Seals as the documents show them, against record, plan and register.

use std::collections::HashSet;

use super::code::DeviationCode as Code;
use super::record::seal_of;
use super::stated::Said;
use super::verdict::Deviation;
use crate::authorization::Seal;
use crate::contract::{ControlKey, Mark};
use crate::geometry::MilliPoints;
use crate::pdf::{Field, ObjectId};
use crate::placement::SealSlice;
use crate::report::{Claim, ShownCut, ShownFace, SignatureReport, StatedAuthority};

/// What the signature of a control says and shows.
pub(super) struct Seen<'r> {
    pub(super) key: &'r ControlKey,
    pub(super) mark: &'r Mark,
    pub(super) said: Said<'r>,
    pub(super) signature: &'r SignatureReport,
    pub(super) seals: &'r [&'r Seal],
}

impl<'r> Seen<'r> {
    /// What the signature states of the seal in this control, against the record.
    pub(super) fn check_stated(&self) -> Vec<Deviation> {
        let Mark::Seal { seal, version, face, grant } = self.mark else { return Vec::new() };
        let id = self.key.control.as_str();
        let stated = permitted(self.signature)
            .and_then(|it| it.seals.iter().find(|it| it.controls.iter().any(|name| name == id)));
        let Some(stated) = stated else {
            let deviation = Deviation::new(Code::SealOther, seal, "no seal is stated");
            return vec![self.told(deviation)];
        };
        let mut found = Vec::new();
        if stated.seal != seal.as_str() {
            found.push(Deviation::new(Code::SealOther, seal, &stated.seal));
        } else if stated.version != *version || stated.face != face.to_hex() {
            let (is, now) = (told(*version, &face.to_hex()), told(stated.version, &stated.face));
            found.push(Deviation::new(Code::SealVersion, is, now));
        }
        if stated.grant != grant.as_str() {
            found.push(Deviation::new(Code::GrantOther, grant, &stated.grant));
        }
        found.extend(self.said.check_grant(stated));
        found.into_iter().map(|deviation| self.told(deviation)).collect()
    }

    /// The face in one field: the recorded one, all of it or the planned slice.
    pub(super) fn check_shown(
        &self,
        field: &Field,
        slice: Option<&SealSlice>,
    ) -> Option<Deviation> {
        let Mark::Seal { seal, version, face, .. } = self.mark else {
            return Some(self.told(Deviation::new(Code::SealOther, "a seal", self.mark.code())));
        };
        let widgets: Vec<String> = field.widgets.iter().map(ToString::to_string).collect();
        let is_here = |shown: &&ShownFace| widgets.contains(&shown.object);
        let Some(shown) = self.signature.faces.iter().find(is_here) else {
            let (is, now) = (told(*version, &face.to_hex()), "no face that could be recognised");
            return Some(self.told(Deviation::new(Code::FaceNotShown, is, now)));
        };
        if shown.digest != face.to_hex() {
            let found = seal_of(self.seals, &shown.digest);
            let (code, now) = match found {
                Some((known, number)) if known.id() == seal => {
                    (Code::SealVersion, told(number, &shown.digest))
                }
                Some((known, _)) => (Code::SealOther, known.id().to_string()),
                None => (Code::FaceNotShown, shown.digest.clone()),
            };
            let is = match code {
                Code::SealOther => seal.to_string(),
                _ => told(*version, &face.to_hex()),
            };
            return Some(self.told(Deviation::new(code, is, now)));
        }
        match (slice, &shown.cut) {
            (None, None) => None,
            (None, Some(cut)) => {
                let now = format!("a part of it: {}", told_cut(cut));
                Some(self.told(Deviation::new(Code::FaceNotShown, "all of it", now)))
            }
            (Some(slice), cut) if cut.as_ref().is_some_and(|cut| is_slice(cut, slice)) => None,
            (Some(slice), cut) => {
                let is = format!("{} to {} of {}", slice.from, slice.to, length(slice));
                let now = cut.as_ref().map_or_else(|| "all of it".to_owned(), told_cut);
                Some(self.told(Deviation::new(Code::SliceMisplaced, is, now)))
            }
        }
    }

    fn told(&self, deviation: Deviation) -> Deviation {
        deviation.at(self.key).under(self.signature.index)
    }
}

/// Pictures of seals in the register that a signature shows and states no authority for.
pub(super) fn copied(signature: &SignatureReport, seals: &[&Seal]) -> Vec<Deviation> {
    let stated = permitted(signature).map_or(&[][..], |it| &it.seals);
    let strange =
        signature.faces.iter().filter(|shown| !stated.iter().any(|seal| seal.face == shown.digest));
    let mut found: Vec<Deviation> = Vec::new();
    for shown in strange {
        let Some((seal, version)) = seal_of(seals, &shown.digest) else { continue };
        let now = format!("version {version} of seal {} in object {}", seal.id(), shown.object);
        let deviation = Deviation::new(Code::FaceCopied, "no seal without authority", now);
        found.push(deviation.under(signature.index));
    }
    found
}

/// Faces of a signature's own seals in other places than the controls of its slot.
pub(super) fn elsewhere(signature: &SignatureReport, own: &HashSet<ObjectId>) -> Vec<Deviation> {
    let stated = permitted(signature).map_or(&[][..], |it| &it.seals);
    let own: HashSet<String> = own.iter().map(ToString::to_string).collect();
    let strange = signature.faces.iter().filter(|shown| !own.contains(&shown.object));
    let stated = strange.filter(|shown| stated.iter().any(|seal| seal.face == shown.digest));
    let told = stated.map(|shown| {
        let now = format!("{} in object {}", shown.digest, shown.object);
        Deviation::new(Code::FaceElsewhere, "its controls alone", now).under(signature.index)
    });
    told.collect()
}

/// What a signature states, if it is known that its signer stated it and a chain had permitted it.
pub(super) fn permitted(signature: &SignatureReport) -> Option<&StatedAuthority> {
    let stated = signature.authority.as_deref()?;
    (stated.authentic && stated.claim == Claim::Permitted).then_some(stated)
}

fn told(version: u32, face: &str) -> String {
    format!("version {version}, {face}")
}

fn told_cut(cut: &ShownCut) -> String {
    let ShownCut { left, top, width, height, whole_width, whole_height } = cut;
    format!("{width}×{height} at {left}, {top} of {whole_width}×{whole_height} thousandths")
}

fn length(slice: &SealSlice) -> MilliPoints {
    if slice.is_upright_cut() { slice.whole.width() } else { slice.whole.height() }
}

/// Whether a part is the planned slice. Places are planned in points and drawn in user space units:
/// the shares of the whole are compared, to one in five hundred.
fn is_slice(cut: &ShownCut, slice: &SealSlice) -> bool {
    let (from, across, whole, [beside, high, all]) = if slice.is_upright_cut() {
        (cut.left, cut.width, cut.whole_width, [cut.top, cut.height, cut.whole_height])
    } else {
        (cut.top, cut.height, cut.whole_height, [cut.left, cut.width, cut.whole_width])
    };
    let planned = length(slice).thousandths();
    let same = |shown: i64, is: i64| {
        let (shown, is) = (i128::from(shown), i128::from(is));
        let (whole, planned) = (i128::from(whole), i128::from(planned));
        (shown * planned - is * whole).abs() * 500 <= whole * planned
    };
    let thick = slice.to.thousandths().saturating_sub(slice.from.thousandths());
    let near = |a: i64, b: i64| a.abs_diff(b) <= 20;
    same(from, slice.from.thousandths())
        && same(across, thick)
        && near(beside, 0)
        && near(high, all)
}
