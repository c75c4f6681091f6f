//! How a page is stored: integers only, so that the same page is the same bytes everywhere.

use serde::{Deserialize, Serialize};

use super::page::UserUnit;
use super::{Coordinate, Error, PageGeometry, PdfRect, Rotation};

/// The stored form of a [`PageGeometry`]: boxes in thousandths of a user space unit, `[llx, lly,
/// urx, ury]`; degrees; the unit in millionths of 1/72 inch.
#[derive(Serialize, Deserialize)]
pub(super) struct PageFields {
    media_box: [i64; 4],
    /// Left out where it is the MediaBox.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    visible_box: Option<[i64; 4]>,
    rotate: i64,
    user_unit: i64,
}

impl From<PageGeometry> for PageFields {
    fn from(page: PageGeometry) -> Self {
        let differs = page.visible_box != page.media_box;
        Self {
            media_box: corners(&page.media_box),
            visible_box: differs.then(|| corners(&page.visible_box)),
            rotate: i64::from(page.rotation.degrees()),
            // A user unit is at most 75,000, in millionths.
            user_unit: i64::try_from(page.user_unit.0).unwrap_or(i64::MAX),
        }
    }
}

impl TryFrom<PageFields> for PageGeometry {
    type Error = Error;

    fn try_from(fields: PageFields) -> Result<Self, Error> {
        let media_box = rect(fields.media_box);
        let crop_box = fields.visible_box.map_or(media_box, rect);
        Ok(Self {
            media_box,
            visible_box: media_box
                .intersection(&crop_box)
                .ok_or(Error::EmptyPage { media_box, crop_box })?,
            rotation: Rotation::from_degrees(fields.rotate)?,
            user_unit: UserUnit::from_millionths(fields.user_unit)?,
        })
    }
}

fn corners(rect: &PdfRect) -> [i64; 4] {
    [rect.llx(), rect.lly(), rect.urx(), rect.ury()].map(Coordinate::thousandths)
}

/// What is out of range is cut to the range, as everywhere in this module.
fn rect(corners: [i64; 4]) -> PdfRect {
    let [x0, y0, x1, y1] = corners.map(|value| Coordinate::saturating(i128::from(value)));
    PdfRect::from_coordinates(x0, y0, x1, y1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(page: &PageGeometry) -> String {
        serde_json::to_string(page).unwrap()
    }

    #[test]
    fn a_page_survives_storage_in_integers() {
        let crop_box = Some([-10.0, 20.0, 605.276, 862.0]);
        let pages = [
            PageGeometry::new([0.0, 0.0, 595.276, 841.89], None, 0, 1.0).unwrap(),
            PageGeometry::new([0.0, 0.0, 600.0, 900.0], crop_box, 270, 2.5).unwrap(),
        ];
        assert_eq!(
            stored(&pages[0]),
            r#"{"media_box":[0,0,595276,841890],"rotate":0,"user_unit":1000000}"#
        );
        for page in pages {
            assert_eq!(serde_json::from_str::<PageGeometry>(&stored(&page)).unwrap(), page);
        }
    }

    #[test]
    fn storage_cannot_forge_a_page() {
        let page = PageGeometry::new([0.0, 0.0, 595.0, 842.0], None, 0, 1.0).unwrap();
        for (sound, forged) in [
            ("595000", "0"),
            ("\"rotate\":0", "\"rotate\":45"),
            ("\"user_unit\":1000000", "\"user_unit\":0"),
            ("\"user_unit\":1000000", "\"user_unit\":-1000000"),
        ] {
            let text = stored(&page).replace(sound, forged);
            assert!(serde_json::from_str::<PageGeometry>(&text).is_err(), "{text}");
        }
    }
}
