//! Fifty parties, each with an ordinary seal, in an order and in none.

use sealwright::contract::{Order, Phase, Progress};
use sealwright::execution::Certifier;
use sealwright::report::{Conclusion, ModificationLevel};
use sealwright_testdata::pki::KeyType;

use crate::cast::{Cast, Staging, ordinary_seals};

const PARTIES: usize = 50;

/// Keys of one type: what is tried here is how many there are.
fn fifty(order: Order) -> Cast {
    let staging = Staging::of(PARTIES, ordinary_seals(PARTIES));
    let mut staging = staging.on("doc_1", sealwright_testdata::contract::PDF).keys(KeyType::P256);
    staging.settings.order = order;
    Cast::staged(staging).unwrap()
}

fn all_hold(cast: &Cast, signed: usize) {
    let report = cast.report();
    assert_eq!(report.conclusion, Conclusion::Passed, "{report}");
    assert_eq!(report.signatures.len(), signed);
    for signature in &report.signatures {
        assert!(signature.modification.level <= ModificationLevel::Form, "{report}");
        assert_eq!(signature.faces.len(), 1);
    }
    assert_eq!(report.signatures[0].permissions.docmdp, Some(2));
}

#[test]
fn fifty_parties_sign_one_after_the_other() {
    let mut cast = fifty(Order::Sequential);
    cast.start(Certifier::FirstSigner);
    for number in 0..PARTIES {
        if number % 10 == 7 {
            // Whose turn it is not, is refused, and nothing of it stays.
            let refused = cast.sign(number + 1).unwrap_err();
            assert_eq!(refused.code(), "con.not_your_turn");
        }
        cast.sign(number).unwrap();
        if number % 10 == 9 {
            all_hold(&cast, number + 1);
        }
    }
    assert_eq!(cast.contract.phase(), Phase::Completed);
}

#[test]
fn fifty_parties_sign_in_no_order() {
    let mut cast = fifty(Order::Parallel);
    cast.start(Certifier::FirstSigner);
    // Every one once, neighbours far apart.
    for step in 0..PARTIES {
        assert_ne!(cast.contract.phase(), Phase::Completed);
        cast.sign((7 + step * 23) % PARTIES).unwrap();
        if step % 10 == 9 {
            all_hold(&cast, step + 1);
        }
        if step == 0 {
            assert_eq!(cast.contract.phase(), Phase::Signing(Progress::Partial));
        }
    }
    assert_eq!(cast.contract.phase(), Phase::Completed);
    // Who has signed does not sign again.
    assert!(cast.sign(7).is_err());
}
