//! Tickets that come back from wherever the host kept them.

use sealwright::digest::hmac_sha256;
use sealwright::limits::Limits;
use sealwright::pdf::File;
use sealwright::signing::{LocalSigner, Seal, Signer, SignerAnswer, Ticket, TicketKey};
use sealwright_testdata::documents;
use sealwright_testdata::pki::{KeyType, Validity, identity};
use time::{Duration, OffsetDateTime};

const KEY: [u8; 32] = [7; 32];
const MAC_LEN: usize = 32;

/// Opens a ticket as it is, and again with a good seal around whatever it says; what opens is
/// resumed on a document and given an answer. Nothing but the seeds may become a signature.
pub fn ticket(data: &[u8]) {
    let key = TicketKey::new(&KEY).expect("it is long enough");
    let _ = Ticket::open(data, &key);
    let body = data.get(..data.len().saturating_sub(MAC_LEN)).unwrap_or_default();
    let sealed = [body, &hmac_sha256(&KEY, body)].concat();
    let Ok(ticket) = Ticket::open(&sealed, &key) else { return };
    let bytes = documents::classic_table();
    let file = File::open(&bytes, Limits::default()).expect("it is sound");
    let Ok(awaiting) = ticket.resume(&file, now()) else { return };
    if awaiting.to_be_signed().is_ok() {
        let answer = SignerAnswer::Signature(vec![1; 64]);
        assert!(awaiting.finish(answer).is_err(), "a signature out of nothing");
    }
}

/// Tickets to start from: with each kind of key.
pub fn ticket_seeds() -> Vec<Vec<u8>> {
    let key = TicketKey::new(&KEY).expect("it is long enough");
    let bytes = documents::classic_table();
    let file = File::open(&bytes, Limits::default()).expect("it is sound");
    [KeyType::P256, KeyType::Ed25519]
        .into_iter()
        .map(|kind| {
            let own = identity(kind, Validity::around(now()));
            let chain = own.chain_pem();
            let signer = LocalSigner::from_pem(own.key_pem().as_bytes(), chain.as_bytes());
            let signer = signer.expect("key and chain fit");
            let seal = Seal::on(&file).invisible().claims_nothing();
            let prepared = seal.prepare(signer.description(), now());
            let awaiting = prepared.and_then(|prepared| prepared.digest());
            let ticket = awaiting.and_then(|one| one.to_ticket(&key, now() + Duration::days(1)));
            ticket.expect("a sound document can be prepared")
        })
        .collect()
}

fn now() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_767_225_600).expect("in range")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_open_and_every_byte_of_them_may_be_wrong() {
        let key = TicketKey::new(&KEY).unwrap();
        for seed in ticket_seeds() {
            assert!(Ticket::open(&seed, &key).is_ok());
            // The long run of zeros in the gap says nothing new.
            for at in (0..seed.len()).filter(|at| *at < 200 || at % 13 == 0) {
                let mut changed = seed.clone();
                changed[at] = changed[at].wrapping_add(1);
                ticket(&changed);
            }
        }
    }
}
