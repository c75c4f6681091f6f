//! One complete certification path (RFC 5280, 6.1), checked through webpki.

use std::time::Duration;

use rustls_pki_types::{CertificateDer, SignatureVerificationAlgorithm, UnixTime};
use time::OffsetDateTime;
use webpki::{
    EndEntityCert, ExtendedKeyUsageValidator, KeyPurposeIdIter, anchor_from_trusted_cert,
};

use super::algorithm::{SignatureAlgorithm, UnsupportedAlgorithm};
use super::certificate::Certificate;
use super::path::{PathDoubt, PathFault, PathStatus};
use super::path_signature::{self, Counter, Strength};
use super::public_key::KeyAlgorithm;
use super::scheme::Scheme;

/// Validates one complete path through webpki.
///
/// A path out of its time is validated at a time that all of it shares, so that "expired" means that
/// nothing else was wrong.
pub(super) fn check_path(
    path: &[&Certificate],
    anchor: &Certificate,
    strength: Strength<'_>,
    counter: &Counter,
) -> PathStatus {
    let at = strength.at;
    let out_of_time = path.iter().find_map(|certificate| validity(certificate, at));
    let starts = path.iter().map(|certificate| certificate.not_before()).max();
    let ends = path.iter().map(|certificate| certificate.not_after()).min();
    let time = match (&out_of_time, starts) {
        (None, _) => at,
        (Some(_), Some(starts)) if Some(starts) <= ends => starts,
        (Some(status), _) => return status.clone(),
    };
    let authorities = path.get(1..).unwrap_or_default();
    match run_webpki(path, anchor, time, (strength, counter)) {
        // webpki leaves the key usage of authorities to basic constraints; RFC 5280 does not.
        Ok(()) if authorities.iter().any(|authority| !may_issue(authority)) => {
            PathStatus::Untrusted(PathFault::NotAnAuthority)
        }
        Ok(()) => out_of_time.unwrap_or(PathStatus::Trusted),
        Err(error) => explain(&error, path, anchor, strength),
    }
}

fn run_webpki(
    path: &[&Certificate],
    anchor: &Certificate,
    time: OffsetDateTime,
    (strength, counter): (Strength<'_>, &Counter),
) -> Result<(), webpki::Error> {
    let Some((signer, between)) = path.split_first() else {
        return Err(webpki::Error::UnknownIssuer);
    };
    // Before 1970 nothing was certified.
    let seconds = u64::try_from(time.unix_timestamp()).map_err(|_| webpki::Error::BadDerTime)?;
    let time = UnixTime::since_unix_epoch(Duration::from_secs(seconds));
    let signer = CertificateDer::from(signer.as_der());
    let anchor = CertificateDer::from(anchor.as_der());
    let between = between.iter().map(|c| CertificateDer::from(c.as_der())).collect::<Vec<_>>();
    let trusted = [anchor_from_trusted_cert(&anchor)?];
    let algorithms = path_signature::all(strength, counter);
    let algorithms = algorithms
        .iter()
        .map(|algorithm| algorithm as &dyn SignatureVerificationAlgorithm)
        .collect::<Vec<_>>();
    let signer = EndEntityCert::try_from(&signer)?;
    signer.verify_for_usage(&algorithms, &trusted, &between, time, AnyUsage, None, None).map(|_| ())
}

/// What a refusal by webpki means.
fn explain(
    error: &webpki::Error,
    path: &[&Certificate],
    anchor: &Certificate,
    strength: Strength<'_>,
) -> PathStatus {
    use webpki::Error as E;
    let at = |time: &UnixTime| {
        let seconds = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
        OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH)
    };
    match error {
        E::CertExpired { not_after, .. } => PathStatus::Expired { not_after: at(not_after) },
        E::CertNotValidYet { not_before, .. } => {
            PathStatus::NotYetValid { not_before: at(not_before) }
        }
        E::UnknownIssuer => PathStatus::Untrusted(PathFault::UnknownIssuer),
        E::EndEntityUsedAsCa | E::PathLenConstraintViolated => {
            PathStatus::Untrusted(PathFault::NotAnAuthority)
        }
        E::NameConstraintViolation => PathStatus::Untrusted(PathFault::NameConstraints),
        E::CaUsedAsEndEntity => PathStatus::CannotJudge(PathDoubt::AuthorityAsSigner),
        E::UnsupportedCriticalExtension => PathStatus::CannotJudge(PathDoubt::CriticalExtension),
        E::UnsupportedCertVersion => {
            let version = path.iter().map(|certificate| certificate.version()).min().unwrap_or(0);
            PathStatus::CannotJudge(PathDoubt::Version { version })
        }
        // The second: signed with an algorithm that does not go with the issuer's key.
        E::InvalidSignatureForPublicKey
        | E::UnsupportedSignatureAlgorithmForPublicKeyContext(_) => {
            wrong_signature(path, anchor, strength)
        }
        other => PathStatus::CannotJudge(
            doubtful_signature(path, anchor, strength)
                .unwrap_or_else(|| PathDoubt::Malformed { reason: reason(other) }),
        ),
    }
}

/// A signature that does not hold is wrong only if it could be computed.
pub(super) fn wrong_signature(
    path: &[&Certificate],
    anchor: &Certificate,
    strength: Strength<'_>,
) -> PathStatus {
    doubtful_signature(path, anchor, strength)
        .map_or(PathStatus::Untrusted(PathFault::SignatureWrong), PathStatus::CannotJudge)
}

/// webpki's name of the error, without the values in it.
fn reason(error: &webpki::Error) -> String {
    let full = error.to_string();
    let end = full.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(full.len());
    full.get(..end).unwrap_or_default().to_owned()
}

/// Why the first signature on the path that nothing here can judge, or that is too weak, is so.
fn doubtful_signature(
    path: &[&Certificate],
    anchor: &Certificate,
    strength: Strength<'_>,
) -> Option<PathDoubt> {
    let issuers = path.iter().copied().skip(1).chain([anchor]);
    path.iter().zip(issuers).find_map(|(certificate, issuer)| {
        let scheme = certificate
            .signature_algorithm()
            .map_err(|_| UnsupportedAlgorithm::unreadable())
            .and_then(|identifier| Scheme::read(&identifier, None));
        let key = issuer.key_algorithm();
        let scheme = match scheme {
            Ok(scheme) if path_signature::is_known(scheme, &key) => scheme,
            Ok(scheme) => return unknown(scheme.supported(), key).map(PathDoubt::Unsupported),
            Err(name) => return Some(PathDoubt::Unsupported(name)),
        };
        // webpki compares a key's parameters byte for byte, and RSA PSS keys may have many.
        if matches!(key, KeyAlgorithm::RsaPss { .. }) && !issuer.has_plain_pss_key() {
            return Some(PathDoubt::Unsupported(UnsupportedAlgorithm::restricted_pss()));
        }
        strength.judge(scheme, &key).err().map(|weak| PathDoubt::Weak(weak.algorithm))
    })
}

/// The name of what is not known; none where only the two do not go together.
fn unknown(
    scheme: Result<SignatureAlgorithm, UnsupportedAlgorithm>,
    key: KeyAlgorithm,
) -> Option<UnsupportedAlgorithm> {
    match (scheme, key) {
        (Err(name), _) | (_, KeyAlgorithm::Unsupported(name)) => Some(name),
        _ => None,
    }
}

/// Why a certificate cannot be used at this time, if so.
pub(super) fn validity(certificate: &Certificate, at: OffsetDateTime) -> Option<PathStatus> {
    let (not_before, not_after) = (certificate.not_before(), certificate.not_after());
    if at < not_before {
        Some(PathStatus::NotYetValid { not_before })
    } else if at > not_after {
        Some(PathStatus::Expired { not_after })
    } else {
        None
    }
}

fn may_issue(authority: &Certificate) -> bool {
    authority.key_usage().is_none_or(|usage| usage.certificate_sign())
}

/// Accepts every purpose: ours is checked on the signer alone.
struct AnyUsage;

impl ExtendedKeyUsageValidator for AnyUsage {
    fn validate(&self, _: KeyPurposeIdIter<'_, '_>) -> Result<(), webpki::Error> {
        Ok(())
    }
}
