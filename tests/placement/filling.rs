//! The values of a contract in its documents: all kinds of them in one revision, or all that is wrong.

use sealwright::appearance::{Font, FontBook, Overflow, UploadedPicture};
use sealwright::contract::{
    self, Absolute, Align, CheckBoxGroup, Colour, Contract, Control, ControlKind, DateFormat, Fact,
    FilledRows, FontSize, Input, NumberStyle, Opinion, Owner, PageSet, Picture, PictureFormat,
    Point, SelectorStyle, TableStyle, TextStyle, Watermark, WatermarkPlace,
};
use sealwright::digest::{Digest, DigestAlgorithm};
use sealwright::geometry::{Pt, Rect};
use sealwright::pdf::File;
use sealwright::placement::{Documents, PlacementPlan};
use sealwright::update::{Error, Filling, ValueProblem};
use sealwright::{LocalSigner, Seal};
use sealwright_testdata::font::{DEJAVU_SANS, NOTO_SANS_SC, NOTO_SERIF_SC};
use sealwright_testdata::{faces, pki};

use crate::paper::{
    A4, Offices, at, key, open, pages, qpdf_is_silent, resolve, signature, written,
};
use crate::world::{control, monday};

fn fonts() -> FontBook {
    let font = |bytes: &[u8]| Font::from_bytes(bytes, 0).unwrap();
    let fonts = FontBook::new().with(contract::Font::Hei, font(NOTO_SANS_SC)).unwrap();
    let fonts = fonts.with(contract::Font::Song, font(NOTO_SERIF_SC)).unwrap();
    fonts.with_fallback(font(DEJAVU_SANS)).unwrap()
}

fn text() -> ControlKind {
    ControlKind::Text(TextStyle::default())
}

/// A control of the initiator's.
fn initiators(id: &str, kind: ControlKind, place: Absolute) -> Control {
    Control::new(key("doc", id), kind, Owner::Initiator, place)
}

fn uploaded() -> (Picture, Vec<u8>) {
    let bytes = faces::upright_png(4);
    let digest = Digest::of(DigestAlgorithm::Sha256, &bytes);
    (Picture { digest, format: PictureFormat::Png, length: bytes.len() as u64 }, bytes)
}

/// A control of every kind that holds a value, on three pages.
fn every_kind() -> Vec<Control> {
    let style = TextStyle::default();
    let song = TextStyle { font: contract::Font::Song, ..style };
    let of = |id: &str, kind: ControlKind, place, input: &Input| {
        control("doc", id, "sa", kind, place).filled(input).unwrap()
    };
    let rect = |y: f64| Rect::new(Pt(0.0), Pt(y), Pt(12.0), Pt(12.0)).unwrap();
    let group = ControlKind::CheckBoxGroup(CheckBoxGroup::new([rect(0.0), rect(20.0)]).unwrap());
    let centred = TextStyle { align: Align::Center, bold: true, ..style };
    let red = TextStyle { colour: Colour(192, 0, 0), size: FontSize::new(18).unwrap(), ..style };
    let number =
        NumberStyle { decimals: Some(2), style: TextStyle { align: Align::Right, ..song } };
    let date = ControlKind::Date { format: DateFormat::Chinese, style: song };
    let answer = SelectorStyle::of(["同意", "不同意"]).unwrap().style(red);
    let (picture, _) = uploaded();
    let table = TableStyle::of(["公司名称", "日期", "1"]).unwrap().shares([4, 2, 1]).unwrap();
    let rows = FilledRows::new([
        ["甲方公司名称签署日期年月日甲方公司名称签署日期", "2026年1月6日", "1"],
        ["乙方", "2026年1月", "2"],
        ["", "", ""],
    ]);
    let mark = Watermark::text("合同").unwrap().opacity(150).unwrap().rotation(45).unwrap();
    let mark = mark
        .place(WatermarkPlace::Centre)
        .style(TextStyle { size: FontSize::new(72).unwrap(), ..style });
    let everywhere = Absolute::new(PageSet::All, Point::at(Pt(0.0), Pt(0.0)).unwrap());
    let twice = Absolute::new(PageSet::Odd, Point::at(Pt(300.0), Pt(60.0)).unwrap());
    vec![
        of("line", text(), at(1, 60.0, 60.0, 180.0, 24.0), &Input::text("甲方公司名称")),
        of(
            "lines",
            ControlKind::MultiLineText(song),
            at(1, 60.0, 100.0, 150.0, 80.0),
            &Input::text("本合同由甲方、乙方共同签署，自签署之日起生效。\n（一式二份）"),
        ),
        of(
            "centred",
            ControlKind::Text(centred),
            at(1, 60.0, 200.0, 180.0, 24.0),
            &Input::text("甲方"),
        ),
        of("number", ControlKind::Number(number), at(2, 60.0, 60.0, 90.0, 24.0), &{
            Input::text("-1234.50")
        }),
        of("date", date, twice, &Input::text("2026年1月6日")),
        of("tick", ControlKind::CheckBox, at(1, 260.0, 60.0, 14.0, 14.0), &Input::text("true")),
        of("ticks", group, at(1, 260.0, 100.0, 12.0, 32.0), &Input::texts(["false", "true"])),
        of(
            "choice",
            ControlKind::Selector(answer),
            at(1, 60.0, 240.0, 120.0, 30.0),
            &Input::text("不同意"),
        ),
        of(
            "fact",
            ControlKind::Fact(Fact::CreditCode.into()),
            at(1, 300.0, 120.0, 200.0, 24.0),
            &Input::text("91350100M000100Y43"),
        ),
        of(
            "picture",
            ControlKind::Image(contract::ImageFit::Keep),
            at(1, 300.0, 160.0, 120.0, 80.0),
            &Input::pictures([picture]),
        ),
        initiators("table", ControlKind::Table(table), at(1, 60.0, 320.0, 400.0, 140.0))
            .filled(&Input::rows(rows))
            .unwrap(),
        initiators("mark", ControlKind::Watermark(mark), everywhere),
        control("doc", "left", "sa", text(), at(1, 60.0, 500.0, 90.0, 24.0)).optional(),
        control("doc", "sign", "sa", signature(), at(3, 60.0, 60.0, 112.0, 52.0)),
        control("doc", "sign_b", "sb", signature(), at(3, 300.0, 300.0, 112.0, 52.0)),
        control(
            "doc",
            "opinion",
            "sa",
            ControlKind::Opinion(Opinion::new(["同意"]).unwrap()),
            at(3, 60.0, 140.0, 112.0, 52.0),
        ),
    ]
}

struct Case {
    base: Vec<u8>,
}

impl Case {
    /// Three pages, the second turned, all of them with content.
    fn new() -> Self {
        Self { base: written(&pages(&[A4, &format!("{A4} /Rotate 90"), A4])) }
    }

    fn started(&self, file: &File<'_>, controls: Vec<Control>) -> (Contract, PlacementPlan) {
        let offices = Offices::new();
        let mut contract = offices.draft(&[("doc", file)], controls);
        offices.start(&mut contract, &Documents::default().with("doc".parse().unwrap(), file));
        let plan = PlacementPlan::of_started(&contract).unwrap();
        (contract, plan)
    }

    /// What is wrong with these values.
    fn problems(&self, fonts: &FontBook, controls: Vec<Control>) -> Vec<ValueProblem> {
        let file = open(&self.base);
        let contract = Offices::new().draft(&[("doc", &file)], controls);
        let plan = resolve(&contract, &file).unwrap();
        let filling = Filling::of(&contract, &plan, fonts);
        let found = match filling.merge(&plan.documents()[0], &file) {
            Err(Error::Values { problems }) => problems,
            other => panic!("{other:?}"),
        };
        assert_eq!(filling.problems(&plan.documents()[0], &file).unwrap(), found);
        found
    }
}

fn count(bytes: &[u8], what: &str) -> usize {
    memchr::memmem::find_iter(bytes, what).count()
}

#[test]
fn all_values_of_a_started_contract_become_page_content_in_one_call() {
    let case = Case::new();
    let file = open(&case.base);
    let (contract, plan) = case.started(&file, every_kind());
    let (fonts, (picture, png)) = (fonts(), uploaded());
    let find =
        |wanted: &Picture| (*wanted == picture).then(|| UploadedPicture::from_bytes(&png).unwrap());
    let filling = Filling::of(&contract, &plan, &fonts).pictures(&find);
    let appended = filling.merge(&plan.documents()[0], &file).unwrap();
    let bytes = [case.base.as_slice(), &appended].concat();
    if let Some(path) = std::env::var_os("FILLED") {
        std::fs::write(path, &bytes).unwrap();
    }
    qpdf_is_silent(&bytes);
    let filled = open(&bytes);
    assert_eq!(filled.revision_count(), 2);
    assert_eq!(filled.latest().fields().unwrap().len(), 0, "page content, no fields");
    // Two styles in use, and no fallback: two fonts, however many controls there are.
    assert_eq!(count(&appended, "/Subtype/Type0"), 2);
    // Page 1: ten values and a watermark. Page 2: a number and a watermark. Page 3: a date and one.
    let painted: Vec<_> = (1..=3).map(|page| painted(&filled, page)).collect();
    assert_eq!(painted, [11, 2, 2]);
    // The same again is the same bytes.
    assert_eq!(filling.merge(&plan.documents()[0], &file).unwrap(), appended);

    // And it can be signed.
    let identity = pki::demo_identity(monday());
    let signer =
        LocalSigner::from_pem(identity.key_pem().as_bytes(), identity.chain_pem().as_bytes());
    assert!(Seal::on(&filled).invisible().sign(&signer.unwrap(), monday()).is_ok());
}

/// How many drawings the last stream of a page paints.
fn painted(file: &File<'_>, number: u32) -> usize {
    let page = file.latest().page(number).unwrap();
    let contents = page.dictionary().get(b"Contents").unwrap().as_array().unwrap();
    let id = contents.last().unwrap().value.as_reference().unwrap();
    match file.latest().get(id).unwrap().unwrap().object.value {
        sealwright::pdf::Object::Stream(stream) => {
            count(&file.latest().decoded(id, &stream).unwrap(), " Do Q")
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn everything_that_is_wrong_with_values_is_told_at_once_with_control_and_page() {
    let wide = Absolute::new(PageSet::All, Point::at(Pt(60.0), Pt(100.0)).unwrap());
    let of = |id: &str, kind: ControlKind, place, input: &Input| {
        control("doc", id, "sa", kind, place).filled(input).unwrap()
    };
    let fang = TextStyle { font: contract::Font::FangSong, ..TextStyle::default() };
    let (picture, _) = uploaded();
    let table = ControlKind::Table(TableStyle::of(["日期"]).unwrap());
    let rows = FilledRows::new(vec![["2026"]; 20]);
    let controls = vec![
        of("glyph", text(), at(1, 60.0, 60.0, 180.0, 24.0), &Input::text("甲𠮷方龘")),
        of("style", ControlKind::Text(fang), at(2, 60.0, 60.0, 180.0, 24.0), &Input::text("甲方")),
        of("narrow", text(), at(3, 60.0, 60.0, 30.0, 24.0), &Input::text("甲方公司名称")),
        of("good", text(), wide, &Input::text("甲方")),
        of(
            "picture",
            ControlKind::Image(contract::ImageFit::Keep),
            at(-1, 300.0, 160.0, 120.0, 80.0),
            &Input::pictures([picture]),
        ),
        initiators("rows", table, at(2, 300.0, 60.0, 120.0, 100.0))
            .filled(&Input::rows(rows))
            .unwrap(),
        control("doc", "empty", "sb", text(), at(2, 60.0, 160.0, 90.0, 24.0)),
        control("doc", "optional", "sb", text(), at(2, 60.0, 200.0, 90.0, 24.0)).optional(),
    ];
    let problems = Case::new().problems(&fonts(), controls);
    let told: Vec<String> = problems
        .iter()
        .map(|problem| {
            let page = problem.page().unwrap();
            format!("{} {page} {}", problem.control().unwrap(), problem.code())
        })
        .collect();
    assert_eq!(
        told,
        [
            "doc/glyph 1 font.missing_glyphs",
            "doc/style 2 font.style_without_font",
            "doc/narrow 3 text.overflow",
            "doc/picture 3 text.no_picture",
            "doc/rows 2 text.overflow",
            "doc/empty 2 ctl.required_value_missing",
        ]
    );
    let glyph = problems[0].to_string();
    assert!(glyph.contains("doc/glyph on page 1") && glyph.contains("U+20BB7, U+9F98"), "{glyph}");
    assert!(!glyph.contains('𠮷'), "the value is nobody's business: {glyph}");
    assert!(problems[1].to_string().contains("仿宋"), "{}", problems[1]);
    assert!(problems[2].to_string().contains("30 x 24"), "{}", problems[2]);
}

#[test]
fn text_may_shrink_and_missing_values_be_left_out_where_that_is_asked_for() {
    let case = Case::new();
    let file = open(&case.base);
    let narrow = control("doc", "narrow", "sa", text(), at(1, 60.0, 60.0, 54.0, 24.0));
    let contract = Offices::new().draft(
        &[("doc", &file)],
        vec![
            narrow.filled(&Input::text("甲方公司名称")).unwrap(),
            control("doc", "empty", "sb", text(), at(2, 60.0, 160.0, 90.0, 24.0)),
        ],
    );
    let (plan, fonts) = (resolve(&contract, &file).unwrap(), fonts());
    let filling = Filling::of(&contract, &plan, &fonts);
    let document = &plan.documents()[0];
    assert_eq!(filling.problems(document, &file).unwrap().len(), 2);
    let smaller = filling.overflow(Overflow::ShrinkTo(FontSize::new(6).unwrap())).partial();
    assert!(smaller.problems(document, &file).unwrap().is_empty());
    assert!(!smaller.merge(document, &file).unwrap().is_empty());
}

#[test]
fn values_go_where_the_contract_froze_them_and_into_its_own_bytes_only() {
    let case = Case::new();
    let file = open(&case.base);
    let value = |x: f64| {
        let control = control("doc", "line", "sa", text(), at(1, x, 60.0, 180.0, 24.0));
        let sign = |id: &str, slot: &str, y: f64| {
            crate::world::control("doc", id, slot, signature(), at(2, 60.0, y, 112.0, 52.0))
        };
        let filled = control.filled(&Input::text("甲方")).unwrap();
        vec![filled, sign("sa", "sa", 60.0), sign("sb", "sb", 160.0)]
    };
    let (contract, plan) = case.started(&file, value(60.0));
    let (_, elsewhere) = case.started(&file, value(61.0));
    let fonts = fonts();
    let filling = Filling::of(&contract, &elsewhere, &fonts);
    let error = filling.merge(&elsewhere.documents()[0], &file).unwrap_err();
    assert!(error.to_string().contains("doc/line elsewhere"), "{error}");
    assert_eq!(error.code(), "ctl.rect_out_of_page");

    let (filling, document) = (Filling::of(&contract, &plan, &fonts), &plan.documents()[0]);
    let longer = [case.base.as_slice(), b"% one more line\n"].concat();
    let other = open(&longer);
    assert_eq!(filling.merge(document, &other).unwrap_err().code(), "doc.hash_mismatch");
    // A control that the plan does not know.
    let draft = Offices::new().draft(&[("doc", &file)], Vec::new());
    let nothing = resolve(&draft, &file).unwrap();
    let filling = Filling::of(&contract, &nothing, &fonts);
    let problems = filling.problems(&nothing.documents()[0], &file).unwrap();
    assert_eq!(problems[0].control(), Some(&key("doc", "line")));
}
