//! The graphics state as far as it decides what is seen (ISO 32000-2 §8.4).

use std::rc::Rc;

use super::colour::{Colour, Space};
use super::font::Font;
use super::matrix::{Bounds, Matrix, common};

/// The state that `q` saves.
#[derive(Clone)]
pub(crate) struct State {
    pub(crate) ctm: Matrix,
    pub(crate) clip: Bounds,
    /// Whether the clip is that box and nothing smaller.
    pub(crate) clip_is_box: bool,
    pub(crate) fill: Paint,
    pub(crate) stroke: Paint,
    pub(crate) line_width: f64,
    pub(crate) blend: Blend,
    pub(crate) masked: bool,
    /// Whether the group in which all this is painted is opaque itself.
    pub(crate) in_opaque_group: bool,
    pub(crate) text: TextState,
}

/// What paths are filled or stroked with.
#[derive(Clone, Copy)]
pub(crate) struct Paint {
    pub(super) space: Space,
    pub(crate) colour: Colour,
    pub(crate) alpha: f64,
}

/// How a colour meets what is behind it (§11.3.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Blend {
    Normal,
    /// It can only darken: `Multiply` and `Darken`.
    Darkens,
    Other,
}

/// §9.3.
#[derive(Clone)]
pub(crate) struct TextState {
    pub(super) font: Option<Rc<Font>>,
    pub(crate) size: f64,
    pub(super) character_space: f64,
    pub(super) word_space: f64,
    pub(super) scale: f64,
    pub(super) leading: f64,
    pub(crate) rise: f64,
    pub(crate) mode: Mode,
}

/// The text rendering mode (§9.3.6) as far as it counts here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// 0.
    Fill,
    /// 3 and 7.
    Invisible,
    /// The others: with an outline.
    Outlined,
}

impl Paint {
    const BLACK: Self = Self { space: Space::Gray, colour: Some([0; 3]), alpha: 1.0 };

    /// A colour of a space.
    pub(super) fn set(&mut self, space: Space, components: &[f64]) {
        (self.space, self.colour) = (space, space.colour(components));
    }

    /// Another space, in the colour in which it starts.
    pub(super) fn enter(&mut self, space: Space) {
        (self.space, self.colour) = (space, space.initial());
    }
}

impl Blend {
    pub(super) fn of(name: Option<&[u8]>) -> Self {
        match name {
            Some(b"Normal" | b"Compatible") => Self::Normal,
            Some(b"Multiply" | b"Darken") => Self::Darkens,
            _ => Self::Other,
        }
    }
}

impl Mode {
    pub(super) fn of(number: f64) -> Self {
        match number.to_bits() {
            bits if bits == 3.0_f64.to_bits() || bits == 7.0_f64.to_bits() => Self::Invisible,
            bits if bits == 0.0_f64.to_bits() => Self::Fill,
            _ => Self::Outlined,
        }
    }
}

impl State {
    /// The state at the start of a page.
    pub(crate) fn new(clip: Bounds) -> Self {
        Self {
            ctm: Matrix::IDENTITY,
            clip,
            clip_is_box: true,
            fill: Paint::BLACK,
            stroke: Paint::BLACK,
            line_width: 1.0,
            blend: Blend::Normal,
            masked: false,
            in_opaque_group: true,
            text: TextState {
                font: None,
                size: 0.0,
                character_space: 0.0,
                word_space: 0.0,
                scale: 1.0,
                leading: 0.0,
                rise: 0.0,
                mode: Mode::Fill,
            },
        }
    }

    /// Whether what is filled now hides what is behind it altogether.
    pub(crate) fn is_opaque(&self) -> bool {
        let plain = self.blend == Blend::Normal && !self.masked;
        self.fill.alpha > 0.99 && plain && self.in_opaque_group
    }

    /// Narrows the clip.
    pub(super) fn clip_to(&mut self, bounds: Bounds, is_box: bool) {
        self.clip = common(self.clip, bounds);
        self.clip_is_box &= is_box;
    }
}
