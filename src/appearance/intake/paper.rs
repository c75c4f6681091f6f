//! What is paper and what is ink.
//!
//! The paper's colour is a smooth surface: a photograph is brighter on one side than on the other,
//! and its white is never white. It is fitted to the picture's border first, then to whatever looks
//! like that, and never to the ink.

/// A colour as three numbers of 0 to 255.
pub(super) type Colour = [f64; 3];

/// Terms of the surface: 1, x, y, x·y, x², y².
const TERMS: usize = 6;

/// How often the surface is fitted again to what turned out to be paper.
const ROUNDS: u32 = 6;

/// Pixels that are looked at for the surface, in each direction at most.
const SAMPLES: u32 = 160;

/// The outer share of the picture that is taken for paper at first.
const BORDER: f64 = 0.04;

/// The least deviation that counts as ink, whatever the noise: the grain of paper, and JPEG.
const GRAIN: f64 = 14.0;

/// Three components a pixel, row by row.
pub(super) struct Pixels<'a> {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) samples: &'a [[u8; 3]],
}

impl Pixels<'_> {
    pub(super) fn at(&self, x: u32, y: u32) -> Colour {
        let index = u64::from(y) * u64::from(self.width) + u64::from(x);
        let pixel = usize::try_from(index).ok().and_then(|index| self.samples.get(index));
        pixel.map_or([0.0; 3], |pixel| pixel.map(f64::from))
    }

    /// A pixel's place, both from -1 to 1.
    fn place(&self, x: u32, y: u32) -> (f64, f64) {
        let share = |at: u32, of: u32| 2.0 * f64::from(at) / f64::from(of.max(2) - 1) - 1.0;
        (share(x, self.width), share(y, self.height))
    }

    /// Places spread evenly over the picture.
    fn spread(&self) -> impl Iterator<Item = (u32, u32)> {
        let step = |side: u32| side.div_ceil(SAMPLES).max(1);
        let (across, down) = (step(self.width), step(self.height));
        let (width, height) = (self.width, self.height);
        let usual = |step: u32| usize::try_from(step).unwrap_or(1);
        (0..height)
            .step_by(usual(down))
            .flat_map(move |y| (0..width).step_by(usual(across)).map(move |x| (x, y)))
    }
}

/// The colour of the paper everywhere.
pub(super) struct Paper {
    surface: [[f64; TERMS]; 3],
    /// How far pixels of paper usually are from it.
    pub(super) noise: f64,
}

impl Paper {
    /// Nothing if no surface fits: a picture of a few pixels, or one without paper at its border.
    pub(super) fn of(pixels: &Pixels<'_>) -> Option<Self> {
        let at_border = |(x, y): (f64, f64)| x.abs().max(y.abs()) > 1.0 - 2.0 * BORDER;
        let places: Vec<(u32, u32)> = pixels.spread().collect();
        let border: Vec<(u32, u32)> =
            places.iter().copied().filter(|(x, y)| at_border(pixels.place(*x, *y))).collect();
        // The middle value of each component: a corner of a seal or a thumb does not move it.
        let middle = [0, 1, 2].map(|component: usize| {
            let mut values: Vec<f64> = border
                .iter()
                .filter_map(|(x, y)| pixels.at(*x, *y).get(component).copied())
                .collect();
            values.sort_unstable_by(f64::total_cmp);
            values.get(values.len() / 2).copied().unwrap_or(0.0)
        });
        let mut paper = Self { surface: middle.map(flat), noise: 40.0 };
        for round in 0..ROUNDS {
            let among = if round < 2 { &border } else { &places };
            paper = paper.fitted(pixels, among)?;
        }
        Some(paper)
    }

    /// The colour of the paper at a pixel.
    pub(super) fn at(&self, pixels: &Pixels<'_>, x: u32, y: u32) -> Colour {
        let terms = terms(pixels.place(x, y));
        self.surface.map(|surface| {
            let sum: f64 = surface.iter().zip(terms).map(|(factor, term)| factor * term).sum();
            sum.clamp(1.0, 255.0)
        })
    }

    /// Fitted by least squares to those places that are near the surface so far.
    fn fitted(&self, pixels: &Pixels<'_>, among: &[(u32, u32)]) -> Option<Self> {
        let reach = (3.0 * self.noise).max(GRAIN);
        let mut matrix = [[0.0; TERMS]; TERMS];
        let mut right = [[0.0; TERMS]; 3];
        let (mut count, mut deviation) = (0.0, 0.0);
        for (x, y) in among {
            let colour = pixels.at(*x, *y);
            let off = distance(colour, self.at(pixels, *x, *y));
            if off > reach {
                continue;
            }
            count += 1.0;
            deviation += off;
            let terms = terms(pixels.place(*x, *y));
            for (row, term) in matrix.iter_mut().zip(terms) {
                for (cell, other) in row.iter_mut().zip(terms) {
                    *cell += term * other;
                }
            }
            for (sums, value) in right.iter_mut().zip(colour) {
                for (sum, term) in sums.iter_mut().zip(terms) {
                    *sum += term * value;
                }
            }
        }
        if count < 24.0 {
            return None;
        }
        let [red, green, blue] = right.map(|right| solved(matrix, right));
        Some(Self { surface: [red?, green?, blue?], noise: deviation / count })
    }

    /// Below this share of ink a pixel is paper.
    pub(super) fn threshold(&self, ink: f64) -> f64 {
        ((4.0 * self.noise).max(GRAIN) / ink.max(1.0)).clamp(0.02, 0.5)
    }
}

fn flat(value: f64) -> [f64; TERMS] {
    let mut surface = [0.0; TERMS];
    if let Some(first) = surface.first_mut() {
        *first = value;
    }
    surface
}

fn terms((x, y): (f64, f64)) -> [f64; TERMS] {
    [1.0, x, y, x * y, x * x, y * y]
}

pub(super) fn distance(a: Colour, b: Colour) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum::<f64>().sqrt()
}

/// Gauss's elimination; a little is added to the diagonal, so that a picture that is a line still
/// has a surface.
fn solved(mut matrix: [[f64; TERMS]; TERMS], mut right: [f64; TERMS]) -> Option<[f64; TERMS]> {
    for step in 0..TERMS {
        let mut pivot_row = *matrix.get(step)?;
        let pivot = pivot_row.get_mut(step)?;
        *pivot += 1e-6;
        let pivot = *pivot;
        if pivot.abs() < 1e-12 {
            return None;
        }
        if let Some(row) = matrix.get_mut(step) {
            *row = pivot_row;
        }
        let value = *right.get(step)?;
        for (other, (row, sum)) in matrix.iter_mut().zip(right.iter_mut()).enumerate() {
            let factor = row.get(step).copied().unwrap_or(0.0) / pivot;
            if other != step {
                for (cell, from) in row.iter_mut().zip(pivot_row) {
                    *cell -= factor * from;
                }
                *sum -= factor * value;
            }
        }
    }
    let mut solution = [0.0; TERMS];
    for (step, value) in solution.iter_mut().enumerate() {
        *value = right.get(step)? / matrix.get(step)?.get(step)?;
    }
    Some(solution)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_surface_is_found_again() {
        let shade = |x: u32, y: u32| {
            let value = 150 + x / 2 + y / 4;
            [value as u8, value as u8, (value - 20) as u8]
        };
        let samples: Vec<[u8; 3]> =
            (0..100).flat_map(|y| (0..120).map(move |x| shade(x, y))).collect();
        let pixels = Pixels { width: 120, height: 100, samples: &samples };
        let paper = Paper::of(&pixels).unwrap();
        for (x, y) in [(0, 0), (60, 50), (119, 99), (10, 90)] {
            assert!(distance(paper.at(&pixels, x, y), shade(x, y).map(f64::from)) < 2.0);
        }
        assert!(paper.noise < 1.5);
    }

    #[test]
    fn equations_are_solved() {
        let mut matrix = [[0.0; TERMS]; TERMS];
        for (step, row) in matrix.iter_mut().enumerate() {
            row[step] = 2.0;
            row[0] += 1.0;
        }
        let solution = solved(matrix, [3.0, 3.0, 3.0, 3.0, 3.0, 3.0]).unwrap();
        assert!(solution.iter().all(|value| (value - 1.0).abs() < 1e-4), "{solution:?}");
    }

    #[test]
    fn a_picture_of_nothing_has_no_paper() {
        assert!(Paper::of(&Pixels { width: 0, height: 0, samples: &[] }).is_none());
        assert!(Paper::of(&Pixels { width: 2, height: 2, samples: &[[255; 3]; 4] }).is_none());
    }
}
