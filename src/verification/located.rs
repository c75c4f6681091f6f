//! Every signature there is: those that the form leads to, and those that it does not lead to any
//! more.
//!
//! A revision that replaces a signature, or cuts the form away, leaves the old dictionary in the
//! file. It is found by searching the bytes for `/ByteRange`, since a signature dictionary cannot
//! hide in a compressed stream: its value must stand in the file to be covered.

use super::outside_streams::in_memory;
use crate::pdf::{Dictionary, Field, File, Object, ObjectId, Protection, Revision, Source, Span};
use crate::report::{Code, Finding};

/// Where the value of a signature field lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum ValuePlace {
    /// An object of its own.
    Object(ObjectId),
    /// Directly in this field.
    Within(ObjectId),
}

impl ValuePlace {
    /// The object whose bytes hold it.
    pub(super) fn object(self) -> ObjectId {
        match self {
            Self::Object(id) | Self::Within(id) => id,
        }
    }
}

/// Whether a field of the latest revision leads to a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// A field does.
    Form,
    /// None does, though the form can be read.
    Lost,
    /// The form cannot be read.
    Unknown,
}

/// A signature value and the fields that show it.
#[derive(Clone, Debug)]
pub(super) struct Located {
    pub(super) place: ValuePlace,
    /// Full name of the first field, empty if there is none; its object if the name stays encrypted.
    pub(super) field: String,
    /// The fields that show it.
    pub(super) fields: Vec<ObjectId>,
    pub(super) reach: Reach,
    /// The dictionary in the newest revision that has it.
    pub(super) dictionary: Dictionary,
    /// Where its object stands in that revision; none if it is in an object stream.
    pub(super) container: Option<Span>,
    /// That revision.
    pub(super) revision: usize,
}

/// What the latest form says.
pub(super) struct FormView {
    pub(super) signatures: Vec<Located>,
    /// Whether the form could be read.
    pub(super) readable: bool,
    pub(super) findings: Vec<Finding>,
}

/// The signatures that the latest form leads to, each once.
pub(super) fn from_form(file: &File<'_>) -> FormView {
    let latest = file.latest();
    let mut view = FormView { signatures: Vec::new(), readable: true, findings: Vec::new() };
    let fields = match latest.fields() {
        Ok(fields) => fields,
        Err(error) => {
            view.readable = false;
            view.findings.push(Finding::new(Code::DocForm).with(error.code()));
            return view;
        }
    };
    for field in fields.iter().filter(|field| field.is_signature()) {
        let Some(value) = &field.value else { continue };
        match locate(&latest, field, value) {
            Ok(None) => {}
            Ok(Some(found)) => match view.signatures.iter_mut().find(|s| s.place == found.place) {
                Some(known) => known.fields.push(field.id),
                None => view.signatures.push(found),
            },
            Err(error) => {
                let finding = Finding::new(Code::DocForm).with(error.code()).about(field.id);
                view.readable = false;
                view.findings.push(finding);
            }
        }
    }
    view
}

/// The name of a field; of one whose name stays encrypted the object that it is.
fn name_of(latest: &Revision<'_>, field: &Field) -> String {
    match latest.file().protection() {
        Protection::Closed(_) => field.id.to_string(),
        _ => field.name.clone(),
    }
}

fn locate(
    latest: &Revision<'_>,
    field: &Field,
    value: &Object,
) -> Result<Option<Located>, crate::pdf::Error> {
    // A value inherited from a field above lives there; the field itself is the best name for it.
    let holder = match value {
        Object::Reference(id) => *id,
        _ => field.id,
    };
    let Some(object) = latest.get(holder)? else { return Ok(None) };
    let container = object.container.in_file();
    let (place, dictionary) = match value {
        Object::Reference(id) => match object.object.value {
            Object::Dictionary(dictionary) => (ValuePlace::Object(*id), dictionary),
            Object::Null => return Ok(None),
            // Something that claims to be a signature and is none is reported as a bad one.
            _ => (ValuePlace::Object(*id), Dictionary::default()),
        },
        Object::Dictionary(dictionary) => (ValuePlace::Within(field.id), dictionary.clone()),
        _ => return Ok(None),
    };
    Ok(Some(Located {
        place,
        field: name_of(latest, field),
        fields: vec![field.id],
        reach: Reach::Form,
        dictionary,
        container,
        revision: latest.number(),
    }))
}

/// A signature dictionary that the bytes show and the form does not.
pub(super) enum Stray {
    /// An object of some revision.
    Signature(Box<Located>),
    /// Bytes that look like one, where no revision has an object.
    Unowned(u64),
}

/// The signature dictionaries around the offsets in `places`, which are those of `/ByteRange`.
pub(super) fn around(
    file: &File<'_>,
    places: &[u64],
    form_readable: bool,
) -> Result<Vec<Stray>, crate::pdf::Error> {
    let mut strays: Vec<Stray> = Vec::new();
    for at in places {
        let Some((revision, object)) = file.object_around(*at)? else {
            strays.push(Stray::Unowned(*at));
            continue;
        };
        let Object::Dictionary(dictionary) = object.object.value else { continue };
        let (place, dictionary) = match dictionary.get(b"V").and_then(Object::as_dictionary) {
            Some(value) => (ValuePlace::Within(object.id), value.clone()),
            None => (ValuePlace::Object(object.id), dictionary),
        };
        let complete = dictionary.contains(b"ByteRange") && dictionary.contains(b"Contents");
        if !complete {
            continue;
        }
        let container = object.container.in_file();
        strays.push(Stray::Signature(Box::new(Located {
            place,
            field: String::new(),
            fields: Vec::new(),
            reach: if form_readable { Reach::Lost } else { Reach::Unknown },
            dictionary,
            container,
            revision,
        })));
    }
    Ok(strays)
}

/// Whether a signature that no field shows grants usage rights (§12.8.2.3): the catalog names it among its
/// permissions, and the signature itself says that it is one. Such a one is none of the document. What
/// the catalog alone says, whoever appends can say of any signature.
pub(super) fn grants_usage_rights(file: &File<'_>, named: &[ObjectId], located: &Located) -> bool {
    let Some(view) = file.revision(located.revision) else { return false };
    let read = || -> Result<bool, crate::pdf::Error> {
        let Some(references) = view.lookup(&located.dictionary, b"Reference")? else {
            return Ok(false);
        };
        for reference in references.as_array().unwrap_or(&[]) {
            let reference = view.resolve(&reference.value)?;
            let Some(reference) = reference.as_dictionary() else { return Ok(false) };
            let method = view.lookup(reference, b"TransformMethod")?;
            let method = method.as_ref().and_then(|method| method.as_name());
            if !matches!(method, Some(b"UR3" | b"UR")) {
                return Ok(false);
            }
        }
        Ok(references.as_array().is_some_and(|all| !all.is_empty()))
    };
    named.contains(&located.place.object()) && read().unwrap_or(false)
}

/// The usage-rights signatures that the latest catalog names (§12.8.2.3).
pub(super) fn usage_rights(file: &File<'_>) -> Vec<ObjectId> {
    let latest = file.latest();
    let read = || -> Result<Vec<ObjectId>, crate::pdf::Error> {
        let catalog = latest.catalog()?;
        let Some(permissions) = latest.lookup(&catalog, b"Perms")? else { return Ok(Vec::new()) };
        let Some(permissions) = permissions.as_dictionary() else { return Ok(Vec::new()) };
        Ok([&b"UR3"[..], b"UR"].iter().filter_map(|key| permissions.reference(key)).collect())
    };
    read().unwrap_or_default()
}

/// Whether the latest catalog names a usage-rights signature at all, wherever it stands: one in an object
/// stream covers nothing and is no signature of the document either.
pub(super) fn names_usage_rights(file: &File<'_>) -> bool {
    let latest = file.latest();
    let read = || -> Result<bool, crate::pdf::Error> {
        let catalog = latest.catalog()?;
        let permissions = latest.lookup(&catalog, b"Perms")?;
        let permissions = permissions.as_ref().and_then(|permissions| permissions.as_dictionary());
        let mut named = [&b"UR3"[..], b"UR"].into_iter();
        Ok(permissions.is_some_and(|all| named.any(|key| all.contains(key))))
    };
    read().unwrap_or(false)
}

/// How far from `/ByteRange` the value of its signature is looked for.
const VALUE_REACH: u64 = 64 << 10;

/// Whether bytes that belong to no object look like a signature with a value: `/ByteRange [` at an offset
/// and a long hexadecimal string near it.
pub(super) fn may_be_signature(source: &dyn Source, at: u64) -> bool {
    let start = at.saturating_sub(VALUE_REACH);
    let end = source.len().min(at.saturating_add(VALUE_REACH));
    let mut bytes = vec![0; usize::try_from(end - start).unwrap_or(0)];
    if source.read_at(start, &mut bytes).is_err() {
        return true;
    }
    let mut values = memchr::memmem::find_iter(&bytes, b"/Contents");
    values.any(|found| {
        let value = bytes.get(found + b"/Contents".len()..).unwrap_or(&[]).trim_ascii_start();
        let is_digit = |byte: &u8| byte.is_ascii_hexdigit();
        value.strip_prefix(b"<").is_some_and(|hex| hex.iter().take(64).all(is_digit))
    })
}

const NEEDLE: &[u8] = b"/ByteRange";

/// Where `/ByteRange` stands in parts of a file, at most `most` places.
pub(super) fn places(
    source: &dyn Source,
    spans: &[Span],
    most: u64,
) -> Result<Vec<u64>, crate::pdf::Error> {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let mut found = Vec::new();
    for span in spans {
        places_in(source, *span, most, &mut found)?;
    }
    Ok(found)
}

fn places_in(
    source: &dyn Source,
    span: Span,
    most: usize,
    found: &mut Vec<u64>,
) -> Result<(), crate::pdf::Error> {
    let finder = memchr::memmem::Finder::new(NEEDLE);
    let room = |found: &Vec<u64>| most.saturating_sub(found.len());
    if let Some(part) = in_memory(source, span) {
        let here = finder.find_iter(part).filter_map(|index| u64::try_from(index).ok());
        found.extend(here.map(|index| span.start + index).take(room(found)));
        return Ok(());
    }
    let mut buffer = Vec::new();
    let overlap = u64::try_from(NEEDLE.len()).unwrap_or(0) - 1;
    let mut at = span.start;
    while at < span.end && found.len() < most {
        let wanted = (1_u64 << 20).min(span.end - at);
        buffer.resize(usize::try_from(wanted).unwrap_or(0), 0);
        source
            .read_at(at, &mut buffer)
            .map_err(|error| crate::pdf::Error::Source { offset: at, kind: error.kind() })?;
        let here = finder.find_iter(&buffer).filter_map(|index| u64::try_from(index).ok());
        found.extend(here.map(|index| at + index).take(room(found)));
        if at + wanted >= span.end {
            break;
        }
        at += wanted - overlap;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verification::device::Device;

    #[test]
    fn a_place_across_two_reads_is_found_once() {
        let mut bytes = vec![b' '; 3 << 20];
        for at in [0, (1 << 20) - 5, (2 << 20) - 9, (3 << 20) - 10] {
            bytes[at..at + 10].copy_from_slice(NEEDLE);
        }
        let all = Span::new(0, bytes.len() as u64);
        let whole = places(&bytes, &[all], 100).unwrap();
        assert_eq!(whole.len(), 4);
        assert_eq!(places(&Device(bytes.clone()), &[all], 100).unwrap(), whole);
        assert_eq!(places(&Device(bytes), &[all], 2).unwrap(), whole[..2]);
    }
}
