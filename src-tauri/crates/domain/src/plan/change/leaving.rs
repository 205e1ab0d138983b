//! Detaching, deleting, cleaning up, and rights.

use super::super::make::{note, step};
use super::super::{Check, PlanError, PlanStep, PlannedRequest, Removed, StepKind, UsualTime, timing};
use super::Planner;
use crate::change::Role;
use crate::resource_id::{ResourceId, same_resource};
use serde_json::json;

/// How a compute goes (`underlyingResourceAction`, machinelearningservices 2024-04-01, Compute_Delete).
const DETACH: &str = "underlyingResourceAction=Detach";
const DELETE: &str = "underlyingResourceAction=Delete";

impl Planner<'_> {
    pub(super) fn detach(&self) -> Result<Vec<PlanStep>, PlanError> {
        let serving = self.serving()?;
        let mut made = self.detach_step(&serving.compute_id);
        made.interrupts.push(self.interrupts());
        let checks = vec![gone(&serving.compute_id), there(&serving.cluster_id)];
        Ok(vec![made, self.confirm(checks)])
    }

    pub(super) fn detach_step(&self, compute_id: &str) -> PlanStep {
        let undo = note("undo.attach_again", []);
        self.removal(
            "detach",
            compute_id,
            Removed::Attachment,
            Some(DETACH),
            timing::DETACH,
            undo,
        )
    }

    /// Attachments go first: what is left of them in a workspace cannot be used for anything.
    pub(super) fn delete_cluster(&self) -> Result<Vec<PlanStep>, PlanError> {
        let cluster = self.cluster()?;
        let attached = self
            .facts
            .attachments
            .known()
            .map(Vec::as_slice)
            .unwrap_or_default();
        let mut steps = Vec::new();
        let mut checks = Vec::new();
        for compute in attached {
            let mut made = self.detach_step(&compute.id);
            made.id = format!("detach_{}", steps.len() + 1);
            made.interrupts.push(self.interrupts());
            checks.push(gone(&compute.id));
            steps.push(made);
        }
        let undo = note("undo.never", []);
        let mut made = self.removal(
            "delete_cluster",
            &cluster.id,
            Removed::Cluster,
            None,
            timing::DELETE_CLUSTER,
            undo,
        );
        made.interrupts.push(self.interrupts());
        made.interrupts.push(note(
            "interrupt.node_group",
            [("group", cluster.node_resource_group.clone())],
        ));
        steps.push(made);
        checks.push(gone(&cluster.id));
        steps.push(self.confirm(checks));
        Ok(steps)
    }

    pub(super) fn delete_with_cluster(&self) -> Result<Vec<PlanStep>, PlanError> {
        // A cluster that somebody brought is never deleted with its compute.
        let serving = self.classic()?;
        if serving.is_attached != Some(false) {
            return Err(PlanError::Contradiction("compute", "isAttachedCompute"));
        }
        let what = Removed::ComputeAndCluster;
        let undo = note("undo.never", []);
        let id = &serving.compute_id;
        let mut made = self.removal(
            "delete_with_cluster",
            id,
            what,
            Some(DELETE),
            timing::DELETE_CLUSTER,
            undo,
        );
        made.interrupts.push(self.interrupts());
        let checks = vec![gone(id), gone(&serving.cluster_id)];
        Ok(vec![made, self.confirm(checks)])
    }

    pub(super) fn clean_up(&self) -> Result<Vec<PlanStep>, PlanError> {
        let cluster = self.cluster()?;
        let mut steps = Vec::new();
        let objects = self.all_leftovers();
        let has_secret = objects.iter().any(|object| {
            object.starts_with("secret ") && object.ends_with(crate::change::serving::CLASSIC_SECRET)
        });
        if has_secret {
            let kind = StepKind::KeepCertificate {
                cluster_id: cluster.id.clone(),
                namespace: "default".to_owned(),
                secret: crate::change::serving::CLASSIC_SECRET.to_owned(),
            };
            steps.push(step(
                "keep_certificate",
                kind,
                None,
                timing::INSIDE,
                note("undo.certificate", []),
            ));
        }
        steps.push(self.remove_leftovers(&cluster.id, &objects));
        steps.push(self.confirm(vec![Self::clean(&cluster.id)]));
        Ok(steps)
    }

    pub(super) fn grant(&self, scope: &str, principal_id: &str, role: Role) -> Vec<PlanStep> {
        // The plan's id is new for each plan and unguessable, as an assignment's name has to be.
        let id = format!(
            "{scope}/providers/Microsoft.Authorization/roleAssignments/{}",
            self.plan_id
        );
        let subscription = scope.split('/').nth(2).unwrap_or_default();
        let definition = role.definition();
        let request = PlannedRequest {
            method: "PUT".to_owned(),
            path: format!("{id}?api-version=2022-04-01"),
            body: Some(json!({ "properties": {
                "roleDefinitionId": format!("/subscriptions/{subscription}/providers/Microsoft.Authorization/roleDefinitions/{definition}"),
                "principalId": principal_id,
                "principalType": "ServicePrincipal",
            } })),
        };
        let kind = StepKind::AssignRole {
            resource_id: id,
            scope: scope.to_owned(),
            principal_id: principal_id.to_owned(),
            role,
        };
        let made = step(
            "assign_role",
            kind,
            Some(request),
            timing::ROLE,
            note("undo.role", []),
        );
        vec![made]
    }

    /// Last made, first removed. What is not there any more is passed over.
    pub(super) fn clear_up(&self, resources: &[String]) -> Result<Vec<PlanStep>, PlanError> {
        let present = self.facts.change.present.known();
        let mut steps = Vec::new();
        let mut checks = Vec::new();
        for id in resources.iter().rev() {
            if present.is_some_and(|present| !present.iter().any(|there| same_resource(there, id))) {
                continue;
            }
            let Some((what, query, usual)) = removable(id) else {
                continue;
            };
            let name = format!("remove_{}", steps.len() + 1);
            steps.push(self.removal(&name, id, what, query, usual, note("undo.never", [])));
            checks.push(gone(id));
        }
        if steps.is_empty() {
            return Err(PlanError::Missing("resources"));
        }
        steps.push(self.confirm(checks));
        Ok(steps)
    }

    pub(super) fn removal(
        &self,
        name: &str,
        id: &str,
        what: Removed,
        query: Option<&str>,
        usual: UsualTime,
        undo: crate::plan::Note,
    ) -> PlanStep {
        let path = self.path(id);
        let request = PlannedRequest {
            method: "DELETE".to_owned(),
            path: query.map_or(path.clone(), |query| format!("{path}&{query}")),
            body: None,
        };
        let kind = StepKind::RemoveResource {
            resource_id: id.to_owned(),
            what,
        };
        step(name, kind, Some(request), usual, undo)
    }
}

/// What of a run can be removed, and how.
fn removable(id: &str) -> Option<(Removed, Option<&'static str>, UsualTime)> {
    let Some(parsed) = ResourceId::parse(id) else {
        let group = id.to_lowercase().contains("/resourcegroups/") && id.split('/').count() == 5;
        return group.then_some((Removed::ResourceGroup, None, timing::DELETE_CLUSTER));
    };
    let kind = parsed.types.last().map(|(kind, _)| kind.to_lowercase())?;
    match kind.as_str() {
        "computes" => Some((Removed::Attachment, Some(DETACH), timing::DETACH)),
        "extensions" => Some((Removed::Extension, None, timing::REMOVE_EXTENSION)),
        "managedclusters" => Some((Removed::Cluster, None, timing::DELETE_CLUSTER)),
        _ => None,
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
