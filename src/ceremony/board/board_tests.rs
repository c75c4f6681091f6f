//! The board of a meeting: what is on it in each state, and what gets through from hostile texts.

use time::macros::offset;

use super::super::samples::{START, World, sign};
use super::super::{Command, LayoutPlan, Overall, Phase, Policy, SignResultView};
use super::*;
use crate::contract::{Contract, SlotState};
use crate::identity::PartyId;
use crate::organization::samples::digest;

const FACE: &[u8] = br##"<svg viewBox="0 0 42 42"><circle r="20" fill="#d81e28"/></svg>"##;

fn face() -> BoardPicture<'static> {
    BoardPicture::read(FACE, &super::super::PictureRules::default()).unwrap()
}

/// A live meeting with everybody in place.
fn staged(world: &World) -> (super::super::samples::Run, Contract) {
    let (mut run, contract) = world.live(Policy::default());
    let plan = LayoutPlan::arranged(run.ceremony.parties(), run.ceremony.participants());
    run.must(Command::SetLayout(plan), &world.host());
    (run, contract)
}

fn texts(svg: &str) -> Vec<&str> {
    let texts = svg.split("<text ").skip(1).filter_map(|rest| rest.split_once('>'));
    texts.filter_map(|(_, rest)| rest.split("</text>").next()).collect()
}

#[test]
fn r_cer_14_the_board_shows_a_seal_from_the_moment_it_is_applied() {
    let world = World::new();
    let (run, mut contract) = staged(&world);
    let pictures = PictureBook::new().with(digest("face"), face());
    let drawn = |contract: &Contract| {
        let view = SignResultView::of(&run.ceremony, &[contract]);
        Board::of(&view, &pictures).svg(Shape::Wide)
    };
    let empty = drawn(&contract);
    assert!(!empty.contains("<use") && !empty.contains("data:"));
    assert_eq!(empty.matches("待用印").count(), 2);
    assert!(empty.contains("等待签署") && empty.contains(">0/2<"), "{empty}");

    sign(&mut contract, "sa", &world.signer_a(), START);
    let one = drawn(&contract);
    assert_eq!((one.matches("<use").count(), one.matches("待用印").count()), (1, 1));
    assert!(one.contains("签署中") && one.contains(">14:00:00<"));

    sign(&mut contract, "sb", &world.signer_b(), START + time::Duration::SECOND);
    let both = drawn(&contract);
    // Two seals of one face: one picture, shown twice.
    assert_eq!((both.matches("<use").count(), both.matches("data:").count()), (2, 1));
    assert!(both.contains("签署完成") && both.contains(">14:00:01<"));
}

#[test]
fn r_cer_14_a_seal_without_a_picture_is_a_placeholder_that_says_which() {
    let world = World::new();
    let (run, mut contract) = staged(&world);
    sign(&mut contract, "sa", &world.signer_a(), START);
    let view = SignResultView::of(&run.ceremony, &[&contract]);
    let drawn = Board::of(&view, &()).svg(Shape::Wide);
    let head = format!("SHA-256 {}…", &digest("face").to_hex()[..8]);
    for text in ["图样未提供", "seal_sa v1", &head] {
        assert!(texts(&drawn).contains(&text), "{text}: {:?}", texts(&drawn));
    }
    assert!(!drawn.contains("<use"));
}

#[test]
fn r_cer_02_title_names_seats_and_documents_are_on_every_shape() {
    let world = World::new();
    let (run, contract) = staged(&world);
    let view = SignResultView::of(&run.ceremony, &[&contract]);
    assert_eq!(view.seats.len(), 3, "the host has no seat");
    let board = Board::of(&view, &());
    for shape in Shape::ALL {
        let drawn = board.svg(shape);
        let all = texts(&drawn).concat();
        for text in [
            "战略合作签约仪式",
            "A公司",
            "B公司",
            "甲签署",
            "乙签署",
            "旁听人",
            "《框架协议》",
            "3 页 · SHA-256",
        ] {
            assert!(all.contains(text), "{shape:?}: {text} in {all}");
        }
        assert!(!all.contains("主持人"), "{all}");
        assert!(drawn.starts_with("<svg ") && drawn.ends_with("</svg>\n"));
    }
}

#[test]
fn s41_the_page_is_one_document_that_loads_nothing_and_runs_nothing() {
    let world = World::new();
    let (run, mut contract) = staged(&world);
    sign(&mut contract, "sa", &world.signer_a(), START);
    let view = SignResultView::of(&run.ceremony, &[&contract]);
    let pictures = PictureBook::new().with(digest("face"), face());
    let board = Board::of(&view, &pictures).with_qr("框架协议", "https://x.example/q").unwrap();
    let page = board.html();
    assert_eq!(page, board.html(), "the same view, the same bytes");
    assert_eq!(page.matches("data:image/svg+xml;base64,").count(), 1, "not once for each shape");
    for outside in
        ["<script", "http-equiv=\"refresh\"", "<link", "<iframe", "@import", " style=", " on"]
    {
        assert!(!page.contains(outside), "{outside}");
    }
    let addresses = page.replace("http://www.w3.org/2000/svg", "");
    assert!(!addresses.contains("://"), "{addresses}");
    assert!(page.contains("default-src 'none'; img-src data:; style-src 'sha256-"));
    assert!(
        board.clone().refreshed_every(3).html().contains("http-equiv=\"refresh\" content=\"3\"")
    );
    assert!(page.contains("lang=\"zh-CN\""));
}

#[test]
fn s41_hostile_texts_are_shown_and_do_nothing() {
    let world = World::new();
    let (run, contract) = staged(&world);
    let mut view = SignResultView::of(&run.ceremony, &[&contract]);
    view.title =
        "</title></svg><script>alert(1)</script><img src=x onerror='a'>\"\u{202e}\0]]>&lt;".into();
    let board = Board::of(&view, &());
    let board = board.with_qr("\"><script>&#x3c;\u{feff}", "javascript:alert(1)").unwrap();
    let drawings = Shape::ALL.map(|shape| board.svg(shape));
    for page in [board.html()].iter().chain(&drawings) {
        assert!(!page.contains("<script") && !page.contains("<img"), "{page}");
        assert!(!page.contains(['\0', '\u{202e}', '\u{feff}']));
        assert!(page.contains("&lt;/title&gt;&lt;/svg&gt;&lt;script&gt;"));
        assert!(page.contains("&amp;lt;") && page.contains('\u{fffd}'));
        assert!(!page.contains("javascript:"), "what a QR says is drawn and not written");
        assert_eq!(page.matches("<title>").count(), page.matches("</title>").count());
    }
}

#[test]
fn s44_a_qr_is_shown_while_somebody_still_has_to_sign() {
    let world = World::new();
    let (run, contract) = staged(&world);
    let mut view = SignResultView::of(&run.ceremony, &[&contract]);
    let shows = |view: &SignResultView| {
        let board = Board::of(view, &()).with_qr("", "text").unwrap();
        board.svg(Shape::Wide).contains("请签署人扫码签署")
    };
    assert!(shows(&view));
    for (overall, phase, wanted) in [
        (Overall::Partial, Phase::Live, true),
        (Overall::Completed, Phase::Live, false),
        (Overall::Stopped, Phase::Live, false),
        (Overall::Partial, Phase::Cancelled, false),
        (Overall::Partial, Phase::Concluded(super::super::Outcome::Partial), false),
    ] {
        (view.overall, view.phase) = (overall, phase);
        assert_eq!(shows(&view), wanted, "{overall:?} {phase:?}");
    }
    view.overall = Overall::Waiting;
    view.phase = Phase::Live;
    let mut board = Board::of(&view, &());
    for number in 0..6 {
        board = board.with_qr(&format!("合同{number}"), "text").unwrap();
    }
    assert_eq!(board.svg(Shape::Wide).matches("<path fill=\"#000000\"").count(), MOST_QRS);
    assert!(!format!("{board:?}").contains("text"));
}

#[test]
fn s41_every_state_of_a_signer_has_its_words_in_both_languages() {
    let world = World::new();
    let (run, contract) = staged(&world);
    let mut view = SignResultView::of(&run.ceremony, &[&contract]);
    for (state, chinese, english) in [
        (SlotState::ToSign, "待签署", "To sign"),
        (SlotState::WaitingTurn, "等待中", "Waiting"),
        (SlotState::UnderReview, "审批中", "Under review"),
        (SlotState::ToFill, "待填写", "To fill in"),
        (SlotState::Declined, "已拒签", "Declined"),
        (SlotState::Expired, "已逾期", "Expired"),
        (SlotState::Cancelled, "已终止", "Stopped"),
        (SlotState::Forwarded, "已转交", "Handed over"),
    ] {
        view.parties[0].signers[0].states[0].1 = state;
        let board = Board::of(&view, &());
        assert!(texts(&board.svg(Shape::Tall)).contains(&chinese), "{state:?}");
        let board = board.in_language(Lang::En).at_offset(offset!(UTC));
        let drawn = board.svg(Shape::Tall);
        assert!(texts(&drawn).contains(&english), "{state:?}");
        assert!(texts(&drawn).contains(&"7 January 2026, 06:00 (UTC+0)"), "{drawn}");
    }
    // Of two contracts one is signed.
    let other = ("con_02".parse().unwrap(), SlotState::Signed);
    view.parties[0].signers[0].states = vec![(contract.id().clone(), SlotState::ToSign), other];
    let drawn = Board::of(&view, &()).svg(Shape::Wide);
    assert!(texts(&drawn).contains(&"已签署 1 / 2"));
}

#[test]
fn r_cer_08_cards_stand_on_the_side_that_the_layout_gives() {
    let world = World::new();
    let (mut run, contract) = world.live(Policy::default());
    let mut plan = LayoutPlan::arranged(run.ceremony.parties(), run.ceremony.participants());
    let left_of = |run: &super::super::samples::Run| {
        let view = SignResultView::of(&run.ceremony, &[&contract]);
        let drawn = Board::of(&view, &()).svg(Shape::Wide);
        drawn.find("A公司").unwrap() < drawn.find("B公司").unwrap()
    };
    run.must(Command::SetLayout(plan.clone()), &world.host());
    assert!(left_of(&run));
    for (seat, _) in &mut plan.seats {
        let other = if seat.as_str().starts_with('L') { 'R' } else { 'L' };
        *seat = format!("{other}{}", &seat.as_str()[1..]).parse().unwrap();
    }
    run.must(Command::SetLayout(plan.clone()), &world.host());
    assert!(!left_of(&run));
    // A logo says more than a seat.
    let logo = super::super::picture::tests::picture(300, 100);
    let (a, b): (PartyId, PartyId) = ("A".parse().unwrap(), "B".parse().unwrap());
    let plan = plan.with_logo(a, "left", logo.clone()).with_logo(b, "right", logo);
    run.must(Command::SetLayout(plan), &world.host());
    assert!(left_of(&run));
}

#[test]
fn r_cer_08_the_preview_shows_every_seat_and_who_has_none() {
    let world = World::new();
    let (parties, people) = (world.parties(), world.participants());
    let mut plan = LayoutPlan::arranged(&parties, &people);
    let preview = |plan: &LayoutPlan, lang| plan.preview((&parties, &people), &(), lang);
    let drawn = preview(&plan, Lang::Zh);
    let all = texts(&drawn);
    for text in ["甲签署", "乙签署", "旁听人", "企业标志", "R2", "未安排座位：主持人 主持人"]
    {
        assert!(all.contains(&text), "{text}: {all:?}");
    }
    plan.seats.clear();
    let drawn = preview(&plan, Lang::En);
    assert!(texts(&drawn).concat().contains("Without a seat: Host"), "{drawn}");
    assert!(texts(&drawn).contains(&"L1") && texts(&drawn).contains(&"Logo"));
    let (run, _) = staged(&world);
    let layout = run.ceremony.layout().unwrap();
    assert_eq!(
        layout.preview((&parties, &people), &(), Lang::Zh),
        preview(&LayoutPlan::arranged(&parties, &people), Lang::Zh)
    );
}
