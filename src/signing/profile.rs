//! The two kinds of signature, and what each demands of its CMS.

use time::OffsetDateTime;

use super::error::Error;
use super::signer::SignerDescription;
use crate::digest::Digest;
use crate::limits::Limits;
use crate::pki::{Outcome, SignatureProfile, SignedContent, SignedData};
use crate::update::SubFilter;

/// signing-time (RFC 5652 §11.3).
const SIGNING_TIME: &str = "1.2.840.113549.1.9.5";

/// Which rules a signature keeps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Profile {
    /// PAdES B-B (ETSI EN 319 142-1 §6.3): `ETSI.CAdES.detached`, signing-certificate-v2, no CMS
    /// signing-time, the time in `/M`.
    #[default]
    Pades,
    /// `adbe.pkcs7.detached` (ISO 32000-2 §12.8.3.3), with a CMS signing-time equal to `/M`, for
    /// receivers that know nothing newer.
    Pkcs7,
}

impl Profile {
    pub(super) fn sub_filter(self) -> SubFilter {
        match self {
            Self::Pades => SubFilter::Cades,
            Self::Pkcs7 => SubFilter::Pkcs7,
        }
    }

    pub(super) fn attributes(self, signed_at: OffsetDateTime) -> SignatureProfile {
        match self {
            Self::Pades => SignatureProfile::Cades,
            Self::Pkcs7 => SignatureProfile::Pkcs7 { signing_time: signed_at },
        }
    }

    /// Checks a CMS against the digest of the document: that it verifies, was made with the
    /// certificate that was described, and keeps the rules.
    pub(super) fn check(
        self,
        cms: &[u8],
        document: &Digest,
        signer: &SignerDescription,
        signed_at: OffsetDateTime,
    ) -> Result<(), Error> {
        let broken = |problem| Error::Profile { profile: self.sub_filter().name(), problem };
        let not_verified = |reason: String| Error::DoesNotVerify { reason };
        let signed = SignedData::parse(cms, &Limits::default())?;
        let info = signed.signer().map_err(|doubt| not_verified(doubt.to_string()))?;
        let check = signed.check(&SignedContent::Digest(document), signer.certificates());
        match check.overall() {
            Outcome::Good => {}
            Outcome::Absent => return Err(not_verified("nothing is signed".to_owned())),
            Outcome::CannotJudge(doubt) => return Err(not_verified(doubt.to_string())),
            Outcome::Bad(fault) => return Err(not_verified(fault.to_string())),
        }
        let used = check.certificate.as_ref().map(|certificate| certificate.as_der());
        if used != signer.certificates().first().map(|certificate| certificate.as_der()) {
            return Err(Error::OtherCertificate);
        }
        if !signed.tail().is_empty() || signed.content().is_some() {
            return Err(broken("it must be detached, with nothing behind it"));
        }
        if signed.signer_certificate(&[]).is_none() {
            return Err(broken("the signer's certificate must be in it"));
        }
        let has_time = info.signed_attribute(SIGNING_TIME).is_some();
        match self {
            Self::Pades if !check.signing_certificate.is_good() => {
                Err(broken("the attribute signing-certificate-v2 is missing"))
            }
            Self::Pades if has_time => Err(broken("the attribute signing-time is forbidden")),
            Self::Pkcs7
                if info.signing_time().is_some_and(|time| !same_second(time, signed_at)) =>
            {
                Err(broken("the attribute signing-time is not the time in /M"))
            }
            _ => Ok(()),
        }
    }
}

fn same_second(one: OffsetDateTime, other: OffsetDateTime) -> bool {
    one.unix_timestamp() == other.unix_timestamp()
}
