//! The judge on values of form fields: what fills one in is allowed, what only looks like it is not.

mod judging_support;

use judging_support::{Draft, FREE, codes, conclusions};
use sealwright::report::{ChangeKind, Conclusion, ModificationLevel, Report, Rule};
use sealwright_testdata::pki::KeyType;

/// What all fields below share.
const WIDGET: &str = "/Type /Annot /Subtype /Widget /F 4 /P 3 0 R";

/// The keys of a signature's dictionary that certify the document.
fn certify(permission: u8) -> String {
    format!(
        "/Reference [<< /Type /SigRef /TransformMethod /DocMDP /TransformParams \
         << /Type /TransformParams /V /1.2 /P {permission} >> >>]"
    )
}

/// The keys that lock a field.
fn lock(field: &str) -> String {
    format!(
        "/Reference [<< /Type /SigRef /TransformMethod /FieldMDP /TransformParams \
         << /Type /TransformParams /V /1.2 /Action /Include /Fields [({field})] >> >>]"
    )
}

/// A document with these fields as objects 7 and up; then a signature with `entries`, in the field
/// that was prepared for it.
fn signed_over(fields: &[&str], entries: &str) -> Draft {
    let mut draft = with_fields(fields);
    draft.fill_prepared_with(entries);
    assert_eq!(draft.judge().conclusion, Conclusion::Passed, "{}", draft.judge());
    draft
}

/// The document before it is signed. What has a name is a field of the form.
fn with_fields(fields: &[&str]) -> Draft {
    let mut draft = Draft::new(KeyType::P256);
    let objects = || (FREE..).zip(fields.iter().copied());
    let listed = |holding: &str| -> String {
        let held = objects().filter(|(_, body)| body.contains(holding));
        held.map(|(number, _)| format!(" {number} 0 R")).collect()
    };
    let form = format!("<< /Fields [6 0 R{}] /SigFlags 3 >>", listed("/T ("));
    let page = format!(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R /Annots [6 0 R{}] >>",
        listed("/Widget")
    );
    let mut all = vec![(5, form.as_str()), (3, page.as_str())];
    all.extend(objects());
    draft.append(&all);
    draft
}

fn text_field(entries: &str) -> String {
    format!("<< {WIDGET} /FT /Tx /T (date) /Rect [10 70 60 90] {entries} >>")
}

fn after(draft: &Draft, objects: &[(u32, &str)]) -> Report {
    let mut changed = draft.clone();
    changed.append(objects);
    changed.judge()
}

const FORM_OBJECT: &str = "<< /Type /XObject /Subtype /Form /BBox [0 0 1 1] /Resources << >> /Length 1 >>\nstream\nn\nendstream";

/// The next free number behind the signature.
fn free(draft: &Draft) -> u32 {
    sealwright_testdata::appended::last_size(&draft.bytes)
}

#[test]
fn a_value_with_its_appearance_is_filled_in() {
    for entries in ["", &certify(2), &certify(3), &lock("prepared")] {
        let draft = signed_over(&[&text_field("")], entries);
        let form = free(&draft);
        let filled = text_field(&format!("/V (2026) /AP << /N {form} 0 R >>"));
        let report = after(&draft, &[(FREE, &filled), (form, FORM_OBJECT)]);
        assert_eq!(report.conclusion, Conclusion::Passed, "{report}");
        let modification = &report.signatures[0].modification;
        assert_eq!(modification.level, ModificationLevel::Form);
        let field = modification.changes.iter().find(|one| one.rule == Some(Rule::FieldFilled));
        let field = field.expect("the field is listed");
        assert_eq!((field.kind, field.page), (ChangeKind::FormField, Some(1)));
        assert_eq!(field.rect, Some([10.0, 70.0, 60.0, 90.0]));
    }
}

#[test]
fn ticks_and_choices_are_values_too() {
    let off = format!(
        "<< {WIDGET} /FT /Btn /T (yes) /Rect [10 70 20 80] /AS /Off /AP << /N << /Yes 4 0 R >> >> >>"
    );
    let on = off.replace("/AS /Off", "/AS /Yes /V /Yes");
    let draft = signed_over(&[&off], &certify(2));
    assert_eq!(after(&draft, &[(FREE, &on)]).conclusion, Conclusion::Passed);

    let choice = format!("<< {WIDGET} /FT /Ch /T (c) /Rect [10 70 60 90] /Opt [(a) (b)] >>");
    for value in ["(a)", "[(a) (b)]"] {
        let chosen = choice.replace("/Opt", &format!("/V {value} /I [0] /Opt"));
        let draft = signed_over(&[&choice], &certify(2));
        assert_eq!(after(&draft, &[(FREE, &chosen)]).conclusion, Conclusion::Passed);
    }
}

#[test]
fn a_widget_below_its_field_is_filled_with_it() {
    let field = "<< /FT /Tx /T (date) /Kids [8 0 R] >>";
    let widget = format!("<< {WIDGET} /Parent 7 0 R /Rect [10 70 60 90] >>");
    let draft = signed_over(&[field, &widget], &certify(2));
    let form = free(&draft);
    let filled = field.replace("/FT", "/V (2026) /FT");
    let shown = widget.replace("/F 4", &format!("/F 4 /AP << /N {form} 0 R >>"));
    let report = after(&draft, &[(7, &filled), (8, &shown), (form, FORM_OBJECT)]);
    assert_eq!(report.conclusion, Conclusion::Passed, "{report}");
    let moved = shown.replace("[10 70 60 90]", "[10 70 190 190]");
    let report = after(&draft, &[(7, &filled), (8, &moved), (form, FORM_OBJECT)]);
    assert_eq!(codes(&report), ["mod.forbidden"], "{report}");
}

/// Each of these is a change of a field that nobody who fills it in needs to make.
#[test]
fn what_is_more_than_a_value_is_forbidden() {
    let plain = text_field("");
    let read_only = text_field("/Ff 1");
    let button = plain.replace("/FT /Tx", "/FT /Btn /Ff 65536");
    let with =
        |field: &str, entries: &str| field.replace("/T (date)", &format!("/T (date) {entries}"));
    let cases = [
        ("moved", &plain, plain.replace("[10 70 60 90]", "[0 0 200 200]")),
        ("hidden", &plain, plain.replace("/F 4", "/F 6")),
        ("renamed", &plain, plain.replace("(date)", "(amount)")),
        (
            "given an action",
            &plain,
            with(&plain, "/V (x) /AA << /K << /S /JavaScript /JS (x) >> >>"),
        ),
        ("given a rich value", &plain, with(&plain, "/V (x) /RV (<body/>)")),
        ("made read-only", &plain, with(&plain, "/V (x) /Ff 1")),
        ("given another kind of value", &plain, with(&plain, "/V << /S /JavaScript >>")),
        ("given the page's content for a value", &plain, with(&plain, "/V 4 0 R")),
        (
            "given something else for an appearance",
            &plain,
            with(&plain, "/AP << /N << /X << >> >> >>"),
        ),
        ("filled although it is read-only", &read_only, with(&read_only, "/V (x)")),
        ("a push-button with a value", &button, with(&button, "/V /x")),
    ];
    for (what, before, now) in cases {
        let draft = signed_over(&[before], &certify(2));
        let report = after(&draft, &[(FREE, &now)]);
        assert_eq!(report.conclusion, Conclusion::Failed, "{what}: {report}");
        assert_eq!(codes(&report), ["mod.forbidden"], "{what}");
    }
}

#[test]
fn an_appearance_that_others_use_is_not_overwritten() {
    let with_appearance = text_field("/AP << /N 8 0 R >>");
    let draft = signed_over(&[&with_appearance, FORM_OBJECT], &certify(2));
    let filled = with_appearance.replace("/AP", "/V (x) /AP");
    let other = FORM_OBJECT.replace("\nn\n", "\nf\n");
    // The field's own may be drawn anew in place.
    let report = after(&draft, &[(7, &filled), (8, &other)]);
    assert_eq!(report.conclusion, Conclusion::Passed, "{report}");
    // The page's content is not the field's own.
    let shares = text_field("/AP << /N 4 0 R >>");
    let draft = signed_over(&[&shares], &certify(2));
    let content = "<< /Length 1 >>\nstream\nn\nendstream";
    let report = after(&draft, &[(7, &shares.replace("/AP", "/V (x) /AP")), (4, content)]);
    assert_eq!(codes(&report), ["mod.forbidden"], "{report}");
}

#[test]
fn a_field_outside_the_form_is_none() {
    let mut draft = Draft::new(KeyType::P256);
    // On the page, but not in the form.
    draft.append(&[
        (7, &text_field("")),
        (3, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R /Annots [6 0 R 7 0 R] >>"),
    ]);
    draft.fill_prepared();
    let report = after(&draft, &[(7, &text_field("/V (x)"))]);
    assert_eq!(codes(&report), ["mod.forbidden"], "{report}");
}

#[test]
fn locks_and_certifications_keep_fields_as_they_are() {
    let filled = text_field("/V (x)");
    let locked = after(&signed_over(&[&text_field("")], &lock("date")), &[(FREE, &filled)]);
    assert_eq!(codes(&locked), ["mod.locked"], "{locked}");
    let certified = after(&signed_over(&[&text_field("")], &certify(1)), &[(FREE, &filled)]);
    assert_eq!(codes(&certified), ["mod.not_permitted"], "{certified}");
}

/// What one signer filled in and locked, the next one does not change.
#[test]
fn a_filled_value_is_the_signers_from_then_on() {
    let mut draft = with_fields(&[&text_field("")]);
    draft.append(&[(FREE, &text_field("/V (2026)"))]);
    draft.fill_prepared_with(&lock("date"));
    let report = after(&draft, &[(FREE, &text_field("/V (2027)"))]);
    assert_eq!(conclusions(&report), [Conclusion::Failed], "{report}");
    assert_eq!(codes(&report), ["mod.locked"]);
}
