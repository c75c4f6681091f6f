//! Who sits where: plates with names, in the rows that the layout has.

use super::super::template::Side;
use super::drawing::{Area, Drawing, GOLD, PALE, leading, whole};
use super::scene::SeatScene;
use super::text::{Fitted, fitted};
use super::words::Words;

/// The most rows, and the most seats in one.
const MOST_ROWS: usize = 4;
const MOST_IN_A_ROW: usize = 16;

/// Seats whose heights differ by less, in thousandths of the picture, are one row.
const ONE_ROW: u16 = 40;

/// How narrow and how wide a plate may be.
const NARROWEST: i64 = 76;
const WIDEST: i64 = 250;

/// The seats in rows from the back of the stage to its front, each from left to right.
pub(super) struct Rows<'a> {
    rows: Vec<Vec<&'a SeatScene>>,
    more: usize,
}

impl<'a> Rows<'a> {
    pub(super) fn of(seats: &'a [SeatScene]) -> Self {
        let mut sorted: Vec<&SeatScene> = seats.iter().collect();
        sorted.sort_by_key(|seat| (seat.y, seat.x));
        let mut rows: Vec<Vec<&SeatScene>> = Vec::new();
        for seat in sorted {
            let row = rows.last_mut().filter(|row| {
                let near = row.first().is_some_and(|first| seat.y.abs_diff(first.y) < ONE_ROW);
                near && row.len() < MOST_IN_A_ROW
            });
            match row {
                Some(row) => row.push(seat),
                None => rows.push(vec![seat]),
            }
        }
        let more = rows.iter().skip(MOST_ROWS).map(Vec::len).sum();
        rows.truncate(MOST_ROWS);
        for row in &mut rows {
            row.sort_by_key(|seat| seat.x);
        }
        Self { rows, more }
    }

    /// How high they are: less for each when there are more.
    pub(super) fn height(&self) -> i64 {
        let row = match self.rows.len() {
            0 => return 0,
            1 => 92,
            2 => 78,
            _ => 62,
        };
        row * whole(self.rows.len())
    }

    pub(super) fn draw(&self, on: &mut Drawing, area: Area, words: Words) {
        if self.rows.is_empty() {
            return;
        }
        let bands = area.cells(self.rows.len(), 1, 10);
        let across = self.across(area);
        let placed: Vec<(&SeatScene, Area)> = self
            .rows
            .iter()
            .zip(bands)
            .flat_map(|(row, band)| row.iter().copied().zip(plates(row, band, across)))
            .collect();
        let size = one_size(&placed);
        for (seat, plate) in placed {
            plate_of(on, plate, seat, size);
        }
        if self.more > 0 {
            let at = (area.right(), area.bottom() + 24);
            let paint = format!("text-anchor=\"end\" fill=\"{PALE}\"");
            on.text(at, 20, &words.more_people(self.more), &paint);
        }
    }
}

impl Rows<'_> {
    /// The width of every plate if each is to stand where the layout has its seat; nothing where
    /// names could not be read then.
    fn across(&self, area: Area) -> Option<i64> {
        let room = self.rows.iter().map(|row| room(row, area)).min().unwrap_or(area.width);
        (room >= NARROWEST).then_some(room.min(WIDEST))
    }
}

/// Two columns, as the sides of the stage are; who sits in the middle comes first.
pub(super) fn draw_list(on: &mut Drawing, area: Area, seats: &[SeatScene]) {
    let mut rest = area;
    let on_side = |side| seats.iter().filter(move |seat| seat.side == side);
    for seat in on_side(Side::Middle) {
        let (row, under) = rest.below(LIST_ROW - 14, 14);
        plate_of(on, row.centred(row.width / 2, row.height), seat, LIST_ROW / 3);
        rest = under;
    }
    for (place, side) in [Side::Left, Side::Right].into_iter().enumerate() {
        let mut seats: Vec<_> = on_side(side).collect();
        // From the centre outwards, row by row.
        seats.sort_by_key(|seat| (seat.y, seat.x.abs_diff(500)));
        let across = (rest.width - 20) / 2;
        let mut column =
            Area::new(rest.x + whole(place) * (across + 20), rest.y, across, rest.height);
        for seat in seats {
            let (row, under) = column.below(LIST_ROW - 14, 14);
            plate_of(on, row, seat, LIST_ROW / 3);
            column = under;
        }
    }
}

/// The height of one row of the list.
const LIST_ROW: i64 = 94;

/// How high the list is.
pub(super) fn list_height(seats: &[SeatScene]) -> i64 {
    let count = |side| seats.iter().filter(|seat| seat.side == side).count();
    let sides = count(Side::Left).max(count(Side::Right));
    whole(count(Side::Middle) + sides) * LIST_ROW
}

/// The width that a plate in the row may have without lying on another or leaving the area.
fn room(row: &[&SeatScene], area: Area) -> i64 {
    let places: Vec<i64> = row.iter().map(|seat| middle(seat, area)).collect();
    let gaps = places.iter().zip(places.iter().skip(1)).map(|(left, right)| right - left);
    let edges = places.first().into_iter().map(|first| 2 * (first - area.x));
    let edges = edges.chain(places.last().map(|last| 2 * (area.right() - last)));
    gaps.chain(edges).min().unwrap_or(area.width) - 10
}

fn middle(seat: &SeatScene, area: Area) -> i64 {
    area.x + area.width * i64::from(seat.x) / 1000
}

/// A plate for each seat of a row: where the layout has the seat, or evenly if no width is given.
fn plates(row: &[&SeatScene], band: Area, across: Option<i64>) -> Vec<Area> {
    let Some(across) = across else {
        let cells = band.cells(row.len(), row.len().max(MOST_IN_A_ROW / 2), 10);
        return cells
            .into_iter()
            .map(|cell| cell.centred(cell.width.min(WIDEST), cell.height))
            .collect();
    };
    let plate =
        |seat: &&SeatScene| Area::new(middle(seat, band) - across / 2, band.y, across, band.height);
    row.iter().map(plate).collect()
}

/// One size for all names, unless a name is much longer than others.
fn one_size(placed: &[(&SeatScene, Area)]) -> i64 {
    let largest = placed.first().map_or(1, |(_, plate)| plate.height * 2 / 5).min(30);
    let fit = |(seat, plate): &(&SeatScene, Area)| name_of(seat, *plate, largest).size;
    placed.iter().map(fit).filter(|size| *size >= largest * 2 / 3).min().unwrap_or(largest)
}

fn name_of(seat: &SeatScene, plate: Area, size: i64) -> Fitted {
    fitted(&seat.name, plate.width - 12, (size, 12), 1)
}

fn plate_of(on: &mut Drawing, area: Area, seat: &SeatScene, size: i64) {
    let edge = if seat.signs { GOLD } else { "#ffffff" };
    let (opacity, fill) = if seat.has_signed { ("0.9", "#3a4a3f") } else { ("0.55", "#22324f") };
    on.rect(
        area,
        10,
        &format!(
            "fill=\"{fill}\" fill-opacity=\"0.85\" stroke=\"{edge}\" stroke-opacity=\"{opacity}\" \
             stroke-width=\"2\""
        ),
    );
    let small = (area.height / 4).clamp(14, 22);
    let name = name_of(seat, area, size);
    let role = fitted(seat.role, area.width - 16, (small, 10), 1);
    let (above, under) = area.inset(4).below(leading(size), 0);
    let free = (area.height - 8 - leading(size) - leading(small)).max(0) / 2;
    let above = Area { y: above.y + free, ..above };
    on.centred(above, &name, "fill=\"#ffffff\" font-weight=\"500\"");
    let under = Area::new(under.x, under.y + free, under.width, leading(small));
    on.centred(under, &role, &format!("fill=\"{PALE}\""));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seat(x: u16, y: u16) -> SeatScene {
        SeatScene {
            name: "张三".to_owned(),
            role: "",
            signs: true,
            has_signed: false,
            side: if x < 500 { Side::Left } else { Side::Right },
            x,
            y,
        }
    }

    #[test]
    fn s27_seats_stand_where_the_layout_has_them_and_never_on_each_other() {
        let band = Area::new(60, 800, 1800, 90);
        for xs in [&[250, 750][..], &[0, 1000], &[500, 500, 500], &[10, 20, 900], &[31; 16]] {
            let seats: Vec<_> = xs.iter().map(|x| seat(*x, 750)).collect();
            let rows = Rows::of(&seats);
            let plates = plates(&rows.rows[0], band, rows.across(band));
            assert_eq!(plates.len(), xs.len());
            for pair in plates.windows(2) {
                assert!(pair[0].right() <= pair[1].x, "{xs:?}: {plates:?}");
            }
            assert!(plates.iter().all(|one| one.x >= band.x && one.right() <= band.right()));
        }
        let seats = [seat(250, 750), seat(750, 750)];
        let rows = Rows::of(&seats);
        let both = plates(&rows.rows[0], band, rows.across(band));
        assert_eq!((both[0].middle(), both[1].middle()), (510, 1410));
    }

    #[test]
    fn s27_many_seats_become_rows_and_what_has_no_room_is_counted() {
        let seats: Vec<_> = (0..200_u16).map(|n| seat(n % 16 * 60, n / 16 * 70)).collect();
        let rows = Rows::of(&seats);
        assert_eq!((rows.rows.len(), rows.more), (4, 200 - 64));
        assert!(rows.height() <= 260);
        assert_eq!(Rows::of(&[]).height(), 0);
    }
}
