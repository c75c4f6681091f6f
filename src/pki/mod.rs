//! Certificates, keys and CMS. Knows nothing of PDF.
//!
//! Judging: [`SignedData`] is parsed and checked against a digest, [`TrustAnchors`] say whether the
//! signer's [`Certificate`] can be trusted at a given time, [`TimestampToken`] is a SignedData with a
//! time inside. Every answer has the three values of [`Outcome`]: good, bad, cannot be judged. What is
//! unsupported is never bad.
//!
//! Signing: a [`PrivateKey`] signs what a [`SignedDataBuilder`] prepares. Time-stamping: a
//! [`TimestampRequest`] is sent away by the host, and [accepts](TimestampRequest::accept) what comes
//! back or says why not.
//!
//! Nothing here asks a clock, a network or a file; the random numbers of signing are ring's own.

mod algorithm;
mod algorithm_policy;
mod asn1;
mod bare_signature;
mod certificate;
mod certificate_parts;
mod encode;
mod error;
mod extensions;
#[cfg(test)]
mod fixtures;
#[cfg(feature = "legacy-algorithms")]
mod legacy;
mod name;
mod ocsp_response;
mod oid;
mod outcome;
mod path;
mod path_building;
mod path_checking;
mod path_signature;
mod pem;
#[cfg(feature = "pkcs12")]
mod pkcs12;
mod private_key;
mod public_key;
mod revocation_list;
mod scheme;
mod signature_check;
mod signed_attributes;
mod signed_data;
mod signed_data_builder;
mod signer_info;
mod signing_certificate;
mod timestamp_acceptance;
mod timestamp_request;
mod timestamp_response;
mod timestamp_token;
mod trust_anchors;
mod validation_data;

pub use algorithm::{SignatureAlgorithm, UnsupportedAlgorithm};
pub use algorithm_policy::{
    AlgorithmClass, AlgorithmPolicy, AlgorithmRule, AlgorithmTime, AlgorithmUse, WeakAlgorithm,
};
pub use bare_signature::BareSignature;
pub use certificate::Certificate;
pub use error::Error;
pub use extensions::{KeyUsage, Purposes};
pub use outcome::{Doubt, Fault, Outcome};
pub use path::{PathDoubt, PathFault, PathStatus, PathValidation, Purpose};
pub use private_key::PrivateKey;
pub use public_key::KeyAlgorithm;
pub use signature_check::{SignatureCheck, SignedContent};
pub use signed_data::SignedData;
pub use signed_data_builder::{SignatureProfile, SignedAttributes, SignedDataBuilder};
pub use signer_info::SignerInfo;
pub use timestamp_acceptance::{TimestampExpectation, TimestampRefusal};
pub use timestamp_request::TimestampRequest;
pub use timestamp_response::{TimestampFailure, TimestampResponse, TimestampStatus};
pub use timestamp_token::{TimestampCheck, TimestampToken};
pub use trust_anchors::{AnchorsUnder, TrustAnchors};
pub use validation_data::ValidationData;

const fn assert_send_and_sync<T: Send + Sync>() {}
const _: () = assert_send_and_sync::<Certificate>();
const _: () = assert_send_and_sync::<PrivateKey>();
const _: () = assert_send_and_sync::<SignedData<'static>>();
const _: () = assert_send_and_sync::<TrustAnchors>();
