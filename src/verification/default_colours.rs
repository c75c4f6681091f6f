//! The resources that say what device colours mean, and nothing else: the calibrated spaces that a
//! document without an output intent for them is given (`/DefaultRGB` and `/DefaultGray`, ISO 32000-2,
//! 8.6.5.6). They do not change what a face is. Any other space might turn a seal white.

use crate::pdf::{Dictionary, Object, Revision};
use crate::statement::{GAMMA, PRIMARIES, WHITE_POINT};

/// Whether the `/ColorSpace` of a resource dictionary, if it has one, holds those and no other.
pub(super) fn are_calibrated(view: Revision<'_>, resources: &Dictionary) -> bool {
    let spaces = match view.lookup(resources, b"ColorSpace") {
        Ok(Some(spaces)) => spaces,
        Ok(None) => return !resources.contains(b"ColorSpace"),
        Err(_) => return false,
    };
    let Some(spaces) = spaces.as_dictionary() else { return false };
    spaces.iter().all(|(key, _)| {
        let Ok(Some(space)) = view.lookup(spaces, key) else { return false };
        match key {
            b"DefaultRGB" => is_rgb(&space),
            b"DefaultGray" => is_grey(&space),
            _ => false,
        }
    })
}

fn is_rgb(space: &Object) -> bool {
    values(space, b"CalRGB", 3).is_some_and(|values| {
        numbers(values, b"WhitePoint").is_some_and(|white| white == WHITE_POINT)
            && numbers(values, b"Gamma").is_some_and(|gamma| gamma == [GAMMA; 3])
            && numbers(values, b"Matrix").is_some_and(|matrix| matrix == PRIMARIES)
    })
}

fn is_grey(space: &Object) -> bool {
    values(space, b"CalGray", 2).is_some_and(|values| {
        numbers(values, b"WhitePoint").is_some_and(|white| white == WHITE_POINT)
            && values.get(b"Gamma").and_then(Object::as_number) == Some(GAMMA)
    })
}

/// The dictionary of a colour space of this family that has so many entries.
fn values<'o>(space: &'o Object, family: &[u8], entries: usize) -> Option<&'o Dictionary> {
    let [name, values] = space.as_array()? else { return None };
    let values = values.value.as_dictionary()?;
    (name.value.as_name() == Some(family) && values.iter().count() == entries).then_some(values)
}

fn numbers(values: &Dictionary, key: &[u8]) -> Option<Vec<f64>> {
    values.get(key)?.as_array()?.iter().map(|item| item.value.as_number()).collect()
}

#[cfg(test)]
mod tests {
    use sealwright_testdata::documents;
    use sealwright_testdata::pdf::Layout;

    use super::*;
    use crate::limits::Limits;
    use crate::pdf::{File, ObjectId};
    use crate::statement::{calibrated_grey, calibrated_rgb};

    fn judged(resources: &str) -> bool {
        let mut pdf = documents::plain(1);
        pdf.set(40, format!("<<{resources}>>"));
        pdf.set(41, calibrated_rgb());
        let bytes = pdf.write(&Layout::default());
        let file = File::open(&bytes, Limits::default()).unwrap();
        let view = file.latest();
        are_calibrated(view, &view.dictionary(ObjectId::new(40, 0)).unwrap())
    }

    #[test]
    fn ours_are_known_again_and_any_other_space_is_not() {
        let grey = calibrated_grey();
        assert!(judged(""));
        assert!(judged("/ColorSpace<<>>"));
        assert!(judged("/ColorSpace<</DefaultRGB 41 0 R>>"));
        assert!(judged(&format!("/ColorSpace<</DefaultRGB 41 0 R/DefaultGray{grey}>>")));

        let rgb = calibrated_rgb();
        for other in [
            "/ColorSpace 9 0 R".to_owned(),
            "/ColorSpace<</DefaultRGB/DeviceGray>>".to_owned(),
            "/ColorSpace<</DefaultCMYK 41 0 R>>".to_owned(),
            "/ColorSpace<</DefaultGray 41 0 R>>".to_owned(),
            format!("/ColorSpace<</DefaultRGB{grey}>>"),
            format!("/ColorSpace<</DefaultRGB{}>>", rgb.replace("0.4124", "9")),
            format!("/ColorSpace<</DefaultRGB{}>>", rgb.replace("1.089", "1.1")),
            format!("/ColorSpace<</DefaultRGB{}>>", rgb.replace("2.2]", "0]")),
            format!("/ColorSpace<</DefaultRGB{}>>", rgb.replace(">>]", "/BlackPoint[1 1 1]>>]")),
            format!("/ColorSpace<</DefaultGray{}>>", grey.replace("2.2", "0")),
        ] {
            assert!(!judged(&other), "{other}");
        }
    }
}
