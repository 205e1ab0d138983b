//! Required choices, without which no request can be built.

use super::verdict::{block, when};
use super::{Case, Rule, Verdict, on_change};
use crate::finding::WizardStep;
use crate::spec::ClusterChoice;

const CLUSTER: &str = "learn.microsoft.com/rest/api/aks/managed-clusters/create-or-update";
const COMPUTE: &str = "learn.microsoft.com/rest/api/azureml/compute/create-or-update";
const EXPOSURE: &str = "MicrosoftDocs/azure-docs issue 77654";

pub(super) const RULES: &[Rule] = &[
    Rule::local("SET-01", WizardStep::Place, CLUSTER, |case| {
        when(case.spec.place.subscription_id.is_empty(), || {
            block("place.subscriptionId")
        })
    }),
    Rule::local("SET-02", WizardStep::Place, COMPUTE, |case| {
        let workspace = &case.spec.place.workspace;
        let parts = [
            &workspace.subscription_id,
            &workspace.resource_group,
            &workspace.name,
        ];
        when(parts.iter().any(|part| part.is_empty()), || {
            block("place.workspace")
        })
    }),
    Rule::local("SET-03", WizardStep::Place, CLUSTER, |case| {
        when(
            case.creates() && case.spec.place.resource_group.is_empty(),
            || block("place.resourceGroup"),
        )
    }),
    Rule::local("SET-04", WizardStep::Place, CLUSTER, |case| {
        when(case.creates() && case.spec.place.location.is_empty(), || {
            block("place.location")
        })
    }),
    Rule::local("SET-05", WizardStep::Place, CLUSTER, cluster).says(&["SET-05", "SET-05.existing"]),
    Rule::local("SET-06", WizardStep::Place, COMPUTE, |case| {
        when(case.spec.place.compute_name.is_empty(), || {
            block("place.computeName")
        })
    })
    .on_change(on_change::moves),
    Rule::local("SET-07", WizardStep::Version, CLUSTER, |case| {
        when(case.creates() && case.spec.version.kubernetes.is_empty(), || {
            block("version.kubernetes")
        })
    }),
    // Without a size, AKS chooses one itself (since May 2025), and not always the same one.
    Rule::local(
        "SET-08",
        WizardStep::Size,
        "learn.microsoft.com/azure/aks/quotas-skus-regions",
        |case| {
            when(case.creates() && case.spec.size.vm_size.is_empty(), || {
                block("size.vmSize")
            })
        },
    ),
    // A public address must be an explicit choice.
    Rule::local("SET-09", WizardStep::Network, EXPOSURE, |case| {
        when(case.spec.network.load_balancer.is_none(), || {
            block("network.loadBalancer")
        })
    }),
    Rule::local("SET-10", WizardStep::Tls, COMPUTE, |case| {
        when(case.spec.tls.is_none(), || block("tls"))
    })
    .on_change(on_change::tls),
];

fn cluster(case: &Case<'_>) -> Vec<Verdict> {
    match &case.spec.cluster {
        ClusterChoice::Create => when(case.spec.place.cluster_name.is_empty(), || {
            block("place.clusterName")
        }),
        ClusterChoice::Existing { resource_id } => when(resource_id.is_empty(), || {
            block("cluster.resourceId").variant("existing")
        }),
        ClusterChoice::CreateThroughAml => Vec::new(),
    }
}
