//! A signer for tests of the judge, written from the standard and not from our signing code, so that
//! the two cannot share a bug. It appends plain objects and a classic table.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use sealwright::digest::Digest;
use sealwright::pki::{Certificate, PrivateKey, SignatureProfile, SignedDataBuilder, TrustAnchors};
use sealwright::report::{Conclusion, Report};
use sealwright::verification::{CheckOptions, check};
use sealwright_testdata::appended::{append_table_update, last_size};
use sealwright_testdata::pdf::{Layout, Pdf};
use sealwright_testdata::pki::{Identity, KeyType, Validity, identity};
use sealwright_testdata::tsa::Tsa;
use time::OffsetDateTime;

/// The time of all tests.
pub fn now() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap()
}

/// Objects of the document that is signed.
pub const CATALOG: u32 = 1;
pub const PAGE: u32 = 3;
pub const FORM: u32 = 5;
/// An empty signature field named `prepared`, with a widget on the page.
pub const PREPARED: u32 = 6;
/// The first number that nobody uses.
pub const FREE: u32 = 7;

/// A document of one page, whose page dictionary and catalog hold something more.
pub fn document(page_entries: &str, catalog_entries: &str) -> Vec<u8> {
    let mut pdf = Pdf::new();
    pdf.set(
        CATALOG,
        format!("<< /Type /Catalog /Pages 2 0 R /AcroForm 5 0 R {catalog_entries} >>"),
    );
    pdf.set(2, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
    pdf.set(PAGE, page(page_entries, &[PREPARED]));
    pdf.set_stream(4, "", b"0 0 100 100 re f");
    pdf.set(FORM, form(&[PREPARED]));
    pdf.set(
        PREPARED,
        "<< /Type /Annot /Subtype /Widget /FT /Sig /T (prepared) /F 132 /Rect [10 10 60 60] /P 3 0 R >>",
    );
    pdf.trailer("/Root 1 0 R");
    pdf.write(&Layout::default())
}

fn page(entries: &str, annotations: &[u32]) -> String {
    let contents = if entries.contains("/Contents") { "" } else { "/Contents 4 0 R" };
    format!(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] {contents} {entries} /Annots [{}] >>",
        references(annotations)
    )
}

fn form(fields: &[u32]) -> String {
    format!("<< /Fields [{}] /SigFlags 3 >>", references(fields))
}

fn references(numbers: &[u32]) -> String {
    numbers.iter().map(|number| format!("{number} 0 R ")).collect()
}

/// A document on its way from hand to hand.
#[derive(Clone)]
pub struct Draft {
    pub bytes: Vec<u8>,
    page_entries: String,
    fields: Vec<u32>,
    pub identity: Identity,
    chain: Vec<Certificate>,
    /// Who stamps what is signed next, if anybody.
    pub stamper: Option<Tsa>,
}

impl Draft {
    pub fn new(key: KeyType) -> Self {
        Self::of(key, "", "")
    }

    pub fn of(key: KeyType, page_entries: &str, catalog_entries: &str) -> Self {
        let identity = identity(key, Validity::around(now()));
        let chain = Certificate::chain_from_pem(identity.chain_pem().as_bytes()).unwrap();
        Self {
            bytes: document(page_entries, catalog_entries),
            page_entries: page_entries.to_owned(),
            fields: vec![PREPARED],
            identity,
            chain,
            stamper: None,
        }
    }

    pub fn anchors(&self) -> TrustAnchors {
        TrustAnchors::from_pem(self.identity.root_pem().as_bytes()).unwrap()
    }

    /// Signs in a new field of the given name.
    pub fn sign(&mut self, name: &str) -> &mut Self {
        self.sign_with(name, "")
    }

    /// Signs in a new field; `entries` go into the signature dictionary.
    pub fn sign_with(&mut self, name: &str, entries: &str) -> &mut Self {
        let value = last_size(&self.bytes);
        let field = value + 1;
        self.fields.push(field);
        let dictionary = format!(
            "<< /Type /Annot /Subtype /Widget /FT /Sig /T ({name}) /F 132 /Rect [0 0 0 0] /P 3 0 R /V {value} 0 R >>"
        );
        let page = page(&self.page_entries, &self.fields);
        let form = form(&self.fields);
        let objects: [(u32, u16, &[u8]); 3] = [
            (PAGE, 0, page.as_bytes()),
            (FORM, 0, form.as_bytes()),
            (field, 0, dictionary.as_bytes()),
        ];
        self.put_signature(value, entries, &objects);
        self
    }

    /// Fills the field that was there from the beginning.
    pub fn fill_prepared(&mut self) -> &mut Self {
        self.fill_prepared_with("")
    }

    /// The same; `entries` go into the signature dictionary.
    pub fn fill_prepared_with(&mut self, entries: &str) -> &mut Self {
        let value = last_size(&self.bytes);
        let dictionary = format!(
            "<< /Type /Annot /Subtype /Widget /FT /Sig /T (prepared) /F 132 /Rect [10 10 60 60] /P 3 0 R /V {value} 0 R >>"
        );
        self.put_signature(value, entries, &[(PREPARED, 0, dictionary.as_bytes())]);
        self
    }

    /// Signs in a revision that holds these objects too; `VALUE` in them is the signature's number.
    pub fn sign_among(&mut self, objects: &[(u32, &str)]) -> &mut Self {
        let value = last_size(&self.bytes);
        let named = |body: &str| body.replace("VALUE", &value.to_string()).into_bytes();
        let objects: Vec<(u32, Vec<u8>)> =
            objects.iter().map(|(number, body)| (*number, named(body))).collect();
        let objects: Vec<(u32, u16, &[u8])> =
            objects.iter().map(|(number, body)| (*number, 0, body.as_slice())).collect();
        self.put_signature(value, "", &objects);
        self
    }

    /// Signs without putting the value into any field.
    pub fn sign_without_field(&mut self) -> &mut Self {
        self.sign_without_field_with("")
    }

    /// The same; `entries` go into the signature dictionary.
    pub fn sign_without_field_with(&mut self, entries: &str) -> &mut Self {
        self.put_signature(last_size(&self.bytes), entries, &[]);
        self
    }

    /// Puts a finished message into a new field, whatever it was made for.
    pub fn put_message(&mut self, name: &str, message: &[u8]) -> &mut Self {
        let base = self.bytes.len();
        self.sign(name);
        let find = |needle: &[u8]| {
            base + self.bytes[base..].windows(needle.len()).position(|w| w == needle).unwrap()
        };
        let start = find(b"/Contents <") + 11;
        let end = start + self.bytes[start..].iter().position(|byte| *byte == b'>').unwrap();
        let hex: String = message.iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(hex.len() <= end - start, "the message is too long for this test");
        self.bytes[start..end].fill(b'0');
        self.bytes[start..start + hex.len()].copy_from_slice(hex.as_bytes());
        self
    }

    /// Appends objects as anybody may.
    pub fn append(&mut self, objects: &[(u32, &str)]) -> &mut Self {
        let objects: Vec<(u32, u16, &[u8])> =
            objects.iter().map(|(number, body)| (*number, 0, body.as_bytes())).collect();
        self.bytes = append_table_update(&self.bytes, &objects, "");
        self
    }

    fn put_signature(&mut self, value: u32, entries: &str, objects: &[(u32, u16, &[u8])]) {
        let key = PrivateKey::parse(self.identity.key_pem().as_bytes()).unwrap();
        let algorithm = key.default_algorithm();
        let builder =
            SignedDataBuilder::new(&self.chain, algorithm, SignatureProfile::Cades).unwrap();
        let stamps = if self.stamper.is_some() { 6_000 } else { 0 };
        let blank = "0".repeat((builder.estimated_len() + stamps + 16) * 2);
        let dictionary = format!(
            "<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /M (D:20270115080000Z) {entries} /ByteRange [0 0000000001 0000000002 0000000003] /Contents <{blank}> >>"
        );
        let mut all = objects.to_vec();
        all.push((value, 0, dictionary.as_bytes()));
        let stamper = self.stamper.as_ref();
        put_value(&mut self.bytes, &all, |covered| {
            let attributes =
                builder.signed_attributes(&Digest::of(algorithm.digest(), covered)).unwrap();
            let cms = attributes.finish(&key.sign(algorithm, attributes.as_der()).unwrap());
            stamper.map_or_else(|| cms.clone(), |it| it.stamp_signature(&cms, now()))
        });
    }

    /// Stamps the document in a new field.
    pub fn stamp(&mut self, stamper: &Tsa) -> &mut Self {
        let value = last_size(&self.bytes);
        self.fields.push(value + 1);
        let field = format!(
            "<< /Type /Annot /Subtype /Widget /FT /Sig /T (stamp{value}) /F 132 /Rect [0 0 0 0] /P 3 0 R /V {value} 0 R >>"
        );
        let dictionary = format!(
            "<< /Type /DocTimeStamp /Filter /Adobe.PPKLite /SubFilter /ETSI.RFC3161 /ByteRange [0 0000000001 0000000002 0000000003] /Contents <{}> >>",
            "0".repeat(12_000)
        );
        let (page, form) = (page(&self.page_entries, &self.fields), form(&self.fields));
        let objects: [(u32, u16, &[u8]); 4] = [
            (PAGE, 0, page.as_bytes()),
            (FORM, 0, form.as_bytes()),
            (value + 1, 0, field.as_bytes()),
            (value, 0, dictionary.as_bytes()),
        ];
        put_value(&mut self.bytes, &objects, |covered| stamper.stamp(covered, now()));
        self
    }

    pub fn judge(&self) -> Report {
        check(&self.bytes, &CheckOptions::trusting(&self.anchors()).at(now())).unwrap()
    }
}

/// Appends objects, one of which waits for the value over everything else.
fn put_value(
    bytes: &mut Vec<u8>,
    objects: &[(u32, u16, &[u8])],
    value: impl FnOnce(&[u8]) -> Vec<u8>,
) {
    let base = bytes.len();
    *bytes = append_table_update(bytes, objects, "");
    let [before, behind] = place_ranges(bytes, base);
    let value = value(&[&bytes[..before], &bytes[behind..]].concat());
    let hex: String = value.iter().map(|byte| format!("{byte:02x}")).collect();
    assert!(hex.len() < behind - before - 1, "the value is too long for its room");
    bytes[before + 1..before + 1 + hex.len()].copy_from_slice(hex.as_bytes());
}

/// Writes the real ranges over the placeholder behind `from`; the two ends of the gap.
pub fn place_ranges(bytes: &mut [u8], from: usize) -> [usize; 2] {
    let find = |bytes: &[u8], needle: &[u8], from: usize| {
        from + bytes[from..].windows(needle.len()).position(|w| w == needle).expect("it is there")
    };
    let before = find(bytes, b"/Contents <", from) + 10;
    let behind = find(bytes, b">", before) + 1;
    let numbers = find(bytes, b"0000000001", from);
    let text = format!("{before:010} {behind:010} {:010}", bytes.len() - behind);
    bytes[numbers..numbers + text.len()].copy_from_slice(text.as_bytes());
    [before, behind]
}

/// The codes of all findings, of the file and of its signatures, that weigh more than a note.
pub fn codes(report: &Report) -> Vec<&'static str> {
    let all = report.findings.iter().chain(report.signatures.iter().flat_map(|s| &s.findings));
    let weighty = all.filter(|finding| finding.severity != sealwright::report::Severity::Info);
    let mut codes: Vec<_> = weighty.map(|finding| finding.code.as_str()).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// The conclusions of the signatures, in their order.
pub fn conclusions(report: &Report) -> Vec<Conclusion> {
    report.signatures.iter().map(|signature| signature.conclusion).collect()
}

/// Flips one bit of each byte of `covered` (all eight with `SEALWRIGHT_EVERY_BIT`), and panics where
/// the file still passes. Refused to open counts as detected.
pub fn assert_every_flip_is_detected(
    bytes: &[u8],
    covered: impl Iterator<Item = usize>,
    options: &CheckOptions<'_>,
) {
    let every = std::env::var_os("SEALWRIGHT_EVERY_BIT").is_some();
    let mut random = sealwright_testdata::random::Random::new(7);
    let mut changed = bytes.to_vec();
    for at in covered {
        let chosen = random.below(8);
        for bit in (0..8).filter(|bit| every || *bit == chosen) {
            changed[at] ^= 1 << bit;
            let passed = check(&changed, options).is_ok_and(|report| report.conclusion.is_passed());
            assert!(!passed, "bit {bit} of byte {at} can be flipped unseen");
            changed[at] ^= 1 << bit;
        }
    }
}
