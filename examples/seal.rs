//! Puts a company seal and a PAdES signature into a PDF.
//!
//! ```text
//! cargo run --example seal
//! ```
//!
//! Without arguments it seals the sample contract of `testdata/`, beside the company's name and across
//! the edges of all pages (骑缝章), with an identity that it mints on the spot, and writes the sealed PDF, a report on it and the certificate to trust into `out/`.

mod terminal;

use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use sealwright::appearance::SealFace;
use sealwright::authorization::Authority;
use sealwright::contract::{CrossPage, PageSet};
use sealwright::geometry::Mm;
use sealwright::limits::Limits;
use sealwright::pdf::File;
use sealwright::pki::TrustAnchors;
use sealwright::report::Code;
use sealwright::signing::{LocalSigner, Seal, SignedUpdate};
use sealwright::update::Certification;
use sealwright::verification::{CheckOptions, check};
use sealwright_testdata::{contract, pki, seal};
use terminal::{Bar, read, value_of};
use time::OffsetDateTime;

const HELP: &str = "\
seal                        seals the sample contract, writes out/
seal --in PDF --out PDF --key FILE --cert PEM [--seal IMAGE --at X,Y] …

  --in PDF         the document
  --out PDF        where the sealed document goes; never the same file
  --key FILE       private key: PKCS#8, PKCS#1 or SEC1, PEM or DER; or .p12 with feature pkcs12
  --cert FILE      the signer's certificate and the chain above it, PEM
  --password P     of a .p12 file
  --seal IMAGE     PNG or JPEG; without it the signature is invisible
  --page N         page of the seal, from 1, or -1 for the last one; default -1
  --at X,Y         top left corner of the seal in mm, from the top left of the page as displayed
  --pages SET      the seal at the same place on several pages: all, odd, even, 1-3,-1
  --cross-page SET a cross-page seal (骑缝章) besides it: over the right edge of these pages
  --width-mm W     width of the seal; default 42
  --field NAME     name of the new signature field, or of an existing empty one
  --reason TEXT    --location TEXT    --name TEXT    --contact TEXT
  --certify 1|2|3  certifies: 1 nothing may change, 2 forms may be filled, 3 also annotated
  --acknowledge C  a warning that is known, by its code; without it nothing is signed that may be made
                   for a later swap";

type Failure = Box<dyn std::error::Error>;

#[derive(Default)]
struct Wanted {
    input: Option<String>,
    output: Option<String>,
    key: Option<String>,
    certificates: Option<String>,
    password: Option<String>,
    seal: Option<String>,
    page: Option<i32>,
    pages: Option<PageSet>,
    cross_page: Option<PageSet>,
    at: Option<(f64, f64)>,
    width: Option<f64>,
    field: Option<String>,
    reason: Option<String>,
    location: Option<String>,
    name: Option<String>,
    contact: Option<String>,
    certify: Option<Certification>,
    acknowledged: Vec<Code>,
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let done = match words.first().map(String::as_str) {
        None => demo(),
        Some("--help" | "-h") => {
            println!("{HELP}");
            Ok(())
        }
        Some(_) => parse(words.into_iter()).map_err(Failure::from).and_then(|wanted| run(&wanted)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem}\n(`--help` tells how it is used)");
            ExitCode::FAILURE
        }
    }
}

/// Seals the sample contract as party A, and has the result judged.
fn demo() -> Result<(), Failure> {
    let now = OffsetDateTime::now_utc();
    let identity = pki::demo_identity(now);
    let key = identity.key_pem();
    let signer = LocalSigner::from_pem(key.as_bytes(), identity.chain_pem().as_bytes())?;
    let face = SealFace::from_image(seal::PNG, Mm(contract::SEAL_MM))?;
    let (x, y) = contract::PARTY_A_SEAL_AT_MM;

    let began = Instant::now();
    let file = File::open(contract::PDF, Limits::default())?;
    let sealed = Seal::on(&file)
        .inspected([])
        .page(-1)
        .at(Mm(x), Mm(y))
        .cross_page(CrossPage::over(PageSet::All))
        .face(&face, Authority::AssertedByHost)
        .field("甲方盖章")
        .name(contract::PARTY_A)
        .reason("签署战略合作协议")
        .sign(&signer, now)?;
    let took = began.elapsed();

    fs::create_dir_all("out")?;
    write(&sealed, Path::new("out/sealed.pdf"))?;
    fs::write("out/demo-root.pem", identity.root_pem())?;
    let mut bytes = contract::PDF.to_vec();
    bytes.extend_from_slice(sealed.appended());
    let anchors = TrustAnchors::from_pem(identity.root_pem().as_bytes())?;
    let report = check(&bytes, &CheckOptions::trusting(&anchors).at(now))?;
    fs::write("out/report.txt", format!("{report}\n"))?;
    fs::write("out/report.json", serde_json::to_string_pretty(&report)?)?;

    println!("{report}\n");
    println!(
        "out/sealed.pdf      the sealed contract: {} bytes appended in {:.1} ms",
        sealed.appended().len(),
        took.as_secs_f64() * 1000.0
    );
    println!("out/report.txt      what you read above; out/report.json the same for programs");
    println!("out/demo-root.pem   whom to trust; now try:\n");
    println!("  cargo run --example audit -- out/sealed.pdf --trust out/demo-root.pem");
    Ok(())
}

fn run(wanted: &Wanted) -> Result<(), Failure> {
    let input = wanted.input.as_deref().ok_or("--in is missing")?;
    let output = Path::new(wanted.output.as_deref().ok_or("--out is missing")?);
    if output.exists() && fs::canonicalize(output)? == fs::canonicalize(input)? {
        return Err("--out is the same file as --in: give another one".into());
    }
    let signer = load_signer(wanted)?;
    let width = Mm(wanted.width.unwrap_or(contract::SEAL_MM));
    let face = match &wanted.seal {
        Some(path) => Some(SealFace::from_image(&read("--seal", path)?, width)?),
        None => None,
    };
    let bytes = read("--in", input)?;
    let file = File::open(&bytes, Limits::default())?;
    let bar = Bar::new("sealing");
    let known = wanted.acknowledged.iter().copied();
    let mut seal = Seal::on(&file).progress(&bar).inspected(known);
    seal = match &face {
        Some(face) => {
            let (x, y) = wanted.at.ok_or("--at is missing: where should the seal go?")?;
            seal = match &wanted.pages {
                Some(pages) => seal.pages(pages.clone()),
                None => seal.page(wanted.page.unwrap_or(-1)),
            };
            if let Some(pages) = &wanted.cross_page {
                seal = seal.cross_page(CrossPage::over(pages.clone()));
            }
            seal.at(Mm(x), Mm(y)).face(face, Authority::AssertedByHost)
        }
        None => seal.invisible(),
    };
    if let Some(field) = &wanted.field {
        let fields = file.latest().fields()?;
        seal = if fields.iter().any(|existing| existing.name == *field) {
            seal.existing_field(field)
        } else {
            seal.field(field)
        };
    }
    if let Some(reason) = &wanted.reason {
        seal = seal.reason(reason);
    }
    if let Some(location) = &wanted.location {
        seal = seal.location(location);
    }
    if let Some(name) = &wanted.name {
        seal = seal.name(name);
    }
    if let Some(contact) = &wanted.contact {
        seal = seal.contact(contact);
    }
    if let Some(certification) = wanted.certify {
        seal = seal.certify(certification);
    }
    let sealed = seal.sign(&signer, OffsetDateTime::now_utc())?;
    write(&sealed, output)?;
    println!("{}: {} bytes appended", output.display(), sealed.appended().len());
    Ok(())
}

fn load_signer(wanted: &Wanted) -> Result<LocalSigner, Failure> {
    let path = wanted.key.as_deref().ok_or("--key is missing")?;
    let key = read("--key", path)?;
    if path.ends_with(".p12") || path.ends_with(".pfx") {
        return from_pkcs12(&key, wanted.password.as_deref().unwrap_or(""));
    }
    let certificates = wanted.certificates.as_deref().ok_or("--cert is missing")?;
    Ok(LocalSigner::from_pem(&key, &read("--cert", certificates)?)?)
}

#[cfg(feature = "pkcs12")]
fn from_pkcs12(file: &[u8], password: &str) -> Result<LocalSigner, Failure> {
    Ok(LocalSigner::from_pkcs12(file, password)?)
}

#[cfg(not(feature = "pkcs12"))]
fn from_pkcs12(_file: &[u8], _password: &str) -> Result<LocalSigner, Failure> {
    Err("a .p12 file needs the feature: cargo run --features pkcs12 --example seal -- …".into())
}

fn write(sealed: &SignedUpdate<'_>, path: &Path) -> Result<(), Failure> {
    let mut out = std::io::BufWriter::new(fs::File::create(path)?);
    sealed.write_to(&mut out)?;
    std::io::Write::flush(&mut out)?;
    Ok(())
}

fn parse(mut words: impl Iterator<Item = String>) -> Result<Wanted, String> {
    let mut wanted = Wanted::default();
    while let Some(option) = words.next() {
        let value = value_of(&option, &mut words)?;
        match option.as_str() {
            "--in" => wanted.input = Some(value),
            "--out" => wanted.output = Some(value),
            "--key" => wanted.key = Some(value),
            "--cert" => wanted.certificates = Some(value),
            "--password" => wanted.password = Some(value),
            "--seal" => wanted.seal = Some(value),
            "--page" => wanted.page = Some(number(&option, &value)?),
            "--pages" => wanted.pages = Some(pages(&option, &value)?),
            "--cross-page" => wanted.cross_page = Some(pages(&option, &value)?),
            "--at" => wanted.at = Some(point(&value)?),
            "--width-mm" => wanted.width = Some(number(&option, &value)?),
            "--field" => wanted.field = Some(value),
            "--reason" => wanted.reason = Some(value),
            "--location" => wanted.location = Some(value),
            "--name" => wanted.name = Some(value),
            "--contact" => wanted.contact = Some(value),
            "--certify" => wanted.certify = Some(certification(&value)?),
            "--acknowledge" => wanted.acknowledged.push(
                value.parse().map_err(|_| format!("{option}: no warning is called {value}"))?,
            ),
            _ => return Err(format!("unknown option {option}")),
        }
    }
    Ok(wanted)
}

fn number<N: std::str::FromStr>(option: &str, value: &str) -> Result<N, String> {
    value.parse().map_err(|_| format!("{option} wants a number, not {value}"))
}

fn pages(option: &str, value: &str) -> Result<PageSet, String> {
    value.parse().map_err(|error| format!("{option}: {error}"))
}

fn point(value: &str) -> Result<(f64, f64), String> {
    let (x, y) = value.split_once(',').ok_or("--at wants X,Y in mm, such as 130,220")?;
    Ok((number("--at", x)?, number("--at", y)?))
}

fn certification(value: &str) -> Result<Certification, String> {
    match value {
        "1" => Ok(Certification::NoChanges),
        "2" => Ok(Certification::FormFilling),
        "3" => Ok(Certification::Annotations),
        _ => Err("--certify wants 1, 2 or 3".to_owned()),
    }
}
