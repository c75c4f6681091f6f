//! Pictures that somebody has looked at once.

use std::path::Path;

use crate::pixels::Rendered;

/// A component that differs by more counts as another colour: anti-aliasing stays below.
const TOLERANCE: u8 = 48;

/// Compares with `golden/NAME.png`: one pixel in two hundred may have another colour. With the
/// environment variable `GOLDEN=write` the picture is written instead, to be looked at.
///
/// # Panics
///
/// If the pictures differ, or there is none to compare with.
#[track_caller]
pub fn golden(name: &str, picture: &Rendered) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden").join(format!("{name}.png"));
    if std::env::var_os("GOLDEN").is_some_and(|value| value == "write") {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder is made");
        std::fs::write(&path, picture.to_png()).expect("the picture is written");
        return;
    }
    let bytes = std::fs::read(&path).unwrap_or_else(|error| {
        panic!("{name}: {error}; run with GOLDEN=write, and look at what was written")
    });
    let known = image::load_from_memory(&bytes).expect("a PNG").to_rgb8();
    let size = (picture.width as u32, picture.height as u32);
    assert_eq!(known.dimensions(), size, "{name}: the size of the picture");
    let differs = |x: u32, y: u32, known: [u8; 3]| {
        let found = picture.at(x as usize, y as usize);
        found.iter().zip(known).any(|(a, b)| a.abs_diff(b) > TOLERANCE)
    };
    let other = known.enumerate_pixels().filter(|(x, y, known)| differs(*x, *y, known.0)).count();
    let all = picture.width * picture.height;
    assert!(other * 200 <= all, "{name}: {other} of {all} pixels have another colour");
}
