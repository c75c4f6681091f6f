//! The application for a feature, in the words of the guide.

use serde::{Deserialize, Serialize};

use super::Feature;
use crate::digest::{Digest, DigestAlgorithm};
use crate::identity::{OrganizationId, OrganizationName};

/// The application of an organization for a feature: a mail of fixed subject and body, which the
/// host sends.
///
/// For strategic signing the words are those of the guide (S6, S7); for other features the
/// feature's name stands in the same sentence.
///
/// ```
/// use sealwright::identity::OrganizationName;
/// use sealwright::organization::{EntitlementRequest, Feature};
/// let request = EntitlementRequest {
///     organization: "org_a".parse()?,
///     name: OrganizationName::parse("晨曦公司")?,
///     feature: Feature::StrategicSigning,
/// };
/// assert_eq!(request.subject(), "申请开启战略会议签约权限 - 晨曦公司");
/// assert_eq!(request.body(), "企业名称【晨曦公司】申请开启战略会议签约使用权限");
/// # Ok::<(), sealwright::identity::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntitlementRequest {
    /// Who applies.
    pub organization: OrganizationId,
    /// The legal name at that time.
    pub name: OrganizationName,
    /// For what.
    pub feature: Feature,
}

impl EntitlementRequest {
    /// The subject of the mail.
    #[must_use]
    pub fn subject(&self) -> String {
        format!("申请开启{}权限 - {}", self.feature.chinese(), self.name)
    }

    /// The body of the mail.
    #[must_use]
    pub fn body(&self) -> String {
        format!("企业名称【{}】申请开启{}使用权限", self.name, self.feature.chinese())
    }

    /// The digest that an approval rests on: SHA-256 of subject, line feed and body in UTF-8.
    #[must_use]
    pub fn digest(&self) -> Digest {
        let text = format!("{}\n{}", self.subject(), self.body());
        Digest::of(DigestAlgorithm::Sha256, text.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(feature: Feature) -> EntitlementRequest {
        EntitlementRequest {
            organization: "org_a".parse().unwrap(),
            name: OrganizationName::parse("晨曦科技(深圳)有限公司").unwrap(),
            feature,
        }
    }

    #[test]
    fn r_ent_01_the_application_has_the_words_of_the_guide() {
        let request = request(Feature::StrategicSigning);
        assert_eq!(request.subject(), "申请开启战略会议签约权限 - 晨曦科技（深圳）有限公司");
        assert_eq!(
            request.body(),
            "企业名称【晨曦科技（深圳）有限公司】申请开启战略会议签约使用权限"
        );
    }

    #[test]
    fn r_ent_01_the_application_for_another_feature_differs_and_so_does_its_digest() {
        let (signing, seal) = (request(Feature::StrategicSigning), request(Feature::CrossPageSeal));
        assert_eq!(seal.subject(), "申请开启骑缝章权限 - 晨曦科技（深圳）有限公司");
        assert_ne!(signing.digest(), seal.digest());
        assert_eq!(signing.digest(), signing.clone().digest());
    }
}
