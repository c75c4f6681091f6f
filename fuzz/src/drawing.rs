//! What is drawn from words, numbers and pen strokes that come from outside: fonts, values that
//! somebody fills in, parameters of seals, handwriting, and stored plans of where all of it stands.

use sealwright::appearance::design::{Closing, NameSeal, OvalSeal, RoundSeal, SealDesign};
use sealwright::appearance::{
    ControlSketcher, Dpi, Font, FontBook, Handwriting, StrokePoint, TextBlock,
};
use sealwright::authorization::{SealSize, TaxNumber};
use sealwright::contract::{self, ControlKind, FilledRows, Input, TextStyle};
use sealwright::geometry::{Mm, Pt, Size};
use sealwright::placement::PlacementPlan;
use sealwright_testdata::font::{COLLECTION, DEJAVU_SANS, NOTO_SERIF_SC};
use sealwright_testdata::handwriting;
use time::UtcOffset;

fn size(width: u8, height: u8) -> Option<Size> {
    Size::new(Pt(f64::from(width) * 4.0), Pt(f64::from(height) * 4.0)).ok()
}

fn fonts() -> FontBook {
    let font = |bytes: &[u8], index| Font::from_bytes(bytes, index).expect("a committed font");
    let fonts = FontBook::new().with(contract::Font::Song, font(NOTO_SERIF_SC, 0));
    let fonts = fonts.and_then(|fonts| fonts.with(contract::Font::Hei, font(COLLECTION, 1)));
    fonts.and_then(|fonts| fonts.with_fallback(font(DEJAVU_SANS, 0))).expect("they are free")
}

/// A font file: refused, or good for a line of text and for a seal, or refused for those.
pub fn font_file(data: &[u8]) {
    for index in 0..2 {
        let Ok(font) = Font::from_bytes(data, index) else { return };
        let seal = RoundSeal::new("Sealwright 甲方公司", SealSize::round(42)).expect("a name");
        let _ = SealDesign::from(seal).face(&font).map(|face| face.face_digest());
        let Ok(fonts) = FontBook::new().with(contract::Font::Hei, font) else { return };
        let style = TextStyle { font: contract::Font::Hei, ..TextStyle::default() };
        for text in ["AgéS 2026", "甲方盖章", "1"] {
            let block = TextBlock::line(text).style(style);
            let Some(size) = size(50, 5) else { return };
            let Ok(sketch) = block.sketch(&fonts, size) else { continue };
            let _ = sketch.drawing();
        }
    }
}

/// Two bytes of a size, a line of JSON with a kind of control, and what somebody writes into it.
pub fn value(data: &[u8]) {
    let Some(([width, height], rest)) = data.split_first_chunk::<2>() else { return };
    let end = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
    let (kind, text) = rest.split_at(end);
    let Ok(kind) = serde_json::from_slice::<ControlKind>(kind) else { return };
    let text = String::from_utf8_lossy(text.get(1..).unwrap_or_default()).into_owned();
    let Some(size) = size(*width, *height) else { return };
    let rows = FilledRows::new(text.lines().map(|line| line.split('|')));
    let fonts = fonts();
    let sketcher = ControlSketcher::new(&fonts, UtcOffset::UTC);
    for input in [Input::text(text.clone()), Input::texts(text.lines()), Input::rows(rows)] {
        let Ok(value) = kind.read(&input) else { continue };
        assert!(kind.takes(&value), "what was read is no value of its kind");
        if let Ok(Some(sketch)) = sketcher.value(&kind, &value, size, |_| None) {
            assert_eq!(sketch.size(), size);
            sketch.drawing().expect("what was set can be drawn");
        }
    }
}

/// Three bytes of a size and a weight, then the words of a seal, line by line.
pub fn seal(data: &[u8]) {
    let Some(([width, height, weight], rest)) = data.split_first_chunk::<3>() else { return };
    let text = String::from_utf8_lossy(rest);
    let lines: Vec<&str> = text.lines().collect();
    let line = |at: usize| lines.get(at).copied().unwrap_or_default();
    let size = SealSize { width: (*width).into(), height: (*height).into() };
    let weight = Mm(f64::from(*weight) / 50.0);
    let round = RoundSeal::new(line(0), size).and_then(|seal| seal.line(line(1)));
    let round = round.and_then(|seal| seal.bottom(line(2))).and_then(|seal| seal.code(line(3)));
    let round = round.and_then(|seal| seal.border(weight)).map(SealDesign::from);
    let oval = OvalSeal::new(line(0), size).and_then(|seal| seal.line(line(1)));
    let oval = oval.and_then(|seal| seal.bottom(line(2))).map(SealDesign::from);
    let invoice = TaxNumber::parse(line(1)).ok().map(|number| OvalSeal::invoice(line(0), &number));
    let invoice = invoice.into_iter().map(|seal| seal.map(SealDesign::from));
    let square = NameSeal::square(line(0), Closing::Fitting, size).map(SealDesign::from);
    let rectangle = NameSeal::rectangle(&lines, size).and_then(|seal| seal.border(weight));
    let font = Font::from_bytes(NOTO_SERIF_SC, 0).expect("a committed font");
    for design in [round, oval, square, rectangle.map(SealDesign::from)].into_iter().chain(invoice)
    {
        let Ok(face) = design.and_then(|design| design.face(&font)) else { continue };
        let again = face.to_svg();
        assert_eq!(face.to_svg().ok(), again.ok());
        let _ = face.to_png(Dpi(36));
    }
}

/// Points of seven bytes: place, time, pressure, and whether the pen was lifted before.
pub fn pen_strokes(data: &[u8]) {
    let mut strokes: Vec<Vec<StrokePoint>> = vec![Vec::new()];
    let number = |high: u8, low: u8| f64::from(i16::from_be_bytes([high, low])) / 8.0;
    let mut millis = 0_u32;
    for [x1, x0, y1, y0, time, pressure, lifted] in data.as_chunks::<7>().0 {
        millis = millis.wrapping_add(u32::from(*time).pow(3));
        let point = StrokePoint::new(number(*x1, *x0), number(*y1, *y0), millis);
        let point = match pressure {
            0 => point,
            1 => point.pressed(f64::NAN),
            _ => point.pressed(f64::from(*pressure) / 200.0),
        };
        if *lifted > 200 {
            strokes.push(Vec::new());
        }
        if let Some(stroke) = strokes.last_mut() {
            stroke.push(point);
        }
    }
    let Ok(written) = Handwriting::new(1_000.0, 400.0, strokes) else { return };
    let Some(size) = size(28, 13) else { return };
    let sketch = written.sketch(size).expect("what was accepted can be drawn");
    assert_eq!(sketch.size(), size);
    sketch.drawing().expect("what was set can be drawn");
}

/// A stored plan: refused, or it is stored again as it was.
pub fn stored_plan(data: &[u8]) {
    let Ok(plan) = serde_json::from_slice::<PlacementPlan>(data) else { return };
    let stored = serde_json::to_string(&plan).expect("a plan can be stored");
    let again: PlacementPlan = serde_json::from_str(&stored).expect("what was stored can be read");
    assert_eq!(again, plan);
}

/// Fonts with both kinds of outlines.
pub fn font_file_seeds() -> Vec<Vec<u8>> {
    [NOTO_SERIF_SC, DEJAVU_SANS, COLLECTION].map(<[u8]>::to_vec).to_vec()
}

/// One control of each kind that is written into.
pub fn value_seeds() -> Vec<Vec<u8>> {
    let kinds = [
        (ControlKind::Text(TextStyle::default()), "甲方 2026"),
        (ControlKind::MultiLineText(TextStyle::default()), "甲方\n乙方é"),
        (ControlKind::Number(Default::default()), "-1007.50"),
        (ControlKind::CheckBox, "true"),
        (
            ControlKind::Date { format: Default::default(), style: TextStyle::default() },
            "2026-01-06",
        ),
    ];
    let seed = |(kind, text): (ControlKind, &str)| {
        let kind = serde_json::to_string(&kind).expect("a kind can be stored");
        [&[50, 10], kind.as_bytes(), b"\n", text.as_bytes()].concat()
    };
    kinds.map(seed).to_vec()
}

/// A round seal with all its parts, an oval one, a name.
pub fn seal_seeds() -> Vec<Vec<u8>> {
    [
        (&[42, 42, 60][..], "北京技术有限公司\n合同专用章\n(1)\n4403050012345"),
        (&[40, 30, 50], "北京技术有限公司\n91350100M000100Y43"),
        (&[20, 20, 50], "王明"),
    ]
    .map(|(size, text)| [size, text.as_bytes()].concat())
    .to_vec()
}

/// A signature.
pub fn pen_strokes_seeds() -> Vec<Vec<u8>> {
    let mut bytes = Vec::new();
    for stroke in handwriting::signature() {
        for (index, (x, y, _)) in stroke.into_iter().enumerate() {
            bytes.extend(((x * 8.0) as i16).to_be_bytes());
            bytes.extend(((y * 8.0) as i16).to_be_bytes());
            bytes.extend([2, 120, if index == 0 { 255 } else { 0 }]);
        }
    }
    vec![bytes]
}

/// A plan of one seal.
pub fn stored_plan_seeds() -> Vec<Vec<u8>> {
    let digest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let geometry = r#"{"media_box":[0,0,595000,842000],"rotate":0,"user_unit":1000000}"#;
    let rect = r#"{"x":100000,"y":200000,"width":120000,"height":60000}"#;
    let plan = format!(
        r#"{{"format":"sealwright/placement/1","documents":[{{"id":"doc_1","digest":"sha256:{digest}",
        "page_count":3,"pages":[{{"number":3,"geometry":{geometry}}}]}}],"controls":[{{"document":
        "doc_1","control":"seal_a","owner":{{"type":"initiator"}},"kind":"seal","mode":"absolute",
        "boxes":[{{"page":3,"rect":{rect}}}]}}]}}"#
    );
    vec![plan.into_bytes()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_are_what_they_are_meant_to_be() {
        for seed in stored_plan_seeds() {
            serde_json::from_slice::<PlacementPlan>(&seed).expect("a plan");
        }
        for seed in value_seeds() {
            let line = seed[2..].split(|byte| *byte == b'\n').next().expect("a line");
            serde_json::from_slice::<ControlKind>(line).expect("a kind");
        }
        let font = Font::from_bytes(NOTO_SERIF_SC, 0).expect("a font");
        let seal = RoundSeal::new("北京技术有限公司", SealSize::round(42)).expect("a seal");
        assert!(SealDesign::from(seal).face(&font).is_ok());
    }

    /// Every byte of a seed, each replaced by a few others.
    #[test]
    fn every_byte_of_a_short_seed_may_be_wrong() {
        for (seeds, target) in [
            (value_seeds(), value as fn(&[u8])),
            (stored_plan_seeds(), stored_plan),
            (seal_seeds(), seal),
        ] {
            for seed in seeds {
                for at in (0..seed.len()).step_by(11) {
                    for value in [0x00, 0x39, 0xFF] {
                        let mut changed = seed.clone();
                        changed[at] = value;
                        target(&changed);
                    }
                }
            }
        }
    }
}
