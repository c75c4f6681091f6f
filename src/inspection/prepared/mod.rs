//! What in a document looks made for a later swap: the lint before signing, and stage 7 of judging.
//!
//! A signature covers bytes. Whoever prepares a document can put into them what is not seen yet, have
//! it signed, and switch to it later with a change that looks small. None of what is listed here is
//! forbidden, and each has honest uses: it is told before somebody signs, and has to be acknowledged.
//!
//! No glyph is drawn here. Where text lies, and what lies over it, is known to a few points; curves and
//! soft masks count as something through which one can see.

mod annotations;
mod canvas;
mod contradiction;
mod found;
mod graph;
mod layers;
mod leftovers;
mod shown;

use std::collections::{BTreeMap, BTreeSet};

use annotations::Fields;
use canvas::Canvas;
use found::Found;
use layers::Layers;
use shown::{Shown, Tally, tell};

use crate::painting::{Cache, State, Unknown, Walk, common, numbers, page_content, sorted};
use crate::pdf::{Error, Page, Revision};
use crate::report::{Code, Finding, Severity};

/// So many bytes of [`Limits::work`](crate::limits::Limits::work) are one step of drawing.
const WORK_PER_STEP: u64 = 16;

/// Fewer glyphs of a kind in one stream are an accident of layout.
const FEWEST_GLYPHS: u64 = 3;

/// What in a document looks made for a later swap.
///
/// ```
/// use sealwright::inspection::prepared_content;
/// use sealwright::limits::Limits;
/// use sealwright::pdf::File;
/// use sealwright::report::Code;
/// use sealwright_testdata::{documents, pdf::Layout};
///
/// let mut pdf = documents::plain(1);
/// let content = b"BT /F1 12 Tf 72 700 Td (You owe nothing) Tj ET 1 g 60 690 300 40 re f";
/// pdf.set_stream(documents::page_number(0) + 1, "", content);
/// let bytes = pdf.write(&Layout::default());
/// let file = File::open(&bytes, Limits::default())?;
/// let prepared = prepared_content(&file.latest())?;
/// let open = prepared.open(&[].into());
/// assert_eq!(open[0].code, Code::PrepHiddenText);
/// assert_eq!(open[0].page, Some(1));
/// assert!(prepared.open(&[Code::PrepHiddenText].into()).is_empty(), "acknowledged");
/// # Ok::<(), sealwright::pdf::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PreparedContents {
    findings: Vec<Finding>,
    counts: BTreeMap<Code, u64>,
}

impl PreparedContents {
    /// Everything that was found, warnings first: of each kind the first hundred places.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// How many places of a kind there are, those that are not listed among them.
    #[must_use]
    pub fn count(&self, code: Code) -> u64 {
        self.counts.get(&code).copied().unwrap_or(0)
    }

    /// The kinds of which to warn.
    #[must_use]
    pub fn warnings(&self) -> BTreeSet<Code> {
        let codes = self.counts.keys().copied();
        codes.filter(|code| code.severity() >= Severity::Warning).collect()
    }

    /// The warnings that nobody acknowledged.
    #[must_use]
    pub fn open(&self, acknowledged: &BTreeSet<Code>) -> Vec<&Finding> {
        let findings = self.findings.iter();
        findings
            .filter(|it| it.severity >= Severity::Warning && !acknowledged.contains(&it.code))
            .collect()
    }
}

/// Goes through a document as of one revision for content prepared for a later swap.
///
/// All pages are gone through, and all objects: it costs what showing the whole document without
/// drawing a glyph costs, and is done before signing and on demand.
///
/// # Errors
///
/// If the page tree, the form or the cross references cannot be read, the document is encrypted, or a
/// limit runs out. A page whose content cannot be read is a finding.
pub fn prepared_content(revision: &Revision<'_>) -> Result<PreparedContents, Error> {
    let mut found = Found::default();
    before_signing(revision, &mut found)?;
    let layers = Layers::read(revision, &mut found)?;
    let fields = Fields::read(revision, &mut found)?;
    let mut cache = Cache::new(revision, Unknown::Usual);
    let mut canvas = Canvas::new(revision.file().limits().work / WORK_PER_STEP);
    revision.each_page(|page| {
        let tally = Tally::new();
        let mut shown =
            Shown { revision, canvas: &mut canvas, layers: &layers, tally, lenient: false };
        if let Err(error) = show(&mut cache, &mut shown, &page, (&fields, &mut found)) {
            let mut place = Finding::new(Code::PrepUnreadable).about(page.id());
            place.page = Some(page.number());
            annotations::unreadable(error, &mut place, &mut found)?;
        }
        report(&page, shown.tally, &mut found);
        Ok::<_, Error>(())
    })?;
    contradiction::look(revision, cache.fonts(), &mut found)?;
    graph::look(revision, &mut found)?;
    leftovers::look(revision, &mut found)?;
    let (findings, counts) = found.finish();
    Ok(PreparedContents { findings, counts })
}

/// Tells of revisions that nobody signed.
fn before_signing(revision: &Revision<'_>, found: &mut Found) -> Result<(), Error> {
    let signed = |older: &Revision<'_>| -> Result<bool, Error> {
        Ok(older.fields()?.iter().any(|field| field.is_signature() && field.value.is_some()))
    };
    let updates = revision.number().saturating_sub(1);
    if updates > 0 && !signed(revision)? {
        found.add(Finding::new(Code::PrepRevisions).with(updates));
    }
    Ok(())
}

/// A page and what stands on it.
fn show<'r, 'f>(
    cache: &mut Cache<'r, 'f>,
    shown: &mut Shown<'_, 'r, 'f>,
    page: &Page,
    (fields, found): (&Fields, &mut Found),
) -> Result<(), Error> {
    let revision = shown.revision;
    let media = numbers::<4>(revision, page.attribute(b"MediaBox"))?;
    let crop = numbers::<4>(revision, page.attribute(b"CropBox"))?;
    let media = sorted(media.unwrap_or([0.0, 0.0, 612.0, 792.0]));
    let visible = crop.map_or(media, |crop| common(media, sorted(crop)));
    shown.canvas.begin(visible);
    let resources = cache.resources(page.attribute(b"Resources"))?;
    let content = page_content(revision, page)?;
    // What lies beside the visible page is outside it, not clipped.
    let state = State::new([-1e9, -1e9, 1e9, 1e9]);
    Walk::new(cache, shown).content(&content, (page.id(), resources), state)?;
    for (run, _) in shown.canvas.take_hidden() {
        let at = (Code::PrepHiddenText, run.object);
        tell(&mut shown.tally, at, run.glyphs, run.bounds);
    }
    let drawn = annotations::draw(cache, shown, page, (fields, found))?;
    for (run, by) in shown.canvas.take_hidden() {
        let above = drawn.partition_point(|(began, _)| *began < by);
        let above = above.checked_sub(1).and_then(|at| drawn.get(at));
        let at = (Code::PrepTextUnderAnnotation, above.map_or(run.object, |(_, id)| *id));
        tell(&mut shown.tally, at, run.glyphs, run.bounds);
    }
    for run in shown.canvas.invisible() {
        let at = (Code::PrepInvisibleText, run.object);
        tell(&mut shown.tally, at, run.glyphs, run.bounds);
    }
    Ok(())
}

/// What was counted on a page becomes findings.
fn report(page: &Page, tally: Tally, found: &mut Found) {
    for ((code, object), pieces) in tally {
        if pieces.glyphs < FEWEST_GLYPHS {
            continue;
        }
        let mut finding = Finding::new(code).with(pieces.count).about(object);
        (finding.page, finding.rect) = (Some(page.number()), Some(pieces.bounds));
        found.add(finding);
    }
}
