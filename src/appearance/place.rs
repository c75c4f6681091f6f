//! The normal appearance of a widget: a form that paints a drawing into the widget's rectangle.

use super::drawing::{Drawing, Frame, factor};
use super::fit::{Fit, Sizing};
use super::shared::Numbers;
use crate::geometry::{Coordinate, MilliPoints, PdfRect, Pt, Rotation, Size};
use crate::placement::Placed;

/// What of a drawing is seen in the rectangle that it is put into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum View {
    /// All of it, in a way: it is `own` large by itself.
    All { fit: Fit, own: Size },
    /// A part of it: the drawing, `own` large by itself, is made `whole` large, and the rectangle
    /// shows what begins so far from its left and from its top.
    Part { own: Size, whole: Size, left: MilliPoints, top: MilliPoints },
}

impl View {
    /// A slice of a seal that is `own` large by itself, cut for a whole of some size. `None` where
    /// that is a size that the fit does not give it: nothing is distorted, and nothing made larger
    /// or smaller, unless that was asked for.
    pub(crate) fn part(
        fit: Fit,
        own: Size,
        whole: Size,
        [left, top]: [MilliPoints; 2],
    ) -> Option<Self> {
        let fits = match fit.sizing() {
            Sizing::OwnSize => same(own, whole),
            Sizing::Contain => {
                own.scaled_to_width(whole.width()).is_ok_and(|scaled| same(scaled, whole))
            }
            Sizing::Stretch => true,
        };
        fits.then_some(Self::Part { own, whole, left, top })
    }

    /// The drawing's own size and the size that it has in a rectangle, where these differ by more
    /// than rounding.
    pub(crate) fn resized(self, inside: Size) -> Option<[Size; 2]> {
        let (own, shown) = match self {
            Self::Part { own, whole, .. } => (own, whole),
            Self::All { fit, own } => {
                let sides = |size: Size| {
                    [size.width(), size.height()].map(|side| number(side.thousandths()) / 1_000.0)
                };
                let ([width, height], _) = fit.within(sides(own), sides(inside));
                (own, Size::new(Pt(width), Pt(height)).ok()?)
            }
        };
        (!same(own, shown)).then_some([own, shown])
    }
}

/// Whether two sizes differ by no more than rounding makes them: a hundredth of a point, or a
/// thousandth of their sides.
fn same(a: Size, b: Size) -> bool {
    let near = |a: MilliPoints, b: MilliPoints| {
        let (a, b) = (a.thousandths(), b.thousandths());
        a.abs_diff(b) <= a.max(b).unsigned_abs().div_euclid(1_000).max(10)
    };
    near(a.width(), b.width()) && near(a.height(), b.height())
}

impl Drawing {
    /// A form XObject (ISO 32000-2 Table 93) for `/AP << /N … >>` of a widget whose `/Rect` is
    /// [`Placed::user_space`], from `<<` to `endstream`. Its content is one of the templates
    ///
    /// ```text
    /// q [/G gs] W 0 0 H x y cm /S Do Q
    /// q [/G gs] 0 0 w h re W n W 0 0 H x y cm /S Do Q
    /// ```
    ///
    /// where `/G` is there if the drawing has an opacity or a blend mode.
    ///
    /// # Errors
    ///
    /// If `take` has no number left for the drawing's own objects.
    pub(crate) fn form<E>(
        &self,
        placed: &Placed,
        view: View,
        numbers: &mut Numbers,
        take: &mut impl FnMut() -> Result<u32, E>,
    ) -> Result<Vec<u8>, E> {
        let xobject = numbers.number_of(self.xobject(), take)?;
        let colours = numbers.colours(take)?;
        let upright = Upright::of(&placed.user_space(), placed.rotation());
        let Upright { width, height, matrix } = &upright;
        let state = self.graphics_state();
        let (set, entry) = match &state {
            Some(state) => (" /G gs", format!(" /ExtGState << /G {state} >>")),
            None => ("", String::new()),
        };
        let painted = self.painted(&upright, placed.rect().size(), view);
        let content = format!("q{set}{painted} cm /S Do Q");
        let form = format!(
            "<< /Type /XObject /Subtype /Form /BBox [0 0 {width} {height}]{matrix} \
             /Resources << /XObject << /S {xobject} 0 R >>{entry}{colours} >> /Length {length} >>\n\
             stream\n{content}\nendstream",
            length = content.len(),
        );
        Ok(form.into_bytes())
    }

    /// The clip, if there is one, and the matrix that puts the XObject into the box. `inside` is
    /// the size of the box in thousandths of points; the box itself counts in user space units,
    /// which `/UserUnit` makes larger.
    fn painted(&self, upright: &Upright, inside: Size, view: View) -> String {
        let [width, height] = [upright.width, upright.height].map(units);
        let across = |length: MilliPoints| width * share(length, inside.width());
        let up = |length: MilliPoints| height * share(length, inside.height());
        match view {
            View::All { fit, own } => {
                let own = [across(own.width()), up(own.height())];
                let (size, corner) = fit.within(own, [width, height]);
                format!(" {}", self.matrix(size, corner))
            }
            View::Part { whole, left, top, .. } => {
                let (w, h) = (across(whole.width()), up(whole.height()));
                // The box's lower edge lies so far above the drawing's.
                let corner = [-across(left), height + up(top) - h];
                let clip = format!("0 0 {} {} re W n", upright.width, upright.height);
                format!(" {clip} {}", self.matrix([w, h], corner))
            }
        }
    }

    /// `a 0 0 d e f`, which makes the XObject so large and puts its lower left corner there.
    fn matrix(&self, size: [f64; 2], corner: [f64; 2]) -> String {
        let [x, y] = corner.map(rounded);
        let [width, height] = match (self.frame(), size) {
            (Frame::Unit, _) => size.map(|side| rounded(side).to_string()),
            (Frame::Points, [width, height]) => {
                [factor(width, self.size().width()), factor(height, self.size().height())]
            }
        };
        format!("{width} 0 0 {height} {x} {y}")
    }
}

fn share(part: MilliPoints, whole: MilliPoints) -> f64 {
    number(part.thousandths()) / number(whole.thousandths().max(1))
}

fn rounded(value: f64) -> Coordinate {
    Coordinate::new(value).unwrap_or(Coordinate::ZERO)
}

/// A coordinate as a number of user space units; thousandths are exact far beyond any page.
fn units(coordinate: Coordinate) -> f64 {
    number(coordinate.thousandths()) / 1_000.0
}

#[expect(clippy::cast_precision_loss, reason = "lengths on a page need no more than 53 bits")]
fn number(thousandths: i64) -> f64 {
    thousandths as f64
}

/// The size that a person sees, in user space units, and how the form is turned so that he does.
struct Upright {
    width: Coordinate,
    height: Coordinate,
    matrix: String,
}

impl Upright {
    /// The turned box keeps its lower left corner at the origin: readers that do not compute the
    /// transformed box, but only look at `/BBox` and `/Matrix`, are right as well.
    fn of(rect: &PdfRect, rotation: Rotation) -> Self {
        let (across, up) = (rect.width(), rect.height());
        let (width, height) = if rotation.swaps_axes() { (up, across) } else { (across, up) };
        let matrix = match rotation {
            Rotation::R0 => String::new(),
            Rotation::R90 => format!(" /Matrix [0 1 -1 0 {across} 0]"),
            Rotation::R180 => format!(" /Matrix [-1 0 0 -1 {across} {up}]"),
            Rotation::R270 => format!(" /Matrix [0 -1 1 0 0 {up}]"),
        };
        Self { width, height, matrix }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::appearance::drawing::{Blend, Resources};
    use crate::appearance::fit::Alignment;
    use crate::appearance::shared::Shared;
    use crate::contract::Opacity;
    use crate::geometry::{PageGeometry, PageNumber, Rect};

    /// The content of the form in a rectangle of 120 by 60 points.
    fn content(drawing: &Drawing, view: View, user_unit: f64) -> String {
        let page = PageGeometry::new([0.0, 0.0, 595.0, 842.0], None, 90, user_unit).unwrap();
        let rect = Rect::new(Pt(100.0), Pt(200.0), Pt(120.0), Pt(60.0)).unwrap();
        let placed = Placed::on(PageNumber::new(1).unwrap(), &page, rect).unwrap();
        let mut next = 6;
        let mut take = || {
            next += 1;
            Ok::<_, ()>(next)
        };
        let form = drawing.form(&placed, view, &mut Numbers::default(), &mut take).unwrap();
        let form = String::from_utf8(form).unwrap();
        assert!(form.contains("/XObject << /S 7 0 R >>"), "{form}");
        let (dictionary, stream) = form.split_once("\nstream\n").unwrap();
        let content = stream.strip_suffix("\nendstream").unwrap();
        assert!(dictionary.ends_with(&format!("/Length {} >>", content.len())));
        assert_eq!(dictionary.contains(" /ExtGState << /G <<"), content.contains("/G gs"));
        content.to_owned()
    }

    fn size(width: f64, height: f64) -> Size {
        Size::new(Pt(width), Pt(height)).unwrap()
    }

    fn all(fit: Fit, own: Size) -> View {
        View::All { fit, own }
    }

    /// All over the box.
    fn whole() -> View {
        all(Fit::STRETCH, size(60.0, 60.0))
    }

    fn image() -> Drawing {
        Drawing::image(size(60.0, 60.0), Shared::body().finish())
    }

    fn operators() -> Drawing {
        Drawing::new(size(60.0, 30.0), b"q Q".to_vec(), &Resources::default(), Frame::Points)
    }

    #[test]
    fn the_template_fills_the_box() {
        assert_eq!(content(&image(), whole(), 1.0), "q 120 0 0 60 0 0 cm /S Do Q");
        assert_eq!(content(&image(), whole(), 2.0), "q 60 0 0 30 0 0 cm /S Do Q");
        let pale = image().opacity(Opacity::new(0.7).unwrap()).blend(Blend::Multiply);
        assert_eq!(content(&pale, whole(), 1.0), "q /G gs 120 0 0 60 0 0 cm /S Do Q");
    }

    #[test]
    fn what_has_its_own_units_is_scaled_from_them() {
        assert_eq!(content(&operators(), whole(), 1.0), "q 2 0 0 2 0 0 cm /S Do Q");
        assert_eq!(
            content(&operators(), whole(), 3.0),
            "q 0.666666667 0 0 0.666666667 0 0 cm /S Do Q"
        );
    }

    #[test]
    fn centred_it_is_never_distorted() {
        let centred = |w, h| content(&image(), all(Fit::OWN_SIZE, size(w, h)), 1.0);
        assert_eq!(centred(30.0, 30.0), "q 30 0 0 30 45 15 cm /S Do Q");
        assert_eq!(centred(90.0, 90.0), "q 60 0 0 60 30 0 cm /S Do Q");
        assert_eq!(centred(240.0, 60.0), "q 120 0 0 30 0 15 cm /S Do Q");
        let contained = |w, h| content(&image(), all(Fit::CONTAIN, size(w, h)), 1.0);
        assert_eq!(contained(30.0, 30.0), "q 60 0 0 60 30 0 cm /S Do Q");
    }

    #[test]
    fn it_stands_where_it_is_aligned() {
        let at = |alignment| {
            content(&image(), all(Fit::OWN_SIZE.aligned(alignment), size(30.0, 20.0)), 1.0)
        };
        assert_eq!(at(Alignment::TopLeft), "q 30 0 0 20 0 40 cm /S Do Q");
        assert_eq!(at(Alignment::Right), "q 30 0 0 20 90 20 cm /S Do Q");
        assert_eq!(at(Alignment::Bottom), "q 30 0 0 20 45 0 cm /S Do Q");
    }

    #[test]
    fn what_is_not_its_own_size_any_more_is_told() {
        let [own, room] = [size(90.0, 60.0), size(60.0, 60.0)];
        assert_eq!(all(Fit::OWN_SIZE, own).resized(room), Some([own, size(60.0, 40.0)]));
        assert_eq!(all(Fit::OWN_SIZE, own).resized(size(100.0, 100.0)), None);
        let zero = [MilliPoints::ZERO; 2];
        let part = View::part(Fit::CONTAIN, own, size(120.0, 80.0), zero).unwrap();
        assert_eq!(part.resized(room), Some([own, size(120.0, 80.0)]));
    }

    #[test]
    fn a_slice_is_of_a_size_that_was_asked_for() {
        let part = |fit, own, whole| View::part(fit, own, whole, [MilliPoints::ZERO; 2]).is_some();
        let [own, larger, wider] = [size(90.0, 60.0), size(120.0, 80.0), size(90.0, 50.0)];
        let permitted = |fit| [own, larger, wider].map(|whole| part(fit, own, whole));
        assert_eq!(permitted(Fit::OWN_SIZE), [true, false, false]);
        assert_eq!(permitted(Fit::CONTAIN), [true, true, false]);
        assert_eq!(permitted(Fit::STRETCH), [true, true, true]);
        // What is left of millimetres in thousandths of points.
        assert!(part(Fit::OWN_SIZE, own, size(90.009, 60.0)));
    }

    #[test]
    fn a_part_is_clipped_and_the_rest_lies_outside() {
        let part = |left: f64, top: f64, unit| {
            let milli = |points: f64| Pt(points).into();
            let [left, top] =
                [left, top].map(|points| crate::geometry::Length::round(milli(points)).unwrap());
            let whole = size(240.0, 180.0);
            content(&image(), View::Part { own: whole, whole, left, top }, unit)
        };
        // At its top left, and at its bottom right.
        assert_eq!(part(0.0, 0.0, 1.0), "q 0 0 120 60 re W n 240 0 0 180 0 -120 cm /S Do Q");
        assert_eq!(part(120.0, 120.0, 1.0), "q 0 0 120 60 re W n 240 0 0 180 -120 0 cm /S Do Q");
        assert_eq!(part(120.0, 60.0, 2.0), "q 0 0 60 30 re W n 120 0 0 90 -60 -30 cm /S Do Q");
    }
}
