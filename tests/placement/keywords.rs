//! Keywords of a contract's controls, looked for in its documents: the findings of the text search as
//! places of the plan, or as what is wrong with it.
#![cfg(feature = "text")]

use sealwright::contract::{Keyword, MatchOrder, Relative};
use sealwright::placement::Documents;
use sealwright_testdata::documents::{PAGES, page_number};

use crate::paper::{A4, Offices, boxes, key, open, pages, resolve, signature, written};
use crate::world::control;

/// Pages with a line of text each, 12 points high, 700 points above the bottom.
fn texts(lines: &[&str]) -> Vec<u8> {
    let mut pdf = pages(&vec![A4; lines.len()]);
    let font = pdf.add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>");
    for (page, line) in (0..).zip(lines) {
        let number = page_number(page);
        let body = format!(
            "<< /Type /Page /Parent {PAGES} 0 R {A4} /Contents {} 0 R \
             /Resources << /Font << /F {font} 0 R >> >> >>",
            number + 1
        );
        pdf.set(number, body);
        let content = match *line {
            "" => "0 0 99 99 re f".to_owned(),
            line => format!("BT /F 12 Tf 72 700 Td ({line}) Tj ET"),
        };
        pdf.set_stream(number + 1, "", content.as_bytes());
    }
    written(&pdf)
}

fn words(text: &str) -> Keyword {
    Keyword::new(text).unwrap()
}

#[test]
fn a_keyword_becomes_a_rectangle_beside_its_words() {
    let bytes = texts(&["Party A seal here", "Party B seal here", "Party A again"]);
    let file = open(&bytes);
    let last = words("Party A").order(MatchOrder::Reverse).indexes([0]).relative(Relative::Below);
    let offices = Offices::new();
    let mut contract = offices.draft(
        &[("doc", &file)],
        vec![
            control("doc", "a", "sa", signature(), last),
            control("doc", "b", "sb", signature(), words("Party B").relative(Relative::Below)),
            control("doc", "none", "sb", signature(), words("Party C").ignore_missing()),
        ],
    );
    let plan = resolve(&contract, &file).unwrap();
    assert!(boxes(&plan, "a")[0].starts_with("3: 112 x 52 at ("), "{:?}", boxes(&plan, "a"));
    assert!(boxes(&plan, "b")[0].starts_with("2: 112 x 52 at ("), "{:?}", boxes(&plan, "b"));
    assert!(boxes(&plan, "none").is_empty());
    assert_eq!(plan.control(&key("doc", "a")).unwrap().mode(), "keyword");
    // The start freezes the same, and nothing is searched again.
    let documents = Documents::default().with("doc".parse().unwrap(), &file);
    assert_eq!(plan.frozen(), offices.validate(&contract, &documents).frozen);
    offices.start(&mut contract, &documents);
    assert_eq!(plan.agrees_with(&contract), Ok(()));
}

#[test]
fn r_ctl_07_08_09_21_what_is_wrong_with_keywords_is_told_with_what_there_is() {
    let bytes = texts(&["Party A seal here, Party A signs", ""]);
    let file = open(&bytes);
    let on_first = words("Party B").on_page(sealwright::geometry::PageIndex::FIRST);
    let first = words("seal").indexes([0]);
    let second = words("seal").order(MatchOrder::Reverse).indexes([0]);
    let image = words("Party A").on_page(sealwright::geometry::PageIndex::LAST);
    let contract = Offices::new().draft(
        &[("doc", &file)],
        vec![
            control("doc", "missing", "sa", signature(), on_first),
            control("doc", "third", "sa", signature(), words("Party A").indexes([2])),
            control("doc", "image", "sa", signature(), image),
            control("doc", "first", "sa", signature(), first),
            control("doc", "last", "sb", signature(), second),
        ],
    );
    let problems = resolve(&contract, &file).unwrap_err();
    let told: Vec<_> = problems
        .iter()
        .map(|it| (it.control().unwrap().control.as_str(), it.code(), it.to_string()))
        .collect();
    let codes: Vec<_> = told.iter().map(|(control, code, _)| (*control, *code)).collect();
    assert_eq!(
        codes,
        [
            ("missing", "ctl.keyword_not_found"),
            ("third", "ctl.keyword_index_out_of_range"),
            ("last", "ctl.keyword_owner_conflict"),
            ("image", "ctl.keyword_no_text_layer"),
        ]
    );
    // What resolving refuses a start refuses: the last match is the first where there is one only.
    let documents = Documents::default().with("doc".parse().unwrap(), &file);
    let validated = Offices::new().validate(&contract, &documents).errors;
    let validated: Vec<_> = validated.iter().map(|error| error.code()).collect();
    assert_eq!(validated.iter().filter(|it| **it == "ctl.keyword_owner_conflict").count(), 1);
    assert!(told[1].2.contains("page 1"), "the candidates: {}", told[1].2);
    assert_eq!(problems[3].page().unwrap().get(), 2);
}

#[test]
fn r_ctl_21_words_that_read_alike_are_one_anchor_for_the_start_too() {
    let bytes = texts(&["Party A (seal) here"]);
    let file = open(&bytes);
    let offices = Offices::new();
    let draft = |slot: &str| {
        offices.draft(
            &[("doc", &file)],
            vec![
                control("doc", "a", "sa", signature(), words("(seal)").relative(Relative::Below)),
                control("doc", "b", slot, signature(), words("（seal）").relative(Relative::Below)),
            ],
        )
    };
    let documents = Documents::default().with("doc".parse().unwrap(), &file);
    let conflicts = |contract| {
        let errors = offices.validate(contract, &documents).errors;
        let codes = errors.into_iter().map(|error| error.code().to_owned());
        codes.filter(|code| code == "ctl.keyword_owner_conflict").count()
    };
    let contract = draft("sb");
    assert_eq!(conflicts(&contract), 1);
    let problems = resolve(&contract, &file).unwrap_err();
    let codes: Vec<_> = problems.iter().map(|problem| problem.code()).collect();
    assert_eq!(codes, ["ctl.keyword_owner_conflict"]);
    let contract = draft("sa");
    assert_eq!(conflicts(&contract), 0);
    assert!(resolve(&contract, &file).is_ok());
}

#[test]
fn r_ctl_02_a_keyword_on_a_page_that_does_not_exist() {
    let bytes = texts(&["Party A seal here"]);
    let file = open(&bytes);
    let beyond = sealwright::geometry::PageIndex::new(99).unwrap();
    let keyword = words("seal").on_page(beyond).ignore_missing();
    let offices = Offices::new();
    let contract =
        offices.draft(&[("doc", &file)], vec![control("doc", "a", "sa", signature(), keyword)]);
    let problems = resolve(&contract, &file).unwrap_err();
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].code(), "ctl.page_out_of_range");
    assert!(
        problems[0].to_string().contains("no page 99 in a document of 1 pages"),
        "{problems:?}"
    );
    let documents = Documents::default().with("doc".parse().unwrap(), &file);
    let errors = offices.validate(&contract, &documents).errors;
    assert!(errors.iter().any(|error| error.code() == "ctl.page_out_of_range"), "{errors:?}");
}

#[test]
fn r_ctl_03_a_keyword_of_a_size_below_nothing() {
    let bytes = texts(&["Party A seal here"]);
    let file = open(&bytes);
    let size = sealwright::contract::Extent::new(
        sealwright::geometry::Pt(-5.0),
        sealwright::geometry::Pt(50.0),
    );
    let keyword = words("seal").sized(size.unwrap());
    let contract = Offices::new()
        .draft(&[("doc", &file)], vec![control("doc", "a", "sa", signature(), keyword)]);
    let problems = resolve(&contract, &file).unwrap_err();
    assert_eq!(problems[0].code(), "ctl.rect_degenerate");
}
