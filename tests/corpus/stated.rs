//! What the projects state, key by key, and what the judge says to the same question.

use sealwright::report::{
    ByteRangeState, Code, Conclusion, FieldMdp, Finding, Integrity, Kind, ModificationLevel,
    Report, SignatureReport, TimestampState,
};

use crate::{Document, Tally};

pub(crate) fn signatures(document: &Document, report: &Report, tally: &mut Tally) {
    for (key, value) in &document.expected {
        if let Some(key) = key.strip_prefix("doc.") {
            if let Some((question, right, seen)) = of_document(report, key, value) {
                tally.count(document, question, right, &format!("doc.{key}={value}: {seen}"));
            }
            continue;
        }
        let Some((index, key)) = key.strip_prefix("sig").and_then(|rest| rest.split_once('.'))
        else {
            continue;
        };
        let Ok(index) = index.parse::<usize>() else { continue };
        let Some(signature) = which(document, report, index) else { continue };
        let Some((right, seen)) = answer(signature, key, value) else { continue };
        let question = match key {
            "intact" => "intact",
            "mod" | "mod_level" => "modified",
            "level" | "ts" | "type" => "level",
            "docmdp" | "fieldmdp" => "permissions",
            "why" => "why",
            "subfilter" | "alg" => "algorithm",
            _ => "coverage",
        };
        let seen = format!("sig{index}.{key}={value}: {seen}; {}", findings(signature));
        tally.count(document, question, right, &seen);
    }
}

/// The signature that a project counts as this one: where it counts others than we do, the one that
/// leaves as many bytes behind it.
fn which<'r>(document: &Document, report: &'r Report, index: usize) -> Option<&'r SignatureReport> {
    let stated = |key: &str| document.expected.get(&format!("sig{index}.{key}"));
    let count = document.expected.get("doc.sigs").and_then(|count| count.parse::<usize>().ok());
    if count.is_none_or(|count| count == report.signatures.len()) {
        return report.signatures.get(index - 1);
    }
    let tail = stated("tail_bytes")?;
    report.signatures.iter().find(|it| it.coverage.tail_bytes.to_string() == *tail)
}

/// What a key says of the document as such, and what we say.
fn of_document(report: &Report, key: &str, value: &str) -> Option<(&'static str, bool, String)> {
    let signatures = &report.signatures;
    let number =
        |question, found: usize| Some((question, found.to_string() == value, found.to_string()));
    let has = |code: Code| report.findings.iter().any(|finding| finding.code == code);
    let is_forbidden = |it: &SignatureReport| it.modification.level == ModificationLevel::Forbidden;
    match key {
        // A signature that no revision has as an object is told by a finding.
        "sigs" => {
            let unused = report.findings.iter().filter(|it| it.code == Code::DocUnusedRange);
            let (found, unused) = (signatures.len(), unused.count());
            let right = [found, found + unused].iter().any(|count| count.to_string() == value);
            Some(("signatures", right, format!("{found} and {unused}")))
        }
        "sigs_signer" => {
            number("signatures", signatures.iter().filter(|s| s.kind == Kind::Signature).count())
        }
        // What is too weak or not supported is not said to be broken.
        "sigs_intact" => number("intact", signatures.iter().filter(|it| !is_broken(it)).count()),
        "sigs_valid" => {
            let passed = signatures.iter().filter(|s| s.conclusion == Conclusion::Passed);
            number("intact", passed.count())
        }
        "fields_per_sig" => {
            let all = signatures.iter().flat_map(|it| &it.findings);
            let shared =
                all.filter(|it| it.code == Code::SigSharedValue).find_map(|it| it.values.first());
            Some(("signatures", shared.is_some_and(|count| count == value), format!("{shared:?}")))
        }
        // Where nobody certified, the project that states this one says 3.
        "access" => {
            let strictest = signatures.iter().filter_map(|it| it.permissions.docmdp).min();
            let level = format!("P{}", strictest.unwrap_or(3));
            Some(("permissions", level == value, level))
        }
        "change" => {
            let allowed = !signatures.iter().any(is_forbidden);
            Some(("modified", allowed == (value == "allowed"), format!("{allowed}")))
        }
        "last_change" => {
            let mut changes = signatures.iter().flat_map(|it| &it.modification.changes);
            let last = report.file.revisions;
            let allowed = !changes.any(|change| {
                change.revision == last && change.level == ModificationLevel::Forbidden
            });
            Some(("modified", allowed == (value == "allowed"), format!("{allowed}")))
        }
        "crypt" => {
            let open = report.conclusion != Conclusion::Passed;
            Some(("encrypted", open, format!("{:?}", report.conclusion)))
        }
        // What protects the whole file is no signature, and none that is counted.
        "mac" => Some(("encrypted", !signatures.is_empty(), signatures.len().to_string())),
        "ur3" => {
            // Or what names it cannot be read.
            let told = has(Code::DocUsageRights) || has(Code::DocForm);
            Some(("signatures", told, format!("{:?}", report.findings)))
        }
        "why" => {
            let all = signatures.iter().flat_map(|it| &it.findings).chain(&report.findings);
            Some(("why", is_why(value, all), "another reason".to_owned()))
        }
        _ => None,
    }
}

fn is_broken(signature: &SignatureReport) -> bool {
    signature.coverage.declared.unwrap_or(signature.integrity) == Integrity::Broken
}

fn is_intact(signature: &SignatureReport) -> bool {
    let integrity = signature.coverage.declared.unwrap_or(signature.integrity);
    matches!(integrity, Integrity::Intact | Integrity::Weak)
}

/// Whether the reason that a project gives in its own words is among the findings.
fn is_why<'f>(why: &str, mut findings: impl Iterator<Item = &'f Finding>) -> bool {
    let changed: &[Code] = &[Code::ModForbidden, Code::ModNotPermitted, Code::ModLocked];
    let codes: &[Code] = match why {
        "digest-mismatch" => &[Code::SigDigest],
        "placeholder-contents" => &[Code::SigEmpty, Code::SigCms],
        "no-signer-certificate" => &[Code::SigNoCertificate],
        "detached-with-empty-econtent" => &[Code::SigEncapsulated],
        "signed-attributes-not-der-sorted" => &[Code::SigNotDer, Code::SigSignature],
        "ed25519-needs-sha512" | "ed448-needs-shake256" => {
            &[Code::SigUnusualDigest, Code::SigUnsupportedAlgorithm]
        }
        "digest-algorithm-differs-from-signature-digest"
        | "signature-algorithm-hash-differs-from-digest-algorithm" => {
            &[Code::SigAlgorithmsDisagree, Code::SigUnsupportedAlgorithm, Code::SigSignature]
        }
        "NOT_ALLOWED_CERTIFICATION_SIGNATURE" => &[Code::SigLateCertification],
        "SIGNATURE_REVISION_NOT_FOUND" => &[Code::SigNotARevision, Code::SigGap],
        // Nothing is wrong with a signature over the bytes themselves, or with what is no signature.
        "no-signed-attributes" | "mac-invalid" => return true,
        _ => changed,
    };
    findings.any(|finding| codes.contains(&finding.code))
}

/// Whether a signature is as a key says; none if the key says nothing that a report says.
fn answer(signature: &SignatureReport, key: &str, value: &str) -> Option<(bool, String)> {
    let coverage = &signature.coverage;
    let right = |right: bool, seen: &dyn std::fmt::Debug| Some((right, format!("{seen:?}")));
    let yes = value == "yes";
    match (key, value) {
        ("intact", "yes" | "no") => {
            let intact = is_intact(signature);
            let excused = signature.integrity == Integrity::Unsupported && yes;
            right(intact == yes || excused, &signature.integrity)
        }
        ("byterange", _) => {
            let ok = coverage.byte_range == ByteRangeState::Ok;
            right(ok == (value == "ok"), &coverage.byte_range)
        }
        // Of ranges that prove nothing only the end is known.
        ("covers_whole", _) => {
            let whole = coverage.whole_file
                || coverage.byte_range == ByteRangeState::Bad && coverage.tail_bytes == 0;
            let outside = signature.findings.iter().any(|it| it.code == Code::SigByteRangeOutside);
            right((whole && !outside) == yes, &coverage)
        }
        ("covers_doc", _) => {
            let covers = coverage.byte_range == ByteRangeState::Ok && coverage.tail_bytes <= 2;
            right(covers == yes, &coverage)
        }
        ("coverage", _) => right(coverage.byte_range == ByteRangeState::Bad, &coverage.byte_range),
        ("tail_bytes", _) => right(coverage.tail_bytes.to_string() == value, &coverage.tail_bytes),
        ("dict_consistent", _) => {
            let overridden = signature.findings.iter().any(|it| it.code == Code::SigOverridden);
            right(overridden != yes, &overridden)
        }
        ("subfilter", _) => right(signature.sub_filter == value, &signature.sub_filter),
        ("alg", _) => {
            let unsupported = |it: &Finding| it.code == Code::SigUnsupportedAlgorithm;
            let said = signature.findings.iter().any(unsupported);
            right(is_intact(signature) || said, &signature.integrity)
        }
        ("why", why) => right(is_why(why, signature.findings.iter()), &signature.conclusion),
        ("mod", "none") => {
            let level = signature.modification.level;
            right(
                level == ModificationLevel::None || coverage.byte_range == ByteRangeState::Bad,
                &level,
            )
        }
        ("mod", _) => {
            let allowed = signature.modification.level < ModificationLevel::Forbidden;
            right(allowed == (value == "allowed"), &signature.modification.level)
        }
        ("mod_level", _) => {
            let wanted = match value {
                "lta" => ModificationLevel::Lta,
                "form" => ModificationLevel::Form,
                _ => ModificationLevel::Annotation,
            };
            right(signature.modification.level == wanted, &signature.modification.level)
        }
        ("level", _) => right(signature.level.as_str() == value, &signature.level),
        ("type", _) => right(signature.kind == Kind::Timestamp, &signature.kind),
        ("ts", _) => {
            let wanted = if value == "ok" { TimestampState::Ok } else { TimestampState::Bad };
            right(signature.time.timestamp == wanted, &signature.time.timestamp)
        }
        ("docmdp", _) => {
            let level = signature.permissions.docmdp.map(|level| format!("P{level}"));
            right(level.as_deref() == Some(value), &level)
        }
        ("fieldmdp", _) => {
            let wanted = match value {
                "all" => FieldMdp::All,
                "include" => FieldMdp::Include,
                _ => FieldMdp::Exclude,
            };
            right(signature.permissions.fieldmdp == Some(wanted), &signature.permissions.fieldmdp)
        }
        _ => None,
    }
}

pub(crate) fn findings(signature: &SignatureReport) -> String {
    let weighty = signature
        .findings
        .iter()
        .filter(|finding| finding.severity != sealwright::report::Severity::Info);
    weighty
        .map(|finding| {
            let object = finding.object.as_deref().unwrap_or("-");
            format!("{}({object} {})", finding.code, finding.values.join(","))
        })
        .collect::<Vec<_>>()
        .join(" ")
}
