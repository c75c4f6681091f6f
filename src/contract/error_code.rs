//! The stable names of refusals (domain §3.9), and the checks that many guards share.

use super::error::Error;
use crate::identity::Factors;

impl Error {
    /// A stable name of the kind of refusal, for programs (domain §3.9).
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::IllegalTransition { .. } | Self::OneOfAGroup { .. } => "con.illegal_transition",
            Self::GroupIncomplete { .. } => "con.group_incomplete",
            Self::Stale(stale) => stale.code(),
            Self::NameInvalid { .. } => "con.name_invalid",
            Self::SettingInvalid { .. } | Self::OutsideCalendar { .. } => "con.setting_invalid",
            Self::NoSigner => "con.no_signer",
            Self::TooManySigners { .. } => "con.too_many_signers",
            Self::DuplicateSigner { .. } => "con.duplicate_signer",
            Self::DuplicateCc { .. } => "con.duplicate_cc",
            Self::CcIsSigner { .. } => "con.cc_is_signer",
            Self::PlanInconsistent { .. } => "con.plan_inconsistent",
            Self::SignerHasNoControl { .. } => "con.signer_has_no_control",
            Self::WarningUnacknowledged { .. } => "con.warning_unacknowledged",
            Self::DeadlineInPast { .. } => "con.deadline_in_past",
            Self::DeadlineNotLater { .. } => "con.deadline_not_later",
            Self::DeadlineAfterNext { .. } => "con.deadline_after_next",
            Self::DeadlineAfterContract { .. } => "con.deadline_after_contract",
            Self::DeadlinePassed { .. } => "con.deadline_passed",
            Self::DeadlineNotReached { .. } => "con.deadline_not_reached",
            Self::NotASigner => "con.not_a_signer",
            Self::EntryLinkOnly { .. } => "con.entry_link_only",
            Self::NotYourTurn { .. } => "con.not_your_turn",
            Self::AlreadyActed { .. } => "con.already_acted",
            Self::NoReviewNeeded { .. } => "con.no_review_needed",
            Self::ReviewPending { .. } => "con.review_pending",
            Self::ReviewRejected { .. } => "con.review_rejected",
            Self::ReasonRequired => "con.reason_required",
            Self::ReasonTooLong { .. } => "con.reason_too_long",
            Self::ReasonInvalid { .. } => "con.reason_invalid",
            Self::DeclineForbidden { .. } => "con.decline_forbidden",
            Self::CancelForbidden => "con.cancel_forbidden",
            Self::ForwardForbidden { .. } => "con.forward_forbidden",
            Self::SlotNotDynamic { .. } => "con.slot_not_dynamic",
            Self::NotPending { .. } => "con.not_pending",
            Self::ReminderLimit { .. } => "con.reminder_limit",
            Self::NoChannel { .. } => "con.no_channel",
            Self::ReleaseForbidden { .. } => "con.release_forbidden",
            Self::ReleaseExists { .. } => "con.release_exists",
            Self::ReleaseActor => "con.release_actor",
            Self::ReleaseAutoSign { .. } => "con.release_auto_sign",
            Self::InProgress { .. } => "sign.in_progress",
            Self::StaleTicket { .. } => "sign.stale_ticket",
            Self::IdentityMismatch { .. } => "emp.identity_mismatch",
            Self::ViewCheckMissing { .. } => "emp.not_verified",
            Self::QuotaNotGiven { .. } => "con.quota_not_given",
            Self::DocumentUnknown { .. } => "doc.missing",
            Self::DocumentUnchanged { .. } => "con.document_unchanged",
            Self::Postcheck { .. } => "sign.postcheck",
            Self::ControlUnsigned { .. } => "sign.control_unsigned",
            Self::Control(error) => error.code(),
            Self::ControlProblem(problem) => problem.code(),
            Self::Document(error) => error.code(),
            Self::DocumentProblem(problem) => problem.code(),
            Self::Signing(error) => error.code(),
            Self::Organization(error) => error.code(),
            Self::Identity(error) => error.code(),
        }
    }

    /// Refuses facts that differ.
    pub(super) fn unless_equal(factors: Factors) -> Result<(), Self> {
        if factors.is_empty() { Ok(()) } else { Err(Self::IdentityMismatch { factors }) }
    }

    /// Refuses a length or number outside its bounds.
    pub(super) fn check_setting(
        setting: &'static str,
        found: usize,
        least: usize,
        most: usize,
    ) -> Result<(), Self> {
        if (least..=most).contains(&found) {
            return Ok(());
        }
        let wide = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        let (found, least, most) = (wide(found), wide(least), wide(most));
        Err(Self::SettingInvalid { setting, found, least, most })
    }
}
