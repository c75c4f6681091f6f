//! Several parties, each with a seal over the edges of the same pages, a seal of its own and a date:
//! all fields are there before anybody signs, and nobody breaks what the others signed.

use sealwright::appearance::{Blend, Drawing, SealFace};
use sealwright::authorization::Authority;
use sealwright::contract::{CrossPage, Edge, Opacity, PageSet, Slice};
use sealwright::geometry::{PageGeometry, PageNumber, Rect, Size};
use sealwright::report::{Code, Conclusion, ModificationLevel, Report};
use sealwright::signing::Seal;
use sealwright::update::{Certification, NewField, NewFieldKind, Part, Preparation, Value};
use sealwright::{CheckOptions, TrustAnchors, check};
use sealwright_testdata::documents;
use sealwright_testdata::pdf::Layout;

use super::*;

const PAGES: u32 = 3;
const PARTIES: [&str; 3] = ["a", "b", "c"];

fn geometries(bytes: &Vec<u8>) -> Vec<PageGeometry> {
    let file = open(bytes);
    let latest = file.latest();
    let count = latest.page_count().unwrap();
    (1..=count).map(|page| latest.page_geometry(&latest.page(page).unwrap()).unwrap()).collect()
}

/// The slices of a party's cross-page seal.
fn slices(bytes: &Vec<u8>, party: usize, seal: Size) -> Vec<(String, Slice, Part)> {
    let slices = CrossPage::staggered(party).slices(&geometries(bytes), seal).unwrap();
    let named = slices.into_iter().map(|slice| {
        let name = format!("{}_edge_{}", PARTIES[party], slice.spot.page);
        (name, slice, Part::slice(Edge::Right, seal, slice.from, slice.to).unwrap())
    });
    named.collect()
}

/// The document with all fields of so many parties.
fn prepared(bytes: &Vec<u8>, parties: usize, seal: Size) -> Vec<u8> {
    let names: Vec<[String; 3]> = PARTIES
        .iter()
        .map(|party| [format!("{party}_seal"), format!("{party}_date"), format!("{party}_yes")])
        .collect();
    let edges: Vec<_> = (0..parties).map(|party| slices(bytes, party, seal)).collect();
    let file = open(bytes);
    let last = PageNumber::new(PAGES).unwrap();
    let mut preparation = Preparation::default().closing("closing");
    for ((names, edges), column) in names.iter().zip(&edges).zip(0..) {
        let left = 20.0 + 55.0 * f64::from(column);
        let seal = Rect::with_size(Mm(left), Mm(200.0), seal).unwrap();
        let date = Rect::new(Mm(left), Mm(250.0), Mm(40.0), Mm(8.0)).unwrap();
        let tick = Rect::new(Mm(left), Mm(262.0), Mm(5.0), Mm(5.0)).unwrap();
        let slices = edges.iter().map(|(name, slice, _)| {
            NewField::new(name, NewFieldKind::Signature).at(slice.spot.page, slice.spot.rect)
        });
        let own = [
            NewField::new(&names[0], NewFieldKind::Signature).at(last, seal).labelled("盖章"),
            NewField::new(&names[1], NewFieldKind::Text { lines: false }).at(last, date),
            NewField::new(&names[2], NewFieldKind::CheckBox).at(last, tick),
        ];
        preparation = preparation.signer(own.into_iter().chain(slices));
    }
    joined(bytes, preparation.append_to(&file).unwrap().appended())
}

/// What one party signs: its seal, its slices, its date.
fn sealed<'f>(
    file: &'f File<'f>,
    bytes: &Vec<u8>,
    party: usize,
    face: &'f SealFace,
    date: &'f Drawing,
) -> Seal<'f> {
    let name = PARTIES[party];
    let mut seal = Seal::on(file)
        .existing_field(format!("{name}_seal"))
        .face(face, Authority::AssertedByHost)
        .fill(format!("{name}_date"), Value::Text("2026年1月6日"), Some(date))
        .fill(format!("{name}_yes"), Value::Checked, Some(date));
    for (field, _, part) in slices(bytes, party, face.size()) {
        seal = seal.slice_in(field, part);
    }
    if party == 0 { seal.certify(Certification::FormFilling) } else { seal }
}

/// All parties, one after another; the file after each.
fn signed_by_all(bytes: Vec<u8>, parties: usize) -> Vec<Vec<u8>> {
    let face = face();
    let date = picture();
    let mut stages = vec![prepared(&bytes, parties, face.size())];
    for party in 0..parties {
        let bytes = stages.last().unwrap();
        let file = open(bytes);
        let signed = sealed(&file, bytes, party, &face, &date);
        let signed = signed.sign(&signer(KeyType::P256), now()).unwrap();
        let signed = joined(bytes, signed.appended());
        drop(file);
        stages.push(signed);
    }
    stages
}

pub fn judged(bytes: &[u8]) -> Report {
    let root = identity(KeyType::P256, Validity::around(now())).root_pem();
    let anchors = TrustAnchors::from_pem(root.as_bytes()).unwrap();
    check(bytes, &CheckOptions::trusting(&anchors).at(now())).unwrap()
}

#[test]
fn every_signature_of_three_parties_stays_good_and_counts_once() {
    for bytes in [
        documents::plain(PAGES).write(&Layout::default()),
        documents::plain(PAGES)
            .write(&Layout::with(sealwright_testdata::pdf::Section::ObjectStreams(50))),
    ] {
        let stages = signed_by_all(bytes, 3);
        for (signed, stage) in stages.iter().enumerate() {
            let report = judged(stage);
            assert_eq!(report.signatures.len(), signed, "{report}");
            if signed == 0 {
                continue;
            }
            assert_eq!(report.conclusion, Conclusion::Passed, "{report}");
            for (index, signature) in report.signatures.iter().enumerate() {
                let expected = if index + 1 == signed {
                    ModificationLevel::None
                } else {
                    ModificationLevel::Form
                };
                assert_eq!(signature.modification.level, expected, "{report}");
                let shared: Vec<_> = signature.findings.iter().map(|one| one.code).collect();
                assert!(shared.contains(&Code::SigSharedValue), "{report}");
            }
        }
        keep(&format!("vessel-{}.pdf", stages[0].len()), &stages[3]);
    }
}

/// What changed in an object that was there, key by key.
fn changed_keys(old: &Dictionary, new: &Dictionary) -> Vec<String> {
    let keys = old.iter().chain(new.iter()).map(|(key, _)| key);
    let mut changed: Vec<_> = keys
        .filter(|key| old.get(key) != new.get(key))
        .map(|key| String::from_utf8(key.to_vec()).unwrap())
        .collect();
    changed.sort();
    changed.dedup();
    changed
}

#[test]
fn a_signers_revision_holds_nothing_but_his_own() {
    let stages = signed_by_all(documents::plain(PAGES).write(&Layout::default()), 3);
    for (party, pair) in stages.windows(2).enumerate() {
        let (before, after) = (open(&pair[0]), open(&pair[1]));
        let (old, new) = (before.latest(), after.latest());
        let own: Vec<_> = new.fields().unwrap();
        let prefix = format!("{}_", PARTIES[party]);
        let own = own.iter().filter(|field| field.name.starts_with(&prefix));
        let own: Vec<_> = own.map(|field| field.id).collect();
        let (mut signatures, mut images, mut fields) = (0, 0, 0);
        for (number, _) in after.sections()[0].entries(after.source()).unwrap() {
            let id = sealwright::pdf::ObjectId::new(number, 0);
            let now = new.get(id).unwrap().unwrap().object.value;
            match (old.get(id).unwrap().map(|found| found.object.value), now) {
                (None, Object::Stream(stream)) => {
                    assert!(stream.dictionary.is_type(b"XObject"), "{id}");
                    images += usize::from(stream.dictionary.name(b"Subtype") == Some(b"Image"));
                }
                (None, Object::Dictionary(value)) => {
                    assert!(value.is_type(b"Sig"), "{id}");
                    signatures += 1;
                }
                (Some(Object::Dictionary(was)), Object::Dictionary(is)) => {
                    let changed = changed_keys(&was, &is);
                    if own.contains(&id) {
                        let allowed = ["AP", "AS", "V"];
                        assert!(changed.iter().all(|key| allowed.contains(&key.as_str())), "{id}");
                        fields += 1;
                    } else {
                        assert_eq!((party, changed), (0, vec!["Perms".to_owned()]), "{id}");
                        assert!(is.is_type(b"Catalog"));
                    }
                }
                other => panic!("{id}: {other:?}"),
            }
        }
        // One value for his seal and all its slices; the seal and the picture of his date, each with its
        // mask, once.
        assert_eq!((signatures, images), (1, 4));
        assert_eq!(fields, own.len());
    }
}

#[test]
fn prepared_fields_are_as_they_will_stay() {
    let bytes = documents::plain(PAGES).write(&Layout::default());
    let ready = prepared(&bytes, 2, face().size());
    let file = open(&ready);
    let latest = file.latest();
    let form = latest.form().unwrap().unwrap().1;
    assert_eq!(form.integer(b"SigFlags"), Some(3));
    assert!(!form.contains(b"NeedAppearances"));
    let fields = latest.fields().unwrap();
    assert_eq!(fields.len(), 2 * (3 + 3) + 1);
    for field in &fields {
        let widget = &field.dictionary;
        assert_eq!(widget.integer(b"F"), Some(132), "{}", field.name);
        assert!(widget.reference(b"P").is_some() && widget.contains(b"MK"));
        assert!(widget.contains(b"AP") && !widget.contains(b"V"), "{}", field.name);
        let page = latest.dictionary(widget.reference(b"P").unwrap()).unwrap();
        let annotations = page.get(b"Annots").and_then(Object::as_array).unwrap();
        let listed = annotations.iter().filter(|one| one.value.as_reference() == Some(field.id));
        assert_eq!(listed.count(), 1, "{}", field.name);
        let lock = widget.reference(b"Lock").map(|lock| latest.dictionary(lock).unwrap());
        assert_eq!(lock.is_some(), field.is_signature() && field.name != "closing");
        let Some(lock) = lock else { continue };
        assert_eq!(lock.name(b"Action"), Some(&b"Include"[..]));
        let names = lock.get(b"Fields").and_then(Object::as_array).unwrap();
        let party = &field.name.as_bytes()[..2];
        assert_eq!(names.len(), 6);
        let own = names.iter().all(|name| name.value.as_string().unwrap().bytes.starts_with(party));
        assert!(own, "{}", field.name);
    }
}

#[test]
fn fields_that_cannot_be_prepared_are_refused() {
    let bytes = documents::empty_signature_field();
    let file = open(&bytes);
    let page = PageNumber::new(1).unwrap();
    let rect = |x: f64| Rect::new(Mm(x), Mm(10.0), Mm(20.0), Mm(20.0)).unwrap();
    let field = |name| NewField::new(name, NewFieldKind::Signature).at(page, rect(10.0));
    let text = |name| NewField::new(name, NewFieldKind::Text { lines: true });
    let code = |signer: Vec<NewField<'_>>| {
        Preparation::default().signer(signer).append_to(&file).unwrap_err().code()
    };
    assert_eq!(code(vec![field("seal")]), "sign.field_name");
    assert_eq!(code(vec![field("a"), field("a")]), "sign.field_name");
    assert_eq!(code(vec![field("a.b")]), "sign.field_name");
    assert_eq!(code(vec![]), "sign.signer_without_field");
    assert_eq!(code(vec![text("t").at(page, rect(10.0))]), "sign.signer_without_field");
    assert_eq!(code(vec![field("a"), text("t")]), "sign.no_place");
    assert_eq!(code(vec![field("a").at(page, rect(200.0))]), "ctl.rect_out_of_page");

    // After a signature fields for values come too late; fields for signatures do not.
    let signed = Seal::on(&file).invisible().sign(&signer(KeyType::P256), now()).unwrap();
    let signed = joined(&bytes, signed.appended());
    let file = open(&signed);
    let late = |signer: Vec<NewField<'_>>| Preparation::default().signer(signer).append_to(&file);
    let error = late(vec![field("a"), text("t").at(page, rect(40.0))]).unwrap_err();
    assert_eq!(error.code(), "sign.field_too_late");
    let more = joined(&signed, late(vec![field("a")]).unwrap().appended());
    assert_eq!(judged(&more).conclusion, Conclusion::Passed, "{}", judged(&more));
}

#[test]
fn what_a_field_cannot_take_is_refused() {
    let bytes = documents::plain(PAGES).write(&Layout::default());
    let ready = prepared(&bytes, 1, face().size());
    let file = open(&ready);
    let (face, date) = (face(), picture());
    let seal = || Seal::on(&file).existing_field("a_seal").face(&face, Authority::AssertedByHost);
    let code = |seal: Seal<'_>| seal.sign(&signer(KeyType::P256), now()).unwrap_err().code();
    let kind = "ctl.field_cannot_host_signature";
    assert_eq!(code(seal().fill("a_seal", Value::Text("x"), None)), kind);
    assert_eq!(code(seal().fill("a_edge_1", Value::Text("x"), None)), kind);
    assert_eq!(code(seal().fill("a_date", Value::Checked, None)), kind);
    assert_eq!(code(seal().fill("a_yes", Value::Text("x"), Some(&date))), kind);
    assert_eq!(code(seal().fill("nobody", Value::Checked, None)), "ctl.field_not_found");
    assert_eq!(code(seal().also_in("a_date")), kind);
    assert_eq!(code(seal().also_in("a_seal")), kind);
    assert_eq!(code(seal().drawing(&date)), "sign.face_and_drawing");
    let twice = seal().fill("a_date", Value::Text("x"), None);
    assert_eq!(code(twice.fill("a_date", Value::Text("y"), None)), kind);
}

#[test]
fn a_ticket_keeps_all_fields_of_a_signature() {
    use sealwright::signing::{Finish, Signer, Ticket, TicketKey};
    let bytes = documents::plain(PAGES).write(&Layout::default());
    let ready = prepared(&bytes, 1, face().size());
    let file = open(&ready);
    let (face, date, signer) = (face(), picture(), signer(KeyType::P256));
    let seal = sealed(&file, &ready, 0, &face, &date);
    let awaiting = seal.prepare(signer.description(), now()).unwrap().digest().unwrap();
    let key = TicketKey::new(&[7; 32]).unwrap();
    let ticket = awaiting.to_ticket(&key, now() + time::Duration::days(1)).unwrap();
    let awaiting = Ticket::open(&ticket, &key).unwrap().resume(&file, now()).unwrap();
    let answer = signer.sign(&awaiting.to_be_signed().unwrap()).unwrap();
    let Finish::Signed(signed) = awaiting.finish(answer).unwrap() else { panic!("it fits") };
    let signed = joined(&ready, signed.appended());
    let report = judged(&signed);
    assert_eq!((report.conclusion, report.signatures.len()), (Conclusion::Passed, 1), "{report}");
}

/// What a seal on every page, and a cross-page seal, add to documents of so many pages.
#[test]
fn a_seal_on_500_pages_adds_its_image_once() {
    let face = face();
    let mut alone = Vec::new();
    for pages in [1, 10, 100, 500] {
        let bytes = documents::plain(pages).write(&Layout::default());
        let file = open(&bytes);
        let seal = || Seal::on(&file).face(&face, Authority::AssertedByHost);
        let everywhere = seal().pages(PageSet::All).at(Mm(20.0), Mm(20.0));
        let edges = seal().cross_page(CrossPage::over(PageSet::All));
        for (what, seal) in [("every page", everywhere), ("edges", edges)] {
            if pages == 1 && what == "edges" {
                assert_eq!(
                    seal.sign(&signer(KeyType::P256), now()).unwrap_err().code(),
                    "ctl.paging_needs_two_pages"
                );
                continue;
            }
            let started = std::time::Instant::now();
            let signed = seal.sign(&signer(KeyType::P256), now()).unwrap();
            let appended = signed.appended().len();
            println!("{what}, {pages} pages: {appended} bytes, {:?}", started.elapsed());
            let images = memchr::memmem::find_iter(signed.appended(), b"/Subtype/Image").count();
            assert_eq!(images, 2, "the image and its mask");
            if pages == 1 {
                alone.push(appended);
            } else {
                let each = (appended - alone[0]) / (pages as usize - 1);
                println!("  {each} bytes more for each page");
                assert!(each < 1_000);
            }
            if pages == 500 {
                let report = judged(&joined(&bytes, signed.appended()));
                assert_eq!(report.conclusion, Conclusion::Passed, "{report}");
                assert_eq!(report.signatures.len(), 1);
            }
        }
    }
}

#[test]
fn several_pages_and_a_cross_page_seal_are_one_signature() {
    let face = face();
    let bytes = documents::plain(5).write(&Layout::default());
    let file = open(&bytes);
    let seal = || Seal::on(&file).face(&face, Authority::AssertedByHost);
    let pages: PageSet = "1-2,-1".parse().unwrap();
    let all = seal().pages(pages.clone()).at(Mm(20.0), Mm(220.0)).field("甲方");
    let all = all.cross_page(CrossPage::staggered(0));
    let signed = all.sign(&signer(KeyType::P256), now()).unwrap();
    let signed = joined(&bytes, signed.appended());
    let report = judged(&signed);
    assert_eq!(report.conclusion, Conclusion::Passed, "{report}");
    assert_eq!(report.signatures.len(), 1);
    let names: Vec<_> = open(&signed).latest().fields().unwrap();
    assert_eq!(names.len(), 3 + 5);
    assert_eq!((names[0].name.as_str(), names[7].name.as_str()), ("甲方", "甲方8"));

    let code = |seal: Seal<'_>| seal.sign(&signer(KeyType::P256), now()).unwrap_err().code();
    assert_eq!(
        code(seal().page(1).pages(pages.clone()).at(Mm(1.0), Mm(1.0))),
        "sign.page_and_pages"
    );
    assert_eq!(code(seal().pages(pages.clone())), "sign.no_place");
    assert_eq!(
        code(seal().pages("9".parse().unwrap()).at(Mm(1.0), Mm(1.0))),
        "ctl.page_out_of_range"
    );
    assert_eq!(code(seal()), "sign.no_place");
    let invisible = Seal::on(&file).invisible().cross_page(CrossPage::staggered(0));
    assert_eq!(code(invisible), "sign.invisible_with_face");
}

#[test]
fn a_document_that_claims_pdf_a_1_gets_no_transparency() {
    let opaque = image::RgbImage::from_pixel(8, 8, image::Rgb([200, 0, 0]));
    let mut png = Vec::new();
    opaque.write_to(&mut std::io::Cursor::new(&mut png), image::ImageFormat::Png).unwrap();
    let (opaque, transparent) = (SealFace::from_image(&png, Mm(42.0)).unwrap(), face());
    let sealed = |part: u8, face: &SealFace, more: fn(Seal<'_>) -> Seal<'_>| {
        let bytes = documents::archived(part, 'B', true).write(&Layout::default());
        let file = open(&bytes);
        let seal = Seal::on(&file).page(1).at(Mm(20.0), Mm(20.0));
        let seal = more(seal.face(face, Authority::AssertedByHost));
        let signed = seal.sign(&signer(KeyType::P256), now()).map_err(|error| error.code())?;
        let has = |what: &[u8]| memchr::memmem::find(signed.appended(), what).is_some();
        Ok::<_, &str>(has(b"/SMask") || has(b"/ExtGState") || has(b"/Group"))
    };
    assert_eq!(sealed(1, &opaque, |seal| seal), Ok(false));
    assert_eq!(sealed(1, &transparent, |seal| seal), Err("sign.pdf_a"));
    assert_eq!(sealed(1, &opaque, |seal| seal.blend(Blend::Multiply)), Err("sign.pdf_a"));
    assert_eq!(
        sealed(1, &opaque, |seal| seal.opacity(Opacity::new(0.9).unwrap())),
        Err("sign.pdf_a")
    );
    assert_eq!(sealed(1, &transparent, |seal| seal.may_break_pdf_a()), Ok(true));
    assert_eq!(sealed(2, &transparent, |seal| seal), Ok(true));
    assert_eq!(sealed(3, &opaque, |seal| seal), Ok(true));
}
