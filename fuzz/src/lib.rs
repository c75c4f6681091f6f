//! Fuzz functions: each takes any bytes, must not panic, and asserts a property where there is one.
//!
//! [`TARGETS`] lists them with valid inputs to start from. The runner of this package mutates those
//! on stable Rust; `README.md` tells how to hand the same functions to a coverage-guided fuzzer.

pub mod appearance;
#[path = "../../tests/execution/cast.rs"]
mod cast;
pub mod document;
pub mod drawing;
pub mod evidence;
pub mod identity;
pub mod mutation;
pub mod pki;
pub mod statement;
pub mod text;
pub mod ticket;
pub mod trail;
pub mod update;
#[path = "../../tests/world/mod.rs"]
mod world;

/// A fuzz function, its name, and valid inputs to start from.
#[derive(Clone, Copy)]
pub struct Target {
    /// `module::function`.
    pub name: &'static str,
    /// Must not panic, whatever the bytes.
    pub run: fn(&[u8]),
    /// Inputs that are accepted, or nearly so.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

macro_rules! target {
    ($module:ident :: $function:ident, $seeds:expr) => {
        Target {
            name: concat!(stringify!($module), "::", stringify!($function)),
            run: $module::$function,
            seeds: $seeds,
        }
    };
}

/// All fuzz functions.
pub const TARGETS: &[Target] = &[
    target!(document::whole_file, document::whole_file_seeds),
    target!(document::one_object, document::one_object_seeds),
    target!(document::packed_objects, document::packed_objects_seeds),
    target!(document::cross_references, document::cross_references_seeds),
    target!(document::content_stream, document::content_stream_seeds),
    target!(document::text_string, document::text_string_seeds),
    target!(appearance::seal_image, appearance::seal_image_seeds),
    target!(appearance::page_geometry, appearance::page_geometry_seeds),
    target!(drawing::font_file, drawing::font_file_seeds),
    target!(drawing::value, drawing::value_seeds),
    target!(drawing::seal, drawing::seal_seeds),
    target!(drawing::pen_strokes, drawing::pen_strokes_seeds),
    target!(drawing::stored_plan, drawing::stored_plan_seeds),
    target!(text::whole_file, text::whole_file_seeds),
    target!(text::content, text::content_seeds),
    target!(text::font, text::font_seeds),
    target!(text::maps, text::maps_seeds),
    target!(ticket::ticket, ticket::ticket_seeds),
    target!(statement::statement, statement::statement_seeds),
    target!(update::update, update::update_seeds),
    target!(identity::typed, identity::typed_seeds),
    target!(evidence::bundle, evidence::bundle_seeds),
    target!(evidence::facts, evidence::facts_seeds),
    target!(trail::stored_trail, trail::stored_trail_seeds),
    target!(trail::details, trail::details_seeds),
    target!(pki::certificate, pki_files),
    target!(pki::signed_data, pki_files),
    target!(pki::timestamp_token, pki_files),
    target!(pki::bare_signature, pki_files),
    target!(pki::private_key, pki_files),
    target!(pki::signature_algorithm, pki_files),
];

/// Certificates, keys and messages that other software made.
fn pki_files() -> Vec<Vec<u8>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../testdata/pki");
    let entries = std::fs::read_dir(folder).expect("the folder of fixtures");
    let mut paths: Vec<_> = entries
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.is_file())
        .collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).expect("a fixture")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_seed_of_every_function_is_gone_through() {
        for target in TARGETS {
            let seeds = (target.seeds)();
            assert!(!seeds.is_empty(), "{}", target.name);
            seeds.iter().for_each(|seed| (target.run)(seed));
        }
    }

    #[test]
    fn names_are_unique() {
        let names: std::collections::BTreeSet<_> = TARGETS.iter().map(|one| one.name).collect();
        assert_eq!(names.len(), TARGETS.len());
    }
}
