//! Objects of a document, as text that can be changed and appended again.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sealwright::pdf::{Dictionary, Entry, File, Object, ObjectId, Revision};

/// The bodies of all objects of a revision, by their numbers.
pub fn bodies(revision: &Revision<'_>) -> BTreeMap<u32, Vec<u8>> {
    let size = revision.trailer().unwrap().integer(b"Size").unwrap();
    let mut bodies = BTreeMap::new();
    for number in 1..u32::try_from(size).unwrap() {
        let generation = match revision.entry(number).unwrap() {
            Some(Entry::InUse { generation, .. }) => generation,
            Some(Entry::Compressed { .. }) => 0,
            _ => continue,
        };
        let id = ObjectId::new(number, generation);
        let Some(found) = revision.get(id).unwrap() else { continue };
        // Containers would be taken for what they hold.
        let is_container =
            found.object.value.as_dictionary().is_some_and(|dictionary| {
                dictionary.is_type(b"ObjStm") || dictionary.is_type(b"XRef")
            });
        if !is_container {
            bodies.insert(number, body(revision, &found.object.value));
        }
    }
    bodies
}

/// What a later revision defines anew, against an earlier one of the same file.
pub fn redefined(later: &File<'_>, earlier: &File<'_>) -> BTreeMap<u32, Vec<u8>> {
    let before = bodies(&earlier.latest());
    let after = bodies(&later.latest());
    after.into_iter().filter(|(number, body)| before.get(number) != Some(body)).collect()
}

fn body(revision: &Revision<'_>, object: &Object) -> Vec<u8> {
    let mut text = String::new();
    match object {
        Object::Stream(stream) => {
            let data = revision.raw(stream).unwrap().into_owned();
            let mut bytes = Vec::new();
            dictionary(&stream.dictionary, &mut text);
            bytes.extend(direct_length(&text, data.len()).into_bytes());
            bytes.extend(b"\nstream\n");
            bytes.extend(data);
            bytes.extend(b"\nendstream");
            bytes
        }
        other => {
            value(other, &mut text);
            text.into_bytes()
        }
    }
}

/// A length may be an object of its own; here it is not.
fn direct_length(dictionary: &str, length: usize) -> String {
    let start = dictionary.find("/Length ").map(|at| at + "/Length ".len()).unwrap();
    let rest = &dictionary[start..];
    let end = rest.find(" /").or_else(|| rest.find(" >>")).unwrap();
    format!("{}{length}{}", &dictionary[..start], &rest[end..])
}

fn dictionary(dictionary: &Dictionary, text: &mut String) {
    text.push_str("<<");
    for (key, one) in dictionary.iter() {
        text.push(' ');
        name(key, text);
        text.push(' ');
        value(one, text);
    }
    text.push_str(" >>");
}

fn name(bytes: &[u8], text: &mut String) {
    text.push('/');
    for byte in bytes {
        if byte.is_ascii_alphanumeric() || b"_-+.".contains(byte) {
            text.push(char::from(*byte));
        } else {
            write!(text, "#{byte:02X}").unwrap();
        }
    }
}

fn value(object: &Object, text: &mut String) {
    match object {
        Object::Null => text.push_str("null"),
        Object::Boolean(it) => write!(text, "{it}").unwrap(),
        Object::Integer(it) => write!(text, "{it}").unwrap(),
        Object::Real(it) => write!(text, "{it:?}").unwrap(),
        Object::Name(it) => name(it, text),
        Object::String(it) => {
            text.push('<');
            it.bytes.iter().for_each(|byte| write!(text, "{byte:02X}").unwrap());
            text.push('>');
        }
        Object::Array(items) => {
            text.push('[');
            for item in items {
                text.push(' ');
                value(&item.value, text);
            }
            text.push_str(" ]");
        }
        Object::Dictionary(it) => dictionary(it, text),
        Object::Stream(_) => unreachable!("streams are indirect"),
        Object::Reference(id) => write!(text, "{} {} R", id.number, id.generation).unwrap(),
    }
}
