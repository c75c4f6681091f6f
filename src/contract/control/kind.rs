//! The kinds of control, with what each of them asks for (§5.1).

use serde::{Deserialize, Serialize};

use super::super::party::Party;
use super::super::signer::Signer;
use super::{
    ApprovalBlock, CheckBoxGroup, ControlError, DateFormat, DateStyle, FactStyle, ImageFit, Mark,
    NumberStyle, Opacity, Opinion, SealMark, SelectorStyle, SignatureMark, TableStyle, TextStyle,
    Watermark,
};
use crate::geometry::{Mm, Pt, Size};

/// What a control is, and what it asks for (控件类型, §5.1).
///
/// ```
/// use sealwright::contract::{ControlKind, SealMark};
/// let seal = ControlKind::Seal(SealMark::default());
/// assert_eq!(seal.code(), "seal");
/// assert!(seal.is_sign() && seal.is_seal() && !seal.is_fill());
/// assert_eq!(seal.default_size().to_string(), "119.055 x 119.055"); // 42 mm
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "asks", rename_all = "snake_case")]
#[non_exhaustive]
pub enum ControlKind {
    /// A company seal (印章).
    Seal(SealMark),
    /// The legal representative's seal (法定代表人章); which one is no question.
    LegalRepSeal {
        /// How opaque it is drawn.
        opacity: Opacity,
        /// Whether it is drawn in its physical size.
        use_seal_size: bool,
    },
    /// A company seal over the edges of pages (骑缝章).
    PagingSeal(SealMark),
    /// A natural person's signature (签名).
    Signature(SignatureMark),
    /// A signature over the edges of pages (骑缝签名).
    PagingSignature(SignatureMark),
    /// The date of signing (签署日期).
    SignDate(DateStyle),
    /// A text that the signer confirms (签批意见).
    Opinion(Opinion),
    /// Signature, date, choice and opinion in one (签批控件).
    ApprovalBlock(ApprovalBlock),
    /// One line of text (单行文本).
    Text(TextStyle),
    /// Lines of text (多行文本).
    MultiLineText(TextStyle),
    /// A box to tick (勾选框).
    CheckBox,
    /// Boxes to tick (复选框组).
    CheckBoxGroup(CheckBoxGroup),
    /// A choice (选择器).
    Selector(SelectorStyle),
    /// A date that somebody fills in (日期).
    Date {
        /// How it is written.
        format: DateFormat,
        /// How it is set.
        style: TextStyle,
    },
    /// A number (数字).
    Number(NumberStyle),
    /// Pictures (图片).
    Image(ImageFit),
    /// Pictures that are attached, not drawn (附件).
    Attachment,
    /// A table (动态表格).
    Table(TableStyle),
    /// A watermark (水印).
    Watermark(Watermark),
    /// What the engine knows of the owner (预设信息).
    Fact(FactStyle),
}

/// What an owner is, as far as kinds of control are concerned (R-CTL-06).
///
/// ```
/// use sealwright::contract::{ControlKind, OwnerKind, SealMark};
/// let seal = ControlKind::Seal(SealMark::default());
/// assert!(seal.check_owner(OwnerKind::Organization).is_ok());
/// let error = seal.check_owner(OwnerKind::Person).unwrap_err();
/// assert_eq!(error.code(), "ctl.kind_not_allowed_for_party");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OwnerKind {
    /// The initiator, who fills before the start.
    Initiator,
    /// A signer for a natural person.
    Person,
    /// A signer for an organization.
    Organization,
    /// A signature without any human act.
    Automatic,
}

impl OwnerKind {
    /// What a signer is who signs for this party.
    pub(in crate::contract) fn of(signer: &Signer, party: &Party) -> Self {
        match signer {
            Signer::Auto { .. } => Self::Automatic,
            _ if party.is_organization() => Self::Organization,
            _ => Self::Person,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Initiator => "the initiator",
            Self::Person => "a person",
            Self::Organization => "an organization's signer",
            Self::Automatic => "an automatic signer",
        }
    }
}

impl ControlKind {
    /// A stable name.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Seal(_) => "seal",
            Self::LegalRepSeal { .. } => "legal_rep_seal",
            Self::PagingSeal(_) => "paging_seal",
            Self::Signature(_) => "signature",
            Self::PagingSignature(_) => "paging_signature",
            Self::SignDate(_) => "sign_date",
            Self::Opinion(_) => "opinion",
            Self::ApprovalBlock(_) => "approval_block",
            Self::Text(_) => "text",
            Self::MultiLineText(_) => "multi_line_text",
            Self::CheckBox => "check_box",
            Self::CheckBoxGroup(_) => "check_box_group",
            Self::Selector(_) => "selector",
            Self::Date { .. } => "date",
            Self::Number(_) => "number",
            Self::Image(_) => "image",
            Self::Attachment => "attachment",
            Self::Table(_) => "table",
            Self::Watermark(_) => "watermark",
            Self::Fact(_) => "fact",
        }
    }

    /// Whether it is completed by signing.
    #[must_use]
    pub fn is_sign(&self) -> bool {
        self.is_seal()
            || self.is_signature()
            || matches!(self, Self::SignDate(_) | Self::Opinion(_))
    }

    /// Whether it is completed by a seal.
    #[must_use]
    pub fn is_seal(&self) -> bool {
        matches!(self, Self::Seal(_) | Self::LegalRepSeal { .. } | Self::PagingSeal(_))
    }

    /// Whether it is completed by a natural person's signature.
    #[must_use]
    pub fn is_signature(&self) -> bool {
        matches!(self, Self::Signature(_) | Self::PagingSignature(_) | Self::ApprovalBlock(_))
    }

    /// Whether it is completed by data.
    #[must_use]
    pub fn is_fill(&self) -> bool {
        !self.is_sign() && !matches!(self, Self::Watermark(_))
    }

    /// Whether a seal or a signature completes it, by which somebody binds himself: a date or an
    /// opinion only stands beside one.
    #[must_use]
    pub fn is_of_signer(&self) -> bool {
        self.is_sign() && !matches!(self, Self::SignDate(_) | Self::Opinion(_))
    }

    /// Whether a mark of this kind completes it: a seal's control takes no signature, a signature's
    /// no seal.
    #[must_use]
    pub fn is_completed_by(&self, mark: &Mark) -> bool {
        match mark {
            Mark::Seal { .. } => self.is_seal(),
            Mark::Signature { .. } => {
                matches!(self, Self::Signature(_) | Self::PagingSignature(_))
            }
            Mark::Block { .. } => matches!(self, Self::ApprovalBlock(_)),
            Mark::Date => matches!(self, Self::SignDate(_)),
            Mark::Opinion => matches!(self, Self::Opinion(_)),
        }
    }

    /// Whether it lies over the edges of pages.
    #[must_use]
    pub fn is_paging(&self) -> bool {
        matches!(self, Self::PagingSeal(_) | Self::PagingSignature(_))
    }

    /// What it asks of a seal, if it names seals.
    #[must_use]
    pub fn seal_mark(&self) -> Option<&SealMark> {
        match self {
            Self::Seal(mark) | Self::PagingSeal(mark) => Some(mark),
            _ => None,
        }
    }

    /// Whether its mark is drawn in the seal's physical size, whatever its box (R-CTL-15). A
    /// cross-page seal has no box to be larger than.
    #[must_use]
    pub fn uses_seal_size(&self) -> bool {
        match self {
            Self::Seal(mark) => mark.use_seal_size,
            Self::LegalRepSeal { use_seal_size, .. } => *use_seal_size,
            _ => false,
        }
    }

    /// Its size where neither its location nor a seal says one.
    #[must_use]
    pub fn default_size(&self) -> Size {
        let size = match self {
            kind if kind.is_seal() => Size::new(Mm(42.0), Mm(42.0)),
            Self::Signature(_) | Self::PagingSignature(_) => Size::new(Pt(112.0), Pt(52.0)),
            Self::ApprovalBlock(block) => block.extent(),
            Self::CheckBoxGroup(group) => group.extent(),
            Self::CheckBox => Size::new(Pt(12.0), Pt(12.0)),
            Self::Image(_) | Self::Attachment => Size::new(Pt(120.0), Pt(120.0)),
            Self::MultiLineText(_) | Self::Opinion(_) => Size::new(Pt(240.0), Pt(60.0)),
            Self::Table(_) => Size::new(Pt(400.0), Pt(120.0)),
            _ => Size::new(Pt(120.0), Pt(30.0)),
        };
        // Constant sizes exist, and a rectangle's far corner is a size.
        size.unwrap_or_default()
    }

    /// Whether an owner of this kind may have it (R-CTL-06). Tables and watermarks are the
    /// initiator's alone; an automatic signer has seals only, each fixed.
    ///
    /// # Errors
    ///
    /// [`ControlError::KindNotAllowedForParty`].
    pub fn check_owner(&self, owner: OwnerKind) -> Result<(), ControlError> {
        let initiators = matches!(self, Self::Table(_) | Self::Watermark(_));
        let allowed = match owner {
            OwnerKind::Initiator => !self.is_sign(),
            OwnerKind::Person => !self.is_seal() && !initiators,
            OwnerKind::Organization => !initiators,
            OwnerKind::Automatic => self.seal_mark().is_some(),
        };
        if allowed {
            return Ok(());
        }
        Err(ControlError::KindNotAllowedForParty { kind: self.code(), owner: owner.name() })
    }
}

#[cfg(test)]
pub(in crate::contract) mod tests {
    use super::super::{BlockChild, BlockPart, Fact};
    use super::*;
    use crate::geometry::Rect;

    /// One control of every kind.
    pub(in crate::contract) fn every_kind() -> Vec<ControlKind> {
        let rect = Rect::new(Pt(0.0), Pt(10.0), Pt(60.0), Pt(20.0)).unwrap();
        let part = BlockPart::Signature(SignatureMark::default());
        let block = ApprovalBlock::new([BlockChild { part, rect, required: true }]).unwrap();
        let (format, style) = (DateFormat::default(), TextStyle::default());
        vec![
            ControlKind::Seal(SealMark::default()),
            ControlKind::LegalRepSeal { opacity: Opacity::default(), use_seal_size: true },
            ControlKind::PagingSeal(SealMark::default()),
            ControlKind::Signature(SignatureMark::default()),
            ControlKind::PagingSignature(SignatureMark::default()),
            ControlKind::SignDate(DateStyle::default()),
            ControlKind::Opinion(Opinion::new(["同意"]).unwrap()),
            ControlKind::ApprovalBlock(block),
            ControlKind::Text(style),
            ControlKind::MultiLineText(style),
            ControlKind::CheckBox,
            ControlKind::CheckBoxGroup(CheckBoxGroup::new([rect]).unwrap()),
            ControlKind::Selector(SelectorStyle::of(["a", "b"]).unwrap()),
            ControlKind::Date { format, style },
            ControlKind::Number(NumberStyle::default()),
            ControlKind::Image(ImageFit::default()),
            ControlKind::Attachment,
            ControlKind::Table(TableStyle::of(["a"]).unwrap()),
            ControlKind::Watermark(Watermark::text("draft").unwrap()),
            ControlKind::Fact(Fact::Mobile.into()),
        ]
    }

    fn allowed(owner: OwnerKind) -> Vec<&'static str> {
        let kinds = every_kind();
        kinds.iter().filter(|kind| kind.check_owner(owner).is_ok()).map(ControlKind::code).collect()
    }

    #[test]
    fn r_ctl_06_which_owner_may_have_which_kind() {
        let sign = ["signature", "paging_signature", "sign_date", "opinion", "approval_block"];
        let seals = ["seal", "legal_rep_seal", "paging_seal"];
        let fill = [
            "text",
            "multi_line_text",
            "check_box",
            "check_box_group",
            "selector",
            "date",
            "number",
            "image",
            "attachment",
            "fact",
        ];
        assert_eq!(allowed(OwnerKind::Person), [&sign[..], &fill].concat());
        assert_eq!(allowed(OwnerKind::Organization), [&seals[..], &sign, &fill].concat());
        assert_eq!(allowed(OwnerKind::Automatic), ["seal", "paging_seal"]);
        let initiator = allowed(OwnerKind::Initiator);
        assert!(["table", "watermark"].iter().all(|kind| initiator.contains(kind)));
        assert!(initiator.iter().all(|kind| !sign.contains(kind) && !seals.contains(kind)));
        let error = every_kind()[0].check_owner(OwnerKind::Person).unwrap_err();
        assert_eq!(error.code(), "ctl.kind_not_allowed_for_party");
    }

    #[test]
    fn every_kind_survives_storage_and_has_a_size() {
        for kind in every_kind() {
            let json = serde_json::to_string(&kind).unwrap();
            assert_eq!(serde_json::from_str::<ControlKind>(&json).unwrap(), kind, "{json}");
            assert!(json.contains(kind.code()), "{json}");
            assert!(!kind.default_size().is_empty(), "{json}");
            assert!(u8::from(kind.is_sign()) + u8::from(kind.is_fill()) <= 1);
        }
    }
}
