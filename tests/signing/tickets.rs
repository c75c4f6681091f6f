//! Signatures that come later, from elsewhere, or larger than announced.

use std::cell::Cell;

use sealwright::authorization::Authority;
use sealwright::digest::hmac_sha256;
use sealwright::geometry::Mm;
use sealwright::pki::{Certificate, PrivateKey, SignatureProfile, SignedDataBuilder};
use sealwright::signing::{
    Finish, Profile, Seal, Signer, SignerAnswer, SignerDescription, SignerError, Ticket, TicketKey,
    ToBeSigned,
};
use sealwright_testdata::documents;
use time::Duration;

use super::*;

fn key() -> TicketKey {
    TicketKey::new(&[7; 32]).unwrap()
}

/// A service that answers with a CMS that carries more certificates than it had announced, so many
/// more each time.
struct Liar {
    announced: SignerDescription,
    extra: Vec<Certificate>,
    asked: Cell<usize>,
    again: bool,
    growing: bool,
}

impl Liar {
    fn new(again: bool) -> Self {
        let own = identity(KeyType::P256, Validity::around(now()));
        let chain = Certificate::chain_from_pem(own.chain_pem().as_bytes()).unwrap();
        let announced = SignerDescription::new(
            chain[..1].to_vec(),
            sealwright::pki::SignatureAlgorithm::EcdsaSha256,
        );
        let extra = (1..=24)
            .map(|day| {
                let other = identity(KeyType::P256, Validity::around(now() + Duration::days(day)));
                Certificate::from_der(&other.certificate_der).unwrap()
            })
            .collect();
        let announced = announced.unwrap();
        Self { announced, extra, asked: Cell::new(0), again, growing: false }
    }
}

impl Signer for Liar {
    fn description(&self) -> &SignerDescription {
        &self.announced
    }

    fn sign(&self, asked: &ToBeSigned) -> Result<SignerAnswer, SignerError> {
        self.asked.set(self.asked.get() + 1);
        let own = identity(KeyType::P256, Validity::around(now()));
        let key = PrivateKey::parse(own.key_pem().as_bytes()).unwrap();
        let copies = if self.growing { self.asked.get() * 8 } else { self.extra.len() };
        let chain: Vec<_> = self
            .announced
            .certificates()
            .iter()
            .chain(self.extra.iter().take(copies))
            .cloned()
            .collect();
        let builder =
            SignedDataBuilder::new(&chain, asked.algorithm(), SignatureProfile::Cades).unwrap();
        let attributes = builder.signed_attributes(asked.document_digest()).unwrap();
        let value = key.sign(asked.algorithm(), attributes.as_der()).unwrap();
        Ok(SignerAnswer::Cms(attributes.finish(&value)))
    }

    fn may_sign_again(&self) -> bool {
        self.again
    }
}

#[test]
fn a_signer_that_lies_about_its_size_is_asked_again_with_the_room_it_needs() {
    let face = face();
    for bytes in [documents::classic_table(), documents::object_streams(), documents::hybrid()] {
        let file = open(&bytes);
        let liar = Liar::new(true);
        let signed = Seal::on(&file)
            .page(1)
            .at(Mm(20.0), Mm(20.0))
            .face(&face, Authority::AssertedByHost)
            .sign(&liar, now())
            .unwrap();
        assert_eq!(liar.asked.get(), 2);
        let out = joined(&bytes, signed.appended());
        assert_eq!(sound_signatures(&out).len(), 1);
    }
}

#[test]
fn a_signer_that_may_not_be_asked_again_is_not() {
    let bytes = documents::classic_table();
    let file = open(&bytes);
    let liar = Liar::new(false);
    let error = Seal::on(&file).invisible().sign(&liar, now()).unwrap_err();
    assert_eq!(liar.asked.get(), 1);
    let sealwright::signing::Error::DoesNotFit { needed, reserved } = error else {
        panic!("{error}")
    };
    assert!(needed > reserved);
    // Having said how much it needs, it is asked once.
    let honest = Liar { announced: liar.announced.clone().maximum_cms_bytes(needed), ..liar };
    assert!(Seal::on(&file).invisible().sign(&honest, now()).is_ok());
    assert_eq!(honest.asked.get(), 2);
}

#[test]
fn a_signer_that_needs_more_each_time_is_given_up() {
    let bytes = documents::classic_table();
    let file = open(&bytes);
    let liar = Liar { growing: true, ..Liar::new(true) };
    let error = Seal::on(&file).invisible().sign(&liar, now()).unwrap_err();
    assert_eq!(error.code(), "sign.does_not_fit");
    assert_eq!(liar.asked.get(), 3);
}

#[test]
fn a_signature_that_does_not_fit_gets_a_fresh_ticket_in_another_process() {
    let bytes = documents::xref_stream();
    let (key, liar) = (key(), Liar::new(false));
    let expires = now() + Duration::days(3);
    let (old_ticket, old_request) = {
        let file = open(&bytes);
        let awaiting = Seal::on(&file).invisible().prepare(liar.description(), now()).unwrap();
        let awaiting = awaiting.digest().unwrap();
        (awaiting.to_ticket(&key, expires).unwrap(), awaiting.to_be_signed().unwrap())
    };
    let too_large = liar.sign(&old_request).unwrap();

    let (fresh_ticket, fresh_request) = {
        let file = open(&bytes);
        let ticket = Ticket::open(&old_ticket, &key).unwrap();
        assert_eq!(ticket.attempt(), 0);
        let awaiting = ticket.resume(&file, now() + Duration::days(1)).unwrap();
        let Finish::NeedsMore(more) = awaiting.finish(too_large.clone()).unwrap() else {
            panic!("it cannot fit")
        };
        let SignerAnswer::Cms(cms) = &too_large else { panic!() };
        assert_eq!(more.needed(), cms.len());
        assert!(!more.digest().equals(old_request.document_digest().as_bytes()));
        let awaiting = more.into_awaiting();
        (awaiting.to_ticket(&key, expires).unwrap(), awaiting.to_be_signed().unwrap())
    };

    let file = open(&bytes);
    let ticket = Ticket::open(&fresh_ticket, &key).unwrap();
    assert_eq!(ticket.attempt(), 1);
    let awaiting = ticket.resume(&file, now() + Duration::days(2)).unwrap();
    // The signature over the old digest fits nothing any more.
    let error = awaiting.finish(too_large).unwrap_err();
    assert_eq!(error.code(), "sign.does_not_verify");
    // What waits is not lost by it.
    let answer = liar.sign(&fresh_request).unwrap();
    let Finish::Signed(signed) = awaiting.finish(answer).unwrap() else { panic!("it fits now") };
    assert_eq!(sound_signatures(&joined(&bytes, signed.appended())).len(), 1);
}

#[test]
fn every_kind_of_key_and_profile_is_resumed_a_day_later() {
    let face = face();
    let bytes = documents::rotated_pages();
    for kind in KeyType::ALL {
        for profile in [Profile::Pades, Profile::Pkcs7] {
            let device = signer(kind);
            let file = open(&bytes);
            let awaiting = Seal::on(&file)
                .page(2)
                .at(Mm(20.0), Mm(20.0))
                .face(&face, Authority::AssertedByHost)
                .profile(profile)
                .prepare(device.description(), now())
                .unwrap()
                .digest()
                .unwrap();
            let ticket = awaiting.to_ticket(&key(), now() + Duration::days(2)).unwrap();
            let answer = device.sign(&awaiting.to_be_signed().unwrap()).unwrap();
            let placed = *awaiting.update().placed().unwrap();

            let file = open(&bytes);
            let ticket = Ticket::open(&ticket, &key()).unwrap();
            let resumed = ticket.resume(&file, now() + Duration::days(1)).unwrap();
            assert_eq!(resumed.update().placed(), Some(&placed));
            let again = resumed.to_be_signed().unwrap();
            assert_eq!(again.message(), awaiting.to_be_signed().unwrap().message());
            let Finish::Signed(signed) = resumed.finish(answer).unwrap() else { panic!() };
            assert_eq!(sound_signatures(&joined(&bytes, signed.appended())).len(), 1);
        }
    }
}

fn a_ticket(bytes: &Vec<u8>) -> Vec<u8> {
    let device = signer(KeyType::P256);
    let file = open(bytes);
    let awaiting = Seal::on(&file).invisible().prepare(device.description(), now()).unwrap();
    awaiting.digest().unwrap().to_ticket(&key(), now() + Duration::days(2)).unwrap()
}

#[test]
fn a_changed_ticket_is_refused_whatever_was_changed() {
    let bytes = documents::classic_table();
    let ticket = a_ticket(&bytes);
    assert!(Ticket::open(&ticket, &key()).is_ok());
    for at in 0..ticket.len() {
        let mut changed = ticket.clone();
        changed[at] ^= 1;
        assert!(Ticket::open(&changed, &key()).is_err(), "byte {at}");
    }
    for cut in 0..ticket.len() {
        assert!(Ticket::open(&ticket[..cut], &key()).is_err(), "{cut} bytes");
    }
    let other = TicketKey::new(&[8; 32]).unwrap();
    assert_eq!(Ticket::open(&ticket, &other).unwrap_err().code(), "sign.stale_ticket");
    assert_eq!(TicketKey::new(&[7; 31]).unwrap_err().code(), "sign.ticket_key");
}

#[test]
fn a_ticket_of_another_version_says_so_even_with_a_good_seal() {
    let bytes = documents::classic_table();
    let mut ticket = a_ticket(&bytes);
    ticket[9] = 9;
    let body = ticket.len() - 32;
    let mac = hmac_sha256(&[7; 32], &ticket[..body]);
    ticket[body..].copy_from_slice(&mac);
    let error = Ticket::open(&ticket, &key()).unwrap_err();
    assert!(error.to_string().contains("version 9"), "{error}");
}

#[test]
fn a_ticket_holds_for_its_time_and_its_document_only() {
    let bytes = documents::classic_table();
    let ticket = a_ticket(&bytes);
    let resumed = |bytes: &Vec<u8>, days| {
        let file = open(bytes);
        let ticket = Ticket::open(&ticket, &key()).unwrap();
        ticket.resume(&file, now() + Duration::days(days)).err().map(|error| error.to_string())
    };
    assert_eq!(resumed(&bytes, 1), None);
    assert!(resumed(&bytes, 2).unwrap().contains("expired"));
    // One bit in the middle: same length, same structure.
    let mut flipped = bytes.clone();
    let at = flipped.windows(9).position(|window| window == b"Agreement").unwrap();
    flipped[at] ^= 1;
    assert!(resumed(&flipped, 1).unwrap().contains("changed since"));
    // Somebody else signed in between.
    let file = open(&bytes);
    let other = Seal::on(&file).invisible().sign(&signer(KeyType::P256), now()).unwrap();
    let signed = joined(&bytes, other.appended());
    assert!(resumed(&signed, 1).unwrap().contains("changed since"));
}

#[test]
fn nothing_personal_shows_in_debug_or_errors() {
    let bytes = documents::classic_table();
    let file = open(&bytes);
    let device = signer(KeyType::P256);
    let awaiting = Seal::on(&file).invisible().name("王小明").reason("保密");
    let awaiting = awaiting.prepare(device.description(), now()).unwrap().digest().unwrap();
    let ticket = awaiting.to_ticket(&key(), now() + Duration::days(2)).unwrap();
    let ticket = Ticket::open(&ticket, &key()).unwrap();
    let shown =
        format!("{device:?} {awaiting:?} {ticket:?} {:?} {:?}", key(), device.description());
    let subject = device.description().certificates()[0].common_name().unwrap();
    for personal in ["王小明", "保密", &subject] {
        assert!(!shown.contains(personal), "{shown}");
    }
}
