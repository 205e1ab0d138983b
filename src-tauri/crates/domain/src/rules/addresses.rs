//! Values that become part of a request's address. A value that would direct the request to a resource other than the one
//! shown is refused before anything is sent.

use super::verdict::block;
use super::{CLUSTER_ID, Case, Rule, Verdict, on_change};
use crate::change::Change;
use crate::finding::WizardStep::Place;
use crate::resource_id::{
    IdProblem, PartProblem, ResourceGroupId, ResourceId, Scope, check_group, check_part, id_in_address,
};
use crate::spec::{ClusterChoice, LoadBalancer, Spec};

const NAMES: &str = "learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules";

/// Id of the rule, which takes precedence over all others.
pub(crate) const ID: &str = "NAM-18";

pub(super) const RULES: &[Rule] = &[Rule::local(ID, Place, NAMES, |case| match case.change {
    Some(change) => of_change(change),
    None => of_spec(case),
})
.on_change(on_change::any)
.says(&[
    "NAM-18.character",
    "NAM-18.dots",
    "NAM-18.empty",
    "NAM-18.too_long",
    "NAM-18.not_an_id",
    "NAM-18.address",
    "NAM-18.not_a_cluster",
    "NAM-18.not_a_compute",
    "NAM-18.not_an_endpoint",
])];

fn of_spec(case: &Case<'_>) -> Vec<Verdict> {
    let cluster = match &case.spec.cluster {
        // ATT-01 reports malformed ids.
        ClusterChoice::Existing { resource_id } if !resource_id.is_empty() => ResourceId::check(resource_id)
            .err()
            .filter(|problem| *problem != IdProblem::Form && id_in_address(resource_id).is_none())
            .map(|problem| refused(CLUSTER_ID, CLUSTER_ID, resource_id, problem)),
        _ => None,
    };
    let names = names(case.spec)
        .into_iter()
        .filter_map(|(field, member, value, check)| {
            let problem = check(value)
                .err()
                .filter(|problem| *problem != PartProblem::Empty)?;
            Some(refused(field, member, value, problem.into()))
        });
    names.chain(cluster).collect()
}

type Check = fn(&str) -> Result<(), PartProblem>;

/// Each name in the specification: the field the finding refers to, the exact member, its value and its check.
fn names(spec: &Spec) -> Vec<(&'static str, &'static str, &str, Check)> {
    let (place, workspace) = (&spec.place, &spec.place.workspace);
    let mut all: Vec<(&'static str, &'static str, &str, Check)> = vec![
        (
            "place.subscriptionId",
            "place.subscriptionId",
            &place.subscription_id,
            check_part,
        ),
        (
            "place.resourceGroup",
            "place.resourceGroup",
            &place.resource_group,
            check_group,
        ),
        ("place.location", "place.location", &place.location, check_part),
        (
            "place.clusterName",
            "place.clusterName",
            &place.cluster_name,
            check_part,
        ),
        (
            "place.computeName",
            "place.computeName",
            &place.compute_name,
            check_part,
        ),
        ("place.namespace", "place.namespace", &place.namespace, check_part),
        (
            "place.workspace",
            "place.workspace.subscriptionId",
            &workspace.subscription_id,
            check_part,
        ),
        (
            "place.workspace",
            "place.workspace.resourceGroup",
            &workspace.resource_group,
            check_group,
        ),
        (
            "place.workspace",
            "place.workspace.name",
            &workspace.name,
            check_part,
        ),
    ];
    if let Some(vnet) = &spec.network.vnet {
        all.extend::<[(_, _, &str, Check); 3]>([
            (
                "network.vnet",
                "network.vnet.resourceGroup",
                &vnet.resource_group,
                check_group,
            ),
            ("network.vnet", "network.vnet.name", &vnet.name, check_part),
            ("network.vnet", "network.vnet.subnet", &vnet.subnet, check_part),
        ]);
    }
    if let Some(LoadBalancer::Internal { subnet: Some(subnet) }) = &spec.network.load_balancer {
        all.push((
            "network.loadBalancer",
            "network.loadBalancer.subnet",
            subnet,
            check_part,
        ));
    }
    all
}

fn of_change(change: &Change) -> Vec<Verdict> {
    match change {
        Change::Scale { cluster_id, pool, .. } | Change::Autoscale { cluster_id, pool, .. } => {
            [cluster(cluster_id), part("pool", pool)]
                .into_iter()
                .flatten()
                .collect()
        }
        Change::Upgrade { cluster_id, .. }
        | Change::Support { cluster_id, .. }
        | Change::Power { cluster_id, .. }
        | Change::CleanUp { cluster_id }
        | Change::DeleteCluster { cluster_id, .. } => cluster(cluster_id).into_iter().collect(),
        Change::LoadBalancer {
            compute_id,
            load_balancer,
        } => {
            let subnet = match load_balancer {
                LoadBalancer::Internal { subnet: Some(name) } if !name.is_empty() => {
                    part("loadBalancer.subnet", name)
                }
                _ => None,
            };
            [compute(compute_id), subnet].into_iter().flatten().collect()
        }
        Change::Tls { compute_id, .. }
        | Change::RenewLabel { compute_id }
        | Change::Refresh { compute_id }
        | Change::MoveBack { compute_id }
        | Change::MoveFinish { compute_id }
        | Change::Detach { compute_id }
        | Change::DeleteWithCluster { compute_id, .. } => compute(compute_id).into_iter().collect(),
        Change::Move {
            compute_id,
            new_compute,
            namespace,
        } => {
            let namespace = (!namespace.is_empty())
                .then(|| part("namespace", namespace))
                .flatten();
            let all = [compute(compute_id), part("newCompute", new_compute), namespace];
            all.into_iter().flatten().collect()
        }
        Change::Traffic { endpoint_id, .. }
        | Change::Canary { endpoint_id, .. }
        | Change::DeleteEndpoint { endpoint_id, .. }
        | Change::RegenerateKey { endpoint_id, .. }
        | Change::Auth { endpoint_id, .. } => endpoint(endpoint_id).into_iter().collect(),
        Change::DeleteVersion { endpoint_id, version } => {
            let all = [endpoint(endpoint_id), part("version", version)];
            all.into_iter().flatten().collect()
        }
        Change::Tags { resource_id, .. } => {
            let is_either = |id: &ResourceId<'_>| id.is_cluster() || id.is_compute();
            typed_id("resourceId", resource_id, is_either, "not_a_cluster")
                .into_iter()
                .collect()
        }
        Change::Grant {
            scope,
            principal_id,
            of,
            ..
        } => {
            let scope = Scope::check(scope)
                .err()
                .map(|problem| refused("", "scope", scope, problem));
            // GRT-02 reports an empty principal id.
            let empty = principal_id.trim().is_empty();
            let principal = (!empty).then(|| part("principalId", principal_id)).flatten();
            let of = of.as_deref().and_then(|id| {
                let problem = ResourceId::check(id).err()?;
                Some(refused("", "of", id, problem))
            });
            scope.into_iter().chain(principal).chain(of).collect()
        }
        Change::ClearUp { run, resources, .. } => {
            let all = resources.iter().filter_map(|id| {
                let problem = ResourceId::check(id)
                    .err()
                    .filter(|_| ResourceGroupId::parse(id).is_none())?;
                Some(refused("", "resources", id, problem))
            });
            part("run", run).into_iter().chain(all).collect()
        }
    }
}

fn cluster(id: &str) -> Option<Verdict> {
    typed_id("clusterId", id, |id| id.is_cluster(), "not_a_cluster")
}

fn compute(id: &str) -> Option<Verdict> {
    typed_id("computeId", id, |id| id.is_compute(), "not_a_compute")
}

fn endpoint(id: &str) -> Option<Verdict> {
    typed_id("endpointId", id, |id| id.is_endpoint(), "not_an_endpoint")
}

fn typed_id(
    member: &'static str,
    id: &str,
    has_type: impl Fn(&ResourceId<'_>) -> bool,
    wrong_type: &'static str,
) -> Option<Verdict> {
    match ResourceId::check(id) {
        Ok(parsed) if has_type(&parsed) => None,
        Ok(_) => Some(refused("", member, id, IdProblem::Form).variant(wrong_type)),
        Err(problem) => {
            let verdict = refused("", member, id, problem);
            let inside = id_in_address(id).filter(|id| ResourceId::parse(id).is_some_and(|id| has_type(&id)));
            Some(match inside {
                Some(inside) => verdict.variant("address").with("id", inside),
                None => verdict,
            })
        }
    }
}

fn part(member: &'static str, value: &str) -> Option<Verdict> {
    let problem = check_part(value).err()?;
    Some(refused("", member, value, problem.into()))
}

fn refused(field: &'static str, member: &str, value: &str, problem: IdProblem) -> Verdict {
    block(field)
        .variant(problem.code())
        .with("member", member)
        .with("value", value)
        .with("length", value.chars().count())
        .with("character", problem.character().unwrap_or_default())
}
