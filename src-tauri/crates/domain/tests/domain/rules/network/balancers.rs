//! Load balancers and Azure Policy.

use super::super::{Blocking, Information, Row, Unknown, Warning, row};
use super::subnet;
use crate::good;
use berth_domain::change::Role;
use berth_domain::facts::*;
use berth_domain::finding::WizardStep;
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
        tags: Vec::new(),
    }])
}

/// A denial because of a missing tag.
fn untagged() -> Fact<Vec<PolicyDenial>> {
    Fact::Known(vec![PolicyDenial {
        policy: "require-owner".into(),
        reason: "tags.owner is required".into(),
        effect: "Deny".into(),
        tags: vec!["owner".into()],
    }])
}

/// The subnet of the nodes.
fn of_nodes(name: &str) -> String {
    format!("{}/subnets/{name}", good::vnet().id)
}

/// A cluster whose pools are in two subnets, with the roles of its identity on each.
fn in_subnets(roles: [Fact<Vec<String>>; 2]) -> impl FnOnce(&mut Spec, &mut Facts) {
    move |_, facts| {
        let ids = ["aks-subnet", "other"].map(of_nodes);
        let pool = |id: &String| PoolFacts {
            subnet_id: Some(id.clone()),
            ..good::pool(3)
        };
        facts.cluster = Fact::Known(Some(ClusterFacts {
            pools: ids.iter().map(pool).collect(),
            principal_id: Some("p-1".into()),
            ..good::cluster()
        }));
        let read = ids.into_iter().zip(roles);
        facts.network_roles = read.map(|(scope, roles)| ScopeRoles { scope, roles }).collect();
    }
}

fn contributor() -> Fact<Vec<String>> {
    Fact::Known(vec![Role::NetworkContributor.definition().into()])
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
    let with_roles = good::existing(Route::Extension).with(in_subnets([contributor(), contributor()]));
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
        row(
            "LBR-08.lacks",
            Warning,
            with_roles.clone(),
            in_subnets([contributor(), Fact::Known(vec![])]),
        ),
        row(
            "LBR-08.unread",
            Unknown,
            with_roles,
            in_subnets([contributor(), Fact::Unknown("403 Forbidden".into())]),
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
        row("POL-02", Blocking, good::extension(), |_, facts| {
            facts.cluster_policy = untagged()
        }),
    ]
}

/// What a policy asks of the tags is set where the tags are.
#[test]
fn a_policy_on_tags_leads_to_the_tags() {
    let denied = good::extension().with(|_, facts| {
        facts.cluster_policy = untagged();
        facts.address_policy = untagged();
    });
    let found = crate::rules::findings(&denied);
    let about: Vec<_> = found.iter().filter(|found| found.severity == Blocking).collect();
    let [only] = about.as_slice() else {
        panic!("{about:#?}")
    };
    assert_eq!(
        (only.code.as_str(), only.field.as_deref(), only.step),
        ("POL-02", Some("place.tags"), WizardStep::Place)
    );
}

/// Only the chosen subnet matters on the classic route.
#[test]
fn the_role_is_needed_where_the_address_will_be() {
    let lacking = |route: Route, subnet: Option<&'static str>| -> Vec<String> {
        let read = in_subnets([contributor(), Fact::Known(vec![])]);
        let good = good::existing(route).with(read).with(internal(subnet));
        let found = crate::rules::findings(&good);
        let found = found.into_iter().filter(|found| found.rule == "LBR-08");
        found
            .map(|found| format!("{} {}", found.code, found.params["vnet"]))
            .collect()
    };
    assert_eq!(lacking(Route::Extension, None), ["LBR-08.lacks vnet-ml/other"]);
    assert_eq!(
        lacking(Route::Extension, Some("aks-subnet")),
        ["LBR-08.lacks vnet-ml/other"]
    );
    assert_eq!(
        lacking(Route::Classic, Some("other")),
        ["LBR-08.lacks vnet-ml/other"]
    );
    assert!(lacking(Route::Classic, Some("aks-subnet")).is_empty());
    assert_eq!(
        lacking(Route::Classic, Some("elsewhere")),
        ["LBR-08 vnet-ml/elsewhere"]
    );
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
