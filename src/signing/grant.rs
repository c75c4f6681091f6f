//! Signed grants: the word of an organization that its seal was granted, under its custodian's key.

use time::OffsetDateTime;

use super::Profile;
use super::Seal as SealingOf;
use super::error::Error;
use super::signer::{Signer, SignerAnswer, ToBeSigned};
use crate::authorization::{GrantScope, Seal, SealGrant};
use crate::digest::Digest;
use crate::identity::Uscc;
use crate::limits::Limits;
use crate::pki::{
    Certificate, Outcome, SignatureProfile, SignedContent, SignedData, SignedDataBuilder,
};
use crate::statement::{
    self, GRANT_CONTENT_TYPE, GrantReach, GrantStatement, GrantedFace, Grantee,
    OrganizationReference, Reference, Window,
};

/// What an organization says of a grant of its seal: all versions of the seal's face until now, to
/// whom, when, for which contracts.
///
/// `credit_code` is that of the organization; a judge finds the custodians it trusts by it.
/// `certificate` is one that the grantee signs with, where that is known: the grant is then for
/// nobody else's key, in whatever certificate that stands.
///
/// ```
/// # use sealwright::authorization::{Seal, SealGrant};
/// # use sealwright::identity::Uscc;
/// # use sealwright::signing::{Error, SignedGrant, Signer, grant_statement, sign_grant};
/// # use time::OffsetDateTime;
/// fn paper(
///     grant: &SealGrant,
///     seal: &Seal,
///     code: &Uscc,
///     custodian: &dyn Signer,
///     now: OffsetDateTime,
/// ) -> Result<SignedGrant, Error> {
///     let statement = grant_statement(grant, seal, Some(code), None, now)?;
///     sign_grant(&statement, custodian)
/// }
/// ```
///
/// # Errors
///
/// [`Error::OtherSeal`] if the grant is for another seal; [`Error::Statement`] if something is too
/// long to be stated.
pub fn grant_statement(
    grant: &SealGrant,
    seal: &Seal,
    credit_code: Option<&Uscc>,
    certificate: Option<&Certificate>,
    now: OffsetDateTime,
) -> Result<GrantStatement, Error> {
    if grant.seal() != seal.id() {
        return Err(Error::OtherSeal { granted: grant.seal().clone(), given: seal.id().clone() });
    }
    let faces = seal.versions();
    let faces =
        faces.map(|version| GrantedFace { version: version.number, face: version.image.face() });
    let validity = grant.validity();
    Ok(GrantStatement {
        grant: grant.id().as_str().parse()?,
        seal: seal.id().as_str().parse()?,
        faces: faces.collect(),
        organization: OrganizationReference {
            id: grant.organization().as_str().parse()?,
            credit_code: credit_code.map(|code| code.as_str().parse()).transpose()?,
        },
        grantee: Grantee {
            employee: grant.grantee().as_str().parse()?,
            certificate: None,
            key: certificate.map(|one| sha256(one.key_fingerprint())),
        },
        window: Window::new(validity.from(), validity.until())?,
        reach: reach(grant.scope())?,
        issued_at: now,
    })
}

fn sha256(digest: Digest) -> [u8; 32] {
    digest.as_bytes().try_into().unwrap_or_default()
}

fn reach(scope: &GrantScope) -> Result<GrantReach, Error> {
    fn listed<'t>(texts: impl Iterator<Item = &'t str>) -> Result<Vec<Reference>, Error> {
        Ok(texts.map(str::parse).collect::<Result<_, statement::Error>>()?)
    }
    Ok(match scope {
        GrantScope::AnyContract => GrantReach::AnyContract,
        GrantScope::Contracts(ids) => {
            GrantReach::Contracts(listed(ids.iter().map(|id| id.as_str()))?)
        }
        GrantScope::Groups(ids) => GrantReach::Groups(listed(ids.iter().map(|id| id.as_str()))?),
        GrantScope::ContractTypes(names) => {
            GrantReach::ContractTypes(listed(names.iter().map(String::as_str))?)
        }
        GrantScope::Ceremony(only) => GrantReach::Ceremony(only.as_str().parse()?),
    })
}

/// A grant under the signature of the custodian of the seal: a CMS with the statement inside. Made by
/// [`sign_grant`], or read with [`SignedGrant::from_der`]; put into signatures with
/// [`Seal::granted_by`](super::Seal::granted_by).
///
/// Its signature holds; whether the custodian is one is for the judge to say, who knows whom to trust
/// for which organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedGrant {
    cms: Vec<u8>,
    statement: GrantStatement,
    custodian: Certificate,
}

impl SignedGrant {
    /// Reads a signed grant and checks its signature.
    ///
    /// # Errors
    ///
    /// If it is none, or its signature does not hold.
    pub fn from_der(cms: &[u8], limits: &Limits) -> Result<Self, Error> {
        let broken = |reason: String| Error::DoesNotVerify { reason };
        let signed = SignedData::parse(cms, limits)?;
        let check = signed.check(&SignedContent::Encapsulated, &[]);
        let custodian = match (check.overall(), check.certificate) {
            (Outcome::Good, Some(custodian)) if check.signing_certificate.is_good() => custodian,
            (Outcome::Good | Outcome::Absent, _) => {
                return Err(broken("the custodian's certificate is not bound".to_owned()));
            }
            (Outcome::CannotJudge(doubt), _) => return Err(broken(doubt.to_string())),
            (Outcome::Bad(fault), _) => return Err(broken(fault.to_string())),
        };
        let content = signed.content().filter(|_| signed.content_type() == GRANT_CONTENT_TYPE);
        let Some(content) = content.filter(|_| signed.tail().is_empty()) else {
            return Err(broken("it is not a signed grant".to_owned()));
        };
        let statement = GrantStatement::decode(content, limits)?;
        Ok(Self { cms: cms.to_vec(), statement, custodian })
    }

    /// The CMS.
    #[must_use]
    pub fn as_der(&self) -> &[u8] {
        &self.cms
    }

    /// What was signed.
    #[must_use]
    pub fn statement(&self) -> &GrantStatement {
        &self.statement
    }

    /// The certificate under whose key it was signed.
    #[must_use]
    pub fn custodian(&self) -> &Certificate {
        &self.custodian
    }
}

/// Has the custodian of a seal (印章管理员) sign that it was granted.
///
/// The signer gets the attributes to sign, as for a document, and answers with a signature value; its
/// certificates go into the CMS. The time of signing is that of the statement.
///
/// ```
/// # use sealwright::signing::LocalSigner;
/// # use sealwright::statement::{
/// #     FaceDigest, GrantReach, GrantStatement, GrantedFace, Grantee, OrganizationReference, Window,
/// # };
/// # use sealwright_testdata::pki::{KeyType, Validity, identity};
/// # let now = time::OffsetDateTime::from_unix_timestamp(1_767_225_600)?;
/// # let identity = identity(KeyType::P256, Validity::around(now));
/// # let (key, chain) = (identity.key_pem(), identity.chain_pem());
/// # let custodian = LocalSigner::from_pem(key.as_bytes(), chain.as_bytes())?;
/// # let statement = GrantStatement {
/// #     grant: "grant_1".parse()?,
/// #     seal: "seal_1".parse()?,
/// #     faces: vec![GrantedFace { version: 1, face: FaceDigest::from_bytes([7; 32]) }],
/// #     organization: OrganizationReference { id: "org_a".parse()?, credit_code: None },
/// #     grantee: Grantee { employee: "emp_1".parse()?, certificate: None, key: None },
/// #     window: Window::new(now, None)?,
/// #     reach: GrantReach::AnyContract,
/// #     issued_at: now,
/// # };
/// use sealwright::limits::Limits;
/// use sealwright::signing::{SignedGrant, sign_grant};
///
/// let signed = sign_grant(&statement, &custodian)?;
/// assert_eq!(SignedGrant::from_der(signed.as_der(), &Limits::default())?, signed);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// Whatever keeps it from being signed; [`Error::NotAValue`] for a signer that answers with a CMS.
pub fn sign_grant<S: Signer + ?Sized>(
    statement: &GrantStatement,
    custodian: &S,
) -> Result<SignedGrant, Error> {
    let content = statement.encode()?;
    let description = custodian.description();
    let profile = SignatureProfile::Pkcs7 { signing_time: statement.issued_at };
    let builder =
        SignedDataBuilder::new(description.certificates(), description.algorithm(), profile)?;
    let document = Digest::of(builder.digest_algorithm(), &content);
    let builder = builder.enclosing(GRANT_CONTENT_TYPE, content)?;
    let attributes = builder.signed_attributes(&document)?;
    let to_be_signed = ToBeSigned {
        message: attributes.as_der().to_vec(),
        digest: attributes.digest(),
        document,
        algorithm: attributes.algorithm(),
        profile: Profile::Pkcs7,
        signed_at: statement.issued_at,
        attributes: Vec::new(),
        room: usize::MAX,
    };
    match custodian.sign(&to_be_signed)? {
        SignerAnswer::Signature(value) => {
            SignedGrant::from_der(&attributes.finish(&value), &Limits::default())
        }
        SignerAnswer::Cms(_) => Err(Error::NotAValue),
    }
}

impl SealingOf<'_> {
    /// Puts a signed grant under the signature, for a seal of the permit: an auditor with the document
    /// alone then sees that it was granted. Once for each grant that the permit rests on.
    ///
    /// The signature grows by the size of the CMS, mostly the custodian's certificates.
    pub fn granted_by(mut self, grant: &SignedGrant) -> Self {
        self.grants.push(grant.clone());
        self
    }
}
