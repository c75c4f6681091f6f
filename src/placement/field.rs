//! Form fields as places (定位方式 `FIELD`, §5.3): one rectangle for each widget, R-CTL-05 for the rest.

use std::collections::BTreeMap;

use crate::contract::{FieldKind, FieldName, Located, Spot};
use crate::geometry::{PageGeometry, PageNumber, PdfRect};
use crate::pdf::{Dictionary, Error, Field, File, Object, ObjectId, Revision};

/// Read-only: bit 1 of `/Ff` (ISO 32000-2 Table 227).
const READ_ONLY: i64 = 1;

/// Never seen on paper or screen: Invisible is for unknown annotations, Hidden and NoView are for all
/// (bits 2 and 6 of `/F`, Table 167).
const UNSEEN: i64 = 0b10_0010;

/// The form of a document, read once for all controls that stand in its fields.
pub(super) struct Form<'f> {
    revision: Revision<'f>,
    fields: BTreeMap<String, Field>,
    /// The page on which each widget is listed.
    pages: BTreeMap<ObjectId, PageNumber>,
}

impl<'f> Form<'f> {
    /// Reads the fields, and from each page its list of annotations: a reader shows what a page lists,
    /// whatever a widget's `/P` says, which may be missing.
    pub(super) fn of(file: &'f File<'_>) -> Result<Self, Error> {
        let revision = file.latest();
        let mut fields = BTreeMap::new();
        for field in revision.fields()? {
            // Two fields of one name are one field to most readers; the first is as good as any.
            fields.entry(field.name.clone()).or_insert(field);
        }
        let mut pages = BTreeMap::new();
        if fields.is_empty() {
            return Ok(Self { revision, fields, pages });
        }
        revision.each_page(|page| {
            let listed = revision.lookup(page.dictionary(), b"Annots")?;
            let listed = listed.as_deref().and_then(Object::as_array).unwrap_or(&[]);
            if let Ok(number) = PageNumber::new(page.number()) {
                let widgets = listed.iter().filter_map(|item| item.value.as_reference());
                pages.extend(widgets.map(|widget| (widget, number)));
            }
            Ok::<_, Error>(())
        })?;
        Ok(Self { revision, fields, pages })
    }

    /// What the field of this name is, and where.
    pub(super) fn locate(
        &self,
        name: &FieldName,
        pages: &[PageGeometry],
    ) -> Result<Located, Error> {
        let Some(field) = self.fields.get(name.as_str()) else {
            return Ok(Located::FieldNotFound);
        };
        let kind = self.kind(field)?;
        let mut spots = Vec::with_capacity(field.widgets.len());
        for widget in &field.widgets {
            match self.spot(*widget, pages)? {
                Ok(spot) => spots.push(spot),
                Err(why) => return Ok(Located::FieldUnusable { why }),
            }
        }
        if spots.is_empty() {
            return Ok(Located::FieldUnusable { why: "has no widget" });
        }
        spots.sort_by_key(|spot| (spot.page, spot.rect.y(), spot.rect.x()));
        Ok(Located::Field { kind, spots })
    }

    fn kind(&self, field: &Field) -> Result<FieldKind, Error> {
        if field.flags & READ_ONLY != 0 {
            return Ok(FieldKind::ReadOnly);
        }
        if !field.is_signature() {
            return Ok(FieldKind::Data);
        }
        let signed = match &field.value {
            Some(value) => *self.revision.resolve(value)? != Object::Null,
            None => false,
        };
        Ok(if signed { FieldKind::Signed } else { FieldKind::EmptySignature })
    }

    /// The rectangle of a widget, or why nobody would see it.
    fn spot(
        &self,
        widget: ObjectId,
        pages: &[PageGeometry],
    ) -> Result<Result<Spot, &'static str>, Error> {
        let dictionary = self.revision.dictionary(widget)?;
        let Some(page) = self.pages.get(&widget).copied() else {
            return Ok(Err("has a widget on no page"));
        };
        let flags = self.revision.lookup(&dictionary, b"F")?;
        if flags.and_then(|flags| flags.as_integer()).unwrap_or(0) & UNSEEN != 0 {
            return Ok(Err("has a hidden widget"));
        }
        let index = usize::try_from(page.pages_before()).unwrap_or(usize::MAX);
        let (Some(geometry), Some(rect)) = (pages.get(index), self.rect(&dictionary)?) else {
            return Ok(Err("has a widget without a rectangle"));
        };
        Ok(Ok(Spot { page, rect: geometry.to_visual(&rect) }))
    }

    fn rect(&self, dictionary: &Dictionary) -> Result<Option<PdfRect>, Error> {
        let rect = self.revision.lookup(dictionary, b"Rect")?;
        let corners = rect.as_deref().and_then(Object::as_array).unwrap_or(&[]);
        let mut numbers = Vec::with_capacity(4);
        for corner in corners {
            numbers.extend(self.revision.resolve(&corner.value)?.as_number());
        }
        Ok(<[f64; 4]>::try_from(numbers).ok().and_then(|it| PdfRect::from_corners(it).ok()))
    }
}
