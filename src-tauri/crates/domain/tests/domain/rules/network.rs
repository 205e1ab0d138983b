//! Address ranges, subnets, load balancers and Azure Policy.

mod balancers;

use super::{Blocking, Information, Row, Unknown, Warning, row};
use crate::good;
use berth_domain::facts::*;
use berth_domain::spec::*;

pub(crate) fn rows() -> Vec<Row> {
    [ranges(), places(), rooms(), balancers::rows()]
        .into_iter()
        .flatten()
        .collect()
}

fn vnet(spoil: impl FnOnce(&mut VnetChoice)) -> impl FnOnce(&mut Spec, &mut Facts) {
    move |spec, _| spoil(spec.network.vnet.as_mut().expect("a virtual network"))
}

fn subnet(spoil: impl FnOnce(&mut SubnetFacts)) -> impl FnOnce(&mut Spec, &mut Facts) {
    move |_, facts| {
        let mut found = good::vnet();
        spoil(&mut found.subnets[0]);
        facts.vnet = Fact::Known(Some(found));
    }
}

fn ranges() -> Vec<Row> {
    let own = good::own_network(NetworkPlugin::AzureOverlay);
    vec![
        row(
            "NET-01",
            Blocking,
            own.clone(),
            vnet(|choice| choice.subnet.clear()),
        ),
        row(
            "NET-01.six",
            Blocking,
            good::through_aml(),
            vnet(|choice| choice.docker_bridge_cidr.clear()),
        ),
        row("NET-02", Warning, good::through_aml(), |spec, _| {
            spec.place.subscription_id = "other".into()
        }),
        row(
            "NET-03",
            Blocking,
            own.clone(),
            vnet(|choice| choice.service_cidr = "10.0.0.1/16".into()),
        ),
        row("NET-03", Blocking, good::extension(), |spec, _| {
            spec.network.pod_cidr = "10.244.0.0".into()
        }),
        row(
            "NET-03",
            Blocking,
            good::through_aml(),
            vnet(|choice| choice.docker_bridge_cidr = "bridge".into()),
        ),
        row(
            "NET-04",
            Blocking,
            own.clone(),
            vnet(|choice| choice.dns_service_ip = "10.1.0.10".into()),
        ),
        row(
            "NET-04",
            Blocking,
            own.clone(),
            vnet(|choice| choice.dns_service_ip = "10.0.0.1".into()),
        ),
        row(
            "NET-05",
            Blocking,
            own.clone(),
            vnet(|choice| choice.service_cidr = "10.42.2.0/24".into()),
        ),
        row("NET-05", Blocking, own.clone(), |spec, _| {
            spec.network.pod_cidr = "10.42.0.0/16".into()
        }),
        row("NET-05", Blocking, good::extension(), |spec, _| {
            spec.network.pod_cidr = "10.0.128.0/17".into()
        }),
        row(
            "NET-05.space",
            Warning,
            own.clone(),
            vnet(|choice| choice.service_cidr = "10.42.128.0/17".into()),
        ),
        row("NET-05.subnet", Warning, own.clone(), |spec, facts| {
            let mut found = good::vnet();
            found.subnets[1].prefixes = vec!["10.42.128.0/17".into()];
            facts.vnet = Fact::Known(Some(found));
            spec.network.pod_cidr = "10.42.128.0/17".into();
        }),
        row("NET-06.vnet", Warning, own.clone(), |_, facts| {
            facts.vnet = Fact::Known(Some(VnetFacts {
                address_space: vec!["172.16.0.0/12".into()],
                ..good::vnet()
            }));
        }),
        row("NET-22", Blocking, own.clone(), |spec, _| {
            spec.network.plugin = NetworkPlugin::Kubenet
        }),
        row("NET-05", Blocking, own.clone(), |spec, _| {
            spec.network.pod_cidr = "10.0.0.0/15".into()
        }),
        row(
            "NET-05.too_large",
            Blocking,
            own.clone(),
            vnet(|choice| choice.service_cidr = "10.0.0.0/12".into()),
        ),
        row("NET-05.peers", Warning, good::extension(), |spec, facts| {
            spec.network.vnet = Some(good::vnet_choice());
            facts.vnet = Fact::Known(Some(good::vnet()));
        }),
        row(
            "NET-06",
            Blocking,
            own.clone(),
            vnet(|choice| choice.service_cidr = "172.30.64.0/18".into()),
        ),
        row("NET-06", Blocking, good::extension(), |spec, _| {
            spec.network.pod_cidr = "169.254.0.0/16".into()
        }),
        row("NET-07", Blocking, good::extension(), |spec, _| {
            spec.network.pod_cidr = "10.244.0.0/23".into()
        }),
        row(
            "NET-08",
            Blocking,
            good::through_aml(),
            vnet(|choice| choice.docker_bridge_cidr = "10.42.3.1/24".into()),
        ),
        row("NET-08.idle", Information, own.clone(), |spec, facts| {
            *spec = good::through_aml().spec;
            *facts = good::through_aml().facts;
        }),
        row(
            "NET-21",
            Blocking,
            own,
            vnet(|choice| choice.subnet = "a/b".into()),
        ),
    ]
}

fn elsewhere(private_endpoint: bool) -> impl FnOnce(&mut Spec, &mut Facts) {
    move |_, facts| {
        let location = "northeurope".into();
        facts.workspace = Fact::Known(Some(WorkspaceFacts {
            location,
            private_endpoint,
            ..good::workspace()
        }));
    }
}

fn next_hop(hop: Option<&'static str>) -> impl FnOnce(&mut Spec, &mut Facts) {
    move |_, facts| {
        facts.route_table = Fact::Known(Some(RouteTableFacts {
            name: "rt-hub".into(),
            default_next_hop: hop.map(str::to_owned),
        }));
    }
}

fn places() -> Vec<Row> {
    let own = good::own_network(NetworkPlugin::Azure);
    let routed = own
        .clone()
        .with(|spec, _| spec.network.outbound = Outbound::UserDefinedRouting);
    vec![
        row("NET-13", Blocking, good::extension(), elsewhere(true)),
        row("NET-14", Warning, good::extension(), elsewhere(true)),
        row("NET-15", Warning, good::extension(), elsewhere(false)),
        row("NET-11", Blocking, own.clone(), |_, facts| {
            facts.vnet = Fact::Known(Some(VnetFacts {
                location: "eastus".into(),
                ..good::vnet()
            }));
        }),
        row("NET-11.absent", Blocking, own.clone(), |_, facts| {
            facts.vnet = Fact::Known(None)
        }),
        row(
            "NET-11.no_subnet",
            Blocking,
            own.clone(),
            vnet(|choice| choice.subnet = "nodes".into()),
        ),
        row(
            "NET-11.delegated",
            Blocking,
            own.clone(),
            subnet(|found| found.delegations = vec!["Microsoft.Web/serverFarms".into()]),
        ),
        row(
            "NET-11.delegated_to_aks",
            Warning,
            own.clone(),
            subnet(|found| found.delegations = vec!["Microsoft.ContainerService/managedClusters".into()]),
        ),
        row("NET-11.role", Warning, good::extension(), |spec, facts| {
            spec.network.vnet = Some(good::vnet_choice());
            facts.vnet = Fact::Known(Some(good::vnet()));
        }),
        row(
            "NET-12",
            Blocking,
            routed.clone(),
            subnet(|found| found.route_table_id = None),
        ),
        row(
            "NET-12.nat",
            Blocking,
            routed.clone(),
            subnet(|found| {
                found.route_table_id = None;
                found.has_nat_gateway = true;
            }),
        ),
        row(
            "NET-12.next_hop",
            Blocking,
            routed.clone(),
            next_hop(Some("Internet")),
        ),
        row("NET-12.next_hop", Blocking, routed, next_hop(None)),
        row("NET-17", Information, own.clone(), |spec, _| {
            spec.network.outbound = Outbound::UserDefinedRouting
        }),
        row("NET-18", Warning, good::extension(), |spec, _| {
            spec.network.plugin = NetworkPlugin::Kubenet
        }),
        row("NET-18", Warning, good::existing(Route::Classic), |_, facts| {
            facts.cluster = Fact::Known(Some(ClusterFacts {
                network_plugin: "kubenet".into(),
                ..good::cluster()
            }));
        }),
        row(
            "NET-19",
            Information,
            own,
            subnet(|found| found.has_security_group = true),
        ),
        row("NET-20", Blocking, good::extension(), |spec, _| {
            spec.network.outbound = Outbound::UserDefinedRouting
        }),
    ]
}

fn rooms() -> Vec<Row> {
    // 10 % of 11 nodes is more than one.
    let large = |spec: &mut Spec, _: &mut Facts| spec.size.nodes = 11;
    let (azure, overlay) = (
        good::own_network(NetworkPlugin::Azure),
        good::own_network(NetworkPlugin::AzureOverlay),
    );
    vec![
        // 3 nodes and one more during an upgrade, each with 30 pods.
        row(
            "NET-09",
            Blocking,
            azure
                .clone()
                .with(subnet(|found| found.free_addresses = Some(124))),
            subnet(|found| {
                found.free_addresses = Some(123);
            }),
        ),
        row(
            "NET-09.upgrade",
            Warning,
            azure.clone().with(large),
            subnet(|found| found.free_addresses = Some(12 * 31)),
        ),
        row(
            "NET-10.upgrade",
            Warning,
            overlay.clone().with(large),
            subnet(|found| found.free_addresses = Some(12)),
        ),
        row("NET-07.upgrade", Warning, good::extension(), |spec, _| {
            spec.network.pod_cidr = "10.244.0.0/20".into();
            spec.size.nodes = 15;
        }),
        row(
            "NET-09.untold",
            Unknown,
            azure,
            subnet(|found| found.free_addresses = None),
        ),
        row(
            "NET-10",
            Blocking,
            overlay
                .clone()
                .with(subnet(|found| found.free_addresses = Some(4))),
            subnet(|found| {
                found.free_addresses = Some(3);
            }),
        ),
        row(
            "NET-10",
            Blocking,
            overlay
                .clone()
                .with(subnet(|found| found.free_addresses = Some(4))),
            |spec, _| {
                spec.network.load_balancer = Some(LoadBalancer::Internal { subnet: None });
            },
        ),
        row(
            "NET-10.untold",
            Unknown,
            overlay,
            subnet(|found| found.free_addresses = None),
        ),
    ]
}
