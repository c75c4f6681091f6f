//! Image intake: strangers upload seals.

use sealwright::appearance::{Drawing, SealFace, UploadedPicture};
use sealwright::geometry::{Mm, PageGeometry, PageNumber, Rect};
use sealwright::limits::Limits;
use sealwright::placement::Placed;
use sealwright_testdata::faces;

/// Whatever the bytes are: an error, or a face whose objects are complete and the same every time.
pub fn seal_image(data: &[u8]) {
    // Small, so that a run is spent on headers and not on decompressing.
    let limits = Limits { pixels: 100_000, inflated_bytes: 1_000_000, ..Limits::default() };
    let Ok(face) = SealFace::from_image_with(data, Mm(42.0), &limits) else { return };
    let drawing = || {
        let picture = UploadedPicture::from_bytes_with(data, &limits).expect("read as a face is");
        picture.drawing(Mm(42.0)).expect("as large as the face")
    };
    let written = objects(&drawing());
    assert!(written.starts_with(b"10 0 obj\n") && written.ends_with(b"\nendobj\n"));
    let again = SealFace::from_image_with(data, Mm(42.0), &limits).expect("accepted before");
    assert_eq!(again.face_digest(), face.face_digest());
    assert_eq!(objects(&drawing()), written);
}

/// Any four numbers as a box, any rotation and unit, any rectangle: refused, or on the page and
/// found again.
pub fn page_geometry(data: &[u8]) {
    let mut numbers =
        data.as_chunks::<4>().0.iter().map(|bytes| f64::from(f32::from_le_bytes(*bytes)));
    let mut next = || numbers.next().unwrap_or(0.0);
    let (media_box, crop_box) =
        ([next(), next(), next(), next()], [next(), next(), next(), next()]);
    let (rotate, user_unit) = (i64::from(data.first().copied().unwrap_or(0)) * 90, next());
    let Ok(page) = PageGeometry::new(media_box, Some(crop_box), rotate, user_unit) else { return };
    let Ok(rect) = Rect::new(Mm(next()), Mm(next()), Mm(next()), Mm(next())) else { return };
    let Ok(placed) = Placed::on(PageNumber::new(1).expect("not zero"), &page, rect) else { return };
    let (inside, all) = (placed.user_space(), page.visible_box());
    assert!(inside.llx() >= all.llx() && inside.lly() >= all.lly());
    assert!(inside.urx() <= all.urx() && inside.ury() <= all.ury());
    // Half a thousandth of a unit and of a point, twice.
    let tolerance = user_unit.ceil() + 2.0;
    let found = page.to_visual(&inside);
    for (there, back) in [(rect.x(), found.x()), (rect.bottom(), found.bottom())] {
        assert!(there.thousandths().abs_diff(back.thousandths()) as f64 <= tolerance);
    }
}

/// Valid inputs to start from.
pub fn seal_image_seeds() -> Vec<Vec<u8>> {
    let rgb = (8, 2);
    let palette: (&[u8; 4], &[u8]) = (b"PLTE", &[200, 0, 0, 1, 2, 3]);
    vec![
        faces::upright_png(2),
        faces::png((2, 1), rgb, &[], &[0, 1, 2, 3, 4, 5, 6]),
        faces::png((2, 1), (8, 3), &[palette, (b"tRNS", &[0])], &[0, 1, 0]),
        faces::png((2, 2), (16, 4), &[], &[0; 18]),
        faces::upright_jpeg(2),
        faces::with_exif(&faces::upright_jpeg(2), 6),
        faces::uniform_jpeg(&[255, 0, 0, 255], Some(2)),
    ]
}

/// Valid inputs to start from: A4, as the numbers that [`page_geometry`] reads.
pub fn page_geometry_seeds() -> Vec<Vec<u8>> {
    let a4 = [0.0, 0.0, 595.0, 842.0];
    let rest = [1.0_f32, 20.0, 20.0, 42.0, 42.0];
    let numbers = a4.into_iter().chain(a4).chain(rest);
    vec![numbers.flat_map(f32::to_le_bytes).collect()]
}

fn objects(drawing: &Drawing) -> Vec<u8> {
    let mut numbers = 10..;
    let mut out = Vec::new();
    let mut objects = drawing.objects(|| numbers.next().expect("numbers do not end"));
    let offsets = objects.write(&mut out);
    assert!(
        offsets
            .iter()
            .all(|(number, at)| { out[*at..].starts_with(format!("{number} 0 obj\n").as_bytes()) })
    );
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_are_accepted_or_refused_without_a_panic() {
        seal_image_seeds().iter().for_each(|seed| seal_image(seed));
        page_geometry_seeds().iter().for_each(|seed| page_geometry(seed));
    }

    /// Every byte of every seed, each replaced by a few others.
    #[test]
    fn every_byte_of_a_seed_may_be_wrong() {
        for (seeds, target) in [
            (seal_image_seeds(), seal_image as fn(&[u8])),
            (page_geometry_seeds(), page_geometry as fn(&[u8])),
        ] {
            for seed in seeds {
                for at in 0..seed.len() {
                    for value in [0x00, 0x01, 0x7F, 0x80, 0xFF] {
                        let mut changed = seed.clone();
                        changed[at] = value;
                        target(&changed);
                    }
                }
            }
        }
    }
}
