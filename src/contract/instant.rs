//! Instants as they are stored: whatever the offset that a caller gives, in UTC.

use time::OffsetDateTime;

use super::edit::Edit;
use super::error::Error;
use super::signed_record::SignedRecord;
use crate::decision::storable;

/// The same instant in UTC.
///
/// # Errors
///
/// `con.setting_invalid` if UTC has no year 0 to 9999 for it.
pub(super) fn in_utc(at: OffsetDateTime) -> Result<OffsetDateTime, Error> {
    storable(at).ok_or(Error::OutsideCalendar { at })
}

impl Edit {
    /// The same change, its deadlines in UTC.
    pub(super) fn in_utc(mut self) -> Result<Self, Error> {
        match &mut self {
            Self::Deadline { deadline: Some(deadline) } => *deadline = in_utc(*deadline)?,
            Self::People { slots, .. } => {
                for deadline in slots.iter_mut().filter_map(|slot| slot.deadline.as_mut()) {
                    *deadline = in_utc(*deadline)?;
                }
            }
            _ => {}
        }
        Ok(self)
    }
}

impl SignedRecord {
    /// The same record, its instants in UTC.
    pub(super) fn in_utc(mut self) -> Result<Self, Error> {
        for check in &mut self.intent {
            check.at = in_utc(check.at)?;
        }
        if let Some(certificate) = &mut self.certificate {
            certificate.not_before = in_utc(certificate.not_before)?;
            certificate.not_after = in_utc(certificate.not_after)?;
        }
        Ok(self)
    }
}
