//! Makes a seal, and shows it.
//!
//! ```text
//! cargo run --example make_seal -- 晨曦科技(深圳)有限公司 --font FONT.otf --line 合同专用章 --out seal.png
//! ```
//!
//! draws a round company seal with the letters of a font and writes it as PNG or SVG, whichever the
//! name of the output ends in.

#[expect(dead_code, reason = "the bar is for longer work")]
mod terminal;

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use sealwright::appearance::design::{Closing, NameSeal, OvalSeal, RoundSeal, SealDesign};
use sealwright::appearance::intake::SealIntake;
use sealwright::appearance::{Dpi, Font, SealFace};
use sealwright::authorization::{SealColour, SealSize, TaxNumber};
use sealwright::geometry::Mm;
use terminal::{read, value_of};

const HELP: &str = "\
make_seal NAME --font FILE --out FILE.svg|FILE.png …

  --font FILE      TrueType or OpenType; a bold 宋体 or 仿宋 looks best
  --font-index N   which font of a collection; default 0
  --out FILE       where the picture goes: .svg, or .png
  --dpi N          pixels an inch of a PNG; default 600
  --form F         round (default), oval, invoice, square, rectangle
  --size MM        42, or 40x30; defaults: 42, 45x30, 40x30, 20, 30x15
  --line TEXT      below the star, or in the middle
  --bottom TEXT    a second line
  --code DIGITS    along the bottom of a round seal
  --tax NUMBER     in the middle of an invoice seal
  --star MM        diameter of the star     --no-star
  --border MM      weight of the border     --no-frame
  --caption TEXT   small, beside the name of a square seal: 法定代表人
  --colour C       red (default), blue, black

make_seal --photo FILE --out FILE.svg|FILE.png [--width-mm MM] [--dpi N]

  takes a scan or photograph of a stamp instead: paper becomes clear, ink red, the rest goes";

type Failure = Box<dyn std::error::Error>;

#[derive(Default)]
struct Wanted {
    name: Option<String>,
    font: Option<String>,
    font_index: u32,
    output: Option<String>,
    dpi: Option<u16>,
    form: Option<String>,
    size: Option<SealSize>,
    line: Option<String>,
    bottom: Option<String>,
    code: Option<String>,
    tax: Option<String>,
    star: Option<f64>,
    no_star: bool,
    border: Option<f64>,
    no_frame: bool,
    caption: Option<String>,
    colour: SealColour,
    photo: Option<String>,
    width_mm: Option<f64>,
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if words.is_empty() || words.iter().any(|word| word == "--help" || word == "-h") {
        println!("{HELP}");
        return ExitCode::SUCCESS;
    }
    match parse(words.into_iter()).map_err(Failure::from).and_then(|wanted| run(&wanted)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem}\n(`--help` tells how it is used)");
            ExitCode::FAILURE
        }
    }
}

fn run(wanted: &Wanted) -> Result<(), Failure> {
    let output = wanted.output.as_deref().ok_or("--out is missing")?;
    if let Some(photo) = &wanted.photo {
        return take_in(wanted, photo, output);
    }
    let font = wanted.font.as_deref().ok_or("--font is missing: whose letters should it have?")?;
    let font = Font::from_bytes(read("--font", font)?, wanted.font_index)?;
    let design = design(wanted)?;
    let began = Instant::now();
    let face = design.face(&font)?;
    let took = began.elapsed();
    write(&face, output, Dpi(wanted.dpi.unwrap_or(600)))?;
    println!(
        "{output}: a {} of {}, drawn in {:.1} ms; face {}",
        design.shape(),
        design.size(),
        took.as_secs_f64() * 1000.0,
        face.face_digest()
    );
    Ok(())
}

fn take_in(wanted: &Wanted, photo: &str, output: &str) -> Result<(), Failure> {
    let width = Mm(wanted.width_mm.unwrap_or(42.0));
    let intake = SealIntake::new(width).without_paper().in_colour(wanted.colour).trimmed();
    let taken = intake.take(&read("--photo", photo)?)?;
    for step in taken.steps() {
        println!("done: {step:?}");
    }
    for warning in taken.warnings() {
        println!("{}: {warning:?}", warning.code());
    }
    write(taken.face(), output, Dpi(wanted.dpi.unwrap_or(600)))?;
    println!("{output}: face {}", taken.face().face_digest());
    Ok(())
}

fn write(face: &SealFace, output: &str, dpi: Dpi) -> Result<(), Failure> {
    if let Some(folder) = Path::new(output).parent() {
        std::fs::create_dir_all(folder)?;
    }
    match Path::new(output).extension().and_then(|extension| extension.to_str()) {
        Some("svg") => std::fs::write(output, face.to_svg()?)?,
        Some("png") => std::fs::write(output, face.to_png(dpi)?)?,
        _ => return Err("--out has to end in .svg or .png".into()),
    }
    Ok(())
}

fn design(wanted: &Wanted) -> Result<SealDesign, Failure> {
    let name = wanted.name.as_deref().ok_or("the name is missing")?;
    require_suitable(wanted)?;
    let size = |width, height| wanted.size.unwrap_or(SealSize { width, height });
    Ok(match wanted.form.as_deref().unwrap_or("round") {
        "round" => round(wanted, RoundSeal::new(name, size(42, 42))?)?.into(),
        "oval" => oval(wanted, OvalSeal::new(name, size(45, 30))?)?.into(),
        "invoice" => {
            let number = wanted.tax.as_deref().ok_or("--tax is missing: the company's number")?;
            oval(wanted, OvalSeal::invoice(name, &TaxNumber::parse(number)?)?)?.into()
        }
        "square" => name_seal(wanted, NameSeal::square(name, Closing::Fitting, size(20, 20))?)?,
        "rectangle" => {
            let lines: Vec<&str> = name.split('/').collect();
            name_seal(wanted, NameSeal::rectangle(&lines, size(30, 15))?)?
        }
        other => return Err(format!("--form {other} is none: see --help").into()),
    })
}

/// An option that the form does not have is a mistake, not to be passed over.
fn require_suitable(wanted: &Wanted) -> Result<(), Failure> {
    let form = wanted.form.as_deref().unwrap_or("round");
    let given = [
        ("--size", wanted.size.is_some(), form != "invoice"),
        ("--line", wanted.line.is_some(), matches!(form, "round" | "oval")),
        ("--bottom", wanted.bottom.is_some(), matches!(form, "round" | "oval")),
        ("--code", wanted.code.is_some(), form == "round"),
        ("--tax", wanted.tax.is_some(), form == "invoice"),
        ("--star", wanted.star.is_some(), matches!(form, "round" | "oval")),
        ("--no-star", wanted.no_star, form == "round"),
        ("--no-frame", wanted.no_frame, matches!(form, "square" | "rectangle")),
        ("--caption", wanted.caption.is_some(), matches!(form, "square" | "rectangle")),
    ];
    if let Some((option, ..)) = given.iter().find(|(_, given, suits)| *given && !suits) {
        return Err(format!("{option} does not go with --form {form}: see --help").into());
    }
    let pairs = [
        ("--star", wanted.star.is_some(), "--no-star", wanted.no_star),
        ("--border", wanted.border.is_some(), "--no-frame", wanted.no_frame),
    ];
    match pairs.iter().find(|(_, one, _, other)| *one && *other) {
        Some((one, _, other, _)) => Err(format!("{one} and {other} exclude each other").into()),
        None => Ok(()),
    }
}

fn round(wanted: &Wanted, mut seal: RoundSeal) -> Result<RoundSeal, Failure> {
    if let Some(line) = &wanted.line {
        seal = seal.line(line)?;
    }
    if let Some(bottom) = &wanted.bottom {
        seal = seal.bottom(bottom)?;
    }
    if let Some(code) = &wanted.code {
        seal = seal.code(code)?;
    }
    if let Some(star) = wanted.star {
        seal = seal.star(Mm(star))?;
    }
    if wanted.no_star {
        seal = seal.without_star();
    }
    if let Some(border) = wanted.border {
        seal = seal.border(Mm(border))?;
    }
    Ok(seal.colour(wanted.colour))
}

fn oval(wanted: &Wanted, mut seal: OvalSeal) -> Result<OvalSeal, Failure> {
    if let Some(line) = &wanted.line {
        seal = seal.line(line)?;
    }
    if let Some(bottom) = &wanted.bottom {
        seal = seal.bottom(bottom)?;
    }
    if let Some(star) = wanted.star {
        seal = seal.star(Mm(star))?;
    }
    if let Some(border) = wanted.border {
        seal = seal.border(Mm(border))?;
    }
    Ok(seal.colour(wanted.colour))
}

fn name_seal(wanted: &Wanted, mut seal: NameSeal) -> Result<SealDesign, Failure> {
    if let Some(caption) = &wanted.caption {
        seal = seal.caption(caption)?;
    }
    if let Some(border) = wanted.border {
        seal = seal.border(Mm(border))?;
    }
    if wanted.no_frame {
        seal = seal.without_frame();
    }
    Ok(seal.colour(wanted.colour).into())
}

fn parse(mut words: impl Iterator<Item = String>) -> Result<Wanted, String> {
    let mut wanted = Wanted::default();
    while let Some(word) = words.next() {
        let mut value = || value_of(&word, &mut words);
        match word.as_str() {
            "--font" => wanted.font = Some(value()?),
            "--font-index" => wanted.font_index = number(&word, &value()?)?,
            "--out" => wanted.output = Some(value()?),
            "--dpi" => wanted.dpi = Some(number(&word, &value()?)?),
            "--form" => wanted.form = Some(value()?),
            "--size" => wanted.size = Some(size(&value()?)?),
            "--line" => wanted.line = Some(value()?),
            "--bottom" => wanted.bottom = Some(value()?),
            "--code" => wanted.code = Some(value()?),
            "--tax" => wanted.tax = Some(value()?),
            "--star" => wanted.star = Some(number(&word, &value()?)?),
            "--no-star" => wanted.no_star = true,
            "--border" => wanted.border = Some(number(&word, &value()?)?),
            "--no-frame" => wanted.no_frame = true,
            "--caption" => wanted.caption = Some(value()?),
            "--photo" => wanted.photo = Some(value()?),
            "--width-mm" => wanted.width_mm = Some(number(&word, &value()?)?),
            "--colour" => wanted.colour = colour(&value()?)?,
            _ if word.starts_with("--") => return Err(format!("{word} is no option")),
            _ if wanted.name.is_none() => wanted.name = Some(word),
            _ => return Err(format!("one name, please: what is {word}?")),
        }
    }
    Ok(wanted)
}

fn number<T: std::str::FromStr>(option: &str, text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("{option} wants a number, not {text}"))
}

fn size(text: &str) -> Result<SealSize, String> {
    let (width, height) = text.split_once('x').unwrap_or((text, text));
    Ok(SealSize { width: number("--size", width)?, height: number("--size", height)? })
}

fn colour(text: &str) -> Result<SealColour, String> {
    match text {
        "red" => Ok(SealColour::Red),
        "blue" => Ok(SealColour::Blue),
        "black" => Ok(SealColour::Black),
        _ => Err(format!("--colour {text} is none: red, blue or black")),
    }
}
