//! A signer who does something to his own fields before he signs: the signature holds, and what is
//! seen is another matter.

use sealwright::report::Conclusion;

use crate::attacks::last;
use crate::cast::{Cast, document_id};
use crate::verdicts::{all_sign, changed_by_the_last, exposed, names, started};

/// The only signer signs with his seal's field, or his date's, changed: no longer than it was.
fn with_a_field(name: &str, change: &[(&str, &str)], expected: &[&'static str]) {
    let hostile = |cast: &mut Cast| {
        all_sign(cast);
        changed_by_the_last(cast, |bytes| {
            let at = last(bytes, format!("/T ({name})").as_bytes());
            let from = last(&bytes[..at], b"obj\n") + 4;
            let to = from + bytes[from..].windows(6).position(|it| it == b"endobj").unwrap();
            let was = String::from_utf8(bytes[from..to].to_vec()).unwrap();
            let now = change.iter().fold(was.clone(), |text, (old, new)| {
                assert!(text.contains(old), "{old} in {text}");
                text.replacen(old, new, 1)
            });
            bytes[from..to].fill(b' ');
            bytes[from..from + now.len()].copy_from_slice(now.as_bytes());
            assert!(now.len() <= was.len(), "{now}");
        });
        assert_eq!(cast.report().conclusion, Conclusion::Passed);
    };
    let verdict = exposed(&mut started(1), all_sign, hostile, expected);
    let at = verdict.deviations.iter().find(|it| it.code.as_str() == expected[0]).unwrap();
    assert!(names(&verdict, expected[0], 0, at.page), "{verdict}");
}

const NOT_SHOWN: &[&str] = &["exec.face_not_shown"];

#[test]
fn a_seal_that_is_hidden_is_not_shown() {
    for flags in ["134", "164", "166"] {
        with_a_field("seal_0", &[("/F 132", &format!("/F {flags}"))], &["exec.face_not_shown"]);
    }
}

#[test]
fn a_seal_that_is_not_on_the_paper_or_vanishes_under_the_mouse_is_not_shown() {
    for flags in ["128", "388"] {
        with_a_field("seal_0", &[("/F 132", &format!("/F {flags}"))], NOT_SHOWN);
    }
}

#[test]
fn a_seal_in_a_layer_is_not_shown() {
    with_a_field("seal_0", &[("/MK << >>", "/OC 9 0 R")], NOT_SHOWN);
}

#[test]
fn a_seal_that_is_another_one_under_the_mouse_is_not_shown() {
    for state in ["/D", "/R"] {
        let more = format!("/AP << {state} 29 0 R /N ");
        with_a_field("seal_0", &[("/MK << >> ", ""), ("/AP << /N ", &more)], NOT_SHOWN);
    }
}

#[test]
fn a_seal_that_is_one_state_of_several_is_not_shown() {
    let change = [("/Type /Annot ", ""), ("/MK << >> ", ""), ("/N ", "/N << /Off ")];
    let change = [&change[..], &[(" >> /V", " >> >> /V")]].concat();
    with_a_field("seal_0", &change, NOT_SHOWN);
}

#[test]
fn an_empty_picture_is_not_shown() {
    let number = |cast: &Cast| {
        let bytes = &cast.bytes[&document_id()];
        let after = last(bytes, b"/T (seal_0)");
        let at = bytes[after..].windows(10).position(|it| it == b"/AP << /N ").unwrap() + 10;
        String::from_utf8_lossy(&bytes[after + at..after + at + 2]).into_owned()
    };
    let mut cast = started(1);
    let empty = number(&cast);
    all_sign(&mut cast);
    let shown = format!("/N {}", number(&cast));
    with_a_field("seal_0", &[(&shown, &format!("/N {empty}"))], NOT_SHOWN);
}

#[test]
fn a_field_of_no_size_has_moved() {
    let change = [("189.921 317.481", "070.866 317.481")];
    with_a_field("seal_0", &change, &["exec.field_moved"]);
}

#[test]
fn a_field_with_another_name_is_missing_and_its_seal_is_elsewhere() {
    let expected = ["exec.field_missing", "exec.face_elsewhere"];
    with_a_field("seal_0", &[("(seal_0)", "(seal_9)")], &expected);
}

#[test]
fn a_date_that_is_hidden_is_not_shown() {
    with_a_field("date_0", &[("/F 132", "/F 134")], &["exec.value_not_shown"]);
    with_a_field("date_0", &[("/MK << >>", "/OC 9 0 R")], &["exec.value_not_shown"]);
}

#[test]
fn a_date_that_is_another_than_is_seen_is_exposed() {
    // The fifth, and the fourth.
    let change =
        [("/V <FEFF00320030003200365E74003167080035", "/V <FEFF00320030003200365E74003167080034")];
    with_a_field("date_0", &change, &["exec.value_other"]);
}
