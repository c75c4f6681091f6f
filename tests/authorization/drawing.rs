//! The drawn seal is the permitted seal.

use sealwright::authorization::{
    ImageFacts, ImageFormat, NewFace, NewSeal, SealCommand, SealShape, SealSize, SigningPermit,
};
use sealwright::contract::SealKind;
use sealwright::digest::{Digest, DigestAlgorithm};
use sealwright::{Authority, Limits, LocalSigner, Mm, Seal as Drawing, SealFace, pdf};
use sealwright_testdata::pki::{KeyType, Validity};
use sealwright_testdata::{contract, pki, seal};

use crate::chain::Deal;
use crate::papers::{document, key};
use crate::people::start;
use crate::stamps::{new_seal, to_use, uploaded};

/// What a host finds out about a picture, all of it from the compiled face.
pub fn facts(bytes: &[u8], face: &SealFace) -> ImageFacts {
    let (width, height) = face.pixels();
    ImageFacts {
        format: ImageFormat::sniff(bytes),
        bytes: bytes.len() as u64,
        width,
        height,
        transparent: face.is_transparent(),
        source: *face.source_digest(),
        face: Some(face.face_digest()),
    }
}

fn draw(face: &SealFace, authority: Authority) -> Result<(), sealwright::signing::Error> {
    draw_on(contract::PDF, KeyType::P256, face, authority)
}

fn draw_on(
    bytes: &[u8],
    key: KeyType,
    face: &SealFace,
    authority: Authority,
) -> Result<(), sealwright::signing::Error> {
    let identity = pki::identity(key, Validity::around(start()));
    let (key, chain) = (identity.key_pem(), identity.chain_pem());
    let signer = LocalSigner::from_pem(key.as_bytes(), chain.as_bytes()).unwrap();
    let file = pdf::File::open(bytes, Limits::default()).unwrap();
    Drawing::on(&file)
        .page(1)
        .at(Mm(20.0), Mm(20.0))
        .face(face, authority)
        .without_statement()
        .sign(&signer, start())
        .map(drop)
}

/// A permit for the sample contract, sealed with the demo seal.
fn permit(registered: &SealFace) -> SigningPermit {
    deal_on(contract::PDF, registered).authorize().unwrap()
}

/// Everything for a permit for these bytes, sealed with the demo seal.
pub fn deal_on(bytes: &[u8], registered: &SealFace) -> Deal {
    let digest = Digest::of(DigestAlgorithm::Sha256, bytes);
    let mut deal =
        Deal::of(|draft| draft.with(|draft| draft.documents = vec![document("d1", digest)]));
    let face = NewFace {
        image: facts(seal::PNG, registered),
        shape: SealShape::Circle,
        size: Some(SealSize::round(42)),
        ..uploaded(1)
    };
    let new = NewSeal { face, ..new_seal("s", SealKind::Contract) };
    deal.seal = deal.a.command(&deal.a.create(new), SealCommand::Approve);
    deal.grant = deal.a.granted(to_use("g"), &deal.seal, &deal.a.alice);
    deal
}

#[test]
fn r_sign_12_a_permitted_seal_is_drawn_in_the_permitted_document_and_no_other() {
    let registered = SealFace::from_image(seal::PNG, Mm(42.0)).unwrap();
    let permit = permit(&registered);
    let authority = || permit.authority(&key("seal_a")).unwrap();
    // As it was, but for a byte behind its end.
    let other = [contract::PDF, b"\n"].concat();
    // P-256 signs SHA-256, Ed25519 SHA-512: the permit's digest is taken beside it.
    for key in [KeyType::P256, KeyType::Ed25519] {
        draw_on(contract::PDF, key, &registered, authority()).unwrap();
        let error = draw_on(&other, key, &registered, authority()).unwrap_err();
        assert_eq!(error.code(), "doc.hash_mismatch", "{key:?}: {error}");
        draw_on(&other, key, &registered, Authority::AssertedByHost).unwrap();
    }
}

#[test]
fn r_sign_12_the_writer_draws_the_permitted_face_and_no_other() {
    let registered = SealFace::from_image(seal::PNG, Mm(42.0)).unwrap();
    let permit = permit(&registered);
    let authority = || permit.authority(&key("seal_a")).unwrap();
    draw(&registered, authority()).unwrap();

    let mut png = Vec::new();
    let other = image::RgbaImage::from_pixel(8, 8, image::Rgba([200, 0, 0, 128]));
    other.write_to(&mut std::io::Cursor::new(&mut png), image::ImageFormat::Png).unwrap();
    let other = SealFace::from_image(&png, Mm(42.0)).unwrap();
    assert_eq!(draw(&other, authority()).unwrap_err().code(), "sign.face_not_permitted");
    assert!(draw(&other, Authority::AssertedByHost).is_ok());
}
