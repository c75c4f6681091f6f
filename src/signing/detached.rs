//! A detached signature over any bytes: a CMS beside them, as every tool reads it.

use time::OffsetDateTime;

use super::Profile;
use super::error::Error;
use super::signer::{Signer, SignerAnswer, ToBeSigned};
use crate::digest::Digest;
use crate::limits::Limits;
use crate::pki::{Outcome, SignatureProfile, SignedContent, SignedData, SignedDataBuilder};

/// Has bytes that are no PDF signed: a detached CMS (RFC 5652) with the signer's certificates inside,
/// over content of the type data.
///
/// A signer may answer with a signature value or with a finished CMS, as for a document. What comes back
/// is checked before it is handed out.
///
/// ```
/// use sealwright::limits::Limits;
/// use sealwright::pki::{SignedContent, SignedData};
/// use sealwright::signing::{LocalSigner, sign_detached};
/// # use sealwright_testdata::pki::{KeyType, Validity, identity};
/// # let now = time::OffsetDateTime::from_unix_timestamp(1_767_225_600)?;
/// # let identity = identity(KeyType::P256, Validity::around(now));
/// # let (key, chain) = (identity.key_pem(), identity.chain_pem());
/// let signer = LocalSigner::from_pem(key.as_bytes(), chain.as_bytes())?;
///
/// let cms = sign_detached(b"a list", &signer, now)?;
/// let signed = SignedData::parse(&cms, &Limits::default())?;
/// assert!(signed.check(&SignedContent::Bytes(b"a list"), &[]).overall().is_good());
/// assert!(signed.check(&SignedContent::Bytes(b"A list"), &[]).overall().is_bad());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// Whatever keeps it from being signed; [`Error::DoesNotVerify`] if the answer is not over these bytes.
pub fn sign_detached<S: Signer + ?Sized>(
    content: &[u8],
    signer: &S,
    now: OffsetDateTime,
) -> Result<Vec<u8>, Error> {
    let description = signer.description();
    let profile = SignatureProfile::Pkcs7 { signing_time: now };
    let builder =
        SignedDataBuilder::new(description.certificates(), description.algorithm(), profile)?;
    let document = Digest::of(builder.digest_algorithm(), content);
    let attributes = builder.signed_attributes(&document)?;
    let to_be_signed = ToBeSigned {
        message: attributes.as_der().to_vec(),
        digest: attributes.digest(),
        document,
        algorithm: attributes.algorithm(),
        profile: Profile::Pkcs7,
        signed_at: now,
        attributes: Vec::new(),
        room: usize::MAX,
    };
    let cms = match signer.sign(&to_be_signed)? {
        SignerAnswer::Signature(value) => attributes.finish(&value),
        SignerAnswer::Cms(cms) => cms,
    };
    let signed = SignedData::parse(&cms, &Limits::default())?;
    let is_plain = signed.content_is_data() && signed.content().is_none();
    if !is_plain || !signed.tail().is_empty() {
        return Err(Error::DoesNotVerify { reason: "it is no detached signature".to_owned() });
    }
    let check = signed.check(&SignedContent::Bytes(content), &[]);
    match check.overall() {
        Outcome::Good => Ok(cms),
        outcome => Err(Error::DoesNotVerify { reason: reason_of(&outcome) }),
    }
}

fn reason_of(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Bad(fault) => fault.to_string(),
        Outcome::CannotJudge(doubt) => doubt.to_string(),
        Outcome::Good | Outcome::Absent => "its attributes are not all there".to_owned(),
    }
}
