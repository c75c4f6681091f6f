//! Seals in boxes of another size or shape than theirs: nothing is distorted that nobody asked for, and
//! however they stand there, the judge sees which seal it is.

use sealwright::appearance::{Alignment, Fit, SealFace, Sizing};
use sealwright::authorization::Authority;
use sealwright::contract::{CrossPage, Edge, PageSet};
use sealwright::geometry::{MilliPoints, Mm, PageNumber, Pt, Rect, Size};
use sealwright::signing::{Seal, SignedUpdate};
use sealwright::update::{NewField, NewFieldKind, Part, Preparation};
use sealwright::verification::{CheckOptions, check};
use sealwright_testdata::documents;
use sealwright_testdata::pdf::Layout;
use sealwright_testdata::pki::KeyType;

use super::*;

/// Twice as wide as high.
fn banner(width: f64) -> SealFace {
    let picture = image::RgbaImage::from_pixel(40, 20, image::Rgba([200, 0, 0, 200]));
    let mut png = Vec::new();
    picture.write_to(&mut std::io::Cursor::new(&mut png), image::ImageFormat::Png).unwrap();
    SealFace::from_image(&png, Mm(width)).unwrap()
}

/// Width, height, left and bottom in the template that the last form of an update is.
fn template(appended: &[u8]) -> [f64; 4] {
    let text = String::from_utf8_lossy(appended);
    let content = text.rsplit(" cm /S Do Q").nth(1).unwrap();
    let tokens: Vec<&str> = content.rsplit(' ').take(6).collect();
    let number = |at: usize| tokens[at].parse().unwrap();
    [number(5), number(2), number(1), number(0)]
}

#[test]
fn however_it_stands_in_its_box_a_seal_is_not_distorted_and_the_judge_knows_it() {
    let face = banner(42.0);
    let digest = face.face_digest().to_string();
    let mut pdf = documents::plain(4);
    for (page, rotate) in (0..).zip([0, 90, 180, 270]) {
        pdf.append_entry(documents::page_number(page), &format!("/Rotate {rotate}"));
    }
    let bytes = pdf.write(&Layout::default());
    let file = open(&bytes);
    let key = super::signer(KeyType::P256);
    let fits = [Fit::OWN_SIZE, Fit::CONTAIN, Fit::STRETCH];
    let ways = fits.iter().flat_map(|fit| Alignment::ALL.map(|at| fit.aligned(at)));
    for (count, fit) in (0_i32..).zip(ways) {
        let seal = Seal::on(&file).page(1 + count % 4).at(Pt(50.0), Pt(60.0));
        let seal = seal.boxed(Pt(150.0), Pt(130.0)).fit(fit);
        let signed = seal.face(&face, Authority::AssertedByHost).sign(&key, now()).unwrap();
        let [width, height, left, bottom] = template(signed.appended());
        let room = [150.0 - width, 130.0 - height];
        let distorted = (width / height - 2.0).abs() > 0.001;
        assert_eq!(distorted, fit.sizing() == Sizing::Stretch, "{fit:?}: {width} x {height}");
        assert_eq!(
            signed.fields()[0].resized.is_none(),
            fit.sizing() == Sizing::OwnSize,
            "{fit:?}"
        );
        if fit.alignment() == Alignment::BottomRight {
            assert!((left - room[0]).abs() < 0.002 && bottom.abs() < 0.002, "{fit:?}");
        }
        let report = check(joined(&bytes, signed.appended()), &CheckOptions::without_trust());
        let faces = report.unwrap().signatures[0].faces.clone();
        assert_eq!(faces.len(), 1, "{fit:?}");
        assert_eq!(faces[0].digest, digest);
    }
}

#[test]
fn a_seal_that_is_larger_than_its_field_is_made_smaller_and_both_sizes_are_told() {
    let bytes = documents::plain(1).write(&Layout::default());
    let rect = Rect::new(Pt(40.0), Pt(40.0), Pt(60.0), Pt(60.0)).unwrap();
    let field = NewField::new("seal", NewFieldKind::Signature);
    let field = field.at(PageNumber::new(1).unwrap(), rect);
    let prepared = Preparation::default().signer([field]).append_to(&open(&bytes)).unwrap();
    let bytes = joined(&bytes, prepared.appended());
    let (file, face) = (open(&bytes), banner(42.0));
    let seal = Seal::on(&file).existing_field("seal").face(&face, Authority::AssertedByHost);
    let signed = seal.sign(&super::signer(KeyType::P256), now()).unwrap();
    assert_eq!(template(signed.appended()), [60.0, 30.0, 0.0, 15.0]);
    let resized = signed.fields()[0].resized.unwrap();
    assert_eq!((resized.own, resized.shown.to_string().as_str()), (face.size(), "60 x 30"));
}

/// A contract was started with a seal of 42 mm, cut into two slices; then the seal changed.
#[test]
fn a_seal_whose_size_changed_after_its_slices_were_cut_is_not_stretched_without_a_word() {
    let bytes = documents::plain(2).write(&Layout::default());
    let file = open(&bytes);
    let frozen = banner(42.0).size();
    let half = MilliPoints::new(frozen.width().thousandths() / 2).unwrap();
    let part = Part::slice(Edge::Right, frozen, MilliPoints::ZERO, half).unwrap();
    let sealed = |face: &SealFace, fit: Option<Fit>| {
        let seal = Seal::on(&file).page(1).at(Pt(60.0), Pt(60.0)).part(part);
        let seal = fit.map_or(seal.clone(), |fit| seal.fit(fit));
        let seal = seal.face(face, Authority::AssertedByHost);
        let signed = seal.sign(&super::signer(KeyType::P256), now());
        let signed = signed.map_err(|error| (error.code(), error.to_string()))?;
        let resized = signed.fields()[0].resized.map(|it| (it.own, it.shown));
        let [width, height, ..] = template(signed.appended());
        let report = check(joined(&bytes, signed.appended()), &CheckOptions::without_trust());
        assert!(report.unwrap().signatures[0].faces.iter().all(|it| it.part));
        Ok::<_, (&str, String)>((resized, (width / height * 10.0).round()))
    };
    assert_eq!(sealed(&banner(42.0), None), Ok((None, 20.0)));
    let smaller = banner(40.0);
    let (code, message) = sealed(&smaller, None).unwrap_err();
    assert_eq!(code, "sign.seal_size_changed");
    let told = |size: Size| message.contains(&size.to_string());
    assert!(told(smaller.size()) && told(frozen), "{message}");
    let resized = Some((smaller.size(), frozen));
    assert_eq!(sealed(&smaller, Some(Fit::CONTAIN)), Ok((resized, 20.0)));
    // Of another shape it is distorted only where that was asked for by name.
    let square = super::face();
    assert_eq!(sealed(&square, Some(Fit::CONTAIN)).unwrap_err().0, "sign.seal_size_changed");
    let resized = Some((square.size(), frozen));
    assert_eq!(sealed(&square, Some(Fit::STRETCH)), Ok((resized, 20.0)));
}

/// A cross-page seal that is said to have another size has it, in its own shape.
#[test]
fn a_cross_page_seal_in_a_size_of_its_own_keeps_its_shape() {
    let bytes = documents::plain(3).write(&Layout::default());
    let (file, face) = (open(&bytes), super::face());
    let sealed = |width: f64, height: f64, fit: Option<Fit>| {
        let cross = CrossPage::over(PageSet::All).sized(Mm(width), Mm(height)).unwrap();
        let seal = Seal::on(&file).cross_page(cross).face(&face, Authority::AssertedByHost);
        let seal = fit.map_or(seal.clone(), |fit| seal.fit(fit));
        let signed = seal.sign(&super::signer(KeyType::P256), now());
        let resized = |it: SignedUpdate<'_>| it.fields().iter().flat_map(|it| it.resized).count();
        signed.map(resized).map_err(|error| error.code())
    };
    assert_eq!(sealed(50.0, 50.0, None), Ok(3));
    assert_eq!(sealed(42.0, 42.0, None), Ok(0));
    assert_eq!(sealed(50.0, 30.0, None), Err("sign.seal_size_changed"));
    assert_eq!(sealed(50.0, 30.0, Some(Fit::STRETCH)), Ok(3));
    // Who asks for its own size by name gets no other.
    assert_eq!(sealed(50.0, 50.0, Some(Fit::OWN_SIZE)), Err("sign.seal_size_changed"));
}
