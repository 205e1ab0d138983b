//! Choices that have to be made: what no request can do without.

use super::{Case, Rule, Verdict, block, when};
use crate::finding::WizardStep;
use crate::spec::ClusterChoice;

const SOURCE: &str = "learn.microsoft.com/rest/api/aks/managed-clusters/create-or-update";

pub(super) const RULES: &[Rule] = &[
    missing("SET-01", WizardStep::Place, |case| {
        when(case.spec.place.subscription_id.is_empty(), || {
            block("place.subscriptionId")
        })
    }),
    missing("SET-02", WizardStep::Place, |case| {
        when(case.spec.place.workspace.resource_id().is_none(), || {
            block("place.workspace")
        })
    }),
    missing("SET-03", WizardStep::Place, |case| {
        when(
            case.creates() && case.spec.place.resource_group.is_empty(),
            || block("place.resourceGroup"),
        )
    }),
    missing("SET-04", WizardStep::Place, |case| {
        when(case.creates() && case.spec.place.location.is_empty(), || {
            block("place.location")
        })
    }),
    missing("SET-05", WizardStep::Place, |case| match &case.spec.cluster {
        ClusterChoice::Create => when(case.spec.place.cluster_name.is_empty(), || {
            block("place.clusterName")
        }),
        ClusterChoice::Existing { resource_id } => when(resource_id.is_empty(), || {
            block("cluster.resourceId").variant("existing")
        }),
        ClusterChoice::CreateThroughAml => Vec::new(),
    }),
    missing("SET-06", WizardStep::Place, |case| {
        when(case.spec.place.compute_name.is_empty(), || {
            block("place.computeName")
        })
    }),
    missing("SET-07", WizardStep::Version, |case| {
        when(case.creates() && case.spec.version.kubernetes.is_empty(), || {
            block("version.kubernetes")
        })
    }),
    missing("SET-08", WizardStep::Size, |case| {
        when(case.creates() && case.spec.size.vm_size.is_empty(), || {
            block("size.vmSize")
        })
    }),
    missing("SET-09", WizardStep::Network, |case| {
        when(case.spec.network.load_balancer.is_none(), || {
            block("network.loadBalancer")
        })
    }),
    missing("SET-10", WizardStep::Tls, |case| {
        when(case.spec.tls.is_none(), || block("tls"))
    }),
];

const fn missing(id: &'static str, step: WizardStep, check: fn(&Case<'_>) -> Vec<Verdict>) -> Rule {
    Rule {
        id,
        source: SOURCE,
        step,
        local: true,
        waivable: false,
        check,
    }
}
