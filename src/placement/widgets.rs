//! On which page of a document a widget is, and where: asked by the plan and by whatever draws in it.

use std::collections::{HashMap, HashSet};

use crate::geometry::{PageNumber, PdfRect};
use crate::pdf::{Dictionary, Error, Object, ObjectId, Revision};

/// Never seen on paper or screen: Invisible is for unknown annotations, Hidden and NoView are for all
/// (bits 2 and 6 of `/F`, ISO 32000-2 Table 167).
const UNSEEN: i64 = 0b10_0010;

/// What the pages of a document list, read in one walk.
///
/// A reader shows a widget on the page that lists it, whatever the widget's `/P` says, which may be
/// missing. A widget belongs on one page (§12.5.2); what several list would show a seal on each.
pub(crate) struct Widgets<'f> {
    revision: Revision<'f>,
    listed: HashMap<ObjectId, Listing>,
    lists: HashMap<ObjectId, ObjectId>,
    /// Arrays that more than one page has for its list.
    shared: HashSet<ObjectId>,
}

#[derive(Clone, Copy)]
struct Listing {
    page: ObjectId,
    number: PageNumber,
    /// The page's list, if it is an object of its own.
    list: Option<ObjectId>,
    /// Whether another list has it too.
    again: bool,
}

/// Where a widget is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WidgetPlace {
    /// The page's object.
    pub(crate) page: ObjectId,
    /// The page, from 1.
    pub(crate) number: PageNumber,
    /// `/Rect`, in user space; it may be empty.
    pub(crate) rect: PdfRect,
}

impl<'f> Widgets<'f> {
    /// Reads from each page its list of annotations.
    pub(crate) fn of(revision: Revision<'f>) -> Result<Self, Error> {
        let (listed, lists, shared) = (HashMap::new(), HashMap::new(), HashSet::new());
        let mut widgets = Self { revision, listed, lists, shared };
        revision.each_page(|page| {
            let Ok(number) = PageNumber::new(page.number()) else { return Ok(()) };
            widgets.read(page.id(), number, page.dictionary())
        })?;
        Ok(widgets)
    }

    fn read(
        &mut self,
        page: ObjectId,
        number: PageNumber,
        dictionary: &Dictionary,
    ) -> Result<(), Error> {
        let list = dictionary.reference(b"Annots");
        if let Some(list) = list
            && self.lists.insert(list, page).is_some()
        {
            // Read once: its length times the pages that name it would have no end.
            self.shared.insert(list);
            return Ok(());
        }
        let annotations = self.revision.lookup(dictionary, b"Annots")?;
        let annotations = annotations.as_deref().and_then(Object::as_array).unwrap_or(&[]);
        for widget in annotations.iter().filter_map(|item| item.value.as_reference()) {
            let listing = Listing { page, number, list, again: false };
            let known = self.listed.entry(widget).or_insert(listing);
            known.again |= known.page != page;
        }
        Ok(())
    }

    /// The page and the rectangle of a widget, or why nobody would see it there and only there.
    pub(crate) fn place(
        &self,
        widget: ObjectId,
    ) -> Result<Result<WidgetPlace, &'static str>, Error> {
        let dictionary = self.revision.dictionary(widget)?;
        let Some(listing) = self.listed.get(&widget) else {
            return Ok(Err("has a widget on no page"));
        };
        if listing.again || listing.list.is_some_and(|list| self.shared.contains(&list)) {
            return Ok(Err("has a widget that several pages list"));
        }
        let said = self.revision.lookup(&dictionary, b"P")?.is_some();
        if said && dictionary.reference(b"P") != Some(listing.page) {
            return Ok(Err("has a widget whose /P is another page than the one that lists it"));
        }
        let flags = self.revision.lookup(&dictionary, b"F")?;
        if flags.and_then(|flags| flags.as_integer()).unwrap_or(0) & UNSEEN != 0 {
            return Ok(Err("has a hidden widget"));
        }
        let Some(rect) = self.rect(&dictionary)? else {
            return Ok(Err("has a widget without a rectangle"));
        };
        Ok(Ok(WidgetPlace { page: listing.page, number: listing.number, rect }))
    }

    fn rect(&self, dictionary: &Dictionary) -> Result<Option<PdfRect>, Error> {
        let rect = self.revision.lookup(dictionary, b"Rect")?;
        let corners = rect.as_deref().and_then(Object::as_array).unwrap_or(&[]);
        if corners.len() != 4 {
            return Ok(None);
        }
        let mut numbers = Vec::with_capacity(4);
        for corner in corners {
            numbers.extend(self.revision.resolve(&corner.value)?.as_number());
        }
        Ok(<[f64; 4]>::try_from(numbers).ok().and_then(|it| PdfRect::from_corners(it).ok()))
    }
}
