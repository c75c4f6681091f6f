//! Prints where words stand in a PDF.
//!
//! ```sh
//! cargo run --example place -- contract.pdf "甲方（盖章）"
//! cargo run --example place -- contract.pdf 盖章 --page -1 --order reverse --index 0 --json
//! ```
//!
//! `--page N` counts from 1, or from -1 at the end; `--index N` counts from 0. With `--json` an array
//! of `{page, x, y, width, height}` in points from the top left of the page as displayed. `--preview
//! OUT` writes a copy that shows a seal on the middle of the words, and that says that it is not signed:
//! that of `--seal FILE` (PNG or JPEG), 42 mm wide, or the demo seal. Where words are missing nothing is
//! written, which the standard error says; `--json` prints `[]` then.
//!
//! Exit status: 0 found, 1 absent, 2 a page has no text that could be searched, 3 the file could not
//! be read, 4 wrong usage, also a page that the file has not.

use std::process::ExitCode;

use sealwright::appearance::SealFace;
use sealwright::contract::{Keyword, Located, MatchOrder, Spot};
use sealwright::digest::{Digest, DigestAlgorithm};
use sealwright::geometry::{MilliPoints, Mm, PageIndex};
use sealwright::limits::Unwatched;
use sealwright::pdf::File;
use sealwright::placement::{Finding, KeywordError, PdfText, PlacementPlan, find};
use sealwright::update::Preview;
use serde_json::json;

const USAGE: &str = "usage: place FILE KEYWORD [--page N] [--order forward|reverse] [--index N] \
                     [--json] [--preview OUT [--seal FILE]]";

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

struct Wish {
    file: String,
    keyword: Keyword,
    json: bool,
    preview: Option<String>,
    seal: Option<String>,
}

fn main() -> ExitCode {
    let wish = match wish(std::env::args().skip(1)) {
        Ok(wish) => wish,
        Err(problem) => {
            eprintln!("{problem}\n{USAGE}");
            return ExitCode::from(4);
        }
    };
    match place(&wish) {
        Ok(Ok(spots)) => {
            print(&spots, wish.json);
            ExitCode::SUCCESS
        }
        Ok(Err(missing)) => {
            print(&[], wish.json);
            eprintln!("{missing}");
            if let Some(out) = &wish.preview {
                eprintln!("no preview was written to {out}: there is no place for the seal");
            }
            ExitCode::from(match missing {
                KeywordError::NoTextLayer { .. } => 2,
                KeywordError::PageOutOfRange { .. } => 4,
                _ => 1,
            })
        }
        Err(problem) => {
            eprintln!("{}: {problem}", wish.file);
            ExitCode::from(3)
        }
    }
}

/// The words' boxes, or why there are none.
fn place(wish: &Wish) -> Outcome<Result<Vec<Spot>, KeywordError>> {
    let bytes = std::fs::read(&wish.file)?;
    let file = File::open(&bytes, Default::default())?;
    let seal = match &wish.seal {
        Some(path) => std::fs::read(path)?,
        None => sealwright_testdata::seal::PNG.to_vec(),
    };
    let seal = SealFace::from_image(&seal, Mm(42.0))?;

    let mut text = PdfText::new(&file)?;
    let search = find(&mut text, &[(&wish.keyword, seal.size())], &Unwatched)?;
    for page in search.pages_without_text() {
        eprintln!("note: page {page} has no text that could be searched");
    }
    let finding = search.findings().first().ok_or("nothing was searched")?;
    if let Some(out) = &wish.preview {
        preview(&bytes, &file, finding, &seal, out)?;
    }
    Ok(finding.chosen())
}

/// A copy with the seal on it, by a plan of one control: a plan is data, and comes from anywhere.
fn preview(
    bytes: &[u8],
    file: &File<'_>,
    finding: &Finding,
    seal: &SealFace,
    out: &str,
) -> Outcome<()> {
    // Whoever asked is told below why there is none.
    let Located::Words(spots) = finding.located() else { return Ok(()) };
    let revision = file.latest();
    let mut pages = Vec::new();
    for page in spots.iter().map(|spot| spot.page).collect::<std::collections::BTreeSet<_>>() {
        let geometry = revision.page_geometry(&revision.page(page.get())?)?;
        pages.push(json!({ "number": page, "geometry": geometry }));
    }
    let plan: PlacementPlan = serde_json::from_value(json!({
        "format": "sealwright/placement/1",
        "documents": [{
            "id": "document",
            "digest": Digest::of(DigestAlgorithm::Sha256, bytes),
            "page_count": revision.page_count()?,
            "pages": pages,
        }],
        "controls": [{
            "document": "document",
            "control": "seal",
            "owner": { "type": "initiator" },
            "kind": "seal",
            "mode": "keyword",
            "boxes": spots,
        }],
    }))?;
    let document = plan.documents().first().ok_or("a plan of no document")?;
    let appended = Preview::of(&plan, document, file).stamp(|_| Some(seal.into()))?;
    std::fs::write(out, [bytes, &appended].concat())?;
    Ok(())
}

fn print(spots: &[Spot], json: bool) {
    let items: Vec<String> = spots.iter().map(|spot| item(spot, json)).collect();
    match (json, items.is_empty()) {
        (true, true) => println!("[]"),
        (true, false) => println!("[\n  {}\n]", items.join(",\n  ")),
        (false, _) => items.iter().for_each(|item| println!("{item}")),
    }
}

fn item(Spot { page, rect }: &Spot, json: bool) -> String {
    let (x, y, width, height) = (rect.x(), rect.y(), rect.width(), rect.height());
    if json {
        // Lengths show themselves as JSON writes numbers.
        return format!(
            r#"{{"page": {page}, "x": {x}, "y": {y}, "width": {width}, "height": {height}}}"#
        );
    }
    let part = |length: MilliPoints| length.to_string();
    format!("page {page}: {} x {} pt at ({}, {})", part(width), part(height), part(x), part(y))
}

fn wish(mut arguments: impl Iterator<Item = String>) -> Outcome<Wish> {
    let (mut plain, mut json) = (Vec::new(), false);
    let (mut page, mut order, mut index) = (None, MatchOrder::Positive, None);
    let (mut preview, mut seal) = (None, None);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("{argument} needs a value"));
        match argument.as_str() {
            "--json" => json = true,
            "--preview" => preview = Some(value()?),
            "--seal" => seal = Some(value()?),
            "--page" => page = Some(PageIndex::new(value()?.parse()?)?),
            "--index" => index = Some(value()?.parse::<u32>()?),
            "--order" => {
                order = match value()?.as_str() {
                    "forward" => MatchOrder::Positive,
                    "reverse" => MatchOrder::Reverse,
                    other => return Err(format!("no such order: {other}").into()),
                }
            }
            option if option.starts_with("--") => {
                return Err(format!("no such option: {option}").into());
            }
            _ => plain.push(argument),
        }
    }
    let [file, words] =
        <[String; 2]>::try_from(plain).map_err(|_| "FILE and KEYWORD are needed")?;
    // A seal that would leave the page is moved in as far as need be.
    let mut keyword = Keyword::new(&words)?.order(order).nudge(Mm(42.0))?;
    if let Some(page) = page {
        keyword = keyword.on_page(page);
    }
    if let Some(index) = index {
        keyword = keyword.indexes([index]);
    }
    Ok(Wish { file, keyword, json, preview, seal })
}
