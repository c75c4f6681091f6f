//! sealwright seals contracts: it puts a company seal and a PAdES signature into a PDF without
//! touching a byte that was there before, and it judges signed PDFs that come back.
//!
//! ```text
//!  seal image ─► SealFace                     PDF ─► pdf::File (lazy, strict)
//!                    │                                   │
//!                    └──────────────► Seal ◄─────────────┘
//!                                      │  prepare: bytes to append, with a gap
//!                                      ▼
//!                        digest ─► Signer (local key, HSM, cloud) ─► CMS ─► SignedUpdate
//!                                                                            │
//!                                                        original + appended bytes
//!
//!  signed PDF ─► located ─► covered ─► intact ─► identified ─► timed ─► unmodified ─► Report
//! ```
//!
//! Two verbs do most of the work.
//!
//! **Seal** ([`Seal`], in [`signing`]):
//!
//! ```
//! use sealwright::{Authority, Limits, LocalSigner, Mm, Seal, SealFace, pdf};
//! # use sealwright_testdata::{contract, pki, seal};
//! # let now = time::OffsetDateTime::from_unix_timestamp(1_767_225_600)?;
//! # let identity = pki::demo_identity(now);
//! # let (key, chain) = (identity.key_pem(), identity.chain_pem());
//! # let (key, chain) = (key.as_bytes(), chain.as_bytes());
//! # let (png, bytes) = (seal::PNG, contract::PDF);
//!
//! let face = SealFace::from_image(png, Mm(42.0))?; // compiled once, for every document
//! let signer = LocalSigner::from_pem(key, chain)?; // or your own: impl Signer for MyHsm
//!
//! let file = pdf::File::open(bytes, Limits::default())?;
//! let sealed = Seal::on(&file)
//!     .page(-1)
//!     .at(Mm(45.0), Mm(203.0)) // from the top left of the page as a person sees it
//!     .face(&face, Authority::AssertedByHost)
//!     .sign(&signer, now)?;
//!
//! let mut out = Vec::new();
//! sealed.write_to(&mut out)?; // the original bytes, then what was appended
//! # assert!(out.starts_with(bytes));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! **Check** ([`check`], in [`verification`]):
//!
//! ```
//! use sealwright::{CheckOptions, TrustAnchors, check};
//! # use sealwright::{Limits, LocalSigner, Seal, pdf};
//! # use sealwright_testdata::{contract, pki};
//! # let now = time::OffsetDateTime::from_unix_timestamp(1_767_225_600)?;
//! # let identity = pki::demo_identity(now);
//! # let signer = LocalSigner::from_pem(
//! #     identity.key_pem().as_bytes(), identity.chain_pem().as_bytes())?;
//! # let file = pdf::File::open(contract::PDF, Limits::default())?;
//! # let mut bytes = Vec::new();
//! # Seal::on(&file).invisible().sign(&signer, now)?.write_to(&mut bytes)?;
//! # let root_pem = identity.root_pem();
//!
//! let anchors = TrustAnchors::from_pem(root_pem.as_bytes())?;
//! let report = check(&bytes, &CheckOptions::trusting(&anchors).at(now))?;
//! println!("{report}"); // plain words; serde gives the JSON
//! assert!(report.conclusion.is_passed());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! **Who may seal.** Below the two verbs lies what they are for: contracts between companies, and
//! the question which employee may put which seal where.
//!
//! ```text
//!  Organization, Employee, Entitlement          Contract: documents, parties, signers, controls
//!            │                                        │ draft ─► filling ─► signing ─► completed
//!      Seal ── SealGrant                              │
//!            │                                        │          Ceremony: booked, met, signed
//!            └──► authorize: R-SIGN-01 … 12 ◄─────────┴───────────── opens and closes the signing
//!                        │
//!                  SigningPermit ─► one SealPermit for each control ─► Authority
//! ```
//!
//! Every verb of the domain has one form: it takes the state, a command, who gives it, and `now`,
//! and returns a refusal or a [`Decision`](decision::Decision) for each aggregate it touches: events,
//! notices and claims for the host to store in one transaction. Nothing changes until then.
//!
//! ```
//! use sealwright::decision::Aggregate;
//! use sealwright::identity::{OrganizationName, Uscc};
//! use sealwright::organization::{By, LicenceKind, Organization, OrganizationKind, Registration};
//! # let now = time::OffsetDateTime::from_unix_timestamp(1_767_225_600)?;
//!
//! let registration = Registration {
//!     name: OrganizationName::parse("晨曦科技(深圳)有限公司")?,
//!     uscc: Uscc::parse("91350100M000100Y43")?, // a wrong check character does not get this far
//!     kind: OrganizationKind::Enterprise,
//!     licence: LicenceKind::CreditCode,
//! };
//! let decision = Organization::register("org_a".parse()?, registration, None, &By::System, now)?;
//! let (organization, trail) = decision.found()?; // after storing decision.events(), .notices() …
//!
//! assert_eq!(decision.kinds(), ["org.registered"]);
//! assert_eq!(organization.require_active().unwrap_err().code(), "org.not_active");
//! assert_eq!(trail[0].subject(), "organization:org_a");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! **Executing a contract** ([`execution`]) brings both sides together: [`start`](execution::start())
//! puts what was filled in and the fields of all signers into the documents before anybody signs,
//! [`apply`](execution::apply()) runs the chain for one signer, seals and signs every document he has a
//! part in, or none, and returns the bytes to append with the decisions to store. When all have signed,
//! [`complete`](execution::complete()) checks everything once more and closes the documents with
//! time-stamps.
//!
//! `examples/ceremony` is all of it in one host, from the first account to the evidence, and
//! `examples/embed` keeps it in SQLite; [`manual::walk`] has the steps, [`manual::hosting`] says how else
//! it can be kept, and [`manual::rules`] which test shows which rule.
//!
//! # What it will not do
//!
//! * It neither renders pages nor edits them. What exists is never changed: signing appends.
//! * It has no clock, no network, no file system: times are arguments, bytes go in and come out.
//! * It does not guess. A file that had to be repaired to be read is never signed and never judged
//!   *passed*; what it cannot judge is *indeterminate*, never *failed*.
//! * It makes no document encrypted, and removes no encryption; one that a password opens is judged and
//!   signed ([`pdf::Password`]), and stays encrypted.
//! * Revocation is not checked: signatures are PAdES B-B. A
//!   document time-stamp is a request and a checked answer ([`signing::DocumentTimestamp`]); it is the
//!   host that asks.
//! * It says what was signed and by which key, not whether a contract binds anybody.
//! * It sends nothing, and it asks no authority who somebody is: notices and the outcome of checks
//!   are values.
//!
//! # Features
//!
//! * `text`: keywords are found in PDF files ([`placement::find`]). On by default; without it a host
//!   brings its own [`placement::TextLayer`].
//! * `pkcs12`: keys and certificates from `.p12` files. Off by default.
//! * `legacy-algorithms`: signatures beyond those of ring are judged: RSA PSS with any salt, SHA-3, ECDSA
//!   on P-521, brainpoolP256r1 and brainpoolP384r1, and as two plain numbers. Off by default.
//! * `sm`: SM3 as an algorithm of the audit trail. Off by default.
//!
//! Every module, from the facts to the verdict, lives on a floor and imports only from the floors
//! below it.
#![forbid(unsafe_code)]
#![deny(missing_docs)]
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::todo,
    clippy::unimplemented,
    clippy::unreachable
)]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::string_slice,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_possible_wrap,
        clippy::cast_precision_loss
    )
)]

pub mod appearance;
pub mod audit;
pub mod authorization;
pub mod ceremony;
pub mod contract;
pub mod decision;
pub mod digest;
mod error;
pub mod execution;
mod font_file;
pub mod geometry;
pub mod identity;
pub mod inspection;
mod instant;
pub mod limits;
#[cfg(doc)]
pub mod manual;
pub mod organization;
mod painting;
pub mod pdf;
pub mod pki;
pub mod placement;
pub mod report;
pub mod signing;
pub mod statement;
pub mod update;
pub mod verification;

pub use appearance::SealFace;
pub use authorization::Authority;
pub use error::Error;
pub use geometry::{Mm, Pt};
pub use limits::Limits;
pub use pki::TrustAnchors;
pub use report::Report;
pub use signing::{LocalSigner, Seal, Signer};
pub use verification::{CheckOptions, check};
