//! Pod disruption budgets.

use super::*;

/// A case with this budget.
fn with(good: &Good, budget: BudgetFacts) -> Good {
    facing(good, |facts| facts.change.budgets = Fact::Known(vec![budget]))
}

pub(super) fn rows() -> Vec<Row> {
    let upgrades = classic(upgrade("1.36", true));
    let (fewer, stops) = (classic(scale(2)), classic(power(false)));
    let lagging = BudgetFacts {
        allowed: None,
        ..budget("1", 0)
    };
    let mut rows = vec![
        told(
            "UPG-06",
            Blocking,
            upgrades.clone(),
            with(&upgrades, budget("3", 0)),
        ),
        told(
            "UPG-06.waived",
            Warning,
            upgrades.clone(),
            with(&upgrades, budget("3", 0)).with(|spec, _| spec.waived = vec!["UPG-06".into()]),
        ),
        told(
            "UPG-06.now",
            Warning,
            upgrades.clone(),
            with(&upgrades, budget("1", 0)),
        ),
        told(
            "UPG-06.untold",
            Unknown,
            upgrades.clone(),
            with(&upgrades, lagging.clone()),
        ),
        told(
            "SCL-11.stop",
            Warning,
            stops.clone(),
            with(&stops, budget("1", 0)),
        ),
        told("SCL-11.untold", Unknown, fewer.clone(), with(&fewer, lagging)),
    ];
    // More nodes drain nothing.
    for (grows, shrinks) in [(scale(5), scale(2)), (autoscale(1, 5), autoscale(1, 2))] {
        let hindered = |change| with(&classic(change), budget("3", 0));
        rows.push(told("SCL-11", Warning, hindered(grows), hindered(shrinks)));
    }
    rows
}

#[test]
fn only_what_drains_nodes_asks_about_budgets() {
    let about_budgets = |change| {
        let good = with(&moving(change), budget("3", 0));
        let mut codes = codes(&good);
        codes.retain(|code| code.starts_with("UPG-06") || code.starts_with("SCL-11"));
        codes.len()
    };
    for (change, findings) in [
        (upgrade("1.36", true), 1),
        (upgrade("1.36", false), 0),
        // The nodes have this version.
        (upgrade("1.35", true), 0),
        (power(false), 1),
        (power(true), 0),
        (scale(2), 1),
        (scale(4), 0),
        (autoscale(1, 2), 1),
        (autoscale_off(), 0),
        (detach(), 0),
        (delete("aks-there"), 0),
        (begin(), 0),
    ] {
        assert_eq!(about_budgets(change.clone()), findings, "{change:?}");
    }
}

#[test]
fn a_budget_without_pods_hinders_nobody_and_many_budgets_are_counted() {
    let upgrades = classic(upgrade("1.36", true));
    let idle = BudgetFacts {
        pods: Some(0),
        ..budget("1", 0)
    };
    assert!(
        codes(&with(&upgrades, idle))
            .iter()
            .all(|code| !code.starts_with("UPG-06"))
    );
    let many = facing(&upgrades, |facts| {
        facts.change.budgets = Fact::Known(vec![budget("3", 0); 5000]);
    });
    let found = findings(&many);
    let finding = found
        .iter()
        .find(|finding| finding.code == "UPG-06")
        .expect("a finding");
    assert!(finding.params["budgets"].ends_with("(+4990)"), "{finding:?}");
}

/// An upgrade needs consent, as everything that disrupts does.
#[test]
fn an_upgrade_waits_for_consent_if_the_budgets_could_not_be_read() {
    let severity = |change, waived: &[&str]| {
        let good = facing(&classic(change), |facts| {
            facts.change.budgets = Fact::Unknown("closed".into());
        })
        .with(|spec, _| spec.waived = waived.iter().map(|&one| one.to_owned()).collect());
        let all = findings(&good);
        let found = all.into_iter().find(|finding| finding.code == "unread.budgets");
        found.expect("a finding").severity
    };
    let id = good::cluster().id;
    assert_eq!(severity(upgrade("1.36", true), &[]), Blocking);
    assert_eq!(
        severity(upgrade("1.36", true), &[&format!("UPG-06:{id}")]),
        Unknown
    );
    assert_eq!(severity(power(false), &[]), Unknown);
    assert_eq!(severity(scale(2), &[]), Unknown);
}
