//! Ranges, subnets and reach.

use super::{Case, Rule, Verdict, block, info, unread, warn, when};
use crate::facts::{SubnetFacts, VnetFacts};
use crate::finding::WizardStep;
use crate::spec::{NetworkPlugin, Outbound, VnetChoice};
use ipnet::Ipv4Net;
use std::net::Ipv4Addr;

const CNI: &str = "learn.microsoft.com/azure/aks/concepts-network-cni-overview";
const PLANNING: &str = "learn.microsoft.com/azure/aks/concepts-network-ip-address-planning";
const OVERLAY: &str = "learn.microsoft.com/azure/aks/concepts-network-azure-cni-overlay";
const VNET: &str = "learn.microsoft.com/azure/machine-learning/v1/how-to-secure-inferencing-vnet";
/// Ranges AKS keeps for itself.
const RESERVED: [&str; 4] = ["169.254.0.0/16", "172.30.0.0/16", "172.31.0.0/16", "192.0.2.0/24"];
/// Pods a node of Azure CNI takes addresses for when nothing else is said.
const PODS_PER_NODE: u32 = 30;

pub(super) const RULES: &[Rule] = &[
    local("NET-01", VNET, all_or_none),
    local("NET-02", VNET, |case| {
        let same = case
            .spec
            .place
            .subscription_id
            .eq_ignore_ascii_case(&case.spec.place.workspace.subscription_id);
        when(
            case.through_aml() && case.spec.network.vnet.is_some() && !same,
            || warn("network.vnet"),
        )
    }),
    local("NET-03", CNI, unreadable_ranges),
    local("NET-04", PLANNING, dns_address),
    azure("NET-05", PLANNING, service_range),
    local("NET-06", CNI, reserved_ranges),
    local("NET-07", OVERLAY, pod_range),
    local("NET-08", VNET, |case| {
        let Some(vnet) = case.spec.network.vnet.as_ref().filter(|_| case.through_aml()) else {
            return Vec::new();
        };
        let overlapping = overlap(&host_net(&vnet.docker_bridge_cidr), &net(&vnet.service_cidr));
        when(overlapping, || {
            block("network.vnet.dockerBridgeCidr").with("range", &vnet.docker_bridge_cidr)
        })
    }),
    azure("NET-09", PLANNING, |case| room(case, NetworkPlugin::Azure)),
    azure("NET-10", OVERLAY, |case| room(case, NetworkPlugin::AzureOverlay)),
    azure("NET-11", CNI, own_network),
    azure(
        "NET-12",
        "learn.microsoft.com/azure/virtual-network/ip-services/default-outbound-access",
        no_way_out,
    ),
    azure("NET-13", VNET, |case| {
        let Some(workspace) = case.workspace().filter(|workspace| workspace.private_endpoint) else {
            return Vec::new();
        };
        let apart = !workspace.location.eq_ignore_ascii_case(case.location()) && !case.location().is_empty();
        when(apart, || {
            block("place.location")
                .with("workspaceLocation", &workspace.location)
                .with("location", case.location())
        })
    }),
    azure("NET-14", VNET, |case| {
        when(
            case.workspace()
                .is_some_and(|workspace| workspace.private_endpoint),
            || warn("network.vnet"),
        )
    }),
    azure(
        "NET-15",
        "package azureml-core 1.61, core/compute/compute.py",
        |case| {
            let Some(workspace) = case.workspace().filter(|workspace| !workspace.private_endpoint) else {
                return Vec::new();
            };
            let apart =
                !case.location().is_empty() && !workspace.location.eq_ignore_ascii_case(case.location());
            when(apart, || {
                warn("place.location")
                    .with("workspaceLocation", &workspace.location)
                    .with("location", case.location())
            })
        },
    ),
    local(
        "NET-17",
        "learn.microsoft.com/azure/machine-learning/how-to-access-azureml-behind-firewall",
        |case| {
            when(
                case.creates() && case.spec.network.outbound == Outbound::UserDefinedRouting,
                || info("network.outbound"),
            )
        },
    ),
    local(
        "NET-18",
        "learn.microsoft.com/azure/aks/concepts-network-legacy-cni",
        |case| {
            when(
                case.creates() && case.spec.network.plugin == NetworkPlugin::Kubenet,
                || warn("network.plugin"),
            )
        },
    ),
    local(
        "NET-20",
        "learn.microsoft.com/azure/aks/egress-outboundtype",
        |case| {
            let routed = case.creates() && case.spec.network.outbound == Outbound::UserDefinedRouting;
            when(routed && case.spec.network.vnet.is_none(), || {
                block("network.outbound")
            })
        },
    ),
];

const fn local(id: &'static str, source: &'static str, check: fn(&Case<'_>) -> Vec<Verdict>) -> Rule {
    Rule {
        id,
        source,
        step: WizardStep::Network,
        local: true,
        waivable: false,
        check,
    }
}

const fn azure(id: &'static str, source: &'static str, check: fn(&Case<'_>) -> Vec<Verdict>) -> Rule {
    Rule {
        id,
        source,
        step: WizardStep::Network,
        local: false,
        waivable: false,
        check,
    }
}

fn vnet_of_new<'a>(case: &'a Case<'_>) -> Option<&'a VnetChoice> {
    case.spec.network.vnet.as_ref().filter(|_| !case.uses_existing())
}

/// A range that may name a host inside it (`172.17.0.1/16`).
fn host_net(text: &str) -> Option<Ipv4Net> {
    text.parse::<Ipv4Net>().ok().map(|net| net.trunc())
}

/// A range, without host bits.
fn net(text: &str) -> Option<Ipv4Net> {
    text.parse::<Ipv4Net>().ok().filter(|net| net.trunc() == *net)
}

fn overlap(left: &Option<Ipv4Net>, right: &Option<Ipv4Net>) -> bool {
    matches!((left, right), (Some(left), Some(right)) if left.contains(right) || right.contains(left))
}

fn all_or_none(case: &Case<'_>) -> Vec<Verdict> {
    let Some(vnet) = vnet_of_new(case) else {
        return Vec::new();
    };
    let bridge = if case.through_aml() {
        vnet.docker_bridge_cidr.as_str()
    } else {
        "not asked for"
    };
    let six = [
        ("network.vnet.resourceGroup", vnet.resource_group.as_str()),
        ("network.vnet.name", &vnet.name),
        ("network.vnet.subnet", &vnet.subnet),
        ("network.vnet.serviceCidr", &vnet.service_cidr),
        ("network.vnet.dnsServiceIp", &vnet.dns_service_ip),
        ("network.vnet.dockerBridgeCidr", bridge),
    ];
    six.into_iter()
        .filter(|(_, value)| value.is_empty())
        .map(|(field, _)| block(field))
        .collect()
}

/// Ranges of the specification that count for this case, with their fields.
fn ranges<'a>(case: &'a Case<'_>) -> Vec<(&'static str, &'a str)> {
    if case.uses_existing() {
        return Vec::new();
    }
    let mut found = Vec::new();
    if case.creates() && case.spec.network.plugin != NetworkPlugin::Azure {
        found.push(("network.podCidr", case.spec.network.pod_cidr.as_str()));
    }
    if let Some(vnet) = &case.spec.network.vnet {
        found.push(("network.vnet.serviceCidr", vnet.service_cidr.as_str()));
    }
    found
}

fn unreadable_ranges(case: &Case<'_>) -> Vec<Verdict> {
    let unreadable = ranges(case)
        .into_iter()
        .filter(|(_, text)| !text.is_empty() && net(text).is_none());
    unreadable
        .map(|(field, text)| block(field).with("range", text))
        .collect()
}

fn dns_address(case: &Case<'_>) -> Vec<Verdict> {
    let Some(vnet) = vnet_of_new(case) else {
        return Vec::new();
    };
    let (Some(range), false) = (net(&vnet.service_cidr), vnet.dns_service_ip.is_empty()) else {
        return Vec::new();
    };
    let fits = vnet.dns_service_ip.parse::<Ipv4Addr>().is_ok_and(|address| {
        let first = u32::from(range.network()).saturating_add(1);
        range.contains(&address)
            && address != range.network()
            && address != range.broadcast()
            && u32::from(address) != first
    });
    when(!fits, || {
        block("network.vnet.dnsServiceIp")
            .with("address", &vnet.dns_service_ip)
            .with("range", &vnet.service_cidr)
    })
}

fn service_range(case: &Case<'_>) -> Vec<Verdict> {
    let Some(choice) = vnet_of_new(case) else {
        return Vec::new();
    };
    let service = net(&choice.service_cidr);
    if service.is_some_and(|range| range.prefix_len() < 12) {
        return vec![
            block("network.vnet.serviceCidr")
                .variant("too_large")
                .with("range", &choice.service_cidr),
        ];
    }
    let pods = net(&case.spec.network.pod_cidr).filter(|_| case.spec.network.plugin != NetworkPlugin::Azure);
    if overlap(&service, &pods) {
        let verdict = block("network.vnet.serviceCidr").with("range", &choice.service_cidr);
        return vec![verdict.with("other", &case.spec.network.pod_cidr)];
    }
    let Some(vnet) = chosen_vnet(case) else {
        return Vec::new();
    };
    let hits = |range: &Option<Ipv4Net>| {
        vnet.address_space
            .iter()
            .find(|space| overlap(range, &net(space)))
    };
    let mut found = Vec::new();
    if let Some(space) = hits(&service) {
        found.push(
            block("network.vnet.serviceCidr")
                .with("range", &choice.service_cidr)
                .with("other", space),
        );
    }
    if let Some(space) = hits(&pods) {
        found.push(
            block("network.podCidr")
                .with("range", &case.spec.network.pod_cidr)
                .with("other", space),
        );
    }
    found
}

fn reserved_ranges(case: &Case<'_>) -> Vec<Verdict> {
    let mut found = Vec::new();
    for (field, text) in ranges(case) {
        if let Some(reserved) = RESERVED
            .iter()
            .find(|reserved| overlap(&net(text), &net(reserved)))
        {
            found.push(block(field).with("range", text).with("reserved", reserved));
        }
    }
    found
}

/// Overlay gives each node a /24 of the pod range.
fn pod_range(case: &Case<'_>) -> Vec<Verdict> {
    if !case.creates() || case.spec.network.plugin != NetworkPlugin::AzureOverlay {
        return Vec::new();
    }
    let Some(range) = net(&case.spec.network.pod_cidr) else {
        return Vec::new();
    };
    let fits = 1u64 << u32::from(24u8.saturating_sub(range.prefix_len()));
    let fits = if range.prefix_len() > 24 { 0 } else { fits };
    let most = case
        .spec
        .size
        .autoscale
        .map_or(case.spec.size.nodes, |bounds| bounds.max);
    when(u64::from(most) > fits, || {
        block("network.podCidr")
            .with("range", &case.spec.network.pod_cidr)
            .with("nodes", most)
            .with("fits", fits)
    })
}

fn chosen_vnet<'a>(case: &'a Case<'_>) -> Option<&'a VnetFacts> {
    case.facts.vnet.known().and_then(Option::as_ref)
}

fn chosen_subnet<'a>(case: &'a Case<'_>) -> Option<&'a SubnetFacts> {
    let choice = vnet_of_new(case)?;
    chosen_vnet(case)?
        .subnets
        .iter()
        .find(|subnet| subnet.name.eq_ignore_ascii_case(&choice.subnet))
}

fn room(case: &Case<'_>, plugin: NetworkPlugin) -> Vec<Verdict> {
    if case.spec.network.plugin != plugin {
        return Vec::new();
    }
    let Some(free) = chosen_subnet(case).and_then(|subnet| subnet.free_addresses) else {
        return Vec::new();
    };
    let nodes = case.spec.size.nodes + 1;
    let need = match plugin {
        NetworkPlugin::Azure => nodes * (1 + PODS_PER_NODE),
        NetworkPlugin::AzureOverlay | NetworkPlugin::Kubenet => nodes + u32::from(case.internal()),
    };
    when(free < need, || {
        block("network.vnet.subnet").with("free", free).with("need", need)
    })
}

fn own_network(case: &Case<'_>) -> Vec<Verdict> {
    let Some(choice) = vnet_of_new(case).filter(|choice| !choice.name.is_empty()) else {
        return Vec::new();
    };
    let vnet = match case.facts.vnet.known() {
        None => return unread(&case.facts.vnet, "network.vnet.name"),
        Some(None) => {
            return vec![
                block("network.vnet.name")
                    .variant("absent")
                    .with("vnet", &choice.name),
            ];
        }
        Some(Some(vnet)) => vnet,
    };
    if !vnet.location.eq_ignore_ascii_case(&case.spec.place.location) {
        let verdict = block("network.vnet.name")
            .with("vnet", &vnet.name)
            .with("location", &vnet.location);
        return vec![verdict.with("clusterLocation", &case.spec.place.location)];
    }
    let Some(subnet) = chosen_subnet(case) else {
        let absent = || {
            block("network.vnet.subnet")
                .variant("no_subnet")
                .with("vnet", &vnet.name)
                .with("subnet", &choice.subnet)
        };
        return when(!choice.subnet.is_empty(), absent);
    };
    match subnet.delegations.first() {
        Some(service) => {
            vec![
                block("network.vnet.subnet")
                    .variant("delegated")
                    .with("subnet", &subnet.name)
                    .with("service", service),
            ]
        }
        // The identity of a cluster that is not made yet cannot have the role beforehand.
        None => vec![
            warn("network.vnet.subnet")
                .variant("role")
                .with("vnet", &vnet.name),
        ],
    }
}

fn no_way_out(case: &Case<'_>) -> Vec<Verdict> {
    let routed = case.spec.network.outbound == Outbound::UserDefinedRouting;
    let Some(subnet) = chosen_subnet(case).filter(|_| routed) else {
        return Vec::new();
    };
    when(!subnet.has_route_table && !subnet.has_nat_gateway, || {
        warn("network.vnet.subnet").with("subnet", &subnet.name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_range_overlaps_itself_and_its_halves(bits: u32, prefix in 1u8..31) {
            let whole = Ipv4Net::new(Ipv4Addr::from(bits), prefix).expect("a prefix").trunc();
            let half = whole.subnets(prefix + 1).expect("halves").next();
            prop_assert!(overlap(&Some(whole), &Some(whole)));
            prop_assert!(overlap(&Some(whole), &half));
            prop_assert_eq!(net(&whole.to_string()), Some(whole));
        }

        #[test]
        fn no_text_makes_a_range_rule_panic(text in ".{0,24}") {
            let _ = (net(&text), host_net(&text));
        }
    }
}
