//! The bytes of a statement about a grant, and what is none.

use time::OffsetDateTime;

use super::*;
use crate::limits::Limits;

fn reference(text: &str) -> Reference {
    text.parse().unwrap()
}

fn at(seconds: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(seconds).unwrap()
}

fn granted() -> GrantStatement {
    GrantStatement {
        grant: reference("g"),
        seal: reference("s"),
        faces: vec![GrantedFace { version: 2, face: FaceDigest::from_bytes([0xFA; 32]) }],
        organization: OrganizationReference {
            id: reference("o"),
            credit_code: Some(reference("91350100M000100Y43")),
        },
        grantee: Grantee { employee: reference("e"), certificate: Some([3; 32]), key: None },
        window: Window::new(at(1_767_225_600), None).unwrap(),
        reach: GrantReach::Contracts(vec![reference("c")]),
        issued_at: at(1_767_225_600),
    }
}

fn read(bytes: &[u8]) -> Result<GrantStatement, Error> {
    GrantStatement::decode(bytes, &Limits::default())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Version 1 for ever: custodians have signed these bytes.
#[test]
fn the_bytes_of_version_1() {
    let sha256 = |byte: &str| format!("0420{}", byte.repeat(32));
    let expected = [
        "3081a1020101",                             // version
        "0c01670c0173",                             // "g", "s"
        &format!("30273025020102{}", sha256("fa")), // version 2 of the seal
        "30190c016fa0140c12",                       // "o", [0] the credit code
        "39313335303130304d303030313030593433",
        &format!("30270c0165a022{}", sha256("03")), // "e", [0] his certificate
        "3011180f32303236303130313030303030305a",   // from 20260101000000Z
        "a10530030c0163",                           // [1] "c"
        "180f32303236303130313030303030305a",
    ];
    assert_eq!(hex(&granted().encode().unwrap()), expected.concat());
}

#[test]
fn what_is_written_is_read_back() {
    let reaches = [
        GrantReach::AnyContract,
        GrantReach::Contracts(vec![reference("c"), reference("d")]),
        GrantReach::Groups(vec![reference("g")]),
        GrantReach::ContractTypes(vec![reference("lease")]),
        GrantReach::Ceremony(reference("m")),
    ];
    for reach in reaches {
        let statement = GrantStatement { reach, ..granted() };
        assert_eq!(read(&statement.encode().unwrap()).unwrap(), statement);
    }
    let grantee = Grantee { employee: reference("e"), certificate: None, key: Some([4; 32]) };
    let statement = GrantStatement { grantee, ..granted() };
    assert_eq!(read(&statement.encode().unwrap()).unwrap(), statement);
}

#[test]
fn every_cut_and_every_flipped_bit_is_refused_or_says_something_else() {
    let bytes = granted().encode().unwrap();
    for end in 0..bytes.len() {
        assert!(read(&bytes[..end]).is_err(), "cut at {end}");
    }
    for bit in 0..bytes.len() * 8 {
        let mut changed = bytes.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        if let Ok(other) = read(&changed) {
            assert_ne!(other, granted(), "bit {bit}");
            assert_eq!(other.encode().unwrap(), changed, "bit {bit} has two spellings");
        }
    }
    assert_eq!(read(&[0x30, 3, 2, 1, 9]).unwrap_err().code(), "statement.unsupported_version");
}

#[test]
fn r_grant_04_a_contract_is_within_what_names_it() {
    let bare =
        ContractReference { id: reference("c"), group: None, contract_type: None, ceremony: None };
    let full = ContractReference {
        group: Some(reference("g")),
        contract_type: Some(reference("lease")),
        ceremony: Some(reference("m")),
        ..bare.clone()
    };
    for (reach, of_bare, of_full) in [
        (GrantReach::AnyContract, true, true),
        (GrantReach::Contracts(vec![reference("c")]), true, true),
        (GrantReach::Contracts(vec![reference("x")]), false, false),
        (GrantReach::Groups(vec![reference("g")]), false, true),
        (GrantReach::ContractTypes(vec![reference("lease")]), false, true),
        (GrantReach::ContractTypes(vec![reference("sale")]), false, false),
        (GrantReach::Ceremony(reference("m")), false, true),
        (GrantReach::Ceremony(reference("n")), false, false),
    ] {
        assert_eq!((reach.contains(&bare), reach.contains(&full)), (of_bare, of_full), "{reach:?}");
    }
}

#[test]
fn a_list_of_signed_grants_keeps_each_as_it_is() {
    let signed = vec![vec![0x30, 1, 5], [&[0x30, 0x81, 200][..], &[7; 200]].concat()];
    let bytes = encode_grants(&signed).unwrap();
    assert_eq!(decode_grants(&bytes, &Limits::default()).unwrap(), signed);
    assert_eq!(encode_grants(&[]).unwrap_err().code(), "statement.too_few");
    let many = vec![vec![0x30, 0]; 65];
    assert_eq!(encode_grants(&many).unwrap_err().code(), "statement.too_many");
    for wrong in [&[0x30, 0][..], &[0x30, 2, 5, 0], &[5, 0], &[]] {
        assert!(decode_grants(wrong, &Limits::default()).is_err(), "{wrong:?}");
    }
}

#[test]
fn lists_are_bounded_and_not_empty() {
    let code = |statement: GrantStatement| statement.encode().unwrap_err().code();
    assert_eq!(code(GrantStatement { faces: Vec::new(), ..granted() }), "statement.too_few");
    let faces = vec![granted().faces[0]; 65];
    assert_eq!(code(GrantStatement { faces, ..granted() }), "statement.too_many");
    let reach = GrantReach::Groups(Vec::new());
    assert_eq!(code(GrantStatement { reach, ..granted() }), "statement.too_few");
    let reach = GrantReach::Contracts(vec![reference("c"); 51]);
    assert_eq!(code(GrantStatement { reach, ..granted() }), "statement.too_many");
}
