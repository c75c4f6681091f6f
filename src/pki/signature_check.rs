//! What a signature is checked against, and the answers.

use super::certificate::Certificate;
use super::outcome::{Doubt, Outcome};
use crate::digest::Digest;

/// What the signature is over, as far as the caller has it.
#[derive(Clone, Copy, Debug)]
pub enum SignedContent<'a> {
    /// The digest of detached content, made with the signer's
    /// [`digest_algorithm`](super::SignerInfo::digest_algorithm). It does not suffice for a
    /// signature without signed attributes, which is over the content itself.
    Digest(&'a Digest),
    /// Detached content that lies in memory.
    Bytes(&'a [u8]),
    /// What the CMS carries inside.
    Encapsulated,
}

/// The answers of all checks of one signature.
///
/// Trust is not part of it: see [`TrustAnchors`](super::TrustAnchors).
#[derive(Clone, Debug)]
#[must_use]
pub struct SignatureCheck {
    /// The certificate under which the signature was checked.
    pub certificate: Option<Certificate>,
    /// Whether the message-digest attribute is the digest of the content (RFC 5652, 11.2); absent
    /// if there are no signed attributes.
    pub message_digest: Outcome,
    /// Whether the content-type attribute is the type of the content (RFC 5652, 11.1); absent if
    /// there are no signed attributes.
    pub content_type: Outcome,
    /// Whether the signature value fits the signed attributes, or without them the content, and
    /// the key in the certificate.
    pub signature: Outcome,
    /// Whether signing-certificate or signing-certificate-v2 name this certificate; absent if
    /// neither is there.
    pub signing_certificate: Outcome,
    /// Whether the digest algorithm, the signature algorithm and CMSAlgorithmProtection (RFC 6211)
    /// agree.
    pub algorithms: Outcome,
    /// How many public-key operations were made.
    pub key_operations: u64,
}

impl SignatureCheck {
    /// The worst of all answers.
    pub fn overall(&self) -> Outcome {
        // The digest first: a document that was changed is what people want to hear first.
        self.message_digest
            .clone()
            .and(self.signature.clone())
            .and(self.content_type.clone())
            .and(self.signing_certificate.clone())
            .and(self.algorithms.clone())
    }

    pub(super) fn cannot_judge(doubt: &Doubt) -> Self {
        let outcome = || Outcome::CannotJudge(doubt.clone());
        Self {
            certificate: None,
            message_digest: outcome(),
            content_type: outcome(),
            signature: outcome(),
            signing_certificate: outcome(),
            algorithms: outcome(),
            key_operations: 0,
        }
    }
}
