//! Properties of the identity values: a slip of one character never passes, what people type comes
//! to rest after one normalisation, and no text whatever makes a parser panic.

use proptest::prelude::*;
use proptest::sample::select;
use sealwright::identity::{
    Email, HongKongMacauPermit, IdDocument, IdDocumentKind, Mobile, OrganizationName, PersonName,
    PersonalFact, ResidencePermit, ResidentId, TaiwanPermit, Uscc,
};
use time::{Date, Duration, OffsetDateTime};

const USCC_ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/// The code of these 17 characters. Its check character is found by trying all, so that the test
/// shares no arithmetic with the parser: exactly one of them must pass.
fn completed(first: &str, alphabet: &str, passes: impl Fn(&str) -> bool) -> String {
    let right: Vec<String> = alphabet
        .chars()
        .map(|check| format!("{first}{check}"))
        .filter(|text| passes(text))
        .collect();
    let [only] = right.as_slice() else { panic!("{} of {first} pass: {right:?}", right.len()) };
    only.clone()
}

fn uscc() -> impl Strategy<Value = String> {
    ("[0-9A-HJ-NPQRTUWXY]{2}", "[0-9]{6}", "[0-9A-HJ-NPQRTUWXY]{9}").prop_map(
        |(head, region, organisation)| {
            let first = format!("{head}{region}{organisation}");
            completed(&first, USCC_ALPHABET, |text| Uscc::parse(text).is_ok())
        },
    )
}

fn resident_id() -> impl Strategy<Value = String> {
    let first_day = Date::from_ordinal_date(1800, 1).unwrap();
    ("[1-9][0-9]{5}", 0_i64..100_000, "[0-9]{3}").prop_map(move |(region, days, order)| {
        let born = first_day + Duration::days(days);
        let (year, month, day) = (born.year(), u8::from(born.month()), born.day());
        let first = format!("{region}{year:04}{month:02}{day:02}{order}");
        completed(&first, "0123456789X", |text| ResidentId::parse(text).is_ok())
    })
}

/// The text with another character at a place, both chosen by numbers.
fn with_a_slip(text: &str, place: usize, letters: &str, by: usize) -> String {
    let place = place % text.chars().count();
    let others: Vec<char> =
        letters.chars().filter(|&letter| Some(letter) != text.chars().nth(place)).collect();
    let slip = others[by % others.len()];
    text.chars().enumerate().map(|(at, old)| if at == place { slip } else { old }).collect()
}

/// Texts near to what the parsers accept: their letters, and what people type between them.
fn typed() -> impl Strategy<Value = String> {
    let near = prop::collection::vec(
        select(
            "0123456789Xx+-  \u{3000}\t()（）·•・．‧･@.HM86张三A１\u{200b}\u{0}é🀄"
                .chars()
                .collect::<Vec<_>>(),
        ),
        0..24,
    );
    prop_oneof![
        near.prop_map(String::from_iter),
        any::<String>(),
        uscc(),
        resident_id(),
        "[+]?(86)?[- ]?1[3-9][0-9 -]{9,12}",
    ]
}

/// `normalize` comes to rest after one step, and a parsed value stores a text that is at rest.
fn assert_rests(normalize: impl Fn(&str) -> String, text: &str) {
    let once = normalize(text);
    assert_eq!(normalize(&once), once, "{text:?}");
}

proptest! {
    #[test]
    fn r_id_02_any_single_slip_in_a_credit_code_is_caught(
        code in uscc(), place in 0_usize..18, by in any::<usize>(),
    ) {
        prop_assert_eq!(Uscc::parse(&code).unwrap().to_string(), code.as_str());
        let slip = with_a_slip(&code, place, USCC_ALPHABET, by);
        prop_assert!(Uscc::parse(&slip).is_err(), "{} passes as well as {}", slip, code);
    }

    #[test]
    fn r_id_01_any_other_letter_in_a_credit_code_is_caught(
        code in uscc(), place in 0_usize..18, letter in any::<char>(),
    ) {
        prop_assume!(Some(letter) != code.chars().nth(place));
        let slip = with_a_slip(&code, place, &letter.to_string(), 0);
        let error = Uscc::parse(&slip).unwrap_err();
        prop_assert!(!error.to_string().contains(&code));
    }

    #[test]
    fn r_id_04_any_single_slip_in_a_resident_id_is_caught(
        id in resident_id(), place in 0_usize..18, by in any::<usize>(),
    ) {
        prop_assert_eq!(ResidentId::parse(&id).unwrap().expose().to_owned(), id.as_str());
        let slip = with_a_slip(&id, place, "0123456789X", by);
        prop_assert!(ResidentId::parse(&slip).is_err(), "{} passes as well as {}", slip, id);
        prop_assert!(ResidencePermit::parse(&slip).is_err());
    }

    #[test]
    fn r_id_04_two_neighbours_that_changed_places_are_caught(
        id in resident_id(), place in 0_usize..17,
    ) {
        let mut letters: Vec<char> = id.chars().collect();
        prop_assume!(letters[place] != letters[place + 1]);
        letters.swap(place, place + 1);
        prop_assert!(ResidentId::parse(&String::from_iter(letters)).is_err());
    }

    #[test]
    fn r_id_08_r_id_09_r_id_10_normalisation_rests_after_one_step(text in typed()) {
        assert_rests(PersonName::normalize, &text);
        assert_rests(OrganizationName::normalize, &text);
        assert_rests(Mobile::normalize, &text);
        assert_rests(Email::normalize, &text);
        assert_rests(IdDocument::normalize, &text);
        assert_rests(ResidentId::normalize, &text);
        assert_rests(Uscc::normalize, &text);
    }

    #[test]
    fn r_id_13_no_text_makes_a_parser_panic_and_no_error_repeats_it(text in typed()) {
        let silent = |code: &str, shown: String| {
            assert!(code.starts_with("identity."), "{code}");
            // Short texts stand in any sentence by chance.
            assert!(text.len() < 8 || !shown.contains(&text), "{shown}");
        };
        macro_rules! parse {
            ($($parsed:expr),+ $(,)?) => {$(
                if let Err(error) = $parsed {
                    silent(error.code(), format!("{error} {error:?}"));
                }
            )+};
        }
        parse!(
            PersonName::parse(&text), OrganizationName::parse(&text), Uscc::parse(&text),
            ResidentId::parse(&text), ResidencePermit::parse(&text), Mobile::parse(&text),
            HongKongMacauPermit::parse(&text), TaiwanPermit::parse(&text), Email::parse(&text),
            IdDocument::from_stored(&text),
        );
        for kind in IdDocumentKind::ALL {
            parse!(IdDocument::parse(kind, &text));
        }
    }

    #[test]
    fn r_id_13_no_mask_shows_more_than_it_hides_at_least(id in resident_id(), rest in "[0-9]{9}") {
        let mobile = Mobile::parse(&format!("13{rest}")).unwrap();
        prop_assert!(!mobile.masked().contains(&rest));
        let document = IdDocument::parse(IdDocumentKind::ResidentId, &id).unwrap();
        prop_assert_eq!(document.masked().matches('*').count(), 11);
        let shown = format!("{document:?}");
        prop_assert!(!shown.contains(&id[3..14]));
    }

    #[test]
    fn r_id_12_the_age_never_falls(id in resident_id(), day in 0_i64..80_000, later in 0_i64..800) {
        let document = IdDocument::parse(IdDocumentKind::ResidentId, &id).unwrap();
        let now = OffsetDateTime::UNIX_EPOCH + Duration::days(day);
        let then = now + Duration::days(later);
        prop_assert!(document.age_at(now) <= document.age_at(then));
    }
}
