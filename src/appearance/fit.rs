//! How a picture stands in a box of another size or shape.

use crate::contract::{ControlKind, ImageFit};

/// Points a pixel of what has no physical size of its own: 96 of them make an inch.
pub(super) const PIXEL: f64 = 0.75;

/// How a picture, a seal or a signature by hand stands in a box that has another size or shape than
/// it has: how large, and where. Unless [`Sizing::Stretch`] is asked for by name, its shape is kept.
///
/// Unless told otherwise it has its own size, or is smaller where the box is, and stands in the
/// middle.
///
/// ```
/// use sealwright::appearance::{Alignment, Fit, Sizing};
/// assert_eq!(Fit::default(), Fit::OWN_SIZE);
/// let corner = Fit::CONTAIN.aligned(Alignment::BottomRight);
/// assert_eq!((corner.sizing(), corner.alignment()), (Sizing::Contain, Alignment::BottomRight));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Fit {
    sizing: Sizing,
    alignment: Alignment,
}

/// How large a picture is in a box.
///
/// Of a cross-page seal (骑缝章) each box shows a slice, cut for a whole of one size: of its own size
/// it has to be the very size of the seal, contained a size of the same shape, stretched any.
///
/// ```
/// assert_eq!(sealwright::appearance::Sizing::default(), sealwright::appearance::Sizing::OwnSize);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Sizing {
    /// In its own, physical size; smaller where the box is, its shape kept.
    #[default]
    OwnSize,
    /// As large as the box holds, its shape kept.
    Contain,
    /// As large as the box, whatever that does to its shape.
    Stretch,
}

/// Where in a box a picture stands that does not fill it.
///
/// ```
/// assert_eq!(sealwright::appearance::Alignment::default(), sealwright::appearance::Alignment::Centre);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Alignment {
    /// In the top left corner.
    TopLeft,
    /// At the top, in the middle.
    Top,
    /// In the top right corner.
    TopRight,
    /// At the left, in the middle.
    Left,
    /// In the middle.
    #[default]
    Centre,
    /// At the right, in the middle.
    Right,
    /// In the bottom left corner.
    BottomLeft,
    /// At the bottom, in the middle.
    Bottom,
    /// In the bottom right corner.
    BottomRight,
}

impl Fit {
    /// In its own size, or smaller where the box is; in the middle.
    pub const OWN_SIZE: Self = Self { sizing: Sizing::OwnSize, alignment: Alignment::Centre };
    /// As large as the box holds, in the middle.
    pub const CONTAIN: Self = Self { sizing: Sizing::Contain, alignment: Alignment::Centre };
    /// As large as the box, which may distort it.
    pub const STRETCH: Self = Self { sizing: Sizing::Stretch, alignment: Alignment::Centre };

    /// Elsewhere than in the middle.
    #[must_use]
    pub const fn aligned(self, alignment: Alignment) -> Self {
        Self { alignment, ..self }
    }

    /// How the mark of a control stands in its box: a seal in its physical size where the control
    /// says so (R-CTL-15), a picture as its control says (图片), all else as large as the box holds.
    ///
    /// ```
    /// use sealwright::appearance::Fit;
    /// use sealwright::contract::{ControlKind, SealMark};
    /// let seal = |use_seal_size| {
    ///     ControlKind::Seal(SealMark { use_seal_size, ..SealMark::default() })
    /// };
    /// assert_eq!(Fit::of_control(&seal(true)), Fit::OWN_SIZE);
    /// assert_eq!(Fit::of_control(&seal(false)), Fit::CONTAIN);
    /// ```
    #[must_use]
    pub fn of_control(kind: &ControlKind) -> Self {
        match kind {
            ControlKind::Image(fit) => (*fit).into(),
            kind if kind.uses_seal_size() => Self::OWN_SIZE,
            _ => Self::CONTAIN,
        }
    }

    /// How large.
    #[must_use]
    pub const fn sizing(self) -> Sizing {
        self.sizing
    }

    /// Where.
    #[must_use]
    pub const fn alignment(self) -> Alignment {
        self.alignment
    }

    /// The size in a box, and what is left of it to the left and below: of something that has a size
    /// of its own in the same unit. Y goes up. A side of nothing counts as a trifle.
    pub(super) fn within(self, own: [f64; 2], room: [f64; 2]) -> ([f64; 2], [f64; 2]) {
        let least = |side: f64| side.max(f64::MIN_POSITIVE);
        let most = (room[0] / least(own[0])).min(room[1] / least(own[1]));
        let [width, height] = match self.sizing {
            Sizing::OwnSize => own.map(|side| side * most.min(1.0)),
            Sizing::Contain => own.map(|side| side * most),
            Sizing::Stretch => room,
        };
        ([width, height], self.alignment.corner([width, height], room))
    }
}

impl Alignment {
    /// All nine, row by row.
    pub const ALL: [Self; 9] = [
        Self::TopLeft,
        Self::Top,
        Self::TopRight,
        Self::Left,
        Self::Centre,
        Self::Right,
        Self::BottomLeft,
        Self::Bottom,
        Self::BottomRight,
    ];

    /// The lower left corner of something of this size in a box.
    pub(super) fn corner(self, size: [f64; 2], room: [f64; 2]) -> [f64; 2] {
        let across = match self {
            Self::TopLeft | Self::Left | Self::BottomLeft => 0.0,
            Self::Top | Self::Centre | Self::Bottom => 0.5,
            Self::TopRight | Self::Right | Self::BottomRight => 1.0,
        };
        let up = match self {
            Self::BottomLeft | Self::Bottom | Self::BottomRight => 0.0,
            Self::Left | Self::Centre | Self::Right => 0.5,
            Self::TopLeft | Self::Top | Self::TopRight => 1.0,
        };
        [(room[0] - size[0]) * across, (room[1] - size[1]) * up]
    }
}

/// What a picture control says of its pictures.
impl From<ImageFit> for Fit {
    fn from(fit: ImageFit) -> Self {
        match fit {
            ImageFit::Keep => Self::CONTAIN,
            ImageFit::Centre => Self::OWN_SIZE,
            ImageFit::Stretch => Self::STRETCH,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::SealMark;

    #[test]
    fn only_stretching_changes_the_shape() {
        let size = |fit: Fit, own, room| fit.within(own, room).0;
        for (own, room) in [([2.0, 1.0], [8.0, 8.0]), ([20.0, 10.0], [8.0, 8.0])] {
            for fit in [Fit::OWN_SIZE, Fit::CONTAIN] {
                let [width, height] = size(fit, own, room);
                assert!((width / height - 2.0).abs() < 1e-9, "{fit:?}");
                assert!(width <= room[0] && height <= room[1]);
            }
            assert_eq!(size(Fit::STRETCH, own, room), room);
        }
        assert_eq!(size(Fit::OWN_SIZE, [2.0, 1.0], [8.0, 8.0]), [2.0, 1.0]);
        assert_eq!(size(Fit::OWN_SIZE, [20.0, 10.0], [8.0, 8.0]), [8.0, 4.0]);
        assert_eq!(size(Fit::CONTAIN, [2.0, 1.0], [8.0, 8.0]), [8.0, 4.0]);
        // A low room and a narrow one.
        assert_eq!(size(Fit::CONTAIN, [2.0, 1.0], [8.0, 2.0]), [4.0, 2.0]);
        assert_eq!(size(Fit::OWN_SIZE, [20.0, 10.0], [8.0, 2.0]), [4.0, 2.0]);
        assert_eq!(size(Fit::CONTAIN, [2.0, 1.0], [1.0, 8.0]), [1.0, 0.5]);
    }

    #[test]
    fn nine_places() {
        let corner = |alignment| Fit::OWN_SIZE.aligned(alignment).within([2.0, 1.0], [8.0, 8.0]).1;
        let corners: Vec<[f64; 2]> = Alignment::ALL.map(corner).into();
        let rows = [7.0, 3.5, 0.0].map(|y| [0.0, 3.0, 6.0].map(|x| [x, y]));
        assert_eq!(corners, rows.concat());
    }

    #[test]
    fn a_control_says_how_its_mark_stands_in_its_box() {
        let seal = |use_seal_size| SealMark { use_seal_size, ..SealMark::default() };
        assert_eq!(Fit::of_control(&ControlKind::Seal(seal(true))), Fit::OWN_SIZE);
        assert_eq!(Fit::of_control(&ControlKind::Seal(seal(false))), Fit::CONTAIN);
        assert_eq!(Fit::of_control(&ControlKind::Image(ImageFit::Stretch)), Fit::STRETCH);
    }
}
