//! A font for text in fonts that a document does not bring along.
//!
//! The standard fonts of Latin letters are in the renderer. Chinese, Japanese and Korean letters take a
//! font of this machine, or one that is named.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_interpret::font::FontQuery;

/// Where systems keep a font with Chinese letters, and which face of the file it is.
const OF_SYSTEMS: [(&str, u32); 9] = [
    ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 2),
    ("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc", 2),
    ("/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc", 2),
    ("/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc", 2),
    ("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc", 0),
    ("/System/Library/Fonts/STHeiti Light.ttc", 0),
    ("/System/Library/Fonts/Hiragino Sans GB.ttc", 0),
    ("C:\\Windows\\Fonts\\msyh.ttc", 0),
    ("C:\\Windows\\Fonts\\simsun.ttc", 0),
];
/// A larger file is no font.
const LARGEST: u64 = 64 << 20;

/// A font file, and which of its faces.
#[derive(Clone, Debug, PartialEq)]
pub struct SpareFont {
    pub path: PathBuf,
    pub face: u32,
}

impl SpareFont {
    /// The one that is named: a file, or a face of a collection as `FILE#2`.
    pub fn named(name: &str) -> Result<Self, String> {
        let face = name.rsplit_once('#').and_then(|(path, face)| Some((path, face.parse().ok()?)));
        let (path, face) = face.unwrap_or((name, 0));
        let font = Self { path: PathBuf::from(path), face };
        font.read().map(|_| font)
    }

    /// The first one that this machine has.
    pub fn of_the_system() -> Option<Self> {
        let mut all = OF_SYSTEMS.iter().map(|(path, face)| Self { path: path.into(), face: *face });
        all.find(|font| font.path.is_file())
    }

    /// Its name, as the page says it.
    pub fn name(&self) -> String {
        self.path.file_stem().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
    }

    /// Its bytes.
    pub fn read(&self) -> Result<Vec<u8>, String> {
        let length = std::fs::metadata(&self.path).map_err(|error| error.to_string())?.len();
        if length > LARGEST {
            return Err(format!("{length} bytes, more than {LARGEST}"));
        }
        let bytes = std::fs::read(&self.path).map_err(|error| error.to_string())?;
        let known = [&b"\0\x01\0\0"[..], b"OTTO", b"ttcf", b"true"];
        if known.iter().any(|start| bytes.starts_with(start)) {
            Ok(bytes)
        } else {
            Err("this is no TrueType or OpenType font".to_owned())
        }
    }

    /// What the process that draws is told on its command line.
    pub fn words(&self) -> [PathBuf; 2] {
        [self.path.clone(), self.face.to_string().into()]
    }

    /// The same, as that process reads it.
    pub fn told(mut words: impl Iterator<Item = String>) -> Option<Self> {
        let (path, face) = (words.next()?, words.next()?);
        Some(Self { path: Path::new(&path).to_owned(), face: face.parse().ok()? })
    }
}

/// In which letters a picture is drawn. The later ones are told before the earlier ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Letters {
    /// In those of the document, or of the standard fonts.
    #[default]
    Own,
    /// Some in those of another font.
    Borrowed,
    /// Some are missing.
    Missing,
}

impl Letters {
    /// The number under which it is handed on.
    pub fn number(self) -> u32 {
        match self {
            Self::Own => 0,
            Self::Borrowed => 1,
            Self::Missing => 2,
        }
    }

    /// Whose number it is.
    pub fn of(number: u32) -> Option<Self> {
        [Self::Own, Self::Borrowed, Self::Missing].into_iter().find(|one| one.number() == number)
    }
}

/// Lends fonts to a renderer, and knows whether it had to.
pub struct Lender {
    settings: InterpreterSettings,
    asked: Arc<AtomicBool>,
    lends: bool,
}

impl Lender {
    /// One that has this font to lend, or none.
    pub fn of(font: Option<&SpareFont>) -> Self {
        let spare = font.and_then(|font| Some((Arc::new(font.read().ok()?), font.face)));
        let (asked, lends) = (Arc::new(AtomicBool::new(false)), spare.is_some());
        let tells = Arc::clone(&asked);
        let settings = InterpreterSettings {
            font_resolver: Arc::new(move |query| match query {
                FontQuery::Standard(standard) => Some(standard.get_font_data()),
                // Only composite fonts have a collection of characters.
                FontQuery::Fallback(wanted) if wanted.character_collection.is_some() => {
                    tells.store(true, Ordering::Relaxed);
                    let (bytes, face) = spare.as_ref()?;
                    Some((Arc::clone(bytes) as _, *face))
                }
                FontQuery::Fallback(wanted) => Some(wanted.pick_standard_font().get_font_data()),
            }),
            ..InterpreterSettings::default()
        };
        Self { settings, asked, lends }
    }

    /// What the renderer is given for the next picture.
    pub fn settings(&self) -> &InterpreterSettings {
        self.asked.store(false, Ordering::Relaxed);
        &self.settings
    }

    /// In which letters that picture is.
    pub fn letters(&self) -> Letters {
        match (self.asked.load(Ordering::Relaxed), self.lends) {
            (false, _) => Letters::Own,
            (true, true) => Letters::Borrowed,
            (true, false) => Letters::Missing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_font_is_a_file_with_a_face() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata/fonts/");
        let path = format!("{folder}NotoSerifCJKsc-subset.otf");
        let font = SpareFont::named(&path).unwrap();
        assert_eq!((font.face, font.name().as_str()), (0, "NotoSerifCJKsc-subset"));
        assert_eq!(SpareFont::named(&format!("{path}#2")).unwrap().face, 2);
        let words = font.words().map(|word| word.to_str().unwrap().to_owned());
        assert_eq!(SpareFont::told(words.into_iter()), Some(font));
        assert!(SpareFont::named(&format!("{path}#x")).is_err(), "there is no such file");
        let no_font = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
        assert!(SpareFont::named(no_font).unwrap_err().contains("no TrueType"));
    }

    #[test]
    fn letters_are_what_their_number_says() {
        for letters in [Letters::Own, Letters::Borrowed, Letters::Missing] {
            assert_eq!(Letters::of(letters.number()), Some(letters));
        }
        assert_eq!(Letters::of(3), None);
    }
}
