//! Names of refusals in the present interface (§3.8).

/// The code of this engine that means what a vendor's error name means; `None` for a name that an
/// adapter has to judge itself. Families end in a dot or an underscore. The part before the name's
/// dot (`OperationDenied`, `FailedOperation`, …) varies between versions and is not looked at.
///
/// ```
/// use sealwright::contract::vendor::engine_code;
/// assert_eq!(engine_code("OperationDenied.WhiteListForbid"), Some("feature.not_entitled"));
/// assert_eq!(engine_code("OperationDenied.NoPermissionUseServerSignSeal"), Some("grant."));
/// assert_eq!(engine_code("InternalError"), None);
/// ```
#[must_use]
pub fn engine_code(name: &str) -> Option<&'static str> {
    let name = name.rsplit('.').next().unwrap_or(name);
    TABLE.iter().find(|(vendor, _)| *vendor == name).map(|(_, code)| *code)
}

const TABLE: &[(&str, &str)] = &[
    ("OrganizationNotActivated", "org.not_active"),
    ("WhiteListForbid", "feature.not_entitled"),
    ("NoQuota", "feature.quota_exhausted"),
    ("LicenseNoQuota", "feature.quota_exhausted"),
    ("ApproverRepeat", "con.duplicate_signer"),
    ("CcUserRepeat", "con.duplicate_cc"),
    ("FlowHasStarted", "con.illegal_transition"),
    ("FlowStatusForbid", "con.illegal_transition"),
    ("FlowHasTerminated", "con.illegal_transition"),
    ("FlowCancelForbid", "con.cancel_forbidden"),
    ("NoFlowPermission", "emp.no_permission"),
    ("OperatorHasNoPermission", "emp.no_permission"),
    ("UserNotInOrganization", "emp.not_in_org"),
    ("UserNoAudit", "emp.pending_audit"),
    ("NoVerify", "emp.not_verified"),
    ("NoIdentityVerify", "emp.not_verified"),
    ("NoPermissionUseServerSignSeal", "grant."),
    ("ServerSignNoSupportSignature", "ctl.kind_not_allowed_for_party"),
    ("ServerSignNoAllowComponent", "ctl.kind_not_allowed_for_party"),
    ("RequiredComponentNotFill", "ctl.required_value_missing"),
    ("QrHasExpire", "cer.qr_expired"),
    ("QrInvalid", "cer.qr_invalid"),
    ("InvalidApproverAge", "identity.underage"),
    ("OrgUniformSocialCreditCodeErr", "identity.uscc_"),
    ("ComponentPage", "ctl.page_out_of_range"),
    ("ComponentPosition", "ctl.rect_out_of_page"),
    ("ComponentTypeNoMatchValue", "ctl.value_invalid"),
    ("ComponentValue", "ctl.value_invalid"),
    ("Keyword", "ctl.keyword_not_found"),
    ("KeyWord", "ctl.keyword_not_found"),
    ("Field", "ctl.field_not_found"),
    ("ApproverSignComponent", "con.signer_has_no_control"),
    ("FlowDeadLine", "con.deadline_in_past"),
    ("FlowName", "con.name_invalid"),
    ("SealId", "seal.not_found"),
    ("CancelReason", "con.reason_required"),
    ("NoSignReviewPass", "con.review_pending"),
    ("UserInfoNoMatch", "emp.identity_mismatch"),
    ("IdCardNumberCheckFailed", "emp.identity_mismatch"),
    ("FlowHasNoDocument", "doc.missing"),
    ("OrganizationNameNeedChange", "org.name_changed"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_listed_once_and_found_whatever_comes_before_them() {
        let mut names: Vec<&str> = TABLE.iter().map(|(name, _)| *name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), TABLE.len());
        assert_eq!(engine_code("MissingParameter.CancelReason"), Some("con.reason_required"));
        assert_eq!(engine_code("CancelReason"), Some("con.reason_required"));
        assert_eq!(engine_code("CancelReason."), None);
    }
}
