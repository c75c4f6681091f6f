//! What is filled in before the first signature becomes page content: appended, isolated, upright,
//! and on no other page.

use std::collections::BTreeSet;

use sealwright::appearance::{Drawing, UploadedPicture};
use sealwright::contract::CrossPage;
use sealwright::geometry::{Mm, PageNumber, Pt, Rect};
use sealwright::limits::Limits;
use sealwright::pdf::{File, Object, ObjectId, Parse};
use sealwright::placement::Placed;
use sealwright::update::PageContent;
use sealwright::{LocalSigner, Seal};
use sealwright_testdata::documents::{self, CATALOG, PAGES, page_number};
use sealwright_testdata::pdf::{Layout, Pdf, Section};
use sealwright_testdata::{pki, seal as pictures};

use crate::paper::{A4, Offices, key, open, pages, paging, qpdf_is_silent, resolve, written};
use crate::world::{control, monday};

fn logo() -> Drawing {
    UploadedPicture::from_bytes(pictures::PNG).unwrap().drawing(Mm(20.0)).unwrap()
}

/// The same rectangle on a page of a file.
fn spot(file: &File<'_>, page: u32) -> Placed {
    let revision = file.latest();
    let geometry = revision.page_geometry(&revision.page(page).unwrap()).unwrap();
    let rect = Rect::new(Pt(100.0), Pt(200.0), Mm(20.0), Mm(20.0)).unwrap();
    Placed::on(PageNumber::new(page).unwrap(), &geometry, rect).unwrap()
}

/// The document with a logo on these pages, read back strictly and by another reader.
#[track_caller]
fn stamped(base: &[u8], on: &[u32]) -> Vec<u8> {
    let file = open(base);
    let logo = logo();
    let mut content = PageContent::of(&file).unwrap();
    for page in on {
        content.draw(spot(&file, *page), &logo);
    }
    let bytes = [base, &content.finish().unwrap()].concat();
    assert!(bytes.starts_with(base));
    {
        let after = open(&bytes);
        assert_eq!(after.parse(), file.parse());
        assert_eq!(after.revision_count(), file.revision_count() + 1);
    }
    qpdf_is_silent(&bytes);
    bytes
}

/// The decoded streams of a page, in their order, and the names of its XObjects.
fn page(file: &File<'_>, number: u32) -> (Vec<String>, BTreeSet<String>) {
    let latest = file.latest();
    let page = latest.page(number).unwrap();
    let streams: Vec<ObjectId> = match page.dictionary().get(b"Contents") {
        None => Vec::new(),
        Some(Object::Reference(id)) => vec![*id],
        Some(list) => {
            list.as_array().unwrap().iter().map(|it| it.value.as_reference().unwrap()).collect()
        }
    };
    let text = |id: &ObjectId| match latest.get(*id).unwrap().unwrap().object.value {
        Object::Stream(stream) => String::from_utf8(latest.decoded(*id, &stream).unwrap()).unwrap(),
        other => panic!("{other:?}"),
    };
    let resources = page.attribute(b"Resources").map(|it| latest.resolve(it).unwrap().into_owned());
    let names = resources.and_then(|resources| {
        let xobjects = resources.as_dictionary()?.get(b"XObject")?.clone();
        let xobjects = latest.resolve(&xobjects).unwrap().into_owned();
        let keys = xobjects.as_dictionary()?.iter().map(|(key, _)| key.to_vec());
        Some(keys.map(|key| String::from_utf8(key).unwrap()).collect())
    });
    (streams.iter().map(text).collect(), names.unwrap_or_default())
}

fn names(expected: &[&str]) -> BTreeSet<String> {
    expected.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn contents_of_every_shape_keep_their_streams_and_get_one_more() {
    let mut pdf = pages(&[A4; 6]);
    let body = |contents: &str| {
        format!("<< /Type /Page /Parent {PAGES} 0 R {A4} /Resources << >> {contents} >>")
    };
    let one = pdf.add_stream("", b"q 1 g 0 0 9 9 re f Q");
    let two = pdf.add_stream("/Filter/ASCIIHexDecode", b"71 0A 51>");
    let array = pdf.add(format!("[{one} 0 R {two} 0 R]"));
    let contents = [
        format!("/Contents {one} 0 R"),
        format!("/Contents [{one} 0 R {two} 0 R]"),
        format!("/Contents {array} 0 R"),
        String::new(),
        "/Contents null".to_owned(),
        "/Contents 999 0 R".to_owned(),
    ];
    for (number, contents) in (0..).zip(&contents) {
        pdf.set(page_number(number), body(contents));
    }
    for section in [Section::Table, Section::ObjectStreams(4)] {
        let base = pdf.write(&Layout::with(section));
        let bytes = stamped(&base, &[1, 2, 3, 4, 5, 6]);
        let (before, after) = (open(&base), open(&bytes));
        for number in 1..=3 {
            let (streams, names) = page(&after, number);
            let old = if number == 1 { 1 } else { 2 };
            assert_eq!(streams[..old], ["q 1 g 0 0 9 9 re f Q", "q\nQ"][..old]);
            assert_eq!(streams.len(), old + 1);
            assert!(streams[old].ends_with("/Sw1 Do Q\n"), "{}", streams[old]);
            assert_eq!(names.len(), 1);
        }
        for number in 4..=6 {
            assert_eq!(page(&after, number).0.len(), 1);
        }
        // The array that two pages might share is what it was.
        let array = ObjectId::new(array, 0);
        let item = |file: &File<'_>| file.latest().get(array).unwrap().unwrap().object.value;
        assert_eq!(item(&before), item(&after));
    }
}

#[test]
fn content_that_changes_the_state_is_isolated_and_other_content_is_not() {
    for (content, expected) in [
        ("q 2 w Q", vec!["q 2 w Q"]),
        ("0.1 0 0 -0.1 0 842 cm", vec!["q\n", "0.1 0 0 -0.1 0 842 cm"]),
        ("q q 5 0 0 5 0 0 cm", vec!["q\n", "q q 5 0 0 5 0 0 cm"]),
        ("/OC /x BDC", vec!["q\n", "/OC /x BDC"]),
    ] {
        let mut pdf = pages(&[A4]);
        pdf.set_stream(page_number(0) + 1, "", content.as_bytes());
        let bytes = stamped(&written(&pdf), &[1]);
        let (streams, _) = page(&open(&bytes), 1);
        assert_eq!(streams[..expected.len()], expected);
        // All that was opened is closed before anything is drawn.
        let all = streams.join("\n");
        let drawn = all.split("q 1 0 0 1 ").next().unwrap();
        let count = |word: &str| drawn.split_whitespace().filter(|it| *it == word).count();
        assert_eq!(count("q"), count("Q"), "{all}");
        assert_eq!(count("BDC"), count("EMC"), "{all}");
    }
}

#[test]
fn a_page_behind_whose_content_nothing_can_be_painted_is_named() {
    for content in ["(never closed", "1 0 0 rg Q 0 0 9 9 re f"] {
        let mut pdf = pages(&[A4, A4]);
        pdf.set_stream(page_number(1) + 1, "", content.as_bytes());
        let base = written(&pdf);
        let file = open(&base);
        let mut merge = PageContent::of(&file).unwrap();
        merge.draw(spot(&file, 1), &logo());
        merge.draw(spot(&file, 2), &logo());
        let error = merge.finish().unwrap_err();
        assert_eq!(error.code(), "doc.malformed");
        assert!(error.to_string().contains("page 2"), "{error}");
    }
}

/// Four pages whose resources are arranged in this way; XObject `Fm` is there already.
fn with_resources(arrange: impl FnOnce(&mut Pdf) -> [String; 4]) -> Vec<u8> {
    let mut pdf = pages(&[A4; 4]);
    pdf.set(
        60,
        "<< /Type /XObject /Subtype /Form /BBox [0 0 1 1] /Length 0 >>\nstream\n\nendstream",
    );
    for (page, entries) in (0..).zip(arrange(&mut pdf)) {
        let body = format!("<< /Type /Page /Parent {PAGES} 0 R {A4} {entries} >>");
        pdf.set(page_number(page), body);
    }
    written(&pdf)
}

#[test]
fn resources_shared_between_pages_are_never_changed_for_other_pages() {
    let dictionary = "<< /Font << /F 5 0 R >> /XObject << /Fm 60 0 R >> >>";
    let cases: [(&str, Vec<u8>); 5] = [
        (
            "indirect",
            with_resources(|pdf| {
                pdf.set(61, dictionary);
                [(); 4].map(|()| "/Resources 61 0 R".to_owned())
            }),
        ),
        (
            "inherited",
            with_resources(|pdf| {
                pdf.append_entry(PAGES, &format!("/Resources {dictionary}"));
                [(); 4].map(|()| String::new())
            }),
        ),
        (
            "inherited and indirect",
            with_resources(|pdf| {
                pdf.set(61, dictionary);
                pdf.append_entry(PAGES, "/Resources 61 0 R");
                [(); 4].map(|()| String::new())
            }),
        ),
        (
            "direct with shared XObjects",
            with_resources(|pdf| {
                pdf.set(61, "<< /Fm 60 0 R >>");
                [(); 4].map(|()| "/Resources << /Font << /F 5 0 R >> /XObject 61 0 R >>".to_owned())
            }),
        ),
        ("direct", with_resources(|_| [(); 4].map(|()| format!("/Resources {dictionary}")))),
    ];
    for (name, base) in cases {
        let bytes = stamped(&base, &[2, 4]);
        let (before, after) = (open(&base), open(&bytes));
        for number in [1, 3] {
            assert_eq!(page(&after, number), page(&before, number), "{name}");
        }
        for number in [2, 4] {
            assert_eq!(page(&after, number).1, self::names(&["Fm", "Sw1"]), "{name}");
            let read = after.latest().page(number).unwrap();
            let resources = after.latest().resolve(read.attribute(b"Resources").unwrap()).unwrap();
            assert!(resources.as_dictionary().unwrap().contains(b"Font"), "{name}");
        }
    }
}

#[test]
fn pages_without_resources_or_without_xobjects_get_them() {
    let base = with_resources(|pdf| {
        pdf.set(61, "null");
        ["", "/Resources << >>", "/Resources << /XObject << >> >>", "/Resources 61 0 R"]
            .map(str::to_owned)
    });
    let bytes = stamped(&base, &[1, 2, 3, 4]);
    for number in 1..=4 {
        assert_eq!(page(&open(&bytes), number).1, names(&["Sw1"]), "page {number}");
    }
}

#[test]
fn a_name_that_is_taken_is_left_alone() {
    let base = with_resources(|_| {
        ["Sw1", "Sw2", "Other", "Sw1"]
            .map(|name| format!("/Resources << /XObject << /{name} 60 0 R >> >>"))
    });
    let bytes = stamped(&base, &[1, 2, 3, 4]);
    assert_eq!(page(&open(&bytes), 1).1, names(&["Sw1", "Sw3"]));
    assert_eq!(page(&open(&bytes), 3).1, names(&["Other", "Sw3"]));
}

#[test]
fn a_drawing_on_many_pages_is_written_once() {
    let base = written(&pages(&[A4; 60]));
    let one = stamped(&base, &[1]).len() - base.len();
    let all: Vec<u32> = (1..=60).collect();
    let many = stamped(&base, &all).len() - base.len();
    // Each further page costs its own object again, and no picture.
    assert!((many - one) / 59 < 400, "{one} bytes for one page, {many} for sixty");
}

#[test]
fn what_is_signed_is_not_filled_in_any_more() {
    let base = written(&pages(&[A4]));
    let identity = pki::demo_identity(monday());
    let signer =
        LocalSigner::from_pem(identity.key_pem().as_bytes(), identity.chain_pem().as_bytes());
    let mut signed = Vec::new();
    let file = open(&base);
    let sealed = Seal::on(&file).invisible().sign(&signer.unwrap(), monday()).unwrap();
    sealed.write_to(&mut signed).unwrap();
    let error = PageContent::of(&open(&signed)).err().unwrap();
    assert_eq!(error.code(), "doc.certified_locked");
    assert!(error.to_string().contains("1 signatures"), "{error}");
    // An empty signature field is no signature.
    let empty = documents::empty_signature_field();
    assert!(PageContent::of(&open(&empty)).is_ok());
}

#[test]
fn r_doc_02_what_cannot_be_appended_to_is_refused() {
    for base in [documents::startxref_one_too_high(), documents::encrypted_with_password()] {
        let file = File::open(&base, Limits::default()).unwrap();
        assert!(PageContent::of(&file).is_err());
    }
}

#[test]
fn nothing_drawn_is_nothing_appended() {
    let base = written(&pages(&[A4]));
    assert!(PageContent::of(&open(&base)).unwrap().finish().unwrap().is_empty());
}

/// DocuSeal 491: taking a tag out of the text took the same words out elsewhere.
#[test]
fn removing_tag_text_never_eats_other_text_since_no_text_is_ever_edited() {
    let mut pdf = pages(&[A4, A4]);
    pdf.append_entry(CATALOG, "/Lang (zh)");
    for page in 0..2 {
        let text = format!("BT /F 12 Tf 72 700 Td ({{{{seal}}}} the seal of page {page}) Tj ET");
        pdf.set_stream(page_number(page) + 1, "", text.as_bytes());
    }
    let base = written(&pdf);
    let bytes = stamped(&base, &[1, 2]);
    assert_eq!(bytes[..base.len()], base);
    let file = open(&bytes);
    assert_eq!(file.parse(), Parse::Strict);
    for number in 1..=2 {
        let content = number - 1;
        let stream = ObjectId::new(page_number(content) + 1, 0);
        let entry = file.sections()[0].lookup(file.source(), stream.number).unwrap();
        assert_eq!(entry, None, "the text of page {number} was written again");
        let (streams, _) = page(&file, number);
        assert!(streams[1].contains(&format!("{{{{seal}}}} the seal of page {content}")));
    }
}

#[test]
fn the_slices_of_a_cross_page_seal_are_drawn_from_one_picture() {
    let base = written(&pages(&[A4; 5]));
    let file = open(&base);
    let contract = Offices::new().draft(
        &[("doc", &file)],
        vec![control("doc", "c", "sa", paging(), CrossPage::staggered(0))],
    );
    let plan = resolve(&contract, &file).unwrap();
    let seal = UploadedPicture::from_bytes(pictures::PNG).unwrap();
    let seal = seal.drawing(Mm(42.0)).unwrap();
    let mut merge = PageContent::of(&file).unwrap();
    for found in plan.control(&key("doc", "c")).unwrap().boxes() {
        merge.draw_planned(found, &seal);
    }
    let bytes = [base.as_slice(), &merge.finish().unwrap()].concat();
    qpdf_is_silent(&bytes);
    let appended = &bytes[base.len()..];
    let count = |what: &str| memchr::memmem::find_iter(appended, what).count();
    assert_eq!(count("/Subtype/Image") + count("/Subtype /Image"), 2, "the picture and its mask");
    assert_eq!(count(" re W n "), 5, "one clip for each page");
}

/// A dictionary of so many XObjects, and the pages that have it in different ways.
fn with_a_large_dictionary(how: &str, xobjects: u32) -> (Vec<u8>, usize) {
    let names: String = (1..=xobjects).map(|name| format!("/Sw{name} 9 0 R ")).collect();
    let mut pdf = pages(&[A4; 60]);
    let body = |entries: &str| format!("<< /Type /Page /Parent {PAGES} 0 R {A4} {entries} >>");
    let entries = match how {
        "inherited" => {
            pdf.append_entry(PAGES, &format!("/Resources << /XObject << {names} >> >>"));
            ""
        }
        "indirect" => {
            pdf.set(900, format!("<< /XObject << {names} >> >>"));
            "/Resources 900 0 R"
        }
        _ => {
            pdf.set(900, format!("<< {names} >>"));
            "/Resources << /XObject 900 0 R >>"
        }
    };
    for page in 0..60 {
        pdf.set(page_number(page), body(entries));
    }
    (written(&pdf), names.len())
}

#[test]
fn a_large_dictionary_that_all_pages_have_is_copied_once() {
    for how in ["inherited", "indirect", "own with shared XObjects"] {
        let (base, large) = with_a_large_dictionary(how, 4_000);
        let all: Vec<u32> = (1..=60).collect();
        let bytes = stamped(&base, &all);
        let appended = bytes.len() - base.len();
        assert!(appended < 2 * large, "{how}: {appended} bytes for one of {large}");
        let file = open(&bytes);
        for number in [1, 60] {
            let (_, names) = page(&file, number);
            assert_eq!(names.len(), 4_001, "{how}");
            assert!(names.contains("Sw4001"), "{how}");
        }
    }
}

#[test]
fn many_drawings_find_free_names_behind_many_that_are_taken() {
    let (base, _) = with_a_large_dictionary("indirect", 20_000);
    let file = open(&base);
    let (logo, geometry) = (logo(), file.latest().page_geometries().unwrap()[0]);
    let mut content = PageContent::of(&file).unwrap();
    for index in 0..4_000 {
        let side = 1.0 + f64::from(index) / 100.0;
        let rect = Rect::new(Pt(9.0), Pt(9.0), Pt(side), Pt(side)).unwrap();
        content.draw(Placed::on(PageNumber::new(1).unwrap(), &geometry, rect).unwrap(), &logo);
    }
    let began = std::time::Instant::now();
    let bytes = [base.as_slice(), &content.finish().unwrap()].concat();
    // Counting from 1 for each of them takes minutes.
    assert!(began.elapsed() < std::time::Duration::from_secs(20), "{:?}", began.elapsed());
    assert_eq!(page(&open(&bytes), 1).1.len(), 24_000);
}
