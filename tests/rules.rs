//! The manual's table of rules says what is true: every rule, transition and code is in it, and the
//! tests it names exist, bear the rule's name, and look at the code.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Families of rules, and how many each has.
const RULES: &[(&str, usize)] = &[
    ("R-ID", 13),
    ("R-ORG", 5),
    ("R-EMP", 3),
    ("R-ENT", 2),
    ("R-SEAL", 16),
    ("R-GRANT", 7),
    ("R-DOC", 7),
    ("R-CTL", 22),
    ("R-SIGN", 13),
    ("R-CON", 8),
    ("R-CER", 15),
];

/// What an aggregate can be asked to do.
const TRANSITIONS: &[(&str, &str)] = &[
    (
        "org",
        "register submit_verification accept_verification reject_verification \
         authorize_by_legal_rep activate_super_admin change_super_admin \
         change_legal_representative rename suspend resume close",
    ),
    ("emp", "invite reinvite request_join activate edit self_change resign"),
    ("seal", "create approve reject disable enable stop void invalidate change_face delete"),
    ("grant", "grant check_use record_use revoke"),
];

/// The stable names of errors that the domain was planned with.
const CODES: &[(&str, &str)] = &[
    (
        "identity",
        "name_invalid uscc_format uscc_check_char uscc_org_code id_card_format \
         id_card_check_digit id_card_birth_date hm_pass_format mobile_format underage \
         document_expired",
    ),
    (
        "org",
        "already_exists fact_missing licence_mismatch activation_order \
         authorization_method_not_allowed authorization_review_rejected super_admin_mismatch \
         super_admin_exists not_active immutable has_live_contracts name_changed closing \
         suspended",
    ),
    (
        "emp",
        "duplicate_mobile duplicate_id_number facts_locked identity_mismatch not_verified \
         pending_audit not_in_org resigned protected_role handover_required handover_invalid \
         no_permission",
    ),
    (
        "seal",
        "not_found name_invalid name_taken official_exists legal_rep_exists legal_rep_only \
         image_format image_too_large image_decode image_dimensions size_out_of_range \
         size_not_in_enum shape_type_conflict tax_number_required illegal_transition \
         delete_requires_disabled not_enabled outside_validity not_owned type_not_allowed",
    ),
    (
        "grant",
        "grantor_ineligible grantee_ineligible window_invalid scope_invalid \
         policy_text_too_long legal_rep_consent_required not_found already_revoked revoked \
         not_yet_valid expired scope_excluded usage_exhausted",
    ),
    ("feature", "not_entitled expired quota_exhausted"),
    (
        "doc",
        "missing not_pdf too_large encrypted malformed limit certified_locked xfa \
         hash_mismatch",
    ),
    (
        "ctl",
        "id_invalid id_duplicate not_owner locked kind_not_allowed_for_party foreign_seal_id \
         page_out_of_range rect_degenerate rect_out_of_page field_not_found \
         field_cannot_host_signature keyword_not_found keyword_index_out_of_range \
         keyword_no_text_layer keyword_owner_conflict required_value_missing value_invalid \
         opacity_out_of_range block_children paging_needs_two_pages paging_slice_too_thin",
    ),
    (
        "con",
        "illegal_transition stale_revision name_invalid no_signer too_many_signers \
         duplicate_signer duplicate_cc cc_is_signer signer_has_no_control deadline_in_past \
         deadline_not_later deadline_after_next deadline_after_contract deadline_passed \
         deadline_not_reached warning_unacknowledged entry_link_only not_a_signer \
         not_your_turn already_acted no_review_needed review_pending review_rejected \
         reason_required reason_too_long reason_invalid decline_forbidden cancel_forbidden \
         forward_forbidden slot_not_dynamic not_pending reminder_limit no_channel \
         release_forbidden release_exists release_actor release_auto_sign",
    ),
    (
        "sign",
        "in_progress stale_ticket intent_missing intent_method_not_allowed intent_stale \
         intent_binding read_time_not_met not_read_to_end control_unsigned method_not_allowed \
         backend postcheck",
    ),
    (
        "cer",
        "title_invalid time_order start_in_past no_host host_not_organizer party_count \
         party_without_signer participant_duplicate contract_state signer_set_mismatch \
         controls_incomplete incomplete undeliverable warning_unacknowledged \
         illegal_transition started signers_locked too_early not_live ended not_invited \
         host_only stage_not_open qr_invalid qr_expired link_forbidden",
    ),
    (
        "layout",
        "seat_unknown seat_taken person_already_seated not_participant image_format \
         image_too_large",
    ),
    ("audit", "chain_broken gap head_mismatch clock_regression"),
];

/// Those that came with the code. A new one is added here and to the manual.
const MORE_CODES: &[(&str, &str)] = &[
    ("audit", "hash_form host_key identity_reference"),
    (
        "cer",
        "conference_invalid link_key participant_invalid party_duplicate policy_invalid qr_payload \
         too_many",
    ),
    (
        "con",
        "document_unchanged group_incomplete plan_inconsistent quota_not_given \
         setting_invalid",
    ),
    ("emp", "illegal_transition"),
    ("evidence", "not_completed not_party not_head foreign_entry assertion not_a_bundle limit"),
    ("feature", "illegal_transition window_invalid"),
    (
        "identity",
        "actor_invalid document_kind email_format id_invalid residence_permit_region \
         taiwan_pass_format",
    ),
    ("layout", "logo_place template_invalid"),
    (
        "org",
        "department_cycle department_limit department_in_use department_taken department_unknown label_invalid \
         logo_invalid role_in_use role_unknown",
    ),
    ("seal", "colour_not_in_enum"),
    ("sign", "not_permitted"),
];

const WARNINGS: &str = "W-SEAL-MISSING W-SEAL-OVERSIZE W-SEAL-INVOICE-FORM W-SEAL-ASPECT W-SEAL-NO-ALPHA \
    W-CTL-OVERLAP W-CTL-SEAL-LARGER-THAN-BOX W-DOC-HAS-SIGNATURES W-DOC-ACTIVE-CONTENT \
    W-PREP-HIDDEN-TEXT W-PREP-TEXT-UNDER-ANNOTATION W-PREP-INVISIBLE-TEXT W-PREP-SAME-COLOUR-TEXT \
    W-PREP-TINY-TEXT W-PREP-CLIPPED-TEXT W-PREP-TEXT-IN-HIDDEN-LAYER W-PREP-LAYER-SWITCHES \
    W-PREP-ORPHAN-PAGE W-PREP-ORPHAN-CONTENT W-PREP-TWIN-FONT W-PREP-TWIN-XOBJECT \
    W-PREP-DUPLICATE-OBJECT W-PREP-FIELD-VALUE W-PREP-NEED-APPEARANCES W-PREP-HIDDEN-ANNOTATION \
    W-PREP-FONT-CONTRADICTS W-PREP-EXTERNAL W-PREP-UNREADABLE \
    W-LAYOUT-UNSEATED-SIGNER W-LAYOUT-LOGO-RATIO";

/// Where the domain's errors are defined: what their `code` can answer is in the table.
const DOMAIN: &[&str] =
    &["identity", "audit", "organization", "contract", "authorization", "ceremony"];

#[test]
fn every_rule_and_transition_is_shown_by_tests_that_bear_its_name() {
    let manual = Manual::read();
    let mut complaints = manual.complaints_about_ids(&rules_and_transitions());
    for (id, tests) in &manual.shown {
        let Some(prefix) = prefix_of(id) else { continue };
        if tests.is_empty() {
            complaints.push(format!("{id}: no test shows it"));
        }
        for test in tests {
            match body_of(test) {
                Err(why) => complaints.push(format!("{id}: {why}")),
                Ok(_) if !test.contains(&format!("::{prefix}")) => {
                    complaints.push(format!("{id}: the name of {test} begins with {prefix}"));
                }
                Ok(_) => {}
            }
        }
    }
    assert!(complaints.is_empty(), "src/manual/rules.md:\n{}", complaints.join("\n"));
}

#[test]
fn every_code_is_produced_in_a_test_that_names_it() {
    let manual = Manual::read();
    let mut complaints = manual.complaints_about_ids(&codes());
    for code in codes() {
        for test in manual.shown.get(&code).into_iter().flatten() {
            match body_of(test) {
                Err(why) => complaints.push(format!("{code}: {why}")),
                Ok(body) if !body.contains(&format!("\"{code}\"")) => {
                    complaints.push(format!("{code}: {test} does not look at it"));
                }
                Ok(_) => {}
            }
        }
    }
    assert!(complaints.is_empty(), "src/manual/rules.md:\n{}", complaints.join("\n"));
}

#[test]
fn every_code_that_the_domain_can_answer_is_in_the_catalogue() {
    let known: BTreeSet<_> = codes().into_iter().collect();
    let (mut found, mut complaints) = (0, Vec::new());
    for file in DOMAIN.iter().flat_map(|module| rust_files(&source().join(module))) {
        let text = fs::read_to_string(&file).unwrap();
        for code in codes_answered(&text) {
            found += 1;
            if !known.contains(&code) {
                complaints.push(format!("{}: {code} is not in the catalogue", file.display()));
            }
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    assert!(found > 20, "only {found} codes found: has `fn code` another form now?");
}

#[test]
fn what_the_manual_must_not_say_is_noticed() {
    let here = "tests/rules.rs::what_the_manual_must_not_say_is_noticed";
    assert!(body_of(here).unwrap().contains("a_literal_of_this_body"));
    assert!(!body_of(here).unwrap().contains(concat!("rust", "_files")));
    assert!(body_of("tests/rules.rs::what_the_manual").is_err());
    assert!(body_of("tests/rules.rs::body_of").unwrap_err().contains("no test"));
    assert!(body_of("tests/nowhere.rs::body_of").is_err());
    assert_eq!(prefix_of("R-SIGN-02a").as_deref(), Some("r_sign_02a_"));
    assert_eq!(prefix_of("C11").as_deref(), Some("c11_"));
    assert_eq!(prefix_of("org rename").as_deref(), Some("org_"));
    assert_eq!(prefix_of("con.not_your_turn"), None);
    assert_eq!(prefix_of("W-SEAL-MISSING"), None);

    let manual = Manual::parse(
        "| rule | what it asks | shown by |\n|---|---|---|\n| C1 | x | `a::b`, `c::d` |\n\
         | C1 | x | |\n\n| code | shown by |\n|---|---|\n| `con.x` | `a::b` |\n\n\
         | not yet | why |\n|---|---|\n| `con.y` | later |\n| C1 | |\n",
    );
    let wanted = ["C1", "C2", "con.x", "con.y"].map(str::to_owned);
    let complaints = manual.complaints_about_ids(&wanted).join("\n");
    assert_eq!(complaints.lines().count(), 4, "{complaints}");
    for complaint in ["C1: stands twice", "C2: is missing", "C1: no reason", "both shown and not"] {
        assert!(complaints.contains(complaint), "{complaints}");
    }
}

/// The tables of the manual's page.
#[derive(Default)]
struct Manual {
    /// Tests by rule, transition or code.
    shown: BTreeMap<String, Vec<String>>,
    /// Reasons by what no test shows yet.
    open: BTreeMap<String, String>,
    twice: Vec<String>,
}

impl Manual {
    fn read() -> Self {
        Self::parse(&fs::read_to_string(source().join("manual/rules.md")).unwrap())
    }

    fn parse(markdown: &str) -> Self {
        let mut manual = Self::default();
        let mut is_open = false;
        for line in markdown.lines().filter(|line| line.starts_with('|')) {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            match cells[0] {
                ruler if ruler.starts_with("---") => continue,
                "rule" | "transition" | "code" => is_open = false,
                "not yet" => is_open = true,
                id => manual.add(id.trim_matches('`'), cells.last().unwrap(), is_open),
            }
        }
        manual
    }

    fn add(&mut self, id: &str, last: &str, is_open: bool) {
        let id = id.to_owned();
        let stood = if is_open {
            self.open.insert(id.clone(), last.to_owned()).is_some()
        } else {
            let tests = last.split(',').map(|test| test.trim().trim_matches('`').to_owned());
            let tests = tests.filter(|test| !test.is_empty()).collect();
            self.shown.insert(id.clone(), tests).is_some()
        };
        if stood {
            self.twice.push(id);
        }
    }

    /// Each of these is there once: shown by tests, or listed as open with a reason.
    fn complaints_about_ids(&self, wanted: &[String]) -> Vec<String> {
        let mut complaints = Vec::new();
        for id in wanted {
            let open = self.open.get(id);
            if self.twice.contains(id) {
                complaints.push(format!("{id}: stands twice"));
            }
            match (self.shown.contains_key(id), open) {
                (false, None) => complaints.push(format!("{id}: is missing")),
                (true, Some(_)) => complaints.push(format!("{id}: both shown and not")),
                _ => {}
            }
            if open.is_some_and(String::is_empty) {
                complaints.push(format!("{id}: no reason why it is not shown yet"));
            }
        }
        complaints
    }
}

fn rules_and_transitions() -> Vec<String> {
    let rules = RULES.iter().flat_map(|(family, count)| {
        (1..=*count).map(move |number| format!("{family}-{number:02}"))
    });
    let of_aggregates = TRANSITIONS.iter().flat_map(|(aggregate, actions)| {
        actions.split_whitespace().map(move |action| format!("{aggregate} {action}"))
    });
    rules
        .chain(["R-SIGN-02a".to_owned()])
        .chain((1..=22).map(|number| format!("C{number}")))
        .chain((1..=18).map(|number| format!("M{number}")))
        .chain(of_aggregates)
        .collect()
}

fn codes() -> Vec<String> {
    CODES
        .iter()
        .chain(MORE_CODES)
        .flat_map(|(family, names)| {
            names.split_whitespace().map(move |name| format!("{family}.{name}"))
        })
        .chain(WARNINGS.split_whitespace().map(str::to_owned))
        .collect()
}

/// How the names of tests of a rule or transition begin; `None` for a code.
fn prefix_of(id: &str) -> Option<String> {
    if let Some((aggregate, _)) = id.split_once(' ') {
        return Some(format!("{aggregate}_"));
    }
    let is_numbered = id.starts_with(['C', 'M']) && id[1..].bytes().all(|b| b.is_ascii_digit());
    (id.starts_with("R-") || is_numbered)
        .then(|| format!("{}_", id.to_lowercase().replace('-', "_")))
}

/// The text of a test, named as `file::name`.
fn body_of(test: &str) -> Result<String, String> {
    let (file, name) =
        test.split_once("::").ok_or(format!("`{test}` is not of the form file::name"))?;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    let text = fs::read_to_string(path).map_err(|_| format!("{file} does not exist"))?;
    let lines: Vec<&str> = text.lines().collect();
    let head = format!("fn {name}(");
    let start = lines
        .iter()
        .position(|line| line.trim_start().starts_with(&head))
        .ok_or(format!("{file} defines no {name}"))?;
    let attributes = lines[..start].iter().rev().take_while(|line| {
        let line = line.trim_start();
        line.starts_with('#') || line.starts_with("//")
    });
    if !attributes.into_iter().any(|line| line.trim() == "#[test]") {
        return Err(format!("{name} in {file} is no test"));
    }
    Ok(function_at(&lines, start))
}

/// From the head of a function to the brace that closes it, which stands below the head.
fn function_at(lines: &[&str], start: usize) -> String {
    let indent = lines[start].len() - lines[start].trim_start().len();
    let end = format!("{}}}", " ".repeat(indent));
    let length =
        lines[start..].iter().position(|line| **line == end).unwrap_or(lines.len() - start);
    lines[start..start + length].join("\n")
}

/// The names that the errors and warnings of a file answer with. Permissions and kinds have codes
/// too, of another sort.
fn codes_answered(text: &str) -> BTreeSet<String> {
    let lines: Vec<&str> = text.lines().collect();
    let is_of_an_error = |start: usize| {
        let block = lines[..start].iter().rev().find(|line| line.starts_with("impl"));
        block.is_some_and(|line| line.contains("Error") || line.contains("Warning"))
    };
    let is_code = |line: &str| line.contains("fn code(self)") || line.contains("fn code(&self)");
    lines
        .iter()
        .enumerate()
        .filter(|(start, line)| is_code(line) && is_of_an_error(*start))
        .flat_map(|(start, _)| {
            let body = function_at(&lines, start);
            let literals: Vec<_> = body.split('"').skip(1).step_by(2).map(str::to_owned).collect();
            literals
        })
        .filter(|literal| is_error_code(literal))
        .collect()
}

/// `family.name` of one of the families, or a warning.
fn is_error_code(literal: &str) -> bool {
    let in_family = |(family, name): (&str, &str)| {
        !name.contains('.') && CODES.iter().any(|(known, _)| *known == family)
    };
    literal.starts_with("W-") || literal.split_once('.').is_some_and(in_family)
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}
