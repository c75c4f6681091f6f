//! With the organization's own word in the signature, an auditor sees that a seal was really granted,
//! at that time, for that contract.

use sealwright::limits::Limits;
use sealwright::pki::{Certificate, PrivateKey, SignatureProfile, SignedDataBuilder};
use sealwright::report::{Code, Conclusion, Granted, Lang, Report};
use sealwright::signing::{
    LocalSigner, SignedGrant, Signer, SignerAnswer, SignerDescription, SignerError, ToBeSigned,
    grant_statement, sign_grant,
};
use sealwright::statement::{
    FaceDigest, GrantReach, GrantStatement, GrantedFace, Reference, Window, encode_grants,
    grants_attribute,
};
use sealwright::{CheckOptions, TrustAnchors, check, pdf};
use sealwright_testdata::pki;
use sealwright_testdata::pki::{KeyType, Validity};
use time::Duration;

use crate::chain::Deal;
use crate::drawing::deal_on;
use crate::judged_statements::{codes, restated_with};
use crate::people::{hours, start};
use crate::stamps::new_seal;
use crate::stating::{all, d1, face, hand, intent_key, prepared, signer};

/// The credit code of the first company.
const CODE: &str = "91350100M000100Y43";

fn custodian() -> LocalSigner {
    signer(KeyType::P384)
}

fn roots(key: KeyType) -> TrustAnchors {
    let identity = pki::identity(key, Validity::around(start()));
    TrustAnchors::from_pem(identity.root_pem().as_bytes()).unwrap()
}

/// The custodian himself, and nobody whom the same authority certified.
fn own(of: &LocalSigner) -> TrustAnchors {
    TrustAnchors::from_certificates(vec![of.description().certificates()[0].clone()])
}

fn reference(text: &str) -> Reference {
    text.parse().unwrap()
}

/// What the first company says of its grant.
fn said(deal: &Deal, certificate: Option<&Certificate>) -> GrantStatement {
    let code = deal.a.organization.uscc();
    grant_statement(&deal.grant, &deal.seal, Some(code), certificate, start()).unwrap()
}

/// The prepared contract, sealed with this grant in the signature.
fn sealed(deal: &Deal, grant: &SignedGrant) -> Result<Vec<u8>, &'static str> {
    let (bytes, face, hand) = (prepared(), face(), hand());
    let permit = deal.authorize().unwrap();
    let file = pdf::File::open(&bytes, Limits::default()).unwrap();
    let (document, intent) = (d1(), intent_key());
    let seal = all(&file, &permit, &face, &hand).under(&permit, &document, &intent);
    let signed = seal.granted_by(grant).sign(&signer(KeyType::P256), hours(1));
    let signed = signed.map_err(|error| error.code())?;
    Ok([bytes.as_slice(), signed.appended()].concat())
}

fn judged(whole: &[u8], custodians: &[(&str, &TrustAnchors)]) -> Report {
    let anchors = roots(KeyType::P256);
    let options = CheckOptions::trusting(&anchors).at(hours(2));
    let options = custodians.iter().fold(options, |options, (organization, anchors)| {
        options.custodians(*organization, anchors)
    });
    check(whole, &options).unwrap()
}

fn granted(report: &Report) -> Granted {
    report.signatures[0].authority.as_ref().unwrap().seals[0].granted
}

fn about_grants(report: &Report) -> Vec<Code> {
    let beside = Code::AuthorityPictureBeside;
    codes(&report.signatures[0]).into_iter().filter(|code| *code != beside).collect()
}

#[test]
fn a_grant_that_the_custodian_signed_is_seen_to_have_been_given() {
    let deal = deal_on(&prepared(), &face());
    let own_key = signer(KeyType::P256);
    let certificate = &own_key.description().certificates()[0];
    let grant = sign_grant(&said(&deal, Some(certificate)), &custodian()).unwrap();
    assert_eq!(grant.statement().seal.as_str(), "s");
    let whole = sealed(&deal, &grant).unwrap();
    let anchors = own(&custodian());
    for name in [CODE, deal.a.organization.id().as_str()] {
        let report = judged(&whole, &[(name, &anchors)]);
        assert_eq!(report.conclusion, Conclusion::Passed, "{report}");
        assert_eq!(granted(&report), Granted::Granted, "{report}");
        assert_eq!(about_grants(&report), [], "{report}");
        let seal = &report.signatures[0].authority.as_ref().unwrap().seals[0];
        assert_eq!(seal.granted_by.as_deref(), Some(name));
        assert!(report.to_string().contains("its organization vouches for it"), "{report}");
        let words = report.in_language(Lang::Zh).to_string();
        assert!(words.contains("企业已签名证明"), "{words}");
    }
}

#[test]
fn a_grant_counts_only_from_who_is_trusted_for_this_organization() {
    let deal = deal_on(&prepared(), &face());
    let grant = sign_grant(&said(&deal, None), &custodian()).unwrap();
    let whole = sealed(&deal, &grant).unwrap();
    let judge = |custodians: &[(&str, &TrustAnchors)]| {
        let report = judged(&whole, custodians);
        (granted(&report), report.conclusion, about_grants(&report))
    };
    let (right, wrong) = (own(&custodian()), own(&signer(KeyType::P256)));
    let unknown =
        (Granted::Indeterminate, Conclusion::Passed, vec![Code::AuthorityCustodianUnknown]);
    assert_eq!(judge(&[]), unknown);
    assert_eq!(judge(&[("91350100M000100Y44", &right)]), unknown, "for another organization");
    let untrusted =
        (Granted::Untrusted, Conclusion::Indeterminate, vec![Code::AuthorityGrantUntrusted]);
    assert_eq!(judge(&[(CODE, &wrong)]), untrusted);
    // Whatever name of it the host knows has to lead to the custodian.
    let id = deal.a.organization.id().as_str();
    assert_eq!(judge(&[(CODE, &right), (id, &wrong)]), untrusted);
    // A certificate that would be good for signing documents makes no custodian.
    let grant = sign_grant(&said(&deal, None), &signer(KeyType::P256)).unwrap();
    let report = judged(&sealed(&deal, &grant).unwrap(), &[(CODE, &right)]);
    assert_eq!(granted(&report), Granted::Untrusted, "{report}");
}

/// What another grant says otherwise.
type Change<'c> = &'c dyn Fn(&mut GrantStatement);

#[test]
fn r_grant_04_a_grant_of_something_else_covers_nothing() {
    let deal = deal_on(&prepared(), &face());
    let anchors = own(&custodian());
    let other_key = custodian();
    let other_key = &other_key.description().certificates()[0];
    let changes: [(&str, Change<'_>); 9] = [
        ("seal", &|it| it.seal = reference("other")),
        ("face", &|it| {
            it.faces = vec![GrantedFace { version: 1, face: FaceDigest::from_bytes([7; 32]) }];
        }),
        ("face", &|it| it.faces[0].version = 2),
        ("organization", &|it| it.organization.id = reference("other")),
        ("grantee", &|it| it.grantee.employee = reference("other")),
        ("key", &|it| {
            let key = other_key.key_fingerprint();
            it.grantee.key = Some(key.as_bytes().try_into().unwrap());
        }),
        ("window", &|it| it.window = Window::new(hours(5), None).unwrap()),
        ("scope", &|it| it.reach = GrantReach::Contracts(vec![reference("other")])),
        ("issued_at", &|it| it.issued_at = hours(1) + Duration::SECOND),
    ];
    for (what, change) in changes {
        let mut statement = said(&deal, None);
        change(&mut statement);
        let grant = sign_grant(&statement, &custodian()).unwrap();
        let report = judged(&sealed(&deal, &grant).unwrap(), &[(CODE, &anchors)]);
        assert_eq!(granted(&report), Granted::NotCovered, "{what}: {report}");
        assert_eq!(report.conclusion, Conclusion::Indeterminate, "{what}");
        assert_eq!(about_grants(&report), [Code::AuthorityGrantNotCovered], "{what}");
        let findings = &report.signatures[0].findings;
        let finding = findings.iter().find(|it| it.code == Code::AuthorityGrantNotCovered);
        assert_eq!(finding.unwrap().values, ["g", what]);
    }
    let mut statement = said(&deal, None);
    statement.grant = reference("other");
    let grant = sign_grant(&statement, &custodian()).unwrap();
    assert_eq!(sealed(&deal, &grant).unwrap_err(), "sign.grant_of_other");
}

/// The certificate of the custodian had expired when the seal was applied: nothing shows that the
/// grant is older.
#[test]
fn a_grant_under_a_certificate_that_had_expired_cannot_be_judged() {
    let deal = deal_on(&prepared(), &face());
    let short = Validity { not_before: start() - Duration::days(9), not_after: hours(0) };
    let identity = pki::identity(KeyType::P384, short);
    let (key, chain) = (identity.key_pem(), identity.chain_pem());
    let expired = LocalSigner::from_pem(key.as_bytes(), chain.as_bytes()).unwrap();
    let grant = sign_grant(&said(&deal, None), &expired).unwrap();
    let anchors = TrustAnchors::from_pem(identity.root_pem().as_bytes()).unwrap();
    let report = judged(&sealed(&deal, &grant).unwrap(), &[(CODE, &anchors)]);
    assert_eq!(granted(&report), Granted::Indeterminate, "{report}");
    assert_eq!(about_grants(&report), [Code::AuthorityGrantUnjudged]);
}

/// The signer himself puts something into his signature that is no grant.
#[test]
fn what_is_no_signed_grant_is_found() {
    let deal = deal_on(&prepared(), &face());
    let grant = sign_grant(&said(&deal, None), &custodian()).unwrap();
    let (bytes, face, hand) = (prepared(), face(), hand());
    let permit = deal.authorize().unwrap();
    let file = pdf::File::open(&bytes, Limits::default()).unwrap();
    let (document, intent) = (d1(), intent_key());
    let seal = all(&file, &permit, &face, &hand).under(&permit, &document, &intent);
    // Twice, so that there is room for the worst of what follows.
    let seal = seal.granted_by(&grant).granted_by(&grant);
    let signed = seal.sign(&signer(KeyType::P256), hours(1)).unwrap();
    let whole = [bytes.as_slice(), signed.appended()].concat();
    let anchors = own(&custodian());
    let judge = |grants: &[Vec<u8>]| {
        let value: Vec<u8> = grants.concat();
        let report = judged(
            &restated_with(&whole, &signed, vec![grants_attribute(&value).unwrap()]),
            &[(CODE, &anchors)],
        );
        (granted(&report), about_grants(&report))
    };
    let list = |cms: &[u8]| encode_grants(&[cms.to_vec()]).unwrap();
    let good = list(grant.as_der());
    assert_eq!(judge(std::slice::from_ref(&good)), (Granted::Granted, vec![]));
    let malformed = (Granted::Missing, vec![Code::AuthorityGrantMalformed]);
    assert_eq!(judge(&[good.clone(), good.clone()]), malformed);
    assert_eq!(judge(&[vec![0x30, 0]]), malformed);
    assert_eq!(judge(&[list(&[0x30, 0])]), malformed);
    let mut changed = grant.as_der().to_vec();
    let last = changed.len() - 1;
    changed[last] ^= 1;
    assert!(SignedGrant::from_der(&changed, &Limits::default()).is_err());
    assert_eq!(judge(&[list(&changed)]), (Granted::Untrusted, vec![Code::AuthorityGrantBroken]));
    // A change of what was signed.
    let mut changed = grant.as_der().to_vec();
    let at = changed.windows(18).position(|bytes| bytes == CODE.as_bytes()).unwrap();
    changed[at] ^= 1;
    let (granted, found) = judge(&[list(&changed)]);
    assert_eq!((granted, found), (Granted::Untrusted, vec![Code::AuthorityGrantBroken]));
    // Another grant than the one that is claimed.
    let mut statement = said(&deal, None);
    statement.grant = reference("other");
    let other = sign_grant(&statement, &custodian()).unwrap();
    let unused = (Granted::Missing, vec![Code::AuthorityGrantUnused]);
    assert_eq!(judge(&[list(other.as_der())]), unused);
}

/// A service that signs documents only.
struct Documents(SignerDescription);

impl Signer for Documents {
    fn description(&self) -> &SignerDescription {
        &self.0
    }

    fn sign(&self, asked: &ToBeSigned) -> Result<SignerAnswer, SignerError> {
        let own = pki::identity(KeyType::P384, Validity::around(start()));
        let key = PrivateKey::parse(own.key_pem().as_bytes()).unwrap();
        let profile = SignatureProfile::Cades;
        let chain = self.0.certificates();
        let builder = SignedDataBuilder::new(chain, asked.algorithm(), profile).unwrap();
        let attributes = builder.signed_attributes(asked.document_digest()).unwrap();
        let value = key.sign(asked.algorithm(), attributes.as_der()).unwrap();
        Ok(SignerAnswer::Cms(attributes.finish(&value)))
    }
}

#[test]
fn a_grant_is_signed_for_its_own_seal_and_by_a_plain_value() {
    let deal = deal_on(&prepared(), &face());
    let service = Documents(custodian().description().clone());
    let error = sign_grant(&said(&deal, None), &service).unwrap_err();
    assert_eq!(error.code(), "sign.not_a_value");
    let other = deal.a.create(new_seal("other", sealwright::contract::SealKind::Contract));
    let error = grant_statement(&deal.grant, &other, None, None, start()).unwrap_err();
    assert_eq!(error.code(), "sign.other_seal");
}
