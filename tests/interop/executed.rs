//! Contracts from their start to their last signature: parties with seals, cross-page seals and dates,
//! one who signs by hand and gives an opinion, on documents of several kinds, certified by the
//! platform, by whoever signs first, and by nobody.

use sealwright::contract::Control;
use sealwright::execution::Certifier;
use sealwright::statement::{AUTHORITY_ATTRIBUTE, GRANTS_ATTRIBUTE};
use sealwright_testdata::contract;
use sealwright_testdata::documents;
use sealwright_testdata::pki::KeyType;
use serde_json::{Value, json};

use crate::cast::{
    Cast, Staging, by_hand, document_id, field_names, key, ordinary_seals, slot, tsa,
    usual_controls,
};

/// Of all parties and the platform: a manifest has one.
pub const KEY: KeyType = KeyType::P256;

/// A contract that everybody signed.
pub struct Executed {
    pub kind: String,
    input_name: &'static str,
    pub input: Vec<u8>,
    pub signed: Vec<u8>,
    /// Whether a time-stamp closes it.
    closed: bool,
    signatures: Vec<Value>,
}

/// Who certifies, for the names of files.
#[derive(Clone, Copy, PartialEq)]
enum Certifying {
    FirstSigner,
    Platform,
    Nobody,
}
use Certifying::{FirstSigner, Nobody, Platform};

/// All of them.
pub fn all() -> Vec<Executed> {
    let usual = |parties| {
        let hand = by_hand(&format!("slot_{}", parties - 1));
        usual_controls(parties).into_iter().chain(hand).collect()
    };
    let mut all = Vec::new();
    let documents = [
        ("contract", contract::PDF.to_vec()),
        ("tagged", documents::tagged()),
        ("pdf_a_2b", documents::pdf_a_2b()),
        ("xref_stream", documents::xref_stream()),
    ];
    for (name, bytes) in &documents {
        for certifying in [FirstSigner, Platform, Nobody] {
            for closed in [false, true] {
                all.push(Executed::of(2, usual(2), (*name, bytes), certifying, closed));
            }
        }
    }
    for certifying in [FirstSigner, Platform, Nobody] {
        let document = ("contract", contract::PDF);
        all.push(Executed::of(5, usual(5), document, certifying, certifying == Platform));
    }
    let document = ("contract", contract::PDF);
    all.push(Executed::of(50, ordinary_seals(50), document, FirstSigner, false));
    all
}

impl Executed {
    fn of(
        parties: usize,
        controls: Vec<Control>,
        (input_name, input): (&'static str, &[u8]),
        certifying: Certifying,
        closed: bool,
    ) -> Self {
        let staging = Staging::of(parties, controls).on("doc_1", input).keys(KEY);
        let mut cast = Cast::staged(staging).unwrap();
        if parties == 5 {
            cast.sign_grants(&key(KEY));
        }
        let platform = key(KEY);
        let (word, certifier) = match certifying {
            FirstSigner => ("first", Certifier::FirstSigner),
            Platform => ("platform", Certifier::Platform(&platform)),
            Nobody => ("nobody", Certifier::Nobody),
        };
        cast.start(certifier);
        (0..parties).for_each(|number| cast.sign(number).unwrap());
        if closed {
            cast.close_with(tsa()).unwrap();
        }
        let done = if closed { "closed" } else { "executed" };
        let platform = (certifying == Platform).then(|| {
            json!({
                "field": "sealwright#platform",
                "also": [],
                "states": [AUTHORITY_ATTRIBUTE],
                "certifies": 2,
                "locks": null,
            })
        });
        let certifies = |number| if certifying == FirstSigner && number == 0 { 2 } else { 0 };
        let signers = (0..parties).map(|number| signature(&cast, number, certifies(number)));
        Self {
            kind: format!("{done}-{input_name}-{parties}-{word}"),
            closed,
            input_name,
            input: input.to_vec(),
            signatures: platform.into_iter().chain(signers).collect(),
            signed: cast.bytes.remove(&document_id()).unwrap(),
        }
    }

    pub fn file(&self) -> String {
        format!("executed/{}.pdf", self.kind)
    }

    pub fn input_file(&self) -> String {
        format!("inputs/{}.pdf", self.input_name)
    }

    pub fn root_file(&self) -> String {
        "executed/root.pem".to_owned()
    }

    pub fn manifest(&self, at: &str) -> Value {
        json!({
            "file": self.file(),
            "input": self.input_file(),
            "kind": self.kind,
            "key": KEY.name(),
            "digest": "sha256",
            "mechanism": "ecdsa",
            "sub_filter": "ETSI.CAdES.detached",
            "roots": [self.root_file()],
            "at": at,
            "signatures": self.signatures,
            "stamped": self.closed.then_some("sealwright#closing"),
            "shows": null,
        })
    }
}

/// A party's: the seal carries it, slices and a signature by hand share it, and it locks those and the
/// texts of the party.
fn signature(cast: &Cast, number: usize, certifies: u8) -> Value {
    let slot = slot(number);
    let (mut pictures, mut locks) = (Vec::new(), Vec::new());
    for control in cast.contract.sign_controls_of(&slot) {
        let names = field_names(control);
        if control.kind().is_of_signer() {
            pictures.extend(names.iter().cloned());
        }
        locks.extend(names);
    }
    locks.sort();
    let mut states = vec![AUTHORITY_ATTRIBUTE];
    if cast.sides[number].paper.is_some() {
        states.push(GRANTS_ATTRIBUTE);
    }
    json!({
        "field": pictures[0],
        "also": pictures[1..],
        "states": states,
        "certifies": certifies,
        "locks": { "action": "Include", "fields": locks },
    })
}
