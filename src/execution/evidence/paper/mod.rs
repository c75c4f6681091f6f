//! The report for people (证据报告): evidence as a document that a judge, a lawyer or an auditor reads.
//!
//! [`Evidence::paper`] writes everything that the evidence says into a PDF of its own, in Chinese or in
//! English: verdict and cover, the contract, parties with their seals beside where they stand, every
//! signature, the documents with their digests revision by revision, a timeline, the audit trail and
//! what it does not show, the conditions of the law, deviations, and how to verify by hand. The codes are
//! the same in both languages.
//!
//! What it promises is said at [`Paper`]; how it is made, in the modules: [`scribe`] and the chapters say
//! it, [`compose`] sets it into strips, [`strip`] puts those on pages, [`printing`] paints the pages,
//! [`tree`] keeps the structure, and [`file`](mod@file) and [`archive`] write what a document has besides.

mod archive;
mod compose;
mod cover;
mod file;
mod findings;
mod history;
mod parties;
mod printing;
mod scribe;
mod signatures;
mod strip;
mod tree;
mod words;

use std::fmt;

use time::{OffsetDateTime, UtcOffset};

use super::{Error, Evidence};
use crate::appearance::{FontBook, SealFace, Typesetter};
use crate::audit::{self, Entry};
use crate::contract;
use crate::geometry::{Mm, Size};
use crate::identity::SealId;
use crate::report::Lang;
use archive::About;
use compose::Composer;
use printing::Furniture;
use scribe::Scribe;
use words::{Speaker, Word};

/// How a report is written, and what it needs besides the evidence.
///
/// ```
/// # let bytes = sealwright_testdata::font::REPORT;
/// use sealwright::appearance::{Font, FontBook};
/// use sealwright::contract;
/// use sealwright::execution::evidence::PaperOptions;
/// use sealwright::report::Lang;
///
/// let fonts = FontBook::new().with(contract::Font::Hei, Font::from_bytes(bytes, 0)?)?;
/// let options = PaperOptions::new(Lang::Zh, &fonts, &[]).numbered("EV-2026-0001");
/// # let _ = options;
/// # Ok::<(), sealwright::appearance::WritingError>(())
/// ```
#[derive(Clone, Copy)]
pub struct PaperOptions<'a> {
    lang: Lang,
    fonts: &'a FontBook,
    style: contract::Font,
    trail: &'a [Entry],
    offset: UtcOffset,
    number: Option<&'a str>,
    faces: Option<Faces<'a>>,
}

/// UTC+8, the time in China.
const EIGHT_HOURS_AHEAD: UtcOffset = match UtcOffset::from_hms(8, 0, 0) {
    Ok(offset) => offset,
    Err(_) => UtcOffset::UTC,
};

/// Gives the picture of a version of a seal, if the register has it.
type Faces<'a> = &'a dyn Fn(&SealId, u32) -> Option<SealFace>;

impl<'a> PaperOptions<'a> {
    /// In a language, in the host's 黑体, with the trail from which the evidence was gathered; times at
    /// +08:00, without pictures of seals.
    #[must_use]
    pub fn new(lang: Lang, fonts: &'a FontBook, trail: &'a [Entry]) -> Self {
        let (style, offset) = (contract::Font::Hei, EIGHT_HOURS_AHEAD);
        Self { lang, fonts, style, trail, offset, number: None, faces: None }
    }

    /// In another style of the host's fonts. Characters that it lacks come from the fallbacks.
    #[must_use]
    pub fn style(self, style: contract::Font) -> Self {
        Self { style, ..self }
    }

    /// With times at this offset.
    #[must_use]
    pub fn at(self, offset: UtcOffset) -> Self {
        Self { offset, ..self }
    }

    /// With the number of the report (出证编号), which stands on every page: that of the bundle, say.
    #[must_use]
    pub fn numbered(self, number: &'a str) -> Self {
        Self { number: Some(number), ..self }
    }

    /// With pictures of seals, by seal and version, as the register has them.
    #[must_use]
    pub fn faces(self, faces: &'a dyn Fn(&SealId, u32) -> Option<SealFace>) -> Self {
        Self { faces: Some(faces), ..self }
    }
}

impl fmt::Debug for PaperOptions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PaperOptions")
            .field("lang", &self.lang)
            .field("entries", &self.trail.len())
            .field("offset", &self.offset)
            .finish_non_exhaustive()
    }
}

/// A report for people (证据报告), not yet sealed: a PDF document that says everything that the evidence
/// says. Made by [`Evidence::paper`].
///
/// It is tagged, has bookmarks and a title, says what its colours mean and embeds its fonts: it claims
/// PDF/A-2b (ISO 19005-2), unless a seal is printed in four colours, which its colour profile does not
/// cover. All of it is real text; digests stand in groups of digits and are read without the gaps. The
/// same evidence, options and time give the same bytes.
///
/// # The seals in it are no seals
///
/// A drawing of a registered seal can be made for a signature from a
/// [`SealPermit`](crate::authorization::SealPermit) alone. A report has no permit and makes no such
/// drawing: what it shows are pictures of a record. They are part of the page and stand in no widget, so
/// that no judge counts them as shown by a signature; each is in a frame that says what it is, has 副本
/// (COPY) written across it and in its alternative description, and is there only if its face digest is
/// the recorded one.
#[derive(Clone, PartialEq, Eq)]
pub struct Paper {
    bytes: Vec<u8>,
}

impl Paper {
    /// The document.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The document, to keep.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Where the seal of whoever issues it has its place.
    #[must_use]
    pub fn place(&self) -> ReservedPlace {
        let [left, top, width, height] = cover::SEAL.map(|points| Mm(points * 25.4 / 72.0));
        ReservedPlace { page: 1, left, top, width, height }
    }
}

/// A place that a document keeps free: a frame, counted from the upper left corner of the page as a
/// person sees it.
///
/// ```
/// # use sealwright::execution::evidence::Paper;
/// # use sealwright::geometry::Size;
/// use sealwright::appearance::SealFace;
/// use sealwright::{Authority, Limits, Seal, Signer, pdf};
///
/// fn sealed(paper: &Paper, face: &SealFace, signer: &dyn Signer, now: time::OffsetDateTime)
///     -> Result<Vec<u8>, Box<dyn std::error::Error>>
/// {
///     let file = pdf::File::open(paper.bytes(), Limits::default())?;
///     let place = paper.place();
///     let (left, top) = place.corner_of(face.size());
///     let sealed = Seal::on(&file)
///         .page(place.page)
///         .at(left, top)
///         .face(face, Authority::AssertedByHost)
///         .sign(signer, now)?;
///     let mut bytes = Vec::new();
///     sealed.write_to(&mut bytes)?;
///     Ok(bytes)
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReservedPlace {
    /// The page, from 1.
    pub page: i32,
    /// From the left edge of the page.
    pub left: Mm,
    /// From the top edge of the page.
    pub top: Mm,
    /// How wide it is; a seal of 42 mm fits.
    pub width: Mm,
    /// How high it is.
    pub height: Mm,
}

impl ReservedPlace {
    /// The upper left corner of what stands in the middle of the place, from the left and the top edge
    /// of the page. What is larger than the place reaches over its frame on all sides.
    #[must_use]
    pub fn corner_of(&self, size: Size) -> (Mm, Mm) {
        let length = |points| crate::appearance::points(points) * 25.4 / 72.0;
        let left = self.left.0 + (self.width.0 - length(size.width())) / 2.0;
        let top = self.top.0 + (self.height.0 - length(size.height())) / 2.0;
        (Mm(left), Mm(top))
    }
}

impl fmt::Debug for Paper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Paper").field("bytes", &self.bytes.len()).finish()
    }
}

impl Evidence {
    /// The report for people, to be sealed by whoever issues it. `now` is the date of issue.
    ///
    /// # Errors
    ///
    /// The trail is not the one from which the evidence was gathered, the host has no font for the style,
    /// or its fonts lack characters: the error names them by their code points.
    ///
    /// ```
    /// # use sealwright::appearance::FontBook;
    /// # use sealwright::audit::Entry;
    /// # use sealwright::execution::evidence::{Error, Evidence, PaperOptions};
    /// # use sealwright::report::Lang;
    /// # use time::OffsetDateTime;
    /// fn report(
    ///     evidence: &Evidence,
    ///     (fonts, trail): (&FontBook, &[Entry]),
    ///     now: OffsetDateTime,
    /// ) -> Result<Vec<u8>, Error> {
    ///     let options = PaperOptions::new(Lang::Zh, fonts, trail);
    ///     Ok(evidence.paper(&options, now)?.into_bytes())
    /// }
    /// ```
    pub fn paper(&self, options: &PaperOptions<'_>, now: OffsetDateTime) -> Result<Paper, Error> {
        audit::verify(options.trail, Some(&self.trail.head))?;
        Ok(Paper { bytes: write(self, options, now)? })
    }
}

fn write(
    evidence: &Evidence,
    options: &PaperOptions<'_>,
    now: OffsetDateTime,
) -> Result<Vec<u8>, crate::appearance::Error> {
    let speaker = Speaker { lang: options.lang, offset: options.offset };
    let page = Composer::new(Typesetter::new(options.fonts, options.style)?);
    let mut scribe = Scribe { evidence, options, speaker, page };
    scribe.cover(now)?;
    scribe.contract()?;
    scribe.parties()?;
    scribe.signatures()?;
    scribe.documents()?;
    scribe.timeline()?;
    scribe.trail()?;
    scribe.checklist()?;
    scribe.deviations()?;
    scribe.verifying()?;
    scribe.appendix()?;
    let first = scribe.seal_place()?;
    let id = evidence.contract.id.as_str();
    let title = format!("{} · {}", speaker.say(Word::ShortTitle), evidence.contract.title);
    let right = options.number.unwrap_or(id);
    let furniture = Furniture { header: [&title, right], first_end: cover::FIRST_END, first };
    let about = About {
        title: &title,
        subject: &speaker.with(Word::Subject, [id]),
        language: speaker.tag(),
        at: now,
        archival: !scribe.page.has_four_colours(),
    };
    printing::print(scribe.page, &furniture, &about)
}
