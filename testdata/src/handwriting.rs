//! A signature as a canvas in a browser would record it: 王方, written fast with a pen that does not
//! measure pressure.

/// The canvas in pixels.
pub const CANVAS: (f64, f64) = (480.0, 240.0);

/// Where the pen turns, stroke by stroke, in pixels from the top left.
const STROKES: &[&[(f64, f64)]] = &[
    &[(70.0, 72.0), (104.0, 66.0), (150.0, 62.0), (158.0, 66.0)],
    &[(112.0, 68.0), (110.0, 100.0), (107.0, 128.0), (106.0, 152.0)],
    &[(78.0, 112.0), (110.0, 107.0), (142.0, 103.0)],
    &[(62.0, 160.0), (104.0, 152.0), (160.0, 146.0), (182.0, 150.0)],
    &[(266.0, 44.0), (280.0, 54.0), (284.0, 62.0)],
    &[(216.0, 84.0), (262.0, 78.0), (318.0, 72.0), (340.0, 76.0)],
    &[
        (274.0, 84.0),
        (270.0, 108.0),
        (300.0, 104.0),
        (318.0, 104.0),
        (316.0, 128.0),
        (306.0, 158.0),
        (294.0, 172.0),
        (278.0, 160.0),
        (272.0, 152.0),
    ],
    &[(270.0, 100.0), (262.0, 130.0), (246.0, 154.0), (214.0, 178.0), (196.0, 182.0)],
];

/// Milliseconds between two points: 120 of them a second.
const INTERVAL: u32 = 8;

/// The strokes: x and y in half pixels precision, milliseconds since the first touch.
pub fn signature() -> Vec<Vec<(f64, f64, u32)>> {
    let mut strokes = Vec::new();
    let mut time = 0;
    for corners in STROKES {
        let mut stroke = Vec::new();
        for (index, pair) in corners.windows(2).enumerate() {
            let before = corners[index.saturating_sub(1)];
            let after = corners[(index + 2).min(corners.len() - 1)];
            let length = (pair[1].0 - pair[0].0).hypot(pair[1].1 - pair[0].1);
            let steps = (length / 9.0).ceil().max(2.0) as u32;
            for step in 0..steps {
                // Slow where the pen starts and stops.
                let even = f64::from(step) / f64::from(steps);
                let first = index == 0;
                let last = index + 2 == corners.len();
                let t = match (first, last) {
                    (true, false) => even * even,
                    (false, true) => even * (2.0 - even),
                    _ => even,
                };
                stroke.push(sample([before, pair[0], pair[1], after], t, time));
                time += INTERVAL;
            }
        }
        let end = corners[corners.len() - 1];
        stroke.push((end.0, end.1, time));
        strokes.push(stroke);
        time += 180;
    }
    strokes
}

/// A point of the uniform Catmull-Rom spline, as a canvas reports it.
fn sample(points: [(f64, f64); 4], t: f64, time: u32) -> (f64, f64, u32) {
    let along = |a: f64, b: f64, c: f64, d: f64| {
        let cubic = -a + 3.0 * b - 3.0 * c + d;
        let square = 2.0 * a - 5.0 * b + 4.0 * c - d;
        let value = b + 0.5 * t * ((c - a) + t * (square + t * cubic));
        (value * 2.0).round() / 2.0
    };
    let [a, b, c, d] = points;
    (along(a.0, b.0, c.0, d.0), along(a.1, b.1, c.1, d.1), time)
}
