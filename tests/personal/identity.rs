//! The values themselves, and what is said of wrong ones.

use sealwright::identity::{
    Email, HongKongMacauPermit, IdDocument, IdDocumentKind, Mobile, PersonName, Personal,
    PersonalFact, ResidencePermit, ResidentId, TaiwanPermit,
};

use crate::known::{ALICE, BOB, EVERYBODY};
use crate::watch::{hides, hides_in_debug, hides_in_error, hides_outside_personal};

#[test]
fn r_id_13_persons_show_masks_and_store_three_personal_objects() {
    for known in EVERYBODY {
        assert_eq!(hides_outside_personal(&known.person()), 3);
        assert_eq!(hides_outside_personal(&Personal::new(known.email())), 1);
        hides_in_debug(&known.document());
        for mask in [
            known.name().masked(),
            known.mobile().masked(),
            known.email().masked(),
            known.document().masked(),
        ] {
            hides("a mask", &mask);
        }
    }
}

#[test]
fn r_id_13_what_differs_is_said_without_saying_what_it_is() {
    let differ = ALICE.person().differences(&BOB.person());
    assert_eq!(differ.len(), 3);
    hides_in_error(&differ);
}

#[test]
fn r_id_13_errors_about_wrong_facts_do_not_repeat_them() {
    for known in EVERYBODY {
        // A slip at the end or the wrong field: most of the fact is there, and must not come back.
        let number = known.id_number;
        let slip = format!("{}0", &number[..16]);
        for text in [
            number,
            &slip,
            &format!("{number}0"),
            &format!("x{number}"),
            known.mobile,
            &format!("{}0", known.mobile),
            &known.mobile[..10],
            known.email,
            &format!("{}@", known.email),
            &format!("{}\u{0}", known.name),
            known.name,
        ] {
            let errors = [
                PersonName::parse(text).err(),
                Mobile::parse(text).err(),
                Email::parse(text).err(),
                ResidentId::parse(text).err(),
                ResidencePermit::parse(text).err(),
                HongKongMacauPermit::parse(text).err(),
                TaiwanPermit::parse(text).err(),
                IdDocument::from_stored(text).err(),
                IdDocument::from_stored(&format!("resident_id:{text}")).err(),
                IdDocument::parse(IdDocumentKind::TaiwanPermit, text).err(),
                text.parse().map(|id: sealwright::identity::PersonId| drop(id)).err(),
                text.parse().map(|actor: sealwright::identity::Actor| drop(actor)).err(),
            ];
            let mut seen = 0;
            for error in errors.into_iter().flatten() {
                hides_in_error(&error);
                seen += 1;
            }
            assert!(seen >= 6, "{seen} errors only");
        }
    }
}

#[test]
fn r_id_13_a_stored_fact_that_is_wrong_is_refused_without_repeating_it() {
    let stored = serde_json::to_string(&ALICE.person()).unwrap();
    let wrong = stored.replace(ALICE.mobile, &format!("{}0", ALICE.mobile));
    let error = serde_json::from_str::<sealwright::identity::Person>(&wrong).unwrap_err();
    hides_in_error(&error);
}

#[test]
fn r_id_13_a_stored_fact_in_the_wrong_place_is_not_repeated_by_the_error() {
    for known in EVERYBODY {
        let (mobile, name) = (known.mobile, known.name);
        for json in [
            format!("\"{mobile}\""),
            mobile.to_owned(),
            format!("-{mobile}"),
            format!("{mobile}.5"),
            format!("{mobile}000000000000000000000000"),
            format!("[{mobile}]"),
            format!("[\"{mobile}0\"]"),
            format!("{{\"{mobile}\":1}}"),
            format!("{{\"{name}\":\"{mobile}\"}}"),
            format!("{{\"personal\":{mobile}}}"),
            format!("{{\"personal\":[\"{mobile}\"]}}"),
            format!("{{\"personal\":{{\"{mobile}\":\"{name}\"}}}}"),
            format!("{{\"personal\":\"{mobile}\",\"{mobile}\":1}}"),
            format!("{{\"personal\":\"{mobile}\",\"personal\":\"{mobile}\"}}"),
            format!("{{\"personal\":\"{mobile}0\"}}"),
            format!("{{\"personal\":null,\"{name}\":\"{mobile}\"}}"),
        ] {
            hides_in_error(&serde_json::from_str::<Personal<Mobile>>(&json).unwrap_err());
            if let Ok(value) = serde_json::from_str::<serde_json::Value>(&json) {
                // Where a key is given twice a value keeps the last one, and all is in order.
                let read = serde_json::from_value::<Personal<Mobile>>(value).err();
                read.iter().for_each(|error| hides_in_error(error));
            }
        }
    }
}
