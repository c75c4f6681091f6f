//! The report for people on a contract that all have signed, as a host makes it and seals it.

use sealwright::appearance::{Font, FontBook, SealFace};
use sealwright::contract;
use sealwright::execution::CheckFacts;
use sealwright::execution::evidence::{EvidenceFacts, Paper, PaperOptions, gather};
use sealwright::identity::SealId;
use sealwright::limits::Limits;
use sealwright::pdf::File;
use sealwright::report::Lang;
use sealwright::signing::Signer;
use sealwright::{Authority, Seal};
use sealwright_testdata::font::REPORT;

use crate::cast::Cast;

/// The report that the first company asks for.
pub fn report(cast: &Cast, lang: Lang) -> Paper {
    let seals: Vec<_> = cast.sides.iter().map(|side| &side.seal).collect();
    let grants: Vec<_> = cast.sides.iter().map(|side| &side.grant).collect();
    let documents = cast.documents();
    let facts = EvidenceFacts::new(&documents, CheckFacts::of(&seals, &grants), &cast.trail);
    let head = cast.sides[0].company.head();
    let evidence = gather(&cast.contract, &facts, &head, cast.now).unwrap();
    let faces = |seal: &SealId, _: u32| -> Option<SealFace> {
        cast.sides.iter().find(|side| side.seal.id() == seal).map(|side| side.face.clone())
    };
    let font = Font::from_bytes(REPORT, 0).unwrap();
    let fonts = FontBook::new().with(contract::Font::Hei, font).unwrap();
    let options = PaperOptions::new(lang, &fonts, &cast.trail).numbered("EV-2026-0001");
    evidence.paper(&options.faces(&faces), cast.now).unwrap()
}

/// The same, sealed by the first company in the place that is free for it.
pub fn sealed(cast: &Cast, paper: &Paper, bytes: &[u8], signer: &dyn Signer) -> Vec<u8> {
    let file = File::open(bytes, Limits::default()).unwrap();
    let (place, face) = (paper.place(), &cast.sides[0].face);
    let (left, top) = place.corner_of(face.size());
    let seal = Seal::on(&file).page(place.page).at(left, top);
    let sealed = seal.face(face, Authority::AssertedByHost).sign(signer, cast.now).unwrap();
    let mut bytes = Vec::new();
    sealed.write_to(&mut bytes).unwrap();
    bytes
}
