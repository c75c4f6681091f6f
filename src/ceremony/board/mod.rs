//! The sign-result page drawn (签署结果页): the board that a host puts on the big screen while
//! contracts are signed (S41, S42, S45), and the preview of a layout before the meeting (S25–S28).
//!
//! A [`Board`] is made of a [`SignResultView`] alone, and of the pictures that the view names by
//! digest. It is one document without a script, with nothing loaded from anywhere: a browser opens
//! it from a file, from a host's server, or in a frame. Whoever shows it decides how it stays up to
//! date: [`Board::refreshed_every`] asks the browser to load the page again; a host with a script of
//! its own fetches [`Board::svg`] and puts it in place of the one before.
//!
//! ```
//! use sealwright::ceremony::board::{Board, BoardPicture, PictureBook, Shape};
//! use sealwright::ceremony::{Ceremony, Error, LinkText, PictureRules, SignResultView};
//! use sealwright::contract::Contract;
//! use sealwright::digest::Digest;
//!
//! /// What the host's server answers at the address of the sign-result link.
//! fn page(
//!     meeting: &Ceremony,
//!     contract: &Contract,
//!     (face, png): (Digest, &[u8]),
//!     sign_qr: &LinkText,
//! ) -> Result<String, Error> {
//!     let view = SignResultView::of(meeting, &[contract]);
//!     let pictures = PictureBook::new().with(face, BoardPicture::read(png, &PictureRules::default())?);
//!     let address = format!("https://sign.example.com/q/{}", sign_qr.as_str());
//!     let board = Board::of(&view, &pictures).with_qr("", &address)?.refreshed_every(3);
//!     Ok(board.html())
//! }
//! ```
//!
//! # What it shows
//!
//! Title, date, background; a card for each party with logo, name, the seals as they are applied,
//! its signers with their strokes and the time; who sits where; the documents with the head of their
//! digest; the QR, while somebody still has to sign, and how it ended, when nobody has.
//!
//! A picture that nobody has is a placeholder with the name of the seal, its version and the head of
//! the digest of its face. What does not fit is counted, never cut off without a word.
//!
//! **It shows names**, of signers and of those who sit: that is what it is for, and the only place
//! in this module where what is [`Personal`](crate::identity::Personal) is opened. Who may look is
//! asked by [`Ceremony::resolve_result`](super::Ceremony::resolve_result).
//!
//! # What it is safe against
//!
//! Every text of somebody else's is escaped, and characters that are none in XML, or hide or turn
//! text, are shown as `U+FFFD`. Pictures are images in base64: an SVG among them is shown as an image
//! too, in which nothing runs. The page's Content-Security-Policy allows exactly its own style sheet,
//! by digest, and images from `data:`; so even a mistake here would run nothing.

#[cfg(test)]
mod board_tests;
mod card;
mod column;
mod drawing;
mod page;
mod picture;
mod preview;
mod qr;
mod scene;
mod stage;
mod text;
mod words;

use std::fmt;

use time::UtcOffset;

use super::error::Error;
use super::result_view::SignResultView;
use super::url_text;
use crate::digest::{Digest, DigestAlgorithm};
use crate::report::Lang;
use page::Page;
use picture::Album;
use qr::Qr;
use scene::Scene;
use text::escaped;
use words::Words;

pub use picture::{BoardPicture, PictureBook, Pictures, Wanted};

/// The most QRs on one board: with more, none is read across a room.
const MOST_QRS: usize = 4;

/// The style of the page: which of the three shapes a screen gets. Nothing of anybody's is in it.
const STYLE: &str = "html,body{margin:0;background:#0e1c34}\
    .pictures{position:absolute;width:0;height:0}\
    .wide,.classic,.tall{display:none}\
    .wide,.classic{width:100vw;height:100vh}\
    @media (min-aspect-ratio:3/2){body{overflow:hidden}.wide{display:block}}\
    @media (min-aspect-ratio:1/1) and (max-aspect-ratio:1499/1000){body{overflow:hidden}\
    .classic{display:block}}\
    @media (max-aspect-ratio:999/1000){body{overflow-x:hidden}\
    .tall{display:block;width:100%;max-width:1080px;height:auto;margin:0 auto}}\
    @media print{.wide{display:block}.classic,.tall{display:none}}";

/// The ratio of a board, and the size of its units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Shape {
    /// 16 to 9, 1920 by 1080 units: a big screen.
    Wide,
    /// 4 to 3, 1440 by 1080 units: a projector.
    Classic,
    /// 1080 units wide and as high as it takes: a phone.
    Tall,
}

impl Shape {
    const ALL: [Self; 3] = [Self::Wide, Self::Classic, Self::Tall];

    fn name(self) -> &'static str {
        match self {
            Self::Wide => "wide",
            Self::Classic => "classic",
            Self::Tall => "tall",
        }
    }
}

/// The sign-result page, ready to be drawn. See the [module](self).
///
/// ```
/// use sealwright::ceremony::board::{Board, Shape};
/// use sealwright::ceremony::SignResultView;
/// use sealwright::report::Lang;
///
/// /// For an English audience, as one picture.
/// fn picture(view: &SignResultView) -> String {
///     Board::of(view, &()).in_language(Lang::En).svg(Shape::Wide)
/// }
/// ```
#[derive(Clone)]
pub struct Board<'a> {
    view: &'a SignResultView,
    pictures: &'a dyn Pictures,
    words: Words,
    qrs: Vec<Qr>,
    refresh: u32,
}

impl<'a> Board<'a> {
    /// The board of a view: in Chinese, in the view's offset, without a QR, loaded once.
    #[must_use]
    pub fn of(view: &'a SignResultView, pictures: &'a dyn Pictures) -> Self {
        let words = Words { lang: Lang::Zh, offset: view.utc_offset };
        Self { view, pictures, words, qrs: Vec::new(), refresh: 0 }
    }

    /// In another language. Names and titles stay as they are.
    #[must_use]
    pub fn in_language(mut self, lang: Lang) -> Self {
        self.words.lang = lang;
        self
    }

    /// With times in another offset than the contract's.
    #[must_use]
    pub fn at_offset(mut self, offset: UtcOffset) -> Self {
        self.words.offset = offset;
        self
    }

    /// With a QR for whoever signs next (S44): an address of the host's with the text of
    /// [`Ceremony::sign_qr`](super::Ceremony::sign_qr) in it. The caption tells several QRs apart, by
    /// contract or by signer; it may be empty. The QR is drawn while somebody still has to sign: no
    /// QR of a completed, stopped or concluded meeting is shown. At most four; of more, the first
    /// four are drawn.
    ///
    /// # Errors
    ///
    /// [`Error::QrPayload`] for no bytes and for more than 800.
    pub fn with_qr(mut self, caption: &str, payload: &str) -> Result<Self, Error> {
        let qr = Qr::of(caption, payload)?;
        if self.qrs.len() < MOST_QRS {
            self.qrs.push(qr);
        }
        Ok(self)
    }

    /// The page is to be loaded again after so many seconds; never for 0.
    #[must_use]
    pub fn refreshed_every(self, seconds: u32) -> Self {
        Self { refresh: seconds, ..self }
    }

    /// The page: one HTML document that shows the shape which fits the screen. The same view gives
    /// the same bytes.
    #[must_use]
    pub fn html(&self) -> String {
        let mut album = Album::of(self.pictures);
        let scene = Scene::of(self.view, self.words, &mut album);
        let drawings = Shape::ALL.map(|shape| {
            let page = page::draw(&scene, shape, &self.qrs, self.words);
            svg(&page, &format!("class=\"{}\"", shape.name()), &scene.title, "")
        });
        let symbols = album.symbols();
        let title = escaped(&scene.title);
        let refresh = match self.refresh {
            0 => String::new(),
            seconds => format!("<meta http-equiv=\"refresh\" content=\"{seconds}\">\n"),
        };
        let digest = Digest::of(DigestAlgorithm::Sha256, STYLE.as_bytes());
        let style = url_text::encode_padded(digest.as_bytes());
        format!(
            "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
             img-src data:; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"referrer\" content=\"no-referrer\">\n\
             <meta name=\"robots\" content=\"noindex, nofollow\">\n{refresh}\
             <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
             <svg class=\"pictures\" xmlns=\"http://www.w3.org/2000/svg\" aria-hidden=\"true\">\n\
             {symbols}</svg>\n{}</body>\n</html>\n",
            self.words.tag(),
            drawings.concat(),
        )
    }

    /// The board in one shape: an SVG that stands by itself, as a file or in a page of the host's.
    #[must_use]
    pub fn svg(&self, shape: Shape) -> String {
        let mut album = Album::of(self.pictures);
        let scene = Scene::of(self.view, self.words, &mut album);
        let page = page::draw(&scene, shape, &self.qrs, self.words);
        let language = format!("xml:lang=\"{}\"", self.words.tag());
        svg(&page, &language, &scene.title, &album.symbols())
    }
}

impl fmt::Debug for Board<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What a QR holds opens a contract; names are masked by the view.
        f.debug_struct("Board").field("view", &self.view).field("qrs", &self.qrs.len()).finish()
    }
}

/// The element around a drawing.
fn svg(page: &Page, attributes: &str, title: &str, symbols: &str) -> String {
    let (Page { width, height, body }, sans) = (page, drawing::SANS);
    let title = escaped(title);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" {attributes} \
         role=\"img\" aria-label=\"{title}\" font-family=\"{sans}\" overflow=\"visible\">\n\
         <title>{title}</title>\n{symbols}{body}</svg>\n"
    )
}
