//! Who can reach the scoring address.

use super::{Case, Rule, Verdict, block, info, unread, warn, when};
use crate::facts::{Fact, PolicyDenial, SubnetFacts};
use crate::finding::WizardStep;
use crate::spec::{LoadBalancer, Outbound};

const INTERNAL: &str = "learn.microsoft.com/azure/aks/internal-lb";
const CLASSIC: &str = "learn.microsoft.com/azure/machine-learning/v1/how-to-create-attach-kubernetes";
const EXTENSION: &str = "learn.microsoft.com/azure/machine-learning/how-to-deploy-kubernetes-extension";
const BASIC: &str = "Azure/AKS CHANGELOG 2025-04-27; learn.microsoft.com/azure/machine-learning/v1/how-to-create-attach-kubernetes";
/// Subnet Azure ML looks for when none is named (package azureml-core 1.61, core/compute/aks.py).
const DEFAULT_SUBNET: &str = "aks-subnet";

pub(super) const RULES: &[Rule] = &[
    azure("LBR-05", INTERNAL, subnet_there),
    azure("LBR-07", INTERNAL, |case| {
        let Some(subnet) = internal_subnet(case) else {
            return Vec::new();
        };
        let full = subnet.free_addresses == Some(0);
        let taken = subnet.delegations.first();
        when(full || taken.is_some(), || {
            let service = taken.cloned().unwrap_or_default();
            let verdict = block("network.loadBalancer")
                .with("subnet", &subnet.name)
                .with("service", service);
            if full { verdict.variant("full") } else { verdict }
        })
    }),
    azure("LBR-08", INTERNAL, |case| {
        let own_network = case.spec.network.vnet.is_some() || existing_subnet_id(case).is_some();
        when(case.internal() && own_network, || warn("network.loadBalancer"))
    }),
    local("LBR-09", INTERNAL, |case| {
        when(case.internal(), || info("network.loadBalancer"))
    }),
    azure("LBR-10", CLASSIC, |case| {
        let field = "network.loadBalancer";
        if !case.public() {
            return Vec::new();
        }
        denials(&case.facts.address_policy, field)
            .unwrap_or_else(|| unread(&case.facts.address_policy, field))
    }),
    azure(
        "LBR-11",
        "learn.microsoft.com/azure/aks/egress-outboundtype",
        |case| {
            let egress = case.creates() && case.spec.network.outbound == Outbound::LoadBalancer;
            let field = "network.outbound";
            if !egress {
                return Vec::new();
            }
            denials(&case.facts.address_policy, field).unwrap_or_default()
        },
    ),
    local(
        "LBR-12",
        "learn.microsoft.com/azure/aks/load-balancer-standard",
        |case| when(case.public(), || info("network.loadBalancer")),
    ),
    local("LBR-15", EXTENSION, |case| {
        let LoadBalancerSubnet::Named(subnet) = named_subnet(case) else {
            return Vec::new();
        };
        when(case.extension(), || {
            block("network.loadBalancer").with("subnet", subnet)
        })
    }),
    azure(
        "LBR-18",
        "learn.microsoft.com/azure/load-balancer/load-balancer-basic-upgrade-guidance",
        |case| {
            let basic = case
                .existing()
                .is_some_and(|cluster| cluster.load_balancer_sku.eq_ignore_ascii_case("basic"));
            when(basic, || warn("cluster.resourceId"))
        },
    ),
    Rule {
        step: WizardStep::Purpose,
        waivable: true,
        ..local("LBR-19", BASIC, |case| {
            when(case.through_aml(), || block("cluster"))
        })
    },
    azure(
        "POL-01",
        "learn.microsoft.com/rest/api/policyinsights/policy-restrictions/check-at-resource-group-scope",
        |case| {
            if !case.creates() {
                return Vec::new();
            }
            let fact = &case.facts.cluster_policy;
            denials(fact, "").unwrap_or_else(|| unread(fact, ""))
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

/// The subnet of an internal load balancer.
enum LoadBalancerSubnet<'a> {
    NotInternal,
    Default,
    Named(&'a str),
}

fn named_subnet<'a>(case: &'a Case<'_>) -> LoadBalancerSubnet<'a> {
    match &case.spec.network.load_balancer {
        Some(LoadBalancer::Internal { subnet }) => match subnet.as_deref() {
            Some(name) if !name.is_empty() => LoadBalancerSubnet::Named(name),
            _ => LoadBalancerSubnet::Default,
        },
        Some(LoadBalancer::Public) | None => LoadBalancerSubnet::NotInternal,
    }
}

fn existing_subnet_id<'a>(case: &'a Case<'_>) -> Option<&'a str> {
    case.existing()?
        .pools
        .iter()
        .find_map(|pool| pool.subnet_id.as_deref())
}

fn internal_subnet<'a>(case: &'a Case<'_>) -> Option<&'a SubnetFacts> {
    let name = match named_subnet(case) {
        LoadBalancerSubnet::Named(name) => name,
        LoadBalancerSubnet::Default => DEFAULT_SUBNET,
        LoadBalancerSubnet::NotInternal => return None,
    };
    let vnet = case
        .facts
        .vnet
        .known()
        .and_then(Option::as_ref)
        .filter(|_| case.classic())?;
    vnet.subnets
        .iter()
        .find(|subnet| subnet.name.eq_ignore_ascii_case(name))
}

/// Only an own network can be looked into beforehand; the one AKS makes has a subnet of its own.
fn subnet_there(case: &Case<'_>) -> Vec<Verdict> {
    if !case.classic() {
        return Vec::new();
    }
    let Some(vnet) = case.facts.vnet.known().and_then(Option::as_ref) else {
        return Vec::new();
    };
    let there = |name: &str| {
        vnet.subnets
            .iter()
            .any(|subnet| subnet.name.eq_ignore_ascii_case(name))
    };
    let field = "network.loadBalancer";
    match named_subnet(case) {
        LoadBalancerSubnet::NotInternal => Vec::new(),
        LoadBalancerSubnet::Named(name) => when(!there(name), || {
            block(field).with("subnet", name).with("vnet", &vnet.name)
        }),
        LoadBalancerSubnet::Default => when(!there(DEFAULT_SUBNET), || {
            block(field)
                .variant("default")
                .with("subnet", DEFAULT_SUBNET)
                .with("vnet", &vnet.name)
        }),
    }
}

/// Denials as blocking verdicts; `None` while it is not known.
fn denials(fact: &Fact<Vec<PolicyDenial>>, field: &'static str) -> Option<Vec<Verdict>> {
    let found = fact
        .known()?
        .iter()
        .filter(|denial| denial.effect.eq_ignore_ascii_case("Deny"));
    Some(
        found
            .map(|denial| {
                block(field)
                    .with("policy", &denial.policy)
                    .with("reason", &denial.reason)
            })
            .collect(),
    )
}
