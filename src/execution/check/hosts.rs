//! Signatures that no slot expects: the platform's certification and the time-stamp that closes the
//! document, each as the record has it. Anything else is foreign.

use time::OffsetDateTime;

use super::code::DeviationCode as Code;
use super::form::Form;
use super::stated::other_certificate;
use super::verdict::Deviation;
use crate::contract::{CertifiedBy, ClosingStamp, Contract, Document};
use crate::execution::fields::PLATFORM;
use crate::instant::rfc3339;
use crate::pdf::File;
use crate::pki::TimestampToken;
use crate::report::{Claim, Kind, SignatureReport};

/// What a certification permits that is made here: `/P` of DocMDP.
const FORM_FILLING: u8 = 2;

/// One document and what the record says of it.
pub(super) struct Hosts<'h, 'f> {
    pub(super) contract: &'h Contract,
    pub(super) document: &'h Document,
    pub(super) form: &'h Form,
    pub(super) file: &'h File<'f>,
}

impl Hosts<'_, '_> {
    /// A signature of no slot; `before_all` if it was there before any slot was signed.
    pub(super) fn check(&self, signature: &SignatureReport, before_all: bool) -> Option<Deviation> {
        let found = match (self.contract.certified_by(), self.document.closed_by()) {
            (Some(CertifiedBy::Platform { certificate }), _)
                if before_all && is_platform(signature) =>
            {
                other_certificate(Code::OtherPlatform, certificate, signature)
            }
            (_, Some(stamp))
                if signature.kind == Kind::Timestamp && signature.field == stamp.field =>
            {
                self.other_stamp(stamp)
            }
            _ => {
                let found = signature.identity.name().unwrap_or_default();
                let found = format!("field {} by {found}", signature.field);
                Some(Deviation::new(Code::ForeignSignature, "no such signature", found))
            }
        };
        found.map(|deviation| deviation.under(signature.index))
    }

    /// Who certifies a document that nobody had signed before, by the first signature in it.
    pub(super) fn certified_otherwise(&self, first: &SignatureReport) -> Option<Deviation> {
        let recorded = self.contract.certified_by()?.code();
        let told = |who: &str, permission: u8| format!("{who}, permission {permission}");
        let expected = match recorded {
            "nobody" => recorded.to_owned(),
            who => told(who, FORM_FILLING),
        };
        let found = match first.permissions.docmdp {
            None => "nobody".to_owned(),
            Some(permission) if first.field == PLATFORM => told("platform", permission),
            Some(permission) => told("first_signer", permission),
        };
        let other = || Deviation::new(Code::CertifiedOtherwise, &expected, &found);
        (expected != found).then(|| other().under(first.index))
    }

    fn other_stamp(&self, recorded: &ClosingStamp) -> Option<Deviation> {
        let told = |serial: &str, time: OffsetDateTime| {
            format!("time-stamp {serial} of {}", rfc3339(time))
        };
        let expected = told(&recorded.serial, recorded.time);
        let found = self.token(&recorded.field);
        let found = found.map_or_else(|| "none that can be read".to_owned(), |(a, b)| told(&a, b));
        (expected != found).then(|| Deviation::new(Code::OtherTimestamp, &expected, &found))
    }

    /// Serial number and time of the token in a field.
    fn token(&self, field: &str) -> Option<(String, OffsetDateTime)> {
        let value = self.form.field(field)?.value.as_ref()?.as_reference()?;
        let dictionary = self.file.latest().dictionary(value).ok()?;
        let contents = &dictionary.get(b"Contents")?.as_string()?.bytes;
        let token = TimestampToken::parse(contents, self.file.limits()).ok()?;
        Some((token.serial(), token.time()))
    }
}

/// An invisible signature in the platform's field that claims nothing.
fn is_platform(signature: &SignatureReport) -> bool {
    let claims_nothing =
        signature.authority.as_ref().is_none_or(|stated| stated.claim == Claim::Nothing);
    signature.kind == Kind::Signature && signature.field == PLATFORM && claims_nothing
}
