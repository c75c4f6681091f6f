//! The file around the pages (ISO 32000-1 §7.5): objects, cross references, trailer.

use pdf_writer::{Chunk, Date, Filter, Finish, Name, Ref, Str, TextStr};
use time::{OffsetDateTime, UtcOffset};

use super::archive::{About, PRODUCER, srgb};
use super::tree::{Element, Kid, Node};
use crate::appearance::{self, Numbers, Resources, Shared};
use crate::digest::{Digest, DigestAlgorithm};

/// The objects of a document, written one after the other.
pub(super) struct Objects {
    out: Vec<u8>,
    /// Number and offset.
    places: Vec<(u32, usize)>,
    next: u32,
    /// What pages share: fonts, pictures.
    shared: Numbers,
}

/// An object by its number, of generation 0.
pub(super) fn reference(number: u32) -> Ref {
    Ref::new(i32::try_from(number.max(1)).unwrap_or(i32::MAX))
}

impl Objects {
    pub(super) fn new() -> Self {
        // Four bytes above 127 say that the file is not text (§7.5.2).
        let out = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec();
        Self { out, places: Vec::new(), next: 1, shared: Numbers::default() }
    }

    /// The next number.
    pub(super) fn number(&mut self) -> Ref {
        let number = reference(self.next);
        self.next += 1;
        number
    }

    /// Writes one object.
    pub(super) fn write(&mut self, number: Ref, write: impl FnOnce(&mut Chunk, Ref)) {
        let mut chunk = Chunk::new();
        write(&mut chunk, number);
        self.places.push((number.get().unsigned_abs(), self.out.len()));
        self.out.extend_from_slice(chunk.as_bytes());
    }

    /// A stream, deflated.
    fn deflated(
        &mut self,
        data: &[u8],
        entries: impl FnOnce(&mut pdf_writer::Stream<'_>),
    ) -> Result<Ref, appearance::Error> {
        let data = appearance::deflate(data)?;
        let number = self.number();
        self.write(number, |chunk, number| {
            let mut stream = chunk.stream(number, &data);
            stream.filter(Filter::FlateDecode);
            entries(&mut stream);
        });
        Ok(number)
    }

    /// What a page paints.
    pub(super) fn content(&mut self, content: &[u8]) -> Result<Ref, appearance::Error> {
        self.deflated(content, |_| {})
    }

    /// What the operators of a page refer to.
    pub(super) fn resources(&mut self, resources: &Resources) -> Ref {
        let resources = resources.written_after(Shared::body()).finish();
        let next = &mut self.next;
        let mut take = || {
            *next += 1;
            Ok::<u32, std::convert::Infallible>(*next - 1)
        };
        let Ok(number) = self.shared.number_of(&resources, &mut take);
        self.places.extend(self.shared.write(&mut self.out));
        reference(number)
    }

    /// The whole document: `parts` are the tree of pages, the structure and the bookmarks.
    pub(super) fn finish(
        mut self,
        about: &About<'_>,
        [pages, structure, outline]: [Ref; 3],
    ) -> Result<Vec<u8>, appearance::Error> {
        let metadata = self.number();
        let xmp = about.xmp();
        // As it is, so that it is found by programs that know no PDF (ISO 19005-2, 6.6.2.1).
        self.write(metadata, |chunk, number| {
            chunk.metadata(number, xmp.as_bytes());
        });
        let profile = self.deflated(&srgb(), |stream| {
            stream.pair(Name(b"N"), 3).pair(Name(b"Alternate"), Name(b"DeviceRGB"));
        })?;
        let (info, catalog) = (self.number(), self.number());
        self.write(info, |chunk, number| {
            let mut info = chunk.indirect(number).dict();
            info.pair(Name(b"Title"), TextStr(about.title));
            info.pair(Name(b"Subject"), TextStr(about.subject));
            info.pair(Name(b"Producer"), TextStr(PRODUCER));
            info.pair(Name(b"CreationDate"), date(about.at));
            info.pair(Name(b"ModDate"), date(about.at));
        });
        self.write(catalog, |chunk, number| {
            let mut catalog = chunk.indirect(number).dict();
            catalog.pair(Name(b"Type"), Name(b"Catalog")).pair(Name(b"Pages"), pages);
            catalog.pair(Name(b"Lang"), TextStr(about.language));
            catalog.pair(Name(b"Metadata"), metadata).pair(Name(b"StructTreeRoot"), structure);
            catalog.insert(Name(b"MarkInfo")).dict().pair(Name(b"Marked"), true);
            catalog.pair(Name(b"Outlines"), outline).pair(Name(b"PageMode"), Name(b"UseOutlines"));
            catalog.insert(Name(b"ViewerPreferences")).dict().pair(Name(b"DisplayDocTitle"), true);
            let mut intents = catalog.insert(Name(b"OutputIntents")).array();
            let mut intent = intents.push().dict();
            intent.pair(Name(b"Type"), Name(b"OutputIntent"));
            intent.pair(Name(b"S"), Name(b"GTS_PDFA1"));
            intent.pair(Name(b"OutputConditionIdentifier"), TextStr("sRGB"));
            intent.pair(Name(b"Info"), TextStr("sRGB"));
            intent.pair(Name(b"DestOutputProfile"), profile);
        });
        Ok(self.closed(info, catalog))
    }

    /// With cross references and trailer.
    fn closed(mut self, info: Ref, catalog: Ref) -> Vec<u8> {
        let digest = Digest::of(DigestAlgorithm::Sha256, &self.out);
        let id = digest.as_bytes().get(..16).unwrap_or_default().to_vec();
        let start = self.out.len();
        self.places.sort_unstable();
        let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", self.next);
        for (_, offset) in &self.places {
            table.push_str(&format!("{offset:010} 00000 n \n"));
        }
        self.out.extend_from_slice(table.as_bytes());
        let mut chunk = Chunk::new();
        let number = reference(1);
        let mut trailer = chunk.indirect(number).dict();
        trailer.pair(Name(b"Size"), i32::try_from(self.next).unwrap_or(i32::MAX));
        trailer.pair(Name(b"Root"), catalog).pair(Name(b"Info"), info);
        trailer.insert(Name(b"ID")).array().items([Str(&id), Str(&id)]);
        trailer.finish();
        let text = chunk.as_bytes();
        // The dictionary alone: a trailer is no object.
        let body = text.strip_prefix(b"1 0 obj\n").unwrap_or(text);
        let body = body.strip_suffix(b"\nendobj\n\n").unwrap_or(body);
        self.out.extend_from_slice(b"trailer\n");
        self.out.extend_from_slice(body);
        self.out.extend_from_slice(format!("\nstartxref\n{start}\n%%EOF\n").as_bytes());
        self.out
    }
}

/// An element of the structure (ISO 32000-1 Table 323).
pub(super) fn element(
    chunk: &mut Chunk,
    (number, root): (Ref, Ref),
    node: &Node,
    of: &impl Fn(Element) -> Ref,
    pages: &[Ref],
) {
    let mut dictionary = chunk.indirect(number).dict();
    dictionary.pair(Name(b"Type"), Name(b"StructElem"));
    dictionary.pair(Name(b"S"), Name(node.role.name()));
    dictionary.pair(Name(b"P"), node.parent.map_or(root, of));
    if let Some(alternative) = &node.alternative {
        dictionary.pair(Name(b"Alt"), TextStr(alternative));
    }
    if let Some(scope) = node.role.scope() {
        let mut attributes = dictionary.insert(Name(b"A")).dict();
        attributes.pair(Name(b"O"), Name(b"Table")).pair(Name(b"Scope"), Name(scope));
    }
    let mut kids = dictionary.insert(Name(b"K")).array();
    for kid in &node.kids {
        match kid {
            Kid::Element(kid) => {
                kids.item(of(*kid));
            }
            Kid::Marked { page, id } => {
                let Some(page) = pages.get(*page) else { continue };
                let mut marked = kids.push().dict();
                marked.pair(Name(b"Type"), Name(b"MCR"));
                marked.pair(Name(b"Pg"), *page).pair(Name(b"MCID"), *id);
            }
        }
    }
}

/// An instant in UTC (§7.9.4).
fn date(at: OffsetDateTime) -> Date {
    let at = at.to_offset(UtcOffset::UTC);
    let (hour, minute, second) = at.to_hms();
    Date::new(u16::try_from(at.year()).unwrap_or(0))
        .month(at.month().into())
        .day(at.day())
        .hour(hour)
        .minute(minute)
        .second(second)
        .utc_offset_hour(0)
}
