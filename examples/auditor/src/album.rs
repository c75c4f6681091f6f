//! All pictures of one report, within bounds: pages before and after, seals, the pages as they are now.

use std::collections::BTreeSet;
use std::time::Duration;

use sealwright::pdf::File;

use crate::case::Judged;
use crate::changes::ChangedRevision;
use crate::drawing::{Document, Wanted};
use crate::fonts::{Letters, SpareFont};
use crate::picture::{Area, Picture};
use crate::seals::Places;
use crate::studio::Studio;

/// So many changed pages are shown.
const MOST_COMPARED: usize = 12;
/// So many of one revision.
const MOST_COMPARED_AT_ONCE: usize = 6;
/// Among so many pages it is looked for what looks different, where no page is known.
pub const MOST_LOOKED_AT: u32 = 24;
/// So many pages are shown as they are now.
const MOST_NOW: usize = 4;
/// The size of pages in pixels.
const PAGE: (u32, u32) = (880, 1_300);
/// The size of pages that are only compared.
const GLANCE: (u32, u32) = (260, 400);
/// The size of seals in pixels.
const SEAL: (u32, u32) = (560, 560);
/// A picture with more bytes is made smaller.
const HEAVY: usize = 600 << 10;
/// The pictures of one file take no more bytes.
const MOST_BYTES: usize = 10 << 20;
/// A larger file is not drawn.
const LARGEST_FILE: usize = 256 << 20;
/// All pictures of one file take no longer.
pub const LONGEST: Duration = Duration::from_secs(90);

/// A picture to be shown, or why there is none.
pub enum Shown {
    /// A PNG, and its size in pixels.
    Drawn { png: Vec<u8>, width: u32, height: u32 },
    /// The document has no such page at that time.
    NoSuchPage,
    /// The renderer gave up.
    NotDrawn,
    /// There are pictures enough already.
    LeftOut,
}

/// A page before and after a revision.
pub struct Compared {
    /// The revision that changed it.
    pub revision: u64,
    /// The page, from 1.
    pub page: u32,
    /// As it was.
    pub before: Shown,
    /// As it became.
    pub after: Shown,
    /// Where the two look different though no change names the place.
    pub unexplained: Vec<Area>,
    /// Whether the two look the same; none if that is not known.
    pub same: Option<bool>,
}

/// A page as somebody signed it, where what he signed ends within a revision, and as it is now.
pub struct AsSigned {
    /// The signature, by its index.
    pub signature: u64,
    /// The page, from 1.
    pub page: u32,
    /// As it was signed.
    pub then: Shown,
    /// As it is now.
    pub now: Shown,
    /// Where the two look different.
    pub differences: Vec<Area>,
}

/// A place of a signature, enlarged.
pub struct SealShown {
    /// The signature, by its index.
    pub signature: u64,
    /// The revision that is meant.
    pub revision: u64,
    /// The page, from 1.
    pub page: u32,
    /// As it was when the signature was made.
    pub then: Shown,
    /// As it is now, where that looks different.
    pub now: Option<Shown>,
}

/// A page as it is now, with the places of the signatures on it.
pub struct PageNow {
    /// The page, from 1.
    pub page: u32,
    /// Its picture.
    pub shown: Shown,
    /// The places on it, each with the signature's index.
    pub places: Vec<(u64, Area)>,
}

/// All pictures of one report.
#[derive(Default)]
pub struct Album {
    /// Changed pages, in the order of revisions.
    pub compared: Vec<Compared>,
    /// Pages that look different since they were signed, where no revision says why.
    pub as_signed: Vec<AsSigned>,
    /// Seals, in the order of signatures.
    pub seals: Vec<SealShown>,
    /// Pages as they are now.
    pub now: Vec<PageNow>,
    /// Revisions in which something forbidden happens and no page of those looked at looks different.
    pub unseen: Vec<u64>,
    /// Changed pages that are not shown.
    pub pages_left_out: usize,
    /// Revisions of which no more pages were looked at, since there are pictures enough.
    pub not_looked_at: usize,
    /// Places of signatures that are not shown.
    pub places_left_out: usize,
    /// Pages with signatures that are not shown as they are now.
    pub now_left_out: usize,
    /// Revisions, or signatures, of whose pages only the first were looked at.
    pub looked_at_first: bool,
    /// In which letters the pictures are.
    pub letters: Letters,
    /// The font that was lent for them.
    pub lent: Option<String>,
    /// Nothing is drawn since the file is too large.
    pub too_large: bool,
    /// The pictures took too long, so some are missing.
    pub too_slow: bool,
}

impl Album {
    /// Draws what there is to see.
    pub fn of(
        judged: &Judged,
        file: &File<'_>,
        changed: &[ChangedRevision<'_>],
        studio: &Studio,
    ) -> Self {
        let mut album = Self::default();
        if judged.bytes.len() > LARGEST_FILE {
            album.too_large = true;
            return album;
        }
        album.lent = studio.spare().map(SpareFont::name);
        let (left, letters) = (MOST_BYTES, Letters::Own);
        let mut easel = Easel { judged, file, studio, left, letters, looked_at_first: false };
        album.compare(changed, &mut easel);
        album.compare_as_signed(&mut easel);
        album.show_seals(&mut easel);
        album.too_slow = studio.is_closed();
        album.letters = easel.letters;
        album.looked_at_first = easel.looked_at_first;
        album
    }

    /// Whether not one of the pages could be drawn.
    pub fn is_blank(&self) -> bool {
        !self.now.iter().any(|one| matches!(one.shown, Shown::Drawn { .. }))
    }

    fn compare(&mut self, changed: &[ChangedRevision<'_>], easel: &mut Easel<'_>) {
        // Forbidden things first: they get the room.
        let mut order: Vec<&ChangedRevision<'_>> = changed.iter().collect();
        order.sort_by_key(|revision| !revision.is_forbidden());
        for revision in order {
            let mut pages: Vec<u32> = revision.pages.keys().copied().collect();
            pages.sort_by_key(|page| !revision.is_forbidden_on(*page));
            let known = pages.len();
            let room = MOST_COMPARED.saturating_sub(self.compared.len()).min(MOST_COMPARED_AT_ONCE);
            let is_odd = revision.is_forbidden() || revision.is_unexplained();
            if is_odd && room <= known {
                self.not_looked_at += 1;
            } else if is_odd {
                let seen = easel.look_different(revision.number, &pages);
                if seen.is_empty() && known == 0 {
                    self.unseen.push(revision.number);
                }
                pages.extend(seen);
            }
            self.pages_left_out += pages.len().saturating_sub(room);
            pages.truncate(room);
            pages.sort_unstable();
            self.compared.extend(easel.compare(revision, &pages));
        }
        self.compared.sort_by_key(|one| (one.revision, one.page));
    }

    /// What was signed against what the file has become, for signatures that cover no whole revision.
    fn compare_as_signed(&mut self, easel: &mut Easel<'_>) {
        let latest = easel.judged.report.file.revisions;
        for signature in &easel.judged.report.signatures {
            let coverage = &signature.coverage;
            if coverage.revision.is_some() || coverage.tail_bytes == 0 {
                continue;
            }
            let Some(signed) = easel.judged.as_signed(signature) else { continue };
            let pages = easel.first_pages(easel.pages(latest).unwrap_or(1));
            let room =
                MOST_COMPARED.saturating_sub(self.as_signed.len()).min(MOST_COMPARED_AT_ONCE);
            let wanted: Vec<Wanted> = pages.iter().map(|page| whole(*page, GLANCE)).collect();
            let (then, now) = (easel.draw_bytes(signed, &wanted), easel.draw(latest, &wanted));
            let pairs = pages.iter().zip(then.iter().zip(&now));
            let mut different: Vec<u32> =
                pairs.filter(|(_, pair)| differ(*pair)).map(|(page, _)| *page).collect();
            self.pages_left_out += different.len().saturating_sub(room);
            different.truncate(room);
            let wanted: Vec<Wanted> = different.iter().map(|page| whole(*page, PAGE)).collect();
            let (then, now) = (easel.draw_bytes(signed, &wanted), easel.draw(latest, &wanted));
            for (page, (then, now)) in different.into_iter().zip(then.into_iter().zip(now)) {
                let differences = match (&then, &now) {
                    (Some(then), Some(now)) => then.differences(now),
                    _ => Vec::new(),
                };
                self.as_signed.push(AsSigned {
                    signature: signature.index,
                    page,
                    then: easel.shown(then.as_ref(), latest, page),
                    now: easel.shown(now.as_ref(), latest, page),
                    differences,
                });
            }
        }
    }

    fn show_seals(&mut self, easel: &mut Easel<'_>) {
        let places = Places::of(easel.file, &easel.judged.report);
        self.places_left_out = places.left_out;
        let latest = easel.judged.report.file.revisions;
        let cut = |place: &crate::seals::Place| {
            let margin = place.area.wider_by(0.012, 0.008).on_page();
            let (width, height) = SEAL;
            Wanted { page: place.page, area: margin.unwrap_or(place.area), width, height }
        };
        let mut revisions: BTreeSet<u64> =
            places.shown.iter().map(|place| place.revision).collect();
        revisions.remove(&latest);
        let wanted: Vec<Wanted> = places.shown.iter().map(cut).collect();
        let mut pages: Vec<u32> = vec![1];
        places.shown.iter().for_each(|place| {
            if !pages.contains(&place.page) {
                pages.push(place.page);
            }
        });
        self.now_left_out = pages.len().saturating_sub(MOST_NOW);
        pages.truncate(MOST_NOW);
        pages.sort_unstable();
        let pages_wanted = pages.iter().map(|page| whole(*page, PAGE));
        let all: Vec<Wanted> = wanted.iter().copied().chain(pages_wanted).collect();
        let mut now = easel.draw(latest, &all);
        let pages_now = now.split_off(wanted.len().min(now.len()));
        let mut then: Vec<Option<Picture>> = vec![None; wanted.len()];
        for revision in revisions {
            let of_it: Vec<usize> = (0..wanted.len())
                .filter(|place| places.shown[*place].revision == revision)
                .collect();
            let wanted: Vec<Wanted> = of_it.iter().map(|place| wanted[*place]).collect();
            for (place, picture) in of_it.into_iter().zip(easel.draw(revision, &wanted)) {
                then[place] = picture;
            }
        }
        for (page, picture) in pages.into_iter().zip(pages_now) {
            let on_it = places.shown.iter().filter(|place| place.page == page);
            let places = on_it.map(|place| (place.signature, place.area)).collect();
            let shown = easel.shown(picture.as_ref(), latest, page);
            self.now.push(PageNow { page, shown, places });
        }
        for ((place, then), now) in places.shown.iter().zip(then).zip(now) {
            let is_last = place.revision == latest;
            let then = if is_last { now.clone() } else { then };
            let differs = differ((&then, &now));
            let now = (!is_last && differs).then(|| easel.shown(now.as_ref(), latest, place.page));
            self.seals.push(SealShown {
                signature: place.signature,
                revision: place.revision,
                page: place.page,
                then: easel.shown(then.as_ref(), place.revision, place.page),
                now,
            });
        }
    }
}

/// Whether two pictures look different, or only one could be drawn.
fn differ(pair: (&Option<Picture>, &Option<Picture>)) -> bool {
    match pair {
        (Some(before), Some(after)) => !before.looks_like(after),
        (before, after) => before.is_some() != after.is_some(),
    }
}

fn whole(page: u32, (width, height): (u32, u32)) -> Wanted {
    Wanted { page, area: Area::WHOLE, width, height }
}

/// What is drawn from, by whom, and how much room is left.
struct Easel<'e> {
    judged: &'e Judged,
    file: &'e File<'e>,
    studio: &'e Studio,
    left: usize,
    letters: Letters,
    looked_at_first: bool,
}

impl Easel<'_> {
    fn draw(&self, revision: u64, wanted: &[Wanted]) -> Vec<Option<Picture>> {
        match self.judged.as_of(self.file, revision) {
            Some(bytes) => self.draw_bytes(bytes, wanted),
            None => vec![None; wanted.len()],
        }
    }

    fn draw_bytes(&self, bytes: &[u8], wanted: &[Wanted]) -> Vec<Option<Picture>> {
        let password = self.judged.password.as_deref().unwrap_or_default();
        self.studio.draw(&Document { bytes, password }, wanted)
    }

    fn pages(&self, revision: u64) -> Option<u32> {
        self.file.revision(usize::try_from(revision).ok()?)?.page_count().ok()
    }

    /// The pages that are looked at, of so many.
    fn first_pages(&mut self, all: u32) -> Vec<u32> {
        self.looked_at_first |= all > MOST_LOOKED_AT;
        (1..=all.min(MOST_LOOKED_AT)).collect()
    }

    /// Pages beside the known ones that look different after a revision.
    fn look_different(&mut self, revision: u64, known: &[u32]) -> Vec<u32> {
        let before = self.pages(revision.saturating_sub(1)).unwrap_or(MOST_LOOKED_AT);
        let after = self.pages(revision).unwrap_or(MOST_LOOKED_AT);
        let mut looked_at = self.first_pages(before.max(after));
        looked_at.retain(|page| !known.contains(page));
        let wanted: Vec<Wanted> = looked_at.iter().map(|page| whole(*page, GLANCE)).collect();
        let before = self.draw(revision.saturating_sub(1), &wanted);
        let after = self.draw(revision, &wanted);
        let pairs = looked_at.into_iter().zip(before.iter().zip(&after));
        let different = pairs.filter(|(_, pair)| differ(*pair));
        different.map(|(page, _)| page).collect()
    }

    fn compare(&mut self, revision: &ChangedRevision<'_>, pages: &[u32]) -> Vec<Compared> {
        let wanted: Vec<Wanted> = pages.iter().map(|page| whole(*page, PAGE)).collect();
        let earlier = revision.number.saturating_sub(1);
        let before = self.draw(earlier, &wanted);
        let after = self.draw(revision.number, &wanted);
        let pairs = pages.iter().zip(before.into_iter().zip(after));
        let compared = pairs.map(|(page, (before, after))| {
            let marks = revision.pages.get(page).map(Vec::as_slice).unwrap_or_default();
            let named: Vec<Area> = marks.iter().filter_map(|mark| mark.area).collect();
            let differences = match (&before, &after) {
                (Some(before), Some(after)) => Some(before.differences(after)),
                _ => None,
            };
            let same = differences.as_ref().map(Vec::is_empty);
            let mut unexplained = differences.unwrap_or_default();
            // Strokes reach over the edge of what they are drawn in.
            let roomy: Vec<Area> = named.iter().map(|area| area.wider_by(0.012, 0.01)).collect();
            unexplained.retain(|area| !roomy.iter().any(|named| named.holds_most_of(area)));
            Compared {
                revision: revision.number,
                page: *page,
                before: self.shown(before.as_ref(), earlier, *page),
                after: self.shown(after.as_ref(), revision.number, *page),
                unexplained,
                same,
            }
        });
        compared.collect()
    }

    /// A picture as it is put on the page.
    fn shown(&mut self, picture: Option<&Picture>, revision: u64, page: u32) -> Shown {
        let Some(picture) = picture else {
            let is_there = self.pages(revision).is_none_or(|pages| page <= pages);
            return if is_there { Shown::NotDrawn } else { Shown::NoSuchPage };
        };
        self.letters = self.letters.max(picture.letters);
        let Ok(png) = picture.png() else { return Shown::NotDrawn };
        let (picture, png) = match picture.halved() {
            Some(half) if png.len() > HEAVY => match half.png() {
                Ok(png) => (half, png),
                Err(_) => return Shown::NotDrawn,
            },
            _ => (picture.clone(), png),
        };
        let Some(left) = self.left.checked_sub(png.len()) else { return Shown::LeftOut };
        self.left = left;
        Shown::Drawn { png, width: picture.width, height: picture.height }
    }
}
