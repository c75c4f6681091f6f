//! Documents to be looked at: sealed, tampered with, and hostile.

use sealwright::appearance::SealFace;
use sealwright::geometry::Mm;
use sealwright::pdf::{File, ObjectId};
use sealwright::{Authority, Limits, LocalSigner, Seal};
use sealwright_testdata::appended::append_table_update;
use sealwright_testdata::contract::{
    PARTY_A, PARTY_A_SEAL_AT_MM, PARTY_B, PARTY_B_SEAL_AT_MM, PDF, SEAL_MM,
};
use sealwright_testdata::pdf::{Layout, Pdf};
use sealwright_testdata::pki::DemoAuthority;
use sealwright_testdata::seal::transparent_png;
use time::OffsetDateTime;
use time::macros::datetime;

/// Who seals first.
pub const FIRST: &str = PARTY_A;
/// Who seals second.
pub const SECOND: &str = PARTY_B;

const NOW: OffsetDateTime = datetime!(2026-11-23 09:30 UTC);

/// A sealed contract.
pub struct Sealed {
    /// The file.
    pub pdf: Vec<u8>,
    /// The root of both signers, as PEM.
    pub root: String,
    /// When it is looked at.
    pub at: String,
}

/// The sample contract, sealed by both parties.
pub fn sealed_by_both() -> Sealed {
    let authority = DemoAuthority::new(NOW);
    let first = sealed(PDF, &authority, 1, FIRST, "seal_a", PARTY_A_SEAL_AT_MM);
    let pdf = sealed(&first, &authority, 2, SECOND, "seal_b", PARTY_B_SEAL_AT_MM);
    Sealed { pdf, root: authority.root_pem(), at: "2026-11-23T10:00:00Z".to_owned() }
}

/// The sample contract, sealed by somebody in a field of this name.
pub fn sealed_by(name: &str, field: &str) -> Vec<u8> {
    sealed(PDF, &DemoAuthority::new(NOW), 1, name, field, PARTY_A_SEAL_AT_MM)
}

fn sealed(
    bytes: &[u8],
    authority: &DemoAuthority,
    serial: u64,
    name: &str,
    field: &str,
    (x, y): (f64, f64),
) -> Vec<u8> {
    let identity = authority.certify(serial, name);
    let (key, chain) = (identity.key_pem(), identity.chain_pem());
    let signer = LocalSigner::from_pem(key.as_bytes(), chain.as_bytes()).unwrap();
    let png = transparent_png(if serial == 1 { FIRST } else { SECOND }, 600);
    let face = SealFace::from_image(&png, Mm(SEAL_MM)).unwrap();
    let file = File::open(bytes, Limits::default()).unwrap();
    let seal = Seal::on(&file).page(-1).at(Mm(x), Mm(y)).field(field);
    let signed = seal.face(&face, Authority::AssertedByHost).sign(&signer, NOW).unwrap();
    [bytes, signed.appended()].concat()
}

/// The same with a white box over lines of the second page, drawn by the page's own content.
pub fn covered_up(bytes: &[u8]) -> Vec<u8> {
    let file = File::open(bytes, Limits::default()).unwrap();
    let view = file.latest();
    let page = view.page(2).unwrap();
    let contents: ObjectId = page.dictionary().reference(b"Contents").unwrap();
    let object = view.get(contents).unwrap().unwrap().object.value;
    let mut content = b"q\n".to_vec();
    content.extend(view.decoded(contents, object.as_stream().unwrap()).unwrap());
    content.extend(b"\nQ q 1 g 70 560 420 60 re f Q\n");
    let mut body = format!("<< /Length {} >>\nstream\n", content.len()).into_bytes();
    body.extend(content);
    body.extend(b"\nendstream");
    append_table_update(bytes, &[(contents.number, contents.generation, &body)], "")
}

/// A page that draws a form that draws another one four times, and so on.
pub fn drawn_without_end() -> Vec<u8> {
    let mut pdf = Pdf::new();
    pdf.trailer("/Root 1 0 R");
    pdf.set(1, "<< /Type /Catalog /Pages 2 0 R >>");
    pdf.set(2, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
    let form = |next: u32| {
        format!(
            "/Type /XObject /Subtype /Form /BBox [0 0 200 200] \
             /Resources << /XObject << /F {next} 0 R >> >>"
        )
    };
    pdf.set(
        3,
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R \
         /Resources << /XObject << /F 5 0 R >> >> >>",
    );
    pdf.set_stream(4, "", b"/F Do");
    for number in 5..40 {
        pdf.set_stream(number, &form(number + 1), b"/F Do /F Do /F Do /F Do 9 9 99 99 re f");
    }
    pdf.set_stream(40, &form(5), b"/F Do");
    pdf.write(&Layout::default())
}
