//! The engine's part: carries out what the plan says.

use std::io::Cursor;

use image::{ImageFormat, Rgb, RgbImage};
use sealwright::appearance::SealFace;
use sealwright::authorization::Authority;
use sealwright::geometry::Mm;
use sealwright::limits::Limits;
use sealwright::pdf::File;
use sealwright::pki::{Certificate, PrivateKey};
use sealwright::signing::{LocalSigner, Profile, Seal};
use sealwright::update::Certification;
use sealwright_testdata::pki::Identity;
use time::OffsetDateTime;

use crate::plan::{Case, LEFT, QUARTERS, SIDE, Signature, TOP};

/// The case's document with all its signatures.
pub fn sign(case: &Case, identity: &Identity, now: OffsetDateTime) -> Vec<u8> {
    let chain = Certificate::chain_from_pem(identity.chain_pem().as_bytes()).unwrap();
    let key = PrivateKey::parse(identity.key_pem().as_bytes()).unwrap();
    let signer = LocalSigner::with_algorithm(key, chain, case.key.algorithm).unwrap();
    let face = SealFace::from_image(&quarters(), Mm(SIDE)).unwrap();

    let mut document = case.bytes.clone();
    for signature in &case.signatures {
        let appended = sign_once(&document, case, signature, &signer, &face, now);
        document.extend(appended);
    }
    document
}

fn sign_once(
    document: &[u8],
    case: &Case,
    signature: &Signature,
    signer: &LocalSigner,
    face: &SealFace,
    now: OffsetDateTime,
) -> Vec<u8> {
    let file = File::open(document, Limits::default())
        .unwrap_or_else(|error| panic!("{}: {error}", case.file()));
    let signed = seal(&file, case, signature, face)
        .sign(signer, now)
        .unwrap_or_else(|error| panic!("{}, {}: {error}", case.file(), signature.field));
    assert_eq!(signed.field_name(), signature.field, "{}", case.file());
    signed.into_appended()
}

fn seal<'f>(
    file: &'f File<'_>,
    case: &Case,
    signature: &Signature,
    face: &'f SealFace,
) -> Seal<'f> {
    let seal = Seal::on(file)
        .profile(if case.plain_pkcs7 { Profile::Pkcs7 } else { Profile::Pades })
        .name("江州澄砚信息技术有限公司")
        .reason("同意 / agreed 📜")
        .location("江州")
        .contact("seal@example.test");
    let seal = match (signature.exists, signature.page) {
        (_, None) => seal.invisible(),
        (true, Some(_)) => seal.face(face, Authority::AssertedByHost),
        (false, Some(page)) => seal
            .face(face, Authority::AssertedByHost)
            .page(i32::try_from(page).unwrap())
            .at(Mm(LEFT), Mm(TOP)),
    };
    let seal = match signature.exists {
        true => seal.existing_field(signature.field),
        false => seal.field(signature.field).lock(signature.locks.iter().copied()),
    };
    match signature.certifies {
        None => seal,
        Some(1) => seal.certify(Certification::NoChanges),
        Some(2) => seal.certify(Certification::FormFilling),
        Some(3) => seal.certify(Certification::Annotations),
        Some(other) => panic!("there is no permission {other}"),
    }
}

/// A picture in four colours, opaque.
fn quarters() -> Vec<u8> {
    let image = RgbImage::from_fn(40, 40, |x, y| {
        let quarter = usize::from(y >= 20) * 2 + usize::from(x >= 20);
        Rgb(QUARTERS[quarter])
    });
    let mut png = Vec::new();
    image.write_to(&mut Cursor::new(&mut png), ImageFormat::Png).unwrap();
    png
}
