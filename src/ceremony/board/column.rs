//! How far it is, in the middle of everything: the code to scan, a ring that fills, or the end.

use super::card::tick;
use super::drawing::{Area, Drawing, GOLD, PALE, SERIF, leading, whole};
use super::qr::Qr;
use super::scene::Scene;
use super::text::fitted;
use super::words::{Progress, Words};

pub(super) fn draw(on: &mut Drawing, area: Area, scene: &Scene, qrs: &[Qr], words: Words) {
    match scene.progress {
        Progress::Open if !qrs.is_empty() => codes(on, area, scene, qrs, words),
        Progress::Open => emblem(on, area, scene, words, &ring(scene)),
        Progress::Completed => emblem(on, area, scene, words, &Emblem::Tick),
        Progress::Ended => emblem(on, area, scene, words, &Emblem::Bar),
    }
}

enum Emblem {
    Ring { hundredths: usize },
    Tick,
    Bar,
}

fn ring(scene: &Scene) -> Emblem {
    Emblem::Ring { hundredths: scene.signed * 100 / scene.signers.max(1) }
}

fn codes(on: &mut Drawing, area: Area, scene: &Scene, qrs: &[Qr], words: Words) {
    let head = fitted(words.scan(), area.width, (34, 20), 2);
    let foot = fitted(&status(scene, words), area.width, (28, 16), 2);
    let head_height = leading(head.size) * whole(head.lines.len());
    let foot_height = leading(foot.size) * whole(foot.lines.len());
    let columns = if qrs.len() > 2 || area.width > area.height { 2.min(qrs.len()) } else { 1 };
    let rows = qrs.len().div_ceil(columns);
    let caption = if qrs.iter().any(|qr| !qr.caption.is_empty()) { 40 } else { 0 };
    let room = area.height - head_height - foot_height - 48;
    let side = (room / whole(rows) - caption - 12).min(area.width / whole(columns) - 12).min(420);
    let block = whole(rows) * (side + caption + 12);
    let free = (room - block).max(0) / 2;
    let white = "fill=\"#ffffff\"";
    let (place, rest) = Area { y: area.y + free, ..area }.below(head_height, 24);
    on.centred(place, &head, white);
    let (place, rest) = rest.below(block, 24);
    for (qr, cell) in qrs.iter().zip(place.cells(qrs.len(), columns, 12)) {
        let (code, under) = cell.below(cell.height - caption, 0);
        let code = code.square(side);
        on.rect(code, 16, white);
        qr.draw(on, code.inset(6));
        let fit = fitted(&qr.caption, under.width, (26, 12), 1);
        on.centred(Area { y: code.bottom(), height: caption, ..under }, &fit, white);
    }
    let foot_place = Area { height: foot_height, ..rest };
    on.centred(foot_place, &foot, &format!("fill=\"{GOLD}\""));
}

fn status(scene: &Scene, words: Words) -> String {
    format!("{} · {}", scene.status, words.count(scene.signed, scene.signers))
}

fn emblem(on: &mut Drawing, area: Area, scene: &Scene, words: Words, emblem: &Emblem) {
    let radius = (area.width.min(area.height * 3 / 5) / 2 - 12).clamp(20, 130);
    let fit = fitted(scene.status, area.width, (46, 22), 2);
    let height = 2 * radius + 36 + leading(fit.size) * whole(fit.lines.len()) + 44;
    let top = area.y + (area.height - height).max(0) / 2;
    let middle = (area.middle(), top + radius);
    let thick = (radius / 10).max(4);
    let circle = |on: &mut Drawing, colour: &str, more: &str| {
        let paint = format!("fill=\"none\" stroke=\"{colour}\" stroke-width=\"{thick}\" {more}");
        on.circle(middle, radius, &paint);
    };
    let colour = match emblem {
        Emblem::Ring { hundredths } => {
            circle(on, "#ffffff", "stroke-opacity=\"0.18\"");
            let (x, y) = middle;
            if *hundredths > 0 {
                let dashes = format!(
                    "pathLength=\"100\" stroke-dasharray=\"{hundredths} 100\" stroke-linecap=\"round\" \
                     transform=\"rotate(-90 {x} {y})\""
                );
                circle(on, GOLD, &dashes);
            }
            let count = format!("{}/{}", scene.signed, scene.signers);
            let inside =
                Area::new(x - radius, y - radius, 2 * radius, 2 * radius).inset(radius / 4);
            on.centred(
                inside,
                &fitted(&count, inside.width, (radius * 2 / 3, 16), 1),
                "fill=\"#ffffff\"",
            );
            "#ffffff"
        }
        Emblem::Tick => {
            circle(on, GOLD, "");
            tick(on, middle, radius, GOLD);
            GOLD
        }
        Emblem::Bar => {
            circle(on, "#9aa6b8", "");
            let (x, y) = middle;
            let paint = format!(
                "stroke=\"#9aa6b8\" stroke-width=\"{}\" stroke-linecap=\"round\"",
                thick * 3 / 2
            );
            on.line((x - radius / 2, y), (x + radius / 2, y), &paint);
            PALE
        }
    };
    let under = Area::new(
        area.x,
        top + 2 * radius + 36,
        area.width,
        leading(fit.size) * whole(fit.lines.len()),
    );
    on.centred(
        under,
        &fit,
        &format!("font-family=\"{SERIF}\" font-weight=\"700\" fill=\"{colour}\""),
    );
    let last = match (emblem, scene.finished.is_empty()) {
        (Emblem::Tick, false) => scene.finished.clone(),
        (Emblem::Tick, true) => String::new(),
        (Emblem::Ring { .. }, _) => words.pick("位签署人已签署", "signers have signed").to_owned(),
        (Emblem::Bar, _) => words.count(scene.signed, scene.signers),
    };
    let foot = Area::new(area.x, under.bottom() + 4, area.width, 40);
    on.centred(foot, &fitted(&last, foot.width, (26, 14), 1), &format!("fill=\"{PALE}\""));
}
