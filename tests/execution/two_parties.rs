//! Several parties, each with a seal, a cross-page seal and a date, one after the other.

use sealwright::contract::{Phase, Progress};
use sealwright::execution::Certifier;
use sealwright::report::{Conclusion, ModificationLevel};
use sealwright_testdata::pki::KeyType;

use crate::cast::{Cast, by_hand, key, look, usual_controls};

/// Every signature passes, shows what was permitted, and later ones fill forms only.
fn everything_holds(cast: &Cast, parties: usize, platform: usize) {
    let report = cast.report();
    assert_eq!(report.conclusion, Conclusion::Passed, "{report}");
    assert_eq!(report.signatures.len(), parties + platform, "{report}");
    for signature in &report.signatures {
        assert!(signature.modification.level <= ModificationLevel::Form, "{report}");
    }
    let sealed = &report.signatures[platform..];
    for (signature, side) in sealed.iter().zip(&cast.sides) {
        // The contract has no end of line at its end, and got one with the first update.
        let stated = signature.authority.as_ref().and_then(|authority| authority.document.as_ref());
        assert_eq!(stated.and_then(|document| document.issued_revision), Some(1), "{report}");
        let face = side.face.face_digest().to_string();
        let shown = &signature.faces;
        assert_eq!(shown.len(), 4, "one seal and three slices");
        assert!(shown.iter().all(|it| it.digest == face));
        assert_eq!(shown.iter().filter(|it| it.part).count(), 3);
    }
}

#[test]
fn two_parties_sign_with_cross_page_seals_and_every_signature_holds_after_every_step() {
    let mut cast = Cast::of(2);
    cast.start(Certifier::FirstSigner);
    assert_eq!(cast.report().conclusion, Conclusion::Unsigned);
    cast.sign(0).unwrap();
    assert_eq!(cast.contract.phase(), Phase::Signing(Progress::Partial));
    everything_holds(&cast, 1, 0);
    cast.sign(1).unwrap();
    assert_eq!(cast.contract.phase(), Phase::Completed);
    everything_holds(&cast, 2, 0);
    assert_eq!(cast.report().signatures[0].permissions.docmdp, Some(2));
}

#[test]
fn the_platform_certifies_what_it_prepared_and_is_no_party() {
    let platform = key(KeyType::P256);
    let mut cast = Cast::of(2);
    cast.start(Certifier::Platform(&platform));
    let report = cast.report();
    assert_eq!(report.conclusion, Conclusion::Passed, "{report}");
    assert_eq!(report.signatures[0].permissions.docmdp, Some(2));
    for number in 0..2 {
        cast.sign(number).unwrap();
        everything_holds(&cast, number + 1, 1);
    }
}

#[test]
fn five_parties_with_cross_page_seals() {
    let mut cast = Cast::of(5);
    cast.start(Certifier::FirstSigner);
    for number in 0..5 {
        cast.sign(number).unwrap();
        everything_holds(&cast, number + 1, 0);
    }
    assert_eq!(cast.contract.phase(), Phase::Completed);
}

#[test]
fn a_signature_by_hand_and_an_opinion_stand_beside_the_seal() {
    let controls = usual_controls(2).into_iter().chain(by_hand("slot_1")).collect();
    let pdf = sealwright_testdata::contract::PDF;
    let mut cast = Cast::with(2, controls, pdf, |_| {});
    cast.start(Certifier::FirstSigner);
    cast.sign(0).unwrap();
    cast.sign(1).unwrap();
    everything_holds(&cast, 2, 0);
    assert_eq!(cast.contract.phase(), Phase::Completed);
    look(&cast);
}
