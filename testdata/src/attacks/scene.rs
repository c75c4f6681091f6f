//! The document that is attacked, and whoever signs it.
//!
//! The signer is written from the standards and knows nothing of our code: a placeholder in the finished
//! bytes, two ranges around it, a CMS over them.

use std::ops::Range;
use std::sync::LazyLock;

use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use time::OffsetDateTime;

use crate::appended::{append_table_update, last_size};
use crate::der::{element, integer, issuer_and_serial, oid, sequence};
use crate::pdf::{Layout, Pdf, stream_body};
use crate::pki::{Identity, KeyType, Validity, self_signed};
use crate::tsa::Tsa;

pub const CATALOG: u32 = 1;
pub const PAGES: u32 = 2;
pub const PAGE: u32 = 3;
pub const CONTENT: u32 = 4;
pub const FORM: u32 = 5;
/// The signature field, which is its own widget.
pub const FIELD: u32 = 6;
pub const FONT: u32 = 7;
/// The signature dictionary.
pub const VALUE: u32 = 8;
/// The first number that the scene leaves free.
pub const FREE: u32 = 9;

/// What stands on the page, and what the attacker wants to stand there; of one length.
pub const SAYS: &str = "The price is 100.00 yuan.";
pub const LIES: &str = "The price is 900.00 yuan.";

/// When everything was signed.
pub fn signed_at() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_800_000_000).expect("in range")
}

/// Who signs: one certificate of his own, which is also the root.
pub fn signer() -> &'static Identity {
    static SIGNER: LazyLock<Identity> =
        LazyLock::new(|| self_signed(KeyType::Rsa2048, Validity::around(signed_at())));
    &SIGNER
}

/// Who stamps.
pub fn stamper() -> &'static Tsa {
    static STAMPER: LazyLock<Tsa> =
        LazyLock::new(|| Tsa::new(KeyType::Rsa2048, Validity::around(signed_at())));
    &STAMPER
}

/// A page that shows one line.
pub fn text(line: &str) -> Vec<u8> {
    format!("BT /F 14 Tf 20 150 Td ({line}) Tj ET").into_bytes()
}

/// The content of the page as an object.
pub fn content(line: &str) -> Vec<u8> {
    stream_body("", &text(line))
}

/// A form that paints another line over the one of the page.
pub fn cover(line: &str) -> Vec<u8> {
    let entries = "/Type /XObject /Subtype /Form /BBox [0 0 240 200] \
        /Resources << /Font << /F 7 0 R >> >>";
    let paints = format!("1 g 0 140 240 30 re f 0 g BT /F 14 Tf 20 150 Td ({line}) Tj ET");
    stream_body(entries, paints.as_bytes())
}

/// The page with these entries beside its content.
pub fn page(annotations: &str, entries: &str) -> String {
    format!(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 240 200] /Contents 4 0 R \
         /Resources << /Font << /F 7 0 R >> >> /Annots [{annotations}] {entries} >>"
    )
}

pub fn catalog(entries: &str) -> String {
    format!("<< /Type /Catalog /Pages 2 0 R /AcroForm 5 0 R {entries} >>")
}

pub fn form(fields: &str) -> String {
    format!("<< /Fields [{fields}] /SigFlags 3 >>")
}

pub fn field(entries: &str) -> String {
    format!(
        "<< /Type /Annot /Subtype /Widget /FT /Sig /T (seal) /F 132 /Rect [0 0 0 0] /P 3 0 R \
         /V 8 0 R {entries} >>"
    )
}

/// A signature dictionary that waits for its value.
pub fn placeholder(entries: &str) -> String {
    unsigned("ETSI.CAdES.detached", entries)
}

/// The same for a document time-stamp.
pub fn stamp_placeholder() -> String {
    unsigned("ETSI.RFC3161", "").replacen("/Type /Sig", "/Type /DocTimeStamp", 1)
}

/// The same with room for a time-stamp, or for whatever else goes into a signature.
pub fn wide_placeholder() -> String {
    waits("ETSI.CAdES.detached", "", 12_000)
}

fn unsigned(sub_filter: &str, entries: &str) -> String {
    waits(sub_filter, entries, if sub_filter == "ETSI.RFC3161" { 6_800 } else { 3_200 })
}

fn waits(sub_filter: &str, entries: &str, digits: usize) -> String {
    let blank = "0".repeat(digits);
    format!(
        "<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /{sub_filter} /M (D:20270115080000Z) \
         {entries} /ByteRange [0 1000000001 1000000002 1000000003] /Contents <{blank}> >>"
    )
}

/// The keys of a signature that certifies.
pub fn certifies(level: u8) -> String {
    format!(
        "/Reference [<< /Type /SigRef /TransformMethod /DocMDP /TransformParams \
         << /Type /TransformParams /V /1.2 /P {level} >> >>]"
    )
}

/// One page with one line, its signature field filled, its signature waiting.
pub fn scene() -> Pdf {
    let mut pdf = Pdf::new();
    pdf.set(CATALOG, catalog(""));
    pdf.set(PAGES, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
    pdf.set(PAGE, page("6 0 R", ""));
    pdf.set_stream(CONTENT, "", &text(SAYS));
    pdf.set(FORM, form("6 0 R"));
    pdf.set(FIELD, field(""));
    pdf.set(FONT, "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>");
    pdf.set(VALUE, placeholder(""));
    pdf.trailer("/Root 1 0 R /ID [<5EA1> <5EA1>]");
    pdf
}

/// The scene as it was signed.
pub fn signed() -> Vec<u8> {
    sign(scene().write(&Layout::default()))
}

/// The scene with other objects, as it was signed.
pub fn signed_with(objects: &[(u32, &str)]) -> Vec<u8> {
    let mut pdf = scene();
    for (number, body) in objects {
        pdf.set(*number, *body);
    }
    sign(pdf.write(&Layout::default()))
}

/// The scene as it was certified, with a catalog that says so.
pub fn certified(level: u8) -> Pdf {
    let mut pdf = scene();
    pdf.set(CATALOG, catalog("/Perms << /DocMDP 8 0 R >>"));
    pdf.set(VALUE, placeholder(&certifies(level)));
    pdf
}

/// Appends objects, of which an empty one is freed.
pub fn append(base: &[u8], objects: &[(u32, &[u8])]) -> Vec<u8> {
    append_with(base, objects, "")
}

/// The same with entries of the trailer.
pub fn append_with(base: &[u8], objects: &[(u32, &[u8])], trailer: &str) -> Vec<u8> {
    let objects: Vec<(u32, u16, &[u8])> =
        objects.iter().map(|(number, body)| (*number, 0, *body)).collect();
    append_table_update(base, &objects, trailer)
}

/// Signs a second time, in a field `second` that `entries` belong to; a document time-stamp if asked.
pub fn sign_again(base: &[u8], objects: &[(u32, &[u8])], entries: &str, stamps: bool) -> Vec<u8> {
    let value =
        last_size(base).max(objects.iter().map(|(number, _)| number + 1).max().unwrap_or(0));
    let second = value + 1;
    let field = format!(
        "<< /Type /Annot /Subtype /Widget /FT /Sig /T (second) /F 132 /P 3 0 R /V {value} 0 R {} >>",
        if entries.contains("/Rect") {
            entries.to_owned()
        } else {
            format!("/Rect [0 0 0 0] {entries}")
        }
    );
    let (listed, form) =
        (page(&format!("6 0 R {second} 0 R"), ""), form(&format!("6 0 R {second} 0 R")));
    let dictionary = if stamps { stamp_placeholder() } else { placeholder("") };
    let mut all: Vec<(u32, &[u8])> = vec![
        (PAGE, listed.as_bytes()),
        (FORM, form.as_bytes()),
        (second, field.as_bytes()),
        (value, dictionary.as_bytes()),
    ];
    all.extend_from_slice(objects);
    sign(append(base, &all))
}

/// Fills the one placeholder that is left.
pub fn sign(bytes: Vec<u8>) -> Vec<u8> {
    sign_ranges(bytes, |whole| whole)
}

/// The same with other ranges than those around the placeholder: `[start, length, start, length]`.
pub fn sign_ranges(bytes: Vec<u8>, ranges: impl FnOnce([usize; 4]) -> [usize; 4]) -> Vec<u8> {
    let gap = waiting(&bytes);
    let before = &bytes[..gap.start];
    let stamps = before[before.len() - 400.min(before.len())..].windows(7).any(|w| w == b"RFC3161");
    fill(bytes, ranges, if stamps { token } else { detached })
}

/// Fills the one placeholder that is left with a value of one's own over the covered bytes.
pub fn sign_as(bytes: Vec<u8>, value: impl FnOnce(&[u8]) -> Vec<u8>) -> Vec<u8> {
    fill(bytes, |whole| whole, value)
}

fn fill(
    mut bytes: Vec<u8>,
    ranges: impl FnOnce([usize; 4]) -> [usize; 4],
    value: impl FnOnce(&[u8]) -> Vec<u8>,
) -> Vec<u8> {
    let gap = waiting(&bytes);
    let [first, before, second, behind] = ranges([0, gap.start, gap.end, bytes.len() - gap.end]);
    let numbers = find(&bytes, b"0 1000000001 1000000002 1000000003");
    let text = format!("{first} {before:010} {second:010} {behind:010}");
    let room = "0 1000000001 1000000002 1000000003".len();
    assert!(text.len() <= room, "the ranges fit");
    bytes[numbers..numbers + room].copy_from_slice(format!("{text:room$}").as_bytes());
    let covered = [&bytes[first..first + before], &bytes[second..second + behind]].concat();
    put(&mut bytes, &gap, &value(&covered));
    bytes
}

/// Where the placeholder stands, brackets included.
pub fn waiting(bytes: &[u8]) -> Range<usize> {
    let start = find(bytes, b"/Contents <00000000") + b"/Contents ".len();
    let end = start + find(&bytes[start..], b">") + 1;
    start..end
}

/// Where the value of the first signature stands, brackets included.
pub fn value_of(bytes: &[u8]) -> Range<usize> {
    let start = find(bytes, b"/Contents <") + b"/Contents ".len();
    start..start + find(&bytes[start..], b">") + 1
}

/// Writes a value into a gap.
pub fn put(bytes: &mut [u8], gap: &Range<usize>, value: &[u8]) {
    let hex: String = value.iter().map(|byte| format!("{byte:02x}")).collect();
    assert!(hex.len() <= gap.len() - 2, "{} digits do not fit", hex.len());
    bytes[gap.start + 1..gap.start + 1 + hex.len()].copy_from_slice(hex.as_bytes());
}

/// Where bytes stand for the first time.
pub fn find(bytes: &[u8], wanted: &[u8]) -> usize {
    let found = bytes.windows(wanted.len()).position(|window| window == wanted);
    found.unwrap_or_else(|| panic!("{} is there", String::from_utf8_lossy(wanted)))
}

/// The bytes with something else of the same length in place of what stands there once.
pub fn overwritten(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    assert!(to.len() <= from.len(), "nothing may move");
    let at = find(bytes, from.as_bytes());
    let to = format!("{to:width$}", width = from.len());
    [&bytes[..at], to.as_bytes(), &bytes[at + from.len()..]].concat()
}

/// A CMS over bytes that it does not hold (RFC 5652, 5), with signing-certificate-v2.
pub fn detached(covered: &[u8]) -> Vec<u8> {
    message(&signer().certificate_der, &signer_info(covered))
}

/// A CMS of these certificates and these signers.
pub fn message(certificates: &[u8], signers: &[u8]) -> Vec<u8> {
    let data = sequence(&[
        &integer(&[1]),
        &element(0x31, &sequence(&[&oid(OID_SHA256)])),
        &sequence(&[&oid(OID_DATA)]),
        &element(0xA0, certificates),
        &element(0x31, signers),
    ]);
    sequence(&[&oid(OID_SIGNED_DATA), &element(0xA0, &data)])
}

/// What one signer says of bytes (RFC 5652, 5.3).
pub fn signer_info(covered: &[u8]) -> Vec<u8> {
    let (signer, sha256) = (signer(), sequence(&[&oid(OID_SHA256)]));
    let attribute = |kind: &[u8], value: &[u8]| sequence(&[&oid(kind), &element(0x31, value)]);
    let hash = |bytes: &[u8]| element(0x04, digest(&SHA256, bytes).as_ref());
    let named = sequence(&[&sequence(&[&sequence(&[&hash(&signer.certificate_der)])])]);
    let mut attributes = [
        attribute(OID_CONTENT_TYPE, &oid(OID_DATA)),
        attribute(OID_MESSAGE_DIGEST, &hash(covered)),
        attribute(OID_SIGNING_CERTIFICATE_V2, &named),
    ];
    attributes.sort();
    let attributes = attributes.concat();
    let key = RsaKeyPair::from_pkcs8(&signer.key_pkcs8_der).expect("an RSA key");
    let mut value = vec![0; key.public().modulus_len()];
    let message = element(0x31, &attributes);
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), &message, &mut value).expect("a signature");
    sequence(&[
        &integer(&[1]),
        &issuer_and_serial(&signer.certificate_der),
        &sha256,
        &element(0xA0, &attributes),
        &sequence(&[&oid(OID_RSA_SHA256), &[5, 0]]),
        &element(0x04, &value),
    ])
}

/// A time-stamp token over bytes.
pub fn token(covered: &[u8]) -> Vec<u8> {
    stamper().stamp(covered, signed_at())
}

const OID_SHA256: &[u8] = b"\x60\x86\x48\x01\x65\x03\x04\x02\x01";
const OID_DATA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01";
const OID_SIGNED_DATA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";
const OID_CONTENT_TYPE: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x03";
const OID_MESSAGE_DIGEST: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x04";
const OID_SIGNING_CERTIFICATE_V2: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x02\x2f";
const OID_RSA_SHA256: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b";
