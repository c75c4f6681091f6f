//! Where a control stands by the words that were found (§5.3).

use crate::contract::{Keyword, Relative, Spot};
use crate::geometry::{Error, MilliPoints, Rect, Size};

/// The rectangle of the control by one match on a page of this size. Moved in where it leaves the page
/// by no more than the keyword allows; left as it is where it leaves it by more. A size that does not
/// exist is no size, for the validation to name (R-CTL-03).
pub(super) fn beside(
    keyword: &Keyword,
    words: &Spot,
    default_size: Size,
    page: Size,
) -> Result<Spot, Error> {
    let size = keyword.size().map(|extent| extent.on(page).unwrap_or_default());
    let size = size.unwrap_or(default_size);
    let (width, height) = (size.width().thousandths(), size.height().thousandths());
    let (left, top) = (words.rect.x().thousandths(), words.rect.y().thousandths());
    let (right, bottom) = (words.rect.right().thousandths(), words.rect.bottom().thousandths());
    // Halves are rounded down, so that a control of the words' own size covers them exactly.
    let centred_x = left + (right - left - width).div_euclid(2);
    let centred_y = top + (bottom - top - height).div_euclid(2);
    let (x, y) = match keyword.stands() {
        Relative::Middle => (centred_x, centred_y),
        Relative::Below => (centred_x, bottom),
        Relative::Right => (right, centred_y),
        Relative::LowerRight => (right, bottom),
        Relative::UpperRight => (right, top - height),
    };
    let (shift_x, shift_y) = keyword.shift();
    let nudge = keyword.most_nudge().thousandths();
    let (x, y) = (x + shift_x.thousandths(), y + shift_y.thousandths());
    let x = moved_in(x, width, page.width().thousandths(), nudge);
    let y = moved_in(y, height, page.height().thousandths(), nudge);
    let rect = Rect::with_size(MilliPoints::new(x)?, MilliPoints::new(y)?, size)?;
    Ok(Spot { page: words.page, rect })
}

/// A start such that what is so long lies within the page, if it is no further away than `nudge`.
fn moved_in(start: i64, length: i64, page: i64, nudge: i64) -> i64 {
    let inside = start.min(page - length).max(0);
    if inside.abs_diff(start) <= nudge.unsigned_abs() && nudge > 0 { inside } else { start }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::{PageNumber, Pt};

    fn stands(keyword: &Keyword) -> String {
        // Words of 60 by 12 points at (100, 200), a control of 120 by 50.
        let words = Rect::new(Pt(100.0), Pt(200.0), Pt(60.0), Pt(12.0)).unwrap();
        let words = Spot { page: PageNumber::new(1).unwrap(), rect: words };
        let page = Size::new(Pt(595.0), Pt(842.0)).unwrap();
        let size = Size::new(Pt(120.0), Pt(50.0)).unwrap();
        beside(keyword, &words, size, page).unwrap().rect.to_string()
    }

    #[test]
    fn the_five_places_by_the_words() {
        let at = |relative| stands(&Keyword::new("盖章").unwrap().relative(relative));
        assert_eq!(at(Relative::Middle), "120 x 50 at (70, 181)");
        assert_eq!(at(Relative::Below), "120 x 50 at (70, 212)");
        assert_eq!(at(Relative::Right), "120 x 50 at (160, 181)");
        assert_eq!(at(Relative::LowerRight), "120 x 50 at (160, 212)");
        assert_eq!(at(Relative::UpperRight), "120 x 50 at (160, 150)");
    }

    #[test]
    fn offsets_go_right_and_down() {
        let keyword = Keyword::new("盖章").unwrap().offset(Pt(10.0), Pt(-4.0)).unwrap();
        assert_eq!(stands(&keyword), "120 x 50 at (80, 177)");
    }

    #[test]
    fn r_ctl_03_a_size_below_nothing_is_not_the_default() {
        let extent = crate::contract::Extent::new(Pt(-5.0), Pt(50.0)).unwrap();
        let keyword = Keyword::new("盖章").unwrap().relative(Relative::Right).sized(extent);
        assert_eq!(stands(&keyword), "0 x 0 at (160, 206)");
    }

    #[test]
    fn r_ctl_04_it_is_moved_in_by_no_more_than_was_allowed() {
        let off = || Keyword::new("盖章").unwrap().offset(Pt(-75.0), Pt(0.0)).unwrap();
        assert_eq!(stands(&off()), "120 x 50 at (-5, 181)");
        assert_eq!(stands(&off().nudge(Pt(4.999)).unwrap()), "120 x 50 at (-5, 181)");
        assert_eq!(stands(&off().nudge(Pt(5.0)).unwrap()), "120 x 50 at (0, 181)");
    }
}
