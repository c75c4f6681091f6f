//! The search.

use std::fmt::{Debug, Display};

use sealwright::audit::{Entry, HostKey};
use sealwright::decision::{Aggregate, Decision, Snapshot};
use serde::Serialize;
use serde_json::Value;

use crate::known::EVERYBODY;

/// A text that is shown to somebody.
#[track_caller]
pub fn hides(what: &str, text: &str) {
    for secret in EVERYBODY.iter().flat_map(|known| known.secrets()) {
        assert!(!text.contains(&secret), "{what} shows {secret}: {text}");
    }
}

/// A value with `Debug` only.
#[track_caller]
pub fn hides_in_debug(value: &impl Debug) {
    hides("Debug", &format!("{value:?}"));
    hides("Debug", &format!("{value:#?}"));
}

/// An error: what it says and what it is.
#[track_caller]
pub fn hides_in_error(error: &(impl Debug + Display)) {
    hides("Display", &error.to_string());
    hides_in_debug(error);
}

/// A value that is handed out: nothing personal, in any form.
#[track_caller]
pub fn hides_everywhere(value: &(impl Debug + Serialize)) {
    hides_in_debug(value);
    hides("JSON", &serde_json::to_string(value).unwrap());
}

/// A state or an event: personal facts stand in `{"personal": …}` only. Returns how many.
#[track_caller]
pub fn hides_outside_personal(value: &(impl Debug + Serialize)) -> usize {
    hides_in_debug(value);
    let mut json = serde_json::to_value(value).unwrap();
    let cut = cut_personal(&mut json);
    hides("JSON without its personal objects", &json.to_string());
    cut
}

/// A decision by which something comes to be, with all that a host stores and sends of it.
#[track_caller]
pub fn founded<A: Aggregate>(decision: Decision<A>) -> A {
    let (state, entries) = decision.found().unwrap();
    hides_in_decision(&decision, &entries, &state);
    state
}

/// A decision about something that is, applied to it.
#[track_caller]
pub fn applied<A: Aggregate>(decision: Decision<A>, state: &mut A) {
    let entries = decision.apply_to(state).unwrap();
    hides_in_decision(&decision, &entries, state);
}

#[track_caller]
fn hides_in_decision<A: Aggregate>(decision: &Decision<A>, entries: &[Entry], state: &A) {
    hides_in_debug(decision);
    for event in decision.events() {
        hides_outside_personal(event);
    }
    for notice in decision.notices() {
        hides_everywhere(notice);
    }
    let key = HostKey::new(b"thirty-two bytes out of a vault!").unwrap();
    for claim in decision.claims() {
        hides_in_debug(claim);
        hides("an index of claims", &claim.key().index(&key));
    }
    for entry in entries {
        hides_everywhere(entry);
        hides("canonical JSON", &entry.to_canonical_json());
    }
    hides_outside_personal(&Snapshot::of(state));
}

/// Takes every `{"personal": …}` out, and says how many there were.
fn cut_personal(json: &mut Value) -> usize {
    match json {
        Value::Object(members) if members.len() == 1 && members.contains_key("personal") => {
            *json = Value::Null;
            1
        }
        Value::Object(members) => members.values_mut().map(cut_personal).sum(),
        Value::Array(items) => items.iter_mut().map(cut_personal).sum(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::known::{ALICE, BOB};

    #[test]
    #[should_panic(expected = "Display shows")]
    fn a_mobile_in_an_error_is_seen() {
        hides_in_error(&format!("call {} instead", BOB.mobile));
    }

    #[test]
    #[should_panic(expected = "JSON without its personal objects shows")]
    fn a_name_beside_a_personal_object_is_seen() {
        let json = serde_json::json!({ "name": { "personal": ALICE.name }, "signer": ALICE.name });
        #[derive(Serialize)]
        struct Quiet(Value);
        impl Debug for Quiet {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("quiet")
            }
        }
        hides_outside_personal(&Quiet(json));
    }

    #[test]
    #[should_panic(expected = "JSON shows")]
    fn what_is_handed_out_holds_no_personal_object_either() {
        #[derive(Serialize)]
        struct Quiet(Value);
        impl Debug for Quiet {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("quiet")
            }
        }
        hides_everywhere(&Quiet(serde_json::json!({ "personal": BOB.id_number })));
    }

    #[test]
    #[should_panic(expected = "Debug shows")]
    fn an_identity_number_in_debug_is_seen() {
        hides_in_debug(&Some(ALICE.id_number));
    }
}
