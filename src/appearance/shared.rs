//! Objects that many drawings share, and the numbers they get in one document.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, OnceLock};

use crate::digest::{DigestAlgorithm, Hasher};
use crate::statement::{calibrated_grey, calibrated_rgb};

/// An indirect object that any number of drawings may refer to: made once, written at most once
/// into each document. Two are the same if one is a clone of the other.
///
/// It refers only to objects that existed before it, so that there are no circles.
#[derive(Clone)]
pub struct Shared(Arc<Node>);

struct Node {
    body: Vec<Part>,
    /// The data of a stream, as it stands in the file; `body` is then what its dictionary holds
    /// besides `/Length`.
    data: Option<Arc<[u8]>>,
    /// What stands for it where there may be no transparency.
    opaque: Option<Opaque>,
}

enum Part {
    Bytes(Vec<u8>),
    Reference(Shared),
    /// In a resource dictionary: what the document needs so that device colours mean something.
    DefaultColours,
}

/// An object without transparency in the place of one with it, made when it is needed.
struct Opaque {
    make: Box<dyn Fn() -> Option<Shared> + Send + Sync>,
    made: OnceLock<Option<Shared>>,
}

/// An object's body in the making: bytes and references in their order.
#[derive(Default)]
pub(crate) struct BodyBuilder {
    parts: Vec<Part>,
}

impl BodyBuilder {
    /// Appends tokens. White space between them and what follows is the caller's matter.
    pub(crate) fn bytes(mut self, bytes: impl AsRef<[u8]>) -> Self {
        match self.parts.last_mut() {
            Some(Part::Bytes(last)) => last.extend_from_slice(bytes.as_ref()),
            _ => self.parts.push(Part::Bytes(bytes.as_ref().to_vec())),
        }
        self
    }

    /// Appends `N 0 R`, whatever number the object will have.
    pub(crate) fn reference(mut self, to: &Shared) -> Self {
        self.parts.push(Part::Reference(to.clone()));
        self
    }

    /// In a resource dictionary: `/ColorSpace` with the default colour spaces (ISO 32000-2 §8.6.5.6)
    /// that the document needs, if any.
    pub(crate) fn default_colours(mut self) -> Self {
        self.parts.push(Part::DefaultColours);
        self
    }

    /// The object that consists of this.
    pub(crate) fn finish(self) -> Shared {
        Shared(Arc::new(Node { body: self.parts, data: None, opaque: None }))
    }
}

impl Shared {
    /// Begins an object that is no stream: `<< /Type /Font … >>`, `[ … ]`.
    pub(crate) fn body() -> BodyBuilder {
        BodyBuilder::default()
    }

    /// A stream (ISO 32000-2 §7.3.8). `entries` are the keys and values of its dictionary but for
    /// `/Length`, without the delimiters; `data` stands in the file as it is, so `entries` names
    /// the filter that it needs.
    pub(crate) fn stream(entries: BodyBuilder, data: impl Into<Arc<[u8]>>) -> Self {
        Self(Arc::new(Node { body: entries.parts, data: Some(data.into()), opaque: None }))
    }

    /// A stream with transparency; `opaque` makes what stands for it where there may be none.
    pub(crate) fn transparent_stream(
        entries: BodyBuilder,
        data: impl Into<Arc<[u8]>>,
        opaque: impl Fn() -> Option<Self> + Send + Sync + 'static,
    ) -> Self {
        let opaque = Opaque { make: Box::new(opaque), made: OnceLock::new() };
        Self(Arc::new(Node { body: entries.parts, data: Some(data.into()), opaque: Some(opaque) }))
    }

    /// What stands for it where there may be no transparency: itself, if it has none.
    fn opaque(&self) -> &Self {
        let Some(opaque) = &self.0.opaque else { return self };
        opaque.made.get_or_init(|| (opaque.make)()).as_ref().unwrap_or(self)
    }

    /// Takes up what it is by value, all that it refers to included.
    pub(crate) fn hash_into(&self, hasher: &mut Hasher) {
        let mut part_of = |kind: &[u8], bytes: &[u8]| {
            hasher.update(kind);
            hasher.update(&u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
            hasher.update(bytes);
        };
        for part in &self.0.body {
            match part {
                Part::Bytes(bytes) => part_of(b"b", bytes),
                Part::DefaultColours => part_of(b"c", b""),
                Part::Reference(to) => {
                    // By its digest: what many parts share is not walked into its own length.
                    let mut inner = Hasher::new(DigestAlgorithm::Sha256);
                    to.hash_into(&mut inner);
                    part_of(b"r", inner.finish().as_bytes());
                }
            }
        }
        part_of(b"d", self.0.data.as_deref().unwrap_or_default());
    }

    fn identity(&self) -> usize {
        Arc::as_ptr(&self.0).addr()
    }

    fn references(&self) -> impl Iterator<Item = &Shared> {
        self.0.body.iter().filter_map(|part| match part {
            Part::Bytes(_) | Part::DefaultColours => None,
            Part::Reference(to) => Some(to),
        })
    }

    fn paints_in_device_colours(&self) -> bool {
        self.0.body.iter().any(|part| matches!(part, Part::DefaultColours))
    }

    /// From `N 0 obj` to `endobj`.
    fn write(&self, numbers: &Numbers, out: &mut Vec<u8>) {
        let number = numbers.get(self).unwrap_or(0);
        out.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
        if let Some(data) = &self.0.data {
            out.extend_from_slice(format!("<</Length {}", data.len()).as_bytes());
        }
        for part in &self.0.body {
            match part {
                Part::Bytes(bytes) => out.extend_from_slice(bytes),
                Part::Reference(to) => {
                    let number = numbers.get(to).unwrap_or(0);
                    out.extend_from_slice(format!("{number} 0 R").as_bytes());
                }
                Part::DefaultColours => {
                    out.extend_from_slice(numbers.default_colours().as_bytes());
                }
            }
        }
        if let Some(data) = &self.0.data {
            out.extend_from_slice(b">>\nstream\n");
            out.extend_from_slice(data);
            out.extend_from_slice(b"\nendstream");
        }
        out.extend_from_slice(b"\nendobj\n");
    }
}

impl PartialEq for Shared {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Shared {}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared")
            .field("references", &self.references().count())
            .field("data", &self.0.data.as_ref().map(|data| data.len()))
            .finish()
    }
}

/// Drawings are shared between threads that sign.
const _: fn() = || {
    fn shared<T: Send + Sync + Clone>() {}
    shared::<Shared>();
};

/// Which shared object has which number in one document. All generations are 0.
#[derive(Default)]
pub(crate) struct Numbers {
    numbers: HashMap<usize, u32>,
    /// In the order of their numbers. They are kept, so that no other object gets the place in
    /// memory by which they are known.
    objects: Vec<Shared>,
    written: usize,
    /// Those for which others stand, kept for the same reason.
    replaced: Vec<Shared>,
    /// Whether the document has no transparency.
    opaque: bool,
    /// `/DefaultRGB` and `/DefaultGray`, by key.
    defaults: Vec<(&'static str, Shared)>,
}

impl Numbers {
    /// For a document that may be without transparency, and need calibrated colours in the place of
    /// device colours, for it does not say what those mean: for RGB, for grey.
    pub(crate) fn with_rules(opaque: bool, rgb: bool, grey: bool) -> Self {
        let space = |body: &str| Shared::body().bytes(body).finish();
        let mut defaults = Vec::new();
        if rgb {
            defaults.push(("DefaultRGB", space(&calibrated_rgb())));
        }
        if grey {
            defaults.push(("DefaultGray", space(&calibrated_grey())));
        }
        Self { opaque, defaults, ..Self::default() }
    }

    /// The entry of a resource dictionary that says what device colours mean; nothing if the
    /// document says it itself.
    ///
    /// # Errors
    ///
    /// If `take` has no number left.
    pub(crate) fn colours<E>(
        &mut self,
        take: &mut impl FnMut() -> Result<u32, E>,
    ) -> Result<String, E> {
        for (_, space) in self.defaults.clone() {
            self.number_of(&space, take)?;
        }
        Ok(self.default_colours())
    }

    fn default_colours(&self) -> String {
        if self.defaults.is_empty() {
            return String::new();
        }
        let entry =
            |(key, space): &(&str, Shared)| format!("/{key} {} 0 R", self.get(space).unwrap_or(0));
        let entries: String = self.defaults.iter().map(entry).collect();
        format!("/ColorSpace<<{entries}>>")
    }

    /// The number of an object in this document. When it is asked for the first time, it and all
    /// that it refers to get the next numbers from `take`, it first; [`Numbers::write`] then
    /// writes them.
    ///
    /// # Errors
    ///
    /// If `take` has none left.
    pub(crate) fn number_of<E>(
        &mut self,
        shared: &Shared,
        take: &mut impl FnMut() -> Result<u32, E>,
    ) -> Result<u32, E> {
        if let Some(number) = self.get(shared) {
            return Ok(number);
        }
        if self.opaque && shared.opaque() != shared {
            let number = self.number_of(shared.opaque(), take)?;
            self.numbers.insert(shared.identity(), number);
            self.replaced.push(shared.clone());
            return Ok(number);
        }
        let number = take()?;
        self.numbers.insert(shared.identity(), number);
        self.objects.push(shared.clone());
        if shared.paints_in_device_colours() {
            self.colours(take)?;
        }
        for reference in shared.references() {
            self.number_of(reference, take)?;
        }
        Ok(number)
    }

    /// Appends the objects that have a number and were not written yet, each from `N 0 obj` to
    /// `endobj`. Returns the number of each and where in `out` it starts.
    pub(crate) fn write(&mut self, out: &mut Vec<u8>) -> Vec<(u32, usize)> {
        let pending = self.objects.get(self.written..).unwrap_or(&[]);
        let places = pending.iter().map(|shared| {
            let place = (self.get(shared).unwrap_or(0), out.len());
            shared.write(self, out);
            place
        });
        let places = places.collect();
        self.written = self.objects.len();
        places
    }

    fn get(&self, shared: &Shared) -> Option<u32> {
        self.numbers.get(&shared.identity()).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(numbers: &mut Numbers, next: &mut u32, shared: &Shared) -> u32 {
        let taken = numbers.number_of(shared, &mut || {
            *next += 1;
            Ok::<_, ()>(*next)
        });
        taken.unwrap()
    }

    #[test]
    fn what_is_shared_is_written_once_with_all_it_refers_to() {
        let file = Shared::stream(Shared::body().bytes("/Subtype/CIDFontType0C"), *b"cff");
        let descriptor = Shared::body().bytes("<< /FontFile3 ").reference(&file).bytes(" >>");
        let descriptor = descriptor.finish();
        let font = |name: &str| {
            let body = Shared::body().bytes(format!("<< /BaseFont /{name} /FontDescriptor "));
            body.reference(&descriptor).bytes(" >>").finish()
        };
        let (song, hei) = (font("Song"), font("Hei"));
        let (mut numbers, mut next) = (Numbers::default(), 6);
        assert_eq!(number(&mut numbers, &mut next, &song), 7);
        assert_eq!(number(&mut numbers, &mut next, &song.clone()), 7);
        let mut out = b"%".to_vec();
        assert_eq!(numbers.write(&mut out), [(7, 1), (8, 60), (9, 98)]);
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "%7 0 obj\n<< /BaseFont /Song /FontDescriptor 8 0 R >>\nendobj\n\
             8 0 obj\n<< /FontFile3 9 0 R >>\nendobj\n\
             9 0 obj\n<</Length 3/Subtype/CIDFontType0C>>\nstream\ncff\nendstream\nendobj\n"
        );

        // Only what is new follows.
        assert_eq!(number(&mut numbers, &mut next, &hei), 10);
        let mut out = Vec::new();
        assert_eq!(numbers.write(&mut out), [(10, 0)]);
        assert_eq!(out, b"10 0 obj\n<< /BaseFont /Hei /FontDescriptor 8 0 R >>\nendobj\n");
        assert_eq!(numbers.write(&mut out), []);
    }

    #[test]
    fn equal_bodies_are_different_objects() {
        let body = || Shared::body().bytes("[0]").finish();
        let (first, second) = (body(), body());
        assert_ne!(first, second);
        assert_eq!(first, first.clone());
        let (mut numbers, mut next) = (Numbers::default(), 0);
        assert_eq!(number(&mut numbers, &mut next, &first), 1);
        assert_eq!(number(&mut numbers, &mut next, &second), 2);
    }

    #[test]
    fn without_numbers_left_nothing_is_written() {
        let shared = Shared::body().bytes("[0]").finish();
        let mut numbers = Numbers::default();
        assert_eq!(
            numbers.number_of(&shared, &mut || Err::<u32, _>("none left")),
            Err("none left")
        );
        assert_eq!(numbers.write(&mut Vec::new()), []);
    }
}
