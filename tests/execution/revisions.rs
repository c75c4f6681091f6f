//! After the prepared revision a signer's revision holds his signature value, his fields, and what is
//! new and shown in them; of the first signer who certifies also the catalog's `/Perms`. Object by
//! object, as the reader finds them.

use std::collections::BTreeSet;

use sealwright::execution::Certifier;
use sealwright::limits::Limits;
use sealwright::pdf::{Dictionary, File, Object, ObjectId, Revision};
use sealwright_testdata::documents;
use sealwright_testdata::pki::KeyType;

use crate::cast::{Cast, Staging, by_hand, document_id, field_names, key, slot, usual_controls};

/// What was met in one revision.
#[derive(Debug, Default, PartialEq)]
struct Met {
    values: usize,
    fields: BTreeSet<String>,
    shown: usize,
    perms: bool,
}

/// Sorts every object of a revision, or says which one has no business there.
fn met(before: Revision<'_>, revision: Revision<'_>, own: &BTreeSet<String>) -> Met {
    let mut met = Met::default();
    let catalog = revision.catalog_id().unwrap();
    let fields = revision.fields().unwrap();
    let mut shown = BTreeSet::new();
    for field in fields.iter().filter(|field| own.contains(&field.name)) {
        let reached = field.dictionary.get(b"AP").into_iter();
        reached.for_each(|looks| reach(revision, looks, &mut shown));
    }
    for id in written(revision) {
        let new = revision.get(id).unwrap().unwrap().object.value;
        let old = before.get(id).unwrap().map(|old| old.object.value);
        let field = fields.iter().find(|field| field.id == id);
        match (old, field) {
            (Some(old), Some(field)) => {
                assert!(own.contains(&field.name), "{id}: the field {} is not his", field.name);
                // A text shown in his font needs nothing but these.
                changed_only(&old, &new, &[b"V", b"AP"], id);
                met.fields.insert(field.name.clone());
            }
            (Some(old), None) if id == catalog => {
                changed_only(&old, &new, &[b"Perms"], id);
                met.perms = true;
            }
            (Some(_), None) => panic!("{id} was there before, and is no field of his"),
            (None, Some(field)) => panic!("{id}: the field {} is new", field.name),
            (None, None) if is_signature(&new) => {
                let holds = |field: &&sealwright::pdf::Field| {
                    field.value.as_ref().and_then(Object::as_reference) == Some(id)
                };
                let mut holding = fields.iter().filter(holds).peekable();
                assert!(holding.peek().is_some(), "{id}: a signature in no field");
                holding.for_each(|field| assert!(own.contains(&field.name), "{id}"));
                met.values += 1;
            }
            (None, None) => {
                assert!(shown.contains(&id), "{id} is shown in no field of his: {new:?}");
                met.shown += 1;
            }
        }
    }
    met
}

/// The objects that the revision's own sections place, but for the sections themselves.
fn written(revision: Revision<'_>) -> BTreeSet<ObjectId> {
    let sections = revision.own_sections();
    let tables: Vec<_> = sections.iter().filter_map(|section| section.stream_id()).collect();
    let source = revision.file().source();
    let numbers = sections.iter().flat_map(|section| section.entries(source).unwrap());
    let ids = numbers.map(|(number, _)| ObjectId::new(number, 0));
    ids.filter(|id| id.number != 0 && !tables.contains(id)).collect()
}

fn is_signature(object: &Object) -> bool {
    object.as_dictionary().is_some_and(|dictionary| dictionary.contains(b"ByteRange"))
}

fn reach(revision: Revision<'_>, from: &Object, met: &mut BTreeSet<ObjectId>) {
    from.for_each_reference(&mut |id| {
        if met.insert(id)
            && let Some(found) = revision.get(id).unwrap()
        {
            reach(revision, &found.object.value, met);
        }
    });
}

/// Keys with other values, or with none.
fn changed_only(old: &Object, new: &Object, allowed: &[&[u8]], id: ObjectId) {
    let (old, new) = (old.as_dictionary().unwrap(), new.as_dictionary().unwrap());
    let keys = |dictionary: &Dictionary| -> BTreeSet<Vec<u8>> {
        dictionary.iter().map(|(key, _)| key.to_vec()).collect()
    };
    for key in keys(old).union(&keys(new)).filter(|key| !allowed.contains(&key.as_slice())) {
        let name = String::from_utf8_lossy(key);
        assert_eq!(old.get(key), new.get(key), "{id}: /{name} is another");
    }
}

/// The names of the fields that a party's controls stand in.
fn own_fields(cast: &Cast, number: usize) -> BTreeSet<String> {
    let slot = slot(number);
    cast.contract.sign_controls_of(&slot).flat_map(field_names).collect()
}

/// Two parties, of whom the second signs by hand and gives an opinion too.
fn staged(bytes: &[u8]) -> Cast {
    let controls = usual_controls(2).into_iter().chain(by_hand("slot_1")).collect();
    Cast::staged(Staging::of(2, controls).on("doc_1", bytes)).unwrap()
}

fn only_his_own(mut cast: Cast, certifier: Certifier<'_>) {
    let perms = matches!(certifier, Certifier::FirstSigner);
    cast.start(certifier);
    for number in 0..2 {
        let before = cast.bytes[&document_id()].clone();
        cast.sign(number).unwrap();
        let bytes = &cast.bytes[&document_id()];
        let file = File::open(bytes.as_slice(), Limits::default()).unwrap();
        let older = File::open(before.as_slice(), Limits::default()).unwrap();
        assert_eq!(file.revision_count(), older.revision_count() + 1);
        let own = own_fields(&cast, number);
        let met = met(older.latest(), file.latest(), &own);
        assert_eq!(met.fields, own, "each of his fields is filled");
        assert_eq!(met.values, 1);
        assert!(met.shown > 0);
        assert_eq!(met.perms, perms && number == 0);
    }
}

#[test]
fn a_signers_revision_holds_only_his_own() {
    only_his_own(staged(sealwright_testdata::contract::PDF), Certifier::FirstSigner);
    only_his_own(staged(sealwright_testdata::contract::PDF), Certifier::Nobody);
    let platform = key(KeyType::P256);
    only_his_own(staged(sealwright_testdata::contract::PDF), Certifier::Platform(&platform));
}

#[test]
fn a_signers_revision_holds_only_his_own_in_every_kind_of_document() {
    for bytes in [
        documents::tagged(),
        documents::pdf_a_2b(),
        documents::pdf_a_2a(),
        documents::xref_stream(),
        documents::object_streams(),
        documents::form_direct_in_catalog(),
    ] {
        only_his_own(staged(&bytes), Certifier::FirstSigner);
    }
}
