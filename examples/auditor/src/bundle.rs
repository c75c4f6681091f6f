//! A bundle of evidence and what is said of it.

use sealwright::audit::Entry;
use sealwright::execution::evidence::{EvidenceVerdict, VerifyOptions, unpack, verify};

/// A bundle that was judged.
pub struct Bundle {
    /// As it was named.
    pub name: String,
    /// What is to be said of it.
    pub verdict: EvidenceVerdict,
    /// Its trail, oldest entry first; empty if it cannot be read.
    pub trail: Vec<Entry>,
    /// Its documents by their ids, in the order of these.
    pub documents: Vec<(String, Vec<u8>)>,
}

impl Bundle {
    /// Whether bytes are meant to be a bundle: an archive begins so.
    pub fn begins(bytes: &[u8]) -> bool {
        bytes.starts_with(b"PK")
    }

    /// Judges a bundle.
    pub fn judge(name: &str, bytes: &[u8], options: &VerifyOptions<'_>) -> Result<Self, String> {
        let verdict = verify(bytes, options).map_err(|error| error.to_string())?;
        let unpacked = unpack(bytes, options).map_err(|error| error.to_string())?;
        let documents = unpacked.documents.into_iter();
        let documents = documents.map(|(id, bytes)| (id.to_string(), bytes.to_vec())).collect();
        Ok(Self { name: name.to_owned(), verdict, trail: unpacked.trail, documents })
    }
}
