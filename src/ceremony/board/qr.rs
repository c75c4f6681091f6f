//! The code that a signer scans (签署二维码), drawn as one path.

use std::fmt::Write as _;

use qrcode::{Color, EcLevel, QrCode};

use super::super::error::Error;
use super::drawing::{Area, Drawing};

/// The most bytes of a payload: a code with more has modules too small to be read across a room.
const MOST_BYTES: usize = 800;

/// The white margin that the norm wants on every side, in modules (ISO/IEC 18004).
const QUIET: usize = 4;

/// A code and what stands under it.
#[derive(Clone, Debug)]
pub(super) struct Qr {
    pub(super) caption: String,
    modules: usize,
    path: String,
}

impl Qr {
    /// # Errors
    ///
    /// [`Error::QrPayload`].
    pub(super) fn of(caption: &str, payload: &str) -> Result<Self, Error> {
        let refused = Error::QrPayload { found: payload.len(), most: MOST_BYTES };
        if payload.is_empty() || payload.len() > MOST_BYTES {
            return Err(refused);
        }
        let level = EcLevel::M;
        let code = QrCode::with_error_correction_level(payload, level).map_err(|_| refused)?;
        let modules = code.width();
        let dark: Vec<bool> = code.to_colors().into_iter().map(|one| one == Color::Dark).collect();
        Ok(Self { caption: caption.to_owned(), modules, path: path(&dark, modules) })
    }

    /// Black on white, in the square in the middle of the area.
    pub(super) fn draw(&self, on: &mut Drawing, area: Area) {
        let Area { x, y, width, .. } = area.square(i64::MAX);
        let (whole, quiet, path) = (self.modules + 2 * QUIET, QUIET, &self.path);
        on.raw(&format!(
            "<svg x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{width}\" \
             viewBox=\"-{quiet} -{quiet} {whole} {whole}\">\
             <rect x=\"-{quiet}\" y=\"-{quiet}\" width=\"{whole}\" height=\"{whole}\" \
             fill=\"#ffffff\"/><path fill=\"#000000\" d=\"{path}\"/></svg>\n"
        ));
    }
}

/// Every run of dark modules in a row as one rectangle.
fn path(dark: &[bool], modules: usize) -> String {
    let mut path = String::new();
    for (y, row) in dark.chunks(modules.max(1)).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|one, next| one == next) {
            let length = run.len();
            if run.first() == Some(&true) {
                // Writing into a String does not fail.
                let _ = write!(path, "M{x} {y}h{length}v1h-{length}z");
            }
            x += length;
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The modules that a path draws.
    fn drawn(qr: &Qr) -> Vec<Vec<bool>> {
        let mut modules = vec![vec![false; qr.modules]; qr.modules];
        for run in qr.path.split('z').filter(|run| !run.is_empty()) {
            let numbers = run.trim_start_matches('M').replace(['h', 'v'], " ");
            let numbers: Vec<i64> = numbers.split(' ').map(|one| one.parse().unwrap()).collect();
            let [x, y, right, 1, back] = numbers[..] else { panic!("{run}") };
            assert_eq!(right, -back);
            for module in &mut modules[y as usize][x as usize..(x + right) as usize] {
                assert!(!*module, "drawn twice");
                *module = true;
            }
        }
        modules
    }

    /// Eyes in three corners, the alternating lines between them, and the one module that is always
    /// dark.
    #[test]
    fn s44_the_path_draws_the_modules_of_a_code() {
        for payload in ["a", &"https://sign.example/q/".repeat(9), &"签".repeat(200)] {
            let qr = Qr::of("", payload).unwrap();
            let dark = drawn(&qr);
            let last = qr.modules - 7;
            assert_eq!((qr.modules - 17) % 4, 0);
            for (left, top) in [(0, 0), (last, 0), (0, last)] {
                for (y, x) in (0..7).flat_map(|y| (0..7).map(move |x| (y, x))) {
                    let ring = [x, y, 6 - x, 6 - y].into_iter().min().unwrap();
                    assert_eq!(dark[top + y][left + x], ring != 1, "{payload} {x} {y}");
                }
            }
            let timing: Vec<bool> = (8..qr.modules - 8).map(|along| along % 2 == 0).collect();
            let down: Vec<bool> = dark.iter().map(|row| row[6]).collect();
            assert_eq!(dark[6][8..qr.modules - 8], timing);
            assert_eq!(down[8..qr.modules - 8], timing);
            assert!(dark[qr.modules - 8][8]);
        }
    }

    #[test]
    fn s44_a_code_has_its_quiet_zone_and_full_contrast() {
        let qr = Qr::of("", "text").unwrap();
        let mut drawing = Drawing::default();
        qr.draw(&mut drawing, Area::new(10, 20, 300, 200));
        let drawn = drawing.finish();
        let whole = qr.modules + 8;
        assert!(drawn.contains(&format!("viewBox=\"-4 -4 {whole} {whole}\"")), "{drawn}");
        assert!(drawn.contains("fill=\"#ffffff\"") && drawn.contains("fill=\"#000000\""));
        assert!(drawn.contains("x=\"60\" y=\"20\" width=\"200\" height=\"200\""));
    }

    #[test]
    fn s44_a_text_that_no_code_holds_is_refused() {
        for text in [String::new(), "x".repeat(801), "x".repeat(1_000_000)] {
            assert_eq!(Qr::of("", &text).unwrap_err().code(), "cer.qr_payload");
        }
        assert!(Qr::of("", &"x".repeat(800)).is_ok());
    }
}
