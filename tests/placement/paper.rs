//! Documents of chosen pages, and contracts on them.

use std::collections::BTreeMap;

use sealwright::contract::{
    Absolute, Allowance, Command, Contract, Control, ControlKey, ControlKind, DocumentIntake, Edit,
    Extent, IntakeLimits, PdfFacts, Point, SealMark, SignatureMark, StartFacts, Validation,
};
use sealwright::execution::intake;
use sealwright::geometry::{PageIndex, Pt};
use sealwright::identity::DocumentId;
use sealwright::limits::Limits;
use sealwright::organization::{By, Entitlements, ShippedRole, Staff};
use sealwright::pdf::File;
use sealwright::placement::{self, Documents, PlacementPlan, Problem};
use sealwright_testdata::documents;
use sealwright_testdata::pdf::{Layout, Pdf};

use crate::world::{Company, Draft, monday, person};

pub const A4: &str = "/MediaBox [0 0 595 842]";

/// A document with one page for each of these entries.
pub fn pages(entries: &[&str]) -> Pdf {
    let mut pdf = documents::plain(u32::try_from(entries.len()).unwrap());
    for (page, entries) in (0..).zip(entries) {
        let number = documents::page_number(page);
        pdf.set(
            number,
            format!(
                "<< /Type /Page /Parent {} 0 R {entries} /Resources << >> /Contents {} 0 R >>",
                documents::PAGES,
                number + 1
            ),
        );
    }
    pdf
}

pub fn written(pdf: &Pdf) -> Vec<u8> {
    pdf.write(&Layout::default())
}

/// A document as it is taken in. One that is refused is handed in with no more than its pages, as a
/// host with a reader of its own might do: what comes after must not rely on the refusal.
fn taken_in(id: DocumentId, file: &File<'_>, bytes: &[u8]) -> DocumentIntake {
    let taken = intake(id.clone(), "", bytes, file.limits().clone()).unwrap();
    if taken.clone().accept(&IntakeLimits::default()).is_ok() {
        return taken;
    }
    let facts = PdfFacts::of_pages(file.latest().page_geometries().unwrap());
    DocumentIntake::pdf(id, file.len(), *taken.digest(), facts)
}

pub fn open(bytes: &[u8]) -> File<'_> {
    File::open(bytes, Limits::default()).unwrap()
}

/// Two companies, and the employee of A who writes contracts.
pub struct Offices {
    pub a: Company,
    pub b: Company,
    sally: sealwright::organization::Employee,
    bert: sealwright::organization::Employee,
}

impl Offices {
    pub fn new() -> Self {
        let a = Company::active(
            "a",
            "晨曦科技(深圳)有限公司",
            "91350100M000100Y43",
            &person("钱七", 1),
        );
        let b = Company::active(
            "b",
            "远山贸易(上海)有限公司",
            "91110000MA00000745",
            &person("孙八", 2),
        );
        let sally = a.employ("sally", &person("李四", 3), &[ShippedRole::ContractAdmin]);
        let bert = b.employ("bert", &person("王五", 4), &[ShippedRole::ContractAdmin]);
        Self { a, b, sally, bert }
    }

    pub fn sally(&self) -> Staff<'_> {
        Staff::of(&self.a.organization, &self.sally).unwrap()
    }

    /// A draft on these documents with these controls: slot `sa` signs for A, `sb` for B.
    pub fn draft(&self, files: &[(&str, &File<'_>)], controls: Vec<Control>) -> Contract {
        let mut draft = Draft::default()
            .party("pa", &self.a)
            .party("pb", &self.b)
            .signer("sa", "pa", &self.sally, 1)
            .signer("sb", "pb", &self.bert, 2);
        for (id, file) in files {
            let bytes = file.source().as_slice().unwrap();
            draft = draft.document(taken_in(id.parse().unwrap(), file, bytes));
        }
        for control in controls {
            draft = draft.control(control);
        }
        draft.written("con_1", &self.sally()).0
    }

    pub fn validate(&self, contract: &Contract, documents: &Documents<'_>) -> Validation {
        let placements = placement::locate(contract, documents).unwrap();
        with_facts(contract, &placements, |facts| contract.validate(facts, monday()))
    }

    /// The contract, started on what was found in the documents.
    pub fn start(&self, contract: &mut Contract, documents: &Documents<'_>) {
        let warnings = self.validate(contract, documents).open(contract.acknowledged());
        let command = Command::Edit(Edit::Acknowledged { warnings });
        let decision = contract.decide(command, &By::Staff(self.sally()), monday()).unwrap();
        decision.apply_to(contract).unwrap();
        let placements = placement::locate(contract, documents).unwrap();
        let started = with_facts(contract, &placements, |facts| {
            contract.start(facts, &By::Staff(self.sally()), monday()).unwrap()
        });
        started.contract.apply_to(contract).unwrap();
    }
}

fn with_facts<T>(
    contract: &Contract,
    placements: &sealwright::contract::Placements,
    then: impl FnOnce(&StartFacts<'_>) -> T,
) -> T {
    let documents = contract.documents().iter().map(|it| (it.id().clone(), *it.digest())).collect();
    then(&StartFacts {
        placements,
        documents: &documents,
        entitlements: Entitlements::NONE,
        quota: Allowance::Unlimited,
        withheld: &BTreeMap::new(),
    })
}

pub fn key(document: &str, control: &str) -> ControlKey {
    ControlKey::new(document.parse().unwrap(), control.parse().unwrap())
}

pub fn seal() -> ControlKind {
    ControlKind::Seal(SealMark::default())
}

pub fn paging() -> ControlKind {
    ControlKind::PagingSeal(SealMark::default())
}

pub fn signature() -> ControlKind {
    ControlKind::Signature(SignatureMark::default())
}

/// A signature of this size at a point of a page, in points from the top left.
pub fn at(page: i32, x: f64, y: f64, width: f64, height: f64) -> Absolute {
    Absolute::new(PageIndex::new(page).unwrap(), Point::at(Pt(x), Pt(y)).unwrap())
        .sized(Extent::new(Pt(width), Pt(height)).unwrap())
}

/// Resolves one document called `doc`.
pub fn resolve(contract: &Contract, file: &File<'_>) -> Result<PlacementPlan, Vec<Problem>> {
    placement::resolve(contract, &Documents::default().with("doc".parse().unwrap(), file))
}

/// `page: rectangle` of every box of a control.
pub fn boxes(plan: &PlacementPlan, control: &str) -> Vec<String> {
    let control = plan.control(&key("doc", control)).unwrap();
    control.boxes().iter().map(|it| format!("{}: {}", it.spot().page, it.spot().rect)).collect()
}

/// Another reader finds nothing to say about a file; where it is installed.
#[track_caller]
pub fn qpdf_is_silent(bytes: &[u8]) {
    let path = std::env::temp_dir().join(format!(
        "sealwright-placement-{}-{:?}.pdf",
        std::process::id(),
        std::thread::current().id()
    ));
    std::fs::write(&path, bytes).unwrap();
    let said = std::process::Command::new("qpdf").arg("--check").arg(&path).output();
    std::fs::remove_file(&path).unwrap();
    if let Ok(said) = said {
        let text = String::from_utf8_lossy(&said.stderr).into_owned();
        assert!(said.status.success() && text.is_empty(), "{text}");
    }
}
