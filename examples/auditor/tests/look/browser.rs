//! Pages laid out on screens and on paper.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use sealwright_board::Chromium;
use serde_json::Value;

/// A browser that lays the auditor's pages out.
pub struct Browser {
    chromium: Chromium,
}

/// What a page looks like once it is laid out.
#[derive(Debug)]
pub struct Seen {
    /// The width of the screen, in CSS pixels.
    pub width: u64,
    /// The width that the page would need.
    pub scroll_width: u64,
    /// The height of the whole page.
    pub height: u64,
    /// Scripts, frames, plug-ins and handlers in it.
    pub scripts: u64,
    /// Pictures in it.
    pub images: u64,
    /// Those that are decoded.
    pub images_shown: u64,
    /// Whether its style counts.
    pub styled: bool,
    /// Its headings, each with its level.
    pub headings: Vec<(u64, String)>,
    /// What it asked for.
    pub requests: Vec<String>,
    /// What the browser complained of.
    pub console: Vec<String>,
}

impl Browser {
    /// The browser, where there is one: see [`Chromium::find`].
    pub fn find() -> Option<Self> {
        Some(Self { chromium: Chromium::find("the auditor's page")? })
    }

    /// Lays the page out on a screen and looks at it.
    pub fn look(&self, name: &str, page: &str, width: u64, height: u64) -> Seen {
        let frame = frame(name, page, width, height);
        let window = format!("--window-size={},{height}", width.max(600));
        let output = self
            .chromium
            .run(&frame, &["--dump-dom", &window, "--enable-logging=stderr", "--log-level=0"]);
        let dom = String::from_utf8(output.stdout).unwrap();
        let (_, found) = dom.rsplit_once("<pre id=\"found\">").expect("the script has run");
        let (found, _) = found.split_once("</pre>").unwrap();
        let found = found.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
        let found: Value = serde_json::from_str(&found).unwrap();
        let number = |name: &str| found[name].as_u64().unwrap();
        let texts = |value: &Value| value.as_str().unwrap().to_owned();
        let messages = String::from_utf8_lossy(&output.stderr).into_owned();
        Seen {
            width,
            scroll_width: number("scroll"),
            height: number("height"),
            scripts: number("scripts"),
            images: number("images"),
            images_shown: number("shown"),
            styled: found["styled"].as_bool().unwrap(),
            headings: found["headings"]
                .as_array()
                .unwrap()
                .iter()
                .map(|heading| (heading[0].as_u64().unwrap(), texts(&heading[1])))
                .collect(),
            requests: found["requests"].as_array().unwrap().iter().map(texts).collect(),
            console: messages
                .lines()
                .filter(|line| line.contains("CONSOLE"))
                .map(str::to_owned)
                .collect(),
        }
    }

    /// Leaves a picture of the page to be looked at.
    pub fn photograph(&self, name: &str, page: &str, width: u64, height: u64) {
        self.take(name, page, (width, height), "--blink-settings=preferredColorScheme=1");
    }

    /// The same for whoever likes his screen dark.
    pub fn photograph_in_the_dark(&self, name: &str, page: &str, width: u64, height: u64) {
        let dark = "--blink-settings=preferredColorScheme=0";
        self.take(&format!("{name}-dark"), page, (width, height), dark);
    }

    fn take(&self, name: &str, page: &str, (width, height): (u64, u64), scheme: &str) {
        let frame = frame(name, page, width, height);
        let png = folder().join(format!("{name}.png"));
        let window = format!("--window-size={},{height}", width.max(600));
        self.chromium.run(&frame, &[&format!("--screenshot={}", png.display()), &window, scheme]);
        assert!(fs::metadata(&png).unwrap().len() > 10_000, "{}", png.display());
        println!("{}", png.display());
    }

    /// Leaves the page on paper.
    pub fn print(&self, name: &str, page: &str) {
        let html = folder().join(format!("{name}-alone.html"));
        fs::write(&html, page).unwrap();
        let pdf = folder().join(format!("{name}-printed.pdf"));
        let to = format!("--print-to-pdf={}", pdf.display());
        self.chromium.run(&html, &[&to, "--no-pdf-header-footer"]);
        assert!(fs::read(&pdf).unwrap().starts_with(b"%PDF"), "{}", pdf.display());
    }
}

/// A page around the page: a frame of the size of the screen, since no window is as narrow as a phone,
/// and a script that may look into it, since in the page itself none may run.
fn frame(name: &str, page: &str, width: u64, height: u64) -> PathBuf {
    let path = folder().join(format!("{name}-{width}x{height}-frame.html"));
    let inside = page.replace('&', "&amp;").replace('"', "&quot;");
    let text = format!(
        "<!doctype html><meta charset=\"utf-8\"><body style=\"margin:0\">\
         <iframe width=\"{width}\" height=\"{height}\" style=\"border:0;display:block\" \
         srcdoc=\"{inside}\"></iframe><script>{LOOK}</script></body>"
    );
    fs::write(&path, text).unwrap();
    path
}

/// Where pages and pictures are left.
pub fn folder() -> PathBuf {
    let target = env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target");
    let folder = target.unwrap_or(here).join("auditor");
    fs::create_dir_all(&folder).unwrap();
    folder.canonicalize().unwrap()
}

const LOOK: &str = r#"
document.querySelector("iframe").addEventListener("load", (event) => {
    const page = event.target.contentDocument, view = event.target.contentWindow;
    const images = [...page.images];
    const requests = view.performance.getEntriesByType("resource").map((entry) => entry.name);
    const handlers = [...page.querySelectorAll("*")].filter((element) =>
        [...element.attributes].some((one) => one.name.startsWith("on")));
    const found = {
        scroll: page.documentElement.scrollWidth,
        height: page.documentElement.scrollHeight,
        scripts: page.querySelectorAll("script, iframe, object, embed, form").length + handlers.length,
        images: images.length,
        shown: images.filter((image) => image.complete && image.naturalWidth > 0).length,
        styled: view.getComputedStyle(page.querySelector(".verdict") || page.body).paddingLeft !== "0px",
        headings: [...page.querySelectorAll("h1,h2,h3,h4,h5,h6")].map((heading) =>
            [Number(heading.tagName[1]), heading.textContent]),
        requests: requests.filter((name) => !name.startsWith("data:")),
    };
    const pre = document.createElement("pre");
    pre.id = "found";
    pre.textContent = JSON.stringify(found);
    document.body.append(pre);
});
"#;
