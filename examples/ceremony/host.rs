//! The host program around the engine: its clock, its keys, its database, the folder for its files.

use std::collections::BTreeMap;
use std::path::PathBuf;

use sealwright::appearance::{Font, FontBook, Handwriting, SealFace, StrokePoint};
use sealwright::audit::HostKey;
use sealwright::ceremony::{KeyId, LinkKey, LinkKeys};
use sealwright::contract;
use sealwright::execution::{Certifier, Documents, Means};
use sealwright::identity::{GrantId, OrganizationId, PersonId, SealId};
use sealwright::limits::Limits;
use sealwright::organization::By;
use sealwright::signing::{LocalSigner, SignedGrant, SignerError, TimestampAuthority};
use sealwright::statement::IntentKey;
use sealwright_testdata::pki::{DemoAuthority, KeyType, Validity};
use sealwright_testdata::tsa::Tsa;
use sealwright_testdata::{font, handwriting};
use time::{Duration, OffsetDateTime};

use crate::Failure;
use crate::cast::{A, B, document_id};
use crate::database::Database;
use crate::gallery::Gallery;
use crate::teller::Teller;

/// Who certifies the documents, so that afterwards nothing but filling in is permitted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Certifies {
    /// The platform, with a signature of its own.
    Platform,
    /// Whoever signs first.
    FirstSigner,
}

/// The host program.
pub struct Host {
    pub database: Database,
    /// The engine has no clock: every verb is told what time it is.
    pub now: OffsetDateTime,
    pub teller: Teller,
    pub gallery: Gallery,
    /// What each version of a seal looks like: the engine keeps its digest.
    pub faces: BTreeMap<(SealId, u32), SealFace>,
    /// What a signer wrote with his finger.
    pub strokes: Handwriting,
    pub fonts: FontBook,
    pub link_keys: LinkKeys,
    /// Under which the trail names people.
    pub host_key: HostKey,
    /// Under which a signature refers to the proof that its signer meant it.
    pub intent_key: IntentKey,
    pub certifies: Certifies,
    /// The certificates that a stranger has to trust: whoever certified the signers, and the
    /// time-stamping authority.
    pub root_pem: String,
    /// The time-stamping authority, which a real host asks over the network.
    pub tsa: Tsa,
    /// What custodians signed of their grants: goes into the signatures that rest on them.
    pub papers: BTreeMap<GrantId, SignedGrant>,
    keys: BTreeMap<OrganizationId, LocalSigner>,
    custodians: BTreeMap<OrganizationId, LocalSigner>,
    platform: LocalSigner,
    operator: PersonId,
}

impl Host {
    /// On Monday, 5 January 2026, at nine in Beijing, with an empty database.
    pub fn new(folder: PathBuf, teller: Teller, certifies: Certifies) -> Result<Self, Failure> {
        let now = OffsetDateTime::from_unix_timestamp(1_767_574_800)?;
        // In production from a key service; keys of companies never leave their device or service.
        let host_key = HostKey::new(b"thirty-two bytes out of a vault!")?;
        let intent_key = IntentKey::new(b"another thirty-two secret bytes!")?;
        let link_key = LinkKey::new(KeyId::new("2026-01")?, &[7; 32])?;
        let authority = DemoAuthority::new(now);
        let lasting = Validity { not_after: now + Duration::days(3650), ..Validity::around(now) };
        let tsa = Tsa::new(KeyType::P256, lasting);
        let signer = |serial, name: &str| {
            let identity = authority.certify(serial, name);
            let (key, chain) = (identity.key_pem(), identity.chain_pem());
            LocalSigner::from_pem(key.as_bytes(), chain.as_bytes())
        };
        let keys = [(A.id.parse()?, signer(1, A.name)?), (B.id.parse()?, signer(2, B.name)?)];
        let custodian = |serial, name: &str| signer(serial, &format!("{name} 印章管理员"));
        let custodians =
            [(A.id.parse()?, custodian(4, A.name)?), (B.id.parse()?, custodian(5, B.name)?)];
        let song = Font::from_bytes(font::NOTO_SERIF_SC, 0)?;
        let hei = Font::from_bytes(font::NOTO_SANS_SC, 0)?;
        let fonts = FontBook::new().with(contract::Font::Song, song)?;
        Ok(Self {
            database: Database::new(host_key.clone()),
            now,
            teller,
            gallery: Gallery::new(folder)?,
            faces: BTreeMap::new(),
            strokes: handwritten()?,
            fonts: fonts.with(contract::Font::Hei, hei)?,
            link_keys: LinkKeys::new(link_key),
            host_key,
            intent_key,
            certifies,
            root_pem: authority.root_pem() + &tsa.identity().root_pem(),
            tsa,
            papers: BTreeMap::new(),
            keys: keys.into(),
            custodians: custodians.into(),
            platform: signer(3, "电子合同签约平台")?,
            operator: "platform".parse()?,
        })
    }

    /// The host's own operator: a reviewer, a job at night.
    pub fn operator(&self) -> By<'_> {
        By::Host(&self.operator)
    }

    /// Time goes by.
    pub fn later(&mut self, by: Duration) {
        self.now += by;
    }

    /// The key of a company: in production an HSM, a cloud or a token in somebody's hand.
    pub fn key_of(&self, organization: &OrganizationId) -> Result<&LocalSigner, Failure> {
        self.keys.get(organization).ok_or_else(|| Failure::new("the company has no key"))
    }

    /// The platform's own key.
    pub fn platform(&self) -> &LocalSigner {
        &self.platform
    }

    /// The key of whoever keeps a company's seals (印章管理员).
    pub fn custodian_of(&self, organization: &OrganizationId) -> Result<&LocalSigner, Failure> {
        let custodian = self.custodians.get(organization);
        custodian.ok_or_else(|| Failure::new("the company has no custodian"))
    }

    /// The same for every step of every contract.
    pub fn means(&self) -> Means<'_> {
        Means::new(&self.fonts)
    }

    /// Who certifies: said at the start, and recorded in the contract.
    pub fn certifier(&self) -> Certifier<'_> {
        match self.certifies {
            Certifies::Platform => Certifier::Platform(&self.platform),
            Certifies::FirstSigner => Certifier::FirstSigner,
        }
    }

    /// The newest bytes of the contract's document.
    pub fn documents(&self) -> Result<Documents<'_>, Failure> {
        let id = document_id()?;
        let bytes = self.database.file(&id)?;
        Ok(Documents::new().with(id, bytes, Limits::default())?)
    }
}

/// The time-stamping authority, asked at this time.
pub struct Service<'h> {
    pub tsa: &'h Tsa,
    pub at: OffsetDateTime,
}

impl TimestampAuthority for Service<'_> {
    fn stamp(&self, request: &[u8]) -> Result<Vec<u8>, SignerError> {
        // A real host posts the request and returns what it is answered.
        Ok(self.tsa.answer(request, self.at))
    }
}

/// What a canvas in the signer's browser recorded.
fn handwritten() -> Result<Handwriting, Failure> {
    let (width, height) = handwriting::CANVAS;
    let strokes = handwriting::signature().into_iter().map(|stroke| {
        stroke.into_iter().map(|(x, y, millis)| StrokePoint::new(x, y, millis)).collect::<Vec<_>>()
    });
    Ok(Handwriting::new(width, height, strokes)?)
}
