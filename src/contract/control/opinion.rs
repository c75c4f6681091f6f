//! Opinions that a signer confirms, and blocks of controls that belong together.

use serde::{Deserialize, Serialize};

use super::{ControlError, ControlKind, DateStyle, SelectorStyle, SignatureMark, TextStyle};
use crate::geometry::{self, MilliPoints, Rect, Size};

/// The longest opinion, in characters.
const MOST_OPINION: i64 = 50;
/// How many children a block has at most (R-CTL-19).
const MOST_CHILDREN: usize = 4;

/// A text that the signer confirms by clicking its words in order (签批意见).
///
/// ```
/// use sealwright::contract::Opinion;
/// let opinion = Opinion::new(["本人", "已阅读并", "同意"])?;
/// assert_eq!(opinion.text(), "本人已阅读并同意");
/// # Ok::<(), sealwright::contract::ControlError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "OpinionFields", into = "OpinionFields")]
pub struct Opinion {
    words: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct OpinionFields {
    words: Vec<String>,
}

impl Opinion {
    /// The words, in the order in which they are clicked; one word is one click.
    ///
    /// # Errors
    ///
    /// [`ControlError::ParameterOutOfRange`] unless all of them have 1 to 50 characters together,
    /// [`ControlError::ValueInvalid`] for a word that is empty.
    pub fn new<W: Into<String>>(words: impl IntoIterator<Item = W>) -> Result<Self, ControlError> {
        let words: Vec<String> = words.into_iter().map(Into::into).collect();
        let length = words.iter().map(|word| word.chars().count()).sum::<usize>();
        ControlError::check_parameter("the length of the opinion", length, 1, MOST_OPINION)?;
        if words.iter().any(|word| word.is_empty() || word.chars().any(char::is_control)) {
            let problem = "an opinion with an empty word or a control character; leave it out";
            return Err(ControlError::ValueInvalid { problem });
        }
        Ok(Self { words })
    }

    /// The words.
    #[must_use]
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// The text that is confirmed.
    #[must_use]
    pub fn text(&self) -> String {
        self.words.concat()
    }
}

impl TryFrom<OpinionFields> for Opinion {
    type Error = ControlError;

    fn try_from(fields: OpinionFields) -> Result<Self, ControlError> {
        Self::new(fields.words)
    }
}

impl From<Opinion> for OpinionFields {
    fn from(opinion: Opinion) -> Self {
        Self { words: opinion.words }
    }
}

/// What stands in a block (R-CTL-19).
///
/// ```
/// use sealwright::contract::{BlockPart, SignatureMark};
/// assert!(BlockPart::Signature(SignatureMark::default()).is_signature());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum BlockPart {
    /// The signature.
    Signature(SignatureMark),
    /// The date of signing.
    Date(DateStyle),
    /// A choice: agreed, refused.
    Selector(SelectorStyle),
    /// An opinion in the signer's words.
    MultiLineText(TextStyle),
}

impl BlockPart {
    /// Whether it is the signature.
    #[must_use]
    pub fn is_signature(&self) -> bool {
        matches!(self, Self::Signature(_))
    }

    /// The kind of control that reads what is handed in for it; none for signature and date.
    #[must_use]
    pub fn fill_kind(&self) -> Option<ControlKind> {
        match self {
            Self::Signature(_) | Self::Date(_) => None,
            Self::Selector(style) => Some(ControlKind::Selector(style.clone())),
            Self::MultiLineText(style) => Some(ControlKind::MultiLineText(*style)),
        }
    }
}

/// A child of a block: what it is, and its rectangle counted from the block's top left corner.
///
/// ```
/// use sealwright::contract::{BlockChild, BlockPart, DateStyle};
/// use sealwright::geometry::{Pt, Rect};
/// let rect = Rect::new(Pt(0.0), Pt(60.0), Pt(120.0), Pt(30.0))?;
/// let date = BlockChild { part: BlockPart::Date(DateStyle::default()), rect, required: true };
/// assert!(date.required);
/// # Ok::<(), sealwright::geometry::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct BlockChild {
    /// What it is.
    pub part: BlockPart,
    /// Where it stands, from the block's top left corner.
    pub rect: Rect,
    /// Whether a selector or a text must have a value; signature and date always must.
    pub required: bool,
}

/// Signature, date, choice and opinion of an approval, as one control (签批控件).
///
/// ```
/// use sealwright::contract::{ApprovalBlock, BlockChild, BlockPart, SignatureMark};
/// use sealwright::geometry::{Pt, Rect};
/// let rect = Rect::new(Pt(0.0), Pt(0.0), Pt(112.0), Pt(52.0))?;
/// let part = BlockPart::Signature(SignatureMark::default());
/// let block = ApprovalBlock::new([BlockChild { part, rect, required: true }])?;
/// assert_eq!(block.children().len(), 1);
/// assert!(ApprovalBlock::new([]).is_err()); // a signature there must be
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "BlockFields", into = "BlockFields")]
pub struct ApprovalBlock {
    children: Vec<BlockChild>,
}

#[derive(Serialize, Deserialize)]
struct BlockFields {
    children: Vec<BlockChild>,
}

impl ApprovalBlock {
    /// A block of one to four children.
    ///
    /// # Errors
    ///
    /// [`ControlError::BlockChildren`] (R-CTL-19).
    pub fn new(children: impl IntoIterator<Item = BlockChild>) -> Result<Self, ControlError> {
        let children: Vec<BlockChild> = children.into_iter().collect();
        let outside = |child: &BlockChild| {
            child.rect.size().is_empty()
                || child.rect.x() < MilliPoints::ZERO
                || child.rect.y() < MilliPoints::ZERO
        };
        let problem = if children.is_empty() || children.len() > MOST_CHILDREN {
            "a block has one to four children; leave some out"
        } else if children.iter().filter(|child| child.part.is_signature()).count() != 1 {
            "a block has exactly one signature; add it, or leave the others out"
        } else if children.iter().any(outside) {
            "a child of the block has no area or lies left of or above the block; move it"
        } else {
            return Ok(Self { children });
        };
        Err(ControlError::BlockChildren { problem })
    }

    /// The children, as they were given.
    #[must_use]
    pub fn children(&self) -> &[BlockChild] {
        &self.children
    }

    /// From its top left corner to the far corner of its children.
    pub(super) fn extent(&self) -> Result<Size, geometry::Error> {
        far_corner(self.children.iter().map(|child| child.rect))
    }
}

impl TryFrom<BlockFields> for ApprovalBlock {
    type Error = ControlError;

    fn try_from(fields: BlockFields) -> Result<Self, ControlError> {
        Self::new(fields.children)
    }
}

impl From<ApprovalBlock> for BlockFields {
    fn from(block: ApprovalBlock) -> Self {
        Self { children: block.children }
    }
}

/// The size that holds all these rectangles, counted from the origin.
pub(super) fn far_corner(
    rects: impl Iterator<Item = Rect> + Clone,
) -> Result<Size, geometry::Error> {
    let right = rects.clone().map(|rect| rect.right()).max().unwrap_or_default();
    let bottom = rects.map(|rect| rect.bottom()).max().unwrap_or_default();
    Size::new(right, bottom)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Pt;

    fn child(part: BlockPart, x: f64) -> BlockChild {
        let rect = Rect::new(Pt(x), Pt(0.0), Pt(10.0), Pt(10.0)).unwrap();
        BlockChild { part, rect, required: true }
    }

    #[test]
    fn r_ctl_19_at_most_four_children_inside_the_block() {
        let text = || child(BlockPart::MultiLineText(TextStyle::default()), 0.0);
        let signature = || child(BlockPart::Signature(SignatureMark::default()), 0.0);
        let left = child(BlockPart::Date(DateStyle::default()), -1.0);
        assert!(ApprovalBlock::new([signature(), text(), text(), text()]).is_ok());
        let five = vec![signature(), text(), text(), text(), text()];
        for wrong in
            [vec![], vec![text()], five, vec![signature(), signature()], vec![signature(), left]]
        {
            let error = ApprovalBlock::new(wrong).unwrap_err();
            assert_eq!(error.code(), "ctl.block_children");
        }
        assert!(serde_json::from_str::<ApprovalBlock>(r#"{"children":[]}"#).is_err());
    }

    #[test]
    fn opinions_have_fifty_characters() {
        assert!(Opinion::new(["同意".repeat(25)]).is_ok());
        for wrong in [vec![], vec!["同意".repeat(26)], vec!["a".into(), String::new()]] {
            assert_eq!(Opinion::new(wrong).unwrap_err().code(), "ctl.value_invalid");
        }
        assert!(serde_json::from_str::<Opinion>(r#"{"words":[""]}"#).is_err());
    }
}
