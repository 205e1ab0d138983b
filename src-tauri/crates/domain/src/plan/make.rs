//! From a specification and facts to the ordered steps.

use super::providers::{self, MACHINE_LEARNING};
use super::{Note, Plan, PlanError, PlanStep, PlannedRequest, StepKind, ToShow, UsualTime, timing};
use crate::api_versions::negotiate;
use crate::bodies::compute_aks::compute_aks;
use crate::bodies::compute_kubernetes::compute_kubernetes;
use crate::bodies::compute_through_aml::compute_through_aml;
use crate::bodies::extension;
use crate::bodies::tags;
use crate::change::Goal;
use crate::facts::{ClusterFacts, ExtensionFacts, Facts};
use crate::resource_id::{ResourceId, group_id};
use crate::spec::{ClusterChoice, LoadBalancer, Route, Spec, Tls};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The plan of a specification. `plan_id` marks what the run will make.
///
/// # Errors
/// [`PlanError::Missing`] while something the requests need has not been chosen, [`PlanError::Contradiction`] where two
/// choices cannot go into one request.
pub fn plan(spec: &Spec, facts: &Facts, plan_id: &str) -> Result<Plan, PlanError> {
    let maker = Maker::new(spec, facts, plan_id)?;
    let mut steps = Vec::new();
    steps.extend(maker.certificate());
    steps.extend(maker.providers());
    steps.extend(maker.group());
    match &spec.cluster {
        ClusterChoice::CreateThroughAml => steps.push(maker.through_aml()),
        ClusterChoice::Create | ClusterChoice::Existing { .. } => {
            steps.extend(maker.cluster()?);
            if spec.route == Route::Extension {
                steps.extend(maker.namespace()?);
                steps.extend(maker.extension()?);
            }
            steps.push(maker.attach()?);
        }
    }
    steps.push(maker.prove()?);
    let pair = spec.tls.as_ref().and_then(Tls::pair).cloned();
    Ok(Plan {
        id: plan_id.to_owned(),
        title: title(spec),
        goal: Goal::SetUp {
            spec: Box::new(spec.clone()),
        },
        steps,
        pair,
        former: None,
        back: Vec::new(),
    })
}

/// What the plan is about, for people.
fn title(spec: &Spec) -> String {
    match &spec.cluster {
        ClusterChoice::Create => spec.place.cluster_name.clone(),
        ClusterChoice::CreateThroughAml => spec.place.compute_name.clone(),
        ClusterChoice::Existing { resource_id } => ResourceId::parse(resource_id)
            .map_or(resource_id.as_str(), |id| id.name())
            .to_owned(),
    }
}

pub(super) struct Maker<'a> {
    pub(super) spec: &'a Spec,
    pub(super) facts: &'a Facts,
    pub(super) plan_id: &'a str,
    compute_id: String,
    workspace_location: &'a str,
    load_balancer: &'a LoadBalancer,
}

impl<'a> Maker<'a> {
    fn new(spec: &'a Spec, facts: &'a Facts, plan_id: &'a str) -> Result<Self, PlanError> {
        let compute_id = spec
            .place
            .compute_id()
            .ok_or(PlanError::Missing("place.computeName"))?;
        let load_balancer = spec.network.load_balancer.as_ref();
        let load_balancer = load_balancer.ok_or(PlanError::Missing("network.loadBalancer"))?;
        let tls = spec.tls.as_ref().ok_or(PlanError::Missing("tls"))?;
        if let Tls::Own { cname, .. } | Tls::Generated { cname, .. } = tls
            && cname.is_empty()
        {
            return Err(PlanError::Missing("tls.cname"));
        }
        if matches!(tls, Tls::Own { pair: None, .. }) {
            return Err(PlanError::Missing("tls.pair"));
        }
        if spec.route == Route::Extension {
            if matches!(tls, Tls::Microsoft { .. }) {
                return Err(PlanError::Contradiction("tls", "route"));
            }
            if spec.cluster == ClusterChoice::CreateThroughAml {
                return Err(PlanError::Contradiction("cluster", "route"));
            }
        }
        let workspace = facts.workspace.known().and_then(Option::as_ref);
        let workspace_location = workspace.map_or(spec.place.location.as_str(), |found| &found.location);
        Ok(Self {
            spec,
            facts,
            plan_id,
            compute_id,
            workspace_location,
            load_balancer,
        })
    }

    pub(super) fn existing(&self) -> Option<&'a ClusterFacts> {
        let known = self.facts.cluster.known().and_then(Option::as_ref);
        known.filter(|_| matches!(self.spec.cluster, ClusterChoice::Existing { .. }))
    }

    pub(super) fn installed(&self) -> Option<&'a ExtensionFacts> {
        self.existing()?;
        extension::installed(self.facts.extensions.known()?)
    }

    pub(super) fn cluster_id(&self) -> Result<String, PlanError> {
        self.spec
            .cluster_id()
            .ok_or(PlanError::Missing("place.clusterName"))
    }

    fn api(&self, namespace: &str, kind: &str) -> &'static str {
        negotiate(self.facts.providers.known().map(Vec::as_slice), namespace, kind)
    }

    pub(super) fn put(&self, id: &str, namespace: &str, kind: &str, body: Value) -> PlannedRequest {
        let path = format!("{id}?api-version={}", self.api(namespace, kind));
        PlannedRequest {
            method: "PUT".to_owned(),
            path,
            body: Some(body),
        }
    }

    fn certificate(&self) -> Option<PlanStep> {
        let Some(Tls::Generated {
            cname,
            recipe,
            pair: None,
        }) = &self.spec.tls
        else {
            return None;
        };
        let kind = StepKind::MakeCertificate {
            cname: cname.clone(),
            recipe: recipe.clone(),
        };
        Some(step(
            "make_certificate",
            kind,
            None,
            timing::CERTIFICATE,
            note("undo.certificate", []),
        ))
    }

    /// Providers that are not registered yet; registering is asynchronous and safe to repeat
    /// (learn.microsoft.com/azure/azure-resource-manager/management/resource-providers-and-types).
    fn providers(&self) -> Vec<PlanStep> {
        let known = self
            .facts
            .providers
            .known()
            .map(Vec::as_slice)
            .unwrap_or_default();
        let missing = providers::missing(self.spec, known).into_iter();
        missing
            .map(|(namespace, _)| self.registration(namespace))
            .collect()
    }

    fn registration(&self, namespace: &str) -> PlanStep {
        let resource_id = format!(
            "/subscriptions/{}/providers/{namespace}",
            self.cluster_subscription()
        );
        let version = self.api("Microsoft.Resources", "resourceGroups");
        let path = format!("{resource_id}/register?api-version={version}");
        let request = PlannedRequest {
            method: "POST".to_owned(),
            path,
            body: None,
        };
        let kind = StepKind::RegisterProvider {
            namespace: namespace.to_owned(),
            resource_id,
        };
        let id = format!(
            "register_{}",
            namespace.rsplit('.').next().unwrap_or_default().to_lowercase()
        );
        step(
            &id,
            kind,
            Some(request),
            timing::PROVIDER,
            note("undo.provider", []),
        )
    }

    fn cluster_subscription(&self) -> &'a str {
        self.existing()
            .map_or(&self.spec.place.subscription_id, |cluster| {
                &cluster.subscription_id
            })
    }

    /// Only a cluster that Berth makes has a group of its own choice; Azure ML puts its cluster beside the workspace.
    fn group(&self) -> Option<PlanStep> {
        let place = &self.spec.place;
        let exists = matches!(self.facts.resource_group.known(), Some(Some(_)));
        if !place.new_resource_group || exists || self.spec.cluster != ClusterChoice::Create {
            return None;
        }
        let id = group_id(&place.subscription_id, &place.resource_group)?;
        let body = json!({ "location": place.location, "tags": tags(self.plan_id) });
        let request = self.put(&id, "Microsoft.Resources", "resourceGroups", body);
        let kind = StepKind::EnsureResourceGroup { resource_id: id };
        let undo = note("undo.resource_group", []);
        Some(step(
            "ensure_resource_group",
            kind,
            Some(request),
            timing::RESOURCE_GROUP,
            undo,
        ))
    }

    pub(super) fn cost_of_address(&self) -> Option<Note> {
        (*self.load_balancer == LoadBalancer::Public).then(|| note("cost.public_address", []))
    }

    fn attach(&self) -> Result<PlanStep, PlanError> {
        let (spec, location) = (self.spec, self.workspace_location);
        let cluster_id = self.cluster_id()?;
        let (compute_type, usual, body) = match spec.route {
            Route::Extension => {
                let body = compute_kubernetes(spec, &cluster_id, location, self.plan_id);
                ("Kubernetes", timing::ATTACH_EXTENSION, body)
            }
            Route::Classic => (
                "AKS",
                timing::ATTACH_CLASSIC,
                compute_aks(spec, &cluster_id, location, self.plan_id),
            ),
        };
        let request = self.put(&self.compute_id, MACHINE_LEARNING, "workspaces/computes", body);
        let kind = StepKind::AttachCompute {
            resource_id: self.compute_id.clone(),
            compute_type: compute_type.to_owned(),
        };
        let mut made = step(
            "attach_compute",
            kind,
            Some(request),
            usual,
            note("undo.compute", []),
        );
        if spec.route == Route::Classic {
            made.costs.extend(self.cost_of_address());
            made.interrupts.extend(self.label_taken_over());
        }
        Ok(made)
    }

    /// Taking a label over moves its name to this cluster: whoever called the former one calls this one.
    fn label_taken_over(&self) -> Option<Note> {
        match &self.spec.tls {
            Some(Tls::Microsoft {
                leaf_domain_label,
                overwrite_existing_domain: true,
            }) => Some(note("interrupt.label", [("label", leaf_domain_label.clone())])),
            _ => None,
        }
    }

    fn through_aml(&self) -> PlanStep {
        let body = compute_through_aml(self.spec, self.workspace_location, self.plan_id);
        let request = self.put(&self.compute_id, MACHINE_LEARNING, "workspaces/computes", body);
        let kind = StepKind::CreateThroughAml {
            resource_id: self.compute_id.clone(),
        };
        let undo = note("undo.through_aml", []);
        let mut made = step(
            "create_through_aml",
            kind,
            Some(request),
            timing::THROUGH_AML,
            undo,
        );
        let size = &self.spec.size;
        let vm_size = if size.vm_size.is_empty() {
            "Standard_D3_v2"
        } else {
            &size.vm_size
        };
        made.costs.push(note(
            "cost.nodes",
            [("nodes", size.nodes.to_string()), ("vmSize", vm_size.to_owned())],
        ));
        made.costs.extend(self.cost_of_address());
        made.interrupts.extend(self.label_taken_over());
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
            shows: ToShow::Applied,
        };
        Ok(step("prove", kind, None, timing::PROOF, note("undo.nothing", [])))
    }
}

pub(super) fn step(
    id: &str,
    kind: StepKind,
    request: Option<PlannedRequest>,
    usual: UsualTime,
    undo: Note,
) -> PlanStep {
    PlanStep {
        id: id.to_owned(),
        kind,
        request,
        usual,
        costs: Vec::new(),
        interrupts: Vec::new(),
        undo,
    }
}

pub(super) fn note<const N: usize>(code: &str, params: [(&str, String); N]) -> Note {
    let params: BTreeMap<String, String> = params
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    Note {
        code: code.to_owned(),
        params,
    }
}
