//! Address ranges, and connectivity between cluster and workspace.

use super::names::{is_group_name, is_path_part};
use super::read::{CLUSTER, VNET as NETWORK, WORKSPACE};
use super::verdict::{block, info, on, unread, warn, when};
use super::{Case, Rule, Verdict};
use crate::facts::{SubnetFacts, VnetFacts};
use crate::finding::WizardStep::{self, Network};
use crate::spec::{NetworkPlugin, Outbound, SERVICE_CIDR, VnetChoice};
use core::net::Ipv4Addr;
use ipnet::Ipv4Net;

const CNI: &str = "learn.microsoft.com/azure/aks/concepts-network-cni-overview";
const DNS: &str = "learn.microsoft.com/azure/aks/concepts-network-ip-address-planning; \
                   learn.microsoft.com/troubleshoot/azure/azure-kubernetes/error-codes/dnsserviceipoutofservicecidr-error";
const SERVICE_RANGE: &str = "learn.microsoft.com/azure/aks/concepts-network-legacy-cni; \
                             learn.microsoft.com/troubleshoot/azure/azure-kubernetes/error-codes/servicecidroverlapexistingsubnetscidr-error";
const VNET: &str = "learn.microsoft.com/azure/machine-learning/v1/how-to-secure-inferencing-vnet";
const SPEC: &str = "learn.microsoft.com/rest/api/aks/managed-clusters/create-or-update";
const PRIVATE: &str =
    "learn.microsoft.com/azure/machine-learning/how-to-secure-kubernetes-inferencing-environment";
const SDK: &str = "package azureml-core 1.61, core/compute/compute.py";
const FIREWALL: &str = "learn.microsoft.com/azure/machine-learning/how-to-access-azureml-behind-firewall; \
                        learn.microsoft.com/azure/machine-learning/v1/how-to-deploy-azure-kubernetes-service";
const KUBENET: &str =
    "learn.microsoft.com/azure/aks/concepts-network-legacy-cni (kubenet retires 2028-03-31)";
const KUBENET_OWN: &str = "learn.microsoft.com/azure/aks/configure-kubenet";
const EGRESS: &str = "learn.microsoft.com/azure/aks/egress-outboundtype";
const NAMES: &str = "learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules";
/// Ranges reserved by AKS.
const RESERVED: [&str; 4] = ["169.254.0.0/16", "172.30.0.0/16", "172.31.0.0/16", "192.0.2.0/24"];
/// The service range must be smaller than a /12.
const TOO_LARGE_SERVICE_PREFIX: u8 = 12;

pub(super) const RULES: &[Rule] = &[
    Rule::local("NET-01", Network, VNET, all_or_none).says(&["NET-01", "NET-01.six"]),
    Rule::local("NET-02", Network, SDK, |case| {
        let place = &case.spec.place;
        let other_subscription = !place
            .subscription_id
            .eq_ignore_ascii_case(&place.workspace.subscription_id);
        let chosen = case
            .own_network()
            .filter(|_| case.through_aml() && other_subscription);
        on(chosen, |vnet| warn("network.vnet").with("vnet", &vnet.name))
    }),
    Rule::local("NET-03", Network, SPEC, malformed),
    Rule::local("NET-04", Network, DNS, dns_address),
    Rule::azure("NET-05", Network, SERVICE_RANGE, service_range)
        .reading(&[NETWORK], |case| case.own_network().is_some())
        .says(&[
            "NET-05",
            "NET-05.too_large",
            "NET-05.space",
            "NET-05.subnet",
            "NET-05.peers",
        ]),
    Rule::local("NET-06", Network, CNI, reserved).says(&["NET-06", "NET-06.vnet"]),
    Rule::azure("NET-08", Network, VNET, docker_bridge).says(&["NET-08", "NET-08.idle"]),
    Rule::azure("NET-13", WizardStep::Place, VNET, |case| {
        on(other_workspace_location(case, true), |location| {
            block("place.location")
                .with("workspaceLocation", location)
                .with("location", case.location())
        })
    })
    .reading(&[WORKSPACE], |case| !case.location().is_empty()),
    Rule::azure("NET-14", Network, PRIVATE, |case| {
        let private = case.workspace().filter(|workspace| workspace.private_endpoint);
        on(private, |workspace| {
            warn("network.vnet").with("workspace", &workspace.name)
        })
    })
    .reading(&[WORKSPACE], |_| true),
    Rule::azure("NET-15", WizardStep::Place, SDK, |case| {
        on(other_workspace_location(case, false), |location| {
            warn("place.location")
                .with("workspaceLocation", location)
                .with("location", case.location())
        })
    })
    .reading(&[WORKSPACE], |case| !case.location().is_empty()),
    Rule::local("NET-17", Network, FIREWALL, |case| {
        when(uses_route_table(case), || info("network.outbound"))
    }),
    Rule::local("NET-18", Network, KUBENET, |case| {
        let chosen = case.creates() && case.spec.network.plugin == NetworkPlugin::Kubenet;
        let existing = case
            .existing()
            .is_some_and(|cluster| cluster.network_plugin.eq_ignore_ascii_case("kubenet"));
        when(chosen || existing, || warn("network.plugin"))
    })
    .reading(&[CLUSTER], |case| case.uses_existing()),
    // AKS adds no route table to a network that it creates.
    Rule::local("NET-20", Network, EGRESS, |case| {
        when(uses_route_table(case) && case.spec.network.vnet.is_none(), || {
            block("network.outbound")
        })
    }),
    Rule::local("NET-21", Network, NAMES, names),
    // kubenet brings its own route table, for which AKS asks for a user-assigned identity (Azure/AKS issue 2333).
    Rule::local("NET-22", Network, KUBENET_OWN, |case| {
        let kubenet = case.creates() && case.spec.network.plugin == NetworkPlugin::Kubenet;
        when(kubenet && case.own_network().is_some(), || {
            block("network.plugin")
        })
    }),
];

/// Whether outbound traffic goes through a route table.
fn uses_route_table(case: &Case<'_>) -> bool {
    case.creates() && case.spec.network.outbound == Outbound::UserDefinedRouting
}

/// Parses an address range that may contain host bits (`172.17.0.1/16`).
fn host_net(text: &str) -> Option<Ipv4Net> {
    text.parse::<Ipv4Net>().ok().map(|net| net.trunc())
}

/// Parses an address range; `None` if it has host bits.
pub(super) fn net(text: &str) -> Option<Ipv4Net> {
    text.parse::<Ipv4Net>().ok().filter(|net| net.trunc() == *net)
}

fn overlap(left: Option<Ipv4Net>, right: Option<Ipv4Net>) -> bool {
    matches!((left, right), (Some(left), Some(right)) if left.contains(&right) || right.contains(&left))
}

/// Location of the workspace, if it differs from the cluster's. `private` selects workspaces with or without a private
/// endpoint.
fn other_workspace_location<'a>(case: &Case<'a>, private: bool) -> Option<&'a str> {
    let workspace = case
        .workspace()
        .filter(|workspace| workspace.private_endpoint == private)?;
    let location = workspace.location.as_str();
    let told = !case.location().is_empty() && !location.is_empty();
    (told && !case.is_located_in(location)).then_some(location)
}

/// Azure ML's API requires six values, the AKS API five.
fn all_or_none(case: &Case<'_>) -> Vec<Verdict> {
    let Some(vnet) = case.own_network() else {
        return Vec::new();
    };
    let mut values = vec![
        ("network.vnet.resourceGroup", &vnet.resource_group),
        ("network.vnet.name", &vnet.name),
        ("network.vnet.subnet", &vnet.subnet),
        ("network.vnet.serviceCidr", &vnet.service_cidr),
        ("network.vnet.dnsServiceIp", &vnet.dns_service_ip),
    ];
    if case.through_aml() {
        values.push(("network.vnet.dockerBridgeCidr", &vnet.docker_bridge_cidr));
    }
    let missing = values.into_iter().filter(|(_, value)| value.is_empty());
    let verdict = |field| {
        if case.through_aml() {
            block(field).variant("six")
        } else {
            block(field)
        }
    };
    missing.map(|(field, _)| verdict(field)).collect()
}

fn names(case: &Case<'_>) -> Vec<Verdict> {
    let Some(vnet) = case.own_network() else {
        return Vec::new();
    };
    let parts = [
        (
            "network.vnet.resourceGroup",
            &vnet.resource_group,
            is_group_name(&vnet.resource_group),
        ),
        ("network.vnet.name", &vnet.name, is_path_part(&vnet.name)),
        ("network.vnet.subnet", &vnet.subnet, is_path_part(&vnet.subnet)),
    ];
    let bad = parts
        .into_iter()
        .filter(|(_, name, fits)| !name.is_empty() && !fits);
    bad.map(|(field, name, _)| block(field).with("name", name))
        .collect()
}

/// The address range of pods that is sent, with its field, if the plugin has a separate one.
fn pod_range<'a>(case: &Case<'a>) -> Option<(&'static str, &'a str)> {
    let network = &case.spec.network;
    let is_sent = case.creates() && network.plugin != NetworkPlugin::Azure;
    is_sent.then_some(("network.podCidr", network.pod_cidr.as_str()))
}

/// The address ranges that are sent, with their fields: pods and services.
fn ranges<'a>(case: &Case<'a>) -> Vec<(&'static str, &'a str)> {
    let services = case
        .own_network()
        .map(|vnet| ("network.vnet.serviceCidr", vnet.service_cidr.as_str()));
    pod_range(case).into_iter().chain(services).collect()
}

fn malformed(case: &Case<'_>) -> Vec<Verdict> {
    let bad = ranges(case).into_iter().filter(|(_, text)| net(text).is_none());
    // NET-01 reports an empty service range as a missing value.
    let bad = bad.filter(|(field, text)| !text.is_empty() || *field == "network.podCidr");
    let mut found: Vec<Verdict> = bad
        .map(|(field, text)| block(field).with("range", text))
        .collect();
    if let Some(vnet) = case.own_network().filter(|_| case.through_aml()) {
        let text = &vnet.docker_bridge_cidr;
        found.extend(when(!text.is_empty() && host_net(text).is_none(), || {
            block("network.vnet.dockerBridgeCidr").with("range", text)
        }));
    }
    found
}

fn dns_address(case: &Case<'_>) -> Vec<Verdict> {
    let Some(vnet) = case.own_network().filter(|vnet| !vnet.dns_service_ip.is_empty()) else {
        return Vec::new();
    };
    let Some(range) = net(&vnet.service_cidr) else {
        return Vec::new();
    };
    let fits = vnet.dns_service_ip.parse::<Ipv4Addr>().is_ok_and(|address| {
        let first = u32::from(range.network()).saturating_add(1);
        let at_edge = address == range.network() || address == range.broadcast();
        range.contains(&address) && !at_edge && u32::from(address) != first
    });
    when(!fits, || {
        let verdict = block("network.vnet.dnsServiceIp").with("address", &vnet.dns_service_ip);
        verdict.with("range", &vnet.service_cidr)
    })
}

fn service_range(case: &Case<'_>) -> Vec<Verdict> {
    let choice = case.own_network();
    let services = choice.map_or(SERVICE_CIDR, |vnet| &vnet.service_cidr);
    let too_large = net(services).is_some_and(|range| range.prefix_len() <= TOO_LARGE_SERVICE_PREFIX);
    if too_large {
        let verdict = block("network.vnet.serviceCidr").variant("too_large");
        return vec![verdict.with("range", services)];
    }
    let meets = pod_range(case).filter(|(_, pods)| overlap(net(pods), net(services)));
    let mut found = on(meets, |(field, pods)| {
        block(field).with("range", pods).with("other", services)
    });
    let (Some(choice), Some(vnet)) = (choice, case.vnet()) else {
        return found;
    };
    found.extend(
        ranges(case)
            .into_iter()
            .filter_map(|sent| in_network(sent, choice, vnet)),
    );
    // The ranges of peered and on-premises networks are not read.
    found.push(
        warn("network.vnet.serviceCidr")
            .variant("peers")
            .with("range", services),
    );
    found
}

/// A range in the address space of the virtual network. AKS refuses services in a range of any subnet
/// (`ServiceCidrOverlapExistingSubnetsCidr`, Azure/AKS issues 1117 and 3551), and pods in that of the cluster's own
/// (learn.microsoft.com/azure/aks/concepts-network-azure-cni-overlay).
fn in_network(
    (field, range): (&'static str, &str),
    choice: &VnetChoice,
    vnet: &VnetFacts,
) -> Option<Verdict> {
    let is_of_services = field == "network.vnet.serviceCidr";
    let refuses = |subnet: &&SubnetFacts| is_of_services || subnet.name.eq_ignore_ascii_case(&choice.subnet);
    let met = |subnet: &SubnetFacts| {
        let mut prefixes = subnet.prefixes.iter();
        prefixes.find(|prefix| overlap(net(range), net(prefix))).cloned()
    };
    if let Some(prefix) = vnet.subnets.iter().filter(refuses).find_map(met) {
        return Some(block(field).with("range", range).with("other", prefix));
    }
    if let Some(prefix) = vnet.subnets.iter().find_map(met) {
        let verdict = warn(field).variant("subnet");
        return Some(verdict.with("range", range).with("other", prefix));
    }
    let space = vnet
        .address_space
        .iter()
        .find(|space| overlap(net(range), net(space)))?;
    Some(
        warn(field)
            .variant("space")
            .with("range", range)
            .with("other", space),
    )
}

fn reserved(case: &Case<'_>) -> Vec<Verdict> {
    let hit = |text: &str| {
        RESERVED
            .into_iter()
            .find(|reserved| overlap(net(text), net(reserved)))
    };
    let hits = ranges(case)
        .into_iter()
        .filter_map(|(field, text)| Some((field, text, hit(text)?)));
    let mut found: Vec<Verdict> = hits
        .map(|(field, text, reserved)| block(field).with("range", text).with("reserved", reserved))
        .collect();
    // The same ranges are closed to the cluster's network.
    let spaces = case
        .own_network()
        .and_then(|_| case.vnet())
        .map(|vnet| vnet.address_space.as_slice());
    let spaces = spaces.into_iter().flatten();
    found.extend(spaces.filter_map(|space| {
        let verdict = warn("network.vnet.name").variant("vnet").with("range", space);
        Some(verdict.with("reserved", hit(space)?))
    }));
    found
}

/// Only Azure ML's API still requires this range; AKS has ignored it since 2023-04.
fn docker_bridge(case: &Case<'_>) -> Vec<Verdict> {
    let Some(choice) = case.own_network().filter(|_| case.through_aml()) else {
        return Vec::new();
    };
    let field = "network.vnet.dockerBridgeCidr";
    let bridge = host_net(&choice.docker_bridge_cidr);
    let subnets = case
        .vnet()
        .map(|vnet| vnet.subnets.as_slice())
        .unwrap_or_default();
    let prefixes = subnets
        .iter()
        .flat_map(|subnet| subnet.prefixes.iter().map(String::as_str));
    let other = prefixes
        .chain([choice.service_cidr.as_str()])
        .find(|range| overlap(bridge, net(range)));
    if let Some(other) = other {
        return vec![
            block(field)
                .with("range", &choice.docker_bridge_cidr)
                .with("other", other),
        ];
    }
    if case.facts.vnet.why_unknown().is_some() {
        return unread("vnet", &case.facts.vnet);
    }
    when(bridge.is_some(), || {
        info(field)
            .variant("idle")
            .with("range", &choice.docker_bridge_cidr)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_range_overlaps_itself_and_its_halves_but_no_neighbour(bits: u32, prefix in 1u8..31) {
            let whole = Ipv4Net::new(Ipv4Addr::from(bits), prefix).expect("a prefix").trunc();
            let halves: Vec<Ipv4Net> = whole.subnets(prefix + 1).expect("halves").collect();
            prop_assert!(overlap(Some(whole), Some(whole)));
            prop_assert!(overlap(Some(whole), Some(halves[0])) && overlap(Some(halves[1]), Some(whole)));
            prop_assert!(!overlap(Some(halves[0]), Some(halves[1])));
            prop_assert!(!overlap(Some(whole), None));
            prop_assert_eq!(net(&whole.to_string()), Some(whole));
        }

        #[test]
        fn only_host_net_accepts_host_bits(bits: u32, prefix in 1u8..32) {
            let named = Ipv4Net::new(Ipv4Addr::from(bits), prefix).expect("a prefix");
            prop_assert_eq!(net(&named.to_string()).is_some(), named.addr() == named.network());
            prop_assert_eq!(host_net(&named.to_string()), Some(named.trunc()));
        }

        #[test]
        fn text_without_a_prefix_is_not_a_range(text in "[0-9.]{0,15}") {
            prop_assert_eq!(net(&text), None);
            prop_assert_eq!(host_net(&text), None);
        }
    }
}
