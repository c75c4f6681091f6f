//! The bytes of a statement about authority, and what is no statement.

use time::OffsetDateTime;

use super::*;
use crate::digest::Digest;
use crate::limits::Limits;

fn reference(text: &str) -> Reference {
    text.parse().unwrap()
}

fn at(seconds: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(seconds).unwrap()
}

fn claim() -> SealClaim {
    SealClaim {
        seal: reference("s"),
        version: 2,
        face: FaceDigest::from_bytes([0xFA; 32]),
        organization: reference("o"),
        employee: reference("e"),
        grant: reference("g"),
        window: Window::new(at(1_767_225_600), Some(at(1_798_761_600))).unwrap(),
        controls: vec![reference("章")],
    }
}

fn permitted() -> PermittedStatement {
    PermittedStatement {
        at: at(1_767_225_600),
        contract: ContractReference {
            id: reference("c"),
            group: None,
            contract_type: Some(reference("lease")),
            ceremony: None,
        },
        slot: reference("a"),
        document: DocumentReference {
            id: reference("d"),
            issued: Digest::sha256([1; 32]),
            before: Digest::sha256([2; 32]),
        },
        organization: Some(OrganizationReference {
            id: reference("o"),
            credit_code: Some(reference("91350100M000100Y43")),
        }),
        seals: vec![claim()],
        controls: vec![reference("date")],
        intent: vec![IntentReference::of(&key(), "c", "a", "face", "x")],
    }
}

fn key() -> IntentKey {
    IntentKey::new(&[7; 32]).unwrap()
}

fn whole() -> AuthorityStatement {
    AuthorityStatement::Permitted(Box::new(permitted()))
}

fn read(bytes: &[u8]) -> Result<AuthorityStatement, Error> {
    AuthorityStatement::decode(bytes, &Limits::default())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Version 1 for ever: these bytes are in documents.
#[test]
fn the_bytes_of_version_1() {
    let (face, intent) = ("fa".repeat(32), permitted().intent[0].to_string());
    let sha256 = |byte: &str| format!("0420{}", byte.repeat(32));
    let expected = [
        "30820121020101a082011a30820116", // version, [0], the permitted signing
        "180f32303236303130313030303030305a", // 20260101000000Z
        "300c0c0163a1070c056c65617365",   // "c", [1] "lease"
        "0c0161",                         // "a"
        &format!("30470c0164{}{}", sha256("01"), sha256("02")),
        "a01b30190c016fa0140c12", // [0] "o", [0] the credit code
        "39313335303130304d303030313030593433",
        "3060305e", // one seal
        &format!("0c01730201020420{face}"),
        "0c016f0c01650c0167", // "o", "e", "g"
        "3024180f32303236303130313030303030305aa011180f32303237303130313030303030305a",
        "30050c03e7aba0",   // "章"
        "30060c0464617465", // "date"
        &format!("30220420{intent}"),
    ];
    assert_eq!(hex(&whole().encode().unwrap()), expected.concat());
    assert_eq!(hex(&AuthorityStatement::Nothing.encode().unwrap()), "3007020101a2020500");
    let asserted =
        AuthorityStatement::AssertedByHost { faces: vec![FaceDigest::from_bytes([0xFA; 32])] };
    let expected = format!("3029020101a12430220420{face}");
    assert_eq!(hex(&asserted.encode().unwrap()), expected);
}

#[test]
fn what_is_written_is_read_back() {
    let bare = PermittedStatement {
        organization: None,
        seals: Vec::new(),
        controls: Vec::new(),
        intent: Vec::new(),
        ..permitted()
    };
    let open = SealClaim { window: Window::new(at(0), None).unwrap(), ..claim() };
    let many = PermittedStatement { seals: vec![claim(), open], ..permitted() };
    for statement in [
        whole(),
        AuthorityStatement::Permitted(Box::new(bare)),
        AuthorityStatement::Permitted(Box::new(many)),
        AuthorityStatement::Nothing,
        AuthorityStatement::AssertedByHost {
            faces: [1, 2].map(|byte| FaceDigest::from_bytes([byte; 32])).to_vec(),
        },
    ] {
        assert_eq!(read(&statement.encode().unwrap()).unwrap(), statement);
    }
}

#[test]
fn another_version_is_unsupported_whatever_follows() {
    for bytes in [&[0x30, 3, 2, 1, 2][..], &[0x30, 5, 2, 1, 0, 5, 0], &[0x30, 4, 2, 2, 1, 0]] {
        let error = read(bytes).unwrap_err();
        assert_eq!(error.code(), "statement.unsupported_version", "{bytes:?}");
    }
}

#[test]
fn every_cut_and_every_flipped_bit_is_refused_or_says_something_else() {
    let (statement, bytes) = (whole(), whole().encode().unwrap());
    for end in 0..bytes.len() {
        assert_eq!(read(&bytes[..end]).unwrap_err().code(), "statement.malformed", "cut at {end}");
    }
    for bit in 0..bytes.len() * 8 {
        let mut changed = bytes.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        if let Ok(other) = read(&changed) {
            assert_ne!(other, statement, "bit {bit}");
            assert_eq!(other.encode().unwrap(), changed, "bit {bit} has two spellings");
        }
    }
}

#[test]
fn lists_are_bounded_and_not_empty_where_that_says_nothing() {
    let code = |change: &dyn Fn(&mut PermittedStatement)| {
        let mut changed = permitted();
        change(&mut changed);
        AuthorityStatement::Permitted(Box::new(changed)).encode().unwrap_err().code()
    };
    assert_eq!(code(&|it| it.seals = vec![claim(); 65]), "statement.too_many");
    assert_eq!(code(&|it| it.controls = vec![reference("x"); 2_001]), "statement.too_many");
    assert_eq!(code(&|it| it.intent = vec![it.intent[0]; 17]), "statement.too_many");
    assert_eq!(code(&|it| it.seals[0].controls.clear()), "statement.too_few");
    let faces = |bytes: &[u8]| {
        let faces = bytes.iter().map(|byte| FaceDigest::from_bytes([*byte; 32])).collect();
        AuthorityStatement::AssertedByHost { faces }.encode().map_err(|error| error.code())
    };
    assert!(faces(&[1, 2, 3]).is_ok());
    assert_eq!(faces(&[]), Err("statement.too_few"));
    assert_eq!(faces(&[2, 1]), Err("statement.faces_order"));
    assert_eq!(faces(&[1, 1]), Err("statement.faces_order"));
}

#[test]
fn other_digests_than_sha_256_and_times_before_1970_are_not_stated() {
    use crate::digest::DigestAlgorithm;
    let mut changed = permitted();
    changed.document.before = Digest::of(DigestAlgorithm::Sha512, b"");
    let error = AuthorityStatement::Permitted(Box::new(changed)).encode().unwrap_err();
    assert_eq!(error.code(), "statement.not_sha256");
    let early = PermittedStatement { at: at(-1), ..permitted() };
    let error = AuthorityStatement::Permitted(Box::new(early)).encode().unwrap_err();
    assert_eq!(error.code(), "statement.time");
}

/// The largest that a real signing comes to: the gap of a signature grows by twice this.
#[test]
fn a_statement_is_small() {
    assert!(whole().encode().unwrap().len() < 400);
    let long = "x".repeat(128);
    let seal = SealClaim {
        seal: reference(&long),
        organization: reference(&long),
        employee: reference(&long),
        grant: reference(&long),
        ..claim()
    };
    let most = PermittedStatement { seals: vec![seal; 8], ..permitted() };
    let bytes = AuthorityStatement::Permitted(Box::new(most)).encode().unwrap();
    assert!(bytes.len() < 8 * 700 + 400, "{}", bytes.len());
}
