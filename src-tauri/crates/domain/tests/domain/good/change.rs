//! Healthy existing clusters and computes, and changes to them that no rule blocks.

mod endpoints;
mod made;
mod upgrades;

pub(crate) use endpoints::*;
pub(crate) use made::*;
pub(crate) use upgrades::*;

use super::{Good, answering, attach, certificate, cluster, compute, everything, facts, installed};
use berth_domain::certificate::CertificateFacts;
use berth_domain::change::Change;
use berth_domain::cluster_object::{ClusterObject, ObjectKind};
use berth_domain::facts::*;
use berth_domain::secrets::PLAN_TAG;
use berth_domain::spec::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Name of the classic compute.
pub(crate) const CLASSIC: &str = "prod-01";
/// Name of the compute on the extension route.
pub(crate) const NEW: &str = "prod-02";

/// A change on a cluster with a classic compute: production, public, own certificate.
pub(crate) fn classic(change: Change) -> Good {
    // For clearing up, the run has made the only compute.
    let attached = match change {
        Change::ClearUp { .. } => compute(NEW, "Kubernetes"),
        _ => compute(CLASSIC, "AKS"),
    };
    let facts = Facts {
        cluster: Fact::Known(Some(cluster())),
        users: Some(ClusterUsers {
            computes: vec![attached],
            ..ClusterUsers::default()
        }),
        extensions: Fact::Known(vec![]),
        namespaces: Fact::Known(vec!["default".into(), "models".into()]),
        leftovers: Fact::Known(vec![]),
        cluster_policy: Fact::NotAsked,
        certificate: Fact::NotAsked,
        change: ChangeFacts {
            cluster: Fact::Known(Some(raw_cluster())),
            compute: Fact::Known(Some(raw_classic())),
            upgrades: Fact::Known(vec![target("1.36.2", false), target("1.35.9", false)]),
            budgets: Fact::Known(vec![budget("1", 1)]),
            front_end: Fact::NotAsked,
            kept: Fact::Known(Some(certificate())),
            presented: Fact::Known(Some(presented(40))),
            scope_rights: Fact::Known(everything()),
            owners: Fact::Known(vec![owner()]),
            run: Fact::Known(Some(made_run())),
            ..ChangeFacts::default()
        },
        ..facts()
    };
    Good {
        spec: Spec::default(),
        facts,
        change: Some(change),
    }
}

/// A change on a cluster with a compute on the extension route: production, internal, own certificate.
pub(crate) fn extension(change: Change) -> Good {
    classic(change).with(|_, facts| {
        attach(facts, vec![compute(NEW, "Kubernetes")]);
        facts.extensions = Fact::Known(vec![beside(false)]);
        facts.change.compute = Fact::Known(Some(raw_new()));
    })
}

/// A change on a cluster with both computes: a move that has begun but not finished.
pub(crate) fn moving(change: Change) -> Good {
    classic(change).with(|_, facts| {
        attach(facts, vec![compute(CLASSIC, "AKS"), moved()]);
        facts.extensions = Fact::Known(vec![beside(true)]);
        facts.leftovers = Fact::Known(vec![ClusterObject::in_default(
            ObjectKind::Deployment,
            "azureml-fe",
        )]);
    })
}

/// Changes the facts of a good case.
pub(crate) fn facing(good: &Good, spoil: impl FnOnce(&mut Facts)) -> Good {
    good.clone().with(|_, facts| spoil(facts))
}

/// Changes the cluster of a good case.
pub(crate) fn on(good: &Good, spoil: impl FnOnce(&mut ClusterFacts)) -> Good {
    facing(good, |facts| {
        let mut found = cluster();
        spoil(&mut found);
        facts.cluster = Fact::Known(Some(found));
    })
}

/// Changes a member of the compute in a good case.
pub(crate) fn with_compute(good: &Good, at: &str, value: Value) -> Good {
    facing(good, |facts| {
        let Fact::Known(Some(compute)) = &mut facts.change.compute else {
            panic!("a compute");
        };
        *compute.pointer_mut(at).expect("a member") = value;
    })
}

/// Adds a service on the classic compute to a good case.
pub(crate) fn serving(good: &Good) -> Good {
    facing(good, |facts| answering(facts, vec![dependent("fraud", CLASSIC)]))
}

pub(crate) fn dependent(name: &str, compute: &str) -> Dependent {
    Dependent {
        name: name.into(),
        compute: compute.into(),
        compute_id: super::compute(compute, "").id,
        url: Some(format!("https://ml.contoso.com/api/v1/service/{name}/score")),
        state: "Healthy".into(),
        deployments: vec![],
    }
}

/// A budget for three pods of which so many must stay, and so many may be evicted now.
pub(crate) fn budget(min_available: &str, allowed: u32) -> BudgetFacts {
    BudgetFacts {
        namespace: "azureml".into(),
        name: "fe".into(),
        selector: "app=azureml-fe".into(),
        pods: Some(3),
        min_available: Some(min_available.into()),
        max_unavailable: None,
        allowed: Some(allowed),
    }
}

/// The compute that a move made.
pub(crate) fn moved() -> ComputeFacts {
    ComputeFacts {
        tags: BTreeMap::from([(PLAN_TAG.to_owned(), "p-0".to_owned())]),
        ..compute(NEW, "Kubernetes")
    }
}

/// The internal extension, beside a classic front end or alone.
pub(crate) fn beside(classic: bool) -> ExtensionFacts {
    let mut found = installed("azureml");
    let settings = [
        ("scoringFe.serviceType.internalLoadBalancer", "True"),
        ("clusterPurpose", "FastProd"),
        ("scoringFe.enableUpgrade", if classic { "true" } else { "false" }),
    ];
    for (name, value) in settings {
        found.settings.insert(name.into(), value.into());
    }
    found
}

/// The certificate that the scoring address presents.
pub(crate) fn presented(days_left: i32) -> Presented {
    Presented {
        sha256: "5a".repeat(32),
        not_after: "2027-01-01T00:00:00Z".into(),
        days_left,
    }
}

pub(crate) fn renew() -> Change {
    Change::RenewLabel {
        compute_id: classic_id(),
    }
}

pub(crate) fn expired() -> CertificateFacts {
    CertificateFacts {
        expired: true,
        ..certificate()
    }
}

/// The cluster in Azure's JSON.
pub(crate) fn raw_cluster() -> Value {
    json!({
        "id": cluster().id,
        "name": "aks-there",
        "type": "Microsoft.ContainerService/ManagedClusters",
        "location": "westeurope",
        "tags": { "env": "production" },
        "properties": {
            "provisioningState": "Succeeded",
            "powerState": { "code": "Running" },
            "kubernetesVersion": "1.35.4",
            "currentKubernetesVersion": "1.35.4",
            "dnsPrefix": "there",
            "fqdn": "there.hcp.westeurope.azmk8s.io",
            "agentPoolProfiles": [{
                "name": "system",
                "count": 3,
                "vmSize": "Standard_D4s_v5",
                "mode": "System",
                "osType": "Linux",
                "orchestratorVersion": "1.35.4",
                "currentOrchestratorVersion": "1.35.4",
                "provisioningState": "Succeeded",
                "powerState": { "code": "Running" },
            }],
        },
    })
}

/// The classic compute in Azure's JSON.
pub(crate) fn raw_classic() -> Value {
    json!({
        "id": compute(CLASSIC, "AKS").id,
        "name": CLASSIC,
        "location": "westeurope",
        "tags": { "team": "fraud" },
        "properties": {
            "computeType": "AKS",
            "description": "Fraud in production",
            "resourceId": cluster().id,
            "isAttachedCompute": true,
            "provisioningState": "Succeeded",
            "createdOn": "2024-02-01T08:00:00Z",
            "properties": {
                "clusterPurpose": "FastProd",
                "loadBalancerType": "PublicIp",
                "loadBalancerSubnet": "former",
                "sslConfiguration": { "status": "Enabled", "cname": "ml.contoso.com" },
                "systemServices": [{ "systemServiceType": "ScoringFrontEnd" }],
            },
        },
    })
}

/// The compute on the extension route, in Azure's JSON.
pub(crate) fn raw_new() -> Value {
    json!({
        "id": compute(NEW, "Kubernetes").id,
        "name": NEW,
        "location": "westeurope",
        "tags": {},
        "properties": {
            "computeType": "Kubernetes",
            "resourceId": cluster().id,
            "isAttachedCompute": true,
            "provisioningState": "Succeeded",
            "properties": { "namespace": "models" },
        },
    })
}

/// Replaces the user's certificate with one from Microsoft for a label.
pub(crate) fn labelled(good: &Good) -> Good {
    let tls = json!({ "status": "Auto", "leafDomainLabel": "contoso" });
    with_compute(good, "/properties/properties/sslConfiguration", tls)
}

pub(crate) fn scale(nodes: u32) -> Change {
    Change::Scale {
        cluster_id: cluster().id,
        pool: "system".into(),
        nodes,
    }
}

pub(crate) fn autoscale(min: u32, max: u32) -> Change {
    Change::Autoscale {
        cluster_id: cluster().id,
        pool: "system".into(),
        bounds: Some(Autoscale { min, max }),
    }
}

pub(crate) fn autoscale_off() -> Change {
    Change::Autoscale {
        cluster_id: cluster().id,
        pool: "system".into(),
        bounds: None,
    }
}

pub(crate) fn power(running: bool) -> Change {
    Change::Power {
        cluster_id: cluster().id,
        running,
    }
}

pub(crate) fn tags(resource_id: String, tags: &[(&str, &str)]) -> Change {
    let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Change::Tags {
        resource_id,
        tags: tags.iter().map(own).collect(),
    }
}

pub(crate) fn balance(compute_id: String, load_balancer: LoadBalancer) -> Change {
    Change::LoadBalancer {
        compute_id,
        load_balancer,
    }
}

pub(crate) fn internal(subnet: Option<&str>) -> LoadBalancer {
    LoadBalancer::Internal {
        subnet: subnet.map(str::to_owned),
    }
}

pub(crate) fn secure(compute_id: String, tls: Tls) -> Change {
    Change::Tls { compute_id, tls }
}

pub(crate) fn refresh() -> Change {
    Change::Refresh {
        compute_id: classic_id(),
    }
}

pub(crate) fn begin() -> Change {
    Change::Move {
        compute_id: classic_id(),
        new_compute: NEW.into(),
        namespace: "models".into(),
    }
}

pub(crate) fn back() -> Change {
    Change::MoveBack {
        compute_id: classic_id(),
    }
}

pub(crate) fn finish() -> Change {
    Change::MoveFinish {
        compute_id: classic_id(),
    }
}

pub(crate) fn clean_up() -> Change {
    Change::CleanUp {
        cluster_id: cluster().id,
    }
}

pub(crate) fn detach() -> Change {
    Change::Detach {
        compute_id: classic_id(),
    }
}

pub(crate) fn delete(confirm: &str) -> Change {
    Change::DeleteCluster {
        cluster_id: cluster().id,
        confirm: confirm.into(),
    }
}

pub(crate) fn delete_both(confirm: &str) -> Change {
    Change::DeleteWithCluster {
        compute_id: classic_id(),
        confirm: confirm.into(),
    }
}

pub(crate) fn classic_id() -> String {
    compute(CLASSIC, "AKS").id
}

pub(crate) fn new_id() -> String {
    compute(NEW, "Kubernetes").id
}
