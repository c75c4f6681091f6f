//! One revision against the one before, on its way through the rules.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Deref;
use std::rc::Rc;

use crate::inspection::{DocMdp, SignaturePermissions};
use crate::limits::Meter;
use crate::pdf::{Dictionary, Entry, Error, Object, ObjectId, Revision};
use crate::report::{Change, ChangeKind, ModificationLevel, Rule};

use super::altered::{Altered, Pair};
use super::equality::same_object;
use super::overlay::Grounds;
use super::places::{Pages, rectangle};
use super::references::References;
use super::{Breach, Judged, Signed, StepResult, ValuePlace};
use super::{resemblance, rules};

/// Why a changed object is allowed, or not.
#[derive(Clone, Debug)]
pub(super) struct Explanation {
    pub(super) kind: ChangeKind,
    pub(super) rule: Rule,
    pub(super) breach: Option<Breach>,
    /// The page object it is on.
    pub(super) page: Option<ObjectId>,
    pub(super) rect: Option<[f64; 4]>,
    /// It hides, hid or might hide something that was signed.
    pub(super) over_content: bool,
}

/// A change that belongs to no object of its own, or to one that did not change itself.
pub(super) struct Loose {
    pub(super) object: Option<ObjectId>,
    pub(super) explanation: Explanation,
    /// The annotation that it is, as it was or as it is.
    pub(super) annotation: Option<Dictionary>,
}

impl Explanation {
    pub(super) fn new(kind: ChangeKind, rule: Rule) -> Self {
        Self { kind, rule, breach: None, page: None, rect: None, over_content: false }
    }
}

/// What was found out once for all steps, and what they may still cost together.
pub(super) struct Shared {
    /// Pages that were looked up.
    pub(super) pages: Pages,
    /// How many fields may still be read.
    pub(super) fields_read: Meter,
    /// What pages show.
    pub(super) grounds: Grounds,
}

/// A pair on its way through the rules: what of it is explained so far.
pub(super) struct Step<'f, 's> {
    pub(super) old: Revision<'f>,
    pub(super) new: Revision<'f>,
    pub(super) altered: BTreeMap<u32, Altered>,
    pub(super) explained: HashMap<u32, Explanation>,
    /// Proven signatures of the whole file.
    pub(super) signed: &'s [Signed],
    /// Who in older bytes refers to what is new.
    pub(super) references: &'s References,
    /// What all steps have together.
    pub(super) shared: &'s Shared,
    /// What the signatures of older revisions permit.
    pub(super) restrictions: SignaturePermissions,
    /// Changes that belong to no object of their own.
    pub(super) loose: Vec<Loose>,
    /// Annotations other than widgets that were added, changed or removed.
    pub(super) comments: HashMap<ObjectId, Rule>,
    /// New widgets of signatures, and the pages that list them.
    pub(super) placed: HashMap<ObjectId, ObjectId>,
    /// New objects that took the place of equal ones.
    pub(super) restated: RefCell<HashSet<u32>>,
    pub(super) certifies_late: bool,
    /// New objects that explained ones use, still to be followed.
    pub(super) to_follow: Vec<ObjectId>,
}

/// Judges what a revision changed.
pub(super) fn judge<'f, 's>(
    pair: Pair<'f>,
    signed: &'s [Signed],
    assumed: Option<DocMdp>,
    references: &'s References,
    shared: &'s Shared,
) -> Result<StepResult, Error> {
    let Pair { old, new, altered } = pair;
    let mut restrictions = SignaturePermissions { docmdp: assumed, locks: Vec::new() };
    for signature in signed.iter().filter(|signature| signature.revision < new.number()) {
        restrictions.restrict(&signature.permissions);
    }
    let mut step = Step {
        old,
        new,
        altered,
        explained: HashMap::new(),
        signed,
        references,
        shared,
        restrictions,
        loose: Vec::new(),
        comments: HashMap::new(),
        placed: HashMap::new(),
        restated: RefCell::default(),
        certifies_late: false,
        to_follow: Vec::new(),
    };
    step.explain()?;
    Ok(step.result())
}

impl<'f> Step<'f, '_> {
    fn explain(&mut self) -> Result<(), Error> {
        if self.altered.is_empty() && self.trailers_agree()? {
            return Ok(());
        }
        rules::ORDER.iter().try_for_each(|unit| unit(self))
    }

    /// Cross-reference streams and object streams: they hold other objects, which are judged
    /// themselves. Only new ones: an old one that is replaced would change what it held. And none that
    /// a page was waiting for: their bytes may be anything else as well.
    pub(super) fn containers(&mut self) -> Result<(), Error> {
        let mut numbers = BTreeSet::new();
        for section in self.new.own_sections() {
            numbers.extend(section.stream_id().map(|id| id.number));
            for (_, entry) in section.entries(self.new.file().source())? {
                if let Entry::Compressed { stream, .. } = entry {
                    numbers.insert(stream);
                }
            }
        }
        for number in numbers {
            let Some(altered) = self.altered.get(&number) else { continue };
            let is_container = |object: &Option<Rc<Object>>| {
                let dictionary = object.as_deref().and_then(Object::as_stream);
                dictionary.is_some_and(|stream| {
                    stream.dictionary.is_type(b"ObjStm") || stream.dictionary.is_type(b"XRef")
                })
            };
            let was_xref = altered.old.as_deref().and_then(Object::as_stream);
            let was_xref = was_xref.is_some_and(|stream| stream.dictionary.is_type(b"XRef"));
            let may_be = altered.old.is_none() || was_xref;
            if is_container(&altered.new) && may_be && self.is_unheld(altered.id) {
                self.explain_as(number, Explanation::new(ChangeKind::Other, Rule::Container));
            }
        }
        Ok(())
    }

    /// The level of what supports the other changes of this revision: the highest of theirs.
    pub(super) fn support_level(&self) -> ModificationLevel {
        let loose = self.loose.iter().map(|loose| &loose.explanation);
        let all = self.explained.values().chain(loose);
        let levels = all.map(|explanation| rules::level(explanation.rule, ModificationLevel::Lta));
        levels.max().unwrap_or(ModificationLevel::Lta)
    }

    /// The same of what belongs to no object, or to one that did not change itself.
    pub(super) fn explain_loose(
        &mut self,
        object: Option<ObjectId>,
        mut explanation: Explanation,
        annotation: Option<Dictionary>,
    ) {
        let certified = self.restrictions.docmdp;
        explanation.breach =
            explanation.breach.or_else(|| rules::breach(explanation.rule, certified));
        self.loose.push(Loose { object, explanation, annotation });
    }

    /// A change of no object that no rule allows.
    pub(super) fn forbid(&mut self, kind: ChangeKind) {
        let breach = Some(Breach::Unexplained);
        let explanation = Explanation { breach, ..Explanation::new(kind, Rule::Dependency) };
        self.loose.push(Loose { object: None, explanation, annotation: None });
    }

    /// Explains an object, as far as its rule is permitted. The first explanation counts.
    pub(super) fn explain_as(&mut self, number: u32, mut explanation: Explanation) {
        let certified = self.restrictions.docmdp;
        explanation.breach =
            explanation.breach.or_else(|| rules::breach(explanation.rule, certified));
        self.explained.entry(number).or_insert(explanation);
    }

    /// Explains the object behind a reference, if it was changed.
    pub(super) fn explain_reference(&mut self, value: Option<&Object>, explanation: Explanation) {
        if let Some(id) = value.and_then(Object::as_reference)
            && self.altered.contains_key(&id.number)
        {
            self.explain_as(id.number, explanation);
        }
    }

    pub(super) fn is_explained(&self, id: ObjectId) -> bool {
        self.explained.contains_key(&id.number)
    }

    /// Whether an object is new: its number was not in use, and nothing before referred to it.
    pub(super) fn is_new(&self, id: ObjectId) -> bool {
        self.altered.get(&id.number).is_some_and(|altered| {
            altered.old.is_none() && altered.new.is_some() && altered.id == id && self.is_unheld(id)
        })
    }

    /// Whether nothing before this revision refers to an object.
    fn is_unheld(&self, id: ObjectId) -> bool {
        self.held_only_by(id, |_| false)
    }

    /// The dictionary of an object that is new.
    pub(super) fn new_dictionary(&self, id: ObjectId) -> Option<&Dictionary> {
        self.altered.get(&id.number).filter(|_| self.is_new(id))?.new.as_deref()?.as_dictionary()
    }

    /// Whether two values say the same: equal, or equal once references are followed.
    ///
    /// Equal references say the same here: what they lead to is judged itself.
    pub(super) fn same(&self, old: Option<&Object>, new: Option<&Object>) -> Result<bool, Error> {
        match (old, new) {
            (None, None) => Ok(true),
            (Some(old), Some(new)) if old == new && !matches!(old, Object::Stream(_)) => Ok(true),
            (Some(old), Some(new)) => {
                let (one, other) = (old.as_reference(), new.as_reference());
                if one.is_none() && other.is_none() {
                    return self.same_renumbered(old, new);
                }
                let none = ObjectId::new(0, 0);
                let same = match (self.was(Some(old))?, self.is_now(Some(new))?) {
                    (Some(old), Some(new)) => same_object(
                        (&self.old, one.unwrap_or(none), &old),
                        (&self.new, other.unwrap_or(none), &new),
                    )?,
                    (None, None) => true,
                    _ => false,
                };
                Ok(same || one.is_some() && other.is_some() && self.same_renumbered(old, new)?)
            }
            _ => Ok(false),
        }
    }

    /// The keys whose values differ, or lead to an object that was changed.
    pub(super) fn changed_keys(
        &self,
        old: &Dictionary,
        new: &Dictionary,
    ) -> Result<Vec<Vec<u8>>, Error> {
        let mut keys: Vec<&[u8]> = old.iter().chain(new.iter()).map(|(key, _)| key).collect();
        keys.sort_unstable();
        keys.dedup();
        let mut changed = Vec::new();
        for key in keys {
            if !self.same(old.get(key), new.get(key))? {
                changed.push(key.to_vec());
            }
        }
        Ok(changed)
    }

    /// Whether a value is a reference to an object that this revision changed.
    pub(super) fn leads_to_altered(&self, value: Option<&Object>) -> bool {
        let id = value.and_then(Object::as_reference);
        id.is_some_and(|id| self.altered.contains_key(&id.number))
    }

    /// What a value meant in the old revision; none if it is absent or `null`.
    pub(super) fn was<'o>(&self, value: Option<&'o Object>) -> Result<Option<Held<'o>>, Error> {
        self.held(&self.old, value, |altered| altered.old.as_ref())
    }

    /// What a value means in the new revision; none if it is absent or `null`.
    pub(super) fn is_now<'o>(&self, value: Option<&'o Object>) -> Result<Option<Held<'o>>, Error> {
        self.held(&self.new, value, |altered| altered.new.as_ref())
    }

    /// Both at once; what did not change is read once.
    pub(super) fn both<'o>(
        &self,
        old: Option<&'o Object>,
        new: Option<&'o Object>,
    ) -> Result<Both<'o>, Error> {
        let now = self.is_now(new)?;
        let was = match &now {
            Some(Held::Shared(object)) if old == new && !self.leads_to_altered(new) => {
                Some(Held::Shared(Rc::clone(object)))
            }
            _ => self.was(old)?,
        };
        Ok((was, now))
    }

    fn held<'o>(
        &self,
        view: &Revision<'f>,
        value: Option<&'o Object>,
        side: impl Fn(&Altered) -> Option<&Rc<Object>>,
    ) -> Result<Option<Held<'o>>, Error> {
        let Some(value) = value else { return Ok(None) };
        let held = match value.as_reference() {
            None => Held::Here(value),
            Some(id) => {
                let known = self.altered.get(&id.number).filter(|altered| altered.id == id);
                match known.and_then(side) {
                    Some(object) if object.as_reference().is_none() => {
                        Held::Shared(Rc::clone(object))
                    }
                    _ => Held::Shared(Rc::new(view.resolve(value)?.into_owned())),
                }
            }
        };
        Ok(Some(held).filter(|held| **held != Object::Null))
    }

    /// Marks the new objects in `new` that `old` did not mention as used by something explained.
    pub(super) fn follow(&mut self, old: Option<&Object>, new: Option<&Object>) {
        let mut known = HashSet::new();
        if let Some(old) = old {
            old.for_each_reference(&mut |id| _ = known.insert(id));
        }
        let mut found = Vec::new();
        if let Some(new) = new {
            new.for_each_reference(&mut |id| found.push(id));
        }
        found.retain(|id| !known.contains(id));
        self.to_follow.extend(found);
    }

    /// The signature that this very revision made at a place, if it is one with proven ranges.
    pub(super) fn signature_made_here(&self, place: ValuePlace) -> Option<&Signed> {
        let number = self.new.number();
        self.signed.iter().find(|s| s.place == place && s.revision == number)
    }

    fn result(self) -> StepResult {
        let level = self.support_level();
        let revision = u64::try_from(self.new.number()).unwrap_or(u64::MAX);
        let mut changes = Vec::new();
        let certified = self.restrictions.docmdp.is_some();
        let drawn = self.drawn_anew();
        for (number, altered) in &self.altered {
            let explanation = self.explained.get(number);
            let (kind, breach) = match explanation {
                Some(explanation) => (explanation.kind, explanation.breach),
                None => (kind_of(altered), Some(Breach::Unexplained)),
            };
            let rule = explanation.filter(|e| e.breach.is_none()).map(|e| e.rule);
            let level = match (breach, rule) {
                (Some(_), _) => ModificationLevel::Forbidden,
                (None, Some(rule)) => rules::level(rule, level),
                (None, None) => level,
            };
            let page = explanation.and_then(|e| e.page).or_else(|| self.page_of(altered));
            let rect = explanation.and_then(|e| e.rect).or_else(|| rect_of(altered));
            let (page, seen) = self.shared.pages.seen(&self.new, page, rect);
            let object = Some(altered.id.to_string());
            let resembles = breach.and_then(|_| self.resembles(altered, kind, &drawn));
            let change =
                Change { revision, object, kind, level, rule, page, rect, seen, resembles };
            let over = explanation.is_some_and(|it| it.over_content).then_some(certified);
            changes.push(Judged { change, breach, over });
        }
        for Loose { object, explanation, .. } in self.loose {
            let over = explanation.over_content.then_some(certified);
            let Explanation { kind, breach, rect, .. } = explanation;
            let rule = Some(explanation.rule).filter(|_| breach.is_none());
            let level = rule.map_or(ModificationLevel::Forbidden, |rule| rules::level(rule, level));
            let (page, seen) = self.shared.pages.seen(&self.new, explanation.page, rect);
            let object = object.map(|id| id.to_string());
            let resembles = breach.and_then(|_| resemblance::of_no_object(kind));
            let change =
                Change { revision, object, kind, level, rule, page, rect, seen, resembles };
            changes.push(Judged { change, breach, over });
        }
        StepResult { revision: self.new.number(), changes, certifies_late: self.certifies_late }
    }

    /// The page of a changed object, as far as the object itself says so.
    fn page_of(&self, altered: &Altered) -> Option<ObjectId> {
        let object = altered.new.as_deref().or(altered.old.as_deref())?;
        let dictionary = object.as_dictionary()?;
        if dictionary.is_type(b"Page") {
            return Some(altered.id);
        }
        dictionary.reference(b"P")
    }
}

/// A value with references followed: where it stands, or shared with whoever read it before.
pub(super) enum Held<'o> {
    Here(&'o Object),
    Shared(Rc<Object>),
}

/// What a value meant, and what it means.
pub(super) type Both<'o> = (Option<Held<'o>>, Option<Held<'o>>);

impl Deref for Held<'_> {
    type Target = Object;

    fn deref(&self) -> &Object {
        match self {
            Self::Here(object) => object,
            Self::Shared(object) => object,
        }
    }
}

fn rect_of(altered: &Altered) -> Option<[f64; 4]> {
    let object = altered.new.as_deref().or(altered.old.as_deref())?;
    rectangle(object.as_dictionary()?)
}

/// What an object is, as far as it says so itself.
fn kind_of(altered: &Altered) -> ChangeKind {
    let Some(object) = altered.new.as_deref() else { return ChangeKind::Removed };
    let Some(dictionary) = object.as_dictionary() else { return ChangeKind::Other };
    match dictionary.name(b"Type") {
        Some(b"Catalog") => ChangeKind::Catalog,
        Some(b"Page") => ChangeKind::Page,
        Some(b"Pages") => ChangeKind::PageTree,
        Some(b"Sig" | b"DocTimeStamp") => ChangeKind::SignatureValue,
        Some(b"Font" | b"FontDescriptor") => ChangeKind::Font,
        Some(b"XObject") => ChangeKind::XObject,
        Some(b"StructTreeRoot" | b"StructElem") => ChangeKind::Structure,
        Some(b"Metadata") => ChangeKind::Metadata,
        Some(b"DSS" | b"VRI") => ChangeKind::SecurityStore,
        _ if dictionary.name(b"FT") == Some(b"Sig") => ChangeKind::SignatureField,
        _ if dictionary.contains(b"FT") => ChangeKind::FormField,
        _ if dictionary.contains(b"Fields") => ChangeKind::Form,
        _ if matches!(dictionary.name(b"Subtype"), Some(b"Form" | b"Image")) => ChangeKind::XObject,
        _ if dictionary.contains(b"Subtype") && dictionary.contains(b"Rect") => {
            ChangeKind::Annotation
        }
        _ => ChangeKind::Other,
    }
}
