//! What was written is read back before anybody gets it.
//!
//! That the document itself is unchanged needs no check: an update is a separate piece of memory,
//! and the reader here reads the document's own source with that piece chained behind it. What has
//! to be shown is that the piece is sound and takes nothing back.

use super::Error;
use super::prepare::Update;
use super::structure_tree::StructureTree;
use crate::pdf::{Dictionary, Entry, File, Object, ObjectId, SectionKind, Spanned};

/// Keys that a signature, or what is prepared for it, adds to an object that exists or changes in it.
const NEW_VALUES: [&[u8]; 9] = [
    b"SigFlags",
    b"NeedAppearances",
    b"DocMDP",
    b"AP",
    b"AS",
    b"V",
    b"ParentTreeNextKey",
    b"Limits",
    b"Tabs",
];

/// Of these, the ones that are not taken from whoever set them.
const ONCE: [&[u8]; 3] = [b"DocMDP", b"V", b"Tabs"];

/// Keys below which something is added and nothing goes.
const GROWING: [&[u8]; 11] = [
    b"AcroForm",
    b"Perms",
    b"Fields",
    b"Annots",
    b"DR",
    b"Font",
    b"Helv",
    b"Extensions",
    b"ParentTree",
    b"Nums",
    b"K",
];

/// Reads the extended file strictly and looks at every object that was appended.
pub(super) fn check(file: &File<'_>, appended: &[u8], update: &Update) -> Result<(), Error> {
    update.check_base(file)?;
    check_signature(&check_extended(file, appended)?, update)
}

/// The same for any revision: sound in itself, and nothing that existed lost anything.
pub(super) fn check_extended<'e>(
    file: &'e File<'_>,
    appended: &'e [u8],
) -> Result<File<'e>, Error> {
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
    Ok(extended)
}

/// Every widget that was added is where the structure says.
pub(super) fn check_structure(
    extended: &File<'_>,
    structure: Option<&StructureTree>,
) -> Result<(), Error> {
    let Some(structure) = structure else { return Ok(()) };
    demand(
        structure.reads_back(extended)?,
        "what is shown and its structure element lost each other",
    )
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
        // A reference to nothing is nothing (ISO 32000-2 §7.3.10). A list that others have too stays
        // theirs: what names it gets one of its own.
        (Object::Reference(_), new) => match (&*file.latest().resolve(old)?, new) {
            (Object::Null, _) => Ok(true),
            (Object::Array(old), Object::Array(new)) => Ok(begins_with(new, old)),
            _ => Ok(false),
        },
        _ => Ok(false),
    }
}

fn dictionary_has_grown(
    file: &File<'_>,
    old: &Dictionary,
    new: &Dictionary,
) -> Result<bool, Error> {
    // A node of the parent tree may get a leaf; the page tree and the field tree keep their shape.
    let is_number_tree = !old.contains(b"Type") && !old.contains(b"Count") && !old.contains(b"T");
    let grows = |key: &[u8]| GROWING.contains(&key) || (key == b"Kids" && is_number_tree);
    let known = |key: &[u8]| NEW_VALUES.contains(&key) || GROWING.contains(&key);
    if !new.iter().all(|(key, _)| old.contains(key) || known(key)) {
        return Ok(false);
    }
    for (key, value) in old.iter() {
        let kept = match new.get(key) {
            None => false,
            Some(same) if value == same => true,
            // One kid becomes the first of several.
            Some(Object::Array(kids)) if key == b"K" && value.as_array().is_none() => {
                kids.first().is_some_and(|first| first.value == *value)
            }
            Some(_) if NEW_VALUES.contains(&key) => {
                !ONCE.contains(&key) || *file.latest().resolve(value)? == Object::Null
            }
            Some(grown) if grows(key) => has_only_grown(file, value, grown)?,
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
    demand(!update.fields.is_empty(), "no field")?;
    for field in &update.fields {
        let value = latest.dictionary(field.id)?.reference(b"V");
        demand(value == Some(update.signature), "a field has another value")?;
    }
    for field in &update.filled {
        demand(latest.dictionary(*field)?.contains(b"V"), "a field was not filled")?;
    }
    Ok(())
}

fn demand(holds: bool, problem: &'static str) -> Result<(), Error> {
    if holds { Ok(()) } else { Err(wrong(problem)) }
}

fn wrong(problem: &'static str) -> Error {
    Error::SelfCheck { problem }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;
    use crate::update::{FieldChoice, Request, SubFilter};
    use sealwright_testdata::documents;
    use time::OffsetDateTime;

    fn request() -> Request<'static> {
        let at = OffsetDateTime::from_unix_timestamp(1_767_225_600).unwrap();
        Request::invisible(SubFilter::Cades, at)
    }

    /// Replaces the first `from` in what is appended by an equally long `to`.
    fn tampered(update: &Update, from: &str, to: &str) -> Vec<u8> {
        let (from, to) = (from.as_bytes(), to.as_bytes());
        assert_eq!(from.len(), to.len());
        let mut appended = update.appended().to_vec();
        let at = memchr::memmem::find(&appended, from).expect("it stands there");
        appended[at..at + to.len()].copy_from_slice(to);
        appended
    }

    #[test]
    fn whatever_is_wrong_with_an_update_is_found() {
        let bytes = documents::classic_table();
        let file = File::open(&bytes, Limits::default()).unwrap();
        let update = Update::prepare(&file, &request(), 40).unwrap();
        assert_eq!(check(&file, update.appended(), &update), Ok(()));
        let start = update.byte_range().gap().start;
        let signature = update.signature();
        let cases = [
            // The page loses its content, the catalog its pages, the trailer its catalog.
            ("/Contents 6", "/Contentz 6"),
            ("/Pages 2", "/Pages 3"),
            ("/Root 1 0 R", "/Root 2 0 R"),
            // The gap is somewhere else, or a literal string, or not spared.
            ("/Contents <", "/Contents  "),
            (&format!("[0 {start} "), &format!("[0 {} ", start + 1)),
            // The field is empty.
            (&format!("/V {signature} R"), &format!("/W {signature} R")),
            // Cross references that do not lead there, or not back.
            ("00000 n\r\n", "00001 n\r\n"),
            ("00000 n\r\n", "00000 f\r\n"),
            ("/Prev ", "/Prev1"),
            ("%%EOF\n", "%%EOF."),
            ("endobj", "endobx"),
        ];
        for (from, to) in cases {
            let appended = tampered(&update, from, to);
            assert!(check(&file, &appended, &update).is_err(), "{from} became {to}");
        }
        let longer = [update.appended(), b"\n"].concat();
        assert!(check(&file, &longer, &update).is_err());
    }

    #[test]
    fn an_earlier_signature_is_not_defined_anew() {
        let bytes = documents::several_empty_signature_fields();
        let file = File::open(&bytes, Limits::default()).unwrap();
        let party_a = Request { field: FieldChoice::Existing { name: "party_a" }, ..request() };
        let first = Update::prepare(&file, &party_a, 40).unwrap();
        let once = [&bytes, first.appended()].concat();
        let once = File::open(&once, Limits::default()).unwrap();
        let party_b = Request { field: FieldChoice::Existing { name: "party_b" }, ..request() };
        let second = Update::prepare(&once, &party_b, 40).unwrap();
        assert_eq!(check(&once, second.appended(), &second), Ok(()));

        // As if party b's update had written party a's field, or her signature, again.
        let latest = once.latest();
        let field = latest.get(first.field()).unwrap().unwrap().object.value;
        let signature = latest.get(first.signature()).unwrap().unwrap().object.value;
        let taken = |object: &Object, key: &[u8]| {
            let kept = object.as_dictionary().unwrap().entries().iter();
            let kept = kept.filter(|entry| entry.key != key).cloned().collect();
            Object::Dictionary(Dictionary::from_entries(kept))
        };
        for (old, key) in [(&field, b"V".as_slice()), (&field, b"Rect"), (&signature, b"Contents")]
        {
            assert_eq!(has_only_grown(&once, old, &taken(old, key)), Ok(false));
            assert_eq!(has_only_grown(&once, old, old), Ok(true));
        }
        let other = latest.get(second.field()).unwrap().unwrap().object.value;
        assert_eq!(has_only_grown(&once, &field, &other), Ok(false));
    }
}
