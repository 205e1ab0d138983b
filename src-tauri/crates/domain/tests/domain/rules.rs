//! For every code of every rule, a case without it and a case with it.

use crate::good::{self, Good};
use crate::words;
use berth_domain::carry_over::UNREAD_CODE;
use berth_domain::change::Change;
use berth_domain::finding::{Finding, Severity, WizardStep};
use berth_domain::preflight::{local_findings, preflight};
use berth_domain::rules::by_construction::SATISFIED_BY_CONSTRUCTION;
use berth_domain::rules::{Needs, Rule, all_codes, table, table_for_change, table_for_deploy};
use berth_domain::spec::*;
use std::collections::BTreeSet;

mod addresses;
mod change;
mod cluster;
mod network;
mod place;
pub(crate) mod reference;
mod size;
mod tls;

pub(crate) use Severity::{Blocking, Information, Unknown, Warning};

/// A good case, the same case with a mistake, and the finding expected then.
pub(crate) struct Row {
    pub(crate) code: &'static str,
    pub(crate) severity: Severity,
    pub(crate) good: Good,
    pub(crate) spoilt: Good,
}

/// A row whose bad case is the good case after `spoil`.
pub(crate) fn row(
    code: &'static str,
    severity: Severity,
    good: Good,
    spoil: impl FnOnce(&mut Spec, &mut berth_domain::facts::Facts),
) -> Row {
    Row {
        code,
        severity,
        spoilt: good.clone().with(spoil),
        good,
    }
}

/// Codes whose severity is not `Information` in at least one row.
pub(crate) fn worse_than_information() -> BTreeSet<&'static str> {
    rows()
        .iter()
        .filter(|row| row.severity != Information)
        .map(|row| row.code)
        .chain(crate::deploy::rules::worse_than_information())
        .collect()
}

pub(crate) fn findings(good: &Good) -> Vec<Finding> {
    preflight(&good.goal(), &good.facts)
}

fn check(row: &Row) {
    let (code, rule) = (row.code, row.code.split('.').next().expect("a rule"));
    let before = findings(&row.good);
    assert!(
        before.iter().all(|finding| finding.code != code),
        "{code} in the good case: {before:#?}"
    );
    let after = findings(&row.spoilt);
    let reported: Vec<&Finding> = after.iter().filter(|finding| finding.code == code).collect();
    assert!(!reported.is_empty(), "{code} is missing: {after:#?}");
    for finding in reported {
        assert_eq!(finding.severity, row.severity, "{code}");
        assert_eq!(finding.rule, rule);
        assert!(!finding.source.is_empty());
        words::hold_their_values(finding);
    }
}

fn rows() -> Vec<Row> {
    [
        change::rows(),
        place::rows(),
        addresses::rows(),
        cluster::rows(),
        size::rows(),
        network::rows(),
        tls::rows(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[test]
fn each_code_is_absent_from_its_good_case_and_present_in_its_bad_case() {
    for row in rows() {
        check(&row);
    }
}

#[test]
fn every_code_has_a_case() {
    let tried: BTreeSet<&str> = rows().iter().map(|row| row.code).collect();
    let known: BTreeSet<&str> = all_codes()
        .into_iter()
        // `plan::resuming`, `carry_over` and `deploy` test their own codes.
        .filter(|code| !code.starts_with("unread.") && !code.starts_with("RES-01."))
        .filter(|code| *code != UNREAD_CODE)
        .filter(|code| !table_for_deploy().any(|rule| rule.codes().contains(code)))
        .collect();
    assert_eq!(
        known.difference(&tried).collect::<Vec<_>>(),
        Vec::<&&str>::new(),
        "codes without a case"
    );
    assert_eq!(
        tried.difference(&known).collect::<Vec<_>>(),
        Vec::<&&str>::new(),
        "codes that no rule declares"
    );
}

/// All set-up and change rules. A grant is used because NAM-18 is the only set-up rule that applies to it.
fn all_rules() -> Vec<&'static Rule> {
    let grant = Change::Grant {
        scope: String::new(),
        principal_id: String::new(),
        role: berth_domain::change::Role::Reader,
        of: None,
    };
    let of_changes = table_for_change(&grant).filter(|rule| rule.id != "NAM-18");
    table().chain(of_changes).chain(table_for_deploy()).collect()
}

#[test]
fn each_rule_is_in_the_table_once() {
    let mut seen = BTreeSet::new();
    for rule in all_rules() {
        assert!(seen.insert(rule.id), "{} is listed twice", rule.id);
        let own = |code: &&str| *code == rule.id || code.starts_with(&format!("{}.", rule.id));
        assert!(rule.codes().iter().all(own), "{}: {:?}", rule.id, rule.codes());
        let waivable = rule.codes().iter().any(|code| code.ends_with(".waived"));
        assert_eq!(waivable, rule.waivable, "{}", rule.id);
    }
    for (id, why) in SATISFIED_BY_CONSTRUCTION {
        assert!(
            seen.insert(id),
            "{id} is both in the table and satisfied by construction"
        );
        assert!(!why.is_empty());
    }
}

#[test]
fn a_finding_made_outside_the_table_has_its_own_id() {
    let rules = all_rules();
    let ids: BTreeSet<&str> = rules.iter().map(|rule| rule.id).collect();
    let declared: BTreeSet<&str> = rules.iter().flat_map(|rule| rule.codes()).copied().collect();
    for code in all_codes() {
        let id = code.split('.').next().unwrap_or(code);
        assert!(
            declared.contains(code) || !ids.contains(id),
            "{code} uses the id of a rule"
        );
    }
}

#[test]
fn good_cases_give_only_their_known_warnings() {
    for (name, good, expected) in [
        ("extension", good::extension(), vec![]),
        ("classic", good::classic(), vec!["STA-01", "TLS-10"]),
        ("existing, extension", good::existing(Route::Extension), vec![]),
        (
            "existing, classic",
            good::existing(Route::Classic),
            vec!["STA-01"],
        ),
        (
            "own network",
            good::own_network(NetworkPlugin::AzureOverlay),
            vec!["NET-05.peers", "NET-11.role"],
        ),
        (
            "through Azure ML",
            good::through_aml(),
            vec!["STA-01", "LBR-19.waived", "NET-05.peers", "NET-11.role", "TLS-10"],
        ),
    ] {
        let found = findings(&good);
        let worse = found.iter().filter(|finding| finding.severity != Information);
        let codes: BTreeSet<&str> = worse.map(|finding| finding.code.as_str()).collect();
        assert_eq!(codes, expected.into_iter().collect(), "{name}");
    }
}

#[test]
fn all_findings_are_reported_sorted_by_severity_and_step() {
    let spoilt = good::classic().with(|spec, facts| {
        spec.size.nodes = 2;
        spec.place.compute_name = "x".into();
        spec.tls = Some(Tls::None);
        facts.locks = berth_domain::facts::Fact::Unknown("403 Forbidden".into());
    });
    let found = findings(&spoilt);
    let rules: Vec<&str> = found.iter().map(|finding| finding.rule.as_str()).collect();
    for wanted in ["NAM-01", "CPU-01", "CPU-02", "TLS-19", "ATT-26"] {
        assert!(rules.contains(&wanted), "{wanted} is missing: {rules:?}");
    }
    let order: Vec<(Severity, WizardStep)> = found
        .iter()
        .map(|finding| (finding.severity, finding.step))
        .collect();
    assert!(order.is_sorted(), "{order:?}");
}

#[test]
fn no_finding_is_reported_twice() {
    for row in rows() {
        assert_no_duplicates(&findings(&row.spoilt));
    }
    assert_no_duplicates(&findings(&Good {
        spec: Spec::default(),
        facts: berth_domain::facts::Facts::default(),
        change: None,
    }));
}

fn assert_no_duplicates(found: &[Finding]) {
    for (at, finding) in found.iter().enumerate() {
        let twin = found[..at].iter().find(|other| {
            other.code == finding.code && other.field == finding.field && other.params == finding.params
        });
        assert!(twin.is_none(), "{finding:#?}");
    }
}

#[test]
fn an_empty_spec_reports_every_missing_choice() {
    let missing: BTreeSet<String> = local_findings(&Spec::default())
        .into_iter()
        .filter(|found| found.severity == Blocking)
        .map(|f| f.rule)
        .collect();
    let wanted = (1..=10).map(|number| format!("SET-{number:02}"));
    assert_eq!(missing, wanted.collect());
}

#[test]
fn preflight_includes_the_local_findings() {
    for row in rows().into_iter().filter(|row| row.spoilt.change.is_none()) {
        let local = local_findings(&row.spoilt.spec);
        let all = findings(&row.spoilt);
        for finding in local {
            let known = all
                .iter()
                .any(|other| other.code == finding.code && other.field == finding.field);
            // A fact may change a rule's message, but never make it less severe.
            let known = known
                || all
                    .iter()
                    .any(|other| other.rule == finding.rule && other.severity <= finding.severity);
            assert!(known, "{}: {finding:#?}", row.code);
        }
    }
    let local = table().filter(|rule| rule.needs == Needs::Local).count();
    assert!(local > 40, "only {local} local rules");
}

#[test]
fn findings_on_an_existing_cluster_point_to_its_choice() {
    let small = good::existing(Route::Classic).with(|_, facts| {
        let mut cluster = good::cluster();
        cluster.pools[0].count = 2;
        facts.cluster = berth_domain::facts::Fact::Known(Some(cluster));
    });
    let found = findings(&small);
    let few = found
        .iter()
        .find(|finding| finding.rule == "CPU-02")
        .expect("CPU-02");
    assert_eq!(
        (few.step, few.field.as_deref()),
        (WizardStep::Place, Some("cluster.resourceId"))
    );
    for row in rows() {
        let steps: &[WizardStep] = match row.spoilt.spec.cluster {
            ClusterChoice::Existing { .. } => &[WizardStep::Version, WizardStep::Size],
            ClusterChoice::CreateThroughAml => &[WizardStep::Version],
            ClusterChoice::Create => &[],
        };
        let lost = findings(&row.spoilt)
            .into_iter()
            .find(|finding| steps.contains(&finding.step));
        assert!(lost.is_none(), "points to a step that is not shown: {lost:#?}");
    }
}

#[test]
fn only_waivable_rules_can_be_waived() {
    for row in rows().into_iter().filter(|row| row.severity == Blocking) {
        let rule = row.code.split('.').next().expect("a rule");
        let waivable = all_rules()
            .into_iter()
            .find(|entry| entry.id == rule)
            .expect("the rule")
            .waivable;
        let waived = row.spoilt.with(|spec, _| spec.waived.push(rule.to_lowercase()));
        let after = findings(&waived);
        let still = after
            .iter()
            .any(|finding| finding.rule == rule && finding.severity == Blocking);
        assert_eq!(still, !waivable, "{}", row.code);
        if waivable {
            let finding = after
                .iter()
                .find(|finding| finding.rule == rule)
                .expect("the waived finding");
            assert!(finding.code.ends_with(".waived") && finding.severity == Warning && finding.waivable);
        }
    }
}
