//! Colours, as far as it is known what they look like (ISO 32000-2 §8.6).

use crate::pdf::{Error, Object, Revision, Spanned};

/// What is seen of a colour: red, green and blue; `None` for one that cannot be told.
pub(crate) type Colour = Option<[u8; 3]>;

/// What the components of a colour mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Space {
    Gray,
    Rgb,
    Cmyk,
    Pattern,
    Unknown,
}

impl Space {
    /// What a colour of it looks like.
    pub(crate) fn colour(self, components: &[f64]) -> Colour {
        let rgb = match (self, components) {
            (Self::Gray, [gray]) => [*gray; 3],
            (Self::Rgb, [red, green, blue]) => [*red, *green, *blue],
            (Self::Cmyk, [cyan, magenta, yellow, black]) => {
                [cyan, magenta, yellow].map(|ink| (1.0 - ink) * (1.0 - black))
            }
            _ => return None,
        };
        Some(rgb.map(|part| {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 255")]
            let part = (part.clamp(0.0, 1.0) * 255.0).round() as u8;
            part
        }))
    }

    /// Its colour at the start (§8.6.8).
    pub(crate) fn initial(self) -> Colour {
        match self {
            Self::Gray | Self::Rgb | Self::Cmyk => Some([0; 3]),
            Self::Pattern | Self::Unknown => None,
        }
    }

    /// A space that content may name without a resource.
    pub(super) fn of_device(name: &[u8]) -> Option<Self> {
        Some(match name {
            b"DeviceGray" | b"G" | b"CalGray" => Self::Gray,
            b"DeviceRGB" | b"RGB" => Self::Rgb,
            b"DeviceCMYK" | b"CMYK" => Self::Cmyk,
            b"Pattern" => Self::Pattern,
            _ => return None,
        })
    }

    /// A space as the resources have it.
    pub(super) fn read(revision: &Revision<'_>, space: &Object) -> Result<Self, Error> {
        match space {
            Object::Name(alias) => Ok(Self::of_device(alias).unwrap_or(Self::Unknown)),
            Object::Array(parts) => Self::family(revision, parts),
            _ => Ok(Self::Unknown),
        }
    }

    /// A space that has parameters (§8.6.5).
    fn family(revision: &Revision<'_>, parts: &[Spanned]) -> Result<Self, Error> {
        let [name, rest @ ..] = parts else { return Ok(Self::Unknown) };
        Ok(match name.value.as_name() {
            Some(b"CalGray") => Self::Gray,
            Some(b"CalRGB") => Self::Rgb,
            Some(b"Pattern") => Self::Pattern,
            Some(b"ICCBased") => {
                let Some(profile) = rest.first() else { return Ok(Self::Unknown) };
                let profile = revision.resolve(&profile.value)?;
                match profile.as_dictionary().and_then(|it| it.integer(b"N")) {
                    Some(1) => Self::Gray,
                    Some(3) => Self::Rgb,
                    Some(4) => Self::Cmyk,
                    _ => Self::Unknown,
                }
            }
            _ => Self::Unknown,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_of_all_devices_are_compared_as_one() {
        assert_eq!(Space::Gray.colour(&[1.0]), Some([255; 3]));
        assert_eq!(Space::Cmyk.colour(&[0.0, 0.0, 0.0, 0.0]), Some([255; 3]));
        assert_eq!(Space::Cmyk.colour(&[0.0, 0.0, 0.0, 1.0]), Some([0; 3]));
        assert_eq!(Space::Rgb.colour(&[1.0, 0.0]), None);
        assert_eq!(Space::Unknown.colour(&[1.0]), None);
    }
}
