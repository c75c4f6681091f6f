//! What the signer saw, and the story of a file.

mod judging_support;

use judging_support::{Draft, FREE, PAGE};
use sealwright::limits::Limits;
use sealwright::pdf::{File, Source};
use sealwright::report::{Conclusion, EventCode, Lang, Report, Story};
use sealwright::verification::{CheckOptions, Error, check, check_file, explain, revision_bytes};
use sealwright_testdata::pki::KeyType;

fn told(bytes: &[u8]) -> (Report, Story) {
    let file = File::open(bytes, Limits::default()).unwrap();
    let report = check_file(&file, &CheckOptions::without_trust()).unwrap();
    let story = explain(&file, &report).unwrap();
    (report, story)
}

fn happened(story: &Story, revision: usize) -> Vec<EventCode> {
    story.revisions[revision - 1].events.iter().map(|event| event.code).collect()
}

#[test]
fn each_signer_saw_the_file_as_it_was_then() {
    let mut draft = Draft::new(KeyType::P256);
    let mut handed_on = Vec::new();
    for name in ["a", "b", "c"] {
        handed_on.push(draft.sign(name).bytes.clone());
    }
    let report = draft.judge();
    for (signature, then) in report.signatures.iter().zip(&handed_on) {
        let seen = revision_bytes(&draft.bytes, signature).unwrap();
        let bytes = seen.as_bytes().unwrap();
        assert!(std::ptr::eq(bytes.as_ptr(), draft.bytes.as_ptr()), "nothing is copied");
        assert_eq!(bytes, then);
        let [front, back] = seen.ranges();
        assert_eq!((front.start, back.end), (0, seen.end()));
        let gap = &bytes[front.end as usize..back.start as usize];
        assert_eq!((gap.first(), gap.last()), (Some(&b'<'), Some(&b'>')));
        // It can be judged like any other file, and covers the whole of it.
        let alone = check(seen, &CheckOptions::without_trust()).unwrap();
        assert_eq!(alone.conclusion, Conclusion::Passed);
        assert!(alone.signatures.last().unwrap().coverage.whole_file);
    }
}

#[test]
fn what_is_not_proven_to_be_signed_is_not_handed_out() {
    let mut draft = Draft::new(KeyType::P256);
    draft.sign("a");
    let mut report = draft.judge();
    let longer = [draft.bytes.as_slice(), b"\n"].concat();
    let other = revision_bytes(&longer, &report.signatures[0]).unwrap_err();
    let (reported, found) = (draft.bytes.len() as u64, longer.len() as u64);
    assert_eq!(other, Error::OtherFile { reported, found });
    let file = File::open(&longer, Limits::default()).unwrap();
    assert_eq!(explain(&file, &report).unwrap_err(), other);

    // A report that was read back may say anything.
    for ranges in [None, Some([0, 50, 40, 1]), Some([0, 1, u64::MAX, 1]), Some([9, u64::MAX, 1, 1])]
    {
        report.signatures[0].coverage.ranges = ranges;
        let refused = revision_bytes(&draft.bytes, &report.signatures[0]).unwrap_err();
        assert_eq!(refused, Error::NothingCovered { index: 1 }, "{ranges:?}");
    }
}

#[test]
fn a_revision_is_no_longer_than_its_end() {
    let mut draft = Draft::new(KeyType::P256);
    draft.sign("a").sign("b");
    let report = draft.judge();
    let seen = revision_bytes(&draft.bytes, &report.signatures[0]).unwrap();
    let mut last = [0];
    seen.read_at(seen.end() - 1, &mut last).unwrap();
    assert_eq!(last[0], draft.bytes[seen.end() as usize - 1]);
    assert!(seen.read_at(seen.end(), &mut last).is_err());
    assert!(seen.read_at(u64::MAX, &mut last).is_err());
}

#[test]
fn the_story_names_who_signed_where_in_order() {
    let mut draft = Draft::new(KeyType::P256);
    draft.append(&[(FREE + 20, "(a note)")]);
    draft.sign("buyer").sign("seller");
    let (report, story) = told(&draft.bytes);
    use EventCode as E;
    assert_eq!(happened(&story, 1), [E::Written]);
    assert_eq!(happened(&story, 2), [E::Saved]);
    assert_eq!(happened(&story, 3), [E::Signed, E::TimeClaimed, E::Passed]);
    let second = happened(&story, 4);
    assert_eq!(second[..3], [E::Signed, E::TimeClaimed, E::Passed]);
    assert_eq!(second.iter().filter(|code| **code == E::FieldAdded).count(), 1, "{second:?}");
    let mut prepared = Draft::new(KeyType::P256);
    prepared.sign("a").fill_prepared();
    let (_, filled) = told(&prepared.bytes);
    let placed = filled.revisions[2].events.iter().find(|event| event.code == E::Placed).unwrap();
    assert_eq!((placed.signature, placed.page), (Some(2), Some(1)));
    assert_eq!(placed.rects, [[10.0, 10.0, 60.0, 60.0]]);
    assert!(!second.contains(&E::Forbidden), "{second:?}");
    let ends: Vec<u64> = story.revisions.iter().map(|revision| revision.end).collect();
    assert_eq!(ends[2], report.signatures[0].coverage.ranges.unwrap()[2..].iter().sum::<u64>());
    assert_eq!(ends[3], draft.bytes.len() as u64);

    let english = story.to_string();
    assert!(english.contains("signature 1 was made in field buyer, by"), "{english}");
    assert!(english.contains("form field seller was added"), "{english}");
    let chinese = story.in_language(Lang::Zh).to_string();
    assert_eq!(chinese.lines().count(), english.lines().count());
    assert!(chinese.contains("在签名域 buyer 中作出第 1 个签名"), "{chinese}");
    let json = serde_json::to_string(&story).unwrap();
    assert_eq!(serde_json::from_str::<Story>(&json).unwrap(), story);
}

#[test]
fn people_are_told_a_name_and_find_the_whole_one_beside_it() {
    let mut draft = Draft::new(KeyType::P256);
    draft.sign("a");
    let (mut report, _) = told(&draft.bytes);
    let whole = r"CN=Jiang\, \e2\80\aeLtd,OU=Contracts,O=Jiang Group,L=Jiang,C=CN";
    let identity = &mut report.signatures[0].identity;
    identity.subject = Some(whole.to_owned());
    identity.issuer = Some("O=Root,C=CN".to_owned());
    let file = File::open(&*draft.bytes, Limits::default()).unwrap();
    let story = explain(&file, &report).unwrap();
    for (lang, who, certificate) in [
        (Lang::En, "Signed by: Jiang, \u{FFFD}Ltd, issued by Root (", "Certificate: "),
        (Lang::Zh, "签署人：Jiang, \u{FFFD}Ltd，颁发者：Root（", "证书："),
    ] {
        let told = story.in_language(lang).to_string();
        assert!(told.contains("Jiang, \u{FFFD}Ltd\n") && !told.contains("OU="), "{told}");
        let letter = report.in_language(lang).to_string();
        assert!(letter.contains(who), "{letter}");
        assert_eq!(letter.matches(whole).count(), 1, "{letter}");
        assert!(letter.contains(&format!("{certificate}{whole}")), "{letter}");
    }
}

#[test]
fn what_nobody_permitted_is_told_with_its_page() {
    let mut draft = Draft::new(KeyType::P256);
    draft.sign("a");
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 40 0 R >>";
    draft.append(&[(PAGE, page), (40, "<< /Length 0 >>\nstream\n\nendstream")]);
    let (_, story) = told(&draft.bytes);
    assert!(happened(&story, 2).contains(&EventCode::Failed));
    let forbidden = story.revisions[2].events.iter().find(|event| event.page.is_some());
    let forbidden = forbidden.expect("the change of the page");
    assert_eq!(forbidden.code, EventCode::Forbidden);
    assert_eq!((forbidden.page, forbidden.objects.as_slice()), (Some(1), &["3 0".to_owned()][..]));
    assert!(story.to_string().contains("NOT PERMITTED: 1 object(s) changed: page (page 1)"));
}
