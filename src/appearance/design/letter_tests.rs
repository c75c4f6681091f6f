//! Letters that are more than a character, and letters that leave no room.

use sealwright_testdata::font::NOTO_SERIF_SC;

use super::*;
use crate::appearance::artwork::Step;
use crate::authorization::TaxNumber;

fn font(bytes: &[u8]) -> Font {
    Font::from_bytes(bytes, 0).unwrap()
}

/// Left, bottom, right, top in hundred-thousandths of the seal.
fn edges(shape: &[Step]) -> [i32; 4] {
    let of = |step: &Step| match *step {
        Step::Move(to) | Step::Line(to) => vec![to],
        Step::Curve(first, second, to) => vec![first, second, to],
        Step::Close => vec![],
    };
    let none = [i32::MAX, i32::MAX, i32::MIN, i32::MIN];
    shape
        .iter()
        .flat_map(of)
        .fold(none, |[l, b, r, t], [x, y]| [l.min(x), b.min(y), r.max(x), t.max(y)])
}

#[test]
fn a_selector_takes_no_place_and_is_no_character_that_a_font_lacks() {
    let artwork = |name: &str| {
        let seal = RoundSeal::new(name, SealSize::round(42)).unwrap();
        seal.artwork(&font(NOTO_SERIF_SC)).unwrap()
    };
    let (plain, selected) = (artwork("江州公司"), artwork("江\u{E0100}州公\u{FE00}司"));
    assert_eq!(plain.shapes, selected.shapes, "the usual form, where the font has no other");
    assert_eq!(selected.text, "江\u{E0100}州公\u{FE00}司");
}

#[test]
fn a_closing_counts_letters_and_not_characters() {
    let text = |name: &str| {
        let seal = NameSeal::square(name, Closing::Fitting, SealSize::round(20)).unwrap();
        seal.artwork(&font(NOTO_SERIF_SC)).unwrap().text
    };
    assert_eq!(text("李\u{E0100}王"), "李\u{E0100}王之印");
    assert_eq!(text("李王\u{200B}"), "李王之印");
}

#[test]
fn scripts_that_join_or_run_the_other_way_are_refused_as_in_a_text() {
    let size = SealSize::round(42);
    for name in ["شىنجاڭ", "新疆شىنجاڭ公司", "བོད་ལྗོངས", "甲\u{301}方"]
    {
        let error = RoundSeal::new(name, size).unwrap_err();
        assert_eq!(error.code(), "text.script");
        assert!(RoundSeal::new("公司", size).unwrap().line(name).is_err());
        assert!(NameSeal::square(name, Closing::Fitting, SealSize::round(20)).is_err());
    }
}

/// As file systems hand names over.
#[test]
fn a_letter_that_was_taken_apart_is_the_same_letter_on_a_seal() {
    let fonts = font(sealwright_testdata::font::DEJAVU_SANS);
    let artwork = |name: &str| {
        let seal = RoundSeal::new(name, SealSize::round(42)).unwrap();
        seal.line(name).unwrap().artwork(&fonts).unwrap()
    };
    let (whole, apart) = (artwork("Café"), artwork("Cafe\u{301}"));
    assert_eq!(whole.shapes, apart.shapes);
    assert_eq!(apart.text, whole.text);
    assert_ne!(whole.shapes, artwork("Cafe").shapes);
}

#[test]
fn r_seal_10_the_longest_tax_number_stands_clear_of_the_name() {
    let number = TaxNumber::parse("12345678901234567890").unwrap();
    for name in ["江州澄砚(深圳)信息技术公司", "北京技术有限公司"] {
        let seal = OvalSeal::invoice(name, &number).unwrap();
        let artwork = seal.artwork(&font(NOTO_SERIF_SC)).unwrap();
        let letters = name.chars().count();
        let digits = &artwork.shapes[1 + letters..1 + letters + 20];
        let (left, right) = (edges(&digits[0])[0], edges(&digits[19])[2]);
        let width = f64::from(right - left) / 1e5 * 40.0;
        assert!((24.5..=26.0).contains(&width), "{width} mm, not more than the form's 26");
        for pair in digits.windows(2) {
            assert!(edges(&pair[0])[2] < edges(&pair[1])[0], "digits do not touch");
        }
    }
}

#[test]
fn an_invoice_seal_keeps_its_number_and_its_text() {
    let number = TaxNumber::parse("91350100M000100Y43").unwrap();
    let invoice = || OvalSeal::invoice("北京技术有限公司", &number).unwrap();
    let taken = [
        invoice().line("财务部").unwrap_err(),
        invoice().star(Mm(9.0)).unwrap_err(),
        invoice().bottom("财务部").unwrap_err(),
    ];
    assert!(taken.iter().all(|error| error.code() == "seal.part_taken"));
    assert!(taken[0].to_string().contains("a tax number in the middle"), "{}", taken[0]);
    let oval = OvalSeal::new("北京技术有限公司", SealSize { width: 45, height: 30 }).unwrap();
    let lined = oval.line("财务专用章").unwrap();
    assert_eq!(lined.clone().star(Mm(9.0)).unwrap_err().code(), "seal.part_taken");
    assert!(lined.bottom("(1)").is_ok());
}
