//! The reader over every document of the zoo: what it makes of each, that it reads no more than it
//! needs, and that another reader sees the same objects.

use std::sync::atomic::{AtomicU64, Ordering};

use sealwright::limits::Limits;
use sealwright::pdf::{Container, Entry, Error, File, IndirectObject, ObjectId, Parse, Source};
use sealwright_testdata::documents::{self, Deviation, Expectation, all, large};
use sealwright_testdata::pdf::Section;

/// A source that must be asked for every byte, and counts them.
struct Pieces<'b> {
    bytes: &'b [u8],
    read: AtomicU64,
}

impl<'b> Pieces<'b> {
    fn new(bytes: &'b [u8]) -> Self {
        Self { bytes, read: AtomicU64::new(0) }
    }

    fn bytes_read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }
}

impl Source for Pieces<'_> {
    fn len(&self) -> u64 {
        Source::len(self.bytes)
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> std::io::Result<()> {
        self.read.fetch_add(buffer.len() as u64, Ordering::Relaxed);
        self.bytes.read_at(offset, buffer)
    }
}

struct Sparse(large::Sparse);

impl Source for Sparse {
    fn len(&self) -> u64 {
        self.0.len()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> std::io::Result<()> {
        let filled = self.0.read_at(offset, buffer);
        if filled == buffer.len() { Ok(()) } else { Err(std::io::ErrorKind::UnexpectedEof.into()) }
    }
}

fn open(bytes: &[u8]) -> Result<File<'_>, Error> {
    File::open(bytes, Limits::default())
}

/// Every object in use of the newest revision.
fn objects(file: &File<'_>) -> Vec<(ObjectId, Result<Option<IndirectObject>, Error>)> {
    let mut ids = std::collections::BTreeSet::new();
    for section in file.sections() {
        ids.extend(section.entries(file.source()).unwrap_or_default().iter().map(|(id, _)| *id));
    }
    let latest = file.latest();
    let in_use = ids.into_iter().filter_map(|number| match latest.entry(number) {
        Ok(Some(Entry::InUse { generation, .. })) => Some(ObjectId::new(number, generation)),
        Ok(Some(Entry::Compressed { .. })) => Some(ObjectId::new(number, 0)),
        _ => None,
    });
    in_use.map(|id| (id, latest.get(id))).collect()
}

/// Opens a document and goes through all that a signer or judge would: pages, form, objects.
fn walk(file: &File<'_>) -> Result<(), Error> {
    let latest = file.latest();
    let pages = latest.page_ids()?;
    assert_eq!(pages.len(), latest.page_count()? as usize);
    for number in [1, pages.len() / 2 + 1, pages.len()] {
        let page = latest.page(number as u32)?;
        assert_eq!(page.id(), pages[number - 1]);
        assert_eq!(latest.page_number_of(page.id())?, Some(number as u32));
        latest.page_geometry(&page)?;
    }
    latest.fields()?;
    objects(file).into_iter().try_for_each(|(_, found)| found.map(|_| ()))
}

/// Documents of which a search for objects still makes something to look at, though their cross
/// references are a trap. They are never signed and never pass.
const OPENED_BY_SEARCHING: [&str; 8] = [
    "nested_dictionaries_in_trailer",
    "object_stream_inside_itself",
    "object_streams_inside_each_other",
    "prev_points_to_itself",
    "prev_loop",
    "prev_beyond_the_end",
    "endless_subsection",
    "endless_index",
];

#[test]
fn every_document_of_the_zoo_is_what_it_is_expected_to_be() {
    for document in all() {
        let name = document.name;
        let opened = open(&document.bytes);
        match document.expectation {
            Expectation::Strict => {
                let file = opened.unwrap_or_else(|error| panic!("{name}: {error}"));
                assert_eq!(file.parse(), Parse::Strict, "{name}: {:?}", file.deviations());
                walk(&file).unwrap_or_else(|error| panic!("{name}: {error}"));
            }
            Expectation::Tolerated(Deviation::UnusedGeneration) => {
                // Objects are read when asked for, and nobody asks for this one.
                let file = opened.unwrap_or_else(|error| panic!("{name}: {error}"));
                assert!(file.parse().may_be_signed(), "{name}");
                let wrong: Vec<_> =
                    objects(&file).into_iter().filter(|one| one.1.is_err()).collect();
                assert!(matches!(&wrong[..], [(_, Err(Error::WrongObject { .. }))]), "{name}");
            }
            Expectation::Tolerated(deviation) => {
                let file = opened.unwrap_or_else(|error| panic!("{name}: {error}"));
                assert_eq!(file.parse(), Parse::Tolerated, "{name}");
                let codes: Vec<_> = file.deviations().iter().map(|one| one.code()).collect();
                assert_eq!(codes, [code(deviation)], "{name}");
                walk(&file).unwrap_or_else(|error| panic!("{name}: {error}"));
            }
            Expectation::Repaired => {
                // Either the cross references tell, or the objects do when they are asked for.
                let sound =
                    opened.is_ok_and(|file| file.parse() != Parse::Repaired && walk(&file).is_ok());
                assert!(!sound, "{name}");
            }
            Expectation::Refused => match opened {
                Ok(file) if file.parse() == Parse::Repaired => {
                    assert!(OPENED_BY_SEARCHING.contains(&name), "{name}");
                }
                Ok(file) => assert!(walk(&file).is_err(), "{name}"),
                Err(_) => {}
            },
            Expectation::Encrypted => {
                let file = opened.unwrap_or_else(|error| panic!("{name}: {error}"));
                assert!(file.is_encrypted() && !file.is_closed(), "{name}");
                walk(&file).unwrap_or_else(|error| panic!("{name}: {error}"));
            }
            Expectation::Closed => match opened {
                Ok(file) => assert!(file.is_closed(), "{name}"),
                Err(error) => assert!(matches!(error, Error::Encrypted(_)), "{name}"),
            },
        }
    }
}

fn code(deviation: Deviation) -> &'static str {
    match deviation {
        Deviation::JunkBeforeHeader => "doc.junk_before_header",
        Deviation::WhiteSpaceBeforeXref => "doc.space_before_section",
        Deviation::ShortEntries => "doc.entry_width",
        Deviation::OddLineEnds => "doc.entry_line_end",
        Deviation::WrongSize => "doc.size",
        Deviation::StaleLinearization => "doc.stale_linearization",
        Deviation::LineEndsAfterEof => "doc.space_after_end",
        Deviation::JunkAfterEof => "doc.junk_after_end",
        other => panic!("{other:?} is not noticed on opening"),
    }
}

#[test]
fn a_source_read_piece_by_piece_gives_the_same_document() {
    for document in all() {
        let pieces = Pieces::new(&document.bytes);
        compare(document.name, open(&document.bytes), File::open(&pieces, Limits::default()));
    }
}

/// Whether two ways to read the same bytes agree in all that can be asked.
fn compare(name: &str, one: Result<File<'_>, Error>, two: Result<File<'_>, Error>) {
    let (one, two) = match (one, two) {
        (Ok(one), Ok(two)) => (one, two),
        (one, two) => return assert_eq!(one.err(), two.err(), "{name}"),
    };
    assert_eq!(one.parse(), two.parse(), "{name}");
    assert_eq!(one.deviations(), two.deviations(), "{name}");
    let spans = |file: &File<'_>| file.revisions().map(|one| one.span()).collect::<Vec<_>>();
    assert_eq!(spans(&one), spans(&two), "{name}");
    assert_eq!(one.latest().page_ids(), two.latest().page_ids(), "{name}");
    let (one, two) = (objects(&one), objects(&two));
    assert_eq!(one.len(), two.len(), "{name}");
    for ((id, one), (other, two)) in one.into_iter().zip(two) {
        assert_eq!(id, other, "{name}");
        match (one, two) {
            (Ok(Some(one)), Ok(Some(two))) => {
                assert_eq!(one.object, two.object, "{name}: {id}");
                assert_eq!(one.object.span, two.object.span, "{name}: {id}");
                assert_eq!(one.container, two.container, "{name}: {id}");
            }
            (one, two) => assert_eq!(one.err(), two.err(), "{name}: {id}"),
        }
    }
}

#[test]
fn opening_reads_the_cross_references_and_nothing_else() {
    let table = large::contract_pages(1_000, Section::Table);
    let packed = large::contract_pages(1_000, Section::ObjectStreams(100));
    let many = large::many_objects(400_000);
    for (name, bytes, opening, a_page) in [
        ("1000 pages, table", &table, 40_000, 200_000),
        // The cross-reference stream itself, then one object stream with each object asked for.
        ("1000 pages, object streams", &packed, 60_000, 300_000),
        ("400,000 objects, table", &many, 40_000, 60_000),
    ] {
        let pieces = Pieces::new(bytes);
        let file = File::open(&pieces, Limits::default()).unwrap();
        assert_eq!(file.parse(), Parse::Strict, "{name}");
        let read = pieces.bytes_read();
        assert!(read < opening, "{name}: {read} of {} bytes to open", bytes.len());
        let last = file.latest().page_count().unwrap();
        file.latest().page(last).unwrap();
        let read = pieces.bytes_read();
        assert!(read < a_page, "{name}: {read} of {} bytes for the last page", bytes.len());
    }
}

#[test]
fn offsets_beyond_4_gib_are_followed() {
    for section in [Section::Table, Section::Stream] {
        let source = Sparse(large::past_4_gib(section.clone()));
        let file = File::open(&source, Limits::default()).unwrap();
        assert_eq!(file.parse(), Parse::Strict);
        assert_eq!(file.latest().end(), Some(source.len()));
        walk(&file).unwrap();
        let found = file.latest().get(file.latest().page(3).unwrap().id()).unwrap().unwrap();
        let Container::File(span) = found.container else { panic!("not packed") };
        assert!(span.start > 1 << 32, "{section:?}");
    }
}

#[test]
fn a_file_that_long_is_not_searched_when_its_end_is_lost() {
    let mut sparse = large::past_4_gib(Section::Table);
    sparse.tail.truncate(sparse.tail.len() - 20);
    let source = Sparse(sparse);
    let error = File::open(&source, Limits::default()).unwrap_err();
    assert!(matches!(error, Error::Limit(_)), "{error}");
}

#[test]
fn a_file_of_more_than_a_hundred_million_bytes_is_opened_at_its_end() {
    let bytes = large::over_hundred_million_bytes();
    assert!(bytes.len() > 100_000_000);
    let pieces = Pieces::new(&bytes);
    let file = File::open(&pieces, Limits::default()).unwrap();
    assert_eq!(file.parse(), Parse::Strict);
    assert_eq!(file.latest().end(), Some(bytes.len() as u64));
    let last = file.latest().page_count().unwrap();
    assert_eq!(file.latest().page(last).unwrap().number(), last);
    assert!(pieces.bytes_read() < 60_000, "{}", pieces.bytes_read());
}

#[test]
fn a_document_as_of_each_revision_has_what_that_revision_had() {
    let bytes = documents::three_stream_revisions();
    let file = open(&bytes).unwrap();
    let content = ObjectId::new(documents::page_number(0) + 1, 0);
    let texts: Vec<String> = file
        .revisions()
        .map(|revision| {
            let object = revision.get(content).unwrap().unwrap().object.value;
            let data = revision.decoded(content, object.as_stream().unwrap()).unwrap();
            // Each revision alone is the file that ends where it ends.
            let alone = open(&bytes[..revision.end().unwrap() as usize]).unwrap();
            let same = alone.latest().get(content).unwrap().unwrap().object;
            assert_eq!(same.value, object);
            String::from_utf8(data).unwrap()
        })
        .collect();
    for (text, wanted) in texts.iter().zip(["Agreement, page", "draft 2", "draft 3"]) {
        assert!(text.contains(wanted), "{text}");
    }
}

#[test]
fn a_freed_number_is_null_until_it_comes_back() {
    let bytes = documents::freed_and_reused_number();
    let file = open(&bytes).unwrap();
    let at = |revision: usize, generation: u16| {
        let view = file.revision(revision).unwrap();
        let number = documents::page_number(2) + 2;
        view.get(ObjectId::new(number, generation)).unwrap().map(|found| found.object.value)
    };
    assert!(at(1, 0).is_some() && at(1, 1).is_none());
    assert!(at(2, 0).is_none() && at(2, 1).is_none());
    assert!(at(3, 0).is_none() && at(3, 1).is_some());
}

/// An object stream that calls itself something else holds the catalog: not even searching opens it.
const REFUSED_ALTHOUGH_OTHERS_READ_IT: [&str; 1] = ["malformed/qpdf--bad35.pdf"];

#[test]
fn the_corpus_is_opened_or_refused_as_its_own_projects_say() {
    let Some(root) = std::env::var_os("SEALWRIGHT_CORPUS").map(std::path::PathBuf::from) else {
        eprintln!("SKIPPED: SEALWRIGHT_CORPUS is not set");
        return;
    };
    let manifest = std::fs::read_to_string(root.join("manifest.tsv")).expect("the corpus");
    let mut seen = 0;
    let mut wrong = Vec::new();
    for line in manifest.lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let (name, expected) = (columns[0], columns[7]);
        let bytes = std::fs::read(root.join(name)).expect("a listed file");
        let says = |fact: &str| expected.split(';').any(|one| one == fact);
        let began = std::time::Instant::now();
        let opened = open(&bytes);
        let walked = opened.as_ref().map_err(Clone::clone).and_then(walk);
        if began.elapsed() > std::time::Duration::from_secs(5) {
            wrong.push(format!("{name}: {} ms", began.elapsed().as_millis()));
        }
        seen += 1;
        let parse = opened.as_ref().ok().map(|file| file.parse());
        let encrypted = opened
            .as_ref()
            .map_or_else(|error| matches!(error, Error::Encrypted(_)), |file| file.is_encrypted());
        let sound = parse.is_some_and(|parse| parse.may_be_signed());
        // An encrypted file is a typed refusal until there are keys for it.
        let opens = parse.is_some() || encrypted;
        let refused = parse.is_none() || encrypted;
        let signable = sound && walked.is_ok();
        let agrees = [
            ("doc.parse=ok", opens),
            ("doc.parse_recover=ok", opens),
            ("doc.parse=error", refused),
            ("doc.parse_recover=error", refused),
            ("doc.parse_strict=error", !signable),
            ("doc.verdict=accept", signable || encrypted),
        ]
        .iter()
        .all(|(fact, holds)| *holds || !says(fact));
        if !agrees && !REFUSED_ALTHOUGH_OTHERS_READ_IT.contains(&name) {
            wrong.push(format!("{name}: {expected}: {parse:?}, {walked:?}"));
        }
        let pieces = Pieces::new(&bytes);
        compare(name, opened, File::open(&pieces, Limits::default()));
    }
    assert!(seen > 0, "the corpus lists nothing");
    assert!(wrong.is_empty(), "{wrong:#?}");
}
