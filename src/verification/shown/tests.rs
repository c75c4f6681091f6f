use sealwright_testdata::documents;
use sealwright_testdata::pdf::{Layout, deflate};

use super::*;
use crate::limits::Limits;

const BOX: &str = "/Type/XObject/Subtype/Form/BBox[0 0 120 60]";
const OUTLINES: &str = "/Type/XObject/Subtype/Form/BBox[0 0 1000 1000]\
    /Matrix[0.001 0 0 0.001 0 0]/Resources<<>>";
const IMAGE: &str = "/Type/XObject/Subtype/Image/Width 2/Height 1/ColorSpace/DeviceGray\
    /BitsPerComponent 8";
const PATHS: &[u8] = b"1 0 0 rg 0 0 m 1000 0 l 500 1000 l h f";

/// A widget with an appearance: what the tests change of it.
struct Page<'a> {
    widget: &'a str,
    page: &'a str,
    form: &'a str,
    resources: &'a str,
    content: &'a str,
    picture: (&'a str, &'a [u8]),
}

const PAGE: Page<'static> = Page {
    widget: "/Rect[100 200 220 260]",
    page: "/MediaBox[0 0 595 842]/Annots[40 0 R]",
    form: BOX,
    resources: "/XObject<</S 42 0 R>>",
    content: "q 60 0 0 60 30 0 cm /S Do Q",
    picture: (OUTLINES, PATHS),
};

impl Page<'_> {
    fn shown(&self) -> Option<ShownFace> {
        let mut pdf = documents::plain(1);
        let root = format!("/Type/Page/Parent {} 0 R", documents::PAGES);
        pdf.set(45, "[40 0 R]");
        pdf.set(documents::page_number(0), format!("<<{root}{}>>", self.page));
        let kind = if self.widget.contains("/Subtype") { "" } else { "/Subtype/Widget" };
        let widget = format!("<</Type/Annot{kind}/FT/Sig/T(s)/AP<</N 41 0 R>>");
        pdf.set(40, format!("{widget}{}>>", self.widget));
        let form = format!("{}/Resources<<{}>>", self.form, self.resources);
        pdf.set_stream(41, &form, self.content.as_bytes());
        pdf.set_stream(42, self.picture.0, self.picture.1);
        pdf.set_stream(43, IMAGE, b"\x80\xff");
        let bytes = pdf.write(&Layout::default());
        let file = File::open(&bytes, Limits::default()).unwrap();
        let mut found = Faces::of(&file).shown(1, &[ObjectId::new(40, 0); 2]);
        assert!(found.len() <= 1);
        found.pop()
    }
}

fn digest_of(paths: &[u8]) -> String {
    FaceDigest::of_vector(&VectorFace { content: paths, resources: &[] }).unwrap().to_string()
}

#[test]
fn outlines_are_known_again_whole_sliced_pale_and_multiplied() {
    let whole = PAGE.shown().unwrap();
    assert_eq!(whole.digest, digest_of(PATHS));
    assert_eq!((whole.object.as_str(), whole.part), ("40 0", false));
    assert_eq!((whole.opacity, whole.multiplied), (1000, false));

    let slice = Page { content: "q 0 0 120 60 re W n 240 0 0 60 -120 0 cm /S Do Q", ..PAGE };
    let slice = slice.shown().unwrap();
    assert_eq!((slice.digest, slice.part), (digest_of(PATHS), true));
    let cut = slice.cut.unwrap();
    assert_eq!((cut.left, cut.top, cut.width, cut.height), (120_000, 0, 120_000, 60_000));
    assert_eq!((cut.whole_width, cut.whole_height), (240_000, 60_000));

    let resources = "/XObject<</S 42 0 R>>/ExtGState<</G<</Type/ExtGState/CA 0.85/ca 0.85\
        /BM/Multiply>>>>";
    let pale = Page { content: "q /G gs 60 0 0 60 30 0 cm /S Do Q", resources, ..PAGE };
    let pale = pale.shown().unwrap();
    assert_eq!((pale.opacity, pale.multiplied), (850, true));
    assert_eq!(pale.digest, digest_of(PATHS));
}

#[test]
fn on_a_turned_page_and_deflated_it_is_the_same_face() {
    let form = format!("{BOX}/Matrix[0 1 -1 0 60 0]");
    let turned = Page { widget: "/Rect[100 200 160 320]", form: &form, ..PAGE };
    assert_eq!(turned.shown().unwrap().digest, digest_of(PATHS));
    let (entries, data) = (format!("{OUTLINES}/Filter/FlateDecode"), deflate(PATHS));
    let deflated = Page { picture: (&entries, &data), ..PAGE };
    assert_eq!(deflated.shown().unwrap().digest, digest_of(PATHS));
}

#[test]
fn another_operator_is_another_face() {
    let other = b"1 0 0 rg 0 0 m 1000 0 l 500 999 l h f";
    let found = Page { picture: (OUTLINES, other), ..PAGE }.shown().unwrap().digest;
    assert_eq!(found, digest_of(other));
    assert_ne!(found, digest_of(PATHS));
}

#[test]
fn an_image_is_known_with_its_soft_mask() {
    let masked = format!("{IMAGE}/SMask 43 0 R");
    let found = Page { picture: (&masked, b"\x01\x02"), ..PAGE }.shown().unwrap().digest;
    let face = RasterFace {
        width: 2,
        height: 1,
        colour_space: ColourSpace::DeviceGray,
        inverted: false,
        samples: Samples::Decoded(&[1, 2]),
        alpha: Some(&[128, 255]),
    };
    assert_eq!(found, FaceDigest::of_raster(&face).unwrap().to_string());
    // Samples that do not fill the picture are no picture.
    assert_eq!(Page { picture: (IMAGE, b"\x01"), ..PAGE }.shown(), None);
}

#[test]
fn whatever_differs_from_the_template_is_no_face() {
    let contents = [
        "q 60 0 0 60 30 0 cm /S Do",
        "q 60 0 0 60 30 0 cm /S Do Q q Q",
        "q 60 0 0.1 60 30 0 cm /S Do Q",
        "q 60 0 0 60 61 0 cm /S Do Q",
        "q 60 0 0 61 30 0 cm /S Do Q",
        "q -60 0 0 60 90 0 cm /S Do Q",
        "q 60 0 0 60 30 0 cm /T Do Q",
        "q 0 0 60 60 re W n 60 0 0 60 0 0 cm /S Do Q",
        "q 0 0 120 60 re W n 60 0 0 60 0 0 cm /S Do Q",
        "q /G gs 60 0 0 60 30 0 cm /S Do Q",
        "q 1e9 0 0 60 30 0 cm /S Do Q",
        "q 6% 0 0 60 30 0 cm /S Do Q",
        "",
    ];
    for content in contents {
        assert_eq!(Page { content, ..PAGE }.shown(), None, "{content}");
    }
    let state = |entries: &str| format!("/XObject<</S 42 0 R>>/ExtGState<</G<<{entries}>>>>");
    let states = ["/ca 0.59", "/ca 2", "/BM/Screen", "/SMask 43 0 R", "/ca 0.7/AIS true"];
    for resources in states.map(state) {
        let content = "q /G gs 60 0 0 60 30 0 cm /S Do Q";
        let page = Page { content, resources: &resources, ..PAGE };
        assert_eq!(page.shown(), None, "{resources}");
    }
    for resources in ["/XObject<</S 99 0 R>>", "/XObject<</S 42 0 R/T 42 0 R>>", "", "/XObject 1"] {
        assert_eq!(Page { resources, ..PAGE }.shown(), None, "{resources}");
    }
    let widgets = ["/Rect[100 200 221 260]", "/Rect[100 200 220 260]/F 2", "/Rect[1 2 3]", ""];
    for widget in widgets {
        assert_eq!(Page { widget, ..PAGE }.shown(), None, "{widget}");
    }
    for more in ["/Group<</S/Transparency>>", "/OC 1 0 R", "/Matrix[2 0 0 2 0 0]"] {
        let form = format!("{BOX}{more}");
        assert_eq!(Page { form: &form, ..PAGE }.shown(), None, "{more}");
    }
    for more in ["/Group<</S/Transparency>>", "/Ref 1 0 R", "/Mask 43 0 R"] {
        let (vector, raster) = (format!("{OUTLINES}{more}"), format!("{IMAGE}{more}"));
        assert_eq!(Page { picture: (&vector, PATHS), ..PAGE }.shown(), None, "{more}");
        assert_eq!(Page { picture: (&raster, b"\x01\x02"), ..PAGE }.shown(), None, "{more}");
    }
    let font = OUTLINES.replace("/Resources<<>>", "/Resources<</Font<</F 5 0 R>>>>");
    assert_eq!(Page { picture: (&font, PATHS), ..PAGE }.shown(), None);
}

#[test]
fn what_nobody_sees_is_not_shown() {
    let media = "/MediaBox[0 0 595 842]";
    for page in [
        media,
        "/MediaBox[0 0 595 842]/Annots[41 0 R]",
        "/MediaBox[0 0 595 842]/CropBox[0 0 150 842]/Annots[40 0 R]",
        "/MediaBox[0 300 595 842]/Annots[40 0 R]",
        "/MediaBox[0 0 595 842]/UserUnit 0.01/Annots[40 0 R]",
    ] {
        assert_eq!(Page { page, ..PAGE }.shown(), None, "{page}");
    }
    // As far as it may leave the page, and in another unit.
    for page in [
        "/MediaBox[0 0 219.5 842]/Annots[40 0 R]",
        "/MediaBox[0 0 595 842]/UserUnit 3/Rotate 90/Annots 45 0 R",
        "/MediaBox[0 0 595 842]/Annots[null 40 0 R 40 0 R]",
    ] {
        assert!(Page { page, ..PAGE }.shown().is_some(), "{page}");
    }
    for more in ["/Subtype/Popup", "/F 2.0", "/F 34", "/OC 1 0 R"] {
        let widget = format!("/Rect[100 200 220 260]{more}");
        assert_eq!(Page { widget: &widget, ..PAGE }.shown(), None, "{more}");
    }
    let small = Page {
        widget: "/Rect[100 200 103 202]",
        form: "/Type/XObject/Subtype/Form/BBox[0 0 3 2]",
        content: "q 2 0 0 2 0 0 cm /S Do Q",
        ..PAGE
    };
    assert_eq!(small.shown(), None);
    let thin = Page { content: "q 120 0 0 1 0 0 cm /S Do Q", ..PAGE };
    assert_eq!(thin.shown(), None);
    // A corner of a picture is no slice of it.
    let corner = Page { content: "q 0 0 120 60 re W n 240 0 0 120 -120 0 cm /S Do Q", ..PAGE };
    assert_eq!(corner.shown(), None);
}
