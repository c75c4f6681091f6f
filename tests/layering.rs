//! The floors of the house, held on the source text.
//!
//! A module imports only from the floors below it: never from its own floor, never from the crate
//! root. The table [`FLOORS`] is the whole truth; what it does not name is refused. Comments, doc
//! comments and strings are not looked at, unit tests are.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Floor, module, what it may import.
const FLOORS: &[(u8, &str, &[&str])] = &[
    (1, "digest", &[]),
    (1, "font_file", &[]),
    (1, "geometry", &[]),
    (1, "identity", &[]),
    (1, "instant", &[]),
    (1, "limits", &[]),
    (2, "statement", &["digest", "limits", "instant"]),
    (2, "audit", &["digest", "identity"]),
    (2, "pdf", &["geometry", "digest", "limits"]),
    (2, "pki", &["digest", "limits", "instant"]),
    (2, "report", &["geometry", "digest", "instant"]),
    (3, "decision", &["audit", "digest", "identity"]),
    (3, "painting", &["pdf"]),
    (4, "inspection", &["painting", "pdf", "report", "geometry", "limits"]),
    (4, "organization", &["decision", "audit", "identity", "digest", "instant"]),
    (
        5,
        "contract",
        &["organization", "decision", "audit", "identity", "geometry", "digest", "instant"],
    ),
    (
        6,
        "placement",
        &["contract", "inspection", "pdf", "identity", "geometry", "font_file", "digest", "limits"],
    ),
    (
        6,
        "authorization",
        &[
            "organization",
            "contract",
            "decision",
            "audit",
            "statement",
            "identity",
            "geometry",
            "digest",
            "instant",
        ],
    ),
    (
        7,
        "appearance",
        &[
            "authorization",
            "placement",
            "contract",
            "statement",
            "pdf",
            "geometry",
            "font_file",
            "digest",
            "limits",
        ],
    ),
    (
        7,
        "ceremony",
        &[
            "organization",
            "contract",
            "authorization",
            "decision",
            "audit",
            "report",
            "identity",
            "geometry",
            "digest",
            "instant",
        ],
    ),
    (
        8,
        "update",
        &[
            "appearance",
            "authorization",
            "placement",
            "contract",
            "inspection",
            "pdf",
            "geometry",
            "digest",
            "limits",
        ],
    ),
    (
        9,
        "signing",
        &[
            "update",
            "appearance",
            "placement",
            "authorization",
            "contract",
            "statement",
            "inspection",
            "pdf",
            "pki",
            "report",
            "digest",
            "identity",
            "geometry",
            "limits",
            "instant",
        ],
    ),
    (
        9,
        "verification",
        &[
            "inspection",
            "painting",
            "statement",
            "pdf",
            "pki",
            "report",
            "digest",
            "geometry",
            "limits",
            "instant",
        ],
    ),
    (
        10,
        "execution",
        &[
            "signing",
            "verification",
            "update",
            "appearance",
            "ceremony",
            "placement",
            "authorization",
            "contract",
            "decision",
            "inspection",
            "statement",
            "organization",
            "audit",
            "pdf",
            "pki",
            "report",
            "digest",
            "geometry",
            "identity",
            "limits",
            "instant",
        ],
    ),
];

/// Modules that stand outside the floors: the facade sees everything and is seen by nobody, the
/// manual is prose for rustdoc and sees nothing.
const FACADE: &[&str] = &["lib", "error"];
const PROSE: &[&str] = &["manual"];

/// Names for leftovers; a plural counts as well.
const LEFTOVERS: &[&str] = &["common", "core", "helper", "manager", "misc", "type", "util"];

/// A longer file has more than one idea in it.
const MOST_LINES: usize = 500;

#[test]
fn the_source_keeps_to_its_floors() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = rust_files(&source);
    assert!(files.len() > 10, "only {} files found under {}", files.len(), source.display());

    let mut complaints = Vec::new();
    for file in &files {
        let text = fs::read_to_string(source.join(file)).unwrap();
        complaints.extend(complaints_about(file, &text));
    }
    assert!(complaints.is_empty(), "{} complaints:\n{}", complaints.len(), complaints.join("\n"));
}

#[test]
fn every_row_points_downwards() {
    let floor: BTreeMap<_, _> = FLOORS.iter().map(|(floor, module, _)| (*module, *floor)).collect();
    assert_eq!(floor.len(), FLOORS.len(), "a module is listed twice");
    for (own, module, lower) in FLOORS {
        for import in *lower {
            let other = floor.get(import).unwrap_or_else(|| panic!("{import} is not a module"));
            assert!(other < own, "{module} (floor {own}) may not see {import} (floor {other})");
        }
    }
}

#[test]
fn the_judge_cannot_see_the_writer_through_a_third_module() {
    let allowed: BTreeMap<_, _> =
        FLOORS.iter().map(|(_, module, lower)| (*module, *lower)).collect();
    let (mut seen, mut open) = (BTreeSet::new(), vec!["verification"]);
    while let Some(module) = open.pop() {
        if seen.insert(module) {
            open.extend(allowed[module]);
        }
    }
    for writer in ["signing", "update", "appearance", "authorization", "contract", "placement"] {
        assert!(!seen.contains(writer), "verification reaches {writer}");
    }
}

// ---- the rules, file by file ----

fn rust_files(root: &Path) -> Vec<PathBuf> {
    let (mut files, mut open) = (Vec::new(), vec![root.to_path_buf()]);
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path.strip_prefix(root).unwrap().to_path_buf());
            }
        }
    }
    files.sort();
    files
}

fn complaints_about(file: &Path, text: &str) -> Vec<String> {
    let path = module_path(file);
    let top = path.first().map_or("lib", String::as_str).to_owned();
    let shown = format!("src/{}", file.display());

    let mut complaints = Vec::new();
    let lines = text.lines().count();
    if lines > MOST_LINES {
        complaints.push(format!("{shown}: {lines} lines, more than {MOST_LINES}"));
    }
    for name in &path {
        complaints.extend(leftover(name).map(|why| format!("{shown}: {why}")));
    }
    if !is_listed(&top) {
        complaints.push(format!("{shown}: module `{top}` is on no floor"));
    }
    let mut reader = Reader { tokens: tokens(text), place: path, top, found: Vec::new() };
    reader.read();
    complaints.extend(reader.found.iter().map(|(line, why)| format!("{shown}:{line}: {why}")));
    complaints
}

/// `pdf/edit/mod.rs` and `pdf/edit.rs` are both the module `pdf`, `edit`; `lib.rs` is the root.
fn module_path(file: &Path) -> Vec<String> {
    let mut path: Vec<String> =
        file.with_extension("").iter().map(|part| part.to_str().unwrap().to_owned()).collect();
    if path.last().is_some_and(|last| last == "mod" || (last == "lib" && path.len() == 1)) {
        path.pop();
    }
    path
}

fn is_listed(module: &str) -> bool {
    FLOORS.iter().any(|row| row.1 == module) || FACADE.contains(&module) || PROSE.contains(&module)
}

fn leftover(name: &str) -> Option<String> {
    let singular = name.strip_suffix('s').unwrap_or(name);
    LEFTOVERS
        .iter()
        .any(|leftover| *leftover == name || *leftover == singular)
        .then(|| format!("`{name}` is a name for leftovers; say what the module is about"))
}

/// What is wrong with `from` naming `to` through the crate root.
fn objection(from: &str, to: &str) -> Option<String> {
    if from == to || (FACADE.contains(&from) && is_listed(to)) {
        return None;
    }
    let row = |module: &str| FLOORS.iter().find(|row| row.1 == module);
    let Some((to_floor, ..)) = row(to) else {
        return Some(format!("{from} -> {to}: `{to}` is an item of the crate root or on no floor"));
    };
    match row(from) {
        Some((_, _, lower)) if lower.contains(&to) => None,
        Some((floor, ..)) if floor == to_floor => {
            Some(format!("{from} -> {to}: both are on floor {floor}"))
        }
        Some((floor, ..)) => {
            Some(format!("{from} (floor {floor}) -> {to} (floor {to_floor}): not in its row"))
        }
        None => Some(format!("{from} -> {to}: `{from}` may import nothing")),
    }
}

/// Walks the tokens of one file and notes every path that leaves its top module.
struct Reader {
    tokens: Vec<Token>,
    /// The module that the reading has reached: the file's, then inline modules inside it.
    place: Vec<String>,
    top: String,
    found: Vec<(usize, String)>,
}

impl Reader {
    fn read(&mut self) {
        // One entry per open brace: whether it opened an inline module.
        let mut braces = Vec::new();
        let mut at = 0;
        while at < self.tokens.len() {
            let before = at.checked_sub(1).map_or("", |before| self.text(before));
            match self.text(at) {
                // `pub(crate)`, `pub(in super::super)`: who may look in, not what is looked at.
                "pub" if self.text(at + 1) == "(" => at = self.after_closing(at + 1),
                "mod" if self.text(at + 2) == "{" || self.text(at + 2) == ";" => {
                    let name = self.text(at + 1).to_owned();
                    self.note_module(at, &name);
                    if self.text(at + 2) == "{" {
                        self.place.push(name);
                        braces.push(true);
                    }
                    at += 3;
                }
                "{" => {
                    braces.push(false);
                    at += 1;
                }
                "}" => {
                    if braces.pop() == Some(true) {
                        self.place.pop();
                    }
                    at += 1;
                }
                "extern" if self.text(at + 1) == "crate" => {
                    self.note(at, "`extern crate` gives a crate a second name".to_owned());
                    at += 2;
                }
                "path" if before == "[" && self.text(at + 1) == "=" => {
                    self.note(at, "`#[path]` hides where a module lies".to_owned());
                    at += 1;
                }
                "include" if self.text(at + 1) == "!" => {
                    self.note(at, "`include!` hides where code lies".to_owned());
                    at += 1;
                }
                "crate" | "super" | "self" if before != "::" || self.text(at + 1) == "::" => {
                    at = self.path(at, self.place.len());
                }
                _ => at += 1,
            }
        }
    }

    /// Follows one path or use tree that starts `depth` modules below the crate root, and returns
    /// where reading goes on.
    fn path(&mut self, mut at: usize, mut depth: usize) -> usize {
        loop {
            match self.text(at) {
                "crate" => depth = 0,
                "super" => {
                    let Some(outer) = depth.checked_sub(1) else {
                        self.note(at, "`super` goes beyond the crate root".to_owned());
                        return at + 1;
                    };
                    depth = outer;
                }
                "self" => {}
                "{" => return self.group(at + 1, depth),
                "*" => {
                    if depth == 0 {
                        self.root(at);
                    }
                    return at + 1;
                }
                name => {
                    let name = name.to_owned();
                    if depth == 0 {
                        let why = objection(&self.top, &name);
                        self.found.extend(why.map(|why| (self.tokens[at].line, why)));
                    }
                    return at + 1;
                }
            }
            if self.text(at + 1) != "::" {
                if depth == 0 {
                    self.root(at);
                }
                return at + 1;
            }
            at += 2;
        }
    }

    fn group(&mut self, mut at: usize, depth: usize) -> usize {
        loop {
            at = match self.text(at) {
                "}" | "" => return at + 1,
                "," => at + 1,
                _ => self.rest_of_element(at, depth),
            };
        }
    }

    /// One element of a group: its head decides, the rest (`::{…}`, `as name`) is skipped.
    fn rest_of_element(&mut self, at: usize, depth: usize) -> usize {
        let mut at = self.path(at, depth);
        loop {
            match self.text(at) {
                "," | "}" | "" => return at,
                "{" => at = self.after_closing(at),
                _ => at += 1,
            }
        }
    }

    fn after_closing(&self, mut at: usize) -> usize {
        let mut open = 0_usize;
        while at < self.tokens.len() {
            match self.text(at) {
                "(" | "{" => open += 1,
                ")" | "}" => open -= 1,
                _ => {}
            }
            at += 1;
            if open == 0 {
                break;
            }
        }
        at
    }

    fn root(&mut self, at: usize) {
        if !FACADE.contains(&self.top.as_str()) {
            self.note(at, format!("{} -> the crate root itself", self.top));
        }
    }

    fn note_module(&mut self, at: usize, name: &str) {
        if let Some(why) = leftover(name) {
            self.note(at, why);
        }
        // A module that is declared inline in the root has no file that would give it away.
        if self.place.is_empty() && name != "tests" && !is_listed(name) {
            self.note(at, format!("module `{name}` is on no floor"));
        }
    }

    fn note(&mut self, at: usize, why: String) {
        self.found.push((self.tokens[at].line, why));
    }

    fn text(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| token.text.as_str())
    }
}

// ---- just enough of a lexer ----

struct Token {
    text: String,
    line: usize,
}

/// Words, `::` and single marks; without comments, strings, characters and lifetimes.
fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let (mut tokens, mut at, mut line) = (Vec::new(), 0, 1);
    let word = |c: char| c.is_alphanumeric() || c == '_';
    while at < chars.len() {
        let start = at;
        let next = chars.get(at + 1).copied().unwrap_or(' ');
        match chars[at] {
            '/' if next == '/' => at = end_of(&chars, at, |rest| rest[0] == '\n'),
            '/' if next == '*' => at = after_block_comment(&chars, at),
            '"' => at = after_string(&chars, at),
            'r' | 'b' | 'c' if prefixed_string(&chars, at).is_some() => {
                at = prefixed_string(&chars, at).unwrap();
            }
            '\'' => at = after_quote(&chars, at),
            ':' if next == ':' => {
                at += 2;
                tokens.push(Token { text: "::".to_owned(), line });
            }
            c if c.is_whitespace() => at += 1,
            c if word(c) => {
                at = end_of(&chars, at, |rest| !word(rest[0]));
                tokens.push(Token { text: chars[start..at].iter().collect(), line });
            }
            c => {
                at += 1;
                tokens.push(Token { text: c.to_string(), line });
            }
        }
        line += chars[start..at].iter().filter(|c| **c == '\n').count();
    }
    tokens
}

fn end_of(chars: &[char], from: usize, stop: impl Fn(&[char]) -> bool) -> usize {
    (from..chars.len()).find(|at| stop(&chars[*at..])).unwrap_or(chars.len())
}

fn after_block_comment(chars: &[char], mut at: usize) -> usize {
    let mut depth = 0_usize;
    while at < chars.len() {
        if chars[at..].starts_with(&['/', '*']) {
            depth += 1;
            at += 2;
        } else if chars[at..].starts_with(&['*', '/']) {
            depth -= 1;
            at += 2;
            if depth == 0 {
                break;
            }
        } else {
            at += 1;
        }
    }
    at
}

fn after_string(chars: &[char], mut at: usize) -> usize {
    at += 1;
    while at < chars.len() && chars[at] != '"' {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(chars.len())
}

/// The end of `b"…"`, `c"…"`, `r"…"`, `br#"…"#` and the like, if one starts here.
fn prefixed_string(chars: &[char], at: usize) -> Option<usize> {
    let prefix = end_of(chars, at, |rest| !matches!(rest[0], 'r' | 'b' | 'c'));
    let quote = end_of(chars, prefix, |rest| rest[0] != '#');
    let (raw, hashes) = (chars[at..prefix].contains(&'r'), quote - prefix);
    let inside_a_word = at > 0 && (chars[at - 1].is_alphanumeric() || chars[at - 1] == '_');
    if prefix - at > 2 || inside_a_word || chars.get(quote) != Some(&'"') || (hashes > 0 && !raw) {
        return None;
    }
    if !raw {
        return Some(after_string(chars, quote));
    }
    let mut closing = vec!['"'];
    closing.extend(std::iter::repeat_n('#', hashes));
    let end = end_of(chars, quote + 1, |rest| rest.starts_with(&closing));
    Some((end + closing.len()).min(chars.len()))
}

/// After a character, or after the name of a lifetime.
fn after_quote(chars: &[char], at: usize) -> usize {
    match (chars.get(at + 1), chars.get(at + 2)) {
        (Some('\\'), _) => (end_of(chars, at + 3, |rest| rest[0] == '\'') + 1).min(chars.len()),
        (Some(_), Some('\'')) => at + 3,
        _ => end_of(chars, at + 1, |rest| !(rest[0].is_alphanumeric() || rest[0] == '_')),
    }
}

// ---- the rules are tried on what they are for ----

mod snippets {
    use super::*;

    fn complaints(file: &str, text: &str) -> String {
        complaints_about(Path::new(file), text).join("\n")
    }

    #[track_caller]
    fn refused(file: &str, text: &str, because: &str) {
        let complaints = complaints(file, text);
        assert!(complaints.contains(because), "no `{because}` in:\n{complaints}");
        assert_eq!(complaints.lines().count(), 1, "more than one complaint:\n{complaints}");
    }

    #[track_caller]
    fn accepted(file: &str, text: &str) {
        assert_eq!(complaints(file, text), "");
    }

    #[test]
    fn imports_that_climb_are_refused() {
        refused("pdf/mod.rs", "use crate::signing;", "src/pdf/mod.rs:1: pdf (floor 2) -> signing");
        refused("pdf/mod.rs", "\n\npub use crate::signing::Signer as S;", "mod.rs:3: pdf");
        refused("update/mod.rs", "use crate::{pdf::{self, Object}, signing};", "update (floor 8)");
        refused("update/mod.rs", "use crate::{\n pdf::{a::{b, c}},\n report::X};", "mod.rs:3:");
        refused("pdf/x.rs", "use ::std::fmt; use crate::{self as root};", "crate root itself");
        refused("pdf/x.rs", "use crate as root;", "crate root itself");
        refused("pdf/x.rs", "use crate::*;", "crate root itself");
    }

    #[test]
    fn paths_in_expressions_types_and_macros_are_refused() {
        refused("pdf/x.rs", "fn f() { crate::signing::x() }", "pdf (floor 2) -> signing");
        refused("pdf/x.rs", "fn f(x: &crate :: pki :: Key) {}", "both are on floor 2");
        refused("pdf/x.rs", "fn f() -> impl Fn(crate::update::U) {}", "-> update");
        refused("pdf/x.rs", "macro_rules! m { () => { $crate::signing::x!() } }", "-> signing");
        refused("pdf/x.rs", "impl From<crate::Error> for E {}", "crate root or on no floor");
        refused("pdf/x.rs", "fn f() { 0..crate::report::LAST; }", "-> report");
        refused("pdf/x.rs", "#[derive(crate::signing::D)] struct S;", "-> signing");
    }

    #[test]
    fn the_own_floor_and_the_facade_are_refused() {
        refused("pki/mod.rs", "use crate::pdf::File;", "both are on floor 2");
        refused("verification/mod.rs", "use crate::signing::Signer;", "both are on floor 9");
        refused("verification/mod.rs", "use crate::update::Update;", "-> update (floor 8)");
        refused("signing/mod.rs", "use crate::error::Error;", "`error` is an item of the crate");
        refused("signing/mod.rs", "use crate::SignerTrait;", "`SignerTrait` is an item of");
        refused("manual/mod.rs", "use crate::pdf;", "`manual` may import nothing");
    }

    #[test]
    fn super_does_not_escape() {
        refused("pdf/edit/splice.rs", "use super::super::super::pki::X;", "pdf -> pki");
        refused("digest.rs", "use super::limits::Limits;", "digest -> limits: both");
        refused("digest.rs", "mod tests { use super::super::limits::Limits; }", "digest -> limits");
        refused("pdf/edit.rs", "use super::{super::signing::X, syntax};", "-> signing");
        refused("pdf/edit.rs", "use self::super::super::signing::X;", "-> signing");
        refused("pdf/edit.rs", "use super::super as root;", "crate root itself");
        refused("pdf/mod.rs", "fn f() { mod x { use super::super::*; } }", "crate root itself");
        accepted("pdf/edit/splice.rs", "use super::super::syntax::Object;");
        accepted("pdf/edit.rs", "mod tests { use super::*; use super::super::syntax; }");
        accepted("pdf/mod.rs", "mod a { } mod tests { use super::File; } use self::a::B;");
        // The inline module is closed again before the path is read.
        refused("pdf/mod.rs", "mod a { fn f() { {} } } use super::pki::X;", "pdf -> pki");
    }

    #[test]
    fn unit_tests_keep_to_the_floors_too() {
        let text = "#[cfg(test)]\nmod tests {\n    use crate::verification::check;\n}";
        refused("signing/mod.rs", text, "src/signing/mod.rs:3: signing -> verification");
    }

    #[test]
    fn what_lies_below_is_accepted() {
        accepted("update/mod.rs", "use crate::{pdf::{self, Object}, geometry::Rect as R, limits};");
        accepted("pdf/x.rs", "pub(crate) fn f() { crate::pdf::syntax::g(crate::limits::N) }");
        accepted("pdf/x.rs", "pub(in crate::pdf) struct S; impl S { fn f(&self) { self.g() } }");
        accepted("pdf/a/b.rs", "pub(in super::super::super) fn f() {}");
        accepted(
            "lib.rs",
            "pub mod pdf; mod error; pub use crate::signing::Signer; use self::pdf;",
        );
        accepted("error.rs", "use crate::{pdf, signing, update};");
    }

    #[test]
    fn prose_and_strings_are_not_code() {
        accepted("pdf/x.rs", "//! [crate::signing::Signer]\n/// use crate::signing::S;\nfn f() {}");
        accepted("pdf/x.rs", "/* crate::signing /* nested */ crate::update */ fn f() {}");
        accepted("pdf/x.rs", r##"const A: &str = "crate::signing \" crate::update";"##);
        accepted("pdf/x.rs", "const A: &str = r#\"a \" crate::signing::X\"#;");
        accepted("pdf/x.rs", "const A: &[u8] = b\"crate::signing::X\"; const B: &CStr = c\"x\";");
        accepted("pdf/x.rs", "const A: &[u8] = br##\"crate::signing::X\"# \"##;");
    }

    #[test]
    fn quotes_do_not_swallow_code() {
        refused(
            "pdf/x.rs",
            "fn f<'a>(x: &'a str) { '\"'; crate::signing::x() } //\"",
            "-> signing",
        );
        refused(
            "pdf/x.rs",
            r"fn f() { ['\'', '\u{22}', '\\']; crate::signing::x() }",
            "-> signing",
        );
        refused("pdf/x.rs", "fn f() { \"\\\\\"; crate::signing::x(\"\") }", "-> signing");
        refused("pdf/x.rs", "fn f() { b'\"'; r\"\\\"; crate::signing::x() }", "-> signing");
        refused(
            "pdf/x.rs",
            "fn f() { for r in 0..9 { r; crate::signing::x(\"\") } }",
            "-> signing",
        );
        refused("pdf/x.rs", "/* a */ use crate::signing; /* b */", "-> signing");
    }

    #[test]
    fn unlisted_modules_and_leftovers_are_refused() {
        refused("glue.rs", "", "module `glue` is on no floor");
        refused("lib.rs", "mod glue;", "src/lib.rs:1: module `glue` is on no floor");
        refused("lib.rs", "mod glue { fn f() {} }", "module `glue` is on no floor");
        refused("pdf/utils.rs", "", "`utils` is a name for leftovers");
        refused("pdf/core/x.rs", "", "`core` is a name for leftovers");
        refused("pdf/x.rs", "mod types { }", "`types` is a name for leftovers");
        accepted("pdf/x.rs", "fn f() { core::mem::drop(1); let types = 1; }");
    }

    #[test]
    fn side_doors_are_refused() {
        refused("pdf/x.rs", "extern crate self as sealwright;", "second name");
        refused("pdf/x.rs", "#[path = \"../signing/mod.rs\"] mod s;", "`#[path]` hides");
        refused("pdf/x.rs", "include!(\"../signing/mod.rs\");", "`include!` hides");
        accepted("pdf/x.rs", "const A: &str = include_str!(\"a.md\"); let path = 1;");
    }

    #[test]
    fn long_files_are_refused() {
        accepted("pdf/x.rs", &"\n".repeat(MOST_LINES));
        refused("pdf/x.rs", &"\n".repeat(MOST_LINES + 1), "501 lines, more than 500");
    }
}
