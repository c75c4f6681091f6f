//! The page in a browser: on a desk, on a phone and on paper.
//!
//! `SEALWRIGHT_CHROMIUM` names a browser; `required` makes a missing one a failure. Pictures are left
//! under the target folder, in `auditor/`, to be looked at.

mod browser;
mod documents;

use std::fs;
use std::process::Command;

use browser::{Browser, Seen, folder};

/// Runs the auditor over a document; the page and the exit status.
fn audited(name: &str, document: &[u8], options: &[&str]) -> (String, i32) {
    let folder = folder();
    let (pdf, html) = (folder.join(format!("{name}.pdf")), folder.join(format!("{name}.html")));
    fs::write(&pdf, document).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_auditor"))
        .arg(&pdf)
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
    let trust = folder().join("honest-root.pem");
    fs::write(&trust, root).unwrap();
    let trust = trust.to_str().unwrap();
    for (name, lang, verdict, seals) in [
        ("honest-en", "--en", "Passed", "Seals and signatures"),
        ("honest-zh", "--zh", "通过", "印章与签名"),
    ] {
        let options = ["--trust", trust, "--at", &at, lang];
        let (page, status) = audited(name, &pdf, &options);
        assert_eq!(status, 0, "{name}");
        assert!(page.contains(documents::FIRST) && page.contains(documents::SECOND), "{name}");
        assert_eq!(page.matches("class=\"m-bad\"").count(), 2, "{name}: in the legend alone");
        assert!(!page.contains("≠</text>"), "{name}: everything that is seen is explained");
        assert!(page.contains("class=\"m-ok\""), "{name}");
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
    assert!(page.contains("no rule permits it"));
    // The change names no place on the page: the pictures show it.
    assert!(page.contains(">≠</text>"), "the covered lines are marked");
    let Some(browser) = Browser::find() else { return };
    let seen = looked_at(&browser, "tampered", &page);
    assert!(has(&seen, "Failed") && has(&seen, "not permitted"), "{:?}", seen.headings);
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
