//! What was written is read back before anybody gets it.
//!
//! That the document itself is unchanged needs no check: an update is a separate piece of memory,
//! and the reader here reads the document's own source with that piece chained behind it. What has
//! to be shown is that the piece is sound and takes nothing back.

use super::Error;
use super::prepare::Update;
use crate::pdf::{Dictionary, Entry, File, Object, ObjectId, SectionKind, Spanned};

/// Keys that a signature adds to an object that exists, or changes in it.
const NEW_VALUES: [&[u8]; 4] = [b"SigFlags", b"DocMDP", b"AP", b"V"];

/// Of these, the ones that no signature takes from an earlier one.
const ONCE: [&[u8]; 2] = [b"DocMDP", b"V"];

/// Keys below which something is added and nothing goes.
const GROWING: [&[u8]; 4] = [b"AcroForm", b"Perms", b"Fields", b"Annots"];

/// Reads the extended file strictly and looks at every object that was appended.
pub(super) fn check(file: &File<'_>, appended: &[u8], update: &Update) -> Result<(), Error> {
    update.check_base(file)?;
    let extended = File::extended(file, appended)?;
    let section = extended.sections().first().ok_or(wrong("no cross references"))?;
    let old = file.sections().first().ok_or(wrong("no cross references before"))?;
    let of_same_kind =
        (section.kind() == SectionKind::Stream) == (old.kind() == SectionKind::Stream);
    demand(of_same_kind, "the cross references changed their kind")?;
    demand(extended.latest().end() == Some(extended.len()), "bytes behind the end")?;
    demand(
        section.trailer().get(b"Root") == old.trailer().get(b"Root"),
        "the trailer names another catalog",
    )?;
    for (number, entry) in section.entries(extended.source())? {
        check_object(file, &extended, number, entry)?;
    }
    check_signature(&extended, update)
}

/// An entry leads to its object, behind the document; an object that existed only grew.
fn check_object(
    file: &File<'_>,
    extended: &File<'_>,
    number: u32,
    entry: Entry,
) -> Result<(), Error> {
    let Entry::InUse { offset, generation } = entry else {
        return Err(wrong("an entry that is not in use"));
    };
    demand(offset >= file.len(), "an entry that leads into the document")?;
    let id = ObjectId::new(number, generation);
    let new = extended.latest().get(id)?.ok_or(wrong("an entry without its object"))?;
    if u64::from(number) >= file.next_object_number() {
        return Ok(());
    }
    let old = file.latest().get(id)?.ok_or(wrong("a number was used again"))?;
    demand(
        has_only_grown(file, &old.object.value, &new.object.value)?,
        "an existing object lost something",
    )
}

fn has_only_grown(file: &File<'_>, old: &Object, new: &Object) -> Result<bool, Error> {
    match (old, new) {
        (Object::Array(old), Object::Array(new)) => Ok(begins_with(new, old)),
        (Object::Dictionary(old), Object::Dictionary(new)) => dictionary_has_grown(file, old, new),
        // A reference to nothing is nothing (ISO 32000-2 §7.3.10).
        (Object::Reference(_), _) => Ok(*file.latest().resolve(old)? == Object::Null),
        _ => Ok(false),
    }
}

fn dictionary_has_grown(
    file: &File<'_>,
    old: &Dictionary,
    new: &Dictionary,
) -> Result<bool, Error> {
    let known = |key: &[u8]| NEW_VALUES.contains(&key) || GROWING.contains(&key);
    if !new.iter().all(|(key, _)| old.contains(key) || known(key)) {
        return Ok(false);
    }
    for (key, value) in old.iter() {
        let kept = match new.get(key) {
            None => false,
            Some(same) if value == same => true,
            Some(_) if NEW_VALUES.contains(&key) => !ONCE.contains(&key),
            Some(grown) if GROWING.contains(&key) => has_only_grown(file, value, grown)?,
            Some(_) => false,
        };
        if !kept {
            return Ok(false);
        }
    }
    Ok(true)
}

fn begins_with(new: &[Spanned], old: &[Spanned]) -> bool {
    new.get(..old.len()).is_some_and(|start| start == old)
}

/// The gap is the `/Contents` of the signature that was prepared, token for token, `/ByteRange`
/// says so, and the field points to it.
fn check_signature(extended: &File<'_>, update: &Update) -> Result<(), Error> {
    let latest = extended.latest();
    let signature = latest.dictionary(update.signature)?;
    let contents = signature.get_spanned(b"Contents").ok_or(wrong("no /Contents"))?;
    let is_hexadecimal = contents.value.as_string().is_some_and(|string| string.hexadecimal);
    demand(is_hexadecimal && contents.span == update.byte_range.gap(), "the gap is not /Contents")?;
    demand(update.byte_range.end() == extended.len(), "/ByteRange does not reach the end")?;
    let range = signature.get(b"ByteRange").and_then(Object::as_array).unwrap_or(&[]);
    let numbers = range.iter().filter_map(|number| number.value.as_integer());
    let numbers: Vec<u64> = numbers.filter_map(|number| u64::try_from(number).ok()).collect();
    demand(numbers == update.byte_range.numbers(), "/ByteRange does not spare the gap")?;
    let field = latest.dictionary(update.field)?;
    demand(field.reference(b"V") == Some(update.signature), "the field has another value")
}

fn demand(holds: bool, problem: &'static str) -> Result<(), Error> {
    if holds { Ok(()) } else { Err(wrong(problem)) }
}

fn wrong(problem: &'static str) -> Error {
    Error::SelfCheck { problem }
}
