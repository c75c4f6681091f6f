//! The report for people, sealed by its issuer. It claims PDF/A-2b, and the validator at hand knows
//! PDF/A-1 alone: one of the two says that it is of part 1, and has to be what that part asks as well.

use sealwright::execution::Certifier;
use sealwright::report::Lang;
use serde_json::{Value, json};

use crate::cast::{Cast, Staging, key, usual_controls};
use crate::executed::KEY;
use crate::reported::{report, sealed};

/// A report and what it was before it was sealed.
pub struct Reported {
    pub name: &'static str,
    pub input: Vec<u8>,
    pub signed: Vec<u8>,
}

/// In both languages.
pub fn all() -> Vec<Reported> {
    let staging = Staging::of(2, usual_controls(2));
    let staging = staging.on("doc_1", sealwright_testdata::contract::PDF).keys(KEY);
    let mut cast = Cast::staged(staging).unwrap();
    cast.start(Certifier::FirstSigner);
    (0..2).for_each(|number| cast.sign(number).unwrap());
    let of = |name, lang, part: &[u8]| {
        let paper = report(&cast, lang);
        let (claim, mut input) = (b"<pdfaid:part>2<", paper.bytes().to_vec());
        let at = input.windows(claim.len()).position(|it| it == claim).unwrap();
        input[at..at + part.len()].copy_from_slice(part);
        let signed = sealed(&cast, &paper, &input, &key(KEY));
        Reported { name, input, signed }
    };
    vec![
        of("report_zh", Lang::Zh, b"<pdfaid:part>2<"),
        of("pdf_a_1b_report_en", Lang::En, b"<pdfaid:part>1<"),
    ]
}

impl Reported {
    pub fn file(&self) -> String {
        format!("executed/{}.pdf", self.name)
    }

    pub fn input_file(&self) -> String {
        format!("inputs/{}.pdf", self.name)
    }

    pub fn manifest(&self, at: &str) -> Value {
        json!({
            "file": self.file(),
            "input": self.input_file(),
            "kind": format!("report-{}", self.name),
            "key": KEY.name(),
            "digest": "sha256",
            "mechanism": "ecdsa",
            "sub_filter": "ETSI.CAdES.detached",
            "roots": ["executed/root.pem"],
            "at": at,
            "signatures": [{
                "field": "Signature1",
                "also": [],
                "states": [sealwright::statement::AUTHORITY_ATTRIBUTE],
                "certifies": 0,
                "locks": null,
            }],
            "shows": null,
        })
    }
}
