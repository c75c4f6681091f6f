//! The page in a browser: on a desk, on a phone and on paper.
//!
//! `SEALWRIGHT_CHROMIUM` names a browser; `required` makes a missing one a failure. Pictures are left
//! under the target folder, in `auditor/`, to be looked at.

mod browser;
mod bundles;
#[path = "../../../../tests/execution/cast.rs"]
mod cast;
mod documents;
#[path = "../../../../tests/world/mod.rs"]
mod world;

use std::fs;
use std::process::Command;

use browser::{Browser, Seen, folder};
use sealwright::execution::evidence::{VerifyOptions, unpack};
use sealwright_testdata::documents::without_its_font;

/// Leaves a file in the folder; its path.
fn left(name: &str, bytes: impl AsRef<[u8]>) -> String {
    let path = folder().join(name);
    fs::write(&path, bytes).unwrap();
    path.to_str().unwrap().to_owned()
}

/// Runs the auditor over a document; the page and the exit status.
fn audited(name: &str, document: &[u8], options: &[&str]) -> (String, i32) {
    let file = left(&format!("{name}.pdf"), document);
    audited_all(name, &[&file], options)
}

/// Runs the auditor over files.
fn audited_all(name: &str, files: &[&str], options: &[&str]) -> (String, i32) {
    let html = folder().join(format!("{name}.html"));
    let output = Command::new(env!("CARGO_BIN_EXE_auditor"))
        .args(files)
        .arg("--html")
        .arg(&html)
        .args(options)
        .output()
        .unwrap();
    let status = output.status.code().unwrap();
    (fs::read_to_string(&html).unwrap(), status)
}

/// What holds for every page on every screen.
#[track_caller]
fn is_sound(name: &str, seen: &Seen) {
    assert!(seen.console.is_empty(), "{name}: {:?}", seen.console);
    assert_eq!(seen.requests, Vec::<String>::new(), "{name}");
    assert_eq!(seen.scripts, 0, "{name}: scripts, frames and handlers");
    assert!(seen.scroll_width <= seen.width, "{name}: {} > {}", seen.scroll_width, seen.width);
    assert!(seen.styled, "{name}: the policy lets its own style through");
    assert!(seen.images_shown == seen.images, "{name}: {} {}", seen.images_shown, seen.images);
    assert_eq!(seen.headings.first().map(|(level, _)| *level), Some(1), "{name}");
    let steps = seen.headings.windows(2).all(|pair| pair[1].0 <= pair[0].0 + 1);
    assert!(steps, "{name}: a level of headings is left out: {:?}", seen.headings);
}

/// On a desk and on a phone; what is seen on the desk.
fn looked_at(browser: &Browser, name: &str, page: &str) -> Seen {
    for (screen, width, height) in [("phone", 360, 780), ("desk", 1_200, 900)] {
        let name = format!("{name}-{screen}");
        let seen = browser.look(&name, page, width, height);
        is_sound(&name, &seen);
        browser.photograph(&name, page, width, seen.height.min(9_000));
        if screen == "desk" {
            browser.print(&name, page);
            return seen;
        }
    }
    unreachable!("the desk comes last")
}

fn has(seen: &Seen, heading: &str) -> bool {
    seen.headings.iter().any(|(_, text)| text.contains(heading))
}

#[test]
fn an_honest_contract_shows_two_seals_and_no_attack() {
    let documents::Sealed { pdf, root, at } = documents::sealed_by_both();
    let trust = left("honest-root.pem", root);
    for (name, lang, verdict, seals) in [
        ("honest-en", "--en", "Passed", "Seals and signatures"),
        ("honest-zh", "--zh", "通过", "印章与签名"),
    ] {
        let options = ["--trust", &trust, "--at", &at, lang];
        let (page, status) = audited(name, &pdf, &options);
        assert_eq!(status, 0, "{name}");
        assert!(page.contains(documents::FIRST) && page.contains(documents::SECOND), "{name}");
        assert_eq!(page.matches("class=\"m-bad\"").count(), 2, "{name}: in the legend alone");
        assert!(!page.contains("≠</text>"), "{name}: everything that is seen is explained");
        assert!(page.contains("class=\"m-ok\""), "{name}");
        assert!(!page.contains("was not asked") && !page.contains("未判断"), "{name}");
        let Some(browser) = Browser::find() else { continue };
        let seen = looked_at(&browser, name, &page);
        assert!(has(&seen, verdict) && has(&seen, seals), "{name}: {:?}", seen.headings);
        // A page before and after, two seals, and pages as they are now.
        assert!(seen.images >= 6, "{name}: {}", seen.images);
    }
}

#[test]
fn what_was_covered_up_after_signing_is_marked() {
    let pdf = documents::covered_up(&documents::sealed_by_both().pdf);
    let (page, status) = audited("tampered", &pdf, &["--without-trust"]);
    assert_eq!(status, 1);
    assert!(page.contains("anybody can put any name into"), "trust was not asked");
    assert!(page.contains("no rule permits it"));
    // The change names no place on the page: the pictures show it.
    assert!(page.contains(">≠</text>"), "the covered lines are marked");
    let Some(browser) = Browser::find() else { return };
    let seen = looked_at(&browser, "tampered", &page);
    assert!(has(&seen, "Failed") && has(&seen, "not permitted"), "{:?}", seen.headings);
    browser.photograph_in_the_dark("tampered", &page, 1_200, seen.height.min(9_000));
}

#[test]
fn a_bundle_is_judged_with_each_of_its_documents() {
    let bundles::Made { zip, roots, head, at } = bundles::honest();
    let (zip, roots) = (left("evidence.zip", zip), left("evidence-roots.pem", roots));
    let head = left("evidence-head.json", head);
    for (name, lang, complete, law) in [
        ("bundle-en", "--en", "complete: it ends at the head", "13 (4)"),
        ("bundle-zh", "--zh", "完整：其末端与外部留存的链头一致", "电子签名法"),
    ] {
        let options = ["--trust", &roots, "--head", &head, "--at", &at, lang];
        let (page, status) = audited_all(name, &[&zip], &options);
        assert_eq!(status, 0, "{name}");
        assert!(page.contains(complete) && page.contains(law), "{name}");
        assert!(page.contains("contract.signed"), "{name}: the trail is told");
        assert!(page.contains("evidence.zip › doc_1"), "{name}: its document is judged");
        let Some(browser) = Browser::find() else { continue };
        let seen = looked_at(&browser, name, &page);
        assert!(seen.images >= 6, "{name}: {}", seen.images);
    }
}

#[test]
fn an_encrypted_document_is_drawn_with_its_password_alone_and_in_a_bundle() {
    let bundles::Made { zip, .. } = bundles::encrypted();
    let unpacked = {
        let options = VerifyOptions::without_trust();
        let unpacked = unpack(&zip, &options).unwrap();
        unpacked.documents.values().next().unwrap().to_vec()
    };
    let zip = left("encrypted.zip", &zip);
    let pdf = left("encrypted-alone.pdf", unpacked);
    for (name, file) in [("encrypted", &pdf), ("encrypted-bundle", &zip)] {
        let with = ["--without-trust", "--password", "user"];
        let (page, status) = audited_all(name, &[file], &with);
        assert_eq!(status, 0, "{name}");
        assert!(page.matches("data:image/png").count() >= 4, "{name}");
        assert!(!page.contains("could not open it"), "{name}");
        if let Some(browser) = Browser::find() {
            looked_at(&browser, name, &page);
        }
        let closed = format!("{name}-closed");
        let (page, status) = audited_all(&closed, &[file], &["--without-trust"]);
        assert_eq!(status, 2, "{name}: not certain without the password");
        assert!(page.contains("needs a password"), "{name}");
        assert!(!page.contains("data:image/png"), "{name}");
        assert!(page.contains("could not open it"), "{name}: why there is no picture");
    }
}

#[test]
fn several_files_have_a_list_of_their_verdicts() {
    let sealed = documents::sealed_by_both().pdf;
    let honest = left("several-honest.pdf", &sealed);
    let tampered = left("several-tampered.pdf", documents::covered_up(&sealed));
    let unsigned = left("several-unsigned.pdf", sealwright_testdata::contract::PDF);
    let nowhere = "nowhere/several-missing.pdf";
    let files = [honest.as_str(), &tampered, &unsigned, nowhere];
    let (page, status) = audited_all("several", &files, &["--without-trust"]);
    assert_eq!(status, 4, "one cannot be read");
    for name in ["several-honest.pdf", "several-tampered.pdf", "several-missing.pdf"] {
        assert!(page.contains(&format!("<bdi>{name}</bdi>")), "{name}, without its folder");
    }
    assert!(!page.contains(folder().to_str().unwrap()), "no folder of this machine is told");
    let Some(browser) = Browser::find() else { return };
    let seen = looked_at(&browser, "several", &page);
    for heading in ["Audit of 4 files", "Passed", "Failed", "Unsigned", "Unreadable"] {
        assert!(has(&seen, heading), "{heading}: {:?}", seen.headings);
    }
}

#[test]
fn text_in_fonts_that_are_not_embedded_is_drawn_and_said() {
    let font =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata/fonts/NotoSerifCJKsc-subset.otf");
    let (page, _) = audited("borrowed", &without_its_font(), &["--font", font]);
    assert!(page.contains("NotoSerifCJKsc-subset"), "which font was lent");
    let (page, _) = audited("borrowed-zh", &without_its_font(), &["--font", font, "--zh"]);
    assert!(page.contains("未嵌入"));
    let Some(browser) = Browser::find() else { return };
    looked_at(&browser, "borrowed", &page);
}

#[test]
fn an_unsigned_document_says_so() {
    let (page, status) = audited("unsigned", sealwright_testdata::contract::PDF, &["--zh"]);
    assert_eq!(status, 3);
    let Some(browser) = Browser::find() else { return };
    let seen = looked_at(&browser, "unsigned", &page);
    assert!(has(&seen, "未签名"), "{:?}", seen.headings);
    assert!(!has(&seen, "签署之后的更改"), "nobody signed: {:?}", seen.headings);
}

#[test]
fn names_from_the_file_are_text() {
    let hostile = "<script>document.title='owned'</script>\u{202E}fdp";
    let pdf = documents::sealed_by(hostile, "a<img src=http://127/x onerror=alert(1)>");
    let (page, _) = audited("hostile", &pdf, &["--without-trust"]);
    assert!(page.contains("&lt;script&gt;document") && page.contains("a&lt;img src="), "escaped");
    assert!(!page.contains("<script") && !page.contains("<img src=http"));
    assert!(!page.contains('\u{202E}'), "nothing turns text around");
    let Some(browser) = Browser::find() else { return };
    looked_at(&browser, "hostile", &page);
}

#[test]
fn a_file_that_cannot_be_read_or_drawn_leaves_a_page() {
    let (page, status) = audited("nonsense", b"no document", &[]);
    assert_eq!(status, 4);
    assert!(page.contains("Unreadable"));
    // A page whose content never ends drawing: forms that draw each other.
    let (page, status) = audited("undrawable", &documents::drawn_without_end(), &[]);
    assert_eq!(status, 3);
    assert!(page.contains("This page cannot be rendered"));
    assert!(page.contains("</html>"));
    assert!(page.len() < 4 << 20);
}

#[test]
fn a_page_that_breaks_its_promises_is_noticed() {
    let Some(browser) = Browser::find() else { return };
    let (page, _) = audited("promises", sealwright_testdata::contract::PDF, &[]);
    let broken = |name: &str, from: &str, to: &str| {
        let page = page.replacen(from, to, 1);
        let seen = browser.look(name, &page, 360, 780);
        std::panic::catch_unwind(|| is_sound(name, &seen)).is_err()
    };
    assert!(!broken("sound", "", ""));
    assert!(broken("wide", "<main>", "<main><svg width=\"900\" height=\"9\"></svg>"));
    assert!(broken("asks", "<main>", "<main><img src=\"http://127.0.0.1:9/x.png\" alt=\"\">"));
    assert!(broken("unstyled", "<style>", "<style>p{color:red}"));
    assert!(broken("scripted", "<main>", "<main><script>1</script>"));
    assert!(broken("headless", "<h1>", "<h5>"));
}
