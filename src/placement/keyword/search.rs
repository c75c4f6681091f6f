//! One pass over the pages for all keywords.

use super::super::text::{PageText, TextError, TextLayer};
use super::automaton::Automaton;
use super::finding::{Finding, Nearest, Search};
use super::folding::{Unit, folded};
use super::line::{Bounds, Line, lines};
use super::stand::beside;
use crate::contract::{Keyword, Located, MatchOrder, Spot};
use crate::geometry::{MilliPoints, PageIndex, PageNumber, Rect, Size};
use crate::limits::{Limit, Meter, Progress};

/// Matches of all keywords together.
const MOST_MATCHES: u64 = 1_000_000;

/// How many of the matches before are looked at for one that lies in the same place.
const NEIGHBOURS: usize = 16;

/// The shortest beginning of a keyword that is worth mentioning.
const LEAST_NEAR: usize = 2;

/// Looks for all keywords in one pass over the pages (§5.3); each comes with the size its control has
/// where the keyword names none. Only the pages that a keyword may stand on are read, and the text of
/// one page at a time is held. `progress` is told of pages, not of bytes.
///
/// Findings come in the order of the keywords. That a keyword is missing is a finding, not an error.
///
/// ```
/// use sealwright::contract::{Keyword, Located, Relative};
/// use sealwright::geometry::{Mm, Size};
/// use sealwright::limits::Unwatched;
/// use sealwright::pdf::File;
/// use sealwright::placement::{PdfText, find};
/// # let bytes = sealwright_testdata::contract::PDF;
/// let file = File::open(bytes, Default::default())?;
/// let here = Keyword::new("甲方（盖章）")?.relative(Relative::Right).indexes([0]);
/// let search = find(&mut PdfText::new(&file)?, &[(&here, Size::new(Mm(42.0), Mm(42.0))?)], &Unwatched)?;
/// assert!(matches!(search.findings()[0].located(), Located::Words(spots) if spots.len() == 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// If a page cannot be read, a limit runs out, or the host cancels.
pub fn find(
    text: &mut dyn TextLayer,
    keywords: &[(&Keyword, Size)],
    progress: &dyn Progress,
) -> Result<Search, TextError> {
    let count = text.page_count();
    let patterns: Vec<_> = keywords.iter().map(|(keyword, _)| folded(keyword.text())).collect();
    let wanted: Vec<Scope> =
        keywords.iter().map(|(keyword, _)| Scope::of(keyword, count)).collect();
    let mut pass = Pass {
        automaton: &Automaton::new(&patterns),
        keywords,
        wanted: &wanted,
        lengths: patterns.iter().map(Vec::len).collect(),
        matches: vec![Vec::new(); keywords.len()],
        nearest: std::collections::HashMap::new(),
        left: Meter::new(Limit::Values, MOST_MATCHES),
    };
    let mut state = Pages::default();
    for page in (1..=count).filter_map(|page| PageNumber::new(page).ok()) {
        if !progress.advance(u64::from(page.pages_before()), u64::from(count)) {
            return Err(TextError::Cancelled { done: page.pages_before(), total: count });
        }
        if wanted.iter().any(|scope| scope.includes(page)) {
            let content = text.page_text(page)?;
            state.note(page, &content);
            pass.page(page, &content)?;
        }
    }
    let Pass { matches, nearest, automaton, .. } = pass;
    let mut findings = Vec::with_capacity(keywords.len());
    for (((keyword, size), found), (scope, pattern)) in
        keywords.iter().zip(matches).zip(wanted.iter().zip(&patterns))
    {
        let near =
            automaton.states_of(pattern).into_iter().find_map(|at| nearest.get(&at).copied());
        findings.push(finding(text, keyword, *size, found, scope, &state, near)?);
    }
    Ok(Search { findings, pages_without_text: state.without_text })
}

/// The pages a keyword may stand on.
#[derive(Clone, Copy)]
enum Scope {
    All,
    Page(PageNumber),
    /// The page that was named does not exist.
    None(PageIndex),
}

impl Scope {
    fn of(keyword: &Keyword, count: u32) -> Self {
        match keyword.page() {
            None => Self::All,
            Some(page) => page.resolve(count).map_or(Self::None(page), Self::Page),
        }
    }

    fn includes(self, page: PageNumber) -> bool {
        match self {
            Self::All => true,
            Self::Page(only) => only == page,
            Self::None(_) => false,
        }
    }
}

/// What is known of the pages' text.
#[derive(Default)]
struct Pages {
    searched: Option<PageNumber>,
    any_text: bool,
    /// Pages that show something, but no text that can be searched.
    without_text: Vec<PageNumber>,
    /// Pages that show nothing at all.
    blank: Vec<PageNumber>,
}

impl Pages {
    fn note(&mut self, page: PageNumber, content: &PageText) {
        self.searched.get_or_insert(page);
        if content.has_text_layer() {
            self.any_text = true;
        } else if content.is_blank() {
            self.blank.push(page);
        } else {
            self.without_text.push(page);
        }
    }

    /// The page to blame for a keyword that is missing (R-CTL-09): that it names if it has no text,
    /// else one that shows something, else any if the whole document has no text.
    fn blamed(&self, scope: &Scope) -> Option<PageNumber> {
        let has = |list: &[PageNumber], page| list.binary_search(&page).is_ok();
        match scope {
            Scope::None(_) => None,
            Scope::Page(page) => {
                (has(&self.without_text, *page) || has(&self.blank, *page)).then_some(*page)
            }
            Scope::All => {
                let first = self.without_text.first().copied();
                first.or(self.searched.filter(|_| !self.any_text))
            }
        }
    }
}

/// The state of the pass.
struct Pass<'s> {
    automaton: &'s Automaton,
    keywords: &'s [(&'s Keyword, Size)],
    wanted: &'s [Scope],
    lengths: Vec<usize>,
    matches: Vec<Vec<Spot>>,
    /// For each state, where it was first reached at its full depth.
    nearest: std::collections::HashMap<u32, Nearest>,
    left: Meter,
}

/// A match on the page that is searched: its place in the order, and its box.
#[derive(Clone, Copy)]
struct Hit {
    top: i64,
    bounds: Bounds,
}

impl Pass<'_> {
    fn page(&mut self, page: PageNumber, content: &PageText) -> Result<(), TextError> {
        let mut hits: std::collections::BTreeMap<usize, Vec<Hit>> = Default::default();
        for line in lines(content) {
            self.line(page, &line, &mut hits)?;
        }
        for (index, mut found) in hits {
            found.sort_by_key(|hit| (hit.top, hit.bounds.left, hit.bounds.top));
            let mut kept: Vec<Hit> = Vec::with_capacity(found.len());
            for hit in found {
                let same = |other: &Hit| covers_half(&other.bounds, &hit.bounds);
                if !kept.iter().rev().take(NEIGHBOURS).any(same) {
                    kept.push(hit);
                }
            }
            if let Some(matches) = self.matches.get_mut(index) {
                for hit in kept {
                    matches.push(Spot { page, rect: rect(hit.bounds)? });
                }
            }
        }
        Ok(())
    }

    fn line(
        &mut self,
        page: PageNumber,
        line: &Line,
        hits: &mut std::collections::BTreeMap<usize, Vec<Hit>>,
    ) -> Result<(), TextError> {
        let mut state = 0;
        // Matches of one keyword do not overlap: from the left, as one reads.
        let mut ends: std::collections::HashMap<usize, usize> = Default::default();
        for (at, unit) in line.units.iter().enumerate() {
            state = self.automaton.step(state, unit.character);
            let depth = self.automaton.depth(state);
            if depth >= LEAST_NEAR && !self.nearest.contains_key(&state) {
                let start = (at + 1).saturating_sub(depth);
                if let Some(bounds) = bounds(line, start, at) {
                    let spot = Spot { page, rect: rect(bounds)? };
                    self.nearest.insert(state, Nearest { spot, characters: depth });
                }
            }
            for index in self.automaton.ending(state) {
                let length = self.lengths.get(index).copied().unwrap_or(0);
                let start = (at + 1).saturating_sub(length);
                let wanted = self.wanted.get(index).is_some_and(|scope| scope.includes(page));
                let isolated = self.keywords.get(index).is_some_and(|(it, _)| it.is_isolated());
                if !wanted
                    || ends.get(&index).is_some_and(|end| start < *end)
                    || isolated && !stands_alone(&line.units, start, at)
                {
                    continue;
                }
                if let Some(bounds) = bounds(line, start, at) {
                    self.left.spend(1)?;
                    ends.insert(index, at + 1);
                    hits.entry(index).or_default().push(Hit { top: line.top, bounds });
                }
            }
        }
        Ok(())
    }
}

/// Whether neither neighbour belongs to a longer run of text: what is no letter, digit or ideograph
/// ends a run, and so does a gap as wide as a character.
fn stands_alone(units: &[Unit], start: usize, last: usize) -> bool {
    let runs_on = |unit: &Unit| unit.character.is_alphanumeric();
    let before = start.checked_sub(1).and_then(|at| units.get(at));
    let gap_before = units.get(start).is_some_and(|unit| unit.after_gap);
    let after = units.get(last + 1);
    let gap_after = after.is_some_and(|unit| unit.after_gap);
    (gap_before || !before.is_some_and(runs_on)) && (gap_after || !after.is_some_and(runs_on))
}

/// The upright box around the glyphs of some units.
fn bounds(line: &Line, start: usize, last: usize) -> Option<Bounds> {
    let (first, last) = (line.units.get(start)?.glyph, line.units.get(last)?.glyph);
    line.boxes.get(first..=last)?.iter().copied().reduce(Bounds::union)
}

/// Whether two boxes are the same words drawn twice: they share half of the smaller one.
fn covers_half(one: &Bounds, other: &Bounds) -> bool {
    let area = |width: i64, height: i64| i128::from(width.max(0)) * i128::from(height.max(0));
    let common = area(
        one.right.min(other.right) - one.left.max(other.left),
        one.bottom.min(other.bottom) - one.top.max(other.top),
    );
    let of = |it: &Bounds| area(it.right - it.left, it.bottom - it.top);
    common * 2 >= of(one).min(of(other)) && common > 0 || one == other
}

fn rect(bounds: Bounds) -> Result<Rect, TextError> {
    let Bounds { left, top, right, bottom } = bounds;
    let of = MilliPoints::new;
    Ok(Rect::new(of(left)?, of(top)?, of(right - left)?, of(bottom - top)?)?)
}

fn finding(
    text: &mut dyn TextLayer,
    keyword: &Keyword,
    size: Size,
    mut matches: Vec<Spot>,
    scope: &Scope,
    pages: &Pages,
    nearest: Option<Nearest>,
) -> Result<Finding, TextError> {
    if keyword.match_order() == MatchOrder::Reverse {
        matches.reverse();
    }
    let found = u32::try_from(matches.len()).unwrap_or(u32::MAX);
    let too_far = keyword.wanted().iter().copied().find(|index| *index >= found);
    let located = match (matches.is_empty(), too_far) {
        (true, _) => match (scope, pages.blamed(scope)) {
            (Scope::None(page), _) => {
                Located::PageOutOfRange { page: *page, count: text.page_count() }
            }
            (_, Some(page)) => Located::NoTextLayer { page },
            (_, None) => Located::KeywordNotFound,
        },
        (false, Some(index)) => Located::KeywordIndexOutOfRange { index, found },
        (false, None) => {
            let wanted = keyword.wanted();
            let chosen: Vec<Spot> = if wanted.is_empty() {
                matches.clone()
            } else {
                let at = |index: &u32| matches.get(usize::try_from(*index).ok()?).copied();
                wanted.iter().filter_map(at).collect()
            };
            let mut spots = Vec::with_capacity(chosen.len());
            let mut known: Option<(PageNumber, Size)> = None;
            for words in chosen {
                let page = match known {
                    Some((page, size)) if page == words.page => size,
                    _ => text.page_size(words.page)?,
                };
                known = Some((words.page, page));
                spots.push(beside(keyword, &words, size, page)?);
            }
            Located::Words(spots)
        }
    };
    let nearest = nearest.filter(|_| matches.is_empty());
    Ok(Finding { matches, wanted: keyword.wanted().to_vec(), located, nearest })
}
