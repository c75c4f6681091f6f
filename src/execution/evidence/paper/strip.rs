//! What a page consists of, from its top to its bottom: strips that are never cut.

use super::tree::Element;
use crate::appearance::{Drawing, SetLine};
use crate::contract::Colour;

/// A4, in points.
pub(super) const PAGE: [f64; 2] = [595.276, 841.89];
/// Where what is written begins at the left, and how wide it is.
pub(super) const LEFT: f64 = 62.0;
pub(super) const WIDTH: f64 = PAGE[0] - 2.0 * LEFT;
/// Where the strips of a page begin and where they end, counted from the top of the page.
pub(super) const TOP: f64 = 78.0;
pub(super) const END: f64 = 776.0;
/// How much room a page has.
pub(super) const ROOM: f64 = END - TOP;

pub(super) const BLACK: Colour = Colour(0x1A, 0x1A, 0x1A);
pub(super) const GREY: Colour = Colour(0x60, 0x60, 0x60);
pub(super) const PALE: Colour = Colour(0xC9, 0xC9, 0xC9);
pub(super) const GROUND: Colour = Colour(0xF1, 0xF3, 0xF6);
pub(super) const WHITE: Colour = Colour(0xFF, 0xFF, 0xFF);
pub(super) const NAVY: Colour = Colour(0x1E, 0x3A, 0x5F);
pub(super) const GREEN: Colour = Colour(0x1F, 0x6B, 0x3A);
pub(super) const AMBER: Colour = Colour(0x9A, 0x5B, 0x00);
pub(super) const RED: Colour = Colour(0xA3, 0x1D, 0x1D);

/// Something that is painted. Places are counted from the left side of the text and from the top of
/// the strip, y down, in points.
#[derive(Clone)]
pub(super) enum Shape {
    /// A line of text: where its baseline begins, and whose it is. What is nobody's belongs to the page
    /// and not to the text, like a heading that is repeated.
    Text {
        line: SetLine,
        at: [f64; 2],
        of: Option<Element>,
    },
    /// A line of text around a point, going up to the right.
    Slanted {
        line: SetLine,
        centre: [f64; 2],
    },
    Fill {
        at: [f64; 2],
        size: [f64; 2],
        colour: Colour,
    },
    Frame {
        at: [f64; 2],
        size: [f64; 2],
        dash: Option<f64>,
        colour: Colour,
    },
    Picture {
        drawing: Drawing,
        at: [f64; 2],
        size: [f64; 2],
        of: Element,
    },
}

/// A part of a page over its whole width that is never cut.
#[derive(Clone, Default)]
pub(super) struct Strip {
    pub(super) height: f64,
    /// What is left free above it, unless it begins a page.
    pub(super) before: f64,
    pub(super) shapes: Vec<Shape>,
    /// Whether it stands on the page of the next one.
    pub(super) keeps: bool,
    /// Whether it begins a page.
    pub(super) turns: bool,
    /// The heading that is repeated above it where a page begins with it.
    pub(super) head: Option<usize>,
}

/// One page: its strips, and how far from its top each begins.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Page {
    pub(super) placed: Vec<(Placed, f64)>,
}

/// A strip on a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Placed {
    /// By its place among the strips.
    Strip(usize),
    /// The heading of a table once more.
    Head(usize),
}

/// The strips on their pages. Each page is filled as far as what belongs together fits; the first one
/// ends at `first_end`.
pub(super) fn paginate(strips: &[Strip], heads: &[Strip], first_end: f64) -> Vec<Page> {
    let mut pages = Vec::new();
    let (mut page, mut y) = (Page::default(), TOP);
    for (index, strip) in strips.iter().enumerate() {
        let end = if pages.is_empty() { first_end } else { END };
        let fits = y + together(strips.get(index..).unwrap_or_default()) <= end;
        if !page.placed.is_empty() && (strip.turns || !fits) {
            pages.push(std::mem::take(&mut page));
            y = TOP;
        }
        if page.placed.is_empty() {
            if let Some((number, head)) = strip.head.and_then(|it| Some((it, heads.get(it)?))) {
                page.placed.push((Placed::Head(number), y));
                y += head.height;
            }
        } else {
            y += strip.before;
        }
        page.placed.push((Placed::Strip(index), y));
        y += strip.height;
    }
    pages.push(page);
    pages
}

/// How high the first of the strips is with all that has to stand on its page; without the rest, if no
/// page has room for it.
fn together(strips: &[Strip]) -> f64 {
    let first = strips.first().map_or(0.0, |strip| strip.before + strip.height);
    let mut height = 0.0;
    for strip in strips {
        height += strip.before + strip.height;
        if height > ROOM {
            return first;
        }
        if !strip.keeps {
            return height;
        }
    }
    height
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strip(height: f64) -> Strip {
        Strip { height, ..Strip::default() }
    }

    fn numbers(pages: &[Page]) -> Vec<Vec<usize>> {
        let number = |(placed, _): &(Placed, f64)| match placed {
            Placed::Strip(number) => *number,
            Placed::Head(number) => 100 + number,
        };
        pages.iter().map(|page| page.placed.iter().map(number).collect()).collect()
    }

    #[test]
    fn pages_are_filled_and_nothing_leaves_them() {
        let strips = vec![strip(300.0), strip(300.0), strip(300.0), strip(90.0)];
        let pages = paginate(&strips, &[], END);
        assert_eq!(numbers(&pages), [vec![0, 1], vec![2, 3]]);
        assert_eq!(pages[1].placed[1].1, TOP + 300.0);
        let pages = paginate(&strips, &[], TOP + 350.0);
        assert_eq!(numbers(&pages), [vec![0], vec![1, 2, 3]]);
    }

    #[test]
    fn a_heading_goes_with_what_follows_and_a_chapter_begins_a_page() {
        let heading = Strip { keeps: true, ..strip(30.0) };
        let chapter = Strip { turns: true, ..strip(30.0) };
        let strips = vec![strip(600.0), heading.clone(), heading, strip(60.0), chapter];
        assert_eq!(numbers(&paginate(&strips, &[], END)), [vec![0], vec![1, 2, 3], vec![4]]);
    }

    #[test]
    fn the_heading_of_a_table_is_repeated_where_a_page_begins_with_a_row() {
        let head = Strip { keeps: true, ..strip(20.0) };
        let row = Strip { head: Some(0), ..strip(400.0) };
        let strips = vec![head.clone(), row.clone(), row.clone(), row];
        let pages = paginate(&strips, &[head], END);
        assert_eq!(numbers(&pages), [vec![0, 1], vec![100, 2], vec![100, 3]]);
        assert_eq!(pages[1].placed[1].1, TOP + 20.0);
    }

    #[test]
    fn what_is_larger_than_a_page_does_not_run_for_ever() {
        let chain: Vec<Strip> = (0..40).map(|_| Strip { keeps: true, ..strip(60.0) }).collect();
        let pages = paginate(&chain, &[], END);
        assert_eq!(numbers(&pages).concat(), (0..40).collect::<Vec<_>>());
        assert_eq!(pages.len(), 4);
        let pages = paginate(&[strip(2_000.0), strip(10.0)], &[], END);
        assert_eq!(numbers(&pages), [vec![0], vec![1]]);
    }
}
