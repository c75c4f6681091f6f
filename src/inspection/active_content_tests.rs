//! R-DOC-07: where active content can stand, and what it must not cost to look for it.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use sealwright_testdata::documents::{self, CATALOG, page_number};
use sealwright_testdata::pdf::{Layout, Pdf};

use super::{ActiveContents, ActiveKind, active_content};
use crate::limits::Limits;
use crate::pdf::{Error, File};

use ActiveKind::{EmbeddedFile, LaunchAction, Script};

fn search(pdf: &Pdf, limits: Limits) -> Result<ActiveContents, Error> {
    let bytes = pdf.write(&Layout::default());
    active_content(&File::open(&bytes, limits).unwrap().latest())
}

/// Two pages; entries for the catalog and the first page, and objects 20 and up.
fn document(catalog: &str, page: &str, objects: &[(u32, &str)]) -> Pdf {
    let mut pdf = documents::plain(2);
    pdf.append_entry(CATALOG, catalog);
    pdf.append_entry(page_number(0), page);
    for (number, body) in objects {
        pdf.set(*number, *body);
    }
    pdf
}

fn found(catalog: &str, page: &str, objects: &[(u32, &str)]) -> ActiveContents {
    search(&document(catalog, page, objects), Limits::default()).unwrap()
}

/// Kind, object and page of the only thing that is found.
fn only(catalog: &str, page: &str, objects: &[(u32, &str)]) -> (ActiveKind, u32, Option<u32>) {
    let found = found(catalog, page, objects);
    assert_eq!((found.items().len(), found.count()), (1, 1), "{found:?}");
    let item = found.items()[0];
    assert_eq!(found.kinds().iter().copied().collect::<Vec<_>>(), [item.kind]);
    (item.kind, item.object.number, item.page.map(|page| page.get()))
}

const SCRIPT: &str = "<< /S /JavaScript /JS (x) >>";

#[test]
fn r_doc_07_scripts_are_found_wherever_an_action_can_stand() {
    let at = |catalog: &str, page: &str, objects: &[(u32, &str)]| {
        let (kind, object, page) = only(catalog, page, objects);
        assert_eq!(kind, Script);
        (object, page)
    };
    let action = (20, SCRIPT);
    assert_eq!(at("/OpenAction 20 0 R", "", &[action]), (20, None));
    assert_eq!(at("/AA << /WC 20 0 R >>", "", &[action]), (20, None));
    assert_eq!(at("/Outlines << /First << /A 20 0 R >> >>", "", &[action]), (20, None));
    assert_eq!(at("", "/AA << /O 20 0 R >>", &[action]), (20, Some(1)));
    for entry in ["/A 20 0 R", "/AA << /D 20 0 R >>", "/A << /S /URI /URI (u) /Next [20 0 R] >>"] {
        let annotation = format!("<< /Type /Annot /Subtype /Link {entry} >>");
        assert_eq!(at("", "/Annots [21 0 R]", &[action, (21, &annotation)]), (20, Some(1)));
    }
    // A field above the widget, and one that no page shows.
    let field = "<< /T (a) /FT /Tx /AA << /K 20 0 R >> /Kids [22 0 R] >>";
    let widget = "<< /Subtype /Widget /Parent 21 0 R >>";
    let objects = [action, (21, field), (22, widget)];
    assert_eq!(at("/AcroForm << /Fields [21 0 R] >>", "/Annots [22 0 R]", &objects), (20, None));
    assert_eq!(at("", "/Annots [22 0 R]", &objects), (20, None), "the form does not list it");
    // Media that runs a script, with and without the kind of action that is expected of it.
    assert_eq!(at("/OpenAction << /S /Rendition /JS (x) >>", "", &[]), (CATALOG, None));
    assert_eq!(at("/OpenAction << /S /JavaScript >>", "", &[]), (CATALOG, None));
    assert_eq!(at("/OpenAction << /S 20 0 R >>", "", &[(20, "/JavaScript")]), (CATALOG, None));
    let media = (21, "<< /Type /Annot /Subtype /RichMedia >>");
    assert_eq!(at("", "/Annots [21 0 R]", &[media]), (21, Some(1)));
}

#[test]
fn r_doc_07_scripts_of_the_document_count_though_none_can_be_recognised() {
    for tree in ["<< /Names [(a) (x)] >>", "<< /Kids [99 0 R] >>", "7"] {
        let names = format!("/Names << /JavaScript {tree} >>");
        assert_eq!(only(&names, "", &[]), (Script, CATALOG, None), "{tree}");
    }
    for tree in ["<< >>", "<< /Names [] >>", "null", "99 0 R"] {
        assert!(found(&format!("/Names << /JavaScript {tree} >>"), "", &[]).is_empty(), "{tree}");
    }
    let named = found("/Names << /JavaScript << /Names [(a) 20 0 R] >> >>", "", &[(20, SCRIPT)]);
    let marks: Vec<_> = named.items().iter().map(|item| item.mark).collect();
    assert_eq!(marks, ["/Names /JavaScript", "/S /JavaScript"]);
}

#[test]
fn r_doc_07_actions_that_reach_outside_are_found_and_others_are_none() {
    for kind in ["Launch", "GoToE", "ImportData", "SubmitForm"] {
        let action = format!("/OpenAction << /S /{kind} >>");
        assert_eq!(only(&action, "", &[]), (LaunchAction, CATALOG, None), "{kind}");
    }
    for kind in ["GoTo", "GoToR", "URI", "Named", "Hide", "ResetForm", "Sound", "Thread"] {
        let action = format!("/OpenAction << /S /{kind} >>");
        assert!(found(&action, "", &[]).is_empty(), "{kind}");
    }
}

#[test]
fn r_doc_07_files_inside_are_found() {
    let file = (20, "<< /Type /Filespec /F (a) /EF << /F 21 0 R >> >>");
    assert_eq!(only("/AF [20 0 R]", "", &[file]), (EmbeddedFile, 20, None));
    assert_eq!(only("", "/AF [20 0 R]", &[file]), (EmbeddedFile, 20, Some(1)));
    let names = "/Names << /EmbeddedFiles << /Names [(a) 22 0 R] >> >>";
    assert_eq!(only(names, "", &[]), (EmbeddedFile, CATALOG, None));
    assert_eq!(only("/Collection << >>", "", &[]), (EmbeddedFile, CATALOG, None));
    let attached = (21, "<< /Type /Annot /Subtype /FileAttachment >>");
    assert_eq!(only("", "/Annots [21 0 R]", &[attached]), (EmbeddedFile, 21, Some(1)));
}

#[test]
fn r_doc_07_a_form_that_is_xfa_is_told_apart() {
    let form = found("/AcroForm << /Fields [] /XFA [(template) 20 0 R] >>", "", &[(20, "7")]);
    assert!(form.is_xfa() && form.kinds().is_empty() && !form.is_empty());
    assert!(!found("/AcroForm << /Fields [] /XFA null >>", "", &[]).is_xfa());
}

#[test]
fn an_action_on_the_second_page_is_told_of_the_second_page() {
    let objects = [(20, SCRIPT), (21, "<< /Type /Annot /A 20 0 R >>")];
    let link = "/Annots [<< /Type /Annot /Dest [7 0 R /Fit] >> 22 0 R]";
    let second = page_number(1);
    let link = link.replace("7 0", &format!("{second} 0"));
    // The first page leads to the second, and to the catalog as a signature does.
    let mut pdf = document("", &link, &objects);
    pdf.set(22, format!("<< /V << /Reference [<< /Data {CATALOG} 0 R >>] >> >>"));
    pdf.append_entry(second, "/Annots [21 0 R]");
    pdf.append_entry(CATALOG, "/OpenAction << /S /Launch >>");
    let found = search(&pdf, Limits::default()).unwrap();
    let pages: Vec<_> = found.items().iter().map(|item| item.page.map(|page| page.get())).collect();
    assert_eq!(pages, [Some(2), None]);
}

#[test]
fn what_cannot_be_read_is_an_error_and_not_absent() {
    for (number, body) in [(20, "<< /S /JavaScript"), (20, "<< /S /URI /S /JavaScript >>")] {
        let pdf = document("/OpenAction 20 0 R", "", &[(number, body)]);
        assert!(search(&pdf, Limits::default()).is_err(), "{body}");
    }
    assert!(search(&document("/Names 7", "", &[]), Limits::default()).is_err());
    assert!(search(&document("/AcroForm 7", "", &[]), Limits::default()).is_err());
    // Out of reach behind a limit: said, not passed over.
    let missing: String = (100..300).map(|number| format!("{number} 0 R ")).collect();
    let pdf = document("", &format!("/Annots [{missing}]"), &[]);
    assert!(search(&pdf, Limits::default()).unwrap().is_empty());
    let refused = search(&pdf, Limits { objects: 100, ..Limits::default() });
    assert!(matches!(refused, Err(Error::Limit(_))), "{refused:?}");
}

#[test]
fn loops_and_chains_that_branch_are_gone_through_once() {
    // Each action leads to the next one twice: 2^40 ways.
    let chain: Vec<_> = (20..60)
        .map(|n| (n, format!("<< /S /GoTo /Next [{next} 0 R {next} 0 R] >>", next = n + 1)))
        .chain([(60, "<< /S /Launch /Next 20 0 R >>".to_owned())])
        .collect();
    let objects: Vec<_> = chain.iter().map(|(n, body)| (*n, body.as_str())).collect();
    assert_eq!(only("/OpenAction 20 0 R", "", &objects), (LaunchAction, 60, None));
}

#[test]
fn hostile_numbers_of_annotations_and_deep_trees_are_bounded() {
    let began = Instant::now();
    // A name tree 5,000 deep, and 5,000 annotations that all name one action of 500 kB.
    let mut pdf = document("/Names << /JavaScript 1000 0 R >>", "", &[]);
    for number in 1_000..6_000 {
        pdf.set(number, format!("<< /Kids [{} 0 R] >>", number + 1));
    }
    pdf.set(6_000, format!("<< /Names [(a) {SCRIPT}] >>"));
    let mut annotations = String::new();
    for number in 10_000..15_000 {
        let _ = write!(annotations, "{number} 0 R ");
        pdf.set(number, "<< /Type /Annot /Subtype /Link /A 15000 0 R /S 15001 0 R >>");
    }
    pdf.set(15_000, format!("<< /S /JavaScript /JS ({}) >>", "x".repeat(500_000)));
    pdf.set(15_001, "/JavaScript");
    pdf.append_entry(page_number(0), &format!("/Annots [{annotations}]"));
    let found = search(&pdf, Limits::default()).unwrap();
    assert_eq!(found.count(), 5_000 + 1 + 2);
    assert_eq!(found.items().len(), 1_000, "the rest is counted only");
    // Objects that are asked for again and again are paid for.
    pdf.set(15_001, format!("[{}]", "0 ".repeat(50_000)));
    let limits = Limits { work: 4 << 20, ..Limits::default() };
    assert!(matches!(search(&pdf, limits), Err(Error::Limit(_))));
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
}
