//! What is refused, and that nothing has changed then.

use sealwright::contract::{self, Phase, Progress};
use sealwright::execution::{self, Certifier, Documents, Error};
use sealwright::identity::PersonId;
use sealwright::organization::By;
use sealwright::signing::{
    Signer, SignerAnswer, SignerDescription, SignerError, SignerFault, ToBeSigned,
};

use crate::cast::{Cast, document_id};

/// Nobody certifies.
const NOBODY: Certifier<'_> = Certifier::Nobody;

fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> &'static str {
    result.unwrap_err().code()
}

/// A refused signing leaves everything as it was.
fn refused(cast: &mut Cast, number: usize) -> &'static str {
    let (contract, bytes) = (cast.contract.clone(), cast.bytes.clone());
    let code = code(cast.sign(number));
    assert!(cast.contract == contract && cast.bytes == bytes, "nothing has changed");
    code
}

#[test]
fn r_sign_06_who_is_not_in_turn_is_refused_and_no_byte_changes() {
    let mut cast = Cast::of(2);
    cast.start(Certifier::FirstSigner);
    assert_eq!(refused(&mut cast, 1), "con.not_your_turn");
    cast.sign(0).unwrap();
    assert_eq!(refused(&mut cast, 0), "con.already_acted");
}

#[test]
fn r_sign_12_a_revoked_grant_is_refused_and_no_byte_changes() {
    let mut cast = Cast::of(2);
    cast.start(Certifier::FirstSigner);
    cast.sign(0).unwrap();
    cast.revoke(1);
    assert_eq!(refused(&mut cast, 1), "grant.revoked");
    assert_eq!(cast.contract.phase(), Phase::Signing(Progress::Partial));
}

#[test]
fn r_sign_13_other_bytes_are_refused() {
    let mut cast = Cast::of(2);
    cast.start(Certifier::FirstSigner);
    let honest = cast.bytes[&document_id()].clone();
    cast.bytes.get_mut(&document_id()).unwrap().extend_from_slice(b"%\n");
    assert_eq!(refused(&mut cast, 0), "doc.hash_mismatch");
    cast.bytes.insert(document_id(), honest);
    cast.sign(0).unwrap();
}

#[test]
fn documents_that_were_not_given_are_missing() {
    let cast = Cast::of(2);
    let host: PersonId = "platform".parse().unwrap();
    let (means, by) = (cast.means(), By::Host(&host));
    let none = Documents::new();
    assert_eq!(
        code(execution::start(&cast.contract, &none, &means, NOBODY, &by, cast.now)),
        "doc.missing"
    );
}

#[test]
fn a_contract_is_started_once_and_by_the_host_alone() {
    let mut cast = Cast::of(2);
    let host: PersonId = "platform".parse().unwrap();
    let stranger = cast.sides[1].by();
    let start = |cast: &Cast, by: &By<'_>| {
        let means = cast.means();
        execution::start(&cast.contract, &cast.documents(), &means, NOBODY, by, cast.now)
    };
    assert_eq!(code(start(&cast, &stranger)), "emp.no_permission");
    cast.start(Certifier::FirstSigner);
    assert_eq!(code(start(&cast, &By::Host(&host))), "con.illegal_transition");
    cast.sign(0).unwrap();
    assert_eq!(code(start(&cast, &By::Host(&host))), "con.illegal_transition");
}

#[test]
fn a_seal_whose_face_is_not_at_hand_or_another_one_is_not_drawn() {
    let mut cast = Cast::of(2);
    cast.start(Certifier::FirstSigner);
    let documents = cast.documents();
    let missing = cast.signing(0, |signing| {
        let (key, means) = (&cast.sides[0].key, cast.means());
        let signing = execution::Signing { faces: &|_, _| None, ..signing.clone() };
        execution::apply(&cast.contract, &documents, &signing, &means, key, cast.now)
    });
    assert_eq!(code(missing), "seal.not_found");
    drop(documents);
    cast.sides[0].face = cast.sides[1].face.clone();
    assert_eq!(refused(&mut cast, 0), "sign.face_not_permitted");
}

/// A key that does what it is told.
struct Stubborn {
    description: SignerDescription,
    answer: fn(&ToBeSigned) -> Result<SignerAnswer, SignerError>,
}

impl Signer for Stubborn {
    fn description(&self) -> &SignerDescription {
        &self.description
    }

    fn sign(&self, to_be_signed: &ToBeSigned) -> Result<SignerAnswer, SignerError> {
        (self.answer)(to_be_signed)
    }
}

#[test]
fn r_sign_13_a_key_that_declines_or_lies_leaves_nothing_behind() {
    let mut cast = Cast::of(2);
    cast.start(Certifier::FirstSigner);
    let documents = cast.documents();
    let sign = |answer| {
        let description = cast.sides[0].key.description().clone();
        let key = Stubborn { description, answer };
        cast.signing(0, |signing| {
            execution::apply(&cast.contract, &documents, signing, &cast.means(), &key, cast.now)
        })
    };
    let declined = sign(|_| Err(SignerError::new(SignerFault::Declined)));
    assert_eq!(code(declined), "sign.backend");
    let lied = sign(|it| Ok(SignerAnswer::Signature(it.digest().as_bytes().to_vec())));
    assert!(lied.is_err(), "a wrong signature is found before it is kept");
}

#[test]
fn values_that_cannot_be_drawn_are_told_all_at_once_and_nothing_is_prepared() {
    use sealwright::contract::{Absolute, ControlKind, Input, Point, TextStyle};
    use sealwright::geometry::{Mm, PageIndex};
    let place = |y: f64| Absolute::new(PageIndex::FIRST, Point::at(Mm(20.0), Mm(y)).unwrap());
    let text = |id: &str, y: f64, value: &str| {
        let kind = ControlKind::Text(TextStyle::default());
        let key = contract::ControlKey::new(document_id(), id.parse().unwrap());
        let control = contract::Control::new(key, kind, contract::Owner::Initiator, place(y));
        control.filled(&Input::text(value)).unwrap()
    };
    let mut controls = crate::cast::usual_controls(2);
    controls.extend([
        text("rare", 30.0, "龘"),
        text("rarer", 60.0, "靐"),
        text("fine", 90.0, "甲方"),
    ]);
    let pdf = sealwright_testdata::contract::PDF;
    let cast = Cast::with(2, controls, pdf, |_| {});
    let host: PersonId = "platform".parse().unwrap();
    let (means, by) = (cast.means(), By::Host(&host));
    let started =
        execution::start(&cast.contract, &cast.documents(), &means, NOBODY, &by, cast.now)
            .unwrap_err();
    let Error::Update { source, .. } = &started else { panic!("{started}") };
    let sealwright::update::Error::Values { problems } = &**source else { panic!("{started}") };
    assert_eq!(problems.len(), 2, "{problems:?}");
}
