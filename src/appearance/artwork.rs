//! Filled shapes in one colour, in integers: what a generated seal consists of.

use std::fmt::Write;

use crate::authorization::{SealColour, SealSize};

/// A point in hundred-thousandths of the width and of the height, from the lower left corner.
pub(super) type Point = [i32; 2];

/// One step of an outline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// An outline starts here.
    Move(Point),
    /// A straight line to here.
    Line(Point),
    /// A cubic Bézier curve over two control points to the third.
    Curve(Point, Point, Point),
    /// Back to the start of the outline.
    Close,
}

/// Outlines filled together by the nonzero rule: a letter, a ring, a star.
pub(super) type Shape = Vec<Step>;

/// A drawing in one colour and its physical size.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Artwork {
    pub(super) size: SealSize,
    pub(super) colour: SealColour,
    /// What is to be read on it.
    pub(super) text: String,
    pub(super) shapes: Vec<Shape>,
}

/// The ink of a colour, in light.
pub(super) fn ink(colour: SealColour) -> [u8; 3] {
    match colour {
        SealColour::Blue => [0x1F, 0x3F, 0xA8],
        SealColour::Black => [0x12, 0x12, 0x12],
        _ => [0xD8, 0x1E, 0x24],
    }
}

impl Artwork {
    /// Its width and height.
    pub(super) fn thousandths_of_mm(&self) -> [i64; 2] {
        [self.size.width, self.size.height].map(|side| i64::from(side) * 1_000)
    }

    /// The content of the form XObject that paints it in a square of 1000 by 1000 units, wherever
    /// it is drawn and however that is stretched ([`VectorFace`](crate::statement::VectorFace)). The text goes along as
    /// `/ActualText` (ISO 32000-2 §14.9.4).
    pub(super) fn content(&self) -> Vec<u8> {
        let mut content = String::from("/Span << /ActualText <FEFF");
        // Writing to a string cannot fail, here and below.
        for unit in self.text.encode_utf16() {
            let _ = write!(content, "{unit:04X}");
        }
        content.push_str("> >> BDC\nq\n");
        let [red, green, blue] = ink(self.colour).map(|part| u32::from(part) * 1_000 / 255);
        let thousandths = |value: u32| decimal(i64::from(value), 3);
        let colour = [red, green, blue].map(thousandths).join(" ");
        let _ = writeln!(content, "{colour} rg");
        for shape in &self.shapes {
            for step in shape {
                let _ = match *step {
                    Step::Move(to) => writeln!(content, "{} m", units(to)),
                    Step::Line(to) => writeln!(content, "{} l", units(to)),
                    Step::Curve(first, second, to) => {
                        writeln!(content, "{} {} {} c", units(first), units(second), units(to))
                    }
                    Step::Close => writeln!(content, "h"),
                };
            }
            content.push_str("f\n");
        }
        content.push_str("Q\nEMC\n");
        content.into_bytes()
    }
}

/// Two numbers of the form's square.
fn units([x, y]: Point) -> String {
    let unit = |value: i32| decimal(i64::from(value), 2);
    format!("{} {}", unit(x), unit(y))
}

/// An integer with so many of its digits behind the point, as short as it can be written.
pub(super) fn decimal(value: i64, places: u32) -> String {
    let scale = 10_i64.pow(places);
    let (whole, rest) = (value.abs() / scale, value.abs() % scale);
    let sign = if value < 0 { "-" } else { "" };
    if rest == 0 {
        return format!("{sign}{whole}");
    }
    let width = usize::try_from(places).unwrap_or(0);
    let rest = format!("{rest:0width$}");
    format!("{sign}{whole}.{}", rest.trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn artwork() -> Artwork {
        let shape = vec![
            Step::Move([0, 0]),
            Step::Line([100_000, 0]),
            Step::Curve([100_000, 50_050], [50_000, 99_999], [5, 100_000]),
            Step::Close,
        ];
        let (size, colour) = (SealSize { width: 40, height: 30 }, SealColour::Red);
        Artwork { size, colour, text: "章𠮷".into(), shapes: vec![shape] }
    }

    #[test]
    fn the_content_is_written_with_decimals_and_nothing_else() {
        assert_eq!(
            String::from_utf8(artwork().content()).unwrap(),
            "/Span << /ActualText <FEFF7AE0D842DFB7> >> BDC\nq\n0.847 0.117 0.141 rg\n0 0 m\n\
             1000 0 l\n1000 500.5 500 999.99 0.05 1000 c\nh\nf\nQ\nEMC\n"
        );
    }

    #[test]
    fn decimals_are_short() {
        for (value, text) in [(0, "0"), (5, "0.05"), (-150, "-1.5"), (100, "1"), (-1, "-0.01")] {
            assert_eq!(decimal(value, 2), text);
        }
    }
}
