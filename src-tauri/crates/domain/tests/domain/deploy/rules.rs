//! For every code of every rule on deployments, a case without it and a case with it.

use super::cases::local;
use super::*;
use super::{cases, fit, known};
use crate::rules::reference::Example;
use crate::words;
use berth_domain::change::Goal;
use berth_domain::facts::Facts;
use berth_domain::finding::{Finding, Severity, blocks};
use berth_domain::preflight::preflight;
use berth_domain::rules::by_construction::SATISFIED_BY_CONSTRUCTION;
use berth_domain::rules::{Rule, table, table_for_deploy};
use std::collections::BTreeSet;

pub(super) struct Row {
    pub(super) code: &'static str,
    pub(super) severity: Severity,
    pub(super) spec: DeploySpec,
    pub(super) facts: Facts,
}

pub(super) fn row(
    code: &'static str,
    severity: Severity,
    mut spec: DeploySpec,
    spoil: impl FnOnce(&mut DeploySpec),
) -> Row {
    spoil(&mut spec);
    Row {
        code,
        severity,
        spec,
        facts: Facts::default(),
    }
}

pub(super) fn deploy_findings(spec: &DeploySpec, facts: &Facts) -> Vec<Finding> {
    let goal = Goal::Deploy {
        spec: Box::new(spec.clone()),
    };
    preflight(&goal, facts)
}

fn rows() -> Vec<Row> {
    let rows = cases::rows().into_iter().chain(known::rows());
    rows.chain(fit::rows()).collect()
}

/// Codes whose severity is not `Information` in at least one row.
pub(crate) fn worse_than_information() -> BTreeSet<&'static str> {
    let rows = rows().into_iter();
    rows.filter(|row| row.severity != Severity::Information)
        .map(|row| row.code)
        .collect()
}

/// The cases with their goals.
pub(crate) fn examples() -> impl Iterator<Item = Example> {
    rows().into_iter().map(|row| Example {
        code: row.code,
        severity: row.severity,
        goal: Goal::Deploy {
            spec: Box::new(row.spec),
        },
        facts: row.facts,
    })
}

#[test]
fn good_specifications_give_no_finding() {
    let codes = |spec: &DeploySpec| -> Vec<String> {
        let found = deploy_findings(spec, &Facts::default());
        found.into_iter().map(|finding| finding.code).collect()
    };
    assert_eq!(codes(&extension()), Vec::<String>::new());
    assert_eq!(codes(&classic()), Vec::<String>::new());
    let no_code = |format, framework| vec![local(format, framework)];
    for (spec, models) in [
        (extension(), no_code(ModelFormat::Mlflow, None)),
        (extension(), no_code(ModelFormat::Triton, None)),
        (classic(), no_code(ModelFormat::Custom, Some(Framework::Onnx))),
    ] {
        let spec = DeploySpec {
            models,
            serving: Serving::NoCode,
            ..spec
        };
        assert_eq!(codes(&spec), Vec::<String>::new());
    }
}

#[test]
fn each_code_is_reported_for_its_case() {
    for row in rows() {
        let found = deploy_findings(&row.spec, &row.facts);
        let reported: Vec<&Finding> = found.iter().filter(|finding| finding.code == row.code).collect();
        assert!(!reported.is_empty(), "{} is missing: {found:#?}", row.code);
        for finding in reported {
            assert_eq!(finding.severity, row.severity, "{}", row.code);
            words::hold_their_values(finding);
            assert!(
                finding.field.is_some() && !finding.source.is_empty(),
                "{finding:#?}"
            );
        }
        assert_eq!(
            blocks(&found),
            row.severity == Severity::Blocking,
            "{}: {found:#?}",
            row.code
        );
    }
}

#[test]
fn every_code_has_a_case_and_every_rule_one_entry() {
    let tried: BTreeSet<&str> = rows().iter().map(|row| row.code).collect();
    let declared: BTreeSet<&str> = table_for_deploy().flat_map(Rule::codes).copied().collect();
    assert_eq!(tried, declared);
    let mut ids = BTreeSet::new();
    for rule in table_for_deploy() {
        assert!(ids.insert(rule.id), "{} is listed twice", rule.id);
        assert!(
            rule.codes()
                .iter()
                .all(|code| code.split('.').next() == Some(rule.id)),
            "{}",
            rule.id
        );
    }
    let elsewhere = table()
        .map(|rule| rule.id)
        .chain(SATISFIED_BY_CONSTRUCTION.iter().map(|(id, _)| *id));
    for id in elsewhere {
        assert!(!ids.contains(id), "{id} has two entries");
    }
}

#[test]
fn an_empty_specification_names_every_missing_choice() {
    let found = deploy_findings(&DeploySpec::default(), &Facts::default());
    let missing: Vec<&str> = found
        .iter()
        .filter_map(|finding| finding.code.strip_prefix("DEP-01."))
        .collect();
    assert_eq!(
        missing,
        [
            "workspace",
            "compute",
            "endpoint",
            "version",
            "model",
            "folder",
            "script",
            "environment"
        ]
    );
}

#[test]
fn tags_obey_the_rule_of_tags_on_versions_and_endpoints() {
    let long = "n".repeat(513);
    let cases: [(&[(&str, &str)], &str); 6] = [
        (&[("", "a")], "TAG-01"),
        (&[("a<b", "a")], "TAG-01"),
        (&[(&long, "a")], "TAG-01.long"),
        (&[("Team", "a"), ("team", "b")], "TAG-01.twice"),
        (&[("azure-cost", "1")], "TAG-01.reserved"),
        (&[("Berth-Plan", "p-1")], "TAG-01.own"),
    ];
    let codes = |spec: &DeploySpec| -> Vec<(String, Option<String>)> {
        let found = deploy_findings(spec, &Facts::default()).into_iter();
        found.map(|finding| (finding.code, finding.field)).collect()
    };
    for spec in [extension(), classic()] {
        for (tags, code) in cases {
            let of_version = DeploySpec {
                tags: tags
                    .iter()
                    .map(|(name, value)| (text(name), text(value)))
                    .collect(),
                ..spec.clone()
            };
            let of_endpoint = DeploySpec {
                endpoint: endpoint("churn", tags),
                ..spec.clone()
            };
            assert_eq!(codes(&of_version), [(text(code), Some(text("tags")))]);
            assert_eq!(codes(&of_endpoint), [(text(code), Some(text("endpoint.tags")))]);
        }
        let mut many = spec;
        many.tags = (0..49).map(|at| (format!("tag-{at}"), String::new())).collect();
        assert_eq!(codes(&many), []);
        many.tags.insert(text("one-more"), String::new());
        assert_eq!(codes(&many), [(text("TAG-01.many"), Some(text("tags")))]);
    }
    let mut removing = extension();
    removing.remove.tags = vec![text("berth-plan")];
    let own = (text("TAG-01.own"), Some(text("remove")));
    assert!(codes(&removing).contains(&own));
}
