//! One revision against the one before, on its way through the rules.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Deref;
use std::rc::Rc;

use crate::inspection::{DocMdp, SignaturePermissions};
use crate::limits::Meter;
use crate::pdf::{Dictionary, Entry, Error, Object, ObjectId, Revision};
use crate::report::{Change, ChangeKind, ModificationLevel, Rule};

use super::altered::{Altered, Pair, same_object};
use super::references::References;
use super::{Breach, Judged, Signed, StepResult, ValuePlace};

/// How many pages of changes are looked up by walking the page tree.
const PAGES_LOOKED_UP: usize = 64;

/// Why a changed object is allowed, or not.
#[derive(Clone, Debug)]
pub(super) struct Explanation {
    pub(super) kind: ChangeKind,
    pub(super) rule: Rule,
    pub(super) breach: Option<Breach>,
    /// The page object it is on.
    pub(super) page: Option<ObjectId>,
    pub(super) rect: Option<[f64; 4]>,
}

impl Explanation {
    pub(super) fn new(kind: ChangeKind, rule: Rule) -> Self {
        Self { kind, rule, breach: None, page: None, rect: None }
    }
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
    /// Numbers of pages that were looked up.
    pages: &'s PageNumbers,
    /// How many fields may still be read, by all steps together.
    pub(super) fields_read: &'s Meter,
    /// What the signatures of older revisions permit.
    pub(super) restrictions: SignaturePermissions,
    /// Changes that belong to no object of their own.
    pub(super) loose: Vec<(ChangeKind, Option<Breach>)>,
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
    (pages, fields_read): (&'s PageNumbers, &'s Meter),
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
        pages,
        fields_read,
        restrictions,
        loose: Vec::new(),
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
        self.containers()?;
        self.trailer()?;
        self.filled_fields()?;
        self.filled_values()?;
        self.catalog()?;
        self.pages()?;
        self.structure()?;
        self.follow_dependencies();
        self.unused_objects();
        Ok(())
    }

    /// Cross-reference streams and object streams: they hold other objects, which are judged
    /// themselves. Only new ones: an old one that is replaced would change what it held. And none that
    /// a page was waiting for: their bytes may be anything else as well.
    fn containers(&mut self) -> Result<(), Error> {
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

    /// The level of what supports the new signature fields of this revision.
    pub(super) fn support_level(&self) -> ModificationLevel {
        let form = self.explained.values().any(|explanation| {
            matches!(
                explanation.rule,
                Rule::SignatureFilled | Rule::SignatureFieldAdded | Rule::FieldFilled
            )
        });
        if form { ModificationLevel::Form } else { ModificationLevel::Lta }
    }

    pub(super) fn explain_as(&mut self, number: u32, explanation: Explanation) {
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
                if old.as_reference().is_none() && new.as_reference().is_none() {
                    return Ok(false);
                }
                match (self.was(Some(old))?, self.is_now(Some(new))?) {
                    (Some(old), Some(new)) => same_object(&self.old, &old, &self.new, &new),
                    (None, None) => Ok(true),
                    _ => Ok(false),
                }
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
        for (number, altered) in &self.altered {
            let explanation = self.explained.get(number);
            let (kind, breach) = match explanation {
                Some(explanation) => (explanation.kind, explanation.breach),
                None => (kind_of(altered), Some(Breach::Unexplained)),
            };
            let rule = explanation.filter(|e| e.breach.is_none()).map(|e| e.rule);
            let level = match (breach, rule) {
                (Some(_), _) => ModificationLevel::Forbidden,
                (None, Some(rule)) => level_of(rule, level),
                (None, None) => level,
            };
            let page = explanation.and_then(|e| e.page).or_else(|| self.page_of(altered));
            let page = page.and_then(|page| self.pages.number(&self.new, page));
            let rect = explanation.and_then(|e| e.rect).or_else(|| rect_of(altered));
            let object = Some(altered.id.to_string());
            let change = Change { revision, object, kind, level, rule, page, rect };
            changes.push(Judged { change, breach });
        }
        for (kind, breach) in self.loose {
            let level = if breach.is_some() { ModificationLevel::Forbidden } else { level };
            let change =
                Change { revision, object: None, kind, level, rule: None, page: None, rect: None };
            changes.push(Judged { change, breach });
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

fn level_of(rule: Rule, support: ModificationLevel) -> ModificationLevel {
    match rule {
        Rule::SignatureFilled | Rule::SignatureFieldAdded | Rule::FieldFilled => {
            ModificationLevel::Form
        }
        Rule::DocumentTimestamp | Rule::SecurityStore | Rule::Metadata | Rule::Extensions => {
            ModificationLevel::Lta
        }
        Rule::Container => ModificationLevel::Lta,
        Rule::StructureAdded | Rule::Dependency | Rule::Unused => support,
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

/// Numbers of pages, looked up once for all steps, and not for ever more of them: a page that is not
/// looked up is unknown, which allows nothing.
#[derive(Default)]
pub(super) struct PageNumbers {
    known: RefCell<HashMap<ObjectId, Option<u32>>>,
}

impl PageNumbers {
    fn number(&self, view: &Revision<'_>, page: ObjectId) -> Option<u32> {
        let mut known = self.known.borrow_mut();
        if known.len() >= PAGES_LOOKED_UP && !known.contains_key(&page) {
            return None;
        }
        *known.entry(page).or_insert_with(|| view.page_number_of(page).ok().flatten())
    }
}

fn rect_of(altered: &Altered) -> Option<[f64; 4]> {
    let object = altered.new.as_deref().or(altered.old.as_deref())?;
    rectangle(object.as_dictionary()?)
}

/// `/Rect` of an annotation, its corners sorted; none if it is empty.
pub(super) fn rectangle(dictionary: &Dictionary) -> Option<[f64; 4]> {
    let corners = dictionary.get(b"Rect")?.as_array()?;
    let mut numbers = corners.iter().map(|corner| corner.value.as_number());
    let mut next = || numbers.next().flatten();
    let (x1, y1, x2, y2) = (next()?, next()?, next()?, next()?);
    let rect = [x1.min(x2), y1.min(y2), x1.max(x2), y1.max(y2)];
    (x1 != x2 && y1 != y2).then_some(rect)
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
