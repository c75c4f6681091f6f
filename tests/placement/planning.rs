//! The plan: all that is wrong at once, the same rectangles that a start freezes, and what becomes of
//! them when they are stored.

use sealwright::contract::{
    Absolute, Contract, Control, CrossPage, Cut, Edge, Extent, FieldName, PageSet, Point,
};
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

/// A plan holds so many rectangles and no more, and a start refuses the same.
#[test]
fn a_contract_has_at_most_20_000_rectangles() {
    let base = written(&pages(&[A4; 1000]));
    let file = open(&base);
    let everywhere = |row: i32| {
        let point = Point::at(Pt(10.0), Pt(10.0 + 30.0 * f64::from(row))).unwrap();
        Absolute::new(PageSet::All, point).sized(Extent::new(Pt(60.0), Pt(20.0)).unwrap())
    };
    let controls = |count: i32| -> Vec<Control> {
        let one = |row| control("doc", &format!("c{row}"), "sa", signature(), everywhere(row));
        (0..count).map(one).collect()
    };
    let offices = Offices::new();
    let full = offices.draft(&[("doc", &file)], controls(20));
    let plan = resolve(&full, &file).unwrap();
    let number: usize = plan.controls().iter().map(|control| control.boxes().len()).sum();
    assert_eq!(number, Contract::MOST_SPOTS);
    let documents = Documents::default().with("doc".parse().unwrap(), &file);
    let refused = |contract: &Contract| -> Vec<String> {
        let errors = offices.validate(contract, &documents).errors;
        let spots = errors.iter().map(ToString::to_string).filter(|it| it.contains("spots"));
        spots.collect()
    };
    assert_eq!(refused(&full), [""; 0]);

    let over = offices.draft(&[("doc", &file)], controls(22));
    let problems = resolve(&over, &file).unwrap_err();
    let [problem] = problems.as_slice() else { panic!("{problems:?}") };
    let told = problem.to_string();
    assert!(told.contains("21000") && told.contains("20000"), "{told}");
    assert_eq!(problem.control().map(ToString::to_string).as_deref(), Some("doc/c20"));
    assert_eq!(refused(&over).len(), 1, "{:?}", refused(&over));
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
        // Too thin for one seal: two of half as many pages each, which lie as one twice as large does.
        ("thin", CrossPage::over("1-20".parse().unwrap()).sized(Mm(38.0), Mm(38.0)).unwrap()),
        ("thinner", CrossPage::over("4-19".parse().unwrap()).sized(Mm(20.0), Mm(20.0)).unwrap()),
        ("large", CrossPage::over("1-20".parse().unwrap()).sized(Mm(76.0), Mm(38.0)).unwrap()),
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
        assert_eq!(plan.agrees_with(&contract), Ok(()), "{name}");
        assert_eq!(plan.frozen()[0].whole, cross.boxes()[0].slice().map(|slice| slice.whole));
    }
}

#[test]
fn c6_one_seal_and_two_of_half_its_width_are_told_apart() {
    let bytes = written(&pages(&[A4; 20]));
    let file = open(&bytes);
    let offices = Offices::new();
    let draft = |width| {
        let location = CrossPage::over(PageSet::All).sized(Pt(width), Pt(60.0)).unwrap();
        offices.draft(
            &[("doc", &file)],
            vec![
                control("doc", "cross", "sa", paging(), location),
                control("doc", "sign", "sb", signature(), at(1, 10.0, 10.0, 112.0, 52.0)),
            ],
        )
    };
    let (mut two, mut one) = (draft(60.0), draft(120.0));
    let (plan_of_two, plan_of_one) = (resolve(&two, &file).unwrap(), resolve(&one, &file).unwrap());
    assert_eq!(boxes(&plan_of_two, "cross"), boxes(&plan_of_one, "cross"), "the same rectangles");
    assert!(plan_of_two != plan_of_one);
    let documents = Documents::default().with("doc".parse().unwrap(), &file);
    offices.start(&mut two, &documents);
    offices.start(&mut one, &documents);
    for (contract, plan, other) in
        [(&two, &plan_of_two, &plan_of_one), (&one, &plan_of_one, &plan_of_two)]
    {
        assert!(PlacementPlan::of_started(contract).unwrap() == *plan);
        assert_eq!(plan.agrees_with(contract), Ok(()));
        assert_eq!(other.agrees_with(contract).unwrap_err().code(), "ctl.rect_out_of_page");
        // Stored and read back it says the same; without the size it says nothing.
        let mut stored = serde_json::to_value(contract).unwrap();
        let read = |stored: &serde_json::Value| {
            serde_json::from_value::<sealwright::contract::Contract>(stored.clone()).unwrap()
        };
        assert!(PlacementPlan::of_started(&read(&stored)).unwrap() == *plan);
        for whole in ["null", r#"{"width":90000,"height":60000}"#, r#"{"width":0,"height":0}"#] {
            stored["controls"][0]["whole"] = serde_json::from_str(whole).unwrap();
            let error = PlacementPlan::of_started(&read(&stored)).unwrap_err();
            assert_eq!(error.code(), "ctl.rect_out_of_page", "{whole}");
        }
    }
}

#[test]
fn a_contract_has_no_more_rectangles_than_it_may_have() {
    let bytes = written(&pages(&[A4; 150]));
    let file = open(&bytes);
    let everywhere = |number: usize| {
        let point = sealwright::contract::Point::at(Pt(9.0), Pt(9.0)).unwrap();
        let place = sealwright::contract::Absolute::new(PageSet::All, point);
        control("doc", &format!("c{number}"), "sa", signature(), place)
    };
    let offices = Offices::new();
    let draft = |number| offices.draft(&[("doc", &file)], (0..number).map(everywhere).collect());
    assert!(resolve(&draft(133), &file).is_ok());
    let problems = resolve(&draft(140), &file).unwrap_err();
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert_eq!(problems[0].code(), "con.setting_invalid");
    assert_eq!(problems[0].control(), Some(&key("doc", "c133")));
}

#[test]
fn r_ctl_02_scattered_pages_become_locations_that_can_be_read_back() {
    let bytes = written(&pages(&[A4; 1300]));
    let file = open(&bytes);
    let offices = Offices::new();
    let point = sealwright::contract::Point::at(Pt(9.0), Pt(9.0)).unwrap();
    let size = sealwright::contract::Extent::new(Pt(50.0), Pt(50.0)).unwrap();
    let place = |set| sealwright::contract::Absolute::new(set, point).sized(size);
    let contract = offices.draft(
        &[("doc", &file)],
        vec![
            control("doc", "joined", "sa", signature(), place("1-700,800--1".parse().unwrap())),
            control("doc", "odd", "sa", signature(), place(PageSet::Odd)),
        ],
    );
    let plan = resolve(&contract, &file).unwrap();
    let joined = plan.control(&key("doc", "joined")).unwrap().locations();
    assert_eq!(joined, [place("1-700,800-1300".parse().unwrap()).into()]);
    let odd = plan.control(&key("doc", "odd")).unwrap().locations();
    assert_eq!(odd.len(), 2, "650 pages, 500 to a list");
    for location in &odd {
        let json = serde_json::to_string(location).unwrap();
        let read: sealwright::contract::Location = serde_json::from_str(&json).unwrap();
        assert_eq!(read, *location);
    }
    let again = (0..).zip(odd).map(|(part, location)| {
        control("doc", &format!("odd_{part}"), "sa", signature(), location)
    });
    let copy = resolve(&offices.draft(&[("doc", &file)], again.collect()), &file).unwrap();
    let spots = |plan: &PlacementPlan, name: &str| {
        let controls = plan.controls().iter();
        let own = controls.filter(|it| it.key().control.as_str().starts_with(name));
        own.flat_map(|it| it.spots()).collect::<Vec<_>>()
    };
    assert_eq!(spots(&copy, "odd"), spots(&plan, "odd"));
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
        // Slices that are not as wide as what they lie in, or not all of one seal.
        ("\"from\":0,\"to\":39685", "\"from\":0,\"to\":39684"),
        ("\"from\":39685,\"to\":79370", "\"from\":0,\"to\":39685"),
        ("\"seal\":0,\"edge\":\"right\"", "\"seal\":1,\"edge\":\"right\""),
        ("\"seal\":0,\"edge\":\"right\"", "\"seal\":0,\"edge\":\"left\""),
        ("\"to\":39685,\"width\":119055", "\"to\":39685,\"width\":238110"),
        ("\"mode\":\"cross_page\"", "\"mode\":\"absolute\""),
        ("\"mode\":\"absolute\"", "\"mode\":\"cross_page\""),
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
