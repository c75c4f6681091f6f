//! Statements about authority, as they stand in strangers' signatures.

use sealwright::digest::Digest;
use sealwright::limits::Limits;
use sealwright::statement::{
    AuthorityStatement, ContractReference, DocumentReference, FaceDigest, GrantReach,
    GrantStatement, GrantedFace, Grantee, IntentKey, IntentReference, OrganizationReference,
    PermittedStatement, Reference, SealClaim, Window, decode_grants, encode_grants,
};
use time::OffsetDateTime;

/// Reads each kind of statement: what is read is written as it was, since DER has one spelling.
pub fn statement(data: &[u8]) {
    let limits = Limits::default();
    if let Ok(statement) = AuthorityStatement::decode(data, &limits) {
        assert_eq!(statement.encode().as_deref(), Ok(data));
        assert!(statement.faces().count() <= 64);
    }
    if let Ok(statement) = GrantStatement::decode(data, &limits) {
        assert_eq!(statement.encode().as_deref(), Ok(data));
    }
    if let Ok(grants) = decode_grants(data, &limits) {
        assert_eq!(encode_grants(&grants).as_deref(), Ok(data));
    }
}

/// One of each.
pub fn statement_seeds() -> Vec<Vec<u8>> {
    let face = FaceDigest::from_bytes([7; 32]);
    let grant = GrantStatement {
        grant: reference("grant"),
        seal: reference("seal"),
        faces: vec![GrantedFace { version: 1, face }],
        organization: organization(),
        grantee: Grantee {
            employee: reference("employee"),
            certificate: Some([1; 32]),
            key: Some([2; 32]),
        },
        window: window(),
        reach: GrantReach::Contracts(vec![reference("contract")]),
        issued_at: at(0),
    };
    let grant = grant.encode().expect("a sound statement");
    let authority = [
        AuthorityStatement::Permitted(Box::new(permitted(face))),
        AuthorityStatement::AssertedByHost { faces: vec![face] },
        AuthorityStatement::Nothing,
    ];
    let authority = authority.iter().map(|one| one.encode().expect("a sound statement"));
    let list = encode_grants(std::slice::from_ref(&grant)).expect("one grant");
    authority.chain([grant, list]).collect()
}

fn permitted(face: FaceDigest) -> PermittedStatement {
    let key = IntentKey::new(&[7; 32]).expect("it is long enough");
    PermittedStatement {
        at: at(1_767_225_600),
        contract: ContractReference {
            id: reference("contract"),
            group: Some(reference("group")),
            contract_type: Some(reference("lease")),
            ceremony: Some(reference("ceremony")),
        },
        slot: reference("slot"),
        document: DocumentReference {
            id: reference("document"),
            issued: Digest::sha256([1; 32]),
            before: Digest::sha256([2; 32]),
        },
        organization: Some(organization()),
        seals: vec![SealClaim {
            seal: reference("seal"),
            version: 1,
            face,
            organization: reference("organization"),
            employee: reference("employee"),
            grant: reference("grant"),
            window: window(),
            controls: vec![reference("章")],
        }],
        controls: vec![reference("date")],
        intent: vec![IntentReference::of(&key, "contract", "slot", "face", "1")],
    }
}

fn organization() -> OrganizationReference {
    let credit_code = Some(reference("91350100M000100Y43"));
    OrganizationReference { id: reference("organization"), credit_code }
}

fn window() -> Window {
    Window::new(at(0), Some(at(4_000_000_000))).expect("it is not empty")
}

fn reference(text: &str) -> Reference {
    text.parse().expect("a sound reference")
}

fn at(seconds: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(seconds).expect("in range")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_are_read_and_every_bit_of_them_may_be_wrong() {
        for seed in statement_seeds() {
            for bit in 0..seed.len() * 8 {
                let mut changed = seed.clone();
                changed[bit / 8] ^= 1 << (bit % 8);
                statement(&changed);
            }
        }
    }
}
