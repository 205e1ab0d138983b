//! From a specification and facts to the ordered steps.

use super::{Note, Plan, PlanError, PlanStep, PlannedRequest, StepKind, UsualTime};
use crate::api_versions::negotiate;
use crate::bodies::compute_aks::compute_aks;
use crate::bodies::compute_kubernetes::compute_kubernetes;
use crate::bodies::compute_through_aml::compute_through_aml;
use crate::bodies::extension::{EXTENSION_NAME, EXTENSION_TYPE, extension};
use crate::bodies::managed_cluster::managed_cluster;
use crate::bodies::tags;
use crate::facts::{ClusterFacts, Facts};
use crate::spec::{ClusterChoice, LoadBalancer, Route, Spec, Tls};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const CONTAINER_SERVICE: &str = "Microsoft.ContainerService";
const KUBERNETES_CONFIGURATION: &str = "Microsoft.KubernetesConfiguration";
const MACHINE_LEARNING: &str = "Microsoft.MachineLearningServices";

/// The plan of a specification. `plan_id` marks what the run will make.
///
/// # Errors
/// [`PlanError::Missing`] while something the requests need has not been chosen.
pub fn plan(spec: &Spec, facts: &Facts, plan_id: &str) -> Result<Plan, PlanError> {
    let maker = Maker::new(spec, facts, plan_id)?;
    let mut steps = Vec::new();
    steps.extend(maker.certificate());
    steps.extend(maker.providers());
    steps.extend(maker.group());
    match (&spec.cluster, spec.route) {
        (ClusterChoice::CreateThroughAml, _) => steps.push(maker.through_aml()),
        (ClusterChoice::Create | ClusterChoice::Existing { .. }, route) => {
            steps.extend(maker.cluster()?);
            if route == Route::Extension {
                steps.extend(maker.namespace()?);
                steps.extend(maker.extension()?);
            }
            steps.push(maker.attach()?);
        }
    }
    steps.push(maker.prove()?);
    Ok(Plan { id: plan_id.to_owned(), spec: spec.clone(), steps, pair: spec.tls.as_ref().and_then(Tls::pair).cloned() })
}

struct Maker<'a> {
    spec: &'a Spec,
    facts: &'a Facts,
    plan_id: &'a str,
    compute_id: String,
    workspace_location: &'a str,
    load_balancer: &'a LoadBalancer,
}

impl<'a> Maker<'a> {
    fn new(spec: &'a Spec, facts: &'a Facts, plan_id: &'a str) -> Result<Self, PlanError> {
        let compute_id = spec.place.compute_id().ok_or(PlanError::Missing("place.computeName"))?;
        let load_balancer = spec.network.load_balancer.as_ref().ok_or(PlanError::Missing("network.loadBalancer"))?;
        if spec.tls.is_none() {
            return Err(PlanError::Missing("tls"));
        }
        let workspace = facts.workspace.known().and_then(Option::as_ref);
        let workspace_location = workspace.map_or(spec.place.location.as_str(), |found| &found.location);
        Ok(Self { spec, facts, plan_id, compute_id, workspace_location, load_balancer })
    }

    fn existing(&self) -> Option<&'a ClusterFacts> {
        match self.spec.cluster {
            ClusterChoice::Existing { .. } => self.facts.cluster.known().and_then(Option::as_ref),
            ClusterChoice::Create | ClusterChoice::CreateThroughAml => None,
        }
    }

    fn cluster_id(&self) -> Result<String, PlanError> {
        self.spec.cluster_id().ok_or(PlanError::Missing("place.clusterName"))
    }

    fn api(&self, namespace: &str, kind: &str) -> &'static str {
        negotiate(self.facts.providers.known().map(Vec::as_slice), namespace, kind)
    }

    fn put(&self, id: &str, namespace: &str, kind: &str, body: Value) -> PlannedRequest {
        let path = format!("{id}?api-version={}", self.api(namespace, kind));
        PlannedRequest { method: "PUT".to_owned(), path, body: Some(body) }
    }

    fn certificate(&self) -> Option<PlanStep> {
        let Some(Tls::Generated { cname, pair: None, .. }) = &self.spec.tls else { return None };
        let kind = StepKind::MakeCertificate { cname: cname.clone() };
        Some(step("make_certificate", kind, None, (0, 5), note("undo.certificate", [])))
    }

    /// Providers that are not registered yet; registering is asynchronous and safe to repeat
    /// (learn.microsoft.com/azure/azure-resource-manager/management/resource-providers-and-types).
    fn providers(&self) -> Vec<PlanStep> {
        let mut needed = vec![CONTAINER_SERVICE];
        if self.spec.route == Route::Extension {
            needed.push(KUBERNETES_CONFIGURATION);
        }
        let known = self.facts.providers.known().map(Vec::as_slice).unwrap_or_default();
        let missing = needed.into_iter().filter(|namespace| {
            known.iter().any(|provider| {
                provider.namespace.eq_ignore_ascii_case(namespace)
                    && !provider.registration_state.eq_ignore_ascii_case("Registered")
            })
        });
        missing
            .map(|namespace| {
                let resource_id =
                    format!("/subscriptions/{}/providers/{namespace}", self.spec.place.subscription_id);
                let path =
                    format!("{resource_id}/register?api-version={}", self.api("Microsoft.Resources", "resourceGroups"));
                let request = PlannedRequest { method: "POST".to_owned(), path, body: None };
                let kind = StepKind::RegisterProvider { namespace: namespace.to_owned(), resource_id };
                let id = format!("register_{}", namespace.rsplit('.').next().unwrap_or_default().to_lowercase());
                step(&id, kind, Some(request), (30, 180), note("undo.provider", []))
            })
            .collect()
    }

    fn group(&self) -> Option<PlanStep> {
        let place = &self.spec.place;
        let exists = matches!(self.facts.resource_group.known(), Some(Some(_)));
        if !place.new_resource_group || exists || matches!(self.spec.cluster, ClusterChoice::Existing { .. }) {
            return None;
        }
        let id = format!("/subscriptions/{}/resourceGroups/{}", place.subscription_id, place.resource_group);
        let body = json!({ "location": place.location, "tags": tags(self.plan_id) });
        let request = self.put(&id, "Microsoft.Resources", "resourceGroups", body);
        let kind = StepKind::EnsureResourceGroup { resource_id: id };
        Some(step("ensure_resource_group", kind, Some(request), (1, 10), note("undo.resource_group", [])))
    }

    fn cluster(&self) -> Result<Option<PlanStep>, PlanError> {
        if self.spec.cluster != ClusterChoice::Create {
            return Ok(None);
        }
        let size = &self.spec.size;
        for (value, field) in [
            (&self.spec.place.location, "place.location"),
            (&size.vm_size, "size.vmSize"),
            (&self.spec.version.kubernetes, "version.kubernetes"),
        ] {
            if value.is_empty() {
                return Err(PlanError::Missing(field));
            }
        }
        let id = self.cluster_id()?;
        let body = managed_cluster(self.spec, self.plan_id);
        let request = self.put(&id, CONTAINER_SERVICE, "managedClusters", body);
        let mut made =
            step("create_cluster", StepKind::CreateCluster { resource_id: id }, Some(request), (240, 600), note("undo.cluster", []));
        let nodes = [("nodes", size.nodes.to_string()), ("vmSize", size.vm_size.clone())];
        made.costs.push(note("cost.nodes", nodes));
        if !matches!(self.spec.version.tier, crate::spec::Tier::Free) || self.spec.version.long_term_support {
            made.costs.push(note("cost.control_plane", []));
        }
        made.costs.push(note("cost.load_balancer", []));
        Ok(Some(made))
    }

    fn namespace(&self) -> Result<Option<PlanStep>, PlanError> {
        let namespace = self.spec.place.namespace_or_default();
        let known = self.facts.namespaces.known();
        if namespace == "default" || known.is_some_and(|names| names.iter().any(|name| name == namespace)) {
            return Ok(None);
        }
        let kind = StepKind::EnsureNamespace { cluster_id: self.cluster_id()?, namespace: namespace.to_owned() };
        let request = PlannedRequest {
            method: "POST".to_owned(),
            path: "/api/v1/namespaces".to_owned(),
            body: Some(json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": namespace } })),
        };
        Ok(Some(step("ensure_namespace", kind, Some(request), (1, 10), note("undo.namespace", []))))
    }

    fn extension(&self) -> Result<Option<PlanStep>, PlanError> {
        let cluster_id = self.cluster_id()?;
        let (location, nodes) = match self.existing() {
            Some(cluster) => (cluster.location.as_str(), cluster.pools.iter().map(|pool| pool.count).sum()),
            None => (self.spec.place.location.as_str(), self.spec.size.nodes),
        };
        let body = extension(self.spec, &cluster_id, location, nodes);
        if self.installed_already(&body["properties"]["configurationSettings"]) {
            return Ok(None);
        }
        let id = format!("{cluster_id}/providers/{KUBERNETES_CONFIGURATION}/extensions/{EXTENSION_NAME}");
        let request = self.put(&id, KUBERNETES_CONFIGURATION, "extensions", body);
        let kind = StepKind::InstallExtension { resource_id: id };
        let mut made = step("install_extension", kind, Some(request), (300, 900), note("undo.extension", []));
        if *self.load_balancer == LoadBalancer::Public {
            made.costs.push(note("cost.public_address", []));
        }
        Ok(Some(made))
    }

    /// A healthy extension with the very settings is left as it is; one with a certificate of its own cannot be compared.
    fn installed_already(&self, wanted: &Value) -> bool {
        let Some(extensions) = self.facts.extensions.known() else { return false };
        let carries_certificate = matches!(self.spec.tls, Some(Tls::Own { .. } | Tls::Generated { .. }));
        !carries_certificate
            && extensions.iter().any(|found| {
                found.extension_type.eq_ignore_ascii_case(EXTENSION_TYPE)
                    && found.provisioning_state.eq_ignore_ascii_case("Succeeded")
                    && wanted.as_object().is_some_and(|settings| {
                        settings.iter().all(|(key, value)| {
                            let have = found.settings.get(key).map(String::as_str).unwrap_or_default();
                            value.as_str().is_some_and(|value| value.eq_ignore_ascii_case(have))
                        })
                    })
            })
    }

    fn attach(&self) -> Result<PlanStep, PlanError> {
        let cluster_id = self.cluster_id()?;
        let (compute_type, body) = match self.spec.route {
            Route::Extension => {
                ("Kubernetes", compute_kubernetes(self.spec, &cluster_id, self.workspace_location, self.plan_id))
            }
            Route::Classic => ("AKS", compute_aks(self.spec, &cluster_id, self.workspace_location, self.plan_id)),
        };
        let request = self.put(&self.compute_id, MACHINE_LEARNING, "workspaces/computes", body);
        let kind = StepKind::AttachCompute {
            resource_id: self.compute_id.clone(),
            compute_type: compute_type.to_owned(),
        };
        let mut made = step("attach_compute", kind, Some(request), (120, 420), note("undo.compute", []));
        if self.spec.route == Route::Classic && *self.load_balancer == LoadBalancer::Public {
            made.costs.push(note("cost.public_address", []));
        }
        Ok(made)
    }

    fn through_aml(&self) -> PlanStep {
        let body = compute_through_aml(self.spec, self.workspace_location, self.plan_id);
        let request = self.put(&self.compute_id, MACHINE_LEARNING, "workspaces/computes", body);
        let kind = StepKind::CreateThroughAml { resource_id: self.compute_id.clone() };
        let mut made = step("create_through_aml", kind, Some(request), (480, 1200), note("undo.through_aml", []));
        let size = &self.spec.size;
        made.costs.push(note("cost.nodes", [("nodes", size.nodes.to_string()), ("vmSize", size.vm_size.clone())]));
        made
    }

    fn prove(&self) -> Result<PlanStep, PlanError> {
        let cluster_id = match self.spec.cluster {
            ClusterChoice::CreateThroughAml => None,
            ClusterChoice::Create | ClusterChoice::Existing { .. } => Some(self.cluster_id()?),
        };
        let namespace = match self.spec.route {
            Route::Extension => "azureml",
            Route::Classic => "default",
        };
        let kind = StepKind::Prove {
            cluster_id,
            compute_id: self.compute_id.clone(),
            namespace: namespace.to_owned(),
            load_balancer: self.load_balancer.clone(),
            cname: self.spec.tls.as_ref().and_then(Tls::cname).map(str::to_owned),
            tls: !matches!(self.spec.tls, None | Some(Tls::None)),
        };
        Ok(step("prove", kind, None, (5, 120), note("undo.nothing", [])))
    }
}

fn step(
    id: &str,
    kind: StepKind,
    request: Option<PlannedRequest>,
    (from_seconds, to_seconds): (u32, u32),
    undo: Note,
) -> PlanStep {
    let usual = UsualTime { from_seconds, to_seconds };
    PlanStep { id: id.to_owned(), kind, request, usual, costs: Vec::new(), interrupts: Vec::new(), undo }
}

fn note<const N: usize>(code: &str, params: [(&str, String); N]) -> Note {
    let params: BTreeMap<String, String> = params.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    Note { code: code.to_owned(), params }
}
