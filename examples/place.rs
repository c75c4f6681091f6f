//! Prints where words stand in a PDF.
//!
//! ```sh
//! cargo run --example place -- contract.pdf "甲方（盖章）"
//! cargo run --example place -- contract.pdf 盖章 --page -1 --order reverse --index 0 --json
//! ```
//!
//! `--page N` counts from 1, or from -1 at the end; `--index N` counts from 0. With `--json` an array
//! of `{page, x, y, width, height}` in points from the top left of the page as displayed.
//!
//! Exit status: 0 found, 1 absent, 2 a page has no text that could be searched, 3 the file could not
//! be read, 4 wrong usage.

use std::process::ExitCode;

use sealwright::contract::{Keyword, MatchOrder, Spot};
use sealwright::geometry::{MilliPoints, PageIndex, Size};
use sealwright::limits::Unwatched;
use sealwright::pdf::File;
use sealwright::placement::{KeywordError, PdfText, find};

const USAGE: &str =
    "usage: place FILE KEYWORD [--page N] [--order forward|reverse] [--index N] [--json]";

struct Wish {
    file: String,
    keyword: Keyword,
    json: bool,
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
            if let KeywordError::NoTextLayer { .. } = missing {
                eprintln!("{missing}");
                return ExitCode::from(2);
            }
            print(&[], wish.json);
            eprintln!("{missing}");
            ExitCode::from(1)
        }
        Err(problem) => {
            eprintln!("{}: {problem}", wish.file);
            ExitCode::from(3)
        }
    }
}

/// The words' boxes, or why there are none.
fn place(wish: &Wish) -> Result<Result<Vec<Spot>, KeywordError>, Box<dyn std::error::Error>> {
    let bytes = std::fs::read(&wish.file)?;
    let file = File::open(&bytes, Default::default())?;
    let mut text = PdfText::new(&file)?;
    let search = find(&mut text, &[(&wish.keyword, Size::default())], &Unwatched)?;
    for page in search.pages_without_text() {
        eprintln!("note: page {page} has no text that could be searched");
    }
    let finding = search.findings().first().ok_or("nothing was searched")?;
    Ok(finding.chosen())
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

fn wish(mut arguments: impl Iterator<Item = String>) -> Result<Wish, Box<dyn std::error::Error>> {
    let (mut plain, mut json) = (Vec::new(), false);
    let (mut page, mut order, mut index) = (None, MatchOrder::Positive, None);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("{argument} needs a value"));
        match argument.as_str() {
            "--json" => json = true,
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
    let mut keyword = Keyword::new(&words)?.order(order);
    if let Some(page) = page {
        keyword = keyword.on_page(page);
    }
    if let Some(index) = index {
        keyword = keyword.indexes([index]);
    }
    Ok(Wish { file, keyword, json })
}
