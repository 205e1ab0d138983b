//! Rules for changes: first those common to all, then by kind.

use super::{Blocking, Information, Row, Severity, Unknown, Warning, findings};
use crate::good::change::*;
use crate::good::{self, Good};
use berth_domain::change::{Change, Support};
use berth_domain::cluster_object::{ClusterObject, ObjectKind};
use berth_domain::facts::*;
use berth_domain::spec::*;
use std::collections::BTreeSet;

mod addresses;
mod budgets;
mod canary;
mod clearing;
mod endpoints;
mod granting;
mod growth;
mod leaving;
mod locks;
mod moving;
mod nodes;
mod pools;
mod serving;
mod support;
mod users;
mod versions;

pub(crate) fn rows() -> Vec<Row> {
    [
        common(),
        addresses::rows(),
        nodes::rows(),
        versions::rows(),
        support::rows(),
        serving::rows(),
        moving::rows(),
        leaving::rows(),
        locks::rows(),
        endpoints::rows(),
        canary::rows(),
        granting::rows(),
        growth::rows(),
        budgets::rows(),
        clearing::rows(),
        users::rows(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A good case, and a spoilt one that gets the finding.
fn told(code: &'static str, severity: Severity, good: Good, spoilt: Good) -> Row {
    Row {
        code,
        severity,
        good,
        spoilt,
    }
}

fn codes(good: &Good) -> BTreeSet<String> {
    findings(good).into_iter().map(|finding| finding.code).collect()
}

fn common() -> Vec<Row> {
    let more = classic(scale(5));
    let leaves = classic(detach());
    let secures = classic(secure(classic_id(), good::own()));
    let gone = facing(&leaves, |facts| facts.change.compute = Fact::Known(None));
    let lost = facing(&more, |facts| facts.cluster = Fact::Known(None));
    let mut rows = vec![
        told("CHG-01", Blocking, leaves.clone(), gone),
        told("CHG-01.cluster", Blocking, more.clone(), lost),
        told(
            "CHG-01.compute",
            Blocking,
            secures.clone(),
            facing(&secures, |facts| facts.cluster = Fact::Known(None)),
        ),
        told(
            "CHG-01.type",
            Blocking,
            secures.clone(),
            with_compute(&secures, "/properties/computeType", "VirtualMachine".into()),
        ),
        told(
            "CHG-01.type",
            Blocking,
            leaves.clone(),
            with_compute(&leaves, "/properties/computeType", serde_json::Value::Null),
        ),
        told("CHG-03", Warning, secures.clone(), serving(&secures)),
        told(
            "CHG-05",
            Blocking,
            secures.clone(),
            with_compute(&secures, "/location", serde_json::Value::Null),
        ),
        told(
            "CHG-05",
            Blocking,
            classic(tags(classic_id(), &[("a", "b")])),
            with_compute(
                &classic(tags(classic_id(), &[("a", "b")])),
                "/properties/resourceId",
                "".into(),
            ),
        ),
        told("CHG-03.none", Information, serving(&secures), secures),
        told(
            "ATT-24",
            Blocking,
            more.clone(),
            on(&more, |found| found.provisioning_state = "Upgrading".into()),
        ),
        told(
            "ATT-24",
            Blocking,
            more.clone(),
            on(&more, |found| {
                found.pools[0].provisioning_state = "Updating".into()
            }),
        ),
        told(
            "ATT-24",
            Blocking,
            leaves.clone(),
            with_compute(&leaves, "/properties/provisioningState", "Updating".into()),
        ),
    ];
    rows.extend(nothing_to_do());
    rows
}

/// Changes that are already in place, next to changes that are not.
fn nothing_to_do() -> Vec<Row> {
    let off = with_compute(
        &classic(secure(classic_id(), Tls::None)),
        "/properties/properties/sslConfiguration",
        serde_json::json!({ "status": "Disabled" }),
    );
    let same_tags = tags(good::cluster().id, &[("env", "production")]);
    let pairs = [
        (scale(4), classic(scale(3))),
        (autoscale(3, 5), classic(autoscale_off())),
        (upgrade("1.36", true), classic(upgrade("1.35", true))),
        (power(false), classic(power(true))),
        (tags(good::cluster().id, &[]), classic(same_tags)),
        (
            balance(classic_id(), internal(None)),
            classic(balance(classic_id(), LoadBalancer::Public)),
        ),
        (
            balance(new_id(), LoadBalancer::Public),
            extension(balance(new_id(), internal(None))),
        ),
        (secure(classic_id(), Tls::None), off),
    ];
    let row = |(change, spoilt): (Change, Good)| {
        let good = Good {
            change: Some(change),
            ..spoilt.clone()
        };
        let good = if spoilt.change == Some(secure(classic_id(), Tls::None)) {
            classic(secure(classic_id(), Tls::None))
        } else {
            good
        };
        told("CHG-02", Blocking, good, spoilt)
    };
    pairs.into_iter().map(row).collect()
}

#[test]
fn good_changes_get_only_the_expected_findings() {
    let cases: Vec<(Good, &[&str])> = vec![
        (classic(scale(5)), &[]),
        (extension(scale(5)), &[]),
        (classic(autoscale(3, 5)), &[]),
        (classic(upgrade("1.36", false)), &[]),
        (classic(upgrade("1.36", true)), &["VER-12"]),
        (extension(upgrade("1.36", false)), &[]),
        (classic(power(false)), &[]),
        (classic(tags(classic_id(), &[("a", "b"), ("Team", "x")])), &[]),
        (classic(tags(good::cluster().id, &[("a", "b")])), &["TAG-02"]),
        (classic(balance(classic_id(), internal(None))), &["LBR-12"]),
        (extension(balance(new_id(), LoadBalancer::Public)), &["LBR-12"]),
        (classic(secure(classic_id(), good::own())), &[]),
        (extension(secure(new_id(), good::own())), &[]),
        (classic(refresh()), &[]),
        (classic(begin()), &[]),
        (moving(back()), &[]),
        (moving(finish()), &[]),
        (
            facing(&classic(clean_up()), |facts| {
                good::attach(facts, vec![]);
                facts.leftovers =
                    Fact::Known(vec![ClusterObject::in_default(ObjectKind::Service, "azureml-fe")]);
            }),
            &[],
        ),
        (classic(detach()), &[]),
        (classic(delete("aks-there")), &["ATT-21", "DEL-01"]),
        (
            with_compute(
                &classic(delete_both("aks-there")),
                "/properties/isAttachedCompute",
                false.into(),
            ),
            &["DEL-01"],
        ),
        (classic(grant("o-1")), &[]),
        (classic(clear_up()), &["CLU-01.goes"]),
    ];
    for (good, expected) in cases {
        let good = facing(&good, |facts| {
            if matches!(&good.change, Some(Change::Tls { .. })) {
                facts.certificate = Fact::Known(Ok(good::certificate()));
            }
        });
        let found = findings(&good);
        let worse: BTreeSet<&str> = found
            .iter()
            .filter(|finding| finding.severity != Information)
            .map(|finding| finding.code.as_str())
            .collect();
        assert_eq!(
            worse,
            expected.iter().copied().collect(),
            "{:?}: {found:#?}",
            good.change
        );
    }
}

#[test]
fn no_problem_is_reported_by_two_rules() {
    let busy = |found: &mut ClusterFacts| found.provisioning_state = "Updating".into();
    let stopped = |found: &mut ClusterFacts| found.power_state = "Stopped".into();
    for change in [refresh(), begin()] {
        let good = classic(change);
        assert!(codes(&on(&good, busy)).contains("ATT-07"));
        assert!(!codes(&on(&good, busy)).contains("ATT-24"));
        assert!(codes(&on(&good, stopped)).contains("ATT-07.stopped"));
        assert!(!codes(&on(&good, stopped)).contains("SCL-04"));
    }
    let secures = classic(secure(classic_id(), good::own()));
    assert!(codes(&on(&secures, busy)).contains("ATT-24"));
    assert!(!codes(&on(&secures, busy)).contains("ATT-07"));
    let named = extension(balance(new_id(), internal(Some("snet"))));
    assert!(!codes(&named).iter().any(|code| code.starts_with("LBR-15")));
    let labelled = labelled(&classic(begin()));
    assert!(!codes(&labelled).contains("TLX-12"));
    let installed = facing(&classic(begin()), |facts| {
        let found = good::installed("other");
        facts.extensions = Fact::Known(vec![found]);
    });
    assert!(!codes(&installed).iter().any(|code| code.starts_with("EXT-")));
}
