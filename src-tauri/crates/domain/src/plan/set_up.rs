//! Plans a set-up: turns a specification and the facts into ordered steps.

mod cluster;

use super::providers;
use super::steps::{PlanContext, ScoringAddress, complete, label_moves, make_certificate, note, prove, step};
use super::{Bound, Note, Plan, PlanError, PlanStep, PlannedRequest, StepKind, ToShow, timing};
use crate::bodies::compute_aks::compute_aks;
use crate::bodies::compute_kubernetes::compute_kubernetes;
use crate::bodies::compute_through_aml::{DEFAULT_SIZE, compute_through_aml};
use crate::bodies::tagged;
use crate::change::Goal;
use crate::facts::{ClusterFacts, ExtensionFacts};
use crate::resource_id::{ResourceId, group_id};
use crate::spec::{ClusterChoice, LoadBalancer, Route, Spec, Tls};
use serde_json::json;

/// Plans a specification.
pub(super) fn plan(spec: &Spec, context: PlanContext<'_>) -> Result<Plan, PlanError> {
    Ok(Plan {
        id: context.plan_id.to_owned(),
        title: title(spec),
        goal: Goal::SetUp {
            spec: Box::new(spec.clone()),
        },
        steps: steps(spec, context)?,
        pair: spec.tls.as_ref().and_then(Tls::pair).cloned(),
        former: None,
        bound: Bound::of(None, spec.tls.as_ref(), context.facts, &[]),
        back: Vec::new(),
    })
}

/// The steps for a specification, without the rest of the plan.
pub(super) fn steps(spec: &Spec, context: PlanContext<'_>) -> Result<Vec<PlanStep>, PlanError> {
    let planner = SetUpPlanner::new(spec, context)?;
    let mut steps = Vec::new();
    steps.extend(make_certificate(planner.tls));
    steps.extend(planner.providers());
    steps.extend(planner.group());
    match &spec.cluster {
        ClusterChoice::CreateThroughAml => steps.push(planner.through_aml()),
        ClusterChoice::Create | ClusterChoice::Existing { .. } => {
            steps.extend(planner.cluster()?);
            if spec.route == Route::Extension {
                steps.extend(planner.namespace()?);
                steps.extend(planner.extension()?);
            }
            steps.push(planner.attach()?);
        }
    }
    steps.push(planner.prove()?);
    Ok(steps)
}

/// Name of the cluster or compute, for display.
fn title(spec: &Spec) -> String {
    match &spec.cluster {
        ClusterChoice::Create => spec.place.cluster_name.clone(),
        ClusterChoice::CreateThroughAml => spec.place.compute_name.clone(),
        ClusterChoice::Existing { resource_id } => ResourceId::parse(resource_id)
            .map_or(resource_id.as_str(), |id| id.name())
            .to_owned(),
    }
}

struct SetUpPlanner<'a> {
    spec: &'a Spec,
    context: PlanContext<'a>,
    compute_id: String,
    workspace_location: &'a str,
    load_balancer: &'a LoadBalancer,
    tls: &'a Tls,
}

impl<'a> SetUpPlanner<'a> {
    fn new(spec: &'a Spec, context: PlanContext<'a>) -> Result<Self, PlanError> {
        let compute_id = spec
            .place
            .compute_id()
            .ok_or(PlanError::Missing("place.computeName"))?;
        let load_balancer = spec.network.load_balancer.as_ref();
        let load_balancer = load_balancer.ok_or(PlanError::Missing("network.loadBalancer"))?;
        let tls = spec.tls.as_ref().ok_or(PlanError::Missing("tls"))?;
        complete(tls)?;
        if spec.route == Route::Extension {
            if matches!(tls, Tls::Microsoft { .. }) {
                return Err(PlanError::Contradiction("tls", "route"));
            }
            if spec.cluster == ClusterChoice::CreateThroughAml {
                return Err(PlanError::Contradiction("cluster", "route"));
            }
        }
        let workspace = context.facts.workspace.known().and_then(Option::as_ref);
        let workspace_location = workspace.map_or(spec.place.location.as_str(), |found| &found.location);
        Ok(Self {
            spec,
            context,
            compute_id,
            workspace_location,
            load_balancer,
            tls,
        })
    }

    fn existing(&self) -> Option<&'a ClusterFacts> {
        match self.spec.cluster {
            ClusterChoice::Existing { .. } => self.context.cluster(),
            ClusterChoice::Create | ClusterChoice::CreateThroughAml => None,
        }
    }

    fn installed(&self) -> Option<&'a ExtensionFacts> {
        self.existing()?;
        self.context.installed()
    }

    fn cluster_id(&self) -> Result<String, PlanError> {
        self.spec
            .cluster_id()
            .ok_or(PlanError::Missing("place.clusterName"))
    }

    /// Providers that are not registered yet; registering is asynchronous and safe to repeat
    /// (learn.microsoft.com/azure/azure-resource-manager/management/resource-providers-and-types).
    fn providers(&self) -> Vec<PlanStep> {
        let known = self.context.facts.providers.known();
        let known = known.map(Vec::as_slice).unwrap_or_default();
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
        let path = self.context.path(&format!("{resource_id}/register"));
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

    /// Only needed for a cluster that Berth creates; Azure ML puts its clusters in the workspace's group.
    fn group(&self) -> Option<PlanStep> {
        let place = &self.spec.place;
        let exists = matches!(self.context.facts.resource_group.known(), Some(Some(_)));
        if !place.new_resource_group || exists || self.spec.cluster != ClusterChoice::Create {
            return None;
        }
        let id = group_id(&place.subscription_id, &place.resource_group)?;
        let body = json!({ "location": place.location, "tags": tagged(&place.tags, self.context.plan_id) });
        let request = self.context.put(&id, body);
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

    fn cost_of_address(&self) -> Option<Note> {
        (*self.load_balancer == LoadBalancer::Public).then(|| note("cost.public_address", []))
    }

    fn attach(&self) -> Result<PlanStep, PlanError> {
        let (spec, location, plan_id) = (self.spec, self.workspace_location, self.context.plan_id);
        let cluster_id = self.cluster_id()?;
        let body = match spec.route {
            Route::Extension => compute_kubernetes(spec, &cluster_id, location, plan_id),
            Route::Classic => compute_aks(spec, &cluster_id, location, plan_id),
        };
        let mut made = self.context.attach(&self.compute_id, spec.route, body);
        if spec.route == Route::Classic {
            made.costs.extend(self.cost_of_address());
            made.interrupts.extend(self.label_taken_over());
        }
        Ok(made)
    }

    fn label_taken_over(&self) -> Option<Note> {
        match self.tls {
            Tls::Microsoft {
                leaf_domain_label,
                overwrite_existing_domain: true,
            } => Some(label_moves(leaf_domain_label)),
            _ => None,
        }
    }

    fn through_aml(&self) -> PlanStep {
        let body = compute_through_aml(self.spec, self.workspace_location, self.context.plan_id);
        let request = self.context.put(&self.compute_id, body);
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
            DEFAULT_SIZE
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
        let address = ScoringAddress {
            cluster_id: cluster_id.as_deref(),
            compute_id: &self.compute_id,
            route: self.spec.route,
            load_balancer: self.load_balancer,
            tls: self.tls,
        };
        Ok(prove(&address, ToShow::Applied, timing::PROOF))
    }
}
