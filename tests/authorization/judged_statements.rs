//! What a judge finds who has the document alone: which authority a signature states, and whether it
//! agrees with what the document is and shows.

use sealwright::appearance::UploadedPicture;
use sealwright::authorization::SigningPermit;
use sealwright::digest::Digest;
use sealwright::pki::{PrivateKey, SignatureProfile, SignedDataBuilder};
use sealwright::report::{Claim, Code, Conclusion, Granted, Lang, Report, SignatureReport};
use sealwright::signing::{SignedUpdate, Signer};
use sealwright::statement::{
    AuthorityStatement, FaceDigest, PermittedStatement, authority_attribute,
};
use sealwright::{Authority, CheckOptions, Limits, Mm, Seal, SealFace, TrustAnchors, check, pdf};
use sealwright_testdata::pki::{KeyType, Validity};
use sealwright_testdata::{contract, documents, pki};

use crate::drawing::deal_on;
use crate::people::start;
use crate::stating::{all, cms, d1, face, hand, intent_key, prepared, signer};

fn judged(bytes: &[u8]) -> Report {
    let identity = pki::identity(KeyType::P256, Validity::around(start()));
    let anchors = TrustAnchors::from_pem(identity.root_pem().as_bytes()).unwrap();
    check(bytes, &CheckOptions::trusting(&anchors).at(start())).unwrap()
}

pub fn codes(signature: &SignatureReport) -> Vec<Code> {
    let about = |code: &Code| code.as_str().starts_with("authority.");
    signature.findings.iter().map(|finding| finding.code).filter(about).collect()
}

/// A permitted signing of the prepared contract, and its permit.
fn signed(use_it: impl FnOnce(&[u8], &SignedUpdate<'_>, &SigningPermit)) {
    let (bytes, face, hand) = (prepared(), face(), hand());
    let permit = deal_on(&bytes, &face).authorize().unwrap();
    let file = pdf::File::open(&bytes, Limits::default()).unwrap();
    let (document, intent) = (d1(), intent_key());
    let seal = all(&file, &permit, &face, &hand).under(&permit, &document, &intent);
    let signed = seal.sign(&signer(KeyType::P256), start()).unwrap();
    use_it(&[bytes.as_slice(), signed.appended()].concat(), &signed, &permit);
}

/// The same document with another CMS in its gap, by the same signer, with these values of the
/// attribute.
fn restated(whole: &[u8], signed: &SignedUpdate<'_>, values: &[Vec<u8>]) -> Vec<u8> {
    resigned(whole, signed, vec![authority_attribute(&values.concat()).unwrap()])
}

/// The same with the statement that was made, and these attributes beside it.
pub fn restated_with(whole: &[u8], signed: &SignedUpdate<'_>, beside: Vec<Vec<u8>>) -> Vec<u8> {
    let statement = AuthorityStatement::Permitted(Box::new(said(whole))).encode().unwrap();
    let statement = authority_attribute(&statement).unwrap();
    resigned(whole, signed, [vec![statement], beside].concat())
}

fn resigned(whole: &[u8], signed: &SignedUpdate<'_>, attributes: Vec<Vec<u8>>) -> Vec<u8> {
    let identity = pki::identity(KeyType::P256, Validity::around(start()));
    let key = PrivateKey::parse(identity.key_pem().as_bytes()).unwrap();
    let own = signer(KeyType::P256);
    let description = own.description();
    let (chain, algorithm) = (description.certificates(), description.algorithm());
    let builder = SignedDataBuilder::new(chain, algorithm, SignatureProfile::Cades).unwrap();
    let builder = attributes
        .into_iter()
        .fold(builder, |builder, attribute| builder.signed_attribute(attribute).unwrap());
    let attributes = builder.signed_attributes(signed.document_digest()).unwrap();
    let cms = attributes.finish(&key.sign(algorithm, attributes.as_der()).unwrap());
    let gap = signed.byte_range().gap();
    let (start, end) = (gap.start as usize + 1, gap.end as usize - 1);
    let hex: String = cms.iter().map(|byte| format!("{byte:02x}")).collect();
    assert!(hex.len() <= end - start, "the gap is too small for a test");
    let mut changed = whole.to_vec();
    changed[start..end].fill(b'0');
    changed[start..start + hex.len()].copy_from_slice(hex.as_bytes());
    changed
}

fn said(whole: &[u8]) -> PermittedStatement {
    let limits = Limits::default();
    let cms = cms(whole);
    let signed = sealwright::pki::SignedData::parse(&cms, &limits).unwrap();
    let attribute = sealwright::statement::AUTHORITY_ATTRIBUTE;
    let value = signed.signer().unwrap().signed_attribute(attribute).unwrap();
    AuthorityStatement::decode(value, &limits).unwrap().permitted().unwrap().clone()
}

#[test]
fn an_auditor_with_the_document_alone_sees_which_authority_a_seal_claims() {
    signed(|whole, _, permit| {
        let report = judged(whole);
        assert_eq!(report.conclusion, Conclusion::Passed, "{report}");
        let signature = &report.signatures[0];
        assert_eq!(codes(signature), [Code::AuthorityPictureBeside], "the signature by hand");
        let stated = signature.authority.as_ref().unwrap();
        assert_eq!((stated.claim, stated.authentic), (Claim::Permitted, true));
        assert_eq!(stated.permitted_at, Some(permit.at()));
        assert_eq!(stated.contract.as_ref().unwrap().id, "con-1");
        assert_eq!(stated.slot.as_deref(), Some("sa"));
        let document = stated.document.as_ref().unwrap();
        assert_eq!((document.before_revision, document.issued_revision), (Some(2), Some(2)));
        let [seal] = &stated.seals[..] else { panic!("{stated:?}") };
        assert_eq!((seal.seal.as_str(), seal.version, seal.grant.as_str()), ("s", 1, "g"));
        assert_eq!((seal.places, seal.granted), (2, Granted::Missing));
        assert_eq!(seal.face, face().face_digest().to_string());
        assert_eq!(seal.controls, ["seal_a", "seal_a2"]);
        assert_eq!(stated.controls, ["sign_a"]);
        assert_eq!(stated.intent.len(), 1);

        let json = serde_json::to_value(&report).unwrap();
        let json = &json["signatures"][0]["authority"];
        assert_eq!(json["claim"], "permitted");
        assert_eq!(json["seals"][0]["granted"], "missing");
        assert_eq!(
            serde_json::from_value::<Report>(serde_json::to_value(&report).unwrap()).unwrap(),
            report
        );
        let words = report.to_string();
        assert!(words.contains("seal s, version 1, under grant g; shown in 2 place(s)"), "{words}");
        let words = report.in_language(Lang::Zh).to_string();
        assert!(words.contains("印章 s 第 1 版，授权 g；显示 2 处；仅由签署人声明"), "{words}");
    });
}

/// A picture that was taken from a sealed contract, drawn into another file under another signature.
#[test]
fn a_copied_seal_picture_is_exposed_under_every_other_signature() {
    let other = documents::plain(1).write(&Default::default());
    let file = pdf::File::open(&other, Limits::default()).unwrap();
    let copied = UploadedPicture::from_bytes(sealwright_testdata::seal::PNG)
        .unwrap()
        .drawing(Mm(42.0))
        .unwrap();
    let mut png = Vec::new();
    let own = image::RgbaImage::from_pixel(6, 6, image::Rgba([200, 0, 0, 255]));
    own.write_to(&mut std::io::Cursor::new(&mut png), image::ImageFormat::Png).unwrap();
    let own = SealFace::from_image(&png, Mm(20.0)).unwrap();
    let place = |seal: Seal<'_>| {
        let seal = seal.page(1).at(Mm(20.0), Mm(20.0));
        let signed = seal.sign(&signer(KeyType::P256), start()).unwrap();
        judged(&[other.as_slice(), signed.appended()].concat())
    };
    let plain = place(Seal::on(&file).drawing(&copied));
    assert_eq!(codes(&plain.signatures[0]), [Code::AuthorityUnstated], "{plain}");
    assert_eq!(plain.signatures[0].authority, None);

    let nothing = place(Seal::on(&file).drawing(&copied).claims_nothing());
    assert_eq!(codes(&nothing.signatures[0]), [Code::AuthorityFaceNotClaimed], "{nothing}");
    assert_eq!(nothing.signatures[0].authority.as_ref().unwrap().claim, Claim::Nothing);
    let finding =
        nothing.signatures[0].findings.iter().find(|it| it.code == Code::AuthorityFaceNotClaimed);
    assert!(finding.unwrap().message.contains(&face().face_digest().to_string()));

    let asserted = place(Seal::on(&file).face(&own, Authority::AssertedByHost));
    assert_eq!(codes(&asserted.signatures[0]), [], "{asserted}");
    let stated = asserted.signatures[0].authority.as_ref().unwrap();
    assert_eq!(stated.asserted_faces, [own.face_digest().to_string()]);

    // One seal of its own, and the copy beside it.
    let bytes = prepared();
    let file = pdf::File::open(&bytes, Limits::default()).unwrap();
    let both = Seal::on(&file)
        .existing_field("seal_a")
        .face(&own, Authority::AssertedByHost)
        .drawing_in("seal_a2", &copied)
        .sign(&signer(KeyType::P256), start())
        .unwrap();
    let report = judged(&[bytes.as_slice(), both.appended()].concat());
    assert_eq!(codes(&report.signatures[0]), [Code::AuthorityFaceNotClaimed], "{report}");
}

#[test]
fn what_is_stated_wrongly_is_found_field_by_field() {
    signed(|whole, signed, _| {
        let said = said(whole);
        let judge = |change: &dyn Fn(&mut PermittedStatement)| {
            let mut changed = said.clone();
            change(&mut changed);
            let value = AuthorityStatement::Permitted(Box::new(changed)).encode().unwrap();
            let report = judged(&restated(whole, signed, &[value]));
            (report.conclusion, codes(&report.signatures[0]))
        };
        let beside = Code::AuthorityPictureBeside;
        assert_eq!(judge(&|_| {}), (Conclusion::Passed, vec![beside]));
        let wrong = Digest::sha256([7; 32]);
        let (conclusion, found) = judge(&|it| it.document.before = wrong);
        assert_eq!(conclusion, Conclusion::Indeterminate);
        assert_eq!(found, [beside, Code::AuthorityOtherDocument]);
        let (conclusion, found) = judge(&|it| it.document.issued = wrong);
        assert_eq!(conclusion, Conclusion::Passed);
        assert_eq!(found, [beside, Code::AuthorityIssuedElsewhere]);
        // The whole file is a beginning of itself, and not what was there before.
        let own = Digest::of(sealwright::digest::DigestAlgorithm::Sha256, whole);
        assert_eq!(judge(&|it| it.document.before = own).0, Conclusion::Indeterminate);
        let (conclusion, found) = judge(&|it| it.seals[0].face = FaceDigest::from_bytes([7; 32]));
        assert_eq!(conclusion, Conclusion::Passed);
        assert_eq!(found, [beside, beside, Code::AuthorityFaceNotShown]);
        let (_, found) = judge(&|it| {
            it.controls.clear();
            it.seals.clear();
        });
        assert_eq!(found, [Code::AuthorityFaceNotClaimed; 2]);
    });
}

#[test]
fn a_statement_that_cannot_be_read_is_never_guessed() {
    signed(|whole, signed, _| {
        let nothing = AuthorityStatement::Nothing.encode().unwrap();
        let cases: [(Vec<Vec<u8>>, Claim, Code); 4] = [
            (vec![vec![0x30, 3, 2, 1, 2]], Claim::Unsupported, Code::AuthorityUnsupported),
            (vec![vec![0x30, 3, 2, 1, 1]], Claim::Malformed, Code::AuthorityMalformed),
            (vec![vec![5, 0]], Claim::Malformed, Code::AuthorityMalformed),
            (vec![nothing.clone(), nothing], Claim::Malformed, Code::AuthorityMalformed),
        ];
        for (values, claim, code) in cases {
            let report = judged(&restated(whole, signed, &values));
            assert_eq!(report.conclusion, Conclusion::Indeterminate, "{report}");
            let signature = &report.signatures[0];
            assert_eq!(signature.authority.as_ref().unwrap().claim, claim);
            assert_eq!(codes(signature), [code]);
        }
    });
}

/// Whoever changes the document afterwards leaves a statement that nobody is known to have made.
#[test]
fn the_statement_of_a_broken_signature_is_nobodys() {
    signed(|whole, _, _| {
        let mut changed = whole.to_vec();
        // In the comment behind the header: every reader still reads the same document.
        let at = 1 + contract::PDF.iter().position(|byte| *byte >= 0x80).unwrap();
        changed[at] ^= 1;
        let report = judged(&changed);
        assert_eq!(report.conclusion, Conclusion::Failed, "{report}");
        let stated = report.signatures[0].authority.as_ref().unwrap();
        assert!(!stated.authentic);
        assert_eq!(stated.document.as_ref().unwrap().before_revision, None);
        assert!(stated.seals.iter().all(|seal| seal.granted == Granted::Indeterminate));
    });
}
