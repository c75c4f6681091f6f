//! Signing documents that nobody has seen before.

use sealwright::limits::Limits;
use sealwright::pdf::File;
use sealwright::update::{Error, Request, SubFilter, Update};
use sealwright_testdata::documents;
use time::OffsetDateTime;

/// Appends an unfinished signature to whatever opens, twice; what comes out opens again, and no
/// document makes the writer fail its own check.
pub fn update(data: &[u8]) {
    let Some(once) = extended(data) else { return };
    let twice = extended(&once).expect("a document that was signed can be signed again");
    assert!(twice.starts_with(data));
}

fn extended(data: &[u8]) -> Option<Vec<u8>> {
    let limits = Limits { inflated_bytes: 16 << 20, objects: 100_000, ..Limits::default() };
    let file = File::open(data, limits).ok()?;
    let at = OffsetDateTime::from_unix_timestamp(1_767_225_600).expect("in range");
    let update = match Update::prepare(&file, &Request::invisible(SubFilter::Cades, at), 64) {
        Ok(update) => update,
        Err(Error::SelfCheck { problem }) => panic!("{problem}"),
        Err(_) => return None,
    };
    match update.embed(&file, b"not a CMS") {
        Ok(embedded) => Some([data, embedded.appended()].concat()),
        Err(error) => panic!("{error}"),
    }
}

/// Documents to start from: each way of writing form, annotations and cross references.
pub fn update_seeds() -> Vec<Vec<u8>> {
    vec![
        documents::classic_table(),
        documents::object_streams(),
        documents::hybrid(),
        documents::form_direct_in_catalog(),
        documents::form_direct_with_fields_indirect(),
        documents::form_indirect_with_fields_indirect(),
        documents::form_in_object_streams(),
        documents::generations_above_zero(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_are_extended_and_bytes_of_them_may_be_wrong() {
        for seed in update_seeds() {
            assert!(extended(&seed).is_some());
            for at in (0..seed.len()).step_by(7) {
                for value in [b' ', b'1', seed[at].wrapping_add(1)] {
                    let mut changed = seed.clone();
                    changed[at] = value;
                    update(&changed);
                }
            }
        }
    }
}
