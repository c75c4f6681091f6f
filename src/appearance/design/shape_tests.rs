//! What generated seals look like, measured on their outlines.

use sealwright_testdata::font::NOTO_SERIF_SC;

use super::lettering::{Lettering, Line, Place, Ring};
use super::ring::Ellipse;
use super::sheet::STAR;
use super::*;
use crate::appearance::artwork::{Artwork, Point, Step};
use crate::authorization::{SealColour, TaxNumber};

const EIGHT: &str = "北京技术有限公司";
const FOURTEEN: &str = "江州澄砚(深圳)信息技术公司";
const LONG: &str = "中国北京澄砚信息技术供应链管理服务集团股份有限公司";

fn font() -> Font {
    Font::from_bytes(NOTO_SERIF_SC, 0).unwrap()
}

fn lettering(text: &str) -> Lettering {
    Lettering::new(&font(), super::inscription::Inscription::name(text).unwrap().signs()).unwrap()
}

fn points(shape: &[Step]) -> Vec<Point> {
    let of = |step: &Step| match *step {
        Step::Move(to) | Step::Line(to) => vec![to],
        Step::Curve(first, second, to) => vec![first, second, to],
        Step::Close => vec![],
    };
    shape.iter().flat_map(of).collect()
}

/// Millimetres from the middle of the seal.
fn from_middle(artwork: &Artwork, [x, y]: Point) -> (f64, f64) {
    let (width, height) = (f64::from(artwork.size.width), f64::from(artwork.size.height));
    ((f64::from(x) / 1e5 - 0.5) * width, (f64::from(y) / 1e5 - 0.5) * height)
}

fn distance((x, y): (f64, f64)) -> f64 {
    (x * x + y * y).sqrt()
}

fn designs() -> Vec<Artwork> {
    let font = font();
    let circle = SealSize::round(42);
    let number = TaxNumber::parse("91350100M000100Y43").unwrap();
    let mut all = Vec::new();
    for name in [EIGHT, FOURTEEN, LONG] {
        for size in [38, 42, 58] {
            let seal = RoundSeal::new(name, SealSize::round(size)).unwrap();
            all.push(seal.artwork(&font).unwrap());
            let full = seal.line("合同专用章").unwrap().bottom("(1)").unwrap();
            all.push(full.code("4403050012345").unwrap().artwork(&font).unwrap());
        }
        let bare = RoundSeal::new(name, circle).unwrap().without_star();
        all.push(bare.line("财务专用章").unwrap().artwork(&font).unwrap());
        all.push(OvalSeal::invoice(name, &number).unwrap().artwork(&font).unwrap());
        let oval = OvalSeal::new(name, SealSize { width: 45, height: 30 }).unwrap();
        all.push(oval.clone().star(Mm(9.0)).unwrap().artwork(&font).unwrap());
        all.push(oval.line("人事专用章").unwrap().artwork(&font).unwrap());
    }
    for name in ["王", "王张", "李示例", "王张李陈", "中国北京上海广州深"] {
        let square = NameSeal::square(name, Closing::Fitting, SealSize::round(20)).unwrap();
        all.push(square.artwork(&font).unwrap());
    }
    all
}

#[test]
fn the_tips_of_the_star_lie_on_a_circle_and_one_points_up() {
    let seal = RoundSeal::new(EIGHT, SealSize::round(42)).unwrap();
    let artwork = seal.artwork(&font()).unwrap();
    let star: Vec<_> =
        points(&artwork.shapes[1]).into_iter().map(|at| from_middle(&artwork, at)).collect();
    assert_eq!(star.len(), 10);
    for (index, at) in star.iter().enumerate() {
        // State-owned practice: 14 mm on a seal of 42.
        let expected = if index % 2 == 0 { 7.0 } else { 7.0 * STAR };
        assert!((distance(*at) - expected).abs() < 0.001, "{index}: {at:?}");
    }
    assert!(star[0].0.abs() < 0.001 && star[0].1 > 6.999);
    let (sine, cosine) = super::ring::sine_and_cosine(0.05);
    let expected = sine / super::ring::sine_and_cosine(0.15).0;
    assert!((STAR - expected).abs() < 1e-9 && cosine > 0.0);
}

#[test]
fn stamp_cut_no_line_of_any_seal_leaves_its_box_and_no_letter_its_border() {
    for artwork in designs() {
        let border = artwork.size;
        let inside = Ellipse {
            across: f64::from(border.width) / 2.0 - 1.0,
            up: f64::from(border.height) / 2.0 - 1.0,
        };
        let round = border.width >= 38;
        for shape in &artwork.shapes {
            for at in points(shape) {
                assert!(at.iter().all(|part| (0..=100_000).contains(part)), "{at:?}");
            }
        }
        for at in artwork.shapes.iter().skip(1).flat_map(|shape| points(shape)) {
            let at = from_middle(&artwork, at);
            let inside_square = at.0.abs() <= inside.across && at.1.abs() <= inside.up;
            assert!(if round { inside.holds(at) } else { inside_square }, "{at:?} {border}");
        }
    }
}

fn boxes(shape: &[Step]) -> [i32; 4] {
    points(shape).iter().fold([i32::MAX, i32::MAX, i32::MIN, i32::MIN], |[l, b, r, t], [x, y]| {
        [l.min(*x), b.min(*y), r.max(*x), t.max(*y)]
    })
}

#[test]
fn letters_on_a_ring_stand_evenly_upright_and_never_overlap() {
    for (name, share) in [(EIGHT, 0.75), (FOURTEEN, 0.66), (LONG, 0.75)] {
        for outer in [Ellipse { across: 19.0, up: 19.0 }, Ellipse { across: 18.3, up: 13.3 }] {
            let lettering = lettering(name);
            let places = lettering.on_ring(&Ring::of_name(outer, share, 5.0)).unwrap();
            assert_eq!(places.len(), name.chars().count());
            for (index, place) in places.iter().enumerate() {
                let others = places.iter().skip(index + 1);
                for other in others {
                    assert!(!place.meets(other, 0.0), "{name}: {index}");
                }
                let ((x, y), (across, up)) = (place.stand.foot, place.stand.head);
                assert!(x * across + y * up > 0.0, "heads point outwards");
                assert!((distance(place.stand.head) - 1.0).abs() < 1e-9);
                assert!(place.height >= 1.8 && place.width <= place.height);
            }
            // From the lower left over the top to the lower right, the bottom free.
            let (first, last) = (places[0].stand, places[places.len() - 1].stand);
            assert!(first.foot.0 < 0.0 && last.foot.0 > 0.0);
            assert!((first.foot.1 - last.foot.1).abs() < 2.0);
            let lowest = places.iter().map(|place| place.stand.head.1).fold(1.0, f64::min);
            assert!(lowest > -0.75 || outer.up < outer.across, "270 degrees at most: {lowest}");
        }
    }
}

#[test]
fn a_name_of_equal_letters_is_symmetric_about_the_vertical_axis() {
    let seal = RoundSeal::new("中中中中中中中", SealSize::round(40)).unwrap();
    let artwork = seal.code("0000000").unwrap().artwork(&font()).unwrap();
    let lettering = lettering("中中中中中中中");
    let ring = Ring::of_name(Ellipse { across: 18.0, up: 18.0 }, 0.7, 6.0);
    let places = lettering.on_ring(&ring).unwrap();
    for (left, right) in places.iter().zip(places.iter().rev()) {
        assert!((left.stand.foot.0 + right.stand.foot.0).abs() < 1e-9);
        assert!((left.stand.foot.1 - right.stand.foot.1).abs() < 1e-9);
        assert!((left.stand.head.0 + right.stand.head.0).abs() < 1e-9);
    }
    // The star and the border, mirrored, are themselves.
    for shape in &artwork.shapes[..2] {
        let mut here: Vec<Point> = points(shape);
        let mut there: Vec<Point> = here.iter().map(|[x, y]| [100_000 - x, *y]).collect();
        here.sort_unstable_by_key(|[x, y]| (*y, *x));
        there.sort_unstable_by_key(|[x, y]| (*y, *x));
        let near = |a: &Point, b: &Point| (a[0] - b[0]).abs() <= 1 && (a[1] - b[1]).abs() <= 1;
        assert!(there.iter().all(|point| here.iter().any(|other| near(point, other))));
    }
}

#[test]
fn code_digits_read_from_left_to_right_along_the_bottom() {
    let seal = RoundSeal::new(EIGHT, SealSize::round(42)).unwrap().code("4403050012345").unwrap();
    let artwork = seal.artwork(&font()).unwrap();
    let code = &artwork.shapes[artwork.shapes.len() - 13..];
    let middles: Vec<i32> =
        code.iter().map(|shape| (boxes(shape)[0] + boxes(shape)[2]) / 2).collect();
    assert!(middles.is_sorted());
    assert!(code.iter().all(|shape| boxes(shape)[3] < 25_000), "below the name and the star");
    assert!((middles[0] + middles[12] - 100_000).abs() < 1_500);
}

#[test]
fn the_invoice_form_has_the_measures_of_the_tax_administration() {
    let number = TaxNumber::parse("91350100M000100Y43").unwrap();
    let seal = OvalSeal::invoice(EIGHT, &number).unwrap();
    let artwork = seal.artwork(&font()).unwrap();
    let digits = &artwork.shapes[9..27];
    let mm = |shape: &[Step]| {
        let [left, bottom, right, top] = boxes(shape);
        let (low, high) = ([left, bottom], [right, top]);
        (from_middle(&artwork, low), from_middle(&artwork, high))
    };
    let ((left, _), _) = mm(&digits[0]);
    let (_, (right, _)) = mm(&digits[17]);
    assert!((right - left - 26.0).abs() < 0.6, "{left} {right}");
    for digit in digits {
        let ((left, bottom), (right, top)) = mm(digit);
        assert!(right - left <= 1.301 && top - bottom <= 3.7001, "{}", right - left);
        assert!(top - bottom > 3.2);
    }
    // 发票专用章, 4.6 high and 3 wide at most.
    for letter in &artwork.shapes[27..] {
        let ((left, bottom), (right, top)) = mm(letter);
        assert!(right - left < 3.01 && top - bottom < 4.61 && top < -1.85);
    }
    assert_eq!(artwork.text, "北京技术有限公司 91350100M000100Y43 发票专用章");
}

#[test]
fn a_square_reads_from_top_to_bottom_and_from_right_to_left() {
    let order = |name: &str, closing| {
        let seal = NameSeal::square(name, closing, SealSize::round(20)).unwrap();
        let artwork = seal.artwork(&font()).unwrap();
        let middles: Vec<_> = artwork.shapes[1..]
            .iter()
            .map(|shape| {
                let [left, bottom, right, top] = boxes(shape);
                ((left + right) / 2 > 50_000, (bottom + top) / 2 > 50_000)
            })
            .collect();
        (artwork.text, middles)
    };
    let (right_top, right_bottom) = ((true, true), (true, false));
    let (left_top, left_bottom) = ((false, true), (false, false));
    let four = vec![right_top, right_bottom, left_top, left_bottom];
    assert_eq!(order("王张李", Closing::Fitting), ("王张李印".into(), four.clone()));
    assert_eq!(order("王张", Closing::Fitting), ("王张之印".into(), four.clone()));
    assert_eq!(order("王张李陈", Closing::Fitting), ("王张李陈".into(), four));
    let (text, places) = order("王张李", Closing::None);
    assert_eq!((text.as_str(), places.len()), ("王张李", 3));
    assert!(places[0].0 && !places[1].0 && !places[2].0, "the surname has the right column");
}

#[test]
fn r_seal_07_sizes_are_those_of_the_list_and_both_values_are_named() {
    let oval = OvalSeal::new(EIGHT, SealSize { width: 44, height: 30 }).unwrap_err();
    assert_eq!(oval.code(), "seal.size_not_in_enum");
    assert_eq!(
        oval.to_string(),
        "a generated ellipse of 44x30 mm does not exist; choose from 40x30 mm, 45x30 mm"
    );
    let square = NameSeal::square("王", Closing::None, SealSize::round(19)).unwrap_err();
    assert_eq!(square.code(), "seal.size_not_in_enum");
    assert!(NameSeal::rectangle(&["王"], SealSize { width: 101, height: 20 }).is_err());
    assert!(NameSeal::rectangle(&["王"], SealSize { width: 100, height: 10 }).is_ok());
    let unlisted = NameSeal::rectangle(&["王"], SealSize::round(30)).unwrap_err();
    assert_eq!(unlisted.code(), "seal.size_not_in_enum", "it could not be registered");
    assert!(NameSeal::rectangle(&["王", "张"], SealSize::round(20)).is_ok());
    let seal = || RoundSeal::new(EIGHT, SealSize::round(42)).unwrap();
    for weight in [0.9, 1.6, f64::NAN] {
        assert_eq!(seal().border(Mm(weight)).unwrap_err().code(), "seal.border_out_of_range");
    }
    assert_eq!(seal().star(Mm(22.0)).unwrap_err().code(), "seal.star_out_of_range");
    assert!(seal().star(Mm(21.0)).unwrap().artwork(&font()).is_ok());
}

#[test]
fn texts_are_text_and_errors_do_not_repeat_them() {
    let code = |name: &str| RoundSeal::new(name, SealSize::round(42)).unwrap_err().code();
    for name in ["", "  ", "公\n司", "公\u{0}司", &"公".repeat(61)] {
        assert_eq!(code(name), "seal.text_length");
    }
    let seal = RoundSeal::new("李示例", SealSize::round(42)).unwrap();
    assert!(!format!("{seal:?}").contains('李'));
    assert_eq!(seal.clone().code("44 03").unwrap_err().code(), "seal.code_invalid");
    assert_eq!(seal.clone().code("12345").unwrap_err().code(), "seal.code_invalid");
}

#[test]
fn characters_that_the_font_lacks_are_named_once_each() {
    let seal = RoundSeal::new("龘北龘靐京", SealSize::round(42)).unwrap();
    let error = seal.face(&font()).unwrap_err();
    assert_eq!(error.code(), "seal.glyph_missing");
    assert_eq!(error, Error::MissingGlyphs { missing: "龘靐".chars().collect() });
    assert!(error.to_string().contains("U+9F98, U+9750;"), "{error}");
    assert!(!format!("{error} {error:?}").contains('龘'), "it may be somebody's name");
}

#[test]
fn a_text_that_cannot_be_read_is_refused() {
    let size = SealSize { width: 11, height: 10 };
    let seal = NameSeal::rectangle(&["中中中中中中中中中"], size).unwrap();
    assert_eq!(seal.face(&font()).unwrap_err().code(), "seal.text_unreadable");
    let lettering = lettering(&"中".repeat(20));
    let line = Line { top: 0.0, centred: true, tallest: 4.0, widest: 0.8, gap: 0.1 };
    let narrow = Ellipse { across: 9.0, up: 9.0 };
    let crowded = lettering.on_line(&line, narrow, &[]).unwrap_err();
    assert_eq!(crowded, Error::Unreadable { characters: 20, lowest_mm: 1.8 });
    assert!(lettering.on_line(&line, Ellipse { across: 15.0, up: 9.0 }, &[]).is_ok());
}

#[test]
fn boxes_that_touch_are_found_however_they_are_turned() {
    let place = |x: f64, head: (f64, f64)| Place {
        stand: super::ring::Stand { foot: (x, 0.0), head },
        width: 2.0,
        height: 3.0,
    };
    let upright = place(0.0, (0.0, 1.0));
    assert!(upright.meets(&place(1.9, (0.0, 1.0)), 0.0));
    assert!(!upright.meets(&place(2.1, (0.0, 1.0)), 0.0));
    assert!(upright.meets(&place(2.1, (0.0, 1.0)), 0.2));
    let slanted = (0.6, 0.8);
    assert!(upright.meets(&place(1.5, slanted), 0.0) && !upright.meets(&place(1.9, slanted), 0.0));
}

/// May never change: the digest of a seal stands in contracts.
#[test]
fn the_same_seal_has_the_same_digest_on_every_machine_and_in_every_size() {
    let seal = RoundSeal::new(FOURTEEN, SealSize::round(42)).unwrap().line("合同专用章").unwrap();
    let face = seal.face(&font()).unwrap();
    assert_eq!(face.face_digest(), seal.clone().face(&font()).unwrap().face_digest());
    assert_eq!(
        face.face_digest().to_string(),
        "393e14203786295470184ca582ebc0bfc3a94932339d5e9aa8e70658f19bd0d3"
    );
    let blue = seal.colour(SealColour::Blue).face(&font()).unwrap();
    assert_ne!(face.face_digest(), blue.face_digest());
    assert_eq!(face.pixels(), (0, 0));
    assert!(face.is_transparent());
    assert_eq!(face.drawing().description(), Some("江州澄砚(深圳)信息技术公司 合同专用章"));
}

#[test]
fn the_svg_preview_is_well_formed_and_measures_millimetres() {
    let seal = OvalSeal::new("北京(深圳)<技术>&公司", SealSize { width: 45, height: 30 }).unwrap();
    let svg = seal.face(&font()).unwrap().to_svg().unwrap();
    assert!(svg.starts_with(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"45mm\" height=\"30mm\" \
         viewBox=\"0 0 45 30\">\n<title>北京(深圳)&lt;技术&gt;&amp;公司</title>\n<g fill=\"#D81E24\">\n"
    ));
    let mut open = Vec::new();
    for tag in svg.split('<').skip(1) {
        let (tag, _) = tag.split_once('>').expect("every tag ends");
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap();
        match tag.strip_prefix('/') {
            Some(_) => assert_eq!(open.pop(), Some(name)),
            None if tag.ends_with('/') => {}
            None => open.push(name),
        }
    }
    assert!(open.is_empty());
    let paths = svg.matches("<path d=\"M").count();
    assert_eq!(paths, 1 + "北京(深圳)<技术>&公司".chars().count());
}
