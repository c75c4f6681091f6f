//! Writes the committed files of this package, or the documents of the zoo for whoever wants to look.
//!
//! ```text
//! generate            writes contract.pdf, seal.png and attacks/
//! generate zoo DIR    writes every document of the zoo into DIR
//! ```

use std::path::Path;
use std::{env, fs, process};

use sealwright_testdata::{attacks, contract, documents, seal};

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        [] => committed_files(),
        ["zoo", folder] => zoo(Path::new(folder)),
        _ => {
            eprintln!("usage: generate [zoo DIR]");
            process::exit(2);
        }
    }
}

fn committed_files() {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (name, bytes) in [("contract.pdf", contract::generate()), ("seal.png", seal::generate())] {
        fs::write(package.join(name), bytes).expect("the package is writable");
    }
    let folder = package.join("attacks");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("the package is writable");
    fs::write(folder.join("roots.pem"), attacks::roots()).expect("the package is writable");
    for attack in attacks::all() {
        for (name, bytes) in attack.files() {
            fs::write(folder.join(name), bytes).expect("the package is writable");
        }
    }
}

fn zoo(folder: &Path) {
    fs::create_dir_all(folder).expect("the folder can be made");
    for document in documents::all() {
        let expectation = format!("{:?}", document.expectation).to_lowercase();
        let expectation = expectation.split('(').next().unwrap_or_default();
        let name = format!("{expectation}-{}.pdf", document.name);
        fs::write(folder.join(name), document.bytes).expect("the folder can be written");
    }
}
