//! Time over a floor of the same run.

use std::time::{Duration, Instant};

/// Runs of a case at least, and at most while there is time.
const RUNS: (usize, usize) = (5, 51);
const TIME: Duration = Duration::from_millis(1_500);

/// The medians of interleaved runs, in milliseconds.
#[derive(Clone, Copy)]
pub struct Measured {
    pub ours: f64,
    pub floor: f64,
}

impl Measured {
    pub fn ratio(&self) -> f64 {
        self.ours / self.floor
    }
}

/// Ours and the floor in turn, so that a busy machine slows down both.
pub fn measured(mut ours: impl FnMut(), mut floor: impl FnMut()) -> Measured {
    floor();
    let (mut our_times, mut floor_times) = (Vec::new(), Vec::new());
    let began = Instant::now();
    while our_times.len() < RUNS.0 || (our_times.len() < RUNS.1 && began.elapsed() < TIME) {
        our_times.push(millis(&mut ours));
        floor_times.push(millis(&mut floor));
    }
    Measured { ours: median(our_times), floor: median(floor_times) }
}

fn millis(work: &mut impl FnMut()) -> f64 {
    let began = Instant::now();
    work();
    began.elapsed().as_secs_f64() * 1e3
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_unstable_by(f64::total_cmp);
    times[times.len() / 2]
}
