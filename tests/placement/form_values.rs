//! Values of controls that stand in form fields: they go into the field, or everything that is in the
//! way is told (§5.3; ISO 32000-2 §12.7).

use sealwright::appearance::{Font, FontBook};
use sealwright::contract::{
    self, Align, CheckBoxGroup, Contract, Control, ControlKind, DateFormat, FieldName, ImageFit,
    Input, NumberStyle, Picture, PictureFormat, SelectorStyle, TextStyle,
};
use sealwright::digest::{Digest, DigestAlgorithm};
use sealwright::geometry::{Pt, Rect};
use sealwright::pdf::{Dictionary, Field, File, Object, ObjectId, text_string};
use sealwright::placement::PlacementPlan;
use sealwright::report::Conclusion;
use sealwright::update::{Error, FilledFields, Filling, ValueProblem};
use sealwright::{CheckOptions, LocalSigner, Seal, TrustAnchors, check};
use sealwright_testdata::documents::CATALOG;
use sealwright_testdata::font::NOTO_SANS_SC;
use sealwright_testdata::pdf::Pdf;
use sealwright_testdata::pki;

use crate::paper::{A4, Offices, key, open, pages, qpdf_is_silent, resolve, written};
use crate::world::{control, monday};

fn fonts() -> FontBook {
    let font = Font::from_bytes(NOTO_SANS_SC, 0).unwrap();
    FontBook::new().with(contract::Font::Hei, font).unwrap()
}

/// Two pages, the second turned; fields are objects 40 and up, all of which each page may list.
fn document(form: &str, annotations: [&str; 2], objects: &[(u32, &str)]) -> Vec<u8> {
    let [first, second] = annotations;
    let turned = format!("{A4} /Rotate 90 /Annots [{second}]");
    let mut pdf: Pdf = pages(&[&format!("{A4} /Annots [{first}]"), &turned]);
    pdf.append_entry(CATALOG, &format!("/AcroForm << {form} >>"));
    for (number, body) in objects {
        pdf.set(*number, *body);
    }
    written(&pdf)
}

/// One field of one widget, of these entries.
fn one(entries: &str) -> Vec<u8> {
    let field = format!("<</Type/Annot/Subtype/Widget/F 4/Rect[100 700 220 724]/T(f){entries}>>");
    document("/Fields[40 0 R]", ["40 0 R", ""], &[(40, &field), (60, STREAM), (61, BLANK)])
}

const STREAM: &str =
    "<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 12>>\nstream\n0 0 9 9 re f\n\nendstream";
const BLANK: &str = "<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 0>>\nstream\n\nendstream";

fn text() -> ControlKind {
    ControlKind::Text(TextStyle::default())
}

fn in_field(id: &str, name: &str, kind: ControlKind, input: &Input) -> Control {
    control("doc", id, "sa", kind, FieldName::new(name).unwrap()).filled(input).unwrap()
}

fn planned(file: &File<'_>, controls: Vec<Control>) -> (Contract, PlacementPlan) {
    let contract = Offices::new().draft(&[("doc", file)], controls);
    let plan = resolve(&contract, file).unwrap();
    (contract, plan)
}

/// The document with the values, and what is appended.
fn filled(bytes: &[u8], controls: Vec<Control>) -> Result<(Vec<u8>, Vec<u8>), Vec<ValueProblem>> {
    let file = open(bytes);
    let (contract, plan) = planned(&file, controls);
    let fonts = fonts();
    let (filling, document) = (Filling::of(&contract, &plan, &fonts), &plan.documents()[0]);
    let told = filling.problems(document, &file).unwrap();
    match filling.merge(document, &file) {
        Ok(appended) => {
            assert_eq!(told, []);
            let all = [bytes, &appended].concat();
            qpdf_is_silent(&all);
            Ok((all, appended))
        }
        Err(Error::Values { problems }) => {
            assert_eq!(told, problems);
            Err(problems)
        }
        Err(other) => panic!("{other}"),
    }
}

fn field(bytes: &[u8], name: &str) -> Field {
    let file = open(bytes);
    let fields = file.latest().fields().unwrap();
    fields.into_iter().find(|field| field.name == name).unwrap()
}

fn widget(bytes: &[u8], number: u32) -> Dictionary {
    open(bytes).latest().dictionary(ObjectId::new(number, 0)).unwrap()
}

fn string(value: Option<Object>) -> String {
    text_string::decode(&value.unwrap().as_string().unwrap().bytes)
}

/// The number of the form that a widget shows.
fn shown(widget: &Dictionary) -> u32 {
    let appearances = widget.get(b"AP").unwrap().as_dictionary().unwrap();
    match appearances.get(b"N").unwrap() {
        Object::Dictionary(states) => states.reference(widget.name(b"AS").unwrap()),
        other => other.as_reference(),
    }
    .unwrap()
    .number
}

fn count(bytes: &[u8], what: &str) -> usize {
    memchr::memmem::find_iter(bytes, what).count()
}

/// A field of every kind, and what goes into each.
fn every_kind() -> (Vec<u8>, Vec<Control>) {
    let widget = "/Type/Annot/Subtype/Widget/F 4";
    let states = |on: &str| format!("/AS/Off/AP<</N<</{on} 60 0 R/Off 61 0 R>>>>");
    let objects = [
        (40, "<</T(party)/FT/Tx/Q 2/Kids[41 0 R]>>".to_owned()),
        (41, "<</T(name)/Parent 40 0 R/Kids[42 0 R 43 0 R]>>".to_owned()),
        (
            42,
            format!("<<{widget}/Parent 41 0 R/Rect[60 760 260 784]/MK<</BC[0 0 1]/BG[1 1 .8]>>>>"),
        ),
        (43, format!("<<{widget}/Parent 41 0 R/Rect[60 60 84 260]/MK<</R 90>>>>")),
        (44, format!("<<{widget}/FT/Tx/T(code)/Ff 16777216/MaxLen 18/Rect[60 720 330 740]>>")),
        (
            45,
            format!(
                "<<{widget}/FT/Tx/T(note)/Ff 4096/Rect[60 640 260 710]/BS<</W 2>>/MK<</BC[0]>>>>"
            ),
        ),
        (46, format!("<<{widget}/FT/Btn/T(agreed)/Rect[60 600 74 614]{}>>", states("On"))),
        (47, format!("<<{widget}/FT/Btn/T(plain)/Rect[90 600 104 614]/MK<</BC[0]>>>>")),
        (48, "<</FT/Btn/T(way)/Ff 49152/Kids[49 0 R 50 0 R]>>".to_owned()),
        (49, format!("<<{widget}/Parent 48 0 R/Rect[120 600 134 614]{}>>", states("north"))),
        (50, format!("<<{widget}/Parent 48 0 R/Rect[140 600 154 614]{}>>", states("south"))),
        (
            51,
            format!(
                "<<{widget}/FT/Ch/T(city)/Ff 131072/Opt[[(SH)<FEFF540C610F>](BJ)]/Rect[60 560 160 580]>>"
            ),
        ),
        (
            52,
            format!(
                "<<{widget}/FT/Ch/T(many)/Ff 2097152/Opt[(a)(b)(c)]/I[1]/V(b)/Rect[60 500 160 550]/AP<</N 60 0 R>>>>"
            ),
        ),
        (53, format!("<<{widget}/FT/Tx/T(left)/Rect[60 460 160 480]>>")),
        (60, STREAM.to_owned()),
        (61, BLANK.to_owned()),
    ];
    let objects: Vec<(u32, &str)> = objects.iter().map(|(id, body)| (*id, body.as_str())).collect();
    let fields = "/Fields[40 0 R 44 0 R 45 0 R 46 0 R 47 0 R 48 0 R 51 0 R 52 0 R 53 0 R]";
    let first = "42 0 R 44 0 R 45 0 R 46 0 R 47 0 R 49 0 R 50 0 R 51 0 R 52 0 R 53 0 R";
    let bytes = document(&format!("{fields}/NeedAppearances true"), [first, "43 0 R"], &objects);

    let selector = |options: &[&str]| SelectorStyle::of(options.iter().copied()).unwrap();
    let controls = vec![
        in_field("a", "party.name", text(), &Input::text("甲方公司名称")),
        in_field("b", "code", text(), &Input::text("91350100M000100Y43")),
        in_field("c", "note", ControlKind::MultiLineText(TextStyle::default()), &{
            Input::text("甲方\n乙方")
        }),
        in_field("d", "agreed", ControlKind::CheckBox, &Input::text("true")),
        in_field("e", "plain", ControlKind::CheckBox, &Input::text("true")),
        in_field("g", "way", ControlKind::Selector(selector(&["north", "south"])), &{
            Input::text("south")
        }),
        in_field("h", "city", ControlKind::Selector(selector(&["同意", "BJ"])), &{
            Input::text("同意")
        }),
        in_field("i", "many", ControlKind::Selector(selector(&["c", "a"]).several()), &{
            Input::texts(["c", "a"])
        }),
        control("doc", "j", "sa", text(), FieldName::new("left").unwrap()).optional(),
    ];
    (bytes, controls)
}

#[test]
fn a_value_goes_into_the_field_that_its_control_stands_in() {
    let (bytes, controls) = every_kind();
    let (all, appended) = filled(&bytes, controls).unwrap();
    let value = |name| field(&all, name).value;
    assert_eq!(string(value("party.name")), "甲方公司名称");
    assert_eq!(string(value("code")), "91350100M000100Y43");
    assert_eq!(string(value("note")), "甲方\n乙方");
    for (name, state) in [("agreed", "On"), ("plain", "Yes"), ("way", "south")] {
        assert_eq!(value(name).unwrap().as_name(), Some(state.as_bytes()), "{name}");
    }
    assert_eq!(string(value("city")), "SH", "the export value");
    let many = value("many").unwrap();
    let many: Vec<String> =
        many.as_array().unwrap().iter().map(|one| string(Some(one.value.clone()))).collect();
    assert_eq!(many, ["a", "c"]);
    let indices = field(&all, "many").dictionary;
    let indices = indices.get(b"I").unwrap().as_array().unwrap();
    assert_eq!(indices.iter().map(|it| it.value.as_integer().unwrap()).collect::<Vec<_>>(), [0, 2]);

    // Every widget shows it: upright on the turned page, and ticks as the form has them.
    assert_ne!(shown(&widget(&all, 42)), shown(&widget(&all, 43)));
    assert_eq!(shown(&widget(&all, 46)), 60, "the form's own tick");
    assert!(shown(&widget(&all, 47)) > 61, "one of ours, where the form has none");
    let state = |number| widget(&all, number).name(b"AS").unwrap().to_vec();
    assert_eq!([46, 47, 49, 50].map(state), [b"On".as_slice(), b"Yes", b"Off", b"south"]);

    // Nobody changes it any more, not even what was left empty, and readers draw nothing anew.
    for field in open(&all).latest().fields().unwrap() {
        assert_eq!(field.flags & 1, 1, "{}", field.name);
    }
    let form = open(&all).latest().form().unwrap().unwrap().1;
    assert_eq!(form.get(b"NeedAppearances"), Some(&Object::Boolean(false)));
    assert_eq!(count(&appended, "/Subtype/Type0"), 1, "one font for all fields");
    assert_eq!(count(&appended, "/Contents"), 0, "nothing of the pages changes");
    if let Some(path) = std::env::var_os("FILLED") {
        std::fs::write(path, &all).unwrap();
    }
}

#[test]
fn a_document_with_filled_fields_is_signed_and_judged_sound() {
    let (bytes, controls) = every_kind();
    let (all, _) = filled(&bytes, controls).unwrap();
    let identity = pki::demo_identity(monday());
    let signer =
        LocalSigner::from_pem(identity.key_pem().as_bytes(), identity.chain_pem().as_bytes());
    let file = open(&all);
    let signed = Seal::on(&file).invisible().sign(&signer.unwrap(), monday()).unwrap();
    let signed = [all.as_slice(), signed.appended()].concat();
    let anchors = TrustAnchors::from_pem(identity.root_pem().as_bytes()).unwrap();
    let report = check(&signed, &CheckOptions::trusting(&anchors).at(monday())).unwrap();
    assert_eq!(report.conclusion, Conclusion::Passed, "{report}");
}

#[test]
fn fields_stay_open_where_the_host_says_so_and_while_values_are_missing() {
    let (bytes, controls) = every_kind();
    let file = open(&bytes);
    let (contract, plan) = planned(&file, controls);
    let fonts = fonts();
    let filling = Filling::of(&contract, &plan, &fonts);
    for open_fields in [filling.filled_fields(FilledFields::Editable), filling.partial()] {
        let appended = open_fields.merge(&plan.documents()[0], &file).unwrap();
        let all = [bytes.as_slice(), &appended].concat();
        assert!(open(&all).latest().fields().unwrap().iter().all(|field| field.flags & 1 == 0));
        assert_eq!(string(field(&all, "party.name").value), "甲方公司名称");
    }
}

#[test]
fn what_a_widget_shows_stands_as_the_widget_says_or_upright_on_the_page() {
    let at = |page: usize, look: &str| {
        let rect = if page == 0 { "[100 700 220 724]" } else { "[100 100 124 260]" };
        let field = format!("<</Subtype/Widget/FT/Tx/T(f)/Rect{rect}{look}>>");
        let lists = if page == 0 { ["40 0 R", ""] } else { ["", "40 0 R"] };
        let bytes = document("/Fields[40 0 R]", lists, &[(40, &field)]);
        let (all, _) =
            filled(&bytes, vec![in_field("a", "f", text(), &Input::text("甲方"))]).unwrap();
        let file = open(&all);
        let form = ObjectId::new(shown(&widget(&all, 40)), 0);
        let form = file.latest().get(form).unwrap().unwrap().object.value;
        let matrix = form.as_dictionary().unwrap().get(b"Matrix").cloned();
        matrix.map(|matrix| {
            let numbers = matrix.as_array().unwrap().iter().take(2);
            numbers.map(|it| it.value.as_number().unwrap()).collect::<Vec<_>>()
        })
    };
    assert_eq!(at(0, ""), None);
    assert_eq!(at(0, "/MK<</R 180>>"), Some(vec![-1.0, 0.0]));
    assert_eq!(at(0, "/MK<</R 45>>"), None, "no quarter turn");
    assert_eq!(at(1, ""), Some(vec![0.0, 1.0]), "upright as displayed");
    assert_eq!(at(1, "/MK<</R 90>>"), Some(vec![0.0, 1.0]));
    // Across the page, since the form says so; and then the text does not fit.
    let field = "<</Subtype/Widget/FT/Tx/T(f)/Rect[100 100 124 260]/MK<</R 0>>>>";
    let bytes = document("/Fields[40 0 R]", ["", "40 0 R"], &[(40, field)]);
    let problems = filled(&bytes, vec![in_field("a", "f", text(), &Input::text("甲方公司名称"))]);
    assert_eq!(problems.unwrap_err()[0].code(), "text.overflow");
}

#[test]
fn what_a_field_does_not_take_is_told_with_control_field_and_both_values() {
    let number = ControlKind::Number(NumberStyle::default());
    let date = ControlKind::Date { format: DateFormat::Chinese, style: TextStyle::default() };
    let right = ControlKind::Text(TextStyle { align: Align::Right, ..TextStyle::default() });
    let lines = ControlKind::MultiLineText(TextStyle::default());
    let picks = |several: bool| {
        let style = SelectorStyle::of(["a", "b", "c"]).unwrap();
        ControlKind::Selector(if several { style.several() } else { style })
    };
    let digest = Digest::of(DigestAlgorithm::Sha256, b"a picture");
    let picture = Picture { digest, format: PictureFormat::Png, length: 9 };
    let ticks = CheckBoxGroup::new([Rect::new(Pt(0.0), Pt(0.0), Pt(9.0), Pt(9.0)).unwrap()]);
    let group = ControlKind::CheckBoxGroup(ticks.unwrap());
    let of = |kind: &ControlKind, input: &Input| in_field("c", "f", kind.clone(), input);
    let six = Input::text("123456");
    let cannot = "ctl.field_cannot_host_signature";
    let wrong = "ctl.value_invalid";
    let cases: Vec<(&str, Control, &str, &[&str])> = vec![
        ("/FT/Tx/MaxLen 5", of(&number, &six), wrong, &["takes 5 characters", "has 6"]),
        ("/FT/Tx/Ff 16777216/MaxLen 5", of(&text(), &six), wrong, &["takes 5", "has 6"]),
        ("/FT/Tx", of(&lines, &Input::text("甲\n乙")), wrong, &["takes one line", "has 2"]),
        ("/FT/Tx/Q 1", of(&right, &six), wrong, &["in the middle (/Q)", "at the right"]),
        ("/FT/Btn", of(&date, &Input::text("2026年1月6日")), cannot, &["a check box", "text"]),
        (
            "/FT/Tx",
            of(&ControlKind::CheckBox, &Input::text("true")),
            cannot,
            &["text field", "tick"],
        ),
        ("/FT/Tx", of(&group, &Input::texts(["true"])), cannot, &["a group of ticks"]),
        (
            "/FT/Tx",
            of(&ControlKind::Image(ImageFit::Keep), &Input::pictures([picture])),
            cannot,
            &["a text field", "pictures"],
        ),
        ("/FT/Ch/Opt[(a)(b)]", of(&picks(false), &Input::text("c")), wrong, &["offers 2 items"]),
        (
            "/FT/Ch/Opt[(a)(b)]",
            of(&picks(true), &Input::texts(["a", "b"])),
            wrong,
            &["takes one item", "has 2"],
        ),
        (
            "/FT/Btn/AP<</N<</x 60 0 R>>>>",
            of(&picks(false), &Input::text("c")),
            wrong,
            &["1 items"],
        ),
        ("", of(&text(), &six), cannot, &["unknown type"]),
    ];
    for (entries, control, code, parts) in cases {
        let problems = filled(&one(entries), vec![control]).unwrap_err();
        let [problem] = problems.as_slice() else { panic!("{entries}: {problems:?}") };
        let text = problem.to_string();
        assert_eq!(problem.code(), code, "{entries}: {text}");
        assert!(text.starts_with("control doc/c on page 1: field \"f\" "), "{text}");
        assert!(parts.iter().all(|part| text.contains(part)), "{entries}: {text}");
        assert!(!text.contains("123456"), "the value is nobody's business: {text}");
        assert_eq!((problem.control(), problem.page().unwrap().get()), (Some(&key("doc", "c")), 1));
    }
}

#[test]
fn what_is_left_of_the_field_is_not_touched() {
    let bytes = one("/FT/Ch/Ff 393216/Opt[(a)(b)]/I[0]/V(a)/DA(/Helv 0 Tf)/AA<<>>/AP<</N 61 0 R>>");
    let (all, _) =
        filled(&bytes, vec![in_field("c", "f", text(), &Input::text("something else"))]).unwrap();
    let (before, after) = (field(&bytes, "f").dictionary, field(&all, "f").dictionary);
    let changed: Vec<String> = after
        .iter()
        .filter(|(key, value)| before.get(key) != Some(*value))
        .map(|(key, _)| String::from_utf8_lossy(key).into_owned())
        .collect();
    assert_eq!(changed, ["Ff", "V", "AP"]);
    assert_eq!(after.get(b"I"), None, "none of the items is chosen any more");
    assert_eq!(string(field(&all, "f").value), "something else");
}

#[test]
fn two_controls_in_one_field_a_form_that_is_xfa_and_values_that_readers_draw() {
    let twice = vec![
        in_field("c", "f", text(), &Input::text("甲方")),
        in_field("d", "f", text(), &Input::text("乙方")),
    ];
    let problems = filled(&one("/FT/Tx"), twice).unwrap_err();
    assert_eq!(problems[0].control(), Some(&key("doc", "d")));
    assert!(problems[0].to_string().contains("doc/c and doc/d both stand in field \"f\""));

    let field = "<</Subtype/Widget/FT/Tx/T(f)/Rect[100 700 220 724]>>";
    let other = "<</Subtype/Widget/FT/Tx/T(other)/V(there)/Rect[100 600 220 624]>>";
    let value = || vec![in_field("c", "f", text(), &Input::text("甲方"))];
    let xfa = document("/Fields[40 0 R]/XFA[]", ["40 0 R", ""], &[(40, field)]);
    assert_eq!(filled(&xfa, value()).unwrap_err()[0].code(), "doc.xfa");
    let objects = [(40, field), (41, other)];
    let form = "/Fields[40 0 R 41 0 R]/NeedAppearances true";
    let drawn_by_readers = document(form, ["40 0 R 41 0 R", ""], &objects);
    let problems = filled(&drawn_by_readers, value()).unwrap_err();
    assert_eq!(problems[0].code(), "ctl.field_cannot_host_signature");
    assert!(problems[0].to_string().contains("\"other\" has a value and no appearance"));
}

#[test]
fn entries_are_inherited_from_fields_above_and_from_the_form() {
    let objects = [
        (40, "<</T(g)/FT/Tx/MaxLen 3/Ff 16777216/Kids[41 0 R 42 0 R]>>"),
        (41, "<</T(a)/Parent 40 0 R/Subtype/Widget/Rect[100 700 220 724]>>"),
        (42, "<</T(b)/Parent 40 0 R/Ff 0/MaxLen 9/Subtype/Widget/Rect[100 600 220 624]>>"),
    ];
    let bytes = document("/Fields[40 0 R]/Q 1", ["41 0 R 42 0 R", ""], &objects);
    let of = |name: &str, value: &str, align| {
        let kind = ControlKind::Text(TextStyle { align, ..TextStyle::default() });
        filled(&bytes, vec![in_field("c", name, kind, &Input::text(value))])
    };
    assert_eq!(of("g.a", "1234", Align::Left).unwrap_err()[0].code(), "ctl.value_invalid");
    assert!(of("g.b", "1234", Align::Left).is_ok());
    assert_eq!(of("g.b", "1234", Align::Right).unwrap_err()[0].code(), "ctl.value_invalid");
    // A flag that is inherited becomes the field's own, with the others.
    let (all, _) = of("g.a", "123", Align::Left).unwrap();
    assert_eq!(field(&all, "g.a").dictionary.integer(b"Ff"), Some(16_777_217));
    assert_eq!(field(&all, "g.b").flags, 0);
}
