//! Whether the custodians of seals have signed that these were granted.
//!
//! A grant counts only from a custodian whom the host trusts *for this organization*: a trusted
//! certificate alone makes nobody the keeper of somebody else's seal.

use time::OffsetDateTime;

use crate::limits::Limits;
use crate::pki::{
    Certificate, Outcome, PathStatus, Purpose, SignedContent, SignedData, TrustAnchors,
};
use crate::report::{Code, Finding, Granted, StatedSeal};
use crate::statement::{
    GRANT_CONTENT_TYPE, GRANTS_ATTRIBUTE, GrantStatement, PermittedStatement, SealClaim,
    decode_grants,
};

use super::verdict::Verdict;

/// Whom the host trusts as custodians, by the id or credit code of their organization.
pub(super) type Custodians<'o> = [(String, &'o TrustAnchors)];

/// What is needed to judge the grants of one signature.
pub(super) struct Granting<'g> {
    pub(super) signed: &'g SignedData<'g>,
    pub(super) permitted: &'g PermittedStatement,
    pub(super) certificate: Option<&'g Certificate>,
    /// When it was signed, as far as is known.
    pub(super) at: Option<OffsetDateTime>,
    pub(super) custodians: &'g Custodians<'g>,
    pub(super) limits: &'g Limits,
}

/// A signed grant of a signature, read.
struct Paper {
    statement: GrantStatement,
    outcome: Outcome,
    custodian: Option<Certificate>,
    certificates: Vec<Certificate>,
}

/// Fills in what the organizations say of each seal.
pub(super) fn judge(granting: &Granting<'_>, seals: &mut [StatedSeal], verdict: &mut Verdict) {
    let papers = papers(granting, verdict);
    for (seal, claim) in seals.iter_mut().zip(&granting.permitted.seals) {
        let own = papers.iter().filter(|paper| paper.statement.grant == claim.grant);
        let mut answers: Vec<Answer> = own.map(|paper| granting.answer(paper, claim)).collect();
        // One that holds is enough.
        answers.sort_by_key(|answer| answer.granted != Granted::Granted);
        let Some(answer) = answers.into_iter().next() else { continue };
        seal.granted = answer.granted;
        seal.granted_by = answer.by;
        match answer.finding {
            Some(finding) if finding.code == Code::AuthorityCustodianUnknown => {
                verdict.note(finding);
            }
            Some(finding) => verdict.doubt(finding),
            None => {}
        }
    }
    let is_unused = |paper: &&Paper| {
        let mut claims = granting.permitted.seals.iter();
        !claims.any(|claim| claim.grant == paper.statement.grant)
    };
    for paper in papers.iter().filter(is_unused) {
        verdict.note(Finding::new(Code::AuthorityGrantUnused).with(&paper.statement.grant));
    }
}

fn papers(granting: &Granting<'_>, verdict: &mut Verdict) -> Vec<Paper> {
    let malformed = |why: &str| Finding::new(Code::AuthorityGrantMalformed).with(why);
    let values =
        granting.signed.signer().map(|signer| signer.signed_attribute_values(GRANTS_ATTRIBUTE));
    let signed = match values.as_deref().unwrap_or_default() {
        [] => return Vec::new(),
        [value] => match decode_grants(value, granting.limits) {
            Ok(signed) => signed,
            Err(error) => {
                verdict.doubt(malformed(error.code()));
                return Vec::new();
            }
        },
        [_, _, ..] => {
            verdict.doubt(malformed("duplicate"));
            return Vec::new();
        }
    };
    let mut papers = Vec::with_capacity(signed.len());
    for cms in &signed {
        match read(cms, granting.limits) {
            Ok(paper) => papers.push(paper),
            Err(why) => verdict.doubt(malformed(why)),
        }
    }
    papers
}

fn read(cms: &[u8], limits: &Limits) -> Result<Paper, &'static str> {
    let signed = SignedData::parse(cms, limits).map_err(|error| error.code())?;
    if signed.content_type() != GRANT_CONTENT_TYPE || !signed.tail().is_empty() {
        return Err("content");
    }
    let content = signed.content().ok_or("content")?;
    let statement = GrantStatement::decode(content, limits).map_err(|error| error.code())?;
    let check = signed.check(&SignedContent::Encapsulated, &[]);
    Ok(Paper {
        statement,
        outcome: check.overall().and(check.signing_certificate),
        custodian: check.certificate,
        certificates: signed.certificates().to_vec(),
    })
}

struct Answer {
    granted: Granted,
    by: Option<String>,
    finding: Option<Finding>,
}

impl Answer {
    fn not(granted: Granted, code: Code, claim: &SealClaim, why: &str) -> Self {
        let finding = Finding::new(code).with(&claim.grant).with(why);
        Self { granted, by: None, finding: Some(finding) }
    }
}

impl Granting<'_> {
    fn answer(&self, paper: &Paper, claim: &SealClaim) -> Answer {
        let (broken, unjudged) = (Code::AuthorityGrantBroken, Code::AuthorityGrantUnjudged);
        match &paper.outcome {
            Outcome::Good => {}
            Outcome::Bad(fault) => {
                return Answer::not(Granted::Untrusted, broken, claim, &fault.to_string());
            }
            Outcome::Absent => return Answer::not(Granted::Untrusted, broken, claim, "unbound"),
            Outcome::CannotJudge(doubt) => {
                let why = doubt.to_string();
                return Answer::not(Granted::Indeterminate, unjudged, claim, &why);
            }
        }
        let Some(at) = self.at else {
            return Answer::not(Granted::Indeterminate, unjudged, claim, "time");
        };
        let by = match self.trusted(paper, claim, at) {
            Ok(by) => by,
            Err(answer) => return *answer,
        };
        match self.uncovered(&paper.statement, claim, at) {
            Some(what) => Answer {
                by: Some(by),
                ..Answer::not(Granted::NotCovered, Code::AuthorityGrantNotCovered, claim, what)
            },
            None => Answer { granted: Granted::Granted, by: Some(by), finding: None },
        }
    }

    /// The name under which the host trusts this custodian. Whatever the grant calls its organization
    /// and the host knows has to lead to the custodian, not just one of its names.
    fn trusted(
        &self,
        paper: &Paper,
        claim: &SealClaim,
        at: OffsetDateTime,
    ) -> Result<String, Box<Answer>> {
        let not = |granted, code, why: &str| Box::new(Answer::not(granted, code, claim, why));
        let organization = &paper.statement.organization;
        let names = [Some(&organization.id), organization.credit_code.as_ref()];
        let named = |name: &str| names.iter().flatten().any(|own| own.as_str() == name);
        let unknown = || {
            let name = organization.credit_code.as_ref().unwrap_or(&organization.id).as_str();
            not(Granted::Indeterminate, Code::AuthorityCustodianUnknown, name)
        };
        let untrusted = |why: &str| not(Granted::Untrusted, Code::AuthorityGrantUntrusted, why);
        let mut trusted = None;
        for (name, anchors) in self.custodians.iter().filter(|(name, _)| named(name)) {
            let Some(custodian) = &paper.custodian else { return Err(untrusted("certificate")) };
            let purpose = Purpose::DocumentSigning;
            let path = anchors.validate(custodian, &paper.certificates, at, purpose, self.limits);
            match path.status {
                PathStatus::Trusted | PathStatus::TrustedDirectly => trusted = Some(name.clone()),
                PathStatus::Untrusted(fault) => return Err(untrusted(&fault.to_string())),
                PathStatus::Expired { .. } | PathStatus::NotYetValid { .. } => {
                    let (granted, code) = (Granted::Indeterminate, Code::AuthorityGrantUnjudged);
                    return Err(not(granted, code, "certificate"));
                }
                PathStatus::CannotJudge(doubt) => {
                    let (granted, code) = (Granted::Indeterminate, Code::AuthorityGrantUnjudged);
                    return Err(not(granted, code, &doubt.to_string()));
                }
            }
        }
        trusted.ok_or_else(unknown)
    }

    /// What of the claim the grant is not for.
    fn uncovered(
        &self,
        grant: &GrantStatement,
        claim: &SealClaim,
        at: OffsetDateTime,
    ) -> Option<&'static str> {
        let face = |one: &&crate::statement::GrantedFace| {
            (one.version, one.face) == (claim.version, claim.face)
        };
        let certificate = self.certificate.map(|certificate| certificate.fingerprint());
        let key = self.certificate.map(|certificate| certificate.key_fingerprint());
        let is = |wanted: &Option<[u8; 32]>, found: &Option<crate::digest::Digest>| {
            wanted.is_none_or(|wanted| found.is_some_and(|found| found.equals(&wanted)))
        };
        let party = self.permitted.organization.as_ref();
        let same_code =
            party.filter(|party| party.id == grant.organization.id).is_none_or(|party| {
                let codes = party.credit_code.as_ref().zip(grant.organization.credit_code.as_ref());
                codes.is_none_or(|(one, other)| one == other)
            });
        let checks = [
            (grant.seal == claim.seal, "seal"),
            (grant.faces.iter().find(face).is_some(), "face"),
            (grant.organization.id == claim.organization && same_code, "organization"),
            (grant.grantee.employee == claim.employee, "grantee"),
            (is(&grant.grantee.certificate, &certificate), "certificate"),
            (is(&grant.grantee.key, &key), "key"),
            (grant.window == claim.window && grant.window.contains(at), "window"),
            (grant.reach.contains(&self.permitted.contract), "scope"),
            (grant.issued_at <= at, "issued_at"),
        ];
        checks.into_iter().find(|(holds, _)| !holds).map(|(_, what)| what)
    }
}
