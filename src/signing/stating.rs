//! What a signature states of the authority behind it: derived from permits, never said by anybody.

use std::collections::BTreeSet;

use super::Seal;
use super::error::Error;
use super::grant::SignedGrant;
use crate::authorization::{Authority, SealPermit, SigningPermit};
use crate::contract::ControlKey;
use crate::digest::Digest;
use crate::identity::DocumentId;
use crate::limits::Limits;
use crate::pki::SignedData;
use crate::statement::{
    self, AUTHORITY_ATTRIBUTE, AuthorityStatement, ContractReference, DocumentReference,
    FaceDigest, GRANTS_ATTRIBUTE, IntentKey, IntentReference, OrganizationReference,
    PermittedStatement, Reference, SealClaim, Window, encode_grants,
};
use crate::update::{Picture, Shown};

/// What [`Seal`] was told to state.
#[derive(Clone, Default)]
pub(super) enum Stating<'f> {
    /// What follows from the faces: the host's word for those it asserts, nothing if there is none.
    #[default]
    OfFaces,
    /// The signing that was permitted.
    Permit { permit: &'f SigningPermit, document: &'f DocumentId, key: &'f IntentKey },
    /// That no seal and no authority is claimed.
    Nothing,
    /// Nothing at all: no attribute.
    Left,
}

/// A statement that will be in the signed attributes, and the signed grants beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Stated {
    /// The DER of an [`AuthorityStatement`].
    pub(super) authority: Option<Vec<u8>>,
    /// The DER of a list of signed grants.
    pub(super) grants: Option<Vec<u8>>,
}

impl<'f> Seal<'f> {
    /// Signs what was permitted, and states it under the signature: the contract, the document as
    /// issued and as it is, every seal of the permit in this document with its grant, the controls
    /// without a seal, and how the signer showed that he means it, as references under `key`. All
    /// seals of the permit in the document have to be drawn, and no others.
    ///
    /// `document` says which of the contract's documents this is; its bytes are compared.
    ///
    /// ```
    /// # use sealwright::appearance::SealFace;
    /// # use sealwright::authorization::SigningPermit;
    /// # use sealwright::contract::ControlKey;
    /// # use sealwright::pdf::File;
    /// # use sealwright::signing::{Error, Seal, SignedUpdate, Signer};
    /// # use sealwright::statement::IntentKey;
    /// fn seal<'f>(
    ///     file: &'f File<'f>,
    ///     control: &'f ControlKey,
    ///     face: &'f SealFace,
    ///     permit: &'f SigningPermit,
    ///     key: &'f IntentKey,
    ///     signer: &dyn Signer,
    /// ) -> Result<Option<SignedUpdate<'f>>, Error> {
    ///     let Some(authority) = permit.authority(control) else { return Ok(None) };
    ///     Seal::on(file)
    ///         .existing_field(control.control.as_str())
    ///         .face(face, authority)
    ///         .under(permit, &control.document, key)
    ///         .sign(signer, permit.at())
    ///         .map(Some)
    /// }
    /// ```
    pub fn under(
        mut self,
        permit: &'f SigningPermit,
        document: &'f DocumentId,
        key: &'f IntentKey,
    ) -> Self {
        self.stating = Stating::Permit { permit, document, key };
        self
    }

    /// States that the signature claims no seal and no authority: that of a platform, which certifies
    /// or closes. A seal that somebody draws under it all the same is exposed.
    ///
    /// ```
    /// # use sealwright::limits::Limits;
    /// # use sealwright::pdf::File;
    /// # use sealwright::signing::{LocalSigner, Seal};
    /// # use sealwright_testdata::pki::{KeyType, Validity, identity};
    /// # let now = time::OffsetDateTime::from_unix_timestamp(1_767_225_600)?;
    /// # let identity = identity(KeyType::P256, Validity::around(now));
    /// # let (key, chain) = (identity.key_pem(), identity.chain_pem());
    /// # let signer = LocalSigner::from_pem(key.as_bytes(), chain.as_bytes())?;
    /// # let bytes = sealwright_testdata::documents::classic_table();
    /// let file = File::open(&bytes, Limits::default())?;
    /// let signed = Seal::on(&file).invisible().claims_nothing().sign(&signer, now)?;
    /// # let whole = [bytes.as_slice(), signed.appended()].concat();
    /// # let report = sealwright::check(&whole, &sealwright::CheckOptions::without_trust())?;
    /// # assert!(report.conclusion.is_passed());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn claims_nothing(mut self) -> Self {
        self.stating = Stating::Nothing;
        self
    }

    /// Leaves every statement out, for a signer that answers with a CMS of its own and cannot take
    /// attributes up ([`ToBeSigned::attributes`](super::ToBeSigned::attributes)). A judge then finds
    /// seals that nothing vouches for.
    pub fn without_statement(mut self) -> Self {
        self.stating = Stating::Left;
        self
    }
}

impl Stated {
    /// A statement and the grants that it rests on, each for one of its seals.
    pub(super) fn of(
        statement: Option<&AuthorityStatement>,
        grants: &[SignedGrant],
    ) -> Result<Self, Error> {
        let permitted = statement.and_then(AuthorityStatement::permitted);
        let claims = permitted.map(|permitted| permitted.seals.as_slice()).unwrap_or_default();
        for signed in grants {
            let grant = &signed.statement().grant;
            if !claims.iter().any(|claim| claim.grant == *grant) {
                return Err(Error::GrantOfOther { grant: grant.to_string() });
            }
        }
        let papers: Vec<_> = grants.iter().map(|signed| signed.as_der().to_vec()).collect();
        let grants = if papers.is_empty() { None } else { Some(encode_grants(&papers)?) };
        let authority = statement.map(AuthorityStatement::encode).transpose()?;
        Ok(Self { authority, grants })
    }

    /// Whether a CMS states this and nothing else. What the host asserts may be missing in the answer
    /// of a signer that makes its own CMS.
    pub(super) fn check(&self, cms: &[u8]) -> Result<(), Error> {
        let signed = SignedData::parse(cms, &Limits::default())?;
        let signer = signed.signers().first();
        for (attribute, stated) in
            [(AUTHORITY_ATTRIBUTE, &self.authority), (GRANTS_ATTRIBUTE, &self.grants)]
        {
            let found = signer.map(|signer| signer.signed_attribute_values(attribute));
            let agrees = match (found.as_deref().unwrap_or_default(), stated) {
                ([], None) => true,
                ([], Some(_)) => attribute == AUTHORITY_ATTRIBUTE && self.is_asserted(),
                ([found], Some(stated)) => found == stated,
                _ => false,
            };
            if !agrees {
                return Err(Error::NotStated { attribute });
            }
        }
        Ok(())
    }

    fn is_asserted(&self) -> bool {
        let authority = self.authority.as_deref();
        let read = authority.map(|bytes| AuthorityStatement::decode(bytes, &Limits::default()));
        matches!(read, Some(Ok(AuthorityStatement::AssertedByHost { .. })))
    }

    /// Whole attributes, to be signed.
    pub(super) fn attributes(&self) -> Result<Vec<Vec<u8>>, Error> {
        let authority = self.authority.as_deref().map(statement::authority_attribute);
        let grants = self.grants.as_deref().map(statement::grants_attribute);
        Ok(authority.into_iter().chain(grants).collect::<Result<_, _>>()?)
    }

    /// The permitted signing that it states, if it states one.
    pub(super) fn permitted(&self) -> Result<Option<PermittedStatement>, Error> {
        let Some(authority) = &self.authority else { return Ok(None) };
        match AuthorityStatement::decode(authority, &Limits::default())? {
            AuthorityStatement::Permitted(permitted) => Ok(Some(*permitted)),
            _ => Ok(None),
        }
    }
}

impl Stating<'_> {
    /// The statement of a signature with these pictures.
    pub(super) fn statement(
        &self,
        first: Option<&Picture<'_>>,
        also: &[Shown<'_>],
    ) -> Result<Option<AuthorityStatement>, Error> {
        let pictures = first.into_iter().chain(also.iter().map(|shown| &shown.picture));
        let drawn: Vec<(FaceDigest, &Authority)> = pictures
            .filter_map(|picture| match picture {
                Picture::Seal(seal) => Some((seal.face.face_digest(), &seal.authority)),
                _ => None,
            })
            .collect();
        match self {
            Self::OfFaces => of_faces(&drawn),
            Self::Permit { permit, document, key } => {
                check_drawn(permit, document, &drawn)?;
                let permitted = permitted(permit, document, Some(key))?;
                Ok(Some(AuthorityStatement::Permitted(Box::new(permitted))))
            }
            Self::Nothing if drawn.is_empty() => Ok(Some(AuthorityStatement::Nothing)),
            Self::Nothing => Err(Error::ClaimsNothing { faces: drawn.len() }),
            Self::Left => Ok(None),
        }
    }
}

/// The host's word. A permit says more than its seals, so it has to be given as a whole.
fn of_faces(drawn: &[(FaceDigest, &Authority)]) -> Result<Option<AuthorityStatement>, Error> {
    if drawn.iter().any(|(_, authority)| authority.permit().is_some()) {
        return Err(Error::PermitNotGiven);
    }
    let faces: BTreeSet<[u8; 32]> = drawn.iter().map(|(face, _)| *face.as_bytes()).collect();
    let faces: Vec<_> = faces.into_iter().map(FaceDigest::from_bytes).collect();
    Ok((!faces.is_empty()).then_some(AuthorityStatement::AssertedByHost { faces }))
}

/// Every seal that is drawn is one of the permit's, and every one of the permit's in this document is
/// drawn: what is claimed is what is seen.
fn check_drawn(
    permit: &SigningPermit,
    document: &DocumentId,
    drawn: &[(FaceDigest, &Authority)],
) -> Result<(), Error> {
    let own: BTreeSet<&ControlKey> = seals_in(permit, document).map(SealPermit::control).collect();
    let mut seen = BTreeSet::new();
    for (_, authority) in drawn {
        let used = authority.permit().ok_or(Error::AssertedBesidePermit)?;
        let is_own = permit.seals().any(|seal| seal == used) && own.contains(used.control());
        if !is_own {
            return Err(Error::OtherPermit { control: used.control().clone() });
        }
        seen.insert(used.control());
    }
    match own.difference(&seen).next() {
        Some(missing) => Err(Error::SealNotDrawn { control: (*missing).clone() }),
        None => Ok(()),
    }
}

fn seals_in<'p>(
    permit: &'p SigningPermit,
    document: &'p DocumentId,
) -> impl Iterator<Item = &'p SealPermit> {
    permit.seals().filter(move |seal| seal.control().document == *document)
}

/// What a permit says of one document.
fn permitted(
    permit: &SigningPermit,
    document: &DocumentId,
    key: Option<&IntentKey>,
) -> Result<PermittedStatement, Error> {
    let contract = permit.contract();
    let unknown = || Error::DocumentNotInPermit { document: document.clone() };
    let issued = permit.issued(document).ok_or_else(unknown)?;
    let before = permit.documents().iter().find(|state| state.document == *document);
    let before = before.ok_or_else(unknown)?.digest;
    let controls = permit
        .signatures()
        .iter()
        .map(|signature| &signature.control)
        .chain(permit.beside())
        .filter(|control| control.document == *document);
    let controls: BTreeSet<&str> = controls.map(|control| control.control.as_str()).collect();
    let checks = permit.intent().iter();
    let intent = checks.zip(key.into_iter().cycle()).map(|(check, key)| {
        let (contract, slot) = (contract.as_str(), permit.slot().as_str());
        IntentReference::of(key, contract, slot, check.method.code(), &check.reference)
    });
    let organization = permit.organization().map(|(id, code)| {
        Ok::<_, statement::Error>(OrganizationReference {
            id: id.as_str().parse()?,
            credit_code: Some(code.as_str().parse()?),
        })
    });
    let facts = permit.contract_facts();
    Ok(PermittedStatement {
        at: permit.at(),
        contract: ContractReference {
            id: contract.as_str().parse()?,
            group: facts.group.map(|group| group.as_str().parse()).transpose()?,
            contract_type: facts.contract_type.map(str::parse).transpose()?,
            ceremony: facts.ceremony.map(|ceremony| ceremony.as_str().parse()).transpose()?,
        },
        slot: permit.slot().as_str().parse()?,
        document: DocumentReference { id: document.as_str().parse()?, issued, before },
        organization: organization.transpose()?,
        seals: claims(seals_in(permit, document))?,
        controls: references(controls)?,
        intent: intent.collect(),
    })
}

/// One claim for each seal and grant, in the order in which the permit has them.
fn claims<'p>(seals: impl Iterator<Item = &'p SealPermit>) -> Result<Vec<SealClaim>, Error> {
    let mut claims: Vec<SealClaim> = Vec::new();
    for seal in seals {
        let control: Reference = seal.control().control.as_str().parse()?;
        let known = claims.iter_mut().find(|claim| {
            claim.seal.as_str() == seal.seal().as_str()
                && claim.grant.as_str() == seal.grant().as_str()
        });
        if let Some(claim) = known {
            claim.controls.push(control);
            continue;
        }
        let granted = seal.granted();
        claims.push(SealClaim {
            seal: seal.seal().as_str().parse()?,
            version: seal.version(),
            face: seal.face(),
            organization: seal.organization().as_str().parse()?,
            employee: seal.employee().as_str().parse()?,
            grant: seal.grant().as_str().parse()?,
            window: Window::new(granted.from(), granted.until())?,
            controls: vec![control],
        });
    }
    claims.iter_mut().for_each(|claim| claim.controls.sort_unstable());
    Ok(claims)
}

fn references<'t>(texts: impl IntoIterator<Item = &'t str>) -> Result<Vec<Reference>, Error> {
    Ok(texts.into_iter().map(str::parse).collect::<Result<_, _>>()?)
}

/// Whether a permit that was given later allows the same: all but when it was given and how the
/// signer proved his intent, which has been checked anew.
pub(super) fn still_permitted(
    stated: &PermittedStatement,
    permit: &SigningPermit,
) -> Result<(), Error> {
    let document = permit
        .documents()
        .iter()
        .map(|state| &state.document)
        .find(|document| document.as_str() == stated.document.id.as_str());
    let Some(document) = document else { return Err(Error::PermitChanged) };
    let now = permitted(permit, document, None)?;
    let now = PermittedStatement { at: stated.at, intent: stated.intent.clone(), ..now };
    if now == *stated { Ok(()) } else { Err(Error::PermitChanged) }
}

/// The document that a statement is about must be the one that is signed, bit for bit.
pub(super) fn check_base(stated: &Stated, base: &Digest) -> Result<(), Error> {
    match stated.permitted()? {
        Some(permitted) if permitted.document.before != *base => Err(Error::OtherDocument {
            permitted: Box::new(permitted.document.before),
            found: Box::new(*base),
        }),
        _ => Ok(()),
    }
}
