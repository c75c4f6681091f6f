//! The rules by name: what each stands for, from which level on it is permitted, how far it goes, and in
//! which order their units look at a revision.
//!
//! Whoever explains a change names its rule; whether that rule is permitted is said here and nowhere
//! else. `src/manual/changes.md` is held against this table.

use crate::inspection::DocMdp;
use crate::pdf::Error;
use crate::report::{ModificationLevel, Rule};

use super::Breach;
use super::step::Step;

/// One rule, as data.
pub(super) struct Terms {
    pub(super) rule: Rule,
    /// The strictest certification that permits it (§12.8.2.2, Table 257).
    pub(super) least: DocMdp,
    /// Whether it is permitted where nobody certified.
    pub(super) uncertified: bool,
    /// How far a change goes; none for what goes as far as the changes that it supports.
    pub(super) level: Option<ModificationLevel>,
}

/// Every rule.
pub(super) const RULES: &[Terms] = &[
    upkeep(Rule::SecurityStore),
    upkeep(Rule::DocumentTimestamp),
    upkeep(Rule::Metadata),
    upkeep(Rule::Extensions),
    upkeep(Rule::Container),
    filling(Rule::SignatureFilled),
    filling(Rule::SignatureFieldAdded),
    filling(Rule::FieldFilled),
    filling(Rule::StructureOrder),
    Terms { least: DocMdp::Annotate, ..filling(Rule::EmptyFieldAdded) },
    comment(Rule::AnnotationAdded),
    comment(Rule::AnnotationChanged),
    comment(Rule::AnnotationRemoved),
    comment(Rule::NamesAdded),
    comment(Rule::TabOrder),
    support(Rule::StructureAdded),
    support(Rule::Dependency),
    support(Rule::Freed),
    support(Rule::Restated),
    support(Rule::Unused),
];

/// What keeps a signature checkable: permitted whatever was certified.
const fn upkeep(rule: Rule) -> Terms {
    let level = Some(ModificationLevel::Lta);
    Terms { rule, least: DocMdp::NoChanges, uncertified: true, level }
}

/// Filling in and signing.
const fn filling(rule: Rule) -> Terms {
    let level = Some(ModificationLevel::Form);
    Terms { rule, least: DocMdp::FillAndSign, uncertified: true, level }
}

/// Comments: somebody has to have permitted them.
const fn comment(rule: Rule) -> Terms {
    let level = Some(ModificationLevel::Annotation);
    Terms { rule, least: DocMdp::Annotate, uncertified: false, level }
}

/// What comes with changes that other rules permit, or not.
const fn support(rule: Rule) -> Terms {
    Terms { rule, least: DocMdp::NoChanges, uncertified: true, level: None }
}

/// What is said of a rule.
pub(super) fn terms(rule: Rule) -> Option<&'static Terms> {
    RULES.iter().find(|terms| terms.rule == rule)
}

/// What speaks against a rule under a certification; none if it is permitted.
pub(super) fn breach(rule: Rule, certified: Option<DocMdp>) -> Option<Breach> {
    let Some(terms) = terms(rule) else { return Some(Breach::Unexplained) };
    match certified {
        Some(level) if level < terms.least => Some(Breach::NotPermitted(level)),
        None if !terms.uncertified => Some(Breach::Unexplained),
        _ => None,
    }
}

/// How far a rule goes beside others that go as far as `support`.
pub(super) fn level(rule: Rule, support: ModificationLevel) -> ModificationLevel {
    terms(rule).and_then(|terms| terms.level).unwrap_or(support)
}

/// What looks at a revision and explains what its rules know.
pub(super) type Unit = for<'a, 'f, 's> fn(&'a mut Step<'f, 's>) -> Result<(), Error>;

/// The units in their order: what explains comes before what rests on it.
pub(super) const ORDER: &[Unit] = &[
    |step| step.containers(),
    |step| step.trailer(),
    |step| step.filled_fields(),
    |step| step.filled_values(),
    |step| step.catalog(),
    |step| step.pages(),
    |step| step.changed_comments(),
    |step| step.structure(),
    |step| step.follow_dependencies(),
    |step| step.restated_objects(),
    |step| step.freed_objects(),
    |step| step.unused_objects(),
    |step| step.find_overlays(),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// `| rule | what it allows | P=1 | P=2 | P=3 | none | level | clause | test |`
    #[test]
    fn the_manual_says_what_is_judged() {
        let manual = include_str!("../../manual/changes.md");
        let rows: Vec<Vec<&str>> = manual
            .lines()
            .filter(|line| line.starts_with("| `"))
            .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
            .collect();
        assert_eq!(rows.len(), Rule::ALL.len(), "a rule is missing, or one is too many");
        for row in rows {
            let [name, _, one, two, three, none, goes, clause, _] = row[..] else {
                panic!("{row:?} has not nine cells");
            };
            let name = name.trim_matches('`');
            let rule = *Rule::ALL.iter().find(|rule| rule.as_str() == name).expect(name);
            let terms = terms(rule).expect(name);
            let yes = |certified| if breach(rule, certified).is_none() { "yes" } else { "no" };
            let levels = [DocMdp::NoChanges, DocMdp::FillAndSign, DocMdp::Annotate];
            assert_eq!(levels.map(|level| yes(Some(level))), [one, two, three], "{name}");
            assert_eq!(yes(None), none, "{name}");
            assert_eq!(clause.trim_start_matches('§'), rule.clause(), "{name}");
            let level = terms.level.map_or("with others".to_owned(), |level| {
                serde_json::to_string(&level).unwrap().trim_matches('"').to_owned()
            });
            assert_eq!(goes, level, "{name}");
        }
    }

    #[test]
    fn every_rule_has_its_terms_once() {
        for rule in Rule::ALL {
            assert_eq!(RULES.iter().filter(|terms| terms.rule == *rule).count(), 1, "{rule:?}");
        }
        assert_eq!(RULES.len(), Rule::ALL.len());
    }
}
