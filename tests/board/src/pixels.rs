//! What can be read off a picture of the screen.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use image::imageops::FilterType;
use image::{GrayImage, Rgba, RgbaImage};

use crate::browser::output_folder;

/// Whether a pixel has the red of a seal, on white or mixed with it.
pub fn is_seal_red(Rgba([red, green, blue, _]): &Rgba<u8>) -> bool {
    *red > 150 && *green < 110 && *blue < 110
}

/// How many of a thousand pixels between two points, in thousandths of the picture, are of the red
/// of a seal.
pub fn red_share(picture: &RgbaImage, (left, top): (u32, u32), (right, bottom): (u32, u32)) -> u32 {
    let (width, height) = picture.dimensions();
    let (left, right) = (width * left / 1000, width * right / 1000);
    let (top, bottom) = (height * top / 1000, height * bottom / 1000);
    let all = (right - left) * (bottom - top);
    let points = (top..bottom).flat_map(|y| (left..right).map(move |x| (x, y)));
    let red = points.filter(|(x, y)| is_seal_red(picture.get_pixel(*x, *y))).count();
    u32::try_from(red).unwrap() * 1000 / all.max(1)
}

/// The texts of the QRs that a picture shows, as it is or looked at closer.
pub fn decoded(picture: &RgbaImage) -> Vec<String> {
    let grey = image::imageops::grayscale(picture);
    let (width, height) = (grey.width() * 2, grey.height() * 2);
    let closer = image::imageops::resize(&grey, width, height, FilterType::Triangle);
    let found: BTreeSet<String> = read(&grey).into_iter().chain(read(&closer)).collect();
    found.into_iter().collect()
}

fn read(grey: &GrayImage) -> Vec<String> {
    let (width, height) = (grey.width() as usize, grey.height() as usize);
    let light = |x: usize, y: usize| grey.get_pixel(x as u32, y as u32).0[0];
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(width, height, light);
    let grids = prepared.detect_grids();
    grids.iter().filter_map(|grid| grid.decode().ok()).map(|(_, text)| text).collect()
}

/// Leaves a picture to be looked at, and says where.
pub fn saved(name: &str, picture: &RgbaImage) -> PathBuf {
    let folder = output_folder();
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join(format!("{name}.png"));
    picture.save(&path).unwrap();
    path
}
