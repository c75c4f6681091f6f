//! Pages on screens: what they look like, and where everything is.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use image::RgbaImage;
use serde_json::Value;

use crate::chromium::Chromium;

/// The size of a screen in CSS pixels, and how many of its own pixels make one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Screen {
    /// Its width.
    pub width: u32,
    /// Its height.
    pub height: u32,
    /// Pixels of the picture for one of these.
    pub scale: u32,
}

impl Screen {
    /// A big screen.
    pub const WIDE: Self = Self { width: 1920, height: 1080, scale: 1 };
    /// A projector.
    pub const CLASSIC: Self = Self { width: 1024, height: 768, scale: 1 };
    /// A phone.
    pub const PHONE: Self = Self { width: 390, height: 844, scale: 2 };
}

/// What a page says of itself once it is laid out.
#[derive(Debug)]
pub struct Measured {
    /// What the script found, as JSON.
    pub found: Value,
}

/// A text or a card, and where it is in CSS pixels.
#[derive(Clone, Debug)]
pub struct Placed {
    /// What it says.
    pub text: String,
    /// Its left edge.
    pub left: f64,
    /// Its upper edge.
    pub top: f64,
    /// Its right edge.
    pub right: f64,
    /// Its lower edge.
    pub bottom: f64,
}

impl Placed {
    fn read(value: &Value) -> Self {
        let at = |name: &str| value[name].as_f64().unwrap();
        let text = value["text"].as_str().unwrap_or_default().to_owned();
        let (left, top, right, bottom) = (at("left"), at("top"), at("right"), at("bottom"));
        Self { text, left, top, right, bottom }
    }

    /// Whether the middle of the other is in this.
    pub fn holds_middle_of(&self, other: &Self) -> bool {
        let (x, y) = ((other.left + other.right) / 2.0, (other.top + other.bottom) / 2.0);
        (self.left..self.right).contains(&x) && (self.top..self.bottom).contains(&y)
    }

    /// Whether letters of both would touch: the box of a line is a third higher than its letters.
    pub fn lies_on(&self, other: &Self) -> bool {
        let (thin, other_thin) = (self.letters(), other.letters());
        let across = self.right.min(other.right) - self.left.max(other.left);
        let down = thin.1.min(other_thin.1) - thin.0.max(other_thin.0);
        across > 1.0 && down > 1.0
    }

    fn letters(&self) -> (f64, f64) {
        let free = (self.bottom - self.top) * 0.17;
        (self.top + free, self.bottom - free)
    }
}

impl Measured {
    /// The width and height that the page would need.
    pub fn scroll(&self) -> [f64; 2] {
        [0, 1].map(|side| self.found["scroll"][side].as_f64().unwrap())
    }

    /// Every text that is seen.
    pub fn texts(&self) -> Vec<Placed> {
        self.found["texts"].as_array().unwrap().iter().map(Placed::read).collect()
    }

    /// The cards of the parties.
    pub fn cards(&self) -> Vec<Placed> {
        self.found["cards"].as_array().unwrap().iter().map(Placed::read).collect()
    }

    /// A number that the script found.
    pub fn count(&self, name: &str) -> u64 {
        self.found[name].as_u64().unwrap()
    }
}

/// What another reader, zbarimg, finds in a picture; nothing where it is not installed.
pub fn zbar(picture: &Path) -> Option<Vec<String>> {
    let output = Command::new("zbarimg").args(["--quiet", "--raw"]).arg(picture).output();
    let Ok(output) = output else {
        assert_ne!(env::var("SEALWRIGHT_CHROMIUM").as_deref(), Ok("required"), "no zbarimg");
        return None;
    };
    let text = String::from_utf8(output.stdout).unwrap();
    Some(text.lines().map(str::to_owned).collect())
}

/// A browser that shows pages as screens would.
pub struct Browser {
    chromium: Chromium,
}

impl Browser {
    /// The browser, where there is one: see [`Chromium::find`].
    pub fn find() -> Option<Self> {
        Some(Self { chromium: Chromium::find("the result board")? })
    }

    /// The page on a screen.
    pub fn picture(&self, name: &str, page: &str, screen: Screen) -> RgbaImage {
        let frame = frame(name, page, screen, "");
        let png = frame.with_extension("png");
        let (width, height) = (screen.width.max(600), screen.height);
        self.chromium.run(
            &frame,
            &[
                &format!("--screenshot={}", png.display()),
                &format!("--window-size={width},{height}"),
                &format!("--force-device-scale-factor={}", screen.scale),
            ],
        );
        let picture = image::open(&png).unwrap().into_rgba8();
        let (width, height) = (screen.width * screen.scale, screen.height * screen.scale);
        assert!(
            picture.width() >= width && picture.height() >= height,
            "{:?}",
            picture.dimensions()
        );
        image::imageops::crop_imm(&picture, 0, 0, width, height).to_image()
    }

    /// Where every text of the page is, and whether the page is wider than the screen.
    pub fn measure(&self, name: &str, page: &str, screen: Screen) -> Measured {
        let frame = frame(&format!("{name}-measured"), page, screen, MEASURE);
        let window = format!("--window-size={},{}", screen.width.max(600), screen.height);
        let output = self.chromium.run(&frame, &["--dump-dom", &window]);
        let dom = String::from_utf8(output.stdout).unwrap();
        let (_, found) = dom.split_once("<pre id=\"found\">").expect("the script has run");
        let (found, _) = found.split_once("</pre>").unwrap();
        let found = found.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
        Measured { found: serde_json::from_str(&found).unwrap() }
    }
}

/// A page around the page: a frame of the size of the screen, since no window is as narrow as a
/// phone, and a script that may look into it, since in the page itself none may run.
fn frame(name: &str, page: &str, screen: Screen, script: &str) -> PathBuf {
    let folder = output_folder().join("pages");
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join(format!("{name}-{}x{}.html", screen.width, screen.height));
    let inside = page.replace('&', "&amp;").replace('"', "&quot;");
    let Screen { width, height, .. } = screen;
    let text = format!(
        "<!doctype html><meta charset=\"utf-8\"><body style=\"margin:0\">\
         <iframe width=\"{width}\" height=\"{height}\" style=\"border:0;display:block\" \
         srcdoc=\"{inside}\"></iframe><script>{script}</script></body>"
    );
    fs::write(&path, text).unwrap();
    path
}

/// Where pictures and pages are left to be looked at.
pub(crate) fn output_folder() -> PathBuf {
    let target = env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target");
    let target = target.unwrap_or(here);
    fs::create_dir_all(&target).unwrap();
    target.canonicalize().unwrap().join("board")
}

const MEASURE: &str = r##"
window.ran = [];
document.querySelector("iframe").addEventListener("load", (event) => {
    const page = event.target.contentDocument, view = event.target.contentWindow;
    const box = (element) => {
        const { left, top, right, bottom } = element.getBoundingClientRect();
        return { left, top, right, bottom };
    };
    const seen = (selector) => [...page.querySelectorAll(selector)].filter(
        (element) => element.getClientRects().length > 0 && !element.closest("symbol"));
    const root = page.documentElement;
    const found = {
        scroll: [root.scrollWidth, root.scrollHeight],
        inner: [view.innerWidth, view.innerHeight],
        shapes: seen("svg[class]").map((element) => element.getAttribute("class")),
        scripts: page.querySelectorAll("script, iframe, object, foreignObject, a").length,
        handlers: [...page.querySelectorAll("*")].filter((element) =>
            [...element.attributes].some((one) => one.name.startsWith("on"))).length,
        ran: window.ran,
        texts: seen("text").map((element) => ({ text: element.textContent, ...box(element) })),
        cards: seen("rect[fill='#fbfaf6']").map(box),
    };
    const pre = document.createElement("pre");
    pre.id = "found";
    pre.textContent = JSON.stringify(found);
    document.body.append(pre);
});
"##;
