//! S46: what both companies find afterwards, and what the platform hands out as evidence.

use sealwright::audit::{Verdict, verify};
use sealwright::authorization::{Seal, SealGrant, UseOutcome};
use sealwright::contract::{Contract, ContractFilter, Viewer, contracts_for};
use sealwright::decision::Aggregate;
use sealwright::execution::{self, CheckFacts, Completed, StampOptions, StampSource, Stamping};
use sealwright::identity::PersonId;
use sealwright::organization::By;
use sealwright::pki::TrustAnchors;
use sealwright::signing::Signer;
use sealwright::verification::CheckOptions;
use sealwright_testdata::pki::pem;

use time::{Duration, OffsetDateTime};

use crate::Failure;
use crate::cast::{A, Acting, B, CompanySheet, STRANGER, contract_id, document_id};
use crate::evidence;
use crate::host::{Host, Service};
use crate::stranger::FINAL;

/// S46.
pub fn afterwards(host: &mut Host) -> Result<(), Failure> {
    host.teller.chapter("会后", "Afterwards");
    host.teller.step(
        "S46",
        "双方登录合同管理查看合同。",
        "Both sides find the contract in their archive.",
    );
    let contract: Contract = host.database.load(contract_id()?.as_str())?;
    let found =
        |by: &By<'_>| contracts_for([&contract], &Viewer::of(by), &ContractFilter::default()).len();
    let (a, b) = (Acting::signer(host, &A)?, Acting::signer(host, &B)?);
    let (stranger, id): (_, PersonId) = (STRANGER.person()?, "account-of-zhang".parse()?);
    let stranger = found(&By::Person { id: &id, person: &stranger });
    host.teller.expect(
        [found(&a.by()?), found(&b.by()?), stranger] == [1, 1, 0],
        "甲、乙各见 1 份；陌生人一无所见。",
        "A and B find it, a stranger finds nothing.",
    );
    use_records(host)?;
    close(host)?;
    evidence::hand_out(host)?;
    trails(host)?;
    custodians(host)?;
    host.gallery.write(
        "root.pem",
        host.root_pem.clone(),
        "演示根证书",
        "whom a stranger has to trust",
    )
}

/// The platform closes the contract: everything is checked once more, and a time-stamp proves that all
/// signatures were there.
fn close(host: &mut Host) -> Result<(), Failure> {
    host.later(Duration::minutes(1));
    let contract: Contract = host.database.load(contract_id()?.as_str())?;
    let register = Sealing::load(host)?;
    let (documents, mut last) = (host.documents()?, 0);
    let mut nonces = || {
        last += 1; // out of a random source in production: nobody may guess it
        last
    };
    let authority = Service { tsa: &host.tsa, at: host.now };
    let source = StampSource::Authority { authority: &authority, nonces: &mut nonces };
    let stamping = Stamping { source, options: StampOptions::default() };
    let known = register.register();
    let facts = register.facts(&known);
    let Completed { documents: appended, contract: closed, verdict } = execution::complete(
        &contract,
        &documents,
        &host.means(),
        Some(&facts),
        Some(stamping),
        &host.operator(),
        host.now,
    )?;
    drop(documents);
    host.database.transaction(|transaction| {
        appended.iter().try_for_each(|appended| transaction.append(appended))?;
        transaction.update(&closed)
    })?;
    host.teller.expect(
        verdict.is_some_and(|verdict| verdict.is_complete()),
        "平台封存：再次逐项核对，并加盖可信时间戳，此后任何追加均可识别。",
        "The platform closes the file: checked once more, and time-stamped by an authority.",
    );
    let bytes = host.database.file(&document_id()?)?;
    host.gallery.write(
        FINAL,
        bytes,
        "最终合同：已签署并加时间戳",
        "the contract, signed and time-stamped",
    )
}

/// Who may say for each company that its seals were granted: a stranger gets it from the company.
fn custodians(host: &mut Host) -> Result<(), Failure> {
    for sheet in [&A, &B] {
        let custodian = host.custodian_of(&sheet.id.parse()?)?.description().certificates().first();
        let der = custodian.ok_or_else(|| Failure::new("no certificate"))?.as_der();
        let certificate = pem("CERTIFICATE", der);
        let name = format!("custodian-{}.pem", sheet.id);
        host.gallery.write(&name, certificate, "印章管理员证书", "who keeps a company's seals")?;
    }
    Ok(())
}

/// 用印记录: one line for each use of a seal.
fn use_records(host: &mut Host) -> Result<(), Failure> {
    for (sheet, grant) in [(&A, A.grant), (&B, "grant_b2")] {
        let (seal, grant): (Seal, SealGrant) =
            (host.database.load(sheet.seal)?, host.database.load(grant)?);
        host.teller.expect(
            grant.uses() == 1,
            format!(
                "用印记录：{} 由 {} 凭 {} 使用 1 次。",
                seal.name(),
                grant.grantee(),
                grant.id()
            ),
            format!("{} was used once, by {} under {}.", seal.id(), grant.grantee(), grant.id()),
        );
    }
    let denied: Vec<&str> = host
        .database
        .denied()
        .map(|record| match &record.outcome {
            UseOutcome::Denied { code } => code.as_str(),
            UseOutcome::Used { .. } => "used",
        })
        .collect();
    host.teller.expect(
        denied == ["grant.revoked"],
        format!("被拒绝的用印也有记录：{denied:?}。"),
        format!("What was denied is on record too: {denied:?}."),
    );
    Ok(())
}

/// The seals and grants that the contract was signed with, and whom the platform trusts.
pub struct Sealing {
    seals: [Seal; 2],
    grants: [SealGrant; 2],
    anchors: TrustAnchors,
    custodians: [TrustAnchors; 2],
    now: OffsetDateTime,
}

impl Sealing {
    pub fn load(host: &Host) -> Result<Self, Failure> {
        let custodian = |sheet: &CompanySheet| -> Result<TrustAnchors, Failure> {
            let signer = host.custodian_of(&sheet.id.parse()?)?;
            Ok(TrustAnchors::from_certificates(signer.description().certificates().to_vec()))
        };
        Ok(Self {
            seals: [host.database.load(A.seal)?, host.database.load(B.seal)?],
            grants: [host.database.load(A.grant)?, host.database.load("grant_b2")?],
            anchors: TrustAnchors::from_pem(host.root_pem.as_bytes())?,
            custodians: [custodian(&A)?, custodian(&B)?],
            now: host.now,
        })
    }

    pub fn register(&self) -> ([&Seal; 2], [&SealGrant; 2]) {
        (self.seals.each_ref(), self.grants.each_ref())
    }

    /// What a check of the contract's documents rests on.
    pub fn facts<'s>(
        &'s self,
        (seals, grants): &'s ([&Seal; 2], [&SealGrant; 2]),
    ) -> CheckFacts<'s> {
        let [a, b] = &self.custodians;
        let options = CheckOptions::trusting(&self.anchors).at(self.now);
        let options = options.custodians(A.uscc, a).custodians(B.uscc, b);
        CheckFacts { options, ..CheckFacts::of(seals, grants) }
    }
}

/// The trail of everything, one entry a line, and where each of them ends.
fn trails(host: &mut Host) -> Result<(), Failure> {
    let mut heads = serde_json::Map::new();
    let mut files = Vec::new();
    let (mut entries, mut complete) = (0, true);
    for (kind, id, row) in host.database.rows() {
        complete &= verify(&row.trail, Some(&row.head))? == Verdict::Complete;
        entries += row.trail.len();
        let mut lines = String::new();
        for entry in &row.trail {
            lines.push_str(&serde_json::to_string(entry)?);
            lines.push('\n');
        }
        heads.insert(format!("{kind}-{id}"), serde_json::to_value(&row.head)?);
        files.push((format!("audit/{kind}-{id}.jsonl"), lines));
    }
    let trails = files.len();
    host.teller.expect(
        complete,
        format!("审计链：{trails} 条，共 {entries} 条记录，首尾相接，不含个人信息。"),
        format!("{trails} audit chains of {entries} entries, complete, without personal facts."),
    );
    for (name, lines) in files {
        host.gallery.write(&name, lines, "审计链", "an audit chain")?;
    }
    let contract: Contract = host.database.load(contract_id()?.as_str())?;
    let head = serde_json::to_string_pretty(contract.head())?;
    host.gallery.write("head.json", head, "合同审计链之尾", "where the contract's chain ends")?;
    let heads = serde_json::to_string_pretty(&heads)?;
    host.gallery.write("audit/heads.json", heads, "各链之尾（应另存他处）", "where each chain ends")
}
