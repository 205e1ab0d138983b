//! Plans for detaching, deleting, cleaning up, and granting roles.

use super::ChangePlanner;
use crate::change::Role;
use crate::change::clearing::obstacle;
use crate::change::interruption::others;
use crate::change::serving::CLASSIC_SECRET;
use crate::cluster_object::ObjectKind;
use crate::facts::{Fact, MadeFacts};
use crate::plan::steps::{confirm, keep_certificate, note, step, with_query};
use crate::plan::{Check, PlanError, PlanStep, PlannedRequest, Removed, StepKind, UsualTime, timing};
use crate::provenance::{Provenance, identity};
use crate::resource_id::{ResourceGroupId, ResourceId, same_resource};
use crate::spec::Route;
use serde_json::{Value, json};

/// Whether removing a compute keeps its cluster (`underlyingResourceAction`, machinelearningservices 2024-04-01,
/// Compute_Delete).
const DETACH: &str = "underlyingResourceAction=Detach";
const DELETE: &str = "underlyingResourceAction=Delete";

impl ChangePlanner<'_> {
    pub(super) fn detach(&self) -> Result<Vec<PlanStep>, PlanError> {
        let serving = self.serving()?;
        let mut made = self.detach_step(&serving.compute_id);
        made.interrupts.extend(self.interrupts());
        let mut checks = vec![gone(&serving.compute_id)];
        if self.lacks_cluster() {
            made.undo = note("undo.never", []);
        } else {
            checks.push(there(&serving.cluster_id));
        }
        Ok(vec![made, confirm(checks)])
    }

    /// Whether the compute's cluster is gone, or Azure ML never made one.
    fn lacks_cluster(&self) -> bool {
        let serving = self.serving().ok();
        self.context.facts.cluster == Fact::Known(None)
            || serving.is_some_and(|serving| serving.cluster_id.is_empty())
    }

    pub(super) fn detach_step(&self, compute_id: &str) -> PlanStep {
        let undo = note("undo.attach_again", []);
        self.context.removal(
            "detach",
            compute_id,
            Removed::Attachment,
            Some(DETACH),
            timing::DETACH,
            undo,
        )
    }

    /// Detaches computes before their cluster is deleted: a compute without its cluster is useless.
    fn detach_others(&self) -> Result<(Vec<PlanStep>, Vec<Check>), PlanError> {
        if self.context.facts.users.is_none() {
            return Err(PlanError::Missing("users"));
        }
        let attached = others(self.change, self.context.facts).into_iter().enumerate();
        let detached = attached.map(|(at, compute)| {
            let mut made = self.detach_step(&compute.id);
            made.id = format!("detach_{}", at + 1);
            made.interrupts.extend(self.interrupts());
            (made, gone(&compute.id))
        });
        Ok(detached.unzip())
    }

    pub(super) fn delete_cluster(&self) -> Result<Vec<PlanStep>, PlanError> {
        let cluster = self.cluster()?;
        let (mut steps, mut checks) = self.detach_others()?;
        let seen = &self.context.facts.change.cluster;
        let mut made = self.deletion("delete_cluster", &cluster.id, Removed::Cluster, None, seen);
        made.interrupts.extend(self.interrupts());
        made.interrupts.push(note(
            "interrupt.node_group",
            [("group", cluster.node_resource_group.clone())],
        ));
        steps.push(made);
        checks.push(gone(&cluster.id));
        steps.push(confirm(checks));
        Ok(steps)
    }

    pub(super) fn delete_with_cluster(&self) -> Result<Vec<PlanStep>, PlanError> {
        // Deletes a cluster together with its compute only if Azure ML created the cluster.
        let serving = self.classic()?;
        if serving.is_attached != Some(false) {
            return Err(PlanError::Contradiction("compute", "isAttachedCompute"));
        }
        let what = Removed::ComputeAndCluster;
        let id = &serving.compute_id;
        let seen = &self.context.facts.change.compute;
        let mut made = self.deletion("delete_with_cluster", id, what, Some(DELETE), seen);
        made.interrupts.extend(self.interrupts());
        let (mut steps, mut checks) = self.detach_others()?;
        steps.push(made);
        checks.extend([gone(id), gone(&serving.cluster_id)]);
        steps.push(confirm(checks));
        Ok(steps)
    }

    pub(super) fn clean_up(&self) -> Result<Vec<PlanStep>, PlanError> {
        let cluster = self.cluster()?;
        let mut steps = Vec::new();
        let objects = self.all_leftovers();
        let has_secret = objects
            .iter()
            .any(|object| object.kind == ObjectKind::Secret && object.name == CLASSIC_SECRET);
        if has_secret {
            let namespace = Route::Classic.front_namespace();
            steps.push(keep_certificate(&cluster.id, namespace, CLASSIC_SECRET));
        }
        steps.push(self.remove_leftovers(&cluster.id, &objects));
        steps.push(confirm(vec![Self::clean(&cluster.id)]));
        Ok(steps)
    }

    pub(super) fn grant(
        &self,
        scope: &str,
        principal_id: &str,
        role: Role,
    ) -> Result<Vec<PlanStep>, PlanError> {
        let owners = self.context.facts.change.owners.known().map(Vec::as_slice);
        let mut owners = owners.unwrap_or_default().iter();
        let owner = owners.find(|owner| owner.identity(principal_id).is_some());
        let owner = owner.ok_or(PlanError::Missing("principalId"))?;
        let identity = owner
            .identity(principal_id)
            .ok_or(PlanError::Missing("principalId"))?;
        let scope = owner
            .scope(scope)
            .ok_or(PlanError::Contradiction("principalId", "scope"))?;
        // A role assignment's name must be unique and unguessable. Each plan has such an id.
        let id = format!(
            "{scope}/providers/Microsoft.Authorization/roleAssignments/{}",
            self.context.plan_id
        );
        let subscription = scope.split('/').nth(2).unwrap_or_default();
        let definition = role.definition();
        let request = PlannedRequest {
            method: "PUT".to_owned(),
            path: self.context.path(&id),
            body: Some(json!({ "properties": {
                "roleDefinitionId": format!("/subscriptions/{subscription}/providers/Microsoft.Authorization/roleDefinitions/{definition}"),
                "principalId": identity.principal_id,
                "principalType": identity.kind.principal_type(),
            } })),
        };
        let kind = StepKind::AssignRole {
            resource_id: id,
            scope: scope.to_owned(),
            principal_id: identity.principal_id.clone(),
            role,
        };
        let made = step(
            "assign_role",
            kind,
            Some(request),
            timing::ROLE,
            note("undo.role", []),
        );
        Ok(vec![made])
    }

    /// Removes resources in reverse order of creation. Skips those that no longer exist; refuses the whole plan if one
    /// is not proven to be the run's own.
    pub(super) fn clear_up(&self, resources: &[String]) -> Result<Vec<PlanStep>, PlanError> {
        let run = self.context.facts.change.run.known().and_then(Option::as_ref);
        let run = run.ok_or(PlanError::Missing("run"))?;
        if resources.iter().any(|id| obstacle(run, id).is_some()) {
            return Err(PlanError::Contradiction("run", "resources"));
        }
        let named = |made: &&MadeFacts| resources.iter().any(|id| same_resource(id, &made.resource_id));
        let mut steps = Vec::new();
        let mut checks = Vec::new();
        for made in run.made.iter().rev().filter(named) {
            if made.now == Fact::Known(None) {
                continue;
            }
            let (what, query, usual) =
                removable(&made.resource_id).ok_or(PlanError::Contradiction("run", "resources"))?;
            let name = format!("remove_{}", steps.len() + 1);
            let undo = note("undo.never", []);
            let mut step = self
                .context
                .removal(&name, &made.resource_id, what, query, usual, undo);
            if self.context.facts.users.is_some() {
                step.interrupts.extend(self.interrupts());
            }
            // With the api-version that made it, so that its identity is reported in the same form.
            let path = format!("{}?api-version={}", made.resource_id, made.api_version);
            if let (StepKind::RemoveResource { only, .. }, Some(request)) =
                (&mut step.kind, &mut step.request)
            {
                *only = Some(run.provenance(made));
                request.path = with_query(path, query);
            }
            checks.push(gone(&made.resource_id));
            steps.push(step);
        }
        if steps.is_empty() {
            return Err(PlanError::Missing("resources"));
        }
        steps.push(confirm(checks));
        Ok(steps)
    }

    /// The step that deletes the named resource, unless another one has taken its place since it was read.
    fn deletion(
        &self,
        name: &str,
        id: &str,
        what: Removed,
        query: Option<&str>,
        seen: &Fact<Option<Value>>,
    ) -> PlanStep {
        let undo = note("undo.never", []);
        let mut made = self
            .context
            .removal(name, id, what, query, timing::DELETE_CLUSTER, undo);
        let seen = seen.known().and_then(Option::as_ref).and_then(identity);
        if let (StepKind::RemoveResource { only, .. }, Some(identity)) = (&mut made.kind, seen) {
            *only = Some(Provenance {
                identity: Some(identity),
                ..Provenance::default()
            });
        }
        made
    }
}

/// How to remove a resource that a run made; `None` if Berth does not remove its type.
pub(crate) fn removable(id: &str) -> Option<(Removed, Option<&'static str>, UsualTime)> {
    if ResourceGroupId::parse(id).is_some() {
        return Some((Removed::ResourceGroup, None, timing::DELETE_CLUSTER));
    }
    let id = ResourceId::parse(id)?;
    if id.is_compute() {
        Some((Removed::Attachment, Some(DETACH), timing::DETACH))
    } else if id.is_extension() {
        Some((Removed::Extension, None, timing::REMOVE_EXTENSION))
    } else if id.is_cluster() {
        Some((Removed::Cluster, None, timing::DELETE_CLUSTER))
    } else {
        None
    }
}

pub(super) fn gone(id: &str) -> Check {
    Check::Gone {
        resource_id: id.to_owned(),
    }
}

pub(super) fn there(id: &str) -> Check {
    Check::There {
        resource_id: id.to_owned(),
    }
}
