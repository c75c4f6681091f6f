//! What is permitted is stated under the signature, and nothing else can be.

use sealwright::appearance::{Drawing, UploadedPicture};
use sealwright::authorization::{ChainFacts, SigningPermit, authorize};
use sealwright::contract::{
    Absolute, Control, ControlKey, ControlKind, Pick, Point, ReadingProof, SignatureMark,
    SignatureMethod, SigningAttempt, SigningWindow,
};
use sealwright::digest::{Digest, DigestAlgorithm};
use sealwright::geometry::{PageIndex, PageNumber, Pt, Rect};
use sealwright::identity::DocumentId;
use sealwright::limits::Unwatched;
use sealwright::pki::{PrivateKey, SignatureProfile, SignedData, SignedDataBuilder};
use sealwright::signing::{
    Error, Finish, Signer, SignerAnswer, SignerDescription, SignerError, Ticket, TicketKey,
    ToBeSigned,
};
use sealwright::statement::{
    AUTHORITY_ATTRIBUTE, AuthorityStatement, IntentKey, IntentReference, PermittedStatement,
    Reference,
};
use sealwright::update::{NewField, NewFieldKind, Preparation};
use sealwright::{Authority, Limits, LocalSigner, Mm, Seal, SealFace, pdf};
use sealwright_testdata::pki::{KeyType, Validity};
use sealwright_testdata::{contract, pki, seal};
use time::Duration;

use crate::chain::{Deal, revoked};
use crate::drawing::deal_on;
use crate::papers::{document, id, key};
use crate::people::start;

/// The sample contract with a field for each control of its first signer.
pub fn prepared() -> Vec<u8> {
    let file = pdf::File::open(contract::PDF, Limits::default()).unwrap();
    let page = PageNumber::new(1).unwrap();
    let fields = [("seal_a", 20.0), ("seal_a2", 80.0), ("sign_a", 140.0)].map(|(name, left)| {
        let place = Rect::new(Mm(left), Mm(200.0), Mm(42.0), Mm(42.0)).unwrap();
        NewField::new(name, NewFieldKind::Signature).at(page, place)
    });
    let appended = Preparation::default().signer(fields).append_to(&file).unwrap();
    [contract::PDF, appended.appended()].concat()
}

pub fn face() -> SealFace {
    SealFace::from_image(seal::PNG, Mm(42.0)).unwrap()
}

pub fn intent_key() -> IntentKey {
    IntentKey::new(&[9; 32]).unwrap()
}

pub fn signer(key: KeyType) -> LocalSigner {
    let identity = pki::identity(key, Validity::around(start()));
    let (key, chain) = (identity.key_pem(), identity.chain_pem());
    LocalSigner::from_pem(key.as_bytes(), chain.as_bytes()).unwrap()
}

pub fn d1() -> DocumentId {
    "d1".parse().unwrap()
}

/// Both seals and the signature by hand.
pub fn all<'f>(
    file: &'f pdf::File<'_>,
    permit: &SigningPermit,
    face: &'f SealFace,
    hand: &'f Drawing,
) -> Seal<'f> {
    Seal::on(file)
        .existing_field("seal_a")
        .face(face, permit.authority(&key("seal_a")).unwrap())
        .face_in("seal_a2", face, permit.authority(&key("seal_a2")).unwrap(), None)
        .drawing_in("sign_a", hand)
}

pub fn hand() -> Drawing {
    let mut png = Vec::new();
    let stroke = image::RgbaImage::from_pixel(8, 8, image::Rgba([0, 0, 0, 128]));
    stroke.write_to(&mut std::io::Cursor::new(&mut png), image::ImageFormat::Png).unwrap();
    UploadedPicture::from_bytes(&png).unwrap().drawing(Mm(30.0)).unwrap()
}

/// The value of the attribute in the only signature of what was appended.
fn stated(appended: &[u8]) -> Option<AuthorityStatement> {
    let cms = cms(appended);
    let signed = SignedData::parse(&cms, &Limits::default()).unwrap();
    let value = signed.signer().unwrap().signed_attribute(AUTHORITY_ATTRIBUTE)?;
    Some(AuthorityStatement::decode(value, &Limits::default()).unwrap())
}

pub fn cms(appended: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(appended);
    let hex = text.split("/Contents <").nth(1).unwrap().split('>').next().unwrap();
    let digits = hex.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).unwrap());
    digits.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect()
}

fn permitted(statement: Option<AuthorityStatement>) -> PermittedStatement {
    statement.unwrap().permitted().unwrap().clone()
}

#[test]
fn r_sign_12_what_is_permitted_is_stated_under_the_signature() {
    let (bytes, face, hand) = (prepared(), face(), hand());
    let deal = deal_on(&bytes, &face);
    let permit = deal.authorize().unwrap();
    let file = pdf::File::open(&bytes, Limits::default()).unwrap();
    let (document, intent) = (d1(), intent_key());
    // P-256 signs SHA-256, Ed25519 SHA-512: the document is named by SHA-256 in both.
    for key in [KeyType::P256, KeyType::Ed25519] {
        let seal = all(&file, &permit, &face, &hand).under(&permit, &document, &intent);
        let signed = seal.sign(&signer(key), start()).unwrap();
        let said = permitted(stated(signed.appended()));
        assert_eq!(said.at, permit.at());
        assert_eq!((said.contract.id.as_str(), said.slot.as_str()), ("con-1", "sa"));
        let digest = Digest::of(DigestAlgorithm::Sha256, &bytes);
        assert_eq!((said.document.issued, said.document.before), (digest, digest));
        let organization = said.organization.unwrap();
        let code = deal.a.organization.uscc().as_str();
        assert_eq!(organization.credit_code.as_ref().map(Reference::as_str), Some(code));
        let [claim] = &said.seals[..] else { panic!("{:?}", said.seals) };
        assert_eq!((claim.seal.as_str(), claim.version), ("s", 1));
        assert_eq!((claim.face, claim.grant.as_str()), (face.face_digest(), "g"));
        assert_eq!(claim.employee.as_str(), deal.a.alice.id().as_str());
        assert!(claim.window.contains(permit.at()));
        let controls: Vec<_> = claim.controls.iter().map(Reference::as_str).collect();
        assert_eq!(controls, ["seal_a", "seal_a2"]);
        assert_eq!(said.controls.iter().map(Reference::as_str).collect::<Vec<_>>(), ["sign_a"]);
        let reference = IntentReference::of(&intent, "con-1", "sa", "face", "face-1");
        assert_eq!(said.intent, [reference]);
        let whole = String::from_utf8_lossy(signed.appended());
        assert!(!whole.contains("face-1"), "the provider's number is not in the document");
    }
}

#[test]
fn r_sign_12_a_permit_is_stated_whole_and_no_seal_beside_it() {
    let (bytes, face, hand) = (prepared(), face(), hand());
    let permit = deal_on(&bytes, &face).authorize().unwrap();
    let other = deal_on(&bytes, &face).authorize_at(start()).unwrap();
    let file = pdf::File::open(&bytes, Limits::default()).unwrap();
    let (document, unknown, intent) = (d1(), "d2".parse().unwrap(), intent_key());
    let code = |seal: Seal<'_>| seal.sign(&signer(KeyType::P256), start()).unwrap_err().code();
    let one = || {
        let authority = permit.authority(&key("seal_a")).unwrap();
        Seal::on(&file).existing_field("seal_a").face(&face, authority)
    };
    assert_eq!(code(one()), "sign.permit_not_given");
    assert_eq!(code(one().under(&permit, &document, &intent)), "sign.seal_not_drawn");
    let asserted = one().face_in("seal_a2", &face, Authority::AssertedByHost, None);
    assert_eq!(code(asserted.under(&permit, &document, &intent)), "sign.asserted_beside_permit");
    let seal = || all(&file, &permit, &face, &hand);
    assert_eq!(code(seal().under(&other, &document, &intent)), "sign.other_permit");
    assert_eq!(code(seal().under(&permit, &unknown, &intent)), "sign.other_permit");
    assert_eq!(code(seal().claims_nothing()), "sign.claims_nothing");
    let empty = Seal::on(&file).invisible().under(&permit, &unknown, &intent);
    assert_eq!(code(empty), "sign.document_not_in_permit");
}

/// A signature by hand alone names its document as well, and that has to be the one.
#[test]
fn r_sign_12_a_signer_without_a_seal_states_his_controls_and_his_document() {
    let (bytes, hand) = (prepared(), hand());
    let file = pdf::File::open(&bytes, Limits::default()).unwrap();
    let (document, intent) = ("d2".parse().unwrap(), intent_key());
    let sign = |permit: &SigningPermit| {
        Seal::on(&file)
            .existing_field("sign_a")
            .drawing(&hand)
            .under(permit, &document, &intent)
            .sign(&signer(KeyType::Ed25519), start())
            .map(|signed| permitted(stated(signed.appended())))
    };
    let said = sign(&with_a_second_document(&bytes)).unwrap();
    assert!(said.seals.is_empty());
    assert_eq!(said.document.id.as_str(), "d2");
    assert_eq!(said.controls.iter().map(Reference::as_str).collect::<Vec<_>>(), ["sign_a"]);
    let other = sign(&with_a_second_document(b"%PDF other")).unwrap_err();
    assert_eq!(other.code(), "doc.hash_mismatch");
}

/// A permit for a contract of two documents: the seals are in the first one, the signature by hand in
/// the second.
fn with_a_second_document(bytes: &[u8]) -> SigningPermit {
    let by_hand = ControlKey::new("d2".parse().unwrap(), "sign_a".parse().unwrap());
    let deal = Deal::of(|draft| {
        draft.with(|draft| {
            draft.documents.push(document("d2", Digest::of(DigestAlgorithm::Sha256, bytes)));
            let kind = ControlKind::Signature(SignatureMark::default());
            let spot = Absolute::new(PageIndex::FIRST, Point::at(Pt(100.0), Pt(500.0)).unwrap());
            draft.controls.retain(|control| control.key() != &key("sign_a"));
            draft.controls.push(Control::new(by_hand.clone(), kind, id("sa"), spot));
        })
    });
    let attempt = SigningAttempt::new(id("sa"))
        .choose(key("seal_a"), Pick::Seal(deal.seal.id().clone()))
        .choose(key("seal_a2"), Pick::Seal(deal.seal.id().clone()))
        .choose(by_hand, Pick::Signature(SignatureMethod::FreshStroke))
        .meant(deal.proof(start()))
        .read(ReadingProof { shown_for: Duration::seconds(60), reached_end: true });
    let by = deal.a.by(&deal.a.alice);
    let (seals, grants) = ([&deal.seal], [&deal.grant]);
    let facts = ChainFacts::of(&by, &seals, &grants);
    authorize(&deal.contract, &attempt, &facts, SigningWindow::NO_MEETING, start()).unwrap()
}

#[test]
fn what_a_host_asserts_is_stated_as_that_and_a_platform_states_that_it_claims_nothing() {
    let (bytes, face, hand) = (prepared(), face(), hand());
    let file = pdf::File::open(&bytes, Limits::default()).unwrap();
    let sign =
        |seal: Seal<'_>| stated(seal.sign(&signer(KeyType::P256), start()).unwrap().appended());
    let asserted = || {
        let seal = Seal::on(&file).existing_field("seal_a");
        seal.face(&face, Authority::AssertedByHost).also_in("seal_a2")
    };
    let faces = vec![face.face_digest()];
    assert_eq!(sign(asserted()), Some(AuthorityStatement::AssertedByHost { faces }));
    assert_eq!(sign(asserted().without_statement()), None);
    assert_eq!(sign(Seal::on(&file).existing_field("sign_a").drawing(&hand)), None);
    let closing = Seal::on(&file).invisible().claims_nothing();
    assert_eq!(sign(closing), Some(AuthorityStatement::Nothing));
}

#[test]
fn r_sign_12_a_ticket_goes_on_under_a_new_permit_for_the_same_and_nothing_else() {
    let (bytes, face, hand) = (prepared(), face(), hand());
    let mut deal = deal_on(&bytes, &face);
    let permit = deal.authorize().unwrap();
    let (document, intent) = (d1(), intent_key());
    let file = pdf::File::open(&bytes, Limits::default()).unwrap();
    let device = signer(KeyType::P256);
    let seal = all(&file, &permit, &face, &hand).under(&permit, &document, &intent);
    let awaiting = seal.prepare(device.description(), start()).unwrap().digest().unwrap();
    let key = TicketKey::new(&[7; 32]).unwrap();
    let ticket = awaiting.to_ticket(&key, start() + Duration::days(1)).unwrap();
    let answer = device.sign(&awaiting.to_be_signed().unwrap()).unwrap();

    let open = || Ticket::open(&ticket, &key).unwrap();
    let later = start() + Duration::hours(1);
    assert_eq!(open().resume(&file, later).unwrap_err(), Error::PermitNeeded);
    let again = deal.authorize_anew_at(later).unwrap();
    let resumed = open().resume_under(&file, &again, later, &Unwatched).unwrap();
    let Finish::Signed(signed) = resumed.finish(answer).unwrap() else { panic!("it fits") };
    assert_eq!(permitted(stated(signed.appended())).at, permit.at());

    // A new grant is another authority than the one that was stated, and without one there is none.
    deal.grant = revoked(&deal);
    assert_eq!(deal.authorize_anew_at(later).unwrap_err().code(), "grant.revoked");
    deal.grant = deal.a.granted(crate::stamps::to_use("g2"), &deal.seal, &deal.a.alice);
    let other = deal.authorize_anew_at(later).unwrap();
    let error = open().resume_under(&file, &other, later, &Unwatched).unwrap_err();
    assert_eq!(error, Error::PermitChanged);

    // What is stated stands under the ticket's seal.
    for at in 0..ticket.len() {
        let mut changed = ticket.clone();
        changed[at] ^= 1;
        assert!(Ticket::open(&changed, &key).is_err(), "byte {at}");
    }
}

/// Answers with a CMS of its own making, with or without what was to be stated.
struct Service {
    description: SignerDescription,
    key: PrivateKey,
    attributes: fn(&ToBeSigned) -> Vec<Vec<u8>>,
}

impl Service {
    fn new(attributes: fn(&ToBeSigned) -> Vec<Vec<u8>>) -> Self {
        let identity = pki::identity(KeyType::P256, Validity::around(start()));
        let key = PrivateKey::parse(identity.key_pem().as_bytes()).unwrap();
        Self { description: signer(KeyType::P256).description().clone(), key, attributes }
    }
}

impl Signer for Service {
    fn description(&self) -> &SignerDescription {
        &self.description
    }

    fn sign(&self, asked: &ToBeSigned) -> Result<SignerAnswer, SignerError> {
        let chain = self.description.certificates();
        let builder =
            SignedDataBuilder::new(chain, asked.algorithm(), SignatureProfile::Cades).unwrap();
        let builder = (self.attributes)(asked)
            .into_iter()
            .fold(builder, |builder, attribute| builder.signed_attribute(attribute).unwrap());
        let attributes = builder.signed_attributes(asked.document_digest()).unwrap();
        let value = self.key.sign(asked.algorithm(), attributes.as_der()).unwrap();
        Ok(SignerAnswer::Cms(attributes.finish(&value)))
    }
}

#[test]
fn a_service_that_makes_its_own_cms_takes_the_statement_up_or_is_refused() {
    let (bytes, face, hand) = (prepared(), face(), hand());
    let permit = deal_on(&bytes, &face).authorize().unwrap();
    let (document, intent) = (d1(), intent_key());
    let file = pdf::File::open(&bytes, Limits::default()).unwrap();
    let takes_up = Service::new(|asked| asked.attributes().to_vec());
    let leaves_out = Service::new(|_| Vec::new());
    let invents = Service::new(|_| {
        let nothing = AuthorityStatement::Nothing.encode().unwrap();
        vec![sealwright::statement::authority_attribute(&nothing).unwrap()]
    });
    let seal = || all(&file, &permit, &face, &hand);
    let under = || seal().under(&permit, &document, &intent);
    let signed = under().sign(&takes_up, start()).unwrap();
    assert_eq!(permitted(stated(signed.appended())).seals.len(), 1);
    for service in [&leaves_out, &invents] {
        assert_eq!(under().sign(service, start()).unwrap_err().code(), "sign.not_stated");
    }
    assert!(seal().without_statement().sign(&leaves_out, start()).is_ok());
    let error = seal().without_statement().sign(&invents, start()).unwrap_err();
    assert_eq!(error.code(), "sign.not_stated");
    // The host's own word may be lost on the way; it cannot be exchanged.
    let asserted =
        || Seal::on(&file).existing_field("seal_a").face(&face, Authority::AssertedByHost);
    assert!(asserted().sign(&leaves_out, start()).is_ok());
    assert!(asserted().sign(&invents, start()).is_err());
}
