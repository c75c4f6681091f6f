//! A company seal: ring, star, the company's name on an arc and a registration number below.
//!
//! [`PNG`] is the committed seal of 甲方; `cargo run -p sealwright-testdata --bin generate` makes it
//! again. The variants carry the same drawing in other image formats.

use std::f64::consts::TAU;
use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder};

use crate::contract::{PARTY_A, SEAL_MM};
use crate::font;
use crate::raster::{Outline, Pen, Point};

/// The seal of 甲方: red on transparent, [`SIDE`] pixels square.
pub const PNG: &[u8] = include_bytes!("../seal.png");

/// Pixels of [`SEAL_MM`] at 600 dpi.
pub const SIDE: usize = 992;

/// Seal red.
pub const INK: [u8; 3] = [0xD8, 0x1E, 0x24];

/// Draws [`PNG`].
pub fn generate() -> Vec<u8> {
    transparent_png(PARTY_A, SIDE)
}

/// A seal as PNG with an alpha channel.
pub fn transparent_png(name: &str, side: usize) -> Vec<u8> {
    let pixels: Vec<u8> = coverage(name, side)
        .into_iter()
        .flat_map(|alpha| [INK[0], INK[1], INK[2], alpha])
        .collect();
    encode_png(&pixels, side, ExtendedColorType::Rgba8)
}

/// A seal on white paper as PNG without an alpha channel.
pub fn opaque_png(name: &str, side: usize) -> Vec<u8> {
    encode_png(&on_paper(name, side), side, ExtendedColorType::Rgb8)
}

/// A black seal as grey PNG with an alpha channel.
pub fn grey_png(name: &str, side: usize) -> Vec<u8> {
    let pixels: Vec<u8> = coverage(name, side).into_iter().flat_map(|alpha| [0, alpha]).collect();
    encode_png(&pixels, side, ExtendedColorType::La8)
}

/// A seal on white paper as JPEG.
pub fn opaque_jpeg(name: &str, side: usize) -> Vec<u8> {
    let mut jpeg = Cursor::new(Vec::new());
    JpegEncoder::new_with_quality(&mut jpeg, 85)
        .write_image(&on_paper(name, side), side as u32, side as u32, ExtendedColorType::Rgb8)
        .expect("writing to memory");
    jpeg.into_inner()
}

/// How much ink is on each pixel of a seal, from 0 to 255, row by row.
pub fn coverage(name: &str, side: usize) -> Vec<u8> {
    let scale = side as f64 / SEAL_MM;
    let mut seal = Drawing { outline: Outline::default(), scale };
    seal.ring(20.9, 19.6);
    seal.star(6.8);
    seal.name(name);
    seal.number("9901080012026");
    seal.outline.coverage(side)
}

fn on_paper(name: &str, side: usize) -> Vec<u8> {
    let mixed = |ink: u8, alpha: u8| {
        let (ink, alpha) = (u32::from(ink), u32::from(alpha));
        ((ink * alpha + 255 * (255 - alpha) + 127) / 255) as u8
    };
    coverage(name, side).into_iter().flat_map(|alpha| INK.map(|ink| mixed(ink, alpha))).collect()
}

fn encode_png(pixels: &[u8], side: usize, color: ExtendedColorType) -> Vec<u8> {
    let mut png = Vec::new();
    PngEncoder::new_with_quality(&mut png, CompressionType::Best, FilterType::NoFilter)
        .write_image(pixels, side as u32, side as u32, color)
        .expect("writing to memory");
    png
}

/// A seal being drawn; lengths are mm.
struct Drawing {
    outline: Outline,
    scale: f64,
}

impl Drawing {
    fn ring(&mut self, outer: f64, inner: f64) {
        let center = self.pixels((0.0, 0.0));
        self.outline.circle(center, outer * self.scale, true);
        self.outline.circle(center, inner * self.scale, false);
    }

    /// A five-pointed star, one point up.
    fn star(&mut self, radius: f64) {
        // Where the sides of a regular pentagram meet.
        let inner = radius * (TAU / 20.0).sin() / (TAU * 3.0 / 20.0).sin();
        let corners: Vec<Point> = (0..10)
            .map(|corner| {
                let radius = if corner % 2 == 0 { radius } else { inner };
                let turn = f64::from(corner) * TAU / 10.0;
                self.pixels((radius * turn.sin(), radius * turn.cos()))
            })
            .collect();
        self.outline.polygon(&corners);
    }

    /// Narrow characters on the upper arc, feet towards the centre.
    fn name(&mut self, name: &str) {
        const RADIUS: f64 = 15.4;
        const HEIGHT: f64 = 6.4;
        let count = name.chars().count() as f64;
        let step = (TAU * 0.69 / (count - 1.0).max(1.0)).min(TAU / 13.0);
        let width = (step * RADIUS * 0.82).min(5.0);
        for (index, character) in name.chars().enumerate() {
            let turn = (index as f64 - (count - 1.0) / 2.0) * step;
            // The middle of an ideograph is 0.38 em above its baseline.
            self.glyph(character, (width, HEIGHT), 0.38, |(x, y)| {
                let (x, y) = (x, y + RADIUS);
                (x * turn.cos() + y * turn.sin(), y * turn.cos() - x * turn.sin())
            });
        }
    }

    /// Small digits on the lower arc, heads towards the centre.
    fn number(&mut self, number: &str) {
        const RADIUS: f64 = 18.0;
        const SIZE: f64 = 2.3;
        let count = number.len() as f64;
        for (index, digit) in number.chars().enumerate() {
            let turn = ((count - 1.0) / 2.0 - index as f64) * TAU / 52.0;
            self.glyph(digit, (SIZE, SIZE), 0.36, |(x, y)| {
                let (x, y) = (x, y - RADIUS);
                (x * turn.cos() + y * turn.sin(), y * turn.cos() - x * turn.sin())
            });
        }
    }

    /// A glyph with its em scaled to `size` and its middle, `middle` em above the baseline, at the
    /// origin of `place`.
    fn glyph(
        &mut self,
        character: char,
        size: (f64, f64),
        middle: f64,
        place: impl Fn(Point) -> Point,
    ) {
        const WEIGHT: f64 = 0.075;
        let face = font::face();
        let glyph = font::glyph(&face, character);
        let em = f64::from(face.units_per_em());
        let advance = f64::from(face.glyph_hor_advance(glyph).expect("every glyph has a width"));
        let (scale, side) = (self.scale, self.scale * SEAL_MM);
        // The font has one weight and a seal's letters are heavy: draw it again all around itself.
        for shift in 0..8 {
            let turn = f64::from(shift) * TAU / 8.0;
            let to_pixels = |(x, y): Point| {
                let x = (x - advance / 2.0) / em * size.0 + WEIGHT * turn.cos();
                let y = (y / em - middle) * size.1 + WEIGHT * turn.sin();
                let (x, y) = place((x, y));
                (x * scale + side / 2.0, side / 2.0 - y * scale)
            };
            face.outline_glyph(glyph, &mut Pen::new(&mut self.outline, to_pixels));
        }
    }

    /// From mm right of and above the centre.
    fn pixels(&self, (x, y): Point) -> Point {
        let middle = self.scale * SEAL_MM / 2.0;
        (middle + x * self.scale, middle - y * self.scale)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_seal_is_what_the_generator_draws() {
        let committed = image::load_from_memory(PNG).unwrap().into_rgba8().into_raw();
        let drawn = image::load_from_memory(&generate()).unwrap().into_rgba8().into_raw();
        assert_eq!(committed.len(), drawn.len());
        // Sines may differ in their last bit between platforms, hence a pixel's coverage by one step.
        let differs = committed.iter().zip(&drawn).position(|(a, b)| a.abs_diff(*b) > 17);
        assert_eq!(differs, None, "run `cargo run -p sealwright-testdata --bin generate`");
        assert!(PNG.len() < 60_000);
    }

    #[test]
    fn every_variant_shows_a_seal_of_the_wanted_size() {
        for maker in [transparent_png, opaque_png, grey_png, opaque_jpeg] {
            let image = image::load_from_memory(&maker(PARTY_A, 120)).unwrap();
            assert_eq!((image.width(), image.height()), (120, 120));
        }
    }
}
