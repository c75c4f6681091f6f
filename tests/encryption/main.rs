//! Encrypted documents from outside: judged, and signed so that they stay encrypted and every earlier
//! signature stays good.

mod judging;
mod signing;

use sealwright::appearance::{Drawing, UploadedPicture};
use sealwright::geometry::Mm;
use sealwright::limits::Limits;
use sealwright::pdf::{File, Password};
use sealwright::pki::TrustAnchors;
use sealwright::report::Report;
use sealwright::signing::{LocalSigner, Seal};
use sealwright::verification::{CheckOptions, check};
use sealwright_testdata::pki::{KeyType, Validity, identity};
use time::OffsetDateTime;

fn now() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_767_225_600).unwrap()
}

fn signer(key: KeyType) -> LocalSigner {
    let identity = identity(key, Validity::around(now()));
    LocalSigner::from_pem(identity.key_pem().as_bytes(), identity.chain_pem().as_bytes()).unwrap()
}

fn open<'a>(bytes: &'a [u8], password: Option<&str>) -> File<'a> {
    match password {
        Some(password) => {
            let password = Password::new(password);
            File::open_with_password(bytes, Limits::default(), &password).unwrap()
        }
        None => File::open(bytes, Limits::default()).unwrap(),
    }
}

/// A picture of four colours.
fn picture() -> Drawing {
    let mut image = image::RgbaImage::from_pixel(80, 80, image::Rgba([200, 20, 20, 255]));
    for (x, y, pixel) in image.enumerate_pixels_mut() {
        if x < 40 && y < 40 {
            *pixel = image::Rgba([20, 20, 200, 128]);
        }
    }
    let mut png = Vec::new();
    image.write_to(&mut std::io::Cursor::new(&mut png), image::ImageFormat::Png).unwrap();
    UploadedPicture::from_bytes(&png).unwrap().drawing(Mm(30.0)).unwrap()
}

/// The document with one more signature, which is seen on the first page.
fn signed(bytes: &[u8], password: Option<&str>, key: KeyType, left: f64) -> Vec<u8> {
    let file = open(bytes, password);
    let drawing = picture();
    let seal = Seal::on(&file).page(1).at(Mm(left), Mm(100.0)).drawing(&drawing);
    let update = seal.reason("同意 (agreed)").sign(&signer(key), now()).unwrap();
    [bytes, update.appended()].concat()
}

fn judged(bytes: &[u8], password: Option<&str>) -> Report {
    let anchors = identity(KeyType::P256, Validity::around(now()));
    let mut all = anchors.root_pem().as_bytes().to_vec();
    all.extend(identity(KeyType::Rsa2048, Validity::around(now())).root_pem().as_bytes());
    let anchors = TrustAnchors::from_pem(&all).unwrap();
    let mut options = CheckOptions::trusting(&anchors).at(now());
    if let Some(password) = password {
        options = options.password(Password::new(password));
    }
    check(bytes, &options).unwrap()
}
