//! Certification paths (RFC 5280, 6) from a signer to the host's trust anchors, at a given time.

use super::certificate::Certificate;
use super::path::{PathDoubt, PathFault, PathStatus, PathValidation, Purpose};
use super::path_checking::{check_path, validity, wrong_signature};
use super::path_signature::{Counter, Strength};
use crate::limits::Limits;

/// Looks for a path and validates it.
pub(super) fn validate(
    anchors: &[Certificate],
    signer: &Certificate,
    others: &[Certificate],
    strength: Strength<'_>,
    purpose: Purpose,
    limits: &Limits,
) -> PathValidation {
    let untried =
        |status| PathValidation { status, chain: vec![signer.clone()], signature_checks: 0 };
    if anchors.is_empty() {
        return untried(PathStatus::Untrusted(PathFault::NoAnchors));
    }
    let usage = check_usage(signer, purpose);
    if anchors.contains(signer) {
        let status = validity(signer, strength.at).or(usage).unwrap_or(PathStatus::TrustedDirectly);
        return untried(status);
    }
    let counter = Counter::new(limits.path_steps);
    let mut search = Search {
        anchors,
        others,
        strength,
        counter: &counter,
        steps: limits.path_steps,
        refused: false,
        best: Candidate {
            status: PathStatus::Untrusted(PathFault::UnknownIssuer),
            chain: vec![signer.clone()],
        },
    };
    search.extend(&mut vec![signer]);
    let ran_out = search.refused || counter.ran_out();
    let Candidate { mut status, chain } = search.best;
    if status == PathStatus::Trusted {
        status = usage.unwrap_or(PathStatus::Trusted);
    } else if ran_out {
        status = PathStatus::CannotJudge(PathDoubt::Limit { allowed: limits.path_steps });
    }
    PathValidation { status, chain, signature_checks: counter.made() }
}

/// A depth-first search for a path, most promising issuer first, until one holds.
///
/// Building is done here and not by webpki, which would try every combination of authorities that
/// share a name; it is given one complete path at a time.
struct Search<'s> {
    anchors: &'s [Certificate],
    others: &'s [Certificate],
    strength: Strength<'s>,
    counter: &'s Counter,
    /// How many more issuers may be tried.
    steps: u64,
    /// Whether one was left untried.
    refused: bool,
    /// The most telling result so far.
    best: Candidate,
}

struct Candidate {
    status: PathStatus,
    chain: Vec<Certificate>,
}

/// The signer, six authorities (webpki's own limit) and the anchor.
const LONGEST_PATH: usize = 8;

impl<'s> Search<'s> {
    /// Tries every issuer of the last certificate of the path. True: a path holds, stop.
    fn extend(&mut self, path: &mut Vec<&'s Certificate>) -> bool {
        let Some(head) = path.last().copied() else { return false };
        for anchor in issuers(self.anchors, head) {
            if !self.step() {
                return false;
            }
            // webpki tries every order of authorities of one name, so it is asked only when the
            // last step is known to hold.
            let crowded = path.iter().skip(1).any(|c| c.subject_der() == anchor.subject_der());
            let mut status = if crowded && !self.is_issued_by(head, anchor) {
                wrong_signature(&[head], anchor, self.strength)
            } else {
                check_path(path, anchor, self.strength, self.counter)
            };
            if status == PathStatus::Untrusted(PathFault::SignatureWrong)
                && key_ids_agree(anchor, head) != Some(true)
            {
                // Most likely another authority that happens to have this name.
                status = PathStatus::Untrusted(PathFault::UnknownIssuer);
            }
            let chain = path.iter().copied().chain([anchor]).cloned().collect();
            if self.offer(Candidate { status, chain }) {
                return true;
            }
        }
        if path.len().saturating_add(1) >= LONGEST_PATH {
            return false;
        }
        let issuers = issuers(self.others, head).collect::<Vec<_>>();
        for issuer in &issuers {
            if path.iter().any(|certificate| same_authority(certificate, issuer)) {
                continue;
            }
            if !self.step() {
                return false;
            }
            // Where the name leaves a choice the signature decides, so that no crowd of
            // authorities of one name multiplies the paths. Otherwise webpki checks it, once.
            if issuers.len() > 1 && !self.is_issued_by(head, issuer) {
                continue;
            }
            path.push(issuer);
            let found = self.extend(path);
            path.pop();
            if found {
                return true;
            }
        }
        let chain = path.iter().copied().cloned().collect();
        self.offer(Candidate { status: PathStatus::Untrusted(PathFault::UnknownIssuer), chain })
    }

    fn is_issued_by(&self, certificate: &Certificate, issuer: &Certificate) -> bool {
        self.counter.take() && certificate.is_signed_by(issuer, self.strength)
    }

    /// Keeps the more telling result. True: it is the one that was looked for.
    fn offer(&mut self, candidate: Candidate) -> bool {
        let rank = |c: &Candidate| (rank(&c.status), c.chain.len());
        if rank(&candidate) > rank(&self.best) {
            self.best = candidate;
        }
        self.best.status == PathStatus::Trusted
    }

    fn step(&mut self) -> bool {
        match self.steps.checked_sub(1) {
            Some(left) if !self.counter.ran_out() => self.steps = left,
            _ => self.refused = true,
        }
        !self.refused
    }
}

/// Which failure says most, when several paths fail.
fn rank(status: &PathStatus) -> u8 {
    match status {
        PathStatus::Trusted | PathStatus::TrustedDirectly => 9,
        PathStatus::Expired { .. } | PathStatus::NotYetValid { .. } => 8,
        PathStatus::Untrusted(PathFault::NameConstraints | PathFault::NotAnAuthority) => 7,
        PathStatus::CannotJudge(_) => 6,
        PathStatus::Untrusted(PathFault::SignatureWrong) => 5,
        PathStatus::Untrusted(_) => 0,
    }
}

/// Certificates with the name of the issuer; those whose key identifier fits come first.
fn issuers<'c>(
    among: &'c [Certificate],
    subject: &Certificate,
) -> impl Iterator<Item = &'c Certificate> + use<'c> {
    let name = subject.issuer_der();
    let (mut fitting, others): (Vec<_>, Vec<_>) = among
        .iter()
        .filter(|issuer| issuer.subject_der() == name)
        .partition(|issuer| key_ids_agree(issuer, subject) != Some(false));
    fitting.extend(others);
    fitting.into_iter()
}

/// Whether the issuer's key identifier is the one that the subject asks for (RFC 5280, 4.2.1.1);
/// none if one of them has none.
fn key_ids_agree(issuer: &Certificate, subject: &Certificate) -> Option<bool> {
    let own = issuer.extensions().subject_key_id()?;
    Some(own == subject.extensions().authority_key_id()?)
}

/// The same name and key: another certificate of it brings a path no further (RFC 4158, 5.2).
fn same_authority(one: &Certificate, other: &Certificate) -> bool {
    one.subject_der() == other.subject_der() && one.public_key_der() == other.public_key_der()
}

/// Key usage and purpose of the signer (not webpki's affair).
fn check_usage(signer: &Certificate, purpose: Purpose) -> Option<PathStatus> {
    if signer.key_usage().is_some_and(|usage| !usage.may_sign_documents()) {
        return Some(PathStatus::Untrusted(PathFault::KeyUsage));
    }
    let allowed = match (purpose, signer.purposes()) {
        (Purpose::DocumentSigning, purposes) => purposes.is_none_or(|p| !p.only_for_machines()),
        (Purpose::TimeStamping, purposes) => purposes.is_some_and(|p| p.only_time_stamping()),
    };
    (!allowed).then_some(PathStatus::Untrusted(PathFault::ExtendedKeyUsage))
}

#[cfg(test)]
mod tests {
    use time::OffsetDateTime;

    use super::*;
    use crate::digest::DigestAlgorithm;
    use crate::pki::{AlgorithmClass, AlgorithmPolicy, TrustAnchors, fixtures};

    fn anchors(names: &[&str]) -> TrustAnchors {
        TrustAnchors::from_certificates(names.iter().map(|n| fixtures::certificate(n)).collect())
    }

    fn validate(signer: &str, others: &[&str], trusted: &[&str]) -> PathValidation {
        at(signer, others, trusted, fixtures::now(), Purpose::DocumentSigning)
    }

    fn at(
        signer: &str,
        others: &[&str],
        trusted: &[&str],
        time: OffsetDateTime,
        purpose: Purpose,
    ) -> PathValidation {
        let others = others.iter().map(|name| fixtures::certificate(name)).collect::<Vec<_>>();
        let signer = fixtures::certificate(signer);
        anchors(trusted).validate(&signer, &others, time, purpose, &Limits::default())
    }

    #[test]
    fn a_path_over_an_intermediate_authority() {
        for signer in ["p256", "p384", "ed25519"] {
            let answer = validate(signer, &["rsa", "sub", signer], &["self", "ca"]);
            assert_eq!(answer.status, PathStatus::Trusted, "{signer}");
            let chain = [signer, "sub", "ca"].map(fixtures::certificate);
            assert_eq!(answer.chain, chain);
            assert_eq!(answer.signature_checks, 2);
        }
        // The intermediate may be the anchor.
        assert_eq!(validate("p256", &[], &["sub"]).signature_checks, 1);
    }

    #[test]
    fn unknown_issuers_are_untrusted_with_the_chain_that_was_found() {
        let fault = |answer: &PathValidation, wanted| {
            assert_eq!(answer.status, PathStatus::Untrusted(wanted));
        };
        fault(&validate("p256", &["sub"], &[]), PathFault::NoAnchors);
        let unknown = validate("p256", &["sub"], &["self"]);
        fault(&unknown, PathFault::UnknownIssuer);
        assert_eq!(unknown.chain.len(), 2);
        fault(&validate("p256", &[], &["ca"]), PathFault::UnknownIssuer);
        fault(&validate("self", &[], &["ca"]), PathFault::UnknownIssuer);
    }

    #[test]
    fn the_same_name_with_another_key_does_not_help() {
        // Its key identifier says that it is somebody else.
        let other = validate("rsa", &[], &["impostor"]);
        assert_eq!(other.status, PathStatus::Untrusted(PathFault::UnknownIssuer));
        // A certificate that was changed after its issuer signed it.
        let mut der = fixtures::certificate("rsa").as_der().to_vec();
        let at = der.windows(11).position(|window| window == b"Test Signer").unwrap();
        der[at] = b'B';
        let forged = anchors(&["ca"]).validate(
            &Certificate::from_der(&der).unwrap(),
            &[],
            fixtures::now(),
            Purpose::DocumentSigning,
            &Limits::default(),
        );
        assert_eq!(forged.status, PathStatus::Untrusted(PathFault::SignatureWrong));
        let both = validate("rsa", &["impostor"], &["impostor", "ca"]);
        assert_eq!(both.status, PathStatus::Trusted);
    }

    #[test]
    fn a_signer_that_is_itself_listed_is_trusted_directly() {
        for signer in ["self", "p256"] {
            let answer = validate(signer, &[], &["ca", signer]);
            assert_eq!(answer.status, PathStatus::TrustedDirectly);
            assert_eq!((answer.chain.len(), answer.signature_checks), (1, 0));
        }
    }

    #[test]
    fn time_decides_and_both_ends_are_told_apart() {
        let time = |seconds| OffsetDateTime::from_unix_timestamp(seconds).unwrap();
        for (signer, trusted) in [("p256", "ca"), ("self", "self")] {
            let certificate = fixtures::certificate(signer);
            let early = at(signer, &["sub"], &[trusted], time(-1), Purpose::DocumentSigning);
            let not_before = certificate.not_before();
            assert_eq!(early.status, PathStatus::NotYetValid { not_before });
            let late =
                at(signer, &["sub"], &[trusted], time(9_999_999_999), Purpose::DocumentSigning);
            let not_after = certificate.not_after();
            assert_eq!(late.status, PathStatus::Expired { not_after });
        }
    }

    #[test]
    fn a_forged_path_is_not_merely_expired() {
        let late = OffsetDateTime::from_unix_timestamp(9_999_999_999).unwrap();
        let mut der = fixtures::certificate("rsa").as_der().to_vec();
        let at = der.windows(11).position(|window| window == b"Test Signer").unwrap();
        der[at] = b'B';
        let forged = Certificate::from_der(&der).unwrap();
        let limits = Limits::default();
        let answer =
            anchors(&["ca"]).validate(&forged, &[], late, Purpose::DocumentSigning, &limits);
        assert_eq!(answer.status, PathStatus::Untrusted(PathFault::SignatureWrong));
    }

    #[test]
    fn usage_that_excludes_signing_is_refused() {
        let status = |signer| validate(signer, &["sub"], &["ca"]).status;
        assert_eq!(status("nosign"), PathStatus::Untrusted(PathFault::KeyUsage));
        assert_eq!(status("server"), PathStatus::Untrusted(PathFault::ExtendedKeyUsage));
        assert_eq!(status("tsa"), PathStatus::Untrusted(PathFault::ExtendedKeyUsage));
        let direct = validate("nosign", &[], &["nosign"]).status;
        assert_eq!(direct, PathStatus::Untrusted(PathFault::KeyUsage));
        let stamping =
            |signer| at(signer, &[], &["ca"], fixtures::now(), Purpose::TimeStamping).status;
        assert_eq!(stamping("tsa"), PathStatus::Trusted);
        assert_eq!(stamping("rsa"), PathStatus::Untrusted(PathFault::ExtendedKeyUsage));
    }

    #[test]
    fn a_signer_must_not_act_as_an_authority() {
        // A certificate "issued" by p256, made by renaming the issuer's name in another one.
        let mut der = fixtures::certificate("p384").as_der().to_vec();
        let old = b"Test Intermediate";
        let new = b"Test Signer P-256";
        let position = der.windows(old.len()).position(|window| window == old).unwrap();
        der[position..position + old.len()].copy_from_slice(new);
        let signer = Certificate::from_der(&der).unwrap();
        let others = [fixtures::certificate("p256"), fixtures::certificate("sub")];
        let limits = Limits::default();
        let answer = anchors(&["ca"]).validate(
            &signer,
            &others,
            fixtures::now(),
            Purpose::DocumentSigning,
            &limits,
        );
        assert_eq!(answer.status, PathStatus::Untrusted(PathFault::NotAnAuthority));
    }

    #[test]
    fn an_authority_whose_key_usage_excludes_certificates_issues_none() {
        let answer = validate("under-crl-only", &["crl-only"], &["ca"]);
        assert_eq!(answer.status, PathStatus::Untrusted(PathFault::NotAnAuthority));
    }

    #[test]
    fn what_is_not_supported_cannot_be_judged() {
        let doubt = |answer: PathValidation| match answer.status {
            PathStatus::CannotJudge(doubt) => doubt,
            other => panic!("{other:?}"),
        };
        assert_eq!(doubt(validate("critical", &["sub"], &["ca"])), PathDoubt::CriticalExtension);
        assert_eq!(doubt(validate("sub", &[], &["ca"])), PathDoubt::AuthorityAsSigner);
        let weak = |answer| match doubt(answer) {
            PathDoubt::Weak(used) => used.to_string(),
            other => panic!("{other:?}"),
        };
        assert_eq!(weak(validate("under-short", &[], &["short-ca"])), "RSA-1024");
        assert_eq!(weak(validate("under-sha1", &[], &["ca"])), "SHA-1");
        assert_eq!(doubt(validate("version1", &[], &["ca"])), PathDoubt::Version { version: 1 });
    }

    #[test]
    fn weak_signatures_hold_before_the_end_of_their_time_and_only_if_they_fit() {
        let anchor = |name: &str| anchors(&[name]);
        let under = |policy: &AlgorithmPolicy, signer: &Certificate, anchor: &TrustAnchors| {
            let (purpose, limits) = (Purpose::DocumentSigning, Limits::default());
            anchor.under(policy).validate(signer, &[], fixtures::now(), purpose, &limits).status
        };
        let later = fixtures::now() + time::Duration::days(1);
        let open = AlgorithmPolicy::strong_only()
            .until(AlgorithmClass::Digest(DigestAlgorithm::Sha1), later)
            .until(AlgorithmClass::RsaShorterThan(2048), later);
        let wrong = PathStatus::Untrusted(PathFault::SignatureWrong);
        for (signer, authority) in [("under-sha1", "ca"), ("under-short", "short-ca")] {
            let certificate = fixtures::certificate(signer);
            assert_eq!(under(&open, &certificate, &anchor(authority)), PathStatus::Trusted);
            let closed = under(&AlgorithmPolicy::default(), &certificate, &anchor(authority));
            assert!(matches!(closed, PathStatus::CannotJudge(PathDoubt::Weak(_))), "{closed:?}");
            let mut forged = certificate.as_der().to_vec();
            *forged.last_mut().unwrap() ^= 1;
            let forged = Certificate::from_der(&forged).unwrap();
            assert_eq!(under(&open, &forged, &anchor(authority)), wrong, "{signer}");
        }
        // A policy may also be stricter than what is computed.
        let strict = AlgorithmPolicy::default().never(AlgorithmClass::RsaShorterThan(3072));
        let weak = under(&strict, &fixtures::certificate("rsa"), &anchor("ca"));
        assert!(matches!(weak, PathStatus::CannotJudge(PathDoubt::Weak(_))), "{weak:?}");
    }

    const BEYOND_RING: [(&str, &str); 4] = [
        ("under-p521-ca", "p521-ca"),
        ("under-bp256-ca", "bp256-ca"),
        ("under-bp384-ca", "bp384-ca"),
        ("under-sha3", "ca"),
    ];

    #[test]
    #[cfg(feature = "legacy-algorithms")]
    fn authorities_beyond_ring_hold_and_a_flipped_bit_does_not() {
        for (signer, authority) in BEYOND_RING {
            let answer = validate(signer, &[], &[authority]);
            assert_eq!(answer.status, PathStatus::Trusted, "{signer}");
            assert_eq!(answer.signature_checks, 1, "{signer}");
            let mut forged = fixtures::certificate(signer).as_der().to_vec();
            *forged.last_mut().unwrap() ^= 1;
            let forged = Certificate::from_der(&forged).unwrap();
            let (purpose, limits) = (Purpose::DocumentSigning, Limits::default());
            let answer =
                anchors(&[authority]).validate(&forged, &[], fixtures::now(), purpose, &limits);
            let wrong = PathStatus::Untrusted(PathFault::SignatureWrong);
            assert_eq!(answer.status, wrong, "{signer}");
        }
    }

    #[test]
    #[cfg(not(feature = "legacy-algorithms"))]
    fn authorities_beyond_ring_cannot_be_judged_without_the_feature() {
        for (signer, authority) in BEYOND_RING {
            let status = validate(signer, &[], &[authority]).status;
            assert_eq!(status.code(), "unsupported-algorithm", "{signer}: {status:?}");
        }
    }

    #[test]
    fn a_crowd_of_authorities_of_one_name_costs_no_more_than_the_limit() {
        let crowd = Certificate::chain_from_pem(&fixtures::file("crowd.pem")).unwrap();
        let signer = fixtures::certificate("under-crowd");
        let validate = |anchor: &Certificate, path_steps| {
            TrustAnchors::from_certificates(vec![anchor.clone()]).validate(
                &signer,
                &crowd,
                fixtures::now(),
                Purpose::DocumentSigning,
                &Limits { path_steps, ..Limits::default() },
            )
        };
        // Six levels, each with the anchor and up to six others to try.
        let found = validate(&crowd[0], 48);
        assert_eq!((found.status, found.chain.len()), (PathStatus::Trusted, 7));
        let stopped = validate(&crowd[0], 12);
        assert_eq!(stopped.status, PathStatus::CannotJudge(PathDoubt::Limit { allowed: 12 }));
        assert!(stopped.signature_checks <= 12);
    }
}
