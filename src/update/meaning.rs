//! What a drawing on a page is to somebody who does not see it (ISO 32000-2 §14.8): words, a picture,
//! or nothing that is read.

use std::sync::Arc;

use super::field_filling::date_format;
use super::text::text_token;
use crate::appearance::Drawing;
use crate::contract::{Control, Value};
use crate::geometry::PdfRect;
use crate::pdf::ObjectId;

/// What a drawing means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// An artifact: frames, a picture that nobody described.
    Decoration,
    /// The artifact that lies below a whole page.
    Watermark,
    /// Words of the document; where no text is given, what the glyphs say.
    Words(Option<Arc<str>>),
    /// A picture with its description.
    Picture(Arc<str>),
}

impl Meaning {
    /// That of a drawing of which nothing else is known.
    pub(super) fn of(drawing: &Drawing) -> Self {
        drawing.description().map_or(Self::Decoration, |text| Self::Picture(text.into()))
    }

    /// That of the value of a control.
    pub(super) fn of_value(control: &Control, value: &Value) -> Self {
        let tick = |ticked: bool| if ticked { "\u{2611}" } else { "\u{2610}" };
        match value {
            Value::Checked(ticked) => Self::Words(Some(tick(*ticked).into())),
            Value::Ticked(ticked) => {
                let ticks: Vec<_> = ticked.iter().map(|ticked| tick(*ticked)).collect();
                Self::Words(Some(ticks.join(" ").into()))
            }
            // A figure without a word would not be one for those who do not see it.
            Value::Pictures(_) => Self::Picture(match control.name().as_str() {
                "" => control.key().control.as_str().into(),
                name => name.into(),
            }),
            // The glyphs of a text say it too, but not where its lines were broken.
            _ => Self::Words(value.written(date_format(control.kind())).map(Arc::from)),
        }
    }

    /// Whether the structure has a place for it.
    pub(super) fn is_read(&self) -> bool {
        matches!(self, Self::Words(_) | Self::Picture(_))
    }

    /// What opens the marked content: `mcid` is its number, if it has an element. None if it is not
    /// marked.
    pub(super) fn opening(&self, mcid: Option<usize>, is_tagged: bool) -> Option<Vec<u8>> {
        let number = mcid.map(|mcid| format!("/MCID {mcid}")).unwrap_or_default();
        let opening = match self {
            Self::Picture(text) => {
                let tag = if mcid.is_some() { self.kind() } else { "Span" };
                let head = format!("/{tag} <<{number}/ActualText ");
                [head.as_bytes(), &text_token(text), b">> BDC\n"].concat()
            }
            Self::Words(_) if mcid.is_some() => {
                format!("/{} <<{number}>> BDC\n", self.kind()).into_bytes()
            }
            // §14.8.2.2: what belongs to the page and not to the text.
            Self::Watermark if is_tagged => {
                b"/Artifact <</Type/Pagination/Subtype/Watermark>> BDC\n".to_vec()
            }
            Self::Decoration if is_tagged => b"/Artifact BMC\n".to_vec(),
            _ => return None,
        };
        Some(opening)
    }

    /// The structure element of content that has this number on its page, at this place.
    pub(super) fn element(
        &self,
        parent: ObjectId,
        page: ObjectId,
        mcid: usize,
        at: PdfRect,
    ) -> Vec<u8> {
        let kind = self.kind();
        let mut body =
            format!("<< /Type /StructElem /S /{kind} /P {parent} R /Pg {page} R /K {mcid}")
                .into_bytes();
        match self {
            Self::Picture(text) => {
                body.extend(format!(" /A << /O /Layout /BBox [{at}] >> /Alt ").into_bytes());
                body.extend(text_token(text));
            }
            Self::Words(Some(text)) => {
                body.extend_from_slice(b" /ActualText ");
                body.extend(text_token(text));
            }
            _ => {}
        }
        body.extend_from_slice(b" >>");
        body
    }

    /// The standard structure type (§14.8.4).
    fn kind(&self) -> &'static str {
        if matches!(self, Self::Picture(_)) { "Figure" } else { "P" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opening(meaning: &Meaning, mcid: Option<usize>, is_tagged: bool) -> String {
        String::from_utf8(meaning.opening(mcid, is_tagged).unwrap_or_default()).unwrap()
    }

    #[test]
    fn what_is_read_has_a_number_and_what_is_not_is_an_artifact() {
        let (words, seal) = (Meaning::Words(Some("☑".into())), Meaning::Picture("seal".into()));
        assert_eq!(opening(&words, Some(4), true), "/P <</MCID 4>> BDC\n");
        let figure = "/Figure <</MCID 0/ActualText (seal)>> BDC\n";
        assert_eq!(opening(&seal, Some(0), true), figure);
        assert_eq!(opening(&Meaning::Decoration, None, true), "/Artifact BMC\n");
        let mark = "/Artifact <</Type/Pagination/Subtype/Watermark>> BDC\n";
        assert_eq!(opening(&Meaning::Watermark, None, true), mark);
        for meaning in [words, Meaning::Decoration, Meaning::Watermark] {
            assert_eq!(opening(&meaning, None, false), "", "{meaning:?}");
        }
        assert_eq!(opening(&seal, None, false), "/Span <</ActualText (seal)>> BDC\n");
    }

    #[test]
    fn an_element_says_what_the_glyphs_do_not() {
        let [parent, page] = [5, 6].map(|number| ObjectId::new(number, 0));
        let element = |meaning: &Meaning| {
            let body = meaning.element(parent, page, 3, PdfRect::INVISIBLE);
            String::from_utf8(body).unwrap()
        };
        let head = "<< /Type /StructElem /S /P /P 5 0 R /Pg 6 0 R /K 3";
        assert_eq!(element(&Meaning::Words(None)), format!("{head} >>"));
        let tick = element(&Meaning::Words(Some("☑".into())));
        assert_eq!(tick, format!("{head} /ActualText <FEFF2611> >>"));
        let figure = element(&Meaning::Picture("seal".into()));
        assert!(figure.contains("/S /Figure") && figure.contains("/Alt (seal)"), "{figure}");
        assert!(figure.contains("/A << /O /Layout /BBox [0 0 0 0] >>"), "{figure}");
    }
}
