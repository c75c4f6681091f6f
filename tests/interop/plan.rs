//! What is put before the judges: every kind of output with every type of key, every layout of input
//! with one key, and a picture on every kind of page. `judge.py` says what the manifest means.

use std::collections::BTreeMap;

use sealwright::pki::SignatureAlgorithm::{self, *};
use sealwright::statement::{AUTHORITY_ATTRIBUTE, GRANTS_ATTRIBUTE};
use sealwright_testdata::documents::{self, Expectation};
use sealwright_testdata::pki::KeyType;
use serde_json::{Value, json};

/// A type of key and what is done with it.
#[derive(Clone, Copy)]
pub struct Key {
    pub name: &'static str,
    pub key: KeyType,
    pub algorithm: SignatureAlgorithm,
    /// The judges' word for it.
    mechanism: &'static str,
}

const fn key(
    name: &'static str,
    key: KeyType,
    algorithm: SignatureAlgorithm,
    mechanism: &'static str,
) -> Key {
    Key { name, key, algorithm, mechanism }
}

/// Every type of key with every algorithm that it can be used with for new signatures.
pub const KEYS: [Key; 11] = [
    key("rsa2048-sha256", KeyType::Rsa2048, RsaPkcs1Sha256, "rsa"),
    key("rsa2048-sha384", KeyType::Rsa2048, RsaPkcs1Sha384, "rsa"),
    key("rsa2048-sha512", KeyType::Rsa2048, RsaPkcs1Sha512, "rsa"),
    key("rsa2048-pss-sha256", KeyType::Rsa2048, RsaPssSha256, "rsa-pss"),
    key("rsa2048-pss-sha384", KeyType::Rsa2048, RsaPssSha384, "rsa-pss"),
    key("rsa2048-pss-sha512", KeyType::Rsa2048, RsaPssSha512, "rsa-pss"),
    key("rsa3072-sha256", KeyType::Rsa3072, RsaPkcs1Sha256, "rsa"),
    key("rsa3072-pss-sha256", KeyType::Rsa3072, RsaPssSha256, "rsa-pss"),
    key("p256", KeyType::P256, EcdsaSha256, "ecdsa"),
    key("p384", KeyType::P384, EcdsaSha384, "ecdsa"),
    key("ed25519", KeyType::Ed25519, Ed25519, "ed25519"),
];

/// The colours of the test face's quarters: turned or mirrored, it is another picture.
pub const QUARTERS: [[u8; 3]; 4] = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [0, 0, 0]];

/// The place of every picture, millimetres from the top left; it fits on the smallest page.
pub const LEFT: f64 = 60.0;
pub const TOP: f64 = 90.0;
pub const SIDE: f64 = 40.0;

/// One document to be written.
pub struct Case {
    pub kind: String,
    pub key: Key,
    /// The name of a document of the zoo.
    pub input: &'static str,
    pub bytes: Vec<u8>,
    /// `adbe.pkcs7.detached` instead of PAdES.
    pub plain_pkcs7: bool,
    pub signatures: Vec<Signature>,
    user_unit: u32,
}

/// One signature to be made.
pub struct Signature {
    pub field: &'static str,
    /// The field stands in the input and is filled, instead of being added.
    pub exists: bool,
    /// The page that the test face is drawn on, from 1.
    pub page: Option<u32>,
    /// The P of its DocMDP.
    pub certifies: Option<u8>,
    /// The fields that its field's `/Lock` includes. Of a field that exists: those that stand there.
    pub locks: &'static [&'static str],
    /// Fields of the input that share its value, each with a slice of its seal.
    pub slices: &'static [&'static str],
    /// A text field of the input that it fills.
    pub fills: Option<&'static str>,
    /// A check box and a choice field of the input that it fills as well, drawn.
    pub picks: Option<[&'static str; 2]>,
    /// The chain permits it, and its organization has signed that the seal was granted.
    pub permitted: bool,
}

impl Signature {
    fn in_new(field: &'static str) -> Self {
        Self {
            field,
            exists: false,
            page: None,
            certifies: None,
            locks: &[],
            slices: &[],
            fills: None,
            picks: None,
            permitted: false,
        }
    }

    fn in_existing(field: &'static str) -> Self {
        Self { exists: true, ..Self::in_new(field) }
    }

    fn on_page(self, page: u32) -> Self {
        Self { page: Some(page), ..self }
    }

    fn certifying(self, permission: u8) -> Self {
        Self { certifies: Some(permission), ..self }
    }

    fn with_slices(self, slices: &'static [&'static str]) -> Self {
        Self { slices, ..self }
    }

    fn filling(self, field: &'static str) -> Self {
        Self { fills: Some(field), ..self }
    }

    fn picking(self, fields: [&'static str; 2]) -> Self {
        Self { picks: Some(fields), ..self }
    }

    fn permitted(self) -> Self {
        Self { permitted: true, ..self }
    }

    fn locking(self, locks: &'static [&'static str]) -> Self {
        Self { locks, ..self }
    }
}

impl Case {
    /// The file's name, and that of its key's root, both below the folder of the manifest.
    pub fn file(&self) -> String {
        format!("{}/{}.pdf", self.key.name, self.kind)
    }

    pub fn input_file(&self) -> String {
        format!("inputs/{}.pdf", self.input)
    }

    pub fn root_file(&self) -> String {
        format!("{}/root.pem", self.key.name)
    }

    pub fn manifest(&self, at: &str) -> Value {
        let sub_filter =
            if self.plain_pkcs7 { "adbe.pkcs7.detached" } else { "ETSI.CAdES.detached" };
        json!({
            "file": self.file(),
            "input": self.input_file(),
            "kind": self.kind,
            "key": self.key.name,
            "digest": self.key.algorithm.digest(),
            "mechanism": self.key.mechanism,
            "sub_filter": sub_filter,
            "roots": [self.root_file()],
            "at": at,
            "signatures": self.signatures.iter().map(signature_manifest).collect::<Vec<_>>(),
            "shows": self.shows(),
        })
    }

    /// Where a new field shows the test face. The rectangle of a field that exists is not ours.
    fn shows(&self) -> Option<Value> {
        let mut pages = self.signatures.iter().filter(|one| !one.exists).filter_map(|one| one.page);
        let page = pages.next()?;
        assert!(pages.next().is_none(), "{}: the judges look at one picture", self.kind);
        let hex = |[red, green, blue]: [u8; 3]| format!("{red:02x}{green:02x}{blue:02x}");
        Some(json!({
            "page": page,
            "left": LEFT,
            "top": TOP,
            "width": SIDE,
            "height": SIDE,
            "user_unit": self.user_unit,
            "quarters": QUARTERS.map(hex),
        }))
    }
}

fn signature_manifest(signature: &Signature) -> Value {
    let locks = (!signature.locks.is_empty())
        .then(|| json!({ "action": "Include", "fields": signature.locks }));
    // Whatever shows a seal says on whose word.
    let authority = signature.page.map(|_| AUTHORITY_ATTRIBUTE);
    let grants = signature.permitted.then_some(GRANTS_ATTRIBUTE);
    json!({
        "field": signature.field,
        "states": authority.into_iter().chain(grants).collect::<Vec<_>>(),
        "also": signature.slices,
        "certifies": signature.certifies.unwrap_or(0),
        "locks": locks,
    })
}

/// Who signs the prepared contract: a field, his slices on its pages, a field for the date.
pub static PARTIES: [(&str, [&str; 3], &str); 3] = [
    ("a", ["a_edge_1", "a_edge_2", "a_edge_3"], "a_date"),
    ("b", ["b_edge_1", "b_edge_2", "b_edge_3"], "b_date"),
    ("c", ["c_edge_1", "c_edge_2", "c_edge_3"], "c_date"),
];

/// Parties with a cross-page seal each on the same pages, in fields that were prepared.
fn cross_page(parties: usize) -> Vec<Signature> {
    const LOCKS: [&[&str]; 3] = [
        &["a", "a_date", "a_edge_1", "a_edge_2", "a_edge_3"],
        &["b", "b_date", "b_edge_1", "b_edge_2", "b_edge_3"],
        &["c", "c_date", "c_edge_1", "c_edge_2", "c_edge_3"],
    ];
    let signature = |(party, locks): (&'static (&str, [&str; 3], &str), _)| {
        let (field, slices, date) = party;
        let signature = Signature::in_existing(field).on_page(3).locking(locks);
        let signature = signature.with_slices(slices);
        // The first one locks a field that he leaves empty.
        if *field == "a" { signature } else { signature.filling(date) }
    };
    let mut all: Vec<_> = PARTIES.iter().zip(LOCKS).take(parties).map(signature).collect();
    all[0].certifies = Some(2);
    all
}

/// All of it.
pub fn cases() -> Vec<Case> {
    let inputs = inputs();
    let case = |kind: String, key: Key, input: &'static str, signatures: Vec<Signature>| Case {
        kind,
        key,
        input,
        bytes: inputs.get(input).unwrap_or_else(|| panic!("no input {input}")).clone(),
        plain_pkcs7: false,
        signatures,
        user_unit: 1,
    };
    let mut cases = Vec::new();
    for key in KEYS {
        for (kind, input, signatures) in kinds() {
            cases.push(case(kind.to_owned(), key, input, signatures));
        }
        let signatures = vec![Signature::in_new("Seal").on_page(1)];
        let plain = case("plain-pkcs7".to_owned(), key, "classic_table", signatures);
        cases.push(Case { plain_pkcs7: true, ..plain });
    }
    let one_key = KEYS[8];
    let ours = |input: &&&str| input.starts_with("prepared_") || **input == "form_with_values";
    for input in inputs.keys().filter(|input| !ours(input)) {
        let signatures = vec![Signature::in_new("First"), Signature::in_new("Second")];
        cases.push(case(format!("layout-{input}"), one_key, input, signatures));
    }
    for (input, pages, user_unit) in [
        ("rotated_pages", 8, 1),
        ("rotated_pages_with_user_unit", 8, 2),
        ("unusual_boxes_and_rotations", 6, 1),
        ("inherited_attributes", 4, 1),
    ] {
        for page in 1..=pages {
            let signatures = vec![Signature::in_new("Seal").on_page(page)];
            let picture = case(format!("page-{input}-{page}"), one_key, input, signatures);
            cases.push(Case { user_unit, ..picture });
        }
    }
    cases
}

/// Every kind of output: its name, the input, what is done.
fn kinds() -> Vec<(&'static str, &'static str, Vec<Signature>)> {
    let new = Signature::in_new;
    let existing = Signature::in_existing;
    vec![
        ("invisible", "classic_table", vec![new("Seal")]),
        ("visible", "object_streams", vec![new("Seal").on_page(2)]),
        ("names", "xref_stream", vec![new("甲方 合同章"), new("📜"), new("Ünïted (1)\\")]),
        ("existing", "empty_signature_field", vec![existing("seal").on_page(1)]),
        ("permitted", "empty_signature_field", vec![existing("seal").on_page(1).permitted()]),
        (
            "existing-below",
            "empty_signature_field_in_hierarchy",
            vec![existing("party_a.signatures.seal").on_page(1)],
        ),
        ("certified-1", "classic_table", vec![new("Seal").certifying(1)]),
        ("certified-2", "object_streams", vec![new("Seal").certifying(2).on_page(1)]),
        ("certified-3", "classic_table", vec![new("Seal").certifying(3)]),
        (
            "parties",
            "several_empty_signature_fields",
            vec![
                existing("party_a").certifying(2).on_page(1),
                existing("party_b").on_page(1),
                existing("witness"),
            ],
        ),
        ("cross-page-2", "prepared_contract", cross_page(2)),
        ("cross-page-3", "prepared_contract", cross_page(3)),
        ("archived", "pdf_a_1b", vec![new("Seal").on_page(1), new("Second")]),
        (
            "tagged",
            "prepared_tagged",
            vec![
                existing("a").certifying(2).on_page(1).locking(&["a", "a_date"]),
                existing("b").on_page(1).locking(&["b", "b_date"]).filling("b_date"),
            ],
        ),
        (
            "form",
            "form_with_values",
            vec![
                existing("a").certifying(2).on_page(1).locking(&["a", "a_note"]).filling("a_note"),
                existing("b").on_page(1).locking(&["b"]).filling("b_note").picking(["yes", "way"]),
            ],
        ),
        ("locked", "locked_empty_signature_field", vec![existing("seal").locking(&["amount"])]),
        ("locking", "form_indirect", vec![new("Seal").locking(&["Seal"]), new("Witness")]),
    ]
}

/// Encrypted documents that are left out: two let nobody make a field, and of the third pyHanko wants to
/// decrypt what is not encrypted.
const NOT_HERE: [&str; 3] =
    ["encrypted_for_signing_only", "encrypted_nothing_allowed", "encrypted_aes_128_clear_metadata"];

/// The sound and the tolerable documents of the zoo and the encrypted ones that open by themselves, but
/// for those with so many pages that some judge would take a minute for each.
fn inputs() -> BTreeMap<&'static str, Vec<u8>> {
    documents::all()
        .into_iter()
        .filter(|document| {
            use Expectation::{Encrypted, Strict, Tolerated};
            matches!(document.expectation, Strict | Tolerated(_) | Encrypted)
        })
        .filter(|document| !NOT_HERE.contains(&document.name))
        .filter(|document| !document.name.starts_with("twenty_thousand_pages"))
        .map(|document| (document.name, document.bytes))
        .chain([
            ("prepared_contract", crate::engine::prepared_contract()),
            ("prepared_tagged", crate::engine::prepared_tagged()),
            ("form_with_values", crate::engine::form_with_values()),
        ])
        .collect()
}
