//! Names of controls, seals and signatures in the present interface (§1, §5.1).

use super::super::control::{ControlKind, Fact, SignatureMethod};
use super::super::intent::IntentMethod;
use super::super::seal_kind::SealKind;

/// The vendor's name of a kind of control (`ComponentType`).
///
/// ```
/// use sealwright::contract::vendor::component_type;
/// use sealwright::contract::{ControlKind, SealMark};
/// assert_eq!(component_type(&ControlKind::PagingSeal(SealMark::default())), "SIGN_PAGING_SEAL");
/// ```
#[must_use]
pub fn component_type(kind: &ControlKind) -> &'static str {
    match kind {
        ControlKind::Seal(_) => "SIGN_SEAL",
        ControlKind::LegalRepSeal { .. } => "SIGN_LEGAL_PERSON_SEAL",
        ControlKind::PagingSeal(_) => "SIGN_PAGING_SEAL",
        ControlKind::Signature(_) => "SIGN_SIGNATURE",
        ControlKind::PagingSignature(_) => "SIGN_PAGING_SIGNATURE",
        ControlKind::SignDate(_) => "SIGN_DATE",
        ControlKind::Opinion(_) => "SIGN_OPINION",
        ControlKind::ApprovalBlock(_) => "SIGN_VIRTUAL_COMBINATION",
        ControlKind::Text(_) => "TEXT",
        ControlKind::MultiLineText(_) => "MULTI_LINE_TEXT",
        ControlKind::CheckBox => "CHECK_BOX",
        ControlKind::CheckBoxGroup(_) => "VIRTUAL_COMBINATION",
        ControlKind::Selector(_) => "SELECTOR",
        ControlKind::Date { .. } => "DATE",
        ControlKind::Number(_) => "DIGIT",
        ControlKind::Image(_) => "FILL_IMAGE",
        ControlKind::Attachment => "ATTACHMENT",
        ControlKind::Table(_) => "DYNAMIC_TABLE",
        ControlKind::Watermark(_) => "WATERMARK",
        ControlKind::Fact(style) => fact_type(style.fact),
    }
}

fn fact_type(fact: Fact) -> &'static str {
    match fact {
        Fact::OrganizationName => "BUSI-FULL-NAME",
        Fact::CreditCode => "BUSI-CREDIT-CODE",
        Fact::LegalRepresentativeName => "BUSI-LEGAL-NAME",
        Fact::Name => "PERSONAL-NAME",
        Fact::Mobile => "PERSONAL-MOBILE",
        Fact::IdNumber => "PERSONAL-IDCARD",
        Fact::Email => "EMAIL",
        Fact::Location => "LOCATION",
        Fact::Education => "EDUCATION",
        Fact::Gender => "GENDER",
        Fact::District => "DISTRICT",
    }
}

/// The vendor's name of a kind of seal (`SealType`). A kind of the organization's own is `OTHER`,
/// its name goes into `SubSealType`.
///
/// ```
/// use sealwright::contract::SealKind;
/// use sealwright::contract::vendor::seal_type;
/// assert_eq!(seal_type(&SealKind::LegalRepresentative), "LEGAL_PERSON_SEAL");
/// ```
#[must_use]
pub fn seal_type(kind: &SealKind) -> &'static str {
    match kind {
        SealKind::Official => "OFFICIAL",
        SealKind::Contract => "CONTRACT",
        SealKind::Finance => "FINANCE",
        SealKind::Personnel => "PERSONNEL",
        SealKind::Invoice => "INVOICE",
        SealKind::LegalRepresentative => "LEGAL_PERSON_SEAL",
        SealKind::Qualification => "EMPLOYEE_QUALIFICATION_SEAL",
        SealKind::Other | SealKind::Custom(_) => "OTHER",
    }
}

/// The vendor's name of a way to sign (`ComponentTypeLimit`).
///
/// ```
/// use sealwright::contract::SignatureMethod;
/// use sealwright::contract::vendor::signature_type;
/// assert_eq!(signature_type(SignatureMethod::FreshStroke), "HANDWRITE");
/// ```
#[must_use]
pub fn signature_type(method: SignatureMethod) -> &'static str {
    match method {
        SignatureMethod::FreshStroke => "HANDWRITE",
        SignatureMethod::StoredStroke => "HANDWRITTEN_ESIGN",
        SignatureMethod::RecognisedStroke => "OCR_ESIGN",
        SignatureMethod::PersonalSeal => "ESIGN",
        SignatureMethod::Generated => "SYSTEM_ESIGN",
        SignatureMethod::Uploaded => "IMG_ESIGN",
    }
}

/// The vendor's number of a proof of intent (`ApproverSignTypes`).
///
/// ```
/// use sealwright::contract::IntentMethod;
/// use sealwright::contract::vendor::intent_number;
/// assert_eq!(intent_number(IntentMethod::Face), 1);
/// ```
#[must_use]
pub fn intent_number(method: IntentMethod) -> u32 {
    match method {
        IntentMethod::Face => 1,
        IntentMethod::Password => 2,
        IntentMethod::CarrierThreeFactor => 3,
        IntentMethod::HardwareKey => 4,
        IntentMethod::DeviceFingerprint => 5,
        IntentMethod::DeviceFace => 6,
    }
}
