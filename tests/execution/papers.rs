//! What custodians sign of their grants goes into the signatures that rest on them.

use sealwright::execution::Certifier;
use sealwright::pki::TrustAnchors;
use sealwright::report::{Granted, Report};
use sealwright::signing::{LocalSigner, Signer, sign_grant};
use sealwright::statement::{FaceDigest, GrantReach, GrantStatement, Window};
use sealwright::{CheckOptions, check};
use sealwright_testdata::pki::KeyType;
use time::Duration;

use crate::cast::{Cast, document_id, key};
use crate::documents::three_documents;
use crate::far_keys::{answered, begin, finish, parallel};

fn custodian() -> LocalSigner {
    key(KeyType::P384)
}

/// The custodian of every company signs what it granted.
fn with_papers(mut cast: Cast) -> Cast {
    cast.sign_grants(&custodian());
    cast
}

/// What an auditor finds who knows the custodian of each company.
fn audited(cast: &Cast, document: &str) -> Report {
    let custodian = custodian();
    let own = custodian.description().certificates()[0].clone();
    let anchors = TrustAnchors::from_certificates(vec![own]);
    let options = cast.sides.iter().fold(CheckOptions::without_trust(), |options, side| {
        options.custodians(side.company.organization.uscc().as_str(), &anchors)
    });
    check(&cast.bytes[&document.parse().unwrap()], &options).unwrap()
}

fn granted(report: &Report) -> Vec<Granted> {
    let stated = report.signatures.iter().filter_map(|signature| signature.authority.as_ref());
    stated.flat_map(|authority| &authority.seals).map(|seal| seal.granted).collect()
}

#[test]
fn every_signature_carries_the_grant_that_it_rests_on() {
    let mut cast = with_papers(Cast::of(2));
    cast.start(Certifier::FirstSigner);
    cast.sign(0).unwrap();
    cast.sign(1).unwrap();
    let report = audited(&cast, "doc_1");
    assert!(report.conclusion.is_passed(), "{report}");
    assert_eq!(granted(&report), [Granted::Granted; 2], "{report}");
}

#[test]
fn a_paper_goes_into_the_documents_in_which_its_seal_is_used() {
    // The third party shows a seal in the first document, a date alone in the second.
    let mut cast = with_papers(three_documents());
    cast.start(Certifier::FirstSigner);
    (0..3).for_each(|number| cast.sign(number).unwrap());
    assert_eq!(granted(&audited(&cast, "doc_1")), [Granted::Granted; 3]);
    assert_eq!(granted(&audited(&cast, "doc_2")), [Granted::Granted; 1]);
}

#[test]
fn a_far_key_signs_it_too() {
    let mut cast = with_papers(parallel());
    for number in [1, 0] {
        let begun = begin(&mut cast, number).unwrap();
        let answers = answered(&cast, number, &begun);
        finish(&mut cast, number, &answers).unwrap();
    }
    assert_eq!(granted(&audited(&cast, "doc_1")), [Granted::Granted; 2]);
}

#[test]
fn a_paper_for_anything_else_is_refused_and_no_byte_changes() {
    type Change = fn(&mut GrantStatement);
    let changes: [(&str, Change); 11] = [
        ("a grant that no seal", |it| it.grant = "grant_9".parse().unwrap()),
        ("another seal", |it| it.seal = "seal_9".parse().unwrap()),
        ("other versions", |it| it.faces[0].version = 2),
        ("other versions", |it| it.faces[0].face = FaceDigest::from_bytes([1; 32])),
        ("another organization", |it| it.organization.id = "org_9".parse().unwrap()),
        ("another organization", |it| {
            it.organization.credit_code = Some("91440300MA50004950".parse().unwrap());
        }),
        ("another employee", |it| it.grantee.employee = "emp_9".parse().unwrap()),
        ("another certificate", |it| it.grantee.certificate = Some([1; 32])),
        ("another key", |it| it.grantee.key = Some([1; 32])),
        ("another time", |it| {
            let until = Some(it.issued_at - Duration::days(1));
            it.window = Window::new(it.issued_at - Duration::days(2), until).unwrap();
        }),
        ("other contracts", |it| {
            it.reach = GrantReach::Contracts(vec!["con_9".parse().unwrap()]);
        }),
    ];
    let mut cast = Cast::of(2);
    cast.start(Certifier::FirstSigner);
    let before = cast.bytes[&document_id()].clone();
    for (expected, change) in changes {
        let mut statement = cast.sides[0].granting(cast.now);
        change(&mut statement);
        cast.sides[0].paper = Some(sign_grant(&statement, &custodian()).unwrap());
        let refused = cast.sign(0).unwrap_err();
        assert_eq!(refused.code(), "grant.scope_excluded");
        assert!(refused.to_string().contains(expected), "{refused}");
        assert_eq!(begin(&mut cast, 0).unwrap_err().code(), "grant.scope_excluded");
    }
    assert!(cast.bytes[&document_id()] == before, "no byte has changed");
    let reaches: [(bool, GrantReach); 2] = [
        (true, GrantReach::Contracts(vec!["con_9".parse().unwrap(), "con_1".parse().unwrap()])),
        (false, GrantReach::Groups(vec!["con_1".parse().unwrap()])),
    ];
    for (covers, reach) in reaches {
        let mut cast = Cast::of(2);
        cast.start(Certifier::FirstSigner);
        let statement = GrantStatement { reach, ..cast.sides[0].granting(cast.now) };
        cast.sides[0].paper = Some(sign_grant(&statement, &custodian()).unwrap());
        assert_eq!(cast.sign(0).is_ok(), covers);
    }
}
