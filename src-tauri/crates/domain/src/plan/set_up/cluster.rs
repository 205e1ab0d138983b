//! Plans the steps on the cluster itself: creating it, its namespace and its extension.

use super::SetUpPlanner;
use crate::bodies::managed_cluster::managed_cluster;
use crate::bodies::{extension, extension_update};
use crate::plan::steps::{extension_id, note, step};
use crate::plan::{Changed, Note, PlanError, PlanStep, PlannedRequest, StepKind, timing};
use crate::sizing::router_nodes;
use crate::spec::{ClusterChoice, Tier};
use serde_json::json;

impl SetUpPlanner<'_> {
    pub(super) fn cluster(&self) -> Result<Option<PlanStep>, PlanError> {
        if self.spec.cluster != ClusterChoice::Create {
            return Ok(None);
        }
        let (size, version) = (&self.spec.size, &self.spec.version);
        for (value, field) in [
            (&self.spec.place.location, "place.location"),
            (&size.vm_size, "size.vmSize"),
            (&version.kubernetes, "version.kubernetes"),
        ] {
            if value.is_empty() {
                return Err(PlanError::Missing(field));
            }
        }
        let id = self.cluster_id()?;
        let body = managed_cluster(self.spec, self.context.plan_id);
        let request = self.context.put(&id, body);
        let kind = StepKind::CreateCluster { resource_id: id };
        let mut made = step(
            "create_cluster",
            kind,
            Some(request),
            timing::CLUSTER,
            note("undo.cluster", []),
        );
        made.costs.push(self.cost_of_nodes());
        if version.tier != Tier::Free || version.long_term_support {
            made.costs.push(note("cost.control_plane", []));
        }
        made.costs.push(note("cost.load_balancer", []));
        Ok(Some(made))
    }

    fn cost_of_nodes(&self) -> Note {
        let size = &self.spec.size;
        let vm_size = ("vmSize", size.vm_size.clone());
        match size.autoscale {
            Some(bounds) => {
                let (min, max) = (("min", bounds.min.to_string()), ("max", bounds.max.to_string()));
                note("cost.nodes_scaling", [min, max, vm_size])
            }
            None => note("cost.nodes", [("nodes", size.nodes.to_string()), vm_size]),
        }
    }

    pub(super) fn namespace(&self) -> Result<Option<PlanStep>, PlanError> {
        let namespace = self.spec.place.namespace_or_default();
        let known = self
            .existing()
            .and_then(|_| self.context.facts.namespaces.known());
        if namespace == "default" || known.is_some_and(|names| names.iter().any(|name| name == namespace)) {
            return Ok(None);
        }
        let kind = StepKind::EnsureNamespace {
            cluster_id: self.cluster_id()?,
            namespace: namespace.to_owned(),
        };
        let request = PlannedRequest {
            method: "POST".to_owned(),
            path: "/api/v1/namespaces".to_owned(),
            body: Some(json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": namespace } })),
        };
        // Without the list, the namespace may be someone else's.
        let absent = self.existing().is_none() || known.is_some();
        let undo = if absent {
            "undo.namespace"
        } else {
            "undo.namespace_unread"
        };
        let undo = note(undo, [("namespace", namespace.to_owned())]);
        Ok(Some(step(
            "ensure_namespace",
            kind,
            Some(request),
            timing::NAMESPACE,
            undo,
        )))
    }

    /// `None` if a healthy extension already serves as specified. A certificate is always sent: Azure never returns
    /// protected settings, so it cannot be compared.
    pub(super) fn extension(&self) -> Result<Option<PlanStep>, PlanError> {
        let cluster_id = self.cluster_id()?;
        let (location, nodes) = match self.existing() {
            Some(cluster) => (
                cluster.location.as_str(),
                router_nodes(
                    cluster,
                    self.context.facts.vm_sizes.known().map_or(&[], Vec::as_slice),
                ),
            ),
            None => (self.spec.place.location.as_str(), self.spec.size.nodes),
        };
        let mut body = extension::extension(self.spec, &cluster_id, location, nodes);
        let software = self
            .context
            .facts
            .software
            .known()
            .filter(|_| self.existing().is_some());
        for (name, value) in extension::leaving_out(software) {
            body["properties"]["configurationSettings"][name] = json!(value);
        }
        let found = self.installed();
        let mut made = match found.filter(|found| !found.provisioning_state.is_leaving()) {
            Some(found) if found.provisioning_state.is_succeeded() => {
                let edits = extension_update::updates(self.spec, found);
                if edits.is_empty() {
                    return Ok(None);
                }
                let (usual, undo) = (timing::CHANGE_EXTENSION, note("undo.extension_changed", []));
                let context = self.context;
                context.patch_edited(&found.id, Changed::Extension, edits, usual, undo)
            }
            Some(found) => {
                let wanted = &body["properties"]["configurationSettings"];
                let edits = extension_update::repairs(self.spec, found, wanted);
                let (usual, undo) = (timing::EXTENSION, note("undo.extension_changed", []));
                let (context, whole) = (self.context, &found.whole);
                context.put_edited(&found.id, Changed::Extension, whole, edits, usual, undo)
            }
            None => {
                let id = extension_id(&cluster_id);
                let request = self.context.put(&id, body);
                let kind = StepKind::InstallExtension { resource_id: id };
                let undo = note("undo.extension", []);
                step("install_extension", kind, Some(request), timing::EXTENSION, undo)
            }
        };
        made.costs.extend(self.cost_of_address());
        if found.is_some() {
            made.interrupts.push(note("interrupt.extension", []));
        }
        Ok(Some(made))
    }
}
