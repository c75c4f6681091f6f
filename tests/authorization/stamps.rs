//! Seals and grants in the states that stories begin with.

use sealwright::authorization::{
    Grantee, ImageFacts, ImageFormat, NewFace, NewGrant, NewSeal, Seal, SealColour, SealCommand,
    SealFacts, SealGrant, SealName, SealRules, SealShape, SealSize, SealSource, Validity,
};
use sealwright::contract::{Reason, SealKind};
use sealwright::organization::{By, Employee};
use sealwright::statement::FaceDigest;

use crate::people::{Company, after, digest, made, operator, start};

pub fn image(face: u8) -> ImageFacts {
    ImageFacts {
        format: Some(ImageFormat::Png),
        bytes: 81_234,
        width: 600,
        height: 600,
        transparent: true,
        source: digest("png"),
        face: Some(FaceDigest::from_bytes([face; 32])),
    }
}

pub fn uploaded(face: u8) -> NewFace {
    NewFace {
        source: SealSource::Uploaded,
        image: image(face),
        shape: SealShape::Circle,
        size: Some(SealSize::round(42)),
        colour: SealColour::Red,
    }
}

pub fn new_seal(id: &str, kind: SealKind) -> NewSeal {
    let name = SealName::parse(&format!("印章 {id}")).unwrap();
    NewSeal::new(id.parse().unwrap(), kind, name, uploaded(1))
}

pub fn reason() -> Reason {
    Reason::parse("不再使用").unwrap()
}

/// Rules that everything but a test of the rules takes.
pub fn rules() -> &'static SealRules {
    static RULES: std::sync::LazyLock<SealRules> = std::sync::LazyLock::new(SealRules::default);
    &RULES
}

impl Company {
    pub fn facts(&self) -> SealFacts<'_> {
        SealFacts { organization: &self.organization, seals: &[], grants: &[], rules: rules() }
    }

    /// Who may dispose of seals of this kind.
    pub fn keeper(&self, kind: &SealKind) -> By<'_> {
        let legal = kind.is_legal_representative();
        self.by(if legal { &self.chief } else { &self.sealer })
    }

    pub fn create(&self, new: NewSeal) -> Seal {
        let by = self.keeper(&new.kind);
        made(&Seal::create(new, &by, &self.facts(), start()).unwrap())
    }

    /// The seal after its keeper's command, or the platform's where it is the platform's.
    pub fn command(&self, seal: &Seal, command: SealCommand) -> Seal {
        let operator = operator();
        let by = match command {
            SealCommand::Approve | SealCommand::Reject { .. } => By::Host(&operator),
            _ => self.keeper(seal.kind()),
        };
        after(seal, &seal.decide(command, &by, &self.facts(), start()).unwrap())
    }

    /// A seal that passed its review.
    pub fn enabled(&self, id: &str, kind: SealKind) -> Seal {
        self.command(&self.create(new_seal(id, kind)), SealCommand::Approve)
    }

    /// A grant by the keeper of the seal.
    pub fn granted(&self, new: NewGrant, seal: &Seal, to: &Employee) -> SealGrant {
        let by = self.keeper(seal.kind());
        let to = Grantee::from(to);
        made(&SealGrant::grant(new, seal, to, &by, &self.organization, start()).unwrap())
    }
}

/// The right to use a seal from the start of the stories on.
pub fn to_use(id: &str) -> NewGrant {
    NewGrant::to_use(id.parse().unwrap(), Validity::starting(start()))
}
