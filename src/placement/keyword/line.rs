//! Lines of a page (§5.3): glyphs that overlap by half of their height stand in one line, whatever
//! operators and fonts drew them; upright glyphs below each other are a column of vertical writing.
//!
//! Everything is computed in a frame turned with the text: `u` runs along the writing, `v` across it.
//! What is drawn over other text of its line, a second time to look bold or as the invisible text of a
//! scan, makes a line of its own, so that the two are not read letter by letter in turn.

use std::collections::BTreeMap;

use super::super::text::{Corner, Flow, Glyph, PageText};
use super::folding::{Folding, Unit, begins_with_mark};

/// Texts over each other in one line; what is drawn once more is left out.
const MOST_TRACKS: usize = 8;

/// A gap that looks like a space, in heights of the text.
const SPACE: f64 = 0.15;

/// A gap as wide as a Chinese character.
const GAP: f64 = 1.0;

/// By how many degrees text may slope that counts as upright.
const CROOKED: f64 = 1.5;

/// A line of text, or a column.
pub(super) struct Line {
    pub(super) units: Vec<Unit>,
    /// For each glyph, its upright bounding box.
    pub(super) boxes: Vec<Bounds>,
    /// The top of what stands in line with it.
    pub(super) top: i64,
}

/// An upright rectangle in thousandths of a point: left, top, right, bottom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bounds {
    pub(super) left: i64,
    pub(super) top: i64,
    pub(super) right: i64,
    pub(super) bottom: i64,
}

impl Bounds {
    fn of(corners: &[Corner; 4]) -> Self {
        let x = || corners.iter().map(|corner| corner.x.thousandths());
        let y = || corners.iter().map(|corner| corner.y.thousandths());
        Self {
            left: x().min().unwrap_or(0),
            top: y().min().unwrap_or(0),
            right: x().max().unwrap_or(0),
            bottom: y().max().unwrap_or(0),
        }
    }

    pub(super) fn union(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }
}

/// A glyph in the frame of its line.
#[derive(Clone, Copy)]
struct Placed<'p> {
    text: &'p str,
    bounds: Bounds,
    /// Along the writing.
    u: (f64, f64),
    /// Across it.
    v: (f64, f64),
    /// White space was drawn before it.
    space: bool,
}

impl Placed<'_> {
    fn height(&self) -> f64 {
        (self.v.1 - self.v.0).max(1.0)
    }
}

/// Glyphs drawn one after the other along one line.
struct Segment<'p> {
    glyphs: Vec<Placed<'p>>,
    u: (f64, f64),
    v: (f64, f64),
}

/// The direction of writing: degrees clockwise in halves, and how glyphs follow each other.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Direction {
    half_degrees: i16,
    /// Columns of upright glyphs, put together here.
    stacked: bool,
}

/// The lines of a page, in no particular order.
pub(super) fn lines(page: &PageText) -> Vec<Line> {
    let mut segments: BTreeMap<Direction, Vec<Segment<'_>>> = BTreeMap::new();
    let mut space = false;
    let mut last: Option<Direction> = None;
    for glyph in page.glyphs() {
        if glyph.text.trim().is_empty() {
            space = true;
            continue;
        }
        let (direction, axis) = direction(&glyph);
        let placed = placed(&glyph, axis, std::mem::take(&mut space));
        let of_direction = segments.entry(direction).or_default();
        let open = of_direction.last_mut().filter(|_| last == Some(direction));
        match open {
            Some(open) if goes_on(open, &placed) => {
                open.u = (open.u.0.min(placed.u.0), open.u.1.max(placed.u.1));
                open.glyphs.push(placed);
            }
            _ => of_direction.push(Segment { u: placed.u, v: placed.v, glyphs: vec![placed] }),
        }
        last = Some(direction);
    }
    stack(&mut segments);
    segments.into_iter().flat_map(|(direction, segments)| assemble(direction, segments)).collect()
}

/// The direction in which the text runs, also as a unit vector.
fn direction(glyph: &Glyph<'_>) -> (Direction, (f64, f64)) {
    let [top_left, top_right, _, bottom_left] = glyph.corners;
    let vector = |from: Corner, to: Corner| {
        (
            to_f64(to.x.thousandths() - from.x.thousandths()),
            to_f64(to.y.thousandths() - from.y.thousandths()),
        )
    };
    let (across, down) = (vector(top_left, top_right), vector(top_left, bottom_left));
    let along = match glyph.flow {
        Flow::Down if down != (0.0, 0.0) => down,
        Flow::Down => (-across.1, across.0),
        Flow::Across if across != (0.0, 0.0) => across,
        Flow::Across => (down.1, -down.0),
    };
    let degrees = along.1.atan2(along.0).to_degrees();
    // Text recognition gives each word of a crooked scan a slope of its own.
    let upright = (degrees / 90.0).round() * 90.0;
    let degrees = if (degrees - upright).abs() <= CROOKED { upright } else { degrees };
    let half_degrees = round(degrees * 2.0).rem_euclid(720);
    let radians = (f64::from(half_degrees) / 2.0).to_radians();
    (Direction { half_degrees, stacked: false }, (radians.cos(), radians.sin()))
}

fn placed<'p>(glyph: &Glyph<'p>, (x, y): (f64, f64), space: bool) -> Placed<'p> {
    let along = |corner: &Corner| {
        let (cx, cy) = (to_f64(corner.x.thousandths()), to_f64(corner.y.thousandths()));
        (cx * x + cy * y, cy * x - cx * y)
    };
    let points = glyph.corners.each_ref().map(along);
    let range = |of: fn(&(f64, f64)) -> f64| {
        let values = || points.iter().map(of);
        (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max))
    };
    Placed {
        text: glyph.text,
        bounds: Bounds::of(&glyph.corners),
        u: range(|point| point.0),
        v: range(|point| point.1),
        space,
    }
}

fn goes_on(segment: &Segment<'_>, next: &Placed<'_>) -> bool {
    let Some(before) = segment.glyphs.last() else { return false };
    let height = before.height().min(next.height());
    let gap = next.u.0 - before.u.1;
    shares_line(before.v, next.v) && gap > -0.5 * height && gap < 1.5 * height
}

/// Whether two things stand in one line: they overlap by half of the lower one, and are not of quite
/// different sizes, as a watermark behind the text is.
fn shares_line(one: (f64, f64), other: (f64, f64)) -> bool {
    let (a, b) = (one.1 - one.0, other.1 - other.0);
    let overlap = one.1.min(other.1) - one.0.max(other.0);
    a.max(b) <= a.min(b).max(1.0) * 3.0 && overlap >= a.min(b) * 0.5
}

/// Glyphs that stand alone in their line may belong to a column: adds segments of them with the axes
/// exchanged.
fn stack(segments: &mut BTreeMap<Direction, Vec<Segment<'_>>>) {
    let mut stacked = Vec::new();
    for (direction, of_direction) in segments.iter() {
        let alone = of_direction.iter().filter_map(|segment| match segment.glyphs.as_slice() {
            [glyph] => Some(*glyph),
            _ => None,
        });
        // A quarter further round: what was across runs along, and the other way.
        let turned = alone.map(|glyph| {
            let exchanged =
                Placed { u: glyph.v, v: (-glyph.u.1, -glyph.u.0), space: false, ..glyph };
            Segment { u: exchanged.u, v: exchanged.v, glyphs: vec![exchanged] }
        });
        let half_degrees = (direction.half_degrees + 180).rem_euclid(720);
        stacked.push((Direction { half_degrees, stacked: true }, turned.collect::<Vec<_>>()));
    }
    segments.extend(stacked);
}

/// Segments of one direction put together into lines.
fn assemble(direction: Direction, mut segments: Vec<Segment<'_>>) -> Vec<Line> {
    segments.sort_by(|a, b| a.v.0.total_cmp(&b.v.0));
    let mut rows: Vec<Vec<Segment<'_>>> = Vec::new();
    let mut open: Vec<(usize, (f64, f64))> = Vec::new();
    for segment in segments {
        open.retain(|(_, v)| v.1 > segment.v.0);
        let row = open.iter().find(|(_, v)| shares_line(*v, segment.v)).map(|(row, _)| *row);
        match row.and_then(|row| rows.get_mut(row)) {
            Some(row) => row.push(segment),
            None => {
                open.push((rows.len(), segment.v));
                rows.push(vec![segment]);
            }
        }
    }
    let mut lines: Vec<Line> =
        rows.into_iter().flat_map(|row| tracks(row, direction.stacked)).collect();
    if matches!(direction.half_degrees, 90..=270 | 450..=630) {
        level(&mut lines);
    }
    lines
}

/// The texts of one line: one after the other, and in lines of their own where they cover each other.
fn tracks(mut row: Vec<Segment<'_>>, stacked: bool) -> Vec<Line> {
    row.sort_by(|a, b| a.u.0.total_cmp(&b.u.0));
    let mut tracks: Vec<Vec<Placed<'_>>> = Vec::new();
    for segment in row {
        let Segment { glyphs, u, v } = segment;
        let tolerance = (v.1 - v.0).min(u.1 - u.0) * 0.5;
        let end = |track: &Vec<Placed<'_>>| track.last().map_or(f64::NEG_INFINITY, |last| last.u.1);
        let free = tracks.iter_mut().filter(|track| end(track) <= u.0 + tolerance);
        if let Some(track) = free.max_by(|a, b| end(a).total_cmp(&end(b))) {
            track.extend(glyphs);
        } else if tracks.len() < MOST_TRACKS {
            tracks.push(glyphs);
        }
    }
    let top = tracks.iter().flatten().map(|glyph| glyph.bounds.top).min().unwrap_or(0);
    tracks.into_iter().flat_map(|track| fold(&track, top, stacked)).collect()
}

/// The text of a line. A column ends where a gap is wider than a character.
fn fold(track: &[Placed<'_>], top: i64, stacked: bool) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut folding = Folding::default();
    let mut boxes: Vec<Bounds> = Vec::new();
    let mut before: Option<&Placed<'_>> = None;
    for glyph in track {
        if let Some(before) = before {
            let gap = (glyph.u.0 - before.u.1) / before.height().min(glyph.height());
            if stacked && gap > GAP {
                let units = std::mem::take(&mut folding).finish();
                lines.push(Line { units, boxes: std::mem::take(&mut boxes), top });
            } else if gap >= GAP {
                folding.gap();
            } else if glyph.space || gap > SPACE {
                folding.space();
            }
        }
        // A mark in a glyph of its own belongs to the letter before it, and so does its box.
        let base = boxes.last().filter(|_| begins_with_mark(glyph.text));
        let bounds = base.map_or(glyph.bounds, |base| base.union(glyph.bounds));
        folding.push(glyph.text, boxes.len());
        boxes.push(bounds);
        before = Some(glyph);
    }
    lines.push(Line { units: folding.finish(), boxes, top });
    // A single glyph is no column; it is found in its line.
    lines.retain(|line| !stacked || line.boxes.len() > 1);
    lines
}

/// Columns side by side begin at one height if they overlap by half.
fn level(lines: &mut [Line]) {
    let mut order: Vec<(i64, i64, &mut Line)> = (lines.iter_mut())
        .filter_map(|line| {
            let bounds = line.boxes.iter().copied().reduce(Bounds::union)?;
            Some((bounds.top, bounds.bottom, line))
        })
        .collect();
    order.sort_by_key(|(top, ..)| *top);
    let mut first: Option<(i64, i64)> = None;
    for (top, bottom, line) in order {
        let joins = first.is_some_and(|(first_top, first_bottom)| {
            let lower = (bottom - top).min(first_bottom - first_top);
            (bottom.min(first_bottom) - top.max(first_top)) * 2 >= lower
        });
        if !joins {
            first = Some((top, bottom));
        }
        line.top = first.map_or(top, |(first_top, _)| first_top);
    }
}

#[expect(clippy::cast_precision_loss, reason = "coordinates stay below 2^53")]
fn to_f64(thousandths: i64) -> f64 {
    thousandths as f64
}

#[expect(clippy::cast_possible_truncation, reason = "an angle is between -720 and 720")]
fn round(value: f64) -> i16 {
    if value.is_finite() { value.round() as i16 } else { 0 }
}
