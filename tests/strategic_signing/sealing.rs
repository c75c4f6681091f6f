//! Steps 15 to 18, on the PDF: who may seal it and who may not, what is seen of it on the screen and
//! on the pages, and what a changed byte does to it.

use std::collections::BTreeMap;

use sealwright::appearance::FontBook;
use sealwright::audit::HostKey;
use sealwright::authorization::{ChainFacts, SealFacts, SealRules, begin};
use sealwright::ceremony::{Outcome, Overall, Phase, SignResultView};
use sealwright::contract::{
    self, Contract, IntentMethod, IntentProof, Pick, Progress, ReadingProof, SigningAttempt,
    SigningWindow,
};
use sealwright::execution::{
    self, Appended, Certifier, CheckFacts, Documents, Error, ExecutionVerdict, Means, Signing,
};
use sealwright::identity::{DocumentId, PersonId, SlotId};
use sealwright::limits::Limits;
use sealwright::organization::By;
use sealwright::pdf::File;
use sealwright::report::{Conclusion, Report};
use sealwright::signing::LocalSigner;
use sealwright::statement::IntentKey;
use sealwright::{CheckOptions, check};
use sealwright_testdata::contract as paper;
use sealwright_testdata::pki::{KeyType, Validity, identity};
use time::{Duration, OffsetDateTime};

use crate::cast::{Cast, Meeting, Story};
use crate::world::{apply, digest, monday};

/// What the host has besides the domain: the document, fonts, secrets.
pub struct Desk {
    bytes: BTreeMap<DocumentId, Vec<u8>>,
    fonts: FontBook,
    host_key: HostKey,
    intent_key: IntentKey,
}

impl Desk {
    /// Before anybody signs: the fields of both sides are in the document, which is otherwise as it was.
    pub fn prepare(contract: &mut Story<Contract>, now: OffsetDateTime) -> Self {
        let mut desk = Self {
            bytes: BTreeMap::from([(document(), paper::PDF.to_vec())]),
            fonts: FontBook::new(),
            host_key: HostKey::new(b"thirty-two bytes out of a vault!").unwrap(),
            intent_key: IntentKey::new(b"another thirty-two secret bytes!").unwrap(),
        };
        let platform: PersonId = "platform".parse().unwrap();
        let (documents, means) = (desk.documents(), desk.means());
        let by = By::Host(&platform);
        let certifier = Certifier::FirstSigner;
        let started =
            execution::start(&contract.state, &documents, &means, certifier, &by, now).unwrap();
        drop(documents);
        contract.take(&started.contract);
        desk.append(&started.documents);
        assert!(desk.file().starts_with(paper::PDF));
        assert_eq!(desk.report().conclusion, Conclusion::Unsigned);
        desk
    }

    fn means(&self) -> Means<'_> {
        Means::new(&self.fonts)
    }

    fn documents(&self) -> Documents<'_> {
        Documents::new().with(document(), &self.bytes[&document()], Limits::default()).unwrap()
    }

    fn file(&self) -> &[u8] {
        &self.bytes[&document()]
    }

    fn append(&mut self, all: &[Appended]) {
        for appended in all {
            let bytes = self.bytes.get_mut(appended.document()).unwrap();
            assert_eq!(u64::try_from(bytes.len()).unwrap(), appended.base_len());
            bytes.extend_from_slice(appended.bytes());
            assert_eq!(appended.revised().after, digest(bytes));
        }
    }

    fn report(&self) -> Report {
        check(self.file(), &CheckOptions::without_trust()).unwrap()
    }
}

fn document() -> DocumentId {
    "doc".parse().unwrap()
}

/// The companies' keys are of different kinds.
fn key(side: &str) -> LocalSigner {
    let kind = if side == "a" { KeyType::P256 } else { KeyType::Rsa2048 };
    let identity = identity(kind, Validity::around(monday()));
    LocalSigner::from_pem(identity.key_pem().as_bytes(), identity.chain_pem().as_bytes()).unwrap()
}

/// Steps 15 and 16: A first; then B's grant is taken away, and given again.
pub fn they_sign_in_their_order(
    cast: &mut Cast,
    desk: &mut Desk,
    meeting: &Meeting,
    contract: &mut Story<Contract>,
) {
    let now = meeting.now + Duration::minutes(10);
    let window = meeting.story.state.signing_window();
    assert!(window.is_open(now));
    let prepared = desk.bytes.clone();
    assert_eq!(signs(cast, desk, contract, "b", window, now), Err("con.not_your_turn".to_owned()));
    assert_eq!(desk.bytes, prepared);
    assert_eq!(signs(cast, desk, contract, "a", window, now), Ok(()));
    assert_eq!(contract.state.phase(), contract::Phase::Signing(Progress::Partial));
    assert_eq!(desk.report().conclusion, Conclusion::Passed);

    let by_head = cast.b.head();
    let rules = SealRules::default();
    let facts =
        SealFacts { organization: &cast.b.organization, seals: &[], grants: &[], rules: &rules };
    let revoked = cast.grant_b.revoke(None, &cast.seal_b.0, &by_head, &facts, now).unwrap();
    apply(&revoked, &mut cast.grant_b);
    let (before, bytes) = (contract.state.clone(), desk.bytes.clone());
    assert_eq!(signs(cast, desk, contract, "b", window, now), Err("grant.revoked".to_owned()));
    assert_eq!(contract.state, before, "nothing was changed");
    assert_eq!(desk.bytes, bytes, "not a byte");

    cast.grant_b = cast.b.grant("grant_b2", &cast.seal_b.0, &cast.signer_b);
    let outside = SigningWindow::NO_MEETING;
    assert_eq!(
        signs(cast, desk, contract, "b", outside, now),
        Err("cer.stage_not_open".to_owned())
    );
    assert_eq!(desk.bytes, bytes, "not a byte");
    assert_eq!(signs(cast, desk, contract, "b", window, now), Ok(()));
    assert_eq!(contract.state.phase(), contract::Phase::Completed);
    let again = signs(cast, desk, contract, "b", window, now);
    assert_eq!(again, Err("con.illegal_transition".to_owned()));
    let kinds = contract.kinds();
    assert_eq!(kinds.iter().filter(|kind| **kind == "contract.signed").count(), 2, "{kinds:?}");
}

/// One signer, as a host has him sign: asked whether he may, then all of it at once; nothing is stored
/// if it is refused.
fn signs(
    cast: &mut Cast,
    desk: &mut Desk,
    story: &mut Story<Contract>,
    side: &str,
    window: SigningWindow<'_>,
    now: OffsetDateTime,
) -> Result<(), String> {
    let contract = &story.state;
    let (by, (seal, face), grant) = match side {
        "a" => (cast.by_signer_a(), &cast.seal_a, &cast.grant_a),
        _ => (cast.by_signer_b(), &cast.seal_b, &cast.grant_b),
    };
    let slot: SlotId = format!("slot_{side}").parse().unwrap();
    let shown = contract.documents().iter().map(|one| (one.id().clone(), *one.digest()));
    let intent = IntentProof::new(contract.id().clone(), slot.clone(), by.actor(), shown).check(
        IntentMethod::Face,
        "face-check-7",
        now - Duration::minutes(1),
    );
    let read = ReadingProof { shown_for: Duration::minutes(3), reached_end: true };
    let mut attempt = SigningAttempt::new(slot.clone()).meant(intent).read(read);
    for control in contract.sign_controls_of(&slot) {
        attempt = attempt.choose(control.key().clone(), Pick::Seal(seal.id().clone()));
    }
    let (seals, grants) = ([seal], [grant]);
    let facts = ChainFacts::of(&by, &seals, &grants);
    let pressed = begin(contract, &attempt, &facts, window, now - Duration::seconds(30));

    let faces = |_: &_, _| Some(face.clone());
    let signing = Signing {
        faces: &faces,
        ..Signing::new(attempt, facts, window, &desk.host_key, &desk.intent_key)
    };
    let (documents, means) = (desk.documents(), desk.means());
    let signed = execution::apply(contract, &documents, &signing, &means, &key(side), now);
    let signed = signed.map_err(|refused: Error| refused.code().to_owned());
    // What is bound to fail fails before a key is asked.
    let refused = pressed.err().map(|refused| refused.code().to_owned());
    assert_eq!(refused, signed.as_ref().err().cloned());
    let signed = signed?;
    drop(documents);
    let rests_on = signed.recorded.contract.witnesses().iter();
    assert_eq!(rests_on.filter(|one| one.kind == "ceremony" && one.id == "cer_01").count(), 1);
    story.take(&signed.recorded.contract);
    desk.append(&signed.documents);
    let [used] = signed.recorded.grants.as_slice() else { panic!("one grant is used") };
    let grant = if side == "a" { &mut cast.grant_a } else { &mut cast.grant_b };
    apply(used, grant);
    assert_eq!(grant.uses(), 1);
    Ok(())
}

/// Step 17: what the page shows is what the register knows, and what the judge finds on the pages.
pub fn the_result_is_shown(cast: &Cast, desk: &Desk, meeting: &mut Meeting, contract: &Contract) {
    meeting.now += Duration::minutes(11);
    let followed = meeting.story.state.follow(&[contract], meeting.now).unwrap();
    meeting.story.take(&followed);
    assert_eq!(meeting.story.state.phase(), Phase::Concluded(Outcome::Signed));

    let view = SignResultView::of(&meeting.story.state, &[contract]);
    assert_eq!((view.title.as_str(), view.overall), ("战略合作签约仪式", Overall::Completed));
    let report = desk.report();
    assert_eq!((view.parties.len(), report.signatures.len()), (2, 2));
    let both = view.parties.iter().zip([&cast.seal_a, &cast.seal_b]).zip(&report.signatures);
    for ((party, (seal, face)), signature) in both {
        let [signer] = party.signers.as_slice() else { panic!("{party:?}") };
        assert!(signer.signed_at.is_some());
        assert_eq!(signer.seals.len(), 2, "one seal, and one over the edges");
        let registered = seal.current().image.face();
        assert_eq!(registered, face.face_digest());
        for applied in &signer.seals {
            assert_eq!(applied.seal, *seal.id());
            assert_eq!(applied.face.as_bytes(), registered.as_bytes());
        }
        let found = &signature.faces;
        assert!(found.iter().all(|it| it.digest == registered.to_string()), "{report}");
        assert_eq!(found.iter().filter(|it| it.part).count(), 3, "a slice a page");
        assert_eq!(found.len(), 1 + 3, "{report}");
        // They stand on the pages of the plan: the last one has both.
        let file = File::open(desk.file(), Limits::default()).unwrap();
        let widgets: Vec<&str> = found.iter().map(|it| it.object.as_str()).collect();
        assert_eq!(on_pages(&file, &widgets), [1, 1, 2]);
    }
}

/// How many of these widgets stand on each page.
fn on_pages(file: &File<'_>, widgets: &[&str]) -> Vec<usize> {
    let latest = file.latest();
    let on = |page| {
        let page = latest.page(page).unwrap();
        let annotations = page.dictionary().get(b"Annots").map(|it| latest.resolve(it).unwrap());
        let annotations = annotations.expect("every page shows something");
        let ids = annotations.as_array().unwrap().iter().map(|it| it.value.as_reference().unwrap());
        ids.filter(|id| widgets.contains(&id.to_string().as_str())).count()
    };
    (1..=latest.page_count().unwrap()).map(on).collect()
}

/// Step 18.
pub fn the_file_is_verified(cast: &Cast, desk: &Desk, contract: &Contract) {
    let sound = verified(cast, desk.bytes.clone(), contract);
    assert_eq!(sound.overall, execution::Overall::IntactAllExpected, "{sound}");
    assert!(sound.is_complete() && sound.deviations.is_empty(), "{sound}");

    // A byte of the text of each page, of an object, and of the last line, all of revision 1.
    let issued = paper::PDF.len();
    for at in [1000, issued / 3, issued / 2, issued - 2000, issued - 1] {
        let mut bytes = desk.bytes.clone();
        bytes.get_mut(&document()).unwrap()[at] ^= 1;
        let tampered = verified(cast, bytes, contract);
        assert_eq!(tampered.overall, execution::Overall::Tampered, "byte {at}: {tampered}");
        let report = &tampered.reports[&document()];
        let broken: Vec<&str> = report
            .signatures
            .iter()
            .filter(|one| one.conclusion == Conclusion::Failed)
            .map(|one| one.field.as_str())
            .collect();
        assert_eq!(broken, ["seal_a", "seal_b"], "byte {at}: {report}");
        for slot in ["slot_a", "slot_b"] {
            let named = tampered.deviations.iter().any(|deviation| {
                deviation.code.as_str() == "exec.signature_failed"
                    && deviation.slot.as_ref().is_some_and(|it| it.as_str() == slot)
            });
            assert!(named, "byte {at}: {slot} is not named: {tampered}");
        }
    }
}

fn verified(
    cast: &Cast,
    bytes: BTreeMap<DocumentId, Vec<u8>>,
    contract: &Contract,
) -> ExecutionVerdict {
    let (seals, grants) = ([&cast.seal_a.0, &cast.seal_b.0], [&cast.grant_a, &cast.grant_b]);
    execution::check(contract, &bytes, &CheckFacts::of(&seals, &grants)).unwrap()
}
