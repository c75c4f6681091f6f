//! The paved path, from an image and a key to a signed document, for every kind of key.

use sealwright::appearance::SealFace;
use sealwright::authorization::Authority;
use sealwright::geometry::Mm;
use sealwright::limits::Limits;
use sealwright::pdf::File;
use sealwright::signing::{LocalSigner, Profile, Seal};
use sealwright_testdata::documents;
use sealwright_testdata::pki::{KeyType, Validity, identity};
use time::OffsetDateTime;

fn now() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_767_225_600).unwrap()
}

fn signer(key: KeyType) -> LocalSigner {
    let identity = identity(key, Validity::around(now()));
    LocalSigner::from_pem(identity.key_pem().as_bytes(), identity.chain_pem().as_bytes()).unwrap()
}

fn face() -> SealFace {
    let mut image = image::RgbaImage::from_pixel(200, 200, image::Rgba([0, 0, 0, 0]));
    for (x, y, pixel) in image.enumerate_pixels_mut() {
        let radius = (f64::from(x) - 99.5).hypot(f64::from(y) - 99.5);
        if (85.0..99.0).contains(&radius) || (95..105).contains(&y) && radius < 85.0 && x > 100 {
            *pixel = image::Rgba([200, 20, 20, 230]);
        }
    }
    let mut png = Vec::new();
    image.write_to(&mut std::io::Cursor::new(&mut png), image::ImageFormat::Png).unwrap();
    SealFace::from_image(&png, Mm(42.0)).unwrap()
}

#[test]
fn every_key_signs_visibly_and_invisibly_in_both_profiles() {
    let face = face();
    for key in KeyType::ALL {
        let signer = signer(key);
        for profile in [Profile::Pades, Profile::Pkcs7] {
            let bytes = documents::object_streams();
            let file = File::open(&bytes, Limits::default()).unwrap();
            let seal = Seal::on(&file).profile(profile).reason("同意").name("甲方 📝");
            let visible = seal
                .clone()
                .page(-1)
                .at(Mm(130.0), Mm(220.0))
                .face(&face, Authority::AssertedByHost)
                .sign(&signer, now())
                .unwrap();
            let invisible = seal.invisible().sign(&signer, now()).unwrap();
            for (kind, signed) in [("visible", visible), ("invisible", invisible)] {
                let mut out = Vec::new();
                signed.write_to(&mut out).unwrap();
                assert!(out.starts_with(&bytes));
                let reopened = File::open(&out, Limits::default()).unwrap();
                assert_eq!(reopened.revision_count(), file.revision_count() + 1);
                let name = format!("{}-{profile:?}-{kind}.pdf", key.name());
                let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
                std::fs::write(folder.join(name), &out).unwrap();
            }
        }
    }
}
