//! Pictures: pixels, what differs between two of them, and PNG.

use std::io::Cursor;

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder, ImageError};

use crate::fonts::Letters;

/// A component that differs by no more is the same colour to a person.
const SAME: u8 = 24;
/// The side of a tile in which pictures are compared, in pixels.
const TILE: usize = 8;
/// So many tiles between two differences still make one.
const GAP: usize = 2;
/// More differences than these are shown as one.
const MOST_AREAS: usize = 24;

/// A part of a page as displayed, in shares of its width and height from its top left corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Area {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

impl Area {
    /// The whole page.
    pub const WHOLE: Self = Self { left: 0.0, top: 0.0, right: 1.0, bottom: 1.0 };

    /// What of it lies on the page; none if nothing does.
    pub fn on_page(self) -> Option<Self> {
        let all = [self.left, self.top, self.right, self.bottom];
        if all.iter().any(|side| !side.is_finite()) {
            return None;
        }
        let [left, top, right, bottom] = all.map(|side| side.clamp(0.0, 1.0));
        (left < right && top < bottom).then_some(Self { left, top, right, bottom })
    }

    /// So much more on each side, in shares of the page.
    pub fn wider_by(self, across: f64, down: f64) -> Self {
        Self {
            left: self.left - across,
            top: self.top - down,
            right: self.right + across,
            bottom: self.bottom + down,
        }
    }

    /// Whether most of the other lies in this.
    pub fn holds_most_of(&self, other: &Self) -> bool {
        let across = self.right.min(other.right) - self.left.max(other.left);
        let down = self.bottom.min(other.bottom) - self.top.max(other.top);
        let all = (other.right - other.left) * (other.bottom - other.top);
        across > 0.0 && down > 0.0 && across * down >= 0.8 * all
    }
}

/// Three bytes a pixel, row by row from the top.
#[derive(Clone, PartialEq)]
pub struct Picture {
    pub width: u32,
    pub height: u32,
    pub rgb: Vec<u8>,
    pub letters: Letters,
}

impl Picture {
    /// The same with half the width and height.
    pub fn halved(&self) -> Option<Self> {
        let image = image::RgbImage::from_raw(self.width, self.height, self.rgb.clone())?;
        let (width, height) = ((self.width / 2).max(1), (self.height / 2).max(1));
        let image = image::imageops::thumbnail(&image, width, height);
        Some(Self { width, height, rgb: image.into_raw(), letters: self.letters })
    }

    /// As a PNG, grey where it has no colour.
    pub fn png(&self) -> Result<Vec<u8>, ImageError> {
        let mut bytes = Vec::new();
        let encoder = PngEncoder::new_with_quality(
            Cursor::new(&mut bytes),
            CompressionType::Best,
            FilterType::Adaptive,
        );
        let pixels = self.rgb.as_chunks::<3>().0;
        if pixels.iter().all(|[red, green, blue]| red == green && green == blue) {
            let grey: Vec<u8> = pixels.iter().map(|[one, _, _]| *one).collect();
            encoder.write_image(&grey, self.width, self.height, ExtendedColorType::L8)?;
        } else {
            encoder.write_image(&self.rgb, self.width, self.height, ExtendedColorType::Rgb8)?;
        }
        Ok(bytes)
    }

    /// Whether a person would see a difference.
    pub fn looks_like(&self, other: &Self) -> bool {
        (self.width, self.height) == (other.width, other.height)
            && self.differences(other).is_empty()
    }

    /// Where two pictures of one size differ; of pictures of two sizes everything does.
    pub fn differences(&self, other: &Self) -> Vec<Area> {
        if (self.width, self.height) != (other.width, other.height) {
            return vec![Area::WHOLE];
        }
        let (width, height) = (size(self.width), size(self.height));
        let (columns, rows) = (width.div_ceil(TILE), height.div_ceil(TILE));
        let mut differs = vec![false; columns * rows];
        let pairs = self.rgb.as_chunks::<3>().0.iter().zip(other.rgb.as_chunks::<3>().0);
        for (place, (one, two)) in pairs.enumerate() {
            if one.iter().zip(two).any(|(a, b)| a.abs_diff(*b) > SAME) {
                differs[place / width / TILE * columns + place % width / TILE] = true;
            }
        }
        let mut boxes = connected(&mut differs, columns, rows);
        if boxes.len() > MOST_AREAS {
            let all = boxes
                .iter()
                .copied()
                .reduce(|a, b| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]);
            boxes = all.into_iter().collect();
        }
        let share = |tiles: usize, pixels: usize| (tiles * TILE).min(pixels) as f64 / pixels as f64;
        let area = |[left, top, right, bottom]: [usize; 4]| Area {
            left: share(left, width),
            top: share(top, height),
            right: share(right, width),
            bottom: share(bottom, height),
        };
        boxes.into_iter().map(area).collect()
    }
}

fn size(pixels: u32) -> usize {
    usize::try_from(pixels).unwrap_or(usize::MAX)
}

/// The boxes around what is connected, in tiles: left, top, and the ones behind right and bottom.
fn connected(differs: &mut [bool], columns: usize, rows: usize) -> Vec<[usize; 4]> {
    let mut boxes = Vec::new();
    for start in 0..differs.len() {
        if !std::mem::take(&mut differs[start]) {
            continue;
        }
        let mut found = [columns, rows, 0, 0];
        let mut open = vec![start];
        while let Some(tile) = open.pop() {
            let (x, y) = (tile % columns, tile / columns);
            found = [found[0].min(x), found[1].min(y), found[2].max(x + 1), found[3].max(y + 1)];
            for near_y in y.saturating_sub(GAP)..(y + GAP + 1).min(rows) {
                for near_x in x.saturating_sub(GAP)..(x + GAP + 1).min(columns) {
                    let near = near_y * columns + near_x;
                    if std::mem::take(&mut differs[near]) {
                        open.push(near);
                    }
                }
            }
        }
        boxes.push(found);
    }
    boxes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(width: u32, height: u32) -> Picture {
        let rgb = vec![255; size(width) * size(height) * 3];
        Picture { width, height, rgb, letters: Letters::Own }
    }

    fn with_dot(mut picture: Picture, x: usize, y: usize, colour: [u8; 3]) -> Picture {
        let at = (y * size(picture.width) + x) * 3;
        picture.rgb[at..at + 3].copy_from_slice(&colour);
        picture
    }

    #[test]
    fn differences_far_apart_are_two_and_shades_are_none() {
        let before = plain(200, 100);
        let after = with_dot(with_dot(plain(200, 100), 4, 4, [0; 3]), 180, 90, [0; 3]);
        let areas = before.differences(&after);
        assert_eq!(areas.len(), 2);
        assert!(areas[0].left < 0.01 && areas[0].right < 0.1, "{areas:?}");
        assert!(areas[1].left > 0.8 && areas[1].top > 0.8, "{areas:?}");
        assert!(before.looks_like(&with_dot(plain(200, 100), 4, 4, [240; 3])));
        assert!(!before.looks_like(&plain(200, 101)));
    }

    #[test]
    fn a_picture_without_colour_is_written_in_grey() {
        let grey = plain(64, 64);
        let red = with_dot(plain(64, 64), 3, 3, [200, 0, 0]);
        for (picture, colour) in [(grey, image::ColorType::L8), (red, image::ColorType::Rgb8)] {
            let read = image::load_from_memory(&picture.png().unwrap()).unwrap();
            assert_eq!(read.color(), colour);
            assert!(read.into_rgb8().into_raw() == picture.rgb);
        }
    }

    #[test]
    fn an_area_off_the_page_is_none() {
        let area = |left, right| Area { left, top: 0.1, right, bottom: 0.2 };
        assert!(area(1.2, 1.4).on_page().is_none());
        assert!(area(f64::NAN, 0.4).on_page().is_none());
        assert_eq!(area(-0.5, 0.4).on_page(), Some(area(0.0, 0.4)));
    }
}
