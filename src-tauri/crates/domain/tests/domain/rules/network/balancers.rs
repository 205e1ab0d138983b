//! Load balancers and Azure Policy.

use super::super::{Blocking, Information, Row, Warning, row};
use super::subnet;
use crate::good;
use berth_domain::facts::*;
use berth_domain::spec::*;

fn internal(subnet: Option<&'static str>) -> impl FnOnce(&mut Spec, &mut Facts) {
    move |spec, _| {
        spec.network.load_balancer = Some(LoadBalancer::Internal {
            subnet: subnet.map(str::to_owned),
        });
    }
}

fn denial() -> Fact<Vec<PolicyDenial>> {
    Fact::Known(vec![PolicyDenial {
        policy: "no-public-ip".into(),
        reason: "Public addresses are denied.".into(),
        effect: "Deny".into(),
    }])
}

pub(super) fn rows() -> Vec<Row> {
    let classic =
        good::existing(Route::Classic).with(|_, facts| facts.vnet = Fact::Known(Some(good::vnet())));
    let audited = good::extension().with(|_, facts| {
        let Fact::Known(mut denied) = denial() else { return };
        denied[0].effect = "Audit".into();
        facts.address_policy = Fact::Known(denied);
    });
    let routed = good::own_network(NetworkPlugin::Azure).with(|spec, facts| {
        spec.network.outbound = Outbound::UserDefinedRouting;
        facts.address_policy = denial();
    });
    vec![
        row("LBR-05", Blocking, classic.clone(), internal(Some("absent"))),
        row(
            "LBR-06",
            Warning,
            classic.clone(),
            subnet(|found| found.name = "nodes".into()),
        ),
        row(
            "LBR-07",
            Warning,
            classic.clone(),
            subnet(|found| found.delegations = vec!["Microsoft.Web/serverFarms".into()]),
        ),
        row(
            "LBR-07.full",
            Warning,
            classic.clone(),
            subnet(|found| found.free_addresses = Some(0)),
        ),
        row("LBR-08", Warning, classic, |_, facts| {
            let subnet_id = Some(format!("{}/subnets/aks-subnet", good::vnet().id));
            let pools = vec![PoolFacts {
                subnet_id,
                ..good::pool(3)
            }];
            facts.cluster = Fact::Known(Some(ClusterFacts {
                pools,
                ..good::cluster()
            }));
        }),
        row(
            "LBR-08",
            Warning,
            good::own_network(NetworkPlugin::Azure),
            internal(None),
        ),
        row("LBR-09", Information, good::extension(), internal(None)),
        row("LBR-10", Blocking, audited, |_, facts| {
            facts.address_policy = denial()
        }),
        row("LBR-11", Blocking, routed, |spec, _| {
            spec.network.outbound = Outbound::LoadBalancer
        }),
        row("LBR-15", Information, good::extension(), internal(None)),
        row(
            "LBR-15.named",
            Warning,
            good::extension(),
            internal(Some("aks-subnet")),
        ),
        row("LBR-19", Blocking, good::classic(), |spec, _| {
            spec.cluster = ClusterChoice::CreateThroughAml
        }),
        row("LBR-19.waived", Warning, good::classic(), |spec, _| {
            spec.cluster = ClusterChoice::CreateThroughAml;
            spec.waived = vec!["LBR-19".into()];
        }),
        row(
            "LBR-22",
            Information,
            good::existing(Route::Extension),
            |spec, _| {
                spec.network.load_balancer = Some(LoadBalancer::Public);
            },
        ),
        row("POL-01", Blocking, good::extension(), |_, facts| {
            facts.cluster_policy = denial()
        }),
    ]
}

#[test]
fn a_policy_that_denies_the_cluster_too_is_not_about_addresses() {
    let both = good::extension().with(|_, facts| {
        facts.cluster_policy = denial();
        facts.address_policy = denial();
    });
    let found = crate::rules::findings(&both);
    let rules: Vec<&str> = found.iter().map(|finding| finding.rule.as_str()).collect();
    assert!(rules.contains(&"POL-01"), "{rules:?}");
    assert!(
        !rules.contains(&"LBR-10") && !rules.contains(&"LBR-11"),
        "{rules:?}"
    );
}

/// Azure ML creates a cluster where the workspace is, if no location is chosen.
#[test]
fn without_a_location_that_of_the_workspace_counts() {
    let rules = |good: &good::Good| -> Vec<String> {
        let found = crate::rules::findings(good);
        found.into_iter().map(|finding| finding.code).collect()
    };
    let open = good::through_aml().with(|spec, _| spec.place.location.clear());
    assert_eq!(rules(&open), rules(&good::through_aml()));
}
