//! Who takes part: two companies, their people, and what somebody typed about them.

use sealwright::ceremony::{Participant, Party, PersonFacts};
use sealwright::contract::Holder;
use sealwright::identity::{
    ContractId, DocumentId, IdDocument, IdDocumentKind, Mobile, OrganizationName, Person,
    PersonName,
};
use sealwright::organization::{By, Employee, Organization, ShippedRole, Staff};
use sealwright_testdata::contract;

use crate::Failure;
use crate::host::Host;

/// A company as its licence has it.
pub struct CompanySheet {
    pub id: &'static str,
    pub name: &'static str,
    pub uscc: &'static str,
    /// The legal representative, who becomes super admin.
    pub head: Typed,
    pub department: &'static str,
    /// The seal, the slot and the grant of its signer, and his id.
    pub seal: &'static str,
    pub slot: &'static str,
    pub grant: &'static str,
    pub signer: &'static str,
}

/// 甲方: organizes the meeting. Names and numbers are those of the sample contract, all invented.
pub const A: CompanySheet = CompanySheet {
    id: "org_a",
    name: contract::PARTY_A,
    uscc: "91990108MA0CY2026B",
    head: Typed { name: "闻知远", number: "110101196805140217", mobile: "13800000001" },
    department: "战略合作部",
    seal: "seal_a",
    slot: "slot_a",
    grant: "grant_a",
    signer: "signer_a",
};

/// 乙方.
pub const B: CompanySheet = CompanySheet {
    id: "org_b",
    name: contract::PARTY_B,
    uscc: "91990203MA0XJ20267",
    head: Typed { name: "陆星野", number: "110101197111030341", mobile: "13800000002" },
    department: "采购部",
    seal: "seal_b",
    slot: "slot_b",
    grant: "grant_b",
    signer: "signer_b",
};

/// 甲方 books.
pub const BOOKER: Colleague = Colleague {
    id: "booker",
    typed: Typed { name: "陈江", number: "11010119850917012X", mobile: "13800000003" },
    roles: &[ShippedRole::ContractAdmin],
};
/// 甲方 hosts the meeting.
pub const MODERATOR: Colleague = Colleague {
    id: "host",
    typed: Typed { name: "赵云", number: "110101198002260484", mobile: "13800000004" },
    roles: &[],
};
/// Signs for 甲方.
pub const SIGNER_A: Colleague = Colleague {
    id: A.signer,
    typed: Typed { name: "王方", number: "110101198307120159", mobile: "13800000005" },
    roles: &[],
};
/// Signs for 乙方.
pub const SIGNER_B: Colleague = Colleague {
    id: B.signer,
    typed: Typed { name: "李海", number: "110101198604010271", mobile: "13800000006" },
    roles: &[],
};
/// Looks on; works for neither.
pub const OBSERVER: Typed =
    Typed { name: "周洲", number: "110101199001290360", mobile: "13800000007" };
/// Has nothing to do with any of it.
pub const STRANGER: Typed =
    Typed { name: "张三", number: "110101197708150530", mobile: "13800000008" };

/// An employee before he is one.
pub struct Colleague {
    pub id: &'static str,
    pub typed: Typed,
    pub roles: &'static [ShippedRole],
}

/// A person as somebody types him into a form.
pub struct Typed {
    pub name: &'static str,
    pub number: &'static str,
    pub mobile: &'static str,
}

impl Typed {
    /// The person, if all three facts can be true.
    pub fn person(&self) -> Result<Person, Failure> {
        Ok(Person::new(
            PersonName::parse(self.name)?,
            IdDocument::parse(IdDocumentKind::ResidentId, self.number)?,
            Mobile::parse(self.mobile)?,
        ))
    }

    /// What is known of somebody who is only invited.
    pub fn facts(&self) -> Result<PersonFacts, Failure> {
        Ok(PersonFacts::new(PersonName::parse(self.name)?, Mobile::parse(self.mobile)?))
    }
}

/// An employee with his organization, as loaded for one request: whoever acts is logged in.
pub struct Acting {
    pub organization: Organization,
    pub employee: Employee,
}

impl Acting {
    pub fn load(host: &Host, company: &CompanySheet, employee: &str) -> Result<Self, Failure> {
        let organization = host.database.load(company.id)?;
        Ok(Self { organization, employee: host.database.load(employee)? })
    }

    /// The super admin of a company.
    pub fn head(host: &Host, company: &CompanySheet) -> Result<Self, Failure> {
        Self::load(host, company, &format!("{}-head", company.id))
    }

    /// Whoever signs for a company.
    pub fn signer(host: &Host, company: &CompanySheet) -> Result<Self, Failure> {
        Self::load(host, company, company.signer)
    }

    pub fn booker(host: &Host) -> Result<Self, Failure> {
        Self::load(host, &A, BOOKER.id)
    }

    pub fn moderator(host: &Host) -> Result<Self, Failure> {
        Self::load(host, &A, MODERATOR.id)
    }

    pub fn staff(&self) -> Result<Staff<'_>, Failure> {
        Ok(Staff::of(&self.organization, &self.employee)?)
    }

    pub fn by(&self) -> Result<By<'_>, Failure> {
        Ok(By::Staff(self.staff()?))
    }

    pub fn holder(&self, person: &Person) -> Holder {
        Holder::employee(self.employee.id().clone(), person.clone())
    }
}

/// The two parties of the meeting.
pub fn parties() -> Result<Vec<Party>, Failure> {
    let party = |id: &str, company: &CompanySheet| -> Result<Party, Failure> {
        Ok(Party {
            id: id.parse()?,
            organization: OrganizationName::parse(company.name)?,
            organization_id: Some(company.id.parse()?),
        })
    };
    Ok(vec![party("party_a", &A)?, party("party_b", &B)?])
}

/// Host, both signers, an observer. What is typed of the second signer has to be what he is registered
/// with (S20).
pub fn participants(host: &Acting, typed_for_b: &Person) -> Result<Vec<Participant>, Failure> {
    let signer_a = SIGNER_A.typed.person()?;
    let employee = host.employee.id().clone();
    Ok(vec![
        Participant::host("H".parse()?, employee, host.employee.person()),
        Participant::signer("SA".parse()?, "party_a".parse()?, &signer_a).with_camera(),
        Participant::signer("SB".parse()?, "party_b".parse()?, typed_for_b).with_camera(),
        Participant::observer("O".parse()?, OBSERVER.facts()?),
    ])
}

/// The contract of this meeting.
pub fn contract_id() -> Result<ContractId, Failure> {
    Ok("con_01".parse()?)
}

/// Its only document.
pub fn document_id() -> Result<DocumentId, Failure> {
    Ok("doc_1".parse()?)
}
