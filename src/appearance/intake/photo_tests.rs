//! Photographs and scans, made up: a seal on paper that is not white and not evenly lit.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageFormat, Rgba, RgbaImage};
use sealwright_testdata::faces::upright_png;
use sealwright_testdata::seal;

use super::*;
use crate::digest::{Digest, DigestAlgorithm};

const SIDE: u32 = 520;
const NAME: &str = "江州澄砚信息技术有限公司";

/// Red, green, blue of paper in daylight.
const PAPER: [f64; 3] = [232.0, 226.0, 212.0];

struct Photo {
    /// How much darker the paper is at the lower right, as a share.
    shade: f64,
    /// How far pixels are off at random.
    noise: f64,
    /// Lines of black text under the seal.
    text: bool,
    /// Pixels around the seal.
    margin: u32,
}

impl Photo {
    const SCAN: Self = Self { shade: 0.0, noise: 2.0, text: false, margin: 30 };
    const PHONE: Self = Self { shade: 0.35, noise: 5.0, text: true, margin: 60 };

    fn side(&self) -> u32 {
        SIDE + 2 * self.margin
    }

    fn coverage(&self) -> Vec<u8> {
        let (side, seal) = (self.side(), seal::coverage(NAME, SIDE as usize));
        let inside = |at: u32| (self.margin..self.margin + SIDE).contains(&at);
        (0..side * side)
            .map(|index| (index % side, index / side))
            .map(|(x, y)| {
                let at = |x: u32, y: u32| ((y - self.margin) * SIDE + x - self.margin) as usize;
                if inside(x) && inside(y) { seal[at(x, y)] } else { 0 }
            })
            .collect()
    }

    fn pixels(&self) -> Vec<u8> {
        let side = self.side();
        let mut random = 1_u32;
        let mut pixels = Vec::new();
        for (index, share) in self.coverage().into_iter().enumerate() {
            let (x, y) = (index as u32 % side, index as u32 / side);
            let light = 1.0 - self.shade * f64::from(x + 2 * y) / f64::from(3 * side);
            let share = f64::from(share) / 255.0;
            let text = self.text && y % 40 < 5 && x % 17 < 12;
            for (paper, ink) in PAPER.iter().zip([205.0, 40.0, 45.0]) {
                random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let noise = (f64::from(random >> 16) / 32_768.0 - 1.0) * self.noise;
                let ground = if text { 40.0 } else { *paper };
                let mixed = (ground + (ink - ground) * share * 0.9) * light + noise;
                pixels.push(mixed.clamp(0.0, 255.0) as u8);
            }
        }
        pixels
    }

    fn jpeg(&self) -> Vec<u8> {
        let (side, mut bytes) = (self.side(), Vec::new());
        JpegEncoder::new_with_quality(&mut bytes, 88)
            .encode(&self.pixels(), side, side, ExtendedColorType::Rgb8)
            .unwrap();
        bytes
    }
}

/// The face's own pixels.
fn shown(face: &SealFace) -> RgbaImage {
    let svg = face.to_svg().unwrap();
    let data = svg.split_once("base64,").unwrap().1.split_once('"').unwrap().0;
    let digit = |character: u8| match character {
        b'A'..=b'Z' => u32::from(character - b'A'),
        b'a'..=b'z' => u32::from(character - b'a') + 26,
        b'0'..=b'9' => u32::from(character - b'0') + 52,
        b'+' => 62,
        b'/' => 63,
        _ => 0,
    };
    let of_four = |four: &[u8]| {
        let bits = four.iter().fold(0, |bits, character| bits << 6 | digit(*character));
        bits.to_be_bytes()[1..].to_vec()
    };
    let png: Vec<u8> = data.as_bytes().chunks(4).flat_map(of_four).collect();
    image::load_from_memory(&png).unwrap().into_rgba8()
}

fn intake() -> SealIntake {
    SealIntake::new(Mm(42.0))
}

fn codes(taken: &TakenSeal) -> Vec<&'static str> {
    taken.warnings().iter().map(Warning::code).collect()
}

/// The mean difference between what was stamped and what was found, of 255.
fn error(photo: &Photo, taken: &TakenSeal) -> f64 {
    let found = shown(taken.face());
    let stamped = photo.coverage();
    assert_eq!(found.pixels().len(), stamped.len());
    let off = found.pixels().zip(&stamped).map(|(pixel, share)| pixel.0[3].abs_diff(*share));
    off.map(f64::from).sum::<f64>() / stamped.len() as f64
}

#[test]
fn white_background_hides_text_unless_it_is_removed() {
    let scan = Photo::SCAN;
    let as_it_is = intake().take(&scan.jpeg()).unwrap();
    assert!(codes(&as_it_is).contains(&"W-SEAL-NO-ALPHA"));
    assert!(as_it_is.steps().is_empty() && !as_it_is.face().is_transparent());

    let clean = intake().without_paper().take(&scan.jpeg()).unwrap();
    let Step::PaperRemoved { paper } = clean.steps()[0] else { panic!("{:?}", clean.steps()) };
    for (found, real) in paper.iter().zip(PAPER) {
        assert!((f64::from(*found) - real).abs() < 5.0, "{paper:?}");
    }
    assert!(codes(&clean).iter().all(|code| *code != "W-SEAL-NO-ALPHA"));
    assert!(error(&scan, &clean) < 6.0, "{}", error(&scan, &clean));
    // What was paper is clear altogether, not pale: half of the picture at least.
    let picture = shown(clean.face());
    let clear = picture.pixels().filter(|pixel| pixel.0[3] == 0).count();
    assert!(clear * 2 > picture.pixels().len());
}

#[test]
fn a_photograph_on_uneven_paper_with_text_gives_the_seal_alone() {
    let photo = Photo::PHONE;
    let taken = intake().without_paper().in_seal_red().take(&photo.jpeg()).unwrap();
    assert!(error(&photo, &taken) < 7.0, "{}", error(&photo, &taken));
    let Step::Coloured { colour: SealColour::Red, others_per_mille } = taken.steps()[1] else {
        panic!("{:?}", taken.steps());
    };
    assert!(others_per_mille > 200, "the text went, and is said to have gone: {others_per_mille}");
    let picture = shown(taken.face());
    let red = crate::appearance::artwork::ink(SealColour::Red);
    assert!(picture.pixels().filter(|pixel| pixel.0[3] > 0).all(|pixel| pixel.0[..3] == red));
    // Soft edges stay soft.
    let soft = picture.pixels().filter(|pixel| (30..225).contains(&pixel.0[3])).count();
    assert!(soft * 200 > picture.pixels().len(), "{soft}");
}

#[test]
fn trimming_leaves_the_seal_and_says_what_went() {
    let photo = Photo { margin: 80, ..Photo::SCAN };
    let taken = intake().without_paper().trimmed().take(&photo.jpeg()).unwrap();
    let Step::Trimmed { margins } = taken.steps()[1] else { panic!("{:?}", taken.steps()) };
    // The ring of the test's seal ends half a millimetre before its picture does.
    assert!(margins.iter().all(|margin| (76..=86).contains(margin)), "{margins:?}");
    let (width, height) = taken.face().pixels();
    assert_eq!(width, photo.side() - margins[0] - margins[2]);
    assert!(width.abs_diff(height) <= 3);
    assert!(codes(&taken).is_empty(), "{:?}", taken.warnings());
}

#[test]
fn the_source_digest_is_that_of_what_was_uploaded() {
    let jpeg = Photo::SCAN.jpeg();
    let plain = intake().take(&jpeg).unwrap();
    let clean = intake().without_paper().in_seal_red().trimmed().take(&jpeg).unwrap();
    let digest = Digest::of(DigestAlgorithm::Sha256, &jpeg);
    assert_eq!((plain.face().source_digest(), clean.face().source_digest()), (&digest, &digest));
    assert_ne!(plain.face().face_digest(), clean.face().face_digest());
    let untouched = SealFace::from_image(&jpeg, Mm(42.0)).unwrap();
    assert_eq!(plain.face().face_digest(), untouched.face_digest(), "nothing changes silently");
}

fn png(image: &RgbaImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    image.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).unwrap();
    bytes
}

#[test]
fn stamp_cut_or_deformed_is_said() {
    // A disc whose right part is beyond the picture.
    let disc = |width: u32, stretch: f64| {
        RgbaImage::from_fn(width, 600, |x, y| {
            let (x, y) = (f64::from(x) / stretch - 300.0, f64::from(y) - 300.0);
            Rgba([216, 30, 36, if x * x + y * y < 280.0 * 280.0 { 255 } else { 0 }])
        })
    };
    let whole = intake().take(&png(&disc(600, 1.0))).unwrap();
    assert!(codes(&whole).is_empty(), "{:?}", whole.warnings());
    let cut = intake().take(&png(&disc(500, 1.0))).unwrap();
    assert!(cut.warnings().contains(&Warning::Cut { edges: [false, false, true, false] }));
    let wide = intake().take(&png(&disc(720, 1.2))).unwrap();
    assert!(matches!(wide.warnings()[0], Warning::NotRound { width, height } if width > height));
    // It is said, and not mended: the face keeps the proportions of the picture.
    assert_eq!(wide.face().size().to_string(), "119.055 x 99.213");
    let oval = intake().shape(SealShape::Ellipse).take(&png(&disc(720, 1.2))).unwrap();
    assert!(codes(&oval).is_empty());
}

#[test]
fn pictures_that_are_small_grey_or_without_paper_are_warned_of() {
    let dpi = |width| {
        let taken = intake().shape(SealShape::Rectangle).take(&upright_png(width)).unwrap();
        codes(&taken).contains(&"W-SEAL-LOW-RESOLUTION").then(|| taken.warnings()[1])
    };
    let low = |dpi, below| Some(Warning::LowResolution { dpi, below });
    // Twenty times so many pixels over 42 mm; the triangle reaches all four edges.
    assert_eq!(dpi(10), low(120, 150));
    assert_eq!(dpi(20), low(241, 300));
    assert_eq!(dpi(25), None);
    let grey = seal::grey_png(NAME, 600);
    assert_eq!(codes(&intake().take(&grey).unwrap()), ["W-SEAL-NOT-RED"]);
    let red = intake().without_paper().take(&seal::transparent_png(NAME, 600)).unwrap();
    assert_eq!((codes(&red), red.steps().len()), (vec!["W-SEAL-PAPER-NOT-FOUND"], 0));
    let white = RgbaImage::from_pixel(600, 600, Rgba([250, 250, 250, 255]));
    let nothing = intake().without_paper().take(&png(&white)).unwrap();
    let expected = ["W-SEAL-PAPER-UNCLEAR", "W-SEAL-NO-ALPHA", "W-SEAL-NOT-RED"];
    assert_eq!(codes(&nothing), expected);
}

#[test]
fn a_blue_seal_stays_blue_or_becomes_what_is_asked_for() {
    let side = 600;
    let mut pixels = Vec::new();
    for share in seal::coverage(NAME, side) {
        let mixed = |ink: f64, paper: f64| paper + (ink - paper) * f64::from(share) / 255.0;
        pixels
            .extend([mixed(30.0, 240.0), mixed(60.0, 240.0), mixed(170.0, 240.0)].map(|v| v as u8));
    }
    let image = image::RgbImage::from_raw(side as u32, side as u32, pixels).unwrap();
    let blue = png(&image::DynamicImage::ImageRgb8(image).into_rgba8());
    let clean = intake().without_paper().take(&blue).unwrap();
    let [r, g, b, a] = shown(clean.face()).pixels().max_by_key(|pixel| pixel.0[3]).unwrap().0;
    assert!(a == 255 && r < 60 && g < 90 && b > 140, "{r} {g} {b}");
    assert_eq!(codes(&clean), ["W-SEAL-NOT-RED"]);
    let red = intake().without_paper().in_seal_red().take(&blue).unwrap();
    assert!(codes(&red).is_empty(), "{:?}", red.warnings());
    assert_eq!(red.steps()[1], Step::Coloured { colour: SealColour::Red, others_per_mille: 0 });
}

/// A screenshot of a seal on paper whose corners are clear, rounded or all of the way to a disc.
fn rounded(photo: &Photo, radius: f64) -> Vec<u8> {
    let side = photo.side();
    let image = image::RgbImage::from_raw(side, side, photo.pixels()).unwrap();
    let mut image = image::DynamicImage::ImageRgb8(image).into_rgba8();
    let (side, inner) = (f64::from(side), radius);
    for (x, y, pixel) in image.enumerate_pixels_mut() {
        let beyond = |at: u32| {
            let at = f64::from(at) + 0.5;
            (inner - at).max(at - (side - inner)).max(0.0)
        };
        if beyond(x).hypot(beyond(y)) > radius {
            *pixel = Rgba([0, 0, 0, 0]);
        }
    }
    png(&image)
}

#[test]
fn r_seal_16_clear_corners_are_no_transparency_and_paper_never_becomes_ink() {
    let photo = Photo::SCAN;
    let disc = f64::from(photo.side()) / 2.0;
    let ink = photo.coverage().iter().filter(|share| **share > 127).count();
    for radius in [3.0, 40.0, disc] {
        let shot = rounded(&photo, radius);
        let plain = intake().take(&shot).unwrap();
        assert!(codes(&plain).contains(&"W-SEAL-NO-ALPHA"), "{radius}");
        assert!(!plain.face().is_transparent() && plain.face().has_soft_mask());
        for colour in [SealColour::Blue, SealColour::Red] {
            let taken = intake().without_paper().in_colour(colour).take(&shot).unwrap();
            assert!(matches!(taken.steps()[0], Step::PaperRemoved { .. }), "{radius}");
            let picture = shown(taken.face());
            let opaque = picture.pixels().filter(|pixel| pixel.0[3] > 127).count();
            assert!(opaque.abs_diff(ink) * 5 < ink, "{radius}: {opaque} of {ink}");
            assert!(taken.face().is_transparent());
        }
        // Without being told to take the paper away, nothing is coloured.
        let coloured = intake().in_seal_red().take(&shot).unwrap();
        assert!(coloured.steps().is_empty());
    }
}

#[test]
fn a_framed_seal_that_fills_its_picture_is_not_taken_for_paper() {
    let framed = RgbaImage::from_fn(400, 400, |x, y| {
        let edge = x.min(y).min(399 - x).min(399 - y);
        let ink = edge < 30 || (x / 40 + y / 40) % 3 == 0;
        Rgba([205, 30, 36, if ink { 255 } else { 0 }])
    });
    let square = intake().shape(SealShape::Square);
    let taken = square.clone().without_paper().in_seal_red().take(&png(&framed)).unwrap();
    assert!(codes(&taken).contains(&"W-SEAL-PAPER-NOT-FOUND"), "{:?}", taken.warnings());
    assert!(taken.face().is_transparent());
}

#[test]
fn a_little_red_among_much_black_is_what_stays() {
    let mixed = RgbaImage::from_fn(600, 600, |x, y| match (x, y) {
        (20..580, 20..250) => Rgba([20, 20, 20, 255]),
        (20..100, 400..500) => Rgba([210, 30, 36, 255]),
        _ => Rgba([0, 0, 0, 0]),
    });
    let taken = intake().in_seal_red().take(&png(&mixed)).unwrap();
    let opaque = shown(taken.face()).pixels().filter(|pixel| pixel.0[3] > 127).count();
    assert_eq!(opaque, 80 * 100, "the text goes, though the seal is a sixteenth of it");
}

#[test]
fn what_is_known_of_a_picture_in_cmyk_is_said() {
    let cmyk = sealwright_testdata::faces::uniform_jpeg(&[0, 255, 255, 0], Some(2));
    let taken = intake().shape(SealShape::Rectangle).take(&cmyk).unwrap();
    assert_eq!(codes(&taken), ["W-SEAL-LOW-RESOLUTION", "W-SEAL-NO-ALPHA"]);
}
