//! A flipped bit anywhere in what our own signatures cover is noticed.
//!
//! One random bit of every byte of small files here; every bit of them with `SEALWRIGHT_EVERY_BIT`,
//! as `.ci/steps/65-flips.sh` does in release. Large files are sampled.

mod judging_support;

use judging_support::{assert_every_flip_is_detected, now};
use sealwright::signing::Profile;
use sealwright::{Authority, CheckOptions, Limits, LocalSigner, Mm, Seal, SealFace, TrustAnchors};
use sealwright::{check, pdf::File};
use sealwright_testdata::documents::{classic_table, large, object_streams};
use sealwright_testdata::pdf::Section;
use sealwright_testdata::pki::{KeyType, Validity, identity};
use sealwright_testdata::random::Random;
use sealwright_testdata::seal;

struct Signed {
    bytes: Vec<u8>,
    /// The bytes of the gap: `<`, the message and `>`.
    gap: std::ops::Range<usize>,
    anchors: TrustAnchors,
}

fn sign(document: &[u8], key: KeyType, profile: Profile, visible: bool) -> Signed {
    let identity = identity(key, Validity::around(now()));
    let signer =
        LocalSigner::from_pem(identity.key_pem().as_bytes(), identity.chain_pem().as_bytes())
            .unwrap();
    let png = seal::transparent_png("甲方", 40);
    let face = SealFace::from_image(&png, Mm(20.0)).unwrap();
    let file = File::open(document, Limits::default()).unwrap();
    let seal = Seal::on(&file).profile(profile);
    let seal = match visible {
        true => seal.page(1).at(Mm(20.0), Mm(20.0)).face(&face, Authority::AssertedByHost),
        false => seal.invisible(),
    };
    let update = seal.sign(&signer, now()).unwrap();
    let gap = update.byte_range().gap();
    Signed {
        bytes: [document, update.appended()].concat(),
        gap: gap.start as usize..gap.end as usize,
        anchors: TrustAnchors::from_pem(identity.root_pem().as_bytes()).unwrap(),
    }
}

impl Signed {
    fn options(&self) -> CheckOptions<'_> {
        CheckOptions::trusting(&self.anchors).at(now())
    }

    fn covered(&self) -> impl Iterator<Item = usize> {
        (0..self.bytes.len()).filter(|at| !self.gap.contains(at))
    }
}

#[test]
fn in_small_files_every_byte() {
    for (document, key, profile, visible) in [
        (classic_table(), KeyType::P256, Profile::Pades, true),
        (object_streams(), KeyType::Rsa2048, Profile::Pkcs7, false),
    ] {
        let signed = sign(&document, key, profile, visible);
        let report = check(&signed.bytes, &signed.options()).unwrap();
        assert!(report.conclusion.is_passed(), "{report}");
        assert_every_flip_is_detected(&signed.bytes, signed.covered(), &signed.options());
    }
}

#[test]
fn in_a_large_file_wherever_it_is_looked_at() {
    let document = large::contract_pages(100, Section::ObjectStreams(100));
    let signed = sign(&document, KeyType::P256, Profile::Pades, true);
    let mut random = Random::new(65);
    let anywhere = (0..150).map(|_| random.below(signed.bytes.len()));
    let sampled: Vec<usize> = anywhere.filter(|at| !signed.gap.contains(at)).collect();
    // The end is where a reader begins.
    let end = signed.bytes.len() - 100..signed.bytes.len();
    assert_every_flip_is_detected(&signed.bytes, sampled.into_iter().chain(end), &signed.options());
}
