//! Values in fields as other programs make them: shown in several places, chosen from items.

use sealwright::report::{Conclusion, Report};
use sealwright::signing::Seal;
use sealwright::update::Value;
use sealwright_testdata::documents::{CATALOG, page_number, plain};
use sealwright_testdata::pdf::Layout;

use super::vessel::judged;
use super::*;

/// Three pages with the fields 40 and 50, each page with the widgets 41, 42, 43.
fn document(field: &str, widgets: [&str; 3], other: &str) -> Vec<u8> {
    let mut pdf = plain(3);
    pdf.append_entry(page_number(2), "/Rotate 90");
    for (index, entries) in (0..).zip(widgets) {
        let widget = 41 + index;
        pdf.append_entry(page_number(index), &format!("/Annots [{widget} 0 R]"));
        pdf.set(
            widget,
            format!(
                "<</Type/Annot/Subtype/Widget/Parent 40 0 R/F 4/Rect[72 100 192 160]{entries}>>"
            ),
        );
    }
    pdf.append_entry(CATALOG, "/AcroForm << /Fields [40 0 R 50 0 R] >>");
    pdf.set(40, format!("<<{field}/Kids[41 0 R 42 0 R 43 0 R]>>"));
    pdf.set(50, format!("<</T(group)/Kids[51 0 R]{other}>>"));
    pdf.set(51, "<</T(item)/Parent 50 0 R/FT/Ch/Subtype/Widget/Rect[1 1 9 9]>>");
    pdf.write(&Layout::default())
}

/// The document, signed once before, after the field got a value; and what its fields hold then.
fn filled(bytes: &Vec<u8>, field: &str, value: Value<'_>, draw: bool) -> Result<Filled, String> {
    let file = open(bytes);
    let first = Seal::on(&file).invisible().field("first").sign(&signer(KeyType::P256), now());
    let once = joined(bytes, first.unwrap().appended());
    let drawing = picture();
    let file = open(&once);
    let seal = Seal::on(&file).invisible().field("second");
    let signed = seal.fill(field, value, draw.then_some(&drawing));
    let signed = signed.sign(&signer(KeyType::P256), now()).map_err(|error| {
        assert!(error.to_string().len() > 20);
        error.code().to_owned()
    })?;
    let bytes = joined(&once, signed.appended());
    let report = judged(&bytes);
    Ok(Filled { bytes, report })
}

#[derive(Debug)]
struct Filled {
    bytes: Vec<u8>,
    report: Report,
}

impl Filled {
    fn value(&self, name: &str) -> Object {
        let file = open(&self.bytes);
        let fields = file.latest().fields().unwrap();
        fields.iter().find(|field| field.name == name).unwrap().value.clone().unwrap()
    }

    fn widgets(&self) -> Vec<Dictionary> {
        let file = open(&self.bytes);
        let widget =
            |number| file.latest().dictionary(sealwright::pdf::ObjectId::new(number, 0)).unwrap();
        [41, 42, 43].map(widget).to_vec()
    }
}

#[test]
fn a_value_is_drawn_in_every_widget_of_its_field() {
    let bytes = document("/FT/Tx/T(date)", [""; 3], "");
    let filled = filled(&bytes, "date", Value::Text("2026"), true).unwrap();
    assert_eq!(filled.report.conclusion, Conclusion::Passed, "{}", filled.report);
    assert_eq!(filled.report.signatures.len(), 2);
    let shown: Vec<_> = filled
        .widgets()
        .iter()
        .map(|widget| widget.get(b"AP").unwrap().as_dictionary().unwrap().reference(b"N").unwrap())
        .collect();
    assert!(shown[0] != shown[1] && shown[1] != shown[2]);
    // The third page is turned, and what is drawn there with it.
    let file = open(&filled.bytes);
    let matrix = shown.iter().map(|form| {
        let found = file.latest().get(*form).unwrap().unwrap().object.value;
        found.as_dictionary().unwrap().contains(b"Matrix")
    });
    assert_eq!(matrix.collect::<Vec<_>>(), [false, false, true]);
    keep("several-widgets.pdf", &filled.bytes);
}

#[test]
fn a_tick_is_shown_in_every_widget_of_its_field() {
    let box_of = |on: &str| format!("/AS/Off/AP<</N<</{on} 4 0 R/Off 4 0 R>>>>");
    let same = box_of("Yes");
    for draw in [true, false] {
        let bytes = document("/FT/Btn/T(yes)", [&same; 3], "");
        let filled = filled(&bytes, "yes", Value::Checked, draw).unwrap();
        assert_eq!(filled.report.conclusion, Conclusion::Passed, "{}", filled.report);
        let states: Vec<_> =
            filled.widgets().iter().map(|widget| widget.name(b"AS").unwrap().to_vec()).collect();
        assert_eq!(states, [b"Yes", b"Yes", b"Yes"]);
        assert_eq!(filled.value("yes").as_name(), Some(&b"Yes"[..]));
    }
    // Boxes that exclude each other: which one is meant?
    let bytes = document("/FT/Btn/T(yes)", [&same, &box_of("No"), &same], "");
    let refused = filled(&bytes, "yes", Value::Checked, false).err().unwrap();
    assert_eq!(refused, "ctl.field_cannot_host_signature");
}

#[test]
fn a_choice_is_one_of_the_items() {
    let items = "/Opt[(north)[(S)(south)][<FEFF4E1C><FEFF4E1C65B9>](S2)[(2)(S)]]";
    let chosen = |flags: i64, value: &str| {
        let bytes = document(&format!("/FT/Ch/T(way)/Ff {flags}{items}"), [""; 3], "");
        let filled = filled(&bytes, "way", Value::Choice(value), true)?;
        assert_eq!(filled.report.conclusion, Conclusion::Passed, "{}", filled.report);
        let value = filled.value("way");
        Ok::<_, String>(sealwright::pdf::text_string::decode(&value.as_string().unwrap().bytes))
    };
    let (combo, editable) = (1 << 17, 3 << 17);
    for (flags, value, expected) in [
        (0, "north", Ok("north")),
        (combo, "S", Ok("S")),
        // As it is shown: its export value is what the field holds.
        (combo, "south", Ok("S")),
        (combo, "东方", Ok("东")),
        (combo, "west", Err("ctl.value_invalid")),
        (combo, "North", Err("ctl.value_invalid")),
        (1 << 18, "west", Err("ctl.value_invalid")),
        (editable, "west", Ok("west")),
        (editable, "south", Ok("S")),
    ] {
        let expected = expected.map(str::to_owned).map_err(str::to_owned);
        assert_eq!(chosen(flags, value), expected, "{flags} {value}");
    }
}

#[test]
fn what_a_field_does_not_take_is_refused_before_anybody_signs() {
    let refused = |field: &str, value| {
        let bytes = document(&format!("{field}/T(date)"), [""; 3], "");
        filled(&bytes, "date", value, true).unwrap_err()
    };
    let cannot = "ctl.field_cannot_host_signature";
    assert_eq!(refused("/FT/Tx/MaxLen 3", Value::Text("2026")), "ctl.value_invalid");
    assert_eq!(refused("/FT/Tx", Value::Text("two\nlines")), "ctl.value_invalid");
    assert_eq!(refused("/FT/Tx/Ff 8192", Value::Text("2026")), cannot, "a password");
    assert_eq!(refused("/FT/Tx/Ff 33554432", Value::Text("2026")), cannot, "rich text");
    assert_eq!(refused("/FT/Tx/Ff 1", Value::Text("2026")), cannot, "read-only");
    assert_eq!(refused("/FT/Btn/Ff 65536", Value::Checked), cannot, "a push-button");
    // Several lines where the field has them.
    let bytes = document("/FT/Tx/Ff 4096/MaxLen 9/T(date)", [""; 3], "");
    assert!(filled(&bytes, "date", Value::Text("two\nlines"), true).is_ok());

    let mut pdf = plain(1);
    pdf.append_entry(page_number(0), "/Annots [40 0 R]");
    pdf.append_entry(CATALOG, "/AcroForm << /Fields [40 0 R] /XFA [] >>");
    pdf.set(40, "<</FT/Tx/T(date)/Subtype/Widget/Rect[1 1 9 9]>>");
    let bytes = pdf.write(&Layout::default());
    assert_eq!(filled(&bytes, "date", Value::Text("2026"), false).unwrap_err(), "doc.xfa");
}

#[test]
fn a_drawing_stands_as_its_widget_says() {
    let bytes = document("/FT/Tx/T(date)", ["/MK<</R 180>>", "/MK<</R 90>>", "/MK<</R 0>>"], "");
    let filled = filled(&bytes, "date", Value::Text("2026"), true).unwrap();
    assert_eq!(filled.report.conclusion, Conclusion::Passed, "{}", filled.report);
    let file = open(&filled.bytes);
    let turns = filled.widgets().into_iter().map(|widget| {
        let form = widget.get(b"AP").unwrap().as_dictionary().unwrap().reference(b"N").unwrap();
        let found = file.latest().get(form).unwrap().unwrap().object.value;
        let matrix = found.as_dictionary().unwrap().get(b"Matrix").cloned();
        matrix.map(|matrix| matrix.as_array().unwrap()[0].value.as_number().unwrap())
    });
    assert_eq!(turns.collect::<Vec<_>>(), [Some(-1.0), Some(0.0), None]);
}

#[test]
fn items_are_inherited() {
    let of = |other: &str, value| {
        let bytes = document("/FT/Tx/T(date)", [""; 3], other);
        filled(&bytes, "group.item", Value::Choice(value), false).map(|it| it.value("group.item"))
    };
    assert!(of("/Opt[(a)(b)]", "b").is_ok());
    assert_eq!(of("/Opt[(a)(b)]", "c").unwrap_err(), "ctl.value_invalid");
    assert_eq!(of("", "a").unwrap_err(), "ctl.value_invalid");
}
