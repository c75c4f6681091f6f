//! R-CTL-11, kind by kind: what is a value and what is none.

use time::{Date, Month};

use super::kind::tests::every_kind;
use super::{
    CheckBoxGroup, ControlKind, DateFormat, Fact, FilledRows, Input, NumberStyle, Picture,
    PictureFormat, SelectorStyle, TableStyle, TextStyle, Value,
};
use crate::digest::{Digest, DigestAlgorithm};
use crate::geometry::{Pt, Rect};

fn read(kind: &ControlKind, text: &str) -> Result<String, &'static str> {
    let value = kind.read(&Input::text(text)).map_err(|error| error.code())?;
    Ok(value.written(DateFormat::Hyphens).unwrap_or_else(|| format!("{value:?}")))
}

#[track_caller]
fn refused(kind: &ControlKind, texts: &[&str]) {
    for text in texts {
        assert_eq!(read(kind, text), Err("ctl.value_invalid"), "{} {text:?}", kind.code());
    }
}

#[test]
fn r_ctl_11_text_of_one_line_and_of_several() {
    let (one, several) =
        (ControlKind::Text(TextStyle::default()), ControlKind::MultiLineText(TextStyle::default()));
    assert_eq!(read(&one, "上海"), Ok("上海".into()));
    assert_eq!(read(&several, "a\nb"), Ok("a\nb".into()));
    refused(&one, &["", " ", "a\nb", "a\tb", &"字".repeat(501)]);
    refused(&several, &["", "\n", "a\rb", &"字".repeat(5001)]);
}

#[test]
fn r_ctl_11_boxes() {
    assert_eq!(ControlKind::CheckBox.read(&Input::text("false")), Ok(Value::Checked(false)));
    refused(&ControlKind::CheckBox, &["", "True", "1", "yes", " true"]);
    let rect = Rect::new(Pt(0.0), Pt(0.0), Pt(9.0), Pt(9.0)).unwrap();
    let group = CheckBoxGroup::new([rect, rect]).unwrap();
    let both = Input::texts(["true", "true"]);
    let kind = ControlKind::CheckBoxGroup(group.clone());
    assert_eq!(kind.read(&both), Ok(Value::Ticked(vec![true, true])));
    let one = ControlKind::CheckBoxGroup(group.only_one());
    assert_eq!(one.read(&both).unwrap_err().code(), "ctl.value_invalid");
    assert!(one.read(&Input::texts(["false", "true"])).is_ok());
    assert!(one.read(&Input::texts(["true"])).is_err());
    assert!(one.read(&Input::text("true")).is_err());
}

#[test]
fn r_ctl_11_options() {
    let style = SelectorStyle::of(["同意", "不同意"]).unwrap();
    let one = ControlKind::Selector(style.clone());
    assert_eq!(read(&one, "同意"), Ok("同意".into()));
    refused(&one, &["", "弃权", "同意 "]);
    let both = Input::texts(["同意", "不同意"]);
    assert!(one.read(&both).is_err());
    let several = ControlKind::Selector(style.several());
    assert!(several.read(&both).is_ok());
    assert!(several.read(&Input::texts(["同意", "同意"])).is_err());
    assert!(several.read(&Input::texts([""; 0])).is_err());
}

#[test]
fn r_ctl_11_dates_and_numbers() {
    let date = ControlKind::Date { format: DateFormat::Chinese, style: TextStyle::default() };
    assert_eq!(read(&date, "2026年1月5日"), Ok("2026-1-5".into()));
    refused(&date, &["", "2026-1-5", "2026年2月30日"]);
    let any = ControlKind::Number(NumberStyle::default());
    for (given, expected) in
        [("1", "1"), ("-0012.50", "-12.50"), ("000", "0"), (" 7 ", "7"), ("0.0001", "0.0001")]
    {
        assert_eq!(read(&any, given), Ok(expected.into()));
    }
    refused(&any, &["", "-", ".5", "5.", "1e3", "1,000", "１", "+1", "--1", &"1".repeat(39)]);
    let money = ControlKind::Number(NumberStyle { decimals: Some(2), ..NumberStyle::default() });
    assert!(read(&money, "1.50").is_ok());
    refused(&money, &["1.505"]);
}

#[test]
fn r_ctl_11_pictures() {
    let digest = Digest::of(DigestAlgorithm::Sha256, b"picture");
    let picture = |format, length| Picture { digest, format, length };
    let sound = picture(PictureFormat::Jpeg, 5 << 20);
    for kind in [ControlKind::Image(Default::default()), ControlKind::Attachment] {
        assert!(kind.read(&Input::pictures([sound; 6])).is_ok());
        for wrong in [
            vec![],
            vec![sound; 7],
            vec![sound, picture(PictureFormat::Other, 1)],
            vec![picture(PictureFormat::Png, (5 << 20) + 1)],
        ] {
            let error = kind.read(&Input::pictures(wrong)).unwrap_err();
            assert_eq!(error.code(), "ctl.value_invalid");
        }
        assert!(kind.read(&Input::text("a.png")).is_err());
    }
}

#[test]
fn r_ctl_11_tables() {
    let table = ControlKind::Table(TableStyle::of(["品名", "数量"]).unwrap());
    let rows =
        |rows: &[&[&str]]| Input::rows(FilledRows::new(rows.iter().map(|row| row.iter().copied())));
    assert!(table.read(&rows(&[&["苹果", "3"], &["", ""]])).is_ok());
    for wrong in [rows(&[]), rows(&[&["苹果"]]), rows(&[&["苹果", &"字".repeat(501)]])] {
        assert_eq!(table.read(&wrong).unwrap_err().code(), "ctl.value_invalid");
    }
}

#[test]
fn r_ctl_11_facts_go_through_the_validators_of_identity() {
    let fact = |fact: Fact| ControlKind::Fact(fact.into());
    assert_eq!(read(&fact(Fact::Mobile), "+86 138-0000-0000"), Ok("13800000000".into()));
    refused(&fact(Fact::Mobile), &["", "12800000000", "1380000000"]);
    assert_eq!(read(&fact(Fact::IdNumber), "11010519491231002x"), Ok("11010519491231002X".into()));
    assert!(read(&fact(Fact::IdNumber), "H1234567890").is_ok());
    refused(&fact(Fact::IdNumber), &["", "110105194912310021", "H123"]);
    assert!(read(&fact(Fact::Email), "a@example.com").is_ok());
    refused(&fact(Fact::Email), &["", "a@", "example.com"]);
    assert!(read(&fact(Fact::CreditCode), "91350100M000100Y43").is_ok());
    refused(&fact(Fact::CreditCode), &["91350100M000100Y4Z"]);
    assert!(read(&fact(Fact::OrganizationName), "上海某某(集团)有限公司").is_ok());
    assert!(read(&fact(Fact::Name), "张三").is_ok());
    refused(&fact(Fact::Name), &["", "\n"]);
    for free in [Fact::Location, Fact::Education, Fact::Gender, Fact::District] {
        assert!(read(&fact(free), "男").is_ok());
        refused(&fact(free), &[""]);
    }
}

#[test]
fn r_ctl_11_what_is_signed_takes_no_value() {
    for kind in every_kind().iter().filter(|kind| !kind.is_fill()) {
        refused(kind, &["true"]);
    }
}

#[test]
fn values_survive_storage_and_show_nothing() {
    let day = Date::from_calendar_date(987, Month::March, 4).unwrap();
    let text = ControlKind::Text(TextStyle::default()).read(&Input::text("13800000000")).unwrap();
    let table = ControlKind::Table(TableStyle::of(["a", "b"]).unwrap());
    let rows = FilledRows::new([["13800000000", "x\u{1e}y"], ["", ""]]);
    let rows = table.read(&Input::rows(rows)).unwrap();
    for value in [text, rows, Value::Date(day), Value::Ticked(vec![true, false])] {
        assert!(!format!("{value:?}").contains("138"));
        let json = serde_json::to_string(&value).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&json).unwrap(), value, "{json}");
    }
    let error = ControlKind::CheckBox.read(&Input::text("13800000000")).unwrap_err();
    assert!(!error.to_string().contains("138") && !format!("{error:?}").contains("138"));
}
