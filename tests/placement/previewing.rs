//! A preview: what will be seen, on a copy that says that it is not signed.

use sealwright::appearance::{Fit, SealFace};
use sealwright::authorization::Authority;
use sealwright::contract::CrossPage;
use sealwright::geometry::{Mm, Pt};
use sealwright::update::{DrawnSeal, Impression, Preview, TransparencyPolicy};
use sealwright::{LocalSigner, Seal};
use sealwright_testdata::{documents, pki, seal as pictures};

use crate::paper::{
    A4, Offices, at, open, pages, paging, qpdf_is_silent, resolve, seal, signature, written,
};
use crate::world::{control, monday};

fn count(bytes: &[u8], what: &str) -> usize {
    memchr::memmem::find_iter(bytes, what).count()
}

#[test]
fn a_preview_draws_every_control_and_says_that_it_is_not_signed() {
    let base = written(&pages(&[A4, "/MediaBox [0 0 595 842] /Rotate 90", A4, A4]));
    let file = open(&base);
    let contract = Offices::new().draft(
        &[("doc", &file)],
        vec![
            control("doc", "cross", "sa", paging(), CrossPage::staggered(0).skip(0, 1)),
            control("doc", "seal", "sa", seal(), at(2, 300.0, 300.0, 130.0, 130.0)),
            control("doc", "sign", "sb", signature(), at(3, 10.0, 40.0, 112.0, 52.0)),
        ],
    );
    let plan = resolve(&contract, &file).unwrap();
    let face = SealFace::from_image(pictures::PNG, Mm(42.0)).unwrap();
    let preview = Preview::of(&plan, &plan.documents()[0], &file);
    let draw = |control: &sealwright::placement::PlannedControl| {
        control.kind().contains("seal").then(|| Impression::from(&face))
    };
    let appended = preview.stamp(draw).unwrap();
    let bytes = [base.as_slice(), &appended].concat();
    qpdf_is_silent(&bytes);
    if let Some(path) = std::env::var_os("PREVIEW") {
        std::fs::write(path, &bytes).unwrap();
    }
    // One picture with its mask, three slices, one dashed frame for who gave no drawing.
    assert_eq!(count(&appended, "/Subtype/Image") + count(&appended, "/Subtype /Image"), 2);
    assert_eq!(count(&appended, " re W n "), 3);
    assert_eq!(count(&appended, "/BM /Multiply"), 4, "as the signature draws it");
    assert_eq!(count(&appended, "[3 2] 0 d"), 1);
    assert_eq!(count(&appended, "PREVIEW - NOT SIGNED"), 1, "one drawing for all pages");
    // The fourth page shows nothing and stays.
    assert_eq!(
        open(&bytes).latest().page(4).unwrap().dictionary(),
        file.latest().page(4).unwrap().dictionary()
    );
    let plain = preview.without_mark().stamp(draw).unwrap();
    assert_eq!(count(&plain, "NOT SIGNED"), 0);
    // Nothing of it is a signature or a field.
    assert_eq!(count(&appended, "/Sig") + count(&appended, "/AcroForm"), 0);
}

#[test]
fn a_preview_is_of_the_document_that_the_plan_was_made_for() {
    let (base, other) = (written(&pages(&[A4, A4])), written(&pages(&[A4])));
    let (file, other) = (open(&base), open(&other));
    let sign = control("doc", "sign", "sb", signature(), at(1, 10.0, 10.0, 112.0, 52.0));
    let contract = Offices::new().draft(&[("doc", &file)], vec![sign]);
    let plan = resolve(&contract, &file).unwrap();
    let error = Preview::of(&plan, &plan.documents()[0], &other).stamp(|_| None).unwrap_err();
    assert_eq!(error.code(), "doc.hash_mismatch");
}

#[test]
fn a_signed_document_can_be_previewed_although_it_cannot_be_filled_in() {
    let base = written(&pages(&[A4]));
    let identity = pki::demo_identity(monday());
    let signer =
        LocalSigner::from_pem(identity.key_pem().as_bytes(), identity.chain_pem().as_bytes());
    let mut signed = Vec::new();
    let file = open(&base);
    let sealed = Seal::on(&file).invisible().sign(&signer.unwrap(), monday()).unwrap();
    sealed.write_to(&mut signed).unwrap();
    let file = open(&signed);
    let sign = control("doc", "sign", "sb", signature(), at(1, 10.0, 10.0, 112.0, 52.0));
    let contract = Offices::new().draft(&[("doc", &file)], vec![sign]);
    let plan = resolve(&contract, &file).unwrap();
    assert!(!Preview::of(&plan, &plan.documents()[0], &file).stamp(|_| None).unwrap().is_empty());
}

/// In a document that claims to be PDF/A-1 a seal covers, and clear pixels are refused: in the preview
/// as by the signature.
#[test]
fn a_preview_mixes_a_seal_with_the_page_as_its_signature_will() {
    let opaque = {
        let (mut png, image) =
            (Vec::new(), image::RgbImage::from_pixel(8, 8, image::Rgb([200, 0, 0])));
        image.write_to(&mut std::io::Cursor::new(&mut png), image::ImageFormat::Png).unwrap();
        SealFace::from_image(&png, Mm(42.0)).unwrap()
    };
    let clear = SealFace::from_image(pictures::PNG, Mm(42.0)).unwrap();
    let identity = pki::demo_identity(monday());
    let signer =
        LocalSigner::from_pem(identity.key_pem().as_bytes(), identity.chain_pem().as_bytes());
    let signer = signer.unwrap();
    for (part, face, policy) in [
        (1, &opaque, TransparencyPolicy::Refuse),
        (1, &clear, TransparencyPolicy::Refuse),
        (1, &clear, TransparencyPolicy::Flatten),
        (1, &clear, TransparencyPolicy::BreakClaim),
        (2, &clear, TransparencyPolicy::Refuse),
    ] {
        let base = written(&documents::archived(part, 'B', true));
        let file = open(&base);
        let at = at(1, 100.0, 100.0, 130.0, 130.0);
        let contract =
            Offices::new().draft(&[("doc", &file)], vec![control("doc", "seal", "sa", seal(), at)]);
        let plan = resolve(&contract, &file).unwrap();
        let preview = Preview::of(&plan, &plan.documents()[0], &file).transparency(policy);
        let seen = preview.stamp(|_| Some(face.into())).map_err(|error| error.code());
        let seal = Seal::on(&file).page(1).at(Pt(100.0), Pt(100.0)).transparency(policy);
        let signed = seal.face(face, Authority::AssertedByHost).sign(&signer, monday());
        let signed = signed.map(|it| it.into_appended()).map_err(|error| error.code());
        let mixing = |bytes: Vec<u8>| (count(&bytes, "/BM /Multiply"), count(&bytes, "/SMask"));
        assert_eq!(seen.map(mixing), signed.map(mixing), "PDF/A-{part}, {policy:?}");
    }
}

#[test]
fn a_preview_of_slices_that_were_cut_for_another_seal_is_refused_as_their_signature_is() {
    let base = written(&pages(&[A4, A4]));
    let file = open(&base);
    let cross = control("doc", "cross", "sa", paging(), CrossPage::staggered(0));
    let contract = Offices::new().draft(&[("doc", &file)], vec![cross]);
    let plan = resolve(&contract, &file).unwrap();
    let preview = Preview::of(&plan, &plan.documents()[0], &file);
    let larger = SealFace::from_image(pictures::PNG, Mm(50.0)).unwrap();
    let error = preview.stamp(|_| Some((&larger).into())).unwrap_err();
    assert_eq!(error.code(), "sign.seal_size_changed");
    let seal = DrawnSeal::new(&larger, Authority::AssertedByHost, None);
    let seal = DrawnSeal { fit: Fit::CONTAIN, ..seal };
    assert!(preview.stamp(|_| Some((&seal).into())).is_ok());
}
