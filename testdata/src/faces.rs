//! Seal images that cannot be taken for themselves turned or mirrored, and images of the odder
//! kinds, written by hand.

use std::io::{Cursor, Write};

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};

/// The red of [`upright_png`] and [`upright_jpeg`].
pub const RED: [u8; 3] = [0xC8, 0x10, 0x10];

/// A red triangle that points up and touches all four edges, with a clear round hole in its lower
/// left part, on clear ground. It is twice as wide as high; `scale` pixels are a tenth of its
/// height.
pub fn upright_png(scale: u32) -> Vec<u8> {
    let (width, height) = (20 * scale, 10 * scale);
    let [r, g, b] = RED;
    let image = RgbaImage::from_fn(width, height, |x, y| {
        Rgba([r, g, b, if is_red(x, y, scale) { 255 } else { 0 }])
    });
    let mut bytes = Vec::new();
    image.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).expect("memory takes it");
    bytes
}

/// The same picture on white, as a JPEG.
pub fn upright_jpeg(scale: u32) -> Vec<u8> {
    let (width, height) = (20 * scale, 10 * scale);
    let image = RgbImage::from_fn(width, height, |x, y| {
        Rgb(if is_red(x, y, scale) { RED } else { [255; 3] })
    });
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 95)
        .encode(&image, width, height, ExtendedColorType::Rgb8)
        .expect("memory takes it");
    bytes
}

/// A JPEG with its Exif data turned as `orientation` (1 to 8) says, and a place in it that should
/// go nowhere.
pub fn with_exif(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let mut exif = b"Exif\0\0MM\0\x2A\0\0\0\x08\0\x01".to_vec();
    exif.extend([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]);
    exif.extend(b"31.2304 N, 121.4737 E");
    let mut bytes = jpeg[..2].to_vec();
    bytes.extend(segment(0xE1, &exif));
    bytes.extend(&jpeg[2..]);
    bytes
}

/// A baseline JPEG of 8 by 8 equal pixels with one value a component, as it is stored; with
/// `adobe`, after Adobe's marker with that transformation.
pub fn uniform_jpeg(components: &[u8], adobe: Option<u8>) -> Vec<u8> {
    let count = u8::try_from(components.len()).expect("a few components");
    let mut bytes = vec![0xFF, 0xD8];
    if let Some(transform) = adobe {
        bytes.extend(segment(
            0xEE,
            &[b"Adobe".as_slice(), &[0, 100, 0, 0, 0, 0, transform]].concat(),
        ));
    }
    // With a quantiser of 8, the DC coefficient of an equal block is its value less 128.
    bytes.extend(segment(0xDB, &[[0].as_slice(), &[8; 64]].concat()));
    let mut frame = vec![8, 0, 8, 0, 8, count];
    let mut scan = vec![count];
    for id in 1..=count {
        frame.extend([id, 0x11, 0]);
        scan.extend([id, 0x00]);
    }
    scan.extend([0, 63, 0]);
    bytes.extend(segment(0xC0, &frame));
    // DC: nine codes of four bits for the categories 0 to 8. AC: one code of one bit, end of block.
    let lengths = |length: usize, codes: u8| {
        let mut lengths = [0; 16];
        lengths[length - 1] = codes;
        lengths
    };
    bytes.extend(segment(
        0xC4,
        &[[0x00].as_slice(), &lengths(4, 9), &[0, 1, 2, 3, 4, 5, 6, 7, 8]].concat(),
    ));
    bytes.extend(segment(0xC4, &[[0x10].as_slice(), &lengths(1, 1), &[0]].concat()));
    bytes.extend(segment(0xDA, &scan));
    bytes.extend(equal_blocks(components));
    bytes.extend([0xFF, 0xD9]);
    bytes
}

/// A PNG from its parts: any bit depth and colour type (PNG §11.2.2), chunks to stand before the
/// pixels, and the rows with their filter bytes.
pub fn png(
    (width, height): (u32, u32),
    (bit_depth, colour_type): (u8, u8),
    chunks: &[(&[u8; 4], &[u8])],
    rows: &[u8],
) -> Vec<u8> {
    let mut header = [width.to_be_bytes(), height.to_be_bytes()].concat();
    header.extend([bit_depth, colour_type, 0, 0, 0]);
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(rows).expect("memory takes it");
    let pixels = encoder.finish().expect("memory takes it");
    let mut bytes = b"\x89PNG\r\n\x1A\n".to_vec();
    let header: (&[u8; 4], &[u8]) = (b"IHDR", &header);
    let rest: [(&[u8; 4], &[u8]); 2] = [(b"IDAT", &pixels), (b"IEND", &[])];
    for (kind, content) in [header].iter().chain(chunks).chain(&rest) {
        let length = u32::try_from(content.len()).expect("a short chunk");
        let mut crc = flate2::Crc::new();
        crc.update(*kind);
        crc.update(content);
        bytes.extend(length.to_be_bytes());
        bytes.extend(*kind);
        bytes.extend(*content);
        bytes.extend(crc.sum().to_be_bytes());
    }
    bytes
}

/// One block for each component: its DC difference, then the end of the block.
fn equal_blocks(components: &[u8]) -> Vec<u8> {
    let mut bits = String::new();
    for value in components {
        let difference = i32::from(*value) - 128;
        let category = (32 - difference.unsigned_abs().leading_zeros()) as usize;
        bits.push_str(&format!("{category:04b}"));
        let low = if difference < 0 { difference + (1 << category) - 1 } else { difference };
        if category > 0 {
            bits.push_str(&format!("{low:0category$b}"));
        }
        bits.push('0');
    }
    while !bits.len().is_multiple_of(8) {
        bits.push('1');
    }
    let mut bytes = Vec::new();
    for at in (0..bits.len()).step_by(8) {
        let byte = u8::from_str_radix(&bits[at..at + 8], 2).expect("eight binary digits");
        bytes.push(byte);
        if byte == 0xFF {
            bytes.push(0);
        }
    }
    bytes
}

fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).expect("a short segment");
    [[0xFF, marker].as_slice(), &length.to_be_bytes(), content].concat()
}

fn is_red(x: u32, y: u32, scale: u32) -> bool {
    let (width, height) = (20 * scale, 10 * scale);
    // A row's share of the width is its share of the height; the last row is full.
    let in_triangle = (2 * x + 1).abs_diff(width) * height <= width * (y + 1);
    let (dx, dy) = (x.abs_diff(7 * scale), y.abs_diff(8 * scale));
    in_triangle && dx * dx + dy * dy > scale * scale
}
