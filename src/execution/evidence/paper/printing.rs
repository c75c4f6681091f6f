//! From strips to the bytes of a document.

use pdf_writer::types::TabOrder;
use pdf_writer::{Chunk, Name, Ref};

use super::archive::About;
use super::compose::{Bookmark, Composer};
use super::file::{Objects, reference};
use super::strip::{GREY, LEFT, PAGE, PALE, Page, Placed, Shape, Strip, WIDTH, paginate};
use super::tree::{Element, Tree};
use crate::appearance::{self, PageFonts, PagePainter, SetLine, Type};
use crate::geometry::{Pt, Size};

/// What stands at the head and at the foot of each page.
const FURNITURE: Type = Type { size: 7.5, bold: false, colour: GREY };
/// Where their baselines lie, counted from the top of the page.
const HEADER: f64 = 46.0;
const FOOTER: f64 = 808.0;

/// What is on every page, or on the first one alone.
pub(super) struct Furniture<'a> {
    /// At the head of every page but the first: at the left, and at the right.
    pub(super) header: [&'a str; 2],
    /// Where the strips of the first page end, counted from its top.
    pub(super) first_end: f64,
    /// What the first page has besides them; counted from the corner of the page.
    pub(super) first: Vec<Shape>,
}

/// A report as a document.
pub(super) fn print(
    composer: Composer<'_>,
    furniture: &Furniture<'_>,
    about: &About<'_>,
) -> Result<Vec<u8>, appearance::Error> {
    let pages = paginate(&composer.strips, &composer.heads, furniture.first_end);
    let margins = margins(&composer, furniture, pages.len())?;
    let Composer { strips, heads, mut tree, bookmarks, .. } = composer;
    let all = strips.iter().chain(&heads).flat_map(|strip| &strip.shapes);
    let all = all.chain(&furniture.first).chain(margins.iter().flatten());
    let fonts = PageFonts::of(all.filter_map(text_of))?;
    let size = Size::new(Pt(PAGE[0]), Pt(PAGE[1])).unwrap_or_default();

    let mut objects = Objects::new();
    let numbers: Vec<Ref> = pages.iter().map(|_| objects.number()).collect();
    let page_tree = objects.number();
    for (index, page) in pages.iter().enumerate() {
        let mut printer =
            Printer { painter: PagePainter::new(&fonts, size), tree: &mut tree, page: index };
        let placed =
            || page.placed.iter().filter_map(|(it, y)| Some((of(*it, &strips, &heads)?, *y)));
        let margin = margins.get(index).map_or(&[][..], Vec::as_slice);
        let first = if index == 0 { furniture.first.as_slice() } else { &[] };
        printer.background(placed(), margin, first);
        placed().for_each(|(strip, y)| printer.strip(strip, y));
        printer.foreground(placed());
        let (content, resources) = printer.painter.finish();
        let content = objects.content(&content)?;
        let resources = objects.resources(&resources);
        let Some(number) = numbers.get(index).copied() else { continue };
        objects.write(number, |chunk, number| {
            let mut written = chunk.page(number);
            written.parent(page_tree).media_box(media_box()).contents(content);
            written.pair(Name(b"Resources"), resources);
            written.struct_parents(short(index)).tab_order(TabOrder::StructureOrder);
        });
    }
    objects.write(page_tree, |chunk, number| {
        chunk.pages(number).kids(numbers.iter().copied()).count(short(numbers.len()));
    });
    let structure = structure(&mut objects, &tree, &numbers);
    let outline = outline(&mut objects, &bookmarks, &destinations(&bookmarks, &pages, &numbers));
    objects.finish(about, [page_tree, structure, outline])
}

fn media_box() -> pdf_writer::Rect {
    #[expect(clippy::cast_possible_truncation, reason = "PDF has no more digits")]
    let [width, height] = PAGE.map(|side| side as f32);
    pdf_writer::Rect::new(0.0, 0.0, width, height)
}

fn short(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

fn of<'a>(placed: Placed, strips: &'a [Strip], heads: &'a [Strip]) -> Option<&'a Strip> {
    match placed {
        Placed::Strip(index) => strips.get(index),
        Placed::Head(index) => heads.get(index),
    }
}

fn text_of(shape: &Shape) -> Option<&SetLine> {
    match shape {
        Shape::Text { line, .. } | Shape::Slanted { line, .. } => Some(line),
        Shape::Fill { .. } | Shape::Frame { .. } | Shape::Picture { .. } => None,
    }
}

/// The header, a rule below it, and the number of each page; counted from the corner of the page.
fn margins(
    composer: &Composer<'_>,
    furniture: &Furniture<'_>,
    count: usize,
) -> Result<Vec<Vec<Shape>>, appearance::Error> {
    let set = |text: &str| composer.setter.first_line(text, FURNITURE, WIDTH * 0.6);
    let [left, right] = [set(furniture.header[0])?, set(furniture.header[1])?];
    let text = |line: &SetLine, at| Shape::Text { line: line.clone(), at, of: None };
    let mut pages = Vec::with_capacity(count);
    for number in 1..=count {
        let page = set(&format!("{number} / {count}"))?;
        let mut shapes = vec![text(&page, [(PAGE[0] - page.width()) / 2.0, FOOTER])];
        if number > 1 {
            shapes.push(text(&left, [LEFT, HEADER]));
            shapes.push(text(&right, [LEFT + WIDTH - right.width(), HEADER]));
            let (at, size) = ([LEFT, HEADER + 7.0], [WIDTH, 0.5]);
            shapes.push(Shape::Fill { at, size, colour: PALE });
        }
        pages.push(shapes);
    }
    Ok(pages)
}

/// Paints one page.
struct Printer<'p> {
    painter: PagePainter<'p>,
    tree: &'p mut Tree,
    page: usize,
}

impl Printer<'_> {
    /// What belongs to the page and not to the text: grounds, rules, headings that are repeated, header
    /// and page number.
    fn background<'s>(
        &mut self,
        placed: impl Iterator<Item = (&'s Strip, f64)>,
        margin: &[Shape],
        first: &[Shape],
    ) {
        self.painter.operators("/Artifact BMC");
        for (strip, y) in placed {
            strip.shapes.iter().for_each(|shape| self.artifact(shape, [LEFT, y]));
        }
        first.iter().for_each(|shape| self.artifact(shape, [0.0, 0.0]));
        self.painter.operators("EMC\n/Artifact<</Type/Pagination>>BDC");
        margin.iter().for_each(|shape| self.artifact(shape, [0.0, 0.0]));
        self.painter.operators("EMC");
    }

    fn artifact(&mut self, shape: &Shape, [left, top]: [f64; 2]) {
        match shape {
            Shape::Text { line, at: [x, y], of: None } => {
                self.painter.text(line, [left + x, PAGE[1] - top - y]);
            }
            Shape::Fill { at: [x, y], size, colour } => {
                let at = [left + x, PAGE[1] - top - y - size[1]];
                self.painter.fill(at, *size, *colour);
            }
            Shape::Frame { at: [x, y], size, dash, colour } => {
                let at = [left + x, PAGE[1] - top - y - size[1]];
                self.painter.frame(at, *size, (0.7, *dash, *colour));
            }
            Shape::Text { .. } | Shape::Picture { .. } | Shape::Slanted { .. } => {}
        }
    }

    /// What a strip says, in its order: each stretch of one element is marked once.
    fn strip(&mut self, strip: &Strip, top: f64) {
        let mut open: Option<Element> = None;
        for shape in &strip.shapes {
            let of = match shape {
                Shape::Text { of: Some(of), .. } | Shape::Picture { of, .. } => *of,
                _ => continue,
            };
            if open != Some(of) {
                if open.is_some() {
                    self.painter.operators("EMC");
                }
                self.begin(of);
                open = Some(of);
            }
            match shape {
                Shape::Text { line, at: [x, y], .. } => {
                    self.painter.text(line, [LEFT + x, PAGE[1] - top - y]);
                }
                Shape::Picture { drawing, at: [x, y], size, .. } => {
                    let at = [LEFT + x, PAGE[1] - top - y - size[1]];
                    self.painter.drawing(drawing, at, *size);
                }
                _ => {}
            }
        }
        if open.is_some() {
            self.painter.operators("EMC");
        }
    }

    fn begin(&mut self, of: Element) {
        let name = String::from_utf8_lossy(self.tree.role(of).name()).into_owned();
        let id = self.tree.mark(of, self.page);
        self.painter.operators(&format!("/{name}<</MCID {id}>>BDC"));
    }

    /// What is written across pictures.
    fn foreground<'s>(&mut self, placed: impl Iterator<Item = (&'s Strip, f64)>) {
        for (strip, top) in placed {
            for shape in &strip.shapes {
                let Shape::Slanted { line, centre: [x, y] } = shape else { continue };
                self.slanted(line, [LEFT + x, PAGE[1] - top - y]);
            }
        }
    }

    /// Half a right angle up.
    fn slanted(&mut self, line: &SetLine, [x, y]: [f64; 2]) {
        let turn = std::f64::consts::FRAC_1_SQRT_2;
        let matrix = format!("{turn:.6} {turn:.6} -{turn:.6} {turn:.6} {x:.3} {y:.3} cm");
        self.painter.operators(&format!("/Artifact BMC\nq {matrix}"));
        self.painter.text(line, [-line.width() / 2.0, -5.0]);
        self.painter.operators("Q\nEMC");
    }
}

/// The structure as objects; the number of its root.
fn structure(objects: &mut Objects, tree: &Tree, pages: &[Ref]) -> Ref {
    let root = objects.number();
    let elements: Vec<Ref> = tree.nodes().iter().map(|_| objects.number()).collect();
    let element = |of: Element| elements.get(of.index()).copied().unwrap_or(root);
    for (node, number) in tree.nodes().iter().zip(&elements) {
        objects.write(*number, |chunk, number| {
            super::file::element(chunk, (number, root), node, &element, pages);
        });
    }
    let parents: Vec<Ref> = pages
        .iter()
        .enumerate()
        .map(|(page, _)| {
            let number = objects.number();
            objects.write(number, |chunk, number| {
                let mut array = chunk.indirect(number).array();
                array.items(tree.marked(page).iter().map(|it| element(*it)));
            });
            number
        })
        .collect();
    objects.write(root, |chunk, number| {
        let mut root = chunk.indirect(number).dict();
        root.pair(Name(b"Type"), Name(b"StructTreeRoot"));
        root.pair(Name(b"K"), element(Tree::root()));
        root.pair(Name(b"ParentTreeNextKey"), short(parents.len()));
        let mut nums = root.insert(Name(b"ParentTree")).dict();
        let mut nums = nums.insert(Name(b"Nums")).array();
        for (key, parent) in parents.iter().enumerate() {
            nums.item(short(key)).item(*parent);
        }
    });
    root
}

/// Where each bookmark leads to: its page, and how far from the bottom of it.
fn destinations(bookmarks: &[Bookmark], pages: &[Page], numbers: &[Ref]) -> Vec<(Ref, f64)> {
    let find = |strip: usize| {
        pages.iter().zip(numbers).find_map(|(page, number)| {
            let found = page.placed.iter().find(|(it, _)| *it == Placed::Strip(strip));
            found.map(|(_, y)| (*number, PAGE[1] - y + 6.0))
        })
    };
    let fallback = (numbers.first().copied().unwrap_or(reference(1)), PAGE[1]);
    bookmarks.iter().map(|bookmark| find(bookmark.strip).unwrap_or(fallback)).collect()
}

/// The bookmarks: chapters, and what is below them; the number of their root.
fn outline(objects: &mut Objects, bookmarks: &[Bookmark], targets: &[(Ref, f64)]) -> Ref {
    let root = objects.number();
    let numbers: Vec<Ref> = bookmarks.iter().map(|_| objects.number()).collect();
    let chapters: Vec<usize> =
        bookmarks.iter().enumerate().filter(|(_, it)| it.level == 1).map(|(at, _)| at).collect();
    let number = |at: usize| numbers.get(at).copied().unwrap_or(root);
    let end = |chapter: usize| chapters.get(chapter + 1).copied().unwrap_or(bookmarks.len());
    let item =
        |chunk: &mut Chunk, at: usize, parent: Ref, around: [Option<usize>; 2], inner: &[usize]| {
            let (Some(bookmark), Some((page, top))) = (bookmarks.get(at), targets.get(at)) else {
                return;
            };
            let mut item = chunk.outline_item(number(at));
            item.title(pdf_writer::TextStr(&bookmark.title)).parent(parent);
            if let [Some(before), _] = around {
                item.prev(number(before));
            }
            if let [_, Some(after)] = around {
                item.next(number(after));
            }
            if let (Some(first), Some(last)) = (inner.first(), inner.last()) {
                // Closed: a reader opens what he wants to see.
                item.first(number(*first)).last(number(*last)).count(-short(inner.len()));
            }
            #[expect(clippy::cast_possible_truncation, reason = "PDF has no more digits")]
            item.dest().page(*page).xyz(0.0, *top as f32, None);
        };
    for (index, chapter) in chapters.iter().enumerate() {
        let inner: Vec<usize> = (chapter + 1..end(index)).collect();
        let before = index.checked_sub(1).and_then(|at| chapters.get(at)).copied();
        let after = chapters.get(index + 1).copied();
        objects.write(number(*chapter), |chunk, _| {
            item(chunk, *chapter, root, [before, after], &inner);
        });
        for (place, at) in inner.iter().enumerate() {
            let before = place.checked_sub(1).and_then(|it| inner.get(it)).copied();
            let after = inner.get(place + 1).copied();
            objects.write(number(*at), |chunk, _| {
                item(chunk, *at, number(*chapter), [before, after], &[]);
            });
        }
    }
    objects.write(root, |chunk, root| {
        let mut outline = chunk.outline(root);
        if let (Some(first), Some(last)) = (chapters.first(), chapters.last()) {
            outline.first(number(*first)).last(number(*last)).count(short(chapters.len()));
        }
    });
    root
}
