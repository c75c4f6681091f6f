//! The pictures of a board: their bytes are the host's, and come in by what identifies them.

use std::borrow::Cow;
use std::collections::HashMap;

use super::super::error::Error;
use super::super::picture::{Picture, PictureFormat};
use super::super::policy::PictureRules;
use super::super::result_view::{AppliedSeal, AppliedSignature};
use super::super::url_text;
use crate::digest::{Digest, DigestAlgorithm};

/// What may not stand in an SVG picture: it would run, load, or grow when it is read.
const REFUSED_IN_SVG: [&str; 8] = [
    "<!doctype",
    "<!entity",
    "<script",
    "<foreignobject",
    "<iframe",
    "<?xml-stylesheet",
    "@import",
    "javascript:",
];

/// The media types that a board shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Media {
    Png,
    Jpeg,
    Svg,
}

/// A picture as a board shows it: PNG, JPEG, or an SVG that is a drawing alone, such as the preview
/// of a made seal. It is known by its content, and shown as an image: nothing in it runs.
///
/// ```
/// use sealwright::ceremony::PictureRules;
/// use sealwright::ceremony::board::BoardPicture;
///
/// let rules = PictureRules::default();
/// assert!(BoardPicture::read(sealwright_testdata::seal::PNG, &rules).is_ok());
/// assert!(BoardPicture::read(br#"<svg viewBox="0 0 42 42"><circle r="20"/></svg>"#, &rules).is_ok());
/// let scripted = br#"<svg viewBox="0 0 42 42"><script>alert(1)</script></svg>"#;
/// assert_eq!(BoardPicture::read(scripted, &rules).unwrap_err().code(), "layout.image_format");
/// # Ok::<(), sealwright::ceremony::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoardPicture<'a> {
    bytes: Cow<'a, [u8]>,
    media: Media,
    size: (u32, u32),
}

impl<'a> BoardPicture<'a> {
    /// Looks at the head of a PNG or JPEG, and through the text of an SVG.
    ///
    /// # Errors
    ///
    /// [`Error::ImageFormat`] if it is none of these, its head is damaged, or it is an SVG with
    /// scripts, foreign content, a document type, or a reference to anything outside itself;
    /// [`Error::ImageTooLarge`] if it has more bytes or a longer side than the rules allow.
    pub fn read(bytes: impl Into<Cow<'a, [u8]>>, rules: &PictureRules) -> Result<Self, Error> {
        let bytes = bytes.into();
        let looks_like_text = bytes.trim_ascii_start().starts_with(b"<");
        let (media, size) = if looks_like_text {
            let found = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
            if found > rules.most_bytes {
                return Err(Error::ImageTooLarge { what: "bytes", found, most: rules.most_bytes });
            }
            (Media::Svg, svg_size(&bytes).ok_or(Error::ImageFormat)?)
        } else {
            let picture = Picture::read(&bytes, rules)?;
            let media = match picture.format() {
                PictureFormat::Png => Media::Png,
                PictureFormat::Jpeg => Media::Jpeg,
            };
            (media, (picture.width(), picture.height()))
        };
        Ok(Self { bytes, media, size })
    }

    /// Its width and height, in pixels or in the units of its drawing.
    #[must_use]
    pub fn size(&self) -> (u32, u32) {
        self.size
    }

    /// The picture as a `data:` URL: letters, digits and `:/;,+=` alone.
    pub(super) fn url(&self) -> String {
        let media = match self.media {
            Media::Png => "png",
            Media::Jpeg => "jpeg",
            Media::Svg => "svg+xml",
        };
        format!("data:image/{media};base64,{}", url_text::encode_padded(&self.bytes))
    }

    /// Whether these are the bytes that were looked at when the layout was saved.
    fn is(&self, picture: &Picture) -> bool {
        Digest::of(DigestAlgorithm::Sha256, &self.bytes) == picture.digest()
    }
}

/// What a board asks a picture for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Wanted<'a> {
    /// The background of the layout.
    Background(&'a Picture),
    /// The logo of a party.
    Logo(&'a Picture),
    /// The face of a seal that was applied: by seal and version, or by the digest of the face.
    Seal(&'a AppliedSeal),
    /// The strokes of a signature that was given by hand.
    Signature(&'a AppliedSignature),
}

impl Wanted<'_> {
    /// The digest under which a [`PictureBook`] has the picture: of the bytes of a logo or a
    /// background, of the face of a seal, of the strokes of a signature.
    #[must_use]
    pub fn digest(&self) -> Digest {
        match self {
            Self::Background(picture) | Self::Logo(picture) => picture.digest(),
            Self::Seal(seal) => seal.face,
            Self::Signature(signature) => signature.face,
        }
    }
}

/// Where a board finds pictures: a [`PictureBook`], or a host's own store.
///
/// The digest of a face is taken over what was drawn into the contract and not over the bytes of
/// any picture: that a picture is that face is what the host says. Logos and backgrounds are held
/// against their digest; others are not shown.
///
/// ```
/// use sealwright::ceremony::board::{BoardPicture, Pictures, Wanted};
///
/// struct Register; // of a host's, by id and version
/// impl Pictures for Register {
///     fn find(&self, wanted: &Wanted<'_>) -> Option<BoardPicture<'_>> {
///         match wanted {
///             Wanted::Seal(applied) => self.face_of(applied.seal.as_str(), applied.version),
///             _ => None, // a placeholder is drawn
///         }
///     }
/// }
/// # impl Register {
/// #     fn face_of(&self, _: &str, _: u32) -> Option<BoardPicture<'_>> { None }
/// # }
/// ```
pub trait Pictures {
    /// The picture, if there is one.
    fn find(&self, wanted: &Wanted<'_>) -> Option<BoardPicture<'_>>;
}

/// No picture at all: every one is a placeholder.
impl Pictures for () {
    fn find(&self, _: &Wanted<'_>) -> Option<BoardPicture<'_>> {
        None
    }
}

/// Pictures by the digest of [`Wanted::digest`].
///
/// ```
/// use sealwright::ceremony::PictureRules;
/// use sealwright::ceremony::board::{BoardPicture, PictureBook};
/// use sealwright::digest::{Digest, DigestAlgorithm};
///
/// let png = sealwright_testdata::seal::PNG;
/// let picture = BoardPicture::read(png, &PictureRules::default())?;
/// let face = Digest::of(DigestAlgorithm::Sha256, b"the digest of the face");
/// let book = PictureBook::new().with(face, picture);
/// assert_eq!(book.len(), 1);
/// # Ok::<(), sealwright::ceremony::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct PictureBook<'a>(HashMap<Digest, BoardPicture<'a>>);

impl<'a> PictureBook<'a> {
    /// No picture: every one is a placeholder.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// And this picture, in place of another one with that digest.
    #[must_use]
    pub fn with(mut self, digest: Digest, picture: BoardPicture<'a>) -> Self {
        self.0.insert(digest, picture);
        self
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Pictures for PictureBook<'_> {
    fn find(&self, wanted: &Wanted<'_>) -> Option<BoardPicture<'_>> {
        let found = self.0.get(&wanted.digest())?;
        Some(BoardPicture { bytes: Cow::Borrowed(&found.bytes), ..*found })
    }
}

/// The pictures that one drawing shows, each once.
pub(super) struct Album<'a> {
    source: &'a dyn Pictures,
    known: HashMap<(u8, Digest), Option<usize>>,
    symbols: Vec<BoardPicture<'a>>,
}

/// A picture of an [`Album`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shown(usize);

impl<'a> Album<'a> {
    pub(super) fn of(source: &'a dyn Pictures) -> Self {
        Self { source, known: HashMap::new(), symbols: Vec::new() }
    }

    pub(super) fn find(&mut self, wanted: Wanted<'_>) -> Option<Shown> {
        let kind = match wanted {
            Wanted::Background(_) => 0,
            Wanted::Logo(_) => 1,
            Wanted::Seal(_) => 2,
            Wanted::Signature(_) => 3,
        };
        let key = (kind, wanted.digest());
        if let Some(known) = self.known.get(&key) {
            return known.map(Shown);
        }
        let found = self.source.find(&wanted).filter(|found| match wanted {
            Wanted::Background(picture) | Wanted::Logo(picture) => found.is(picture),
            Wanted::Seal(_) | Wanted::Signature(_) => true,
        });
        let place = found.is_some().then_some(self.symbols.len());
        self.symbols.extend(found);
        self.known.insert(key, place);
        place.map(Shown)
    }

    /// Every picture as a symbol that [`Shown::id`] names. A background fills its place, anything
    /// else is shown whole.
    pub(super) fn symbols(&self) -> String {
        let fills = |place| {
            let mut found = self.known.iter().filter(|(_, one)| **one == Some(place));
            found.any(|((kind, _), _)| *kind == 0)
        };
        let symbol = |(place, picture): (usize, &BoardPicture<'_>)| {
            let ((width, height), url) = (picture.size, picture.url());
            let fit = if fills(place) { "xMidYMid slice" } else { "xMidYMid meet" };
            let id = Shown(place).id();
            format!(
                "<symbol id=\"{id}\" viewBox=\"0 0 {width} {height}\" preserveAspectRatio=\"{fit}\">\
                 <image width=\"{width}\" height=\"{height}\" href=\"{url}\"/></symbol>\n"
            )
        };
        self.symbols.iter().enumerate().map(symbol).collect()
    }
}

impl Shown {
    /// The name of its symbol.
    pub(super) fn id(self) -> String {
        format!("board-picture-{}", self.0)
    }
}

/// The size of a drawing, if it is one that refers to nothing outside itself.
fn svg_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let text = std::str::from_utf8(bytes).ok()?;
    let lower = text.to_ascii_lowercase();
    let has = |refused: &&str| lower.contains(*refused);
    if REFUSED_IN_SVG.iter().any(has) || text.contains('\0') || !refers_to_itself(&lower) {
        return None;
    }
    let (head, drawing) = text.split_once("<svg")?;
    let head_is_quiet = head.trim().is_empty() || head.trim_start().starts_with("<?xml");
    let (root, _) = drawing.split_once('>')?;
    if !head_is_quiet || !(root.is_empty() || root.starts_with([' ', '\n', '\t', '\r', '/'])) {
        return None;
    }
    Some(view_box(root).unwrap_or((100, 100)))
}

/// Whether every reference is one within the drawing, or a picture that is part of it.
fn refers_to_itself(lower: &str) -> bool {
    let inside = |value: &str| {
        let value = value.trim_start_matches([' ', '\n', '\t', '\r', '\'', '"']);
        ["#", "data:image/png;", "data:image/jpeg;"].iter().any(|own| value.starts_with(own))
    };
    let references =
        lower.split("href").skip(1).filter_map(|rest| rest.trim_start().strip_prefix('='));
    references.chain(lower.split("url(").skip(1)).all(inside)
}

fn view_box(root: &str) -> Option<(u32, u32)> {
    let (_, rest) = root.split_once("viewBox=")?;
    let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let value = rest.strip_prefix(quote)?.split(quote).next()?;
    let mut numbers = value.split([' ', ',']).filter(|part| !part.is_empty()).skip(2);
    let mut side = || {
        let side: f64 = numbers.next()?.parse().ok()?;
        // Ten times as fine, so that millimetres keep their ratio. Whole by the formatter's rounding.
        let fine = side * 10.0;
        (1.0..1e6).contains(&fine).then(|| format!("{fine:.0}").parse().ok())?
    };
    Some((side()?, side()?))
}

#[cfg(test)]
mod tests {
    use super::super::super::picture::tests::{picture, png};
    use super::*;

    fn read(bytes: &[u8]) -> Result<BoardPicture<'_>, Error> {
        BoardPicture::read(bytes, &PictureRules::default())
    }

    #[test]
    fn s45_pictures_are_known_by_their_content() {
        let image = png(30, 10);
        assert_eq!(read(&image).unwrap().size(), (30, 10));
        assert!(read(&image).unwrap().url().starts_with("data:image/png;base64,iVBORw0KGgo"));
        let drawing = br##"<?xml version="1.0"?>
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 42.5 30">
            <path fill="url(#a)"/><use href="#b"/><image xlink:href="data:image/png;base64,AA=="/></svg>"##;
        let drawing = read(drawing).unwrap();
        assert_eq!(drawing.size(), (425, 300));
        assert!(drawing.url().starts_with("data:image/svg+xml;base64,"));
        assert_eq!(read(b"<svg></svg>").unwrap().size(), (100, 100));
    }

    #[test]
    fn s45_a_drawing_that_runs_or_loads_is_refused() {
        for inside in [
            "<script>1</script>",
            "<SCRIPT href='#a'/>",
            "<foreignObject/>",
            "<image href=\"https://example.com/a.png\"/>",
            "<image href = 'data:image/svg+xml;base64,AA'/>",
            "<use xlink:href='//example.com/a#b'/>",
            "<path fill=\"url(https://example.com/#a)\"/>",
            "<style>@import 'a'</style>",
            "<a href=\"javascript:alert(1)\"/>",
            "\0",
        ] {
            let text = format!("<svg viewBox=\"0 0 1 1\">{inside}</svg>");
            assert_eq!(
                read(text.as_bytes()).unwrap_err().code(),
                "layout.image_format",
                "{inside}"
            );
        }
        for text in
            ["<!DOCTYPE svg [<!ENTITY a \"b\">]><svg/>", "<html><svg/></html>", "<svgx>", "<"]
        {
            assert!(read(text.as_bytes()).is_err(), "{text}");
        }
        assert!(read(b"\xff\xfe<svg/>").is_err() && read(b"GIF89a").is_err() && read(b"").is_err());
        let few = PictureRules { most_bytes: 9, ..PictureRules::default() };
        let large = BoardPicture::read(&b"<svg></svg>"[..], &few).unwrap_err();
        assert_eq!(large.code(), "layout.image_too_large");
    }

    #[test]
    fn r_cer_08_a_logo_with_other_bytes_than_the_layouts_is_not_shown() {
        let (right, wrong) = (png(3, 1), png(6, 2));
        let logo = picture(3, 1);
        let shows = |bytes: &[u8]| {
            let picture = BoardPicture::read(bytes.to_vec(), &PictureRules::default()).unwrap();
            let book = PictureBook::new().with(logo.digest(), picture);
            Album::of(&book).find(Wanted::Logo(&logo)).is_some()
        };
        assert!(shows(&right) && !shows(&wrong));
    }

    #[test]
    fn s45_a_picture_is_stored_once_however_often_it_is_shown() {
        let bytes = png(3, 1);
        let logo = picture(3, 1);
        let book = PictureBook::new().with(logo.digest(), read(&bytes).unwrap());
        let mut album = Album::of(&book);
        assert_eq!(album.find(Wanted::Logo(&logo)), album.find(Wanted::Logo(&logo)));
        assert_eq!(album.symbols().matches("data:").count(), 1);
        album.find(Wanted::Background(&logo));
        assert!(album.symbols().contains("meet") && album.symbols().contains("slice"));
    }
}
