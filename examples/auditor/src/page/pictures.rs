//! Pictures on the page, and the marks on them.

use std::fmt::Write;

use super::text::{apart, base64, put, text};
use crate::album::{Album, Shown};
use crate::case::Judged;
use crate::fonts::Letters;
use crate::picture::Area;
use crate::words::Words;

/// What marks are drawn with: a hatching, so that what is forbidden is seen without its colour.
pub const DEFINITIONS: &str = "<svg class=\"defs\" aria-hidden=\"true\"><defs>\
    <pattern id=\"hatch\" width=\"12\" height=\"12\" patternUnits=\"userSpaceOnUse\" \
    patternTransform=\"rotate(45)\"><rect width=\"12\" height=\"12\" fill=\"#a80f4c\" \
    fill-opacity=\".07\"/><rect width=\"3\" height=\"12\" fill=\"#a80f4c\" fill-opacity=\".45\"/>\
    </pattern></defs></svg>";

/// How a place on a page is marked.
#[derive(Clone, Copy, PartialEq)]
pub enum Look {
    /// Something there was changed, and nothing permits it.
    Forbidden,
    /// Something there was changed as permitted.
    Allowed,
    /// It looks different, and no change names the place.
    Odd,
    /// The same, and something was changed that nothing permits.
    Suspect,
}

impl Look {
    /// The word of its classes.
    pub fn class(self) -> &'static str {
        match self {
            Self::Forbidden | Self::Suspect => "bad",
            Self::Allowed => "ok",
            Self::Odd => "odd",
        }
    }
}

/// A mark on a picture, and what its badge says.
pub struct Drawn {
    pub area: Area,
    pub look: Look,
    pub badge: String,
}

/// A picture with marks on it; without badges and hatching if they are only to guide the eye.
pub fn sheet(words: Words, shown: &Shown, about: &str, marks: &[Drawn], quiet: bool) -> String {
    let (png, width, height) = match shown {
        Shown::Drawn { png, width, height } => (png, *width, *height),
        other => return format!("<div class=\"none\">{}</div>", missing(words, other)),
    };
    let mut sheet = String::from("<div class=\"sheet\">");
    put!(
        sheet,
        "<img width=\"{width}\" height=\"{height}\" alt=\"{}\" src=\"data:image/png;base64,{}\">",
        text(about),
        base64(png)
    );
    if !marks.is_empty() {
        put!(sheet, "<svg viewBox=\"0 0 {width} {height}\" aria-hidden=\"true\">");
        let unit = f64::from(width.max(height)) / 1_200.0;
        let (width, height) = (f64::from(width), f64::from(height));
        marks.iter().for_each(|mark| draw(&mut sheet, mark, (width, height), unit, quiet));
        put!(sheet, "</svg>");
    }
    sheet.push_str("</div>");
    sheet
}

fn draw(sheet: &mut String, mark: &Drawn, (width, height): (f64, f64), unit: f64, quiet: bool) {
    let Drawn { area, look, badge } = mark;
    let class = look.class();
    // What is smaller than a badge is still seen.
    let least = 8.0 * unit;
    let (w, h) = ((area.right - area.left) * width, (area.bottom - area.top) * height);
    let (w, h) = (w.max(least), h.max(least));
    let (x, y) = (area.left * width, area.top * height);
    let (x, y) = (x.min(width - w).max(0.0), y.min(height - h).max(0.0));
    let (stroke, dash, fill) = match look {
        Look::Forbidden => (5.0, "", if quiet { "none" } else { "url(#hatch)" }),
        Look::Allowed => (4.0, "14 7", "none"),
        Look::Odd => (4.0, "4 5", "none"),
        Look::Suspect => (4.0, "4 5", if quiet { "none" } else { "url(#hatch)" }),
    };
    let (stroke, halo) = (stroke * unit, (stroke + 4.0) * unit);
    let dash = dash.split(' ').filter_map(|part| part.parse::<f64>().ok());
    let dash = dash.map(|part| format!("{:.1}", part * unit)).collect::<Vec<_>>().join(" ");
    let at = format!("x=\"{x:.1}\" y=\"{y:.1}\" width=\"{w:.1}\" height=\"{h:.1}\"");
    put!(sheet, "<rect class=\"halo\" {at} stroke-width=\"{halo:.1}\"/>");
    put!(
        sheet,
        "<rect class=\"m-{class}\" {at} fill=\"{fill}\" stroke-width=\"{stroke:.1}\" \
         stroke-dasharray=\"{dash}\"/>"
    );
    if quiet || badge.is_empty() {
        return;
    }
    let letters = badge.chars().count() as f64;
    let (badge_width, badge_height) = ((16.0 + 13.0 * letters) * unit, 28.0 * unit);
    let left = x.min(width - badge_width).max(0.0);
    let top = if y > badge_height { y - badge_height } else { y };
    let round = if *look == Look::Allowed { 14.0 * unit } else { 2.0 * unit };
    put!(
        sheet,
        "<rect class=\"b-{class}\" x=\"{left:.1}\" y=\"{top:.1}\" width=\"{badge_width:.1}\" \
         height=\"{badge_height:.1}\" rx=\"{round:.1}\"/>"
    );
    let (middle, base) = (left + badge_width / 2.0, top + badge_height * 0.75);
    let size = 21.0 * unit;
    put!(
        sheet,
        "<text class=\"badge\" x=\"{middle:.1}\" y=\"{base:.1}\" font-size=\"{size:.1}\">{}</text>",
        text(badge)
    );
}

fn missing(words: Words, shown: &Shown) -> &'static str {
    match shown {
        Shown::NoSuchPage => words.say("There was no such page.", "当时没有此页。"),
        Shown::LeftOut => words.say(
            "Left out: this report holds as many pictures as it may.",
            "已省略：本报告的图片数量已达上限。",
        ),
        Shown::NotDrawn | Shown::Drawn { .. } => words.say(
            "This page cannot be rendered. That alone says nothing against it.",
            "此页无法渲染。仅凭这一点不能说明有问题。",
        ),
    }
}

/// What is to be known of all pictures of a file; nothing where there is nothing to say.
pub fn about(page: &mut String, words: Words, judged: &Judged, album: &Album) {
    let mut lines: Vec<String> = Vec::new();
    let mut say = |en, zh| lines.push(words.say(en, zh).to_owned());
    if album.too_large {
        say(
            "The file is too large for pictures; nothing was rendered.",
            "文件过大，未渲染任何图片。",
        );
    }
    if album.too_slow {
        say("Rendering took too long; some pictures are missing.", "渲染时间过长，部分图片缺失。");
    }
    if judged.encrypted && album.is_blank() {
        say(
            "The document is encrypted, and the renderer could not open it.",
            "文档已加密，渲染程序未能打开。",
        );
    }
    match (album.letters, &album.lent) {
        (Letters::Own, _) => {}
        (Letters::Borrowed, lent) => lines.push(words.fill(
            "Some text is in fonts that the file does not bring along. It is drawn here with {0}, as \
             far as that has its letters: another program may draw it otherwise, and so may one that \
             has the font.",
            "部分文字使用了文件未嵌入的字体，此处以 {0} 代替绘制（仅限其中有的字形）：\
             其他程序或装有该字体的程序，显示可能不同。",
            &[&apart(lent.as_deref().unwrap_or("?"))],
        )),
        (Letters::Missing, _) => say(
            "Some text is in fonts that the file does not bring along, and no font was at hand to draw \
             it with: it is missing from the pictures, not from the document. Name a font with --font.",
            "部分文字使用了文件未嵌入的字体，而此处没有可用的字体：这些文字只在图片中缺失，\
             文档中仍然存在。可用 --font 指定字体。",
        ),
    }
    if lines.is_empty() {
        return;
    }
    let title = words.say("About the pictures", "关于图片");
    put!(page, "<section><h3>{title}</h3>");
    lines.iter().for_each(|line| put!(page, "<p>{line}</p>"));
    put!(page, "</section>");
}

/// The places of the signatures, enlarged.
pub fn seals(page: &mut String, words: Words, judged: &Judged, album: &Album) {
    if judged.report.signatures.is_empty() {
        return;
    }
    let title = words.say("Seals and signatures, enlarged", "印章与签名（放大）");
    put!(page, "<section><h3>{title}</h3>");
    if album.seals.is_empty() {
        let text = words.say(
            "No signature shows anything on a page, or its place cannot be found.",
            "没有签名在页面上显示内容，或者找不到其位置。",
        );
        put!(page, "<p>{text}</p></section>");
        return;
    }
    put!(
        page,
        "<p class=\"note\">{}</p><div class=\"seals\">",
        words.say(
            "Each place as it was when the signature was made. What is drawn there is a picture: whose \
             seal it shows is vouched for by the signature alone, not by the picture.",
            "各处均为签名作出时的样子。此处只是图像：印章归属只由签名证明，图像本身不能证明。",
        )
    );
    for seal in &album.seals {
        let [index, number, revision] =
            [seal.signature, u64::from(seal.page), seal.revision].map(|one| one.to_string());
        let about = words.fill(
            "Signature {0}, page {1}, revision {2}",
            "第 {0} 个签名，第 {1} 页，第 {2} 版",
            &[&index, &number, &revision],
        );
        match &seal.now {
            None => {
                put!(page, "<figure><figcaption>{about}</figcaption>");
                put!(page, "{}</figure>", sheet(words, &seal.then, &about, &[], true));
            }
            Some(now) => {
                let differs = words.say("now it looks different here", "此处现在的样子不同");
                put!(page, "<figure class=\"now\"><figcaption>{about}: ");
                put!(page, "<strong>{differs}</strong></figcaption><div class=\"two\">");
                for (when, shown) in
                    [(words.say("then", "当时"), &seal.then), (words.say("now", "现在"), now)]
                {
                    let about = format!("{about}, {when}");
                    put!(page, "<figure><figcaption>{when}</figcaption>");
                    put!(page, "{}</figure>", sheet(words, shown, &about, &[], true));
                }
                put!(page, "</div></figure>");
            }
        }
    }
    put!(page, "</div>");
    if album.places_left_out > 0 {
        let text = words.fill(
            "{0} more places of signatures are not shown.",
            "另有 {0} 处签名位置未显示。",
            &[&album.places_left_out.to_string()],
        );
        put!(page, "<p class=\"note\">{text}</p>");
    }
    put!(page, "</section>");
}

/// The pages as they are now.
pub fn now(page: &mut String, words: Words, album: &Album) {
    if album.now.is_empty() {
        return;
    }
    put!(page, "<section><h3>{}</h3>", words.say("The document as it is now", "文档现状"));
    let is_signed = album.now.iter().any(|one| !one.places.is_empty());
    let text = match is_signed {
        true => words.say(
            "The first page, and pages with signatures. Dashed blue frames are the places of \
             signatures, with their numbers.",
            "首页及含签名的页面。蓝色虚线框为签名位置，数字为签名编号。",
        ),
        false => words.say("The first page.", "首页。"),
    };
    put!(page, "<p class=\"note\">{text}</p><div class=\"pages\">");
    for one in &album.now {
        let about = words.fill("Page {0}", "第 {0} 页", &[&one.page.to_string()]);
        let marks = one.places.iter().map(|(index, area)| Drawn {
            area: *area,
            look: Look::Allowed,
            badge: index.to_string(),
        });
        let sheet = sheet(words, &one.shown, &about, &marks.collect::<Vec<_>>(), false);
        put!(page, "<figure><figcaption>{about}</figcaption>{sheet}</figure>");
    }
    put!(page, "</div>");
    if album.now_left_out > 0 {
        let text = words.fill(
            "{0} more pages with signatures are not shown.",
            "另有 {0} 个含签名的页面未显示。",
            &[&album.now_left_out.to_string()],
        );
        put!(page, "<p class=\"note\">{text}</p>");
    }
    put!(page, "</section>");
}
