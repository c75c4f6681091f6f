//! The PAdES level of a signature (EN 319 142-1, 6.3), by what is there of and for it.

mod judging_support;

use judging_support::{CATALOG, Draft, now};
use sealwright::limits::Limits;
use sealwright::report::{Level, Report};
use sealwright::verification::{CheckOptions, check};
use sealwright_testdata::appended::{append_table_update, last_size};
use sealwright_testdata::pdf::stream_body;
use sealwright_testdata::pki::{Identity, KeyType, Purposes, Validity, responder, time_stamping};
use sealwright_testdata::revocation::Authority::{Impostor, Intermediate, Root};
use sealwright_testdata::revocation::{Status, extension, list, response, response_of};
use sealwright_testdata::tsa::Tsa;

fn validity() -> Validity {
    Validity::around(now())
}

fn tsa() -> Tsa {
    Tsa::new(KeyType::P256, validity())
}

/// Who is certified to stamp, as [`tsa`] is.
fn stamper() -> Identity {
    time_stamping(KeyType::P256, Purposes::TimeStampingAlone, validity())
}

/// A document with one signature that carries a time-stamp.
fn stamped() -> Draft {
    let mut draft = Draft::new(KeyType::P256);
    draft.stamper = Some(tsa());
    draft.sign("a");
    draft
}

/// What a store holds.
#[derive(Default)]
struct Store {
    certificates: Vec<Vec<u8>>,
    responses: Vec<Vec<u8>>,
    lists: Vec<Vec<u8>>,
}

impl Store {
    fn of(responses: &[Vec<u8>], lists: &[Vec<u8>]) -> Self {
        Self { responses: responses.to_vec(), lists: lists.to_vec(), ..Self::default() }
    }

    /// The document with this store in a later revision.
    fn under(&self, draft: &Draft) -> Draft {
        let store = last_size(&draft.bytes);
        let mut objects = vec![(
            CATALOG,
            format!("<< /Type /Catalog /Pages 2 0 R /AcroForm 5 0 R /DSS {store} 0 R >>").into(),
        )];
        let mut entries = String::new();
        let mut number = store;
        for (key, all) in
            [("Certs", &self.certificates), ("OCSPs", &self.responses), ("CRLs", &self.lists)]
        {
            entries += &format!("/{key} [");
            for der in all {
                number += 1;
                entries += &format!("{number} 0 R ");
                objects.push((number, stream_body("", der)));
            }
            entries += "] ";
        }
        objects.push((store, format!("<< /Type /DSS {entries} >>").into_bytes()));
        let objects: Vec<(u32, u16, &[u8])> =
            objects.iter().map(|(number, body)| (*number, 0, body.as_slice())).collect();
        let mut draft = draft.clone();
        draft.bytes = append_table_update(&draft.bytes, &objects, "");
        draft
    }
}

fn level(report: &Report) -> Level {
    assert!(report.conclusion.is_passed(), "{report}");
    report.signatures[0].level
}

/// The level that a store gives to a document with one time-stamped signature.
fn level_with(responses: &[Vec<u8>], lists: &[Vec<u8>]) -> Level {
    level(&Store::of(responses, lists).under(&stamped()).judge())
}

#[test]
fn the_four_levels_in_their_order() {
    let mut draft = Draft::new(KeyType::P256);
    assert_eq!(level(&draft.sign("a").judge()), Level::B);
    let draft = stamped();
    assert_eq!(level(&draft.judge()), Level::T);
    let id = &draft.identity;
    let lists = [list(Intermediate, id, &[]), list(Root, id, &[])];
    let mut draft = Store::of(&[], &lists).under(&draft);
    assert_eq!(level(&draft.judge()), Level::Lt);
    draft.stamp(&tsa());
    assert_eq!(level(&draft.judge()), Level::Lta);
}

#[test]
fn a_stamp_from_before_the_store_archives_nothing() {
    let mut draft = stamped();
    draft.stamp(&tsa());
    let id = &draft.identity;
    let lists = [list(Intermediate, id, &[]), list(Root, id, &[])];
    let draft = Store::of(&[], &lists).under(&draft);
    assert_eq!(level(&draft.judge()), Level::Lt);
}

#[test]
fn responses_and_lists_may_stand_for_one_another() {
    let draft = stamped();
    let (id, root) = (&draft.identity, [list(Root, &draft.identity, &[])]);
    let good = response(Intermediate, id, Status::Good);
    let stamper = response(Intermediate, &stamper(), Status::Good);
    assert_eq!(level_with(&[good.clone(), stamper.clone()], &root), Level::Lt);
    // What it says is another question.
    let revoked = response(Intermediate, id, Status::Revoked);
    assert_eq!(level_with(&[revoked, stamper.clone()], &root), Level::Lt);
    let delegated = response_of(&responder(true, validity()), id, Status::Good);
    assert_eq!(level_with(&[delegated, stamper.clone()], &root), Level::Lt);

    assert_eq!(level_with(std::slice::from_ref(&good), &root), Level::T, "the stamper");
    assert_eq!(level_with(std::slice::from_ref(&stamper), &root), Level::T, "the signer");
    assert_eq!(level_with(&[good, stamper], &[]), Level::T, "the authority of both");
}

#[test]
fn whose_data_it_is_and_whom_it_is_about_counts() {
    let draft = stamped();
    let id = &draft.identity;
    let stamper = response(Intermediate, &stamper(), Status::Good);
    let root = [list(Root, id, &[])];
    let refused = [
        ("about nobody", response(Intermediate, id, Status::Unknown)),
        ("of another key", response(Impostor, id, Status::Good)),
        ("of one not certified", response_of(&responder(false, validity()), id, Status::Good)),
        ("of no response", vec![0x30, 0x03, 0x0A, 0x01, 0x01]),
        ("of no DER", b"whatever".to_vec()),
    ];
    for (what, one) in refused {
        assert_eq!(level_with(&[one, stamper.clone()], &root), Level::T, "{what}");
    }
    let delta = extension(27, true, &[2, 1, 1]);
    let point = |flag: u8| extension(28, true, &[0x30, 3, flag, 1, 0xFF]);
    let refused = [
        ("of another issuer", list(Root, id, &[])),
        ("of another key", list(Impostor, id, &[])),
        ("of changes", list(Intermediate, id, &[&delta])),
        ("of authorities", list(Intermediate, id, &[&point(0x82)])),
        ("for some reasons", list(Intermediate, id, &[&point(0x83)])),
        ("with something unknown", list(Intermediate, id, &[&extension(99, true, &[5, 0])])),
        ("of no DER", b"whatever".to_vec()),
    ];
    for (what, one) in refused {
        assert_eq!(level_with(&[], &[one, root[0].clone()]), Level::T, "{what}");
    }
    for extension in [point(0x81), extension(20, false, &[2, 1, 1])] {
        let one = list(Intermediate, id, &[&extension]);
        assert_eq!(level_with(&[], &[one, root[0].clone()]), Level::Lt);
    }
}

#[test]
fn certificates_lead_to_a_root_or_to_whom_the_host_trusts() {
    let draft = stamped();
    let id = &draft.identity;
    let lists = [list(Intermediate, id, &[]), list(Root, id, &[])];
    let judged = |store: &Store, limits: Limits| {
        let options = CheckOptions::without_trust().limits(limits);
        level(&check(&store.under(&draft).bytes, &options).unwrap())
    };
    let mut store = Store::of(&[], &lists);
    assert_eq!(judged(&store, Limits::default()), Level::T, "the root is nowhere");
    store.certificates.push(id.root_der.clone());
    assert_eq!(judged(&store, Limits::default()), Level::Lt);
    // Nothing is shown without work.
    assert_eq!(judged(&store, Limits { path_steps: 0, ..Limits::default() }), Level::T);
}
