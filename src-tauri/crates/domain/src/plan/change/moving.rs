//! Moves a compute from the classic route to the extension. Both run side by side until the last step
//! (Azure/AML-Kubernetes docs/attach-compute-on-aks-v1-cluster.md).

use super::leaving::{gone, there};
use super::{ChangePlanner, Edit};
use crate::bodies::extension::{ENABLE_UPGRADE, stands_beside};
use crate::change::serving::{Serving, TlsNow, named_secret};
use crate::facts::{ComputeFacts, Dependent};
use crate::plan::steps::{confirm, note, step};
use crate::plan::{Changed, Check, PlanError, PlanStep, Removed, StepKind, inside, set_up, timing};
use crate::resource_id::same_resource;
use crate::spec::{LoadBalancer, Route, Spec, Tls};
use serde_json::json;

impl ChangePlanner<'_> {
    /// Sets up the extension next to the classic front end: backs up its certificate, marks the front end, installs the
    /// extension with the same TLS and load balancer, attaches a compute on the new route and compares the answers of both.
    pub(super) fn begin_move(&self, new_compute: &str, namespace: &str) -> Result<Vec<PlanStep>, PlanError> {
        let serving = self.classic()?;
        let mut steps = Vec::new();
        if matches!(serving.tls, TlsNow::Own { .. }) {
            steps.push(self.keep(serving));
        }
        steps.push(mark_front_end(serving, true));
        let spec = self.extension_spec(serving, new_compute, namespace);
        for mut made in set_up::steps(&spec, self.context)? {
            if let (StepKind::InstallExtension { .. }, Some(request)) = (&made.kind, &mut made.request)
                && let Some(body) = &mut request.body
            {
                body["properties"]["configurationSettings"][ENABLE_UPGRADE] = json!("true");
            }
            if matches!(made.kind, StepKind::Prove { .. }) {
                steps.push(self.compare(serving));
            }
            steps.push(made);
        }
        Ok(steps)
    }

    /// The specification of the same endpoint on the extension route.
    fn extension_spec(&self, serving: &Serving, new_compute: &str, namespace: &str) -> Spec {
        let mut spec = serving.spec(Some(self.kept_pair()));
        spec.route = Route::Extension;
        new_compute.clone_into(&mut spec.place.compute_name);
        namespace.clone_into(&mut spec.place.namespace);
        if let Some(LoadBalancer::Internal { subnet }) = &mut spec.network.load_balancer {
            *subnet = None;
        }
        spec
    }

    fn compare(&self, serving: &Serving) -> PlanStep {
        let own = |one: &&Dependent| same_resource(&one.compute_id, &serving.compute_id);
        let dependents = self.context.facts.dependents().iter().filter(own);
        let kind = StepKind::CompareAnswers {
            cluster_id: serving.cluster_id.clone(),
            urls: dependents.filter_map(|one| one.url.clone()).collect(),
        };
        step(
            "compare_answers",
            kind,
            None,
            timing::PROOF,
            note("undo.nothing", []),
        )
    }

    /// Removes the new compute and the extension. The classic compute was serving all along.
    pub(super) fn move_back(&self) -> Result<Vec<PlanStep>, PlanError> {
        let serving = self.classic()?;
        let mut steps = Vec::new();
        let mut checks = Vec::new();
        for compute in self.moved_computes() {
            let mut made = self.detach_step(compute);
            made.id = format!("detach_{}", steps.len() + 1);
            steps.push(made);
            checks.push(gone(compute));
        }
        if let Some(found) = self.context.installed().filter(|found| stands_beside(found)) {
            let undo = note("undo.move", []);
            let usual = timing::REMOVE_EXTENSION;
            steps.push(self.context.removal(
                "remove_extension",
                &found.id,
                Removed::Extension,
                None,
                usual,
                undo,
            ));
            checks.push(gone(&found.id));
            checks.push(Check::Released {
                cluster_id: serving.cluster_id.clone(),
            });
        }
        steps.push(mark_front_end(serving, false));
        checks.push(there(&serving.compute_id));
        steps.push(confirm(checks));
        steps.push(self.prove(serving, &self.tls_of(serving)));
        Ok(steps)
    }

    /// Detaches the classic compute (never deletes it), removes its leftovers and turns off side-by-side mode.
    pub(super) fn finish_move(&self) -> Result<Vec<PlanStep>, PlanError> {
        let serving = self.classic()?;
        let after = self.after_move(serving);
        let mut steps = Vec::new();
        // A PATCH replaces all protected settings, so it must include the extension's own certificate. That one stays in
        // the cluster when the classic one is removed.
        let protected = self.protected_again();
        if let (Some(after), Some(_)) = (&after, &protected) {
            steps.push(self.keep(after));
        }
        let mut detached = self.detach_step(&serving.compute_id);
        detached.interrupts.extend(self.interrupts());
        steps.push(detached);
        steps.push(self.remove_leftovers(&serving.cluster_id, &self.all_leftovers()));
        let mut edits = vec![Edit::set(
            "/properties/configurationSettings",
            json!({ ENABLE_UPGRADE: "false" }),
        )];
        edits.extend(protected);
        let undo = note("undo.never", []);
        let usual = timing::CHANGE_EXTENSION;
        steps.push(
            self.context
                .patch_edited(&self.extension_id(), Changed::StandAlone, edits, usual, undo),
        );
        let mut checks = vec![
            gone(&serving.compute_id),
            there(&serving.cluster_id),
            Self::clean(&serving.cluster_id),
        ];
        checks.extend(self.moved_computes().map(there));
        steps.push(confirm(checks));
        if let Some(after) = after {
            let tls = match self.tls_of(serving) {
                Tls::Microsoft { .. } => Tls::None,
                other => other,
            };
            steps.push(self.prove(&after, &tls));
        }
        Ok(steps)
    }

    fn after_move(&self, serving: &Serving) -> Option<Serving> {
        let compute_id = self.moved_computes().next()?.to_owned();
        Some(Serving {
            compute_id,
            route: Route::Extension,
            secret: self.context.installed().and_then(named_secret).map(str::to_owned),
            ..serving.clone()
        })
    }

    /// Computes on the extension route that the move attached to the cluster.
    fn moved_computes(&self) -> impl Iterator<Item = &str> {
        let moved = |compute: &&ComputeFacts| {
            self.serving
                .as_ref()
                .is_some_and(|serving| serving.moved_to(compute))
        };
        self.context
            .facts
            .attachments()
            .iter()
            .filter(moved)
            .map(|compute| compute.id.as_str())
    }
}

fn mark_front_end(serving: &Serving, upgrade: bool) -> PlanStep {
    let kind = StepKind::MarkFrontEnd {
        cluster_id: serving.cluster_id.clone(),
        upgrade,
    };
    let name = if upgrade {
        "mark_front_end"
    } else {
        "unmark_front_end"
    };
    PlanStep {
        inside: vec![inside::mark(upgrade)],
        ..step(name, kind, None, timing::INSIDE, note("undo.mark", []))
    }
}
