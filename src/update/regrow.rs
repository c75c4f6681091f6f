//! The same revision with another gap, and a revision that was put aside.

use super::byte_range::ByteRange;
use super::prepare::{MISPLACED, SignatureField, Update, check_room, length};
use super::{Error, self_check};
use crate::geometry::{PageNumber, Rect};
use crate::pdf::{Append, Entry, File, ObjectId, Span};
use crate::placement::Placed;

/// What it takes to go on with an [`Update`] in another process, as plain data. The bytes are
/// trusted by nobody: [`Update::restore`] reads them back and checks everything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    /// The bytes to be appended.
    pub appended: Vec<u8>,
    /// The signature dictionary.
    pub signature: ObjectId,
    /// The signature fields, the one that was asked for first at the front.
    pub fields: Vec<SavedField>,
    /// Fields of other kinds that were filled.
    pub filled: Vec<ObjectId>,
}

/// A signature field of a [`Saved`] update.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedField {
    /// The field.
    pub field: ObjectId,
    /// Its fully qualified name.
    pub name: String,
    /// The page and the rectangle on it, as a person sees it, if something is drawn.
    pub place: Option<(PageNumber, Rect)>,
}

impl Update {
    /// The same revision with a gap for `room` bytes. Its digest is another one.
    ///
    /// # Errors
    ///
    /// If `file` is not the document that the update was made for.
    pub fn with_room(&self, file: &File<'_>, room: usize) -> Result<Self, Error> {
        check_room(room)?;
        self.check_base(file)?;
        let (section, entries) = self.entries(file)?;
        let gap = self.byte_range.gap();
        let part = |from: u64, to: u64| {
            self.appended.get(self.index(from)?..self.index(to)?).ok_or(MISPLACED)
        };
        let zeros = vec![b'0'; room * 2];
        let mut body =
            [part(self.base_len, gap.start + 1)?, &zeros, part(gap.end - 1, section)?].concat();
        // As it was when the revision was closed the first time, so that the same gap gives the
        // same bytes.
        let at = self.index(self.byte_range_at)?;
        body.get_mut(at..at + ByteRange::WIDTH).ok_or(MISPLACED)?.fill(b' ');
        let appended = Append::again(file, body, entries)?.finish()?;
        let gap = Span::new(gap.start, gap.start + length(room * 2 + 2));
        let byte_range = ByteRange::new(gap, self.base_len + length(appended.len()));
        let mut update = self.with_bytes(appended, byte_range);
        update.write_byte_range()?;
        self_check::check(file, &update.appended, &update)?;
        Ok(update)
    }

    /// Goes on with an update that was put aside.
    ///
    /// # Errors
    ///
    /// If it does not fit the document as it is now: anything that does not read back to the
    /// letter.
    pub fn restore(file: &File<'_>, saved: Saved) -> Result<Self, Error> {
        let signature =
            File::extended(file, &saved.appended)?.latest().dictionary(saved.signature)?;
        let span = |key: &[u8]| signature.get_spanned(key).map(|value| value.span).ok_or(MISPLACED);
        let (gap, byte_range_at) = (span(b"Contents")?, span(b"ByteRange")?.start);
        let end = file.len() + length(saved.appended.len());
        let fields = saved.fields.into_iter().map(|field| {
            let placed = field.place.map(|place| placed_again(file, place)).transpose()?;
            Ok(SignatureField { id: field.field, name: field.name, placed, resized: None })
        });
        let update = Self {
            byte_range: ByteRange::new(gap, end),
            base_len: file.len(),
            byte_range_at,
            signature: saved.signature,
            fields: fields.collect::<Result<_, Error>>()?,
            filled: saved.filled,
            // A ticket with a permitted seal is not resumed: the permit would have to be had again.
            permitted_base: None,
            appended: saved.appended,
        };
        self_check::check(file, &update.appended, &update)?;
        Ok(update)
    }

    /// What [`Update::restore`] takes.
    #[must_use]
    pub fn save(&self) -> Saved {
        Saved {
            appended: self.appended.clone(),
            signature: self.signature,
            fields: self.fields.iter().map(SavedField::of).collect(),
            filled: self.filled.clone(),
        }
    }

    /// Where its cross references begin, and the objects before them.
    fn entries(&self, file: &File<'_>) -> Result<(u64, Vec<Place>), Error> {
        let extended = File::extended(file, &self.appended)?;
        let section = extended.sections().first().ok_or(MISPLACED)?;
        let start = section.span().start;
        let mut entries = Vec::new();
        for (number, entry) in section.entries(extended.source())? {
            match entry {
                // A cross-reference stream lists itself; the next one is made anew.
                Entry::InUse { offset, .. } if offset == start => {}
                Entry::InUse { offset, generation } => entries.push((number, generation, offset)),
                _ => return Err(MISPLACED),
            }
        }
        Ok((start, entries))
    }
}

impl SavedField {
    fn of(field: &SignatureField) -> Self {
        Self {
            field: field.id,
            name: field.name.clone(),
            place: field.placed.map(|placed| (placed.page(), placed.rect())),
        }
    }
}

/// Number, generation and offset of an object.
type Place = (u32, u16, u64);

fn placed_again(file: &File<'_>, (page, rect): (PageNumber, Rect)) -> Result<Placed, Error> {
    let revision = file.latest();
    let geometry = revision.page_geometry(&revision.page(page.get())?)?;
    Ok(Placed::on(page, &geometry, rect)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;
    use crate::update::{Request, SubFilter};
    use sealwright_testdata::documents;
    use time::OffsetDateTime;

    fn prepared(file: &File<'_>, room: usize) -> Update {
        let at = OffsetDateTime::from_unix_timestamp(1_767_225_600).unwrap();
        Update::prepare(file, &Request::invisible(SubFilter::Cades, at), room).unwrap()
    }

    #[test]
    fn growing_the_gap_gives_what_preparing_with_it_would_have_given() {
        for bytes in [documents::classic_table(), documents::object_streams(), documents::hybrid()]
        {
            let file = File::open(&bytes, Limits::default()).unwrap();
            let small = prepared(&file, 100);
            let large = prepared(&file, 9_000);
            assert!(small.with_room(&file, 9_000).unwrap().appended() == large.appended());
            assert!(large.with_room(&file, 100).unwrap() == small);
        }
    }

    #[test]
    fn what_was_put_aside_is_read_back_and_checked() {
        let bytes = documents::classic_table();
        let file = File::open(&bytes, Limits::default()).unwrap();
        let update = prepared(&file, 100);
        assert_eq!(Update::restore(&file, update.save()).unwrap(), update);

        let mut other = update.save();
        other.fields[0].field.number += 40;
        assert!(Update::restore(&file, other).is_err());
        let mut moved = update.save();
        moved.appended.insert(0, b'\n');
        assert!(Update::restore(&file, moved).is_err());
        let longer = [bytes.as_slice(), b"\n"].concat();
        let longer = File::open(&longer, Limits::default()).unwrap();
        assert!(Update::restore(&longer, update.save()).is_err());
    }
}
