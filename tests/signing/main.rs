//! Signing, from outside: what comes out is read back here and checked with nothing but the
//! public readers.

mod archived;
mod cmyk;
mod faults;
mod fields;
mod filling;
mod fitting;
mod large;
mod made_seals;
mod paved_path;
mod tagged;
mod tickets;
mod timestamps;
mod vessel;
mod widgets;
mod zoo;

use sealwright::appearance::{Drawing, SealFace, UploadedPicture};
use sealwright::digest::{Digest, Hasher};
use sealwright::geometry::Mm;
use sealwright::limits::Limits;
use sealwright::pdf::{Dictionary, File, Object};
use sealwright::pki::{SignedContent, SignedData};
use sealwright::signing::LocalSigner;
use sealwright_testdata::pki::{KeyType, Validity, identity};
use time::OffsetDateTime;

fn now() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_767_225_600).unwrap()
}

fn signer(key: KeyType) -> LocalSigner {
    let identity = identity(key, Validity::around(now()));
    LocalSigner::from_pem(identity.key_pem().as_bytes(), identity.chain_pem().as_bytes()).unwrap()
}

/// A red ring with a hand that points to the right.
fn face() -> SealFace {
    SealFace::from_image(&ring(), Mm(42.0)).unwrap()
}

/// The same as a picture, which is nobody's seal.
fn picture() -> Drawing {
    UploadedPicture::from_bytes(&ring()).unwrap().drawing(Mm(42.0)).unwrap()
}

fn ring() -> Vec<u8> {
    let mut image = image::RgbaImage::from_pixel(200, 200, image::Rgba([0, 0, 0, 0]));
    for (x, y, pixel) in image.enumerate_pixels_mut() {
        let radius = (f64::from(x) - 99.5).hypot(f64::from(y) - 99.5);
        if (85.0..99.0).contains(&radius) || (95..105).contains(&y) && radius < 85.0 && x > 100 {
            *pixel = image::Rgba([200, 20, 20, 230]);
        }
    }
    let mut png = Vec::new();
    image.write_to(&mut std::io::Cursor::new(&mut png), image::ImageFormat::Png).unwrap();
    png
}

fn open(bytes: &Vec<u8>) -> File<'_> {
    File::open(bytes, Limits::default()).unwrap()
}

/// Every filled signature of a file, oldest first, each found sound: its gap is exactly `/Contents`,
/// its range ends at the end of a revision, its CMS verifies over what it covers.
fn sound_signatures(bytes: &Vec<u8>) -> Vec<Dictionary> {
    let file = open(bytes);
    let latest = file.latest();
    let mut found = Vec::new();
    for field in latest.fields().unwrap() {
        let Some(Object::Reference(id)) = field.value else { continue };
        if !field.is_signature() {
            continue;
        }
        let signature = latest.dictionary(id).unwrap();
        let range: Vec<usize> = signature
            .get(b"ByteRange")
            .and_then(Object::as_array)
            .unwrap()
            .iter()
            .map(|number| number.value.as_integer().unwrap() as usize)
            .collect();
        let [0, first, second, rest] = range[..] else { panic!("a range of another form") };
        let contents = signature.get_spanned(b"Contents").unwrap();
        assert_eq!((contents.span.start, contents.span.end), (first as u64, second as u64));
        let end = (second + rest) as u64;
        assert!(file.revisions().any(|revision| revision.end() == Some(end)), "coverage");
        let cms = &contents.value.as_string().unwrap().bytes;
        let signed = SignedData::parse(cms, &Limits::default()).unwrap();
        assert!(signed.tail_is_zero());
        let algorithm = signed.signer().unwrap().digest_algorithm().unwrap();
        let mut hasher = Hasher::new(algorithm);
        hasher.update(&bytes[..first]);
        hasher.update(&bytes[second..second + rest]);
        let digest: Digest = hasher.finish();
        let check = signed.check(&SignedContent::Digest(&digest), &[]);
        assert!(check.overall().is_good(), "{:?}", check.overall());
        found.push((end, signature));
    }
    found.sort_by_key(|(end, _)| *end);
    found.into_iter().map(|(_, signature)| signature).collect()
}

/// Keeps a result for a look at it with other programs.
fn keep(name: &str, bytes: &[u8]) {
    std::fs::write(std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name), bytes).unwrap();
}

/// The document with what was appended to it.
fn joined(bytes: &[u8], appended: &[u8]) -> Vec<u8> {
    [bytes, appended].concat()
}
