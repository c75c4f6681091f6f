//! The engine's part: carries out what the plan says.

use std::io::Cursor;

use image::{ImageFormat, Rgb, RgbImage};
use sealwright::appearance::{Drawing, SealFace, UploadedPicture};
use sealwright::authorization::Authority;
use sealwright::contract::{CrossPage, Edge, Slice};
use sealwright::geometry::{Mm, PageGeometry, PageNumber, Rect, Size};
use sealwright::limits::Limits;
use sealwright::pdf::File;
use sealwright::pki::{Certificate, PrivateKey};
use sealwright::signing::{LocalSigner, Profile, Seal};
use sealwright::update::{Certification, NewField, NewFieldKind, Part, Preparation, Value};
use sealwright_testdata::documents;
use sealwright_testdata::pdf::Layout;
use sealwright_testdata::pki::Identity;
use time::OffsetDateTime;

use crate::permitted::Permitted;
use crate::plan::{Case, LEFT, PARTIES, QUARTERS, SIDE, Signature, TOP};

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
    let drawing = UploadedPicture::from_bytes(&quarters()).unwrap().drawing(Mm(SIDE)).unwrap();
    let permitted = signature.permitted.then(|| Permitted::of(document, face, signer));
    let signed = seal(&file, case, signature, face, &drawing, permitted.as_ref())
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
    drawing: &'f Drawing,
    permitted: Option<&'f Permitted>,
) -> Seal<'f> {
    let seal = Seal::on(file)
        .profile(if case.plain_pkcs7 { Profile::Pkcs7 } else { Profile::Pades })
        .name("江州澄砚信息技术有限公司")
        .reason("同意 / agreed 📜")
        .location("江州")
        .contact("seal@example.test");
    let seal = signature.slices.iter().zip(slices(0)).fold(seal, |seal, (field, slice)| {
        let whole = face.size();
        seal.slice_in(*field, Part::slice(Edge::Right, whole, slice.from, slice.to).unwrap())
    });
    let seal = match signature.fills {
        Some(field) => {
            // Prepared fields show nothing before and after; others would be drawn by whoever reads.
            let drawing = (case.kind == "form").then_some(drawing);
            seal.fill(field, Value::Text("2026年1月6日"), drawing)
        }
        None => seal,
    };
    let seal =
        match signature.picks {
            Some([box_to_tick, choice]) => seal
                .fill(box_to_tick, Value::Checked, Some(drawing))
                .fill(choice, Value::Choice("south"), Some(drawing)),
            None => seal,
        };
    let seal = match (signature.exists, signature.page, permitted) {
        (_, None, _) => seal.invisible(),
        (_, _, Some(permitted)) => seal
            .face(face, permitted.permit.authority(&permitted.control).unwrap())
            .under(&permitted.permit, &permitted.control.document, &permitted.intent)
            .granted_by(&permitted.grant),
        (true, Some(_), None) => seal.face(face, Authority::AssertedByHost),
        (false, Some(page), None) => seal
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

/// Three pages with fields for three parties: each a seal on the last page, a slice on every page, a
/// date; one for a closing time-stamp.
pub fn prepared_contract() -> Vec<u8> {
    let bytes = documents::plain(3).write(&Layout::default());
    let file = File::open(&bytes, Limits::default()).unwrap();
    let last = PageNumber::new(3).unwrap();
    let edges: Vec<_> = (0..PARTIES.len()).map(slices).collect();
    let mut preparation = Preparation::default().closing("closing");
    for (((name, slices, date), edges), column) in PARTIES.iter().zip(&edges).zip(0..) {
        let left = Mm(20.0 + 50.0 * f64::from(column));
        let seal = Rect::new(left, Mm(200.0), Mm(SIDE), Mm(SIDE)).unwrap();
        let day = Rect::new(left, Mm(250.0), Mm(SIDE), Mm(8.0)).unwrap();
        let own = [
            NewField::new(name, NewFieldKind::Signature).at(last, seal),
            NewField::new(date, NewFieldKind::Text { lines: false }).at(last, day),
        ];
        let slices = slices.iter().zip(edges).map(|(name, slice)| {
            NewField::new(name, NewFieldKind::Signature).at(slice.spot.page, slice.spot.rect)
        });
        preparation = preparation.signer(own.into_iter().chain(slices));
    }
    [bytes.as_slice(), preparation.append_to(&file).unwrap().appended()].concat()
}

/// A form as other programs make them: fields with looks of their own, and two to sign in, each of which
/// locks its signer's fields. No widget stands apart from its field: pyHanko 0.38 does not compare those,
/// and takes whatever changes in them for unexplained.
pub fn form_with_values() -> Vec<u8> {
    let widget = "/Type/Annot/Subtype/Widget/F 4";
    let lock = |names: &str| format!("/Lock<</Type/SigFieldLock/Action/Include/Fields[{names}]>>");
    let states = "/AS/Off/AP<</N<</On 60 0 R/Off 61 0 R>>>>";
    let form = "<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<<>>/Length 7>>\nstream\n";
    let fields = [
        (40, format!("<<{widget}/FT/Sig/T(a)/Rect[50 50 150 150]{}>>", lock("(a)(a_note)"))),
        (41, format!("<<{widget}/FT/Sig/T(b)/Rect[200 50 300 150]{}>>", lock("(b)"))),
        (42, format!("<<{widget}/FT/Tx/T(a_note)/DA(/Helv 0 Tf)/Rect[50 170 150 190]>>")),
        (
            43,
            format!(
                "<<{widget}/FT/Tx/T(b_note)/DA(/Helv 0 Tf)/Rect[200 170 300 190]/MK<</R 180/BC[0]>>>>"
            ),
        ),
        (46, format!("<<{widget}/FT/Btn/T(yes)/Rect[320 50 334 64]{states}>>")),
        (
            47,
            format!(
                "<<{widget}/FT/Ch/Ff 131072/T(way)/Opt[(north)[(S)(south)]]/DA(/Helv 0 Tf)/Rect[320 90 400 110]>>"
            ),
        ),
        (60, format!("{form}0 9 m f\nendstream")),
        (61, format!("{form}0 9 m n\nendstream")),
    ];
    let mut pdf = documents::plain(1);
    let page = documents::page_number(0);
    pdf.append_entry(page, "/Annots [40 0 R 41 0 R 42 0 R 43 0 R 46 0 R 47 0 R]");
    pdf.append_entry(
        documents::CATALOG,
        "/AcroForm << /Fields [40 0 R 41 0 R 42 0 R 43 0 R 46 0 R 47 0 R] /SigFlags 3 >>",
    );
    for (number, body) in &fields {
        pdf.set(*number, body.as_str());
    }
    pdf.write(&Layout::default())
}

/// Two tagged pages with a seal and a date for two parties.
pub fn prepared_tagged() -> Vec<u8> {
    let bytes = documents::tagged();
    let file = File::open(&bytes, Limits::default()).unwrap();
    let page = PageNumber::new(1).unwrap();
    let mut preparation = Preparation::default();
    for (seal, date, left) in [("a", "a_date", 20.0), ("b", "b_date", 70.0)] {
        let place = Rect::new(Mm(left), Mm(200.0), Mm(SIDE), Mm(SIDE)).unwrap();
        let day = Rect::new(Mm(left), Mm(250.0), Mm(SIDE), Mm(8.0)).unwrap();
        preparation = preparation.signer([
            NewField::new(seal, NewFieldKind::Signature).at(page, place).labelled("盖章"),
            NewField::new(date, NewFieldKind::Text { lines: false }).at(page, day),
        ]);
    }
    [bytes.as_slice(), preparation.append_to(&file).unwrap().appended()].concat()
}

/// The slices of a party's cross-page seal on three pages of A4.
fn slices(party: usize) -> Vec<Slice> {
    let page = PageGeometry::new([0.0, 0.0, 595.0, 842.0], None, 0, 1.0).unwrap();
    let seal = Size::new(Mm(SIDE), Mm(SIDE)).unwrap();
    CrossPage::staggered(party).slices(&[page; 3], seal).unwrap()
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
