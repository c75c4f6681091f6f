//! Rendering, and looking at what came out.

use std::sync::Arc;

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::Pdf;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings};

/// A rendered page: three bytes a pixel, row by row from the top.
pub struct Rendered {
    pub width: usize,
    pub height: usize,
    pixels: Vec<[u8; 3]>,
}

/// A box of pixels: the first and the one after the last, in both directions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    pub left: usize,
    pub top: usize,
    pub right: usize,
    pub bottom: usize,
}

/// Renders the first page with so many pixels a user space unit, on white.
pub fn render(pdf: &[u8], scale: f32) -> Rendered {
    render_page(pdf, 1, scale)
}

/// How many pages there are.
pub fn pages(pdf: &[u8]) -> usize {
    Pdf::new(Arc::new(pdf.to_vec())).expect("hayro opens the document").pages().len()
}

/// Renders the page of a number, from 1.
pub fn render_page(pdf: &[u8], number: usize, scale: f32) -> Rendered {
    let pdf = Pdf::new(Arc::new(pdf.to_vec())).expect("hayro opens the document");
    let page = pdf.pages().get(number - 1).expect("there is such a page");
    let pixmap = hayro::render(
        page,
        &RenderCache::new(),
        &InterpreterSettings::default(),
        &RenderSettings::default(),
        &PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE },
    );
    let pixels =
        pixmap.data_as_u8_slice().as_chunks::<4>().0.iter().map(|[r, g, b, _]| [*r, *g, *b]);
    Rendered {
        width: usize::from(pixmap.width()),
        height: usize::from(pixmap.height()),
        pixels: pixels.collect(),
    }
}

impl Rendered {
    /// A picture that somebody else made.
    pub fn from_png(bytes: &[u8]) -> Self {
        let image = image::load_from_memory(bytes).expect("a picture").into_rgb8();
        let pixels = image.pixels().map(|pixel| pixel.0).collect();
        Self { width: image.width() as usize, height: image.height() as usize, pixels }
    }

    /// A part of it.
    pub fn cut(&self, part: Bounds) -> Self {
        let columns = part.left..part.right;
        let rows = part.top..part.bottom;
        let pixels = rows.flat_map(|y| columns.clone().map(move |x| (x, y)));
        Self {
            width: part.right - part.left,
            height: part.bottom - part.top,
            pixels: pixels.map(|(x, y)| self.at(x, y)).collect(),
        }
    }

    /// Pictures of one height, from left to right.
    pub fn side_by_side(parts: &[Self]) -> Self {
        let height = parts[0].height;
        let rows = (0..height).flat_map(|y| parts.iter().map(move |part| (part, y)));
        let pixels = rows.flat_map(|(part, y)| (0..part.width).map(move |x| part.at(x, y)));
        let pixels = pixels.collect();
        Self { width: parts.iter().map(|part| part.width).sum(), height, pixels }
    }

    /// Pictures of one width, from top to bottom.
    pub fn stacked(parts: &[Self]) -> Self {
        let pixels = parts.iter().flat_map(|part| part.pixels.iter().copied()).collect();
        let height = parts.iter().map(|part| part.height).sum();
        Self { width: parts[0].width, height, pixels }
    }

    /// How far it is from another one of the same size: the mean difference of a component, and the
    /// share of pixels in which one component differs by more than a quarter.
    pub fn difference(&self, other: &Self) -> (f64, f64) {
        assert_eq!((self.width, self.height), (other.width, other.height));
        let (mut sum, mut far) = (0_u64, 0_usize);
        for (one, two) in self.pixels.iter().zip(&other.pixels) {
            let differences = one.iter().zip(two).map(|(a, b)| a.abs_diff(*b));
            sum += differences.clone().map(u64::from).sum::<u64>();
            far += usize::from(differences.max() > Some(64));
        }
        let pixels = self.pixels.len() as f64;
        (sum as f64 / (3.0 * pixels), far as f64 / pixels)
    }

    pub fn at(&self, x: usize, y: usize) -> [u8; 3] {
        assert!(x < self.width && y < self.height, "({x}, {y}) is off the page");
        self.pixels[y * self.width + x]
    }

    /// Whether a pixel is clearly the red of the test seals.
    pub fn is_red(&self, x: usize, y: usize) -> bool {
        let [r, g, b] = self.at(x, y);
        r > 150 && g < 110 && b < 110
    }

    /// How many pixels of a row are red.
    pub fn red_in_row(&self, y: usize) -> usize {
        (0..self.width).filter(|x| self.is_red(*x, y)).count()
    }

    /// The smallest box around everything red.
    pub fn red_bounds(&self) -> Option<Bounds> {
        let red = (0..self.height)
            .flat_map(|y| (0..self.width).map(move |x| (x, y)))
            .filter(|(x, y)| self.is_red(*x, *y));
        red.fold(None, |bounds: Option<Bounds>, (x, y)| {
            let one = Bounds { left: x, top: y, right: x + 1, bottom: y + 1 };
            Some(bounds.map_or(one, |all| Bounds {
                left: all.left.min(one.left),
                top: all.top.min(one.top),
                right: all.right.max(one.right),
                bottom: all.bottom.max(one.bottom),
            }))
        })
    }

    /// As a PNG, to be looked at.
    pub fn to_png(&self) -> Vec<u8> {
        let (width, height) = (self.width as u32, self.height as u32);
        let image = image::RgbImage::from_raw(width, height, self.pixels.concat())
            .expect("three bytes a pixel");
        let mut bytes = Vec::new();
        image
            .write_to(&mut std::io::Cursor::new(&mut bytes), image::ImageFormat::Png)
            .expect("memory takes it");
        bytes
    }
}
