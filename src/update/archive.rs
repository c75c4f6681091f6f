//! What a document that claims to be PDF/A (ISO 19005) permits of what is drawn in it: the one place
//! that knows, whoever draws.
//!
//! | rule | what is done |
//! |---|---|
//! | 19005-1, 6.4: no transparency | refused, or flattened ([`TransparencyPolicy`]) |
//! | 19005-2 and later, 6.2.10: without an output intent a page with transparency names the colour space it is blended in | the same on pages that do not |
//! | 19005-1, 6.2.3.3; 19005-2, 6.2.4.3: device colours mean what the output intent says | where it says nothing about RGB or grey, calibrated default colour spaces are given; CMYK is refused |
//! | 19005-1, 6.9: every widget has an appearance | invisible fields too; later parts except them |
//!
//! Fonts are always embedded, images never interpolated, widgets always printed.

use super::Error;
use crate::appearance::{Drawing, Numbers, Traits};
use crate::geometry::PageNumber;
use crate::inspection::{Claims, IntentColour, claims};
use crate::pdf::{Object, ObjectId, Revision};

/// What becomes of a drawing with transparency in a document that claims to be PDF/A and permits none:
/// an opacity, a blend mode, a picture with clear pixels.
///
/// ```
/// use sealwright::update::TransparencyPolicy;
/// assert_eq!(TransparencyPolicy::default(), TransparencyPolicy::Refuse);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TransparencyPolicy {
    /// The update is refused, with the rule.
    #[default]
    Refuse,
    /// It is drawn without: opaque, covering what is below, pictures on white. It looks different, and
    /// a seal then has another face than the registered one; an opaque picture or a generated seal is
    /// better. Pale parts, as watermarks have them, are refused all the same: opaque they would hide
    /// the page.
    Flatten,
    /// It is drawn as it is, and the claim becomes false.
    BreakClaim,
}

/// The drawings of one update: the numbers of their objects, and the rules they keep.
pub(super) struct Drawings {
    pub(super) numbers: Numbers,
    claims: Claims,
    policy: TransparencyPolicy,
}

/// Where a document's claim permits transparency.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Transparency {
    Everywhere,
    /// On pages that name the colour space in which they are blended.
    WithBlendingSpace,
    Nowhere,
}

impl Drawings {
    /// None yet, for this document.
    pub(super) fn of(revision: Revision<'_>, policy: TransparencyPolicy) -> Result<Self, Error> {
        let claims = claims(&revision)?;
        let is_archive = claims.pdf_a.is_some();
        let intent = claims.output_intent.unwrap_or(IntentColour::Unknown);
        let rgb = is_archive && intent != IntentColour::Rgb;
        let grey = is_archive && intent == IntentColour::Unknown;
        let mut drawings = Self { numbers: Numbers::default(), claims, policy };
        let opaque = policy == TransparencyPolicy::Flatten
            && drawings.transparency() != Transparency::Everywhere;
        drawings.numbers = Numbers::with_rules(opaque, rgb, grey);
        Ok(drawings)
    }

    /// Whether invisible widgets need an appearance.
    pub(super) fn all_widgets_appear(&self) -> bool {
        self.part() == Some(1)
    }

    /// Whether what is drawn has to say whether it belongs to the structure.
    pub(super) fn are_tagged(&self) -> bool {
        self.claims.tagged
    }

    /// The drawing as it may be put on this page. A seal as ink multiplies where the page permits it,
    /// and covers elsewhere.
    pub(super) fn admit(
        &self,
        revision: Revision<'_>,
        number: PageNumber,
        page: ObjectId,
        drawing: &Drawing,
    ) -> Result<Drawing, Error> {
        let drawing = match drawing.is_ink() {
            true => drawing.clone().settled(self.permits(revision, page)?),
            false => drawing.clone(),
        };
        let Some(part) = self.part().filter(|_| self.policy != TransparencyPolicy::BreakClaim)
        else {
            return Ok(drawing);
        };
        let refused = |what, rule| Err(Error::PdfA { part, page: number, what, rule });
        let Traits { masked, pale, cmyk } = drawing.traits();
        if cmyk && self.claims.output_intent != Some(IntentColour::Cmyk) {
            return refused("a picture in CMYK", "device colours need an output intent in CMYK");
        }
        if !drawing.uses_transparency() || self.permits(revision, page)? {
            return Ok(drawing);
        }
        let rule = match part {
            1 => "no transparency (ISO 19005-1, 6.4)",
            _ => {
                "without an output intent, no transparency on a page that does not name its \
                  blending colour space (ISO 19005-2, 6.2.10)"
            }
        };
        if pale {
            return refused("pale parts, which cannot be flattened", rule);
        }
        match self.policy {
            TransparencyPolicy::Flatten => Ok(drawing.covering()),
            _ if masked => refused("a transparent background", rule),
            _ => refused("an opacity or a blend mode", rule),
        }
    }

    fn part(&self) -> Option<u8> {
        self.claims.pdf_a.map(|claim| claim.part)
    }

    fn transparency(&self) -> Transparency {
        match (self.part(), self.claims.output_intent) {
            _ if self.policy == TransparencyPolicy::BreakClaim => Transparency::Everywhere,
            (None, _) => Transparency::Everywhere,
            (Some(1), _) => Transparency::Nowhere,
            (_, None | Some(IntentColour::Unknown)) => Transparency::WithBlendingSpace,
            _ => Transparency::Everywhere,
        }
    }

    /// Whether a page may have transparency.
    fn permits(&self, revision: Revision<'_>, page: ObjectId) -> Result<bool, Error> {
        Ok(match self.transparency() {
            Transparency::Everywhere => true,
            Transparency::Nowhere => false,
            Transparency::WithBlendingSpace => {
                let page = revision.dictionary(page)?;
                let group = revision.lookup(&page, b"Group")?;
                let group = group.as_deref().and_then(Object::as_dictionary);
                group.is_some_and(|group| group.contains(b"CS"))
            }
        })
    }
}
