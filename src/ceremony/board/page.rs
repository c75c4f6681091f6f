//! The board as one drawing: what stands where in each shape.

use super::Shape;
use super::card::{self, Sizes};
use super::column;
use super::drawing::{Area, Drawing, GOLD, NIGHT, PALE, SERIF, leading, whole};
use super::qr::Qr;
use super::scene::{PartyScene, Scene};
use super::stage::{self, Rows};
use super::text::{EM, fitted, width};
use super::words::Words;

/// The free margin of a board.
const MARGIN: i64 = 64;

/// The largest and the smallest letters of a title on a screen.
const TITLE: (i64, i64) = (64, 32);

/// The most documents that are listed.
const MOST_DOCUMENTS: usize = 12;

/// A drawing and its size.
pub(super) struct Page {
    pub(super) width: i64,
    pub(super) height: i64,
    pub(super) body: String,
}

pub(super) fn draw(scene: &Scene, shape: Shape, qrs: &[Qr], words: Words) -> Page {
    match shape {
        Shape::Wide => screen(scene, (1920, 1080), shape, qrs, words),
        Shape::Classic => screen(scene, (1440, 1080), shape, qrs, words),
        Shape::Tall => tall(scene, qrs, words),
    }
}

/// Title above, parties beside each other, seats under them, documents below.
fn screen(
    scene: &Scene,
    (width, height): (i64, i64),
    shape: Shape,
    qrs: &[Qr],
    words: Words,
) -> Page {
    let mut on = Drawing::default();
    background(&mut on, scene, (width, height), shape);
    let whole_page = Area::new(MARGIN, 0, width - 2 * MARGIN, height);
    let lines = fitted(&scene.title, whole_page.width, TITLE, 2).lines.len();
    let (head, rest) = whole_page.below(if lines > 1 { 236 } else { 196 }, 24);
    title(&mut on, head.inset_top(36), scene, TITLE, 2);

    let rows = Rows::of(&scene.seats);
    let foot_height = if scene.documents.is_empty() { 24 } else { 76 };
    let seats_height = rows.height();
    let gap = if seats_height > 0 { 28 } else { 0 };
    let (middle, rest) = rest.below(rest.height - foot_height - seats_height - gap, gap);
    let (seats, foot) = rest.below(seats_height, 8);
    parties(&mut on, middle, scene, qrs, words);
    rows.draw(&mut on, seats, words);
    documents(&mut on, foot, scene, words);
    Page { width, height, body: on.finish() }
}

/// One under the other, as high as it takes.
fn tall(scene: &Scene, qrs: &[Qr], words: Words) -> Page {
    let (width, margin) = (1080, 48);
    let sizes = Sizes { name: (54, 30), signer: 42, seals: 380 };
    let across = width - 2 * margin;
    let cards: Vec<i64> =
        scene.parties.iter().map(|party| card::height(party, across, sizes)).collect();
    let column_height = if qrs.is_empty() { 480 } else { 680 };
    let seats_height = stage::list_height(&scene.seats);
    let lines = whole(scene.documents.len().min(MOST_DOCUMENTS + 1)) * 104;
    let height = 330
        + column_height
        + 40
        + cards.iter().map(|one| one + 32).sum::<i64>()
        + seats_height
        + 40
        + lines
        + 40;

    let mut on = Drawing::default();
    background(&mut on, scene, (width, height), Shape::Tall);
    let page = Area::new(margin, 0, across, height);
    let (head, rest) = page.below(310, 20);
    title(&mut on, head.inset_top(50), scene, (76, 44), 3);
    let (column_area, mut rest) = rest.below(column_height, 40);
    column::draw(&mut on, column_area.centred(760, column_height), scene, qrs, words);
    for (party, height) in scene.parties.iter().zip(cards) {
        let (area, under) = rest.below(height, 32);
        card::draw(&mut on, area, party, (words, scene.progress), sizes);
        rest = under;
    }
    let (seats, rest) = rest.below(seats_height, 40);
    stage::draw_list(&mut on, seats, &scene.seats);
    let mut rest = rest;
    for (name, facts) in listed(scene, MOST_DOCUMENTS, words) {
        let (row, under) = rest.below(104, 0);
        let (above, below) = row.below(52, 0);
        let pale = format!("fill=\"{PALE}\"");
        on.centred(above, &fitted(&name, row.width, (36, 20), 1), &pale);
        on.centred(below, &fitted(&facts, row.width, (30, 20), 1), &pale);
        rest = under;
    }
    Page { width, height, body: on.finish() }
}

impl Area {
    fn inset_top(self, by: i64) -> Self {
        Self::new(self.x, self.y + by, self.width, self.height - by)
    }
}

/// What fills the canvas, and beyond it where a screen has another ratio: night, with a light behind
/// the middle; or the host's picture, dimmed so that what stands before it can be read.
fn background(on: &mut Drawing, scene: &Scene, (width, height): (i64, i64), shape: Shape) {
    let (name, beyond) = (shape.name(), Area::new(-width, -height, 3 * width, 3 * height));
    on.rect(beyond, 0, &format!("fill=\"{NIGHT}\""));
    let canvas = Area::new(0, 0, width, height);
    if let Some(picture) = scene.background {
        on.image(canvas, picture);
        on.rect(canvas, 0, &format!("fill=\"{NIGHT}\" fill-opacity=\"0.62\""));
        return;
    }
    let (x, y, radius) = (width / 2, (height / 2).min(520), width.max(1400) * 6 / 10);
    on.raw(&format!(
        "<defs><radialGradient id=\"board-light-{name}\" gradientUnits=\"userSpaceOnUse\" cx=\"{x}\" \
         cy=\"{y}\" r=\"{radius}\"><stop offset=\"0\" stop-color=\"#2c4a7c\"/><stop offset=\"0.55\" \
         stop-color=\"#182c50\"/><stop offset=\"1\" stop-color=\"{NIGHT}\"/></radialGradient></defs>\n"
    ));
    on.rect(beyond, 0, &format!("fill=\"url(#board-light-{name})\""));
    for ring in 1..=9_i64 {
        let paint =
            format!("fill=\"none\" stroke=\"{GOLD}\" stroke-opacity=\"0.07\" stroke-width=\"2\"");
        on.circle((x, y), ring * radius / 10, &paint);
    }
}

fn title(on: &mut Drawing, area: Area, scene: &Scene, sizes: (i64, i64), most: usize) {
    let date = fitted(&scene.date, area.width, (sizes.0 * 3 / 7, 16), 1);
    let (above, under) = area.below(area.height - leading(date.size) - 30, 0);
    let mut fit = fitted(&scene.title, area.width, sizes, most);
    let lines = whole(fit.lines.len()).max(1);
    if leading(fit.size) * lines > above.height {
        // Two lines need smaller letters than one.
        let largest = (above.height * 10 / 13 / lines).max(sizes.1);
        fit = fitted(&scene.title, area.width, (largest, sizes.1), most);
    }
    let paint = format!("font-family=\"{SERIF}\" font-weight=\"700\" fill=\"#ffffff\"");
    on.centred(above, &fit, &paint);
    let (rule, under) = under.below(20, 10);
    ornament(on, rule);
    on.centred(under, &date, &format!("fill=\"{PALE}\""));
}

/// A thin line with a lozenge in its middle.
fn ornament(on: &mut Drawing, area: Area) {
    let (x, y) = (area.middle(), area.y + area.height / 2);
    let paint = format!("stroke=\"{GOLD}\" stroke-width=\"2\"");
    on.line((x - 190, y), (x - 18, y), &paint);
    on.line((x + 18, y), (x + 190, y), &paint);
    on.raw(&format!(
        "<rect x=\"-6\" y=\"-6\" width=\"12\" height=\"12\" fill=\"{GOLD}\" \
         transform=\"translate({x} {y}) rotate(45)\"/>\n"
    ));
}

/// Two parties face each other with the code between them; more stand beside it.
fn parties(on: &mut Drawing, area: Area, scene: &Scene, qrs: &[Qr], words: Words) {
    let gap = 32;
    // Several codes need more room to be read across a room.
    let across = if qrs.len() > 1 { area.width * 3 / 10 } else { (area.width / 5).max(270) };
    let mut draws = |party: &PartyScene, place: Area, sizes: Sizes| {
        card::draw(on, place, party, (words, scene.progress), sizes);
    };
    let centre = match &scene.parties[..] {
        [left, right] => {
            let side = (area.width - across - 2 * gap) / 2;
            let (first, rest) = area.beside(side, gap);
            let (centre, second) = rest.beside(across, gap);
            let sizes = Sizes { name: (42, 22), signer: 34, seals: 200 };
            draws(left, first, sizes);
            draws(right, second, sizes);
            centre
        }
        others => {
            let (cards, centre) = area.beside(area.width - across - gap, gap);
            let (gap, columns) = (20, columns(cards, others.len(), 20));
            let sizes = match others.len().div_ceil(columns) {
                1 if cards.width / whole(columns) > 300 => {
                    Sizes { name: (36, 18), signer: 28, seals: 180 }
                }
                1 => Sizes { name: (32, 18), signer: 24, seals: 160 },
                _ => Sizes { name: (30, 16), signer: 22, seals: 100 },
            };
            for (party, place) in others.iter().zip(cards.cells(others.len(), columns, gap)) {
                draws(party, place, sizes);
            }
            centre
        }
    };
    column::draw(on, centre, scene, qrs, words);
}

/// So many cards beside each other that seals are as large as can be, in as few rows as then do.
fn columns(area: Area, cards: usize, gap: i64) -> usize {
    let of_seal = |columns: usize| {
        let cell = area.cells(cards, columns, gap).into_iter().next();
        cell.map_or(0, card::seal_side)
    };
    (1..=cards.max(1)).max_by_key(|columns| (of_seal(*columns), *columns)).unwrap_or(1)
}

fn documents(on: &mut Drawing, area: Area, scene: &Scene, words: Words) {
    let most = if area.width > 1500 { 3 } else { 2 };
    let lines = listed(scene, most, words);
    let pale = format!("fill=\"{PALE}\"");
    for ((name, facts), cell) in lines.iter().zip(area.cells(lines.len(), lines.len(), 24)) {
        let one = format!("{name} {facts}");
        if width(&one) * 26 / EM <= cell.width {
            on.centred(cell, &fitted(&one, cell.width, (26, 26), 1), &pale);
            continue;
        }
        let (above, under) = cell.below(cell.height / 2, 0);
        on.centred(above, &fitted(name, above.width, (26, 14), 1), &pale);
        on.centred(under, &fitted(facts, under.width, (22, 14), 1), &pale);
    }
}

/// So many documents, and how many more there are.
fn listed(scene: &Scene, most: usize, words: Words) -> Vec<(String, String)> {
    let all = scene.documents.len();
    let shown = if all > most { most.saturating_sub(1) } else { all };
    let mut lines: Vec<_> = scene.documents.iter().take(shown).cloned().collect();
    if all > shown {
        lines.push((words.more_documents(all - shown), String::new()));
    }
    lines
}
