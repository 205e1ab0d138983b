//! Exposure of the scoring endpoint.

use super::policy::of_addresses;
use super::read::{CLUSTER, VNET};
use super::verdict::{block, info, on, unread, warn, when};
use super::{Case, Rule, Verdict, on_change};
use crate::bodies::managed_cluster::internal_subnet;
use crate::facts::SubnetFacts;
use crate::finding::WizardStep::{self, Network};
use crate::spec::Outbound;

const INTERNAL: &str = "learn.microsoft.com/azure/aks/internal-lb";
const PLANNING: &str = "learn.microsoft.com/azure/aks/concepts-network-ip-address-planning";
const CLASSIC: &str = "learn.microsoft.com/azure/machine-learning/v1/how-to-create-attach-kubernetes";
const EXTENSION: &str = "learn.microsoft.com/azure/machine-learning/how-to-deploy-kubernetes-extension";
const SDK: &str = "package azureml-core 1.61, core/compute/aks.py";
const EGRESS: &str = "learn.microsoft.com/azure/aks/egress-outboundtype";
const STANDARD: &str = "learn.microsoft.com/azure/aks/load-balancer-standard";
const RETIRED: &str = "learn.microsoft.com/azure/load-balancer/load-balancer-basic-upgrade-guidance";
const BASIC: &str = "learn.microsoft.com/azure/machine-learning/v1/how-to-create-attach-kubernetes; \
                     Azure/AKS CHANGELOG 2025-04-27";
/// Subnet that Azure ML uses if none is given (package azureml-core 1.61, core/compute/aks.py).
const DEFAULT_SUBNET: &str = "aks-subnet";
const FIELD: &str = "network.loadBalancer";

pub(super) const RULES: &[Rule] = &[
    Rule::azure("LBR-05", Network, INTERNAL, subnet_exists).on_change(on_change::load_balancer),
    Rule::azure("LBR-06", Network, SDK, |case| {
        let Some(vnet) = case
            .vnet()
            .filter(|_| wants_subnet(case) && chosen_subnet(case).is_none())
        else {
            return Vec::new();
        };
        when(find_subnet(case, DEFAULT_SUBNET).is_none(), || {
            warn(FIELD)
                .with("subnet", DEFAULT_SUBNET)
                .with("vnet", &vnet.name)
        })
    })
    .on_change(on_change::load_balancer)
    .reading(&[VNET], |case| {
        wants_subnet(case) && chosen_subnet(case).is_none()
    }),
    Rule::azure("LBR-07", Network, PLANNING, subnet_usable)
        .on_change(on_change::load_balancer)
        .reading(&[VNET], wants_subnet)
        .says(&["LBR-07", "LBR-07.full"]),
    Rule::local("LBR-09", Network, INTERNAL, |case| {
        when(case.internal(), || info(FIELD))
    })
    .on_change(on_change::load_balancer),
    Rule::azure("LBR-10", Network, CLASSIC, |case| {
        if case.public() {
            of_addresses(case, FIELD)
        } else {
            Vec::new()
        }
    })
    .on_change(on_change::load_balancer),
    Rule::azure("LBR-11", Network, EGRESS, |case| {
        let by_balancer = case.creates() && case.spec.network.outbound == Outbound::LoadBalancer;
        let public_egress = by_balancer || case.through_aml();
        if !public_egress {
            return Vec::new();
        }
        of_addresses(case, "network.outbound")
    })
    .on_change(on_change::load_balancer),
    Rule::local("LBR-15", Network, EXTENSION, |case| {
        if !case.extension() || !case.internal() {
            return Vec::new();
        }
        let verdict = |subnet: &str| warn(FIELD).variant("named").with("subnet", subnet);
        vec![chosen_subnet(case).map_or_else(|| info(FIELD), verdict)]
    })
    .on_change(on_change::load_balancer_without_subnet)
    .says(&["LBR-15", "LBR-15.named"]),
    Rule::azure("LBR-18", Network, RETIRED, |case| {
        let basic = case
            .existing()
            .filter(|cluster| cluster.load_balancer_sku.eq_ignore_ascii_case("basic"));
        on(basic, |cluster| {
            warn("cluster.resourceId").with("name", &cluster.name)
        })
    })
    .on_change(|change| on_change::load_balancer(change) || on_change::moves(change))
    .reading(&[CLUSTER], |case| case.uses_existing()),
    Rule::local("LBR-19", WizardStep::Purpose, BASIC, |case| {
        when(case.through_aml(), || block("cluster"))
    })
    .on_change(on_change::load_balancer)
    .waivable()
    .says(&["LBR-19", "LBR-19.waived"]),
    Rule::local("LBR-22", Network, STANDARD, |case| {
        when(case.public(), || info(FIELD))
    })
    .on_change(on_change::load_balancer),
];

/// Only the classic route lets the person choose the subnet of an internal address.
fn wants_subnet(case: &Case<'_>) -> bool {
    case.classic() && case.internal()
}

fn chosen_subnet<'a>(case: &Case<'a>) -> Option<&'a str> {
    internal_subnet(case.spec.network.load_balancer.as_ref()?)
}

/// Finds a subnet of the cluster's virtual network. Networks that AKS creates are not read.
fn find_subnet<'a>(case: &Case<'a>, name: &str) -> Option<&'a SubnetFacts> {
    case.vnet()?
        .subnets
        .iter()
        .find(|subnet| subnet.name.eq_ignore_ascii_case(name))
}

fn subnet_exists(case: &Case<'_>) -> Vec<Verdict> {
    let Some(name) = chosen_subnet(case).filter(|_| wants_subnet(case)) else {
        return Vec::new();
    };
    let Some(vnet) = case.vnet() else {
        return unread("vnet", &case.facts.vnet);
    };
    when(find_subnet(case, name).is_none(), || {
        block(FIELD).with("subnet", name).with("vnet", &vnet.name)
    })
}

fn subnet_usable(case: &Case<'_>) -> Vec<Verdict> {
    let subnet =
        find_subnet(case, chosen_subnet(case).unwrap_or(DEFAULT_SUBNET)).filter(|_| wants_subnet(case));
    let Some(subnet) = subnet else { return Vec::new() };
    let about = |verdict: Verdict| verdict.with("subnet", &subnet.name);
    let mut found = on(subnet.delegations.first(), |service| {
        about(warn(FIELD)).with("service", service)
    });
    found.extend(when(subnet.free_addresses == Some(0), || {
        about(warn(FIELD).variant("full"))
    }));
    found
}
