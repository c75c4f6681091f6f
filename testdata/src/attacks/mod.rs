//! Forged documents, each with its honest twin.
//!
//! An attack is a signed document after somebody made something of it; its twin is the same document to
//! which the same was done without the trick. A judge that refuses the one and passes the other has
//! understood the trick. The files are committed in `testdata/attacks`, as `FAMILY.NAME.attack.pdf` and
//! `FAMILY.NAME.honest.pdf`; the generator writes them again, byte for byte.
//!
//! ```
//! let all = sealwright_testdata::attacks::all();
//! assert!(all.iter().all(|one| one.attack != one.honest));
//! ```

mod appearance;
mod certified;
mod chain;
mod copies;
mod dictionary;
mod disguises;
mod forgery;
mod incremental;
mod pages;
mod ranges;
mod scene;
mod shadow;
mod spelling;
mod wrapping;

pub use scene::{signed_at, signer, stamper};

/// A trick, what it looks like, and what it would look like without it.
#[derive(Clone)]
pub struct Attack {
    /// The family, which is the name of the file that makes it.
    pub family: &'static str,
    /// The trick.
    pub name: &'static str,
    /// What a careless reader does.
    pub careless: &'static str,
    /// Where it is known from.
    pub known: &'static str,
    /// The forged document.
    pub attack: Vec<u8>,
    /// Its honest twin.
    pub honest: Vec<u8>,
}

impl Attack {
    /// The names of the two files.
    pub fn files(&self) -> [(String, &[u8]); 2] {
        let name = |kind| format!("{}.{}.{kind}.pdf", self.family, self.name);
        [(name("attack"), &self.attack), (name("honest"), &self.honest)]
    }
}

/// Names what a family makes.
struct Family {
    name: &'static str,
    known: &'static str,
    all: Vec<Attack>,
}

impl Family {
    fn new(name: &'static str, known: &'static str) -> Self {
        Self { name, known, all: Vec::new() }
    }

    fn add(
        &mut self,
        name: &'static str,
        careless: &'static str,
        attack: Vec<u8>,
        honest: Vec<u8>,
    ) {
        let (family, known) = (self.name, self.known);
        self.all.push(Attack { family, name, careless, known, attack, honest });
    }
}

/// Whom to trust: the signer's certificate, and the root of the stamper's.
pub fn roots() -> String {
    [signer().root_pem(), stamper().identity().root_pem()].concat()
}

/// Every attack, by families.
pub fn all() -> Vec<Attack> {
    let families = [
        forgery::family(),
        incremental::family(),
        wrapping::family(),
        ranges::family(),
        dictionary::family(),
        appearance::family(),
        shadow::family(),
        pages::family(),
        certified::family(),
        chain::family(),
        spelling::family(),
        copies::family(),
        disguises::family(),
    ];
    families.into_iter().flat_map(|family| family.all).collect()
}
