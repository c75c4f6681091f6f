//! Every CMS that can be cut out of the third-party corpus: no panic, and a stated share that reads.
//!
//! Cutting is by scanning the raw bytes for hexadecimal strings, with no PDF reader in between, so
//! encrypted and damaged files count too. The corpus is read from the folder that
//! `SEALWRIGHT_CORPUS` names; without it the test says that it was skipped.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use sealwright::digest::{Digest, DigestAlgorithm};
use sealwright::limits::Limits;
use sealwright::pki::{
    Certificate, Outcome, PathFault, PathStatus, Purpose, SignedContent, SignedData,
    TimestampToken, TrustAnchors,
};

#[test]
fn cms_of_the_corpus() {
    let Some(folder) = std::env::var_os("SEALWRIGHT_CORPUS") else {
        eprintln!("SKIPPED: SEALWRIGHT_CORPUS is not set, the corpus was not read");
        return;
    };
    let mut files = Vec::new();
    collect(Path::new(&folder), &mut files);
    assert!(!files.is_empty(), "SEALWRIGHT_CORPUS is set, but holds no PDF");
    files.sort();

    let anchors = anchors(&Path::new(&folder).join("certs"));
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    let mut count = |what: &str| *counts.entry(what.to_owned()).or_default() += 1;
    for path in &files {
        let bytes = std::fs::read(path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy();
        for cms in cut(&bytes) {
            count("candidates");
            let verbose = std::env::var_os("VERBOSE").is_some();
            match SignedData::parse(&cms, &Limits::default()) {
                Err(error) => {
                    count(&format!("refused: {}", error.code()));
                    if verbose {
                        println!("{name}: REFUSED {error}");
                    }
                }
                Ok(signed) => {
                    count("read");
                    let answer = judge(&signed);
                    count(&format!("signature: {}", class(&answer)));
                    let (status, detail) = signer_path(&signed, &anchors);
                    count(&format!("path: {status}"));
                    if verbose {
                        println!("{name}: {detail}");
                    }
                    if !signed.tail_is_zero() {
                        count("tail not zero");
                    }
                    if verbose {
                        println!("{name}: {answer:?}");
                    }
                    if TimestampToken::parse(&cms, &Limits::default()).is_ok() {
                        count("time-stamps");
                    }
                    for signer in signed.signers() {
                        for token in signer.timestamp_tokens() {
                            let token = TimestampToken::parse(token, &Limits::default());
                            let Ok(token) = token else {
                                count("inner time-stamps unreadable");
                                if verbose {
                                    println!("{name}: inner token {token:?}");
                                }
                                continue;
                            };
                            count("inner time-stamps read");
                            if let Ok(algorithm) = token.imprint_algorithm() {
                                let digest = Digest::of(algorithm, signer.signature());
                                let check = token.check(&digest, signed.certificates());
                                count(&format!("inner time-stamps: {}", class(&check.overall())));
                                if verbose && !check.overall().is_good() {
                                    println!("{name}: inner {:?}", check.overall());
                                }
                            }
                        }
                    }
                }
            }
        }
    }
    for (what, count) in &counts {
        println!("{count:6} {what}");
    }
    // Shares, not counts, so that other collections can be read as well.
    let number = |what: &str| counts.get(what).copied().unwrap_or(0);
    assert!(number("read") * 100 >= number("candidates") * 95, "less than 95 % can be read");
    assert!(number("signature: good") * 100 >= number("read") * 85, "less than 85 % hold");
}

/// The signer's path to any certificate that the corpus brings, at the time of signing.
fn signer_path(signed: &SignedData<'_>, anchors: &TrustAnchors) -> (&'static str, String) {
    let Some(certificate) = signed.signer_certificate(&[]) else {
        return ("no certificate", String::new());
    };
    let claimed = signed.signer().ok().and_then(|signer| signer.signing_time());
    let at = claimed.unwrap_or(certificate.not_before());
    let purpose = match signed.content_is_data() {
        true => Purpose::DocumentSigning,
        false => Purpose::TimeStamping,
    };
    let limits = Limits::default();
    let path = anchors.validate(certificate, signed.certificates(), at, purpose, &limits);
    let class = match &path.status {
        PathStatus::Trusted => "trusted",
        PathStatus::TrustedDirectly => "trusted directly",
        PathStatus::Untrusted(PathFault::UnknownIssuer) => "unknown issuer",
        PathStatus::Untrusted(_) => "refused",
        PathStatus::Expired { .. } => "expired",
        PathStatus::NotYetValid { .. } => "not yet valid",
        PathStatus::CannotJudge(_) => "cannot judge",
        _ => "other",
    };
    (class, format!("{:?} after {} key operations", path.status, path.signature_checks))
}

fn anchors(folder: &Path) -> TrustAnchors {
    let mut anchors = TrustAnchors::none();
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let text = std::fs::read(entry.unwrap().path()).unwrap();
        for certificate in Certificate::chain_from_pem(&text).unwrap() {
            anchors.add(certificate);
        }
    }
    anchors
}

/// The signature over the attributes, with whatever content: the digest is not known here.
fn judge(signed: &SignedData<'_>) -> Outcome {
    let any = Digest::of(DigestAlgorithm::Sha256, b"");
    let content = match signed.content() {
        Some(_) => SignedContent::Encapsulated,
        None => SignedContent::Digest(&any),
    };
    let check = signed.check(&content, &[]);
    let rest = check.signature.and(check.content_type).and(check.signing_certificate);
    let rest = rest.and(check.algorithms);
    if signed.content().is_some() { check.message_digest.and(rest) } else { rest }
}

fn class(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Good => "good".to_owned(),
        Outcome::Absent => "absent".to_owned(),
        Outcome::CannotJudge(doubt) => format!("cannot judge, {}", doubt.code()),
        Outcome::Bad(fault) => format!("bad, {}", fault.code()),
    }
}

/// Hexadecimal strings whose bytes begin like a ContentInfo.
fn cut(pdf: &[u8]) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    for (at, _) in pdf.iter().enumerate().filter(|(_, byte)| **byte == b'<') {
        let rest = &pdf[at + 1..];
        if !rest.starts_with(b"308") {
            continue;
        }
        let end = rest.iter().position(|byte| *byte == b'>').unwrap_or(rest.len());
        let digits = rest[..end]
            .iter()
            .filter_map(|digit| char::from(*digit).to_digit(16))
            .collect::<Vec<_>>();
        let bytes = digits
            .chunks(2)
            .map(|pair| u8::try_from(pair[0] * 16 + pair.get(1).copied().unwrap_or(0)).unwrap());
        found.push(bytes.collect());
    }
    found
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "pdf") {
            files.push(path);
        }
    }
}
