//! Shared by the planners: the inputs of a plan, and steps that more than one planner uses.

use super::providers::KUBERNETES_CONFIGURATION;
use super::{
    Changed, Check, Note, PlanError, PlanStep, PlannedRequest, Removed, StepKind, ToShow, UsualTime, timing,
};
use crate::bodies::extension;
use crate::bodies::written_back::written_back;
use crate::change::{Edit, patch};
use crate::facts::{ClusterFacts, ExtensionFacts, Facts};
use crate::spec::{LoadBalancer, Route, Tls};
use crate::traffic::Traffic;
use serde_json::Value;
use std::collections::BTreeMap;

/// Inputs of a plan besides its goal.
#[derive(Clone, Copy)]
pub(super) struct PlanContext<'a> {
    pub(super) facts: &'a Facts,
    /// Tags the resources that the run creates.
    pub(super) plan_id: &'a str,
}

impl<'a> PlanContext<'a> {
    /// The cluster, if it was read and exists.
    pub(super) fn cluster(self) -> Option<&'a ClusterFacts> {
        self.facts.cluster.known().and_then(Option::as_ref)
    }

    /// The Azure ML extension on the cluster, if installed.
    pub(super) fn installed(self) -> Option<&'a ExtensionFacts> {
        extension::installed(self.facts.extensions.known()?)
    }

    /// Path of a resource or action, with the api-version.
    pub(super) fn path(self, path: &str) -> String {
        self.facts.api_versions.path(path)
    }

    pub(super) fn put(self, id: &str, body: Value) -> PlannedRequest {
        PlannedRequest {
            method: "PUT".to_owned(),
            path: self.path(id),
            body: Some(body),
        }
    }

    /// Builds a step that `PUT`s the whole resource, as it was `seen`, with the edits applied.
    pub(super) fn put_edited(
        self,
        id: &str,
        what: Changed,
        seen: &Value,
        edits: Vec<Edit>,
        usual: UsualTime,
        undo: Note,
    ) -> PlanStep {
        let request = self.put(id, written_back(id, seen, &edits));
        change_step(id, what, request, edits, usual, undo)
    }

    /// Builds a step that sends only the edits, as a `PATCH`.
    pub(super) fn patch_edited(
        self,
        id: &str,
        what: Changed,
        edits: Vec<Edit>,
        usual: UsualTime,
        undo: Note,
    ) -> PlanStep {
        let request = PlannedRequest {
            method: "PATCH".to_owned(),
            path: self.path(id),
            body: Some(patch(&edits)),
        };
        change_step(id, what, request, edits, usual, undo)
    }

    pub(super) fn attach(self, compute_id: &str, route: Route, body: Value) -> PlanStep {
        let (compute_type, usual) = match route {
            Route::Extension => ("Kubernetes", timing::ATTACH_EXTENSION),
            Route::Classic => ("AKS", timing::ATTACH_CLASSIC),
        };
        let kind = StepKind::AttachCompute {
            resource_id: compute_id.to_owned(),
            compute_type: compute_type.to_owned(),
        };
        let request = self.put(compute_id, body);
        step(
            "attach_compute",
            kind,
            Some(request),
            usual,
            note("undo.compute", []),
        )
    }

    pub(super) fn removal(
        self,
        name: &str,
        id: &str,
        what: Removed,
        query: Option<&str>,
        usual: UsualTime,
        undo: Note,
    ) -> PlanStep {
        let request = PlannedRequest {
            method: "DELETE".to_owned(),
            path: with_query(self.path(id), query),
            body: None,
        };
        let kind = StepKind::RemoveResource {
            resource_id: id.to_owned(),
            what,
            only: None,
        };
        step(name, kind, Some(request), usual, undo)
    }
}

/// A step that changes a resource with the given request.
pub(super) fn change_step(
    id: &str,
    what: Changed,
    request: PlannedRequest,
    edits: Vec<Edit>,
    usual: UsualTime,
    undo: Note,
) -> PlanStep {
    let kind = StepKind::ChangeResource {
        resource_id: id.to_owned(),
        what,
        edits,
    };
    let name = kind.title().trim_start_matches("step.").replace('.', "_");
    step(&name, kind, Some(request), usual, undo)
}

/// Appends a parameter to a path that already has a query.
pub(super) fn with_query(path: String, query: Option<&str>) -> String {
    match query {
        Some(query) => format!("{path}&{query}"),
        None => path,
    }
}

/// Resource id of the extension that Berth installs on a cluster.
pub(super) fn extension_id(cluster_id: &str) -> String {
    format!(
        "{cluster_id}/providers/{KUBERNETES_CONFIGURATION}/extensions/{}",
        extension::EXTENSION_NAME
    )
}

/// Checks that TLS settings have everything a request needs.
///
/// # Errors
/// [`PlanError::Missing`] names the first gap.
pub(super) fn complete(tls: &Tls) -> Result<(), PlanError> {
    if tls.cname().is_some_and(str::is_empty) {
        return Err(PlanError::Missing("tls.cname"));
    }
    match tls {
        Tls::Own { pair: None, .. } => Err(PlanError::Missing("tls.pair")),
        _ => Ok(()),
    }
}

/// Generates the certificate, if one is to be generated and does not exist yet.
pub(super) fn make_certificate(tls: &Tls) -> Option<PlanStep> {
    let Tls::Generated {
        cname,
        recipe,
        pair: None,
    } = tls
    else {
        return None;
    };
    let kind = StepKind::MakeCertificate {
        cname: cname.clone(),
        recipe: recipe.clone(),
    };
    let undo = note("undo.certificate", []);
    Some(step("make_certificate", kind, None, timing::CERTIFICATE, undo))
}

/// Backs up a certificate from the cluster to the vault.
pub(super) fn keep_certificate(cluster_id: &str, namespace: &str, secret: &str) -> PlanStep {
    let kind = StepKind::KeepCertificate {
        cluster_id: cluster_id.to_owned(),
        namespace: namespace.to_owned(),
        secret: secret.to_owned(),
    };
    let undo = note("undo.certificate", []);
    step("keep_certificate", kind, None, timing::INSIDE, undo)
}

/// The properties of a scoring address needed to verify it from outside.
pub(super) struct ScoringAddress<'a> {
    /// `None` if Azure ML creates the cluster: its id is known only once the compute exists.
    pub(super) cluster_id: Option<&'a str>,
    pub(super) compute_id: &'a str,
    pub(super) route: Route,
    pub(super) load_balancer: &'a LoadBalancer,
    pub(super) tls: &'a Tls,
}

/// Verifies from outside that the scoring address works and presents the expected certificate.
pub(super) fn prove(address: &ScoringAddress<'_>, shows: ToShow, usual: UsualTime) -> PlanStep {
    let kind = StepKind::Prove {
        cluster_id: address.cluster_id.map(str::to_owned),
        compute_id: address.compute_id.to_owned(),
        namespace: address.route.front_namespace().to_owned(),
        load_balancer: address.load_balancer.clone(),
        cname: address.tls.cname().map(str::to_owned),
        tls: *address.tls != Tls::None,
        shows,
    };
    let name = kind.title().trim_start_matches("step.").to_owned();
    step(&name, kind, None, usual, note("undo.nothing", []))
}

/// Verifies the state of Azure resources and of the cluster.
pub(super) fn confirm(checks: Vec<Check>) -> PlanStep {
    // The Helm release disappears minutes after the extension resource.
    let releases = checks.iter().any(|check| matches!(check, Check::Released { .. }));
    let usual = if releases {
        timing::REMOVE_EXTENSION
    } else {
        timing::PROOF
    };
    let kind = StepKind::Confirm { checks };
    step("confirm", kind, None, usual, note("undo.nothing", []))
}

/// Warns that the label's DNS name moves to this cluster, away from its former address.
pub(super) fn label_moves(label: &str) -> Note {
    note("interrupt.label", [("label", label.to_owned())])
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
        inside: Vec::new(),
        stages: Vec::new(),
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

/// Versions that lose all their traffic, and an endpoint that is left without any.
pub(super) fn losing(before: &Traffic, after: &Traffic) -> Vec<Note> {
    if after.is_none() && !before.is_none() {
        return vec![note("interrupt.all_traffic", [("traffic", before.to_string())])];
    }
    let lost: Vec<&str> = before
        .live()
        .filter(|(version, _)| after.share(version) == 0)
        .map(|(version, _)| version)
        .collect();
    if lost.is_empty() {
        return vec![note("interrupt.no_services", [])];
    }
    vec![note("interrupt.versions", [("names", lost.join(", "))])]
}
