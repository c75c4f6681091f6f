//! Form fields as places (定位方式 `FIELD`, §5.3): one rectangle for each widget, R-CTL-05 for the rest.

use std::collections::BTreeMap;

use super::widgets::Widgets;
use crate::contract::{FieldKind, FieldName, Located, Spot};
use crate::geometry::PageGeometry;
use crate::inspection::{FieldLock, field_lock, signature_permissions};
use crate::pdf::{Error, Field, File, Object, ObjectId, Revision};

/// Read-only: bit 1 of `/Ff` (ISO 32000-2 Table 227).
const READ_ONLY: i64 = 1;

/// The form of a document, read once for all controls that stand in its fields.
pub(super) struct Form<'f> {
    revision: Revision<'f>,
    fields: BTreeMap<String, Field>,
    /// `None` if there are no fields.
    widgets: Option<Widgets<'f>>,
    /// What the signatures lock that the document carries, each with the name of its field.
    locks: Vec<(String, FieldLock)>,
}

impl<'f> Form<'f> {
    /// Reads the fields, and the lists of annotations of all pages.
    pub(super) fn of(file: &'f File<'_>) -> Result<Self, Error> {
        let revision = file.latest();
        let mut fields = BTreeMap::new();
        for field in revision.fields()? {
            // Two fields of one name are one field to most readers; the first is as good as any.
            fields.entry(field.name.clone()).or_insert(field);
        }
        let widgets = (!fields.is_empty()).then(|| Widgets::of(revision)).transpose()?;
        let locks = locks(revision, fields.values())?;
        Ok(Self { revision, fields, widgets, locks })
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
        let lock = self.locks.iter().find(|(_, lock)| lock.covers(name.as_str()));
        // A signed field is locked by its own signature, and says rather that it is signed.
        if let Some((signature, _)) = lock.filter(|_| kind != FieldKind::Signed) {
            let (field, signature) = (name.as_str().to_owned(), signature.clone());
            return Ok(Located::FieldLocked { field, signature });
        }
        let unusable = match field.is_signature() {
            true => self.takes_no_signature(field)?,
            false => takes_no_value(field),
        };
        if let Some(why) = unusable.filter(|_| kind != FieldKind::ReadOnly) {
            return Ok(Located::FieldUnusable { why });
        }
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
        Ok(if signature_in(self.revision, field)?.is_some() {
            FieldKind::Signed
        } else {
            FieldKind::EmptySignature
        })
    }

    /// What the signing would stumble over in a signature field that is otherwise sound.
    fn takes_no_signature(&self, field: &Field) -> Result<Option<&'static str>, Error> {
        if field.widgets.len() > 1 {
            return Ok(Some("has several widgets, which no signature field may have"));
        }
        let demands = self.revision.lookup(&field.dictionary, b"SV")?;
        let demands = demands.as_deref().and_then(Object::as_dictionary);
        let binding = demands.and_then(|demands| demands.integer(b"Ff")).unwrap_or(0) != 0;
        Ok(binding.then_some("demands constraints of its signature (/SV) that are not supported"))
    }

    /// The rectangle of a widget, or why nobody would see it.
    fn spot(
        &self,
        widget: ObjectId,
        pages: &[PageGeometry],
    ) -> Result<Result<Spot, &'static str>, Error> {
        let Some(widgets) = &self.widgets else { return Ok(Err("has a widget on no page")) };
        let place = match widgets.place(widget)? {
            Ok(place) => place,
            Err(why) => return Ok(Err(why)),
        };
        let index = usize::try_from(place.number.pages_before()).unwrap_or(usize::MAX);
        let Some(geometry) = pages.get(index) else { return Ok(Err("has a widget on no page")) };
        Ok(Ok(Spot { page: place.number, rect: geometry.to_visual(&place.rect) }))
    }
}

/// What a field is that nobody fills in for a contract: bit positions 17 of buttons (ISO 32000-2 Table
/// 229), 14, 21 and 26 of text fields (Table 230).
fn takes_no_value(field: &Field) -> Option<&'static str> {
    let has = |position: u32| field.flags & (1 << (position - 1)) != 0;
    match field.kind.as_deref() {
        Some(b"Btn") if has(17) => Some("is a push-button"),
        Some(b"Tx") if has(14) => Some("is for a password"),
        Some(b"Tx") if has(21) => Some("is for the name of a file"),
        Some(b"Tx") if has(26) => Some("is for rich text"),
        _ => None,
    }
}

/// The locks that are in force: those of signatures, and those of the fields that they stand in.
fn locks<'f>(
    revision: Revision<'_>,
    fields: impl Iterator<Item = &'f Field>,
) -> Result<Vec<(String, FieldLock)>, Error> {
    let mut locks = Vec::new();
    for field in fields.filter(|field| field.is_signature()) {
        let Some(signature) = signature_in(revision, field)? else { continue };
        let mut own = field_lock(&revision, &field.dictionary)?;
        if let Some(signature) = signature.as_dictionary() {
            own.restrict(&signature_permissions(&revision, signature)?);
        }
        locks.extend(own.locks.into_iter().map(|lock| (field.name.clone(), lock)));
    }
    Ok(locks)
}

/// What a signature field holds.
fn signature_in(revision: Revision<'_>, field: &Field) -> Result<Option<Object>, Error> {
    let Some(value) = &field.value else { return Ok(None) };
    let found = revision.resolve(value)?.into_owned();
    Ok(Some(found).filter(|found| *found != Object::Null))
}
