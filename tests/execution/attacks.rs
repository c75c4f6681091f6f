//! What somebody does to a contract's document who has keys, or only the file.

use sealwright::contract::Contract;
use sealwright::digest::Hasher;
use sealwright::limits::Limits;
use sealwright::pdf::{File, ObjectId};
use sealwright::pki::{PrivateKey, SignatureProfile, SignedData, SignedDataBuilder};
use sealwright::signing::{LocalSigner, Signer};
use sealwright::statement::{AUTHORITY_ATTRIBUTE, authority_attribute};
use sealwright_testdata::appended::{append_table_update, last_size};
use sealwright_testdata::pki::{KeyType, Validity, identity};
use serde_json::Value;

use crate::world::monday;

/// The record with something else in it.
pub fn recorded(contract: &Contract, change: impl FnOnce(&mut Value)) -> Contract {
    rewritten(contract, change)
}

/// A stored thing with something else in it.
pub fn rewritten<T: serde::Serialize + serde::de::DeserializeOwned>(
    stored: &T,
    change: impl FnOnce(&mut Value),
) -> T {
    let mut value = serde_json::to_value(stored).unwrap();
    change(&mut value);
    serde_json::from_value(value).unwrap()
}

/// The place of the last one.
pub fn last(bytes: &[u8], wanted: &[u8]) -> usize {
    bytes.windows(wanted.len()).rposition(|it| it == wanted).expect("it is there")
}

/// The document whose last revision was changed, without changing its length, and signed again by the
/// same signer with the same statement: no signature is broken.
pub fn resigned(
    bytes: &[u8],
    signer: (KeyType, &LocalSigner),
    change: impl FnOnce(&mut [u8]),
) -> Vec<u8> {
    let changed = resigned_with(bytes, signer, &[], change);
    assert!(changed != bytes);
    changed
}

/// The same with these signed attributes beside.
pub fn resigned_with(
    bytes: &[u8],
    (kind, key): (KeyType, &LocalSigner),
    attributes: &[Vec<u8>],
    change: impl FnOnce(&mut [u8]),
) -> Vec<u8> {
    let file = File::open(bytes, Limits::default()).unwrap();
    let from = usize::try_from(file.latest().span().start).unwrap();
    let mut changed = bytes.to_vec();
    change(&mut changed[from..]);
    assert_eq!(changed.len(), bytes.len());

    let open = last(bytes, b"/Contents <") + b"/Contents ".len();
    let close = open + bytes[open..].iter().position(|byte| *byte == b'>').unwrap();
    let digits = std::str::from_utf8(&bytes[open + 1..close]).unwrap();
    let pairs = (0..digits.len()).step_by(2);
    let old: Vec<u8> =
        pairs.map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap()).collect();
    let limits = Limits::default();
    let old = SignedData::parse(&old, &limits).unwrap();
    let statement = old.signer().unwrap().signed_attribute(AUTHORITY_ATTRIBUTE).unwrap();

    let description = key.description();
    let (chain, algorithm) = (description.certificates(), description.algorithm());
    let builder = SignedDataBuilder::new(chain, algorithm, SignatureProfile::Cades).unwrap();
    let builder = builder.signed_attribute(authority_attribute(statement).unwrap()).unwrap();
    let builder = attributes
        .iter()
        .fold(builder, |builder, it| builder.signed_attribute(it.clone()).unwrap());
    let mut hasher = Hasher::new(builder.digest_algorithm());
    hasher.update(&changed[..open]);
    hasher.update(&changed[close + 1..]);
    let attributes = builder.signed_attributes(&hasher.finish()).unwrap();
    let identity = identity(kind, Validity::around(monday()));
    let private = PrivateKey::parse(identity.key_pem().as_bytes()).unwrap();
    let cms = attributes.finish(&private.sign(algorithm, attributes.as_der()).unwrap());
    let hex: String = cms.iter().map(|byte| format!("{byte:02x}")).collect();
    assert!(hex.len() < close - open, "the gap is too small for a test");
    changed[open + 1..close].fill(b'0');
    changed[open + 1..open + 1 + hex.len()].copy_from_slice(hex.as_bytes());
    changed
}

/// Exchanges every one of these texts for another one of the same length.
pub fn exchange(bytes: &mut [u8], old: &str, new: &str) {
    assert_eq!(old.len(), new.len());
    let places: Vec<usize> = bytes
        .windows(old.len())
        .enumerate()
        .filter(|(_, it)| *it == old.as_bytes())
        .map(|(at, _)| at)
        .collect();
    assert!(!places.is_empty(), "{old} is not there");
    for at in places {
        bytes[at..at + new.len()].copy_from_slice(new.as_bytes());
    }
}

/// The contents of appearances in the last revision: `q … cm /S Do Q`.
pub fn templates(bytes: &[u8]) -> Vec<String> {
    let file = File::open(bytes, Limits::default()).unwrap();
    let from = usize::try_from(file.latest().span().start).unwrap();
    let text = String::from_utf8_lossy(&bytes[from..]).into_owned();
    let ends = text.match_indices(" cm /S Do Q").map(|(at, found)| at + found.len());
    ends.map(|end| text[text[..end].rfind("q ").unwrap()..end].to_owned()).collect()
}

/// The document with a page more, before the last one.
pub fn with_a_page_more(bytes: &[u8]) -> Vec<u8> {
    let file = File::open(bytes, Limits::default()).unwrap();
    let (root, ids) = (file.latest().page_tree_root().unwrap(), file.latest().page_ids().unwrap());
    let number = last_size(bytes);
    let mut kids: Vec<String> = ids.iter().map(reference).collect();
    kids.insert(kids.len() - 1, format!("{number} 0 R"));
    let tree = format!("<< /Type /Pages /Count {} /Kids [{}] >>", kids.len(), kids.join(" "));
    let page = format!(
        "<< /Type /Page /Parent {} /MediaBox [0 0 595.276 841.89] /Resources << >> >>",
        reference(&root)
    );
    append_table_update(
        bytes,
        &[(root.number, 0, tree.as_bytes()), (number, 0, page.as_bytes())],
        "",
    )
}

fn reference(id: &ObjectId) -> String {
    format!("{} {} R", id.number, id.generation)
}
