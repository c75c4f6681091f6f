//! The signed grants of a signing: which go under which signature, and that they cover it.
//!
//! Only the custodian's own words are looked at. Whether he is one, a judge says who knows whom to
//! trust for which organization; he would also find what is refused here, when it is too late.

use super::Error;
use crate::authorization::{ContractFacts, SealPermit, SigningPermit};
use crate::digest::Digest;
use crate::identity::DocumentId;
use crate::pki::Certificate;
use crate::signing::{SignedGrant, SignerDescription};
use crate::statement::{GrantReach, GrantStatement, Reference};

/// That each of them is for a seal of the permit, and for what is done with it.
pub(super) fn check(
    granted: &[SignedGrant],
    permit: &SigningPermit,
    signer: &SignerDescription,
) -> Result<(), Error> {
    for signed in granted {
        let paper = signed.statement();
        let refused = |what| Error::GrantPaper { grant: paper.grant.to_string(), what };
        let mut own = seals_of(paper, permit).peekable();
        if own.peek().is_none() {
            return Err(refused("a grant that no seal is used under"));
        }
        for seal in own {
            if let Some(what) = not_covered(paper, seal, permit, signer.certificates().first()) {
                return Err(refused(what));
            }
        }
    }
    Ok(())
}

/// Those for the seals in one document.
pub(super) fn of_document<'g>(
    granted: &'g [SignedGrant],
    permit: &'g SigningPermit,
    document: &'g DocumentId,
) -> impl Iterator<Item = &'g SignedGrant> {
    granted.iter().filter(move |signed| {
        seals_of(signed.statement(), permit).any(|seal| seal.control().document == *document)
    })
}

fn seals_of<'p>(
    paper: &'p GrantStatement,
    permit: &'p SigningPermit,
) -> impl Iterator<Item = &'p SealPermit> {
    permit.seals().filter(|seal| seal.grant().as_str() == paper.grant.as_str())
}

/// What of a seal's use the custodian did not sign for.
fn not_covered(
    paper: &GrantStatement,
    seal: &SealPermit,
    permit: &SigningPermit,
    certificate: Option<&Certificate>,
) -> Option<&'static str> {
    let code = permit.organization().filter(|(id, _)| id == seal.organization());
    let same_code = paper.organization.credit_code.as_ref().zip(code);
    let is = |wanted: &Option<[u8; 32]>, found: fn(&Certificate) -> Digest| {
        wanted.is_none_or(|wanted| {
            certificate.is_some_and(|certificate| found(certificate).equals(&wanted))
        })
    };
    let checks = [
        (paper.seal.as_str() == seal.seal().as_str(), "another seal"),
        (
            paper.faces.iter().any(|it| (it.version, it.face) == (seal.version(), seal.face())),
            "other versions of the seal",
        ),
        (
            paper.organization.id.as_str() == seal.organization().as_str()
                && same_code.is_none_or(|(stated, (_, own))| stated.as_str() == own.as_str()),
            "the seal of another organization",
        ),
        (paper.grantee.employee.as_str() == seal.employee().as_str(), "another employee"),
        (is(&paper.grantee.certificate, Certificate::fingerprint), "another certificate"),
        (is(&paper.grantee.key, Certificate::key_fingerprint), "another key"),
        (paper.window.contains(permit.at()), "another time"),
        (reaches(&paper.reach, &permit.contract_facts()), "other contracts"),
    ];
    checks.into_iter().find(|(holds, _)| !holds).map(|(_, what)| what)
}

fn reaches(reach: &GrantReach, contract: &ContractFacts<'_>) -> bool {
    let among = |listed: &[Reference], one: Option<&str>| {
        one.is_some_and(|one| listed.iter().any(|it| it.as_str() == one))
    };
    match reach {
        GrantReach::AnyContract => true,
        GrantReach::Contracts(listed) => among(listed, Some(contract.id.as_str())),
        GrantReach::Groups(listed) => among(listed, contract.group.map(|it| it.as_str())),
        GrantReach::ContractTypes(listed) => among(listed, contract.contract_type),
        GrantReach::Ceremony(only) => {
            contract.ceremony.is_some_and(|it| it.as_str() == only.as_str())
        }
    }
}
