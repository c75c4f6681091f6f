//! The signature over the manifest.

use super::contents::Contents;
use super::{EvidenceVerdict, Sealer, VerifyOptions};
use crate::execution::evidence::finding::{Code, Finding};
use crate::execution::evidence::manifest::{MANIFEST, Manifest, SIGNATURE};
use crate::pki::{Certificate, Outcome, PathStatus, Purpose, SignedContent, SignedData};
use crate::report::{IdentityStatus, short_name};

/// Whether the manifest is signed, by whom, and whether he is trusted.
pub(super) fn check(
    contents: &Contents<'_>,
    manifest: &Manifest,
    options: &VerifyOptions<'_>,
    verdict: &mut EvidenceVerdict,
) {
    let told =
        |code, expected: &str, found: &str| Finding::new(code, expected, found).in_entry(SIGNATURE);
    let (bytes, cms) = match (contents.get(MANIFEST), contents.get(SIGNATURE)) {
        (Some(bytes), Some(cms)) => (bytes, cms),
        _ if manifest.signed => {
            return verdict.find(told(Code::SignatureMissing, "a signature", "nothing"));
        }
        _ => return verdict.find(Finding::new(Code::Unsigned, "", "")),
    };
    if !manifest.signed {
        verdict.find(told(Code::SignatureBroken, "no signature, says the manifest", "one"));
    }
    let signed = match SignedData::parse(cms, &options.limits) {
        Ok(signed) => signed,
        Err(error) => {
            return verdict.find(told(Code::SignatureBroken, "a CMS", &error.to_string()));
        }
    };
    if !signed.content_is_data() || signed.content().is_some() || !signed.tail().is_empty() {
        let expected = "a detached signature over data";
        return verdict.find(told(Code::SignatureBroken, expected, "something else"));
    }
    let check = signed.check(&SignedContent::Bytes(bytes), &[]);
    let expected = "a signature that holds";
    match check.overall() {
        Outcome::Good => {}
        Outcome::Bad(fault) => {
            return verdict.find(told(Code::SignatureBroken, expected, &fault.to_string()));
        }
        Outcome::CannotJudge(doubt) => {
            verdict.find(told(Code::SignatureDoubtful, expected, &doubt.to_string()));
        }
        Outcome::Absent => {
            verdict.find(told(Code::SignatureDoubtful, expected, "attributes are missing"));
        }
    }
    let Some(certificate) = check.certificate else {
        return verdict.find(told(Code::SignatureDoubtful, "its certificate", "nothing"));
    };
    let status = status(&certificate, &signed, options);
    if !status.is_trusted() && status != IdentityStatus::NotChecked {
        let (expected, found) = ("somebody who is trusted", short_name(&certificate.subject()));
        verdict.find(told(Code::SignerUntrusted, expected, &found));
    }
    verdict.sealer = Some(Sealer {
        subject: certificate.subject(),
        issuer: certificate.issuer(),
        serial: certificate.serial(),
        status,
        claimed_at: signed.signer().ok().and_then(|it| it.signing_time()),
    });
}

fn status(
    certificate: &Certificate,
    signed: &SignedData<'_>,
    options: &VerifyOptions<'_>,
) -> IdentityStatus {
    let Some((anchors, now)) = options.anchors else { return IdentityStatus::NotChecked };
    let anchors = options.sealers.unwrap_or(anchors);
    let purpose = Purpose::DocumentSigning;
    let certificates = signed.certificates();
    match anchors.validate(certificate, certificates, now, purpose, &options.limits).status {
        PathStatus::Trusted => IdentityStatus::Trusted,
        PathStatus::TrustedDirectly => IdentityStatus::TrustedDirectly,
        PathStatus::Untrusted(_) => IdentityStatus::Untrusted,
        PathStatus::Expired { .. } => IdentityStatus::Expired,
        PathStatus::NotYetValid { .. } => IdentityStatus::NotYetValid,
        PathStatus::CannotJudge(_) => IdentityStatus::Unsupported,
    }
}
