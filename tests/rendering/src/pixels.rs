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
    let pdf = Pdf::new(Arc::new(pdf.to_vec())).expect("hayro opens the document");
    let page = pdf.pages().first().expect("there is a page");
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
