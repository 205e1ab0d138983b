//! Every code of every rule: a case in which it is silent, and one in which it speaks.

use crate::good::{self, Good};
use crate::words;
use berth_domain::change::Change;
use berth_domain::finding::{Finding, Severity, WizardStep};
use berth_domain::preflight::{local_findings, preflight};
use berth_domain::rules::by_construction::KEPT_BY_CONSTRUCTION;
use berth_domain::rules::{Needs, Rule, all_codes, table, table_of_change};
use berth_domain::spec::*;
use std::collections::BTreeSet;

mod addresses;
mod change;
mod cluster;
mod network;
mod place;
mod size;
mod tls;

pub(crate) use Severity::{Blocking, Information, Unknown, Warning};

/// A good case, what spoils it, and what is said then.
pub(crate) struct Row {
    pub(crate) code: &'static str,
    pub(crate) severity: Severity,
    pub(crate) good: Good,
    pub(crate) spoilt: Good,
}

/// One row: silent before, speaking after.
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

/// Codes that block or warn somewhere.
pub(crate) fn worse_than_information() -> BTreeSet<&'static str> {
    rows()
        .iter()
        .filter(|row| row.severity != Information)
        .map(|row| row.code)
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
        "{code} speaks where all is well: {before:#?}"
    );
    let after = findings(&row.spoilt);
    let said: Vec<&Finding> = after.iter().filter(|finding| finding.code == code).collect();
    assert!(!said.is_empty(), "{code} is silent: {after:#?}");
    for finding in said {
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
fn each_rule_is_silent_where_all_is_well_and_speaks_where_it_is_not() {
    for row in rows() {
        check(&row);
    }
}

#[test]
fn no_code_is_without_a_case() {
    let tried: BTreeSet<&str> = rows().iter().map(|row| row.code).collect();
    let known: BTreeSet<&str> = all_codes()
        .into_iter()
        // What is said of a run that goes on is tried beside it (`plan::resuming`).
        .filter(|code| !code.starts_with("unread.") && !code.starts_with("RES-01."))
        .collect();
    assert_eq!(
        known.difference(&tried).collect::<Vec<_>>(),
        Vec::<&&str>::new(),
        "codes that no case tries"
    );
    assert_eq!(
        tried.difference(&known).collect::<Vec<_>>(),
        Vec::<&&str>::new(),
        "codes that no rule declares"
    );
}

/// The rules for setting up and those for changes: of the former, a grant has only the one on values in addresses.
fn all_rules() -> Vec<&'static Rule> {
    let grant = Change::Grant {
        scope: String::new(),
        principal_id: String::new(),
        role: berth_domain::change::Role::Reader,
        of: None,
    };
    let of_changes = table_of_change(&grant).filter(|rule| rule.id != "NAM-18");
    table().chain(of_changes).collect()
}

#[test]
fn each_rule_stands_once_in_the_table() {
    let mut seen = BTreeSet::new();
    for rule in all_rules() {
        assert!(seen.insert(rule.id), "{} stands twice", rule.id);
        let own = |code: &&str| *code == rule.id || code.starts_with(&format!("{}.", rule.id));
        assert!(rule.codes().iter().all(own), "{}: {:?}", rule.id, rule.codes());
        let waivable = rule.codes().iter().any(|code| code.ends_with(".waived"));
        assert_eq!(waivable, rule.waivable, "{}", rule.id);
    }
    for (id, why) in KEPT_BY_CONSTRUCTION {
        assert!(seen.insert(id), "{id} is in the table and said to be impossible");
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
fn good_cases_give_nothing_worse_than_what_they_are() {
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
fn all_is_told_at_once_worst_first_and_in_the_order_of_the_wizard() {
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
fn nothing_is_said_twice() {
    for row in rows() {
        no_twins(&findings(&row.spoilt));
    }
    no_twins(&findings(&Good {
        spec: Spec::default(),
        facts: berth_domain::facts::Facts::default(),
        change: None,
    }));
}

fn no_twins(found: &[Finding]) {
    for (at, finding) in found.iter().enumerate() {
        let twin = found[..at].iter().find(|other| {
            other.code == finding.code && other.field == finding.field && other.params == finding.params
        });
        assert!(twin.is_none(), "{finding:#?}");
    }
}

#[test]
fn an_empty_goal_lacks_what_it_lacks_and_nothing_panics() {
    let missing: BTreeSet<String> = local_findings(&Spec::default())
        .into_iter()
        .filter(|found| found.severity == Blocking)
        .map(|f| f.rule)
        .collect();
    let wanted = (1..=10).map(|number| format!("SET-{number:02}"));
    assert_eq!(missing, wanted.collect());
}

#[test]
fn what_is_said_while_typing_is_said_by_preflight_too() {
    for row in rows().into_iter().filter(|row| row.spoilt.change.is_none()) {
        let local = local_findings(&row.spoilt.spec);
        let all = findings(&row.spoilt);
        for finding in local {
            let known = all
                .iter()
                .any(|other| other.code == finding.code && other.field == finding.field);
            // A fact may change what a rule says, never whether it blocks.
            let known = known
                || all
                    .iter()
                    .any(|other| other.rule == finding.rule && other.severity <= finding.severity);
            assert!(known, "{}: {finding:#?}", row.code);
        }
    }
    let local = table().filter(|rule| rule.needs == Needs::Local).count();
    assert!(local > 40, "{local} rules answer while typing");
}

#[test]
fn findings_about_an_existing_cluster_lead_to_where_it_is_chosen() {
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
        assert!(lost.is_none(), "leads to a step that is not shown: {lost:#?}");
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
            let said = after
                .iter()
                .find(|finding| finding.rule == rule)
                .expect("said as a warning");
            assert!(said.code.ends_with(".waived") && said.severity == Warning && said.waivable);
        }
    }
}
