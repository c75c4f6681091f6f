//! Signature dictionary override: later, the signature says something else or is not there any more.

use super::Family;
use super::incremental::body;
use super::scene::{
    CATALOG, FIELD, FORM, FREE, VALUE, append, catalog, field, form, placeholder, signed_with,
};

pub fn family() -> Family {
    let mut family = Family::new("dictionary", "DSS pades-spoofing-replaced-reason");
    let base = signed_with(&[(
        VALUE,
        &placeholder("/Name (The seller) /Reason (I refuse) /Location (Hefei)"),
    )]);
    let value = String::from_utf8(body(&base)).expect("a dictionary is text");
    let same = append(&base, &[(VALUE, value.as_bytes())]);
    let with = |from: &str, to: &str| {
        assert!(value.contains(from));
        append(&base, &[(VALUE, value.replacen(from, to, 1).as_bytes())])
    };
    for (name, careless, attack) in [
        ("reason", "shows the reason of the last revision", with("(I refuse)", "(I agree)")),
        ("name", "shows the name of the last revision", with("(The seller)", "(The buyer)")),
        ("time", "shows the time of the last revision", with("D:2027", "D:2020")),
        (
            "sub_filter",
            "reads the value in another way",
            with("/ETSI.CAdES.detached", "/adbe.x509.rsa_sha1"),
        ),
        ("ranges", "hashes what the last revision says", with("/ByteRange [0 ", "/ByteRange [1 ")),
        (
            "value_null",
            "finds no signature, and nothing to complain of",
            append(&base, &[(VALUE, b"null")]),
        ),
        (
            "value_freed",
            "finds no signature, and nothing to complain of",
            append(&base, &[(VALUE, b"")]),
        ),
    ] {
        family.add(name, careless, attack, same.clone());
    }
    let other = value.replacen("(I refuse)", "(I agree)", 1);
    let repointed = field("").replace("/V 8 0 R", &format!("/V {FREE} 0 R"));
    let original = field("");
    family.add(
        "field_repointed",
        "follows the field to a copy of the value",
        append(&base, &[(FIELD, repointed.as_bytes()), (FREE, other.as_bytes())]),
        append(&base, &[(FIELD, original.as_bytes()), (FREE, b"(unused)")]),
    );
    let direct = original.replace("/V 8 0 R", &format!("/V {other}"));
    let emptied = original.replace("/V 8 0 R", "");
    for (name, careless, body) in [
        ("value_direct", "takes the dictionary in the field for the one that was signed", &direct),
        ("field_emptied", "finds an empty field", &emptied),
    ] {
        let honest = append(&base, &[(FIELD, original.as_bytes())]);
        family.add(name, careless, append(&base, &[(FIELD, body.as_bytes())]), honest);
    }
    let renamed = original.replace("(seal)", "(page)");
    family.add(
        "field_renamed",
        "shows a signature where another one should be",
        append(&base, &[(FIELD, renamed.as_bytes())]),
        append(&base, &[(FIELD, original.as_bytes())]),
    );
    family.add(
        "field_unlisted",
        "finds a form without fields",
        append(&base, &[(FORM, form("").as_bytes())]),
        append(&base, &[(FORM, form("6 0 R").as_bytes())]),
    );
    let without = catalog("").replace("/AcroForm 5 0 R", "");
    family.add(
        "form_removed",
        "finds a document without a form",
        append(&base, &[(CATALOG, without.as_bytes())]),
        append(&base, &[(CATALOG, catalog("").as_bytes())]),
    );
    family
}
