//! The face digest of outlines, version 1.

use std::collections::BTreeMap;

use super::face_digest::{DOMAIN, update_with_length};
use super::{Error, FaceDigest};
use crate::digest::{DigestAlgorithm, Hasher};

/// How deep arrays and dictionaries of a resource may lie inside each other.
const MOST_DEPTH: u32 = 32;

/// The parts of a vector face: what the form XObject `/S` of a drawn seal paints (ISO 32000-2
/// §8.10). The form has `/BBox [0 0 1000 1000]` and `/Matrix [0.001 0 0 0.001 0 0]`, so that it
/// fills the unit square as an image does; it is no transparency group and has no other key that
/// affects painting. A form that differs is not one of these faces and has no face digest.
///
/// ```
/// use sealwright::statement::{FaceDigest, VectorFace};
/// let square = VectorFace { content: b"0 0 1000 1000 re f", resources: &[] };
/// let smaller = VectorFace { content: b"0 0 999 999 re f", resources: &[] };
/// assert_ne!(FaceDigest::of_vector(&square)?, FaceDigest::of_vector(&smaller)?);
/// # Ok::<(), sealwright::statement::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VectorFace<'a> {
    /// The content stream, after all filters.
    pub content: &'a [u8],
    /// What the content refers to by name, in any order.
    pub resources: &'a [FaceResource],
}

/// A named resource of a vector face (ISO 32000-2 §7.8.3), by value.
///
/// ```
/// use sealwright::statement::{FaceDigest, FaceResource, FaceValue, VectorFace};
/// let state = FaceValue::Dictionary([(b"LW".to_vec(), FaceValue::Number(2_000_000))].into());
/// let wide = FaceResource { category: b"ExtGState".to_vec(), name: b"G".to_vec(), value: state };
/// let face = VectorFace { content: b"/G gs 0 0 m 9 9 l S", resources: &[wide] };
/// assert!(FaceDigest::of_vector(&face).is_ok());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaceResource {
    /// The key of the resource dictionary: `ExtGState`, `Font`, `XObject` …
    pub category: Vec<u8>,
    /// The name in it.
    pub name: Vec<u8>,
    /// The object, every reference in it replaced with what it refers to.
    pub value: FaceValue,
}

/// An object of PDF as a value (ISO 32000-2 §7.3): no references, names and strings without their
/// escapes, streams without their filters and lengths.
///
/// ```
/// use sealwright::statement::FaceValue;
/// let half = FaceValue::Number(500_000);
/// assert_ne!(half, FaceValue::Number(1_000_000));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaceValue {
    /// `null`
    Null,
    /// `true`, `false`
    Boolean(bool),
    /// Integers and reals alike, in millionths, rounded half up.
    Number(i64),
    /// A name without its slash.
    Name(Vec<u8>),
    /// A string.
    String(Vec<u8>),
    /// An array.
    Array(Vec<FaceValue>),
    /// A dictionary.
    Dictionary(BTreeMap<Vec<u8>, FaceValue>),
    /// A stream: its dictionary without `/Length`, `/Filter` and `/DecodeParms`, and its data.
    Stream(BTreeMap<Vec<u8>, FaceValue>, Vec<u8>),
}

impl FaceDigest {
    /// The digest of a vector face.
    ///
    /// # Errors
    ///
    /// [`Error::FaceResourceTwice`] if two resources have one name, [`Error::FaceResourceDepth`].
    pub fn of_vector(face: &VectorFace<'_>) -> Result<Self, Error> {
        let mut resources: Vec<&FaceResource> = face.resources.iter().collect();
        let key = |resource: &FaceResource| (resource.category.clone(), resource.name.clone());
        resources.sort_by_key(|resource| key(resource));
        let twice = resources.windows(2).find(|pair| match pair {
            [first, second] => key(first) == key(second),
            _ => false,
        });
        if twice.is_some() {
            return Err(Error::FaceResourceTwice { resources: resources.len() });
        }
        let mut hasher = Hasher::new(DigestAlgorithm::Sha256);
        hasher.update(DOMAIN);
        hasher.update(b"V");
        update_with_length(&mut hasher, face.content);
        update_with_count(&mut hasher, resources.len());
        for resource in resources {
            update_with_length(&mut hasher, &resource.category);
            update_with_length(&mut hasher, &resource.name);
            update_with_value(&mut hasher, &resource.value, MOST_DEPTH)?;
        }
        Ok(Self::from_digest(&hasher.finish()))
    }
}

fn update_with_count(hasher: &mut Hasher, count: usize) {
    hasher.update(&u64::try_from(count).unwrap_or(u64::MAX).to_be_bytes());
}

fn update_with_value(hasher: &mut Hasher, value: &FaceValue, depth: u32) -> Result<(), Error> {
    let depth = depth.checked_sub(1).ok_or(Error::FaceResourceDepth { most: MOST_DEPTH })?;
    match value {
        FaceValue::Null => hasher.update(b"0"),
        FaceValue::Boolean(true) => hasher.update(b"t"),
        FaceValue::Boolean(false) => hasher.update(b"f"),
        FaceValue::Number(millionths) => {
            hasher.update(b"#");
            hasher.update(&millionths.to_be_bytes());
        }
        FaceValue::Name(name) => {
            hasher.update(b"/");
            update_with_length(hasher, name);
        }
        FaceValue::String(string) => {
            hasher.update(b"(");
            update_with_length(hasher, string);
        }
        FaceValue::Array(values) => {
            hasher.update(b"[");
            update_with_count(hasher, values.len());
            for value in values {
                update_with_value(hasher, value, depth)?;
            }
        }
        FaceValue::Dictionary(entries) => {
            hasher.update(b"<");
            update_with_entries(hasher, entries, depth)?;
        }
        FaceValue::Stream(entries, data) => {
            hasher.update(b"s");
            update_with_entries(hasher, entries, depth)?;
            update_with_length(hasher, data);
        }
    }
    Ok(())
}

fn update_with_entries(
    hasher: &mut Hasher,
    entries: &BTreeMap<Vec<u8>, FaceValue>,
    depth: u32,
) -> Result<(), Error> {
    update_with_count(hasher, entries.len());
    for (key, value) in entries {
        update_with_length(hasher, key);
        update_with_value(hasher, value, depth)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::Digest;
    use crate::statement::{ColourSpace, RasterFace, Samples};

    fn resource(category: &str, name: &str, value: FaceValue) -> FaceResource {
        FaceResource { category: category.into(), name: name.into(), value }
    }

    fn entries(entries: &[(&str, FaceValue)]) -> BTreeMap<Vec<u8>, FaceValue> {
        entries.iter().map(|(key, value)| (key.as_bytes().to_vec(), value.clone())).collect()
    }

    fn all_kinds() -> Vec<FaceResource> {
        let array = FaceValue::Array(vec![
            FaceValue::Null,
            FaceValue::Boolean(true),
            FaceValue::Boolean(false),
            FaceValue::Name(b"N".to_vec()),
            FaceValue::String(b"S".to_vec()),
        ]);
        vec![
            resource("XObject", "X", FaceValue::Stream(entries(&[("K", array)]), b"data".to_vec())),
            resource(
                "ExtGState",
                "G",
                FaceValue::Dictionary(entries(&[("LW", FaceValue::Number(-1_500_000))])),
            ),
        ]
    }

    /// The table of [`FaceDigest`], spelled out.
    #[test]
    fn the_layout_byte_by_byte() {
        let eight = |value: u64| value.to_be_bytes();
        let mut bytes = b"sealwright-face-1\0V".to_vec();
        bytes.extend(eight(7));
        bytes.extend(b"content");
        bytes.extend(eight(2));
        bytes.extend(eight(9));
        bytes.extend(b"ExtGState");
        bytes.extend(eight(1));
        bytes.extend(b"G<");
        bytes.extend(eight(1));
        bytes.extend(eight(2));
        bytes.extend(b"LW#");
        bytes.extend((-1_500_000_i64).to_be_bytes());
        bytes.extend(eight(7));
        bytes.extend(b"XObject");
        bytes.extend(eight(1));
        bytes.extend(b"Xs");
        bytes.extend(eight(1));
        bytes.extend(eight(1));
        bytes.extend(b"K[");
        bytes.extend(eight(5));
        bytes.extend(b"0tf/");
        bytes.extend(eight(1));
        bytes.extend(b"N(");
        bytes.extend(eight(1));
        bytes.extend(b"S");
        bytes.extend(eight(4));
        bytes.extend(b"data");
        let expected = Digest::of(DigestAlgorithm::Sha256, &bytes);
        let face = VectorFace { content: b"content", resources: &all_kinds() };
        assert_eq!(FaceDigest::of_vector(&face).unwrap().as_bytes()[..], *expected.as_bytes());
    }

    /// Computed once with another SHA-256 over the bytes of the table; may never change.
    #[test]
    fn the_known_answers_of_version_1() {
        let known = |face: &VectorFace<'_>| FaceDigest::of_vector(face).unwrap().to_string();
        let bare = VectorFace { content: b"0 0 1000 1000 re f", resources: &[] };
        assert_eq!(
            known(&bare),
            "cd78098c4d5a293177397f8ba6c3f494ad5e3883d8ccc401c22cb25ec3d7849c"
        );
        let full = VectorFace { content: b"content", resources: &all_kinds() };
        assert_eq!(
            known(&full),
            "1db5306f2cfc447f334ac1437f24d1f5e9faa230095d5009fcb97c508c9d7978"
        );
    }

    #[test]
    fn the_order_of_resources_does_not_matter_and_everything_else_does() {
        let digest = |content: &[u8], resources: &[FaceResource]| {
            FaceDigest::of_vector(&VectorFace { content, resources }).unwrap()
        };
        let resources = all_kinds();
        let mut turned = resources.clone();
        turned.reverse();
        assert_eq!(digest(b"a", &resources), digest(b"a", &turned));
        assert_ne!(digest(b"a", &resources), digest(b"b", &resources));
        assert_ne!(digest(b"a", &resources), digest(b"a", &resources[..1]));
        let other = [resource("ExtGState", "G", FaceValue::Number(1))];
        assert_ne!(digest(b"a", &resources[1..]), digest(b"a", &other));
    }

    #[test]
    fn a_vector_face_is_never_a_raster_face() {
        let raster = RasterFace {
            width: 0,
            height: 0,
            colour_space: ColourSpace::DeviceGray,
            inverted: false,
            samples: Samples::Decoded(&[]),
            alpha: None,
        };
        let vector = VectorFace { content: b"", resources: &[] };
        assert_ne!(FaceDigest::of_raster(&raster), FaceDigest::of_vector(&vector));
    }

    #[test]
    fn two_of_a_name_and_depth_without_end_are_refused() {
        let twice =
            [resource("Font", "F", FaceValue::Null), resource("Font", "F", FaceValue::Null)];
        let error = FaceDigest::of_vector(&VectorFace { content: b"", resources: &twice });
        assert_eq!(error.unwrap_err().code(), "statement.face_resource_twice");
        let nested = |depth: u32| {
            let value = (1..depth).fold(FaceValue::Null, |inner, _| FaceValue::Array(vec![inner]));
            let resources = [resource("Font", "F", value)];
            FaceDigest::of_vector(&VectorFace { content: b"", resources: &resources })
        };
        assert!(nested(MOST_DEPTH).is_ok());
        assert_eq!(nested(MOST_DEPTH + 1).unwrap_err().code(), "statement.face_resource_depth");
    }
}
