//! The judge on documents signed, and attacked, by a writer that is not ours.

mod judging_support;

use std::time::Instant;

use judging_support::{
    CATALOG, Draft, FORM, FREE, PAGE, PREPARED, assert_every_flip_is_detected, codes, conclusions,
    now,
};
use sealwright::inspection::DocMdp;
use sealwright::limits::Limits;
use sealwright::pdf::Source;
use sealwright::pki::TrustAnchors;
use sealwright::report::{
    Conclusion, IdentityStatus, Integrity, Lang, Level, ModificationLevel, Report, Rule,
};
use sealwright::verification::{CheckOptions, check};
use sealwright_testdata::pki::KeyType;

#[test]
fn a_signature_of_every_key_type_passes_and_names_its_signer() {
    for key in [KeyType::Rsa2048, KeyType::P256, KeyType::P384, KeyType::Ed25519] {
        let report = Draft::new(key).sign("a").judge();
        assert_eq!(report.conclusion, Conclusion::Passed, "{report}");
        let signature = &report.signatures[0];
        assert_eq!((signature.index, signature.field.as_str()), (1, "a"));
        assert_eq!(signature.integrity, Integrity::Intact);
        assert_eq!(signature.identity.status, IdentityStatus::Trusted);
        assert_eq!(signature.level, Level::B);
        assert!(signature.coverage.whole_file);
        assert_eq!(signature.coverage.revision, Some(2));
        assert_eq!(signature.modification.level, ModificationLevel::None);
    }
}

#[test]
fn trust_is_the_hosts_affair() {
    let mut draft = Draft::new(KeyType::P256);
    draft.sign("a");
    let without = check(&draft.bytes, &CheckOptions::without_trust()).unwrap();
    assert_eq!(without.conclusion, Conclusion::Passed);
    assert_eq!(without.signatures[0].identity.status, IdentityStatus::NotChecked);
    let none = TrustAnchors::none();
    let distrusting = check(&draft.bytes, &CheckOptions::trusting(&none).at(now())).unwrap();
    assert_eq!(distrusting.conclusion, Conclusion::Indeterminate);
    assert_eq!(codes(&distrusting), ["id.untrusted"]);
    let later = now() + time::Duration::days(3000);
    let anchors = draft.anchors();
    let expired = check(&draft.bytes, &CheckOptions::trusting(&anchors).at(later)).unwrap();
    assert_eq!(codes(&expired), ["id.expired"]);
}

#[test]
fn the_json_is_the_one_of_the_form() {
    let report = Draft::new(KeyType::P256).sign("a").judge();
    let json = serde_json::to_value(&report).unwrap();
    let keys = |value: &serde_json::Value| -> Vec<String> {
        value.as_object().unwrap().keys().cloned().collect()
    };
    assert_eq!(keys(&json), ["conclusion", "file", "findings", "format", "signatures"]);
    assert_eq!(keys(&json["file"]), ["bytes", "parse", "revisions", "sha256"]);
    let signature = &json["signatures"][0];
    assert_eq!(
        keys(signature),
        [
            "conclusion",
            "coverage",
            "field",
            "findings",
            "identity",
            "index",
            "integrity",
            "kind",
            "level",
            "modification",
            "permissions",
            "sub_filter",
            "time"
        ]
    );
    assert_eq!(
        keys(&signature["coverage"]),
        ["byte_range", "ranges", "revision", "tail_bytes", "whole_file"]
    );
    assert_eq!(
        keys(&signature["identity"]),
        ["issuer", "not_after", "not_before", "serial", "sha256", "status", "subject"]
    );
    assert_eq!(keys(&signature["time"]), ["claimed", "proven", "source", "timestamp"]);
    assert_eq!(keys(&signature["permissions"]), ["docmdp", "fieldmdp"]);
    assert_eq!(keys(&signature["modification"]), ["changes", "level"]);
    assert_eq!(json["format"], "sealwright/report/1");
    assert_eq!(signature["level"], "B-B");
    assert_eq!(signature["time"]["claimed"], "2027-01-15T08:00:00Z");
    assert_eq!(serde_json::from_value::<Report>(json).unwrap(), report);
    assert!(report.to_string().starts_with("PASSED."));
    assert!(report.in_language(Lang::Zh).to_string().starts_with("通过。"));
}

#[test]
fn many_signatures_one_after_another_all_pass() {
    let mut draft = Draft::new(KeyType::P256);
    for number in 0..20 {
        draft.sign(&format!("party {number}"));
    }
    draft.fill_prepared();
    let report = draft.judge();
    assert_eq!(report.conclusion, Conclusion::Passed, "{report}");
    assert_eq!(report.signatures.len(), 21);
    let first = &report.signatures[0];
    assert_eq!(first.modification.level, ModificationLevel::Form);
    let rules: Vec<_> = first.modification.changes.iter().filter_map(|c| c.rule).collect();
    assert!(rules.contains(&Rule::SignatureFilled) && rules.contains(&Rule::SignatureFieldAdded));
    assert!(first.modification.changes.iter().any(|change| change.page == Some(1)));
}

#[test]
fn a_source_that_is_no_slice_is_judged_alike() {
    struct Device(Vec<u8>);
    impl Source for Device {
        fn len(&self) -> u64 {
            self.0.len() as u64
        }
        fn read_at(&self, offset: u64, buffer: &mut [u8]) -> std::io::Result<()> {
            self.0.read_at(offset, buffer)
        }
    }
    let mut draft = Draft::new(KeyType::P256);
    draft.sign("a").sign("b").append(&[(4, "<< /Length 1 >>\nstream\nx\nendstream")]);
    let options = CheckOptions::without_trust();
    let report = check(Device(draft.bytes.clone()), &options).unwrap();
    assert_eq!(report, check(&draft.bytes, &options).unwrap());
    assert_eq!(report.conclusion, Conclusion::Failed);
}

#[test]
fn changes_that_nothing_permits_fail_every_signature_before_them() {
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R /Annots [6 0 R 8 0 R] /Rotate 90 >>";
    let attacks: [(&str, &[(u32, &str)]); 7] = [
        ("content", &[(4, "<< /Length 16 >>\nstream\n0 0 10 100 re f  \nendstream")]),
        ("page", &[(PAGE, page)]),
        ("page tree", &[(2, "<< /Type /Pages /Kids [] /Count 0 >>")]),
        (
            "catalog",
            &[(CATALOG, "<< /Type /Catalog /Pages 2 0 R /AcroForm 5 0 R /OpenAction 3 0 R >>")],
        ),
        ("a field gone", &[(FORM, "<< /Fields [8 0 R] /SigFlags 3 >>")]),
        ("freed", &[(4, "")]),
        (
            "annotation",
            &[
                (
                    PAGE,
                    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R  /Annots [6 0 R 8 0 R 30 0 R] >>",
                ),
                (30, "<< /Type /Annot /Subtype /FreeText /Rect [0 0 200 200] /Contents (no) >>"),
            ],
        ),
    ];
    for (name, objects) in attacks {
        let mut draft = Draft::new(KeyType::P256);
        draft.sign("a").append(objects);
        let report = draft.judge();
        assert_eq!(report.conclusion, Conclusion::Failed, "{name}: {report}");
        assert_eq!(codes(&report), ["mod.forbidden"], "{name}");
        assert_eq!(report.signatures[0].integrity, Integrity::Intact, "{name}");
    }
}

#[test]
fn a_signature_after_a_forbidden_change_stands_and_the_one_before_falls() {
    let mut draft = Draft::new(KeyType::P256);
    draft.sign("a").append(&[(4, "<< /Length 1 >>\nstream\nx\nendstream")]).sign("b");
    let report = draft.judge();
    assert_eq!(conclusions(&report), [Conclusion::Failed, Conclusion::Passed]);
}

/// Shadow attack by a reference that leads nowhere when the document is signed.
#[test]
fn an_object_that_the_signed_page_was_waiting_for_is_no_new_object() {
    let mut draft = Draft::of(KeyType::P256, "/Contents [4 0 R 40 0 R]", "");
    draft.sign("a");
    assert_eq!(draft.judge().conclusion, Conclusion::Passed);
    let stream = "<< /Length 18 >>\nstream\n0 0 200 200 re f  \nendstream";
    draft.append(&[(40, stream)]);
    let report = draft.judge();
    assert_eq!(report.conclusion, Conclusion::Failed, "{report}");
    assert_eq!(codes(&report), ["mod.forbidden"]);
    // The same object under a number that nobody mentions says nothing to anybody.
    let mut harmless = Draft::of(KeyType::P256, "/Contents [4 0 R 40 0 R]", "");
    harmless.sign("a").append(&[(41, stream)]);
    assert_eq!(harmless.judge().conclusion, Conclusion::Passed);
}

#[test]
fn a_replaced_signature_dictionary_is_an_override() {
    let mut draft = Draft::new(KeyType::P256);
    draft.sign("a");
    let text = String::from_utf8_lossy(&draft.bytes).into_owned();
    let start = text.find(&format!("{FREE} 0 obj")).unwrap() + 8;
    let end = start + text[start..].find("endobj").unwrap();
    let body = text[start..end].replace("/Type /Sig ", "/Type /Sig /Reason (I agree) ");
    draft.append(&[(FREE, body.trim())]);
    let report = draft.judge();
    assert_eq!(report.conclusion, Conclusion::Failed);
    assert_eq!(codes(&report), ["mod.forbidden", "sig.overridden"]);
    assert_eq!(report.signatures.len(), 1);
    assert_eq!(report.signatures[0].integrity, Integrity::Intact);
}

#[test]
fn a_field_that_is_pointed_at_an_older_signature_later_is_an_attack() {
    let mut draft = Draft::new(KeyType::P256);
    draft.sign("a");
    let field = format!(
        "<< /Type /Annot /Subtype /Widget /FT /Sig /T (prepared) /F 132 /Rect [10 10 60 60] /P 3 0 R /V {FREE} 0 R >>"
    );
    draft.append(&[(PREPARED, &field)]);
    let report = draft.judge();
    assert_eq!(report.conclusion, Conclusion::Failed);
    assert_eq!(codes(&report), ["mod.forbidden"]);
}

#[test]
fn a_signature_that_the_form_lost_is_still_found() {
    let mut draft = Draft::new(KeyType::P256);
    draft.sign("a").append(&[(CATALOG, "<< /Type /Catalog /Pages 2 0 R >>")]);
    let report = draft.judge();
    assert_eq!(report.conclusion, Conclusion::Failed);
    assert_eq!(report.signatures.len(), 1);
    assert_eq!(codes(&report), ["mod.forbidden", "sig.unreachable"]);
    // Also one whose value never was in a field at all.
    let report = Draft::new(KeyType::P256).sign_without_field().judge();
    assert_eq!(report.conclusion, Conclusion::Failed);
    assert_eq!(codes(&report), ["sig.unreachable"]);
    assert_eq!(report.signatures[0].integrity, Integrity::Intact);
}

#[test]
fn bytes_behind_the_last_revision_are_covered_or_fatal() {
    let mut draft = Draft::new(KeyType::P256);
    draft.sign("a");
    let mut spaced = draft.clone();
    spaced.bytes.extend_from_slice(b"\r\n");
    let report = spaced.judge();
    assert_eq!(report.conclusion, Conclusion::Passed, "{report}");
    assert_eq!(report.signatures[0].coverage.tail_bytes, 2);
    let mut object = draft.clone();
    object.bytes.extend_from_slice(b"9 0 obj (surprise) endobj");
    assert_eq!(object.judge().conclusion, Conclusion::Failed);
    draft.bytes.extend_from_slice(b"surprise");
    let report = draft.judge();
    assert_eq!(report.conclusion, Conclusion::Failed, "{report}");
    assert!(codes(&report).contains(&"mod.trailing"));
}

#[test]
fn a_certification_permits_what_its_level_says() {
    let certify = |level: u8| {
        let entries = format!(
            "/Reference [<< /Type /SigRef /TransformMethod /DocMDP /TransformParams << /Type /TransformParams /P {level} /V /1.2 >> >>]"
        );
        let mut draft = Draft::of(KeyType::P256, "", "/Perms << /DocMDP 7 0 R >>");
        draft.sign_with("author", &entries).fill_prepared();
        draft.judge()
    };
    let closed = certify(1);
    assert_eq!(closed.signatures[0].permissions.docmdp, Some(1));
    assert_eq!(conclusions(&closed), [Conclusion::Failed, Conclusion::Passed]);
    assert_eq!(codes(&closed), ["mod.not_permitted"]);
    for level in [2, 3] {
        let open = certify(level);
        assert_eq!(open.conclusion, Conclusion::Passed, "{open}");
    }
}

#[test]
fn a_locked_field_stays_empty() {
    let lock = |fields: &str| {
        let entries = format!(
            "/Reference [<< /Type /SigRef /TransformMethod /FieldMDP /TransformParams << /Type /TransformParams {fields} /V /1.2 >> >>]"
        );
        let mut draft = Draft::new(KeyType::P256);
        draft.sign_with("a", &entries).fill_prepared();
        draft.judge()
    };
    for locked in
        ["/Action /All", "/Action /Include /Fields [(prepared)]", "/Action /Exclude /Fields [(a)]"]
    {
        let report = lock(locked);
        assert_eq!(conclusions(&report), [Conclusion::Failed, Conclusion::Passed], "{locked}");
        assert_eq!(codes(&report), ["mod.locked"], "{locked}");
    }
    for free in ["/Action /Include /Fields [(a)]", "/Action /Exclude /Fields [(prepared)]"] {
        assert_eq!(lock(free).conclusion, Conclusion::Passed, "{free}");
    }
}

#[test]
fn an_assumed_certification_adds_to_what_the_signatures_say() {
    let mut draft = Draft::new(KeyType::P256);
    draft.sign("a").sign("b");
    let judge = |level| {
        check(&draft.bytes, &CheckOptions::without_trust().assume_certified(level)).unwrap()
    };
    assert_eq!(judge(DocMdp::NoChanges).conclusion, Conclusion::Failed);
    assert_eq!(judge(DocMdp::FillAndSign).conclusion, Conclusion::Passed);
}

#[test]
fn nothing_but_zeros_follows_the_message_in_its_gap() {
    let mut draft = Draft::new(KeyType::P256);
    draft.sign("a");
    let start = draft.bytes.windows(11).position(|w| w == b"/Contents <").unwrap() + 11;
    let end = start + draft.bytes[start..].iter().position(|byte| *byte == b'>').unwrap();
    draft.bytes[end - 2..end].copy_from_slice(b"41");
    let report = draft.judge();
    assert_eq!(report.conclusion, Conclusion::Failed);
    assert_eq!(codes(&report), ["sig.padding"]);
}

#[test]
fn a_message_must_not_bring_its_own_content() {
    let mut draft = Draft::new(KeyType::Rsa2048);
    draft.put_message("a", include_bytes!("../testdata/pki/inside.cms"));
    assert!(codes(&draft.judge()).contains(&"sig.encapsulated"));
    let mut empty = Draft::new(KeyType::P256);
    empty.put_message("a", &[]);
    assert_eq!(codes(&empty.judge()), ["sig.empty"]);
    let mut garbage = Draft::new(KeyType::P256);
    garbage.put_message("a", b"not a message");
    assert_eq!(codes(&garbage.judge()), ["sig.cms"]);
}

/// The cross references of the signed revision name a place behind its end, where somebody puts an
/// object later: nothing is redefined, and yet the page shows something else.
#[test]
fn a_signed_revision_must_not_wait_for_later_bytes() {
    const PLACE: usize = 20_000;
    let mut draft = Draft::of(KeyType::P256, "/Contents [4 0 R 40 0 R]", "");
    let first = draft.bytes.len();
    draft.append(&[(40, "null")]);
    let entry = format!("{first:010} 00000 n");
    let at = draft.bytes.windows(18).rposition(|w| w == entry.as_bytes()).unwrap();
    draft.bytes[at..at + 10].copy_from_slice(format!("{PLACE:010}").as_bytes());
    draft.sign("a");
    assert!(draft.bytes.len() < PLACE);
    draft.bytes.resize(PLACE, b' ');
    draft.bytes.extend_from_slice(
        b"40 0 obj\n<< /Length 16 >>\nstream\n0 0 200 200 re f\nendstream\nendobj\n",
    );
    draft.append(&[(50, "(nothing)")]);
    let report = draft.judge();
    assert_eq!(report.conclusion, Conclusion::Failed, "{report}");
    assert_eq!(codes(&report), ["doc.object_outside"]);
}

#[test]
fn revisions_must_stand_in_their_order() {
    let mut draft = Draft::new(KeyType::P256);
    draft.sign("a");
    let signed = sealwright_testdata::appended::last_startxref(&draft.bytes);
    let newer = draft.bytes.len();
    let section = |previous: usize, own: usize| {
        format!(
            "xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 9 /Root 1 0 R /Prev {previous:06} >>\nstartxref\n{own:06}\n%%EOF\n"
        )
    };
    let older = newer + section(0, 0).len();
    draft.bytes.extend_from_slice(section(older, newer).as_bytes());
    draft.bytes.extend_from_slice(section(signed as usize, older).as_bytes());
    draft.bytes.extend_from_slice(format!("startxref\n{newer}\n%%EOF\n").as_bytes());
    let report = draft.judge();
    assert_eq!(report.conclusion, Conclusion::Failed, "{report}");
    // The reader does not follow such a chain, and a rebuilt file has no revisions.
    assert!(codes(&report).contains(&"doc.rebuilt"), "{report}");
}

#[test]
fn every_flipped_bit_in_the_covered_bytes_is_seen() {
    let mut draft = Draft::new(KeyType::P256);
    draft.sign("a");
    let start = draft.bytes.windows(11).position(|w| w == b"/Contents <").unwrap() + 10;
    let end = start + draft.bytes[start..].iter().position(|byte| *byte == b'>').unwrap() + 1;
    let covered = (0..start).chain(end..draft.bytes.len());
    assert_every_flip_is_detected(&draft.bytes, covered, &CheckOptions::without_trust());
}

/// A thousand signatures whose gaps stand at the front of a file with a long tail: each would cost a
/// pass over the whole file.
#[test]
fn a_thousand_early_gaps_stop_at_the_work_limit() {
    let bytes = thousand_signatures();
    let limits = Limits { hashed_bytes: 1 << 20, ..Limits::default() };
    let start = Instant::now();
    let report = check(&bytes, &CheckOptions::without_trust().limits(limits)).unwrap();
    assert!(start.elapsed().as_secs() < 20, "took {:?}", start.elapsed());
    assert_eq!(report.signatures.len(), 1_000);
    let stopped = report.signatures.iter().filter(|signature| {
        signature.findings.iter().any(|finding| finding.code.as_str() == "sig.limit")
    });
    let stopped = stopped.count();
    assert!(stopped > 990, "only {stopped} stopped");
    assert!(!report.conclusion.is_passed());
}

fn thousand_signatures() -> Vec<u8> {
    // A message that reads like a signature, so that its digest is asked for.
    let mut signed = Draft::new(KeyType::P256);
    signed.sign("a");
    let text = String::from_utf8_lossy(&signed.bytes).into_owned();
    let start = text.find("/Contents <").unwrap() + 11;
    let message = &text[start..start + text[start..].find('>').unwrap()];

    let mut pdf = sealwright_testdata::pdf::Pdf::new();
    let fields: String = (0..1_000).map(|n| format!("{} 0 R ", 10 + n)).collect();
    pdf.set(1, format!("<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [{fields}] >> >>"));
    pdf.set(2, "<< /Type /Pages /Kids [] /Count 0 >>");
    for number in 0..1_000 {
        pdf.set(10 + number, format!("<< /FT /Sig /T (f{number}) /V {} 0 R >>", 2_000 + number));
        pdf.set(
            2_000 + number,
            format!(
                "<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /ByteRange [0 0000000001 0000000002 0000000003] /Contents <{message}> >>"
            ),
        );
    }
    pdf.set_stream(5_000, "", &vec![b' '; 4 << 20]);
    pdf.trailer("/Root 1 0 R");
    let mut bytes = pdf.write(&sealwright_testdata::pdf::Layout::default());
    let mut from = 0;
    for _ in 0..1_000 {
        from = judging_support::place_ranges(&mut bytes, from)[1];
    }
    bytes
}
