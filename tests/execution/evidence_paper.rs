//! The report for people: what is in it, that it is a sound document, and that it can be sealed.

use sealwright::appearance::{Font, FontBook, SealFace};
use sealwright::audit::{Facts, HashAlgorithm, Head};
use sealwright::contract;
use sealwright::execution::evidence::{Evidence, Paper, PaperOptions};
use sealwright::execution::{Certifier, Deviation, DeviationCode, Overall};
use sealwright::geometry::PageNumber;
use sealwright::identity::SealId;
use sealwright::limits::Limits;
use sealwright::pdf::{File, Parse};
use sealwright::placement::{PdfText, TextLayer};
use sealwright::report::Lang;
use sealwright::{CheckOptions, Mm, TrustAnchors, check};
use sealwright_testdata::font::{DEJAVU_SANS, REPORT};
use sealwright_testdata::pki::KeyType;
use time::Duration;

use crate::cast::{Cast, Staging, identity_of, key, ordinary_seals};
use crate::evidence::{gathered, signed};
use crate::reported::{report, sealed};

fn book(bytes: &'static [u8]) -> FontBook {
    let font = Font::from_bytes(bytes, 0).unwrap();
    FontBook::new().with(contract::Font::Hei, font).unwrap()
}

/// Twelve parties with ordinary seals, and a long trail.
fn signed_by_twelve() -> Cast {
    let staging = Staging::of(12, ordinary_seals(12));
    let staging = staging.on("doc_1", sealwright_testdata::contract::PDF).keys(KeyType::P256);
    let mut cast = Cast::staged(staging).unwrap();
    cast.start(Certifier::FirstSigner);
    (0..12).for_each(|number| cast.sign(number).unwrap());
    cast
}

fn written(cast: &Cast, evidence: &Evidence, lang: Lang) -> Paper {
    let faces = |seal: &SealId, _: u32| -> Option<SealFace> {
        cast.sides.iter().find(|side| side.seal.id() == seal).map(|side| side.face.clone())
    };
    let fonts = book(REPORT);
    let options = PaperOptions::new(lang, &fonts, &cast.trail).numbered("EV-2026-0001");
    evidence.paper(&options.faces(&faces), cast.now + Duration::hours(1)).unwrap()
}

/// To be looked at, where somebody says.
fn look(paper: &[u8], name: &str) {
    if let Ok(folder) = std::env::var("SEALWRIGHT_LOOK") {
        std::fs::write(format!("{folder}/{name}.pdf"), paper).unwrap();
    }
}

/// What is read on each page, without white space.
fn pages(bytes: &[u8]) -> Vec<String> {
    let file = File::open(bytes, Limits::default()).unwrap();
    assert_eq!(file.parse(), Parse::Strict);
    let mut text = PdfText::new(&file).unwrap();
    let page = |number| {
        let page = text.page_text(PageNumber::new(number).unwrap()).unwrap();
        assert_eq!(page.unreadable(), 0, "page {number}");
        let text: String = page.glyphs().map(|glyph| glyph.text).collect();
        text.split_whitespace().collect()
    };
    (1..=file.latest().page_count().unwrap()).map(page).collect()
}

#[test]
fn the_report_says_in_both_languages_what_the_evidence_says() {
    let cast = signed(2);
    let evidence = gathered(&cast);
    for (lang, name, verdict, copy) in [
        (Lang::Zh, "zh", "完整。全部签名验证通过", "副本·COPY·副本"),
        (Lang::En, "en", "Intact.Everysignatureholds", "COPY·副本·COPY"),
    ] {
        let paper = written(&cast, &evidence, lang);
        look(paper.bytes(), &format!("report-2-{name}"));
        let pages = pages(paper.bytes());
        let all = pages.concat();
        assert!(pages[0].contains(verdict) && pages[0].contains("采购合同"), "{}", pages[0]);
        assert_eq!(all.matches(copy).count(), 2, "each seal is marked as a copy");
        for side in &cast.sides {
            let code = side.company.organization.uscc().to_string();
            let face = side.face.face_digest().to_string();
            assert!(all.contains(&code) && all.contains(&face), "{code} {face}");
        }
        for revision in &evidence.documents[0].revisions {
            assert!(all.contains(&revision.document_digest.to_hex()), "revision {revision:?}");
        }
        for entry in &cast.trail {
            assert!(all.contains(&entry.hash()) && all.contains(entry.kind()), "{entry:?}");
        }
        for (number, page) in pages.iter().enumerate() {
            let number = format!("{}/{}", number + 1, pages.len());
            assert!(page.contains(&number), "page {number}");
        }
        assert!(all.contains("face-check-7") && all.contains("keystore"));
        assert!(!all.contains("validinlaw.") && !all.contains("合法有效"));
    }
}

#[test]
fn a_long_trail_has_its_headings_on_every_page() {
    let cast = signed_by_twelve();
    let evidence = gathered(&cast);
    for (lang, name) in [(Lang::Zh, "zh"), (Lang::En, "en")] {
        let paper = written(&cast, &evidence, lang);
        look(paper.bytes(), &format!("report-12-{name}"));
        let pages = pages(paper.bytes());
        let heading = if lang == Lang::Zh { "条目哈希" } else { "Hashoftheentry" };
        let with_entries = |page: &&String| {
            let entries = cast.trail.iter().filter(|entry| page.contains(&entry.hash()[..32]));
            entries.count() > 2
        };
        let of_trail: Vec<&String> = pages.iter().filter(with_entries).collect();
        assert!(of_trail.len() > 1, "{} entries", cast.trail.len());
        assert!(of_trail.iter().all(|page| page.contains(heading)));
    }
}

#[test]
fn the_same_evidence_gives_the_same_bytes() {
    let cast = signed(2);
    let evidence = gathered(&cast);
    let [first, second] = [0, 1].map(|_| written(&cast, &evidence, Lang::Zh));
    assert!(first == second);
    assert!(first != written(&cast, &evidence, Lang::En));
}

#[test]
fn the_issuer_seals_it_in_the_place_that_is_free_for_him() {
    let cast = signed(2);
    let paper = report(&cast, Lang::Zh);
    let face = &cast.sides[0].face;
    let bytes = sealed(&cast, &paper, paper.bytes(), &key(KeyType::P256));
    look(&bytes, "report-sealed");
    let root = identity_of(KeyType::P256).root_pem();
    let anchors = TrustAnchors::from_pem(root.as_bytes()).unwrap();
    let report = check(&bytes, &CheckOptions::trusting(&anchors).at(cast.now)).unwrap();
    assert!(report.conclusion.is_passed(), "{report}");
    // The copies on the pages are no seals: the signature shows the issuer's alone.
    let shown: Vec<_> = report.signatures[0].faces.iter().map(|it| it.digest.as_str()).collect();
    assert_eq!(shown, [face.face_digest().to_string()]);
}

#[test]
fn a_picture_that_is_not_the_recorded_face_is_not_shown() {
    let cast = signed(2);
    let evidence = gathered(&cast);
    let (fonts, other) = (book(REPORT), cast.sides[1].face.clone());
    let faces = |_: &SealId, _: u32| Some(other.clone());
    let options = PaperOptions::new(Lang::Zh, &fonts, &cast.trail).faces(&faces);
    let paper = evidence.paper(&options, cast.now).unwrap();
    let all = pages(paper.bytes()).concat();
    assert_eq!(all.matches("副本·COPY·副本").count(), 1);
    assert!(all.contains(&format!("故不予显示：{}", &other.face_digest().to_string()[..16])));

    let without = evidence.paper(&PaperOptions::new(Lang::Zh, &fonts, &cast.trail), cast.now);
    let all = pages(without.unwrap().bytes()).concat();
    assert_eq!(all.matches("登记处未提供该印模图样").count(), 2);
}

#[test]
fn characters_without_a_glyph_are_named_and_a_foreign_trail_is_refused() {
    let cast = signed(2);
    let evidence = gathered(&cast);
    let fonts = book(DEJAVU_SANS);
    let options = PaperOptions::new(Lang::En, &fonts, &cast.trail);
    let error = evidence.paper(&options, cast.now).unwrap_err();
    assert_eq!(error.code(), "font.missing_glyphs");
    assert!(error.to_string().contains("U+91C7"), "采 of the contract's title: {error}");

    let mut head = Head::start(HashAlgorithm::Sha256);
    let foreign = [head.append(Facts::new(cast.now, "system", "contract.created", "contract:x"))];
    let fonts = book(REPORT);
    let options = PaperOptions::new(Lang::En, &fonts, &foreign);
    let error = evidence.paper(&options, cast.now).unwrap_err();
    assert_eq!(error.code(), "audit.head_mismatch");
}

/// Whatever the evidence says, each letter stands between the margins of its page, and above its foot.
#[test]
fn nothing_leaves_its_page_whatever_the_evidence_says() {
    let cast = signed(2);
    let mut evidence = gathered(&cast);
    let long = "采购合同与CooperationAgreement，".repeat(60);
    evidence.contract.title = long.clone();
    evidence.contract.number = Some("HT".repeat(120));
    evidence.documents[0].name = format!("{}.pdf", "a_very_long_name".repeat(20));
    evidence.requester.name = long.clone();
    evidence.verdict.overall = Overall::Tampered;
    for party in 0..60 {
        let mut more = evidence.parties[0].clone();
        more.id = format!("party_{}", 100 + party).parse().unwrap();
        more.role = "丙方".repeat(party);
        evidence.parties.push(more);
    }
    for code in DeviationCode::ALL {
        evidence.verdict.deviations.push(Deviation {
            code: *code,
            document: Some("doc_1".parse().unwrap()),
            slot: Some("slot_0".parse().unwrap()),
            control: None,
            page: Some(3),
            signature: Some(1),
            expected: "ab".repeat(32),
            found: long.clone(),
        });
    }
    let signature = &mut evidence.signings[0].signatures[0];
    signature.before.shown = Some("sha256:".to_owned() + &"0".repeat(64));
    signature.seals[0].grant.recorded = Some("grant".repeat(100));
    signature.seals[0].kind = long.clone();
    evidence.signings[1].signatures[0].index = None;
    evidence.certificates[0].subject = format!("CN={long}");
    for (lang, name) in [(Lang::Zh, "zh"), (Lang::En, "en")] {
        let paper = written(&cast, &evidence, lang);
        look(paper.bytes(), &format!("report-long-{name}"));
        let file = File::open(paper.bytes(), Limits::default()).unwrap();
        let mut text = PdfText::new(&file).unwrap();
        let count = file.latest().page_count().unwrap();
        assert!(count > 25, "{count}");
        for number in 1..=count {
            let page = text.page_text(PageNumber::new(number).unwrap()).unwrap();
            for glyph in page.glyphs().filter(|glyph| !glyph.text.trim().is_empty()) {
                let inside = glyph.corners.iter().all(|corner| {
                    let (x, y) = (corner.x.thousandths(), corner.y.thousandths());
                    (60_000..535_500).contains(&x) && (30_000..815_000).contains(&y)
                });
                assert!(inside, "page {number}: {glyph:?}");
            }
        }
        let all = pages(paper.bytes()).concat();
        for code in DeviationCode::ALL {
            assert!(all.contains(code.as_str()), "{code}");
        }
    }
}

/// Uploaded pictures are shown as drawn ones are; a profile of RGB covers no inks.
#[test]
fn only_a_seal_in_four_colours_costs_the_claim_of_pdf_a() {
    let cast = signed(2);
    let shown_as = |face: &SealFace, name: &str| {
        let mut evidence = gathered(&cast);
        for signature in evidence.signings.iter_mut().flat_map(|it| &mut it.signatures) {
            for seal in &mut signature.seals {
                seal.face.recorded = Some(face.face_digest().to_string());
                seal.face.shown = seal.face.recorded.clone();
            }
        }
        let (fonts, faces) = (book(REPORT), |_: &SealId, _: u32| Some(face.clone()));
        let options = PaperOptions::new(Lang::En, &fonts, &cast.trail).faces(&faces);
        let paper = evidence.paper(&options, cast.now).unwrap();
        look(paper.bytes(), name);
        assert_eq!(pages(paper.bytes()).concat().matches("COPY·副本·COPY").count(), 2);
        let claim = b"<pdfaid:part>2</pdfaid:part>";
        paper.bytes().windows(claim.len()).any(|it| it == claim)
    };
    let clear = SealFace::from_image(sealwright_testdata::seal::PNG, Mm(42.0)).unwrap();
    assert!(clear.has_soft_mask() && shown_as(&clear, "report-clear"));
    let inks = sealwright_testdata::faces::uniform_jpeg(&[9; 4], None);
    let inks = SealFace::from_image(&inks, Mm(40.0)).unwrap();
    assert!(!shown_as(&inks, "report-inks"));
}
