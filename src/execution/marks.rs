//! What one signer leaves in one document: pictures in his signature fields, words in the others.

use time::OffsetDateTime;

use super::Error;
use super::fields::ControlFields;
use super::means::Means;
use super::signing::Signing;
use crate::appearance::{ControlSketcher, Drawing, Fit, SealFace, Sketch};
use crate::authorization::{Authority, PermittedSignature, SigningPermit};
use crate::contract::{Application, Contract, Control, ControlKey, ControlKind, Mark, Opacity};
use crate::geometry::Size;
use crate::placement::SealSlice;
use crate::signing::{Own, Seal};
use crate::update::{Part, Value};

/// Everything that one signer draws and writes in one document.
pub(super) struct Marks<'c> {
    pictures: Vec<Shown<'c>>,
    words: Vec<Word>,
    drawings: Vec<Drawing>,
    /// What is to be recorded of it.
    pub(super) applications: Vec<Application>,
}

/// What one control shows in all its fields.
struct Shown<'c> {
    fields: ControlFields<'c>,
    what: What,
}

enum What {
    Face(Box<SealFace>, Authority),
    /// By their places among the drawings, one for each box.
    Drawn(Vec<usize>),
}

/// What is to be recorded of one control.
enum Recorded<'p> {
    As(Mark),
    /// What it looks like is known when all of it is drawn: the first of its drawings.
    ByHand(&'p PermittedSignature, usize),
}

/// A text for a field that is no signature field.
struct Word {
    field: String,
    text: String,
    drawing: usize,
}

/// Who makes them, and from what.
#[derive(Clone, Copy)]
pub(super) struct Maker<'a, 's> {
    pub(super) contract: &'a Contract,
    pub(super) permit: &'a SigningPermit,
    pub(super) signing: &'a Signing<'s>,
    pub(super) means: &'a Means<'a>,
    pub(super) now: OffsetDateTime,
}

impl Maker<'_, '_> {
    /// The marks in the fields of one document.
    pub(super) fn marks<'c>(&self, fields: Vec<ControlFields<'c>>) -> Result<Marks<'c>, Error> {
        let mut sketches = Vec::new();
        let mut marks = Marks {
            pictures: Vec::new(),
            words: Vec::new(),
            drawings: Vec::new(),
            applications: Vec::new(),
        };
        let mut recorded = Vec::with_capacity(fields.len());
        for field in fields {
            let control = field.control;
            recorded.push((control, self.mark(field, &mut marks, &mut sketches)?));
        }
        // Together: they share the fonts of this revision.
        marks.drawings = Sketch::drawings(&sketches)?;
        marks.fade();
        for (control, recorded) in recorded {
            let key = control.key();
            let mark = match recorded {
                Recorded::As(mark) => mark,
                Recorded::ByHand(signature, first) => {
                    let missing = || Error::SignatureMissing { control: key.clone() };
                    signature.mark(marks.drawings.get(first).ok_or_else(missing)?.digest())
                }
            };
            let (control, spots) = (key.clone(), control.spots().to_vec());
            marks.applications.push(Application { control, mark, spots });
        }
        Ok(marks)
    }

    fn mark<'c>(
        &self,
        fields: ControlFields<'c>,
        marks: &mut Marks<'c>,
        sketches: &mut Vec<Sketch>,
    ) -> Result<Recorded<'_>, Error> {
        let control = fields.control;
        let key = control.key();
        if let Some(seal) = self.permit.seals().find(|permit| permit.control() == key) {
            let face = (self.signing.faces)(seal.seal(), seal.version());
            let face = face.ok_or_else(|| Error::FaceMissing {
                control: key.clone(),
                seal: seal.seal().clone(),
                version: seal.version(),
            })?;
            let missing = || Error::NoPlan { control: key.clone() };
            let authority = self.permit.authority(key).ok_or_else(missing)?;
            let what = What::Face(Box::new(face), authority);
            marks.pictures.push(Shown { fields, what });
            Ok(Recorded::As(seal.mark()))
        } else if let Some(signature) = self.signature_in(key) {
            let drawn = self.by_hand(&fields, signature, sketches)?;
            let missing = || Error::NoPlan { control: key.clone() };
            let first = *drawn.first().ok_or_else(missing)?;
            marks.pictures.push(Shown { fields, what: What::Drawn(drawn) });
            Ok(Recorded::ByHand(signature, first))
        } else {
            let (text, mark) = self.word(control, &fields, sketches)?;
            let drawing = sketches.len().saturating_sub(1);
            for field in &fields.names {
                marks.words.push(Word { field: field.clone(), text: text.clone(), drawing });
            }
            Ok(Recorded::As(mark))
        }
    }

    fn signature_in(&self, key: &ControlKey) -> Option<&PermittedSignature> {
        self.permit.signatures().iter().find(|signature| signature.control == *key)
    }

    /// The sketches of a signature by hand: one, or one for each size of its boxes.
    fn by_hand(
        &self,
        fields: &ControlFields<'_>,
        signature: &PermittedSignature,
        sketches: &mut Vec<Sketch>,
    ) -> Result<Vec<usize>, Error> {
        let control = fields.control;
        let missing = || Error::SignatureMissing { control: control.key().clone() };
        let face = (self.signing.signatures)(control.key()).ok_or_else(missing)?;
        let mut known: Vec<(Size, usize)> = Vec::new();
        let mut places = Vec::with_capacity(fields.boxes.len());
        for found in fields.boxes {
            let size = found.slice().map_or(found.placed().rect().size(), |slice| slice.whole);
            if let Some((_, place)) = known.iter().find(|(other, _)| *other == size) {
                places.push(*place);
                continue;
            }
            let sketch = match (control.kind(), &signature.values) {
                (ControlKind::ApprovalBlock(block), Some(values)) => {
                    self.sketcher().block(block, face, self.now, values, size)?
                }
                _ => self.sketcher().signature(face, size)?,
            };
            known.push((size, sketches.len()));
            places.push(sketches.len());
            sketches.push(sketch);
        }
        Ok(places)
    }

    /// A date or an opinion: the text, and one sketch of it.
    fn word(
        &self,
        control: &Control,
        fields: &ControlFields<'_>,
        sketches: &mut Vec<Sketch>,
    ) -> Result<(String, Mark), Error> {
        let size = fields
            .boxes
            .first()
            .map_or(control.kind().default_size(), |first| first.placed().rect().size());
        let (sketch, text, mark) = match control.kind() {
            ControlKind::Opinion(opinion) => {
                (self.sketcher().opinion(opinion, size)?, opinion.text(), Mark::Opinion)
            }
            ControlKind::SignDate(style) => {
                let text = style.write(self.now, self.contract.settings().utc_offset);
                (self.sketcher().sign_date(style, self.now, size)?, text, Mark::Date)
            }
            // The chain asks a seal or a signature of every other kind.
            _ => return Err(Error::NoPlan { control: control.key().clone() }),
        };
        sketches.push(sketch);
        Ok((text, mark))
    }

    fn sketcher(&self) -> ControlSketcher<'_> {
        let Means { fonts, overflow, .. } = *self.means;
        ControlSketcher::new(fonts, self.contract.settings().utc_offset).overflow(overflow)
    }
}

impl<'m> Marks<'m> {
    /// Signatures by hand, as opaque as their controls ask for.
    fn fade(&mut self) {
        for shown in &self.pictures {
            let What::Drawn(places) = &shown.what else { continue };
            for place in places {
                if let Some(drawing) = self.drawings.get_mut(*place) {
                    *drawing = drawing.clone().opacity(opacity_of(shown.fields.control.kind()));
                }
            }
        }
    }

    /// All of it, on a seal that begins with nothing. The first field carries the signature: one that
    /// was made for it, which its own lock names.
    pub(super) fn on<'s>(&'s self, mut seal: Seal<'s>, invisible: &str) -> Result<Seal<'s>, Error> {
        let mut places = self.places()?;
        // One of the fields that were made comes first.
        if let Some(first) = places.iter().position(|place| !place.exists) {
            places.swap(0, first);
        }
        let mut places = places.into_iter();
        seal = match places.next() {
            None => seal.existing_field(invisible).invisible(),
            Some(first) => {
                let seal = seal.existing_field(first.field);
                let seal = match first.part {
                    Some(part) => seal.part(part),
                    None => seal,
                };
                match first.own {
                    Own::Face(face, authority, style) => {
                        let (opacity, fit) = style.unwrap_or_default();
                        seal.face(face, authority).opacity(opacity).fit(fit)
                    }
                    Own::Drawing(drawing, fit) => {
                        seal.drawing(drawing).fit(fit.unwrap_or_default())
                    }
                }
            }
        };
        for place in places {
            seal = seal.shown_in(place.field.to_owned(), place.part, Some(place.own));
        }
        for word in &self.words {
            let drawing = self.drawings.get(word.drawing);
            seal = seal.fill(word.field.as_str(), Value::Text(&word.text), drawing);
        }
        Ok(seal)
    }

    fn places(&self) -> Result<Vec<Place<'_>>, Error> {
        let mut places = Vec::new();
        for shown in &self.pictures {
            let (key, kind) = (shown.fields.control.key(), shown.fields.control.kind());
            // A slice was cut before anybody knew how large the seal would be.
            let fit = Fit::of_control(kind);
            for (index, (field, found)) in shown.fields.places().enumerate() {
                let own = match &shown.what {
                    What::Face(face, authority) => {
                        Own::Face(face, authority.clone(), Some((opacity_of(kind), fit)))
                    }
                    What::Drawn(drawn) => {
                        let drawing = drawn.get(index).and_then(|place| self.drawings.get(*place));
                        let missing = || Error::SignatureMissing { control: key.clone() };
                        Own::Drawing(drawing.ok_or_else(missing)?, Some(fit))
                    }
                };
                let part = found.slice().map(part_of).transpose()?;
                places.push(Place { field, part, own, exists: shown.fields.exist });
            }
        }
        Ok(places)
    }
}

/// One field and what it shows.
struct Place<'s> {
    field: &'s str,
    part: Option<Part>,
    own: Own<'s>,
    exists: bool,
}

fn part_of(slice: &SealSlice) -> Result<Part, Error> {
    let part = Part::slice(slice.edge, slice.whole, slice.from, slice.to);
    part.map_err(|error| Error::Plan(error.into()))
}

fn opacity_of(kind: &ControlKind) -> Opacity {
    match kind {
        ControlKind::LegalRepSeal { opacity, .. } => *opacity,
        ControlKind::Signature(mark) | ControlKind::PagingSignature(mark) => mark.opacity,
        _ => kind.seal_mark().map_or(Opacity::default(), |mark| mark.opacity),
    }
}
