//! From an image and a key to a signed document, for every kind of key.

use sealwright::authorization::Authority;
use sealwright::geometry::Mm;
use sealwright::pki::{Certificate, PrivateKey, SignatureAlgorithm, SignedData};
use sealwright::signing::{LocalSigner, Profile, Seal};
use sealwright_testdata::documents;
use sealwright_testdata::pki::{KeyType, Validity, identity};

use super::*;

const SIGNING_TIME: &str = "1.2.840.113549.1.9.5";
const SIGNING_CERTIFICATE_V2: &str = "1.2.840.113549.1.9.16.2.47";
const ALGORITHM_PROTECTION: &str = "1.2.840.113549.1.9.52";

#[test]
fn every_key_signs_visibly_and_invisibly_in_both_profiles() {
    let face = face();
    let bytes = documents::object_streams();
    let file = open(&bytes);
    for key in KeyType::ALL {
        let signer = signer(key);
        for profile in [Profile::Pades, Profile::Pkcs7] {
            let seal = Seal::on(&file).profile(profile).reason("同意").name("甲方 📝");
            let visible = seal
                .clone()
                .page(-1)
                .at(Mm(130.0), Mm(220.0))
                .face(&face, Authority::AssertedByHost)
                .sign(&signer, now())
                .unwrap();
            let invisible = seal.invisible().sign(&signer, now()).unwrap();
            assert!(visible.placed().is_some() && invisible.placed().is_none());
            for (kind, signed) in [("visible", visible), ("invisible", invisible)] {
                let mut out = Vec::new();
                signed.write_to(&mut out).unwrap();
                assert!(out.starts_with(&bytes));
                let [signature] = &sound_signatures(&out)[..] else { panic!("one signature") };
                check_attributes(signature, profile);
                keep(&format!("{}-{profile:?}-{kind}.pdf", key.name()), &out);
            }
        }
    }
}

fn check_attributes(signature: &Dictionary, profile: Profile) {
    let cms = &signature.get(b"Contents").unwrap().as_string().unwrap().bytes;
    let signed = SignedData::parse(cms, &Limits::default()).unwrap();
    let signer = signed.signer().unwrap();
    assert!(signer.signed_attribute(SIGNING_CERTIFICATE_V2).is_some());
    assert!(signer.signed_attribute(ALGORITHM_PROTECTION).is_some());
    let time = match profile {
        Profile::Pades => None,
        Profile::Pkcs7 => Some(now()),
    };
    assert_eq!(signer.signing_time(), time);
    assert_eq!(signer.signed_attribute(SIGNING_TIME).is_some(), time.is_some());
    let sub_filter: &[u8] = match profile {
        Profile::Pades => b"ETSI.CAdES.detached",
        Profile::Pkcs7 => b"adbe.pkcs7.detached",
    };
    assert_eq!(signature.name(b"SubFilter"), Some(sub_filter));
    let text = |key: &[u8]| signature.get(key).unwrap().as_string().unwrap().bytes.clone();
    assert_eq!(text(b"M"), b"D:20260101080000+08'00'");
    assert_eq!(sealwright::pdf::text_string::decode(&text(b"Name")), "甲方 📝");
    assert_eq!(sealwright::pdf::text_string::decode(&text(b"Reason")), "同意");
    assert!(!signature.contains(b"Cert") && !signature.contains(b"Location"));
}

#[test]
fn rsa_signs_with_pss_on_request() {
    let identity = identity(KeyType::Rsa2048, Validity::around(now()));
    let bytes = documents::classic_table();
    let file = open(&bytes);
    for algorithm in [
        SignatureAlgorithm::RsaPssSha256,
        SignatureAlgorithm::RsaPssSha384,
        SignatureAlgorithm::RsaPssSha512,
        SignatureAlgorithm::RsaPkcs1Sha384,
        SignatureAlgorithm::RsaPkcs1Sha512,
    ] {
        let key = PrivateKey::parse(identity.key_pem().as_bytes()).unwrap();
        let chain = Certificate::chain_from_pem(identity.chain_pem().as_bytes()).unwrap();
        let signer = LocalSigner::with_algorithm(key, chain, algorithm).unwrap();
        let signed = Seal::on(&file).invisible().sign(&signer, now()).unwrap();
        assert_eq!(sound_signatures(&joined(&bytes, signed.appended())).len(), 1);
        keep(&format!("{algorithm:?}.pdf"), &joined(&bytes, signed.appended()));
    }
}

#[test]
fn the_older_forms_of_keys_sign_as_well() {
    let bytes = documents::classic_table();
    let file = open(&bytes);
    for key in [KeyType::Rsa2048, KeyType::P256, KeyType::P384] {
        let chain = identity(key, Validity::around(now())).chain_pem();
        let pem = key.traditional_pem().unwrap();
        let signer = LocalSigner::from_pem(pem.as_bytes(), chain.as_bytes()).unwrap();
        let signed = Seal::on(&file).invisible().sign(&signer, now()).unwrap();
        assert_eq!(sound_signatures(&joined(&bytes, signed.appended())).len(), 1);
    }
}

#[test]
fn a_key_and_the_certificate_of_another_are_refused() {
    let key = identity(KeyType::P256, Validity::around(now())).key_pem();
    let chain = identity(KeyType::P384, Validity::around(now())).chain_pem();
    assert!(LocalSigner::from_pem(key.as_bytes(), chain.as_bytes()).is_err());
}

#[test]
fn deterministic_algorithms_give_the_same_bytes_twice() {
    let bytes = documents::classic_table();
    for key in [KeyType::Rsa2048, KeyType::Ed25519] {
        let signer = signer(key);
        let file = open(&bytes);
        let once = Seal::on(&file).invisible().sign(&signer, now()).unwrap().into_appended();
        let again = open(&bytes);
        let twice = Seal::on(&again).invisible().sign(&signer, now()).unwrap().into_appended();
        assert!(once == twice);
    }
}

#[test]
fn what_is_missing_or_contradicts_itself_is_named() {
    let bytes = documents::classic_table();
    let file = open(&bytes);
    let (face, signer) = (face(), signer(KeyType::P256));
    let word = Authority::AssertedByHost;
    let seal = || Seal::on(&file);
    let cases = [
        (seal(), "sign.nothing_to_show"),
        (seal().face(&face, word.clone()), "sign.no_place"),
        (seal().face(&face, word.clone()).page(1), "sign.no_place"),
        (seal().face(&face, word.clone()).at(Mm(1.0), Mm(1.0)), "sign.no_place"),
        (seal().invisible().page(1), "sign.invisible_with_face"),
        (seal().invisible().face(&face, word.clone()), "sign.invisible_with_face"),
        (seal().face(&face, word.clone()).page(0).at(Mm(1.0), Mm(1.0)), "ctl.page_out_of_range"),
        (seal().face(&face, word.clone()).page(9).at(Mm(1.0), Mm(1.0)), "ctl.page_out_of_range"),
        (seal().face(&face, word).page(1).at(Mm(190.0), Mm(1.0)), "ctl.rect_out_of_page"),
        (seal().invisible().field("a.b"), "sign.field_name"),
        (seal().invisible().field("a\0b"), "sign.field_name"),
        (seal().invisible().reason("a\0b"), "sign.text"),
    ];
    for (seal, code) in cases {
        assert_eq!(seal.sign(&signer, now()).unwrap_err().code(), code);
    }
}
