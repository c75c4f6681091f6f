//! S1 to S4, what has to be there before: companies, their people, their seals and who may use them.

use sealwright::appearance::SealFace;
use sealwright::appearance::design::{RoundSeal, SealDesign};
use sealwright::authorization::{
    NewFace, NewGrant, NewSeal, Seal, SealColour, SealCommand, SealFacts, SealGrant, SealName,
    SealRules, SealShape, SealSize, SealSource, Validity,
};
use sealwright::contract::SealKind;
use sealwright::digest::{Digest, DigestAlgorithm};
use sealwright::geometry::Mm;
use sealwright::identity::{OrganizationName, Person, PersonId, Uscc};
use sealwright::organization::{
    AuthorizationMethod, AuthorizationProof, By, Employee, EmployeeCommand, Entitlements, Holders,
    Invitation, Label, LegalRepresentative, LicenceFacts, LicenceKind, Organization,
    OrganizationCommand, OrganizationKind, RealName, RegisterFacts, Registration, RoleRef,
};
use sealwright::signing::{Signer, grant_statement, sign_grant};
use sealwright_testdata::seal;
use time::Duration;

use crate::Failure;
use crate::cast::{
    A, Acting, B, BOOKER, Colleague, CompanySheet, MODERATOR, SIGNER_A, SIGNER_B, Typed,
};
use crate::host::Host;

/// S1 to S4.
pub fn accounts(host: &mut Host) -> Result<(), Failure> {
    host.teller.chapter("前提条件：企业、员工、印章", "Before: companies, people, seals");
    host.teller.step(
        "S1",
        "企业激活分三步：账号、法人授权、超管激活，不能跳步。",
        "A company becomes active in three steps, and none can be skipped.",
    );
    activate(host, &A)?;
    activate(host, &B)?;
    host.teller.step(
        "S2",
        "在组织架构下新增员工，员工本人实名激活。",
        "Employees are entered by the company and activated by themselves.",
    );
    people(host)?;
    host.teller.step(
        "S3",
        "制作印章，并授予签署人用印权限。",
        "Seals are made, and the signers get the right to use them.",
    );
    seals(host)?;
    host.teller.step(
        "S4",
        "印章管理：谁的章、什么状态、谁能用到何时。",
        "Seal management: whose seal, in what state, who may use it until when.",
    );
    register(host)
}

fn activate(host: &mut Host, sheet: &CompanySheet) -> Result<(), Failure> {
    let head = sheet.head.person()?;
    let registration = Registration {
        name: OrganizationName::parse(sheet.name)?,
        uscc: Uscc::parse(sheet.uscc)?, // its check character is checked
        kind: OrganizationKind::Enterprise,
        licence: LicenceKind::CreditCode,
    };
    // What the business register answered: looking it up is the host's matter.
    let register = RegisterFacts {
        name: registration.name.clone(),
        uscc: registration.uscc,
        legal_representative: head.name().clone(),
        legal_representative_document: None,
    };
    let id = sheet.id.parse()?;
    let decision = Organization::register(id, registration, None, &host.operator(), host.now)?;
    let mut organization = host.database.create(&decision)?;
    let employee = invite(host, &organization, &format!("{}-head", sheet.id), &sheet.head, None)?;
    let activate = || OrganizationCommand::ActivateSuperAdmin { employee: &employee, holder: None };
    if sheet.id == A.id {
        host.teller.refused(
            "先试：跳过法人授权，直接激活超管。",
            "First the wrong way: activate the super admin at once.",
            "org.activation_order",
            organization.decide(activate(), &host.operator(), host.now),
        );
    }
    for command in [
        OrganizationCommand::SubmitVerification(LicenceFacts {
            legal_representative: Some(LegalRepresentative::identified(
                head.name().clone(),
                head.id_document().clone(),
            )),
            licence_digest: Some(Digest::of(DigestAlgorithm::Sha256, b"the scanned licence")),
            ..LicenceFacts::default()
        }),
        OrganizationCommand::AcceptVerification(register),
        OrganizationCommand::Authorize {
            method: AuthorizationMethod::ApplicantIsLegalRepresentative,
            proof: AuthorizationProof {
                legal_representative: Some(head.id_document().clone()),
                reference: Some("face-check-1".to_owned()),
                ..AuthorizationProof::of(head.name().clone())
            },
        },
        activate(),
    ] {
        let decision = organization.decide(command, &host.operator(), host.now)?;
        organization = host.database.update(&decision)?;
    }
    let name = organization.name();
    host.teller.expect(
        organization.is_active(),
        format!("{name}（{}）已激活。", sheet.uscc),
        format!("{} is active ({name}).", sheet.id),
    );
    Ok(())
}

/// Somebody is invited and proves who he is.
fn invite(
    host: &mut Host,
    organization: &Organization,
    id: &str,
    typed: &Typed,
    colleague: Option<(&Colleague, &By<'_>)>,
) -> Result<Employee, Failure> {
    let person = typed.person()?;
    let mut invitation = Invitation::of(person.clone());
    let operator = host.operator();
    let by = colleague.map_or(&operator, |(_, by)| by);
    if let Some((colleague, _)) = colleague {
        invitation.roles = colleague.roles.iter().map(|role| RoleRef::Shipped(*role)).collect();
        invitation.departments = ["dept_1".parse()?].into();
    }
    let nobody_has_the_number = Holders::default();
    let decision = Employee::invite(
        id.parse()?,
        invitation,
        organization,
        &nobody_has_the_number,
        by,
        host.now,
    )?;
    let employee = host.database.create(&decision)?;
    let himself: PersonId = format!("account-of-{id}").parse()?;
    let by = By::Person { id: &himself, person: &person };
    let proof = real_name(&person);
    let command = EmployeeCommand::Activate { proof, entitlements: Entitlements::of(&[]) };
    host.database.update(&employee.decide(command, organization, &by, host.now)?)
}

/// What a carrier or the ministry answered to the host's provider.
fn real_name(person: &Person) -> RealName {
    RealName {
        person: person.clone(),
        birth_date: None,
        document_last_day: None,
        reference: "real-name-check-1".to_owned(),
    }
}

fn people(host: &mut Host) -> Result<(), Failure> {
    let wrong = Typed { number: "110105194912310021", ..SIGNER_A.typed };
    host.teller.refused(
        "先试：身份证号末位抄错。",
        "First the wrong way: a digit of the identity number is mistyped.",
        "identity.id_card_check_digit",
        wrong.person(),
    );
    for (sheet, colleagues) in
        [(&A, [&BOOKER, &MODERATOR, &SIGNER_A].as_slice()), (&B, [&SIGNER_B].as_slice())]
    {
        let head = Acting::head(host, sheet)?;
        let add = OrganizationCommand::AddDepartment {
            id: "dept_1".parse()?,
            name: Label::parse(sheet.department)?,
            parent: None,
        };
        let decision = head.organization.decide(add, &head.by()?, host.now)?;
        host.database.update(&decision)?;
        // Whoever acts is loaded again: decisions rest on the newest state.
        let head = Acting::head(host, sheet)?;
        for one in colleagues {
            let by = head.by()?;
            let employee = invite(host, &head.organization, one.id, &one.typed, Some((one, &by)))?;
            let person = employee.person();
            let (name, mobile) = (person.name().masked(), person.mobile().masked());
            host.teller.expect(
                employee.is_active(),
                format!("{} · {}：{name}（{mobile}）已实名激活。", sheet.name, sheet.department),
                format!("{} is an active employee of {}.", one.id, sheet.id),
            );
        }
    }
    Ok(())
}

fn seals(host: &mut Host) -> Result<(), Failure> {
    official_seal(host)?;
    for sheet in [&A, &B] {
        let head = Acting::head(host, sheet)?;
        let design = RoundSeal::new(sheet.name, SealSize::round(42))?.line("合同专用章")?;
        let font =
            sealwright::appearance::Font::from_bytes(sealwright_testdata::font::NOTO_SERIF_SC, 0)?;
        let (face, record) = SealDesign::from(design).face_to_register(&font)?;
        host.gallery.picture(&sheet.seal_digest(&face), face.to_svg()?.into_bytes())?;
        host.faces.insert((sheet.seal.parse()?, 1), face);
        let (name, kind) = (SealName::parse("合同专用章")?, SealKind::Contract);
        let new = NewSeal::new(sheet.seal.parse()?, kind, name, record);
        let rules = SealRules::default();
        let facts =
            SealFacts { organization: &head.organization, seals: &[], grants: &[], rules: &rules };
        let seal = host.database.create(&Seal::create(new, &head.by()?, &facts, host.now)?)?;
        grant(host, sheet, sheet.grant, &seal)?;
    }
    Ok(())
}

/// Uploaded as a picture, reviewed by the host's staff; a company has one official seal at most.
fn official_seal(host: &mut Host) -> Result<(), Failure> {
    let head = Acting::head(host, &A)?;
    let rules = SealRules::default();
    let new = |id: &str, name: &str| -> Result<NewSeal, Failure> {
        let (_, image) = SealFace::to_register(seal::PNG, Mm(42.0), &rules)?;
        let face = NewFace {
            source: SealSource::Uploaded,
            image,
            shape: SealShape::Circle,
            size: Some(SealSize::round(42)),
            colour: SealColour::Red,
        };
        Ok(NewSeal::new(id.parse()?, SealKind::Official, SealName::parse(name)?, face))
    };
    let (organization, by) = (&head.organization, head.by()?);
    let facts = SealFacts { organization, seals: &[], grants: &[], rules: &rules };
    let created = Seal::create(new("seal_official", "公章")?, &by, &facts, host.now)?;
    let official: Seal = host.database.create(&created)?;
    let approved = official.decide(SealCommand::Approve, &host.operator(), &facts, host.now)?;
    let official: Seal = host.database.update(&approved)?;
    host.teller.say(
        "甲方上传公章图片，审核通过；合同专用章由引擎绘制，免审。",
        "A uploads its official seal, which is reviewed; contract seals are drawn here.",
    );
    let facts = SealFacts { seals: &[&official], ..facts };
    host.teller.refused(
        "再试：为同一企业添加第二枚公章。",
        "The wrong way: a second official seal for the same company.",
        "seal.official_exists",
        Seal::create(new("seal_second", "第二枚公章")?, &by, &facts, host.now),
    );
    Ok(())
}

/// The head of a company lets its signer use a seal, for a month; the custodian of its seals signs that,
/// for whoever has the document alone.
pub fn grant(host: &mut Host, sheet: &CompanySheet, id: &str, seal: &Seal) -> Result<(), Failure> {
    let (head, signer) = (Acting::head(host, sheet)?, Acting::signer(host, sheet)?);
    let validity = Validity::new(host.now, Some(host.now + Duration::days(30)))?;
    let new = NewGrant::to_use(id.parse()?, validity);
    let (grantee, by) = ((&signer.employee).into(), head.by()?);
    let decision = SealGrant::grant(new, seal, grantee, &by, &head.organization, host.now)?;
    let grant: SealGrant = host.database.create(&decision)?;

    let organization = head.organization.id();
    let certificate = host.key_of(organization)?.description().certificates().first();
    let code = Some(head.organization.uscc());
    let statement = grant_statement(&grant, seal, code, certificate, host.now)?;
    let paper = sign_grant(&statement, host.custodian_of(organization)?)?;
    host.papers.insert(grant.id().clone(), paper);
    Ok(())
}

fn register(host: &mut Host) -> Result<(), Failure> {
    for sheet in [&A, &B] {
        let seal: Seal = host.database.load(sheet.seal)?;
        let grant: SealGrant = host.database.load(sheet.grant)?;
        let until = grant.validity().until().map(|until| until.date().to_string());
        let until = until.unwrap_or_default();
        host.teller.expect(
            seal.require_applicable(host.now).is_ok() && grant.grantee().as_str() == sheet.signer,
            format!(
                "{}：{} 启用中，授权 {} 用至 {until}（印章管理员已签授权书）。",
                sheet.name,
                seal.name(),
                sheet.signer
            ),
            format!(
                "{} of {}: enabled; {} may use it until {until}, under its custodian's signature.",
                seal.id(),
                sheet.id,
                sheet.signer
            ),
        );
        host.teller.show(format!(
            "face {} · v{}",
            seal.current().image.face(),
            seal.current().number
        ));
    }
    Ok(())
}

impl CompanySheet {
    /// By which a board finds the picture of the seal.
    fn seal_digest(&self, face: &SealFace) -> Digest {
        Digest::sha256(*face.face_digest().as_bytes())
    }
}
