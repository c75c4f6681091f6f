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
        ("given another look", &plain, with(&plain, "/V (x) /MK << /BG [1] >>")),
        ("given another type", &plain, with(&plain, "/V (x) /DA (/Helv 9 Tf)")),
        ("given another action", &plain, with(&plain, "/V (x) /A << /S /URI /URI (x) >>")),
        ("given items", &plain, with(&plain, "/V (x) /Opt [(x)]")),
        ("given a default value", &plain, with(&plain, "/V (x) /DV (x)")),
        ("given a longer value than it takes", &plain, with(&plain, "/V (x) /MaxLen 99")),
        ("turned round", &plain, with(&plain, "/V (x) /Q 1")),
        ("chosen by something else than numbers", &plain, with(&plain, "/V (x) /I [(a)]")),
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

/// Whoever prepares a form may make a field read-only from above, or a single widget.
#[test]
fn a_field_that_is_read_only_from_above_stays_as_it_is() {
    let widget = format!("<< {WIDGET} /Parent 8 0 R /T (date) /Rect [10 70 60 90] >>");
    let above = "<< /FT /Tx /T (party) /Ff 1 /Kids [7 0 R] >>";
    let mut draft = with_fields(&[&widget, above]);
    let form = "<< /Fields [6 0 R 8 0 R] /SigFlags 3 >>";
    draft.append(&[(5, form)]);
    let mut open = draft.clone();
    draft.fill_prepared();
    let filled = widget.replace("/T (date)", "/T (date) /V (x)");
    assert_eq!(codes(&after(&draft, &[(7, &filled)])), ["mod.forbidden"]);
    // The filler does not get around it by what he says himself.
    let freed = filled.replace("/V (x)", "/V (x) /Ff 0");
    assert_eq!(codes(&after(&draft, &[(7, &freed)])), ["mod.forbidden"]);
    // Open by its own flags, whatever is said above.
    let own = widget.replace("/T (date)", "/T (date) /Ff 0");
    open.append(&[(7, &own)]);
    open.fill_prepared();
    let filled = own.replace("/Ff 0", "/Ff 0 /V (x)");
    let report = after(&open, &[(7, &filled)]);
    assert_eq!(report.conclusion, Conclusion::Passed, "{report}");
    // A widget of an open field that is read-only itself.
    let field = "<< /FT /Tx /T (date) /Kids [8 0 R] >>";
    let widget = format!("<< {WIDGET} /Parent 7 0 R /Rect [10 70 60 90] /Ff 1 >>");
    let draft = signed_over(&[field, &widget], "");
    let report = after(&draft, &[(7, &field.replace("/FT", "/V (x) /FT"))]);
    assert_eq!(codes(&report), ["mod.forbidden"], "{report}");
}

/// A value above is that of all fields below, and some of them may be locked.
#[test]
fn a_value_is_given_to_a_field_and_not_to_all_below_another() {
    let above = "<< /FT /Tx /T (party) /Kids [8 0 R] >>";
    let field = format!("<< {WIDGET} /Parent 7 0 R /T (date) /Rect [10 70 60 90] >>");
    let signed = |entries: &str| {
        let mut draft = with_fields(&[above, &field]);
        draft.append(&[(5, "<< /Fields [6 0 R 7 0 R] /SigFlags 3 >>")]);
        draft.fill_prepared_with(entries);
        draft
    };
    for entries in ["", &lock("party.date")] {
        let draft = signed(entries);
        let report = after(&draft, &[(7, &above.replace("/FT", "/V (x) /FT"))]);
        assert_eq!(codes(&report), ["mod.forbidden"], "{report}");
    }
    let draft = signed(&lock("party.date"));
    let report = after(&draft, &[(8, &field.replace("/T (date)", "/T (date) /V (x)"))]);
    assert_eq!(codes(&report), ["mod.locked"], "{report}");
}

/// What a reader takes for a field stands below the form; `/Parent` is what anybody may write.
#[test]
fn a_field_belongs_to_the_field_that_lists_it() {
    let locked = "<< /FT /Tx /T (amount) /Kids [8 0 R] >>";
    let open = "<< /FT /Tx /T (note) /Kids [] >>";
    // Listed as a widget of the locked field, it says that it is one of the open field.
    let widget = format!("<< {WIDGET} /Parent 9 0 R /Rect [10 70 60 90] >>");
    let draft = signed_over(&[locked, &widget, open], &lock("amount"));
    let form = free(&draft);
    let shown = widget.replace("/F 4", &format!("/F 4 /AP << /N {form} 0 R >>"));
    let report = after(&draft, &[(8, &shown), (form, FORM_OBJECT)]);
    assert_eq!(codes(&report), ["mod.locked"], "{report}");
    // Listed by nobody, it is no field's.
    let draft = signed_over(&[&locked.replace("[8 0 R]", "[]"), &widget, open], "");
    let report = after(&draft, &[(8, &shown), (form, FORM_OBJECT)]);
    assert_eq!(codes(&report), ["mod.forbidden"], "{report}");
}

#[test]
fn a_check_box_shows_the_state_that_its_value_says() {
    let states = "/AP << /N << /Yes 8 0 R /Off 9 0 R >> >>";
    let off = format!("<< {WIDGET} /FT /Btn /T (yes) /Rect [10 70 20 80] /AS /Off {states} >>");
    let draft = signed_over(&[&off, FORM_OBJECT, FORM_OBJECT], &certify(2));
    let with = |entries: &str| {
        let filled = off.replace("/AS /Off", entries);
        let report = after(&draft, &[(FREE, &filled)]);
        (report.conclusion == Conclusion::Passed, codes(&report).join(" "))
    };
    assert!(with("/AS /Yes /V /Yes").0);
    assert!(with("/AS /Off /V /Off").0);
    for wrong in [
        "/AS /Off /V /Yes",
        "/AS /Yes /V /Off",
        "/AS /Yes",
        "/V /Yes",
        "/AS /On /V /On",
        "/AS /On /V /Yes",
        "/AS /Off /V /On",
        "/AS (Yes) /V /Yes",
    ] {
        assert_eq!(with(wrong), (false, "mod.forbidden".to_owned()), "{wrong}");
    }
    // A text field has states as little as it says.
    let text = text_field("");
    let draft = signed_over(&[&text, FORM_OBJECT], "");
    let shown = |state: &str| {
        let entries = format!("/V (x) /AS /{state} /AP << /N << /a 8 0 R >> >>");
        after(&draft, &[(FREE, &text_field(&entries))]).conclusion
    };
    assert_eq!((shown("a"), shown("b")), (Conclusion::Passed, Conclusion::Failed));
}

#[test]
fn one_of_several_radio_buttons_is_on() {
    let field = "<< /FT /Btn /T (way) /Ff 49152 /Kids [8 0 R 9 0 R] >>";
    let button = |on: &str| {
        let states = format!("/AP << /N << /{on} 10 0 R /Off 10 0 R >> >>");
        format!("<< {WIDGET} /Parent 7 0 R /Rect [10 70 20 80] /AS /Off {states} >>")
    };
    let draft = signed_over(&[field, &button("a"), &button("b"), FORM_OBJECT], "");
    let with = |value: &str, first: &str, second: &str| {
        let (one, other) = (button("a"), button("b"));
        let field = field.replace("/FT", &format!("/V /{value} /FT"));
        let one = one.replace("/AS /Off", &format!("/AS /{first}"));
        let other = other.replace("/AS /Off", &format!("/AS /{second}"));
        let mut changed = vec![(7, field.as_str())];
        changed.extend((first != "Off").then_some((8, one.as_str())));
        changed.extend((second != "Off").then_some((9, other.as_str())));
        after(&draft, &changed).conclusion == Conclusion::Passed
    };
    assert!(with("a", "a", "Off") && with("b", "Off", "b"));
    assert!(!with("a", "Off", "b"), "the other one is seen");
    assert!(!with("a", "a", "b"), "both are seen");
    assert!(!with("a", "Off", "Off"), "none is seen");
    assert!(!with("c", "Off", "Off"), "there is none");
}

/// A reader maps the box of a form to the rectangle, and clips to it: that takes a form with a box.
#[test]
fn an_appearance_is_a_form_with_a_box() {
    let draft = signed_over(&[&text_field("")], "");
    let number = free(&draft);
    let filled = text_field(&format!("/V (x) /AP << /N {number} 0 R >>"));
    let with = |form: &str| {
        let report = after(&draft, &[(FREE, &filled), (number, form)]);
        (report.conclusion == Conclusion::Passed, codes(&report).join(" "))
    };
    assert!(with(FORM_OBJECT).0);
    assert!(with(&FORM_OBJECT.replace("/BBox", "/Matrix [9 0 0 9 -99 -99] /BBox")).0);
    for wrong in [
        FORM_OBJECT.replace("/BBox [0 0 1 1]", ""),
        FORM_OBJECT.replace("[0 0 1 1]", "[0 0 1]"),
        FORM_OBJECT.replace("/Subtype /Form", "/Subtype /Image"),
        FORM_OBJECT.replace("/BBox", "/Ref << /F (x) /Page 0 >> /BBox"),
        FORM_OBJECT.replace("/BBox", "/OC << /Type /OCG /Name (x) >> /BBox"),
        "<< /A 1 >>".to_owned(),
    ] {
        let (passed, codes) = with(&wrong);
        assert!(!passed && codes.contains("mod.forbidden"), "{wrong}: {codes}");
    }
    let page = text_field("/V (x) /AP << /N 4 0 R >>");
    assert_eq!(codes(&after(&draft, &[(FREE, &page)])), ["mod.forbidden"], "the page's content");
}

/// A program may draw a widget anew in place, and write the value alone.
#[test]
fn the_appearance_of_a_widget_is_its_fields_even_where_the_widget_stays() {
    let field = "<< /FT /Tx /T (date) /Kids [8 0 R] >>";
    let widget = format!("<< {WIDGET} /Parent 7 0 R /Rect [10 70 60 90] /AP << /N 9 0 R >> >>");
    let draft = signed_over(&[field, &widget, FORM_OBJECT], "");
    let filled = field.replace("/FT", "/V (x) /FT");
    let drawn = FORM_OBJECT.replace("\nn\n", "\nf\n");
    let report = after(&draft, &[(7, &filled), (9, &drawn)]);
    assert_eq!(report.conclusion, Conclusion::Passed, "{report}");
    // Without a value it is a change of what was signed.
    assert_eq!(codes(&after(&draft, &[(9, &drawn)])), ["mod.forbidden"]);
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
