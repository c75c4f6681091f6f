//! The stage as data: where seats and logos are on the picture that everybody sees (座次模板).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::error::Error;
use crate::identity::SeatId;

/// The most seats of a template.
const MOST_SEATS: usize = 1000;

/// How many sit beside each other on one side of a symmetric template.
const IN_A_ROW: u16 = 8;

/// The side of the stage, as the audience sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Side {
    /// On the left: the organizer's.
    Left,
    /// On the right: the other party's.
    Right,
    /// In the middle: nobody's.
    Middle,
}

/// One place to sit. Positions are thousandths of the picture's width and height, from its top
/// left corner to the middle of the seat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seat {
    /// Its name, once per template.
    pub id: SeatId,
    /// The side that it is on.
    pub side: Side,
    /// How honourable it is: 0 is the nearest to the centre, taken first.
    pub rank: u16,
    /// From the left edge, 0 to 1000.
    pub x: u16,
    /// From the top edge, 0 to 1000.
    pub y: u16,
}

/// One place for a logo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogoPlace {
    /// Its name, once per template.
    pub name: String,
    /// The side that it is on.
    pub side: Side,
    /// Its width and height in any unit: pictures should have this ratio.
    pub ratio: (u32, u32),
}

/// Where seats and logos are. Deserialising checks it again.
///
/// ```
/// use sealwright::ceremony::{Side, Template};
///
/// let template = Template::symmetric(2);
/// let right = template.seats().iter().filter(|seat| seat.side == Side::Right);
/// assert_eq!(right.count(), 2);
/// assert!(template.seat(&"L1".parse()?).is_some()); // on the left, nearest to the centre
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Parts")]
pub struct Template {
    name: String,
    seats: Vec<Seat>,
    logos: Vec<LogoPlace>,
    background: (u32, u32),
}

impl Template {
    /// A template of the host's. `background` is the ratio of the whole picture, width to height.
    ///
    /// # Errors
    ///
    /// [`Error::TemplateInvalid`] if there is no seat or more than 1000, two seats or two logos
    /// have one name, a seat lies off the picture, or a ratio has a zero.
    pub fn new(
        name: &str,
        seats: Vec<Seat>,
        logos: Vec<LogoPlace>,
        background: (u32, u32),
    ) -> Result<Self, Error> {
        let invalid = |what| Err(Error::TemplateInvalid { what });
        let ids: BTreeSet<_> = seats.iter().map(|seat| &seat.id).collect();
        let places: BTreeSet<_> = logos.iter().map(|place| &place.name).collect();
        let has_zero = |(width, height)| width == 0 || height == 0;
        if seats.is_empty() || seats.len() > MOST_SEATS {
            return invalid("the number of seats");
        }
        if ids.len() < seats.len() {
            return invalid("two seats of one name");
        }
        if places.len() < logos.len() {
            return invalid("two logos of one name");
        }
        if seats.iter().any(|seat| seat.x > 1000 || seat.y > 1000) {
            return invalid("a seat off the picture");
        }
        if has_zero(background) || logos.iter().any(|place| has_zero(place.ratio)) {
            return invalid("a ratio with a zero");
        }
        Ok(Self { name: name.to_owned(), seats, logos, background })
    }

    /// The default: as many seats on the left (`L1`, `L2`, …, the organizer's) as on the right
    /// (`R1`, `R2`, …), numbered from the centre outwards, in rows of eight a side; a logo over
    /// each side, three times as wide as high; a picture of 16 to 9. At least one seat a side, at
    /// most 500.
    #[must_use]
    pub fn symmetric(seats_a_side: u16) -> Self {
        let count = seats_a_side.clamp(1, 500);
        let both = (0..count).flat_map(|rank| {
            [seat(Side::Left, rank, count), seat(Side::Right, rank, count)].into_iter().flatten()
        });
        let logo = |name: &str, side| LogoPlace { name: name.to_owned(), side, ratio: (3, 1) };
        Self {
            name: format!("symmetric-{count}"),
            seats: both.collect(),
            logos: vec![logo("left", Side::Left), logo("right", Side::Right)],
            background: (16, 9),
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The places to sit.
    #[must_use]
    pub fn seats(&self) -> &[Seat] {
        &self.seats
    }

    /// The place of that name.
    #[must_use]
    pub fn seat(&self, id: &SeatId) -> Option<&Seat> {
        self.seats.iter().find(|seat| seat.id == *id)
    }

    /// The places for logos.
    #[must_use]
    pub fn logos(&self) -> &[LogoPlace] {
        &self.logos
    }

    /// The place for a logo of that name.
    #[must_use]
    pub fn logo(&self, name: &str) -> Option<&LogoPlace> {
        self.logos.iter().find(|place| place.name == name)
    }

    /// The ratio of the whole picture, width to height.
    #[must_use]
    pub fn background(&self) -> (u32, u32) {
        self.background
    }
}

/// The seat number `rank` of `count` on one side of the symmetric template.
fn seat(side: Side, rank: u16, count: u16) -> Option<Seat> {
    let (row, column) = (rank / IN_A_ROW, rank % IN_A_ROW);
    let rows = count.div_ceil(IN_A_ROW);
    // The middle of a cell: half the width is shared by the columns, the lower half by the rows.
    let columns = count.min(IN_A_ROW);
    let from_centre = (2 * column + 1) * 250 / columns;
    let y = 500 + (2 * row + 1) * 250 / rows;
    let (letter, x) = match side {
        Side::Right => ('R', 500 + from_centre),
        _ => ('L', 500 - from_centre),
    };
    let id = format!("{letter}{}", rank + 1).parse().ok()?;
    Some(Seat { id, side, rank, x, y })
}

#[derive(Deserialize)]
struct Parts {
    name: String,
    seats: Vec<Seat>,
    logos: Vec<LogoPlace>,
    background: (u32, u32),
}

impl TryFrom<Parts> for Template {
    type Error = Error;

    fn try_from(parts: Parts) -> Result<Self, Error> {
        Self::new(&parts.name, parts.seats, parts.logos, parts.background)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_cer_08_the_default_is_symmetric_and_fills_from_the_centre() {
        for count in [1, 2, 8, 9, 30, 500] {
            let template = Template::symmetric(count);
            assert_eq!(template.seats().len(), usize::from(count) * 2);
            for seats in template.seats().chunks(2) {
                let [left, right] = seats else { panic!() };
                assert_eq!((left.side, right.side), (Side::Left, Side::Right));
                assert_eq!((left.rank, left.y), (right.rank, right.y));
                assert_eq!(left.x + right.x, 1000);
            }
            let stored = serde_json::to_string(&template).unwrap();
            assert_eq!(serde_json::from_str::<Template>(&stored).unwrap(), template);
        }
        let near = |id: &str| Template::symmetric(3).seat(&id.parse().unwrap()).unwrap().x;
        assert!(near("L1") > near("L2") && near("L2") > near("L3"));
        assert_eq!(Template::symmetric(0).seats().len(), 2);
        assert_eq!(Template::symmetric(u16::MAX).seats().len(), 1000);
    }

    #[test]
    fn r_cer_08_a_template_without_sense_is_refused() {
        let seat =
            |id: &str, x| Seat { id: id.parse().unwrap(), side: Side::Middle, rank: 0, x, y: 0 };
        let logo = |ratio| LogoPlace { name: "a".to_owned(), side: Side::Left, ratio };
        let whole = (16, 9);
        let wrong = [
            Template::new("t", vec![], vec![], whole),
            Template::new("t", vec![seat("1", 0), seat("1", 1)], vec![], whole),
            Template::new("t", vec![seat("1", 1001)], vec![], whole),
            Template::new("t", vec![seat("1", 0)], vec![logo((0, 1))], whole),
            Template::new("t", vec![seat("1", 0)], vec![logo((1, 1)), logo((1, 1))], whole),
            Template::new("t", vec![seat("1", 0)], vec![], (1, 0)),
        ];
        for template in wrong {
            assert_eq!(template.unwrap_err().code(), "layout.template_invalid");
        }
        assert!(Template::new("t", vec![seat("1", 1000)], vec![logo((1, 1))], whole).is_ok());
    }
}
