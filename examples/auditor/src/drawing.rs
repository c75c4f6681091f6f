//! The draughtsman: draws pages of a PDF. It runs in a process of its own, since it meets whatever a
//! stranger wrote: it may fall over, and the report is still written.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use hayro::hayro_interpret::util::TransformExt;
use hayro::hayro_syntax::Pdf;
use hayro::kurbo::Affine;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::vello_cpu::{Pixmap, RasterizerSettings, RenderContext, Resources, TargetInit};
use hayro::{RenderCache, RenderSettings, render_into};

use crate::fonts::{Lender, Letters, SpareFont};
use crate::picture::{Area, Picture};

/// The longest side of a picture in pixels, whatever is asked.
pub const LONGEST_SIDE: u32 = 2_400;
/// Documents nest: the stack of the thread that draws.
const STACK: usize = 256 << 20;

/// A part of a page, and into how many pixels it should fit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wanted {
    /// The page, from 1.
    pub page: u32,
    /// Which part of it.
    pub area: Area,
    /// No wider than so many pixels.
    pub width: u32,
    /// No higher than so many pixels.
    pub height: u32,
}

impl Wanted {
    fn line(&self) -> String {
        let Self { page, area, width, height } = self;
        let Area { left, top, right, bottom } = area;
        format!("{page} {width} {height} {left} {top} {right} {bottom}\n")
    }

    fn read(line: &str) -> Option<Self> {
        let mut words = line.split_whitespace();
        let mut whole = || words.next()?.parse::<u32>().ok();
        let (page, width, height) = (whole()?, whole()?, whole()?);
        let mut share = || words.next()?.parse::<f64>().ok();
        let area = Area { left: share()?, top: share()?, right: share()?, bottom: share()? };
        Some(Self { page, area: area.on_page()?, width, height })
    }
}

/// What is drawn.
#[derive(Clone, Copy)]
pub struct Document<'d> {
    /// The file.
    pub bytes: &'d [u8],
    /// Its password; empty where it needs none.
    pub password: &'d str,
}

/// What the process that draws is told: what to draw, then the document.
pub fn ask(to: &mut impl Write, wanted: &[Wanted], document: &Document<'_>) -> io::Result<()> {
    let Document { bytes, password } = document;
    writeln!(to, "{} {} {}", wanted.len(), password.len(), bytes.len())?;
    for one in wanted {
        to.write_all(one.line().as_bytes())?;
    }
    to.write_all(password.as_bytes())?;
    to.write_all(bytes)?;
    to.flush()
}

/// Reads the next picture that it answers; none within if it could not draw this one.
pub fn answer(from: &mut impl Read) -> io::Result<Option<Picture>> {
    let mut word = [0; 4];
    let mut number = || from.read_exact(&mut word).map(|()| u32::from_le_bytes(word));
    let (width, height, letters) = (number()?, number()?, Letters::of(number()?));
    if width == 0 || height == 0 {
        return Ok(None);
    }
    let (true, Some(letters)) = (width.max(height) <= LONGEST_SIDE, letters) else {
        return Err(io::ErrorKind::InvalidData.into());
    };
    let mut rgb = vec![0; width as usize * height as usize * 3];
    from.read_exact(&mut rgb)?;
    Ok(Some(Picture { width, height, rgb, letters }))
}

/// The whole life of the process that draws: reads what is wanted, writes the pictures.
pub fn serve(
    from: impl Read,
    mut to: impl Write + Send,
    spare: Option<&SpareFont>,
) -> io::Result<()> {
    let mut from = BufReader::new(from);
    let mut line = String::new();
    from.read_line(&mut line)?;
    let wrong = || io::Error::from(io::ErrorKind::InvalidInput);
    let mut numbers = line.split_whitespace().map(|word| word.parse::<u64>().map_err(|_| wrong()));
    let mut number = || numbers.next().unwrap_or_else(|| Err(wrong()));
    let (count, secret, length) = (number()?, number()?, number()?);
    let mut wanted = Vec::new();
    for _ in 0..count {
        line.clear();
        from.read_line(&mut line)?;
        wanted.push(Wanted::read(&line));
    }
    let (mut password, mut document) = (String::new(), Vec::new());
    from.by_ref().take(secret).read_to_string(&mut password)?;
    from.take(length).read_to_end(&mut document)?;
    // What it has to say of a page that it cannot draw helps nobody.
    std::panic::set_hook(Box::new(|_| {}));
    std::thread::scope(|scope| {
        let draws = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, || {
            let open = || Pdf::new_with_password(Arc::new(document), &password).ok();
            let pdf = catch_unwind(AssertUnwindSafe(open)).ok().flatten();
            let lender = Lender::of(spare);
            wanted.iter().try_for_each(|one| {
                let picture = match (one, &pdf) {
                    (Some(one), Some(pdf)) => {
                        catch_unwind(AssertUnwindSafe(|| draw(pdf, one, &lender))).ok().flatten()
                    }
                    _ => None,
                };
                hand_out(&mut to, picture.as_ref())
            })
        })?;
        draws.join().unwrap_or_else(|_| Err(io::ErrorKind::Other.into()))
    })
}

fn hand_out(to: &mut impl Write, picture: Option<&Picture>) -> io::Result<()> {
    let (width, height) = picture.map_or((0, 0), |picture| (picture.width, picture.height));
    to.write_all(&width.to_le_bytes())?;
    to.write_all(&height.to_le_bytes())?;
    let letters = picture.map_or(Letters::Own, |picture| picture.letters);
    to.write_all(&letters.number().to_le_bytes())?;
    to.write_all(picture.map_or(&[], |picture| &picture.rgb))?;
    to.flush()
}

fn draw(pdf: &Pdf, wanted: &Wanted, lender: &Lender) -> Option<Picture> {
    let page = pdf.pages().get(usize::try_from(wanted.page).ok()?.checked_sub(1)?)?;
    let (width, height) = page.render_dimensions();
    let (width, height) = (f64::from(width), f64::from(height));
    let Area { left, top, right, bottom } = wanted.area;
    let (across, down) = (width * (right - left), height * (bottom - top));
    let fits = |pixels: u32, points: f64| f64::from(pixels.min(LONGEST_SIDE)) / points;
    let scale = fits(wanted.width, across).min(fits(wanted.height, down));
    if !scale.is_finite() || scale <= 0.0 {
        return None;
    }
    // Below `LONGEST_SIDE`, and at least one.
    let pixels = |points: f64| (points * scale).round().clamp(1.0, f64::from(LONGEST_SIDE)) as u16;
    let mut context = RenderContext::new(pixels(across), pixels(down));
    let transform = Affine::translate((-left * width * scale, -top * height * scale))
        * Affine::scale(scale)
        * page.initial_transform(true).to_kurbo();
    let cache = RenderCache::new();
    let settings = lender.settings();
    render_into(page, &cache, settings, &RenderSettings::default(), &mut context, transform);
    context.flush();
    let mut pixmap = Pixmap::new(context.width(), context.height());
    let raster = RasterizerSettings { target_init: TargetInit::Clear(WHITE), ..Default::default() };
    context.render_with(&mut pixmap, &mut Resources::default(), raster);
    let rgb =
        pixmap.data_as_u8_slice().as_chunks::<4>().0.iter().flat_map(|[r, g, b, _]| [*r, *g, *b]);
    let (width, height) = (pixmap.width().into(), pixmap.height().into());
    Some(Picture { width, height, rgb: rgb.collect(), letters: lender.letters() })
}

#[cfg(test)]
mod tests {
    use sealwright_testdata::contract;
    use sealwright_testdata::documents::without_its_font;

    use super::*;

    fn served(document: &[u8], wanted: &[Wanted]) -> Vec<Option<Picture>> {
        served_with(document, wanted, None)
    }

    fn served_with(
        document: &[u8],
        wanted: &[Wanted],
        font: Option<&SpareFont>,
    ) -> Vec<Option<Picture>> {
        let (mut question, mut pictures) = (Vec::new(), Vec::new());
        ask(&mut question, wanted, &Document { bytes: document, password: "" }).unwrap();
        serve(&question[..], &mut pictures, font).unwrap();
        let mut rest = &pictures[..];
        let pictures = wanted.iter().map(|_| answer(&mut rest).unwrap()).collect();
        assert!(rest.is_empty());
        pictures
    }

    fn whole(page: u32) -> Wanted {
        Wanted { page, area: Area::WHOLE, width: 300, height: 300 }
    }

    #[test]
    fn a_part_is_what_the_whole_has_there() {
        let half = Area { left: 0.0, top: 0.5, right: 1.0, bottom: 1.0 };
        let part = Wanted { area: half, ..whole(1) };
        let document = contract::PDF;
        let pictures = served(document, &[whole(1), part, whole(999)]);
        let (all, part) = (pictures[0].as_ref().unwrap(), pictures[1].as_ref().unwrap());
        assert_eq!((all.height, part.width), (300, 300));
        assert!(pictures[2].is_none(), "there is no such page");
        assert!(all.rgb.iter().any(|one| *one < 99), "something is drawn");
    }

    #[test]
    fn text_in_a_font_that_is_not_embedded_takes_one_that_is_lent() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata/fonts/");
        let font = SpareFont::named(&format!("{folder}NotoSerifCJKsc-subset.otf")).unwrap();
        let drawn = |font| {
            let pictures = served_with(&without_its_font(), &[whole(1)], font);
            let picture = pictures.into_iter().next().unwrap().unwrap();
            (picture.letters, picture.rgb.iter().filter(|one| **one < 99).count())
        };
        let (without, with) = (drawn(None), drawn(Some(&font)));
        assert_eq!(without, (Letters::Missing, 0), "nothing is drawn in its place");
        assert_eq!(with.0, Letters::Borrowed);
        assert!(with.1 > 3_000, "{} dark components", with.1);
        let own = served_with(contract::PDF, &[whole(1)], Some(&font));
        assert_eq!(own[0].as_ref().unwrap().letters, Letters::Own, "its fonts are embedded");
    }

    #[test]
    fn what_is_no_document_gives_no_picture() {
        assert_eq!(served(b"%PDF-1.7\nnothing", &[whole(1)]).len(), 1);
        assert!(served(b"", &[whole(1), whole(2)]).iter().all(Option::is_none));
        let never = Wanted { area: Area { right: f64::NAN, ..Area::WHOLE }, ..whole(1) };
        assert!(served(contract::PDF, &[never]).iter().all(Option::is_none));
    }
}
