//! The plan: all that is wrong at once, the same rectangles that a start freezes, and what becomes of
//! them when they are stored.

use sealwright::contract::{CrossPage, Cut, Edge, FieldName, PageSet};
use sealwright::geometry::{Mm, PageGeometry, Pt, Size};
use sealwright::identity::SlotId;
use sealwright::placement::{Documents, PlacementPlan, resolve as resolve_documents};

use crate::paper::{
    A4, Offices, at, boxes, key, open, pages, paging, resolve, seal, signature, written,
};
use crate::world::control;

const TURNED: &str = "/MediaBox [0 0 595 842] /Rotate 90";
const SMALL: &str = "/MediaBox [0 0 300 300]";

#[test]
fn everything_that_is_wrong_is_told_at_once_by_document_page_and_control() {
    let (one, two) = (written(&pages(&[A4, SMALL, A4, SMALL])), written(&pages(&[A4])));
    let (one, two) = (open(&one), open(&two));
    let offices = Offices::new();
    let everywhere = sealwright::contract::Absolute::new(
        PageSet::All,
        sealwright::contract::Point::at(Pt(250.0), Pt(100.0)).unwrap(),
    )
    .sized(sealwright::contract::Extent::new(Pt(112.0), Pt(52.0)).unwrap());
    let contract = offices.draft(
        &[("two", &two), ("one", &one)],
        vec![
            control("one", "wide", "sa", signature(), everywhere),
            control("one", "beyond", "sb", signature(), at(9, 1.0, 1.0, 9.0, 9.0)),
            control("one", "early", "sb", signature(), at(2, -3.0, 1.0, 9.0, 9.0)),
            control("two", "thin", "sa", signature(), at(1, 1.0, 1.0, 9.0, 0.0)),
            control("two", "field", "sb", signature(), FieldName::new("nowhere").unwrap()),
            control("two", "mode", "sb", paging(), at(1, 1.0, 1.0, 9.0, 9.0)),
            control("one", "good", "sb", signature(), at(1, 1.0, 1.0, 9.0, 9.0)),
        ],
    );
    let documents =
        Documents::default().with("one".parse().unwrap(), &one).with("two".parse().unwrap(), &two);
    let problems = resolve_documents(&contract, &documents).unwrap_err();
    let told: Vec<String> = problems
        .iter()
        .map(|problem| {
            let page = problem.page().map_or(0, |page| page.get());
            let sides = problem.sides().map(ToString::to_string).unwrap_or_default();
            let control = problem.control().unwrap();
            format!("{control} {page} {} {sides}", problem.code())
        })
        .collect();
    assert_eq!(
        told,
        [
            "two/field 0 ctl.field_not_found ",
            "two/mode 0 ctl.value_invalid ",
            "two/thin 1 ctl.rect_degenerate ",
            "one/beyond 0 ctl.page_out_of_range ",
            "one/wide 2 ctl.rect_out_of_page 62 pt on the right",
            "one/early 2 ctl.rect_out_of_page 3 pt on the left",
            "one/wide 4 ctl.rect_out_of_page 62 pt on the right",
        ]
    );
}

#[test]
fn r_doc_06_a_plan_is_made_of_the_bytes_that_the_contract_knows() {
    let (bytes, other) = (written(&pages(&[A4, A4])), written(&pages(&[A4, A4, A4])));
    let (file, other) = (open(&bytes), open(&other));
    let contract = Offices::new().draft(
        &[("doc", &file)],
        vec![control("doc", "s", "sa", signature(), at(1, 9.0, 9.0, 9.0, 9.0))],
    );
    let codes = |documents: &Documents<'_>| {
        let problems = resolve_documents(&contract, documents).unwrap_err();
        problems.iter().map(|problem| problem.code()).collect::<Vec<_>>()
    };
    assert_eq!(codes(&Documents::default()), ["doc.missing"]);
    let wrong = Documents::default().with("doc".parse().unwrap(), &other);
    assert_eq!(codes(&wrong), ["doc.hash_mismatch"]);
    let plan = resolve(&contract, &file).unwrap();
    assert_eq!(plan.documents()[0].digest(), contract.documents()[0].digest());
    assert!(plan.fits(&"doc".parse().unwrap(), &file).is_ok());
    let comment = [bytes.as_slice(), b"% the same pages\n"].concat();
    let same_pages = open(&comment);
    assert!(plan.fits(&"doc".parse().unwrap(), &same_pages).is_ok());
    assert!(plan.is_of(&"doc".parse().unwrap(), &file).is_ok());
    assert!(plan.is_of(&"doc".parse().unwrap(), &same_pages).is_err());
    let error = plan.fits(&"doc".parse().unwrap(), &other).unwrap_err();
    assert_eq!(error.code(), "doc.hash_mismatch");
}

#[test]
fn the_plan_says_what_the_validation_finds_and_the_start_freezes() {
    let bytes = written(&pages(&[A4, TURNED, A4, SMALL]));
    let file = open(&bytes);
    let offices = Offices::new();
    let edge = CrossPage::staggered(0).sized(Mm(30.0), Mm(30.0)).unwrap();
    let mut contract = offices.draft(
        &[("doc", &file)],
        vec![
            control("doc", "cross", "sa", paging(), edge),
            control("doc", "turned", "sa", seal(), at(2, 600.0, 400.0, 130.0, 130.0)),
            control("doc", "sign", "sb", signature(), at(-1, 10.0, 10.0, 112.0, 52.0)),
        ],
    );
    let documents = Documents::default().with("doc".parse().unwrap(), &file);
    let plan = resolve(&contract, &file).unwrap();
    assert_eq!(plan.frozen(), offices.validate(&contract, &documents).frozen);
    assert_eq!(plan.agrees_with(&contract).unwrap_err().code(), "ctl.rect_out_of_page");

    offices.start(&mut contract, &documents);
    assert_eq!(plan.agrees_with(&contract), Ok(()));
    // Nothing is searched for any more: the same plan, slices and all, without the documents.
    assert!(PlacementPlan::of_started(&contract).unwrap() == plan);

    let moved = resolve(
        &offices.draft(
            &[("doc", &file)],
            vec![control("doc", "sign", "sb", signature(), at(1, 1.0, 1.0, 9.0, 9.0))],
        ),
        &file,
    );
    assert!(moved.unwrap().agrees_with(&contract).is_err());
}

#[test]
fn slices_are_known_again_after_the_start_whatever_their_cut_and_number() {
    let bytes = written(&pages(&[A4; 45]));
    let file = open(&bytes);
    let offices = Offices::new();
    for (name, location) in [
        ("equal", CrossPage::over(PageSet::All)),
        ("ends", CrossPage::over(PageSet::All).cut(Cut::EndsAtLeast(200)).most_pages(9)),
        ("top", CrossPage::over(PageSet::Odd).edge(Edge::Top).skip(1, 2)),
        ("own size", CrossPage::over(PageSet::Even).sized(Mm(60.0), Mm(40.0)).unwrap()),
    ] {
        let mut contract = offices.draft(
            &[("doc", &file)],
            vec![
                control("doc", "cross", "sa", paging(), location),
                control("doc", "sign", "sb", signature(), at(1, 10.0, 10.0, 112.0, 52.0)),
            ],
        );
        let documents = Documents::default().with("doc".parse().unwrap(), &file);
        let plan = resolve(&contract, &file).unwrap();
        let cross = plan.control(&key("doc", "cross")).unwrap();
        assert!(cross.boxes().iter().all(|it| it.slice().is_some()));
        offices.start(&mut contract, &documents);
        assert!(PlacementPlan::of_started(&contract).unwrap() == plan, "{name}");
    }
}

#[test]
fn what_is_stored_is_read_back_through_its_checks() {
    let bytes = written(&pages(&[A4, TURNED, A4]));
    let file = open(&bytes);
    let contract = Offices::new().draft(
        &[("doc", &file)],
        vec![
            control("doc", "cross", "sa", paging(), CrossPage::over(PageSet::All)),
            control("doc", "sign", "sb", signature(), at(2, 600.0, 10.0, 112.0, 52.0)),
        ],
    );
    let plan = resolve(&contract, &file).unwrap();
    let json = serde_json::to_string(&plan).unwrap();
    assert_eq!(serde_json::from_str::<PlacementPlan>(&json).unwrap(), plan);
    assert_eq!(serde_json::to_string(&plan).unwrap(), json, "the same bytes every time");
    for (from, to) in [
        ("sealwright/placement/1", "sealwright/placement/2"),
        ("\"x\":600000", "\"x\":800000"),
        ("\"x\":600000", "\"x\":-1"),
        ("\"width\":112000", "\"width\":0"),
        ("\"page\":2", "\"page\":4"),
        ("\"page_count\":3", "\"page_count\":2"),
        ("\"control\":\"sign\"", "\"control\":\"cross\""),
        ("\"id\":\"doc\"", "\"id\":\"other\""),
        ("\"seal\":0,\"edge\":\"right\",\"from\":0", "\"seal\":0,\"edge\":\"right\",\"from\":-1"),
    ] {
        let forged = json.replacen(from, to, 1);
        assert_ne!(forged, json, "{from} is not there: {json}");
        assert!(serde_json::from_str::<PlacementPlan>(&forged).is_err(), "{from} became {to}");
    }
}

#[test]
fn a_console_gets_the_rectangles_page_by_page() {
    let bytes = written(&pages(&[A4, A4, A4]));
    let file = open(&bytes);
    let contract = Offices::new().draft(
        &[("doc", &file)],
        vec![
            control("doc", "cross", "sa", paging(), CrossPage::staggered(0)),
            control("doc", "sign", "sb", signature(), at(3, 10.0, 10.0, 112.0, 52.0)),
        ],
    );
    let plan = resolve(&contract, &file).unwrap();
    let pages = plan.by_page(&"doc".parse().unwrap());
    let counts: Vec<_> = pages.iter().map(|(page, boxes)| (page.get(), boxes.len())).collect();
    assert_eq!(counts, [(1, 1), (2, 1), (3, 2)]);
    let sb: SlotId = "sb".parse().unwrap();
    assert_eq!(pages.last_key_value().unwrap().1[1].0.owner().slot(), Some(&sb));
    assert_eq!(boxes(&plan, "sign"), ["3: 112 x 52 at (10, 10)"]);
}

#[test]
fn a_seal_takes_its_own_size_where_the_control_names_none() {
    let bytes = written(&pages(&[A4]));
    let file = open(&bytes);
    let mark = sealwright::contract::SealMark {
        seals: sealwright::contract::AllowedSeals::ids(["seal_1".parse().unwrap()]),
        ..Default::default()
    };
    let place = sealwright::contract::Absolute::in_corner(
        sealwright::geometry::PageIndex::LAST,
        sealwright::contract::Origin::BottomRight,
        Mm(20.0),
    );
    let contract = Offices::new().draft(
        &[("doc", &file)],
        vec![control(
            "doc",
            "s",
            "sa",
            sealwright::contract::ControlKind::Seal(mark),
            place.unwrap(),
        )],
    );
    let documents = Documents::default().with("doc".parse().unwrap(), &file);
    let plan = resolve_documents(&contract, &documents).unwrap();
    assert!(boxes(&plan, "s")[0].starts_with("1: 119.055 x 119.055"), "{:?}", boxes(&plan, "s"));
    let size = Size::new(Mm(58.0), Mm(58.0)).unwrap();
    let known = documents.seal_size("seal_1".parse().unwrap(), size);
    let plan = resolve_documents(&contract, &known).unwrap();
    assert_eq!(boxes(&plan, "s"), ["1: 164.409 x 164.409 at (373.898, 620.898)"]);
}

#[test]
#[cfg(not(feature = "text"))]
fn a_keyword_without_text_search_is_a_problem_of_its_own() {
    let bytes = written(&pages(&[A4]));
    let file = open(&bytes);
    let words = sealwright::contract::Keyword::new("甲方").unwrap();
    let contract =
        Offices::new().draft(&[("doc", &file)], vec![control("doc", "k", "sa", seal(), words)]);
    let problems = resolve(&contract, &file).unwrap_err();
    assert_eq!(problems.len(), 1);
    assert!(problems[0].to_string().contains("feature `text`"), "{}", problems[0]);
}

#[test]
fn a_document_whose_pages_are_not_those_that_were_recorded_is_refused() {
    let bytes = written(&pages(&[A4, SMALL]));
    let file = open(&bytes);
    let contract = {
        use sealwright::contract::{DocumentIntake, PdfFacts};
        let page = PageGeometry::new([0.0, 0.0, 595.0, 842.0], None, 0, 1.0).unwrap();
        let facts = PdfFacts::of_pages(vec![page; 2]);
        let intake =
            DocumentIntake::pdf("doc".parse().unwrap(), 9, crate::world::digest(&bytes), facts);
        let offices = Offices::new();
        let draft = crate::world::Draft::default().party("pa", &offices.a).document(intake);
        draft.written("con_1", &offices.sally()).0
    };
    let problems = resolve(&contract, &file).unwrap_err();
    assert_eq!(problems[0].code(), "doc.malformed");
    assert!(problems[0].to_string().contains("page 2"), "{}", problems[0]);
}
