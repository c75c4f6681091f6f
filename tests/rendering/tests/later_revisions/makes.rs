//! Signed files of different make: every layout, every level of certification, one signature and several,
//! with fields, with time-stamps, with validation data, tagged, for the archive, linearized once, encrypted.

use sealwright::Seal;
use sealwright::appearance::SealFace;
use sealwright::geometry::Mm;
use sealwright::limits::Limits;
use sealwright::pdf::File;
use sealwright::signing::DocumentTimestamp;
use sealwright::update::Certification;
use sealwright_rendering::signed;
use sealwright_testdata::documents::{self, CATALOG};
use sealwright_testdata::faces::upright_png;
use sealwright_testdata::pdf::{Layout, Section};

use crate::bases::Signed;
use crate::cast::{Service, tsa};
use crate::mutations;
use crate::world::monday;

/// A document and how it was signed.
pub fn all() -> Vec<Signed> {
    let mut all: Vec<Signed> = Vec::new();
    let mut add = |name: &str, bytes: Vec<u8>| all.push(Signed::plain(name, bytes));
    for (name, bytes) in [
        ("table", documents::classic_table()),
        ("cross-reference stream", documents::xref_stream()),
        ("object streams", documents::object_streams()),
        ("hybrid", documents::hybrid()),
        ("linearized", documents::linearized()),
        ("linearized, then revised", documents::linearized_then_revised()),
        ("stream after table", documents::stream_after_table()),
        ("three revisions", documents::three_table_revisions()),
        ("number used again", documents::freed_and_reused_number()),
        ("tagged", documents::tagged()),
        ("PDF/A-1b", documents::pdf_a_1b()),
        ("PDF/A-2b", documents::pdf_a_2b()),
        ("turned pages", documents::rotated_pages()),
        ("inherited attributes", documents::inherited_attributes()),
        ("form in object streams", documents::form_in_object_streams()),
        ("encrypted, RC4", documents::encrypted_rc4_128()),
        ("encrypted, AES-256", documents::encrypted_aes_256()),
    ] {
        add(name, sealed(&bytes, |seal| seal));
    }
    for section in [Section::Table, Section::ObjectStreams(20)] {
        for (level, certification) in [
            (1, Certification::NoChanges),
            (2, Certification::FormFilling),
            (3, Certification::Annotations),
        ] {
            let bytes = with_fields(section.clone());
            let name = format!("with fields, certified at {level}, {section:?}");
            add(&name, sealed(&bytes, |seal| seal.certify(certification)));
        }
    }
    let once = sealed(&with_fields(Section::Table), |seal| seal);
    add("with fields", once.clone());
    let twice = signed(&once, |seal| seal.page(1).at(Mm(20.0), Mm(250.0)).field("second"), &face());
    add("signed twice", twice.clone());
    add("signed twice and stamped", stamped(&twice));
    add("stamped stream", stamped(&sealed(&documents::xref_stream(), |seal| seal)));
    for (name, bytes) in [
        ("table", documents::classic_table()),
        ("cross-reference stream", documents::xref_stream()),
        ("PDF/A-2b", documents::pdf_a_2b()),
        ("encrypted, AES-256", documents::encrypted_aes_256()),
    ] {
        let kept = with_store(&sealed(&bytes, |seal| seal));
        add(&format!("{name}, with validation data"), kept.clone());
        add(&format!("{name}, with validation data and stamped"), stamped(&kept));
    }
    add("signed twice, with validation data", with_store(&twice));
    all
}

/// With a store of validation data in a later revision.
fn with_store(bytes: &[u8]) -> Vec<u8> {
    let base = Signed::plain("", bytes.to_vec());
    mutations::append_all(&base, &mutations::store(&base))
}

fn face() -> SealFace {
    SealFace::from_image(&upright_png(20), Mm(30.0)).unwrap()
}

/// Sealed on the first page.
fn sealed(bytes: &[u8], how: impl for<'f> FnOnce(Seal<'f>) -> Seal<'f>) -> Vec<u8> {
    signed(bytes, |seal| how(seal.page(1).at(Mm(100.0), Mm(150.0)).may_break_pdf_a()), &face())
}

fn stamped(bytes: &[u8]) -> Vec<u8> {
    let file = File::open(bytes, Limits::default()).unwrap();
    let service = Service { tsa: tsa(), at: monday() };
    let mut nonce = || 7;
    let stamped = DocumentTimestamp::on(&file).stamp(&service, &mut nonce, monday()).unwrap();
    [bytes, stamped.update.appended()].concat()
}

/// One page with a text field, a box to tick and a choice.
fn with_fields(section: Section) -> Vec<u8> {
    let widget = format!("/Type /Annot /Subtype /Widget /F 4 /P {} 0 R", documents::page_number(0));
    let states = "/AS /Off /AP << /N << /On 60 0 R /Off 61 0 R >> >>";
    let form = "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << >>";
    let mut pdf = documents::plain(1);
    pdf.append_entry(documents::page_number(0), "/Annots [42 0 R 43 0 R 44 0 R]");
    pdf.append_entry(CATALOG, "/AcroForm << /Fields [42 0 R 43 0 R 44 0 R] /SigFlags 3 >>");
    let fields = [
        (42, format!("<< {widget} /FT /Tx /T (note) /DA (/Helv 9 Tf) /Rect [50 170 150 190] >>")),
        (43, format!("<< {widget} /FT /Btn /T (yes) /Rect [320 50 334 64] {states} >>")),
        (
            44,
            format!(
                "<< {widget} /FT /Ch /Ff 131072 /T (way) /Opt [(a) (b)] /DA (/Helv 9 Tf) /Rect [320 90 400 110] >>"
            ),
        ),
    ];
    for (number, body) in &fields {
        pdf.set(*number, body.as_str());
    }
    pdf.set_stream(60, form, b"0 0 9 9 re f");
    pdf.set_stream(61, form, b"0 0 9 9 re s");
    pdf.write(&Layout::with(section))
}
