//! What lies over signed content, though a rule allows it: a comment that hides a sum, a new signature
//! whose picture stands over a clause (the attacks that are known as evil annotation and sneaky
//! signature).
//!
//! An appearance counts as lying over content where it paints opaquely, where the page or, below a
//! comment, a widget shows something. Fields that were there when somebody signed are no overlay: their
//! place was seen. What cannot be understood lies over everything in its rectangle.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use crate::limits::{Limit, Meter};
use crate::painting::{Bounds, Cache, Matrix, State, Unknown, Walk, page_content};
use crate::pdf::{Dictionary, Error, Object, ObjectId, Revision};
use crate::report::{ChangeKind, Rule};

use super::grid::Grid;
use super::ink::{Ink, Inks};
use super::places::{Pages, rectangle, visible_box};
use super::step::Step;

/// So many pages are looked at.
const MOST_PAGES: usize = 32;
/// So many operators of all of them, and of all appearances, together.
const MOST_OPERATORS: u64 = 2_000_000;
/// So many annotations of a page are looked through for widgets.
const MOST_ANNOTATIONS: usize = 2_000;

/// Bits of `/F` (Table 167): hidden; not shown on the screen; printed.
const HIDDEN: i64 = 2;
const NO_VIEW: i64 = 32;
const PRINT: i64 = 4;

/// Lines up to this width, in points, leave what is below them readable, unless they fill a good part
/// of their rectangle.
const THIN: f64 = 3.0;
const MOST_LINES: f64 = 0.25;
const FEW_LINES: f64 = 100.0;

/// What pages show, found out once for all revisions.
pub(super) struct Grounds {
    grids: RefCell<HashMap<ObjectId, Rc<Grid>>>,
    budget: Meter,
}

impl Default for Grounds {
    fn default() -> Self {
        Self { grids: RefCell::default(), budget: Meter::new(Limit::Work, MOST_OPERATORS) }
    }
}

impl Grounds {
    /// What a page shows, without annotations; everything if that cannot be told.
    fn of(&self, view: &Revision<'_>, page: ObjectId, pages: &Pages) -> Rc<Grid> {
        let mut grids = self.grids.borrow_mut();
        if let Some(known) = grids.get(&page) {
            return Rc::clone(known);
        }
        let read = (grids.len() < MOST_PAGES).then(|| self.read(view, page, pages)).flatten();
        let grid = Rc::new(read.unwrap_or_else(|| {
            let mut grid = Grid::new([-1e6, -1e6, 1e6, 1e6]);
            grid.paint_everything();
            grid
        }));
        grids.insert(page, Rc::clone(&grid));
        grid
    }

    fn read(&self, view: &Revision<'_>, page: ObjectId, pages: &Pages) -> Option<Grid> {
        let seen = visible_box(&pages.geometry(view, page)?);
        let page = view.page(pages.number(view, page)?).ok()?;
        let mut grid = Grid::new(seen);
        let mut cache = Cache::new(view, Unknown::Widest);
        let resources = cache.resources(page.attribute(b"Resources")).ok()?;
        let content = page_content(view, &page).ok()?;
        let mut tell = |bounds: Bounds, ink: Ink| {
            if !ink.blank {
                grid.paint(bounds);
            }
        };
        let mut inks = Inks { budget: &self.budget, tell: &mut tell };
        let mut walk = Walk::new(&mut cache, &mut inks);
        walk.content(&content, (page.id(), resources), State::new(seen)).ok()?;
        Some(grid)
    }
}

impl Step<'_, '_> {
    /// Marks what lies over signed content.
    pub(super) fn find_overlays(&mut self) -> Result<(), Error> {
        let mut look = Look { step: self, combined: HashMap::new() };
        let over: Vec<u32> = look.objects();
        let loose: Vec<bool> = look.loose();
        for number in over {
            if let Some(explanation) = self.explained.get_mut(&number) {
                explanation.over_content = true;
            }
        }
        for (change, over) in self.loose.iter_mut().zip(loose) {
            change.explanation.over_content = over;
        }
        Ok(())
    }
}

/// One step that is looked through.
struct Look<'l, 'f, 's> {
    step: &'l Step<'f, 's>,
    /// Pages with the widgets on them.
    combined: HashMap<ObjectId, Rc<Grid>>,
}

impl Look<'_, '_, '_> {
    /// The objects that lie over something.
    fn objects(&mut self) -> Vec<u32> {
        let step = self.step;
        let mut over = Vec::new();
        for (number, explanation) in step.explained.iter().filter(|(_, it)| it.breach.is_none()) {
            let Some(altered) = step.altered.get(number) else { continue };
            let comment = explanation.kind == ChangeKind::Annotation;
            let added = altered.old.is_none() && explanation.rule != Rule::SignatureFilled;
            let placed = explanation.kind == ChangeKind::SignatureField && added;
            if !comment && !placed {
                continue;
            }
            let views = [(&altered.old, step.old), (&altered.new, step.new)];
            let lies = views.into_iter().any(|(object, view)| {
                let dictionary = object.as_deref().and_then(Object::as_dictionary);
                let page = explanation.page.or_else(|| dictionary?.reference(b"P"));
                dictionary.is_some_and(|it| self.lies_over((view, it), page, comment))
            });
            if lies {
                over.push(*number);
            }
        }
        over
    }

    /// For each change that belongs to no object whether it lies over something.
    fn loose(&mut self) -> Vec<bool> {
        let step = self.step;
        let mut over = Vec::new();
        for change in &step.loose {
            let removed = change.explanation.rule == Rule::AnnotationRemoved;
            let view = if removed { step.old } else { step.new };
            let page = change.explanation.page;
            let annotation = change.annotation.as_ref();
            over.push(annotation.is_some_and(|it| self.lies_over((view, it), page, true)));
        }
        over
    }

    fn lies_over(
        &mut self,
        (view, annotation): (Revision<'_>, &Dictionary),
        page: Option<ObjectId>,
        comment: bool,
    ) -> bool {
        let (Some(rect), false) = (rectangle(annotation), is_hidden(annotation)) else {
            return false;
        };
        let Some(page) = page else { return comment };
        let grid = self.ground(page, comment);
        if !grid.is_painted_below(rect) {
            return false;
        }
        let (mut covers, mut lines) = (false, 0.0);
        let mut paint = |bounds: Bounds, ink: Ink| {
            if !ink.opaque || covers || !grid.is_painted_below(bounds) {
                return;
            }
            match ink.line.filter(|(width, _)| *width <= THIN) {
                Some((width, length)) => lines += width * length,
                None => covers = true,
            }
        };
        let budget = &self.step.shared.grounds.budget;
        let unclear = draw(&view, annotation, rect, budget, &mut paint).is_none();
        let [left, bottom, right, top] = rect;
        let area = (right - left) * (top - bottom);
        unclear || covers || lines > FEW_LINES.max(MOST_LINES * area)
    }

    /// What a page shows; for comments with the widgets on it.
    fn ground(&mut self, page: ObjectId, comment: bool) -> Rc<Grid> {
        let (step, shared) = (self.step, self.step.shared);
        if let Some(known) = self.combined.get(&page).filter(|_| comment) {
            return Rc::clone(known);
        }
        let ground = shared.grounds.of(&step.old, page, &shared.pages);
        if !comment {
            return ground;
        }
        let mut grid = Grid::clone(&ground);
        step.widgets_on(page).into_iter().for_each(|widget| grid.paint(widget));
        let grid = Rc::new(grid);
        self.combined.insert(page, Rc::clone(&grid));
        grid
    }
}

impl Step<'_, '_> {
    /// Where widgets are seen on a page.
    fn widgets_on(&self, page: ObjectId) -> Vec<Bounds> {
        let read = || {
            let page = self.old.dictionary(page).ok()?;
            let list = self.old.lookup(&page, b"Annots").ok()??;
            let mut found = Vec::new();
            for item in list.as_array()?.iter().take(MOST_ANNOTATIONS) {
                let annotation = self.old.resolve(&item.value).ok()?;
                let Some(annotation) = annotation.as_dictionary() else { continue };
                if annotation.name(b"Subtype") == Some(b"Widget") && !is_hidden(annotation) {
                    found.extend(rectangle(annotation));
                }
            }
            Some(found)
        };
        read().unwrap_or_default()
    }
}

fn is_hidden(annotation: &Dictionary) -> bool {
    let flags = annotation.integer(b"F").unwrap_or(0);
    flags & HIDDEN != 0 || flags & NO_VIEW != 0 && flags & PRINT == 0
}

/// Tells what an annotation paints, in the user space of its page. None if that cannot be understood.
fn draw(
    view: &Revision<'_>,
    annotation: &Dictionary,
    rect: Bounds,
    budget: &Meter,
    paint: &mut dyn FnMut(Bounds, Ink),
) -> Option<()> {
    let appearance = view.lookup(annotation, b"AP").ok()?;
    let Some(appearance) = appearance.as_deref().and_then(Object::as_dictionary) else {
        draw_as_readers_do(annotation, rect, paint);
        return Some(());
    };
    let normal = appearance.get(b"N")?;
    let id = match &*view.resolve(normal).ok()? {
        Object::Stream(_) => normal.as_reference(),
        Object::Dictionary(states) => {
            let state = annotation.name(b"AS").and_then(|state| states.reference(state));
            let Some(state) = state else { return Some(()) };
            Some(state)
        }
        _ => return Some(()),
    }?;
    let mut cache = Cache::new(view, Unknown::Widest);
    let Some(form) = cache.form(id).ok()? else { return Some(()) };
    // §12.5.5: what the form's matrix makes of its box is put into the rectangle.
    let mut state = State::new(rect);
    state.ctm = Matrix::onto(form.matrix.bounds(form.bbox?), rect);
    Walk::new(&mut cache, &mut Inks { budget, tell: paint }).form(&form, state).ok()
}

/// What readers draw for an annotation without an appearance.
fn draw_as_readers_do(annotation: &Dictionary, rect: Bounds, paint: &mut dyn FnMut(Bounds, Ink)) {
    let numbers = |key: &[u8]| -> Vec<f64> {
        let list = annotation.get(key).and_then(Object::as_array).unwrap_or(&[]);
        list.iter().filter_map(|item| item.value.as_number()).collect()
    };
    let number = |key: &[u8]| annotation.get(key).and_then(Object::as_number);
    let opacity = number(b"CA").unwrap_or(1.0).min(number(b"ca").unwrap_or(1.0));
    let solid = Ink { opaque: opacity >= 0.6, blank: false, line: None };
    match annotation.name(b"Subtype") {
        // Multiplied with what is below: hidden only by a dark colour.
        Some(b"Highlight") => {
            let dark = numbers(b"C").into_iter().fold(0.0, f64::max) < 0.5;
            paint(rect, Ink { opaque: dark && annotation.contains(b"C"), ..solid });
        }
        Some(b"FreeText" | b"Stamp" | b"Redact") => paint(rect, solid),
        Some(b"Square" | b"Circle" | b"Polygon" | b"PolyLine" | b"Line" | b"Ink") => {
            let filled = !numbers(b"IC").is_empty();
            let width = annotation.get(b"BS").and_then(Object::as_dictionary);
            let width = width.and_then(|style| style.get(b"W")).and_then(Object::as_number);
            let width = width.or_else(|| numbers(b"Border").get(2).copied()).unwrap_or(1.0);
            if filled || width > THIN {
                paint(rect, solid);
            }
            let pairs = ["L", "Vertices"].map(|key| numbers(key.as_bytes()));
            let length: f64 = pairs.iter().map(|points| run_of(points)).sum();
            let drawn = annotation.get(b"InkList").and_then(Object::as_array).unwrap_or(&[]);
            let drawn = drawn.iter().filter_map(|item| item.value.as_array()).map(|line| {
                let points: Vec<f64> = line.iter().filter_map(|it| it.value.as_number()).collect();
                run_of(&points)
            });
            let length = length + drawn.sum::<f64>();
            paint(rect, Ink { line: Some((width, length)), ..solid });
        }
        // A note's icon, the line of a link or of a marking: the reader's own, and small.
        _ => {}
    }
}

/// The length of a line through points.
fn run_of(points: &[f64]) -> f64 {
    let points: Vec<(f64, f64)> = points.as_chunks::<2>().0.iter().map(|p| (p[0], p[1])).collect();
    points.iter().zip(points.iter().skip(1)).map(|(a, b)| (a.0 - b.0).hypot(a.1 - b.1)).sum()
}
