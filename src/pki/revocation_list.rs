//! Lists of revoked certificates (RFC 5280, 5): whose they are, and whom they are about.

use std::ops::Range;

use super::algorithm::AlgorithmIdentifier;
use super::asn1::{Element, Reader, tag};
use super::certificate::Certificate;
use super::error::Error;
use super::path_signature::Strength;
use super::{name, oid};
use crate::limits::Meter;

/// A CRL. Whom it lists, and how old it is, is not looked at here.
#[derive(Clone, Debug)]
pub(super) struct RevocationList {
    der: Box<[u8]>,
    to_be_signed: Range<usize>,
    signature: Range<usize>,
    issuer: Range<usize>,
    scope: Scope,
}

/// About whom a list is (RFC 5280, 5.2.4 and 5.2.5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Scope {
    /// Not about end entities.
    no_users: bool,
    /// Not about authorities.
    no_authorities: bool,
    /// A part of a list, for some reasons only, of others' certificates, or with extensions that are
    /// critical and not known here.
    partial: bool,
}

impl RevocationList {
    /// Reads a CertificateList that fills the input.
    ///
    /// # Errors
    ///
    /// [`Error::Malformed`] or [`Error::Truncated`].
    pub fn from_der(der: &[u8]) -> Result<Self, Error> {
        let mut outer = Reader::der(der);
        let mut parts = outer.expect(tag::SEQUENCE, "a revocation list")?.reader();
        outer.finish("the end of the revocation list")?;
        let list = parts.expect(tag::SEQUENCE, "the list itself")?;
        parts.expect(tag::SEQUENCE, "a signature algorithm")?;
        let signature = parts.expect(tag::BIT_STRING, "a signature")?.bits()?;
        parts.finish("the end of the revocation list")?;
        let (issuer, scope) = contents(&list)?;
        Ok(Self {
            to_be_signed: range(&list),
            signature: der.len().saturating_sub(signature.len())..der.len(),
            issuer,
            scope,
            der: der.into(),
        })
    }

    /// Whether it is a complete list of the certificate's issuer about certificates of its kind, and
    /// signed by that issuer. Which distribution point it belongs to is not compared.
    pub fn is_about(&self, certificate: &Certificate, issuer: &Certificate, work: &Meter) -> bool {
        let left_out = if certificate.is_authority() {
            self.scope.no_authorities
        } else {
            self.scope.no_users
        };
        !self.scope.partial
            && !left_out
            && name::same(self.part(&self.issuer), certificate.issuer_der())
            && self.is_signed_by(issuer, work)
    }

    fn is_signed_by(&self, issuer: &Certificate, work: &Meter) -> bool {
        let behind = self.der.get(self.to_be_signed.end..).unwrap_or_default();
        let message = self.part(&self.to_be_signed);
        // A long list costs as much to hash as several signatures cost to verify.
        let effort = u64::try_from(message.len() >> 16).unwrap_or(u64::MAX).saturating_add(1);
        AlgorithmIdentifier::read(&mut Reader::der(behind)).is_ok_and(|algorithm| {
            work.spend(effort).is_ok()
                && issuer.has_signed(
                    &algorithm,
                    message,
                    self.part(&self.signature),
                    Strength::STRONG_ONLY,
                )
        })
    }

    fn part(&self, range: &Range<usize>) -> &[u8] {
        self.der.get(range.clone()).unwrap_or_default()
    }
}

fn range(element: &Element<'_>) -> Range<usize> {
    element.offset..element.offset.saturating_add(element.raw.len())
}

/// Issuer and scope of a TBSCertList.
fn contents(list: &Element<'_>) -> Result<(Range<usize>, Scope), Error> {
    let mut list = list.reader();
    list.optional(tag::INTEGER)?;
    list.expect(tag::SEQUENCE, "a signature algorithm")?;
    let issuer = list.expect(tag::SEQUENCE, "the issuer's name")?;
    list.any("when the list was made")?;
    for time in [tag::UTC_TIME, tag::GENERALIZED_TIME] {
        list.optional(time)?;
    }
    // Whom it lists: one element, whatever its length.
    list.optional(tag::SEQUENCE)?;
    let scope = match list.optional(tag::context(0))? {
        Some(extensions) => scope(&extensions)?,
        None => Scope::default(),
    };
    list.finish("the end of the list")?;
    Ok((range(&issuer), scope))
}

fn scope(extensions: &Element<'_>) -> Result<Scope, Error> {
    let mut extensions = extensions.reader().expect(tag::SEQUENCE, "extensions")?.reader();
    let mut scope = Scope::default();
    while let Some(extension) = extensions.next()? {
        let mut parts = extension.reader();
        let kind = parts.expect(tag::OID, "the kind of an extension")?;
        let critical = parts.optional(tag::BOOLEAN)?.is_some_and(|it| it.content != [0]);
        let value = parts.expect(tag::OCTET_STRING, "the value of an extension")?;
        match kind.content {
            oid::ISSUING_DISTRIBUTION_POINT => scope.narrow(value.content)?,
            oid::DELTA_CRL_INDICATOR => scope.partial = true,
            _ => scope.partial |= critical,
        }
    }
    Ok(scope)
}

impl Scope {
    /// By an IssuingDistributionPoint (RFC 5280, 5.2.5).
    fn narrow(&mut self, der: &[u8]) -> Result<(), Error> {
        let point = Reader::der(der).expect(tag::SEQUENCE, "an issuing distribution point")?;
        let mut point = point.reader();
        while let Some(part) = point.next()? {
            let is_set = part.content != [0];
            match part.tag {
                ONLY_USERS => self.no_authorities |= is_set,
                ONLY_AUTHORITIES => self.no_users |= is_set,
                DISTRIBUTION_POINT => {}
                // Some reasons only, others' certificates too, attribute certificates only.
                _ => self.partial |= is_set,
            }
        }
        Ok(())
    }
}

const DISTRIBUTION_POINT: u8 = tag::context(0);
const ONLY_USERS: u8 = tag::context_primitive(1);
const ONLY_AUTHORITIES: u8 = tag::context_primitive(2);
