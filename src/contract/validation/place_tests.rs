//! C3: where controls are (R-CTL-02 to 05, 07 to 09, 15 to 18, 21, 22).

use super::super::samples::{Facts, NOW, World, control, key, last_page, sealed, spot};
use super::super::{
    Absolute, Contract, Control, ControlKey, ControlKind, CrossPage, DateStyle, Edit, Error,
    Extent, FieldName, Keyword, Location, MatchOrder, PageSet, Point, SealMark, SignatureMark,
    SinglePage, TextStyle, Warning, Watermark,
};
use super::{FieldKind, Located, Placements, Validation};
use crate::geometry::{Mm, PageIndex, PageNumber, Pt, Size};

/// The draft of the samples with these controls besides.
fn with(controls: impl IntoIterator<Item = Control>) -> Contract {
    let world = World::new();
    let mut contract = world.draft();
    for control in controls {
        world.edit(&mut contract, Edit::ControlPlaced { control: Box::new(control) });
    }
    contract
}

fn judged(contract: &Contract, placements: Placements) -> Validation {
    let facts = Facts { placements, ..Facts::of(contract) };
    contract.validate(&facts.start(), NOW)
}

fn codes(contract: &Contract, placements: Placements) -> Vec<&'static str> {
    judged(contract, placements).errors.iter().map(Error::code).collect()
}

/// What is wrong with one more control, of slot `sa`, here.
fn code_at(kind: ControlKind, location: impl Into<Location>) -> Vec<&'static str> {
    located(kind, location, None)
}

fn located(
    kind: ControlKind,
    location: impl Into<Location>,
    found: Option<Located>,
) -> Vec<&'static str> {
    let control = control("x", kind, "sa", 0.0).moved(location).unwrap();
    let placements = match found {
        Some(found) => Placements::default().found(key("x"), found),
        None => Placements::default(),
    };
    codes(&with([control]), placements)
}

fn seal() -> ControlKind {
    ControlKind::Seal(SealMark::default())
}

fn text() -> ControlKind {
    ControlKind::Text(TextStyle::default())
}

fn at(x: f64, y: f64) -> Point {
    Point::at(Pt(x), Pt(y)).unwrap()
}

#[test]
fn c3_a_sound_draft_has_its_rectangles_and_nothing_against_it() {
    let validation = judged(&with([]), Placements::default());
    assert_eq!(validation.errors, []);
    assert_eq!(validation.warnings, []);
    assert!(validation.is_clear(&Default::default()));
    let frozen: Vec<_> =
        validation.frozen.iter().map(|it| (it.control.clone(), &it.spots[..])).collect();
    assert_eq!(
        frozen,
        [(key("seal_a"), &[spot(3, 60.0, 100.0)][..]), (key("seal_b"), &[spot(3, 300.0, 100.0)])]
    );
}

#[test]
fn r_ctl_02_a_page_that_does_not_exist() {
    for page in [4, -4] {
        let place = Absolute::new(PageIndex::new(page).unwrap(), at(0.0, 0.0));
        assert_eq!(code_at(seal(), place), ["ctl.page_out_of_range"]);
    }
}

#[test]
fn r_ctl_03_a_control_without_area() {
    let flat = last_page(0.0).sized(Extent::new(Pt(0.0), Pt(10.0)).unwrap());
    assert_eq!(code_at(seal(), flat), ["ctl.rect_degenerate"]);
}

#[test]
fn r_ctl_04_a_control_off_the_page_also_where_it_was_found() {
    assert_eq!(code_at(seal(), last_page(476.0)), ["ctl.rect_out_of_page"]);
    assert_eq!(code_at(seal(), last_page(475.0)), Vec::<&str>::new());
    let found = Located::Words(vec![spot(1, 0.0, 0.0), spot(2, 500.0, 0.0)]);
    let keyword = Keyword::new("盖章").unwrap();
    assert_eq!(located(seal(), keyword.clone(), Some(found)), ["ctl.rect_out_of_page"]);
    let beyond = Located::Words(vec![spot(4, 0.0, 0.0)]);
    assert_eq!(located(seal(), keyword, Some(beyond)), ["ctl.page_out_of_range"]);
}

#[test]
fn r_ctl_05_only_an_empty_signature_field_takes_a_seal() {
    let field = || FieldName::new("party_a").unwrap();
    let found = |kind| Some(Located::Field { kind, spots: vec![spot(1, 9.0, 9.0)] });
    let nothing = Vec::<&str>::new();
    let signature = || ControlKind::Signature(SignatureMark::default());
    for kind in [seal(), signature()] {
        assert_eq!(located(kind.clone(), field(), found(FieldKind::EmptySignature)), nothing);
        for wrong in [FieldKind::Signed, FieldKind::Data, FieldKind::ReadOnly] {
            let codes = located(kind.clone(), field(), found(wrong));
            assert_eq!(codes, ["ctl.field_cannot_host_signature"], "{wrong:?}");
        }
    }
    assert_eq!(located(text(), field(), found(FieldKind::Data)), nothing);
    for wrong in [FieldKind::ReadOnly, FieldKind::EmptySignature, FieldKind::Signed] {
        assert_eq!(located(text(), field(), found(wrong)), ["ctl.field_cannot_host_signature"]);
    }
    let date = ControlKind::SignDate(DateStyle::default());
    assert_eq!(located(date, field(), found(FieldKind::Data)), nothing);
    assert_eq!(located(seal(), field(), Some(Located::FieldNotFound)), ["ctl.field_not_found"]);
    assert_eq!(located(seal(), field(), None), ["ctl.field_not_found"]);
    let none = Located::Field { kind: FieldKind::Data, spots: vec![] };
    assert_eq!(located(text(), field(), Some(none)), ["ctl.field_not_found"]);
}

#[test]
fn r_ctl_07_a_keyword_that_is_nowhere() {
    let keyword = || Keyword::new("盖章").unwrap();
    let missing = || Some(Located::KeywordNotFound);
    assert_eq!(located(seal(), keyword(), missing()), ["ctl.keyword_not_found"]);
    assert_eq!(located(seal(), keyword(), None), ["ctl.keyword_not_found"]);
    assert_eq!(located(seal(), keyword(), Some(Located::Words(vec![]))), ["ctl.keyword_not_found"]);
    assert_eq!(located(seal(), keyword().ignore_missing(), missing()), Vec::<&str>::new());
}

#[test]
fn r_ctl_07_who_is_left_without_a_control_is_an_error_all_the_same() {
    let world = World::new();
    let mut contract = world.bare();
    let lost =
        sealed("seal_a", "sa", 0.0).moved(Keyword::new("盖章").unwrap().ignore_missing()).unwrap();
    for control in [lost, sealed("seal_b", "sb", 300.0)] {
        world.edit(&mut contract, Edit::ControlPlaced { control: Box::new(control) });
    }
    let missing = Placements::default().found(key("seal_a"), Located::KeywordNotFound);
    assert_eq!(codes(&contract, missing), ["con.signer_has_no_control"]);
    let found = Located::Words(vec![spot(1, 9.0, 9.0)]);
    assert!(codes(&contract, Placements::default().found(key("seal_a"), found)).is_empty());
    // An error of the control itself is told, and not that there is none.
    assert_eq!(
        codes(
            &contract,
            Placements::default()
                .found(key("seal_a"), Located::NoTextLayer { page: PageNumber::new(1).unwrap() })
        ),
        ["ctl.keyword_no_text_layer"]
    );
}

#[test]
fn r_ctl_08_a_match_that_is_not_there() {
    let keyword = Keyword::new("盖章").unwrap().indexes([3]);
    let found = Located::KeywordIndexOutOfRange { index: 3, found: 2 };
    assert_eq!(located(seal(), keyword, Some(found)), ["ctl.keyword_index_out_of_range"]);
}

#[test]
fn r_ctl_09_a_page_without_text() {
    let keyword = Keyword::new("盖章").unwrap();
    let found = Located::NoTextLayer { page: PageNumber::new(2).unwrap() };
    assert_eq!(located(seal(), keyword, Some(found)), ["ctl.keyword_no_text_layer"]);
}

#[test]
fn r_ctl_15_a_seal_larger_than_its_box() {
    let own_size = ControlKind::Seal(SealMark { use_seal_size: true, ..SealMark::default() });
    let small = |x| last_page(x).sized(Extent::new(Pt(50.0), Pt(50.0)).unwrap());
    let warnings = |kind: &ControlKind, place: Absolute| {
        let control = control("x", kind.clone(), "sa", 0.0).moved(place).unwrap();
        judged(&with([control]), Placements::default()).warnings
    };
    let larger = Warning::SealLargerThanBox { control: key("x") };
    assert_eq!(larger.code().code(), "W-CTL-SEAL-LARGER-THAN-BOX");
    assert_eq!(warnings(&own_size, small(450.0)), [larger]);
    assert_eq!(warnings(&own_size, last_page(450.0)), []);
    assert_eq!(warnings(&seal(), small(450.0)), []);
    // Around the middle of this box the seal would leave the page.
    assert_eq!(code_at(own_size.clone(), small(540.0)), ["ctl.rect_out_of_page"]);
    // A named seal has its own size.
    let id: crate::identity::SealId = "seal-1".parse().unwrap();
    let seals = super::super::AllowedSeals::ids([id.clone()]);
    let named = ControlKind::Seal(SealMark { seals, use_seal_size: true, ..SealMark::default() });
    let control = control("x", named, "sa", 0.0).moved(small(450.0)).unwrap();
    let tiny = Placements::default().seal_size(id, Size::new(Mm(15.0), Mm(15.0)).unwrap());
    let validation = judged(&with([control]), tiny);
    assert_eq!((validation.errors, validation.warnings), (vec![], vec![]));
}

#[test]
fn r_ctl_16_a_cross_page_seal_over_one_page() {
    let paging = || ControlKind::PagingSeal(SealMark::default());
    let single: PageSet = "2".parse().unwrap();
    let cross = CrossPage::over(single);
    assert_eq!(code_at(paging(), cross.clone()), ["ctl.paging_needs_two_pages"]);
    let skipped =
        control("x", paging(), "sa", 0.0).moved(cross.single_page(SinglePage::Skip)).unwrap();
    let validation = judged(&with([skipped]), Placements::default());
    assert_eq!(validation.errors, []);
    assert_eq!(validation.frozen.len(), 2);
    assert_eq!(code_at(paging(), CrossPage::over(PageSet::All)), Vec::<&str>::new());
}

#[test]
fn r_ctl_17_slices_too_thin() {
    let thin = CrossPage::over(PageSet::All).sized(Mm(3.0), Mm(42.0)).unwrap();
    let paging = ControlKind::PagingSeal(SealMark::default());
    assert_eq!(code_at(paging, thin), ["ctl.paging_slice_too_thin"]);
}

#[test]
fn r_ctl_16_cross_page_kinds_and_no_others_lie_over_edges() {
    assert_eq!(code_at(seal(), CrossPage::over(PageSet::All)), ["ctl.value_invalid"]);
    let paging = ControlKind::PagingSeal(SealMark::default());
    assert_eq!(code_at(paging, last_page(0.0)), ["ctl.value_invalid"]);
}

#[test]
fn r_ctl_18_cross_page_seals_may_be_a_feature() {
    let paging = ControlKind::PagingSeal(SealMark::default());
    let control = control("x", paging, "sa", 0.0).moved(CrossPage::over(PageSet::All)).unwrap();
    let contract = with([control]);
    assert_eq!(codes(&contract, Placements::default()), Vec::<&str>::new());
    let asked = Placements::default().cross_page_is_a_feature();
    assert_eq!(codes(&contract, asked.clone()), ["feature.not_entitled"]);
    assert_eq!(codes(&with([]), asked), Vec::<&str>::new());
}

#[test]
fn r_ctl_21_one_keyword_for_two_owners() {
    let by = |id: &str, slot: &str, keyword: Keyword| sealed(id, slot, 0.0).moved(keyword).unwrap();
    let words = || Keyword::new("盖章").unwrap();
    let (first, last) = (words().indexes([0]), words().indexes([0]).order(MatchOrder::Reverse));
    let found = |page: u32| Located::Words(vec![spot(page, 9.0, 9.0)]);
    let placements = || Placements::default().found(key("x"), found(1)).found(key("y"), found(2));
    let both = |a, b, other| codes(&with([by("x", "sa", a), by("y", other, b)]), placements());
    assert_eq!(both(words(), words(), "sb"), ["ctl.keyword_owner_conflict"]);
    assert_eq!(both(words(), words(), "sa"), Vec::<&str>::new());
    assert_eq!(both(first, last, "sb"), Vec::<&str>::new());
}

#[test]
fn r_ctl_21_keywords_written_otherwise_that_were_found_in_one_place() {
    let by = |id: &str, slot: &str, words: &str| {
        sealed(id, slot, 0.0).moved(Keyword::new(words).unwrap()).unwrap()
    };
    let found = || {
        let located = || Located::Words(vec![spot(1, 9.0, 9.0)]);
        Placements::default().found(key("x"), located()).found(key("y"), located())
    };
    let codes_of = |words: &str, slot: &str, placements| {
        codes(&with([by("x", "sa", "甲方（盖章）"), by("y", slot, words)]), placements)
    };
    let shared = || found().sharing_words(key("y"), key("x"));
    assert_eq!(codes_of("甲方(盖章)", "sb", found()), Vec::<&str>::new());
    assert_eq!(codes_of("甲方(盖章)", "sb", shared()), ["ctl.keyword_owner_conflict"]);
    assert_eq!(codes_of("甲方(盖章)", "sa", shared()), Vec::<&str>::new());
    assert_eq!(codes_of("甲方（盖章）", "sb", shared()), ["ctl.keyword_owner_conflict"], "once");
}

#[test]
fn r_ctl_02_the_page_of_a_keyword() {
    let on = |page: i32| {
        let page = PageIndex::new(page).unwrap();
        Keyword::new("盖章").unwrap().on_page(page).ignore_missing()
    };
    // That the page is not there is more than that the words are not.
    for found in [Located::KeywordNotFound, Located::Words(vec![spot(1, 9.0, 9.0)])] {
        assert_eq!(located(seal(), on(9), Some(found)), ["ctl.page_out_of_range"]);
    }
    let missing = Located::PageOutOfRange { page: PageIndex::new(9).unwrap(), count: 3 };
    assert_eq!(located(seal(), on(3), Some(missing)), ["ctl.page_out_of_range"]);
    assert_eq!(located(seal(), on(-3), Some(Located::KeywordNotFound)), Vec::<&str>::new());
}

#[test]
fn c2_pages_that_could_not_be_read_back_are_not_taken_into_a_draft() {
    let world = World::new();
    let contract = world.draft();
    let code = |kind, location: Location| {
        let control = Box::new(control("x", kind, "sa", 0.0).moved(location).unwrap());
        let edit = super::super::Command::Edit(Edit::ControlPlaced { control });
        let by = crate::organization::By::Staff(world.alice());
        contract.decide(edit, &by, NOW).err().map(|error| error.code())
    };
    let pages = |ranges| PageSet::Ranges(vec![PageIndex::FIRST.into(); ranges]);
    let absolute = |ranges| Absolute::new(pages(ranges), at(9.0, 9.0)).into();
    assert_eq!(code(seal(), absolute(500)), None);
    assert_eq!(code(seal(), absolute(501)), Some("ctl.page_out_of_range"));
    assert_eq!(code(seal(), absolute(0)), Some("ctl.page_out_of_range"));
    let paging = ControlKind::PagingSeal(SealMark::default());
    let cross = Location::CrossPage(CrossPage::over(pages(501)));
    assert_eq!(code(paging, cross), Some("ctl.page_out_of_range"));
}

#[test]
fn c6_freezes_the_size_of_a_cross_page_seal() {
    let paging = ControlKind::PagingSeal(SealMark::default());
    let place = CrossPage::staggered(0).sized(Mm(30.0), Mm(20.0)).unwrap();
    let cross = control("x", paging.clone(), "sa", 0.0).moved(place).unwrap();
    let named = control("y", paging, "sb", 0.0).moved(CrossPage::staggered(1)).unwrap();
    let frozen = judged(&with([cross, named]), Placements::default()).frozen;
    let whole: Vec<_> = frozen.iter().map(|it| it.whole).collect();
    let size = |width, height| Some(Size::new(Mm(width), Mm(height)).unwrap());
    assert_eq!(whole, [None, None, size(30.0, 20.0), size(42.0, 42.0)]);
}

#[test]
fn r_ctl_22_pages_are_judged_one_by_one() {
    let everywhere = Absolute::new(PageSet::All, at(100.0, 200.0));
    let control = control("x", text(), "sa", 0.0).moved(everywhere).unwrap();
    let validation = judged(&with([control]), Placements::default());
    assert_eq!(validation.frozen[2].spots.len(), 3);
}

#[test]
fn c3_bounds_the_rectangles_of_all_controls_together() {
    let world = World::new();
    let mut contract = with([]);
    let document = Box::new(super::super::samples::document("doc_1", 2000));
    world.edit(&mut contract, Edit::DocumentAttached { document });
    let everywhere = |number: usize| {
        let everywhere = Absolute::new(PageSet::All, at(0.0, 0.0));
        control(&format!("all_{number}"), seal(), "sa", 0.0).moved(everywhere).unwrap()
    };
    let mut place = |controls: std::ops::Range<usize>| {
        for number in controls {
            let control = Box::new(everywhere(number));
            world.edit(&mut contract, Edit::ControlPlaced { control });
        }
        codes(&contract, Placements::default())
    };
    // Besides the two seals of the draft.
    assert_eq!(place(0..9), Vec::<&str>::new());
    assert_eq!(place(9..40), ["con.setting_invalid"], "20,002 rectangles, and no more are made");
}

#[test]
fn c3_bounds_the_sign_controls_on_a_page() {
    let found = |number| Located::Words(vec![spot(1, 9.0, 9.0); number]);
    let keyword = || Keyword::new("盖章").unwrap();
    assert_eq!(located(seal(), keyword(), Some(found(1000))), Vec::<&str>::new());
    assert_eq!(located(seal(), keyword(), Some(found(1001))), ["con.setting_invalid"]);
    assert_eq!(located(text(), keyword(), Some(found(1001))), Vec::<&str>::new());
}

#[test]
fn a_watermark_has_pages_and_no_rectangle() {
    let mark = ControlKind::Watermark(Watermark::text("draft").unwrap());
    let place = |page| Absolute::new(PageIndex::new(page).unwrap(), at(9999.0, 0.0));
    let control = |page| {
        let key: ControlKey = key("x");
        Control::new(key, mark.clone(), super::super::Owner::Initiator, place(page))
    };
    let validation = judged(&with([control(1)]), Placements::default());
    assert_eq!((validation.errors, validation.frozen.len()), (vec![], 2));
    assert_eq!(codes(&with([control(9)]), Placements::default()), ["ctl.page_out_of_range"]);
}
