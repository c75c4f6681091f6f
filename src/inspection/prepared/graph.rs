//! What is in the file and leads nowhere: pages, fonts, images and content beside those that are used,
//! and what is taken from outside (ISO 32000-2 §7.3.10).

use std::collections::{HashMap, HashSet};

use super::found::Found;
use crate::limits::{Limit, LimitExceeded};
use crate::painting::numbers;
use crate::pdf::{Content, Dictionary, Entry, Error, Object, ObjectId, Revision, Stream};
use crate::report::{Code, Finding};

/// Streams that nothing uses and that are decoded to see whether they are content.
const MOST_DECODED: u32 = 64;

/// Older revisions that are asked whether they used an object.
const MOST_REVISIONS: usize = 16;

/// Encoded bytes of such a stream.
const LONGEST: u64 = 1 << 20;

/// Looks at every object of a revision.
pub(super) fn look(revision: &Revision<'_>, found: &mut Found) -> Result<(), Error> {
    let mut walk = Walk::of(revision);
    walk.used_objects(found)?;
    let unused = unused(revision, &walk.used)?;
    let earlier = used_earlier(revision, &unused)?;
    walk.others(&unused, &earlier, found)
}

struct Walk<'r, 'f> {
    revision: &'r Revision<'f>,
    used: HashSet<ObjectId>,
    waiting: Vec<ObjectId>,
    /// Fonts and XObjects that are used, by what they have in common with a twin.
    known: HashMap<Likeness, ObjectId>,
}

/// By what a font, an image or a form is taken for another.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Likeness {
    Font(Vec<u8>),
    Image(i64, i64),
    Form(Vec<u64>),
}

impl<'r, 'f> Walk<'r, 'f> {
    fn of(revision: &'r Revision<'f>) -> Self {
        let known = HashMap::new();
        Self { revision, used: HashSet::new(), waiting: Vec::new(), known }
    }

    fn used_objects(&mut self, found: &mut Found) -> Result<(), Error> {
        let trailer = self.revision.trailer()?;
        for (_, value) in trailer.iter() {
            self.follow(value);
        }
        while let Some(id) = self.waiting.pop() {
            let count = u64::try_from(self.used.len()).unwrap_or(u64::MAX);
            LimitExceeded::check(Limit::Objects, count, self.revision.file().limits().objects)?;
            let object = match self.revision.get(id) {
                Ok(Some(object)) => object.object.value,
                Ok(None) => continue,
                Err(error) => {
                    let mut place = Finding::new(Code::PrepUnreadableObject).about(id);
                    super::annotations::unreadable(error, &mut place, found)?;
                    continue;
                }
            };
            if let Some(likeness) = self.likeness(&object)? {
                self.known.entry(likeness).or_insert(id);
            }
            if let Some(mark) = self.external(&object) {
                found.add(Finding::new(Code::PrepExternal).with(mark).about(id));
            }
            self.follow(&object);
        }
        Ok(())
    }

    fn follow(&mut self, object: &Object) {
        let Self { used, waiting, .. } = self;
        object.for_each_reference(&mut |id| {
            if used.insert(id) {
                waiting.push(id);
            }
        });
    }

    /// Everything that has an entry and was not used. What an older revision used was replaced by a
    /// newer one, as every update does it.
    fn others(
        &mut self,
        unused: &[ObjectId],
        earlier: &HashSet<ObjectId>,
        found: &mut Found,
    ) -> Result<(), Error> {
        let (mut rest, mut decoded) = (0_u64, 0);
        for id in unused.iter().copied() {
            if earlier.contains(&id) {
                rest += 1;
                continue;
            }
            let Ok(Some(object)) = self.revision.get(id) else { continue };
            let object = object.object.value;
            let Some(dictionary) = object.as_dictionary() else { continue };
            if matches!(dictionary.name(b"Type"), Some(b"ObjStm" | b"XRef" | b"Metadata"))
                || dictionary.contains(b"Linearized")
            {
                continue;
            }
            if is_page(dictionary) {
                found.add(Finding::new(Code::PrepOrphanPage).about(id));
                continue;
            }
            let likeness = self.likeness(&object)?;
            let twin = likeness.as_ref().and_then(|it| self.known.get(it));
            match (likeness, twin) {
                (Some(Likeness::Font(_)), Some(twin)) => {
                    found.add(Finding::new(Code::PrepTwinFont).with(twin.number).about(id));
                }
                (Some(_), Some(twin)) => {
                    found.add(Finding::new(Code::PrepTwinXObject).with(twin.number).about(id));
                }
                _ => match object.as_stream() {
                    Some(stream) if self.is_content(id, stream, &mut decoded)? => {
                        found.add(Finding::new(Code::PrepOrphanContent).about(id));
                    }
                    _ => rest += 1,
                },
            }
        }
        if rest > 0 {
            found.add(Finding::new(Code::PrepOrphanObjects).with(rest));
        }
        Ok(())
    }

    fn likeness(&self, object: &Object) -> Result<Option<Likeness>, Error> {
        let Some(dictionary) = object.as_dictionary() else { return Ok(None) };
        let integer = |key: &[u8]| dictionary.integer(key).unwrap_or(-1);
        Ok(match (dictionary.name(b"Type"), dictionary.name(b"Subtype"), object) {
            (Some(b"Font"), _, _) => dictionary.name(b"BaseFont").map(|name| {
                // Without the tag of a subset (§9.9.2).
                let plain = name.split(|byte| *byte == b'+').next_back();
                Likeness::Font(plain.unwrap_or_default().to_vec())
            }),
            (_, Some(b"Image"), Object::Stream(_)) => {
                Some(Likeness::Image(integer(b"Width"), integer(b"Height")))
            }
            (_, Some(b"Form"), Object::Stream(_)) => {
                let bbox = numbers::<4>(self.revision, dictionary.get(b"BBox"))?;
                let is_empty =
                    |[x, y, z, w]: &[f64; 4]| x >= z || y >= w || integer(b"Length") == 0;
                bbox.filter(|bbox| !is_empty(bbox))
                    .map(|bbox| Likeness::Form(bbox.map(f64::to_bits).to_vec()))
            }
            _ => None,
        })
    }

    /// What makes a viewer take what it shows from elsewhere (§7.3.8, §8.10.4, §8.9.5.4, §14.11.7).
    fn external(&self, object: &Object) -> Option<&'static str> {
        let Object::Stream(stream) = object else { return None };
        let has = |key: &[u8]| stream.dictionary.contains(key);
        let drawn = matches!(stream.dictionary.name(b"Subtype"), Some(b"Form" | b"Image"));
        match () {
            () if has(b"F") => Some("/F"),
            () if drawn && has(b"Ref") => Some("/Ref"),
            () if drawn && has(b"OPI") => Some("/OPI"),
            () if drawn && has(b"Alternates") => Some("/Alternates"),
            () => None,
        }
    }

    /// Whether a stream without a type reads as a page's content that shows something.
    fn is_content(&self, id: ObjectId, stream: &Stream, decoded: &mut u32) -> Result<bool, Error> {
        let typed = stream.dictionary.contains(b"Type") || stream.dictionary.contains(b"Subtype");
        let font = stream.dictionary.contains(b"Length1") || stream.dictionary.contains(b"N");
        if typed || font || stream.data.len() > LONGEST || *decoded >= MOST_DECODED {
            return Ok(false);
        }
        *decoded += 1;
        let content = match self.revision.decoded(id, stream) {
            Ok(content) => content,
            Err(error @ (Error::Limit(_) | Error::Source { .. })) => return Err(error),
            Err(_) => return Ok(false),
        };
        let (mut reader, mut operands, mut known, mut shows) =
            (Content::new(&content), Vec::new(), 0_u32, false);
        for _ in 0..200 {
            let Some(operator) = reader.next(&mut operands) else { break };
            match operator {
                b"Tj" | b"TJ" | b"Do" | b"'" => shows = true,
                b"q" | b"Q" | b"cm" | b"re" | b"f" | b"n" | b"BT" | b"ET" | b"Tf" | b"Td"
                | b"Tm" | b"g" | b"rg" | b"k" | b"gs" | b"BDC" | b"EMC" | b"BMC" | b"W" | b"TD"
                | b"w" | b"m" | b"l" | b"S" | b"Tc" | b"Tw" | b"T*" | b"TL" => known += 1,
                // A map of characters, a function, data.
                b"begincmap" | b"def" | b"findresource" => return Ok(false),
                _ => {}
            }
        }
        Ok(shows && known > 1)
    }
}

/// Which of these objects the revisions before this one used.
fn used_earlier(revision: &Revision<'_>, unused: &[ObjectId]) -> Result<HashSet<ObjectId>, Error> {
    let mut earlier = HashSet::new();
    let older = (1..revision.number()).rev().take(MOST_REVISIONS);
    for revision in older.filter_map(|number| revision.file().revision(number)) {
        if unused.iter().all(|id| earlier.contains(id)) {
            break;
        }
        let mut walk = Walk::of(&revision);
        walk.used_objects(&mut Found::default())?;
        earlier.extend(unused.iter().filter(|id| walk.used.contains(id)));
    }
    Ok(earlier)
}

/// A page, or what was one.
fn is_page(dictionary: &Dictionary) -> bool {
    dictionary.is_type(b"Page")
        || (dictionary.contains(b"Contents")
            && dictionary.contains(b"Parent")
            && (dictionary.contains(b"MediaBox") || dictionary.contains(b"Resources")))
}

/// The objects in use that are not among these, in their order.
fn unused(revision: &Revision<'_>, used: &HashSet<ObjectId>) -> Result<Vec<ObjectId>, Error> {
    let (mut seen, mut unused) = (HashSet::new(), Vec::new());
    let mut streams: HashSet<u32> = HashSet::new();
    for section in revision.sections() {
        streams.extend(section.stream_id().map(|id| id.number));
        for (number, entry) in section.entries(revision.file().source())? {
            if !seen.insert(number) {
                continue;
            }
            let generation = match entry {
                Entry::Free { .. } => continue,
                Entry::InUse { generation, .. } => generation,
                Entry::Compressed { stream, .. } => {
                    streams.insert(stream);
                    0
                }
            };
            let id = ObjectId::new(number, generation);
            if !used.contains(&id) {
                unused.push(id);
            }
        }
    }
    unused.retain(|id| !streams.contains(&id.number));
    unused.sort_unstable();
    Ok(unused)
}
