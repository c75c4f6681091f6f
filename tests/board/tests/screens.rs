//! The board on a big screen, a projector and a phone, from empty to sealed and to stopped.

use sealwright::ceremony::board::{Board, Shape};
use sealwright::ceremony::{LayoutPlan, Overall, Participant, Party, PersonFacts, Side};
use sealwright::identity::{Mobile, OrganizationName, PersonName};
use sealwright::report::Lang;
use sealwright_board::{
    Browser, Measured, Meeting, Screen, Sealed, decoded, offset_of, red_share, saved,
};

const SCREENS: [(&str, Screen); 3] =
    [("wide", Screen::WIDE), ("classic", Screen::CLASSIC), ("phone", Screen::PHONE)];

const QR: &str = "https://sign.example.com/q/AQJrMQ5jZXJfMDEGY29uXzAxAAAAAGkQ9wABCDEF";

/// A name of sixty characters.
const LONG: &str = "中国北京上海广州深圳万方百年合同专用章财务人事行政法定代表人股份集团（测试）有限公司示例甲乙丙丁方张王李赵刘陈杨黄";

#[test]
fn r_cer_14_a_seal_appears_on_the_screen_when_it_is_applied() {
    let Some(browser) = Browser::find() else { return };
    let states = [
        ("1-waiting", Sealed::Nothing),
        ("2-one-seal", Sealed::By(1)),
        ("3-completed", Sealed::By(2)),
        ("4-stopped", Sealed::StoppedAfter(1)),
    ];
    for (state, sealed) in states {
        let meeting = Meeting::of_two().signed(sealed);
        let board = Board::of(&meeting.view, &meeting.pictures).with_qr("", QR).unwrap();
        let page = board.html();
        for (name, screen) in SCREENS {
            let name = format!("{state}-{name}");
            let picture = browser.picture(&name, &page, screen);
            println!("{}", saved(&name, &picture).display());
            let is_open = matches!(meeting.view.overall, Overall::Waiting | Overall::Partial);
            let codes = if is_open { vec![QR.to_owned()] } else { Vec::new() };
            assert_eq!(decoded(&picture), codes, "{name}");
            if screen == Screen::PHONE {
                continue;
            }
            let (left, right) = (
                red_share(&picture, (30, 200), (400, 850)),
                red_share(&picture, (600, 200), (970, 850)),
            );
            let wanted = match sealed {
                Sealed::Nothing => (false, false),
                Sealed::By(2) => (true, true),
                _ => (true, false),
            };
            assert_eq!((left > 20, right > 20), wanted, "{name}: {left} {right}");
            assert!(left == 0 || wanted.0, "{name}: {left}");
            assert!(right == 0 || wanted.1, "{name}: {right}");
        }
    }
}

#[test]
fn s44_two_readers_read_the_code_from_the_screen() {
    let Some(browser) = Browser::find() else { return };
    let meeting = Meeting::of_two();
    let long = format!("https://sign.example.com/q/{}", "AQJrMQ5jZXJfMDEG".repeat(20));
    for (name, codes) in [
        ("one", vec![QR]),
        ("long", vec![&long]),
        ("three", vec![QR, "https://sign.example.com/q/second", "签署：第三份合同"]),
    ] {
        let mut board = Board::of(&meeting.view, &meeting.pictures);
        for (number, code) in codes.iter().enumerate() {
            board = board.with_qr(&format!("合同 {}", number + 1), code).unwrap();
        }
        for (shape, screen) in SCREENS {
            let name = format!("5-code-{name}-{shape}");
            let picture = browser.picture(&name, &board.html(), screen);
            let path = saved(&name, &picture);
            let mut read = decoded(&picture);
            let mut wanted: Vec<_> = codes.iter().map(|code| (*code).to_owned()).collect();
            read.sort();
            wanted.sort();
            assert_eq!(read, wanted, "{name}");
            if let Some(mut read) = sealwright_board::zbar(&path) {
                read.sort();
                assert_eq!(read, wanted, "{name}: zbarimg");
            }
        }
    }
}

#[test]
fn s41_nothing_overflows_whatever_the_names_and_numbers() {
    let Some(browser) = Browser::find() else { return };
    for (name, meeting) in crowded() {
        let board = Board::of(&meeting.view, &meeting.pictures).with_qr("框架协议", QR).unwrap();
        for (shape, screen) in SCREENS {
            let name = format!("6-{name}-{shape}");
            let page = board.html();
            if screen == Screen::WIDE {
                println!("{}", saved(&name, &browser.picture(&name, &page, screen)).display());
            }
            fits(&name, &browser.measure(&name, &page, screen), screen);
        }
    }
}

#[test]
fn what_does_not_fit_is_noticed() {
    let Some(browser) = Browser::find() else { return };
    let meeting = Meeting::of_two();
    let page = Board::of(&meeting.view, &meeting.pictures).html();
    let noticed = |name: &str, page: &str| {
        let measured = browser.measure(name, page, Screen::WIDE);
        std::panic::catch_unwind(|| fits(name, &measured, Screen::WIDE)).is_err()
    };
    assert!(!noticed("10-sound", &page));
    let larger = page.replace("font-size=\"34\"", "font-size=\"340\"");
    assert!(larger != page && noticed("10-larger", &larger));
    let wider = page.replace("<body>", "<body><svg width=\"2000\" height=\"9\"></svg>");
    let wider = wider.replace("Content-Security-Policy", "nothing");
    let wider = wider.replace("overflow:hidden", "overflow:visible");
    assert!(noticed("10-wider", &wider));
}

#[test]
fn s41_nothing_runs_in_a_page_of_hostile_texts() {
    let Some(browser) = Browser::find() else { return };
    let mut meeting = Meeting::of_two().signed(Sealed::By(1));
    meeting.view.title =
        "</script></svg><img src=x onerror=parent.ran.push(1)><script>parent.ran.push(2)</script>\
         \u{202e}\0'\"&lt;"
            .to_owned();
    let board = Board::of(&meeting.view, &meeting.pictures);
    let page = board.with_qr("<a onclick=parent.ran.push(3)>", QR).unwrap().html();
    let measured = browser.measure("7-hostile", &page, Screen::WIDE);
    assert_eq!(measured.found["ran"], serde_json::json!([]));
    assert_eq!((measured.count("scripts"), measured.count("handlers")), (0, 0));
    let shown: String = measured.texts().iter().map(|one| one.text.clone()).collect();
    assert!(shown.contains("</script></svg><img") && shown.contains("\u{fffd}"), "{shown}");
    println!(
        "{}",
        saved("7-hostile", &browser.picture("7-hostile", &page, Screen::WIDE)).display()
    );
    // The policy holds by itself: what slipped through would not run either.
    let slipped = page.replace("</body>", "<script>parent.ran.push(4)</script></body>");
    let measured = browser.measure("7-slipped", &slipped, Screen::WIDE);
    assert_eq!(measured.found["ran"], serde_json::json!([]));
    let unguarded = slipped.replace("Content-Security-Policy", "nothing");
    let measured = browser.measure("7-unguarded", &unguarded, Screen::WIDE);
    assert_eq!(measured.found["ran"], serde_json::json!([4]), "the script is one that would run");
}

#[test]
fn r_cer_08_a_layout_is_previewed_with_its_seats() {
    let Some(browser) = Browser::find() else { return };
    let party = |id: &str, name: &str| Party {
        id: id.parse().unwrap(),
        organization: OrganizationName::parse(name).unwrap(),
        organization_id: None,
    };
    let parties = [party("A", "万方集团（深圳）有限公司"), party("B", "上海百年股份有限公司")];
    let guest = |number: usize, of: &Party| {
        let name = PersonName::parse(["王方", "李思齐", "欧阳明远", "陈立"][number % 4]).unwrap();
        let mobile = Mobile::parse(&format!("138000000{number:02}")).unwrap();
        Participant::observer(format!("g{number}").parse().unwrap(), PersonFacts::new(name, mobile))
            .from_organization(of.organization.clone())
    };
    for count in [5, 30] {
        let people: Vec<_> = (0..count).map(|one| guest(one, &parties[one % 2])).collect();
        let mut plan = LayoutPlan::arranged(&parties, &people);
        plan.seats.pop();
        let meeting = Meeting::of_two();
        let logo = meeting.view.parties[0].logo.clone().unwrap();
        let plan = plan.with_logo("A".parse().unwrap(), "left", logo);
        let svg = plan.preview((&parties, &people), &meeting.pictures, Lang::Zh);
        let page = format!("<!doctype html><body style=\"margin:0\">{svg}");
        let screen = Screen { width: 1600, height: 990, scale: 1 };
        let name = format!("8-preview-{count}");
        println!("{}", saved(&name, &browser.picture(&name, &page, screen)).display());
        fits(&name, &browser.measure(&name, &page, screen), screen);
    }
}

#[test]
fn s41_a_drawing_stands_by_itself() {
    let Some(browser) = Browser::find() else { return };
    let mut meeting = Meeting::of_two();
    meeting.background([150, 30, 36]);
    let meeting = meeting.signed(Sealed::By(2));
    let board = Board::of(&meeting.view, &meeting.pictures).in_language(Lang::En);
    let svg = board.at_offset(offset_of(0)).svg(Shape::Wide);
    // As an image, so without any of the page around it.
    let encoded: String = svg.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let page = format!(
        "<!doctype html><body style=\"margin:0\"><img width=\"1920\" \
         src=\"data:image/svg+xml,{encoded}\">"
    );
    let picture = browser.picture("9-english", &page, Screen::WIDE);
    println!("{}", saved("9-english", &picture).display());
    assert!(red_share(&picture, (50, 350), (380, 720)) > 20);
    // The background is there, dimmed.
    let corner = picture.get_pixel(8, 8).0;
    assert!(corner[0] > 50 && corner[0] < 120 && corner[2] < 60, "{corner:?}");
}

/// Meetings that need all the room there is.
fn crowded() -> Vec<(&'static str, Meeting)> {
    let mut long = Meeting::of(LONG, &[LONG, &"Wide Harbour Machinery ".repeat(5)], 1);
    long.view.title = LONG.repeat(2).chars().take(64).collect();
    long.documents(1);
    let ten: Vec<String> =
        (0..10).map(|one| format!("上海百年股份有限公司第{one}分公司")).collect();
    let ten: Vec<&str> = ten.iter().map(String::as_str).collect();
    let mut ten = Meeting::of("十方合作签约仪式", &ten, 3).signed(Sealed::Nothing);
    ten.documents(7);
    let three = ["万方集团有限公司", "上海百年股份有限公司", "北京广州合同有限公司"];
    let mut three = Meeting::of("三方战略合作签约仪式", &three, 2).signed(Sealed::By(2));
    three.documents(3);
    three.seat(24);
    let five = ["万方集团有限公司", LONG, "北京有限公司", "广州有限公司", "深圳有限公司"];
    let mut five = Meeting::of("五方战略合作签约仪式", &five, 2).signed(Sealed::By(4));
    five.view.parties[4].side = Some(Side::Middle);
    five.seat(8);
    let mut seals = Meeting::of_two();
    for (number, line) in ["合同专用章", "财务专用章", "人事专用章", "发票专用章", "行政专用章"]
        .into_iter()
        .enumerate()
    {
        let face = seals.seal_of(0, line);
        seals.apply(0, face, number + 1);
    }
    // Two of which nobody has a picture.
    for number in [1_u8, 2] {
        seals.apply(1, sealwright::digest::Digest::sha256([number; 32]), 1);
    }
    seals.seat(28);
    let mut crowd = Meeting::of("万人签约", &["万方集团有限公司", "上海百年股份有限公司"], 9);
    crowd.seat(12);
    let crowd = crowd.signed(Sealed::By(1));
    let one = Meeting::of("单方签署", &["万方集团有限公司"], 1).signed(Sealed::By(1));
    vec![
        ("long", long),
        ("ten", ten),
        ("three", three),
        ("five", five),
        ("seals", seals),
        ("crowd", crowd),
        ("one", one),
    ]
}

/// No text leaves the screen or its card, and none lies on another.
fn fits(name: &str, measured: &Measured, screen: Screen) {
    let (width, height) = (f64::from(screen.width), f64::from(screen.height));
    let ([across, down], texts) = (measured.scroll(), measured.texts());
    assert!(across <= width, "{name}: {across} wide on {width}");
    let scrolls = screen.width < screen.height;
    assert!(scrolls || down <= height, "{name}: {down} high on {height}");
    assert!(texts.len() > 5, "{name}: {texts:?}");
    for (place, one) in texts.iter().enumerate() {
        let inside = one.left >= 0.0 && one.right <= width && one.top >= 0.0;
        assert!(inside && (scrolls || one.bottom <= height), "{name}: {one:?}");
        for card in measured.cards().iter().filter(|card| card.holds_middle_of(one)) {
            assert!(
                one.left >= card.left && one.right <= card.right,
                "{name}: {one:?} of {card:?}"
            );
            assert!(one.bottom <= card.bottom, "{name}: {one:?} of {card:?}");
        }
        for other in &texts[place + 1..] {
            assert!(!one.lies_on(other), "{name}: {one:?} on {other:?}");
        }
    }
}
